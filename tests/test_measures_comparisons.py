"""Two arms: the trial of S4, every number against scipy and statsmodels, and every law that holds.

Where scipy or statsmodels go wrong, a test says so by name and holds what is right. What is not true of these
measures (a chi-square below Fisher's p value always, intervals that agree about 1) is held nowhere.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, cast
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import contingency_tables
from statsmodels.stats import proportion as untyped_proportion

from peersupport.measures.comparisons import (
    Arm,
    Comparison,
    DifferenceMethod,
    Limit,
    MissingOutcomes,
    NumberNeeded,
    compare,
    forest,
    missing_outcomes,
    number_needed,
)
from peersupport.measures.values import SMALLEST, Contrast, Events, Interval
from peersupport.rules.problems import InputError, Problem

of_two: Any = untyped_proportion.confint_proportions_2indep
table_of: Any = contingency_tables.Table2x2
chi2_contingency: Any = stats.chi2_contingency
fisher_exact: Any = stats.fisher_exact

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
SIDES = st.booleans()


@st.composite
def arms(draw: st.DrawFn, most: int = 60, least: int = 1) -> tuple[Arm, Arm]:
    """Two arms of at least so many people."""
    sizes = draw(st.tuples(st.integers(least, most), st.integers(least, most)))
    one, two = (draw(st.integers(0, of)) for of in sizes)
    return Arm("first", one, sizes[0]), Arm("second", two, sizes[1])


@st.composite
def full_arms(draw: st.DrawFn) -> tuple[Arm, Arm]:
    """Two arms of which no cell is 0."""
    a, b, c, d = (draw(st.integers(1, 2000)) for _ in range(4))
    return Arm("first", a, a + b), Arm("second", c, c + d)


@st.composite
def lossy_arms(draw: st.DrawFn) -> tuple[Arm, Arm]:
    """Two arms of which some outcomes may be missing."""
    return cast("tuple[Arm, Arm]", tuple(_lossy(arm, draw(st.integers(0, 20))) for arm in draw(arms())))


def _lossy(arm: Arm, lost: int) -> Arm:
    return Arm(arm.name, arm.events, arm.of, arm.of + lost)


def small(most: int) -> Iterator[tuple[Arm, Arm]]:
    """Every pair of arms of at most so many people, of nobody too."""
    every = [(events, of) for of in range(most + 1) for events in range(of + 1)]
    return ((Arm("first", *one), Arm("second", *two)) for one, two in itertools.product(every, every))


def opposite(arm: Arm) -> Arm:
    """The arm with event and no event swapped."""
    return Arm(arm.name, arm.others, arm.of)


def cells(first: Arm, second: Arm) -> list[list[int]]:
    """The table of two arms."""
    return [[first.events, first.others], [second.events, second.others]]


def within(contrast: Contrast | None) -> Interval:
    """The interval of a contrast that has one."""
    assert contrast is not None
    assert contrast.interval is not None
    return contrast.interval


def estimate(contrast: Contrast) -> float:
    """The estimate of a contrast that has one."""
    assert contrast.estimate is not None
    return contrast.estimate


def ends(contrast: Contrast | None) -> tuple[float, float]:
    """Both limits of a contrast that has them."""
    return within(contrast).low, within(contrast).high


def numbers_of(needed: NumberNeeded) -> list[float]:
    """The limits that are not infinite."""
    return [each.number for each in (needed.best, needed.worst) if each and each.number]


def faults(call: Any, *given_: Any, **named: Any) -> tuple[Problem, ...]:  # noqa: ANN401 -- any call, any input
    """The problems that a call raises."""
    with pytest.raises(InputError) as raised:
        call(*given_, **named)
    return raised.value.problems


# the trial of S4

PEER, CONTROL = Arm("peer", 64, 221), Arm("control", 83, 220)
PEER_KNOWN, CONTROL_KNOWN = Arm("peer", 64, 218, assigned=221), Arm("control", 83, 216, assigned=220)


def test_the_trial_by_all_who_were_assigned() -> None:
    """64 of 221 against 83 of 220: 29.0 % v 37.7 %, -8.8 points, 0.77; the interval of the difference holds 0."""
    assert str(compare(PEER, CONTROL, wanted=False)) == (
        "peer: 64 of 221 (29.0 %, 23.4 % to 35.3 %)\n"
        "control: 83 of 220 (37.7 %, 31.6 % to 44.3 %)\n"
        "risk difference: -8.8 points, -17.4 to 0.03 (95 % interval, Newcombe)\n"
        "risk ratio: 0.768, 0.588 to 1.003 (95 % interval, Katz log)\n"
        "odds ratio: 0.673, 0.452 to 1.002 (95 % interval, Woolf log)\n"
        "number needed to treat: NNTB 11.4 (benefit 5.75 to infinity to harm 3304; 95 % interval, Newcombe)\n"
        "chi-square, not corrected: p = 0.051\n"
        "chi-square, corrected by Yates: p = 0.064\n"
        "Fisher exact: p = 0.055\n"
        "One comparison of these counts: other people, places or years may differ."
    )


def test_the_trial_by_those_whose_outcome_was_published() -> None:
    """64 of 218 against 83 of 216: 29.4 % v 38.4 %; only here is p 0.046, and 0.058 with the correction of Yates."""
    found = compare(PEER_KNOWN, CONTROL_KNOWN, wanted=False, difference="wald")
    assert str(found) == (
        "peer: 64 of 218 (29.4 %, 23.7 % to 35.7 %); the outcome of 3 of 221 assigned is missing\n"
        "control: 83 of 216 (38.4 %, 32.2 % to 45.1 %); the outcome of 4 of 220 assigned is missing\n"
        "risk difference: -9.1 points, -17.9 to -0.2 (95 % interval, Wald)\n"
        "risk ratio: 0.764, 0.585 to 0.997 (95 % interval, Katz log)\n"
        "odds ratio: 0.666, 0.446 to 0.994 (95 % interval, Woolf log)\n"
        "number needed to treat: NNTB 11.0 (benefit 5.58 to benefit 497; 95 % interval, Wald)\n"
        "chi-square, not corrected: p = 0.046\n"
        "chi-square, corrected by Yates: p = 0.058\n"
        "Fisher exact: p = 0.054\n"
        "One comparison of these counts: other people, places or years may differ."
    )


def test_the_trial_with_its_missing_outcomes() -> None:
    """The seven people whose outcome is not known move the difference from -10.6 to -7.4 points, and across 0."""
    assert str(missing_outcomes(PEER_KNOWN, CONTROL_KNOWN, wanted=False)) == (
        "complete case: 64 of 218 v 83 of 216; risk difference: -9.1 points, -17.8 to -0.2 (95 % interval, Newcombe)\n"
        "missing = no event: 64 of 221 v 83 of 220; "
        "risk difference: -8.8 points, -17.4 to 0.03 (95 % interval, Newcombe)\n"
        "missing = event: 67 of 221 v 87 of 220; "
        "risk difference: -9.2 points, -17.9 to -0.3 (95 % interval, Newcombe)\n"
        "best case: 64 of 221 v 87 of 220; risk difference: -10.6 points, -19.2 to -1.7 (95 % interval, Newcombe)\n"
        "worst case: 67 of 221 v 83 of 220; risk difference: -7.4 points, -16.1 to 1.4 (95 % interval, Newcombe)\n"
        "One comparison of these counts: other people, places or years may differ."
    )


def test_the_adverse_events_of_the_trial_are_no_share_of_the_readmitted() -> None:
    """29 events against 42 are events: an arm takes people, and says what to do (S4-20)."""
    events = cast("int", Events(29))
    fault = "29 events are not people: one person can have several"
    assert faults(Arm, "peer", events, 64) == (Problem("arm 'peer': events", fault, "use a rate over time"),)


# against scipy and statsmodels, where those are right


@given(full_arms(), LEVELS)
def test_the_difference_agrees_with_statsmodels(pair: tuple[Arm, Arm], level: float) -> None:
    """Newcombe's and Wald's intervals are those of statsmodels, where no cell is 0 and Wald's stays within 1."""
    first, second = pair
    for method, theirs in (("newcombe", "newcomb"), ("wald", "wald")):
        found = compare(*pair, level=level, difference=cast("DifferenceMethod", method)).risk_difference
        low, high = of_two(
            first.events, first.of, second.events, second.of, compare="diff", method=theirs, alpha=1 - level
        )
        assert estimate(found) == pytest.approx(first.events / first.of - second.events / second.of)
        if found.interval is None:
            assert low < -1 or high > 1
            continue
        assert ends(found) == pytest.approx((low, high), abs=1e-9)
        assert within(found).level == level


