"""What is asked of the tables, and what is wrong with them: types always, values and keys unless they are trusted.

The values of a table are counted in one pass, fault by fault; only for what is found the rows are looked up.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns import days
from peersupport.readers.columns.engines import (
    EMPTY_SET,
    GIVEN,
    KNOWN_NONE,
    MEMBER,
    NONE_SUFFIX,
    ODD,
    OWNER,
    PLACES,
    ROW,
    Engine,
    Frame,
    Nothing,
    Types,
    absent_of,
    limit,
    says_none,
    scale_of,
)
from peersupport.rules import terms
from peersupport.rules.calendar import FIRST_DAY, LAST_DAY
from peersupport.rules.facts import Base, Fact, Kind, Vocabulary
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.terms import Path, Term

Rows: TypeAlias = Callable[[Frame], list[tuple[Any, ...]]]
"""Reads the rows of a frame."""

_SHOWN: Final = 5

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


def used(about: str, terms_: Iterable[Term], kinds: Vocabulary, behind: Callable[[str], Iterable[Term]]) -> Asked:
    """The facts that some terms about a kind ask for, themselves and in the rules and definitions `behind` them.

    The days of the kind are among them, because they say whether a rule was in force.
    """
    found, seen = Asked(), set[str]()
    _dated(kinds[about], found)
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
        _dated(kinds[name], found)


def _dated(kind: Kind, found: Asked) -> None:
    ends = (kind.span.start, kind.span.end) if kind.span else ()
    found.days.setdefault(kind.name, set()).update({kind.dated_by, *ends} - {""})


# what is wrong


@attrs.frozen
class Table:
    """A table at the door: its engine, the facts of its kind that rules ask for, and those with a sound column."""

    name: str
    engine: Engine
    asked: list[Fact]
    sound: list[Fact]
    has_ids: bool
    """Whether its ids have a type; those of an empty table need none."""
    sound_ids: bool


def checked(
    engines: Mapping[str, Engine], asked: Asked, kinds: Vocabulary, *, trusted: bool, rows: Rows
) -> tuple[dict[str, Engine], list[str]]:
    """The tables, with the columns that an empty one need not have, and what is asked for and not there.

    Raises `InputError` with every fault. The values and keys of tables that are `trusted` are not looked at.
    """
    problems: list[Problem] = []
    tables = [_typed(name, engine, asked.of(kinds[name]), problems, rows) for name, engine in engines.items()]
    if not trusted:
        found = [hit for table in tables for hit in _values(table, rows)]
        found += _dangling(
            {table.name: table for table in tables}, {(hit.table, hit.fault.column) for hit in found}, rows
        )
        problems += [hit.problem for hit in found]
    raise_any(problems)
    missing = [said for table in tables for said in _missing(table, kinds[table.name], asked.read.get(table.name, ()))]
    return {table.name: table.engine for table in tables}, missing


def _typed(name: str, engine: Engine, facts: list[Fact], problems: list[Problem], rows: Rows) -> Table:
    """A table whose types were looked at; an empty one has every column."""
    fault = _id_fault(name, engine, rows)
    has_ids = fault is None and not isinstance(engine.types["id"], Nothing)
    if fault:
        engine = engine.typed({**engine.types, "id": Nothing()})
    if fault is None and _is_empty(engine, facts, rows):
        blank = {fact.name: Nothing() for fact in facts}
        engine = engine.typed({**blank, **engine.types})
    faults = {fact.name: [*_type_faults(name, fact, engine.types)] for fact in facts}
    problems += [*([fault] if fault else []), *(each for found in faults.values() for each in found)]
    sound = [fact for fact in facts if fact.name in engine.types and not faults[fact.name]]
    return Table(name, engine, facts, sound, has_ids, sound_ids=fault is None)


def _is_empty(engine: Engine, facts: list[Fact], rows: Rows) -> bool:
    """Whether a table has no rows; asked only where it lacks columns and is there already."""
    if isinstance(engine.types["id"], Nothing):
        return True  # or it would be at fault
    lacks = any(fact.name not in engine.types for fact in facts)
    return lacks and engine.steady and not _count(engine, rows)


def _count(engine: Engine, rows: Rows) -> int:
    ((count,),) = rows(engine.folded([]).select(nw.len()))
    return int(count)


def _id_fault(name: str, engine: Engine, rows: Rows) -> Problem | None:
    place, mend = f"table {name}", "give each record an id of its own"
    given = engine.types.get("id")
    if given is None:
        return Problem(place, "there is no column 'id'", mend)
    if isinstance(given, Nothing):
        count = _count(engine, rows)
        return Problem(f"{place}, column id", f"is not recorded in {_rows_of(count)}", mend) if count else None
    if isinstance(given, _TEXTS):
        return None
    return Problem(f"{place}, column id", f"is {given}, and an id is a text", "cast it to text")


def _missing(table: Table, kind: Kind, read: Iterable[str]) -> Iterator[str]:
    """The facts that are read and have no column, each with the column that may be meant for it."""
    types = table.engine.types
    ours = {"id", *(fact + suffix for fact in kind.facts for suffix in ("", NONE_SUFFIX))}
    others = {name.lower(): name for name in types if name not in ours}
    for fact in table.asked:
        if fact.name in read and fact.name not in types:
            yield f"{table.name}.{fact.name}{_near(fact.name, others)}"
        beside = _near(fact.name + NONE_SUFFIX, others)
        if fact.type.or_none and beside and fact.name + NONE_SUFFIX not in types:
            yield f"{table.name}.{fact.name}{NONE_SUFFIX}{beside}"


def _near(name: str, others: Mapping[str, str]) -> str:
    close = difflib.get_close_matches(name, others, n=1, cutoff=0.8)
    return f" (there is a column {others[close[0]]!r})" if close else ""


# types


_WHOLE: Final = (
    *(nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.Int128),
    *(nw.UInt8, nw.UInt16, nw.UInt32, nw.UInt64),
)
_TEXTS: Final = (nw.String, nw.Categorical, nw.Enum)
_SETS: Final = (nw.String, nw.Categorical, nw.Enum, nw.List)
_TEXT: Final = "make it a column of texts"
_LISTED: Final = "make it a column of lists of texts, or of texts with semicolons between"
_EXACT: Final = "nothing is computed in floating point"
_TYPES: Final[dict[Base, tuple[tuple[type[nw.dtypes.DType], ...], str]]] = {
    "bool": ((nw.Boolean,), "make it a column of yes and no, with null for what is not recorded"),
    "date": ((nw.Date,), "make it a column of dates: parse the texts, or cut the times off, in pandas with `.dt.date`"),
    "instant": ((nw.Datetime,), "make it a column of times with their zone"),
    "choice": (_TEXTS, _TEXT),
    "text": (_TEXTS, _TEXT),
    "ref": (_TEXTS, _TEXT),
    "set": (_SETS, _LISTED),
    "refs": (_SETS, _LISTED),
    "number": (_WHOLE, f"make it a column of whole numbers, in pandas with `.astype('Int64')`; {_EXACT}"),
}


def _type_faults(table: str, fact: Fact, types: Types) -> Iterator[Problem]:
    place, beside = f"table {table}, column {fact.name}", types.get(fact.name + NONE_SUFFIX)
    if beside is not None and beside != nw.Boolean:
        fault = f"is {beside}, and says where {fact.name} is known to be absent"
        yield Problem(f"{place}{NONE_SUFFIX}", fault, "make it a column of yes and no")
    given = types.get(fact.name)
    if given is None or isinstance(given, Nothing):
        return
    allowed, mend = _TYPES[fact.type.base]
    if fact.type.decimal:
        allowed, mend = (*allowed, nw.Decimal), f"make it a column of decimals; {_EXACT}"
    if isinstance(given, nw.Datetime) and fact.type.base == "instant" and given.time_zone is None:
        yield Problem(place, "is a column of times without a zone", mend)
    elif not isinstance(given, allowed) or (isinstance(given, nw.List) and not _is_text(given.inner)):
        yield Problem(place, f"is {given}, and the fact is {fact.type}", mend)


def _is_text(given: nw.dtypes.DType | type[nw.dtypes.DType]) -> bool:
    return any(given == each for each in _TEXTS)


# values


@attrs.frozen
class Fault:
    """What may be wrong with a column, and the mend."""

    column: str
    says: str
    mend: str


@attrs.frozen
class Hit:
    """A fault that a table has: in how many rows, and the first of them."""

    table: str
    fault: Fault
    count: int
    first: list[tuple[Any, ...]]

    @property
    def problem(self) -> Problem:
        """The fault in words."""
        shown = ", ".join(str(row) for (row,) in self.first[:_SHOWN]) + (", ..." if self.count > _SHOWN else "")
        said = f"{self.fault.says} in {_rows_of(self.count)}, counted from 0: {shown}"
        return Problem(f"table {self.table}, column {self.fault.column}", said, self.fault.mend)


def _rows_of(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


@attrs.frozen(eq=False)
class Suspect:
    """Rows that may be bad, for one of some reasons, which are told apart only where there are any."""

    bad: nw.Expr
    why: tuple[tuple[Fault, nw.Expr], ...]

    def within(self, rows: nw.Expr) -> Suspect:
        """The same in some rows alone."""
        return Suspect(rows & self.bad, tuple((fault, rows & bad) for fault, bad in self.why))


def _one(column: str, says: str, mend: str, bad: nw.Expr) -> Suspect:
    return Suspect(bad, ((Fault(column, says, mend), bad),))


def _values(table: Table, rows: Rows) -> Iterator[Hit]:
    """The faults of a table's values: first all are counted, then those that there are are looked up."""
    frame = table.engine.folded(table.sound, flagged=True)
    suspects = [each for fact in table.sound for each in _suspects(fact, table.engine.types, frame, rows)]
    if table.has_ids:
        suspects.append(_texts("id", nw.col("id"), _ID, nw.col("id").is_null()))
    hit, alone = _counts(frame, [each.bad for each in suspects], rows)
    why = [each for i in hit for each in suspects[i].why]
    for i, count in _counts(frame, [bad for _, bad in why], rows)[0].items():
        fault, bad = why[i]
        yield Hit(table.name, fault, count, rows(frame.filter(bad).select(ROW).sort(ROW).head(_SHOWN)))
    if table.has_ids and not alone:
        yield from _taken(table, frame, rows)
    for fact in table.sound:
        if fact.type.base == "refs":
            yield from _repeated(table, fact, rows)


