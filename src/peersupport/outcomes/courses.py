"""One course of somebody served: which sessions and weeks were offered, and which surely or possibly attended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias, cast

import attrs

from peersupport.eligibility import Admission, Enrollment
from peersupport.outcomes.given import ONE, day_of, sessions_of, since_of, took_place
from peersupport.outcomes.results import Case, answered
from peersupport.rules.calendar import Office
from peersupport.rules.tables import Tables
from peersupport.schedule import Contact

Unit: TypeAlias = Literal["sessions", "weeks"]
"""What is counted: sessions that took place, or weeks from the start with at least one."""

Served: TypeAlias = Literal["enrollment", "admission"]
"""The records that people are served under."""

EARLY = "before the records are complete"
NEVER = "never started"

ServedRecord: TypeAlias = Enrollment | Admission

STARTED: Final = {"enrollment": "started_on", "admission": "admitted_on"}


@attrs.frozen
class Course:
    """One enrollment: units surely and possibly attended, those offered, and whether it is through."""

    id: str
    person: str | None
    early: bool
    through: bool | None
    surely: int
    possibly: int
    offered: int
    unclear: int
    met: bool | None

    def started(self) -> Case:
        """Whether one session or more took place, in or out of the units counted, or why that cannot be told."""
        return self._case(self.met)

    def case(self, at_least: int) -> Case:
        """Whether at least so many were attended, or why that cannot be told."""
        return self._case(self._reached(at_least))

    def _case(self, truth: bool | None) -> Case:  # noqa: FBT001  a truth, not a flag
        if self.early:
            return Case(self.id, self.person, "excluded", EARLY)
        if self.through is False:
            return Case(self.id, self.person, "not yet observable")
        return Case(self.id, self.person, answered(truth if self.through else None))

    def case_of_starters(self, at_least: int) -> Case:
        """As `case`, of those who started; of somebody who may have started it is not recorded."""
        started = self.started()
        if started.state == "no":
            return Case(self.id, self.person, "excluded", NEVER)
        return self.case(at_least) if started.state == "yes" else started

    def _reached(self, at_least: int) -> bool | None:
        return True if self.surely >= at_least else None if self.possibly >= at_least else False


def seen(tables: Tables, served: Served, on: dt.date) -> Iterator[ServedRecord]:
    """The enrollments or admissions that began by a day; one without a day may have."""
    for each in cast("tuple[ServedRecord, ...]", tables.all_of(served)):
        start = start_of(each, served)
        if start is None or start <= on:
            yield each


def start_of(record: ServedRecord, served: Served) -> dt.date | None:
    """The first day of the service."""
    return cast("dt.date | None", getattr(record, STARTED[served]))


def course_of(record: ServedRecord, served: Served, tables: Tables, on: dt.date, unit: Unit, of: int) -> Course:
    """What came of one enrollment or admission, up to a day."""
    start = start_of(record, served)
    sessions = [each for each in sessions_of(tables, served, record.id) if _by(each, unit, tables.office, on)]
    counted = _weeks if unit == "weeks" else _sessions
    surely, possibly, offered, unclear = counted(start, record, sessions, tables.office, of, on)
    through = _through(record, start, unit, of, len(sessions), on)
    early = start is not None and start < since_of(tables, "contact")
    met = _met(record, served, tables, on)
    return Course(record.id, record.person, early, through, surely, possibly, offered, unclear, met)


def _met(record: ServedRecord, served: Served, tables: Tables, on: dt.date) -> bool | None:
    """Whether a session took place up to a day.

    None also where one of the person's is recorded with no enrollment, or no admission: it may be of this one.
    """
    own = sessions_of(tables, served, record.id)
    said = {took_place(each) for each in own if _by(each, "sessions", tables.office, on)}
    loose = [each for each in sessions_of(tables, "person", record.person or "") if getattr(each, served) is None]
    said |= {None for each in loose if took_place(each) and _by(each, "sessions", tables.office, on)}
    return _week(said)


def _by(session: Contact, unit: Unit, office: Office | None, on: dt.date) -> bool:
    """Whether a session lies up to a day; one without a day may, if it is not only scheduled."""
    day = _day(session, unit, office)
    return session.status != "scheduled" if day is None else day <= on


def _day(session: Contact, unit: Unit, office: Office | None) -> dt.date | None:
    """The day of a session: of a week's, the one it is scheduled for."""
    return (session.scheduled_on if unit == "weeks" else None) or day_of(session, office)