@given(full_arms(), LEVELS)
def test_the_risk_ratio_agrees_with_scipy(pair: tuple[Arm, Arm], level: float) -> None:
    """Katz's interval is that of scipy."""
    first, second = pair
    theirs = stats.contingency.relative_risk(first.events, first.of, second.events, second.of)
    found = compare(*pair, level=level).risk_ratio
    low, high = theirs.confidence_interval(level)
    assert (estimate(found), *ends(found)) == pytest.approx((theirs.relative_risk, low, high), rel=1e-9)
    assert within(found).method == "Katz log"


@given(full_arms(), LEVELS)
def test_the_odds_ratio_agrees_with_scipy_and_statsmodels(pair: tuple[Arm, Arm], level: float) -> None:
    """Woolf's interval is that of both."""
    table = cells(*pair)
    theirs = stats.contingency.odds_ratio(table, kind="sample")
    found = compare(*pair, level=level).odds_ratio
    low, high = theirs.confidence_interval(level)
    assert (estimate(found), *ends(found)) == pytest.approx((theirs.statistic, low, high), rel=1e-9)
    assert ends(found) == pytest.approx(table_of(np.array(table)).oddsratio_confint(1 - level), rel=1e-9)


@given(full_arms())
def test_both_chi_squares_agree_with_scipy(pair: tuple[Arm, Arm]) -> None:
    """The chi-square as it is, and the one of Yates, are scipy's without and with its correction."""
    found = compare(*pair)
    for ours, correction in ((found.chi_square, False), (found.yates, True)):
        theirs = chi2_contingency(cells(*pair), correction=correction)
        assert ours.statistic == pytest.approx(theirs.statistic, rel=1e-7, abs=1e-12)
        assert ours.p == pytest.approx(max(SMALLEST, theirs.pvalue), rel=1e-6, abs=0)


