"""Frames that grow: the rows about which terms are asked, and the steps that add columns to them.

The rows of a root are the records of a kind; those of a pair are a record with one related to it, or with two. A column
is added once, by an expression or by a join, and a frame is built from the steps that its columns need and no others.
What speaks of one record alone is asked at that kind's root, once for all rules, and taken from there.
"""

from __future__ import annotations

import abc
import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns.column import VARIES, Column, DataType, named
from peersupport.readers.columns.engines import ROW, Engine, Frame, Ordered
from peersupport.readers.columns.values import Held, Lacks, Truth
from peersupport.rules import terms
from peersupport.rules.calendar import Office
from peersupport.rules.terms import PROGRAM, Path, Term

if TYPE_CHECKING:
    from peersupport.rules.facts import Kind
    from peersupport.rules.rulebook import Rulebook

KEY: Final = "~key"
PARENT: Final = "~parent"
START: Final = "~start"
RELATED: Final = "~related"
_PAIRED: Final = 2**31
_START_OF: Final = "~start of"

Made: TypeAlias = Callable[[set[str]], Frame]


@attrs.frozen(eq=False)
class With:
    """A step that adds a column by an expression."""

    name: str
    column: Column


@attrs.frozen(eq=False)
class Join:
    """A step that adds columns of another frame, found by a column of this one: null where there is no such row."""

    on: tuple[Column, ...]
    keys: tuple[str, ...]
    names: dict[str, None]
    make: Made
    kept: dict[frozenset[str], Frame] | None = None
    """What was made already, where that is small and asked for several times."""


class Scope(abc.ABC):
    """Some rows with the steps that add columns to them, and the terms that were asked about them already."""

    def __init__(self, world: World, depth: int) -> None:
        self.world = world
        self.depth = depth
        self.memo: dict[object, Any] = {}
        self._steps: list[With | Join] = []

    @property
    @abc.abstractmethod
    def key(self) -> Column:
        """The number of a row."""

    @abc.abstractmethod
    def base(self, names: set[str]) -> Frame:
        """The rows themselves with some columns."""

    def home(self, term: Term) -> Home:
        """Where a term is asked."""
        return Home(self, term, lambda column: column)

    def of_related(self, column: Column) -> Column:
        """A column of the last record's root among those of these rows."""
        return column

    @abc.abstractmethod
    def start(self) -> Column:
        """The id of the last record of the environment."""

    def named(self, column: Column) -> Column:
        """A column under a name of its own, so that it is computed once."""
        return column if column.const is not VARIES or column.name else self._written(column)

    def _written(self, column: Column) -> Column:
        name = self.world.name()
        self._steps.append(With(name, column))
        return named(name, full=column.full)

    def add(self, step: With | Join) -> None:
        """One more step."""
        self._steps.append(step)

    def joined(self, on: Sequence[Column], keys: Sequence[str], names: Sequence[str], make: Made) -> None:
        """Columns of another frame beside these rows."""
        left = tuple(self.named(each) if each.const is VARIES else self._written(each) for each in on)
        self._steps.append(Join(left, tuple(keys), dict.fromkeys(names), make, {}))

    def frame(self, columns: Mapping[str, Column]) -> Frame:
        """The rows with some columns under new names: only the steps that they need are taken."""
        needed = set[str]().union(*(each.reads for each in columns.values()))
        steps = list(reversed([*self._needed(needed)]))
        frame = self.base(needed - {name for step in steps for name in _names(step)})
        for level in _levels(steps):
            for step in level:
                if isinstance(step, Join):
                    frame = self._beside(frame, step, needed)
            frame = _with(frame, [step for step in level if isinstance(step, With)])
        return frame.select(**{name: each.expr for name, each in columns.items()})

    def joins(self, columns: Mapping[str, Column]) -> bool:
        """Whether other frames stand beside these rows for some columns, so that their order may be lost."""
        needed = set[str]().union(*(each.reads for each in columns.values()))
        return any(isinstance(step, Join) for step in self._needed(needed))

    def _beside(self, frame: Frame, step: Join, needed: set[str]) -> Frame:
        names = needed & set(step.names)
        if step.kept is None:
            other = step.make(names)
        else:
            key = frozenset(names)
            if key not in step.kept:
                step.kept[key] = self.world.kept(step.make(names))
            other = step.kept[key]
        return frame.join(other, left_on=[each.name for each in step.on], right_on=list(step.keys), how="left")

    def _needed(self, needed: set[str]) -> Iterator[With | Join]:
        for step in reversed(self._steps):
            if needed & set(_names(step)):
                needed |= _reads(step)
                yield step


