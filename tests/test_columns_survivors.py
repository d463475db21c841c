"""Edges of the column reader that rosters made of worked examples seldom meet, each with a few rows of its own.

Every case is judged by the record judge, too, so that no expectation stands here alone.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest

from peersupport import InputError, PartialTables, Rulebook, Unsupported, frames_of, judge_frame, loads, verdict_of
from peersupport.readers.columns.engines import ROW, Frame
from peersupport.readers.columns.exits import handed_back
from peersupport.readers.columns.written import Backend
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.rules import calendar
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Record
from peersupport.rules.findings import Verdict
from peersupport.rules.tables import Table, Tables

ON = dt.date(2026, 6, 30)
HEAD = """
rulebook = "mill"
title    = "The Mill (invented)"
version  = "1"
[sources.M]
title = "Made up"
[kinds.program]
opened_at = { type = "instant", planned = true }
closed_on = { type = "date or none", planned = true }
[kinds.sack]
dated_by  = "filled_on"
filled_on = { type = "date", says = "the day it is filled", event = "it is filled" }
sold_on   = { type = "date or none", says = "the day it is sold", event = "it is sold" }
lost_on   = { type = "date or none", says = "the day it is lost", event = "it is lost" }
best_on   = { type = "date", planned = true }
next_on   = { type = "date or none", planned = true }
due_on    = { type = "date or none", planned = true }
seen_at   = { type = "instant", says = "when it is seen", event = "it is seen" }
weighed_at = { type = "instant", says = "when it is weighed", event = "it is weighed" }
size      = "int steps"
weight    = { type = "decimal stones", places = 2 }
marks     = "set: open"
mill      = "-> sack or none"
helpers   = "-> set of hand"
grade     = "choice: coarse fine or none"
rank      = { type = "int steps or none", min = 0, max = 9 }
[kinds.hand]
skilled   = "bool"
[kinds.load]
span     = { from = "out_on", through = "back_on" }
dated_by = "out_on"
sack     = "-> sack"
out_on   = { type = "date", planned = true }
back_on  = { type = "date or none", planned = true }
[kinds.grain]
span     = { from = "cut_on", until = "ground_on" }
dated_by = "cut_on"
sack     = "-> sack"
cut_on   = { type = "date", says = "the day it is cut", event = "it is cut" }
ground_on = { type = "date or none", planned = true }
sifted_on = { type = "date or none", says = "the day it is sifted", event = "it is sifted" }
size     = "int steps"
price    = { type = "decimal coins", places = 2, min = 0.5 }
ripe     = "bool"
field    = "choice: north south"
sort     = "choice: rye oats or none"
"""


def rule(form: str, body: str, name: str = "x") -> str:
    """A rule about a sack."""
    return f'[[{form}]]\nid = "sack.{name}"\nabout = "sack"\nsays = "A rule."\nsource = "M: 1"\n{body}\n'


def book(*rules: str) -> Rulebook:
    """The invented rulebook with some rules."""
    return loads(HEAD + "".join(rules))


def record(rulebook: Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Record = rulebook.vocabulary[kind].record(id=id_, **facts)
    return made


def told(
    rulebook: Rulebook,
    sacks: Iterable[Record],
    *,
    zone: str = "",
    tell: Sequence[str] = ("verdict",),
    engine: Backend = "polars",
    complete: Mapping[str, dt.date] | None = None,
    **others: Iterable[Record],
) -> dict[str, tuple[object, ...]]:
    """What is told of each sack for every rule, one after another, which is what the record judge finds.

    `complete` tables tell all since a day.
    """
    records = {"sack": sacks, **others}
    office = Office(zone) if zone else None
    if zone and "program" not in records:
        records["program"] = [record(rulebook, "program", "p", time_zone=zone)]
    since = dict(complete or {})
    made = {kind: Table({each.id: each for each in some}, since.get(kind)) for kind, some in records.items()}
    tables = Tables(made, office)
    frames = frames_of(tables, rulebook.vocabulary, engine, duckdb.connect() if engine == "duckdb" else None)
    question: dict[str, Any] = {"tables": frames, "tell": tell, "complete_since": since, "lend": False}
    found: Any = judge_frame(rulebook, frames.pop("sack"), "sack", on=ON, **question)
    rows = found.fetchall() if engine == "duckdb" else found.rows()
    judge, sitting = judge_of(rulebook), Sitting(tables, ON, brief=True)
    for row in rows:
        sack = tables.tables["sack"].records[row[0]]
        values = iter(row[1:])
        for each in rulebook.judged:
            findings = list(judge.sit(sitting, each, sack, explain=False))
            for detail in tell:
                expected, value = getattr(current(findings), detail), next(values)
                if detail == "missing":
                    expected = ";".join(sorted({f"{place.kind}.{place.fact}".rstrip(".") for place in expected}))
                if detail == "days" and expected is not None:
                    expected = sum(finding.days or 0 for finding in findings if finding.verdict is Verdict.NOT_MET)
                assert value == getattr(expected, "value", expected), f"{each.id} {detail}, {sack}: judge {expected}"
    return {row[0]: row[1:] for row in rows}


# the calendar in whole numbers

PERIODS = ("days(1)", "weeks(2)", "months(1)", "months(5)", "months(18)", "years(1)", "years(4)")
YEARS = (1900, 1999, 2000, 2024, 2026, 2100)


def period(text: str) -> Period:
    """A period as it is written in a term."""
    unit, _, amount = text.rstrip(")").partition("(")
    return Period(int(amount), unit)  # type: ignore[arg-type]  # one of the units


@pytest.mark.parametrize("by", PERIODS)
def test_every_day_of_some_years_is_moved_as_the_calendar_does(by: str) -> None:
    """Each day of common years, leap years and centuries, moved ahead and back, at each end of a month."""
    mill = book(
        rule("criterion", f'holds = "best_on + {by} == due_on"', "ahead"),
        rule("criterion", f'holds = "due_on - {by} == next_on"', "back"),
    )
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for year in YEARS for n in range(366)]
    ahead = [calendar.shift(day, period(by), Office()) for day in days]
    back = [calendar.shift(day, -period(by), Office()) for day in ahead]
    rows = pl.DataFrame(
        {"id": [str(day) for day in range(len(days))], "best_on": days, "due_on": ahead, "next_on": back}
    )
    found = judge_frame(mill, rows, "sack", on=ON, trusted=True)
    assert isinstance(found, pl.DataFrame)
    wrong = [(days[n], row[1:]) for n, row in enumerate(found.rows()) if row[1:] != ("met", "met")]
    assert wrong == []


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "America/Chicago", "America/St_Johns"])
def test_the_day_of_an_instant_begins_at_midnight_of_its_zone(zone: str) -> None:
    """In zones that are apart from universal time by half hours and quarters as well."""
    mill = book(rule("criterion", 'holds = "day(seen_at) == best_on"'))
    start = dt.datetime(2026, 3, 7, 12, tzinfo=dt.UTC)
    at = [start + dt.timedelta(minutes=minutes) for minutes in range(0, 60 * 48, 15)]
    sacks = [
        record(mill, "sack", str(n), seen_at=each, best_on=calendar.day(each, Office(zone)))
        for n, each in enumerate(at)
    ]
    assert set(told(mill, sacks, zone=zone).values()) == {("met",)}


def test_the_day_of_an_instant_of_the_program() -> None:
    """It is the same for all rows, and the day of the program's zone."""
    mill = book(rule("criterion", 'holds = "day(program.opened_at) == best_on"'))
    program = record(
        mill, "program", "p", time_zone="America/Chicago", opened_at=dt.datetime(2026, 2, 3, 5, 30, tzinfo=dt.UTC)
    )
    sacks = [record(mill, "sack", str(day), best_on=dt.date(2026, 2, day)) for day in (2, 3)]
    assert told(mill, sacks, zone="America/Chicago", program=[program]) == {"2": ("met",), "3": ("not_met",)}


# a deadline of own days and the days on which it was in force


def test_own_days_are_held_against_the_days_in_force() -> None:
    """What counts is the due day, where it is counted from a day that has come, and else the day of the record."""
    ends = range(-4, 9)
    form = 'after = "filled_on"\nwithin = "3 days"\ndone = "sold_on"\nin_force = '
    rules = [
        rule("deadline", f"{form}{{ from = {ON + dt.timedelta(n)}, until = {ON + dt.timedelta(n + 2)} }}", f"r{n + 9}")
        for n in ends
    ]
    mill = book(*rules)
    days = [ON + dt.timedelta(days=n) for n in range(-5, 4)]
    sacks = [
        record(mill, "sack", f"{n}", filled_on=filled, sold_on=sold)
        for n, (filled, sold) in enumerate(itertools.product([*days, None], [*days, NONE, None]))
    ]
    found = told(mill, sacks)
    assert {verdict for row in found.values() for verdict in row} >= {"met", "not_met", "pending", "not_applicable"}


def test_what_was_done_in_time_lacks_nothing() -> None:
    """When it was owed no longer is not recorded, and does not matter."""
    mill = book(
        rule("deadline", 'after = "filled_on"\nwithin = "3 days"\ndone = "sold_on"\nuntil = "lost_on"'),
    )
    rows = frames_of(
        Tables({"sack": Table({"s": record(mill, "sack", "s", filled_on=ON, sold_on=ON)})}), mill.vocabulary
    )
    assert judge_frame(mill, rows["sack"], "sack", on=ON, tell=("verdict", "missing")).rows() == [("s", "met", "")]


# whether a rule applies, and which reading of it


def test_what_only_waits_and_what_is_missing_are_unknown_together() -> None:
    """Whether a rule applies is still ahead: that is pending, unless what it asks for is not recorded either."""
    mill = book(rule("criterion", 'holds = "size >= 1"\nwhen = "first(grain.cut_on) <= best_on"'))
    sacks = [record(mill, "sack", str(size), size=size, best_on=ON + dt.timedelta(days=9)) for size in (None, 0, 1)]
    found = told(mill, sacks, grain=[], tell=("verdict", "reason"))
    assert found == {"None": ("unknown", "not_recorded"), "0": ("pending", "not_yet"), "1": ("pending", "not_yet")}


