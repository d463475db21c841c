"""Deadlines in columns: done in time, late, overdue, or no longer owed."""

from __future__ import annotations

from typing import Final

import attrs

from peersupport.readers.columns import column as col
from peersupport.readers.columns import values
from peersupport.readers.columns.clocks import day_of_instant
from peersupport.readers.columns.column import FALSE, Bool, Column
from peersupport.readers.columns.days import number
from peersupport.readers.columns.evaluate import value_of
from peersupport.readers.columns.outcomes import (
    MET,
    NO_DAY,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    UNKNOWN,
    Outcome,
    facts_of,
    same,
    settled,
    why,
)
from peersupport.readers.columns.related import horizon
from peersupport.readers.columns.scope import Root, Scope
from peersupport.readers.columns.values import DAY_TOP, NOTHING, Lacks, Truth, Value, compare, together
from peersupport.rules import forms, terms
from peersupport.rules.findings import Reason

_ZERO: Final = col.day_lit(0)


@attrs.frozen(eq=False)
class End:
    """The day on which what is owed ends, as far as it is known, and what is missing to know it."""

    until: Value | None
    missing: Lacks = NOTHING

    @classmethod
    def of(cls, term: terms.Term | None, root: Root) -> End:
        """The end of what is owed, where it has one."""
        if term is None:
            return cls(None)
        until = value_of(term, root)
        return cls(until, facts_of(until.lacks))

    def owes(self, due: Value) -> Truth:
        """Whether something that falls due then falls due before the end."""
        return values.constant(value=True) if self.until is None else compare("<", due, self.until)

    def passes(self, done: Value, due: Value) -> Bool:
        """Where something was done late, and only when what it was owed in had ended: then it was not done."""
        if self.until is None:
            return FALSE
        late = col.surely(compare(">", done, due).holds)
        ended = col.surely(compare(">=", done, self.until).holds)
        return col.both(done.exact, late, ended)


def not_yet(scope: Scope, top: Column) -> Value:
    """Something that has not happened by the horizon."""
    return Value(horizon(scope, top), top, top, NOTHING, wide=True, waits=True)


def picked(rows: Bool, one: Value, other: Value) -> Value:
    """One value where a condition is known to hold, another elsewhere."""
    if rows.const is not col.VARIES:
        return one if rows.const is True else other
    here = col.surely(rows)
    low = col.choose(here, one.low, other.low)
    high = low if one.point and other.point else col.choose(here, one.high, other.high)
    lacks = together((one.lacks.within(here), other.lacks.within(col.no(here))))
    return Value(low, high, one.top, lacks, one.wide or other.wide, one.waits or other.waits)


def deadline(form: forms.Deadline, root: Root) -> Outcome:
    """A deadline that is due once."""
    due = value_of(form.due, root)
    opens = value_of(form.not_before, root) if form.not_before else None
    parts = form.done.of if opens and isinstance(form.done, terms.Earliest) else (form.done,)
    found = [_from(value_of(each, root), opens, root) for each in parts]
    done = values.extreme([value for value, _ in found], col.least) if len(found) > 1 else found[0][0]
    early = col.either(*(each for _, each in found))
    end = End.of(form.until, root)
    undone = end.passes(done, due)
    if opens is not None:
        undone = col.either(undone, col.both(opens.exact, col.gt(opens.low, horizon_end(root, opens))))
    undone = root.named(undone)
    done = _named(picked(undone, not_yet(root, due.top), done), root)
    due = _named(due, root)
    truth = compare("<=", done, due)
    truth = attrs.evolve(truth, holds=root.named(truth.holds))
    outcome = settled(_timely(truth, done, due, root), Reason.IN_TIME, Reason.OVERDUE)
    late_reason = col.choose(early, why(Reason.TOO_EARLY), why(Reason.OVERDUE))
    outcome = _dated(outcome, due, done, root, late_reason)
    outcome = outcome.named(root.named) if root.world.details else outcome
    outcome = _ended(outcome, due, end, root)
    return same(NOT_APPLICABLE, Reason.NOTHING_DUE).over(_absent(due), outcome) if due.wide else outcome


def _absent(value: Value) -> Bool:
    absent = value.absent
    return col.surely(absent if value.point else col.both(absent, col.eq(value.high, value.top)))


def horizon_end(scope: Scope, value: Value) -> Column:
    """The last moment that is seen, as values of a type have it."""
    if value.top.const == DAY_TOP:
        return col.day_lit(number(scope.world.on))
    return col.minus(horizon(scope, value.top), col.int_lit(-_ALMOST_A_DAY))


_ALMOST_A_DAY: Final = 86_400_000_000 - 1


