"""Discharges that people are followed from: which care counts, what is one stay, and who is watched until when.

Stays that count and overlap, or start on the day another ends, are one stay (`merge_stays`): a move to another ward is
no discharge and no readmission. Somebody who goes on into inpatient care that does not count is transferred.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias, cast

import attrs

from peersupport.eligibility import CareEpisode, Merged, merge_stays
from peersupport.outcomes.given import ONE, Ends, day_problems, ends_of, event_notes, needed, since_of
from peersupport.rules.facts import NONE, Absent
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.tables import Tables

Counts: TypeAlias = Callable[[CareEpisode], bool | None]
"""Whether a care episode counts; None where that is not recorded."""


def psychiatric_inpatient(episode: CareEpisode) -> bool | None:
    """Whether an episode is psychiatric inpatient care."""
    return _both(_is_of(episode, {"inpatient"}), episode.psychiatric)


def any_inpatient(episode: CareEpisode) -> bool | None:
    """Whether an episode is inpatient care, for whatever reason."""
    return _is_of(episode, {"inpatient"})


def acute_care(episode: CareEpisode) -> bool | None:
    """Whether an episode is acute care: psychiatric care of a ward, or any care of a crisis team (S4-16)."""
    return _acute(episode, {"inpatient"})


def acute_care_with_emergency(episode: CareEpisode) -> bool | None:
    """As `acute_care`, by the reading in which psychiatric care of an emergency department is acute care, too."""
    return _acute(episode, {"inpatient", "emergency"})


acute_psychiatric = acute_care_with_emergency
"""Another name of `acute_care_with_emergency`."""


def _acute(episode: CareEpisode, psychiatric: set[str]) -> bool | None:
    ward = _both(_is_of(episode, psychiatric), episode.psychiatric)
    team = _is_of(episode, {"crisis_team"})
    return True if team else None if None in {ward, team} else ward


def _is_of(episode: CareEpisode, kinds: set[str]) -> bool | None:
    return None if episode.kind is None else episode.kind in kinds


def _both(*said: bool | None) -> bool | None:
    return False if False in said else None if None in said else True


@attrs.frozen(kw_only=True)
class Index:
    """Which discharges people are followed from.

    `counts` says which care counts, both to leave and to come back to. Only discharges from `since` through `through`
    are taken, without them all; with `first_only` the first of each person among these. `complete_through` is the last
    day that the records hold, where that is before the day asked about.
    """

    counts: Counts = psychiatric_inpatient
    since: dt.date | None = None
    through: dt.date | None = None
    first_only: bool = False
    complete_through: dt.date | None = None

    def __attrs_post_init__(self) -> None:
        problems = day_problems(since=self.since, through=self.through, complete_through=self.complete_through)
        if not problems and self.since and self.through and self.through < self.since:
            problems.append(Problem("through", f"{self.through} lies before since, {self.since}", "exchange the days"))
        raise_any(problems)

    def takes(self, day: dt.date) -> bool:
        """Whether a discharge on a day is taken."""
        return (self.since or dt.date.min) <= day <= (self.through or dt.date.max)


EVERY: Final = Index()
"""Every discharge from psychiatric inpatient care."""


@attrs.frozen
class Course:
    """The care of one person: stays that count, and other care that may stand in their way.

    `doubtful` are episodes that may count, or whose days are not recorded or contradict each other; `other` are those
    that do not count. `begun` are the days on which a stay that counts began for sure.
    """

    person: str
    stays: tuple[Merged, ...]
    doubtful: tuple[CareEpisode, ...]
    other: tuple[CareEpisode, ...]
    begun: tuple[dt.date, ...]
    ends: Ends

    @property
    def ids(self) -> set[str]:
        """The ids of all this care."""
        joined = {id_ for each in self.stays for id_ in each.stays}
        return joined | {each.id for each in (*self.doubtful, *self.other)}


@attrs.frozen
class Discharge:
    """The end of a stay that counts. `left_on` is None where it is not recorded, or whether the stay counts.

    `led_to` is the id of the care that the stay is recorded to have become, if any.
    """

    course: Course
    id: str
    left_on: dt.date | None
    led_to: str | Absent | None = NONE

    @property
    def person(self) -> str:
        """The person who is discharged."""
        return self.course.person


@attrs.frozen
class Followed:
    """The discharges that people are followed from, what is to be said of them, and from when records are complete."""

    discharges: tuple[Discharge, ...]
    notes: tuple[str, ...]
    complete_since: dt.date
    last_day: dt.date


def followed(tables: Tables, index: Index, on: dt.date) -> Followed:
    """The discharges up to a day, by person and day. Raises `InputError` where care episodes were not given."""
    raise_any(day_problems(on=on))
    needed(tables, "care_episode")
    episodes = cast("tuple[CareEpisode, ...]", tables.all_of("care_episode"))
    found = (each for course in _courses(tables, episodes, index) for each in _taken(course, index, on))
    unowned = sum(each.person is None and index.counts(each) is not False for each in episodes)
    notes = [f"stays without a person, which count for nobody: {unowned}"] if unowned else []
    since = max(since_of(tables, "care_episode"), since_of(tables, "outcome_event"))
    return Followed(tuple(found), (*notes, *event_notes(tables)), since, min(on, index.complete_through or on))


def _courses(tables: Tables, episodes: Iterable[CareEpisode], index: Index) -> Iterator[Course]:
    people: dict[str, list[CareEpisode]] = {}
    for each in episodes:
        if each.person is not None:
            people.setdefault(each.person, []).append(each)
    for person, care in sorted(people.items()):
        sorts = {each.id: _sort(each, index.counts(each)) for each in care}
        stays, doubtful, other = ([each for each in care if sorts[each.id] is sort] for sort in (True, None, False))
        merged = merge_stays(stays)
        endless = [each.admitted_on for each in doubtful if each.ended_on is None and index.counts(each)]
        begun = [day for day in [*(each.episode.admitted_on for each in merged), *endless] if day]
        yield Course(person, merged, tuple(doubtful), tuple(other), tuple(sorted(begun)), ends_of(tables, person))


def _sort(episode: CareEpisode, counts: bool | None) -> bool | None:  # noqa: FBT001  a truth, not a flag
    """Whether an episode is a stay that counts; None also where its days do not let it be joined with others."""
    if not counts:
        return counts
    start, end = episode.admitted_on, episode.ended_on
    return None if start is None or end is None or contradicts(episode) else True


def contradicts(episode: CareEpisode) -> bool:
    """Whether an episode ends before it starts, so that neither day is to be relied on."""
    start, end = episode.admitted_on, episode.ended_on
    return start is not None and isinstance(end, dt.date) and end < start


def _taken(course: Course, index: Index, on: dt.date) -> Iterator[Discharge]:
    left = [(each, each.episode.ended_on) for each in course.stays]
    known = [(each, day) for each, day in left if isinstance(day, dt.date) and day <= on and index.takes(day)]
    doubtful = [each for each in course.doubtful if _may_be_taken(each, index, on)]
    if index.first_only:
        doubtful = [each for each in doubtful if not known or _may_end(each, known[0][1])][:1]
        known = [] if doubtful else known[:1]
    yield from (Discharge(course, each.episode.id, day, each.episode.led_to) for each, day in known)
    yield from (Discharge(course, each.id, None) for each in doubtful)


def _may_end(episode: CareEpisode, before: dt.date) -> bool:
    """Whether an episode may have ended before a day."""
    day = episode.ended_on if isinstance(episode.ended_on, dt.date) else episode.admitted_on
    return day is None or day < before


def _may_be_taken(episode: CareEpisode, index: Index, on: dt.date) -> bool:
    """Whether a doubtful episode may have ended in the days asked about."""
    end = episode.ended_on
    if isinstance(end, dt.date):
        return end <= on and index.takes(end)
    start = episode.admitted_on or dt.date.min
    return end is not NONE and start <= min(on, index.through or on)


def goes_on(episode: CareEpisode, day: dt.date) -> bool | None:
    """Whether an episode starts on a day or goes on over it; None where that is not recorded."""
    start, end = episode.admitted_on, episode.ended_on
    if contradicts(episode):
        return None
    if (start is not None and start > day) or (isinstance(end, dt.date) and end < day):
        return False
    if start == day:
        return True
    if isinstance(end, dt.date) and end == day and start is not None:
        return False
    return None if start is None or end is None else True


def transferred(discharge: Discharge, left_on: dt.date) -> bool | None:
    """Whether somebody went on into other inpatient care, which starts by the day of leaving and goes on over it.

    None where that hangs on care that may have gone on, or on what the stay led to where that is not there. Care that
    a stay led to and that is none, or starts later, is no transfer; a stay that counts is a readmission.
    """
    course = discharge.course
    onward = [_both(any_inpatient(each), _went_on(each, discharge, left_on)) for each in course.other]
    onward += [None for each in course.doubtful if goes_on(each, left_on) is not False]
    onward += [None] if isinstance(discharge.led_to, str) and discharge.led_to not in course.ids else []
    return True if True in onward else None if None in onward else False


def _went_on(episode: CareEpisode, discharge: Discharge, left_on: dt.date) -> bool | None:
    """Whether other care goes on over a day; what the stay led to does, if it began by then and its end is unknown."""
    truth = goes_on(episode, left_on)
    open_ended = episode.admitted_on is not None and episode.ended_on is None
    return True if truth is None and open_ended and episode.id == discharge.led_to else truth


@attrs.frozen
class Return:
    """The first day on which somebody came back, if it is known, and whether there may have been an earlier one."""

    day: dt.date | None
    perhaps_earlier: bool


def first_return(discharge: Discharge, after: dt.date, last: dt.date) -> Return:
    """The first stay that counts and began after a day and up to another."""
    course = discharge.course
    day = next((day for day in course.begun if after < day <= last), None)
    until = day or last + ONE
    return Return(day, any(_may_begin(each, after, until) for each in course.doubtful))


def _may_begin(episode: CareEpisode, after: dt.date, until: dt.date) -> bool:
    """Whether a doubtful episode may have begun after a day and before another."""
    if episode.admitted_on is not None:
        return after < episode.admitted_on < until
    return not (isinstance(episode.ended_on, dt.date) and episode.ended_on <= after)
