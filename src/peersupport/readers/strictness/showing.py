"""The smallest case that breaks one rule and not another: found among the cases of both, then made smaller."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from peersupport.readers import cases, variations
from peersupport.readers.cases.scenes import Scene, Stage, unchecked
from peersupport.readers.cases.tries import Tries
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.strictness.witness import Found, Given, Witness
from peersupport.rules import examples
from peersupport.rules.facts import Record, Vocabulary
from peersupport.rules.findings import Finding, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table

_BOTH: Final = frozenset({True, False})
JOINED: Final = 300
"""How many pairs of cases of the two rules are joined."""
NEAR: Final = 300
"""How many changes of the written examples are tried where the cases of both rules show nothing."""


class _Pair:
    """Two rules before the judge."""

    def __init__(self, base: Rulebook, before: Rule, overlay: Rulebook, after: Rule, kind: str) -> None:
        self.rules = ((base, before), (overlay, after))
        self.kind = kind

    def tried(self, given: Given, on: dt.date, reading: str) -> Witness | None:
        """The case, where it breaks one of the rules alone and both are decided."""
        told = [self.told(*each, given, on, reading) for each in self.rules]
        way = _way(told)
        if way is None:
            return None
        before, after = (next(filter(_breaks, each), each[-1]).verdict for each in told)
        return Witness(self.kind, reading, on, given, before, after, way)

    def told(self, book: Rulebook, rule: Rule, given: Given, on: dt.date, reading: str) -> list[Finding]:
        """What a rule says of a case."""
        case = examples.build(book.vocabulary, self.kind, _told(book.vocabulary, self.kind, given))
        return _findings(book, rule, case.record, Sitting(case.tables, on, brief=True), reading)

    def way(self, scene: Scene) -> bool | None:
        """Which of the rules a scene breaks alone, without writing it out."""
        return _way([_seen(book, rule, scene) for book, rule in self.rules])


def _findings(book: Rulebook, rule: Rule, record: Record, sitting: Sitting, reading: str) -> list[Finding]:
    return judge_of(book, {reading} & {*book.readings}).sit(sitting, rule, record, explain=False)


def _seen(book: Rulebook, rule: Rule, scene: Scene) -> list[Finding]:
    """What a rule says of the records of a scene, as far as its rulebook knows them."""
    made: dict[str, dict[str, Record]] = {name: {} for name in book.vocabulary}
    for (name, id_), row in scene.rows.items():
        if name in made:
            kind = book.vocabulary[name]
            made[name][id_] = unchecked(kind, id_, {fact.name: row.get(fact.name) for fact in kind.stored})
    tables = variations.with_office({name: Table(records) for name, records in made.items()})
    about, judged = scene.judged
    return _findings(book, rule, made[about][judged], Sitting(tables, scene.on, brief=True), "")


def _way(told: Sequence[Sequence[Finding]]) -> bool | None:
    """Whether of two rules the new one alone is broken (True), or the old one (False); None where neither is alone."""
    if any(finding.verdict is Verdict.UNKNOWN for each in told for finding in each):
        return None
    before, after = (any(map(_breaks, each)) for each in told)
    return None if before is after else after


def _breaks(finding: Finding) -> bool:
    return finding.verdict is Verdict.NOT_MET and finding.exception is not True


def witnesses(
    base: Rulebook,
    before: Rule,
    overlay: Rulebook,
    after: Rule,
    kind: str,
    *,
    refuted: frozenset[bool] = frozenset(),
) -> Found:
    """The smallest case for each way; with `refuted` for the tighter (True) or the looser (False) none is looked for.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    pair = _Pair(base, before, overlay, after, kind)
    found: dict[bool, Witness] = {}
    for some in (_written(pair), _made(pair), _joined(pair)):
        if {*found} | refuted < _BOTH:
            _keep(found, pair, some)
    _keep(found, pair, _near(pair, _BOTH - refuted - {*found}))
    small = {way: _smaller(pair, each) for way, each in found.items() if way not in refuted}
    return Found(small.get(True), small.get(False))


def _keep(found: dict[bool, Witness], pair: _Pair, some: Iterable[tuple[Given, dt.date, str]]) -> None:
    """Keep the smallest case of each way."""
    for given, on, reading in some:
        one = pair.tried(given, on, reading)
        if one and (one.tightens not in found or _size(given) < _size(found[one.tightens].given)):
            found[one.tightens] = one


