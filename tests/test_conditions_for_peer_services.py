"""The rulebook `conditions-for-peer-services` (S1): its rows, its worked examples, and each rule against its law.

The laws are stated again in plain Python, with facts that may not be recorded. The conditions that people answer are
tested with the module `readiness`; here stands what is asked, and that nothing is asked about anybody's health.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    CHICAGO,
    DAY,
    HOURS,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PROGRAM,
    Moment,
    Truth,
    around,
    before,
    dated,
    equals,
    has,
    in_time,
    inside,
    kleene_and,
    kleene_not,
    kleene_or,
    near,
    not_after,
    present,
    some_of,
    verdict,
    where,
)

from peersupport import (
    NONE,
    Admission,
    Assignment,
    Contact,
    Person,
    Reason,
    Record,
    Verdict,
    audit,
    from_records,
    judge,
    load,
    readiness,
)
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import Example, Force, Rule
from peersupport.testing import judged_example

BOOK: Final = load("conditions-for-peer-services")
ON: Final = dt.date(2026, 6, 30)
KINDS: Final = tuple(BOOK.vocabulary)
FUNCTIONS: Final = ("clinical_guidance", "managerial_oversight", "orientation", "skills_training", "emotional_support")
OWN: Final = {
    "workforce_survey",
    "task",
    "task_assignment",
    "staff_member",
    "policy",
    "acknowledgment",
    "access_grant",
    "supervision_duty",
    "supervision_session",
    "relationship_disclosure",
}
"""The kinds that the rulebook declares."""


def make(kind: str, id_: str = "", /, **facts: object) -> Record:
    """A record of a kind of the rulebook; its id is the kind, unless said otherwise."""
    return BOOK.vocabulary[kind].record(id=id_ or kind, **facts)


def told(rule: str, record: Record, *others: Record, on: dt.date = ON) -> dict[str, Verdict]:
    """The verdict of a rule for a record among others: by default, under no name, and under each of its readings."""
    given_ = [*([] if record.id == "program" else [PROGRAM]), record, *others]
    tables = from_records(given_, empty=KINDS, vocabulary=BOOK.vocabulary).tables
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], record, on=on, tables=tables) for name, each in judges.items()}


def within(part: frozenset[str] | None, whole: frozenset[str] | None) -> Truth:
    """Whether all of a set is in another; not known where one of them is not recorded."""
    return None if part is None or whole is None else part <= whole


# rows and examples


def rows_of(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name, each a row or a range of rows."""
    numbers = [[int(number) for number in re.findall(r"S1-(\d+)", key)] for key in keys]
    return [row for ends in numbers for row in range(ends[0], ends[-1] + 1)]


def test_no_row_of_the_source_is_lost() -> None:
    """Rows S1-1 to S1-56 are each covered by a rule or a condition, recorded, or not modeled for a reason."""
    covered = rows_of(row for each in (*BOOK, *BOOK.questions) for row in each.covers)
    assert {*covered, *rows_of(BOOK.recorded), *rows_of(BOOK.not_modeled)} == set(range(1, 57))
    assert all(BOOK.not_modeled.values())


def test_a_row_stands_in_one_place() -> None:
    """What is not modeled is neither covered nor recorded, and what is recorded is not covered."""
    covered = set(rows_of(row for each in (*BOOK, *BOOK.questions) for row in each.covers))
    recorded, not_modeled = rows_of(BOOK.recorded), rows_of(BOOK.not_modeled)
    assert covered.isdisjoint([*recorded, *not_modeled])
    assert len({*recorded, *not_modeled}) == len(recorded) + len(not_modeled)


def test_each_row_that_a_rule_judges_is_a_condition_too() -> None:
    """A program can answer for itself what its records would show, but for what is said of two people (S1-2)."""
    judged = set(rows_of(row for rule in BOOK for row in rule.covers))
    asked = set(rows_of(row for question in BOOK.questions for row in question.covers))
    assert judged - asked == {2}
    assert asked - judged == {9, 10, 11, 12, 37, 38, 39, 41, 45}


def test_all_that_is_asked_are_conditions_with_a_source() -> None:
    """The statement asks no open questions; each condition cites its paragraph, in the order of the steps."""
    assert all(question.condition for question in BOOK.questions)
    assert {place.source for each in (*BOOK, *BOOK.questions) for place in each.source} == {"S1"}
    steps = [question.step for question in BOOK.questions]
    assert list(dict.fromkeys(steps)) == list(BOOK.steps) == ["elements", "roles", "work", "supervision"]


