"""What is asked of related records in columns: any and all, how many and how much, and the events among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final, cast

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import values
from peersupport.readers.columns.clocks import micros
from peersupport.readers.columns.column import FALSE, TRUE, UNDECIDED, Bool, Column, named
from peersupport.readers.columns.days import number
from peersupport.readers.columns.engines import Frame, is_text, scale_of
from peersupport.readers.columns.reach import (
    KEEP,
    LACKS,
    Asks,
    Group,
    Reach,
    at_record,
    counted,
    held_of,
    lacks_of,
    reached,
    read_of,
)
from peersupport.readers.columns.scope import KEY, Scope, World
from peersupport.readers.columns.sets import Members
from peersupport.readers.columns.values import (
    ABSENT,
    DAY_TOP,
    NOTHING,
    TOP,
    Held,
    Lacks,
    Truth,
    Value,
    lacking,
    together,
)
from peersupport.rules import calendar, terms
from peersupport.rules.terms import Gather, Term


def gathered(term: Gather, scope: Scope, asks: Asks) -> Held | Members:
    """Something over related records, for each row."""
    reach = reached(term, scope, asks)
    moment = terms.is_moment(term.type)
    if reach.group is None:
        return _unknown(term, reach.broken)
    if term.op in {"any", "all"}:
        return _quantified(term, reach, asks, decisive=term.op == "any")
    if term.op in {"count", "sum", "distinct"}:
        return _measured(term, reach, asks)
    return _event(term, reach, asks) if moment else _of_record(term, reach, asks)


def _unknown(term: Gather, broken: Lacks) -> Held | Members:
    if term.type.base == "bool":
        return Truth(UNDECIDED, broken)
    if term.type.base in {"set", "refs"}:
        return Members.unknown(broken)
    top = top_for(term)
    nothing = col.null(values.dtype_of(top))
    return Value(nothing, nothing, top, broken)


def top_for(term: Term) -> Column:
    """What stands after every value of a term."""
    base = term.type.base
    if is_text(base):
        return col.lit(ABSENT, nw.String)
    return col.day_lit(DAY_TOP) if base == "date" else col.int_lit(TOP)


# any and all


def _quantified(term: Gather, reach: Reach, asks: Asks, *, decisive: bool) -> Truth:
    group = _there(reach)
    held = held_of(term, group, asks)
    hit = col.surely(held.holds) if decisive else col.never(held.holds)
    doubt = col.is_null(held.holds)
    flags = group.flags(held.lacks) if held.waits or group.here.world.by_name else {}
    if doubt.const is False:
        found = group.gathered({"hit": ("max", TRUE)}, keep=hit)
        found["doubt"] = FALSE
    else:
        found = group.gathered({"hit": ("max", hit), "doubt": ("max", doubt), **flags}, keep=col.either(hit, doubt))
    decided, undecided = col.surely(found["hit"]), col.surely(found["doubt"])
    open_ = col.either(undecided, reach.is_hidden)
    yes, otherwise = (TRUE, FALSE) if decisive else (FALSE, TRUE)
    holds = col.choose(decided, yes, col.choose(open_, UNDECIDED, otherwise))
    holds = group.here.named(col.choose(reach.is_broken, UNDECIDED, holds))
    lacks = lacks_of(found) if flags else lacking(group.here.world.lacked(""), undecided)
    hidden = reach.hidden.within(col.no(undecided))
    return values.undecided(holds, (reach.broken, lacks, hidden), waits=held.waits)


def _there(reach: Reach) -> Group:
    return cast("Group", reach.group)


# how many and how much


def _measured(term: Gather, reach: Reach, asks: Asks) -> Value:
    group = _there(reach)
    held = held_of(term, group, asks)
    yes, maybe = col.surely(held.holds), col.is_null(held.holds)
    keep = col.either(yes, maybe)
    lacks: Lacks = held.lacks
    if term.op == "sum":
        low, high, more = _summed(term, group, asks, yes, keep)
        lacks = together((lacks, more))
    elif term.op == "distinct":
        low, high, more = _distinct(term, group, asks, yes, keep)
        lacks = together((lacks, more))
    else:
        counts = group.gathered({"yes": ("sum", values.ones(yes)), "all": ("sum", values.ones(keep))}, keep=keep)
        low, high = counts["yes"], counts["all"]
    flags = lacks_of(group.gathered(group.flags(lacks), keep=keep)) if lacks.columns else NOTHING
    top = col.int_lit(TOP)
    high = col.choose(reach.is_hidden, top, high)
    there = col.no(reach.is_broken)
    low, high = group.here.named(col.where(there, low)), group.here.named(col.where(there, high))
    return Value(low, high, top, together((reach.broken, flags, reach.hidden)), wide=True, waits=held.waits)


def _summed(term: Gather, group: Group, asks: Asks, yes: Bool, keep: Bool) -> tuple[Column, Column, Lacks]:
    """A sum of numbers: one that is not known may be anything from its least on."""
    value = cast("Term", term.value)
    amount = asks.number(at_record(value, group), group.at, asks.scale(value, group.here.world))
    zero, top = col.int_lit(0), col.int_lit(TOP)
    least = value.fact.minimum if isinstance(value, terms.Read) else None
    scaled = None if least is None else col.int_lit(int(least * 10 ** scale_of(value.fact)))  # type: ignore[union-attr]
    unknown = amount.unknown
    low = col.fill(amount.low, zero if scaled is None else scaled)
    high = col.fill(amount.high, zero)
    low_open = col.either(unknown if scaled is None else FALSE, col.eq(low, amount.bottom) if amount.wide else FALSE)
    high_open = col.either(unknown, col.eq(high, top) if amount.wide else FALSE)
    low, high = col.choose(low_open, zero, low), col.choose(high_open, zero, high)
    low = col.choose(yes, low, col.choose(col.lt(low, zero), low, zero))
    high = col.choose(yes, high, col.choose(col.gt(high, zero), high, zero))
    found = group.gathered(
        {
            "low": ("sum", low),
            "high": ("sum", high),
            "below": ("max", low_open),
            "above": ("max", high_open),
        },
        keep=keep,
    )
    low = col.choose(col.surely(found["below"]), col.int_lit(-TOP), found["low"])
    high = col.choose(col.surely(found["above"]), top, found["high"])
    return low, high, amount.lacks.within(keep)


def _distinct(term: Gather, group: Group, asks: Asks, yes: Bool, keep: Bool) -> tuple[Column, Column, Lacks]:
    value = read_of(term, group, asks)
    here = group.here
    who, sure, known_, unnamed, lost_ = (here.world.name() for _ in range(5))
    there = col.no(col.surely(value.absent))
    columns = {who: value.low, sure: yes, known_: col.known(value.low), unnamed: col.is_null(value.low)}

    def make(_: set[str]) -> Frame:
        rows = group.rows({**columns, KEEP: col.both(keep, there)}).filter(nw.col(KEEP))
        named_ = rows.filter(nw.col(known_)).group_by(KEY, who).agg(nw.col(sure).max())
        each = named_.select(
            KEY, _one(sure).alias(sure), nw.lit(1, dtype=nw.Int64).alias(known_), _zero(unnamed), _zero(lost_)
        )
        lost = rows.filter(nw.col(unnamed))
        lost = lost.select(
            KEY, _zero(sure), _zero(known_), nw.lit(1, dtype=nw.Int64).alias(unnamed), _one(sure).alias(lost_)
        )
        every = nw.concat([each, lost]).group_by(KEY)
        return every.agg(*(nw.col(name).sum() for name in (sure, known_, unnamed, lost_)))

    here.joined([group.on], [KEY], [sure, known_, unnamed, lost_], make)
    zero, one = col.int_lit(0), col.int_lit(1)
    certain = counted(named(sure))
    some = col.choose(col.gt(counted(named(lost_)), zero), one, zero)
    low = col.choose(col.gt(certain, zero), certain, some)
    high = col.plus(counted(named(known_)), counted(named(unnamed)))
    return low, high, value.lacks.within(keep)


def _one(name: str) -> nw.Expr:
    return nw.when(nw.col(name)).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))


def _zero(name: str) -> nw.Expr:
    return nw.lit(0, dtype=nw.Int64).alias(name)


# events


@attrs.frozen(eq=False)
class Events:
    """The events of a gathering beside each related record: certain ones, and those that may not count or have no day.

    `at` is when it happened, as far as that is recorded.
    """

    group: Group
    at: Column
    certain: Bool
    dated: Bool
    undated: Bool
    lacks: Lacks
    waits: bool

    @property
    def doubtful(self) -> Bool:
        """Whether it may or may not count."""
        return col.either(self.dated, self.undated)


def events_of(term: Gather, group: Group, asks: Asks) -> Events:
    """The events of a gathering up to the horizon."""
    held, value = held_of(term, group, asks), read_of(term, group, asks)
    at, there = _happened(value, group)
    undated = value.unknown
    yes, maybe = col.surely(held.holds), col.is_null(held.holds)
    at_all = col.no(col.never(held.holds))
    lacks = together((held.lacks, value.lacks.within(undated)))
    waits = held.waits or (value.waits and value.raw is None)
    return Events(group, at, col.both(yes, there), col.both(maybe, there), col.both(at_all, undated), lacks, waits)


def _happened(value: Value, group: Group) -> tuple[Column, Bool]:
    """When something happened, and whether it has: neither absent nor ahead."""
    if value.raw is None:
        return value.low, value.exact
    world = group.here.world
    if values.dtype_of(value.top) is nw.Int32:
        ahead = col.gt(value.raw, col.day_lit(number(world.on)))
    else:
        edge = calendar.start_of(world.on + dt.timedelta(days=1), world.office or calendar.Office())
        ahead = col.ge(value.raw, col.int_lit(micros(edge)))
    return value.raw, col.never(ahead)


def _event(term: Gather, reach: Reach, asks: Asks) -> Value:
    events = events_of(term, _there(reach), asks)
    if term.op == "last":
        found = _latest(events, reach, top_for(term))
    elif term.op == "nth" and term.n > 1:
        found = _nth(events, reach, top_for(term), term.n)
    else:
        found = _earliest(events, reach, top_for(term))
    return found


def _extremes(events: Events, how: str) -> dict[str, Column]:
    """The certain and the doubtful event that come first (`min`) or last (`max`), and what the doubtful ones lack."""
    found: dict[str, tuple[str, Column]] = {"sure": (how, col.where(events.certain, events.at))}
    found["undated"] = ("max", events.undated)
    if events.dated.const is not False:
        found["doubt"] = (how, col.where(events.dated, events.at))
        found["other"] = ("max" if how == "min" else "min", col.where(events.dated, events.at))
    if events.waits or events.group.here.world.by_name:
        for key, rows in events.lacks.columns.items():
            found["undated " + key] = ("max", col.both(events.undated, rows))
            found["doubt " + key] = (how, col.where(col.both(events.dated, rows), events.at))
    keep = col.either(events.certain, events.dated, events.undated)
    return events.group.gathered(found, keep=keep)


def _telling(events: Events, reach: Reach, found: Mapping[str, Column], before: Callable[[Column], Bool]) -> Lacks:
    """What the doubtful events lack that may come before, or after, the certain one."""
    if not (events.waits or events.group.here.world.by_name):
        undated = col.surely(found.get("undated", FALSE))
        dated = before(found["doubt"]) if "doubt" in found else FALSE
        return together((lacking("", col.either(undated, dated)), reach.hidden))

    def make() -> Mapping[str, Bool]:
        keys = [name.removeprefix("undated ") for name in found if name.startswith("undated ")]
        return {key: col.either(col.surely(found["undated " + key]), before(found["doubt " + key])) for key in keys}

    return together((Lacks(make), reach.hidden))


def _earliest(events: Events, reach: Reach, top: Column) -> Value:
    """The first event. A doubtful one matters when it may come before the certain one."""
    found = _extremes(events, "min")
    here = events.group.here
    sure = col.fill(found["sure"], top)
    undated = col.either(col.surely(found.get("undated", FALSE)), reach.is_hidden)
    doubt = col.fill(found["doubt"], top) if "doubt" in found else top
    early = col.choose(undated, values.bottom_of(top), col.least(sure, doubt))
    nothing = col.eq(early, top)
    low = here.named(_unless(reach.is_broken, col.choose(nothing, horizon(here, top), early)))
    high = here.named(_unless(reach.is_broken, sure))
    lacks = _telling(events, reach, found, lambda at: col.surely(col.lt(at, sure)))
    return Value(low, high, top, together((reach.broken, lacks)), wide=True, waits=True)


def _unless(broken: Bool, column: Column) -> Column:
    return column if broken.const is False else col.where(col.no(broken), column)


def horizon(scope: Scope, top: Column) -> Column:
    """The first moment of the day of the judgement, as values of a type have it."""
    world = scope.world
    if values.dtype_of(top) is nw.Int32:
        return col.day_lit(number(world.on))
    return col.int_lit(micros(calendar.start_of(world.on, world.office or calendar.Office())))


def _latest(events: Events, reach: Reach, top: Column) -> Value:
    """The last event. A doubtful one matters when it may come after the last certain one."""
    found = _extremes(events, "max")
    here, bottom = events.group.here, values.bottom_of(top)
    sure = col.fill(found["sure"], bottom)
    any_sure = col.known(found["sure"])
    undated = col.either(col.surely(found.get("undated", FALSE)), reach.is_hidden)
    last_doubt = col.fill(found["doubt"], bottom) if "doubt" in found else bottom
    first_doubt = col.fill(found["other"], top) if "other" in found else top
    doubted = col.either(undated, col.gt(last_doubt, bottom))
    low_doubt = col.choose(undated, bottom, first_doubt)
    low = col.choose(any_sure, sure, col.choose(doubted, low_doubt, horizon(here, top)))
    high = col.choose(any_sure, col.choose(undated, top, col.greatest(sure, last_doubt)), top)
    low, high = here.named(_unless(reach.is_broken, low)), here.named(_unless(reach.is_broken, high))
    lacks = _telling(events, reach, found, lambda at: col.surely(col.gt(at, sure)))
    return Value(low, high, top, together((reach.broken, lacks)), wide=True, waits=True)


def _nth(events: Events, reach: Reach, top: Column, n: int) -> Value:
    """The event at a place in the order, from the certain ones, and with the doubtful ones that may come before it."""
    here, hidden = events.group.here, reach.is_hidden
    sure, early, sooner = (here.world.name() for _ in range(3))
    flags = events.group.flags(events.lacks)
    names = {name: here.world.name() for name in flags}
    columns = {_AT: events.at, _CERTAIN: events.certain, _DATED: events.dated, _UNDATED: events.undated}
    columns |= {names[name]: rows for name, (_, rows) in flags.items()}

    def make(_: set[str]) -> Frame:
        rows = events.group.rows(columns).filter(nw.col(_CERTAIN) | nw.col(_DATED) | nw.col(_UNDATED))
        certain = _place(rows.filter(nw.col(_CERTAIN)), n, sure, here.world)
        told = rows.join(certain, on=KEY, how="left")
        before = nw.col(_UNDATED) | (nw.col(_DATED) & (nw.col(sure).is_null() | (nw.col(_AT) < nw.col(sure))))
        told = told.with_columns(before.alias(_BEFORE)).filter(nw.col(_CERTAIN) | nw.col(_BEFORE))
        bottom = values.bottom_of(top).expr
        told = told.with_columns(nw.when(nw.col(_UNDATED)).then(bottom).otherwise(nw.col(_AT)).alias(_AT))
        found = rows.select(KEY).unique().join(certain, on=KEY, how="left")
        for place, name in ((n, early), (n - 1, sooner)):
            found = found.join(_place(told, place, name, here.world), on=KEY, how="left")
        lacking_ = told.filter(nw.col(_BEFORE)).group_by(KEY).agg(*(nw.col(each).max() for each in names.values()))
        return found.join(lacking_, on=KEY, how="left")

    here.joined([events.group.on], [KEY], [sure, early, sooner, *names.values()], make)
    soonest = col.choose(hidden, named(sooner), named(early))
    nothing = col.both(col.is_null(named(sure)), col.is_null(soonest))
    low = col.choose(nothing, horizon(here, top), col.fill(soonest, top))
    high = col.fill(named(sure), top)
    low, high = here.named(_unless(reach.is_broken, low)), here.named(_unless(reach.is_broken, high))
    lacks = lacks_of({name: named(each) for name, each in names.items()})
    lacks = together((lacks, reach.hidden)).within(col.no(nothing))
    return Value(low, high, top, together((reach.broken, lacks)), wide=True, waits=True)


_AT: Final = "~at"
_CERTAIN: Final = "~certain"
_DATED: Final = "~dated"
_UNDATED: Final = "~undated"
_BEFORE: Final = "~before"
_RANK: Final = "~rank"
_FIRST: Final = "~first"


def _place(rows: Frame, n: int, name: str, world: World) -> Frame:
    """The moment at a place in the order of each group."""
    ones = rows.select(KEY, _AT, nw.lit(1, dtype=nw.Int64).alias(_RANK))
    ranked = world.ordered(ones, [KEY, _AT], {_RANK: ("sum", _RANK)})
    first = ranked.group_by(KEY).agg(nw.col(_RANK).min().alias(_FIRST))
    found = ranked.join(first, on=KEY, how="left").filter(nw.col(_RANK) - nw.col(_FIRST) == n - 1)
    return found.select(KEY, nw.col(_AT).alias(name))


def _of_record(term: Gather, reach: Reach, asks: Asks) -> Held | Members:
    """`first` and `last` of other facts go by the record's own day, or by the start of its span."""
    group = _there(reach)
    here, kind = group.here, group.chain.last.kind
    by = kind.dated_by or (kind.span.start if kind.span else "id")
    id_ = group.at.start()
    day = id_ if by == "id" else group.at.of_related(group.chain.last.fact(by) or col.null(nw.Int64))
    held = held_of(term, group, asks)
    value = asks.any(at_record(term.value, group), group.at) if term.value else read_of(term, group, asks)
    undated = lacking(here.world.lacked(kind.name, by), col.is_null(day))
    lacks = together((held.lacks, undated))
    doubt = col.either(col.is_null(held.holds), col.is_null(day))
    keep = col.no(col.never(held.holds))
    found = group.gathered({"doubt": ("max", doubt), "any": ("max", TRUE), **group.flags(lacks)}, keep=keep)
    chosen = _chosen(term, group, keep, {"day": day, "id": id_}, _parts(value))
    nobody = col.is_null(found["any"])
    unknown = col.either(reach.is_broken, col.surely(found["doubt"]))
    return _rebuilt(value, chosen, nobody, unknown, together((reach.broken, lacks_of(found))), here)


