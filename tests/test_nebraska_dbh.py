"""The rulebook `nebraska-dbh`: its worked examples and its rows, and rules against their laws over generated cases.

Each class is one clause of the service definition (S3), its law stated again in plain Python. The boundaries of every
number stand in the rulebook's worked examples, which are run here too, and in the laws, whose cases lie on both sides
of each boundary. Plans, care and staff have modules of their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    BOOK,
    DAY,
    DAYS,
    LATER,
    LICENSES,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    START,
    SUBSTANCE_USE_ONLY,
    UNKNOWN,
    Event,
    Truth,
    admission,
    around,
    at,
    before,
    contact,
    day_after,
    family,
    found,
    in_time,
    kleene_and,
    kleene_or,
    licensed,
    not_after,
    present,
    roster,
    told,
    verdict,
)

from peersupport import (
    NONE,
    Admission,
    Assessment,
    Assignment,
    Consultation,
    Contact,
    Finding,
    GroupSession,
    Measure,
    OtherService,
    PeerProvider,
    Person,
    Plan,
    PlanReview,
    Reason,
    Record,
    StayReview,
    Verdict,
    judge_each,
    load,
)
from peersupport.rules.forms import Example, Rule
from peersupport.testing import judged_example

NOT_SHOWN = {
    (
        "plan.reviewed",
        "met",
    ): "an example has the verdict of the open occurrence, never met while reviews go on",
    ("consultation.each_90_days", "met"): "as plan.reviewed; the occurrences before the open one are met in the laws",
    ("caseload.maximum", "unknown"): "26 whose days are not recorded are too long for one more; TestCaseload has them",
}
"""The verdicts that no worked example of a rule comes to, and why."""


def examples() -> list[tuple[Rule, int, Example]]:
    """Every worked example of the package's rulebooks, with its number."""
    books = [load("nebraska-dbh"), load("minnesota-peer2peer")]
    return [(rule, i, each) for book in books for rule in book for i, each in enumerate(rule.examples, 1)]


@pytest.mark.parametrize(("rule", "number", "example"), examples(), ids=lambda v: getattr(v, "id", None) or str(v)[:4])
def test_each_worked_example_comes_out_as_stated(rule: Rule, number: int, example: Example) -> None:
    """What the rulebook says of a case, written from the source, is what the judge says of it."""
    book = next(b for b in (BOOK, load("minnesota-peer2peer")) if rule.id in b)
    assert judged_example(book, rule, example) == example.stated, f"example {number}"


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_every_judged_rule_has_an_example_of_each_verdict(rule: Rule) -> None:
    """Met, not met and unknown are each shown by a case from the source, but for exceptions that have a reason."""
    shown = {example.verdict for example in rule.examples}
    lacking = {wanted for wanted in ("met", "not_met", "unknown") if wanted not in shown}
    assert lacking == {wanted for id_, wanted in NOT_SHOWN if id_ == rule.id}


