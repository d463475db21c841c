"""The cases that are made of a rule: that they tell a right reading from a wrong one, and can be pasted and ticked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import attrs
import pytest
from test_mutants import KINDS, LANTERN

import peersupport
from peersupport import NONE, Rulebook, testing
from peersupport.readers import cases, mutants, variations
from peersupport.readers.cases import Case, choosing, drafting, scenes, sheets, telling, tries, writing
from peersupport.readers.cases.telling import Told
from peersupport.rules import examples
from peersupport.rules.facts import Fact, Type
from peersupport.rules.forms import Example

RULES: Final = """
[[definition]]
id = "boat.late_on"
about = "boat"
says = "A boat is late after ten days."
is = "sails_on + days(10)"
source = "F: 1"
readings."a week" = { is = "sails_on + days(7)" }

[[criterion]]
id = "boat.in_time"
about = "boat"
says = "The boat lands before it is late."
holds = "lands_on <= late_on"
unless = "painted"
source = "F: 2"
readings."strict" = { holds = "lands_on < late_on" }
examples = [
  { given = { sails_on = 2026-05-01, lands_on = 2026-05-11, painted = false }, on = 2026-06-30, verdict = "met" },
  { given = { sails_on = 2026-05-01, lands_on = 2026-05-12 }, on = 2026-06-30, verdict = "not_met" },
]

[[criterion]]
id = "boat.ready"
about = "boat"
says = "The boat is safe, and clean or painted, and its crew is large enough."
when = "kind != 'steam'"
holds = "safe and (clean or painted) and crew >= 3 and load <= 2.5"
source = "F: 3"
examples = [
  { given = { kind = "sail", safe = true, clean = true, crew = 4, load = 1.0 }, on = 2026-06-30, verdict = "met" },
]

[[definition]]
id = "boat.trips"
about = "boat"
says = "The trips of a boat."
is = "count(trip[boat])"
source = "F: 3"

[[criterion]]
id = "boat.rested"
about = "boat"
says = "A boat that is not clean has made at most three trips."
holds = "not (not clean and trips > 3)"
source = "F: 3"
examples = [
  { given = { clean = false, trip = [{}] }, on = 2026-06-30, verdict = "met" },
]

[[criterion]]
id = "boat.doubly_safe"
about = "boat"
says = "The boat is safe, and safe or clean."
holds = "safe and (safe or clean)"
source = "F: 3"
examples = [
  { given = { safe = true, clean = true }, on = 2026-06-30, verdict = "met" },
]

[[criterion]]
id = "boat.no_example"
about = "boat"
says = "The boat has rope, and its captain is known."
holds = "'rope' in gear and exists(captain) and any(trip[boat], paid and minutes >= 20)"
source = "F: 3"

[[criterion]]
id = "boat.both"
about = ["boat", "barge"]
says = "It is safe and ready."
holds = "safe and clean"
source = "F: 3"
examples = [
  { given = { safe = true, clean = true }, on = 2026-06-30, verdict = "met" },
]

[[criterion]]
id = "barge.whole"
about = "barge"
says = "All holds of the barge."
holds = "met('boat.both') and length >= 2"
source = "F: 3"

[[criterion]]
id = "boat.choose"
about = "boat"
says = "A boat that sails has few people, or many."
holds = "crew >= 3"
choose = true
source = "F: 3"
readings."three" = { holds = "crew >= 3" }
readings."four" = { holds = "crew >= 4" }
examples = [
  { given = { crew = 3 }, on = 2026-06-30, verdict = "unknown" },
  { given = { crew = 3 }, on = 2026-06-30, verdict = "met", reading = "three" },
]

[[criterion]]
id = "boat.paid"
about = "boat"
says = "All trips of the boat are paid, and each guest came with it."
holds = "all(trip[boat], paid) and count(trip[boat]) >= 2 and all(trip[boat], exists(back_on) and back_on >= left_on)"
source = "F: 4"
examples = [
  { on = 2026-06-30, verdict = "not_met", given = { trip = [
    { tug = "t", guest = "g", paid = true, left_on = 2026-05-01, back_on = 2026-05-02 },
  ] } },
]

