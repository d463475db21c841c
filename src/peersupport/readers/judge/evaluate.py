"""Terms to functions: each node becomes one closure over the record environment.

A function takes the context and the records in the environment, and gives a value. Facts that are not recorded leave
their place in `Context.trace`; a part that is decided all the same takes back what it left, so what remains at the
end are the unknown facts inside undecided parts.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias, assert_never

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.values import LOW, End, Range, Value, compare
from peersupport.rules import calendar, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Fact, Kind, Record, Vocabulary
from peersupport.rules.findings import WAITING, Place
from peersupport.rules.tables import Tables
from peersupport.rules.terms import PROGRAM, Path, Step, Term

Env: TypeAlias = tuple[Record, ...]
Function: TypeAlias = Callable[["Context", Env], Value]
Elements: TypeAlias = Callable[["Context", Env], Sequence[Record] | None]


class Context:
    """One judgement: the tables, the day asked about, the last day that is seen, and what was found missing.

    `overlay` are values that a search tries for facts that are not recorded.
    """

    __slots__ = ("horizon", "on", "overlay", "seen", "tables", "trace", "warnings")

    def __init__(
        self, tables: Tables, on: dt.date, horizon: dt.date, overlay: Mapping[Place, Value] | None = None
    ) -> None:
        self.tables = tables
        self.on = on
        self.horizon = horizon
        self.overlay = overlay or {}
        self.trace: list[Place] = []
        self.warnings: dict[str, None] = {}
        self.seen: set[dt.date | int | Decimal] | None = None

    def at(self, on: dt.date) -> Context:
        """The same judgement asked about another day, with a trace of its own."""
        other = Context(self.tables, on, self.horizon, self.overlay)
        other.warnings, other.seen = self.warnings, self.seen
        return other

    def lacks(self, kind: str, id_: str, fact: str) -> Value:
        """A fact that is not recorded: what the overlay tries for it, else None and its place in the trace."""
        place = Place(kind, id_, fact)
        if place in self.overlay:
            return self.overlay[place]
        self.trace.append(place)
        return None

    def note(self, value: Value) -> None:
        """Keep a date or number that was read, where a search wants to know them."""
        if self.seen is not None and isinstance(value, dt.date | int | Decimal) and not isinstance(value, bool):
            self.seen.add(value)

    def office(self) -> Office | None:
        """The program's office; None, and a place in the trace, when its time zone is not recorded."""
        if self.tables.office is None:
            self.trace.append(Place("program", "program", "time_zone"))
        return self.tables.office

    def not_yet(self, instant: bool) -> Value:  # noqa: FBT001
        """Something that has not happened by the horizon: it may on that day still, or later, or never."""
        self.trace.append(WAITING)
        if not instant:
            return Range(self.horizon, NONE)
        office = self.office()
        return Range(calendar.start_of(self.horizon, office), NONE) if office else None

    def ahead(self, value: Value) -> bool | None:
        """Whether a date or instant lies after the last day that is seen."""
        if isinstance(value, dt.datetime):
            office = self.office()
            return None if office is None else calendar.day(value, office) > self.horizon
        return isinstance(value, dt.date) and value > self.horizon


@attrs.frozen(eq=False)
class Names:
    """What a compiler asks of the rulebook: its kinds, its definitions and other rules, each as a function."""

    vocabulary: Vocabulary
    definition: Callable[[str, str], Function]
    met: Callable[[str, str], Function]
    judged: str


def compiled(term: Term, names: Names, depth: int = 0) -> Function:
    """The function of a term that stands at a depth of the environment."""
    function = _function(term, names, depth)
    return _pruned(function) if term.type.base == "bool" and not isinstance(term, terms.Read) else function


def _pruned(function: Function) -> Function:
    """A condition that takes back the places its parts left once it is decided."""

    def run(ctx: Context, env: Env) -> Value:
        mark = len(ctx.trace)
        value = function(ctx, env)
        if value is not None:
            del ctx.trace[mark:]
        return value

    return run


