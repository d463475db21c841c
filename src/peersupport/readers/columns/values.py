"""Values and answers in columns: the judge's lattice, a row at a time.

A value is unknown where its low end is null; otherwise it lies between its ends, both in. An end may be absent, after
everything, or open, before everything: numbers far outside stand for them. What an answer lacks is kept beside it, so
that what only waits for a later day is told from what is not recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns.column import FALSE, TRUE, UNDECIDED, Bool, Column
from peersupport.rules.terms import Order

DAY_TOP: Final = 2**30
"""An absent day: after every day number, in 32 bits."""
TOP: Final = 2**62
"""An absent instant or number, in 64 bits."""
ABSENT: Final = "~none~"
"""An absent reference or choice. No id and no choice is called so."""
CHOOSING: Final = "?"
"""The key of what is lacking where a reading has to be chosen."""


class Lacks:
    """What is missing in each row, by name, as conditions that are never null. Made when it is first asked for."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Mapping[str, Bool]]) -> None:
        self._make = make
        self._made: Mapping[str, Bool] | None = None

    @property
    def columns(self) -> Mapping[str, Bool]:
        """Each name with the rows in which it is missing."""
        if self._made is None:
            self._made = {key: each for key, each in self._make().items() if each.const is not False}
        return self._made

    def within(self, rows: Bool) -> Lacks:
        """The same in some rows alone."""
        if rows.const is True:
            return self
        return Lacks(lambda: {key: col.both(rows, each) for key, each in self.columns.items()})

    def any(self) -> Bool:
        """Whether anything is missing."""
        return col.either(*self.columns.values())


NOTHING: Final = Lacks(dict)


def lacking(key: str, rows: Bool) -> Lacks:
    """One name that is missing in some rows."""
    return NOTHING if rows.const is False else Lacks(lambda: {key: rows})


def together(lacks: Iterable[Lacks]) -> Lacks:
    """What any of several lacks."""
    each = [one for one in lacks if one is not NOTHING]
    if len(each) < 2:
        return each[0] if each else NOTHING

    def make() -> Mapping[str, Bool]:
        found: dict[str, list[Bool]] = {}
        for one in each:
            for key, rows in one.columns.items():
                found.setdefault(key, []).append(rows)
        return {key: col.either(*rows) for key, rows in found.items()}

    return Lacks(make)


@attrs.frozen(eq=False)
class Value:
    """A date, an instant, a number or a text between two ends. `top` is its absent value.

    `wide` says that ends may be absent or open, `waits` that only later days may be what it lacks. `raw` is the day of
    an event as it is recorded, which has not happened when it lies after the horizon.
    """

    low: Column
    high: Column
    top: Column
    lacks: Lacks = NOTHING
    wide: bool = False
    waits: bool = False
    raw: Column | None = None

    @property
    def point(self) -> bool:
        """Whether both ends are one."""
        return self.low is self.high

    @property
    def unknown(self) -> Bool:
        """Where nothing is known of it."""
        return col.is_null(self.low)

    @property
    def bottom(self) -> Column:
        """What stands before everything."""
        return bottom_of(self.top)

    @property
    def absent(self) -> Bool:
        """Where it is known to be absent."""
        return col.eq(self.low, self.top) if self.wide else FALSE

    @property
    def exact(self) -> Bool:
        """Where it is one known value, and not absent."""
        there = col.known(self.low)
        if self.wide:
            there = col.both(there, col.surely(col.lt(self.low, self.top)))
        return there if self.point else col.both(there, col.surely(col.eq(self.low, self.high)))


_ZERO: Final = col.int_lit(0)
_BOTTOM: Final = col.int_lit(-TOP)
_DAY_BOTTOM: Final = col.day_lit(-DAY_TOP)


@attrs.frozen(eq=False)
class Truth:
    """A yes or no, null where it is undecided; there `lacks` is what it lacks.

    `waits` says that it may be undecided for what has not happened yet, or for a reading to choose.
    """

    holds: Bool
    lacks: Lacks = NOTHING
    waits: bool = False


Held: TypeAlias = Value | Truth


def constant(value: bool) -> Truth:  # noqa: FBT001  the answer itself
    """The same answer in every row."""
    return Truth(TRUE if value else FALSE)


def unknown_truth(key: str) -> Truth:
    """An answer that is unknown in every row, for one thing that is missing."""
    return Truth(UNDECIDED, lacking(key, TRUE))


def unknown_value(key: str, top: Column) -> Value:
    """A value that is unknown in every row, for one thing that is missing."""
    nothing = col.null(dtype_of(top))
    return Value(nothing, nothing, top, lacking(key, TRUE))


def bottom_of(top: Column) -> Column:
    """What stands before everything, where an absent value stands after it."""
    return _DAY_BOTTOM if top.const == DAY_TOP else _BOTTOM


def dtype_of(top: Column) -> type[nw.Int32 | nw.Int64 | nw.String]:
    """How values with an absent one are kept."""
    if isinstance(top.const, str):
        return nw.String
    return nw.Int32 if top.const == DAY_TOP else nw.Int64


def undecided(holds: Bool, lacks: Iterable[Lacks], *, waits: bool) -> Truth:
    """An answer that lacks, where it is undecided, what its parts lack."""
    return Truth(holds, together(lacks).within(col.is_null(holds)), waits)


