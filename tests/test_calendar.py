"""Dates, periods and office hours. Laws of dates are exhausted over every day of 1900 to 2099, not sampled."""

from __future__ import annotations

import calendar as almanac
import datetime as dt
import itertools
from bisect import bisect_left, bisect_right
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.rules.calendar import (
    UNITS,
    Office,
    Period,
    Unit,
    age,
    birthday,
    bounded,
    checked,
    day,
    next_open,
    period,
    shift,
    shift_instant,
    start_of,
    times,
)

ANY = Office()
CHICAGO = ZoneInfo("America/Chicago")
MEMORIAL_DAY = dt.date(2026, 5, 25)
PROGRAM = Office("America/Chicago", holidays=frozenset({MEMORIAL_DAY}))
NO_CALENDAR = Office("America/Chicago")

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
DAYS = tuple(map(dt.date.fromordinal, range(FIRST.toordinal(), LAST.toordinal() + 1)))
"""All 73,049 days of 1900 to 2099."""


def local(text: str) -> dt.datetime:
    """An instant by the clock on the wall in Chicago: `2026-05-22 16:55`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def offset(text: str) -> dt.datetime:
    """An instant as a file writes it, with its offset from UTC."""
    return dt.datetime.fromisoformat(text)


def clock(at: dt.datetime) -> str:
    """What the clock on the wall in Chicago shows at an instant, with the offset."""
    return at.astimezone(CHICAGO).isoformat(sep=" ", timespec="minutes")


# every day of two centuries


def _months_later(day: dt.date, count: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def _birthday(born: dt.date, year: int) -> dt.date:
    if (born.month, born.day) == (2, 29) and not almanac.isleap(year):
        return dt.date(year, 3, 1)
    return born.replace(year=year)


def test_the_laws_below_are_asked_of_every_day() -> None:
    """The days are those of two centuries without a gap: 200 years, 49 of them leap years (1900 is none)."""
    assert len(DAYS) == 200 * 365 + 49
    assert (DAYS[0], DAYS[-1]) == (FIRST, LAST)


def test_days_are_counted_one_by_one() -> None:
    """Shifting by days is adding to the number of the day, and the negative period undoes it."""
    for anchor, count in zip(DAYS, itertools.cycle((1, 7, 30, 90, 365, 3652)), strict=False):
        moved = shift(anchor, Period(count, "days"), ANY)
        assert moved.toordinal() == anchor.toordinal() + count
        assert shift(moved, -Period(count, "days"), ANY) == anchor


def test_shifts_by_days_add_up() -> None:
    """Two shifts by days or weeks are one shift by their sum, in either order."""
    weeks = Period(2, "weeks")
    for anchor, count in zip(DAYS, itertools.cycle((-40, -1, 0, 1, 59, 90)), strict=False):
        days = Period(count, "days")
        twice = shift(shift(anchor, days, ANY), weeks, ANY)
        assert twice == shift(anchor, Period(count + 14, "days"), ANY)
        assert twice == shift(shift(anchor, weeks, ANY), days, ANY)


def test_a_week_is_seven_days_and_keeps_the_weekday() -> None:
    """Twelve weeks are 84 days, and end on the weekday they start on."""
    twelve = Period(12, "weeks")
    for anchor in DAYS:
        moved = shift(anchor, twelve, ANY)
        assert (moved - anchor).days == 84
        assert moved.weekday() == anchor.weekday()


@pytest.mark.parametrize("count", [1, -1])
def test_a_month_keeps_the_day_or_is_cut_to_the_month_s_end(count: int) -> None:
    """The next month's same day, or its last day where it has none; so a later day never comes before an earlier."""
    month = Period(count, "months")
    moved = [shift(anchor, month, ANY) for anchor in DAYS]
    assert moved == [_months_later(anchor, count) for anchor in DAYS]
    assert moved == sorted(moved)


def test_months_are_counted_from_the_anchor() -> None:
    """Many months at once are counted by year and month and cut once, at the end."""
    for anchor, count in zip(DAYS, itertools.cycle((-25, -13, -12, 0, 2, 3, 6, 11, 13, 120, 1200)), strict=False):
        assert shift(anchor, Period(count, "months"), ANY) == _months_later(anchor, count)


