"""Which scenes become cases: pairs for each condition and boundary, and one for every mutant that any scene shows.

The written examples come first, then what one change makes of them, then what one change makes of the scenes chosen so
far, then scenes that are drawn. A scene is chosen for a mutant that no earlier one shows; those that turn out not to be
needed are dropped again.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from peersupport.readers import edges, variations
from peersupport.readers.cases.scenes import DECIDED, ON, Scene, Stage, is_counted
from peersupport.readers.cases.tries import Tries
from peersupport.readers.mutants import bench, making
from peersupport.readers.mutants.bench import Asked
from peersupport.readers.mutants.making import Mutant
from peersupport.readers.variations import Key
from peersupport.rules import loading, terms
from peersupport.rules.forms import Body, Clause, Criterion, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Term

LESS: Final = 16
"""How many values of each fact are tried in the scenes that were chosen."""
MOST: Final = 1500
"""About how many scenes are made of those that were chosen, after those of the written examples."""
BORROWED: Final = 6
"""From how many scenes of the first ones more is tried, and how many examples of others are taken where it has none."""
FEW: Final = 12
LEAST: Final = 5
"""How many values of each fact are tried in scenes of more than a few records."""
_TURNS: Final = DECIDED | {"pending"}
_ORDER: Final = ("met", "not_met", "pending", "not_applicable", "unknown")


@attrs.frozen(eq=False)
class Chosen:
    """The scenes of a rule for one kind under one reading, the mutants that none shows, conditions without a pair."""

    stage: Stage
    reading: str
    scenes: tuple[Scene, ...]
    alive: tuple[Mutant, ...]
    unpaired: tuple[Term, ...]


def readings(rulebook: Rulebook, rule: Rule) -> tuple[str, ...]:
    """The readings under which a rule is tried, none first: its own, and those of the definitions it is the home of."""
    own = (*([] if rule.choose else [""]), *rule.readings)
    others = (name for each in at_home(rulebook, rule) for name in each.readings)
    return tuple(dict.fromkeys((*own, *others)))


def at_home(rulebook: Rulebook, rule: Rule) -> list[Rule]:
    """The definitions whose mutants the cases of a rule are to show."""
    return [each for each in bench.definitions(rulebook, rule) if bench.home(rulebook, each) is rule]


def targets(rulebook: Rulebook, rule: Rule, kind: str, reading: str) -> list[Mutant]:
    """The mutants that are to be shown under a reading: those of the rule, and of the definitions it is the home of.

    A definition that is asked for under one reading only shows under that one.
    """
    names = readings(rulebook, rule)
    own = [each for each in making.of(rulebook, rule) if each.kind == kind]
    found = [each for each in own if (each.reading or names[0]) == reading]
    for other in at_home(rulebook, rule):
        first = next((name for name in names if other in bench.definitions(rulebook, rule, name)), names[0])
        found += [each for each in making.of(rulebook, other) if (each.reading or first) == reading]
    return found


def chosen(stage: Stage, reading: str, before: Sequence[Scene]) -> Chosen:
    """The scenes of a rule for one kind under one reading. `before` are those that other readings have."""
    return _Choice(stage, reading, before).chosen()


class _Choice:
    """The choice of the scenes of a rule for one kind under one reading, while it is made.

    `needed` are scenes of pairs, `kept` those that show a mutant which none before showed.
    """

    def __init__(self, stage: Stage, reading: str, before: Sequence[Scene]) -> None:
        self.stage, self.reading, self.before = stage, reading, before
        self.tries = Tries(stage, reading)
        rulebook, rule, kind = stage.rulebook, stage.rule, stage.kind
        self.mutants = targets(rulebook, rule, kind, reading)
        self.asked = {id(each): bench.wrong(rulebook, rule, kind, reading, each) for each in self.mutants}
        self.alive = list(self.mutants)
        first = readings(rulebook, rule)[0]
        self.first = reading == first
        said = () if self.first else self.leaves(first)
        self.leaf = {leaf: self.alone(leaf) for leaf in self.leaves(reading) if leaf not in said}
        self.unpaired = list(self.leaf)
        self.needed: list[Scene] = []
        self.kept: list[Scene] = []
        self.explored: list[Scene] = []
        self.bounds: set[object] = set()
        self.excepted = not stage.asked(reading).exceptions

    def leaves(self, reading: str) -> tuple[Term, ...]:
        """The conditions of the rule and of when it applies, down to those that are put together of no others."""
        stage = self.stage
        body = stage.rulebook.body(stage.rule, stage.kind, frozenset({reading} - {""}))
        tops = [clause.holds for clause in body.form.clauses] if isinstance(body.form, Criterion) else []
        found = (leaf for top in (*tops, body.conditions.when) if top for leaf in _parts(top))
        return tuple(dict.fromkeys(found))

    def alone(self, leaf: Term) -> Asked:
        """A condition of the rule as a rule of its own."""
        stage = self.stage
        body = Body(Criterion((Clause("", leaf),), 1))
        plain = stage.asked(self.reading).judge
        made = bench.Bench(stage.rulebook, {self.reading: body}, stage.rule, stage.kind, plain)
        return Asked(made, stage.rule, stage.kind, exceptions=False)

    # the search

    def chosen(self) -> Chosen:
        bases = self.bases()
        self.needed = bases[:1]
        self.scan([*self.before, *bases])
        for scenes in self.tried(bases):
            if self.open:
                self.look(scenes())
        return Chosen(self.stage, self.reading, tuple(self.compact()), tuple(self.alive), tuple(self.unpaired))

    def tried(self, bases: Sequence[Scene]) -> Iterator[Callable[[], list[Scene]]]:
        """What is tried one after another, as long as anything is looked for: the simple and the cheap first."""
        tries, first = self.tries, bases[0]
        self.look(self.near(first))
        yield lambda: tries.elsewhere(first)
        yield from (functools.partial(tries.added, base) for base in bases[:BORROWED])
        yield lambda: tries.twins(first)
        yield from (functools.partial(self.near, base) for base in bases[1:])
        self.widen()
        yield lambda: tries.completed(first)
        yield lambda: tries.when_due(first)
        left = MOST
        while self.open and left > 0 and (ahead := self.ahead()):
            near = self.near(ahead, LESS if len(ahead.rows) <= FEW else LEAST)
            left -= len(near)
            yield functools.partial(list, [*near, *tries.elsewhere(ahead)])
        yield lambda: tries.moved(first)
        yield lambda: tries.drawn_from(first)

    def near(self, scene: Scene, most: int | None = None) -> list[Scene]:
        """What one change makes of a scene."""
        self.explored.append(scene)
        return self.tries.near(scene, most)

    def bases(self) -> list[Scene]:
        """The scenes to start from, met ones first: the written examples; where none decides, others too."""
        own, more = self.stage.written(self.reading), list[Scene]()
        if self.reading:
            more = [*self.before, *self.stage.written("")]
        if not any(self.verdict(scene) in DECIDED for scene in (*own, *more)):
            borrowed = [scene for scene in self.stage.borrowed(self.reading) if self.verdict(scene) in DECIDED]
            own = [self.begun(), *borrowed[:BORROWED], *own]
        return [*self.sorted(own), *self.sorted(more)]

    def sorted(self, scenes: Iterable[Scene]) -> list[Scene]:
        """Some scenes, met ones first."""
        return sorted(scenes, key=lambda scene: _ORDER.index(self.verdict(scene)))

    def begun(self) -> Scene:
        """A scene for a rule without an example: of those that are drawn one that is met, with what it needs."""
        stage = self.stage
        borrowed = stage.borrowed(self.reading)
        whole = stage.whole(_usual(stage.rulebook, stage.rule))
        drawn = [*borrowed, whole, *self.tries.drawn_from(whole), *self.tries.near(whole)]
        best = min(drawn, key=lambda scene: _ORDER.index(self.verdict(scene)))
        return best if best in borrowed else self.tries.bare(best)

    def ahead(self) -> Scene | None:
        """The last chosen scene of which no changes were tried: it shows what was hard to show."""
        return next((each for each in (*reversed(self.kept), *self.needed) if each not in self.explored), None)

    def widen(self) -> None:
        """From now on vary also the facts that only the mutants read, of the scenes that were varied before too."""
        nodes = [node for each in self.alive for top in loading.parts(each.body) for node in terms.walk(top)]
        self.tries.constants = edges.constants(top for each in self.alive for top in loading.parts(each.body))
        more = variations.facts_read(self.stage.rulebook, nodes)
        self.tries.more, self.explored = more, []

    @property
    def open(self) -> bool:
        """Whether anything is still looked for."""
        return bool(self.alive or self.unpaired)

    def look(self, scenes: Sequence[Scene]) -> None:
        """Take from some scenes the pairs that are still wanted, and those that show mutants."""
        self.pairs(scenes)
        if self.first:
            self.boundaries(scenes)
        self.scan(self.needed)
        self.scan(sorted(scenes, key=lambda scene: self.verdict(scene) not in DECIDED))

    def verdict(self, scene: Scene) -> str:
        return self.stage.answer(scene, self.reading)[0]

    def scan(self, scenes: Iterable[Scene]) -> None:
        """Keep each scene that shows a mutant which none has shown so far."""
        for scene in scenes:
            shown = [id(each) for each in self.alive if self.shows(scene, each)]
            if shown and self.writable(scene):
                self.alive = [each for each in self.alive if id(each) not in shown]
                self.kept.append(scene)

    def writable(self, *scenes: Scene) -> bool:
        """Whether scenes can stand in a rulebook's file as examples."""
        return all(self.stage.writable(scene) for scene in scenes)

    def shows(self, scene: Scene, mutant: Mutant) -> bool:
        answer = self.stage.answer(scene, self.reading)
        return self.asked[id(mutant)].differs(self.stage.shown(scene), answer)

    def compact(self) -> list[Scene]:
        """The scenes that are needed, and of the others, the last ones first, those that show something more."""
        alive = {id(each) for each in self.alive}
        left = [each for each in self.mutants if id(each) not in alive]
        found: list[Scene] = []
        for scene in (*self.needed, *reversed(self.kept)):
            shown = {id(each) for each in left if self.shows(scene, each)}
            left = [each for each in left if id(each) not in shown]
            if (shown or scene in self.needed) and scene not in found:
                found.append(scene)
        return found

    # pairs

    def need(self, *scenes: Scene) -> None:
        self.needed += [scene for scene in scenes if scene not in self.needed]

    def turns(self, one: Scene, other: Scene) -> bool:
        """Whether two scenes have different verdicts, both certain."""
        a, b = self.verdict(one), self.verdict(other)
        return a != b and {a, b} <= _TURNS

    def pairs(self, scenes: Sequence[Scene]) -> None:
        """For each condition two scenes that differ in one change, in it and in the verdict; and two for exceptions."""
        for scene in () if self.excepted else scenes:
            if scene.parent and self.excepts(scene, scene.parent) and self.writable(scene, scene.parent):
                self.excepted = True
                self.need(scene.parent, scene)
        for scene in scenes if self.unpaired else ():
            if scene.parent and self.turns(scene, scene.parent) and self.writable(scene, scene.parent):
                told = [leaf for leaf in self.unpaired if self.tells(leaf, scene, scene.parent)]
                self.unpaired = [leaf for leaf in self.unpaired if leaf not in told]
                self.need(*([scene.parent, scene] if told else []))

    def excepts(self, one: Scene, other: Scene) -> bool:
        """Whether an exception is recorded in one of two scenes only, and none is wanted any more."""
        found = {self.stage.answer(scene, self.reading)[1] for scene in (one, other)}
        return found == {True, False} and not self.excepted

    def tells(self, leaf: Term, *scenes: Scene) -> bool:
        """Whether a condition holds in one of two scenes, and not in the other."""
        asked = self.leaf[leaf]
        return {asked.answer(self.stage.shown(scene))[0] for scene in scenes} == {"met", "not_met"}

    def boundaries(self, scenes: Sequence[Scene]) -> None:
        """For each fact that is counted, and each change of verdict, two values one step apart."""
        groups: dict[tuple[Key, str], list[tuple[Any, Scene]]] = {}
        for scene in scenes:
            if scene.parent and scene.place and _is_ordered(scene.value):
                groups.setdefault(scene.place, [(_before(scene, scene.parent), scene.parent)])
                groups[scene.place].append((scene.value, scene))
        for place, values in groups.items():
            counted = sorted((each for each in values if _is_ordered(each[0])), key=lambda each: each[0])
            for (low, one), (high, other) in itertools.pairwise(counted):
                if _one_step(low, high):
                    self.bounded(place, one, other)

    def bounded(self, place: tuple[Key, str], one: Scene, other: Scene) -> None:
        """Take two scenes right before and right behind a boundary, one pair for each fact and change of verdict."""
        mark = (place[0][0], place[1], frozenset({self.verdict(one), self.verdict(other)}))
        if mark not in self.bounds and self.turns(one, other) and self.writable(one, other):
            self.bounds.add(mark)
            self.need(one, other)


def _parts(term: Term) -> Iterator[Term]:
    match term:
        case terms.AtLeast(of=of):
            for each in of:
                yield from _parts(each)
        case terms.Not(of=of):
            yield from _parts(of)
        case _:
            yield term


def _before(scene: Scene, parent: Scene) -> object:
    """What stood in the place that a scene changes."""
    if scene.place is None or scene.place == ON:
        return parent.on
    return parent.rows[scene.place[0]][scene.place[1]]


def _is_ordered(value: object) -> bool:
    return isinstance(value, dt.date) or is_counted(value)


def _one_step(low: Any, high: Any) -> bool:  # noqa: ANN401  two dates, instants or numbers
    """Whether nothing that a rule could tell lies between two values."""
    if isinstance(low, dt.datetime):
        return bool(high - low <= dt.timedelta(minutes=1))
    return bool(high - low == dt.timedelta(days=1)) if isinstance(low, dt.date) else bool(high - low <= 1)


def _usual(rulebook: Rulebook, rule: Rule) -> dt.date:
    """A day to judge on: that of the first example of the rule or of the rulebook, or the day it was verified."""
    days = (example.on for each in (rule, *rulebook) for example in each.examples)
    return next(days, None) or rulebook.verified or dt.date(2026, 6, 30)
