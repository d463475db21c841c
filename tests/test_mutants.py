"""Rule mutants: every sort of mistake in a made-up ferry's rules, and who notices it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import Rulebook, testing
from peersupport.readers import mutants
from peersupport.readers.judge import judge_of
from peersupport.readers.mutants import BOUNDARIES, NUMBERS, Mutant, Operator, alike, bench, spots
from peersupport.rules import calendar, examples, terms
from peersupport.rules.calendar import Period
from peersupport.rules.facts import BOOL, Fact, Type
from peersupport.rules.forms import Body, Clause, Criterion, Deadline, Example
from peersupport.rules.terms import AtLeast, Compare, In, Lit, Not, Read, Shift, Term
from peersupport.rules.terms import Path as Way

KINDS: Final = """rulebook = "ferry"
title    = "The ferry, an invented program"
version  = "1"

[sources.F]
title = "Rules of the ferry (invented)"

[kinds.boat]
says       = "a boat"
span       = { from = "sails_on", through = "lands_on" }
dated_by   = "sails_on"
captain    = "-> person or none"
mate       = "-> person or none"
sails_on   = { type = "date", says = "the day of sailing", event = "sails" }
lands_on   = { type = "date or none", says = "the day of landing", event = "lands" }
checked_on = { type = "date or none", says = "the day of the check", event = "is checked" }
called_at  = { type = "instant or none", says = "the time of the call", event = "is called" }
answered_at = { type = "instant or none", says = "the time of the answer", event = "is answered" }
kind       = "choice: sail motor steam"
crew       = { type = "int people", min = 0, says = "the crew" }
load       = { type = "decimal tons", min = 0, places = 1, says = "the load" }
safe       = { type = "bool", says = "the boat is safe" }
clean      = { type = "bool", says = "the boat is clean" }
painted    = { type = "bool", says = "the boat is painted" }
gear       = { type = "set: rope anchor lamp", says = "the gear" }
wanted     = { type = "set: rope anchor lamp", says = "the gear wanted" }

[kinds.trip]
says     = "a trip"
span     = { from = "left_on", until = "back_on" }
dated_by = "left_on"
boat     = "-> boat"
tug      = "-> boat"
guest    = "-> person"
left_on  = { type = "date or none", says = "the day of leaving", event = "leaves" }
back_on  = { type = "date or none", says = "the day of coming back", event = "comes back" }
paid     = { type = "bool", says = "the trip is paid" }
minutes  = "int minutes"
"""

RULES: Final = '''[[definition]]
id = "boat.due_back"
about = "boat"
says = "A boat is back two weeks after sailing."
is = "sails_on + weeks(2)"
source = "F: 1"
readings."a month" = { is = "sails_on + months(1)" }

[[criterion]]
id = "trip.back"
about = "trip"
says = "An invented rule."
holds = "back_on <= boat.due_back"
source = "F: 1"

[[limit]]
id = "boat.last_minutes"
about = "boat"
says = "An invented rule."
measure = "last(trip[boat].minutes)"
window = "ever"
at_most = 90
source = "F: 1"

[[definition]]
id = "boat.due_home"
about = "boat"
says = "A boat is home three weeks after sailing."
is = "sails_on + weeks(3)"
source = "F: 1"

[[criterion]]
id = "boat.fit"
about = "boat"
says = "Two of three signs are there."
need = 2
source = "F: 2"
[criterion.holds]
"safe" = "safe"
"clean" = "clean"
"painted" = "painted"

[[criterion]]
id = "boat.rig"
about = "boat"
says = "An invented rule."
when = "not painted"
holds = """
  kind in {'sail', 'motor'} and 'rope' in gear and wanted <= gear and exists(gear & {'lamp'}) and kind != 'steam'
  and known(crew)
"""
unless = "exists(captain)"
source = "F: 2"

[[criterion]]
id = "boat.numbers"
about = "boat"
says = "An invented rule."
holds = """
  crew + 1 >= 3 and load * 2 <= 4.5 and max(crew, 1) < 9 and sails_on > date(2020, 1, 1)
  and at_least(2, safe, clean, painted) and days_between(sails_on, checked_on) <= 30
  and birthday(captain.birth_date, 18) <= sails_on
"""
source = "F: 2"

[[criterion]]
id = "boat.trips"
about = "boat"
says = "An invented rule."
holds = """
  all(trip[boat], paid) and any(trip[tug], covers(this.sails_on) and paid) and any(trip[boat])
  and count(trip[boat], overlaps(this.sails_on, this.checked_on)) >= 2 and distinct(trip[boat].guest) <= 3
  and sum(trip[boat].minutes) < 90
