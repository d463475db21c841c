"""Rulebook files that are wrong: each fault is named with its file, rule, field and mend, and all of them at once.

The file may come from a stranger: whatever stands in it, it is a rulebook or an `InputError`, and nothing else happens.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import CORE, InputError, Problem, Rulebook
from peersupport.rules import examples, headers, loading, syntax
from peersupport.rules.calendar import Period
from peersupport.rules.rulebook import RecordedAs
from peersupport.rules.syntax import Scope, SyntaxFaults

FILE: Final = "harbor.toml"
HEADER: Final = """
rulebook = "harbor-house"
title    = "A fictional house at a harbor"
version  = "1"
verified = 2026-11-01
in_force = { from = 2020-01-01 }

[sources.HB]
title = "A fictional handbook"

[kinds.host]
languages = "set: harbor hill"

[kinds.stay]
span          = { from = "arrived_on", until = "left_on" }
dated_by      = "arrived_on"
responsible   = "last(pairing.host)"
person        = "-> person"
arrived_on    = "date"
left_on       = "date or none"
needs         = "set: housing work"
route         = "choice: in_care after_care"
wants_to_stay = "bool, judged"
meals         = { type = "int meals", min = 0 }
color         = "choice: red green"
lamps         = { type = "int lamps", min = 0 }
lit_on        = "date or none"

[kinds.chart]
dated_by = "drawn_on"
stay     = "-> stay"
keeper   = "-> host"
person   = "-> person, from stay"
drawn_on = "date or none"
wishes   = "text or none"

[kinds.visit]
dated_by  = "starts_at"
stay      = "-> stay"
starts_at = "instant"
units     = "int units of 15 minutes"

[kinds.pairing]
span      = { from = "starts_on", through = "last_on" }
dated_by  = "starts_on"
host      = "-> host"
second    = "-> host or none"
stay      = "-> stay"
starts_on = "date"
last_on   = "date or none"
"""
RULES: Final = """
[[definition]]
id     = "stay.season_end"
about  = "stay"
says   = "A season lasts twelve weeks."
is     = "arrived_on + weeks(12)"
source = "HB: 1"

[[criterion]]
id     = "stay.wishes"
about  = "stay"
says   = "The person wants to stay, and needs work."
holds  = "wants_to_stay and 'work' in needs"
source = "HB: 2"
examples = [{ given = { wants_to_stay = true, needs = ["work"] }, on = 2026-05-01, verdict = "met" }]

[[criterion]]
id     = "stay.parts"
about  = "stay"
says   = "At least {need} of two parts hold."
need   = 1
holds  = { "a chart" = "count(chart) >= 1", "the wishes" = "met('stay.wishes')" }
source = "HB: 3"

[[deadline]]
id     = "stay.drawn"
about  = "stay"
says   = "A chart is drawn within {within}."
after  = "arrived_on"
within = "30 days"
until  = "left_on"
done   = "first(chart.drawn_on)"
source = "HB: 4"

[[deadline]]
id      = "stay.redrawn"
about   = "stay"
says    = "A chart is drawn every {again}."
after   = "arrived_on"
again   = "90 days"
counted = "rolling"
times   = 4
done    = "each(chart.drawn_on)"
source  = "HB: 5"

[[limit]]
id       = "stay.meals"
about    = "stay"
says     = "There are {at_least} to {at_most} meals."
measure  = "meals"
at_least = 1
at_most  = 90
source   = "HB: 6"

[[limit]]
id      = "stay.units"
about   = "stay"
says    = "Visits last at most {at_most}."
measure = "sum(visit.units)"
window  = "rolling 6 months"
at_most = "26 hours"
source  = "HB: 7"

[[question]]
id     = "house.neighbors"
step   = "plan"
asks   = "What are the neighbors told?"
source = "HB: 8"
"""
GOOD: Final = HEADER + RULES
HOLDS: Final = "wants_to_stay and 'work' in needs"
LIT: Final = 'lit_on        = "date or none"'
DRAWN: Final = 'after  = "arrived_on"\nwithin = "30 days"'
ASKED: Final = 'asks   = "What are the neighbors told?"'


def another(id_: str, **more: object) -> str:
    """One more question."""
    fields = "".join(f"{key} = {value!r}\n" for key, value in more.items())
    return f'\n[[question]]\nid = "{id_}"\nstep = "plan"\nasks = "Is it?"\nsource = "HB: 8"\n{fields}'


def load(text: str, *, file: str = FILE, base: Rulebook | None = None) -> Rulebook:
    """A rulebook over the core's kinds; `base` is what it finds when it extends."""

    def find(_name: str) -> Rulebook:
        assert base is not None
        return base

    return loading.load(text, CORE, file=file, find=find if base else None)


def problems(text: str, *, base: Rulebook | None = None) -> tuple[Problem, ...]:
    """What is wrong with a text: all of it."""
    with pytest.raises(InputError) as caught:
        load(text, base=base)
    return caught.value.problems


def test_the_file_without_a_mistake_loads() -> None:
    """What the mistakes below are made in is itself right."""
    assert len(load(GOOD)) == 7


@attrs.frozen
class Mistake:
    """One change of the good file, and what must be said of it.

    `place` has parts that the place must name, `caret` the text that the caret points at.
    """

    name: str
    old: str
    new: str
    place: str
    fault: str
    mend: str = ""
    caret: str = ""

    @property
    def text(self) -> str:
        """The file with the mistake."""
        assert self.old in GOOD
        return GOOD.replace(self.old, self.new, 1)


def holds(new: str, fault: str, mend: str = "", caret: str = "") -> Mistake:
    """A mistake in a condition."""
    return Mistake(new, HOLDS, new, "criterion stay.wishes, holds", fault, mend, caret)


def named(new: str, fault: str, mend: str = "") -> Mistake:
    """A mistake in the name of another rule, which is a fault of the whole rule."""
    return Mistake(new, HOLDS, new, "criterion stay.wishes", fault, mend)


def field(name: str, old: str, new: str, fault: str, mend: str = "", *, of: str = "", caret: str = "") -> Mistake:
    """A mistake in a field of a rule; `of` is the rule where the place names it."""
    place = ", ".join(part for part in (of, name) if part)
    return Mistake(f"{place}: {new}", old, new, place, fault, mend, caret)


