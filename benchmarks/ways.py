"""The ways to an answer: ours over each kind of frame, and those by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import hand_polars
import polars as pl
from data import ON

import peersupport
from peersupport.readers.columns import Detail

HERE = Path(__file__).resolve().parent
VERDICTS = ("membership.all", "membership.in_time", "plan.written", "plan.reviewed")
CLAUSES = ("membership.condition", "membership.benefit", "membership.need", "membership.assessed")

Answer = Callable[[], pl.DataFrame]


def one_table() -> peersupport.Rulebook:
    """The rules about one table."""
    return peersupport.load(HERE / "rulebooks" / "one_table.toml")


def many_tables() -> peersupport.Rulebook:
    """The rules about several tables."""
    return peersupport.load(HERE / "rulebooks" / "many_tables.toml")


def nebraska() -> peersupport.Rulebook:
    """A rulebook of the package."""
    return peersupport.load("nebraska-dbh")


def ours(
    book: peersupport.Rulebook,
    frame: Any,  # noqa: ANN401  of any library
    about: str,
    rules: Sequence[str],
    *,
    tables: Mapping[str, Any] | None = None,
    tell: Sequence[Detail] = ("verdict",),
    lend: bool = True,
) -> Any:  # noqa: ANN401
    """The verdicts by the column reader, as codes, of tables that need no check."""
    return peersupport.judge_frame(
        book, frame, about, on=ON, tables=tables or {}, rules=rules, tell=tell, codes=True, trusted=True, lend=lend
    )


def of_polars(
    book: peersupport.Rulebook,
    tables: Mapping[str, pl.DataFrame],
    about: str,
    rules: Sequence[str],
    tell: Sequence[Detail] = ("verdict",),
) -> Answer:
    """Ours over lazy Polars frames, collected."""
    lazy = {name: frame.lazy() for name, frame in tables.items()}
    others = {name: frame for name, frame in lazy.items() if name != about}

    def run() -> pl.DataFrame:
        found: pl.DataFrame = ours(book, lazy[about], about, rules, tables=others, tell=tell).collect()
        return found

    return run


def by_hand(way: Callable[..., pl.LazyFrame], given: Any, **options: bool) -> Answer:  # noqa: ANN401
    """A way by hand over a lazy frame, or over several by name, collected."""
    lazy = given.lazy() if isinstance(given, pl.DataFrame) else {name: each.lazy() for name, each in given.items()}
    return lambda: way(lazy, **options).collect()


def one_table_way(name: str, frame: pl.DataFrame) -> Answer:
    """The verdicts about one table, ours or by hand."""
    if name == "ours":
        return of_polars(one_table(), {"membership": frame}, "membership", VERDICTS)
    return by_hand(hand_polars.with_dates, frame)