def rows_of(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name, each a row or a range of rows."""
    numbers = [[int(number) for number in re.findall(r"S3-(\d+)", key)] for key in keys]
    return [row for ends in numbers for row in range(ends[0], ends[-1] + 1)]


def test_no_row_of_the_source_is_lost() -> None:
    """Rows S3-1 to S3-93 are each covered by a rule, recorded with nothing to judge, or not modeled for a reason."""
    covered = rows_of(row for rule in BOOK for row in rule.covers)
    assert {*covered, *rows_of(BOOK.recorded), *rows_of(BOOK.not_modeled)} == set(range(1, 94))


def test_a_row_stands_in_one_place() -> None:
    """What is not modeled is neither covered nor recorded, and what is recorded is not covered."""
    covered = set(rows_of(row for rule in BOOK for row in rule.covers))
    recorded, not_modeled = rows_of(BOOK.recorded), rows_of(BOOK.not_modeled)
    assert covered.isdisjoint(not_modeled)
    assert covered.isdisjoint(recorded)
    assert len({*recorded, *not_modeled}) == len(recorded) + len(not_modeled)


def test_each_gap_of_the_source_is_named() -> None:
    """G3-1 to G3-12 are listed with what is left open, in order, and nothing else is called a gap."""
    assert list(BOOK.gaps) == [f"G3-{number}" for number in range(1, 13)]
    assert all(BOOK.gaps.values())


def test_what_is_recorded_are_facts_of_the_vocabulary() -> None:
    """Each fact by which a row is recorded is there."""
    named = [fact.split(".") for row in BOOK.recorded.values() for fact in row.facts]
    assert [name for kind, name in named if name not in BOOK.vocabulary[kind].facts] == []


class TestAssessmentBeforeService:
    """S3-9 to 12: a suitable assessment is complete before the first service."""

    @given(st.integers(-5, 5), MAYBE, MAYBE, MAYBE)
    def test_it_is_met_by_a_suitable_assessment_up_to_the_day(
        self, shift: int, needs: bool | None, recommends: bool | None, allowed: bool | None
    ) -> None:
        """Each quality is needed, the day of the first service is in, the day after is out."""
        assessment = Assessment(
            id="s",
            person="p",
            completed_on=START + shift * DAY,
            describes_needs=needs,
            recommends_peer_support=recommends,
            clinician_authorized=allowed,
        )
        first = dt.datetime.combine(START, dt.time(15), dt.UTC)
        contact = Contact(id="c", person="p", admission="a", status="attended", starts_at=first)
        suitable = kleene_and(needs, recommends, allowed)
        expected = kleene_and(suitable, shift <= 0)
        assert found("assessment.before_service", admission(), assessment, contact).verdict is verdict(expected)

    @given(st.integers(-5, 5))
    def test_strictly_before_takes_the_day_itself_out(self, shift: int) -> None:
        """Under that reading only a day before will do."""
        flags = {"describes_needs": True, "recommends_peer_support": True, "clinician_authorized": True}
        assessment = Assessment(id="s", person="p", completed_on=START + shift * DAY, **flags)
        first = dt.datetime.combine(START, dt.time(15), dt.UTC)
        contact = Contact(id="c", person="p", admission="a", status="attended", starts_at=first)
        finding = found("assessment.before_service", admission(), assessment, contact, readings=["strictly before"])
        assert finding.verdict is verdict(shift < 0)

    def test_a_family_is_judged_by_the_child_s_assessment(self) -> None:
        """In family service the child's counts by default and the caregiver's under the other reading."""
        flags = {"describes_needs": True, "recommends_peer_support": True, "clinician_authorized": True}
        assessment = Assessment(id="s", person="child", completed_on=START, **flags)
        first = dt.datetime.combine(START, dt.time(15), dt.UTC)
        contact = Contact(id="c", person="p", admission="a", status="attended", starts_at=first)
        finding = found("assessment.before_family_service", family(), assessment, contact)
        assert finding.verdict is MET
        assert finding.alternatives["the caregiver's condition counts"] is NOT_MET
        assert found("assessment.before_service", family(), assessment, contact).verdict is NOT_APPLICABLE

    @given(st.integers(-3, 3), MAYBE, st.sampled_from(["child", "p"]))
    def test_the_child_s_assessment_is_complete_up_to_the_day(self, shift: int, needs: bool | None, whose: str) -> None:
        """As for an individual, by whose assessment it is; the day itself is out where it is strictly before."""
        day = START + shift * DAY
        flags = {"recommends_peer_support": True, "clinician_authorized": True}
        assessment = Assessment(id="s", person=whose, completed_on=day, describes_needs=needs, **flags)
        first = dt.datetime.combine(START, dt.time(15), dt.UTC)
        contact = Contact(id="c", person="p", admission="a", status="attended", starts_at=first)
        finding = found("assessment.before_family_service", family(), assessment, contact)
        assert finding.verdict is verdict(kleene_and(whose == "child", needs, shift <= 0))
        assert finding.alternatives == {
            "the caregiver's condition counts": verdict(kleene_and(whose == "p", needs, shift <= 0)),
            "strictly before": verdict(kleene_and(whose == "child", needs, shift < 0)),
        }


SUITABLE = {"describes_needs": True, "recommends_peer_support": True, "clinician_authorized": True}
ASSESSED = (("assessment.before_service", "p", admission), ("assessment.before_family_service", "child", family))


@pytest.mark.parametrize(("rule", "whose", "service"), ASSESSED, ids=[rule for rule, _, _ in ASSESSED])
class TestFirstService:
    """S3-9: the first service is the first contact attended, or the first day served only in groups."""

    @given(
        contacts=st.lists(st.tuples(st.sampled_from(["scheduled", "attended"]), st.integers(0, 6)), max_size=2),
        assigned=st.lists(
            st.tuples(st.sampled_from(["primary", "cover", "group_only"]), st.integers(0, 6)), max_size=2
        ),
        done=st.one_of(st.none(), st.integers(-1, 7)),
        ended=st.one_of(st.none(), st.integers(0, 8)),
    )
    def test_it_is_the_earliest_of_both(
        self,
        rule: str,
        whose: str,
        service: Callable[..., Admission],
        contacts: list[tuple[str, int]],
        assigned: list[tuple[str, int]],
        done: int | None,
        ended: int | None,
    ) -> None:
        """The assessment is complete by that day, which the service has to reach; the day before it, strictly."""
        record = service(ended_on=NONE if ended is None else START + ended * DAY)
        others: list[Record] = [
            contact(f"c{i}", status=s, starts_at=at(START + n * DAY)) for i, (s, n) in enumerate(contacts)
        ]
        others += [self.assigned(f"s{i}", kind, START + n * DAY) for i, (kind, n) in enumerate(assigned)]
        events: list[Event] = [] if done is None else [(True, START + done * DAY)]
        others += [Assessment(id="x", person=whose, completed_on=day, **SUITABLE) for _, day in events]  # type: ignore[arg-type]
        days = [n for status, n in contacts if status == "attended"]
        days += [n for kind, n in assigned if kind == "group_only"]
        first = START + min(days) * DAY if days else NONE
        strictly = START + (min(days) - 1) * DAY if days else NONE
        until = day_after(record.ended_on)
        verdicts = told(rule, record, *others)
        assert verdicts[""] is in_time(events, first, LATER, until)
        assert verdicts["strictly before"] is in_time(events, strictly, LATER, until)

    @pytest.mark.parametrize("group", [True, False], ids=["in a group", "by a contact"])
    @pytest.mark.parametrize(("ended", "expected"), [(6, NOT_APPLICABLE), (7, NOT_MET), (8, NOT_MET)])
    def test_a_service_of_one_day_owes_it(
        self, rule: str, whose: str, service: Callable[..., Admission], *, group: bool, ended: int, expected: Verdict
    ) -> None:
        """The service ended the day before the first one, on that day, the day after."""
        day = START + 7 * DAY
        first = self.assigned("s", "group_only", day) if group else contact(starts_at=at(day))
        record = service(ended_on=START + ended * DAY)
        theirs = Person(id=whose)
        assert found(rule, record, first, theirs).verdict is expected

    @pytest.mark.parametrize(("shift", "expected"), [(-1, PENDING), (0, PENDING), (1, NOT_MET)])
    def test_it_is_owed_from_the_day_after_the_first_group(
        self, rule: str, whose: str, service: Callable[..., Admission], shift: int, expected: Verdict
    ) -> None:
        """Served only in groups: the day before that starts, that day, the day after."""
        first, theirs = self.assigned("s", "group_only", START), Person(id=whose)
        admitted = START - 9 * DAY
        assert found(rule, service(admitted_on=admitted), first, theirs, on=START + shift * DAY).verdict is expected

    def test_a_kind_of_assignment_that_is_not_recorded_is_unknown(
        self, rule: str, whose: str, service: Callable[..., Admission]
    ) -> None:
        """It may be served only in groups; an assessment from before either will do all the same."""
        unsure = self.assigned("s", None, START)
        met = contact(starts_at=at(START + 7 * DAY))
        between, early = (Assessment(id="x", person=whose, completed_on=START + n * DAY, **SUITABLE) for n in (3, 0))
        assert found(rule, service(), unsure, met, between).verdict is UNKNOWN
        assert found(rule, service(), unsure, met, early).verdict is MET

    @pytest.mark.parametrize("table", ["contact", "assignment", "assessment"])
    def test_without_a_table_it_is_unknown(
        self, rule: str, whose: str, service: Callable[..., Admission], table: str
    ) -> None:
        """Neither contacts nor assignments nor assessments may be lacking."""
        others: list[Record] = [] if table == "contact" else [contact()]
        if table != "assessment":
            others.append(Assessment(id="x", person=whose, completed_on=START, **SUITABLE))
        finding = found(rule, service(), *others, Person(id=whose), without=[table])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    @staticmethod
    def assigned(id_: str, kind: str | None, day: dt.date) -> Assignment:
        """An assignment that goes on from a day."""
        return Assignment(id=id_, peer_provider="peer", admission="a", kind=kind, starts_on=day, ends_on=NONE)


class TestAssessmentCopy:
    """S3-13, 14: a copy is in the file, or efforts to get one are documented."""

    @given(MAYBE, st.sampled_from([None, 0, 1, 2, 3]))
    def test_a_copy_or_an_effort(self, copy: bool | None, efforts: int | None) -> None:
        """One effort is enough; two are under the plural reading."""
        assessment = Assessment(id="s", person="p", completed_on=START, copy_in_file=copy, documented_efforts=efforts)
        enough = [None if efforts is None else efforts >= least for least in (1, 2)]
        finding = found("assessment.copy", assessment)
        assert finding.verdict is verdict(kleene_or(copy, enough[0]))
        assert finding.alternatives["efforts are more than one"] is verdict(kleene_or(copy, enough[1]))


class TestPlanDeveloped:
    """S3-29: the plan is written within 30 days of admission."""

    @given(st.integers(-10, 60), DAYS)
    def test_day_30_is_in_and_lateness_is_counted_from_it(self, delay: int, admitted: dt.date) -> None:
        """Written by day 30 it is met, later it is late by the days beyond."""
        plan = Plan(id="plan", admission="a", developed_on=admitted + delay * DAY)
        finding = found("plan.developed", admission(admitted_on=admitted), plan)
        assert finding.verdict is verdict(delay <= 30)
        assert finding.days_late == max(0, delay - 30)
        assert finding.due == admitted + 30 * DAY
        assert finding.alternatives["day 30 is out"] is verdict(delay <= 29)

    @given(st.integers(0, 60))
    def test_without_a_plan_it_waits_until_the_due_day_has_passed(self, days: int) -> None:
        """Up to and on the due day it is pending, then overdue by a growing number of days."""
        finding = found("plan.developed", admission(), on=START + days * DAY)
        assert finding.verdict is (PENDING if days <= 30 else NOT_MET)
        assert finding.reason is (Reason.UPCOMING if days <= 30 else Reason.OVERDUE)
        assert finding.days_late == max(0, days - 30)

    @given(st.integers(1, 60))
    def test_nothing_is_owed_when_the_service_ended_by_the_due_day(self, stayed: int) -> None:
        """The end is half-open: ended on day 30 no plan is owed, ended on day 31 it was."""
        finding = found("plan.developed", admission(ended_on=START + stayed * DAY))
        assert finding.verdict is (NOT_APPLICABLE if stayed <= 30 else NOT_MET)

    def test_story_28_written_in_time_and_signed_late(self) -> None:
        """Written on day 25 and signed on day 35: in time, and five days late where signing counts."""
        plan = Plan(id="plan", admission="a", developed_on=START + 25 * DAY, signed_on=START + 35 * DAY, signed_by=NONE)
        assert found("plan.developed", admission(), plan).verdict is MET
        late = found("plan.developed", admission(), plan, readings=["written and signed"])
        assert (late.verdict, late.days_late, late.due) == (NOT_MET, 5, dt.date(2026, 3, 4))
        assert found("plan.signed", plan, admission()).verdict is MET


def rolling(anchor: dt.date, days: Sequence[dt.date], on: dt.date) -> list[tuple[dt.date, dt.date | None, Verdict]]:
    """Reviews each 90 days from the last one, in plain Python: due day, day done and verdict of each occurrence."""
    told: list[tuple[dt.date, dt.date | None, Verdict]] = []
    for day in sorted({day for day in days if anchor < day <= on}):
        told.append((anchor + 90 * DAY, day, verdict(day <= anchor + 90 * DAY)))
        anchor = day
    last = PENDING if on <= anchor + 90 * DAY else NOT_MET
    return [*told, (anchor + 90 * DAY, None, last)]


def grid(anchor: dt.date, days: Sequence[dt.date], on: dt.date) -> list[tuple[dt.date, dt.date | None, Verdict]]:
    """The same in fixed periods from the anchor: each missed one counts, an early one does not carry over."""
    told: list[tuple[dt.date, dt.date | None, Verdict]] = []
    due, before = anchor + 90 * DAY, anchor
    while True:
        done = min((day for day in days if before < day <= on), default=None)
        if done is None and due >= on:
            return [*told, (due, None, PENDING)]
        told.append((due, done, verdict(done is not None and done <= due)))
        if due >= on and told[-1][2] is NOT_MET:
            return told
        due, before = due + 90 * DAY, due


class TestPlanReviewed:
    """S3-30, 31: the plan is reviewed at least every 90 days."""

    @given(st.lists(st.integers(0, 500), max_size=6), st.integers(0, 500))
    def test_it_rolls_from_the_last_review(self, reviews: list[int], day: int) -> None:
        """Each occurrence is due 90 days after the one before, late or not."""
        on = START + day * DAY
        days = [START + n * DAY for n in reviews]
        assert _told("plan.reviewed", days, on, ()) == rolling(START, days, on)

    @given(st.lists(st.integers(0, 500), max_size=6), st.integers(0, 500))
    def test_from_the_plan_s_date_it_is_a_grid(self, reviews: list[int], day: int) -> None:
        """Under that reading the due days stand fixed."""
        on = START + day * DAY
        days = [START + n * DAY for n in reviews]
        assert _told("plan.reviewed", days, on, ["from the plan's date"]) == grid(START, days, on)

    @given(
        st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["updated", "no_change"])), max_size=5),
        st.lists(st.integers(20, 300), max_size=2),
        st.integers(20, 300),
    )
    def test_its_readings(self, reviews: list[tuple[int, str]], versions: list[int], day: int) -> None:
        """From admission, only with an update, or by a new version: each with its own anchor or its own events."""
        on, written = START + day * DAY, START + 20 * DAY
        plan = Plan(id="plan", admission="a", developed_on=written)
        others: list[Record] = [
            PlanReview(id=f"r{i}", plan="plan", reviewed_on=START + n * DAY, outcome=outcome)
            for i, (n, outcome) in enumerate(reviews)
        ]
        others += [Plan(id=f"v{i}", admission="a", developed_on=START + n * DAY) for i, n in enumerate(versions)]
        tables = roster(admission(), plan, *others).tables
        every = [START + n * DAY for n, _ in reviews]
        expected = {
            (): rolling(written, every, on),
            ("from admission",): rolling(START, every, on),
            ("reviewed and updated",): rolling(
                written, [START + n * DAY for n, outcome in reviews if outcome == "updated"], on
            ),
            ("a new version counts as a review",): rolling(written, [*every, *(START + n * DAY for n in versions)], on),
        }
        for readings, law in expected.items():
            told_ = judge_each(BOOK, "plan.reviewed", admission(), on=on, tables=tables, readings=readings)
            assert [(each.due, each.done_on, each.verdict) for each in told_] == law, readings

    @pytest.mark.parametrize(("outcome", "due"), [("updated", 160), ("no_change", 90), (None, 90)])
    def test_a_review_that_updates_nothing_is_none_where_it_has_to(self, outcome: str | None, due: int) -> None:
        """Any review will do by default; what it came to has to be known where only an update counts."""
        plan = Plan(id="plan", admission="a", developed_on=START)
        review = PlanReview(id="r", plan="plan", reviewed_on=START + 70 * DAY, outcome=outcome)
        records, on = (admission(), plan, review), START + 95 * DAY
        assert found("plan.reviewed", *records, on=on).due == START + 160 * DAY
        strict = found("plan.reviewed", *records, on=on, readings=["reviewed and updated"])
        expected = {160: PENDING, 90: UNKNOWN if outcome is None else NOT_MET}[due]
        assert (strict.verdict, strict.due) == (expected, START + due * DAY)

    def test_story_29_the_next_due_day(self) -> None:
        """Written 27 February and reviewed 20 May: next due 18 August rolling, 26 August on the grid."""
        plan = Plan(id="plan", admission="a", developed_on=dt.date(2026, 2, 27))
        review = PlanReview(id="r", plan="plan", reviewed_on=dt.date(2026, 5, 20))
        on = dt.date(2026, 6, 30)
        assert found("plan.reviewed", admission(), plan, review, on=on).due == dt.date(2026, 8, 18)
        fixed = found("plan.reviewed", admission(), plan, review, on=on, readings=["from the plan's date"])
        assert fixed.due == dt.date(2026, 8, 26)

    @given(st.integers(1, 300), st.integers(0, 300))
    def test_a_review_done_earlier_is_never_due_later(self, first: int, sooner: int) -> None:
        """Reviewing on an earlier day does not push the next due day out."""
        early, late = sorted((first, max(1, sooner)))
        dues = [rolling(START, [START + n * DAY], LATER)[-1][0] for n in (early, late)]
        assert dues[0] <= dues[1]
        assert [_told("plan.reviewed", [START + n * DAY], LATER, ())[-1][0] for n in (early, late)] == dues


def meeting(day: dt.date, id_: str = "m", /, **facts: object) -> Consultation:
    """A consultation about the admission with the consultant, unless said otherwise."""
    usual = {"admissions": frozenset({"a"}), "consultant": "k", "held_on": day}
    return Consultation(id=id_, **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a consultation


def _told(
    rule: str, days: Sequence[dt.date], on: dt.date, readings: Iterable[str]
) -> list[tuple[dt.date | None, dt.date | None, Verdict]]:
    plan = Plan(id="plan", admission="a", developed_on=START)
    reviews = [PlanReview(id=f"r{i}", plan="plan", reviewed_on=day) for i, day in enumerate(days)]
    meetings = [meeting(day, f"m{i}") for i, day in enumerate(days)]
    tables = roster(admission(), plan, *reviews, *meetings, *licensed("lmhp", START, NONE)).tables
    told = judge_each(BOOK, rule, admission(), on=on, tables=tables, readings=readings)
    return [(finding.due, finding.done_on, finding.verdict) for finding in told]


class TestConsultation:
    """S3-33, 34: the peer provider and a consultant confer at least every 90 days."""

    @given(st.lists(st.integers(0, 500), max_size=6), st.integers(0, 500))
    def test_it_rolls_from_admission_and_the_last_consultation(self, held: list[int], day: int) -> None:
        """As the review of the plan, counted from admission."""
        on = START + day * DAY
        days = [START + n * DAY for n in held]
        assert _told("consultation.each_90_days", days, on, ()) == rolling(START, days, on)

    FIXED = "counted in fixed periods from admission"

    @given(
        st.lists(st.integers(0, 500), max_size=6),
        st.integers(0, 500),
        st.integers(-1, 300),
        st.integers(0, 300),
        st.sampled_from(LICENSES),
    )
    def test_only_a_consultation_with_a_license_in_force_counts(
        self, held: list[int], day: int, first: int, length: int, type_: str
    ) -> None:
        """From the license's first day through its last; one for substance use is not enough for somebody else."""
        on = START + day * DAY
        valid = (START + first * DAY, START + (first + length) * DAY)
        person = admission(mental_health_disorder=True, substance_use_disorder=True)
        others = [meeting(START + n * DAY, f"m{i}") for i, n in enumerate(held)]
        days = [each.held_on for each in others if valid[0] <= each.held_on <= valid[1]]  # type: ignore[operator]
        full = [] if type_ in SUBSTANCE_USE_ONLY else days
        tables = roster(person, *others, *licensed(type_, *valid)).tables
        for reading, law, counted in (((), rolling, full), ((self.PART,), rolling, days), ((self.FIXED,), grid, full)):
            told_ = judge_each(BOOK, self.RULE, person, on=on, tables=tables, readings=reading)
            expected = law(START, counted, on)  # type: ignore[arg-type]  # days, all recorded
            assert [(each.due, each.done_on, each.verdict) for each in told_] == expected

    RULE, PART = "consultation.each_90_days", "a substance use license counts for its part"

    def test_one_without_a_license_does_not_reset_the_clock(self) -> None:
        """Held on day 80 with a license that ended on day 79: due on day 90 as if it had not been held."""
        held = meeting(START + 80 * DAY)
        for last, due in ((79, 90), (80, 170), (81, 170)):
            others = (held, *licensed("lmhp", START, START + last * DAY))
            finding = found(self.RULE, admission(), *others, on=START + 85 * DAY)
            assert (finding.verdict, finding.due) == (PENDING, START + due * DAY)

    @pytest.mark.parametrize(
        ("use", "mental", "whole", "part"), [(True, False, 170, 170), (True, True, 90, 170), (False, True, 90, 90)]
    )
    def test_a_substance_use_license_counts_for_its_part_under_that_reading(
        self, *, use: bool, mental: bool, whole: int, part: int
    ) -> None:
        """The reading stands with the definition, and moves the deadline as it moves consultation.by_licensed."""
        person = admission(substance_use_disorder=use, mental_health_disorder=mental)
        held = meeting(START + 80 * DAY)
        license_ = licensed("pladc", START, NONE)
        for readings, due in (((), whole), ((self.PART,), part)):
            clock = found(self.RULE, person, held, *license_, on=START + 85 * DAY, readings=readings)
            counts = found("consultation.by_licensed", held, person, *license_, readings=readings)
            assert (clock.due, counts.verdict) == (START + due * DAY, verdict(due == 170))

    @pytest.mark.parametrize(
        ("ended", "expected", "late"),
        [
            (90, (NOT_APPLICABLE, Reason.ENDED), None),
            (91, (NOT_MET, Reason.NEVER_DONE), 1),
            (110, (NOT_MET, Reason.NEVER_DONE), 20),
            (111, (NOT_MET, Reason.LATE), 20),
        ],
    )
    def test_one_after_the_end_of_the_service_was_never_held(
        self, ended: int, expected: tuple[Verdict, Reason], late: int | None
    ) -> None:
        """Held on day 110, late: the service ended on the due day, the day after, on the day it was held, after it."""
        person = admission(ended_on=START + ended * DAY)
        records = roster(person, meeting(START + 110 * DAY), *licensed("lmhp", START, NONE))
        first = judge_each(BOOK, self.RULE, person, on=LATER, tables=records.tables)[0]
        assert ((first.verdict, first.reason), first.days_late) == (expected, late)

    def test_whose_license_is_not_recorded_may_have_reset_the_clock(self) -> None:
        """It is unknown once the day has passed, and not taken for a consultation that does not count."""
        held = meeting(START + 80 * DAY)
        unsure = licensed(None, START, NONE)
        assert found(self.RULE, admission(), held, *unsure, on=START + 95 * DAY).verdict is UNKNOWN
        finding = found(self.RULE, admission(), held, unsure[0], on=START + 95 * DAY, without=["license"])
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)

    def test_one_consultation_about_several_people_counts_for_each(self) -> None:
        """The record names the admissions that were spoken about."""
        other = Admission(id="b", person="child", child=NONE, admitted_on=START, ended_on=NONE)
        both = meeting(START + 80 * DAY, admissions=frozenset({"a", "b"}))
        for one in (admission(), other):
            finding = judge_each(
                BOOK,
                "consultation.each_90_days",
                one,
                on=START + 95 * DAY,
                tables=roster(admission(), other, both, *licensed("lmhp", START, NONE)).tables,
            )[0]
            assert finding.verdict is MET


