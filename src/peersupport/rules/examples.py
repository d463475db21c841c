"""Worked cases to records: the few facts that an example gives, linked as the rulebook's kinds are.

An example names the facts of the record judged, and related records by kind, nested or side by side. References that
it does not give are made: to the record around, to the record judged, or to one that the case already has. A kind
that it does not name is an empty, complete table.
"""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping

import attrs

from peersupport.rules import calendar, facts
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


def faults(
    vocabulary: Vocabulary, rule: Rule, example: Example, where: str, behind: Iterable[str] = ()
) -> Iterator[Problem]:
    """What is wrong with the form of an example, before it is judged.

    Its reading is one of the rule, or one of those `behind` it: of definitions and rules that it asks for.
    """
    kind = example.about or next(iter(rule.about), "")
    if rule.about and kind not in rule.about:
        yield Problem(f"{where}, about", f"the rule does not judge {kind!r}", near(kind, rule.about))
    readings = (*rule.readings, *behind)
    if example.reading and example.reading not in readings:
        yield Problem(f"{where}, reading", f"no reading {example.reading!r}", near(example.reading, readings))
    if kind in rule.about:
        yield from _faults(vocabulary, vocabulary[kind], example.given, where)


def _faults(vocabulary: Vocabulary, kind: Kind, given: Mapping[str, object], where: str) -> Iterator[Problem]:
    for name, value in given.items():
        if vocabulary.faulty and (kind.name, name) in vocabulary.faulty:
            continue
        fact = kind.facts.get(name)
        if fact and not fact.borrowed:
            inner = _leads_to(fact, value)
            if inner:
                yield from _related(vocabulary, vocabulary[inner], value, f"{where}, {name}")
            else:
                fault = _value_fault(kind, fact, value)
                yield from [Problem(f"{where}, {name}", fault)] if fault else ()
        elif name in vocabulary:
            yield from _related(vocabulary, vocabulary[name], value, f"{where}, {name}")
        elif name == "id":
            good = isinstance(value, str) and value.strip()
            yield from () if good else [Problem(f"{where}, {name}", "an id is a text")]
        else:
            mend = near(name, [*kind.facts, *vocabulary])
            yield Problem(f"{where}, given", f"{kind.name} has no fact {name!r}", mend)


def _leads_to(fact: Fact, value: object) -> str:
    """The kind of the records that are given in the place of a reference, or of a set of them; empty where none are."""
    as_record = fact.type.base == "ref" and isinstance(value, Mapping)
    return fact.type.kind if as_record or _tables(fact, value) else ""


def _value_fault(kind: Kind, fact: Fact, value: object) -> str:
    """What is wrong with a value; an empty text when nothing is."""
    if _is_right(fact, value):
        return ""
    return _sort_fault(fact, value) or facts.fault_of(fact, plain(fact, value)) or _zone_fault(kind, fact.name, value)


def _is_right(fact: Fact, value: object) -> bool:
    """Whether a value is surely right, asked first: most are a yes or no, a day or a choice."""
    if isinstance(value, bool):
        return fact.type.base == "bool"
    if type(value) is dt.date:
        return fact.type.base == "date" and calendar.FIRST_DAY <= value <= calendar.LAST_DAY
    return fact.type.base == "choice" and value in fact.type.choices


def _tables(fact: Fact, value: object) -> bool:
    """Whether a set of references is given as the records themselves."""
    return fact.type.base == "refs" and isinstance(value, list) and any(isinstance(each, Mapping) for each in value)


def _related(vocabulary: Vocabulary, kind: Kind, value: object, where: str) -> Iterator[Problem]:
    """What is wrong with the related records of a kind: one table, or a list of them."""
    listed = _listed(value)
    if not isinstance(value, Mapping) and not (isinstance(value, list) and len(listed) == len(value)):
        yield Problem(where, f"{kind.name} is a kind of records", "write { ... }, or [{ ... }, { ... }]")
    for each in listed:
        yield from _faults(vocabulary, kind, each, where)