def test_readings_that_are_unknown_for_different_reasons_do_not_agree() -> None:
    """Where one waits for another choice and one for a fact, it is the choice that is asked for."""
    other = (
        'holds = "size >= 1"\nchoose = true\n'
        'readings."low" = { holds = "size >= 2" }\nreadings."high" = { holds = "size >= 3" }'
    )
    mill = book(
        rule("criterion", other, "other"),
        rule(
            "criterion",
            'holds = "weight >= 1"\nchoose = true\nreadings."weighed" = { holds = "weight >= 2" }\n'
            'readings."counted" = { holds = "met(\'sack.other\')" }',
            "both",
        ),
    )
    sacks = [record(mill, "sack", str(size), size=size) for size in (0, 2, 3)]
    found = told(mill, sacks, tell=("verdict", "reason"))
    assert {sack: row[2:] for sack, row in found.items()} == {
        "0": ("unknown", "choose_reading"),
        "2": ("unknown", "choose_reading"),
        "3": ("unknown", "choose_reading"),
    }


def test_readings_that_agree_are_told_with_the_earliest_due_day() -> None:
    """Whatever its reading, it is late: what is told is the day on which it first was."""
    within = 'after = "filled_on"\nwithin = "5 days"\ndone = "sold_on"\nchoose = true\n'
    readings = 'readings."short" = { within = "3 days" }\nreadings."long" = { within = "7 days" }'
    mill = book(rule("deadline", within + readings))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 6, 1), sold_on=NONE)]
    assert told(mill, sacks, tell=("verdict", "due", "days_late")) == {"s": ("not_met", dt.date(2026, 6, 4), 26)}


# what is between two ends, absent or open


def test_two_sets_of_the_rulebook_itself_share_what_they_share() -> None:
    """Sets that stand in the rule are compared like any other, and nothing of a record is missing."""
    mill = book(
        rule("criterion", "holds = \"exists({'a', 'b'} & {'b', 'c'}) or 'x' in marks\"", "some"),
        rule("criterion", "holds = \"exists({'a', 'b'} & {'c'}) or known(size)\"", "none"),
    )
    found = told(mill, [record(mill, "sack", "a"), record(mill, "sack", "b", size=1)])
    assert found == {"a": ("met", "not_met"), "b": ("met", "met")}
    frame = pl.DataFrame({"id": ["a"], "size": pl.Series([None], dtype=pl.Int64)})
    lacks = judge_frame(mill, frame, "sack", on=ON, rules=["sack.none"], tell=["missing"])
    assert lacks.rows() == [("a", "")]


def test_the_first_of_the_month_of_an_event_that_is_not_certain() -> None:
    """Where it is not known which of two months an event lies in, neither is the first of the month."""
    mill = book(rule("criterion", 'holds = "first_of_month(first(grain.cut_on, ripe)) <= best_on"'))
    sacks = [record(mill, "sack", id_, best_on=dt.date(2026, 4, day)) for id_, day in (("a", 1), ("b", 1), ("c", 1))]
    grains = [
        *(record(mill, "grain", f"{id_}1", sack=id_, cut_on=dt.date(2026, 4, 20), ripe=True) for id_ in "ab"),
        record(mill, "grain", "b2", sack="b", cut_on=dt.date(2026, 3, 2)),
        record(mill, "grain", "c1", sack="c", cut_on=dt.date(2026, 5, 2), ripe=True),
        record(mill, "grain", "c2", sack="c", cut_on=dt.date(2026, 4, 2)),
    ]
    found = told(mill, sacks, grain=grains)
    assert found == {"a": ("met",), "b": ("met",), "c": ("unknown",)}
    tables = Tables({"sack": Table({s.id: s for s in sacks}), "grain": Table({g.id: g for g in grains})})
    quick = verdict_of(mill, "sack.x", "sack")
    assert [quick(sack, ON, tables).value for sack in sacks] == ["met", "met", "unknown"]


def test_a_limit_over_time_that_applies_on_some_days_is_refused() -> None:
    """Each stretch of days has an answer of its own whether the rule applies: the record judge alone gives it."""
    fields = 'measure = "count(grain)"\nwindow = "at any time"\nat_most = 1\nwhen = "filled_on < on"'
    mill = book(rule("limit", fields))
    with pytest.raises(Unsupported, match="a limit over time whose `when` asks the day"):
        told(mill, [record(mill, "sack", "a", filled_on=ON)], grain=[])


def test_a_member_is_the_whole_word() -> None:
    """A set contains what it names, and nothing that only begins or ends alike."""
    mill = book(rule("criterion", "holds = \"'dot' in marks\""))
    marks = {"dot": "met", "dotted": "not_met", "polkadot": "not_met"}
    sacks = [record(mill, "sack", mark, marks=frozenset({mark, "line"})) for mark in marks]
    assert told(mill, sacks) == {mark: (verdict,) for mark, verdict in marks.items()}


def test_a_number_less_a_count_that_is_not_certain() -> None:
    """The most that may be counted makes the least that is left."""
    mill = book(rule("criterion", 'holds = "size - count(grain, ripe) >= 1"'))
    sacks = [record(mill, "sack", str(size), size=size) for size in (1, 2, 3)]
    grains = [
        record(mill, "grain", f"{sack.id} {n}", sack=sack.id, cut_on=ON, ripe=ripe)
        for sack in sacks
        for n, ripe in enumerate((True, None))
    ]
    assert told(mill, sacks, grain=grains) == {"1": ("not_met",), "2": ("unknown",), "3": ("met",)}


def test_a_sum_that_may_be_anything_is_so_in_any_places() -> None:
    """An amount that is not recorded, and has no least, leaves a sum open below, also beside a decimal."""
    mill = book(rule("criterion", 'holds = "sum(grain.size) + 1.25 >= 0"'))
    grains = [record(mill, "grain", "g", sack="a", cut_on=ON, size=None)]
    grains.append(record(mill, "grain", "h", sack="b", cut_on=ON, size=-1))
    sacks = [record(mill, "sack", each) for each in ("a", "b")]
    assert told(mill, sacks, grain=grains) == {"a": ("unknown",), "b": ("met",)}


def test_an_end_that_never_comes_ends_nothing() -> None:
    """A day that is known to be absent is no day: nothing ends on it, and nothing is counted from it."""
    mill = book(
        rule("deadline", 'after = "filled_on"\nwithin = "3 days"\ndone = "sold_on"\nuntil = "next_on"', "once"),
        rule(
            "deadline", 'after = "next_on"\nagain = "9 days"\ncounted = "rolling"\ndone = "each(grain.cut_on)"', "again"
        ),
    )
    sacks = [
        record(mill, "sack", "never", filled_on=dt.date(2026, 6, 1), sold_on=NONE, next_on=NONE),
        record(mill, "sack", "ended", filled_on=dt.date(2026, 6, 1), sold_on=NONE, next_on=dt.date(2026, 6, 9)),
    ]
    found = told(mill, sacks, tell=("verdict", "reason", "days_late"), grain=[])
    assert found["never"] == ("not_met", "overdue", 26, "not_applicable", "nothing_due", None)
    assert found["ended"][:3] == ("not_met", "never_done", 5)


