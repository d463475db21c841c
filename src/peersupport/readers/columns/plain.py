"""Deadlines of a record's own days, in one pass: nothing is doubtful but what is not recorded.

The general way keeps two ends of every value. Here each day is recorded, absent, ahead or not recorded, so the verdict
is a few comparisons of day numbers. Only the verdict is found; who asks for more goes the general way.
"""

from __future__ import annotations

from typing import Final

import attrs

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days
from peersupport.readers.columns.column import Column, choose
from peersupport.readers.columns.outcomes import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Outcome, why
from peersupport.readers.columns.scope import Root
from peersupport.readers.columns.values import DAY_TOP, lacking
from peersupport.rules import forms, terms
from peersupport.rules.calendar import Period
from peersupport.rules.findings import Reason
from peersupport.rules.terms import Read, Term

_TOP: Final = col.day_lit(DAY_TOP)


@attrs.frozen(eq=False)
class Day:
    """An event of the record itself: its day as it is recorded, absent after everything."""

    column: Column
    or_none: bool


def plainly(form: forms.Deadline, root: Root) -> Outcome | None:
    """The verdict of a deadline of the record's own days; None for any other."""
    if root.world.details or form.not_before is not None:
        return None
    after, period = _shifted(form.due)
    start, done = _own(after, root), _own(form.done, root)
    until = _own(form.until, root) if form.until is not None else None
    if start is None or done is None or (form.until is not None and until is None):
        return None
    today = col.day_lit(days.number(root.world.on))
    first = root.named(choose(col.gt(start.column, today), today, start.column))
    due = first if period is None else root.named(days.shift(first, period, root.named))
    return _judged(start, due, done, until, today, root)


def _judged(start: Day, due: Column, done: Day, until: Day | None, today: Column, root: Root) -> Outcome:
    """Done in time; or not recorded, ended, still ahead, and otherwise late or overdue."""
    met = col.both(col.le(done.column, due), col.le(done.column, today))
    unknown = [col.is_null(done.column), col.is_null(start.column)]
    rest = choose(col.ge(due, today), PENDING, NOT_MET)
    if until is not None:
        unknown.append(col.is_null(until.column))
        ended = col.both(col.le(until.column, due), col.le(until.column, today))
        rest = choose(ended, NOT_APPLICABLE, rest)
    verdict = choose(met, MET, choose(col.either(*unknown), UNKNOWN, rest))
    if start.or_none:
        verdict = choose(col.eq(start.column, _TOP), NOT_APPLICABLE, verdict)
    verdict = root.named(verdict)
    known = col.where(col.le(start.column, today), due)
    missing = lacking(root.world.lacked(""), col.eq(verdict, UNKNOWN))
    return Outcome(verdict=verdict, reason=why(Reason.NOT_RECORDED), missing=missing, due=known, due_day=known)


def _shifted(due: Term) -> tuple[Term, Period | None]:
    """What a due day is counted from, and how far: a day that is not before it."""
    if isinstance(due, terms.Shift) and due.by.amount >= 0 and due.by.unit != "business_days":
        return due.base, due.by
    return due, None


def _own(term: Term, root: Root) -> Day | None:
    """An event of the record itself, on a day; None for anything else."""
    if not isinstance(term, Read) or term.path.steps or term.path.depth != 0 or not term.event:
        return None
    column = root.fact(term.fact.name)
    if term.type.base != "date" or column is None:
        return None
    return Day(column, term.fact.type.or_none)
