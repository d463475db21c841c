"""How the tests run: the Python examples of the documents are tests too, and no test is late on a slow machine.

`pytest -m "not slow"` is the fast part. The modules that take longer than a few seconds are not even read for it.
With `PEERSUPPORT_THOROUGH=1` in the environment everything is tried more often.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

settings.register_profile("usual", deadline=None, max_examples=16)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile("thorough" if os.environ.get("PEERSUPPORT_THOROUGH") else "usual")

if "PYTEST_XDIST_WORKER" in os.environ:
    # Each worker has a core: Polars, which would take them all, gets one for each.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

# fmt: off
SLOW: Final = (
    "columns_agreement", "columns_dial", "laws", "comparing", "strategies", "judge_truth", "judge_windows",
    "robustness", "strictness", "columns_door", "calendar_laws", "judge_generated", "columns_survivors",
    "cms_desynpuf", "calendar", "loading_errors", "minnesota_rules", "cli", "cases", "measures_suppression", "impact",
    "outcomes_measures", "package", "nebraska_dbh", "checks", "measures_pictures", "breadth", "roster", "timeline",
    "mutants", "columns_tables", "conditions_for_peer_services", "columns_plain", "texas_medicaid", "example_roster",
    "commands", "matching", "entry_points", "places", "nebraska_care", "measures_survival", "columns_refused",
    "pennsylvania", "virginia_arts", "ohio_peer_supporters", "district_of_columbia", "minnesota_recovery_peers",
    "minnesota_mental_health_peers", "caseload", "measures_comparisons", "measures_proportions", "nebraska_licenses",
    "judge_anchored", "readiness", "example_models", "adding_a_state", "new", "schema", "code_survivors",
    "referrals", "example_peer2peer", "guards", "commands_outcomes",
)
# fmt: on
"""The test modules, without `test_`, that take longer than about three seconds, those that take longest first."""


def _name(path: Path) -> str:
    return path.stem.removeprefix("test_")


def _is_slow(path: Path) -> bool:
    return _name(path) in SLOW


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the slow modules where only the others are asked for."""
    return True if config.getoption("markexpr") == "not slow" and _is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow modules, which begin: so no worker is left alone with the longest at the end."""
    for item in items:
        if _is_slow(item.path):
            item.add_marker("slow")
    order = {name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: order.get(_name(item.path), len(order)))


pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"]).pytest()