@pytest.mark.parametrize(
    ("rule", "number", "example"),
    [(rule, i, each) for rule in BOOK for i, each in enumerate(rule.examples, 1)],
    ids=lambda value: getattr(value, "id", None) or str(value)[:4],
)
def test_each_worked_example_comes_out_as_stated(rule: Rule, number: int, example: Example) -> None:
    """What the rulebook says of a case, written from the source, is what the judge says of it."""
    assert judged_example(BOOK, rule, example) == example.stated, f"example {number}"


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_each_verdict_and_of_each_reading(rule: Rule) -> None:
    """Met, not met and unknown are each shown by a case, and so is every other reading of the source."""
    assert {"met", "not_met", "unknown"} <= {example.verdict for example in rule.examples}
    assert set(rule.readings) <= {example.reading for example in rule.examples}


def test_only_the_day_of_the_orientation_is_a_should() -> None:
    """The statement says what is needed; that orientation comes before the first contact is our reading."""
    assert {rule.id for rule in BOOK if rule.force is not Force.MUST} == {"peer.oriented"}


def test_no_period_of_ours_is_set() -> None:
    """The source has no number: no condition and no part of the file says when an answer is looked at again."""
    assert BOOK.review_every is None
    assert not any(question.review_every for question in BOOK.questions)


def test_nothing_says_of_a_worker_whether_she_is_served() -> None:
    """Parity of pay is a fact of the policy: what the file adds to a peer provider is named here, and nothing else."""
    added = {name for name, fact in BOOK.vocabulary["peer_provider"].facts.items() if fact.added}
    assert added == {
        *("shared_experience", "skills", "experience", "knowledge", "trained_in", "training_sufficient"),
        *("engagement", "post", "hire_mode", "hired_on", "left_on", "oriented_on", "stable_recovery_attested_on"),
    }
    assert not {"person", "admission"} & set(BOOK.vocabulary["staff_member"].facts)
    assert set(BOOK.vocabulary) >= OWN


# stories


def test_story_51_four_of_five_functions_of_supervision_are_assigned() -> None:
    """Emotional support is nobody's job: S1-52 is not met, the four others are."""
    duties = [
        make("supervision_duty", f"d{i}", function=function, holder="lead", starts_on=ON - DAY, ends_on=NONE)
        for i, function in enumerate(FUNCTIONS[:4])
    ]
    roster = from_records([PROGRAM, *duties], vocabulary=BOOK.vocabulary)
    rules = [f"supervision.{function}" for function in FUNCTIONS]
    made = audit(BOOK, roster, on=ON, rules=rules)
    assert {row: finding.verdict for finding in made.findings for row in BOOK[finding.rule].covers} == {
        "S1-48": MET,
        "S1-49": MET,
        "S1-50": MET,
        "S1-51": MET,
        "S1-52": NOT_MET,
    }
    assert not made.clean


def test_story_51_as_a_condition_the_function_without_an_owner_is_told() -> None:
    """Answered by the program itself, the same function stands open and is nobody's."""
    answers = [
        readiness.ReadinessAnswer(
            id=function,
            question="supervision.functions",
            part=function,
            status="no" if function == "emotional_support" else "yes",
            answered_on=ON,
            owner=NONE if function == "emotional_support" else "lead",
        )
        for function in FUNCTIONS
    ]
    step = readiness.status(BOOK, answers, on=ON).steps[3]
    nobody = [item.name for item in step.without_owner if item.owner is NONE]
    assert nobody == ["supervision.functions [emotional_support]"]
    assert [item.name for item in step.of("no")] == nobody


def test_declarations_due_for_review_are_in_the_work_queue() -> None:
    """A declared relationship that the next session did not look at is what a supervisor finds overdue."""
    records = [
        make("peer_provider", "peer"),
        Person(id="p"),
        make("supervision_session", "s", peer_provider="peer", held_on=ON - DAY),
        make(
            "relationship_disclosure", "r", peer_provider="peer", person="p", declared_on=ON - 9 * DAY, reviewed_on=NONE
        ),
    ]
    roster = from_records([PROGRAM, *records], vocabulary=BOOK.vocabulary)
    made = audit(BOOK, roster, on=ON, rules=["relationship.reviewed"])
    assert [(each.rule, each.days_late, each.reason) for each in made.queue()] == [
        ("relationship.reviewed", 1, Reason.OVERDUE)
    ]


