"""Two rulebooks compared: what is added, dropped, tighter or looser, and the smallest case that shows it."""

from __future__ import annotations

import datetime as dt
import functools
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import overlays
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from peersupport import Finding, InputError, Rulebook, Unsupported, Verdict, judge_each, load, loads
from peersupport.cli import cli
from peersupport.comparing import (
    MIRRORED,
    Change,
    Compared,
    Comparison,
    Flip,
    Side,
    Status,
    compare,
    fitting,
    sheets,
    telling,
    trying,
    vocabularies,
)
from peersupport.comparing.near import Nearby
from peersupport.rules import examples
from peersupport.rules.facts import Vocabulary
from peersupport.rules.forms import Rule

NEBRASKA = load("nebraska-dbh")
LINCOLN = loads(overlays.LINCOLN)
OMAHA = loads(overlays.OMAHA)
BOOKS = {"lincoln": LINCOLN, "omaha": OMAHA}


@functools.cache
def _to(name: str) -> Comparison:
    """Nebraska against an overlay."""
    return compare(NEBRASKA, BOOKS[name])


def _house(*rules: str, name: str = "house") -> Rulebook:
    return loads(overlays.house(name, *rules))


def _only(comparison: Comparison, rule: str) -> Compared:
    (found,) = (each for each in comparison.rules if each.id == rule)
    return found


def _compared(one: str, other: str) -> Compared:
    """The one rule that two houses of one rule have."""
    (found,) = compare(_house(one), _house(other)).rules
    return found


def _statuses(comparison: Comparison) -> dict[str, Status]:
    return {rule.id: rule.status for rule in comparison.rules if rule.status is not Status.SAME}


# judging a case by plain means


def _known(vocabulary: Vocabulary, kind: str, given_: Mapping[str, Any]) -> dict[str, Any]:
    """What a vocabulary knows of a case, written again for these tests."""
    found: dict[str, Any] = {}
    for name, value in given_.items():
        fact = vocabulary[kind].facts.get(name)
        if name == "id" or fact or name in vocabulary:
            inside = fact.type.kind if fact else name
            tables = isinstance(value, Mapping) or (isinstance(value, list) and value and isinstance(value[0], Mapping))
            one = [_known(vocabulary, inside, each) for each in _listed(value)] if tables else []
            found[name] = (one if isinstance(value, list) else one[0]) if tables else value
    return found


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _judged(book: Rulebook, side: Side | None, flip: Flip) -> list[Finding]:
    assert side is not None
    case = examples.build(book.vocabulary, flip.about, _known(book.vocabulary, flip.about, flip.given))
    readings = [flip.reading] if flip.reading else []
    return judge_each(book, side.id, case.record, on=flip.on, tables=case.tables, readings=readings)


def _breaks(found: Sequence[Finding]) -> bool:
    return any(finding.verdict is Verdict.NOT_MET and finding.exception is not True for finding in found)


def _flips(before: Rulebook, after: Rulebook, rule: Compared, flip: Flip) -> bool:
    """Whether a case flips as it says that it does, judged again by both rulebooks."""
    sides = [(book, side) for book, side in ((before, rule.before), (after, rule.after)) if side]
    found = [_judged(book, side, flip) for book, side in sides]
    verdicts = [verdict for verdict in flip.verdicts if verdict]
    said = all(v in {f.verdict.value for f in some} for v, some in zip(verdicts, found, strict=True))
    broken = [_breaks(some) for some in found]
    said = said and all(v == "not_met" for v, breaks in zip(verdicts, broken, strict=True) if breaks)
    if len(sides) == 1:
        return said and broken == [True]
    told = {"tighter": [False, True], "looser": [True, False]}.get(flip.way)
    return said and (broken == told if told else broken[0] == broken[1])


# two overlays, by hand


def test_an_overlay_is_told_rule_by_rule() -> None:
    """A shorter time and a smaller number are tighter; a rule that is gone is dropped, a new one added."""
    assert _statuses(_to("lincoln")) == {
        "service.at_fitting_times": Status.DROPPED,
        "plan.written": Status.TIGHTER,
        "caseload.maximum": Status.TIGHTER,
        "admission.city": Status.ADDED,
    }
    assert _to("lincoln").counts()[Status.SAME] == len(NEBRASKA) - 3
    assert not _to("lincoln").same


def test_another_window_is_different_and_a_narrower_when_looser() -> None:
    """A month counts those who came after others left, and not those of another month: both ways."""
    assert _statuses(_to("omaha")) == {
        "caseload.maximum": Status.DIFFERENT,
        "screening.danger_answered": Status.LOOSER,
        "plan.reviewed": Status.TIGHTER,
    }
    assert {flip.way for flip in _only(_to("omaha"), "caseload.maximum").flips} == {"tighter", "looser"}


def test_a_smaller_caseload_flips_at_one_more_than_it() -> None:
    """The smallest case against 20 has 21 people, which 25 lets be."""
    (flip,) = _only(_to("lincoln"), "caseload.maximum").flips
    records = flip.given["assignment"]
    assert isinstance(records, list)
    assert len(records) == 21
    assert flip.verdicts == ("met", "not_met")
    assert "there are 21 records of the kind assignment, of each of which its first day is" in flip.says


