"""The conformance kit: rulebooks that are broken on purpose are caught, each by the check that is there for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import attrs
import pytest

import peersupport
from peersupport import InputError, Rulebook, Verdict
from peersupport.readers import english
from peersupport.rules import loading, syntax
from peersupport.rules.names import Fault as SyntaxFault
from peersupport.rules.syntax import Scope, SyntaxFaults
from peersupport.rules.terms import Term
from peersupport.testing import checks
from peersupport.testing.checks import CHECKS, SLOW_CHECKS, Check, Fault, check_rulebook, parametrize_with_checks
from peersupport.testing.trials import Stand

HEAD = """
rulebook = "kiosk"
title    = "A kiosk (invented)"
version  = "1"
[sources.K]
title = "Made up"
[kinds.kiosk]
dated_by  = "opened_on"
opened_on = { type = "date", says = "the day it opens", event = "it opens" }
opens_at  = { type = "instant", says = "the time it opens", event = "it opens" }
closed_on = { type = "date or none", says = "the day it closes", event = "it closes" }
size      = { type = "int stools", min = 0 }
warm      = "bool"
dry       = "bool"
"""
CLOSED = """
[[deadline]]
id = "kiosk.closed"
about = "kiosk"
says = "It closes within {within} of opening."
source = "K: 1"
after = "opened_on"
within = "30 days"
done = "closed_on"
examples = [
  { given = { opened_on = 2026-01-01, closed_on = 2026-01-31 }, on = 2026-06-30, verdict = "met" },
  { given = { opened_on = 2026-01-01, closed_on = 2026-02-01 }, on = 2026-06-30, verdict = "not_met" },
  { given = { opened_on = 2026-01-01, closed_on = "none" }, on = 2026-01-31, verdict = "pending" },
]
"""
CLAUSES = """
[[criterion]]
id = "kiosk.cosy"
about = "kiosk"
says = "It is warm and dry."
source = "K: 2"
holds = { "warm" = "warm", "dry" = "dry" }
examples = [
  { given = { warm = true, dry = true }, on = 2026-06-30, verdict = "met" },
  { given = { warm = true, dry = false }, on = 2026-06-30, verdict = "not_met" },
  { given = { warm = false, dry = true }, on = 2026-06-30, verdict = "not_met" },
]
"""
SOUND = peersupport.loads(HEAD + CLOSED + CLAUSES)


def named(name: str) -> Check:
    """A check by its name."""
    (check,) = (check for check in (*CHECKS, *SLOW_CHECKS) if check.name == name)
    return check


def faults(book: Rulebook, name: str) -> list[str]:
    """What one check says of a rulebook."""
    return [str(fault) for checked in check_rulebook(book, checks=[named(name)]).checked for fault in checked.faults]


def test_a_sound_rulebook_passes_everything() -> None:
    """An invented rulebook with examples at every boundary passes all checks, the slow ones too."""
    report = check_rulebook(SOUND, checks=[*CHECKS, *SLOW_CHECKS])
    assert report.passed, str(report)
    assert str(report).count("passed  ") == len(CHECKS) + len(SLOW_CHECKS)


BROKEN = {
    "every rule is judged": (
        (
            '[[limit]]\nid = "kiosk.visits"\nabout = "kiosk"\nsays = "Few."\nsource = "K: 3"\n'
            'measure = "count(contact[kiosk])"\nwindow = "each 24 hours from opens_at"\nat_most = 2\n'
        ),
        "kiosk.visits: ",
    ),
    "examples come out as stated": (
        CLOSED.replace("2026-02-01 }", "2026-01-30 }"),
        "kiosk.closed: example 2 is stated not_met, and judged met",
    ),
    "examples show two answers": (
        CLAUSES.replace('"not_met"', '"met"').replace("false", "true"),
        "kiosk.cosy: its worked examples do not show two answers (met)",
    ),
    "every rule has two sides": (
        (
            '[[criterion]]\nid = "kiosk.any"\nabout = "kiosk"\nsays = "Any."\nsource = "K: 3"\n'
            'holds = "warm or not warm"\n'
        ),
        "kiosk.any: nothing that was tried can fail it (kiosk)",
    ),
    "every rule has two sides ": (
        (
            '[[criterion]]\nid = "kiosk.none"\nabout = "kiosk"\nsays = "None."\nsource = "K: 3"\n'
            'holds = "warm and not warm"\n'
        ),
        "kiosk.none: nothing that was tried can pass it (kiosk)",
    ),
    "every clause can decide": (
        CLAUSES.replace(
            '{ "warm" = "warm", "dry" = "dry" }', '{ "warm" = "warm", "always" = "known(dry) or not known(dry)" }'
        ),
        "kiosk.cosy: ",
    ),
    "examples notice numbers": (
        CLOSED.replace("2026-01-31 }", "2026-01-20 }")
        .replace("2026-02-01 }", "2026-03-01 }")
        .replace("01-31", "01-03"),
        "kiosk.closed: ",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rulebook_is_caught(name: str) -> None:
    """Each check catches the rulebook that is broken for it, and the sound one passes it."""
    rules, said = BROKEN[name]
    head = (
        HEAD.replace("[kinds.kiosk]", '[kinds.contact]\nkiosk = "-> kiosk"\n[kinds.kiosk]')
        if "contact" in rules
        else HEAD
    )
    check = name.strip()
    assert any(fault.startswith(said) for fault in faults(peersupport.loads(head + rules), check))
    assert faults(SOUND, check) == []


def test_english_without_a_number_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that leaves out a number of the rule is a fault."""
    told = english.rule_text
    monkeypatch.setattr(english, "rule_text", lambda *args: told(*args).replace("30", "some"))
    assert faults(SOUND, "English names every number") == ["kiosk.closed: its plain English does not say 30"]