class TestCaseload:
    """S3-73: at most 25 people at a time."""

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 29)), max_size=70))
    def test_the_days_over_are_those_of_a_count_day_by_day(self, stays: list[tuple[int, int, int]]) -> None:
        """Half-open intervals, each person once: the stretches over 25 are exactly the days with more."""
        spans = [(START + min(a, b) * DAY, START + max(a, b) * DAY, f"a{who}") for a, b, who in stays]
        told = self.judged(spans)
        over = {day for day in (START + n * DAY for n in range(12)) if self.count(spans, day) > 25}
        days = {f.occurrence + n * DAY for f in told if f.days for n in range(f.days)}  # type: ignore[operator]
        assert days == over
        assert all(f.verdict is (NOT_MET if over else MET) for f in told)

    @pytest.mark.parametrize(("people", "expected"), [(24, MET), (25, MET), (26, NOT_MET)])
    def test_25_is_in(self, people: int, expected: Verdict) -> None:
        """One fewer, the number, one more."""
        told = self.judged([(START, START + 5 * DAY, f"a{n}") for n in range(people)])
        assert [finding.verdict for finding in told] == [expected]
        assert told[0].measured == people

    @pytest.mark.parametrize(("people", "expected"), [(24, MET), (25, UNKNOWN), (26, NOT_MET)])
    def test_one_more_whose_days_are_not_recorded(self, people: int, expected: Verdict) -> None:
        """Somebody who may be served or not makes a difference only where it is the 26th."""
        told = self.judged([*[(START, START + 5 * DAY, f"a{n}") for n in range(people)], (None, None, "b")])
        assert {finding.verdict for finding in told} >= {expected}
        assert NOT_MET not in {finding.verdict for finding in told} - {expected}

    def test_a_family_counts_once_under_that_reading(self) -> None:
        """All these admissions are one person's."""
        (finding,) = self.judged([(START, START + 5 * DAY, f"a{n}") for n in range(26)])
        assert (finding.verdict, finding.alternatives["families count once"]) == (NOT_MET, MET)

    def test_story_35_a_week_of_cover(self) -> None:
        """25 and one more for seven days: over on seven days, and not where cover does not count."""
        spans = [(START, START + 30 * DAY, f"a{n}") for n in range(25)]
        cover = (START + 5 * DAY, START + 12 * DAY, "a99")
        (finding,) = self.judged([*spans, cover])
        assert (finding.verdict, finding.days, finding.measured) == (NOT_MET, 7, 26)
        assert finding.alternatives["cover does not count"] is MET

    def test_story_36_a_handover_on_one_day_counts_once(self) -> None:
        """Who leaves on a day and who joins on it are never there together."""
        spans = [(START, START + 30 * DAY, f"a{n}") for n in range(24)]
        handed = [(START, START + 9 * DAY, "out"), (START + 9 * DAY, START + 30 * DAY, "in")]
        assert [finding.verdict for finding in self.judged([*spans, *handed])] == [MET]

    @given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.integers(0, 40)), min_size=1, max_size=60))
    def test_one_more_assignment_never_lowers_the_peak(self, stays: list[tuple[int, int, int]]) -> None:
        """A caseload only grows with what is added to it."""
        spans = [(START + a * DAY, START + (a + n) * DAY, f"a{who}") for a, n, who in stays]
        assert self.peak(spans[:-1]) <= self.peak(spans)

    def peak(self, spans: Sequence[tuple[dt.date, dt.date, str]]) -> int:
        """The highest count that the findings name."""
        return max(int(finding.measured or 0) for finding in self.judged(spans))

    @staticmethod
    def judged(spans: Sequence[tuple[dt.date | None, dt.date | None, str]]) -> list[Finding]:
        """The findings for one peer provider with assignments; who is served last is served for cover."""
        names = sorted({who for _, _, who in spans})
        people = [Admission(id=name, person="p", child=NONE, admitted_on=START, ended_on=NONE) for name in names]
        given_ = [
            Assignment(
                id=f"s{i}",
                peer_provider="peer",
                admission=who,
                kind="cover" if who == "a99" else "primary",
                starts_on=start,
                ends_on=end,
            )
            for i, (start, end, who) in enumerate(spans)
        ]
        peer = PeerProvider(id="peer")
        return judge_each(BOOK, "caseload.maximum", peer, on=LATER, tables=roster(peer, *people, *given_).tables)

    @staticmethod
    def count(spans: Sequence[tuple[dt.date, dt.date, str]], day: dt.date) -> int:
        """How many people are served on a day."""
        return len({who for start, end, who in spans if start <= day < end})


