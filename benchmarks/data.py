"""Invented tables for the column benchmark: dates with gaps, absences, a few days that lie ahead, seeded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import polars as pl

ON = dt.date(2026, 6, 30)
"""The day of the judgement."""
TODAY = (ON - dt.date(1970, 1, 1)).days
FAR = {"admitted_on": 1_000_000, "planned_on": 1_010_000, "reviewed_on": 1_020_000, "ended_on": 1_030_000}
"""The day number of what has not happened yet, each so far off that one comparison tells all."""
BOOLS = ("mental_health", "substance_use", "would_benefit", "routine_harmed", "urgent")

Tables: TypeAlias = Mapping[str, pl.DataFrame]
Days: TypeAlias = "np.ndarray[Any, Any]"


def one_table(rows: int) -> pl.DataFrame:
    """Enrollments with all their facts in one table: six dates and five booleans, a tenth of each not recorded."""
    rng = np.random.default_rng(1)
    admitted = TODAY - rng.integers(0, 730, rows)
    planned = admitted + rng.integers(0, 45, rows)
    columns: dict[str, pl.Series] = {
        "id": ids("e", rows),
        "referred_on": dates(rng, ahead(rng, admitted - rng.integers(-5, 110, rows))),
        "assessed_on": dates(rng, ahead(rng, admitted - rng.integers(-3, 40, rows))),
        "admitted_on": dates(rng, ahead(rng, admitted)),
    }
    columns |= or_none("planned_on", rng, planned, absent=0.15)
    columns |= or_none("reviewed_on", rng, planned + rng.integers(10, 120, rows), absent=0.3)
    columns |= or_none("ended_on", rng, admitted + rng.integers(5, 500, rows), absent=0.5)
    columns |= {name: booleans(rng, rows) for name in BOOLS}
    return pl.DataFrame(columns)


def visits(rows: int) -> Tables:
    """Visits, and the hosts who make them, some of whom come of age meanwhile."""
    rng = np.random.default_rng(2)
    hosts = max(rows // 100, 10)
    born = TODAY - 20 * 365 - rng.integers(-600, 900, hosts)
    held = ahead(rng, TODAY - rng.integers(0, 1000, rows))
    visit = {"id": ids("v", rows), "host": refs(rng, "h", hosts, rows), "held_on": dates(rng, held)}
    return {
        "visit": pl.DataFrame(visit),
        "host": pl.DataFrame({"id": ids("h", hosts), "birth_date": dates(rng, born)}),
    }


def charts(rows: int) -> Tables:
    """Charts, and the permits under which they are signed."""
    rng = np.random.default_rng(3)
    permits = max(rows // 60, 10)
    start = TODAY - rng.integers(0, 1500, permits)
    signed = ahead(rng, TODAY - rng.integers(0, 1000, rows))
    chart = {"id": ids("c", rows), "permit": refs(rng, "p", permits, rows), "signed_on": dates(rng, signed)}
    permit = {"id": ids("p", permits), "valid_from": dates(rng, start)}
    permit |= or_none("valid_until", rng, start + 730, absent=0.2, planned=True)
    return {"chart": pl.DataFrame(chart), "permit": pl.DataFrame(permit)}


def signed_plans(rows: int) -> Tables:
    """Plans of the core, the consultants who sign them, and their licenses, two each."""
    rng = np.random.default_rng(4)
    consultants = max(rows // 600, 10)
    licenses = 2 * consultants
    start = TODAY - rng.integers(0, 1500, licenses)
    kinds = np.array(["psychiatrist", "aprn", "rn", "lmhp", "plmhp", "ladc", "pladc", "other"])
    scopes = [["mental_health"], ["substance_use"], ["mental_health", "substance_use"], [], None]
    plan = {"id": ids("p", rows), "signed_by": refs(rng, "c", consultants, rows)}
    plan["developed_on"] = dates(rng, TODAY - rng.integers(0, 1000, rows))
    plan["scope"] = pl.Series(scopes).gather(rng.choice(5, rows, p=[0.5, 0.2, 0.18, 0.02, 0.1]))
    plan |= or_none("signed_on", rng, TODAY - rng.integers(0, 1000, rows), absent=0.1)
    plan |= {"signed_by__none": chosen(rng, rows, 0.02) & plan["signed_by"].is_null()}
    license_ = {
        "id": ids("l", licenses),
        "consultant": refs(rng, "c", consultants, licenses),
        "type": nulled(rng, pl.Series(kinds[rng.integers(0, len(kinds), licenses)]), 0.05),
        "valid_from": dates(rng, ahead(rng, start), 0.05),
    }
    license_ |= or_none("valid_until", rng, start + 730, absent=0.2, planned=True)
    return {
        "plan": pl.DataFrame(plan),
        "clinical_consultant": pl.DataFrame({"id": ids("c", consultants)}),
        "license": pl.DataFrame(license_),
    }


def plans(rows: int) -> Tables:
    """Admissions of the core, and three times as many plans."""
    rng = np.random.default_rng(5)
    admitted = TODAY - rng.integers(0, 900, rows)
    of = rng.integers(0, rows, 3 * rows)
    developed = ahead(rng, admitted[of] + rng.integers(10, 120, 3 * rows), 0.05)
    return {
        "admission": spans("a", rng, admitted),
        "plan": pl.DataFrame(
            {
                "id": ids("p", 3 * rows),
                "admission": nulled(rng, referring("a", of), 0.01),
                "developed_on": dates(rng, developed, 0.04),
            }
        ),
    }


def talks(rows: int) -> Tables:
    """Enrollments and three times as many talks, of which a fifth has no day, or may not have been attended."""
    rng = np.random.default_rng(6)
    admitted = TODAY - rng.integers(0, 500, rows)
    of = rng.integers(0, rows, 3 * rows)
    held = ahead(rng, admitted[of] + rng.integers(-10, 400, 3 * rows), 0.05)
    return {
        "membership": spans("e", rng, admitted),
        "talk": pl.DataFrame(
            {
                "id": ids("t", 3 * rows),
                "membership": referring("e", of),
                "held_on": dates(rng, held),
                "attended": booleans(rng, 3 * rows, yes=0.85),
            }
        ),
    }


def assignments(rows: int) -> Tables:
    """Peer providers and their assignments over three years: with gaps, and some people twice."""
    rng = np.random.default_rng(7)
    peers = max(rows // 100, 4)
    peer = rng.integers(0, peers, rows)
    admission = np.arange(rows)
    again = rng.random(rows) < 0.05
    admission[again] -= rng.integers(0, 3, int(again.sum()))
    admission = np.maximum(admission, 0)
    peer = peer[admission]
    starts = TODAY - rng.integers(0, 3 * 365, rows)
    table = {
        "id": ids("s", rows),
        "peer_provider": referring("p", peer),
        "admission": referring("a", admission),
        "starts_on": dates(rng, ahead(rng, starts), 0.002),
    }
    table |= or_none("ends_on", rng, starts + rng.integers(30, 310, rows), absent=0.05, unknown=0.02, planned=True)
    return {"peer_provider": pl.DataFrame({"id": ids("p", peers)}), "assignment": pl.DataFrame(table)}


# columns


def spans(prefix: str, rng: np.random.Generator, admitted: Days) -> pl.DataFrame:
    """Records with a first day and an end, which may not have come."""
    rows = len(admitted)
    columns = {"id": ids(prefix, rows), "admitted_on": dates(rng, ahead(rng, admitted))}
    columns |= or_none("ended_on", rng, admitted + rng.integers(5, 500, rows), absent=0.4)
    return pl.DataFrame(columns)


def ids(prefix: str, rows: int) -> pl.Series:
    """The ids of a table."""
    return referring(prefix, np.arange(rows))


def referring(prefix: str, numbers: Days) -> pl.Series:
    """Ids of some numbers."""
    return pl.select(pl.lit(prefix) + pl.Series(numbers).cast(pl.String)).to_series()


def refs(rng: np.random.Generator, prefix: str, of: int, rows: int) -> pl.Series:
    """References to some of the records of a table, a tenth not recorded."""
    return nulled(rng, referring(prefix, rng.integers(0, of, rows)), 0.1)


def dates(rng: np.random.Generator, days: Days, unknown: float = 0.1) -> pl.Series:
    """Dates, a part of them not recorded."""
    return nulled(rng, pl.Series(days.astype(np.int32)).cast(pl.Date), unknown)


def booleans(rng: np.random.Generator, rows: int, yes: float = 0.75) -> pl.Series:
    """Yes and no, a tenth not recorded."""
    return nulled(rng, chosen(rng, rows, yes), 0.1)


def or_none(
    name: str, rng: np.random.Generator, days: Days, *, absent: float, unknown: float = 0.1, planned: bool = False
) -> dict[str, pl.Series]:
    """A date that may be known to be absent, with the column that says so. What happens lies ahead only by mistake."""
    none = chosen(rng, len(days), absent)
    if not planned:
        none |= pl.Series(days > TODAY) & chosen(rng, len(days), 0.97)
    known = nulled(rng, pl.Series(days.astype(np.int32)).cast(pl.Date), unknown)
    return {name: known.to_frame().select(pl.when(~none).then(pl.first())).to_series(), f"{name}__none": none}


def ahead(rng: np.random.Generator, days: Days, part: float = 0.005) -> Days:
    """Days up to the day of the judgement, but for a few."""
    late = rng.random(len(days)) < part
    return np.where(late, TODAY + 1 + (days % 50), np.minimum(days, TODAY - days % 7))


def chosen(rng: np.random.Generator, rows: int, part: float) -> pl.Series:
    """Yes for a part of the rows."""
    return pl.Series(rng.random(rows) < part)


def nulled(rng: np.random.Generator, values: pl.Series, part: float) -> pl.Series:
    """The values, a part of them not recorded."""
    kept = pl.Series(rng.random(len(values)) >= part)
    return values.to_frame().select(pl.when(kept).then(pl.first())).to_series()
