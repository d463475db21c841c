"""Proportions and pairs: every number against scipy and statsmodels, every law on every small table."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import contingency_tables
from statsmodels.stats.proportion import proportion_confint as untyped_limits

from peersupport.measures.proportions import Paired, Proportion, by_probability, paired, proportion
from peersupport.measures.values import (
    MOST,
    SMALLEST,
    Contrast,
    Events,
    Interval,
    chi_square_p,
    hundredths,
    level_text,
    p_value,
    percent,
    shown,
)
from peersupport.rules.problems import InputError, Problem

LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
NOT_COUNTS = st.sampled_from([None, True, 1.0, "1", -1, MOST + 1])
mcnemar: Any = contingency_tables.mcnemar
proportion_confint: Any = untyped_limits
SMALL = [(events, of) for of in range(1, 41) for events in range(of + 1)]


@st.composite
def shares(draw: st.DrawFn, most: int = 3000) -> tuple[int, int]:
    """Some events of at least one person."""
    of = draw(st.integers(1, most))
    return draw(st.integers(0, of)), of


def wilson(events: int, of: int, level: float = 0.95) -> Interval:
    """Wilson's interval, which is there for one person or more."""
    interval = proportion(events, of, level=level).interval
    assert interval is not None
    return interval


def exact(events: int, of: int, level: float = 0.95) -> Interval:
    """Clopper and Pearson's interval."""
    interval = proportion(events, of, level=level, method="clopper-pearson").interval
    assert interval is not None
    return interval


def faults(call: Any, *given_: Any, **named: Any) -> tuple[Problem, ...]:  # noqa: ANN401 -- any call, any input
    """The problems that a call raises."""
    with pytest.raises(InputError) as raised:
        call(*given_, **named)
    return raised.value.problems


# proportions


@given(shares(), LEVELS)
def test_wilson_agrees_with_scipy(share: tuple[int, int], level: float) -> None:
    """Wilson's limits are those of scipy, to 1e-6 and better."""
    theirs = stats.binomtest(*share).proportion_ci(level, method="wilson")
    ours = wilson(*share, level)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert (ours.level, ours.method) == (level, "Wilson")


@given(shares(), LEVELS)
@example((1, 3000), 0.999)
@example((0, 1), 0.95)
@example((1, 1), 0.95)
def test_clopper_pearson_agrees_with_scipy(share: tuple[int, int], level: float) -> None:
    """The exact limits are those of the beta distribution, which scipy has and we have not."""
    theirs = stats.binomtest(*share).proportion_ci(level, method="exact")
    ours = exact(*share, level)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), rel=1e-9, abs=1e-12)
    assert ours.method == "Clopper-Pearson exact"


@pytest.mark.parametrize(("events", "of"), [(40_000, 100_000), (3, 1_000_000), (999_998, 1_000_000)])
def test_many_people_are_counted_as_exactly(events: int, of: int) -> None:
    """Exact limits neither vanish nor overflow where the chances of single numbers are far below a float."""
    theirs = proportion_confint(events, of, method="beta")
    ours = exact(events, of)
    assert (ours.low, ours.high) == pytest.approx(theirs, rel=1e-8)


def test_one_of_a_great_many_is_exact() -> None:
    """One of a thousand million, where logarithms of great numbers would round: by the closed form of one event."""
    assert exact(1, MOST).low == pytest.approx(-math.expm1(math.log1p(-0.025) / MOST), rel=1e-12, abs=0)


@pytest.mark.parametrize("limits", [wilson, exact, lambda events, of: wilson(events, of, 0.001)])
def test_limits_hold_the_estimate_and_stay_in_bounds(limits: Callable[[int, int], Interval]) -> None:
    """0 <= low <= estimate <= high <= 1, with exactly 0 for nobody and exactly 1 for everybody."""
    for events, of in SMALL:
        interval = limits(events, of)
        assert 0 <= interval.low <= events / of <= interval.high <= 1, (events, of)
        assert (interval.low == 0) == (events == 0), (events, of)
        assert (interval.high == 1) == (events == of), (events, of)


