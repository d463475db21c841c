"""Stories 28 to 49 and 57: what consultants, coordinators, peer providers and regulators ask, with the answers.

Each class is one story, with the days that it states, through the public API. Where a story says *done late* the
verdict is not met with the day it was done; where it says *needs judgement* it is unknown, and says what to choose.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import attrs
import pytest
from click.testing import CliRunner

import peersupport
from peersupport import (
    NONE,
    Admission,
    Assessment,
    Assignment,
    BarrierNote,
    Change,
    ClinicalConsultant,
    Consultation,
    Contact,
    Credential,
    Finding,
    Force,
    Goal,
    GroupSession,
    License,
    Measure,
    OtherService,
    PeerProvider,
    Person,
    Plan,
    PlanReview,
    Program,
    Reason,
    Record,
    Roster,
    SafetyAction,
    Screening,
    StayReview,
    Verdict,
    caseload,
    plans,
)
from peersupport.cli import cli
from peersupport.plans import Obligation, Status

BOOK = peersupport.load("nebraska-dbh")
CHICAGO = ZoneInfo("America/Chicago")
PROGRAM = Program(id="program", time_zone="America/Chicago")
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
PENDING, NOT_APPLICABLE = Verdict.PENDING, Verdict.NOT_APPLICABLE
CAREGIVER = "the caregiver's condition counts"
ITS_PART = "a substance use license counts for its part"
UNDER_18 = "a child is under 18"
ADMITTED = dt.date(2026, 2, 2)
LATER = dt.date(2026, 12, 31)


def day(text: str) -> dt.date:
    """A day of 2026, as the stories write it, or of a year that is named."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def at(text: str, hour: int = 10) -> dt.datetime:
    """An hour of a day where the program is."""
    return dt.datetime.combine(day(text), dt.time(hour), CHICAGO)


def roster(*records: Record) -> Roster:
    """A roster in which every table is complete, with the program and whoever is referred to."""
    return peersupport.from_records([PROGRAM, Person(id="person"), *records], empty=list(BOOK.vocabulary))


def found(rule: str, record: Record, *others: Record, on: dt.date = LATER, readings: Iterable[str] = ()) -> Finding:
    """The finding of a rule for a record among others, of the open occurrence."""
    tables = roster(record, *others)
    return peersupport.judge(BOOK, rule, record, on=on, tables=tables, readings=readings)


def of(owed: Sequence[Obligation], rule: str) -> list[Obligation]:
    """The obligations of one rule."""
    return [each for each in owed if each.rule == rule]


ADMISSION = Admission(
    id="adm", person="person", child=NONE, service="individual", admitted_on=ADMITTED, ended_on=NONE, would_benefit=True
)
PLAN = Plan(
    id="plan",
    admission="adm",
    developed_on=day("02-27"),
    signed_on=day("03-09"),
    signed_by="consultant",
    scope=frozenset({"mental_health"}),
    services=frozenset({"individual_support"}),
)
CONSULTANT = ClinicalConsultant(id="consultant", on_staff=True)
LICENSE = License(
    id="license", consultant="consultant", type="lmhp", valid_from=day("2024-01-01"), valid_until=day("2027-12-31")
)
PEER = PeerProvider(id="peer", role="peer", lived_experience=frozenset({"own"}))
REVIEW = PlanReview(id="review", plan="plan", reviewed_on=day("05-20"), outcome="no_change")


def contact(text: str, id_: str = "contact") -> Contact:
    """A session in person that was attended on a day."""
    return Contact(
        id=id_,
        person="person",
        admission="adm",
        peer_provider="peer",
        modality="in_person",
        status="attended",
        starts_at=at(text),
        ends_at=at(text, 11),
    )


class TestStory28:
    """A plan that was written in time and signed late."""

    @pytest.mark.parametrize(
        ("readings", "verdict", "done_on", "days_late"),
        [([], MET, "02-27", 0), (["written and signed"], NOT_MET, "03-09", 5)],
    )
    def test_both_readings_of_the_thirty_days(
        self, readings: list[str], verdict: Verdict, done_on: str, days_late: int
    ) -> None:
        """Due on 2026-03-04: written on day 25 it is in time; written and signed, on day 35, five days late."""
        finding = found("plan.developed", ADMISSION, PLAN, CONSULTANT, readings=readings)
        assert (finding.verdict, finding.due) == (verdict, day("03-04"))
        assert (finding.done_on, finding.days_late) == (day(done_on), days_late)

    def test_each_finding_shows_what_the_other_reading_gives(self) -> None:
        """Written is met, and the finding says that written and signed is not."""
        finding = found("plan.developed", ADMISSION, PLAN, CONSULTANT)
        assert finding.alternatives["written and signed"] is NOT_MET

    def test_the_signature_itself_is_there(self) -> None:
        """The source sets no day for signing, so signed on day 35 by a qualified consultant is met."""
        others = (ADMISSION, CONSULTANT, LICENSE)
        assert found("plan.signed", PLAN, *others).verdict is MET
        assert found("plan.signed_by_qualified", PLAN, *others).verdict is MET


