"""Terms to functions: each node becomes one closure over the record environment.

A function takes the context and the records in the environment, and gives a value. Facts that are not recorded leave
their place in `Context.trace`; a part that is decided all the same takes back what it left, so what remains at the
end are the unknown facts inside undecided parts.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator
from typing import TypeAlias, assert_never

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names, record_at, remembered
from peersupport.readers.judge.related import Related, gathered, related
from peersupport.readers.judge.values import Range, Value, compare
from peersupport.rules import calendar, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Absent, Record
from peersupport.rules.findings import Place
from peersupport.rules.terms import PROGRAM, Term

Failing: TypeAlias = Callable[[Context, Env], list[tuple[str, str]]]
"""The related records, kind and id, that keep a condition from holding."""


def compiled(term: Term, names: Names, depth: int = 0) -> Function:
    """The function of a term that stands at a depth of the environment."""
    if (depth == 0 and isinstance(term, _FAR)) or _is_day(term):
        return names.shared(term, lambda: remembered(_compiled(term, names, depth)))
    return _compiled(term, names, depth)


_FAR = (terms.Gather, terms.Defined, terms.Met)
"""What looks further than the facts of the record judged, and is asked for by many rules."""


def _is_day(term: Term) -> bool:
    """Whether a term is the day of an instant of the record judged, which every related record is held against."""
    return (
        isinstance(term, terms.Call)
        and term.name == "day"
        and isinstance(term.args[0], terms.Read)
        and term.args[0].path.depth == 0
    )


def _compiled(term: Term, names: Names, depth: int) -> Function:
    function = _function(term, names, depth)
    return _pruned(function) if term.type.base == "bool" and not isinstance(term, _PRUNED) else function


_PRUNED = (terms.Read, terms.Compare, terms.AtLeast)
"""Conditions that leave nothing behind once they are decided: a fact itself, and those that prune their own parts."""


def _pruned(function: Function) -> Function:
    """A condition that takes back the places its parts left once it is decided."""

    def run(ctx: Context, env: Env) -> Value:
        mark = len(ctx.trace)
        value = function(ctx, env)
        if value is not None:
            del ctx.trace[mark:]
        return value

    return run


def _function(term: Term, names: Names, depth: int) -> Function:  # noqa: PLR0912, C901  the one match
    match term:
        case terms.Lit(value=value):
            return lambda _ctx, _env: value
        case terms.On():
            return lambda ctx, _env: ctx.on
        case terms.Read():
            return _read(term)
        case terms.Defined():
            return _defined(term, names)
        case terms.Shift():
            return _shift(term, names, depth)
        case terms.Call():
            return _call(term, names, depth)
        case terms.Arith(op=op):
            left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)
            return lambda ctx, env: values.arithmetic(op, left(ctx, env), right(ctx, env))
        case terms.Compare():
            return _compared(term, names, depth)
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
            return lambda ctx, env: values.negated(inner(ctx, env))
        case terms.Met(rule=rule):
            return names.met(rule, names.judged)
        case terms.Covers():
            return compiled(terms.covering(term), names, depth)
        case terms.Overlaps():
            return compiled(terms.overlapping(term), names, depth)
        case terms.Gather():
            return gathered(term, gathering(term, names, depth), names)
        case terms.Earliest(of=events):
            found = [compiled(each, names, depth) for each in events]
            return lambda ctx, env: values.extreme([each(ctx, env) for each in found], values.least)
        case _:
            assert_never(term)


def _read(term: terms.Read) -> Function:
    if not term.path.steps and term.path.depth != PROGRAM:
        return _own(term)
    record = record_at(term.path)
    fact, kind = _taken(term), term.path.leads_to

    def run(ctx: Context, env: Env) -> Value:
        found = record(ctx, env)
        return fact(ctx, found, kind) if isinstance(found, Record) else _of_nobody(term, found)

    return run


def _of_nobody(term: terms.Read | terms.Defined, found: Absent | None) -> Value:
    """A fact of a record that is known to be absent is absent too, and a yes or no of it is no."""
    return False if found is NONE and term.type.base == "bool" else found


def _own(term: terms.Read) -> Function:
    depth, kind = term.path.depth, term.path.kind
    if term.fact.happens or term.event or term.fact.added:
        taken = _taken(term)
        return lambda ctx, env: taken(ctx, env[depth], kind)
    name, get = term.fact.name, operator.attrgetter(term.fact.name)

    def run(ctx: Context, env: Env) -> Value:
        value: Value = get(env[depth])
        if value is None:
            return ctx.lacks(kind, env[depth].id, name)
        if ctx.seen is not None:
            ctx.note(value)
        return value

    return run


def _taken(term: terms.Read) -> Callable[[Context, Record, str], Value]:
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
        if ctx.seen is not None:
            ctx.note(value)
        if not happens or value is NONE:
            return value
        ahead = ctx.ahead(value) if instant else value > ctx.horizon
        if not ahead:
            return None if ahead is None else value
        if event:
            return ctx.not_yet(instant)
        ctx.warnings[f"{Place(kind, record.id, name)} lies after {ctx.horizon}: read as not recorded"] = None
        return ctx.lacks(kind, record.id, name)

    return run


def _defined(term: terms.Defined, names: Names) -> Function:
    record = record_at(term.path)
    value = names.definition(term.rule, term.path.leads_to)

    def run(ctx: Context, env: Env) -> Value:
        found = record(ctx, env)
        return value(ctx, (found,)) if isinstance(found, Record) else _of_nobody(term, found)

    return run


# values


def _shift(term: terms.Shift, names: Names, depth: int) -> Function:
    base, by = compiled(term.base, names, depth), term.by
    if term.type.base == "date" and by.unit != "business_days":
        plain = Office()
        return lambda ctx, env: values.shifted(base(ctx, env), by, plain)

    office_of = Context.working if by.unit in {"business_days", "open_hours"} else Context.office

    def run(ctx: Context, env: Env) -> Value:
        value = base(ctx, env)
        office = None if value is None else office_of(ctx)
        return None if office is None else values.shifted(value, by, office)

    return run


def _call(term: terms.Call, names: Names, depth: int) -> Function:
    args = [compiled(arg, names, depth) for arg in term.args]
    match term.name:
        case "day":
            return _in_office(args[0], calendar.day, Context.office)
        case "next_open":
            return _in_office(args[0], calendar.next_open, Context.working)
        case "first_of_month":
            return lambda ctx, env: values.monotone(calendar.first_of_month, args[0](ctx, env))
        case "days_between":
            return lambda ctx, env: values.days_between(args[0](ctx, env), args[1](ctx, env))
        case "age":
            return lambda ctx, env: values.age(args[0](ctx, env), args[1](ctx, env))
        case "birthday":
            return _birthday(args[0], args[1])
        case "min":
            return lambda ctx, env: values.extreme([arg(ctx, env) for arg in args], values.least)
        case "max":
            return lambda ctx, env: values.extreme([arg(ctx, env) for arg in args], values.greatest)
        case _:
            assert_never(term.name)


def _birthday(born: Function, count: Function) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        number = count(ctx, env)
        return values.monotone(lambda end: calendar.birthday(end, number), born(ctx, env))

    return run


def _in_office(
    arg: Function,
    change: Callable[[dt.datetime, Office], dt.date | dt.datetime],
    office_of: Callable[[Context], Office | None],
) -> Function:
    def run(ctx: Context, env: Env) -> Value:
        value = arg(ctx, env)
        office = None if value is None else office_of(ctx)
        if office is None:
            return None
        return values.monotone(lambda end: change(end, office), value)

    return run


def _compared(term: terms.Compare, names: Names, depth: int) -> Function:
    left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)
    order, plainly = term.op, values.PLAIN[term.op]
    below, above = plainly(0, NONE), plainly(NONE, 0)
    left_is_there, right_is_there = _is_there(term.left), _is_there(term.right)

    def run(ctx: Context, env: Env) -> Value:
        mark = len(ctx.trace)
        a, b = left(ctx, env), right(ctx, env)
        if a is None:
            value = below if b is NONE and left_is_there else None
        elif b is None:
            value = above if a is NONE and right_is_there else None
        else:
            value = compare(order, a, b) if type(a) is Range or type(b) is Range else plainly(a, b)
        if value is not None:
            del ctx.trace[mark:]
        return value

    return run


def _is_there(term: Term) -> bool:
    """Whether a value cannot be absent, so that it stands before what is, though it is not recorded."""
    if isinstance(term, terms.Call) and term.name == "day":
        return _is_there(term.args[0])
    return isinstance(term, terms.Read) and not (term.event or term.path.steps or term.fact.type.or_none)


def _in(term: terms.In, names: Names, depth: int) -> Function:
    item, of, negated = compiled(term.item, names, depth), compiled(term.of, names, depth), term.negated

    def run(ctx: Context, env: Env) -> Value:
        a, b = item(ctx, env), of(ctx, env)
        if a is None or b is None:
            return None
        inside = b is not NONE and a in b
        return inside is not negated

    return run


def _sets(term: terms.Subset | terms.Common, names: Names, depth: int, op: Callable[..., Value]) -> Function:
    left, right = compiled(term.left, names, depth), compiled(term.right, names, depth)

    def run(ctx: Context, env: Env) -> Value:
        a, b = (frozenset() if side is NONE else side for side in (left(ctx, env), right(ctx, env)))
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
        mark = len(ctx.trace)
        held, missed = 0, 0
        for each in of:
            value = each(ctx, env)
            held += value is True
            missed += value is False
            if held >= k or missed > spare:
                del ctx.trace[mark:]
                return held >= k
        return None

    return run


def failing(term: Term, names: Names) -> Failing:
    """The related records for which a condition about all of them, or about none, does not hold."""
    parts = [(gathering(each, names, 0), each.path.leads_to, decisive) for each, decisive in _universal(term)]

    def run(ctx: Context, env: Env) -> list[tuple[str, str]]:
        return [
            (kind, each.id)
            for gathered_, kind, decisive in parts
            for each in gathered_.elements(ctx, env) or ()
            if gathered_.holds(ctx, (*env, each)) is decisive
        ]

    return run


def _universal(term: Term) -> Iterator[tuple[terms.Gather, bool]]:
    """The parts of a condition that each related record can break, with what the broken one's own condition is."""
    match term:
        case terms.AtLeast(k=k, of=of) if k == len(of):
            for each in of:
                yield from _universal(each)
        case terms.Gather(op="all"):
            yield term, False
        case terms.Not(of=terms.Gather(op="any") as some):
            yield some, True
        case _:
            return


def gathering(term: terms.Gather, names: Names, depth: int) -> Related:
    """The parts of a gathering at a depth of the environment. Its dates are taken as events."""
    value = terms.as_event(term.value) if term.value and term.op in terms.EVENTS else term.value
    return related(
        term,
        names,
        compiled(term.where, names, depth + 1) if term.where else None,
        compiled(value, names, depth + 1) if value else None,
    )
