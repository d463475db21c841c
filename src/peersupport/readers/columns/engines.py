"""The frames of others at the door: each engine turns the facts of a table into plain whole numbers and texts.

Inside, a date is a day number (32 bits) and an instant microseconds since 1970 (64 bits), a decimal is a whole number
of its last places, a set is its members between semicolons. Null is not recorded; what is known to be absent stands
after everything.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, Protocol, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns.column import DataType
from peersupport.readers.columns.values import ABSENT, DAY_TOP, TOP
from peersupport.rules.facts import Base, Fact, Type

Frame: TypeAlias = nw.LazyFrame[Any]
Types: TypeAlias = Mapping[str, nw.dtypes.DType]
Native: TypeAlias = Any
"""A frame or an expression of some library. Which one, its engine knows."""

Ordered: TypeAlias = Mapping[str, tuple[Literal["sum", "before", "behind"], str]]
"""Columns that hang on an order: the running sum of another, or its value in the row before or behind."""

ROW: Final = "~row"
"""The number of a row in its table, from 0."""
OWNER: Final = "~owner"
MEMBER: Final = "~member"
EMPTY_SET: Final = ";;"
PLACES: Final = 6
"""The places of a decimal that declares none."""
NONE_SUFFIX: Final = "__none"


class Engine(Protocol):
    """What a frame is asked for before it is read."""

    @property
    def types(self) -> Types:
        """The columns with their types."""
        ...

    def folded(self, facts: Sequence[Fact]) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded."""
        ...

    def links(self, fact: str) -> Frame:
        """The members of a folded set, each beside the id of its record."""
        ...

    def made(self, rows: Mapping[str, Sequence[Any]], types: Mapping[str, DataType]) -> Frame:
        """A small frame of values that were found here."""
        ...

    def kept(self, frame: Frame) -> Frame:
        """A frame that is asked for several times, computed once where the engine would do so again."""
        ...

    def ordered(self, frame: Frame, by: Sequence[str], columns: Ordered) -> Frame:
        """A frame with columns that hang on an order: running sums, and the values of neighbours."""
        ...


def scale_of(fact: Fact) -> int:
    """The places of a fact that is a decimal; none for a whole number."""
    return (fact.places if fact.places is not None else PLACES) if fact.type.decimal else 0


def is_text(base: Base) -> bool:
    """Whether values of a type are kept as texts."""
    return base in {"choice", "text", "ref", "set", "refs"}


def absent_of(base: Base) -> int | str:
    """What stands for a fact that is known to be absent."""
    if base in {"set", "refs"}:
        return EMPTY_SET
    return ABSENT if is_text(base) else DAY_TOP if base == "date" else TOP


@attrs.frozen(eq=False)
class Library:
    """What a frame library does in its own way: lists to texts, decimals to numbers, sets to rows, a small frame."""

    joined: Callable[[Native, str], Native]
    scaled: Callable[[Native, str, int], Native]
    exploded: Callable[[Native, str], Native]
    made: Callable[[Mapping[str, Sequence[Any]], Mapping[str, Any]], Native]
    ordered: Callable[[Native, Sequence[str], Ordered], Native] | None = None
    kept: Callable[[Native], Native] | None = None


