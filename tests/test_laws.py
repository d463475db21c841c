"""Every rule of every rulebook under every law of its form; the name of a test says the rule and the law.

`pytest -k plan.developed` shows all that holds of that rule.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
from pathlib import Path
from typing import Final

import attrs
import pytest

import peersupport
from peersupport import Finding, Rule, Rulebook, Verdict, testing
from peersupport.testing import laws
from peersupport.testing.laws import LAWS, Law
from peersupport.testing.trials import Stand, Trial

MOST: Final = int(os.environ.get("PEERSUPPORT_TRIALS", "5"))
"""How many trials of each rule a law is held against."""
LANTERN: Final = peersupport.load(Path(__file__).parent / "rulebooks" / "lantern.toml")
BOOKS: Final = (LANTERN, *map(peersupport.load, peersupport.available()))


def rules_of(book: Rulebook) -> list[Rule]:
    """The rules of a rulebook that are judged."""
    refused = testing.unjudged(book)
    return [rule for rule in book.judged if rule.id not in refused]


CASES: Final = [
    pytest.param(book, rule, law, id=f"{book.name}-{rule.id}-{law.name.replace(' ', '_')}")
    for book in BOOKS
    for rule in rules_of(book)
    for law in laws.laws_of(book, rule)
]


@pytest.mark.parametrize(("book", "rule", "law"), CASES)
def test_a_rule_is_under_the_law(book: Rulebook, rule: Rule, law: Law) -> None:
    """What a law says holds of the rule in each of its trials."""
    assert laws.held(book, rule, law, MOST).faults == ()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_each_law_is_tried(law: Law) -> None:
    """No law is without a rule that it is tried on, and none only because nothing comes of its trials."""
    under = [(case.values[0], case.values[1]) for case in CASES if case.values[2] is law]
    tried = (laws.held(book, rule, law, MOST).tried for book, rule in under)  # type: ignore[arg-type]
    assert any(total >= 5 for total in itertools.accumulate(tried))


def _lying(stand: Stand, trial: Trial, *_readings: str, explain: bool = False) -> list[Finding]:
    """Findings whose verdict hangs on everything that it must not hang on."""
    told = FINDINGS(stand, trial, explain=explain)
    number = hashlib.blake2b(f"{trial} {_readings}".encode(), digest_size=2).digest()
    verdicts = (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING)
    return [
        attrs.evolve(each, verdict=verdicts[number[0] % 4], missing=(), due=_moved(each, number[1])) for each in told
    ]


def _moved(finding: Finding, by: int) -> dt.date | None:
    return finding.due and finding.due + by % 5 * laws.ONE_DAY


FINDINGS = Stand.findings
HONEST: Final = {"nothing recorded decides nothing", "late from the next day"}
"""The laws that a judge of chance does not break: they look at less than it makes up."""


@pytest.mark.parametrize("law", [law for law in LAWS if law.name not in HONEST], ids=lambda law: law.name)
def test_a_judge_who_makes_it_up_is_caught(monkeypatch: pytest.MonkeyPatch, law: Law) -> None:
    """Verdicts of chance break every law."""
    monkeypatch.setattr(Stand, "findings", _lying)
    under = [(case.values[0], case.values[1]) for case in CASES if case.values[2] is law]
    assert any(laws.held(book, rule, law, MOST).faults for book, rule in under)  # type: ignore[arg-type]


def test_a_judge_who_says_no_of_nobody_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verdict about a record with nothing recorded is a fault."""
    alone = Stand.alone
    monkeypatch.setattr(Stand, "alone", lambda *args: attrs.evolve(alone(*args), verdict=Verdict.NOT_MET))
    (law,) = (law for law in LAWS if law.name == "nothing recorded decides nothing")
    book = peersupport.load("nebraska-dbh")
    (fault, *_) = laws.held(book, book["plan.developed"], law, MOST).faults
    assert fault.startswith("of a record with nothing recorded it says not met on ")


def test_a_judge_who_waits_a_day_longer_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still pending on the day after the due day is a fault."""

    def patient(stand: Stand, trial: Trial, *readings: str, explain: bool = False) -> list[Finding]:
        earlier = attrs.evolve(trial, on=trial.on - laws.ONE_DAY)
        return [*map(attrs.evolve, FINDINGS(stand, trial if trial.on.day % 2 else earlier, *readings, explain=explain))]

    monkeypatch.setattr(Stand, "findings", patient)
    (law,) = (law for law in LAWS if law.name == "late from the next day")
    faults = [
        laws.held(LANTERN, rule, law, 24).faults for rule in rules_of(LANTERN) if law in laws.laws_of(LANTERN, rule)
    ]
    assert any("the day after it was due" in fault for each in faults for fault in each)