[[criterion]]
id = "regatta.boats"
about = "regatta"
says = "Every boat of the regatta is safe and has a valid paper."
holds = "any(boats) and all(boats, safe) and all(boats, any(paper, valid))"
source = "F: 4"
examples = [
  { on = 2026-06-30, verdict = "met", given = { paper = [{ boat = "b", valid = true }], boats = [
    { id = "b", safe = true },
  ] } },
]

[[deadline]]
id = "boat.checked"
about = "boat"
says = "The boat is checked within a month of sailing."
after = "sails_on"
within = "1 month"
done = "checked_on"
until = "lands_on"
source = "F: 5"
examples = [
  { given = { sails_on = 2026-05-01, checked_on = 2026-05-20, lands_on = "none" }, on = 2026-06-30, verdict = "met" },
]

[[deadline]]
id = "boat.answered"
about = "boat"
says = "A call is answered within a day and a half."
due = "called_at + hours(36)"
done = "answered_at"
source = "F: 5"
examples = [
  { on = 2026-06-30, verdict = "met", given = { called_at = 2026-05-01T10:00:00Z, program = { time_zone = "UTC" } } },
]

[[deadline]]
id = "boat.aired"
about = "boat"
says = "The boat makes a trip each month."
after = "sails_on"
again = "1 month"
times = 2
counted = "grid"
done = "each(trip[boat].left_on)"
source = "F: 6"
examples = [
  { given = { sails_on = 2026-05-01 }, on = 2026-05-30, verdict = "pending" },
]

[[limit]]
id = "boat.at_once"
about = "boat"
says = "At most two trips run at a time."
measure = "count(trip[boat])"
window = "at any time"
at_most = 2
source = "F: 7"
examples = [
  { given = { trip = [{ left_on = 2026-05-01, back_on = 2026-05-09 }] }, on = 2026-06-30, verdict = "met" },
]
"""
MORE_KINDS: Final = """
[kinds.barge]
says   = "a barge"
safe   = { type = "bool", says = "the barge is safe" }
clean  = { type = "bool", says = "the barge is clean" }
length = { type = "decimal yards", says = "the length" }
boat   = "-> boat"

[kinds.regatta]
says  = "a regatta"
boats = "-> set of boat"

[kinds.raft]
boat = "-> boat or none"

