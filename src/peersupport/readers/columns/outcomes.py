"""What a form gives for each row: the verdict as a small code, why, what is missing, and its days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns.column import FALSE, TRUE, Bool, Column
from peersupport.readers.columns.values import CHOOSING, NOTHING, Lacks, Truth
from peersupport.rules.findings import Reason, Verdict

VERDICTS: Final = (Verdict.NOT_MET, Verdict.MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE)
"""The verdicts in the order of their codes."""
REASONS: Final = tuple(Reason)
"""The reasons in the order of their codes."""


def code(verdict: Verdict) -> Column:
    """A verdict as it stands in every row."""
    return col.lit(VERDICTS.index(verdict), nw.Int8)


def why(reason: Reason) -> Column:
    """A reason as it stands in every row."""
    return col.lit(REASONS.index(reason), nw.Int8)


NOT_MET: Final = code(Verdict.NOT_MET)
MET: Final = code(Verdict.MET)
UNKNOWN: Final = code(Verdict.UNKNOWN)
PENDING: Final = code(Verdict.PENDING)
NOT_APPLICABLE: Final = code(Verdict.NOT_APPLICABLE)
NO_DAY: Final = col.null(nw.Int32)
NO_NUMBER: Final = col.null(nw.Int64)


@attrs.frozen(eq=False, kw_only=True)
class Outcome:
    """One occurrence of a rule for each row, judged: the open one of several, the worst of a limit over time.

    `due` and `done_on` are day numbers, or microseconds for a rule of instants, and null where there is none. It
    `waits` when it may be pending, or `chooses` a reading. `truth` is the answer of a condition that always applies.
    """

    verdict: Column
    reason: Column
    missing: Lacks = NOTHING
    due: Column = NO_DAY
    due_day: Column = NO_DAY
    done_on: Column = NO_DAY
    days_late: Column = NO_DAY
    measured: Column = NO_NUMBER
    days: Column = NO_DAY
    instant: bool = False
    places: int = 0
    waits: bool = True
    chooses: bool = False
    truth: Truth | None = None

    def is_(self, verdict: Column) -> Bool:
        """Where the verdict is one of the five."""
        return col.eq(self.verdict, verdict)

    def named(self, keep: Callable[[Column], Column]) -> Outcome:
        """The same with a name for each column, so that what asks for it repeats nothing."""
        missing = self.missing
        kept: dict[str, Any] = {name: keep(getattr(self, name)) for name in _COLUMNS}
        lacks = Lacks(lambda: {key: keep(rows) for key, rows in missing.columns.items()})
        found: Outcome = attrs.evolve(self, **kept, missing=lacks)
        return found

    def over(self, rows: Bool, other: Outcome) -> Outcome:
        """This outcome where a condition is known to hold, another elsewhere."""
        if rows.const is not col.VARIES:
            return self if rows.const is True else other
        columns: dict[str, Any] = {
            name: _either_of(rows, getattr(self, name), getattr(other, name)) for name in _COLUMNS
        }
        mine, theirs = self.missing, other.missing
        here = col.surely(rows)
        missing = Lacks(lambda: _merged(mine.within(here), theirs.within(col.no(here))))
        return attrs.evolve(
            self,
            **columns,
            missing=missing,
            instant=self.instant or other.instant,
            places=max(self.places, other.places),
            waits=self.waits or other.waits,
            chooses=self.chooses or other.chooses,
            truth=None,
        )


_COLUMNS: Final = ("verdict", "reason", "due", "due_day", "done_on", "days_late", "measured", "days")


def _either_of(rows: Bool, one: Column, other: Column) -> Column:
    return one if one is other else col.choose(rows, one, other)


def _merged(one: Lacks, other: Lacks) -> dict[str, Bool]:
    keys = dict.fromkeys([*one.columns, *other.columns])
    return {key: col.either(one.columns.get(key, FALSE), other.columns.get(key, FALSE)) for key in keys}


def settled(truth: Truth, yes: Reason, no: Reason) -> Outcome:
    """The outcome of a condition. Undecided only for what has not happened yet, it is pending; otherwise unknown."""
    verdict, reason = settled_code(truth), settled_reason(truth, yes, no)
    missing = facts_of(truth.lacks).within(col.is_null(truth.holds))
    return Outcome(verdict=verdict, reason=reason, missing=missing)


def settled_code(truth: Truth) -> Column:
    """The verdict of a condition."""
    lacks = truth.lacks.any() if truth.waits else TRUE
    open_ = col.choose(lacks, UNKNOWN, PENDING)
    if truth.holds.const is not col.VARIES:
        return open_ if truth.holds.const is None else MET if truth.holds.const else NOT_MET
    return col.choose(truth.holds, MET, col.choose(col.is_null(truth.holds), open_, NOT_MET))


def settled_reason(truth: Truth, yes: Reason, no: Reason) -> Column:
    """The reason of a condition's verdict."""
    choosing = truth.lacks.columns.get(CHOOSING, FALSE)
    missing = facts_of(truth.lacks).any()
    open_ = col.choose(choosing, why(Reason.CHOOSE_READING), why(Reason.NOT_YET))
    open_ = col.choose(missing, why(Reason.NOT_RECORDED), open_)
    return col.choose(truth.holds, why(yes), col.choose(col.no(truth.holds), why(no), open_))


def facts_of(lacks: Lacks) -> Lacks:
    """What is lacked apart from a reading to choose."""
    return Lacks(lambda: {key: rows for key, rows in lacks.columns.items() if key != CHOOSING})


def same(verdict: Column, reason: Reason) -> Outcome:
    """One outcome for every row."""
    return Outcome(verdict=verdict, reason=why(reason))
