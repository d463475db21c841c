"""What is tried of a scene: what one change makes of it, and some changes together where one alone tells nothing."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

import attrs

from peersupport.readers import edges, variations
from peersupport.readers.cases.scenes import DECIDED, ON, Scene, Stage, is_counted
from peersupport.readers.edges import Edge
from peersupport.readers.judge import judge_of
from peersupport.readers.mutants.bench import Answer
from peersupport.readers.variations import COPY, MANY, PROGRAM, Change, Key, Row, World, ids
from peersupport.rules import calendar, facts, terms
from peersupport.rules.facts import Fact
from peersupport.rules.forms import Limit, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Term

ADDED: Final = 24
"""How many times values are drawn for a record that is added."""
MOVED: Final = 120
"""How many changes of a scene are tried together with what is due then."""
MONTH_ENDS: Final = tuple(map(dt.date.fromisoformat, ("2024-02-29", "2025-08-31", "2026-01-31")))
"""Days from which months, years and days are counted apart."""
PLACES: Final = 2
"""How many decimal places are tried of a fact that does not say how many it has."""
HUNDREDS: Final = 250
"""The largest bound of a limit up to which records are copied to reach it."""
ALIKE: Final = 3
"""How many records of a kind are varied, beside the last one."""
DOUBLED: Final = 40
"""How many values are tried in a record that is doubled."""
LIKELY: Final = 12
"""How many moments are drawn from."""
DRAWN: Final = 60
"""How many scenes are drawn where single changes do not tell enough."""
_NEAR: Final = 1100
"""How many days before and after the day of a scene its judgement is moved."""
_MINUTE: Final = dt.timedelta(minutes=1)


_NOTHING: Final = edges.constants(())


class Tries:
    """What is tried of the scenes of a stage under a reading.

    `more` are facts that are varied beside those that the rule reads, and `constants` what they are held against too.
    """

    def __init__(self, stage: Stage, reading: str) -> None:
        self.stage, self.reading = stage, reading
        self.more: frozenset[tuple[str, str]] = frozenset()
        self.constants = _NOTHING

    def answer(self, scene: Scene) -> Answer:
        """What the rule says of a scene."""
        return self.stage.answer(scene, self.reading)

    def near(self, scene: Scene, most: int | None = None) -> list[Scene]:
        """What one change makes of a scene, the small changes first: all, or of each fact only so many."""
        world = _Near(self, scene)
        edged = sorted(world.edged(), key=lambda change: _far(scene, change))
        if most:
            places = collections.Counter[object]()
            edged = [change for change in edged if _counted(places, _one(change, scene)[0]) <= most]
        changes = [*world.less(), *world.doubled(edged, most or DOUBLED)]
        if not most:
            changes += [*world.many(), *world.one_after_another()]
        one = [self.changed(scene, world, change) for change in edged]
        more = [self.changed(scene, world, change) for change in (*changes, *world.blanks())]
        return [each for each in (*one, *self.other_days(scene, world)[:most], *more) if each]

    def changed(self, scene: Scene, world: World, change: Change) -> Scene | None:
        """A scene after a change; None where it cannot be written as an example."""
        rows = world.after([change])
        if not world.joined(rows) or not self.stage.refers(rows):
            return None
        place, value = _one(change, scene)
        return Scene(rows, scene.on, scene.judged, None, scene, place, value)

    def other_days(self, scene: Scene, world: World) -> list[Scene]:
        """The scene judged on the other days on which something may change, the near ones first."""
        judge = judge_of(self.stage.rulebook)
        constants = judge.ready(self.stage.rule, self.stage.kind, judge.readings).constants
        days = edges.days(constants, world.seen(""), scene.on)
        others = [day for day in days if 0 < abs((day - scene.on).days) <= _NEAR]
        moved = sorted(others, key=lambda day: abs(day - scene.on))
        return [attrs.evolve(scene, on=day, given=None, parent=scene, place=ON, value=day) for day in moved]

    def completed(self, scene: Scene) -> list[Scene]:
        """What one change makes of a scene in which all that the rule reads is recorded."""
        some = [made for made in self.filled(self.zoned(scene)) if self.answer(made)[0] in DECIDED]
        answer, world = self.answer(scene), _Near(self, scene)
        for key in scene.rows:
            for fact in (fact for fact in world.stored(key) if scene.rows[key][fact.name] is None):
                rows = [variations.changed(scene.rows, change) for change in world.edges(key, fact)]
                tried = [attrs.evolve(scene, rows=each) for each in rows]
                good = (each for each in reversed(tried) if self.answer(each) == answer)
                scene = attrs.evolve(next(good, scene), given=None, parent=None, place=None)
        return [scene, *some, *(each for one in (scene, *some[:2]) for each in self.near(one))]

    def moved(self, scene: Scene) -> list[Scene]:
        """What one change makes of a scene whose first day is at the end of a month, or right behind a leap year's."""
        days = [_day(v) for row in scene.rows.values() for v in row.values() if isinstance(v, dt.date)]
        found: list[Scene] = []
        for end in MONTH_ENDS if days else ():
            by = end - min(days, key=lambda day: abs(day - scene.on))
            if all(calendar.FIRST_DAY <= day + by <= calendar.LAST_DAY for day in (*days, scene.on)):
                other = _later(scene, by)
                found += [other, *self.near(other)]
        return found

    def elsewhere(self, scene: Scene) -> list[Scene]:
        """A scene in which one reference leads to another record of its kind, which is like the first one."""
        found: list[Scene] = []
        for (key, row), fact in ((each, fact) for each in scene.rows.items() for fact in self.references(each[0][0])):
            there = str(row[fact.name])
            again = (fact.type.kind, f"{there}{COPY}")
            if (fact.type.kind, there) in scene.rows:
                rows = {**scene.rows, again: scene.rows[fact.type.kind, there], key: {**row, fact.name: again[1]}}
                found.append(Scene(rows, scene.on, scene.judged))
        return found

    def references(self, kind: str) -> list[Fact]:
        """The facts of a kind that refer to one record."""
        return [fact for fact in self.stage.vocabulary[kind].stored if fact.type.base == "ref"]

    def twins(self, scene: Scene) -> list[Scene]:
        """What one change makes of a scene in which a record is there twice, with all that hangs on it."""
        world, found = _Near(self, scene), list[Scene]()
        for key in (key for key in scene.rows if key != scene.judged and key[0] != PROGRAM):
            family = world.family(key)
            for group in (family, {more for one in family for more in world.behind(one, len(scene.rows))}):
                found += self.twin(scene, world, key, group) if len(group) > 1 else []
        return found

    def twin(self, scene: Scene, world: _Near, key: Key, group: set[Key]) -> list[Scene]:
        """What one change makes of a scene in which a record is there twice with some others, in the same sets."""
        copies = world.copied(group, 0)
        sets = {other: world.sets(other, key, (key[0], f"{key[1]}{COPY}-0")) for other in scene.rows}
        joined: Change = {**copies, **{other: row for other, row in sets.items() if row}}
        twin = Scene(variations.changed(scene.rows, joined), scene.on, scene.judged)
        return [twin, *(each for each in self.near(twin) if each.place and each.place[0] in copies)]

    def added(self, scene: Scene) -> list[Scene]:
        """A scene with one more record of each kind that the rule looks at, several times."""
        read = variations.facts_of(self.stage.rulebook, self.stage.rule.id)
        kinds = sorted({kind for kind, _ in read} - {self.stage.kind, PROGRAM})
        return [made for kind in kinds for made in self.with_one(self.zoned(scene), kind)]

    def zoned(self, scene: Scene) -> Scene:
        """A scene whose program has a time zone."""
        programs = [key for key in scene.rows if key[0] == PROGRAM] or [(PROGRAM, f"{PROGRAM}-1")]
        none: Row = dict.fromkeys(fact.name for fact in self.stage.vocabulary[PROGRAM].stored)
        row = scene.rows.get(programs[0], none)
        zone = row["time_zone"] or "America/Chicago"
        return attrs.evolve(scene, rows={**scene.rows, programs[0]: {**row, "time_zone": zone}}, given=None)

    def with_one(self, scene: Scene, kind: str) -> Iterator[Scene]:
        """A scene with a record of a kind in which values are drawn; it refers to what is there, and is referred to.

        There is another record like the one judged too, in half of them, to which it may refer.
        """
        key, stored = (kind, f"{kind}{COPY}"), self.stage.vocabulary[kind].stored
        other = (scene.judged[0], scene.judged[1] + COPY)
        row: dict[str, object] = {fact.name: self.referred(scene, fact) for fact in stored}
        linked = {one: {**old, **self.linked(one, old, key)} for one, old in scene.rows.items()}
        alone = {**linked, key: row}
        for rows in (alone, {**alone, other: scene.rows[scene.judged]}):
            if self.stage.refers(rows):
                yield from self.filled(Scene(rows, scene.on, scene.judged), [key])

    def referred(self, scene: Scene, fact: Fact) -> object:
        """What a new record refers to by a fact: the record judged, or the first of the kind."""
        found = [key for key in (scene.judged, *scene.rows) if key[0] == fact.type.kind]
        if not found:
            return None
        return frozenset({found[0][1]}) if fact.type.base == "refs" else found[0][1]

    def linked(self, one: Key, row: Row, key: Key) -> Row:
        """The references of a record that may lead to a new one and lead nowhere else."""
        stored = (fact for fact in self.stage.vocabulary[one[0]].stored if fact.type.kind == key[0])
        free = [fact for fact in stored if not ids(row[fact.name])]
        return {fact.name: frozenset({key[1]}) if fact.type.base == "refs" else key[1] for fact in free}

    def filled(self, scene: Scene, keys: Iterable[Key] | None = None) -> Iterator[Scene]:
        """A scene with values drawn for what is not recorded in it, or in some of its records, several times."""
        world = _Near(self, scene)
        values = {
            (key, fact): self.likely(scene, [*world.references_of(key, fact), *world.values_of(key, fact)])
            for key in keys or scene.rows
            for fact in self.stage.vocabulary[key[0]].stored
            if keys or (scene.rows[key][fact.name] is None and key[0] != PROGRAM)
        }
        for _ in range(ADDED):
            rows = dict(scene.rows)
            for (key, fact), some in values.items():
                if some:
                    rows[key] = {**rows[key], fact.name: self.stage.drawn.choice(some)}
            yield Scene(rows, scene.on, scene.judged)

    def likely(self, scene: Scene, values: Sequence[object]) -> list[object]:
        """Of some values those that are likely to tell: moments that lie near one of the record judged."""
        moments = [value for value in values if isinstance(value, dt.date)]
        if not moments:
            return [*values]
        own = [value for value in scene.rows[scene.judged].values() if isinstance(value, dt.date)] or [scene.on]
        near = sorted(moments, key=lambda value: min(abs(_day(value) - _day(each)) for each in own))
        return [*near[:LIKELY], *(value for value in values if not isinstance(value, dt.date))]

    def when_due(self, scene: Scene) -> list[Scene]:
        """A scene with one moment changed, and another one set to when the rule is due then, or right beside it."""
        found: list[Scene] = []
        for other in self.near(scene)[:MOVED]:
            due = self.stage.due(other, self.reading)
            places = [place for place in self.moments(other, due) if place != other.place] if other.place else []
            for (key, name), value in itertools.product(places, _beside(due)):
                rows = variations.changed(other.rows, {key: {name: value}})
                found.append(Scene(rows, other.on, other.judged, None, other, (key, name), value))
        return found

    def moments(self, scene: Scene, due: dt.date | None) -> Iterator[tuple[Key, str]]:
        """The facts of a scene that the rule reads and that are moments like the due one."""
        read = variations.facts_of(self.stage.rulebook, self.stage.rule.id)
        base = "instant" if isinstance(due, dt.datetime) else "date" if due else ""
        for key in scene.rows:
            for fact in self.stage.vocabulary[key[0]].stored:
                if fact.type.base == base and (key[0], fact.name) in read:
                    yield key, fact.name

    def drawn_from(self, scene: Scene) -> list[Scene]:
        """A scene with a value drawn for each fact, several times."""
        world = _Near(self, scene)
        found = (rows for rows in world.drawn(self.stage.drawn, DRAWN) if world.joined(rows))
        return [Scene(rows, scene.on, scene.judged) for rows in found if self.stage.refers(rows)]

    def bare(self, scene: Scene) -> Scene:
        """A scene without the facts and records that its answer does not hang on."""
        answer = self.answer(scene)
        world = _Near(self, scene)
        changes: list[Change] = [change for key in scene.rows if key != scene.judged for change in world.without(key)]
        changes += [
            {key: {name: None}}
            for key, row in scene.rows.items()
            for name in row
            if name not in self.stage.must[key[0]] and key[0] != PROGRAM
        ]
        for change in (each for each in changes if each.keys() <= scene.rows.keys()):
            rows = variations.changed(scene.rows, change)
            less = Scene(rows, scene.on, scene.judged)
            if world.joined(rows) and self.stage.refers(rows) and self.answer(less) == answer:
                scene = less
        return scene


