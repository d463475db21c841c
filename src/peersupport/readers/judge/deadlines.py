"""Deadlines to outcomes, once and again: done in time, late, overdue, or no longer owed."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator, Sequence

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled, gathering
from peersupport.readers.judge.outcomes import Decide, Outcome, lacking_more, settled
from peersupport.readers.judge.related import Doubt, Events, events
from peersupport.readers.judge.values import Range, Value, compare
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE
from peersupport.rules.findings import MARKS, WAITING, Place, Reason, Verdict


def deadline(form: forms.Deadline, names: Names) -> Decide:
    """The function of a deadline that is due once."""
    due_of = compiled(form.due, names)
    not_before = compiled(form.not_before, names) if form.not_before else None
    until_of = compiled(form.until, names) if form.until else None
    instant = form.due.type.base == "instant"
    parts = form.done.of if not_before and isinstance(form.done, terms.Earliest) else (form.done,)
    events_of = [compiled(each, names) for each in parts]

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        due = due_of(ctx, env)
        if due is NONE:
            return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.NOTHING_DUE)]
        asked = len(ctx.trace)
        undated = tuple(place for place in ctx.trace[mark:] if place not in MARKS)
        opens, lacking = _apart(not_before, ctx, env)
        found = [_from(each, opens, lacking, ctx, env) if not_before else (each(ctx, env), False) for each in events_of]
        done = values.extreme([value for value, _ in found], values.least)
        early = any(too_early for _, too_early in found)
        end = _End.of(until_of, ctx, env)
        if ctx.ahead(opens) or end.passes(done, due):
            del ctx.trace[asked:]
            done = ctx.not_yet(instant)
        truth = compare("<=", done, due)
        still = truth is None and _still(done, due, ctx.trace[asked:])
        trace = [WAITING] if still else ctx.trace[mark:]
        outcome = settled(truth, trace, Reason.IN_TIME, Reason.TOO_EARLY if early else Reason.OVERDUE)
        outcome = _dated(outcome, due, done, ctx)
        del ctx.trace[mark:]
        outcome = _ended(outcome, due, end, undated)
        return [attrs.evolve(outcome, not_before=opens) if isinstance(opens, dt.date) else outcome]

    return decide


def _apart(function: Function | None, ctx: Context, env: Env) -> tuple[Value, tuple[Place, ...]]:
    """What a function gives, and what it lacks, which it does not leave in the trace."""
    mark = len(ctx.trace)
    value = function(ctx, env) if function else None
    places = tuple(ctx.trace[mark:])
    del ctx.trace[mark:]
    return value, places


def _from(event: Function, opens: Value, lacking: Sequence[Place], ctx: Context, env: Env) -> tuple[Value, bool]:
    """An event that counts from a day on, and whether it came too early; then it may still come again."""
    mark = len(ctx.trace)
    done = event(ctx, env)
    counts = compare(">=", done, opens)
    if counts is False:
        del ctx.trace[mark:]
        return ctx.not_yet(isinstance(done, dt.datetime)), True
    if counts is None and isinstance(done, dt.date):
        ctx.trace.extend(lacking)
        return Range(done, NONE), False
    return done, False


def _still(done: Value, due: Value, lacking: Sequence[Place]) -> bool:
    """Whether it is known not to be done, and its due day, known or not, has not passed: only later days decide."""
    return type(done) is Range and set(lacking) == {WAITING} and compare("<=", done.low, due) is True


def _dated(outcome: Outcome, due: Value, done: Value, ctx: Context) -> Outcome:
    """The outcome of a deadline with its days: when due, when done, how late."""
    due_day = due if isinstance(due, dt.date) else None
    done_day = done if isinstance(done, dt.date) else None
    verdict, reason, late = outcome.verdict, outcome.reason, None
    if verdict is Verdict.NOT_MET:
        late = _days(due_day, done_day or ctx.horizon, ctx) if due_day else None
        reason = Reason.LATE if done_day else reason
    elif verdict is Verdict.MET:
        late = 0
    elif verdict is Verdict.PENDING and due_day:
        reason, late = Reason.UPCOMING, 0
    return Outcome(
        verdict=verdict, reason=reason, missing=outcome.missing, due=due_day, done_on=done_day, days_late=late
    )


def _days(start: dt.date, until: dt.date, ctx: Context) -> int:
    return (ctx.day(until) - ctx.day(start)).days


def _ended(outcome: Outcome, due: Value, end: _End, undated: tuple[Place, ...] = ()) -> Outcome:
    """Nothing is owed that falls due when what it is owed in has ended. `undated` is what the due day lacks."""
    if outcome.verdict is Verdict.MET:
        return outcome
    owed = compare("<", due, end.until)
    if owed is False and outcome.verdict is not Verdict.UNKNOWN:
        return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.ENDED, due=outcome.due, done_on=outcome.done_on)
    lacking = (*end.missing, *(undated if end.missing or isinstance(end.until, dt.date) else ()))
    if owed is None and lacking:
        missing = tuple(dict.fromkeys((*outcome.missing, *lacking)))
        unknown = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=missing)
        return attrs.evolve(unknown, due=outcome.due, done_on=outcome.done_on)
    return _closed(outcome, end.until)


def _closed(outcome: Outcome, until: Value) -> Outcome:
    """What was overdue when its time ended is late by the days until then, and can no longer be done."""
    if outcome.reason not in {Reason.OVERDUE, Reason.TOO_EARLY} or not isinstance(until, dt.date) or not outcome.due:
        return outcome
    return attrs.evolve(outcome, reason=Reason.NEVER_DONE, days_late=(until - outcome.due).days)


def repeated(form: forms.Repeated, names: Names) -> Decide:
    """The function of a deadline that is due again and again."""
    after_of = compiled(form.after, names)
    until_of = compiled(form.until, names) if form.until else None
    done = [gathering(gather, names, 0) for gather in form.done]
    plan = _rolling if form.rolling else _grid

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        after = after_of(ctx, env)
        found = [events(parts, ctx, env) for parts in done]
        if after is NONE:
            return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.NOTHING_DUE)]
        end = _End.of(until_of, ctx, env)
        office = ctx.working() if form.period.unit == "business_days" else Office()
        happened = _merged([each for each in found if each])
        if not isinstance(after, dt.date) or None in found or office is None:
            undecided = settled(None, ctx.trace[mark:], Reason.IN_TIME, Reason.OVERDUE)
            more = (*end.missing, *(place for doubt in happened.doubts for place in doubt.places))
            return [_ended(lacking_more(undecided, more), after, end)]
        return list(plan(form, after, happened, end, ctx.horizon, office))

    return decide


def _merged(found: Sequence[Events]) -> Events:
    certain = tuple(sorted({day for each in found for day in each.certain}))
    return Events(certain, tuple(doubt for each in found for doubt in each.doubts))


@attrs.frozen
class _End:
    """The day on which what is owed ends, as far as it is known, and what is missing to know it."""

    until: Value
    missing: tuple[Place, ...]

    @classmethod
    def of(cls, until_of: Function | None, ctx: Context, env: Env) -> _End:
        if until_of is None:
            return cls(NONE, ())
        until, places = _apart(until_of, ctx, env)
        return cls(until, tuple(place for place in places if place not in MARKS))

    def owes(self, due: dt.date) -> bool | None:
        """Whether something that falls due on a day is owed. Not ended yet, it is, as far as can be seen."""
        owed = compare("<", due, self.until)
        return True if owed is None and not self.missing else owed

    def passes(self, done: Value, due: Value) -> bool:
        """Whether something was done late, and only when what it was owed in had ended: then it was not done."""
        late = isinstance(done, dt.date) and compare(">", done, due) is True
        return late and compare(">=", done, self.until) is True

    def in_its_time(self, done: dt.date | None, due: dt.date) -> dt.date | None:
        """The day something was done; none where that was late, and after the end."""
        return None if self.passes(done, due) else done

    def goes_on(self, due: dt.date, outcome: Outcome, times: int | None) -> bool:
        """Whether another occurrence follows: not after one that was no longer owed and was not done either."""
        owed = self.owes(due)
        return owed is True or outcome.verdict is Verdict.MET or (owed is None and times is None)

    def passed(self, horizon: dt.date) -> bool:
        """Whether the end has come."""
        return isinstance(self.until, dt.date) and self.until <= horizon


def _rolling(
    form: forms.Repeated, after: dt.date, found: Events, end: _End, horizon: dt.date, office: Office
) -> Iterator[Outcome]:
    """Each occurrence is counted from the last time it was done, late or not."""
    start = after
    for number in range(1, (form.times or 10**6) + 1):
        due = calendar.shift(start, form.first if number == 1 else form.period, office)
        done = end.in_its_time(_after(found, start), due)
        told = functools.partial(Outcome, occurrence=number, start=start, due=due)
        yield (outcome := _occurrence(told, start, due, done, found, end, horizon, steady=form.times is None))
        if done is None or outcome.reason is Reason.NEVER_DONE or not end.goes_on(due, outcome, form.times):
            return
        start = done


def _grid(
    form: forms.Repeated, after: dt.date, found: Events, end: _End, horizon: dt.date, office: Office
) -> Iterator[Outcome]:
    """Each occurrence has its own due day, counted from the anchor; it is done after the due day before it."""
    start = after
    for number in range(1, (form.times or 10**6) + 1):
        due = _due_on_grid(form, after, number, office)
        done = end.in_its_time(_after(found, start), due)
        told = functools.partial(Outcome, occurrence=number, due=due)
        yield (outcome := _occurrence(told, start, due, done, found, end, horizon, steady=False))
        if not end.goes_on(due, outcome, form.times) or (outcome.verdict is not Verdict.MET and due >= horizon):
            return
        start = due


def _due_on_grid(form: forms.Repeated, after: dt.date, number: int, office: Office) -> dt.date:
    if form.first == form.period:
        return calendar.shift(after, calendar.times(form.period, number), office)
    first = calendar.shift(after, form.first, office)
    return calendar.shift(first, calendar.times(form.period, number - 1), office)


def expecting(
    form: forms.Repeated, names: Names
) -> Callable[[Context, Env, Outcome, dt.date], list[tuple[int, dt.date]]]:
    """What falls due behind an open occurrence up to a last day, if each is done on its due day: number and day."""
    after_of = compiled(form.after, names)
    until_of = compiled(form.until, names) if form.until else None

    def run(ctx: Context, env: Env, last: Outcome, through: dt.date) -> list[tuple[int, dt.date]]:
        after = after_of(ctx, env)
        office = ctx.working() if form.period.unit == "business_days" else Office()
        number, due = last.occurrence, last.due
        found: list[tuple[int, dt.date]] = []
        end = _End.of(until_of, ctx, env)
        if not isinstance(after, dt.date) or not isinstance(number, int) or due is None or office is None:
            return found
        while form.times is None or number < form.times:
            number += 1
            due = (
                calendar.shift(due, form.period, office) if form.rolling else _due_on_grid(form, after, number, office)
            )
            if due > through or not end.owes(due):
                break
            found.append((number, due))
        return found

    return run


def _after(found: Events, start: dt.date) -> dt.date | None:
    return next((day for day in found.certain if day > start), None)


def _occurrence(
    told: functools.partial[Outcome],
    start: dt.date,
    due: dt.date,
    done: dt.date | None,
    found: Events,
    end: _End,
    horizon: dt.date,
    *,
    steady: bool,
) -> Outcome:
    """One occurrence: done by its due day, done late, overdue or still ahead; unknown where an event in doubt tells.

    `told` makes an outcome that says which occurrence it is. With `steady` the sequence ends in an open occurrence
    whatever the events in doubt turn out to be, so they do not make one that is open, or no longer owed, unknown.
    """
    if done is not None and done <= due:
        return told(verdict=Verdict.MET, reason=Reason.IN_TIME, days_late=0, done_on=done)
    outcome = _undone(told, due, done, end, horizon)
    telling = [doubt for doubt in found.doubts if _tells(doubt, start, due)]
    if not telling or (steady and outcome.verdict in {Verdict.PENDING, Verdict.NOT_APPLICABLE}):
        return outcome
    missing = dict.fromkeys(place for doubt in telling for place in doubt.places)
    return attrs.evolve(
        outcome,
        verdict=Verdict.UNKNOWN,
        reason=Reason.NOT_RECORDED,
        missing=(*outcome.missing, *missing),
        days_late=None,
    )


def _tells(doubt: Doubt, start: dt.date, due: dt.date) -> bool:
    return doubt.at is None or start < doubt.at <= due


def _undone(
    told: functools.partial[Outcome], due: dt.date, done: dt.date | None, end: _End, horizon: dt.date
) -> Outcome:
    """An occurrence that was not done by its due day."""
    owed = end.owes(due)
    if owed is False:
        return told(verdict=Verdict.NOT_APPLICABLE, reason=Reason.ENDED)
    if owed is None:
        return told(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=end.missing, done_on=done)
    if done is not None:
        late = (done - due).days
        return told(verdict=Verdict.NOT_MET, reason=Reason.LATE, days_late=late, done_on=done)
    if due >= horizon:
        return told(verdict=Verdict.PENDING, reason=Reason.UPCOMING, days_late=0)
    if end.passed(horizon) and isinstance(end.until, dt.date):
        late = (end.until - due).days
        return told(verdict=Verdict.NOT_MET, reason=Reason.NEVER_DONE, days_late=late)
    return told(verdict=Verdict.NOT_MET, reason=Reason.OVERDUE, days_late=(horizon - due).days)