# matching


class TestSimilarExperience:
    """S1-2: peer support is given by people with a similar condition."""

    @given(
        st.sampled_from(["individual", "family", None]),
        some_of("mental_health", "substance_use"),
        some_of("mental_health", "substance_use"),
    )
    def test_one_broad_kind_in_common(
        self, service: str | None, offered: frozenset[str] | None, lived: frozenset[str] | None
    ) -> None:
        """One kind in common is enough; under the other reading every kind of the person is."""
        records = [
            Admission(id="a", person="p", service=service),
            Person(id="p", conditions=lived),
            make("peer_provider", "peer", shared_experience=offered),
        ]
        found = told("peer.similar_experience", Assignment(id="x", admission="a", peer_provider="peer"), *records)
        common = None if offered is None or lived is None else bool(offered & lived)
        applies = kleene_not(equals(service, "family"))
        assert found[""] is where(applies, verdict(common))
        assert found["every kind in common"] is where(applies, verdict(within(lived, offered)))


class TestTaskMatched:
    """S1-34: what a peer provider brings is held against what a task needs."""

    @given(
        near(ON - 9 * DAY),
        dated(ON - 9 * DAY),
        MAYBE,
        st.tuples(some_of("a", "b"), some_of("a", "b")),
        st.tuples(some_of("c"), some_of("c")),
        st.tuples(some_of("d"), some_of("d")),
    )
    def test_all_that_is_needed_is_there_or_the_gap_is_noted(
        self,
        matched: Moment,
        starts: dt.date | None,
        noted: Truth,
        skills: tuple[frozenset[str] | None, frozenset[str] | None],
        experience: tuple[frozenset[str] | None, frozenset[str] | None],
        knowledge: tuple[frozenset[str] | None, frozenset[str] | None],
    ) -> None:
        """There is a match on record, and each of three attributes is enough or what is lacking is noted."""
        pairs = {"skills": skills, "experience": experience, "knowledge": knowledge}
        task = make("task", **{f"needs_{name}": needs for name, (needs, _) in pairs.items()})
        peer = make("peer_provider", "peer", **{name: brought for name, (_, brought) in pairs.items()})
        facts = {"task": "task", "peer_provider": "peer", "starts_on": starts, "matched_on": matched}
        found = told("task.matched", make("task_assignment", **facts, gap_noted=noted), task, peer)
        enough = kleene_and(*(kleene_or(noted, within(*pair)) for pair in pairs.values()))
        assert found[""] is verdict(kleene_and(present(matched), enough))
        first = kleene_and(present(matched), not_after(matched, starts))
        assert found["the match comes first"] is verdict(kleene_and(first, enough))


# policies


POLICY = st.tuples(
    st.sampled_from(["role_distinctions", "relapse", "pay", None]),
    dated(ON),
    near(ON),
    some_of("workers", "participants"),
    near(ON - 5 * DAY),
)


def policy(id_: str, drawn: tuple[Any, ...]) -> Record:
    """A policy of a kind, from a day until another one, about some people, told on a day."""
    kind, start, end, concerns, communicated = drawn
    facts = {"kind": kind, "effective_on": start, "replaced_on": end}
    return make("policy", id_, **facts, concerns=concerns, communicated_on=communicated)


def seen(day: object) -> bool:
    """Whether a record of a day is there on the day of the judgement; one without a day may be."""
    return not (isinstance(day, dt.date) and day > ON)