class TestStory29:
    """When the plan is reviewed."""

    @pytest.mark.parametrize(("readings", "next_on"), [([], "08-18"), (["from the plan's date"], "08-26")])
    def test_the_first_was_in_time_and_the_next_hangs_on_the_reading(self, readings: list[str], next_on: str) -> None:
        """The first was due on 05-28; the next is 90 days after the review, or on a grid from the plan's day."""
        tables = roster(ADMISSION, PLAN, CONSULTANT, REVIEW)
        owed = of(plans.timeline(BOOK, tables, "person", on=day("06-01"), readings=readings), "plan.reviewed")
        assert [(each.due, each.status, each.done_on) for each in owed] == [
            (day("05-28"), Status.DONE, day("05-20")),
            (day(next_on), Status.DUE, None),
        ]
        assert [each.reading for each in owed] == [tuple(readings)] * 2


COMPLETE = attrs.evolve(
    PLAN,
    areas=True,
    strategies=True,
    evaluation_methods=True,
    discharge_plan=True,
    wellness_plan=True,
    crisis_prevention_plan=True,
    early_warning_signs=True,
    triggers=True,
    responses=True,
)
GOALS = [
    Goal(
        id=f"goal-{number}",
        plan="plan",
        clear_and_realistic=True,
        objectives=1,
        achievement_criteria=True,
        target_date=day("06-30"),
    )
    for number in (1, 2)
]


class TestStory30:
    """A plan that lacks two of its thirteen elements."""

    def test_the_message_names_what_is_not_there(self) -> None:
        """Goal 2 has no target date and the crisis plan no triggers: eleven of thirteen, and these two are named."""
        lacking = attrs.evolve(COMPLETE, triggers=False)
        second = attrs.evolve(GOALS[1], target_date=NONE)
        finding = found("plan.elements", lacking, ADMISSION, CONSULTANT, GOALS[0], second)
        assert finding.verdict is NOT_MET
        assert "11 of 13 hold; not: target dates (goal goal-2); triggers." in peersupport.explain(finding)

    def test_a_plan_with_all_of_them_is_met(self) -> None:
        """With the date and the triggers there is nothing left to say."""
        assert found("plan.elements", COMPLETE, ADMISSION, CONSULTANT, *GOALS).verdict is MET


ASSESSMENT = Assessment(
    id="assessment",
    person="person",
    completed_on=day("01-20"),
    describes_needs=True,
    recommends_peer_support=True,
    clinician_authorized=True,
    copy_in_file=False,
    documented_efforts=2,
)


class TestStory31:
    """Another agency does not send the copy of the assessment."""

    def test_documented_efforts_stand_for_the_copy(self) -> None:
        """The assessment counts, and two documented efforts are enough, however many are asked for."""
        others = (ADMISSION, PEER, contact("02-02"))
        assert found("assessment.before_service", ADMISSION, *others[1:], ASSESSMENT).verdict is MET
        for readings in ([], ["efforts are more than one"]):
            assert found("assessment.copy", ASSESSMENT, *others, readings=readings).verdict is MET

    def test_efforts_do_not_stand_for_an_assessment(self) -> None:
        """Where none was made there is no copy to ask for, and the service began without one."""
        none = attrs.evolve(ASSESSMENT, completed_on=NONE)
        assert found("assessment.before_service", ADMISSION, PEER, contact("02-02"), none).verdict is NOT_MET
        assert found("assessment.copy", none).verdict is NOT_APPLICABLE


class TestStory32:
    """The assessment and the first service are on one day, and only days are recorded."""

    same_day = attrs.evolve(ASSESSMENT, completed_on=day("02-02"))

    def test_it_is_met_and_the_rule_says_what_it_assumes(self) -> None:
        """It counts as before, and with it stand the assumption and what the strict reading gives."""
        finding = found("assessment.before_service", ADMISSION, PEER, contact("02-02"), self.same_day)
        assert finding.verdict is MET
        assert finding.alternatives == {"strictly before": NOT_MET}
        assert BOOK[finding.rule].assumption(frozenset()) == (
            "An assessment on the day of the first service counts as before it: days are all that is recorded. "
            "Somebody served only in groups has the first service on the day that starts."
        )

    def test_it_is_not_met_where_the_program_reads_it_strictly(self) -> None:
        """Strictly before asks for the day before: it is one day late."""
        finding = found(
            "assessment.before_service",
            ADMISSION,
            PEER,
            contact("02-02"),
            self.same_day,
            readings=["strictly before"],
        )
        assert (finding.verdict, finding.due, finding.days_late) == (NOT_MET, day("02-01"), 1)


