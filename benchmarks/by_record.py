"""The record reader's verdicts of the same tables: what every other way is held against, on a few rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from data import ON
from measure import CODES

from peersupport.readers.judge import Judge
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Kind, Record
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables


def by_record(book: Rulebook, tables: Mapping[str, pl.DataFrame], about: str, rules: Sequence[str]) -> pl.DataFrame:
    """The verdicts of some rules for every record of a kind, as codes."""
    given = as_tables(book, tables)
    judge = Judge(book, rules=rules)
    records = given.all_of(about)
    told = {
        rule: [CODES[judge.verdict(book[rule], record, on=ON, tables=given).value] for record in records]
        for rule in rules
    }
    return pl.DataFrame({"id": [each.id for each in records], **told}, schema_overrides=dict.fromkeys(rules, pl.Int8))


def measured(book: Rulebook, tables: Mapping[str, pl.DataFrame], about: str, rule: str) -> pl.DataFrame:
    """The verdict of a limit for every record of a kind, the most at a time, and on how many days it is too many."""
    given = as_tables(book, tables)
    judge = Judge(book, rules=[rule])
    rows = []
    for record in given.all_of(about):
        verdict = judge.verdict(book[rule], record, on=ON, tables=given)
        found = judge.levels(book[rule], record, on=ON, since=ON - dt.timedelta(days=5_000), through=ON, tables=given)
        levels, most = found or ([], 0)
        over = [(level.until - level.start).days for level in levels if level.surely > most]
        rows.append((record.id, CODES[verdict.value], max(level.surely for level in levels), sum(over) or None))
    names = ("id", rule, f"{rule}:measured", f"{rule}:days")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col(rule).cast(pl.Int8))


def as_tables(book: Rulebook, tables: Mapping[str, pl.DataFrame]) -> Tables:
    """The records of some frames, with each absence that a column tells."""
    given = {
        name: Table({row["id"]: record(book.vocabulary[name], row) for row in frame.iter_rows(named=True)})
        for name, frame in tables.items()
    }
    office = Office(tables["program"]["time_zone"][0]) if "program" in tables else None
    return Tables(given, office)


def record(kind: Kind, row: Mapping[str, Any]) -> Record:
    """The record of a row."""
    facts: dict[str, Any] = {name: _fact(kind, row, name) for name in row if not name.endswith("__none")}
    return kind.record(**facts)


def _fact(kind: Kind, row: Mapping[str, Any], name: str) -> object:
    value = row[name]
    if value is None:
        return NONE if row.get(f"{name}__none") else None
    if name != "id" and kind.facts[name].type.base in {"set", "refs"}:
        return frozenset(value.split(";") if isinstance(value, str) else value)
    return value
