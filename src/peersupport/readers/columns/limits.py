"""Limits in columns: a measure of now, or what counts on each day, held against its bounds.

What counts on each day is one running sum over the sorted starts and ends, so no day is written out. A window of the
calendar, and a rolling one, is a span that each record counts for, so that all windows are one sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, cast

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days, values
from peersupport.readers.columns.column import FALSE, TRUE, UNDECIDED, Bool, Column, named
from peersupport.readers.columns.engines import Frame
from peersupport.readers.columns.evaluate import asks, number_of, scale, value_of
from peersupport.readers.columns.outcomes import (
    MET,
    NOT_MET,
    PENDING,
    UNKNOWN,
    Outcome,
    facts_of,
    same,
    settled,
    why,
)
from peersupport.readers.columns.reach import Group, held_of, reached, read_of
from peersupport.readers.columns.scope import KEY, Root, Scope, World, moved
from peersupport.readers.columns.values import DAY_TOP, TOP, Lacks, Truth, Value, compare, lacking, together
from peersupport.rules import calendar, forms, terms
from peersupport.rules.facts import DATE, Kind, Span
from peersupport.rules.findings import Reason
from peersupport.rules.problems import Unsupported
from peersupport.rules.terms import Gather, Lit, Path, Read, Term

_TOP: Final = col.int_lit(TOP)
_DAY_TOP: Final = col.day_lit(DAY_TOP)
_DAY_BOTTOM: Final = col.day_lit(-DAY_TOP)
_ZERO: Final = col.int_lit(0)
_MUCH: Final = 2**44
"""More than any bound: what an amount that is not known may come to."""


@attrs.frozen(eq=False)
class Bounds:
    """The bounds of a measure; None where there is none."""

    low: Value | None
    high: Value | None

    def enough(self, amount: Value) -> Truth:
        """Whether an amount is not below the least."""
        return values.constant(value=True) if self.low is None else compare(">=", amount, self.low)

    def inside(self, amount: Value) -> Truth:
        """Whether an amount is not above the most."""
        return values.constant(value=True) if self.high is None else compare("<=", amount, self.high)

    @property
    def unknown(self) -> Bool:
        """Where nothing is known of one of them."""
        return col.either(*(each.unknown for each in (self.low, self.high) if each is not None))

    @property
    def lacks(self) -> Lacks:
        """What they lack."""
        return together(each.lacks for each in (self.low, self.high) if each is not None)


def limit(form: forms.Limit, root: Root) -> Outcome:
    """A limit: of the record's own measure, of all records, or of those of a time."""
    if form.window.name in {"own", "ever"}:
        return _measured(form, root)
    if form.window.name in {"at any time", "calendar", "year from", "rolling"}:
        return _over_time(form, root)
    message = f"the window {str(form.window)!r}"
    raise Unsupported(message)


def _places(form: forms.Limit, world: World) -> int:
    """The places of the measure: as many as it is kept with, or as a bound is written with."""
    asked = [each for each in (form.measure, form.at_least, form.at_most) if each is not None]
    bounds = [each.value for each in asked if isinstance(each, Lit) and isinstance(each.value, Decimal)]
    return max(*(scale(each, world) for each in asked), *(-int(each.as_tuple().exponent) for each in bounds), 0)


def _bounds(form: forms.Limit, root: Root, places: int) -> Bounds:
    return Bounds(*(None if each is None else number_of(each, root, places) for each in (form.at_least, form.at_most)))


def _measured(form: forms.Limit, root: Root) -> Outcome:
    """A measure of now held against its bounds."""
    places = _places(form, root.world)
    amount, bounds = number_of(form.measure, root, places), _bounds(form, root, places)
    enough, inside = bounds.enough(amount), bounds.inside(amount)
    truth = values.at_least(2, (enough, inside))
    lacks = together((amount.lacks, bounds.lacks)).within(col.is_null(truth.holds))
    outcome = settled(attrs.evolve(truth, lacks=lacks), Reason.HOLDS, Reason.OUT_OF_BOUNDS)
    if form.window.name == "ever":
        open_ = col.both(col.never(enough.holds), col.surely(inside.holds))
        outcome = same(PENDING, Reason.NOT_YET).over(open_, outcome)
    return attrs.evolve(outcome, measured=col.where(amount.exact, amount.low), places=places)