@pytest.mark.parametrize(
    ("mental_health", "substance_use", "verdict", "with_another"),
    [(True, False, NOT_MET, NOT_MET), (False, True, MET, MET), (True, True, NOT_MET, MET)],
    ids=["mental health only", "substance use only", "co-occurring"],
)
class TestStory33:
    """A provisional license for substance use only, and three people: the third needs a consultant beside this one."""

    pladc = attrs.evolve(LICENSE, type="pladc")

    def test_a_consultation(
        self, *, mental_health: bool, substance_use: bool, verdict: Verdict, with_another: Verdict
    ) -> None:
        """Not met, met, and not met alone: the finding shows that it would count for its part."""
        admission = attrs.evolve(ADMISSION, mental_health_disorder=mental_health, substance_use_disorder=substance_use)
        held = Consultation(
            id="consultation",
            admissions=frozenset({"adm"}),
            consultant="consultant",
            peer_provider="peer",
            held_on=day("04-20"),
        )
        finding = found("consultation.by_licensed", held, admission, CONSULTANT, self.pladc, PEER)
        assert finding.verdict is verdict
        assert finding.alternatives[ITS_PART] is with_another

    def test_a_signature(
        self, *, mental_health: bool, substance_use: bool, verdict: Verdict, with_another: Verdict
    ) -> None:
        """The same of a plan that covers one, the other, or both."""
        covers = {"mental_health": mental_health, "substance_use": substance_use}
        plan = attrs.evolve(PLAN, scope=frozenset(name for name, held in covers.items() if held))
        finding = found("plan.signed_by_qualified", plan, ADMISSION, CONSULTANT, self.pladc)
        assert finding.verdict is verdict
        assert finding.alternatives[ITS_PART] is with_another


class TestStory34:
    """A provisional license ends, and with it the signatures that it was good for."""

    @pytest.mark.parametrize(("signed_on", "verdict"), [("05-04", MET), ("06-30", MET), ("07-02", NOT_MET)])
    def test_only_signatures_up_to_its_last_day_are_qualified(self, signed_on: str, verdict: Verdict) -> None:
        """Earlier signatures stay valid, also when they are judged after the license has ended."""
        ended = attrs.evolve(LICENSE, type="plmhp", valid_until=day("06-30"))
        plan = attrs.evolve(PLAN, signed_on=day(signed_on))
        assert found("plan.signed_by_qualified", plan, ADMISSION, CONSULTANT, ended).verdict is verdict


def serving(count: int, *, kind: str = "primary", until: str = "") -> list[Record]:
    """So many admissions that one peer provider serves since February."""
    ends = day(until) if until else NONE
    made: list[list[Record]] = [
        [
            Person(id=f"p{number}"),
            attrs.evolve(ADMISSION, id=f"adm{number}", person=f"p{number}"),
            Assignment(
                id=f"asg{number}",
                peer_provider="peer",
                admission=f"adm{number}",
                kind=kind,
                starts_on=ADMITTED,
                ends_on=ends,
            ),
        ]
        for number in range(count)
    ]
    return list(itertools.chain.from_iterable(made))


def one_more(kind: str, starts_on: str, ends_on: dt.date | None) -> list[Record]:
    """Another person, served by the same peer provider from a day on."""
    return [
        attrs.evolve(ADMISSION, id="more"),
        Assignment(
            id="asg-more",
            peer_provider="peer",
            admission="more",
            kind=kind,
            starts_on=day(starts_on),
            ends_on=NONE if ends_on is None else ends_on,
        ),
    ]


class TestStory35:
    """A twenty-sixth person for a week of cover, through 07-12: the interval ends on 07-13."""

    records = (PEER, *serving(25), *one_more("cover", "07-06", day("07-13")))
    week = tuple(day("07-06") + dt.timedelta(days=number) for number in range(7))

    def test_it_is_not_met_on_seven_days(self) -> None:
        """The finding says how many days, how many people and the limit; the source has no exception for cover."""
        finding = found("caseload.maximum", *self.records, on=day("07-31"))
        assert (finding.verdict, finding.days, finding.occurrence) == (NOT_MET, 7, day("07-06"))
        assert (finding.measured, finding.at_most) == (26, 25)
        assert finding.alternatives["cover does not count"] is MET
        assert BOOK.gaps["G3-4"] == "No exception from the caseload for cover or leave."

    def test_the_caseload_over_time_shows_the_days(self) -> None:
        """The week is over the limit, the peak is 26, and before and after there are 25."""
        shown = caseload.over_time(BOOK, roster(*self.records), "peer", since=day("07-01"), through=day("07-31"))
        assert shown.over == self.week
        assert (shown.peak.surely, shown.peak.start) == (26, day("07-06"))
        assert [shown.on(day(each)).surely for each in ("07-05", "07-12", "07-13")] == [25, 26, 25]

    def test_the_reading_that_leaves_cover_out(self) -> None:
        """Where cover does not count there are 25 on every day."""
        shown = caseload.over_time(
            BOOK,
            roster(*self.records),
            "peer",
            since=day("07-01"),
            through=day("07-31"),
            readings=["cover does not count"],
        )
        assert (shown.over, shown.peak.surely, shown.readings) == ((), 25, ("cover does not count",))