def test_a_year_is_twelve_months() -> None:
    """The same day of another year, and 28 February for 29 February where there is none."""
    for anchor, count in zip(DAYS, itertools.cycle((-4, -1, 1, 2, 18, 100)), strict=False):
        moved = shift(anchor, Period(count, "years"), ANY)
        assert moved == _months_later(anchor, 12 * count)
        assert (moved.year, moved.month) == (anchor.year + count, anchor.month)
        assert moved.day == anchor.day or ((anchor.month, anchor.day) == (2, 29) and moved.day == 28)


def test_an_age_is_the_number_of_birthdays_reached() -> None:
    """On the birthday the age is one more than on the day before; on the day of birth it is nought."""
    for born, years in zip(DAYS, itertools.cycle((1, 3, 17, 18, 19, 26, 99)), strict=False):
        birthday = _birthday(born, born.year + years)
        assert age(born, birthday) == years
        assert age(born, birthday - dt.timedelta(days=1)) == years - 1
        assert age(born, born) == 0


def test_a_birthday_is_the_first_day_of_its_age() -> None:
    """Over every day of two centuries: on it the age is reached, on the day before it is not."""
    for born, years in zip(DAYS, itertools.cycle((0, 1, 17, 18, 19, 26, 99)), strict=False):
        reached = birthday(born, years)
        assert reached == _birthday(born, born.year + years)
        assert (age(born, reached), age(born, reached - dt.timedelta(days=1))) == (years, years - 1)


def test_an_age_grows_by_one_a_year_and_never_shrinks() -> None:
    """Over every day of two centuries, somebody born on 29 February 1904 has each birthday once, 195 in all."""
    born = dt.date(1904, 2, 29)
    ages = [age(born, on) for on in DAYS if on >= born]
    assert all(later - earlier in {0, 1} for earlier, later in itertools.pairwise(ages))
    assert ages[-1] == 195


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2007-03-01", "2026-02-28", 18),
        ("2007-03-01", "2026-03-01", 19),
        ("2008-02-29", "2027-02-28", 18),
        ("2008-02-29", "2027-03-01", 19),
        ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20),
        ("2008-06-15", "2026-06-14", 17),
        ("2008-06-15", "2026-06-15", 18),
        ("2026-06-15", "2026-06-14", -1),
    ],
)
def test_ages_at_their_edges(born: str, on: str, years: int) -> None:
    """A birthday counts from its own day; one on 29 February falls on 1 March in other years."""
    assert age(dt.date.fromisoformat(born), dt.date.fromisoformat(on)) == years


# days of business


def _holidays() -> frozenset[dt.date]:
    years = range(1899, 2102)
    return frozenset(dt.date(year, *day) for year in years for day in ((1, 1), (7, 4), (12, 24), (12, 25), (12, 31)))


@pytest.mark.parametrize(
    ("office", "until"),
    [(Office(holidays=_holidays()), 2100), (Office(), 1930), (Office(weekdays=frozenset({1, 5, 6})), 1930)],
    ids=["holidays", "no calendar", "three days a week"],
)
def test_business_days_count_working_days_only(office: Office, until: int) -> None:
    """The k-th working day after a day, or before it, whatever the day itself is."""
    wide = map(dt.date.fromordinal, range(FIRST.toordinal() - 60, LAST.toordinal() + 60))
    working = [on for on in wide if on.weekday() in office.weekdays and on not in (office.holidays or ())]
    anchors = [on for on in DAYS if on.year < until]
    for anchor, count in zip(anchors, itertools.cycle((1, 2, 3, 5)), strict=False):
        ahead = working[bisect_right(working, anchor) + count - 1]
        behind = working[bisect_left(working, anchor) - count]
        assert shift(anchor, Period(count, "business_days"), office) == ahead
        assert shift(anchor, Period(-count, "business_days"), office) == behind


