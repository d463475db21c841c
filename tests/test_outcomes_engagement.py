"""Engagement of 10 sessions and of 12 weeks, attendance by week, days to the first session; against plain counts."""

from __future__ import annotations

import csv
import datetime as dt
import zoneinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import (
    NONE,
    Admission,
    CareEpisode,
    Contact,
    Enrollment,
    InputError,
    Person,
    Record,
    Roster,
    outcomes,
    schedule,
)
from peersupport.library import CORE
from peersupport.measures.pictures import Week
from peersupport.outcomes import Attendance, Engagement, OutcomeEvent, Share
from peersupport.rules.facts import vocabulary

WITH = vocabulary([*(CORE[name].record for name in CORE), OutcomeEvent])
DAY = dt.timedelta(days=1)
START = dt.date(2026, 3, 2)
CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLE = CHECKOUT / "examples" / "peer2peer"
ON = dt.date(2026, 6, 30)


def day(number: int) -> dt.date:
    """A day by its number from the start."""
    return START + number * DAY


def enrolled(id_: str = "e", start: int | None = 0, end: int | str | None = "none", **facts: Any) -> Enrollment:  # noqa: ANN401
    """An enrollment by numbers of days; without an end, still going on."""
    ended = NONE if end == "none" else None if end is None else day(int(end))
    known = {"person": f"person of {id_}", **facts}
    return Enrollment(id=id_, started_on=None if start is None else day(start), ended_on=ended, **known)


def session(number: int | None, status: str | None = "attended", of: str | None = "e", **facts: Any) -> Contact:  # noqa: ANN401
    """A contact of an enrollment that is scheduled for a day."""
    known: dict[str, Any] = {"enrollment": of, "scheduled_on": None if number is None else day(number), **facts}
    return Contact(id=f"{of} {number} {status} {len(facts)}", status=status, **known)


def roster(*records: Record, since: dict[str, dt.date] | None = None) -> Roster:
    """A roster in which enrollments, admissions, contacts and care are complete."""
    people = {each.person for each in records if isinstance(each, Enrollment | Admission) and each.person}
    empty = ["enrollment", "admission", "contact", "care_episode", "outcome_event"]
    made = [*(Person(id=name) for name in sorted(people)), *records]
    return peersupport.from_records(made, empty=empty, since=since, vocabulary=WITH)


def weeks(*records: Record, on: int = 200, at_least: int = 2, of: int = 3) -> Engagement:
    """Two weeks or more of three."""
    return outcomes.engagement(roster(*records), on=day(on), at_least=at_least, of=of, unit="weeks")


def sessions(*records: Record, on: int = 200, at_least: int = 3, of: int = 10) -> Engagement:
    """Three sessions or more of ten."""
    return outcomes.engagement(roster(*records), on=day(on), at_least=at_least, of=of, unit="sessions")


def told(share: Share) -> dict[str, int]:
    """Every count of a share that is not zero."""
    counts = {"yes": share.numerator, "no": share.denominator - share.numerator, **share.excluded}
    counts |= {"not yet": share.not_yet_observable, "not recorded": share.not_recorded}
    return {name: n for name, n in counts.items() if n}


# who started and who completed


@pytest.mark.parametrize(
    ("contacts", "started", "completed", "of_starters"),
    [
        ([], "no", "no", "never started"),
        ([session(0)], "yes", "no", "no"),
        ([session(0), session(7)], "yes", "yes", "yes"),
        ([session(0), session(1), session(6)], "yes", "no", "no"),
        ([session(6), session(20)], "yes", "yes", "yes"),
        ([session(0), session(21)], "yes", "no", "no"),
        ([session(-1), session(0)], "yes", "no", "no"),
        ([session(0, "not_attended"), session(7, "not_attended")], "no", "no", "never started"),
        ([session(0, None)], "not recorded", "no", "not recorded"),
        ([session(0), session(7, None)], "yes", "not recorded", "not recorded"),
        ([session(0), session(7, "scheduled")], "yes", "not recorded", "not recorded"),
        ([session(0), session(8, None), session(9)], "yes", "yes", "yes"),
        ([session(0), session(None)], "yes", "not recorded", "not recorded"),
        ([session(None)], "yes", "no", "no"),
        ([session(90)], "yes", "no", "no"),
        ([session(-1)], "yes", "no", "no"),
        ([session(9, of=None, person="person of e")], "not recorded", "no", "not recorded"),
        ([session(9, "not_attended", of=None, person="person of e")], "no", "no", "never started"),
        ([session(201, of=None, person="person of e")], "no", "no", "never started"),
        ([session(9, of=None, person="person of e"), session(0)], "yes", "no", "no"),
        ([session(None, "not_attended")], "no", "no", "never started"),
        ([session(None, "scheduled")], "no", "no", "never started"),
    ],
)
def test_weeks_with_a_session(contacts: list[Contact], started: str, completed: str, of_starters: str) -> None:
    """Three sessions in one week are one week; what is not recorded is neither."""
    found = weeks(enrolled(), *contacts)
    answers = (found.started, found.completed, found.completed_of_starters)
    assert [told(each) for each in answers] == [{started: 1}, {completed: 1}, {of_starters: 1}]