class TestStory36:
    """One person leaves and another comes on the same day."""

    def test_a_handover_within_a_day_keeps_twenty_five(self) -> None:
        """The day of leaving is the first day out, so nobody is counted twice."""
        leaving = [attrs.evolve(each, ends_on=day("07-06")) for each in serving(1)[2:] if isinstance(each, Assignment)]
        records = [PEER, *(each for each in serving(25) if each.id != "asg0"), *leaving]
        records += one_more("primary", "07-06", None)
        shown = caseload.over_time(BOOK, roster(*records), "peer", since=day("07-01"), through=day("07-31"))
        assert {count for _, count, _ in shown.days()} == {25}
        assert found("caseload.maximum", *records, on=day("07-31")).verdict is MET


def session(present: int, on_roster: int, *facilitators: str) -> GroupSession:
    """A group session with so many people."""
    return GroupSession(
        id="group",
        facilitators=frozenset(facilitators or ("peer",)),
        held_on=day("06-02"),
        present=present,
        on_roster=on_roster,
    )


class TestStory37:
    """A group of three falls to two."""

    def test_those_present_are_too_few_and_those_on_the_roster_are_enough(self) -> None:
        """By default those present count; where the roster counts it is met. It stays a group session."""
        finding = found("group.size", session(2, 3), PEER)
        assert (finding.verdict, finding.measured, finding.at_least) == (NOT_MET, 2, 3)
        assert finding.subject == ("group_session", "group")
        assert found("group.size", session(2, 3), PEER, readings=["the roster counts"]).verdict is MET

    def test_the_facilitator_is_not_counted(self) -> None:
        """Two people and two facilitators are still two."""
        two = session(2, 2, "peer", "other")
        assert found("group.size", two, PEER, PeerProvider(id="other")).measured == 2


class TestStory38:
    """A thirteenth person walks in."""

    @pytest.mark.parametrize("facilitators", [("peer",), ("peer", "other")])
    def test_a_second_facilitator_does_not_raise_the_limit(self, facilitators: tuple[str, ...]) -> None:
        """Thirteen are out of bounds, whoever facilitates."""
        finding = found("group.size", session(13, 12, *facilitators), PEER, PeerProvider(id="other"))
        assert (finding.verdict, finding.measured, finding.at_most) == (NOT_MET, 13, 12)


class TestStory39:
    """A person changes from individual sessions to a group on 2026-05-04."""

    before = Assignment(
        id="single",
        peer_provider="peer",
        admission="adm",
        kind="primary",
        starts_on=ADMITTED,
        ends_on=day("05-04"),
    )
    after = Assignment(
        id="grouped",
        peer_provider="peer",
        admission="adm",
        kind="group_only",
        starts_on=day("05-04"),
        ends_on=NONE,
    )
    change = Change(id="change", admission="adm", happened_on=day("05-04"), kind="format", calls_for_review=True)

    def test_there_is_one_in_the_caseload_all_along(self) -> None:
        """People who are served only in groups count, and the day of the change counts once."""
        tables = roster(ADMISSION, PEER, self.before, self.after)
        shown = caseload.over_time(BOOK, tables, "peer", since=day("05-01"), through=day("05-31"))
        assert {(surely, possibly) for _, surely, possibly in shown.days()} == {(1, 1)}

    @pytest.mark.parametrize(("reviewed_on", "verdict"), [("04-30", NOT_MET), ("05-11", MET)])
    def test_a_review_of_the_plan_is_advised(self, reviewed_on: str, verdict: Verdict) -> None:
        """The change calls for a review; a review from before does not do. It is advice, not a must."""
        review = attrs.evolve(REVIEW, reviewed_on=day(reviewed_on))
        finding = found("plan.reviewed_after_change", self.change, ADMISSION, PLAN, CONSULTANT, review)
        assert (finding.verdict, finding.force) == (verdict, Force.SHOULD)

    @pytest.mark.parametrize(("services", "verdict"), [({"individual_support"}, NOT_MET), ({"group_support"}, MET)])
    def test_the_plan_should_name_the_group(self, services: set[str], verdict: Verdict) -> None:
        """A plan that names individual support only does not fit any more."""
        plan = attrs.evolve(PLAN, services=frozenset(services))
        finding = found("plan.names_group", self.after, self.before, ADMISSION, PEER, plan, CONSULTANT)
        assert (finding.verdict, finding.force) == (verdict, Force.SHOULD)


