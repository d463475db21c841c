"""Three-valued logic over values that may be known only between two ends.

`None` is unknown. A `Range` is a value known to lie between its ends, both in: `LOW` is before everything and `NONE`
(absent) after everything. An event that has not happened by the day of the judgement is a range from that day on, so
"not yet" needs no logic of its own.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias, final

import attrs

from peersupport.rules import calendar
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE
from peersupport.rules.terms import Order


@final
class Low:
    """The type of `LOW`, which stands before every date and number."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "LOW"

    def __lt__(self, other: object) -> bool:
        return other is not self

    def __le__(self, other: object) -> bool:
        return True

    def __gt__(self, other: object) -> bool:
        return False

    def __ge__(self, other: object) -> bool:
        return other is self


LOW: Final = Low()

End: TypeAlias = Any
"""One end of a range: a date, an instant, a number, `NONE` or `LOW`. Terms are typed when they are read, so a date
never meets a number here, and Python's own types would only say it a second time."""


@attrs.frozen
class Range:
    """A value between two ends, both in. `low` is never above `high`."""

    low: End
    high: End


Value: TypeAlias = Any
"""What a term gives: a fact's value, a `Range`, or None. As with `End`, the term's own type says which."""


def ends(value: Value) -> tuple[End, End]:
    """The lowest and highest that a value can be."""
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def between(low: End, high: End) -> Value:
    """The value between two ends: the value itself where they are one."""
    if low is not LOW and low == high and not isinstance(low, Low):
        return low
    return Range(low, high)


PLAIN: Final[dict[Order, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
"""What each order means of two values that are known."""

_FLIPPED: dict[Order, Order] = {">": "<", ">=": "<="}


def compare(op: Order, left: Value, right: Value) -> bool | None:
    """Whether one value stands to another as `op` says; None when that is not known."""
    if left is None or right is None:
        return None
    if type(left) is not Range and type(right) is not Range:
        return PLAIN[op](left, right)
    return _ranged(op, left, right)


def _ranged(op: Order, left: Value, right: Value) -> bool | None:
    if op in _FLIPPED:
        return _ranged(_FLIPPED[op], right, left)
    (a, b), (c, d) = ends(left), ends(right)
    if op == "<":
        return _decided(b < c, a >= d)
    if op == "<=":
        return _decided(b <= c, a > d)
    apart = b < c or d < a
    return (op == "!=") if apart else None


def _decided(surely: bool, never: bool) -> bool | None:  # noqa: FBT001  two answers, not a flag
    return True if surely else False if never else None


def negated(value: bool | None) -> bool | None:  # noqa: FBT001
    """The opposite; unknown stays unknown."""
    return None if value is None else not value


def extreme(values: Iterable[Value], pick: Callable[[End, End], End]) -> Value:
    """The least or greatest of some values, `pick` choosing between two ends."""
    found = [(LOW, NONE) if value is None else ends(value) for value in values]
    low, high = (functools.reduce(pick, each) for each in zip(*found, strict=True))
    return None if low is LOW and high is NONE else between(low, high)


def least(a: End, b: End) -> End:
    """The lower of two ends."""
    return min(a, b)


def greatest(a: End, b: End) -> End:
    """The higher of two ends."""
    return max(b, a)


def monotone(change: Callable[[End], End], value: Value) -> Value:
    """A change that keeps the order, made to a value. What is absent or unbounded stays so."""

    def end(each: End) -> End:
        return each if each is NONE or each is LOW else change(each)

    if value is None:
        return None
    if type(value) is Range:
        return between(end(value.low), end(value.high))
    return end(value)


def shifted(value: Value, by: Period, office: Office) -> Value:
    """A date or instant moved by a period."""

    def move(end: End) -> End:
        if isinstance(end, dt.datetime):
            return calendar.shift_instant(end, by, office)
        return calendar.shift(end, by, office) if isinstance(end, dt.date) else end

    return monotone(move, value)


def days_between(start: Value, until: Value) -> Value:
    """Days from one date until another; before everything when the first is absent, after it when the second is."""
    if start is None or until is None:
        return None
    (a, b), (c, d) = ends(start), ends(until)
    return between(_days(b, c), _days(a, d))


def _days(start: End, until: End) -> End:
    if start is NONE or until is LOW:
        return LOW
    if until is NONE or start is LOW:
        return NONE
    return (until - start).days


def age(born: Value, on: Value) -> Value:
    """Birthdays reached on a day."""
    if born is None or on is None:
        return None
    (a, b), (c, d) = ends(born), ends(on)
    return between(_age(b, c), _age(a, d))


def _age(born: End, on: End) -> End:
    if isinstance(born, dt.date) and isinstance(on, dt.date):
        return calendar.age(born, on)
    return LOW if born is NONE or on is LOW else NONE


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """A sum, difference or product of numbers."""
    if left is None or right is None:
        return None
    (a, b), (c, d) = ends(left), ends(right)
    if op == "+":
        return between(_sum(a, c), _sum(b, d))
    if op == "-":
        return between(_sum(a, _minus(d)), _sum(b, _minus(c)))
    corners = [_times(x, y) for x in (a, b) for y in (c, d)]
    return between(functools.reduce(least, corners), functools.reduce(greatest, corners))


def _minus(end: End) -> End:
    return LOW if end is NONE else NONE if end is LOW else -end


def _sum(a: End, b: End) -> End:
    open_ends = [end for end in (a, b) if end is NONE or end is LOW]
    return open_ends[0] if open_ends else a + b


def _times(a: End, b: End) -> End:
    if not any(end is NONE or end is LOW for end in (a, b)):
        return a * b
    sign = _sign(a) * _sign(b)
    return NONE if sign > 0 else LOW if sign < 0 else 0


def _sign(end: End) -> int:
    return 1 if end is NONE else -1 if end is LOW else (end > 0) - (end < 0)