class _Near(World):
    """A scene of which more is tried: sets with one member more or less, and instants right beside the due one."""

    def __init__(self, tries: Tries, scene: Scene) -> None:
        stage, reading = tries.stage, tries.reading
        shown = stage.shown(scene)
        super().__init__(stage.rulebook, stage.rule, scene.on, shown.record, shown.tables, stage.kind)
        self.tries, self.scene, self.reading = tries, scene, reading
        self.readings = tuple(dict.fromkeys((*self.readings, reading)))
        self.read |= tries.more
        self._due: list[dt.date] | None = None

    def tried(self, reading: str, fact: Fact) -> tuple[Edge, ...]:
        """The edge values of a fact under a reading: for what the rule says, and then for what its mutants say."""
        own, of = super().tried(reading, fact), self.tries.constants
        more = edges.edges(fact, of, self.seen(reading), self.tables, self.on) if of != _NOTHING else ()
        return (*own, *more)

    def beyond(self, key: Key, fact: Fact) -> Iterable[object]:
        """Sets with one member more or less than is recorded, decimals a bit apart, and instants beside the due one."""
        value = self.rows[key][fact.name]
        if fact.type.base == "set" and isinstance(value, frozenset):
            return [value ^ {member} for member in fact.type.choices or self.members()]
        if fact.type.decimal:
            return [each for each in self.near_by(value, fact) if not facts.fault_of(fact, each)]
        return self.due() if fact.type.base == "instant" else ()

    def members(self) -> list[str]:
        """The members of all sets that are recorded, where a fact does not list its own, and one that is in none."""
        kinds = self.vocabulary.kinds
        names = {kind: [fact.name for fact in kinds[kind].stored if fact.type.base == "set"] for kind, _ in self.rows}
        found = {member for (kind, _), row in self.rows.items() for name in names[kind] for member in ids(row[name])}
        return [*sorted(found), "something-else"]

    def near_by(self, value: object, fact: Fact) -> Iterator[Decimal]:
        """Decimals by one unit of the last place apart from what is recorded, and from the numbers of the rule."""
        step = Decimal(1).scaleb(-(PLACES if fact.places is None else fact.places))
        judge = judge_of(self.rulebook, {self.reading} - {""})
        constants = judge.ready(self.rule, self.judged[0], judge.readings).constants
        for number in (value, *sorted(constants.numbers)):
            if is_counted(number):
                yield from (Decimal(str(number)) + each for each in (-step, Decimal(0), step))

    def edged(self) -> list[Change]:
        """The facts that the rule reads with each of their edge values: of a few records of each kind."""
        return [change for key in self.few() for fact in self.stored(key) for change in self.edges(key, fact)]

    def varied(self) -> list[Key]:
        """The records of which any fact may be left out: a few of each kind."""
        return self.few()

    def repeated(self) -> Iterable[Key]:
        """The records that are tried more than once: a few of each kind."""
        return self.few()

    def values_of(self, key: Key, fact: Fact) -> list[object]:
        """The edge values of a fact."""
        return [change[key][fact.name] for change in self.edges(key, fact)]

    def references_of(self, key: Key, fact: Fact) -> list[object]:
        """What a fact refers to as it stands, where the rule or a mutant reads it."""
        return [self.rows[key][fact.name]] if fact.type.base == "ref" and (key[0], fact.name) in self.read else []

    def few(self) -> list[Key]:
        """The record judged, and of each kind the first records and the last one."""
        kinds: dict[str, list[Key]] = {}
        for key in self.rows:
            kinds.setdefault(key[0], []).append(key)
        found = dict.fromkeys(key for keys in kinds.values() for key in (*keys[:ALIKE], keys[-1]))
        return [*(found | {self.judged: None})]

    def counts(self) -> tuple[int, ...]:
        """The numbers with which the rule compares how many records there are, with those beside them."""
        return variations.kept(self.rulebook, (_Near, self.rule.id), lambda: _counts(self.rulebook, self.rule))

    def doubled(self, edged: Iterable[Change], most: int) -> Iterator[Change]:
        """Each other record a second time, as it is and with another value; in the sets too in which the first is."""
        for key in self.few():
            if key[0] == PROGRAM:
                continue
            row = self.rows[key]
            again = (key[0], key[1] + COPY)
            others = [change[key] or {} for change in edged if key in change]
            sets = {other: self.sets(other, key, again) for other in self.rows if self.sets(other, key, again)}
            for other in ({}, *others[:most]):
                yield {again: {**row, **other}}
                if sets:
                    yield {again: {**row, **other}, **sets}

    def family(self, key: Key) -> set[Key]:
        """A record with those that refer to it, and those that refer to these; the one judged is not among them."""
        found, ahead = {key}, [key]
        for one in ahead:
            more = [other for other in self.rows if other not in found and self.references(other, one)]
            ahead += [other for other in more if other != self.judged]
            found |= {*ahead}
        return found

    def sets(self, key: Key, one: Key, again: Key) -> Row:
        """The sets of a record that refer to another, with its double in them too."""
        row = self.rows[key]
        names = [fact.name for fact in self.references(key, one) if fact.type.base == "refs"]
        return {name: frozenset({*ids(row[name]), again[1]}) for name in names}

    def due(self) -> list[dt.date]:
        """The instant at which what the rule asks for is due, and those right before and behind it."""
        if self._due is None:
            due = self.tries.stage.due(self.scene, self.reading)
            self._due = _beside(due) if isinstance(due, dt.datetime) else []
        return self._due