@attrs.frozen(eq=False)
class Columnar:
    """A Polars frame or a pyarrow table, with its rows numbered: what both can do is said once, through narwhals."""

    frame: Frame
    library: Library
    types: Types

    def folded(self, facts: Sequence[Fact]) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded."""
        there = [fact for fact in facts if fact.name in self.types]
        frame = self.frame
        for fact in there:
            if isinstance(self.types[fact.name], nw.List):
                frame = _lazy(self.library.joined(frame.to_native(), fact.name))
            if isinstance(self.types[fact.name], nw.Decimal):
                frame = _lazy(self.library.scaled(frame.to_native(), fact.name, scale_of(fact)))
        columns = [_folded(fact, self.types) for fact in there]
        return frame.select(_text("id", self.types), nw.col(ROW).cast(nw.Int64), *columns)

    def links(self, fact: str) -> Frame:
        """The members of a folded set, each beside the id of its record."""
        declared = Fact(fact, _REFS)
        native = self.folded([declared]).select(nw.col("id").alias(OWNER), nw.col(fact).alias(MEMBER)).to_native()
        return _lazy(self.library.exploded(native, MEMBER))

    def made(self, rows: Mapping[str, Sequence[Any]], types: Mapping[str, DataType]) -> Frame:
        """A small frame of values that were found here."""
        made = _lazy(self.library.made(rows, types))
        return made.select(*(nw.col(name).cast(dtype) for name, dtype in types.items()))

    def kept(self, frame: Frame) -> Frame:
        """The frame, computed once where the library is told so; what pyarrow holds is computed already."""
        return _lazy(self.library.kept(frame.to_native())) if self.library.kept else frame

    def ordered(self, frame: Frame, by: Sequence[str], columns: Ordered) -> Frame:
        """A frame with columns that hang on an order: running sums, and the values of neighbours."""
        return (
            _lazy(self.library.ordered(frame.to_native(), by, columns))
            if self.library.ordered
            else _over(frame, by, columns)
        )


_REFS: Final = Type("refs")


def _lazy(native: Native) -> Frame:
    """A frame of some library as a lazy one."""
    frame: Frame = nw.from_native(native).lazy()
    return frame


def _text(name: str, types: Types) -> nw.Expr:
    return nw.col(name) if types[name] == nw.String else nw.col(name).cast(nw.String)


def _folded(fact: Fact, types: Types) -> nw.Expr:
    column, base = _plain(fact, types), fact.type.base
    if fact.name + NONE_SUFFIX in types:
        dtype = nw.String if is_text(base) else nw.Int32 if base == "date" else nw.Int64
        absent = nw.lit(absent_of(base), dtype=dtype)
        column = nw.when(nw.col(fact.name + NONE_SUFFIX)).then(absent).otherwise(column)
    return column.alias(fact.name)


def _plain(fact: Fact, types: Types) -> nw.Expr:
    column, given = nw.col(fact.name), types[fact.name]
    match fact.type.base:
        case "bool":
            return column
        case "date":
            return (column if given == nw.Date else column.cast(nw.Date)).cast(nw.Int32)
        case "instant":
            return column.dt.timestamp("us")
        case "number":
            whole = not isinstance(given, nw.Decimal)
            return (column * 10 ** scale_of(fact) if scale_of(fact) and whole else column).cast(nw.Int64)
        case "set" | "refs":
            return _members(column)
        case _:
            return _text(fact.name, types)


def _members(text: nw.Expr) -> nw.Expr:
    between = nw.concat_str(nw.lit(";"), text, nw.lit(";"))
    return nw.when(text == "none").then(nw.lit(EMPTY_SET)).otherwise(nw.when(text != "").then(between))


@attrs.frozen(eq=False)
class DuckDB:
    """A DuckDB relation: its facts are folded in SQL."""

    relation: Native
    types: Types

    def folded(self, facts: Sequence[Fact]) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded."""
        there = [fact for fact in facts if fact.name in self.types]
        columns = ['CAST("id" AS VARCHAR) AS "id"', f'"{ROW}"', *(self._sql(fact) for fact in there)]
        return _lazy(self.relation.project(", ".join(columns)))

    def _sql(self, fact: Fact) -> str:
        name, base = f'"{fact.name}"', fact.type.base
        column = self._plain(name, fact)
        if fact.name + NONE_SUFFIX in self.types:
            absent = f"'{absent_of(base)}'" if is_text(base) else str(absent_of(base))
            column = f'CASE WHEN "{fact.name}{NONE_SUFFIX}" THEN {absent} ELSE {column} END'
        kept = "BOOLEAN" if base == "bool" else "VARCHAR" if is_text(base) else _KEPT.get(base, "BIGINT")
        return f"CAST({column} AS {kept}) AS {name}"

    def _plain(self, name: str, fact: Fact) -> str:
        match fact.type.base:
            case "date":
                return f"date_diff('day', DATE '1970-01-01', CAST({name} AS DATE))"
            case "instant":
                return f"epoch_us({name})"
            case "number":
                return f"{name} * {10 ** scale_of(fact)}" if scale_of(fact) else name
            case "set" | "refs":
                return self._members(name, fact)
            case _:
                return name

    def _members(self, name: str, fact: Fact) -> str:
        text = f"array_to_string({name}, ';')" if isinstance(self.types[fact.name], nw.List) else name
        empty = f"len({name}) = 0" if isinstance(self.types[fact.name], nw.List) else f"{name} = 'none'"
        return f"CASE WHEN {empty} THEN '{EMPTY_SET}' WHEN {text} <> '' THEN ';' || {text} || ';' END"

    def links(self, fact: str) -> Frame:
        """The members of a folded set, each beside the id of its record."""
        folded = self._sql(Fact(fact, _REFS))
        sets = self.relation.project(f'CAST("id" AS VARCHAR) AS "{OWNER}", {folded}')
        each = f"""unnest(string_split(trim("{fact}", ';'), ';'))"""
        return _lazy(sets.project(f'"{OWNER}", {each} AS "{MEMBER}"')).filter(nw.col(MEMBER) != "")

    def made(self, rows: Mapping[str, Sequence[Any]], types: Mapping[str, DataType]) -> Frame:
        """A small frame of values that were found here."""
        lines = [f"({', '.join(_literal(each) for each in line)})" for line in zip(*rows.values(), strict=True)]
        names = ", ".join(f'"{name}"' for name in rows)
        lines = lines or [f"({', '.join('NULL' for _ in rows)})"]
        values = f"SELECT * FROM (VALUES {', '.join(lines)}) AS made({names})"  # noqa: S608  values found here, quoted
        made = _lazy(self.relation.query("_frame", values))
        return made.select(*(nw.col(name).cast(dtype) for name, dtype in types.items()))

    def ordered(self, frame: Frame, by: Sequence[str], columns: Ordered) -> Frame:
        """A frame with columns that hang on an order: running sums, and the values of neighbours."""
        return _over(frame, by, columns)

    def kept(self, frame: Frame) -> Frame:
        """The frame computed, where pyarrow can hold it: a relation is a query, and would be asked anew each time."""
        if importlib.util.find_spec("pyarrow") is None:
            return frame
        computed = frame.to_native().to_arrow_table()  # noqa: F841  DuckDB finds it by its name
        return _lazy(self.relation.query("_frame", "SELECT * FROM computed"))


