"""The door of the column reader: a table is judged rightly or refused by table, column and rows, in every library."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import peersupport as ps
from peersupport import InputError, PartialTables, Rulebook, judge_frame
from peersupport.readers.columns import engines

ON = dt.date(2026, 6, 30)
DAY = dt.date(2026, 2, 2)
NOON = dt.datetime(2026, 2, 2, 12, tzinfo=dt.UTC)
HEAD = """
rulebook = "lamp"
title    = "Lamp (invented)"
version  = "1"
[sources.L]
title = "Made up"
[kinds.lamp]
dated_by = "lit_on"
lit_on   = { type = "date", says = "the day it is lit", event = "it is lit" }
out_on   = { type = "date or none", says = "the day it goes out", event = "it goes out" }
seen_at  = { type = "instant", says = "when it is seen", event = "it is seen" }
colour   = "choice: red green"
hue      = "choice: open"
name     = "text or none"
burns    = "bool"
height   = { type = "int steps", min = 0, max = 9 }
tally    = "int things"
weight   = { type = "decimal stones", places = 2, max = 1000 }
load     = "decimal kilos"
grain    = { type = "decimal grains", places = 12 }
marks    = "set: dot line"
open     = "set: open"
keeper   = "-> keeper or none"
keepers  = "-> set of keeper"
[kinds.keeper]
born_on = "date"
"""
RULES = {
    "lit": "exists(lit_on)",
    "seen": "exists(seen_at)",
    "seen_day": "day(seen_at) >= lit_on",
    "red": "colour == 'red'",
    "hue": "hue == 'red'",
    "named": "exists(name)",
    "burns": "burns",
    "high": "height >= 2",
    "many": "tally >= 2",
    "light": "weight <= 2.5",
    "loaded": "load <= 2.5",
    "grains": "grain <= 2.5",
    "dotted": "'dot' in marks",
    "marked": "exists(marks)",
    "open": "'a' in open",
    "kept": "exists(keeper)",
    "old": "keeper.born_on <= date(1980, 1, 1)",
    "two": "count(keepers, born_on < date(2000, 1, 1)) >= 2",
    "someone": "exists(keepers)",
}
WRITTEN = HEAD + "".join(
    f'[[criterion]]\nid = "{name}"\nabout = "lamp"\nsays = "x."\nholds = "{holds}"\nsource = "L: 1"\n'
    for name, holds in RULES.items()
)
WRITTEN += (
    '[[deadline]]\nid = "out"\nabout = "lamp"\nsays = "x."\nafter = "lit_on"\nwithin = "30 days"\ndone = "out_on"\n'
    'source = "L: 1"\n'
    '[[limit]]\nid = "heavy"\nabout = "lamp"\nsays = "x."\nmeasure = "weight"\nat_most = 2.5\nsource = "L: 1"\n'
)
LAMPS = ps.loads(WRITTEN)
CONNECTION = duckdb.connect()
CONNECTION.execute("SET TimeZone = 'UTC'")
WAYS: dict[str, tuple[Callable[[pl.DataFrame], Any], bool]] = {
    "polars": (lambda frame: frame, True),
    "lazy": (lambda frame: frame.lazy(), True),
    "pyarrow": (lambda frame: frame.to_arrow(), True),
    "pyarrow, not lent": (lambda frame: frame.to_arrow(), False),
    "pandas": (lambda frame: frame.to_pandas(use_pyarrow_extension_array=True), True),
    "pandas, not lent": (lambda frame: frame.to_pandas(use_pyarrow_extension_array=True), False),
    "duckdb": (lambda frame: CONNECTION.from_arrow(frame.to_arrow()), True),
}
KEEPERS = pl.DataFrame({"id": ["k1", "k2"], "born_on": [dt.date(1960, 1, 1), dt.date(1970, 1, 1)]})
PROGRAM = pl.DataFrame({"id": ["p"], "time_zone": ["America/Chicago"]})

Columns = Mapping[str, Any]


def lamps(**columns: Any) -> pl.DataFrame:  # noqa: ANN401  what a column holds
    """A Polars frame of lamps; each column is a list of values or a series."""
    count = len(next(iter(columns.values())))
    return pl.DataFrame({"id": [f"l{i}" for i in range(count)], **columns})


def verdicts(found: Any, *rules: str) -> list[tuple[str, ...]]:  # noqa: ANN401  a frame of any library
    """The verdicts of each rule, by the order of the ids."""
    if isinstance(found, duckdb.DuckDBPyRelation):
        found = found.to_arrow_table()
    frame = nw.from_native(found).lazy().collect("polars").to_native().sort("id")
    return [tuple(str(each) for each in frame[rule]) for rule in rules]


def judged(rule: str, given: Any, *, rulebook: Rulebook = LAMPS, **more: Any) -> tuple[str, ...]:  # noqa: ANN401
    """The verdicts of one rule."""
    return verdicts(judge_frame(rulebook, given, "lamp", on=ON, rules=[rule], **more), rule)[0]


@pytest.fixture(params=WAYS)
def ask(request: pytest.FixtureRequest) -> Callable[..., tuple[str, ...]]:
    """Asks for the verdicts of one rule in each library, lent to Polars or not."""
    make, lend = WAYS[request.param]

    def ask_(
        rule: str,
        columns: Columns | pl.DataFrame,
        tables: Mapping[str, pl.DataFrame] | None = None,
        **more: Any,  # noqa: ANN401  passed on
    ) -> tuple[str, ...]:
        frame = columns if isinstance(columns, pl.DataFrame) else lamps(**columns)
        given = {kind: make(table) for kind, table in (tables or {}).items()}
        return judged(rule, make(frame), tables=given, lend=lend, **more)

    return ask_


def refused(call: Callable[[], object]) -> str:
    """What is said of a call that is refused."""
    with pytest.raises(InputError) as raised:
        call()
    return str(raised.value)


def of(values: Sequence[object], dtype: Any) -> pl.Series:  # noqa: ANN401  a type of Polars
    """A series of a type."""
    return pl.Series(values, dtype=dtype)


YEARS = "lies outside of the years 1900 to 2199 in 1 row, counted from 0: 1"
OURS = "begins and ends with ~"
UNPRINTED = "has a character that does not print in 1 row"
PLACES = "has more than 2 decimal places, or is beyond 46,116,860,184,273,879 in 1 row, counted from 0: 1"
ODD = "has a member that is null, empty or none, or that holds a semicolon in 1 row, counted from 0: 1"
EMPTY = "has an empty member, or none beside others in 1 row, counted from 0: 1"
LISTS = pl.List(pl.String)
REFUSED: dict[str, tuple[str, Columns, str]] = {
    "a day too early": ("lit", {"lit_on": [DAY, dt.date(1899, 12, 31)]}, f"column lit_on: {YEARS}"),
    "a day too late": ("lit", {"lit_on": [DAY, dt.date(2200, 1, 1)]}, f"column lit_on: {YEARS}"),
    "an instant too early": ("seen", {"seen_at": [NOON, NOON.replace(year=1899)]}, f"column seen_at: {YEARS}"),
    "an instant too late": ("seen", {"seen_at": [NOON, NOON.replace(year=2300)]}, f"column seen_at: {YEARS}"),
    "the first instant": ("seen", {"seen_at": [NOON, NOON.replace(year=1)]}, f"column seen_at: {YEARS}"),
    "the last instant": ("seen", {"seen_at": [NOON, NOON.replace(year=9999)]}, f"column seen_at: {YEARS}"),
    "an absent choice": ("red", {"colour": ["red", "~none~"]}, "column colour: is not one of its choices in 1 row"),
    "an absent open choice": ("hue", {"hue": ["red", "~none~"]}, f"column hue: {OURS}"),
    "an absent text": ("named", {"name": ["a", "~none~"]}, f"column name: {OURS}"),
    "an absent reference": ("kept", {"keeper": ["a", "~none~"]}, f"column keeper: {OURS}"),
    "an absent id": ("burns", {"id": ["~none~", "a"], "burns": [True, True]}, f"column id: {OURS}"),
    "an absent member": ("open", {"open": ["a", "b;~none~"]}, f"column open: {OURS}"),
    "an absent reference of many": ("someone", {"keepers": ["a", "b;~none~"]}, f"column keepers: {OURS}"),
    "a blank id": ("burns", {"id": ["a", " "], "burns": [True, True]}, "column id: is empty in 1 row"),
    "no id": ("burns", {"id": ["a", None], "burns": [True, True]}, "column id: is empty in 1 row"),
    "two without ids": ("burns", {"id": ["a", None, None], "burns": [True] * 3}, "column id: is empty in 2 rows"),
    "an empty reference": ("kept", {"keeper": ["a", ""]}, "column keeper: is empty in 1 row, counted from 0: 1"),
    "a text that does not print": ("named", {"name": ["a", "a\nb"]}, f"column name: {UNPRINTED}"),
    "a reference that does not print": ("kept", {"keeper": ["a", "a\u200b"]}, f"column keeper: {UNPRINTED}"),
    "an id that does not print": ("burns", {"id": ["a", "a\xa0"], "burns": [True] * 2}, f"column id: {UNPRINTED}"),
    "a member that does not print": ("open", {"open": ["a", "b;a\nb"]}, f"column open: {UNPRINTED}"),
    "a number below": ("high", {"height": [1, -1]}, "column height: is below 0 in 1 row"),
    "a number above": ("high", {"height": [1, 10]}, "column height: is above 9 in 1 row"),
    "a decimal above": ("light", {"weight": [Decimal(1), Decimal("1000.01")]}, "column weight: is above 1000 in 1 row"),
    "a whole number beyond": ("many", {"tally": [1, 2**62]}, "column tally: is beyond 4,611,686,018,427,387,903"),
    "a whole number far beyond": ("many", {"tally": of([1, 2**64 - 1], pl.UInt64)}, "column tally: is beyond"),
    "a whole number that would wrap": ("loaded", {"load": [1, 10**13]}, "column load: is beyond 4,611,686,018,427"),
    "a negative one": ("loaded", {"load": [1, -(10**13)]}, "column load: is beyond 4,611,686,018,427"),
    "more places": ("light", {"weight": [Decimal("1.00000"), Decimal("2.50500")]}, f"column weight: {PLACES}"),
    "more places below none": ("light", {"weight": [Decimal("1.000"), Decimal("-2.505")]}, f"column weight: {PLACES}"),
    "a decimal beyond": ("light", {"weight": of([Decimal(1), Decimal(10**17)], pl.Decimal(38, 2))}, PLACES),
    "a decimal far beyond": ("loaded", {"load": of([Decimal(1), Decimal(10**30)], pl.Decimal(38, 0))}, "column load"),
    "a fine decimal": ("loaded", {"load": [Decimal(1), Decimal("2.5000001")]}, "has more than 6 decimal places"),
    "a value and none": (
        "out",
        {"lit_on": [DAY, DAY], "out_on": [None, DAY], "out_on__none": [True, True]},
        "column out_on: has a value where out_on__none says that there is none in 1 row, counted from 0: 1",
    ),
    "a set and none": ("marked", {"marks": ["dot", "dot"], "marks__none": [False, True]}, "column marks: has a value"),
    "none of a number": (
        "high",
        {"height": [1, 1], "height__none": [None, True]},
        "column height__none: says that there is none, which height cannot be in 1 row, counted from 0: 1",
    ),
    "none of a yes or no": ("burns", {"burns": [False] * 2, "burns__none": [False, True]}, "which burns cannot be in"),
    "a member twice": ("two", {"keepers": ["k1", "k1;k1"]}, "column keepers: has a member twice in 1 row"),
    "a member twice in a list": ("two", {"keepers": [["k1"], ["k1", "k1"]]}, "has a member twice in 1 row"),
    "a mark twice": ("dotted", {"marks": ["dot", "dot;dot"]}, "column marks: has a member twice in 1 row"),
    "two members in one": ("open", {"open": [["a"], ["b;a"]]}, f"column open: {ODD}"),
    "two people in one": ("two", {"keepers": [["k1"], ["k1;k2"]]}, f"column keepers: {ODD}"),
    "none in a list": ("open", {"open": [["a"], ["none"]]}, f"column open: {ODD}"),
    "none beside others in a list": ("open", {"open": [["a"], ["a", "none"]]}, f"column open: {ODD}"),
    "a null in a list": ("open", {"open": [["a"], ["a", None]]}, f"column open: {ODD}"),
    "a null alone in a list": ("open", {"open": of([["a"], [None]], LISTS)}, f"column open: {ODD}"),
    "nothing in a list": ("open", {"open": [["a"], [""]]}, f"column open: {ODD}"),
    "nothing beside others in a list": ("open", {"open": [["a"], ["", "a"]]}, f"column open: {EMPTY}"),
    "a blank in a list": ("someone", {"keepers": [["a"], [" "]]}, f"column keepers: {EMPTY}"),
    "a semicolon": ("marked", {"marks": ["dot", ";"]}, f"column marks: {EMPTY}"),
    "a semicolon for people": ("someone", {"keepers": ["a", ";"]}, f"column keepers: {EMPTY}"),
    "a semicolon too many": ("open", {"open": ["a", "a;"]}, f"column open: {EMPTY}"),
    "none beside others": ("open", {"open": ["a", "none;a"]}, f"column open: {EMPTY}"),
    "a blank beside a member": ("open", {"open": ["a", "b; a"]}, "column open: has a blank beside a member in 1 row"),
    "a blank beside a person": ("two", {"keepers": ["k1", "k2 ;k1"]}, "column keepers: has a blank beside a member"),
    "a strange mark": ("dotted", {"marks": ["dot", "dot;cross"]}, "has a member that is not one of its choices"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_value_that_no_record_has(ask: Callable[..., tuple[str, ...]], case: str) -> None:
    """A value that the record reader refuses, or that would not be kept as it is, is refused with its rows."""
    rule, columns, said = REFUSED[case]
    text = refused(lambda: ask(rule, columns))
    assert text.startswith("1 problem found:\n- table lamp, column ")
    assert said in text


TRUE = {
    "a small number of a decimal fact": ("light", {"weight": of([2, 3, 100, None], pl.Int8)}),
    "without a sign": ("light", {"weight": of([2, 3, 100, None], pl.UInt8)}),
    "a large whole number of a decimal fact": ("light", {"weight": of([2, 3, 999, None], pl.Int64)}),
    "a large one without a sign": ("light", {"weight": of([2, 3, 999, None], pl.UInt64)}),
    "decimals": ("light", {"weight": of([Decimal("-2.5"), Decimal("2.51"), Decimal(100), None], pl.Decimal(9, 2))}),
    "zeros behind": ("light", {"weight": of([Decimal("2.5"), Decimal("2.51"), Decimal(3), None], pl.Decimal(38, 9))}),
    "fewer places": ("light", {"weight": of([Decimal("2.5"), Decimal("2.6"), Decimal(3), None], pl.Decimal(4, 1))}),
    "many places": ("grains", {"grain": of([2, 3, 100, None], pl.UInt32)}),
    "whole numbers": ("high", {"height": of([2, 1, 0, None], pl.UInt64)}),
    "lists of people": ("two", {"keepers": of([["k1", "k2"], ["k1"], [], None], LISTS)}),
    "people between semicolons": ("two", {"keepers": ["k1;k2", "k1", "none", None]}),
    "lists": ("dotted", {"marks": of([["line", "dot"], ["line"], [], None], LISTS)}),
    "a categorical set": ("dotted", {"marks": of(["line;dot", "line", "none", None], pl.Categorical)}),
    "a set that may be none": (
        "dotted",
        {"marks": ["dot", "line", None, None], "marks__none": [False, None, True, None]},
    ),
    "a categorical choice": ("red", {"colour": of(["red", "green", "green", None], pl.Categorical)}),
    "choices of an enum": ("red", {"colour": of(["red", "green", "green", None], pl.Enum(["red", "green"]))}),
}


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("case", TRUE)
def test_a_value_in_another_form(ask: Callable[..., tuple[str, ...]], case: str, trusted: bool) -> None:
    """What can be kept to the last place is judged as it is, whatever the width of its column."""
    rule, columns = TRUE[case]
    found = ask(rule, columns, {"keeper": KEEPERS}, trusted=trusted)
    assert found == ("met", "not_met", "not_met", "unknown")


def test_a_measure_that_would_wrap(ask: Callable[..., tuple[str, ...]]) -> None:
    """A small whole number is scaled in a wider column than its own."""
    assert ask("heavy", {"weight": of([100, 2], pl.Int8)}) == ("not_met", "met")


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("beside", [{}, {"out_on": [None, None]}, {"out_on": of([None, None], pl.Date)}])
def test_none_needs_no_column_of_its_fact(ask: Callable[..., tuple[str, ...]], beside: Columns, trusted: bool) -> None:
    """Where all that is recorded of a fact is that there is none, its own column may be missing or without a type."""
    columns = {"lit_on": [DAY, DAY], "out_on__none": [True, False], **beside}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ask("out", columns, trusted=trusted) == ("not_met", "unknown")


def test_none_of_other_types(ask: Callable[..., tuple[str, ...]]) -> None:
    """A text and a reference may be known to be absent too, with no column of their own."""
    assert ask("named", {"name__none": [True, None]}) == ("not_met", "unknown")
    assert ask("kept", {"keeper__none": [True, None]}, {"keeper": KEEPERS}) == ("not_met", "unknown")


def test_none_that_is_trusted_where_it_cannot_be(ask: Callable[..., tuple[str, ...]]) -> None:
    """A fact that cannot be absent keeps its value, whatever stands beside it."""
    assert ask("high", {"height": [1, 3], "height__none": [True, True]}, trusted=True) == ("not_met", "met")


@pytest.mark.parametrize(("beside", "named"), [([1, 0], "Int64"), (["no", "no"], "String")])
def test_none_that_is_no_yes_or_no(ask: Callable[..., tuple[str, ...]], beside: list[object], named: str) -> None:
    """What says that there is none is a yes or no, and nothing that looks like one."""
    said = f"column out_on__none: is {named}, and says where out_on is known to be absent"
    assert said in refused(lambda: ask("out", {"lit_on": [DAY, DAY], "out_on__none": beside}, trusted=True))


@pytest.mark.parametrize(
    ("ids", "named"),
    [([1, 2], "Int64"), ([1.0, 2.0], "Float64"), ([True, False], "Boolean"), ([DAY, ON], "Date"), ([["a"], ["b"]], "")],
)
def test_an_id_is_a_text(ask: Callable[..., tuple[str, ...]], ids: list[object], named: str) -> None:
    """Numbers and days are not taken for names, and the other columns are looked at all the same."""
    text = refused(lambda: ask("high", {"id": ids, "height": [1, 99]}))
    assert f"table lamp, column id: is {named}" in text
    assert "and an id is a text (cast it to text)" in text
    assert "column height: is above 9 in 1 row, counted from 0: 1" in text


def test_ids_that_are_not_recorded(ask: Callable[..., tuple[str, ...]]) -> None:
    """A column of nothing is no column of ids, and it is said how many are missing."""
    said = "table lamp, column id: is not recorded in 2 rows"
    assert said in refused(lambda: ask("burns", {"id": [None, None], "burns": [True, True]}, trusted=True))
    assert "is not recorded in 1 row " in refused(lambda: ask("burns", {"id": [None], "burns": [True]}))


@pytest.mark.parametrize("trusted", [False, True])
def test_an_empty_table_needs_no_types(ask: Callable[..., tuple[str, ...]], trusted: bool) -> None:
    """Nobody is nobody: a table without rows has all that is asked of it, and nothing is said to be missing."""
    nobody = pl.DataFrame({"id": []})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ask("two", {"keepers": ["none"]}, {"keeper": nobody}, trusted=trusted) == ("not_met",)
        assert ask("burns", nobody, trusted=trusted) == ()


def test_an_empty_table_with_typed_ids() -> None:
    """The same where the library says that there are no rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert judged("two", pl.DataFrame(schema={"id": pl.String})) == ()
        assert judged("two", pd.DataFrame(columns=["id", "keepers"]), lend=False) == ()


