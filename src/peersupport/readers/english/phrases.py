"""Terms as phrases: a condition as a clause, a value as a noun phrase.

The words come from what each fact `says`: a clause for a yes or no, a noun phrase for everything else.
"""

from __future__ import annotations

import datetime as dt
import itertools
import string
from collections.abc import Sequence
from typing import assert_never

from peersupport.rules import terms
from peersupport.rules.calendar import Period
from peersupport.rules.terms import Path, Term

_SIMPLE_LIST = 3


def clause(term: Term, depth: int = 0) -> str:
    """A condition as a clause: "the plan is signed and its scope is mental health".

    `depth` is where the term stands: inside a condition on related records, the record judged is called so.
    """
    return _clause(term, depth, negated=False)


def noun(term: Term, depth: int = 0) -> str:
    """A value as a noun phrase: "30 days after the day of admission"."""
    match term:
        case terms.Lit():
            return _literal(term.value)
        case terms.On():
            return "the day asked about"
        case terms.Read():
            return term.fact.phrase + _owner(term.path, depth)
        case terms.Defined():
            return "the " + words(term.rule.rpartition(".")[2]) + _owner(term.path, depth)
        case terms.Shift():
            return _shifted(noun(term.base, depth), term.by)
        case terms.Call():
            return _call(term, depth)
        case terms.Arith():
            word = {"+": "plus", "-": "minus", "*": "times"}[term.op]
            return f"{_factor(term.left, depth)} {word} {_factor(term.right, depth)}"
        case terms.Common():
            return f"what {noun(term.left, depth)} and {noun(term.right, depth)} share"
        case terms.Gather() if term.op not in {"any", "all"}:
            return _gathered(term, depth)
        case terms.Earliest():
            return "the earliest of these: " + "; ".join(noun(each, depth) for each in term.of)
        case _:
            return f"whether {clause(term, depth)}"


def _literal(value: object) -> str:
    if isinstance(value, frozenset):
        return listed([words(str(each)) for each in sorted(value)], "or")
    return value.isoformat() if isinstance(value, dt.date) else words(str(value))


def words(choice: str) -> str:
    """A name or a choice as it stands in a sentence."""
    return choice.replace("_", " ")


def _factor(term: Term, depth: int) -> str:
    return f"({noun(term, depth)})" if isinstance(term, terms.Arith) else noun(term, depth)


def _owner(path: Path, depth: int) -> str:
    """Whose the fact is, when it is not the record's where it stands: "of the child", "of the plan judged"."""
    owners = [step.says for step in reversed(path.steps)]
    if path.depth == terms.PROGRAM:
        owners.append("the program")
    elif path.depth == 0 < depth:
        owners.append(f"the {words(path.kind)} judged")
    return "".join(f" of {owner}" for owner in owners)


def _shifted(base: str, by: Period) -> str:
    if by.amount == 0:
        return base
    return f"{-by} before {base}" if by.amount < 0 else f"{by} after {base}"


def _call(term: terms.Call, depth: int) -> str:
    args = [noun(arg, depth) for arg in term.args]
    match term.name:
        case "day":
            return f"the day{args[0][8:]}" if args[0].startswith("the time") else f"the day of {args[0]}"
        case "next_open":
            return f"the next opening from {args[0]} on"
        case "first_of_month":
            return f"the first of the month of {args[0]}"
        case "days_between":
            return f"the number of days from {args[0]} to {args[1]}"
        case "age":
            return f"the age on {args[1]}, counted from {args[0]},"
        case "birthday":
            return f"the {_ordinal(int(args[1]))} birthday counted from {args[0]}"
        case "min":
            return f"the {'earliest' if terms.is_moment(term.type) else 'least'} of {listed(args, 'and')}"
        case "max":
            return f"the {'latest' if terms.is_moment(term.type) else 'greatest'} of {listed(args, 'and')}"
        case _:
            assert_never(term.name)