def test_a_shorter_time_flips_between_the_two_days() -> None:
    """The plan of the case is written later than 14 days after admission, and no later than 30."""
    (flip,) = _only(_to("lincoln"), "plan.written").flips
    assert flip.verdicts == ("met", "not_met")
    plans: Any = flip.given["plan"]
    admitted: Any = flip.given["admitted_on"]
    assert dt.timedelta(14) < plans[0]["developed_on"] - admitted <= dt.timedelta(30)
    assert flip.because[1].startswith(f"Done on {plans[0]['developed_on']}, ")


def test_a_dropped_and_an_added_rule_show_what_breaks_them() -> None:
    """The smallest case of the rule alone, made of its worked examples, with no verdict where there is no rule."""
    dropped, added = _only(_to("lincoln"), "service.at_fitting_times"), _only(_to("lincoln"), "admission.city")
    assert [flip.verdicts for flip in dropped.flips] == [("not_met", "")]
    assert [(flip.verdicts, flip.given) for flip in added.flips] == [(("", "not_met"), {"lives_in_city": False})]
    assert added.flips[0].says == "On 2026-05-01, where it is not so that the person lives in the city"
    assert (dropped.after, added.before) == (None, None)
    assert added.after == Side("admission.city", "criterion", "The person lives in the city.", "must", ("LI: 3",))
    assert (dropped.id, dropped.basis, added.basis) == ("service.at_fitting_times", "", "")


def test_what_the_structure_proves_is_said() -> None:
    """A `when` with one more condition is never tighter, whatever is recorded."""
    rule = _only(_to("omaha"), "screening.danger_answered")
    assert rule.never == {"tighter"}
    assert rule.basis.endswith("; by the text alone never tighter")
    assert rule.flips[0].verdicts == ("not_met", "not_applicable")


def test_the_numbers_and_citations_of_both_stand_beside_one_another() -> None:
    """Each side has its own sentence, with its numbers, and where it is from; each field has both texts."""
    rule = _only(_to("lincoln"), "plan.written")
    assert rule.before is not None
    assert rule.after is not None
    assert (rule.before.id, rule.before.source) == ("plan.developed", ("S3: Program expectations, 3",))
    assert (rule.after.says, rule.after.source) == ("The plan is written within 14 days after admission.", ("LI: 2",))
    assert Change("within", "30 days", "14 days") in rule.changes
    assert Change("covers", "S3-29", "") in rule.changes


def test_what_stands_beside_rules_is_told() -> None:
    """A fact and a source more, and three rows that nothing covers any more."""
    assert _to("lincoln").changes == (
        Change("fact admission.lives_in_city", "", "bool; the person lives in the city"),
        Change("source LI", "", "Leaflet of Lincoln (invented)"),
        Change("row S3-76", "covered by service.at_fitting_times", ""),
        Change("row S3-29", "covered by plan.developed", ""),
        Change("row S3-73", "covered by caseload.maximum", ""),
    )


@pytest.mark.parametrize("name", BOOKS)
def test_every_case_flips_when_it_is_judged_again(name: str) -> None:
    """Each case that is shown, judged by plain means, has the verdicts that stand beside it."""
    flips = [(rule, flip) for rule in _to(name).rules for flip in rule.flips]
    assert len(flips) >= 4
    assert all(_flips(NEBRASKA, BOOKS[name], rule, flip) for rule, flip in flips)


@pytest.mark.parametrize("name", BOOKS)
def test_nothing_can_be_taken_from_a_case(name: str) -> None:
    """Without any of its facts, or any of its records, a case does not flip that way."""
    for rule in _to(name).rules:
        for flip in rule.flips:
            less = [{key: flip.given[key] for key in flip.given if key != gone} for gone in flip.given]
            assert not any(_flips(NEBRASKA, BOOKS[name], rule, attrs.evolve(flip, given=each)) for each in less)


@pytest.mark.parametrize("name", BOOKS)
def test_what_is_tighter_one_way_is_looser_the_other(name: str) -> None:
    """The two rulebooks in one another's place: every status and every case mirrored."""
    there, back = _to(name), compare(BOOKS[name], NEBRASKA)
    _mirrored(there, back)


def _mirrored(there: Comparison, back: Comparison) -> None:
    names = {(rule.before and rule.before.id, rule.after and rule.after.id): rule for rule in back.rules}
    assert len(there.rules) == len(back.rules)
    for rule in there.rules:
        other = names[rule.after and rule.after.id, rule.before and rule.before.id]
        assert other.status is MIRRORED.get(rule.status, rule.status)
        assert (other.tried, other.untried) == (rule.tried, rule.untried)
        assert {_turned(flip) for flip in other.flips} == {(f.way, str(f.given), f.verdicts) for f in rule.flips}
    assert {(c.what, c.before, c.after) for c in there.changes} == {(c.what, c.after, c.before) for c in back.changes}


def _turned(flip: Flip) -> tuple[str, str, tuple[str, str]]:
    way = {"tighter": "looser", "looser": "tighter"}.get(flip.way, flip.way)
    return way, str(flip.given), (flip.verdicts[1], flip.verdicts[0])


def test_a_rulebook_is_the_same_as_itself() -> None:
    """No case is tried where the text is the same."""
    comparison = compare(NEBRASKA, NEBRASKA)
    assert comparison.same
    assert {rule.status for rule in comparison.rules} == {Status.SAME}
    assert all(rule.tried == 0 and rule.basis == "" for rule in comparison.rules)


# what is the same, and what cannot be told apart


def test_the_same_condition_said_in_another_order_is_the_same() -> None:
    """Equal normal forms need no case; what is written otherwise is told all the same."""
    one = overlays.meals(3, "wants_to and exists(left_on)")
    rule = _compared(one, overlays.meals(3, "exists(left_on) and wants_to"))
    assert (rule.status, rule.tried, rule.same) == (Status.SAME, 0, False)
    assert rule.changes == (Change("when", "wants_to and exists(left_on)", "exists(left_on) and wants_to"),)


