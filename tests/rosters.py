"""Many small rosters made of the worked examples of rules, for whoever holds one reader against another.

From each example come the example itself, every change of one of its facts to a value at the edges of the rule, every
way to leave a record out or to have it more than once, and some changes together, drawn with a fixed seed. Each rule
has a roster besides with a record of every kind that it looks at, in which all facts are drawn. Thousands of them are
then put into one set of tables, each with ids of its own, so that a reader that plans first plans once.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from peersupport import testing
from peersupport.readers import edges
from peersupport.readers.edges import Edge
from peersupport.readers.judge import Judge, Sitting, judge_of
from peersupport.readers.judge.case import Case
from peersupport.rules import calendar, examples, loading, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Fact, Kind, Record, kind_of
from peersupport.rules.findings import Place
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables
from peersupport.rules.terms import Term

Key: TypeAlias = tuple[str, str]
"""A record of a roster: its kind and id."""
Row: TypeAlias = Mapping[str, object]
Rows: TypeAlias = Mapping[Key, Row]
"""The records of a roster, each as its recorded facts."""
Change: TypeAlias = Mapping[Key, Row | None]
"""What becomes of some records: other values of facts, or nothing where a record is left out."""

PROGRAM: Final = "program"
COPY: Final = "-again"
"""What the id of a record ends in that is there twice."""
COPIES = 8
TOGETHER = 24
"""How many copies with another value, and how many changes together, are drawn for each example."""
DRAWN = 100
"""How many rosters are drawn for each rule and kind with a record of every kind."""
MANY = 30
"""The largest number of a rule up to which a record is copied to reach it."""
SHARE_ALONE = 24
"""Of rosters that stand in tables of their own one of so many is kept: each is planned for by itself."""
FEW = 1000
"""How many rosters of one day and program are few: they are held against the rules that they were made for alone."""
SHARE_OF_OTHERS = 60
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


def hashed(*parts: object) -> int:
    """A number for some values that is the same in every run."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


# what a rule reads


@functools.cache
def asked_for(rulebook: Rulebook, rule: str) -> tuple[Rule, ...]:
    """A rule, and the definitions and rules that it asks for under any reading, itself and over others."""
    found = [rule]
    for name in found:
        others = dict.fromkeys(getattr(node, "rule", name) for node in _nodes(rulebook, rulebook[name]))
        found += [other for other in others if other not in found]
    return tuple(rulebook[name] for name in found)


def readings_of(rulebook: Rulebook, rule: str) -> frozenset[str]:
    """The readings under which a rule may give another verdict: its own, and those of all that it asks for."""
    return frozenset(reading for each in asked_for(rulebook, rule) for reading in each.readings)


@functools.cache
def facts_of(rulebook: Rulebook, rule: str) -> frozenset[tuple[str, str]]:
    """Every fact that a rule may read under any reading, as kind and name: also of the rules that it asks for."""
    nodes = [node for each in asked_for(rulebook, rule) for node in _nodes(rulebook, each)]
    return frozenset(fact for node in nodes for fact in _facts(rulebook, node))


def _nodes(rulebook: Rulebook, rule: Rule) -> Iterator[Term]:
    for kind in rule.about:
        for reading in ("", *rule.readings):
            body = rulebook.body(rule, kind, frozenset({reading} - {""}))
            yield from (node for top in loading.parts(body) for node in terms.walk(top))


def _facts(rulebook: Rulebook, term: Term) -> Iterator[tuple[str, str]]:
    path = getattr(term, "path", None)
    if not isinstance(path, terms.Path):
        return
    here = path.kind
    yield from _own(rulebook.vocabulary[here])
    for step in path.steps:
        yield (here if step.forward else step.kind, step.fact)
        here = step.kind
        yield from _own(rulebook.vocabulary[here])
    if isinstance(term, terms.Read):
        yield (here, term.fact.name)


