"""Readmissions over the time at risk of them, and how long until the first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Final

import attrs

from peersupport.eligibility import CareEpisode
from peersupport.measures.survival import Time, kaplan_meier
from peersupport.measures.values import LEVEL
from peersupport.outcomes.discharges import (
    EVERY,
    Course,
    Discharge,
    Followed,
    Index,
    any_inpatient,
    contradicts,
    first_return,
    followed,
    transferred,
)
from peersupport.outcomes.given import DIED, LEFT, ONE
from peersupport.outcomes.readmitting import EARLY, ONWARD
from peersupport.outcomes.results import STILL_WATCHED, PerTime, UntilEvent
from peersupport.readers.judge import HasTables

UNCLEAR: Final = "not recorded"
LATE: Final = "the records end before the discharge"


def readmission_rate(
    roster: HasTables, *, on: dt.date, index: Index = EVERY, per: int = 100, level: float = LEVEL
) -> PerTime:
    """All readmissions after the first discharge of each person, over the time that they were at risk of one.

    Numerator: stays that count and begin after the day of that discharge. Denominator: the days from that discharge
    through the day asked about, the end of the records, death or leaving follow-up, without days in inpatient care of
    any kind, in years of 365.25 days. A day of leaving is at risk, a day of coming is not. Excluded: people whose first
    discharge lies before the records are complete, or after they end. Not recorded: people with care of which it is not
    recorded whether it counts, or when it was. Raises `InputError` where care episodes were not given.
    """
    found = followed(roster.tables, attrs.evolve(index, first_only=True), on)
    spells = [_spell(each, found) for each in found.discharges]
    whole = [each for each in spells if isinstance(each, _Spell)]
    return PerTime(
        measure="readmissions over time at risk",
        counts="stays that count and begin after the first discharge",
        among="days out of inpatient care, of people with a discharge",
        window=f"from the first discharge of each person through {found.last_day}",
        numerator=sum(each.events for each in whole),
        days=sum(each.days for each in whole),
        people=len(whole),
        people_in_numerator=sum(each.events > 0 for each in whole),
        excluded={reason: spells.count(reason) for reason in (EARLY, LATE)},
        ended=_endings(each.ended for each in whole),
        not_recorded=spells.count(UNCLEAR),
        per=per,
        notes=found.notes,
        level=level,
    )


@attrs.frozen
class _Spell:
    """The time at risk of one person."""

    days: int
    events: int
    ended: str


def _endings(ended: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys((STILL_WATCHED, DIED, LEFT), 0) | dict(Counter(ended))


def _spell(discharge: Discharge, found: Followed) -> _Spell | str:
    course, start = discharge.course, discharge.left_on
    if start is None:
        return UNCLEAR
    if start < found.complete_since:
        return EARLY
    if start > found.last_day:
        return LATE
    until = max(start, min(found.last_day, course.ends.day()) + ONE)
    if not course.ends.known or _unclear(course, start, until):
        return UNCLEAR
    events = sum(start < day < until for day in course.begun)
    return _Spell(_days_out(course, start, until), events, course.ends.by(found.last_day) or STILL_WATCHED)


def _unclear(course: Course, start: dt.date, until: dt.date) -> bool:
    """Whether care may lie in the days of which it is not recorded what it was, or when."""
    unclear = [each for each in course.other if any_inpatient(each) is None or (any_inpatient(each) and _open(each))]
    return any(_may_lie(each, start, until) for each in [*course.doubtful, *unclear])


def _may_lie(episode: CareEpisode, start: dt.date, until: dt.date) -> bool:
    """Whether an episode may lie in some days; days that contradict each other say nothing."""
    if contradicts(episode):
        return True
    over = isinstance(episode.ended_on, dt.date) and episode.ended_on <= start
    return not over and (episode.admitted_on is None or episode.admitted_on < until)


def _open(episode: CareEpisode) -> bool:
    return episode.admitted_on is None or episode.ended_on is None or contradicts(episode)


def _days_out(course: Course, start: dt.date, until: dt.date) -> int:
    """The days from `start` until before `until` that are not in inpatient care; a day of leaving is out."""
    stays = [each.episode for each in course.stays] + [each for each in course.other if any_inpatient(each)]
    spans = sorted((each.admitted_on or start, _end(each, until)) for each in stays)
    days, reached = 0, start
    for first, end in spans:
        days += max(0, (min(first, until) - reached).days)
        reached = max(reached, min(end, until))
    return days + (until - reached).days


def _end(episode: CareEpisode, until: dt.date) -> dt.date:
    return episode.ended_on if isinstance(episode.ended_on, dt.date) else until


FIRST: Final = Index(first_only=True)
"""The first discharge of each person from psychiatric inpatient care."""

COMPETING: Final = (
    "Death is a competing risk: who dies cannot be readmitted. The curve treats death as the end of watching, as if "
    "those who died would have gone on like the others."
)
"""What is said with every time to readmission."""


def time_to_readmission(roster: HasTables, *, on: dt.date, index: Index = FIRST, level: float = LEVEL) -> UntilEvent:
    """How many days from a discharge to the first readmission, by Kaplan and Meier.

    Event: the first day of a stay that counts, after the day of leaving. Watching ends on the day asked about, at the
    end of the records, at death and on leaving follow-up. It is of the first discharge of each person, unless `index`
    says otherwise: several of one person are not independent. Excluded, and told: discharges before the records are
    complete or after they end, and into other inpatient care. Not recorded: when it was, whether a stay counts, or
    whether somebody came back earlier. Raises `InputError` where care episodes were not given.
    """
    found = followed(roster.tables, index, on)
    watched = [_watched(each, found) for each in found.discharges]
    whole = [each for each in watched if isinstance(each, _Watched)]
    return UntilEvent(
        measure="days to readmission",
        counts="discharges followed by a stay that counts",
        among="first discharges of people" if index.first_only else "discharges",
        window=f"from the day of leaving through {found.last_day}",
        curve=kaplan_meier([each.time for each in whole], level=level, left_out=watched.count(UNCLEAR)),
        excluded={reason: watched.count(reason) for reason in (EARLY, LATE, ONWARD)},
        ended=_endings(each.ended for each in whole if each.ended),
        not_recorded=watched.count(UNCLEAR),
        notes=found.notes,
        warning=COMPETING,
    )


@attrs.frozen
class _Watched:
    """How long one discharge was watched, and what ended it."""

    time: Time
    ended: str = ""


def _watched(discharge: Discharge, found: Followed) -> _Watched | str:
    left_on, ends = discharge.left_on, discharge.course.ends
    if left_on is None or not ends.known:
        return UNCLEAR
    if left_on < found.complete_since:
        return EARLY
    if left_on > found.last_day:
        return LATE
    onward = transferred(discharge, left_on)
    if onward is not False:
        return UNCLEAR if onward is None else ONWARD
    last = max(left_on, min(found.last_day, ends.day()))
    came = first_return(discharge, left_on, last)
    if came.perhaps_earlier:
        return UNCLEAR
    if came.day:
        return _Watched(Time((came.day - left_on).days, event=True))
    return _Watched(Time((last - left_on).days, event=False), ends.by(last) or STILL_WATCHED)
