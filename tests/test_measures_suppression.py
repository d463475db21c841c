"""Small counts hidden: the cases of the source by hand, and the guarantees against trying every table that fits."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport import InputError
from peersupport.measures import suppression
from peersupport.measures.suppression import TOTAL, Key, Suppressed, SuppressedTable, bounds, derived

Cells = dict[str, int]
Table = dict[str, Cells]

COUNTS = st.one_of(st.integers(0, 14), st.sampled_from([0, 0, 1, 10, 11, 12, 40, 250]))
"""Counts on both sides of the limit, and zeros."""


# the cases of the source


@pytest.mark.parametrize(
    ("cells", "shown", "total"),
    [
        ({"yes": 20, "no": 30}, {"yes": 20, "no": 30}, 50),
        ({"yes": 46, "no": 4}, {"yes": None, "no": None}, 50),
        ({"yes": 4, "no": 46}, {"yes": None, "no": None}, 50),
        ({"a": 5, "b": 20, "c": 30}, {"a": None, "b": None, "c": 30}, 55),
        ({"a": 3, "b": 4, "c": 50, "d": 60}, {"a": None, "b": None, "c": None, "d": 60}, 117),
        ({"a": 8, "b": 9, "c": 50}, {"a": None, "b": None, "c": 50}, 67),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}, 0),
        ({"a": 7, "b": 0, "c": 60}, {"a": None, "b": 0, "c": None}, 67),
        ({"a": 4, "b": 3}, {"a": None, "b": None}, None),
        ({"a": 4, "b": 0}, {"a": None, "b": 0}, None),
        ({}, {}, 0),
    ],
    ids=[
        "nothing is small",
        "the complement of 46 of 50 is 4",
        "a second cell where the total is shown",
        "the cheapest second cell",
        "a third cell where two hidden ones make 7",
        "two hidden cells that make 17 are enough",
        "all zero",
        "a zero hides nothing",
        "a small total",
        "a small total of one cell",
        "no cells",
    ],
)
def test_by_hand(cells: Cells, shown: Mapping[str, int | None], total: int | None) -> None:
    """Every case of the source."""
    assert suppression.suppress(cells) == Suppressed(shown, total)


@pytest.mark.parametrize(("count", "hidden"), [(0, False), (1, True), (10, True), (11, False)])
def test_from_1_to_10_is_hidden(count: int, hidden: bool) -> None:
    """Zero and eleven are not."""
    assert (suppression.suppress({"a": count, "b": 40, "c": 50}).cells["a"] is None) is hidden


def test_both_limits_may_be_set() -> None:
    """Another largest count that is hidden, and zeros that are."""
    assert suppression.suppress({"a": 5, "b": 6}, largest_hidden=4).hidden == set()
    assert suppression.suppress({"a": 20, "b": 30}, largest_hidden=25).hidden == {"a", "b"}
    shown = suppression.suppress({"a": 0, "b": 30, "c": 40}, zero_is_shown=False)
    assert shown.hidden == {"a", "b"}


def test_a_total_that_is_not_told_hides_no_second_cell() -> None:
    """What follows from nothing that is shown may stand alone."""
    shown = suppression.suppress({"yes": 46, "no": 4}, hidden=[TOTAL])
    assert shown == Suppressed({"yes": 46, "no": None}, None)


def test_what_is_hidden_by_choice_cannot_be_worked_out() -> None:
    """A large number alone in its row would follow from the total."""
    assert suppression.suppress({"a": 90, "b": 40, "c": 50}, hidden=["a"]).hidden == {"a", "b"}
    assert suppression.suppress({"a": 0, "b": 40, "c": 50}, hidden=["a"]).hidden == {"a", "b"}


def test_what_is_hidden_by_choice_and_zero_hides_other_zeros_if_it_must() -> None:
    """In a row of zeros nothing else is there to hide behind."""
    shown = suppression.suppress_table(
        {"none": {"yes": 0, "no": 0}, "some": {"yes": 40, "no": 50}}, hidden=[("none", "yes")]
    )
    _check({"none": {"yes": 0, "no": 0}, "some": {"yes": 40, "no": 50}}, shown)
    assert ("none", "yes") in shown.hidden


@pytest.mark.parametrize("percentage", [13.8])
def test_a_percentage_of_a_known_number_is_derived(percentage: float) -> None:
    """13.8 % of 29 is 4: it is told only where both numbers are."""
    cells = {"yes": 4, "no": 25}
    assert round(100 * cells["yes"] / sum(cells.values()), 1) == percentage
    shown = suppression.suppress(cells)
    assert derived(lambda yes, of: 100 * yes / of, shown.cells["yes"], shown.total) is None
    open_ = suppression.suppress({"yes": 40, "no": 60})
    assert derived(lambda yes, of: 100 * yes / of, open_.cells["yes"], open_.total) == 40


def test_excluded_cases_are_a_column() -> None:
    """Four excluded of one stratum follow from its total, and from the column's, unless more is hidden."""
    table = {
        "one": {"yes": 20, "no": 40, "excluded": 4},
        "two": {"yes": 30, "no": 50, "excluded": 20},
        "three": {"yes": 25, "no": 45, "excluded": 15},
    }
    shown = suppression.suppress_table(table)
    _check(table, shown)
    assert shown.cells["one", "excluded"] is None
    assert len(shown.hidden) == 4
    assert not any(TOTAL in key for key in shown.hidden)


