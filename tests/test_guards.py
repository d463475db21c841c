"""Corners that a usual run of the drawn cases does not always reach, each with a few rows or a rule of its own.

What the column reader says is held against the record judge.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import polars as pl
import pytest

import peersupport as ps
from peersupport import Rulebook, frames_of, testing
from peersupport.readers import strictness
from peersupport.rules.facts import Record
from peersupport.rules.tables import Table, Tables
from peersupport.testing import checks, laws

ON: Final = dt.date(2026, 6, 30)
DAY: Final = dt.date(2026, 5, 1)
HEAD: Final = """
rulebook = "ferry"
title    = "The Ferry (invented)"
version  = "1"
[sources.F]
title = "Made up"
[kinds.boat]
dated_by  = "left_at"
left_at   = { type = "instant", says = "when it leaves", event = "it leaves" }
flags     = "set: red green"
lights    = "set: red green"
bells     = "set: open"
[kinds.trip]
dated_by  = "made_at"
boat      = "-> boat"
made_on   = { type = "date", says = "the day it is made", event = "it is made" }
port      = "-> port or none"
made_at   = { type = "instant or none", says = "when it is made", event = "it is made" }
flags     = "set: red green"
full      = "bool"
[kinds.port]
opened_at = { type = "instant or none", says = "when it opens", event = "it opens" }
"""
DEFINED: Final = """
[[definition]]
id     = "boat.{}"
about  = "boat"
says   = "A day that is named."
source = "F: 0"
is     = "{}"
{}
"""
ENDED: Final = """
[[definition]]
id     = "trip.over"
about  = "trip"
says   = "The day on which it was over."
source = "F: 0"
is     = "{}"
"""
RULE: Final = """
[[criterion]]
id     = "boat.x"
about  = "boat"
says   = "An invented rule."
source = "F: 1"
holds  = '{}'
"""


def ferry(holds: str) -> Rulebook:
    """A rulebook of one rule."""
    return ps.loads(HEAD + RULE.format(holds))


def both(book: Rulebook, tables: Tables, without: str = "", **options: Any) -> tuple[list[str], list[str]]:  # noqa: ANN401
    """The verdicts of the column reader and of the judge, for each boat; `without` is a column that is left out."""
    frames = frames_of(tables, book.vocabulary)
    boats = frames.pop("boat")
    if without:
        boats = boats.drop(without)
    told = ps.judge_frame(book, boats, "boat", on=ON, tables=frames, office=tables.office, **options)
    judge = [ps.judge(book, "boat.x", each, on=ON, tables=tables).verdict.value for each in tables.all_of("boat")]
    return told["boat.x"].to_list(), judge


def record(book: Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of a kind of the ferry."""
    made: Record = book.vocabulary[kind].record(id=id_, **facts)
    return made


def tables(since: dt.date | None = None, **of: list[Record]) -> Tables:
    """Tables of some records, all of them complete from a day on; a kind that is not named is not given."""
    office = ps.Office("UTC")
    return Tables({kind: Table({each.id: each for each in some}, since) for kind, some in of.items()}, office)


AT: Final = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def test_sets_without_a_column_are_unknown() -> None:
    """Whether one is there, and what two share, where one of them has no column."""
    for holds in ("exists(flags)", "exists(flags & lights)", "exists(flags & bells)", "flags <= lights"):
        book = ferry(holds)
        boats = [record(book, "boat", "b", lights=frozenset({"red"}))]
        with pytest.warns(ps.PartialTables):
            told, judged = both(book, tables(boat=boats), without="flags")
        assert told == judged == ["unknown"], holds


