"""Scenes: the cases that are tried of a rule, each as rows, and the stage on which the rule judges them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import attrs

from peersupport.readers import variations
from peersupport.readers.cases import writing
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.readers.mutants import bench
from peersupport.readers.mutants.bench import Answer, Asked, Shown
from peersupport.readers.variations import Key, Row, Rows
from peersupport.rules import examples
from peersupport.rules.facts import Kind, Record
from peersupport.rules.findings import Finding
from peersupport.rules.forms import Example, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table

DECIDED: Final = frozenset({"met", "not_met", "not_applicable"})
"""The verdicts that are certain, whatever comes."""
ON: Final[tuple[Key, str]] = (("", ""), "on")
"""The place of the day of the judgement, which is no record's."""


@attrs.frozen(eq=False)
class Scene:
    """A case that is tried: its records, the day, the record judged, and how it came of another one.

    `given` is what the rulebook's file has, of a written example. `place` and `value` are the one fact that is changed,
    by record and name, or the day of the judgement.
    """

    rows: Rows
    on: dt.date
    judged: Key
    given: Mapping[str, object] | None = None
    parent: Scene | None = None
    place: tuple[Key, str] | None = None
    value: object = None


class Stage:
    """A rule and one of its kinds, with what is needed to judge many scenes of it."""

    def __init__(self, rulebook: Rulebook, rule: Rule, kind: str) -> None:
        self.rulebook, self.rule, self.kind = rulebook, rule, kind
        self.vocabulary = rulebook.vocabulary
        self.drawn = variations.seeded(rule, "cases", kind)
        self._asked: dict[str, Asked] = {}
        self._records: dict[tuple[Key, int], tuple[Row, Record]] = {}
        self._shown: dict[int, tuple[Scene, Shown]] = {}
        self._written: dict[int, tuple[Scene, Rows, Mapping[str, object] | None]] = {}
        self._writable: dict[int, tuple[Scene, bool]] = {}
        self._answers: dict[tuple[int, str], Answer] = {}
        self._none = dict.fromkeys(self.vocabulary, Table({}))
        self.must = {
            name: [fact.name for fact in self.vocabulary[name].stored if fact.type.kind and not fact.type.or_none]
            for name in self.vocabulary
        }
        """The references of each kind that an example cannot leave out."""

    # judged

    def asked(self, reading: str) -> Asked:
        """The rule as it is, under a reading."""
        if reading not in self._asked:
            self._asked[reading] = bench.sound(self.rulebook, self.rule, self.kind, reading)
        return self._asked[reading]

    def answer(self, scene: Scene, reading: str) -> Answer:
        """What the rule says of a scene under a reading."""
        key = (id(scene), reading)
        if key not in self._answers:
            self._answers[key] = self.asked(reading).answer(self.shown(scene))
        return self._answers[key]

    def finding(self, scene: Scene, reading: str) -> Finding:
        """The finding of a rule for a scene under a reading."""
        shown, judge = self.shown(scene), judge_of(self.rulebook, {reading} - {""})
        return current(judge.findings(self.rule, shown.record, on=shown.on, tables=shown.tables))

    def written_as(self, scene: Scene) -> tuple[Rows, Mapping[str, object] | None]:
        """A scene with ids for reading, and what an example gives for it; None where it cannot be written."""
        found = self._written.get(id(scene))
        if found is None:
            rows = writing.renamed(self.vocabulary, scene.rows)
            given = scene.given if scene.given is not None else writing.given(self.vocabulary, rows, scene.judged)
            found = self._written[id(scene)] = scene, rows, given
        return found[1], found[2]

    def writable(self, scene: Scene) -> bool:
        """Whether a scene can stand in a rulebook's file as an example."""
        if scene.given is not None:
            return True
        if id(scene) not in self._writable:
            rows = writing.renamed(self.vocabulary, scene.rows)
            self._writable[id(scene)] = scene, writing.whole(self.vocabulary, rows, scene.judged) is not None
        return self._writable[id(scene)][1]

    def shown(self, scene: Scene) -> Shown:
        """A scene as records."""
        found = self._shown.get(id(scene))
        if found is None:
            made: dict[str, dict[str, Record]] = {}
            for key, row in scene.rows.items():
                made.setdefault(key[0], {})[key[1]] = self.record(key, row)
            tables = variations.with_office({**self._none, **{name: Table(records) for name, records in made.items()}})
            found = self._shown[id(scene)] = scene, Shown(made[scene.judged[0]][scene.judged[1]], tables, scene.on)
        return found[1]

    def record(self, key: Key, row: Row) -> Record:
        """A record of a row, made once for all scenes that share the row."""
        mark = (key, id(row))
        if mark not in self._records:
            self._records[mark] = row, unchecked(self.vocabulary[key[0]], key[1], row)
        return self._records[mark][1]

    def forget(self) -> None:
        """Forget the scenes that were tried: only what was written of them is kept."""
        self._records.clear()
        self._shown.clear()
        self._answers.clear()
        self._writable.clear()

    # scenes

    def written(self, reading: str) -> list[Scene]:
        """The written examples of the kind under a reading."""
        found = [each for each in self.rule.examples if (each.about or self.rule.about[0]) == self.kind]
        return [self.staged(each.given, each.on) for each in found if each.reading == reading]

    def borrowed(self, reading: str) -> list[Scene]:
        """Scenes of examples that were written for another kind, or for the rules that the rule asks for.

        Those of the rules asked for come together as well, one of each that is met, so that all of them may hold.
        """
        rules = variations.asked_for(self.rulebook, self.rule.id)
        found = {each.id: self.fitting(each, reading) for each in rules}
        met = [next((e.given for e in some if e.verdict == "met"), {}) for some in found.values()]
        together: dict[str, object] = {name: value for given in met for name, value in given.items()}
        days = [example.on for some in found.values() for example in some]
        every = [(example.given, example.on) for some in found.values() for example in some]
        return [self.staged(given, on) for given, on in (*((together, on) for on in days[:1]), *every)]

    def fitting(self, rule: Rule, reading: str) -> list[Example]:
        """The examples of a rule that could be ones of the kind."""
        vocabulary, judges = self.vocabulary, attrs.evolve(rule, about=(self.kind,))
        found = [attrs.evolve(each, about=self.kind) for each in rule.examples if each.reading in {"", reading}]
        return [each for each in found if not any(examples.faults(vocabulary, judges, each, ""))]

    def staged(self, given: Mapping[str, object], on: dt.date) -> Scene:
        """The scene of what is given."""
        case = examples.build(self.vocabulary, self.kind, given)
        rows = variations.rows_of(self.vocabulary.kinds, case.tables)
        return Scene(rows, on, (self.kind, case.record.id), given)

    def whole(self, on: dt.date) -> Scene:
        """A scene with one record of every kind that the rule looks at, of which nothing is recorded."""
        return self.staged(variations.whole(self.rulebook, self.rule, self.kind), on)

    def refers(self, rows: Rows) -> bool:
        """Whether every reference is recorded that an example cannot leave out."""
        return not any(row[name] is None for (kind, _), row in rows.items() for name in self.must[kind])

    def due(self, scene: Scene, reading: str) -> dt.date | None:
        """When what the rule asks for is due in a scene."""
        shown, judge = self.shown(scene), judge_of(self.rulebook, {reading} - {""})
        sitting = Sitting(shown.tables, shown.on, brief=True)
        return current(judge.sit(sitting, self.rule, shown.record, explain=False)).due


def unchecked(kind: Kind, id_: str, row: Row) -> Record:
    """A record of a row whose values are known to be good: checking them takes most of the time to make one."""
    record: Record = object.__new__(kind.record)
    object.__setattr__(record, "id", id_)
    for fact in kind.stored:
        object.__setattr__(record, fact.name, row[fact.name])
    return record


def is_counted(value: object) -> bool:
    """Whether a value is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
