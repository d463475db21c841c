"""What a measure gives: its numbers with everything that was left out of them, each case in one place.

A case of which the answer is not recorded, one of which it cannot be known yet, and one that is left out for a named
reason are three different things, and none of them is a no.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

import attrs

from peersupport.measures import pictures
from peersupport.measures.proportions import Proportion, proportion
from peersupport.measures.rates import DAYS_IN_YEAR, Rate, rate
from peersupport.measures.survival import Curve
from peersupport.measures.values import LEVEL, Events, Interval, Row

State: TypeAlias = Literal["yes", "no", "not recorded", "not yet observable", "excluded"]
"""What became of a case: the answer, or why there is none."""

STATES: Final[tuple[State, ...]] = ("yes", "no", "not recorded", "not yet observable", "excluded")


@attrs.frozen
class Case:
    """One case of a measure: a discharge, an enrollment or a person, with the person it is of and its answer.

    `person` is None where it is not recorded whose case it is; `reason` says why a case is excluded.
    """

    id: str
    person: str | None
    state: State
    reason: str = ""


def answered(truth: bool | None) -> State:  # noqa: FBT001  the one thing it is about
    """The state of a case by its answer, None being not recorded."""
    return "not recorded" if truth is None else "yes" if truth else "no"


@attrs.frozen(kw_only=True)
class Share:
    """How many of how many: `numerator` of `denominator` cases, which are neither all cases nor always people.

    `counts` and `among` say in words what the two are, `window` over which days. `excluded` has every reason for which
    a case can be left out, with how many were. `not_yet_observable` are cases whose window has not passed, and
    `not_recorded` those whose answer hangs on something that is not recorded. All these together are all `cases`.
    `people` and `people_in_numerator` are how many people the cases in the denominator and numerator are of; None
    where it is not recorded whose some of them are. `given` are the cases themselves, for subgroups; they are not
    printed.
    """

    measure: str
    counts: str
    among: str
    window: str
    numerator: int
    denominator: int
    people: int | None
    people_in_numerator: int | None
    excluded: Mapping[str, int]
    not_yet_observable: int
    not_recorded: int
    notes: tuple[str, ...] = ()
    warning: str = ""
    level: float = LEVEL
    given: tuple[Case, ...] = attrs.field(default=(), repr=False)

    @property
    def proportion(self) -> Proportion:
        """The numerator and the denominator with Wilson's interval."""
        return proportion(self.numerator, self.denominator, level=self.level)

    @property
    def estimate(self) -> float | None:
        """The numerator over the denominator; None where nobody was counted."""
        return self.proportion.estimate

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the estimate, which takes the cases as independent; None where nobody was counted."""
        return self.proportion.interval

    @property
    def cases(self) -> int:
        """All cases, counted or not."""
        return self.denominator + sum(self.excluded.values()) + self.not_yet_observable + self.not_recorded

    def rows(self) -> tuple[Row, ...]:
        """One tidy row for the estimate, and one for each way in which a case can be left out of it."""
        head: Row = {"measure": self.measure, "window": self.window}
        counted: Row = {
            "part": "counted",
            "cases": self.denominator,
            "numerator": self.numerator,
            "people": self.people,
        }
        empty: Row = dict.fromkeys(self.proportion.line())
        left = [{"part": part, "cases": n, "numerator": None, "people": None} for part, n in left_out(self).items()]
        return (head | counted | self.proportion.line(self.measure), *(head | each | empty | head for each in left))

    def _repr_html_(self) -> str:
        return pictures.html("", self.rows(), str(self))

    def __str__(self) -> str:
        return "\n".join([f"{self.measure}: {self.proportion}", *told(self)])


@attrs.frozen(kw_only=True)
class PerTime:
    """How many events over how much time at risk: `numerator` events in `denominator` person-years.

    `people` were at risk, and `people_in_numerator` of them had at least one event. `excluded`, `not_recorded` and
    `not_yet_observable` are people left out with their time; `ended` says what ended the time of the others.
    """

    measure: str
    counts: str
    among: str
    window: str
    numerator: int
    days: int
    people: int
    people_in_numerator: int
    excluded: Mapping[str, int]
    ended: Mapping[str, int]
    not_recorded: int
    not_yet_observable: int = 0
    per: int = 100
    notes: tuple[str, ...] = ()
    warning: str = ""
    level: float = LEVEL

    @property
    def denominator(self) -> float:
        """The time at risk in years of 365.25 days."""
        return self.days / DAYS_IN_YEAR

    @property
    def rate(self) -> Rate:
        """The rate with Garwood's interval."""
        events = Events(self.numerator, self.people_in_numerator)
        return rate(events, self.denominator, per=self.per, level=self.level)

    @property
    def estimate(self) -> float | None:
        """Events per so many person-years; None where nobody was at risk."""
        return self.rate.estimate

    @property
    def interval(self) -> Interval | None:
        """Garwood's interval, which takes the events as independent; None where nobody was at risk."""
        return self.rate.interval

    def rows(self) -> tuple[Row, ...]:
        """One tidy row."""
        head: Row = {"measure": self.measure, "window": self.window, "people": self.people}
        more: Row = {"people_with_events": self.people_in_numerator, "left_out": sum(left_out(self).values())}
        return tuple(head | more | row for row in self.rate.rows())

    def _repr_html_(self) -> str:
        return pictures.html("", self.rows(), str(self))

    def __str__(self) -> str:
        people = f"{self.people} people at risk, {self.people_in_numerator} of them with one or more"
        return "\n".join([f"{self.measure}: {self.rate}", f"  people: {people}", *told(self)])


