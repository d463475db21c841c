"""Proportions: how many of how many, with an interval; and the same people looked at twice, before and after.

A proportion counts people (or stays): each of `of` is counted once, and `events` of them had the event. A count of
events, of which one person can have several, is refused: for it there is a rate over time. The Wilson interval is
that of E. B. Wilson (1927), the Clopper-Pearson interval that of C. J. Clopper and E. S. Pearson (1934), the test
of pairs that of Q. McNemar (1947).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final, Literal, cast

import attrs

from peersupport.measures.values import (
    LEVEL,
    Contrast,
    Events,
    Interval,
    PValue,
    Row,
    chi_square_p,
    choice_problems,
    deviate,
    hundredths,
    level_problems,
    line,
    p_value,
    people_problems,
    percent,
    settle,
    undefined,
)
from peersupport.rules.problems import Problem, raise_any

ProportionMethod = Literal["wilson", "clopper-pearson"]
"""How the interval of a proportion is reckoned."""

EMPTY: Final = "nobody was counted"
"""Why a proportion of nobody has no value."""


@attrs.frozen
class Proportion:
    """`events` of `of` people, with an interval; `estimate` and `interval` are None where nobody was counted."""

    events: int
    of: int
    level: float
    estimate: float | None
    interval: Interval | None
    note: str = ""

    def line(self, measure: str = "proportion") -> Row:
        """The estimate and its limits as columns of a row, without the counts."""
        return line(measure, self.estimate, interval=self.interval, note=self.note)

    def rows(self) -> tuple[Row, ...]:
        """One tidy row: the counts, the estimate, the limits, and the note."""
        return ({"events": self.events, "of": self.of} | self.line(),)

    def __str__(self) -> str:
        if self.estimate is None or self.interval is None:
            return f"{self.events} of {self.of} (undefined: {self.note})"
        low, high = percent(self.interval.low), percent(self.interval.high)
        return f"{self.events} of {self.of} ({percent(self.estimate)}, {low} to {high})"


def proportion(
    events: int | Events, of: int, *, level: float = LEVEL, method: ProportionMethod = "wilson"
) -> Proportion:
    """The share of `of` people who had the event, with an interval by the `method` named.

    Wilson's interval is the default: its limits are exactly 0 for nobody and exactly 1 for everybody.
    Clopper-Pearson's covers at least the level, and is mostly wider. Raises `InputError` for events that are not
    people (`Events`), counts that are none, more events than people, a level outside 0 to 1, or another method.
    """
    problems = [*share_problems(events, of), *level_problems(level), *choice_problems("method", method, METHODS)]
    raise_any(problems)
    count = cast("int", events)
    if not of:
        return Proportion(count, of, level, None, None, EMPTY)
    return Proportion(count, of, level, count / of, METHODS[method](count, of, level))


def share_problems(events: object, of: object, place: str = "") -> list[Problem]:
    """What is wrong with `events` of `of` people: each is a count of people, and `events` is not above `of`."""
    problems = [*people_problems(f"{place}events", events), *people_problems(f"{place}of", of)]
    if problems or cast("int", events) <= cast("int", of):
        return problems
    mend = "count each once; for events of which one person can have several, use a rate over time"
    return [Problem(f"{place}events", f"{events} is more than the {of} counted", mend)]


# intervals


def wilson(events: int, of: int, level: float) -> Interval:
    """Wilson's score interval of `events` of `of`, `of` being above 0; it holds the estimate and stays in 0 to 1."""
    share, square = events / of, deviate(level) ** 2
    middle = (events + square / 2) / (of + square)
    reach = math.sqrt(square * (share * (1 - share) * of + square / 4)) / (of + square)
    low = 0.0 if events == 0 else middle - reach
    high = 1.0 if events == of else middle + reach  # what is exactly 1 may be missed by a rounding
    return Interval(low, high, level, "Wilson")


def clopper_pearson(events: int, of: int, level: float) -> Interval:
    """Clopper and Pearson's exact interval of `events` of `of`, `of` being above 0."""
    least, most = least_odds(events, of, level), least_odds(of - events, of, level)
    return Interval(least / (1 + least), 1 / (1 + most), level, "Clopper-Pearson exact")


