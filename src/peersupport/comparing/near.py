"""Cases near those of two rules: each with one fact changed to a value that another case has, of one record or of all.

The cases of a rule lie at its edges, and so do their values: held against one another they are the values at which two
rules may part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from peersupport.comparing.values import Given
from peersupport.readers.cases.writing import toml
from peersupport.rules.facts import Fact, Vocabulary

FEW: Final = 2
"""How many records of a list are changed one by one; more are changed together."""

Pool: TypeAlias = Mapping[str, Mapping[str, Sequence[object]]]
"""The values that some cases have, by kind and fact."""


class Nearby:
    """The values of some cases, and what they make of a case. `vocabularies` are those of both rulebooks."""

    def __init__(self, vocabularies: Sequence[Vocabulary], cases: Iterable[tuple[str, Given]]) -> None:
        self.vocabularies = vocabularies
        found: dict[str, dict[str, dict[str, object]]] = {}
        for kind, given in cases:
            self._gather(kind, given, found)
        self.pool: Pool = {
            kind: {name: [values[text] for text in sorted(values)] for name, values in sorted(facts.items())}
            for kind, facts in found.items()
        }

    def _gather(self, kind: str, given: Given, found: dict[str, dict[str, dict[str, object]]]) -> None:
        for name, value in given.items():
            fact = self.fact(kind, name)
            inside = _tables(value)
            if fact and not inside and not fact.type.kind:
                found.setdefault(kind, {}).setdefault(name, {})[toml(value)] = value
            for each in inside:
                self._gather(self.leads(kind, name), each, found)

    def fact(self, kind: str, name: str) -> Fact | None:
        """A fact of a kind, as one of the rulebooks has it."""
        facts = (book[kind].facts.get(name) for book in self.vocabularies if kind in book)
        return next((fact for fact in facts if fact), None)

    def leads(self, kind: str, name: str) -> str:
        """The kind of the records that stand under a name."""
        fact = self.fact(kind, name)
        return fact.type.kind if fact else name

    def of(self, kind: str, given: Given) -> Iterator[Given]:
        """A case with one thing changed: a fact, the same fact of all records of a list, or a record more."""
        yield from ({**given, **change} for change in self._changes(kind, given))
        for name, value in given.items():
            inside, records = self.leads(kind, name), _tables(value)
            if isinstance(value, list) and records:
                yield from ({**given, name: some} for some in self._listed(inside, records))
            elif records:
                yield from ({**given, name: each} for each in self.of(inside, records[0]))

    def _changes(self, kind: str, given: Given) -> Iterator[Given]:
        for name, values in self.pool.get(kind, {}).items():
            yield from ({name: value} for value in values if given.get(name) != value)

    def _listed(self, kind: str, records: list[Given]) -> Iterator[list[Given]]:
        """Some records of a kind with one thing changed of all of them, or of one."""
        if len(records) > 1:
            for change in self._changes(kind, {}):
                yield [{**each, **change} for each in records]
        yield [*records, {name: value for name, value in records[-1].items() if name != "id"}]
        for at, each in enumerate(records[:FEW]):
            yield from ([*records[:at], other, *records[at + 1 :]] for other in self.of(kind, each))


def _tables(value: object) -> list[Given]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, Mapping)]