class TestPolicies:
    """S1-35 and S1-53: what is written down, dated, in effect and known."""

    @given(st.lists(POLICY, max_size=3))
    def test_a_document_on_roles_is_in_effect(self, drawn: list[tuple[Any, ...]]) -> None:
        """Of the kind, from its first day, until before another holds in its place."""
        found = told("policy.role_distinctions", PROGRAM, *(policy(f"y{i}", each) for i, each in enumerate(drawn)))
        held = [
            kleene_and(equals(kind, "role_distinctions"), inside(ON, start, end, through=False))
            for kind, start, end, _, _ in drawn
            if seen(start)
        ]
        assert found[""] is verdict(kleene_or(*held))

    @given(st.lists(POLICY, max_size=3))
    def test_a_relapse_policy_is_in_effect_and_known(self, drawn: list[tuple[Any, ...]]) -> None:
        """It is about workers, under the other reading about participants too, and staff were told."""
        found = told("policy.relapse", PROGRAM, *(policy(f"y{i}", each) for i, each in enumerate(drawn)))
        for reading, people in (("", ["workers"]), ("participants too", ["workers", "participants"])):
            held = [
                kleene_and(
                    equals(kind, "relapse"),
                    inside(ON, start, end, through=False),
                    present(communicated),
                    *(has(each, concerns) for each in people),
                )
                for kind, start, end, concerns, communicated in drawn
                if seen(start)
            ]
            assert found[reading] is verdict(kleene_or(*held))

    @given(
        st.tuples(dated(ON), near(ON)),
        st.lists(
            st.tuples(st.sampled_from(["role_distinctions", "pay", None]), dated(ON), near(ON), dated(ON)), max_size=3
        ),
    )
    def test_everybody_on_the_staff_has_acknowledged_the_roles(
        self, works: tuple[Any, Any], drawn: list[tuple[Any, ...]]
    ) -> None:
        """Whoever works on the day has acknowledged the version in effect, under the other reading any version."""
        member = make("staff_member", works_from=works[0], works_until=works[1])
        policies = [policy(f"y{i}", (kind, start, end, None, None)) for i, (kind, start, end, _) in enumerate(drawn)]
        signed = [
            make("acknowledgment", f"k{i}", staff_member="staff_member", policy=f"y{i}", acknowledged_on=day)
            for i, (_, _, _, day) in enumerate(drawn)
        ]
        found = told("staff.roles_acknowledged", member, *policies, *signed)
        applies = inside(ON, _now(works[0]), works[1], through=False)
        known = [each for each in drawn if seen(each[3])]
        current = [
            kleene_and(equals(kind, "role_distinctions"), not_after(_now(start), ON), before(ON, end))
            for kind, start, end, _ in known
        ]
        assert found[""] is where(applies, verdict(kleene_or(*current)))
        ever = [equals(kind, "role_distinctions") for kind, _, _, _ in known]
        assert found["any version will do"] is where(applies, verdict(kleene_or(*ever)))


def _now(day: dt.date | None) -> dt.date | None:
    """A day that something comes about, as it is known on the day of the judgement: a later one is not recorded."""
    return day if seen(day) else None


# pay, systems, access


class TestPay:
    """S1-42: who is also served is paid like other staff."""

    @given(st.sampled_from(["pay", "relapse", None]), dated(ON), near(ON), MAYBE, MAYBE)
    def test_the_policy_in_effect_makes_no_difference(
        self,
        kind: str | None,
        start: dt.date | None,
        end: Moment,
        basis: Truth,
        paid: Truth,
    ) -> None:
        """On the same basis, under the other reading at all; only rules of pay that hold on the day are asked."""
        facts = {"kind": kind, "effective_on": start, "replaced_on": end, "same_basis": basis, "pays_at_all": paid}
        found = told("pay.same_basis", make("policy", **facts))
        applies = kleene_and(equals(kind, "pay"), inside(ON, _now(start), end, through=False))
        assert found[""] is where(applies, verdict(basis))
        assert found["paid at all"] is where(applies, verdict(paid))


class TestSystems:
    """S1-43: peer activity is recorded, monitored and managed."""

    @given(some_of("recorded", "monitored", "managed"), some_of("recorded", "monitored", "managed"))
    def test_all_three_or_as_for_other_services(
        self, peer: frozenset[str] | None, other: frozenset[str] | None
    ) -> None:
        """All three are asked for, under the other reading those that other services have."""
        found = told("activity.systems", make("program", peer_activity=peer, other_activity=other))
        three = ("recorded", "monitored", "managed")
        assert found[""] is verdict(kleene_and(*(has(each, peer) for each in three)))
        assert found["as for other services"] is verdict(within(other, peer))