def test_texts_that_differ_and_no_case_tells_apart_are_said_to_be_that() -> None:
    """With `when` twice over, no case can tell: that is said, and by how many cases."""
    one = overlays.meals(3, "wants_to")
    rule = _compared(one, overlays.meals(3, "not (not wants_to or days_between(on, on) > 0)"))
    assert rule.status is Status.NOT_TOLD_APART
    assert rule.basis.startswith(f"no case found that tells them apart, by {rule.tried} cases tried")
    assert rule.tried > 5


def test_one_case_is_one_case() -> None:
    """The number stands with its noun, and what is not tried is said."""
    one = Compared(status=Status.TIGHTER, before=None, after=None, tried=1, untried=2, note="a note")
    assert one.basis == "by 1 case tried; 2 more could not be judged by both; a note"
    assert one.id == ""


def test_another_sentence_or_force_flips_no_verdict() -> None:
    """A `should` for a `must` is told as what it is: the verdict is the same."""
    one = overlays.meals(3)
    rule = _compared(one, one.replace("holds", 'force = "should"\nholds').replace("enough", "many"))
    assert rule.status is Status.SAME
    assert {change.what for change in rule.changes} == {"force", "says"}


def test_when_a_rule_is_in_force_is_told_apart_from_what_it_asks() -> None:
    """A shorter time from next year on is tighter, and its day is told; with nothing else changed it asks the same."""
    one = overlays.CHART.format(days=30)
    dated = overlays.CHART.format(days=14).replace(
        "after ", "in_force = { from = 2027-01-01, until = 2028-01-01 }\nafter "
    )
    rule = _compared(one, dated)
    assert rule.status is Status.TIGHTER
    assert Change("in_force", "", "from 2027-01-01 until 2028-01-01") in rule.changes
    only = _compared(one, one.replace("after ", "in_force = { from = 2027-01-01 }\nafter "))
    assert (only.status, [change.what for change in only.changes]) == (Status.SAME, ["in_force"])


def test_a_reading_that_only_one_has_is_told_and_not_tried() -> None:
    """The other readings are compared, and so is none."""
    one = overlays.meals(3)
    rule = _compared(one, one + 'readings."two will do" = { holds = "meals >= 2" }\n')
    assert rule.status is Status.SAME
    assert rule.changes == (Change("reading “two will do”", "", '{ holds = "meals >= 2" }'),)


def test_a_reading_that_says_something_else_flips_under_it() -> None:
    """The rule is the same without a reading; the case that flips names the one that it flips under."""
    one = overlays.meals(3) + 'readings."fewer will do" = { holds = "meals >= 2" }\n'
    rule = _compared(one, one.replace(">= 2", ">= 1"))
    assert rule.status is Status.LOOSER
    assert {flip.reading for flip in rule.flips} == {"fewer will do"}
    assert "read as “fewer will do”" in rule.flips[0].says


def test_a_rule_of_which_a_reading_has_to_be_chosen_is_compared_under_each() -> None:
    """Without a reading it says nothing; with other readings to choose from it is not the same."""
    more = 'choose = true\nreadings."all" = { holds = "meals >= 3" }\nreadings."some" = { holds = "meals >= 2" }\n'
    one = overlays.meals(3) + more
    assert _compared(one, one.replace("meals >= 2", "meals >= 1")).status is Status.LOOSER
    assert _compared(one, one + 'readings."few" = { holds = "meals >= 1" }\n').status is not Status.SAME
    default = _compared(one.replace("choose = true\n", ""), one)
    assert (default.status, [flip.way for flip in default.flips]) == (Status.DIFFERENT, ["undecided"])


def test_an_exception_that_is_new_is_looser() -> None:
    """Not met with an exception recorded breaks nothing; the case says of which it is recorded."""
    one = overlays.meals(3)
    rule = _compared(one, one.replace("holds", 'unless = "wants_to"\nholds'))
    assert rule.status is Status.LOOSER
    assert [(flip.verdicts, flip.exceptions) for flip in rule.flips] == [(("not_met", "not_met"), (False, True))]
    assert "an exception is recorded" in sheets.as_text(
        compare(_house(one), _house(one.replace("holds", 'unless = "wants_to"\nholds')))
    )


def test_an_exception_of_what_is_met_breaks_nothing() -> None:
    """Where only the exception of a rule that is met differs, there is a case for that, and neither asks more."""
    one = overlays.meals(0).replace("holds", 'unless = "wants_to"\nholds')
    other = one.replace('"wants_to"', '"wants_to and meals > 1"')
    rule = _compared(one, other)
    assert (rule.status, [flip.way for flip in rule.flips]) == (Status.DIFFERENT, ["exception"])


def test_met_where_the_other_does_not_apply_is_different() -> None:
    """A criterion that always holds, where it applies: only met and not applicable differ."""
    rule = _compared(overlays.meals(0), overlays.meals(0, "wants_to"))
    assert rule.status is Status.DIFFERENT
    assert [(flip.way, set(flip.verdicts)) for flip in rule.flips] == [("decided", {"met", "not_applicable"})]


