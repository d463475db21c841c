"""How long the best assignment takes, with reading the records and all reasons, against the bare solver.

    python benchmarks/matching.py [--only 10000] [--scipy]

The bare solver is given the same pairs as arrays, made and counted by hand before; both totals are held against each
other first. Each participant needs one of many hours, which twenty peers have, so that twenty fit; experience,
interests, languages and a wish make the points. Both run by turns; the table, in Markdown, has medians and quartiles.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import random
import resource
import sys
from collections.abc import Iterator
from importlib import metadata

import attrs
import numpy as np
import numpy.typing as npt
from measure import Line, Way, say, seconds, table, versus

from peersupport.matching import Criterion, Matching, Participant, Peer, match, match_greedily

PLACES, FITTING = 25, 20
SIZES = {10_000: (450, 15), 100_000: (4_500, 3)}
"""How many people: how many peers, and how often each way is run."""
CRITERIA = (
    Criterion("lived_experience", 25),
    Criterion("interests", 9),
    Criterion("language", 14, any_value=True),
    Criterion("gender", 11, shared=False),
)
KINDS = ("mental_health", "substance_use", "crisis_care", "hospital", "caregiving", "grief")
INTERESTS = tuple(f"interest {number}" for number in range(40))


def main() -> None:
    """Make the runs that are asked for and print the table."""
    parser = argparse.ArgumentParser(description="How long the best assignment takes.")
    parser.add_argument("--only", type=int, choices=sorted(SIZES), help="one size alone")
    parser.add_argument("--scipy", action="store_true", help="SciPy's sparse matching too, for the smallest size")
    asked = parser.parse_args()
    lines: list[Line] = []
    for people in [asked.only] if asked.only else SIZES:
        lines += lines_of(people, with_scipy=asked.scipy and people == min(SIZES))
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("ortools", "numpy"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Python {platform.python_version()}, {versions}, at most {peak} MB\n\n{table(lines)}")


# the records


def world(people: int, offering: int, *, silent: float = 0) -> tuple[list[Participant], list[Peer]]:
    """People and peers; of a share of the peers what they have lived through is not disclosed."""
    chance = random.Random(1)  # noqa: S311  seeded, and no secret
    hours: list[set[str]] = [set() for _ in range(offering)]
    for hour in range(people // 10):
        for peer in chance.sample(range(offering), FITTING):
            hours[peer].add(f"hour {hour}")
    peers = [
        Peer(
            id=f"peer {number}",
            places=PLACES,
            attributes={
                "hours": hours[number],
                "lived_experience": None if chance.random() < silent else some(chance, KINDS, 3),
                "interests": chance.sample(INTERESTS, 8),
                "language": {"en", chance.choice(("en", "es", "so"))},
                "gender": {chance.choice(("woman", "man"))},
            },
        )
        for number in range(offering)
    ]
    participants = [
        Participant(
            id=f"participant {number}",
            requires={"hours": {f"hour {chance.randrange(people // 10)}"}},
            shares={
                "lived_experience": some(chance, KINDS, 3),
                "interests": chance.sample(INTERESTS, 5),
                "language": {chance.choice(("en", "en", "en", "es", "so"))},
            },
            wishes={"gender": {"woman"}} if chance.random() < 0.3 else {},
        )
        for number in range(people)
    ]
    return participants, peers


def some(chance: random.Random, values: tuple[str, ...], most: int) -> list[str]:
    """One value or more."""
    return chance.sample(values, chance.randint(1, most))


# the bare solver


@attrs.frozen
class Pairs:
    """The pairs that fit, with their points, as the solver wants them."""

    people: int
    peers: int
    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    points: npt.NDArray[np.int64]


def by_hand(participants: list[Participant], peers: list[Peer]) -> Pairs:
    """The pairs, found and counted one by one."""
    having: dict[str, list[int]] = {}
    told = [{name: values or frozenset() for name, values in each.attributes.items()} for each in peers]
    for number, each in enumerate(told):
        for hour in each["hours"]:
            having.setdefault(hour, []).append(number)
    found = [
        (row, column, points(each, told[column]))
        for row, each in enumerate(participants)
        for hour in each.requires["hours"]
        for column in having[hour]
    ]
    rows, columns, counts = zip(*found, strict=True)
    return Pairs(
        len(participants), len(peers), np.array(rows, np.int32), np.array(columns, np.int32), np.array(counts, np.int64)
    )


def points(who: Participant, told: dict[str, frozenset[str]]) -> int:
    """The points of one pair."""
    shares = {name: values or frozenset() for name, values in who.shares.items()}
    lived = len(shares["lived_experience"] & told["lived_experience"])
    interests = len(shares["interests"] & told["interests"])
    language, wished = bool(shares["language"] & told["language"]), who.wishes.get("gender", frozenset())
    return 25 * lived + 9 * interests + 14 * language + 11 * len(wished & told["gender"])


def solved(pairs: Pairs) -> tuple[int, int]:
    """How many are placed, and the highest total, by the solver alone."""
    flow = importlib.import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    end = pairs.people + pairs.peers
    nodes = np.arange(end, dtype=np.int32)
    ones = np.ones(len(pairs.rows), np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(pairs.rows, pairs.columns + pairs.people, ones, -pairs.points)
    ends, full = np.full(pairs.peers, end, np.int32), np.full(pairs.peers, PLACES, np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(nodes[pairs.people :], ends, full, np.zeros_like(full))
    flow.set_nodes_supplies(nodes[: pairs.people], np.ones(pairs.people, np.int64))
    flow.set_node_supply(end, -pairs.people)
    flow.solve_max_flow_with_min_cost()
    chosen = flow.flows(arcs) > 0
    return int(chosen.sum()), int(pairs.points[chosen].sum())


def sparse(pairs: Pairs) -> tuple[int, int]:
    """The same by SciPy's sparse matching, with a column for each place."""
    matrices, graphs = (importlib.import_module(f"scipy.sparse{part}") for part in ("", ".csgraph"))
    columns = (pairs.columns[:, None].astype(np.int64) * PLACES + np.arange(PLACES)).ravel()
    rows, values = np.repeat(pairs.rows, PLACES), np.repeat(pairs.points + 1, PLACES)
    graph = matrices.csr_array((values, (rows, columns)), shape=(pairs.people, pairs.peers * PLACES))
    matched = graphs.min_weight_full_bipartite_matching(graph, maximize=True)
    return len(matched[0]), int(graph[matched].sum()) - len(matched[0])