@given(arms(most=1000))
@example((Arm("first", 500, 500), Arm("second", 500, 500)))
def test_fisher_agrees_with_scipy(pair: tuple[Arm, Arm]) -> None:
    """The exact p value is scipy's, with zero cells too."""
    theirs = fisher_exact(cells(*pair)).pvalue
    assert compare(*pair).fisher.p == pytest.approx(max(SMALLEST, theirs), rel=1e-6, abs=0)


def test_fisher_is_exact_on_every_small_table() -> None:
    """On every table of up to seven people an arm it is the sum of whole numbers of ways: ties are counted as ties."""
    for first, second in small(7):
        events = first.events + second.events
        ways = [
            math.comb(first.of, each) * math.comb(second.of, events - each)
            for each in range(max(0, events - second.of), min(first.of, events) + 1)
        ]
        seen = math.comb(first.of, first.events) * math.comb(second.of, second.events)
        exact = Fraction(sum(each for each in ways if each <= seen), sum(ways))
        assert compare(first, second).fisher.p == pytest.approx(float(exact), rel=1e-12), (first, second)


def test_fisher_of_large_arms_is_reckoned_without_overflow() -> None:
    """A hundred thousand people in each arm, where the ways have thousands of digits, agree with scipy."""
    first, second = Arm("first", 30_000, 100_000), Arm("second", 30_500, 100_000)
    theirs = fisher_exact(cells(first, second)).pvalue
    assert compare(first, second).fisher.p == pytest.approx(theirs, rel=1e-6, abs=0)
    assert compare(Arm("first", 0, 100_000), Arm("second", 100_000, 100_000)).fisher.p == SMALLEST


# where those are wrong

NONE_OF_20, FIVE_OF_20 = Arm("first", 0, 20), Arm("second", 5, 20)


def test_a_zero_cell_is_told_as_it_is() -> None:
    """0 of 20 against 5 of 20: both ratios are 0, without an interval and with the reason."""
    found = compare(NONE_OF_20, FIVE_OF_20)
    ratio, odds = found.risk_ratio, found.odds_ratio
    assert (ratio.estimate, ratio.interval, ratio.state) == (0, None, "defined")
    assert ratio.note == "nobody in first had the event"
    assert (odds.estimate, odds.interval, odds.state, odds.note) == (0, None, "defined", "a count is 0")


def test_half_is_added_to_all_four_cells_where_statsmodels_adds_it_to_the_zero_alone() -> None:
    """The corrected ratios are 0.0909 and 0.0687; statsmodels' Table2x2 says 0.0976 and 0.075 by default."""
    theirs = table_of(np.array(cells(NONE_OF_20, FIVE_OF_20)))
    assert (theirs.riskratio, theirs.oddsratio) == pytest.approx((0.0976, 0.075), abs=5e-5)
    found = compare(NONE_OF_20, FIVE_OF_20)
    ratio, odds = found.corrected_risk_ratio, found.corrected_odds_ratio
    assert ratio is not None
    assert odds is not None
    assert (ratio.estimate, odds.estimate) == pytest.approx(((0.5 / 21) / (5.5 / 21), 0.5 * 15.5 / (5.5 * 20.5)))
    assert ratio.measure == "risk ratio, 0.5 added to all four cells"
    assert odds.measure == "odds ratio, 0.5 added to all four cells"
    assert within(ratio).method == "Katz log, 0.5 added to all four cells"
    table = np.array([[0.5, 20.5], [5.5, 15.5]])
    assert ends(odds) == pytest.approx(table_of(table, shift_zeros=False).oddsratio_confint(), rel=1e-9)
    assert ends(ratio) == pytest.approx(table_of(table, shift_zeros=False).riskratio_confint(), rel=1e-9)


def test_half_more_people_is_not_half_in_all_four_cells() -> None:
    """The log-adjusted interval of statsmodels adds 0.5 to the people too: it ends at 1.5399, four cells at 1.5423."""
    _, high = of_two(0, 20, 5, 20, compare="ratio", method="log-adjusted")
    assert high == pytest.approx(1.5399, abs=5e-5)
    assert ends(compare(NONE_OF_20, FIVE_OF_20).corrected_risk_ratio)[1] == pytest.approx(1.5423, abs=5e-5)


def test_the_ratios_of_statsmodels_divide_by_a_zero_cell() -> None:
    """Its intervals by logarithms raise ZeroDivisionError, and scipy's ends at not-a-number; ours has a reason."""
    for ratio, method in (("ratio", "log"), ("odds-ratio", "logit")):
        with pytest.raises(ZeroDivisionError):
            of_two(0, 20, 5, 20, compare=ratio, method=method)
    assert math.isnan(stats.contingency.relative_risk(0, 20, 5, 20).confidence_interval().high)
    assert compare(NONE_OF_20, FIVE_OF_20).risk_ratio.interval is None