def test_a_small_total_of_a_row_is_hidden_with_what_it_follows_from() -> None:
    """Rows of one or two people say nothing, not even how many they are."""
    table = {"few": {"yes": 1, "no": 2}, "many": {"yes": 13, "no": 14}}
    shown = suppression.suppress_table(table)
    _check(table, shown)
    assert {("few", "yes"), ("few", "no"), ("few", TOTAL)} <= shown.hidden


# the guarantees, by trying every table


def _fitting(table: Table, shown: SuppressedTable) -> Iterator[dict[Key, int]]:
    """Every table, with its totals, that somebody who sees what is shown must think possible."""
    rows = [list(_rows(row, own, shown)) for row, own in table.items()]
    for tried in itertools.product(*rows):
        cells = {key: n for row in tried for key, n in row.items()}
        whole = _whole(cells)
        if all(shown.cells[key] in {None, n} for key, n in whole.items()):
            yield whole


def _rows(row: str, own: Cells, shown: SuppressedTable) -> Iterator[dict[Key, int]]:
    """Every row that fits its own total, if that is shown, and that no total by itself forbids."""
    free = [name for name in own if shown.cells[row, name] is None]
    fixed = {(row, name): n for name, n in own.items() if name not in free}
    total = shown.cells[row, TOTAL]
    left = None if total is None else total - sum(fixed.values())
    for tried in _fill([list(_tries(row, name, own, shown)) for name in free], left):
        yield fixed | {(row, name): n for name, n in zip(free, tried, strict=True)}


def _fill(choices: list[list[int]], left: int | None) -> Iterator[tuple[int, ...]]:
    """Every way to take one number of each, with the sum that is left if there is one."""
    if not choices:
        yield from [()] if left in {None, 0} else []
        return
    last = choices[0] if left is None or len(choices) > 1 else [n for n in choices[0] if n == left]
    for n in (n for n in last if left is None or n <= left):
        yield from ((n, *rest) for rest in _fill(choices[1:], None if left is None else left - n))


def _tries(row: str, name: str, own: Cells, shown: SuppressedTable) -> Iterable[int]:
    """Every number up to the least total that is shown; without one some that it may be: few are enough to doubt."""
    ends = [shown.cells[key] for key in ((row, TOTAL), (TOTAL, name), (TOTAL, TOTAL))]
    known = [end for end in ends if end is not None]
    return range(min(known) + 1) if known else sorted({0, own[name], own[name] + 1, 12})


def _whole(cells: Mapping[Key, int]) -> dict[Key, int]:
    whole: dict[Key, int] = {}
    for (row, name), n in cells.items():
        for key in dict.fromkeys(((row, name), (row, TOTAL), (TOTAL, name), (TOTAL, TOTAL))):
            whole[key] = whole.get(key, 0) + n
    return whole