UNKNOWN: dict[str, tuple[str, dict[str, object], str]] = {
    "what is not recorded is not what is known to be absent": ("best_on != next_on", {"next_on": NONE}, "met"),
    "nor the other way round": ("next_on != best_on", {"next_on": NONE}, "met"),
    "between two days that are absent": (
        "days_between(next_on, due_on) <= 3",
        {"next_on": NONE, "due_on": NONE},
        "met",
    ),
    "a product has the places of both": ("weight * 2.5 <= 6.25", {"weight": Decimal("2.50")}, "met"),
    "a product that is a little more": ("weight * 2.5 <= 6.25", {"weight": Decimal("2.51")}, "not_met"),
    "the first of whom nobody knows": ("exists(first(mill.grain.cut_on))", {}, "unknown"),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_condition_at_the_edge_of_what_is_known(what: str) -> None:
    """What is absent, what is not recorded and what has many places, each beside a value that is there."""
    holds, facts, verdict = UNKNOWN[what]
    mill = book(rule("criterion", f'holds = "{holds}"'))
    assert told(mill, [record(mill, "sack", "s", **facts)], grain=[]) == {"s": (verdict,)}


def test_days_since_an_event_that_is_not_certain() -> None:
    """The earliest that it may have been makes the most days, the latest the fewest."""
    mill = book(rule("criterion", 'holds = "days_between(first(grain.cut_on, ripe), best_on) >= 5"'))
    sacks = [record(mill, "sack", str(day), best_on=dt.date(2026, 6, day)) for day in (5, 6, 13, 14)]
    grains = [
        record(mill, "grain", f"{sack.id} {day}", sack=sack.id, cut_on=dt.date(2026, 6, day), ripe=ripe)
        for sack in sacks
        for day, ripe in ((1, None), (9, True))
    ]
    assert told(mill, sacks, grain=grains) == {
        "5": ("not_met",),
        "6": ("unknown",),
        "13": ("unknown",),
        "14": ("met",),
    }


# what related records come to


SUMS = {
    "at most, and one of them is not known": ("sum(grain.price) <= 4", (Decimal("0.75"), None), "unknown"),
    "each is its least, at least": ("sum(grain.price) <= 1.25", (Decimal("1.00"), None), "not_met"),
    "and no more than that": ("sum(grain.price) >= 1.5", (Decimal("1.00"), None), "met"),
    "without a least it may be less than nothing": ("sum(grain.size) >= 1", (9, None), "unknown"),
    "or more than anything": ("sum(grain.size) <= 9", (9, None), "unknown"),
}


@pytest.mark.parametrize("what", SUMS)
def test_a_sum_of_which_an_amount_is_not_known(what: str) -> None:
    """It is as much as its fact allows: its least, in its own places, or anything."""
    holds, amounts, verdict = SUMS[what]
    mill = book(rule("criterion", f'holds = "{holds}"'))
    fact = "price" if "price" in holds else "size"
    grains = [record(mill, "grain", str(n), sack="s", cut_on=ON, **{fact: amount}) for n, amount in enumerate(amounts)]
    assert told(mill, [record(mill, "sack", "s")], grain=grains) == {"s": (verdict,)}


def test_what_is_opened_later_today_has_been_opened() -> None:
    """An event may count from a moment on that lies in the day that is judged, up to its last one."""
    mill = book(rule("deadline", 'due = "seen_at + hours(48)"\ndone = "weighed_at"\nnot_before = "seen_at"'))
    noon = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    last = dt.datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
    sacks = [
        record(mill, "sack", "noon", seen_at=noon, weighed_at=noon + dt.timedelta(hours=1)),
        record(mill, "sack", "midnight", seen_at=last, weighed_at=last),
        record(mill, "sack", "too early", seen_at=last, weighed_at=noon),
    ]
    found = told(mill, sacks, zone="UTC", tell=("verdict", "reason"))
    assert found["noon"] == found["midnight"] == ("met", "in_time")
    assert found["too early"][0] == "pending"


DISTINCT: dict[str, tuple[str, dict[str, Sequence[object]], str]] = {
    "somebody is there of whom it is not known who": ("distinct(grain.field) >= 1", {"field": (None,)}, "met"),
    "and may be who is there already": ("distinct(grain.field) >= 2", {"field": ("north", None)}, "unknown"),
    "who is known to be absent is nobody": ("distinct(grain.sort) <= 1", {"sort": ("rye", NONE)}, "met"),
    "also where nobody else is there": ("distinct(grain.sort) >= 1", {"sort": (NONE, NONE)}, "not_met"),
    "who may be absent may be nobody": ("distinct(grain.sort) <= 1", {"sort": ("rye", None)}, "unknown"),
}


@pytest.mark.parametrize("what", DISTINCT)
def test_how_many_different_ones_there_are(what: str) -> None:
    """Whoever is not named is somebody, and nobody where it is known that there is none."""
    holds, facts, verdict = DISTINCT[what]
    mill = book(rule("criterion", f'holds = "{holds}"'))
    grains = [
        record(mill, "grain", f"{n}", sack="s", cut_on=ON, **{fact: value})
        for fact, some in facts.items()
        for n, value in enumerate(some)
    ]
    assert told(mill, [record(mill, "sack", "s")], grain=grains) == {"s": (verdict,)}


def test_the_last_of_some_that_may_not_count() -> None:
    """Where none is certain, the earliest of them may be the last that counts."""
    mill = book(rule("criterion", 'holds = "last(grain.cut_on, ripe) >= best_on"'))
    sacks = [record(mill, "sack", str(day), best_on=dt.date(2026, 6, day)) for day in (1, 2, 5, 9, 10)]
    grains = [
        record(mill, "grain", f"{sack.id} {day}", sack=sack.id, cut_on=dt.date(2026, 6, day), ripe=None)
        for sack in sacks
        for day in (1, 9)
    ]
    verdicts = {"1": "met", "2": "unknown", "5": "unknown", "9": "unknown", "10": "unknown"}
    assert told(mill, sacks, grain=grains) == {day: (verdict,) for day, verdict in verdicts.items()}


def test_what_is_reached_over_several_is_one() -> None:
    """A record that is reached over two references counts once."""
    mill = book(rule("criterion", 'holds = "count(helpers.sack[helpers]) <= 2"'))
    both, one = frozenset({"a", "b"}), frozenset({"a"})
    sacks = [record(mill, "sack", "s", helpers=both), record(mill, "sack", "t", helpers=both)]
    hands = [record(mill, "hand", each) for each in both]
    assert set(told(mill, sacks, hand=hands).values()) == {("met",)}
    sacks.append(record(mill, "sack", "u", helpers=one))
    assert set(told(mill, sacks, hand=hands).values()) == {("not_met",)}


def test_what_comes_after_the_one_asked_for_is_not_missing() -> None:
    """Whether a later event counts does not matter for the second, so what it lacks is not told."""
    mill = book(rule("criterion", "holds = \"nth(2, grain.cut_on, ripe and field == 'north') <= best_on\""))
    sack = record(mill, "sack", "s", best_on=dt.date(2026, 6, 4))
    some = ((1, True, "north"), (2, None, "north"), (5, True, "north"), (9, True, None))
    grains = [
        record(mill, "grain", str(day), sack="s", cut_on=dt.date(2026, 6, day), ripe=ripe, field=field)
        for day, ripe, field in some
    ]
    tables = Tables({"sack": Table({"s": sack}), "grain": Table({each.id: each for each in grains})})
    frames = frames_of(tables, mill.vocabulary)
    found = judge_frame(mill, frames.pop("sack"), "sack", on=ON, tables=frames, tell=("verdict", "missing"))
    (finding,) = judge_of(mill).sit(Sitting(tables, ON, brief=True), mill["sack.x"], sack, explain=False)
    assert {place.fact for place in finding.missing} == {"ripe"}
    assert found.rows() == [("s", "unknown", "grain.ripe")]


# limits over time

OVER_TIME: dict[str, tuple[str, Sequence[dict[str, object]], str]] = {
    "who is known to be absent is nobody": (
        'measure = "distinct(grain.sort)"\nwindow = "at any time"\nat_most = 1',
        ({"sort": "rye"}, {"sort": NONE}),
        "met",
    ),
    "who may be absent may be nobody": (
        'measure = "distinct(grain.sort)"\nwindow = "at any time"\nat_least = 1',
        ({"sort": None},),
        "unknown",
    ),
    "what takes away may not count": (
        'measure = "sum(grain.size, ripe)"\nwindow = "at any time"\nat_most = 5',
        ({"size": 9, "ripe": None}, {"size": -6, "ripe": None}),
        "unknown",
    ),
    "the day before the first that is recorded": (
        'measure = "count(grain)"\nwindow = "at any time"\nat_least = 1',
        ({}, {"cut_on": None}),
        "unknown",
    ),
    "an amount without a least may be below nothing": (
        'measure = "sum(grain.size)"\nwindow = "at any time"\nat_least = 0',
        ({"size": None},),
        "unknown",
    ),
    "a bound that is not certain": (
        'measure = "count(grain)"\nwindow = "at any time"\nat_most = "count(grain, ripe)"',
        ({"ripe": True}, {"ripe": None}),
        "unknown",
    ),
    "a least that is not certain": (
        'measure = "count(grain)"\nwindow = "at any time"\nat_least = "count(grain, not ripe) + 1"',
        ({"ripe": True}, {"ripe": None}),
        "met",
    ),
    "who is not named may be who is there": (
        'measure = "distinct(grain.field)"\nwindow = "at any time"\nat_most = 1',
        ({"field": "north"}, {"field": None}),
        "unknown",
    ),
    "what begins today": (
        'measure = "count(grain)"\nwindow = "at any time"\nat_most = 1',
        ({}, {"cut_on": ON}),
        "not_met",
    ),
    "a week that is not over": (
        'measure = "sum(grain.size)"\nwindow = "calendar week"\nat_most = 5',
        ({"size": 4}, {"size": 2}),
        "not_met",
    ),
}


@pytest.mark.parametrize("what", OVER_TIME)
def test_a_limit_over_time_at_the_edge_of_what_is_known(what: str) -> None:
    """What counts from the day before on, held against its bounds; and on how many days it is out of them."""
    body, facts, verdict = OVER_TIME[what]
    mill = book(rule("limit", body))
    first = ON - dt.timedelta(days=1)
    grains = [
        record(mill, "grain", str(n), **{"sack": "s", "cut_on": first, "ground_on": NONE, **some})
        for n, some in enumerate(facts)
    ]
    tell = ("verdict",) if verdict == "unknown" else ("verdict", "days", "measured")
    found = told(mill, [record(mill, "sack", "s")], grain=grains, tell=tell)
    assert found["s"][0] == verdict


@pytest.mark.parametrize(("day", "verdict"), [(9, "not_met"), (10, "met"), (11, "met")])
def test_what_ended_on_the_first_day_that_is_asked_about_does_not_count(day: int, verdict: str) -> None:
    """With `since` a limit looks at no earlier day, and what ends on a day does not count on it."""
    mill = book(rule("limit", 'measure = "count(grain)"\nwindow = "at any time"\nat_most = 1'))
    sack, since, end = record(mill, "sack", "s"), dt.date(2026, 6, day), dt.date(2026, 6, 10)
    grains = [record(mill, "grain", str(n), sack="s", cut_on=dt.date(2026, 6, n), ground_on=end) for n in (1, 2)]
    tables = Tables({"sack": Table({"s": sack}), "grain": Table({each.id: each for each in grains})})
    frames = frames_of(tables, mill.vocabulary)
    found = judge_frame(mill, frames.pop("sack"), "sack", on=ON, tables=frames, since=since)
    sitting = Sitting(tables, ON, since=since, brief=True)
    assert current(judge_of(mill).sit(sitting, mill["sack.x"], sack, explain=False)).verdict.value == verdict
    assert found.rows() == [("s", verdict)]


@pytest.mark.parametrize(("days", "verdict"), [(0, "met"), (1, "unknown")])
def test_a_table_that_is_complete_from_today_on_tells_of_today(days: int, verdict: str) -> None:
    """Only of a table that is complete from a later day on is nothing known."""
    mill = book(rule("limit", 'measure = "count(grain)"\nwindow = "at any time"\nat_most = 1'))
    sack, since = record(mill, "sack", "s"), ON + dt.timedelta(days=days)
    tables = Tables({"sack": Table({"s": sack}), "grain": Table({}, since)})
    frames = frames_of(tables, mill.vocabulary)
    found = judge_frame(mill, frames.pop("sack"), "sack", on=ON, tables=frames, complete_since={"grain": since})
    (finding,) = judge_of(mill).sit(Sitting(tables, ON, brief=True), mill["sack.x"], sack, explain=False)
    assert finding.verdict.value == verdict
    assert found.rows() == [("s", verdict)]


# deadlines that repeat


def cut(mill: Rulebook, *some: tuple[dt.date, Mapping[str, object]]) -> list[Record]:
    """Grain of the sack, cut on some days."""
    return [record(mill, "grain", str(n), sack="s", cut_on=day, **facts) for n, (day, facts) in enumerate(some)]


@pytest.mark.parametrize(("day", "verdict"), [(1, "not_met"), (2, "unknown"), (11, "unknown"), (12, "not_met")])
def test_an_event_that_may_not_count_tells_up_to_the_due_day(day: int, verdict: str) -> None:
    """It may have done what was due, from the day after the one it is counted from, and on the due day itself."""
    body = 'after = "filled_on"\nagain = "10 days"\ncounted = "rolling"\ndone = "each(grain.cut_on, ripe)"'
    mill = book(rule("deadline", body))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 6, 1))]
    assert told(mill, sacks, grain=cut(mill, (dt.date(2026, 6, day), {"ripe": None}))) == {"s": (verdict,)}


