"""Behaviours that small changes of the code went through without a test that noticed, each with the test that does."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

import peersupport as ps
from peersupport import InputError, Office, Period, Verdict, outcomes, schedule
from peersupport.library import CORE
from peersupport.outcomes import given
from peersupport.readers import cases, edges, english, mutants
from peersupport.readers.cases import scenes, sheets, telling, tries, writing
from peersupport.readers.cases.telling import Told
from peersupport.readers.edges import asks_the_day
from peersupport.readers.judge import judge_each, judge_of
from peersupport.rules import bounds, calendar, loading, problems, terms
from peersupport.rules.facts import Record, Type, vocabulary
from peersupport.rules.findings import Reason
from peersupport.rules.forms import Body, Criterion, Limit, Window
from peersupport.rules.tables import Tables

ON: Final = dt.date(2026, 6, 30)
DAY: Final = dt.date(2026, 5, 1)
HEAD: Final = """
rulebook = "inn"
title    = "The Inn (invented)"
version  = "1"
[sources.I]
title = "Made up"
[kinds.guest]
span      = { from = "came_on", until = "left_on" }
came_on   = { type = "date", says = "the day of coming", event = "the guest comes" }
came_at   = { type = "instant", says = "the time of coming", event = "the guest comes" }
left_on   = { type = "date or none", says = "the day of leaving", event = "the guest leaves" }
due_on    = { type = "date or none", planned = true }
tired     = "bool"
calm      = "bool"
waiters   = "-> set of waiter"
waiter    = "-> waiter"
nights    = "int nights"
[kinds.waiter]
kind_one  = "bool"
[kinds.meal]
guest     = "-> guest"
dated_by  = "eaten_on"
eaten_on  = { type = "date", says = "the day of the meal", event = "it is eaten" }
warm      = "bool"
calm      = "bool"
"""
EACH_MEAL: Final = """
after = "came_on"
again = "10 days"
counted = "grid"
done = "each(meal.eaten_on)"
until = "left_on"
"""
"""A deadline that repeats until the guest leaves."""


def rule(body: str, form: str = "criterion", name: str = "x", about: str = '"guest"') -> str:
    """A rule about a guest."""
    return f'[[{form}]]\nid = "guest.{name}"\nabout = {about}\nsays = "A rule."\nsource = "I: 1"\n{body}\n'


def inn(*rules: str) -> ps.Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + "".join(rules))


def record(book: ps.Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Any = book.vocabulary[kind].record
    return made(id=id_, **facts)  # type: ignore[no-any-return]


def body(book: ps.Rulebook, name: str = "x") -> Body:
    """A rule about a guest as it is read."""
    return book.body(book[f"guest.{name}"], "guest")


def faults(*rules: str) -> list[str]:
    """What is wrong with the invented rulebook with some rules, each fault in a line."""
    with pytest.raises(InputError) as caught:
        inn(*rules)
    return [str(each) for each in caught.value.problems]


# rules


def test_a_rule_has_its_own_days_in_force() -> None:
    """The days that a rule is in force are those that it says, and its examples may lie outside of the rulebook's."""
    book = inn(rule('holds = "tired"\nin_force = { from = 2026-02-01, until = 2027-02-01 }'))
    assert (book["guest.x"].in_force.start, book["guest.x"].in_force.until) == (
        dt.date(2026, 2, 1),
        dt.date(2027, 2, 1),
    )


def test_days_in_force_that_are_no_days_are_told_with_their_place() -> None:
    """A fault in the days of a rule names the rule and the field."""
    (fault,) = faults(rule('holds = "tired"\nin_force = { from = "soon" }'))
    assert fault.startswith("inn, guest.x, in_force") or "guest.x" in fault
    assert "in_force" in fault


def test_a_year_from_a_day_is_written_with_the_day() -> None:
    """The window of a year that begins on a day of its own is not taken for that of another day."""
    assert str(Window("year from", month=3, day=8)) == "year from 03-08"


def test_a_reading_has_an_assumption_of_its_own() -> None:
    """What a rule assumes under a reading is what the reading says, else what the rule says."""
    readings = 'assumes = "Guests sleep."\nreadings."strict" = { holds = "not tired", assumes = "Guests wake." }'
    found = inn(rule('holds = "tired"\n' + readings))["guest.x"]
    assert found.assumption(frozenset({"strict"})) == "Guests wake."


@pytest.mark.parametrize("field", ['counted = "grid"', "times = 3"])
def test_what_belongs_to_repeating_deadlines_is_refused_of_others(field: str) -> None:
    """A deadline that is due once is counted in no way, and not so many times."""
    (fault,) = faults(rule(f'after = "came_on"\nwithin = "3 days"\ndone = "left_on"\n{field}', "deadline"))
    assert "belongs to a deadline that repeats" in fault
    assert field.split(maxsplit=1)[0] in fault


