"""Records to frames: the tables of a roster in the columns that the column reader reads.

Each kind becomes a frame with a column `id` and one for each fact that its records hold. Null is *not recorded*; for a
fact declared *or none* the boolean column `<fact>__none` says where it is known that there is none. A column has its
type also where nothing is recorded in it, and in an empty table.

Every frame is an arrow table first, and is handed over from there. Only the library that is asked for is imported.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args

from peersupport.rules.facts import NONE, Fact, Kind, Record, Vocabulary
from peersupport.rules.problems import Problem, near, raise_any
from peersupport.rules.tables import Tables

Backend: TypeAlias = Literal["polars", "pyarrow", "pandas", "duckdb"]
"""The libraries whose frames can be written."""

Foreign: TypeAlias = Any
"""A value of a library that need not be there."""

ABSENT: Final = "__none"
"""What the name of a fact is followed by in the column that says whether it is known to be absent."""

_DIGITS: Final = 38
"""The digits of a decimal column, those behind the point among them."""
_WHOLE: Final = range(-(2**63), 2**63)
"""The whole numbers that a column can hold."""


class HasTables(Protocol):
    """What a roster has."""

    @property
    def tables(self) -> Tables: ...


def frames_of(
    tables: Tables | HasTables,
    vocabulary: Vocabulary,
    backend: Backend = "polars",
    connection: Foreign = None,
) -> dict[str, Foreign]:
    """A frame for each table of a roster, by kind, with its records in their order.

    Those of `"pandas"` have columns of arrow types; those of `"duckdb"` are relations of the connection that is given.
    Raises `InputError` for a kind that the vocabulary does not have, and for a number that no column can hold.
    """
    given = (tables if isinstance(tables, Tables) else tables.tables).tables
    _check(given, vocabulary, backend, connection)
    arrow = importlib.import_module("pyarrow")
    problems: list[Problem] = []
    columns = {kind: _columns(vocabulary[kind], (*t.records.values(),), arrow, problems) for kind, t in given.items()}
    raise_any(problems)
    hand_over = _HANDED[backend]
    return {kind: hand_over(arrow.table(found), connection) for kind, found in columns.items()}


def _check(given: Iterable[str], vocabulary: Vocabulary, backend: str, connection: object) -> None:
    problems = [Problem("tables", f"there is no kind {k!r}", near(k, vocabulary)) for k in given if k not in vocabulary]
    if backend not in get_args(Backend):
        problems.append(Problem("backend", f"there is no {backend!r}", near(backend, get_args(Backend))))
    if backend == "duckdb" and connection is None:
        problems.append(Problem("connection", "is missing", "give the connection that the relations will belong to"))
    raise_any(problems)


def _columns(kind: Kind, records: Sequence[Record], arrow: ModuleType, problems: list[Problem]) -> dict[str, Foreign]:
    """The columns of a kind by name, without those that cannot be written: these are among the problems."""
    columns = {"id": arrow.array([record.id for record in records], arrow.string())}
    for fact in kind.stored:
        values = [getattr(record, fact.name, None) for record in records]
        faults = [*_faults(kind, fact, records, values)]
        problems += faults
        if not faults:
            columns[fact.name] = arrow.array([*map(_plain, values)], _type(fact, values, arrow))
        if fact.type.or_none:
            columns[fact.name + ABSENT] = arrow.array([value is NONE for value in values], arrow.bool_())
    return columns


def _plain(value: object) -> object:
    """A value as a column has it: an instant in UTC, a set as a list, and nothing for what is known to be absent."""
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC)
        case frozenset():
            return sorted(value)
        case _:
            return None if value is NONE else value


def _type(fact: Fact, values: Sequence[object], arrow: ModuleType) -> Foreign:
    """The type of a fact's column."""
    match fact.type.base:
        case "bool":
            return arrow.bool_()
        case "date":
            return arrow.date32()
        case "instant":
            return arrow.timestamp("us", "UTC")
        case "number":
            return arrow.decimal128(_DIGITS, _places(fact, values)) if fact.type.decimal else arrow.int64()
        case "set" | "refs":
            return arrow.list_(arrow.string())
        case _:
            return arrow.string()


def _places(fact: Fact, values: Iterable[object]) -> int:
    """The places behind the point: as many as the fact is declared with, or as the longest of the values has."""
    return max([fact.places or 0, *(-_exponent(value) for value in values if isinstance(value, Decimal))])


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


def _faults(kind: Kind, fact: Fact, records: Sequence[Record], values: Sequence[object]) -> Iterator[Problem]:
    """What is wrong with the numbers of a fact: those that its column could not hold to the last place."""
    if fact.type.base != "number":
        return
    whole = _DIGITS - _places(fact, values)
    for record, value in zip(records, values, strict=True):
        if isinstance(value, int | Decimal) and not _fits(fact, value, whole):
            place = f"{kind.name} {record.id!r}, {fact.name}"
            yield Problem(place, "has more digits than a column can hold", _mend(fact))


def _fits(fact: Fact, value: int | Decimal, whole: int) -> bool:
    """Whether a column can hold a number, `whole` being the digits before the point where it is a decimal."""
    return Decimal(value).adjusted() < whole if fact.type.decimal else value in _WHOLE


def _mend(fact: Fact) -> str:
    return f"a decimal has {_DIGITS} digits in all" if fact.type.decimal else "a whole number has 63 bits"


def _polars(table: Foreign, _connection: Foreign) -> Foreign:
    return importlib.import_module("polars").from_arrow(table)


def _pyarrow(table: Foreign, _connection: Foreign) -> Foreign:
    return table


def _pandas(table: Foreign, _connection: Foreign) -> Foreign:
    return table.to_pandas(types_mapper=importlib.import_module("pandas").ArrowDtype)


def _duckdb(table: Foreign, connection: Foreign) -> Foreign:
    return connection.from_arrow(table)


_HANDED: Mapping[Backend, Callable[[Foreign, Foreign], Foreign]] = {
    "polars": _polars,
    "pyarrow": _pyarrow,
    "pandas": _pandas,
    "duckdb": _duckdb,
}
"""How an arrow table is handed over to each library."""
