"""The expression tree: a closed union of small frozen nodes.

A reader has one `match` over `Term` that ends in `assert_never`, so a new node lists its own to-do. A traversal is
written once, here: `children` and `walk`.

Records stand in an environment, the judged one at depth 0 and the related one of a condition at depth 1 (2 inside
another condition). A path starts at one of them, or at the program, and goes on over references.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import attrs

from peersupport.rules.calendar import Period
from peersupport.rules.facts import BOOL, DATE, INSTANT, NUMBER, Fact, Type

PROGRAM = -1
"""The depth of a path that starts at the program's record."""


@attrs.frozen
class Step:
    """One step of a path: forward over a reference of the record, or back to the records that refer to it.

    `kind` is where the step leads. A back step over no fact leads from the program to every record of a kind.
    `picked` says that the text names the reference in brackets; `says` is what a reference means.
    """

    kind: str
    fact: str
    forward: bool
    many: bool
    picked: bool = False
    says: str = ""


@attrs.frozen
class Path:
    """Where a record is found: a start (the depth in the environment) and steps from it."""

    depth: int
    kind: str
    steps: tuple[Step, ...] = ()

    @property
    def leads_to(self) -> str:
        """The kind at the path's end."""
        return self.steps[-1].kind if self.steps else self.kind


@attrs.frozen
class Lit:
    """A value written in the rule. Its type is part of it, so 1 is not yes."""

    value: bool | int | Decimal | str | dt.date | frozenset[str]
    type: Type


@attrs.frozen
class On:
    """The day of the judgement."""

    type: Type = DATE


@attrs.frozen
class Read:
    """A fact of the record at the end of a path. With `event` it is taken as something that happens or has not yet."""

    path: Path
    fact: Fact
    event: bool = False

    @property
    def type(self) -> Type:
        """The fact's type."""
        return self.fact.type


@attrs.frozen
class Defined:
    """The value of a definition of the rulebook, for the record at the end of a path."""

    path: Path
    rule: str
    type: Type
    event: bool = False


@attrs.frozen
class Shift:
    """A date or an instant moved by a period."""

    base: Term
    by: Period

    @property
    def type(self) -> Type:
        """What is moved stays what it is."""
        return attrs.evolve(self.base.type, or_none=False)


Function: TypeAlias = Literal["day", "next_open", "first_of_month", "days_between", "age", "birthday", "min", "max"]


@attrs.frozen
class Call:
    """A function of values."""

    name: Function
    args: tuple[Term, ...]
    type: Type


@attrs.frozen
class Arith:
    """A sum, difference or product of numbers."""

    op: Literal["+", "-", "*"]
    left: Term
    right: Term
    type: Type = NUMBER


Order: TypeAlias = Literal["<", "<=", ">", ">=", "==", "!="]


@attrs.frozen
class Compare:
    """One value held against another."""

    op: Order
    left: Term
    right: Term
    type: Type = BOOL


@attrs.frozen
class In:
    """A choice is one of a set; with `negated` it is none of it."""

    item: Term
    of: Term
    negated: bool = False
    type: Type = BOOL


@attrs.frozen
class Subset:
    """All members of one set are members of another."""

    left: Term
    right: Term
    type: Type = BOOL


@attrs.frozen
class Common:
    """The members that two sets share."""

    left: Term
    right: Term

    @property
    def type(self) -> Type:
        """A set like the left one."""
        return self.left.type


@attrs.frozen
class Known:
    """A value is recorded. The one node that learning a fact can turn from yes to no, and back."""

    of: Term
    type: Type = BOOL


@attrs.frozen
class Exists:
    """A value is there: no when it is known to be absent or an empty set."""

    of: Term
    type: Type = BOOL


@attrs.frozen
class AtLeast:
    """At least k of some conditions: `and` is all of them, `or` is one."""

    k: int
    of: tuple[Term, ...]
    type: Type = BOOL


@attrs.frozen
class Not:
    """A condition does not hold."""

    of: Term
    type: Type = BOOL


@attrs.frozen
class Met:
    """Another rule of the rulebook holds of the same record."""

    rule: str
    type: Type = BOOL


@attrs.frozen
class Covers:
    """A day or instant lies inside a span."""

    start: Term
    end: Term
    through: bool
    at: Term
    type: Type = BOOL


@attrs.frozen
class Overlaps:
    """A span shares some time with the interval from one moment until before another."""

    start: Term
    end: Term
    through: bool
    since: Term
    until: Term
    type: Type = BOOL


Gathering: TypeAlias = Literal["any", "all", "count", "sum", "distinct", "first", "last", "nth", "each"]


@attrs.frozen
class Gather:
    """Something over related records: whether any or all of them meet a condition, how many, or an event of theirs.

    `where` and `value` stand one depth further in, at the related record. `n` is the n of `nth`.
    """

    op: Gathering
    path: Path
    where: Term | None
    value: Term | None
    type: Type
    n: int = 0


@attrs.frozen
class Earliest:
    """The earliest of several events, any of which will do."""

    of: tuple[Term, ...]

    @property
    def type(self) -> Type:
        """The type of the events."""
        return self.of[0].type


