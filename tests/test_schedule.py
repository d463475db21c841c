"""Courses of weeks: what came of them, the calendar that a rulebook makes, and the file that it is written to."""

from __future__ import annotations

import datetime as dt
import importlib.util
import io
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import peersupport
from peersupport import Contact, InputError, Office, report, schedule
from peersupport.cli import cli
from peersupport.rules.facts import NONE
from peersupport.schedule import Course, Entry, Meeting, Week

BOOK = peersupport.load("minnesota-peer2peer")
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
START = dt.date(2026, 3, 2)
CHICAGO = ZoneInfo("America/Chicago")
OFFICE = Office(zone="America/Chicago", holidays=frozenset({dt.date(2026, 5, 25)}))
WEDNESDAYS = Meeting(weekday=2, at=dt.time(15), lasts=dt.timedelta(minutes=45))
CALL, FOLLOW_UP = "week.video_call", "follow_up.monthly"
STAY = (dt.date(2026, 3, 31), dt.date(2026, 4, 8))
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


def days_of(week: Week) -> list[dt.date]:
    """The days from the start of a week until before its end."""
    return [week.start + n * DAY for n in range((week.until - week.start).days)]


class TestWeeks:
    """Weeks of a course, with and without a stay in hospital."""

    @given(
        DATES,
        st.integers(1, 30),
        st.lists(st.tuples(st.integers(-20, 120), st.integers(0, 40)), max_size=3),
        st.sampled_from(["continue", "pause"]),
    )
    def test_weeks_tile_the_course(
        self, start: dt.date, count: int, drawn: list[tuple[int, int]], after: schedule.After
    ) -> None:
        """Each begins where the one before ends, and has seven days beside those on which it was paused."""
        stays = [(start + first * DAY, start + (first + length) * DAY) for first, length in drawn]
        found = schedule.weeks(start, count, stays=stays, after=after)
        assert [week.number for week in found] == list(range(1, count + 1))
        assert [week.start for week in found] == [start, *(week.until for week in found[:-1])]
        still = {first + n * DAY for first, until in stays for n in range((until - first).days)}
        for week in found:
            paused = [day for day in days_of(week) if day in still] if after == "pause" else []
            assert week.paused == len(paused)
            assert len(days_of(week)) == 7 + len(paused)
            assert week.start in week
            assert week.until not in week

    def test_story_21_twelve_weeks_from_the_first_meeting(self) -> None:
        """From 2 March the last day is 24 May, and the fifth week runs from 30 March to 5 April."""
        found = schedule.weeks(START, 12)
        assert found[-1].until == dt.date(2026, 5, 25)
        assert (found[4].start, found[4].until) == (dt.date(2026, 3, 30), dt.date(2026, 4, 6))

    @pytest.mark.parametrize(
        ("after", "resumed_on", "last"),
        [
            ("continue", None, dt.date(2026, 5, 24)),
            ("pause", None, dt.date(2026, 6, 1)),
            ("restart", dt.date(2026, 4, 10), dt.date(2026, 7, 2)),
        ],
    )
    def test_story_24_a_stay_in_the_fifth_week(
        self, after: schedule.After, resumed_on: dt.date | None, last: dt.date
    ) -> None:
        """The source does not say what a stay does to the twelve weeks; each way has its own last day."""
        found = schedule.weeks(START, 12, stays=[STAY], after=after, resumed_on=resumed_on)
        assert found[-1].until - DAY == last
        assert len(found) == 12

    def test_without_a_stay_nothing_starts_anew(self) -> None:
        """A restart is for who was in hospital."""
        assert schedule.weeks(START, 3, after="restart") == schedule.weeks(START, 3)

    def test_what_cannot_be_is_told_at_once(self) -> None:
        """No weeks, a stay that ends before it starts, and a restart before the stay is over."""
        with pytest.raises(InputError) as caught:
            schedule.weeks(START, 0, stays=[(STAY[1], STAY[0])], after="restart", resumed_on=START)
        assert [problem.place for problem in caught.value.problems] == ["count", "stays", "resumed_on"]
        with pytest.raises(InputError, match="needs a meeting on 2026-04-08 or later"):
            schedule.weeks(START, 12, stays=[STAY], after="restart")


def call(id_: str, day: dt.date | None, status: str | None, **facts: object) -> Contact:
    """A call that was scheduled for a day."""
    return Contact(id=id_, scheduled_on=day, status=status, **facts)  # type: ignore[arg-type]  # any fact of a contact


