"""The seldom parts of the language in both readers: an invented rulebook that has them, on rosters at its edges.

Verdicts are held against the record judge's on three engines; on Polars the reasons, days and missing facts as well.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import rosters

import peersupport
from peersupport import judge_frame, testing
from peersupport.readers.judge import judge_of
from peersupport.rules.tables import Table, Tables

DIAL = peersupport.load(Path(__file__).parent / "rulebooks" / "dial.toml")
CODES = ("not_met", "met", "unknown", "pending", "not_applicable")
FEWER = 1 if os.environ.get("PEERSUPPORT_THOROUGH") else 8
"""How many times fewer rosters are tried than in a thorough run."""
FEW = 1 if FEWER == 1 else 5
"""How many times fewer rules are asked about each table that is not there, and about each day of tables."""
TRUSTED = FEWER > 1
"""Whether what the door looks at is left out where the tables have been looked at in another test."""
SHARES = {"polars": 30 * FEWER, "pyarrow": 400 * FEWER, "duckdb": 2000 * FEWER}


def listed(found: Any) -> dict[str, list[Any]]:  # noqa: ANN401  a frame of any library
    """The columns of a frame as lists."""
    if isinstance(found, duckdb.DuckDBPyRelation):
        found = found.to_arrow_table()
    columns: dict[str, list[Any]] = found.to_pydict() if hasattr(found, "to_pydict") else found.to_dict(as_series=False)
    return columns


def tries(engine: str, rule: str) -> bool:
    """Whether a rule is tried on an engine: on Polars each, on the others some."""
    return engine == "polars" or rosters.hashed(engine, rule) % (1 if FEWER == 1 else 2) == 0


@pytest.mark.parametrize("engine", SHARES)
def test_the_dial_is_judged_alike(engine: str) -> None:
    """Every rule has the judge's verdict for every record, whichever library holds the tables."""
    apart: list[str] = []
    tried: set[str] = set()
    judge = judge_of(DIAL)
    for batch in rosters.batches(DIAL, share=SHARES[engine]):
        connection = duckdb.connect() if engine == "duckdb" else None
        frames = peersupport.frames_of(batch.tables, DIAL.vocabulary, engine, connection)  # type: ignore[arg-type]
        for kind in sorted({kind for _, kind, _ in batch.judged}):
            asked = [(rule, id_) for rule, of, id_ in batch.judged if of == kind and tries(engine, rule)]
            rules = sorted({rule for rule, _ in asked})
            others = {name: frame for name, frame in frames.items() if name != kind}
            told = listed(
                judge_frame(
                    DIAL,
                    frames[kind],
                    kind,
                    on=batch.on,
                    tables=others,
                    rules=rules,
                    codes=True,
                    lend=False,
                    trusted=TRUSTED and engine != "polars",
                )
            )
            rows = {id_: row for row, id_ in enumerate(told["id"])}
            for rule, id_ in asked:
                tried.add(rule)
                record = batch.tables.tables[kind].records[id_]
                verdict = judge.verdict(DIAL[rule], record, on=batch.on, tables=batch.tables).value
                code = told[rule][rows[id_]]
                if code is None or CODES[code] != verdict:
                    apart.append(f"{rule} {id_} on {batch.on}: judge {verdict}, columns {code}\n{batch.told(id_)}")
    assert not apart, "\n".join(apart[:3])
    assert engine != "polars" or len(tried) > len(DIAL) // 2


def test_the_dials_examples_come_out_as_stated() -> None:
    """The worked examples of the invented rulebook are what the judge makes of them, and no rule is refused."""
    assert testing.unjudged(DIAL) == {}
    assert testing.failing_examples(DIAL) == ()


KINDS = ("spark", "keeper", "program", "look", "echo", "lamp")