"""
source = "F: 2"

[[criterion]]
id = "trip.safe"
about = ["trip"]
says = "An invented rule."
holds = "boat.safe and boat.captain == guest"
source = "F: 2"

[[criterion]]
id = "boat.home"
about = "boat"
says = "An invented rule."
holds = "lands_on < due_back"
choose = true
source = "F: 3"
readings."strict" = { holds = "lands_on < due_back" }
readings."late" = { holds = "lands_on <= due_back" }

[[deadline]]
id = "boat.checked"
about = "boat"
says = "An invented rule."
after = "sails_on"
within = "1 month"
done = ["first(trip[boat].back_on, paid)", "checked_on"]
not_before = "sails_on + days(2)"
until = "lands_on"
source = "F: 4"
readings."two months" = { within = "2 months" }

[[deadline]]
id = "boat.answered"
about = "boat"
says = "An invented rule."
due = "next_open(called_at) + business_days(1)"
done = "answered_at"
source = "F: 4"

[[deadline]]
id = "boat.third"
about = "boat"
says = "An invented rule."
due = "nth(3, trip[boat].left_on)"
done = "last(trip[boat].back_on)"
source = "F: 4"

[[deadline]]
id = "boat.cleaned"
about = "boat"
says = "An invented rule."
after = "sails_on"
within = "10 days"
again = "1 month"
times = 3
counted = "rolling"
until = "lands_on"
done = ["each(trip[boat].left_on)", "each(trip[tug].left_on)"]
source = "F: 5"

[[deadline]]
id = "boat.aired"
about = "boat"
says = "An invented rule."
after = "sails_on"
again = "1 week"
counted = "grid"
done = "each(trip[boat].left_on)"
source = "F: 5"

[[limit]]
id = "boat.crew"
about = "boat"
says = "An invented rule."
measure = "crew"
at_least = 2
at_most = 6
source = "F: 6"

[[limit]]
id = "boat.at_once"
about = "boat"
says = "An invented rule."
measure = "count(trip[boat])"
window = "at any time"
at_most = 2
source = "F: 6"

[[limit]]
id = "boat.ever"
about = "boat"
says = "An invented rule."
measure = "count(trip[boat])"
window = "ever"
at_most = 9
source = "F: 6"

[[limit]]
id = "boat.month"
about = "boat"
says = "An invented rule."
measure = "count(trip[boat])"
window = "calendar month"
at_most = 2
source = "F: 6"
readings."year" = { window = "calendar year" }
readings."day" = { window = "calendar day" }
readings."any month" = { window = "rolling 1 month" }
readings."any ten days" = { window = "rolling 10 business_days" }
readings."any day" = { window = "rolling 1 day" }
readings."season" = { window = "year from 12-01" }
readings."each" = { window = "each 7 days from sails_on" }
readings."between" = { window = "between trip[boat].left_on" }
'''

FERRY: Final = peersupport.loads(KINDS + RULES)
LANTERN: Final = peersupport.load(Path(__file__).parent / "rulebooks" / "lantern.toml")
ON: Final = dt.date(2026, 6, 30)


def ferry(rules: str) -> Rulebook:
    """The ferry with other rules."""
    return peersupport.loads(KINDS + rules)


def holding(condition: str, kinds: str = KINDS) -> Rulebook:
    """The ferry with one criterion of boats."""
    rule = f'id = "boat.x"\nabout = "boat"\nsays = "An invented rule."\nholds = "{condition}"\nsource = "F: 1"'
    return peersupport.loads(f"{kinds}\n[[criterion]]\n{rule}")


def said(rulebook: Rulebook, rule: str, reading: str = "") -> dict[str, Operator]:
    """The mutants of a rule under a reading: what each says, and its operator."""
    found = mutants.of(rulebook, rulebook[rule])
    return {mutant.says: mutant.operator for mutant in found if mutant.reading == reading}


CALLED: Final = (
    "the time itself instead of the next opening in “1 business day after the next opening from the time of the "
    "call on”, in `due`"
)
GUESTS: Final = (
    "records are counted, not different ones, in “the number of different people among trips (by boat) is at most 3”"
)
SAID: Final = [
    ("boat.numbers", "", Operator.BOUNDARY, "`>=` became `>` in “the crew plus 1 is at least 3”"),
    ("boat.numbers", "", Operator.SAME_DAY, "`>` became `>=` in “the day of sailing is after 2020-01-01”"),
    ("boat.checked", "", Operator.SAME_DAY, "the due day itself is too late"),
    ("boat.third", "", Operator.SAME_DAY, "the day after the due day is still in time"),
    ("boat.numbers", "", Operator.REVERSED, "`<` became `>` in “the greatest of the crew and 1 is less than 9”"),
    ("trip.safe", "", Operator.EQUAL, "`==` became `!=` in “captain of boat is guest”"),
    ("boat.numbers", "", Operator.NUMBER, "4 instead of 3 in “the crew plus 1 is at least 3”"),
    ("boat.numbers", "", Operator.NUMBER, "4.4 instead of 4.5 in “the load times 2 is at most 4.5”"),
    ("boat.crew", "", Operator.NUMBER, "`at_most` is 7 instead of 6"),
    ("boat.numbers", "", Operator.DATE, "2019-12-31 instead of 2020-01-01 in “the day of sailing is after 2020-01-01”"),
    ("boat.checked", "", Operator.DURATION, "`within` is 2 months instead of 1 month"),
    ("boat.aired", "", Operator.DURATION, "`again` is 2 weeks instead of 1 week"),
    ("boat.month", "any month", Operator.DURATION, "rolling 2 months instead of rolling 1 month"),
    ("boat.checked", "two months", Operator.UNIT, "`within` is 60 days instead of 2 months"),
    ("boat.month", "any ten days", Operator.UNIT, "rolling 10 days instead of rolling 10 business days"),
    ("boat.due_back", "", Operator.AHEAD, "before instead of after in “2 weeks after the day of sailing”"),
    ("boat.checked", "", Operator.AHEAD, "before instead of after in “1 month after the day of sailing”, in `due`"),
    ("trip.safe", "", Operator.JOINED, "one instead of all of “the boat is safe (for boat)” and the 1 beside it"),
    ("boat.fit", "", Operator.K_OF_N, "all instead of 2 of “safe” and the 2 beside it"),
    ("boat.fit", "", Operator.DROPPED, "“clean” is left out"),
    ("boat.checked", "", Operator.DROPPED, "“the trip is paid” is not asked of each trip, in `done`"),
    ("boat.checked", "", Operator.DROPPED, "“the day of the check” no longer counts, in `done`"),
    ("boat.cleaned", "", Operator.DROPPED, "“each day of leaving” no longer counts"),
    ("boat.fit", "", Operator.NOT, "the opposite of “the boat is clean”, in the clause “clean”"),
    ("boat.rig", "", Operator.NOT, "“the boat is painted” instead of its opposite, in `when`"),
    ("boat.rig", "", Operator.WHEN, "`when` is left out"),
    ("boat.rig", "", Operator.UNLESS, "`unless` is left out"),
    ("boat.fit", "", Operator.FACT, "`clean` instead of `safe` in “the boat is safe”, in the clause “safe”"),
    (
        "boat.home",
        "late",
        Operator.FACT,
        "`boat.due_home` instead of `boat.due_back` in “the day of landing is on or before the due back”",
    ),
    ("boat.cleaned", "", Operator.ANCHOR, "`lands_on` instead of `sails_on` in “the day of sailing”, in `after`"),
    ("boat.rig", "", Operator.CHOICE, "“sail” is left out of “kind is motor or sail”, in `holds`"),
    ("boat.rig", "", Operator.CHOICE, "“steam” is added in “kind is motor or sail”, in `holds`"),
    ("boat.rig", "", Operator.CHOICE, "“anchor” instead of “rope” in “rope is among the gear”, in `holds`"),
    ("boat.rig", "", Operator.IN, "“rope is not among the gear” instead of “rope is among the gear”, in `holds`"),
    ("boat.rig", "", Operator.SETS, "“the gear” instead of what both share, in `holds`"),
    ("boat.rig", "", Operator.RECORDED, "“there is some crew” instead of “the crew is recorded”, in `holds`"),
    ("boat.rig", "", Operator.RECORDED, "“captain is recorded” instead of “there is some captain”, in `unless`"),
    ("boat.numbers", "", Operator.FUNCTION, "`-` instead of `+` in “the crew plus 1 is at least 3”"),
    (
        "boat.answered",
        "",
        Operator.FUNCTION,
        CALLED,
    ),
    ("boat.trips", "", Operator.ANY, "`all` became `any` over trip in “for every trip (by boat) the trip is paid”"),
    ("boat.third", "", Operator.FIRST, "`last` became `first` over trip in “the last day of coming back”, in `done`"),
    ("boat.third", "", Operator.NTH, "number 2 instead of number 3 in “the 3rd day of leaving”, in `due`"),
    (
        "boat.at_once",
        "",
        Operator.COUNT,
        "every `guest` is counted once in “the number of trips (by boat)”, in `measure`",
    ),
    (
        "boat.trips",
        "",
        Operator.COUNT,
        "records are counted in “the sum of minutes over trips (by boat) is less than 90”",
    ),
    (
        "boat.trips",
        "",
        Operator.COUNT,
        GUESTS,
    ),
    (
        "boat.trips",
        "",
        Operator.PEER,
        "every `tug` is counted once in “the number of different people among trips (by boat) is at most 3”",
    ),
    (
        "trip.back",
        "",
        Operator.PEER,
        "`tug` instead of `boat` in “the day of coming back is on or before the due back of boat”",
    ),
    ("trip.safe", "", Operator.PEER, "`tug` instead of `boat` in “the boat is safe (for boat)”"),
    (
        "boat.trips",
        "",
        Operator.THROUGH,
        "the day of its end is in, in “it runs on the day of sailing of the boat judged”",
    ),
    ("boat.cleaned", "", Operator.GRID, "counted in fixed periods instead of from the last time it was done"),
    ("boat.cleaned", "", Operator.PERIOD, "every period is 10 days, as the first"),
    ("boat.cleaned", "", Operator.TIMES, "`times` is 2 instead of 3"),
    ("boat.checked", "", Operator.UNTIL, "`until` is left out: “the day of landing”"),
    ("boat.checked", "", Operator.NOT_BEFORE, "`not_before` is left out: “2 days after the day of sailing”"),
    ("boat.crew", "", Operator.BOUND, "`at_least` is left out"),
    ("boat.month", "", Operator.WINDOW, "in each calendar week instead of in each calendar month"),
    ("boat.month", "year", Operator.WINDOW, "in each year from 07-01 instead of in each calendar year"),
    ("boat.month", "season", Operator.WINDOW, "in each year from 01-01 instead of in each year from 12-01"),
    ("boat.at_once", "", Operator.WINDOW, "ever instead of at any time"),
    ("boat.ever", "", Operator.WINDOW, "at any time instead of ever"),
]
"""For every sort of mistake what a mutant of the ferry says."""


@pytest.mark.parametrize(("rule", "reading", "operator", "says"), SAID, ids=[f"{row[2].name}-{row[0]}" for row in SAID])
def test_each_sort_of_mistake_is_made_and_told(rule: str, reading: str, operator: Operator, says: str) -> None:
    """A mutant says in English what is wrong with it, and of what sort that is."""
    assert said(FERRY, rule, reading).get(says) is operator


def test_every_sort_of_mistake_is_tried() -> None:
    """No operator is without a mutant here; the numbers and boundaries are among them."""
    assert {row[2] for row in SAID} == {*Operator}
    assert {*Operator} > NUMBERS | BOUNDARIES


NOT_SAID: Final = [
    ("boat.checked", "", "event"),
    ("boat.aired", "", "`again` is 0 weeks"),
    ("boat.month", "day", "rolling 1 day"),
    ("boat.month", "any day", "calendar day"),
    ("boat.crew", "", "window"),
    ("boat.last_minutes", "", "at any time"),
]


@pytest.mark.parametrize(("rule", "reading", "part"), NOT_SAID)
def test_what_changes_nothing_or_cannot_be_said_is_no_mutant(rule: str, reading: str, part: str) -> None:
    """A period of nothing, a window that is the same days, a window for one's own fact: none of them is tried."""
    assert not [says for says in said(FERRY, rule, reading) if part in says]


