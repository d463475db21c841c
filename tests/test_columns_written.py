"""Records to frames: every column has its type, and what is not recorded and what is absent stay two things."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

import peersupport
from peersupport import NONE, InputError
from peersupport.readers.columns.written import ABSENT, Backend, frames_of
from peersupport.rules import loading
from peersupport.rules.facts import Record, Vocabulary
from peersupport.rules.tables import EMPTY, Table, Tables

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

VOCABULARY = loading.load(
    """
rulebook = "written"
title = "A made-up program with a fact of each type"
[sources.F]
title = "fiction"

[kinds.room]
wide = "bool"

[kinds.stay]
room = "-> room"
next_room = "-> room or none"
rooms = "-> set of room"
note = "text or none"
calm = "bool"
meals = "int meals"
share = { type = "decimal posts", places = 2 }
amount = "decimal"
arrived_on = "date"
left_on = "date or none"
written_at = "instant"
kind = "choice: day overnight"
needs = "set: work health"
wishes = "set: open or none"
wide = "bool, from room"
partner = "-> stay"
""",
    Vocabulary({}),
    file="written.toml",
).vocabulary
STAY, ROOM = VOCABULARY["stay"], VOCABULARY["room"]
CHICAGO = ZoneInfo("America/Chicago")

FULL: dict[str, object] = {
    "room": "r-1",
    "next_room": "r-2",
    "rooms": frozenset({"r-2", "r-1"}),
    "note": "somebody",
    "calm": False,
    "meals": 3,
    "share": Decimal("0.5"),
    "amount": Decimal("12.345"),
    "arrived_on": dt.date(2026, 3, 1),
    "left_on": dt.date(2199, 12, 31),
    "written_at": dt.datetime(2026, 3, 1, 23, 30, 0, 7, tzinfo=CHICAGO),
    "kind": "day",
    "needs": frozenset({"work", "health"}),
    "wishes": frozenset[str](),
    "partner": "s-1",
}
WRITTEN: dict[str, object] = {
    **FULL,
    "rooms": ["r-1", "r-2"],
    "needs": ["health", "work"],
    "wishes": [],
    "written_at": dt.datetime(2026, 3, 2, 5, 30, 0, 7, tzinfo=dt.UTC),
}
OR_NONE = {"next_room", "note", "left_on", "wishes"}
TYPES = {
    "id": pa.string(),
    "room": pa.string(),
    "next_room": pa.string(),
    "rooms": pa.list_(pa.string()),
    "note": pa.string(),
    "calm": pa.bool_(),
    "meals": pa.int64(),
    "share": pa.decimal128(38, 2),
    "amount": pa.decimal128(38, 3),
    "arrived_on": pa.date32(),
    "left_on": pa.date32(),
    "written_at": pa.timestamp("us", "UTC"),
    "kind": pa.string(),
    "needs": pa.list_(pa.string()),
    "wishes": pa.list_(pa.string()),
    "partner": pa.string(),
    **{f"{name}{ABSENT}": pa.bool_() for name in OR_NONE},
}


def room(id_: str, **facts: Any) -> Record:  # noqa: ANN401
    """A room with some facts recorded."""
    return ROOM.record(id=id_, **facts)


def stay(id_: str, **facts: Any) -> Record:  # noqa: ANN401  of each fact's own type
    """A stay with some facts recorded."""
    return STAY.record(id=id_, **facts)


def tables(*stays: Record) -> Tables:
    """Some stays in two rooms."""
    rooms = {id_: room(id_) for id_ in ("r-1", "r-2")}
    return Tables({"stay": Table({each.id: each for each in stays}), "room": Table(rooms)})


def rows(frame: Any) -> list[dict[str, object]]:  # noqa: ANN401  of any library
    """The rows of a frame of any of the libraries, as an arrow table has them."""
    return arrow(frame).to_pylist()  # type: ignore[no-any-return]


def arrow(frame: Any) -> Any:  # noqa: ANN401
    """A frame of any of the libraries as an arrow table."""
    if isinstance(frame, pd.DataFrame):
        return pa.Table.from_pandas(frame, preserve_index=False)
    made = frame if isinstance(frame, pa.Table) else frame.to_arrow_table() if _is_relation(frame) else frame.to_arrow()
    wide = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
    fields = [(f.name, _narrow(f.type, wide)) for f in made.schema]
    return made.cast(pa.schema(fields))


def _is_relation(frame: object) -> bool:
    return isinstance(frame, duckdb.DuckDBPyRelation)


def _narrow(type_: Any, wide: dict[Any, Any]) -> Any:  # noqa: ANN401  types of arrow
    """The plain type of a text or list that a library writes as a wide one, and UTC under its own name."""
    if pa.types.is_large_list(type_) or pa.types.is_list(type_):
        return pa.list_(wide.get(type_.value_type, type_.value_type))
    if pa.types.is_timestamp(type_):
        return pa.timestamp(type_.unit, "UTC")
    return wide.get(type_, type_)


@pytest.fixture(params=get_args(Backend))
def write(request: pytest.FixtureRequest) -> Callable[[Tables], dict[str, Any]]:
    """The way to the frames of one library."""
    backend = request.param
    connection = duckdb.connect() if backend == "duckdb" else None
    return lambda given: frames_of(given, VOCABULARY, backend, connection)


def kind_of_frame(backend: str) -> type:
    """The class of the frames of a library."""
    classes: dict[str, type] = {
        "polars": pl.DataFrame,
        "pyarrow": pa.Table,
        "pandas": pd.DataFrame,
        "duckdb": duckdb.DuckDBPyRelation,
    }
    return classes[backend]


@pytest.mark.parametrize("backend", get_args(Backend))
def test_a_frame_is_one_of_the_library_that_is_asked_for(backend: Backend) -> None:
    """Each table of the roster becomes a frame of that library."""
    found = frames_of(tables(stay("s-1")), VOCABULARY, backend, duckdb.connect() if backend == "duckdb" else None)
    assert list(found) == ["stay", "room"]
    assert all(isinstance(frame, kind_of_frame(backend)) for frame in found.values())


def test_polars_is_what_is_written_when_nothing_is_said() -> None:
    """Without a library's name the frames are those of Polars."""
    assert isinstance(frames_of(tables(), VOCABULARY)["stay"], pl.DataFrame)