def test_no_business_day_is_no_move() -> None:
    """Zero business days after a Sunday is that Sunday."""
    sunday = dt.date(2026, 5, 24)
    assert shift(sunday, Period(0, "business_days"), PROGRAM) == sunday


def test_without_a_holiday_calendar_no_day_is_a_holiday() -> None:
    """Holidays that were not given are not guessed; the office says that it has none."""
    assert NO_CALENDAR.holidays is None
    assert NO_CALENDAR.works_on(MEMORIAL_DAY)
    assert not PROGRAM.works_on(MEMORIAL_DAY)


def test_the_office_is_closed_on_weekends() -> None:
    """Monday to Friday, where nothing else is said."""
    week = [dt.date(2026, 6, 1) + dt.timedelta(days=k) for k in range(7)]
    assert [NO_CALENDAR.works_on(each) for each in week] == [True] * 5 + [False] * 2


@pytest.mark.parametrize(
    ("opens", "closes", "weekdays"),
    [
        (dt.time(9), dt.time(9), frozenset({0})),
        (dt.time(17), dt.time(9), frozenset({0})),
        (dt.time(9), dt.time(17), frozenset[int]()),
    ],
    ids=["no hours", "hours that end before they start", "no weekday"],
)
def test_an_office_that_never_opens_is_refused(opens: dt.time, closes: dt.time, weekdays: frozenset[int]) -> None:
    """Else the next opening would never be found."""
    with pytest.raises(ValueError, match="open on some weekday, and before it closes"):
        Office(opens=opens, closes=closes, weekdays=weekdays)


# the ends of the calendar


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years", "business_days"])
@pytest.mark.parametrize(("sign", "end"), [(1, dt.date.max), (-1, dt.date.min)])
def test_days_past_the_calendar_s_ends_stay_at_its_ends(unit: Unit, sign: int, end: dt.date) -> None:
    """A shift that leaves the calendar is no error: it stays at the end it ran into."""
    near_end = end - sign * dt.timedelta(days=20)
    assert shift(near_end, Period(sign * UNITS[unit], unit), ANY) == end
    assert shift(end, Period(sign, unit), ANY) == end


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(2026, 6, 30), dt.date(2199, 12, 31)])
def test_a_day_that_can_be_judged_is_itself(day: dt.date) -> None:
    """The first and the last are in."""
    assert checked(day) is day


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1899, 12, 31), dt.date(2200, 1, 1), dt.date.max])
def test_a_day_that_cannot_be_judged_is_refused(day: dt.date) -> None:
    """No fact may lie there, so nothing can be said of it."""
    with pytest.raises(ValueError, match=f"{day} is not a day of 1900 to 2199"):
        checked(day)


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years", "business_days"])
@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(2199, 12, 31)])
def test_no_period_of_a_rule_leaves_the_calendar(unit: Unit, day: dt.date) -> None:
    """The longest period of a rule, from the first or last day that a fact may have, is a day of the calendar."""
    for sign in (1, -1):
        moved = shift(day, Period(sign * UNITS[unit], unit), ANY)
        assert dt.date.min < moved < dt.date.max
        assert 36_000 < abs((moved - day).days) < 37_200


# the text of a period


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("90 days", 90, "days"),
        ("1 day", 1, "days"),
        ("12 weeks", 12, "weeks"),
        ("1 month", 1, "months"),
        ("6 months", 6, "months"),
        ("2 years", 2, "years"),
        ("1 business_day", 1, "business_days"),
        ("24 hours", 24, "hours"),
        ("24 open_hours", 24, "open_hours"),
        ("0 days", 0, "days"),
        ("000090 days", 90, "days"),
    ],
)
def test_a_period_is_a_whole_number_and_a_unit(text: str, amount: int, unit: Unit) -> None:
    """The unit may be in the singular."""
    assert period(text) == Period(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "90",
        "days",
        "90days",
        "90  days",
        " 90 days",
        "90 days ",
        "90 days\n",
        "90 Days",
        "-90 days",
        "+90 days",
        "1.5 hours",
        "1e2 days",
        "ninety days",
        "90 fortnights",
        "90 dayss",
        "3 business days",
        "90 days 12 hours",
        "1234567 days",
    ],
)
def test_any_other_text_is_refused_with_what_to_write(text: str) -> None:
    """The message repeats the text and shows how a period is written."""
    with pytest.raises(ValueError, match=r"is not a period: write a whole number and a unit, as in '90 days'") as error:
        period(text)
    assert repr(text) in str(error.value)


