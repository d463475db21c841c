"""Rates and their ratio: every number against scipy and statsmodels, every law on what hypothesis finds."""

from __future__ import annotations

import math
from typing import Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats import rates as untyped_rates

from peersupport.measures.rates import SECOND, Rate, RateRatio, person_years, rate, rate_ratio
from peersupport.measures.values import MOST, SMALLEST, Events, Interval
from peersupport.rules.problems import InputError, Problem

theirs_of_two: Any = untyped_rates.confint_poisson_2indep
theirs_of_one: Any = untyped_rates.confint_poisson

COUNTS = st.integers(0, 5000)
FEW = st.integers(0, 40)
YEARS = st.floats(0.01, 10_000)
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


def limits(found: Rate) -> Interval:
    """Garwood's interval, which is there for any time at risk."""
    assert found.interval is not None
    return found.interval


def ratio_limits(found: RateRatio) -> Interval:
    """The interval of a ratio, which is there for one event or more."""
    assert found.ratio.interval is not None
    return found.ratio.interval


def faults(call: Any, *given_: Any, **named: Any) -> tuple[Problem, ...]:  # noqa: ANN401 -- any call, any input
    """The problems that a call raises."""
    with pytest.raises(InputError) as raised:
        call(*given_, **named)
    return raised.value.problems


# one rate


@given(COUNTS, YEARS, LEVELS)
def test_garwood_agrees_with_scipy(events: int, years: float, level: float) -> None:
    """The limits are those by the chi-square distribution, which scipy has and we have not."""
    found, left = rate(events, years, per=1, level=level), (1 - level) / 2
    low = stats.chi2.ppf(left, 2 * events) / 2 if events else 0
    high = stats.chi2.isf(left, 2 * events + 2) / 2
    assert limits(found).low * years == pytest.approx(low, rel=1e-9)
    assert limits(found).high * years == pytest.approx(high, rel=1e-9)
    assert (limits(found).method, limits(found).level) == ("Garwood exact", level)


@pytest.mark.parametrize("events", [746, 20_000, 1_000_000])
def test_thousands_of_events_do_not_vanish(events: int) -> None:
    """Where the chance of no event is below every float, the limits still agree with statsmodels."""
    found = limits(rate(events, 1, per=1))
    assert (found.low, found.high) == pytest.approx(theirs_of_one(events, 1, method="exact-c"), rel=1e-8)


@given(COUNTS, YEARS, LEVELS)
def test_the_interval_holds_the_rate(events: int, years: float, level: float) -> None:
    """The estimate lies within its limits; the lower one is 0 if and only if there was no event."""
    found = rate(events, years, level=level)
    assert limits(found).low <= cast("float", found.estimate) <= limits(found).high
    assert (limits(found).low == 0) == (events == 0)


@given(COUNTS, YEARS, st.integers(2, 1000))
def test_more_time_divides_the_rate(events: int, years: float, times: int) -> None:
    """So many times the time is so many times less of the rate and of its limits; `per` multiplies them."""
    found, longer = rate(events, years), rate(events, years * times)
    assert cast("float", longer.estimate) * times == pytest.approx(found.estimate)
    assert limits(longer).low * times == pytest.approx(limits(found).low)
    assert limits(longer).high * times == pytest.approx(limits(found).high)
    assert rate(events, years, per=100 * times).estimate == pytest.approx(cast("float", found.estimate) * times)


def test_a_rate_says_what_it_is() -> None:
    """It carries its counts, its time, its method and its level, in print and as a row."""
    found = rate(1, 50)
    assert (found.events, found.person_years, found.per, found.level, found.estimate) == (1, 50, 100, 0.95, 2)
    assert str(found) == (
        "1 event in 50.0 person-years: 2.00 per 100 person-years, 0.0506 to 11.1 (95 % interval, Garwood exact)"
    )
    assert found.rows() == (
        {
            "events": 1,
            "person_years": 50,
            "measure": "rate per 100 person-years",
            "estimate": 2,
            "state": "defined",
            "low": limits(found).low,
            "high": limits(found).high,
            "high_is_infinite": 0,
            "level": 0.95,
            "method": "Garwood exact",
            "statistic": None,
            "note": "",
        },
    )


def test_a_rate_without_time_is_undefined() -> None:
    """No event in no time is no rate, and never 0."""
    found = rate(0, 0)
    assert (found.estimate, found.interval) == (None, None)
    assert str(found) == "0 events in 0 person-years (undefined: nobody was at risk for any time)"


def test_a_rate_takes_events() -> None:
    """Events are what a rate counts; where fewer people had them, the rate says that its interval may be narrow."""
    assert rate(Events(5), 50) == rate(Events(5, people=5), 50) == rate(5, 50)
    repeated = rate(Events(5, people=2), 50)
    assert repeated.estimate == 10
    assert str(repeated).endswith(
        "(events of the same person are taken as independent: the interval may be too narrow)"
    )