[kinds.paper]
says  = "a paper"
boat  = "-> boat"
valid = { type = "bool", says = "the paper is valid" }
"""
SHIP: Final = peersupport.loads(KINDS + MORE_KINDS + RULES)
JUDGED: Final = [rule.id for rule in SHIP.judged]
ON: Final = dt.date(2026, 6, 30)


def example_of(case: Case) -> Example:
    """A case as an example of its rule."""
    return Example(dict(case.given), case.on, case.verdict, case.about, case.reading)


def left(rulebook: Rulebook, rule: str) -> list[str]:
    """What the mutants of a rule say that the generated cases do not notice, its own and those it is the home of."""
    found = rulebook[rule]
    own = mutants.survivors(rulebook, found, cases.of(rulebook, found))
    return [str(each) for each in own]


@pytest.mark.parametrize("rule", JUDGED)
def test_the_cases_notice_every_mutant(rule: str) -> None:
    """Whatever is changed in a rule of the ship, one of its cases gets another verdict, or another exception."""
    assert left(SHIP, rule) == []


def test_the_mutants_of_a_definition_are_noticed_in_the_rule_that_asks_for_it() -> None:
    """One rule is its home, and tries its readings too."""
    rule, home = SHIP["boat.late_on"], SHIP["boat.in_time"]
    assert choosing.at_home(SHIP, home) == [rule]
    assert mutants.survivors(SHIP, rule, {home.id: cases.of(SHIP, home)}) == ()
    assert choosing.readings(SHIP, home) == ("", "strict", "a week")
    assert cases.of(SHIP, rule) == ()


@pytest.mark.parametrize("rule", JUDGED)
def test_a_case_that_is_pasted_into_the_file_comes_out_as_stated(rule: str) -> None:
    """As an example of its rule it is read without a fault, and gives the verdict that it states."""
    found = SHIP[rule]
    text = cases.as_examples(SHIP, cases.of(SHIP, found))
    pasted = tomllib.loads(f"examples = [\n{text}]", parse_float=Decimal)["examples"]
    assert len(pasted) == sum(not line.startswith("#") for line in text.splitlines())
    for each in pasted:
        more = {name: each.get(name, "") for name in ("about", "reading", "note")}
        example = Example(each["given"], each["on"], each["verdict"], **more)
        assert not [*examples.faults(SHIP.vocabulary, found, example, "here")]
        assert testing.judged_example(SHIP, found, example) == each["verdict"]


@pytest.mark.parametrize("rule", JUDGED)
def test_each_case_is_told_by_an_earlier_one(rule: str) -> None:
    """The first stands alone; the sentence of another begins with the number of one before it; all end in a verdict."""
    found = cases.of(SHIP, SHIP[rule])
    assert [case.number for case in found] == [*range(1, len(found) + 1)]
    assert found[0].like is None
    for case in found:
        lead = "A case to start from: " if case.like is None else f"As case {case.like}, but "
        assert case.shows.startswith(lead)
        assert case.like is None or case.like < case.number
        assert case.verdict.replace("_", " ") in case.shows
        assert case.because


def test_the_cases_of_a_rule_are_the_same_every_time() -> None:
    """Nothing hangs on chance: another run, and another copy of the rulebook, give the same cases."""
    again = peersupport.loads(KINDS + MORE_KINDS + RULES)
    for rule in ("boat.ready", "regatta.boats"):
        assert cases.of(again, again[rule]) == cases.of(SHIP, SHIP[rule])
    assert cases.of(again, again["boat.ready"]) is cases.of(again, again["boat.ready"])


def verdicts(rule: str, fact: str) -> dict[object, str]:
    """The verdicts of cases of a rule by the value of a fact of the record judged."""
    return {case.given[fact]: case.verdict for case in cases.of(SHIP, SHIP[rule]) if fact in case.given}


def test_a_number_has_its_values_on_both_sides() -> None:
    """Three people are enough, two are not; two and a half tons are not too much, a tenth more is."""
    crew, load = verdicts("boat.ready", "crew"), verdicts("boat.ready", "load")
    assert (crew[3], crew[2]) == ("met", "not_met")
    assert (load[Decimal("2.5")], load[Decimal("2.6")]) == ("met", "not_met")


def test_a_deadline_has_its_last_day_and_the_day_after() -> None:
    """Checked on the due day it is met, a day later it is not; there are cases in which it is open, or not owed."""
    found = cases.of(SHIP, SHIP["boat.checked"])
    pairs = [
        (one, other)
        for one, other in itertools.permutations(found, 2)
        if (one.verdict, other.verdict) == ("met", "not_met")
    ]
    days = [
        (one.given["checked_on"], other.given["checked_on"]) for one, other in pairs if _alike(one, other, "checked_on")
    ]
    assert any(isinstance(a, dt.date) and isinstance(b, dt.date) and (b - a).days == 1 for a, b in days)
    assert {"pending", "not_applicable"} <= {case.verdict for case in found}


def _alike(one: Case, other: Case, fact: str) -> bool:
    """Whether two cases differ in one fact."""
    a, b = ({k: v for k, v in case.given.items() if k != fact} for case in (one, other))
    return a == b and one.on == other.on and fact in one.given and fact in other.given


def test_each_condition_has_a_pair() -> None:
    """Safe, clean, painted, the crew, the load and the kind: each decides alone between two cases."""
    found = cases.of(SHIP, SHIP["boat.ready"])
    for fact in ("safe", "crew", "load", "kind"):
        pairs = [(a, b) for a, b in itertools.combinations(found, 2) if _alike(a, b, fact) and a.verdict != b.verdict]
        assert pairs, fact
    assert cases.unpaired(SHIP, SHIP["boat.ready"]) == ()


def test_a_condition_without_a_pair_is_told() -> None:
    """Safe or clean never decides where the boat must be safe anyway."""
    (found,) = cases.unpaired(SHIP, SHIP["boat.doubly_safe"])
    assert str(found).startswith("boat.doubly_safe: “the boat is clean” decides nothing by itself.")
    named = attrs.evolve(found, reading="strict")
    assert str(named).startswith("boat.doubly_safe, under “strict”: ")


def test_exceptions_are_part_of_a_case_where_the_rule_has_any() -> None:
    """`unless` shows in the case and in its sentence; a rule without it says nothing of exceptions."""
    found = cases.of(SHIP, SHIP["boat.in_time"])
    assert {case.exception for case in found} == {True, False}
    told_ = {case.exception: case.shows for case in found}
    assert told_[True].endswith("an exception is recorded.")
    assert told_[False].endswith("no exception.")
    assert {case.exception for case in cases.of(SHIP, SHIP["boat.ready"])} == {None}


def test_a_rule_without_an_example_gets_a_case_to_start_from() -> None:
    """It is drawn, stripped of what it does not need, and met."""
    first = cases.of(SHIP, SHIP["boat.no_example"])[0]
    assert first.verdict == "met"
    assert first.given.keys() <= {"captain", "gear", "trip", "program", "id", "person"}


def test_a_kind_without_an_example_borrows_those_of_the_other_kind() -> None:
    """What is given for a boat can be given for a barge; a rule that asks for others starts where they hold."""
    barges = [case for case in cases.of(SHIP, SHIP["boat.both"]) if case.about == "barge"]
    assert {case.verdict for case in barges} >= {"met", "not_met"}
    assert any("about" in line for line in cases.as_examples(SHIP, barges).splitlines())
    assert {case.verdict for case in cases.of(SHIP, SHIP["barge.whole"])} >= {"met", "not_met"}


def test_where_a_reading_must_be_chosen_cases_are_of_readings() -> None:
    """Without a reading there is nothing to tell apart."""
    assert {case.reading for case in cases.of(SHIP, SHIP["boat.choose"])} == {"three", "four"}


def test_a_reading_is_told_as_one_change() -> None:
    """The same boat, read otherwise."""
    shows = [case.shows for case in cases.of(SHIP, SHIP["boat.in_time"]) if case.reading == "strict"]
    assert any("it is read as “strict”" in each for each in shows)


def test_what_the_examples_do_not_notice_is_told_with_a_case_that_would() -> None:
    """One example on no boundary leaves the number and the boundary unnoticed."""
    found = cases.unnoticed(SHIP, SHIP["boat.ready"])
    says = [str(each) for each in found]
    assert any(each.startswith("boat.ready: 4 instead of 3 in “the crew is at least 3”") for each in says)
    assert all("No example notices. Case " in each for each in says)
    for each in found:
        assert each.case
        assert mutants.notices(SHIP, each.mutant, {"boat.ready": [each.case]})
    assert cases.unnoticed(SHIP, SHIP["boat.in_time"]) == tuple(
        each for each in cases.unnoticed(SHIP, SHIP["boat.in_time"]) if each.mutant.reading == "strict"
    )


def test_what_no_case_notices_is_told_all_the_same() -> None:
    """Where no case would notice either, the sentence ends there."""
    mutant = cases.unnoticed(SHIP, SHIP["boat.ready"])[0].mutant
    assert str(cases.Unnoticed(mutant, None)).endswith("No example notices.")


# for people


def some_cases() -> tuple[Case, ...]:
    """Cases of two rules."""
    return (*cases.of(SHIP, SHIP["boat.ready"]), *cases.of(SHIP, SHIP["boat.in_time"]))


def test_a_review_sheet_has_a_box_for_each_case() -> None:
    """Rule by rule, with what the rule says and its source, and what is given where a case stands by itself."""
    sheet = cases.as_markdown(SHIP, some_cases())
    assert sheet.count("- [ ] **") == len(some_cases())
    assert (
        "## boat.ready\n\nThe boat is safe, and clean or painted, and its crew is large enough.\n\nSource: F: 3."
        in sheet
    )
    assert (
        "- [ ] **1.** A case to start from: met. It holds.\n  - On 2026-06-30, about a record of the kind boat:"
        in sheet
    )
    alone = attrs.evolve(some_cases()[0], reading="strict")
    assert "A case to start from: met. (read as “strict”)" in cases.as_markdown(SHIP, [alone])


def test_a_table_of_cases_has_no_formulas() -> None:
    """Each case is a row; a cell that begins as a formula does is a text."""
    odd = attrs.evolve(some_cases()[0], because="=1+1", exception=True)
    rows = [*csv.DictReader(io.StringIO(cases.as_csv([odd, *some_cases()])))]
    assert len(rows) == len(some_cases()) + 1
    assert (*rows[0],) == sheets.COLUMNS
    assert (rows[0]["because"], rows[0]["exception"], rows[0]["like"]) == ("'=1+1", "yes", "")
    assert {row["exception"] for row in rows} == {"yes", "no", ""}


def test_data_of_cases_has_exact_numbers_and_days() -> None:
    """Decimals and dates are texts, lists are lists, what is not there is null."""
    rows = json.loads(cases.as_json([*some_cases(), *cases.of(SHIP, SHIP["boat.no_example"])]))
    first = rows[0]
    assert (first["given"]["load"], first["on"], first["exception"]) == ("1.0", "2026-06-30", None)
    assert {*first} == {*sheets.COLUMNS}
    assert any(isinstance(row["given"].get("gear"), list) for row in rows)


def test_a_case_of_a_reading_that_only_a_definition_has_is_a_comment() -> None:
    """It cannot stand as an example of the rule, which has no such reading."""
    found = cases.of(SHIP, SHIP["boat.in_time"])
    commented = [line for line in cases.as_examples(SHIP, found).splitlines() if line.startswith("# ")]
    assert len(commented) == sum(case.reading == "a week" for case in found) > 0


# told


def fact(name: str, type_: str = "date", **more: object) -> Fact:
    """A fact of a case that is told."""
    base = Type("bool") if type_ == "bool" else Type(type_)  # type: ignore[arg-type]
    return Fact(name, base, **more)  # type: ignore[arg-type]


DAY: Final = dt.date(2026, 5, 1)
AT: Final = dt.datetime(2026, 5, 1, 10, tzinfo=dt.UTC)
SAID: Final = [
    (fact("d", says="the day"), dt.date(2026, 5, 2), DAY, "the day is 2026-05-02, one day later"),
    (fact("d", says="the day"), dt.date(2026, 4, 29), DAY, "the day is 2026-04-29, 2 days earlier"),
    (fact("d", says="the day"), dt.date(2027, 4, 29), DAY, "the day is 2027-04-29"),
    (fact("d", says="the day"), DAY, None, "the day is 2026-05-01"),
    (fact("d", says="the day"), None, DAY, "the day is not recorded"),
    (fact("d", says="the day"), NONE, DAY, "there is no day"),
    (
        fact("t", "instant", says="the time"),
        AT + dt.timedelta(minutes=1),
        AT,
        "the time is 2026-05-01 10:01:00+00:00, one minute later",
    ),
    (fact("t", "instant", says="the time"), AT + dt.timedelta(days=1), AT, "the time is 2026-05-02 10:00:00+00:00"),
    (fact("n", "number", says="the crew"), 4, 3, "the crew is 4, one more"),
    (fact("n", "number", says="the crew"), 1, 3, "the crew is 1, 2 less"),
    (fact("n", "number", says="the load"), Decimal("1.5"), Decimal("1.4"), "the load is 1.5, 0.1 more"),
    (fact("k", "choice", says="the kind"), "in_person", "video", "the kind is in person"),
    (fact("s", "set", says="the gear"), frozenset({"rope", "old_lamp"}), None, "the gear is old lamp and rope"),
    (fact("s", "set", says="the gear"), frozenset(), None, "the gear is none of them"),
    (fact("b", "bool", says="it is safe"), True, False, "it is safe"),
    (fact("b", "bool", says="it is safe"), False, True, "it is not so that it is safe"),
    (fact("b", "bool", says="it is safe"), None, True, "it is not recorded whether it is safe"),
]


@pytest.mark.parametrize(("of", "value", "before", "says"), SAID, ids=[row[3] for row in SAID])
def test_a_value_is_told_with_how_far_it_lies_from_the_one_before(
    of: Fact, value: object, before: object, says: str
) -> None:
    """Days, minutes and numbers are told apart; what lies far off is only named."""
    assert telling.said(of, value, before, "") == says


def told(given: dict[str, object], kind: str = "boat", on: dt.date = ON, reading: str = "") -> Told:
    """Given records as they are told."""
    made = examples.build(SHIP.vocabulary, kind, given)
    rows = variations.rows_of(SHIP.vocabulary.kinds, made.tables)
    return Told(rows, on, (kind, made.record.id), reading)


TRIP: Final = {"tug": "t", "guest": "g", "paid": True, "left_on": DAY}
APART: Final = [
    ({"trip": [TRIP]}, {"trip": [{**TRIP, "paid": False}]}, ["it is not so that the trip is paid (for the trip)"]),
    (
        {"trip": [TRIP]},
        {"trip": [{**TRIP, "left_on": dt.date(2026, 5, 2)}]},
        ["the day of leaving of the trip is 2026-05-02, one day later"],
    ),
    ({"trip": [TRIP]}, {"trip": [TRIP, TRIP]}, ["there is another trip like trip-1"]),
    (
        {"trip": [TRIP]},
        {"trip": [TRIP, {**TRIP, "paid": False}]},
        ["there is another trip like trip-1, where it is not so that the trip is paid"],
    ),
    ({"trip": [TRIP]}, {"trip": [TRIP] * 4}, ["there are 4 records of the kind trip instead of 1"]),
    ({"trip": [TRIP, TRIP]}, {"trip": [TRIP]}, ["trip trip-2 is left out"]),
    (
        {"trip": [TRIP, TRIP]},
        {"trip": [TRIP, {**TRIP, "paid": False}]},
        ["it is not so that the trip is paid (for trip trip-2)"],
    ),
    (
        {"safe": True},
        {"safe": True, "paper": [{"valid": True}]},
        ["there is a paper, where the paper is valid"],
    ),
    (
        {"safe": True, "paper": [{"valid": True}]},
        {"safe": False},
        ["there is no paper", "it is not so that the boat is safe"],
    ),
    ({"safe": True}, {"safe": True, "admission": [{}]}, ["there is an admission", "there is a person"]),
]


@pytest.mark.parametrize(("before", "after", "says"), APART)
def test_cases_are_told_apart(before: dict[str, object], after: dict[str, object], says: list[str]) -> None:
    """Records that are there now, those that are not, and facts with other values, each in a clause."""
    assert telling.differences(SHIP.vocabulary, told(after), told(before)) == says


def test_the_day_and_the_reading_are_differences_too() -> None:
    """The same case on another day, and read otherwise."""
    one, other = told({"safe": True}), told({"safe": True}, on=dt.date(2026, 7, 1), reading="strict")
    later = ["it is judged on 2026-07-01, one day later", "it is read as “strict”"]
    assert telling.differences(SHIP.vocabulary, other, one) == later
    assert telling.differences(SHIP.vocabulary, one, other)[1] == "no reading is chosen"
    assert telling.differences(SHIP.vocabulary, one, one) == []


def test_an_exception_that_is_not_known_is_told_so() -> None:
    """Whether the boat is painted is not recorded, so nobody knows of an exception."""
    stage = scenes.Stage(SHIP, SHIP["boat.in_time"], "boat")
    scene = stage.staged({"sails_on": DAY, "lands_on": DAY}, ON)
    twice = [drafting.draft(stage, scene, ""), drafting.draft(stage, scene, "")]
    (only,) = drafting.cases("boat.in_time", [twice])
    assert only.exception is None
    assert only.shows == "A case to start from: met, and it is not known whether there is an exception."


# written


def test_what_is_written_gives_the_same_records_again() -> None:
    """Whatever becomes of a worked example, what is written of it is read as the same records, or is not written."""
    written = 0
    for rule in [rule for rule in LANTERN.judged if rule.id not in testing.unjudged(LANTERN)][::4]:
        stage = scenes.Stage(LANTERN, rule, rule.about[0])
        for scene in stage.written("")[:1]:
            for other in tries.Tries(stage, "").near(scene)[::25]:
                rows, given = stage.written_as(other)
                assert given is not None, rule.id
                made = examples.build(LANTERN.vocabulary, stage.kind, given)
                assert variations.rows_of(LANTERN.vocabulary.kinds, made.tables) == rows
                written += 1
    assert written > 60


def test_records_that_the_format_has_no_place_for_are_not_written() -> None:
    """Another person beside the one whom a record refers to stands nowhere, unless another record can hold it."""
    vocabulary = SHIP.vocabulary
    alone = examples.build(vocabulary, "paper", {"boat": {"id": "b"}})
    rows = dict(variations.rows_of(vocabulary.kinds, alone.tables))
    boat = rows["boat", "b"]
    rows["boat", "c"] = boat
    assert writing.given(vocabulary, dict(sorted(rows.items())), ("paper", "paper-1")) == {
        "id": "paper-1",
        "boat": {"id": "b", "boat": [{"id": "c"}]},
    }
    rafts: dict[variations.Key, variations.Row] = {("raft", "r"): {"boat": None}, ("boat", "c"): boat}
    assert writing.given(vocabulary, rafts, ("raft", "r")) is None


def test_a_record_that_is_in_no_set_stands_beside_it() -> None:
    """A second boat that is not of the regatta stands behind its set of boats."""
    vocabulary = SHIP.vocabulary
    boat: variations.Row = dict.fromkeys(fact.name for fact in vocabulary["boat"].stored)
    regatta: variations.Row = {"boats": frozenset({"b"})}
    rows = {("boat", "b"): boat, ("boat", "c"): boat, ("regatta", "r"): regatta}
    found = writing.given(vocabulary, rows, ("regatta", "r"))
    assert found == {"id": "r", "boats": [{"id": "b"}], "boat": [{"id": "c"}]}


def test_doubles_get_the_ids_that_an_example_would_give() -> None:
    """Numbered on from the first; a name without a number gets one."""
    rows: variations.Rows = {("trip", name): {} for name in ("trip-1", "trip-1-again", "x", "x-again-3")}
    assert writing.named(rows) == {("trip", "trip-1-again"): "trip-2", ("trip", "x-again-3"): "x-1"}


TOML: Final = [True, False, 3, Decimal("2.50"), "a “b” \\ 'c'", DAY, AT, ["a", "b"], {"a": {"b": [1]}}, {}, []]


@pytest.mark.parametrize("value", TOML, ids=str)
def test_values_are_written_as_toml_reads_them(value: object) -> None:
    """Dates, instants, exact decimals, quotation marks and nested tables."""
    assert tomllib.loads(f"value = {writing.toml(value)}", parse_float=Decimal)["value"] == value


# varied


def world_of(rulebook: Rulebook, rule: str, given: Mapping[str, object]) -> variations.World:
    """A case as what can be varied."""
    found = rulebook[rule]
    made = examples.build(rulebook.vocabulary, found.about[0], given)
    return variations.World(rulebook, found, ON, made.record, made.tables, found.about[0])


TRIPS: Final = {"trip": [{"paid": True, "left_on": DAY, "back_on": DAY}], "program": {"time_zone": "UTC"}}


def test_single_changes_are_of_one_record_and_what_hangs_on_it() -> None:
    """Facts at their edges, records left out, doubled and repeated: none of it touches the original."""
    world = world_of(SHIP, "boat.paid", TRIPS)
    before = {key: dict(row) for key, row in world.rows.items()}
    changes = world.singles(variations.seeded(world.rule))
    assert {key: dict(row) for key, row in world.rows.items()} == before
    kinds = {key[0] for change in changes for key in change}
    assert {"boat", "trip", "person"} <= kinds
    counts = {sum(key[0] == "trip" for key in world.after([change])) for change in changes}
    assert counts >= {0, 1, 2, 3}
    assert world.counts() == (3,)
    assert world_of(SHIP, "boat.ready", {"safe": True}).counts() == ()


def test_copies_refer_to_one_another() -> None:
    """A regatta that is there twice with its boat has the other boat; alone it has the same one."""
    world = world_of(SHIP, "regatta.boats", {"id": "r", "boats": [{"id": "b"}]})
    alone, both = (world.copied(group, 0) for group in ({("regatta", "r")}, {("regatta", "r"), ("boat", "b")}))
    assert alone["regatta", "r-again-0"]["boats"] == {"b"}
    assert both["regatta", "r-again-0"]["boats"] == {"b-again-0"}


def test_the_record_judged_is_not_repeated_and_nothing_is_tried_beyond_the_edges() -> None:
    """Who judges one record judges one record."""
    world = world_of(SHIP, "boat.paid", TRIPS)
    assert world.judged not in [*world.repeated()]
    assert not [*world.beyond(world.judged, SHIP.vocabulary["boat"].facts["crew"])]
    assert {*world.varied()} <= world.rows.keys()


def test_a_rule_reads_what_it_asks_for_reads() -> None:
    """Readings and facts of definitions and other rules are among those of a rule; some rules look at all records."""
    assert variations.readings_of(SHIP, "boat.in_time") == {"strict", "a week"}
    assert ("barge", "safe") in variations.facts_of(SHIP, "barge.whole")
    assert variations.looks_at_all(LANTERN, LANTERN["program.places"])
    assert not variations.looks_at_all(LANTERN, LANTERN["chart.drawn"])


# searched


SAME: Final = """
[[criterion]]
id = "boat.lately"
about = "boat"
says = "A trip runs on the day of sailing, or ended at most nine days before it."
holds = "any(trip[boat], covers(this.sails_on) or 0 <= days_between(back_on, this.sails_on) <= 9)"
source = "F: 1"
examples = [
  { on = 2026-06-30, verdict = "met", given = { sails_on = 2026-05-20, trip = [
    { left_on = 2026-05-01, back_on = 2026-05-15 },
  ] } },
  { on = 2026-06-30, verdict = "met", given = { sails_on = 2026-05-20, trip = [
    { left_on = 2026-05-01, back_on = "none" },
  ] } },
]

