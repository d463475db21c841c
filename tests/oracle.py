"""The meaning of a condition on complete records, by walking the tree: slow, plain, and written apart from the judge.

Every fact is known, so an answer is yes or no. Known absence is `NONE`, which stands after every date.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Mapping
from typing import Any

import attrs

from peersupport.rules import terms
from peersupport.rules.facts import NONE, Record

Tables = Mapping[str, tuple[Record, ...]]
_ORDERS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@attrs.frozen
class World:
    """Complete records, the day asked about, and what the definitions of the rulebook stand for."""

    tables: Tables
    on: dt.date
    defined: Mapping[str, terms.Term]


def value(term: terms.Term, env: tuple[Record, ...], world: World) -> Any:  # noqa: ANN401
    """The value of a term over complete records."""

    def of(inner: terms.Term) -> Any:  # noqa: ANN401
        return value(inner, env, world)

    match term:
        case terms.Lit():
            return term.value
        case terms.On():
            return world.on
        case terms.Read():
            found = _reached(term.path, env, world.tables)
            return getattr(found[0], term.fact.name) if found else NONE
        case terms.Defined():
            (record,) = _reached(term.path, env, world.tables)
            return value(world.defined[term.rule], (record,), world)
        case terms.Shift():
            base = of(term.base)
            assert term.by.unit == "days"
            return NONE if base is NONE else base + dt.timedelta(days=term.by.amount)
        case terms.Arith():
            return {"+": operator.add, "-": operator.sub, "*": operator.mul}[term.op](of(term.left), of(term.right))
        case terms.Call(name="days_between"):
            start, until = of(term.args[0]), of(term.args[1])
            if start is NONE:
                return -(10**9)
            return 10**9 if until is NONE else (until - start).days
        case terms.Call(name="min" | "max" as name):
            return (min if name == "min" else max)(of(term.args[0]), of(term.args[1]))
        case terms.Compare():
            return _ORDERS[term.op](of(term.left), of(term.right))
        case terms.In():
            return (of(term.item) in of(term.of)) is not term.negated
        case terms.Subset():
            return of(term.left) <= of(term.right)
        case terms.Exists():
            return of(term.of) is not NONE and of(term.of) != frozenset()
        case terms.AtLeast():
            return sum(map(bool, map(of, term.of))) >= term.k
        case terms.Not():
            return not of(term.of)
        case terms.Covers():
            return of(term.start) <= of(term.at) and (operator.le if term.through else operator.lt)(
                of(term.at), of(term.end)
            )
        case terms.Gather():
            return _gathered(term, env, world)
        case _:
            raise AssertionError(term)


def _reached(path: terms.Path, env: tuple[Record, ...], tables: Tables) -> list[Record]:
    """The records at the end of a path, each once; none where a reference is known to be absent."""
    found = [env[path.depth]]
    for step in path.steps:
        if step.forward:
            refs = [getattr(each, step.fact) for each in found]
            wanted = {ref for each in refs for ref in (each if step.many else [each])}
            found = [row for row in tables[step.kind] if row.id in wanted]
        else:
            ids = {each.id for each in found}
            found = [row for row in tables[step.kind] if getattr(row, step.fact) in ids]
    return found


def _gathered(term: terms.Gather, env: tuple[Record, ...], world: World) -> Any:  # noqa: ANN401
    rows = _reached(term.path, env, world.tables)
    where = term.where
    held = [row for row in rows if where is None or value(where, (*env, row), world)]
    if term.op == "any":
        return bool(held)
    if term.op == "all":
        return len(held) == len(rows)
    if term.op == "count":
        return len(held)
    assert term.value is not None
    read = [value(term.value, (*env, row), world) for row in held]
    if term.op == "sum":
        return sum(read)
    if term.op == "distinct":
        return len({each for each in read if each is not NONE})
    days = sorted(each for each in read if each is not NONE)
    return (days[0] if term.op == "first" else days[-1]) if days else NONE