def _function(term: Term, names: Names, depth: int) -> Function:  # noqa: PLR0911, PLR0912, C901  the one match
    match term:
        case terms.Lit(value=value):
            return lambda _ctx, _env: value
        case terms.On():
            return lambda ctx, _env: ctx.on
        case terms.Read():
            return _read(term, names)
        case terms.Defined():
            return _defined(term, names)
        case terms.Shift():
            return _shift(term, names, depth)
        case terms.Call():
            return _call(term, names, depth)
        case terms.Arith(op=op):
            left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)
            return lambda ctx, env: values.arithmetic(op, left(ctx, env), right(ctx, env))
        case terms.Compare(op=order):
            left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)
            return lambda ctx, env: compare(order, left(ctx, env), right(ctx, env))
        case terms.In():
            return _in(term, names, depth)
        case terms.Subset():
            return _sets(term, names, depth, operator.le)
        case terms.Common():
            return _sets(term, names, depth, operator.and_)
        case terms.Known(of=of):
            inner = compiled(of, names, depth)
            return lambda ctx, env: inner(ctx, env) is not None
        case terms.Exists(of=of):
            return _exists(compiled(of, names, depth))
        case terms.AtLeast():
            return _at_least(term.k, [compiled(each, names, depth) for each in term.of])
        case terms.Not(of=of):
            inner = compiled(of, names, depth)
            return lambda ctx, env: values.negated(inner(ctx, env))  # type: ignore[arg-type]  # typed as a condition
        case terms.Met(rule=rule):
            return names.met(rule, names.judged)
        case terms.Covers():
            return compiled(covering(term), names, depth)
        case terms.Overlaps():
            return compiled(overlapping(term), names, depth)
        case terms.Gather():
            return _gather(term, names, depth)
        case terms.Earliest(of=events):
            found = [compiled(each, names, depth) for each in events]
            return lambda ctx, env: values.extreme([each(ctx, env) for each in found], values.least)
        case _:
            assert_never(term)


# what the spans ask, said in other terms


def covering(term: terms.Covers) -> Term:
    """A day lies in a span: not before its start, and before its end (or not after its last day)."""
    inside = terms.Compare("<=" if term.through else "<", term.at, term.end)
    return terms.both(terms.Compare("<=", term.start, term.at), inside)


def overlapping(term: terms.Overlaps) -> Term:
    """Two intervals share time: each starts before the other ends."""
    ends_later = terms.Compare(">=" if term.through else ">", term.end, term.since)
    return terms.both(terms.Compare("<", term.start, term.until), ends_later)


# records


def _record(path: Path, names: Names) -> Callable[[Context, Env], Record | Absent | None]:
    """The record at the end of a path of single references; NONE where a reference is known to be absent."""
    depth, steps = path.depth, path.steps

    def run(ctx: Context, env: Env) -> Record | Absent | None:
        found: Record | Absent | None = _program(ctx) if depth == PROGRAM else env[depth]
        kind = path.kind
        for step in steps:
            if found is None or found is NONE:
                return found
            found = _followed(ctx, kind, found, step)  # type: ignore[arg-type]  # a record, as just seen
            kind = step.kind
        return found

    return run


Absent: TypeAlias = type(NONE)  # type: ignore[valid-type]


def _program(ctx: Context) -> Record | None:
    found = ctx.tables.all_of("program")
    if not found:
        ctx.trace.append(Place("program"))
        return None
    return found[0]


def _followed(ctx: Context, kind: str, record: Record, step: Step) -> Record | Absent | None:
    ref = getattr(record, step.fact, None)
    if ref is None:
        ref = ctx.lacks(kind, record.id, step.fact)
    if ref is None or ref is NONE:
        return ref
    found = ctx.tables.find(step.kind, ref)
    if found is None:
        given = ctx.tables.given(step.kind)
        ctx.trace.append(Place(step.kind, ref) if given else Place(step.kind))
    return found


def _read(term: terms.Read, names: Names) -> Function:
    if not term.path.steps and term.path.depth != PROGRAM:
        return _own(term, names)
    record = _record(term.path, names)
    fact, kind = _taken(term, names), term.path.leads_to

    def run(ctx: Context, env: Env) -> Value:
        found = record(ctx, env)
        if found is None or found is NONE:
            return found
        return fact(ctx, found, kind)

    return run