_KEPT: Final[dict[Base, str]] = {"date": "INTEGER"}


def _over(frame: Frame, by: Sequence[str], columns: Ordered) -> Frame:
    def column(what: str, of: str) -> nw.Expr:
        if what == "sum":
            return nw.col(of).cum_sum().over(order_by=by)
        return nw.col(of).shift(1 if what == "before" else -1).over(order_by=by)

    return frame.with_columns(**{name: column(*each) for name, each in columns.items()})


def _literal(value: Any) -> str:  # noqa: ANN401  what a small frame holds
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _itself(frame: Native) -> Native:
    return frame


def polars_library() -> Library:
    """How Polars does it."""
    import polars as pl  # noqa: PLC0415  a library of the frame that was given

    def joined(frame: Any, name: str) -> Any:  # noqa: ANN401
        column = pl.col(name)
        return frame.with_columns(
            pl.when(column.list.len() == 0).then(pl.lit("none")).otherwise(column.list.join(";")).alias(name)
        )

    def exploded(frame: Any, name: str) -> Any:  # noqa: ANN401
        each = frame.with_columns(pl.col(name).str.strip_chars(";").str.split(";")).explode(name)
        return each.filter(pl.col(name) != "")

    def scaled(frame: Any, name: str, places: int) -> Any:  # noqa: ANN401
        text = pl.col(name).cast(pl.Decimal(38, places)).cast(pl.String).str.replace(".", "", literal=True)
        return frame.with_columns(text.cast(pl.Int64))

    def ordered(frame: Any, by: Sequence[str], columns: Ordered) -> Any:  # noqa: ANN401
        def column(what: str, of: str) -> pl.Expr:
            return pl.col(of).cum_sum() if what == "sum" else pl.col(of).shift(1 if what == "before" else -1)

        return frame.sort(by).with_columns(column(*each).alias(name) for name, each in columns.items())

    def made(rows: Mapping[str, Sequence[Any]], _types: Mapping[str, Any]) -> Any:  # noqa: ANN401
        return pl.DataFrame(dict(rows), strict=False)

    def kept(frame: Any) -> Any:  # noqa: ANN401
        # A cache alone is opened again by each filter that is pushed into it, and the frame is computed for each.
        whole = frame.map_batches(
            _itself, predicate_pushdown=False, projection_pushdown=False, slice_pushdown=False, streamable=False
        )
        return whole.cache()

    return Library(joined, scaled, exploded, made, ordered, kept)


def arrow_library() -> Library:
    """How pyarrow does it."""
    import pyarrow as pa  # noqa: PLC0415

    pc: Native = importlib.import_module("pyarrow.compute")

    def joined(table: Any, name: str) -> Any:  # noqa: ANN401
        text = pc.binary_join(table[name], ";")
        text = pc.if_else(pc.equal(text, ""), "none", text)
        return table.set_column(table.schema.get_field_index(name), name, text)

    def exploded(table: Any, name: str) -> Any:  # noqa: ANN401
        lists = pc.split_pattern(pc.utf8_trim(table[name].combine_chunks(), ";"), ";")
        owners = table[OWNER].combine_chunks().take(pc.list_parent_indices(lists))
        each = pa.table({OWNER: owners, name: pc.list_flatten(lists)})
        return each.filter(pc.not_equal(each[name], ""))

    def made(rows: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> Any:  # noqa: ANN401
        kept = {nw.String: pa.string(), nw.Int32: pa.int32(), nw.Int64: pa.int64(), nw.Boolean: pa.bool_()}
        return pa.table({name: pa.array(list(each), type=kept[types[name]]) for name, each in rows.items()})

    def scaled(table: Any, name: str, places: int) -> Any:  # noqa: ANN401
        text = pc.cast(pc.cast(table[name], pa.decimal128(38, places)), pa.string())
        whole = pc.cast(pc.replace_substring(text, ".", ""), pa.int64())
        return table.set_column(table.schema.get_field_index(name), name, whole)

    return Library(joined, scaled, exploded, made)
