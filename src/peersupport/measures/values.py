"""What the measures have in common: intervals, tests, contrasts of two arms, and counts that are checked.

Counts are whole numbers of people or of events, proportions lie from 0 to 1, levels between 0 and 1 (0.95 is 95 %).
A number that is not defined is None, with the reason beside it; nothing here is ever not-a-number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import Final, Literal

import attrs

from peersupport.rules.problems import Problem, raise_any

Row = dict[str, str | int | float | None]
"""One tidy row: a plain dict of names and plain values, with None for what is not defined."""

State = Literal["defined", "infinite", "undefined"]
"""Whether an estimate is a number, lies at infinity, or has no value at all."""

LEVEL: Final = 0.95
"""The level of an interval unless another is given."""

MOST: Final = 1_000_000_000
"""The largest count that is taken: a guard against a number of another kind, such as an identifier."""

SMALLEST: Final = 2.2250738585072014e-308
"""What a p value is given as when it is too small for a number of the machine: it is never 0."""

ONE_COMPARISON: Final = "One comparison of these counts: other people, places or years may differ."
"""What is said with every comparison: it is no promise."""


# counts and levels


def count_problems(place: str, value: object) -> list[Problem]:
    """What is wrong with a count at `place`: it must be a whole number from 0 to `MOST`."""
    if value is None:
        return [Problem(place, "is missing", "give the count; what is not known is not 0")]
    if isinstance(value, bool) or not isinstance(value, int):
        return [Problem(place, f"{value!r} is not a whole number", "give a Python int")]
    if value < 0:
        return [Problem(place, f"{value} is below 0", "a count is 0 or more")]
    if value > MOST:
        return [Problem(place, f"{value} is above {MOST}", "give a count of people or of events")]
    return []


def level_problems(level: object) -> list[Problem]:
    """What is wrong with the level of an interval: it lies between 0 and 1."""
    if isinstance(level, float) and 0 < level < 1:
        return []
    return [Problem("level", f"{level!r} is not between 0 and 1", "write 0.95 for 95 %")]


def choice_problems(place: str, value: object, choices: Iterable[str]) -> list[Problem]:
    """What is wrong with the name of a method: it is one of `choices`."""
    names = tuple(choices)
    return [] if value in names else [Problem(place, f"{value!r} is not a method", f"one of {', '.join(names)}")]


@attrs.frozen
class Events:
    """A number of events, which is not a number of people: one person can have several.

    `people` is how many people had at least one, None when that is not known. A rate over time takes the count; a
    proportion refuses it. Raises `InputError` for a count that is none, or more people than events.
    """

    count: int
    people: int | None = None

    def __attrs_post_init__(self) -> None:
        problems = count_problems("count", self.count)
        if self.people is not None:
            problems += count_problems("people", self.people)
            problems += _fewer_events(self.count, self.people) if not problems else []
        raise_any(problems)


def _fewer_events(count: int, people: int) -> list[Problem]:
    if people <= count and bool(people) == bool(count):
        return []
    return [Problem("people", f"{people} people cannot have had {count} events", "count people who had one or more")]


def people_problems(place: str, value: object) -> list[Problem]:
    """What is wrong with a count of people at `place`; a count of events is refused with the reason."""
    if not isinstance(value, Events):
        return count_problems(place, value)
    mend = "use a rate over time" if value.people is None else f"use a rate over time, or the {value.people} people"
    return [Problem(place, f"{value.count} events are not people: one person can have several", mend)]


# intervals


@attrs.frozen
class Interval:
    """From `low` to `high` at a `level`, by the `method` named.

    An upper limit can be infinite (`math.inf`): then it is printed as infinity and is None in a row. Raises
    `InputError` when the limits are not in order, are not numbers, or the level does not lie between 0 and 1.
    """

    low: float
    high: float
    level: float = LEVEL
    method: str = ""

    def __attrs_post_init__(self) -> None:
        problems = level_problems(self.level)
        if not (math.isfinite(self.low) and self.low <= self.high):
            problems.append(
                Problem("interval", f"{self.low!r} to {self.high!r} is not in order", "give low, then high")
            )
        raise_any(problems)

    def __contains__(self, number: float) -> bool:
        """Whether a number lies within the limits; the limits themselves do."""
        return self.low <= number <= self.high

    def __str__(self) -> str:
        method = f", {self.method}" if self.method else ""
        return f"{shown(self.low)} to {shown(self.high)} ({level_text(self.level)} interval{method})"


def line(
    measure: str,
    estimate: float | None = None,
    *,
    state: State | None = None,
    interval: Interval | None = None,
    test: PValue | None = None,
    note: str = "",
) -> Row:
    """The columns that every tidy row has after its counts, None where one does not apply.

    An infinite upper limit is None, with `high_is_infinite` 1. `state` is that of the estimate, which is undefined
    where there is none unless another is given.
    """
    endless = interval is not None and math.isinf(interval.high)
    return {
        "measure": measure,
        "estimate": estimate,
        "state": state or ("undefined" if estimate is None else "defined"),
        "low": interval.low if interval else None,
        "high": interval.high if interval and not endless else None,
        "high_is_infinite": int(endless) if interval else None,
        "level": interval.level if interval else None,
        "method": interval.method if interval else test.method if test else None,
        "statistic": test.statistic if test else None,
        "note": note,
    }


# p values and contrasts


@attrs.frozen
class PValue:
    """The p value of a test by its `method`, above 0 and at most 1; None where the test is not defined, with a note.

    `statistic` is what the test compares, None for an exact test, which has none.
    """

    method: str
    p: float | None
    statistic: float | None = None
    note: str = ""

    def line(self) -> Row:
        """The test as columns of a row: the p value is the estimate."""
        return line("p value", self.p, test=self, note=self.note)

    def __str__(self) -> str:
        if self.p is None:
            return f"{self.method}: undefined ({self.note})"
        return f"{self.method}: {'p < 0.001' if self.p < 0.001 else f'p = {self.p:.3f}'}"


def p_value(method: str, p: float, statistic: float | None = None) -> PValue:
    """A p value held above 0 and at most 1: one that no number of the machine can hold is given as `SMALLEST`."""
    return PValue(method, min(1.0, max(SMALLEST, p)), statistic)


def chi_square_p(method: str, statistic: float) -> PValue:
    """The p value of a chi-square statistic with one degree of freedom."""
    return p_value(method, math.erfc(math.sqrt(statistic / 2)), statistic)


@attrs.frozen
class Contrast:
    """One measure of how two arms differ, as it comes out of the counts, with nothing added to them.

    `estimate` is None where the measure lies at infinity or has no value; `state` says which, and `note` says why.
    `interval` is None where its method does not hold, and `note` says why. `measure` names what is measured.
    """

    measure: str
    estimate: float | None
    interval: Interval | None
    state: State = "defined"
    note: str = ""

    def line(self) -> Row:
        """The contrast as columns of a row."""
        return line(self.measure, self.estimate, state=self.state, interval=self.interval, note=self.note)

    def __str__(self) -> str:
        interval = f", {self.interval}" if self.interval else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.measure}: {self.state if self.estimate is None else shown(self.estimate)}{interval}{note}"


def undefined(measure: str, note: str) -> Contrast:
    """A contrast without a value, with the reason."""
    return Contrast(measure, None, None, "undefined", note)


# numbers


def deviate(level: float) -> float:
    """How many standard deviations each side of the middle hold `level` of the normal curve: 1.96 for 0.95."""
    return -NormalDist().inv_cdf((1 - level) / 2)


def settle(curve: Callable[[float], tuple[float, float]], target: float, start: float) -> float:
    """Where a curve meets the target, by Newton's steps from `start`; it gives its height and its slope at a place.

    The curve must be concave, as the logarithm of a tail is over the logarithm of what moves it: from the second step
    on it is met from one side only, and where a step goes back only the rounding of the machine is left.
    """

    def stepped(place: float) -> tuple[float, float]:
        height, slope = curve(place)
        return place + (target - height) / slope, slope

    place, _ = stepped(start)
    following, slope = stepped(place)
    while (following - place) * slope > 0:
        place = following
        following, slope = stepped(place)
    return place


# printing


def shown(number: float) -> str:
    """A number with three figures that count, without an exponent from 0.001 up; infinity by its name.

    What is not 1 is not printed as 1: a limit of a ratio stays on its own side.
    """
    if math.isinf(number):
        return "infinity" if number > 0 else "-infinity"
    rounded = float(f"{number:.3g}")
    if abs(rounded) < 0.001:
        return f"{rounded:.3g}"
    return _fixed(number, max(0, 2 - math.floor(math.log10(abs(rounded)))), 1)


def percent(share: float) -> str:
    """A share as a percentage with one decimal: 0.2896 is 29.0 %. What is not none and not all is not printed so."""
    return f"{_fixed(share * 100, 1, 0, 100)} %"


def hundredths(difference: float) -> str:
    """A difference of shares as points of a percent: -0.0877 is -8.8. What is not 0 is not printed as 0."""
    return _fixed(difference * 100, 1, 0)


def _fixed(number: float, decimals: int, *marks: int) -> str:
    """A number with so many decimals, or with more where it would be printed as a mark that it is not."""
    texts = (f"{number:.{each}f}" for each in range(decimals, 10))
    plain = f"{round(number, decimals) + 0.0:.{decimals}f}"
    return plain if number in marks else next((text for text in texts if float(text) not in marks), plain)


def level_text(level: float) -> str:
    """A level as a percentage with the decimals that it has: 0.95 is 95 %, 0.999 is 99.9 %."""
    return f"{round(level * 100, 9):g} %"


def counted(count: int, name: str) -> str:
    """A count with the name of what is counted: 1 event, 2 events."""
    return f"{count} {name}{'' if count == 1 else 's'}"