def _parts(value: Any) -> dict[str, Column]:  # noqa: ANN401  a value, an answer or a set
    flags = {LACKS + key: rows for key, rows in value.lacks.columns.items()}
    if isinstance(value, Members):
        return {"text": value.text, **flags}
    if isinstance(value, Truth):
        return {"holds": value.holds, **flags}
    return {"low": value.low, "high": value.high, **flags}


def _chosen(
    term: Gather, group: Group, keep: Bool, order: Mapping[str, Column], parts: Mapping[str, Column]
) -> dict[str, Column]:
    """Some columns of the one related record that comes first or last, by its day and then by its id."""
    here = group.here
    names = {name: here.world.name() for name in parts}
    columns = {"~day": order["day"], "~by": order["id"], KEEP: keep}
    columns |= {names[name]: column for name, column in parts.items()}

    def make(_: set[str]) -> Frame:
        rows = group.rows(columns).filter(nw.col(KEEP))
        for by in ("~day", "~by"):
            best = nw.col(by).max() if term.op == "last" else nw.col(by).min()
            edge = rows.group_by(KEY).agg(best.alias("~best"))
            rows = rows.join(edge, on=KEY, how="left").filter(nw.col(by) == nw.col("~best")).select(KEY, *columns)
        return rows.select(KEY, *names.values()).unique(subset=[KEY])

    here.joined([group.on], [KEY], list(names.values()), make)
    return {name: named(each) for name, each in names.items()}