Term: TypeAlias = (
    Lit
    | On
    | Read
    | Defined
    | Shift
    | Call
    | Arith
    | Compare
    | In
    | Subset
    | Common
    | Known
    | Exists
    | AtLeast
    | Not
    | Met
    | Covers
    | Overlaps
    | Gather
    | Earliest
)

EVENTS: frozenset[str] = frozenset({"first", "last", "nth", "each"})


def both(*conditions: Term) -> Term:
    """All of some conditions, flat."""
    return _joined(len, conditions)


def either(*conditions: Term) -> Term:
    """One of some conditions, flat."""
    return _joined(lambda _: 1, conditions)


def _joined(k: Callable[[tuple[Term, ...]], int], conditions: tuple[Term, ...]) -> Term:
    if len(conditions) == 1:
        return conditions[0]
    flat: list[Term] = []
    for condition in conditions:
        same = isinstance(condition, AtLeast) and len(condition.of) > 1 and condition.k == k(condition.of)
        flat.extend(condition.of if same and isinstance(condition, AtLeast) else (condition,))
    return AtLeast(k(tuple(flat)), tuple(flat))


def children(term: Term) -> Iterator[Term]:
    """The terms directly below a term, in the order of its fields."""
    for name in _FIELDS[type(term)]:
        value = getattr(term, name)
        if isinstance(value, NODES):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, NODES))


def walk(term: Term) -> Iterator[Term]:
    """A term and everything below it, from the top."""
    yield term
    for child in children(term):
        yield from walk(child)


def rebuilt(
    term: Term,
    *,
    node: Callable[[Term], Term | None] = lambda _: None,
    path: Callable[[Path], Path] = lambda same: same,
) -> Term:
    """A term with other nodes in the place of some, from the top, and with other paths."""
    other = node(term)
    if other is not None:
        return other

    def part(value: object) -> object:
        if isinstance(value, Path):
            return path(value)
        if isinstance(value, NODES):
            return rebuilt(value, node=node, path=path)
        if isinstance(value, tuple):
            return tuple(part(each) for each in value)
        return value

    parts: dict[str, Any] = {name: part(getattr(term, name)) for name in _FIELDS[type(term)]}
    found: Term = attrs.evolve(term, **parts)
    return found


def as_event(term: Term) -> Term:
    """A date taken as something that happens: what is absent or lies ahead has not happened yet."""
    match term:
        case Read() if is_moment(term.type) and term.fact.happens:
            return attrs.evolve(term, event=True)
        case Defined():
            return attrs.evolve(term, event=True)
        case Shift():
            return attrs.evolve(term, base=as_event(term.base))
        case Call():
            return attrs.evolve(term, args=tuple(as_event(arg) for arg in term.args))
        case _:
            return term


def covering(term: Covers) -> Term:
    """A day lies in a span: not before its start, and before its end (or not after its last day)."""
    inside = Compare("<=" if term.through else "<", term.at, term.end)
    return both(Compare("<=", term.start, term.at), inside)


def overlapping(term: Overlaps) -> Term:
    """Two intervals share time: each starts before the other ends."""
    ends_later = Compare(">=" if term.through else ">", term.end, term.since)
    return both(Compare("<", term.start, term.until), ends_later)


def comparison_fault(order: Order, one: Type, other: Type) -> tuple[str, str] | None:
    """Why two values cannot be held against each other, and the mend; None when they can."""
    if {one.base, other.base} == {"date", "instant"}:
        return "a date does not compare with an instant", "write day(...) for the instant's date"
    if one.base != other.base:
        return f"{one} does not compare with {other}", _unit_mend(one, other)
    if one.base == "number" and one.unit and other.unit and one.unit != other.unit:
        return f"{one} does not compare with {other}", "bring both to one unit"
    if one.base == "ref" and one.kind != other.kind:
        return f"{one} is never {other}", ""
    if one.base in {"set", "refs"}:
        return f"{one} is not compared this way", "write `in`, `<=` or exists(a & b)"
    if one.base == "text":
        return "a text is not compared", "ask exists(...) whether it is there"
    unordered = order not in {"==", "!="} and not one.ordered
    return (f"{one} has no order", "only == and != fit") if unordered else None


def _unit_mend(one: Type, other: Type) -> str:
    bases = {one.base, other.base}
    if "number" in bases and bases & {"date", "instant"}:
        return "count with days_between(...), or write a date as in date(2026, 1, 31)"
    return ""


def is_moment(type_: Type) -> bool:
    """Whether values of a type are moments in time."""
    return type_.base in {DATE.base, INSTANT.base}


NODES = (
    Lit,
    On,
    Read,
    Defined,
    Shift,
    Call,
    Arith,
    Compare,
    In,
    Subset,
    Common,
    Known,
    Exists,
    AtLeast,
    Not,
    Met,
    Covers,
    Overlaps,
    Gather,
    Earliest,
)

_FIELDS: dict[type, tuple[str, ...]] = {node: tuple(field.name for field in attrs.fields(node)) for node in NODES}