@pytest.mark.parametrize(
    ("contacts", "started", "completed"),
    [
        ([], "no", "no"),
        ([session(0), session(1), session(2)], "yes", "yes"),
        ([session(0), session(1)], "yes", "no"),
        ([session(0), session(1), session(2, None)], "yes", "not recorded"),
        ([session(0), session(1), session(None)], "yes", "yes"),
        ([session(0), session(1), session(90)], "yes", "no"),
        ([session(0, "not_attended"), session(1, None)], "not recorded", "no"),
    ],
)
def test_sessions(contacts: list[Contact], started: str, completed: str) -> None:
    """Each session counts that took place up to the day, with or without a day of its own."""
    found = sessions(enrolled(end=60), *contacts, on=80)
    assert [told(each) for each in (found.started, found.completed)] == [{started: 1}, {completed: 1}]


@pytest.mark.parametrize(
    ("end", "on", "place"),
    [
        ("none", 19, "not yet"),
        ("none", 20, "yes"),
        (None, 19, "not recorded"),
        (None, 20, "yes"),
        (15, 14, "not yet"),
        (15, 15, "yes"),
    ],
)
def test_weeks_are_through_when_they_have_passed_or_the_person_left(end: int | str | None, on: int, place: str) -> None:
    """Whoever is still in them may complete yet: neither yes nor no, whatever came so far."""
    found = weeks(enrolled(end=end), session(0), session(7), on=on)
    assert told(found.completed) == {place: 1}


@pytest.mark.parametrize(
    ("end", "offered", "place"),
    [("none", 9, "not yet"), ("none", 10, "yes"), (None, 9, "not recorded"), (50, 3, "yes")],
)
def test_sessions_are_through_when_all_were_offered_or_the_person_left(
    end: int | str | None, offered: int, place: str
) -> None:
    """Ten sessions on offer, as in S4-12."""
    found = sessions(enrolled(end=end), *(session(n) for n in range(offered)))
    assert told(found.completed) == {place: 1}


@pytest.mark.parametrize(
    ("missed", "more", "completed", "attended"),
    [
        (8, [session(10)], "no", (2, 10, 0)),
        (7, [session(10)], "yes", (3, 10, 0)),
        (7, [session(-1, "not_attended")], "no", (2, 10, 0)),
        (7, [session(-1, None)], "not recorded", (2, 9, 1)),
        (7, [session(None)], "yes", (3, 10, 0)),
        (7, [session(None, "not_attended")], "not recorded", (2, 10, 0)),
        (7, [session(None, None)], "not recorded", (2, 10, 0)),
        (8, [session(None)], "no", (2, 10, 0)),
    ],
)
def test_only_the_first_sessions_count(
    missed: int, more: list[Contact], completed: str, attended: tuple[int, int, int]
) -> None:
    """Three of the first ten: an eleventh is none of them, one without a day may be."""
    ten = [session(n, "not_attended" if n < missed else "attended") for n in range(10)]
    found = sessions(enrolled(), *ten, *more)
    assert told(found.completed) == {completed: 1}
    assert (found.attendance.attended, found.attendance.offered, found.attendance.not_recorded) == attended


def test_a_course_longer_than_any_is_refused() -> None:
    """Of more than a thousand sessions or weeks, at once and by name."""
    with pytest.raises(InputError, match=r"of: 1001 is above 1000 \(choose up to 1000\)"):
        weeks(enrolled(), of=1001)
    with pytest.raises(InputError, match="weeks: 1000000000 is above 1000"):
        outcomes.attendance_by_week(roster(enrolled()), on=ON, weeks=1_000_000_000)
    assert told(weeks(enrolled(), of=1000).completed) == {"not yet": 1}


