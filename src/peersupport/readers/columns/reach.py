"""The related records of a path in columns: the group in which they are asked, and what is not known of the way there.

Each distinct path and condition is one grouped frame beside the rows that ask for it. What speaks of the related record
alone is asked at its own root, so that the frame is shared; what speaks of both is asked of the pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import values
from peersupport.readers.columns.chains import EVERYBODY, Chain
from peersupport.readers.columns.column import FALSE, TRUE, Bool, Column, named
from peersupport.readers.columns.days import number
from peersupport.readers.columns.engines import Frame
from peersupport.readers.columns.scope import KEY, PARENT, START, Pair, Scope, World, free_depths, moved
from peersupport.readers.columns.values import (
    ABSENT,
    DAY_TOP,
    NOTHING,
    Lacks,
    Truth,
    Value,
    lacking,
    together,
)
from peersupport.rules import terms
from peersupport.rules.facts import DATE
from peersupport.rules.terms import PROGRAM, Gather, Path, Term

Ask: TypeAlias = Callable[[Term, Scope], Any]


@attrs.frozen(eq=False)
class Asks:
    """How terms are asked for: any, an answer, a value, and a number brought to some places, with its own places."""

    any: Ask
    truth: Callable[[Term, Scope], Truth]
    value: Callable[[Term, Scope], Value]
    number: Callable[[Term, Scope, int], Value]
    scale: Callable[[Term, World], int]


@attrs.frozen(eq=False)
class Group:
    """Related records beside the rows that ask for them: where they are asked, and by what they are found again."""

    here: Scope
    at: Scope
    chain: Chain
    on: Column
    paired: bool

    def rows(self, columns: Mapping[str, Column]) -> Frame:
        """A row for each related record, with the key of the row that asks for it."""
        if self.paired:
            return self.at.frame({KEY: named(PARENT, full=True), **columns})
        return self.chain.rows(columns).rename({START: KEY})

    def gathered(self, found: Mapping[str, tuple[str, Column]], keep: Bool = TRUE) -> dict[str, Column]:
        """Some columns of the related records, each the `min`, `max` or `sum` of it, beside the rows that ask."""
        names = {name: self.here.world.name() for name in found}
        columns = {names[name]: column for name, (_, column) in found.items()}

        def make(wanted: set[str]) -> Frame:
            kept = {name: columns[name] for name in columns if name in wanted}
            rows = self._kept(kept, keep)
            how = {names[name]: op for name, (op, _) in found.items()}
            return rows.group_by(KEY).agg(*(getattr(nw.col(name), how[name])().alias(name) for name in kept))

        self.here.joined([self.on], [KEY], list(names.values()), make)
        return {name: counted(named(names[name])) if found[name][0] == "sum" else named(names[name]) for name in found}

    def _kept(self, columns: Mapping[str, Column], keep: Bool) -> Frame:
        if keep.const is True:
            return self.rows(columns)
        return self.rows({**columns, KEEP: keep}).filter(nw.col(KEEP)).select(KEY, *columns)

    def flags(self, lacks: Lacks) -> dict[str, tuple[str, Column]]:
        """What is lacked, as columns of which the greatest is taken."""
        return {LACKS + key: ("max", rows) for key, rows in lacks.columns.items()}


KEEP: Final = "~keep"
LACKS: Final = "lacks "
"""Names of columns that are made here: what is kept, and what is lacked, before the name of that."""


def counted(column: Column) -> Column:
    """A number of records, none where there is no row of them."""
    return col.fill(col.only(column, lambda each: each.cast(nw.Int64), full=False), col.int_lit(0))


def lacks_of(found: Mapping[str, Column]) -> Lacks:
    """What some gathered columns say is lacked."""
    return Lacks(
        lambda: {name.removeprefix(LACKS): col.surely(each) for name, each in found.items() if name.startswith(LACKS)}
    )


@attrs.frozen(eq=False)
class Reach:
    """Related records as far as they are known: `broken` where they are not, `hidden` where more may lie unseen."""

    group: Group | None
    broken: Lacks
    hidden: Lacks
    nobody: Bool = FALSE

    @property
    def is_broken(self) -> Bool:
        """Where the related records are not known."""
        return self.broken.any()

    @property
    def is_hidden(self) -> Bool:
        """Where there may be more than what was told."""
        return self.hidden.any()


def reached(term: Gather, scope: Scope, asks: Asks) -> Reach:
    """The related records of a gathering, with the scope in which its condition and its value are asked."""
    world, steps = scope.world, term.path.steps
    first = next((i for i, step in enumerate(steps) if step.many or not step.forward), len(steps))
    kinds = [term.path.kind, *(step.kind for step in steps)]
    chain = Chain(world, kinds[first], steps[first:])
    start, lacks = _start(term.path, first, scope, asks)
    untold = next((step.kind for step in steps[:first] if not world.root(step.kind).given), None) or chain.untold
    if untold is not None:
        rest = lacking(world.lacked(untold), col.known(start))
        return Reach(None, together((lacks, rest)), NOTHING)
    inner = scope.depth + 1
    asked = [each for each in (term.where, term.value) if each is not None]
    free = frozenset[int]().union(*(free_depths(each, inner) for each in asked))
    if free <= {inner}:
        group = Group(scope, chain.last, chain, scope.named(start), paired=False)
    else:
        pair = Pair(scope, scope.named(start), chain.last, chain.rows)
        group = Group(scope, pair, chain, scope.named(scope.key), paired=True)
    broken = together((lacks, *(_broken(key, frame, scope, start) for key, frame in chain.broken())))
    return Reach(group, broken, _hidden(term.path, scope, asks))


def _start(path: Path, first: int, scope: Scope, asks: Asks) -> tuple[Column, Lacks]:
    """The id of the record from which a path branches, and what is missing to know it."""
    if path.depth == PROGRAM and scope.world.program is None:
        return col.null(nw.String), lacking(scope.world.lacked("program"), TRUE)
    if not path.steps[first].forward and not path.steps[first].fact:
        return col.lit(EVERYBODY, nw.String), NOTHING
    if not first:
        return scope.start(), NOTHING
    kinds = [path.kind, *(step.kind for step in path.steps)]
    before, step = kinds[first - 1], path.steps[first - 1]
    fact = scope.world.rulebook.vocabulary[before].facts[step.fact]
    ref = asks.value(terms.Read(Path(path.depth, path.kind, path.steps[: first - 1]), fact), scope)
    return ref.low, ref.lacks


def _broken(key: str, starts: Frame, scope: Scope, start: Column) -> Lacks:
    name = scope.world.name()
    marked = starts.with_columns(nw.lit(value=True).alias(name))
    scope.joined([start], [START], [name], lambda _: marked)
    return lacking(key, col.surely(named(name)))


def _hidden(path: Path, scope: Scope, asks: Asks) -> Lacks:
    """Where a look-back may reach before the day from which a table on the path is complete."""
    world = scope.world
    direct = path.depth == 0 and not any(step.forward for step in path.steps)
    root = _judged(scope)
    direct = direct and not (root is not None and root.nested)
    for step in path.steps:
        since = None if step.forward else world.complete_since.get(step.kind)
        if since is None:
            continue
        key = world.lacked(step.kind, "since")
        if not direct or root is None:
            return lacking(key, TRUE)
        day = _dated(root, asks, scope)
        return lacking(key, TRUE if day is None else col.fill(col.lt(day, col.day_lit(number(since))), TRUE))
    return NOTHING


def _judged(scope: Scope) -> Any:  # noqa: ANN401  the root of the record judged, at the bottom of the pairs
    while isinstance(scope, Pair):
        scope = scope.parent
    return scope


def _dated(root: Any, asks: Asks, scope: Scope) -> Column | None:  # noqa: ANN401
    """The day of the record judged, absent where it is known to have none."""
    kind = root.kind
    if not kind.dated_by:
        return None
    fact = attrs.evolve(kind.facts[kind.dated_by], happens=False)
    read: Term = terms.Read(Path(0, kind.name), fact)
    if fact.type.base == "instant":
        read = terms.Call("day", (read,), DATE)
    value = asks.value(read, scope)
    absent = col.day_lit(-DAY_TOP)
    return col.choose(col.eq(value.low, value.top), absent, value.low) if value.wide else value.low


def held_of(term: Gather, group: Group, asks: Asks) -> Truth:
    """Whether each related record meets the condition, beside its row."""
    if term.where is None:
        return values.constant(value=True)
    return asks.truth(at_record(term.where, group), group.at)


def at_record(term: Term, group: Group) -> Term:
    """A term about a related record as it reads where it is asked."""
    if group.paired:
        return term
    inner = group.here.depth + 1
    return moved(term, lambda depth: depth - inner)


def read_of(term: Gather, group: Group, asks: Asks) -> Value:
    """What is read of each related record: its id where nothing is."""
    if term.value is None:
        return Value(group.at.start(), group.at.start(), col.lit(ABSENT, nw.String))
    value = terms.as_event(term.value) if term.op in terms.EVENTS else term.value
    return asks.value(at_record(value, group), group.at)