def test_stretches_from_an_instant_may_be_of_hours() -> None:
    """From an instant a window may be so many hours long; from a day it may not."""
    limit = 'measure = "count(meal)"\nat_most = 3\nwindow = "each 8 hours from {}"'
    form = body(inn(rule(limit.format("came_at"), "limit"))).form
    assert isinstance(form, Limit)
    assert str(form.window) == "each 8 hours"
    assert faults(rule(limit.format("came_on"), "limit"))


def test_a_reference_to_several_records_is_not_read_as_one() -> None:
    """A fact of several records is asked for with all, any or a count; of one record it is just read."""
    assert inn(rule('holds = "waiter.kind_one"'))
    assert inn(rule('holds = "any(waiters, kind_one)"'))
    assert faults(rule('holds = "waiters.kind_one"'))


def test_a_mark_of_the_byte_order_before_the_text_is_no_part_of_it() -> None:
    """What some editors write before the first letter is left out."""
    assert ps.loads("\ufeff" + HEAD + rule('holds = "tired"')).name == "inn"


def test_an_exception_of_a_rule_is_read() -> None:
    """A criterion has the exception that it states, and a deadline too."""
    book = inn(
        rule('holds = "tired"\nunless = "nights > 3"'),
        rule('after = "came_on"\nwithin = "3 days"\ndone = "left_on"\nunless = "tired"', "deadline", "y"),
    )
    for name, fact in (("x", "nights"), ("y", "tired")):
        unless = body(book, name).conditions.unless
        assert unless
        assert fact in {each.fact.name for each in terms.walk(unless) if isinstance(each, terms.Read)}


# what looks at rules


def test_a_definition_has_no_days_in_force_and_so_asks_no_day() -> None:
    """A rulebook in force for a time makes the verdict of a rule hang on the day, and no definition."""
    told = HEAD.replace('version  = "1"', 'version  = "1"\nin_force = { from = 2026-01-01 }')
    defined = '[[definition]]\nid = "guest.weary"\nabout = "guest"\nis = "tired"\nsource = "I: 1"\nsays = "weary"\n'
    book = ps.loads(told + defined + rule('holds = "weary"') + rule("holds = \"met('guest.x')\"", name="y"))
    one, other = body(book).form, body(book, "y").form
    assert isinstance(one, Criterion)
    assert isinstance(other, Criterion)
    assert not asks_the_day(one.clauses[0].holds, book, frozenset())
    assert asks_the_day(other.clauses[0].holds, book, frozenset())


def test_a_date_is_mistaken_for_the_day_before_and_the_day_after() -> None:
    """Both neighbours of a date that a rule states are tried."""
    book = inn(rule('holds = "came_on >= date(2026, 5, 1)"'))
    told = [mutant.says for mutant in mutants.of(book, book["guest.x"])]
    assert any("2026-05-02" in each for each in told)
    assert any("2026-04-30" in each for each in told)


def test_a_new_record_is_told_by_the_one_that_it_is_most_like() -> None:
    """The nearest of several records, and not the first of them, says what another one is like."""
    book = inn(rule('holds = "any(meal, warm)"'))
    before = {
        ("meal", "meal-1"): {"id": "meal-1", "guest": "g", "eaten_on": DAY, "warm": True, "calm": True},
        ("meal", "meal-2"): {"id": "meal-2", "guest": "h", "eaten_on": ON, "warm": False, "calm": True},
    }
    after = {**before, ("meal", "meal-3"): {"id": "meal-2", "guest": "h", "eaten_on": ON, "warm": True, "calm": True}}
    judged = ("guest", "guest-1")
    told = telling.differences(book.vocabulary, Told(after, ON, judged, ""), Told(before, ON, judged, ""))
    assert told == ["there is another meal like meal-2, where warm"]


def test_the_table_of_cases_ends_its_lines_as_files_here_do() -> None:
    """One line feed ends a line of the table of cases, and the words of a case are written as they are."""
    assert sheets.as_csv([]).endswith("shows,like\n")
    assert "\r" not in sheets.as_csv([])
    assert writing.toml({"says": "Für Gäste"}) == '{ says = "Für Gäste" }'


# judging


def test_a_rule_about_two_kinds_is_asked_for_one() -> None:
    """The function of a rule about several kinds is that of the kind named."""
    book = inn(rule('holds = "calm"', about='["guest", "meal"]'))
    guest = record(book, "guest", "g", calm=True)
    meal = record(book, "meal", "m", calm=False)
    assert ps.verdict_of(book, "guest.x", "meal")(meal, ON) is Verdict.NOT_MET
    assert ps.verdict_of(book, "guest.x", "guest")(guest, ON) is Verdict.MET