def _own(term: terms.Read, names: Names) -> Function:
    depth, kind = term.path.depth, term.path.kind
    if term.fact.happens or term.event or term.fact.added:
        taken = _taken(term, names)
        return lambda ctx, env: taken(ctx, env[depth], kind)
    name, get = term.fact.name, operator.attrgetter(term.fact.name)

    def run(ctx: Context, env: Env) -> Value:
        value: Value = get(env[depth])
        if value is None:
            return ctx.lacks(kind, env[depth].id, name)
        ctx.note(value)
        return value

    return run


def _taken(term: terms.Read, names: Names) -> Callable[[Context, Record, str], Value]:
    """A fact of a record. What lies ahead of the horizon reads as not recorded; an event has not happened yet."""
    name, happens, event = term.fact.name, term.fact.happens, term.event
    instant = term.type.base == "instant"

    def run(ctx: Context, record: Record, kind: str) -> Value:
        value: Value = getattr(record, name, None)
        if value is None:
            value = ctx.lacks(kind, record.id, name)
            if value is None:
                return None
        if event and value is NONE:
            return ctx.not_yet(instant)
        ctx.note(value)
        if not happens:
            return value
        ahead = ctx.ahead(value)
        if not ahead:
            return None if ahead is None else value
        if event:
            return ctx.not_yet(instant)
        ctx.warnings[f"{Place(kind, record.id, name)} lies after {ctx.horizon}: read as not recorded"] = None
        ctx.trace.append(Place(kind, record.id, name))
        return None

    return run


def _defined(term: terms.Defined, names: Names) -> Function:
    record = _record(term.path, names)
    value = names.definition(term.rule, term.path.leads_to)

    def run(ctx: Context, env: Env) -> Value:
        found = record(ctx, env)
        return found if found is None or found is NONE else value(ctx, (found,))

    return run


# values


def _shift(term: terms.Shift, names: Names, depth: int) -> Function:
    base, by = compiled(term.base, names, depth), term.by
    if term.type.base == "date" and by.unit != "business_days":
        plain = Office()
        return lambda ctx, env: values.shifted(base(ctx, env), by, plain)

    def run(ctx: Context, env: Env) -> Value:
        value = base(ctx, env)
        office = None if value is None else ctx.office()
        return None if office is None else values.shifted(value, by, office)

    return run


def _call(term: terms.Call, names: Names, depth: int) -> Function:
    args = [compiled(arg, names, depth) for arg in term.args]
    match term.name:
        case "day":
            return _in_office(args[0], calendar.day)
        case "next_open":
            return _in_office(args[0], calendar.next_open)
        case "days_between":
            return lambda ctx, env: values.days_between(args[0](ctx, env), args[1](ctx, env))
        case "age":
            return lambda ctx, env: values.age(args[0](ctx, env), args[1](ctx, env))
        case "min":
            return lambda ctx, env: values.extreme([arg(ctx, env) for arg in args], values.least)
        case "max":
            return lambda ctx, env: values.extreme([arg(ctx, env) for arg in args], values.greatest)
        case _:
            assert_never(term.name)


def _in_office(arg: Function, change: Callable[[dt.datetime, Office], dt.date | dt.datetime]) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        value = arg(ctx, env)
        office = None if value is None else ctx.office()
        if office is None:
            return None
        return values.monotone(lambda end: change(end, office), value)  # type: ignore[arg-type]  # an instant

    return run


def _in(term: terms.In, names: Names, depth: int) -> Function:
    item, of, negated = compiled(term.item, names, depth), compiled(term.of, names, depth), term.negated

    def run(ctx: Context, env: Env) -> Value:
        a, b = item(ctx, env), of(ctx, env)
        if a is None or b is None:
            return None
        inside = b is not NONE and a in b  # type: ignore[operator]  # a set, as typed
        return inside is not negated

    return run


def _sets(term: terms.Subset | terms.Common, names: Names, depth: int, op: Callable[..., Value]) -> Function:
    left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)

    def run(ctx: Context, env: Env) -> Value:
        a, b = left(ctx, env), right(ctx, env)
        return None if a is None or b is None else op(a, b)

    return run


