"""One judgement as it runs: the tables, the days, what is found missing, and how references are followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

import attrs

from peersupport.readers.judge.values import Range, Value
from peersupport.rules import calendar
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Absent, Record, Vocabulary
from peersupport.rules.findings import WAITING, Place
from peersupport.rules.tables import Tables
from peersupport.rules.terms import PROGRAM, Path, Step, Term

Env: TypeAlias = tuple[Record, ...]
Function: TypeAlias = Callable[["Context", Env], Value]
Memory: TypeAlias = dict[tuple[object, int, dt.date, dt.date], "Ran"]
"""What was run already for a record and its days, while one roster is judged as it stood on one day."""


NO_ZONE: Final = Place("program", "program", "time_zone")
"""The place of the program's time zone, for which a search has nothing to try."""


class Context:
    """One judgement: the tables, the day asked about, the last day that is seen, and what was found missing.

    `overlay` are values that a search tries for facts that are not recorded. With a `memory` what several rules, or
    several readings, ask of a record is found once.
    """

    __slots__ = ("horizon", "memory", "on", "overlay", "seen", "tables", "trace", "warnings")

    def __init__(
        self,
        tables: Tables,
        on: dt.date,
        horizon: dt.date,
        overlay: Mapping[Place, object] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.tables = tables
        self.on = on
        self.horizon = horizon
        self.overlay = overlay or {}
        self.memory = memory
        self.trace: list[Place] = []
        self.warnings: dict[str, None] = {}
        self.seen: set[dt.date | int | Decimal] | None = None

    def at(self, on: dt.date) -> Context:
        """The same judgement asked about another day, with a trace of its own."""
        other = Context(self.tables, on, self.horizon, self.overlay, self.memory)
        other.warnings, other.seen = self.warnings, self.seen
        return other

    def once(self, what: object, run: Callable[[Context, Env], Any], env: Env) -> Any:  # noqa: ANN401  whatever it gives
        """What `run` gives for the record judged, `what` being its name in the memory: run once where there is one."""
        if self.memory is None:
            return run(self, env)
        key = (what, id(env[0]), self.on, self.horizon)
        ran = self.memory.get(key)
        if ran is None:
            ran = self.memory[key] = self._ran(run, env)
        self.trace += ran.trace
        if ran.warnings:
            self.warnings.update(ran.warnings)
        return ran.value

    def _ran(self, run: Callable[[Context, Env], Any], env: Env) -> Ran:
        inner = Context(self.tables, self.on, self.horizon, memory=self.memory)
        return Ran(env[0], run(inner, env), inner.trace, inner.warnings)

    def lacks(self, kind: str, id_: str, fact: str) -> Value:
        """A fact that is not recorded: what the overlay tries for it, else None and its place in the trace."""
        place = Place(kind, id_, fact)
        if self.overlay and place in self.overlay:
            return self.overlay[place]
        self.trace.append(place)
        return None

    def note(self, value: Value) -> None:
        """Keep a date or number that was read, where a search wants to know them."""
        if self.seen is not None and isinstance(value, (dt.date, int, Decimal)) and not isinstance(value, bool):
            self.seen.add(value)

    def office(self) -> Office | None:
        """The program's office; None, and a place in the trace, when its time zone is not recorded."""
        if self.tables.office is None:
            self.trace.append(NO_ZONE)
        return self.tables.office

    def working(self) -> Office | None:
        """The program's office, where its working days count; a warning says when nobody gave its holidays."""
        office = self.office()
        if office is not None and office.holidays is None:
            self.warnings["no holidays are given: every working day of the week counts"] = None
        return office

    def not_yet(self, instant: bool) -> Value:  # noqa: FBT001
        """Something that has not happened by the horizon: it may on that day still, or later, or never."""
        self.trace.append(WAITING)
        if not instant:
            return Range(self.horizon, NONE)
        office = self.office()
        return Range(calendar.start_of(self.horizon, office), NONE) if office else None

    def day(self, moment: dt.date) -> dt.date:
        """The calendar day of a date or instant. An instant is only known where the time zone is."""
        if not isinstance(moment, dt.datetime):
            return moment
        return calendar.day(moment, self.tables.office or Office())

    def ahead(self, value: Value) -> bool | None:
        """Whether a date or instant lies after the last day that is seen."""
        if isinstance(value, dt.datetime):
            office = self.office()
            return None if office is None else calendar.day(value, office) > self.horizon
        return isinstance(value, dt.date) and value > self.horizon


@attrs.frozen(eq=False)
class Sitting:
    """Some tables as they stood on a day, told from a first day on, and what was found in them already."""

    tables: Tables
    on: dt.date = attrs.field(converter=calendar.checked)
    since: dt.date | None = None
    brief: bool = False
    memory: Memory = attrs.field(factory=dict)

    def context(self) -> Context:
        """A new judgement of the day."""
        return Context(self.tables, self.on, self.on, memory=self.memory)


@attrs.frozen(eq=False)
class Ran:
    """What was run for a record: what it gave, the places it left and its warnings.

    It holds the record, so that no other one comes to have its identity.
    """

    record: Record
    value: Any
    trace: list[Place]
    warnings: dict[str, None]


def remembered(function: Function) -> Function:
    """A function of the record judged that is run once for each, where there is a memory."""
    return lambda ctx, env: ctx.once(function, function, env)


Share: TypeAlias = Callable[[Term, Callable[[], Function]], Function]
"""The function of a term that other rules and readings have too, made when it is first asked for."""


@attrs.frozen(eq=False)
class Names:
    """What a compiler asks of the rulebook: its kinds, its definitions and other rules, each as a function."""

    vocabulary: Vocabulary
    definition: Callable[[str, str], Function]
    met: Callable[[str, str], Function]
    judged: str
    shared: Share


def record_at(path: Path) -> Callable[[Context, Env], Record | Absent | None]:
    """The record at the end of a path of single references; NONE where a reference is known to be absent."""
    depth, steps = path.depth, path.steps

    def run(ctx: Context, env: Env) -> Record | Absent | None:
        found: Record | Absent | None = program_of(ctx) if depth == PROGRAM else env[depth]
        kind = path.kind
        for step in steps:
            if not isinstance(found, Record):
                return found
            found = followed(ctx, kind, found, step)
            kind = step.kind
        return found

    return run


def program_of(ctx: Context) -> Record | None:
    """The program's own record."""
    found = ctx.tables.all_of("program")
    if not found:
        ctx.trace.append(Place("program"))
        return None
    return found[0]


def followed(ctx: Context, kind: str, record: Record, step: Step) -> Record | Absent | None:
    """The record that a reference leads to; NONE where it is known to be absent."""
    ref: Value = getattr(record, step.fact, None)
    if ref is None:
        ref = ctx.lacks(kind, record.id, step.fact)
    if ref is None or ref is NONE:
        return ref
    found = ctx.tables.find(step.kind, ref)
    if found is None:
        given = ctx.tables.given(step.kind)
        ctx.trace.append(Place(step.kind, ref) if given else Place(step.kind))
    return found
