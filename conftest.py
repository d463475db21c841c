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

settings.register_profile("usual", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.load_profile("thorough" if os.environ.get("PEERSUPPORT_THOROUGH") else "usual")

# fmt: off
SLOW: Final = frozenset({
    "calendar", "calendar_laws", "caseload", "cases", "checks", "cli", "cms_desynpuf", "columns_agreement",
    "columns_dial", "columns_door", "columns_plain", "columns_refused", "columns_survivors", "columns_tables",
    "commands", "conditions_for_peer_services", "example_models", "judge_anchored", "judge_generated", "judge_truth",
    "judge_windows", "laws", "loading_errors", "matching", "measures_comparisons", "measures_pictures",
    "measures_proportions", "measures_suppression", "measures_survival", "minnesota_rules", "mutants",
    "nebraska_care", "nebraska_dbh", "nebraska_licenses", "outcomes_measures", "places", "readiness", "robustness",
    "roster", "strategies", "timeline",
})
# fmt: on
"""The test modules, without `test_`, that take longer than about three seconds."""


def _is_slow(path: Path) -> bool:
    return path.stem.removeprefix("test_") in SLOW


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the slow modules where only the others are asked for."""
    return True if config.getoption("markexpr") == "not slow" and _is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the slow modules."""
    for item in items:
        if _is_slow(item.path):
            item.add_marker("slow")


pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"]).pytest()