def test_digits_of_other_scripts_are_no_numbers_of_a_period() -> None:
    """A reviewer of a rulebook must be able to read its numbers."""
    with pytest.raises(ValueError, match="is not a period"):
        period("٣٠ days")


@pytest.mark.parametrize("unit", list(UNITS))
def test_a_period_is_at_most_about_a_century(unit: Unit) -> None:
    """The longest is read, one more is refused, and the message says how long it may be."""
    longest = UNITS[unit]
    assert period(f"{longest} {unit}") == Period(longest, unit)
    assert bounded(Period(-longest, unit)) == Period(-longest, unit)
    for amount in (longest + 1, -longest - 1):
        with pytest.raises(ValueError, match=f"is too long: at most {longest} {unit}"):
            bounded(Period(amount, unit))
    if longest < 999_999:
        with pytest.raises(ValueError, match="is too long"):
            period(f"{longest + 1} {unit}")


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (Period(1, "days"), "1 day"),
        (Period(-1, "days"), "-1 day"),
        (Period(0, "days"), "0 days"),
        (Period(90, "days"), "90 days"),
        (Period(1, "business_days"), "1 business day"),
        (Period(24, "open_hours"), "24 open hours"),
    ],
)
def test_a_period_is_written_as_english(length: Period, text: str) -> None:
    """In the singular for one, and without underscores."""
    assert str(length) == text


def test_a_repeated_period_is_counted_from_the_anchor() -> None:
    """Monthly from the end of August: 30 September, 31 October, 30 November, each counted from August (story 25)."""
    anchor = dt.date(2026, 8, 31)
    monthly = period("1 month")
    assert times(monthly, 3) == Period(3, "months")
    due = [shift(anchor, times(monthly, k), ANY) for k in (1, 2, 3)]
    assert due == [dt.date(2026, 9, 30), dt.date(2026, 10, 31), dt.date(2026, 11, 30)]
    chained = shift(shift(anchor, monthly, ANY), monthly, ANY)
    assert chained == dt.date(2026, 10, 30)


def test_twelve_weeks_end_on_the_first_day_out() -> None:
    """From Monday 2 March 2026 the first day after twelve weeks is 25 May (story 21)."""
    assert shift(dt.date(2026, 3, 2), period("12 weeks"), ANY) == dt.date(2026, 5, 25)


# the response clock: 24 hours, Monday to Friday, 9 to 5


def same_clock_next_business_day(received: dt.datetime, office: Office) -> dt.datetime:
    """The same time of the next business day, from when the office first sees it."""
    return shift_instant(next_open(received, office), Period(1, "business_days"), office)


def wall_clock_rolled(received: dt.datetime, office: Office) -> dt.datetime:
    """Twenty-four hours, then on to the next opening."""
    return next_open(shift_instant(received, Period(24, "hours"), office), office)


def business_hours(received: dt.datetime, office: Office) -> dt.datetime:
    """Twenty-four hours while the office is open."""
    return shift_instant(received, Period(24, "open_hours"), office)


def wall_clock(received: dt.datetime, office: Office) -> dt.datetime:
    """Twenty-four hours flat."""
    return shift_instant(received, Period(24, "hours"), office)


