"""Rules in plain words: a phrase for each node of the language, each form of rule, the page of a rulebook, a finding.

The harbor and its lamps are made up, so that no sentence here is anybody's regulation.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from peersupport import Finding, Force, Place, Reason, Rulebook, Verdict, available, explain, load
from peersupport.readers import english
from peersupport.rules import loading, terms
from peersupport.rules.facts import Vocabulary
from peersupport.rules.findings import Judged
from peersupport.rules.forms import Citation
from peersupport.rules.syntax import Scope, parse
from peersupport.rules.terms import Term

PAGES = Path(__file__).parents[1] / "docs" / "rulebooks"

HEAD = """
rulebook = "harbor"
title    = "A made-up harbor"
version  = "3"

[sources.HB]
title = "Handbook of the harbor"
"""

KINDS = """
[kinds.program]
opens_on = { type = "date", says = "the day of opening", event = "the harbor opens" }

[kinds.keeper]
joined_on = { type = "date", says = "the day of joining", event = "the keeper joins" }
senior    = { type = "bool", says = "the keeper is senior" }
skills    = { type = "set: rope light_signals", says = "the skills" }
mentor    = { type = "-> keeper or none", says = "the mentor" }

[kinds.lamp]
span        = { from = "lit_on", until = "out_on" }
dated_by    = "lit_on"
keeper      = { type = "-> keeper", says = "the keeper in charge" }
owner       = { type = "-> keeper", says = "the owner" }
helpers     = { type = "-> set of keeper", says = "the helpers" }
lit_on      = { type = "date", says = "the day the lamp is lit", event = "the lamp is lit" }
out_on      = { type = "date or none", says = "the day the lamp goes out", event = "the lamp goes out" }
seen_at     = { type = "instant", says = "the time the lamp is seen", event = "the lamp is seen" }
reported_at = { type = "instant", says = "the moment of the report", event = "the lamp is reported" }
color       = { type = "choice: red green deep_blue", says = "the color" }
bright      = { type = "bool", says = "the lamp is bright" }
steady      = { type = "bool", says = "the lamp is steady" }
high        = { type = "bool", says = "the lamp is high" }
height      = { type = "int meters", says = "the height" }
needs       = { type = "set: rope light_signals", says = "the skills that it needs" }
old_mark    = "text or none"

[kinds.round]
dated_by = "held_on"
lamp     = { type = "-> lamp", says = "the lamp looked at" }
keeper   = { type = "-> keeper", says = "the keeper on the round" }
held_on  = { type = "date", says = "the day of the round", event = "the round is made" }
calm     = { type = "bool", says = "the sea is calm" }
minutes  = { type = "int minutes", says = "the minutes" }

[kinds.oil]
lamp = { type = "-> lamp", says = "the lamp that burns it" }

[kinds.ferry]
lamp = { type = "-> lamp", says = "the lamp that it steers by" }

[kinds.buoy]
lamp = { type = "-> lamp", says = "the lamp on it" }

[kinds.watch]
lamp = { type = "-> lamp", says = "the lamp watched" }

[[definition]]
id     = "lamp.last_day"
about  = "lamp"
says   = "The last day of a lamp."
is     = "lit_on + months(6)"
source = "HB: 1"

