"""Time until something happens, when not everybody was watched to the end: Kaplan-Meier, restricted mean, log-rank.

A time is a number of whole days from a start that is the same event for everybody (a discharge, a referral), with
whether it ended in the event or was cut short (censored). A censored person was at risk up to and on the last day.
Someone who dies can no longer have the event: the curve treats death as the end of watching, which is right only where
those who died would have gone on like the others. Death is a competing risk, and is to be said beside the curve.

Everything here is in closed form. A model (Cox) is for other libraries: `times_as_rows` hands the times over.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

import attrs

from peersupport.measures import pictures
from peersupport.measures.values import (
    LEVEL,
    SMALLEST,
    Interval,
    Row,
    count_problems,
    deviate,
    level_problems,
    level_text,
    shown,
)
from peersupport.rules.problems import Problem, raise_any

LOG_LOG: Final = "log-log"
"""How the limits of a curve are found: on the scale of the logarithm of minus the logarithm, where they stay in 0 to 1.

R takes the logarithm by default, so its limits differ unless `conf.type = "log-log"` is asked for.
"""

FINEST: Final = 1_000_000
"""A share is read as the nearest fraction with at most this denominator, so that 0.3 is three tenths exactly."""

NEAR: Final = 1e-9
"""How close a rounded survival may come to a share before both are compared as exact fractions."""

# times


@attrs.frozen
class Time:
    """How many days somebody was watched, and whether the `event` came on the last of them.

    Day 0 is allowed: the event, or the end of watching, on the day of the start itself. Without the event the time is
    censored. Raises `InputError` for days or an event that are not recorded: nobody is left out silently.
    """

    days: int
    event: bool

    def __attrs_post_init__(self) -> None:
        raise_any([*_days_problems("days", self.days), *_event_problems("event", self.event)])


_MEND = "leave the person out and give the count as left_out (known_times does both), or find it out"


def _days_problems(place: str, days: object) -> list[Problem]:
    return [Problem(place, "is not recorded", _MEND)] if days is None else count_problems(place, days)


def _event_problems(place: str, event: object) -> list[Problem]:
    if event is None:
        return [Problem(place, "is not recorded", _MEND)]
    if isinstance(event, bool):
        return []
    return [Problem(place, f"{event!r} is neither True nor False", "True if the event came, False if it was censored")]


@attrs.frozen
class KnownTimes:
    """The times that are recorded, and how many people were left out because theirs are not."""

    times: tuple[Time, ...]
    left_out: int


def known_times(pairs: Iterable[tuple[int | None, bool | None]]) -> KnownTimes:
    """The times of pairs of days and event, without those in which either is None; these are counted.

    Leaving people out is an assumption: that they are like the others. Raises `InputError` with everything else that is
    wrong, by the number of the pair from 0.
    """
    found = list(enumerate(pairs))
    known = [(number, days, event) for number, (days, event) in found if days is not None and event is not None]
    problems = [
        problem
        for number, days, event in known
        for problem in (*_days_problems(f"[{number}].days", days), *_event_problems(f"[{number}].event", event))
    ]
    raise_any(problems)
    return KnownTimes(tuple(Time(days, event) for _, days, event in known), len(found) - len(known))


def times_as_rows(times: Iterable[Time], **columns: str | float | None) -> list[Row]:
    """One tidy row for each time, with `days`, `event` (1 or 0) and the same `columns` in every row.

    It is what a Cox model asks for: `times_as_rows(first, arm=1) + times_as_rows(second, arm=0)`. Say how ties are
    handled when you fit it: R and lifelines take Efron's way by default, statsmodels takes Breslow's. Raises
    `InputError` for a column named `days` or `event`.
    """
    taken = sorted({"days", "event"} & columns.keys())
    raise_any([Problem(name, "is a column of the times already", "choose another name") for name in taken])
    return [{"days": each.days, "event": int(each.event), **columns} for each in times]


# the curve


@attrs.frozen
class Step:
    """A day on which somebody had the event or was censored.

    `at_risk` is how many were watched just before, `survival` the estimated share without the event after that day.
    `interval` is None where the survival is 1 or 0: the log-log limits do not exist there.
    """

    day: int
    at_risk: int
    events: int
    censored: int
    survival: float
    interval: Interval | None


@attrs.frozen
class RestrictedMean:
    """The mean number of days without the event, of the first `tau` days: the area under the curve up to there.

    `standard_error` is Greenwood's, without the factor of a small sample, as R gives it. `interval` is the estimate
    with its normal deviates either way, kept within 0 and `tau`; it is None where nothing varies (nobody had the event
    in time, or all had it on one day), because an interval without width would claim what a few people cannot show.
    """

    tau: int
    estimate: float
    standard_error: float
    interval: Interval | None

    def rows(self) -> list[Row]:
        """The mean as one tidy row."""
        mean: Row = {"tau": self.tau, "estimate": self.estimate, "standard_error": self.standard_error}
        return [{**mean, **_limits(self.interval)}]

    def _repr_html_(self) -> str:
        return pictures.html("", self.rows(), f"Mean days without the event, of the first {self.tau}")


@attrs.frozen
class Curve:
    """A Kaplan-Meier curve: the share without the event over time.

    `steps` are the days on which something happened, in order. `of` is how many people there are, and `left_out` how
    many more whose times are not known. A curve shows each event and cannot be suppressed cell by cell: do not publish
    one of a small group.
    """

    steps: tuple[Step, ...]
    level: float = LEVEL
    left_out: int = 0

    @property
    def of(self) -> int:
        """How many people are in the curve."""
        return self.steps[0].at_risk if self.steps else 0

    @property
    def events(self) -> int:
        """How many had the event."""
        return sum(step.events for step in self.steps)

    @property
    def censored(self) -> int:
        """How many were watched without the event until their last day."""
        return sum(step.censored for step in self.steps)

    @property
    def last_day(self) -> int | None:
        """The last day on which anybody was watched; None of nobody."""
        return self.steps[-1].day if self.steps else None

    def at(self, day: int) -> float | None:
        """The share without the event after a day; None after the last day watched, unless all had the event by then.

        It is 1 before the first event. An event on day 0 counts on day 0. Raises `InputError` for a day below 0.
        """
        raise_any(_days_problems("day", day))
        if not self._watched(day):
            return None
        step = self._before(day)
        return 1.0 if step is None else step.survival

    def interval_at(self, day: int) -> Interval | None:
        """The limits of `at(day)`; None where there are none."""
        raise_any(_days_problems("day", day))
        step = self._before(day)
        return step.interval if step is not None and self._watched(day) else None

    def at_risk(self, day: int) -> int:
        """How many are watched just before a day: those whose event or last day is that day or later.

        Raises `InputError` for a day below 0.
        """
        raise_any(_days_problems("day", day))
        index = bisect_left(self.steps, day, key=lambda step: step.day)
        return self.steps[index].at_risk if index < len(self.steps) else 0

    def events_on(self, day: int) -> int:
        """How many had the event on a day. Raises `InputError` for a day below 0."""
        raise_any(_days_problems("day", day))
        step = self._before(day)
        return step.events if step is not None and step.day == day else 0

    @property
    def median(self) -> float | None:
        """The day by which half had the event; None when that is never reached. See `quantile` for the convention."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> float | None:
        """The day by which a `share` had the event; None when that is never reached.

        Where the curve lies flat at exactly that height, the day is the middle of the flat: that is what R does (times
        1, 2, 3, 4 have a median of 2.5, where lifelines says 2 and statsmodels 3). A flat at the end of the curve goes
        to the last day watched. The comparison is exact. Raises `InputError` when the share is not between 0 and 1.
        """
        raise_any(_share_problems(share))
        left = 1 - Fraction(share).limit_denominator(FINEST)
        drops = [index for index, step in enumerate(self.steps) if step.events]
        at = next((place for place, index in enumerate(drops) if self._compared(index, left) <= 0), None)
        if at is None:
            return None
        first = self.steps[drops[at]]
        if self._compared(drops[at], left) < 0:
            return float(first.day)
        until = self.steps[drops[at + 1]] if at + 1 < len(drops) else self.steps[-1]
        return (first.day + until.day) / 2

    def quantile_limits(self, share: float = 0.5) -> tuple[int | None, int | None]:
        """From which to which day `quantile(share)` may lie, at the level of the curve (Brookmeyer and Crowley).

        They are the first days on which the lower and the upper limit of the curve are no longer above what is left;
        None for a limit that is never reached, or would be reached only where the curve has none. Raises `InputError`
        when the share is not between 0 and 1.
        """
        raise_any(_share_problems(share))
        left = 1 - share
        bounded = [(step.day, step.interval) for step in self.steps if step.interval is not None]
        low = next((day for day, interval in bounded if interval.low <= left), None)
        high = next((day for day, interval in bounded if interval.high <= left), None)
        return low, high

    def restricted_mean(self, tau: int) -> RestrictedMean:
        """The mean number of days without the event, of the first `tau` days.

        Raises `InputError` for a `tau` below 1 or beyond the last day watched: what comes after was not seen, and some
        tools carry the last height on silently.
        """
        raise_any(_tau_problems(tau, self.last_day))
        steps = [step for step in self.steps if step.day < tau]
        days = [0, *(step.day for step in steps), tau]
        heights = [1.0, *(step.survival for step in steps)]
        areas = [height * (until - since) for height, (since, until) in zip(heights, pairwise(days), strict=True)]
        after = list(accumulate(reversed(areas[1:])))[::-1]
        variance = math.fsum(area**2 * _hazard_variance(step) for area, step in zip(after, steps, strict=True))
        return _restricted(tau, math.fsum(areas), math.sqrt(variance), self.level)

    def rows(self) -> list[Row]:
        """One tidy row for each step."""
        return [
            {
                "day": step.day,
                "at_risk": step.at_risk,
                "events": step.events,
                "censored": step.censored,
                "survival": step.survival,
                **_limits(step.interval),
            }
            for step in self.steps
        ]

    def _watched(self, day: int) -> bool:
        return bool(self.steps) and (day <= self.steps[-1].day or self.steps[-1].survival == 0)

    def _before(self, day: int) -> Step | None:
        index = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[index - 1] if index else None

    def _compared(self, index: int, left: Fraction) -> int:
        """Whether a step lies above a share (1), at it (0) or below (-1), as if survival had not been rounded."""
        survival = self.steps[index].survival
        if abs(survival - left) > NEAR:
            return 1 if survival > left else -1
        exact = _exact(self.steps[: index + 1])
        return (exact > left) - (exact < left)

    def _repr_html_(self) -> str:
        days = pictures.nice_days(self.last_day or 0)
        picture = pictures.survival_curves({"everybody": self}, at_risk_at=days, title="Without the event over time")
        return pictures.html(picture, [self._row_at(day) for day in days], self._caption())

    def _row_at(self, day: int) -> Row:
        interval = self.interval_at(day)
        low, high = (interval.low, interval.high) if interval else (None, None)
        return {"day": day, "at risk": self.at_risk(day), "without the event": self.at(day), "low": low, "high": high}

    def _caption(self) -> str:
        left_out = f"; {self.left_out} left out because the time is not recorded" if self.left_out else ""
        median = "is not reached" if self.median is None else f"{shown(self.median)} days"
        return (
            f"Kaplan-Meier with the {level_text(self.level)} {LOG_LOG} interval. {self.of} people, {self.events} with "
            f"the event, {self.censored} censored{left_out}. Median: {median}."
        )