def test_a_ratio_to_nothing_is_infinite_by_name() -> None:
    """5 of 20 against 0 of 20: both ratios lie at infinity, and the corrected ones are the others inverted."""
    found, back = compare(FIVE_OF_20, NONE_OF_20), compare(NONE_OF_20, FIVE_OF_20)
    for ratio in (found.risk_ratio, found.odds_ratio):
        assert (ratio.estimate, ratio.interval, ratio.state) == (None, None, "infinite")
    assert found.risk_ratio.note == "nobody in first had the event"
    assert found.odds_ratio.note == "a count to divide by is 0"
    low, high = ends(back.corrected_odds_ratio)
    assert ends(found.corrected_odds_ratio) == pytest.approx((1 / high, 1 / low))


def test_everyone_in_one_arm_has_a_risk_ratio_and_no_odds_ratio() -> None:
    """20 of 20 against 5 of 20: four times the risk, with its interval; only the odds are infinite."""
    found = compare(Arm("first", 20, 20), FIVE_OF_20)
    assert estimate(found.risk_ratio) == 4
    assert ends(found.risk_ratio) == pytest.approx(stats.contingency.relative_risk(20, 20, 5, 20).confidence_interval())
    assert (found.corrected_risk_ratio, found.odds_ratio.state) == (None, "infinite")
    assert found.corrected_odds_ratio is not None
    assert (compare(FIVE_OF_20, Arm("all", 20, 20)).odds_ratio.estimate) == 0


def test_both_arms_without_an_event() -> None:
    """0 of 20 against 0 of 30: scipy raises; here nothing differs, the ratios are undefined, Fisher's p is 1."""
    first, second = Arm("first", 0, 20), Arm("second", 0, 30)
    with pytest.raises(ValueError, match="zero element"):
        chi2_contingency(cells(first, second))
    found = compare(first, second)
    assert estimate(found.risk_difference) == 0
    for ratio in (found.risk_ratio, found.odds_ratio):
        assert (ratio.state, ratio.interval) == ("undefined", None)
        assert ratio.note == "nobody in either arm had the event"
    assert (found.corrected_risk_ratio, found.corrected_odds_ratio, found.fisher.p) == (None, None, 1)
    for test in (found.chi_square, found.yates):
        assert (test.p, test.statistic, test.note) == (None, None, "everyone had the event, or nobody had")


def test_both_arms_with_everyone() -> None:
    """12 of 12 against 15 of 15: scipy's interval is 1 to 1, as if it were certain; ours has a reason instead."""
    assert tuple(stats.contingency.relative_risk(12, 12, 15, 15).confidence_interval()) == (1, 1)
    found = compare(Arm("first", 12, 12), Arm("second", 15, 15))
    ratio, odds = found.risk_ratio, found.odds_ratio
    assert (ratio.estimate, ratio.interval, ratio.note) == (1, None, "everyone in both arms had the event")
    assert (odds.state, odds.note) == ("undefined", "everyone in both arms had the event")
    assert (found.corrected_risk_ratio, found.corrected_odds_ratio, found.fisher.p) == (None, None, 1)
    assert found.chi_square.note == "everyone had the event, or nobody had"


def test_statsmodels_gives_no_number_for_two_arms_without_an_event() -> None:
    """Its test of two proportions returns not-a-number with warnings; no row of ours ever holds one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, p = cast("Any", untyped_proportion.proportions_ztest)([0, 0], [20, 30])
    assert math.isnan(p)
    assert compare(Arm("first", 0, 20), Arm("second", 0, 30)).chi_square.p is None


@pytest.mark.parametrize(
    "pair", [(Arm("a", 0, 0), FIVE_OF_20), (FIVE_OF_20, Arm("a", 0, 0)), (Arm("a", 0, 0), Arm("b", 0, 0))]
)
def test_an_empty_arm_cannot_be_compared(pair: tuple[Arm, Arm]) -> None:
    """With nobody known in an arm nothing is defined, with the reason; but Fisher's one table has a p value of 1."""
    found = compare(*pair, wanted=True)
    for each in (found.risk_difference, found.risk_ratio, found.odds_ratio):
        assert (each.estimate, each.interval, each.state, each.note) == (
            None,
            None,
            "undefined",
            "nobody is known in an arm",
        )
    assert (found.number_needed.state, found.number_needed.note) == ("undefined", "nobody is known in an arm")
    assert (found.chi_square.p, found.chi_square.note) == (None, "nobody is known in an arm")
    assert found.fisher.p == 1
    assert "risk difference: undefined (nobody is known in an arm)" in str(found)
    assert len(found.contrasts) == 3


def test_scipy_corrects_by_yates_unless_told_not_to() -> None:
    """Its default alone moves the trial from 0.046 to 0.058; ours is not corrected, and Yates has his own name."""
    theirs = chi2_contingency(cells(PEER_KNOWN, CONTROL_KNOWN)).pvalue
    found = compare(PEER_KNOWN, CONTROL_KNOWN)
    assert found.yates.p == pytest.approx(theirs)
    assert found.chi_square.p == pytest.approx(0.04596, abs=5e-6)
    assert (found.chi_square.method, found.yates.method) == (
        "chi-square, not corrected",
        "chi-square, corrected by Yates",
    )


