"""Behaviours of the column reader and its neighbours that small changes of the code went through unnoticed.

Each has a few rows of its own. What the column reader says is held against the record judge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pytest

import peersupport as ps
from peersupport import InputError, Rulebook, frames_of
from peersupport.readers import english
from peersupport.readers.editions import Editions
from peersupport.rules import versions
from peersupport.rules.facts import NONE, Record
from peersupport.rules.tables import Table, Tables

ON: Final = dt.date(2026, 6, 30)
DAY: Final = dt.date(2026, 5, 4)
LATER: Final = dt.date(2026, 8, 1)
HEAD: Final = """
rulebook = "dock"
title    = "The Dock (invented)"
version  = "1"
[sources.D]
title = "Made up"
[kinds.crate]
dated_by  = "landed_on"
landed_on = { type = "date", says = "the day it lands", event = "it lands" }
sold_on   = { type = "date or none", says = "the day it is sold", event = "it is sold" }
next_on   = { type = "date or none", planned = true }
bags      = "int"
weight    = { type = "decimal", places = 2 }
seen_at   = "instant"
berth     = "-> berth or none"
[kinds.berth]
dug_on    = { type = "date", says = "the day it is dug", event = "it is dug" }
best_on   = { type = "date", planned = true }
due_on    = { type = "date", planned = true }
[kinds.visit]
dated_by  = "made_on"
crate     = "-> crate"
made_on   = { type = "date", says = "the day it is made", event = "it is made" }
price     = { type = "decimal", places = 2 }
mood      = "choice: calm rough"
[kinds.sweep]
dated_by  = "made_on"
berth     = "-> berth"
made_on   = { type = "date", says = "the day it is made", event = "it is made" }
"""


def rule(form: str, body: str, name: str = "x", about: str = "crate") -> str:
    """A rule, about a crate where nothing else is said."""
    return f'[[{form}]]\nid = "{about}.{name}"\nabout = "{about}"\nsays = "A rule."\nsource = "D: 1"\n{body}\n'


def book(*rules: str) -> Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + "".join(rules))


def record(rulebook: Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of the rulebook."""
    made: Record = rulebook.vocabulary[kind].record(id=id_, **facts)
    return made


def told(
    rulebook: Rulebook,
    crates: Iterable[Record],
    complete: Mapping[str, dt.date] | None = None,
    **others: Iterable[Record],
) -> list[str]:
    """The verdict of the rule `crate.x` for each crate, which is what the record judge finds."""
    since = dict(complete or {})
    records = {"crate": [*crates], **others}
    tables = Tables({kind: Table({each.id: each for each in some}, since.get(kind)) for kind, some in records.items()})
    frames: dict[str, Any] = frames_of(tables, rulebook.vocabulary)
    first = frames.pop("crate")
    found = ps.judge_frame(rulebook, first, "crate", on=ON, tables=frames, complete_since=since)
    verdicts: list[str] = found["crate.x"].to_list()
    judged = [ps.judge(rulebook, "crate.x", each, on=ON, tables=tables).verdict.value for each in records["crate"]]
    assert verdicts == judged
    return verdicts


# values


def test_a_day_that_is_known_to_be_absent_stays_absent_when_it_is_moved() -> None:
    """Days after a day that there is not are days that there are not: nothing falls due then."""
    dock = book(rule("deadline", 'after = "next_on"\nwithin = "3 days"\ndone = "sold_on"'))
    facts: tuple[dict[str, Any], ...] = (
        {"next_on": NONE, "sold_on": NONE},
        {"next_on": DAY, "sold_on": NONE},
        {"next_on": LATER, "sold_on": NONE},
    )
    crates = [record(dock, "crate", str(i), landed_on=DAY, **each) for i, each in enumerate(facts)]
    assert told(dock, crates) == ["not_applicable", "not_met", "pending"]
    dock = book(rule("criterion", 'holds = "not exists(next_on + days(3))"'))
    crates = [record(dock, "crate", str(i), landed_on=DAY, **each) for i, each in enumerate(facts)]
    assert told(dock, crates) == ["met", "not_met", "not_met"]


