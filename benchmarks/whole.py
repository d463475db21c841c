"""Invented tables of every kind that the rules of Nebraska about an admission read, for a whole rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from data import TODAY, Tables, booleans, ids, nulled, referring

from peersupport.rules.facts import Fact, Kind
from peersupport.rules.rulebook import Rulebook

TIMES: Mapping[str, float] = {
    "admission": 1,
    "person": 1,
    "assessment": 1,
    "assignment": 1.2,
    "contact": 4,
    "consultation": 3,
    "clinical_consultant": 0.002,
    "license": 0.004,
    "coordination_contact": 1,
    "other_service": 1,
    "peer_provider": 0.01,
    "plan": 2,
    "plan_review": 4,
    "screening": 2,
    "stay_review": 1,
}
"""How many records of each kind there are for each admission."""


def whole(book: Rulebook, rows: int) -> Tables:
    """A table of each kind, and the one record of the program."""
    sizes = {kind: max(int(rows * times), 4) for kind, times in TIMES.items()}
    tables = {name: table(book.vocabulary[name], sizes, number) for number, name in enumerate(sizes)}
    program = {"id": ["program"], "time_zone": ["America/Chicago"], "service_times": [["weekday_daytime", "weekend"]]}
    return tables | {"program": pl.DataFrame(program)}


def rules_about(book: Rulebook, kind: str) -> tuple[str, ...]:
    """The rules that judge a kind."""
    return tuple(rule.id for rule in book.judged if kind in rule.about)


def table(kind: Kind, sizes: Mapping[str, int], seed: int) -> pl.DataFrame:
    """Records of a kind: every fact at random within its type, an eighth of them not recorded."""
    rng = np.random.default_rng(seed + 100)
    columns = {"id": ids(kind.name[:4], sizes[kind.name])}
    for fact in kind.stored:
        columns |= dict(column(kind, fact, sizes, rng))
    return pl.DataFrame(columns)


def column(
    kind: Kind, fact: Fact, sizes: Mapping[str, int], rng: np.random.Generator
) -> Iterator[tuple[str, pl.Series]]:
    """The column of a fact, and the one that says what is known to be absent; none for what no rule reads."""
    rows, end = sizes[kind.name], kind.span is not None and fact.name == kind.span.end
    days = TODAY - rng.integers(0, 700, rows) + (rng.integers(20, 300, rows) if end else 0)
    values: pl.Series
    match fact.type.base:
        case "bool":
            values = booleans(rng, rows)
        case "number":
            values = pl.Series(rng.integers(0, 12, rows))
        case "date":
            values = pl.Series(days.astype(np.int32)).cast(pl.Date)
        case "instant":
            values = instants(rng, np.minimum(days, TODAY))
        case "choice" if fact.type.choices:
            values = pl.Series(fact.type.choices).gather(rng.integers(0, len(fact.type.choices), rows))
        case "ref" if fact.type.kind in sizes:
            values = referring(fact.type.kind[:4], rng.integers(0, sizes[fact.type.kind], rows))
        case "set" if fact.type.choices:
            values = some_of(rng, fact.type.choices, rows)
        case "refs" if fact.type.kind in sizes:
            values = some_of(rng, referring(fact.type.kind[:4], rng.integers(0, sizes[fact.type.kind], rows)), rows)
        case _:
            return
    absent = pl.Series(rng.random(rows) < (0.4 if fact.type.or_none else 0))
    known = nulled(rng, values, 0.12)
    yield fact.name, known.to_frame().select(pl.when(~absent).then(pl.first())).to_series()
    if fact.type.or_none:
        yield f"{fact.name}__none", absent


def some_of(rng: np.random.Generator, of: pl.Series | tuple[str, ...], rows: int) -> pl.Series:
    """Sets of one or two members, as texts between semicolons."""
    members = pl.Series(of)
    one, two = (members.gather(rng.integers(0, len(members), rows)) for _ in range(2))
    return pl.select(pl.when(pl.Series(rng.random(rows) < 0.5)).then(one).otherwise(one + ";" + two)).to_series()


def instants(rng: np.random.Generator, days: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    """Times of a day between nine and six, in UTC."""
    seconds = days * 86_400 + rng.integers(15, 24, len(days)) * 3_600
    return pl.Series(seconds * 1_000_000).cast(pl.Datetime("us", "UTC"))
