"""The rulebook `nebraska-dbh` on plans: what they hold, who signs them, and the consultation and coordination around.

Each class is a clause of the service definition (S3), its law stated again in plain Python over generated cases.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    LATER,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    SERVICE,
    START,
    UNKNOWN,
    Event,
    Moment,
    Truth,
    admission,
    before,
    dated,
    equals,
    found,
    has,
    in_time,
    inside,
    kleene_and,
    kleene_or,
    near,
    not_after,
    other_service,
    present,
    some_of,
    told,
    verdict,
    where,
)

from peersupport import (
    NONE,
    Admission,
    Assignment,
    Change,
    CoordinationContact,
    ExternalPlan,
    Force,
    Goal,
    OtherService,
    PeerProvider,
    Plan,
    PlanReview,
    Reason,
    Verdict,
)

WRITTEN = START + 20 * DAY
SERVICES = ("individual_support", "group_support", "family_support", "self_help_groups", "other")
CAREGIVER = "the caregiver's condition counts"


def plan(id_: str = "plan", /, **facts: object) -> Plan:
    """A plan of the admission, written some days in, unless said otherwise."""
    return Plan(id=id_, **{"admission": "a", "developed_on": WRITTEN, **facts})  # type: ignore[arg-type]  # any fact


def goal(id_: str = "goal", /, **facts: object) -> Goal:
    """A goal of the plan that lacks nothing, unless said otherwise."""
    usual = {"clear_and_realistic": True, "objectives": 1, "achievement_criteria": True, "target_date": WRITTEN + DAY}
    return Goal(id=id_, plan="plan", **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a goal


class TestPlanIsThePersons:
    """S3-4, 15: recovery in the person's own words, and decisions shared with the person or family."""

    @pytest.mark.parametrize("own", [True, False, None])
    def test_plan_recovery_in_own_words(self, own: Truth) -> None:
        """It is in the plan, it is not, or nobody wrote down whether it is. It is a should."""
        finding = found("plan.recovery_in_own_words", plan(recovery_in_own_words=own), admission())
        assert (finding.verdict, finding.force) == (verdict(own), Force.SHOULD)

    @given(some_of("person", "family", "guardian"))
    def test_plan_shared_decisions(self, shared: frozenset[str] | None) -> None:
        """Whoever of the three it is; nobody is not enough, and not recorded is unknown."""
        assert found("plan.shared_decisions", plan(decided_with=shared), admission()).verdict is verdict(
            present(shared)
        )


WHOLE = {
    "areas": True,
    "strategies": True,
    "services": frozenset({"individual_support"}),
    "evaluation_methods": True,
    "discharge_plan": True,
    "wellness_plan": True,
    "crisis_prevention_plan": True,
    "early_warning_signs": True,
    "triggers": True,
    "responses": True,
}
CRISIS = ("crisis prevention plan", "early warning signs", "triggers", "responses")
OF_GOALS = ("goals and objectives", "criteria for achievement", "target dates")
LACKING: dict[str, tuple[dict[str, object], dict[str, object], tuple[str, ...]]] = {
    "areas": ({"areas": False}, {}, ("areas to work on",)),
    "unclear goal": ({}, {"clear_and_realistic": False}, ("goals and objectives",)),
    "goal without objective": ({}, {"objectives": 0}, ("goals and objectives",)),
    "strategies": ({"strategies": False}, {}, ("strategies",)),
    "services": ({"services": frozenset()}, {}, ("recovery support services",)),
    "criteria": ({}, {"achievement_criteria": False}, ("criteria for achievement",)),
    "no target date": ({}, {"target_date": NONE}, ("target dates",)),
    "past target date": ({}, {"target_date": WRITTEN - DAY}, ("target dates",)),
    "evaluation": ({"evaluation_methods": False}, {}, ("ways to look at progress",)),
    "discharge plan": ({"discharge_plan": False}, {}, ("discharge plan",)),
    "wellness plan": ({"wellness_plan": False}, {}, ("wellness plan",)),
    "crisis prevention plan": ({"crisis_prevention_plan": False}, {}, CRISIS),
    "signs": ({"early_warning_signs": False}, {}, ("early warning signs",)),
    "triggers": ({"triggers": False}, {}, ("triggers",)),
    "responses": ({"responses": False}, {}, ("responses",)),
}
"""What is not in the plan, or not in its second goal, and the elements that are missing for it."""