def test_story_58_who_leaves_is_counted_as_enrolled() -> None:
    """Somebody who chose to leave in week three is in the denominator of everybody."""
    found = weeks(enrolled(end=16), session(0), enrolled("f"), session(0, of="f"), session(8, of="f"))
    assert (found.completed.numerator, found.completed.denominator) == (1, 2)


def test_enrolled_and_starters_are_two_denominators() -> None:
    """One of four completed, and one of two who started."""
    people = [enrolled(name) for name in "abcd"]
    found = weeks(*people, *(session(n, of="a") for n in (0, 7)), session(3, of="b"))
    assert (found.completed.numerator, found.completed.denominator) == (1, 4)
    assert (found.completed_of_starters.numerator, found.completed_of_starters.denominator) == (1, 2)
    assert found.completed_of_starters.excluded["never started"] == 2
    assert found.started.people == 4


def test_who_comes_later_is_not_in_it() -> None:
    """Enrollments that start after the day; one without a first day may have started, and is not recorded."""
    found = weeks(enrolled("late", 30), enrolled("unknown", None), session(3, of="unknown"), on=20)
    assert told(found.started) == {"not recorded": 1}
    through = weeks(enrolled("unknown", None, 15), session(3, of="unknown"), on=20)
    assert told(through.started) == {"yes": 1}
    assert told(through.completed) == {"not recorded": 1}
    nothing = weeks(enrolled("unknown", None, 15), on=20)
    assert told(nothing.started) == {"no": 1}


@pytest.mark.parametrize(("since", "place"), [(0, "yes"), (1, "before the records are complete")])
def test_who_started_before_the_contacts_are_complete(since: int, place: str) -> None:
    """Sessions may be missing: no session is not none."""
    tables = roster(enrolled(), session(0), since={"contact": day(since)})
    found = outcomes.engagement(tables, on=ON, at_least=1, of=3, unit="weeks")
    assert told(found.completed) == {place: 1}


def test_admissions_are_served_too() -> None:
    """The same of the contacts of an admission."""
    served = Admission(id="a", person="p", admitted_on=START, ended_on=day(40))
    contact = Contact(id="c", admission="a", status="attended", scheduled_on=day(2))
    found = outcomes.engagement(roster(served, contact), on=ON, at_least=1, of=12, unit="weeks", served="admission")
    assert found.completed.counts == "admissions with 1 or more of 12 weeks"
    assert found.completed.numerator == 1


# attendance


def test_attendance_is_named_in_two_ways() -> None:
    """One attended 1 of 4 and one 2 of 2: half of all, and 62.5 % as a mean of the two."""
    first = [session(0), *(session(n, "not_attended") for n in (1, 2, 3)), session(4, None)]
    second = [session(n, of="f") for n in (0, 1)]
    none = enrolled("g", end=30)
    found = sessions(enrolled(end=30), enrolled("f", end=30), none, *first, *second)
    assert found.attendance == Attendance("sessions", attended=3, offered=6, not_recorded=1, records=2, mean=0.625)
    assert found.attendance.pooled == 0.5
    assert str(found.attendance) == (
        "attendance in sessions: 3 of 6 attended, 1 not recorded: 50.0 % of all, 62.5 % as the mean of 2"
    )


def test_weeks_offered_end_with_the_service() -> None:
    """Of three weeks two had begun before the end; a week without a session is one that was not attended."""
    found = weeks(enrolled(end=14), session(0), session(7, "not_attended"))
    assert (found.attendance.attended, found.attendance.offered) == (1, 2)
    whole = weeks(enrolled(), session(0), session(7, None))
    assert (whole.attendance.attended, whole.attendance.offered, whole.attendance.not_recorded) == (1, 2, 1)


def test_who_is_still_in_it_is_not_in_the_attendance() -> None:
    """Nor is anybody from before the records; where nothing was offered there is no share."""
    found = sessions(enrolled(), session(0))
    assert (found.attendance.pooled, found.attendance.mean) == (None, None)
    assert str(found.attendance) == "attendance in sessions: nothing was offered; 0 not recorded"