def _rebuilt(
    value: Any,  # noqa: ANN401
    chosen: Mapping[str, Column],
    nobody: Bool,
    unknown: Bool,
    lacks: Lacks,
    here: Scope,
) -> Held | Members:
    """The value of the chosen record: absent where there is none, unknown where it cannot be chosen."""
    lacks = together((lacks, lacks_of(chosen).within(col.no(unknown))))

    def whole(column: Column, absent: Column) -> Column:
        return here.named(col.choose(unknown, null_like(absent), col.choose(nobody, absent, column)))

    if isinstance(value, Members):
        empty = col.lit(";;", nw.String)
        members: Members = attrs.evolve(value, text=whole(chosen["text"], empty), lacks=lacks)
        return members
    if isinstance(value, Truth):
        holds = here.named(col.choose(col.either(unknown, nobody), UNDECIDED, chosen["holds"]))
        return Truth(holds, lacks, waits=True)
    low = whole(chosen["low"], value.top)
    high = low if value.point else whole(chosen["high"], value.top)
    found: Value = attrs.evolve(value, low=low, high=high, lacks=lacks, wide=True, raw=None)
    return found


def null_like(column: Column) -> Column:
    """Nothing in any row, of the type of values with an absent one."""
    return col.null(values.dtype_of(column))
