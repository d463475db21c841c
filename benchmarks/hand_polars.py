"""The rules about one table, written by hand in Polars: with dates as dates, and with day numbers."""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable

import polars as pl
from data import FAR, ON, TODAY
from measure import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN

NEVER = dt.date(5000, 1, 1)
"""The date of what has not happened yet."""


def code(verdict: int) -> pl.Expr:
    """A verdict as it is told."""
    return pl.lit(verdict, pl.Int8)


def decided(truth: pl.Expr) -> pl.Expr:
    """The verdict of a condition."""
    return pl.when(truth).then(code(MET)).when(truth.is_null()).then(code(UNKNOWN)).otherwise(code(NOT_MET))


def criteria(assessed: pl.Expr, admitted: pl.Expr) -> dict[str, pl.Expr]:
    """The clauses of the admission."""
    return {
        "membership.condition": pl.col("mental_health") | pl.col("substance_use"),
        "membership.benefit": pl.col("would_benefit"),
        "membership.need": pl.col("routine_harmed") | pl.col("urgent"),
        "membership.assessed": assessed <= admitted,
    }


# dates as dates: the obvious way


def with_dates(frame: pl.LazyFrame, *, clauses: bool = False) -> pl.LazyFrame:
    """The verdicts, with dates as dates."""
    seen = {name: pl.when(pl.col(name) <= ON).then(pl.col(name)) for name in ("referred_on", "assessed_on")}
    admitted = pl.when(pl.col("admitted_on") <= ON).then(pl.col("admitted_on"))
    waited = (admitted - seen["referred_on"]).dt.total_days()
    holds = criteria(seen["assessed_on"], admitted)
    planned, ended = event("planned_on"), event("ended_on")
    return frame.select(
        "id",
        **({name: decided(truth) for name, truth in holds.items()} if clauses else {}),
        **{
            "membership.all": decided(pl.all_horizontal(*holds.values())),
            "membership.in_time": decided((waited >= 0) & (waited <= 90)),
            "plan.written": deadline(event("admitted_on", none=False), 30, planned, ended),
            "plan.reviewed": deadline(planned, 90, event("reviewed_on"), ended),
        },
    )


def event(name: str, *, none: bool = True) -> pl.Expr:
    """A date as something that happens: never, as far as is known, where it is absent or lies ahead."""
    date = pl.col(name)
    not_yet = (date > ON) | pl.col(f"{name}__none") if none else date > ON
    return pl.when(not_yet).then(pl.lit(NEVER)).otherwise(date)


def deadline(after: pl.Expr, within: int, done: pl.Expr, end: pl.Expr) -> pl.Expr:
    """The verdict of a deadline: what is not done by its due day is not met from the next day on."""
    due = after + dt.timedelta(days=within)
    return (
        pl.when(due.is_null() | done.is_null())
        .then(code(UNKNOWN))
        .when((done <= due) & (done < NEVER))
        .then(code(MET))
        .when(end.is_null())
        .then(code(UNKNOWN))
        .when((end <= due) & (end < NEVER))
        .then(code(NOT_APPLICABLE))
        .when(due < ON)
        .then(code(NOT_MET))
        .otherwise(code(PENDING))
    )


# day numbers: the best way known


def with_days(frame: pl.LazyFrame, *, clauses: bool = False) -> pl.LazyFrame:
    """The verdicts, with dates turned into day numbers once."""
    seen = {name: known(day(name)) for name in ("referred_on", "assessed_on", "admitted_on")}
    given = frame.with_columns(*(happens(name) for name in FAR), **{f"{name}:": each for name, each in seen.items()})
    holds = criteria(pl.col("assessed_on:"), pl.col("admitted_on:"))
    waited = pl.col("admitted_on:") - pl.col("referred_on:")
    return given.select(
        "id",
        **({name: decided(truth) for name, truth in holds.items()} if clauses else {}),
        **{
            "membership.all": decided(functools.reduce(operator.and_, holds.values())),
            "membership.in_time": decided((waited >= 0) & (waited <= 90)),
            "plan.written": numbered("admitted_on", 30, "planned_on"),
            "plan.reviewed": numbered("planned_on", 90, "reviewed_on"),
        },
    )


def day(name: str) -> pl.Expr:
    """A date as its day number."""
    return pl.col(name).to_physical()


def known(number: pl.Expr) -> pl.Expr:
    """A day number that does not lie ahead."""
    return pl.when(number <= TODAY).then(number)


def happens(name: str) -> pl.Expr:
    """The day number of something that happens."""
    ahead = day(name) > TODAY if name == "admitted_on" else (day(name) > TODAY) | pl.col(f"{name}__none")
    return pl.when(ahead).then(pl.lit(FAR[name], pl.Int32)).otherwise(day(name)).alias(name)


def numbered(after: str, within: int, done_on: str) -> pl.Expr:
    """The verdict of a deadline in day numbers."""
    due, end = pl.col(after) + within, pl.col("ended_on")
    in_time = pl.col(done_on) <= due
    return (
        pl.when(in_time)
        .then(code(MET))
        .when(in_time.is_null() | end.is_null())
        .then(code(UNKNOWN))
        .when(end <= due)
        .then(code(NOT_APPLICABLE))
        .when(due < TODAY)
        .then(code(NOT_MET))
        .otherwise(code(PENDING))
    )


WAYS: dict[str, Callable[..., pl.LazyFrame]] = {
    "Polars by hand, dates as dates": with_dates,
    "Polars by hand, day numbers": with_days,
}