CONDITIONS: Final = [
    # names
    holds("wants_to_sty", "stay has no fact 'wants_to_sty'", "did you mean 'wants_to_stay'?", "wants_to_sty"),
    holds("wants_to_stay and person.birthdate <= on", "has no fact", "did you mean 'birth_date'?", "birthdate <="),
    holds("w\u0430nts_to_stay", "stay has no fact", "did you mean 'wants_to_stay'?", "w\u0430nts_to_stay"),
    holds("exist(left_on)", "there is no function 'exist'", "did you mean 'exists'?", "exist(left_on)"),
    holds("any(chart[stay], exists(wishes)) or mels > 1", "has no fact 'mels'", "did you mean 'meals'?", "mels"),
    holds("this.needs.x == 1", "needs is a set of choices, not a record", "", "needs.x"),
    holds("program", "program stands alone", "name one of its facts", "program"),
    # types
    holds("needs", "expected a condition (a yes or no), this is a set", "", "needs"),
    holds("wants_to_stay and meals", "expected a condition, this is a number of meals", "compare it", "meals"),
    holds("arrived_on <= 30", "a date does not compare with a number", "days_between", "arrived_on"),
    holds("any(visit, starts_at <= on)", "a date does not compare with an instant", "write day(...)", "starts_at"),
    holds("any(visit, units >= days_between(on, this.arrived_on))", "does not compare", "one unit", "units"),
    holds("meals + age(person.birth_date, on) > 3", "do not add up", "one unit", "meals"),
    holds("birthday(person.birth_date, 151) <= on", "nobody turns 151", "from 0 to 150", "151"),
    holds("left_on - arrived_on > 3", "dates are not subtracted", "days_between(from, until)", "left_on"),
    holds("arrived_on + 30 <= on", "has no meaning", "days(30)", "arrived_on"),
    holds("days(30) <= on", "a period stands alone", "add it to a date", "days(30)"),
    holds("meals + days(30) > 3", "a period is added to a date", "", "meals"),
    holds("arrived_on + hours(3) <= on", "hours are added to an instant", "", "arrived_on"),
    holds("day(arrived_on) <= on", "expected instant, this is a date", "", "arrived_on"),
    holds("person < person", "has no order", "== and !=", "person"),
    holds("needs < needs", "is not compared this way", "exists(a & b)", "needs"),
    holds("{'work'} == needs", "is not compared this way", "exists(a & b)", "{"),
    holds("any(chart, wishes == 'x')", "a text is not compared", "exists(...)", "'x'"),
    holds("any(chart, wishes < wishes)", "a text is not compared", "exists(...)", "wishes <"),
    holds("arrived_on * days(3) <= on", "a period is not multiplied", "days(90)", "arrived_on"),
    holds("needs in {'work'}", "a set of choices is not one choice", "<= the set", "needs"),
    holds("exists(needs & route)", "& is for two sets", "`and`", "needs"),
    holds("person == any(chart)", "does not compare with", "", "person"),
    holds("min(meals, arrived_on) > 3", "min takes values of one kind", "", "arrived_on"),
    holds("meals == 'work'", "a choice does not compare with a number of meals", "", "'work'"),
    holds("meals in needs", "a number of meals is not a member of a set", "", "meals"),
    holds("{'work'}", "expected a condition (a yes or no), this is a set", "", ""),
    holds("days(3) - arrived_on <= on", "a period stands on the left", "write the date first", "days(3)"),
    holds("arrived_on + days(meals) <= on", "expected a whole number", "", "meals"),
    holds("any(pairing, host == this.person)", "is never", "", "host"),
    holds("b'work' in needs", "this is not in the language", "", "b"),
    # choices
    holds("'wrok' in needs", "'wrok' is not one of the choices", "did you mean 'work'?", "'wrok'"),
    holds("route == in_care", "in_care is a choice, not a name", "in quotation marks", "in_care"),
    holds("route in {in_care}", "in_care is a choice, not a name", "in quotation marks", "in_care"),
    holds("work in needs", "work is a choice, not a name", "in quotation marks", "work"),
    holds("exists(needs & {'wrok'})", "'wrok' is not one of the choices", "did you mean 'work'?", "'wrok'"),
    holds("{'wrok'} <= needs", "'wrok' is not one of the choices", "did you mean 'work'?", "'wrok'"),
    holds("route in {'in_care', 'in_care'}", "a choice is listed twice", "", "{"),
    holds("'work' in route", "a choice has no members", "a fact that is a set", "route"),
    holds("'work' == 'work'", "'work' stands alone", "compare it with a fact", "'work'"),
    # related records
    holds("chart.drawn_on <= on", "there may be several of 'chart'", "any(chart, ...)", "chart"),
    holds("chart", "chart is a record, not a fact", "any(chart, ...)", "chart"),
    holds("any(host)", "no fact of host refers to stay", "", "host"),
    holds("all(chart)", "all(...) needs a condition", "", "all"),
    holds("first(arrived_on) <= on", "first is for facts of several records", "the fact itself", "arrived_on"),
    holds("nth(0, chart.drawn_on) <= on", "the first is nth(1, ...)", "", "0"),
    holds("each(chart.drawn_on) <= on", "stands only in `done`", "first or last", "each"),
    holds("sum(chart.drawn_on) > 3", "a sum is of numbers", "", "sum"),
    holds("distinct(chart.drawn_on) > 3", "distinct counts records or choices", "", "distinct"),
    holds("any(chart, any(stay.visit, any(stay.chart)))", "nested at most two deep", "", "any(stay.chart"),
    holds("any(chart, covers(on))", "chart has no span", "compare its dates", "covers"),
    holds("any(pairing.host.pairing)", "in several ways", "pairing[host] or pairing[second]", "pairing)"),
    holds("any(chart, met('stay.parts'))", "met asks about the record judged", "outside", "met"),
    holds("person[x].birth_date <= on", "brackets do not belong behind 'person'", "stay[person]", "person"),
    holds("this[x].meals > 1", "brackets do not belong behind 'this'", "stay[person]", "this"),
    holds("any(program.visit[stay])", "brackets do not belong behind 'visit'", "", "visit"),
    holds("this", "this stands alone", "this.person", "this"),
    holds("first(chart.drawn_on).x <= on", "expected a name, or names joined by points", "", "first"),
    holds("nth(1, chart.wishes) == 'x'", "nth is for dates and instants, this is a text", "", "nth"),
    holds("any(pairing, host.dated <= on)", "host has no `dated_by`", "", "dated"),
    holds("met(wants_to_stay)", "expected a rule's id in quotation marks", "", "wants_to_stay"),
    # what is not in the language
    holds("meals / 2 > 3", "there is no division", "", "meals"),
    holds("wants_to_stay if meals else meals", "there is no `if`", "", "wants_to_stay"),
    holds("left_on is None", "`is` is not in the language", "exists(...)", "None"),
    holds("wants_to_stay == True", "True and False are not written", "the fact itself", "True"),
    holds("__import__('os').system('ls')", "only the functions of the language are called", "", "__import__"),
    holds("[x for x in needs]", "not in the language", "", "["),
    holds("wants_to_stay == true", "true and false are not written", "the fact itself", "true"),
    holds("left_on == none", "none is not written", "exists(...)", "none"),
    holds("left_on != None", "None is not written", "exists(...)", "None"),
    holds("wants_to_stay # or not", "a comment is not in the language", "", "#"),
    holds("'\\\\d' in needs", "a backslash is not in the language", "", "\\"),
    holds("f'work' in needs", "a letter before a quotation mark", "", "f"),
    holds("meals in (1, 2)", "expected a choice in quotation marks", "", "1"),
    holds("(meals, lamps)", "several values stand here", "", ""),
    holds("'äöü' in needs and )", "not an expression", "", ")"),
    holds("lambda: 3", "there are no functions of one's own", "", "lambda"),
    holds("wants_to_stay and", "not an expression", "", ""),
    holds("(wants_to_stay", "not an expression: '(' was never closed", "", "("),
    holds("at_least(3, wants_to_stay, wants_to_stay)", "at least 3 of 2 cannot be asked", "", "3"),
    holds("known(left_on, meals)", "known takes 1 value, got 2", "", "known"),
    named("met('stay.wish')", "there is no such rule", "did you mean 'stay.wishes'?"),
    named("met('stay.season_end')", "that rule does not judge a stay"),
    # bounds
    holds("meals > 1e9", "1e9 is not a number", "12 or 0.5", "1e9"),
    holds("meals > 0x1f", "0x1f is not a number", "12 or 0.5", "0x1f"),
    holds("3or wants_to_stay", "3or is not a number", "12 or 0.5", "3or"),
    holds("a." * 999 + "a", "a path of more than 40 names"),
    holds("meals > 1000000000000", "too large a number", "", "1000000000000"),
    holds("meals > 0.12345678901234", "not a decimal number of at most 12 characters", "", "0.123"),
    holds("date(2026, 2, 30) <= on", "no such day", "", "date"),
    holds("date(1899, 12, 31) <= on", "the year must lie in 1900 to 2199", "", "date"),
    holds("arrived_on + days(36601) <= on", "is too long: at most 36600 days", "", "days"),
    holds("not " * 41 + "wants_to_stay", "nested more than 40 deep", "definitions"),
    holds("wants_to_stay or " * 120 + "wants_to_stay", "longer than 2000 characters", "definitions"),
    holds("(" * 250 + "wants_to_stay" + ")" * 250, "not an expression"),
    holds("-" * 1900 + "1 > 3", "this sign is not in the language"),
    holds("wants_to_stay\u200b", "a character that does not print", "", "\u200b"),
    holds("wants_to_stay and wa\u0308nts", "put together of two characters", "one character", "a\u0308"),
    holds("wants_to_stay and 'w\\u0007' in needs", "a character that does not print", "", "\u0007"),
]