class TestValues:
    """What stands in the cells."""

    def test_each_recorded_value_is_in_its_column(self, write: Callable[[Tables], dict[str, Any]]) -> None:
        """Values of every type come through every library as they were recorded, instants in UTC, sets in order."""
        (found,) = rows(write(tables(stay("s-1", **FULL)))["stay"])
        assert found == {"id": "s-1", **WRITTEN, **{f"{name}__none": False for name in OR_NONE}}

    def test_not_recorded_is_null_and_not_absent(self, write: Callable[[Tables], dict[str, Any]]) -> None:
        """A fact that is not recorded is null, and the column beside it does not say that there is none."""
        (found,) = rows(write(tables(stay("s-1")))["stay"])
        assert {name for name, value in found.items() if value is not None} == {"id", *_flags()}
        assert not any(found[flag] for flag in _flags())

    def test_absent_is_null_and_said_so(self, write: Callable[[Tables], dict[str, Any]]) -> None:
        """A fact that is known to be absent is null, and the column beside it says that there is none."""
        absent = stay("s-1", **dict.fromkeys(OR_NONE, NONE))
        (found,) = rows(write(tables(absent))["stay"])
        assert all(found[name] is None for name in OR_NONE)
        assert all(found[flag] for flag in _flags())

    def test_rows_stand_in_the_order_of_the_table(self, write: Callable[[Tables], dict[str, Any]]) -> None:
        """The first record is the first row, and the facts of one do not slip to another."""
        given = [stay("b", calm=True), stay("c"), stay("a", calm=False)]
        found = rows(write(tables(*given))["stay"])
        assert [(row["id"], row["calm"]) for row in found] == [("b", True), ("c", None), ("a", False)]

    def test_a_record_of_the_kind_without_its_added_facts_lacks_them(self) -> None:
        """A record of a core kind stands in the frame of a rulebook that adds facts to it: these are not recorded."""
        added = loading.load(
            'rulebook = "more"\ntitle = "More"\n[sources.F]\ntitle = "f"\n[kinds.room]\nhigh = "bool"\n',
            Vocabulary({"room": ROOM}),
            file="more.toml",
        ).vocabulary
        found = frames_of(Tables({"room": Table({"r": room("r", wide=True)})}), added)["room"]
        assert rows(found) == [{"id": "r", "wide": True, "high": None}]


