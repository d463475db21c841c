"""The way out: small codes to texts, day numbers to dates, in a frame of the kind that was given."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns.engines import ROW, Frame, Native

What: TypeAlias = Literal["code", "date", "instant", "number", "text"]
ID: Final = "id"


@attrs.frozen
class Shown:
    """A column of the result: what its numbers mean. A code is one of some words, a number may have places."""

    what: What
    words: tuple[str, ...] = ()
    places: int = 0


def handed_back(frame: Frame, columns: Mapping[str, Shown], given: Native) -> Native:
    """The result as a frame of the library of the one that was given, in its order where that has one."""
    library = nw.from_native(given).implementation
    if library.is_duckdb():
        return _duckdb(frame.to_native(), columns)
    native = frame.to_native()
    if library.is_polars() and hasattr(given, "collect"):
        return _polars(native, columns).drop(ROW, strict=False)
    if library.is_polars():
        return _sorted(_polars(native, columns).collect())
    if hasattr(native, "collect"):
        table = _sorted(_polars(native, columns).collect()).to_arrow()
    else:
        table = _arrow(_sorted_arrow(native), columns)
    return table if library.is_pyarrow() else _pandas(table, given)


def _sorted(frame: Native) -> Native:
    """The rows in the order of the frame that was given, which joins may have lost."""
    if ROW not in frame.columns:
        return frame
    return (frame if frame[ROW].is_sorted() else frame.sort(ROW)).drop(ROW)


def _sorted_arrow(table: Native) -> Native:
    return table.sort_by(ROW).drop_columns([ROW]) if ROW in table.column_names else table


def _polars(frame: Native, columns: Mapping[str, Shown]) -> Native:
    import polars as pl  # noqa: PLC0415

    def change(name: str, each: Shown) -> Any:  # noqa: ANN401
        column = pl.col(name)
        match each.what:
            case "code":
                words = pl.Enum(each.words)
                return column.replace_strict(list(range(len(each.words))), list(each.words), return_dtype=words)
            case "date":
                return column.cast(pl.Int32).cast(pl.Date)
            case "instant":
                return column.cast(pl.Int64).cast(pl.Datetime("us", "UTC"))
            case "number" if each.places:
                return column.cast(pl.Decimal(38 - each.places, 0)) * pl.lit(_unit(each))
            case _:
                return column

    return frame.with_columns(change(name, each) for name, each in columns.items())


def _unit(each: Shown) -> Decimal:
    """The last place of a number."""
    return Decimal(1).scaleb(-each.places)


def _arrow(table: Native, columns: Mapping[str, Shown]) -> Native:
    import pyarrow as pa  # noqa: PLC0415

    pc: Native = importlib.import_module("pyarrow.compute")

    def change(column: Any, each: Shown) -> Any:  # noqa: ANN401
        match each.what:
            case "code":
                codes = pc.cast(column, pa.int8()).combine_chunks()
                return pa.DictionaryArray.from_arrays(codes, pa.array(each.words))
            case "date":
                return pc.cast(pc.cast(column, pa.int32()), pa.date32())
            case "instant":
                return pc.cast(pc.cast(column, pa.int64()), pa.timestamp("us", "UTC"))
            case "number" if each.places:
                return pc.multiply(pc.cast(column, pa.decimal128(19, 0)), pa.scalar(_unit(each)))
            case _:
                return column

    names = table.column_names
    return pa.table({name: change(table[name], columns[name]) if name in columns else table[name] for name in names})


def _pandas(table: Native, given: Native) -> Native:
    import pandas as pd  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    def kept(type_: Any) -> Any:  # noqa: ANN401
        return None if pa.types.is_dictionary(type_) else pd.ArrowDtype(type_)

    frame = table.to_pandas(types_mapper=kept)
    frame.index = given.index
    return frame


def _duckdb(relation: Native, columns: Mapping[str, Shown]) -> Native:
    def change(name: str) -> str:
        quoted, each = f'"{name}"', columns.get(name, Shown("text"))
        match each.what:
            case "code":
                words = ", ".join(f"'{word}'" for word in each.words)
                return f"CAST([{words}][{quoted} + 1] AS ENUM({words})) AS {quoted}"
            case "date":
                return f"DATE '1970-01-01' + CAST({quoted} AS INTEGER) AS {quoted}"
            case "instant":
                return f"make_timestamptz({quoted}) AS {quoted}"
            case "number" if each.places:
                kept = f"DECIMAL({each.places + 1}, {each.places})"
                return f"CAST({quoted} AS DECIMAL(18, 0)) * CAST({_unit(each)} AS {kept}) AS {quoted}"
            case _:
                return quoted

    return relation.project(", ".join(change(name) for name in relation.columns if name != ROW))