def test_statsmodels_misses_the_end_points_of_wilson() -> None:
    """For 7 of 7 statsmodels 0.15 ends just below 1, and so leaves out the share that was seen; ours ends at 1."""
    assert proportion_confint(7, 7, method="wilson")[1] < 1
    assert wilson(7, 7).high == 1
    assert wilson(0, 7).low == 0


@pytest.mark.parametrize("limits", [wilson, exact])
def test_swapping_event_and_no_event_mirrors_the_limits(limits: Callable[[int, int], Interval]) -> None:
    """The limits of those without the event are 1 less those of the others."""
    for events, of in SMALL:
        there, mirrored = limits(events, of), limits(of - events, of)
        expected = pytest.approx((1 - there.high, 1 - there.low), abs=1e-12)
        assert (mirrored.low, mirrored.high) == expected, (events, of)


@pytest.mark.parametrize("limits", [wilson, exact])
def test_one_more_event_raises_both_limits(limits: Callable[[int, int], Interval]) -> None:
    """Both limits rise with the events."""
    for events, of in (each for each in SMALL if each[0] < each[1]):
        fewer, more = limits(events, of), limits(events + 1, of)
        assert fewer.low < more.low, (events, of)
        assert fewer.high < more.high, (events, of)


@given(shares(), LEVELS)
def test_a_higher_level_is_wider(share: tuple[int, int], level: float) -> None:
    """An interval of a higher level holds that of a lower one."""
    for method in (wilson, exact):
        inner, outer = method(*share, level), method(*share, (1 + level) / 2)
        assert outer.low <= inner.low <= inner.high <= outer.high


def test_a_proportion_of_nobody_is_undefined() -> None:
    """Nobody of nobody is no share, and never 0: the reason is given."""
    found = proportion(0, 0)
    assert (found.estimate, found.interval, found.note) == (None, None, "nobody was counted")
    assert str(found) == "0 of 0 (undefined: nobody was counted)"
    assert found.rows()[0]["state"] == "undefined"


def test_a_proportion_says_what_it_is() -> None:
    """It carries its counts, its method and its level, in print and as a row."""
    found = proportion(64, 221, level=0.9)
    assert isinstance(found, Proportion)
    assert (found.events, found.of, found.level, found.estimate) == (64, 221, 0.9, 64 / 221)
    assert str(found) == "64 of 221 (29.0 %, 24.2 % to 34.2 %)"
    interval = wilson(64, 221, 0.9)
    assert found.rows() == (
        {
            "events": 64,
            "of": 221,
            "measure": "proportion",
            "estimate": 64 / 221,
            "state": "defined",
            "low": interval.low,
            "high": interval.high,
            "high_is_infinite": 0,
            "level": 0.9,
            "method": "Wilson",
            "statistic": None,
            "note": "",
        },
    )


@pytest.mark.parametrize(
    ("events", "mend"),
    [
        (Events(29), "use a rate over time"),
        (Events(29, people=20), "use a rate over time, or the 20 people"),
    ],
)
def test_events_are_not_people(events: Events, mend: str) -> None:
    """A proportion of an event count is refused, with the reason; people who are known are offered instead."""
    problem = Problem("events", "29 events are not people: one person can have several", mend)
    assert faults(proportion, events, 64) == (problem,)


def test_more_events_than_people_are_refused() -> None:
    """More events than people tell that events were counted, or people twice."""
    mend = "count each once; for events of which one person can have several, use a rate over time"
    assert faults(proportion, 5, 4) == (Problem("events", "5 is more than the 4 counted", mend),)


def test_a_missing_denominator_is_an_error() -> None:
    """Without the number of people there is no proportion (story 54)."""
    mend = "give the count; what is not known is not 0"
    assert faults(proportion, 64, None) == (Problem("of", "is missing", mend),)


@given(NOT_COUNTS, NOT_COUNTS, st.sampled_from([0.0, 1.0, 95, None, True, math.nan, math.inf]))
def test_every_fault_is_told_at_once(events: Any, of: Any, level: Any) -> None:  # noqa: ANN401 -- wrong on purpose
    """What is no count, no level and no method is refused together, each at its place."""
    found = faults(proportion, events, of, level=level, method="guess")
    assert [each.place for each in found] == ["events", "of", "level", "method"]
    assert found[2].mend == "write 0.95 for 95 %"
    assert found[3].mend == "one of wilson, clopper-pearson"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, "is missing"),
        (True, "True is not a whole number"),
        (2.0, "2.0 is not a whole number"),
        (-1, "-1 is below 0"),
        (MOST + 1, f"{MOST + 1} is above {MOST}"),
    ],
)
def test_what_is_no_count_says_why(value: Any, fault: str) -> None:  # noqa: ANN401 -- wrong on purpose
    """Each thing that is no count has its own fault."""
    assert [each.fault for each in faults(Events, value)] == [fault]


