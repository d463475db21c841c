"""Laws of the calendar, asked of every day of 1900 to 2099; and the table of cases that another implementation can run.

What `test_calendar.py` asks of each function by itself is not asked again: these laws are between functions, and
between the days before and behind.
"""

from __future__ import annotations

import calendar as almanac
import csv
import datetime as dt
import functools
import io
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

import pytest
from calendar_cases import COLUMNS, FILE, Row, text
from dateutil import tz
from dateutil.relativedelta import relativedelta

from peersupport.rules.calendar import (
    Office,
    Period,
    Unit,
    age,
    birthday,
    day,
    next_open,
    shift,
    shift_instant,
    start_of,
    times,
)

ANY: Final = Office()
CHICAGO: Final = Office("America/Chicago")
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
DAYS: Final = tuple(map(dt.date.fromordinal, range(FIRST.toordinal(), LAST.toordinal() + 1)))
"""All 73,049 days of 1900 to 2099."""
ONE: Final = dt.timedelta(days=1)
Hours: TypeAlias = tuple[dt.time, dt.time, set[int], set[dt.date]]


def lengths(*of: tuple[int, Unit]) -> Iterator[Period]:
    """Some periods over and over again, so that the days share them."""
    return itertools.cycle([Period(amount, unit) for amount, unit in of])


def last_of(year: int, month: int) -> int:
    """The number of the last day of a month."""
    return almanac.monthrange(year, month)[1]


def months(on: dt.date) -> int:
    """The number of a day's month, counted over the years."""
    return on.year * 12 + on.month - 1


def moved(length: Period, office: Office = ANY) -> list[dt.date]:
    """Every day of two centuries, moved by a period."""
    return [shift(anchor, length, office) for anchor in DAYS]


# months and years


@pytest.mark.parametrize(("amount", "unit"), [(2, "months"), (-3, "months"), (-18, "years")])
def test_a_later_anchor_is_never_due_earlier(amount: int, unit: Unit) -> None:
    """Of two days in a row the later one, moved by months or years, never comes before the other; nor two days on."""
    steps = {(later - earlier).days for earlier, later in itertools.pairwise(moved(Period(amount, unit)))}
    assert min(steps) == 0
    assert max(steps) <= 4


def test_who_goes_some_months_ahead_and_back_is_there_or_up_to_three_days_before() -> None:
    """There, where the month between has the day; else as many days before as were cut."""
    some = lengths((1, "months"), (-1, "months"), (13, "months"), (-6, "months"), (1, "years"))
    for anchor, length in zip(DAYS, some, strict=False):
        there = shift(anchor, length, ANY)
        cut = max(anchor.day - last_of(there.year, there.month), 0)
        assert shift(there, -length, ANY) == anchor - cut * ONE
        assert cut <= 3


def test_months_counted_at_once_are_never_before_months_counted_one_by_one() -> None:
    """What is chained forgets the day that it was cut from; from the 28th and before it makes no difference."""
    month = Period(1, "months")
    for anchor, count in zip(DAYS, itertools.cycle((1, 2, 6, 11)), strict=False):
        chained = shift(shift(anchor, times(month, count), ANY), month, ANY)
        whole = shift(anchor, times(month, count + 1), ANY)
        assert chained <= whole
        assert anchor.day > 28 or chained == whole


def test_a_shift_by_months_is_not_before_a_day_whatever_its_end_is_cut_to() -> None:
    """`anchor + months(n) >= day` compares months and then days as they are written: the cut never matters.

    So a rule that is stated with `>=` or `<` of a shifted date has one meaning, and nobody asks about 31 January.
    """
    for anchor, count in zip(DAYS, itertools.cycle((1, 2, 6, 13, -1, -11)), strict=False):
        there = shift(anchor, Period(count, "months"), ANY)
        last = there.replace(day=last_of(there.year, there.month))
        for on in (there - ONE, there, there + ONE, there.replace(day=1), last):
            as_written = (months(anchor) + count, anchor.day) >= (months(on), on.day)
            assert (there >= on) is as_written


