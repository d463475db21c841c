"""Kaplan-Meier, restricted mean and log-rank: against scipy, statsmodels and counting by hand, and the laws of each."""

from __future__ import annotations

import itertools
import math
import random
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from peersupport import InputError
from peersupport.measures.survival import (
    Curve,
    KnownTimes,
    LogRank,
    Time,
    kaplan_meier,
    known_times,
    log_rank,
    times_as_rows,
)

CLOSE = 1e-6


def events(*days: int) -> list[Time]:
    """Times that ended in the event."""
    return [Time(day, event=True) for day in days]


def cut(*days: int) -> list[Time]:
    """Times that were cut short."""
    return [Time(day, event=False) for day in days]


TIMES = st.builds(Time, days=st.integers(0, 30), event=st.booleans())
GROUPS = st.lists(TIMES, min_size=1, max_size=40)
ALL_EVENTS = st.lists(st.builds(Time, days=st.integers(0, 30), event=st.just(value=True)), min_size=1, max_size=40)
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.999])


def censored_data(times: Sequence[Time]) -> stats.CensoredData:
    """The same times as scipy takes them."""
    return stats.CensoredData(
        uncensored=[each.days for each in times if each.event], right=[each.days for each in times if not each.event]
    )


def survivals(curve: Curve) -> list[tuple[int, float]]:
    """The heights of a curve by day."""
    return [(step.day, step.survival) for step in curve.steps]


