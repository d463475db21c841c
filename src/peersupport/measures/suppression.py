"""Small counts hidden before a table leaves the house, with everything from which they could be worked out.

The rule is that of the Centers for Medicare and Medicaid Services (cell suppression policy): no count of 1 to 10 is
shown, zero may be, and neither may a percentage, a total or a number of excluded cases from which one follows. So a
second cell is hidden where a total is shown, and a third where two hidden ones together are still small.

What is guaranteed, exactly, for a row of cells with its total (`suppress`) and for a table with the totals of its rows,
its columns and all (`suppress_table`): whoever knows all that is shown, and that no count is below zero, can work out
no hidden number; no hidden number can be proved to be 10 or fewer; and no sum of hidden numbers can be proved to be
one of 1 to 10. What is not: that the fewest are hidden; anything against somebody who knows more, as how the second
cell is chosen, a count of her own, or another table of the same people: tables that overlap are to be released as one,
or not at all. A hidden number does not say whether it is small or hides another.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

import attrs

from peersupport.measures.values import Row, count_problems
from peersupport.rules.problems import Problem, raise_any

LARGEST_HIDDEN: Final = 10
"""The largest count that is hidden unless another is given."""

TOTAL: Final = ""
"""The label of a total."""

HIDDEN: Final = "hidden"
"""What stands in a text for a number that is not shown."""

Key = tuple[str, str]
"""The place of a number: the labels of its row and its column, of which either may be `TOTAL`."""

_T = TypeVar("_T")


@attrs.frozen
class Suppressed:
    """A row of cells with its total, as it may be shown: None is hidden, for whatever reason."""

    cells: Mapping[str, int | None]
    total: int | None

    @property
    def hidden(self) -> frozenset[str]:
        """The labels of what is hidden; `TOTAL` is the total."""
        return frozenset(label for label, count in {**self.cells, TOTAL: self.total}.items() if count is None)

    def rows(self) -> tuple[Row, ...]:
        """One row for each cell and one for the total, `hidden` being 1 or 0."""
        listed = {**self.cells, TOTAL: self.total}
        return tuple({"cell": name or "total", "count": n, "hidden": int(n is None)} for name, n in listed.items())

    def __str__(self) -> str:
        return ", ".join(f"{label or 'total'} {_text(n)}" for label, n in {**self.cells, TOTAL: self.total}.items())


@attrs.frozen
class SuppressedTable:
    """A table with all its totals, as it may be shown: None is hidden. `TOTAL` is the label of a total."""

    cells: Mapping[Key, int | None]

    @property
    def hidden(self) -> frozenset[Key]:
        """The places of what is hidden."""
        return frozenset(key for key, count in self.cells.items() if count is None)

    def rows(self) -> tuple[Row, ...]:
        """One row for each cell and each total, `hidden` being 1 or 0."""
        return tuple(
            {"row": row or "total", "column": column or "total", "count": n, "hidden": int(n is None)}
            for (row, column), n in self.cells.items()
        )

    def __str__(self) -> str:
        lines: dict[str, list[str]] = {}
        for (row, column), count in self.cells.items():
            lines.setdefault(row or "total", []).append(f"{column or 'total'} {_text(count)}")
        return "\n".join(f"{row}: {', '.join(told)}" for row, told in lines.items())


def _text(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def derived(compute: Callable[..., _T], *counts: int | None) -> _T | None:
    """What is computed of some counts; None, which is hidden, as soon as one of them is."""
    return None if None in counts else compute(*counts)


def suppress(
    cells: Mapping[str, int],
    *,
    hidden: Iterable[str] = (),
    largest_hidden: int = LARGEST_HIDDEN,
    zero_is_shown: bool = True,
) -> Suppressed:
    """A row of counts with its total, small ones hidden and what they follow from.

    The complement is a cell, too: 46 of 50 are the cells 46 and 4. `hidden` are labels to hide whatever the count is;
    `TOTAL` among them says that the total is not told. Raises `InputError` for a count that is none, and for a label
    that is not there.
    """
    raise_any([*_count_faults({("", name): n for name, n in cells.items()}), *_limit_faults(largest_hidden)])
    edges = [_Edge(("", name), "cells", "total", n) for name, n in cells.items()]
    edges.append(_Edge(("", TOTAL), "total", "cells", sum(cells.values())))
    shown = _shown(edges, {("", name) for name in hidden}, largest_hidden, zero_is_shown=zero_is_shown)
    return Suppressed({name: shown["", name] for name in cells}, shown["", TOTAL])


def suppress_table(
    table: Mapping[str, Mapping[str, int]],
    *,
    hidden: Iterable[Key] = (),
    largest_hidden: int = LARGEST_HIDDEN,
    zero_is_shown: bool = True,
) -> SuppressedTable:
    """A table of counts, by row and column, with all its totals, small ones hidden and what they follow from.

    As in strata by event, no event and unknown: every case is in one cell. `hidden` are places to hide whatever the
    count is, totals too. Raises `InputError` for a count that is none, rows of other columns, and a place that is not
    there.
    """
    raise_any([*_table_faults(table), *_limit_faults(largest_hidden)])
    shown = _shown(_edges(table), set(hidden), largest_hidden, zero_is_shown=zero_is_shown)
    return SuppressedTable(shown)


def bounds(table: Mapping[str, Mapping[str, int]], hidden: Iterable[Key]) -> dict[Key, tuple[int, int | None]]:
    """Between which numbers each hidden place of a table can be shown to lie by whoever sees the rest.

    None is no upper end. The ends are exact. Raises `InputError` as `suppress_table`.
    """
    raise_any(_table_faults(table))
    edges = _edges(table)
    opened = set(hidden)
    raise_any(_place_faults(edges, opened))
    return {edge.key: _bounds(edges, opened, edge) for edge in edges if edge.key in opened}


def _table_faults(table: Mapping[str, Mapping[str, int]]) -> list[Problem]:
    faults = _count_faults({(row, name): n for row, cells in table.items() for name, n in cells.items()})
    if TOTAL in table:
        faults.append(Problem("table", "has a row without a label", "give each row a label; totals are added here"))
    first = next(iter(table.values()), {})
    return faults + [
        Problem(f"row {row!r}", f"has the columns {', '.join(cells)}", f"give each row {', '.join(first)}")
        for row, cells in table.items()
        if set(cells) != set(first)
    ]


def _count_faults(cells: Mapping[Key, int]) -> list[Problem]:
    faults = [fault for (row, name), n in cells.items() for fault in count_problems(f"{row} {name}".strip(), n)]
    if any(name == TOTAL for _, name in cells):
        faults.append(Problem("cells", "has a cell without a label", "give each cell a label; totals are added here"))
    return faults


def _limit_faults(largest: int) -> list[Problem]:
    return count_problems("largest_hidden", largest)


# A table with its totals is a circulation: a cell flows from its row to its column, a column's total on to the grand
# total, and back through the rows' totals. Hidden numbers can change along cycles of hidden places and no others, so
# how far each can be moved is a maximum flow, and the ends found so are exact for whole numbers.


@attrs.frozen
class _Edge:
    """A number of the table as a flow from `tail` to `head`."""

    key: Key
    tail: str
    head: str
    count: int


def _edges(table: Mapping[str, Mapping[str, int]]) -> list[_Edge]:
    found: list[_Edge] = []
    sums: dict[str, int] = {}
    for row, cells in table.items():
        found += [_Edge((row, name), f"row {row}", f"column {name}", n) for name, n in cells.items()]
        found.append(_Edge((row, TOTAL), "rows", f"row {row}", sum(cells.values())))
        sums = {name: sums.get(name, 0) + n for name, n in cells.items()}
    found += [_Edge((TOTAL, name), f"column {name}", "columns", n) for name, n in sums.items()]
    return [*found, _Edge((TOTAL, TOTAL), "columns", "rows", sum(sums.values()))]


def _place_faults(edges: Iterable[_Edge], hidden: Iterable[Key]) -> list[Problem]:
    known = {edge.key for edge in edges}
    return [
        Problem("hidden", f"there is no {' '.join(key).strip()!r}", "name a cell or a total")
        for key in sorted(hidden)
        if key not in known
    ]


def _shown(edges: list[_Edge], hidden: set[Key], largest: int, *, zero_is_shown: bool) -> dict[Key, int | None]:
    """The numbers that may be shown, each of the others None."""
    raise_any(_place_faults(edges, hidden))
    small = {edge.key for edge in edges if edge.count <= largest and (edge.count or not zero_is_shown)}
    opened, before = hidden | small, -1
    while len(opened) > before:
        before = len(opened)
        for edge in sorted((edge for edge in edges if edge.key in opened), key=lambda edge: (edge.count, edge.key)):
            _secure(edges, opened, edge, _needed(edges, opened, edge, largest))
    return {edge.key: None if edge.key in opened else edge.count for edge in edges}


def _needed(edges: list[_Edge], opened: set[Key], edge: _Edge, largest: int) -> int:
    """By how much a hidden number must be able to be higher: none may be proved small, and none to be what it is."""
    if edge.count <= largest:
        return largest + 1 - edge.count
    return int(_bounds(edges, opened, edge) == (edge.count, edge.count))


def _secure(edges: list[_Edge], opened: set[Key], edge: _Edge, need: int) -> None:
    """Hide more, the cheapest first, until a hidden number could be higher by as much as is needed."""
    prices = _prices(edges)
    changes: dict[Key, int] = {}
    moved = 0
    while moved < need:
        path = _path(edges, edge, changes, {**prices, **dict.fromkeys(opened, 0)})
        moved += _push(path, changes, need - moved)
        opened.update(step.key for step, _ in path)


def _prices(edges: list[_Edge]) -> dict[Key, int]:
    """What it costs to hide a number: its size, so that cells go before totals; a zero more than all else together."""
    whole = sum(edge.count for edge in edges)
    return {edge.key: edge.count or 1 + whole for edge in edges}


def _bounds(edges: list[_Edge], opened: set[Key], edge: _Edge) -> tuple[int, int | None]:
    """How low and how high a hidden number can be, the rest that is hidden being free to follow it."""
    prices = dict.fromkeys(opened, 0)
    most = sum(each.count for each in edges) + 1  # what can move further than all there is has no upper end
    back = attrs.evolve(edge, tail=edge.head, head=edge.tail)
    up, down = (_furthest(edges, each, prices, limit) for each, limit in ((edge, most), (back, edge.count)))
    return edge.count - down, None if up >= most else edge.count + up


def _furthest(edges: list[_Edge], edge: _Edge, prices: Mapping[Key, int], limit: int) -> int:
    changes: dict[Key, int] = {}
    moved = 0
    while moved < limit and (path := _path(edges, edge, changes, prices)):
        moved += _push(path, changes, limit - moved)
    return moved


_Step = tuple[_Edge, int]
"""A number that goes up by one (1) or down (-1)."""


def _push(path: list[_Step], changes: dict[Key, int], most: int) -> int:
    """Move along a path as far as no number falls below zero, and at most as far as asked."""
    room = [edge.count + changes.get(edge.key, 0) for edge, sign in path if sign < 0]
    moved = min([most, *room])
    for edge, sign in path:
        changes[edge.key] = changes.get(edge.key, 0) + sign * moved
    return moved


def _path(edges: list[_Edge], around: _Edge, changes: Mapping[Key, int], prices: Mapping[Key, int]) -> list[_Step]:
    """The cheapest way from a number's head to its tail along numbers that have a price; empty if there is none."""
    steps = _steps(edges, around, changes, prices)
    came: dict[str, tuple[str, _Step]] = {}
    queue: list[tuple[int, str]] = [(0, around.head)]
    costs = {around.head: 0}
    while queue:
        cost, node = heapq.heappop(queue)
        for to, price, step in steps.get(node, ()):
            if cost + price < costs.get(to, cost + price + 1):
                costs[to], came[to] = cost + price, (node, step)
                heapq.heappush(queue, (cost + price, to))
    return _back(came, around)


def _back(came: Mapping[str, tuple[str, _Step]], around: _Edge) -> list[_Step]:
    found: list[_Step] = []
    node = around.tail
    while node != around.head and node in came:
        node, step = came[node]
        found.append(step)
    return found


def _steps(
    edges: list[_Edge], around: _Edge, changes: Mapping[Key, int], prices: Mapping[Key, int]
) -> dict[str, list[tuple[str, int, _Step]]]:
    """Where one can go from each node: up along every number with a price, down along those above zero."""
    found: dict[str, list[tuple[str, int, _Step]]] = {}
    for edge in edges:
        if edge.key == around.key or edge.key not in prices:
            continue
        price = prices[edge.key]
        found.setdefault(edge.tail, []).append((edge.head, price, (edge, 1)))
        if edge.count + changes.get(edge.key, 0) > 0:
            found.setdefault(edge.head, []).append((edge.tail, price, (edge, -1)))
    return found
