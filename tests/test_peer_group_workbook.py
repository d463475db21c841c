"""The rulebook `peer-group-workbook`: rows S4-26 to S4-34, each rule against its law, stories 55 and 56.

The laws stand here in plain Python; nothing asks the judge how it decides. The rows of S4 that are about the trial
stand in `core-self-management`: that none of the 34 is lost is held here, over both.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Event, Moment, Truth, equals, verdict

import peersupport
from peersupport import NONE, Finding, Force, InputError, Place, Reason, Record, Verdict
from peersupport.readers.judge import judge_of
from peersupport.roster import from_mapping

BOOK = peersupport.load("peer-group-workbook")
BOTH = (BOOK, peersupport.load("core-self-management"))
START = dt.date(2026, 3, 2)
LATER = dt.date(2026, 12, 31)
KINDS = (
    "aspect",
    "group_participant",
    "group_session",
    "peer_provider",
    "presentation",
    "workbook",
    "workbook_edition",
)

ON_PAPER = "a digital copy does not count"
NOT_READ = "nobody reads it unasked"
TO_BE_SHARED = "the summary has to be shared"
LEFT_TOO = "interests of people who have left count"
OWN_ONLY = "only experience of one's own counts"
GUESTS_TOO = "guest speakers count as facilitators"
BOTH_WAYS = "each session can be joined both ways"

Lived: TypeAlias = frozenset[str] | None
LIVED: tuple[Lived, ...] = (
    frozenset({"own"}),
    frozenset({"parent_or_caregiver"}),
    frozenset({"own", "parent_or_caregiver"}),
    frozenset(),
    None,
)
BOOLS = (True, False, None)


def maker(kind: str, /, **usual: object) -> Callable[..., Any]:
    """Makes records of a kind as the rulebook knows it, with some usual facts unless said otherwise."""
    cls: Callable[..., Any] = BOOK.vocabulary[kind].record
    return lambda **facts: cls(**{**usual, **facts})


group = maker("peer_group", id="g")
participant = maker("group_participant", id="m", group="g", person="p", joined_on=START, left_on=NONE)
workbook = maker("workbook", id="w", participant="m", edition="e", form="paper", given_on=START)
edition = maker("workbook_edition", id="e")
aspect = maker("aspect", edition="e")
peer = maker("peer_provider", id="f", role="facilitator", lived_experience=frozenset({"own"}))
session = maker(
    "group_session", id="s", group="g", held_on=START, facilitators=frozenset({"f"}), volunteers=frozenset()
)
presentation = maker("presentation", id="t", group_session="s", topic="sleep", given_by="facilitator")


def tables(records: Iterable[Record], without: Iterable[str] = ()) -> Any:  # noqa: ANN401
    """Tables of which every one is given but those named, with whoever and whatever the records lead to."""
    records = list(records)
    usual: list[Record] = [group(), peersupport.Person(id="p"), edition(), peer()]
    usual += [participant()] if any(getattr(each, "participant", None) for each in records) else []
    taken = {(type(each), each.id) for each in records}
    more = [each for each in usual if (type(each), each.id) not in taken]
    empty = set(KINDS) - set(without)
    return peersupport.from_records([*more, *records], empty=empty, vocabulary=BOOK.vocabulary).tables


def found(rule: str, *records: Record, on: dt.date = LATER, reading: str = "", without: Iterable[str] = ()) -> Finding:
    """The finding of a rule for the first of some records, under a reading."""
    given_ = tables(records, without)
    return peersupport.judge(BOOK, rule, records[0], on=on, tables=given_, readings={reading} - {""})


def told(rule: str, *records: Record, on: dt.date = LATER) -> dict[str, Verdict]:
    """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
    given_ = tables(records)
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], records[0], on=on, tables=given_) for name, each in judges.items()}


# the rows of the source


