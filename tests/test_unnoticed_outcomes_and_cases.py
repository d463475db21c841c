"""Behaviours of outcomes, of cases and of the column reader that small changes of the code went through unnoticed.

Each has the test that notices. Those of `test_code_survivors` and `test_code_unnoticed` came from earlier samples.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import polars as pl
import pytest

import peersupport as ps
from peersupport import InputError, Verdict, outcomes
from peersupport.library import CORE
from peersupport.outcomes import Attendance, Case, Share
from peersupport.outcomes.results import share_of
from peersupport.readers import cases, mutants
from peersupport.readers.cases import choosing, scenes, telling, tries
from peersupport.rules.facts import Fact, Record, Type, vocabulary

ON: Final = dt.date(2026, 6, 30)
DAY: Final = dt.date(2026, 5, 4)
HEAD: Final = """
rulebook = "forge"
title    = "The Forge (invented)"
version  = "1"
[sources.F]
title = "Made up"
[kinds.smith]
tired     = "bool"
came_on   = { type = "date", says = "the day of coming", event = "the smith comes" }
came_at   = { type = "instant", says = "the time of coming", event = "the smith comes" }
nights    = "int nights"
pay       = { type = "decimal coins", places = 2 }
master    = "-> smith or none"
helpers   = "-> set of hand"
hand      = "-> hand or none"
[kinds.hand]
skilled   = "bool"
"""


def rule(body: str, form: str = "criterion", name: str = "x") -> str:
    """A rule about a smith."""
    return f'[[{form}]]\nid = "smith.{name}"\nabout = "smith"\nsays = "A rule."\nsource = "F: 1"\n{body}\n'


def forge(*rules: str) -> ps.Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + "".join(rules))


def example(given: str) -> str:
    """An example of what is given, which is met."""
    return f'examples = [{{ given = {{ {given} }}, on = 2026-06-30, verdict = "met" }}]'


def record(book: ps.Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Any = book.vocabulary[kind].record
    return made(id=id_, **facts)  # type: ignore[no-any-return]


# outcomes


def test_whether_somebody_started_is_asked_on_the_clock_of_the_program() -> None:
    """A session in the evening, after midnight of universal time, took place on the day that was asked about."""
    evening = dt.datetime(2026, 5, 5, 2, tzinfo=dt.UTC)
    roster = ps.from_records(
        [
            ps.Program(id="program", time_zone="America/Chicago"),
            ps.Person(id="p"),
            ps.Enrollment(id="e", person="p", started_on=DAY, ended_on=ps.NONE),
            ps.Contact(id="c", person="p", enrollment="e", starts_at=evening, status="attended"),
        ],
        empty=["admission", "care_episode"],
    )
    found = [
        outcomes.engagement(roster, on=on, at_least=1, of=1, unit="sessions").started.numerator
        for on in (DAY - dt.timedelta(1), DAY)
    ]
    assert found == [0, 1]


def share(count: int) -> Share:
    """A share of so many cases, all of them a yes."""
    made = [Case(f"c{n}", f"p{n}", "yes", "") for n in range(count)]
    return share_of(made, [], measure="m", counts="those with it", among="all", window="a month")


def test_the_tidy_rows_of_a_share_and_of_attendance_have_their_columns() -> None:
    """Every row of a share names its measure and its window, first of all."""
    rows = share(2).rows()
    assert len(rows) > 1
    assert {tuple(row)[:2] for row in rows} == {("measure", "window")}
    assert {(row["measure"], row["window"]) for row in rows} == {("m", "a month")}
    attended = Attendance(unit="weeks", attended=3, offered=4, not_recorded=0, records=1, mean=0.75)
    assert attended.rows() == (
        {
            "measure": "attendance in weeks",
            "attended": 3,
            "offered": 4,
            "not_recorded": 0,
            "pooled": 0.75,
            "mean": 0.75,
            "records": 1,
        },
    )


def test_groups_by_a_function_without_a_name_are_called_groups() -> None:
    """The line of a group has its share in numbers, with the interval."""
    people = ps.from_records([ps.Person(id=f"p{n}") for n in range(40)])
    found = outcomes.subgroups(share(40), people, lambda person: "even" if int(person.id[1:]) % 2 == 0 else "odd")
    assert found.by == "group"
    first, *_ = str(found).splitlines()
    assert first == "m, by group"
    assert str(found.total).startswith(f"all: {found.total.proportion} (")
    assert "20 of 20" in str(found.groups[0])


def test_leavers_say_what_they_are() -> None:
    """What is counted, among whom, and from when."""
    work = outcomes.Employment(id="w", peer_provider="x", started_on=DAY, ended_on=DAY + dt.timedelta(10))
    known = vocabulary([*(CORE[name].record for name in CORE), outcomes.Employment])
    found = outcomes.leavers(ps.from_records([work], vocabulary=known), since=DAY, through=ON)
    lines = str(found).splitlines()
    assert lines[0].startswith("leavers of those employed on the first day: 1 of 1")
    assert lines[1:4] == [
        "  counted: employments that ended",
        f"  among: employments on {DAY}",
        f"  window: {DAY} through {ON}",
    ]


# cases


def test_the_mutants_of_a_definition_are_shown_under_the_reading_that_asks_for_it() -> None:
    """A definition that a rule asks for under one reading only is told from each of its mutants by cases of that."""
    rested = rule('is = "nights >= 5"', "definition", "rested")
    book = forge(
        rested, rule(f'holds = "tired"\nreadings."strict" = {{ holds = "rested" }}\n{example("tired = true")}')
    )
    found = cases.of(book, book["smith.x"])
    assert mutants.survivors(book, book["smith.rested"], {"smith.x": found}) == ()


def test_both_cases_of_a_pair_can_be_written() -> None:
    """Where nobody helps, the one who did before is left out: there is no place for him, and a case gives all."""
    book = forge(rule(f'holds = "exists(helpers)"\n{example("helpers = [{ skilled = true }]")}'))
    found = [(dict(each.given), each.verdict) for each in cases.of(book, book["smith.x"])]
    assert found == [({"helpers": [{"skilled": True}]}, "met"), ({"helpers": []}, "not_met")]


def test_decimals_are_tried_by_one_unit_of_their_last_place() -> None:
    """One less and one more than what is recorded, and than the number of the rule."""
    book = forge(rule(f'holds = "pay >= 10"\n{example("pay = 12.5")}'))
    stage = scenes.Stage(book, book["smith.x"], "smith")
    near = tries.Tries(stage, "").near(stage.written("")[0])
    tried = {each.value for each in near if each.place and each.place[1] == "pay"}
    assert {Decimal(each) for each in ("12.49", "12.51", "9.99", "10.01")} <= tried


def test_fewer_values_are_tried_in_scenes_of_more_than_a_few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few are twelve, with the record judged."""
    book = forge(rule(f'holds = "tired"\n{example("tired = true")}'))
    stage = scenes.Stage(book, book["smith.x"], "smith")
    choice = choosing._Choice(stage, "", [])
    tried: list[tuple[int, int | None]] = []

    def near(scene: scenes.Scene, most: int | None = None) -> list[scenes.Scene]:
        choice.explored.append(scene)
        tried.append((len(scene.rows), most))
        return []

    monkeypatch.setattr(choice, "near", near)
    choice.kept = [stage.staged({"helpers": [{} for _ in range(count - 1)]}, ON) for count in (12, 13)]
    assert [*choice.tried(stage.written(""))]
    assert tried[1:] == [(13, choosing.LEAST), (12, choosing.LESS)]