@pytest.mark.parametrize(
    ("holds", "verdicts"),
    [
        ("meals >= 3 and (wants_to or not wants_to)", ("met", "unknown")),
        ("meals >= 3 or (wants_to and not wants_to)", ("not_met", "unknown")),
    ],
)
def test_what_is_unknown_counts_only_where_nothing_decided_flips(holds: str, verdicts: tuple[str, str]) -> None:
    """One rule asks a fact more that decides nothing: only where that is not recorded do they differ."""
    rule = _compared(overlays.meals(3), overlays.meals(3).replace("meals >= 3", holds))
    assert rule.status is Status.DIFFERENT
    assert [(flip.way, flip.verdicts) for flip in rule.flips] == [("undecided", verdicts)]


def test_a_past_occurrence_that_is_missed_breaks_a_rule() -> None:
    """Two charts against the second of them alone: who missed the first breaks one of the rules.

    The open occurrence is pending in both; the case is told by the one that was missed.
    """
    grid = """
[[deadline]]
id      = "chart.redrawn"
about   = "stay"
says    = "A chart is drawn every {{again}}."
after   = "{after}"
again   = "10 days"
counted = "grid"
times   = {times}
done    = "each(chart.drawn_on)"
source  = "H: 9"
"""
    one = _house(grid.format(after="arrived_on", times=2))
    other = _house(grid.format(after="arrived_on + days(10)", times=1))
    (rule,) = compare(one, other).rules
    assert [(flip.way, flip.verdicts) for flip in rule.flips] == [("looser", ("not_met", "pending"))]
    assert _flips(one, other, rule, rule.flips[0])
    assert [finding.verdict for finding in _judged(one, rule.before, rule.flips[0])] == [
        Verdict.NOT_MET,
        Verdict.PENDING,
    ]


# what cannot be tried


def test_a_definition_has_no_verdict_and_shows_in_the_rules_that_ask() -> None:
    """The definition is told as different, and the rule that asks for it, whose text is the same, is tighter."""
    season = '[[definition]]\nid = "stay.enough"\nabout = "stay"\nsays = "x"\nis = "meals >= {n}"\nsource = "H: 4"\n'
    asks = '[[criterion]]\nid = "stay.fed"\nabout = "stay"\nsays = "x"\nholds = "enough"\nsource = "H: 5"\n'
    comparison = compare(_house(season.format(n=2), asks), _house(season.format(n=3), asks))
    assert _statuses(comparison) == {"stay.enough": Status.DIFFERENT, "stay.fed": Status.TIGHTER}
    assert _only(comparison, "stay.enough").basis.startswith("a definition has no verdict")
    assert _only(comparison, "stay.fed").changes == ()
    assert compare(_house(asks.replace("enough", "wants_to")), _house(season.format(n=2), asks)).counts()[Status.ADDED]


def test_rules_about_different_kinds_have_no_case_in_common() -> None:
    """Nothing is tried, and that is said."""
    one = '[[criterion]]\nid = "x.known"\nabout = "{}"\nsays = "x"\nholds = "exists({})"\nsource = "H: 5"\n'
    rule = _compared(one.format("stay", "left_on"), one.format("chart", "drawn_on"))
    assert (rule.status, rule.tried) == (Status.DIFFERENT, 0)
    assert rule.basis == "they judge records of different kinds, so no case is one for both"


def test_a_rule_about_several_kinds_is_told_once() -> None:
    """The cases of all kinds that both judge count together, and the smallest of them is shown."""
    one = '[[criterion]]\nid = "x.known"\nabout = ["person", "stay"]\nsays = "x"\nholds = "{}"\nsource = "H: 5"\n'
    text = overlays.house("house", one.format("fine")).replace(
        "[kinds.stay]\n", '[kinds.person]\nfine = "bool"\n\n[kinds.stay]\nfine = "bool"\n'
    )
    (rule,) = compare(loads(text), loads(text.replace('holds = "fine"', 'holds = "fine or not fine"'))).rules
    assert (rule.status, len(rule.flips)) == (Status.LOOSER, 1)