# over time


@attrs.frozen(eq=False)
class Stays:
    """The related records that count, each from a day until another: surely, and at best."""

    group: Group
    form: forms.Limit
    yes: Bool
    keep: Bool
    surely: tuple[Column, Column]
    possibly: tuple[Column, Column]
    who: Value
    amount: tuple[Column, Column]
    takes: bool
    lacks: Lacks
    since: dt.date | None
    kept: dict[str, Frame] = attrs.field(factory=dict)

    @property
    def doubtful(self) -> Bool:
        """Where it is not certain that, when or how much of a record counts."""
        return col.either(
            col.no(self.yes),
            col.ne(self.surely[0], self.possibly[0]),
            col.ne(self.surely[1], self.possibly[1]),
            col.is_null(self.who.low),
            col.ne(self.amount[0], self.amount[1]),
        )


def _over_time(form: forms.Limit, root: Root) -> Outcome:
    measure = cast("Gather", form.measure)
    places = _places(form, root.world)
    bounds = _bounds(form, root, places)
    if form.at_least is not None and form.window.name != "at any time":
        message = f"`at_least` over the window {str(form.window)!r}"
        raise Unsupported(message)
    kind = root.world.rulebook.vocabulary[measure.path.leads_to]
    reach = reached(measure, root, asks())
    broken = col.either(reach.is_broken, bounds.unknown)
    lacks = together((reach.broken, bounds.lacks))
    undecided = settled(Truth(UNDECIDED, lacks, waits=True), Reason.HOLDS, Reason.OUT_OF_BOUNDS)
    if reach.group is None:
        return undecided
    _refuse(form, measure, root, bounds)
    stays = _stays(form, measure, reach.group, kind, places)
    found = _swept(stays, bounds, root)
    found = attrs.evolve(found, places=places)
    found = _complete(found, measure, root)
    more = together((undecided.missing, stays_lack(stays)))
    undecided = attrs.evolve(undecided, missing=more.within(undecided.is_(UNKNOWN)))
    return undecided.over(root.named(broken), found)


def _refuse(form: forms.Limit, measure: Gather, root: Root, bounds: Bounds) -> None:
    """What is judged of one record and not here is refused, and never guessed."""
    if _takes(measure) and not _from_nothing(form.at_most):
        message = f"a sum over the window {str(form.window)!r} that may be below nothing, as its most may"
        raise Unsupported(message)
    over = [step.kind for step in measure.path.steps if step.kind in root.world.complete_since]
    if over and form.window.name != "at any time":
        message = f"the window {str(form.window)!r} over {over[0]}, which is complete since a day alone"
        raise Unsupported(message)
    if any(each is not None and each.waits for each in (bounds.low, bounds.high)):
        message = "a limit over time whose bound hangs on what has not happened yet"
        raise Unsupported(message)


def _from_nothing(bound: Term | None) -> bool:
    """Whether a bound is surely nothing or more, where there is one."""
    match bound:
        case None:
            return True
        case Lit(Decimal() | int() as value):
            return value >= 0
        case Read(_, fact):
            return fact.minimum is not None and fact.minimum >= 0
    return False


def _moments(form: forms.Limit, kind: Kind, depth: int) -> tuple[Term, ...]:
    """The days of a related record from which and until which it counts."""
    path = Path(depth, kind.name)
    if form.window.name != "at any time":
        return (_read_day(path, kind, kind.dated_by),)
    span = cast("Span", kind.span)
    end = _read_day(path, kind, span.end)
    past = terms.Shift(end, calendar.Period(1, "days")) if span.through else end
    return (_read_day(path, kind, span.start), past)


def _read_day(path: Path, kind: Kind, name: str) -> Term:
    fact = attrs.evolve(kind.facts[name], happens=False)
    read: Term = Read(path, fact)
    return terms.Call("day", (read,), DATE) if fact.type.base == "instant" else read


