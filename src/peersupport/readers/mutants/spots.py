"""The places of a rule's body: every term in it, with what stands around it and the body with another term there.

The events of a deadline with `not_before` hold the condition that they are not too early in themselves, where the
format puts it. Here it is taken out first and put in again, so that a change of `not_before` is one change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias, TypeVar, assert_never

import attrs

from peersupport.rules import bodies, terms
from peersupport.rules.forms import Body, Conditions, Criterion, Deadline, Definition, Form, Limit, Repeated, Window
from peersupport.rules.terms import Gather, Term

Put: TypeAlias = Callable[[Term], Body]
_T = TypeVar("_T")


@attrs.frozen(eq=False)
class Spot:
    """A term of a body: the field or clause it stands in, how deep, the terms around it from the top, and `put`.

    `put` gives the body with another term in its place.
    """

    term: Term
    field: str
    depth: int
    around: tuple[Term, ...]
    put: Put

    @property
    def parent(self) -> Term | None:
        """The term right around it; None at the top of a field."""
        return self.around[-1] if self.around else None


def spots(body: Body) -> Iterator[Spot]:
    """Every term of a body but that of who is responsible, from the top of each field."""
    for field, term, put in tops(body):
        yield from _below(Spot(term, field, 0, (), put))


def _below(spot: Spot) -> Iterator[Spot]:
    yield spot
    around = (*spot.around, spot.term)
    for name, index, child in _children(spot.term):
        depth = spot.depth + (isinstance(spot.term, Gather) and name in {"where", "value"})
        yield from _below(Spot(child, spot.field, depth, around, _putting(spot, name, index)))


def _children(term: Term) -> Iterator[tuple[str, int | None, Term]]:
    """The terms directly below a term: the field, the place where the field has several, and the term."""
    for field in attrs.fields(type(term)):
        value = getattr(term, field.name)
        if isinstance(value, terms.NODES):
            yield field.name, None, value
        elif isinstance(value, tuple):
            yield from ((field.name, i, each) for i, each in enumerate(value))


def _putting(spot: Spot, name: str, index: int | None) -> Put:
    def put(term: Term) -> Body:
        value: Any = term
        if index is not None:
            value = replaced(getattr(spot.term, name), index, term)
        return spot.put(attrs.evolve(spot.term, **{name: value}))

    return put


def replaced(values: tuple[_T, ...], index: int, *by: _T) -> tuple[_T, ...]:
    """Some values with others, or none, in the place of one."""
    return (*values[:index], *by, *values[index + 1 :])


def tops(body: Body) -> Iterator[tuple[str, Term, Put]]:
    """The terms at the top of a body's fields: the field, the term, and the body with another one there."""

    def formed(put: Callable[[Any], Form]) -> Put:
        return lambda term: attrs.evolve(body, form=dressed(put(term)))

    yield from ((field, term, formed(put)) for field, term, put in _tops(bare(body.form)))
    for field in CONDITIONS:
        term = getattr(body.conditions, field)
        if term is not None:
            yield field, term, _conditioned(body, field)


CONDITIONS: Final = ("when", "unless")


def _conditioned(body: Body, field: str) -> Put:
    def put(term: Term) -> Body:
        conditions: Conditions = attrs.evolve(body.conditions, **{field: term})
        return attrs.evolve(body, conditions=conditions)

    return put


def _tops(form: Form) -> Iterator[tuple[str, Term, Callable[[Any], Form]]]:
    match form:
        case Definition():
            yield "is", form.value, Definition
        case Criterion():
            for i, clause in enumerate(form.clauses):
                field = f"the clause “{clause.name}”" if clause.name else "holds"
                yield field, clause.holds, _clause(form, i)
        case Deadline():
            yield from _named(form, "due", "done", "not_before", "until")
        case Repeated():
            yield from _named(form, "after", "until")
            for i, event in enumerate(form.done):
                yield "done", event, _event(form, i)
        case Limit():
            yield from _named(form, "measure", "at_least", "at_most")
            for _, term, put in _named(form.window, "start", "until"):
                yield "window", term, _windowed(form, put)
        case _:
            assert_never(form)


def _clause(form: Criterion, index: int) -> Callable[[Term], Form]:
    def put(term: Term) -> Form:
        clause = attrs.evolve(form.clauses[index], holds=term)
        return attrs.evolve(form, clauses=replaced(form.clauses, index, clause))

    return put


def _event(form: Repeated, index: int) -> Callable[[Gather], Form]:
    return lambda event: attrs.evolve(form, done=replaced(form.done, index, event))


def _windowed(form: Limit, put: Callable[[Term], Window]) -> Callable[[Term], Form]:
    return lambda term: attrs.evolve(form, window=put(term))


def _named(of: Form | Window, *fields: str) -> Iterator[tuple[str, Term, Callable[[Any], Any]]]:
    for field in fields:
        term = getattr(of, field)
        if term is not None:
            yield field, term, _field(of, field)


def _field(of: Form | Window, field: str) -> Callable[[Term], Any]:
    def put(term: Term) -> Form | Window:
        other: dict[str, Any] = {field: term}
        found: Form | Window = attrs.evolve(of, **other)
        return found

    return put


# what `not_before` puts into the events of a deadline


def bare(form: Form) -> Form:
    """A deadline whose events do not say themselves that they are not too early; any other form as it is."""
    if not isinstance(form, Deadline) or form.not_before is None:
        return form
    return attrs.evolve(form, done=_bare(form.done, form.not_before))


def _bare(done: Term, first: Term) -> Term:
    match done:
        case Gather(value=value, where=where) if value is not None:
            late = terms.Compare(">=", value, first)
            rest = where.of[1:] if isinstance(where, terms.AtLeast) and where.of[0] == late else ()
            return attrs.evolve(done, where=terms.both(*rest) if rest else None)
        case terms.Earliest(of=events):
            return terms.Earliest(tuple(_bare(event, first) for event in events))
        case _:
            return done


def dressed(form: Form) -> Form:
    """The opposite of `bare`."""
    if not isinstance(form, Deadline) or form.not_before is None:
        return form
    return attrs.evolve(form, done=bodies.counting_from(form.done, form.not_before))
