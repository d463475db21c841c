"""Stories 1 to 13, 15 to 20, 22, 23, 25 to 27, 58 and 60: a digital program from referral to the last follow-up.

Each class is one story, with the days that it states, through the public API. The program is in Chicago, works Monday
to Friday from nine to five, and keeps one holiday, 2026-05-25. Where a story says *needs judgement* the verdict is
unknown, and says what is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

import peersupport
from peersupport import (
    NONE,
    CareEpisode,
    Contact,
    Disclosure,
    Enrollment,
    Finding,
    FollowUp,
    Force,
    InputError,
    Module,
    Office,
    Person,
    Program,
    Reason,
    Record,
    Referral,
    Roster,
    Verdict,
)

BOOK = peersupport.load("minnesota-peer2peer")
CHICAGO = ZoneInfo("America/Chicago")
HOLIDAY = dt.date(2026, 5, 25)
OFFICE = Office(zone="America/Chicago", holidays=frozenset({HOLIDAY}))
PROGRAM = Program(id="program", time_zone="America/Chicago", capacity=40)
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
PENDING, NOT_APPLICABLE = Verdict.PENDING, Verdict.NOT_APPLICABLE
LATER = dt.date(2026, 12, 31)
DAY_90_IS_OUT, ANY_CARE, TO_THE_HOUR = "day 90 is out", "any inpatient or emergency care", "to the hour"
ANY_DEVICE = "any device with video"
FROM_DISCHARGE = "the weeks run from discharge"
ATTENDED = "the call has to be attended"
ROLLED, OFFICE_HOURS, FLAT = "24 hours, then the next opening", "24 office hours", "24 hours flat"


def day(text: str) -> dt.date:
    """A day of 2026, as the stories write it."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def at(text: str) -> dt.datetime:
    """A time of a day of 2026, by the clock on the wall of the program: `04-05 10:00`."""
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=CHICAGO)


def roster(*records: Record, office: Office = OFFICE) -> Roster:
    """A roster in which every table is complete, with the program and the person."""
    return peersupport.from_records(
        [PROGRAM, Person(id="person"), *records], empty=list(BOOK.vocabulary), office=office
    )


def found(
    rule: str,
    record: Record,
    *others: Record,
    on: dt.date = LATER,
    readings: Iterable[str] = (),
    office: Office = OFFICE,
) -> Finding:
    """The finding of a rule for a record among others, of the open occurrence."""
    given = roster(record, *others, office=office)
    return peersupport.judge(BOOK, rule, record, on=on, tables=given, readings=readings)


def occurrences(
    rule: str, record: Record, *others: Record, on: dt.date = LATER, readings: Iterable[str] = ()
) -> list[Finding]:
    """The findings of a rule that repeats, one for each occurrence."""
    return peersupport.judge_each(BOOK, rule, record, on=on, tables=roster(record, *others), readings=readings)


def missing(finding: Finding) -> tuple[Verdict, list[tuple[str, str]]]:
    """The verdict of a finding, with the kinds and facts that it names as missing."""
    return finding.verdict, [(place.kind, place.fact) for place in finding.missing]


WARD = CareEpisode(
    id="ward",
    person="person",
    kind="inpatient",
    psychiatric=True,
    admitted_on=day("2025-12-29"),
    ended_on=day("01-05"),
    led_to=NONE,
)
REFERRAL = Referral(
    id="referral",
    person="person",
    received_at=at("04-05 10:00"),
    route="self_referral",
    referrer_role="self",
    form_completed_by=frozenset({"applicant"}),
    devices=frozenset({"smartphone"}),
    documents=frozenset(),
)
ENROLLMENT = Enrollment(
    id="enrollment",
    person="person",
    referral=NONE,
    index_episode=NONE,
    accepted_on=day("03-01"),
    started_on=day("03-02"),
    ended_on=NONE,
    follow_up_consent=True,
)


class TestStory1:
    """Care ended exactly 90 days before the referral."""

    def test_day_90_is_in_and_the_edge_is_visible(self) -> None:
        """Met by default, and the finding shows that the other reading would not be."""
        assert (day("04-05") - day("01-05")).days == 90
        finding = found("referral.window", REFERRAL, WARD)
        assert finding.verdict is MET
        assert finding.alternatives[DAY_90_IS_OUT] is NOT_MET

    def test_where_the_program_reads_it_so_day_90_is_out(self) -> None:
        """The chosen reading holds for all that asks for the window, and the finding names it."""
        finding = found("referral.window", REFERRAL, WARD, readings=[DAY_90_IS_OUT])
        assert (finding.verdict, finding.reading) == (NOT_MET, (DAY_90_IS_OUT,))
        assert found("referral.eligible", REFERRAL, WARD).verdict is MET
        assert found("referral.eligible", REFERRAL, WARD, readings=[DAY_90_IS_OUT]).verdict is NOT_MET


