"""Scenes as examples are written in a rulebook's file: the record judged, with the others in it or beside it.

Ids and references that an example makes by itself are left out, as an author leaves them out. What is written is read
again and must give the same records, so a case that is pasted into a file is the case that was judged.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from peersupport.readers import variations
from peersupport.readers.variations import COPY, Key, Row, Rows, ids
from peersupport.rules import examples
from peersupport.rules.facts import NONE, Fact, Vocabulary
from peersupport.rules.tables import Tables

Given: TypeAlias = dict[str, Any]
_NUMBERED: Final = re.compile(r"(.*)-\d+")


def given(vocabulary: Vocabulary, rows: Rows, judged: Key) -> Given | None:
    """What an example gives for some records; None where the format cannot write them."""
    found = whole(vocabulary, rows, judged)
    return None if found is None else _shortened(vocabulary, found, rows, judged)


def whole(vocabulary: Vocabulary, rows: Rows, judged: Key) -> Given | None:
    """What an example gives for some records, with every id and reference; None where the format cannot write them."""
    found = _Writer(vocabulary, rows, judged).given()
    return found if found is not None and _reads(vocabulary, found, judged, rows) else None


class _Writer:
    """Writes the records of a case, each once: where it is referred to first, or beside the record judged."""

    def __init__(self, vocabulary: Vocabulary, rows: Rows, judged: Key) -> None:
        self.vocabulary, self.rows, self.judged = vocabulary, rows, judged
        self.written: dict[Key, Given] = {}

    def given(self) -> Given | None:
        made = self.record(self.judged)
        for key in self.rows:
            if key not in self.written:
                host = next((inner for one, inner in self.written.items() if self.holds(one, key[0])), None)
                if host is None:
                    return None
                host.setdefault(key[0], []).append(self.record(key))
        return made

    def holds(self, key: Key, kind: str) -> bool:
        """Whether records of a kind may stand inside a record: its kind has no fact of that name."""
        return kind not in self.vocabulary[key[0]].facts

    def record(self, key: Key) -> Given:
        made = self.written[key] = {"id": key[1]}
        for fact in self.vocabulary[key[0]].stored:
            value = self.rows[key][fact.name]
            if value is not None:
                made[fact.name] = self.value(fact, value)
        return made

    def value(self, fact: Fact, value: object) -> object:
        to = [(fact.type.kind, each) for each in sorted(ids(value))] if fact.type.kind else []
        new = [key for key in to if key in self.rows and key not in self.written]
        if fact.type.base == "ref" and new:
            return self.record(new[0])
        if fact.type.base == "refs" and to and new == to:
            return [self.record(key) for key in to]
        if isinstance(value, frozenset):
            return sorted(value)
        return "none" if value is NONE else value


def _reads(vocabulary: Vocabulary, written: Given, judged: Key, rows: Rows) -> bool:
    """Whether what is given gives some records again, and no others."""
    case = examples.build(vocabulary, judged[0], written)
    return case.record.id == judged[1] and _rows(vocabulary, case.tables) == dict(rows)


def _rows(vocabulary: Vocabulary, tables: Tables) -> Rows:
    return variations.rows_of(vocabulary.kinds, tables)


def _shortened(vocabulary: Vocabulary, found: Given, rows: Rows, judged: Key) -> Given:
    """What is given without the ids and references that an example makes by itself, as far as that goes."""
    names = {name for name, _ in _spare(vocabulary, judged[0], found)}
    for some in (names, names - {"id"}, {"id"}, *({name} for name in sorted(names - {"id"}))):
        shorter = _without(vocabulary, judged[0], found, some)
        if shorter != found and _reads(vocabulary, shorter, judged, rows):
            found = shorter
    full = {name: value for name, value in found.items() if value != {}}
    return full if _reads(vocabulary, full, judged, rows) else found


def _spare(vocabulary: Vocabulary, kind: str, made: Given) -> Iterator[tuple[str, object]]:
    """The ids and plain references of some records, by name."""
    for name, value in made.items():
        fact = vocabulary[kind].facts.get(name)
        plain = isinstance(value, str) or (isinstance(value, list) and len(value) == 1 and isinstance(value[0], str))
        if name == "id" or (fact and fact.type.kind and not fact.type.or_none and plain):
            yield name, value
        for inner in _inside(value):
            yield from _spare(vocabulary, fact.type.kind if fact else name, inner)


def _inside(value: object) -> list[Given]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def _without(vocabulary: Vocabulary, kind: str, made: Given, names: set[str]) -> Given:
    """Some records without the ids and plain references of some names."""
    spare = {name for name, _ in _spare(vocabulary, kind, {k: v for k, v in made.items() if not _inside(v)})}
    found: Given = {}
    for name, value in made.items():
        fact = vocabulary[kind].facts.get(name)
        inner = [_without(vocabulary, fact.type.kind if fact else name, each, names) for each in _inside(value)]
        if not inner:
            if name not in spare & names:
                found[name] = value
        else:
            found[name] = inner if isinstance(value, list) else inner[0]
    return found


# names


def named(rows: Rows) -> dict[Key, str]:
    """Other ids for records that are there twice: numbered as an example numbers them."""
    taken = {key for key in rows if COPY not in key[1]}
    found: dict[Key, str] = {}
    for kind, id_ in sorted((key for key in rows if COPY in key[1]), key=lambda key: (key[0], len(key[1]), key[1])):
        lead = id_.partition(COPY)[0]
        numbered = _NUMBERED.fullmatch(lead)
        stem = numbered.group(1) if numbered else lead
        number = next(n for n in range(1, len(rows) + 2) if (kind, f"{stem}-{n}") not in taken)
        found[kind, id_] = f"{stem}-{number}"
        taken.add((kind, found[kind, id_]))
    return found


def renamed(vocabulary: Vocabulary, rows: Rows) -> Rows:
    """Some records with ids for reading, and with the references that follow them."""
    names = named(rows)

    def moved(fact: Fact, value: object) -> object:
        if isinstance(value, frozenset) and fact.type.kind:
            return frozenset(names.get((fact.type.kind, each), each) for each in value)
        return names.get((fact.type.kind, value), value) if isinstance(value, str) else value

    def row_of(key: Key, row: Row) -> Row:
        return {fact.name: moved(fact, row[fact.name]) for fact in vocabulary[key[0]].stored}

    found = {(key[0], names.get(key, key[1])): row_of(key, row) for key, row in rows.items()}
    return dict(sorted(found.items()))


# as text


def toml(value: object) -> str:
    """A value as TOML writes it, in one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            inside = ", ".join(f"{name} = {toml(each)}" for name, each in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case _:
            return str(value)


def plain(value: object) -> object:
    """A value as JSON has it: dates as text, decimals too, so that none is rounded."""
    match value:
        case dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case Mapping():
            return {name: plain(each) for name, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case _:
            return value