def test_a_whole_number_is_compared_with_a_decimal_by_its_value() -> None:
    """Two crates weigh more than 1.99 and less than 2.01, however many places are kept."""
    for places, weight, verdict in ((2, "1.99", "met"), (2, "2.01", "not_met"), (3, "1.999", "met")):
        text = HEAD.replace("places = 2", f"places = {places}") + rule("criterion", 'holds = "bags > weight"')
        dock = ps.loads(text)
        crate = record(dock, "crate", "c", landed_on=DAY, bags=2, weight=Decimal(weight))
        assert told(dock, [crate]) == [verdict], weight


def test_a_day_of_nobody_does_not_come_before_a_day_that_there_is_not() -> None:
    """What is asked of a record that is known not to be there is absent, and no absent day comes before another."""
    dock = book(rule("criterion", 'holds = "berth.best_on < next_on"'))
    berths = [record(dock, "berth", "b", best_on=DAY)]
    crates = [
        record(dock, "crate", "nobody", landed_on=DAY, berth=NONE, next_on=NONE),
        record(dock, "crate", "somebody", landed_on=DAY, berth="b", next_on=NONE),
    ]
    assert told(dock, crates, berth=berths) == ["not_met", "met"]


def test_an_answer_about_another_record_waits_for_it() -> None:
    """Whether something happens in time over there is open while it may still happen, and not unknown."""
    dock = book(
        rule("definition", 'is = "first(sweep.made_on) <= due_on"', "timely", "berth"),
        rule("criterion", 'holds = "berth.timely"'),
    )
    berths = [record(dock, "berth", id_, due_on=due) for id_, due in (("open", LATER), ("done", LATER), ("late", DAY))]
    sweeps = [record(dock, "sweep", id_, berth=id_, made_on=DAY + dt.timedelta(days=2)) for id_ in ("done", "late")]
    berths.append(record(dock, "berth", "unrecorded"))
    sweeps.append(record(dock, "sweep", "unrecorded", berth="unrecorded", made_on=DAY))
    crates = [record(dock, "crate", each.id, landed_on=DAY, berth=each.id) for each in berths]
    crates.append(record(dock, "crate", "nobody", landed_on=DAY, berth=NONE))
    verdicts = told(dock, crates, berth=berths, sweep=sweeps)
    assert verdicts == ["pending", "met", "not_met", "unknown", "not_met"]


def test_who_belongs_nowhere_is_not_found_with_others_who_belong_nowhere() -> None:
    """Crates that are known to have no berth do not lie in one berth together."""
    dock = book(rule("criterion", 'holds = "any(berth.crate[berth], bags > 1)"'))
    crates = [
        record(dock, "crate", "a", landed_on=DAY, bags=2, berth=NONE),
        record(dock, "crate", "b", landed_on=DAY, bags=2, berth=NONE),
        record(dock, "crate", "c", landed_on=DAY, bags=2, berth="b"),
        record(dock, "crate", "d", landed_on=DAY, bags=2),
    ]
    found = told(dock, crates, berth=[record(dock, "berth", "b")])
    assert found == ["not_met", "not_met", "met", "unknown"]


def test_what_is_read_of_the_last_of_a_table_that_is_not_there_is_unknown() -> None:
    """A day, a number and a choice of the last visit: nobody told of any visit."""
    for body in ("last(visit.made_on) > landed_on", "last(visit.price) > 1", 'last(visit.mood) == "calm"'):
        dock = book(rule("criterion", f"holds = '{body}'"))
        assert told(dock, [record(dock, "crate", "c", landed_on=DAY)]) == ["unknown"], body


def test_the_first_visit_may_lie_before_the_day_from_which_visits_are_told() -> None:
    """Of a crate that landed before then, the first visit that is told need not be the first."""
    dock = book(rule("criterion", 'holds = "first(visit.made_on) >= date(2026, 5, 4)"'))
    crates = [
        record(dock, "crate", "before", landed_on=DAY - dt.timedelta(days=30)),
        record(dock, "crate", "after", landed_on=DAY),
    ]
    visits = [record(dock, "visit", each.id, crate=each.id, made_on=DAY + dt.timedelta(days=9)) for each in crates]
    since = {"visit": DAY - dt.timedelta(days=9)}
    assert told(dock, crates, complete=since, visit=visits) == ["unknown", "met"]