class TestGroupSize:
    """S3-74, 75: a group has 3 to 12 people."""

    @given(st.integers(0, 20), st.integers(0, 20))
    def test_3_and_12_are_in(self, present: int, listed: int) -> None:
        """Those present count, or those on the roster under that reading."""
        finding = found("group.size", GroupSession(id="g", held_on=START, present=present, on_roster=listed))
        assert finding.verdict is verdict(3 <= present <= 12)
        assert finding.alternatives["the roster counts"] is verdict(3 <= listed <= 12)

    def test_not_counted_is_unknown(self) -> None:
        """Without a count there is no verdict."""
        finding = found("group.size", GroupSession(id="g", held_on=START))
        assert (finding.verdict, [place.fact for place in finding.missing]) == (UNKNOWN, ["present"])


class TestAdmission:
    """S3-81 to 86: the criteria for admission of individuals and families."""

    @given(MAYBE, MAYBE, MAYBE)
    def test_an_individual_has_a_disorder_that_would_benefit(
        self, mental: bool | None, substance: bool | None, benefit: bool | None
    ) -> None:
        """Either disorder, and the benefit."""
        record = admission(mental_health_disorder=mental, substance_use_disorder=substance, would_benefit=benefit)
        expected = kleene_and(kleene_or(mental, substance), benefit)
        assert found("admission.disorder", record).verdict is verdict(expected)

    @given(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE)
    def test_in_family_service_the_child_s_condition_counts(
        self, disturbance: bool | None, mental: bool | None, use: bool | None, benefit: bool | None, own: bool | None
    ) -> None:
        """The child's by default, the caregiver's under the other reading."""
        record = admission(
            service="family",
            child="child",
            child_emotional_disturbance=disturbance,
            child_mental_health_disorder=mental,
            child_substance_use_disorder=use,
            would_benefit=benefit,
            mental_health_disorder=own,
            substance_use_disorder=False,
        )
        finding = found("admission.disorder", record)
        assert finding.verdict is verdict(kleene_and(kleene_or(disturbance, mental, use), benefit))
        other = finding.alternatives["the caregiver's condition counts"]
        assert other is verdict(kleene_and(own, benefit))

    @given(
        st.integers(-3, 3),
        st.sampled_from([-3, -1, 0, 1, 3, NONE, None]),
        st.sampled_from(["behavioral_health", "other", None]),
    )
    def test_another_service_runs_on_the_day_of_admission(self, start: int, end: object, kind: str | None) -> None:
        """From its first day until the day it ends, which is the first without it."""
        ends = START + end * DAY if isinstance(end, int) else end
        service = OtherService(id="o", person="p", kind=kind, starts_on=START + start * DAY, ends_on=ends)  # type: ignore[arg-type]
        before_end = ends is NONE if ends in {NONE, None} else ends > START  # type: ignore[operator]
        runs = kleene_and(start <= 0, None if ends is None else before_end)
        expected = kleene_and(None if kind is None else kind == "behavioral_health", runs)
        assert found("admission.active_services", admission(), service).verdict is verdict(expected)

    @given(
        st.one_of(
            st.dates(dt.date(2004, 1, 1), dt.date(2010, 12, 31)),
            *(around(dt.date(START.year - age, START.month, START.day)) for age in (18, 19)),
            st.none(),
        ),
        MAYBE,
        MAYBE,
        MAYBE,
        st.sampled_from([None, "", "school"]),
    )
    def test_the_caregiver_of_a_child_under_19(
        self,
        born: dt.date | None,
        caregiver: bool | None,
        disturbance: bool | None,
        use: bool | None,
        where: str | None,
    ) -> None:
        """All four parts, and under 19 until the birthday, under 18, or of any age as it is read."""
        settings = None if where is None else frozenset({where} - {""})
        record = admission(
            service="family",
            child="child",
            is_caregiver=caregiver,
            child_emotional_disturbance=disturbance,
            child_substance_use_disorder=use,
            urgent_settings=settings,
        )
        parts = (caregiver, kleene_or(disturbance, use), None if settings is None else bool(settings))
        ages = {"": 19, "a child is under 18": 18, "a child is of any age": None}
        assert told("admission.family", record, Person(id="child", birth_date=born)) == {
            reading: verdict(kleene_and(*parts, age is None or self.younger(born, age)))
            for reading, age in ages.items()
        }
        assert found("admission.family", admission()).verdict is NOT_APPLICABLE

    @staticmethod
    def younger(born: dt.date | None, age: int) -> Truth:
        """Whether somebody is younger than an age on the first day; a birthday on 29 February falls on 1 March."""
        if born is None:
            return None
        leap = (born.month, born.day) == (2, 29)
        birthday = dt.date(born.year + age, 3, 1) if leap else born.replace(year=born.year + age)
        return birthday > START

    @given(MAYBE, MAYBE, st.booleans())
    def test_all_of_them_are_needed(self, mental: bool | None, symptoms: bool | None, served: bool) -> None:
        """The whole is the conjunction of its parts; the family criteria do not touch an individual."""
        record = admission(
            mental_health_disorder=mental,
            substance_use_disorder=False,
            would_benefit=True,
            symptoms_disturb_routine=symptoms,
        )
        service = [OtherService(id="o", person="p", kind="behavioral_health", starts_on=START, ends_on=NONE)] * served
        assert found("admission.all", record, *service).verdict is verdict(kleene_and(mental, symptoms, served))


