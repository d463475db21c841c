"""What is owed every 90 days, written by hand in Polars: with a window over each record, and with one sorted number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
from data import ON, TODAY
from hand_polars import NEVER, code, event
from measure import NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN

Lazy = Mapping[str, pl.LazyFrame]
NAME = "talk.each_90_days"
PERIOD = 90
FAR = 1_000_000
"""The day number of what has not happened yet."""


def each_90_days(tables: Lazy) -> pl.LazyFrame:
    """Each membership has a talk every 90 days, counted from the last; told is the one that is open now."""
    period = dt.timedelta(days=PERIOD)
    spans = tables["membership"].select("id", start=event("admitted_on", none=False), end=event("ended_on"))
    talks = tables["talk"].filter(pl.col("held_on").is_null() | (pl.col("held_on") <= ON))
    certain = (
        talks.filter(pl.col("attended") & pl.col("held_on").is_not_null())
        .select(id="membership", held="held_on")
        .join(spans, on="id")
        .filter(pl.col("held") > pl.col("start"))
        .sort("id", "held")
        .with_columns(before=pl.col("held").shift(1).over("id").fill_null(pl.col("start")))
    )
    too_late = (pl.col("held") > pl.col("before") + period) & (pl.col("held") >= pl.col("end"))
    last = certain.group_by("id").agg(
        stopped=pl.col("before").filter(too_late).min(),
        last=pl.col("held").max(),
    )
    open_ones = spans.join(last, on="id", how="left", maintain_order="left").with_columns(
        since=pl.coalesce("stopped", "last", "start")
    )
    doubts = (
        talks.filter(pl.col("attended").is_null() | (pl.col("attended") & pl.col("held_on").is_null()))
        .select(id="membership", held="held_on")
        .join(open_ones.select("id", "since"), on="id")
        .filter(
            pl.col("held").is_null() | pl.col("held").is_between(pl.col("since"), pl.col("since") + period, "right")
        )
        .select("id", doubtful=pl.lit(value=True))
        .unique("id")
    )
    verdict_ = verdict(pl.col("since"), pl.col("since") + period, NEVER, ON)
    return open_ones.join(doubts, on="id", how="left", maintain_order="left").select("id", verdict_.alias(NAME))


def verdict(since: pl.Expr, due: pl.Expr, never: dt.date | int, today: dt.date | int) -> pl.Expr:
    """The verdict of the talk that is owed now, in dates or in day numbers."""
    end = pl.col("end")
    return (
        pl.when(since.is_null() | end.is_null())
        .then(code(UNKNOWN))
        .when((end < never) & ((end <= due) | (since == never)))
        .then(code(NOT_APPLICABLE))
        .when((due >= today) | (since == never))
        .then(code(PENDING))
        .when(pl.col("doubtful"))
        .then(code(UNKNOWN))
        .otherwise(code(NOT_MET))
    )


# one sorted number for each talk: the best way known


def each_90_days_numbered(tables: Lazy) -> pl.LazyFrame:
    """As `each_90_days`, with one sorted number for each talk."""
    spans = (
        tables["membership"]
        .select(
            "id",
            start=event("admitted_on", none=False).to_physical().clip(upper_bound=FAR),
            end=event("ended_on").to_physical().clip(upper_bound=FAR),
        )
        .with_row_index("row")
        .cache()
    )
    held = pl.col("held_on").to_physical()
    talks = (
        tables["talk"]
        .filter((pl.col("held_on").is_null() | (pl.col("held_on") <= ON)) & pl.col("attended").ne_missing(other=False))
        .select(id="membership", held=held, sure=pl.col("attended") & held.is_not_null())
        .join(spans, on="id")
        .cache()
    )
    place = pl.col("row").cast(pl.Int64) * 2**20
    before, same = pl.col("key").shift(1), pl.col("key").shift(1) // 2**20 == pl.col("key") // 2**20
    certain = (
        talks.filter(pl.col("sure") & (pl.col("held") > pl.col("start")))
        .select("row", "start", "end", "held", key=place + pl.col("held").cast(pl.Int64))
        .sort("key")
        .with_columns(before=pl.when(same).then((before % 2**20).cast(pl.Int32)).otherwise(pl.col("start")))
    )
    too_late = (pl.col("held") > pl.col("before") + PERIOD) & (pl.col("held") >= pl.col("end"))
    last = certain.group_by("row").agg(
        last=pl.col("held").max(), stopped=pl.when(too_late).then(pl.col("before")).min()
    )
    open_ones = (
        spans.join(last, on="row", how="left", maintain_order="left")
        .with_columns(since=pl.coalesce("stopped", "last", "start"))
        .cache()
    )
    since = pl.col("since")
    doubts = (
        talks.filter(~pl.col("sure").fill_null(value=False))
        .select("row", "held")
        .join(open_ones.select("row", "since"), on="row")
        .filter(pl.col("held").is_null() | pl.col("held").is_between(since, since + PERIOD, "right"))
        .select("row", doubtful=pl.lit(value=True))
        .unique("row")
    )
    verdict_ = verdict(since, since + PERIOD, FAR, TODAY)
    return open_ones.join(doubts, on="row", how="left", maintain_order="left").select("id", verdict_.alias(NAME))