def _gathered(term: terms.Gather, depth: int) -> str:
    where = f" for which {clause(term.where, depth + 1)}" if term.where else ""
    things = _things(term.path)
    if term.value is None:
        return f"the number of {things}{where}"
    if term.op == "distinct" and term.value.type.kind:
        return f"the number of different {_plural(words(term.value.type.kind))} among {things}{where}"
    among = f", among {things}{where}" if term.where or _owner_of(term.path) else ""
    value = noun(term.value, depth + 1).removeprefix("the ")
    match term.op:
        case "sum":
            return f"the sum of {value} over {things}{where}"
        case "distinct":
            return f"the number of different values of {value} among {things}{where}"
        case "each":
            return f"each {value}{among}"
        case _:
            rank = _ordinal(term.n) if term.op == "nth" else term.op
            return f"the {rank} {value}{among}"


def _things(path: Path) -> str:
    """The related records in the plural, with the reference that was picked and whose they are."""
    last = path.steps[-1]
    named = last.says.removeprefix("the ") if last.forward else _plural(words(path.leads_to)) + _picked(path)
    return named + _owner_of(path)


def _plural(noun_: str) -> str:
    if noun_.endswith("person"):
        return f"{noun_.removesuffix('person')}people"
    if noun_.endswith("y") and noun_[-2:-1] not in "aeiou":
        return f"{noun_[:-1]}ies"
    return noun_ if noun_.endswith("s") else f"{noun_}{'es' if noun_.endswith(('ch', 'sh', 'x')) else 's'}"


def _picked(path: Path) -> str:
    last = path.steps[-1]
    return f" (by {words(last.fact)})" if last.picked else ""


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def listed(parts: Sequence[str], word: str) -> str:
    """Some parts in a row, the last two joined by a word."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _clause(term: Term, depth: int, *, negated: bool) -> str:
    match term:
        case terms.AtLeast():
            return _at_least(term, depth, negated=negated)
        case terms.Not():
            return _clause(term.of, depth, negated=not negated)
        case terms.Compare():
            return _compared(term, depth, negated=negated)
        case terms.In():
            return _membership(term, depth, negated=negated)
        case terms.Subset():
            word = "not all of" if negated else "all of"
            return f"{word} {noun(term.left, depth)} are among {noun(term.right, depth)}"
        case terms.Known():
            return f"{noun(term.of, depth)} is {'not ' * negated}recorded"
        case terms.Exists():
            return _exists(term, depth, negated=negated)
        case terms.Met():
            return f"{term.rule} {'does not hold' if negated else 'holds'}"
        case terms.Covers():
            return f"it {'does not run' if negated else 'runs'} on {noun(term.at, depth)}"
        case terms.Overlaps():
            word = "shares no time" if negated else "shares time"
            return f"it {word} with {noun(term.since, depth)} until {noun(term.until, depth)}"
        case terms.Gather() if term.op in {"any", "all"}:
            return _quantified(term, depth, negated=negated)
        case _:
            said = _said(term, depth)
            return f"it is not so that {said}" if negated else said


def _said(term: Term, depth: int) -> str:
    """A yes-or-no as its own clause, with whose it is where it is another record's."""
    match term:
        case terms.Read():
            owner = _owner(term.path, depth).removeprefix(" of ")
            return f"{term.fact.phrase} (for {owner})" if owner else term.fact.phrase
        case terms.Defined():
            return f"{noun(term, depth).removeprefix('the ')} holds"
        case _:
            return noun(term, depth)


def _exists(term: terms.Exists, depth: int, *, negated: bool) -> str:
    of = term.of
    if isinstance(of, terms.Read) and of.fact.event and not _owner(of.path, depth):
        return f"it is not so that {of.fact.event}" if negated else of.fact.event
    if of.type.base in {"set", "refs"}:
        return f"there are {'no ' * negated}{noun(of, depth).removeprefix('the ')}"
    return f"there is {'no' if negated else 'some'} {noun(of, depth).removeprefix('the ')}"


