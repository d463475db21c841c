"""Deadlines of a record's own days, in one pass: nothing is doubtful but what is not recorded.

The general way keeps two ends of every value. Here each day is recorded, absent, ahead or not recorded, so the verdict
is a few comparisons of day numbers. Only the verdict is found; who asks for more goes the general way.
"""

from __future__ import annotations

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days
from peersupport.readers.columns.column import Column, choose
from peersupport.readers.columns.outcomes import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Outcome, why
from peersupport.readers.columns.scope import Root
from peersupport.readers.columns.values import lacking
from peersupport.rules import forms, terms
from peersupport.rules.calendar import Period
from peersupport.rules.findings import Reason
from peersupport.rules.terms import Read, Term


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
    first = root.named(choose(col.gt(start, today), today, start))
    due = first if period is None else root.named(days.shift(first, period, root.named))
    return _judged(start, due, done, until, today, root)


def _judged(start: Column, due: Column, done: Column, until: Column | None, today: Column, root: Root) -> Outcome:
    """Done in time; or not recorded, ended, still ahead, and otherwise late or overdue."""
    met = col.both(col.le(done, due), col.le(done, today))
    unknown = [col.is_null(done), col.is_null(start)]
    rest = choose(col.ge(due, today), PENDING, NOT_MET)
    if until is not None:
        unknown.append(col.is_null(until))
        ended = col.both(col.le(until, due), col.le(until, today))
        rest = choose(ended, NOT_APPLICABLE, rest)
    verdict = choose(met, MET, choose(col.either(*unknown), UNKNOWN, rest))
    verdict = root.named(verdict)
    known = col.where(col.le(start, today), due)
    missing = lacking(root.world.lacked(""), col.eq(verdict, UNKNOWN))
    return Outcome(verdict=verdict, reason=why(Reason.NOT_RECORDED), missing=missing, due=known, due_day=known)


def _shifted(due: Term) -> tuple[Term, Period | None]:
    """What a due day is counted from, and how far: a day that is not before it."""
    if isinstance(due, terms.Shift) and due.by.amount >= 0 and due.by.unit != "business_days":
        return due.base, due.by
    return due, None


def _own(term: Term, root: Root) -> Column | None:
    """The day of an event of the record itself, absent after everything; None for anything else."""
    if not isinstance(term, Read) or term.path.steps or term.path.depth != 0 or not term.event:
        return None
    return root.fact(term.fact.name) if term.type.base == "date" else None