def _flags() -> set[str]:
    return {f"{name}__none" for name in OR_NONE}


class TestTypes:
    """What the columns are."""

    @pytest.mark.parametrize("records", [(), (stay("s-1"),)], ids=["no records", "nothing recorded"])
    def test_columns_without_a_value_have_their_type(
        self, records: tuple[Record, ...], write: Callable[[Tables], dict[str, Any]]
    ) -> None:
        """Every column has the type of its fact, also where the table is empty or nothing is recorded in it."""
        schema = arrow(write(tables(*records))["stay"]).schema
        expected = {**TYPES, "amount": pa.decimal128(38, 0)}
        assert {name: schema.field(name).type for name in schema.names} == expected

    def test_columns_with_values_have_the_same_types(self, write: Callable[[Tables], dict[str, Any]]) -> None:
        """With values the types are the same; a decimal without declared places has those of its longest value."""
        schema = arrow(write(tables(stay("s-1", **FULL)))["stay"]).schema
        assert {name: schema.field(name).type for name in schema.names} == TYPES

    def test_only_facts_that_can_be_absent_have_a_column_that_says_so(self) -> None:
        """There is a column `__none` for each fact that is declared or-none, and for no other."""
        names = frames_of(tables(), VOCABULARY, "pyarrow")["stay"].column_names
        assert {name for name in names if name.endswith("__none")} == _flags()

    def test_what_is_read_through_a_reference_has_no_column(self) -> None:
        """A borrowed fact is not held by the record, so it has none in the frame."""
        assert "wide" in STAY.facts
        assert set(frames_of(tables(), VOCABULARY, "pyarrow")["stay"].column_names) == set(TYPES)

    def test_pandas_columns_are_arrow_columns(self) -> None:
        """A frame of pandas has arrow types throughout, which keep null and false apart."""
        found = frames_of(tables(stay("s-1", **FULL)), VOCABULARY, "pandas")["stay"]
        assert all(isinstance(type_, pd.ArrowDtype) for type_ in found.dtypes)