class TestAccess:
    """S1-44: access to records has a ground, and consent where it is needed."""

    @given(
        st.sampled_from(["treatment", "payment", "operations", "authorization", "required_by_law", "other", None]),
        st.tuples(MAYBE, MAYBE),
        st.sampled_from(["general", "substance_use_treatment", None]),
        st.tuples(dated(ON - 5 * DAY), near(ON)),
        st.tuples(near(ON - 5 * DAY), near(ON)),
    )
    def test_ground_state_law_need_and_consent(
        self,
        basis: str | None,
        attested: tuple[Truth, Truth],
        category: str | None,
        access: tuple[Any, Any],
        consent: tuple[Any, Any],
    ) -> None:
        """Four things at once; the consent starts no later than the access and holds as long, up to the day."""
        facts = {"basis": basis, "category": category, "allowed_by_state_law": attested[0]}
        days = {"granted_on": access[0], "ended_on": access[1], "consent_on": consent[0], "consent_until": consent[1]}
        people = [make("peer_provider", "peer"), Person(id="p")]
        record = make("access_grant", peer_provider="peer", person="p", needed_for_work=attested[1], **facts, **days)
        found = told("access.lawful", record, *people)
        granted, (since, until) = _now(access[0]), consent
        since = since if seen(since) else None
        long_enough = kleene_or(equals(until, NONE), not_after(access[1], until), before(ON, until))
        consented = kleene_and(present(since), not_after(since, granted), long_enough)
        ground = kleene_not(equals(basis, "other"))
        needed = kleene_or(kleene_not(equals(category, "substance_use_treatment")), consented)
        assert found[""] is verdict(kleene_and(ground, *attested, needed))


# hiring and supervision


class TestStableRecovery:
    """S1-47: people with a stable recovery are hired, by their own word."""

    @given(dated(ON, 3), near(ON, 3))
    def test_it_is_attested_by_the_day_of_hiring(self, hired: dt.date | None, attested: Moment) -> None:
        """On the day itself is in time, the day after is late; before the day has passed it may still come."""
        found = told(
            "peer.stable_recovery", make("peer_provider", hired_on=hired, stable_recovery_attested_on=attested)
        )
        assert found[""] is _done(attested, hired)


def _done(done: Moment, due: Moment) -> Verdict:
    """The verdict of a deadline on the day of the judgement: what is dated later has not happened yet."""
    done, due = (day if seen(day) else NONE for day in (done, due))
    return in_time([(present(done), done)], due, ON)


class TestSupervisionDuties:
    """S1-48 to S1-52: each function of supervision is somebody's duty."""

    @given(
        st.sampled_from(FUNCTIONS),
        st.lists(
            st.tuples(st.sampled_from([*FUNCTIONS, None]), st.sampled_from(["lead", NONE, None]), dated(ON), near(ON)),
            max_size=4,
        ),
    )
    def test_somebody_has_the_duty_on_the_day(self, function: str, drawn: list[tuple[Any, ...]]) -> None:
        """The function, a holder, from the first day until before the last; another function does not help."""
        duties = [
            make("supervision_duty", f"d{i}", function=what, holder=holder, starts_on=start, ends_on=end)
            for i, (what, holder, start, end) in enumerate(drawn)
        ]
        found = told(f"supervision.{function}", PROGRAM, *duties)
        held = [
            kleene_and(equals(what, function), present(holder), inside(ON, start, end, through=False))
            for what, holder, start, end in drawn
            if seen(start)
        ]
        assert found[""] is verdict(kleene_or(*held))


class TestOriented:
    """S1-50: the place of work is known before somebody is met."""

    @given(
        near(ON - 5 * DAY),
        dated(ON - 5 * DAY),
        st.lists(st.tuples(st.sampled_from(["attended", "not_attended"]), around(ON - 5 * DAY), HOURS), max_size=3),
    )
    def test_by_the_day_of_the_first_contact_that_took_place(
        self,
        oriented: Moment,
        hired: dt.date | None,
        drawn: list[tuple[str, dt.date, int]],
    ) -> None:
        """The program's day counts; contacts that nobody attended do not; under the other reading hiring does."""
        contacts = [
            Contact(
                id=f"c{i}",
                peer_provider="peer",
                status=status,
                starts_at=dt.datetime.combine(day, dt.time(hour), CHICAGO),
            )
            for i, (status, day, hour) in enumerate(drawn)
        ]
        record = make("peer_provider", "peer", oriented_on=oriented, hired_on=hired)
        found = told("peer.oriented", record, *contacts)
        due = min((day for status, day, _ in drawn if status == "attended"), default=NONE)
        assert found[""] is _done(oriented, due)
        assert found["on the first day of work"] is _done(oriented, hired)