@pytest.mark.parametrize("by", ["open_hours(4)", "business_days(1)"])
def test_hours_of_the_office_without_holidays_are_warned_of(by: str) -> None:
    """Where working days or open hours are counted and nobody gave the holidays, the finding says so."""
    book = inn(rule(f'due = "came_at + {by}"\ndone = "came_at"', "deadline"))
    guest = record(book, "guest", "g", came_at=dt.datetime(2026, 6, 1, 10, tzinfo=dt.UTC))
    finding = ps.judge(book, "guest.x", guest, on=ON, tables=Tables({}, Office()))
    assert finding.warnings == ("no holidays are given: every working day of the week counts",)


def test_a_fact_that_a_course_does_not_have_is_refused() -> None:
    """Other facts of whoever starts are facts of the kind, and the message says which is meant."""
    book = ps.load("minnesota-peer2peer")
    with pytest.raises(InputError) as caught:
        schedule.calendar(book, DAY, facts={"follow_up_consnt": True})
    (problem,) = caught.value.problems
    assert (problem.place, "is no fact of" in problem.fault, "follow_up_consent" in problem.mend) == (
        "facts, follow_up_consnt",
        True,
        True,
    )


@pytest.mark.parametrize(("kinds", "facts"), [(bounds.KINDS + 1, 1), (1, bounds.FACTS + 1)])
def test_too_many_kinds_and_too_many_facts_are_each_too_many(kinds: int, facts: int) -> None:
    """A rulebook is refused for its kinds alone, and for its facts alone."""
    inside = "".join(f'fact_{number} = "bool"\n' for number in range(facts))
    text = HEAD + "".join(f"[kinds.kind_{number}]\n{inside}" for number in range(kinds))
    with pytest.raises(InputError, match=f"more than {bounds.KINDS} kinds, or have more than {bounds.FACTS} facts"):
        ps.loads(text)


@pytest.mark.parametrize("beside", ['after = "came_on"', 'within = "3 days"'])
def test_a_due_day_stands_alone(beside: str) -> None:
    """Where the due day is written whole, neither the anchor nor the length may stand beside it."""
    assert "stands beside" in faults(rule(f'due = "came_on"\ndone = "left_on"\n{beside}', "deadline"))[0]


def test_a_record_that_does_not_say_whose_it_is_has_no_person() -> None:
    """The person of a finding is a text, also where none is recorded."""
    book = ps.load("nebraska-dbh")
    admission = ps.Admission(id="a", admitted_on=DAY)
    assert judge_of(book).person(book["plan.developed"], admission, on=ON, tables=Tables()) == ""


def test_what_was_done_late_is_told_though_it_is_not_known_to_be_owed() -> None:
    """While the end is not known, an occurrence that was done late is unknown, and says when it was done."""
    book = inn(rule(EACH_MEAL, "deadline"))
    guest = record(book, "guest", "g", came_on=DAY)
    meal = record(book, "meal", "m", guest="g", eaten_on=DAY + dt.timedelta(13))
    roster = ps.from_records([guest, meal], vocabulary=book.vocabulary)
    finding = next(each for each in ps.audit(book, roster, on=ON).findings if each.occurrence == 1)
    assert (finding.verdict, finding.done_on) == (Verdict.UNKNOWN, DAY + dt.timedelta(13))


def test_what_is_done_late_and_after_the_end_was_not_done() -> None:
    """Due before the guest leaves and done a week after that, it was never done while it was owed."""
    book = inn(rule(EACH_MEAL, "deadline"))
    guest = record(book, "guest", "g", came_on=DAY, left_on=DAY + dt.timedelta(14))
    meal = record(book, "meal", "m", guest="g", eaten_on=DAY + dt.timedelta(19))
    roster = ps.from_records([guest, meal], vocabulary=book.vocabulary)
    first, *_ = ps.audit(book, roster, on=ON).findings
    assert (first.occurrence, first.verdict, first.done_on) == (1, Verdict.NOT_MET, None)


def test_the_last_of_records_without_days_is_the_last_by_id() -> None:
    """Records of a kind that has no day of its own go by their ids."""
    book = inn(rule('holds = "last(waiters.kind_one)"'), rule('holds = "first(waiters.kind_one)"', name="y"))
    waiters = [record(book, "waiter", f"w{number}", kind_one=number == 2) for number in (2, 1)]
    guest = record(book, "guest", "g", waiters=frozenset({"w1", "w2"}))
    found = ps.audit(book, ps.from_records([guest, *waiters], vocabulary=book.vocabulary), on=ON).findings
    assert [each.verdict for each in found] == [Verdict.MET, Verdict.NOT_MET]


