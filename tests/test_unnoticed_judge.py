"""Behaviours of the record judge that small changes of the code went through without a test that noticed.

Each has the test that does, and so have some of the rule mutants, which the judge is asked for.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest

import peersupport as ps
from peersupport import Office, Reason, Verdict
from peersupport.readers import cases, mutants
from peersupport.readers.judge import judge_each
from peersupport.readers.mutants import bench
from peersupport.readers.mutants.operators import told
from peersupport.rules.facts import NONE, Record
from peersupport.rules.findings import Place
from peersupport.rules.forms import Criterion
from peersupport.rules.tables import Table, Tables

ON: Final = dt.date(2026, 6, 30)
HEAD: Final = """
rulebook = "lodge"
title    = "The Lodge (invented)"
version  = "1"
[sources.L]
title = "Made up"
[kinds.guest]
came_on   = "date"
left_on   = "date or none"
came_at   = "instant"
left_at   = "instant"
tired     = "bool"
calm      = "bool"
nights    = "int"
beds      = "int"
bags      = "int"
host      = "-> host or none"
[kinds.host]
keys      = "int keys or none"
rooms     = "int rooms"
since     = "date"
kind_one  = "bool"
[kinds.meal]
guest     = "-> guest"
dated_by  = "eaten_on"
eaten_on  = "date"
warm      = "bool"
calm      = "bool"
price     = "int euros"
[kinds.stay]
guest     = "-> guest"
span      = { from = "begins_on", until = "ends_on" }
begins_on = "date"
ends_on   = "date or none"
paid      = "bool"
"""


def rule(body: str, form: str = "criterion", name: str = "x", about: str = "guest") -> str:
    """A rule about a guest."""
    return f'[[{form}]]\nid = "guest.{name}"\nabout = "{about}"\nsays = "A rule."\nsource = "L: 1"\n{body}\n'


def lodge(*rules: str) -> ps.Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + "".join(rules))


def record(book: ps.Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Any = book.vocabulary[kind].record
    return made(id=id_, **facts)  # type: ignore[no-any-return]


def tables(*records: Record, office: Office | None = None) -> Tables:
    """Some records, as the tables that a rule looks into; that of meals and of stays is there in any case."""
    found: dict[str, dict[str, Record]] = {"meal": {}, "stay": {}}
    for each in records:
        found.setdefault(type(each).__name__.lower(), {})[each.id] = each
    return Tables({kind: Table(rows) for kind, rows in found.items()}, office)


def may(day: int) -> dt.date:
    """A day of May."""
    return dt.date(2026, 5, day)


# deadlines that repeat

EACH_MEAL: Final = 'after = "came_on"\nagain = "10 days"\ncounted = "grid"\ndone = "each(meal.eaten_on)"'
"""A meal in each ten days."""


def meals(book: ps.Rulebook, **days: dict[str, object]) -> list[Record]:
    """Meals of the guest, by name."""
    return [record(book, "meal", name, guest="g", **facts) for name, facts in days.items()]


@pytest.mark.parametrize("counted", ["rolling", "grid"])
def test_what_is_done_late_and_after_the_end_was_never_done(counted: str) -> None:
    """The occurrence is late by the days until the end, and not by those until it was done."""
    book = lodge(
        rule(
            'after = "came_on"\nagain = "10 days"\nuntil = "left_on"\ndone = "each(meal.eaten_on)"\n'
            f'counted = "{counted}"',
            "deadline",
        )
    )
    guest = record(book, "guest", "g", came_on=may(1), left_on=may(15))
    found = judge_each(book, "guest.x", guest, on=ON, tables=tables(guest, *meals(book, m={"eaten_on": may(20)})))
    assert (found[0].verdict, found[0].reason) == (Verdict.NOT_MET, Reason.NEVER_DONE)
    assert (found[0].due, found[0].done_on, found[0].days_late) == (may(11), None, 4)


def test_what_falls_due_later_is_pending() -> None:
    """The occurrence that is still ahead has the verdict of what is upcoming."""
    book = lodge(rule(EACH_MEAL, "deadline"))
    guest = record(book, "guest", "g", came_on=may(1))
    found = ps.judge(book, "guest.x", guest, on=may(5), tables=tables(guest))
    assert (found.verdict, found.reason, found.due) == (Verdict.PENDING, Reason.UPCOMING, may(11))


def test_an_occurrence_counted_from_the_last_time_is_known_by_that_day() -> None:
    """Where an earlier event turns out to count, it has another number, and what settles it is found all the same."""
    done = "each(meal.eaten_on, warm or (calm and this.tired))"
    book = lodge(
        rule(f'after = "came_on"\nagain = "10 days"\ncounted = "rolling"\ndone = "{done}"', "deadline"),
    )
    guest = record(book, "guest", "g", came_on=may(1))
    eaten = meals(
        book,
        first={"eaten_on": may(2), "warm": False, "calm": True},
        second={"eaten_on": may(10), "calm": False},
        third={"eaten_on": may(14), "warm": True, "calm": False},
        fourth={"eaten_on": may(20), "warm": False, "calm": True},
        fifth={"eaten_on": may(22), "calm": False},
    )
    found = ps.judge(book, "guest.x", guest, on=ON, tables=tables(guest, *eaten), settles=True)
    assert (found.verdict, found.occurrence, found.due) == (Verdict.UNKNOWN, 2, may(24))
    assert found.settles == ((Place("guest", "g", "tired"),), (Place("meal", "fifth", "warm"),))


def test_what_was_done_before_the_time_that_is_asked_about_is_left_out() -> None:
    """Of a rule that repeats; a deadline that is due once is told whenever it was due."""
    again = rule(EACH_MEAL, "deadline")
    once = rule('due = "came_on"\ndone = "first(meal.eaten_on)"', "deadline", "once")
    book = lodge(again, once)
    guest = record(book, "guest", "g", came_on=may(1))
    eaten = [record(book, "meal", f"m{day}", guest="g", eaten_on=may(day)) for day in (1, 10, 20, 30)]
    given = tables(guest, *eaten)
    found = judge_each(book, "guest.x", guest, on=may(30), tables=given, since=may(20))
    assert [each.due for each in found] == [may(21), may(31), dt.date(2026, 6, 10)]
    (only,) = judge_each(book, "guest.once", guest, on=may(30), tables=given, since=may(20))
    assert (only.verdict, only.due) == (Verdict.MET, may(1))


# limits


def test_days_before_the_time_that_is_asked_about_are_not_held_against_a_limit() -> None:
    """A limit at any time, broken before that and kept since then, is met."""
    book = lodge(rule('measure = "count(stay)"\nat_most = 1\nwindow = "at any time"', "limit"))
    guest = record(book, "guest", "g")
    stays = [record(book, "stay", f"s{n}", guest="g", begins_on=may(1), ends_on=may(4)) for n in range(2)]
    stays.append(record(book, "stay", "s2", guest="g", begins_on=may(12), ends_on=may(14)))
    given = tables(guest, *stays)
    assert ps.judge(book, "guest.x", guest, on=ON, tables=given).verdict is Verdict.NOT_MET
    (found,) = judge_each(book, "guest.x", guest, on=ON, tables=given, since=may(10))
    assert (found.verdict, found.measured) == (Verdict.MET, 1)


@pytest.mark.parametrize("since", [None, dt.date(2026, 1, 1)])
@pytest.mark.parametrize(("first", "peak"), [(2, 0), (23, -3)])
def test_the_peak_of_sums_below_zero_may_lie_in_a_week_without_a_record(
    first: int, peak: int, since: dt.date | None
) -> None:
    """Such a week comes to nothing, which is more, whether the tables are complete always or since a day."""
    book = lodge(rule('measure = "sum(meal.price)"\nat_most = 10\nwindow = "calendar week"', "limit"))
    guest = record(book, "guest", "g")
    days = {"first": (dt.date(2026, 6, first), -5), "second": (ON, -3)}
    eaten = {name: record(book, "meal", name, guest="g", eaten_on=day, price=n) for name, (day, n) in days.items()}
    found = ps.judge(book, "guest.x", guest, on=ON, tables=Tables({"meal": Table(eaten, since)}))
    assert (found.verdict, found.measured) == (Verdict.MET, peak)


# what decides together


def test_three_facts_that_decide_only_together_are_found() -> None:
    """Where smaller sets cost few tries, larger ones are looked for until all are."""
    book = lodge(rule('holds = "nights + beds + bags > 5"'))
    found = ps.judge(book, "guest.x", record(book, "guest", "g"), on=ON, settles=True)
    assert found.settles == (tuple(Place("guest", "g", name) for name in ("nights", "beds", "bags")),)
    assert found.exact


# the verdict alone, by a function written for the rule


def alike(book: ps.Rulebook, guest: Record, given: Tables) -> Verdict:
    """The verdict of a guest: that which is written for the rule is the judge's."""
    verdict = ps.verdict_of(book, "guest.x")(guest, ON, given)
    assert verdict is ps.judge(book, "guest.x", guest, on=ON, tables=given).verdict
    return verdict