def _stays(form: forms.Limit, measure: Gather, group: Group, kind: Kind, places: int) -> Stays:
    inner = group.here.depth + 1
    moments = [_of(each, group, inner) for each in _moments(form, kind, inner)]
    held, who = held_of(measure, group, asks()), _who(measure, group, places)
    if held.waits:
        message = "a limit over time whose condition hangs on what has not happened yet"
        raise Unsupported(message)
    yes = col.surely(held.holds)
    if measure.value is not None and measure.value.type.or_none:
        yes = col.both(yes, col.known(who.low))
    keep = col.both(col.no(col.never(held.holds)), col.no(col.surely(who.absent)))
    surely, possibly = _times(form, moments, group.at)
    if len(moments) == 1:
        keep = col.both(keep, col.no(col.surely(moments[0].absent)))
    lacks = together((held.lacks, who.lacks, *(each.lacks for each in moments)))
    amount, takes = _amount(measure, who, places), _takes(measure)
    if measure.op == "sum":
        who = read_of(attrs.evolve(measure, value=None), group, asks())
    return Stays(group, form, yes, keep, surely, possibly, who, amount, takes, lacks, _first(measure, group.here.world))


def _of(term: Term, group: Group, inner: int) -> Value:
    there = term if group.paired else moved(term, lambda depth: depth - inner)
    return value_of(there, group.at)


def _who(measure: Gather, group: Group, places: int) -> Value:
    if measure.op == "count":
        return read_of(attrs.evolve(measure, value=None), group, asks())
    if measure.op == "sum" and measure.value is not None:
        inner = group.here.depth + 1
        term = measure.value if group.paired else moved(measure.value, lambda depth: depth - inner)
        return number_of(term, group.at, places)
    return read_of(measure, group, asks())


def _amount(measure: Gather, value: Value, places: int) -> tuple[Column, Column]:
    """What a record that counts adds: at least, and at most."""
    one = col.int_lit(1)
    if measure.op != "sum":
        return one, one
    least = _least(measure)
    floor = -_MUCH if least is None else int(least * 10**places)
    return col.fill(value.low, col.int_lit(floor)), col.fill(value.high, col.int_lit(_MUCH))


def _least(measure: Gather) -> int | Decimal | None:
    """The least that a record may add, where the vocabulary says so."""
    return measure.value.fact.minimum if isinstance(measure.value, Read) else None


def _takes(measure: Gather) -> bool:
    """Whether a record may take away from the sum."""
    least = _least(measure)
    return measure.op == "sum" and (least is None or least < 0)


def _times(
    form: forms.Limit, moments: list[Value], scope: Scope
) -> tuple[tuple[Column, Column], tuple[Column, Column]]:
    """From when until when a record counts: surely, and at best."""
    if len(moments) == 2:
        start, end = moments
        first, last = col.fill(start.low, _DAY_BOTTOM), col.fill(end.high, _DAY_TOP)
        surely = col.fill(start.high, _DAY_TOP), col.fill(end.low, _DAY_BOTTOM)
        return surely, (first, last)
    at = moments[0].low
    first, last = _window(form.window, at, scope.named)
    never, always = _DAY_TOP, _DAY_BOTTOM
    surely = col.fill(first, never), col.fill(last, always)
    return surely, (col.fill(first, always), col.fill(last, never))


def _window(window: forms.Window, at: Column, keep: days.Keep) -> tuple[Column, Column]:
    """The days for which a record of a day counts."""
    if window.period is not None:
        if window.period.unit == "business_days":
            message = "a rolling window of business days"
            raise Unsupported(message)
        return at, days.shift(at, window.period, keep)
    if window.unit in {"day", "week"}:
        first = days.first_of(at, window.unit, keep)
        return first, col.plus(first, col.day_lit(1 if window.unit == "day" else 7))
    if window.unit == "month":
        first = days.first_of(at, "month", keep)
        return first, days.shift(first, calendar.Period(1, "months"), keep)
    here = days.in_year(at, window.month, window.day, keep)
    year = calendar.Period(1, "years")
    before = days.shift(here, -year, keep)
    first = keep(col.choose(col.le(here, at), here, before))
    return first, days.shift(first, year, keep)


# the sweep