GOALS = st.lists(
    st.fixed_dictionaries(
        {
            "clear_and_realistic": MAYBE,
            "objectives": st.sampled_from([None, 0, 1, 2]),
            "achievement_criteria": MAYBE,
            "target_date": near(WRITTEN),
        }
    ),
    max_size=3,
)
CONTENTS = st.fixed_dictionaries(
    {name: MAYBE if value is True else some_of(*SERVICES) for name, value in WHOLE.items()}
)


class TestPlanElements:
    """S3-16 to 28: the thirteen elements of a plan."""

    def test_plan_elements_are_thirteen(self) -> None:
        """A whole plan has them all, and each has a name."""
        finding = found("plan.elements", plan(areas=False), goal(), admission())
        names = [clause.name for clause in finding.clauses]
        assert (len(names), len(set(names))) == (13, 13)
        assert found("plan.elements", plan(**WHOLE), goal(), admission()).verdict is MET

    @pytest.mark.parametrize("lacking", LACKING, ids=lambda name: f"plan.elements-{name}")
    def test_the_clauses_that_fail_are_the_elements_missing(self, lacking: str) -> None:
        """One thing missing is these elements and no other; where it is of a goal, that goal is named."""
        of_plan, of_goal, elements = LACKING[lacking]
        record = plan(**{**WHOLE, **of_plan})
        finding = found("plan.elements", record, goal("g1"), goal("g2", **of_goal), admission())
        failed = [clause for clause in finding.clauses if clause.verdict is NOT_MET]
        assert finding.verdict is NOT_MET
        assert tuple(clause.name for clause in failed) == elements
        assert {clause.failing for clause in failed} == {(("goal", "g2"),) if of_goal else ()}

    def test_a_plan_without_a_goal_lacks_all_that_goals_hold(self) -> None:
        """Three elements are of goals, and no goal is none of them."""
        finding = found("plan.elements", plan(**WHOLE), admission())
        assert tuple(clause.name for clause in finding.clauses if clause.verdict is NOT_MET) == OF_GOALS

    def test_without_the_table_of_goals_their_elements_are_unknown(self) -> None:
        """What was not given is not taken for missing."""
        finding = found("plan.elements", plan(**WHOLE), admission(), without=["goal"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)
        assert tuple(clause.name for clause in finding.clauses if clause.verdict is UNKNOWN) == OF_GOALS

    @given(CONTENTS, GOALS, st.sampled_from([WRITTEN, None]))
    def test_the_plan_is_whole_when_each_element_is_there(
        self, contents: dict[str, object], goals: list[dict[str, object]], written: dt.date | None
    ) -> None:
        """Each element by itself, over any number of goals; one that is surely missing decides."""
        of_goals = {
            name: [self.of_goal(name, each, written) for each in goals]
            for name in OF_GOALS
        }  # fmt: skip
        expected = {**self.of_plan(contents), **{n: kleene_and(bool(goals), *t) for n, t in of_goals.items()}}
        record = plan(developed_on=written, **contents)
        finding = found("plan.elements", record, admission(), *(goal(f"g{i}", **g) for i, g in enumerate(goals)))
        assert finding.verdict is verdict(kleene_and(*expected.values()))
        for clause in finding.clauses:
            assert clause.verdict is verdict(expected[clause.name]), clause.name
            failing = [("goal", f"g{i}") for i, truth in enumerate(of_goals.get(clause.name, ())) if truth is False]
            assert list(clause.failing) == (failing if expected[clause.name] is False else [])

    @staticmethod
    def of_goal(name: str, facts: dict[str, object], written: dt.date | None) -> Truth:
        """Whether a goal has what an element asks of each."""
        if name == "criteria for achievement":
            return facts["achievement_criteria"]  # type: ignore[return-value]
        if name == "target dates":
            return kleene_and(present(facts["target_date"]), not_after(written, facts["target_date"]))
        objectives = facts["objectives"]
        some = None if objectives is None else objectives != 0
        return kleene_and(facts["clear_and_realistic"], some)  # type: ignore[arg-type]

    @staticmethod
    def of_plan(facts: dict[str, object]) -> dict[str, Truth]:
        """Whether the elements that are of the plan itself are there. Signs and the like are the crisis plan's."""
        told: dict[str, Truth] = {name: value for name, value in facts.items() if name != "services"}  # type: ignore[misc]
        crisis = told["crisis_prevention_plan"]
        return {
            "areas to work on": told["areas"],
            "strategies": told["strategies"],
            "recovery support services": present(facts["services"]),
            "ways to look at progress": told["evaluation_methods"],
            "discharge plan": told["discharge_plan"],
            "wellness plan": told["wellness_plan"],
            "crisis prevention plan": crisis,
            "early warning signs": kleene_and(crisis, told["early_warning_signs"]),
            "triggers": kleene_and(crisis, told["triggers"]),
            "responses": kleene_and(crisis, told["responses"]),
        }


class TestFamilyPlan:
    """S3-38, 39: in family service, skills for the caregivers and education on parenting and on trauma."""

    @given(SERVICE, MAYBE, some_of("parenting", "trauma"))
    def test_plan_family_holds_skills_and_both_topics(
        self, service: str | None, skills: Truth, topics: frozenset[str] | None
    ) -> None:
        """Skills and both topics, or one topic under that reading; an individual's plan need not."""
        record = plan(caregiver_skills=skills, family_education=topics)
        verdicts = told("plan.family", record, admission(service=service, child="child"))
        both = kleene_and(skills, has("parenting", topics), has("trauma", topics))
        applies = equals(service, "family")
        one = verdict(kleene_and(skills, present(topics)))
        assert verdicts == {
            "": where(applies, verdict(both)),
            "one topic of education is enough": where(applies, one),
        }

    def test_plan_family_without_the_admission_is_unknown(self) -> None:
        """Which service it is stands in another table."""
        finding = found("plan.family", plan(caregiver_skills=True), without=["admission"])
        assert (finding.verdict, "the table admission" in map(str, finding.missing)) == (UNKNOWN, True)


class TestGroupInThePlan:
    """S3-8, 19: the plan of a person served only in groups names group support."""

    @given(
        st.sampled_from(["primary", "cover", "group_only", None]),
        st.lists(st.tuples(some_of("group_support", "other"), st.booleans()), max_size=3),
        st.permutations(range(3)),
    )
    def test_plan_names_group_in_the_latest(
        self, kind: str | None, drawn: list[tuple[frozenset[str] | None, bool]], order: list[int]
    ) -> None:
        """The latest plan of the admission, whatever an earlier one says or one of another admission."""
        plans = [
            plan(f"v{i}", services=services, admission="a" if own else "b", developed_on=WRITTEN + order[i] * DAY)
            for i, (services, own) in enumerate(drawn)
        ]
        assigned = Assignment(id="s", admission="a", peer_provider="peer", kind=kind, starts_on=START, ends_on=NONE)
        other = Admission(id="b", person="child", child=NONE)
        verdicts = told("plan.names_group", assigned, admission(), other, PeerProvider(id="peer"), *plans)
        versions = sorted((order[i], i) for i, (_, own) in enumerate(drawn) if own)
        applies = kleene_and(equals(kind, "group_only"), bool(versions))
        named = has("group_support", drawn[versions[-1][1]][0]) if versions else None
        assert verdicts == {"": where(applies, verdict(named))}

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (1, MET)])
    def test_plan_names_group_the_version_before_the_latest_does_not_count(self, shift: int, expected: Verdict) -> None:
        """A version that names the group, written the day before one that does not, or the day after it."""
        assigned = Assignment(id="s", admission="a", kind="group_only", starts_on=START, ends_on=NONE)
        single = plan("v1", services=frozenset({"individual_support"}))
        grouped = plan("v2", services=frozenset({"group_support"}), developed_on=WRITTEN + shift * DAY)
        assert found("plan.names_group", assigned, admission(), single, grouped).verdict is expected

    def test_plan_names_group_with_a_version_not_dated_is_unknown(self) -> None:
        """A version of no date may be the latest one, so its day is asked for."""
        assigned = Assignment(id="s", admission="a", kind="group_only", starts_on=START, ends_on=NONE)
        undated = plan("v2", services=frozenset({"group_support"}), developed_on=None)
        single = plan("v1", services=frozenset({"individual_support"}))
        finding = found("plan.names_group", assigned, admission(), single, undated)
        assert (finding.verdict, [(place.id, place.fact) for place in finding.missing]) == (
            UNKNOWN,
            [("v2", "developed_on")],
        )

    def test_plan_names_group_without_plans_given_is_unknown(self) -> None:
        """Without a plan there is none to look at; no table of plans is not the same."""
        assigned = Assignment(id="s", admission="a", kind="group_only", starts_on=START, ends_on=NONE)
        assert found("plan.names_group", assigned, admission()).verdict is NOT_APPLICABLE
        assert found("plan.names_group", assigned, admission(), without=["plan"]).reason is Reason.NO_TABLE