class TestStory2:
    """One day later."""

    late = attrs.evolve(REFERRAL, received_at=at("04-06 09:00"), decision="criteria_not_met")

    def test_91_days_are_too_many(self) -> None:
        """Not met where days count; by the hour it would take the time of leaving to tell."""
        assert (day("04-06") - day("01-05")).days == 91
        finding = found("referral.window", self.late, WARD)
        assert finding.verdict is NOT_MET
        assert finding.alternatives == {DAY_90_IS_OUT: NOT_MET, ANY_CARE: NOT_MET, TO_THE_HOUR: UNKNOWN}
        assert found("referral.eligible", self.late, WARD).verdict is NOT_MET

    def test_an_answer_and_the_warmline_are_owed_all_the_same(self) -> None:
        """The referrer is answered within the same time, and information on the warmline is sent."""
        answer = found("referral.decision", attrs.evolve(self.late, decided_at=NONE), WARD, on=day("04-06"))
        assert (answer.verdict, answer.due) == (PENDING, at("04-07 09:00"))
        decided = attrs.evolve(self.late, decided_at=at("04-06 15:00"), warmline_sent_at=NONE)
        assert found("referral.warmline", decided, WARD).verdict is NOT_MET
        sent = attrs.evolve(decided, warmline_sent_at=at("04-06 15:00"))
        assert found("referral.warmline", sent, WARD).verdict is MET


class TestStory3:
    """The form is sent half an hour before midnight."""

    def test_the_day_is_that_of_the_program(self) -> None:
        """04-05 23:30 in Chicago is 04-06 04:30 in Greenwich, and still day 90."""
        sent = dt.datetime(2026, 4, 6, 4, 30, tzinfo=dt.UTC)
        assert sent == at("04-05 23:30")
        assert found("referral.window", attrs.evolve(REFERRAL, received_at=sent), WARD).verdict is MET
        greenwich = found("referral.window", attrs.evolve(REFERRAL, received_at=sent), WARD, office=Office("UTC"))
        assert greenwich.verdict is NOT_MET

    def test_a_time_without_an_offset_is_refused(self, tmp_path: Path) -> None:
        """An error of the input, with what to write instead: never a guess."""
        with pytest.raises(InputError, match="received_at: an instant needs its offset from UTC"):
            attrs.evolve(REFERRAL, received_at=at("04-05 23:30").replace(tzinfo=None))
        (tmp_path / "referral.csv").write_text("id,person,received_at\nr,p,2026-04-05T23:30\n", encoding="utf-8")
        with pytest.raises(InputError, match="has no offset from UTC") as refused:
            peersupport.read(tmp_path)
        assert refused.value.problems[0].mend == "write it as in 2026-01-31T16:55-06:00 or 2026-01-31T22:55Z"


class TestStory4:
    """Nobody wrote down when the person left."""

    unsure = attrs.evolve(WARD, ended_on=None)

    @pytest.mark.parametrize("rule", ["referral.window", "referral.eligible"])
    def test_it_is_unknown_and_never_not_met(self, rule: str) -> None:
        """The one fact that is missing is the day of leaving care."""
        finding = found(rule, REFERRAL, self.unsure)
        assert missing(finding) == (UNKNOWN, [("care_episode", "ended_on")])
        assert finding.reason is Reason.NOT_RECORDED


class TestStory5:
    """A clinician refers somebody who is on the ward, with no day of leaving yet."""

    ward = attrs.evolve(WARD, admitted_on=day("03-20"), ended_on=NONE)
    referral = attrs.evolve(REFERRAL, route="while_in_care", referrer_role="clinician")

    @pytest.mark.parametrize("rule", ["referral.route", "referral.window", "referral.eligible"])
    def test_current_care_is_enough(self, rule: str) -> None:
        """The route is right, and the person may come in."""
        assert found(rule, self.referral, self.ward).verdict is MET

    def test_finishing_the_intake_before_discharge_is_advised(self) -> None:
        """A best effort that waits for the day of leaving, and is met by an intake before it."""
        begun = Enrollment(
            id="enrollment",
            person="person",
            referral="referral",
            index_episode="ward",
            accepted_on=day("04-06"),
            intake_completed_on=NONE,
        )
        asked = found("enrollment.intake_before_discharge", begun, self.referral, self.ward)
        assert (asked.verdict, asked.force) == (PENDING, Force.BEST_EFFORT)
        left = attrs.evolve(self.ward, ended_on=day("04-10"))
        done = attrs.evolve(begun, intake_completed_on=day("04-09"))
        assert found("enrollment.intake_before_discharge", done, self.referral, left).verdict is MET