class TestStory40:
    """A session by telephone on 2026-04-02, two days after the standing note on barriers ended."""

    call = attrs.evolve(contact("04-02"), modality="telephone")
    note = BarrierNote(
        id="note", admission="adm", barrier="distance", covers_from=day("03-01"), covers_until=day("03-31")
    )

    def test_no_note_covers_the_day(self) -> None:
        """Whatever is chosen for video, a call needs a note that covers its day."""
        finding = found("contact.barriers_documented", self.call, ADMISSION, PEER, self.note)
        assert (finding.verdict, finding.reason) == (NOT_MET, Reason.DOES_NOT_HOLD)

    def test_a_note_for_the_day_mends_it(self) -> None:
        """A note of one day is enough."""
        one_day = attrs.evolve(self.note, id="more", covers_from=day("04-02"), covers_until=day("04-02"))
        assert found("contact.barriers_documented", self.call, ADMISSION, PEER, self.note, one_day).verdict is MET

    @pytest.mark.parametrize("rule", ["contact.barriers_documented", "contact.face_to_face"])
    def test_video_needs_a_choice_by_the_program(self, rule: str) -> None:
        """Whether video is face to face the source does not say: unknown, with both readings to choose from."""
        video = attrs.evolve(self.call, modality="video")
        finding = found(rule, video, ADMISSION, PEER, self.note)
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.CHOOSE_READING)
        assert set(finding.alternatives) == {"video is face to face", "video is not face to face"}


CHILD = Person(id="child", birth_date=day("2008-06-15"))
FAMILY = attrs.evolve(
    ADMISSION,
    service="family",
    child="child",
    is_caregiver=True,
    mental_health_disorder=False,
    substance_use_disorder=False,
    child_emotional_disturbance=True,
    child_substance_use_disorder=False,
    child_mental_health_disorder=False,
    urgent_settings=frozenset({"school"}),
    symptoms_disturb_routine=True,
)
CHILDS_SERVICE = OtherService(
    id="service", person="child", kind="behavioral_health", starts_on=day("2025-01-01"), ends_on=NONE
)
CRITERIA = ("admission.disorder", "admission.active_services", "admission.symptoms", "admission.family")


class TestStory41:
    """A caregiver without a disorder of her own is the one who is served."""

    @pytest.mark.parametrize("rule", [*CRITERIA, "admission.all"])
    def test_by_default_the_childs_condition_counts(self, rule: str) -> None:
        """The child's emotional disturbance and the urgent difficulties at school are enough."""
        assert found(rule, FAMILY, CHILD, CHILDS_SERVICE).verdict is MET

    def test_where_the_caregivers_condition_counts_there_is_none(self) -> None:
        """The other reading is shown beside the default, and chosen it gives the same."""
        shown = found("admission.disorder", FAMILY, CHILD, CHILDS_SERVICE)
        chosen = found("admission.disorder", FAMILY, CHILD, CHILDS_SERVICE, readings=[CAREGIVER])
        assert shown.alternatives[CAREGIVER] is NOT_MET
        assert (chosen.verdict, chosen.reading) == (NOT_MET, (CAREGIVER,))

    @pytest.mark.parametrize("readings", [[], ["families count once"]])
    def test_the_family_counts_once_in_the_caseload(self, readings: list[str]) -> None:
        """Caregiver and child are one admission."""
        tables = roster(FAMILY, CHILD, PEER, attrs.evolve(TestStory39.before, ends_on=NONE))
        shown = caseload.over_time(BOOK, tables, "peer", since=day("05-01"), through=day("05-02"), readings=readings)
        assert {(surely, possibly) for _, surely, possibly in shown.days()} == {(1, 1)}


class TestStory42:
    """The child of a family comes of age, at 18 or at 19 as the program reads it."""

    @pytest.mark.parametrize(
        ("readings", "birthday", "from_"), [([UNDER_18], "2026-06-15", "2026-03-17"), ([], "2027-06-15", "2027-03-17")]
    )
    def test_a_review_is_due_in_the_ninety_days_before(self, readings: list[str], birthday: str, from_: str) -> None:
        """The alert comes 90 days before the birthday, and says that it is a reminder of no source."""
        finding = found("family.coming_of_age", FAMILY, CHILD, on=day("02-28"), readings=readings)
        assert (finding.verdict, finding.due, finding.not_before) == (PENDING, day(birthday), day(from_))
        assumes = BOOK[finding.rule].assumes
        assert "A reminder that the source does not ask for" in assumes
        assert "a person of 18 consents" in assumes

    @pytest.mark.parametrize("text", ["03-16", "03-17"])
    def test_it_counts_from_that_day_on(self, text: str) -> None:
        """A review on 03-16 is too early, and one on 03-17 does."""
        review = StayReview(id="stay", admission="adm", reviewed_on=day(text))
        finding = found("family.coming_of_age", FAMILY, CHILD, review, on=day("04-30"), readings=[UNDER_18])
        assert finding.verdict is (MET if text == "03-17" else PENDING)

    @pytest.mark.parametrize(
        ("readings", "last", "first_out"),
        [([UNDER_18], "2026-06-14", "2026-06-15"), ([], "2027-06-14", "2027-06-15")],
    )
    def test_the_family_criteria_end_on_the_birthday(self, readings: list[str], last: str, first_out: str) -> None:
        """The day before is the last on which the child is one; the birthday is not."""
        for text, verdict in ((last, MET), (first_out, NOT_MET)):
            admission = attrs.evolve(FAMILY, admitted_on=day(text))
            assert found("admission.family", admission, CHILD, on=day(text), readings=readings).verdict is verdict