REVIEWED = START + 90 * DAY


class TestNewVersion:
    """S3-30, 32: a review that changes the plan is followed by a new version, never by an edit."""

    @given(
        st.sampled_from(["no_change", "updated", None]),
        st.sampled_from([REVIEWED, None]),
        st.lists(st.tuples(dated(REVIEWED), st.booleans()), max_size=3),
    )
    def test_plan_new_version_is_of_that_day_or_later(
        self, outcome: str | None, reviewed: dt.date | None, drawn: list[tuple[dt.date | None, bool]]
    ) -> None:
        """A version of the same admission, written on the day of the review or after it."""
        review = PlanReview(id="r", plan="plan", reviewed_on=reviewed, outcome=outcome)
        plans = [plan(f"v{i}", developed_on=d, admission="a" if own else "b") for i, (d, own) in enumerate(drawn)]
        other = Admission(id="b", person="child", child=NONE)
        verdicts = told("plan.new_version", review, admission(), other, plan(), *plans)
        versions = [WRITTEN, *(day for day, own in drawn if own)]
        written = kleene_or(*(not_after(reviewed, day) for day in versions))
        applies = kleene_and(equals(outcome, "updated"), before(reviewed, LATER))
        assert verdicts == {"": where(applies, verdict(written))}

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, MET)])
    def test_plan_new_version_of_the_day_itself_will_do(self, shift: int, expected: Verdict) -> None:
        """The day before the review, its day, the day after."""
        review = PlanReview(id="r", plan="plan", reviewed_on=REVIEWED, outcome="updated")
        new = plan("v2", developed_on=REVIEWED + shift * DAY)
        assert found("plan.new_version", review, admission(), plan(), new).verdict is expected

    def test_plan_new_version_is_not_the_plan_that_was_reviewed(self) -> None:
        """A plan that is reviewed on the day it is written is no version after itself, and nor is one of that day."""
        review = PlanReview(id="r", plan="plan", reviewed_on=WRITTEN, outcome="updated")
        versions = [plan("v2", developed_on=WRITTEN + n * DAY) for n in (0, 1)]
        verdicts = [found("plan.new_version", review, admission(), plan(), each).verdict for each in versions]
        assert verdicts == [NOT_MET, MET]

    def test_plan_new_version_is_asked_for_from_the_day_after(self) -> None:
        """Not on the day of the review itself; and a version that lies ahead has not been seen."""
        review = PlanReview(id="r", plan="plan", reviewed_on=REVIEWED, outcome="updated")
        new = plan("v2", developed_on=REVIEWED + 2 * DAY)
        days = [REVIEWED + n * DAY for n in (0, 1, 2)]
        seen = [found("plan.new_version", review, admission(), plan(), new, on=day).verdict for day in days]
        assert seen == [NOT_APPLICABLE, NOT_MET, MET]

    def test_plan_new_version_without_plans_given_is_unknown(self) -> None:
        """Which plan was reviewed cannot be looked up."""
        review = PlanReview(id="r", plan="plan", reviewed_on=REVIEWED, outcome="updated")
        assert found("plan.new_version", review, admission(), without=["plan"]).reason is Reason.NO_TABLE


