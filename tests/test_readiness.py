"""Answers to questions: what is answered, what is open, what to do next, over time; and never a score."""

from __future__ import annotations

import datetime as dt
import json
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import NONE, InputError, Problem, ReadinessAnswer, Rulebook, from_records, load, loads
from peersupport.readiness import (
    LABEL,
    STATES,
    HasTables,
    Item,
    State,
    Status,
    Step,
    changes,
    form,
    history,
    status,
)

HEAD: Final = """
rulebook = "invented"
title    = "An invented | program"

[sources.F]
title = "Fiction"
"""
TEXT: Final = (
    HEAD
    + """
[steps]
plan = "First"
run  = "Then"

[[question]]
id     = "house.lamps"
step   = "run"
asks   = "Are the lamps lit?"
source = "F: 3"

[[question]]
id        = "house.pay"
step      = "plan"
asks      = "Is it written down what is paid?"
condition = true
parts     = ["wages", "leave"]
after     = ["house.roof"]
source    = ["F: 1", "F: 2"]
covers    = ["F-1"]

[[question]]
id           = "house.roof"
step         = "plan"
asks         = "Is there a roof?"
asked_of     = "builders"
review_every = "1 month"
source       = "F: 1"
"""
)
BOOK: Final = loads(TEXT)
DAY: Final = dt.timedelta(days=1)
MAY: Final = dt.date(2026, 5, 1)
JUNE: Final = dt.date(2026, 6, 30)
ANSWERED: Final = ("yes", "partly", "no", "not_applicable", "declined")


def answer(id_: str, question: str = "house.lamps", status_: str | None = "yes", **facts: Any) -> ReadinessAnswer:  # noqa: ANN401  any fact of an answer
    """An answer on 1 May, unless said otherwise."""
    return ReadinessAnswer(**{"id": id_, "question": question, "status": status_, "answered_on": MAY, **facts})


def item(found: Status, name: str = "house.lamps") -> Item:
    """The item of a name."""
    (one,) = [each for each in found.items if each.name == name]
    return one


def problems(answers: Iterable[ReadinessAnswer] | HasTables, book: Rulebook = BOOK) -> tuple[Problem, ...]:
    """What is wrong with some answers."""
    with pytest.raises(InputError) as caught:
        status(book, answers, on=JUNE)
    return caught.value.problems


# the latest answer


def test_without_answers_every_item_is_unanswered() -> None:
    """Each question once for each of its parts, in the steps as they are declared; nothing is taken for no."""
    found = status(BOOK, [], on=JUNE)
    assert [(step.step, step.title, [each.name for each in step.items]) for step in found.steps] == [
        ("plan", "First", ["house.roof", "house.pay [wages]", "house.pay [leave]"]),
        ("run", "Then", ["house.lamps"]),
    ]
    assert {each.state for each in found.items} == {"unanswered"}
    assert (found.rulebook, found.title, found.on) == ("invented@undated", "An invented | program", JUNE)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(ANSWERED)), max_size=8), st.integers(-1, 7))
def test_the_latest_answer_wins_as_of_any_day(given_: list[tuple[int, str]], later: int) -> None:
    """Only the answers up to the day are read, of these those of the last day: one status, or unclear, or none."""
    answers = [answer(f"a{i}", status_=told, answered_on=MAY + day * DAY) for i, (day, told) in enumerate(given_)]
    seen = [(day, told) for day, told in given_ if day <= later]
    last = max((day for day, _ in seen), default=None)
    told = {each for day, each in seen if day == last}
    found = item(status(BOOK, answers, on=MAY + later * DAY))
    assert found.state == ("unanswered" if not told else "unclear" if len(told) > 1 else told.pop())
    assert found.answered_on == (None if last is None else MAY + last * DAY)
    assert set(found.answers) == {f"a{i}" for i, (day, _) in enumerate(given_) if day == last}


