"""The rulebook `nebraska-dbh` on licenses: who may sign a plan, and who may confer about the people served.

Each class is a clause of the service definition (S3), its law stated again in plain Python over generated cases and
over each of the eleven licenses.
"""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    LATER,
    LICENSES,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    SERVICE,
    START,
    SUBSTANCE_USE_ONLY,
    UNKNOWN,
    Event,
    Moment,
    Truth,
    admission,
    around,
    dated,
    day_after,
    equals,
    found,
    has,
    in_time,
    inside,
    kleene_and,
    kleene_not,
    kleene_or,
    licensed,
    near,
    present,
    told,
    verdict,
    where,
)

from peersupport import (
    NONE,
    Admission,
    Consultation,
    Plan,
    Program,
    Reason,
    Verdict,
)

WRITTEN = START + 20 * DAY
WITHIN_30 = "signed within 30 days"
LIMITED = "a substance use license counts for its part"
CAREGIVER = "the caregiver's condition counts"
MENTAL, USE = frozenset({"mental_health"}), frozenset({"substance_use"})
SCOPES = (None, frozenset[str](), MENTAL, USE, MENTAL | USE)
HELD = st.lists(
    st.tuples(st.sampled_from([*LICENSES, "other", None]), dated(START, 3), near(START, 3)), min_size=0, max_size=3
)


def plan(**facts: object) -> Plan:
    """A plan of the admission, written some days in, unless said otherwise."""
    return Plan(id="plan", **{"admission": "a", "developed_on": WRITTEN, **facts})  # type: ignore[arg-type]  # any fact