def _exists(inner: Function) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        value = inner(ctx, env)
        if type(value) is Range:
            return None if value.high is NONE else True
        if value is None:
            return None
        return value is not NONE and value != frozenset()

    return run


def _at_least(k: int, of: list[Function]) -> Function:
    spare = len(of) - k

    def run(ctx: Context, env: Env) -> Value:
        held, missed = 0, 0
        for each in of:
            value = each(ctx, env)
            held += value is True
            missed += value is False
            if held >= k:
                return True
            if missed > spare:
                return False
        return None

    return run


# related records


def elements(path: Path, names: Names, depth: int) -> Elements:
    """The records at the end of a path that may branch; None when a table or a reference is not known.

    Records dated after the horizon have not been seen and are left out.
    """
    steps = [(_kinds(path)[i], step) for i, step in enumerate(path.steps)]
    unseen = _unseen(names.vocabulary[path.leads_to], path.steps)

    def run(ctx: Context, env: Env) -> Sequence[Record] | None:
        start = _program(ctx) if path.depth == PROGRAM else env[path.depth]
        found: Sequence[Record] | None = None if start is None else (start,)
        for kind, step in steps:
            if found is None:
                return None
            found = _stepped(ctx, kind, found, step)
        return found if found is None or unseen is None else [each for each in found if not unseen(ctx, each)]

    return run


def _kinds(path: Path) -> tuple[str, ...]:
    return (path.kind, *(step.kind for step in path.steps))


def _stepped(ctx: Context, kind: str, found: Sequence[Record], step: Step) -> Sequence[Record] | None:
    if step.forward and step.many:
        return _members(ctx, kind, found, step)
    if step.forward:
        followed = [_followed(ctx, kind, each, step) for each in found]
        return None if None in followed else [each for each in followed if each is not NONE]  # type: ignore[misc]
    table = ctx.tables.given(step.kind)
    if table is None:
        ctx.trace.append(Place(step.kind))
        return None
    if not step.fact:
        return ctx.tables.all_of(step.kind)
    if len(found) == 1:
        return ctx.tables.referring(step.kind, step.fact, found[0].id)
    return list({r.id: r for each in found for r in ctx.tables.referring(step.kind, step.fact, each.id)}.values())


def _members(ctx: Context, kind: str, found: Sequence[Record], step: Step) -> Sequence[Record] | None:
    ids: dict[str, None] = {}
    for each in found:
        refs = getattr(each, step.fact, None)
        if refs is None:
            refs = ctx.lacks(kind, each.id, step.fact)
        if refs is None:
            return None
        ids.update(dict.fromkeys(sorted(refs) if refs is not NONE else ()))
    rows = [ctx.tables.find(step.kind, id_) for id_ in ids]
    if None in rows:
        ctx.trace.append(Place(step.kind))
        return None
    return rows  # type: ignore[return-value]  # no None among them


def _unseen(kind: Kind, steps: Sequence[Step]) -> Callable[[Context, Record], bool] | None:
    dated = kind.facts.get(kind.dated_by or (kind.span.start if kind.span else ""))
    if dated is None or not dated.happens or not any(step.many for step in steps):
        return None
    name = dated.name
    return lambda ctx, record: ctx.ahead(getattr(record, name, None)) is True


def _incomplete(ctx: Context, path: Path, env: Env, names: Names) -> bool:
    """Whether a look-back may reach before the day from which a table on the path is complete."""
    for step in path.steps:
        table = None if step.forward else ctx.tables.given(step.kind)
        if table is not None and table.since is not None and not _dated_from(ctx, env[0], names, table.since):
            ctx.trace.append(Place(step.kind))
            return True
    return False


def _dated_from(ctx: Context, record: Record, names: Names, since: dt.date) -> bool:
    kind = names.vocabulary[names.judged]
    value = getattr(record, kind.dated_by, None) if kind.dated_by else None
    if isinstance(value, dt.datetime):
        office = ctx.office()
        return office is not None and calendar.day(value, office) >= since
    return isinstance(value, dt.date) and value >= since