@given(st.permutations(range(5)), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(order: Sequence[int], chance: random.Random) -> None:
    """The same answers in another order give the same status."""
    made = [
        answer(
            f"a{i}",
            status_=chance.choice(ANSWERED),
            answered_on=chance.choice([None, MAY, MAY + DAY]),
            owner=chance.choice([None, NONE, "lead"]),
            evidence=chance.choice([None, frozenset(), frozenset({"plan"})]),
        )
        for i in range(5)
    ]
    assert status(BOOK, made, on=JUNE) == status(BOOK, [made[i] for i in order], on=JUNE)


def test_two_answers_of_one_day_that_differ_are_not_guessed() -> None:
    """It is told which day and what was answered, and that it is to be cleared up."""
    found = status(BOOK, [answer("a1"), answer("a2", status_="not_applicable")], on=JUNE)
    assert item(found).state == "unclear"
    assert item(found).why == "answers of 2026-05-01 differ (not applicable, yes)"
    assert str(found.next[0]) == (
        "Clear up house.lamps: answers of 2026-05-01 differ (not applicable, yes). No owner is recorded."
    )


def test_two_answers_of_one_day_that_agree_are_one() -> None:
    """Their evidence is taken together; an owner on whom they do not agree is not recorded."""
    one = answer("a1", evidence=frozenset({"plan"}), owner="lead")
    same = item(status(BOOK, [one, answer("a2", evidence=frozenset({"list"}))], on=JUNE))
    assert (same.state, same.evidence, same.owner) == ("yes", frozenset({"plan", "list"}), "lead")
    assert item(status(BOOK, [one, answer("a2", owner="clerk")], on=JUNE)).owner is None
    assert item(status(BOOK, [one, answer("a2", owner=NONE)], on=JUNE)).owner is None


def test_an_answer_without_a_day_is_told_apart() -> None:
    """Alone it is undated; beside others it may be the latest, so it counts where it says the same."""
    undated = answer("u", answered_on=None, status_="not_applicable")
    alone = status(BOOK, [undated], on=JUNE)
    assert (item(alone).state, item(alone).answered_on) == ("undated", None)
    assert item(alone).why == "it is answered not applicable, on a day that is not recorded"
    assert (alone.next[0].what, alone.next[0].item.name) == ("clear_up", "house.lamps")
    differs = item(status(BOOK, [answer("a"), undated], on=JUNE))
    assert (differs.state, differs.why) == ("unclear", "answers differ, and one has no day (not applicable, yes)")
    agrees = item(status(BOOK, [answer("a", status_="not_applicable"), undated], on=JUNE))
    assert (agrees.state, agrees.answered_on, agrees.answers) == ("not_applicable", MAY, ("a", "u"))


def test_an_answer_without_a_status_is_not_an_earlier_one() -> None:
    """On the latest day it makes the item unclear; on an earlier day it is past."""
    silent = answer("s", status_=None, answered_on=MAY + DAY)
    found = item(status(BOOK, [answer("a"), silent], on=JUNE))
    assert (found.state, found.why) == ("unclear", "the answer of 2026-05-02 has no status")
    assert item(status(BOOK, [answer("a", answered_on=JUNE), silent], on=JUNE)).state == "yes"


def test_a_record_without_day_and_status_says_whose_a_question_is() -> None:
    """It is no answer; its owner holds where the latest answer names none, and not where it names one."""
    mine = answer("m", status_=None, answered_on=None, owner="lead")
    unanswered = item(status(BOOK, [mine], on=JUNE))
    assert (unanswered.state, unanswered.owner, unanswered.answers) == ("unanswered", "lead", ())
    assert item(status(BOOK, [mine, answer("a")], on=JUNE)).owner == "lead"
    assert item(status(BOOK, [mine, answer("a", owner=NONE)], on=JUNE)).owner is NONE


def test_parts_are_answered_each_by_itself() -> None:
    """A yes to one part leaves the other open."""
    found = status(BOOK, [answer("a", "house.pay", part="leave")], on=JUNE)
    assert item(found, "house.pay [leave]").state == "yes"
    assert item(found, "house.pay [wages]").state == "unanswered"


# looking again


def test_an_answer_is_stale_when_its_day_has_passed() -> None:
    """The last day for it is still in time; the day after it is overdue and stands first in what to do next."""
    given_ = [answer("a", review_by=JUNE)]
    before = status(BOOK, given_, on=JUNE)
    assert (item(before).stale, before.steps[1].stale) == (False, ())
    after = status(BOOK, given_, on=JUNE + DAY)
    assert after.steps[1].stale == (item(after),)
    assert str(after.next[0]) == "Look at house.lamps again: that was due by 2026-06-30. No owner is recorded."


def test_no_answer_gets_old_by_itself_unless_a_program_says_so() -> None:
    """The source has no period, so without one that is set nothing is overdue, however old."""
    assert item(status(BOOK, [answer("a", answered_on=dt.date(1999, 1, 1))], on=JUNE)).review_by is None


def test_a_period_that_is_set_counts_from_the_answer() -> None:
    """The question's own comes first, then that of the call, then the rulebook's; an answer's own day before all."""
    book = attrs.evolve(loads(TEXT.replace("[sources.F]", 'review_every = "2 years"\n[sources.F]')))
    lamps, roof = answer("a"), answer("b", "house.roof", answered_on=dt.date(2026, 1, 31))
    assert item(status(book, [lamps], on=JUNE)).review_by == dt.date(2028, 5, 1)
    assert item(status(book, [lamps], on=JUNE, review_every="10 days")).review_by == MAY + 10 * DAY
    found = item(status(book, [roof], on=JUNE, review_every="10 days"), "house.roof")
    assert (found.review_by, found.stale) == (dt.date(2026, 2, 28), True)
    own = answer("c", review_by=JUNE)
    assert item(status(book, [own], on=JUNE, review_every="10 days")).review_by == JUNE
    never = item(status(book, [answer("d", review_by=NONE)], on=JUNE + DAY, review_every="10 days"))
    assert (never.review_by, never.stale) == (NONE, False)


def test_what_is_unclear_or_undated_has_no_period() -> None:
    """No day to count from, and no answer to look at again; an undated answer may have a day of its own."""
    differ = [answer("a", review_by=MAY), answer("b", status_="no", review_by=MAY)]
    assert item(status(BOOK, differ, on=JUNE, review_every="1 day")).stale is False
    assert item(status(BOOK, [answer("u", answered_on=None)], on=JUNE, review_every="1 day")).review_by is None
    own = item(status(BOOK, [answer("u", answered_on=None, review_by=MAY)], on=JUNE))
    assert (own.state, own.stale) == ("undated", True)


@pytest.mark.parametrize("period", ["soon", "3 hours", "0 days", "2 business_days"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    """An answer is looked at again on a day, so hours and office days are no periods here."""
    with pytest.raises(InputError, match=r"readiness, review_every"):
        status(BOOK, [], on=JUNE, review_every=period)


# evidence, owners, what to do next


def test_evidence_and_owners_that_are_not_named() -> None:
    """Evidence is asked of yes and partly; an owner of all but what does not apply or was declined."""
    steps = {told: status(BOOK, [answer("a", status_=told)], on=JUNE).steps[1] for told in ANSWERED}
    assert [told for told, step in steps.items() if step.without_evidence] == ["yes", "partly"]
    assert [told for told, step in steps.items() if step.without_owner] == ["yes", "partly", "no"]
    held = status(BOOK, [answer("a", evidence=frozenset({"list of lamps"}), owner="lead")], on=JUNE).steps[1]
    assert (held.without_evidence, held.without_owner) == ((), ())
    assert status(BOOK, [], on=JUNE).steps[1].without_owner != ()


def test_what_to_do_next_stands_in_its_order() -> None:
    """Overdue the oldest first, then unclear, then unanswered in the advisory order, then partly and no."""
    book = loads(TEXT + "".join(_question(f"more.q{i}", "run") for i in range(4)))
    given_ = [
        answer("a", "house.lamps", review_by=MAY + DAY),
        answer("b", "more.q0", "partly", review_by=MAY),
        answer("c", "more.q1", "no", owner="clerk"),
        answer("d", "more.q2", "partly", owner=NONE),
        answer("e", "house.roof"),
        answer("f", "house.roof", "no"),
        answer("g", "more.q3", "declined"),
    ]
    found = status(book, given_, on=JUNE)
    assert [(each.what, each.item.name) for each in found.next] == [
        ("review", "more.q0"),
        ("review", "house.lamps"),
        ("clear_up", "house.roof"),
        ("answer", "house.pay [wages]"),
        ("answer", "house.pay [leave]"),
        ("work_on", "more.q1"),
        ("work_on", "more.q2"),
    ]
    assert [str(each) for each in found.next[-3:]] == [
        "Answer house.pay [leave]: Is it written down what is paid? No owner is recorded.",
        "Carry on with more.q1, answered no on 2026-05-01. Owner: clerk.",
        "Carry on with more.q2, answered partly on 2026-05-01. It is nobody's yet.",
    ]


def _question(id_: str, step: str, after: Iterable[str] = ()) -> str:
    listed = json.dumps(list(after))
    return f'\n[[question]]\nid = "{id_}"\nstep = "{step}"\nasks = "Is it?"\nafter = {listed}\nsource = "F: 1"\n'


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.integers(0, 7))), min_size=1, max_size=8))
def test_the_advisory_order_keeps_what_comes_before(drawn: list[tuple[str, set[int]]]) -> None:
    """Nothing stands before what it comes after; where nothing comes after anything, steps and the file decide."""
    steps = "[steps]\n" + "".join(f'{step} = "{step}"\n' for step in "abc")
    after = [{i for i in before if i < number} for number, (_, before) in enumerate(drawn)]
    asked = [
        _question(f"q{number}", step, [f"q{i}" for i in sorted(after[number])])
        for number, (step, _) in enumerate(drawn)
    ]
    found = [each.item.question.id for each in status(loads(HEAD + steps + "".join(asked)), [], on=JUNE).next]
    place = {name: i for i, name in enumerate(found)}
    assert sorted(found) == sorted(f"q{i}" for i in range(len(drawn)))
    assert all(place[f"q{i}"] < place[f"q{number}"] for number, before in enumerate(after) for i in before)
    if not any(after):
        assert found == [f"q{i}" for i in sorted(range(len(drawn)), key=lambda i: drawn[i][0])]