def test_a_reference_to_an_empty_table(ask: Callable[..., tuple[str, ...]]) -> None:
    """A reference to one of no records refers to nobody."""
    said = "column keeper: refers to no keeper that is there in 1 row, counted from 0: 0"
    assert said in refused(lambda: ask("old", {"keeper": ["k1"]}, {"keeper": pl.DataFrame({"id": []})}))


def test_many_references_to_nobody(ask: Callable[..., tuple[str, ...]]) -> None:
    """The first few rows are named, and all are counted."""
    said = "column keepers: refers to no keeper that is there in 7 rows, counted from 0: 0, 1, 2, 3, 4, ..."
    assert said in refused(lambda: ask("two", {"keepers": ["k1;k9"] * 7}, {"keeper": KEEPERS}))


def test_all_faults_at_once(ask: Callable[..., tuple[str, ...]]) -> None:
    """A fault of one column hides none of another, nor of another table, nor a reference that is sound itself."""
    columns = {"keeper": ["k1", "k9"], "keepers": ["~a~", "k1"], "id": ["a", "a"]}
    rulebook = ps.loads(
        HEAD
        + '[[criterion]]\nid = "all"\nabout = "lamp"\nsays = "x."\nsource = "L: 1"\n[criterion.holds]\n'
        + '"a" = "keeper.born_on <= date(1980, 1, 1)"\n"b" = "exists(keepers)"\n'
        + '"c" = "lit_on <= on"\n"d" = "height > 1"\n'
    )
    more = {"lit_on": ["today", "today"], "height": [99, 1]}
    keepers = KEEPERS.with_columns(born_on=dt.date(1700, 1, 1))
    text = refused(lambda: ask("all", {**columns, **more}, {"keeper": keepers}, rulebook=rulebook))
    assert text.startswith("6 problems found:")
    for said in (
        "table lamp, column lit_on: is String, and the fact is a date",
        "table lamp, column height: is above 9 in 1 row, counted from 0: 0",
        f"table lamp, column keepers: {OURS}",
        "table lamp, column id: is the id of several rows in 2 rows, counted from 0: 0, 1",
        "table keeper, column born_on: lies outside of the years 1900 to 2199 in 2 rows",
        "table lamp, column keeper: refers to no keeper that is there in 1 row, counted from 0: 1",
    ):
        assert said in text