@attrs.frozen(eq=False)
class Related:
    """A gathering ready to run: its records, its condition and what is read of each record."""

    elements: Elements
    where: Function | None
    value: Function | None
    incomplete: Callable[[Context, Env], bool]


def related(term: terms.Gather, names: Names, depth: int) -> Related:
    """The parts of a gathering at a depth of the environment. Its dates are taken as events."""
    value = terms.as_event(term.value) if term.value and term.op in terms.EVENTS else term.value
    return Related(
        elements(term.path, names, depth),
        compiled(term.where, names, depth + 1) if term.where else None,
        compiled(value, names, depth + 1) if value else None,
        lambda ctx, env: _incomplete(ctx, term.path, env, names),
    )


def _gather(term: terms.Gather, names: Names, depth: int) -> Function:  # noqa: PLR0911  one case for each word
    parts = related(term, names, depth)
    match term.op:
        case "any":
            return _quantified(parts, decisive=True)
        case "all":
            return _quantified(parts, decisive=False)
        case "count":
            return _counted(parts)
        case "sum":
            return _summed(parts, term.value)
        case "distinct":
            return _distinct(parts)
        case "first" | "last" | "nth" | "each":
            if terms.is_moment(term.type):
                return _event(term, parts)
            return _of_record(term, parts, names.vocabulary[term.path.leads_to])
        case _:
            assert_never(term.op)


def _quantified(parts: Related, *, decisive: bool) -> Function:
    """`any` and `all`: one record decides, all records decide the other way."""

    def run(ctx: Context, env: Env) -> Value:
        found = parts.elements(ctx, env)
        if found is None:
            return None
        unknown = False
        for each in found:
            held = True if parts.where is None else parts.where(ctx, (*env, each))
            if held is decisive:
                return decisive
            unknown = unknown or held is None
        return None if unknown or parts.incomplete(ctx, env) else not decisive

    return run


def _members_of(parts: Related, ctx: Context, env: Env) -> Iterator[tuple[Record, bool]] | None:
    """The records that meet the condition, each with whether that is certain; None when they are not known."""
    found = parts.elements(ctx, env)
    if found is None:
        return None
    held = ((each, True if parts.where is None else parts.where(ctx, (*env, each))) for each in found)
    return ((each, truth is True) for each, truth in held if truth is not False)


def _counted(parts: Related) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        certain = [sure for _, sure in members]
        high: End = NONE if parts.incomplete(ctx, env) else len(certain)
        return values.between(sum(certain), high)

    return run


def _summed(parts: Related, value: Term | None) -> Function:
    """A sum of numbers that are not below zero; one that is not known may be anything from its least on."""
    read = parts.value
    assert read is not None  # a sum is of something
    floor = _least(value)

    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        total: Value = 0
        for each, sure in members:
            amount = read(ctx, (*env, each))
            known: Value = Range(floor, NONE) if amount is None else amount
            if not sure:
                low, high = values.ends(known)  # type: ignore[arg-type]  # a number
                known = values.between(values.least(0, low), values.greatest(0, high))
            total = values.arithmetic("+", total, known)
        return values.arithmetic("+", total, Range(0, NONE)) if parts.incomplete(ctx, env) else total

    return run


def _least(value: Term | None) -> End:
    fact: Fact | None = value.fact if isinstance(value, terms.Read) else None
    return fact.minimum if fact is not None and fact.minimum is not None else LOW


def _distinct(parts: Related) -> Function:
    read = parts.value
    assert read is not None  # what is told apart

    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        found = [(read(ctx, (*env, each)), sure) for each, sure in members]
        named = {value for value, _ in found if value is not None and value is not NONE}
        certain = {value for value, sure in found if sure and value in named}
        unnamed = [sure for value, sure in found if value is None]
        high: End = NONE if parts.incomplete(ctx, env) else len(named) + len(unnamed)
        return values.between(len(certain) or int(any(unnamed)), high)

    return run


# events


@attrs.frozen
class Doubt:
    """An event that may not count, or has no date (None): the places where a fact of it is missing."""

    at: End | None
    places: tuple[Place, ...]