def test_engagement_says_what_it_is() -> None:
    """All four parts, as text and as tidy rows."""
    found = weeks(enrolled(), session(0))
    lines = str(found).splitlines()
    assert lines[0] == "started: 1 of 1 (100.0 %, 20.7 % to 100.0 %)"
    assert "completed 2 of 3 weeks, of everybody: 0 of 1 (0.0 %, 0.0 % to 79.3 %)" in lines
    assert "completed 2 of 3 weeks, of those who started: 0 of 1 (0.0 %, 0.0 % to 79.3 %)" in lines
    assert lines[-1].startswith("attendance in weeks: 1 of 3 attended")
    measures = [row["measure"] for row in found.rows() if row.get("part") == "counted"]
    assert measures == [found.started.measure, found.completed.measure, found.completed_of_starters.measure]
    assert found.rows()[-1]["pooled"] == pytest.approx(1 / 3)


def test_faults_of_a_question_are_told_together() -> None:
    """What completes is to be said, and possible; units and records are those that there are."""
    with pytest.raises(InputError) as caught:
        outcomes.engagement(roster(), on="x", at_least=-1, of=None, unit="calls", served="people")  # type: ignore[arg-type]
    assert [each.place for each in caught.value.problems] == ["at_least", "of", "on", "unit", "served"]
    for at_least in (0, 11):
        with pytest.raises(InputError, match=r"at_least: .* completes nothing"):
            outcomes.engagement(roster(), on=ON, at_least=at_least, of=10, unit="sessions")
    with pytest.raises(InputError, match="the table contact: was not given"):
        outcomes.engagement(peersupport.from_records([enrolled()]), on=ON, at_least=1, of=10, unit="sessions")


# weeks, one by one


def test_attendance_by_week() -> None:
    """Those who were still in it, how many attended, and of whom it is not recorded."""
    people = [enrolled("a"), enrolled("b", end=14), enrolled("c", 7), enrolled("d", 0, None), enrolled("e", None)]
    contacts = [session(0, of="a"), session(8, None, of="a"), session(3, "not_attended", of="b"), session(7, of="c")]
    tables = roster(*people, *contacts)
    assert outcomes.attendance_by_week(tables, on=day(20), weeks=4) == (
        Week(1, 3, 2, 0),
        Week(2, 3, 0, 1),
        Week(3, 1, 0, 0),
        Week(4, 0, 0, 0),
    )


def test_a_session_without_a_day_may_have_been_in_any_week() -> None:
    """A week with a session stays one; every other is not recorded."""
    tables = roster(enrolled(), session(0), session(None, None))
    assert outcomes.attendance_by_week(tables, on=ON, weeks=2) == (Week(1, 1, 1, 0), Week(2, 1, 0, 1))


def test_faults_of_weeks() -> None:
    """No weeks, and other records."""
    with pytest.raises(InputError, match="0 weeks are no course"):
        outcomes.attendance_by_week(roster(), on=ON, weeks=0)
    with pytest.raises(InputError, match="served: 'people'"):
        outcomes.attendance_by_week(roster(), on=ON, weeks=3, served="people")  # type: ignore[arg-type]


# laws

CONTACTS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.one_of(st.integers(-5, 40), st.none()),
        st.sampled_from(["attended", "attended", "not_attended", "scheduled", None]),
    ),
    max_size=10,
)
ENDS = st.tuples(*[st.one_of(st.integers(0, 50), st.sampled_from(["none", None]))] * 2)


def drawn(contacts: list[tuple[str, int | None, str | None]], ends: tuple[Any, Any], moved: int = 0) -> Roster:
    """Two enrollments with drawn ends and contacts, moved by some days."""

    def on(number: Any) -> Any:  # noqa: ANN401
        return number + moved if isinstance(number, int) else number

    people = [enrolled("a", moved, on(ends[0])), enrolled("b", 3 + moved, on(ends[1]))]
    held = [
        Contact(id=str(n), enrollment=of, status=status, scheduled_on=None if number is None else day(on(number)))
        for n, (of, number, status) in enumerate(contacts)
    ]
    return roster(*people, *held)


