"""Terms to text: what `syntax.parse` reads again as the same tree. Several events stand side by side, with commas."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import assert_never

from peersupport.rules import terms
from peersupport.rules.terms import PROGRAM, Path, Step, Term


def unparse(term: Term, depth: int = 0) -> str:
    """The text of a term, as it stands in a rule at a depth of the environment."""
    match term:
        case terms.Lit():
            return _literal(term.value)
        case terms.On():
            return "on"
        case terms.Read():
            return _path(term.path, depth) + term.fact.name
        case terms.Defined():
            return _path(term.path, depth) + term.rule.rpartition(".")[2]
        case terms.Shift():
            sign = "-" if term.by.amount < 0 else "+"
            return f"{_inner(term.base, depth)} {sign} {term.by.unit}({abs(term.by.amount)})"
        case terms.Call():
            return f"{term.name}({_list(term.args, depth)})"
        case terms.Arith() | terms.Compare():
            return f"{_inner(term.left, depth)} {term.op} {_inner(term.right, depth)}"
        case terms.In():
            return f"{_inner(term.item, depth)} {'not in' if term.negated else 'in'} {_inner(term.of, depth)}"
        case terms.Subset():
            return f"{_inner(term.left, depth)} <= {_inner(term.right, depth)}"
        case terms.Common():
            return f"{_inner(term.left, depth)} & {_inner(term.right, depth)}"
        case terms.Known() | terms.Exists():
            return f"{type(term).__name__.lower()}({unparse(term.of, depth)})"
        case terms.AtLeast():
            return _at_least(term, depth)
        case terms.Not():
            return f"not {_inner(term.of, depth)}"
        case terms.Met():
            return f"met({_quoted(term.rule)})"
        case terms.Covers():
            return f"covers({unparse(term.at, depth)})"
        case terms.Overlaps():
            return f"overlaps({_list((term.since, term.until), depth)})"
        case terms.Gather():
            return _gather(term, depth)
        case terms.Earliest():
            return _list(term.of, depth)
        case _:
            assert_never(term)


def _literal(value: object) -> str:
    if isinstance(value, dt.date):
        return f"date({value.year}, {value.month}, {value.day})"
    if isinstance(value, frozenset):
        return "{" + ", ".join(map(_quoted, sorted(map(str, value)))) + "}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(word: str) -> str:
    """A word in the quotation marks that it does not hold itself; a word of the language never holds both."""
    return f'"{word}"' if "'" in word else f"'{word}'"


_BINDING = (terms.Arith, terms.Compare, terms.In, terms.Subset, terms.Common, terms.Not, terms.AtLeast, terms.Shift)


def _inner(term: Term, depth: int) -> str:
    text = unparse(term, depth)
    return f"({text})" if isinstance(term, _BINDING) else text


def _list(of: tuple[Term, ...], depth: int) -> str:
    return ", ".join(unparse(each, depth) for each in of)


def _at_least(term: terms.AtLeast, depth: int) -> str:
    if term.k not in {1, len(term.of)}:
        return f"at_least({term.k}, {_list(term.of, depth)})"
    word = " or " if term.k == 1 else " and "
    return word.join(_inner(each, depth) for each in term.of)


def _gather(term: terms.Gather, depth: int) -> str:
    start = _path(term.path, depth).removesuffix(".")
    names = start + (_value(term.value) if term.value else "")
    parts = [str(term.n)] * (term.op == "nth") + [names]
    if term.where:
        parts.append(unparse(term.where, depth + 1))
    return f"{term.op}({', '.join(parts)})"


def _value(term: Term) -> str:
    """The rest of a path inside a gathering: the steps from the related record, and the fact."""
    match term:
        case terms.Read():
            return "." + _steps(term.path.steps) + term.fact.name
        case terms.Defined():
            return "." + _steps(term.path.steps) + term.rule.rpartition(".")[2]
        case _:
            inner = next(node for node in terms.walk(term) if isinstance(node, terms.Read))
            return "." + _steps(inner.path.steps) + "dated"


def _path(path: Path, depth: int) -> str:
    start = "program." if path.depth == PROGRAM else "this." if path.depth == 0 < depth else ""
    return start + _steps(path.steps)


def _steps(steps: tuple[Step, ...]) -> str:
    names = (step.fact if step.forward else step.kind + (f"[{step.fact}]" if step.picked else "") for step in steps)
    return "".join(f"{name}." for name in names)