@attrs.frozen
class Events:
    """The dates of an event up to the horizon: the certain ones, sorted, and the doubtful ones."""

    certain: tuple[End, ...]
    doubts: tuple[Doubt, ...] = ()


def events(parts: Related, ctx: Context, env: Env) -> Events | None:
    """The events of a gathering; None when the records are not known. What they lack is in the doubts alone."""
    read = parts.value
    found = parts.elements(ctx, env)
    if found is None or read is None:
        return None
    certain: list[End] = []
    doubts: list[Doubt] = []
    mark = len(ctx.trace)
    for each in found:
        inner = (*env, each)
        held = True if parts.where is None else parts.where(ctx, inner)
        value = None if held is False else read(ctx, inner)
        places = tuple(dict.fromkeys(ctx.trace[mark:]))
        del ctx.trace[mark:]
        if held is False or value is NONE or type(value) is Range:
            continue
        if held and value is not None:
            certain.append(value)  # type: ignore[arg-type]  # a date or an instant
        else:
            doubts.append(Doubt(value, places))  # type: ignore[arg-type]
    if parts.incomplete(ctx, env):
        doubts.append(Doubt(None, tuple(ctx.trace[mark:])))
        del ctx.trace[mark:]
    return Events(tuple(sorted(certain)), tuple(doubts))  # type: ignore[type-var]


def _event(term: terms.Gather, parts: Related) -> Function:
    """`first`, `last` and `nth` of dates: a range where some events are not certain, not yet where there is none."""
    instant = term.type.base == "instant"
    position = term.n - 1 if term.op == "nth" else 0

    def run(ctx: Context, env: Env) -> Value:
        found = events(parts, ctx, env)
        if found is None:
            return None
        return _latest(found, ctx, instant) if term.op == "last" else _nth(found, position, ctx, instant)

    return run


def _nth(found: Events, position: int, ctx: Context, instant: bool) -> Value:  # noqa: FBT001
    """The event at a position, counted from 0. A doubtful one matters when it may come before the certain one."""
    sure = found.certain[position] if position < len(found.certain) else None
    doubts = [d for d in found.doubts if sure is None or d.at is None or d.at < sure]  # type: ignore[operator]
    early = sorted((*found.certain, *(LOW if d.at is None else d.at for d in doubts)))  # type: ignore[type-var]
    if sure is None and position >= len(early):
        return ctx.not_yet(instant)
    ctx.trace.extend(place for doubt in doubts for place in doubt.places)
    if sure is None:
        ctx.trace.append(WAITING)
        return Range(early[position], NONE)
    return values.between(early[position], sure)


def _latest(found: Events, ctx: Context, instant: bool) -> Value:  # noqa: FBT001
    """The last event. A doubtful one matters when it may come after the last certain one."""
    sure = found.certain[-1] if found.certain else None
    doubts = [d for d in found.doubts if sure is None or d.at is None or d.at > sure]  # type: ignore[operator]
    if sure is None and not doubts:
        return ctx.not_yet(instant)
    ctx.trace.extend(place for doubt in doubts for place in doubt.places)
    dated = [d.at for d in doubts if d.at is not None]
    if sure is None:
        return Range(min(dated) if len(dated) == len(doubts) else LOW, NONE)  # type: ignore[type-var]
    high = NONE if len(dated) < len(doubts) else max((sure, *dated))  # type: ignore[type-var]
    return values.between(sure, high)


def _of_record(term: terms.Gather, parts: Related, kind: Kind) -> Function:
    """`first` and `last` of other facts go by the record's own day, or by the start of its span."""
    read = parts.value
    assert read is not None  # first and last are of something
    by = kind.dated_by or (kind.span.start if kind.span else "id")

    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        found = list(members)
        if not found:
            return NONE
        days = [getattr(each, by, None) for each, _ in found]
        if not all(sure for _, sure in found) or None in days:
            ctx.trace.extend(
                Place(kind.name, each.id, by) for (each, _), day in zip(found, days, strict=True) if day is None
            )
            return None
        order = sorted(range(len(found)), key=lambda i: (days[i], found[i][0].id))
        chosen = found[order[-1 if term.op == "last" else 0]][0]
        return read(ctx, (*env, chosen))

    return run
