"""From one case every small change of it: each fact at the edges of a rule, records left out, doubled, or many.

A case is a few records. Its variations are what one change makes of it: a fact with each value that tells the rule's
answers apart, a fact that is not recorded, a record that is not there, one that is there twice or as often as a number
of the rule says, spans that follow upon one another. Cases may also be drawn as a whole, with a generator of numbers
that the caller seeds. Written once, for whoever makes cases of a rule or holds one reader against another.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

from peersupport.readers import edges
from peersupport.readers.edges import Edge
from peersupport.readers.judge import Judge, Sitting, judge_of
from peersupport.readers.judge.case import Case
from peersupport.rules import calendar, loading, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Fact, Kind, Record
from peersupport.rules.findings import Place
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables
from peersupport.rules.terms import Term

Key: TypeAlias = tuple[str, str]
"""A record of a case: its kind and id."""
Row: TypeAlias = Mapping[str, object]
Rows: TypeAlias = Mapping[Key, Row]
"""The records of a case, each as its recorded facts."""
Change: TypeAlias = Mapping[Key, Row | None]
"""What becomes of some records: other values of facts, or nothing where a record is left out."""

PROGRAM: Final = "program"
COPY: Final = "-again"
"""What the id of a record ends in that is there twice."""
COPIES: Final = 8
"""How many copies of a record with another value are drawn."""
MANY: Final = 30
"""The largest number of a rule up to which a record is copied to reach it."""

_AGO: Final = 20
"""How many days before the judgement's spans end of which the next one begins about then."""
_NEAR: Final = 0.75
"""How many of the moments that are drawn are of a few days of their roster, so that some fall on the same."""
_LAST_DAYS: Final = tuple(map(dt.date.fromisoformat, ("2024-02-29", "2025-08-31", "2025-12-31", "2026-01-31")))
_CLOCKS: Final = (dt.time(), dt.time(9), dt.time(12), dt.time(17), dt.time(23, 59, 59, 999999))
_RECORDED: Final = 0.85
"""How many of the facts that are drawn are recorded."""
_TIMES: Final = (1, 1, 1, 2, 4)
"""How often a drawn case has a record, each as likely."""
_ZONE: Final = Place(PROGRAM, PROGRAM, "time_zone")

_T = TypeVar("_T")


def hashed(*parts: object) -> int:
    """A number for some values that is the same in every run."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def kept(rulebook: Rulebook, key: Hashable, make: Callable[[], _T]) -> _T:
    """What was made of a rulebook under a key before, or is made now and kept as long as the rulebook lives."""
    if key not in rulebook.kept:
        rulebook.kept[key] = make()
    found: _T = rulebook.kept[key]  # type: ignore[assignment]  # only `make` of the same key was kept under it
    return found


# what a rule reads


def asked_for(rulebook: Rulebook, rule: str) -> tuple[Rule, ...]:
    """A rule, and the definitions and rules that it asks for under any reading, itself and over others."""
    return kept(rulebook, (asked_for, rule), lambda: _asked_for(rulebook, rule))


def _asked_for(rulebook: Rulebook, rule: str) -> tuple[Rule, ...]:
    found = [rule]
    for name in found:
        others = dict.fromkeys(getattr(node, "rule", name) for node in nodes(rulebook, rulebook[name]))
        found += [other for other in others if other not in found]
    return tuple(rulebook[name] for name in found)


def readings_of(rulebook: Rulebook, rule: str) -> frozenset[str]:
    """The readings under which a rule may give another verdict: its own, and those of all that it asks for."""
    return frozenset(reading for each in asked_for(rulebook, rule) for reading in each.readings)


def facts_of(rulebook: Rulebook, rule: str) -> frozenset[tuple[str, str]]:
    """Every fact that a rule may read under any reading, as kind and name: also of the rules that it asks for."""

    def make() -> frozenset[tuple[str, str]]:
        found = (node for each in asked_for(rulebook, rule) for node in nodes(rulebook, each))
        return facts_read(rulebook, found)

    return kept(rulebook, (facts_of, rule), make)


def facts_read(rulebook: Rulebook, found: Iterable[Term]) -> frozenset[tuple[str, str]]:
    """The facts that some nodes read, as kind and name."""
    return frozenset(fact for node in found for fact in _facts(rulebook, node))


def nodes(rulebook: Rulebook, rule: Rule) -> Iterator[Term]:
    """Every node of a rule, of each of its kinds under each of its readings."""
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


def looks_at_all(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether a rule looks at every record of some kind, whatever it refers to."""

    def make() -> bool:
        paths = [getattr(node, "path", None) for node in nodes(rulebook, rule)]
        steps = [step for path in paths if isinstance(path, terms.Path) for step in path.steps]
        return any(not step.forward and not step.fact for step in steps)

    return kept(rulebook, (looks_at_all, rule.id), make)