@pytest.mark.parametrize("book", [FERRY, LANTERN], ids=lambda book: book.name)
def test_no_mutant_says_what_the_rule_says_or_another_mutant_does(book: Rulebook) -> None:
    """All bodies of a rule for a kind and reading differ, and by more than the way in which a condition is written."""
    for rule in book:
        for kind in rule.about:
            for reading in ("", *rule.readings):
                own = [each for each in mutants.of(book, rule) if (each.kind, each.reading) == (kind, reading)]
                body = book.body(rule, kind, frozenset({reading} - {""}))
                bodies = [alike.normal(body), *(alike.normal(each.body) for each in own)]
                assert len(set(bodies)) == len(bodies), rule.id


def test_a_rule_that_is_put_in_for_its_own_body_is_the_rule() -> None:
    """Every place of a body gives the body back when its own term is put there, also behind `not_before`."""
    for rule in (*FERRY, *LANTERN):
        book = FERRY if rule.id in FERRY and FERRY[rule.id] is rule else LANTERN
        for kind in rule.about:
            body = book.body(rule, kind)
            assert all(spot.put(spot.term) == body for spot in spots.spots(body)), rule.id


def test_what_a_reading_shares_with_the_rule_changes_with_it() -> None:
    """A change of what both say is one mutant; what only the reading says has mutants of its own."""
    found = {each.says: each for each in mutants.of(FERRY, FERRY["boat.checked"]) if not each.reading}
    shared = found["`until` is left out: “the day of landing”"]
    assert shared.bodies.keys() == {"", "two months"}
    assert found["`within` is 30 days instead of 1 month"].bodies.keys() == {""}
    assert "`until` is left out: “the day of landing”" not in said(FERRY, "boat.checked", "two months")
    form = shared.bodies["two months"].form
    assert isinstance(form, Deadline)
    assert form.until is None
    assert form.due == terms.Shift(form.due.base, Period(2, "months")) if isinstance(form.due, Shift) else False