FIELDS: Final = [
    # the header
    field("rulebook", '"harbor-house"', '"Harbor House"', "is missing or not a name", "small letters"),
    field("title", 'title    = "A fictional house at a harbor"', "", "is missing", "quotation marks"),
    field("version", 'version  = "1"', "version = 1", "not a text", "quotation marks"),
    field("verified", "2026-11-01", '"2026-11-01"', "is not a date", "without quotation marks"),
    field("in_force", "{ from = 2020-01-01 }", "{ from = 2020-01-01, until = 2020-01-01 }", "is not a window of days"),
    field("", "version  =", "verison =", "there is no field 'verison'", "did you mean 'version'?"),
    field("sources.HB", 'title = "A fictional handbook"', 'title = "x"\nyear = 2020', "there is no field 'year'"),
    field("not_modeled", "[sources.HB]", 'not_modeled = ["S1"]\n[sources.HB]', "is not a table of texts", '"ROW" ='),
    field("extends", "[sources.HB]", 'extends = "x"\n[sources.HB]', "cannot be read here", "by its name or path"),
    # kinds and facts
    field("color", '"choice: red green"', '"colour: red green"', "is not a type", of="kinds.stay"),
    field("color", '"choice: red green"', '"choice: red none"', "'none' cannot be a choice", of="kinds.stay"),
    field("color", '"choice: red green"', '"choice: red red"', "a choice is listed twice", of="kinds.stay"),
    field("lit_on", LIT, 'lit_on = "date or none, judge"', "nothing that can follow a type", of="kinds.stay"),
    field("lamps", '"int lamps", min', '"int lamps", least', "a fact has no 'least'", of="kinds.stay"),
    field("days", "meals         =", 'days = "int"\nmeals =', "cannot be the name of a fact", of="kinds.stay"),
    field("kinds.any", "[kinds.host]", '[kinds.any]\nx = "bool"\n[kinds.host]', "cannot be the name of a kind"),
    field("keeper", '"-> host"', '"-> hots"', "no kind 'hots'", "did you mean 'host'?", of="kinds.chart"),
    field("span", 'until = "left_on"', 'until = "needs"', "does not name two facts that are dates", of="kinds.stay"),
    field("dated_by", '"drawn_on"', '"drawn"', "is not a fact that is a date", "'drawn_on'", of="kinds.chart"),
    field("responsible", "pairing.host)", "paring.host)", "no fact 'paring'", "'pairing'", caret="paring"),
    # every rule
    field("id", 'id     = "stay.wishes"', 'id     = "stay wishes"', "is missing or not an id", "plan.reviewed"),
    field("", 'id     = "stay.drawn"', 'id     = "stay.wishes"', "this id is taken", of="stay.wishes"),
    field("about", 'about  = "stay"', 'about  = "stey"', "there is no kind 'stey'", "did you mean 'stay'?"),
    field("says", 'says   = "The person wants to stay, and needs work."', "", "is missing", of="stay.wishes"),
    field("says", "{within}", "{withni}", "{withni} is no number of a rule", "{within}", of="stay.drawn"),
    field("source", 'source = "HB: 2"', "", "is missing", "does not load", of="stay.wishes"),
    field("source", '"HB: 2"', '"HB 2"', "names no part", "KEY: the part", of="stay.wishes"),
    field("source", '"HB: 2"', '"HC: 2"', "there is no source 'HC'", of="stay.wishes"),
    field("force", "need   = 1", 'need = 1\nforce = "may"', "is not must, should or best_effort", "nothing to break"),
    field("covers", "need   = 1", 'need = 1\ncovers = "R1"', "list of texts", of="stay.parts"),
    field("", "need   = 1", "needs = 1", "there is no field 'needs'", "did you mean 'need'?", of="stay.parts"),
    field("when", "need   = 1", 'need = 1\nwhen = "meals"', "expected a condition", of="stay.parts", caret="meals"),
    field("unless", "need   = 1", "need = 1\nunless = true", "is not a text", "quotation marks", of="stay.parts"),
    field("readings", "need   = 1", "need = 1\nreadings.x = {}", "is not a table of readings", of="stay.parts"),
    field("reading 'x'", "need   = 1", 'need = 1\nreadings.x = { id = "y" }', "there is no field 'id'"),
    field("reading 'x', need", "need   = 1", "need = 1\nreadings.x = { need = 3 }", "a whole number from 1 to 2"),
    field("example 1", 'verdict = "met"', 'verdict = "yes"', "needs `given`", "not_applicable", of="stay.wishes"),
    field("example 1, needs", '["work"]', '["wrok"]', "'work'", of="stay.wishes"),
    field("example 1, given", "needs = [", "need = [", "stay has no fact 'need'", "did you mean 'needs'?"),
    field("question 1", 'asks   = "What are the neighbors told?"', "", "needs `id`, `step` and `asks`"),
    # each form
    field("is", 'is     = "arrived_on + weeks(12)"', "", "is missing", "a definition needs it", of="stay.season_end"),
    field("", '"stay.season_end"', '"stay.route"', "a definition cannot be called 'route'", of="stay.route"),
    field("need", "need   = 1", "need   = 3", "'all' or a whole number from 1 to 2", of="stay.parts"),
    field("holds.'a chart'", "count(chart) >= 1", "count(charts) >= 1", "no fact 'charts'", "'chart'", caret="charts"),
    field("within", 'within = "30 days"', 'within = "thirty days"', "is not a period", of="stay.drawn"),
    field("within", 'within = "30 days"', 'within = "24 hours"', "are added to an instant", of="stay.drawn"),
    field("within", 'within = "30 days"', "", "is missing", "`due`", of="stay.drawn"),
    field("due", DRAWN, DRAWN + '\ndue = "arrived_on"', "stands beside `after` or `within`", of="stay.drawn"),
    field("times", DRAWN, DRAWN + "\ntimes = 3", "belongs to a deadline that repeats", "`again`", of="stay.drawn"),
    field("done", '"first(chart.drawn_on)"', '"first(visit.starts_at)"', "the other way", "day(...)", of="stay.drawn"),
    field("done", '"first(chart.drawn_on)"', '["first(chart.drawn_on)", "meals"]', "expected a date", caret="meals"),
    field(
        "done",
        '"first(chart.drawn_on)"',
        '["first(chart.drawn_on)", "first(visit.starts_at)"]',
        "has dates beside instants",
        "write day(...) for the instants",
        of="stay.drawn",
    ),
    field(
        "due",
        'again   = "90 days"',
        'again = "90 days"\ndue = "arrived_on"',
        "does not go with `again`",
        "write `after`, and `within` for a different first one",
        of="stay.redrawn",
    ),
    field("again", 'again   = "90 days"', "again = 90", "is not a period", of="stay.redrawn"),
    field("again", 'again   = "90 days"', 'again = "0 days"', "must be at least one day", of="stay.redrawn"),
    field("counted", 'counted = "rolling"', 'counted = "weekly"', "'rolling'", of="stay.redrawn"),
    field("times", "times   = 4", "times = 0", "a whole number from 1 to 1000", of="stay.redrawn"),
    field("done", '"each(chart.drawn_on)"', '"first(chart.drawn_on)"', "is done by each(...)", of="stay.redrawn"),
    field("measure", '"meals"', '"needs"', "expected a number", of="stay.meals", caret="needs"),
    field("at_most", "at_least = 1\nat_most  = 90\n", "", "is missing", "`at_least`, `at_most` or both"),
    field("at_most", "at_most  = 90", 'at_most = "9 hours"', "cannot be told in 'meals'", of="stay.meals"),
    field("at_most", '"26 hours"', '"1 minutes"', "is not a whole number of units of 15 minutes", of="stay.units"),
    field("window", 'window  = "rolling 6 months"', "", "is missing: the measure counts", "ever", of="stay.units"),
    field("window", '"rolling 6 months"', '"weekly"', "'weekly' is not a window", "'ever'", of="stay.units"),
    field("window", '"rolling 6 months"', '"at any time"', "visit has no span", "another window", of="stay.units"),
    field("window", '"rolling 6 months"', '"year from 13-01"', "a year starts on a day from 01-01", of="stay.units"),
    field("window", "at_least = 1", 'at_least = 1\nwindow = "ever"', "does not go with", "leave it out"),
]
MISTAKES: Final = [*CONDITIONS, *FIELDS]


def test_there_are_many_single_mistakes() -> None:
    """The table holds mistakes of every sort, each under a name of its own."""
    assert len(MISTAKES) >= 40
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("mistake", [pytest.param(each, id=each.name[:60]) for each in MISTAKES])
def test_one_mistake_is_one_problem_that_says_where_and_what(mistake: Mistake) -> None:
    """One mistake gives one problem: file, rule and field, the fault, its mend, and the caret under it."""
    found = problems(mistake.text)
    assert len(found) == 1, "\n".join(map(str, found))
    (problem,) = found
    assert problem.place.startswith(FILE)
    assert mistake.place in problem.place
    assert mistake.fault in problem.fault
    assert mistake.mend in problem.mend
    assert not mistake.caret or problem.text[problem.at :].startswith(mistake.caret)


def test_a_problem_is_printed_with_a_caret_under_the_fault() -> None:
    """The printed problem has the expression on a line of its own and a caret below the place of the fault."""
    (problem,) = problems(GOOD.replace(HOLDS, "wants_to_stay and mael > 3"))
    place, text, caret = str(problem).splitlines()
    assert "criterion stay.wishes, holds: stay has no fact 'mael' (did you mean 'meals'?)" in place
    assert text[caret.index("^") :].startswith("mael")


def test_what_does_not_print_is_not_printed_under_its_problem_either() -> None:
    """It is written as Python writes it, which moves the caret by as much: a terminal is not to be harmed."""
    problem = Problem("here", "is odd", text="a\x1b[31m \U000bc143 b \n c", at=13)
    assert str(problem) == "here: is odd\n    a\\x1b[31m \\U000bc143 b   c\n" + " " * 29 + "^"


def test_the_line_of_the_rule_is_named() -> None:
    """The place gives the line on which the rule's id stands."""
    text = GOOD.replace(HOLDS, "nothing")
    (problem,) = problems(text)
    line = next(i for i, each in enumerate(text.splitlines(), 1) if '"stay.wishes"' in each)
    assert f"line {line}," in problem.place


def test_rules_that_ask_for_each_other_are_each_named() -> None:
    """A circle of `met` is a fault of every rule on it."""
    found = problems(GOOD.replace(HOLDS, "met('stay.parts')"))
    assert [problem.fault for problem in found] == [
        "met('stay.parts') leads back to this rule",
        "met('stay.wishes') leads back to this rule",
    ]


TEN: Final = """
rulebook = "ten-mistakes"
title    = "Ten different mistakes, and one rule that is right"
verified = "yesterday"
colour   = "blue"

[sources.HB]
title = "A fictional handbook"

[kinds.stay]
span       = { from = "arrived_on", until = "left_on" }
dated_by   = "arrived_on"
person     = "-> person"
arrived_on = "date"
left_on    = "date or none"
nights     = "integer"
meals      = "int meals"

[kinds.visit]
stay      = "-> stay"
starts_at = "instant"

[[criterion]]
id     = "stay.known"
about  = "stay"
says   = "The day of arrival is recorded."
holds  = "known(arrived_on)"
source = "HB: 1"

[[criterion]]
id     = "stay.name"
about  = "stay"
says   = "A name that is not known."
holds  = "exists(left_no)"
source = "HB: 2"

[[criterion]]
id     = "stay.types"
about  = "stay"
says   = "A date against an instant."
holds  = "any(visit, starts_at >= this.arrived_on)"
source = "HB: 3"

[[criterion]]
id     = "stay.source"
about  = "stay"
says   = "A source that is not there."
holds  = "exists(left_on)"
source = "HC: 4"

[[deadline]]
id     = "stay.period"
about  = "stay"
says   = "A period without a unit, within {within}."
after  = "arrived_on"
within = "30"
done   = "left_on"
source = "HB: 5"

[[deadline]]
id     = "stay.form"
about  = "stay"
says   = "A deadline that does not say what is done."
due    = "arrived_on"
source = "HB: 6"

[[limit]]
id      = "stay.window"
about   = "stay"
says    = "Visits without a window: at most {at_most}."
measure = "count(visit)"
at_most = 3
source  = "HB: 7"

[[limit]]
id      = "stay.force"
about   = "stay"
says    = "Meals with a force that is none."
measure = "meals"
at_most = 3
force   = "may"
source  = "HB: 8"
"""


def test_ten_different_mistakes_are_ten_problems() -> None:
    """A file with ten mistakes of ten sorts reports each once, and nothing else."""
    with pytest.raises(InputError) as caught:
        load(TEN)
    assert len(caught.value.problems) == 10, str(caught.value)
    assert len({problem.fault for problem in caught.value.problems}) == 10
    assert str(caught.value).startswith("10 problems found:")
    assert "stay.known" not in str(caught.value)


def test_the_first_fifty_problems_are_printed_and_all_are_counted() -> None:
    """A long list is cut at fifty when it is printed; the error itself has all."""
    rules = "".join(RULES.replace('"stay.', f'"stay{i}.').replace("HB: ", "HC: ") for i in range(9))
    with pytest.raises(InputError) as caught:
        load(HEADER + rules)
    assert len(caught.value.problems) > 50
    text = str(caught.value)
    assert text.startswith(f"{len(caught.value.problems)} problems found, the first 50 of them:")
    assert text.count(f"- {FILE}") == 50