def test_steps_that_are_not_declared_are_those_of_the_questions() -> None:
    """In the order in which they first occur, each under its own name."""
    book = loads(HEAD + _question("one", "later") + _question("two", "sooner") + _question("three", "later"))
    found = status(book, [], on=JUNE)
    assert [(step.step, step.title, len(step.items)) for step in found.steps] == [
        ("later", "later", 2),
        ("sooner", "sooner", 1),
    ]


# over time


def test_the_history_of_a_question() -> None:
    """Every answer in the order of days, those without one last; later ones only if no day is asked for."""
    given_ = [
        answer("c", answered_on=None),
        answer("b", status_="partly", answered_on=JUNE),
        answer("a"),
        answer("p", "house.pay", part="leave"),
    ]
    assert [each.id for each in history(BOOK, given_, "house.lamps")] == ["a", "b", "c"]
    assert [each.id for each in history(BOOK, given_, "house.lamps", on=JUNE - DAY)] == ["a", "c"]
    assert [each.id for each in history(BOOK, given_, "house.pay", "leave")] == ["p"]
    assert history(BOOK, given_, "house.pay", "wages") == ()


@pytest.mark.parametrize(
    ("question", "part", "message"),
    [
        ("house.lamp", "", r"history, question: invented has no question 'house.lamp' \(did you mean 'house.lamps'"),
        ("house.pay", "", r"history, part: house.pay is answered part by part \(name one of wages, leave\)"),
        ("house.lamps", "leave", r"history, part: house.lamps has no part 'leave' \(leave it out\)"),
    ],
)
def test_the_history_of_what_is_not_there(question: str, part: str, message: str) -> None:
    """A misspelt question or part is refused with what was probably meant."""
    with pytest.raises(InputError, match=message):
        history(BOOK, [], question, part)