[[definition]]
id     = "lamp.ready"
about  = "lamp"
says   = "Whether a lamp is ready."
is     = "bright and steady"
source = "HB: 1"
"""

HARBOR = loading.load(HEAD + KINDS, Vocabulary({}))


def _parsed(text: str) -> Term:
    return parse(text, Scope(HARBOR.vocabulary, "lamp", HARBOR.definitions, each=True))


# phrases

LIST = "{} of these: (a) {}, (b) {}, (c) {}, (d) {}"
MIXED = "one of these: (a) {}, (b) all of these: (1) {}, (2) {}"
NOUNS = [
    ("0.5", "0.5"),
    ("date(2026, 1, 31)", "2026-01-31"),
    ("on", "the day asked about"),
    ("lit_on", "the day the lamp is lit"),
    ("old_mark", "old mark"),
    ("keeper.joined_on", "the day of joining of the keeper in charge"),
    ("keeper.mentor.joined_on", "the day of joining of the mentor of the keeper in charge"),
    ("program.opens_on", "the day of opening of the program"),
    ("last_day", "the last day"),
    ("lit_on + days(30)", "30 days after the day the lamp is lit"),
    ("lit_on - months(1)", "1 month before the day the lamp is lit"),
    ("lit_on + weeks(0)", "the day the lamp is lit"),
    ("day(seen_at)", "the day the lamp is seen"),
    ("day(reported_at)", "the day of the moment of the report"),
    ("next_open(seen_at)", "the next opening from the time the lamp is seen on"),
    ("days_between(lit_on, on)", "the number of days from the day the lamp is lit to the day asked about"),
    ("age(lit_on, on)", "the age on the day asked about, counted from the day the lamp is lit,"),
    ("birthday(lit_on, 18)", "the 18th birthday counted from the day the lamp is lit"),
    ("birthday(lit_on, 1)", "the 1st birthday counted from the day the lamp is lit"),
    ("min(lit_on, on)", "the earliest of the day the lamp is lit and the day asked about"),
    ("max(lit_on, on)", "the latest of the day the lamp is lit and the day asked about"),
    ("min(height, 3)", "the least of the height and 3"),
    ("max(height, 3)", "the greatest of the height and 3"),
    ("height + 3", "the height plus 3"),
    ("height - 3", "the height minus 3"),
    ("height * 2", "the height times 2"),
    ("(height + 1) * 2", "(the height plus 1) times 2"),
    ("height + 2 * height", "the height plus (2 times the height)"),
    ("needs & skills_of", "what the skills that it needs and the skills of the keeper in charge share"),
    ("count(round)", "the number of rounds"),
    ("count(ferry)", "the number of ferries"),
    ("count(buoy)", "the number of buoys"),
    ("count(watch)", "the number of watches"),
    ("count(round, calm)", "the number of rounds for which the sea is calm"),
    ("sum(round.minutes)", "the sum of minutes over rounds"),
    ("sum(round.minutes, calm)", "the sum of minutes over rounds for which the sea is calm"),
    ("distinct(round.keeper)", "the number of different keepers among rounds"),
    ("distinct(round.keeper, calm)", "the number of different keepers among rounds for which the sea is calm"),
    (
        "distinct(keeper.lamp[keeper].color)",
        "the number of different values of color among lamps (by keeper) of the keeper in charge",
    ),
    ("first(round.held_on)", "the first day of the round"),
    ("last(round.held_on, calm)", "the last day of the round, among rounds for which the sea is calm"),
    ("each(round.held_on)", "each day of the round"),
    ("nth(1, round.held_on)", "the 1st day of the round"),
    ("nth(2, round.held_on)", "the 2nd day of the round"),
    ("nth(3, round.held_on)", "the 3rd day of the round"),
    ("nth(4, round.held_on)", "the 4th day of the round"),
    ("nth(11, round.held_on)", "the 11th day of the round"),
    ("nth(20, round.held_on)", "the 20th day of the round"),
    ("nth(21, round.held_on)", "the 21st day of the round"),
    ("nth(112, round.held_on)", "the 112th day of the round"),
]

CLAUSES = [
    ("bright", "the lamp is bright"),
    ("not bright", "it is not so that the lamp is bright"),
    ("color == 'deep_blue'", "the color is deep blue"),
    ("color != 'red'", "the color is not red"),
    ("'red' == color", "the color is red"),
    ("color in {'red', 'deep_blue', 'green'}", "the color is deep blue, green or red"),
    ("color not in {'red', 'deep_blue'}", "the color is not deep blue or red"),
    ("'light_signals' in needs", "light signals is among the skills that it needs"),
    ("'rope' not in needs", "rope is not among the skills that it needs"),
    ("keeper in helpers", "the keeper in charge is among the helpers"),
    ("needs <= keeper.skills", "all of the skills that it needs are among the skills of the keeper in charge"),
    ("known(height)", "the height is recorded"),
    ("known(bright and steady)", "whether the lamp is bright and the lamp is steady is recorded"),
    ("exists(out_on)", "the lamp goes out"),
    ("exists(keeper.joined_on)", "there is some day of joining of the keeper in charge"),
    ("exists(old_mark)", "there is some old mark"),
    ("met('lamp.seen')", "lamp.seen holds"),
    ("covers(on)", "it runs on the day asked about"),
    ("overlaps(lit_on, on)", "it shares time with the day the lamp is lit until the day asked about"),
    ("any(round)", "there is a round"),
    ("any(oil)", "there is an oil"),
    ("any(round, calm)", "there is a round for which the sea is calm"),
    ("any(keeper.lamp[owner], high)", "there is a lamp (by owner) of the keeper in charge for which the lamp is high"),
    ("any(keeper.lamp[owner])", "there is a lamp (by owner) of the keeper in charge"),
    (
        "any(round, held_on > this.lit_on)",
        "there is a round for which the day of the round is after the day the lamp is lit of the lamp judged",
    ),
    (
        "any(round, exists(this.out_on))",
        "there is a round for which there is some day the lamp goes out of the lamp judged",
    ),
    ("keeper.senior", "the keeper is senior (for the keeper in charge)"),
    ("ready", "ready holds"),
    ("all(round, calm)", "for every round the sea is calm"),
    ("height < 3", "the height is less than 3"),
    ("height <= 3", "the height is at most 3"),
    ("height > 3", "the height is more than 3"),
    ("height >= 3", "the height is at least 3"),
    ("height == 3", "the height is 3"),
    ("height != 3", "the height is not 3"),
    ("3 < height", "the height is more than 3"),
    ("3 >= height", "the height is at most 3"),
    ("lit_on < on", "the day the lamp is lit is before the day asked about"),
    ("lit_on <= on", "the day the lamp is lit is on or before the day asked about"),
    ("lit_on > on", "the day the lamp is lit is after the day asked about"),
    ("lit_on >= on", "the day the lamp is lit is on or after the day asked about"),
    ("seen_at < reported_at", "the time the lamp is seen is before the moment of the report"),
]

NEGATED = [
    ("not (not bright)", "the lamp is bright"),
    ("not (color in {'red'})", "the color is not red"),
    ("not (color not in {'red'})", "the color is red"),
    ("not ('rope' in needs)", "rope is not among the skills that it needs"),
    ("not needs <= keeper.skills", "not all of the skills that it needs are among the skills of the keeper in charge"),
    ("not known(height)", "the height is not recorded"),
    ("not exists(out_on)", "it is not so that the lamp goes out"),
    ("not exists(old_mark)", "there is no old mark"),
    ("not met('lamp.seen')", "lamp.seen does not hold"),
    ("not covers(on)", "it does not run on the day asked about"),
    ("not overlaps(lit_on, on)", "it shares no time with the day the lamp is lit until the day asked about"),
    ("not any(round)", "there is no round"),
    ("not any(round, calm)", "there is no round for which the sea is calm"),
    ("not all(round, minutes > 30)", "for some round the minutes is at most 30"),
    ("not all(round, not calm)", "for some round the sea is calm"),
    ("not height < 3", "the height is at least 3"),
    ("not height <= 3", "the height is more than 3"),
    ("not height == 3", "the height is not 3"),
    ("not height != 3", "the height is 3"),
    ("not lit_on > on", "the day the lamp is lit is on or before the day asked about"),
    ("not (known(height) and exists(old_mark))", "the height is not recorded or there is no old mark"),
    ("not (known(height) or exists(old_mark))", "the height is not recorded and there is no old mark"),
    ("not (3 <= height <= 12)", "the height is less than 3 or the height is more than 12"),
    (
        "not at_least(2, height < 3, known(color), known(needs), exists(old_mark))",
        LIST.format(
            "at least 3",
            "the height is at least 3",
            "the color is not recorded",
            "the skills that it needs is not recorded",
            "there is no old mark",
        ),
    ),
    (
        "not (height < 3 and (known(color) or exists(old_mark)))",
        "one of these: (1) the height is at least 3, (2) the color is not recorded and there is no old mark",
    ),
]

LISTS = [
    ("bright and steady", "the lamp is bright and the lamp is steady"),
    ("bright or steady or high", "the lamp is bright or the lamp is steady or the lamp is high"),
    (
        "bright and steady and high and exists(old_mark)",
        LIST.format("all", "the lamp is bright", "the lamp is steady", "the lamp is high", "there is some old mark"),
    ),
    (
        "bright or steady or high or exists(old_mark)",
        LIST.format("one", "the lamp is bright", "the lamp is steady", "the lamp is high", "there is some old mark"),
    ),
    (
        "bright and (steady or high)",
        "all of these: (1) the lamp is bright, (2) the lamp is steady or the lamp is high",
    ),
    (
        "bright or steady and (high or met('a'))",
        MIXED.format("the lamp is bright", "the lamp is steady", "the lamp is high or a holds"),
    ),
    (
        "at_least(2, bright, steady, high)",
        "at least 2 of these: (a) the lamp is bright, (b) the lamp is steady, (c) the lamp is high",
    ),
]

RANGES = [
    ("3 <= height <= 12", "the height is 3 to 12"),
    (
        "0 <= days_between(lit_on, on) <= 90",
        "the number of days from the day the lamp is lit to the day asked about is 0 to 90",
    ),
    ("date(2026, 1, 1) <= lit_on <= on", "the day the lamp is lit is 2026-01-01 to the day asked about"),
    ("bright or 3 <= height <= 12", "the lamp is bright or the height is 3 to 12"),
    ("3 < height <= 12", "the height is more than 3 and the height is at most 12"),
    ("3 <= height < 12", "the height is at least 3 and the height is less than 12"),
    ("3 <= height and count(round) <= 12", "the height is at least 3 and the number of rounds is at most 12"),
    ("3 <= height and bright", "the height is at least 3 and the lamp is bright"),
    ("bright and height <= 12", "the lamp is bright and the height is at most 12"),
]


def _said(text: str) -> str:
    term = _parsed(text.replace("skills_of", "keeper.skills"))
    return english.clause(term) if term.type.base == "bool" else english.noun(term)


@pytest.mark.parametrize(("text", "phrase"), NOUNS)
def test_a_value_is_a_noun_phrase(text: str, phrase: str) -> None:
    """Values come from what facts say, with their periods, owners and gatherings."""
    assert _said(text) == phrase


@pytest.mark.parametrize(("text", "phrase"), CLAUSES)
def test_a_condition_is_a_clause(text: str, phrase: str) -> None:
    """Conditions are said as a person would, the fact first."""
    assert _said(text) == phrase


@pytest.mark.parametrize(("text", "phrase"), NEGATED)
def test_negation_is_pushed_to_the_leaves(text: str, phrase: str) -> None:
    """Not of an `and` is an `or` of nots; not of a comparison is its opposite; not of not is nothing."""
    assert _said(text) == phrase


@pytest.mark.parametrize(("text", "phrase"), LISTS)
def test_mixed_and_or_becomes_lettered_lists(text: str, phrase: str) -> None:
    """Short ones of one kind are a sentence; long or mixed ones are lists, each level with marks of its own."""
    assert _said(text) == phrase


@pytest.mark.parametrize(("text", "phrase"), RANGES)
def test_a_range_is_recognised(text: str, phrase: str) -> None:
    """A chained comparison with both ends in is "is 3 to 12"; any other stays two comparisons."""
    assert _said(text) == phrase


def test_several_of_a_person_are_people() -> None:
    """The one plural that no ending gives."""
    book = load("nebraska-dbh")
    term = parse("distinct(contact.person)", Scope(book.vocabulary, "peer_provider", book.definitions, each=True))
    assert english.noun(term) == "the number of different people among contacts"


def test_the_earliest_of_several_events_lists_them() -> None:
    """Events any of which will do are listed."""
    events = terms.Earliest((_parsed("lit_on"), _parsed("first(round.held_on)")))
    assert english.noun(events) == "the earliest of these: the day the lamp is lit; the first day of the round"


def test_every_node_of_the_language_has_a_phrase_here() -> None:
    """The tables above say something of each node, so a new node needs a line in them."""
    texts = [text for table in (NOUNS, CLAUSES, NEGATED, LISTS, RANGES) for text, _ in table]
    nodes = {type(node) for text in texts for node in terms.walk(_parsed(text.replace("skills_of", "keeper.skills")))}
    assert nodes | {terms.Earliest} == set(terms.NODES)


# what must not be lost


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("any(round, calm)", "all(round, calm)"),
        ("any(round, calm and minutes > 3)", "any(round, calm or minutes > 3)"),
        ("bright and (steady or high)", "bright and steady or high"),
        ("any(keeper.lamp[keeper])", "any(owner.lamp[keeper])"),
        ("first(round.held_on)", "last(round.held_on)"),
        ("keeper.joined_on", "owner.joined_on"),
        ("days_between(lit_on, on)", "days_between(on, lit_on)"),
        ("at_least(2, bright, steady, high)", "at_least(1, bright, steady, high)"),
        ("(height + 1) * 2 < 9", "height + 1 * 2 < 9"),
        ("keeper.senior", "owner.senior"),
        ("any(keeper.lamp[keeper])", "any(keeper.lamp[owner])"),
        ("any(helpers.lamp[keeper])", "any(program.lamp)"),
        ("any(round, calm) and known(height)", "any(round, calm and known(this.height))"),
        ("any(keeper.lamp[keeper], height > this.height)", "any(keeper.lamp[keeper], this.height > height)"),
        ("last(round.calm)", "any(round)"),
        ("first(keeper.lamp[keeper].lit_on)", "first(owner.lamp[keeper].lit_on)"),
        ("count(keeper.lamp[keeper])", "count(owner.lamp[keeper])"),
    ],
)
def test_different_conditions_are_said_differently(one: str, other: str) -> None:
    """Who reads the English of two conditions can tell them apart."""
    assert _said(one) != _said(other)


@pytest.mark.parametrize(
    "text",
    [
        " and ".join([*["bright"] * 27, "high"]),
        f"bright and at_least(2, {', '.join(['at_least(2, bright, steady, known(color))'] * 9)}, high)",
    ],
)
def test_no_part_of_a_long_list_is_dropped(text: str) -> None:
    """The last of many conditions is said like the first."""
    assert "the lamp is high" in _said(text)


def test_the_day_of_a_next_opening_is_not_the_next_opening_from_a_day() -> None:
    """Only the time itself turns into its day."""
    assert _said("day(next_open(seen_at))") == "the day of the next opening from the time the lamp is seen on"


def test_records_reached_over_others_are_not_their_own_owners() -> None:
    """The keeper on a round is not a keeper of the keeper on the round."""
    assert "keeper of the keeper" not in _said("any(round.keeper, senior)")


def test_a_range_is_recognised_beside_other_conditions() -> None:
    """A chained comparison is one part of an `and`, not two."""
    assert _said("bright and 3 <= height <= 12") == "the lamp is bright and the height is 3 to 12"


# rules


def _rulebook(rules: str) -> Rulebook:
    return loading.load(HEAD + KINDS + rules, Vocabulary({}))


def _lines(rules: str, *readings: str) -> list[str]:
    """What the last rule of a text is told in, without its head, its sentence and its source."""
    book = _rulebook(rules + 'source = "HB: 2"\n')
    rule = list(book)[-1]
    lines = english.rule_text(book, rule, frozenset(readings)).splitlines()
    assert lines[:4] == [f"### {rule.id}", "", rule.sentence(frozenset(readings)), ""]
    assert lines[-1] == "- Source: HB: 2."
    return [line.removeprefix("- ") for line in lines[4:-1]]


def _rule(form: str, fields: str, about: str = '"lamp"') -> str:
    return f'[[{form}]]\nid = "lamp.x"\nabout = {about}\nsays = "A rule."\n{fields}\n'


def test_a_definition_is_said_by_its_value() -> None:
    """A definition has no force, because it has no verdict."""
    assert _lines(_rule("definition", "is = 'lit_on + days(1)'")) == [
        "Definition about a lamp.",
        "It is 1 day after the day the lamp is lit.",
    ]


def test_a_criterion_is_said_as_one_condition_or_by_its_clauses() -> None:
    """Unnamed clauses are one sentence; named ones keep their names, with how many must hold."""
    assert _lines(_rule("criterion", "holds = 'bright and steady'")) == [
        "Criterion (must) about a lamp.",
        "It holds when the lamp is bright and the lamp is steady.",
    ]
    named = "holds = { light = 'bright', calm = 'steady', tall = 'high' }\n"
    parts = "light: the lamp is bright; calm: the lamp is steady; tall: the lamp is high"
    assert _lines(_rule("criterion", named))[1:] == [f"It holds when all of 3 hold: {parts}."]
    assert _lines(_rule("criterion", named + "need = 2"))[1:] == [f"It holds when at least 2 of 3 hold: {parts}."]


def test_a_rule_says_when_it_applies_what_excepts_and_how_binding_it_is() -> None:
    """`when`, `unless`, force, what is assumed and the time in force each have a line."""
    fields = "holds = 'bright'\nwhen = 'high'\nunless = 'steady'\nforce = 'best_effort'\nassumes = 'Light is seen.'\n"
    assert _lines(_rule("criterion", fields + "in_force = { from = 2026-01-01, until = 2027-01-01 }")) == [
        "Criterion (best effort) about a lamp.",
        "It applies when the lamp is high.",
        "It holds when the lamp is bright.",
        "An exception is noted when the lamp is steady.",
        "Assumed: Light is seen.",
        "In force from 2026-01-01 until before 2027-01-01.",
    ]
    assert _lines(_rule("criterion", "holds = 'bright'\nin_force = { from = 2026-01-01 }"))[-1] == (
        "In force from 2026-01-01."
    )
    assert _lines(_rule("criterion", "holds = 'bright'\nin_force = { until = 2027-01-01 }"))[-1] == (
        "In force until before 2027-01-01."
    )


def test_a_rule_about_several_kinds_names_them_all() -> None:
    """The kinds are listed with their articles."""
    lines = _lines(_rule("criterion", "holds = 'exists(keeper)'", '["lamp", "round"]'))
    assert lines[0] == "Criterion (must) about a lamp or a round."


def test_a_deadline_says_when_it_is_due_done_and_owed() -> None:
    """Due, done, from when on it counts and until when it is owed; the last two only where there are any."""
    assert _lines(_rule("deadline", "after = 'lit_on'\nwithin = '10 days'\ndone = 'first(round.held_on)'")) == [
        "Deadline (must) about a lamp.",
        "Due: 10 days after the day the lamp is lit.",
        "Done: the first day of the round.",
    ]
    fields = "due = 'last_day'\ndone = ['out_on', 'keeper.joined_on']\nnot_before = 'lit_on'\nuntil = 'out_on'"
    assert _lines(_rule("deadline", fields)) == [
        "Deadline (must) about a lamp.",
        "Due: the last day.",
        "Done: the earliest of these: the day the lamp goes out; the day of joining of the keeper in charge.",
        "Nothing counts before the day the lamp is lit.",
        "Nothing is owed that falls due on the day the lamp goes out or later.",
    ]


def test_a_repeated_deadline_says_how_it_is_counted() -> None:
    """Rolling or in fixed periods, a first one of another length, how often, and until when."""
    fields = "after = 'lit_on'\nagain = '90 days'\ndone = 'each(round.held_on)'\n"
    assert _lines(_rule("deadline", fields + "counted = 'rolling'")) == [
        "Deadline (must) about a lamp.",
        "Due every 90 days from the day the lamp is lit, counted from the last time it was done.",
        "Done: each day of the round.",
    ]
    fields = fields.replace("'each(round.held_on)'", "['each(round.held_on)', 'each(round.held_on, calm)']")
    grid = "counted in fixed periods, whenever it was done"
    more = "within = '30 days'\ncounted = 'grid'\ntimes = 4\nuntil = 'out_on'"
    assert _lines(_rule("deadline", fields + more))[1:] == [
        f"Due every 90 days from the day the lamp is lit, the first 30 days after it, {grid}.",
        "Done: each day of the round or each day of the round, among rounds for which the sea is calm.",
        "It is asked 4 times.",
        "Nothing is owed that falls due on the day the lamp goes out or later.",
    ]


EACH = "Counted, in each 7 days from the day the lamp is lit"


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ("measure = 'height'\nat_least = 3\nat_most = 12", "Counted: the height. Within bounds: 3 to 12."),
        ("measure = 'height'\nat_least = 3", "Counted: the height. Within bounds: at least 3."),
        (
            "measure = 'height'\nat_most = 'height + 1'",
            "Counted: the height. Within bounds: at most the height plus 1.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'ever'\nat_most = 3",
            "Counted, ever: the number of rounds. Within bounds: at most 3.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'calendar month'\nat_most = 3",
            "Counted, calendar month: the number of rounds. Within bounds: at most 3.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'year from 07-01'\nat_most = 3",
            "Counted, year from 07-01: the number of rounds. Within bounds: at most 3.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'each 7 days from lit_on until on'\nat_most = 3",
            f"{EACH} until the day asked about: the number of rounds. Within bounds: at most 3.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'each 7 days from lit_on'\nat_most = 3",
            f"{EACH}: the number of rounds. Within bounds: at most 3.",
        ),
        (
            "measure = 'count(round)'\nwindow = 'between round.held_on'\nat_least = 1",
            "Counted, between one day of the round and the next: the number of rounds. Within bounds: at least 1.",
        ),
        (
            "measure = 'sum(round.minutes)'\nwindow = 'rolling 6 months'\nat_least = 30",
            "Counted, rolling 6 months: the sum of minutes over rounds. Within bounds: at least 30.",
        ),
    ],
)
def test_a_limit_says_what_is_counted_and_its_bounds(fields: str, line: str) -> None:
    """The measure, its window where it has one, and the bounds that there are."""
    assert _lines(_rule("limit", fields)) == ["Limit (must) about a lamp.", line]


def test_readings_are_said_by_what_they_change() -> None:
    """A reading with a sentence of its own is that sentence; another is what it changes in the form."""
    readings = (
        "readings.tall = { says = 'The lamp is high.', holds = 'high' }\nreadings.steady = { holds = 'steady' }\n"
    )
    assert _lines(_rule("criterion", "holds = 'bright'\n" + readings))[1:] == [
        "It holds when the lamp is bright.",
        "Reading “tall”: The lamp is high.",
        "Reading “steady”: It holds when the lamp is steady.",
    ]


def test_a_chosen_reading_is_marked_and_said() -> None:
    """The rule is told as it is then read, and the reading is marked."""
    rule = _rule("criterion", "holds = 'bright'\nreadings.steady = { holds = 'steady' }")
    assert _lines(rule, "steady")[1:] == [
        "It holds when the lamp is steady.",
        "Reading “steady” (chosen): It holds when the lamp is steady.",
    ]


def test_a_rule_without_a_default_reading_says_so() -> None:
    """Where one reading must be chosen, the rule says it before it lists them."""
    lines = _lines(_rule("criterion", "holds = 'bright'\nchoose = true\nreadings.steady = { holds = 'steady' }"))
    assert lines[2] == "It has no default reading: where its readings differ, one must be chosen."


def test_a_critical_rule_says_so() -> None:
    """That it comes first stands behind what it asks for; a rule that is not critical has no such line."""
    said = "It is critical: it comes first in what is to be done."
    assert _lines(_rule("criterion", "holds = 'bright'\ncritical = true"))[2] == said
    assert said not in _lines(_rule("criterion", "holds = 'bright'\ncritical = false"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("when = 'high'", "It applies when the lamp is high."),
        ("unless = 'high'", "An exception is noted when the lamp is high."),
        ("responsible = 'keeper'", "Responsible is the keeper in charge."),
    ],
)
def test_a_reading_of_another_field_is_said_too(fields: str, said: str) -> None:
    """A reading that changes when a rule applies, what excepts from it, or whose work it is, says that."""
    lines = _lines(_rule("criterion", f"holds = 'bright'\nreadings.tall = {{ {fields} }}"))
    assert lines[2] == f"Reading “tall”: {said}"
    chosen = _lines(_rule("criterion", f"holds = 'bright'\nreadings.tall = {{ {fields} }}"), "tall")
    assert said in chosen


def test_a_reading_that_changes_nothing_for_the_first_kind_says_so() -> None:
    """A reading may matter to another kind of the rule only: then that is said instead of nothing."""
    lines = _lines(_rule("criterion", "holds = 'bright'\nreadings.same = { holds = 'bright' }"))
    assert lines[2] == "Reading “same”: nothing is different for this kind of record."


def test_a_reading_that_assumes_something_else_says_it() -> None:
    """A reading may leave out a number of the source in another way, and says how."""
    lines = _lines(_rule("criterion", "holds = 'bright'\nreadings.tall = { assumes = 'All lamps are high.' }"))
    assert "All lamps are high." in lines[2]


# pages


def test_a_page_has_every_part_of_a_rulebook() -> None:
    """Title, version, sources, rules, questions, what is only recorded or not modeled, what the sources leave open."""
    text = """
