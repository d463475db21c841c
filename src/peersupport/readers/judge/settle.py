"""What is missing, exactly, and which facts to ask first: a search at the edges of the rule.

A fact is *missing* when learning it, with some of the others or with none, changes the verdict. A set *settles* when
some values of its facts decide the verdict and no smaller part of it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

import attrs

from peersupport.readers.edges import Edge
from peersupport.rules.findings import Place, Verdict

TRIES = 20_000
LARGEST_SET = 2
CHEAP = 2_000

Verdicts = Callable[[Mapping[Place, Edge]], Verdict]


@attrs.frozen
class Found:
    """What a search found, and whether it looked everywhere."""

    sets: tuple[tuple[Place, ...], ...]
    exact: bool


class _Budget:
    """Counts tries; more than the bound ends a search."""

    def __init__(self, verdict: Verdicts, tries: int) -> None:
        self._verdict = verdict
        self.left = tries
        self._known: dict[frozenset[tuple[Place, Edge]], Verdict] = {}

    def verdict(self, values: Mapping[Place, Edge]) -> Verdict:
        key = frozenset(values.items())
        if key not in self._known:
            self.left -= 1
            self._known[key] = self._verdict(values)
        return self._known[key]


def relevant(places: Sequence[Place], edges: Mapping[Place, Sequence[Edge]], verdict: Verdicts) -> Found:
    """Those of some places that can still change the verdict; a place that no value can be tried for is kept."""
    budget = _Budget(verdict, TRIES)
    kept: list[tuple[Place, ...]] = []
    exact = True
    for place in places:
        found = _changes(place, [p for p in places if p != place and edges.get(p)], edges, budget)
        if found is None:
            exact = False
        if found is not False:
            kept.append((place,))
    return Found(tuple(kept), exact)


def _changes(
    place: Place, others: Sequence[Place], edges: Mapping[Place, Sequence[Edge]], budget: _Budget
) -> bool | None:
    """Whether learning a fact changes the verdict, with some values of the others known; None when tries run out."""
    tried = edges.get(place)
    if not tried:
        return True
    for values in _growing(others, edges, len(others)):
        if budget.left <= 0:
            return None
        before = budget.verdict(values)
        if any(budget.verdict({**values, place: edge}) is not before for edge in tried):
            return True
    return False


def settling(places: Sequence[Place], edges: Mapping[Place, Sequence[Edge]], verdict: Verdicts) -> Found:
    """The smallest sets of places that could decide the verdict, for some of their values."""
    budget = _Budget(verdict, TRIES)
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


def _decides(group: Sequence[Place], edges: Mapping[Place, Sequence[Edge]], budget: _Budget) -> bool:
    for values in product(*(edges[place] for place in group)):
        if budget.left <= 0:
            return False
        if budget.verdict(dict(zip(group, values, strict=True))) is not Verdict.UNKNOWN:
            return True
    return False


def _growing(places: Sequence[Place], edges: Mapping[Place, Sequence[Edge]], most: int) -> Iterator[dict[Place, Edge]]:
    """Every choice of values for none, one, two ... of some places."""
    for size in range(most + 1):
        for group in combinations(places, size):
            for values in product(*(edges[place] for place in group)):
                yield dict(zip(group, values, strict=True))
