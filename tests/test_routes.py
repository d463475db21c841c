"""Criteria with several routes: by which one they are met, and how far each is."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

import peersupport
from peersupport import InputError, Verdict, explain
from peersupport.readers.english import message, rule_text

TEXT: Final = """
rulebook = "routes"
title = "A made-up program with two routes"
[sources.F]
title = "fiction"
[kinds.guide]
taught = { type = "int hours", min = 0, says = "the hours of training" }
exam = { type = "bool", says = "the exam is passed" }
served = { type = "int years", min = 0, says = "the years of practice" }
[[criterion]]
id = "guide.prepared"
about = "guide"
says = "A guide is prepared by training or by practice."
need = 1
source = "F: 1"
[criterion.holds."by training"]
"forty hours" = "taught >= 40"
"the exam" = "exam"
[criterion.holds."by practice"]
"three years" = "served >= 3"
"""
BOOK: Final = peersupport.loads(TEXT)


ON: Final = dt.date(2026, 5, 1)


def judged(**facts: Any) -> peersupport.Finding:  # noqa: ANN401  of each type
    """The finding of a guide."""
    return peersupport.judge(BOOK, "guide.prepared", BOOK.vocabulary["guide"].record(id="g", **facts), on=ON)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"taught": 40, "exam": True, "served": 0}, Verdict.MET),
        ({"taught": 39, "exam": True, "served": 2}, Verdict.NOT_MET),
        ({"taught": 0, "exam": False, "served": 3}, Verdict.MET),
        ({"served": 3}, Verdict.MET),
        ({"taught": 40, "exam": True}, Verdict.MET),
        ({"taught": 40, "served": 2}, Verdict.UNKNOWN),
        ({"taught": 39, "exam": None, "served": 2}, Verdict.NOT_MET),
        ({}, Verdict.UNKNOWN),
    ],
)
def test_one_route_is_enough(facts: dict[str, object], verdict: Verdict) -> None:
    """All parts of one route hold, or it is not met; a route that decides beats what is not known of the other."""
    assert judged(**facts).verdict is verdict


def test_a_finding_says_how_far_each_route_is() -> None:
    """Of a guide who is not prepared: how many parts of each route hold, and of how many that is not known."""
    finding = judged(taught=39, served=2)
    assert [(route.name, route.verdict) for route in finding.clauses] == [
        ("by training", Verdict.NOT_MET),
        ("by practice", Verdict.NOT_MET),
    ]
    assert [part.verdict for part in finding.clauses[0].parts] == [Verdict.NOT_MET, Verdict.UNKNOWN]
    assert message(finding) == ("0 of 2 hold; not: by training (0 of 2 hold, 1 not known); by practice (0 of 1 hold).")


def test_a_finding_says_by_which_route() -> None:
    """Explained, each route stands with its parts, and which of them hold."""
    text = explain(judged(taught=40, exam=True, served=2))
    assert "  [+] by training: 2 of 2 hold\n      [+] forty hours: " in text
    assert "  [-] by practice: 0 of 1 hold\n      [-] three years: " in text


def test_a_route_stands_on_the_page_with_its_parts() -> None:
    """The page in plain words names each route, and what belongs to it."""
    assert "It holds when at least 1 of 2 hold: by training: forty hours (" in rule_text(BOOK, BOOK["guide.prepared"])


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"the exam" = "exam"', '"the exam" = "exams"', "holds.'by training'.'the exam': "),
        ('"the exam" = "exam"', '" " = "exam"', "holds.'by training': has a part without a name, or none at all"),
        ('"three years" = "served >= 3"', "", "holds.'by practice': has a part without a name, or none at all"),
        ('"the exam" = "exam"', '"the exam" = 3', "holds.'by training'.'the exam': is not a text"),
        ("need = 1", "need = 3", "need: must be 'all' or a whole number from 1 to 2"),
    ],
)
def test_a_fault_of_a_route_is_told_with_its_place(old: str, new: str, fault: str) -> None:
    """A part that is no condition, that has no name, or a route without parts."""
    with pytest.raises(InputError) as caught:
        peersupport.loads(TEXT.replace(old, new))
    assert fault in str(caught.value)