class TestTrained:
    """S1-51: training covers the skills of the work."""

    @given(
        some_of("listening", "planning"),
        MAYBE,
        st.lists(st.tuples(some_of("listening", "planning"), around(ON), near(ON)), max_size=3),
    )
    def test_every_skill_of_a_task_of_the_day(
        self, trained: frozenset[str] | None, sufficient: Truth, drawn: list[tuple[Any, ...]]
    ) -> None:
        """Tasks that have not started or have ended ask for nothing; under the other reading a person judges."""
        tasks = [make("task", f"t{i}", needs_skills=needs) for i, (needs, _, _) in enumerate(drawn)]
        given_ = [
            make("task_assignment", f"x{i}", task=f"t{i}", peer_provider="peer", starts_on=start, ends_on=end)
            for i, (_, start, end) in enumerate(drawn)
        ]
        record = make("peer_provider", "peer", trained_in=trained, training_sufficient=sufficient)
        found = told("peer.trained", record, *tasks, *given_)
        held = [
            kleene_or(kleene_not(inside(ON, start, end, through=False)), within(needs, trained))
            for needs, start, end in drawn
            if seen(start)
        ]
        assert found[""] is verdict(kleene_and(*held))
        assert found["a supervisor says so"] is verdict(sufficient)


class TestRelationships:
    """S1-54: a declared dual relationship is looked at in supervision."""

    @given(around(ON - 5 * DAY), near(ON - 3 * DAY), st.lists(around(ON - 4 * DAY, 3), max_size=3))
    def test_by_the_next_session(self, declared: dt.date, reviewed: Moment, sessions: list[dt.date]) -> None:
        """The first session on a later day is when it is due; without one it is pending, or done already."""
        held = [
            make("supervision_session", f"s{i}", peer_provider="peer", held_on=day) for i, day in enumerate(sessions)
        ]
        facts = {"peer_provider": "peer", "person": "p", "declared_on": declared, "reviewed_on": reviewed}
        others = [make("peer_provider", "peer"), Person(id="p"), *held]
        found = told("relationship.reviewed", make("relationship_disclosure", **facts), *others)
        due = min((day for day in sessions if day > declared), default=NONE)
        assert found[""] is _done(reviewed, due)
        assert found["on the day it is declared"] is _done(reviewed, declared)


class TestTopics:
    """S1-54 and S1-55: supervision deals with dual relationships and with confused roles."""

    @given(st.lists(some_of("dual_relationships", "role_confusion", "other"), max_size=3))
    def test_each_topic_in_some_session(self, drawn: list[frozenset[str] | None]) -> None:
        """Once each, in one session or in two; without any session nothing is asked."""
        sessions = [
            make("supervision_session", f"s{i}", peer_provider="peer", held_on=ON - DAY, topics=topics)
            for i, topics in enumerate(drawn)
        ]
        found = told("supervision.topics", make("peer_provider", "peer"), *sessions)
        both = [kleene_or(*(has(topic, each) for each in drawn)) for topic in ("dual_relationships", "role_confusion")]
        assert found[""] is (verdict(kleene_and(*both)) if drawn else NOT_APPLICABLE)


# boundaries

BOUNDARIES: Final[Mapping[str, Callable[[dt.date], tuple[str, Record, tuple[Record, ...]]]]] = {
    "the first day of a duty": lambda day: (
        "supervision.emotional_support",
        PROGRAM,
        (make("supervision_duty", function="emotional_support", holder="lead", starts_on=day, ends_on=NONE),),
    ),
    "the first day of a policy": lambda day: (
        "policy.role_distinctions",
        PROGRAM,
        (make("policy", kind="role_distinctions", effective_on=day, replaced_on=NONE),),
    ),
}


@pytest.mark.parametrize("name", BOUNDARIES)
def test_the_first_day_is_in_and_the_day_before_is_not(name: str) -> None:
    """What starts today holds today; what starts tomorrow does not."""
    for day, expected in ((ON - DAY, MET), (ON, MET), (ON + DAY, NOT_MET)):
        rule, record, others = BOUNDARIES[name](day)
        assert told(rule, record, *others)[""] is expected


def test_what_is_missing_is_named() -> None:
    """A policy whose people are not recorded: the finding asks for just that."""
    facts = {"kind": "relapse", "effective_on": ON, "replaced_on": NONE, "communicated_on": ON}
    tables = from_records([PROGRAM, make("policy", **facts)], empty=KINDS, vocabulary=BOOK.vocabulary).tables
    found = judge(BOOK, "policy.relapse", PROGRAM, on=ON, tables=tables)
    assert [str(place) for place in found.missing] == ["policy policy, concerns"]