rulebook = "small"
title    = "A small rulebook"
version  = "2"
verified = 2026-01-02

[sources.A]
title     = "First"
publisher = "Nobody"
dated     = "never"
note      = "made up"
[sources.B]
title = "Second"

[recorded]
"A-4" = { facts = ["lamp.bright"], says = "How bright a lamp is, is written down." }
"A-5" = { facts = ["lamp.bright", "lamp.color"] }
[not_modeled]
"A-1" = "Left for later."
[gaps]
"G-1" = "Not said."

[kinds.lamp]
bright = { type = "bool", says = "the lamp is bright" }
color  = "choice: red green"

[[criterion]]
id     = "lamp.bright"
about  = "lamp"
says   = "The lamp is bright."
holds  = "bright"
source = ["A: 1", "B: 2"]
covers = ["A-2", "A-3"]

[[question]]
id     = "lamp.where"
step   = "plan"
asks   = "Where does the lamp stand?"
source = "A: 3"
"""
    assert english.book(loading.load(text, Vocabulary({}))) == (
        """\
# A small rulebook

Rulebook `small`, version 2.
Held against its sources on 2026-01-02.

## Sources

- A: First (Nobody; never; made up).
- B: Second.

## Rules

### lamp.bright

The lamp is bright.

- Criterion (must) about a lamp.
- It holds when the lamp is bright.
- Source: A: 1; B: 2 (rows A-2, A-3).