@pytest.mark.parametrize("counts", [(0, 100, 0, 100), (12, 12, 15, 15), (0, 1, 1, 1)])
def test_wald_without_width_is_refused(counts: tuple[int, int, int, int]) -> None:
    """Where each arm has all or none statsmodels' interval has no width; here it is refused, and Newcombe's is not."""
    low, high = of_two(*counts, compare="diff", method="wald")
    assert low == high
    pair = Arm("first", *counts[:2]), Arm("second", *counts[2:])
    refused = compare(*pair, difference="wald", wanted=False)
    note = "each arm has all or none, and Wald's interval would have no width: use Newcombe's"
    assert (refused.risk_difference.interval, refused.risk_difference.note) == (None, note)
    assert (refused.number_needed.kind, refused.number_needed.best, refused.number_needed.note) == (None, None, note)
    assert refused.number_needed.state == ("defined" if refused.risk_difference.estimate else "infinite")
    assert f" points ({note})" in str(refused)
    assert within(compare(*pair).risk_difference).low < within(compare(*pair).risk_difference).high


def test_wald_beyond_one_is_refused() -> None:
    """0 of 1 against 1 of 2: statsmodels' interval goes down to -1.19; here it is refused."""
    assert of_two(0, 1, 1, 2, compare="diff", method="wald")[0] == pytest.approx(-1.19, abs=0.005)
    for pair in ((Arm("a", 0, 1), Arm("b", 1, 2)), (Arm("a", 1, 2), Arm("b", 0, 1))):
        difference = compare(*pair, difference="wald").risk_difference
        assert (difference.interval, difference.note) == (None, "Wald's interval would leave -1 to 1: use Newcombe's")


# laws


@given(arms(), SIDES)
def test_swapping_the_arms(pair: tuple[Arm, Arm], wanted: bool) -> None:
    """The difference negates and its limits swap; the ratios invert; the tests stay; benefit is harm."""
    there, back = compare(*pair, wanted=wanted), compare(*pair, wanted=wanted).swapped()
    assert (back.first, back.second, back.first_share) == (there.second, there.first, there.second_share)
    assert estimate(back.risk_difference) == -estimate(there.risk_difference)
    assert ends(back.risk_difference) == pytest.approx(tuple(-each for each in ends(there.risk_difference)[::-1]))
    for one, two in zip(there.contrasts[1:], back.contrasts[1:], strict=True):
        _assert_inverted(one, two)
    assert there.tests == back.tests or [each.p for each in there.tests] == pytest.approx(
        [each.p for each in back.tests]
    )
    assert back.number_needed.number == there.number_needed.number
    turned = {"benefit": "harm", "harm": "benefit", "either": "either", None: None}
    assert back.number_needed.side == turned[there.number_needed.side]
    assert back.number_needed.kind == turned[there.number_needed.kind]


def _assert_inverted(one: Contrast, two: Contrast) -> None:
    """A ratio and its inverse: 0 and infinity invert to each other, and what has no value stays so."""
    assert (one.state == "undefined") == (two.state == "undefined")
    assert (one.state == "infinite") == (two.estimate == 0)
    if one.estimate and two.estimate:
        assert one.estimate * two.estimate == pytest.approx(1)
    if one.interval and two.interval:
        assert (two.interval.low, two.interval.high) == pytest.approx((1 / one.interval.high, 1 / one.interval.low))
    assert (one.interval is None) == (two.interval is None)


@given(arms(), SIDES)
def test_swapping_event_and_no_event(pair: tuple[Arm, Arm], wanted: bool) -> None:
    """The difference negates, the odds ratio inverts, the tests stay, and so does the number needed to treat."""
    there = compare(*pair, wanted=wanted)
    other = compare(*map(opposite, pair), wanted=not wanted)
    assert estimate(other.risk_difference) == -estimate(there.risk_difference)
    assert ends(other.risk_difference) == pytest.approx(
        tuple(-each for each in ends(there.risk_difference)[::-1]), abs=1e-12
    )
    _assert_inverted(there.odds_ratio, other.odds_ratio)
    assert [each.p for each in there.tests] == pytest.approx([each.p for each in other.tests])
    assert (there.number_needed.number, there.number_needed.side) == (
        other.number_needed.number,
        other.number_needed.side,
    )


@given(arms(), LEVELS)
def test_bounds(pair: tuple[Arm, Arm], level: float) -> None:
    """Newcombe's interval holds the difference within -1 to 1; p values lie above 0 and up to 1; Yates is less."""
    found = compare(*pair, level=level)
    low, high = ends(found.risk_difference)
    assert -1 <= low <= estimate(found.risk_difference) <= high <= 1
    assert all(0 < test.p <= 1 for test in found.tests if test.p is not None)
    if found.yates.statistic is not None:
        assert found.yates.statistic <= cast("float", found.chi_square.statistic)
    for ratio in (each for each in found.contrasts[1:] if each.interval):
        assert 0 < within(ratio).low <= estimate(ratio) <= within(ratio).high < math.inf


@given(arms())
def test_one_more_event_raises_the_difference(pair: tuple[Arm, Arm]) -> None:
    """One more event in the first arm raises the difference and both of Newcombe's limits."""
    first, second = pair
    assume(first.others)
    fewer, more = (compare(Arm("first", first.events + each, first.of), second).risk_difference for each in (0, 1))
    assert estimate(fewer) < estimate(more)
    assert within(fewer).low < within(more).low
    assert within(fewer).high < within(more).high