class TestContinuedStay:
    """S3-87 to 91: the guidelines for staying."""

    @given(MAYBE, st.sampled_from([None, NONE, -1, 0, 1, 29, 30, 31]), MAYBE, st.sampled_from([START + 30 * DAY, None]))
    def test_benefit_is_likely_and_measured_twice(
        self, likely: bool | None, latest: object, improved: bool | None, reviewed: dt.date | None
    ) -> None:
        """A later value than the first is needed by the day of the review; that it is better, under that reading."""
        again = START + latest * DAY if isinstance(latest, int) else latest
        measure = Measure(id="m", admission="a", baseline_on=START, latest_on=again, improved=improved)  # type: ignore[arg-type]
        later = kleene_and(before(START, again), present(again), not_after(again, reviewed))
        review = self.review(benefit_likely=likely, reviewed_on=reviewed)
        finding = found("stay.benefit", review, measure, admission())
        assert finding.verdict is verdict(kleene_and(likely, later))
        better = finding.alternatives["a measure shows improvement"]
        assert better is verdict(kleene_and(likely, later, improved))

    @pytest.mark.parametrize(("day", "expected"), [(29, MET), (30, MET), (31, NOT_MET)])
    def test_evidence_from_after_the_review_does_not_count(self, day: int, expected: Verdict) -> None:
        """The latest value is of the day before the review, of its day, or of the day after."""
        measure = Measure(id="m", admission="a", baseline_on=START, latest_on=START + day * DAY, improved=True)
        finding = found("stay.benefit", self.review(benefit_likely=True), measure, admission())
        assert (finding.verdict, set(finding.alternatives.values())) == (expected, {expected})

    @given(MAYBE, MAYBE)
    def test_progress_and_participation_are_attested(self, progress: bool | None, part: bool | None) -> None:
        """Each is a person's judgement, and missing it is said so."""
        review = self.review(making_progress=progress, taking_part=part)
        for rule, truth in (("stay.progress", progress), ("stay.participation", part)):
            finding = found(rule, review, admission())
            assert finding.verdict is verdict(truth)
            assert (finding.reason is Reason.JUDGEMENT) is (truth is None)

    @given(MAYBE, MAYBE, MAYBE)
    def test_all_guidelines_are_needed(self, symptoms: bool | None, progress: bool | None, part: bool | None) -> None:
        """Admission still met, benefit, progress and participation together."""
        review = self.review(
            symptoms_disturb_routine=symptoms,
            mental_health_disorder=True,
            would_benefit=True,
            benefit_likely=True,
            making_progress=progress,
            taking_part=part,
        )
        others = (
            admission(),
            Measure(id="m", admission="a", baseline_on=START, latest_on=START + DAY),
            OtherService(id="o", person="p", kind="behavioral_health", starts_on=START, ends_on=NONE),
        )
        finding = found("stay.continued", review, *others)
        assert finding.verdict is verdict(kleene_and(symptoms, progress, part))

    def test_story_47_the_other_service_ended(self) -> None:
        """Therapy closed on 30 April, reviewed on 28 May: the criteria for staying are not met."""
        review = self.review(reviewed_on=dt.date(2026, 5, 28))
        service = OtherService(
            id="o", person="p", kind="behavioral_health", starts_on=START, ends_on=dt.date(2026, 4, 30)
        )
        assert found("admission.active_services", review, admission(), service).verdict is NOT_MET
        assert found("stay.continued", review, admission(), service).verdict is NOT_MET

    @staticmethod
    def review(**facts: object) -> StayReview:
        """A review of an individual's stay some days in, unless said otherwise."""
        facts = {"admission": "a", "reviewed_on": START + 30 * DAY, "service": "individual", **facts}
        return StayReview(id="r", **facts)  # type: ignore[arg-type]  # any fact of a review


