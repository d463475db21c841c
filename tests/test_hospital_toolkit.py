"""The rulebook `hospital-toolkit` (S2): its rows, its worked examples, and each rule against its law.

A planning aid: its questions are tested with the module `readiness`, and its few rules are shoulds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    MAYBE,
    MET,
    NOT_MET,
    PROGRAM,
    Moment,
    Truth,
    around,
    dated,
    equals,
    has,
    inside,
    kleene_and,
    kleene_or,
    near,
    not_after,
    present,
    some_of,
    verdict,
    where,
)

from peersupport import NONE, Admission, OtherService, Person, Record, Verdict, audit, from_records, load, readiness
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import Example, Force, Rule
from peersupport.testing import judged_example

BOOK: Final = load("hospital-toolkit")
ON: Final = dt.date(2026, 6, 30)
KINDS: Final = tuple(BOOK.vocabulary)
GROUPS: Final = ("people_in_recovery", "family_members", "staff")


def make(kind: str, id_: str = "", /, **facts: object) -> Record:
    """A record of a kind of the rulebook; its id is the kind, unless said otherwise."""
    return BOOK.vocabulary[kind].record(id=id_ or kind, **facts)


def told(rule: str, record: Record, *others: Record, on: dt.date = ON) -> dict[str, Verdict]:
    """The verdict of a rule for a record among others: by default, under no name, and under each of its readings."""
    given_ = [*([] if "program" in {record.id, *(each.id for each in others)} else [PROGRAM]), record, *others]
    tables = from_records(given_, empty=KINDS, vocabulary=BOOK.vocabulary).tables
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], record, on=on, tables=tables) for name, each in judges.items()}


def _seen(day: Moment) -> bool:
    """Whether a day has come on the day of the judgement; one that is not recorded may have."""
    return not (isinstance(day, dt.date) and day > ON)


def _now(day: Moment) -> Moment:
    """A day as it is known on the day of the judgement: a later one is not recorded."""
    return day if _seen(day) else None


# rows and examples


def rows_of(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name."""
    return [int(number) for key in keys for number in re.findall(r"S2-(\d+)", key)]


def test_no_row_of_the_source_is_lost() -> None:
    """Rows S2-1 to S2-64 are each covered by a rule or a question, recorded, or not modeled for a reason."""
    covered = rows_of(row for each in (*BOOK, *BOOK.questions) for row in each.covers)
    assert {*covered, *rows_of(BOOK.recorded), *rows_of(BOOK.not_modeled)} == set(range(1, 65))
    assert all(BOOK.not_modeled.values())


def test_a_row_stands_in_one_place() -> None:
    """What is not modeled is neither covered nor recorded, and each question has a row of its own."""
    covered = set(rows_of(row for each in (*BOOK, *BOOK.questions) for row in each.covers))
    kept = [*rows_of(BOOK.recorded), *rows_of(BOOK.not_modeled)]
    assert covered.isdisjoint(kept)
    assert len(set(kept)) == len(kept)
    asked = [row for question in BOOK.questions for row in question.covers]
    assert len(asked) == len(set(asked)) == len(BOOK.questions) == 51


def test_the_questions_are_those_of_the_four_steps() -> None:
    """Rows S2-8 to S2-24, 25 to 43 with S2-6, 44 to 49 and 50 to 57, each in the step whose part it cites."""
    rows = {step: rows_of(row for q in BOOK.questions if q.step == step for row in q.covers) for step in BOOK.steps}
    assert {step: sorted(found) for step, found in rows.items()} == {
        "plan": [*range(8, 25)],
        "act": [6, *range(25, 44)],
        "assess": [*range(44, 50)],
        "adapt_sustain": [*range(50, 58)],
    }
    parts = {(question.step, str(place)) for question in BOOK.questions for place in question.source}
    assert parts == {
        ("plan", "S2: Step 1"),
        ("act", "S2: Step 2"),
        ("act", "S2: What is peer support?"),
        ("assess", "S2: Step 3"),
        ("adapt_sustain", "S2: Step 4"),
    }