METHODS: Final[dict[str, Callable[[int, int, float], Interval]]] = {
    "wilson": wilson,
    "clopper-pearson": clopper_pearson,
}
"""The intervals of a proportion, by name."""


def least_odds(events: int, of: int, level: float) -> float:
    """The odds of one at which as many events or more have half of what the level leaves; 0 for no events."""
    if not events:
        return 0.0

    def curve(logarithm: float) -> tuple[float, float]:
        odds = math.exp(logarithm)
        first, times = binomial_tail(events, of, odds)
        return first + math.log(times), events / (1 + odds) / times

    return math.exp(settle(curve, math.log((1 - level) / 2), math.log(events / (of - events + 1))))


def binomial_tail(events: int, of: int, odds: float) -> tuple[float, float]:
    """The chance of `events` or more of `of` at the odds of one, for `events` not below what is to be expected.

    As the logarithm of the chance of `events` itself, which does not vanish, and how many times that the tail is.
    """
    ratios = ((of - each) / (each + 1) * odds for each in range(events, of))
    first = _log_ways(events, of) - events * math.log1p(1 / odds) - (of - events) * math.log1p(odds)
    return first, falling_sum(ratios)


def _log_ways(events: int, of: int) -> float:
    """The logarithm of the ways to choose: exact where few are chosen of many, where the gamma function rounds most."""
    if min(events, of - events) <= 1000:
        return math.log(math.comb(of, events))
    return math.lgamma(of + 1) - math.lgamma(events + 1) - math.lgamma(of - events + 1)


def falling_sum(ratios: Iterable[float]) -> float:
    """The sum of terms that start with 1 and fall ever faster by the ratios, until they no longer count."""
    total = term = 1.0
    for ratio in ratios:
        term *= ratio
        if term <= total * 1e-18:
            break
        total += term
    return total


TIE: Final = 1e-7
"""Two chances are the same where they differ by less than this part of themselves: the rule of R."""


def by_probability(seen: int, likeliest: int, span: range, step: Callable[[int], float]) -> float:
    """The chance of all that is as unlikely as what was seen, or more so: a two-sided p value.

    `span` holds all that can be, and `step` is the chance of one more over that of a number. Reckoned from the
    likeliest number outwards, so that nothing overflows, and what is too small for the machine is nothing.
    """
    up = _weights(range(likeliest, span[-1]), step)
    down = _weights(range(likeliest - 1, span[0] - 1, -1), lambda number: 1 / step(number))
    weights = {likeliest: 1.0} | {each + 1: weight for each, weight in up.items()} | down
    limit = weights.get(seen, 0.0) * (1 + TIE)
    return math.fsum(each for each in weights.values() if each <= limit) / math.fsum(weights.values())


def _weights(numbers: range, step: Callable[[int], float]) -> dict[int, float]:
    """The running product of the steps, for each number until it is nothing."""
    weights, weight = dict[int, float](), 1.0
    for each in numbers:
        weight *= step(each)
        if not weight:
            break
        weights[each] = weight
    return weights


# two counts that are compared by their sum alone


def conditional_ratio(measure: str, over: int, under: int, level: float, scale: float = 1.0) -> Contrast:
    """The ratio of two counts times `scale`, with the exact interval that holds given the sum of the two.

    It is infinite where `under` is 0, and undefined where both are.
    """
    if not over + under:
        return undefined(measure, "both counts are 0")
    interval = _conditional_limits(over, under, level, scale)
    if not under:
        return Contrast(measure, None, interval, "infinite", "the count to divide by is 0")
    return Contrast(measure, over / under * scale, interval)


def _conditional_limits(over: int, under: int, level: float, scale: float) -> Interval:
    least, most = least_odds(over, over + under, level), least_odds(under, over + under, level)
    return Interval(least * scale, scale / most if most else math.inf, level, CONDITIONAL)


CONDITIONAL: Final = "exact conditional"
"""The interval of a ratio of two counts given their sum."""


