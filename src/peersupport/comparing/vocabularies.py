"""The kinds of two rulebooks together, so that one roster can be read for both."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from peersupport.comparing.wording import typed
from peersupport.rules.facts import Fact, Kind, Vocabulary, make_kind
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.rulebook import Rulebook


def of_both(before: Rulebook, after: Rulebook) -> Vocabulary:
    """The kinds of two rulebooks, each with the facts of both.

    Raises `InputError` where they declare a fact, or how a kind is dated, so that no record can be one for both.
    """
    one, other = before.vocabulary, after.vocabulary
    shared = [name for name in one if name in other and one[name] is not other[name]]
    raise_any([p for name in shared for p in _faults(one[name], other[name], before.name, after.name)])
    joined = {name: _joined(one[name], other[name]) for name in shared}
    return Vocabulary({**one.kinds, **other.kinds, **joined})


def _faults(one: Kind, other: Kind, before: str, after: str) -> Iterator[Problem]:
    mend = "give them different names, or audit the roster with each rulebook by itself"
    if (one.span, one.dated_by) != (other.span, other.dated_by):
        yield Problem(f"kind {one.name}", f"{before} and {after} date it differently", mend)
    for name in (name for name in one.facts if name in other.facts):
        mine, theirs = typed(one.facts[name]), typed(other.facts[name])
        if mine != theirs or one.facts[name].happens != other.facts[name].happens:
            fault = (
                f"is {mine!r} in {before} and {theirs!r} in {after}" if mine != theirs else "is planned in one of them"
            )
            yield Problem(f"kind {one.name}, fact {name}", fault, mend)


def _joined(one: Kind, other: Kind) -> Kind:
    """A kind with the facts of both: a number that either of them lets be, is."""
    shared = {name: _wider(fact, other.facts[name]) for name, fact in one.facts.items() if name in other.facts}
    added = [fact for name, fact in other.facts.items() if name not in one.facts]
    facts = {**one.facts, **shared, **{fact.name: fact for fact in added}}
    return make_kind(one, attrs.evolve(one, facts=facts), added)


def _wider(one: Fact, other: Fact) -> Fact:
    """A fact with the bounds that both have, as far apart as either says."""
    least, most, places = ([getattr(fact, name) for fact in (one, other)] for name in ("minimum", "maximum", "places"))
    return attrs.evolve(
        one,
        minimum=None if None in least else min(least),
        maximum=None if None in most else max(most),
        places=None if None in places else max(places),
    )