class TestStory6:
    """An emergency visit in January, and a stay that ended in February."""

    visit = attrs.evolve(
        WARD, id="visit", kind="emergency", admitted_on=day("01-02"), ended_on=day("01-02"), led_to=NONE
    )
    stay = attrs.evolve(WARD, admitted_on=day("02-10"), ended_on=day("02-20"))
    referral = attrs.evolve(REFERRAL, received_at=at("04-20 10:00"))

    def test_the_stay_is_what_counts(self) -> None:
        """The visit is 108 days ago and would not do, the stay is 59 days ago and does."""
        assert [(day("04-20") - each).days for each in (day("01-02"), day("02-20"))] == [108, 59]
        assert found("referral.window", self.referral, self.visit).verdict is NOT_MET
        assert found("referral.window", self.referral, self.stay).verdict is MET
        assert found("referral.window", self.referral, self.visit, self.stay).verdict is MET


class TestStory7:
    """An emergency visit on 03-01 that became an admission until 03-12."""

    visit = attrs.evolve(
        WARD, id="visit", kind="emergency", admitted_on=day("03-01"), ended_on=day("03-01"), led_to="ward"
    )
    stay = attrs.evolve(WARD, admitted_on=day("03-01"), ended_on=day("03-12"))

    def test_they_are_one_episode(self) -> None:
        """Merged, it ends on 03-12 and leads to no other."""
        (merged,) = peersupport.merge_stays([self.visit, self.stay])
        assert (merged.episode.admitted_on, merged.episode.ended_on) == (day("03-01"), day("03-12"))
        assert (merged.episode.led_to, set(merged.stays)) == (NONE, {"visit", "ward"})

    @pytest.mark.parametrize(("sent", "verdict"), [("06-10 10:00", MET), ("06-11 10:00", NOT_MET)])
    def test_the_ninety_days_run_from_the_end_of_the_stay(self, sent: str, verdict: Verdict) -> None:
        """The arrival in the emergency room is no second episode, whatever is recorded of its end."""
        referral = attrs.evolve(REFERRAL, received_at=at(sent))
        for visit in (self.visit, attrs.evolve(self.visit, ended_on=None), attrs.evolve(self.visit, ended_on=NONE)):
            assert found("referral.window", referral, visit, self.stay).verdict is verdict


class TestStory8:
    """The day of leaving lies ahead of the referral."""

    ahead = attrs.evolve(WARD, admitted_on=day("05-28"), ended_on=day("06-30"))
    referral = attrs.evolve(REFERRAL, received_at=at("06-10 10:00"))

    def test_it_is_unknown_with_a_warning(self) -> None:
        """What is dated after the day of the judgement has not been seen."""
        finding = found("referral.window", self.referral, self.ahead, on=day("06-10"))
        assert missing(finding) == (UNKNOWN, [("care_episode", "ended_on")])
        assert finding.warnings == ("care_episode ward, ended_on lies after 2026-06-10: read as not recorded",)

    def test_confirmed_as_still_in_care_it_is_met(self) -> None:
        """Known to have no end so far is an answer."""
        still = attrs.evolve(self.ahead, ended_on=NONE)
        finding = found("referral.window", self.referral, still, on=day("06-10"))
        assert (finding.verdict, finding.warnings) == (MET, ())


class TestStory9:
    """The person has no device for the calls."""

    none = attrs.evolve(REFERRAL, devices=frozenset())

    def test_no_device_is_not_met_and_not_recorded_is_unknown(self) -> None:
        """The empty set is known; what was never asked is not."""
        assert found("referral.device", self.none).verdict is NOT_MET
        asked = found("referral.device", attrs.evolve(REFERRAL, devices=None))
        assert missing(asked) == (UNKNOWN, [("referral", "devices")])

    def test_the_warmline_is_owed_all_the_same(self) -> None:
        """Not eligible, and still sent information on the warmline."""
        decided = attrs.evolve(self.none, decided_at=at("04-06 10:00"), warmline_sent_at=NONE)
        assert found("referral.eligible", decided, WARD).verdict is NOT_MET
        assert found("referral.warmline", decided, WARD).verdict is NOT_MET


