"""The rulebook `nebraska-dbh` on care: screening and danger, where and how people meet, times, coming of age, staying.

Each class is a clause of the service definition (S3), its law stated again in plain Python over generated cases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    BOOK,
    CHICAGO,
    DAY,
    HOURS,
    LATER,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    SERVICE,
    START,
    UNKNOWN,
    Event,
    Moment,
    Truth,
    admission,
    around,
    at,
    before,
    contact,
    dated,
    day_after,
    equals,
    family,
    found,
    has,
    in_time,
    inside,
    kleene_and,
    kleene_not,
    kleene_or,
    near,
    other_service,
    present,
    roster,
    told,
    verdict,
    where,
)

from peersupport import (
    NONE,
    Admission,
    BarrierNote,
    CrisisContact,
    Force,
    Measure,
    Person,
    Plan,
    PlanReview,
    Program,
    Reason,
    SafetyAction,
    Screening,
    StayReview,
    Verdict,
    judge,
)

DOMAINS = ("strengths", "ability", "at_risk_behavior", "suicide_risk")
TIMES = ("weekday_daytime", "weekday_evening", "weekend")
COMMUNITIES = ("veteran", "transition_age", "family", "law_enforcement_contact", "other")
PLAN = Plan(id="plan", admission="a", developed_on=START)
VIDEO, NO_VIDEO = "video is face to face", "video is not face to face"
STATUS = st.sampled_from(["scheduled", "attended", "not_attended", None])
MODALITY = st.sampled_from(["in_person", "video", "telephone", None])


def some_of(*choices: str) -> st.SearchStrategy[frozenset[str] | None]:
    """A set of choices, the whole and the empty one often among them, or not recorded."""
    return st.one_of(
        st.sampled_from([None, frozenset[str](), frozenset(choices)]), st.frozensets(st.sampled_from(choices))
    )


def within(part: frozenset[str] | None, whole: frozenset[str] | None) -> Truth:
    """Whether all of a set are among another one."""
    return None if part is None or whole is None else part <= whole


class TestProgram:
    """S3-3, 76: the license of the program, and the times at which peer support can be had."""

    @pytest.mark.parametrize("licensed", [True, False, None])
    def test_program_licensed_is_attested(self, licensed: Truth) -> None:
        """It holds the license, it does not, or nobody wrote it down."""
        assert found("program.licensed", Program(id="program", licensed=licensed)).verdict is verdict(licensed)

    @given(some_of(*TIMES), some_of(*TIMES))
    def test_service_at_fitting_times_is_all_the_times_named(
        self, wished: frozenset[str] | None, offered: frozenset[str] | None
    ) -> None:
        """Each time that suits the person is a time of the service; without a wish there is nothing to ask."""
        program = Program(id="program", service_times=offered)
        verdicts = told("service.at_fitting_times", admission(preferred_times=wished), program)
        assert verdicts == {"": where(present(wished), verdict(within(wished, offered)))}

    def test_service_at_fitting_times_without_the_program_is_unknown(self) -> None:
        """The times of the service stand in the program's own table."""
        person = admission(preferred_times=frozenset({"weekend"}))
        tables = dict(roster(person).tables.tables)
        del tables["program"]
        finding = judge(BOOK, "service.at_fitting_times", person, on=LATER, tables=type(roster().tables)(tables))
        assert (finding.verdict, finding.reason, finding.force) == (UNKNOWN, Reason.NO_TABLE, Force.SHOULD)


class TestCareTeam:
    """S3-50: the peer provider is a member of the person's care team."""

    TEAMS = (
        ("with_peer_provider", MET),
        ("without_peer_provider", NOT_MET),
        ("no_team", NOT_APPLICABLE),
        (None, UNKNOWN),
    )

    @pytest.mark.parametrize(("team", "expected"), TEAMS)
    def test_team_member_where_there_is_a_team(self, team: str | None, expected: Verdict) -> None:
        """Where there is no team, there is none to be a member of."""
        assert found("team.member", admission(care_team=team)).verdict is expected