class TestWeeksKept:
    """What came of each week."""

    def test_story_23_a_missed_call_is_made_up_in_the_next_week(self) -> None:
        """The sixth week was scheduled and not attended; the seventh has two calls, of which one makes up."""
        calls = [
            call("c6", dt.date(2026, 4, 8), "not_attended", makes_up=NONE),
            call("made-up", dt.date(2026, 4, 13), "attended", makes_up="c6"),
            call("c7", dt.date(2026, 4, 15), "attended", makes_up=NONE),
        ]
        others = [call(f"c{n}", START + (n - 1) * WEEK, "attended") for n in range(1, 13) if n not in {6, 7}]
        kept = schedule.weeks_kept(schedule.weeks(START, 12), [*calls, *others])
        sixth, seventh = kept[5], kept[6]
        assert (sixth.scheduled, sixth.attended, sixth.missed) == (1, 0, 1)
        assert (seventh.scheduled, seventh.attended, seventh.made_up) == (2, 2, 1)
        assert sum(week.attended > 0 for week in kept) == 11

    @pytest.mark.parametrize(("offset", "inside"), [(-1, False), (0, True), (6, True), (7, False)])
    def test_a_call_counts_for_the_week_of_its_own_day(self, offset: int, inside: bool) -> None:
        """The first and the last day of a week are in it, those around it are not."""
        (kept,) = schedule.weeks_kept(schedule.weeks(START, 1), [call("c", START + offset * DAY, "attended")])
        assert kept.attended == int(inside)

    def test_what_is_not_recorded_is_told_apart(self) -> None:
        """A call without an outcome is scheduled and unknown; one without a day is in no week."""
        (kept,) = schedule.weeks_kept(schedule.weeks(START, 1), [call("a", START, None), call("b", None, "attended")])
        assert (kept.scheduled, kept.attended, kept.missed, kept.unknown) == (1, 0, 0, 1)


def planned(start: dt.date = START, **how: Any) -> Course:  # noqa: ANN401  passed on
    """The course of somebody who starts on a day and agrees to be called afterwards."""
    return schedule.calendar(BOOK, start, **{"facts": {"follow_up_consent": True}, "office": OFFICE, **how})


