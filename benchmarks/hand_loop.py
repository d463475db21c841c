"""The rules about one table as a plain Python loop over rows, in three values: True, False and None."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from data import ON
from measure import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN

Row = Mapping[str, Any]
NEVER = dt.date(5000, 1, 1)


def verdicts(rows: Iterable[Row]) -> list[tuple[str, int, int, int, int]]:
    """The verdicts of each row, in the order of `COLUMNS`."""
    return [(row["id"], admitted(row), in_time(row), *owed(row)) for row in rows]


COLUMNS = ("id", "membership.all", "membership.in_time", "plan.written", "plan.reviewed")


def admitted(row: Row) -> int:
    """All criteria of the admission."""
    condition = either(row["mental_health"], row["substance_use"])
    need = either(row["routine_harmed"], row["urgent"])
    assessed, day = seen(row["assessed_on"]), seen(row["admitted_on"])
    by_then = None if assessed is None or day is None else assessed <= day
    clauses = (condition, row["would_benefit"], need, by_then)
    return NOT_MET if False in clauses else UNKNOWN if None in clauses else MET


def in_time(row: Row) -> int:
    """The admission comes within 90 days of the referral."""
    referred, day = seen(row["referred_on"]), seen(row["admitted_on"])
    if referred is None or day is None:
        return UNKNOWN
    return MET if 0 <= (day - referred).days <= 90 else NOT_MET


def owed(row: Row) -> tuple[int, int]:
    """The plan and its review."""
    planned, ended = event(row, "planned_on"), event(row, "ended_on")
    return (
        deadline(event(row, "admitted_on"), 30, planned, ended),
        deadline(planned, 90, event(row, "reviewed_on"), ended),
    )


def either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001
    """Or, in three values."""
    return True if one or other else None if one is None or other is None else False


def seen(day: dt.date | None) -> dt.date | None:
    """A day that does not lie ahead."""
    return None if day is None or day > ON else day


def event(row: Row, name: str) -> dt.date | None:
    """A day on which something happens: never, as far as is known, where it is absent or lies ahead."""
    day: dt.date | None = row[name]
    if day is None:
        return NEVER if row.get(f"{name}__none") else None
    return NEVER if day > ON else day


def deadline(after: dt.date | None, within: int, done: dt.date | None, ended: dt.date | None) -> int:
    """The verdict of a deadline."""
    if after is None or done is None:
        return UNKNOWN
    due = after + dt.timedelta(days=within)
    if done <= due and done < NEVER:
        return MET
    if ended is None:
        return UNKNOWN
    if ended <= due and ended < NEVER:
        return NOT_APPLICABLE
    return NOT_MET if due < ON else PENDING