def test_what_has_changed_between_two_days() -> None:
    """Each item that stands differently, with how it stood and how it stands."""
    given_ = [answer("a", status_="partly"), answer("b", answered_on=JUNE), answer("c", "house.roof")]
    was, now = status(BOOK, given_, on=MAY), status(BOOK, given_, on=JUNE)
    assert [(each.name, each.was, each.now) for each in changes(was, now)] == [("house.lamps", "partly", "yes")]
    assert changes(now, now) == ()
    assert changes(status(loads(HEAD + _question("one", "a")), [], on=MAY), now) == ()


# what is wrong with answers


def test_an_answer_to_a_question_that_is_not_there_is_an_error_with_the_nearest() -> None:
    """Every answer at fault is told at once, each with its id, the fact and the mend."""
    given_ = [
        answer("a1", "house.lamp"),
        answer("a2", "house.pay"),
        answer("a3", "house.pay", part="leaves"),
        answer("a4", "house.lamps", part="leave"),
        ReadinessAnswer(id="a5", status="yes"),
        answer("a6", "house.pay", part=NONE),
    ]
    assert [str(each) for each in problems(given_)] == [
        "readiness_answer 'a1', question: invented has no question 'house.lamp' (did you mean 'house.lamps'?)",
        "readiness_answer 'a2', part: house.pay is answered part by part (name one of wages, leave)",
        "readiness_answer 'a3', part: house.pay has no part 'leaves' (did you mean 'leave'?)",
        "readiness_answer 'a4', part: house.lamps has no part 'leave' (leave it out)",
        "readiness_answer 'a5', question: is not recorded (name the question that is answered)",
        "readiness_answer 'a6', part: house.pay is answered part by part (name one of wages, leave)",
    ]