def test_a_verdict_that_changes_with_the_day_says_when() -> None:
    """A condition on the day of the judgement tells the first day on which it comes out otherwise."""
    book = inn(rule('holds = "on < came_on + days(90)"'))
    guest = record(book, "guest", "g", came_on=DAY)
    assert ps.judge(book, "guest.x", guest, on=ON).changes_on == DAY + dt.timedelta(90)


# what is told


TITLED: Final = '[sources.I]\ntitle = "Made up"'
BESIDE: Final = "does not go with `again` (write `after`, and `within` for a different first one)"
AGAIN: Final = 'after = "came_on"\nagain = "3 days"\ncounted = "grid"\ndone = "each(meal.eaten_on)"'
TOLD: Final = [
    (
        HEAD.replace('rulebook = "inn"', 'rulebook = "The Inn"') + rule('holds = "tired"'),
        "rulebook, rulebook: is missing or not a name (write small letters, digits, _ and -, as in my-state-agency)",
    ),
    (
        HEAD.replace(TITLED, "[sources.I]") + rule('holds = "tired"'),
        'rulebook, sources.I: has no title (write title = "...")',
    ),
    (
        HEAD + rule('holds = "tired"').replace('about = "guest"\n', ""),
        "rulebook, line 27, criterion guest.x, about: is missing (write the kind that the rule judges)",
    ),
    (
        HEAD + rule('measure = "tired"\nat_most = 3', "limit"),
        "rulebook, line 27, limit guest.x, measure: expected a number, this is a yes or no\n    tired\n    ^",
    ),
    (
        HEAD + rule('measure = "count(meal)"\nat_most = 3\nwindow = "each 8 days from came_on until came_at"', "limit"),
        "rulebook, line 27, limit guest.x, window: goes from a date until an instant (write day(...) for the instant)",
    ),
    (
        HEAD.replace('nights    = "int nights"', 'nights    = "int nights"\nmeals     = "int meals"')
        + rule('holds = "nights > meals"'),
        (
            "rulebook, line 28, criterion guest.x, holds: a number of nights does not compare with a number of meals "
            "(bring both to one unit)\n    nights > meals\n    ^"
        ),
    ),
    (
        HEAD + '[kinds.Bed]\nfree = "bool"\n',
        "rulebook, kinds.Bed: cannot be the name of a kind (small letters, no word of the language)",
    ),
    (
        HEAD.replace("nights ", "Nights ") + rule('holds = "tired"'),
        (
            "rulebook, kinds.guest, Nights: cannot be the name of a fact: use small letters, and no word of the "
            "language or of Python"
        ),
    ),
    (
        f"{HEAD}\nnumber = {'1' * (bounds.RUN + 1)}\n",
        f"rulebook: line {HEAD.count(chr(10)) + 2} has a number of more than {bounds.RUN} digits (write a shorter one)",
    ),
    *(
        (
            HEAD + rule(f'{AGAIN}\n{field} = "came_on"', "deadline"),
            f"rulebook, line 27, deadline guest.x, {field}: {BESIDE}",
        )
        for field in ("due", "not_before")
    ),
]


@pytest.mark.parametrize(("text", "told"), TOLD)
def test_a_refusal_names_the_place_the_fault_and_the_mend(text: str, told: str) -> None:
    """The whole message of a fault, as whoever writes a rulebook reads it."""
    with pytest.raises(InputError) as caught:
        ps.loads(text)
    assert str(caught.value.problems[0]) == told


def test_a_table_that_is_missing_is_told_with_what_to_do() -> None:
    """A table may be given though it is empty."""
    assert str(problems.missing_table("plan")) == "the table plan: was not given (give it, if it is empty too)"


def test_the_mistakes_of_a_period_and_of_a_number_of_clauses_are_told_in_words() -> None:
    """A shorter `within` is called by its name, and one clause is `one`."""
    of_three = 'holds = "at_least(2, tired, calm, nights > 3)"'
    book = inn(rule(of_three), rule('after = "came_on"\nwithin = "3 days"\ndone = "left_on"', "deadline", name="y"))
    clauses = [mutant.says for mutant in mutants.of(book, book["guest.x"])]
    periods = [mutant.says for mutant in mutants.of(book, book["guest.y"])]
    assert any(each.startswith("one instead of 2 of") for each in clauses)
    assert any(each.startswith("all instead of 2 of") for each in clauses)
    assert "`within` is 2 days instead of 3 days" in periods


def test_a_clause_that_was_judged_has_its_condition() -> None:
    """The clauses of a finding are those of the rule, each with the condition that was asked."""
    book = inn(rule('holds = "tired"'))
    finding = ps.judge(book, "guest.x", record(book, "guest", "g", tired=True), on=ON)
    form = body(book).form
    assert isinstance(form, Criterion)
    assert [each.term for each in finding.clauses] == [each.holds for each in form.clauses]


