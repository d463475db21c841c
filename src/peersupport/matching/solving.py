"""The best assignment: the min-cost flow of OR-Tools over pairs that are counted in bulk. Both need the extra `match`.

From everybody an arc of one place goes to each peer who fits, and from each peer one of all the places to the end. The
most people are placed at the least cost, which is the points, turned round. The points of all pairs are counted at
once: the values that are asked for, and those that are there, are bits of whole numbers.
"""

from __future__ import annotations

import importlib
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from peersupport.matching.candidates import Fitting, Found, Pair
from peersupport.matching.comparing import own_values
from peersupport.matching.question import Question
from peersupport.matching.values import NOTHING, Asking, Criterion
from peersupport.rules.facts import Texts
from peersupport.rules.problems import InputError, Problem

_Numbers: TypeAlias = npt.NDArray[np.int64]
_Bits: TypeAlias = npt.NDArray[np.uint64]
_Flags: TypeAlias = npt.NDArray[np.bool_]

_WORD: Final = 64
_AT_ONCE: Final = 4096
_MOST: Final = 2**61
"""The solver multiplies costs by the number of people and peers, and keeps them in 64 bits."""


@attrs.frozen(eq=False)
class _Pairs:
    """All pairs that fit, row after row, of so many `people`: `sizes` is how many each has, from `starts` on."""

    people: int
    sizes: _Numbers
    starts: _Numbers
    rows: _Numbers
    peers: _Numbers
    unclear: _Flags
    points: _Numbers
    more: _Numbers


def best(asked: Question, fits: Sequence[Fitting]) -> Found:
    """The best assignment of whoever is not kept; `InputError` for weights that are too large for so many people."""
    people = [i for i, each in enumerate(fits) if each.possibly and i not in asked.kept]
    if not people:
        return {}
    pairs = _pairs(asked, fits, people)
    chosen = _solved(pairs, _costs(pairs, asked), asked.room())
    rows = pairs.rows[chosen]
    others = _others(pairs, chosen, asked)[rows]
    nexts = _told(pairs, np.maximum(others, 0))
    found = zip(rows.tolist(), _told(pairs, chosen), (others >= 0).tolist(), nexts, strict=True)
    return {people[row]: (pair, other if any_ else None) for row, pair, any_, other in found}


def _told(pairs: _Pairs, at: _Numbers) -> Iterator[Pair]:
    columns = (pairs.unclear, pairs.points, pairs.more, pairs.peers)
    return zip(*(column[at].tolist() for column in columns), strict=True)


# all pairs, counted


def _pairs(asked: Question, fits: Sequence[Fitting], people: Sequence[int]) -> _Pairs:
    alike = {each: number for number, each in enumerate(dict.fromkeys([fits[i] for i in people]))}
    kinds = np.array([alike[fits[i]] for i in people])
    sizes, peers, unclear = _columns([*alike], len(asked.peers))
    firsts, sizes = (np.cumsum(sizes) - sizes)[kinds], sizes[kinds]
    starts, rows = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(people)), sizes)
    at = np.arange(len(rows)) + np.repeat(firsts - starts, sizes)
    peers, unclear = peers[at], unclear[at]
    asking = [asked.asking[i] for i in people]
    points, more = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for criterion in asked.criteria:
        found, open_ = _values(asked, criterion, asking, rows, peers)
        points += found * criterion.weight
        more += open_ * criterion.weight
    return _Pairs(len(people), sizes, starts, rows, peers, unclear, points, more)


def _columns(fits: Sequence[Fitting], count: int) -> tuple[_Numbers, _Numbers, _Flags]:
    """For each of some ways to fit: how many peers do, then which, and whether only by what is not disclosed."""
    found = []
    for part in (fits[at : at + _AT_ONCE] for at in range(0, len(fits), _AT_ONCE)):
        possibly = _flags([each.possibly for each in part], count)
        surely = _flags([each.surely for each in part], count)
        found.append((possibly.sum(axis=1), np.nonzero(possibly)[1], ~surely[possibly]))
    sizes, peers, unclear = zip(*found, strict=True)
    return np.concatenate(sizes), np.concatenate(peers), np.concatenate(unclear)


def _flags(bits: Sequence[int], count: int) -> _Flags:
    """Whether each of the first bits is set, of each number."""
    width = count // 8 + 1
    raw = np.frombuffer(b"".join([each.to_bytes(width, "little") for each in bits]), np.uint8)
    return np.unpackbits(raw.reshape(-1, width), axis=1, count=count, bitorder="little").astype(np.bool_)


