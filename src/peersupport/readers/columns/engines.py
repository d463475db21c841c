"""The frames of others at the door: each engine turns the facts of a table into plain whole numbers and texts.

Inside, a date is a day number (32 bits) and an instant microseconds since 1970 (64 bits), a decimal is a whole number
of its last places, a set is its members between semicolons. Null is not recorded; what is known to be absent stands
after everything.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, Protocol, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns.column import DataType
from peersupport.readers.columns.values import ABSENT, DAY_TOP, TOP
from peersupport.rules.calendar import FIRST_DAY, LAST_DAY
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
GIVEN: Final = "~given "
"""Before the name of a fact: whether anything is recorded, as it was given."""
KNOWN_NONE: Final = "~none "
"""Before the name of a fact: whether it is known to be absent."""
ODD: Final = "~odd "
"""Before the name of a fact: whether its value cannot be kept as it is."""


class Nothing(nw.dtypes.DType):
    """The type of a column of nothing but nulls."""


class Foreign(nw.dtypes.DType):
    """A type that no fact can have, under the name that its library gives it."""

    __slots__ = ("said",)

    def __init__(self, said: str) -> None:
        self.said = said

    def __repr__(self) -> str:
        return self.said


class Engine(Protocol):
    """What a frame is asked for before it is read."""

    @property
    def types(self) -> Types:
        """The columns with their types."""
        ...

    @property
    def steady(self) -> bool:
        """Whether its rows come in one order, however often they are asked for; those of a query need not."""
        ...

    def typed(self, types: Types) -> Engine:
        """The same with other types of its columns."""
        ...

    def folded(self, facts: Sequence[Fact], *, flagged: bool = False) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded.

        `flagged` ones come with what was given: whether there was a value, whether it is known to be absent, and
        whether it is one that cannot be kept.
        """
        ...

    def links(self, fact: str) -> Frame:
        """The members of a folded set, each beside the id of its record."""
        ...

    def made(self, rows: Mapping[str, Sequence[Any]], types: Mapping[str, DataType]) -> Frame:
        """A small frame of values that were found here."""
        ...

    def held(self, facts: Sequence[Fact]) -> Engine:
        """The same with the columns of some facts, where its rows could come in another order when asked for again."""
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

    joined: Callable[[Native, str, str], Native]
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
    steady: bool = True

    def typed(self, types: Types) -> Engine:
        """The same with other types of its columns."""
        return attrs.evolve(self, types=types)

    def held(self, facts: Sequence[Fact]) -> Engine:
        """The same with the columns of some facts, computed once where its rows come in no order of their own."""
        if self.steady:
            return self
        return attrs.evolve(self, frame=self.kept(self.frame.select(*_needed(facts, self.types))))

    def folded(self, facts: Sequence[Fact], *, flagged: bool = False) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded."""
        there = [fact for fact in facts if fact.name in self.types]
        flags = {name: flag for fact in there for name, flag in _flags(fact, self.types)} if flagged else {}
        frame = self.frame.with_columns(**flags) if flags else self.frame
        for fact in there:
            if isinstance(self.types[fact.name], nw.List):
                odd = f"{ODD}{fact.name}" if flagged else ""
                frame = _lazy(self.library.joined(frame.to_native(), fact.name, odd))
            if isinstance(self.types[fact.name], nw.Decimal):
                frame = _lazy(self.library.scaled(frame.to_native(), fact.name, scale_of(fact)))
        columns = [_folded(fact, self.types) for fact in there]
        return frame.select(_text("id", self.types).alias("id"), nw.col(ROW).cast(nw.Int64), *columns, *flags)

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


def _needed(facts: Sequence[Fact], types: Types) -> list[str]:
    """The columns of a table that some facts need, with the number of the row."""
    wanted = ["id", *(f"{fact.name}{suffix}" for fact in facts for suffix in ("", NONE_SUFFIX))]
    return [ROW, *(name for name in wanted if name in types and not isinstance(types[name], Nothing))]


def _lazy(native: Native) -> Frame:
    """A frame of some library as a lazy one."""
    frame: Frame = nw.from_native(native).lazy()
    return frame


def _flags(fact: Fact, types: Types) -> Iterator[tuple[str, nw.Expr]]:
    """What is asked of a fact before it is folded; of a list it is asked where its members are joined."""
    name, given = fact.name, types[fact.name]
    nothing = isinstance(given, Nothing)
    yield f"{GIVEN}{name}", nw.lit(value=False) if nothing else ~nw.col(name).is_null()
    if name + NONE_SUFFIX in types:
        yield f"{KNOWN_NONE}{name}", nw.col(name + NONE_SUFFIX)
    if isinstance(given, nw.Datetime):
        first, last = (at * _PER_SECOND[given.time_unit] for at in SECONDS)
        physical = nw.col(name).cast(nw.Int64)
        yield f"{ODD}{name}", (physical < first) | (physical >= last)
    if isinstance(given, nw.List):
        yield f"{ODD}{name}", nw.lit(value=False)


def _seconds(day: dt.date) -> int:
    return (day.toordinal() - dt.date(1970, 1, 1).toordinal()) * 86_400


SECONDS: Final = (_seconds(FIRST_DAY), _seconds(LAST_DAY) + 86_400)
"""Since 1970, the first second that can be judged and the first after the last."""
_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def _text(name: str, types: Types) -> nw.Expr:
    if isinstance(types[name], Nothing):
        return nw.lit(None, dtype=nw.String)
    return nw.col(name) if types[name] == nw.String else nw.col(name).cast(nw.String)


def _dtype(base: Base) -> nw.dtypes.DType:
    """How the values of a type are kept."""
    if base == "bool":
        return nw.Boolean()
    return nw.String() if is_text(base) else nw.Int32() if base == "date" else nw.Int64()


def _folded(fact: Fact, types: Types) -> nw.Expr:
    base = fact.type.base
    column = nw.lit(None, dtype=_dtype(base)) if isinstance(types[fact.name], Nothing) else _plain(fact, types)
    if says_none(fact, types):
        absent = nw.lit(absent_of(base), dtype=_dtype(base))
        column = nw.when(nw.col(fact.name + NONE_SUFFIX)).then(absent).otherwise(column)
    return column.alias(fact.name)


def says_none(fact: Fact, types: Types) -> bool:
    """Whether a column says where a fact is known to be absent; of a set, where it is empty."""
    return (fact.type.or_none or fact.type.base in {"set", "refs"}) and fact.name + NONE_SUFFIX in types


def _plain(fact: Fact, types: Types) -> nw.Expr:
    column, given = nw.col(fact.name), types[fact.name]
    match fact.type.base:
        case "bool":
            return column
        case "date":
            return column.cast(nw.Int32)
        case "instant":
            return column.dt.timestamp("us")
        case "number":
            return column if isinstance(given, nw.Decimal) else _whole(column, given, scale_of(fact))
        case "set" | "refs":
            return _members(column if isinstance(given, nw.List) else _text(fact.name, types))
        case _:
            return _text(fact.name, types)


_SHORT: Final = (nw.Int8, nw.Int16, nw.Int32, nw.UInt8, nw.UInt16, nw.UInt32)


def limit(scale: int) -> int:
    """The largest number with some places that can be computed with."""
    return int((TOP - 1) // 10**scale)


def _whole(column: nw.Expr, given: nw.dtypes.DType, scale: int) -> nw.Expr:
    """A whole number in its last places; null where it would be too large."""
    if isinstance(given, _SHORT if limit(scale) >= 2**32 else ()) or (given == nw.Int64 and not scale):
        return column.cast(nw.Int64) * 10**scale if scale else column.cast(nw.Int64)
    unsigned = given == nw.UInt64
    inside = column <= nw.lit(limit(scale), dtype=nw.UInt64 if unsigned else nw.Int64)
    inside = inside if unsigned else inside & (column >= -limit(scale))
    kept: nw.Expr = nw.when(inside).then(column).cast(nw.Int64)
    return kept * 10**scale if scale else kept


def _members(text: nw.Expr) -> nw.Expr:
    between = nw.concat_str(nw.lit(";"), text, nw.lit(";"))
    return nw.when(text == "none").then(nw.lit(EMPTY_SET)).otherwise(nw.when(text != "").then(between))


@attrs.frozen(eq=False)
class DuckDB:
    """A DuckDB relation: its facts are folded in SQL."""

    relation: Native
    types: Types
    steady: bool = True

    def typed(self, types: Types) -> Engine:
        """The same with other types of its columns."""
        return attrs.evolve(self, types=types)

    def held(self, facts: Sequence[Fact]) -> Engine:
        """The same with the columns of some facts, computed once where its rows come in no order of their own."""
        if self.steady:
            return self
        names = ", ".join(f'"{name}"' for name in _needed(facts, self.types))
        return attrs.evolve(self, relation=self.kept(_lazy(self.relation.project(names))).to_native())

    def folded(self, facts: Sequence[Fact], *, flagged: bool = False) -> Frame:
        """The id, the number of the row, and those of some facts that the table has, each folded."""
        there = [fact for fact in facts if fact.name in self.types]
        columns = [f'{self._id} AS "id"', f'"{ROW}"', *(self._sql(fact) for fact in there)]
        columns += [flag for fact in there for flag in self._flags(fact)] if flagged else []
        return _lazy(self.relation.project(", ".join(columns)))

    @property
    def _id(self) -> str:
        return f"CAST({'NULL' if isinstance(self.types['id'], Nothing) else _quoted('id')} AS VARCHAR)"

    def _flags(self, fact: Fact) -> Iterator[str]:
        """What is asked of a fact as it was given."""
        name, given = f'"{fact.name}"', self.types[fact.name]
        yield f'{"FALSE" if isinstance(given, Nothing) else f"{name} IS NOT NULL"} AS "{GIVEN}{fact.name}"'
        if fact.name + NONE_SUFFIX in self.types:
            yield f'"{fact.name}{NONE_SUFFIX}" AS "{KNOWN_NONE}{fact.name}"'
        if isinstance(given, nw.Datetime):
            first, last = (f"to_timestamp({at})" for at in SECONDS)
            yield f'{name} < {first} OR {name} >= {last} AS "{ODD}{fact.name}"'
        if isinstance(given, nw.List):
            text = f"array_to_string({name}, ';')"
            commas = f"length({text}) - length(replace({text}, ';', ''))"
            none = f"contains(';' || {text} || ';', ';none;')"
            odd = f"list_count({name}) <> len({name}) OR {text} = '' OR {commas} <> len({name}) - 1 OR {none}"
            yield f'len({name}) > 0 AND ({odd}) AS "{ODD}{fact.name}"'

    def _sql(self, fact: Fact) -> str:
        name, base = f'"{fact.name}"', fact.type.base
        column = "NULL" if isinstance(self.types[fact.name], Nothing) else self._plain(name, fact)
        if says_none(fact, self.types):
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
                return self._number(name, fact)
            case "set" | "refs":
                return self._members(name, fact)
            case _:
                return name

    def _number(self, name: str, fact: Fact) -> str:
        """A number in its last places; null where it would be too large, or has more places."""
        given, scale = self.types[fact.name], scale_of(fact)
        inside, kept = f"{name} BETWEEN -{limit(scale)} AND {limit(scale)}", "BIGINT"
        if isinstance(given, nw.Decimal):
            kept = f"DECIMAL(38, {scale})"
            inside += f" AND {name} % {_unit(scale)} = 0" if given.scale > scale else ""
        return f"CASE WHEN {inside} THEN CAST({name} AS {kept}) * {10**scale} END"

    def _members(self, name: str, fact: Fact) -> str:
        listed = isinstance(self.types[fact.name], nw.List)
        text = f"array_to_string({name}, ';')" if listed else name
        empty = f"len({name}) = 0" if listed else f"{name} = 'none'"
        return f"CASE WHEN {empty} THEN '{EMPTY_SET}' WHEN {text} <> '' THEN ';' || {text} || ';' END"

    def links(self, fact: str) -> Frame:
        """The members of a folded set, each beside the id of its record."""
        folded = self._sql(Fact(fact, _REFS))
        sets = self.relation.project(f'{self._id} AS "{OWNER}", {folded}')
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


def _quoted(name: str) -> str:
    return f'"{name}"'


def _unit(places: int) -> str:
    """The last place of a decimal, as SQL writes it."""
    return f"{Decimal(1).scaleb(-places):f}"


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

    lists = pl.List(pl.String)

    def joined(frame: Any, name: str, odd: str) -> Any:  # noqa: ANN401
        column = pl.col(name) if frame.collect_schema()[name].inner == pl.String else pl.col(name).cast(lists)
        count, text = column.list.len(), column.list.join(";", ignore_nulls=False)
        columns = {name: pl.when(count == 0).then(pl.lit("none")).otherwise(column.list.join(";"))}
        if odd:
            between = text.str.count_matches(";", literal=True)
            none = pl.concat_str(pl.lit(";"), text, pl.lit(";")).str.contains(";none;", literal=True)
            strange = ((text == "") | (between + 1 != count) | none).fill_null(value=True)
            columns[odd] = (count > 0) & strange
        return frame.with_columns(**columns)

    def exploded(frame: Any, name: str) -> Any:  # noqa: ANN401
        each = frame.with_columns(pl.col(name).str.strip_chars(";").str.split(";")).explode(name)
        return each.filter(pl.col(name) != "")

    def scaled(frame: Any, name: str, places: int) -> Any:  # noqa: ANN401
        more = frame.collect_schema()[name].scale - places
        unit = pl.lit(10 ** abs(more), dtype=pl.Int128)
        raw = pl.col(name).to_physical()
        if more > 0:
            raw = pl.when(raw % unit == 0).then(raw // unit)
        kept = pl.when(raw.abs() <= limit(max(-more, 0))).then(raw).cast(pl.Int64)
        return frame.with_columns(kept * 10**-more if more < 0 else kept)

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

    def joined(table: Any, name: str, odd: str) -> Any:  # noqa: ANN401
        count, text = pc.list_value_length(table[name]), pc.binary_join(table[name], ";")
        if odd:
            between = pc.not_equal(pc.add(pc.count_substring(text, ";"), 1), count)
            none = pc.match_substring(pc.binary_join_element_wise("", text, "", ";"), ";none;")
            strange = pc.fill_null(pc.or_(pc.or_(pc.equal(text, ""), between), none), fill_value=True)
            table = set_(table, odd, pc.and_(pc.greater(count, 0), strange))
        return set_(table, name, pc.if_else(pc.equal(count, 0), "none", text))

    def set_(table: Any, name: str, column: Any) -> Any:  # noqa: ANN401
        return table.set_column(table.schema.get_field_index(name), name, column)

    def exploded(table: Any, name: str) -> Any:  # noqa: ANN401
        lists = pc.split_pattern(pc.utf8_trim(table[name].combine_chunks(), ";"), ";")
        owners = table[OWNER].combine_chunks().take(pc.list_parent_indices(lists))
        each = pa.table({OWNER: owners, name: pc.list_flatten(lists)})
        return each.filter(pc.not_equal(each[name], ""))

    def made(rows: Mapping[str, Sequence[Any]], types: Mapping[str, Any]) -> Any:  # noqa: ANN401
        kept = {nw.String: pa.string(), nw.Int32: pa.int32(), nw.Int64: pa.int64(), nw.Boolean: pa.bool_()}
        return pa.table({name: pa.array(list(each), type=kept[types[name]]) for name, each in rows.items()})

    def scaled(table: Any, name: str, places: int) -> Any:  # noqa: ANN401
        column, given = table[name], table[name].type
        kept, top = pc.is_valid(column), limit(0) * 10**given.scale // 10**places
        if top < 10**given.precision:
            last = Decimal((0, tuple(map(int, str(top))), -given.scale))
            kept = pc.and_(kept, pc.less_equal(pc.abs(column), pa.scalar(last, given)))
        if given.scale > places:
            cut = pc.round(column, ndigits=places, round_mode="towards_zero")
            kept = pc.and_(kept, pc.equal(cut, column))
        exact = pc.cast(pc.if_else(kept, column, None), pa.decimal128(38, places))
        return set_(table, name, pc.cast(pc.replace_substring(pc.cast(exact, pa.string()), ".", ""), pa.int64()))

    return Library(joined, scaled, exploded, made)