def test_a_shift_by_months_is_after_a_day_as_it_is_written_but_where_it_is_cut() -> None:
    """`anchor + months(n) > day` is that too, but for one day in each month that is too short: its last."""
    differ = 0
    for anchor, there in zip(DAYS, moved(Period(1, "months")), strict=True):
        for on in (there - ONE, there, there + ONE):
            as_written = (months(anchor) + 1, anchor.day) > (months(on), on.day)
            if (there > on) is not as_written:
                assert (on, anchor.day > there.day) == (there, True)
                differ += 1
    assert differ == 200 * 4 + 200 * 3 - 49


WINDOWS: Final = (
    *((Period(1, "months"), 28, 31), (Period(3, "months"), 89, 92)),
    *((Period(1, "years"), 365, 366), (Period(12, "weeks"), 84, 84)),
)
"""Lengths of windows, with the days of the shortest and of the longest."""


def test_windows_from_an_anchor_follow_each_other_without_a_gap() -> None:
    """The k-th starts where the one before it ends and is never empty, so each day lies in exactly one of them."""
    some = itertools.cycle(itertools.product(WINDOWS, range(13)))
    for anchor, ((length, shortest, longest), count) in zip(DAYS, some, strict=False):
        start, end = (shift(anchor, times(length, k), ANY) for k in (count, count + 1))
        assert shortest <= (end - start).days <= longest
        assert anchor <= start


# ages


def test_an_age_is_reached_on_the_birthday_and_not_before_over_all_ages() -> None:
    """`age(born, on) >= n` and `on >= birthday(born, n)` are one condition, near the birthday and far from it."""
    for born, years in zip(DAYS, itertools.cycle((0, 1, 4, 18, 65, 100)), strict=False):
        reached = birthday(born, years)
        for on in (reached - 400 * ONE, reached - ONE, reached, reached + ONE, reached + 400 * ONE):
            assert (age(born, on) >= years) is (on >= reached)


def test_an_age_is_that_of_another_library_but_on_one_day() -> None:
    """Who is born on 29 February is a year older for dateutil on 28 February of other years, and here on 1 March."""
    differ = 0
    for born, ahead in zip(DAYS, itertools.cycle(range(0, 36_525, 37)), strict=False):
        on = born + ahead * ONE
        if age(born, on) != relativedelta(on, born).years:
            assert (born.month, born.day, on.month, on.day) == (2, 29, 2, 28)
            differ += 1
    assert differ < 49


def test_an_age_is_that_of_another_library_over_two_centuries() -> None:
    """For one person born on 29 February, on every day: it differs on 28 February of each year without a 29th."""
    born = dt.date(1904, 2, 29)
    differ = [on for on in DAYS if on >= born and age(born, on) != relativedelta(on, born).years]
    assert differ == [dt.date(year, 2, 28) for year in range(1905, 2100) if not almanac.isleap(year)]


def test_a_birthday_is_the_day_some_years_on_but_for_29_february() -> None:
    """Years that are added are cut to 28 February, and a birthday comes on 1 March: a day apart without a 29th."""
    apart = 0
    for born, years in zip(DAYS, itertools.cycle((1, 18, 3)), strict=False):
        between = (birthday(born, years) - shift(born, Period(years, "years"), ANY)).days
        apart += between
        assert between == ((born.month, born.day) == (2, 29) and not almanac.isleap(born.year + years))
    assert apart > 0


def test_nobody_who_is_born_later_is_older() -> None:
    """On any day, of two people born a day apart the later born is as old or a year younger."""
    for on in DAYS[36_525::4_000]:
        ages = [age(born, on) for born in DAYS[: on.toordinal() - FIRST.toordinal() + 1]]
        assert {earlier - later for earlier, later in itertools.pairwise(ages)} == {0, 1}


# business days

_FEASTS: Final = ((1, 1), (5, 25), (7, 4), (12, 24), (12, 25))
HOLIDAYS: Final = frozenset(dt.date(year, *on) for year in range(1899, 2102) for on in _FEASTS)
CLOSED: Final = Office(holidays=HOLIDAYS)


