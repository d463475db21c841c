"""The tables at the door: opened by their own library, held against the vocabulary, and refused with every fault told.

A frame of pandas, Polars, pyarrow or DuckDB becomes an engine; one that cannot hold three answers is converted first.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns import days
from peersupport.readers.columns.engines import (
    MEMBER,
    OWNER,
    ROW,
    Columnar,
    DuckDB,
    Engine,
    Frame,
    Native,
    Types,
    absent_of,
    arrow_library,
    polars_library,
    scale_of,
)
from peersupport.rules import terms
from peersupport.rules.calendar import FIRST_DAY, LAST_DAY
from peersupport.rules.facts import Base, Fact, Kind, Vocabulary
from peersupport.rules.problems import InputError, Problem, raise_any
from peersupport.rules.terms import Path, Term

_SHOWN: Final = 5


def opened(native: Native, name: str, *, lend: bool) -> Engine:
    """The engine of a frame."""
    frame = nw.from_native(native, pass_through=True)
    there = isinstance(frame, (nw.DataFrame, nw.LazyFrame))
    library = frame.implementation if there else None
    if library is nw.Implementation.DUCKDB:
        numbered = native.project(f'*, row_number() OVER () - 1 AS "{ROW}"')
        return DuckDB(numbered, _types(frame))
    if library is nw.Implementation.POLARS:
        return _polars(native)
    if library is nw.Implementation.PANDAS:
        return _arrow(_from_pandas(native, name), lend=lend)
    if library is nw.Implementation.PYARROW:
        return _arrow(native, lend=lend)
    fault = f"is a {type(native).__name__}, and no frame that can be read"
    raise InputError([Problem(name, fault, "give a pandas, Polars, pyarrow or DuckDB table")])


def _types(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> Types:
    """The columns with their types; one of nothing but nulls may have none, and is not there."""
    return {name: dtype for name, dtype in frame.collect_schema().items() if dtype != nw.Unknown}


def _polars(native: Native) -> Engine:
    lazy = native.lazy().with_row_index(ROW)
    frame = nw.from_native(lazy)
    return Columnar(frame, polars_library(), _types(frame))


def _arrow(table: Native, *, lend: bool) -> Engine:
    if lend and importlib.util.find_spec("polars"):
        import polars as pl  # noqa: PLC0415

        return _polars(pl.from_arrow(table))
    frame = nw.from_native(table, eager_only=True).with_row_index(ROW).lazy()
    return Columnar(frame, arrow_library(), _types(frame))


def _from_pandas(frame: Native, name: str) -> Native:
    if importlib.util.find_spec("pyarrow") is None:
        mend = "install pyarrow, which holds three answers in one column"
        raise InputError([Problem(name, "is a pandas frame, and pyarrow is not there to read it", mend)])
    import pyarrow as pa  # noqa: PLC0415

    problems: list[Problem] = []
    columns: dict[str, Any] = {}
    for column in frame.columns:
        try:
            columns[str(column)] = pa.array(frame[column], from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            problems.append(Problem(f"{name}, column {column}", f"holds values of several types: {error}"))
    raise_any(problems)
    return pa.table(columns)


# what is asked for


@attrs.frozen
class Asked:
    """The facts of each kind that rules ask for: those that they read, and the days that say when a record was."""

    read: dict[str, set[str]] = attrs.field(factory=dict)
    days: dict[str, set[str]] = attrs.field(factory=dict)

    def of(self, kind: Kind) -> list[Fact]:
        """The facts of a kind that a table of it may hold."""
        names = self.read.get(kind.name, set()) | self.days.get(kind.name, set())
        return [kind.facts[name] for name in sorted(names) if name in kind.facts and not kind.facts[name].borrowed]


def used(terms_: Iterable[Term], kinds: Vocabulary, behind: Callable[[str], Iterable[Term]]) -> Asked:
    """The facts that some terms ask for, themselves and in the rules and definitions `behind` them."""
    found, seen = Asked(), set[str]()
    waiting = list(terms_)
    while waiting:
        for node in terms.walk(waiting.pop()):
            if isinstance(node, (terms.Read, terms.Defined, terms.Gather)):
                _walked(node.path, kinds, found)
            if isinstance(node, terms.Read):
                found.read.setdefault(node.path.leads_to, set()).add(node.fact.name)
            if isinstance(node, (terms.Defined, terms.Met)) and node.rule not in seen:
                seen.add(node.rule)
                waiting.extend(behind(node.rule))
    return found


def _walked(path: Path, kinds: Vocabulary, found: Asked) -> None:
    """The references of a path, and the days of the records on it."""
    here = path.kind
    for step in path.steps:
        found.read.setdefault(here if step.forward else step.kind, set()).update({step.fact} - {""})
        here = step.kind
    for name in (path.kind, *(step.kind for step in path.steps)):
        kind = kinds[name]
        ends = (kind.span.start, kind.span.end) if kind.span else ()
        found.days.setdefault(name, set()).update({kind.dated_by, *ends} - {""})


# what is wrong


def checked(engines: Mapping[str, Engine], asked: Asked, kinds: Vocabulary, *, trusted: bool, rows: Rows) -> list[str]:
    """The columns that are asked for and not there, once every table has been held against its kind.

    Raises `InputError` with every fault. The values and keys of tables that are `trusted` are not looked at.
    """
    problems: list[Problem] = []
    missing: list[str] = []
    for name, engine in engines.items():
        facts = asked.of(kinds[name])
        if "id" not in engine.types:
            problems.append(Problem(f"table {name}", "there is no column 'id'", "give each record an id of its own"))
            continue
        read = asked.read.get(name, set())
        missing.extend(f"{name}.{fact.name}" for fact in facts if fact.name in read - set(engine.types))
        faults = [fault for fact in facts if (fault := _type_fault(name, fact, engine.types))]
        problems.extend(faults)
        if not faults and not trusted:
            problems.extend(_value_faults(name, facts, engine, rows))
    if not problems and not trusted:
        problems.extend(_dangling(engines, asked, kinds, rows))
    raise_any(problems)
    return missing


Rows: TypeAlias = Callable[[Frame], list[tuple[Any, ...]]]


_WHOLE: Final = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64)
_TEXTS: Final = (nw.String, nw.Categorical, nw.Enum)
_TYPES: Final[dict[Base, tuple[tuple[type[nw.dtypes.DType], ...], str]]] = {
    "bool": ((nw.Boolean,), "make it a column of yes and no, with null for what is not recorded"),
    "date": ((nw.Date,), "make it a column of dates: parse the texts, or cut the times off"),
    "instant": ((nw.Datetime,), "make it a column of times with their zone"),
    "choice": (_TEXTS, "make it a column of texts"),
    "text": (_TEXTS, "make it a column of texts"),
    "ref": (_TEXTS, "make it a column of texts"),
    "set": ((nw.String, nw.List), "make it a column of lists, or of texts with semicolons between"),
    "refs": ((nw.String, nw.List), "make it a column of lists, or of texts with semicolons between"),
    "number": (_WHOLE, "make it a column of whole numbers; nothing is computed in floating point"),
}


def _type_fault(table: str, fact: Fact, types: Types) -> Problem | None:
    given = types.get(fact.name)
    if given is None:
        return None
    allowed, mend = _TYPES[fact.type.base]
    fits = isinstance(given, allowed)
    if fact.type.decimal:
        fits, mend = fits or given == nw.Decimal, "make it a column of decimals; nothing is computed in floating point"
    if isinstance(given, nw.Datetime) and fact.type.base == "instant" and given.time_zone is None:
        return Problem(f"table {table}, column {fact.name}", "is a column of times without a zone", mend)
    if fits:
        return None
    return Problem(f"table {table}, column {fact.name}", f"is {given}, and the fact is {fact.type}", mend)


def _value_faults(table: str, facts: list[Fact], engine: Engine, rows: Rows) -> Iterator[Problem]:
    """The rows whose values are no values of their facts: how many, and the first few."""
    there = [fact for fact in facts if fact.name in engine.types]
    frame = engine.folded(there)
    faults = [
        (f"column {fact.name}", fault, mend, bad) for fact in there for fault, mend, bad in _bad(fact, frame, rows)
    ]
    nameless = nw.col("id").is_null() | (nw.col("id") == "")
    faults.insert(0, ("column id", "is empty", "give each record an id of its own", nameless))
    counts = rows(frame.select(*(_ones(bad).sum().alias(f"~{i}") for i, (*_, bad) in enumerate(faults))))
    for (where, fault, mend, bad), count in zip(faults, counts[0], strict=True):
        if count:
            yield _found(
                table, where, fault, mend, int(count), rows(frame.filter(bad).select(ROW).sort(ROW).head(_SHOWN))
            )
    twice = frame.group_by("id").agg(nw.len().alias("~n")).filter((nw.col("~n") > 1) & ~nw.col("id").is_null())
    again = rows(frame.join(twice.select("id"), on="id", how="semi").select(ROW).sort(ROW))
    if again:
        mend = "each record has an id of its own"
        yield _found(table, "column id", "is the id of several rows", mend, len(again), again[:_SHOWN])


def _ones(bad: nw.Expr) -> nw.Expr:
    return nw.when(bad).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))


def _found(table: str, where: str, fault: str, mend: str, count: int, first: list[tuple[Any, ...]]) -> Problem:
    shown = ", ".join(str(row) for (row,) in first) + (", ..." if count > len(first) else "")
    noun = "row" if count == 1 else "rows"
    return Problem(f"table {table}, {where}", f"{fault} in {count} {noun}, counted from 0: {shown}", mend)


def _bad(fact: Fact, frame: Frame, rows: Rows) -> Iterator[tuple[str, str, nw.Expr]]:
    """What may be wrong with the values of a fact, and in which rows it is."""
    column, base = nw.col(fact.name), fact.type.base
    if base == "choice" and fact.type.choices:
        known = [*fact.type.choices, str(absent_of(base))]
        yield "is not one of its choices", f"write one of {', '.join(fact.type.choices)}", ~column.is_in(known)
    if base == "set" and fact.type.choices:
        strange = _strange(fact, frame, rows)
        if strange:
            yield (
                "has a member that is not one of its choices",
                f"write some of {', '.join(fact.type.choices)}",
                column.is_in(strange),
            )
    if base == "date":
        first, last = days.number(FIRST_DAY), days.number(LAST_DAY)
        inside = ((column >= first) & (column <= last)) | (column == absent_of(base))
        yield "lies outside of the years 1900 to 2199", "mend the date", ~inside
    if base == "number":
        yield from _out_of_bounds(fact, column)


def _out_of_bounds(fact: Fact, column: nw.Expr) -> Iterator[tuple[str, str, nw.Expr]]:
    scale = 10 ** scale_of(fact)
    if fact.minimum is not None:
        yield f"is below {fact.minimum}", "mend the number", column < int(fact.minimum * scale)
    if fact.maximum is not None:
        above = (column > int(fact.maximum * scale)) & (column != absent_of("number"))
        yield f"is above {fact.maximum}", "mend the number", above


def _strange(fact: Fact, frame: Frame, rows: Rows) -> list[str]:
    """The sets with a member that is no choice of theirs."""
    distinct = rows(frame.select(fact.name).filter(~nw.col(fact.name).is_null()).unique())
    known = set(fact.type.choices)
    return [text for (text,) in distinct if not {each for each in text.split(";") if each} <= known]


def _dangling(engines: Mapping[str, Engine], asked: Asked, kinds: Vocabulary, rows: Rows) -> Iterator[Problem]:
    """The rows that refer to nobody."""
    for name, engine in engines.items():
        for fact in asked.of(kinds[name]):
            target = engines.get(fact.type.kind) if fact.type.kind else None
            if target is None or fact.name not in engine.types:
                continue
            ids = target.folded([]).select(nw.col("id").alias("~id"))
            found = _links(fact, engine).join(ids, left_on=MEMBER, right_on="~id", how="anti")
            lost = rows(found.select(ROW).unique().sort(ROW))
            if lost:
                fault, mend = (
                    f"refers to no {fact.type.kind} that is there",
                    f"add it to {fact.type.kind}, or mend the id",
                )
                yield _found(f"{name}", f"column {fact.name}", fault, mend, len(lost), lost[:_SHOWN])


def _links(fact: Fact, engine: Engine) -> Frame:
    """Each reference of a fact beside the number of its row."""
    if fact.type.base == "ref":
        there = engine.folded([fact]).select(ROW, nw.col(fact.name).alias(MEMBER))
        return there.filter(~nw.col(MEMBER).is_null() & (nw.col(MEMBER) != absent_of("ref")))
    owners = engine.folded([]).select(ROW, "id")
    return engine.links(fact.name).join(owners, left_on=OWNER, right_on="id", how="inner").select(ROW, MEMBER)