@attrs.frozen(kw_only=True)
class UntilEvent:
    """How long until something happens: a Kaplan-Meier curve with everything that was left out of it.

    `numerator` cases had the event and `denominator` were watched. `ended` says what ended the watching of the others.
    """

    measure: str
    counts: str
    among: str
    window: str
    curve: Curve
    excluded: Mapping[str, int]
    ended: Mapping[str, int]
    not_recorded: int
    notes: tuple[str, ...] = ()
    warning: str = ""

    @property
    def numerator(self) -> int:
        """How many had the event."""
        return self.curve.events

    @property
    def denominator(self) -> int:
        """How many were watched."""
        return self.curve.of

    @property
    def not_yet_observable(self) -> int:
        """How many were still watched on the last day seen: whether they will have the event is not known yet."""
        return self.ended.get(STILL_WATCHED, 0)

    @property
    def median(self) -> float | None:
        """The day by which half had the event; None where that was not reached."""
        return self.curve.median

    def rows(self) -> tuple[Row, ...]:
        """The steps of the curve, each a tidy row."""
        head: Row = {"measure": self.measure, "window": self.window}
        return tuple(head | row for row in self.curve.rows())

    def _repr_html_(self) -> str:
        days = pictures.nice_days(self.curve.last_day or 0)
        picture = pictures.survival_curves({"everybody": self.curve}, at_risk_at=days, title=self.measure)
        return pictures.html(picture, (), str(self))

    def __str__(self) -> str:
        low, high = self.curve.quantile_limits()
        limits = f"{_day(low)} to {_day(high)}"
        median = "not reached" if self.median is None else f"{self.median:g} days"
        line = f"{self.measure}: {self.numerator} of {self.denominator}, median {median} ({limits})"
        return "\n".join([line, *told(self)])


STILL_WATCHED: Final = "still watched on the last day seen"
"""The watching that has not ended."""


def _day(day: int | None) -> str:
    return "not reached" if day is None else str(day)


def share_of(
    cases: Iterable[Case],
    reasons: Iterable[str],
    *,
    measure: str,
    counts: str,
    among: str,
    window: str,
    notes: tuple[str, ...] = (),
    level: float = LEVEL,
) -> Share:
    """The share of the cases with the answer yes among those with an answer."""
    given = tuple(cases)
    tally = Counter(case.state for case in given)
    left = Counter(case.reason for case in given if case.state == "excluded")
    return Share(
        measure=measure,
        counts=counts,
        among=among,
        window=window,
        numerator=tally["yes"],
        denominator=tally["yes"] + tally["no"],
        people=people_of(case for case in given if case.state in {"yes", "no"}),
        people_in_numerator=people_of(case for case in given if case.state == "yes"),
        excluded={**dict.fromkeys(reasons, 0), **left},
        not_yet_observable=tally["not yet observable"],
        not_recorded=tally["not recorded"],
        notes=notes,
        level=level,
        given=given,
    )


def people_of(cases: Iterable[Case]) -> int | None:
    """How many people some cases are of; None where it is not recorded whose one of them is."""
    found = {case.person for case in cases}
    return None if None in found else len(found)


def left_out(result: Share | PerTime) -> dict[str, int]:
    """Everything that was left out of a result, by why."""
    found = {f"excluded: {reason}": n for reason, n in result.excluded.items()}
    return found | {"not yet observable": result.not_yet_observable, "not recorded": result.not_recorded}


def told(result: Share | PerTime | UntilEvent) -> list[str]:
    """The lines that go with the number of a result."""
    lines = [f"counted: {result.counts}", f"among: {result.among}", f"window: {result.window}"]
    lines += [f"excluded: {listed(result.excluded)}"] if result.excluded else []
    lines += [] if isinstance(result, UntilEvent) else [f"not yet observable: {result.not_yet_observable}"]
    lines.append(f"not recorded: {result.not_recorded}")
    lines += [] if isinstance(result, Share) else [f"watching ended: {listed(result.ended)}"]
    lines += [f"note: {note}" for note in result.notes]
    lines += [f"warning: {result.warning}"] if result.warning else []
    return [f"  {line}" for line in lines]


def listed(counts: Mapping[str, int]) -> str:
    """Some reasons, each with its count."""
    return "; ".join(f"{reason} {count}" for reason, count in counts.items())
