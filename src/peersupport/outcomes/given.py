"""What the measures look up in the tables of a program: what was given, sessions, and what ends the watching."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TypeAlias, cast

import attrs

from peersupport.outcomes.records import OutcomeEvent
from peersupport.rules import calendar
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Absent, Record
from peersupport.rules.problems import Problem, missing_table, raise_any
from peersupport.rules.tables import Tables
from peersupport.schedule import Contact

Day: TypeAlias = dt.date | Absent | None
"""A day; `NONE` is known not to have come, None is not recorded."""

ONE = dt.timedelta(days=1)


def needed(tables: Tables, *kinds: str) -> None:
    """Raise `InputError` where the tables of some kinds were not given."""
    raise_any([missing_table(kind) for kind in kinds if tables.given(kind) is None])


def admissions_of(tables: Tables) -> dict[str, Record]:
    """The admissions by id. Raises `InputError` where their table was not given."""
    needed(tables, "admission")
    return {each.id: each for each in tables.all_of("admission")}


def since_of(tables: Tables, kind: str) -> dt.date:
    """The day from which a table is complete."""
    table = tables.given(kind)
    return (table and table.since) or dt.date.min


def day_problems(**days: object) -> list[Problem]:
    """What is wrong with days that were given by name; None is no day that was given."""
    wrong = {name: day for name, day in days.items() if day is not None and type(day) is not dt.date}
    return [Problem(name, f"{day!r} is not a date", "write date(2026, 6, 30)") for name, day in wrong.items()]


# what ends the watching of a person

DIED, LEFT = "died", "left follow-up"
NO_EVENTS = "who died or left follow-up is not known (no table outcome_event): nobody is left out or cut short for it"


@attrs.frozen
class Ends:
    """What ended the watching of a person, and on which day; None is a day that is not recorded."""

    died: Day = NONE
    left: Day = NONE

    @property
    def known(self) -> bool:
        """Whether the days are recorded of all that happened."""
        return self.died is not None and self.left is not None

    def by(self, last: dt.date) -> str:
        """What ended the watching by a day, the day itself in; an empty text if nothing did."""
        happened = [(day, why) for day, why in ((self.died, DIED), (self.left, LEFT)) if isinstance(day, dt.date)]
        return next((why for day, why in sorted(happened) if day <= last), "")

    def day(self) -> dt.date:
        """The day of the first of them; the end of the calendar if there is none."""
        return min((day for day in (self.died, self.left) if isinstance(day, dt.date)), default=dt.date.max)


def ends_of(tables: Tables, person: str) -> Ends:
    """What ended the watching of a person, by the outcome events of the tables."""
    events = cast("tuple[OutcomeEvent, ...]", tables.referring("outcome_event", "person", person))
    return Ends(_first(events, "death"), _first(events, "left_follow_up"))


def _first(events: Iterable[OutcomeEvent], kind: str) -> Day:
    days = [each.happened_on if each.kind else None for each in events if each.kind in {kind, None}]
    return None if None in days else min((day for day in days if day), default=NONE)


def event_notes(tables: Tables) -> tuple[str, ...]:
    """What is to be said of ends that are not known."""
    return () if tables.given("outcome_event") else (NO_EVENTS,)


# sessions of peer support


def sessions_of(tables: Tables, fact: str, id_: str) -> tuple[Contact, ...]:
    """The contacts that refer to a record by a fact."""
    return cast("tuple[Contact, ...]", tables.referring("contact", fact, id_))


def took_place(session: Contact) -> bool | None:
    """Whether a session took place. One that is only scheduled may have, as long as its outcome is not recorded."""
    return {"attended": True, "not_attended": False}.get(session.status or "")


def day_of(session: Contact, office: Office | None) -> dt.date | None:
    """The day a session starts, on the program's clock if it has one; without a start the day it is scheduled for."""
    if session.starts_at is None:
        return session.scheduled_on
    return calendar.day(session.starts_at, office) if office else session.starts_at.date()


def first_meeting(sessions: Iterable[Contact], office: Office | None, on: dt.date) -> Day:
    """The day of the first session that took place up to a day; `NONE` where none did, None where that is not known."""
    held = [(day_of(each, office), took_place(each)) for each in sessions]
    days = sorted(day for day, truth in held if truth and day and day <= on)
    doubtful = [day for day, truth in held if truth is not False and not (truth and day)]
    until = days[0] if days else on + ONE
    if any(day is None or day < until for day in doubtful):
        return None
    return days[0] if days else NONE