def test_what_was_done_on_the_first_day_does_not_do_what_is_due() -> None:
    """The first occurrence has a length of its own, also where an event lies on the day it is counted from."""
    body = (
        'after = "filled_on"\nagain = "10 days"\nwithin = "14 days"\ncounted = "rolling"\ndone = "each(grain.cut_on)"'
    )
    mill = book(rule("deadline", body))
    first = dt.date(2026, 6, 25)
    sacks = [record(mill, "sack", "s", filled_on=first)]
    found = told(mill, sacks, grain=cut(mill, (first, {})), tell=("verdict", "due"))
    assert found == {"s": ("pending", dt.date(2026, 7, 9))}


@pytest.mark.parametrize(("day", "due"), [(29, 29), (30, 30), (31, 30)])
def test_a_grid_of_months_is_due_on_the_day_itself(day: int, due: int) -> None:
    """The occurrence of today is open until it is over; a day that a month has not is its last."""
    body = 'after = "filled_on"\nagain = "1 month"\ncounted = "grid"\ndone = "each(grain.cut_on)"'
    mill = book(rule("deadline", body))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 5, day))]
    month = 6 if due == 30 else 7
    assert told(mill, sacks, grain=[], tell=("verdict", "due")) == {"s": ("pending", dt.date(2026, month, due))}


def test_a_grid_goes_on_behind_its_end_while_it_is_kept() -> None:
    """Several events of one occurrence are one: the next that is looked at is the one behind."""
    body = 'after = "filled_on"\nagain = "10 days"\ncounted = "grid"\ndone = "each(grain.cut_on)"\nuntil = "sold_on"'
    mill = book(rule("deadline", body))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 5, 1), sold_on=dt.date(2026, 5, 15))]
    days = (10, 12, 13, 25)
    found = told(
        mill, sacks, grain=cut(mill, *((dt.date(2026, 5, day), {}) for day in days)), tell=("verdict", "reason", "due")
    )
    assert found == {"s": ("not_applicable", "ended", dt.date(2026, 6, 10))}


@pytest.mark.parametrize(("day", "due"), [(9, 19), (10, 20), (11, 21), (12, 11)])
def test_what_is_done_in_time_on_the_day_of_the_end_is_done(day: int, due: int) -> None:
    """The occurrence is done, and nothing that falls due behind the end is owed; what comes late is not done."""
    body = 'after = "filled_on"\nagain = "10 days"\ncounted = "rolling"\ndone = "each(grain.cut_on)"\nuntil = "sold_on"'
    mill = book(rule("deadline", body))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 6, 1), sold_on=dt.date(2026, 6, 10))]
    found = told(mill, sacks, grain=cut(mill, (dt.date(2026, 6, day), {})), tell=("verdict", "reason", "due"))
    assert found == {"s": ("not_applicable", "ended", dt.date(2026, 6, due))}


def test_a_sequence_of_so_many_stops_where_it_may_have_ended() -> None:
    """What falls due on the first day on which it may have ended is not known to be owed, and nothing follows it."""
    body = (
        'after = "filled_on"\nagain = "10 days"\ncounted = "rolling"\ntimes = 2\ndone = "each(grain.cut_on, ripe)"\n'
        "until = \"last(grain.cut_on, field == 'north')\""
    )
    mill = book(rule("deadline", body))
    sacks = [record(mill, "sack", "s", filled_on=dt.date(2026, 5, 31))]
    done = {"ripe": True, "field": "south"}
    grains = cut(
        mill,
        (dt.date(2026, 6, 10), {"ripe": False}),
        (dt.date(2026, 6, 12), done),
        (dt.date(2026, 6, 20), done),
    )
    assert told(mill, sacks, grain=grains, tell=("verdict", "due")) == {"s": ("unknown", dt.date(2026, 6, 10))}


# the door


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(2199, 12, 31)])
def test_the_first_and_the_last_day_are_days(day: dt.date) -> None:
    """The years 1900 to 2199 are read whole, and what lies beside them is refused."""
    mill = book(rule("criterion", 'holds = "best_on <= on or best_on > on"'))
    assert told(mill, [record(mill, "sack", "s", best_on=day)]) == {"s": ("met",)}
    beside = day - dt.timedelta(days=1) if day.year == 1900 else day + dt.timedelta(days=1)
    with pytest.raises(InputError, match="lies outside of the years 1900 to 2199"):
        judge_frame(mill, pl.DataFrame({"id": ["s"], "best_on": [beside]}), "sack", on=ON)


@pytest.mark.parametrize(("rank", "fault"), [(-1, "is below 0"), (0, ""), (9, ""), (10, "is above 9")])
def test_the_least_and_the_most_of_a_number_are_numbers(rank: int, fault: str) -> None:
    """A number may be at its bounds, and not beyond them."""
    mill = book(rule("criterion", f'holds = "rank == {rank}"'))
    rows = pl.DataFrame({"id": ["s"], "rank": [rank]})
    if not fault:
        assert judge_frame(mill, rows, "sack", on=ON).rows() == [("s", "met")]
        return
    with pytest.raises(InputError, match=fault):
        judge_frame(mill, rows, "sack", on=ON)


def test_an_id_that_is_not_there_is_refused() -> None:
    """A row without an id is no record."""
    mill = book(rule("criterion", 'holds = "rank >= 1"'))
    with pytest.raises(InputError, match="column id: is empty in 1 row, counted from 0: 1 "):
        judge_frame(mill, pl.DataFrame({"id": ["s", None], "rank": [1, 1]}), "sack", on=ON)


def test_what_is_known_to_be_absent_is_no_fault() -> None:
    """No choice, no number and no day is refused where it is told that there is none."""
    mill = book(rule("criterion", "holds = \"grade != 'fine' and rank != 3 and next_on > on\""))
    sack = record(mill, "sack", "s", grade=NONE, rank=NONE, next_on=NONE)
    assert told(mill, [sack]) == {"s": ("met",)}


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["fine", "coarse", "s", "m"])], ids=["categorical", "enum"])
def test_texts_may_be_kept_as_categories(dtype: Any) -> None:  # noqa: ANN401  a type of Polars
    """Ids, references and choices that a library keeps as numbers of words are texts all the same."""
    mill = book(rule("criterion", "holds = \"grade == 'fine' and mill.grade == 'coarse'\""))
    rows = pl.DataFrame({"id": ["s", "m"], "grade": ["fine", "coarse"], "mill": ["m", "s"]})
    found = judge_frame(mill, rows.with_columns(pl.all().cast(dtype)), "sack", on=ON)
    assert found.rows() == [("s", "met"), ("m", "not_met")]


ENGINES: tuple[Backend, ...] = ("polars", "pyarrow", "pandas", "duckdb")


def framed(engine: Backend, columns: Mapping[str, Sequence[object]]) -> Any:  # noqa: ANN401  a frame of a library
    """Some columns as a frame of one of the libraries."""
    rows = pa.table(dict(columns))
    if engine == "duckdb":
        return duckdb.connect().from_arrow(rows)
    return {"polars": pl.DataFrame(rows), "pyarrow": rows, "pandas": rows.to_pandas()}[engine]


def listed(found: Any) -> list[tuple[object, ...]]:  # noqa: ANN401  a frame of any library
    """The rows of a frame of any library in the order of their ids."""
    if isinstance(found, duckdb.DuckDBPyRelation):
        return sorted(found.fetchall())
    table = found if isinstance(found, pa.Table) else pa.table(found)
    return sorted(tuple(row.values()) for row in table.to_pylist())


@pytest.mark.parametrize("engine", ENGINES)
def test_faults_are_told_by_the_number_of_their_row(engine: Backend) -> None:
    """Rows are counted from 0, whichever library holds them."""
    mill = book(rule("criterion", 'holds = "rank >= 1"'))
    frame = framed(engine, {"id": ["a", "b", "c"], "rank": [1, 99, 3]})
    with pytest.raises(InputError, match="column rank: is above 9 in 1 row, counted from 0: 1 "):
        judge_frame(mill, frame, "sack", on=ON, lend=False)


def test_rows_that_a_join_has_shuffled_are_put_back() -> None:
    """A frame comes back in the order in which it was given, without the numbers of its rows."""
    shuffled = pa.table({"id": ["c", "a", "b"], ROW: [2, 0, 1]})
    frame: Frame = nw.from_native(shuffled).lazy()
    assert handed_back(frame, {}, shuffled).to_pydict() == {"id": ["a", "b", "c"]}
    eager = pl.DataFrame(shuffled)
    assert handed_back(nw.from_native(eager.lazy()), {}, eager).rows() == [("a",), ("b",), ("c",)]
    assert handed_back(nw.from_native(eager.lazy()), {}, shuffled).to_pydict() == {"id": ["a", "b", "c"]}