def faults(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """The places of what is wrong."""
    return [problem.place for problem in error.value.problems]


# times


def test_a_time_without_days_or_event_is_refused_and_says_how_to_leave_it_out() -> None:
    """What is not recorded is no day and no event; the error names both, and the way to leave people out by count."""
    with pytest.raises(InputError, match="left_out") as error:
        Time(None, None)  # type: ignore[arg-type]
    assert faults(error) == ["days", "event"]


@pytest.mark.parametrize("days", [-1, 1.5, True, "3", math.nan])
def test_days_are_whole_and_not_negative(days: Any) -> None:  # noqa: ANN401 -- a wrong value of any type
    """Below 0, parts of days, and other kinds of value are refused; lifelines takes negative days silently."""
    with pytest.raises(InputError) as error:
        Time(days, event=True)
    assert faults(error) == ["days"]


@pytest.mark.parametrize("event", [0, 1, 2, "yes"])
def test_an_event_is_true_or_false(event: Any) -> None:  # noqa: ANN401 -- a wrong value of any type
    """A code of 2 is no event and no censoring: lifelines takes it for an event silently."""
    with pytest.raises(InputError, match="neither True nor False") as error:
        Time(3, event)
    assert faults(error) == ["event"]


def test_an_event_on_day_0_counts_on_day_0() -> None:
    """The day of the start is a day like others: the curve falls on it."""
    curve = kaplan_meier([*events(0), *cut(5)])
    assert (curve.at_risk(0), curve.at(0), curve.at(4)) == (2, 0.5, 0.5)


def test_known_times_leaves_out_by_count() -> None:
    """Who has no recorded time is left out and counted, and the count goes with the curve."""
    known = known_times([(3, True), (None, True), (5, None), (None, None), (7, False)])
    assert known == KnownTimes((Time(3, event=True), Time(7, event=False)), 3)
    assert kaplan_meier(known.times, left_out=known.left_out).left_out == 3


def test_known_times_tells_every_fault_by_its_number() -> None:
    """What is wrong is told all at once, by the number of the pair."""
    with pytest.raises(InputError) as error:
        known_times([(3, True), (-1, True), (None, None), (4, 2), (2.5, "no")])  # type: ignore[list-item]
    assert faults(error) == ["[1].days", "[3].event", "[4].days", "[4].event"]


def test_times_are_handed_over_as_rows() -> None:
    """One row for each time, with the columns that a model asks for beside it."""
    assert times_as_rows([*events(3), *cut(8)], arm=1, center="north") == [
        {"days": 3, "event": 1, "arm": 1, "center": "north"},
        {"days": 8, "event": 0, "arm": 1, "center": "north"},
    ]


def test_columns_of_the_rows_do_not_replace_the_times() -> None:
    """A column may not be named as those of the times are."""
    with pytest.raises(InputError) as error:
        times_as_rows(events(3), event=1, days=2)
    assert faults(error) == ["days", "event"]


def test_a_cox_model_reads_the_rows() -> None:
    """The rows fit a Cox model of statsmodels as they are; swapping the arms turns the hazard ratio over."""
    first, second = [*events(2, 5, 8, 9), *cut(11, 12)], [*events(1, 3, 4, 7), *cut(6)]

    def ratio(one: int) -> float:
        rows = times_as_rows(first, arm=one) + times_as_rows(second, arm=1 - one)
        days, status, arm = (np.array([row[name] for row in rows]) for name in ("days", "event", "arm"))
        return float(np.exp(PHReg(days, arm[:, None], status=status, ties="efron").fit().params[0]))

    assert ratio(1) == pytest.approx(1 / ratio(0), rel=CLOSE)
    assert ratio(1) < 1


# the curve against other tools


@given(GROUPS, LEVELS)
@pytest.mark.filterwarnings("ignore:The confidence interval is undefined:RuntimeWarning")
def test_the_curve_agrees_with_scipy(times: list[Time], level: float) -> None:
    """Survival and log-log limits are those of scipy on every day."""
    curve = kaplan_meier(times, level=level)
    theirs = stats.ecdf(censored_data(times)).sf
    limits = theirs.confidence_interval(level, method="log-log")
    assert [step.day for step in curve.steps] == [int(day) for day in theirs.quantiles]
    for step, survival, low, high in zip(
        curve.steps, theirs.probabilities, limits.low.probabilities, limits.high.probabilities, strict=True
    ):
        assert step.survival == pytest.approx(survival, abs=CLOSE)
        assert (step.interval is None) == bool(np.isnan(low) or survival > 1 - 1e-12)
        if step.interval is not None:
            assert (step.interval.low, step.interval.high) == pytest.approx((low, high), abs=CLOSE)
            assert (step.interval.level, step.interval.method) == (level, "log-log")


@given(GROUPS)
def test_the_curve_agrees_with_statsmodels(times: list[Time]) -> None:
    """Survival, the numbers at risk and the events are those of statsmodels on the days with events."""
    assume(any(each.event for each in times))
    curve = kaplan_meier(times)
    theirs: Any = SurvfuncRight([each.days for each in times], [int(each.event) for each in times])
    ours = [step for step in curve.steps if step.events]
    assert [step.day for step in ours] == list(theirs.surv_times)
    assert [step.survival for step in ours] == pytest.approx(list(theirs.surv_prob), abs=CLOSE)
    assert [step.at_risk for step in ours] == list(theirs.n_risk)
    assert [step.events for step in ours] == list(theirs.n_events)


@given(GROUPS, st.sampled_from([0.25, 0.5, 0.75]))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_quantiles_agree_with_statsmodels_where_the_curve_is_not_flat(times: list[Time], share: float) -> None:
    """Where the curve does not lie at the share exactly, the quantile and its limits are those of statsmodels.

    Limits are compared where the curve does not end at 0: there statsmodels makes up an upper limit from a day on which
    its curve has none. Where the limits of the curve jump past the share on one day, statsmodels has not-a-number for
    both; ours are that day.
    """
    curve = kaplan_meier(times)
    assume(any(each.event for each in times))
    assume(all(abs(step.survival - (1 - share)) > CLOSE for step in curve.steps))
    theirs = SurvfuncRight([each.days for each in times], [int(each.event) for each in times])
    quantile = theirs.quantile(share)
    assert curve.quantile(share) == (None if math.isnan(quantile) else quantile)
    if curve.steps[-1].survival > 0 and curve.quantile(share) is not None:
        low, high = theirs.quantile_ci(share)
        if math.isnan(low):
            assert curve.quantile_limits(share) == (quantile, quantile)
        else:
            assert curve.quantile_limits(share) == (low, None if math.isinf(high) else high)


# the curve: laws


@given(GROUPS)
def test_the_curve_starts_at_1_and_never_rises(times: list[Time]) -> None:
    """Survival lies in 0 to 1, is 1 before the first event, and falls exactly on the days with events."""
    heights = [1.0, *(step.survival for step in kaplan_meier(times).steps)]
    steps = kaplan_meier(times).steps
    assert all(0 <= height <= 1 for height in heights)
    for before, after, step in zip(heights, heights[1:], steps, strict=False):
        assert (after < before) if step.events else after == before


@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_people_is_irrelevant(times: list[Time], chance: random.Random) -> None:
    """The same people in another order have the same curve."""
    mixed = list(times)
    chance.shuffle(mixed)
    assert kaplan_meier(mixed) == kaplan_meier(times)


@given(GROUPS, st.integers(2, 30))
def test_another_unit_of_time_only_relabels(times: list[Time], factor: int) -> None:
    """With every time `factor` as long, survival and limits stay, days and the mean are `factor` as many."""
    curve = kaplan_meier(times)
    longer = kaplan_meier([Time(each.days * factor, each.event) for each in times])
    assert [(step.day * factor, step.survival, step.interval) for step in curve.steps] == [
        (step.day, step.survival, step.interval) for step in longer.steps
    ]
    last = curve.last_day
    if last:
        mean, long_mean = curve.restricted_mean(last), longer.restricted_mean(last * factor)
        assert long_mean.estimate == pytest.approx(mean.estimate * factor, abs=CLOSE)
        assert long_mean.standard_error == pytest.approx(mean.standard_error * factor, abs=CLOSE)


@given(GROUPS)
def test_everybody_twice_keeps_the_curve(times: list[Time]) -> None:
    """Twice the people of each kind have the same survival, and the limits are narrower."""
    once, twice = kaplan_meier(times), kaplan_meier(times * 2)
    assert [day for day, _ in survivals(twice)] == [day for day, _ in survivals(once)]
    assert [height for _, height in survivals(twice)] == pytest.approx([height for _, height in survivals(once)])
    for wide, narrow in zip(once.steps, twice.steps, strict=True):
        if wide.interval is not None and narrow.interval is not None:
            assert wide.interval.low < narrow.interval.low < narrow.interval.high < wide.interval.high


@given(ALL_EVENTS)
def test_without_censoring_survival_is_the_share_that_is_left(times: list[Time]) -> None:
    """With an event for everybody the curve is the empirical survivor function, to the last bit."""
    for day, height in survivals(kaplan_meier(times)):
        assert height == sum(each.days > day for each in times) / len(times)


@given(GROUPS, LEVELS)
def test_the_limits_contain_the_survival(times: list[Time], level: float) -> None:
    """Log-log limits lie in 0 to 1 with the survival between; where it is 1 or 0 they do not exist."""
    for step in kaplan_meier(times, level=level).steps:
        if step.interval is None:
            assert step.survival in {0.0, 1.0}
        else:
            assert 0 <= step.interval.low < step.survival < step.interval.high <= 1


@given(GROUPS)
def test_the_curve_falls_at_least_as_far_as_the_share_of_events(times: list[Time]) -> None:
    """1 - S at the end is at least events / people: the censored could only add."""
    curve = kaplan_meier(times)
    assert curve.events + curve.censored == curve.of == len(times)
    assert 1 - curve.steps[-1].survival >= curve.events / curve.of - 1e-12


@given(GROUPS, st.integers(0, 35))
def test_who_is_at_risk_is_who_has_that_day_still_ahead(times: list[Time], day: int) -> None:
    """At risk just before a day are all whose time is that long or longer."""
    curve = kaplan_meier(times)
    assert curve.at_risk(day) == sum(each.days >= day for each in times)
    assert curve.events_on(day) == sum(each.days == day and each.event for each in times)


@given(GROUPS, st.integers(0, 35))
def test_survival_at_a_day_is_that_of_the_last_step(times: list[Time], day: int) -> None:
    """Between steps the curve is flat; after the last day nothing is known, unless all had the event."""
    curve = kaplan_meier(times)
    past = [step for step in curve.steps if step.day <= day]
    last = curve.steps[-1]
    if day > last.day and last.survival > 0:
        assert (curve.at(day), curve.interval_at(day)) == (None, None)
    elif past:
        assert (curve.at(day), curve.interval_at(day)) == (past[-1].survival, past[-1].interval)
    else:
        assert (curve.at(day), curve.interval_at(day)) == (1.0, None)


def test_a_day_below_0_is_refused() -> None:
    """There is no day before the start."""
    curve = kaplan_meier(events(3))
    for ask in (curve.at, curve.interval_at, curve.at_risk, curve.events_on):
        with pytest.raises(InputError) as error:
            ask(-1)
        assert faults(error) == ["day"]


def test_the_level_and_the_count_left_out_are_checked_together() -> None:
    """Both faults of a call are told at once."""
    with pytest.raises(InputError) as error:
        kaplan_meier([], level=95, left_out=-1)
    assert faults(error) == ["level", "left_out"]


def test_the_curve_of_nobody_says_nothing() -> None:
    """A stratum without people has a curve without steps: nothing is known of any day, and nothing fails."""
    curve = kaplan_meier([])
    assert (curve.of, curve.events, curve.censored, curve.last_day) == (0, 0, 0, None)
    assert (curve.at(0), curve.at_risk(0), curve.events_on(0), curve.median, curve.rows()) == (None, 0, 0, None, [])
    assert curve.quantile_limits() == (None, None)


# the median


def test_the_median_at_exactly_half_is_the_middle_as_in_r() -> None:
    """Times 1, 2, 3, 4: R gives 2.5, lifelines 2, and statsmodels 3."""
    assert kaplan_meier(events(1, 2, 3, 4)).median == 2.5
    assert SurvfuncRight([1, 2, 3, 4], [1, 1, 1, 1]).quantile(0.5) == 3


def test_a_flat_at_the_end_goes_to_the_last_day_watched() -> None:
    """Where the curve ends at exactly half, the middle is taken to the last day anybody was watched, as R does."""
    assert kaplan_meier([*events(2, 4), *cut(6, 10)]).median == 7
    assert kaplan_meier([*events(4), *cut(4)]).median == 4


def test_a_day_of_censoring_does_not_end_a_flat() -> None:
    """A flat ends with the next event; who is censored in between does not cut it short."""
    assert kaplan_meier([*events(1, 2), *cut(5), *events(8)]).median == 5


def test_a_median_that_is_never_reached_is_none() -> None:
    """Lifelines says infinity, statsmodels not-a-number; here it is not known."""
    times = [*events(3), *cut(5, 6, 9)]
    assert kaplan_meier(times).median is None
    assert math.isnan(SurvfuncRight([each.days for each in times], [1, 0, 0, 0]).quantile(0.5))
    assert kaplan_meier(cut(5, 6, 9)).median is None


def test_survival_that_is_rounded_is_compared_exactly() -> None:
    """Eleven factors whose floats do not give one half exactly do give it as fractions."""
    times = [*events(1), *cut(2), *events(3, 4), *cut(5), *events(6)]
    curve = kaplan_meier([*times, *times, *times])
    exact = Fraction(5, 6) * Fraction(3, 4) * Fraction(2, 3)
    assert curve.quantile(float(1 - exact)) == (4 + 6) / 2
    assert curve.quantile(float(1 - exact) - 1e-5) == 4
    assert curve.quantile(float(1 - exact) + 1e-5) == 6


@pytest.mark.parametrize(("share", "day"), [(0.1, 1.5), (0.3, 3.5), (0.7, 7.5), (0.1 + 0.2, 3.5), (0.25, 3.0)])
def test_a_share_is_read_as_the_fraction_that_is_meant(share: float, day: float) -> None:
    """Of ten people three tenths are three, though the float 0.3 is a little less."""
    assert kaplan_meier(events(*range(1, 11))).quantile(share) == day


@pytest.mark.parametrize("share", [0, 1, -0.5, 50])
def test_a_share_lies_between_0_and_1(share: float) -> None:
    """No quantile is 0, all, or 50."""
    for ask in (kaplan_meier(events(1, 2)).quantile, kaplan_meier(events(1, 2)).quantile_limits):
        with pytest.raises(InputError) as error:
            ask(share)
        assert faults(error) == ["share"]


@given(GROUPS)
def test_quantiles_rise_with_the_share(times: list[Time]) -> None:
    """A larger share takes as long or longer; once a share is not reached, no larger one is."""
    curve = kaplan_meier(times)
    days = [curve.quantile(number / 20) for number in range(1, 20)]
    reached = [day for day in days if day is not None]
    assert reached == sorted(reached)
    assert days[len(reached) :] == [None] * (len(days) - len(reached))


def test_the_limits_of_the_median_are_where_the_limits_of_the_curve_pass_a_half() -> None:
    """By hand: the first day with a lower limit of a half or less, and the first with such an upper limit."""
    curve = kaplan_meier([*events(*range(1, 13)), *cut(20, 20, 20, 20)])
    low, high = curve.quantile_limits()
    lower = {step.day: step.interval.low for step in curve.steps if step.interval}
    upper = {step.day: step.interval.high for step in curve.steps if step.interval}
    assert low is not None
    assert lower[low] <= 0.5 < lower[low - 1]
    assert high is not None
    assert upper[high] <= 0.5 < upper[high - 1]
    assert kaplan_meier([*events(1, 2, 3), *cut(9)]).quantile_limits() == (1, None)


@given(GROUPS, st.sampled_from([0.1, 0.25, 0.5, 0.75]), LEVELS)
def test_the_limits_of_a_quantile_contain_it(times: list[Time], share: float, level: float) -> None:
    """A limit that is there lies on its own side; without a quantile there is no upper limit."""
    curve = kaplan_meier(times, level=level)
    quantile = curve.quantile(share)
    low, high = curve.quantile_limits(share)
    if quantile is None:
        assert high is None
    else:
        assert low is None or low <= quantile
        assert high is None or quantile <= high


@pytest.mark.parametrize(("last", "left", "limits"), [(11, 4, (3, 11)), (16, 7, (7, 16)), (30, 5, (12, 23))])
def test_the_limits_of_the_median_agree_with_statsmodels(last: int, left: int, limits: tuple[int, int]) -> None:
    """Also where a limit of the curve passes a half by less than a hundredth."""
    times = [*events(*range(1, last + 1)), *cut(*[50] * left)]
    theirs: Any = SurvfuncRight([each.days for each in times], [int(each.event) for each in times])
    assert kaplan_meier(times).quantile_limits() == tuple(theirs.quantile_ci(0.5)) == limits


# the restricted mean


def by_hand(curve: Curve, tau: int) -> float:
    """The area under a curve, a day at a time."""
    heights = [curve.at(day) for day in range(tau)]
    return math.fsum(height for height in heights if height is not None)


def greenwood_by_hand(curve: Curve, tau: int) -> float:
    """The standard error as it stands in the books: each event's term, weighted by the area that comes after."""
    variance = Fraction(0)
    for step in curve.steps:
        left = step.at_risk - step.events
        if step.day < tau and left:
            after = sum(Fraction(curve.at(day) or 0) for day in range(step.day, tau))
            variance += after**2 * Fraction(step.events, step.at_risk * left)
    return math.sqrt(variance)


@given(GROUPS, st.data())
def test_the_restricted_mean_is_the_area_under_the_curve(times: list[Time], data: st.DataObject) -> None:
    """The area, and Greenwood's standard error, are what counting day by day gives; 0 <= mean <= tau."""
    curve = kaplan_meier(times)
    assume(curve.last_day)
    tau = data.draw(st.integers(1, curve.last_day or 1))
    mean = curve.restricted_mean(tau)
    assert mean.tau == tau
    assert 0 <= mean.estimate <= tau
    assert mean.estimate == pytest.approx(by_hand(curve, tau), abs=CLOSE)
    assert mean.standard_error == pytest.approx(greenwood_by_hand(curve, tau), abs=CLOSE)


@given(GROUPS)
def test_the_restricted_mean_rises_with_tau(times: list[Time]) -> None:
    """Each day more adds what the curve has on it: something until everybody had the event."""
    curve = kaplan_meier(times)
    means = [curve.restricted_mean(tau).estimate for tau in range(1, (curve.last_day or 0) + 1)]
    for tau, (shorter, longer) in enumerate(itertools.pairwise(means), start=1):
        assert (longer > shorter) if (curve.at(tau) or 0) > 0 else longer == shorter


@given(ALL_EVENTS, st.data())
def test_without_censoring_the_restricted_mean_is_a_plain_mean(times: list[Time], data: st.DataObject) -> None:
    """With an event for everybody it is the mean of the days cut at tau, with its standard error."""
    curve = kaplan_meier(times)
    assume(curve.last_day)
    tau = data.draw(st.integers(1, curve.last_day or 1))
    days = [min(each.days, tau) for each in times]
    mean = curve.restricted_mean(tau)
    assert mean.estimate == pytest.approx(statistics.fmean(days), abs=CLOSE)
    assert mean.standard_error == pytest.approx(statistics.pstdev(days) / math.sqrt(len(days)), abs=CLOSE)


@given(GROUPS, LEVELS)
@example([Time(0, event=True), Time(0, event=True), Time(30, event=True)], 0.999)
def test_the_interval_of_the_mean_contains_it_and_stays_in_bounds(times: list[Time], level: float) -> None:
    """It is the estimate with its deviates either way, within 0 and tau; without spread there is none."""
    curve = kaplan_meier(times, level=level)
    assume(curve.last_day)
    tau = curve.last_day or 1
    mean = curve.restricted_mean(tau)
    if mean.interval is None:
        assert mean.standard_error == 0
        return
    away = stats.norm.ppf((1 + level) / 2) * mean.standard_error
    assert mean.interval.low == pytest.approx(max(0, mean.estimate - away), abs=CLOSE)
    assert mean.interval.high == pytest.approx(min(tau, mean.estimate + away), abs=CLOSE)
    assert (mean.interval.level, mean.interval.method) == (level, "normal")


@pytest.mark.parametrize("times", [cut(5, 9), events(5, 5, 5)])
def test_a_mean_without_spread_has_no_interval(times: list[Time]) -> None:
    """Nobody with the event, or all on one day: an interval from 5 to 5 would claim to be certain."""
    mean = kaplan_meier(times).restricted_mean(5)
    assert (mean.estimate, mean.standard_error, mean.interval) == (5, 0, None)


@pytest.mark.parametrize(
    ("tau", "fault"), [(20, "beyond day 7"), (8, "beyond day 7"), (0, "below 1"), (-3, "below 0"), (None, "recorded")]
)
def test_a_mean_beyond_what_was_watched_is_refused(tau: Any, fault: str) -> None:  # noqa: ANN401 -- any value
    """5, 6+, 7+ to day 20: lifelines carries the last height on and says 15.0; nobody was watched after day 7."""
    curve = kaplan_meier([*events(5), *cut(6, 7)])
    with pytest.raises(InputError, match=fault) as error:
        curve.restricted_mean(tau)
    assert faults(error) == ["tau"]
    assert curve.restricted_mean(7).estimate == pytest.approx(5 + 2 * 2 / 3)


def test_a_mean_of_nobody_is_refused() -> None:
    """There is nobody to take the mean of."""
    with pytest.raises(InputError, match="nobody"):
        kaplan_meier([]).restricted_mean(5)


# two groups


@given(GROUPS, GROUPS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_log_rank_test_agrees_with_scipy_and_statsmodels(first: list[Time], second: list[Time]) -> None:
    """Chi-square and p are those of both; where nothing can be compared ours are None and scipy's not-a-number."""
    ours = log_rank(first, second)
    theirs = stats.logrank(censored_data(first), censored_data(second))
    if ours.chi_square is None or ours.p is None:
        assert ours.p is None
        assert not math.isfinite(theirs.statistic)
        return
    assert ours.chi_square == pytest.approx(theirs.statistic**2, abs=CLOSE)
    assert ours.p == pytest.approx(theirs.pvalue, abs=CLOSE)
    both, status = [*first, *second], [int(each.event) for each in (*first, *second)]
    chi_square, p = survdiff([each.days for each in both], status, [0] * len(first) + [1] * len(second))
    assert (ours.chi_square, ours.p) == pytest.approx((chi_square, p), abs=CLOSE)


@given(GROUPS, GROUPS)
def test_swapping_the_groups_keeps_the_test(first: list[Time], second: list[Time]) -> None:
    """Observed and expected change places; chi-square and p stay."""
    one, two = log_rank(first, second), log_rank(second, first)
    assert (one.observed, one.expected) == (two.observed[::-1], two.expected[::-1])
    assert (one.chi_square is None) == (two.chi_square is None)
    if one.chi_square is not None:
        assert (one.chi_square, one.p) == pytest.approx((two.chi_square, two.p), abs=CLOSE)


@given(GROUPS)
def test_the_same_group_twice_gives_0(times: list[Time]) -> None:
    """Groups that do not differ have a chi-square of 0 and a p of 1, or nothing to compare."""
    test = log_rank(times, times)
    assert (test.chi_square, test.p) in {(0.0, 1.0), (None, None)}
    assert (test.chi_square is None) == (test.variance == 0)


@given(GROUPS, GROUPS)
def test_as_many_events_are_expected_as_there_were(first: list[Time], second: list[Time]) -> None:
    """Expected events are the observed ones, dealt out anew."""
    test = log_rank(first, second)
    assert sum(test.expected) == pytest.approx(sum(test.observed))


@pytest.mark.parametrize("second", [[], cut(3, 4)])
def test_what_cannot_be_compared_has_no_p(second: list[Time]) -> None:
    """With nobody in a group, or no events, there is no test; it does not raise."""
    assert log_rank(cut(5, 6), second) == LogRank((0, 0), (0.0, 0.0), 0.0, None, None)


def test_a_p_that_no_number_can_hold_is_not_0() -> None:
    """Groups that differ beyond all numbers have a p above 0 still."""
    p = log_rank(events(*range(1, 5000)), events(*[1] * 5000)).p
    assert p is not None
    assert 0 < p < 1e-300


# rows, and how a result shows itself


def test_the_rows_of_a_curve_are_its_steps() -> None:
    """A row for each step, with None where there are no limits."""
    rows = kaplan_meier([*events(2), *cut(2, 5)], level=0.9).rows()
    low = rows[0].pop("low")
    high = rows[0].pop("high")
    assert rows == [
        {
            "day": 2,
            "at_risk": 3,
            "events": 1,
            "censored": 1,
            "survival": pytest.approx(2 / 3),
            "level": 0.9,
            "method": "log-log",
        },
        {
            "day": 5,
            "at_risk": 1,
            "events": 0,
            "censored": 1,
            "survival": pytest.approx(2 / 3),
            "low": rows[1]["low"],
            "high": rows[1]["high"],
            "level": 0.9,
            "method": "log-log",
        },
    ]
    assert (low, high) == (rows[1]["low"], rows[1]["high"])


def test_a_step_without_limits_has_none_in_its_row() -> None:
    """Where survival is 1 there are no limits, so there are none in the row."""
    row = kaplan_meier(cut(2)).rows()[0]
    assert (row["low"], row["high"], row["level"], row["method"]) == (None, None, None, None)


def test_the_rows_of_a_mean_and_of_a_test_have_all_their_numbers() -> None:
    """One row each."""
    curve = kaplan_meier([*events(2, 4), *cut(6)])
    mean = curve.restricted_mean(6)
    (row,) = mean.rows()
    assert (row["tau"], row["estimate"], row["standard_error"]) == (6, mean.estimate, mean.standard_error)
    assert mean.interval is not None
    assert (row["low"], row["high"], row["level"]) == (mean.interval.low, mean.interval.high, 0.95)
    test = log_rank(events(1, 2), events(3, 4))
    assert test.rows() == [
        {
            "observed_first": 2,
            "observed_second": 2,
            "expected_first": test.expected[0],
            "expected_second": test.expected[1],
            "chi_square": test.chi_square,
            "p": test.p,
        }
    ]


def words(html: str) -> list[str]:
    """The texts of a result as a notebook shows it, which is well-formed."""
    return [words.strip() for words in ET.fromstring(html).itertext() if words.strip()]  # noqa: S314 -- our own text


def test_a_curve_shows_itself_in_a_notebook() -> None:
    """The picture, a table of some days, and a caption with counts, the median and who was left out."""
    curve = kaplan_meier([*events(3, 9), *cut(12, 14)], left_out=2)
    shown = words(curve._repr_html_())
    assert shown[-1] == (
        "Kaplan-Meier with the 95 % log-log interval. 4 people, 2 with the event, 2 censored; 2 left out because the "
        "time is not recorded. Median: 11.5 days."
    )
    table = shown[shown.index("at risk") - 1 :]
    assert table[:5] == ["day", "at risk", "without the event", "low", "high"]
    assert table[5:10] == ["0", "4", "1.00", "\u2013", "\u2013"]
    assert "Without the event over time" in shown


def test_a_curve_without_a_median_or_without_people_shows_itself_too() -> None:
    """What is not known is said, not left out."""
    assert words(kaplan_meier(cut(4))._repr_html_())[-1].endswith("1 censored. Median: is not reached.")
    assert words(kaplan_meier([])._repr_html_())[-1].startswith("Kaplan-Meier with the 95 % log-log interval. 0 people")


def test_a_mean_and_a_test_show_themselves_in_a_notebook() -> None:
    """Each is a table with a caption."""
    mean = words(kaplan_meier([*events(2, 4), *cut(6)]).restricted_mean(6)._repr_html_())
    assert mean[-1] == "Mean days without the event, of the first 6"
    assert "4.00" in mean
    test = words(log_rank(events(1, 2), events(3, 4))._repr_html_())
    assert test[-1] == "Log-rank test of two groups, one degree of freedom"
    assert "chi_square" in test