class TestStory10:
    """The person has a laptop only."""

    laptop = attrs.evolve(REFERRAL, devices=frozenset({"computer_with_camera"}))

    def test_both_readings_are_shown(self) -> None:
        """Strictly not met, and met where any device with video will do."""
        finding = found("referral.device", self.laptop)
        assert (finding.verdict, finding.alternatives) == (NOT_MET, {ANY_DEVICE: MET})

    def test_the_program_s_choice_decides_who_may_come_in(self) -> None:
        """The reading reaches the rule that asks for the device."""
        assert found("referral.eligible", self.laptop, WARD).verdict is NOT_MET
        assert found("referral.eligible", self.laptop, WARD, readings=[ANY_DEVICE]).verdict is MET


class TestStory11:
    """All criteria are met, and all 40 places are taken."""

    referral = attrs.evolve(
        REFERRAL,
        decision="no_place_now",
        first_response_at=at("04-06 09:30"),
        decided_at=at("04-06 09:30"),
        warmline_sent_at=at("04-06 09:30"),
    )
    people = tuple(Person(id=f"p{number}") for number in range(40))
    enrolled = tuple(attrs.evolve(ENROLLMENT, id=f"e{number}", person=f"p{number}") for number in range(40))

    def test_no_place_now_is_not_ineligible(self) -> None:
        """Eligible, answered, and told of the warmline; only there is no place."""
        rules = ["referral.eligible", "referral.decision", "referral.warmline", "program.places"]
        records = (self.referral, WARD, *self.people, *self.enrolled)
        made = peersupport.audit(BOOK, roster(*records), on=day("04-07"), rules=rules)
        assert {(finding.rule, finding.verdict) for finding in made.findings} == {(rule, MET) for rule in rules}
        (load,) = made.loads
        assert (load.surely, load.at_most, load.places) == (40, 40, 0)

    @pytest.mark.parametrize(("number", "verdict", "places"), [(39, MET, 1), (40, MET, 0), (41, NOT_MET, 0)])
    def test_one_fewer_and_one_more(self, number: int, verdict: Verdict, places: int) -> None:
        """One place is left with 39, none with 40, and 41 are one too many."""
        more = [attrs.evolve(ENROLLMENT, id="more")] * (number == 41)
        records = (*self.people, *self.enrolled[:number], *more)
        made = peersupport.audit(BOOK, roster(*records), on=day("04-07"), rules=["program.places"])
        (finding,) = made.findings
        assert (finding.verdict, finding.measured, finding.at_most) == (verdict, number, 40)
        assert made.loads[0].places == places

    def test_information_on_the_warmline_is_due(self) -> None:
        """By the time of the decision."""
        finding = found("referral.warmline", attrs.evolve(self.referral, warmline_sent_at=NONE), WARD)
        assert (finding.verdict, finding.due) == (NOT_MET, self.referral.decided_at)


class TestStory12:
    """A mother fills in the form, and the person has no part in it."""

    @pytest.mark.parametrize("route", ["after_discharge", "self_referral"])
    def test_a_family_member_is_no_referrer_on_either_route(self, route: str) -> None:
        """Nor may somebody come in who was referred so."""
        referral = attrs.evolve(REFERRAL, route=route, referrer_role="family_member")
        assert found("referral.route", referral, WARD).verdict is NOT_MET
        assert found("referral.eligible", referral, WARD).verdict is NOT_MET

    @pytest.mark.parametrize(("by", "verdict"), [({"other"}, NOT_MET), ({"applicant", "other"}, MET)])
    def test_the_form_is_the_person_s_own_with_help(self, by: set[str], verdict: Verdict) -> None:
        """Filled in by another alone it does not count; by the person with help it does."""
        assert found("referral.form", attrs.evolve(REFERRAL, form_completed_by=frozenset(by))).verdict is verdict

    def test_a_self_referral_is_what_mends_it(self) -> None:
        """Referred by the person herself, with help, it is met."""
        assert found("referral.route", REFERRAL, WARD).verdict is MET


