"""The calendar in whole numbers: months, years and ages of day numbers, the same on every engine.

A day number counts from 1970-01-01. Years, months and days are found from it by dividing, since engines differ in what
they call a date and in what they do at a month's end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, TypeAlias

import attrs

from peersupport.readers.columns import column as col
from peersupport.readers.columns.column import Bool, Column, choose, day_lit, floor, minus, plus, rest, times
from peersupport.rules.calendar import FIXED, Period

EPOCH: Final = dt.date(1970, 1, 1).toordinal()
_SHIFT: Final = 719_468
"""The days from 0000-03-01 until 1970-01-01."""
_LONG_TIME: Final = 12 * 4_000
"""Months that are added so that no division meets a negative number: a multiple of 400 years."""


def number(day: dt.date) -> int:
    """The day number of a date."""
    return day.toordinal() - EPOCH


def date(day: int) -> dt.date:
    """The date of a day number."""
    return dt.date.fromordinal(day + EPOCH)


@attrs.frozen(eq=False)
class Civil:
    """Year, month and day of the month."""

    year: Column
    month: Column
    day: Column


def _n(value: int) -> Column:
    return day_lit(value)


Keep: TypeAlias = Callable[[Column], Column]
"""Gives a column a name of its own, so that what is used again is computed once."""


def civil(day: Column, keep: Keep) -> Civil:
    """The date of a day number, by eras of 400 years that begin in March."""
    z = keep(plus(day, _n(_SHIFT)))
    era = keep(floor(z, _n(146_097)))
    of_era = keep(minus(z, times(era, _n(146_097))))
    leaps = minus(plus(minus(of_era, floor(of_era, _n(1_460))), floor(of_era, _n(36_524))), floor(of_era, _n(146_096)))
    year_of_era = keep(floor(leaps, _n(365)))
    to_year = minus(plus(times(_n(365), year_of_era), floor(year_of_era, _n(4))), floor(year_of_era, _n(100)))
    of_year = keep(minus(of_era, to_year))
    mp = keep(floor(plus(times(_n(5), of_year), _n(2)), _n(153)))
    day_of_month = plus(minus(of_year, floor(plus(times(_n(153), mp), _n(2)), _n(5))), _n(1))
    month = keep(choose(col.lt(mp, _n(10)), plus(mp, _n(3)), minus(mp, _n(9))))
    year = plus(plus(year_of_era, times(era, _n(400))), choose(col.le(month, _n(2)), _n(1), _n(0)))
    return Civil(keep(year), month, keep(day_of_month))


def day_of(date_: Civil, keep: Keep) -> Column:
    """The day number of a date."""
    early = keep(col.le(date_.month, _n(2)))
    year = keep(minus(date_.year, choose(early, _n(1), _n(0))))
    era = keep(floor(year, _n(400)))
    of_era = keep(minus(year, times(era, _n(400))))
    mp = choose(early, plus(date_.month, _n(9)), minus(date_.month, _n(3)))
    of_year = minus(plus(floor(plus(times(_n(153), mp), _n(2)), _n(5)), date_.day), _n(1))
    days = plus(minus(plus(times(of_era, _n(365)), floor(of_era, _n(4))), floor(of_era, _n(100))), of_year)
    return keep(minus(plus(times(era, _n(146_097)), days), _n(_SHIFT)))


def shift(day: Column, by: Period, keep: Keep, count: Column | None = None) -> Column:
    """A day moved by `count` periods of days, weeks, months or years; a day that a month has not is its last."""
    amount = _n(by.amount) if count is None else times(count, _n(by.amount))
    if by.unit in FIXED:
        return plus(day, times(amount, _n(FIXED[by.unit])))
    return _moved(day, times(amount, _n(12)) if by.unit == "years" else amount, keep)


def _moved(day: Column, months: Column, keep: Keep) -> Column:
    at = civil(day, keep)
    total = keep(plus(plus(times(at.year, _n(12)), minus(at.month, _n(1))), plus(months, _n(_LONG_TIME))))
    year = keep(minus(floor(total, _n(12)), _n(_LONG_TIME // 12)))
    month = keep(plus(rest(total, _n(12)), _n(1)))
    last = keep(_last_of(year, month))
    return day_of(Civil(year, month, keep(col.least(at.day, last))), keep)


def _last_of(year: Column, month: Column) -> Column:
    short = col.either(*(col.eq(month, _n(m)) for m in (4, 6, 9, 11)))
    february = choose(is_leap(year), _n(29), _n(28))
    return choose(col.eq(month, _n(2)), february, choose(short, _n(30), _n(31)))


def is_leap(year: Column) -> Bool:
    """Whether a year has a 29 February."""
    by_four = col.eq(rest(year, _n(4)), _n(0))
    century = col.eq(rest(year, _n(100)), _n(0))
    return col.either(col.both(by_four, col.no(century)), col.eq(rest(year, _n(400)), _n(0)))


def months_between(start: Column, until: Column, keep: Keep) -> Column:
    """How many months the month of one day lies before that of another."""
    a, b = civil(start, keep), civil(until, keep)
    return minus(plus(times(b.year, _n(12)), b.month), plus(times(a.year, _n(12)), a.month))


def age(born: Column, on: Column, keep: Keep) -> Column:
    """Birthdays reached on a day; one on 29 February falls on 1 March in other years."""
    a, b = civil(born, keep), civil(on, keep)
    before = col.lt(plus(times(b.month, _n(32)), b.day), plus(times(a.month, _n(32)), a.day))
    return minus(minus(b.year, a.year), choose(before, _n(1), _n(0)))


def birthday(born: Column, count: Column, keep: Keep) -> Column:
    """The day on which an age is reached."""
    at = civil(born, keep)
    year = keep(plus(at.year, count))
    leap_day = keep(col.both(col.eq(at.month, _n(2)), col.eq(at.day, _n(29)), col.no(is_leap(year))))
    return day_of(Civil(year, keep(choose(leap_day, _n(3), at.month)), keep(choose(leap_day, _n(1), at.day))), keep)


def first_of(day: Column, unit: str, keep: Keep) -> Column:
    """The first day of the week (from Monday), the month or the year in which a day lies."""
    if unit == "day":
        return day
    if unit == "week":
        return minus(day, rest(plus(day, _n(_MONDAYS)), _n(7)))
    at = civil(day, keep)
    return day_of(Civil(at.year, at.month if unit == "month" else _n(1), _n(1)), keep)


_MONDAYS: Final = 7 * 200_000 + 3
"""Day 0 was a Thursday: what makes a Monday a multiple of seven, and no number negative."""


def in_year(day: Column, month: int, of_month: int, keep: Keep) -> Column:
    """A day of a month in the year of another day."""
    return day_of(Civil(civil(day, keep).year, _n(month), _n(of_month)), keep)