def test_business_days_add_up() -> None:
    """Some business days and then some more are their sum, from closed days too."""
    two = Period(2, "business_days")
    for anchor, count in zip(DAYS, itertools.cycle((1, 2, 3)), strict=False):
        first = shift(anchor, Period(count, "business_days"), CLOSED)
        assert shift(first, two, CLOSED) == shift(anchor, Period(count + 2, "business_days"), CLOSED)


def test_five_business_days_are_a_week() -> None:
    """From a working day and without holidays; from a Saturday or Sunday they end on the Friday."""
    for anchor in DAYS:
        moved = shift(anchor, Period(5, "business_days"), ANY)
        assert (moved - anchor).days == {5: 6, 6: 5}.get(anchor.weekday(), 7)


def test_a_holiday_only_delays() -> None:
    """With holidays a deadline is never earlier, and later just where one of them is a weekday on the way."""
    for anchor, count in zip(DAYS, itertools.cycle((1, 3, 10)), strict=False):
        length = Period(count, "business_days")
        without, held = shift(anchor, length, ANY), shift(anchor, length, CLOSED)
        lost = any(on.weekday() < 5 and anchor < on <= without for on in _near(without))
        assert held >= without
        assert (held > without) is lost


def _near(on: dt.date) -> list[dt.date]:
    """The holidays of the year of a day, and of the year before."""
    return [dt.date(year, *feast) for year in (on.year - 1, on.year) for feast in _FEASTS]


def test_who_goes_business_days_ahead_and_back_is_on_the_last_working_day() -> None:
    """On the day itself if it is a working day, else on the last one before it."""
    working = [on for on in _wide() if CLOSED.works_on(on)]
    for anchor, count in zip(DAYS, itertools.cycle((1, 2, 6)), strict=False):
        ahead = shift(anchor, Period(count, "business_days"), CLOSED)
        back = shift(ahead, Period(-count, "business_days"), CLOSED)
        assert back == working[bisect_right(working, anchor) - 1]


def _wide() -> list[dt.date]:
    return list(map(dt.date.fromordinal, range(FIRST.toordinal() - 30, LAST.toordinal() + 30)))