Rail = tuple[tuple[Column, Column], Bool, Column]
"""From when until when, whether it is certain, and how much."""

_ROW: Final = "~r"
_FROM: Final = "~from"
_TILL: Final = "~till"
_WHO: Final = "~who"
_AMOUNT: Final = "~amount"
_STEP: Final = "~step"
_DAY: Final = "~day"
_NOW: Final = "~now"
_ORDER: Final = "~order"
_STEPS: Final = 2**20
_OFFSET: Final = 2**18


def _swept(stays: Stays, bounds: Bounds, root: Root) -> Outcome:
    """The most and the least that count on any day, surely and at best, held against the bounds."""
    sure = _peaks(stays, bounds, root, doubted=False)
    at_best = _peaks(stays, bounds, root, doubted=True)
    least = {name: col.fill(sure[name], _ZERO) for name in ("peak", "low")}
    most = {name: root.named(col.choose(col.known(at_best[name]), at_best[name], least[name])) for name in least}
    high, low = bounds.high, bounds.low
    over = FALSE if high is None else col.gt(least["peak"], high.high)
    under = FALSE if low is None else col.lt(most["low"], low.low)
    maybe_over = FALSE if high is None else col.gt(most["peak"], high.low)
    maybe_under = FALSE if low is None else col.lt(least["low"], low.high)
    out, maybe = col.either(over, under), col.either(maybe_over, maybe_under)
    measured = least["peak"] if low is None else col.choose(under, least["low"], least["peak"])
    met = Outcome(verdict=MET, reason=why(Reason.HOLDS), measured=measured)
    missing = facts_of(together((stays_lack(stays), bounds.lacks)))
    unknown = attrs.evolve(met, verdict=UNKNOWN, reason=why(Reason.NOT_RECORDED), missing=missing)
    always = 1 if stays.since is None else (root.world.on - stays.since).days + 1
    out_of = sure["days"] if low is None else col.choose(under, _or(sure["days"], col.int_lit(always)), sure["days"])
    not_met = attrs.evolve(met, verdict=NOT_MET, reason=why(Reason.OUT_OF_BOUNDS), days=out_of)
    return not_met.over(root.named(out), unknown.over(root.named(maybe), met))


def _or(column: Column, other: Column) -> Column:
    return col.choose(col.known(column), column, other)


def stays_lack(stays: Stays) -> Lacks:
    """What the records lack of which it is not certain that, or when, they count."""
    group = stays.group
    if not group.here.world.by_name:
        return lacking("", TRUE)
    doubtful = col.both(stays.keep, stays.doubtful)
    found = group.gathered(group.flags(stays.lacks.within(doubtful)), keep=doubtful)
    return Lacks(lambda: {name.removeprefix("lacks "): col.surely(each) for name, each in found.items()})


def _peaks(stays: Stays, bounds: Bounds, root: Root, *, doubted: bool) -> dict[str, Column]:
    """The most and the least that count on any day, and on how many days it is too many or too few."""
    names = {name: root.world.name() for name in ("peak", "low", "days")}

    def make(wanted: set[str]) -> Frame:
        rows = _spans(stays, root, doubted=doubted)
        if doubted:
            rows = rows.join(_in_doubt(stays, root), on=_ROW, how="semi")
        measure = stays.form.measure
        steps = _steps(rows, root.world, distinct=isinstance(measure, Gather) and measure.op == "distinct")
        if bounds.low is not None:
            begins = _begins(stays, root)
            begins = begins.join(_in_doubt(stays, root), on=_ROW, how="semi") if doubted else begins
            steps = _with_begins(steps, begins)
        kept = {name: names[name] for name in names if names[name] in wanted}
        return _tops(steps, kept, stays, bounds, root, doubted=doubted)

    root.joined([root.key], [_ROW], list(names.values()), make)
    return {name: named(each) for name, each in names.items()}


def _placed(stays: Stays, root: Root, columns: Mapping[str, Column], more: Mapping[str, Column]) -> Frame:
    """Each related record beside the number of the row that counts it."""
    rows = stays.group.rows(columns)
    key = root.key if stays.group.paired else stays.group.on
    return rows.join(root.frame({"~on": key, _ROW: root.key, **more}), left_on=KEY, right_on="~on", how="inner")


