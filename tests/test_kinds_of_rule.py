"""Every kind of rule that the regulations of states were found to need, K1 to K34: said by a rule, or told as not said.

The small rules of an invented place, with their cases on both sides of each edge, are `rulebooks/kinds.toml`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import pytest

import peersupport
from peersupport import Finding, Force, InputError, Reason, Verdict, testing
from peersupport.readers import cases
from peersupport.readers.judge import Judge
from peersupport.rules import examples, loading

FILE: Final = Path(__file__).parent / "rulebooks" / "kinds.toml"
BOOK: Final = peersupport.load(FILE)
ALL: Final = tuple(f"K{number}" for number in range(1, 35))
MET, NOT_MET = Verdict.MET, Verdict.NOT_MET

KINDS: Final = {
    "K1": "a deadline from an anchor, in days, working days and months, with an earliest day",
    "K2": "a deadline by an occurrence",
    "K3": "an order of two events, strict or not",
    "K4": "how long a document is valid, and how often it is renewed",
    "K5": "a review again and again, or as needed",
    "K6": "a set of signers",
    "K7": "what a cycle is counted from",
    "K8": "a cap over a window",
    "K9": "a cap that may be passed with a reason",
    "K10": "a ratio, or a number however many lead",
    "K11": "steps",
    "K12": "a least number of people",
    "K13": "a rate per work done",
    "K14": "how often, by the state of the subject",
    "K15": "hours in buckets",
    "K16": "a percentage",
    "K17": "alternatives",
    "K18": "an age from and to",
    "K19": "a length of recovery, or none",
    "K20": "a look back",
    "K21": "a relation between two people, barred or asked for",
    "K22": "tiers",
    "K23": "grandfathering by date",
    "K24": "an employer or a setting",
    "K25": "a duty with a trigger",
    "K26": "how people meet",
    "K27": "two things not at the same time",
    "K28": "what is not billed",
    "K29": "variants by program or funding",
    "K30": "an overlay with a direction",
    "K31": "versions by date",
    "K32": "must and should",
    "K33": "criteria for coming, staying and leaving",
    "K34": "a bound on a rule",
}

PACKAGED: Final = {
    "K1": ("pennsylvania", "plan.due"),
    "K2": ("minnesota-recovery-peers", "plan.by_third_session"),
    "K3": ("nebraska-dbh", "assessment.before_service"),
    "K5": ("minnesota-recovery-peers", "plan.updated_as_needed"),
    "K6": ("pennsylvania", "plan.first_signed"),
    "K10": ("nebraska-dbh", "caseload.maximum"),
    "K18": ("minnesota-mental-health-peers", "credential.by_2007"),
    "K20": ("minnesota-mental-health-peers", "credential.continuing_education"),
    "K21": ("minnesota-recovery-peers", "session.no_conflict"),
    "K22": ("minnesota-mental-health-peers", "credential.level_2"),
    "K24": ("minnesota-mental-health-peers", "setting.four_programs"),
    "K26": ("minnesota-recovery-peers", "session.face_to_face"),
    "K31": ("minnesota-mental-health-peers", "setting.between_the_texts"),
    "K32": ("nebraska-dbh", "plan.adapted"),
    "K33": ("nebraska-dbh", "stay.continued"),
}
"""Rules of rulebooks of the package that show a kind too."""

BY_OVERLAY: Final = ("K30",)
"""What is shown by a rulebook that stands on another one, and not by a rule."""


def shown(kind: str) -> list[str]:
    """The rules of the invented place that show a kind."""
    return [rule.id for rule in BOOK if kind in rule.covers]


def finding(rule: str, number: int) -> Finding:
    """The finding of a worked example of a rule, counted from 1."""
    example = BOOK[rule].examples[number - 1]
    case = examples.case(BOOK.vocabulary, BOOK[rule], example)
    readings = {example.reading} - {""}
    return peersupport.judge(BOOK, rule, case.record, on=example.on, tables=case.tables, readings=readings)


def test_the_list_is_whole() -> None:
    """Each kind has a name, and a rule of the invented place shows it, but those that an overlay shows."""
    assert tuple(KINDS) == ALL
    assert [kind for kind in ALL if not shown(kind)] == list(BY_OVERLAY)
    assert {row for rule in BOOK for row in rule.covers} <= set(ALL)


def test_every_case_comes_out_as_it_is_stated() -> None:
    """Nothing is refused, and nothing judged otherwise."""
    assert testing.unjudged(BOOK) == {}
    assert testing.failing_examples(BOOK) == ()


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind not in BY_OVERLAY])
def test_a_kind_has_cases_on_both_sides_of_its_edge(kind: str) -> None:
    """Somebody passes and somebody fails each rule, and a number that is off by one, or an edge moved, is noticed."""
    for name in shown(kind):
        rule = BOOK[name]
        verdicts = {example.verdict for example in rule.examples}
        assert verdicts & {"met", "pending"}, name
        assert "not_met" in verdicts, name
        assert [str(each) for each in cases.unnoticed(BOOK, rule)] == [], name


@pytest.mark.parametrize("kind", PACKAGED)
def test_a_rule_of_the_package_shows_it_too(kind: str) -> None:
    """The rule is there, can be judged, and its worked examples show somebody who passes and somebody who does not."""
    name, rule = PACKAGED[kind]
    book = peersupport.load(name)
    Judge(book, rules=[rule])
    verdicts = {example.verdict for example in book[rule].examples}
    assert verdicts >= {"met", "not_met"} or verdicts >= {"pending", "not_met"}


# the traps


def test_k5_as_needed_is_a_duty_without_a_number() -> None:
    """While the course lasts it is open and nobody is late; when it has ended without, it is not met."""
    assert (finding("course.reviewed_as_needed", 1).days_late, finding("course.reviewed_as_needed", 1).due) == (
        None,
        None,
    )
    assert finding("course.reviewed_as_needed", 3).verdict is NOT_MET


@pytest.mark.parametrize(("number", "missing"), [(3, ["one of two"]), (4, ["the applicant"])])
def test_k6_the_finding_says_whose_signature_is_missing(number: int, missing: list[str]) -> None:
    """The set of signers, and the one who must be among them, are told apart."""
    assert [each.name for each in finding("request.signed", number).clauses if each.verdict is NOT_MET] == missing


def test_k9_a_documented_reason_stands_beside_the_verdict() -> None:
    """Over the cap is over the cap; it breaks nothing where a reason is documented."""
    without, with_reason = finding("units.half_year", 2), finding("units.half_year", 3)
    assert (without.verdict, with_reason.verdict) == (NOT_MET, NOT_MET)
    assert (without.breaks, with_reason.breaks) == (True, False)


def test_k10_twelve_is_not_ten_for_each() -> None:
    """With two who lead, twenty are enough for the one rule and too many for the other."""
    both = finding("circle.per_leader", 1)
    case = examples.case(BOOK.vocabulary, BOOK["circle.per_leader"], BOOK["circle.per_leader"].examples[0])
    absolute = peersupport.judge(BOOK, "circle.absolute", case.record, on=dt.date(2026, 6, 30), tables=case.tables)
    assert (both.verdict, both.at_most, absolute.verdict, absolute.at_most) == (MET, 20, NOT_MET, 12)


def test_k17_the_finding_says_by_which_route() -> None:
    """Each route has its own answer beside the one of the rule."""
    found = finding("worker.routes", 4)
    assert {each.name: each.verdict for each in found.clauses} == {
        "by training": NOT_MET,
        "by practice": MET,
        "by degree": NOT_MET,
    }


def test_k19_no_minimum_is_not_unknown() -> None:
    """Where no length is asked for a day of recovery is enough; where no day is recorded it is unknown."""
    assert (finding("request.recovery", 4).verdict, finding("request.recovery", 6).verdict) == (MET, Verdict.UNKNOWN)


def test_k31_the_rule_of_the_day_is_asked() -> None:
    """Of two versions one is asked, and the other says that it was not in force."""
    for rule in ("worker.training_before_2024", "worker.training_from_2024"):
        assert finding(rule, 3).reason is Reason.NOT_IN_FORCE


def test_k32_a_should_never_breaks() -> None:
    """It is judged and told, and no audit fails by it."""
    found = finding("worker.guests", 2)
    assert (found.verdict, found.force, found.breaks) == (NOT_MET, Force.SHOULD, False)


OVERLAY: Final = """
rulebook = "kinds-of-rule-north"
title    = "The same, with a tighter number"
extends  = "kinds-of-rule"