TEXTS = (pa.string(), pa.large_string(), pa.string_view())


@pytest.mark.parametrize("ours", TEXTS, ids=str)
@pytest.mark.parametrize("theirs", TEXTS, ids=str)
def test_tables_whose_texts_are_of_several_types_are_joined(ours: pa.DataType, theirs: pa.DataType) -> None:
    """Arrow has several types of texts, and libraries hand over now this one, now that."""
    mill = book(rule("criterion", 'holds = "count(grain) >= 1"'))
    sacks = pa.table({"id": pa.array(["s"], ours)})
    grains = pa.table({"id": pa.array(["g"], theirs), "sack": pa.array(["s"], theirs), "cut_on": pa.array([ON])})
    found = judge_frame(mill, sacks, "sack", on=ON, tables={"grain": grains}, lend=False)
    assert listed(found) == [("s", "met")]


MARKED: dict[str, Sequence[object]] = {
    "lists": [["fine", "o'clock"], [], None, ["o'clock"]],
    "texts": ["fine;o'clock", "none", None, "o'clock"],
    "an empty text": ["fine;o'clock", "none", "", "o'clock"],
}


@pytest.mark.parametrize("marks", MARKED)
@pytest.mark.parametrize("engine", ENGINES)
def test_sets_are_read_alike_by_every_library(engine: Backend, marks: str) -> None:
    """A list or a text between semicolons; an empty list and "none" are the empty set, null is not recorded."""
    mill = book(
        rule("criterion", 'holds = "exists(marks)"', "any"), rule("criterion", 'holds = "grade in marks"', "in")
    )
    frame = framed(engine, {"id": list("abcd"), "marks": MARKED[marks], "grade": ["fine"] * 4})
    found = judge_frame(mill, frame, "sack", on=ON, lend=False)
    assert listed(found) == [
        ("a", "met", "met"),
        ("b", "not_met", "not_met"),
        ("c", "unknown", "unknown"),
        ("d", "met", "not_met"),
    ]


BELOW_NOTHING: dict[str, tuple[str, Sequence[dict[str, object]]]] = {
    "it may not count": (
        'measure = "sum(grain.size, ripe)"\nwindow = "at any time"\nat_most = 5',
        ({"size": 9, "ripe": True}, {"size": -6, "ripe": None}),
    ),
    "it may not count, at least": (
        'measure = "sum(grain.size, ripe)"\nwindow = "at any time"\nat_least = 5',
        ({"size": 9, "ripe": True}, {"size": -6, "ripe": None}),
    ),
    "it may begin later": (
        'measure = "sum(grain.size)"\nwindow = "at any time"\nat_most = 8',
        ({"size": 9}, {"size": -6, "cut_on": None}),
    ),
    "it may have ended": (
        'measure = "sum(grain.size)"\nwindow = "at any time"\nat_least = 5',
        ({"size": 9}, {"size": -6, "ground_on": None}),
    ),
    "it may be of another week": (
        'measure = "sum(grain.size)"\nwindow = "calendar week"\nat_most = 8',
        ({"size": 9}, {"size": -6, "cut_on": None}),
    ),
    "it may not roll": (
        'measure = "sum(grain.size, ripe)"\nwindow = "rolling 7 days"\nat_most = 8',
        ({"size": 9, "ripe": True}, {"size": -6, "ripe": None}),
    ),
}


@pytest.mark.parametrize("what", BELOW_NOTHING)
def test_what_takes_away_is_doubted_on_both_sides(what: str) -> None:
    """An amount below nothing that may not count leaves the sum open above as well as below."""
    body, facts = BELOW_NOTHING[what]
    mill = book(rule("limit", body))
    cut = {"sack": "s", "cut_on": ON - dt.timedelta(days=1), "ground_on": NONE}
    grains = [record(mill, "grain", str(n), **{**cut, **some}) for n, some in enumerate(facts)]
    assert told(mill, [record(mill, "sack", "s")], grain=grains) == {"s": ("unknown",)}


@pytest.mark.parametrize("most", ["-1", '"size"', '"size + 1"'])
@pytest.mark.parametrize("window", ["calendar week", "at any time", "rolling 7 days"])
def test_a_most_below_nothing_is_refused_where_a_sum_may_be_below_it(window: str, most: str) -> None:
    """A week in which nothing counts comes to nothing, and is no week to the record judge: told, not guessed."""
    mill = book(rule("limit", f'measure = "sum(grain.size)"\nwindow = "{window}"\nat_most = {most}'))
    grain = record(mill, "grain", "g", sack="s", cut_on=ON, ground_on=NONE, size=-3)
    with pytest.raises(Unsupported, match=f"sack.x: .* a sum over the window '{window}'"):
        told(mill, [record(mill, "sack", "s", size=-1)], grain=[grain])


@pytest.mark.parametrize("most", ["0", '"rank"'])
def test_a_most_that_is_never_below_nothing_is_judged(most: str) -> None:
    """A fact with a least of nothing, or a number, is a bound that every week without records keeps."""
    mill = book(rule("limit", f'measure = "sum(grain.size)"\nwindow = "calendar week"\nat_most = {most}'))
    grain = record(mill, "grain", "g", sack="s", cut_on=ON, ground_on=NONE, size=-3)
    assert told(mill, [record(mill, "sack", "s", rank=0)], grain=[grain]) == {"s": ("met",)}


def test_a_rule_that_asks_the_due_day_is_unknown_while_that_is_not_recorded() -> None:
    """`when` is asked on the due day: where nobody knows it, today's answer does not excuse the rule."""
    mill = book(rule("deadline", 'after = "filled_on"\nwithin = "10 days"\ndone = "lost_on"\nwhen = "best_on >= on"'))
    facts: dict[str, object] = {"best_on": ON - dt.timedelta(days=20), "lost_on": NONE}
    recorded = record(mill, "sack", "a", filled_on=ON - dt.timedelta(days=40), **facts)
    lost = record(mill, "sack", "b", **facts)
    excused = record(mill, "sack", "c", filled_on=ON - dt.timedelta(days=25), **facts)
    assert told(mill, [recorded, lost, excused]) == {"a": ("not_met",), "b": ("unknown",), "c": ("not_applicable",)}
    deciding = verdict_of(mill, "sack.x")
    assert [deciding(each, ON).value for each in (recorded, lost, excused)] == ["not_met", "unknown", "not_applicable"]


# what may count and may not, and what is told of it


QUANTIFIED: dict[str, tuple[Sequence[bool | None], tuple[str, str]]] = {
    "nothing": ((), ("not_met", "met")),
    "one that may": ((None,), ("unknown", "unknown")),
    "one that does": ((True,), ("met", "met")),
    "one that does not": ((False,), ("not_met", "not_met")),
    "one that may beside one that does": ((None, True), ("met", "unknown")),
    "one that may beside one that does not": ((None, False), ("unknown", "not_met")),
    "one of each": ((None, False, True), ("met", "not_met")),
}


@pytest.mark.parametrize("what", QUANTIFIED)
@pytest.mark.parametrize("tell", [("verdict",), ("verdict", "reason", "missing")], ids=["verdict", "whole"])
def test_any_and_all_of_some_that_are_not_recorded(what: str, tell: Sequence[str]) -> None:
    """Any is unknown without one that does, all without one that does not; only then is the fact missing."""
    ripe, verdicts = QUANTIFIED[what]
    mill = book(rule("criterion", 'holds = "any(grain, ripe)"', "any"), rule("criterion", 'holds = "all(grain, ripe)"'))
    grains = [record(mill, "grain", str(n), sack="s", cut_on=ON, ripe=each) for n, each in enumerate(ripe)]
    found = told(mill, [record(mill, "sack", "s")], grain=grains, tell=tell)["s"]
    assert (found[0], found[len(tell)]) == verdicts
    if len(tell) > 1:
        assert found[2 :: len(tell)] == tuple("grain.ripe" if each == "unknown" else "" for each in verdicts)


@pytest.mark.parametrize(
    ("size", "verdicts"),
    [
        (9, ("not_met", "met", "unknown", "unknown")),
        (1, ("not_met", "met", "unknown", "unknown")),
        (0, ("not_met", "met", "met", "not_met")),
        (-1, ("unknown", "unknown", "met", "not_met")),
        (-9, ("unknown", "unknown", "met", "not_met")),
    ],
)
def test_an_amount_that_may_not_count_is_between_itself_and_nothing(size: int, verdicts: tuple[str, ...]) -> None:
    """What adds makes the sum at least nothing, what takes away at most nothing, and no more than that."""
    orders = ("< 0", ">= 0", "<= 0", "> 0")
    mill = book(
        *(rule("criterion", f'holds = "sum(grain.size, ripe) {each}"', f"r{n}") for n, each in enumerate(orders))
    )
    grain = record(mill, "grain", "g", sack="s", cut_on=ON, size=size, ripe=None)
    assert told(mill, [record(mill, "sack", "s")], grain=[grain]) == {"s": verdicts}


SECOND = {
    8: ("met", "", "unknown", "grain.ripe"),
    9: ("met", "", "pending", ""),
    10: ("met", "", "pending", ""),
}


@pytest.mark.parametrize("day", SECOND)
def test_what_may_have_come_on_the_day_of_the_second_does_not_matter(day: int) -> None:
    """The second certain one is on the ninth: one in doubt tells before that day, and not on it or after it."""
    mill = book(
        rule("criterion", 'holds = "nth(2, grain.cut_on, ripe) <= best_on"', "known"),
        rule("criterion", 'holds = "nth(2, grain.cut_on, ripe) + days(30) <= first(grain.cut_on, size > 1)"', "ahead"),
    )
    grains = cut(
        mill, *((dt.date(2026, 6, n), {"size": 1, "ripe": ripe}) for n, ripe in ((1, True), (9, True), (day, None)))
    )
    sack = record(mill, "sack", "s", best_on=dt.date(2026, 6, 9))
    assert told(mill, [sack], grain=grains, tell=("verdict", "missing")) == {"s": SECOND[day]}