def test_the_set_of_the_last_record_is_unknown_without_its_table() -> None:
    """Nobody knows which one would be the last."""
    book = ferry('last(trip.flags) <= {"red"}')
    told, judged = both(book, tables(boat=[record(book, "boat", "b")]))
    assert told == judged == ["unknown"]


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_an_instant_on_the_last_moment_of_the_day_has_happened(hours: int) -> None:
    """What happens after the day of the judgement has not been seen, by the program's clock."""
    book = ferry("exists(first(trip.made_at, full))")
    midnight = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    trips = [record(book, "trip", "t", boat="b", full=True, made_at=midnight + dt.timedelta(hours=hours))]
    told, judged = both(book, tables(boat=[record(book, "boat", "b")], trip=trips))
    assert told == judged == ["met" if hours < 0 else "pending"]


@pytest.mark.parametrize("left", [AT, None])
@pytest.mark.parametrize("since", [dt.date(2026, 4, 1), dt.date(2026, 5, 1), dt.date(2026, 5, 2)])
def test_a_record_dated_by_an_instant_looks_back_as_far_as_the_tables_are_complete(
    since: dt.date, left: dt.datetime | None
) -> None:
    """A boat that left before they are complete may have made a trip that nobody wrote down."""
    book = ferry("any(trip, full)")
    boats = [record(book, "boat", "b", left_at=left)]
    given = tables(since, boat=boats, trip=[])
    told, judged = both(book, given, complete_since={"trip": since, "boat": since})
    assert told == judged


def test_nothing_is_said_of_a_frame_without_rows() -> None:
    """A frame without a row has a column for each rule."""
    book = ferry("exists(flags)")
    assert ps.judge_frame(book, pl.DataFrame({"id": []}), "boat", on=ON).columns == ["id", "boat.x"]


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("value", ["port.opened_at", "made_at"])
def test_the_first_of_what_a_definition_names(days: int, value: str) -> None:
    """A value that a definition names happens as the fact happens that it is."""
    book = ps.loads(HEAD + ENDED.format(value) + RULE.format("first(trip.over) <= left_at"))
    at = AT + dt.timedelta(days)
    boat, port = record(book, "boat", "b", left_at=AT), record(book, "port", "p", opened_at=at)
    trip = record(book, "trip", "t", boat="b", port="p", made_at=at)
    told, judged = both(book, tables(boat=[boat], trip=[trip], port=[port]))
    assert told == judged


@pytest.mark.parametrize(("holds", "verdict"), [("count(trip.port) == 2", "met"), ("distinct(trip.port) == 1", "met")])
def test_who_is_reached_twice_counts_twice(holds: str, verdict: str) -> None:
    """A port of two trips is two ports of trips, and one port."""
    book = ferry(holds)
    trips = [record(book, "trip", id_, boat="b", port="p") for id_ in "tu"]
    given = tables(boat=[record(book, "boat", "b")], trip=trips, port=[record(book, "port", "p")])
    told, judged = both(book, given)
    assert told == judged == [verdict]


# the kit

MOORED: Final = """
rulebook = "quay"
title    = "The Quay (invented)"
version  = "1"
[sources.Q]
title = "Made up"
[kinds.quay]
name     = "text or none"
[kinds.stay]
dated_by = "came_on"
span     = { from = "came_on", until = "left_on" }
quay     = "-> quay"
came_on  = { type = "date", says = "the day of coming", event = "it comes" }
left_on  = { type = "date or none", says = "the day of leaving", event = "it leaves" }

[[limit]]
id      = "quay.full"
about   = "quay"
says    = "At most one boat lies at a quay."
source  = "Q: 1"
measure = "count(stay)"
window  = "at any time"
at_most = 1
examples = [
  { on = 2026-06-30, verdict = "met", given.stay = [
    { came_on = 2026-06-01, left_on = 2026-06-02 },
    { came_on = 2026-06-05, left_on = 2026-06-07 },
  ] },
  { on = 2026-06-30, verdict = "not_met", given.stay = [
    { came_on = 2026-06-01, left_on = 2026-06-05 },
    { came_on = 2026-06-02, left_on = 2026-06-07 },
  ] },
  { on = 2026-06-30, verdict = "unknown", given.stay = [ { left_on = 2026-06-05 },
    { came_on = 2026-06-02, left_on = 2026-06-07 },
  ] },
]

[[deadline]]
id      = "stay.left"
about   = "stay"
says    = "It leaves within two days."
source  = "Q: 2"
after   = "came_on"
within  = "2 days"
done    = "left_on"
examples = [
  { on = 2199-12-31, verdict = "not_met", given = { came_on = 2199-12-20, left_on = 2199-12-30 } },
  { on = 2199-12-31, verdict = "met", given = { came_on = 2199-12-28, left_on = 2199-12-30 } },
]
"""
"""A limit over stays of one day and longer ones, and a deadline on the last days of the calendar."""