class TestResponseClock:
    """Staff try to answer a referral within 24 hours, Monday to Friday, 9 to 5 (stories 16 to 19)."""

    @pytest.mark.parametrize("written", [local("2026-05-22 16:55"), offset("2026-05-22T21:55Z")], ids=["wall", "UTC"])
    def test_friday_afternoon_before_a_holiday(self, written: dt.datetime) -> None:
        """Story 16: four readings give four deadlines from Saturday to Thursday, however the instant is written."""
        assert clock(same_clock_next_business_day(written, PROGRAM)) == "2026-05-26 16:55-05:00"
        assert clock(wall_clock_rolled(written, PROGRAM)) == "2026-05-26 09:00-05:00"
        assert clock(business_hours(written, PROGRAM)) == "2026-05-28 16:55-05:00"
        assert clock(wall_clock(written, PROGRAM)) == "2026-05-23 16:55-05:00"

    def test_no_holiday_calendar(self) -> None:
        """Story 17: without a list of holidays the Monday counts."""
        due = same_clock_next_business_day(local("2026-05-22 16:55"), NO_CALENDAR)
        assert clock(due) == "2026-05-25 16:55-05:00"

    def test_received_at_closing_time(self) -> None:
        """Story 18: hours are half-open, so the clock starts on Tuesday at nine and ends on Wednesday at nine."""
        received = local("2026-05-22 17:00")
        assert clock(next_open(received, PROGRAM)) == "2026-05-26 09:00-05:00"
        assert clock(same_clock_next_business_day(received, PROGRAM)) == "2026-05-27 09:00-05:00"

    @pytest.mark.parametrize("received", [local("2026-03-06 16:00"), offset("2026-03-06T22:00Z")], ids=["wall", "UTC"])
    def test_daylight_saving_weekend(self, received: dt.datetime) -> None:
        """Story 19: the clock on the wall is kept, which is 71 hours; 72 elapsed hours would be five o'clock."""
        due = same_clock_next_business_day(received, PROGRAM)
        assert clock(due) == "2026-03-09 16:00-05:00"
        assert due.astimezone(dt.UTC) - received.astimezone(dt.UTC) == dt.timedelta(hours=71)
        assert clock(shift_instant(received, Period(72, "hours"), PROGRAM)) == "2026-03-09 17:00-05:00"

    def test_readings_differ_on_a_saturday(self) -> None:
        """What arrives on a closed day waits for the opening, except by the wall clock."""
        received = local("2026-06-13 12:00")
        assert clock(same_clock_next_business_day(received, PROGRAM)) == "2026-06-16 09:00-05:00"
        assert clock(wall_clock_rolled(received, PROGRAM)) == "2026-06-15 09:00-05:00"
        assert clock(business_hours(received, PROGRAM)) == "2026-06-17 17:00-05:00"
        assert clock(wall_clock(received, PROGRAM)) == "2026-06-14 12:00-05:00"


# instants


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-07 12:00", Period(1, "days"), "2026-03-08 12:00-05:00"),
        ("2026-03-07 12:00", Period(24, "hours"), "2026-03-08 13:00-05:00"),
        ("2026-10-31 12:00", Period(1, "days"), "2026-11-01 12:00-06:00"),
        ("2026-10-31 12:00", Period(24, "hours"), "2026-11-01 11:00-06:00"),
        ("2026-03-08 12:00", Period(-1, "days"), "2026-03-07 12:00-06:00"),
        ("2026-03-08 12:00", Period(-24, "hours"), "2026-03-07 11:00-06:00"),
        ("2026-02-22 23:30", Period(2, "weeks"), "2026-03-08 23:30-05:00"),
        ("2026-01-31 10:00", Period(1, "months"), "2026-02-28 10:00-06:00"),
        ("2024-02-29 10:00", Period(1, "years"), "2025-02-28 10:00-06:00"),
        ("2026-05-22 20:00", Period(1, "business_days"), "2026-05-26 20:00-05:00"),
    ],
)
def test_hours_elapse_and_longer_periods_keep_the_clock_on_the_wall(start: str, length: Period, end: str) -> None:
    """Over a change of the clocks a day is 23 or 25 hours long, and the time of day stays what it was."""
    assert clock(shift_instant(local(start).astimezone(dt.UTC), length, PROGRAM)) == end