def test_references_to_ids_at_fault_are_not_looked_up(ask: Callable[..., tuple[str, ...]]) -> None:
    """The row that a reference wants may be one of those that are refused."""
    keepers = KEEPERS.with_columns(id=pl.Series([None, "k2"]))
    text = refused(lambda: ask("old", {"keeper": ["k1"]}, {"keeper": keepers}))
    assert "table keeper, column id: is empty in 1 row" in text
    assert "refers to no keeper" not in text


def test_a_name_of_ours(ask: Callable[..., tuple[str, ...]]) -> None:
    """Columns whose names begin with ~ would stand in the way of the reader's own."""
    said = "table lamp, column ~row: begins with ~, as names of this library do (rename it)"
    assert said in refused(lambda: ask("burns", {"burns": [True], "~row": [7]}, trusted=True))


def test_a_zone_that_there_is_not(ask: Callable[..., tuple[str, ...]]) -> None:
    """The program's time zone is named as the fault that it is."""
    program = PROGRAM.with_columns(time_zone=pl.lit("Nowhere/Land"))
    said = "table program, column time_zone: 'Nowhere/Land' is no time zone (as in America/Chicago)"
    columns = {"seen_at": [NOON], "lit_on": [DAY]}
    assert said in refused(lambda: ask("seen_day", columns, {"program": program}))
    assert ask("seen_day", columns, {"program": PROGRAM}) == ("met",)