@pytest.mark.parametrize("left", KINDS)
def test_without_a_table_the_dial_is_judged_alike(left: str) -> None:
    """What hangs on a table that was not given is unknown in both readers, with the same reason and missing facts."""
    judge = judge_of(DIAL)
    batch = max(rosters.batches(DIAL, share=60 * FEWER), key=lambda each: len(each.of))
    office = None if left == "program" else batch.tables.office
    tables = Tables({kind: table for kind, table in batch.tables.tables.items() if kind != left}, office)
    frames = peersupport.frames_of(tables, DIAL.vocabulary)
    for kind in sorted({kind for _, kind, _ in batch.judged} - {left}):
        every = {rule for rule, of, _ in batch.judged if of == kind}
        rules = sorted(rule for rule in every if rosters.hashed(rule, left) % FEW == 0)
        others = {name: frame for name, frame in frames.items() if name != kind}
        told = listed(
            judge_frame(
                DIAL,
                frames[kind],
                kind,
                on=batch.on,
                tables=others,
                rules=rules,
                tell=["verdict", "reason", "missing"],
                trusted=TRUSTED,
            )
        )
        for row, id_ in enumerate(told["id"]):
            for rule in rules:
                record = tables.tables[kind].records[id_]
                expected = judge.verdict(DIAL[rule], record, on=batch.on, tables=tables).value
                assert told[rule][row] == expected, f"{rule}, {id_}, without {left}\n{batch.told(id_)}"


@pytest.mark.parametrize("since", [dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2027, 1, 1)])
def test_incomplete_tables_are_judged_alike(since: dt.date) -> None:
    """A look-back that may reach before a table is complete is unknown in both readers."""
    judge = judge_of(DIAL)
    batch = max(rosters.batches(DIAL, share=60 * FEWER), key=lambda each: len(each.of))
    tables = Tables(
        {kind: Table(table.records, since) for kind, table in batch.tables.tables.items()}, batch.tables.office
    )
    frames = peersupport.frames_of(tables, DIAL.vocabulary)
    windowed = {rule.id for rule in DIAL.judged if rule.field("window") not in {None, "ever", "at any time"}}
    for kind in sorted({kind for _, kind, _ in batch.judged}):
        every = {rule for rule, of, _ in batch.judged if of == kind} - windowed
        rules = sorted(rule for rule in every if rosters.hashed(rule, since) % FEW == 0)
        others = {name: frame for name, frame in frames.items() if name != kind}
        complete = dict.fromkeys(frames, since)
        told = listed(
            judge_frame(
                DIAL,
                frames[kind],
                kind,
                on=batch.on,
                tables=others,
                rules=rules,
                complete_since=complete,
                trusted=TRUSTED,
            )
        )
        for row, id_ in enumerate(told["id"]):
            for rule in rules:
                record = tables.tables[kind].records[id_]
                expected = judge.verdict(DIAL[rule], record, on=batch.on, tables=tables).value
                assert told[rule][row] == expected, f"{rule}, {id_}, since {since}\n{batch.told(id_)}"


def test_a_time_that_begins_later_leaves_out_what_was_before() -> None:
    """With `since` a limit over time looks at no earlier day, and is unknown of days before the tables are complete."""
    lamps = pl.DataFrame({"id": ["a", "b"]})
    sparks = pl.DataFrame(
        {"id": ["s"], "lamp": ["a"], "struck_on": [dt.date(2026, 3, 1)], "gone_on": [dt.date(2026, 3, 31)]}
    )

    def told(since: dt.date, **more: Any) -> list[str]:  # noqa: ANN401  passed on
        found = judge_frame(
            DIAL,
            lamps,
            "lamp",
            on=dt.date(2026, 5, 15),
            tables={"spark": sparks},
            rules=["lamp.always_one", "lamp.most_two"],
            since=since,
            trusted=True,
            tell=["verdict", "days"],
            **more,
        )
        return [str(value) for row in found.rows() for value in row[1:]]

    assert told(dt.date(2026, 4, 1)) == ["not_met", "45", "met", "None", "not_met", "45", "met", "None"]
    assert told(dt.date(2026, 3, 1))[:2] == ["not_met", "45"]
    complete = {"spark": dt.date(2026, 3, 15)}
    assert told(dt.date(2026, 3, 1), complete_since=complete)[2] == "unknown"
    assert told(dt.date(2026, 4, 1), complete_since=complete)[2] == "met"