class TestSignature:
    """S3-32 and 63 to 71: the plan is signed by a consultant whose license was in force and fits."""

    @given(
        st.one_of(near(WRITTEN, 40), near(WRITTEN)),
        near(START + 60 * DAY, 3),
        st.sampled_from([START, None]),
        around(LATER, 1),
    )
    def test_plan_signed_while_the_service_lasts(
        self, signed: Moment, ended: Moment, admitted: dt.date | None, on: dt.date
    ) -> None:
        """From the day it is written by the day the service ends, or within 30 days of admission under that reading."""
        record = plan(signed_on=signed)
        verdicts = told("plan.signed", record, admission(admitted_on=admitted, ended_on=ended), on=on)
        events: list[Event] = [(True, signed)]
        due, until = None if admitted is None else admitted + 30 * DAY, day_after(ended)
        assert verdicts == {
            "": in_time(events, ended, on, until, opens=WRITTEN),
            WITHIN_30: in_time(events, due, on, until, opens=WRITTEN),
        }

    @pytest.mark.parametrize(("signed", "expected"), [(40, UNKNOWN), (60, UNKNOWN), (61, NOT_MET), (None, UNKNOWN)])
    def test_plan_signed_of_a_plan_not_dated(self, signed: int | None, expected: Verdict) -> None:
        """It may be signed before it is written; a signature after the service is too late, whenever it was written."""
        record = plan(developed_on=None, signed_on=None if signed is None else START + signed * DAY)
        assert found("plan.signed", record, admission(ended_on=START + 60 * DAY)).verdict is expected

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, MET), (1, MET)])
    def test_plan_signed_before_it_is_written_does_not_count(self, shift: int, expected: Verdict) -> None:
        """The day before it is written, that day, the day after; under either reading."""
        record = plan(signed_on=WRITTEN + shift * DAY)
        verdicts = told("plan.signed", record, admission(ended_on=START + 60 * DAY))
        assert verdicts == {"": expected, WITHIN_30: expected}

    def test_plan_signed_too_early_can_be_mended_until_the_service_ends(self) -> None:
        """While the service goes on it is pending, and after its last day it is closed."""
        record, ended = plan(signed_on=WRITTEN - DAY), START + 60 * DAY
        going_on = found("plan.signed", record, admission(), on=ended)
        over = found("plan.signed", record, admission(ended_on=ended), on=ended + DAY)
        assert going_on.verdict is PENDING
        assert (over.verdict, over.reason, over.days_late) == (NOT_MET, Reason.NEVER_DONE, 1)

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_MET), (1, NOT_MET), (None, UNKNOWN)])
    def test_plan_signed_within_30_days_is_asked_of_the_first_version(
        self, shift: int | None, expected: Verdict
    ) -> None:
        """Another version was written the day before, on that day, the day after, or on a day not recorded."""
        other = attrs.evolve(plan(), id="v2", developed_on=None if shift is None else WRITTEN + shift * DAY)
        verdicts = told("plan.signed", plan(signed_on=START + 40 * DAY), admission(), other)
        assert verdicts == {"": MET, WITHIN_30: expected}

    def test_plan_signed_a_version_of_another_admission_is_not_before_it(self) -> None:
        """Each admission has a first version of its own."""
        other = attrs.evolve(plan(), id="v2", admission="b", developed_on=WRITTEN - DAY)
        theirs = Admission(id="b", person="child", child=NONE)
        verdicts = told("plan.signed", plan(signed_on=START + 40 * DAY), admission(), other, theirs)
        assert verdicts == {"": MET, WITHIN_30: NOT_MET}

    @pytest.mark.parametrize(("day", "expected"), [(29, MET), (30, MET), (31, NOT_MET)])
    def test_plan_signed_day_30_is_in(self, day: int, expected: Verdict) -> None:
        """One day before, the day, one day after; without that reading no day is set."""
        finding = found("plan.signed", plan(signed_on=START + day * DAY), admission())
        assert (finding.verdict, finding.alternatives[WITHIN_30]) == (MET, expected)

    @pytest.mark.parametrize(("day", "expected"), [(29, NOT_APPLICABLE), (30, NOT_MET), (31, NOT_MET)])
    def test_plan_signed_is_not_owed_by_a_day_after_the_service_ended(self, day: int, expected: Verdict) -> None:
        """Under that reading: the service ended the day before the 30th, on it, the day after."""
        finding = found("plan.signed", plan(signed_on=NONE), admission(ended_on=START + day * DAY))
        assert (finding.verdict, finding.alternatives[WITHIN_30]) == (NOT_MET, expected)

    def test_plan_signed_is_pending_while_the_service_goes_on(self) -> None:
        """Not signed yet is not late, and a later signature has not been seen."""
        assert found("plan.signed", plan(signed_on=NONE), admission()).verdict is PENDING
        assert found("plan.signed", plan(signed_on=LATER), admission(), on=LATER - DAY).verdict is PENDING

    @pytest.mark.parametrize("type_", [*LICENSES, "other"], ids=lambda type_: f"plan.signed_by_qualified-{type_}")
    def test_each_license_from_its_first_day_through_its_last(self, type_: str) -> None:
        """In force on both ends and out on the days beside; for substance use only where it is so limited."""
        first, last = WRITTEN, WRITTEN + 100 * DAY
        for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
            for scope in SCOPES:
                record = plan(signed_on=day, signed_by="k", scope=scope)
                verdicts = told("plan.signed_by_qualified", record, admission(), *licensed(type_, first, last))
                in_force = first <= day <= last and type_ != "other"
                whole, part = self.fitting(type_, scope)
                expected = {"": verdict(kleene_and(in_force, whole)), LIMITED: verdict(kleene_and(in_force, part))}
                assert verdicts == expected

    @staticmethod
    def fitting(type_: str | None, scope: frozenset[str] | None) -> tuple[Truth, Truth]:
        """Whether a license is for all that a plan covers, and whether it is for some of it."""
        limited = None if type_ is None else type_ in SUBSTANCE_USE_ONLY
        use, mental = has("substance_use", scope), has("mental_health", scope)
        only = kleene_and(use, kleene_not(mental))
        return kleene_or(kleene_not(limited), only), kleene_or(kleene_not(limited), use)

    @given(st.sampled_from(SCOPES), HELD, st.sampled_from([START, NONE, None]), st.sampled_from(["k", NONE, None]))
    def test_plan_signed_by_qualified_needs_one_license_that_does_it_all(
        self,
        scope: frozenset[str] | None,
        held: list[tuple[str | None, dt.date | None, Moment]],
        signed: Moment,
        by: object,
    ) -> None:
        """None, one or several licenses: one of them runs on the day and fits. Nobody's signature is not one's."""
        record = plan(signed_on=signed, signed_by=by, scope=scope)
        consultant = licensed(None, None, None)[:1]
        licenses = [licensed(*each, id_=f"l{i}")[1] for i, each in enumerate(held)]
        verdicts = told("plan.signed_by_qualified", record, admission(), *consultant, *licenses)
        expected = []
        for reading in (0, 1):
            fits = [
                kleene_and(
                    None if type_ is None else type_ != "other",
                    inside(signed, start, end, through=True),
                    self.fitting(type_, scope)[reading],
                )
                for type_, start, end in held
            ]
            truth = None if by is None else False if by is NONE else kleene_or(*fits)
            expected.append(where(present(signed), verdict(truth)))
        assert [verdicts[""], verdicts[LIMITED]] == expected

    @pytest.mark.parametrize("table", ["license", "clinical_consultant"])
    def test_plan_signed_by_qualified_without_a_table_is_unknown(self, table: str) -> None:
        """Whose license it was cannot be looked up."""
        kept = [each for each in licensed("lmhp", START, NONE) if table == "license" and each.id == "k"]
        record = plan(signed_on=WRITTEN, signed_by="k", scope=frozenset({"mental_health"}))
        finding = found("plan.signed_by_qualified", record, admission(), *kept, without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)