class TestAdaptation:
    """S3-51: services are adapted to the communities that the person names."""

    @given(some_of(*COMMUNITIES), some_of(*COMMUNITIES))
    def test_plan_adapted_to_all_that_the_person_names(
        self, named: frozenset[str] | None, adapted: frozenset[str] | None
    ) -> None:
        """To each of them, to more if it is; nothing is asked of whoever names none."""
        plan = Plan(id="plan", admission="a", adapted_to=adapted)
        verdicts = told("plan.adapted", plan, admission(), Person(id="p", self_described=named))
        assert verdicts == {"": where(present(named), verdict(within(named, adapted)))}

    def test_plan_adapted_without_the_admission_is_unknown(self) -> None:
        """Whose plan it is cannot be looked up."""
        plan = Plan(id="plan", admission="a", adapted_to=frozenset({"veteran"}))
        finding = found("plan.adapted", plan, without=["admission"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)


class TestScreening:
    """S3-40 to 42: what a screening asks about, at admission and throughout."""

    @given(st.lists(st.tuples(some_of(*DOMAINS), MAYBE, st.booleans()), max_size=3))
    def test_screening_domains_are_all_four_between_them_and_each_fits(
        self, drawn: list[tuple[frozenset[str] | None, Truth, bool]]
    ) -> None:
        """Each domain in one of the screenings of the admission at least, and each of them fits."""
        screenings = [
            Screening(id=f"s{i}", admission="a" if own else "b", domains=asked, developmentally_fitting=fits)
            for i, (asked, fits, own) in enumerate(drawn)
        ]
        other = Admission(id="b", person="child", child=NONE)
        verdicts = told("screening.domains", admission(), other, *screenings)
        own = [(asked, fits) for asked, fits, own in drawn if own]
        domains = [kleene_or(*(has(domain, asked) for asked, _ in own)) for domain in DOMAINS]
        expected = verdict(kleene_and(*domains, *(fits for _, fits in own)))
        assert verdicts == {"": where(bool(own), expected)}

    def test_screening_domains_are_shared_between_two(self) -> None:
        """What one screening does not ask about another one does, and a third adds nothing that fails."""
        halves = (DOMAINS[:2], DOMAINS[2:])
        two = [self.screening(f"s{i}", frozenset(half)) for i, half in enumerate(halves)]
        assert [found("screening.domains", admission(), each).verdict for each in two] == [NOT_MET, NOT_MET]
        assert found("screening.domains", admission(), *two).verdict is MET
        assert found("screening.domains", admission(), *two, self.screening("s2", frozenset())).verdict is MET

    def test_screening_domains_one_that_does_not_fit_is_named(self) -> None:
        """Each screening has to fit, whatever the others are like."""
        good, bad = (self.screening(f"s{i}", frozenset(DOMAINS), fits=i == 0) for i in (0, 1))
        finding = found("screening.domains", admission(), good, bad)
        failed = {clause.name: clause.failing for clause in finding.clauses if clause.verdict is NOT_MET}
        assert failed == {"fits the stage of development": (("screening", "s1"),)}

    def test_screening_domains_without_screenings_given_is_unknown(self) -> None:
        """No screening leaves nothing to judge; no table of them does not."""
        assert found("screening.domains", admission()).verdict is NOT_APPLICABLE
        finding = found("screening.domains", admission(), without=["screening"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @pytest.mark.parametrize("lacking", DOMAINS, ids=lambda domain: f"screening.domains-{domain}")
    def test_the_domain_that_is_not_asked_about_is_named(self, lacking: str) -> None:
        """One of five clauses fails, and its name is the domain's."""
        screening = self.screening("s", frozenset(DOMAINS) - {lacking})
        clauses = found("screening.domains", admission(), screening).clauses
        failed = [clause.name.replace("-", "_").replace(" ", "_") for clause in clauses if clause.verdict is NOT_MET]
        assert (len(clauses), failed) == (5, [lacking])

    @staticmethod
    def screening(id_: str, domains: frozenset[str], *, fits: bool = True) -> Screening:
        """A screening of the admission that asks about some domains."""
        return Screening(id=id_, admission="a", domains=domains, developmentally_fitting=fits)

    @given(
        st.sampled_from([START, None]),
        st.lists(st.one_of(dated(START), dated(START + 30 * DAY)), max_size=3),
        st.lists(st.tuples(STATUS, around(START + 7 * DAY, 3)), max_size=2),
        st.one_of(near(START), near(START + 30 * DAY)),
        st.one_of(around(START), around(START + 7 * DAY), around(START + 30 * DAY)),
    )
    def test_screening_at_admission_by_that_day(
        self,
        admitted: dt.date | None,
        days: list[dt.date | None],
        contacts: list[tuple[str | None, dt.date]],
        ended: Moment,
        on: dt.date,
    ) -> None:
        """By the day of admission; under the other readings by the first service, or within 30 days."""
        screenings = [Screening(id=f"s{i}", admission="a", screened_on=day) for i, day in enumerate(days)]
        met = [contact(f"c{i}", status=status, starts_at=at(day)) for i, (status, day) in enumerate(contacts)]
        if isinstance(ended, dt.date) and ended > on:
            ended = NONE
        record = admission(admitted_on=admitted if admitted is None or admitted <= on else None, ended_on=ended)
        admitted = record.admitted_on
        events: list[Event] = [(True, day) for day in days if day is None or day <= on]
        dues = {"": admitted, "screened within 30 days": None if admitted is None else admitted + 30 * DAY}
        until = day_after(ended)
        expected = {reading: in_time(events, due, on, until) for reading, due in dues.items()}
        verdicts = told("screening.at_admission", record, *screenings, *met, on=on)
        assert {reading: verdicts[reading] for reading in expected} == expected
        if None not in {status for status, day in contacts if day <= on}:
            first = min((day for status, day in contacts if status == "attended" and day <= on), default=NONE)
            assert verdicts["by the first service"] is in_time(events, first, on, until)

    @pytest.mark.parametrize(
        ("reading", "day"), [("", 0), ("by the first service", 7), ("screened within 30 days", 30)]
    )
    @pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
    def test_screening_at_admission_on_the_day_itself_will_do(
        self, reading: str, day: int, shift: int, expected: Verdict
    ) -> None:
        """The day before the due day of each reading, that day, the day after."""
        screening = Screening(id="s", admission="a", screened_on=START + (day + shift) * DAY)
        first = contact(starts_at=at(START + 7 * DAY, 23))
        assert told("screening.at_admission", admission(), screening, first)[reading] is expected

    @pytest.mark.parametrize(
        ("reading", "day"), [("", 0), ("by the first service", 7), ("screened within 30 days", 30)]
    )
    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_MET), (1, NOT_MET)])
    def test_screening_at_admission_is_owed_by_a_service_of_one_day(
        self, reading: str, day: int, shift: int, expected: Verdict
    ) -> None:
        """The service ended the day before the due day of each reading, on it, the day after."""
        first = contact(starts_at=at(START + 7 * DAY))
        record = admission(ended_on=START + (day + shift) * DAY)
        assert told("screening.at_admission", record, first)[reading] is expected

    def test_screening_at_admission_after_the_service_does_not_count(self) -> None:
        """It was never done: late by the days until the service was over."""
        screening = Screening(id="s", admission="a", screened_on=START + 9 * DAY)
        finding = found("screening.at_admission", admission(ended_on=START + 2 * DAY), screening)
        assert (finding.verdict, finding.reason, finding.done_on) == (NOT_MET, Reason.NEVER_DONE, None)
        assert finding.days_late == 3

    def test_screening_at_admission_without_screenings_given_is_unknown(self) -> None:
        """No table is not no screening."""
        assert found("screening.at_admission", admission()).verdict is NOT_MET
        finding = found("screening.at_admission", admission(), without=["screening"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @given(
        st.lists(around(START + 90 * DAY, 4), max_size=3),
        st.lists(st.tuples(around(START + 90 * DAY, 4), st.booleans()), max_size=2),
    )
    def test_screening_throughout_is_since_the_review_before(
        self, screened: list[dt.date], others: list[tuple[dt.date, bool]]
    ) -> None:
        """By the day of the review, and after the review before it, whichever version that one was of."""
        this = START + 90 * DAY
        reviews = [
            PlanReview(id=f"r{i}", plan="v2" if new else "plan", reviewed_on=day) for i, (day, new) in enumerate(others)
        ]
        last = max((day for day, _ in others if day < this), default=dt.date.min)
        expected = any(last < day <= this for day in screened)
        assert self.throughout(this, screened, *reviews) is verdict(expected)

    def test_screening_throughout_with_a_day_not_recorded_is_unknown_unless_another_is_enough(self) -> None:
        """A screening of no date may be the one; one that is surely in time decides without it."""
        this = START + 90 * DAY
        earlier = PlanReview(id="r1", plan="plan", reviewed_on=this - 2 * DAY)
        assert self.throughout(this, [None]) is UNKNOWN
        assert self.throughout(this, [None, this - 3 * DAY], earlier) is UNKNOWN
        assert self.throughout(this, [None, this - DAY], earlier) is MET
        assert self.throughout(None, [this - DAY]) is UNKNOWN

    def test_screening_throughout_with_a_review_not_dated_is_unknown(self) -> None:
        """It may stand between the screening and this review; without a screening it makes no difference."""
        this = START + 90 * DAY
        undated = PlanReview(id="r1", plan="plan")
        assert self.throughout(this, [this - DAY], undated) is UNKNOWN
        assert self.throughout(this, [], undated) is NOT_MET

    @staticmethod
    def throughout(this: dt.date | None, screened: Sequence[dt.date | None], *reviews: PlanReview) -> Verdict:
        """The verdict of a review among screenings and other reviews, of two versions of the plan."""
        screenings = [Screening(id=f"s{i}", admission="a", screened_on=day) for i, day in enumerate(screened)]
        versions = [PLAN, Plan(id="v2", admission="a", developed_on=START + 50 * DAY)]
        review = PlanReview(id="r", plan="plan", reviewed_on=this)
        return told("screening.throughout", review, admission(), *versions, *screenings, *reviews)[""]

    @pytest.mark.parametrize("table", ["plan", "screening"])
    def test_screening_throughout_without_a_table_is_unknown(self, table: str) -> None:
        """Neither the plan reviewed nor the screenings may be lacking."""
        review = PlanReview(id="r", plan="plan", reviewed_on=START)
        finding = found("screening.throughout", review, admission(), *([PLAN] * (table != "plan")), without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)


class TestDanger:
    """S3-43, 49: what follows when danger is found, and the link with crisis services."""

    @given(MAYBE, st.sampled_from([START, None]), st.lists(dated(START), max_size=3), st.integers(0, 2))
    def test_screening_danger_answered_the_same_day(
        self, danger: Truth, screened: dt.date | None, steps: list[dt.date | None], later: int
    ) -> None:
        """A step on that day: one of the day before is no answer, one of the day after is late."""
        on = START + later * DAY
        screening = Screening(id="s", admission="a", screened_on=screened, imminent_danger=danger)
        taken = [SafetyAction(id=f"x{i}", screening="s", taken_on=day) for i, day in enumerate(steps)]
        verdicts = told("screening.danger_answered", screening, admission(), *taken, on=on)
        events: list[Event] = [(True, day) for day in steps if day is None or day <= on]
        assert verdicts == {"": where(danger, in_time(events, screened, on, opens=screened))}

    @pytest.mark.parametrize(
        ("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, NOT_MET)], ids=["day before", "that day", "day after"]
    )
    def test_screening_danger_answered_is_critical(self, shift: int, expected: Verdict) -> None:
        """It comes first in what is to be done, and only a step on the day itself meets it."""
        screening = Screening(id="s", admission="a", screened_on=START, imminent_danger=True)
        step = SafetyAction(id="x", screening="s", taken_on=START + shift * DAY, kind="crisis_line")
        finding = found("screening.danger_answered", screening, admission(), step, on=START + DAY)
        assert (finding.verdict, finding.critical, finding.due) == (expected, True, START)

    def test_screening_danger_answered_a_step_before_does_not_hide_the_answer(self) -> None:
        """The first step that counts is the first since the danger was found."""
        screening = Screening(id="s", admission="a", screened_on=START, imminent_danger=True)
        steps = [SafetyAction(id=f"x{n}", screening="s", taken_on=START + n * DAY) for n in (-1, 0)]
        finding = found("screening.danger_answered", screening, admission(), *steps)
        assert (finding.verdict, finding.done_on) == (MET, START)

    def test_screening_danger_answered_is_for_a_person_to_say(self) -> None:
        """Whether there is danger is never worked out: without that judgement it is unknown."""
        screening = Screening(id="s", admission="a", screened_on=START)
        finding = found("screening.danger_answered", screening, admission())
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.JUDGEMENT)

    def test_screening_danger_answered_without_the_steps_given_is_unknown(self) -> None:
        """No table is not no step."""
        screening = Screening(id="s", admission="a", screened_on=START, imminent_danger=True)
        finding = found("screening.danger_answered", screening, admission(), without=["safety_action"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    def test_only_this_rule_is_critical(self) -> None:
        """Nothing else comes before everything."""
        assert [rule.id for rule in BOOK if rule.critical] == ["screening.danger_answered"]

    LIAISON = (
        ("made", MET),
        ("declined_by_person", MET),
        ("not_possible", MET),
        ("not_made", NOT_MET),
        (None, UNKNOWN),
    )

    @pytest.mark.parametrize(("liaison", "expected"), LIAISON)
    def test_crisis_liaison_made_or_said_why_not(self, liaison: str | None, expected: Verdict) -> None:
        """Peer support links up with the crisis service, or the reason why not is written down."""
        record = CrisisContact(id="x", admission="a", contacted_on=START, liaison=liaison)
        assert found("crisis.liaison", record, admission()).verdict is expected


class TestSetting:
    """S3-2: an office or clinic, home or the community."""

    LISTED = ("office_clinic", "home", "community")
    WIDER = (*LISTED, "school", "hospital", "jail")

    @pytest.mark.parametrize("setting", [*WIDER, "other", None], ids=lambda setting: f"contact.setting-{setting}")
    @pytest.mark.parametrize("modality", ["in_person", "video", "telephone", None])
    @pytest.mark.parametrize("status", ["scheduled", "attended", "not_attended", None])
    def test_contact_setting_in_person(self, status: str | None, modality: str | None, setting: str | None) -> None:
        """Of contacts attended in person: the three settings, and others of the community under that reading."""
        verdicts = told("contact.setting", contact(status=status, modality=modality, setting=setting), admission())
        applies = kleene_and(equals(status, "attended"), equals(modality, "in_person"))
        listed, wider = (None if setting is None else setting in each for each in (self.LISTED, self.WIDER))
        assert verdicts == {
            "": where(applies, verdict(listed)),
            "a school, a hospital or a jail is the community": where(applies, verdict(wider)),
        }


def whichever(one: Verdict, other: Verdict) -> Verdict:
    """What both readings agree on; where they do not, one has to be chosen."""
    return one if one is other else UNKNOWN


class TestFaceToFace:
    """S3-52 to 54: face to face is preferred; where it cannot be, telephone with the barriers documented."""

    @given(STATUS, MODALITY)
    def test_contact_face_to_face(self, status: str | None, modality: str | None) -> None:
        """In person it is, by telephone it is not; video has to be chosen, and is then what was chosen."""
        verdicts = told("contact.face_to_face", contact(status=status, modality=modality), admission())
        applies = equals(status, "attended")
        seen = {VIDEO: {"in_person", "video"}, NO_VIDEO: {"in_person"}}
        each = {n: where(applies, verdict(None if modality is None else modality in m)) for n, m in seen.items()}
        assert verdicts == {"": whichever(each[VIDEO], each[NO_VIDEO]), **each}

    @pytest.mark.parametrize("rule", ["contact.face_to_face", "contact.barriers_documented"])
    def test_video_is_for_the_program_to_choose(self, rule: str) -> None:
        """Unknown with that reason and no fact missing, and both answers are shown."""
        finding = found(rule, contact(modality="video"), admission())
        assert (finding.verdict, finding.reason, finding.missing) == (UNKNOWN, Reason.CHOOSE_READING, ())
        assert len(set(finding.alternatives.values())) == len(finding.alternatives) == 2
        assert all(
            found(rule, contact(modality=how), admission()).verdict is not UNKNOWN for how in ("in_person", "telephone")
        )

    @pytest.mark.parametrize("rule", ["contact.face_to_face", "contact.barriers_documented"])
    @pytest.mark.parametrize("status", ["scheduled", "not_attended"])
    def test_what_both_readings_agree_on_is_judged(self, rule: str, status: str) -> None:
        """A contact that was not attended is not asked about, by video neither."""
        assert found(rule, contact(status=status, modality="video"), admission()).verdict is NOT_APPLICABLE

    @given(
        STATUS,
        MODALITY,
        st.sampled_from([START, None]),
        HOURS,
        st.lists(st.tuples(dated(START), near(START), st.sampled_from(["distance", None])), max_size=2),
    )
    def test_contact_barriers_documented_on_the_day(
        self,
        status: str | None,
        modality: str | None,
        day: dt.date | None,
        hour: int,
        notes: list[tuple[dt.date | None, Moment, str | None]],
    ) -> None:
        """A note that names the barrier covers the program's day, from its first day through its last."""
        standing = [
            BarrierNote(id=f"n{i}", admission="a", barrier=barrier, covers_from=start, covers_until=end)  # type: ignore[arg-type]
            for i, (start, end, barrier) in enumerate(notes)
        ]
        starts = None if day is None else at(day, hour)
        record = contact(status=status, modality=modality, starts_at=starts)
        verdicts = told("contact.barriers_documented", record, admission(), *standing)
        covers = [kleene_and(present(what), inside(day, start, end, through=True)) for start, end, what in notes]
        covered = verdict(kleene_or(*covers))
        attended = equals(status, "attended")
        each = {
            VIDEO: where(kleene_and(attended, equals(modality, "telephone")), covered),
            NO_VIDEO: where(kleene_and(attended, kleene_not(equals(modality, "in_person"))), covered),
        }
        assert verdicts == {"": whichever(each[VIDEO], each[NO_VIDEO]), **each}

    def test_contact_barriers_documented_without_notes_given_is_unknown(self) -> None:
        """No table is not no note."""
        record = contact(modality="telephone")
        assert found("contact.barriers_documented", record, admission()).verdict is NOT_MET
        assert found("contact.barriers_documented", record, admission(), without=["barrier_note"]).verdict is UNKNOWN

    def test_contact_barriers_documented_by_a_note_whose_barrier_is_not_recorded(self) -> None:
        """A note that names no barrier is not known to be on one; beside one that does it makes no difference."""
        notes = [
            BarrierNote(id=f"n{barrier}", admission="a", barrier=barrier, covers_from=START, covers_until=START)
            for barrier in (None, "distance")
        ]
        record = contact(modality="telephone")
        finding = found("contact.barriers_documented", record, admission(), notes[0])
        assert (finding.verdict, [place.fact for place in finding.missing]) == (UNKNOWN, ["barrier"])
        assert found("contact.barriers_documented", record, admission(), *notes).verdict is MET

    def test_contact_barriers_documented_on_the_day_where_the_program_is(self) -> None:
        """At 23:00 in Chicago it is the next day in Greenwich, and the note of the day still covers it."""
        note = BarrierNote(id="n", admission="a", barrier="distance", covers_from=START, covers_until=START)
        late = at(START, 23).astimezone(dt.UTC)
        assert (late.date(), late.astimezone(CHICAGO).date()) == (START + DAY, START)
        record = contact(modality="telephone", starts_at=late)
        assert found("contact.barriers_documented", record, admission(), note).verdict is MET


BORN = dt.date(2007, 6, 15)
BIRTHDAY_18, BIRTHDAY_19 = dt.date(2025, 6, 15), dt.date(2026, 6, 15)
FROM_THEN = "a child is under 18"
WINDOWS = {"": BIRTHDAY_19, FROM_THEN: BIRTHDAY_18}
AGES = {"": BIRTHDAY_18, "a person is of age at 19": BIRTHDAY_19}


class TestComingOfAge:
    """S3-85: in family service, what follows is planned before the child's birthday."""

    @given(
        SERVICE,
        st.one_of(dated(BIRTHDAY_18), dated(BIRTHDAY_19), st.just(BIRTHDAY_18 - 100 * DAY)),
        st.sampled_from([BORN, None]),
        st.lists(st.one_of(*(dated(day - n * DAY) for day in (BIRTHDAY_18, BIRTHDAY_19) for n in (0, 90))), max_size=3),
        st.one_of(near(BIRTHDAY_18), near(BIRTHDAY_19)),
        st.one_of(around(BIRTHDAY_18), around(BIRTHDAY_19)),
    )
    def test_family_coming_of_age_is_reviewed_in_the_90_days_before(
        self,
        service: str | None,
        admitted: dt.date | None,
        born: dt.date | None,
        days: list[dt.date | None],
        ended: Moment,
        on: dt.date,
    ) -> None:
        """From 90 days before the birthday through the birthday, of a child admitted before it."""
        if isinstance(ended, dt.date) and ended > on:
            ended = NONE
        admitted = min(admitted, on) if admitted else None
        record = admission(service=service, child="child", admitted_on=admitted, ended_on=ended)
        reviews = [StayReview(id=f"r{i}", admission="a", reviewed_on=day) for i, day in enumerate(days)]
        child = Person(id="child", birth_date=born)
        verdicts = told("family.coming_of_age", record, child, *reviews, on=on)
        expected = {}
        for reading, birthday in WINDOWS.items():
            due = None if born is None else birthday
            events: list[Event] = [(True, day) for day in days if day is None or day <= on]
            told_in_time = in_time(events, due, on, ended, birthday - 90 * DAY)
            applies = kleene_and(equals(service, "family"), before(admitted, due))
            expected[reading] = where(applies, told_in_time)
        assert verdicts == expected

    @pytest.mark.parametrize("reading", ["", FROM_THEN], ids=lambda name: f"family.coming_of_age-{name or 'default'}")
    @pytest.mark.parametrize(("before_it", "expected"), [(91, NOT_MET), (90, MET), (89, MET), (0, MET), (-1, NOT_MET)])
    def test_the_edges_of_the_90_days(self, reading: str, before_it: int, expected: Verdict) -> None:
        """The day before the 90, their first, the next, the birthday, the day after."""
        review = StayReview(id="r", admission="a", reviewed_on=WINDOWS[reading] - before_it * DAY)
        verdicts = told("family.coming_of_age", family(admitted_on=BORN), Person(id="child", birth_date=BORN), review)
        assert verdicts[reading] is expected

    @pytest.mark.parametrize("reading", WINDOWS, ids=lambda name: f"family.coming_of_age-{name or 'default'}")
    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, NOT_APPLICABLE), (1, NOT_APPLICABLE)])
    def test_a_child_of_age_at_admission_does_not_come_of_age(
        self, reading: str, shift: int, expected: Verdict
    ) -> None:
        """Admitted the day before the birthday, on it, the day after."""
        record = family(admitted_on=WINDOWS[reading] + shift * DAY)
        assert told("family.coming_of_age", record, Person(id="child", birth_date=BORN))[reading] is expected

    @pytest.mark.parametrize(("ended", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_APPLICABLE), (1, NOT_MET)])
    def test_family_coming_of_age_is_not_owed_by_a_service_that_ended_before(
        self, ended: int, expected: Verdict
    ) -> None:
        """The service ended the day before the birthday, on it, the day after; a review after that is too late."""
        review = StayReview(id="r", admission="a", reviewed_on=BIRTHDAY_19 + 2 * DAY)
        record = family(admitted_on=BORN, ended_on=BIRTHDAY_19 + ended * DAY)
        finding = found("family.coming_of_age", record, Person(id="child", birth_date=BORN), review)
        assert (finding.verdict, finding.done_on) == (expected, None)

    def test_family_coming_of_age_without_a_table_is_unknown(self) -> None:
        """Neither the reviews nor whose birthday it is may be lacking."""
        child = Person(id="child", birth_date=BORN)
        finding = found("family.coming_of_age", family(), child, without=["stay_review"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)
        assert found("family.coming_of_age", family(child=None), child).verdict is UNKNOWN

    def test_family_coming_of_age_is_a_should(self) -> None:
        """The source sets no day, so it does not fail a program."""
        assert BOOK["family.coming_of_age"].force is BOOK["participant.adult_consent"].force is Force.SHOULD


class TestAdultConsent:
    """S3-51: whoever comes of age while served renews the consent in her own name."""

    @given(
        SERVICE,
        st.one_of(dated(BIRTHDAY_18), dated(BIRTHDAY_19), st.just(BIRTHDAY_18 - 100 * DAY)),
        st.sampled_from([BORN, None]),
        st.one_of(near(BIRTHDAY_18), near(BIRTHDAY_19)),
        st.one_of(near(BIRTHDAY_18), near(BIRTHDAY_19)),
        st.one_of(around(BIRTHDAY_18), around(BIRTHDAY_19)),
    )
    def test_participant_adult_consent_on_the_birthday(
        self,
        service: str | None,
        admitted: dt.date | None,
        born: dt.date | None,
        consent: Moment,
        ended: Moment,
        on: dt.date,
    ) -> None:
        """On the birthday itself, of an individual admitted before it; neither before nor after."""
        ended, consent = (NONE if isinstance(day, dt.date) and day > on else day for day in (ended, consent))
        admitted = min(admitted, on) if admitted else None
        record = admission(service=service, admitted_on=admitted, ended_on=ended, adult_consent_on=consent)
        verdicts = told("participant.adult_consent", record, Person(id="p", birth_date=born), on=on)
        expected = {}
        for reading, birthday in AGES.items():
            due = None if born is None else birthday
            applies = kleene_and(equals(service, "individual"), before(admitted, due))
            expected[reading] = where(applies, in_time([(True, consent)], due, on, ended, due))
        assert verdicts == expected

    @pytest.mark.parametrize("reading", AGES, ids=lambda name: f"participant.adult_consent-{name or 'default'}")
    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, NOT_MET)])
    def test_the_days_about_the_birthday(self, reading: str, shift: int, expected: Verdict) -> None:
        """A consent of the day before is still a parent's to give, and the day after is late."""
        record = admission(admitted_on=BORN, adult_consent_on=AGES[reading] + shift * DAY)
        assert told("participant.adult_consent", record, Person(id="p", birth_date=BORN))[reading] is expected