@given(CONTACTS, ENDS, st.integers(0, 60), st.sampled_from(["weeks", "sessions"]), st.integers(-700, 700))
def test_laws_of_engagement(
    contacts: list[tuple[str, int | None, str | None]],
    ends: tuple[Any, Any],
    on: int,
    unit: Any,  # noqa: ANN401
    moved: int,
) -> None:
    """Everybody is in one place; more asked for is completed by fewer; moving every day changes nothing."""
    tables = drawn(contacts, ends)
    found = [outcomes.engagement(tables, on=day(on), at_least=k, of=5, unit=unit) for k in (1, 3, 5)]
    for each in (part for one in found for part in (one.started, one.completed, one.completed_of_starters)):
        assert each.cases == len(each.given)
        assert each.numerator <= each.denominator
    assert [one.completed.numerator for one in found] == sorted(
        (one.completed.numerator for one in found), reverse=True
    )
    assert found[0].started.numerator >= found[0].completed.numerator
    assert found[0].attendance.attended <= found[0].attendance.offered
    again = outcomes.engagement(drawn(contacts, ends, moved), on=day(on + moved), at_least=3, of=5, unit=unit)
    assert told(again.completed) == told(found[1].completed)
    assert again.attendance == found[1].attendance


# days to the first session


def until_met(*records: Record, on: int = 100, since: Any = "acceptance", **more: Any) -> outcomes.UntilEvent:  # noqa: ANN401
    """Days from acceptance to the first session."""
    return outcomes.days_to_first_contact(roster(*records, **more), on=day(on), since=since)


def times(found: outcomes.UntilEvent) -> list[tuple[int, bool]]:
    """The days of a curve, with whether they ended in a session."""
    events = [(step.day, True) for step in found.curve.steps for _ in range(step.events)]
    return events + [(step.day, False) for step in found.curve.steps for _ in range(step.censored)]


def death(number: int | None) -> OutcomeEvent:
    """The death of the one person."""
    return OutcomeEvent(id="d", person="person of e", kind="death", happened_on=None if number is None else day(number))


def left_follow_up(number: int) -> OutcomeEvent:
    """The one person leaves follow-up."""
    return OutcomeEvent(id="l", person="person of e", kind="left_follow_up", happened_on=day(number))


ACCEPTED = enrolled(accepted_on=START)


@pytest.mark.parametrize(
    ("records", "expected", "left_out"),
    [
        ([ACCEPTED, session(5), session(9)], [(5, True)], {}),
        ([ACCEPTED, session(0)], [(0, True)], {}),
        ([ACCEPTED, session(3, "not_attended"), session(9)], [(9, True)], {}),
        ([ACCEPTED], [(100, False)], {}),
        ([enrolled(end=40, accepted_on=START)], [(40, False)], {}),
        ([enrolled(end=140, accepted_on=START)], [(100, False)], {}),
        ([ACCEPTED, death(30)], [(30, False)], {}),
        ([ACCEPTED, death(-3)], [(0, False)], {}),
        ([ACCEPTED, session(120)], [(100, False)], {}),
        ([ACCEPTED, session(120, None)], [(100, False)], {}),
        ([ACCEPTED, session(5), session(9, None)], [(5, True)], {}),
        ([ACCEPTED, session(5), session(5, None)], [(5, True)], {}),
        ([ACCEPTED, session(5), session(4, None)], [], {"not recorded": 1}),
        ([ACCEPTED, session(5), session(4, "scheduled")], [], {"not recorded": 1}),
        ([ACCEPTED, session(5), session(None)], [], {"not recorded": 1}),
        ([ACCEPTED, session(90, None)], [], {"not recorded": 1}),
        ([ACCEPTED, death(None)], [], {"not recorded": 1}),
        ([enrolled(end=None, accepted_on=START)], [], {"not recorded": 1}),
        ([enrolled()], [], {"not recorded": 1}),
        ([ACCEPTED, session(-2)], [], {"first met before the day that is counted from": 1}),
        ([enrolled(accepted_on=day(101))], [], {}),
        ([ACCEPTED, death(4), session(5)], [], {"not recorded": 1}),
        ([ACCEPTED, death(5), session(5)], [(5, True)], {}),
        ([ACCEPTED, left_follow_up(4), session(5)], [(4, False)], {}),
    ],
)
def test_days_until_somebody_is_met(
    records: list[Record], expected: list[tuple[int, bool]], left_out: dict[str, int]
) -> None:
    """Who was never met is watched as long as the service, the person and the records last."""
    found = until_met(*records)
    counts = {**found.excluded, "not recorded": found.not_recorded}
    assert times(found) == expected
    assert {reason: n for reason, n in counts.items() if n} == left_out