@given(full_arms())
def test_the_odds_ratio_is_further_from_one(pair: tuple[Arm, Arm]) -> None:
    """The odds ratio lies on the side of 1 that the risk ratio does, at least as far out."""
    found = compare(*pair)
    risk, odds = math.log(estimate(found.risk_ratio)), math.log(estimate(found.odds_ratio))
    assert risk * odds >= -1e-24
    assert abs(odds) >= abs(risk) - 1e-12


@given(full_arms())
def test_twice_the_people(pair: tuple[Arm, Arm]) -> None:
    """Twice all counts keep the risk ratio, double the chi-square, and narrow both intervals."""
    once = compare(*pair)
    twice = compare(*(Arm(arm.name, 2 * arm.events, 2 * arm.of) for arm in pair))
    assert estimate(twice.risk_ratio) == pytest.approx(estimate(once.risk_ratio))
    assert twice.chi_square.statistic == pytest.approx(2 * cast("float", once.chi_square.statistic))
    for wide, narrow in ((once.risk_difference, twice.risk_difference), (once.risk_ratio, twice.risk_ratio)):
        assert within(narrow).high - within(narrow).low < within(wide).high - within(wide).low


def test_strata_add_up_to_the_whole() -> None:
    """Both strata favour the first arm and the whole the second (Simpson): each is told as it is, none is mended."""
    strata = [(Arm("a", 81, 87), Arm("b", 234, 270)), (Arm("a", 192, 263), Arm("b", 55, 80))]
    assert all(estimate(compare(*each).risk_difference) > 0 for each in strata)
    whole = [
        Arm(name, sum(each[at].events for each in strata), sum(each[at].of for each in strata))
        for at, name in enumerate("ab")
    ]
    assert [(arm.events, arm.of) for arm in whole] == [(273, 350), (289, 350)]
    assert estimate(compare(*whole).risk_difference) < 0


def test_no_row_of_any_small_table_holds_what_is_no_number() -> None:
    """On every table of up to three people an arm, of nobody too, every row is tidy: the same columns, all finite."""
    for first, second in small(3):
        found = compare(first, second, wanted=False)
        rows = found.rows()
        assert len({tuple(row) for row in rows}) == 1
        assert all(math.isfinite(each) for row in rows for each in row.values() if isinstance(each, float))
        assert all(row["note"] for row in rows if row["estimate"] is None), (first, second)
        assert not {"nan", "inf", "None"} & set(str(found).split()), (first, second)


# the number needed to treat


@given(arms(), SIDES, LEVELS)
def test_the_number_needed_belongs_to_the_difference(pair: tuple[Arm, Arm], wanted: bool, level: float) -> None:
    """It is one over the difference, at least 1; it is of one kind only if the interval of the difference is."""
    found = compare(*pair, wanted=wanted, level=level)
    needed, gain = found.number_needed, estimate(found.risk_difference) * (1 if wanted else -1)
    low, high = sorted((1 if wanted else -1) * each for each in ends(found.risk_difference))
    assert needed.number == (pytest.approx(1 / abs(gain)) if gain else None)
    assert needed.state == ("defined" if gain else "infinite")
    assert needed.side == ("benefit" if gain > 0 else "harm" if gain < 0 else None)
    assert needed.kind == ("benefit" if low > 0 else "harm" if high < 0 else "either")
    assert (needed.kind == "either") == (0 in within(found.risk_difference))
    assert needed.method == "Newcombe"
    _assert_limit(needed.best, high)
    _assert_limit(needed.worst, low)


def _assert_limit(limit: Limit | None, gain: float) -> None:
    """A limit is one over that of the gain, on its side; it is infinity where the gain is nothing."""
    assert limit is not None
    assert limit.number == (pytest.approx(1 / abs(gain)) if gain else None)
    assert limit.number is None or limit.number >= 1
    assert limit.side == ("benefit" if gain > 0 else "harm" if gain < 0 else None)


@given(arms())
def test_the_point_lies_within_its_limits(pair: tuple[Arm, Arm]) -> None:
    """Of one kind it lies between the limits; through infinity it lies beyond the limit on its own side."""
    needed = compare(*pair, wanted=False).number_needed
    if needed.number is None:
        return
    numbers = {each.side: each.number for each in (needed.best, needed.worst) if each and each.number}
    if needed.kind == "either":
        assert needed.number >= numbers[needed.side]
        return
    both = sorted(numbers_of(needed))
    assert both[0] <= needed.number <= both[1]
    row = compare(*pair, wanted=False).rows()[-4]
    assert (row["measure"], row["low"], row["high"]) == (f"number needed to treat, {needed.side}", *both)


def test_the_number_needed_is_never_guessed() -> None:
    """Without being told whether the event is wanted, nobody can tell benefit from harm: there is no number."""
    needed = compare(PEER, CONTROL).number_needed
    assert (needed.number, needed.state, needed.kind, needed.side) == (None, "undefined", None, None)
    assert str(needed) == (
        "number needed to treat: undefined "
        "(say whether the event is wanted: wanted=False for a readmission, wanted=True for a contact kept)"
    )


