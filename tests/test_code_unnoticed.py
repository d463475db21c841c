"""Behaviours that small changes of the code went through without a test that noticed, each with the test that does.

Those of `test_code_survivors` came from one sample of such changes, these from the next.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

import peersupport as ps
from peersupport import InputError, Verdict, schedule
from peersupport.readers import variations
from peersupport.readers.judge import judge_of
from peersupport.readers.mutants import alike, shapes
from peersupport.rules import examples
from peersupport.rules.calendar import Period
from peersupport.rules.facts import Record
from peersupport.rules.findings import Place
from peersupport.rules.forms import Body, Window
from peersupport.rules.tables import Table, Tables
from peersupport.schedule import Course

ON: Final = dt.date(2026, 6, 30)
DAY: Final = dt.date(2026, 5, 4)
"""A Monday."""
HEADER: Final = """
rulebook = "ferry"
title    = "The Ferry (invented)"
version  = "1"
"""
HEAD: Final = (
    HEADER
    + """
[sources.F]
title = "Made up"
[kinds.program]
boats     = "int"
[kinds.guest]
came_on   = "date"
left_on   = "date or none"
tired     = "bool"
calm      = "bool"
nights    = "int nights"
sort      = "choice: short long"
[kinds.meal]
guest     = "-> guest"
dated_by  = "eaten_on"
eaten_on  = "date"
warm      = "bool"
calm      = "bool"
[kinds.stay]
guest     = "-> guest"
span      = { from = "begins_on", until = "ends_on" }
begins_on = "date"
ends_on   = "date or none"
"""
)


def rule(body: str, form: str = "criterion", about: str = '"guest"') -> str:
    """A rule about a guest."""
    return f'[[{form}]]\nid = "guest.x"\nabout = {about}\nsays = "A rule."\nsource = "F: 1"\n{body}\n'


def limit(more: str, measure: str = "count(meal)", window: str = "calendar week") -> str:
    """A limit of one."""
    return rule(f'measure = "{measure}"\nat_most = 1\nwindow = "{window}"\n{more}', "limit")


def ferry(text: str) -> ps.Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + text)


def record(book: ps.Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Any = book.vocabulary[kind].record
    return made(id=id_, **facts)  # type: ignore[no-any-return]


def tables(**records: list[Record]) -> Tables:
    """Some records, as the tables that a rule looks into."""
    return Tables({kind: Table({each.id: each for each in some}) for kind, some in records.items()})


def faults(text: str) -> list[str]:
    """What is wrong with a text."""
    with pytest.raises(InputError) as caught:
        ps.loads(text)
    return [str(each) for each in caught.value.problems]


# limits over time, told of one week or of one stretch of days


def eating_twice(book: ps.Rulebook, **facts: object) -> tuple[Record, Tables]:
    """A guest with two meals on one day, and two stays of four days from that day on."""
    guest = record(book, "guest", "g", came_on=DAY, left_on=None, **facts)
    meals = [record(book, "meal", f"m{number}", guest="g", eaten_on=DAY) for number in range(2)]
    until = DAY + dt.timedelta(days=4)
    stays = [record(book, "stay", f"s{number}", guest="g", begins_on=DAY, ends_on=until) for number in range(2)]
    return guest, tables(guest=[guest], meal=meals, stay=stays)


WINDOWS: Final = [
    ("count(meal)", "calendar week", 7),
    ("count(meal)", "rolling 3 days", 3),
    ("count(stay)", "at any time", 4),
]


@pytest.mark.parametrize(("measure", "window", "days"), WINDOWS)
def test_a_week_that_a_rule_may_not_apply_to_keeps_its_days(measure: str, window: str, days: int) -> None:
    """It is unknown, under other readings too, with every fact that it hangs on: not inside the bounds."""
    book = ferry(limit('when = "tired == calm"\nreadings."none" = { at_most = 0 }', measure, window))
    guest, given = eating_twice(book)
    found = ps.judge(book, "guest.x", guest, on=ON, tables=given, settles=True)
    assert (found.verdict, found.occurrence, found.days) == (Verdict.UNKNOWN, DAY, days)
    assert found.alternatives == {"none": Verdict.UNKNOWN}
    missing = (Place("guest", "g", "tired"), Place("guest", "g", "calm"))
    assert (found.missing, found.settles) == (missing, (missing,))


@pytest.mark.parametrize(("measure", "window", "days"), WINDOWS)
def test_a_week_that_a_rule_does_not_apply_to_keeps_its_days(measure: str, window: str, days: int) -> None:
    """Under a reading by which the rule applies it is out of bounds."""
    book = ferry(limit('when = "tired"\nreadings."calm" = { when = "calm" }', measure, window))
    guest, given = eating_twice(book, tired=False, calm=True)
    found = ps.judge(book, "guest.x", guest, on=ON, tables=given)
    assert (found.verdict, found.occurrence, found.days) == (Verdict.NOT_APPLICABLE, DAY, days)
    assert found.alternatives == {"calm": Verdict.NOT_MET}


def test_a_rule_that_was_not_in_force_tells_no_days() -> None:
    """Then it is not applicable as a whole."""
    book = ferry(limit("in_force = { until = 2026-01-01 }"))
    guest, given = eating_twice(book)
    (found,) = ps.judge_each(book, "guest.x", guest, on=ON, tables=given)
    assert (found.verdict, found.occurrence, found.days) == (Verdict.NOT_APPLICABLE, None, None)


@pytest.mark.parametrize(
    ("reading", "verdict"),
    [
        ("at_most = 3", Verdict.MET),
        ("at_most = 0", Verdict.NOT_MET),
        ('at_most = "nights"', Verdict.UNKNOWN),
        ('at_most = 3, when = "tired"', Verdict.NOT_APPLICABLE),
    ],
)
def test_what_another_reading_says_of_the_whole_time_it_says_of_a_week(reading: str, verdict: Verdict) -> None:
    """The alternative is what judging under that reading gives, though it tells no week by itself."""
    book = ferry(limit(f'readings."other" = {{ {reading} }}'))
    guest, given = eating_twice(book, tired=False)
    found = ps.judge(book, "guest.x", guest, on=ON, tables=given)
    under = ps.judge(book, "guest.x", guest, on=ON, tables=given, readings=["other"])
    assert (found.verdict, found.alternatives) == (Verdict.NOT_MET, {"other": verdict})
    assert under.verdict is verdict


def test_another_week_says_nothing_of_this_one() -> None:
    """Where a reading finds fault with another week alone, this one is inside its bounds."""
    book = ferry(limit('readings."cold" = { measure = "count(meal, not warm)" }'))
    guest, _ = eating_twice(book)
    days = {DAY: True, DAY + dt.timedelta(days=1): True, DAY + dt.timedelta(days=7): False}
    days |= {DAY + dt.timedelta(days=8): False}
    meals = [record(book, "meal", f"m{day}", guest="g", eaten_on=day, warm=warm) for day, warm in days.items()]
    found = ps.judge_each(book, "guest.x", guest, on=ON, tables=tables(meal=meals))
    told = [(each.occurrence, each.alternatives["cold"]) for each in found]
    assert told == [(DAY, Verdict.MET), (DAY + dt.timedelta(days=7), Verdict.NOT_MET)]


# judged


@pytest.mark.parametrize(
    "measure",
    ['"days_between(came_on, left_on)"', '"count(meal, eaten_on > this.left_on)"\nwindow = "ever"'],
    ids=["its own", "ever"],
)
@pytest.mark.parametrize("tired", [True, False])
def test_a_limit_that_does_not_apply_counts_nothing(measure: str, tired: bool) -> None:
    """So it warns of nothing that it would have found on the way."""
    book = ferry(rule(f'measure = {measure}\nat_most = 1\nwhen = "tired"', "limit"))
    guest = record(book, "guest", "g", came_on=DAY, left_on=ON + dt.timedelta(days=1), tired=tired)
    meals = [record(book, "meal", "m", guest="g", eaten_on=DAY)]
    found = ps.judge(book, "guest.x", guest, on=ON, tables=tables(meal=meals))
    warning = f"guest g, left_on lies after {ON}: read as not recorded"
    assert found.warnings == ((warning,) if tired else ())


@pytest.mark.parametrize("kind", ["stay", "guests"])
def test_the_verdict_of_a_rule_is_not_asked_for_a_kind_that_it_does_not_judge(kind: str) -> None:
    """It is refused at once, with the kinds that it judges."""
    book = ferry(rule('holds = "calm"', about='["guest", "meal"]'))
    with pytest.raises(TypeError, match=f"^guest.x judges guest or meal, not {kind}$"):
        ps.verdict_of(book, "guest.x", kind)


def test_a_verdict_is_written_for_the_kind_that_is_asked_for() -> None:
    """Of a rule about several kinds no function is written that nobody asked for."""
    book = ferry(rule('holds = "calm"', about='["guest", "meal"]'))
    judge = judge_of(book)
    asked = ps.verdict_of(book, "guest.x", "meal")
    assert asked is judge.quick(book["guest.x"], "meal").verdict
    assert asked is not judge.quick(book["guest.x"]).verdict
    meals = [record(book, "meal", f"m{calm}", calm=calm) for calm in (True, False, None)]
    assert [asked(each, ON) for each in meals] == [Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN]


MEALS: Final = [
    ([(0, True), (1, True)], Verdict.MET),
    ([(0, True), (3, True)], Verdict.NOT_MET),
    ([(0, True), (3, True), (1, None)], Verdict.UNKNOWN),
    ([(0, True), (3, True), (4, None)], Verdict.NOT_MET),
    ([(0, True), (3, True), (None, True)], Verdict.UNKNOWN),
    ([(0, True), (1, True), (None, True)], Verdict.MET),
    ([(0, True), (1, None)], Verdict.UNKNOWN),
    ([(0, True), (3, None)], Verdict.NOT_MET),
    ([(0, True), (None, True)], Verdict.UNKNOWN),
    ([(0, True)], Verdict.NOT_MET),
]
"""The days of meals, counted from the first, and whether they were warm; and whether the second was in two days."""


@pytest.mark.parametrize(("meals", "verdict"), MEALS)
def test_the_second_of_several_events_is_the_same_to_judge_and_function(
    meals: list[tuple[int | None, bool | None]], verdict: Verdict
) -> None:
    """One in doubt matters where it may come before the one that is certain, and so does one without a day."""
    book = ferry(rule('holds = "nth(2, meal.eaten_on, warm) <= came_on + days(2)"'))
    guest = record(book, "guest", "g", came_on=DAY)
    rows = [
        record(book, "meal", f"m{i}", guest="g", warm=warm, eaten_on=None if n is None else DAY + dt.timedelta(days=n))
        for i, (n, warm) in enumerate(meals)
    ]
    found = ps.judge(book, "guest.x", guest, on=ON, tables=tables(meal=rows))
    assert found.verdict is verdict
    assert ps.verdict_of(book, "guest.x")(guest, ON, tables(meal=rows)) is verdict


# wrong rules, and other cases


def normal(condition: str) -> Body:
    """The normal form of a condition on a guest."""
    book = ferry(rule(f'holds = "{condition}"'))
    return alike.normal(book.body(book["guest.x"], "guest"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sort == 'short'", "sort in {'short'}"),
        ("sort != 'short'", "sort not in {'short'}"),
        ("sort == 'short' or sort in {'long'}", "sort in {'long', 'short'}"),
    ],
)
def test_one_choice_is_the_set_of_that_choice(one: str, other: str) -> None:
    """A condition says the same whether it names a choice or a set with nothing but that choice."""
    assert normal(one) == normal(other)
    assert normal(one) != normal("sort == 'long'")


@pytest.mark.parametrize(
    ("amount", "unit", "wrong"),
    [
        (1, "days", ["rolling 2 days"]),
        (2, "days", ["rolling 3 days", "rolling 1 day", "calendar day"]),
        (1, "months", ["rolling 2 months", "rolling 30 days", "calendar month"]),
        (2, "weeks", ["rolling 3 weeks", "rolling 1 week", "calendar week"]),
    ],
)
def test_a_window_is_taken_for_no_window_without_days(amount: int, unit: Any, wrong: list[str]) -> None:  # noqa: ANN401
    """What a rolling window is mistaken for: longer, shorter but never empty, roughly as long, one of the calendar."""
    assert [str(other) for _, other in shapes.windows(Window("rolling", Period(amount, unit)))] == wrong


@pytest.mark.parametrize(
    ("condition", "read"), [("tired", ["time_zone"]), ("nights < program.boats", ["time_zone", "boats"])]
)
def test_of_the_program_what_a_rule_reads_may_change(condition: str, read: list[str]) -> None:
    """Its time zone too; of any other record every fact, though it is called as the program is."""
    book = ferry(rule(f'holds = "{condition}"'))
    found = book["guest.x"]
    made = examples.build(book.vocabulary, "guest", {"id": "program", "program": {"time_zone": "UTC"}})
    world = variations.World(book, found, ON, made.record, made.tables, "guest")
    assert {key[0] for key in world.rows} == {"guest", "program"}
    names = {key[0]: [fact.name for fact in world.stored(key)] for key in world.rows}
    assert names == {"guest": ["came_on", "left_on", "tired", "calm", "nights", "sort"], "program": read}


# read


def test_what_the_head_of_a_file_says_stands_in_the_rulebook() -> None:
    """Each field under its own name."""
    head = """
