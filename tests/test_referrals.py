"""The answer to a referral: stories 1 to 15 where they ask for more than a verdict, and what is read off the rules."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import peersupport
from peersupport import (
    NONE,
    CareEpisode,
    Enrollment,
    InputError,
    Person,
    Place,
    Program,
    Record,
    Referral,
    Roster,
    Verdict,
    from_records,
    referrals,
)
from peersupport.cli import cli
from peersupport.referrals import Answer

BOOK = peersupport.load("minnesota-peer2peer")
CHICAGO = ZoneInfo("America/Chicago")
LEFT = dt.date(2026, 1, 5)
DAY = dt.timedelta(days=1)
WARMLINE = "referral.warmline"


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    """A time of a day in the program's zone."""
    return dt.datetime.combine(day, dt.time(hour), CHICAGO)


def stay(id_: str = "e1", **facts: object) -> CareEpisode:
    """A psychiatric inpatient stay that ended on 5 January, unless said otherwise."""
    known: dict[str, Any] = {
        "person": "p",
        "kind": "inpatient",
        "psychiatric": True,
        "admitted_on": dt.date(2025, 12, 1),
        "ended_on": LEFT,
        "led_to": NONE,
    }
    return CareEpisode(id=id_, **{**known, **facts})


def roster(*episodes: Record, capacity: Any = 40, taken: int = 0, **facts: object) -> Roster:  # noqa: ANN401
    """The roster of one referral, which came on 5 April at ten, unless said otherwise."""
    known: dict[str, Any] = {
        "received_at": at(dt.date(2026, 4, 5)),
        "route": "self_referral",
        "referrer_role": "self",
        "devices": frozenset({"tablet"}),
        "first_response_at": NONE,
        "decided_at": NONE,
        "warmline_sent_at": NONE,
    }
    referral = Referral(id="r", person="p", **{**known, **facts})
    enrolled = [Enrollment(id=f"n{n}", person="p", started_on=dt.date(2026, 3, 2), ended_on=NONE) for n in range(taken)]
    program = Program(id="program", time_zone="America/Chicago", capacity=capacity)
    return from_records([Person(id="p"), program, referral, *episodes, *enrolled], empty=["care_episode", "enrollment"])


def answered(given_: Roster, on: dt.date = dt.date(2026, 4, 6), **how: Any) -> Answer:  # noqa: ANN401
    """The answer to the one referral."""
    return referrals.answer(BOOK, given_, "r", on=on, **how)