def _cells(table: Table) -> dict[Key, int]:
    return {(row, name): n for row, own in table.items() for name, n in own.items()}


def _check(table: Table, shown: SuppressedTable) -> None:
    """Nothing small is shown or can be proved, by every table that fits."""
    assert not any(n is not None and 0 < n <= 10 for n in shown.cells.values())
    hidden = sorted(shown.hidden)
    cells = [key for key in hidden if TOTAL not in key]
    groups = [some for size in range(1, len(cells) + 1) for some in itertools.combinations(cells, size)]
    provable = {*groups, *((key,) for key in hidden)}
    found = _fitting(table, shown)
    first = next(found)
    fixed, small = set(hidden), set(hidden)
    for each in itertools.chain([first], found):
        fixed = {key for key in fixed if each[key] == first[key]}
        small = {key for key in small if each[key] <= 10}
        provable = {some for some in provable if 1 <= sum(each[key] for key in some) <= 10}
        if not fixed | small and not provable:
            return
    assert (fixed, small, provable) == (set(), set(), set()), "can be worked out, or proved to be small"


@given(st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_a_row_against_every_row_that_fits(counts: list[int]) -> None:
    """No hidden number, and no sum of hidden numbers, can be proved small by whoever tries all rows."""
    row = {f"c{number}": n for number, n in enumerate(counts)}
    shown = suppression.suppress(row)
    cells: dict[Key, int | None] = {("r", name): n for name, n in shown.cells.items()}
    totals: dict[Key, int | None] = {(TOTAL, name): n for name, n in shown.cells.items()}
    whole = SuppressedTable(cells | totals | {("r", TOTAL): shown.total, (TOTAL, TOTAL): shown.total})
    _check({"r": row}, whole)


@settings(max_examples=settings().max_examples // 3)
@given(st.lists(st.lists(st.integers(0, 14), min_size=2, max_size=2), min_size=2, max_size=2))
def test_a_table_of_four_against_every_table_that_fits(counts: list[list[int]]) -> None:
    """The same of a table with all its totals."""
    table = _table(counts)
    _check(table, suppression.suppress_table(table))


def _table(counts: list[list[int]]) -> Table:
    return {f"r{number}": {f"c{place}": n for place, n in enumerate(row)} for number, row in enumerate(counts)}


@given(st.lists(st.lists(st.integers(0, 14), min_size=3, max_size=3), min_size=2, max_size=2), st.data())
def test_the_bounds_are_those_of_every_table_that_fits(counts: list[list[int]], data: st.DataObject) -> None:
    """How low and how high each hidden cell can be, where all totals are shown."""
    table = _table(counts)
    hidden = set(data.draw(st.lists(st.sampled_from(sorted(_cells(table))), unique=True, max_size=4)))
    whole = _whole(_cells(table))
    seen = SuppressedTable({key: None if key in hidden else n for key, n in whole.items()})
    found = list(_fitting(table, seen))
    tried = {key: (min(each[key] for each in found), max(each[key] for each in found)) for key in hidden}
    assert bounds(table, hidden) == tried


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(COUNTS, min_size=n, max_size=n), max_size=5)))
def test_larger_tables_by_their_bounds(counts: list[list[int]]) -> None:
    """Nothing of 1 to 10 is shown, no hidden number has one value, and none has an upper end of 10 or less."""
    table = _table(counts)
    shown = suppression.suppress_table(table)
    assert not any(n is not None and 0 < n <= 10 for n in shown.cells.values())
    for low, high in bounds(table, shown.hidden).values():
        assert high is None or (high > 10 and high > low)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(COUNTS, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_what_is_shown_is_true_and_hiding_again_hides_no_more(counts: list[list[int]]) -> None:
    """Idempotent: what was hidden, hidden again, needs nothing else; what is shown is the number itself."""
    table = _table(counts)
    whole = _whole(_cells(table))
    shown = suppression.suppress_table(table)
    assert {key: n for key, n in shown.cells.items() if n is not None} == {
        key: n for key, n in whole.items() if key not in shown.hidden
    }
    assert suppression.suppress_table(table, hidden=shown.hidden) == shown


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(COUNTS, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_rows_of_zeros_change_nothing(counts: list[list[int]]) -> None:
    """They are shown, and everything else is as without them."""
    table = _table(counts)
    zeros: Table = {f"zero {number}": dict.fromkeys(table["r0"], 0) for number in range(2)}
    with_zeros = suppression.suppress_table(zeros | table)
    assert {key: n for key, n in with_zeros.cells.items() if not key[0].startswith("zero")} == (
        suppression.suppress_table(table).cells
    )
    assert all(n == 0 for key, n in with_zeros.cells.items() if key[0].startswith("zero"))


@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=1, max_size=3))
def test_zeros_may_be_hidden_too(counts: list[list[int]]) -> None:
    """Then nothing of 0 to 10 is shown, and no hidden number can be proved to be 10 or fewer."""
    table = _table(counts)
    shown = suppression.suppress_table(table, zero_is_shown=False)
    assert not any(n is not None and n <= 10 for n in shown.cells.values())
    assert all(high is None or high > 10 for _, high in bounds(table, shown.hidden).values())


