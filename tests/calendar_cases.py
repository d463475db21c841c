"""Calendar cases at the edges, as a table that another implementation can run: `python tests/calendar_cases.py`.

It writes `docs/calendar-cases.csv`, one case in a row: the function, what it is given, what is expected, and in words
what the case shows. `test_calendar_laws.py` holds the file against this, and each row against another computation.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

from peersupport.rules import calendar
from peersupport.rules.calendar import Office, Period

FILE: Final = Path(__file__).parent.parent / "docs" / "calendar-cases.csv"
COLUMNS: Final = (
    *("function", "start", "period", "count", "end", "zone", "opens", "closes", "weekdays", "holidays"),
    *("expected", "says"),
)
Row: TypeAlias = dict[str, str]

HOLIDAYS: Final = frozenset({dt.date(2026, 5, 25), dt.date(2026, 7, 3), dt.date(2026, 12, 24), dt.date(2026, 12, 25)})
PLAIN: Final = Office("America/Chicago")
CLOSED: Final = Office("America/Chicago", holidays=HOLIDAYS)
SHORT: Final = Office("America/Chicago", dt.time(8, 30), dt.time(12), frozenset({0, 3}), HOLIDAYS)
NIGHT: Final = Office("America/Chicago", dt.time(0), dt.time(6), frozenset(range(7)))
HAVANA: Final = Office("America/Havana")
HOWE: Final = Office("Australia/Lord_Howe")
KOLKATA: Final = Office("Asia/Kolkata")

ENDS: Final = (
    *((2023, 1, 28), (2023, 1, 29), (2023, 1, 30), (2023, 1, 31), (2024, 1, 30), (2024, 1, 31), (2024, 2, 28)),
    *((2024, 2, 29), (2023, 2, 28), (2023, 3, 31), (2023, 8, 31), (2023, 11, 30), (2023, 12, 31), (2024, 12, 31)),
    *((1900, 1, 31), (1900, 2, 28), (2000, 1, 31), (2000, 2, 29), (2099, 12, 31), (2100, 1, 31), (2100, 2, 28)),
)
"""Days at the ends of months, in leap years and others: 1900 and 2100 are none, 2000 is one."""


def text() -> str:
    """The whole table, as it stands in the file."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return written.getvalue()


def rows() -> Iterator[Row]:
    """Every case, function by function."""
    yield from shifts()
    yield from repeats()
    yield from business_days()
    yield from ages()
    yield from birthdays()
    yield from days()
    yield from starts()
    yield from moved_instants()
    yield from openings()
    yield from open_hours()


# days


def shifts() -> Iterator[Row]:
    """Days, weeks, months and years from the ends of months."""
    lengths = ("1 day", "-1 day", "90 days", "-30 days", "12 weeks", "1 month", "-1 month", "3 months", "12 months")
    for (year, month, day), length in itertools.product(ENDS, (*lengths, "1 year", "-1 year", "4 years")):
        yield _shift(dt.date(year, month, day), length)


def _shift(start: dt.date, length: str) -> Row:
    expected = calendar.shift(start, _period(length), PLAIN)
    unit = length.split()[1].removesuffix("s")
    counted = unit in {"month", "year"}
    whole = counted and expected.day != start.day
    says = (
        f"the {unit} has no day {start.day}, so it is its last" if whole else "the same day" if counted else "counted"
    )
    if unit == "year" and whole:
        says = "no 29 February in that year, so it is the 28th"
    return {"function": "shift", "start": str(start), "period": length, "expected": str(expected), "says": says}


def _period(text: str) -> Period:
    """A period of the table, which may be negative."""
    length = calendar.period(text.removeprefix("-"))
    return -length if text.startswith("-") else length


def repeats() -> Iterator[Row]:
    """A period again and again, counted from its anchor and never from the one before."""
    for start, length in (
        (dt.date(2026, 8, 31), "1 month"),
        (dt.date(2024, 2, 29), "1 year"),
        (dt.date(2026, 1, 30), "3 months"),
    ):
        for count in range(1, 9):
            expected = calendar.shift(start, calendar.times(_period(length), count), PLAIN)
            says = f"{count} times {length}, counted from the first day"
            given = {"start": str(start), "period": length, "count": str(count)}
            yield {"function": "repeat", **given, "expected": str(expected), "says": says}


def business_days() -> Iterator[Row]:
    """Working days from working days, closed days and holidays, with and without a calendar of them."""
    starts = (
        dt.date(2026, 5, 21),
        dt.date(2026, 5, 22),
        dt.date(2026, 5, 23),
        dt.date(2026, 5, 25),
        dt.date(2026, 12, 23),
    )
    counts = (0, 1, 2, 5, -1, -2)
    for office, start, count in itertools.product((PLAIN, CLOSED, SHORT), starts, counts):
        expected = calendar.shift(start, Period(count, "business_days"), office)
        says = "the day itself" if count == 0 else "the days on which the office opens are counted, the first is not"
        given = {"start": str(start), "period": f"{count} business_days", **_office(office)}
        yield {"function": "shift", **given, "expected": str(expected), "says": says}


