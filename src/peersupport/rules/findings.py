"""Findings: a rule held against a record on a day, in the words that every reader shares."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NoReturn

import attrs

from peersupport.rules.forms import Citation, Force
from peersupport.rules.terms import Term


class Verdict(enum.Enum):
    """What came of holding a rule against a record. It is never true or false by itself."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"

    def __bool__(self) -> NoReturn:
        message = "a verdict is one of five, not a yes or no: write `finding.verdict is Verdict.MET`"
        raise TypeError(message)

    def __str__(self) -> str:
        return self.value.replace("_", " ")


class Reason(enum.StrEnum):
    """Why a verdict is what it is: a closed vocabulary, stable across versions."""

    HOLDS = "holds"
    """The condition holds, or the measure is inside its bounds."""
    DOES_NOT_HOLD = "does_not_hold"
    """The condition does not hold."""
    OUT_OF_BOUNDS = "out_of_bounds"
    """The measure is below or above its bounds."""
    IN_TIME = "in_time"
    """Done by its due day."""
    LATE = "late"
    """Done, after its due day."""
    OVERDUE = "overdue"
    """Not done, its due day has passed, and it can still be done."""
    NEVER_DONE = "never_done"
    """Not done, and what it was owed in has ended since."""
    TOO_EARLY = "too_early"
    """Done only before the first day on which it counts."""
    UPCOMING = "upcoming"
    """Not done yet; its due day has not passed."""
    NOT_YET = "not_yet"
    """It hangs on something that has not happened yet."""
    NOT_RECORDED = "not_recorded"
    """Facts of today are not recorded."""
    JUDGEMENT = "judgement"
    """Only what a person must judge is not recorded."""
    NO_TABLE = "no_table"
    """A table that it needs was not given."""
    CHOOSE_READING = "choose_reading"
    """The rule has no default reading and none was chosen."""
    DOES_NOT_APPLY = "does_not_apply"
    """Its `when` does not hold."""
    ENDED = "ended"
    """Nothing is owed: what it would be owed in ended before the due day."""
    NOTHING_DUE = "nothing_due"
    """There is no due day: what it is counted from is known to be absent."""
    NOT_IN_FORCE = "not_in_force"
    """The rule or rulebook was not in force then."""


@attrs.frozen(order=True)
class Place:
    """Where a fact is missing: kind, id and fact. Without a fact it is the record, without an id the table."""

    kind: str
    id: str = ""
    fact: str = ""

    def __str__(self) -> str:
        if not self.id:
            return f"the table {self.kind}" + (" from before it is complete" if self.fact == BEFORE else "")
        return f"{self.kind} {self.id}" + (f", {self.fact}" if self.fact else "")


BEFORE: Final = "since"
"""In a place without an id: not the whole table is missing, but what it would hold from before it is complete."""

WAITING: Final = Place("", "", "waiting")
"""Not a fact: the mark of something that has not happened yet."""

CHOOSING: Final = Place("", "", "choosing")
"""Not a fact: the mark of a rule of which a reading has to be chosen."""

MARKS: Final = frozenset({WAITING, CHOOSING})
"""The places that are no facts."""


@attrs.frozen
class Judged:
    """One clause of a rule as it was judged. `name` is the rulebook's, or empty where it names none.

    `failing` are the related records, kind and id, for which a clause about all of them, or none, does not hold.
    `parts` are those of a route, each judged by itself.
    """

    name: str
    term: Term
    verdict: Verdict
    missing: tuple[Place, ...] = ()
    failing: tuple[tuple[str, str], ...] = ()
    parts: tuple[Judged, ...] = ()


