"""The tables at the door: each frame is opened by its own library, and what none can read is refused.

A frame of pandas, Polars, pyarrow or DuckDB becomes an engine; one that cannot hold three answers is converted first.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import narwhals as nw

from peersupport.readers.columns.engines import (
    NONE_SUFFIX,
    ROW,
    Columnar,
    DuckDB,
    Foreign,
    Native,
    Nothing,
    Types,
    arrow_library,
    polars_library,
)
from peersupport.rules.problems import InputError, Problem, raise_any

AnyEngine: TypeAlias = Columnar | DuckDB

_NULL: Final = {"Null", "null", '"NULL"'}
"""What the libraries call a column of nothing but nulls that was given no type."""


def all_opened(frames: Mapping[str, Native], about: str, *, lend: bool) -> dict[str, AnyEngine]:
    """The engines of some frames by kind, all of one library. Raises `InputError` with what cannot be opened."""
    problems: list[Problem] = []
    engines: dict[str, AnyEngine] = {}
    for kind, native in frames.items():
        try:
            engines[kind] = opened(native, f"table {kind}", lend=lend)
        except InputError as error:
            problems.extend(error.problems)
    if about in engines:
        problems.extend(_apart(engines, about))
    raise_any(problems)
    return engines


def opened(native: Native, name: str, *, lend: bool) -> AnyEngine:
    """The engine of a frame."""
    if isinstance(native, (nw.DataFrame, nw.LazyFrame)):
        raise InputError([Problem(name, "is a frame of narwhals", "give the frame behind it: its `to_native()`")])
    try:
        frame = nw.from_native(native, pass_through=True)
    except nw.exceptions.DuplicateError:
        names = native.column_names if hasattr(native, "column_names") else map(str, native.columns)
        raise InputError(_names(names, name)) from None
    there = isinstance(frame, (nw.DataFrame, nw.LazyFrame))
    library = frame.implementation if there else None
    if library is nw.Implementation.DUCKDB:
        return _duckdb(native, name)
    if library is nw.Implementation.POLARS:
        raise_any([*_names(native.lazy().collect_schema().names(), name)])
        return _polars(native)
    if library is nw.Implementation.PANDAS:
        return _arrow(_from_pandas(native, name), name, lend=lend)
    if library is nw.Implementation.PYARROW:
        raise_any([*_names(native.column_names, name)])
        return _arrow(native, name, lend=lend)
    fault = f"is a {type(native).__name__}, and no frame that can be read"
    raise InputError([Problem(name, fault, "give a pandas, Polars, pyarrow or DuckDB table")])


def _names(names: Iterable[str], place: str) -> Iterator[Problem]:
    """What is wrong with the names of columns."""
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(f"{place}, column {name}", "is there twice", "keep one")
        if name.startswith("~"):
            yield Problem(f"{place}, column {name}", "begins with ~, as names of this library do", "rename it")


def _types(schema: Mapping[str, nw.dtypes.DType], given: Mapping[str, object]) -> Types:
    """The columns with their types, `given` by name as the library calls them.

    One of nothing but nulls that has no type is left out, unless it is the id, or what another says to be absent.
    """
    types = {
        name: Foreign(str(given[name])) if dtype == nw.Unknown else dtype
        for name, dtype in schema.items()
        if str(given[name]) not in _NULL
    }
    beside = {name.removesuffix(NONE_SUFFIX) for name in types if name.endswith(NONE_SUFFIX)}
    blank = ({"id"} & set(schema)) | beside
    return {**dict.fromkeys(blank - types.keys(), Nothing()), **types}


def _duckdb(native: Native, name: str) -> AnyEngine:
    """A table has its rows' own numbers; those of a query may be others each time, so that it is asked once."""
    raise_any([*_names([column.lower() for column in native.columns], name)])
    types = _types(nw.from_native(native).collect_schema(), dict(zip(native.columns, native.dtypes, strict=True)))
    if native.type == "TABLE_RELATION":
        return DuckDB(native.project(f'*, rowid AS "{ROW}"'), types)
    if importlib.util.find_spec("pyarrow") is None:
        mend = "give a table of the connection, or install pyarrow"
        raise InputError([Problem(name, "is a query, whose rows have no order of their own", mend)])
    return DuckDB(native.project(f'*, row_number() OVER () - 1 AS "{ROW}"'), types, steady=False)


def _polars(native: Native) -> Columnar:
    lazy = native.lazy()
    frame = nw.from_native(lazy.with_row_index(ROW))
    schema = nw.from_native(lazy).collect_schema()
    return Columnar(frame, polars_library(), _types(schema, lazy.collect_schema()), steady=lazy is not native)