def test_a_roster_has_a_table_of_answers() -> None:
    """Given and empty, nothing is answered; not given, that is said."""
    empty = from_records([], empty=["readiness_answer"])
    assert status(BOOK, empty, on=JUNE) == status(BOOK, [], on=JUNE)
    assert status(BOOK, from_records([answer("a")]), on=JUNE) == status(BOOK, [answer("a")], on=JUNE)
    (problem,) = problems(from_records([]))
    assert str(problem) == "the table readiness_answer: was not given (give it, if it is empty too)"


def test_a_table_that_begins_on_a_day_says_so() -> None:
    """What is unanswered may have been answered before, so the page names the day; otherwise there is no such line."""
    begins = from_records([answer("a")], since={"readiness_answer": MAY})
    found = status(BOOK, begins, on=JUNE)
    assert found.since == MAY
    assert "Answers from before 2026-05-01 were not given." in found.as_markdown().splitlines()
    for given_ in ([answer("a")], from_records([answer("a")])):
        assert status(BOOK, given_, on=JUNE).since is None
        assert "not given" not in status(BOOK, given_, on=JUNE).as_markdown()


def test_the_example_of_answers() -> None:
    """The folder of made-up answers reads, and shows every state and everything that there can be to do."""
    folder = Path(__file__).parents[1] / "examples" / "readiness"
    answers = peersupport.read(folder)
    found = status(load("hospital-toolkit"), answers, on=JUNE)
    assert {each.state for each in found.items} == set(STATES)
    assert {each.what for each in found.next} == {"review", "clear_up", "answer", "work_on"}
    assert changes(status(load("hospital-toolkit"), answers, on=dt.date(2026, 3, 31)), found) != ()
    assert found.steps[0].stale != ()
    assert len(found.as_markdown().splitlines()) < 70