class TestCalendar:
    """What a rulebook asks of somebody who starts on a day."""

    @given(DATES)
    def test_calls_and_modules_tile_the_twelve_weeks(self, start: dt.date) -> None:
        """Twelve of each, from the first day on, each week where the one before ends."""
        course = planned(start)
        for rule in (CALL, "week.module"):
            found = course.of(rule)
            assert [(each.number, each.of) for each in found] == [(n, 12) for n in range(1, 13)]
            assert [each.start for each in found] == [start + n * WEEK for n in range(12)]
            assert all(each.through - each.start == 6 * DAY for each in found)

    @given(DATES, st.integers(-200, 200))
    def test_shifting_the_start_shifts_what_is_counted_in_weeks(self, start: dt.date, by: int) -> None:
        """Weeks have no calendar of their own."""
        here, there = planned(start).of(CALL), planned(start + by * WEEK).of(CALL)
        assert [each.through + by * WEEK for each in here] == [each.through for each in there]

    @pytest.mark.parametrize(("start", "days"), [(dt.date(2026, 6, 9), ["2026-09-30", "2026-10-31", "2026-11-30"])])
    def test_story_25_follow_ups_are_cut_to_the_month_s_end(self, start: dt.date, days: list[str]) -> None:
        """The last day of the program is 31 August; each is counted from it and none from the one before."""
        assert [str(each.through) for each in planned(start).of(FOLLOW_UP)] == days

    def test_several_is_a_reading(self) -> None:
        """Three by default, four and six under their readings."""
        assert [
            len(planned(readings=names).of(FOLLOW_UP)) for names in ([], ["several is four"], ["several is six"])
        ] == [
            3,
            4,
            6,
        ]

    def test_without_a_recorded_consent_follow_ups_have_no_day(self) -> None:
        """They hang on what is not recorded, which is told; who does not agree has none."""
        asked = planned(facts={})
        assert asked.of(FOLLOW_UP) == ()
        assert [each.missing for each in asked.undated if each.rule == FOLLOW_UP] == [
            ("enrollment course, follow_up_consent",)
        ]
        declined = planned(facts={"follow_up_consent": False})
        told = [each.rule for each in declined.entries] + [each.rule for each in declined.undated]
        assert FOLLOW_UP not in told

    def test_story_22_a_reading_may_leave_nothing_of_the_course(self) -> None:
        """84 days from discharge are over before somebody referred on day 85 can start."""
        start, left = dt.date(2026, 4, 6), dt.date(2026, 1, 5)
        assert planned(start, left_care_on=left).of(CALL)[-1].through == dt.date(2026, 6, 28)
        course = planned(start, left_care_on=left, readings=["the weeks run from discharge"])
        assert course.of(CALL)[-1].through == dt.date(2026, 3, 29)
        assert f"{CALL}: it runs from 2026-01-05 to 2026-03-29, and the start is 2026-04-06: nothing of it is left" in (
            course.warnings
        )
        partly = planned(start - 2 * WEEK, left_care_on=left, readings=["the weeks run from discharge"])
        assert next(text for text in partly.warnings if text.startswith(CALL)).endswith("11 of 12 have passed")

    def test_no_holidays_is_said(self) -> None:
        """An office without a calendar of holidays has none, and who asks is told."""
        assert planned().warnings == ()
        assert planned(office=None).warnings == ("no holidays are given: what falls on one is not moved",)

    @pytest.mark.parametrize(("weekday", "first"), [(0, START), (2, START + 2 * DAY), (6, START + 6 * DAY)])
    def test_a_meeting_is_on_its_weekday_in_the_program_s_zone(self, weekday: int, first: dt.date) -> None:
        """Each week once, at the same time on the wall across the change to daylight saving time."""
        found = planned(meeting=Meeting(weekday=weekday, at=dt.time(15), lasts=dt.timedelta(minutes=45))).of(CALL)
        assert [each.start for each in found] == [first + n * WEEK for n in range(12)]
        assert {each.at.time() for each in found if each.at} == {dt.time(15)}
        assert found[0].at == dt.datetime.combine(first, dt.time(15), CHICAGO)
        assert all(each.until and each.at and each.until - each.at == dt.timedelta(minutes=45) for each in found)

    def test_only_what_people_meet_for_has_a_time(self) -> None:
        """A module is released in its week, on any day of it."""
        assert {each.rule for each in planned(meeting=WEDNESDAYS).entries if each.at} == {CALL}

    @pytest.mark.parametrize(
        ("closed", "day"),
        [
            ([], dt.date(2026, 3, 4)),
            ([dt.date(2026, 3, 4)], dt.date(2026, 3, 5)),
            ([dt.date(2026, 3, n) for n in range(4, 9)], dt.date(2026, 3, 2)),
            ([dt.date(2026, 3, n) for n in range(2, 9)], dt.date(2026, 3, 4)),
        ],
    )
    def test_a_meeting_on_a_holiday_moves_within_its_week(self, closed: list[dt.date], day: dt.date) -> None:
        """To the next open day of the week, or else to an earlier one; where all are closed it stays."""
        office = Office(zone="America/Chicago", holidays=frozenset(closed))
        assert planned(office=office, meeting=WEDNESDAYS).of(CALL)[0].start == day

    def test_a_week_can_have_another_day(self) -> None:
        """Moving one meeting leaves the others where they are."""
        moved = Meeting(weekday=2, at=dt.time(15), lasts=dt.timedelta(hours=1), moved={2: dt.date(2026, 3, 13)})
        assert [each.start for each in planned(meeting=moved).of(CALL)[:3]] == [
            dt.date(2026, 3, 4),
            dt.date(2026, 3, 13),
            dt.date(2026, 3, 18),
        ]

    def test_what_cannot_be_met_is_told_at_once(self) -> None:
        """A weekday that is none, no length, a day outside of its week, a week that is not there."""
        wrong = Meeting(
            weekday=7, at=dt.time(15), lasts=dt.timedelta(0), moved={2: dt.date(2026, 3, 16), 13: dt.date(2026, 6, 1)}
        )
        with pytest.raises(InputError) as caught:
            planned(meeting=wrong)
        assert len(caught.value.problems) == 4
        assert "choose a day from 2026-03-09 to 2026-03-15" in str(caught.value)

    def test_another_rulebook_has_another_course(self) -> None:
        """A plan within 30 days of admission, then reviews each 90: what Nebraska asks, on its own kind of record."""
        course = schedule.calendar(peersupport.load("nebraska-dbh"), START, about="admission", office=OFFICE)
        assert [str(each.through) for each in course.of("plan.developed")] == ["2026-04-01"]

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({"about": "enrolment"}, "did you mean 'enrollment'"),
            ({"about": "reminder"}, "no kind of record with a start and a person"),
            ({"facts": {"follow_up_consentt": True}}, "follow_up_consent"),
            ({"readings": ["several is five"]}, "several is"),
        ],
    )
    def test_what_is_not_there_is_refused(self, how: dict[str, Any], told: str) -> None:
        """A kind, fact or reading that the rulebook does not have."""
        with pytest.raises(InputError, match=told):
            planned(**how)