@pytest.mark.parametrize("unit", ["ms", "us"])
@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Kathmandu"])
def test_instants_of_other_units(ask: Callable[..., tuple[str, ...]], unit: Any, zone: str) -> None:  # noqa: ANN401
    """An instant is the same in any unit and zone."""
    late = dt.datetime(2026, 2, 2, 5, 59, 59, tzinfo=dt.UTC)
    seen = of([late, late + dt.timedelta(seconds=1)], pl.Datetime("us", "UTC"))
    seen = seen.dt.cast_time_unit(unit).dt.convert_time_zone(zone)
    assert ask("seen_day", {"seen_at": seen, "lit_on": [DAY] * 2}, {"program": PROGRAM}) == ("not_met", "met")


def test_a_misspelt_column_is_named(ask: Callable[..., tuple[str, ...]]) -> None:
    """Beside what is missing stands the column that may be meant for it."""
    with pytest.warns(PartialTables, match=r"lamp\.lit_on \(there is a column 'lit_onn'\), lamp\.out_on"):
        ask("out", {"lit_onn": [DAY], "out_on__None": [True]})
    with pytest.warns(PartialTables, match=r"lamp\.out_on__none \(there is a column 'outon__none'\)"):
        ask("out", {"lit_on": [DAY], "out_on": of([None], pl.Date), "outon__none": [True]})