def _counts(frame: Frame, conditions: list[nw.Expr], rows: Rows) -> tuple[dict[int, int], bool]:
    """In how many rows each of some conditions holds, without those that hold in none; and whether no id is twice."""
    if not conditions:
        return {}, False
    counted = [_ones(bad).sum().alias(f"~{i}") for i, bad in enumerate(conditions)]
    ((*counts, ids, count),) = rows(frame.select(*counted, nw.col("id").n_unique().alias("~ids"), nw.len()))
    return {i: int(count) for i, count in enumerate(counts) if count}, ids == count


def _ones(bad: nw.Expr) -> nw.Expr:
    return nw.when(bad).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))


def _taken(table: Table, frame: Frame, rows: Rows) -> Iterator[Hit]:
    """The rows that share an id."""
    twice = frame.group_by("id").agg(nw.len().alias("~n")).filter((nw.col("~n") > 1) & ~nw.col("id").is_null())
    again = rows(frame.join(twice.select("id"), on="id", how="semi").select(ROW).sort(ROW))
    if again:
        yield Hit(
            table.name, Fault("id", "is the id of several rows", "each record has an id of its own"), len(again), again
        )


def _repeated(table: Table, fact: Fact, rows: Rows) -> Iterator[Hit]:
    """The rows that refer to the same record twice."""
    links = table.engine.links(fact.name).group_by(OWNER, MEMBER).agg(nw.len().alias("~n"))
    twice = links.filter(nw.col("~n") > 1).select(OWNER)
    again = rows(table.engine.folded([]).join(twice, left_on="id", right_on=OWNER, how="semi").select(ROW).sort(ROW))
    if again:
        yield Hit(table.name, Fault(fact.name, *_TWICE), len(again), again)


