"""Worked cases to records: the few facts that an example gives, linked as the rulebook's kinds are.

An example names the facts of the record judged, and related records by kind, nested or side by side. References that
it does not give are made: to the record around, to the record judged, or to one that the case already has. A kind
that it does not name is an empty, complete table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from peersupport.rules import facts
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Fact, Kind, Record, Vocabulary
from peersupport.rules.forms import Example, Rule
from peersupport.rules.problems import Problem, near
from peersupport.rules.tables import Table, Tables


@attrs.frozen(eq=False)
class Case:
    """An example as records: the one judged, and the tables around it."""

    record: Record
    tables: Tables


def faults(vocabulary: Vocabulary, rule: Rule, example: Example, where: str) -> Iterator[Problem]:
    """What is wrong with the form of an example, before it is judged."""
    kind = example.about or rule.about[0]
    if kind not in rule.about:
        yield Problem(f"{where}, about", f"the rule does not judge {kind!r}", near(kind, rule.about))
        return
    if example.reading and example.reading not in rule.readings:
        yield Problem(f"{where}, reading", f"no reading {example.reading!r}", near(example.reading, rule.readings))
    yield from _faults(vocabulary, vocabulary[kind], example.given, where)


def _faults(vocabulary: Vocabulary, kind: Kind, given: Mapping[str, object], where: str) -> Iterator[Problem]:
    for name, value in given.items():
        fact = kind.facts.get(name)
        if fact and not fact.borrowed and isinstance(value, Mapping) and fact.type.base == "ref":
            yield from _faults(vocabulary, vocabulary[fact.type.kind], value, f"{where}, {name}")
        elif fact and not fact.borrowed:
            fault = facts.fault_of(fact, plain(fact, value))
            if fault:
                yield Problem(f"{where}, {name}", fault)
        elif name in vocabulary:
            for each in _listed(value):
                yield from _faults(vocabulary, vocabulary[name], each, f"{where}, {name}")
        elif name != "id":
            yield Problem(
                f"{where}, given", f"{kind.name} has no fact {name!r}", near(name, [*kind.facts, *vocabulary])
            )


def _listed(value: object) -> list[Mapping[str, object]]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, Mapping)]


def plain(fact: Fact, value: object) -> object:
    """A value as TOML or JSON writes it: `"none"` is known absent, a list is a set, a number of places is exact."""
    if value == "none" and fact.type.or_none:
        return NONE
    if fact.type.base in {"set", "refs"}:
        if value == "none":
            return frozenset()
        return frozenset(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
    return value


def case(vocabulary: Vocabulary, rule: Rule, example: Example) -> Case:
    """The records of an example."""
    return build(vocabulary, example.about or rule.about[0], example.given)


def build(vocabulary: Vocabulary, kind: str, given: Mapping[str, object]) -> Case:
    """The records that some given facts state, with a table for every kind of the vocabulary."""
    maker = _Maker(vocabulary)
    record = maker.record(kind, given, ())
    maker.finish()
    tables = {name: Table(maker.rows[name]) for name in vocabulary}
    return Case(record, Tables(tables, _office(maker.rows)))


def _office(rows: Mapping[str, Mapping[str, Record]]) -> Office | None:
    for program in rows.get("program", {}).values():
        zone = getattr(program, "time_zone", None)
        if isinstance(zone, str):
            return Office(zone)
    return None


Around = tuple[tuple[str, str], ...]
"""The records around the one that is made, nearest first: kind and id."""


class _Maker:
    """Makes the records of one case, each with the references that the case leaves out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rows: dict[str, dict[str, Record]] = {name: {} for name in vocabulary}
        self.wanted: set[tuple[str, str]] = set()

    def record(self, kind: str, given: Mapping[str, object], around: Around, name: str = "") -> Record:
        id_ = str(given.get("id", f"{name or kind}-{len(self.rows[kind]) + 1}"))
        facts_of = {fact.name: fact for fact in self.vocabulary[kind].stored}
        values = {fact.name: self.value(fact, given, around) for fact in facts_of.values()}
        made = self.rows[kind][id_] = self.vocabulary[kind].record(id=id_, **values)
        refs = tuple((facts_of[key].type.kind, ref) for key, ref in values.items() if facts_of[key].type.base == "ref")
        inside = ((kind, id_), *((to, ref) for to, ref in refs if isinstance(ref, str)), *around)
        for key, value in given.items():
            if key in self.vocabulary and key not in facts_of:
                for each in _listed(value):
                    self.record(key, each, inside)
        return made

    def value(self, fact: Fact, given: Mapping[str, object], around: Around) -> object:
        value = given.get(fact.name)
        if isinstance(value, Mapping):
            return self.record(fact.type.kind, value, around, fact.name).id
        if value is None and fact.type.kind and not fact.type.or_none:
            return self.reference(fact, around)
        if isinstance(value, str) and fact.type.base == "ref" and value != "none":
            self.wanted.add((fact.type.kind, value))
        return plain(fact, value)

    def reference(self, fact: Fact, around: Around) -> object:
        """An id to refer to: of the nearest record around of that kind, or of one that is made for it."""
        kind = fact.type.kind
        id_ = next((id_ for name, id_ in around if name == kind), f"{fact.name}-1")
        self.wanted.add((kind, id_))
        return frozenset({id_}) if fact.type.base == "refs" else id_

    def finish(self) -> None:
        """Make the records that were only referred to."""
        while self.wanted:
            kind, id_ = self.wanted.pop()
            if id_ not in self.rows[kind]:
                self.record(kind, {"id": id_}, ())