def ages() -> Iterator[Row]:
    """Ages on birthdays, the day before and the day after; also of who is born on 29 February."""
    born = (
        dt.date(2000, 2, 29),
        dt.date(1904, 2, 29),
        dt.date(2000, 3, 1),
        dt.date(2000, 2, 28),
        dt.date(1999, 12, 31),
    )
    for start, years, step in itertools.product(born, (0, 1, 4, 18, 100), (-1, 0, 1)):
        end = calendar.birthday(start, years) + dt.timedelta(step)
        says = {-1: "the day before the birthday", 0: "the birthday", 1: "the day after"}[step]
        expected = str(calendar.age(start, end))
        yield {"function": "age", "start": str(start), "end": str(end), "expected": expected, "says": says}


def birthdays() -> Iterator[Row]:
    """The day on which an age is reached."""
    for start, count in itertools.product(
        (dt.date(2000, 2, 29), dt.date(1896, 2, 29), dt.date(2000, 2, 28)), (0, 1, 4, 18, 100)
    ):
        expected = calendar.birthday(start, count)
        moved = (expected.month, expected.day) != (start.month, start.day)
        says = "no 29 February in that year, so it is 1 March" if moved else "the same day"
        given = {"start": str(start), "count": str(count)}
        yield {"function": "birthday", **given, "expected": str(expected), "says": says}


# instants


def days() -> Iterator[Row]:
    """The day of an instant in a zone."""
    for at in (
        "2026-04-06T04:59:59+00:00",
        "2026-04-06T05:00:00+00:00",
        "2026-01-06T05:59:59+00:00",
        "2026-01-06T06:00:00+00:00",
    ):
        for office in (PLAIN, KOLKATA, HOWE):
            expected = calendar.day(dt.datetime.fromisoformat(at), office)
            says = "the calendar day by the clocks of the zone"
            yield {"function": "day", "start": at, "zone": office.zone, "expected": str(expected), "says": says}


def starts() -> Iterator[Row]:
    """The first instant of a day, where midnight is skipped too."""
    for office, day in itertools.product(
        (PLAIN, HAVANA, HOWE), ((2026, 3, 8), (2026, 11, 1), (2026, 4, 5), (2026, 10, 4), (2026, 6, 15))
    ):
        on = dt.date(*day)
        expected = calendar.start_of(on, office)
        says = "midnight" if expected.time() == dt.time() else "midnight is skipped, so the day starts later"
        yield {
            "function": "start_of",
            "start": str(on),
            "zone": office.zone,
            "expected": expected.isoformat(),
            "says": says,
        }


def moved_instants() -> Iterator[Row]:
    """Hours that elapse, and longer periods that keep the clock on the wall, over changes of the clocks."""
    moments = (
        *("2026-03-07T02:30:00-06:00", "2026-03-07T12:00:00-06:00", "2026-03-08T12:00:00-05:00"),
        *("2026-10-31T01:30:00-05:00", "2026-10-31T12:00:00-05:00", "2026-11-01T12:00:00-06:00"),
        *("2026-01-31T10:00:00-06:00", "2026-05-22T20:00:00-05:00"),
    )
    lengths = ("1 day", "-1 day", "24 hours", "-24 hours", "72 hours", "2 weeks", "1 month", "1 business_day")
    for at, length in itertools.product(moments, lengths):
        expected = calendar.shift_instant(dt.datetime.fromisoformat(at), _period(length), CLOSED)
        hours = length.endswith("hours")
        says = "hours elapse" if hours else "the clock on the wall is kept, moved on where it is skipped"
        told = expected.astimezone(CLOSED.tz).isoformat()
        yield {
            "function": "shift_instant",
            "start": at,
            "period": length,
            **_office(CLOSED),
            "expected": told,
            "says": says,
        }


_MOMENTS: Final = (
    *(
        "2026-05-22T08:59:00-05:00",
        "2026-05-22T09:00:00-05:00",
        "2026-05-22T16:59:00-05:00",
        "2026-05-22T17:00:00-05:00",
    ),
    *(
        "2026-05-23T12:00:00-05:00",
        "2026-05-25T12:00:00-05:00",
        "2026-03-08T00:00:00-06:00",
        "2026-12-23T18:00:00-06:00",
    ),
)


def openings() -> Iterator[Row]:
    """When the office is open next; the opening minute is in, the closing minute is out."""
    for office, at in itertools.product((PLAIN, CLOSED, SHORT), _MOMENTS):
        expected = calendar.next_open(dt.datetime.fromisoformat(at), office)
        same = expected == dt.datetime.fromisoformat(at)
        says = "the office is open" if same else "the office is closed, so its next opening"
        yield {"function": "next_open", "start": at, **_office(office), "expected": expected.isoformat(), "says": says}


def open_hours() -> Iterator[Row]:
    """Hours that elapse only while the office is open, ahead and back."""
    for office, at, length in itertools.product(
        (CLOSED, NIGHT), _MOMENTS, ("1 open_hour", "8 open_hours", "-2 open_hours")
    ):
        expected = calendar.shift_instant(dt.datetime.fromisoformat(at), _period(length), office)
        says = "only the hours in which the office is open elapse"
        told = expected.isoformat()
        yield {
            "function": "shift_instant",
            "start": at,
            "period": length,
            **_office(office),
            "expected": told,
            "says": says,
        }


def _office(office: Office) -> Row:
    return {
        "zone": office.zone,
        "opens": office.opens.isoformat("minutes"),
        "closes": office.closes.isoformat("minutes"),
        "weekdays": " ".join(str(day) for day in sorted(office.weekdays)),
        "holidays": " ".join(str(day) for day in sorted(office.holidays or ())),
    }


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8", newline="\n")