def test_text_that_reads_as_something_else_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term whose text reads as another one, or cannot be read, is a fault."""
    parse = syntax.parse
    monkeypatch.setattr(syntax, "parse", lambda _, scope: parse("warm", scope))
    assert "kiosk.cosy: 'dry' reads as 'warm'" in faults(SOUND, "text and tree are one")

    def refuse(_: str, __: Scope) -> Term:
        raise SyntaxFaults([SyntaxFault("is nothing", 0)])

    monkeypatch.setattr(syntax, "parse", refuse)
    assert "kiosk.cosy: 'dry' reads as 'is nothing'" in faults(SOUND, "text and tree are one")


def test_an_overlay_that_is_not_its_base_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """An overlay that loses a rule, says something else, or does not load is a fault each."""
    wrong = peersupport.loads(HEAD + CLOSED.replace("2026-02-01 }", "2026-01-30 }"))
    monkeypatch.setattr(loading, "load", lambda *_, **__: wrong)
    assert faults(SOUND, "an overlay of nothing") == [
        "an overlay that changes nothing has other rules",
        "kiosk.closed: under an overlay that changes nothing, example 2 is met",
    ]

    def refuse(*_: object, **__: object) -> Rulebook:
        raise InputError([])

    monkeypatch.setattr(loading, "load", refuse)
    (fault,) = faults(SOUND, "an overlay of nothing")
    assert fault.startswith("an overlay that changes nothing does not load: ")


def test_a_broken_law_is_told_once_for_each_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge who says met of a record with nothing recorded is caught by the law against it, for each rule."""
    alone = Stand.alone
    monkeypatch.setattr(Stand, "alone", lambda *args: attrs.evolve(alone(*args), verdict=Verdict.MET))
    found = faults(SOUND, "nothing recorded decides nothing")
    assert [fault.partition(":")[0] for fault in found] == ["kiosk.closed", "kiosk.cosy"]


# excuses and reports


def _complaint(_: Rulebook) -> Iterator[Fault]:
    yield from (Fault("kiosk.closed", "is dull"), Fault("kiosk.cosy", "is dull"), Fault("", "is short"))


DULL = Check("no rule is dull", "Made up.", _complaint)


