"""Many small rosters made of the worked examples of rules, for whoever holds one reader against another.

From each example come the example itself, every change of one of its facts to a value at the edges of the rule, every
way to leave a record out or to have it more than once, and some changes together, drawn with a fixed seed: all of them
variations of the package. Each rule has a roster besides with a record of every kind that it looks at, in which all
facts are drawn. Thousands of them are then put into one set of tables, each with ids of its own, so that a reader that
plans first plans once.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from peersupport import testing
from peersupport.readers import variations
from peersupport.readers.variations import (
    PROGRAM,
    Key,
    Row,
    Rows,
    World,
    facts_of,
    hashed,
    looks_at_all,
    readings_of,
    seeded,
)
from peersupport.rules import calendar, examples
from peersupport.rules.calendar import Office
from peersupport.rules.facts import Fact, Kind, Record, kind_of
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables

__all__ = ["PROGRAM", "Key", "Row", "Rows", "facts_of", "hashed", "looks_at_all", "readings_of"]

TOGETHER: Final = 24
"""How many changes together are drawn for each example."""
DRAWN: Final = 100
"""How many rosters are drawn for each rule and kind with a record of every kind."""
SHARE_ALONE: Final = 24
"""Of rosters that stand in tables of their own one of so many is kept: each is planned for by itself."""
APART: Final = 8
"""One example of so many is changed where one roster of many is asked for, and at least one of each rule."""
FEW: Final = 1000
"""How many rosters of one day and program are few: they are held against the rules that they were made for alone."""
SHARE_OF_OTHERS: Final = 60
"""One roster of so many is held against every rule of its kinds, the others against the one they were made for."""


@attrs.frozen(eq=False)
class Small:
    """A roster of a few records, made for a rule; `judged` is the record that its example is about."""

    rule: str
    on: dt.date
    judged: Key
    rows: Rows
    alone: bool = False
    """Whether it can stand in no table with others, because its rule looks at every record of a kind."""

    @property
    def program(self) -> Row | None:
        """The facts of its program's record; None where it has none."""
        return next((row for (kind, _), row in self.rows.items() if kind == PROGRAM), None)


@attrs.frozen(eq=False)
class Batch:
    """Many rosters of one day and one program in one set of tables.

    `judged` are the records with the rules to hold them against: rule, kind and id. `of` has each roster by the lead
    of its ids.
    """

    on: dt.date
    tables: Tables
    judged: tuple[tuple[str, str, str], ...]
    of: Mapping[str, Small]

    def told(self, id_: str) -> str:
        """The records of the roster that a record came from, one in each line, with what is recorded of them."""
        lead = id_.partition(".")[0]
        rows = self.of[lead].rows if lead in self.of else [(PROGRAM, PROGRAM)]
        keys = [(kind, PROGRAM if kind == PROGRAM else f"{lead}.{own}") for kind, own in rows]
        return "\n".join(f"  {kind} {shown(self.tables.tables[kind].records[key])}" for kind, key in keys)


def shown(record: Record) -> str:
    """A record as short text: its id and the facts that are recorded."""
    names = [field.name for field in attrs.fields(type(record)) if field.name != "id"]
    facts = [(name, getattr(record, name)) for name in names]
    return " ".join([record.id, *(f"{name}={_short(value)}" for name, value in facts if value is not None)])


