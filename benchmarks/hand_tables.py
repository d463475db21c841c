"""The rules about several tables, written by hand in Polars: joins, first events, the next of a series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl
from data import ON
from hand_polars import NEVER, code, deadline, decided, event
from measure import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN

Lazy = Mapping[str, pl.LazyFrame]


def seen(name: str) -> pl.Expr:
    """A date that does not lie ahead."""
    return pl.when(pl.col(name) <= ON).then(pl.col(name))


def until(name: str) -> pl.Expr:
    """A planned date, which may be absent: then it never comes."""
    return pl.when(pl.col(f"{name}__none")).then(pl.lit(NEVER)).otherwise(pl.col(name))


def under_permit(tables: Lazy) -> pl.LazyFrame:
    """Each chart is signed on a day on which its permit is valid."""
    permits = tables["permit"].select(permit="id", start=seen("valid_from"), last=until("valid_until"))
    signed = seen("signed_on")
    holds = (pl.col("start") <= signed) & (signed <= pl.col("last"))
    charts = tables["chart"].join(permits, on="permit", how="left", maintain_order="left")
    return charts.select("id", decided(holds).alias("chart.under_permit"))


def of_age(tables: Lazy) -> pl.LazyFrame:
    """Each host is 19 or older on the day of the visit."""
    hosts = tables["host"].select(host="id", born=seen("birth_date"))
    visits = tables["visit"].join(hosts, on="host", how="left", maintain_order="left").with_columns(day=seen("held_on"))
    born, day = pl.col("born"), pl.col("day")
    earlier = _month_day(day) < _month_day(born)
    age = day.dt.year() - born.dt.year() - earlier.cast(pl.Int32)
    return visits.select("id", decided(age >= 19).alias("visit.of_age"))


def _month_day(date: pl.Expr) -> pl.Expr:
    return date.dt.month().cast(pl.Int16) * 100 + date.dt.day()


def signed_by_qualified(tables: Lazy) -> pl.LazyFrame:
    """Each plan was signed by somebody with a license in force, for all that the plan covers."""
    name = "plan.signed_by_qualified"
    licenses = tables["license"].filter(pl.col("valid_from").is_null() | (pl.col("valid_from") <= ON))
    licenses = licenses.select(
        pl.col("consultant").alias("signed_by"),
        "valid_from",
        last=until("valid_until"),
        licensed=pl.col("type") != "other",
        substances=pl.col("type").is_in(["ladc", "pladc"]),
    )
    signed = event("signed_on")
    plans = tables["plan"].with_columns(
        signed=pl.when(signed < NEVER).then(signed),
        only_substances=pl.col("scope").list.contains("substance_use")
        & ~pl.col("scope").list.contains("mental_health"),
        unsigned=pl.col("signed_on__none"),
    )
    valid = (pl.col("valid_from") <= pl.col("signed")) & (pl.col("signed") <= pl.col("last"))
    fits = pl.col("licensed") & valid & (~pl.col("substances") | pl.col("only_substances"))
    asked = plans.filter(pl.col("signed").is_not_null() & pl.col("signed_by").is_not_null())
    found = (
        asked.join(licenses, on="signed_by")
        .select("id", fits=fits)
        .group_by("id")
        .agg(some=pl.col("fits").any(), unsure=pl.col("fits").is_null().any())
    )
    told = (
        pl.when(pl.col("unsigned"))
        .then(code(NOT_APPLICABLE))
        .when(pl.col("signed").is_null())
        .then(code(UNKNOWN))
        .when(pl.col("signed_by__none"))
        .then(code(NOT_MET))
        .when(pl.col("signed_by").is_null())
        .then(code(UNKNOWN))
        .when(pl.col("some"))
        .then(code(MET))
        .when(pl.col("unsure"))
        .then(code(UNKNOWN))
        .otherwise(code(NOT_MET))
    )
    return plans.join(found, on="id", how="left", maintain_order="left").select("id", told.alias(name))


def first_plan(tables: Lazy) -> pl.LazyFrame:
    """Each admission has a plan within 30 days; one without a date may be the first."""
    day = pl.col("developed_on")
    first = (
        tables["plan"]
        .filter(day.is_null() | (day <= ON))
        .group_by("admission")
        .agg(first=day.min(), undated=day.is_null().any())
    )
    done = pl.when(pl.col("undated") & pl.col("late")).then(None).otherwise(pl.col("first").fill_null(NEVER))
    return (
        tables["admission"]
        .join(first, left_on="id", right_on="admission", how="left", maintain_order="left")
        .with_columns(started=event("admitted_on", none=False), ended=event("ended_on"))
        .with_columns(late=~(pl.col("first") <= pl.col("started") + dt.timedelta(days=30)).fill_null(value=False))
        .select("id", deadline(pl.col("started"), 30, done, pl.col("ended")).alias("plan.developed"))
    )