class TestWhoIsResponsible:
    """What is open is for who has the case now, what is done of who had it on its due day; else it is the program."""

    PEERS = tuple(PeerProvider(id=id_) for id_ in ("one", "two", "three"))

    @staticmethod
    def assigned(who: str, first: int, end: int | None, kind: str = "primary") -> Assignment:
        """An assignment from one day of the service until another one, or going on."""
        ends_on = NONE if end is None else START + end * DAY
        facts = {"kind": kind, "starts_on": START + first * DAY, "ends_on": ends_on}
        return Assignment(id=f"s{first}", peer_provider=who, admission="a", **facts)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("day", "expected"), [(39, "one"), (40, "two"), (41, "two")])
    def test_what_is_overdue_is_the_present_peer_provider_s(self, day: int, expected: str) -> None:
        """A handover moves what is still to do, also what was due before it."""
        spans = (self.assigned("one", 0, 40), self.assigned("two", 40, None))
        finding = found("plan.developed", admission(), *spans, *self.PEERS, on=START + day * DAY)
        assert (finding.reason, finding.responsible) == (Reason.OVERDUE, expected)

    @pytest.mark.parametrize(("day", "expected"), [(29, "two"), (30, "two"), (31, "one")])
    @pytest.mark.parametrize("written", [10, 30])
    def test_what_is_done_is_whose_it_was_on_its_due_day(self, written: int, day: int, expected: str) -> None:
        """A handover the day before the due day, on it, the day after; whenever it was written in time."""
        spans = (self.assigned("one", 0, day), self.assigned("two", day, None))
        plan = Plan(id="plan", admission="a", developed_on=START + written * DAY)
        finding = found("plan.developed", admission(), plan, *spans, *self.PEERS)
        assert (finding.verdict, finding.responsible) == (MET, expected)

    def test_what_was_done_late_is_the_present_peer_provider_s(self) -> None:
        """What is not met has to be dealt with now, done or not."""
        spans = (self.assigned("one", 0, 60), self.assigned("two", 60, None))
        plan = Plan(id="plan", admission="a", developed_on=START + 40 * DAY)
        finding = found("plan.developed", admission(), plan, *spans, *self.PEERS)
        assert (finding.reason, finding.responsible) == (Reason.LATE, "two")

    def test_what_was_not_owed_is_whose_it_was_on_its_due_day(self) -> None:
        """The service ended before the plan was due, and whoever had it then is named."""
        spans = (self.assigned("one", 0, 60), self.assigned("two", 60, None))
        finding = found("plan.developed", admission(ended_on=START + 20 * DAY), *spans, *self.PEERS)
        assert (finding.verdict, finding.responsible) == (NOT_APPLICABLE, "one")

    @pytest.mark.parametrize(("day", "expected"), [(19, "one"), (20, "two"), (26, "two"), (27, "one")])
    def test_a_colleague_on_cover_has_what_is_to_do_meanwhile(self, day: int, expected: str) -> None:
        """From the first day of the cover until the day it ends."""
        spans = (self.assigned("one", 0, None), self.assigned("two", 20, 27, "cover"))
        finding = found("plan.developed", admission(), *spans, *self.PEERS, on=START + day * DAY)
        assert (finding.verdict, finding.responsible) == (PENDING, expected)

    @pytest.mark.parametrize(("day", "expected"), [(39, "one"), (40, ""), (41, "")])
    def test_what_nobody_has_is_the_programs(self, day: int, expected: str) -> None:
        """After the last assignment has ended, and where there never was one."""
        ended = self.assigned("one", 0, 40)
        on = START + day * DAY
        assert found("plan.developed", admission(), ended, *self.PEERS, on=on).responsible == expected
        assert found("plan.developed", admission(), on=on).responsible == ""

    def test_whose_it_is_may_not_be_known(self) -> None:
        """Where it is not recorded who it is, or no assignments are given, nobody is named."""
        unnamed = Assignment(id="s", admission="a", kind="primary", starts_on=START, ends_on=NONE)
        assert found("plan.developed", admission(), unnamed).responsible is None
        assert found("plan.developed", admission(), without=["assignment"]).responsible is None

    @given(
        st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), unique_by=lambda span: span[0], max_size=3),
        st.integers(0, 60),
    )
    def test_the_one_who_came_last_of_those_who_are_there(self, spans: list[tuple[int, int]], day: int) -> None:
        """Of the assignments that run on the day, the one that started last."""
        names = [peer.id for peer in self.PEERS]
        made = [self.assigned(who, start, start + n) for who, (start, n) in zip(names, spans, strict=False)]
        finding = found("plan.developed", admission(), *made, *self.PEERS, on=START + day * DAY)
        running = [(start, who) for who, (start, n) in zip(names, spans, strict=False) if start <= day < start + n]
        assert finding.responsible == max(running, default=(0, ""))[1]