def kaplan_meier(times: Iterable[Time], *, level: float = LEVEL, left_out: int = 0) -> Curve:
    """The Kaplan-Meier curve of some times, with log-log limits from Greenwood's variance.

    Events come before what is censored on the same day. `left_out` is how many people have no known time; it is told
    beside the curve. Of nobody the curve has no steps. Raises `InputError` for a level outside 0 to 1.
    """
    raise_any([*level_problems(level), *count_problems("left_out", left_out)])
    found = tuple(times)
    events = Counter(each.days for each in found if each.event)
    censored = Counter(each.days for each in found if not each.event)
    days = sorted({each.days for each in found})
    gone = list(accumulate((events[day] + censored[day] for day in days), initial=0))
    counts = [(day, len(found) - left, events[day], censored[day]) for day, left in zip(days, gone, strict=False)]
    return Curve(tuple(_steps(counts, level)), level, left_out)


def _steps(counts: Iterable[tuple[int, int, int, int]], level: float) -> list[Step]:
    """The steps of a curve. Between two censored days survival is one division: without any it is a plain share."""
    steps = []
    base, watched = 1.0, None
    variance = 0.0
    for day, at_risk, events, censored in counts:
        watched = at_risk if watched is None else watched
        survival = base * ((at_risk - events) / watched)
        step = Step(day, at_risk, events, censored, survival, None)
        variance += _hazard_variance(step)
        steps.append(attrs.evolve(step, interval=_log_log(survival, variance, level)))
        if censored:
            base, watched = survival, None
    return steps