def _every(stays: Stays, root: Root) -> Frame:
    """All that is asked of each related record, surely and at best, beside the row that counts it: joined once."""
    if "every" not in stays.kept:
        columns = {_WHO: stays.who.low, _DOUBT: col.both(stays.keep, stays.doubtful)}
        for rail, ((start, end), certain, amount) in _rails(stays).items():
            columns |= {f"{rail} from": start, f"{rail} till": end, f"{rail} amount": amount}
            columns[f"{rail} keep"] = _counts(stays, root, start, end, certain)
        stays.kept["every"] = root.world.kept(_placed(stays, root, columns, {}))
    return stays.kept["every"]


def _rails(stays: Stays) -> dict[str, Rail]:
    """The spans of a record on the lower rail and on the upper one.

    What adds counts for as little as is sure on the lower rail and for as much as is possible on the upper one; what
    takes away, the other way round.
    """
    low, high = stays.amount
    sure, maybe = (stays.surely, stays.yes), (stays.possibly, TRUE)
    if not stays.takes:
        return {"sure": (*sure, low), "maybe": (*maybe, high)}
    return {
        "sure": (*sure, col.greatest(low, _ZERO)),
        "sure less": (*maybe, col.least(low, _ZERO)),
        "maybe": (*maybe, col.greatest(high, _ZERO)),
        "maybe less": (*sure, col.least(high, _ZERO)),
    }


def _counts(stays: Stays, root: Root, start: Column, end: Column, certain: Bool) -> Bool:
    """Whether a record counts on any day that is looked at."""
    since = stays.since
    counts = col.both(stays.keep, certain, col.lt(start, end))
    if stays.form.window.name in {"at any time", "rolling"}:
        counts = col.both(counts, col.le(start, col.day_lit(days.number(root.world.on))))
    if since is not None and stays.form.at_least is None:
        counts = col.both(counts, col.gt(end, col.day_lit(days.number(since))))
    return counts


def _in_doubt(stays: Stays, root: Root) -> Frame:
    return _every(stays, root).filter(nw.col(_DOUBT)).select(_ROW).unique()


def _spans(stays: Stays, root: Root, *, doubted: bool) -> Frame:
    """When each record counts, up to the horizon."""
    rail = "maybe" if doubted else "sure"
    every = _every(stays, root)
    spans = [_of_rail(every, each) for each in ((rail, f"{rail} less") if stays.takes else (rail,))]
    return nw.concat(spans) if stays.takes else spans[0]


def _of_rail(every: Frame, rail: str) -> Frame:
    renamed = {f"{rail} from": _FROM, f"{rail} till": _TILL, f"{rail} amount": _AMOUNT}
    rows = every.filter(nw.col(f"{rail} keep"))
    return rows.select(_ROW, _WHO, *(nw.col(name).alias(new) for name, new in renamed.items()))


def _steps(rows: Frame, world: World, *, distinct: bool) -> Frame:
    """A step up where a record begins to count, a step down where it ends; one for all spans of one that is named.

    `unnamed` steps are of those of whom it is not recorded who they are.
    """
    rows = rows.with_columns(
        nw.max_horizontal(nw.col(_FROM), nw.lit(-_EDGE, dtype=nw.Int32)).alias(_FROM),
        nw.min_horizontal(nw.col(_TILL), nw.lit(_EDGE, dtype=nw.Int32)).alias(_TILL),
    )
    if not distinct:
        return _ups_and_downs(rows)
    nobody = rows.filter(nw.col(_WHO).is_null())
    somebody = rows.filter(~nw.col(_WHO).is_null())
    somebody = somebody.with_columns(nw.len().over(_WHO).alias(_NOW))
    once = somebody.filter(nw.col(_NOW) == 1)
    again = somebody.filter(nw.col(_NOW) > 1)
    merged = [_ups_and_downs(once), _merged(again, world)]
    steps = nw.concat(merged).with_columns(nw.lit(0, dtype=nw.Int64).alias(_UNNAMED))
    lost = _ups_and_downs(nobody).with_columns(nw.col(_STEP).alias(_UNNAMED))
    lost = lost.with_columns(nw.lit(0, dtype=nw.Int64).alias(_STEP))
    return nw.concat([steps, lost])


