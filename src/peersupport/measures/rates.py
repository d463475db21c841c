"""Rates: events over the time that people were at risk of them, and the ratio of two rates.

A rate takes events, of which one person can have several. The time is in person-years, of 365.25 days: the days that
each person was at risk, added up. The interval is the exact one of F. Garwood (1936). It takes every event as
independent of the others; where a few people have most of the events it is too narrow.
"""

from __future__ import annotations

import itertools
import math
from typing import Final

import attrs

from peersupport.measures.proportions import binomial_tail, by_probability, conditional_ratio, falling_sum
from peersupport.measures.values import (
    LEVEL,
    MOST,
    ONE_COMPARISON,
    Contrast,
    Events,
    Interval,
    PValue,
    Row,
    count_problems,
    counted,
    level_problems,
    line,
    p_value,
    settle,
    shown,
    undefined,
)
from peersupport.rules.problems import Problem, raise_any

DAYS_IN_YEAR: Final = 365.25
"""How many days make a person-year."""

SECOND: Final = 1 / (DAYS_IN_YEAR * 86_400)
"""One second, in years: a time at risk is nothing, or at least that."""

NO_TIME: Final = "nobody was at risk for any time"
"""Why a rate over no time has no value."""

REPEATED: Final = "events of the same person are taken as independent: the interval may be too narrow"
"""What is said where fewer people than events are known to be behind a rate."""


@attrs.frozen
class Rate:
    """`events` in `person_years`, as a rate `per` so many person-years, with Garwood's interval.

    `estimate` and `interval` are None where there was no time at risk.
    """

    events: int
    person_years: float
    per: int
    level: float
    estimate: float | None
    interval: Interval | None
    note: str = ""

    def line(self) -> Row:
        """The estimate and its limits as columns of a row, without the counts."""
        return line(f"rate per {self.per} person-years", self.estimate, interval=self.interval, note=self.note)

    def rows(self) -> tuple[Row, ...]:
        """One tidy row: the events, the time, the estimate, the limits and the note."""
        return ({"events": self.events, "person_years": self.person_years} | self.line(),)

    def __str__(self) -> str:
        start = f"{counted(self.events, 'event')} in {shown(self.person_years)} person-years"
        if self.estimate is None:
            return f"{start} (undefined: {self.note})"
        note = f" ({self.note})" if self.note else ""
        return f"{start}: {shown(self.estimate)} per {self.per} person-years, {self.interval}{note}"


def person_years(days: float) -> float:
    """The days that people were at risk, all together, in years of 365.25 days."""
    return days / DAYS_IN_YEAR


def rate(events: int | Events, person_years: float, *, per: int = 100, level: float = LEVEL) -> Rate:
    """The events per so many person-years, with Garwood's exact interval.

    The lower limit is exactly 0 for no events, and only then. Raises `InputError` for a count that is none, a time
    that is negative, not a number or under a second, events without any time, and a level outside 0 to 1.
    """
    count, note = (events.count, _repeated(events)) if isinstance(events, Events) else (events, "")
    problems = [*count_problems("events", count), *_time_problems(person_years), *_per_problems(per)]
    raise_any([*problems, *level_problems(level), *_timeless(count, person_years)])
    if not person_years:
        return Rate(count, person_years, per, level, None, None, NO_TIME)
    low, high = (limit / person_years * per for limit in garwood(count, level))
    interval = Interval(low, high, level, "Garwood exact")
    return Rate(count, person_years, per, level, count / person_years * per, interval, note)


def _repeated(events: Events) -> str:
    return REPEATED if events.people is not None and events.people < events.count else ""


def _time_problems(years: object) -> list[Problem]:
    if years is None:
        return [Problem("person_years", "is missing", "give the time at risk; what is not known is not 0")]
    if isinstance(years, bool) or not isinstance(years, int | float):
        return [Problem("person_years", f"{years!r} is not a number", "give years, as an int or a float")]
    if years == 0 or SECOND <= years <= MOST:
        return []
    return [Problem("person_years", f"{years!r} is no time at risk", f"give 0, or years from a second to {MOST}")]


def _per_problems(per: object) -> list[Problem]:
    if isinstance(per, int) and not isinstance(per, bool) and 0 < per <= MOST:
        return []
    return [Problem("per", f"{per!r} is not a number of person-years", "give a whole number above 0, such as 100")]


def _timeless(count: object, years: object) -> list[Problem]:
    """Events need time to happen in."""
    if years == 0 and isinstance(count, int) and count > 0:
        return [Problem("person_years", f"is 0, and there are {count} events", "give the time in which they happened")]
    return []


# the interval of a count


