"""When two bodies say the same: conditions in a normal form, so that a change which changes nothing is no mutant.

What holds of yes, no and not known alike is used, and nothing else:

- `and` and `or` may be flattened, said in any order and said twice, and two negations are none.
- A condition makes those idle that ask it and more: `a or (a and b)` is `a`.
- Choices of one fact join: `x != 'a' and x not in {'b'}` is `x not in {'a', 'b'}`.
- A deadline whose time ends a fixed while behind the due day is owed whenever it is due: its end changes what is said
  of one that was missed, and no verdict.

So equal normal forms are a proof that no verdict tells two bodies apart. That other ones differ is not said.
"""

from __future__ import annotations

import attrs

from peersupport.rules import terms
from peersupport.rules.facts import Type
from peersupport.rules.forms import Body, Clause, Conditions, Criterion, Deadline, Form
from peersupport.rules.terms import AtLeast, Compare, In, Lit, Not, Shift, Term


def normal(body: Body) -> Body:
    """A body with its conditions in their normal form, and the clauses of a criterion as one."""
    conditions = Conditions(*(each and tidied(each) for each in attrs.astuple(body.conditions, recurse=False)))
    return Body(_form(body.form), conditions)


def _form(form: Form) -> Form:
    match form:
        case Criterion():
            whole = tidied(AtLeast(form.need, tuple(clause.holds for clause in form.clauses)))
            return Criterion((Clause("", whole),), 1)
        case Deadline(due=due, until=Shift(base=base, by=by)) if base == due and by.amount > 0:
            return attrs.evolve(form, until=None)
        case _:
            return form


def tidied(term: Term) -> Term:
    """A condition in its normal form: flat, without repetition, its parts in an order of their own."""
    match term:
        case Not(of=of):
            inner = tidied(of)
            return inner.of if isinstance(inner, Not) else Not(inner)
        case AtLeast(k=k, of=of):
            return _joined(k, [tidied(each) for each in of])
        case Compare(op="==" | "!=", left=left, right=Lit(value=str() as choice)):
            return In(left, Lit(frozenset({choice}), Type("set")), negated=term.op == "!=")
        case In(of=Lit(value=frozenset() as some)):
            return attrs.evolve(term, of=Lit(some, Type("set")))
        case _:
            return terms.rebuilt(term, node=lambda each: tidied(each) if each is not term and _is_said(each) else None)


def _is_said(term: Term) -> bool:
    """Whether a part of a term is a condition that may have another normal form."""
    return isinstance(term, (AtLeast, Not, Compare, In))


def _joined(k: int, of: list[Term]) -> Term:
    every = k == len(of)
    if k not in {1, len(of)}:
        return AtLeast(k, tuple(sorted(of, key=repr)))
    parts = dict.fromkeys(part for each in of for part in _parts(each, every=every))
    merged = _merged([*parts], every=every)
    kept = [part for part in merged if not any(_takes_in(other, part, every=every) for other in merged)]
    return kept[0] if len(kept) == 1 else AtLeast(len(kept) if every else 1, tuple(sorted(kept, key=repr)))


def _merged(parts: list[Term], *, every: bool) -> list[Term]:
    """Conditions of which those that ask for choices of the same fact are one."""
    found: list[Term] = []
    for part in parts:
        both = ((i, _both(part, other, every=every)) for i, other in enumerate(found))
        at, whole = next(((i, made) for i, made in both if made), (len(found), part))
        found[at : at + 1] = [whole]
    return found


def _both(one: Term, other: Term, *, every: bool) -> Term | None:
    """Two conditions on choices of one fact as one; None where they are not."""
    match one, other:
        case In(item=item, of=Lit(value=frozenset() as mine) as of), In(of=Lit(value=frozenset() as theirs)) if (
            item == other.item and one.negated == other.negated
        ):
            joined = mine | theirs if one.negated is every else mine & theirs
            return attrs.evolve(one, of=attrs.evolve(of, value=joined))
        case _:
            return None


def _parts(term: Term, *, every: bool) -> tuple[Term, ...]:
    """The parts of a condition that is joined in a way; of any other the condition itself."""
    if isinstance(term, AtLeast) and term.k == (len(term.of) if every else 1):
        return term.of
    return (term,)


def _takes_in(term: Term, other: Term, *, every: bool) -> bool:
    """Whether a condition makes another beside it idle: it is a part of it, joined the other way."""
    mine, theirs = _parts(term, every=not every), _parts(other, every=not every)
    return len(theirs) > len(mine) and set(mine) <= set(theirs)