def test_an_office_opens_next_on_the_first_working_day() -> None:
    """On every day of two centuries: before it opens, at the opening minute, before and at the closing minute."""
    office = Office("America/Chicago", holidays=HOLIDAYS)
    working = [on for on in _wide() if office.works_on(on)]
    for on, minutes in zip(DAYS, itertools.cycle((8 * 60 + 59, 9 * 60, 16 * 60 + 59, 17 * 60)), strict=False):
        at = dt.datetime(on.year, on.month, on.day, minutes // 60, minutes % 60, tzinfo=office.tz)
        runs = office.works_on(on) and 9 * 60 <= minutes < 17 * 60
        opens = on if minutes < 17 * 60 else on + ONE
        later = working[bisect_left(working, opens)]
        expected = at if runs else dt.datetime(later.year, later.month, later.day, 9, tzinfo=office.tz)
        assert next_open(at, office) == expected


# instants


def test_a_day_later_is_the_same_time_of_the_next_day() -> None:
    """On every day of two centuries in Chicago at noon: the clock on the wall is kept, and 23 to 25 hours elapse."""
    noon, elapsed = dt.time(12), set()
    for on in DAYS:
        at = dt.datetime.combine(on, noon, CHICAGO.tz)
        later = shift_instant(at, Period(1, "days"), CHICAGO)
        assert (later.date(), later.time()) == (on + ONE, noon)
        elapsed.add((later.astimezone(dt.UTC) - at.astimezone(dt.UTC)) / dt.timedelta(hours=1))
    assert elapsed == {23, 24, 25}


def test_twenty_four_hours_later_twenty_four_hours_have_elapsed() -> None:
    """On every day of two centuries in Chicago at half past one: whatever the clock on the wall shows then."""
    clocks = set()
    for on in DAYS:
        at = dt.datetime.combine(on, dt.time(1, 30), CHICAGO.tz)
        later = shift_instant(at, Period(24, "hours"), CHICAGO)
        assert later.astimezone(dt.UTC) - at.astimezone(dt.UTC) == dt.timedelta(hours=24)
        clocks.add(later.astimezone(CHICAGO.tz).time())
    assert clocks == {dt.time(0, 30), dt.time(1, 30), dt.time(2, 30)}


def test_an_instant_moves_to_the_day_that_its_day_moves_to() -> None:
    """The day of a moved instant is its day moved, on every day of two centuries and up to the last minute."""
    some = lengths((3, "weeks"), (1, "months"), (1, "years"), (2, "business_days"), (-1, "months"))
    for on, length in zip(DAYS, some, strict=False):
        at = dt.datetime.combine(on, dt.time(23, 59), CHICAGO.tz)
        assert day(shift_instant(at, length, CHICAGO), CHICAGO) == shift(on, length, CHICAGO)


def changes(zone: str) -> list[dt.date]:
    """The days of two centuries on which the clocks of a zone change."""
    office = Office(zone)
    offsets = [start_of(on, office).utcoffset() for on in (*DAYS, LAST + ONE)]
    return [on for on, (before, after) in zip(DAYS, itertools.pairwise(offsets), strict=True) if before != after]


@pytest.mark.parametrize(
    ("zone", "count"), [("America/Chicago", 200), ("Australia/Lord_Howe", 200), ("Asia/Kolkata", 2)]
)
def test_no_moved_instant_shows_a_time_that_is_skipped(zone: str, count: int) -> None:
    """Around each change of the clocks in two centuries, each quarter hour is moved by a day to a time that there is.

    It is the wanted one, or later by what was skipped; of times that come twice it is the first.
    """
    office, days_ = Office(zone), changes(zone)
    assert len(days_) >= count
    for on in days_:
        for quarter in range(0, 96, 1 if on.year in {2026, 1967} else 7):
            wanted = dt.datetime.combine(on, dt.time(quarter // 4, quarter % 4 * 15))
            at = (wanted - ONE).replace(tzinfo=office.tz)
            if tz.datetime_exists(at):
                moved = shift_instant(at, Period(1, "days"), office)
                expected = tz.resolve_imaginary(wanted.replace(tzinfo=office.tz))
                assert moved.astimezone(dt.UTC) == expected.astimezone(dt.UTC)


# the table of cases


def cases() -> list[Row]:
    """The rows of the file."""
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))


def test_the_file_is_what_is_made() -> None:
    """The committed table is the one that `python tests/calendar_cases.py` writes, to the letter."""
    assert FILE.read_bytes() == text().encode()


def test_each_case_stands_once_and_says_what_it_shows() -> None:
    """A few hundred of them, with every column and each function."""
    found = cases()
    given = [tuple(value for name, value in row.items() if name not in {"expected", "says"}) for row in found]
    assert 300 < len(found) < 1_000
    assert len(set(given)) == len(given)
    assert all(tuple(row) == COLUMNS and row["expected"] and row["says"] for row in found)
    assert {row["function"] for row in found} == set(INDEPENDENT)


@functools.cache
def _hours(opens: str, closes: str, weekdays: str, holidays: str) -> Hours:
    """When the office of a row opens and closes, on which weekdays, and its holidays."""
    clocks = dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)
    return (*clocks, {int(each) for each in weekdays.split()}, set(map(dt.date.fromisoformat, holidays.split())))


def _office(row: Mapping[str, str]) -> Hours:
    return _hours(row["opens"], row["closes"], row["weekdays"], row["holidays"])


def _works(on: dt.date, row: Mapping[str, str]) -> bool:
    _, _, weekdays, holidays = _office(row)
    return on.weekday() in weekdays and on not in holidays


def _moved(start: dt.date, amount: int, unit: str, row: Mapping[str, str]) -> dt.date:
    """A day moved by counting on fingers: days one by one, months by their number."""
    if unit in {"month", "year"}:
        year, month = divmod(months(start) + amount * (12 if unit == "year" else 1), 12)
        return dt.date(year, month + 1, min(start.day, last_of(year, month + 1)))
    left, step = abs(amount) * (7 if unit == "week" else 1), ONE if amount >= 0 else -ONE
    while left:
        start += step
        left -= unit != "business_day" or _works(start, row)
    return start