CONDITIONS = (
    *("substance_use_disorder", "mental_health_disorder", "child_substance_use_disorder"),
    *("child_mental_health_disorder", "child_emotional_disturbance"),
)
CONDITION = st.fixed_dictionaries({"service": SERVICE, **dict.fromkeys(CONDITIONS, MAYBE)})


@attrs.frozen
class Comes:
    """What a person comes for: whether substance use alone, and whether substance use at all."""

    only: Truth
    part: Truth

    @classmethod
    def of(cls, facts: dict[str, Truth]) -> Comes:
        """By default the child's condition in family service."""
        use, mental = facts["substance_use_disorder"], facts["mental_health_disorder"]
        child = facts["child_substance_use_disorder"]
        others = kleene_or(facts["child_mental_health_disorder"], facts["child_emotional_disturbance"])
        own, of_family = equals(facts["service"], "individual"), equals(facts["service"], "family")
        only = kleene_or(kleene_and(own, use, kleene_not(mental)), kleene_and(of_family, child, kleene_not(others)))
        return cls(only, kleene_or(kleene_and(own, use), kleene_and(of_family, child)))

    @classmethod
    def caregiver(cls, facts: dict[str, Truth]) -> Comes:
        """The caregiver's own condition, in any service."""
        use = facts["substance_use_disorder"]
        return cls(kleene_and(use, kleene_not(facts["mental_health_disorder"])), use)