class TestStory43:
    """How old a peer provider is on each day of service."""

    @pytest.mark.parametrize(("text", "verdict"), [("02-28", NOT_MET), ("03-01", MET)])
    def test_the_birthday_is_the_first_day(self, text: str, verdict: Verdict) -> None:
        """Nineteen on 03-01: the session on the day before is not met."""
        peer = attrs.evolve(PEER, birth_date=day("2007-03-01"))
        assert found("staff.age", contact(text), ADMISSION, peer).verdict is verdict

    @pytest.mark.parametrize(("text", "verdict"), [("2027-02-28", NOT_MET), ("2027-03-01", MET)])
    def test_a_birthday_on_29_february(self, text: str, verdict: Verdict) -> None:
        """It falls on 1 March in other years, and the rule says so."""
        peer = attrs.evolve(PEER, birth_date=day("2008-02-29"))
        later = day("2027-12-31")
        assert found("staff.age", contact(text), ADMISSION, peer, on=later).verdict is verdict
        assert "a birthday on 29 February falls on 1 March" in BOOK["staff.age"].assumes


class TestStory44:
    """A certificate lapses at the end of May."""

    def test_the_two_sessions_of_june_are_not_met(self) -> None:
        """Each session is a finding of its own; one in May was given with a certificate."""
        certificate = Credential(
            id="certificate",
            peer_provider="peer",
            kind="state",
            valid_from=day("2024-06-01"),
            valid_until=day("05-31"),
        )
        days = ("05-31", "06-03", "06-04")
        sessions = [contact(each, f"contact-{each}") for each in days]
        made = peersupport.audit(
            BOOK, roster(ADMISSION, PEER, certificate, *sessions), on=day("06-30"), rules=["staff.certified"]
        )
        assert [finding.verdict for finding in made.findings] == [MET, NOT_MET, NOT_MET]


class TestStory45:
    """Two years of lived recovery, by the peer provider's own word."""

    @pytest.mark.parametrize(("text", "verdict"), [("06-09", NOT_MET), ("06-10", MET)])
    def test_two_years_after_the_day_she_names(self, text: str, verdict: Verdict) -> None:
        """Since 2024-06-10: the second anniversary is the first day that does."""
        peer = attrs.evolve(PEER, recovery_since=day("2024-06-10"), two_years_attested_on=NONE)
        assert found("staff.recovery", contact(text), ADMISSION, peer).verdict is verdict

    def test_no_health_data_are_asked(self) -> None:
        """A peer provider has no fact that says which condition she lives with."""
        facts = {"role", "birth_date", "lived_experience", "parenting_experience", "diploma"}
        facts |= {"recovery_since", "two_years_attested_on"}
        assert {fact.name for fact in BOOK.vocabulary["peer_provider"].stored} == facts


class TestStory46:
    """Imminent danger was found on 2026-04-10, and no step is documented."""

    screening = Screening(
        id="screening", admission="adm", screened_on=day("04-10"), domains=frozenset(), imminent_danger=True
    )

    def test_it_is_not_met_and_critical(self) -> None:
        """The text points to the program's own crisis procedure and to 988."""
        finding = found("screening.danger_answered", self.screening, ADMISSION, on=day("04-13"))
        assert (finding.verdict, finding.critical, finding.days_late) == (NOT_MET, True, 3)
        assert "988" in finding.says
        assert "crisis procedure" in finding.says

    def test_it_is_the_first_thing_to_do(self) -> None:
        """It stands before what is overdue for longer."""
        made = peersupport.audit(BOOK, roster(ADMISSION, self.screening), on=day("04-13"))
        queue = made.queue()
        assert queue[0].rule == "screening.danger_answered"
        assert max(finding.days_late or 0 for finding in queue[1:]) > 3

    def test_a_step_on_the_same_day_answers_it(self) -> None:
        """A documented step is what is asked for."""
        step = SafetyAction(id="step", screening="screening", taken_on=day("04-10"), kind="safety_plan")
        assert found("screening.danger_answered", self.screening, ADMISSION, step).verdict is MET

    def test_no_risk_is_scored(self) -> None:
        """A screening stores which domains were asked about and what a person judged: no answer, no score."""
        facts = {"admission", "screened_on", "domains", "developmentally_fitting", "imminent_danger"}
        assert {fact.name for fact in BOOK.vocabulary["screening"].stored} == facts


