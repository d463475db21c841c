"""The mutants of a rule: each small wrong change of each of its bodies, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from peersupport.readers import variations
from peersupport.readers.mutants import alike, operators, shapes
from peersupport.readers.mutants.operators import Book, Operator
from peersupport.readers.mutants.spots import Spot, spots, tops
from peersupport.rules import terms
from peersupport.rules.forms import Body, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Term


@attrs.frozen
class Mutant:
    """A rule with one small wrong change: for one of its kinds, under one of its readings or none.

    `says` is the change in English, and `body` the changed rule. `also` are the bodies of other readings that say the
    same there and so change with it, each with its reading.
    """

    rule: str
    kind: str
    reading: str
    operator: Operator
    says: str
    body: Body
    also: tuple[tuple[str, Body], ...] = ()

    def __str__(self) -> str:
        reading = f", under “{self.reading}”" if self.reading else ""
        return f"{self.rule}{reading}: {self.says}"

    @property
    def bodies(self) -> dict[str, Body]:
        """The changed bodies by reading."""
        return {self.reading: self.body, **dict(self.also)}


def of(rulebook: Rulebook, rule: Rule) -> tuple[Mutant, ...]:
    """Every small wrong change of a rule, in the order in which the rule is written.

    A reading has mutants of what it says otherwise than the rule itself. Where a reading must be chosen, the rule
    without one has none. A definition has mutants too; they show in the rules that ask for it.
    """
    return variations.kept(rulebook, (of, rule.id), lambda: tuple(_of(rulebook, rule)))


def _of(rulebook: Rulebook, rule: Rule) -> Iterator[Mutant]:
    book = _book(rulebook, rule)
    for kind in rule.about:
        found: dict[object, Mutant] = {}
        names = (*([] if rule.choose else [""]), *rule.readings)
        bodies = {name: rulebook.body(rule, kind, frozenset({name} - {""})) for name in names}
        # the field is said in all readings or in none: what they say alike is one mutant
        several = any(len({field for field, _, _ in tops(body)}) > 1 for body in bodies.values())
        for reading, body in bodies.items():
            for key, operator, says, other in _wrong(rule, reading, body, book, several=several):
                if key in found:
                    first = found[key]
                    found[key] = attrs.evolve(first, also=(*first.also, (reading, other)))
                else:
                    found[key] = Mutant(rule.id, kind, reading, operator, says, other)
        yield from found.values()


def _book(rulebook: Rulebook, rule: Rule) -> Book:
    """What may be named in a rule: of the definitions those that do not ask for the rule themselves."""
    names = {
        name: (other, type_)
        for name, (other, type_) in rulebook.definitions.items()
        if rule not in variations.asked_for(rulebook, other)
    }
    return Book(rulebook.vocabulary, names)


def _wrong(
    rule: Rule, reading: str, body: Body, book: Book, *, several: bool
) -> Iterator[tuple[object, Operator, str, Body]]:
    """The wrong changes of one body, none that says the same as it or another, each with its name."""
    found = {body, alike.normal(body)}
    told: Counter[object] = Counter()
    for operator, says, aspect, other in (
        *_of_terms(rule, reading, body, book, several=several),
        *shapes.wrong(body, book),
    ):
        if not {other, alike.normal(other)} & found:
            found |= {other, alike.normal(other)}
            key = (operator, says, aspect)
            told[key] += 1
            yield (key, told[key]), operator, says, other


def _of_terms(rule: Rule, reading: str, body: Body, book: Book, *, several: bool) -> Iterator[shapes.Wrong]:
    within = rule.field("within", frozenset({reading} - {""})) is not None
    for spot in spots(body):
        top = spot.around[0] if spot.around else spot.term
        for operator, says, term in operators.wrong(spot, book):
            said = _within(spot, term) if within and not spot.around and operator in operators.NUMBERS else ""
            yield operator, said or says + _where(spot, several=several), (spot.field, top), spot.put(term)


def _within(spot: Spot, term: Term) -> str:
    """A change of the period that a rule calls `within`; an empty text when it is none."""
    match spot.term, term:
        case terms.Shift(by=by), terms.Shift(by=other) if spot.field == "due":
            return f"`within` is {other} instead of {by}"
        case _:
            return ""


def _where(spot: Spot, *, several: bool) -> str:
    """The field in which a change stands, where the rule has several."""
    if not several or (not spot.around and spot.field in {"at_least", "at_most"}):
        return ""
    return f", in {spot.field}" if spot.field.startswith("the ") else f", in `{spot.field}`"
