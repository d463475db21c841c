"""Engagement: who started, who completed so many of so many, and how much of what was offered was attended.

Everybody enrolled is in the denominator, those who left in week three too: leaving is no missing outcome. What is
attended is a session, or a week with at least one session, which are not the same: three sessions in one week are one
week of twelve.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import attrs

from peersupport.measures import pictures
from peersupport.measures.pictures import Week
from peersupport.measures.values import LEVEL, Row, choice_problems, count_problems, percent
from peersupport.outcomes.courses import EARLY, NEVER, STARTED, Course, Served, Unit, course_of, seen, start_of, weekly
from peersupport.outcomes.given import day_problems, needed, since_of
from peersupport.outcomes.results import Share, share_of
from peersupport.readers.judge import HasTables
from peersupport.rules.problems import Problem, raise_any


@attrs.frozen
class Attendance:
    """How much of what was offered was attended, in two ways that differ: over all, and as a mean of people's shares.

    `pooled` is attended over offered, in which those who were offered more weigh more; `mean` weighs every one of the
    `records` (enrollments or admissions) alike. None where nothing was offered. `not_recorded` were offered and are in
    neither: whether they were attended is not recorded. There is no interval: sessions of one person are not
    independent.
    """

    unit: Unit
    attended: int
    offered: int
    not_recorded: int
    records: int
    mean: float | None

    @property
    def pooled(self) -> float | None:
        """Attended over offered."""
        return self.attended / self.offered if self.offered else None

    def rows(self) -> tuple[Row, ...]:
        """One tidy row."""
        return (
            {
                "measure": f"attendance in {self.unit}",
                "attended": self.attended,
                "offered": self.offered,
                "not_recorded": self.not_recorded,
                "pooled": self.pooled,
                "mean": self.mean,
                "records": self.records,
            },
        )

    def __str__(self) -> str:
        if self.pooled is None or self.mean is None:
            return f"attendance in {self.unit}: nothing was offered; {self.not_recorded} not recorded"
        shares = f"{percent(self.pooled)} of all, {percent(self.mean)} as the mean of {self.records}"
        counts = f"{self.attended} of {self.offered} attended, {self.not_recorded} not recorded"
        return f"attendance in {self.unit}: {counts}: {shares}"


@attrs.frozen
class Engagement:
    """Who started, and who completed, of everybody enrolled and of those who started; and the attendance."""

    started: Share
    completed: Share
    completed_of_starters: Share
    attendance: Attendance

    def rows(self) -> tuple[Row, ...]:
        """The tidy rows of all four."""
        parts = (self.started, self.completed, self.completed_of_starters, self.attendance)
        return tuple(row for part in parts for row in part.rows())

    def _repr_html_(self) -> str:
        shares = (self.started, self.completed, self.completed_of_starters)
        return pictures.html("", [row for share in shares for row in share.rows()], str(self))

    def __str__(self) -> str:
        return "\n".join(map(str, (self.started, self.completed, self.completed_of_starters, self.attendance)))


def engagement(
    roster: HasTables,
    *,
    on: dt.date,
    at_least: int,
    of: int,
    unit: Unit,
    served: Served = "enrollment",
    level: float = LEVEL,
) -> Engagement:
    """Who took part, by what is recorded up to a day: started, completed, and attended of what was offered.

    Started: one session or more took place, in or out of the units that are counted; where only a session of the person
    is recorded that says no enrollment, that is not recorded. Completed: `at_least` so many of the first `of` sessions
    or weeks, which is to be chosen before looking: there is no default. Attended weeks are those from the start with a
    session in them, a session counting for the week it is scheduled for; nothing is carried over. Offered are the first
    `of` sessions up to the day, or the weeks that began before the end.

    Denominator: everybody who started by the day and whose course is through: it has ended, or all its weeks have
    passed, or so many sessions were offered. Not yet observable: those still in it. Excluded: those from before the
    contacts are complete. Not recorded: where a status, a day or an end that is not recorded could change the answer.
    A session with a day to come, or without a person who attended, is no session. Raises `InputError` where the tables
    were not given, and for numbers that make no course, as more than 1000.
    """
    problems = [*count_problems("at_least", at_least), *count_problems("of", of), *day_problems(on=on)]
    problems += [*choice_problems("unit", unit, ("sessions", "weeks")), *choice_problems("served", served, STARTED)]
    problems += _long("of", of) if not problems else []
    if not problems and not 1 <= at_least <= of:
        problems.append(Problem("at_least", f"{at_least} of {of} completes nothing", f"choose from 1 to {of}"))
    raise_any(problems)
    needed(roster.tables, served, "contact")
    courses = [course_of(each, served, roster.tables, on, unit, of) for each in seen(roster.tables, served, on)]
    start = f"{served}s with one session or more"
    done = f"{served}s with {at_least} or more of {of} {unit}"
    window = f"from the start of each to its end, or {of} {unit}, up to {on}"
    everybody = f"{served}s that are through"
    return Engagement(
        started=share_of(
            [each.started() for each in courses],
            [EARLY],
            measure="started",
            counts=start,
            among=everybody,
            window=window,
            level=level,
        ),
        completed=share_of(
            [each.case(at_least) for each in courses],
            [EARLY],
            measure=f"completed {at_least} of {of} {unit}, of everybody",
            counts=done,
            among=everybody,
            window=window,
            level=level,
        ),
        completed_of_starters=share_of(
            [each.case_of_starters(at_least) for each in courses],
            [EARLY, NEVER],
            measure=f"completed {at_least} of {of} {unit}, of those who started",
            counts=done,
            among=start,
            window=window,
            level=level,
        ),
        attendance=_attendance(unit, courses),
    )


def attendance_by_week(
    roster: HasTables, *, on: dt.date, weeks: int, served: Served = "enrollment"
) -> tuple[Week, ...]:
    """Each week of a course: how many were still in it, how many of them attended, and of whom that is not recorded.

    Denominator: those who started, in each week that was over by the day and before they left. A week in which somebody
    leaves is not theirs any more. Left out: those from before the contacts are complete, and those whose first day or
    end is not recorded. Raises `InputError` where the tables were not given, and for no weeks.
    """
    problems = [*count_problems("weeks", weeks), *choice_problems("served", served, STARTED), *day_problems(on=on)]
    problems += _long("weeks", weeks) if not problems else []
    raise_any(problems or ([Problem("weeks", "0 weeks are no course", "write 1 or more")] if weeks < 1 else []))
    needed(roster.tables, served, "contact")
    since = since_of(roster.tables, "contact")
    said: dict[int, list[bool | None]] = {number: [] for number in range(weeks)}
    for each in seen(roster.tables, served, on):
        start = start_of(each, served)
        if start is not None and start >= since and each.ended_on is not None:
            for number, truth in enumerate(weekly(each, start, served, roster.tables, on, weeks)):
                said[number].append(truth)
    return tuple(
        Week(number + 1, len(truths), truths.count(True), truths.count(None)) for number, truths in said.items()
    )


LONGEST: Final = 1_000
"""The most sessions or weeks that a course can have."""


def _long(place: str, count: int) -> list[Problem]:
    return [Problem(place, f"{count} is above {LONGEST}", f"choose up to {LONGEST}")] if count > LONGEST else []


def _attendance(unit: Unit, courses: Iterable[Course]) -> Attendance:
    counted = [each for each in courses if not each.early and each.through]
    shares = [each.surely / each.offered for each in counted if each.offered]
    return Attendance(
        unit,
        attended=sum(each.surely for each in counted),
        offered=sum(each.offered for each in counted),
        not_recorded=sum(each.unclear for each in counted),
        records=len(shares),
        mean=sum(shares) / len(shares) if shares else None,
    )
