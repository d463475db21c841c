"""The rows that are handed over to models are what the records say, and the models fit on them."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import peersupport as ps
from peersupport.measures.survival import kaplan_meier

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def models() -> ModuleType:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location("models", EXAMPLES / "models.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_times_are_those_of_the_enrollments(models: ModuleType) -> None:
    """Each enrollment with a known route and a known day of acceptance has one time, and each route has some."""
    roster = ps.read(EXAMPLES / "peer2peer")
    found = {route: models.days_to_first_call(roster, route) for route in ("while_in_care", "self_referral")}
    assert all(kaplan_meier(each.times).events > 0 for each in found.values())
    every = sum(
        len(models.days_to_first_call(roster, r).times) for r in ("while_in_care", "after_discharge", "self_referral")
    )
    known = [each for each in roster.records("enrollment") if isinstance(getattr(each, "accepted_on", None), dt.date)]
    assert 0 < every <= len(known)


def test_the_series_has_a_row_for_each_month(models: ModuleType) -> None:
    """Twelve months; the slope after the change is counted from the change, so that the jump is that of its month."""
    rows = models.months(ps.read(EXAMPLES / "roster"))
    assert [row["month"] for row in rows] == list(range(12))
    assert [row["since"] for row in rows] == [0] * 7 + [1, 2, 3, 4, 5]
    assert [row["after"] for row in rows] == [0] * 6 + [1] * 6
    assert sum(row["contacts"] for row in rows) > 0
    assert all(row["days"] >= 0 for row in rows)


def test_a_month_counts_the_days_of_service(models: ModuleType) -> None:
    """An admission from the tenth on has the days of that month from the tenth; one whose end is not known has none."""
    first = dt.date(2026, 3, 10)
    open_ = ps.Admission(id="a", person="p", child=ps.NONE, admitted_on=first, ended_on=ps.NONE)
    lost = ps.Admission(id="b", person="p", child=ps.NONE, admitted_on=first)
    roster = ps.from_records([ps.Person(id="p"), open_, lost], empty=["crisis_contact"])
    assert [row["days"] for row in models.months(roster)][7:10] == [0, 22, 30]


def test_both_models_fit(models: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints a ratio with its limits for each, and that neither is evidence."""
    models.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Cox, self-referral against the others: hazard ratio ")
    assert len([line for line in lines if line.startswith("Poisson, ")]) == 4
    assert lines[-1] == "Neither is evidence of anything: the programs are invented."