def test_a_rulebook_without_questions_is_refused() -> None:
    """There is nothing to answer, and a form of nothing."""
    with pytest.raises(InputError, match="rulebook minnesota-peer2peer: has no questions"):
        status(load("minnesota-peer2peer"), [], on=JUNE)
    with pytest.raises(InputError, match="has no questions"):
        form(load("minnesota-peer2peer"))


def test_answers_come_from_files_like_every_record(tmp_path: Path) -> None:
    """A cell that is left empty is not recorded, `none` is known to be absent, and a strange status is refused."""
    header = "id,question,part,status,answered_on,owner,evidence,review_by\n"
    row = "a,house.pay,leave,yes,2026-05-01,none,plan;list of leave,2026-06-30\n"
    (tmp_path / "readiness_answer.csv").write_text(header + row, encoding="utf-8")
    found = item(status(BOOK, peersupport.read(tmp_path), on=JUNE), "house.pay [leave]")
    assert (found.owner, found.evidence, found.review_by) == (NONE, frozenset({"plan", "list of leave"}), JUNE)
    (tmp_path / "readiness_answer.csv").write_text(header + row.replace("yes", "perhaps"), encoding="utf-8")
    with pytest.raises(InputError, match="column status: is not one of its choices"):
        peersupport.read(tmp_path)


# pages, rows and forms


def test_the_page_of_a_status() -> None:
    """One page: the label, counts by step, what to do next, and each item under how it stands."""
    given_ = [
        answer("a", owner=NONE, review_by=MAY),
        answer("b", "house.pay", "no", part="leave", owner="clerk"),
        answer("c", "house.roof", "not_applicable", answered_on=JUNE),
    ]
    assert status(BOOK, given_, on=JUNE).as_markdown() == (
        f"""\
# An invented | program

As of 2026-06-30, by `invented@undated`. {LABEL}

| step | yes | partly | no | not applicable | declined | unanswered | undated | unclear |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| 1. First | 0 | 0 | 1 | 1 | 0 | 1 | 0 | 0 |
| 2. Then | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |

## What to do next

1. Look at house.lamps again: that was due by 2026-05-01. It is nobody's yet.
2. Answer house.pay [wages]: Is it written down what is paid? No owner is recorded.
3. Carry on with house.pay [leave], answered no on 2026-05-01. Owner: clerk.

## 1. First

- No: house.pay [leave]
- Not applicable: house.roof
- Unanswered: house.pay [wages]
- Owner not recorded: house.pay [wages]

## 2. Then

- Yes: house.lamps
- To be looked at again: house.lamps
- No evidence named: house.lamps
- Nobody's: house.lamps
"""
    )


def test_a_page_shows_so_much_of_what_to_do_next_and_no_more() -> None:
    """The rest is counted; where nothing is open, that is said; a bar in a title does not break the table."""
    page = status(BOOK, [], on=JUNE).as_markdown(shown=1)
    assert "1. Answer house.roof" in page
    assert "2. Answer" not in page
    assert "3 more in the lists below." in page
    book = loads(HEAD + '[steps]\na = "This | that"\n' + _question("one", "a"))
    full = status(book, [answer("a", "one", owner="lead", evidence=frozenset({"plan"}))], on=JUNE).as_markdown()
    assert "Nothing is open." in full
    assert "| 1. This / that | 1 | 0 |" in full
    assert full.endswith("- Yes: one\n")


def test_the_rows_of_a_status() -> None:
    """One row for each item, of plain values; what is not recorded is None and what is absent says so."""
    given_ = [answer("a", "house.pay", part="leave", owner=NONE, evidence=frozenset({"b", "a"}), review_by=JUNE)]
    rows = list(status(BOOK, given_, on=JUNE).rows())
    assert len(rows) == 4
    assert rows[2] == {
        "step": "plan",
        "question": "house.pay",
        "part": "leave",
        "asks": "Is it written down what is paid?",
        "condition": True,
        "state": "yes",
        "answered_on": MAY,
        "owner": "none",
        "evidence": "a; b",
        "review_by": JUNE,
        "stale": False,
        "why": None,
    }
    assert {rows[0][key] for key in ("part", "answered_on", "owner", "evidence", "review_by", "why")} == {None}