def test_where_a_reading_must_be_chosen_only_readings_have_mutants() -> None:
    """Without a reading such a rule says nothing that could be wrong."""
    assert {each.reading for each in mutants.of(FERRY, FERRY["boat.home"])} == {"strict", "late"}


def test_a_mutant_tells_where_it_stands() -> None:
    """As text it names its rule, its reading and the change."""
    first = next(each for each in mutants.of(FERRY, FERRY["boat.home"]) if each.reading == "late")
    assert str(first).startswith("boat.home, under “late”: `<=` became")
    assert str(mutants.of(FERRY, FERRY["boat.crew"])[0]) == "boat.crew: `at_least` is 3 instead of 2"


def test_not_before_is_left_out_of_the_events_too() -> None:
    """The condition that `not_before` puts into an event is left out with it, and what the event asks itself stays."""
    mutant = next(m for m in mutants.of(FERRY, FERRY["boat.checked"]) if m.operator is Operator.NOT_BEFORE)
    form = mutant.body.form
    assert isinstance(form, Deadline)
    assert isinstance(form.done, terms.Earliest)
    first = form.done.of[0]
    assert isinstance(first, terms.Gather)
    assert isinstance(first.where, Read)


def test_an_event_without_a_condition_may_be_too_early_too() -> None:
    """Where an event has no condition of its own, nothing is left of it but the event."""
    book = ferry("""
[[deadline]]
id = "boat.met"
about = "boat"
says = "An invented rule."
due = "sails_on + days(9)"
done = "first(trip[boat].back_on)"
not_before = "sails_on"
source = "F: 1"
""")
    found = said(book, "boat.met")
    assert "`not_before` is left out: “the day of sailing”" in found
    assert "8 days instead of 9 days in “9 days after the day of sailing”, in `due`" in found
    assert not [says for says in found if "not asked of each trip" in says]


