"""The commands about one person: the deadlines, a referral, a course from its first meeting on."""

from __future__ import annotations

import datetime as dt
import sys
import zoneinfo
from collections.abc import Iterable
from pathlib import Path

import attrs
import click

from peersupport import plans, referrals, schedule
from peersupport.cli.doors import ROSTER, Clock, Day, asked, console, or_exit, saved
from peersupport.library import load
from peersupport.roster import read
from peersupport.rules.calendar import Office
from peersupport.rules.problems import InputError, Problem

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.command("timeline")
@ROSTER
@click.argument("person")
@asked
@click.option("--through", type=Day(), help="Go on up to this day with what repeats, each done on its due day.")
def timeline_command(
    roster: Path, person: str, rulebook: str, on: dt.date, readings: tuple[str, ...], through: dt.date | None
) -> None:
    """Print every deadline of a PERSON of the ROSTER, past and coming, as it stood on a day."""
    from peersupport import report  # noqa: PLC0415

    book = or_exit(lambda: load(rulebook))
    tables = or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    owed = or_exit(lambda: plans.timeline(book, tables, person, on=on, through=through, readings=readings))
    report.timeline(owed, console(), person, str(on))


@click.command("referral")
@ROSTER
@click.argument("referral")
@asked
def referral_command(roster: Path, referral: str, rulebook: str, on: dt.date, readings: tuple[str, ...]) -> None:
    """Print what can be said of a REFERRAL of the ROSTER: may the person come in, what to ask, and what is owed."""
    from peersupport import report  # noqa: PLC0415

    book = or_exit(lambda: load(rulebook))
    tables = or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    found = or_exit(lambda: referrals.answer(book, tables, referral, on=on, readings=readings))
    report.answer(found, console())
    sys.exit(1 if found.outcome == "criteria_not_met" else 0)


@click.command("schedule")
@click.option("--rulebook", required=True, help="A rulebook's name, or the path of its TOML file.")
@click.option("--start", type=Day(), required=True, help="The day of the first meeting.")
@click.option("--about", default="enrollment", show_default=True, help="The kind of record that is planned for.")
@click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable).")
@click.option("--left-care", type=Day(), help="The day of leaving care, for readings that count from it.")
@click.option("--follow-up/--no-follow-up", default=None, help="Whether the person agrees to be called afterwards.")
@click.option("--weekday", type=click.Choice(_WEEKDAYS), help="The day of the weekly call.")
@click.option("--time", "at", type=Clock(), default="09:00", show_default=True, help="The time of the weekly call.")
@click.option("--minutes", type=click.IntRange(1, 1_439), default=60, show_default=True, help="How long it lasts.")
@click.option("--zone", default="America/Chicago", show_default=True, help="The program's time zone.")
@click.option(
    "--holiday", "closed", type=Day(), multiple=True, help="A day on which the office is closed (repeatable)."
)
@click.option("--holidays", "place", help="The public holidays of a country or a part of it, as US-MN.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write the calendar to this file.")
@click.option("--key", default="course", show_default=True, help="Tells this calendar from others in the file's ids.")
def schedule_command(  # noqa: PLR0913, PLR0917  one for each option
    rulebook: str,
    start: dt.date,
    about: str,
    readings: tuple[str, ...],
    left_care: dt.date | None,
    weekday: str | None,
    at: dt.time,
    minutes: int,
    zone: str,
    closed: tuple[dt.date, ...],
    place: str | None,
    ics: Path | None,
    key: str,
    *,
    follow_up: bool | None,
) -> None:
    """Print a whole course from its first meeting on, week by week, and write it as a calendar file.

    Nobody's records are read: it is what the rulebook asks of somebody who starts on that day and stays.
    """
    from peersupport import report  # noqa: PLC0415

    book = or_exit(lambda: load(rulebook))
    office = or_exit(lambda: _office(zone, closed, place, start))
    meeting = None
    if weekday is not None:
        lasts = dt.timedelta(minutes=minutes)
        meeting = schedule.Meeting(weekday=_WEEKDAYS.index(weekday), at=at, lasts=lasts)
    course = or_exit(
        lambda: schedule.calendar(
            book,
            start,
            about=about,
            facts={} if follow_up is None else {"follow_up_consent": follow_up},
            left_care_on=left_care,
            readings=readings,
            office=office,
            meeting=meeting,
        )
    )
    report.course(course, console(), book.title, start)
    if ics is not None:
        written = or_exit(lambda: schedule.as_ics(course, key))
        or_exit(lambda: saved(ics, written))


def _office(zone: str, closed: Iterable[dt.date], place: str | None, start: dt.date) -> Office:
    try:
        office = Office(zone=zone)
        _ = office.tz
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        mend = "write a name of the time zone database, as in America/Chicago"
        raise InputError([Problem("--zone", f"there is no time zone {zone!r}", mend)]) from None
    days = frozenset(closed)
    if place is not None:
        days |= schedule.holidays_of(place, range(start.year, start.year + 3))
    return attrs.evolve(office, holidays=days) if days or place is not None else office