def _quantified(term: terms.Gather, depth: int, *, negated: bool) -> str:
    last = term.path.steps[-1]
    kind = f"one of {last.says}" if last.forward else words(term.path.leads_to) + _picked(term.path)
    owner = _owner_of(term.path)
    where = f" for which {clause(term.where, depth + 1)}" if term.where else ""
    if term.op == "all" and term.where:
        lead = f"for some {kind}{owner}" if negated else f"for every {kind}{owner}"
        return f"{lead} {_clause(term.where, depth + 1, negated=negated)}"
    some = "" if last.forward else "an " if kind[0] in "aeiou" else "a "
    return f"there is {'no ' if negated else some}{kind}{owner}{where}"


def _owner_of(path: Path) -> str:
    """Whose the related records are: the reference that a path goes over before it branches."""
    before = list(itertools.takewhile(lambda step: not step.many, path.steps))
    owner = [step.says for step in before if path.steps[-1] is not step]
    return f" of {owner[-1]}" if owner else ""


_DATES = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}
_NUMBERS = {"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_OPPOSITE: dict[terms.Order, terms.Order] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SWAPPED: dict[terms.Order, terms.Order] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _compared(term: terms.Compare, depth: int, *, negated: bool) -> str:
    op, left, right = term.op, term.left, term.right
    if isinstance(left, terms.Lit) and not isinstance(right, terms.Lit):
        op, left, right = _SWAPPED[op], right, left
    op = _OPPOSITE[op] if negated else op
    words = _DATES if terms.is_moment(left.type) else _NUMBERS
    return f"{noun(left, depth)} {words.get(op, 'is' if op == '==' else 'is not')} {noun(right, depth)}"


def _membership(term: terms.In, depth: int, *, negated: bool) -> str:
    no = "not " * (term.negated is not negated)
    among = "" if isinstance(term.of, terms.Lit) else "among "
    return f"{noun(term.item, depth)} is {no}{among}{noun(term.of, depth)}"


def _at_least(term: terms.AtLeast, depth: int, *, negated: bool) -> str:
    between = "" if negated else _between(term, depth)
    if between:
        return between
    k = len(term.of) - term.k + 1 if negated else term.k
    together = term.of if negated or term.k < len(term.of) else _chained(term.of)
    k -= len(term.of) - len(together)
    parts = [_clause(each, depth, negated=negated) for each in together]
    word = "and" if k == len(parts) else "or" if k == 1 else ""
    if word and len(parts) <= _SIMPLE_LIST and not any(_branches(each) for each in term.of):
        return f" {word} ".join(parts)
    lead = {"and": "all", "or": "one"}.get(word, f"at least {k}")
    letters = _height(term) % 2 and len(parts) <= len(string.ascii_lowercase)
    marks = string.ascii_lowercase if letters else [str(i) for i in range(1, len(parts) + 1)]
    return f"{lead} of these: " + ", ".join(f"({mark}) {part}" for mark, part in zip(marks, parts, strict=False))


def _chained(of: tuple[Term, ...]) -> tuple[Term, ...]:
    """Conditions that all hold, with two that bound one value from both sides as one."""
    for i, pair in enumerate(itertools.pairwise(of)):
        chain = terms.AtLeast(2, pair)
        if _between(chain, 0):
            return (*of[:i], chain, *_chained(of[i + 2 :]))
    return of


def _branches(term: Term) -> bool:
    return any(isinstance(node, terms.AtLeast) and not _between(node, 0) for node in terms.walk(term))


def _height(term: Term) -> int:
    """How many lists stand one inside another, so that each level has marks of its own."""
    below = max((_height(child) for child in terms.children(term)), default=0)
    return below + (isinstance(term, terms.AtLeast) and not _between(term, 0))


def _between(term: terms.AtLeast, depth: int) -> str:
    """A chained comparison, recognised again: "the number of people present is 3 to 12"."""
    match term:
        case terms.AtLeast(
            k=2, of=(terms.Compare(op="<=", left=low, right=one), terms.Compare(op="<=", left=other, right=high))
        ) if one == other:
            return f"{noun(one, depth)} is {noun(low, depth)} to {noun(high, depth)}"
        case _:
            return ""