def _values(
    asked: Question, criterion: Criterion, asking: Sequence[Asking], rows: _Numbers, peers: _Numbers
) -> tuple[_Numbers, _Numbers]:
    """How many values of each pair are known to be there, and how many may be: `comparing.counted` in bulk."""
    has = [each.has[criterion.attribute] for each in asked.offers]
    own = [own_values(each, criterion) for each in asking]
    wished = [each.wishes.get(criterion.attribute) for each in asking]
    places: defaultdict[str, int] = defaultdict(itertools.count().__next__)
    mine, wishes = _coded(own, places), _coded(wished if any(wished) else [], places)
    known, doubtful = _coded([each.known for each in has], places), _coded([each.doubtful for each in has], places)
    may = _coded([each.may(frozenset(places)) for each in has], places)
    asks, there = _masks(mine, places), _masks(known, places)
    if any(wished):
        asks |= _masks(wishes, places)
    found, more = _common(asks, there, rows, peers), _common(asks, _masks(may, places), rows, peers)
    silent = np.array([each is None for each in own])
    if silent.any():
        at = np.flatnonzero(silent[rows])
        others = _common(~asks, there | _masks(doubtful, places), rows[at], peers[at])
        more[at] += np.maximum(others, np.array([each.more for each in has])[peers[at]])
    if criterion.any_value:
        found = np.minimum(found, 1)
        more = np.minimum(more, 1 - found)
    return found, more


def _coded(sets: Sequence[Texts | None], places: Mapping[str, int]) -> tuple[_Numbers, _Numbers]:
    """The places of all values, set after set, and how many each set has; a new value takes the next place."""
    full = [each or NOTHING for each in sets]
    sizes = np.fromiter(map(len, full), np.int64, len(full))
    values = itertools.chain.from_iterable(full)
    return np.fromiter(map(places.__getitem__, values), np.int64, int(sizes.sum())), sizes


def _masks(coded: tuple[_Numbers, _Numbers], places: Mapping[str, int]) -> _Bits:
    """Each set of values as a row of words, with a bit at the place of each value."""
    at, sizes = coded
    words = len(places) // _WORD + 1
    masks = np.zeros(len(sizes) * words, np.uint64)
    bits = np.left_shift(np.uint64(1), (at % _WORD).astype(np.uint64))
    np.bitwise_or.at(masks, np.repeat(np.arange(len(sizes)), sizes) * words + at // _WORD, bits)
    return masks.reshape(-1, words)


def _common(left: _Bits, right: _Bits, rows: _Numbers, peers: _Numbers) -> _Numbers:
    """How many values each pair has in common."""
    common = np.zeros(len(rows), np.int64)
    for ours, theirs in zip(left.T, right.T, strict=True):
        if theirs.any():
            common += np.bitwise_count(ours.take(rows) & theirs.take(peers))
    return common


# the flow of least cost


def _costs(pairs: _Pairs, asked: Question) -> _Numbers:
    """The cost of each pair: one requirement not disclosed outweighs all points, and one point all open points."""
    more = pairs.more if asked.undisclosed == "between" else np.zeros_like(pairs.more)
    point = _most(more, pairs) + 1
    unclear = (_most(pairs.points, pairs) + 1) * point if pairs.unclear.any() else 0
    largest = int(pairs.points.max()) * point + int(more.max()) + unclear
    if largest * (pairs.people + len(asked.peers) + 3) >= _MOST:
        fault = f"are too large for {pairs.people} people: their totals leave the whole numbers of 64 bits"
        raise InputError([Problem("weights", fault, "give smaller ones in the same proportions")])
    return pairs.unclear * unclear - pairs.points * point - more


def _most(values: _Numbers, pairs: _Pairs) -> int:
    """The most that the sum of one pair of each row can be."""
    return int(np.maximum.reduceat(values, pairs.starts).sum())


def _solved(pairs: _Pairs, costs: _Numbers, room: Sequence[int]) -> _Numbers:
    """The pairs that are chosen, in the order of the rows."""
    people, peers = pairs.people, len(room)
    flow = importlib.import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    nodes, end = np.arange(people + peers, dtype=np.int32), people + peers
    ones = np.ones(len(costs), np.int64)
    rows, heads = pairs.rows.astype(np.int32), (pairs.peers + people).astype(np.int32)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(rows, heads, ones, costs)
    ends, free = np.full(peers, end, np.int32), np.zeros(peers, np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(nodes[people:], ends, np.array(room, np.int64), free)
    flow.set_nodes_supplies(nodes[:people], np.ones(people, np.int64))
    flow.set_node_supply(end, -people)
    flow.solve_max_flow_with_min_cost()
    return np.flatnonzero(flow.flows(arcs))


def _others(pairs: _Pairs, chosen: _Numbers, asked: Question) -> _Numbers:
    """For each row the pair that is best but for the chosen one, the first of several; -1 where there is no other."""
    more = pairs.more if asked.undisclosed == "between" else np.zeros_like(pairs.more)
    point = int(more.max()) + 1
    order = pairs.points * point + more - pairs.unclear * (int(pairs.points.max()) + 1) * point
    order[chosen] = -_MOST
    highest = np.maximum.reduceat(order, pairs.starts)
    at = np.flatnonzero(order == np.repeat(highest, pairs.sizes))
    rows, first = np.unique(pairs.rows[at], return_index=True)
    found = at[first]
    return np.where(highest[rows] == -_MOST, -1, found)