# one case, and what a change makes of it


def links(kinds: Mapping[str, Kind]) -> dict[str, list[Fact]]:
    """The facts of each kind that refer to other records."""
    return {name: [fact for fact in kinds[name].stored if fact.type.kind] for name in kinds}


def rows_of(kinds: Mapping[str, Kind], tables: Tables) -> Rows:
    """The records of some tables as rows, in an order that is the same in every run."""
    rows: dict[Key, Row] = {
        (kind, record.id): {fact.name: getattr(record, fact.name) for fact in kinds[kind].stored}
        for kind, table in tables.tables.items()
        for record in table.records.values()
    }
    return dict(sorted(rows.items()))


def with_office(tables: Mapping[str, Table]) -> Tables:
    """Tables with the office of the program that stands in them; none where it has no time zone."""
    program = next(iter(tables[PROGRAM].records.values()), None)
    zone = getattr(program, "time_zone", None)
    return Tables(tables, Office(zone) if isinstance(zone, str) else None)


class World:
    """The records of one case of a rule, and what can become of them."""

    def __init__(self, rulebook: Rulebook, rule: Rule, on: dt.date, record: Record, tables: Tables, kind: str) -> None:
        self.rulebook, self.rule, self.on = rulebook, rule, on
        self.vocabulary = rulebook.vocabulary
        self.record, self.tables = record, tables
        self.rows = rows_of(self.vocabulary.kinds, tables)
        self.judged: Key = (kind, record.id)
        self.read = facts_of(rulebook, rule.id)
        self.readings: tuple[str, ...] = ("", *rule.readings)
        self.links = kept(rulebook, World, lambda: links(self.vocabulary.kinds))
        self._seen: dict[str, set[dt.date | int | Decimal]] = {}
        self._tried: dict[tuple[object, ...], tuple[Edge, ...]] = {}
        self._counts: tuple[int, ...] | None = None

    # each fact with other values

    def edged(self) -> list[Change]:
        """Every fact that the rule reads with each of its edge values."""
        return [change for key in self.rows for fact in self.stored(key) for change in self.edges(key, fact)]

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
        """The edge values of a fact under each reading, and what else is tried of it."""
        for reading in self.readings:
            yield self.tried(reading, fact) if place != _ZONE else ()
        yield self.beyond((place.kind, place.id), fact)
        if fact.type.base == "refs":
            yield [frozenset(record.id for record in self.tables.all_of(fact.type.kind))]

    def tried(self, reading: str, fact: Fact) -> tuple[Edge, ...]:
        """The edge values of a fact under a reading."""
        alike = (reading, fact.type, fact.happens, fact.minimum, fact.maximum)
        if alike not in self._tried:
            judge = judge_of(self.rulebook, {reading} - {""})
            constants = judge.ready(self.rule, self.judged[0], judge.readings).constants
            self._tried[alike] = edges.edges(fact, constants, self.seen(reading), self.tables, self.on)
        return self._tried[alike]

    def seen(self, reading: str) -> set[dt.date | int | Decimal]:
        """The dates and numbers that the judgement reads under a reading."""
        if reading not in self._seen:
            self._seen[reading] = self.case(judge_of(self.rulebook, {reading} - {""})).seen()
        return self._seen[reading]

    def beyond(self, _key: Key, _fact: Fact) -> Iterable[object]:
        """What is tried of a fact beside its edge values: nothing here."""
        return ()

    def case(self, judge: Judge) -> Case:
        """The case as it stands before a judge."""
        ready = judge.ready(self.rule, self.judged[0], judge.readings)
        return Case(judge, ready, self.record, Sitting(self.tables, self.on))

    def varied(self) -> list[Key]:
        """The records of which any fact may be left out: the program's only where it matters, or for one rule of four.

        Cases of another program stand in tables of their own.
        """
        facts = [self.vocabulary[kind].facts.get(name) for kind, name in self.read]
        timed = any(fact and fact.type.base == "instant" for fact in facts)
        matters = timed or PROGRAM in {kind for kind, _ in self.read} or hashed(self.rule.id) % 4 == 0
        return [key for key in self.rows if matters or key[0] != PROGRAM]

    def blanks(self) -> list[Change]:
        """Every fact once not recorded, and once known to be absent where that can be."""
        return [{key: {f.name: v}} for key in self.varied() for f in self.stored(key) for v in _blanks(f)]

    # records left out, doubled, or many

    def less(self) -> list[Change]:
        """Each record but the one judged left out."""
        return [change for key in self.varied() if key != self.judged for change in self.without(key)]

    def without(self, key: Key) -> Iterator[Change]:
        """The case without a record: with those that refer to it left out too, or with their references left out."""
        referring = [other for other in self.rows if other != key and self.references(other, key)]
        yield {key: None, **{other: self.forgotten(other, key) for other in referring}}
        if referring and self.judged not in referring:
            yield {key: None, **dict.fromkeys(referring)}

    def references(self, key: Key, to: Key) -> list[Fact]:
        """The facts by which one record refers to another."""
        facts = [fact for fact in self.stored(key) if fact.type.kind == to[0]]
        return [fact for fact in facts if to[1] in ids(self.rows[key][fact.name])]

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
        others = [key for key in self.repeated() if key[0] != PROGRAM]
        for key in others if self.counts() else ():
            for reach in (0, 1, len(self.rows)):
                group = self.behind(key, reach)
                copies = [self.copied(group, number) for number in range(max(self.counts()) - 1)]
                for times in self.counts():
                    yield {new: row for copy in copies[: times - 1] for new, row in copy.items()}

    def repeated(self) -> Iterable[Key]:
        """The records that are tried more than once: all but the one judged."""
        return [key for key in self.rows if key != self.judged]

    def one_after_another(self) -> Iterator[Change]:
        """Records with a span as often as a number of the rule says, the last from about the day on which all end."""
        for key in self.repeated() if self.counts() else ():
            span = self.vocabulary[key[0]].span
            if span is None:
                continue
            names = (span.start, span.end)
            for times in self.counts():
                for step in (-1, 0, 1):
                    last = self.lasting(key, names, step, _AGO)
                    rows = [self.lasting(key, names, -_AGO, 0)] * (times - 1) + [last]
                    yield self.stays(key, rows)

    def lasting(self, key: Key, names: tuple[str, str], start: int, days: int) -> Row:
        """The facts of a record's span, from so many days after the day on which the first ones end."""
        facts = self.vocabulary[key[0]].facts
        ends = (self.on + dt.timedelta(days=start - _AGO), self.on + dt.timedelta(days=days - _AGO))
        return {name: _moment(facts[name], day) for name, day in zip(names, ends, strict=True)}

    def stays(self, key: Key, rows: Sequence[Row]) -> Change:
        """A record and copies of it, each with what is behind it, with other values of some facts."""
        made: dict[Key, Row | None] = {key: rows[0]}
        for number, row in enumerate(rows[1:]):
            for new, facts in self.copied(self.behind(key, 1), number).items():
                made[new] = {**facts, **row} if new[0] == key[0] else facts
        return made

    def counts(self) -> tuple[int, ...]:
        """The numbers of the rule up to `MANY` that may count records, with those beside them."""
        if self._counts is None:
            self._counts = kept(self.rulebook, (World.counts, self.rule.id), lambda: _counts(self.rulebook, self.rule))
        return self._counts

    def behind(self, key: Key, reach: int) -> set[Key]:
        """A record with those that it refers to, so many steps on; the one judged is not among them."""
        found = {key}
        for _ in range(reach):
            refs = [(f.type.kind, id_) for k in found for f in self.stored(k) for id_ in ids(self.rows[k][f.name])]
            more = {each for each in refs if each in self.rows and each != self.judged} - found
            if not more:
                break
            found |= more
        return found

    def copied(self, group: set[Key], number: int) -> Rows:
        """Some records a second time, who refer to one another as the first ones do."""
        mark = f"{COPY}-{number}"

        def moved(fact: Fact, value: object) -> object:
            inside = {id_ for id_ in ids(value) if (fact.type.kind, id_) in group}
            if isinstance(value, frozenset):
                return frozenset(f"{id_}{mark}" if id_ in inside else id_ for id_ in value)
            return f"{value}{mark}" if inside else value

        rows = {(kind, f"{id_}{mark}"): self.rows[kind, id_] for kind, id_ in group}
        return {
            key: {**row, **{f.name: moved(f, row[f.name]) for f in self.links[key[0]]}} for key, row in rows.items()
        }

    # the whole case

    def singles(self, drawn: random.Random) -> list[Change]:
        """Every single change of the case."""
        edged = self.edged()
        more = [*self.twice(drawn, edged), *self.many(), *self.one_after_another()]
        return [*self.blanks(), *edged, *self.less(), *more]

    def after(self, changes: Iterable[Change]) -> Rows:
        """The case after some changes, one after another."""
        start: Rows = self.rows
        return functools.reduce(changed, changes, start)

    def joined(self, rows: Rows) -> bool:
        """Whether every reference leads to a record that is there."""
        found = ((f.type.kind, row[f.name]) for (kind, _), row in rows.items() for f in self.links[kind])
        return all((kind, id_) in rows for kind, value in found for id_ in ids(value))

    # drawn

    def drawn(self, drawn: random.Random, many: int) -> Iterator[Rows]:
        """The case so many times with a value drawn for each fact that the rule reads, and some records repeated."""
        values = {
            key: {fact: [change[key][fact.name] for change in self.edges(key, fact)] for fact in self.stored(key)}
            for key in self.rows
            if key[0] != PROGRAM
        }
        for _ in range(many):
            days, changes = self.days(drawn), list[Change]()
            for key, facts in values.items():
                for n in range(1 if key == self.judged else drawn.choice(_TIMES)):
                    again = (key[0], key[1] + f"{COPY}-{n}" * (n > 0))
                    some = [fact for fact in facts if facts[fact] and drawn.random() < _RECORDED]
                    row = {fact.name: self.value(drawn, fact, facts[fact], days) for fact in some}
                    changes.append({again: {**self.rows[key], **row}})
            yield self.mixed(drawn, self.after(changes))

    def days(self, drawn: random.Random) -> list[dt.date]:
        """A few days that lie the rule's periods apart, from one on which something of the case happens."""
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
        found: dict[str, list[str]] = {}
        for kind, id_ in rows:
            found.setdefault(kind, []).append(id_)
        return {
            key: {**row, **{f.name: drawn.choice(found[f.type.kind]) for f in self.moved(drawn, key[0], row)}}
            for key, row in rows.items()
        }

    def moved(self, drawn: random.Random, kind: str, row: Row) -> list[Fact]:
        """Every other reference to one record that a row has."""
        return [fact for fact in self.links[kind] if isinstance(row[fact.name], str) and drawn.random() < 1 / 2]