def test_days_that_are_no_days_are_refused_by_name() -> None:
    """A wrong day or length of time in a question about outcomes is told with what to write."""
    with pytest.raises(InputError) as caught:
        outcomes.crisis_contacts(ps.from_records([]), on=ON, days=0)
    assert "0 is not a length of time (write a whole number from 1 on)" in str(caught.value)
    assert str(given.day_problems(on="today")[0]) == "on: 'today' is not a date (write date(2026, 6, 30))"


def test_a_limit_keeps_both_of_its_bounds() -> None:
    """The least and the most of a limit are both read."""
    book = inn(rule('measure = "count(meal)"\nat_least = 1\nat_most = 3\nwindow = "calendar month"', "limit"))
    form = body(book).form
    assert isinstance(form, Limit)
    assert (form.at_least, form.at_most) == (terms.Lit(1, Type("number")), terms.Lit(3, Type("number")))
    assert (form.window.name, form.window.unit) == ("calendar", "month")


def test_a_course_of_a_kind_that_nobody_starts_is_refused() -> None:
    """A course is of a record with a start and a person, and its fault is told under the name of the argument."""
    with pytest.raises(InputError) as caught:
        schedule.calendar(inn(rule('holds = "tired"')), DAY, about="meal")
    assert [each.place for each in caught.value.problems] == ["about"]


# cases


EXAMPLE: Final = 'examples = [{{ given = {{ {} }}, on = 2026-06-30, verdict = "met" }}]'
"""An example of what is given, which is met."""


def test_the_conditions_of_a_reading_without_a_pair_are_told_once() -> None:
    """A condition that decides nothing is told for the rule, and for a reading those that the reading adds."""
    strict = "tired and (tired or calm) and (tired or nights > 3)"
    example = EXAMPLE.format("tired = true, calm = true")
    book = inn(rule(f'holds = "tired and (tired or calm)"\n{example}\nreadings."strict" = {{ holds = "{strict}" }}'))
    told = [(each.reading, each.condition) for each in cases.unpaired(book, book["guest.x"])]
    assert told == [("", "calm"), ("strict", "nights is more than 3")]


def test_both_sides_of_a_boundary_become_cases() -> None:
    """The due day and the day after it are cases, though the number is noticed without one of them."""
    deadline = 'after = "came_on"\nwithin = "3 days"\ndone = "left_on"\n'
    example = EXAMPLE.format("came_on = 2026-05-01, left_on = 2026-05-03")
    book = inn(rule(deadline + example, "deadline"))
    found = {
        (each.given["came_on"], each.given["left_on"]): each.verdict
        for each in cases.of(book, book["guest.x"])
        if each.on == ON
    }
    assert found[DAY, DAY + dt.timedelta(3)] == "met"
    assert found[DAY, DAY + dt.timedelta(4)] == "not_met"


def test_what_is_set_to_the_due_day_is_another_moment_than_the_one_that_moved_it() -> None:
    """Two changes are tried together: one moment moved, and another one on what is due then, or a day beside it."""
    deadline = 'after = "came_on"\nwithin = "3 days"\ndone = "left_on"\n'
    example = EXAMPLE.format("came_on = 2026-05-01, left_on = 2026-05-03")
    book = inn(rule(deadline + example, "deadline"))
    stage = scenes.Stage(book, book["guest.x"], "guest")
    tried = tries.Tries(stage, "").when_due(stage.written("")[0])
    pairs = [(each, each.parent) for each in tried if each.parent]
    dues = [(each.value, stage.due(parent, "")) for each, parent in pairs]
    assert {(value - due).days for value, due in dues if isinstance(value, dt.date) and due} == {-1, 0, 1}
    names = {(parent.place[1], each.place[1]) for each, parent in pairs if each.place and parent.place}
    assert {("came_on", "left_on"), ("left_on", "came_on")} <= names
    assert not {("came_on", "came_on"), ("left_on", "left_on")} & names


COUNTED: Final = 'measure = "count(meal)"\nwindow = "ever"\n'


