"""The rulebook `minnesota-peer2peer`: the referral window (S0-10, 31, 33) against its law, and the stories about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport import NONE, CareEpisode, Finding, Person, Program, Referral, Verdict, from_records, judge, load

BOOK = load("minnesota-peer2peer")
DAY = dt.timedelta(days=1)
REFERRED = dt.date(2026, 4, 6)
CHICAGO = ZoneInfo("America/Chicago")
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def finding(*episodes: CareEpisode, at: dt.datetime | None = None, readings: Iterable[str] = ()) -> Finding:
    """The window of a referral, with all care episodes of the person known."""
    received = at or dt.datetime.combine(REFERRED, dt.time(10), CHICAGO)
    referral = Referral(id="r", person="p", received_at=received)
    program = Program(id="program", time_zone="America/Chicago")
    roster = from_records([Person(id="p"), program, referral, *episodes], empty=["care_episode"])
    on = dt.date(2026, 12, 31) if at is None else received.astimezone(CHICAGO).date()
    return judge(BOOK, "referral.window", referral, on=on, tables=roster.tables, readings=readings)


def stay(id_: str = "e", **facts: object) -> CareEpisode:
    """A psychiatric inpatient stay that led to no other, unless said otherwise."""
    facts = {"person": "p", "kind": "inpatient", "psychiatric": True, "led_to": NONE, **facts}
    return CareEpisode(id=id_, **facts)  # type: ignore[arg-type]  # any fact of a care episode


EPISODES = st.builds(
    lambda kind, psychiatric, start, length, open_: (kind, psychiatric, start, length, open_),
    st.sampled_from(["inpatient", "emergency", "crisis_team", "other"]),
    st.booleans(),
    st.one_of(st.integers(-130, 20), st.integers(-95, -85)),
    st.integers(0, 12),
    st.booleans(),
)


class TestReferralWindow:
    """Care that ended at most 90 days before the referral, or is still going on."""

    @given(st.lists(EPISODES, max_size=4))
    def test_one_fitting_episode_is_enough(self, drawn: list[tuple[str, bool, int, int, bool]]) -> None:
        """Kind, psychiatric and days, in plain Python; day 90, care of any kind and the hour under their readings."""
        episodes = []
        answers = {"": False, "day 90 is out": False, "any inpatient or emergency care": False, "to the hour": False}
        for i, (kind, psychiatric, start, length, open_) in enumerate(drawn):
            first = REFERRED + start * DAY
            ended = NONE if open_ else first + length * DAY
            left = NONE if open_ else dt.datetime.combine(first + length * DAY, dt.time(9 + i), CHICAGO)
            facts = {"kind": kind, "psychiatric": psychiatric, "admitted_on": first, "ended_on": ended, "left_at": left}
            episodes.append(stay(f"e{i}", **facts))
            since = (REFERRED - ended).days if isinstance(ended, dt.date) else None
            inside = first <= REFERRED and (since is None or since < 0)
            fits = kind in {"inpatient", "emergency"} and (inside or (since is not None and 0 <= since <= 90))
            strict = fits and (inside or since != 90)
            answers[""] |= fits and psychiatric
            answers["day 90 is out"] |= strict and psychiatric
            answers["any inpatient or emergency care"] |= fits
            on_the_clock = since == 90 and 9 + i < 10  # the referral came at ten
            answers["to the hour"] |= fits and psychiatric and not on_the_clock
        found = finding(*episodes)
        assert found.verdict is (MET if answers.pop("") else NOT_MET)
        assert found.alternatives == {name: MET if truth else NOT_MET for name, truth in answers.items()}

    @pytest.mark.parametrize(("days", "expected"), [(0, MET), (89, MET), (90, MET), (91, NOT_MET)])
    def test_the_boundary(self, days: int, expected: Verdict) -> None:
        """The day of leaving is day 0, day 90 is in, day 91 is out."""
        ended = REFERRED - days * DAY
        assert finding(stay(admitted_on=ended - 5 * DAY, ended_on=ended)).verdict is expected

    def test_story_1_the_edge_shows_in_the_other_reading(self) -> None:
        """On day 90 the verdict depends on the reading, and the finding says so."""
        found = finding(stay(admitted_on=dt.date(2025, 12, 30), ended_on=REFERRED - 90 * DAY))
        assert found.verdict is MET
        assert found.alternatives["day 90 is out"] is NOT_MET

    def test_story_3_the_day_is_the_program_s(self) -> None:
        """23:30 in Chicago is the next day in UTC and still the day itself for the program."""
        episode = stay(admitted_on=dt.date(2025, 12, 30), ended_on=dt.date(2026, 1, 5))
        late = dt.datetime(2026, 4, 6, 4, 30, tzinfo=dt.UTC)
        assert finding(episode, at=late).verdict is MET
        assert finding(episode, at=late + dt.timedelta(hours=1)).verdict is NOT_MET

    def test_story_4_an_end_that_is_not_recorded_is_unknown(self) -> None:
        """Not met would be a guess: the end of care is what is missing."""
        found = finding(stay(admitted_on=dt.date(2026, 1, 1)))
        assert found.verdict is UNKNOWN
        assert [(place.kind, place.fact) for place in found.missing] == [("care_episode", "ended_on")]

    def test_story_5_still_in_care(self) -> None:
        """No end so far: the window is met."""
        assert finding(stay(admitted_on=dt.date(2025, 6, 1), ended_on=NONE)).verdict is MET

    def test_story_7_an_emergency_visit_that_became_a_stay_is_not_a_second_episode(self) -> None:
        """The visit led to the stay, and only the stay counts."""
        visit = stay("v", kind="emergency", admitted_on=REFERRED - DAY, ended_on=REFERRED - DAY, led_to="w")
        ward = stay("w", admitted_on=REFERRED - 200 * DAY, ended_on=REFERRED - 100 * DAY)
        assert finding(visit, ward).verdict is NOT_MET

    def test_story_8_a_discharge_that_lies_ahead_is_not_taken_for_care_that_ended(self) -> None:
        """As of the referral a later date has not been seen: unknown, with a warning."""
        episode = stay(admitted_on=dt.date(2026, 3, 1), ended_on=dt.date(2026, 6, 30))
        found = finding(episode, at=dt.datetime(2026, 6, 10, 12, tzinfo=CHICAGO))
        assert found.verdict is UNKNOWN
        assert len(found.warnings) == 1

    def test_no_table_of_care_episodes_is_unknown_and_an_empty_one_is_not_met(self) -> None:
        """What was not given is unknown; what was given and is empty is known."""
        referral = Referral(id="r", person="p", received_at=dt.datetime(2026, 4, 6, 12, tzinfo=CHICAGO))
        records = [Person(id="p"), Program(id="program", time_zone="America/Chicago"), referral]
        without = judge(BOOK, "referral.window", referral, on=REFERRED, tables=from_records(records).tables)
        assert (without.verdict, str(without.missing[0])) == (UNKNOWN, "the table care_episode")
        assert finding().verdict is NOT_MET