def test_what_ended_the_watching_is_told() -> None:
    """The day seen last, the end of the service, a death."""
    found = until_met(
        ACCEPTED,
        death(30),
        enrolled("f", end=40, accepted_on=START),
        enrolled("g", accepted_on=START),
        session(2, of="g"),
    )
    assert found.ended == {
        "still watched on the last day seen": 0,
        "the service ended": 1,
        "died": 1,
        "left follow-up": 0,
    }
    assert (found.numerator, found.denominator) == (1, 3)
    assert until_met(ACCEPTED).not_yet_observable == 1
    assert str(until_met(ACCEPTED)).splitlines()[0] == (
        "days from acceptance to the first session: 0 of 1, median not reached (not reached to not reached)"
    )


@pytest.mark.parametrize(
    ("ended", "index", "days"),
    [(0, "c", [(5, True)]), (2, "c", [(3, True)]), (None, "c", []), ("none", "c", []), (0, "none", [])],
)
def test_days_since_discharge(ended: int | str | None, index: str, days: list[tuple[int, bool]]) -> None:
    """The gap between leaving the ward and the first session (S0-29)."""
    last = NONE if ended == "none" else None if ended is None else day(int(ended))
    care = CareEpisode(id="c", person="person of e", admitted_on=day(-9), ended_on=last)
    found = until_met(enrolled(index_episode=NONE if index == "none" else index), care, session(5), since="discharge")
    assert times(found) == days
    reasons = {reason for reason, n in found.excluded.items() if n}
    if ended == "none":
        assert reasons == {"still in the care that it follows"}
    if index == "none":
        assert reasons == {"follows no care episode"}
    if ended is None:
        assert found.not_recorded == 1


def test_an_index_episode_that_is_not_recorded() -> None:
    """There is no day to count from."""
    assert until_met(enrolled(), session(5), since="discharge").not_recorded == 1


@pytest.mark.parametrize(
    ("start", "accepted", "watched"), [(101, None, 0), (101, day(101), 0), (120, START, 1), (100, None, 1)]
)
def test_an_enrollment_that_begins_later_is_not_watched(start: int, accepted: dt.date | None, watched: int) -> None:
    """The stay that it follows is over, and on the day nobody knows of it yet."""
    care = CareEpisode(id="c", person="person of e", admitted_on=day(-9), ended_on=day(0))
    found = until_met(enrolled(start=start, accepted_on=accepted, index_episode="c"), care, since="discharge")
    assert (found.denominator, found.not_recorded) == (watched, 0)


def test_days_since_admission() -> None:
    """Of a service definition, to the first contact of the admission."""
    served = Admission(id="a", person="p", admitted_on=START, ended_on=NONE)
    contact = Contact(id="c", admission="a", status="attended", scheduled_on=day(4))
    assert times(until_met(served, contact, since="admission")) == [(4, True)]


def test_starts_from_before_the_contacts_are_complete() -> None:
    """A first session may be missing."""
    found = outcomes.days_to_first_contact(
        roster(ACCEPTED, session(5), since={"contact": day(1)}), on=ON, since="acceptance"
    )
    assert found.excluded["before the records are complete"] == 1


def test_the_day_of_a_session_is_that_of_the_programs_clock() -> None:
    """One at 11 in the evening of Chicago is on that day, whatever the zone it is written in."""
    at = dt.datetime(2026, 3, 8, 4, 30, tzinfo=dt.UTC)
    contact = session(9, starts_at=at)
    program = peersupport.Program(id="program", time_zone="America/Chicago")
    assert times(until_met(ACCEPTED, contact)) == [(6, True)]
    assert times(until_met(ACCEPTED, contact, program)) == [(5, True)]
    local = session(9, starts_at=at.astimezone(zoneinfo.ZoneInfo("America/Chicago")))
    assert times(until_met(ACCEPTED, local)) == [(5, True)]


def test_faults_of_days_to_the_first_session() -> None:
    """Another start, and tables that were not given."""
    with pytest.raises(InputError, match="since: 'referral'"):
        until_met(since="referral")
    with pytest.raises(InputError, match="the table care_episode: was not given"):
        outcomes.days_to_first_contact(
            peersupport.from_records([], empty=["enrollment", "contact"]), on=ON, since="discharge"
        )


# the example program, counted from its files

Row = dict[str, str]