@attrs.frozen(kw_only=True)
class Finding:
    """A rule held against a record on a day.

    Days are calendar days. `due` may be an instant. `days_late` is 0 when in time and None when nothing is known to
    be late or in time; `not_before` is the first day on which doing it counts. `missing` are the facts that could
    still change the verdict; `settles`, when it was asked for, the smallest sets of them that could decide it; `exact`
    is False when either list may be longer or shorter than it should be, because the search met its bound or, in an
    audit, was not made. `alternatives` are the verdicts under other readings, each tried alone. `measured` is what a
    limit counted, its peak for a stretch of days. `responsible` is the id of who answers for it, empty for the program,
    and None where that is not recorded. What is `critical` comes first in what is to be done.
    """

    rule: str
    rulebook: str
    force: Force
    subject: tuple[str, str]
    on: dt.date
    verdict: Verdict
    reason: Reason
    says: str
    source: tuple[Citation, ...]
    person: str = ""
    responsible: str | None = ""
    occurrence: int | dt.date | None = None
    due: dt.date | dt.datetime | None = None
    done_on: dt.date | dt.datetime | None = None
    not_before: dt.date | dt.datetime | None = None
    days_late: int | None = None
    days: int | None = None
    measured: int | Decimal | None = None
    at_least: int | Decimal | None = None
    at_most: int | Decimal | None = None
    missing: tuple[Place, ...] = ()
    settles: tuple[tuple[Place, ...], ...] | None = None
    exact: bool = True
    reading: tuple[str, ...] = ()
    alternatives: Mapping[str, Verdict] = attrs.field(factory=dict, hash=False)
    exception: bool | None = False
    critical: bool = False
    changes_on: dt.date | None = None
    clauses: tuple[Judged, ...] = ()
    warnings: tuple[str, ...] = ()

    def __str__(self) -> str:
        kind, id_ = self.subject
        return f"{self.verdict}: {kind} {id_}, {self.rule} on {self.on}. {self.says}"

    @property
    def actionable(self) -> bool:
        """Whether it is overdue, or falls due, and can still be done."""
        return self.reason in {Reason.OVERDUE, Reason.TOO_EARLY, Reason.UPCOMING}

    @property
    def breaks(self) -> bool:
        """Whether a `must` is not met and no exception is recorded for it."""
        return self.force is Force.MUST and self.verdict is Verdict.NOT_MET and self.exception is not True


COLUMNS: Final[tuple[str, ...]] = (
    "rule",
    "rulebook",
    "force",
    "critical",
    "kind",
    "id",
    "person",
    "responsible",
    "occurrence",
    "on",
    "verdict",
    "reason",
    "not_before",
    "due",
    "done_on",
    "days_late",
    "days",
    "measured",
    "at_least",
    "at_most",
    "missing",
    "reading",
    "alternatives",
    "exception",
    "changes_on",
    "source",
    "says",
)
"""The columns of the findings table, in order."""


def redacted(finding: Finding) -> Finding:
    """The finding without dates of care and ids: the kind, the rule, the verdict and the names of missing facts."""
    kind, _ = finding.subject
    return attrs.evolve(
        finding,
        subject=(kind, ""),
        person="",
        responsible="",
        occurrence=None,
        due=None,
        done_on=None,
        not_before=None,
        days_late=None,
        days=None,
        changes_on=None,
        missing=tuple(sorted({attrs.evolve(place, id="*") for place in finding.missing})),
        settles=None,
        clauses=(),
        warnings=(),
    )


def row(finding: Finding) -> dict[str, object]:
    """The finding as one row of the findings table: plain values, each column always there."""
    kind, id_ = finding.subject
    more: dict[str, object] = {
        "kind": kind,
        "id": id_,
        "force": finding.force.value,
        "verdict": finding.verdict.value,
        "reason": finding.reason.value,
        "missing": "; ".join(map(str, finding.missing)),
        "reading": "; ".join(finding.reading),
        "alternatives": "; ".join(f"{name}: {v.value}" for name, v in finding.alternatives.items()),
        "critical": "yes" if finding.critical else "no",
        "exception": {True: "yes", False: "no", None: "unknown"}[finding.exception],
        "source": "; ".join(map(str, finding.source)),
    }
    return {name: _plain(more.get(name, getattr(finding, name, None))) for name in COLUMNS}


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