# the faults that a value may have


_BLANK: Final = r"^\s*$"
_OURS: Final = r"^~.*~$"
_UNPRINTED: Final = r"[\p{C}\p{Zl}\p{Zp}\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]"
"""All that Python does not print: what controls, what is invisible, and every blank but one."""
_TEXT_FAULTS: Final = (
    (_OURS, "begins and ends with ~, as values of this library do", "call it something else"),
    (_UNPRINTED, "has a character that does not print", "leave it out"),
)
_ID: Final = (_BLANK, "is empty", "give each record an id of its own")
_REFERENCE: Final = (_BLANK, "is empty", "leave it null where it is not recorded")
_TWICE: Final = ("has a member twice", "write each member once")
_MEMBERS: Final = (
    (r";\s*;|;none;", "has an empty member, or none beside others", "separate members by one semicolon"),
    (r";~[^;]*~;", *_TEXT_FAULTS[0][1:]),
    _TEXT_FAULTS[1],
)
_BLANKS: Final = (
    r";\s+[^\s;]|[^\s;]\s+;",
    "has a blank beside a member",
    "write the members with a semicolon alone between",
)


def _texts(
    name: str, column: nw.Expr, more: tuple[str, str, str] | None = None, also: nw.Expr | None = None
) -> Suspect:
    """Texts that no record has, looked for in one go; `also` are rows with the fault that is named first."""
    wrong = [*([more] if more else []), *_TEXT_FAULTS]
    any_ = column.str.contains("|".join(pattern for pattern, *_ in wrong))
    why = [(Fault(name, says, mend), column.str.contains(pattern)) for pattern, says, mend in wrong]
    if also is None:
        return Suspect(any_, tuple(why))
    return Suspect(also | any_, ((why[0][0], also | why[0][1]), *why[1:]))