def _blanks(fact: Fact) -> tuple[Edge | None, ...]:
    return (None, NONE) if fact.type.or_none else (None,)


def _moment(fact: Fact, day: dt.date) -> dt.date:
    """A day, or the first instant of it, as a fact has it."""
    return calendar.start_of(day, Office()) if fact.type.base == "instant" else day


def _counts(rulebook: Rulebook, rule: Rule) -> tuple[int, ...]:
    found = [*nodes(rulebook, rule)]
    if not any(isinstance(node, terms.Gather) for node in found):
        return ()
    numbers = {node.value for node in found if isinstance(node, terms.Lit) and type(node.value) is int}
    numbers |= {node.n for node in found if isinstance(node, terms.Gather)}
    return tuple(sorted({n + step for n in numbers if n <= MANY for step in (-1, 0, 1) if n + step > 2}))


def changed(rows: Rows, change: Change) -> Rows:
    """The rows after a change. What was left out before stays out."""
    found = {key: row for key, row in rows.items() if change.get(key, row) is not None}
    for key, facts in change.items():
        if facts is not None and (key in rows or COPY in key[1]):
            found[key] = {**rows.get(key, {}), **facts}
    return found


def ids(value: object) -> Iterable[str]:
    """The ids that a reference, or a set of them, leads to."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, frozenset) else ()


def _smaller(value: object, id_: str) -> object:
    return value - {id_} if isinstance(value, frozenset) else None


def whole(rulebook: Rulebook, rule: Rule, kind: str) -> dict[str, object]:
    """What is given of a record judged with one of every kind that the rule looks at: that they are there, no more."""
    kinds = sorted({name for name, _ in facts_of(rulebook, rule.id)} - {kind, PROGRAM})
    return {name: [{}] for name in kinds if name not in rulebook.vocabulary[kind].facts}


def seeded(rule: Rule, *parts: object) -> random.Random:
    """A generator of numbers for a rule that draws the same in every run."""
    return random.Random(hashed(rule.id, *parts))  # noqa: S311  drawn, not secret