def garwood(events: int, level: float) -> tuple[float, float]:
    """Garwood's exact limits of the number of events to be expected, where so many were seen."""
    left, most = math.log((1 - level) / 2), math.log(events + 1)
    low = math.exp(settle(lambda logarithm: _as_many(events, logarithm), left, math.log(events))) if events else 0.0
    return low, math.exp(settle(lambda logarithm: _as_few(events, logarithm), left, most))


def _as_many(events: int, logarithm: float) -> tuple[float, float]:
    """The logarithm of the chance of so many events or more, for a mean not above them, and its slope."""
    mean = math.exp(logarithm)
    times = falling_sum(mean / each for each in itertools.count(events + 1))
    return _log_chance(events, mean) + math.log(times), events / times


def _as_few(events: int, logarithm: float) -> tuple[float, float]:
    """The logarithm of the chance of so many events or fewer, for a mean above them, and its slope."""
    mean = math.exp(logarithm)
    times = falling_sum(each / mean for each in range(events, 0, -1))
    return _log_chance(events, mean) + math.log(times), -mean / times


def _log_chance(events: int, mean: float) -> float:
    """The logarithm of the Poisson chance of so many events: large numbers neither overflow nor vanish."""
    return events * math.log(mean) - mean - math.lgamma(events + 1)


# the ratio of two rates


@attrs.frozen(kw_only=True)
class RateRatio:
    """The rate of `first` over that of `second`, with the exact interval and p values given all their events.

    `exact` is twice the smaller tail, and belongs to the interval: it is below what the level leaves if and only if
    the interval leaves out 1. `by_probability` adds up all that is as unlikely as what was seen, as R does.
    """

    first: Rate
    second: Rate
    level: float
    ratio: Contrast
    exact: PValue
    by_probability: PValue

    def rows(self) -> tuple[Row, ...]:
        """Tidy rows: both rates, their ratio, both p values; the counts and times on every row."""
        counts: Row = {
            "first_events": self.first.events,
            "first_person_years": self.first.person_years,
            "second_events": self.second.events,
            "second_person_years": self.second.person_years,
        }
        first = self.first.line() | {"measure": f"first {self.first.line()['measure']}"}
        second = self.second.line() | {"measure": f"second {self.second.line()['measure']}"}
        lines = (first, second, self.ratio.line(), self.exact.line(), self.by_probability.line())
        return tuple(counts | each for each in lines)

    def __str__(self) -> str:
        lines = [f"first: {self.first}", f"second: {self.second}", self.ratio, self.exact, self.by_probability]
        return "\n".join(map(str, [*lines, ONE_COMPARISON]))


def rate_ratio(first: Rate, second: Rate, *, level: float = LEVEL) -> RateRatio:
    """The rate of the first over that of the second, exact given the sum of their events.

    The ratio is infinite where the second has no events, and undefined where neither has, or either had no time.
    Raises `InputError` when one is no `Rate`, or for a level outside 0 to 1.
    """
    problems = [*_rate_problems("first", first), *_rate_problems("second", second), *level_problems(level)]
    raise_any(problems)
    if not (first.person_years and second.person_years):
        return _ratio(first, second, level, undefined("rate ratio", NO_TIME), None, None)
    ratio = conditional_ratio(
        "rate ratio", first.events, second.events, level, second.person_years / first.person_years
    )
    return _ratio(first, second, level, ratio, *_conditional_p(first, second))


def _rate_problems(place: str, given: object) -> list[Problem]:
    return [] if isinstance(given, Rate) else [Problem(place, f"{given!r} is no Rate", "give what rate() returns")]


def _ratio(
    first: Rate, second: Rate, level: float, ratio: Contrast, tails: float | None, chances: float | None
) -> RateRatio:
    exact, likely = (
        PValue(method, None, None, NO_TIME) if p is None else p_value(method, p)
        for method, p in (
            ("exact conditional, twice the smaller tail", tails),
            ("exact conditional, by probability", chances),
        )
    )
    return RateRatio(first=first, second=second, level=level, ratio=ratio, exact=exact, by_probability=likely)


def _conditional_p(first: Rate, second: Rate) -> tuple[float, float]:
    """Both exact p values of equal rates: given the sum, the events of the first are binomial."""
    of, odds = first.events + second.events, first.person_years / second.person_years
    expected = of * first.person_years / (first.person_years + second.person_years)
    more = first.events >= expected
    seen, times = binomial_tail(first.events, of, odds) if more else binomial_tail(second.events, of, 1 / odds)
    likeliest = min(of, int((of + 1) * odds / (1 + odds)))
    chances = by_probability(first.events, likeliest, range(of + 1), lambda number: (of - number) / (number + 1) * odds)
    return 2 * math.exp(seen) * times, chances
