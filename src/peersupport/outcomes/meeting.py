"""How long it takes until people first meet a peer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Final, Literal, TypeAlias, cast

import attrs

from peersupport.eligibility import Admission, CareEpisode, Enrollment
from peersupport.measures.survival import Time, kaplan_meier
from peersupport.measures.values import LEVEL, choice_problems
from peersupport.outcomes.given import (
    DIED,
    LEFT,
    Ends,
    day_problems,
    ends_of,
    event_notes,
    first_meeting,
    needed,
    sessions_of,
    since_of,
)
from peersupport.outcomes.results import STILL_WATCHED, UntilEvent
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import NONE
from peersupport.rules.problems import raise_any
from peersupport.rules.tables import Tables

Since: TypeAlias = Literal["acceptance", "discharge", "admission"]
"""From when days are counted: acceptance or discharge of somebody enrolled, or admission to the service."""

ENDED = "the service ended"
EARLY = "before the records are complete"
BEFORE = "first met before the day that is counted from"
NO_STAY = "follows no care episode"
UNCLEAR: Final = "not recorded"
IN_CARE = "still in the care that it follows"
REASONS: Final = (EARLY, BEFORE, NO_STAY, IN_CARE)


def days_to_first_contact(roster: HasTables, *, on: dt.date, since: Since, level: float = LEVEL) -> UntilEvent:
    """How many days until the first session that took place, by Kaplan and Meier, up to a day.

    Counted from the acceptance of an enrollment, from the end of the care episode that it follows, or from an
    admission. Who was never met is watched until the day asked about, the end of the service, death or leaving
    follow-up: not met is no number of days. Excluded, and told: those who start before the records are complete, those
    who met before the day that is counted from (as at an intake on the ward), and those who follow no care episode, or
    are still in it.
    Not recorded: the day that is counted from, or whether or when a session took place, as where the first lies after
    a recorded death. One after leaving follow-up is not seen. Raises `InputError` where the
    contacts, or the enrollments or admissions, were not given.
    """
    raise_any([*choice_problems("since", since, _STARTS), *day_problems(on=on)])
    kind, start = _STARTS[since]
    needed(roster.tables, kind, "contact", *(["care_episode"] if since == "discharge" else []))
    records = cast("tuple[_Served, ...]", roster.tables.all_of(kind))
    started = [(each, start(each, roster.tables)) for each in records if _begun(each, on)]
    seen = [_until_met(each, day, kind, roster.tables, on) for each, day in started if not _ahead(day, on)]
    whole = [each for each in seen if isinstance(each, _Watched)]
    ended = Counter(each.ended for each in whole if each.ended)
    return UntilEvent(
        measure=f"days from {since} to the first session",
        counts=f"{kind}s with a session that took place",
        among=f"{kind}s that began by the day",
        window=f"from {since} through {on}",
        curve=kaplan_meier([each.time for each in whole], level=level, left_out=seen.count(UNCLEAR)),
        excluded={reason: seen.count(reason) for reason in REASONS},
        ended=dict.fromkeys((STILL_WATCHED, ENDED, DIED, LEFT), 0) | dict(ended),
        not_recorded=seen.count(UNCLEAR),
        notes=event_notes(roster.tables),
    )


_Served: TypeAlias = Enrollment | Admission
_Start: TypeAlias = Callable[[_Served, Tables], "dt.date | str | None"]


def _accepted(record: _Served, _tables: Tables) -> dt.date | None:
    return cast("Enrollment", record).accepted_on


def _admitted(record: _Served, _tables: Tables) -> dt.date | None:
    return cast("Admission", record).admitted_on


def _left(record: _Served, tables: Tables) -> dt.date | str | None:
    """The day of leaving the care that an enrollment follows; a text why there is none."""
    index = cast("Enrollment", record).index_episode
    if index is NONE:
        return NO_STAY
    found = tables.find("care_episode", index) if isinstance(index, str) else None
    day = cast("CareEpisode", found).ended_on if found else None
    return IN_CARE if day is NONE else cast("dt.date | None", day)


_STARTS: Final[dict[str, tuple[str, _Start]]] = {
    "acceptance": ("enrollment", _accepted),
    "discharge": ("enrollment", _left),
    "admission": ("admission", _admitted),
}


def _begun(record: _Served, on: dt.date) -> bool:
    """Whether a service may have begun by a day: an enrollment by its acceptance or its first day."""
    names = ("accepted_on", "started_on", "admitted_on")
    days = [day for name in names if (day := getattr(record, name, None)) is not None]
    return not days or min(days) <= on


def _ahead(start: dt.date | str | None, on: dt.date) -> bool:
    return isinstance(start, dt.date) and start > on


@attrs.frozen
class _Watched:
    time: Time
    ended: str = ""


def _until_met(record: _Served, start: dt.date | str | None, kind: str, tables: Tables, on: dt.date) -> _Watched | str:
    if not isinstance(start, dt.date):
        return start or UNCLEAR
    if start < max(since_of(tables, kind_) for kind_ in ("contact", "outcome_event")):
        return EARLY
    met = first_meeting(sessions_of(tables, kind, record.id), tables.office, on)
    ends = ends_of(tables, record.person or "")
    if isinstance(met, dt.date) and ends.day() < met:
        return UNCLEAR if isinstance(ends.died, dt.date) and ends.died < met else _never(record, start, ends, on)
    if isinstance(met, dt.date):
        return BEFORE if met < start else _Watched(Time((met - start).days, event=True))
    return UNCLEAR if met is None else _never(record, start, ends, on)


def _never(record: _Served, start: dt.date, ends: Ends, on: dt.date) -> _Watched | str:
    """How long somebody was watched who was not met."""
    if record.ended_on is None or not ends.known:
        return UNCLEAR
    stops = {ends.day(): ends.by(dt.date.max), on: STILL_WATCHED}
    if isinstance(record.ended_on, dt.date) and record.ended_on <= on:
        stops[record.ended_on] = ENDED
    last = max(start, min(stops))
    return _Watched(Time((last - start).days, event=False), stops[min(stops)])