# what is no rulebook at all


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is missing or not a name"),
        ("rulebook =", "not TOML"),
        ("[[criterion]", "not TOML"),
        ("\x00", "not TOML"),
        ("a = 1\na = 2", "not TOML"),
        ("x = " + "[" * 5_000 + "]" * 5_000, "not TOML"),
        ("x = 2026-02-30", "not TOML"),
        ("#" * 1_000_001, "longer than 1000000 characters"),
    ],
    ids=["empty", "no-value", "no-bracket", "null", "twice", "nested", "no-such-day", "long"],
)
def test_a_text_that_is_no_rulebook_is_one_clear_error(text: str, fault: str) -> None:
    """Broken TOML, a file without a header and a file that is too long say so, with the file's name."""
    first = problems(text)[0]
    assert first.place.startswith(FILE)
    assert fault in first.fault


@pytest.mark.parametrize("form", headers.FORMS)
def test_a_form_that_is_no_list_of_rules_says_how_to_write_one(form: str) -> None:
    """A rule under single brackets is not a list of rules."""
    found = problems(f"{HEADER}\n[{form}]\nid = 'x.y'\n")
    assert [problem.mend for problem in found] == [f"write [[{form}]]"]


def test_a_rule_that_is_no_table_is_named_by_its_number() -> None:
    """Without an id a rule is called by its form and its number in the file."""
    (problem,) = problems(f"criterion = [5]\n{HEADER}")
    assert problem.place == f"{FILE}, criterion 1"


def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    """A file that is not there, a folder, and a file that is no UTF-8 each say that they cannot be read."""
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"rulebook = '\xff'")
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    for path in (tmp_path / "absent.toml", folder, broken):
        with pytest.raises(InputError, match="cannot be read"):
            peersupport.load(path)


def test_a_rulebook_that_is_not_in_the_package_names_the_nearest() -> None:
    """A misspelt name says which rulebook was meant."""
    with pytest.raises(InputError, match="did you mean 'nebraska-dbh'"):
        peersupport.load("nebraska-dbb")


def test_a_rulebook_is_loaded_from_a_path(tmp_path: Path) -> None:
    """A file is read by its path, and is called by its name in messages."""
    path = tmp_path / "own.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert peersupport.load(path).name == peersupport.load(str(path)).name == "harbor-house"
    path.write_text(GOOD.replace(HOLDS, "nothing"), encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.toml, line \d+, criterion stay\.wishes"):
        peersupport.load(path)


# one file on another

OVER: Final = 'rulebook = "over"\ntitle = "An overlay"\nextends = "harbor-house"\n'
NEW_RULE: Final = """
[[criterion]]
id     = "stay.fewer_wishes"
about  = "stay"
says   = "The person wants to stay."
holds  = "wants_to_stay"
source = "HB: 2"
"""


def over(text: str) -> Rulebook:
    """An overlay of the good file."""
    return load(OVER + text, file="over.toml", base=load(GOOD))


def over_problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with an overlay of the good file."""
    with pytest.raises(InputError) as caught:
        over(text)
    return caught.value.problems


def test_an_overlay_has_the_steps_of_its_base_and_its_own_behind_them() -> None:
    """A step that the base has too is said anew, where it stands; how long answers hold the overlay says itself."""
    steps = '[steps]\nplan = "First"\nrun = "Then"\n[sources.HB]'
    base = load(changed("[sources.HB]", steps).replace('version  = "1"', 'version = "1"\nreview_every = "1 year"'))
    assert (list(base.steps.items()), base.review_every) == ([("plan", "First"), ("run", "Then")], Period(1, "years"))
    head = 'rulebook = "over"\ntitle = "Over"\nextends = "harbor-house"\n'
    plain = load(head, base=base)
    assert (plain.steps, plain.review_every) == (base.steps, None)
    own = '[steps]\nlast = "At last"\nplan = "At first"\n' + another("own", after=["house.neighbors"]).replace(
        "plan", "last"
    )
    over = load(f'{head}review_every = "6 months"\n{own}', base=base)
    assert list(over.steps.items()) == [("plan", "At first"), ("run", "Then"), ("last", "At last")]
    assert over.review_every == Period(6, "months")
    assert [(each.id, each.step, each.after) for each in over.questions] == [
        ("house.neighbors", "plan", ()),
        ("own", "last", ("house.neighbors",)),
    ]


def test_a_base_whose_questions_stand_in_no_declared_step_is_told() -> None:
    """Steps that only the overlay declares are asked of the base's questions too."""
    text = 'rulebook = "over"\ntitle = "Over"\nextends = "harbor-house"\n[steps]\nrun = "Then"\n'
    (problem,) = problems(text, base=load(GOOD))
    assert str(problem) == "harbor.toml, question house.neighbors, step: there is no step 'plan' (known here: run)"


def test_an_overlay_has_the_rules_sources_and_questions_of_its_base() -> None:
    """Nothing changed, the overlay holds what its base holds under a name of its own."""
    base, plain = load(GOOD), over("")
    assert list(plain.rules) == list(base.rules)
    assert plain.sources == base.sources
    assert plain.questions == base.questions
    assert (plain.name, plain.extends) == ("over", "harbor-house")
    assert plain.digest != base.digest


def test_a_rule_replaces_another_in_its_place() -> None:
    """The replacing rule stands where the other stood, under its own id or the same."""
    text = NEW_RULE.replace("stay.fewer_wishes", "stay.meals") + 'replaces = "stay.meals"\n'
    assert list(over(text).rules) == list(load(GOOD).rules)
    assert over(text)["stay.meals"].form == "criterion"
    other = NEW_RULE + 'replaces = "stay.meals"\n'
    expected = ["stay.fewer_wishes" if name == "stay.meals" else name for name in load(GOOD).rules]
    assert list(over(other).rules) == expected


def test_an_overlay_leaves_rules_out_and_adds_its_own_behind() -> None:
    """`without` drops a rule; a rule of the overlay's own comes last."""
    book = over('without = ["stay.meals"]\n' + NEW_RULE)
    assert "stay.meals" not in book
    assert list(book.rules)[-1] == "stay.fewer_wishes"


def test_an_overlay_adds_facts_and_kinds() -> None:
    """A new fact of a kind of the base and a new kind can be asked for by new rules."""
    kinds = '[kinds.stay]\npets = "bool"\n[kinds.lamp]\nstay = "-> stay"\nlit = "bool"\n'
    book = over(kinds + NEW_RULE.replace('"wants_to_stay"', '"pets and any(lamp, lit)"'))
    assert {"pets", "meals"} <= set(book.vocabulary["stay"].facts)
    assert "lamp" in book.vocabulary


def test_an_overlay_has_the_rows_that_facts_keep_of_its_base() -> None:
    """Its own stand behind them; a row that it says again is kept by what it says, and its own facts are known."""
    rows = '"R-1" = { facts = ["stay.meals"], says = "Meals." }\n"R-2" = { facts = "stay.lamps" }'
    base = load(GOOD.replace("[sources.HB]", f"[recorded]\n{rows}\n[sources.HB]", 1))
    assert dict(base.recorded) == {
        "R-1": RecordedAs(("stay.meals",), "Meals."),
        "R-2": RecordedAs(("stay.lamps",), ""),
    }
    assert load(OVER, base=base).recorded == base.recorded
    own = '[recorded]\n"R-3" = { facts = ["stay.pets"] }\n"R-1" = { facts = ["stay.pets", "stay.meals"] }\n'
    over_it = load(f'{OVER}{own}[kinds.stay]\npets = "bool"\n', base=base)
    assert list(over_it.recorded) == ["R-1", "R-2", "R-3"]
    assert over_it.recorded["R-1"] == RecordedAs(("stay.pets", "stay.meals"), "")
    assert over_it.recorded["R-2"] == base.recorded["R-2"]


def test_rows_may_be_kept_by_facts_of_the_core() -> None:
    """And by facts that a rulebook borrows or adds to a kind of the core."""
    facts = '["person.birth_date", "chart.person", "person.pets"]'
    text = f'[recorded]\n"R-1" = {{ facts = {facts} }}\n[kinds.person]\npets = "bool"\n[sources.HB]'
    book = load(GOOD.replace("[sources.HB]", text, 1))
    assert book.recorded["R-1"].facts == ("person.birth_date", "chart.person", "person.pets")


def test_each_fact_that_is_not_there_is_a_problem_of_its_own() -> None:
    """Two misspelt facts of a row, and one of another, are three."""
    rows = '"R-1" = { facts = ["stay.mels", "stay.meals", "sty.lamps"] }\n"R-2" = { facts = ["stay.lmps"] }'
    found = problems(GOOD.replace("[sources.HB]", f"[recorded]\n{rows}\n[sources.HB]", 1))
    assert [problem.fault for problem in found] == [
        f"there is no fact {name!r}" for name in ("stay.mels", "sty.lamps", "stay.lmps")
    ]


@pytest.mark.parametrize(
    ("text", "place", "fault", "mend"),
    [
        ('without = ["stay.meal"]', "without", "the base has no rule 'stay.meal'", "did you mean 'stay.meals'?"),
        ('without = "stay.meals"', "without", "list of texts", ""),
        (NEW_RULE + 'replaces = "stay.wish"', "replaces", "the base has no rule 'stay.wish'", "'stay.wishes'"),
        (NEW_RULE.replace("fewer_", ""), "criterion stay.wishes", "the base has a rule of this id", "replaces ="),
        (
            NEW_RULE.replace("stay.fewer_wishes", "stay.meals") + 'replaces = "stay.units"',
            "criterion stay.meals",
            "the base has a rule of this id",
            "replaces =",
        ),
        ('without = ["stay.wishes"]', "criterion stay.parts", "met('stay.wishes'): there is no such rule", "`without`"),
        (
            NEW_RULE + 'replaces = "stay.meals"' + NEW_RULE.replace("fewer", "less") + 'replaces = "stay.meals"',
            "criterion stay.less_wishes, replaces",
            "stay.fewer_wishes replaces stay.meals already",
            "one of them",
        ),
        ('[sources.HB]\ntitle = "Another"', "sources.HB", "is a source of the base", "another key"),
        (
            '[[question]]\nid = "house.neighbors"\nstep = "plan"\nasks = "x"\nsource = "HB: 1"',
            "question house.neighbors",
            "this id is taken",
            "the base",
        ),
        (NEW_RULE + 'replaces = "stay.wishes"', "criterion stay.parts", "met('stay.wishes')", ""),
        ('[kinds.stay]\nmeals = "bool"', "kinds.stay, meals", "is a number of meals already", "another name"),
        ('[kinds.stay]\nmeals = "int plates"', "kinds.stay, meals", "is a number of meals already", "another name"),
        ('may_only = "change"', "may_only", "must be 'loosen' or 'tighten'", ""),
        (NEW_RULE.replace("HB", "HC"), "source", "there is no source 'HC'", ""),
    ],
)
def test_one_mistake_of_an_overlay_is_one_problem(text: str, place: str, fault: str, mend: str) -> None:
    """What an overlay replaces, drops or adds must fit its base; the problem names the overlay's file."""
    (problem,) = over_problems(text)
    assert problem.place.startswith("over.toml")
    assert place in problem.place
    assert fault in problem.fault
    assert mend in problem.mend


def test_three_layers_are_refused() -> None:
    """A rulebook does not extend one that extends another itself."""
    with pytest.raises(InputError, match="at most two layers"):
        load(OVER.replace('"over"', '"third"'), base=over(""))


def test_a_base_that_is_not_in_the_package_is_named() -> None:
    """The base is asked for by its name, and a name that is not there is an error of its own."""
    with pytest.raises(InputError, match="rulebook 'harbor-house': is not in the package"):
        peersupport.loads(OVER)


def test_the_faults_of_a_file_are_told_when_its_base_is_not_there() -> None:
    """Without its base a file is still asked whether each value is of the right sort, and no more."""
    with pytest.raises(InputError) as caught:
        peersupport.loads(OVER + "version = 1\n" + NEW_RULE.replace('"wants_to_stay"', "5"))
    assert [problem.place.rpartition(", ")[2] for problem in caught.value.problems] == [
        "version",
        "rulebook 'harbor-house'",
        "holds",
    ]


def test_a_rule_that_is_no_table_says_nothing_while_the_base_is_missing() -> None:
    """What stands in the place of a rule is left for the reading that has the base."""
    with pytest.raises(InputError) as caught:
        peersupport.loads("criterion = [5]\n" + OVER)
    assert [problem.fault for problem in caught.value.problems] == ["is not in the package"]


def test_a_fact_of_the_base_may_be_declared_again_as_it_is() -> None:
    """The same declaration once more changes nothing."""
    book = over('[kinds.stay]\nroute = "choice: in_care after_care"\n')
    assert book.vocabulary["stay"].facts["route"] == load(GOOD).vocabulary["stay"].facts["route"]


def test_a_packaged_rulebook_can_be_extended() -> None:
    """A text that extends a rulebook of the package finds it by name."""
    book = peersupport.loads(OVER.replace("harbor-house", "minnesota-peer2peer"))
    assert "referral.window" in book


# whatever the text is

SCOPE: Final = Scope(load(GOOD).vocabulary, "stay", load(GOOD).definitions)
TOKENS: Final = [
    *sorted(syntax.WORDS),
    *("stay", "person", "chart", "needs", "meals", "arrived_on", "left_on", "'work'", "3", "0.5", "1e9", "x"),
    *"()[]{}.,:+-*/&|<>=!'\"#@^~ ",
    *("<=", "==", "!=", "not", "\t", "\n", "\u00e9", "\u200b", "\u0430", "\uff41", "\\"),
]
TEXTS: Final = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(TOKENS), max_size=25).map(" ".join))


