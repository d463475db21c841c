"""Limits to outcomes: a measure of now, of each day, or of each window, held against its bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias, assert_never

import attrs

from peersupport.readers.judge import anchored, values, windows
from peersupport.readers.judge.anchored import Piece, Pieces
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled, gathering
from peersupport.readers.judge.outcomes import Decide, Outcome, lacking_more, settled
from peersupport.readers.judge.related import Related
from peersupport.readers.judge.values import LOW, End, Range, Value, compare
from peersupport.readers.judge.windows import ONE_DAY, Days, Slot, Stay, Tally, Time
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE
from peersupport.rules.findings import BEFORE, MARKS, Place, Reason, Verdict
from peersupport.rules.problems import Unsupported
from peersupport.rules.tables import Tables


def limit(form: forms.Limit, names: Names, place: str) -> Decide:
    """The function of a limit. A window that is not judged here is refused by name."""
    bounds = _bounding(form, names)
    match form.window.name:
        case "own" | "ever":
            return _measured(compiled(form.measure, names), bounds, open_ended=form.window.name == "ever")
        case "at any time":
            return _at_any_time(form, names, bounds)
        case "calendar" | "year from" | "rolling":
            return _in_windows(form, names, bounds)
        case "its span" | "each" | "between":
            return _in_pieces(form, names, bounds, place)
        case _:
            assert_never(form.window.name)


@attrs.frozen
class Bounds:
    """The bounds of a measure, `LOW` and `NONE` where there are none, and the places that they hang on."""

    low: Value
    high: Value
    places: tuple[Place, ...]

    @property
    def unknown(self) -> bool:
        """Whether nothing is known of one of them."""
        return self.low is None or self.high is None

    def enough(self, amount: Value) -> bool | None:
        """Whether an amount is not below the least."""
        return True if self.low is LOW else compare(">=", amount, self.low)

    def inside(self, amount: Value) -> bool | None:
        """Whether an amount is not above the most."""
        return True if self.high is NONE else compare("<=", amount, self.high)

    def told(self, outcome: Outcome) -> Outcome:
        """An outcome with the bounds."""
        return attrs.evolve(outcome, at_least=_number(self.low), at_most=_number(self.high))


Bounding: TypeAlias = Callable[[Context, Env], Bounds]


def _bounding(form: forms.Limit, names: Names) -> Bounding:
    """The bounds of a limit for a record. What they lack stays in the trace."""
    at_least = compiled(form.at_least, names) if form.at_least else None
    at_most = compiled(form.at_most, names) if form.at_most else None

    def bounds(ctx: Context, env: Env) -> Bounds:
        mark = len(ctx.trace)
        low = at_least(ctx, env) if at_least else LOW
        high = at_most(ctx, env) if at_most else NONE
        return Bounds(low, high, tuple(ctx.trace[mark:]))

    return bounds


def _measured(measure: Function, bounds_of: Bounding, *, open_ended: bool) -> Decide:
    """A measure of now held against its bounds."""

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        amount = measure(ctx, env)
        bounds = bounds_of(ctx, env)
        enough, inside = bounds.enough(amount), bounds.inside(amount)
        truth = False if False in {enough, inside} else True if enough and inside else None
        outcome = settled(truth, ctx.trace[mark:], Reason.HOLDS, Reason.OUT_OF_BOUNDS)
        del ctx.trace[mark:]
        if open_ended and enough is False and inside:
            outcome = _NOT_YET
        return [bounds.told(attrs.evolve(outcome, measured=_number(amount)))]

    return decide


def _number(value: object) -> int | Decimal | None:
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


# what records come to, held against the bounds


@attrs.frozen(eq=False)
class Held:
    """What records come to on some days, held against the bounds: the verdict, and where it is unknown, why.

    `lacking` are records that the verdict hangs on beside those that may count; `unseen` is the table that may hold
    others, `hangs` is what the days themselves hang on. `apart` is not told in one with its neighbours.
    """

    slot: Slot
    verdict: Verdict
    lacking: tuple[Stay, ...] = ()
    unseen: Place | None = None
    apart: bool = False
    hangs: tuple[Place, ...] = ()

    def joins(self, other: Held) -> bool:
        """Whether its days are told in one with those before."""
        unseen = self.verdict is Verdict.UNKNOWN and self.unseen is not None and other.unseen is not None
        return self.verdict is other.verdict and (unseen or not self.apart)


def _verdict(enough: bool | None, inside: bool | None, *, running: bool = False) -> Verdict:  # noqa: FBT001
    """In bounds or not; too few is pending while the time is still running."""
    if inside is False or (enough is False and not running):
        return Verdict.NOT_MET
    if enough is False and inside:
        return Verdict.PENDING
    return Verdict.MET if enough and inside else Verdict.UNKNOWN


def _outcomes(found: Sequence[Held], stays: Sequence[Stay], bounds: Bounds) -> list[Outcome]:
    """One outcome for each window or unbroken stretch out of bounds, or one for the whole time inside them."""
    if all(each.verdict is Verdict.MET for each in found):
        peak = max((each.slot.least for each in found), default=0)
        return [bounds.told(Outcome(verdict=Verdict.MET, reason=Reason.HOLDS, measured=_number(peak)))]
    groups: list[list[Held]] = []
    for each in found:
        if groups and each.joins(groups[-1][-1]):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [_outcome(group, stays, bounds) for group in groups if group[0].verdict is not Verdict.MET]


def _outcome(group: Sequence[Held], stays: Sequence[Stay], bounds: Bounds) -> Outcome:
    start, until = group[0].slot.start, group[-1].slot.until
    told = _told(group, stays, bounds)
    return Outcome(
        verdict=told.verdict,
        reason=told.reason,
        missing=told.missing,
        occurrence=start,
        days=(until - start).days,
        measured=_number(_least(group, bounds)),
        at_least=_number(bounds.low),
        at_most=_number(bounds.high),
    )


def _least(group: Sequence[Held], bounds: Bounds) -> End:
    """What records surely come to on some days: on the worst of them."""
    below = bounds.low is not LOW and any(compare("<", each.slot.amount, bounds.low) for each in group)
    least = [each.slot.least for each in group]
    return min(least) if below else max(least)


_OUT_OF_BOUNDS: Final = Outcome(verdict=Verdict.NOT_MET, reason=Reason.OUT_OF_BOUNDS)
_NOT_YET: Final = Outcome(verdict=Verdict.PENDING, reason=Reason.NOT_YET)


def _told(group: Sequence[Held], stays: Sequence[Stay], bounds: Bounds) -> Outcome:
    """The verdict of some days, and what it lacks."""
    if group[0].verdict is Verdict.UNKNOWN:
        places = tuple(dict.fromkeys(_lacking(group, stays, bounds)))
        return settled(None, places, Reason.HOLDS, Reason.OUT_OF_BOUNDS)
    return _OUT_OF_BOUNDS if group[0].verdict is Verdict.NOT_MET else _NOT_YET


def _lacking(group: Sequence[Held], stays: Sequence[Stay], bounds: Bounds) -> Iterator[Place]:
    """The places that unknown days hang on, in the order of the records."""
    doubted = {id(stay) for each in group for stay in each.slot.stays if stay.doubtful(each.slot.start)}
    doubted |= {id(stay) for each in group for stay in each.lacking}
    yield from (place for stay in stays if id(stay) in doubted for place in stay.missing)
    if Range in {type(bounds.low), type(bounds.high)}:
        yield from bounds.places
    yield from (each.unseen for each in group if each.unseen)
    yield from (place for each in group for place in each.hangs)


def _undecided(trace: Iterable[Place], stays: Iterable[Stay]) -> list[Outcome]:
    """Nothing is known of the records, or of a bound."""
    undecided = settled(None, tuple(trace), Reason.HOLDS, Reason.OUT_OF_BOUNDS)
    return [lacking_more(undecided, tuple(place for stay in stays for place in stay.missing if place not in MARKS))]


def _before(form: forms.Limit) -> Place:
    """The place of what lies before the tables are complete."""
    return Place(_counted(form).path.leads_to, "", BEFORE)


def _unseen(before: Place) -> Outcome:
    """Nothing is known of a time before the tables are complete."""
    return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=(before,))


# at any time


@attrs.frozen
class Level:
    """How many count from one day until another: at least and at most.

    Where it is not recorded who is there, somebody is.
    """

    start: dt.date
    until: dt.date
    surely: int
    possibly: int


def _at_any_time(form: forms.Limit, names: Names, bounds_of: Bounding) -> Decide:
    measure, stays_of, complete_from, before = (
        _counted(form),
        _staying(form, names),
        complete_since(form),
        _before(form),
    )
    tally = windows.tallying(measure) if measure.op == "sum" else windows.different

    def decide(ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        bounds = bounds_of(ctx, env)
        stays = stays_of(ctx, env)
        if stays is None or bounds.unknown:
            return _undecided(ctx.trace[mark:], stays or ())
        del ctx.trace[mark:]
        complete = complete_from(ctx.tables)
        if complete and complete > ctx.horizon:
            return [_unseen(before)]
        first = max(filter(None, (since, complete)), default=None)
        found = windows.slots(stays, _stretches(stays, first, ctx.horizon), tally)
        held = [Held(slot, _verdict(bounds.enough(slot.amount), bounds.inside(slot.amount))) for slot in found]
        outcomes = _outcomes(held, stays, bounds)
        if since and complete and since < complete:
            days = (complete - since).days
            outcomes.insert(0, bounds.told(attrs.evolve(_unseen(before), occurrence=since, days=days)))
        return outcomes

    return decide


_SPANS_ONLY = "only records with a span are counted at any time"


def _counted(form: forms.Limit) -> terms.Gather:
    """The related records that a limit over time counts."""
    if not isinstance(form.measure, terms.Gather):
        raise TypeError(_SPANS_ONLY)
    return form.measure


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
    """The related records that a measure counts, each with its span; None when they are not known.

    None too for a sum, which is no number of records.
    """
    found = _staying(form, names)
    return found if _counted(form).op != "sum" else lambda _ctx, _env: None


def _staying(form: forms.Limit, names: Names) -> Staying:
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
        who: Value = NONE if held is False else parts.read(ctx, env)
        if who is NONE:
            del ctx.trace[mark:]
            return None
        start, end = start_of(ctx, env), values.shifted(end_of(ctx, env), past, Office())
        missing = tuple(ctx.trace[mark:])
        del ctx.trace[mark:]
        certain = held is True and not (who is None and windows.perhaps_absent(measure))
        return windows.spanning(who, _in_days(start, ctx), _in_days(end, ctx), missing, certain=certain)

    return run


def _in_days(value: Value, ctx: Context) -> Value:
    return ctx.day(value) if isinstance(value, dt.datetime) else value


def levels(stays: Sequence[Stay], since: dt.date | None, horizon: dt.date) -> list[Level]:
    """How many count on each day up to the horizon, in stretches of days on which nothing changes."""
    found = windows.slots(stays, _stretches(stays, since, horizon), windows.different)
    return [Level(slot.start, slot.until, *values.ends(slot.amount)) for slot in found]


def _stretches(stays: Sequence[Stay], since: dt.date | None, horizon: dt.date) -> list[Days]:
    """The stretches of days up to the horizon on which nothing changes.

    Where a start is not recorded, the day before the first that is stands for all the time before it.
    """
    edges = windows.edges(stays)
    edges |= {min(edges, default=horizon) - ONE_DAY for stay in stays if stay.start is None}
    begin = since or min([*edges, horizon])
    return windows.cut(edges, begin, horizon)


# in windows


def _in_windows(form: forms.Limit, names: Names, bounds_of: Bounding) -> Decide:
    measure, complete_from, before = _counted(form), complete_since(form), _before(form)
    parts, tally = gathering(measure, names, 0), windows.tallying(measure)
    stays_of = windows.dated(measure, parts, names)
    in_office = form.window.period is not None and form.window.period.unit == "business_days"

    def decide(ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        bounds = bounds_of(ctx, env)
        office = ctx.office() if in_office else Office()
        timed = windows.timing(form.window, office) if office else None
        stays = stays_of(ctx, env, timed.counting) if timed else None
        if timed is None or stays is None or bounds.unknown:
            return _undecided(ctx.trace[mark:], stays or ())
        complete = complete_from(ctx.tables) if parts.incomplete(ctx, env) else None
        del ctx.trace[mark:]
        if complete and complete > ctx.horizon:
            return [_unseen(before)]
        time = windows.time_of(timed, stays, since, complete, ctx.horizon)
        idle = tally([(stay.who, False) for stay in stays if stay.start is None])
        days = time.days(stays, busy=not (bounds.enough(idle) and bounds.inside(idle)))
        found = windows.slots(stays, days, tally)
        if all(each.least < values.ends(idle)[0] for each in found):  # the peak is in one without a record
            found = windows.slots(stays, time.days(stays, busy=True), tally)
        held = [_held(slot, time, bounds, tally, before) for slot in found]
        return _outcomes(held, stays, bounds)

    return decide


def _held(slot: Slot, time: Time, bounds: Bounds, tally: Tally, before: Place) -> Held:
    """A window, or a stretch of days of a rolling one, held against the bounds."""
    unseen = before if time.lacks(slot) else None
    if unseen:
        slot = attrs.evolve(slot, amount=values.arithmetic("+", slot.amount, Range(0, NONE)))
    lacking: tuple[Stay, ...] = ()
    enough = bounds.enough(slot.amount)
    if enough is not True and not time.owed(slot):
        early = time.owed_with(slot)
        lacking = tuple(stay for stay in early if not bounds.enough(slot.amount_with(stay, tally)))
        enough = None if lacking else True
    verdict = _verdict(enough, bounds.inside(slot.amount), running=time.running(slot))
    return Held(slot, verdict, lacking, unseen, time.timed.apart)


# in the windows of the record judged


def _in_pieces(form: forms.Limit, names: Names, bounds_of: Bounding, place: str) -> Decide:
    if form.window.period is not None and form.window.period.unit in calendar.INSTANT_ONLY:
        message = f"{place}: the record reader cannot judge a window in hours yet, as {str(form.window)!r}"
        raise Unsupported(message)
    measure, complete_from, before = _counted(form), complete_since(form), _before(form)
    parts, tally = gathering(measure, names, 0), windows.tallying(measure)
    stays_of, pieces_of = windows.dated(measure, parts, names), anchored.pieces(form.window, names)

    def decide(ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        bounds, found = bounds_of(ctx, env), pieces_of(ctx, env)
        if found and not found.each:
            return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.NOTHING_DUE)]
        stays = stays_of(ctx, env, found.days if found else lambda _day: windows.ALWAYS)
        if found is None or stays is None or bounds.unknown:
            return _in_one(bounds, stays, tally) or _undecided(ctx.trace[mark:], stays or ())
        complete = complete_from(ctx.tables) if parts.incomplete(ctx, env) else None
        del ctx.trace[mark:]
        stays = [found.placed(stay) for stay in stays] if found.each[0].start <= ctx.horizon else []
        judged = [piece for piece in found.each if not since or piece.until > since]
        slots = windows.slots(stays, [(piece.start, piece.until) for piece in judged], tally)
        seen = [before if complete and piece.start < complete else None for piece in judged]
        each = zip(judged, slots, seen, strict=True)
        return _outcomes([_of_piece(*one, found, bounds, tally, ctx.horizon) for one in each], stays, bounds)

    return decide


def _in_one(bounds: Bounds, stays: Sequence[Stay] | None, tally: Tally) -> list[Outcome]:
    """Met whatever the windows are, where all records together are not too many and nothing less is owed."""
    amount = tally([(stay.who, stay.certain) for stay in stays]) if stays is not None else None
    if amount is None or bounds.low is not LOW or not bounds.inside(amount):
        return []
    return [bounds.told(Outcome(verdict=Verdict.MET, reason=Reason.HOLDS, measured=_number(values.ends(amount)[0])))]


def _of_piece(
    piece: Piece, slot: Slot, unseen: Place | None, found: Pieces, bounds: Bounds, tally: Tally, horizon: dt.date
) -> Held:
    """A window of the record judged, held against the bounds."""
    amount = anchored.apart(slot, tally) if found.parted else slot.amount
    if unseen:
        amount = values.arithmetic("+", amount, Range(0, NONE))
    start = anchored.first_day(piece, slot.stays, horizon)
    until = min(piece.until, horizon + ONE_DAY) if piece.until is anchored.OPEN else piece.until
    enough = _enough(piece, amount, bounds, parted=found.parted)
    verdict = _verdict(enough, bounds.inside(amount), running=piece.running is True)
    told = Slot(start, until, amount, slot.stays)
    return Held(told, verdict, unseen=unseen, apart=True, hangs=found.missing)


def _enough(piece: Piece, amount: Value, bounds: Bounds, *, parted: bool) -> bool | None:
    """Whether a window has the least that it owes; where another event may part it, any part of it."""
    if parted:
        enough = bounds.enough(Range(values.least(0, values.ends(amount)[0]), values.ends(amount)[1]))
        return enough if enough or (piece.whole and piece.running is False) else None
    enough = bounds.enough(amount)
    if enough or piece.whole is False:
        return True
    return None if None in {piece.whole, piece.running} else enough