def _arrow(table: Native, place: str, *, lend: bool) -> AnyEngine:
    """A pyarrow table with its columns in types that can be read; of any other only the name of its type is kept."""
    import pyarrow as pa  # noqa: PLC0415

    lent = lend and importlib.util.find_spec("polars") is not None
    problems: list[Problem] = []
    columns, foreign = dict[str, Any](), dict[str, nw.dtypes.DType]()
    for field, column in zip(table.schema, table.columns, strict=True):
        to = _readable(field.type, lent=lent)
        if to is None:
            foreign[field.name] = Foreign(str(field.type))
            continue
        try:
            columns[field.name] = column if to == field.type else column.cast(to)
        except pa.ArrowInvalid as error:
            problems.append(Problem(f"{place}, column {field.name}", f"cannot be kept as {to}: {error}"))
    raise_any(problems)
    kept = pa.table(columns)
    if lent:
        import polars as pl  # noqa: PLC0415

        engine = _polars(pl.from_arrow(kept))
        return Columnar(engine.frame, engine.library, {**engine.types, **foreign})
    frame = nw.from_native(kept, eager_only=True)
    schema = {**_types(frame.schema, dict(zip(kept.column_names, kept.schema.types, strict=True))), **foreign}
    return Columnar(frame.with_row_index(ROW).lazy(), arrow_library(), schema)


def _readable(given: Native, *, lent: bool) -> Native:
    """The type in which a pyarrow column is read; None where it cannot be."""
    import pyarrow as pa  # noqa: PLC0415

    is_ = pa.types
    if is_.is_timestamp(given):
        return pa.timestamp("us" if given.unit == "s" else given.unit, given.tz and "UTC")
    if is_.is_decimal(given):
        whole = given.bit_width <= 128 and given.scale >= 0
        return pa.decimal128(given.precision, given.scale) if whole else None
    if is_.is_dictionary(given):
        return (given if lent else pa.string()) if _is_text(given.value_type) else None
    if is_.is_list(given) or is_.is_large_list(given):
        return (given if lent else pa.list_(pa.string())) if _is_text(given.value_type) else None
    if _is_text(given):
        return given if lent else pa.string()
    plain = (is_.is_null, is_.is_boolean, is_.is_integer, is_.is_float32, is_.is_float64, is_.is_date32)
    return given if any(each(given) for each in plain) else None


def _is_text(given: Native) -> bool:
    import pyarrow as pa  # noqa: PLC0415

    return any(each(given) for each in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view))


def _from_pandas(frame: Native, place: str) -> Native:
    """A pandas frame as a pyarrow table. What is an accident of its types and holds nothing becomes a null column."""
    if importlib.util.find_spec("pyarrow") is None:
        mend = "install pyarrow, which holds three answers in one column"
        raise InputError([Problem(place, "is a pandas frame, and pyarrow is not there to read it", mend)])
    import pyarrow as pa  # noqa: PLC0415

    names = [str(name) for name in frame.columns]
    problems = [*_names(names, place)]
    columns: dict[str, Any] = {}
    for i, name in enumerate(names):
        series = frame.iloc[:, i]
        try:
            columns[name] = _series(series)
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            fault = f"holds values of several types, or such as no column can hold: {error}"
            problems.append(Problem(f"{place}, column {name}", fault, "make all of its values of one type"))
    raise_any(problems)
    return pa.table(columns)


def _series(series: Native) -> Native:
    import pyarrow as pa  # noqa: PLC0415

    found = pa.array(series, from_pandas=True)
    dated = pa.types.is_timestamp(found.type)
    if series.dtype == object and (dated or pa.types.is_date(found.type)):
        sorts = {_sort(value) for value in series.dropna()}
        if len(sorts) > 1:
            raise TypeError(" and ".join(sorted(sorts)))
    unset = pa.types.is_floating(found.type) or (dated and found.type.tz is None)
    return pa.nulls(len(found)) if unset and found.null_count == len(found) else found


def _sort(value: object) -> str:
    """What a value that pyarrow takes for a day or a time is."""
    if isinstance(value, dt.datetime):
        return "times without a zone" if value.tzinfo is None else "times with a zone"
    return "dates" if isinstance(value, dt.date) else f"values of {type(value).__name__}"


def _apart(engines: Mapping[str, AnyEngine], about: str) -> Iterator[Problem]:
    """The tables that cannot be joined to the one that is judged."""
    first = engines[about]
    for kind, engine in engines.items():
        if _library(engine) != _library(first):
            fault = f"is a frame of {_library(engine)}, and table {about} is one of {_library(first)}"
            yield Problem(f"table {kind}", fault, "give all tables as frames of one library")
        elif isinstance(engine, DuckDB) and isinstance(first, DuckDB) and not _joined(first.relation, engine.relation):
            mend = "make all relations with one connection"
            yield Problem(f"table {kind}", f"is of another connection than table {about}", mend)


def _library(engine: AnyEngine) -> str:
    return "DuckDB" if isinstance(engine, DuckDB) else str(engine.frame.implementation.value)


def _joined(one: Native, two: Native) -> bool:
    """Whether two relations are of one connection, which only DuckDB knows."""
    import duckdb  # noqa: PLC0415

    try:
        one.project("1").union(two.project("1"))
    except duckdb.InvalidInputException:
        return False
    return True