def test_a_definition_that_asks_for_the_rule_is_not_put_in_its_place() -> None:
    """A wrong name never leads in a circle."""
    book = ferry("""
[[definition]]
id = "boat.two"
about = "boat"
says = "An invented day."
is = "sails_on + days(1)"
source = "F: 1"

[[definition]]
id = "boat.one"
about = "boat"
says = "An invented day."
is = "two + days(1)"
source = "F: 1"

[[definition]]
id = "boat.three"
about = "boat"
says = "An invented day."
is = "one + days(1)"
source = "F: 1"
""")
    assert not [says for says in said(book, "boat.one") if "boat.three" in says]
    assert [says for says in said(book, "boat.three") if "`boat.two` instead of `boat.one`" in says]


def test_long_phrases_are_cut() -> None:
    """No sentence goes on and on: a long condition is quoted as far as it goes."""
    many = " or ".join(f"count(trip[boat], minutes > {n}) >= 2" for n in range(5))
    book = holding(f"safe and ({many})")
    dropped = [says for says in said(book, "boat.x") if says.endswith("…” is left out")]
    assert dropped
    assert all(len(says) < 200 for says in dropped)


# who notices


GUARDED: Final = """
[[definition]]
id = "boat.late_on"
about = "boat"
says = "A boat is late after ten days."
is = "sails_on + days(10)"
source = "F: 1"

[[definition]]
id = "boat.nowhere"
about = "boat"
says = "Nobody asks for this."
is = "sails_on + days(10)"
source = "F: 1"

[[criterion]]
id = "boat.in_time"
about = "boat"
says = "The boat lands before it is late."
holds = "lands_on <= late_on"
unless = "painted"
source = "F: 1"
readings."strict" = { holds = "lands_on < late_on" }
examples = [
  { given = { sails_on = 2026-05-01, lands_on = 2026-05-11 }, on = 2026-06-30, verdict = "met" },
  { given = { sails_on = 2026-05-01, lands_on = 2026-05-12 }, on = 2026-06-30, verdict = "not_met" },
]

[[criterion]]
id = "boat.good"
about = "boat"
says = "The boat is in time."
holds = "met('boat.in_time') and safe"
source = "F: 1"
examples = [
  { given = { sails_on = 2026-05-01, lands_on = 2026-05-11, safe = true }, on = 2026-06-30, verdict = "met" },
]
"""
GUARD: Final = ferry(GUARDED)