def _suspects(fact: Fact, types: Types, frame: Frame, rows: Rows) -> Iterator[Suspect]:
    """What may be wrong with the values of a fact."""
    given, beside = nw.col(f"{GIVEN}{fact.name}"), fact.name + NONE_SUFFIX
    if beside in types:
        none = nw.col(f"{KNOWN_NONE}{fact.name}")
        if says_none(fact, types):
            says = f"has a value where {beside} says that there is none"
            yield _one(fact.name, says, "leave one of them out", given & none)
            given = given & ~none.fill_null(value=False)
        else:
            says = f"says that there is none, which {fact.name} cannot be"
            yield _one(beside, says, "leave the value null where it is not recorded", none)
    if not isinstance(types[fact.name], Nothing):
        yield from (each.within(given) for each in _of_type(fact, types, frame, rows))


def _of_type(fact: Fact, types: Types, frame: Frame, rows: Rows) -> Iterator[Suspect]:
    name, column = fact.name, nw.col(fact.name)
    match fact.type.base:
        case "choice" if fact.type.choices:
            mend = f"write one of {', '.join(fact.type.choices)}"
            yield _one(name, "is not one of its choices", mend, ~column.is_in(fact.type.choices))
        case "ref":
            yield _texts(name, column, _REFERENCE)
        case "choice" | "text":
            yield _texts(name, column)
        case "date":
            inside = (column >= days.number(FIRST_DAY)) & (column <= days.number(LAST_DAY))
            yield _one(name, *_YEARS, column.is_null() | ~inside)
        case "instant":
            yield _one(name, *_YEARS, column.is_null() | nw.col(f"{ODD}{name}"))
        case "number":
            yield from _numbers(fact, types[name], column)
        case "set" | "refs":
            yield from _sets(fact, types, frame, rows)


_YEARS: Final = ("lies outside of the years 1900 to 2199", "mend the date")


def _numbers(fact: Fact, given: nw.dtypes.DType, column: nw.Expr) -> Iterator[Suspect]:
    scale = scale_of(fact)
    says, mend = f"is beyond {limit(scale):,}, the most that can be computed with", "mend the number"
    if isinstance(given, nw.Decimal):
        says = f"has more than {scale} decimal places, or is beyond {limit(scale):,}"
        mend = "round it" if fact.places is not None else f"round it; a fact that declares no `places` has {PLACES}"
    yield _one(fact.name, says, mend, column.is_null() | (column > limit(0)) | (column < -limit(0)))
    if fact.minimum is not None:
        yield _one(fact.name, f"is below {fact.minimum}", "mend the number", column < int(fact.minimum * 10**scale))
    if fact.maximum is not None:
        above = (column > int(fact.maximum * 10**scale)) & (column <= limit(0))
        yield _one(fact.name, f"is above {fact.maximum}", "mend the number", above)


