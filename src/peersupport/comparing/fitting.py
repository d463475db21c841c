"""A worked case of one rulebook before another one, which may not know all of its facts; and a case made smaller."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

from peersupport.comparing.values import Given
from peersupport.readers import variations
from peersupport.readers.mutants.bench import Shown
from peersupport.rules import examples
from peersupport.rules.facts import Vocabulary
from peersupport.rules.forms import Example, InForce, Rule
from peersupport.rules.rulebook import Rulebook

MANY: Final = 4
"""Up to how many records of a list each is made smaller by itself."""


def timeless(rulebook: Rulebook) -> Rulebook:
    """A rulebook whose rules are in force on every day: when they are is told apart from what they ask."""
    if {rulebook.in_force, *(rule.in_force for rule in rulebook)} == {InForce()}:
        return rulebook

    def make() -> Rulebook:
        rules = {rule.id: attrs.evolve(rule, in_force=InForce()) for rule in rulebook}
        return attrs.evolve(rulebook, rules=rules, in_force=InForce())

    return variations.kept(rulebook, timeless, make)


# what another rulebook knows of a case


def fitted(vocabulary: Vocabulary, kind: str, given: Given) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What a vocabulary knows of a case, and what it does not: facts as `kind.fact`, and kinds."""
    left_out: dict[str, None] = {}
    return _fitted(vocabulary, kind, given, left_out), tuple(left_out)


def _fitted(vocabulary: Vocabulary, kind: str, given: Given, left_out: dict[str, None]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        fact = vocabulary[kind].facts.get(name)
        inside = fact.type.kind if fact else name
        if name != "id" and fact is None and name not in vocabulary:
            left_out[f"{kind}.{name}"] = None
        else:
            found[name] = _inside(vocabulary, inside, value, left_out)
    return found


def _inside(vocabulary: Vocabulary, kind: str, value: object, left_out: dict[str, None]) -> object:
    """The records of a kind, or any other value as it is."""
    if isinstance(value, list):
        return [_inside(vocabulary, kind, each, left_out) for each in value]
    return _fitted(vocabulary, kind, value, left_out) if isinstance(value, Mapping) and kind in vocabulary else value


def staged(rulebook: Rulebook, rule: Rule, kind: str, given: Given, on: dt.date) -> Shown | None:
    """A case as records of a rulebook; None where a value in it is none that its facts have."""
    known, _ = fitted(rulebook.vocabulary, kind, given)
    judges = attrs.evolve(rule, about=(kind,))
    wrong = any(examples.faults(rulebook.vocabulary, judges, Example(known, on, "", kind), ""))
    return None if wrong else built(rulebook, kind, known, on)


def built(rulebook: Rulebook, kind: str, known: Given, on: dt.date) -> Shown:
    """A case of which a rulebook knows all as its records."""
    made = examples.build(rulebook.vocabulary, kind, known)
    return Shown(made.record, made.tables, on)


# smaller


def size(given: object) -> int:
    """How much there is in a case: each record, and each fact of it."""
    if isinstance(given, Mapping):
        return 1 + sum(size(each) for each in given.values())
    return sum(size(each) for each in given) if isinstance(given, list) else 1


def smaller(given: Given, still: Callable[[Given], bool]) -> Given:
    """A case from which nothing more can be taken while something is still so."""
    before: Given = {}
    while size(before) != size(given):
        before, at = given, 0
        while (one := next(itertools.islice(less(given), at, None), None)) is not None:
            given, at = (one, at) if still(one) else (given, at + 1)
    return given


def less(value: Any) -> Iterator[Any]:  # noqa: ANN401  a table, a list, or a plain value
    """A case without one thing in it, in every way: a fact of all records of a list, a record, a fact of one record.

    From many records no fact of one alone is taken: they are alike, or the case is not told in a sentence.
    """
    if isinstance(value, list) and len(value) > 1:
        names = dict.fromkeys(name for each in value if isinstance(each, Mapping) for name in each)
        yield from ([_without(each, name) for each in value] for name in names)
    keys: list[Any] = (
        [*value] if isinstance(value, Mapping) else [*range(len(value))] if isinstance(value, list) else []
    )
    yield from (_without(value, key) for key in keys)
    for key in keys if len(keys) <= MANY or isinstance(value, Mapping) else ():
        yield from (_instead(value, key, each) for each in less(value[key]))


def _without(value: Any, key: Any) -> Any:  # noqa: ANN401  a table and a name, or a list and a place in it
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if name != key}
    return [each for at, each in enumerate(value) if at != key] if isinstance(value, list) else value


def _instead(value: Any, key: Any, other: object) -> Any:  # noqa: ANN401  as above
    if isinstance(value, Mapping):
        return {**value, key: other}
    return [*value[:key], other, *value[key + 1 :]]
