"""Trials: a record among others on a day, and the small changes that the laws make of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

import attrs

from peersupport.readers import variations
from peersupport.readers.judge import Judge, Sitting, judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.readers.variations import PROGRAM, Key, Rows, World
from peersupport.rules import calendar, examples, forms, terms
from peersupport.rules.facts import Fact, Record
from peersupport.rules.findings import Finding, Place, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Table, Tables
from peersupport.rules.terms import Term

MOST: Final = 24
"""How many trials of a rule a law is held against."""
DAY: Final = dt.date(2026, 6, 30)
"""The day of the judgement of a rule without examples."""

_T = TypeVar("_T")


@attrs.frozen(eq=False)
class Trial:
    """A record among others on a day."""

    on: dt.date
    judged: Key
    rows: Rows

    def later(self, key: Key, name: str, by: dt.timedelta) -> Trial | None:
        """The same with one day so much later; None where that leaves the calendar."""
        day = self.rows[key][name]
        if not isinstance(day, dt.date) or not calendar.FIRST_DAY <= day_of(day) + by <= calendar.LAST_DAY:
            return None
        return self.with_(key, **{name: day + by})

    def with_(self, key: Key, **facts: object) -> Trial:
        """The same with other values of some facts of a record."""
        return attrs.evolve(self, rows={**self.rows, key: {**self.rows[key], **facts}})

    def ahead(self, key: Key, fact: Fact, days: int) -> Trial | None:
        """The same with a moment so many days after the day of the judgement; None where that leaves the calendar."""
        day = self.on + dt.timedelta(days=days)
        if day > calendar.LAST_DAY:
            return None
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        return self.with_(key, **{fact.name: noon if fact.type.base == "instant" else day})

    def and_(self, rows: Rows) -> Trial:
        """The same with more records."""
        return attrs.evolve(self, rows={**self.rows, **rows})

    def __str__(self) -> str:
        kind, id_ = self.judged
        rows = (f"{k} {i} {_told(row)}".rstrip() for (k, i), row in self.rows.items())
        return f"{kind} {id_} on {self.on}, with " + "; ".join(rows)


def _told(row: Mapping[str, object]) -> str:
    return " ".join(f"{name}={_short(value)}" for name, value in row.items() if value is not None)


def _short(value: object) -> str:
    return "{" + " ".join(sorted(map(str, value))) + "}" if isinstance(value, frozenset) else str(value)


@attrs.frozen(eq=False)
class Stand:
    """A rule under its default readings, for one of its kinds, with the trials that a law is held against."""

    rulebook: Rulebook
    rule: Rule
    kind: str
    trials: tuple[Trial, ...]

    @property
    def body(self) -> forms.Body:
        """The rule as it is read."""
        return self.rulebook.body(self.rule, self.kind)

    @property
    def nodes(self) -> tuple[Term, ...]:
        """Every node of the rule, and of the definitions and rules that it asks for, under any reading."""
        asked = variations.asked_for(self.rulebook, self.rule.id)
        return tuple(node for rule in asked for node in variations.nodes(self.rulebook, rule))

    @property
    def reads(self) -> frozenset[tuple[str, str]]:
        """The facts that the rule may read, as kind and name."""
        return variations.facts_of(self.rulebook, self.rule.id)

    def fact(self, kind: str, name: str) -> Fact:
        """A fact of a kind."""
        return self.rulebook.vocabulary[kind].facts[name]

    def judge(self, *readings: str) -> Judge:
        """The judge under some readings."""
        return judge_of(self.rulebook, readings)

    def finding(self, trial: Trial, *, explain: bool = False) -> Finding:
        """What the judge finds of the record."""
        return current(self.findings(trial, explain=explain))

    def findings(self, trial: Trial, *readings: str, explain: bool = False) -> list[Finding]:
        """What the judge finds of each occurrence, under some readings."""
        tables = tables_of(self.rulebook, trial.rows)
        record = tables.tables[trial.judged[0]].records[trial.judged[1]]
        return self.judge(*readings).sit(Sitting(tables, trial.on), self.rule, record, explain=explain)

    def alone(self, on: dt.date) -> Finding:
        """What is found of a record of which nothing is recorded, among tables that were not given."""
        record: Record = self.rulebook.vocabulary[self.kind].record(id="x")
        return current(self.judge().findings(self.rule, record, on=on, tables=EMPTY, explain=False))

    def recorded(self, trial: Trial) -> Iterator[tuple[Key, Fact]]:
        """The facts that the rule reads and that are seen on the day, without references.

        A record that does not say to whom it belongs counts for nobody, and is told when the roster is read. A day that
        is not recorded is taken to be one that could have been recorded by then.
        """
        for key in trial.rows:
            for fact in self.rulebook.vocabulary[key[0]].stored:
                read = not fact.type.kind and (key[0], fact.name) in self.reads
                if read and self.seen(trial, Place(*key, fact.name)):
                    yield key, fact

    def happening(self, trial: Trial) -> Iterator[tuple[Key, Fact]]:
        """The moments that the rule reads and that happen, recorded or not."""
        for key in trial.rows:
            for fact in self.rulebook.vocabulary[key[0]].stored:
                if fact.happens and terms.is_moment(fact.type) and (key[0], fact.name) in self.reads:
                    yield key, fact

    def seen(self, trial: Trial, place: Place) -> bool:
        """Whether a fact is recorded, and not of a day that lies ahead."""
        value = trial.rows.get((place.kind, place.id), {}).get(place.fact)
        ahead = isinstance(value, dt.date) and day_of(value) > trial.on and self.fact(place.kind, place.fact).happens
        return value is not None and not ahead


def stands(rulebook: Rulebook, rule: Rule, most: int = MOST) -> tuple[Stand, ...]:
    """A rule for each of its kinds, each with at most so many trials, spread over all that are made for it."""

    def make() -> tuple[Stand, ...]:
        found = [trial for trial in _trials(rulebook, rule, most) if _sane(rulebook, trial)]
        each = {kind: [trial for trial in found if trial.judged[0] == kind] for kind in rule.about}
        return tuple(Stand(rulebook, rule, kind, tuple(_spread(trials, most))) for kind, trials in each.items())

    return variations.kept(rulebook, (stands, rule.id, most), make)


def _trials(rulebook: Rulebook, rule: Rule, most: int) -> Iterator[Trial]:
    """The worked examples, what one change makes of each, and as many cases that are drawn."""
    for number, example in enumerate(rule.examples):
        kind = example.about or rule.about[0]
        case = examples.case(rulebook.vocabulary, rule, example)
        world = World(rulebook, rule, example.on, case.record, case.tables, kind)
        yield Trial(world.on, world.judged, world.rows)
        for change in _spread(world.singles(variations.seeded(rule, number)), most):
            rows = world.after([change])
            if world.joined(rows):
                yield Trial(world.on, world.judged, rows)
    day = next((example.on for example in rule.examples), DAY)
    for kind in rule.about:
        case = examples.build(rulebook.vocabulary, kind, variations.whole(rulebook, rule, kind))
        world = World(rulebook, rule, day, case.record, case.tables, kind)
        for rows in world.drawn(variations.seeded(rule, kind), most):
            yield Trial(world.on, world.judged, rows)


def _sane(rulebook: Rulebook, trial: Trial) -> bool:
    """Whether no time ends before it begins: what is not recorded is not taken for that, either."""
    for (kind, _), row in trial.rows.items():
        span = rulebook.vocabulary[kind].span
        start, end = (row.get(span.start), row.get(span.end)) if span else (None, None)
        if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
            return False
    return True


def _spread(found: Sequence[_T], most: int) -> Sequence[_T]:
    step = max(1, len(found) // most)
    return found[::step][:most]


def tables_of(rulebook: Rulebook, rows: Rows) -> Tables:
    """The tables of some records: every kind has one, and is complete."""
    empty = variations.kept(rulebook, tables_of, lambda: dict.fromkeys(rulebook.vocabulary, Table({})))
    made: dict[str, dict[str, Record]] = {}
    for (kind, id_), row in rows.items():
        made.setdefault(kind, {})[id_] = rulebook.vocabulary[kind].record(id=id_, **row)
    return variations.with_office({**empty, **{kind: Table(records) for kind, records in made.items()}})


def renamed(rulebook: Rulebook, trial: Trial, lead: str) -> Trial:
    """The same records under other ids, who refer to one another as before; the program stays what it is."""

    def moved(kind: str, name: str, value: object) -> object:
        fact = rulebook.vocabulary[kind].facts[name]
        if not fact.type.kind or fact.type.kind == PROGRAM:
            return value
        if isinstance(value, frozenset):
            return frozenset(lead + each for each in value)
        return lead + value if isinstance(value, str) else value

    def id_of(kind: str, id_: str) -> str:
        return id_ if kind == PROGRAM else lead + id_

    rows = {
        (kind, id_of(kind, id_)): {name: moved(kind, name, value) for name, value in row.items()}
        for (kind, id_), row in trial.rows.items()
    }
    return Trial(trial.on, (trial.judged[0], id_of(*trial.judged)), rows)


def shifted(trial: Trial, by: dt.timedelta) -> Trial | None:
    """Every day and instant, and the day of the judgement, so much later; None where one leaves the calendar."""
    days = [day_of(value) for row in trial.rows.values() for value in row.values() if isinstance(value, dt.date)]
    if any(day > calendar.LAST_DAY - by for day in [trial.on, *days]):
        return None
    rows = {
        key: {name: value + by if isinstance(value, dt.date) else value for name, value in row.items()}
        for key, row in trial.rows.items()
    }
    return Trial(trial.on + by, trial.judged, rows)


def day_of(value: dt.date) -> dt.date:
    """The day of a day or an instant, on its own clock."""
    return value.date() if isinstance(value, dt.datetime) else value


RANK: Final = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.PENDING: 2, Verdict.MET: 3}
"""From worse to better, of verdicts that ask the same of a record."""