@pytest.mark.parametrize(("count", "people"), [(3, 4), (3, 0), (0, 1)])
def test_people_and_events_must_fit(count: int, people: int) -> None:
    """People who had an event had one or more: not more people than events, and none only where none happened."""
    fault = f"{people} people cannot have had {count} events"
    assert faults(Events, count, people) == (Problem("people", fault, "count people who had one or more"),)


def test_people_of_events_are_counts_too() -> None:
    """What is no count of people is refused; nobody for no events is right."""
    assert [each.place for each in faults(Events, 1.5, -1)] == ["count", "people"]
    assert Events(0, 0).people == 0


# intervals and numbers


def test_an_interval_holds_its_limits() -> None:
    """The limits belong to the interval, and infinity to one without an upper limit."""
    interval = Interval(1, 2)
    assert 1 in interval
    assert 2 in interval
    assert 2.001 not in interval
    assert 0.999 not in interval
    assert 1e300 in Interval(0, math.inf)


@pytest.mark.parametrize(
    ("low", "high", "level", "places"),
    [
        (2, 1, 0.95, ["interval"]),
        (math.nan, 1, 0.95, ["interval"]),
        (0, math.nan, 0.95, ["interval"]),
        (-math.inf, 1, 0.95, ["interval"]),
        (2, 1, 95, ["level", "interval"]),
    ],
)
def test_an_interval_that_is_none_is_refused(low: float, high: float, level: float, places: list[str]) -> None:
    """Limits out of order, that are not numbers, or without a lower end, and a level that is none."""
    assert [each.place for each in faults(Interval, low, high, level)] == places


def test_an_interval_prints_its_level_and_method() -> None:
    """In print an interval says how sure it is, and how it was reckoned."""
    assert str(Interval(0.1, math.inf, 0.999, "Wilson")) == "0.100 to infinity (99.9 % interval, Wilson)"
    assert str(Interval(0, 12.34)) == "0 to 12.3 (95 % interval)"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (1, "1.00"),
        (1.0009, "1.001"),
        (0.99996, "0.99996"),
        (9.996, "10.0"),
        (0.0009996, "0.00100"),
        (0.0004567, "0.000457"),
        (-0.5, "-0.500"),
        (123456.7, "123457"),
        (math.inf, "infinity"),
        (-math.inf, "-infinity"),
    ],
)
def test_numbers_are_printed_with_three_figures(number: float, text: str) -> None:
    """Three figures count; infinity has its name; what is not 1 is not printed as 1."""
    assert shown(number) == text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0.0 %"), (1, "100.0 %"), (64 / 221, "29.0 %"), (3e-5, "0.003 %"), (0.99997, "99.997 %")]
)
def test_few_are_not_printed_as_none(share: float, text: str) -> None:
    """A share that is not none is not printed as 0.0 %, and one that is not all not as 100.0 %."""
    assert percent(share) == text


@pytest.mark.parametrize(
    ("difference", "text"), [(0, "0.0"), (-0.0877, "-8.8"), (0.0003, "0.03"), (-0.0003, "-0.03"), (-1e-15, "0.0")]
)
def test_a_small_difference_keeps_its_side(difference: float, text: str) -> None:
    """A limit just beyond 0 is not printed as 0; noise of the machine is."""
    assert hundredths(difference) == text


def test_levels_print_as_they_are() -> None:
    """A level has the decimals that it has."""
    assert [level_text(level) for level in (0.9, 0.95, 0.999)] == ["90 %", "95 %", "99.9 %"]


def test_a_contrast_prints_its_state_and_reason() -> None:
    """A number that is not there is told by its state and its reason."""
    assert str(Contrast("ratio", None, None, "infinite", "why")) == "ratio: infinite (why)"
    assert str(Contrast("ratio", 0.5, Interval(0.25, 1))) == "ratio: 0.500, 0.250 to 1.00 (95 % interval)"