class Sheet:
    """A plain frame that grows: what is computed on it twice gets a name of its own."""

    def __init__(self, frame: Frame, world: World) -> None:
        self._frame = frame
        self._steps: list[With | Join] = []
        self._world = world

    def named(self, column: Column) -> Column:
        """A column under a name of its own."""
        name = self._world.name()
        self._steps.append(With(name, column))
        return named(name, full=column.full)

    @property
    def frame(self) -> Frame:
        """The frame with all that was named."""
        frame = self._frame
        for level in _levels(self._steps):
            frame = _with(frame, [step for step in level if isinstance(step, With)])
        return frame


@attrs.frozen(eq=False)
class Home:
    """Where a term is asked, how it reads there, and how its columns come back from there."""

    scope: Scope
    term: Term
    bring: Callable[[Column], Column]

    def take(self, held: Held) -> Held:
        """A value or an answer of there among the columns of the rows that ask."""
        bring, lacks = self.bring, held.lacks
        brought = Lacks(lambda: {key: bring(each) for key, each in lacks.columns.items()})
        if isinstance(held, Truth):
            return Truth(bring(held.holds), brought, held.waits)
        low = bring(held.low)
        high = low if held.point else bring(held.high)
        return attrs.evolve(held, low=low, high=high, lacks=brought, raw=held.raw and bring(held.raw))


def _names(step: With | Join) -> Sequence[str]:
    return (step.name,) if isinstance(step, With) else tuple(step.names)


def _reads(step: With | Join) -> frozenset[str]:
    return step.column.reads if isinstance(step, With) else frozenset().union(*(each.reads for each in step.on))


def _levels(steps: Iterable[With | Join]) -> list[list[With | Join]]:
    """Steps in levels: each needs columns of earlier levels alone, so that those of one are taken together."""
    at: dict[str, int] = {}
    levels: list[list[With | Join]] = []
    for step in steps:
        level = max((at[name] for name in _reads(step) if name in at), default=0)
        at |= dict.fromkeys(_names(step), level + 1)
        if level == len(levels):
            levels.append([])
        levels[level].append(step)
    return levels


def _with(frame: Frame, steps: Sequence[With]) -> Frame:
    return frame.with_columns(**{step.name: step.column.expr for step in steps}) if steps else frame


class Root(Scope):
    """The records of one kind. A table that was not given has no rows, and none of its facts is known."""

    def __init__(self, world: World, kind: Kind, *, nested: bool = False) -> None:
        super().__init__(world, 0)
        self.kind = kind
        self.nested = nested
        self.engine = world.engines.get(kind.name)
        self._links: dict[str, Link] = {}

    @property
    def key(self) -> Column:
        """The number of a row."""
        return named(ROW, full=True)

    @property
    def given(self) -> bool:
        """Whether the table was given."""
        return self.engine is not None

    def base(self, names: set[str]) -> Frame:
        """The rows themselves with some columns."""
        if self.engine is None:
            return self.world.made({"id": [], ROW: []}, {"id": nw.String, ROW: nw.Int64})
        return self.engine.folded([self.kind.facts[name] for name in sorted(names - {"id", ROW})])

    def start(self) -> Column:
        """The id of the record."""
        return named("id", full=True)

    def fact(self, name: str) -> Column | None:
        """The folded column of a fact; None where the table has none."""
        if name.startswith("~"):
            return named(name, full=True)
        return named(name) if self.engine is not None and name in self.engine.types else None

    def link(self, reference: str, ref: Column) -> Link:
        """What a reference leads to, beside these rows."""
        if reference not in self._links:
            target = self.world.root(self.kind.facts[reference].type.kind)
            self._links[reference] = Link(self, self.named(ref), target)
        return self._links[reference]


class Link:
    """A reference to one record: the columns of its table that were taken over it."""

    def __init__(self, here: Root, on: Column, target: Root) -> None:
        self.here = here
        self.target = target
        self._columns: dict[str, Column] = {}
        self._join = Join((on,), (KEY,), {}, self._make)
        here.add(self._join)

    def _make(self, names: set[str]) -> Frame:
        wanted = {name: self._columns[name] for name in sorted(names)}
        return self.target.frame({KEY: self.target.start(), **wanted})

    def bring(self, column: Column) -> Column:
        """A column of the record that is referred to; null where there is none."""
        if column.const is not VARIES:
            return column
        name = self.here.world.name()
        self._columns[name] = column
        self._join.names[name] = None
        return named(name)