## Questions

- lamp.where (plan): Where does the lamp stand?

## Recorded, with nothing to judge

- A-4: `lamp.bright`. How bright a lamp is, is written down.
- A-5: `lamp.bright`, `lamp.color`.

## Not modeled

- A-1: Left for later.

## Gaps: what the sources leave open

- G-1: Not said.
"""
    )


STEPS = """
rulebook     = "small"
title        = "A small rulebook"
review_every = "1 year"

[sources.A]
title = "First"

[steps]
plan = "Before"
run  = "Afterwards"
rest = "At night"

[[question]]
id     = "lamp.oil"
step   = "run"
asks   = "Is there oil?"
after  = ["lamp.where", "lamp.keeper"]
source = ["A: 1", "A: 2"]

[[question]]
id     = "lamp.where"
step   = "plan"
asks   = "Is it settled where the lamp stands?"
source = "A: 3"
covers = ["A-3"]

[[question]]
id           = "lamp.keeper"
step         = "plan"
asks         = "Has the lamp a keeper?"
condition    = true
parts        = ["by_day", "by_night"]
asked_of     = "whoever is awake"
review_every = "6 months"
source       = "A: 3"
covers       = ["A-4", "A-5"]
"""


def test_questions_stand_under_the_steps_that_a_file_declares() -> None:
    """Step by step in their order, each question with its parts, what comes before it, its source and its rows."""
    page = english.book(loading.load(STEPS, Vocabulary({})))
    assert page[page.index("## Questions") :] == (
        """\