def _rows(kind: str) -> list[Row]:
    with (EXAMPLE / f"{kind}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text not in {"", "none"} else None


def _plain_weeks(enrollment: Row) -> tuple[set[int], set[int]]:
    """The weeks of twelve with a session that took place, and those with one of which that is not recorded."""
    start = _date(enrollment["started_on"])
    assert start is not None
    surely: set[int] = set()
    perhaps: set[int] = set()
    for row in _rows("contact"):
        scheduled = _date(row["scheduled_on"]) or _date(row["starts_at"])
        if row["enrollment"] != enrollment["id"] or row["status"] == "not_attended":
            continue
        if scheduled is None:
            perhaps |= set(range(12))
        elif scheduled <= ON and 0 <= (scheduled - start).days < 84:
            (surely if row["status"] == "attended" else perhaps).add((scheduled - start).days // 7)
    return surely, perhaps - surely


def test_weeks_of_the_example_against_its_files() -> None:
    """Nine or more of twelve weeks, counted again in plain Python."""
    counts = {"yes": 0, "no": 0, "not yet": 0, "not recorded": 0}
    for row in _rows("enrollment"):
        start, end = _date(row["started_on"]), _date(row["ended_on"])
        if start is None:
            counts["not recorded"] += 1
            continue
        if start > ON:
            continue
        through = (end is not None and end <= ON) or start + 84 * DAY <= ON + DAY
        surely, perhaps = _plain_weeks(row)
        if not through:
            counts["not yet" if row["ended_on"] else "not recorded"] += 1
        elif len(surely) >= 9:
            counts["yes"] += 1
        else:
            counts["not recorded" if len(surely | perhaps) >= 9 else "no"] += 1
    found = outcomes.engagement(peersupport.read(EXAMPLE), on=ON, at_least=9, of=12, unit="weeks")
    assert told(found.completed) == {place: n for place, n in counts.items() if n}
    assert found.completed.numerator >= 10


def test_weeks_of_the_example_are_those_that_schedule_keeps() -> None:
    """A week is attended where `schedule.weeks_kept` has a session attended in it."""
    roster_ = peersupport.read(EXAMPLE)
    for record in roster_.records("enrollment"):
        assert isinstance(record, Enrollment)
        contacts = [
            each for each in roster_.tables.referring("contact", "enrollment", record.id) if isinstance(each, Contact)
        ]
        if record.started_on is None or any(each.scheduled_on is None for each in contacts):
            continue
        kept = schedule.weeks_kept(schedule.weeks(record.started_on, 12), contacts)
        one = peersupport.from_records([Person(id=str(record.person)), record, *contacts], empty=["contact"])
        share = outcomes.engagement(one, on=dt.date(2030, 1, 1), at_least=1, of=12, unit="weeks").attendance
        assert share.attended == (sum(week.attended > 0 for week in kept) if share.offered else 0)


def test_days_from_discharge_of_the_example_against_its_files() -> None:
    """Every gap between discharge and first session that the files have, in plain Python."""
    gaps = []
    care = {row["id"]: row for row in _rows("care_episode")}
    for row in _rows("enrollment"):
        left = _date(care[row["index_episode"]]["ended_on"]) if row["index_episode"] in care else None
        own = [
            each for each in _rows("contact") if each["enrollment"] == row["id"] and each["status"] != "not_attended"
        ]
        said = [(_date(each["starts_at"]) or _date(each["scheduled_on"]), each["status"]) for each in own]
        days = sorted(on for on, status in said if on and on <= ON and status == "attended")
        vague = any(
            on is None or (on <= ON and status != "attended" and (not days or on < days[0])) for on, status in said
        )
        if left and left <= ON and days and not vague:
            gaps.append((days[0] - left).days)
    found = outcomes.days_to_first_contact(peersupport.read(EXAMPLE), on=ON, since="discharge")
    assert sorted(number for number, event in times(found) if event) == sorted(gaps)
    assert len(gaps) >= 20


# in a notebook


def test_engagement_shows_itself() -> None:
    """As a table of its shares, with everything that is said of them."""
    found = weeks(enrolled(), session(0))._repr_html_()
    assert "<table" in found
    assert "attendance in weeks: 1 of 3 attended" in found


def test_days_to_the_first_session_show_themselves() -> None:
    """As a curve; of nobody too."""
    assert "<svg" in until_met(ACCEPTED, session(5))._repr_html_()
    assert "<svg" in until_met()._repr_html_()