def _hazard_variance(step: Step) -> float:
    """Greenwood's term of a step; 0 where nobody is left, because nothing comes after it."""
    left = step.at_risk - step.events
    return step.events / (step.at_risk * left) if left else 0.0


def _log_log(survival: float, variance: float, level: float) -> Interval | None:
    if survival in {0.0, 1.0}:
        return None
    wide = math.exp(deviate(level) * math.sqrt(variance) / -math.log(survival))
    return Interval(survival**wide, survival ** (1 / wide), level, LOG_LOG)


def _exact(steps: Sequence[Step]) -> Fraction:
    """The survival after some steps as a fraction."""
    drops = [step for step in steps if step.events]
    return Fraction(math.prod(step.at_risk - step.events for step in drops), math.prod(step.at_risk for step in drops))


def _limits(interval: Interval | None) -> Row:
    """The limits as columns, None where there are none."""
    if interval is None:
        return {"low": None, "high": None, "level": None, "method": None}
    return {"low": interval.low, "high": interval.high, "level": interval.level, "method": interval.method}


def _restricted(tau: int, estimate: float, standard_error: float, level: float) -> RestrictedMean:
    if not standard_error:
        return RestrictedMean(tau, estimate, standard_error, None)
    away = deviate(level) * standard_error
    interval = Interval(max(0.0, estimate - away), min(float(tau), estimate + away), level, "normal")
    return RestrictedMean(tau, estimate, standard_error, interval)