class TestStory13:
    """A discharge summary is attached to the referral."""

    referral = attrs.evolve(REFERRAL, documents=frozenset({"medical_record"}))

    def test_it_is_advised_to_take_it_out(self) -> None:
        """Records are not needed: a should, which breaks nothing, and is met without them."""
        made = peersupport.audit(BOOK, roster(self.referral, WARD), on=LATER, rules=["referral.no_medical_record"])
        (finding,) = made.findings
        assert (finding.verdict, finding.force, made.clean) == (NOT_MET, Force.SHOULD, True)
        assert "S0-46" in BOOK[finding.rule].covers
        assert found("referral.no_medical_record", REFERRAL).verdict is MET

    def test_it_has_no_bearing_on_who_may_come_in(self) -> None:
        """With and without the record, somebody may come in."""
        assert found("referral.eligible", self.referral, WARD).verdict is MET


class TestStory15:
    """Somebody who completed the program is referred again after another stay."""

    old = attrs.evolve(WARD, id="old", admitted_on=day("02-10"), ended_on=day("02-20"))
    new = attrs.evolve(WARD, admitted_on=day("06-21"), ended_on=day("07-01"))
    first = attrs.evolve(
        ENROLLMENT, started_on=day("03-02"), ended_on=day("05-25"), end_reason="completed", index_episode="old"
    )
    referral = attrs.evolve(REFERRAL, received_at=at("07-20 10:00"))

    def test_the_new_episode_is_in_the_window(self) -> None:
        """19 days after it the window is met; by the old stay alone it is not."""
        assert (day("07-20") - day("07-01")).days == 19
        assert found("referral.window", self.referral, self.old, self.first, self.new).verdict is MET
        assert found("referral.window", self.referral, self.old, self.first).verdict is NOT_MET

    def test_whether_somebody_may_enroll_again_is_a_gap(self) -> None:
        """No rule answers it, and the rulebook says so."""
        assert "enroll again after completing" in BOOK.gaps["G0-5"]
        assert found("referral.eligible", self.referral, self.old, self.first, self.new).verdict is MET


CLOCKS = {"referral.response": "first_response_at", "referral.decision": "decided_at"}


def answered(rule: str, received: str, *, done: object = NONE, **more: Any) -> Finding:  # noqa: ANN401
    """The finding of a response clock for a referral that was received at a time, and answered at another."""
    times: dict[str, Any] = {"received_at": at(received), CLOCKS[rule]: done}
    return found(rule, attrs.evolve(REFERRAL, **times), **more)


@pytest.mark.parametrize("rule", CLOCKS)
class TestStory16:
    """Friday 16:55 before a Monday on which the office is closed."""

    @pytest.mark.parametrize(
        ("readings", "due"),
        [([], "05-26 16:55"), ([ROLLED], "05-26 09:00"), ([OFFICE_HOURS], "05-28 16:55"), ([FLAT], "05-23 16:55")],
    )
    def test_each_reading_has_its_own_time(self, rule: str, readings: list[str], due: str) -> None:
        """Tuesday at the same time, Tuesday at nine, Thursday, or Saturday; at that minute it is in time."""
        finding = answered(rule, "05-22 16:55", done=at(due), readings=readings)
        assert (finding.verdict, finding.due, finding.reading) == (MET, at(due), tuple(readings))
        late = answered(rule, "05-22 16:55", done=at(due) + dt.timedelta(minutes=1), readings=readings)
        assert late.verdict is NOT_MET

    def test_late_is_advice_and_breaks_nothing(self, rule: str) -> None:
        """A best effort stays one."""
        finding = answered(rule, "05-22 16:55", done=at("05-29 09:00"))
        assert (finding.verdict, finding.force, finding.breaks) == (NOT_MET, Force.BEST_EFFORT, False)


@pytest.mark.parametrize("rule", CLOCKS)
class TestStory17:
    """The same where no calendar of holidays is given."""

    def test_no_day_is_a_holiday(self, rule: str) -> None:
        """Monday at the same time: only where the program gives its holidays are there any."""
        assert answered(rule, "05-22 16:55", office=Office(zone="America/Chicago")).due == at("05-25 16:55")


@pytest.mark.parametrize("rule", CLOCKS)
class TestStory18:
    """Received as the office closes."""

    @pytest.mark.parametrize(
        ("received", "due"), [("05-22 16:59:59", "05-26 16:59:59"), ("05-22 17:00:00", "05-27 09:00")]
    )
    def test_at_five_it_is_after_hours(self, rule: str, received: str, due: str) -> None:
        """The clock starts on Tuesday at nine; a second earlier it starts at once."""
        assert answered(rule, received).due == at(due)

    def test_at_nine_it_is_in_office_hours(self, rule: str) -> None:
        """Received exactly as the office opens, the clock starts at once."""
        assert answered(rule, "05-19 09:00").due == at("05-20 09:00")