def _sort_fault(fact: Fact, value: object) -> str:
    if fact.type.base not in {"set", "refs"} or value == "none":
        return ""
    good = isinstance(value, list) and all(isinstance(each, str) and each for each in value)
    return "" if good else f"is {fact.type}: write a list of texts, as in ['a', 'b']"


def _zone_fault(kind: Kind, name: str, value: object) -> str:
    if (kind.name, name) != ("program", "time_zone") or not isinstance(value, str):
        return ""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return f"{value!r} is no time zone: write it as in 'America/Chicago'"
    return ""


def _listed(value: object) -> list[Mapping[str, object]]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, Mapping)]


def plain(fact: Fact, value: object) -> object:
    """A value as TOML or JSON writes it: `"none"` is known absent, a list is a set, a number of places is exact."""
    if value == "none" and fact.type.or_none and fact.type.base not in {"set", "refs"}:
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
    maker = _Maker(vocabulary, set(_ids(given)))
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


def _ids(given: object) -> Iterator[str]:
    """The ids that a case gives to its records, however deep they stand."""
    if isinstance(given, Mapping):
        yield from [str(given["id"])] if "id" in given else []
    for inner in given.values() if isinstance(given, Mapping) else given if isinstance(given, list) else ():
        yield from _ids(inner)


def _is_owed(fact: Fact) -> bool:
    """Whether a fact refers to somebody even where a case does not say to whom."""
    return bool(fact.type.kind) and not fact.type.or_none


class _Maker:
    """Makes the records of one case, each with the references that the case leaves out."""

    def __init__(self, vocabulary: Vocabulary, taken: set[str]) -> None:
        self.vocabulary = vocabulary
        self.taken = taken
        self.rows: dict[str, dict[str, Record]] = {name: {} for name in vocabulary}
        self.wanted: set[tuple[str, str]] = set()

    def record(self, kind: str, given: Mapping[str, object], around: Around, name: str = "") -> Record:
        id_ = str(given["id"]) if "id" in given else self.free(kind, name or kind)
        facts_of = {fact.name: fact for fact in self.vocabulary[kind].stored}
        asked = [fact for fact in facts_of.values() if fact.name in given or _is_owed(fact)]
        values = {fact.name: self.value(fact, given, around) for fact in asked}
        made = self.rows[kind][id_] = self.vocabulary[kind].record(id=id_, **values)
        refs = tuple((fact.type.kind, values[fact.name]) for fact in asked if fact.type.base == "ref")
        inside = ((kind, id_), *((to, ref) for to, ref in refs if isinstance(ref, str)), *around)
        for key, value in given.items():
            if key in self.vocabulary and key not in facts_of:
                for each in _listed(value):
                    self.record(key, each, inside)
        return made

    def free(self, kind: str, lead: str) -> str:
        """An id that no record of the case has, nor is given by it."""
        ids = (f"{lead}-{number}" for number in itertools.count(1))
        found = next(id_ for id_ in ids if id_ not in self.rows[kind] and id_ not in self.taken)
        self.taken.add(found)
        return found

    def value(self, fact: Fact, given: Mapping[str, object], around: Around) -> object:
        value = given.get(fact.name)
        if isinstance(value, Mapping):
            return self.record(fact.type.kind, value, around, fact.name).id
        if _tables(fact, value):
            return frozenset(self.record(fact.type.kind, each, around, fact.name).id for each in _listed(value))
        if value is None and _is_owed(fact):
            return self.reference(fact, around)
        recorded = plain(fact, value)
        self.refer(fact, recorded)
        return recorded

    def refer(self, fact: Fact, value: object) -> None:
        """Remember the records that a reference, or a set of them, leads to."""
        if fact.type.base == "ref" and isinstance(value, str):
            self.wanted.add((fact.type.kind, value))
        if fact.type.base == "refs" and isinstance(value, frozenset):
            self.wanted |= {(fact.type.kind, str(each)) for each in value}

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