class TestStories:
    """What coordinators and clinicians ask of a referral."""

    def test_story_1_the_last_day_is_day_90(self) -> None:
        """Day 90 is in, it is the last one, and the reading that leaves it out shows."""
        found = answered(roster(stay()))
        assert (found.outcome, found.days_since, found.last_eligible_day) == ("place", 90, dt.date(2026, 4, 5))
        (window,) = [part for part in found.parts if part.rule == "referral.window"]
        assert window.alternatives["day 90 is out"] is Verdict.NOT_MET

    def test_story_2_a_day_too_late_is_still_owed_an_answer(self) -> None:
        """The last day has passed; the answer and the warmline information are owed all the same."""
        found = answered(roster(stay(), received_at=at(dt.date(2026, 4, 6), 9)))
        assert (found.outcome, found.last_eligible_day) == ("criteria_not_met", dt.date(2026, 4, 5))
        assert {finding.rule for finding in found.owed} == {"referral.response", "referral.decision", WARMLINE}

    def test_story_4_the_one_question_to_ask(self) -> None:
        """The day of leaving care is not recorded: unknown, and that is what to ask."""
        found = answered(roster(stay(ended_on=None)))
        assert (found.outcome, found.ask) == ("unknown", Place("care_episode", "e1", "ended_on"))
        assert found.question == "What is the day of leaving care (care episode e1)?"

    def test_story_5_still_in_care_has_no_last_day(self) -> None:
        """Care goes on: no days have passed and the window does not close yet."""
        found = answered(roster(stay(ended_on=NONE), route="while_in_care", referrer_role="clinician"))
        assert (found.outcome, found.days_since, found.last_eligible_day) == ("place", None, None)

    def test_story_6_the_index_episode_is_the_one_that_counts(self) -> None:
        """The visit is too long ago, the stay is not."""
        visit = stay("visit", kind="emergency", admitted_on=dt.date(2026, 1, 2), ended_on=dt.date(2026, 1, 2))
        ward = stay("ward", admitted_on=dt.date(2026, 2, 10), ended_on=dt.date(2026, 2, 20))
        found = answered(roster(visit, ward, received_at=at(dt.date(2026, 4, 20))), on=dt.date(2026, 4, 21))
        assert (found.index_episode, found.days_since) == ("ward", 59)

    def test_story_7_a_visit_that_became_a_stay_is_no_index(self) -> None:
        """The stay is the one episode, from whose end the days count."""
        visit = stay(
            "visit", kind="emergency", admitted_on=dt.date(2026, 3, 1), ended_on=dt.date(2026, 3, 1), led_to="w"
        )
        ward = stay("w", admitted_on=dt.date(2026, 3, 1), ended_on=dt.date(2026, 3, 12))
        found = answered(roster(visit, ward))
        assert (found.index_episode, found.days_since) == ("w", 24)

    @pytest.mark.parametrize(
        ("devices", "outcome"), [(frozenset(), "criteria_not_met"), (None, "unknown"), (frozenset({"tablet"}), "place")]
    )
    def test_story_9_a_device(self, devices: frozenset[str] | None, outcome: str) -> None:
        """None is no, not recorded is unknown and is what to ask."""
        found = answered(roster(stay(), devices=devices))
        assert found.outcome == outcome
        assert found.question == (
            "What are the devices that the person can use (referral r)?" if devices is None else ""
        )

    @pytest.mark.parametrize(
        ("taken", "capacity", "place", "outcome"),
        [
            (39, 40, True, "place"),
            (40, 40, False, "no_place_now"),
            (41, 40, False, "no_place_now"),
            (40, None, None, "unknown"),
            (40, NONE, True, "place"),
        ],
    )
    def test_story_11_no_place_now_is_not_ineligible(
        self, taken: int, capacity: object, place: bool | None, outcome: str
    ) -> None:
        """The criteria are met whether there is a place or not."""
        found = answered(roster(stay(), taken=taken, capacity=capacity))
        assert (found.eligible.verdict, found.place, found.outcome) == (Verdict.MET, place, outcome)
        assert WARMLINE in {finding.rule for finding in found.owed}

    def test_story_14_a_correction_changes_no_decision(self) -> None:
        """Decided on day 86; later the discharge is corrected by which it was day 102: the cause is named."""
        decided = dt.date(2026, 4, 1)
        then = roster(stay(), received_at=at(decided))
        now = roster(stay(ended_on=dt.date(2025, 12, 20)), received_at=at(decided), warmline_sent_at=at(decided))
        found = referrals.reevaluated(BOOK, then, now, "r", on=decided)
        assert (found.was.verdict, found.now.verdict) == (Verdict.MET, Verdict.NOT_MET)
        assert found.causes == (Place("care_episode", "e1", "ended_on"),)
        assert found.differs

    def test_story_15_a_new_stay_opens_a_new_window(self) -> None:
        """Whoever completed the program is in time again after a new stay; whether she may enroll again is a gap."""
        again = stay("e2", admitted_on=dt.date(2026, 6, 20), ended_on=dt.date(2026, 7, 1))
        found = answered(roster(stay(), again, received_at=at(dt.date(2026, 7, 20))), on=dt.date(2026, 7, 21))
        assert (found.index_episode, found.days_since, found.outcome) == ("e2", 19, "place")
        assert "G0-5" in BOOK.gaps