[sources.N]
title = "Leaflet of the north (invented)"

[[limit]]
id       = "circle.absolute"
about    = "circle"
says     = "There are at most {at_most} people, however many lead."
measure  = "present"
at_most  = 8
replaces = "circle.absolute"
source   = "N: 1"
examples = [
  { given = { present = 8 }, on = 2026-06-30, verdict = "met" },
  { given = { present = 9 }, on = 2026-06-30, verdict = "not_met" },
]
"""


def test_k30_an_overlay_changes_one_rule_and_keeps_the_others() -> None:
    """The rule that is replaced has its own number; what is not named is the base's."""
    over = loading.load(OVERLAY, BOOK.vocabulary, find=lambda _: BOOK)
    assert testing.failing_examples(over) == ()
    assert [rule.id for rule in over] == [rule.id for rule in BOOK]
    assert [rule.id for rule in over if rule != BOOK[rule.id]] == ["circle.absolute"]


def test_k30_an_overlay_that_replaces_nothing_that_is_there_is_refused() -> None:
    """A number cannot be loosened by a rule that stands beside the base's and is never found."""
    with pytest.raises(InputError, match=r"circle\.absolut"):
        loading.load(
            OVERLAY.replace('replaces = "circle.absolute"', 'replaces = "circle.absolut"'),
            BOOK.vocabulary,
            find=lambda _: BOOK,
        )