class TestStory47:
    """The person's therapy ended on 2026-04-30, and the stay is reviewed on 05-28."""

    therapy = OtherService(
        id="therapy",
        person="person",
        kind="behavioral_health",
        starts_on=day("2025-10-01"),
        ends_on=day("04-30"),
    )
    review = StayReview(
        id="stay",
        admission="adm",
        reviewed_on=day("05-28"),
        service="individual",
        mental_health_disorder=True,
        substance_use_disorder=False,
        would_benefit=True,
        symptoms_disturb_routine=True,
        benefit_likely=True,
        making_progress=True,
        taking_part=True,
        transition_planned_on=NONE,
    )
    measure = Measure(
        id="measure", admission="adm", name="attendance", baseline_on=ADMITTED, latest_on=day("05-20"), improved=True
    )

    def judged(self, rule: str, review: StayReview) -> Finding:
        """The finding of a rule for the review of the stay."""
        return found(rule, review, ADMISSION, self.therapy, self.measure, on=day("05-29"))

    @pytest.mark.parametrize("rule", ["admission.active_services", "admission.all", "stay.continued"])
    def test_the_guidelines_for_staying_are_not_met(self, rule: str) -> None:
        """Active services are one of the criteria for admission, and these hold for staying too."""
        assert self.judged(rule, self.review).verdict is NOT_MET

    def test_all_else_is_met(self) -> None:
        """It is the services alone: a service that goes on makes it met."""
        service = attrs.evolve(self.therapy, ends_on=NONE)
        finding = found("stay.continued", self.review, ADMISSION, service, self.measure, on=day("05-29"))
        assert finding.verdict is MET

    def test_a_planned_transition_is_advised_and_nobody_is_discharged(self) -> None:
        """It is advice that names the discharge plan, and it is met once a transition is planned."""
        asked = self.judged("stay.transition", self.review)
        planned = attrs.evolve(self.review, transition_planned_on=day("05-28"))
        assert (asked.verdict, asked.force) == (NOT_MET, Force.SHOULD)
        assert "discharge plan" in asked.says
        assert self.judged("stay.transition", planned).verdict is MET
        assert "Nobody's service ends by a rule" in BOOK["stay.transition"].assumes


class TestStory48:
    """What a peer provider with twenty-five people has to do in the week of 2026-05-25."""

    on = day("05-25")
    made = peersupport.audit(
        BOOK,
        roster(
            PEER,
            PeerProvider(id="other"),
            *serving(25),
            *(
                attrs.evolve(PLAN, id=f"plan{number}", admission=f"adm{number}", signed_by=NONE, signed_on=NONE)
                for number in range(20)
            ),
            attrs.evolve(ADMISSION, id="elsewhere"),
            Assignment(
                id="theirs",
                peer_provider="other",
                admission="elsewhere",
                kind="primary",
                starts_on=ADMITTED,
                ends_on=NONE,
            ),
        ),
        on=on,
    )
    week = made.queue(7, responsible="peer")

    def test_the_list_is_this_peer_providers_own(self) -> None:
        """Every line is hers, and everything that is hers to do is on it."""
        assert {finding.responsible for finding in self.week} == {"peer"}
        assert self.week == tuple(finding for finding in self.made.queue(7) if finding.responsible == "peer")
        assert len({finding.person for finding in self.week}) == 25

    def test_it_holds_the_reviews_consultations_and_plans(self) -> None:
        """Reviews fall due on 05-28; the first consultation was due on 05-03, five plans on 03-04."""
        lines = Counter((finding.rule, finding.due) for finding in self.week)
        assert lines["plan.reviewed", day("05-28")] == 20
        assert lines["consultation.each_90_days", day("05-03")] == 25
        assert lines["plan.developed", day("03-04")] == 5

    def test_it_is_sorted_with_what_is_overdue_first(self) -> None:
        """The longest overdue come first, then what falls due by its day, and the order of rule and record."""
        keys = [
            (finding.due >= self.on if finding.due else False, finding.due, finding.rule, finding.subject)
            for finding in self.week
        ]
        assert keys == sorted(keys, key=lambda key: (key[0], str(key[1]), key[2], key[3]))

    def test_every_line_has_its_rule_and_its_reason(self) -> None:
        """A rule of the rulebook, and one of two reasons: overdue, or falls due."""
        assert {finding.rule for finding in self.week} <= {rule.id for rule in BOOK}
        assert {finding.reason for finding in self.week} == {Reason.OVERDUE, Reason.UPCOMING}


VERDICTS = ("met", "not_met", "unknown", "pending")


def files(folder: Path, kinds: Iterable[str]) -> None:
    """A folder with as many files of people: a plan in time, late, of a day not recorded, or not due yet."""
    days = {"met": "2026-02-27", "not_met": "2026-03-09", "unknown": ""}
    admissions, written = ["id,person,child,service,admitted_on,ended_on"], ["id,admission,developed_on"]
    people = ["id"]
    for number, kind in enumerate(kinds):
        people.append(f"per-{number:03}")
        admitted = "2026-06-20" if kind == "pending" else "2026-02-02"
        admissions.append(f"adm-{number:03},per-{number:03},none,individual,{admitted},none")
        written += [f"pla-{number:03},adm-{number:03},{days[kind]}"] if kind in days else []
    tables = {"person": people, "admission": admissions, "plan": written}
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


