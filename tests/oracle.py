"""The meaning of a condition on complete records, by walking the tree: slow, plain, and written apart from the judge.

Every fact is known, so an answer is yes or no. Known absence is `NONE`, which stands after every date.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Mapping
from typing import Any

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


def value(term: terms.Term, env: tuple[Record, ...], tables: Tables, on: dt.date) -> Any:  # noqa: ANN401
    """The value of a term over complete records."""

    def of(inner: terms.Term) -> Any:  # noqa: ANN401
        return value(inner, env, tables, on)

    match term:
        case terms.Lit():
            return term.value
        case terms.On():
            return on
        case terms.Read():
            found: Any = env[term.path.depth]
            for step in term.path.steps:
                ref = getattr(found, step.fact)
                if ref is NONE:
                    return NONE
                found = next(row for row in tables[step.kind] if row.id == ref)
            return getattr(found, term.fact.name)
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
            return of(term.start) <= of(term.at) < of(term.end)
        case terms.Gather():
            return _gathered(term, env, tables, on)
        case _:
            raise AssertionError(term)


def _gathered(term: terms.Gather, env: tuple[Record, ...], tables: Tables, on: dt.date) -> Any:  # noqa: ANN401
    (step,) = term.path.steps
    rows = [row for row in tables[step.kind] if getattr(row, step.fact) == env[term.path.depth].id]
    where = term.where
    held = [row for row in rows if where is None or value(where, (*env, row), tables, on)]
    if term.op == "any":
        return bool(held)
    if term.op == "all":
        return len(held) == len(rows)
    if term.op == "count":
        return len(held)
    assert term.value is not None
    read = [value(term.value, (*env, row), tables, on) for row in held]
    if term.op == "sum":
        return sum(read)
    if term.op == "distinct":
        return len({each for each in read if each is not NONE})
    days = sorted(each for each in read if each is not NONE)
    return (days[0] if term.op == "first" else days[-1]) if days else NONE