def test_a_form_is_plain_data_with_ids() -> None:
    """JSON holds it and gives it back; each item has its question and part, and the facts of an answer follow."""
    made = form(BOOK)
    assert json.loads(json.dumps(made)) == made
    assert (made["rulebook"], made["title"], made["label"]) == ("invented", "An invented | program", LABEL)
    steps: Any = made["steps"]
    assert [(step["step"], step["title"]) for step in steps] == [("plan", "First"), ("run", "Then")]
    assert steps[0]["items"][1] == {
        "question": "house.pay",
        "part": "wages",
        "asks": "Is it written down what is paid?",
        "condition": True,
        "asked_of": None,
        "after": ["house.roof"],
        "review_every": None,
        "source": ["F: 1", "F: 2"],
        "rows": ["F-1"],
    }
    assert (steps[0]["items"][0]["asked_of"], steps[0]["items"][0]["review_every"]) == ("builders", "1 month")
    fields: Any = {field["name"]: field for field in made["fields"]}  # type: ignore[attr-defined]
    assert list(fields) == ["question", "part", "status", "answered_on", "owner", "evidence", "review_by"]
    assert fields["status"]["choices"] == list(ANSWERED)
    assert [name for name, field in fields.items() if field["may_be_none"]] == ["part", "owner", "review_by"]


@pytest.mark.parametrize("name", ["hospital-toolkit", "conditions-for-peer-services"])
def test_every_item_of_a_form_can_be_answered(name: str) -> None:
    """What a form lists is what a status asks: answered yes throughout, nothing is left to answer."""
    steps: Any = form(load(name))["steps"]
    blanks = [each for step in steps for each in step["items"]]
    given_ = [answer(f"a{i}", each["question"], part=each["part"]) for i, each in enumerate(blanks)]
    found = status(load(name), given_, on=JUNE)
    assert [each.state for each in found.items] == ["yes"] * len(blanks)
    assert found.next == ()


# stories


def story_53() -> tuple[Rulebook, list[ReadinessAnswer]]:
    """Four steps with 57 items: 30 answered yes, 10 partly, 5 no, 12 not at all."""
    steps = ("plan", "act", "assess", "adapt_sustain")
    text = HEAD + "[steps]\n" + "".join(f'{step} = "The step {step}"\n' for step in steps)
    book = loads(text + "".join(_question(f"q{i}", steps[i % 4]) for i in range(57)))
    told = ["yes"] * 30 + ["partly"] * 10 + ["no"] * 5
    return book, [answer(f"a{i}", f"q{i}", each) for i, each in enumerate(told)]


def test_story_53_counts_and_open_questions_without_a_score() -> None:
    """57 items: 30 yes, 10 partly, 5 no and 12 unanswered, by step; what is open by name; no score, no pass or fail."""
    book, given_ = story_53()
    found = status(book, given_, on=JUNE)
    counts: list[dict[State, int]] = [step.counts() for step in found.steps]
    total = {state: sum(count[state] for count in counts) for state in STATES}
    assert {state: count for state, count in total.items() if count} == {
        "yes": 30,
        "partly": 10,
        "no": 5,
        "unanswered": 12,
    }
    assert [sum(count.values()) for count in counts] == [15, 14, 14, 14]
    assert {each.name for step in found.steps for each in step.of("unanswered")} == {f"q{i}" for i in range(45, 57)}
    assert [each.what for each in found.next] == ["answer"] * 12 + ["work_on"] * 15
    assert_no_score(found, given_)