def _short(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + " ".join(sorted(value)) + "}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


# one example to many rosters


@functools.cache
def judged_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """The rules that the record reader judges."""
    refused = testing.unjudged(rulebook)
    return tuple(rule for rule in rulebook.judged if rule.id not in refused)


@functools.cache
def smalls(rulebook: Rulebook, rule: Rule, share: int) -> tuple[Small, ...]:
    """The rosters of a rule, or one of so many: of its examples, and those that are drawn. None is there twice."""
    alone = looks_at_all(rulebook, rule)
    found: dict[object, Small] = {}
    for world, rows in _every(rulebook, rule, share * SHARE_ALONE if alone else share):
        told = world.on, world.judged, frozenset((key, frozenset(row.items())) for key, row in rows.items())
        found.setdefault(told, Small(rule.id, world.on, world.judged, rows, alone))
    return tuple(found.values())


def _every(rulebook: Rulebook, rule: Rule, share: int) -> Iterator[tuple[World, Rows]]:
    """The examples on their own days and with their own programs; what becomes of them all on one day, in one program.

    So nearly all rosters of a rulebook can share their tables. Of one roster in many only some examples are changed,
    each the more often, because to find the changes of an example takes as long as to make a few of its rosters.
    """
    on, program = _usual(rulebook)
    apart = min(share, APART)
    for number, example in enumerate(rule.examples):
        kind = example.about or rule.about[0]
        case = examples.case(rulebook.vocabulary, rule, example)
        if hashed(rule.id, number, "own") % share == 0:
            own = _world(rulebook, rule, kind, example.on, case)
            yield own, own.rows
        if hashed(rule.id, number) % apart == 0 or number == hashed(rule.id) % len(rule.examples):
            world = _world(rulebook, rule, kind, on, _moved(rulebook, case, on - example.on, program))
            yield from ((world, rows) for rows in _rosters(world, seeded(rule, number), share // apart))
    for kind in rule.about:
        case = examples.build(rulebook.vocabulary, kind, variations.whole(rulebook, rule, kind))
        world = _world(rulebook, rule, kind, on, _moved(rulebook, case, dt.timedelta(), program))
        many = sum(hashed(rule.id, kind, number) % share == 0 for number in range(DRAWN))
        yield from ((world, rows) for rows in world.drawn(seeded(rule, kind), many))


class _Beyond(World):
    """A case of which what lies just behind the day of the judgement is tried too."""

    def beyond(self, _key: Key, fact: Fact) -> Iterable[object]:
        """What lies just before and just behind the end of the day of the judgement."""
        return _ahead(fact, self.on, self.tables.office or Office())


def _world(rulebook: Rulebook, rule: Rule, kind: str, on: dt.date, case: examples.Case) -> World:
    return _Beyond(rulebook, rule, on, case.record, case.tables, kind)


def _rosters(world: World, drawn: random.Random, share: int) -> Iterator[Rows]:
    """The example and everything that one change, and some changes together, make of it, or one of so many of these."""
    singles = world.singles(drawn)
    several = [drawn.sample(singles, 2 + n % 2) for n in range(TOGETHER)] if len(singles) > 2 else []
    for number, changes in enumerate([[], *([each] for each in singles), *several]):
        if hashed(world.rule.id, number, len(singles)) % share == 0 and world.joined(rows := world.after(changes)):
            yield rows


def _ahead(fact: Fact, on: dt.date, office: Office) -> Iterator[dt.date]:
    """What lies just before and just behind the end of the day of the judgement."""
    later = on + dt.timedelta(days=1)
    if fact.type.base == "date":
        yield from (later, later + dt.timedelta(days=30))
    if fact.type.base == "instant":
        begin = calendar.start_of(later, office)
        yield from (begin - dt.timedelta(microseconds=1), begin, calendar.start_of(on, office))


@functools.cache
def _usual(rulebook: Rulebook) -> tuple[dt.date, Record]:
    """The day on which most examples of a rulebook are judged, and the program that most of those with a zone have."""
    days = Counter(example.on for rule in rulebook for example in rule.examples)
    cases = [examples.case(rulebook.vocabulary, rule, each) for rule in rulebook for each in rule.examples]
    programs = [record for case in cases for record in case.tables.all_of(PROGRAM) if case.tables.office]
    usual = rulebook.vocabulary[PROGRAM].record(id=PROGRAM, time_zone="UTC")  # type: ignore[call-arg]  # a program
    rows = Counter(attrs.evolve(record, id=PROGRAM) for record in programs or [usual])
    return days.most_common(1)[0][0], rows.most_common(1)[0][0]


def _moved(rulebook: Rulebook, case: examples.Case, by: dt.timedelta, program: Record) -> examples.Case:
    """A case some days later, in the usual program if it has none of its own."""
    vocabulary = rulebook.vocabulary
    tables = {
        kind: Table({record.id: _later(vocabulary[kind], record, by) for record in table.records.values()})
        for kind, table in case.tables.tables.items()
    }
    made = variations.with_office({**tables, PROGRAM: Table(tables[PROGRAM].records or {PROGRAM: program})})
    kind = kind_of(type(case.record)).name
    return examples.Case(made.tables[kind].records[case.record.id], made)


def _later(kind: Kind, record: Record, by: dt.timedelta) -> Record:
    facts = {fact.name: getattr(record, fact.name) for fact in kind.stored}
    moved = {name: value + by if isinstance(value, dt.date) else value for name, value in facts.items()}
    return kind.record(id=record.id, **moved)


# many rosters to few tables


def packed(rulebook: Rulebook, rosters: Iterable[Small]) -> list[Batch]:
    """Rosters put together: those of one day and one program share their tables."""
    groups: dict[object, list[Small]] = {}
    for number, small in enumerate(rosters):
        program = None if small.program is None else tuple(small.program.items())
        groups.setdefault((small.on, program, number if small.alone else None), []).append(small)
    return [_batch(rulebook, group) for group in groups.values()]


def _batch(rulebook: Rulebook, group: Sequence[Small]) -> Batch:
    tables: dict[str, dict[str, Record]] = {kind: {} for kind in rulebook.vocabulary}
    judged: list[tuple[str, str, str]] = []
    of: dict[str, Small] = {}
    for number, small in enumerate(group):
        lead = str(number)
        of[lead] = small
        for (kind, id_), row in small.rows.items():
            own = kind == PROGRAM
            record = _led(rulebook.vocabulary[kind], PROGRAM if own else id_, row, "" if own else f"{lead}.")
            tables[kind][record.id] = record
        judged += _judged(rulebook, small, lead, others=len(group) > FEW)
    made = variations.with_office({kind: Table(records) for kind, records in tables.items()})
    return Batch(group[0].on, made, tuple(judged), of)


def _led(kind: Kind, id_: str, row: Row, lead: str) -> Record:
    """A record whose id, and every id that it refers to, begins with the lead of its roster.

    It is not checked, because who reads the tables checks them: that takes most of the time to make one.
    """
    record: Record = object.__new__(kind.record)
    object.__setattr__(record, "id", f"{lead}{id_}")
    for fact in kind.stored:
        value = row[fact.name]
        object.__setattr__(record, fact.name, _refers(value, lead) if fact.type.kind else value)
    return record


def _refers(value: object, lead: str) -> object:
    if isinstance(value, frozenset):
        return frozenset(f"{lead}{each}" for each in value)
    return f"{lead}{value}" if isinstance(value, str) else value


def _judged(rulebook: Rulebook, small: Small, lead: str, *, others: bool) -> Iterator[tuple[str, str, str]]:
    """The records of a roster with the rules to hold them against: its own, and of some rosters all others too."""
    every = others and hashed(small.rule, lead) % SHARE_OF_OTHERS == 0
    rules = judged_rules(rulebook) if every else (rulebook[small.rule],)
    for rule in rules:
        for kind, id_ in small.rows:
            if kind in rule.about and (rule.id == small.rule or not looks_at_all(rulebook, rule)):
                yield rule.id, kind, PROGRAM if kind == PROGRAM else f"{lead}.{id_}"


def batches(rulebook: Rulebook, rules: Iterable[str] | None = None, share: int = 1) -> list[Batch]:
    """The rosters of some rules, or of all that are judged, in few tables; with `share` one of so many of them."""
    chosen = judged_rules(rulebook) if rules is None else [rulebook[name] for name in rules]
    return packed(rulebook, (small for rule in chosen for small in smalls(rulebook, rule, share)))