MET_EACH: Final = """
[[limit]]
id      = "quay.busy"
about   = "quay"
says    = "At most one boat comes in half a day."
source  = "Q: 3"
measure = "count(stay)"
window  = "each 12 hours from open_at"
at_most = 1
"""


def faults(book: Rulebook, name: str) -> list[str]:
    """What one check of the kit finds."""
    (chosen,) = [each for each in checks.CHECKS if each.name == name]
    return [str(fault) for fault in chosen.run(book)]


def test_the_laws_hold_of_stays_of_a_day_and_on_the_last_days_of_the_calendar() -> None:
    """What cannot be cut in two, and what would leave the calendar, is passed over."""
    book = ps.loads(MOORED)
    found = {law.name: laws.held(book, rule, law) for rule in book for law in laws.laws_of(book, rule)}
    assert {name: held.faults for name, held in found.items() if held.faults} == {}


def test_an_overlay_is_asked_for_no_overlay_of_its_own() -> None:
    """Three layers are refused, so the check that lays one over it passes it by."""
    text = 'rulebook = "jetty"\ntitle = "Another"\nversion = "1"\nextends = "quay"'
    base = ps.loads(MOORED)
    assert faults(ps.loads(text, find=lambda _: base), "an overlay of nothing") == []


def test_an_example_that_fails_fails_under_an_overlay_too() -> None:
    """That is told once, by the check of the examples."""
    book = ps.loads(MOORED.replace('verdict = "met", given = {', 'verdict = "not_met", given = {'))
    assert faults(book, "an overlay of nothing") == []
    assert len(faults(book, "examples come out as stated")) == 1


def test_of_a_rule_that_cannot_be_judged_yet_no_case_is_shown() -> None:
    """It is told by structure, where that tells."""
    head, _, _ = MOORED.partition("[[limit]]")
    limit = head.replace("name ", 'open_at = "instant"\nname ') + MET_EACH
    one, other = ps.loads(limit), ps.loads(limit.replace("at_most = 1", "at_most = 2"))
    found = strictness.direction(one, one["quay.busy"], other, other["quay.busy"], "quay")
    assert (found.tightened, found.loosened) == (None, None)


def test_an_example_may_choose_a_reading_of_what_its_rule_asks_for() -> None:
    """Of a definition, or of one behind that; any other reading is no reading of the rule."""
    readings = 'readings."a day before" = { is = "date(2026, 6, 29)" }'
    chain = DEFINED.format("trip_day", "date(2026, 6, 30)", readings) + DEFINED.format("last_day", "trip_day", "")
    rule = RULE.format("last_day >= date(2026, 6, 30)")

    def book(verdict: str, reading: str) -> Rulebook:
        chosen = f', reading = "{reading}"' if reading else ""
        example = f'{{ given = {{}}, on = 2026-06-30, verdict = "{verdict}"{chosen} }}'
        return ps.loads(f"{HEAD}{chain}{rule}examples = [{example}]")

    assert testing.failing_examples(book("not_met", "a day before")) == ()
    assert testing.failing_examples(book("met", "")) == ()
    with pytest.raises(ps.InputError, match=r"no reading 'a day later' \(did you mean 'a day before'\?\)"):
        book("met", "a day later")