def _ups_and_downs(rows: Frame) -> Frame:
    up = rows.select(_ROW, _order(_FROM, 1).alias(_ORDER), nw.col(_AMOUNT).alias(_STEP))
    down = rows.select(_ROW, _order(_TILL, 0).alias(_ORDER), (nw.col(_AMOUNT) * -1).alias(_STEP))
    return nw.concat([up, down])


def _order(day: str, step: int) -> nw.Expr:
    """A row, a day, and whether a span begins or ends on it, as one number: what ends comes before what begins."""
    return nw.col(_ROW) * _STEPS + (nw.col(day).cast(nw.Int64) + _OFFSET) * 2 + step


def _merged(rows: Frame, world: World) -> Frame:
    """The steps of who has several spans: up where the first of those that touch begins, down where the last ends."""
    one = nw.lit(1, dtype=nw.Int64)
    begins = rows.select(_ROW, _WHO, _order(_FROM, 0).alias(_ORDER), one.alias(_STEP))
    ends = rows.select(_ROW, _WHO, _order(_TILL, 1).alias(_ORDER), (one * -1).alias(_STEP))
    steps = nw.concat([begins, ends])
    steps = world.ordered(steps, [_WHO, _ORDER], {_NOW: ("sum", _STEP)})
    up = steps.filter((nw.col(_STEP) > 0) & (nw.col(_NOW) == 1))
    down = steps.filter(nw.col(_NOW) == 0)
    return nw.concat(
        [
            up.select(_ROW, (nw.col(_ORDER) + 1).alias(_ORDER), _STEP),
            down.select(_ROW, (nw.col(_ORDER) - 1).alias(_ORDER), _STEP),
        ]
    )


def _tops(steps: Frame, names: Mapping[str, str], stays: Stays, bounds: Bounds, root: Root, *, doubted: bool) -> Frame:
    """The most and the least of the running sums of each row, and the days on which they are out of bounds."""
    unnamed = steps.collect_schema().names()[-1] == _UNNAMED
    sums = [_STEP, _UNNAMED] if unnamed else [_STEP]
    steps = root.world.ordered(steps, [_ORDER], {each: ("sum", each) for each in sums})
    now = nw.col(_STEP)
    if unnamed and doubted:
        now = now + nw.col(_UNNAMED)
    elif unnamed:
        somebody = nw.when(nw.col(_UNNAMED) > 0).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))
        now = nw.when(now > 0).then(now).otherwise(somebody)
    steps = steps.with_columns(now.alias(_NOW))
    if set(names) == {"peak"} and _only_grows(stays):
        return steps.group_by(_ROW).agg(nw.col(_NOW).max().alias(names["peak"]))
    lasting = _lasting(steps, root, bounds, stays)
    tops = {"peak": nw.col(_NOW).max(), "low": nw.col(_NOW).min(), "days": nw.col(_OUT).sum()}
    return lasting.group_by(_ROW).agg(*(tops[name].alias(each) for name, each in names.items()))


def _only_grows(stays: Stays) -> bool:
    """Whether a record never takes away, so that no sum in the middle of a day is above that of the day."""
    return stays.amount[0].const == 1