# columns of types that none can read


DECIMAL32: Any = getattr(pa, "decimal32", pa.decimal128)
"""Small decimals, which older versions of pyarrow do not have."""
FOREIGN: dict[str, tuple[str, Any]] = {
    "date64": ("high", pa.array([DAY], pa.date64())),
    "decimal256": ("light", pa.array([Decimal("2.5")], pa.decimal256(40, 2))),
    "decimal128(5, -2)": ("light", pa.array([Decimal(100)], pa.decimal128(5, -2))),
    "list_view": ("open", pa.array([["a"]], pa.list_view(pa.string()))),
    "run_end_encoded": ("high", pa.RunEndEncodedArray.from_arrays([1], [3])),
    "uuid": ("kept", pa.array([b"0" * 16], pa.uuid())),
    "binary": ("red", pa.array([b"red"])),
    "dictionary<values=int64": ("red", pa.array([1]).dictionary_encode()),
    "list<item: int64>": ("open", pa.array([[1]])),
}


@pytest.mark.parametrize("lend", [True, False])
@pytest.mark.parametrize("named", FOREIGN)
def test_a_type_that_cannot_be_read(named: str, lend: bool) -> None:
    """It is refused by its name where a rule asks for it, and does no harm where none does."""
    rule, column = FOREIGN[named]
    fact = {"lit": "lit_on", "light": "weight", "open": "open", "high": "height", "kept": "keeper", "red": "colour"}[
        rule
    ]
    given = pa.table({"id": ["l1"], "burns": [True], fact: column})
    text = refused(lambda: judged(rule, given, lend=lend, trusted=True))
    assert f"table lamp, column {fact}: is " in text
    assert named in text
    assert judged("burns", given, lend=lend) == ("met",)