def places(text: str) -> list[int]:
    """Where an expression is at fault; nowhere when it is a term."""
    try:
        syntax.parse(text, SCOPE)
    except SyntaxFaults as error:
        return [fault.at for fault in error.faults]
    return []


@given(TEXTS)
def test_any_text_is_a_term_or_has_faults(text: str) -> None:
    """Whatever stands in an expression, it is read or refused, with the place of each fault inside the text."""
    assert all(0 <= at <= len(text) for at in places(text))


LINES: Final = GOOD.splitlines()
PIECES: Final = [
    "",
    '"',
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "5",
    "true",
    "nan",
    "2026-01-01",
    '"x"',
    "[]",
    "{}",
    "-> ",
    "\u0430",
]


def swapped(first: int, second: int) -> str:
    """The good file with two lines in each other's place."""
    lines = list(LINES)
    lines[first], lines[second] = lines[second], lines[first]
    return "\n".join(lines)


def without_line(at: int) -> str:
    """The good file without a line."""
    return "\n".join(LINES[:at] + LINES[at + 1 :])


def with_value(at: int, value: str) -> str:
    """The good file with another value in a line that has one."""
    key, equals, _ = LINES[at].partition("=")
    return "\n".join([*LINES[:at], f"{key}{equals} {value}", *LINES[at + 1 :]])


def with_piece(at: int, piece: str, cut: int) -> str:
    """The good file with a piece of text in the place of some characters."""
    return GOOD[:at] + piece + GOOD[at + cut :]


LINE: Final = st.integers(0, len(LINES) - 1)
MUTATIONS: Final = st.one_of(
    st.builds(swapped, LINE, LINE),
    st.builds(without_line, LINE),
    st.builds(with_value, LINE, st.sampled_from([piece for piece in PIECES if piece])),
    st.builds(with_piece, st.integers(0, len(GOOD)), st.sampled_from(PIECES), st.integers(0, 4)),
)


@given(MUTATIONS)
def test_any_small_change_of_a_rulebook_loads_or_is_an_input_error(text: str) -> None:
    """A rulebook with one small change in it is a rulebook, or every fault is said; nothing else is raised."""
    with contextlib.suppress(InputError):
        load(text)


# mistakes of more than one line, or of the whole file


