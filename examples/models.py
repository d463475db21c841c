"""Outcomes handed over as tidy rows to models that the library does not fit: Cox, Poisson, an interrupted series.

    pip install statsmodels
    python examples/models.py

The rows come from the made-up programs in this folder; nothing that the models say is about anybody. What each model
takes for granted is written beside it: that is not checked by the rows.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from statsmodels.api import GLM, families
from statsmodels.duration.hazard_regression import PHReg

import peersupport as ps
from peersupport.measures.survival import KnownTimes, known_times, times_as_rows
from peersupport.rules.facts import Record

HERE = Path(__file__).resolve().parent
ON = dt.date(2026, 6, 30)
CHANGED = 6
"""The month of the series, counted from 0, from which on something is taken to be different."""


def days_to_first_call(roster: ps.Roster, route: str) -> KnownTimes:
    """Days from acceptance to the first call that took place, of the enrollments that came by one route."""
    return known_times(_times(roster, route))


def _times(roster: ps.Roster, route: str) -> Iterator[tuple[int | None, bool | None]]:
    for enrollment in roster.records("enrollment"):
        referral = roster.tables.find("referral", str(getattr(enrollment, "referral", None)))
        accepted = getattr(enrollment, "accepted_on", None)
        if getattr(referral, "route", None) != route or not isinstance(accepted, dt.date):
            continue
        calls = [day for day in _attended(roster, enrollment) if accepted <= day <= ON]
        yield (min(calls) - accepted).days if calls else (ON - accepted).days, bool(calls)


def _attended(roster: ps.Roster, enrollment: Record) -> Iterator[dt.date]:
    for contact in roster.tables.referring("contact", "enrollment", enrollment.id):
        at = getattr(contact, "starts_at", None)
        if getattr(contact, "status", None) == "attended" and at is not None:
            yield at.date()


def cox(roster: ps.Roster) -> Any:  # noqa: ANN401  a result of statsmodels
    """A Cox model of the days to the first call, of self-referral against the others. Ties are handled by Efron's way.

    It takes the ratio of hazards to be the same on all days, and the watching to end for reasons of its own.
    """
    rows = [
        row
        for route in ("while_in_care", "after_discharge", "self_referral")
        for row in times_as_rows(days_to_first_call(roster, route).times, self_referral=float(route == "self_referral"))
    ]
    days, events, arm = (np.array([row[name] for row in rows], float) for name in ("days", "event", "self_referral"))
    return PHReg(days, arm[:, None], status=events, ties="efron").fit()


def months(roster: ps.Roster) -> list[dict[str, float]]:
    """One tidy row for each month of a year: crisis contacts, days of service, the month, and whether it is after.

    `since` is the month less the one of the change: with the month itself the jump would be that of month 0.
    """
    first = [dt.date(2025, 7 + n, 1) if n < 6 else dt.date(2026, n - 5, 1) for n in range(12)]
    contacts = Counter(
        (day.year, day.month)
        for each in roster.records("crisis_contact")
        if (day := getattr(each, "contacted_on", None))
    )
    return [
        {
            "contacts": float(contacts[month.year, month.month]),
            "days": float(_days(roster, month)),
            "month": float(n),
            "after": float(n >= CHANGED),
            "since": float(max(0, n - CHANGED)),
        }
        for n, month in enumerate(first)
    ]


def _days(roster: ps.Roster, month: dt.date) -> int:
    """The days of service of a month, of the admissions with a known first day and end."""
    until = (month + dt.timedelta(days=31)).replace(day=1)
    found = 0
    for each in roster.records("admission"):
        start, end = getattr(each, "admitted_on", None), getattr(each, "ended_on", None)
        if isinstance(start, dt.date) and end is not None:
            last = min(end, until) if isinstance(end, dt.date) else until
            found += max(0, (last - max(start, month)).days)
    return found


def series(roster: ps.Roster) -> Any:  # noqa: ANN401  a result of statsmodels
    """An interrupted series: a Poisson model with days of service as exposure, a level and a slope that change.

    It takes the months to be independent and their variance to be their mean; with fewer than about eight months on
    each side, as here, the slope after the change says next to nothing.
    """
    rows = [row for row in months(roster) if row["days"] > 0]
    design = np.array([[1.0, row["month"], row["after"], row["since"]] for row in rows])
    counts, days = (np.array([row[name] for row in rows]) for name in ("contacts", "days"))
    return GLM(counts, design, family=families.Poisson(), offset=np.log(days)).fit()


def main() -> None:
    """Fit both models and print what they say, with what they take for granted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, second = cox(ps.read(HERE / "peer2peer")), series(ps.read(HERE / "roster"))
    ratio, (low, high) = np.exp(first.params[0]), np.exp(first.conf_int()[0])
    print(f"Cox, self-referral against the others: hazard ratio {ratio:.2f}, {low:.2f} to {high:.2f} (made-up people)")
    names = ("level", "slope a month", "jump at the change", "change of the slope")
    for name, value, (least, most) in zip(names, second.params, second.conf_int(), strict=True):
        print(f"Poisson, {name}: rate ratio {np.exp(value):.3g}, {np.exp(least):.3g} to {np.exp(most):.3g}")
    print("Neither is evidence of anything: the programs are invented.")


if __name__ == "__main__":
    main()