@given(st.lists(st.lists(COUNTS, min_size=2, max_size=2), min_size=1, max_size=3), st.data())
def test_what_is_hidden_by_choice_is_as_safe(counts: list[list[int]], data: st.DataObject) -> None:
    """Whatever is hidden beside the small ones, zeros and totals too, none can be worked out."""
    table = _table(counts)
    keys = list(suppression.suppress_table(table).cells)
    chosen = data.draw(st.lists(st.sampled_from(keys), unique=True))
    shown = suppression.suppress_table(table, hidden=chosen)
    assert set(chosen) <= shown.hidden
    for low, high in bounds(table, shown.hidden).values():
        assert high is None or (high > 10 and high > low)


# input and output


def test_rows_and_texts() -> None:
    """A tidy row for each number, 1 where it is hidden; a text that does not tell why one is."""
    shown = suppression.suppress({"yes": 46, "no": 4, "unknown": 0})
    assert shown.rows() == (
        {"cell": "yes", "count": None, "hidden": 1},
        {"cell": "no", "count": None, "hidden": 1},
        {"cell": "unknown", "count": 0, "hidden": 0},
        {"cell": "total", "count": 50, "hidden": 0},
    )
    assert str(shown) == "yes hidden, no hidden, unknown 0, total 50"
    table = suppression.suppress_table({"a": {"yes": 20}, "b": {"yes": 0}})
    assert str(table) == "a: yes 20, total 20\nb: yes 0, total 0\ntotal: yes 20, total 20"
    assert table.rows()[0] == {"row": "a", "column": "yes", "count": 20, "hidden": 0}
    assert table.rows()[-1] == {"row": "total", "column": "total", "count": 20, "hidden": 0}


def test_faults_of_a_row_are_told_together() -> None:
    """A count below zero, one that is missing, and a label that is that of totals."""
    with pytest.raises(InputError) as caught:
        suppression.suppress({"a": -1, "b": None, "": 3}, largest_hidden=-1)  # type: ignore[dict-item]
    assert [each.place for each in caught.value.problems] == ["a", "b", "cells", "largest_hidden"]


def test_faults_of_a_table_are_told_together() -> None:
    """A count that is none, a row without a label, and rows of other columns."""
    table = {"a": {"yes": 1, "no": 2}, "": {"yes": 1, "no": 2}, "c": {"yes": 1.5}}
    with pytest.raises(InputError) as caught:
        suppression.suppress_table(table)  # type: ignore[arg-type]
    assert [each.place for each in caught.value.problems] == ["c yes", "table", "row 'c'"]


def test_a_place_that_is_not_there_is_refused() -> None:
    """By both, and by the bounds."""
    with pytest.raises(InputError, match="there is no 'x'"):
        suppression.suppress({"a": 20}, hidden=["x"])
    with pytest.raises(InputError, match="there is no 'a x'"):
        suppression.suppress_table({"a": {"yes": 20}}, hidden=[("a", "x")])
    with pytest.raises(InputError, match="there is no 'a x'"):
        bounds({"a": {"yes": 20}}, [("a", "x")])
