"""Contacts with crisis services along the service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, cast

import attrs

from peersupport.outcomes.given import admissions_of, needed
from peersupport.outcomes.records import CrisisContact
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import Record
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.tables import Tables

CAUTION: Final = (
    "Fewer contacts are not better by themselves: using a crisis service can be the right thing to do. People often "
    "start after a crisis, so that contacts fall whatever the service does, and those who stay long differ from those "
    "who leave."
)
"""What is said with every trend of crisis contacts."""


@attrs.frozen
class Stretch:
    """Some days of service, counted from admission, and the crisis contacts of services that lasted all of them.

    `first_day` and `last_day` are days since admission, which is day 0. `observed` services lasted through every one of
    the days, somebody with two services twice; `contacts` are theirs in these days.
    """

    first_day: int
    last_day: int
    observed: int
    contacts: int


@attrs.frozen
class Trend:
    """Crisis contacts along the service. `undated` contacts could be in any stretch or in none of them.

    `elsewhere` are contacts in a stretch that a service has not lasted through yet, or never did, those of days outside
    of it, and those of services left out: no stretch counts them.
    `left_out` are admissions whose day or end is not recorded, and those from before the contacts are complete.
    """

    stretches: tuple[Stretch, ...]
    undated: int
    left_out: int
    elsewhere: int = 0
    caution: str = CAUTION


def crisis_contacts(
    roster: HasTables, *, on: dt.date, days: int = 90, admissions: Iterable[str] | None = None
) -> Trend:
    """Contacts with crisis services in each so many days from admission, up to a day, of all admissions or of some.

    Only whole stretches of a person's service count, so that those who are observed for a shorter time do not look
    better. It is a count with a caution (S3: Individual desired outcome), not an effect. Raises `InputError` for an
    admission that is not there, and when the contacts were not given.
    """
    if days < 1:
        raise InputError([Problem("days", f"{days} is not a length of time", "write a whole number from 1 on")])
    needed(roster.tables, "crisis_contact")
    known = admissions_of(roster.tables)
    chosen = list(known) if admissions is None else list(dict.fromkeys(admissions))
    raise_any([Problem("admissions", f"there is no {n!r}", near(n, known)) for n in chosen if n not in known])
    table = roster.tables.given("crisis_contact")
    since = (table and table.since) or dt.date.min
    served = {name: _served(known[name], since, on) for name in chosen}
    contacts = {name: _contacts(name, roster.tables, on) for name in served}
    observed = {name: span for name, span in served.items() if span is not None}
    longest = max((length // days for _, length in observed.values()), default=0)
    stretches = (_stretch(number * days, days, observed, contacts) for number in range(longest))
    counted = tuple(stretches)
    undated = sum(dates.count(None) for dates in contacts.values())
    dated = sum(len(dates) - dates.count(None) for dates in contacts.values())
    elsewhere = dated - sum(stretch.contacts for stretch in counted)
    return Trend(counted, undated, len(served) - len(observed), elsewhere)


def _served(admission: Record, since: dt.date, on: dt.date) -> tuple[dt.date, int] | None:
    """The first day of a service, and the number of days it was given up to a day.

    None where that is not recorded, or where the service began before the day from which contacts are complete.
    """
    start, end = getattr(admission, "admitted_on", None), getattr(admission, "ended_on", None)
    if start is None or end is None or start < since:
        return None
    until = on + dt.timedelta(days=1)
    if isinstance(end, dt.date):
        until = min(end, until)
    return start, max(0, (until - start).days)


def _contacts(admission: str, tables: Tables, on: dt.date) -> list[dt.date | None]:
    contacts = cast("tuple[CrisisContact, ...]", tables.referring("crisis_contact", "admission", admission))
    return [each.contacted_on for each in contacts if each.contacted_on is None or each.contacted_on <= on]


def _stretch(
    first: int, days: int, served: dict[str, tuple[dt.date, int]], contacts: dict[str, list[dt.date | None]]
) -> Stretch:
    whole = {name: start for name, (start, length) in served.items() if length >= first + days}
    counted = [
        day
        for name, start in whole.items()
        for day in contacts[name]
        if day is not None and first <= (day - start).days < first + days
    ]
    return Stretch(first, first + days - 1, len(whole), len(counted))