def test_the_least_and_the_greatest_of_numbers_are_told_by_their_values() -> None:
    """Also where one of them is kept with two places and the other with none."""
    for holds, verdict in (
        ("min(bags, weight) < 2", "met"),
        ("min(bags, weight) > 1.4", "met"),
        ("max(bags, weight) == 2", "met"),
        ("max(weight, weight * 2) == 3", "met"),
        ("min(weight, weight * 2) == 1.5", "met"),
        ("max(bags, weight) > 2", "not_met"),
        ("max(weight - 1.21, 0) == 0.29", "met"),
        ("min(weight, 1.625) == 1.5", "met"),
    ):
        dock = book(rule("criterion", f'holds = "{holds}"'))
        crate = record(dock, "crate", "c", landed_on=DAY, bags=2, weight=Decimal("1.5"))
        assert told(dock, [crate]) == [verdict], holds


DOUBLE: Final = rule("definition", 'is = "weight * 2"', "double") + rule("definition", 'is = "1.5"', "half")


@pytest.mark.parametrize(
    ("holds", "verdict"),
    [
        ("double == 3", "met"),
        ("double < bags", "not_met"),
        ("double + 0.125 == 3.125", "met"),
        ("half == 1.5", "met"),
        ("half < weight", "not_met"),
        ("weight * 1.50 == 2.25 and weight * 1.5 == 2.25", "met"),
        ("last(visit.price) == 2.5", "met"),
        ("first(visit.price) + bags == 4.5", "met"),
        ("last(visit.crate.double) == 3", "met"),
    ],
)
def test_a_decimal_keeps_its_value_wherever_it_is_read(holds: str, verdict: str) -> None:
    """Through a definition, and of the first or last related record."""
    dock = book(DOUBLE, rule("criterion", f'holds = "{holds}"'))
    crate = record(dock, "crate", "c", landed_on=DAY, bags=2, weight=Decimal("1.5"))
    visit = record(dock, "visit", "v", crate="c", made_on=DAY, price=Decimal("2.5"))
    assert told(dock, [crate], visit=[visit]) == [verdict]


def test_a_decimal_keeps_its_value_under_the_reading_that_names_it() -> None:
    """A definition may be a whole number as it is written, and a decimal as it is read."""
    size = rule("definition", "is = 'bags'\nreadings.\"by weight\" = { is = 'weight' }", "size")
    dock = book(size, rule("criterion", 'holds = "size == 1.5"'))
    crate = record(dock, "crate", "c", landed_on=DAY, bags=2, weight=Decimal("1.5"))
    tables = Tables({"crate": Table({"c": crate})})
    frame: Any = frames_of(tables, dock.vocabulary)["crate"]
    for readings, verdict in (([], "not_met"), (["by weight"], "met")):
        assert ps.judge_frame(dock, frame, "crate", on=ON, readings=readings)["crate.x"].to_list() == [verdict]
        assert ps.judge(dock, "crate.x", crate, on=ON, tables=tables, readings=readings).verdict.value == verdict


def test_a_limit_holds_a_decimal_of_a_definition_against_its_bounds() -> None:
    """And the measure is told with its places."""
    dock = book(DOUBLE, rule("limit", 'measure = "double"\nat_most = 3'))
    weights = ("1.5", "1.51")
    crates = [record(dock, "crate", each, landed_on=DAY, weight=Decimal(each)) for each in weights]
    assert told(dock, crates) == ["met", "not_met"]
    frame: Any = frames_of(Tables({"crate": Table({each.id: each for each in crates})}), dock.vocabulary)["crate"]
    found = ps.judge_frame(dock, frame, "crate", on=ON, tell=("measured",))
    assert found[found.columns[-1]].to_list() == [Decimal("3.00"), Decimal("3.02")]


# what is handed over


def test_verdicts_are_of_a_type_that_knows_all_five() -> None:
    """A Polars frame has its verdicts as words of an enumeration, also those that no row has."""
    dock = book(rule("criterion", 'holds = "bags > 1"'))
    frames: dict[str, Any] = frames_of(
        Tables({"crate": Table({"c": record(dock, "crate", "c", bags=2)})}), dock.vocabulary
    )
    found = ps.judge_frame(dock, frames["crate"], "crate", on=ON)
    assert isinstance(found.schema["crate.x"], pl.Enum)
    assert {*found.schema["crate.x"].categories} == {each.value for each in ps.Verdict}