def left(rule: str, cases: object = None, book: Rulebook = GUARD) -> set[str]:
    """What the mutants of a rule say that its examples, or other cases, do not notice."""
    found = book[rule].examples if cases is None else cases
    return {each.says for each in mutants.survivors(book, book[rule], found)}  # type: ignore[arg-type]


def test_examples_on_both_sides_of_a_boundary_notice_that_it_moves() -> None:
    """The day itself in, the day after out: neither the strict nor the turned comparison goes unnoticed."""
    missed = left("boat.in_time")
    assert not [says for says in missed if says.startswith("`<=` became")]
    assert [says for says in missed if says.startswith("`<` became")], "no example is judged under the reading"


def test_without_examples_every_mutant_survives() -> None:
    """Nobody notices what nobody looks at."""
    assert len(left("boat.in_time", ())) == len({m.says for m in mutants.of(GUARD, GUARD["boat.in_time"])})


def test_an_example_that_is_wrong_itself_notices_nothing() -> None:
    """What does not come out as stated proves nothing about a mutant."""
    wrong = Example({"sails_on": dt.date(2026, 5, 1), "lands_on": dt.date(2026, 5, 2)}, ON, "not_met")
    assert left("boat.in_time", [wrong]) == left("boat.in_time", ())


def test_an_example_of_a_reading_says_nothing_of_what_only_another_says() -> None:
    """A case notices a mutant only where the mutant stands."""
    strict = Example(
        {"sails_on": dt.date(2026, 5, 1), "lands_on": dt.date(2026, 5, 11)}, ON, "not_met", reading="strict"
    )
    missed = left("boat.in_time", [strict])
    assert not [says for says in missed if "`<` became `<=`" in says]
    assert [says for says in missed if "`<=` became `<`" in says]


def test_a_reading_that_only_a_definition_has_leaves_the_rule_as_it_is() -> None:
    """Under it a case notices what is wrong with the rule itself too."""
    text = GUARDED.replace(
        'is = "sails_on + days(10)"', 'is = "sails_on + days(10)"\nreadings."nine" = { is = "sails_on + days(9)" }', 1
    )
    book = ferry(text)
    nine = Example({"sails_on": dt.date(2026, 5, 1), "lands_on": dt.date(2026, 5, 10)}, ON, "met", reading="nine")
    assert not [says for says in left("boat.in_time", [nine], book) if says.startswith("`<=` became `<`")]


def test_the_mutants_of_a_definition_show_in_the_rules_that_ask_for_it() -> None:
    """Its number is noticed by the examples of a rule that reads it."""
    rule = GUARD["boat.late_on"]
    assert mutants.examples_of(GUARD, rule) == {"boat.in_time": GUARD["boat.in_time"].examples}
    missed = left("boat.late_on", mutants.examples_of(GUARD, rule))
    assert not [says for says in missed if says.startswith(("11 days", "9 days"))]
    assert mutants.asking(GUARD, GUARD["boat.nowhere"]) == ()
    assert bench.home(GUARD, GUARD["boat.nowhere"]) is None
    assert bench.home(GUARD, rule) is GUARD["boat.in_time"]
    assert mutants.definitions(GUARD, GUARD["boat.in_time"]) == (rule,)
    assert mutants.asking(GUARD, GUARD["boat.good"]) == (GUARD["boat.good"],)


def test_a_definition_shows_in_the_rules_that_ask_for_it() -> None:
    """A definition shows in all rules that ask for it and are judged, whatever their window."""
    rule = LANTERN["stay.season_end"]
    assert rule in mutants.definitions(LANTERN, LANTERN["stay.weekly_visit"])
    assert [each.id for each in mutants.asking(LANTERN, rule)] == ["chart.drawn", "stay.messages", "stay.weekly_visit"]


def test_a_rule_that_cannot_be_judged_shows_nothing() -> None:
    """A definition does not show in a limit whose window is not judged yet."""
    text = """
rulebook = "hours"
title = "A limit in hours"
[sources.F]
title = "fiction"
[kinds.bell]
dated_by = "rang"
rang = "instant"
person = "-> person"
[[definition]]
id = "person.most"
about = "person"
says = "Two."
is = "2"
source = "F: 1"
[[definition]]
id = "person.first_bell"
about = "person"
says = "The first bell."
is = "first(bell.rang)"
source = "F: 1"
[[limit]]
id = "person.bells"
about = "person"
says = "Few bells."
measure = "count(bell)"
window = "each 24 hours from first_bell"
at_most = "most"
source = "F: 1"
"""
    book = peersupport.loads(text)
    assert {*mutants.definitions(book, book["person.bells"])} == {book["person.most"], book["person.first_bell"]}
    assert mutants.asking(book, book["person.most"]) == ()