def test_what_the_toolkit_states_are_conditions_and_what_it_asks_are_questions() -> None:
    """The sentences that state something (S2-6, 8, 9, 24 to 27, 44, 50) are conditions, and no others."""
    stated = rows_of(row for question in BOOK.questions if question.condition for row in question.covers)
    assert sorted(stated) == [6, 8, 9, 24, 25, 26, 27, 44, 50]


def test_questions_with_several_parts_have_them_all() -> None:
    """Three groups, four phases, three things that are offered, two kinds of payers: each answered by itself."""
    parts = {row: len(question.parts) for question in BOOK.questions for row in question.covers if question.parts}
    assert parts == {"S2-8": 3, "S2-10": 3, "S2-27": 4, "S2-33": 3, "S2-44": 3, "S2-57": 2}
    assert len(readiness.status(BOOK, [], on=ON).items) == 63


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


def test_a_planning_aid_has_no_musts() -> None:
    """Nothing here can make an audit fail, and no period for asking again is made up."""
    assert {rule.force for rule in BOOK} == {Force.SHOULD}
    assert BOOK.review_every is None
    assert not any(question.review_every for question in BOOK.questions)
    peer = make("peer_provider", "peer", self_identified_on=NONE)
    made = audit(BOOK, from_records([peer], empty=KINDS, vocabulary=BOOK.vocabulary), on=ON)
    assert {each.verdict for each in made.findings} == {NOT_MET}
    assert made.clean


def test_a_peer_specialist_sees_which_documents_there_are() -> None:
    """Job description, career ladder and supervision guideline: each an item with its evidence."""
    wanted = {"job.description": "job description 3", "supervision.guidelines": "guideline"}
    answers = [
        readiness.ReadinessAnswer(
            id=name, question=name, status="yes", answered_on=ON, owner="lead", evidence=frozenset({title})
        )
        for name, title in wanted.items()
    ]
    found = {item.name: item for item in readiness.status(BOOK, answers, on=ON).items}
    assert {name: found[name].evidence for name in wanted} == {name: {title} for name, title in wanted.items()}
    assert found["staff.career_ladder"].state == "unanswered"


# laws


class TestSelfIdentified:
    """S2-3: peer specialists name themselves as people who use or used services."""

    @given(near(ON))
    def test_a_day_is_on_record(self, day: Moment) -> None:
        """A day that has come; one that lies ahead is not known yet."""
        found = told("peer.self_identified", make("peer_provider", self_identified_on=day))
        assert found[""] is verdict(present(_now(day)))


class TestComplements:
    """S2-5: peer support neither doubles treatment nor replaces it."""

    @given(
        some_of("coaching", "therapy"),
        some_of("therapy", "prescribing"),
        st.lists(st.tuples(st.sampled_from(["behavioral_health", "other", None]), around(ON), near(ON)), max_size=2),
    )
    def test_nothing_that_only_clinicians_do(
        self,
        activities: frozenset[str] | None,
        clinical: frozenset[str] | None,
        drawn: list[tuple[str | None, dt.date, Moment]],
    ) -> None:
        """The program's own list decides; under the other reading treatment has to run on the day, too."""
        services = [
            OtherService(id=f"o{i}", person="p", kind=kind, starts_on=start, ends_on=end)  # type: ignore[arg-type]
            for i, (kind, start, end) in enumerate(drawn)
        ]
        program = make("program", clinical_only=clinical)
        plan = make("plan", admission="a", activities=activities)
        found = told(
            "plan.complements_treatment", plan, program, Person(id="p"), Admission(id="a", person="p"), *services
        )
        apart = None if activities is None or clinical is None else not activities & clinical
        treated = kleene_or(
            *(
                kleene_and(equals(kind, "behavioral_health"), inside(ON, start, end, through=False))
                for kind, start, end in drawn
                if _seen(start)
            )
        )
        assert found[""] is verdict(apart)
        assert found["only beside treatment"] is verdict(kleene_and(apart, treated))


