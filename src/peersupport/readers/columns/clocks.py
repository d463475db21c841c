"""Clocks and working days in columns: what only the calendar can tell is asked of it once for each distinct value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days
from peersupport.readers.columns.column import Column, DataType, named
from peersupport.readers.columns.scope import Scope
from peersupport.readers.columns.values import DAY_TOP, TOP
from peersupport.rules import calendar
from peersupport.rules.calendar import Office

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICRO: Final = dt.timedelta(microseconds=1)
_QUARTER: Final = 900_000_000
"""The clocks of today change, and midnight falls, at whole quarters of an hour of universal time."""


def micros(at: dt.datetime) -> int:
    """The microseconds of an instant since 1970."""
    return (at - _EPOCH) // _MICRO


def instant(value: int) -> dt.datetime:
    """The instant of some microseconds since 1970."""
    return _EPOCH + value * _MICRO


def mapped(
    columns: Sequence[Column],
    scope: Scope,
    change: Callable[..., Any],
    dtype: DataType,
    keyed_by: DataType = nw.Int64,
) -> Column:
    """What a function gives for the values of each row: it is called once for each that are different."""
    varying = [scope.named(each) for each in columns if each.const is col.VARIES]
    keys = [f"~k{i}" for i in range(len(varying))]
    distinct = scope.world.rows(scope.frame(dict(zip(keys, varying, strict=True))).drop_nulls().unique())
    result = scope.world.name()
    found = [(*row, change(*_arguments(columns, row))) for row in distinct]
    rows = dict(zip([*keys, result], zip(*found, strict=True) if found else [[]] * (len(keys) + 1), strict=True))
    made = scope.world.made(rows, {**dict.fromkeys(keys, keyed_by), result: dtype})
    scope.joined(varying, keys, [result], lambda _: made)
    return named(result)


def _arguments(columns: Sequence[Column], row: Sequence[Any]) -> Iterator[Any]:
    varying = iter(row)
    for each in columns:
        yield next(varying) if each.const is col.VARIES else each.const


def _guarded(change: Callable[[int], int], top: int) -> Callable[[int], int]:
    """A function of plain values, not called for what is absent or open, which keeps its place in any case."""
    return lambda value: 0 if abs(value) >= top else change(value)


def mapped_instant(end: Column, scope: Scope, change: Callable[[dt.datetime], dt.datetime]) -> Column:
    """An instant changed by the calendar."""
    return mapped([end], scope, _guarded(lambda value: micros(change(instant(value))), TOP), nw.Int64)


def moved_day(end: Column, scope: Scope, change: Callable[[dt.date], dt.date]) -> Column:
    """A day changed by the calendar."""
    return mapped(
        [end], scope, _guarded(lambda value: days.number(change(days.date(value))), DAY_TOP), nw.Int32, nw.Int32
    )


def day_of_instant(end: Column, scope: Scope, office: Office) -> Column:
    """The day number of an instant in the program's zone."""
    if end.const is not col.VARIES:
        known = _guarded(lambda value: _day(value, office), TOP)
        return end if end.const is None else col.day_lit(known(int(str(end.const))))
    quarter = col.floor(end, col.int_lit(_QUARTER))
    return mapped([quarter], scope, _guarded(lambda value: _day(value * _QUARTER, office), TOP // _QUARTER), nw.Int32)


def _day(value: int, office: Office) -> int:
    return days.number(calendar.day(instant(value), office))