def test_a_kind_that_there_is_not_is_a_fault_of_the_tables() -> None:
    """It is told where the kind was given."""
    with pytest.raises(InputError, match=r"- tables: there is no kind 'crab' \(") as caught:
        frames_of(Tables({"crab": Table({})}), book(rule("criterion", 'holds = "bags > 1"')).vocabulary)
    assert [each.place for each in caught.value.problems] == ["tables"]


def test_an_instant_is_written_in_utc_to_the_microsecond() -> None:
    """Also one whose zone is off by parts of a second."""
    dock = book(rule("criterion", 'holds = "bags > 1"'))
    zone = dt.timezone(dt.timedelta(hours=1, microseconds=5))
    crate = record(dock, "crate", "c", seen_at=dt.datetime(2026, 5, 4, 1, 0, 0, 7, tzinfo=zone))
    frame: Any = frames_of(Tables({"crate": Table({"c": crate})}), dock.vocabulary)["crate"]
    assert frame["seen_at"].to_list() == [dt.datetime(2026, 5, 4, 0, 0, 0, 2, tzinfo=dt.UTC)]


def test_records_are_described_in_a_table_of_markdown() -> None:
    """A line that is empty stands before it, and a line of dashes below its head."""
    page = english.records(book(rule("criterion", 'holds = "bags > 1"')).vocabulary)
    assert "beside its `id`:\n\n| fact | type | meaning |\n| --- | --- | --- |\n| `" in page


def test_tables_of_pyarrow_are_lent_to_polars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is installed, unless that is not wanted; a table of pyarrow comes back, with the same verdicts."""
    dock = book(rule("criterion", 'holds = "bags > 1"'))
    crate = record(dock, "crate", "c", bags=2)
    frame: Any = frames_of(Tables({"crate": Table({"c": crate})}), dock.vocabulary, "pyarrow")["crate"]
    lent: list[object] = []
    taken = pl.from_arrow

    def noted(table: pa.Table) -> object:
        lent.append(table)
        return taken(table)

    monkeypatch.setattr(pl, "from_arrow", noted)
    for lend in (False, True):
        found = ps.judge_frame(dock, frame, "crate", on=ON, lend=lend)
        assert isinstance(found, pa.Table)
        assert found["crate.x"].to_pylist() == ["met"]
        assert len(lent) == lend


# versions

VERSION: Final = """
rulebook = "dock"
title    = "The Dock (invented)"
version  = "{}"
in_force = {{ {} }}
[sources.D]
title = "Made up"
[kinds.crate]
dated_by  = "landed_on"
landed_on = {{ type = "date", says = "the day it lands", event = "it lands" }}
dry       = "bool"
"""
DRY: Final = rule("criterion", "holds = 'dry'\nreadings.\"the other way\" = { holds = 'not dry' }")


def test_where_no_version_is_in_force_no_reading_gives_another_verdict() -> None:
    """Nothing is owed then, however the rule is read."""
    old = ps.loads(VERSION.format("1", "from = 2026-01-01, until = 2026-03-01") + DRY)
    new = ps.loads(VERSION.format("2", "from = 2026-06-01") + DRY)
    both = versions.of(old, new)
    crate_of: Any = both.vocabulary["crate"].record
    crate: Record = crate_of(id="c", landed_on=dt.date(2026, 6, 2), dry=True)
    (found,) = ps.judge_versions(both, "crate.x", crate, on=ON)
    assert (found.verdict, found.alternatives) == (ps.Verdict.MET, {"the other way": ps.Verdict.NOT_MET})
    crate = crate_of(id="c", landed_on=DAY, dry=True)
    (found,) = ps.judge_versions(both, "crate.x", crate, on=ON)
    assert (found.verdict, found.alternatives) == (ps.Verdict.NOT_APPLICABLE, {})


def test_the_version_that_is_shown_knows_every_fact_of_the_roster() -> None:
    """One roster serves all versions, so that an older one is shown with the facts that came later."""
    old = ps.loads(VERSION.format("1", "until = 2026-07-01") + DRY)
    later = VERSION.format("2", "from = 2026-07-01") + 'wet = "bool"\n'
    both = versions.of(old, ps.loads(later + DRY + rule("criterion", 'holds = "wet"', "y")))
    assert "wet" not in old.vocabulary["crate"].facts
    shown, _ = Editions(both).shown(ON)
    assert (shown.version, [*shown.rules]) == ("1", ["crate.x", "crate.y"])
    assert "wet" in shown.vocabulary["crate"].facts