class TestHeardEarly:
    """S2-10: three groups are heard before the design is settled."""

    @given(
        near(ON - 5 * DAY),
        st.lists(st.tuples(st.sampled_from([*GROUPS, None]), dated(ON - 5 * DAY)), max_size=5),
    )
    def test_each_group_by_the_day(self, settled: Moment, drawn: list[tuple[str | None, dt.date | None]]) -> None:
        """On the day itself is early enough, under the other reading it is not; one group does not speak for all."""
        heard = [make("engagement", f"e{i}", group=group, engaged_on=day) for i, (group, day) in enumerate(drawn)]
        found = told("stakeholders.heard_early", make("program", design_settled_on=settled), *heard)
        for reading, last in (("", settled), ("on an earlier day", _day_before(settled))):
            held = [
                kleene_or(*(kleene_and(equals(group, each), not_after(day, last)) for group, day in drawn))
                for each in GROUPS
            ]
            assert found[reading] is where(present(settled), verdict(kleene_and(*held)))


def _day_before(day: Moment) -> Moment:
    return day - DAY if isinstance(day, dt.date) else day


class TestSharedExpectations:
    """S2-42: peer specialist and supervisor have both signed."""

    @given(st.lists(st.tuples(near(ON - 5 * DAY), near(ON - 5 * DAY)), max_size=3))
    def test_both_signatures_stand_under_one_statement(self, drawn: list[tuple[Moment, Moment]]) -> None:
        """One signature on each of two statements is none."""
        statements = [
            make("expectations", f"x{i}", peer_provider="peer", peer_signed_on=peer, supervisor_signed_on=supervisor)
            for i, (peer, supervisor) in enumerate(drawn)
        ]
        found = told("peer.shared_expectations", make("peer_provider", "peer"), *statements)
        signed = [kleene_and(present(peer), present(supervisor)) for peer, supervisor in drawn]
        assert found[""] is verdict(kleene_or(*signed))


class TestEvaluation:
    """S2-44: an evaluation serves three kinds of people."""

    @given(some_of("peer_support_workers", "participants", "clinicians"))
    def test_all_three(self, serves: frozenset[str] | None) -> None:
        """Two of three are not enough."""
        found = told("evaluation.for_all", make("evaluation", planned_on=ON, serves=serves))
        three = ("peer_support_workers", "participants", "clinicians")
        assert found[""] is verdict(kleene_and(*(has(each, serves) for each in three)))


class TestRates:
    """S2-47 and S2-49: a rate says what it is of, and protects small groups."""

    @given(
        st.sampled_from([30, NONE, None]),
        st.sampled_from(["participants", NONE, None]),
        st.sampled_from(["a new stay", NONE, None]),
    )
    def test_window_denominator_and_event_are_declared(self, window: Moment, whom: Moment, event: Moment) -> None:
        """All three; what is known to be left out is not met, what is not recorded is unknown."""
        rate = make("reported_rate", reported_on=ON, window_days=window, denominator=whom, event_definition=event)
        assert told("rate.declared", rate)[""] is verdict(kleene_and(present(window), present(whom), present(event)))

    @given(MAYBE, st.sampled_from([11, NONE, None]))
    def test_a_rate_by_group_says_from_when_a_group_is_shown(self, by_group: Truth, threshold: Moment) -> None:
        """Whatever the threshold is: it is the program's own."""
        rate = make("reported_rate", reported_on=ON, by_group=by_group, suppressed_below=threshold)
        assert told("rate.small_groups", rate)[""] is where(by_group, verdict(present(threshold)))


def test_the_boundary_of_early() -> None:
    """The day before, the day, the day after the design is settled."""
    for days, expected in ((-1, MET), (0, MET), (1, NOT_MET)):
        heard = [make("engagement", group, group=group, engaged_on=ON + days * DAY) for group in GROUPS]
        program = make("program", design_settled_on=ON)
        assert told("stakeholders.heard_early", program, *heard, on=ON + 9 * DAY)[""] is expected
