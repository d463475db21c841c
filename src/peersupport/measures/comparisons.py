"""Two arms held against each other: how the shares of people with an event differ, and how surely.

Each measure sets the first arm against the second: the risk difference is the first share less the second. The
intervals are those of R. G. Newcombe (1998, method 10) for the difference, of D. Katz and others (1978) for the risk
ratio and of B. Woolf (1955) for the odds ratio. What the source of a trial leaves out is not filled in: outcomes that
are missing are counted under each assumption by `missing_outcomes`, never under one alone.

Zero cells: a ratio is told as it is, 0, infinite or undefined, without an interval and with the reason. The ratio
with 0.5 added to all four cells is another number, and stands beside it under its own name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final, Literal, cast

import attrs

from peersupport.measures import pictures
from peersupport.measures.proportions import (
    Proportion,
    by_probability,
    proportion,
    share_problems,
    wilson,
)
from peersupport.measures.values import (
    LEVEL,
    ONE_COMPARISON,
    Contrast,
    Interval,
    PValue,
    Row,
    State,
    chi_square_p,
    choice_problems,
    count_problems,
    deviate,
    hundredths,
    level_problems,
    level_text,
    line,
    p_value,
    shown,
    undefined,
)
from peersupport.rules.problems import Problem, raise_any

DifferenceMethod = Literal["newcombe", "wald"]
"""How the interval of the risk difference is reckoned."""

Side = Literal["benefit", "harm"]
"""Whether the first arm did better than the second, or worse."""

HALF: Final = "0.5 added to all four cells"
"""What is done to the cells for a corrected ratio."""


@attrs.frozen
class Arm:
    """One arm: `events` people with the event, of `of` people of whom it is known, of `assigned` people.

    `assigned` is None when it is not known how many were assigned; then it is not known either how many outcomes are
    missing. Raises `InputError`, with every fault, for counts that are none, events that are not people, more events
    than people, or more people known than assigned.
    """

    name: str
    events: int
    of: int
    assigned: int | None = None

    def __attrs_post_init__(self) -> None:
        place = f"arm {self.name!r}: "
        problems = [*_name_problems(self.name), *share_problems(self.events, self.of, place)]
        raise_any([*problems, *_assigned_problems(place, self.of, self.assigned)])

    @property
    def missing(self) -> int | None:
        """How many people were assigned whose outcome is not known; None when `assigned` is not known."""
        return None if self.assigned is None else self.assigned - self.of

    @property
    def others(self) -> int:
        """How many people are known not to have had the event."""
        return self.of - self.events


def _name_problems(name: object) -> list[Problem]:
    return [] if isinstance(name, str) and name else [Problem("arm", f"the name {name!r} is no text", "name the arm")]


def _assigned_problems(place: str, of: object, assigned: object) -> list[Problem]:
    if assigned is None:
        return []
    problems = count_problems(f"{place}assigned", assigned)
    if problems or count_problems("of", of) or cast("int", assigned) >= cast("int", of):
        return problems
    return [Problem(f"{place}assigned", f"{assigned} is below the {of} who are known", "give all who were assigned")]


# the number needed to treat

Kind = Literal["benefit", "harm", "either"]
"""What the interval of the difference allows: benefit alone, harm alone, or either, with no difference between."""


@attrs.frozen
class Limit:
    """One end of a number needed to treat: so many people, on the side of benefit or of harm; None is infinity."""

    number: float | None
    side: Side | None

    def __str__(self) -> str:
        return "infinity" if self.number is None else f"{self.side} {shown(self.number)}"


@attrs.frozen
class NumberNeeded:
    """How many people are in the first arm for one more to benefit (NNTB), or for one more to be harmed (NNTH).

    `number` is one over the risk difference, on `side`. It is None where `state` is "infinite", as there is no
    difference, or "undefined". The limits run from `best` to `worst`: where `kind` is "either" they run through
    infinity, for an interval of the difference that holds 0 does not tell benefit from harm. `kind` and the limits
    are None where the difference has no interval, or it was not said whether the event is wanted.
    """

    number: float | None
    state: State
    side: Side | None
    kind: Kind | None
    best: Limit | None
    worst: Limit | None
    level: float
    method: str = ""
    note: str = ""

    def line(self) -> Row:
        """The number as columns of a row; limits that run through infinity have no order, and stand in the note."""
        measure = "number needed to treat" + (f", {self.side}" if self.side else "")
        note = self._limits() if self.kind else self.note
        return line(measure, self.number, state=self.state, interval=self._ordered(), note=note)

    def _ordered(self) -> Interval | None:
        ends = [each.number for each in (self.best, self.worst) if each and each.number is not None]
        if self.kind in (None, "either"):
            return None
        return Interval(min(ends), max(ends), self.level, self.method)

    def _limits(self) -> str:
        through = " to infinity" if self.best and self.worst and self._crosses(self.best, self.worst) else ""
        return f"{self.best}{through} to {self.worst}"

    @staticmethod
    def _crosses(best: Limit, worst: Limit) -> bool:
        return best.side == "benefit" and worst.side == "harm"

    def __str__(self) -> str:
        name = {"benefit": "NNTB ", "harm": "NNTH ", None: ""}[self.side]
        number = self.state if self.number is None else shown(self.number)
        within = f"{self._limits()}; {level_text(self.level)} interval, {self.method}" if self.kind else self.note
        return f"number needed to treat: {name}{number} ({within})"


UNSAID: Final = "say whether the event is wanted: wanted=False for a readmission, wanted=True for a contact kept"
"""Why there is no number needed to treat where nothing tells benefit from harm."""


def number_needed(difference: Contrast, *, level: float, wanted: bool | None) -> NumberNeeded:
    """The number needed to treat that belongs to a risk difference and its interval, the first less the second.

    Where the event is wanted, more of it in the first arm is benefit; where it is not wanted, less of it is. It is
    not taken for granted which: without `wanted` there is no number.
    """
    if difference.estimate is None or wanted is None:
        note = difference.note if difference.estimate is None else UNSAID
        return NumberNeeded(None, "undefined", None, None, None, None, level, note=note)
    sign = 1 if wanted else -1
    point = _limit(sign * difference.estimate)
    state: State = "defined" if point.number else "infinite"
    if difference.interval is None:
        return NumberNeeded(point.number, state, point.side, None, None, None, level, note=difference.note)
    low, high = sorted((sign * difference.interval.low, sign * difference.interval.high))
    kind: Kind = "benefit" if low > 0 else "harm" if high < 0 else "either"
    best, worst, method = _limit(high), _limit(low), difference.interval.method
    return NumberNeeded(point.number, state, point.side, kind, best, worst, level, method)


def _limit(gain: float) -> Limit:
    if not gain:
        return Limit(None, None)
    return Limit(1 / abs(gain), "benefit" if gain > 0 else "harm")


# the comparison


@attrs.frozen(kw_only=True)
class Comparison:
    """Two arms held against each other: the counts as they were, and every measure of their difference.

    `corrected_risk_ratio` and `corrected_odds_ratio` are there only where the ratio itself is 0 or infinite; they are
    of the cells with 0.5 added to all four. `wanted` says whether the event is wanted, None when that was not said.
    """

    first: Arm
    second: Arm
    level: float
    wanted: bool | None
    difference: DifferenceMethod
    first_share: Proportion
    second_share: Proportion
    risk_difference: Contrast
    risk_ratio: Contrast
    odds_ratio: Contrast
    corrected_risk_ratio: Contrast | None
    corrected_odds_ratio: Contrast | None
    number_needed: NumberNeeded
    chi_square: PValue
    yates: PValue
    fisher: PValue

    @property
    def contrasts(self) -> tuple[Contrast, ...]:
        """The risk difference, the risk ratio and the odds ratio, then the corrected ratios that there are."""
        corrected = (self.corrected_risk_ratio, self.corrected_odds_ratio)
        return (self.risk_difference, self.risk_ratio, self.odds_ratio, *(each for each in corrected if each))

    @property
    def tests(self) -> tuple[PValue, ...]:
        """The tests of no difference: chi-square, the same with the correction of Yates, Fisher's exact test."""
        return self.chi_square, self.yates, self.fisher

    def swapped(self) -> Comparison:
        """The same, of the second arm against the first."""
        return compare(self.second, self.first, level=self.level, wanted=self.wanted, difference=self.difference)

    def rows(self) -> tuple[Row, ...]:
        """Tidy rows: both shares, each contrast, the number needed to treat, each test; the counts on every row."""
        counts = _arm_columns("first", self.first) | _arm_columns("second", self.second)
        lines = [
            self.first_share.line("share of the first arm"),
            self.second_share.line("share of the second arm"),
            *(each.line() for each in self.contrasts),
            self.number_needed.line(),
            *(each.line() for each in self.tests),
        ]
        return tuple(counts | each for each in lines)

    def __str__(self) -> str:
        lines = [
            _arm_text(self.first, self.first_share),
            _arm_text(self.second, self.second_share),
            _difference_text(self.risk_difference),
            *map(str, self.contrasts[1:]),
            str(self.number_needed),
            *map(str, self.tests),
            ONE_COMPARISON,
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        title = f"{self.first.name} against {self.second.name}"
        ratios = {each.measure: _forest_row(each.measure, each, "") for each in (self.risk_ratio, self.odds_ratio)}
        return pictures.html(pictures.forest([*ratios.values()], title=title), self.rows(), str(self.risk_difference))


Ratio = Literal["risk ratio", "odds ratio", "risk difference"]
"""What a forest of comparisons shows of each."""


def forest(
    comparisons: Mapping[str, Comparison | None], *, title: str, measure: Ratio = "risk ratio", total: str = ""
) -> str:
    """A forest plot of several comparisons, as of subgroups, as an SVG: one row for each, under its label.

    None is one that is not shown, because its numbers are too small; nothing of it is drawn. `total` is the label of
    the row that stands for all of them.
    """
    rows = [_comparison_row(label, each, measure, total=label == total) for label, each in comparisons.items()]
    at = 0.0 if measure == "risk difference" else 1.0
    return pictures.forest(rows, title=title, reference=at, log=bool(at), axis_label=measure)


def _comparison_row(label: str, each: Comparison | None, measure: Ratio, *, total: bool) -> pictures.ForestRow:
    if each is None:
        return pictures.ForestRow(label, None, text="suppressed", total=total)
    counts = f"{each.first.events}/{each.first.of} v {each.second.events}/{each.second.of}"
    (contrast,) = (contrast for contrast in each.contrasts[:3] if contrast.measure == measure)
    return attrs.evolve(_forest_row(label, contrast, counts), total=total)


def _forest_row(label: str, contrast: Contrast, text: str) -> pictures.ForestRow:
    if contrast.estimate is None or contrast.interval is None:
        return pictures.ForestRow(label, None, text=text or contrast.note)
    return pictures.ForestRow(label, contrast.estimate, contrast.interval.low, contrast.interval.high, text)


def _arm_columns(place: str, arm: Arm) -> Row:
    return {
        place: arm.name,
        f"{place}_events": arm.events,
        f"{place}_of": arm.of,
        f"{place}_assigned": arm.assigned,
    }


def _arm_text(arm: Arm, share: Proportion) -> str:
    missing = f"; the outcome of {arm.missing} of {arm.assigned} assigned is missing" if arm.missing else ""
    return f"{arm.name}: {share}{missing}"


def _difference_text(difference: Contrast) -> str:
    """The risk difference in points of a percent."""
    number = "undefined" if difference.estimate is None else f"{hundredths(difference.estimate)} points"
    if difference.interval is None:
        return f"{difference.measure}: {number} ({difference.note})"
    within = difference.interval
    reach = f"{hundredths(within.low)} to {hundredths(within.high)}"
    return f"{difference.measure}: {number}, {reach} ({level_text(within.level)} interval, {within.method})"


def compare(
    first: Arm,
    second: Arm,
    *,
    level: float = LEVEL,
    wanted: bool | None = None,
    difference: DifferenceMethod = "newcombe",
) -> Comparison:
    """Hold the first arm against the second, by the people of whom the outcome is known.

    `wanted` says whether the event is wanted, so that the number needed to treat can tell benefit from harm.
    `difference` names the interval of the risk difference, which is that of the number needed to treat too. Raises
    `InputError` when an arm is no `Arm`, both have one name, or the level or a choice is none.
    """
    raise_any([*_arms_problems(first, second), *_choices_problems(level, wanted, difference)])
    risk_difference = _risk_difference(first, second, level, difference)
    chi_square, yates = _chi_squares(first, second)
    risk_ratio, odds_ratio = _risk_ratio(first, second, level), _odds_ratio(first, second, level)
    return Comparison(
        first=first,
        second=second,
        level=level,
        wanted=wanted,
        difference=difference,
        first_share=proportion(first.events, first.of, level=level),
        second_share=proportion(second.events, second.of, level=level),
        risk_difference=risk_difference,
        risk_ratio=risk_ratio,
        odds_ratio=odds_ratio,
        corrected_risk_ratio=_katz(*_cells(first, second, 0.5), level, HALF) if _needs_more(risk_ratio) else None,
        corrected_odds_ratio=_woolf(*_cells(first, second, 0.5), level, HALF) if _needs_more(odds_ratio) else None,
        number_needed=number_needed(risk_difference, level=level, wanted=wanted),
        chi_square=chi_square,
        yates=yates,
        fisher=_fisher(first, second),
    )


def _arms_problems(first: object, second: object) -> list[Problem]:
    problems = [
        Problem(place, f"{arm!r} is no Arm", "give an Arm with its name and counts")
        for place, arm in (("first", first), ("second", second))
        if not isinstance(arm, Arm)
    ]
    if isinstance(first, Arm) and isinstance(second, Arm) and first.name == second.name:
        return [Problem("second", f"both arms are named {first.name!r}", "give each its own name")]
    return problems


def _choices_problems(level: object, wanted: object, difference: object) -> list[Problem]:
    problems = [*level_problems(level), *choice_problems("difference", difference, ("newcombe", "wald"))]
    if wanted is None or isinstance(wanted, bool):
        return problems
    return [*problems, Problem("wanted", f"{wanted!r} is not True, False or None", "say whether the event is wanted")]


def _cells(first: Arm, second: Arm, more: float = 0.0) -> tuple[float, float, float, float]:
    """Those with the event and the others, of the first arm and of the second, each with `more` added."""
    return first.events + more, first.others + more, second.events + more, second.others + more


# the risk difference

NOBODY: Final = "nobody is known in an arm"
"""Why two arms cannot be compared."""


def _risk_difference(first: Arm, second: Arm, level: float, method: DifferenceMethod) -> Contrast:
    if not (first.of and second.of):
        return undefined("risk difference", NOBODY)
    if method == "newcombe":
        return Contrast("risk difference", _difference(first, second), _newcombe(first, second, level))
    interval, note = _wald(first, second, level)
    return Contrast("risk difference", _difference(first, second), interval, note=note)


def _difference(first: Arm, second: Arm) -> float:
    """The first share less the second, divided once: equal shares differ by exactly 0."""
    return (first.events * second.of - second.events * first.of) / (first.of * second.of)


def _newcombe(first: Arm, second: Arm, level: float) -> Interval:
    """Newcombe's interval, from the Wilson interval of each arm: it never leaves -1 to 1, and is never of no width."""
    one, two = first.events / first.of, second.events / second.of
    ones, twos = wilson(first.events, first.of, level), wilson(second.events, second.of, level)
    gap = _difference(first, second)
    low, high = math.hypot(one - ones.low, twos.high - two), math.hypot(ones.high - one, two - twos.low)
    return Interval(gap - low, gap + high, level, "Newcombe")


def _wald(first: Arm, second: Arm, level: float) -> tuple[Interval | None, str]:
    """Wald's interval, or why it does not hold: where each arm has all or none, and where it leaves -1 to 1."""
    variance = sum(arm.events * arm.others / arm.of**3 for arm in (first, second))
    gap, reach = _difference(first, second), deviate(level) * math.sqrt(variance)
    if not variance:
        return None, "each arm has all or none, and Wald's interval would have no width: use Newcombe's"
    if gap - reach < -1 or gap + reach > 1:
        return None, "Wald's interval would leave -1 to 1: use Newcombe's"
    return Interval(gap - reach, gap + reach, level, "Wald"), ""


# the ratios


def _risk_ratio(first: Arm, second: Arm, level: float) -> Contrast:
    """The risk ratio of the counts as they are, with Katz's interval where it holds."""
    if not (first.of and second.of):
        return undefined("risk ratio", NOBODY)
    if not (first.events or second.events):
        return undefined("risk ratio", "nobody in either arm had the event")
    if not second.events:
        return Contrast("risk ratio", None, None, "infinite", f"nobody in {second.name} had the event")
    if not first.events:
        return Contrast("risk ratio", 0.0, None, note=f"nobody in {first.name} had the event")
    if not (first.others or second.others):
        return Contrast("risk ratio", 1.0, None, note="everyone in both arms had the event")
    return _katz(*_cells(first, second), level)


def _odds_ratio(first: Arm, second: Arm, level: float) -> Contrast:
    """The odds ratio of the counts as they are, with Woolf's interval where it holds."""
    if not (first.of and second.of):
        return undefined("odds ratio", NOBODY)
    if not (first.events or second.events):
        return undefined("odds ratio", "nobody in either arm had the event")
    if not (first.others or second.others):
        return undefined("odds ratio", "everyone in both arms had the event")
    if not (first.others and second.events):
        return Contrast("odds ratio", None, None, "infinite", "a count to divide by is 0")
    if not (first.events and second.others):
        return Contrast("odds ratio", 0.0, None, note="a count is 0")
    return _woolf(*_cells(first, second), level)


def _needs_more(ratio: Contrast) -> bool:
    """Whether a ratio is 0 or infinite: arms that are both all or both none say nothing that 0.5 could tell."""
    return ratio.state == "infinite" or ratio.estimate == 0


def _katz(a: float, b: float, c: float, d: float, level: float, added: str = "") -> Contrast:
    """The risk ratio with Katz's interval by logarithms, of cells of which the events are above 0."""
    variance = b / (a * (a + b)) + d / (c * (c + d))
    return _by_logarithm("risk ratio", a * (c + d) / (c * (a + b)), variance, level, "Katz log", added)


def _woolf(a: float, b: float, c: float, d: float, level: float, added: str = "") -> Contrast:
    """The odds ratio with Woolf's interval by logarithms, of cells that are all above 0."""
    return _by_logarithm("odds ratio", a * d / (b * c), 1 / a + 1 / b + 1 / c + 1 / d, level, "Woolf log", added)


def _by_logarithm(measure: str, ratio: float, variance: float, level: float, method: str, added: str) -> Contrast:
    factor, more = math.exp(deviate(level) * math.sqrt(variance)), f", {added}" if added else ""
    return Contrast(measure + more, ratio, Interval(ratio / factor, ratio * factor, level, method + more))


# the tests


def _chi_squares(first: Arm, second: Arm) -> tuple[PValue, PValue]:
    """Pearson's chi-square as it is, and with the correction of Yates: the counts are multiplied as whole numbers."""
    plain, corrected = "chi-square, not corrected", "chi-square, corrected by Yates"
    events, others = first.events + second.events, first.others + second.others
    margins, of = first.of * second.of * events * others, events + others
    if not margins:
        return PValue(plain, None, None, _no_margin(first, second)), PValue(
            corrected, None, None, _no_margin(first, second)
        )
    cross = abs(first.events * second.others - first.others * second.events)
    less = max(0, 2 * cross - of)
    return chi_square_p(plain, of * cross**2 / margins), chi_square_p(corrected, of * less**2 / (4 * margins))


def _no_margin(first: Arm, second: Arm) -> str:
    return "everyone had the event, or nobody had" if first.of and second.of else NOBODY


def _fisher(first: Arm, second: Arm) -> PValue:
    """Fisher's exact test: all tables with these margins that are as unlikely as this one; 1 if there is but one."""
    events = first.events + second.events
    likeliest = (first.of + 1) * (events + 1) // (first.of + second.of + 2)
    span = range(max(0, events - second.of), min(events, first.of) + 1)

    def step(number: int) -> float:
        return (first.of - number) * (events - number) / ((number + 1) * (second.of - events + number + 1))

    return p_value("Fisher exact", by_probability(first.events, likeliest, span, step))


# missing outcomes


@attrs.frozen
class Assumed:
    """A comparison under one assumption about the outcomes that are missing."""

    assumption: str
    comparison: Comparison

    def rows(self) -> tuple[Row, ...]:
        """The tidy rows of the comparison, with the assumption on each."""
        named: Row = {"assumption": self.assumption}
        return tuple(named | row for row in self.comparison.rows())


@attrs.frozen
class MissingOutcomes:
    """The comparison under each assumption about the outcomes that are missing; none of them is the answer alone.

    In this order: complete case (those known, of those known), missing = no event, missing = event, best and worst
    case for the first arm (of all who were assigned).
    """

    assumed: tuple[Assumed, ...]

    def rows(self) -> tuple[Row, ...]:
        """The tidy rows of every comparison, with its assumption on each."""
        return tuple(row for each in self.assumed for row in each.rows())

    def __str__(self) -> str:
        return "\n".join([*map(_assumed_text, self.assumed), ONE_COMPARISON])


def _assumed_text(each: Assumed) -> str:
    one, two = each.comparison.first, each.comparison.second
    counts = f"{one.events} of {one.of} v {two.events} of {two.of}"
    return f"{each.assumption}: {counts}; {_difference_text(each.comparison.risk_difference)}"


def missing_outcomes(
    first: Arm, second: Arm, *, wanted: bool, level: float = LEVEL, difference: DifferenceMethod = "newcombe"
) -> MissingOutcomes:
    """The comparison under each of five assumptions about the people whose outcome is missing.

    `wanted` says whether the event is wanted: it decides which case is the best for the first arm. Raises
    `InputError` when it is not known how many were assigned, and for all that `compare` raises it for.
    """
    raise_any([*_arms_problems(first, second), *_choices_problems(level, wanted, difference)])
    raise_any([*_lost_problems(first), *_lost_problems(second), *_wanted_problems(wanted)])
    cases = {
        "complete case": (first, second),
        "missing = no event": (_filled(first, event=False), _filled(second, event=False)),
        "missing = event": (_filled(first, event=True), _filled(second, event=True)),
        "best case": (_filled(first, event=wanted), _filled(second, event=not wanted)),
        "worst case": (_filled(first, event=not wanted), _filled(second, event=wanted)),
    }
    return MissingOutcomes(
        tuple(
            Assumed(name, compare(*arms, level=level, wanted=wanted, difference=difference))
            for name, arms in cases.items()
        )
    )


def _lost_problems(arm: Arm) -> list[Problem]:
    if arm.assigned is not None:
        return []
    mend = "give how many were assigned; it is `of` only if it is known that nobody was lost"
    return [Problem(f"arm {arm.name!r}: assigned", "is missing", mend)]


def _wanted_problems(wanted: object) -> list[Problem]:
    return [Problem("wanted", "is missing", "say whether the event is wanted")] if wanted is None else []


def _filled(arm: Arm, *, event: bool) -> Arm:
    """The arm with every missing outcome taken as the event, or as none."""
    missing = arm.missing or 0
    return attrs.evolve(arm, events=arm.events + missing * event, of=arm.of + missing)