class TestOwed:
    """What is to be done for a referral, whatever the answer."""

    def test_what_was_done_is_not_owed(self) -> None:
        """Answered, decided and sent within the hour: nothing is left."""
        soon = dt.datetime(2026, 4, 6, 9, tzinfo=CHICAGO)
        done: dict[str, Any] = {"first_response_at": soon, "decided_at": soon, "warmline_sent_at": soon}
        assert answered(roster(stay(), **done)).owed == ()
        assert [each.rule for each in answered(roster(stay(), **{**done, "warmline_sent_at": None})).owed] == [WARMLINE]


class TestLaws:
    """What holds of every answer."""

    @settings(max_examples=25, deadline=None)
    @given(st.integers(-100, 120), st.sampled_from([(), ("day 90 is out",)]))
    def test_the_last_day_is_the_last_that_is_in_time(self, offset: int, readings: tuple[str, ...]) -> None:
        """A referral on that day is in time and one on the next is not, whenever it came and under each reading."""
        received = LEFT + offset * DAY
        found = answered(roster(stay(), received_at=at(received)), on=dt.date(2026, 12, 31), readings=readings)
        last = LEFT + (89 if readings else 90) * DAY
        assert found.last_eligible_day == last
        assert (found.eligible.verdict is Verdict.MET) == (dt.date(2025, 12, 1) <= received <= last)

    def test_of_two_episodes_that_count_the_later_end_is_the_index(self) -> None:
        """Care that goes on is later than any that ended; the order of the table does not matter."""
        first, second = stay("a", ended_on=dt.date(2026, 3, 1)), stay("b", ended_on=dt.date(2026, 3, 2))
        for episodes in ((first, second), (second, first)):
            assert answered(roster(*episodes)).index_episode == "b"
        assert answered(roster(stay("c", ended_on=NONE), first, second)).index_episode == "c"

    def test_nothing_is_guessed_where_tables_are_missing(self) -> None:
        """Without care episodes, without a time of receipt, without a program or with two: not known."""
        whole = roster(stay())
        bare = from_records([Person(id="p"), Referral(id="r", person="p", received_at=None)])
        found = answered(bare)
        assert (found.outcome, found.place, found.index_episode) == ("unknown", None, None)
        assert (found.last_eligible_day, found.days_since) == (None, None)
        assert found.question == "What are the devices that the person can use (referral r)?"
        nobody = answered(from_records(_records(whole, person=None)))
        assert (nobody.index_episode, nobody.outcome) == (None, "unknown")
        early = answered(roster(stay(), received_at=None))
        assert (early.index_episode, early.days_since, early.last_eligible_day) == (None, None, None)

    def test_what_has_no_fact_is_asked_for_by_its_place(self) -> None:
        """A whole table that is not there has no single question."""
        text = referrals.question(Place("care_episode"), BOOK.vocabulary)
        assert text == "What is recorded of the table care_episode?"
        told = referrals.question(Place("enrollment", "e", "follow_up_consent"), BOOK.vocabulary)
        assert told == "Is it so that the person agrees to be called after the program (enrollment e)?"

    @pytest.mark.parametrize(
        ("how", "told"),
        [
            ({"rule": "referral.eligable"}, "did you mean 'referral.eligible'"),
            ({"window": "w", "places": "p"}, "2 problems"),
            ({"readings": ["day 91"]}, "day 9"),
        ],
    )
    def test_what_is_not_there_is_refused(self, how: dict[str, Any], told: str) -> None:
        """A rule or reading that the rulebook does not have, and a referral that is not in the roster."""
        with pytest.raises(InputError, match=told):
            answered(roster(stay()), **how)
        with pytest.raises(InputError, match="there is no 'q'"):
            referrals.answer(BOOK, roster(), "q", on=LEFT)


