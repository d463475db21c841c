"""Readmissions within a period: of one person, and as a share of discharges or of people.

A readmission is a stay that counts and begins after the day of discharge; what begins on that day goes on from it. It
is any readmission: whether one was planned is recorded nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias, cast

import attrs

from peersupport.eligibility import CareEpisode
from peersupport.measures.values import LEVEL, choice_problems
from peersupport.outcomes.discharges import (
    EVERY,
    Counts,
    Discharge,
    Followed,
    Index,
    contradicts,
    first_return,
    followed,
    psychiatric_inpatient,
    transferred,
)
from peersupport.outcomes.given import DIED, LEFT
from peersupport.outcomes.results import Case, Share, State, answered, share_of
from peersupport.readers.judge import HasTables
from peersupport.rules import calendar
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import Record
from peersupport.rules.problems import InputError, Problem, raise_any


@attrs.frozen
class Readmission:
    """A care episode that began after another ended, and how many days after."""

    episode: str
    days: int


@attrs.frozen
class Readmissions:
    """The readmissions of one person within a period after a care episode, in the order of their days.

    `perhaps` are the ids of episodes of which it is not recorded whether they count. `through` is the last day that
    counts: whether the last day of the period is in it is a reading, which the caller chooses.
    """

    through: dt.date
    counted: tuple[Readmission, ...]
    perhaps: tuple[str, ...]


def readmissions(
    index: Record,
    episodes: Iterable[Record],
    *,
    within: Period,
    last_day_counts: bool = True,
    counts: Counts = psychiatric_inpatient,
) -> Readmissions:
    """The stays of a person that count and began within a period after a care episode ended.

    Stays that count are psychiatric inpatient care unless `counts` says otherwise. Those that overlap, or start on the
    day another ends, are one: what goes on from the episode is a transfer and no readmission, and a readmission is
    told by the first of its stays. A stay that may go on from care of which it is not recorded whether it counts, or
    when it ended, is among `perhaps`. Records of other people and the episode itself are left out. Raises `InputError`
    where the day on which the episode ended is not known, and for a period that is not counted in days.
    """
    ended = getattr(index, "ended_on", None)
    problems = []
    if not isinstance(ended, dt.date):
        problems.append(Problem(f"care_episode {index.id}, ended_on", "is no day", "give the day of leaving care"))
    problems += _window_problems(within)
    if problems or not isinstance(ended, dt.date):
        raise InputError(problems)
    last = _last_day(ended, within, last_day_counts=last_day_counts)
    others = [cast("CareEpisode", each) for each in episodes if each.id != index.id and _of_same(each, index)]
    begun = {each.id: each for each in others if each.admitted_on is None or ended < each.admitted_on <= last}
    told = [(begun[id_], truth) for id_, truth in _told(others, ended, counts).items() if id_ in begun]
    return Readmissions(
        through=last,
        counted=tuple(Readmission(each.id, (each.admitted_on - ended).days) for each, yes in told if yes),  # type: ignore[operator]
        perhaps=tuple(each.id for each, truth in told if truth is None),
    )


def _told(care: Iterable[CareEpisode], ended: dt.date, counts: Counts) -> dict[str, bool | None]:
    """Whether each episode that may count begins a stay of its own after an end, in the order of their first days."""
    found: dict[str, bool | None] = {}
    surely = perhaps = ended  # the days through which care that counts, or may, goes on from before
    for each in sorted(care, key=lambda each: (each.admitted_on or dt.date.min, each.id)):
        truth = None if each.person is None and counts(each) else counts(each)
        if truth is False:
            continue
        start = each.admitted_on
        own = None if start is None else start > surely
        found[each.id] = truth if own and start and start > perhaps else None if own is not False else False
        surely = max(surely, _through(each, dt.date.min)) if truth else surely
        perhaps = max(perhaps, _through(each, dt.date.max))
    return found


def _through(episode: CareEpisode, unknown: dt.date) -> dt.date:
    """The day through which an episode goes on, or another where that is not recorded or contradicts its first day."""
    if episode.ended_on is None or contradicts(episode):
        return unknown
    return episode.ended_on if isinstance(episode.ended_on, dt.date) else dt.date.max


_WINDOWS: Final = frozenset({"days", "weeks", "months", "years"})


def _window_problems(within: Period) -> list[Problem]:
    if within.amount >= 1 and within.unit in _WINDOWS:
        return []
    return [Problem("within", f"{within} is no length of days", f"count in {', '.join(sorted(_WINDOWS))}")]


def _last_day(ended: dt.date, within: Period, *, last_day_counts: bool) -> dt.date:
    return calendar.shift(ended, within, Office()) - dt.timedelta(days=0 if last_day_counts else 1)


def _of_same(episode: Record, index: Record) -> bool:
    return getattr(episode, "person", None) in {None, getattr(index, "person", None)}


# readmission within a window

Of: TypeAlias = Literal["people", "discharges"]
"""What is counted: each discharge, or each person once."""

EARLY = "before the records are complete"
ONWARD = "went on into other inpatient care"
SHORT = "the records end within the window"
GONE: Final = {DIED: "died within the window", LEFT: "left follow-up within the window"}
REASONS: Final = (EARLY, ONWARD, SHORT, *GONE.values())
"""Why a discharge is not followed through its window, in the order in which it is asked."""

COUNTS: Final[dict[str, tuple[str, str]]] = {
    "discharges": ("discharges with a readmission in the window", "discharges that were followed through it"),
    "people": (
        "people with a readmission in the window after any of their discharges",
        "people with a discharge that was followed through it",
    ),
}


def readmission(
    roster: HasTables,
    *,
    on: dt.date,
    within: Period,
    of: Of,
    index: Index = EVERY,
    last_day_counts: bool = True,
    level: float = LEVEL,
) -> Share:
    """How many discharges, or people, are followed by a readmission within a period, by what is recorded up to a day.

    Numerator: discharges with a stay that counts and begins on day 1 to the last day of the window, the day of leaving
    being day 0; whether the last day is in is a reading. Denominator: discharges that were followed through the whole
    window. Not yet observable: the window has not passed on the day, whatever happened in it so far. Excluded, and
    told: discharges before the records are complete (`since` of the tables), into other inpatient care, and those with
    a window in which the records end, or in which the person died or left follow-up, readmitted or not. Not recorded:
    the answer, the day, or whether the stay counts.

    Of people: yes if any discharge of theirs has a yes; else not recorded if one is not recorded; else no if one is
    known; each person is in one place. Raises `InputError` where care episodes were not given, and for a window that
    is not counted in days.
    """
    raise_any([*_window_problems(within), *choice_problems("of", of, COUNTS)])
    found = followed(roster.tables, index, on)
    cases = [_case(each, found, on, within, last_day_counts=last_day_counts) for each in found.discharges]
    counts, among = COUNTS[of]
    return share_of(
        cases if of == "discharges" else _by_person(cases),
        REASONS,
        measure=f"readmission within {within}, of {of}",
        counts=counts,
        among=among,
        window=f"day 1 to {within} after the day of leaving, the last day {'in' if last_day_counts else 'out'}",
        notes=found.notes,
        level=level,
    )


def _case(discharge: Discharge, found: Followed, on: dt.date, within: Period, *, last_day_counts: bool) -> Case:
    if discharge.left_on is None:
        return Case(discharge.id, discharge.person, "not recorded")
    last = _last_day(discharge.left_on, within, last_day_counts=last_day_counts)
    if last > on:
        return Case(discharge.id, discharge.person, "not yet observable")
    reason = _not_followed(discharge, discharge.left_on, last, found)
    if reason:
        return Case(discharge.id, discharge.person, "excluded", reason)
    return Case(discharge.id, discharge.person, _answer(discharge, discharge.left_on, last))


def _not_followed(discharge: Discharge, left_on: dt.date, last: dt.date, found: Followed) -> str:
    """Why a discharge was not followed through the last day of its window; an empty text if it was."""
    if left_on < found.complete_since:
        return EARLY
    if transferred(discharge, left_on):
        return ONWARD
    if last > found.last_day:
        return SHORT
    return GONE.get(discharge.course.ends.by(last), "")


def _answer(discharge: Discharge, left_on: dt.date, last: dt.date) -> State:
    if transferred(discharge, left_on) is None or not discharge.course.ends.known:
        return "not recorded"
    came = first_return(discharge, left_on, last)
    return answered(True if came.day else None if came.perhaps_earlier else False)


_ORDER: Final[tuple[State, ...]] = ("yes", "not recorded", "no", "not yet observable", "excluded")


def _by_person(cases: Iterable[Case]) -> Iterator[Case]:
    people: dict[str | None, list[Case]] = {}
    for case in cases:
        people.setdefault(case.person, []).append(case)
    for person, own in people.items():
        first = min(own, key=lambda case: _ORDER.index(case.state))
        yield attrs.evolve(first, id=str(person))
