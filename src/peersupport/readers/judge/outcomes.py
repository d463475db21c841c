"""Forms to outcomes: when each form of rule is met, in time, late, overdue, out of bounds.

An outcome is a finding before it is told: the verdict, its reason and its days, for one occurrence. The verdict of a
condition is decided in one place, `settled`.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled, gathering
from peersupport.readers.judge.related import Doubt, Events, Related, events
from peersupport.readers.judge.values import LOW, End, Range, Value, compare
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE
from peersupport.rules.findings import BEFORE, CHOOSING, MARKS, WAITING, Place, Reason, Verdict
from peersupport.rules.tables import Tables

Decide: TypeAlias = Callable[[Context, Env, "dt.date | None"], "list[Outcome]"]
"""What a form becomes: the outcomes of a record, those of a limit at any time from a first day on."""


@attrs.frozen(kw_only=True)
class Outcome:
    """One occurrence of a rule for one record, judged. `start` is the day that a rolling occurrence is counted from."""

    verdict: Verdict
    reason: Reason
    missing: tuple[Place, ...] = ()
    occurrence: int | dt.date | None = None
    start: dt.date | None = None
    due: dt.date | dt.datetime | None = None
    done_on: dt.date | dt.datetime | None = None
    not_before: dt.date | dt.datetime | None = None
    days_late: int | None = None
    days: int | None = None
    measured: int | Decimal | None = None
    at_least: int | Decimal | None = None
    at_most: int | Decimal | None = None

    def without(self, reason: Reason) -> Outcome:
        """The same occurrence of a rule that does not apply to it."""
        return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=reason, occurrence=self.occurrence, start=self.start)


def settled(truth: bool | None, trace: Sequence[Place], yes: Reason, no: Reason) -> Outcome:  # noqa: FBT001
    """The outcome of a condition. Undecided only for what has not happened yet, it is pending; otherwise unknown."""
    if truth is not None:
        return _plain(Verdict.MET, yes) if truth else _plain(Verdict.NOT_MET, no)
    missing = tuple(place for place in trace if place not in MARKS)
    if not missing and CHOOSING in trace:
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.CHOOSE_READING)
    if not missing:
        return Outcome(verdict=Verdict.PENDING, reason=Reason.NOT_YET)
    return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=missing)


@functools.cache
def _plain(verdict: Verdict, reason: Reason) -> Outcome:
    """An outcome that tells nothing else: one for all."""
    return Outcome(verdict=verdict, reason=reason)


def deciding(form: forms.Form, names: Names, place: str) -> Decide:
    """The function of a form. A window that is not judged here is refused by name."""
    match form:
        case forms.Criterion():
            return _criterion(form, names)
        case forms.Deadline():
            return _deadline(form, names)
        case forms.Repeated():
            return _repeated(form, names)
        case forms.Limit():
            return _limit(form, names, place)
        case _:
            message = f"{place}: a definition is a value and has no verdict"
            raise TypeError(message)


def _criterion(form: forms.Criterion, names: Names) -> Decide:
    holds = compiled(terms.AtLeast(form.need, tuple(clause.holds for clause in form.clauses)), names)

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        truth = holds(ctx, env)
        return [settled(truth, ctx.trace[mark:], Reason.HOLDS, Reason.DOES_NOT_HOLD)]

    return decide


# deadlines


def _deadline(form: forms.Deadline, names: Names) -> Decide:
    due_of = compiled(form.due, names)
    not_before = compiled(form.not_before, names) if form.not_before else None
    until_of = compiled(form.until, names) if form.until else None
    instant = form.due.type.base == "instant"
    parts = form.done.of if isinstance(form.done, terms.Earliest) else (form.done,)
    events_of = [_event_from(compiled(each, names), not_before, instant) for each in parts]

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        due = due_of(ctx, env)
        if due is NONE:
            return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.NOTHING_DUE)]
        asked = len(ctx.trace)
        found = [event(ctx, env) for event in events_of]
        done = values.extreme([value for value, _ in found], values.least)
        early = any(too_early for _, too_early in found)
        opens = not_before(ctx, env) if not_before else None
        if ctx.ahead(opens):
            del ctx.trace[asked:]
            done = ctx.not_yet(instant)
        truth = compare("<=", done, due)
        still = truth is None and _still(done, due, ctx.trace[asked:])
        trace = [WAITING] if still else ctx.trace[mark:]
        outcome = settled(truth, trace, Reason.IN_TIME, Reason.TOO_EARLY if early else Reason.OVERDUE)
        outcome = _dated(outcome, due, done, ctx)
        del ctx.trace[mark:]
        outcome = _ended(outcome, due, _End.of(until_of, ctx, env))
        return [attrs.evolve(outcome, not_before=opens) if isinstance(opens, dt.date) else outcome]

    return decide


def _event_from(
    event: Function,
    not_before: Function | None,
    instant: bool,  # noqa: FBT001
) -> Callable[[Context, Env], tuple[Value, bool]]:
    """An event that counts from a day on, and whether it came too early; then it may still come again."""
    if not_before is None:
        return lambda ctx, env: (event(ctx, env), False)

    def run(ctx: Context, env: Env) -> tuple[Value, bool]:
        mark = len(ctx.trace)
        done, opens = event(ctx, env), not_before(ctx, env)
        counts = compare(">=", done, opens)
        if counts is False:
            del ctx.trace[mark:]
            return ctx.not_yet(instant), True
        if counts is None and isinstance(done, dt.date):
            return Range(done, NONE), False
        return done, False

    return run


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


def _ended(outcome: Outcome, due: Value, end: _End) -> Outcome:
    """Nothing is owed that falls due when what it is owed in has ended."""
    if outcome.verdict is Verdict.MET:
        return outcome
    owed = compare("<", due, end.until)
    if owed is False and outcome.verdict is not Verdict.UNKNOWN:
        return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.ENDED, due=outcome.due, done_on=outcome.done_on)
    if owed is None and end.missing:
        missing = (*outcome.missing, *end.missing)
        unknown = Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=missing)
        return attrs.evolve(unknown, due=outcome.due, done_on=outcome.done_on)
    return _closed(outcome, end.until)


def _closed(outcome: Outcome, until: Value) -> Outcome:
    """What was overdue when its time ended is late by the days until then, and can no longer be done."""
    if outcome.reason is not Reason.OVERDUE or not isinstance(until, dt.date) or outcome.due is None:
        return outcome
    return attrs.evolve(outcome, reason=Reason.NEVER_DONE, days_late=(until - outcome.due).days)


def _repeated(form: forms.Repeated, names: Names) -> Decide:
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
        office = ctx.office() if form.period.unit == "business_days" else Office()
        happened = _merged([each for each in found if each])
        if not isinstance(after, dt.date) or None in found or office is None:
            undecided = settled(None, ctx.trace[mark:], Reason.IN_TIME, Reason.OVERDUE)
            more = (*end.missing, *(place for doubt in happened.doubts for place in doubt.places))
            return [_ended(_more(undecided, more), after, end)]
        return list(plan(form, after, happened, end, ctx.horizon, office))

    return decide


def _more(outcome: Outcome, missing: tuple[Place, ...]) -> Outcome:
    """An unknown outcome that may come to hang on more facts. What has not begun is pending all the same."""
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    return attrs.evolve(outcome, missing=(*outcome.missing, *missing))


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
        mark = len(ctx.trace)
        until = until_of(ctx, env)
        missing = tuple(place for place in ctx.trace[mark:] if place not in MARKS)
        del ctx.trace[mark:]
        return cls(until, missing)

    def owes(self, due: dt.date) -> bool | None:
        """Whether something that falls due on a day is owed. Not ended yet, it is, as far as can be seen."""
        owed = compare("<", due, self.until)
        return True if owed is None and not self.missing else owed

    def in_its_time(self, done: dt.date | None, due: dt.date) -> dt.date | None:
        """The day something was done; none where that was late, and after the end."""
        late = done is not None and done > due
        return None if late and compare(">=", done, self.until) is True else done

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

    def run(ctx: Context, env: Env, last: Outcome, through: dt.date) -> list[tuple[int, dt.date]]:
        after = after_of(ctx, env)
        office = ctx.office() if form.period.unit == "business_days" else Office()
        number, due = last.occurrence, last.due
        found: list[tuple[int, dt.date]] = []
        if not isinstance(after, dt.date) or not isinstance(number, int) or due is None or office is None:
            return found
        while form.times is None or number < form.times:
            number += 1
            due = (
                calendar.shift(due, form.period, office) if form.rolling else _due_on_grid(form, after, number, office)
            )
            if due > through:
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


# limits


def _limit(form: forms.Limit, names: Names, place: str) -> Decide:
    at_least = compiled(form.at_least, names) if form.at_least else None
    at_most = compiled(form.at_most, names) if form.at_most else None
    match form.window.name:
        case "own" | "ever":
            return _measured(compiled(form.measure, names), at_least, at_most, open_ended=form.window.name == "ever")
        case "at any time" if isinstance(form.measure, terms.Gather) and form.measure.op != "sum":
            return _over_time(form, names, at_least, at_most)
        case _:
            raise Unsupported(place, f"window {str(form.window)!r}")


class Unsupported(NotImplementedError):
    """A rule that this reader cannot judge yet. It is refused by name, before any record is looked at."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: the record reader cannot judge {what} yet")