def rows(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name, each a row or a range of rows."""
    ends = [[int(number) for number in re.findall(r"S4-(\d+)", key)] for key in keys]
    return [row for each in ends for row in range(each[0], each[-1] + 1)]


def test_each_row_of_the_source_has_its_one_place() -> None:
    """Rows S4-1 to S4-34 are covered by a rule, kept by facts or not modeled for a reason, in one of two rulebooks."""
    covered = {row for book in BOTH for row in rows(each for rule in book for each in rule.covers)}
    others = [row for book in BOTH for row in (*rows(book.recorded), *rows(book.not_modeled))]
    assert sorted([*covered, *others]) == list(range(1, 35))
    assert all(reason for book in BOTH for reason in book.not_modeled.values())


def test_the_groups_have_their_part_of_the_source() -> None:
    """What this rulebook says anything of are rows 26 to 34, and two of them are reasons and no rules."""
    assert rows(BOOK.not_modeled) == [28, 33]
    assert {row for rule in BOOK for row in rows(rule.covers)} == {26, 27, 29, 30, 31, 32, 34}
    assert BOOK.recorded == {}


def test_each_gap_of_the_source_is_named() -> None:
    """G4-1 to G4-11 are listed over both rulebooks, in order, each with what is left open."""
    assert [gap for book in BOTH for gap in book.gaps] == [f"G4-{number}" for number in range(1, 12)]
    assert all(text for book in BOTH for text in book.gaps.values())


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in (*BOOK.rules, *BOOK.readings) if f'"{name}"' not in text] == []


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_each_verdict(rule: Any) -> None:  # noqa: ANN401
    """Met, not met and unknown are each shown by a case, and each reading by two that come apart."""
    assert {"met", "not_met", "unknown"} <= {example.verdict for example in rule.examples}
    assert set(rule.readings) == {example.reading for example in rule.examples} - {""}


def test_what_binds_less_and_what_comes_first() -> None:
    """The summary and the way to meet are a should; what people write comes first."""
    less = {rule.id for rule in BOOK if rule.force is not Force.MUST}
    assert less == {"workbook.summary_offered", "workbook.summary_answered", "session.modality"}
    assert {rule.id for rule in BOOK if rule.critical} == {"workbook.personal"}


# the workbook


class TestWorkbook:
    """S4-26, 27, 29, 30: a workbook of one's own, of seven aspects, of which nothing is filed but an answer."""

    @given(
        st.lists(st.tuples(logic.near(START), st.sampled_from(["paper", "digital", None])), max_size=3),
        logic.near(START),
        st.integers(0, 3),
    )
    def test_participant_workbook(self, copies: list[tuple[Moment, str | None]], left: Moment, asked: int) -> None:
        """By the first session, also for whoever joins later, unless the person left by then."""
        on = START + asked * DAY
        seen = [(NONE if isinstance(day, dt.date) and day > on else day, form) for day, form in copies]
        until = NONE if isinstance(left, dt.date) and left > on else left
        books = [workbook(id=f"w{i}", given_on=day, form=form) for i, (day, form) in enumerate(copies)]
        events: list[Event] = [(True, day) for day, _ in seen]
        on_paper: list[Event] = [(equals(form, "paper"), day) for day, form in seen]
        expected = {"": logic.in_time(events, START, on, until), ON_PAPER: logic.in_time(on_paper, START, on, until)}
        assert told("participant.workbook", participant(left_on=left), *books, on=on) == expected

    @pytest.mark.parametrize(("days", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
    def test_the_day_of_joining(self, days: int, expected: Verdict) -> None:
        """The day before, the day itself, the day after; not yet given it is pending on the day and late after it."""
        assert found("participant.workbook", participant(), workbook(given_on=START + days * DAY)).verdict is expected
        waiting = found("participant.workbook", participant(), on=START + days * DAY).verdict
        assert waiting is (NOT_MET if days > 0 else PENDING)

    @given(st.integers(0, 400))
    def test_whoever_joins_later_gets_one_later(self, days: int) -> None:
        """The group has no say in the day: it is that of the participant."""
        joined = START + days * DAY
        finding = found("participant.workbook", participant(joined_on=joined), on=joined)
        assert (finding.verdict, finding.due) == (PENDING, joined)

    def test_one_workbook_is_not_for_two(self) -> None:
        """What one participant was given is none for another."""
        other = participant(id="n")
        assert found("participant.workbook", other, participant(), workbook()).verdict is NOT_MET

    @given(st.lists(st.one_of(st.sampled_from("abcdefghi"), st.none()), min_size=4, max_size=9))
    def test_edition_aspects(self, names: list[str | None]) -> None:
        """As many different names as seven; one that is not recorded may be new or be there."""
        parts = [aspect(id=f"a{i}", name=name) for i, name in enumerate(names)]
        known = len({name for name in names if name is not None})
        most = known + names.count(None)
        truth = None if max(known, 1) <= 7 <= most and known != most else known == 7
        assert told("edition.aspects", edition(), *parts) == {"": verdict(truth)}

    @pytest.mark.parametrize(("number", "expected"), [(0, NOT_MET), (6, NOT_MET), (7, MET), (8, NOT_MET)])
    def test_seven_aspects(self, number: int, expected: Verdict) -> None:
        """None, one fewer, the number, one more: whatever the program calls them; those of another edition aside."""
        parts = [aspect(id=f"a{i}", name=f"aspect_{i}") for i in range(number)]
        others = [edition(id="other"), aspect(id="b", edition="other", name="another")]
        assert found("edition.aspects", edition(), *parts, *others).verdict is expected

    def test_seven_aspects_and_one_without_a_name(self) -> None:
        """The eighth may be one of the seven again."""
        parts = [aspect(id=f"a{i}", name=f"aspect_{i}") for i in range(7)]
        finding = found("edition.aspects", edition(), *parts, aspect(id="x"))
        assert (finding.verdict, finding.missing) == (UNKNOWN, (Place("aspect", "x", "name"),))

    @pytest.mark.parametrize("read", BOOLS)
    @pytest.mark.parametrize("asked", BOOLS)
    @pytest.mark.parametrize("filed", BOOLS)
    def test_workbook_personal(self, filed: Truth, asked: Truth, read: Truth) -> None:
        """Nothing is filed; a wish of the person is an exception and changes no verdict."""
        record = workbook(content_filed=filed, asked_to_keep=asked, read_unasked=read)
        personal = logic.kleene_not(filed)
        unread = logic.kleene_and(personal, logic.kleene_not(read))
        assert told("workbook.personal", record) == {"": verdict(personal), NOT_READ: verdict(unread)}
        finding = found("workbook.personal", record)
        assert finding.exception is asked or not filed
        assert finding.breaks is (filed is True and asked is not True)

    @pytest.mark.parametrize("answer", ["shared", "declined", "open", None])
    @pytest.mark.parametrize("offered", [START, NONE, None])
    def test_workbook_summary_answered(self, offered: Any, answer: str | None) -> None:  # noqa: ANN401
        """Shared or declined, once it was offered; to decline is an answer."""
        record = workbook(summary_offered_on=offered, summary=answer)
        answered = None if answer is None else answer in {"shared", "declined"}
        applies = logic.present(offered)
        assert told("workbook.summary_answered", record) == {
            "": logic.where(applies, verdict(answered)),
            TO_BE_SHARED: logic.where(applies, verdict(equals(answer, "shared"))),
        }

    @given(logic.near(START), logic.near(START), st.integers(-3, 3))
    def test_workbook_summary_offered(self, offered: Moment, left: Moment, asked: int) -> None:
        """By the day the person leaves; while that has not come it is pending."""
        on = START + asked * DAY
        seen, due = (NONE if isinstance(day, dt.date) and day > on else day for day in (offered, left))
        due = due if left is not None else None
        expected = logic.in_time([(True, seen)], due, on)
        records = [workbook(summary_offered_on=offered), participant(joined_on=START - 9 * DAY, left_on=left)]
        assert told("workbook.summary_offered", *records, on=on) == {"": expected}


class TestNothingOfTheWorkbookIsStored:
    """Story 56: somebody uploads what a person wrote."""

    def test_there_is_no_fact_for_it(self) -> None:
        """No kind that only this rulebook has can hold a text; of the summary there is the day and the answer."""
        declared = [BOOK.vocabulary[kind] for kind in BOOK.vocabulary if kind not in peersupport.CORE]
        assert [kind.name for kind in declared if any(f.type.base == "text" for f in kind.facts.values())] == []
        assert [name for name in BOOK.vocabulary["workbook"].facts if "summary" in name] == [
            "summary_offered_on",
            "summary",
        ]

    def test_story_56_a_roster_that_brings_it_is_refused(self) -> None:
        """The column is named, and nothing is read."""
        with pytest.raises(InputError, match=r"'?content'?"):
            from_mapping({"workbook": [{"id": "w", "content": "what I wrote"}]}, vocabulary=BOOK.vocabulary)

    def test_story_56_what_was_filed_is_to_be_mended(self) -> None:
        """The finding is not met, comes first, and asks for nothing about what was written."""
        finding = found("workbook.personal", workbook(content_filed=True, asked_to_keep=False))
        assert (finding.verdict, finding.force, finding.critical) == (NOT_MET, Force.MUST, True)
        kept = workbook(content_filed=False, summary_offered_on=START, summary="declined")
        assert found("workbook.personal", kept).verdict is MET
        assert found("workbook.summary_answered", kept).verdict is MET


# the sessions

SUBJECTS = st.sampled_from(["sleep", "work", "money"])
NAMED = st.tuples(st.one_of(st.none(), st.frozensets(SUBJECTS)), logic.dated(START), logic.near(START))


class TestPresentations:
    """S4-31: topics are traced to interests that participants named."""

    @pytest.mark.parametrize(("topic", "expected"), [("sleep", MET), ("budgeting", NOT_MET)])
    def test_story_55_a_topic_comes_from_interests(self, topic: str, expected: Verdict) -> None:
        """Interests are work and sleep: a talk on sleep is asked for, one on budgeting is not."""
        asking = participant(interests=frozenset({"work", "sleep"}))
        assert (
            found("presentation.of_interest", presentation(topic=topic), session(), peer(), asking).verdict is expected
        )

    @given(SUBJECTS, st.lists(NAMED, max_size=3), logic.dated(START))
    def test_presentation_of_interest(
        self, topic: str, named: list[tuple[frozenset[str] | None, Moment, Moment]], held: dt.date | None
    ) -> None:
        """One participant who is in the group that day, or who has left since, is enough."""
        people = [
            participant(id=f"m{i}", interests=interests, joined_on=joined, left_on=left)
            for i, (interests, joined, left) in enumerate(named)
        ]
        here, ever = [], []
        for interests, joined, left in named:
            asked = logic.has(topic, interests)
            here.append(logic.kleene_and(asked, logic.inside(held, joined, left, through=False)))
            ever.append(logic.kleene_and(asked, logic.not_after(joined, held)))
        expected = {"": verdict(logic.kleene_or(*here)), LEFT_TOO: verdict(logic.kleene_or(*ever))}
        records = [presentation(topic=topic), session(held_on=held), peer(), *people]
        assert told("presentation.of_interest", *records) == expected

    def test_interests_of_another_group_are_not_asked(self) -> None:
        """The topic is for those who are there."""
        other = participant(group="other", interests=frozenset({"sleep"}))
        records = [presentation(), session(), peer(), group(id="other"), other]
        assert found("presentation.of_interest", *records).verdict is NOT_MET

    @given(st.lists(st.frozensets(SUBJECTS), max_size=4), SUBJECTS, SUBJECTS)
    def test_one_more_interest_never_harms(self, named: list[frozenset[str]], topic: str, more: str) -> None:
        """Whoever comes with interests of her own takes no topic away from the others."""
        people = [participant(id=f"m{i}", interests=interests) for i, interests in enumerate(named)]
        before = [presentation(topic=topic), session(), peer(), *people]
        after = [*before, participant(id="new", interests=frozenset({more}))]
        verdicts = [found("presentation.of_interest", *records).verdict for records in (before, after)]
        assert verdicts != [MET, NOT_MET]
        assert verdicts[1] is MET or topic != more


def lived(experience: Lived, *, own: bool = False) -> Truth:
    """Whether somebody has lived experience, or such of her own; not said is not known."""
    return logic.has("own", experience) if own else logic.present(experience)


def all_lived(of: Sequence[Lived] | None, *, own: bool) -> Truth:
    """Whether everybody of a team has lived experience; who is in it may not be recorded."""
    return None if of is None else logic.kleene_and(*(lived(each, own=own) for each in of))


def team(name: str, of: Sequence[Lived] | None) -> tuple[frozenset[str] | None, list[Record]]:
    """The ids of a team, and its people, who are peers by the role on file."""
    people = [peer(id=f"{name}{i}", role="peer", lived_experience=each) for i, each in enumerate(of or ())]
    return None if of is None else frozenset(each.id for each in people), people


class TestLivedExperience:
    """S4-32: all who facilitate and all volunteers, and no guest."""

    @pytest.mark.parametrize("experience", LIVED)
    @pytest.mark.parametrize("role", ["facilitator", "volunteer", "peer", "family_peer", None])
    def test_staff_lived_experience(self, role: str | None, experience: Lived) -> None:
        """Of those two roles; what is not recorded is unknown and never a no."""
        applies = None if role is None else role in {"facilitator", "volunteer"}
        record = peer(role=role, lived_experience=experience)
        assert told("staff.lived_experience", record) == {
            "": logic.where(applies, verdict(lived(experience))),
            OWN_ONLY: logic.where(applies, verdict(lived(experience, own=True))),
        }

    @given(
        st.one_of(st.none(), st.lists(st.sampled_from(LIVED), max_size=3)),
        st.one_of(st.none(), st.lists(st.sampled_from(LIVED), max_size=2)),
        st.lists(st.tuples(st.sampled_from(["guest", "participant", None]), st.sampled_from(BOOLS)), max_size=2),
    )
    def test_session_lived_experience(
        self,
        leading: list[Lived] | None,
        helping: list[Lived] | None,
        speakers: list[tuple[str | None, Truth]],
    ) -> None:
        """There is a facilitator, and each, with each volunteer, has lived experience."""
        (lead, leaders), (help_, helpers) = team("lead", leading), team("help", helping)
        talks = [presentation(id=f"t{i}", given_by=by, lived_experience=said) for i, (by, said) in enumerate(speakers)]
        led = None if leading is None else bool(leading)
        default, own = (
            logic.kleene_and(led, *(all_lived(of, own=only) for of in (leading, helping))) for only in (False, True)
        )
        guests = [logic.kleene_or(logic.kleene_not(equals(by, "guest")), said) for by, said in speakers]
        records = [session(facilitators=lead, volunteers=help_), *leaders, *helpers, *talks]
        assert told("session.lived_experience", *records) == {
            "": verdict(default),
            OWN_ONLY: verdict(own),
            GUESTS_TOO: verdict(logic.kleene_and(default, *guests)),
        }

    def test_a_guest_is_no_facilitator(self) -> None:
        """A talk by somebody without lived experience changes nothing by default, and the finding says what would."""
        talk = presentation(given_by="guest", lived_experience=False)
        finding = found("session.lived_experience", session(), peer(), talk)
        assert (finding.verdict, finding.alternatives[GUESTS_TOO]) == (MET, NOT_MET)


@pytest.mark.parametrize("modality", ["in_person", "online", "hybrid", "telephone", None])
def test_session_modality(modality: str | None) -> None:
    """S4-34, online, in person or both at once; under its reading both at once."""
    either = None if modality is None else modality != "telephone"
    assert told("session.modality", session(modality=modality), peer()) == {
        "": verdict(either),
        BOTH_WAYS: verdict(equals(modality, "hybrid")),
    }


# what is missing

LACKING: list[tuple[str, str, Sequence[Record], tuple[str, str]]] = [
    ("participant.workbook", "", [participant(), workbook(given_on=None)], ("w", "given_on")),
    ("participant.workbook", "", [participant(left_on=None)], ("m", "left_on")),
    ("participant.workbook", ON_PAPER, [participant(), workbook(form=None)], ("w", "form")),
    ("workbook.personal", "", [workbook()], ("w", "content_filed")),
    ("workbook.personal", NOT_READ, [workbook(content_filed=False)], ("w", "read_unasked")),
    ("workbook.summary_offered", "", [workbook(), participant(left_on=START)], ("w", "summary_offered_on")),
    (
        "workbook.summary_offered",
        "",
        [workbook(summary_offered_on=NONE), participant(left_on=None)],
        ("m", "left_on"),
    ),
    ("workbook.summary_answered", "", [workbook(summary_offered_on=START)], ("w", "summary")),
    ("presentation.of_interest", "", [presentation(), session(), peer(), participant()], ("m", "interests")),
    (
        "presentation.of_interest",
        "",
        [presentation(topic=None), session(), participant(interests=frozenset({"sleep"}))],
        ("t", "topic"),
    ),
    ("staff.lived_experience", "", [peer(lived_experience=None)], ("f", "lived_experience")),
    ("session.lived_experience", "", [session(), peer(lived_experience=None)], ("f", "lived_experience")),
    ("session.lived_experience", "", [session(volunteers=None), peer()], ("s", "volunteers")),
    ("session.modality", "", [session(), peer()], ("s", "modality")),
]


@pytest.mark.parametrize(("rule", "reading", "records", "place"), LACKING)
def test_what_is_missing_is_named(rule: str, reading: str, records: Sequence[Record], place: tuple[str, str]) -> None:
    """With one fact that is not recorded it is unknown, and that fact is the one that is named."""
    finding = found(rule, *records, reading=reading)
    assert (finding.verdict, [(each.id, each.fact) for each in finding.missing]) == (UNKNOWN, [place])


@pytest.mark.parametrize(
    ("rule", "records", "table"),
    [
        ("participant.workbook", [participant()], "workbook"),
        ("edition.aspects", [edition()], "aspect"),
        ("presentation.of_interest", [presentation(), session(), peer()], "group_participant"),
    ],
)
def test_a_table_that_is_not_given_is_named(rule: str, records: Sequence[Record], table: str) -> None:
    """Nothing in a table is an answer, and no table is none."""
    finding = found(rule, *records, without=[table])
    assert (finding.verdict, finding.reason, finding.missing) == (UNKNOWN, Reason.NO_TABLE, (Place(table),))


def test_what_does_not_apply() -> None:
    """A person who left on the first day is owed no workbook, and who was offered nothing owes no answer."""
    assert found("participant.workbook", participant(left_on=START)).verdict is NOT_APPLICABLE
    assert found("workbook.summary_answered", workbook(summary_offered_on=NONE)).verdict is NOT_APPLICABLE