# the lines


def lines_of(people: int, *, with_scipy: bool) -> Iterator[Line]:
    """Ours against the bare solver, after both were found to place as many with the same total."""
    offering, times = SIZES[people]
    participants, peers = world(people, offering)
    pairs = by_hand(participants, peers)
    name, bare = f"{people:,} by {offering:,}", lambda: solved(pairs)
    found = match(participants, peers, CRITERIA)
    agreed(name, found, solved(pairs))
    size = f"{len(pairs.rows):,} pairs, {len(found.choices):,} placed"
    yield versus(
        f"{name}: match with all reasons / the bare solver",
        with_reasons(participants, peers),
        bare,
        times,
        target=3,
        note=size,
    )
    alone: Way = lambda: match(participants, peers, CRITERIA)  # noqa: E731
    yield versus(f"{name}: match alone / the bare solver", alone, bare, times)
    quiet, silent = world(people, offering, silent=0.1)
    unclear: Way = lambda: match(quiet, silent, CRITERIA)  # noqa: E731
    yield versus(f"{name}: a tenth not disclosed / all disclosed", unclear, alone, times // 3)
    greedy: list[Matching] = []
    taken = seconds(lambda: greedy.append(match_greedily(participants, peers, CRITERIA)))
    told = f"{len(greedy[0].choices):,} placed, {greedy[0].total / found.total:.1%} of the points"
    yield Line(f"{name}: greedily / match", [taken], [seconds(alone)], note=told)
    if with_scipy:
        agreed(name, found, sparse(pairs))
        yield versus(f"{name}: SciPy's sparse matching / the bare solver", lambda: sparse(pairs), bare, 3)


def with_reasons(participants: list[Participant], peers: list[Peer]) -> Way:
    """Match, then ask of everybody for the reasons and for the best who was not chosen."""

    def run() -> int:
        found = match(participants, peers, CRITERIA)
        return sum(len(each.why.reasons) + (each.alternative is not None) for each in found.choices)

    return run


def agreed(name: str, found: Matching, bare: tuple[int, int]) -> None:
    """Stop the run where ours is not as good as the solver's."""
    say(f"{name} ...")
    if (len(found.choices), found.total) != bare:
        sys.exit(f"{name}: {len(found.choices)} placed with {found.total} points, and {bare} by the other way")


if __name__ == "__main__":
    main()