@pytest.mark.parametrize("lend", [True, False])
@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ("red", pa.array(["red", "green"]).cast(pa.string_view())),
        ("red", pa.array(["red", "green"], pa.large_string())),
        ("red", pa.array(["red", "green"]).dictionary_encode()),
        ("light", pa.array([Decimal("2.5"), Decimal("2.6")], DECIMAL32(5, 2))),
        ("open", pa.array([["a"], []], pa.list_(pa.large_string()))),
        ("open", pa.array([["a"], []], pa.large_list(pa.string_view()))),
        ("old", pa.array(["k1", "k3"], pa.large_string())),
        ("seen_day", pa.array([NOON, NOON - dt.timedelta(days=1)], pa.timestamp("us", "+05:30"))),
        ("seen_day", pa.array([NOON, NOON - dt.timedelta(days=1)], pa.timestamp("s", "UTC"))),
    ],
)
def test_a_type_that_is_read_in_another(rule: str, column: Any, lend: bool) -> None:  # noqa: ANN401  a pyarrow array
    """Texts, lists, small decimals and zones of other kinds are cast where that is exact."""
    fact = {"red": "colour", "light": "weight", "open": "open", "old": "keeper", "seen_day": "seen_at"}[rule]
    given = pa.table({"id": pa.array(["l1", "l2"]), fact: column, "lit_on": [DAY, DAY]})
    born = [dt.date(1960, 1, 1), dt.date(1990, 1, 1)]
    keepers = pa.table({"id": pa.array(["k1", "k3"]), "born_on": born})
    program = pa.table({"id": ["p"], "time_zone": ["America/Chicago"]})
    found = judged(rule, given, lend=lend, tables={"keeper": keepers, "program": program})
    assert found == ("met", "not_met")


@pytest.mark.parametrize("lend", [True, False])
def test_seconds_that_no_column_can_hold(lend: bool) -> None:
    """A time that could not be kept is refused with its column."""
    far = pa.array([10**15], pa.int64()).view(pa.timestamp("s", "UTC"))
    said = "table lamp, column seen_at: cannot be kept as timestamp[us, tz=UTC]"
    assert said in refused(lambda: judged("seen", pa.table({"id": ["l1"], "seen_at": far}), lend=lend))