def test_excuses_are_strict() -> None:
    """An excuse for a rule spares that rule, one for a check all of them; one that spares nothing is a fault."""
    for_one = check_rulebook(SOUND, checks=[DULL], excused={"no rule is dull: kiosk.cosy": "so it is"})
    assert [fault.rule for fault in for_one.checked[0].faults] == ["kiosk.closed", ""]
    for_all = check_rulebook(SOUND, checks=[DULL], excused={"no rule is dull": "so they are"})
    assert for_all.passed
    assert "excused, so they are: is short" in str(for_all)
    idle = check_rulebook(
        SOUND, checks=[DULL], excused={"no rule is dull": "yes", "no rule is dull: kiosk.other": "no"}
    )
    assert not idle.passed
    assert str(idle).endswith("FAILED  the excuse 'no rule is dull: kiosk.other' is no longer needed")


def test_an_excuse_for_no_check_is_refused() -> None:
    """A misspelt name of a check is refused with the near one."""
    with pytest.raises(InputError, match="did you mean 'no rule is dull'"):
        check_rulebook(SOUND, checks=[DULL], excused={"no rule is dul": "oh"})


def test_checks_are_parametrised_for_pytest() -> None:
    """There is a case for each check of each rulebook, named after both, which raises what is wrong."""
    mark = parametrize_with_checks([SOUND], checks=[DULL, named("examples come out as stated")]).mark
    name, (dull, sound) = mark.args
    assert (name, dull.id) == ("check", "kiosk-no_rule_is_dull")
    sound.values[0]()
    with pytest.raises(AssertionError, match=r"kiosk\.closed: is dull"):
        dull.values[0]()
    excused = {"kiosk": {"no rule is dull": "so they are", "examples come out as stated": "not needed here"}}
    (spared, strict) = parametrize_with_checks([SOUND], checks=mark_checks(), excused=excused).mark.args[1]
    spared.values[0]()
    with pytest.raises(AssertionError, match="is no longer needed"):
        strict.values[0]()


def mark_checks() -> list[Check]:
    """Two checks."""
    return [DULL, named("examples come out as stated")]


@parametrize_with_checks([SOUND, *map(peersupport.load, ("hospital-toolkit", "peer-group-workbook"))])
def test_the_rulebook(check: Callable[[], None]) -> None:
    """What the kit is for: one test for each check of each rulebook."""
    check()


THOROUGH = bool(os.environ.get("PEERSUPPORT_THOROUGH"))
BOOKS = peersupport.available() if THOROUGH else ("core-self-management", "pennsylvania")
SAME_DAY = "the day of the end is day 0 of the days that are counted from it, so either way the referral is in time"
ALREADY = "a license for everything has met the condition before"
EXCUSED = {
    "core-self-management": {
        "cases notice changes: care_episode.acute": "a crisis team's care counts already, psychiatric or not",
        "cases notice changes: enrollment.outcome_known": "the two days are one, but under a reading of the examples",
    },
    "minnesota-peer2peer": {
        "cases notice changes: referral.window": SAME_DAY,
        "examples notice numbers: referral.window": SAME_DAY,
    },
    "nebraska-dbh": {
        "cases notice changes: plan.signed_by_qualified": "a license of another type was left out before",
        "cases notice changes: condition.substance_use": "only two readings at once can tell, and a case has one",
        "cases notice changes: consultation.with_licensed": ALREADY,
    },
}
"""What the generated cases, and the examples, cannot notice, and why: the page on testing says the same."""


@parametrize_with_checks([*map(peersupport.load, BOOKS)], checks=SLOW_CHECKS, excused=EXCUSED)
def test_every_change_of_a_rulebook_of_the_package_is_noticed(check: Callable[[], None]) -> None:
    """Or there is a reason; of all rulebooks in a thorough run, of two in a usual one."""
    check()


# changes that nothing notices


def test_what_nothing_notices_is_counted() -> None:
    """Every small wrong change of the sound rulebook is noticed; without examples at the edge some numbers are not."""
    found = checks.changes(SOUND)
    assert found.made >= 10
    assert (found.numbers, found.cases) == ((), ())
    few = checks.changes(peersupport.loads(HEAD + BROKEN["examples notice numbers"][0]))
    assert few.numbers
    assert few.cases == ()
    assert "changed numbers and moved boundaries that no worked example notices: " in str(few)