class TestReviewAfterChange:
    """S3-31: the plan is reviewed after a change of circumstances that calls for it."""

    @given(MAYBE, st.sampled_from([REVIEWED, None]), st.lists(st.tuples(dated(REVIEWED), st.booleans()), max_size=3))
    def test_plan_reviewed_after_change_on_that_day_or_later(
        self, calls: Truth, happened: dt.date | None, drawn: list[tuple[dt.date | None, bool]]
    ) -> None:
        """A review of any version, on the day of the change or after it; whether it is called for is judged."""
        change = Change(id="x", admission="a", happened_on=happened, kind="new_risk", calls_for_review=calls)
        reviews = [
            PlanReview(id=f"r{i}", plan="v2" if new else "plan", reviewed_on=day) for i, (day, new) in enumerate(drawn)
        ]
        verdicts = told("plan.reviewed_after_change", change, admission(), plan(), plan("v2"), *reviews)
        done = kleene_or(*(not_after(happened, day) for day, _ in drawn))
        assert verdicts == {"": where(kleene_and(calls, before(happened, LATER)), verdict(done))}

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, MET)])
    def test_plan_reviewed_after_change_on_the_day_itself_will_do(self, shift: int, expected: Verdict) -> None:
        """The day before the change, its day, the day after."""
        change = Change(id="x", admission="a", happened_on=REVIEWED, calls_for_review=True)
        review = PlanReview(id="r", plan="plan", reviewed_on=REVIEWED + shift * DAY)
        assert found("plan.reviewed_after_change", change, admission(), plan(), review).verdict is expected

    def test_plan_reviewed_after_change_is_asked_for_from_the_day_after(self) -> None:
        """Not on the day of the change itself."""
        change = Change(id="x", admission="a", happened_on=REVIEWED, calls_for_review=True)
        days = [REVIEWED, REVIEWED + DAY]
        seen = [found("plan.reviewed_after_change", change, admission(), plan(), on=day).verdict for day in days]
        assert seen == [NOT_APPLICABLE, NOT_MET]

    def test_plan_reviewed_after_change_waits_for_a_judgement(self) -> None:
        """Only a person says whether a change calls for a review."""
        change = Change(id="x", admission="a", happened_on=REVIEWED, kind="new_risk")
        review = PlanReview(id="r", plan="plan", reviewed_on=REVIEWED)
        finding = found("plan.reviewed_after_change", change, admission(), plan(), review)
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.JUDGEMENT)

    @pytest.mark.parametrize("table", ["plan", "plan_review"])
    def test_plan_reviewed_after_change_without_a_table_is_unknown(self, table: str) -> None:
        """Neither the plans nor their reviews may be lacking."""
        change = Change(id="x", admission="a", happened_on=REVIEWED, calls_for_review=True)
        others = [] if table == "plan" else [plan()]
        finding = found("plan.reviewed_after_change", change, admission(), *others, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)