def _measured(measure: Function, at_least: Function | None, at_most: Function | None, *, open_ended: bool) -> Decide:
    """A measure of now held against its bounds."""

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        amount = measure(ctx, env)
        low = at_least(ctx, env) if at_least else LOW
        high = at_most(ctx, env) if at_most else NONE
        enough = True if low is LOW else compare(">=", amount, low)
        within = True if high is NONE else compare("<=", amount, high)
        truth = False if False in {enough, within} else True if enough and within else None
        outcome = settled(truth, ctx.trace[mark:], Reason.HOLDS, Reason.OUT_OF_BOUNDS)
        del ctx.trace[mark:]
        if open_ended and enough is False and within:
            outcome = Outcome(verdict=Verdict.PENDING, reason=Reason.NOT_YET)
        return [attrs.evolve(outcome, measured=_number(amount), at_least=_number(low), at_most=_number(high))]

    return decide


def _number(value: object) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


Days: TypeAlias = tuple[dt.date, dt.date]
"""Days from the first until before the last."""

_NEVER: Final = (dt.date.max, dt.date.max)


@attrs.frozen
class Stay:
    """One related record that counts while its span runs: who, on which days surely and possibly, what is missing.

    Days run from the first until before the last. `start` and `end` are the days as they are recorded.
    """

    who: Value
    surely: Days
    possibly: Days
    start: Value
    end: Value
    missing: tuple[Place, ...]