@pytest.mark.parametrize("rule", CLOCKS)
class TestStory19:
    """The weekend on which the clocks go forward, and the one on which they go back."""

    @pytest.mark.parametrize(
        ("received", "due", "hours"), [("03-06 16:00", "03-09 16:00", 71), ("10-30 16:00", "11-02 16:00", 73)]
    )
    def test_the_clock_on_the_wall_stays(self, rule: str, received: str, due: str, hours: int) -> None:
        """Monday at the same time: 71 hours have elapsed in March, and 73 in autumn."""
        finding = answered(rule, received)
        assert finding.due == at(due)
        assert at(due).astimezone(dt.UTC) - at(received).astimezone(dt.UTC) == dt.timedelta(hours=hours)
        elapsed = at(received).astimezone(dt.UTC) + dt.timedelta(hours=72)
        assert finding.due != elapsed.astimezone(CHICAGO)


class TestStory20:
    """A regulator asks how many of 200 referrals were answered in time."""

    def test_what_is_not_recorded_is_never_counted_as_in_time(self) -> None:
        """150 of the 188 whose answer is recorded, and 12 unknown beside them."""
        times = [at("04-07 10:00")] * 150 + [at("04-07 10:01")] * 38 + [None] * 12
        people = [Person(id=f"p{number}") for number in range(200)]
        referrals = [
            attrs.evolve(
                REFERRAL, id=f"r{number}", person=f"p{number}", received_at=at("04-06 10:00"), first_response_at=time
            )
            for number, time in enumerate(times)
        ]
        made = peersupport.audit(BOOK, roster(*people, *referrals), on=day("04-30"), rules=["referral.response"])
        counts = made.counts()["referral.response"]
        assert counts == {MET: 150, NOT_MET: 38, UNKNOWN: 12, PENDING: 0, NOT_APPLICABLE: 0}
        unclear = {finding.subject[1] for finding in made.findings if finding.verdict is UNKNOWN}
        assert unclear == {f"r{number}" for number in range(188, 200)}


class TestStory22:
    """Somebody who is referred on day 85 and first met on 04-06."""

    referral = attrs.evolve(REFERRAL, received_at=at("03-31 10:00"))
    enrollment = attrs.evolve(
        ENROLLMENT,
        referral="referral",
        index_episode="ward",
        accepted_on=day("04-01"),
        started_on=day("04-06"),
        safety_plan_offered_on=NONE,
    )

    @pytest.mark.parametrize(("readings", "last"), [([], "06-28"), ([FROM_DISCHARGE], "03-29")])
    def test_each_reading_has_its_own_last_day(self, readings: list[str], last: str) -> None:
        """From the first meeting until 06-28; from discharge it was over on 03-29, before the referral came."""
        plan = found("enrollment.safety_plan_offered", self.enrollment, self.referral, WARD, readings=readings)
        weeks = occurrences("week.module", self.enrollment, self.referral, WARD, readings=readings)
        assert plan.due == weeks[-1].due == day(last)
        assert (len(weeks), day(last) < day("03-31")) == (12, bool(readings))

    def test_the_person_may_come_in_under_either(self) -> None:
        """Referred within the ninety days, which is why the weeks do not run from discharge by default."""
        for readings in ([], [FROM_DISCHARGE]):
            assert found("referral.eligible", self.referral, WARD, readings=readings).verdict is MET


def weekly(skipping: int = 0) -> list[Record]:
    """A video call that was attended, each Wednesday of the twelve weeks but one."""
    return [
        Contact(
            id=f"call-{week}",
            person="person",
            enrollment="enrollment",
            modality="video",
            status="attended",
            scheduled_on=day("03-04") + dt.timedelta(weeks=week - 1),
        )
        for week in range(1, 13)
        if week != skipping
    ]