def _length(row: Mapping[str, str], count: int = 1) -> tuple[int, str]:
    amount, unit = row["period"].split()
    return int(amount) * count, unit.removesuffix("s")


def _shift(row: Mapping[str, str]) -> str:
    return str(_moved(dt.date.fromisoformat(row["start"]), *_length(row), row))


def _repeat(row: Mapping[str, str]) -> str:
    return str(_moved(dt.date.fromisoformat(row["start"]), *_length(row, int(row["count"])), row))


def _age(row: Mapping[str, str]) -> str:
    born, on = dt.date.fromisoformat(row["start"]), dt.date.fromisoformat(row["end"])
    count = 0 if on >= born else -1
    while on >= _anniversary(born, count + 1):
        count += 1
    return str(count)


def _anniversary(born: dt.date, count: int) -> dt.date:
    year = born.year + count
    if (born.month, born.day) == (2, 29) and not almanac.isleap(year):
        return dt.date(year, 3, 1)
    return dt.date(year, born.month, born.day)


def _birthday(row: Mapping[str, str]) -> str:
    return str(_anniversary(dt.date.fromisoformat(row["start"]), int(row["count"])))


def _local(at: dt.datetime, row: Mapping[str, str]) -> dt.datetime:
    return at.astimezone(tz.gettz(row["zone"]))


def _day(row: Mapping[str, str]) -> str:
    return str(_local(dt.datetime.fromisoformat(row["start"]), row).date())


def _start_of(row: Mapping[str, str]) -> str:
    """The first minute that is of the day, looked for minute by minute."""
    on = dt.date.fromisoformat(row["start"])
    at = dt.datetime.combine(on, dt.time(), dt.UTC) - dt.timedelta(hours=15)
    while _local(at, row).date() < on:
        at += dt.timedelta(minutes=1)
    return _local(at, row).isoformat()


def _is_open(at: dt.datetime, row: Mapping[str, str]) -> bool:
    opens, closes, *_ = _office(row)
    here = _local(at, row)
    return _works(here.date(), row) and opens <= here.time() < closes


def _next_open(row: Mapping[str, str]) -> str:
    """The first minute that is open, looked for minute by minute."""
    at = dt.datetime.fromisoformat(row["start"]).astimezone(dt.UTC)
    while not _is_open(at, row):
        at += dt.timedelta(minutes=1)
    return _local(at, row).isoformat()


def _shift_instant(row: Mapping[str, str]) -> str:
    at, (amount, unit) = dt.datetime.fromisoformat(row["start"]).astimezone(dt.UTC), _length(row)
    if unit == "hour":
        return _local(at + dt.timedelta(hours=amount), row).isoformat()
    if unit == "open_hour":
        return _local(_open_minutes(at, amount * 60, row), row).isoformat()
    here = _local(at, row)
    wanted = dt.datetime.combine(_moved(here.date(), amount, unit, row), here.time(), here.tzinfo)
    return tz.resolve_imaginary(wanted).isoformat()


def _open_minutes(at: dt.datetime, left: int, row: Mapping[str, str]) -> dt.datetime:
    """So many open minutes later or before, counted one by one."""
    minute = dt.timedelta(minutes=1)
    while left > 0:
        left -= _is_open(at, row)
        at += minute
    while left < 0:
        at -= minute
        left += _is_open(at, row)
    return at


INDEPENDENT: Final[dict[str, Callable[[Mapping[str, str]], str]]] = {
    "shift": _shift,
    "repeat": _repeat,
    "age": _age,
    "birthday": _birthday,
    "day": _day,
    "start_of": _start_of,
    "next_open": _next_open,
    "shift_instant": _shift_instant,
}
"""Another computation of each function, slow and plain."""


@pytest.mark.parametrize("function", INDEPENDENT)
def test_each_case_comes_out_of_another_computation(function: str) -> None:
    """Days are counted one by one and minutes too, and zones are those of dateutil: the cases are the same."""
    rows = [row for row in cases() if row["function"] == function]
    assert {f"{row}": INDEPENDENT[function](row) for row in rows} == {f"{row}": row["expected"] for row in rows}
