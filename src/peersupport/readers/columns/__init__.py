"""The same rules over anybody's table: `judge_frame` gives the verdicts of a rulebook for every row of a frame.

It reads the same tree as the judge of one record and gives the same answers. A frame of pandas, Polars, pyarrow or
DuckDB goes in and one of the same library comes out. It needs narwhals, which comes with the extra `columns`.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from peersupport.rules.calendar import Office
    from peersupport.rules.rulebook import Rulebook

FrameT = TypeVar("FrameT")
Detail: TypeAlias = Literal["verdict", "reason", "due", "done_on", "days_late", "missing", "measured", "days"]
DETAILS: Final[tuple[Detail, ...]] = ("verdict", "reason", "due", "done_on", "days_late", "missing", "measured", "days")
"""What can be told of each rule."""


def judge_frame(  # noqa: PLR0913  a question has many sides, each with its name
    rulebook: Rulebook,
    frame: FrameT,
    about: str,
    *,
    on: dt.date,
    tables: Mapping[str, Any] | None = None,
    rules: Iterable[str] | None = None,
    readings: Iterable[str] = (),
    since: dt.date | None = None,
    complete_since: Mapping[str, dt.date] | None = None,
    office: Office | None = None,
    tell: Iterable[Detail] = ("verdict",),
    codes: bool = False,
    trusted: bool = False,
    lend: bool = True,
) -> FrameT:
    """The verdict of each rule about a kind for each row of a frame, as a frame of the same library.

    `frame` has the records of the kind `about`: a column `id`, and a column for each fact under its name. `tables` are
    the related records by kind, each a frame of the same library; one that is not given is unknown, one that is given
    is complete, or complete from a day in `complete_since` on. `program` is a table of one row. `on` is the last day
    that is seen.

    Null is not recorded; where a column `<fact>__none` is true, a fact is known to be absent, whether it has a column
    or not. Dates are of a date type, instants have a zone, decimals are decimals, sets are lists of texts or texts with
    semicolons between ("none" is the empty set). A column that is missing is not recorded anywhere: `PartialTables`
    says so once. An empty table needs no column but `id`.

    The result has the `id` and, for each rule, a column under the rule's id: a categorical of `not_met`, `met`,
    `unknown`, `pending` and `not_applicable`, or with `codes` the numbers 0 to 4 in that order. It is the verdict that
    `judge` gives: of a deadline that repeats, that of the open occurrence; of a limit over time, the worst of all days
    `since` a first day. More that `tell` names comes in columns `<rule>:<detail>`: `reason`; `due` and `done_on`;
    `days_late`; `missing`, the facts as `kind.fact` with semicolons between; `measured`, what a limit counts, the peak
    of the whole time for one over time; and `days`, on how many days of it there were too many or too few.

    `rules` are the ids to judge, all about the kind by default. Rows keep their order where the library has one and the
    frame is not lazy. With `trusted` the values and keys of the tables are not checked, their types always. pandas and
    pyarrow tables are lent to Polars where it is installed, unless `lend` is false.

    Raises `InputError` with all that is wrong with the tables, the readings or `tell`, and for a `since` after `on`;
    `Unsupported` for a rule that cannot be judged over columns; KeyError and TypeError for a rule that is not there, or
    not about the kind; TypeError for days that are no dates, and for one text where names are listed.
    """
    if importlib.util.find_spec("narwhals") is None:
        message = "judge_frame needs narwhals: install peersupport with the extra 'columns'"
        raise ModuleNotFoundError(message, name="narwhals")
    from peersupport.readers.columns.judging import judged  # noqa: PLC0415  narwhals is an extra

    found: FrameT = judged(
        rulebook,
        frame,
        about,
        on,
        tables=tables or {},
        rules=rules,
        readings=readings,
        since=since,
        complete_since=complete_since or {},
        office=office,
        tell=tell,
        codes=codes,
        trusted=trusted,
        lend=lend,
    )
    return found