@pytest.mark.parametrize("start", ["2026-03-07 16:00", "2026-10-31 16:00", "2026-06-13 16:00"])
@pytest.mark.parametrize("length", [Period(24, "hours"), Period(-24, "hours"), Period(48, "hours"), Period(1, "days")])
def test_it_does_not_matter_how_an_instant_is_written(start: str, length: Period) -> None:
    """The same instant with a zone or with an offset is moved to the same instant."""
    zoned = local(start)
    fixed = zoned.astimezone(dt.UTC).astimezone(dt.timezone(dt.timedelta(hours=9)))
    moved = shift_instant(zoned, length, PROGRAM)
    assert moved.astimezone(dt.UTC) == shift_instant(fixed, length, PROGRAM).astimezone(dt.UTC)


def test_a_time_that_daylight_saving_skips_is_moved_on() -> None:
    """On 8 March 2026 Chicago has no half past two: a day after half past two it is half past three."""
    assert clock(shift_instant(local("2026-03-07 02:30"), Period(1, "days"), PROGRAM)) == "2026-03-08 03:30-05:00"


def test_a_time_that_comes_twice_is_its_first() -> None:
    """On 1 November 2026 half past one comes twice: a day after half past one is the first of them."""
    assert clock(shift_instant(local("2026-10-31 01:30"), Period(1, "days"), PROGRAM)) == "2026-11-01 01:30-05:00"


@pytest.mark.parametrize(
    ("at", "on"),
    [
        ("2026-04-06T04:30Z", "2026-04-05"),
        ("2026-04-06T04:59:59Z", "2026-04-05"),
        ("2026-04-06T05:00Z", "2026-04-06"),
        ("2026-01-06T05:59Z", "2026-01-05"),
        ("2026-01-06T06:00Z", "2026-01-06"),
        ("2026-04-06T13:30+09:00", "2026-04-05"),
    ],
)
def test_a_day_is_that_of_the_program_s_zone(at: str, on: str) -> None:
    """A form sent at half past eleven in the evening in Chicago is of that day, although UTC has the next (story 3)."""
    assert day(offset(at), PROGRAM) == dt.date.fromisoformat(on)


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [("America/Chicago", 1900, 2099), ("America/Havana", 2000, 2030), ("Australia/Lord_Howe", 2000, 2030)],
)
def test_a_day_starts_at_its_first_instant(zone: str, first: int, last: int) -> None:
    """The start of a day is of that day and the moment before is of the day before; in Havana midnight is skipped."""
    office = Office(zone)
    for on in DAYS:
        if first <= on.year <= last:
            start = start_of(on, office).astimezone(dt.UTC)
            assert day(start, office) == on
            assert day(start - dt.timedelta(microseconds=1), office) == on - dt.timedelta(days=1)


def test_a_day_whose_midnight_is_skipped_starts_an_hour_later() -> None:
    """In Havana the clocks of 8 March 2026 went from midnight to one."""
    assert start_of(dt.date(2026, 3, 8), Office("America/Havana")).time() == dt.time(1)


# office hours


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-06-15 08:59:59", "2026-06-15 09:00-05:00"),
        ("2026-06-15 09:00", "2026-06-15 09:00-05:00"),
        ("2026-06-15 12:34", "2026-06-15 12:34-05:00"),
        ("2026-06-15 16:59", "2026-06-15 16:59-05:00"),
        ("2026-06-15 17:00", "2026-06-16 09:00-05:00"),
        ("2026-06-15 23:59", "2026-06-16 09:00-05:00"),
        ("2026-06-19 17:00", "2026-06-22 09:00-05:00"),
        ("2026-06-20 12:00", "2026-06-22 09:00-05:00"),
        ("2026-06-21 23:59", "2026-06-22 09:00-05:00"),
        ("2026-05-25 12:00", "2026-05-26 09:00-05:00"),
        ("2026-03-07 12:00", "2026-03-09 09:00-05:00"),
    ],
)
def test_the_next_opening(at: str, opening: str) -> None:
    """The instant itself while the office is open; the opening minute is in, the closing minute is out."""
    assert clock(next_open(local(at), PROGRAM)) == opening


def _half_hours(year: int) -> list[dt.datetime]:
    start = dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    return [start + dt.timedelta(minutes=30 * k) for k in range(365 * 48)]


def _is_open(at: dt.datetime, office: Office) -> bool:
    here = at.astimezone(office.tz)
    return office.works_on(here.date()) and office.opens <= here.time() < office.closes