def _counts(rulebook: Rulebook, rule: Rule) -> tuple[int, ...]:
    nodes = [node for each in variations.asked_for(rulebook, rule.id) for node in variations.nodes(rulebook, each)]
    compared = [node for node in nodes if isinstance(node, terms.Compare)]
    sides = [side for node in compared for side in _held(rulebook, node.left, node.right)]
    numbers = {n for n in _literals(sides) if n <= MANY} | {n.n for n in nodes if isinstance(n, terms.Gather)}
    readings = [frozenset[str](), *(frozenset({name}) for name in rule.readings)]
    forms = [rulebook.body(rule, kind, reading).form for kind in rule.about for reading in readings]
    limits = [form for form in forms if isinstance(form, Limit) and _tallies(rulebook, form.measure)]
    bounds = [bound for form in limits for bound in (form.at_least, form.at_most) if bound]
    numbers |= {n for n in _literals(bounds) if n <= HUNDREDS}
    return tuple(sorted({n + step for n in numbers for step in (-1, 0, 1) if n + step > 1}))


def _literals(sides: Iterable[Term]) -> set[int]:
    values = {node.value for side in sides for node in terms.walk(side) if isinstance(node, terms.Lit)}
    return {value for value in values if type(value) is int}


def _held(rulebook: Rulebook, one: Term, other: Term) -> list[Term]:
    """What is held against a number of records."""
    return [a for a, b in ((one, other), (other, one)) if _tallies(rulebook, b)]