def test_days_are_years_of_365_25() -> None:
    """Four years with a leap day are 1,461 days."""
    assert person_years(1461) == 4


@pytest.mark.parametrize(
    ("years", "fault"),
    [
        (None, "is missing"),
        (True, "True is not a number"),
        ("1", "'1' is not a number"),
        (-1, "-1 is no time at risk"),
        (math.nan, "nan is no time at risk"),
        (math.inf, "inf is no time at risk"),
        (SECOND / 2, f"{SECOND / 2!r} is no time at risk"),
        (MOST + 1, f"{MOST + 1} is no time at risk"),
    ],
)
def test_what_is_no_time_says_why(years: Any, fault: str) -> None:  # noqa: ANN401 -- wrong on purpose
    """Each thing that is no time at risk has its own fault."""
    assert [(each.place, each.fault) for each in faults(rate, 1, years)] == [("person_years", fault)]


def test_events_need_time() -> None:
    """Events in no time are a mistake of one of the two."""
    problem = Problem("person_years", "is 0, and there are 3 events", "give the time in which they happened")
    assert faults(rate, Events(3), 0) == (problem,)
    assert rate(1, SECOND).estimate == pytest.approx(100 / SECOND)


@pytest.mark.parametrize("per", [0, -100, True, 1.5, None, MOST + 1])
def test_every_fault_of_a_rate_is_told_at_once(per: Any) -> None:  # noqa: ANN401 -- wrong on purpose
    """What is no count, no time, no number of years and no level is refused together."""
    found = faults(rate, None, -1, per=per, level=1)
    assert [each.place for each in found] == ["events", "person_years", "per", "level"]
    assert [each.place for each in faults(rate, 1.5, 0)] == ["events"]


# the ratio of two rates


@given(COUNTS, YEARS, COUNTS, YEARS, LEVELS)
def test_the_ratio_agrees_with_scipy(first: int, one: float, second: int, two: float, level: float) -> None:
    """Given all events the first are binomial: the limits are those of scipy's exact interval, as odds."""
    assume(first + second > 0)
    found = rate_ratio(rate(first, one), rate(second, two), level=level)
    left, of = (1 - level) / 2, first + second
    low = stats.beta.ppf(left, first, second + 1) if first else 0
    more = stats.beta.ppf(left, second, first + 1) if second else 0
    assert ratio_limits(found).low == pytest.approx(low / (1 - low) * two / one, rel=1e-8)
    assert ratio_limits(found).high == pytest.approx((1 - more) / more * two / one if second else math.inf, rel=1e-8)
    assert found.ratio.estimate == (pytest.approx(first / second * two / one) if second else None)
    assert found.by_probability.p == pytest.approx(
        max(SMALLEST, stats.binomtest(first, of, one / (one + two)).pvalue), rel=1e-6
    )


@given(FEW, YEARS, FEW, YEARS)
def test_the_exact_p_value_is_twice_the_smaller_tail(first: int, one: float, second: int, two: float) -> None:
    """It is what scipy's binomial tails give, at most 1, and 1 without any event."""
    found = rate_ratio(rate(first, one), rate(second, two))
    of, chance = first + second, one / (one + two)
    tails = stats.binom.cdf(first, of, chance), stats.binom.sf(first - 1, of, chance)
    assert found.exact.p == pytest.approx(min(1, 2 * min(tails)), rel=1e-7, abs=0)
    assert 0 < cast("float", found.by_probability.p) <= 1


@given(FEW, YEARS, FEW, YEARS, LEVELS)
def test_the_exact_test_and_the_interval_agree(first: int, one: float, second: int, two: float, level: float) -> None:
    """The interval leaves out 1 if and only if the exact p value is below what the level leaves."""
    assume(first + second > 0)
    found = rate_ratio(rate(first, one), rate(second, two), level=level)
    p = cast("float", found.exact.p)
    assume(not math.isclose(p, 1 - level, rel_tol=1e-6))
    assert (1 not in ratio_limits(found)) == (p < 1 - level)


@given(FEW, YEARS, FEW, YEARS)
def test_swapping_the_rates_inverts_the_ratio(first: int, one: float, second: int, two: float) -> None:
    """The ratio and its limits invert, 0 and infinity with them; both p values stay."""
    there = rate_ratio(rate(first, one), rate(second, two))
    back = rate_ratio(rate(second, two), rate(first, one))
    assert (there.exact.p, there.by_probability.p) == pytest.approx((back.exact.p, back.by_probability.p))
    assert (there.ratio.state == "infinite") == (back.ratio.estimate == 0)
    if first and second:
        assert cast("float", there.ratio.estimate) * cast("float", back.ratio.estimate) == pytest.approx(1)
        assert ratio_limits(there).low * ratio_limits(back).high == pytest.approx(1)


