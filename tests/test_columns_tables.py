"""Tables as they come to the column reader: what is refused, what is said once, and what comes back."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import peersupport as ps
from peersupport import InputError, PartialTables, Rulebook, Unsupported, judge_frame
from peersupport.rules.tables import Table, Tables

ON = dt.date(2026, 6, 30)
DAY = dt.date(2026, 2, 2)
LANTERN = Path(__file__).parent / "rulebooks" / "lantern.toml"
INVENTED = """
rulebook = "lamp"
title    = "Lamp (invented)"
version  = "1"
[sources.L]
title = "Made up"
[kinds.lamp]
dated_by = "lit_on"
lit_on   = { type = "date", says = "the day it is lit", event = "it is lit" }
out_on   = { type = "date or none", says = "the day it goes out", event = "it goes out" }
colour   = "choice: red green"
marks    = "set: dot line"
height   = { type = "int steps", min = 0, max = 9 }
weight   = { type = "decimal stones", places = 2 }
seen_at  = { type = "instant", says = "when it is seen", event = "it is seen" }
burns    = "bool"
keeper   = "-> keeper or none"
keepers  = "-> set of keeper"
[kinds.keeper]
born_on = "date"
friend  = "-> keeper or none"
[[criterion]]
id     = "lamp.fits"
about  = "lamp"
says   = "It is a fitting lamp."
source = "L: 1"
[criterion.holds]
"its colour" = "colour == 'red'"
"its marks"  = "'dot' in marks"
"its height" = "height >= 2"
"its weight" = "weight <= 2.5"
"it burns"   = "burns"
[[criterion]]
id     = "lamp.kept"
about  = "lamp"
says   = "Its keeper was born before it was lit."
holds  = "keeper.born_on < lit_on"
source = "L: 2"
[[criterion]]
id     = "lamp.watched"
about  = "lamp"
says   = "All its keepers were born before it was lit."
holds  = "all(keepers, born_on < this.lit_on)"
source = "L: 3"
[[deadline]]
id     = "lamp.out"
about  = "lamp"
says   = "It goes out within {within}."
after  = "lit_on"
within = "30 days"
done   = "out_on"
source = "L: 4"
[[criterion]]
id     = "lamp.seen"
about  = "lamp"
says   = "It is seen after it was lit."
holds  = "day(seen_at) >= lit_on"
source = "L: 5"
[[deadline]]
id     = "lamp.seen_again"
about  = "lamp"
says   = "It is seen within a day."
due    = "seen_at + hours(24)"
done   = "seen_at"
source = "L: 6"
[[limit]]
id      = "lamp.weight"
about   = "lamp"
says    = "It weighs at most {at_most}."
measure = "weight"
at_most = 2.5
source  = "L: 7"
"""


@pytest.fixture(scope="module")
def lamps() -> Rulebook:
    """An invented rulebook with a fact of every type."""
    return ps.loads(INVENTED)


def lamp(**more: object) -> dict[str, Any]:
    """The columns of one lamp that fits, some of them changed."""
    whole = {"id": ["l1"], "lit_on": [DAY], "out_on": [None], "out_on__none": [True], "colour": ["red"]}
    whole |= {"marks": [["dot"]], "height": [3], "weight": [Decimal("2.50")], "burns": [True], "keeper": ["k1"]}
    return whole | more


def frame(columns: Mapping[str, Any]) -> pl.DataFrame:
    """Columns as a Polars frame; a list of nothing but nulls is a column of dates."""
    return pl.DataFrame(columns, schema_overrides={"out_on": pl.Date} if columns.get("out_on") == [None] else None)


KEEPERS = pl.DataFrame({"id": ["k1"], "born_on": [dt.date(1960, 1, 1)], "friend": ["k1"]})


def told(rulebook: Rulebook, columns: Mapping[str, Any], *rules: str, **more: Any) -> list[str]:  # noqa: ANN401  passed on
    """The verdicts of one lamp."""
    more.setdefault("tables", {"keeper": KEEPERS})
    found = judge_frame(rulebook, frame(columns), "lamp", on=ON, rules=rules, **more)
    return [str(found[rule][0]) for rule in rules]


class TestRefused:
    """What is wrong with the tables is told at once, by table, column and rows."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"lit_on": ["2026-02-02"]}, "table lamp, column lit_on: is String, and the fact is a date"),
            ({"height": [3.0]}, "table lamp, column height: is Float64, and the fact is a number of steps"),
            ({"weight": [2.5]}, "table lamp, column weight: is Float64, and the fact is a number of stones"),
            ({"burns": [1]}, "table lamp, column burns: is Int64, and the fact is a yes or no"),
            ({"colour": ["blue"]}, "column colour: is not one of its choices in 1 row, counted from 0: 0"),
            ({"marks": [["dot", "cross"]]}, "column marks: has a member that is not one of its choices in 1 row"),
            ({"height": [-1]}, "column height: is below 0 in 1 row"),
            ({"height": [10]}, "column height: is above 9 in 1 row"),
            ({"lit_on": [dt.date(1800, 1, 1)]}, "column lit_on: lies outside of the years 1900 to 2199 in 1 row"),
            ({"id": [""]}, "column id: is empty in 1 row"),
            ({"keeper": ["k9"]}, "lamp, column keeper: refers to no keeper that is there in 1 row, counted from 0: 0"),
        ],
    )
    def test_a_value_that_its_fact_cannot_have(self, lamps: Rulebook, change: dict[str, Any], said: str) -> None:
        """The error names the table, the column, how many rows and the first of them."""
        with pytest.raises(InputError, match="table") as raised:
            told(lamps, lamp(**change), "lamp.fits", "lamp.kept")
        assert said in str(raised.value)

    def test_everything_at_once(self, lamps: Rulebook) -> None:
        """Faults of several columns and tables come together, with the rows counted."""
        many = {name: each * 7 for name, each in lamp(colour=["blue"], height=[99]).items()}
        keepers = KEEPERS.with_columns(born_on=pl.lit("long ago"))
        with pytest.raises(InputError) as raised:
            told(lamps, many, "lamp.fits", "lamp.kept", tables={"keeper": keepers})
        text = str(raised.value)
        assert "is not one of its choices in 7 rows, counted from 0: 0, 1, 2, 3, 4, ..." in text
        assert "is above 9 in 7 rows" in text
        assert "is the id of several rows in 7 rows" in text
        assert "table keeper, column born_on" in text

    def test_an_instant_without_a_zone(self, lamps: Rulebook) -> None:
        """A time that may be anywhere on earth is no instant."""
        with pytest.raises(InputError, match="is a column of times without a zone"):
            told(lamps, lamp(seen_at=[dt.datetime(2026, 2, 2, 12)]), "lamp.seen")

    def test_a_set_that_refers_to_nobody(self, lamps: Rulebook) -> None:
        """The members of a set of references are looked up like single ones."""
        with pytest.raises(InputError, match="column keepers: refers to no keeper that is there"):
            told(lamps, lamp(keepers=[["k1", "k9"]]), "lamp.watched")

    def test_a_table_without_ids(self, lamps: Rulebook) -> None:
        """Records need an id to be told apart."""
        with pytest.raises(InputError, match="there is no column 'id'"):
            told(lamps, {"colour": ["red"]}, "lamp.fits")

    def test_what_is_no_table(self, lamps: Rulebook) -> None:
        """A list of records is no frame."""
        with pytest.raises(InputError, match="is a list, and no frame that can be read"):
            judge_frame(lamps, [{"id": "l1"}], "lamp", on=ON)

    def test_a_table_of_no_kind(self, lamps: Rulebook) -> None:
        """A table that the rulebook does not know is a slip of the pen, not something to leave out."""
        with pytest.raises(InputError, match="table keepr: is no kind of this rulebook"):
            told(lamps, lamp(), "lamp.fits", tables={"keepr": KEEPERS})

    def test_the_judged_table_twice(self, lamps: Rulebook) -> None:
        """There is one table of a kind."""
        with pytest.raises(InputError, match="table lamp: is given twice"):
            told(lamps, lamp(), "lamp.fits", tables={"lamp": KEEPERS})

    def test_two_programs(self, lamps: Rulebook) -> None:
        """The frames are those of one program."""
        two = pl.DataFrame({"id": ["a", "b"], "time_zone": ["UTC", "UTC"]})
        with pytest.raises(InputError, match="table program: has 2 rows"):
            told(lamps, lamp(), "lamp.fits", tables={"program": two})

    def test_a_detail_that_is_none(self, lamps: Rulebook) -> None:
        """What cannot be told is refused with what can."""
        with pytest.raises(InputError, match="there is no detail 'dues'"):
            told(lamps, lamp(), "lamp.fits", tell=["dues"])

    def test_a_rule_about_something_else(self, lamps: Rulebook) -> None:
        """A rule is held against records of its own kind."""
        with pytest.raises(TypeError, match=r"lamp\.fits judges lamp, not keeper"):
            judge_frame(lamps, KEEPERS, "keeper", on=ON, rules=["lamp.fits"])

    def test_pandas_columns_of_several_types(self, lamps: Rulebook) -> None:
        """An object column that is neither this nor that is named."""
        odd = pd.DataFrame({"id": ["a", "b"], "colour": ["red", 3]})
        with pytest.raises(InputError, match="column colour: holds values of several types"):
            judge_frame(lamps, odd, "lamp", on=ON, rules=["lamp.fits"])

    def test_what_is_trusted_is_not_looked_at(self, lamps: Rulebook) -> None:
        """Values of tables that were checked before are taken as they are; types never are."""
        assert told(lamps, lamp(colour=["blue"]), "lamp.fits", trusted=True) == ["not_met"]
        with pytest.raises(InputError, match="and the fact is a date"):
            told(lamps, lamp(lit_on=["today"]), "lamp.kept", trusted=True)