def _stay(who: Value, start: Value, end: Value, missing: tuple[Place, ...], *, certain: bool) -> Stay:
    (first, started), (ending, last) = _ends(start), _ends(end)
    surely = (_bound(started), _bound(ending)) if certain else _NEVER
    return Stay(who, surely, (_bound(first), _bound(last)), start, end, missing)


def _ends(value: Value) -> tuple[End, End]:
    """The lowest and highest day that a value can be; any day where it is not recorded."""
    return (LOW, NONE) if value is None else values.ends(value)


def _bound(end: End) -> dt.date:
    """An end as a day of the calendar: before all days that are counted, or after them."""
    return dt.date.min if end is LOW else dt.date.max if end is NONE else end


@attrs.frozen
class Level:
    """How many count from one day until another: at least and at most."""

    start: dt.date
    until: dt.date
    surely: int
    possibly: int


def _over_time(form: forms.Limit, names: Names, at_least: Function | None, at_most: Function | None) -> Decide:
    stays_of, complete_from = staying(form, names), complete_since(form)
    before = Place(form.measure.path.leads_to if isinstance(form.measure, terms.Gather) else "", "", BEFORE)

    def decide(ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        low = at_least(ctx, env) if at_least else LOW
        high = at_most(ctx, env) if at_most else NONE
        stays = stays_of(ctx, env)
        if stays is None or low is None or high is None:
            undecided = settled(None, ctx.trace[mark:], Reason.HOLDS, Reason.OUT_OF_BOUNDS)
            return [_more(undecided, tuple(place for stay in stays or () for place in stay.missing))]
        del ctx.trace[mark:]
        complete = complete_from(ctx.tables)
        if complete and complete > ctx.horizon:
            return [Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=(before,))]
        first = max(filter(None, (since, complete)), default=None)
        found = list(_stretches(levels(stays, first, ctx.horizon), low, high, stays))
        return [attrs.evolve(outcome, at_least=_number(low), at_most=_number(high)) for outcome in found]

    return decide


Since: TypeAlias = Callable[[Tables], "dt.date | None"]
"""The day from which all tables that a measure counts over are complete; None is always."""


def complete_since(form: forms.Limit) -> Since:
    """The day from which all tables that a measure counts over are complete; None is always."""
    kinds = (
        [step.kind for step in form.measure.path.steps if not step.forward]
        if isinstance(form.measure, terms.Gather)
        else []
    )

    def since(tables: Tables) -> dt.date | None:
        days = [table.since for kind in kinds if (table := tables.given(kind)) and table.since]
        return max(days, default=None)

    return since


Staying: TypeAlias = Callable[[Context, Env], "list[Stay] | None"]
"""The related records that a measure counts, each with its span; None when they are not known."""