def test_the_next_opening_is_the_first_open_moment() -> None:
    """For each half hour of a year: nothing between it and the next opening is open, and the opening is."""
    moments = _half_hours(2026)
    expected = None
    for at in reversed(moments):
        expected = at if _is_open(at, PROGRAM) else expected
        found = next_open(at, PROGRAM)
        if expected is not None:
            assert found == expected
        assert next_open(found, PROGRAM) == found


_OFFICES = st.sampled_from(
    [
        PROGRAM,
        NO_CALENDAR,
        Office("America/Chicago", dt.time(0), dt.time(6), frozenset(range(7)), frozenset()),
        Office("America/Chicago", dt.time(8, 30), dt.time(12), frozenset({0, 3}), frozenset({MEMORIAL_DAY})),
        Office("Asia/Kolkata", dt.time(10), dt.time(18, 30)),
    ]
)
_MOMENTS = st.sampled_from(
    [
        *(at for at in _half_hours(2026) if dt.date(2026, 3, 5) <= at.date() <= dt.date(2026, 3, 12)),
        *(at for at in _half_hours(2026) if dt.date(2026, 5, 20) <= at.date() <= dt.date(2026, 5, 28)),
        *(at for at in _half_hours(2026) if dt.date(2026, 10, 29) <= at.date() <= dt.date(2026, 11, 4)),
    ]
)


@given(_MOMENTS, st.integers(1, 24), _OFFICES)
def test_open_hours_elapse_only_while_the_office_is_open(at: dt.datetime, hours: int, office: Office) -> None:
    """Between an instant and so many open hours later lie exactly as many open half hours, also over changed clocks."""
    end = shift_instant(at, Period(hours, "open_hours"), office).astimezone(dt.UTC)
    moments = [at + dt.timedelta(minutes=30 * k) for k in range(int((end - at) / dt.timedelta(minutes=30)))]
    assert sum(_is_open(each, office) for each in moments) == 2 * hours
    assert _is_open(end - dt.timedelta(minutes=1), office)


@given(_MOMENTS, st.integers(0, 30), st.integers(1, 30), _OFFICES)
def test_open_hours_add_up(at: dt.datetime, first: int, second: int, office: Office) -> None:
    """So many open hours after some open hours are their sum."""
    stopped = shift_instant(at, Period(first, "open_hours"), office)
    whole = shift_instant(at, Period(first + second, "open_hours"), office)
    assert shift_instant(stopped, Period(second, "open_hours"), office) == whole


def test_open_hours_that_fill_the_day_end_at_closing() -> None:
    """Eight open hours from the opening end when the office closes, not when it opens again."""
    assert clock(shift_instant(local("2026-06-15 09:00"), Period(8, "open_hours"), PROGRAM)) == "2026-06-15 17:00-05:00"


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-15 10:00", 1, "2026-06-15 09:00-05:00"),
        ("2026-06-15 10:00", 2, "2026-06-12 16:00-05:00"),
        ("2026-06-15 09:00", 1, "2026-06-12 16:00-05:00"),
        ("2026-06-13 12:00", 1, "2026-06-12 16:00-05:00"),
        ("2026-06-12 17:00", 8, "2026-06-12 09:00-05:00"),
        ("2026-05-26 10:00", 10, "2026-05-21 16:00-05:00"),
    ],
)
def test_open_hours_go_back_through_open_time_only(start: str, hours: int, end: str) -> None:
    """Two open hours before Monday at ten is Friday at four: the office was closed in between."""
    assert clock(shift_instant(local(start), Period(-hours, "open_hours"), PROGRAM)) == end


def test_a_night_office_is_open_for_an_hour_less_when_the_clocks_go_forward() -> None:
    """From midnight to six on 8 March 2026 five hours elapse; the sixth is on the next night."""
    night = Office("America/Chicago", dt.time(0), dt.time(6), frozenset(range(7)))
    assert clock(shift_instant(local("2026-03-08 00:00"), Period(6, "open_hours"), night)) == "2026-03-09 01:00-05:00"
