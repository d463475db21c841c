"""Mutants before the judge: whether a worked case gets another answer than from the rule as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeAlias

import attrs

from peersupport.readers import variations
from peersupport.readers.judge import Judge, Sitting, judge_of
from peersupport.readers.judge.generated import Deciding, Quick
from peersupport.readers.judge.occurrences import Compiled, Readings, current
from peersupport.readers.mutants.making import Mutant, of
from peersupport.rules import examples, loading, terms
from peersupport.rules.facts import Record
from peersupport.rules.forms import Body, Example, Rule
from peersupport.rules.problems import Unsupported
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Tables
from peersupport.rules.terms import Term

Answer: TypeAlias = tuple[str, bool | None]
"""What a rule says of a case: the verdict, and whether an exception is recorded."""

OFTEN: Final = 24
"""From how many cases on a rule is written out as a function of its own: that takes as long as to judge so many."""


class Worked(Protocol):
    """A worked case, as it stands in a rulebook's file or was made by `cases`."""

    @property
    def given(self) -> Mapping[str, object]: ...
    @property
    def on(self) -> dt.date: ...
    @property
    def verdict(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def reading(self) -> str: ...


@attrs.frozen(eq=False)
class Shown:
    """A case as records: the one judged, the tables around it, and the day."""

    record: Record
    tables: Tables
    on: dt.date


class Bench(Judge):
    """The judge of a rulebook in which one rule says something else. What does not ask for that rule is shared."""

    def __init__(self, rulebook: Rulebook, bodies: Mapping[str, Body], rule: Rule, kind: str, sound: Judge) -> None:
        self.sound = sound
        self.affected = affected(rulebook, rule)
        super().__init__(_with(rulebook, bodies, rule, kind), sound.readings, rules=())

    def ready(self, rule: Rule, kind: str, readings: Readings) -> Compiled:
        """A rule compiled for one kind under some readings."""
        if rule.id not in self.affected:
            return self.sound.ready(rule, kind, readings)
        return super().ready(rule, kind, readings)

    def quick(self, rule: Rule, kind: str | None = None) -> Quick:
        """A rule as functions of their own."""
        if rule.id not in self.affected:
            return self.sound.quick(rule, kind)
        return super().quick(rule, kind)


def _with(rulebook: Rulebook, bodies: Mapping[str, Body], rule: Rule, kind: str) -> Rulebook:
    """The rulebook with other bodies of one rule. No text is read again."""
    made = attrs.evolve(rulebook)
    for each in _near(rulebook, rule):
        for about in each.about:
            for reading in ("", *each.readings):
                made.keep(each, about, reading, rulebook.body(each, about, frozenset({reading} - {""})))
    for reading, body in bodies.items():
        made.keep(rule, kind, reading, body)
    return made


def _near(rulebook: Rulebook, rule: Rule) -> tuple[Rule, ...]:
    """The rules that ask for a rule, with all that they ask for."""

    def make() -> tuple[Rule, ...]:
        reached = [each for name in sorted(affected(rulebook, rule)) for each in variations.asked_for(rulebook, name)]
        return tuple({each.id: each for each in reached}.values())

    return variations.kept(rulebook, (_near, rule.id), make)


def affected(rulebook: Rulebook, rule: Rule) -> frozenset[str]:
    """The rules that may say something else when a rule does: itself, and those that ask for it over others."""

    def make() -> frozenset[str]:
        return frozenset(each.id for each in rulebook if rule in variations.asked_for(rulebook, each.id))

    return variations.kept(rulebook, (affected, rule.id), make)


def asking(rulebook: Rulebook, rule: Rule) -> tuple[Rule, ...]:
    """The rules in which the mutants of a rule show: itself, or those that ask for a definition and can be judged."""
    if rule.form != "definition":
        return (rule,)

    def make() -> tuple[Rule, ...]:
        found = (each for each in rulebook.judged if rule in definitions(rulebook, each))
        return tuple(each for each in found if _judged(rulebook, each))

    return variations.kept(rulebook, (asking, rule.id), make)


def _judged(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether the record reader can judge a rule."""
    try:
        Judge(rulebook, rules=[rule.id])
    except Unsupported:
        return False
    return True


def home(rulebook: Rulebook, rule: Rule) -> Rule | None:
    """The rule whose cases show the mutants of a definition; None where no rule asks for it.

    One that asks for it whatever is chosen comes before others, then a criterion, then the one best exampled.
    """

    def fits(each: Rule) -> tuple[bool, bool, int]:
        always = each.choose or rule in definitions(rulebook, each, "")
        return always, each.form == "criterion", len(each.examples)

    return max(asking(rulebook, rule), key=fits, default=None)


def definitions(rulebook: Rulebook, rule: Rule, reading: str | None = None) -> tuple[Rule, ...]:
    """The definitions that a rule asks for itself, and those that these ask for: under any reading, or under one."""
    return variations.kept(rulebook, (definitions, rule.id, reading), lambda: _definitions(rulebook, rule, reading))


def _definitions(rulebook: Rulebook, rule: Rule, reading: str | None) -> tuple[Rule, ...]:
    found = [rule]
    for each in found:
        names = dict.fromkeys(node.rule for node in _nodes(rulebook, each, reading) if isinstance(node, terms.Defined))
        found += [rulebook[name] for name in names if rulebook[name] not in found]
    return tuple(found[1:])


def _nodes(rulebook: Rulebook, rule: Rule, reading: str | None) -> Iterator[Term]:
    if reading is None:
        yield from variations.nodes(rulebook, rule)
        return
    bodies = (rulebook.body(rule, kind, frozenset({reading} - {""})) for kind in rule.about)
    yield from (node for body in bodies for top in loading.parts(body) for node in terms.walk(top))


class Asked:
    """A rule under some bodies, asked of many cases: by the judge, and from many on by a function of its own."""

    def __init__(self, judge: Judge, rule: Rule, kind: str, *, exceptions: bool) -> None:
        self.judge, self.rule, self.kind = judge, rule, kind
        self.exceptions = exceptions
        self.times = 0
        self.quick: Deciding | None = None

    def answer(self, shown: Shown) -> Answer:
        """What the rule says of a case."""
        if self.exceptions:
            sitting = Sitting(shown.tables, shown.on, brief=True)
            finding = current(self.judge.sit(sitting, self.rule, shown.record, explain=False))
            return finding.verdict.value, finding.exception
        self.times += 1
        if self.times == OFTEN:
            self.quick = self.judge.quick(self.rule, self.kind).verdict
        if self.quick:
            return self.quick(shown.record, shown.on, shown.tables).value, None
        return self.judge.verdict(self.rule, shown.record, on=shown.on, tables=shown.tables).value, None

    def differs(self, shown: Shown, answer: Answer) -> bool:
        """Whether the rule says something else of a case than an answer."""
        return self.answer(shown) != answer


def sound(rulebook: Rulebook, rule: Rule, kind: str, reading: str, *, exceptions: bool = True) -> Asked:
    """A rule as it is, under a reading or none; with `exceptions` it is asked for these too, where it has any."""
    excepts = exceptions and _excepts(rulebook, rule, kind, reading)
    return Asked(judge_of(rulebook, {reading} - {""}), rule, kind, exceptions=excepts)


def wrong(rulebook: Rulebook, rule: Rule, kind: str, reading: str, mutant: Mutant, *, exceptions: bool = True) -> Asked:
    """A rule as it is where a mutant stands in the rulebook."""
    plain = judge_of(rulebook, {reading} - {""})
    bench = Bench(rulebook, mutant.bodies, rulebook[mutant.rule], mutant.kind, plain)
    return Asked(bench, rule, kind, exceptions=exceptions and _excepts(rulebook, rule, kind, reading))


def _excepts(rulebook: Rulebook, rule: Rule, kind: str, reading: str) -> bool:
    return rulebook.body(rule, kind, frozenset({reading} - {""})).conditions.unless is not None


def examples_of(rulebook: Rulebook, rule: Rule) -> dict[str, tuple[Example, ...]]:
    """The written examples in which the mutants of a rule may show, by rule: its own, or of those that ask for it."""
    return {each.id: each.examples for each in asking(rulebook, rule)}


def survivors(
    rulebook: Rulebook, rule: Rule, cases: Sequence[Worked] | Mapping[str, Iterable[Worked]]
) -> tuple[Mutant, ...]:
    """The mutants of a rule that no case notices: each case gets the answer that it has from the rule as it is.

    `cases` are cases of the rule: written examples, or those that `cases.of` makes. For a definition they are a mapping
    from the ids of rules that ask for it to their cases. Raises `Unsupported` for a rule that cannot be judged yet.
    """
    tried = _all_tried(rulebook, {rule.id: cases} if isinstance(cases, Sequence) else cases)
    return tuple(mutant for mutant in of(rulebook, rule) if not any(_noticed(rulebook, mutant, tried)))


def notices(rulebook: Rulebook, mutant: Mutant, cases: Mapping[str, Iterable[Worked]]) -> bool:
    """Whether any of some cases, by rule, notices a mutant."""
    return any(_noticed(rulebook, mutant, _all_tried(rulebook, cases)))


def _all_tried(rulebook: Rulebook, cases: Mapping[str, Iterable[Worked]]) -> list[_Tried]:
    return [each for name, some in cases.items() for each in _tried(rulebook, rulebook[name], some)]


@attrs.frozen(eq=False)
class _Tried:
    """A case of a rule as records, with the answer that it has. `whole` says that it states exceptions too."""

    rule: Rule
    kind: str
    reading: str
    shown: Shown
    answer: Answer
    whole: bool


def _tried(rulebook: Rulebook, rule: Rule, cases: Iterable[Worked]) -> list[_Tried]:
    """Some cases before the judge. One that does not come out as it states says nothing of mutants."""
    found: list[_Tried] = []
    for case in cases:
        kind = case.about or rule.about[0]
        whole = not isinstance(case, Example) or case.exception is not None
        made = examples.build(rulebook.vocabulary, kind, case.given)
        shown = Shown(made.record, made.tables, case.on)
        answer = sound(rulebook, rule, kind, case.reading, exceptions=whole).answer(shown)
        if answer[0] == case.verdict:
            found.append(_Tried(rule, kind, case.reading, shown, answer, whole))
    return found


def _noticed(rulebook: Rulebook, mutant: Mutant, tried: Iterable[_Tried]) -> Iterator[bool]:
    asked: dict[tuple[object, ...], Asked] = {}
    for case in tried:
        own = case.reading if case.reading in case.rule.readings else ""
        if case.rule.id == mutant.rule and (case.kind != mutant.kind or own not in mutant.bodies):
            continue
        key = (case.rule.id, case.kind, case.reading, case.whole)
        if key not in asked:
            asked[key] = wrong(rulebook, case.rule, case.kind, case.reading, mutant, exceptions=case.whole)
        yield asked[key].differs(case.shown, case.answer)