def changed(old: str, new: str) -> str:
    """The good file with one change."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def condition(text: str) -> str:
    """The good file with another condition."""
    return changed(HOLDS, text)


def also(text: str) -> str:
    """The good file with one more field of the rule that has none of its own to be in the way."""
    return changed("need   = 1", f"need   = 1\n{text}")


def fact(declared: str) -> str:
    """The good file with another declaration of a fact that no rule uses."""
    return changed('lamps         = { type = "int lamps", min = 0 }', declared)


END: Final = """
[[definition]]
id     = "other.season_end"
about  = "stay"
says   = "Another end under the same name."
is     = "meals"
source = "HB: 9"
"""


def limit(measure: str, at_most: str) -> str:
    """The good file with another limit in the place of its last one, which has no window."""
    text = changed('"sum(visit.units)"\nwindow  = "rolling 6 months"', measure)
    return text.replace('"26 hours"', at_most)


def recorded(rows: str) -> str:
    """The good file with rows that facts keep."""
    return changed("[sources.HB]", f"[recorded]\n{rows}\n[sources.HB]")


def crewed(crew: str) -> str:
    """The good file with a set of references in its worked case."""
    return fact('crew = "-> set of host"').replace(WORKED, f'needs = ["work"], crew = {crew} }}')


HOST: Final = "[kinds.host]"
PLANNED: Final = '{ type = "date", planned = true }'
ABOUT: Final = 'about  = "stay"\nsays   = "At least'
WORKED: Final = 'needs = ["work"] }'


@attrs.frozen
class Whole:
    """A file with one mistake, and what must be said of it."""

    name: str
    text: str
    place: str
    fault: str
    mend: str


WHOLE: Final = [
    Whole(
        "a path over a kind that is not there",
        changed('keeper   = "-> host"', 'keeper   = "-> hots"').replace(HOLDS, "any(chart, exists(keeper.languages))"),
        "kinds.chart, keeper",
        "no kind 'hots'",
        "did you mean 'host'?",
    ),
    Whole(
        "facts borrowed in a circle",
        fact('a = "-> stay, from b"\nb = "-> stay, from a"').replace(HOLDS, "a == b"),
        "kinds.stay, a",
        "b is no reference that a stay stores",
        "borrow it as in '-> person, from stay'",
    ),
    Whole(
        "a bound that is a text",
        fact('lamps = { type = "int", min = "3" }').replace(WORKED, "lamps = 5 }"),
        "kinds.stay, lamps",
        "`min` is not a number: write a finite number below",
        "",
    ),
    Whole(
        "a force that is a list",
        also("force = []"),
        "criterion stay.parts, force",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "a need that is a list",
        changed("need   = 1", "need = []"),
        "criterion stay.parts, need",
        "must be 'all' or a whole number",
        "",
    ),
    Whole(
        "a way to count that is a list",
        changed('counted = "rolling"', "counted = []"),
        "deadline stay.redrawn, counted",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "a window that is a list",
        changed('window  = "rolling 6 months"', "window = []"),
        "limit stay.units, window",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "an example's reading that is a number",
        changed('verdict = "met"', 'verdict = "met", reading = 5'),
        "criterion stay.wishes, example 1, reading",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "an example's kind that is a number",
        changed('verdict = "met"', 'verdict = "met", about = 5'),
        "criterion stay.wishes, example 1, about",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "a whole number of 5000 digits",
        changed("at_most  = 90", f"at_most = {'9' * 5000}"),
        "",
        "not TOML: a number is too long to be read",
        "",
    ),
    Whole(
        "a decimal beyond all bounds",
        changed("at_most  = 90", "at_most = 1e9999999999999999999999"),
        "",
        "not TOML: a number is too long to be read",
        "",
    ),
    Whole(
        "half a character",
        changed("A fictional house", "\ud800"),
        "",
        "half a character stands on line 3",
        "save the file as UTF-8",
    ),
    Whole(
        "a lower bound above the upper",
        fact('lamps = { type = "int", min = 5, max = 3 }'),
        "kinds.stay, lamps",
        "`min` is more than `max`: no number is at least 5 and",
        "",
    ),
    Whole(
        "a plan that is a text",
        fact('lamps = { type = "date", planned = "no" }'),
        "kinds.stay, lamps",
        "`planned` is not true or false: write true or false",
        "",
    ),
    Whole(
        "a meaning that is a number",
        fact('lamps = { type = "bool", says = 5 }'),
        "kinds.stay, lamps",
        "`says` is not a text, or an empty one: write it in",
        "",
    ),
    Whole(
        "a bound of a date",
        fact('lamps = { type = "date", min = 5 }'),
        "kinds.stay, lamps",
        "`min` and `max` are for numbers, this is a date",
        "",
    ),
    Whole(
        "a fact borrowed from nowhere",
        fact('lamps = "-> person, from nowhere"'),
        "kinds.stay, lamps",
        "there is no fact 'nowhere' to borrow it from",
        "borrow it as in '-> person, from stay'",
    ),
    Whole(
        "a borrowed fact of no kind",
        fact('lamps = "-> nobody, from person"'),
        "kinds.stay, lamps",
        "no kind 'nobody'",
        "known here: admission, appointment,",
    ),
    Whole(
        "a fact that the lender does not have",
        fact('lamps = "-> host, from person"'),
        "kinds.stay, lamps",
        "person has no fact 'lamps' to lend",
        "borrow it as in '-> person, from stay'",
    ),
    Whole(
        "a fact of the core told otherwise",
        changed(HOST, f"[kinds.person]\nbirth_date = {PLANNED}\n{HOST}"),
        "kinds.person, birth_date",
        "is declared already, and keeps its meaning and its",
        "leave it out, or choose another name",
    ),
    Whole(
        "a span of one fact",
        changed('until = "left_on"', 'until = "arrived_on"'),
        "kinds.stay, span",
        "names 'arrived_on' twice",
        'write { from = "starts_on", until =',
    ),
    Whole(
        "a responsible day",
        changed('"last(pairing.host)"', '"arrived_on"'),
        "kinds.stay, responsible",
        "expected a reference to a record, this is a date",
        "",
    ),
    Whole(
        "a rule about nothing",
        changed(ABOUT, ABOUT.replace('"stay"', "[]")),
        "criterion stay.parts, about",
        "is missing or not a text or a list of texts",
        "write it in quotation marks",
    ),
    Whole(
        "a rule twice about a kind",
        changed(ABOUT, ABOUT.replace('"stay"', '["stay", "stay"]')),
        "criterion stay.parts, about",
        "names 'stay' twice",
        "",
    ),
    Whole(
        "a number that the rule does not have",
        changed("and needs work.", "and {at_most}."),
        "criterion stay.wishes, says",
        "{at_most} stands here, and the rule has no `at_most`",
        "write the number out",
    ),
    Whole(
        "a reading with a number that is none",
        also("readings.x = { says = 'a {foo}' }"),
        "criterion stay.parts, reading 'x', says",
        "{foo} is no number of a rule",
        "use {within}, {again}, {at_most}",
    ),
    Whole(
        "a reading whose sentence is a number",
        also("readings.x = { says = 5 }"),
        "criterion stay.parts, reading 'x', says",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "choose without quotation marks left out",
        also('choose = "yes"'),
        "criterion stay.parts, choose",
        "is not true or false",
        "write true or false without",
    ),
    Whole(
        "nothing to choose from",
        also("choose = true"),
        "criterion stay.parts, choose",
        "there is no reading to choose",
        "write the readings, or leave it out",
    ),
    Whole(
        "a definition that applies at times",
        changed('source = "HB: 1"', 'source = "HB: 1"\nwhen = "wants_to_stay"'),
        "definition stay.season_end, when",
        "belongs to a verdict, and a definition has none",
        "leave it out",
    ),
    Whole(
        "two definitions of one name",
        GOOD + END,
        "definition other.season_end",
        "stay.season_end defines 'season_end' of stay already",
        "end the id in another name",
    ),
    Whole(
        "a reading of another type",
        changed('source = "HB: 1"', 'source = "HB: 1"\nreadings.x = { is = "meals" }'),
        "definition stay.season_end, reading 'x', is",
        "is a number of meals, and without the reading a date",
        "a name has one type under every reading",
    ),
    Whole(
        "a related record that is a number",
        changed(WORKED, 'needs = ["work"], chart = 5 }'),
        "criterion stay.wishes, example 1, chart",
        "chart is a kind of records",
        "write { ... }, or [{ ... }, { ... }]",
    ),
    Whole(
        "one question under single brackets",
        changed("[[question]]", "[question]"),
        "question",
        "is not a list of questions",
        "write [[question]]",
    ),
    Whole(
        "two questions of one id",
        GOOD + RULES[RULES.index("[[question]]") :],
        "question 2",
        "this id is taken",
        "each has its own: it is that of",
    ),
    Whole(
        "an overlay's limit without a base",
        f'may_only = "loosen"\n{GOOD}',
        "may_only",
        "stands in a file that extends no other",
        "write `extends`, or leave it out",
    ),
    Whole(
        "other records without a window",
        limit('"2 * count(visit)"', "5"),
        "limit stay.units, measure",
        "counts other records inside a calculation",
        "write one count, sum or distinct,",
    ),
    Whole(
        "at least more than at most",
        changed("at_least = 1", "at_least = 91"),
        "limit stay.meals, at_least",
        "is more than `at_most`: no number is at least 91 and at",
        "",
    ),
    Whole(
        "not a number",
        changed("at_most  = 90", "at_most = nan"),
        "limit stay.meals, at_most",
        "is not a finite number below 1000000000000, a quantity",
        "as in 12, '900 hours' or 'capacity'",
    ),
    Whole(
        "without end",
        changed("at_most  = 90", "at_most = inf"),
        "limit stay.meals, at_most",
        "is not a finite number below 1000000000000, a quantity",
        "as in 12, '900 hours' or 'capacity'",
    ),
    Whole(
        "a bound in another unit",
        changed("at_most  = 90", 'at_most = "age(person.birth_date, on)"'),
        "limit stay.meals, at_most",
        "is a number of years, and the measure a number of meals",
        "bring both to one unit",
    ),
    Whole(
        "a window of no days",
        changed("rolling 6 months", "rolling 0 days"),
        "limit stay.units, window",
        "'0 days' is not a length of whole days",
        "write at least one day, week or month",
    ),
    Whole(
        "a window of no days again",
        changed("rolling 6 months", "each 0 days from arrived_on"),
        "limit stay.units, window",
        "'0 days' is not a length of whole days",
        "write at least one day, week or month",
    ),
    Whole(
        "the last number at any time",
        limit('"last(pairing.rooms)"', '5\nwindow = "at any time"').replace(
            "second    =", 'rooms = "int"\nsecond    ='
        ),
        "limit stay.units, measure",
        "last goes with no window but 'ever'",
        "write count, sum or distinct",
    ),
    Whole(
        "a not_before that reads related records",
        changed('until  = "left_on"\ndone', 'until  = "left_on"\nnot_before = "first(chart.drawn_on)"\ndone'),
        "deadline stay.drawn, not_before",
        "reads related records",
        "write it with the facts of the",
    ),
    Whole(
        "each inside a condition of done",
        changed('"each(chart.drawn_on)"', '"each(chart.drawn_on, each(step.x) > on)"'),
        "deadline stay.redrawn, done",
        "each(...) stands only in `done` of a deadline that",
        "",
    ),
    Whole(
        "a window of hours",
        changed("rolling 6 months", "rolling 3 hours"),
        "limit stay.units, window",
        "'3 hours' is not a length of whole days",
        "write at least one day, week or month",
    ),
    Whole(
        "a window of hours from a day",
        changed("rolling 6 months", "each 24 hours from arrived_on"),
        "limit stay.units, window",
        "'24 hours' is not a length of whole days",
        "write at least one day, week or month",
    ),
    Whole(
        "a window from a day until an instant",
        changed("rolling 6 months", "each 7 days from arrived_on until first(visit.starts_at)"),
        "limit stay.units, window",
        "goes from a date until an instant",
        "write day(...) for the instant",
    ),
    Whole(
        "between events that are none",
        changed("rolling 6 months", "between arrived_on"),
        "limit stay.units, window",
        "first is for facts of several records",
        "write the fact itself",
    ),
    Whole(
        "between a misspelt fact",
        changed("rolling 6 months", "between chart.drawnon"),
        "limit stay.units, window",
        "chart has no fact 'drawnon'",
        "did you mean 'drawn_on'?",
    ),
    Whole(
        "a judged that is a text",
        fact('lamps = { type = "bool", judged = "yes" }'),
        "kinds.stay, lamps",
        "`judged` is not true or false: write true or false",
        "",
    ),
    Whole(
        "places that are a text",
        fact('lamps = { type = "decimal", places = "a" }'),
        "kinds.stay, lamps",
        "`places` is not a whole number: write it without",
        "",
    ),
    Whole(
        "places of a whole number",
        fact('lamps = { type = "int", places = 2 }'),
        "kinds.stay, lamps",
        "`places` is for decimals, and a whole number from 0 to 12",
        "",
    ),
    Whole(
        "a planned yes or no",
        fact('lamps = { type = "bool", planned = true }'),
        "kinds.stay, lamps",
        "`planned` is for dates and instants, this is a yes or no",
        "",
    ),
    Whole(
        "more places than declared",
        fact('lamps = { type = "decimal", places = 1 }').replace(WORKED, "lamps = 0.25, " + WORKED),
        "criterion stay.wishes, example 1, lamps",
        "0.25 has more than 1 decimal places",
        "",
    ),
    Whole(
        "a fact that Python has a word for",
        fact('class = "bool"'),
        "kinds.stay, class",
        "cannot be the name of a fact: use small letters, and no",
        "",
    ),
    Whole(
        "a borrowed fact of another type",
        fact('lamps = "-> host, from person"\nbirth_date = "int, from person"').replace(
            'lamps = "-> host, from person"\n', ""
        ),
        "kinds.stay, birth_date",
        "is a date in person",
        "borrow it as in '-> person, from stay'",
    ),
    Whole(
        "a reading without a name",
        also('readings."" = { need = 2 }'),
        "criterion stay.parts, readings",
        "a reading has no name",
        "name it in plain words",
    ),
    Whole(
        "related records that are texts",
        changed(WORKED, 'needs = ["work"], chart = ["a"] }'),
        "criterion stay.wishes, example 1, chart",
        "chart is a kind of records",
        "write { ... }, or [{ ... }, { ... }]",
    ),
    Whole(
        "a set that is one text",
        changed('needs = ["work"] }', 'needs = "work" }'),
        "criterion stay.wishes, example 1, needs",
        "is a set of choices: write a list of texts, as in ['a',",
        "",
    ),
    Whole(
        "a fact at fault that rules use",
        changed('wants_to_stay = "bool, judged"', 'wants_to_stay = "boool"'),
        "kinds.stay, wants_to_stay",
        "'boool' is not a type: write bool, date, instant, text,",
        "",
    ),
    Whole(
        "a reference at fault that paths go back over",
        changed('stay     = "-> stay"\nkeeper', 'stay     = "-> stya"\nkeeper'),
        "kinds.chart, stay",
        "no kind 'stya'",
        "did you mean 'stay'?",
    ),
    Whole(
        "a day at fault by which records are dated",
        changed('starts_at = "instant"', "starts_at = 5"),
        "kinds.visit, starts_at",
        "a fact is declared by its type, as in 'date or none',",
        "",
    ),
    Whole(
        "a span of a fact at fault",
        changed('starts_on = "date"', "starts_on = 5").replace(HOLDS, "any(pairing, covers(on))"),
        "kinds.pairing, starts_on",
        "a fact is declared by its type, as in 'date or none',",
        "",
    ),
    Whole(
        "a source without a title",
        changed('title = "A fictional handbook"', 'note = "x"'),
        "sources.HB",
        "has no title",
        'write title = "..."',
    ),
    Whole(
        "a source whose publisher is a number",
        changed('title = "A fictional handbook"', 'title = "x"\npublisher = 5'),
        "sources.HB, publisher",
        "is not a text, or an empty one",
        "write it in quotation marks",
    ),
    Whole(
        "a rule about an empty text",
        changed(ABOUT, ABOUT.replace('"stay"', '""')),
        "criterion stay.parts, about",
        "is missing or not a text or a list of texts",
        "write it in quotation marks",
    ),
    Whole(
        "a definition at fault that rules use",
        changed('is     = "arrived_on + weeks(12)"', "is = 5").replace(HOLDS, "season_end > on"),
        "definition stay.season_end, is",
        "is not a text, or an empty one",
        "write the expression in quotation marks",
    ),
    Whole(
        "a misspelt definition that rules use",
        changed('is     = "arrived_on + ', 'is = "arived_on + ').replace(HOLDS, "season_end > on"),
        "definition stay.season_end, is",
        "stay has no fact 'arived_on'",
        "did you mean 'arrived_on'?",
    ),
    Whole(
        "dated by a borrowed fact",
        changed('dated_by      = "arrived_on"', 'dated_by = "birth_date"\nbirth_date = "date, from person"'),
        "kinds.stay, dated_by",
        "'birth_date' is borrowed, and not its own",
        "known here: arrived_on, left_on, lit_on",
    ),
    Whole(
        "dated by a set",
        changed('dated_by      = "arrived_on"', 'dated_by = "needs"'),
        "kinds.stay, dated_by",
        "'needs' is not a fact that is a date",
        "known here: arrived_on, left_on, lit_on",
    ),
    Whole(
        "a window of days that is a day",
        changed("in_force = { from = 2020-01-01 }", "in_force = 2026-01-01"),
        "in_force",
        "is not a window of days",
        "write { from = 2026-01-01, until =",
    ),
    Whole(
        "no clauses",
        changed('{ "a chart" = "count(chart) >= 1", "the wishes" = "met(\'stay.wishes\')" }', "{}"),
        "criterion stay.parts, holds",
        "is not a condition in quotation marks, or a table of",
        "as in 'wants_to_stay' or { 'the",
    ),
    Whole(
        "a clause without a name",
        changed('"a chart" =', '"" ='),
        "criterion stay.parts, holds",
        "a clause has no name",
        "name it in plain words",
    ),
    Whole(
        "counted from an instant",
        changed('after   = "arrived_on"\nagain', 'after   = "first(visit.starts_at)"\nagain'),
        "deadline stay.redrawn, after",
        "a deadline that repeats is counted in dates",
        "write day(...) for instants",
    ),
    Whole(
        "repeated until an instant",
        changed('again   = "90 days"', 'again   = "90 days"\nuntil   = "first(visit.starts_at)"'),
        "deadline stay.redrawn, until",
        "a deadline that repeats is counted in dates",
        "write day(...) for instants",
    ),
    Whole(
        "the first one at once",
        changed('again   = "90 days"', 'again   = "90 days"\nwithin  = "0 days"'),
        "deadline stay.redrawn, within",
        "must be at least one day, week, month, year or business day",
        "",
    ),
    Whole(
        "the first one within hours",
        changed('again   = "90 days"', 'again   = "90 days"\nwithin  = "3 hours"'),
        "deadline stay.redrawn, within",
        "must be at least one day, week, month, year or business day",
        "",
    ),
    Whole(
        "a question with the id of a rule",
        changed('id     = "house.neighbors"', 'id     = "stay.meals"'),
        "question 1",
        "this id is taken",
        "each has its own: it is that of",
    ),
    Whole(
        "steps that are a list",
        changed('version  = "1"', 'version = "1"\nsteps = ["plan"]'),
        "steps",
        "is not a table of texts",
        'write plan = "It starts with a plan"',
    ),
    Whole(
        "a step that is not declared",
        changed("[sources.HB]", '[steps]\nplans = "First"\n[sources.HB]'),
        "question 1, step",
        "there is no step 'plan'",
        "did you mean 'plans'?",
    ),
    Whole(
        "a question after one that is not there",
        changed(ASKED, f'{ASKED}\nafter = ["house.neighbor"]'),
        "question 1, after",
        "there is no question 'house.neighbor'",
        "did you mean 'house.neighbors'?",
    ),
    Whole(
        "a question after itself",
        changed(ASKED, f'{ASKED}\nafter = ["house.neighbors"]'),
        "question 1, after",
        "leads back to itself: house.neighbors, house.neighbors",
        "leave one out",
    ),
    Whole(
        "questions after each other in a circle",
        changed(ASKED, f'{ASKED}\nafter = ["two"]') + another("two", after=["three"]) + another("three", after=["two"]),
        "question 2, after",
        "leads back to itself: two, three, two",
        "leave one out",
    ),
    Whole(
        "a question after one that is at fault itself",
        changed(ASKED, f'{ASKED}\nafter = ["two"]') + another("two").replace("asks", "ask"),
        "question 2",
        "needs `id`, `step` and `asks`",
        "",
    ),
    Whole(
        "a question whose id is a list",
        GOOD + another("two").replace('"two"', '["two"]'),
        "question 2, id",
        "is not a text",
        "quotation marks",
    ),
    Whole(
        "a part that is no word",
        changed(ASKED, f'{ASKED}\nparts = ["Leave and pay"]'),
        "question 1, parts",
        "'Leave and pay' cannot be the name of a part",
        "small letters",
    ),
    Whole(
        "a part called none",
        changed(ASKED, f'{ASKED}\nparts = ["none"]'),
        "question 1, parts",
        "'none' cannot be the name of a part",
        "small letters",
    ),
    Whole(
        "a part twice",
        changed(ASKED, f'{ASKED}\nparts = ["pay", "leave", "pay"]'),
        "question 1, parts",
        "names 'pay' twice",
        "",
    ),
    Whole(
        "a condition in quotation marks",
        changed(ASKED, f'{ASKED}\ncondition = "yes"'),
        "question 1, condition",
        "is not true or false",
        "without quotation marks",
    ),
    Whole(
        "an answer that holds for some hours",
        changed(ASKED, f'{ASKED}\nreview_every = "8 hours"'),
        "question 1, review_every",
        "must be at least one day, week, month or year",
        "6 months",
    ),
    Whole(
        "an answer that holds for no time",
        changed('version  = "1"', 'version = "1"\nreview_every = "0 days"'),
        "review_every",
        "must be at least one day, week, month or year",
        "6 months",
    ),
    Whole(
        "an answer that holds for a while",
        changed('version  = "1"', 'version = "1"\nreview_every = "a while"'),
        "review_every",
        "'a while' is not a period",
        "",
    ),
    Whole(
        "nothing that a definition has",
        changed('source = "HB: 1"', 'source = "HB: 1"\nforce = "must"'),
        "definition stay.season_end, force",
        "belongs to a verdict, and a definition has none",
        "leave it out",
    ),
    Whole(
        "a definition with a worked case",
        changed('source = "HB: 1"', 'source = "HB: 1"\nexamples = []'),
        "definition stay.season_end, examples",
        "belongs to a verdict, and a definition has none",
        "leave it out",
    ),
    Whole(
        "a rule that replaces without a base",
        also('replaces = "x"'),
        "criterion stay.parts, replaces",
        "the base has no rule 'x'",
        "",
    ),
    Whole(
        "tables in tables",
        changed(WORKED, 'needs = ["work"], ' + "person." * 60 + "x = 1 }"),
        "",
        "tables lie more than 40 deep in one another",
        "",
    ),
    Whole(
        "a clause that is a number",
        changed('"a chart" = "count(chart) >= 1"', '"a chart" = 5'),
        "criterion stay.parts, holds.'a chart'",
        "is not a text",
        "write the expression in quotation marks",
    ),
    Whole(
        "a worked case that is a number",
        also("examples = [5]"),
        "criterion stay.parts, example 1",
        "is not a table",
        "write { given = { ... }, on = 2026-06-30",
    ),
    Whole(
        "a kind that is a number",
        changed(HOST, f"[kinds]\nlamp = 5\n{HOST}"),
        "kinds.lamp",
        "is not a table of facts",
        "write [kinds.lamp]",
    ),
    Whole(
        "a reference to a kind that is a number",
        fact('lamps = "-> lamp"').replace(HOST, f"[kinds]\nlamp = 5\n{HOST}"),
        "kinds.lamp",
        "is not a table of facts",
        "write [kinds.lamp]",
    ),
    Whole(
        "a reference at fault that another kind borrows",
        changed('person        = "-> person"', 'person = "-> persn"'),
        "kinds.stay, person",
        "no kind 'persn'",
        "did you mean 'person'?",
    ),
    Whole(
        "a record that is no member of records of another kind",
        fact('crew = "-> set of host"').replace(HOLDS, "person in crew"),
        "criterion stay.wishes, holds",
        "is not in",
        "",
    ),
    Whole(
        "within a span that the record judged does not have",
        limit('"count(pairing[host])"\nwindow = "its span"', "3").replace(
            'id      = "stay.units"\nabout   = "stay"', 'id = "stay.units"\nabout = "host"'
        ),
        "limit stay.units, window",
        "host has no span",
        "",
    ),
    Whole(
        "a number of clauses that have no names",
        changed('source = "HB: 2"', 'source = "HB: 2"\nneed = 1'),
        "criterion stay.wishes, need",
        "counts named clauses, and there are none",
        "write `holds` as a table of clauses",
    ),
    Whole(
        "a month of records that have no day",
        limit('"count(visit)"\nwindow = "calendar month"', "3").replace('dated_by  = "starts_at"\n', ""),
        "limit stay.units, window",
        "visit has no `dated_by`",
        "",
    ),
    Whole(
        "rows kept that are a list",
        changed("[sources.HB]", 'recorded = ["R-1"]\n[sources.HB]'),
        "recorded",
        "is not a table",
        "write { ... }",
    ),
    *(
        Whole(
            f"a row that is kept by {row}",
            recorded(f'"R-1" = {row}'),
            "recorded, R-1",
            "names no facts",
            'write { facts = ["contact.topics"], says = "..." }',
        )
        for row in ("5", '"stay.meals"', '["stay.meals"]', "{}", '{ says = "x" }')
    ),
    *(
        Whole(
            f"a row whose facts are {facts}",
            recorded(f'"R-1" = {{ facts = {facts} }}'),
            "recorded, R-1, facts",
            "not a text or a list of texts",
            "write it in quotation marks",
        )
        for facts in ("5", "[]", "[5]", '""', '["stay.meals", ""]')
    ),
    Whole(
        "a row that is kept and not modeled",
        changed(
            "[sources.HB]",
            '[not_modeled]\n"R-1" = "No rule."\n[recorded]\n"R-1" = { facts = ["stay.meals"] }\n[sources.HB]',
        ),
        "recorded, R-1",
        "stands under not_modeled too",
        "keep one of them",
    ),
    Whole(
        "a row kept by a misspelt fact",
        recorded('"R-1" = { facts = ["stay.lamps", "stay.mels"] }'),
        "recorded, R-1, facts",
        "there is no fact 'stay.mels'",
        "did you mean 'stay.meals'?",
    ),
    Whole(
        "a row kept by a fact of a misspelt kind",
        recorded('"R-1" = { facts = ["sty.meals"] }'),
        "recorded, R-1, facts",
        "there is no fact 'sty.meals'",
        "did you mean 'stay.meals'?",
    ),
    Whole(
        "a row kept by a fact of no kind",
        recorded('"R-1" = { facts = ["meals"] }'),
        "recorded, R-1, facts",
        "there is no fact 'meals'",
        "did you mean 'stay.meals'?",
    ),
    Whole(
        "a row kept by a definition",
        recorded('"R-1" = { facts = ["stay.season_end"] }'),
        "recorded, R-1, facts",
        "there is no fact 'stay.season_end'",
        "",
    ),
    *(
        Whole(
            f"a row that says {says}",
            recorded(f'"R-1" = {{ facts = ["stay.meals"], says = {says} }}'),
            "recorded, R-1, says",
            "is not a text, or an empty one",
            "write it in quotation marks",
        )
        for says in ("5", '""', '["x"]')
    ),
    Whole(
        "a row with a field of another name",
        recorded('"R-1" = { facts = ["stay.meals"], note = "x" }'),
        "recorded, R-1",
        "there is no field 'note'",
        "known here: facts, says",
    ),
    *(
        Whole(
            f"a rule that is critical as {word}",
            also(f"critical = {word}"),
            "criterion stay.parts, critical",
            "is not true or false",
            "write true or false without quotation marks",
        )
        for word in ("1", '"yes"', "[]", "{}", "2026-01-01")
    ),
    Whole(
        "a definition that is critical",
        changed('source = "HB: 1"', 'source = "HB: 1"\ncritical = true'),
        "definition stay.season_end, critical",
        "belongs to a verdict, and a definition has none",
        "leave it out",
    ),
    Whole(
        "a reading that is critical",
        also("readings.x = { critical = true }"),
        "criterion stay.parts, reading 'x'",
        "there is no field 'critical'",
        "",
    ),
    Whole(
        "a table in a set of references with a misspelt fact",
        crewed('[{ languages = ["hill"] }, { langages = ["hill"] }]'),
        "criterion stay.wishes, example 1, crew, given",
        "host has no fact 'langages'",
        "did you mean 'languages'?",
    ),
    Whole(
        "a table in a set of references with a wrong choice",
        crewed('[{ languages = ["hil"] }]'),
        "criterion stay.wishes, example 1, crew, languages",
        "has a member that is not one of its choices: did you mean 'hill'?",
        "",
    ),
    Whole(
        "a table in a set of references with an empty id",
        crewed('[{ id = "" }]'),
        "criterion stay.wishes, example 1, crew, id",
        "an id is a text",
        "",
    ),
    Whole(
        "tables beside ids in a set of references",
        crewed('[{ languages = ["hill"] }, "h-1"]'),
        "criterion stay.wishes, example 1, crew",
        "host is a kind of records",
        "write { ... }, or [{ ... }, { ... }]",
    ),
    Whole(
        "a record under a table in a set of references with a misspelt fact",
        crewed("[{ pairing = [{ starts = 2026-01-01 }] }]"),
        "criterion stay.wishes, example 1, crew, pairing, given",
        "pairing has no fact 'starts'",
        "",
    ),
    Whole(
        "a set of references that is one table",
        crewed('{ languages = ["hill"] }'),
        "criterion stay.wishes, example 1, crew",
        "write a list of texts, as in ['a', 'b']",
        "",
    ),
    Whole(
        "a rule that is a responsible day",
        also('responsible = "arrived_on"'),
        "criterion stay.parts, responsible",
        "expected a reference to a record, this is a date",
        "",
    ),
]


@pytest.mark.parametrize("mistake", [pytest.param(each, id=each.name) for each in WHOLE])
def test_one_mistake_of_a_file_is_one_problem(mistake: Whole) -> None:
    """A mistake that other rules stumble over is one problem all the same: where it is made."""
    (problem,) = problems(mistake.text)
    assert problem.place.startswith(FILE)
    assert problem.place.endswith(mistake.place)
    assert mistake.fault in problem.fault
    assert mistake.mend in problem.mend


def test_examples_and_rules_asked_for_are_told_beside_other_mistakes() -> None:
    """A worked case, a name in `met`, a source and a condition that are wrong are four problems of one reading."""
    text = changed('["work"]', '["wrok"]').replace('"HB: 7"', '"HC: 7"').replace("met('stay.wishes')", "met('stay.x')")
    found = problems(text.replace('measure  = "meals"', 'measure  = "meels"'))
    assert len(found) == 4


def test_the_second_of_two_ids_is_named_with_its_own_line() -> None:
    """An id that is taken is a problem of the rule that comes second, and tells where the first stands."""
    text = changed('id     = "stay.drawn"', 'id     = "stay.wishes"')
    (problem,) = problems(text)
    first, second = (i for i, line in enumerate(text.splitlines(), 1) if line == 'id     = "stay.wishes"')
    assert f"line {second}, deadline" in problem.place
    assert f"line {first}, criterion" in problem.mend


def test_a_file_with_too_many_lines_is_refused_before_it_is_read() -> None:
    """More lines, values and signs than any rulebook has are one problem of the file."""
    with pytest.raises(InputError) as caught:
        peersupport.loads("# line\n" * 70_000, file="long.toml")
    assert [problem.place for problem in caught.value.problems] == ["long.toml"]


def test_a_mark_of_the_byte_order_is_passed_over() -> None:
    """A file that an editor saved with a byte order mark reads as the same file without it."""
    assert load("\ufeff" + GOOD).digest == load(GOOD).digest


def test_a_long_chain_of_rules_that_ask_for_each_other_is_no_circle() -> None:
    """A thousand rules, each of which asks for the one before, load."""
    rule = '[[criterion]]\nid = "a{0}"\nabout = "stay"\nsays = "x"\nsource = "HB: 1"\nholds = "{1}"\n'
    chain = (rule.format(i, f"met('a{i - 1}')" if i else "wants_to_stay") for i in range(1_000))
    assert len(load(HEADER + "".join(chain))) == 1_000


def test_a_set_of_references_in_a_worked_case_makes_its_records() -> None:
    """Each id of a set of references is a record of the case, as it is for a single reference."""
    text = changed("[kinds.chart]", '[kinds.circle]\nhosts = "-> set of host"\n[kinds.chart]')
    book = load(text)
    made = examples.build(book.vocabulary, "circle", {"hosts": ["h-1", "h-2"]})
    assert set(made.tables.tables["host"].records) == {"h-1", "h-2"}


def test_a_period_is_said_in_words() -> None:
    """The sentence of a rule has its periods in words."""
    book = load(changed('again   = "90 days"', 'again   = "10 business_days"'))
    assert book["stay.redrawn"].sentence() == "A chart is drawn every 10 business days."