@pytest.mark.parametrize("tell", ["verdict", "missing"])
def test_names_are_told_where_what_is_missing_is_asked_for_alone(tell: str) -> None:
    """Whatever else is told."""
    mill = book(rule("criterion", 'holds = "size >= 1 and rank >= 1"'))
    expected = {"verdict": "unknown", "missing": "sack.rank;sack.size"}[tell]
    assert told(mill, [record(mill, "sack", "s")], tell=[tell]) == {"s": (expected,)}


# the order of days and ends

DUE_OF_TWO = {
    (9, NONE): ("unknown", "grain.ripe"),
    (10, NONE): ("pending", ""),
    (11, NONE): ("pending", ""),
    (11, None): ("unknown", "grain.ripe;sack.sold_on"),
    (11, 30): ("met", ""),
}


@pytest.mark.parametrize(("first", "sold"), DUE_OF_TWO)
def test_what_may_be_due_on_one_of_two_days_waits_until_the_first(first: int, sold: Any) -> None:  # noqa: ANN401
    """Until then nothing that is recorded later changes it; from the day after, what is not recorded does."""
    mill = book(rule("deadline", 'due = "first(grain.cut_on, ripe) + days(20)"\ndone = "sold_on"'))
    sack = record(mill, "sack", "s", sold_on=dt.date(2026, 6, sold) if isinstance(sold, int) else sold)
    grains = cut(mill, (dt.date(2026, 6, first), {"ripe": None}), (dt.date(2026, 6, 20), {"ripe": True}))
    assert told(mill, [sack], grain=grains) == {"s": DUE_OF_TWO[first, sold][:1]}
    assert told(mill, [sack], grain=grains, tell=("verdict", "missing")) == {"s": DUE_OF_TWO[first, sold]}


@pytest.mark.parametrize("counted", ["rolling", "grid"])
@pytest.mark.parametrize(("days", "verdict"), [(-1, "not_applicable"), (0, "not_applicable"), (1, "pending")])
def test_what_has_not_begun_is_owed_until_its_end_has_come(counted: str, days: int, verdict: str) -> None:
    """It can begin today at the earliest, and then still fall due before an end that lies ahead."""
    body = 'after = "lost_on"\nagain = "10 days"\ndone = "each(grain.cut_on)"\nuntil = "next_on"'
    mill = book(rule("deadline", f'{body}\ncounted = "{counted}"'))
    sack = record(mill, "sack", "s", lost_on=NONE, next_on=ON + dt.timedelta(days=days))
    assert told(mill, [sack], grain=[], tell=("verdict", "reason"))["s"][0] == verdict


WHO: dict[str, Sequence[tuple[str, int, int]]] = {
    "one, twice over": (("north", 1, 9), ("north", 4, 12)),
    "one, within": (("north", 1, 12), ("north", 4, 9)),
    "one, and again where it ended": (("north", 1, 4), ("north", 4, 12)),
    "one, and again later": (("north", 1, 4), ("north", 6, 12)),
    "one, three times": (("north", 1, 4), ("north", 3, 7), ("north", 9, 99)),
    "two, one of them twice": (("north", 1, 4), ("north", 6, 12), ("south", 3, 7)),
    "two, each twice": (("north", 1, 4), ("north", 3, 7), ("south", 5, 6), ("south", 6, 9)),
    "two, each twice, and apart": (("north", 1, 3), ("north", 2, 4), ("south", 4, 9), ("south", 20, 99)),
}


@pytest.mark.parametrize("most", [0, 1])
@pytest.mark.parametrize("who", WHO)
def test_who_counts_several_times_over_is_one(who: str, most: int) -> None:
    """From the first day of those that touch until the last, however they lie; it is counted day by day, too."""
    mill = book(rule("limit", f'measure = "distinct(grain.field)"\nwindow = "at any time"\nat_most = {most}'))
    grains = [
        record(
            mill,
            "grain",
            str(n),
            sack="s",
            field=field,
            cut_on=dt.date(2026, 6, start),
            ground_on=NONE if end > 30 else dt.date(2026, 6, end),
        )
        for n, (field, start, end) in enumerate(WHO[who])
    ]
    counts = [len({field for field, start, end in WHO[who] if start <= day < end}) for day in range(1, 31)]
    out = sum(count > most for count in counts)
    found = told(mill, [record(mill, "sack", "s")], grain=grains, tell=("verdict", "measured", "days"))["s"]
    assert found == ("not_met" if out else "met", max(counts), out or None)


# tables that are complete since a day


@pytest.mark.parametrize(
    ("days", "told_"), [(0, ("met", "holds", "")), (1, ("unknown", "not_recorded", "grain.since"))]
)
def test_it_is_told_that_a_table_is_not_complete_yet(days: int, told_: tuple[str, ...]) -> None:
    """What is missing is what lies before the day of the table, not the table."""
    mill = book(rule("limit", 'measure = "count(grain)"\nwindow = "at any time"\nat_most = 1'))
    since = {"grain": ON + dt.timedelta(days=days)}
    found = told(mill, [record(mill, "sack", "s")], grain=[], tell=("verdict", "reason", "missing"), complete=since)
    assert found == {"s": told_}


@pytest.mark.parametrize(("day", "verdict"), [(9, "unknown"), (10, "not_met"), (11, "not_met")])
def test_what_a_sack_has_is_known_where_it_is_dated_when_the_table_is_complete(day: int, verdict: str) -> None:
    """Of the record that is judged alone: of what is reached over another nobody knows that there is no more."""
    mill = book(
        rule("criterion", 'holds = "any(grain, ripe)"', "own"),
        rule("criterion", 'holds = "any(sack[mill], any(grain, ripe))"', "of_others"),
    )
    filled = dt.date(2026, 6, day)
    sacks = [record(mill, "sack", id_, filled_on=filled, mill=mill_) for id_, mill_ in (("a", NONE), ("b", "a"))]
    found = told(mill, sacks, grain=[], complete={"grain": dt.date(2026, 6, 10)})
    assert found == {"a": (verdict, "unknown"), "b": (verdict, "not_met")}


# numbers

PLACES = {"10": 0, "1e1": 0, "1e0": 0, "1.5": 1, "2.50": 2, '"size"': 0, '"size + 1.5"': 1}


@pytest.mark.parametrize("most", PLACES)
def test_a_measure_has_the_places_of_its_bounds(most: str) -> None:
    """A power of ten has none, so what is measured stays a whole number."""
    mill = book(rule("limit", f'measure = "size"\nat_most = {most}'))
    frame = pl.DataFrame({"id": ["s"], "size": [1]})
    found = judge_frame(mill, frame, "sack", on=ON, tell=["verdict", "measured"])
    assert found.rows() == [("s", "met", 1)]
    places = PLACES[most]
    assert found.schema["sack.x:measured"] == (pl.Decimal(38, places) if places else pl.Int64)


@pytest.mark.parametrize(("size", "verdicts"), [(1, ("not_met", "met", "not_met")), (2, ("met", "not_met", "not_met"))])
def test_a_whole_number_is_held_against_a_decimal_in_its_places(size: int, verdicts: tuple[str, ...]) -> None:
    """Neither is rounded to the other's places."""
    orders = (">= 1.5", "< 1.05", "== 1.25")
    mill = book(*(rule("criterion", f'holds = "size {each}"', f"r{n}") for n, each in enumerate(orders)))
    assert told(mill, [record(mill, "sack", "s", size=size)]) == {"s": verdicts}


OF_OTHERS: dict[str, tuple[tuple[Any, ...], str]] = {
    "of one": (("m",), "met"),
    "of two": (("m", "n"), "not_met"),
    "of none": ((NONE, NONE), "not_met"),
    "of one and of none": (("m", NONE), "met"),
    "of one and not recorded": (("m", None), "unknown"),
}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("what", OF_OTHERS)
def test_the_mills_of_the_sacks_of_one_hand(what: str, engine: Backend) -> None:
    """A reference leads on to one record, to none where it is known that there is none, or nobody knows where."""
    mills, verdict = OF_OTHERS[what]
    mill = book(rule("criterion", 'holds = "count(helpers.sack[helpers].mill) == 1"'))
    helped = {"helpers": frozenset({"h"})}
    sacks = [record(mill, "sack", str(n), mill=each, **helped) for n, each in enumerate(mills)]
    sacks += [record(mill, "sack", each, helpers=frozenset()) for each in "mn"]
    found = told(mill, sacks, engine=engine, hand=[record(mill, "hand", "h")])
    assert {row for id_, row in found.items() if id_ not in "mn"} == {(verdict,)}


# the way to related records


@pytest.mark.parametrize("some", [0, 1, 2])
def test_what_belongs_to_what_belongs(some: int) -> None:
    """Of the sacks of a mill the grain, and of each of them all."""
    mill = book(rule("criterion", 'holds = "count(sack[mill].grain) == 2"'))
    sacks = [record(mill, "sack", "m", mill=NONE), *(record(mill, "sack", each, mill="m") for each in "ab")]
    grains = [record(mill, "grain", f"{id_}{n}", sack=id_, cut_on=ON) for id_ in "am" for n in range(some)]
    verdict = "met" if some == 2 else "not_met"
    assert told(mill, sacks, grain=grains) == {"m": (verdict,), "a": ("not_met",), "b": ("not_met",)}


def test_what_is_planned_for_a_later_day_is_seen_and_what_happens_then_is_not() -> None:
    """A record dated by a plan is there when the plan is made; one dated by an event when that has happened."""
    mill = book(
        rule("criterion", 'holds = "count(load) == 3"', "plans"), rule("criterion", 'holds = "count(grain) == 2"')
    )
    days = [ON + dt.timedelta(days=n) for n in (-1, 0, 1)]
    loads_ = [record(mill, "load", str(n), sack="s", out_on=day) for n, day in enumerate(days)]
    grains = [record(mill, "grain", str(n), sack="s", cut_on=day) for n, day in enumerate(days)]
    assert told(mill, [record(mill, "sack", "s")], load=loads_, grain=grains) == {"s": ("met", "met")}