rulebook     = "ferry"
title        = "The Ferry (invented)"
version      = "7"
jurisdiction = "Nowhere"
verified     = 2026-02-03
in_force     = { from = 2026-01-01, until = 2027-01-01 }
"""
    book = ps.loads(head)
    assert (book.name, book.title, book.version) == ("ferry", "The Ferry (invented)", "7")
    assert (book.jurisdiction, book.verified) == ("Nowhere", dt.date(2026, 2, 3))
    assert (book.in_force.start, book.in_force.until) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    bare = ps.loads('rulebook = "ferry"\ntitle = "The Ferry"')
    assert (bare.jurisdiction, bare.verified, bare.in_force.start) == ("", None, None)


SPAN: Final = '{ from = "begins_on", until = "ends_on" }'


@pytest.mark.parametrize(
    ("span", "fault"),
    [
        ('{ from = "begins_on", until = "guest" }', "span: does not name two facts that are dates, or two instants"),
        ('{ from = "begins_on", until = "begins_on" }', "span: names 'begins_on' twice"),
        ('{ from = "begins_on", until = "odd" }', "odd: 'dat' is not a type"),
    ],
)
def test_a_span_that_is_at_fault_is_told_once(span: str, fault: str) -> None:
    """Rules that ask for it are not at fault as well."""
    text = HEAD + rule('holds = "any(stay, covers(this.came_on))"')
    assert "guest.x" in ps.loads(text)
    (told,) = faults(text.replace(SPAN, f'{span}\nodd = "dat"' if "odd" in span else span))
    assert told.startswith(f"rulebook, kinds.stay, {fault}")


def test_a_comparison_may_stand_in_the_middle_of_a_chain() -> None:
    """One with two sides alone: a chain in the middle of another is refused."""
    book = ferry(rule('holds = "tired == (nights > 2) == calm"'))
    guest = record(book, "guest", "g", tired=True, calm=True, nights=3)
    short = record(book, "guest", "h", tired=True, calm=True, nights=2)
    assert [ps.judge(book, "guest.x", each, on=ON).verdict for each in (guest, short)] == [Verdict.MET, Verdict.NOT_MET]
    (told,) = faults(HEAD + rule('holds = "tired == (1 < nights < 3) == calm"'))
    assert "a chain of comparisons stands inside of another" in told


def test_a_condition_may_be_forty_deep() -> None:
    """And no deeper: the fact is the fortieth."""
    assert "guest.x" in ferry(rule(f'holds = "{"not " * 39}tired"'))
    (told,) = faults(HEAD + rule(f'holds = "{"not " * 40}tired"'))
    assert "nested more than 40 deep (name parts of it as definitions)" in told


# written


def test_a_calendar_file_says_what_it_is_and_who_made_it() -> None:
    """As calendar programs demand (RFC 5545), and in an empty one there is nothing else."""
    pytest.importorskip("icalendar")
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//peersupport//course//EN", "END:VCALENDAR"]
    assert schedule.as_ics(Course(()), "e").decode().split() == head