@pytest.mark.parametrize(("begins_on", "expected"), [(10, Verdict.MET), (3, Verdict.UNKNOWN)])
def test_a_stay_in_doubt_matters_where_it_would_be_one_too_many(begins_on: int, expected: Verdict) -> None:
    """On days on which no other is there it does not."""
    book = lodge(rule('measure = "count(stay, paid)"\nat_most = 1\nwindow = "at any time"', "limit"))
    guest = record(book, "guest", "g")
    sure = record(book, "stay", "s1", guest="g", begins_on=may(1), ends_on=may(4), paid=True)
    doubt = record(book, "stay", "s2", guest="g", begins_on=may(begins_on), ends_on=may(12))
    assert alike(book, guest, tables(guest, sure, doubt)) is expected


@pytest.mark.parametrize(("nights", "expected"), [(2, Verdict.MET), (3, Verdict.UNKNOWN), (4, Verdict.NOT_MET)])
def test_a_number_that_is_known_is_added_to_one_that_has_two_ends(nights: int, expected: Verdict) -> None:
    """A count with a record in doubt is one of two numbers, whatever is added to it."""
    book = lodge(rule('holds = "count(meal, warm) + nights <= 4"'))
    guest = record(book, "guest", "g", nights=nights)
    eaten = meals(book, a={"warm": True, "eaten_on": may(1)}, b={"eaten_on": may(2)})
    assert alike(book, guest, tables(guest, *eaten)) is expected