class TestStory49:
    """A regulator reviews 120 files at once."""

    asked = ("--rulebook", "nebraska-dbh", "--on", "2026-06-30", "--rule", "plan.developed")

    def test_the_counts_and_the_files_of_each_verdict(self, tmp_path: Path) -> None:
        """Thirty of each, with the ids of the files, in the order of the table, the same again; the exit code is 1."""
        files(tmp_path, itertools.islice(itertools.cycle(VERDICTS), 120))
        asked = ["audit", str(tmp_path), *self.asked, "--format", "csv"]
        result, again = CliRunner().invoke(cli, asked), CliRunner().invoke(cli, asked)
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert Counter(row["verdict"] for row in rows) == dict.fromkeys(VERDICTS, 30)
        assert [(row["id"], row["verdict"]) for row in rows] == [
            (f"adm-{number:03}", VERDICTS[number % 4]) for number in range(120)
        ]
        assert result.stdout == again.stdout
        assert result.exit_code == 1

    def test_the_report_has_the_counts_of_the_rule(self, tmp_path: Path) -> None:
        """Met, not met, unknown and pending stand beside each other."""
        files(tmp_path, itertools.islice(itertools.cycle(VERDICTS), 120))
        result = CliRunner().invoke(cli, ["audit", str(tmp_path), *self.asked])
        line = next(each for each in result.stdout.splitlines() if each.startswith("plan.developed  must"))
        assert line.split() == ["plan.developed", "must", "30", "30", "30", "30", "0"]

    def test_files_in_order_exit_with_0(self, tmp_path: Path) -> None:
        """What is unknown or not due yet breaks nothing."""
        files(tmp_path, [each for each in VERDICTS if each != "not_met"] * 40)
        assert CliRunner().invoke(cli, ["audit", str(tmp_path), *self.asked]).exit_code == 0

    def test_the_audit_counts_the_same(self, tmp_path: Path) -> None:
        """Through Python the counts are those of the command line."""
        files(tmp_path, itertools.islice(itertools.cycle(VERDICTS), 120))
        made = peersupport.audit(BOOK, peersupport.read(tmp_path), on=day("06-30"), rules=["plan.developed"])
        assert made.counts() == {"plan.developed": {MET: 30, NOT_MET: 30, UNKNOWN: 30, PENDING: 30, NOT_APPLICABLE: 0}}


class TestStory57:
    """The participant herself, born 2008-06-15, comes of age while she is served since 2026-03-01."""

    person = Person(id="person", birth_date=day("2008-06-15"), self_described=frozenset({"transition_age"}))
    admission = attrs.evolve(ADMISSION, admitted_on=day("03-01"), adult_consent_on=NONE)
    tables = peersupport.from_records(
        [PROGRAM, person, admission, attrs.evolve(PLAN, signed_by=NONE, adapted_to=frozenset())],
        empty=list(BOOK.vocabulary),
    )

    def test_no_rule_finds_anything_wrong_with_her_age(self) -> None:
        """The source has no age range of participants, and the rules about a child's age do not apply to her."""
        assert BOOK.gaps["G3-8"] == "No age range of participants."
        for on in (day("06-14"), day("06-15")):
            made = peersupport.audit(BOOK, self.tables, on=on)
            verdicts = {finding.rule: finding.verdict for finding in made.findings}
            assert verdicts["admission.family"] is NOT_APPLICABLE
            assert verdicts["family.coming_of_age"] is NOT_APPLICABLE
            assert verdicts["participant.adult_consent"] is PENDING

    def test_her_birthday_is_on_the_timeline(self) -> None:
        """On 2026-06-15 the consent is renewed in her own name; it is advice, and may not be done before."""
        owed = plans.timeline(BOOK, self.tables, "person", on=day("03-15"))
        (consent,) = of(owed, "participant.adult_consent")
        assert (consent.due, consent.status, consent.force) == (day("06-15"), Status.DUE, Force.SHOULD)
        assert consent.not_before == day("06-15")
        assert "renews the consent in her own name" in consent.says
        assert "who may be told what" in consent.says

    def test_the_age_of_majority_is_a_reading(self) -> None:
        """Where a person is of age at 19 it is a year later."""
        owed = plans.timeline(BOOK, self.tables, "person", on=day("03-15"), readings=["a person is of age at 19"])
        assert [each.due for each in of(owed, "participant.adult_consent")] == [day("2027-06-15")]

    def test_the_plan_is_adapted_to_transition_age(self) -> None:
        """She named it herself, so the plan should be adapted to it."""
        plan = self.tables.records("plan")[0]
        finding = peersupport.judge(BOOK, "plan.adapted", plan, on=day("06-15"), tables=self.tables)
        assert (finding.verdict, finding.force) == (NOT_MET, Force.SHOULD)