class TestTransition:
    """S3-92: where a guideline for staying is no longer met, a transition is planned, and nobody is discharged."""

    @given(MAYBE, MAYBE, MAYBE, st.sampled_from([START + 90 * DAY, NONE, None]))
    def test_stay_transition_is_planned_where_staying_does_not_hold(
        self, progress: Truth, symptoms: Truth, likely: Truth, planned: Moment
    ) -> None:
        """Whichever guideline fails; while it is unknown whether one does, so is this."""
        review = StayReview(
            id="r",
            admission="a",
            reviewed_on=START + 90 * DAY,
            service="individual",
            mental_health_disorder=True,
            would_benefit=True,
            symptoms_disturb_routine=symptoms,
            benefit_likely=likely,
            making_progress=progress,
            taking_part=True,
            transition_planned_on=planned,  # type: ignore[arg-type]  # a day, none, or not recorded
        )
        measure = Measure(id="m", admission="a", baseline_on=START, latest_on=START + 80 * DAY)
        verdicts = told("stay.transition", review, admission(), other_service("o"), measure)
        stays = kleene_and(progress, symptoms, likely)
        assert verdicts == {"": where(kleene_not(stays), verdict(present(planned)))}

    def test_stay_transition_without_the_measures_given_is_unknown(self) -> None:
        """Whether staying still holds hangs on other tables; a guideline that surely fails does not wait for them."""
        facts = {"service": "individual", "reviewed_on": START, "transition_planned_on": NONE}
        review = StayReview(id="r", admission="a", benefit_likely=True, **facts)  # type: ignore[arg-type]
        assert found("stay.transition", review, admission(), without=["measure"]).verdict is NOT_MET
        served = StayReview(id="r", admission="a", benefit_likely=True, making_progress=True, **facts)  # type: ignore[arg-type]
        finding = found("stay.transition", served, admission(), other_service("o"), without=["measure"])
        assert (finding.verdict, finding.force) == (UNKNOWN, Force.SHOULD)