def _lasting(steps: Frame, root: Root, bounds: Bounds, stays: Stays) -> Frame:
    """The running sums that last a day or longer, with the days of those that are out of bounds."""
    horizon, since = days.number(root.world.on) + 1, stays.since
    steps = root.world.ordered(steps, [_ORDER], {_FOLLOWING: ("behind", _ORDER)})
    mine = nw.col(_FOLLOWING) // _STEPS == nw.col(_ROW)
    last = nw.lit(_EDGE if stays.form.window.name in {"calendar", "year from"} else horizon, dtype=nw.Int64)
    until = nw.when(mine).then(_day_of(_FOLLOWING)).otherwise(last)
    until = nw.min_horizontal(until, last)
    start = _day_of(_ORDER)
    if since is not None:
        start = nw.max_horizontal(start, nw.lit(days.number(since), dtype=nw.Int64))
    steps = steps.with_columns((until - start).alias(_OUT)).filter(nw.col(_OUT) > 0)
    limits = {"~least": bounds.low, "~most": bounds.high}
    ends = {"~least": "low", "~most": "high"}
    given = {name: getattr(value, ends[name]) for name, value in limits.items() if value is not None}
    steps = steps.join(root.frame({"~row of": root.key, **given}), left_on=_ROW, right_on="~row of", how="left")
    out = [nw.col(_NOW) > nw.col("~most")] if "~most" in given else []
    out += [nw.col(_NOW) < nw.col("~least")] if "~least" in given else []
    outside = out[0] if len(out) == 1 else out[0] | out[1]
    return steps.with_columns(nw.when(outside).then(nw.col(_OUT)).otherwise(nw.lit(0, dtype=nw.Int64)).alias(_OUT))


def _with_begins(steps: Frame, begins: Frame) -> Frame:
    if steps.collect_schema().names()[-1] == _UNNAMED:
        begins = begins.with_columns(nw.lit(0, dtype=nw.Int64).alias(_UNNAMED))
    return nw.concat([steps, begins])


def _day_of(order: str) -> nw.Expr:
    return nw.col(order) % _STEPS // 2 - _OFFSET


def _begins(stays: Stays, root: Root) -> Frame:
    """A step of nothing where the time of each row begins: from there on too few are too few.

    Where a start is not recorded, the day before the first day that is stands for all the time before it.
    """
    start, end = stays.surely[0], stays.surely[1]
    first = col.choose(col.lt(start, _DAY_TOP), start, _DAY_TOP)
    other = col.choose(col.gt(end, _DAY_BOTTOM), end, _DAY_TOP)
    unknown = col.choose(col.ne(stays.surely[0], stays.possibly[0]), col.day_lit(1), col.day_lit(0))
    edges = {_FROM: col.least(first, other), _TILL: unknown, "~keep": stays.keep}
    rows = _placed(stays, root, edges, {}).filter(nw.col("~keep"))
    found = rows.group_by(_ROW).agg(nw.col(_FROM).min(), nw.col(_TILL).max())
    horizon = nw.lit(days.number(root.world.on), dtype=nw.Int32)
    begin = nw.when(nw.col(_FROM) < DAY_TOP).then(nw.col(_FROM)).otherwise(horizon) - nw.col(_TILL)
    if stays.since is not None:
        begin = nw.lit(days.number(stays.since), dtype=nw.Int32)
    found = found.with_columns(begin.alias(_FROM))
    return found.select(_ROW, _order(_FROM, 0).alias(_ORDER), nw.lit(0, dtype=nw.Int64).alias(_STEP))


def _first(measure: Gather, world: World) -> dt.date | None:
    """The first day that is looked at: the one asked for, or the one from which the tables are complete."""
    days_ = [*_complete_from(measure, world), *([world.since] if world.since else [])]
    return max(days_, default=None)


def _complete_from(measure: Gather, world: World) -> list[dt.date]:
    kinds = [step.kind for step in measure.path.steps if not step.forward]
    return [world.complete_since[kind] for kind in kinds if kind in world.complete_since]


def _complete(found: Outcome, measure: Gather, root: Root) -> Outcome:
    """Nothing is known of a time before the tables are complete."""
    complete = max(_complete_from(measure, root.world), default=None)
    if complete is None:
        return found
    missing = lacking(root.world.lacked(measure.path.leads_to, "since"), TRUE)
    unknown = Outcome(verdict=UNKNOWN, reason=why(Reason.NOT_RECORDED), missing=missing)
    if complete > root.world.on:
        return unknown
    since = root.world.since
    if since is None or since >= complete:
        return found
    return found.over(found.is_(NOT_MET), unknown)


_UNNAMED: Final = "~unnamed"
_DOUBT: Final = "~doubt"
_FOLLOWING: Final = "~following"
_OUT: Final = "~out"
_EDGE: Final = 2**17
"""A day number beyond all that are judged, before and after."""