@pytest.mark.parametrize(("back", "next_", "days"), [(9, 11, None), (9, 10, None), (9, 9, 1), (9, 8, 2)])
def test_what_is_out_through_a_day_counts_on_it(back: int, next_: int, days: int | None) -> None:
    """Two overlap when the second begins on the last day of the first, and not on the day after."""
    mill = book(rule("limit", 'measure = "count(load)"\nwindow = "at any time"\nat_most = 1'))
    spans = ((1, back), (next_, 20))
    some = [
        record(mill, "load", str(n), sack="s", out_on=dt.date(2026, 6, out), back_on=dt.date(2026, 6, end))
        for n, (out, end) in enumerate(spans)
    ]
    found = told(mill, [record(mill, "sack", "s")], load=some, tell=("verdict", "days"))
    assert found == {"s": ("not_met" if days else "met", days)}


WEEK = {
    (True, False): "met",
    (True, True): "not_met",
    (True, False, None): "unknown",
    (True, False, False): "met",
    (False, None): "met",
    (True, True, None): "not_met",
}


@pytest.mark.parametrize("ripe", WEEK)
@pytest.mark.parametrize("window", ["calendar week", "calendar month", "rolling 7 days", "at any time"])
def test_what_does_not_count_is_in_no_window(window: str, ripe: tuple[bool | None, ...]) -> None:
    """One in doubt may make it too many, one that does not count never does."""
    mill = book(rule("limit", f'measure = "count(grain, ripe)"\nwindow = "{window}"\nat_most = 1'))
    grains = cut(mill, *((ON, {"ripe": each, "ground_on": NONE}) for each in ripe))
    assert told(mill, [record(mill, "sack", "s")], grain=grains) == {"s": (WEEK[ripe],)}


# what is absent, not recorded or not given

ABSENT = {
    "exists({})": ("not_met", "met", "unknown"),
    "{} == on": ("not_met", "met", "unknown"),
    "{} != on": ("met", "not_met", "unknown"),
    "{} <= on": ("not_met", "met", "unknown"),
    "{} > on": ("met", "not_met", "unknown"),
    "{} - days(1) < on": ("not_met", "met", "unknown"),
    "days_between(on, {}) > 9": ("met", "not_met", "unknown"),
    "days_between({}, on) > 9": ("not_met", "not_met", "unknown"),
}


@pytest.mark.parametrize("of", ["next_on", "mill.next_on", "program.closed_on"])
@pytest.mark.parametrize("holds", ABSENT)
def test_a_day_that_is_absent_is_after_every_day(holds: str, of: str) -> None:
    """Its own, that of a record it refers to, and that of the program; one that is not recorded is unknown."""
    mill = book(rule("criterion", f'holds = "{holds.format(of)}"'))
    for day, verdict in zip((NONE, ON, None), ABSENT[holds], strict=True):
        sacks = [record(mill, "sack", "s", mill="s", next_on=day)]
        program = [record(mill, "program", "p", time_zone="UTC", closed_on=day)]
        assert told(mill, sacks, zone="UTC", program=program) == {"s": (verdict,)}


@pytest.mark.parametrize("holds", ["exists(mill.best_on)", "mill.best_on <= on", "mill.size >= 0", "known(mill.size)"])
def test_the_facts_of_nobody_are_absent(holds: str) -> None:
    """Where there is no mill there is no day of it; where it is not recorded which, that is what is missing."""
    mill = book(rule("criterion", f'holds = "{holds}"'))
    facts: dict[str, object] = {"best_on": ON, "size": 0}
    sacks = [record(mill, "sack", id_, mill=each, **facts) for id_, each in (("a", NONE), ("b", "a"), ("c", None))]
    found = told(mill, sacks, tell=("verdict", "missing"))
    assert found["b"] == ("met", "")
    assert found["c"] == (("not_met", "") if "known" in holds else ("unknown", "sack.mill"))


def test_a_fact_is_missing_where_its_table_is_given_and_else_the_table() -> None:
    """Of a table without the column, or of the program, the fact is named; without the table, the kind."""
    rules = ("size >= 1", "program.closed_on > on", "any(grain)")
    mill = book(*(rule("criterion", f'holds = "{holds}"', f"r{n}") for n, holds in enumerate(rules)))
    frame = pl.DataFrame({"id": ["s"]})
    with pytest.warns(PartialTables, match="sack.size"):
        bare = judge_frame(mill, frame, "sack", on=ON, tell=["reason", "missing"])
    assert bare.row(0)[1:] == ("not_recorded", "sack.size", "no_table", "program", "no_table", "grain")
    program = pl.DataFrame({"id": ["p"], "time_zone": ["UTC"]})
    with pytest.warns(PartialTables, match="program.closed_on"):
        more = judge_frame(mill, frame, "sack", on=ON, tables={"program": program}, tell=["reason", "missing"])
    assert more.row(0)[3:5] == ("not_recorded", "program.closed_on")


# what is done early, late, or by one of several

OF_THREE = {
    (9, 20, NONE): "met",
    (20, 9, NONE): "met",
    (9, NONE, 20): "met",
    (9, NONE, NONE): "not_met",
    (10, NONE, NONE): "met",
    (NONE, 9, 21): "not_met",
    (NONE, 21, 10): "met",
}


@pytest.mark.parametrize("done", OF_THREE)
@pytest.mark.parametrize("of", [2, 3])
def test_the_first_of_several_that_is_not_too_early_does_it(done: tuple[Any, ...], of: int) -> None:
    """Each of the events counts from the day on alone, and the earliest that counts is in time until the due day."""
    names = ("sold_on", "lost_on", "filled_on")
    form = f'due = "best_on"\ndone = {list(names[:of])}\nnot_before = "next_on"'.replace("'", '"')
    mill = book(rule("deadline", form))
    days = {name: dt.date(2026, 6, day) if isinstance(day, int) else day for name, day in zip(names, done, strict=True)}
    if days["filled_on"] is NONE:
        days["filled_on"] = dt.date(2026, 6, 1)
    sack = record(mill, "sack", "s", best_on=dt.date(2026, 6, 20), next_on=dt.date(2026, 6, 10), **days)
    found = told(mill, [sack], tell=("verdict", "reason", "done_on"))["s"]
    if of == 3:
        assert found[0] == OF_THREE[done]


@pytest.mark.parametrize(("sold", "reason"), [(19, "in_time"), (20, "in_time"), (21, "late"), (25, "never_done")])
def test_what_is_done_late_behind_the_end_was_not_done(sold: int, reason: str) -> None:
    """Also where it counts from a day on: late is what is done before the end alone."""
    form = 'due = "best_on"\ndone = "sold_on"\nuntil = "due_on"'
    opened = f'{form}\nnot_before = "next_on"'
    mill = book(rule("deadline", form, "plain"), rule("deadline", opened, "opened"))
    days = {"best_on": 20, "next_on": 10, "due_on": 25, "sold_on": sold}
    sack = record(mill, "sack", "s", **{name: dt.date(2026, 6, day) for name, day in days.items()})
    found = told(mill, [sack], tell=("verdict", "reason", "done_on", "days_late"))["s"]
    assert found[1] == found[5] == reason


@pytest.mark.parametrize(
    ("due", "told_"),
    [
        (8, ("not_met", "")),
        (9, ("unknown", "grain.ripe")),
        (19, ("unknown", "grain.ripe")),
        (20, ("not_applicable", "")),
    ],
)
def test_what_may_end_on_one_of_two_days_is_owed_until_the_first(due: int, told_: tuple[str, str]) -> None:
    """An end in doubt is asked for where it tells alone."""
    form = 'due = "best_on"\ndone = "lost_on"\nuntil = "first(grain.cut_on, ripe)"'
    mill = book(rule("deadline", form))
    sack = record(mill, "sack", "s", best_on=dt.date(2026, 6, due), lost_on=NONE)
    grains = cut(mill, (dt.date(2026, 6, 9), {"ripe": None}), (dt.date(2026, 6, 20), {"ripe": True}))
    assert told(mill, [sack], grain=grains, tell=("verdict", "missing")) == {"s": told_}


# every arrangement of two

EVENTS_OF_TWO = (
    "first(grain.sifted_on, ripe) <= best_on",
    "first(grain.sifted_on, ripe) > best_on",
    "exists(first(grain.sifted_on, ripe))",
    "exists(last(grain.sifted_on, ripe))",
    "last(grain.sifted_on, ripe) <= best_on",
    "last(grain.sifted_on, ripe) > best_on",
    "exists(nth(2, grain.sifted_on, ripe))",
    "nth(2, grain.sifted_on, ripe) <= best_on",
    "nth(2, grain.sifted_on, ripe) > best_on",
)
COUNTS_OF_TWO = (
    "any(grain, ripe and sifted_on <= this.best_on)",
    "all(grain, ripe and sifted_on <= this.best_on)",
    "count(grain, ripe) >= 1",
    "count(grain, sifted_on > this.best_on) <= 1",
    "last(grain.size, ripe) >= 1",
    "first(grain.field, ripe) == 'north'",
)
NINTH = dt.date(2026, 6, 9)
SIFTED = (None, NONE, NINTH - dt.timedelta(days=1), NINTH, ON, ON + dt.timedelta(days=1))


def of_two(mill: Rulebook, filled_on: dt.date = NINTH) -> tuple[list[Record], list[Record]]:
    """Sacks with none, with one and with two of all grain that differs in when it is sifted, and whether it is ripe."""
    each = list(itertools.product(SIFTED, (True, None, False)))
    some = [(), *((one,) for one in each), *itertools.combinations_with_replacement(each, 2)]
    days = {"filled_on": filled_on, "best_on": NINTH, "next_on": dt.date(2026, 6, 20)}
    sacks = [record(mill, "sack", str(n), **days) for n in range(len(some))]
    grains = [
        record(mill, "grain", f"{n}{k}", sack=str(n), cut_on=NINTH, sifted_on=on, ripe=ripe, size=k, field="north")
        for n, two in enumerate(some)
        for k, (on, ripe) in enumerate(two)
    ]
    return sacks, grains