class TestStory23:
    """The call of week 6 is missed and made up on the Monday after; that of week 7 takes place as well."""

    missed = Contact(
        id="missed",
        person="person",
        enrollment="enrollment",
        modality="video",
        status="not_attended",
        scheduled_on=day("04-08"),
    )
    made_up = attrs.evolve(missed, id="made-up", status="attended", scheduled_on=day("04-13"), makes_up="missed")
    calls = (*weekly(skipping=6), missed, made_up)

    def test_the_program_has_done_its_duty_in_every_week(self) -> None:
        """A call was scheduled in each, also in the week in which the person did not come."""
        weeks = occurrences("week.video_call", ENROLLMENT, *self.calls)
        assert [each.verdict for each in weeks] == [MET] * 12
        assert (weeks[5].done_on, weeks[5].alternatives[ATTENDED]) == (day("04-08"), NOT_MET)

    def test_eleven_of_twelve_weeks_are_attended(self) -> None:
        """Two calls in week 7 do not make up for week 6: nothing is carried over."""
        weeks = occurrences("week.video_call", ENROLLMENT, *self.calls, readings=[ATTENDED])
        assert [each.occurrence for each in weeks if each.verdict is not MET] == [6]
        assert (len(weeks), weeks[5].due, weeks[5].done_on) == (12, day("04-12"), day("04-13"))
        assert (weeks[6].verdict, weeks[6].done_on) == (MET, day("04-13"))

    def test_without_the_call_that_was_scheduled_the_week_is_not_kept(self) -> None:
        """The call of another week does not count by default either."""
        other = attrs.evolve(self.made_up, makes_up=NONE)
        weeks = occurrences("week.video_call", ENROLLMENT, *weekly(skipping=6), other)
        assert [each.occurrence for each in weeks if each.verdict is NOT_MET] == [6]


class TestStory25:
    """Follow-ups after a program of which the last day is 2026-08-31."""

    enrollment = attrs.evolve(ENROLLMENT, started_on=day("06-09"), ended_on=day("09-01"))

    @staticmethod
    def attempts(*days: str) -> list[Record]:
        """Attempts to reach the person on some days."""
        return [FollowUp(id=f"f-{text}", enrollment="enrollment", attempted_on=day(text)) for text in days]

    def test_they_are_counted_from_the_last_day_and_cut_to_the_month_s_end(self) -> None:
        """09-30, 10-31 and 11-30: not chained, or the second would be on 10-30."""
        assert self.enrollment.started_on == day("09-01") - dt.timedelta(weeks=12)
        found_ = occurrences("follow_up.monthly", self.enrollment)
        assert [each.due for each in found_] == [day("09-30"), day("10-31"), day("11-30")]

    def test_an_early_one_changes_nothing_for_the_next(self) -> None:
        """Each month has an attempt of its own."""
        early = occurrences("follow_up.monthly", self.enrollment, *self.attempts("09-02", "10-01", "11-30"))
        assert [(each.verdict, each.due) for each in early] == [
            (MET, day("09-30")),
            (MET, day("10-31")),
            (MET, day("11-30")),
        ]


class TestStory26:
    """Tools for a safety plan are offered on 03-04, and the person declines."""

    enrollment = attrs.evolve(ENROLLMENT, safety_plan_offered_on=day("03-04"), safety_plan="declined")

    @pytest.mark.parametrize("on", ["03-04", "05-24", "12-31"])
    def test_offered_is_met_for_good(self, on: str) -> None:
        """Nobody is asked again."""
        made = peersupport.audit(BOOK, roster(self.enrollment), on=day(on), rules=["enrollment.safety_plan_offered"])
        assert [finding.verdict for finding in made.findings] == [MET]
        assert made.queue(365) == ()


class TestStory27:
    """An insurer was told something on 04-02."""

    told = Disclosure(id="told", person="person", recipient="insurer", disclosed_on=day("04-02"))

    def test_it_is_not_met_and_critical(self) -> None:
        """A must that is broken, whatever was billed."""
        made = peersupport.audit(
            BOOK, roster(ENROLLMENT, self.told), on=LATER, rules=["enrollment.insurer_not_told", "enrollment.free"]
        )
        verdicts = {finding.rule: finding.verdict for finding in made.findings}
        assert verdicts == {"enrollment.insurer_not_told": NOT_MET, "enrollment.free": MET}
        (finding,) = (each for each in made.findings if each.verdict is NOT_MET)
        assert (finding.critical, finding.breaks, made.clean) == (True, True, False)
        assert "S0-39" in BOOK[finding.rule].covers

    @pytest.mark.parametrize(("recipient", "on"), [("referrer", "04-02"), ("insurer", "02-28")])
    def test_others_and_what_was_before_do_not_count(self, recipient: str, on: str) -> None:
        """Who referred the person may be told, and an insurer knew from elsewhere before the acceptance."""
        other = attrs.evolve(self.told, recipient=recipient, disclosed_on=day(on))
        assert found("enrollment.insurer_not_told", ENROLLMENT, other).verdict is MET