@pytest.mark.parametrize(
    ("text", "form", "counts"),
    [
        ('holds = "count(meal) >= 2"', "criterion", (2, 3)),
        ('holds = "30 <= count(meal)"', "criterion", (29, 30, 31)),
        ('holds = "count(meal) >= 31"', "criterion", ()),
        ('holds = "meals >= 4"', "criterion", (3, 4, 5)),
        ('holds = "exists(nth(5, meal.eaten_on))"', "criterion", (4, 5, 6)),
        ('holds = "any(meal, warm) and nights >= 7"', "criterion", ()),
        (COUNTED + "at_least = 5\nat_most = 9", "limit", (4, 5, 6, 8, 9, 10)),
        (COUNTED + 'at_most = 250\nwhen = "count(meal) >= 7"', "limit", (6, 7, 8, 249, 250, 251)),
        (COUNTED + "at_most = 251", "limit", ()),
        (COUNTED + 'at_most = 3\nreadings."many" = { at_most = 9 }', "limit", (2, 3, 4, 8, 9, 10)),
        ('measure = "meals"\nat_most = 3', "limit", (2, 3, 4)),
        ('measure = "nights"\nat_most = 9', "limit", ()),
    ],
)
def test_how_many_records_are_tried(text: str, form: str, counts: tuple[int, ...]) -> None:
    """As many as a count is held against, up to 30, or up to 250 by a limit; one less, and one more; and never one."""
    defined = (
        '[[definition]]\nid = "guest.meals"\nabout = "guest"\nis = "count(meal)"\nsource = "I: 1"\nsays = "meals"\n'
    )
    book = inn(defined, rule(text, form))
    stage = scenes.Stage(book, book["guest.x"], "guest")
    assert tries._Near(tries.Tries(stage, ""), stage.staged({}, ON)).counts() == counts


def test_the_kinds_of_a_rule_are_drawn_for_apart() -> None:
    """What is drawn for a kind is the same every time, and not what is drawn for another one."""
    book = inn(rule('holds = "calm"', about='["guest", "meal"]'))
    drawn = [scenes.Stage(book, book["guest.x"], kind).drawn.random() for kind in ("guest", "guest", "meal")]
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize(
    ("holds", "periods"),
    [
        ("age(came_on, on) >= 0", {Period(0, "years")}),
        ("age(came_on, on) >= 100", {Period(100, "years")}),
        ("age(came_on, on) >= 101", set[Period]()),
        ("birthday(came_on, 18) <= on", {Period(18, "years")}),
        ("days_between(came_on, on) >= 36600", {Period(36_600, "days")}),
        ("days_between(came_on, on) >= 36601", set[Period]()),
        ("nights >= 18", set[Period]()),
    ],
)
def test_ages_and_numbers_of_days_are_periods_up_to_a_century(holds: str, periods: set[Period]) -> None:
    """What a rule says of an age or of days moves the days that are tried; other numbers, and larger ones, do not."""
    assert edges.constants(loading.parts(body(inn(rule(f'holds = "{holds}"'))))).periods == periods


def tried_days(on: dt.date, *seen: dt.date | int, by: tuple[Period, ...] = ()) -> list[int]:
    """The days that are tried, as days from that of the judgement."""
    found = edges.days(edges.Constants(frozenset(), frozenset(), frozenset(by), frozenset()), seen, on)
    return [(day - on).days for day in found]


def test_the_days_that_are_tried_are_those_moved_with_both_neighbours() -> None:
    """What is seen and the day of the judgement, moved by each period to both sides, with the days beside each.

    A day of an instant is a day, a number is none; working days are counted from Monday to Friday, and hours not.
    """
    assert tried_days(ON) == [-1, 0, 1]
    assert tried_days(ON, by=(Period(10, "days"),)) == [-11, -10, -9, -1, 0, 1, 9, 10, 11]
    assert tried_days(ON, by=(Period(3, "business_days"), Period(30, "hours"))) == [-6, -5, -4, -1, 0, 1, 2, 3, 4]
    assert tried_days(ON, 50, dt.datetime(2026, 6, 20, 10, tzinfo=dt.UTC)) == [-11, -10, -9, -1, 0, 1]


def test_the_days_that_are_tried_end_with_the_calendar() -> None:
    """Days that cannot be judged are not tried, and those at the ends of all dates have no neighbours."""
    assert tried_days(calendar.FIRST_DAY) == [0, 1]
    assert tried_days(calendar.LAST_DAY) == [-1, 0]
    assert tried_days(ON, dt.date.min, dt.date.max) == [-1, 0, 1]


# plain words


@pytest.mark.parametrize(
    ("kind", "plural"),
    [
        ("news", "news"),
        ("meal", "meals"),
        ("party", "parties"),
        ("holiday", "holidays"),
        ("watch", "watches"),
        ("brush", "brushes"),
        ("box", "boxes"),
        ("salesperson", "salespeople"),
    ],
)
def test_how_many_there_are_is_told_in_the_plural(kind: str, plural: str) -> None:
    """A word that ends in s is its own plural; the others get theirs by how they end."""
    kinds = "" if kind == "meal" else f'[kinds.{kind}]\nguest = "-> guest"\n'
    book = ps.loads(HEAD + kinds + rule(f'holds = "count({kind}) >= 2"'))
    (holds,) = loading.parts(body(book))
    assert english.clause(holds) == f"the number of {plural} is at least 2"