@pytest.mark.parametrize("tell", [("verdict",), ("verdict", "reason", "missing")], ids=["verdict", "whole"])
@pytest.mark.parametrize("since", [None, NINTH, ON], ids=["always", "since it was filled", "since later"])
@pytest.mark.parametrize("of", [EVENTS_OF_TWO, COUNTS_OF_TWO], ids=["events", "counts"])
def test_what_is_told_of_two_is_what_the_record_judge_finds(
    of: Sequence[str], since: dt.date | None, tell: Sequence[str]
) -> None:
    """Sifted before a day, on it, behind it, tomorrow, never, or nobody knows; ripe, not ripe, or nobody knows."""
    mill = book(*(rule("criterion", f'holds = "{holds}"', f"r{n}") for n, holds in enumerate(of)))
    sacks, grains = of_two(mill)
    found = told(mill, sacks, grain=grains, tell=tell, complete={"grain": since} if since else None)
    verdicts = {row[0] for row in found.values()}
    assert verdicts >= ({"unknown"} if since == ON else {"met", "unknown"})


@pytest.mark.parametrize("ends", ["", "next_on", "last(grain.sifted_on, not ripe)"])
@pytest.mark.parametrize("times", [0, 2])
@pytest.mark.parametrize("counted", ["rolling", "grid"])
def test_what_is_owed_again_of_two_is_what_the_record_judge_finds(counted: str, times: int, ends: str) -> None:
    """Done early, on the due day and late, before the end and behind it, and once too often."""
    fields = f'after = "filled_on"\ncounted = "{counted}"\ndone = "each(grain.sifted_on, ripe)"\n'
    fields += (f"times = {times}\n" if times else "") + (f'until = "{ends}"\n' if ends else "")
    lengths = ("8 days", "1 month")
    mill = book(*(rule("deadline", f'{fields}again = "{each}"', f"r{n}") for n, each in enumerate(lengths)))
    sacks, grains = of_two(mill, NINTH - dt.timedelta(days=8))
    details = ("verdict", "reason", "due", "done_on", "days_late", "missing")
    found = told(mill, sacks, grain=grains, tell=details)
    assert {"unknown"} < {row[0] for row in found.values()}


LIMITS_OF_TWO = {
    "count(grain, ripe)": ("at_most = 0", "at_most = 1", "at_least = 1"),
    "sum(grain.size, ripe)": ("at_most = 0", "at_most = 1", "at_least = 1\nat_most = 2"),
    "distinct(grain.field, ripe)": ("at_most = 0", "at_most = 1", "at_least = 1\nat_most = 1"),
}


@pytest.mark.parametrize("measure", LIMITS_OF_TWO)
@pytest.mark.parametrize("since", [None, NINTH], ids=["always", "since a day"])
def test_what_counts_of_two_is_what_the_record_judge_finds(measure: str, since: dt.date | None) -> None:
    """From and until days that are recorded or not, or that lie ahead, each in doubt or not."""
    bounds = LIMITS_OF_TWO[measure]
    limits = [f'window = "at any time"\nmeasure = "{measure}"\n{each}' for each in bounds]
    mill = book(*(rule("limit", each, f"r{n}") for n, each in enumerate(limits)))
    days = (NINTH, ON, ON + dt.timedelta(days=1), None)
    each = [
        {"cut_on": start, "ground_on": end, "ripe": ripe, "size": 1, "field": field}
        for start, end in [
            *itertools.combinations(days[:3], 2),
            *((day, NONE) for day in days),
            (NINTH, None),
            (None, ON),
        ]
        for ripe, field in ((True, "north"), (None, "north"), (True, "south"), (True, None))
    ]
    some = [(), *((one,) for one in each), *itertools.combinations(each, 2)]
    sacks = [record(mill, "sack", str(n), filled_on=NINTH) for n in range(len(some))]
    grains = [
        record(mill, "grain", f"{n} {k}", sack=str(n), **facts)
        for n, two in enumerate(some)
        for k, facts in enumerate(two)
    ]
    found = told(mill, sacks, grain=grains, complete={"grain": since} if since else None)
    assert {row[0] for row in found.values()} == {"met", "not_met", "unknown"}


def test_the_first_and_the_last_go_by_the_day_and_then_by_the_id() -> None:
    """Whatever the order of the ids, and of the rows."""
    mill = book(
        rule("criterion", "holds = \"first(grain.field) == 'south'\"", "first"),
        rule("criterion", "holds = \"last(grain.field) == 'north'\"", "last"),
    )
    days = {"a": (9, 1), "b": (1, 9), "c": (9, 9)}
    fields = ("north", "south")
    grains = [
        record(mill, "grain", f"{id_}{n}", sack=id_, cut_on=dt.date(2026, 6, day), field=field)
        for id_, two in days.items()
        for n, (day, field) in enumerate(zip(two, fields, strict=True))
    ]
    found = told(mill, [record(mill, "sack", id_) for id_ in days], grain=grains)
    assert found == {"a": ("met", "met"), "b": ("not_met", "not_met"), "c": ("not_met", "not_met")}


@pytest.mark.parametrize("within", ["", 'within = "14 days"\n'])
@pytest.mark.parametrize("times", ["", "times = 1\n", "times = 2\n"])
@pytest.mark.parametrize("counted", ["rolling", "grid"])
def test_what_is_done_on_each_day_about_the_due_days_and_the_end(counted: str, times: str, within: str) -> None:
    """With a first length of its own or without, done once or twice, in time or late, before the end or behind it."""
    form = (
        f'after = "filled_on"\nagain = "10 days"\n{within}{times}counted = "{counted}"\ndone = "each(grain.cut_on)"\n'
    )
    mill = book(rule("deadline", form, "open"), rule("deadline", f'{form}until = "next_on"', "ends"))
    days = [dt.date(2026, 6, day) for day in (1, 2, 10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 25, 30)]
    some = [(), *((day,) for day in days), *itertools.combinations(days, 2)]
    ends = {"next_on": dt.date(2026, 6, 13), "filled_on": dt.date(2026, 6, 1)}
    sacks = [record(mill, "sack", str(n), **ends) for n in range(len(some))]
    grains = [record(mill, "grain", f"{n} {day}", sack=str(n), cut_on=day) for n, two in enumerate(some) for day in two]
    found = told(mill, sacks, grain=grains, tell=("verdict", "reason", "due", "done_on", "days_late"))
    assert len({row[1] for row in found.values()} | {row[6] for row in found.values()}) > 1


def test_what_is_asked_of_both_records_reads_the_values_of_either() -> None:
    """A value of the related record that is not certain is held against one of the record that is judged."""
    mill = book(rule("criterion", 'holds = "any(sack[mill], first(grain.cut_on, ripe) <= this.best_on)"'))
    days = (8, 9, 19, 20)
    sacks = [record(mill, "sack", str(day), best_on=dt.date(2026, 6, day), mill=NONE) for day in days]
    sacks += [record(mill, "sack", f"of {day}", best_on=ON, mill=str(day)) for day in days]
    grains = [
        record(mill, "grain", f"{of} {day}", sack=f"of {of}", cut_on=dt.date(2026, 6, day), ripe=ripe)
        for of in days
        for day, ripe in ((9, None), (20, True))
    ]
    found = told(mill, sacks, grain=grains)
    assert [found[str(day)] for day in days] == [("not_met",), ("unknown",), ("unknown",), ("met",)]


def test_records_of_a_table_without_their_day_are_seen() -> None:
    """It is not known that they are dated later, so they count."""
    mill = book(rule("criterion", 'holds = "count(grain) == 2"'))
    grains = pl.DataFrame({"id": ["g", "h"], "sack": ["s", "s"]})
    found = judge_frame(mill, pl.DataFrame({"id": ["s"]}), "sack", on=ON, tables={"grain": grains})
    assert found.rows() == [("s", "met")]


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        (((20, 99),), None),
        (((18, 99), (20, 22)), 2),
        (((10, 15), (20, 99)), 5),
        (((10, 15), (12, 14), (16, 99)), 3),
        (((10, 25), (24, 29)), 3),
    ],
)
def test_the_days_of_too_many_and_of_too_few_are_counted_together(
    spans: Sequence[tuple[int, int]], days: int | None
) -> None:
    """From the first record on, with a bound on either side."""
    mill = book(rule("limit", 'measure = "count(grain)"\nwindow = "at any time"\nat_least = 1\nat_most = 1'))
    grains = cut(
        mill,
        *(
            (dt.date(2026, 6, start), {"ground_on": NONE if end > 30 else dt.date(2026, 6, end)})
            for start, end in spans
        ),
    )
    found = told(mill, [record(mill, "sack", "s")], grain=grains, tell=("verdict", "days"))
    assert found == {"s": ("not_met" if days else "met", days)}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_whole_number_of_a_decimal_is_one_on_either_side(sign: int, engine: Backend) -> None:
    """It leaves room for the places; one more, above or below nothing, is refused and never wrapped."""
    mill = book(rule("criterion", f'holds = "weight {">" if sign > 0 else "<"} 0"'))
    most = (2**62 - 1) // 100
    frame = framed(engine, {"id": ["s"], "weight": [sign * most]})
    assert listed(judge_frame(mill, frame, "sack", on=ON, lend=False)) == [("s", "met")]
    for beyond in (most + 1, 2**63 - 1):
        frame = framed(engine, {"id": ["s"], "weight": [sign * beyond]})
        with pytest.raises(InputError, match="column weight: is beyond 46,116,860,184,273,879, the most"):
            judge_frame(mill, frame, "sack", on=ON, lend=False)
