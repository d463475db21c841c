"""Related records: whether any or all of them meet a condition, how many do, and the events among them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, assert_never

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names, followed, program_of
from peersupport.readers.judge.values import LOW, End, Range, Value
from peersupport.rules import calendar, terms
from peersupport.rules.facts import NONE, Fact, Kind, Record
from peersupport.rules.findings import BEFORE, WAITING, Place
from peersupport.rules.terms import PROGRAM, Path, Step, Term

Elements: TypeAlias = Callable[[Context, Env], Sequence[Record] | None]
"""The related records; None when they are not known."""


def elements(path: Path, names: Names) -> Elements:
    """The records at the end of a path that may branch; None when a table or a reference is not known.

    Records dated after the horizon have not been seen and are left out.
    """
    steps = [
        (_kinds(path)[i], step, _unseen(names.vocabulary[step.kind], path.steps[: i + 1]))
        for i, step in enumerate(path.steps)
    ]

    def run(ctx: Context, env: Env) -> Sequence[Record] | None:
        start = program_of(ctx) if path.depth == PROGRAM else env[path.depth]
        found: Sequence[Record] | None = None if start is None else (start,)
        for kind, step, unseen in steps:
            found = None if found is None else _stepped(ctx, kind, found, step)
            if found and unseen:
                found = [each for each in found if not unseen(ctx, each)]
        return found

    return run


def _kinds(path: Path) -> tuple[str, ...]:
    return (path.kind, *(step.kind for step in path.steps))


def _stepped(ctx: Context, kind: str, found: Sequence[Record], step: Step) -> Sequence[Record] | None:
    if step.forward and step.many:
        return _members(ctx, kind, found, step)
    if step.forward:
        ends = [followed(ctx, kind, each, step) for each in found]
        return None if None in ends else [end for end in ends if isinstance(end, Record)]
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
        refs: Value = getattr(each, step.fact, None)
        if refs is None:
            refs = ctx.lacks(kind, each.id, step.fact)
        if refs is None:
            return None
        ids.update(dict.fromkeys(sorted(refs) if refs is not NONE else ()))
    rows = [row for id_ in ids if (row := ctx.tables.find(step.kind, id_))]
    if len(rows) < len(ids):
        ctx.trace.append(Place(step.kind))
        return None
    return rows


def _unseen(kind: Kind, steps: Sequence[Step]) -> Callable[[Context, Record], bool] | None:
    dated = kind.facts.get(kind.dated_by or (kind.span.start if kind.span else ""))
    if dated is None or not dated.happens or not any(step.many for step in steps):
        return None
    name = dated.name
    if dated.type.base == "instant":
        return lambda ctx, record: ctx.ahead(getattr(record, name)) is True

    def unseen(ctx: Context, record: Record) -> bool:
        day = getattr(record, name)
        return day is not None and day is not NONE and day > ctx.horizon

    return unseen


def _incomplete(ctx: Context, path: Path, env: Env, names: Names) -> bool:
    """Whether a look-back may reach before the day from which a table on the path is complete.

    What refers to the judged record itself begins with it; what is reached through another record, a person above
    all, may be of any time.
    """
    direct = path.depth == 0 and not any(step.forward for step in path.steps)
    for step in path.steps:
        table = None if step.forward else ctx.tables.given(step.kind)
        if table is None or table.since is None:
            continue
        if not direct or not _dated_from(ctx, env[0], names, table.since):
            ctx.trace.append(Place(step.kind, "", BEFORE))
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
    """A gathering ready to run: its records, its condition, what is read of each record, and what may lie unseen."""

    elements: Elements
    where: Function | None
    value: Function | None
    incomplete: Callable[[Context, Env], bool]

    def read(self, ctx: Context, env: Env) -> Value:
        """What is read of a related record, the last of the environment; its id where nothing is."""
        return self.value(ctx, env) if self.value else env[-1].id

    def holds(self, ctx: Context, env: Env) -> bool | None:
        """Whether a related record, the last of the environment, meets the condition."""
        return True if self.where is None else self.where(ctx, env)


def related(term: terms.Gather, names: Names, where: Function | None, value: Function | None) -> Related:
    """A gathering of which the condition and the value are compiled."""
    return Related(elements(term.path, names), where, value, lambda ctx, env: _incomplete(ctx, term.path, env, names))


def gathered(term: terms.Gather, parts: Related, names: Names) -> Function:
    """The function of a gathering."""
    match term.op:
        case "any" | "all":
            return _quantified(parts, decisive=term.op == "any")
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
            held = parts.holds(ctx, (*env, each))
            if held is decisive:
                return decisive
            unknown = unknown or held is None
        return None if unknown or parts.incomplete(ctx, env) else not decisive

    return run


def _members_of(parts: Related, ctx: Context, env: Env) -> list[tuple[Record, bool]] | None:
    """The records that meet the condition, each with whether that is certain; None when they are not known."""
    found, where = parts.elements(ctx, env), parts.where
    if found is None:
        return None
    if where is None:
        return [(each, True) for each in found]
    held = [(each, where(ctx, (*env, each))) for each in found]
    return [(each, truth is True) for each, truth in held if truth is not False]


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
    floor = _least(value)

    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        total: Value = 0
        for each, sure in members:
            amount = parts.read(ctx, (*env, each))
            known: Value = Range(floor, NONE) if amount is None else amount
            if not sure:
                low, high = values.ends(known)
                known = values.between(values.least(0, low), values.greatest(0, high))
            total = values.arithmetic("+", total, known)
        return values.arithmetic("+", total, Range(0, NONE)) if parts.incomplete(ctx, env) else total

    return run


def _least(value: Term | None) -> End:
    fact: Fact | None = value.fact if isinstance(value, terms.Read) else None
    return fact.minimum if fact is not None and fact.minimum is not None else LOW


def _distinct(parts: Related) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        found = [(parts.read(ctx, (*env, each)), sure) for each, sure in members]
        named = {value for value, _ in found if value is not None and value is not NONE}
        certain = {value for value, sure in found if sure and value in named}
        unnamed = [sure for value, sure in found if value is None]
        high: End = NONE if parts.incomplete(ctx, env) else len(named) + len(unnamed)
        return values.between(len(certain) or int(any(unnamed)), high)

    return run


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
    found = parts.elements(ctx, env)
    if found is None:
        return None
    certain: list[End] = []
    doubts: list[Doubt] = []
    mark = len(ctx.trace)
    for each in found:
        inner = (*env, each)
        held = parts.holds(ctx, inner)
        value = None if held is False else parts.read(ctx, inner)
        places = ctx.trace[mark:]
        del ctx.trace[mark:]
        if held is False or value is NONE or type(value) is Range:
            continue
        if held and value is not None:
            certain.append(value)
        else:
            doubts.append(Doubt(value, tuple(dict.fromkeys(places))))
    if parts.incomplete(ctx, env):
        doubts.append(Doubt(None, tuple(ctx.trace[mark:])))
        del ctx.trace[mark:]
    return Events(tuple(sorted(certain)), tuple(doubts))


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
    doubts = [d for d in found.doubts if sure is None or d.at is None or d.at < sure]
    early = sorted((*found.certain, *(LOW if d.at is None else d.at for d in doubts)))
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
    doubts = [d for d in found.doubts if sure is None or d.at is None or d.at > sure]
    if sure is None and not doubts:
        return ctx.not_yet(instant)
    ctx.trace.extend(place for doubt in doubts for place in doubt.places)
    dated = [d.at for d in doubts if d.at is not None]
    if sure is None:
        return Range(min(dated) if len(dated) == len(doubts) else LOW, NONE)
    high = NONE if len(dated) < len(doubts) else max((sure, *dated))
    return values.between(sure, high)


def _of_record(term: terms.Gather, parts: Related, kind: Kind) -> Function:
    """`first` and `last` of other facts go by the record's own day, or by the start of its span."""
    by = kind.dated_by or (kind.span.start if kind.span else "id")
    pick: Callable[[list[tuple[Any, str, Record]]], tuple[Any, str, Record]] = max if term.op == "last" else min

    def run(ctx: Context, env: Env) -> Value:
        members = _members_of(parts, ctx, env)
        if members is None:
            return None
        if not members:
            return NONE
        days = [(getattr(each, by, None), each.id, each) for each, _ in members]
        undated = [id_ for day, id_, _ in days if day is None]
        if undated or not all(sure for _, sure in members):
            ctx.trace.extend(Place(kind.name, id_, by) for id_ in undated)
            return None
        *_, chosen = pick(days)
        return parts.read(ctx, (*env, chosen))

    return run