# the same people, looked at twice


@attrs.frozen(kw_only=True)
class Paired:
    """The same people looked at twice: whether each had the event at the first look, and at the second.

    `change` is the share at the second look less that at the first. `odds_ratio` sets those who had it only at the
    second look against those who had it only at the first, with the exact interval that belongs to `exact`.
    """

    both: int
    first_only: int
    second_only: int
    neither: int
    level: float
    first: Proportion
    second: Proportion
    change: float | None
    odds_ratio: Contrast
    exact: PValue
    mid_p: PValue
    chi_square: PValue
    corrected_chi_square: PValue

    @property
    def tests(self) -> tuple[PValue, ...]:
        """The tests of McNemar: exact, mid-p, by chi-square without and with the correction for continuity."""
        return self.exact, self.mid_p, self.chi_square, self.corrected_chi_square

    def rows(self) -> tuple[Row, ...]:
        """Tidy rows: both shares, the change, the odds ratio, then a row for each test; the counts on every row."""
        counts: Row = {name: getattr(self, name) for name in ("both", "first_only", "second_only", "neither")}
        lines = [
            self.first.line("share at the first look"),
            self.second.line("share at the second look"),
            line("change", self.change, note=self.first.note),
            self.odds_ratio.line(),
            *(test.line() for test in self.tests),
        ]
        return tuple(counts | each for each in lines)

    def __str__(self) -> str:
        change = "undefined" if self.change is None else f"{hundredths(self.change)} points"
        lines = [f"first look: {self.first}", f"second look: {self.second}", f"change: {change}", str(self.odds_ratio)]
        return "\n".join([*lines, *map(str, self.tests), ONE_GROUP])


ONE_GROUP: Final = (
    "One group looked at twice, with nothing to compare it to: people who start at a bad time are often better later, "
    "whatever was done."
)
"""What is said with every comparison of the same people at two times."""


def paired(both: int, first_only: int, second_only: int, neither: int, *, level: float = LEVEL) -> Paired:
    """The same people looked at twice, by McNemar's tests: of `both` looks, of one only, of `neither`.

    Only those who changed tell anything about a change. The exact p value is twice the smaller tail of the binomial
    with chance one half; mid-p counts half of the chance of what was seen. Raises `InputError` for counts that are
    none and for a level outside 0 to 1.
    """
    counts = {"both": both, "first_only": first_only, "second_only": second_only, "neither": neither}
    problems = [each for name, count in counts.items() for each in people_problems(name, count)]
    raise_any([*problems, *level_problems(level)])
    of = sum(counts.values())
    first, second = (proportion(both + only, of, level=level) for only in (first_only, second_only))
    exact, mid_p = _mcnemar_exact(first_only, second_only)
    return Paired(
        **counts,
        level=level,
        first=first,
        second=second,
        change=(second_only - first_only) / of if of else None,
        odds_ratio=conditional_ratio("odds ratio of those who changed", second_only, first_only, level),
        exact=exact,
        mid_p=mid_p,
        chi_square=_mcnemar_chi_square("McNemar chi-square", first_only, second_only, 0),
        corrected_chi_square=_mcnemar_chi_square("McNemar chi-square, corrected", first_only, second_only, 1),
    )


def _mcnemar_exact(first_only: int, second_only: int) -> tuple[PValue, PValue]:
    """The exact p value and the mid-p value of McNemar's test; both are 1 where nobody changed."""
    changed, more = first_only + second_only, max(first_only, second_only)
    first, times = binomial_tail(more, changed, 1.0)
    tail, seen = math.exp(first) * times, math.exp(first)
    return p_value("McNemar exact", 2 * tail), p_value("McNemar mid-p", 2 * tail - seen)


def _mcnemar_chi_square(method: str, first_only: int, second_only: int, correction: int) -> PValue:
    changed = first_only + second_only
    if not changed:
        return PValue(method, None, None, "nobody changed")
    return chi_square_p(method, max(0, abs(first_only - second_only) - correction) ** 2 / changed)