def test_a_p_value_is_never_nothing() -> None:
    """A p value too small for a float is the smallest float, and one above 1 by a rounding is 1."""
    assert p_value("it", 0.0).p == SMALLEST == np.finfo(float).tiny
    assert p_value("it", 1 + 1e-16).p == 1
    assert chi_square_p("it", 1e6).p == SMALLEST
    assert str(p_value("it", 0.00099)) == "it: p < 0.001"
    assert str(p_value("it", 0.001)) == "it: p = 0.001"


@given(st.floats(0, 700))
def test_the_chi_square_distribution_is_that_of_scipy(statistic: float) -> None:
    """The p value of one degree of freedom agrees with scipy, far into the tail."""
    assert chi_square_p("it", statistic).p == pytest.approx(stats.chi2.sf(statistic, 1), rel=1e-9, abs=0)


@pytest.mark.parametrize(("apart", "p"), [(1e-6, 0.5), (1e-8, 1)])
def test_chances_that_differ_by_a_rounding_are_ties(apart: float, p: float) -> None:
    """A chance above that of what was seen by less than a part in ten million is as unlikely: the rule of R."""
    assert by_probability(0, 0, range(2), lambda _: 1 + apart) == pytest.approx(p, rel=1e-5)


def test_what_cannot_be_told_from_nothing_is_as_unlikely_as_can_be() -> None:
    """A number whose chance is below every float has a p value of nothing, which is then the smallest float."""
    assert by_probability(40_000, 20_000, range(40_001), lambda each: (40_000 - each) / (each + 1)) == 0


# pairs

CHANGES = st.integers(0, 60)


@given(CHANGES, CHANGES, CHANGES, CHANGES)
def test_the_tests_of_mcnemar_agree_with_statsmodels(both: int, first: int, second: int, neither: int) -> None:
    """The exact test and both tests by chi-square are those of statsmodels where it has them: where some changed."""
    found = paired(both, first, second, neither)
    table = np.array([[both, first], [second, neither]])
    assert found.exact.p == pytest.approx(mcnemar(table, exact=True).pvalue, rel=1e-9, abs=0)
    if not first + second:
        assert (found.chi_square.p, found.chi_square.note) == (None, "nobody changed")
        assert (found.corrected_chi_square.p, found.mid_p.p) == (None, 1)
        return
    theirs = mcnemar(table, exact=False, correction=False)
    assert (found.chi_square.statistic, found.chi_square.p) == pytest.approx((theirs.statistic, theirs.pvalue))
    if first != second:
        theirs = mcnemar(table, exact=False, correction=True)
        ours = found.corrected_chi_square
        assert (ours.statistic, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))


@given(CHANGES, CHANGES)
def test_mid_p_takes_half_of_what_was_seen(first: int, second: int) -> None:
    """The mid-p value is the exact one less the chance of what was seen, both by scipy; where they tie it is 1."""
    changed, fewer = first + second, min(first, second)
    expected = 2 * stats.binom.cdf(fewer, changed, 0.5) - stats.binom.pmf(fewer, changed, 0.5)
    assert paired(0, first, second, 0).mid_p.p == pytest.approx(expected, rel=1e-9, abs=0)


def test_statsmodels_corrects_equal_changes_away_from_equal() -> None:
    """With as many changes either way statsmodels 0.15 corrects a difference of 0 to one of 1; ours stays 0, p = 1."""
    assert mcnemar(np.array([[1, 4], [4, 1]]), exact=False, correction=True).statistic == pytest.approx(1 / 8)
    ours = paired(1, 4, 4, 1).corrected_chi_square
    assert (ours.statistic, ours.p) == (0, 1)


