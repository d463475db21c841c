"""The example of the trial says what the article says, what the publication counts, and what neither tells."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import cast
from xml.etree import ElementTree as ET

import pytest

from peersupport import InputError
from peersupport.measures.proportions import proportion

FILE = Path(__file__).parents[1] / "examples" / "trial.py"


@pytest.fixture(scope="module")
def trial() -> ModuleType:
    """The example as a module."""
    spec = importlib.util.spec_from_file_location("trial", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_article_is_reproduced(trial: ModuleType) -> None:
    """64 of 221 against 83 of 220: 29.0 and 37.7 percent, 8.8 points fewer, a ratio of 0.77 (story 54)."""
    told = trial.as_reported()
    shares = [round(100 * share.estimate, 1) for share in (told.first_share, told.second_share)]
    assert shares == [29.0, 37.7]
    assert round(100 * told.risk_difference.estimate, 1) == -8.8
    assert round(told.risk_ratio.estimate, 2) == 0.77
    assert str(told.number_needed).startswith("number needed to treat: NNTB 11.4 (benefit 5.75 to infinity to harm ")


def test_the_published_denominators_change_what_can_be_said(trial: ModuleType) -> None:
    """Of those known it is 29.4 and 38.4 percent, and the interval of the difference no longer holds 0."""
    told = trial.as_published()
    shares = [round(100 * share.estimate, 1) for share in (told.first_share, told.second_share)]
    assert shares == [29.4, 38.4]
    assert told.risk_difference.interval.high < 0 < trial.as_reported().risk_difference.interval.high
    assert [round(test.p, 3) for test in told.tests] == [0.046, 0.058, 0.054]
    assert told.number_needed.kind == "benefit"


def test_the_missing_outcomes_are_under_each_assumption(trial: ModuleType) -> None:
    """Seven people could move the difference from 10.6 to 7.4 points."""
    told = {each.assumption: each.comparison for each in trial.if_missing().assumed}
    points = {name: round(100 * each.risk_difference.estimate, 1) for name, each in told.items()}
    assert points["best case"] == -10.6
    assert points["worst case"] == -7.4
    assert len(points) == 5


def test_events_are_no_people(trial: ModuleType) -> None:
    """A share of the serious adverse events is refused, with the reason: a person can have several."""
    (with_, _) = trial.serious_events()
    with pytest.raises(InputError, match="events"):
        proportion(cast("int", with_), 221)


def test_the_picture_has_a_row_for_each(trial: ModuleType) -> None:
    """The picture names the article's own figures and the five assumptions, and is well-formed."""
    picture = trial.picture()
    text = " ".join(ET.fromstring(picture).itertext())  # noqa: S314  our own picture
    assert "as the article has it" in text
    assert all(f"known: {each.assumption}" in text for each in trial.if_missing().assumed)
    assert "64/221 v 83/220" in text


def test_it_runs_as_the_readme_says(tmp_path: Path) -> None:
    """The command prints both tables and what neither says, and writes the picture."""
    picture = tmp_path / "trial.svg"
    ran = subprocess.run(  # noqa: S603  our own example
        [sys.executable, str(FILE), "--svg", str(picture)], capture_output=True, text=True, check=True
    )
    assert "risk difference: -8.8 points" in ran.stdout
    assert "the outcome of 3 of 221 assigned is missing" in ran.stdout
    assert "evidence, no promise to anybody" in ran.stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg")