def test_types_of_polars() -> None:
    """What only Polars has is read where it can be, and refused by its name elsewhere."""
    one = lamps(height=of([3, 1], pl.Int128), marks=of([["dot"], ["line"]], pl.List(pl.Categorical)))
    assert judged("high", one) == ("met", "not_met")
    assert judged("dotted", one) == ("met", "not_met")
    assert judged("dotted", one.with_columns(pl.col("marks").cast(pl.List(pl.Enum(["dot", "line"]))))) == (
        "met",
        "not_met",
    )
    far = refused(lambda: judged("many", lamps(tally=of([1, 2**100], pl.Int128))))
    assert "column tally: is beyond" in far
    assert "is List(Int64)" in refused(lambda: judged("dotted", lamps(marks=[[1]])))
    assert "is Array(String" in refused(lambda: judged("dotted", lamps(marks=of([["dot"]], pl.Array(pl.String, 1)))))
    day = of([2**30, 5], pl.Int32).cast(pl.Date)
    assert "column lit_on: lies outside" in refused(lambda: judged("lit", lamps(lit_on=day)))
    thick = lamps(weight=of([Decimal("2.500000"), Decimal(3)], pl.Decimal(38, 36)))
    assert judged("light", thick) == ("met", "not_met")


def test_types_of_duckdb() -> None:
    """The same of DuckDB: huge sums are read, endless days and unknown types are refused."""
    sql = CONNECTION.sql
    assert judged("high", sql("select 'l1' id, sum(x) height from (values (1), (2)) v(x)")) == ("met",)
    assert judged("red", sql("select 'l1' id, 'red'::enum('red', 'green') colour")) == ("met",)
    endless = refused(lambda: judged("lit", sql("select 'l1' id, DATE 'infinity' lit_on")))
    assert "column lit_on: lies outside of the years 1900 to 2199 in 1 row" in endless
    endless = refused(lambda: judged("seen", sql("select 'l1' id, 'infinity'::timestamptz seen_at")))
    assert "column seen_at: lies outside of the years 1900 to 2199 in 1 row" in endless
    assert "column id: is UUID, and an id is a text" in refused(lambda: judged("burns", sql("select uuid() id")))
    assert "column open: is List(Int32)" in refused(lambda: judged("open", sql("select 'l1' id, [1] open")))
    beyond = refused(lambda: judged("many", sql("select 'l1' id, 1e30::hugeint tally")))
    assert "column tally: is beyond" in beyond
    with pytest.warns(PartialTables, match=r"lamp\.lit_on"):
        assert judged("lit", sql("select 'l1' id, null lit_on")) == ("unknown",)


def test_columns_that_are_there_twice() -> None:
    """Two columns of one name cannot be told apart."""
    twice = pa.table([pa.array(["a"]), pa.array([3]), pa.array([1])], names=["id", "height", "height"])
    said = "table lamp, column height: is there twice (keep one)"
    odd = pd.DataFrame([["a", 3, 1]], columns=["id", "height", "height"])
    relation = CONNECTION.sql("select 'a' id, 3 height, 1 height")
    assert said in refused(lambda: judged("high", twice))
    assert said in refused(lambda: judged("high", odd))
    assert said in refused(lambda: judged("high", relation))
    mixed = pd.DataFrame([["a", 3, 1, 2]], columns=["id", "height", 1, "1"])
    assert "column 1: is there twice" in refused(lambda: judged("high", mixed))


# pandas


LIKE: Any = pd.Series


@pytest.mark.parametrize("lend", [True, False])
@pytest.mark.parametrize(
    ("rule", "values", "said"),
    [
        ("lit", [DAY, dt.datetime(2026, 1, 1, 13)], "dates and times without a zone"),
        ("seen", [NOON, dt.datetime(2026, 6, 30, 23)], "times with a zone and times without a zone"),
        ("high", [2**70, 3], "holds values of several types, or such as no column can hold"),
        ("high", [True, 3], "holds values of several types, or such as no column can hold"),
        ("open", [{"a"}, frozenset("b")], "holds values of several types, or such as no column can hold"),
        ("high", [3.0, None], r"in pandas with `.astype('Int64')`"),
        ("lit", [pd.Timestamp(2026, 1, 1)] * 2, "in pandas with `.dt.date`"),
    ],
)
def test_objects_of_pandas(rule: str, values: list[object], said: str, lend: bool) -> None:
    """An object column is of one type: a time is not cut to a day, and none without a zone is taken for another."""
    fact = {"lit": "lit_on", "seen": "seen_at", "high": "height", "open": "open"}[rule]
    given = pd.DataFrame({"id": ["a", "b"], fact: LIKE(values, dtype=object)})
    text = refused(lambda: judged(rule, given, lend=lend, trusted=True))
    assert f"table lamp, column {fact}: " in text
    assert said in text


@pytest.mark.parametrize("lend", [True, False])
@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NaT])
def test_pandas_columns_of_nothing(nothing: object, lend: bool) -> None:
    """Where nothing is recorded the type of a column is an accident, and no fault."""
    given = pd.DataFrame({"id": ["l1"], "lit_on": [DAY], "out_on": nothing, "out_on__none": [True]})
    assert judged("out", given, lend=lend) == ("not_met",)
    with pytest.warns(PartialTables, match=r"lamp\.out_on"):
        assert judged("out", given.drop(columns="out_on__none"), lend=lend) == ("unknown",)