def test_a_rule_that_cannot_be_judged_yet_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No case is tried, of two rules and of one, and the reason stands there."""

    def refused(*_: object) -> None:
        message = "a window that is not judged yet"
        raise Unsupported(message)

    monkeypatch.setattr(trying, "direction", refused)
    monkeypatch.setattr(trying, "alone", refused)
    rule = _compared(overlays.meals(2), overlays.meals(3))
    assert (rule.status, rule.tried, rule.basis) == (Status.DIFFERENT, 0, "a window that is not judged yet")
    (alone,) = compare(_house(), _house(overlays.meals(2))).rules
    assert (alone.status, alone.flips, alone.basis) == (Status.ADDED, (), "a window that is not judged yet")


def test_a_rule_that_nothing_breaks_is_added_without_a_case() -> None:
    """A definition, and a criterion that always holds, have none."""
    always = overlays.meals(0)
    named = '[[definition]]\nid = "stay.enough"\nabout = "stay"\nsays = "x"\nis = "meals"\nsource = "H: 4"\n'
    assert [rule.flips for rule in compare(_house(), _house(always, named)).rules] == [(), ()]


def test_a_value_that_the_other_does_not_have_is_not_tried_and_counted() -> None:
    """Of cases with a choice that one of them does not list, it is said that they could not be judged by both."""
    asked = '[[criterion]]\nid = "s.k"\nabout = "stay"\nsays = "x"\nholds = "size == \'LARGE\'"\nsource = "H: 1"\n'
    text = overlays.house("a", asked).replace("[kinds.chart]", 'size = "choice: small LARGE"\n\n[kinds.chart]')
    one, other = loads(text.replace("LARGE", "large")), loads(text.replace("LARGE", "huge"))
    rule = _only(compare(one, other), "s.k")
    assert rule.untried > 0
    assert "could not be judged by both" in rule.basis


def test_a_fact_that_only_one_knows_is_left_out_before_the_other() -> None:
    """The case has the fact; that one of them judged it without is said."""
    one = _house(overlays.meals(3))
    text = overlays.house("other", overlays.meals(3).replace("meals >= 3", "meals >= 3 or invited"))
    other = loads(text.replace("[kinds.chart]", 'invited = "bool"\n\n[kinds.chart]\nagreed = "bool"\n'))
    (rule,) = compare(one, other).rules
    assert rule.status is Status.LOOSER
    assert rule.flips[0].left_out == ("stay.invited",)
    assert "Only one of them has stay.invited" in sheets.as_text(compare(one, other))
    assert _flips(one, other, rule, rule.flips[0])


# which rule stands against which


def test_rules_stand_against_those_that_they_replace() -> None:
    """Of two overlays, what replaces the same rule stands against one another, whatever its id."""
    base = "peer-group-workbook"
    text = f'rulebook = "{{}}"\ntitle = "x"\nextends = "{base}"\n[sources.X]\ntitle = "x"\n'
    rule = '[[criterion]]\nid = "{}"\nabout = "group_session"\nsays = "x"\nholds = "known(modality)"\nsource = "X: 1"\n'
    rule += 'replaces = "session.modality"\n'
    one, other = loads(text.format("a") + rule.format("a.way")), loads(text.format("b") + rule.format("b.way"))
    found = [rule for rule in compare(one, other).rules if not rule.same]
    assert [(r.before and r.before.id, r.after and r.after.id) for r in found] == [("a.way", "b.way")]
    back = compare(one, load(base)).rules
    assert ("a.way", "session.modality") in {(r.before and r.before.id, r.after and r.after.id) for r in back}


def test_rules_are_matched_by_hand_before_all_else() -> None:
    """Two rules whose ids have nothing in common, and one whose id is taken from it."""
    one = _house(overlays.meals(3), name="one")
    other = _house(overlays.meals(5).replace("stay.meals", "stay.fed"), overlays.meals(3), name="other")
    assert _statuses(compare(one, other)) == {"stay.fed": Status.ADDED}
    assert _statuses(compare(one, other, pairs={"stay.meals": "stay.fed"})) == {
        "stay.fed": Status.TIGHTER,
        "stay.meals": Status.ADDED,
    }


def test_pairs_of_rules_that_are_not_there_are_told_at_once() -> None:
    """An id that no rule has, on either side, and one that is given twice."""
    one, other = _house(overlays.meals(3), overlays.CHART.format(days=3)), _house(overlays.meals(3))
    with pytest.raises(InputError) as error:
        compare(one, other, pairs={"stay.meal": "stay.meals", "chart.drawn": "stay.meals", "stay.meals": "stay.fed"})
    assert len(error.value.problems) == 3
    assert "'stay.meals' stands against two rules" in str(error.value)


def test_rulebooks_are_called_by_what_tells_them_apart() -> None:
    """By name, by name and version where the name is the same, and as A and B where both are."""
    text = overlays.house("house", overlays.meals(3))
    one, later = loads(text), loads(text.replace('version  = "1"', 'version  = "2"'))
    labels = [(c.before.label, c.after.label) for c in (compare(one, later), compare(one, one), _to("lincoln"))]
    assert labels == [("house@1", "house@2"), ("house (A)", "house (B)"), ("nebraska-dbh", "lincoln")]
    assert compare(one, later).same


# beside rules


def test_everything_beside_rules_is_told() -> None:
    """Kinds, facts, the days in force, sources, steps, questions, gaps, and rows of the inventory."""
    one = loads(_BEFORE)
    other = loads(_AFTER)
    assert compare(one, other).changes == (
        Change("in_force", "", "until 2027-01-01"),
        Change("review_every", "", "6 months"),
        Change("step plan", "Plan", "Plan it"),
        Change(
            "kind stay",
            "a stay; from arrived_on until left_on; dated by arrived_on",
            "a stay; from arrived_on through left_on; dated by arrived_on",
        ),
        Change("fact stay.beds", "decimal beds, min 0, max 9, places 1", "decimal beds, min 0, max 8, places 1"),
        Change("fact stay.size", "choice: small large, judged", "choice: open"),
        Change("fact stay.ends_on", "date, planned", ""),
        Change("fact stay.friends", "", "-> set of person"),
        Change("kind bed", "", "a bed; dated by since_on; responsible: person; facts: person, since_on"),
        Change("source H", "Handbook (invented); A house", "Handbook (invented); A house; 2026"),
        Change("row H-2", "not modeled: nobody can say", "recorded: stay.beds. Kept."),
        Change("row H-1", "covered by stay.there; plan.who", "covered by plan.who"),
        Change("question plan.who", "Who?; source H: 2; step plan", "Who?; condition yes; source H: 2; step plan"),
        Change("gap G-1", "", "How long?"),
    )


_BEFORE = """
rulebook = "a"
title = "A"
[sources.H]
title = "Handbook (invented)"
publisher = "A house"
[not_modeled]
"H-2" = "nobody can say"
[steps]
plan = "Plan"
[kinds.stay]
says = "a stay"
span = { from = "arrived_on", until = "left_on" }
dated_by = "arrived_on"
person = "-> person"
name = { type = "set: a b", says = "the names" }
child = "-> person or none"
lent = "text or none, from person"
arrived_on = { type = "date", says = "the day", event = "arrives" }
left_on = "date or none"
beds = { type = "decimal beds", min = 0, max = 9, places = 1 }
size = "choice: small large, judged"
ends_on = { type = "date", planned = true }
[kinds.person]
lent = "text or none"
[[criterion]]
id = "stay.there"
about = "stay"
says = "x"
holds = "known(arrived_on)"
source = "H: 1"
covers = ["H-1"]
[[question]]
id = "plan.who"
step = "plan"
asks = "Who?"
source = "H: 2"
covers = ["H-1"]
"""
_AFTER = (
    _BEFORE.replace('title = "A"', 'title = "A"\nin_force = { until = 2027-01-01 }\nreview_every = "6 months"', 1)
    .replace('publisher = "A house"', 'publisher = "A house"\ndated = "2026"')
    .replace('[not_modeled]\n"H-2" = "nobody can say"', '[recorded]\n"H-2" = { facts = ["stay.beds"], says = "Kept." }')
    .replace('plan = "Plan"', 'plan = "Plan it"')
    .replace(
        "[kinds.stay]",
        '[gaps]\n"G-1" = "How long?"\n[kinds.bed]\nsays = "a bed"\ndated_by = "since_on"\nresponsible = "person"\n'
        'person = "-> person"\nsince_on = "date"\n[kinds.stay]',
    )
    .replace('until = "left_on" }', 'through = "left_on" }')
    .replace("max = 9", "max = 8")
    .replace("choice: small large, judged", "choice: open")
    .replace('ends_on = { type = "date", planned = true }', 'friends = "-> set of person"')
    .replace('covers = ["H-1"]\n[[question]]', "[[question]]")
    .replace('asks = "Who?"', 'asks = "Who?"\ncondition = true')
)


# how it is told


def test_a_case_is_told_in_a_sentence() -> None:
    """Whose each fact is, how many of many records there are, and of one that nothing is recorded."""
    kinds = NEBRASKA.vocabulary

    def told(kind: str, **given_: object) -> str:
        return telling.sentence(kinds, kind, given_, dt.date(2026, 6, 30), "")

    assert told("admission") == "On 2026-06-30, where nothing is recorded of an admission"
    assert (
        told("admission", id="a1", program={"time_zone": "UTC"})
        == "On 2026-06-30, where the program's time zone, by its name in the time zone database is UTC"
    )
    assert told("plan", admission={"admitted_on": dt.date(2026, 2, 2), "would_benefit": True}) == (
        "On 2026-06-30, where the day of admission of the admission it is for is 2026-02-02 and "
        "the person would benefit from the service (for the admission it is for)"
    )
    assert told("admission", plan=[{}, {"signed_on": "none"}]) == (
        "On 2026-06-30, where there is a plan and there is a plan, where there is no day the plan is signed"
    )
    assert told("plan", goal=[{}, {}, {}]) == "On 2026-06-30, where there are 3 records of the kind goal"


def test_the_page_has_every_rule_that_differs() -> None:
    """Headings by status, both sentences with their citations, the changes, the case and its example."""
    page = sheets.as_markdown(_to("lincoln"))
    assert page.startswith("# nebraska-dbh and lincoln compared\n")
    assert "- Rules: 1 added, 1 dropped, 2 tighter, 57 same.\n" in page
    assert "### plan.developed -> plan.written\n" in page
    assert "- within: 30 days -> 14 days\n" in page
    assert "- lincoln: The plan is written within 14 days after admission. (LI: 2)\n" in page
    assert "\n## Beside rules\n\n- fact admission.lives_in_city: now bool" in page
    assert "- row S3-29: no longer covered by plan.developed\n" in page
    text = sheets.as_text(_to("lincoln"))
    assert "Added: 1\n\n  admission.city\n" in text
    assert "nebraska-dbh has no such rule; not met by lincoln.\n" in text
    assert not any(line != line.rstrip() for line in text.splitlines())


def test_a_comparison_of_the_same_has_no_groups() -> None:
    """Only what was compared, the count, and what the count rests on."""
    one = _house(overlays.meals(3))
    assert len(sheets.as_text(compare(one, one)).splitlines()) == 5
    assert "Rules: none." in sheets.as_text(compare(_house(), _house()))
    assert "##" not in sheets.as_markdown(compare(one, one))


@pytest.mark.parametrize("name", BOOKS)
def test_an_example_reads_as_a_file_has_it(name: str) -> None:
    """Each case is TOML, with what is given, the day, and a verdict of each rulebook that has the rule."""
    labels = (_to(name).before.label, _to(name).after.label)
    for flip in (flip for rule in _to(name).rules for flip in rule.flips):
        (example,) = tomllib.loads(f"examples = [{sheets.as_example(labels, flip)}]")["examples"]
        assert (example["given"], example["on"], example["about"]) == (flip.given, flip.on, flip.about)
        assert list(example["verdict"].values()) == [verdict for verdict in flip.verdicts if verdict]


def test_an_example_names_its_reading_and_quotes_a_name() -> None:
    """What TOML does not take as a bare key stands in quotation marks."""
    flip = Flip(way="tighter", about="stay", reading="r", given={}, on=dt.date(2026, 1, 1), verdicts=("met", "not_met"))
    assert sheets.as_example(("a b", "c"), flip) == (
        '{ given = {}, on = 2026-01-01, verdict = { "a b" = "met", c = "not_met" }, about = "stay", reading = "r" }'
    )


def test_the_data_has_the_same_as_the_page() -> None:
    """Every rule with its status, both sides and every case, in plain values."""
    data = json.loads(sheets.as_json(_to("lincoln")))
    assert (data["before"]["name"], data["after"]["label"], data["same"]) == ("nebraska-dbh", "lincoln", False)
    assert [row["status"] for row in data["rules"]] == [rule.status.value for rule in _to("lincoln").rules]
    assert data["counts"]["tighter"] == 2
    (row,) = (row for row in data["rules"] if row["id"] == "plan.written")
    assert row["flips"][0]["verdicts"] == ["met", "not_met"]
    assert row["flips"][0]["on"] == "2026-06-30"
    assert row["flips"][0]["says"].endswith(": met by nebraska-dbh; not met by lincoln.")
    assert len(data["changes"]) == 5


# the parts


def test_a_case_is_made_no_smaller_than_it_may_be() -> None:
    """What is left is still so, and without any part of it is not; from many records the first goes on alone."""
    whole = {"a": 1, "b": [{"c": 1, "d": 2}, {"c": 1}], "e": {"f": 1, "g": 2}, "h": ["x", "y"]}

    def still(given_: Mapping[str, object]) -> bool:
        found: Any = given_
        return len(found.get("b", [])) >= 1 and "g" in found.get("e", {}) and "y" in found.get("h", [])

    assert fitting.smaller(whole, still) == {"b": [{}], "e": {"g": 2}, "h": ["y"]}
    many = {"b": [{"c": n, "d": n} for n in range(6)]}
    kept = fitting.smaller(many, lambda each: len(each.get("b", [])) >= 5 and all("c" in one for one in each["b"]))  # type: ignore[arg-type,attr-defined]
    assert kept == {"b": [{"c": n} for n in range(1, 6)]}


def test_near_a_case_lie_those_with_a_value_of_another() -> None:
    """A fact changed, of one record or of all; a record more; a fact of a record that it refers to."""
    book = _house()
    one = {
        "meals": 2,
        "chart": [{"drawn_on": dt.date(2026, 1, 1)}, {"id": "c2"}],
        "person": {"birth_date": dt.date(1990, 1, 1)},
    }
    other = {"meals": 3, "chart": [{"drawn_on": "none"}], "person": "p1"}
    near = [*Nearby([book.vocabulary], [("stay", one), ("stay", other)]).of("stay", one)]
    assert {**one, "meals": 3} in near
    assert {**one, "chart": [{"drawn_on": "none"}, {"id": "c2", "drawn_on": "none"}]} in near
    assert {**one, "chart": [*one["chart"], {}]} in near  # type: ignore[misc]
    assert {**one, "chart": [one["chart"][0], {"id": "c2", "drawn_on": "none"}]} in near  # type: ignore[index]
    assert all(each != one for each in near)


def test_what_another_rulebook_knows_of_a_case() -> None:
    """Facts and kinds that it does not have are left out, however deep, and named."""
    kinds = _house().vocabulary
    given_ = {"id": "s", "meals": 1, "bed": [{}], "chart": [{"id": "c", "ink": 1}], "person": {"hat": 1}}
    assert fitting.fitted(kinds, "stay", given_) == (
        {"id": "s", "meals": 1, "chart": [{"id": "c"}], "person": {}},
        ("stay.bed", "chart.ink", "person.hat"),
    )


def test_the_kinds_of_two_rulebooks_together() -> None:
    """A kind of either, with the facts of both, and with bounds as wide as either says."""
    one, other = (
        loads(_BEFORE),
        loads(
            _BEFORE.replace("max = 9", "max = 20").replace("min = 0, ", "")
            + '[kinds.bed]\nsoft = "bool"\n[kinds.admission]\nfed = "bool"\n'
        ),
    )
    both = vocabularies.of_both(one, other)
    beds = both["stay"].facts["beds"]
    assert (beds.minimum, beds.maximum, beds.places) == (None, 20, 1)
    assert "bed" in both
    assert both["admission"].record(id="a", fed=True).id == "a"  # type: ignore[call-arg]
    assert both["plan"] is one.vocabulary["plan"]
    assert "fed" in {fact.name for fact in vocabularies.of_both(other, one)["admission"].stored}


def test_kinds_that_no_record_can_have_both_of_are_refused() -> None:
    """A fact of two types, a date that is planned in one of them, and a kind that is dated in two ways."""
    other = _BEFORE.replace('"decimal beds", min = 0, max = 9, places = 1', '"int beds"')
    other = other.replace('until = "left_on" }', 'through = "left_on" }').replace(", planned = true", "")
    with pytest.raises(InputError) as error:
        vocabularies.of_both(loads(_BEFORE), loads(other))
    assert [problem.place for problem in error.value.problems] == [
        "kind stay",
        "kind stay, fact beds",
        "kind stay, fact ends_on",
    ]


def test_together_is_the_smallest_of_each_way() -> None:
    """Of several kinds the smallest case of each way is told, and only what is ruled out for all is."""
    flip = Flip(
        way="tighter", about="a", reading="", given={"x": 1}, on=dt.date(2026, 1, 1), verdicts=("met", "not_met")
    )
    small, other = attrs.evolve(flip, given={}), attrs.evolve(flip, way="decided")
    one = trying.Direction((flip,), 3, 1, frozenset({"looser"}))
    two = trying.Direction((small, other), 4, 0)
    assert trying.together([one, two]) == trying.Direction((small,), 7, 1)


# properties


@st.composite
def _houses(draw: st.DrawFn) -> Rulebook:
    rules = [
        overlays.CHART.format(days=draw(st.integers(1, 40))),
        overlays.meals(draw(st.integers(0, 4)), draw(st.sampled_from(["", "wants_to", "exists(left_on)"]))),
        overlays.PEOPLE.format(people=draw(st.integers(1, 4))),
    ]
    return _house(*(rule for rule in rules if draw(st.booleans())))


@settings(max_examples=6)
@given(_houses(), _houses())
def test_a_comparison_mirrors(one: Rulebook, other: Rulebook) -> None:
    """Of any two houses: tighter one way is looser the other, with the same cases."""
    _mirrored(compare(one, other), compare(other, one))


@settings(max_examples=6)
@given(_houses(), _houses())
def test_every_flip_flips(one: Rulebook, other: Rulebook) -> None:
    """Of any two houses: each case has the verdicts that stand beside it, and no proof is gainsaid by a case."""
    for rule in compare(one, other).rules:
        assert all(_flips(one, other, rule, flip) for flip in rule.flips)
        assert not {flip.way for flip in rule.flips} & rule.never


@settings(max_examples=6)
@given(_houses())
def test_any_house_is_the_same_as_itself(one: Rulebook) -> None:
    """And as a copy of its text."""
    assert compare(one, one).same


@settings(max_examples=4)
@given(st.integers(1, 40), st.integers(1, 40))
@example(30, 30)
@example(30, 29)
def test_a_shorter_time_is_tighter(one: int, other: int) -> None:
    """Of two times the shorter one is tighter; of the same, the rule is the same."""
    found = _compared(overlays.CHART.format(days=one), overlays.CHART.format(days=other)).status
    assert found is (Status.SAME if one == other else Status.TIGHTER if other < one else Status.LOOSER)


def test_rules_by_their_own_rulebook_only() -> None:
    """A direction asks for the rule by its id: the object may be one of a rulebook that was read again."""
    one, other = _house(overlays.meals(2)), _house(overlays.meals(3))
    rule: Rule = one["stay.meals"]
    assert trying.direction(one, rule, other, other["stay.meals"], "stay").status is Status.TIGHTER


# on the command line


def _files(tmp_path: Path, **texts: str) -> list[str]:
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return [str(tmp_path / f"{name}.toml") for name in texts]


def test_the_command_tells_and_ends_with_one_where_anything_differs(tmp_path: Path) -> None:
    """As text, as a page, and as data."""
    texts = {"a": overlays.house("a", overlays.meals(2)), "b": overlays.house("b", overlays.meals(3))}
    files = _files(tmp_path, **texts)
    told = CliRunner().invoke(cli, ["compare", *files])
    assert (told.exit_code, "Tighter: 1" in told.output) == (1, True)
    page = CliRunner().invoke(cli, ["compare", *files, "--format", "markdown"])
    assert page.output.startswith("# a and b compared")
    data = json.loads(CliRunner().invoke(cli, ["compare", *files, "--format", "json"]).output)
    assert [row["status"] for row in data["rules"]] == ["tighter"]


def test_the_command_ends_with_nothing_where_nothing_differs(tmp_path: Path) -> None:
    """The same rules under another name and version are the same."""
    text = overlays.house("a", overlays.meals(2))
    files = _files(tmp_path, a=text, b=text.replace('version  = "1"', 'version  = "2"'))
    assert CliRunner().invoke(cli, ["compare", *files]).exit_code == 0


def test_the_command_matches_rules_by_hand(tmp_path: Path) -> None:
    """Two ids with nothing in common, joined by `=`."""
    files = _files(
        tmp_path,
        a=overlays.house("a", overlays.meals(2)),
        b=overlays.house("b", overlays.meals(3).replace("stay.meals", "stay.fed")),
    )
    assert "Added: 1" in CliRunner().invoke(cli, ["compare", *files]).output
    told = CliRunner().invoke(cli, ["compare", *files, "--pair", "stay.meals=stay.fed"]).output
    assert "stay.meals -> stay.fed" in told


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--pair", "plan"], "'plan' is no pair of rules (write it as in ID_A=ID_B)"),
        (["--pair", "=plan"], "'=plan' is no pair of rules"),
        (["--pair", "a=b", "--pair", "a=c"], "'a' stands against two rules"),
        (["--pair", "a=b"], "no rule 'a'"),
    ],
)
def test_a_fault_of_what_was_asked_ends_with_two(more: Sequence[str], says: str) -> None:
    """The fault and the mend, on the error stream."""
    told = CliRunner().invoke(cli, ["compare", "core-self-management", "core-self-management", *more])
    assert (told.exit_code, says in told.stderr) == (2, True)


def test_an_overlay_that_may_not_do_what_it_does_is_compared(tmp_path: Path) -> None:
    """It may only loosen, and tightens: what it does is told, and that it may not is another command's to say."""
    (file,) = _files(tmp_path, lincoln=overlays.LINCOLN.replace("extends", 'may_only = "loosen"\nextends', 1))
    told = CliRunner().invoke(cli, ["compare", "nebraska-dbh", file])
    assert (told.exit_code, "Tighter: 2" in told.output, "may_only: now loosen" in told.output) == (1, True, True)


def test_a_rulebook_that_is_not_there_ends_with_two() -> None:
    """Whichever of the two it is."""
    assert CliRunner().invoke(cli, ["compare", "core-self-management", "core-self-managment"]).exit_code == 2