def _written(pair: _Pair) -> Iterator[tuple[Given, dt.date, str]]:
    """The worked examples of both rules."""
    for _, rule in pair.rules:
        yield from ((e.given, e.on, e.reading) for e in rule.examples if (e.about or rule.about[0]) == pair.kind)


def _made(pair: _Pair) -> Iterator[tuple[Given, dt.date, str]]:
    """The cases of both rules."""
    for book, rule in pair.rules:
        yield from ((c.given, c.on, c.reading) for c in cases.of(book, rule) if c.about == pair.kind)


def _joined(pair: _Pair) -> Iterator[tuple[Given, dt.date, str]]:
    """The facts of a case of one rule with those of a case of the other: rules that read other facts need both."""
    groups = [
        [(c.given, c.on, c.reading) for c in cases.of(book, rule) if c.about == pair.kind] for book, rule in pair.rules
    ]
    alike = ((one, other) for one, other in itertools.product(*groups) if one[2] == other[2])
    for (one, before, reading), (other, after, _) in itertools.islice(alike, JOINED):
        yield {**one, **other}, after, reading
        yield {**other, **one}, before, reading


def _near(pair: _Pair, wanted: frozenset[bool]) -> Iterator[tuple[Given, dt.date, str]]:
    """What one change makes of the written examples of both rules: the first that shows each wanted way."""
    left = set(wanted)
    for book, rule in pair.rules:
        stage = Stage(book, rule, pair.kind)
        near = (each for scene in stage.written("") for each in Tries(stage, "").near(scene))
        for scene in itertools.islice(near, NEAR if left else 0):
            way = pair.way(scene)
            _, given = stage.written_as(scene) if way in left else (None, None)
            if given is not None:
                left.discard(way is True)
                yield given, scene.on, ""
        stage.forget()


def _told(vocabulary: Vocabulary, kind: str, given: Given) -> dict[str, Any]:
    """What a rulebook knows of what is given: other rulebooks have more kinds and facts."""
    facts = vocabulary[kind].facts
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name != "id" and name not in facts and name not in vocabulary:
            continue
        inner = facts[name].type.kind if name in facts else name
        found[name] = _each_told(vocabulary, inner, value) if inner in vocabulary else value
    return found


def _each_told(vocabulary: Vocabulary, kind: str, value: object) -> object:
    if isinstance(value, list):
        return [_each_told(vocabulary, kind, each) for each in value]
    return _told(vocabulary, kind, value) if isinstance(value, Mapping) else value


# made smaller


def _size(given: object) -> int:
    if isinstance(given, Mapping):
        return sum(1 + _size(value) for value in given.values())
    return sum(map(_size, given)) + len(given) if isinstance(given, list) else 0


def _smaller(pair: _Pair, found: Witness) -> Witness:
    """The case without each fact and record that it does not need, tried once in their order."""
    kept = [found]

    def shows(given: Given) -> bool:
        one = pair.tried(given, found.on, found.reading)
        if one and (one.tightens, one.before, one.after) == (found.tightens, found.before, found.after):
            kept.append(one)
            return True
        return False

    _pruned(found.given, shows)
    return kept[-1]


def _pruned(value: object, shows: Callable[[Any], bool]) -> object:
    """A table, or a list of tables, without the parts that are not needed, each made smaller by itself."""
    if isinstance(value, Mapping):
        return _pruned_table(dict(value), shows)
    if isinstance(value, list) and all(isinstance(each, Mapping) for each in value):
        return _pruned_list(value, shows)
    return value


def _pruned_table(table: dict[str, object], shows: Callable[[Any], bool]) -> dict[str, object]:
    for name in list(table):
        shorter = {key: each for key, each in table.items() if key != name}
        table = shorter if shows(shorter) else table
    for name, inner in table.items():

        def fits(each: object, name: str = name) -> bool:
            return shows({**table, name: each})

        table[name] = _pruned(inner, fits)
    return table


def _pruned_list(rows: list[object], shows: Callable[[Any], bool]) -> list[object]:
    rows = list(rows)
    for at in reversed(range(len(rows))):
        shorter = [*rows[:at], *rows[at + 1 :]]
        rows = shorter if shows(shorter) else rows
    for at, inner in enumerate(rows):

        def fits(each: object, at: int = at) -> bool:
            return shows([*rows[:at], each, *rows[at + 1 :]])

        rows[at] = _pruned(inner, fits)
    return rows