def _share_problems(share: float) -> list[Problem]:
    if 0 < share < 1:
        return []
    return [Problem("share", f"{share!r} is not between 0 and 1", "write 0.5 for the median")]


def _tau_problems(tau: object, last: int | None) -> list[Problem]:
    problems = _days_problems("tau", tau)
    if problems or not isinstance(tau, int):
        return problems
    if last is None:
        return [Problem("tau", "nobody was watched", "there is no mean of nobody")]
    if tau < 1:
        return [Problem("tau", f"{tau} is below 1", "give the number of days to look at")]
    if tau > last:
        return [Problem("tau", f"{tau} lies beyond day {last}, the last one watched", f"give {last} or less")]
    return []


# two curves


@attrs.frozen
class LogRank:
    """Whether two groups differ over the whole time, by the log-rank test (one degree of freedom).

    `observed` and `expected` are the events of the first and the second group, as they were and as they would be if the
    groups did not differ. `chi_square` and `p` are None where nothing can be compared: no events while both groups were
    watched, or everybody had theirs on the same day. The test sees best what differs by the same factor all the time;
    curves that cross can differ without it.
    """

    observed: tuple[int, int]
    expected: tuple[float, float]
    variance: float
    chi_square: float | None
    p: float | None

    def rows(self) -> list[Row]:
        """The test as one tidy row."""
        return [
            {
                "observed_first": self.observed[0],
                "observed_second": self.observed[1],
                "expected_first": self.expected[0],
                "expected_second": self.expected[1],
                "chi_square": self.chi_square,
                "p": self.p,
            }
        ]

    def _repr_html_(self) -> str:
        return pictures.html("", self.rows(), "Log-rank test of two groups, one degree of freedom")


def log_rank(first: Iterable[Time], second: Iterable[Time]) -> LogRank:
    """The log-rank test of two groups, with the hypergeometric variance, which is right for ties."""
    curves = kaplan_meier(first), kaplan_meier(second)
    days = sorted({step.day for curve in curves for step in curve.steps if step.events})
    drawn = [_draw(day, *curves) for day in days]
    expected = math.fsum(one for one, _, _ in drawn), math.fsum(two for _, two, _ in drawn)
    variance = math.fsum(each for _, _, each in drawn)
    chi_square = (curves[0].events - expected[0]) ** 2 / variance if variance else None
    p = None if chi_square is None else max(SMALLEST, math.erfc(math.sqrt(chi_square / 2)))
    return LogRank((curves[0].events, curves[1].events), expected, variance, chi_square, p)


def _draw(day: int, first: Curve, second: Curve) -> tuple[float, float, float]:
    """The events of a day that are expected in each group, and the variance, when they are drawn from both."""
    events = first.events_on(day) + second.events_on(day)
    one, two = first.at_risk(day), second.at_risk(day)
    both = one + two
    spread = events * one * two * (both - events) / (both**2 * (both - 1)) if both > 1 else 0.0
    return events * one / both, events * two / both, spread