def _own(kind: Kind) -> Iterator[tuple[str, str]]:
    """The facts that date a record, which every rule may come to read."""
    span = (kind.span.start, kind.span.end) if kind.span else ()
    yield from ((kind.name, name) for name in (kind.dated_by, *span) if name)


@functools.cache
def looks_at_all(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether a rule looks at every record of some kind, whatever it refers to."""
    paths = [getattr(node, "path", None) for node in _nodes(rulebook, rule)]
    steps = [step for path in paths if isinstance(path, terms.Path) for step in path.steps]
    return any(not step.forward and not step.fact for step in steps)


# one example to many rosters


@functools.cache
def judged_rules(rulebook: Rulebook) -> tuple[Rule, ...]:
    """The rules that the record reader judges."""
    refused = testing.unjudged(rulebook)
    return tuple(rule for rule in rulebook.judged if rule.id not in refused)


@functools.cache
def smalls(rulebook: Rulebook, rule: Rule) -> tuple[Small, ...]:
    """The rosters that are made for a rule: of each of its examples, and those that are drawn. None is there twice."""
    alone = looks_at_all(rulebook, rule)
    found: dict[object, Small] = {}
    for world, rows in _every(rulebook, rule):
        told = world.on, world.judged, frozenset((key, frozenset(row.items())) for key, row in rows.items())
        found.setdefault(told, Small(rule.id, world.on, world.judged, rows, alone))
    return tuple(found.values())


def _every(rulebook: Rulebook, rule: Rule) -> Iterator[tuple[_World, Rows]]:
    """The examples on their own days and with their own programs; what becomes of them all on one day, in one program.

    So nearly all rosters of a rulebook can share their tables.
    """
    on, program = _usual(rulebook)
    for number, example in enumerate(rule.examples):
        kind = example.about or rule.about[0]
        case = examples.case(rulebook.vocabulary, rule, example)
        alike = _moved(rulebook, case, on - example.on, program)
        own, world = (_World(rulebook, rule, kind, day, each) for day, each in ((example.on, case), (on, alike)))
        yield own, own.rows
        yield from ((world, rows) for rows in world.rosters(_seeded(rule, number)))
    for kind in rule.about:
        world = _World(rulebook, rule, kind, on, _whole(rulebook, rule, kind, program))
        yield from ((world, rows) for rows in world.drawn(_seeded(rule, kind)))


@functools.cache
def _usual(rulebook: Rulebook) -> tuple[dt.date, Record]:
    """The day on which most examples of a rulebook are judged, and the program that most of those with a zone have."""
    days = Counter(example.on for rule in rulebook for example in rule.examples)
    cases = [examples.case(rulebook.vocabulary, rule, each) for rule in rulebook for each in rule.examples]
    programs = [record for case in cases for record in case.tables.all_of(PROGRAM) if case.tables.office]
    rows = Counter(attrs.evolve(record, id=PROGRAM) for record in programs)
    return days.most_common(1)[0][0], rows.most_common(1)[0][0]


def _moved(rulebook: Rulebook, case: examples.Case, by: dt.timedelta, program: Record) -> examples.Case:
    """A case some days later, in the usual program if it has none of its own."""
    tables = {
        kind: Table({record.id: _later(rulebook.vocabulary[kind], record, by) for record in table.records.values()})
        for kind, table in case.tables.tables.items()
    }
    own = tables[PROGRAM].records or {PROGRAM: program}
    made = Tables({**tables, PROGRAM: Table(own)}, _office(next(iter(own.values()))))
    kind = kind_of(type(case.record)).name
    return examples.Case(made.tables[kind].records[case.record.id], made)


def _later(kind: Kind, record: Record, by: dt.timedelta) -> Record:
    facts = {fact.name: getattr(record, fact.name) for fact in kind.stored}
    later = {name: value + by if isinstance(value, dt.date) else value for name, value in facts.items()}
    return kind.record(id=record.id, **later)


def _office(program: Record | None) -> Office | None:
    zone = getattr(program, "time_zone", None)
    return Office(zone) if isinstance(zone, str) else None


def _seeded(rule: Rule, *parts: object) -> random.Random:
    return random.Random(hashed(rule.id, *parts))  # noqa: S311  drawn, not secret


def _whole(rulebook: Rulebook, rule: Rule, kind: str, program: Record) -> examples.Case:
    """A record judged, with one of every kind that the rule looks at: only who refers to whom is recorded."""
    vocabulary = rulebook.vocabulary
    kinds = sorted({name for name, _ in facts_of(rulebook, rule.id)} - {kind, PROGRAM})
    given: dict[str, object] = {name: [{}] for name in kinds if name not in vocabulary[kind].facts}
    return _moved(rulebook, examples.build(vocabulary, kind, given), dt.timedelta(), program)


class _World:
    """The records of one case, and what can become of them."""

    def __init__(self, rulebook: Rulebook, rule: Rule, kind: str, on: dt.date, case: examples.Case) -> None:
        self.rulebook, self.rule, self.on = rulebook, rule, on
        self.vocabulary = rulebook.vocabulary
        self.record, self.tables = case.record, case.tables
        rows: dict[Key, Row] = {
            (kind, record.id): {fact.name: getattr(record, fact.name) for fact in self.vocabulary[kind].stored}
            for kind, table in case.tables.tables.items()
            for record in table.records.values()
        }
        self.rows = dict(sorted(rows.items()))  # some are made in an order that differs from run to run
        self.judged: Key = (kind, case.record.id)
        self.read = facts_of(rulebook, rule.id)
        self.links = {name: [f for f in self.vocabulary[name].stored if f.type.kind] for name in self.vocabulary}

    def drawn(self, drawn: random.Random) -> Iterator[Rows]:
        """The case with a value drawn for each fact that the rule reads, and some of its records more than once."""
        values = {
            key: {fact: [change[key][fact.name] for change in self.edges(key, fact)] for fact in self.stored(key)}
            for key in self.rows
            if key[0] != PROGRAM
        }
        for _ in range(DRAWN):
            days, changes = self.days(drawn), list[Change]()
            for key, facts in values.items():
                for n in range(1 if key == self.judged else drawn.choice(_TIMES)):
                    again = (key[0], key[1] + f"{COPY}-{n}" * (n > 0))
                    some = [fact for fact in facts if facts[fact] and drawn.random() < _RECORDED]
                    row = {fact.name: self.value(drawn, fact, facts[fact], days) for fact in some}
                    changes.append({again: {**self.rows[key], **row}})
            yield self.mixed(drawn, self.after(changes))

    def days(self, drawn: random.Random) -> list[dt.date]:
        """A few days that lie the rule's periods apart, from one on which something of the roster happens."""
        judge = judge_of(self.rulebook, {drawn.choice(["", *self.rule.readings])} - {""})
        of = judge.ready(self.rule, self.judged[0], judge.readings).constants
        first = drawn.choice([*edges.days(of, (), self.on), *_LAST_DAYS])
        about = edges.days(of, [first], self.on)
        return [first, first, *drawn.sample(about, min(6, len(about)))]

    def value(self, drawn: random.Random, fact: Fact, values: Sequence[object], days: Sequence[dt.date]) -> object:
        """A value of a fact: of a moment mostly one of some days."""
        if fact.type.base not in {"date", "instant"} or drawn.random() > _NEAR:
            return drawn.choice(values)
        day = drawn.choice(days)
        zone = (self.tables.office or Office()).tz
        return day if fact.type.base == "date" else dt.datetime.combine(day, drawn.choice(_CLOCKS), zone)

    def mixed(self, drawn: random.Random, rows: Rows) -> Rows:
        """The rows with some of the references between them to another record of the same kind."""
        ids: dict[str, list[str]] = {}
        for kind, id_ in rows:
            ids.setdefault(kind, []).append(id_)
        return {
            key: {**row, **{f.name: drawn.choice(ids[f.type.kind]) for f in self.moved(drawn, key[0], row)}}
            for key, row in rows.items()
        }

    def moved(self, drawn: random.Random, kind: str, row: Row) -> list[Fact]:
        """Every other reference to one record that a row has."""
        return [fact for fact in self.links[kind] if isinstance(row[fact.name], str) and drawn.random() < 1 / 2]

    def after(self, changes: Iterable[Change]) -> Rows:
        start: Rows = self.rows
        return functools.reduce(changed, changes, start)

    def rosters(self, drawn: random.Random) -> Iterator[Rows]:
        """The example and everything that one change, and some changes together, make of it."""
        edged = [change for key in self.rows for fact in self.stored(key) for change in self.edges(key, fact)]
        blanks = [{key: {f.name: v}} for key in self.varied() for f in self.stored(key) for v in _blanks(f)]
        less = [change for key in self.varied() if key != self.judged for change in self.without(key)]
        more = [*self.twice(drawn, edged), *self.many(), *self.one_after_another()]
        singles = [*blanks, *edged, *less, *more]
        several = [drawn.sample(singles, 2 + n % 2) for n in range(TOGETHER)] if len(singles) > 2 else []
        for changes in [[], *([each] for each in singles), *several]:
            rows = self.after(changes)
            if self.joined(rows):
                yield rows

    def varied(self) -> list[Key]:
        """The records of which any fact may be left out: the program's only where it matters, or for one rule of four.

        Rosters of another program stand in tables of their own.
        """
        facts = [self.vocabulary[kind].facts.get(name) for kind, name in self.read]
        timed = any(fact and fact.type.base == "instant" for fact in facts)
        matters = timed or PROGRAM in {kind for kind, _ in self.read} or hashed(self.rule.id) % 4 == 0
        return [key for key in self.rows if matters or key[0] != PROGRAM]

    def stored(self, key: Key) -> tuple[Fact, ...]:
        """The facts of a record that may change: of the program those that the rule reads, and its time zone."""
        facts = self.vocabulary[key[0]].stored
        return tuple(f for f in facts if key[0] != PROGRAM or (key[0], f.name) in {*self.read, (PROGRAM, "time_zone")})

    def edges(self, key: Key, fact: Fact) -> Iterator[Mapping[Key, Row]]:
        """The fact with each of its edge values; of one that the rule does not read there are none."""
        kind, id_ = key
        if (kind, fact.name) in self.read:
            values = {v: None for values in self.valued(Place(kind, id_, fact.name), fact) for v in values}
            yield from ({key: {fact.name: value}} for value in values if value != self.rows[key][fact.name])

    def valued(self, place: Place, fact: Fact) -> Iterator[Iterable[object]]:
        """The edge values of a fact under each reading, and what lies just behind the day of the judgement."""
        for reading in ("", *self.rule.readings):
            judge = judge_of(self.rulebook, {reading} - {""})
            yield self.case(judge).edges([place])[place] if place != _ZONE else ()
        yield _ahead(fact, self.on, self.tables.office or Office())
        if fact.type.base == "refs":
            yield [frozenset(record.id for record in self.tables.all_of(fact.type.kind))]

    def case(self, judge: Judge) -> Case:
        ready = judge.ready(self.rule, self.judged[0], judge.readings)
        return Case(judge, ready, self.record, Sitting(self.tables, self.on))

    def without(self, key: Key) -> Iterator[Change]:
        """The roster without a record: with those that refer to it left out too, or with their references left out."""
        referring = [other for other in self.rows if other != key and self.references(other, key)]
        yield {key: None, **{other: self.forgotten(other, key) for other in referring}}
        if referring and self.judged not in referring:
            yield {key: None, **dict.fromkeys(referring)}

    def references(self, key: Key, to: Key) -> list[Fact]:
        """The facts by which one record refers to another."""
        facts = [fact for fact in self.stored(key) if fact.type.kind == to[0]]
        return [fact for fact in facts if to[1] in _ids(self.rows[key][fact.name])]

    def forgotten(self, key: Key, to: Key) -> Row:
        """The references of a record to another that is left out: not recorded, or a smaller set."""
        row = self.rows[key]
        return {f.name: _smaller(row[f.name], to[1]) for f in self.references(key, to)}

    def twice(self, drawn: random.Random, edged: Sequence[Change]) -> Iterator[Change]:
        """Each record but the one judged and the program a second time, as it is and with another value of a fact."""
        for key, row in self.rows.items():
            if key == self.judged or key[0] == PROGRAM:
                continue
            again = (key[0], key[1] + COPY)
            own = [change[key] or {} for change in edged if key in change]
            yield {again: row}
            for other in drawn.sample(own, min(COPIES, len(own))):
                yield {again: {**row, **other}}

    def many(self) -> Iterator[Change]:
        """A record as often as a number of the rule says, once less and once more.

        It is copied alone, with what it refers to, and with all that is behind that.
        """
        others = [key for key in self.rows if key != self.judged and key[0] != PROGRAM]
        for key in others if self.counts() else ():
            for reach in (0, 1, len(self.rows)):
                group = self.behind(key, reach)
                yield from (
                    {new: row for i in range(times - 1) for new, row in self.copied(group, i).items()}
                    for times in self.counts()
                )

    def one_after_another(self) -> Iterator[Change]:
        """Records with a span as often as a number of the rule says, the last from about the day on which all end."""
        for key in self.rows if self.counts() else ():
            span = self.vocabulary[key[0]].span
            if key == self.judged or span is None:
                continue
            for times in self.counts():
                for step in (-1, 0, 1):
                    last = self.lasting(key, step, _AGO)
                    rows = [self.lasting(key, -_AGO, 0)] * (times - 1) + [last]
                    yield self.stays(key, rows)

    def lasting(self, key: Key, start: int, days: int) -> Row:
        """The facts of a record's span, from so many days after the day on which the first ones end."""
        span, facts = self.vocabulary[key[0]].span, self.vocabulary[key[0]].facts
        if span is None:
            return {}
        begin = self.on + dt.timedelta(days=start - _AGO)
        ends = (begin, self.on + dt.timedelta(days=days - _AGO))
        return {name: _moment(facts[name], day) for name, day in zip((span.start, span.end), ends, strict=True)}

    def stays(self, key: Key, rows: Sequence[Row]) -> Change:
        """A record and copies of it, each with what is behind it, with other values of some facts."""
        made: dict[Key, Row | None] = {key: rows[0]}
        for number, row in enumerate(rows[1:]):
            for new, facts in self.copied(self.behind(key, 1), number).items():
                made[new] = {**facts, **row} if new[0] == key[0] else facts
        return made

    @functools.cache  # noqa: B019  a world lives as long as its rosters are made
    def counts(self) -> tuple[int, ...]:
        """The numbers of the rule that may count records, with those beside them."""
        nodes = [*_nodes(self.rulebook, self.rule)]
        if not any(isinstance(node, terms.Gather) for node in nodes):
            return ()
        found = {node.value for node in nodes if isinstance(node, terms.Lit) and type(node.value) is int}
        found |= {node.n for node in nodes if isinstance(node, terms.Gather)}
        return tuple(sorted({n + step for n in found if n <= MANY for step in (-1, 0, 1) if n + step > 2}))

    def behind(self, key: Key, reach: int) -> set[Key]:
        """A record with those that it refers to, so many steps on; the one judged is not among them."""
        found = {key}
        for _ in range(reach):
            ids = [(f.type.kind, id_) for k in found for f in self.stored(k) for id_ in _ids(self.rows[k][f.name])]
            more = {each for each in ids if each in self.rows and each != self.judged} - found
            if not more:
                break
            found |= more
        return found

    def copied(self, group: set[Key], number: int) -> Rows:
        """Some records a second time, who refer to one another as the first ones do."""
        mark = f"{COPY}-{number}"

        def moved(fact: Fact, value: object) -> object:
            inside = {id_ for id_ in _ids(value) if (fact.type.kind, id_) in group}
            if isinstance(value, frozenset):
                return frozenset(f"{id_}{mark}" if id_ in inside else id_ for id_ in value)
            return f"{value}{mark}" if inside else value

        return {
            (kind, f"{id_}{mark}"): {f.name: moved(f, self.rows[kind, id_][f.name]) for f in self.stored((kind, id_))}
            for kind, id_ in group
        }

    def joined(self, rows: Rows) -> bool:
        """Whether every reference leads to a record that is there."""
        links = ((f.type.kind, row[f.name]) for (kind, _), row in rows.items() for f in self.links[kind])
        return all((kind, id_) in rows for kind, value in links for id_ in _ids(value))


_AGO: Final = 20
"""How many days before the judgement's spans end of which the next one begins about then."""
_NEAR: Final = 0.75
"""How many of the moments that are drawn are of a few days of their roster, so that some fall on the same."""
_LAST_DAYS: Final = tuple(map(dt.date.fromisoformat, ("2024-02-29", "2025-08-31", "2025-12-31", "2026-01-31")))
_CLOCKS: Final = (dt.time(), dt.time(9), dt.time(12), dt.time(17), dt.time(23, 59, 59, 999999))
_RECORDED: Final = 0.85
"""How many of the facts that are drawn are recorded."""
_TIMES: Final = (1, 1, 1, 2, 4)
"""How often a drawn roster has a record, each as likely."""
_ZONE: Final = Place(PROGRAM, PROGRAM, "time_zone")


def _blanks(fact: Fact) -> tuple[Edge | None, ...]:
    """Not recorded, and known to be absent where that can be."""
    return (None, NONE) if fact.type.or_none else (None,)


def _moment(fact: Fact, day: dt.date) -> dt.date:
    """A day, or the first instant of it, as a fact has it."""
    return calendar.start_of(day, Office()) if fact.type.base == "instant" else day


def _ahead(fact: Fact, on: dt.date, office: Office) -> Iterator[dt.date]:
    """What lies just before and just behind the end of the day of the judgement."""
    later = on + dt.timedelta(days=1)
    if fact.type.base == "date":
        yield from (later, later + dt.timedelta(days=30))
    if fact.type.base == "instant":
        begin = calendar.start_of(later, office)
        yield from (begin - dt.timedelta(microseconds=1), begin, calendar.start_of(on, office))


def changed(rows: Rows, change: Change) -> Rows:
    """The rows after a change. What was left out before stays out."""
    found = {key: row for key, row in rows.items() if change.get(key, row) is not None}
    for key, facts in change.items():
        if facts is not None and (key in rows or COPY in key[1]):
            found[key] = {**rows.get(key, {}), **facts}
    return found


def _ids(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, frozenset) else ()


def _smaller(value: object, id_: str) -> object:
    return value - {id_} if isinstance(value, frozenset) else None


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
    office = _office(next(iter(tables[PROGRAM].values()), None))
    made = Tables({kind: Table(records) for kind, records in tables.items()}, office)
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
    return packed(rulebook, (small for rule in chosen for small in _some(rulebook, rule, share)))


def _some(rulebook: Rulebook, rule: Rule, share: int) -> Iterator[Small]:
    for number, small in enumerate(smalls(rulebook, rule)):
        if hashed(rule.id, number) % (share * SHARE_ALONE if small.alone else share) == 0:
            yield small