def _tallies(rulebook: Rulebook, term: Term) -> bool:
    """Whether a term says how many records there are, itself or by a definition."""
    for node in terms.walk(term):
        if isinstance(node, terms.Gather) and node.op in {"count", "distinct"}:
            return True
        if isinstance(node, terms.Defined) and _tallies(rulebook, rulebook.defined(node.rule, node.path.leads_to)):
            return True
    return False


def _later(scene: Scene, by: dt.timedelta) -> Scene:
    """A scene with the day of the judgement and all its moments so much later."""
    rows = {
        key: {name: value + by if isinstance(value, dt.date) else value for name, value in row.items()}
        for key, row in scene.rows.items()
    }
    return Scene(rows, scene.on + by, scene.judged)


def _beside(due: dt.date | None) -> list[dt.date]:
    """A moment, and those right before and behind it: a day, or a minute."""
    step = _MINUTE if isinstance(due, dt.datetime) else dt.timedelta(days=1)
    inside = due and calendar.FIRST_DAY < _day(due) < calendar.LAST_DAY
    return [due - step, due, due + step] if due and inside else []


def _one(change: Change, scene: Scene) -> tuple[tuple[Key, str] | None, object]:
    """The one fact that a change gives another value, and the value; nothing where it changes more."""
    (key, row), *more = change.items()
    if more or row is None or len(row) != 1 or key not in scene.rows:
        return None, None
    ((name, value),) = row.items()
    return (key, name), value


def _counted(places: collections.Counter[object], place: object) -> int:
    """How many times a place has come by now."""
    places[place] += 1
    return places[place]


def _far(scene: Scene, change: Change) -> Decimal:
    """How far a change of one fact goes: from what is recorded, or a date from the day of the judgement."""
    place, value = _one(change, scene)
    old = scene.rows[place[0]][place[1]] if place else None
    if isinstance(value, dt.date):
        return abs(Decimal((_day(value) - _day(old if isinstance(old, dt.date) else scene.on)).days))
    if is_counted(value):
        return abs(Decimal(str(value)) - Decimal(str(old) if is_counted(old) else 0))
    return Decimal(0)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