def test_cases_as_data_stand_on_lines_of_their_own() -> None:
    """One field in each line, with two spaces for each level, so that changes of a file can be compared."""
    book = forge(rule(f'holds = "tired"\n{example("tired = true")}'))
    lines = cases.as_json(cases.of(book, book["smith.x"])).splitlines()
    assert lines[:4] == ["[", "  {", '    "rule": "smith.x",', '    "number": 1,']


@pytest.mark.parametrize(("minutes", "told"), [(2, "2 minutes later"), (-1, "one minute earlier")])
def test_how_far_an_instant_lies_from_the_one_before(minutes: int, told: str) -> None:
    """In minutes, later or earlier."""
    at = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
    said = telling.said(Fact("at", Type("instant"), says="the time"), at + dt.timedelta(minutes=minutes), at, "")
    assert said.endswith(f", {told}")


# columns


@pytest.mark.parametrize("helped", ["helpers", "smith[master].helpers"])
def test_a_set_of_references_of_several_records(helped: str) -> None:
    """The members of each set are reached from the record that leads to the set, and from no other one."""
    book = forge(rule(f'holds = "any({helped}, skilled)"'), rule(f'holds = "count({helped}) == 2"', name="y"))
    hands = [record(book, "hand", "good", skilled=True), record(book, "hand", "poor", skilled=False)]
    of: dict[str, tuple[str, set[str]]] = {
        "a": ("b", {"good"}),
        "b": ("c", {"good", "poor"}),
        "c": ("d", {"poor"}),
        "d": ("b", {"poor"}),
    }
    smiths = [
        record(book, "smith", name, master=master, helpers=frozenset(hand)) for name, (master, hand) in of.items()
    ]
    roster = ps.from_records([*smiths, *hands], vocabulary=book.vocabulary)
    frames = ps.frames_of(roster.tables, book.vocabulary, "polars")
    found: Any = ps.judge_frame(book, frames.pop("smith"), "smith", on=ON, tables=frames, lend=False)
    judged = {
        each.id: tuple(ps.judge(book, f"smith.{name}", each, on=ON, tables=roster.tables).verdict for name in "xy")
        for each in smiths
    }
    assert {name: (x, y) for name, x, y in found.rows()} == {k: (x.value, y.value) for k, (x, y) in judged.items()}
    met, no = Verdict.MET, Verdict.NOT_MET
    assert (
        judged
        == {
            "helpers": {"a": (met, no), "b": (met, met), "c": (no, no), "d": (no, no)},
            "smith[master].helpers": {"a": (no, no), "b": (met, met), "c": (met, met), "d": (no, no)},
        }[helped]
    )


def test_a_column_of_times_without_a_zone_is_told_with_its_place_and_mend() -> None:
    """The whole line, and nothing beside it."""
    book = forge(rule('holds = "day(came_at) == came_on"'))
    frame = pl.DataFrame({"id": ["s"], "came_at": [dt.datetime(2026, 5, 4, 10)], "came_on": [DAY]})
    with pytest.raises(InputError) as caught:
        ps.judge_frame(book, frame, "smith", on=ON, lend=False)
    assert [str(each) for each in caught.value.problems] == [
        "table smith, column came_at: is a column of times without a zone (make it a column of times with their zone)"
    ]


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    """Of the 28th in a century that is no leap year, as in any common year; of the 29th in a leap year."""
    book = forge(rule('holds = "came_on + months(1) == on"'))
    for last in (dt.date(1900, 2, 28), dt.date(2000, 2, 29), dt.date(2024, 2, 29), dt.date(2100, 2, 28)):
        frame = pl.DataFrame({"id": ["s"], "came_on": [last.replace(month=1, day=31)]})
        found: Any = ps.judge_frame(book, frame, "smith", on=last, lend=False)
        assert found.rows() == [("s", "met")]