[[criterion]]
id = "boat.no_steam"
about = "boat"
says = "The boat is no steamer; and it is no motor boat, or it is safe."
holds = "kind != 'steam' and (kind not in {'motor'} or safe)"
source = "F: 1"
examples = [
  { given = { kind = "motor", safe = true }, on = 2026-06-30, verdict = "met" },
]

[[criterion]]
id = "boat.same_day"
about = "boat"
says = "The boat sails on the day on which it is checked."
holds = "exists(checked_on) and sails_on == checked_on"
source = "F: 1"
examples = [
  { given = { sails_on = 2026-05-02, checked_on = 2026-05-02 }, on = 2026-06-30, verdict = "met" },
]
"""
"""Rules of which one change says nothing else than the rule, though not by the way in which it is written."""

EXPLAINED: Final = {
    "boat.lately": (
        "A trip that ends on the day of sailing ended 0 days before it, which is at most nine.",
        {"the day of its end is in, in “it runs on the day of sailing of the boat judged”"},
    ),
    "boat.no_steam": (
        "That it is no steamer is asked already, so adding it to the second condition excludes nothing more.",
        {"“steam” is added in “kind is not motor”"},
    ),
    "boat.same_day": (
        "A boat has a day of sailing, and that is never the day of a check that there was not.",
        {"“is checked” is left out", "`sails_on` instead of `checked_on` in “is checked”"},
    ),
}
"""What survives all cases, by rule: why, and what it says. All other changes are noticed."""


@pytest.mark.parametrize("rule", EXPLAINED)
def test_what_survives_says_what_the_rule_says(rule: str) -> None:
    """Nothing survives but what is explained: the same in every case, though it is written otherwise."""
    rulebook = peersupport.loads(KINDS + MORE_KINDS + SAME)
    _, says = EXPLAINED[rule]
    assert {*left(rulebook, rule)} == {f"{rule}: {each}" for each in says}


def test_a_scene_that_would_leave_the_calendar_is_not_moved() -> None:
    """A case with days centuries apart stays where it is."""
    stage = scenes.Stage(SHIP, SHIP["boat.checked"], "boat")
    far = stage.staged({"sails_on": dt.date(1900, 1, 2), "checked_on": dt.date(2199, 12, 30)}, ON)
    assert tries.Tries(stage, "").moved(far) == []
    near = stage.staged({"sails_on": dt.date(2026, 5, 1)}, ON)
    assert len({scene.on for scene in tries.Tries(stage, "").moved(near)}) > 3


def test_open_sets_are_tried_with_what_the_others_have() -> None:
    """Where the words of a set are not listed, those of the case's other sets are put in and taken out."""
    rulebook = peersupport.loads(
        f"""{KINDS.replace("set: rope anchor lamp", "set: open")}
[[criterion]]
id = "boat.equipped"
about = "boat"
says = "The boat has the gear that is wanted."
holds = "wanted <= gear"
source = "F: 1"
examples = [
  {{ given = {{ wanted = ["rope"], gear = ["rope", "lamp"] }}, on = 2026-06-30, verdict = "met" }},
]
"""
    )
    assert left(rulebook, "boat.equipped") == []


def test_a_record_that_can_refer_to_nothing_is_not_added() -> None:
    """A barge needs a boat: where there is none, none is added."""
    stage = scenes.Stage(SHIP, SHIP["barge.whole"], "barge")
    scene = stage.staged({"safe": True}, ON)
    lonely = attrs.evolve(scene, rows={key: row for key, row in scene.rows.items() if key[0] == "barge"})
    assert not [*tries.Tries(stage, "").with_one(lonely, "paper")]
    assert [*tries.Tries(stage, "").with_one(scene, "paper")]