@pytest.mark.parametrize(
    ("bounds", "told"),
    [("at_least = 1\nat_most = 3", "1 to 3"), ("at_least = 1", "at least 1"), ("at_most = 3", "at most 3")],
)
def test_the_bounds_of_a_limit_in_words(bounds: str, told: str) -> None:
    """Both bounds are a range, and one of them says which it is."""
    book = inn(rule(f'measure = "count(meal)"\n{bounds}\nwindow = "calendar month"', "limit"))
    line = f"- Counted, calendar month: the number of meals. Within bounds: {told}."
    assert line in english.rule_text(book, book["guest.x"]).splitlines()


def test_an_age_is_measured_in_words_that_end_in_no_comma() -> None:
    """The comma behind an aside is left out where the sentence ends."""
    book = inn(rule('measure = "age(came_on, on)"\nat_least = 18', "limit"))
    line = "- Counted: the age on the day asked about, counted from the day of coming. Within bounds: at least 18."
    assert line in english.rule_text(book, book["guest.x"]).splitlines()


def test_the_type_of_each_fact_in_words() -> None:
    """A page of records says the type of a fact, its choices, whether there may be none, and who judges it."""
    more = (
        '[kinds.bed]\nguest = "-> guest or none"\nfree_at = "instant"\nsize = { type = "choice: small large" }\n'
        'things = "set: lamp desk"\ngood = { type = "bool", judged = true }\nprice = "decimal crowns"\n'
    )
    page = english.records(ps.loads(HEAD + more + rule('holds = "tired"')).vocabulary)
    assert [line for line in page.split("## bed")[1].splitlines() if line.startswith("| `")] == [
        "| `guest` | a guest, or none | guest |",
        "| `free_at` | an instant | free at |",
        "| `size` | one of `small`, `large` | size |",
        "| `things` | any of `lamp`, `desk` | things |",
        "| `good` | a yes or no, judged by a person | good |",
        "| `price` | a number of crowns | price |",
    ]


# deadlines


def test_what_is_done_late_is_overdue_where_it_is_not_known_whether_it_came_too_early() -> None:
    """From when it counts is not recorded: in time it is unknown, and late it is not met, and not called too early."""
    body_ = 'after = "came_on"\nwithin = "3 days"\ndone = "left_on"\nnot_before = "due_on"'
    book = inn(rule(body_, "deadline"))
    found = [
        ps.judge(book, "guest.x", record(book, "guest", "g", came_on=DAY, left_on=DAY + dt.timedelta(days)), on=ON)
        for days in (3, 4)
    ]
    assert [(each.verdict, each.reason) for each in found] == [
        (Verdict.UNKNOWN, Reason.NOT_RECORDED),
        (Verdict.NOT_MET, Reason.OVERDUE),
    ]
    assert [[str(place) for place in each.missing] for each in found] == [["guest g, due_on"], []]


@pytest.mark.parametrize("counted", ["grid", "rolling"])
def test_what_is_asked_so_many_times_is_asked_no_more(counted: str) -> None:
    """Of a deadline that repeats twice there are two occurrences, whatever is done after that."""
    book = inn(rule(EACH_MEAL.replace("grid", counted) + "times = 2", "deadline"))
    guest = record(book, "guest", "g", came_on=DAY, left_on=ps.NONE)
    meals = [
        record(book, "meal", f"m{number}", guest="g", eaten_on=DAY + dt.timedelta(9 * number)) for number in (1, 2, 3)
    ]
    roster = ps.from_records([guest, *meals], vocabulary=book.vocabulary)
    found = ps.audit(book, roster, on=ON).findings
    assert [(each.occurrence, each.verdict) for each in found] == [(1, Verdict.MET), (2, Verdict.MET)]


def test_what_would_settle_an_occurrence_is_asked_of_what_is_counted_from_the_same_day() -> None:
    """An event that may have come earlier shifts the numbers of a rolling deadline; the occurrence is the same one.

    Were the guest tired, another meal would have come before; that settles nothing for what is counted from day 8.
    """
    rolling = 'after = "came_on"\nagain = "10 days"\ncounted = "rolling"\n'
    book = inn(rule(rolling + 'done = "each(meal.eaten_on, warm or (calm and guest.tired))"', "deadline"))
    guest = record(book, "guest", "g", came_on=DAY)
    eaten: dict[int, dict[str, bool]] = {
        4: {"warm": False, "calm": True},
        8: {"warm": True},
        14: {"calm": False},
        16: {"warm": False},
        24: {"warm": True},
    }
    meals = [record(book, "meal", f"m{n}", guest="g", eaten_on=DAY + dt.timedelta(n), **eaten[n]) for n in eaten]
    tables = ps.from_records([guest, *meals], vocabulary=book.vocabulary).tables
    _, second, _ = judge_each(book, "guest.x", guest, on=DAY + dt.timedelta(27), tables=tables, settles=True)
    assert (second.occurrence, second.verdict) == (2, Verdict.UNKNOWN)
    assert [[str(place) for place in each] for each in second.settles or ()] == [
        ["meal m14, warm"],
        ["meal m16, calm", "guest g, tired"],
    ]


