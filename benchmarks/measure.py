"""How two ways to one answer are held against each other: by turns, in one process, after their answers agreed."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

import attrs
import polars as pl

CODES: Final = {"not_met": 0, "met": 1, "unknown": 2, "pending": 3, "not_applicable": 4}
"""The verdicts as `judge_frame` tells them with `codes=True`."""
NOT_MET, MET, UNKNOWN, PENDING, NOT_APPLICABLE = range(5)

Way: TypeAlias = Callable[[], Any]
"""One way to the answer: run once, it gives the whole answer."""


@attrs.frozen
class Line:
    """One line of the table: what was measured, how often ours takes as long as theirs, and how often it may."""

    job: str
    ours: Sequence[float] = ()
    theirs: Sequence[float] = ()
    target: float | None = None
    note: str = ""
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """The median of ours to theirs, of pairs that were run one after the other."""
        return statistics.median(self.ratios)

    @property
    def ratios(self) -> list[float]:
        """Ours to theirs, of each pair."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    def cells(self) -> tuple[str, ...]:
        """The line as the cells of a table."""
        if not self.ours:
            return (self.job, "", "", "", "", "", self.note)
        if not self.theirs:
            return (self.job, f"{statistics.median(self.ours):.3g} {self.unit}", "", "", "", "", self.note)
        many = len(self.ours) > 1
        low, _, high = statistics.quantiles(self.ratios, n=4, method="inclusive") if many else [self.ratio] * 3
        middles = [f"{statistics.median(each):.3g} {self.unit}" for each in (self.ours, self.theirs)]
        target = "" if self.target is None else f"{self.target:.3g}"
        told = "" if self.target is None else "met" if self.ratio <= self.target else "**missed**"
        quartiles = f"{low:.3g} to {high:.3g}" if many else ""
        return (self.job, *middles, f"{self.ratio:.3g}", quartiles, target, " ".join(filter(None, (told, self.note))))


HEAD: Final = ("job", "ours", "theirs", "ratio", "quartiles", "at most", "")


def table(lines: Iterable[Line]) -> str:
    """The lines as a Markdown table."""
    rows = [HEAD, ("---",) + ("---:",) * 5 + ("---",), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def by_turns(first: Way, second: Way, times: int) -> tuple[list[float], list[float]]:
    """The seconds of two ways, run by turns: every other time the second goes first."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(times):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            found[which].append(seconds((first, second)[which]))
    return found


def seconds(way: Way) -> float:
    """The seconds of one run."""
    gc.collect()
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def versus(job: str, ours: Way, theirs: Way, times: int, *, target: float | None = None, note: str = "") -> Line:
    """A line of two ways of which the answers were found equal before."""
    told, others = by_turns(ours, theirs, times)
    line = Line(job, told, others, target, note)
    say(f"  {job}: {line.ratio:.3g}")
    return line


def say(text: str) -> None:
    """Tell how far the run has come, beside the table."""
    print(text, file=sys.stderr, flush=True)


def agreed(job: str, ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Stop the run where two answers differ."""
    theirs = theirs.select(ours.columns)
    if not ours["id"].equals(theirs["id"]):
        ours, theirs = ours.sort("id"), theirs.sort("id")
    for name in ours.columns:
        differs = ours[name].ne_missing(theirs[name])
        if differs.any():
            both = ours.filter(differs).head(5).to_dicts(), theirs.filter(differs).head(5).to_dicts()
            sys.exit(f"{job}: {differs.sum()} answers of {name} differ: {both[0]} and {both[1]}")
