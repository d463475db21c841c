"""Caseloads over time, written by hand in Polars: with windows over each peer provider, and with one sorted number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
from data import ON, TODAY
from hand_polars import NEVER, code
from measure import MET, NOT_MET, UNKNOWN

Lazy = Mapping[str, pl.LazyFrame]
RULE = "caseload.maximum"
MOST = 25
EARLY = dt.date(1, 1, 1)
NO_START, NO_END = 0, 100_000
"""The day numbers of a start and an end that are not known: before and after all others."""


def spans(assignments: pl.LazyFrame) -> pl.LazyFrame:
    """The assignments that have begun, each with its days. An end that is known not to have come never comes."""
    ended = pl.when(pl.col("ends_on__none")).then(pl.lit(NEVER)).otherwise(pl.col("ends_on"))
    begun = pl.col("starts_on").is_null() | (pl.col("starts_on") <= ON)
    return assignments.filter(begun).select("peer_provider", "admission", start="starts_on", end=ended)


# windows over each peer provider: the obvious way


def steps(known: pl.LazyFrame) -> pl.LazyFrame:
    """One more where a span starts and one less where it ends; the spans of one person are joined before."""
    before = pl.col("end").cum_max().shift(1).over("peer_provider", "admission")
    again = pl.len().over("admission") > 1
    joined = known.filter(again).sort("peer_provider", "admission", "start")
    joined = joined.with_columns(start=pl.max_horizontal("start", before))
    apart = pl.concat([known.filter(~again), joined]).filter(pl.col("start") < pl.col("end"))
    ups = apart.select("peer_provider", at="start", change=1)
    return pl.concat([ups, apart.select("peer_provider", at="end", change=-1)])


def peak(moves: pl.LazyFrame, name: str) -> pl.LazyFrame:
    """The most that are there at one time, for each peer provider."""
    return (
        moves.group_by("peer_provider", "at")
        .agg(pl.col("change").sum())
        .sort("peer_provider", "at")
        .with_columns(pl.col("change").cum_sum().over("peer_provider"))
        .group_by("peer_provider")
        .agg(pl.col("change").max().alias(name))
    )


def at_most_25(tables: Lazy) -> pl.LazyFrame:
    """Each peer provider serves at most 25 people at a time."""
    found = spans(tables["assignment"])
    possible = found.with_columns(pl.col("start").fill_null(EARLY), pl.col("end").fill_null(NEVER))
    peers = tables["peer_provider"]
    for moves, name in ((steps(found.drop_nulls()), "surely"), (steps(possible), "possibly")):
        most = peak(moves, name)
        peers = peers.join(most, left_on="id", right_on="peer_provider", how="left", maintain_order="left")
    return peers.select("id", verdict(pl.col("surely"), pl.col("possibly")).alias(RULE))


def verdict(surely: pl.Expr, possibly: pl.Expr) -> pl.Expr:
    """The verdict of how many there are."""
    beyond = pl.when(possibly > MOST).then(code(UNKNOWN)).otherwise(code(MET))
    return pl.when(surely > MOST).then(code(NOT_MET)).otherwise(beyond)


# one sorted number for each step: the best way known


def numbered(tables: Lazy) -> pl.LazyFrame:
    """All steps in order, each as one number: the peer provider, the day, the rail, and whether somebody comes."""
    peers = tables["peer_provider"].select(peer_provider="id").with_row_index("peer")
    all_ = spans(tables["assignment"]).with_columns(pl.col("start", "end").to_physical())
    placed = all_.join(peers, on="peer_provider").with_columns(again=pl.len().over("admission") > 1).cache()
    possible = pl.col("start").fill_null(NO_START), pl.col("end").clip(upper_bound=NO_END).fill_null(NO_END)
    certain = placed.drop_nulls(["start", "end"]).with_columns(pl.col("end").clip(upper_bound=NO_END))
    rails = [rail(certain, 0), rail(placed.with_columns(*possible), 1)]
    keys = pl.concat([step for each in rails for step in each]).sort("key")
    change = (pl.col("key") & 1) * 2 - 1
    perhaps = (pl.col("key") & 2) == 2
    return keys.with_columns(
        peer=(pl.col("key") // 2**20).cast(pl.UInt32),
        at=((pl.col("key") & (2**20 - 1)) // 4).cast(pl.Int32),
        surely=pl.when(perhaps).then(0).otherwise(change).cum_sum(),
        possibly=pl.when(perhaps).then(change).otherwise(0).cum_sum(),
    )


def rail(found: pl.LazyFrame, number: int) -> list[pl.LazyFrame]:
    """The steps of one rail. Only where an admission is there twice, its spans are joined."""
    once = found.filter(~pl.col("again")).select("peer", "start", "end")
    before = pl.col("end").cum_max().shift(1).over("peer", "admission")
    twice = (
        found.filter("again")
        .sort("peer", "admission", "start")
        .select("peer", start=pl.max_horizontal("start", before), end="end")
    )
    apart = pl.concat([once, twice]).filter(pl.col("start") < pl.col("end")).cache()
    place = pl.col("peer").cast(pl.Int64) * 2**20 + 2 * number
    return [
        apart.select(key=place + pl.col("start").cast(pl.Int64) * 4 + 1),
        apart.select(key=place + pl.col("end").cast(pl.Int64) * 4),
    ]


def at_most_25_numbered(tables: Lazy) -> pl.LazyFrame:
    """As `at_most_25`, with one sorted number for each step."""
    last = (pl.col("key") // 4) != (pl.col("key").shift(-1) // 4)
    levels = numbered(tables).filter(last.fill_null(value=True))
    most = levels.group_by("peer").agg(pl.col("surely").max(), pl.col("possibly").max())
    peers = tables["peer_provider"].with_row_index("peer").join(most, on="peer", how="left", maintain_order="left")
    return peers.select("id", verdict(pl.col("surely"), pl.col("possibly")).alias(RULE))


def over_25_numbered(tables: Lazy) -> pl.LazyFrame:
    """As before, with the most who are surely there at a time, and on how many days they are too many."""
    key = pl.col("key") // 4
    place = 2**20 // 4
    until = pl.when(key.shift(-1) // place == key // place).then(key.shift(-1) % place).otherwise(NO_END)
    levels = (
        numbered(tables)
        .with_columns(until=until.clip(upper_bound=TODAY + 1))
        .filter((pl.col("at") < pl.col("until")) & (pl.col("at") <= TODAY))
    )
    days = pl.when(pl.col("surely") > MOST).then(pl.col("until") - pl.col("at")).sum()
    told = levels.group_by("peer").agg(pl.col("surely").max(), pl.col("possibly").max(), days=days)
    peers = tables["peer_provider"].with_row_index("peer").join(told, on="peer", how="left", maintain_order="left")
    return peers.select(
        "id",
        verdict(pl.col("surely"), pl.col("possibly")).alias(RULE),
        pl.col("surely").fill_null(0).alias(f"{RULE}:measured"),
        pl.when(pl.col("surely") > MOST).then(pl.col("days")).alias(f"{RULE}:days"),
    )