class TestNumbers:
    """Numbers are exact or refused."""

    @pytest.mark.parametrize(
        "value",
        ["1.50", "0", "-0.001", "1E+3", "9" * 28, "0." + "1" * 28, "-12345678901234567890.12345678"],
    )
    def test_a_decimal_is_written_to_the_last_place(self, value: str) -> None:
        """Up to 38 digits a decimal is the same in the frame."""
        (found,) = rows(frames_of(tables(stay("s-1", amount=Decimal(value))), VOCABULARY)["stay"])
        assert found["amount"] == Decimal(value)

    def test_a_whole_number_of_a_decimal_fact_is_written(self) -> None:
        """A decimal that is recorded as a whole number stands beside others with places."""
        given = [stay("a", amount=3), stay("b", amount=Decimal("0.25"))]
        assert [row["amount"] for row in rows(frames_of(tables(*given), VOCABULARY)["stay"])] == [3, Decimal("0.25")]

    def test_zeros_behind_the_declared_places_do_no_harm(self) -> None:
        """1.500 has more digits than the two places that are declared, and is written as it is."""
        (found,) = rows(frames_of(tables(stay("s-1", share=Decimal("1.500"))), VOCABULARY)["stay"])
        assert found["share"] == Decimal("1.5")

    def test_a_decimal_with_too_many_digits_is_refused_by_its_place(self) -> None:
        """One that needs more than 38 digits, beside the places of another, is refused; the other is not named."""
        given = tables(stay("a", amount=Decimal("0." + "1" * 28)), stay("b", amount=Decimal("9" * 28)))
        with pytest.raises(InputError, match=r"stay 'b', amount: has more digits.*38") as caught:
            frames_of(given, VOCABULARY)
        assert len(caught.value.problems) == 1

    def test_the_largest_whole_numbers_are_written_and_larger_ones_refused(self) -> None:
        """Sixty-three bits hold, one more is refused; all that is wrong is said together."""
        most = 2**63 - 1
        assert rows(frames_of(tables(stay("s", meals=most)), VOCABULARY)["stay"])[0]["meals"] == most
        assert rows(frames_of(tables(stay("s", meals=-most - 1)), VOCABULARY)["stay"])[0]["meals"] == -most - 1
        given = tables(stay("a", meals=most + 1), stay("b", meals=-most - 2))
        with pytest.raises(InputError) as caught:
            frames_of(given, VOCABULARY)
        places = {problem.place for problem in caught.value.problems}
        assert places == {"stay 'a', meals", "stay 'b', meals"}


class TestWhatIsGiven:
    """What the frames are made of."""

    def test_a_roster_is_taken_as_its_tables_are(self) -> None:
        """A roster can stand in the place of its tables."""
        roster = peersupport.from_records([peersupport.Person(id="p")], empty=["plan"])
        whole = frames_of(roster, roster.vocabulary)
        apart = frames_of(roster.tables, roster.vocabulary)
        assert list(whole) == ["plan", "person"]
        assert all(whole[kind].equals(apart[kind]) for kind in whole)

    def test_no_tables_are_no_frames(self) -> None:
        """What was not given is not made up."""
        assert frames_of(EMPTY, VOCABULARY) == {}

    def test_a_kind_that_is_not_in_the_vocabulary_is_refused(self) -> None:
        """The tables of another rulebook are refused by the kind's name."""
        with pytest.raises(InputError, match=r"no kind 'rooom'.*did you mean 'room'"):
            frames_of(Tables({"rooom": Table({})}), VOCABULARY)

    def test_a_library_that_is_not_known_is_refused(self) -> None:
        """Another library is refused by name, with the nearest that is known."""
        with pytest.raises(InputError, match=r"no 'polar'.*did you mean 'polars'"):
            frames_of(EMPTY, VOCABULARY, "polar")  # type: ignore[arg-type]  # what a text from outside may be

    def test_relations_need_a_connection(self) -> None:
        """Without a connection there is nothing that a relation of DuckDB could belong to."""
        with pytest.raises(InputError, match="connection"):
            frames_of(EMPTY, VOCABULARY, "duckdb")


def test_only_the_library_that_is_asked_for_is_imported() -> None:
    """Reading the module imports none of the frame libraries, and arrow tables need neither Polars nor DuckDB."""
    text = (
        "import sys\n"
        "from peersupport.readers.columns.written import frames_of\n"
        "from peersupport.rules.tables import EMPTY\n"
        "from peersupport.rules.facts import Vocabulary\n"
        "libraries = ('polars', 'pandas', 'duckdb', 'pyarrow', 'narwhals')\n"
        "assert not [name for name in libraries if name in sys.modules]\n"
        "frames_of(EMPTY, Vocabulary({}), 'pyarrow')\n"
        "assert [name for name in libraries if name in sys.modules] == ['pyarrow']\n"
    )
    source = Path(peersupport.__file__).parent.parent
    subprocess.run([sys.executable, "-c", text], check=True, cwd=source)  # noqa: S603  a text of this file