def test_a_rule_shows_the_mutants_of_a_rule_that_it_asks_for() -> None:
    """Through `met` a wrong rule changes the verdict of another, and what has nothing to do with it is shared."""
    rule, other = GUARD["boat.in_time"], GUARD["boat.good"]
    nine = next(m for m in mutants.of(GUARD, GUARD["boat.late_on"]) if m.says.startswith("9 days"))
    assert mutants.notices(GUARD, nine, {other.id: other.examples})
    assert mutants.notices(GUARD, nine, {rule.id: rule.examples})
    assert not mutants.notices(GUARD, nine, {rule.id: ()})
    assert bench.affected(GUARD, GUARD["boat.late_on"]) == {"boat.late_on", "boat.in_time", "boat.good"}


@attrs.frozen
class Stated:
    """A case that states whether an exception is recorded."""

    given: Mapping[str, object]
    on: dt.date
    verdict: str
    exception: bool | None
    about: str = ""
    reading: str = ""


def test_a_case_that_states_exceptions_notices_what_is_wrong_with_them() -> None:
    """`unless` changes no verdict, so an example of today does not notice it; a case that states it does."""
    facts = {"sails_on": dt.date(2026, 5, 1), "lands_on": dt.date(2026, 5, 2)}
    plain = Example({**facts, "painted": True}, ON, "met")
    assert "`unless` is left out" in left("boat.in_time", [plain])
    assert "`unless` is left out" not in left(
        "boat.in_time", [Stated({**facts, "painted": True}, ON, "met", exception=True)]
    )


def test_many_cases_are_answered_as_few_are() -> None:
    """From many cases on a function of its own answers; it says what the judge says."""
    rule = GUARD["boat.late_on"]
    nine = next(m for m in mutants.of(GUARD, rule) if m.says.startswith("9 days"))
    asker = GUARD["boat.good"]
    wrong = bench.wrong(GUARD, asker, "boat", "", nine)
    example = asker.examples[0]
    made = examples.case(GUARD.vocabulary, asker, example)
    shown = bench.Shown(made.record, made.tables, example.on)
    answers = {wrong.answer(shown) for _ in range(bench.OFTEN + 2)}
    assert answers == {("not_met", None)}
    assert wrong.quick is not None
    safe = next(m for m in mutants.of(GUARD, asker) if m.says == "the opposite of “the boat is safe”")
    turned = bench.wrong(GUARD, asker, "boat", "", safe)
    assert {turned.answer(shown) for _ in range(bench.OFTEN + 2)} == {("not_met", None)}
    assert {bench.sound(GUARD, asker, "boat", "").answer(shown) for _ in range(bench.OFTEN + 2)} == {("met", None)}