class Pair(Scope):
    """A record with one related to it: the rows of a parent, each beside the records at the end of a path from it."""

    def __init__(
        self, parent: Scope, start: Column, related: Root, chain: Callable[[Mapping[str, Column]], Frame]
    ) -> None:
        super().__init__(parent.world, parent.depth + 1)
        self.parent = parent
        self.related = related
        self._from = start
        self._chain = chain
        self._of_parent: dict[str, Column] = {}
        self._of_related: dict[str, Column] = {}

    @property
    def key(self) -> Column:
        """The number of a row, made of those of both records."""
        return col.plus(col.times(named(PARENT, full=True), col.int_lit(_PAIRED)), named(RELATED, full=True))

    def base(self, names: set[str]) -> Frame:
        """The rows themselves with some columns."""
        mine = {name: self._of_parent[name] for name in sorted(names & self._of_parent.keys())}
        theirs = {name: self._of_related[name] for name in sorted(names & self._of_related.keys())}
        if RELATED in names:
            theirs[RELATED] = self.related.key
        left = self.parent.frame({PARENT: self.parent.key, _START_OF: self._from, **mine})
        return left.join(self._chain(theirs), left_on=_START_OF, right_on=START, how="inner")

    def home(self, term: Term) -> Home:
        """Where a term is asked: at the root of the related kind, at the parent, or here where it speaks of both."""
        free = free_depths(term, self.depth)
        if free <= {self.depth}:
            return Home(self.related, moved(term, lambda depth: depth - self.depth), self.of_related)
        if self.depth in free:
            return Home(self, term, lambda column: column)
        there = moved(term, lambda depth: depth - 1 if depth > self.depth else depth)
        return Home(self.parent, there, self._of_the_parent)

    def start(self) -> Column:
        """The id of the related record."""
        return self.of_related(self.related.start())

    def of_related(self, column: Column) -> Column:
        """A column of the related record."""
        return self._brought(column, self._of_related)

    def _of_the_parent(self, column: Column) -> Column:
        return self._brought(column, self._of_parent)

    def _brought(self, column: Column, side: dict[str, Column]) -> Column:
        """A column of one of both records; what is the same in every row stays as it is."""
        if column.const is not VARIES:
            return column
        name = next((name for name, each in side.items() if each is column), None)
        if name is None:
            name = self.world.name()
            side[name] = column
        return named(name, full=column.full)


def free_depths(term: Term, depth: int) -> frozenset[int]:
    """The records of the environment of which a term speaks, where it stands at a depth of it."""
    found = {term.path.depth} if isinstance(term, terms.Read | terms.Defined | terms.Gather) else set[int]()
    inner = depth + 1 if isinstance(term, terms.Gather) else depth
    for child in terms.children(term):
        found |= free_depths(child, inner)
    return frozenset(each for each in found if PROGRAM < each <= depth)


def moved(term: Term, change: Callable[[int], int]) -> Term:
    """A term whose records stand at other depths."""

    def path(each: Path) -> Path:
        return each if each.depth == PROGRAM else attrs.evolve(each, depth=change(each.depth))

    return terms.rebuilt(term, path=path)


class Decides(Protocol):
    """How another rule is asked for as a condition."""

    def __call__(self, rule: str, root: Root) -> Truth: ...


class World:
    """All that is asked of one set of tables on a day: the roots of their kinds, and what is known for all rows."""

    def __init__(
        self,
        rulebook: Rulebook,
        readings: frozenset[str],
        engines: Mapping[str, Engine],
        on: dt.date,
        complete_since: Mapping[str, dt.date],
        *,
        by_name: bool,
    ) -> None:
        self.rulebook = rulebook
        self.readings = readings
        self.engines = engines
        self.on = on
        self.complete_since = complete_since
        self.by_name = by_name
        self.since: dt.date | None = None
        self.details = True
        self.office: Office | None = None
        self.program: Mapping[str, object] | None = None
        self.met: Decides
        self.rows: Callable[[Frame], list[tuple[Any, ...]]]
        self._roots: dict[tuple[str, bool], Root] = {}
        self._names = itertools.count()

    @contextlib.contextmanager
    def reading(self, readings: frozenset[str]) -> Iterator[None]:
        """Definitions and other rules are asked for under some readings, for a while."""
        before, self.readings = self.readings, readings
        yield
        self.readings = before

    def name(self) -> str:
        """A name that no other column has."""
        return f"~{next(self._names)}"

    def root(self, kind: str, *, nested: bool = False) -> Root:
        """The records of a kind; `nested` where they are related ones, of which tables may not tell all."""
        key = (kind, nested and bool(self.complete_since))
        if key not in self._roots:
            self._roots[key] = Root(self, self.rulebook.vocabulary[kind], nested=key[1])
        return self._roots[key]

    def made(self, rows: Mapping[str, Sequence[Any]], types: Mapping[str, DataType]) -> Frame:
        """A small frame of values that were found here."""
        return self._any.made(rows, types)

    def kept(self, frame: Frame) -> Frame:
        """A small frame that is asked for several times, computed once where its engine would do so again."""
        return self._any.kept(frame)

    def ordered(self, frame: Frame, by: Sequence[str], columns: Ordered) -> Frame:
        """A frame with columns that hang on an order."""
        return self._any.ordered(frame, by, columns)

    @property
    def _any(self) -> Engine:
        return next(iter(self.engines.values()))

    def lacked(self, kind: str, fact: str = "") -> str:
        """The name of a fact that is missing, or of a table; one for all where names are not asked for."""
        if not self.by_name:
            return ""
        return f"{kind}.{fact}" if fact else kind