# terms


@pytest.mark.parametrize("has", ["count(guest[waiter]) >= 2", "2 <= count(guest[waiter])"])
def test_what_is_counted_of_each_related_record_is_counted_for_each(has: str) -> None:
    """Of two waiters the second has two guests: neither side of a comparison is remembered for the first one."""
    book = inn(rule(f'holds = "any(waiters, {has})"'), rule(f'holds = "all(waiters, {has})"', name="y"))
    waiters = [record(book, "waiter", name, kind_one=True) for name in ("w1", "w2")]
    guests = [
        record(book, "guest", f"g{number}", waiter=name, waiters=frozenset[str]())
        for number, name in enumerate(("w1", "w2", "w2"))
    ]
    guest = record(book, "guest", "g", waiters=frozenset({"w1", "w2"}), waiter=None)
    roster = ps.from_records([guest, *guests, *waiters], vocabulary=book.vocabulary)
    found = [each for each in ps.audit(book, roster, on=ON).findings if each.subject == ("guest", "g")]
    assert [each.verdict for each in found] == [Verdict.MET, Verdict.NOT_MET]


def test_a_fact_that_a_file_adds_is_not_recorded_in_a_record_that_was_made_without_it() -> None:
    """A record of the core's own class has no place for the fact: it is missing, and told."""
    added = '[kinds.admission]\ncheerful = "bool"\n'
    book = ps.loads(HEAD + added + rule('holds = "cheerful"', about='"admission"'))
    finding = ps.judge(book, "guest.x", ps.Admission(id="a", admitted_on=DAY), on=ON)
    assert (finding.verdict, [str(place) for place in finding.missing]) == (Verdict.UNKNOWN, ["admission a, cheerful"])


# outcomes


def test_no_week_is_offered_where_it_is_not_known_when_they_begin() -> None:
    """An enrollment that ended and has no first day has no weeks: not attended, not offered, and none not recorded."""
    enrollment = ps.Enrollment(id="e", person="p", ended_on=DAY)
    session = ps.Contact(id="c", enrollment="e", scheduled_on=DAY - dt.timedelta(9), status="attended")
    roster = ps.from_records([ps.Person(id="p"), enrollment, session])
    found = outcomes.engagement(roster, on=ON, at_least=1, of=3, unit="weeks")
    assert found.completed.not_recorded == 1
    assert str(found.attendance) == "attendance in weeks: nothing was offered; 0 not recorded"


def test_a_stay_of_one_day_is_no_readmission_after_itself() -> None:
    """Who comes and leaves on one day was not readmitted on that day; who comes again on the next one was."""
    facts: dict[str, Any] = {"person": "p", "kind": "inpatient", "psychiatric": True, "led_to": ps.NONE}
    stays = [
        ps.CareEpisode(id=str(day), admitted_on=DAY + dt.timedelta(day), ended_on=DAY + dt.timedelta(day), **facts)
        for day in (0, 1)
    ]
    rosters = [ps.from_records([*found], empty=["outcome_event"]) for found in (stays[:1], stays)]
    assert [outcomes.readmission_rate(each, on=ON).numerator for each in rosters] == [0, 1]


def test_readmissions_are_asked_for_with_a_day_of_leaving_and_a_window() -> None:
    """Every fault is told at once, each with its mend."""
    episode = ps.CareEpisode(id="index", person="p", ended_on=ps.NONE)
    with pytest.raises(InputError) as caught:
        outcomes.readmissions(episode, [], within=Period(30, "hours"))
    assert [str(each) for each in caught.value.problems] == [
        "care_episode index, ended_on: is no day (give the day of leaving care)",
        "within: 30 hours is no length of days (count in days, months, weeks, years)",
    ]


def test_tenure_says_what_it_is() -> None:
    """What is counted, among whom, and from when."""
    work = outcomes.Employment(id="w", started_on=DAY, ended_on=DAY + dt.timedelta(10))
    found = outcomes.tenure(
        ps.from_records([work], vocabulary=vocabulary([*(CORE[name].record for name in CORE), outcomes.Employment])),
        on=ON,
    )
    assert str(found).splitlines() == [
        "days of tenure: 1 of 1, median 10 days (not reached to not reached)",
        "  counted: employments that ended",
        "  among: employments that began by the day",
        f"  window: from the first day of work through {ON}",
        "  excluded: started before the records are complete 0",
        "  not recorded: 0",
        "  watching ended: still watched on the last day seen 0",
    ]
