"""What is missing, exactly, and which facts to ask first: a search at the edges of the rule.

A fact is *missing* when learning it, with some of the others or with none, changes the verdict. A set *settles* when
some values of its facts decide the verdict and no smaller part of it does.

Two things keep the search short. What is decided stays decided whatever else is learned, and a fact that no undecided
part of the rule reads any more can change nothing; both end a branch. And the facts that are read near a fact are
tried with it first, because they stand in the same part of the rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

import attrs

from peersupport.readers.edges import Edge
from peersupport.rules.findings import Place, Verdict

TRIES = 20_000
FACT_TRIES = 2_000
LARGEST_SET = 2
CHEAP = 2_000


@attrs.frozen
class Tried:
    """What came of a try: the verdict, and the places that undecided parts of the rule then lack."""

    verdict: Verdict
    missing: frozenset[Place]


@attrs.frozen
class Found:
    """What a search found, and whether it looked everywhere."""

    sets: tuple[tuple[Place, ...], ...]
    exact: bool


Values = Mapping[Place, Edge]
Edges = Mapping[Place, Sequence[Edge]]
Trial = Callable[[Values], Tried]


class _Budget:
    """Makes each try once, and counts them down."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        self.left = TRIES
        self._known: dict[frozenset[tuple[Place, Edge]], Tried] = {}

    def tried(self, values: Values) -> Tried:
        key = frozenset(values.items())
        if key not in self._known:
            self.left -= 1
            self._known[key] = self._trial(values)
        return self._known[key]


class _Spent(Exception):
    """The tries for one fact are used up."""


def relevant(places: Sequence[Place], edges: Edges, trial: Trial) -> Found:
    """Those of some places that can still change the verdict; a place that no value can be tried for is kept.

    So is one that nothing is found of in `FACT_TRIES`; then the result is not exact.
    """
    budget = _Budget(trial)
    kept: list[tuple[Place, ...]] = []
    exact = True
    for at, place in enumerate(places):
        by_distance = sorted(range(len(places)), key=lambda i, at=at: abs(i - at))  # type: ignore[misc]
        others = [places[i] for i in by_distance if i != at and edges.get(places[i])]
        try:
            changes = _Fact(place, others, edges, budget).changes()
        except _Spent:
            changes, exact = True, False
        if changes:
            kept.append((place,))
    return Found(tuple(kept), exact)


class _Fact:
    """The search for one fact: is there a way to know some of the others so that learning it changes the verdict?"""

    def __init__(self, place: Place, others: Sequence[Place], edges: Edges, budget: _Budget) -> None:
        self.place = place
        self.others = others
        self.edges = edges
        self.budget = budget
        self.least = max(0, budget.left - FACT_TRIES)

    def changes(self) -> bool:
        """Whether it can change the verdict: with none of the others known, one, two, and then the nearest of them."""
        if not self.edges.get(self.place):
            return True
        few = (group for size in range(3) for group in combinations(self.others, size))
        if any(self.flips(values) for group in few for values in _choices(group, self.edges)):
            return True
        return any(
            self.grows({other: edge}, self.others[:width])
            for width, other in enumerate(self.others)
            for edge in self.edges[other]
        )

    def open(self, values: Values) -> frozenset[Place]:
        """What undecided parts still lack with these values known; nothing where the fact is not among it."""
        if self.budget.left <= self.least:
            raise _Spent
        tried = self.budget.tried(values)
        return tried.missing if tried.verdict is Verdict.UNKNOWN and self.place in tried.missing else frozenset()

    def flips(self, values: dict[Place, Edge]) -> bool:
        """Whether the fact changes the verdict with just these values known."""
        if not self.open(values):
            return False
        before = self.budget.tried(values).verdict
        return any(self.budget.tried({**values, self.place: e}).verdict is not before for e in self.edges[self.place])

    def grows(self, values: dict[Place, Edge], rest: Sequence[Place]) -> bool:
        """Whether it changes the verdict with these values known, or with some of the rest as well."""
        lacking = self.open(values)
        if not lacking:
            return False
        return self.flips(values) or any(
            self.grows({**values, other: edge}, rest[:i])
            for i, other in enumerate(rest)
            if other in lacking
            for edge in self.edges[other]
        )


def _choices(group: Sequence[Place], edges: Edges) -> Iterator[dict[Place, Edge]]:
    """Every choice of values for some places."""
    for values in product(*(edges[place] for place in group)):
        yield dict(zip(group, values, strict=True))


def settling(places: Sequence[Place], edges: Edges, trial: Trial) -> Found:
    """The smallest sets of places that could decide the verdict, for some of their values."""
    budget = _Budget(trial)
    found: list[tuple[Place, ...]] = []
    tried = [place for place in places if edges.get(place)]
    size = 0
    while size < len(tried) and (size < LARGEST_SET or budget.left > TRIES - CHEAP):
        size += 1
        for group in combinations(tried, size):
            if any(set(smaller) <= set(group) for smaller in found):
                continue
            if _decides(group, edges, budget):
                found.append(group)
            if budget.left <= 0:
                return Found(tuple(found), exact=False)
    return Found(tuple(found), exact=size >= len(tried))


def _decides(group: Sequence[Place], edges: Edges, budget: _Budget) -> bool:
    for values in _choices(group, edges):
        if budget.left <= 0:
            return False
        if budget.tried(values).verdict is not Verdict.UNKNOWN:
            return True
    return False