DEFINED: Final = '[[definition]]\nid = "host.{0}"\nabout = "host"\nis = "{1}"\nsource = "L: 1"\nsays = "{0}"\n'


@pytest.mark.parametrize(
    ("said", "holds", "expected"),
    [
        ("rooms + 1", "not exists(host.asked)", Verdict.MET),
        ("rooms + 1", "host.asked > 3", Verdict.MET),
        ("rooms + 1", "host.asked < 3", Verdict.NOT_MET),
        ("kind_one", "host.asked", Verdict.NOT_MET),
        ("kind_one", "not host.asked", Verdict.MET),
    ],
)
def test_what_is_defined_of_nobody_is_absent(said: str, holds: str, expected: Verdict) -> None:
    """Where a reference leads to none: a number is not there and stands after any, and a yes or no is no."""
    book = lodge(DEFINED.format("asked", said), rule(f'holds = "{holds}"'))
    guest = record(book, "guest", "g", host=NONE)
    assert alike(book, guest, tables(guest)) is expected


@pytest.mark.parametrize(("minute", "expected"), [(59, Verdict.MET), (1, Verdict.NOT_MET)])
def test_a_day_after_an_instant_is_the_same_time_on_the_wall(minute: int, expected: Verdict) -> None:
    """In the night in which summer time ends it is an hour more."""
    book = lodge(rule('holds = "left_at <= came_at + days(1)"'))
    came = dt.datetime(2025, 11, 1, 16, tzinfo=dt.UTC)
    left = dt.datetime(2025, 11, 2, 16 if minute == 59 else 17, minute, tzinfo=dt.UTC)
    guest = record(book, "guest", "g", came_at=came, left_at=left)
    assert alike(book, guest, tables(guest, office=Office("America/New_York"))) is expected


# mutants of rules


def test_the_home_of_a_definition_asks_for_it_whatever_is_chosen() -> None:
    """A rule that asks for it under one reading only comes after one that always does."""
    defined = DEFINED.format("asked", "kind_one")
    some = rule('holds = "tired"\nreadings."strict" = { holds = "host.asked" }', name="some")
    book = lodge(defined, some, rule('holds = "host.asked"', name="all"))
    assert bench.definitions(book, book["guest.some"], "") == ()
    assert bench.home(book, book["host.asked"]) is book["guest.all"]


def test_the_cases_of_a_rule_with_exceptions_notice_what_they_can() -> None:
    """A wrong change is shown by a case when the rule, changed, says something else of it; not by the first case."""
    book = lodge(rule('holds = "nights > 3 and beds < 7"\nunless = "bags > 2"'))
    one = book["guest.x"]
    assert mutants.survivors(book, one, tuple(cases.of(book, one))) == ()


def test_a_long_condition_is_cut_to_what_may_be_told() -> None:
    """It is never longer than that, and ends in a mark."""
    book = lodge(rule(f'holds = "{" or ".join(f"nights == {n}" for n in range(90))}"'))
    form = book.body(book["guest.x"], "guest").form
    assert isinstance(form, Criterion)
    said = told(form.clauses[0].holds, 0)
    assert said.endswith("…")
    assert 150 < len(said) <= 160


@pytest.mark.parametrize(("name", "new", "old"), [("max", "least", "greatest"), ("min", "greatest", "least")])
def test_the_greatest_is_taken_for_the_least_and_the_least_for_the_greatest(name: str, new: str, old: str) -> None:
    """Each is a wrong change, and says which stands for which."""
    book = lodge(rule(f'holds = "{name}(nights, beds) > 3"'))
    said = [each.says for each in mutants.of(book, book["guest.x"])]
    assert len([each for each in said if each.startswith(f"the {new} instead of the {old} in “")]) == 1