def _named(value: Value, scope: Scope) -> Value:
    low = scope.named(value.low)
    return attrs.evolve(value, low=low, high=low if value.point else scope.named(value.high))


def _from(done: Value, opens: Value | None, root: Root) -> tuple[Value, Bool]:
    """An event that counts from a day on, and where it came too early; then it may still come again."""
    if opens is None:
        return done, FALSE
    counts = compare(">=", done, opens).holds
    early = root.named(col.never(counts))
    maybe = root.named(col.both(col.is_null(counts), done.exact))
    lacks = together((done.lacks, opens.lacks))
    wide = Value(done.low, done.top, done.top, lacks, wide=True, waits=done.waits or opens.waits)
    return picked(early, not_yet(root, done.top), picked(maybe, wide, done)), early


def _timely(truth: Truth, done: Value, due: Value, root: Root) -> Truth:
    """Whether it was done in time; not done, and its due day has not passed, that is only for later days to decide."""
    if not truth.waits:
        return truth
    waiting = col.no(done.lacks.any())
    first = Value(done.low, done.low, done.top, wide=True)
    still = col.both(waiting, col.surely(compare("<=", first, due).holds))
    still = root.named(still)
    return Truth(truth.holds, truth.lacks.within(col.no(still)), waits=True)


def _dated(outcome: Outcome, due: Value, done: Value, root: Root, overdue: Column) -> Outcome:
    """The outcome of a deadline with its days: when due, when done, how late."""
    outcome = attrs.evolve(outcome, verdict=root.named(outcome.verdict))
    due_known, done_known = root.named(due.exact), root.named(done.exact)
    due_on, done_on = col.where(due_known, due.low), col.where(done_known, done.low)
    due_day, done_day = _in_days(due_on, due, root), _in_days(done_on, done, root)
    today = col.day_lit(number(root.world.on))
    late_by = col.minus(col.choose(done_known, done_day, today), due_day)
    not_met, met = outcome.is_(NOT_MET), outcome.is_(MET)
    upcoming = col.both(outcome.is_(PENDING), due_known)
    none = col.choose(col.either(met, upcoming), _ZERO, NO_DAY)
    reason = col.choose(upcoming, why(Reason.UPCOMING), outcome.reason)
    reason = col.choose(not_met, col.choose(done_known, why(Reason.LATE), overdue), reason)
    return attrs.evolve(
        outcome,
        reason=reason,
        due=due_on,
        due_day=due_day,
        done_on=done_on,
        days_late=col.choose(not_met, late_by, none),
        instant=due.top.const != DAY_TOP,
    )


def _in_days(column: Column, value: Value, root: Root) -> Column:
    if value.top.const == DAY_TOP:
        return column
    office = root.world.office
    if office is None or column.const is None:
        return NO_DAY
    return day_of_instant(column, root, office)


def _ended(outcome: Outcome, due: Value, end: End, root: Root) -> Outcome:
    """Nothing is owed that falls due when what it is owed in has ended."""
    if end.until is None:
        return outcome
    owed = end.owes(due)
    met, unknown = root.named(outcome.is_(MET)), root.named(outcome.is_(UNKNOWN))
    gone = root.named(col.both(col.never(owed.holds), col.no(unknown)))
    ended = same(NOT_APPLICABLE, Reason.ENDED)
    ended = attrs.evolve(ended, due=outcome.due, due_day=outcome.due_day, done_on=outcome.done_on)
    asked = col.either(end.missing.any(), end.until.exact)
    undated = facts_of(due.lacks).within(root.named(col.both(asked, col.no(due.exact))))
    open_ = root.named(col.both(col.is_null(owed.holds), col.either(end.missing.any(), undated.any())))
    missing = together((outcome.missing.within(unknown), end.missing, undated))
    doubted = attrs.evolve(ended, verdict=UNKNOWN, reason=why(Reason.NOT_RECORDED), missing=missing)
    closed = _closed(outcome, end.until, root)
    return outcome.over(met, ended.over(gone, doubted.over(open_, closed)))


def _closed(outcome: Outcome, until: Value, root: Root) -> Outcome:
    """What was overdue when its time ended is late by the days until then, and can no longer be done."""
    overdue = col.both(outcome.is_(NOT_MET), col.ne(outcome.reason, why(Reason.LATE)))
    closed = col.both(overdue, until.exact, col.known(outcome.due))
    never = attrs.evolve(
        outcome,
        reason=why(Reason.NEVER_DONE),
        days_late=col.minus(_in_days(col.where(until.exact, until.low), until, root), outcome.due_day),
    )
    return never.over(closed, outcome)
