"""The trial of self-management with peer support workers, as the article reports it (S4), and what it leaves out.

    python examples/trial.py [--svg FILE]

The article has 64 people of 221 and 83 of 220 back in acute care within a year. Those are all who were assigned; the
publication of the trial (Lancet 2018;392:409-418) has an outcome for 218 and 216 of them, and takes its shares of
those. Both are shown, then what the missing outcomes could change, then a picture.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from peersupport.measures.comparisons import Arm, Comparison, MissingOutcomes, compare, forest, missing_outcomes
from peersupport.measures.values import Events

WITH, WITHOUT = "peer-supported self-management", "the workbook by post"
READMITTED = {WITH: 64, WITHOUT: 83}
ASSIGNED = {WITH: 221, WITHOUT: 220}
KNOWN = {WITH: 218, WITHOUT: 216}
SAID = (
    "The article counts all who were assigned and says nothing of missing outcomes, intervals or p values, of\n"
    "the workbook that the other arm got too, or of recovery as people rated it themselves, with no clear effect.\n"
    "It tells 29 and 42 serious adverse events as if they were people. One trial is evidence, no promise to anybody."
)


def as_reported() -> Comparison:
    """The two arms as the article has them: of all who were assigned, as if every outcome were known."""
    return compare(*(Arm(name, READMITTED[name], ASSIGNED[name]) for name in (WITH, WITHOUT)), wanted=False)


def as_published() -> Comparison:
    """The two arms by the people of whom an outcome is known."""
    return compare(*_arms(), wanted=False)


def if_missing() -> MissingOutcomes:
    """The two arms under each assumption about the three and four people of whom no outcome is known."""
    return missing_outcomes(*_arms(), wanted=False)


def _arms() -> tuple[Arm, Arm]:
    first, second = (Arm(name, READMITTED[name], KNOWN[name], assigned=ASSIGNED[name]) for name in (WITH, WITHOUT))
    return first, second


def picture() -> str:
    """The risk ratio under each denominator and assumption, as an SVG."""
    cases = {"as the article has it": as_reported()}
    cases |= {f"known: {each.assumption}": each.comparison for each in if_missing().assumed}
    return forest(cases, title="Back in acute care within a year", total="known: complete case")


def serious_events() -> tuple[Events, Events]:
    """The serious adverse events of each arm: events, of which one person can have several."""
    return Events(29), Events(42)


def main() -> None:
    """Print the trial, and write the picture where that is asked for."""
    parser = argparse.ArgumentParser(description="The trial of S4.")
    parser.add_argument("--svg", type=Path, help="where the picture is written")
    asked = parser.parse_args()
    print(f"As the article has it\n\n{as_reported()}\n")
    print(f"By the people of whom the outcome is known\n\n{as_published()}\n")
    print(f"What the missing outcomes could change\n\n{if_missing()}\n\n{SAID}")
    if asked.svg:
        asked.svg.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