def test_a_wanted_event_turns_benefit_into_harm() -> None:
    """Fewer of a wanted event is harm: the same number, on the other side, with its limits turned."""
    needed = compare(PEER_KNOWN, CONTROL_KNOWN, wanted=True, difference="wald").number_needed
    assert str(needed) == "number needed to treat: NNTH 11.0 (harm 497 to harm 5.58; 95 % interval, Wald)"
    assert (needed.kind, needed.side) == ("harm", "harm")


def test_no_difference_is_infinity_between_benefit_and_harm() -> None:
    """10 of 50 against 10 of 50, for which zepid and epiR print inf with (-6.38, 6.38): both sides are named."""
    found = compare(Arm("a", 10, 50), Arm("b", 10, 50), wanted=False, difference="wald")
    assert str(found.number_needed) == (
        "number needed to treat: infinite (benefit 6.38 to infinity to harm 6.38; 95 % interval, Wald)"
    )
    row = found.rows()[-4]
    assert (row["measure"], row["estimate"], row["state"]) == ("number needed to treat", None, "infinite")
    assert (row["low"], row["high"], row["note"]) == (None, None, "benefit 6.38 to infinity to harm 6.38")


def test_an_interval_that_ends_at_no_difference_ends_at_infinity() -> None:
    """A limit of exactly 0 is infinity, which is said once."""
    difference = Contrast("risk difference", -0.1, Interval(-0.2, 0.0))
    needed = number_needed(difference, level=0.95, wanted=False)
    assert (needed.kind, needed.worst) == ("either", Limit(None, None))
    assert str(needed).startswith("number needed to treat: NNTB 10.0 (benefit 5.00 to infinity;")


# missing outcomes


@given(lossy_arms(), SIDES)
def test_the_cases_are_in_order(pair: tuple[Arm, Arm], wanted: bool) -> None:
    """For the first arm the best case is no worse than the complete one, nor that than the worst."""
    found = missing_outcomes(*pair, wanted=wanted)
    gains = {
        each.assumption: estimate(each.comparison.risk_difference) * (1 if wanted else -1) for each in found.assumed
    }
    assert gains["worst case"] <= gains["complete case"] <= gains["best case"]
    for case in ("missing = no event", "missing = event"):
        assert gains["worst case"] <= gains[case] <= gains["best case"]


@given(lossy_arms(), SIDES)
def test_each_assumption_counts_all_who_were_assigned(pair: tuple[Arm, Arm], wanted: bool) -> None:
    """The complete case is as known; in all others everyone assigned is counted, with the events that are assumed."""
    first, second = pair
    lost, gone = cast("int", first.missing), cast("int", second.missing)
    found = {each.assumption: each.comparison for each in missing_outcomes(*pair, wanted=wanted).assumed}
    assert (found["complete case"].first, found["complete case"].second) == pair
    added = {
        "missing = no event": (0, 0),
        "missing = event": (lost, gone),
        "best case": (lost, 0) if wanted else (0, gone),
        "worst case": (0, gone) if wanted else (lost, 0),
    }
    assert list(found) == ["complete case", *added]
    for case, (one, two) in added.items():
        assert (found[case].first.events, found[case].second.events) == (first.events + one, second.events + two)
        assert (found[case].first.of, found[case].second.of) == (first.assigned, second.assigned)


@given(arms(), SIDES)
def test_nothing_missing_is_one_answer(pair: tuple[Arm, Arm], wanted: bool) -> None:
    """Where nobody was lost all five are the same."""
    whole = [Arm(arm.name, arm.events, arm.of, arm.of) for arm in pair]
    found = missing_outcomes(*whole, wanted=wanted, level=0.9, difference="wald")
    assert {each.comparison for each in found.assumed} == {compare(*whole, wanted=wanted, level=0.9, difference="wald")}


def test_rows_of_missing_outcomes_name_the_assumption() -> None:
    """The rows of all five comparisons, in order, each with its assumption."""
    found = missing_outcomes(PEER_KNOWN, CONTROL_KNOWN, wanted=False)
    assert isinstance(found, MissingOutcomes)
    rows = found.rows()
    assert [row["estimate"] for row in rows if row["measure"] == "risk difference"] == [
        each.comparison.risk_difference.estimate for each in found.assumed
    ]
    assert list(dict.fromkeys(row["assumption"] for row in rows)) == [
        "complete case",
        "missing = no event",
        "missing = event",
        "best case",
        "worst case",
    ]


def test_missing_outcomes_need_to_be_known_as_missing() -> None:
    """Without the number assigned, and without knowing what is wanted, there is nothing to assume: all is told."""
    mend = "give how many were assigned; it is `of` only if it is known that nobody was lost"
    assert faults(missing_outcomes, PEER, CONTROL, wanted=None) == (
        Problem("arm 'peer': assigned", "is missing", mend),
        Problem("arm 'control': assigned", "is missing", mend),
        Problem("wanted", "is missing", "say whether the event is wanted"),
    )
    assert [each.place for each in faults(missing_outcomes, 3, CONTROL, wanted=1, level=2)] == [
        "first",
        "level",
        "wanted",
    ]


# what goes in


def test_an_arm_knows_who_is_missing() -> None:
    """Missing are those assigned and not known; without the number assigned that is not known, and not none."""
    assert (PEER.missing, PEER_KNOWN.missing, Arm("a", 1, 2, 2).missing) == (None, 3, 0)
    assert PEER_KNOWN.others == 154
    assert "missing" not in str(compare(Arm("a", 1, 2, 2), Arm("b", 1, 2)))