@given(FEW, YEARS, FEW, YEARS, st.integers(2, 1000))
def test_the_scale_of_time_does_not_move_the_ratio(first: int, one: float, second: int, two: float, times: int) -> None:
    """Days for years in both arms divide both rates and keep their ratio, its limits and its p values."""
    there = rate_ratio(rate(first, one), rate(second, two))
    scaled = rate_ratio(rate(first, one * times), rate(second, two * times))
    assert scaled.ratio.estimate == pytest.approx(there.ratio.estimate)
    assert (scaled.exact.p, scaled.by_probability.p) == pytest.approx((there.exact.p, there.by_probability.p))
    if first + second:
        assert ratio_limits(scaled).high == pytest.approx(ratio_limits(there).high)


def test_no_events_against_four_where_statsmodels_has_no_width() -> None:
    """For 0 against 4 events the score interval of statsmodels 0.15 is a single number; ours is 0 to 1.363."""
    low, high = theirs_of_two(0, 100, 4, 90, method="score", compare="ratio")
    assert high - low < 1e-6
    found = rate_ratio(rate(0, 100), rate(4, 90))
    assert (found.ratio.estimate, found.ratio.state) == (0, "defined")
    assert ratio_limits(found).low == 0
    assert ratio_limits(found).high == pytest.approx(1.363, abs=5e-4)


def test_no_events_to_divide_by_are_infinity_by_name() -> None:
    """Against no event the ratio is infinite: it is told so, with its lower limit, and a row holds no infinity."""
    found = rate_ratio(rate(4, 100), rate(0, 90))
    assert (found.ratio.estimate, found.ratio.state) == (None, "infinite")
    assert ratio_limits(found).high == math.inf
    row = found.rows()[2]
    assert (row["estimate"], row["state"], row["high"], row["high_is_infinite"]) == (None, "infinite", None, 1)
    assert "rate ratio: infinite, 0.594 to infinity (95 % interval, exact conditional)" in str(found)


def test_no_events_at_all_tell_nothing() -> None:
    """Without an event the ratio is undefined, with the reason, and the p values are 1."""
    found = rate_ratio(rate(0, 100), rate(0, 90))
    assert (found.ratio.state, found.ratio.note, found.ratio.interval) == ("undefined", "both counts are 0", None)
    assert (found.exact.p, found.by_probability.p) == (1, 1)


@pytest.mark.parametrize(("one", "two"), [(0, 3), (3, 0), (0, 0)])
def test_no_time_at_risk_cannot_be_compared(one: float, two: float) -> None:
    """A rate over no time has no ratio and no p value."""
    found = rate_ratio(rate(0, one), rate(0, two))
    assert (found.ratio.state, found.exact.p, found.by_probability.p) == ("undefined", None, None)
    assert found.exact.note == "nobody was at risk for any time"


def test_a_ratio_far_from_one_has_a_p_value_above_nothing() -> None:
    """A p value below every float is given as the smallest float."""
    found = rate_ratio(rate(10_000, 1), rate(1, 1000))
    assert (found.exact.p, found.by_probability.p) == (SMALLEST, SMALLEST)


def test_a_ratio_says_what_it_is() -> None:
    """In print: both rates, the ratio, both p values by name, and that it is one comparison."""
    assert str(rate_ratio(rate(3, 100), rate(4, 90), level=0.9)) == (
        "first: 3 events in 100 person-years: 3.00 per 100 person-years, "
        "0.619 to 8.77 (95 % interval, Garwood exact)\n"
        "second: 4 events in 90.0 person-years: 4.44 per 100 person-years, "
        "1.21 to 11.4 (95 % interval, Garwood exact)\n"
        "rate ratio: 0.675, 0.133 to 3.09 (90 % interval, exact conditional)\n"
        "exact conditional, twice the smaller tail: p = 0.885\n"
        "exact conditional, by probability: p = 0.715\n"
        "One comparison of these counts: other people, places or years may differ."
    )


@given(FEW, YEARS, FEW, YEARS)
def test_rows_of_a_ratio_are_tidy(first: int, one: float, second: int, two: float) -> None:
    """Every row has the same columns, the counts and the times, and holds no infinity."""
    rows = rate_ratio(rate(first, one), rate(second, two, per=1000)).rows()
    assert len({tuple(row) for row in rows}) == 1
    assert [row["measure"] for row in rows] == [
        "first rate per 100 person-years",
        "second rate per 1000 person-years",
        "rate ratio",
        "p value",
        "p value",
    ]
    for row in rows:
        assert (row["first_events"], row["first_person_years"]) == (first, one)
        assert (row["second_events"], row["second_person_years"]) == (second, two)
        assert all(math.isfinite(each) for each in row.values() if isinstance(each, float))


def test_what_is_no_rate_is_refused() -> None:
    """Both arguments are rates, and the level is a level: all faults at once."""
    found = faults(rate_ratio, 3, None, level=95)
    assert [(each.place, each.mend) for each in found[:2]] == [
        ("first", "give what rate() returns"),
        ("second", "give what rate() returns"),
    ]
    assert found[2].place == "level"