def compare(op: Order, a: Value, b: Value) -> Truth:
    """Whether one value stands to another as `op` says."""
    holds = col.ORDERS[op](a.low, b.low) if a.point and b.point else _ranged(op, a, b)
    return undecided(holds, (a.lacks, b.lacks), waits=a.waits or b.waits)


def _ranged(op: Order, a: Value, b: Value) -> Bool:
    match op:
        case "<":
            return _decided(col.lt(a.high, b.low), col.ge(a.low, b.high))
        case "<=":
            return _decided(col.le(a.high, b.low), col.gt(a.low, b.high))
        case ">" | ">=":
            return _ranged("<" if op == ">" else "<=", b, a)
        case _:
            apart = col.either(col.lt(a.high, b.low), col.lt(b.high, a.low))
            one = col.both(col.eq(a.low, a.high), col.eq(b.low, b.high), col.eq(a.low, b.low))
            return _decided(one, apart) if op == "==" else _decided(apart, one)


def _decided(surely: Bool, never: Bool) -> Bool:
    return col.choose(surely, TRUE, col.choose(never, FALSE, UNDECIDED))


def at_least(k: int, of: Iterable[Truth]) -> Truth:
    """At least k of some conditions."""
    parts = tuple(of)
    return undecided(_counted(k, parts), (each.lacks for each in parts), waits=any(each.waits for each in parts))


def _counted(k: int, parts: tuple[Truth, ...]) -> Bool:
    holds = [each.holds for each in parts]
    if k == len(parts):
        return col.both(*holds)
    if k == 1:
        return col.either(*holds)
    yes = _sum(col.surely(each) for each in holds)
    at_best = _sum(col.no(col.never(each)) for each in holds)
    return _decided(col.ge(yes, col.int_lit(k)), col.lt(at_best, col.int_lit(k)))


def _sum(conditions: Iterable[Bool]) -> Column:
    total = col.int_lit(0)
    for each in conditions:
        total = col.plus(total, ones(each))
    return total


def ones(condition: Bool) -> Column:
    """1 where a condition holds, 0 where it does not."""
    return col.choose(condition, col.int_lit(1), col.int_lit(0))


def extreme(values: Iterable[Value], pick: Callable[..., Column]) -> Value:
    """The least or greatest of some values; one that is not known may be anything."""
    each = tuple(values)
    top, bottom = each[0].top, each[0].bottom
    lacks = together(one.lacks for one in each)
    waits = any(one.waits for one in each)
    if all(one.point for one in each) and all(one.low.full for one in each):
        found = pick(*(one.low for one in each))
        return Value(found, found, top, lacks, any(one.wide for one in each), waits)
    low = pick(*(col.fill(one.low, bottom) for one in each))
    high = pick(*(col.fill(one.high, top) for one in each))
    anything = col.both(col.eq(low, bottom), col.eq(high, top))
    known = col.no(anything)
    return Value(col.where(known, low), col.where(known, high), top, lacks, wide=True, waits=waits)


def monotone(value: Value, change: Callable[[Column], Column], top: Column | None = None) -> Value:
    """A change that keeps the order, made to both ends; what is absent or open stays so."""
    after = top or value.top

    def end(each: Column) -> Column:
        if not value.wide:
            return change(each)
        infinite = col.either(col.eq(each, value.top), col.eq(each, value.bottom))
        kept = each if after is value.top else col.choose(col.eq(each, value.top), after, bottom_of(after))
        return col.choose(infinite, kept, change(each))

    low = end(value.low)
    high = low if value.point else end(value.high)
    return Value(low, high, after, value.lacks, value.wide, value.waits)


def arithmetic(op: str, a: Value, b: Value) -> Value:
    """A sum, difference or product of numbers."""
    lacks, waits = together((a.lacks, b.lacks)), a.waits or b.waits
    plain = {"+": col.plus, "-": col.minus, "*": col.times}[op]
    if a.point and b.point and not a.wide and not b.wide:
        found = plain(a.low, b.low)
        return Value(found, found, a.top, lacks, waits=waits)
    if op == "-":
        low, high = _added(a, a.low, _negative(b.high)), _added(a, a.high, _negative(b.low))
    elif op == "+":
        low, high = _added(a, a.low, b.low), _added(a, a.high, b.high)
    else:
        corners = [_product(a, x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = col.least(*corners), col.greatest(*corners)
    unknown = col.either(a.unknown, b.unknown)
    there = col.no(unknown)
    return Value(col.where(there, low), col.where(there, high), a.top, lacks, wide=True, waits=waits)


def _is_open(value: Value, end: Column) -> Bool:
    return col.either(col.eq(end, value.top), col.eq(end, value.bottom))


def _negative(end: Column) -> Column:
    return col.minus(_ZERO, end)


def _added(value: Value, x: Column, y: Column) -> Column:
    """A sum of two ends: the first open one where there is any."""
    total = col.plus(x, y)
    return col.choose(_is_open(value, x), x, col.choose(_is_open(value, y), y, total))


def _product(value: Value, x: Column, y: Column) -> Column:
    sign = col.times(_sign(x), _sign(y))
    infinite = col.times(value.top, sign)
    is_open = col.either(_is_open(value, x), _is_open(value, y))
    safe = col.times(col.choose(is_open, _ZERO, x), y)
    return col.choose(is_open, infinite, safe)


def _sign(end: Column) -> Column:
    one = col.int_lit(1)
    return col.choose(col.gt(end, _ZERO), one, col.choose(col.lt(end, _ZERO), col.int_lit(-1), _ZERO))