def test_no_text_is_read_again_for_a_mutant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant is put into the rulebook as it is: nothing is parsed, and the rulebook itself does not change."""
    rule = GUARD["boat.in_time"]
    before = judge_of(GUARD).rulebook.body(rule, "boat")
    mutant = mutants.of(GUARD, rule)[0]
    mutants.notices(GUARD, mutant, {rule.id: rule.examples})
    monkeypatch.setattr("peersupport.rules.rulebook.build", None)
    other = mutants.of(GUARD, rule)[1]
    mutants.notices(GUARD, other, {rule.id: rule.examples})
    assert GUARD.body(rule, "boat") == before


def test_every_mutant_of_a_judged_rule_can_be_judged() -> None:
    """No mistake makes a rule that the judge refuses: what would not load is no mutant."""
    refused = testing.unjudged(FERRY).keys() | testing.unjudged(LANTERN).keys()
    for book in (FERRY, LANTERN):
        for rule in (rule for rule in book.judged if rule.id not in refused):
            for mutant in mutants.of(book, rule):
                bench.wrong(book, rule, mutant.kind, mutant.reading, mutant).judge.ready(
                    rule, mutant.kind, frozenset({mutant.reading} - {""})
                )


# conditions that say the same


WAY: Final = Way(0, "boat")
LEAVES: Final = [Read(WAY, Fact(name, BOOL)) for name in ("a", "b", "c")]
KIND: Final = Read(WAY, Fact("kind", Type("choice", choices=("x", "y", "z"))))
CHOICES: Final = st.frozensets(st.sampled_from("xyz"), min_size=1).map(lambda some: Lit(some, Type("set")))
WORDS: Final = st.sampled_from("xyz").map(lambda word: Lit(word, Type("choice", choices=("x", "y", "z"))))


def joined(parts: list[Term]) -> st.SearchStrategy[Term]:
    """At least some of some conditions."""
    return st.integers(1, len(parts)).map(lambda k: AtLeast(k, tuple(parts)))


CONDITIONS: Final = st.recursive(
    st.one_of(
        st.sampled_from(LEAVES),
        st.builds(In, st.just(KIND), CHOICES, st.booleans()),
        st.builds(Compare, st.sampled_from(["==", "!="]), st.just(KIND), WORDS),
    ),
    lambda inner: st.one_of(inner.map(Not), st.lists(inner, min_size=1, max_size=3).flatmap(joined)),
    max_leaves=7,
)


def truth(term: Term, facts: Mapping[str, object]) -> bool | None:
    """Whether a condition holds, where a fact may not be recorded."""
    match term:
        case Read(fact=fact):
            value = facts[fact.name]
            return value if isinstance(value, bool) else None
        case Not(of=of):
            inner = truth(of, facts)
            return None if inner is None else not inner
        case AtLeast(k=k, of=of):
            held = [truth(each, facts) for each in of]
            return True if held.count(True) >= k else False if held.count(False) > len(of) - k else None
        case In(of=Lit(value=frozenset() as some), negated=negated):
            return None if facts["kind"] is None else (facts["kind"] in some) is not negated
        case Compare(op=op, right=Lit(value=word)):
            return None if facts["kind"] is None else (facts["kind"] == word) is (op == "==")
        case _:
            raise AssertionError(term)


FACTS: Final = st.fixed_dictionaries(
    {
        **dict.fromkeys(("a", "b", "c"), st.sampled_from([True, False, None])),
        "kind": st.sampled_from(["x", "y", "z", None]),
    }
)


@given(CONDITIONS, FACTS)
def test_the_normal_form_of_a_condition_holds_when_the_condition_does(
    condition: Term, facts: Mapping[str, object]
) -> None:
    """Yes, no and not known alike: so what has the same normal form has the same verdict in every case."""
    assert truth(alike.tidied(condition), facts) is truth(condition, facts)


@given(CONDITIONS)
def test_a_normal_form_has_itself_as_normal_form(condition: Term) -> None:
    """What is tidy stays as it is."""
    tidy = alike.tidied(condition)
    assert alike.tidied(tidy) == tidy


def test_an_end_behind_the_due_day_changes_no_verdict() -> None:
    """A deadline whose time ends some days behind the due day is owed in any case; one that ends before it is not."""
    due = Shift(Read(WAY, Fact("day", Type("date"))), Period(3, "days"))
    form = Deadline(due, due)
    behind, before = (attrs.evolve(form, until=Shift(due, Period(days, "days"))) for days in (1, -1))
    assert alike.normal(Body(behind)) == alike.normal(Body(form))
    assert alike.normal(Body(before)) != alike.normal(Body(form))


def test_conditions_inside_others_are_put_in_order_too() -> None:
    """Also where a condition stands deep in the condition on related records."""
    texts = ("paid and boat.safe", "boat.safe and (paid or paid) and not not paid")
    one, other = (holding(f"any(trip[boat], {text})") for text in texts)
    assert alike.normal(one.body(one["boat.x"], "boat")) == alike.normal(other.body(other["boat.x"], "boat"))


def test_clauses_by_name_are_joined_as_others_are() -> None:
    """A criterion says the same with its clauses in another order, and with other names."""
    a, b = LEAVES[:2]
    forms = [Criterion((Clause("one", a), Clause("two", b)), 2), Criterion((Clause("", b), Clause("", a)), 2)]
    assert len({alike.normal(Body(form)) for form in forms}) == 1


def test_numbers_stay_where_a_birthday_can_be() -> None:
    """Nobody turns -1, and a period of the calendar stays one."""
    book = holding("birthday(captain.birth_date, 0) <= sails_on")
    numbers = [says for says, operator in said(book, "boat.x").items() if operator is Operator.NUMBER]
    assert [says[:12] for says in numbers] == ["1 instead of"]
    assert calendar.UNITS


def test_open_choices_have_no_neighbours() -> None:
    """Where the words of a choice are not listed, none is put in the place of one."""
    book = holding("kind == 'sail'", KINDS.replace("choice: sail motor steam", "choice: open"))
    assert Operator.CHOICE not in said(book, "boat.x").values()


def test_mutants_are_made_once() -> None:
    """They are kept with the rulebook."""
    assert mutants.of(FERRY, FERRY["boat.fit"]) is mutants.of(FERRY, FERRY["boat.fit"])
    assert all(isinstance(each, Mutant) for each in mutants.of(FERRY, FERRY["boat.fit"]))