@pytest.mark.parametrize(
    ("counts", "problem"),
    [
        ((64, None), Problem("arm 'a': of", "is missing", "give the count; what is not known is not 0")),
        ((None, 64), Problem("arm 'a': events", "is missing", "give the count; what is not known is not 0")),
        ((-1, 64), Problem("arm 'a': events", "-1 is below 0", "a count is 0 or more")),
        ((True, 64), Problem("arm 'a': events", "True is not a whole number", "give a Python int")),
        ((1, 64.0), Problem("arm 'a': of", "64.0 is not a whole number", "give a Python int")),
        (
            (5, 4),
            Problem(
                "arm 'a': events",
                "5 is more than the 4 counted",
                "count each once; for events of which one person can have several, use a rate over time",
            ),
        ),
        ((1, 4, 3), Problem("arm 'a': assigned", "3 is below the 4 who are known", "give all who were assigned")),
        ((1, 4, 5.5), Problem("arm 'a': assigned", "5.5 is not a whole number", "give a Python int")),
    ],
)
def test_what_is_no_arm_says_why(counts: tuple[Any, ...], problem: Problem) -> None:
    """Each thing that is no arm has its own fault, at its place."""
    assert faults(Arm, "a", *counts) == (problem,)


@pytest.mark.parametrize("name", ["", None, 3])
def test_every_fault_of_an_arm_is_told_at_once(name: Any) -> None:  # noqa: ANN401 -- wrong on purpose
    """A name that is none and three counts that are none are four problems."""
    found = faults(Arm, name, -1, 2.5, "many")
    assert [each.place.split(": ")[-1] for each in found] == ["arm", "events", "of", "assigned"]


def test_what_cannot_be_compared_is_refused() -> None:
    """Arms that are none, a level, a direction and a method that are none: all faults at once."""
    found = faults(compare, None, (64, 221), level=95, wanted="yes", difference="score")
    assert [each.place for each in found] == ["first", "second", "level", "difference", "wanted"]
    assert found[3] == Problem("difference", "'score' is not a method", "one of newcombe, wald")
    assert found[4].fault == "'yes' is not True, False or None"
    same = Problem("second", "both arms are named 'peer'", "give each its own name")
    assert faults(compare, PEER, PEER_KNOWN) == (same,)


def test_a_comparison_carries_what_went_in() -> None:
    """The counts, the level, the direction and the method stand in the value and on every row."""
    found = compare(PEER_KNOWN, CONTROL, level=0.9, wanted=False)
    assert isinstance(found, Comparison)
    assert (found.first, found.second, found.level, found.wanted, found.difference) == (
        PEER_KNOWN,
        CONTROL,
        0.9,
        False,
        "newcombe",
    )
    rows = found.rows()
    assert [row["measure"] for row in rows] == [
        "share of the first arm",
        "share of the second arm",
        "risk difference",
        "risk ratio",
        "odds ratio",
        "number needed to treat, benefit",
        *["p value"] * 3,
    ]
    for row in rows:
        assert [row[key] for key in ("first", "first_events", "first_of", "first_assigned")] == ["peer", 64, 218, 221]
        assert [row[key] for key in ("second", "second_events", "second_of", "second_assigned")] == [
            "control",
            83,
            220,
            None,
        ]
    assert {row["level"] for row in rows} == {0.9, None}
    assert [row["method"] for row in rows[-3:]] == [each.method for each in found.tests]


def drawn(picture: str) -> str:
    """The words of a picture, which is well-formed."""
    return " ".join(ET.fromstring(picture).itertext())  # noqa: S314  our own picture


def test_a_comparison_shows_itself() -> None:
    """In a notebook it is a forest of both ratios, with the tidy rows below."""
    told = compare(Arm("peer <1>", 64, 218), Arm("usual", 83, 216), wanted=False)._repr_html_()
    assert "peer &lt;1&gt; against usual" in told
    assert all(text in told for text in ("risk ratio", "odds ratio", "Newcombe", "64"))
    empty = compare(Arm("a", 0, 20), Arm("b", 0, 20))._repr_html_()
    assert "undefined" in empty
    assert "nan" not in empty


@pytest.mark.parametrize("measure", ["risk ratio", "odds ratio", "risk difference"])
def test_a_forest_has_a_row_for_each_subgroup(measure: Any) -> None:  # noqa: ANN401  one of three words
    """Each subgroup has its label, counts and mark; one that is suppressed or has no interval has none."""
    women = compare(Arm("peer", 20, 90), Arm("usual", 31, 92), wanted=False)
    both = compare(Arm("peer", 64, 218), Arm("usual", 83, 216), wanted=False)
    some = {"women": women, "men": None, "nobody": compare(Arm("a", 0, 9), Arm("b", 0, 9)), "all": both}
    words = drawn(forest(some, title="Readmission", measure=measure, total="all"))
    assert "20/90 v 31/92" in words
    assert "suppressed" in words
    assert measure in words
    plain = drawn(forest({"women": women}, title="Readmission", measure=measure))
    assert "women" in plain
    assert "suppressed" not in plain