ENDED = START + 30 * DAY
OTHERS = st.lists(
    st.tuples(
        st.sampled_from(["p", "child"]),
        st.sampled_from(["behavioral_health", "other", None]),
        st.one_of(dated(START), dated(ENDED)),
        st.one_of(near(START), near(ENDED)),
    ),
    max_size=2,
)


def services(drawn: list[tuple[str, str | None, dt.date | None, Moment]]) -> list[OtherService]:
    """The other services of the person and the child."""
    return [
        other_service(f"o{i}", person=whose, kind=kind, starts_on=start, ends_on=end)
        for i, (whose, kind, start, end) in enumerate(drawn)
    ]


class TestCoordination:
    """S3-36, 37: working together with the person's other treatment providers, and copies of their plans."""

    @given(
        SERVICE,
        st.sampled_from([ENDED, NONE, None]),
        OTHERS,
        st.lists(
            st.tuples(st.sampled_from(["held", "declined_by_person", "not_reached", None]), dated(ENDED)), max_size=3
        ),
        st.sampled_from([ENDED, LATER]),
    )
    def test_coordination_with_providers_once_while_the_service_lasts(
        self,
        service: str | None,
        ended: Moment,
        drawn: list[tuple[str, str | None, dt.date | None, Moment]],
        contacts: list[tuple[str | None, dt.date | None]],
        on: dt.date,
    ) -> None:
        """Where another provider treats the person (the child): held or declined by the day the service ends."""
        made = [
            CoordinationContact(id=f"x{i}", admission="a", held_on=d, outcome=o) for i, (o, d) in enumerate(contacts)
        ]
        record = admission(service=service, child="child", ended_on=ended)
        verdicts = told("coordination.with_providers", record, *services(drawn), *made, on=on)
        events: list[Event] = [
            (None if o is None else o != "not_reached", day) for o, day in contacts if day is None or day <= on
        ]
        done = in_time(events, ended, on)
        last = ended if isinstance(ended, dt.date) else on
        seen = [each if each[2] is None or each[2] <= on else None for each in drawn]
        treated = {
            who: kleene_or(*(self.overlaps(each, last) for each in seen if each is not None and each[0] == who))
            for who in ("p", "child")
        }
        applies = kleene_or(
            kleene_and(equals(service, "individual"), treated["p"]),
            kleene_and(equals(service, "family"), treated["child"]),
        )
        # whether it applies is asked on the day the service ends: while that is not known, what is unknown stays so
        lost = not isinstance(ended, dt.date) and done is Verdict.UNKNOWN
        told_of = [done if lost and truth is False else where(truth, done) for truth in (applies, treated["p"])]
        assert verdicts == dict(zip(("", CAREGIVER), told_of, strict=True))

    @staticmethod
    def overlaps(service: tuple[str, str | None, dt.date | None, Moment], last: dt.date) -> Truth:
        """Whether another service is a treatment and runs on some day of the stay before the last one asked about."""
        _, kind, start, end = service
        return kleene_and(equals(kind, "behavioral_health"), before(start, last), before(START, end))

    @pytest.mark.parametrize(("shift", "expected"), [(-1, PENDING), (0, NOT_APPLICABLE), (1, NOT_APPLICABLE)])
    def test_coordination_with_providers_from_the_day_another_service_starts(
        self, shift: int, expected: Verdict
    ) -> None:
        """It has run for a day: one that starts today shares no day with the stay so far."""
        service = other_service("o", starts_on=ENDED + shift * DAY)
        assert found("coordination.with_providers", admission(), service, on=ENDED).verdict is expected

    @pytest.mark.parametrize("table", ["other_service", "coordination_contact"])
    def test_coordination_with_providers_without_a_table_is_unknown(self, table: str) -> None:
        """Neither who else treats the person nor the contacts may be lacking."""
        kept = [other_service("o")] if table == "coordination_contact" else []
        finding = found("coordination.with_providers", admission(ended_on=ENDED), *kept, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @given(
        SERVICE,
        st.sampled_from([START, None]),
        OTHERS,
        st.lists(st.tuples(near(START), near(START)), max_size=2),
    )
    def test_coordination_plans_obtained_by_the_day_of_the_plan(
        self,
        service: str | None,
        written: dt.date | None,
        drawn: list[tuple[str, str | None, dt.date | None, Moment]],
        copies: list[tuple[Moment, Moment]],
    ) -> None:
        """A copy or documented efforts by the day the plan is written, or whenever under that reading."""
        plans = [
            ExternalPlan(id=f"e{i}", admission="a", received_on=got, efforts_documented_on=tried)  # type: ignore[arg-type]
            for i, (got, tried) in enumerate(copies)
        ]
        record, person = plan(developed_on=written), admission(service=service, child="child")
        verdicts = told("coordination.plans_obtained", record, person, *services(drawn), *plans)
        treated = {
            who: kleene_or(
                *(
                    kleene_and(equals(kind, "behavioral_health"), inside(written, start, end, through=False))
                    for whose, kind, start, end in drawn
                    if whose == who
                )
            )
            for who in ("p", "child")
        }
        applies = kleene_or(
            kleene_and(equals(service, "individual"), treated["p"]),
            kleene_and(equals(service, "family"), treated["child"]),
        )
        there = kleene_or(*(not_after(day, written) for each in copies for day in each))
        some = kleene_or(*(present(day) for each in copies for day in each))
        assert verdicts == {
            "": where(applies, verdict(there)),
            CAREGIVER: where(treated["p"], verdict(there)),
            "copies may come after the plan": where(applies, verdict(some)),
        }

    @pytest.mark.parametrize("fact", ["received_on", "efforts_documented_on"])
    @pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
    def test_coordination_plans_obtained_on_the_day_itself_will_do(
        self, fact: str, shift: int, expected: Verdict
    ) -> None:
        """The day before the plan, its day, the day after; of a copy as of the efforts to get one."""
        days: dict[str, object] = {"received_on": NONE, "efforts_documented_on": NONE, fact: WRITTEN + shift * DAY}
        copy = ExternalPlan(id="e", admission="a", **days)  # type: ignore[arg-type]  # two days
        finding = found("coordination.plans_obtained", plan(), admission(), other_service("o"), copy)
        assert (finding.verdict, finding.alternatives) == (
            expected,
            {CAREGIVER: expected, "copies may come after the plan": MET},
        )

    @pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
    def test_coordination_with_providers_on_the_last_day_will_do(self, shift: int, expected: Verdict) -> None:
        """The day before the service ends, that day, the day after."""
        held = CoordinationContact(id="x", admission="a", held_on=ENDED + shift * DAY, outcome="held")
        finding = found("coordination.with_providers", admission(ended_on=ENDED), other_service("o"), held)
        assert finding.verdict is expected

    def test_coordination_plans_obtained_without_a_child(self) -> None:
        """An individual has no child whose providers could be asked."""
        assert found("coordination.plans_obtained", plan(), admission()).verdict is NOT_APPLICABLE
        assert found("coordination.plans_obtained", plan(), admission(), other_service("o")).verdict is NOT_MET

    @pytest.mark.parametrize("table", ["other_service", "external_plan"])
    def test_coordination_plans_obtained_without_a_table_is_unknown(self, table: str) -> None:
        """Neither who else treats the person nor the copies may be lacking."""
        kept = [other_service("o")] if table == "external_plan" else []
        finding = found("coordination.plans_obtained", plan(), admission(), *kept, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)