class TestStory58:
    """The person chooses to leave in week 3."""

    left = attrs.evolve(ENROLLMENT, ended_on=day("03-18"), end_reason="chose_to_leave")
    calls = weekly()[:2]
    modules = tuple(
        Module(id=f"module-{week}", enrollment="enrollment", released_on=day(text))
        for week, text in enumerate(("03-02", "03-09"), 1)
    )

    @pytest.mark.parametrize(("rule", "others"), [("week.video_call", calls), ("week.module", modules)])
    def test_nothing_is_owed_from_then_on(self, rule: str, others: Sequence[Record]) -> None:
        """The weeks before are kept, and the one in which the person leaves is the last that is spoken of."""
        weeks = occurrences(rule, self.left, *others)
        assert [each.verdict for each in weeks] == [MET, MET, NOT_APPLICABLE]
        assert weeks[-1].reason is Reason.ENDED

    def test_what_was_still_to_come_is_not_owed(self) -> None:
        """Plans that nobody had offered by then are not late."""
        never = attrs.evolve(self.left, safety_plan_offered_on=NONE, wellness_plan_offered_on=NONE)
        assert found("enrollment.safety_plan_offered", never).verdict is NOT_APPLICABLE
        assert found("enrollment.wellness_plan_offered", never).verdict is NOT_APPLICABLE

    def test_the_warmline_is_offered_all_the_same(self) -> None:
        """Within a month of the program as it would have been."""
        waiting = attrs.evolve(self.left, warmline_connected_on=NONE)
        finding = found("enrollment.warmline_connected", waiting, on=day("03-19"))
        assert (finding.verdict, finding.due) == (PENDING, day("06-24"))
        done = attrs.evolve(self.left, warmline_connected_on=day("03-18"))
        assert found("enrollment.warmline_connected", done).verdict is MET

    def test_follow_ups_hang_on_consent(self) -> None:
        """Without it none is owed; where nobody asked it is unknown, and the consent is what is missing."""
        asked = {
            consent: found("follow_up.monthly", attrs.evolve(self.left, follow_up_consent=consent), on=day("06-24"))
            for consent in (True, False, None)
        }
        assert (asked[True].verdict, asked[True].due) == (PENDING, day("06-24"))
        assert asked[False].verdict is NOT_APPLICABLE
        assert missing(asked[None]) == (UNKNOWN, [("enrollment", "follow_up_consent")])


class TestStory60:
    """A developer mistypes the name of a field."""

    def test_every_name_that_is_not_known_is_named(self, tmp_path: Path) -> None:
        """With the nearest known one, or all of them; nothing is left out in silence, and all faults come at once."""
        (tmp_path / "person.csv").write_text("id\nperson\n", encoding="utf-8")
        (tmp_path / "care_episode.csv").write_text(
            "id,person,dischrage_date,endde_on\nward,person,2026-01-05,2026-01-05\n", encoding="utf-8"
        )
        (tmp_path / "referal.csv").write_text("id\nreferral\n", encoding="utf-8")
        with pytest.raises(InputError) as refused:
            peersupport.read(tmp_path)
        told = [(problem.place, problem.fault, problem.mend) for problem in refused.value.problems]
        known = "admitted_on, ended_on, id, kind, led_to, left_at, person, psychiatric"
        assert told == [
            (
                "care_episode.csv, row 1, column dischrage_date",
                "care_episode has no fact 'dischrage_date'",
                f"known here: {known}",
            ),
            (
                "care_episode.csv, row 1, column endde_on",
                "care_episode has no fact 'endde_on'",
                "did you mean 'ended_on'?",
            ),
            ("referal.csv", "there is no kind 'referal'", "did you mean 'referral'?"),
        ]

    def test_a_record_in_memory_refuses_it_too(self) -> None:
        """The field, or the value, is named."""
        with pytest.raises(TypeError, match="dischrage_date"):
            CareEpisode(id="ward", dischrage_date=day("01-05"))  # type: ignore[call-arg]
        with pytest.raises(InputError, match=r"kind: is not one of its choices: did you mean 'inpatient'\?"):
            CareEpisode(id="ward", kind="inpatent")