@given(CHANGES, CHANGES, LEVELS)
def test_the_odds_ratio_of_pairs_is_exact(first: int, second: int, level: float) -> None:
    """Its limits are those of scipy's exact binomial interval, as odds."""
    ratio = paired(3, first, second, 4, level=level).odds_ratio
    if not first + second:
        assert (ratio.state, ratio.interval, ratio.note) == ("undefined", None, "both counts are 0")
        return
    theirs = stats.binomtest(second, first + second).proportion_ci(level, method="exact")
    assert ratio.interval is not None
    assert ratio.interval.low == pytest.approx(theirs.low / (1 - theirs.low), rel=1e-7)
    assert ratio.interval.high == pytest.approx(theirs.high / (1 - theirs.high) if first else math.inf, rel=1e-7)
    assert ratio.state == ("defined" if first else "infinite")
    assert ratio.estimate == (pytest.approx(second / first) if first else None)


@given(CHANGES, CHANGES, CHANGES, CHANGES)
def test_the_looks_can_be_swapped(both: int, first: int, second: int, neither: int) -> None:
    """Swapping the looks turns the change and inverts the odds ratio; the tests stay; so does the direction of 0."""
    there, back = paired(both, first, second, neither), paired(both, second, first, neither)
    assert there.tests == back.tests
    assert (there.first, there.second) == (back.second, back.first)
    assert (there.change is None) == (both + first + second + neither == 0)
    assert there.change == (None if back.change is None else -back.change)
    if first and second:
        assert cast("float", there.odds_ratio.estimate) * cast("float", back.odds_ratio.estimate) == pytest.approx(1)


@given(CHANGES, CHANGES, LEVELS)
def test_the_exact_test_and_the_interval_agree(first: int, second: int, level: float) -> None:
    """The interval of the odds ratio leaves out 1 if and only if the exact p value is below what the level leaves."""
    found = paired(0, first, second, 0, level=level)
    p = cast("float", found.exact.p)
    if found.odds_ratio.interval is not None and not math.isclose(p, 1 - level, rel_tol=1e-6):
        assert (1 not in found.odds_ratio.interval) == (p < 1 - level)


def test_pairs_say_what_they_are() -> None:
    """In print: both looks, the change, each test by its name, and that one group alone shows no effect."""
    found = paired(10, 30, 12, 5)
    assert isinstance(found, Paired)
    assert str(found) == (
        "first look: 40 of 57 (70.2 %, 57.3 % to 80.5 %)\n"
        "second look: 22 of 57 (38.6 %, 27.1 % to 51.6 %)\n"
        "change: -31.6 points\n"
        "odds ratio of those who changed: 0.400, 0.187 to 0.805 (95 % interval, exact conditional)\n"
        "McNemar exact: p = 0.008\n"
        "McNemar mid-p: p = 0.005\n"
        "McNemar chi-square: p = 0.005\n"
        "McNemar chi-square, corrected: p = 0.009\n"
        "One group looked at twice, with nothing to compare it to: people who start at a bad time are often better "
        "later, whatever was done."
    )


def test_nobody_looked_at_twice_is_undefined() -> None:
    """Without anybody there is no change, and nothing is 0 that is not known."""
    text = str(paired(0, 0, 0, 0))
    assert "change: undefined" in text
    assert "McNemar chi-square: undefined (nobody changed)" in text
    assert "McNemar exact: p = 1.000" in text


@given(CHANGES, CHANGES, CHANGES, CHANGES)
def test_rows_of_pairs_are_tidy(both: int, first: int, second: int, neither: int) -> None:
    """Every row has the same columns and the counts, and holds no infinity and nothing that is not a number."""
    rows = paired(both, first, second, neither).rows()
    assert len({tuple(row) for row in rows}) == 1
    assert [row["measure"] for row in rows] == [
        "share at the first look",
        "share at the second look",
        "change",
        "odds ratio of those who changed",
        *["p value"] * 4,
    ]
    for row in rows:
        assert (row["both"], row["first_only"], row["second_only"], row["neither"]) == (both, first, second, neither)
        assert all(math.isfinite(each) for each in row.values() if isinstance(each, float))
    endless = rows[3]["high_is_infinite"]
    assert endless == (None if not first + second else int(first == 0))


def test_what_are_no_pairs_is_refused() -> None:
    """Every count that is none is told at its place, events among them, and the level."""
    events = cast("int", Events(3))
    found = faults(paired, -1, events, second_only=True, neither=2.5, level=2.0)
    assert [each.place for each in found] == ["both", "first_only", "second_only", "neither", "level"]
    assert found[1].fault == "3 events are not people: one person can have several"