@pytest.mark.parametrize("lend", [True, False])
def test_pandas_days_and_times(lend: bool) -> None:
    """Days of `.dt.date` with gaps, and times of several zones, are read as they are."""
    days = pd.Series(pd.to_datetime(["2026-02-02", None])).dt.date
    assert judged("lit", pd.DataFrame({"id": ["a", "b"], "lit_on": days}), lend=lend) == ("met", "unknown")
    seen = LIKE([NOON, NOON.astimezone(dt.timezone(dt.timedelta(hours=5)))], dtype=object)
    given = pd.DataFrame({"id": ["a", "b"], "seen_at": seen, "lit_on": [DAY, DAY]})
    program = {"program": PROGRAM.to_pandas()}
    assert judged("seen_day", given, tables=program, lend=lend) == ("met", "met")


def test_what_pyarrow_takes_for_a_day() -> None:
    """A value of a class that is neither a day nor a time is named by its class."""
    from peersupport.readers.columns import door  # noqa: PLC0415

    assert door._sort(pd.Period("2026-01")) == "values of Period"


# tables that do not go together


def test_frames_of_narwhals() -> None:
    """A frame of narwhals is not the frame that comes back."""
    said = "table lamp: is a frame of narwhals (give the frame behind it: its `to_native()`)"
    assert said in refused(lambda: judged("burns", nw.from_native(lamps(burns=[True]))))


def test_frames_of_several_libraries() -> None:
    """All are of one library; what is lent to Polars may stand beside it."""
    given, keepers = lamps(keeper=["k1"]), KEEPERS.to_arrow()
    assert judged("old", given.to_pandas(), tables={"keeper": KEEPERS}) == ("met",)
    assert judged("old", given, tables={"keeper": keepers}) == ("met",)
    said = "table keeper: is a frame of pyarrow, and table lamp is one of polars"
    assert said in refused(lambda: judged("old", given, tables={"keeper": keepers}, lend=False))
    relation = CONNECTION.from_arrow(keepers)
    assert "table keeper: is a frame of DuckDB" in refused(lambda: judged("old", given, tables={"keeper": relation}))


def test_relations_of_several_connections() -> None:
    """Relations of two connections cannot be joined."""
    here, there = CONNECTION.from_arrow(lamps(keeper=["k1"]).to_arrow()), duckdb.connect()
    said = "table keeper: is of another connection than table lamp (make all relations with one connection)"
    assert said in refused(lambda: judged("old", here, tables={"keeper": there.from_arrow(KEEPERS.to_arrow())}))
    assert judged("old", here, tables={"keeper": CONNECTION.from_arrow(KEEPERS.to_arrow())}) == ("met",)


def test_all_that_cannot_be_opened_is_told_at_once() -> None:
    """A table that is none does not hide another."""
    tables: dict[str, object] = {"keeper": None, "program": []}
    text = refused(lambda: judged("burns", [{"id": "l1"}], tables=tables))
    assert text.startswith("3 problems found:")


# what is asked


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on": dt.datetime(2026, 6, 30)}, "on is a datetime: give a date, as in date(2026, 6, 30)"),
        ({"on": pd.Timestamp("2026-06-30")}, "on is a Timestamp"),
        ({"on": "2026-06-30"}, "on is a str"),
        ({"on": None}, "on is a NoneType"),
        ({"since": "2026-01-01"}, "since is a str"),
        ({"complete_since": {"keeper": NOON}}, "complete_since of keeper is a datetime"),
        ({"rules": "burns"}, "rules is one text: give a list of names, as in ['burns']"),
        ({"tell": "reason"}, "tell is one text: give a list of names, as in ['reason']"),
        ({"readings": "nope"}, "readings is one text: give a list of names, as in ['nope']"),
        ({"tables": [KEEPERS]}, "tables is a list: give the frames by kind, as in {'plan': plans}"),
        ({"office": "UTC"}, "office is a str: give an Office, as in Office('America/Chicago')"),
    ],
)
def test_a_question_of_another_type(more: dict[str, Any], said: str) -> None:
    """What is asked in another type is refused in words, before a table is looked at."""
    with pytest.raises(TypeError) as raised:
        judge_frame(LAMPS, lamps(burns=[True]), "lamp", **{"on": ON, "rules": ["burns"], **more})
    assert said in str(raised.value)


def test_since_after_the_day() -> None:
    """A time that begins after its end has no days to judge."""
    said = "since: 2027-01-01 lies after the day of the judgement, 2026-06-30 (choose an earlier day)"
    assert said in refused(lambda: judged("heavy", lamps(weight=[1]), since=dt.date(2027, 1, 1)))
    assert judged("heavy", lamps(weight=[1]), since=ON) == ("met",)


def test_the_most_that_can_be_computed_with() -> None:
    """It leaves room for what stands for the absent, with any number of places."""
    assert [engines.limit(places) for places in (0, 2, 6)] == [2**62 - 1, (2**62 - 1) // 100, (2**62 - 1) // 10**6]