## Questions

An answer is looked at again every 1 year.

**Step 1: Before** (`plan`)

- lamp.where: Is it settled where the lamp stands? Source: A: 3 (row A-3).
- lamp.keeper: Has the lamp a keeper? A condition: evidence shows that it holds. For each of: by day, by night. \
Asked of: whoever is awake. Looked at again every 6 months. Source: A: 3 (rows A-4, A-5).

**Step 2: Afterwards** (`run`)

- lamp.oil: Is there oil? After: lamp.where, lamp.keeper. Source: A: 1; A: 2.

**Step 3: At night** (`rest`)
"""
    )


def test_a_page_leaves_out_what_a_rulebook_does_not_have() -> None:
    """No empty sections, and nothing after the last rule but one end of line."""
    page = english.book(_rulebook(""))
    assert page.startswith("# A made-up harbor\n\nRulebook `harbor`, version 3.\n\n## Sources\n")
    assert page.endswith("- Source: HB: 1.\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Sources", "## Rules"]


SPANS = """
[kinds.berth]
span   = { from = "given", until = "given_back" }
given      = "date"
given_back = "date or none"

[kinds.permit]
span   = { from = "begins", through = "expires" }
begins  = "date"
expires = "date or none"

[kinds.rope]
length = "int meters"
"""


def test_the_page_of_records_says_from_when_to_when_a_kind_runs() -> None:
    """Until before its last day or through it; a kind without a span has no such line."""
    page = english.records(loading.load(HEAD + SPANS, Vocabulary({})).vocabulary)
    sections = {part.splitlines()[0]: part.splitlines() for part in page.split("\n## ")}
    assert sections["berth"][-2:] == ["", "It runs from `given` until before `given_back`."]
    assert sections["permit"][-2:] == ["", "It runs from `begins` through `expires`."]
    assert "It runs from" not in "\n".join(sections["rope"])


@pytest.mark.parametrize("name", available())
def test_the_page_of_a_rulebook_is_the_one_in_docs(name: str) -> None:
    """What the rulebook says in English is committed, so that a change of either is seen by who reviews it."""
    file = PAGES / f"{name}.md"
    written = file.read_text(encoding="utf-8") if file.is_file() else ""
    mend = (
        f"docs/rulebooks/{name}.md is not what the rulebook says; peersupport rules {name} > docs/rulebooks/{name}.md"
    )
    assert written == english.book(load(name)), mend


def test_every_page_in_docs_is_of_a_rulebook() -> None:
    """A page without its rulebook is one that nobody keeps true."""
    assert {file.stem for file in PAGES.glob("*.md")} == set(available())


# findings


def _finding(**more: object) -> Finding:
    values: dict[str, object] = {
        "rule": "lamp.x",
        "rulebook": "harbor@3",
        "force": Force.MUST,
        "subject": ("deep_lamp", "lamp-1"),
        "on": dt.date(2026, 6, 30),
        "verdict": Verdict.NOT_MET,
        "reason": Reason.DOES_NOT_HOLD,
        "says": "The lamp is bright.",
        "source": (Citation("HB", "1"), Citation("HB", "2")),
    }
    return Finding(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    """Also where no day is told, as in a redacted finding, there is one whole sentence."""
    said = english.message(_finding(reason=reason, at_most=3, measured=4))
    assert said[0].isupper()
    assert said.endswith(".")
    assert "None" not in said


def test_every_reason_has_a_sentence_of_its_own() -> None:
    """No two reasons are told in the same words."""
    said = [english.message(_finding(reason=reason, at_most=3, measured=4)) for reason in Reason]
    assert len(set(said)) == len(said)


DUE = dt.date(2026, 3, 4)
DONE = dt.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("reason", "more", "said"),
    [
        (Reason.IN_TIME, {"due": DONE, "done_on": DUE}, "Done on 2026-03-04, in time (due 2026-03-09)."),
        (Reason.IN_TIME, {}, "Done, in time."),
        (
            Reason.IN_TIME,
            {"done_on": dt.datetime(2026, 3, 4, 16, 55, 30, tzinfo=dt.UTC)},
            "Done on 2026-03-04 16:55+00:00, in time.",
        ),
        (
            Reason.LATE,
            {"due": DUE, "done_on": DONE, "days_late": 5},
            "Done on 2026-03-09, 5 days after it was due on 2026-03-04.",
        ),
        (Reason.OVERDUE, {"due": DUE, "days_late": 1}, "Not done yet; it was due on 2026-03-04, 1 day ago."),
        (
            Reason.NEVER_DONE,
            {"due": DUE, "days_late": 2},
            "Not done; it was due on 2026-03-04, 2 days before its time ended.",
        ),
        (Reason.UPCOMING, {"due": DUE}, "Not done yet; it is due on 2026-03-04."),
        (Reason.UPCOMING, {}, "Not done yet; it is not due yet."),
        (Reason.OVERDUE, {}, "Not done yet; it is overdue."),
        (Reason.LATE, {}, "Done late."),
        (Reason.NEVER_DONE, {}, "Not done, and its time has ended."),
        (Reason.ENDED, {}, "Nothing is owed: its time ended by the day it fell due."),
        (Reason.OUT_OF_BOUNDS, {"measured": 2, "at_least": 3}, "Counted 2; the limit is at least 3."),
        (Reason.OUT_OF_BOUNDS, {"measured": 27, "at_most": 25}, "Counted 27; the limit is at most 25."),
        (
            Reason.OUT_OF_BOUNDS,
            {"measured": 13, "at_least": 3, "at_most": 12, "days": 2, "occurrence": DUE},
            "Counted 13 on 2 days from 2026-03-04; the limit is 3 to 12.",
        ),
    ],
)
def test_a_message_has_the_days_and_numbers_of_the_finding(reason: Reason, more: dict[str, object], said: str) -> None:
    """What was done and due when, how late, and how many of how many."""
    assert english.message(_finding(reason=reason, **more)) == said


CHARTS = (("chart", "c-1"), ("deep_chart", "c-2"))


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ([("", Verdict.NOT_MET, ())], "It does not hold: the lamp is bright."),
        ([("light", Verdict.NOT_MET, ())], "It does not hold: light."),
        ([("light", Verdict.NOT_MET, CHARTS)], "It does not hold: light (chart c-1, deep chart c-2)."),
        (
            [("light", Verdict.MET, ()), ("oil", Verdict.NOT_MET, CHARTS[:1]), ("", Verdict.NOT_MET, ())],
            "1 of 3 hold; not: oil (chart c-1); the lamp is bright.",
        ),
        (
            [("light", Verdict.UNKNOWN, ()), ("oil", Verdict.NOT_MET, ()), ("wick", Verdict.PENDING, ())],
            "0 of 3 hold, 2 not known; not: oil.",
        ),
        ([("light", Verdict.NOT_MET, ()), ("oil", Verdict.NOT_MET, ())], "0 of 2 hold; not: light; oil."),
    ],
)
def test_a_message_says_how_many_clauses_hold_and_which_do_not(
    clauses: list[tuple[str, Verdict, tuple[tuple[str, str], ...]]], said: str
) -> None:
    """Of several clauses how many hold and how many are not known; each that fails with the records that fail it."""
    judged = tuple(Judged(name, _parsed("bright"), verdict, (), failing) for name, verdict, failing in clauses)
    assert english.message(_finding(clauses=judged)) == said


def test_an_explanation_names_the_records_that_fail_a_clause() -> None:
    """Behind the clause, before what it lacks, and only where there are any."""
    one = Judged("light", _parsed("bright"), Verdict.NOT_MET, (), CHARTS)
    other = Judged("", _parsed("high"), Verdict.NOT_MET, (), CHARTS[:1])
    assert explain(_finding(clauses=(one, other))).splitlines()[3:5] == [
        "  [-] light: the lamp is bright (not for chart c-1 and deep chart c-2)",
        "  [-] the lamp is high (not for chart c-1)",
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (DUE, "  It counts from 2026-03-04 on."),
        (dt.datetime(2026, 3, 4, 16, 55, tzinfo=dt.UTC), "  It counts from 2026-03-04 16:55+00:00 on."),
    ],
)
def test_an_explanation_says_from_when_it_counts(day: dt.date, said: str) -> None:
    """While it can still be done: behind the message. What was done, or cannot be any more, has no such line."""
    for reason in Reason:
        lines = explain(_finding(reason=reason, not_before=day, at_most=3, measured=4)).splitlines()
        assert (lines[3] == said) is (reason in {Reason.OVERDUE, Reason.TOO_EARLY, Reason.UPCOMING})
        assert (said in lines) is (lines[3] == said)


def test_an_explanation_shows_all_parts() -> None:
    """Verdict, sentence, message, clauses, what is missing, what to ask first, exception, notes, readings, source."""
    height, color = Place("lamp", "lamp-1", "height"), Place("lamp", "lamp-1", "color")
    finding = _finding(
        verdict=Verdict.UNKNOWN,
        reason=Reason.NOT_RECORDED,
        clauses=(
            *(Judged(f"part {number}", _parsed("bright"), verdict) for number, verdict in enumerate(Verdict, 1)),
            Judged("", _parsed("height > 3"), Verdict.UNKNOWN, (height, Place("round"))),
        ),
        missing=(height, color),
        settles=((height,), (color, Place("round"))),
        exact=False,
        exception=None,
        warnings=("lamp lamp-1, lit_on lies ahead", "round 7 is odd"),
        reading=("strict", "tall"),
        alternatives={"low": Verdict.NOT_MET, "wide": Verdict.NOT_APPLICABLE},
        changes_on=dt.date(2026, 7, 1),
    )
    assert explain(finding).splitlines() == [
        "UNKNOWN: lamp.x of deep lamp lamp-1 on 2026-06-30",
        "  The lamp is bright.",
        "  Facts that would decide it are not recorded.",
        "  [+] part 1: the lamp is bright",
        "  [-] part 2: the lamp is bright",
        "  [?] part 3: the lamp is bright",
        "  [~] part 4: the lamp is bright",
        "  [ ] part 5: the lamp is bright",
        "  [?] the height is more than 3 (missing: lamp lamp-1, height; the table round)",
        "  Missing: lamp lamp-1, height; lamp lamp-1, color.",
        "  Ask first: lamp lamp-1, height / lamp lamp-1, color and the table round (there may be others).",
        "  Exception: not known whether there is one.",
        "  Note: lamp lamp-1, lit_on lies ahead.",
        "  Note: round 7 is odd.",
        "  Reading: strict, tall.",
        "  Under “low”: not met.",
        "  Under “wide”: not applicable.",
        "  This changes by itself on 2026-07-01.",
        "  Source: HB: 1; HB: 2. Rulebook harbor@3.",
    ]


def test_an_explanation_has_no_line_for_what_is_not_there() -> None:
    """A plain finding is four lines; a recorded exception and an exact list of what to ask are said as such."""
    assert explain(_finding()).splitlines() == [
        "NOT MET: lamp.x of deep lamp lamp-1 on 2026-06-30",
        "  The lamp is bright.",
        "  It does not hold.",
        "  Source: HB: 1; HB: 2. Rulebook harbor@3.",
    ]
    excepted = explain(_finding(exception=True, settles=((Place("round"),),))).splitlines()
    assert excepted[3:5] == ["  Ask first: the table round.", "  Exception: recorded."]