class TestPartial:
    """A column that is not there is not recorded anywhere, and that is said once."""

    def test_missing_columns_are_said_once(self, lamps: Rulebook) -> None:
        """All of them in one warning, and what hangs on them is unknown."""
        with pytest.warns(PartialTables) as warned:
            assert told(lamps, {"id": ["l1"], "colour": ["red"]}, "lamp.fits", "lamp.kept") == ["unknown", "unknown"]
        (said,) = [str(each.message) for each in warned]
        assert "lamp.burns, lamp.height" in said
        assert "lamp.lit_on" in said

    def test_a_known_no_decides_all_the_same(self, lamps: Rulebook) -> None:
        """What is not recorded does not matter where something known decides."""
        with pytest.warns(PartialTables):
            assert told(lamps, {"id": ["l1"], "colour": ["green"]}, "lamp.fits") == ["not_met"]

    def test_an_empty_column_without_a_type(self, lamps: Rulebook) -> None:
        """A column of nothing but nulls is not recorded."""
        blank = pd.DataFrame({"id": ["l1"], "colour": pd.Series([None], dtype=object)})
        with pytest.warns(PartialTables, match="colour"):
            found = judge_frame(lamps, blank, "lamp", on=ON, rules=["lamp.fits"])
        assert list(found["lamp.fits"]) == ["unknown"]

    def test_a_table_that_was_not_given(self, lamps: Rulebook) -> None:
        """What hangs on it is unknown, and the reason says that a table is missing."""
        found = judge_frame(
            lamps, frame(lamp()), "lamp", on=ON, rules=["lamp.kept"], tell=["verdict", "reason", "missing"]
        )
        assert found.row(0) == ("l1", "unknown", "no_table", "keeper")


