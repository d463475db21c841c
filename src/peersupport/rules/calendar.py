"""Dates, periods and office hours: the only place that adds to a date.

The conventions, each stated once:

- A date is a calendar day without a zone; an instant is an aware datetime. They never mix: `day` turns an instant
  into the day it falls on in the program's zone.
- Months and years are counted from the anchor and cut to the month's end: one month after 31 January is the last of
  February, and two months after it is 31 March, not 28 March. So a repeated period is `times(period, k)` added once.
- An age is the number of birthdays reached. A birthday on 29 February falls on 1 March in other years.
- Intervals are half-open: a day of leaving is the first day out.
- Office hours are half-open too: a letter that arrives at the closing minute arrives after hours.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Literal, TypeAlias

import attrs
from dateutil.relativedelta import relativedelta

Unit: TypeAlias = Literal["days", "weeks", "months", "years", "business_days", "hours", "open_hours"]

UNITS: dict[Unit, int] = {
    "days": 36_600,
    "weeks": 5_300,
    "months": 1_200,
    "years": 100,
    "business_days": 26_000,
    "hours": 880_000,
    "open_hours": 10_000,
}
"""The units of a period, each with the longest that a rule may ask for: about a century, so that no date overflows."""

INSTANT_ONLY: frozenset[str] = frozenset({"hours", "open_hours"})
FIXED: dict[str, int] = {"days": 1, "weeks": 7}
FIRST_DAY = dt.date(1900, 1, 1)
LAST_DAY = dt.date(2199, 12, 31)

_PERIOD = re.compile(r"([0-9]{1,6}) ([a-z_]+)")


@attrs.frozen
class Period:
    """A length of time in one unit: `Period(90, "days")`. It may be negative; it is never mixed."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if abs(self.amount) == 1 else unit}"

    def __neg__(self) -> Period:
        return Period(-self.amount, self.unit)


@attrs.frozen
class Office:
    """Where and when the program works: zone name, opening and closing time, weekdays (Monday is 0) and holidays.

    `holidays` is None when no calendar was given: then no day is a holiday, and who asks should be told so.
    """

    zone: str = "UTC"
    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(17)
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[dt.date] | None = None

    def __attrs_post_init__(self) -> None:
        if not self.weekdays or not self.opens < self.closes:
            message = "the office must open on some weekday, and before it closes"
            raise ValueError(message)

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        """The zone itself."""
        return zoneinfo.ZoneInfo(self.zone)

    def works_on(self, day: dt.date) -> bool:
        """Whether the office opens on a day at all."""
        return day.weekday() in self.weekdays and day not in (self.holidays or ())


def period(text: str) -> Period:
    """Read `"90 days"` or `"1 month"`; anything else is a ValueError that says what to write."""
    match = _PERIOD.fullmatch(text)
    unit = match.group(2) if match else ""
    plural = unit if unit in UNITS else f"{unit}s"
    if match is None or plural not in UNITS:
        message = f"{text!r} is not a period: write a whole number and a unit, as in '90 days' or '1 month'"
        raise ValueError(message)
    return bounded(Period(int(match.group(1)), plural))


def bounded(length: Period) -> Period:
    """The period itself, refused with a ValueError when it is longer than about a century."""
    if abs(length.amount) > UNITS[length.unit]:
        message = f"{length} is too long: at most {UNITS[length.unit]} {length.unit}"
        raise ValueError(message)
    return length


def checked(on: dt.date) -> dt.date:
    """The day itself, refused with a ValueError when it is not of the years that can be judged."""
    if not FIRST_DAY <= on <= LAST_DAY:
        message = f"{on} is not a day of {FIRST_DAY.year} to {LAST_DAY.year}"
        raise ValueError(message)
    return on


def times(length: Period, count: int) -> Period:
    """`count` times a period, counted from the anchor and never chained."""
    return Period(length.amount * count, length.unit)