def _sets(fact: Fact, types: Types, frame: Frame, rows: Rows) -> Iterator[Suspect]:
    name, column = fact.name, nw.col(fact.name)
    sound = column != EMPTY_SET
    listed = isinstance(types[name], nw.List)
    if listed:
        says = "has a member that is null, empty or none, or that holds a semicolon"
        yield _one(name, says, "leave it out; an empty list is the empty set", nw.col(f"{ODD}{name}"))
        sound = sound & ~nw.col(f"{ODD}{name}")
    if fact.type.base == "refs":
        wrong = _MEMBERS if listed else (*_MEMBERS, _BLANKS)
        why = [(Fault(name, says, mend), column.str.contains(pattern)) for pattern, says, mend in wrong]
        yield Suspect(column.str.contains("|".join(pattern for pattern, *_ in wrong)), tuple(why)).within(sound)
        return
    distinct = rows(frame.select(name).filter(~nw.col(name).is_null()).unique())
    for says, mend, strange in _strange(
        [text for (text,) in distinct if text != EMPTY_SET], fact.type.choices, listed=listed
    ):
        yield _one(name, says, mend, column.is_in(strange)).within(sound)


def _strange(texts: list[str], choices: tuple[str, ...], *, listed: bool) -> Iterator[tuple[str, str, list[str]]]:
    """The sets, each a text, that are none of a fact's, by what is wrong with them."""
    found: dict[tuple[str, str], list[str]] = {}
    for text in texts:
        found.setdefault(_set_fault(text[1:-1].split(";"), choices, listed=listed), []).append(text)
    return ((*fault, strange) for fault, strange in found.items() if fault != _SOUND)


_SOUND: Final = ("", "")


def _set_fault(members: list[str], choices: tuple[str, ...], *, listed: bool) -> tuple[str, str]:
    if any(not each.strip() or each == "none" for each in members):
        return _MEMBERS[0][1:]
    if len(set(members)) < len(members):
        return _TWICE
    if not listed and any(each != each.strip() for each in members):
        return _BLANKS[1:]
    if choices and not set(members) <= set(choices):
        return "has a member that is not one of its choices", f"write some of {', '.join(choices)}"
    if any(each.startswith("~") and each.endswith("~") and len(each) > 1 for each in members):
        return _MEMBERS[1][1:]
    return _SOUND if all(each.isprintable() for each in members) else _MEMBERS[2][1:]


# references


def _dangling(tables: Mapping[str, Table], bad: set[tuple[str, str]], rows: Rows) -> Iterator[Hit]:
    """The rows that refer to nobody. Not asked where the reference, or the ids it leads to, are at fault themselves."""
    for table in tables.values():
        for fact in table.sound:
            target = tables.get(fact.type.kind) if fact.type.kind else None
            faulty = {(table.name, fact.name), (fact.type.kind, "id")} & bad
            if target is None or faulty or not target.sound_ids:
                continue
            yield from _lost(table, fact, target, rows)


def _lost(table: Table, fact: Fact, target: Table, rows: Rows) -> Iterator[Hit]:
    ids = target.engine.folded([]).select(nw.col("id").alias("~id"))
    found = _links(fact, table.engine).join(ids, left_on=MEMBER, right_on="~id", how="anti")
    lost = rows(found.select(ROW).unique().sort(ROW))
    if lost:
        says, mend = f"refers to no {fact.type.kind} that is there", f"add it to {fact.type.kind}, or mend the id"
        yield Hit(table.name, Fault(fact.name, says, mend), len(lost), lost)


def _links(fact: Fact, engine: Engine) -> Frame:
    """Each reference of a fact beside the number of its row."""
    if fact.type.base == "ref":
        there = engine.folded([fact]).select(ROW, nw.col(fact.name).alias(MEMBER))
        return there.filter(~nw.col(MEMBER).is_null() & (nw.col(MEMBER) != absent_of("ref")))
    owners = engine.folded([]).select(ROW, "id")
    return engine.links(fact.name).join(owners, left_on=OWNER, right_on="id", how="inner").select(ROW, MEMBER)