ENGINES: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda table: table,
    "lazy": lambda table: table.lazy(),
    "pyarrow": lambda table: table.to_arrow(),
    "pandas": lambda table: table.to_pandas(use_pyarrow_extension_array=True),
    "pandas objects": lambda table: pd.DataFrame(
        table.to_dict(as_series=False), index=[7 + i for i in range(len(table))]
    ),
    "duckdb": lambda table: duckdb.connect().from_arrow(table.to_arrow()),
}


def rows(found: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  a frame of any library
    """The rows of a frame of any library, as plain values."""
    if isinstance(found, duckdb.DuckDBPyRelation):
        found = found.to_arrow_table()
    if isinstance(found, pl.LazyFrame):
        found = found.collect()
    if isinstance(found, pl.DataFrame):
        return sorted(found.rows())
    table = pa.Table.from_pandas(found, preserve_index=False) if isinstance(found, pd.DataFrame) else found
    return sorted(tuple(row.values()) for row in table.to_pylist())


@pytest.mark.parametrize("lend", [True, False])
@pytest.mark.parametrize("engine", ENGINES)
class TestHandedBack:
    """The same kind of frame comes back, with texts for codes and dates for day numbers."""

    def test_verdicts_and_details(self, lamps: Rulebook, engine: str, lend: bool) -> None:
        """A categorical of five texts, reasons, dates, numbers with their places, and texts."""
        three = pl.concat(
            [
                frame(lamp()),
                frame(lamp(id=["l2"], lit_on=[ON], height=[0], weight=[Decimal("2.51")])),
                frame(
                    lamp(id=["l3"], out_on=[dt.date(2026, 2, 20)], out_on__none=[False], burns=[None], weight=[None])
                ),
            ],
            how="vertical_relaxed",
        )
        given = ENGINES[engine](three.drop("marks", "keeper"))
        tell: Any = ["verdict", "reason", "due", "done_on", "days_late", "missing"]
        found = judge_frame(lamps, given, "lamp", on=ON, rules=["lamp.out"], tell=tell, lend=lend)
        assert type(found) is type(given)
        assert rows(found) == [
            ("l1", "not_met", "overdue", dt.date(2026, 3, 4), None, 118, ""),
            ("l2", "pending", "upcoming", dt.date(2026, 7, 30), None, 0, ""),
            ("l3", "met", "in_time", dt.date(2026, 3, 4), dt.date(2026, 2, 20), 0, ""),
        ]
        weighed = judge_frame(
            lamps, given, "lamp", on=ON, rules=["lamp.weight"], tell=["verdict", "measured"], lend=lend
        )
        assert rows(weighed) == [
            ("l1", "met", Decimal("2.50")),
            ("l2", "not_met", Decimal("2.51")),
            ("l3", "unknown", None),
        ]

    def test_codes(self, lamps: Rulebook, engine: str, lend: bool) -> None:
        """With `codes` a verdict is a number, in the documented order."""
        late = lamp(out_on=[dt.date(2026, 3, 10)], out_on__none=[False])
        given = ENGINES[engine](frame(late).drop("marks", "keeper"))
        assert rows(judge_frame(lamps, given, "lamp", on=ON, rules=["lamp.out"], codes=True, lend=lend)) == [("l1", 0)]

    def test_instants(self, lamps: Rulebook, engine: str, lend: bool) -> None:
        """A deadline of instants gives instants."""
        at = dt.datetime(2026, 2, 2, 12, tzinfo=dt.UTC)
        given = ENGINES[engine](pl.DataFrame({"id": ["l1"], "seen_at": [at]}))
        program = ENGINES[engine](pl.DataFrame({"id": ["p"], "time_zone": ["America/Chicago"]}))
        if engine == "duckdb":
            given, program = _together(at)
        found = judge_frame(
            lamps,
            given,
            "lamp",
            on=ON,
            rules=["lamp.seen_again"],
            tell=["verdict", "due"],
            tables={"program": program},
            lend=lend,
        )
        assert rows(found) == [("l1", "met", at + dt.timedelta(days=1))]


def _together(at: dt.datetime) -> tuple[Any, Any]:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    lamp_ = con.from_arrow(pl.DataFrame({"id": ["l1"], "seen_at": [at]}).to_arrow())
    return lamp_, con.from_arrow(pl.DataFrame({"id": ["p"], "time_zone": ["America/Chicago"]}).to_arrow())


def test_pandas_keeps_its_index(lamps: Rulebook) -> None:
    """The verdicts stand beside the rows that they are about."""
    given = pd.DataFrame(lamp(marks=["dot"]), index=["seven"])
    found = judge_frame(lamps, given, "lamp", on=ON, rules=["lamp.fits"])
    assert list(found.index) == ["seven"]
    assert list(found["lamp.fits"]) == ["met"]


def test_rows_keep_their_order(lamps: Rulebook) -> None:
    """Joins do not shuffle the rows of a frame."""
    ids = [f"l{i * 7919 % 1000}" for i in range(1000)]
    many = pl.DataFrame({"id": ids, "lit_on": [DAY] * 1000, "keeper": ["k1"] * 1000})
    assert (
        judge_frame(lamps, many, "lamp", on=ON, rules=["lamp.kept"], tables={"keeper": KEEPERS})["id"].to_list() == ids
    )
    arrow = judge_frame(
        lamps, many.to_arrow(), "lamp", on=ON, rules=["lamp.kept"], tables={"keeper": KEEPERS.to_arrow()}, lend=False
    )
    assert arrow["id"].to_pylist() == ids


def test_a_window_that_is_not_judged_is_refused_by_name() -> None:
    """A rule that this reader cannot judge is named before any row is read."""
    lantern = ps.load(LANTERN)
    refused = [
        rule.id for rule in lantern.judged if rule.form == "limit" and _window(rule) in {"between", "each", "its span"}
    ]
    assert refused
    frames = ps.frames_of(Tables({kind: Table({}) for kind in lantern.vocabulary}), lantern.vocabulary)
    for name in refused:
        (kind, *_) = lantern[name].about
        with pytest.raises(Unsupported, match=f"{name}: the column reader cannot judge the window"):
            judge_frame(lantern, frames[kind], kind, on=ON, rules=[name])


def _window(rule: ps.Rule) -> str:
    text = str(rule.fields.get("window", ""))
    return next((word for word in ("between", "each", "its span") if text.startswith(word)), "")


def test_without_narwhals(lamps: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ModuleNotFoundError, match="install peersupport with the extra 'columns'"):
        judge_frame(lamps, KEEPERS, "keeper", on=ON)


def test_pandas_without_pyarrow(lamps: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pandas frame cannot hold three answers by itself."""
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else there(name))
    with pytest.raises(InputError, match="install pyarrow"):
        judge_frame(lamps, pd.DataFrame({"id": ["k1"]}), "keeper", on=ON)


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    """The package itself stands without any frame library."""
    assert "narwhals" in sys.modules
    assert "pyspark" not in sys.modules