class TestReEvaluation:
    """Facts that were corrected after a decision."""

    def test_without_a_difference_there_is_no_cause(self) -> None:
        """A correction that changes nothing is none."""
        found = referrals.reevaluated(BOOK, roster(stay()), roster(stay(ended_on=LEFT + DAY)), "r", on=LEFT + 91 * DAY)
        assert (found.differs, found.causes) == (False, ())

    def test_a_fact_of_the_referral_itself_can_be_the_cause(self) -> None:
        """The device was recorded wrongly."""
        now = roster(stay(), devices=frozenset({"landline"}))
        found = referrals.reevaluated(BOOK, roster(stay()), now, "r", on=dt.date(2026, 4, 6))
        assert found.causes == (Place("referral", "r", "devices"),)

    def test_facts_that_only_together_make_a_difference_are_all_named(self) -> None:
        """Two stays were each enough, and neither is any more."""
        old = [stay("a"), stay("b")]
        new = [attrs.evolve(each, psychiatric=False) for each in old]
        found = referrals.reevaluated(BOOK, roster(*old), roster(*new, taken=1), "r", on=dt.date(2026, 4, 6))
        assert found.now.verdict is Verdict.NOT_MET
        assert found.causes == (Place("care_episode", "a", "psychiatric"), Place("care_episode", "b", "psychiatric"))


def _records(given_: Roster, **changed: object) -> list[Record]:
    """The records of a roster, with other facts of the referral."""
    kinds = ("person", "program", "care_episode", "referral")
    records = [record for kind in kinds for record in given_.records(kind)]
    return [attrs.evolve(each, **changed) if isinstance(each, Referral) else each for each in records]  # type: ignore[arg-type]


def run(tmp_path: Path, *options: str, ended: str = "2026-01-05", capacity: str = "1") -> Result:
    """`peersupport referral` on a folder of tables with one referral, as it stood on 6 April."""
    tables = {
        "person": "id\np",
        "program": f"id,time_zone,capacity\nprogram,America/Chicago,{capacity}",
        "care_episode": "id,person,kind,psychiatric,admitted_on,ended_on,led_to\n"
        f"e1,p,inpatient,yes,2025-12-01,{ended},none",
        "referral": "id,person,received_at,route,referrer_role,devices,decided_at\n"
        "r,p,2026-04-05T10:00:00-05:00,self_referral,self,tablet,none",
        "enrollment": "id,person,started_on,ended_on\nn,p,2026-03-02,none",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(f"{text}\n")
    base = ["referral", str(tmp_path), "r", "--rulebook", "minnesota-peer2peer", "--on", "2026-04-06"]
    return CliRunner().invoke(cli, [*base, *options])


class TestCommand:
    """`peersupport referral`."""

    def test_it_says_what_to_tell(self, tmp_path: Path) -> None:
        """No place now is not that the person may not come in; the last day and what is owed stand below."""
        result = run(tmp_path)
        assert result.exit_code == 0
        assert "referral r on 2026-04-06: may come in; there is no place now" in result.output
        assert "(referral.window; not met if day 90 is out, unknown if to the hour)" in result.output
        assert "Care episode: e1, 90 days since it ended." in result.output
        assert "Last day for a referral: 2026-04-05." in result.output
        assert "To do: Everybody referred is sent information on the warmline" in result.output
        assert "Due 2026-04-07 09:00. (referral.response)" in result.output

    def test_criteria_that_are_not_met_end_with_1(self, tmp_path: Path) -> None:
        """Under the reading that leaves day 90 out the person may not come in, and no episode counts."""
        result = run(tmp_path, "--reading", "day 90 is out")
        assert result.exit_code == 1
        assert "may not come in by these criteria" in result.output
        assert "Care episode" not in result.output

    def test_what_is_not_known_is_asked(self, tmp_path: Path) -> None:
        """The question stands in words, and there is no last day."""
        result = run(tmp_path, ended="")
        assert result.exit_code == 0
        assert "not known yet" in result.output
        assert "Ask: What is the day of leaving care (care episode e1)?" in result.output
        assert "Last day" not in result.output

    def test_care_that_goes_on_has_no_days_since(self, tmp_path: Path) -> None:
        """Nothing has ended yet; there is a place."""
        result = run(tmp_path, ended="none", capacity="2")
        assert "may come in, and there is a place" in result.output
        assert "Care episode: e1, care goes on." in result.output