def staying(form: forms.Limit, names: Names) -> Staying:
    """The related records that a measure counts, each with its span; None when they are not known."""
    measure = form.measure
    kind = names.vocabulary[measure.path.leads_to] if isinstance(measure, terms.Gather) else None
    if not isinstance(measure, terms.Gather) or kind is None or kind.span is None:
        message = "only records with a span are counted at any time"
        raise TypeError(message)
    parts, span = gathering(measure, names, 0), kind.span
    path = terms.Path(1, kind.name)
    ends = (attrs.evolve(kind.facts[name], happens=False) for name in (span.start, span.end))
    start_of, end_of = (compiled(terms.Read(path, fact), names) for fact in ends)
    past = calendar.Period(1 if span.through else 0, "days")

    def run(ctx: Context, env: Env) -> list[Stay] | None:
        found = parts.elements(ctx, env)
        return None if found is None else [stay for each in found if (stay := one(ctx, (*env, each), parts))]

    def one(ctx: Context, env: Env, parts: Related) -> Stay | None:
        mark = len(ctx.trace)
        held = parts.holds(ctx, env)
        if held is False:
            return None
        who: Value = parts.read(ctx, env)
        start, end = start_of(ctx, env), values.shifted(end_of(ctx, env), past, Office())
        missing = tuple(place for place in ctx.trace[mark:] if place not in MARKS)
        del ctx.trace[mark:]
        certain = held is True and who is not None
        return _stay(who, _in_days(start, ctx), _in_days(end, ctx), missing, certain=certain)

    return run


def _in_days(value: Value, ctx: Context) -> Value:
    return ctx.day(value) if isinstance(value, dt.datetime) else value


def levels(stays: Sequence[Stay], since: dt.date | None, horizon: dt.date) -> list[Level]:
    """How many count on each day up to the horizon, in stretches of days on which nothing changes.

    Where a start is not recorded, the day before the first that is stands for all the time before it.
    """
    edges = {moment for stay in stays for moment in (stay.start, stay.end) if type(moment) is dt.date}
    edges |= {min(edges, default=horizon) - dt.timedelta(days=1) for stay in stays if stay.start is None}
    begin = since or min(edges, default=horizon)
    last = horizon + dt.timedelta(days=1)
    days = sorted({begin, last, *(edge for edge in edges if begin < edge < last)})
    return [_level(stays, start, until) for start, until in itertools.pairwise(days)]


def _level(stays: Sequence[Stay], start: dt.date, until: dt.date) -> Level:
    surely = {stay.who for stay in stays if _in(stay.surely, start)}
    possibly = {stay.who if stay.who is not None else i for i, stay in enumerate(stays) if _in(stay.possibly, start)}
    return Level(start, until, len(surely), len(possibly))


def _in(days: Days, day: dt.date) -> bool:
    return days[0] <= day < days[1]


def _stretches(found: Sequence[Level], low: Value, high: Value, stays: Sequence[Stay]) -> Iterator[Outcome]:
    """One outcome for each unbroken stretch out of bounds, or one for the whole time inside them."""
    state = [_state(level, low, high) for level in found]
    if all(verdict is Verdict.MET for verdict in state):
        peak = max((level.surely for level in found), default=0)
        yield Outcome(verdict=Verdict.MET, reason=Reason.HOLDS, measured=peak)
        return
    begin = 0
    for i in range(1, len(found) + 1):
        if i < len(found) and state[i] is state[begin]:
            continue
        if state[begin] is not Verdict.MET:
            yield _stretch(found[begin:i], state[begin], low, stays)
        begin = i


def _state(level: Level, low: Value, high: Value) -> Verdict:
    count = Range(level.surely, level.possibly)
    inside = (compare(">=", count, low), compare("<=", count, high))
    if False in inside:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if None in inside else Verdict.MET


def _doubtful(stay: Stay, day: dt.date) -> bool:
    return _in(stay.possibly, day) and not _in(stay.surely, day)


def _stretch(found: Sequence[Level], verdict: Verdict, low: Value, stays: Sequence[Stay]) -> Outcome:
    start, until = found[0].start, found[-1].until
    below = low is not LOW and compare("<", min(level.possibly for level in found), low) is True
    counts = [level.surely for level in found]
    missing: tuple[Place, ...] = ()
    if verdict is Verdict.UNKNOWN:
        doubtful = [stay for stay in stays if any(_doubtful(stay, at.start) for at in found)]
        missing = tuple(dict.fromkeys(place for stay in doubtful for place in stay.missing))
    return Outcome(
        verdict=verdict,
        reason=Reason.OUT_OF_BOUNDS if verdict is Verdict.NOT_MET else Reason.NOT_RECORDED,
        missing=missing,
        occurrence=start,
        days=(until - start).days,
        measured=min(counts) if below else max(counts),
    )