def events(content: bytes) -> list[Any]:
    """The events of a calendar file."""
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


class TestFile:
    """The calendar as a file."""

    def test_it_reads_back(self) -> None:
        """Every entry is there with its day or time and its text, in the program's zone."""
        course = planned(meeting=WEDNESDAYS)
        read = events(schedule.as_ics(course, "e-1"))
        assert len(read) == len(course.entries)
        for event, entry in zip(read, course.entries, strict=True):
            assert event["SUMMARY"] == str(entry)
            assert event.decoded("DTSTART") == (entry.at or entry.start)
            assert event.decoded("DTEND") == (entry.until or entry.through + DAY)
        timed = next(event for event in read if event["CATEGORIES"].to_ical() == CALL.encode())
        assert timed["DTSTART"].params["TZID"] == "America/Chicago"

    def test_ids_stay_the_same(self) -> None:
        """Made again, and for a course that was moved, the ids are the same; another key has others."""
        first, moved = planned(meeting=WEDNESDAYS), planned(START + DAY)
        ids = [event["UID"] for event in events(schedule.as_ics(first, "e-1"))]
        assert len(set(ids)) == len(ids)
        assert set(ids) == {event["UID"] for event in events(schedule.as_ics(moved, "e-1"))}
        assert not set(ids) & {event["UID"] for event in events(schedule.as_ics(first, "e-2"))}
        assert schedule.as_ics(first, "e-1") == schedule.as_ics(first, "e-1")

    def test_the_key_does_not_stand_in_it(self) -> None:
        """An id of a record is nobody's business in a calendar that is passed on."""
        assert b"participant-77" not in schedule.as_ics(planned(), "participant-77")

    def test_the_stamp_is_given_or_the_first_day(self) -> None:
        """There is no clock here."""
        (made,) = {event.decoded("DTSTAMP") for event in events(schedule.as_ics(planned(), "e"))}
        assert made == dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        stamp = dt.datetime(2026, 2, 1, 8, tzinfo=CHICAGO)
        (made,) = {event.decoded("DTSTAMP") for event in events(schedule.as_ics(planned(), "e", stamp=stamp))}
        assert made == stamp
        with pytest.raises(InputError, match="aware"):
            schedule.as_ics(planned(), "e", stamp=dt.datetime(2026, 2, 1))
        assert events(schedule.as_ics(Course(()), "e")) == []

    def test_without_the_library_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The extra is named."""
        there = importlib.util.find_spec
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "icalendar" else there(name))
        with pytest.raises(InputError, match=r"peersupport\[calendar\]"):
            schedule.as_ics(planned(), "e")

    def test_an_entry_that_is_not_counted_has_its_text_alone(self) -> None:
        """Only what is asked so many times is numbered."""
        assert str(Entry(rule="r", says="A plan is made.", start=START, through=START)) == "A plan is made."


class TestHolidays:
    """Public holidays by place."""

    def test_they_are_those_of_the_library(self) -> None:
        """Memorial Day 2026 in Minnesota; a place that is not there is refused."""
        pytest.importorskip("holidays", reason="the library needs a dateutil below 3")
        found = schedule.holidays_of("US-MN", [2026])
        assert dt.date(2026, 5, 25) in found
        assert dt.date(2026, 5, 22) not in found
        with pytest.raises(InputError, match="nothing is known of 'XX-YY'"):
            schedule.holidays_of("XX-YY", [2026])

    def test_the_library_is_asked_for_the_country_its_part_and_the_years(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With a stand-in for the library, which is not installed beside a dateutil of 4."""
        asked: list[object] = []

        def country_holidays(country: str, subdiv: str | None, years: Sequence[int]) -> dict[dt.date, str]:
            asked.extend((country, subdiv, years))
            if country == "XX":
                raise NotImplementedError
            return {dt.date(2026, 5, 25): "Memorial Day"}

        library = ModuleType("holidays")
        library.country_holidays = country_holidays  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "holidays", library)
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: library)
        assert schedule.holidays_of("US-MN", range(2026, 2028)) == {dt.date(2026, 5, 25)}
        assert asked == ["US", "MN", [2026, 2027]]
        with pytest.raises(InputError, match="nothing is known of 'XX'"):
            schedule.holidays_of("XX", [2026])

    def test_without_the_library_it_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Install the extra, or give the days."""
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
        with pytest.raises(InputError, match=r"peersupport\[calendar\].*give the days"):
            schedule.holidays_of("US", [2026])


def run(*arguments: str) -> Any:  # noqa: ANN401  click's result
    """The command, on the course of the stories."""
    base = ["schedule", "--rulebook", "minnesota-peer2peer", "--start", "2026-03-02"]
    return CliRunner().invoke(cli, [*base, *arguments])


class TestCommand:
    """`peersupport schedule`."""

    def test_it_prints_the_course_week_by_week(self) -> None:
        """Each week's call, the last day, and what has no day yet."""
        result = run("--weekday", "wed", "--time", "15:00", "--minutes", "45", "--follow-up")
        assert result.exit_code == 0
        assert "12  Wed 2026-05-20 15:00 to 15:45" in result.output
        assert "5  Mon 2026-03-30 to Sun 2026-04-05" in result.output
        assert "(3 of 3)" in result.output
        assert "enrollment.app_ready" in result.output
        assert "no holidays are given" in result.output

    def test_it_writes_the_calendar(self, tmp_path: Any) -> None:  # noqa: ANN401  a path
        """The file holds what was printed."""
        file = tmp_path / "course.ics"
        result = run("--ics", str(file), "--holiday", "2026-03-04", "--weekday", "wed")
        assert result.exit_code == 0
        days = [event.decoded("DTSTART") for event in events(file.read_bytes())]
        assert dt.datetime(2026, 3, 5, 9, tzinfo=CHICAGO) in days
        assert "no holidays" not in result.output

    def test_what_hangs_on_a_consent_is_said(self) -> None:
        """Without the answer there is no day, and the fact is named."""
        assert "Not recorded: enrollment course, follow_up_consent." in run().output

    def test_a_course_in_which_all_has_its_day_says_no_more(self) -> None:
        """Without anything undated there is no heading for it."""
        shown = io.StringIO()
        entry = Entry(rule="r", says="A plan is made.", start=START, through=START)
        report.course(Course((entry,)), Console(file=shown, width=100), "A program", START)
        assert "A plan is made." in shown.getvalue()
        assert "Without a day" not in shown.getvalue()

    def test_a_course_that_is_over_has_no_week_of_its_own(self) -> None:
        """What lies before the start has no number of a week, and a note says so."""
        result = run("--reading", "the weeks run from discharge", "--left-care", "2025-11-01")
        assert "nothing of it is left" in result.output

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("--zone", "Chicago"), "there is no time zone 'Chicago'"),
            (("--zone", "../x"), "there is no time zone"),
            (("--time", "25:00"), "write it as in 15:30"),
            (("--about", "plan"), "no kind of record"),
            (("--ics", "/nowhere/course.ics"), "cannot be written"),
        ],
    )
    def test_what_cannot_be_read_ends_with_2(self, arguments: tuple[str, ...], told: str) -> None:
        """The error names the option and the mend."""
        result = run(*arguments)
        assert result.exit_code == 2
        assert told in result.output

    def test_holidays_by_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The years of the course are asked for, and the days are added to those that are given."""
        asked: list[tuple[str, list[int]]] = []

        def holidays_of(place: str, years: Sequence[int]) -> frozenset[dt.date]:
            asked.append((place, list(years)))
            return frozenset({dt.date(2026, 3, 4)})

        monkeypatch.setattr(schedule, "holidays_of", holidays_of)
        result = run("--holidays", "US-MN", "--weekday", "wed")
        assert "Thu 2026-03-05 09:00" in result.output
        assert asked == [("US-MN", [2026, 2027, 2028])]