def shift(day: dt.date, length: Period, office: Office) -> dt.date:
    """A date moved by a period. Days past the calendar's ends stay at its ends."""
    try:
        if length.unit == "business_days":
            return _business(day, length.amount, office)
        return day + _delta(length)
    except (OverflowError, ValueError):
        return dt.date.max if length.amount > 0 else dt.date.min


def shift_instant(at: dt.datetime, length: Period, office: Office) -> dt.datetime:
    """An instant moved by a period.

    Hours elapse; days, weeks, months, years and business days keep the clock on the wall in the program's zone;
    open hours elapse only while the office is open.
    """
    if length.unit == "hours":
        return (at.astimezone(dt.UTC) + dt.timedelta(hours=length.amount)).astimezone(at.tzinfo)
    if length.unit == "open_hours":
        hours = dt.timedelta(hours=abs(length.amount))
        return _open(at, hours, office) if length.amount >= 0 else _open_back(at, hours, office)
    local = at.astimezone(office.tz)
    moved = dt.datetime.combine(shift(local.date(), length, office), local.time(), office.tz)
    return _real(moved)


def day(at: dt.datetime, office: Office) -> dt.date:
    """The calendar day of an instant in the program's zone."""
    return at.astimezone(office.tz).date()


def start_of(on: dt.date, office: Office) -> dt.datetime:
    """The first instant of a day in the program's zone."""
    return _real(dt.datetime.combine(on, dt.time(), office.tz))


def next_open(at: dt.datetime, office: Office) -> dt.datetime:
    """The instant itself while the office is open, otherwise its next opening."""
    local = at.astimezone(office.tz)
    today = local.date()
    if office.works_on(today) and local.time() < office.closes:
        return max(local, _at(today, office.opens, office))
    return _at(_business(today, 1, office), office.opens, office)


def age(born: dt.date, on: dt.date) -> int:
    """Birthdays reached on a day; one on 29 February falls on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def first_of_month(day: dt.date) -> dt.date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def birthday(born: dt.date, count: int) -> dt.date:
    """The day on which an age is reached; a birthday on 29 February falls on 1 March in other years."""
    try:
        return born.replace(year=born.year + count)
    except ValueError:
        return dt.date(born.year + count, 3, 1)


def _delta(length: Period) -> dt.timedelta | relativedelta:
    if length.unit in FIXED:
        return dt.timedelta(days=length.amount * FIXED[length.unit])
    if length.unit == "months":
        return relativedelta(months=length.amount)
    return relativedelta(years=length.amount)


def _business(day: dt.date, count: int, office: Office) -> dt.date:
    step = dt.timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= office.works_on(day)
    return day


def _at(on: dt.date, clock: dt.time, office: Office) -> dt.datetime:
    return _real(dt.datetime.combine(on, clock, office.tz))


def _real(at: dt.datetime) -> dt.datetime:
    """A clock time that daylight saving skips is moved on by what was skipped."""
    return at.astimezone(dt.UTC).astimezone(at.tzinfo)


def _open(at: dt.datetime, left: dt.timedelta, office: Office) -> dt.datetime:
    now = next_open(at, office)
    while True:
        closing = _at(now.date(), office.closes, office)
        room = closing.astimezone(dt.UTC) - now.astimezone(dt.UTC)
        if left <= room:
            return (now.astimezone(dt.UTC) + left).astimezone(office.tz)
        left -= room
        now = next_open(closing, office)


def _open_back(at: dt.datetime, left: dt.timedelta, office: Office) -> dt.datetime:
    now = _last_open(at, office)
    while True:
        opening = _at(now.date(), office.opens, office)
        room = now.astimezone(dt.UTC) - opening.astimezone(dt.UTC)
        if left <= room:
            return (now.astimezone(dt.UTC) - left).astimezone(office.tz)
        left -= room
        now = _last_open(opening, office)


def _last_open(at: dt.datetime, office: Office) -> dt.datetime:
    """The instant itself while the office is open or just closing, otherwise its last closing."""
    local = at.astimezone(office.tz)
    today = local.date()
    if office.works_on(today) and local.time() > office.opens:
        return min(local, _at(today, office.closes, office))
    return _at(_business(today, -1, office), office.closes, office)
