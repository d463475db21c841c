"""Limits to outcomes: a measure of now, or how many there are on each day, held against its bounds."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled, gathering
from peersupport.readers.judge.outcomes import Decide, Outcome, lacking_more, settled
from peersupport.readers.judge.related import Related
from peersupport.readers.judge.values import LOW, End, Range, Value, compare
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE
from peersupport.rules.findings import BEFORE, MARKS, Place, Reason, Verdict
from peersupport.rules.tables import Tables


def limit(form: forms.Limit, names: Names, place: str) -> Decide:
    """The function of a limit. A window that is not judged here is refused by name."""
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
    """How many count from one day until another: at least and at most.

    Where it is not recorded who is there, somebody is.
    """

    start: dt.date
    until: dt.date
    surely: int
    possibly: int


def _over_time(form: forms.Limit, names: Names, at_least: Function | None, at_most: Function | None) -> Decide:
    stays_of, complete_from = staying(form, names), complete_since(form)
    before = Place(_counted(form).path.leads_to, "", BEFORE)

    def decide(ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        low = at_least(ctx, env) if at_least else LOW
        high = at_most(ctx, env) if at_most else NONE
        stays = stays_of(ctx, env)
        if stays is None or low is None or high is None:
            undecided = settled(None, ctx.trace[mark:], Reason.HOLDS, Reason.OUT_OF_BOUNDS)
            return [lacking_more(undecided, tuple(place for stay in stays or () for place in stay.missing))]
        del ctx.trace[mark:]
        complete = complete_from(ctx.tables)
        if complete and complete > ctx.horizon:
            return [_unseen(before)]
        first = max(filter(None, (since, complete)), default=None)
        found = list(_stretches(levels(stays, first, ctx.horizon), low, high, stays))
        if since and complete and since < complete:
            days = (complete - since).days
            found.insert(0, attrs.evolve(_unseen(before), occurrence=since, days=days))
        return [attrs.evolve(outcome, at_least=_number(low), at_most=_number(high)) for outcome in found]

    return decide


_SPANS_ONLY = "only records with a span are counted at any time"


def _counted(form: forms.Limit) -> terms.Gather:
    """The related records that a limit at any time counts."""
    if not isinstance(form.measure, terms.Gather):
        raise TypeError(_SPANS_ONLY)
    return form.measure


def _unseen(before: Place) -> Outcome:
    """Nothing is known of a time before the tables are complete."""
    return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=(before,))


Since: TypeAlias = Callable[[Tables], "dt.date | None"]
"""The day from which all tables that a measure counts over are complete; None is always."""


def complete_since(form: forms.Limit) -> Since:
    """The day from which all tables that a measure counts over are complete; None is always."""
    kinds = [step.kind for step in _counted(form).path.steps if not step.forward]

    def since(tables: Tables) -> dt.date | None:
        days = [table.since for kind in kinds if (table := tables.given(kind)) and table.since]
        return max(days, default=None)

    return since


Staying: TypeAlias = Callable[[Context, Env], "list[Stay] | None"]
"""The related records that a measure counts, each with its span; None when they are not known."""


def staying(form: forms.Limit, names: Names) -> Staying:
    """The related records that a measure counts, each with its span; None when they are not known."""
    measure = _counted(form)
    kind = names.vocabulary[measure.path.leads_to]
    parts, span = gathering(measure, names, 0), kind.span
    if span is None:
        raise TypeError(_SPANS_ONLY)
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
        return _stay(who, _in_days(start, ctx), _in_days(end, ctx), missing, certain=held is True)

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
    running = [stay.who for stay in stays if _in(stay.surely, start)]
    named = {who for who in running if who is not None}
    surely = len(named) or int(bool(running))
    possibly = {stay.who if stay.who is not None else i for i, stay in enumerate(stays) if _in(stay.possibly, start)}
    return Level(start, until, surely, len(possibly))


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
    return _in(stay.possibly, day) and (stay.who is None or not _in(stay.surely, day))


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