class TestConsultant:
    """S3-33, 35 and 63 to 71: who confers held a license in force that day, for all whom it is about."""

    @given(HELD, st.lists(CONDITION, min_size=1, max_size=2), st.sampled_from([START, None]))
    def test_consultation_by_licensed_for_everybody(
        self, held: list[tuple[str | None, dt.date | None, Moment]], people: list[dict[str, Truth]], day: dt.date | None
    ) -> None:
        """A full license does; one for substance use where each person comes for that alone, or in part."""
        named = [Admission(id=f"a{i}", person="p", child="child", **facts) for i, facts in enumerate(people)]  # type: ignore[arg-type]
        meeting = self.meeting(frozenset(each.id for each in named), day)
        consultant = licensed(None, None, None)[:1]
        licenses = [licensed(*each, id_=f"l{i}")[1] for i, each in enumerate(held)]
        verdicts = told("consultation.by_licensed", meeting, *named, *consultant, *licenses)
        assert verdicts == {
            "": self.law(held, [Comes.of(each).only for each in people], day),
            CAREGIVER: self.law(held, [Comes.caregiver(each).only for each in people], day),
            LIMITED: self.law(held, [Comes.of(each).part for each in people], day),
        }

    @pytest.mark.parametrize("service", ["individual", "family"])
    @pytest.mark.parametrize("without", [*CONDITIONS, ""], ids=lambda fact: f"consultation.by_licensed-{fact or 'all'}")
    def test_each_condition_tells_by_whose_service_it_is(self, service: str, without: str) -> None:
        """Substance use alone, and each other condition beside it: the child's in family service, else one's own."""
        for other in CONDITIONS:
            facts: dict[str, Truth] = {fact: fact.endswith("substance_use_disorder") for fact in CONDITIONS}
            facts = {**facts, other: True, **({without: False} if without else {})}
            person = Admission(id="a", person="p", child="child", service=service, **facts)  # type: ignore[arg-type]
            comes = {"service": service, **facts}
            verdicts = told(
                "consultation.by_licensed",
                self.meeting(frozenset({"a"}), START),
                person,
                *licensed("ladc", START, NONE),
            )
            assert verdicts == {
                "": verdict(Comes.of(comes).only),  # type: ignore[arg-type]
                CAREGIVER: verdict(Comes.caregiver(comes).only),  # type: ignore[arg-type]
                LIMITED: verdict(Comes.of(comes).part),  # type: ignore[arg-type]
            }

    @given(CONDITION)
    def test_consultation_by_licensed_of_a_caregiver_in_part(self, facts: dict[str, Truth]) -> None:
        """Both readings together: the caregiver's substance use is enough."""
        held: list[tuple[str | None, dt.date | None, Moment]] = [("ladc", START, NONE)]
        person = Admission(id="a", person="p", child="child", **facts)  # type: ignore[arg-type]
        meeting = self.meeting(frozenset({"a"}), START)
        others = licensed("ladc", START, NONE)
        finding = found("consultation.by_licensed", meeting, person, *others, readings=[CAREGIVER, LIMITED])
        assert finding.verdict is self.law(held, [Comes.caregiver(facts).part], START)

    @pytest.mark.parametrize("type_", [*LICENSES, "other"], ids=lambda type_: f"consultation.by_licensed-{type_}")
    def test_each_license_from_its_first_day_through_its_last(self, type_: str) -> None:
        """In force on both ends and out on the days beside; alone for substance use only where it is so limited."""
        first, last = START, START + 100 * DAY
        for day in (first - DAY, first, first + DAY, last - DAY, last, last + DAY):
            for mental in (True, False, None):
                person = admission(substance_use_disorder=True, mental_health_disorder=mental)
                meeting = self.meeting(frozenset({"a"}), day)
                verdicts = told("consultation.by_licensed", meeting, person, *licensed(type_, first, last))
                in_force = first <= day <= last and type_ != "other"
                alone = kleene_not(mental) if type_ in SUBSTANCE_USE_ONLY else True
                assert verdicts[""] is verdict(kleene_and(in_force, alone))
                assert verdicts[LIMITED] is verdict(in_force)

    @staticmethod
    def meeting(about: frozenset[str], day: dt.date | None) -> Consultation:
        """A consultation on a day."""
        return Consultation(id="m", admissions=about, consultant="k", held_on=day)

    @staticmethod
    def law(held: list[tuple[str | None, dt.date | None, Moment]], fits: list[Truth], day: dt.date | None) -> Verdict:
        """A full license that runs, or a limited one that runs and fits everybody."""
        runs = [(type_, inside(day, start, end, through=True)) for type_, start, end in held]
        full = [kleene_and(None if t is None else t not in {*SUBSTANCE_USE_ONLY, "other"}, r) for t, r in runs]
        limited = [kleene_and(None if t is None else t in SUBSTANCE_USE_ONLY, r) for t, r in runs]
        return verdict(kleene_or(kleene_or(*full), kleene_and(kleene_or(*limited), kleene_and(*fits))))

    @pytest.mark.parametrize("table", ["license", "clinical_consultant"])
    def test_consultation_by_licensed_without_a_table_is_unknown(self, table: str) -> None:
        """Whose license it was cannot be looked up."""
        kept = [each for each in licensed("lmhp", START, NONE) if table == "license" and each.id == "k"]
        meeting = self.meeting(frozenset({"a"}), START)
        finding = found("consultation.by_licensed", meeting, admission(), *kept, without=[table])
        assert (finding.verdict, f"the table {table}" in map(str, finding.missing)) == (UNKNOWN, True)

    @pytest.mark.parametrize("reached", [True, False, None])
    def test_consultation_available(self, reached: Truth) -> None:
        """Somebody can be reached whenever peer support is given; not recorded is unknown."""
        program = Program(id="program", consultation_on_call=reached)
        assert found("consultation.available", program).verdict is verdict(reached)