def _through(
    record: ServedRecord, start: dt.date | None, unit: Unit, of: int, offered: int, on: dt.date
) -> bool | None:
    """Whether a course is through on a day; None where that is not recorded."""
    end = record.ended_on
    if isinstance(end, dt.date) and end <= on:
        return True
    if unit == "sessions":
        return True if offered >= of else None if end is None else False
    if start is None:
        return None
    return True if start + 7 * of * ONE <= on + ONE else None if end is None else False


_Counted: TypeAlias = tuple[int, int, int, int]
"""Units surely attended, possibly attended, offered with a known outcome, and offered without one."""


def _sessions(
    _start: dt.date | None,
    _record: ServedRecord,
    sessions: Sequence[Contact],
    office: Office | None,
    of: int,
    _on: dt.date,
) -> _Counted:
    """Of the first `of` sessions by their day; one without a day may be any of them, or none."""
    days = [(_day(each, "sessions", office), each) for each in sessions]
    dated = [took_place(each) for day, each in sorted(days, key=_by_day) if day]
    loose = [took_place(each) for day, each in days if day is None]
    size = min(of, len(sessions))
    mixed = [(dated[: size - n], n) for n in range(max(0, size - len(dated)), min(size, len(loose)) + 1)]
    missed, unknown = loose.count(False), loose.count(None)
    surely = min(first.count(True) + max(0, n - missed - unknown) for first, n in mixed)
    possibly = max(len(first) - first.count(False) + min(n, len(loose) - missed) for first, n in mixed)
    unclear = [*dated, *loose][:size].count(None)
    return surely, possibly, size - unclear, unclear


def _by_day(held: tuple[dt.date | None, Contact]) -> tuple[dt.date, str]:
    day, session = held
    return day or dt.date.max, session.id


def _weeks(
    start: dt.date | None,
    record: ServedRecord,
    sessions: Sequence[Contact],
    office: Office | None,
    of: int,
    on: dt.date,
) -> _Counted:
    if start is None:
        return 0, of if any(took_place(each) is not False for each in sessions) else 0, 0, 0
    said = _by_week(start, sessions, office)
    weeks = [_week(said.get(number, ())) for number in range(of)]
    loose = sum(took_place(each) is not False for each in sessions if _day(each, "weeks", office) is None)
    surely, unclear = weeks.count(True), weeks.count(None)
    offered = [truth for number, truth in enumerate(weeks) if truth or _offered(start + 7 * number * ONE, record, on)]
    known = len(offered) - offered.count(None)
    return surely, surely + unclear + loose, known, offered.count(None)


def _by_week(start: dt.date, sessions: Iterable[Contact], office: Office | None) -> dict[int, list[bool | None]]:
    found: dict[int, list[bool | None]] = {}
    for each in sessions:
        day = _day(each, "weeks", office)
        if day is not None:
            found.setdefault((day - start).days // 7, []).append(took_place(each))
    return found


def _week(said: Collection[bool | None]) -> bool | None:
    return True if True in said else None if None in said else False


def _offered(first: dt.date, record: ServedRecord, on: dt.date) -> bool:
    """Whether a week began before the end, up to a day."""
    end = record.ended_on
    return first <= on and not (isinstance(end, dt.date) and end <= first)


def weekly(
    record: ServedRecord, start: dt.date, served: Served, tables: Tables, on: dt.date, weeks: int
) -> Iterator[bool | None]:
    """What came of each week that was over by a day and before the end, the first first."""
    sessions = sessions_of(tables, served, record.id)
    said = _by_week(start, sessions, tables.office)
    loose = any(took_place(each) is not False for each in sessions if _day(each, "weeks", tables.office) is None)
    end = record.ended_on if isinstance(record.ended_on, dt.date) else dt.date.max
    for number in range(weeks):
        if start + 7 * (number + 1) * ONE > min(on + ONE, end):
            return
        truth = _week(said.get(number, ()))
        yield None if loose and not truth else truth