def test_a_toolkit_with_the_same_answers_has_no_score_either() -> None:
    """The toolkit of the package, with 30 items answered yes, 10 partly and 5 no."""
    book = load("hospital-toolkit")
    items = status(book, [], on=JUNE).items
    told = ["yes"] * 30 + ["partly"] * 10 + ["no"] * 5
    given_ = [
        answer(f"a{i}", each.question.id, state, part=each.part or None)
        for i, (each, state) in enumerate(zip(items, told, strict=False))
    ]
    found = status(book, given_, on=JUNE)
    assert sum(step.counts()["unanswered"] for step in found.steps) == len(items) - 45
    assert_no_score(found, given_)


@given(st.lists(st.sampled_from([*ANSWERED, None]), min_size=4, max_size=4))
def test_whatever_is_answered_there_is_no_score(told: list[str | None]) -> None:
    """No answers at all, all yes or any between: the page has counts, and nothing that adds them up."""
    items = status(BOOK, [], on=JUNE).items
    given_ = [
        answer(f"a{i}", each.question.id, state, part=each.part or None)
        for i, (each, state) in enumerate(zip(items, told, strict=True))
        if state
    ]
    assert_no_score(status(BOOK, given_, on=JUNE), given_)


def assert_no_score(found: Status, given_: Sequence[ReadinessAnswer]) -> None:
    """Each number of the output is a whole count of items of one step, a day, or the number of a line."""
    page = found.as_markdown(shown=1000).replace(LABEL, "")
    for question in {each.question.id for each in found.items}:
        page = page.replace(question, "")
    page = re.sub(r"\d{4}-\d\d-\d\d", "", page.replace(f"`{found.rulebook}`", ""))
    assert not re.search(r"%|percent|score|pass|fail|grade|\d[.,/]\d|\d of \d|out of", page)
    counted = {str(count) for step in found.steps for count in step.counts().values()}
    numbered = {str(number) for number in range(1, max(len(found.next), len(found.steps)) + 1)}
    assert set(re.findall(r"\d+", page)) <= counted | numbered
    assert not any(isinstance(value, float) or type(value) is int for row in found.rows() for value in row.values())
    for cls in (Status, Step, Item):
        assert not {name for name in dir(cls) if re.search("score|percent|ratio|pass|fail|total|grade", name)}
    assert len(found.items) >= len(given_)


# what an answer cannot hold


def test_an_answer_has_no_room_for_anybody_s_health() -> None:
    """Question, part, status, day, owner, evidence and the day for another look: no note, and no fact of a person."""
    facts = peersupport.CORE["readiness_answer"].facts
    assert list(facts) == ["question", "part", "status", "answered_on", "owner", "evidence", "review_by"]
    assert not any(each.type.base in {"text", "ref", "refs"} for each in facts.values())


@pytest.mark.parametrize("days", [(dt.date(2026, 3, 1), dt.date(2026, 4, 1)), (dt.date(2026, 3, 1), NONE)])
def test_of_several_days_to_look_again_the_earliest_counts(days: tuple[dt.date, object]) -> None:
    """Two answers of one day that name different days to look again are due by the earlier one, and never forgotten."""
    book = peersupport.load("hospital-toolkit")
    make: Any = ReadinessAnswer
    told = [
        make(id=str(n), question="need.assessed", status="yes", answered_on=dt.date(2026, 1, 1), review_by=day)
        for n, day in enumerate(days)
    ]
    found = status(book, told, on=dt.date(2026, 6, 30))
    (item,) = (item for item in found.items if item.name == "need.assessed")
    assert (item.review_by, item.stale) == (dt.date(2026, 3, 1), True)
    silent = [attrs.evolve(told[0], review_by=None), attrs.evolve(told[1], review_by=NONE)]
    (item,) = (
        item
        for item in status(book, silent, on=dt.date(2026, 6, 30), review_every="1 month").items
        if item.name == "need.assessed"
    )
    assert (item.review_by, item.stale) == (dt.date(2026, 2, 1), True)
