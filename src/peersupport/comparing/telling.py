"""A worked case in one plain sentence: what is given, the day, and the reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from peersupport.comparing.values import Given
from peersupport.readers.cases.telling import MANY, said
from peersupport.readers.english.phrases import listed, words
from peersupport.rules import examples
from peersupport.rules.facts import Fact, Kind, Vocabulary


def sentence(vocabulary: Vocabulary, kind: str, given: Given, on: dt.date, reading: str) -> str:
    """A case in words, as the beginning of a sentence on its verdicts: "On 2026-06-30, where the plan is signed"."""
    clauses = [*_clauses(vocabulary, vocabulary[kind], given, "")]
    where = (
        f", where {listed(clauses, 'and')}" if clauses else f", where nothing is recorded of {vocabulary[kind].phrase}"
    )
    return f"On {on}{f', read as “{reading}”' if reading else ''}{where}"


def _clauses(vocabulary: Vocabulary, kind: Kind, given: Given, whose: str) -> Iterator[str]:
    """What is given of a record, with the records around it: one clause for each."""
    for name, value in given.items():
        fact = kind.facts.get(name)
        if fact is None and name in vocabulary:
            yield from _related(vocabulary, vocabulary[name], _tables(value))
        elif fact and _tables(value):
            for each in _tables(value):
                yield from _clauses(vocabulary, vocabulary[fact.type.kind], each, f"{fact.phrase}{_of(whose)}")
        elif fact:
            yield said(fact, examples.plain(fact, value), None, _owner(fact, whose))


def _related(vocabulary: Vocabulary, kind: Kind, tables: list[Given]) -> Iterator[str]:
    """The records of a kind that stand beside: one by one, or how many where they are many."""
    if kind.name == "program" and len(tables) == 1:
        yield from _clauses(vocabulary, kind, tables[0], "")
    elif len(tables) > MANY:
        yield f"there are {len(tables)} records of the kind {words(kind.name)}{_all(vocabulary, kind, tables)}"
    else:
        yield from (f"there is {kind.phrase}{_where(vocabulary, kind, each)}" for each in tables)


def _all(vocabulary: Vocabulary, kind: Kind, tables: list[Given]) -> str:
    """What is given of all of many records alike."""
    alike = {name: value for name, value in tables[0].items() if all(each.get(name) == value for each in tables)}
    return _where(vocabulary, kind, alike, ", of each of which ")


def _where(vocabulary: Vocabulary, kind: Kind, given: Given, lead: str = ", where ") -> str:
    clauses = [*_clauses(vocabulary, kind, given, "")]
    return f"{lead}{listed(clauses, 'and')}" if clauses else ""


def _tables(value: object) -> list[Given]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, Mapping)]


def _of(whose: str) -> str:
    return f" of {whose}" if whose else ""


def _owner(fact: Fact, whose: str) -> str:
    return f" (for {whose})" if whose and fact.type.base == "bool" else _of(whose)
