"""Two rules held against the same cases: which of them asks more, and the smallest case that shows it.

The cases are all worked examples of both rules, all that the generator of cases makes of each, and a bounded number of
cases near these. Each is judged by both rulebooks under every reading that both rules have; a fact that one of them
does not know is left out before it. A rule is tighter where it is not met in a
case that the other lets pass (met, or not applicable) and never the other way round. Only where no such case is found
do other differences count: between met and not applicable, then with what is unknown or pending, then of exceptions.
When rules are in force is left out here.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final, get_args

import attrs

from peersupport.comparing import fitting, telling
from peersupport.comparing.near import Nearby
from peersupport.comparing.values import Flip, Given, Status, Way
from peersupport.readers import cases, english, variations
from peersupport.readers.cases.writing import toml
from peersupport.readers.judge import judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.readers.mutants import bench
from peersupport.readers.mutants.bench import Answer, Asked, Worked
from peersupport.rules.findings import Finding
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook

MOST: Final = 500
"""Up to how many cases are tried of two rules for a kind, where those of the rules themselves do not flip both ways."""
SHRUNK: Final = 2
"""How many of the smallest cases that flip alike are made smaller."""
_PASSES: Final = frozenset({"met", "not_applicable"})
_DECIDED: Final = _PASSES | {"not_met"}

WAYS: Final[tuple[Way, ...]] = get_args(Way)
_HARD: Final[tuple[Way, ...]] = ("tighter", "looser")


@attrs.frozen
class Direction:
    """How the second of two rules stands to the first for a kind, by the cases tried, with the smallest flips."""

    flips: tuple[Flip, ...]
    tried: int
    untried: int

    @property
    def status(self) -> Status:
        """What the flips say: the second rule is tighter or looser, or neither."""
        hard = [flip.way for flip in self.flips if flip.way in _HARD]
        if len(hard) == 1:
            return Status(hard[0])
        return Status.DIFFERENT if self.flips else Status.NOT_TOLD_APART


@attrs.frozen(eq=False)
class Case:
    """A case of either rule, as it stands in the rulebook that it comes from."""

    home: Rulebook
    kind: str
    reading: str
    given: Given
    on: dt.date

    @property
    def key(self) -> tuple[bool, int, str]:
        """What sorts cases: under no reading first, then by how much is in them."""
        return bool(self.reading), fitting.size(self.given), f"{toml(self.given)} {self.on} {self.reading}"


def direction(before: Rulebook, one: Rule, after: Rulebook, other: Rule, kind: str) -> Direction:
    """How a rule of a second rulebook stands to a rule of a first one for a kind that both judge.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    return _Trial(_Side(before, one, kind), _Side(after, other, kind)).direction()


def together(directions: Sequence[Direction]) -> Direction:
    """How a rule stands to another for all kinds that both judge."""
    every = [flip for each in directions for flip in each.flips]
    by_way = {way: min((f for f in every if f.way == way), key=_key) for way in {flip.way for flip in every}}
    flips = tuple(by_way[way] for way in _told(by_way))
    return Direction(flips, sum(each.tried for each in directions), sum(each.untried for each in directions))


def _key(flip: Flip) -> tuple[bool, int]:
    return bool(flip.reading), fitting.size(flip.given)


def alone(rulebook: Rulebook, rule: Rule, status: Status) -> Flip | None:
    """The smallest case found in which a rule that only one rulebook has is not met: of its worked examples if any.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    sides = [_Side(rulebook, rule, kind) for kind in rule.about]
    found = (case for of in (_Side.written, _Side.made) for side in sides if (case := _broken(side, of(side))))
    return next((_of_one(next(s for s in sides if s.kind == case.kind), case, status) for case in found), None)


def _broken(side: _Side, cases: Iterable[Case]) -> Case | None:
    """The smallest of some cases that is not met, made smaller as far as it goes."""
    broken = [case for case in cases if not case.reading and side.verdict(case) == "not_met"]
    smallest = sorted(broken, key=lambda case: case.key)[:SHRUNK]
    return min((side.shrunk(case) for case in smallest), key=lambda case: case.key, default=None)


def _of_one(side: _Side, case: Case, status: Status) -> Flip:
    finding = side.finding(case)
    verdict, because = finding.verdict.value, english.message(finding)
    if status is Status.ADDED:
        return _as_flip(case, "tighter", ("", verdict), ("", because))
    return _as_flip(case, "looser", (verdict, ""), (because, ""))


def differing(before: Answer, after: Answer) -> Way | None:
    """How two answers to a case differ; None where they do not."""
    if before[0] == after[0]:
        return "exception" if before[1] != after[1] else None
    if not {before[0], after[0]} <= _DECIDED:
        return "undecided"
    if after[0] == "not_met":
        return "tighter"
    return "looser" if before[0] == "not_met" else "decided"


def _told(found: Container[Way]) -> Sequence[Way]:
    """The ways of which a case is shown: those that say which rule is tighter, or the first of the others."""
    there = [way for way in WAYS if way in found]
    return [way for way in there if way in _HARD] or there[:1]


# the two sides


class _Side:
    """A rule of one rulebook, for one kind."""

    def __init__(self, rulebook: Rulebook, rule: Rule, kind: str) -> None:
        self.book = fitting.timeless(rulebook)
        self.rule = self.book[rule.id]
        self.kind = kind
        self.readings = {"", *variations.readings_of(self.book, rule.id)}
        self._asked: dict[str, Asked] = {}

    def written(self) -> Iterator[Case]:
        """The worked examples of the rule."""
        return self.cases(self.rule.examples)

    def made(self) -> Iterator[Case]:
        """The cases that are made of the rule."""
        return self.cases(cases.of(self.book, self.rule))

    def cases(self, some: Iterable[Worked]) -> Iterator[Case]:
        own = (case for case in some if (case.about or self.rule.about[0]) == self.kind)
        return (Case(self.book, self.kind, case.reading, case.given, case.on) for case in own)

    def answer(self, case: Case) -> Answer | None:
        """What the rule says of a case; None where it cannot judge it."""
        shown = fitting.staged(self.book, self.rule, self.kind, case.given, case.on)
        if shown is None:
            return None
        if case.reading not in self._asked:
            self._asked[case.reading] = bench.sound(self.book, self.rule, self.kind, case.reading)
        return self._asked[case.reading].answer(shown)

    def verdict(self, case: Case) -> str:
        answer = self.answer(case)
        return answer[0] if answer else ""

    def finding(self, case: Case) -> Finding:
        """The finding of the rule for a case that it can judge; of a rule that repeats the current one."""
        known, _ = self.known(case)
        made = fitting.built(self.book, self.kind, known, case.on)
        judge = judge_of(self.book, {case.reading} - {""})
        return current(judge.findings(self.rule, made.record, on=case.on, tables=made.tables))

    def known(self, case: Case) -> tuple[Given, tuple[str, ...]]:
        return fitting.fitted(self.book.vocabulary, self.kind, case.given)

    def shrunk(self, case: Case) -> Case:
        """The case made smaller, with the same verdict."""
        verdict = self.verdict(case)

        def still(given: Given) -> bool:
            return self.verdict(attrs.evolve(case, given=given)) == verdict

        return attrs.evolve(case, given=fitting.smaller(case.given, still))


class _Trial:
    """Two rules before the same cases: what was found so far, and how many cases both have judged."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.sides = before, after
        self.readings = sorted(before.readings & after.readings)
        self.seen: set[str] = set()
        self.found: dict[Way, list[tuple[bool, Case]]] = {}
        self.tried = self.untried = 0

    def direction(self) -> Direction:
        cases = sorted((case for side in self.sides for case in (*side.written(), *side.made())), key=lambda c: c.key)
        for case in cases:
            self.look(case)
        for case in itertools.takewhile(lambda _: self.open, self.near(cases)):
            self.look(case)
        return Direction(tuple(self.flip(way) for way in _told(self.found)), self.tried, self.untried)

    @property
    def open(self) -> bool:
        """Whether more is looked for: not when each rule is not met in a case that the other lets pass."""
        return self.tried + self.untried < MOST and not all(way in self.found for way in _HARD)

    def look(self, case: Case) -> None:
        """Judge a case under each reading that both rules have, if it is a new one."""
        for each in (attrs.evolve(case, reading=reading) for reading in self.readings):
            if each.key[2] not in self.seen:
                self.seen.add(each.key[2])
                self.judge(each)

    def judge(self, case: Case) -> None:
        said = self.answers(case)
        way = differing(*said) if said else None
        self.tried, self.untried = self.tried + (said is not None), self.untried + (said is None)
        if said and way:
            passed_by = "not_applicable" in {said[0][0], said[1][0]}
            self.found.setdefault(way, []).append((passed_by, case))

    def answers(self, case: Case) -> tuple[Answer, Answer] | None:
        """What both rules say of a case; None where one of them cannot judge it."""
        before, after = (side.answer(case) for side in self.sides)
        return (before, after) if before and after else None

    def near(self, cases: Sequence[Case]) -> Iterator[Case]:
        """Cases near some others: one near each of them, then another one of each, and so on; then other days."""
        vocabularies = [side.book.vocabulary for side in self.sides]
        nearby = Nearby(vocabularies, [(case.kind, case.given) for case in cases])
        ways = [(attrs.evolve(case, given=given) for given in nearby.of(case.kind, case.given)) for case in cases]
        yield from (case for turn in itertools.zip_longest(*ways) for case in turn if case is not None)
        yield from (attrs.evolve(case, on=on) for on in sorted({case.on for case in cases}) for case in cases)

    def flip(self, way: Way) -> Flip:
        """The smallest of the cases that flip in a way, made smaller; if any, of those to which both rules apply."""
        found = self.found[way]
        applying = [case for passed_by, case in found if not passed_by] or [case for _, case in found]
        smallest = sorted(applying, key=lambda case: case.key)[:SHRUNK]
        case = min(map(self.shrunk, smallest), key=lambda case: case.key)
        findings = [side.finding(case) for side in self.sides]
        flip = _as_flip(case, way, _two(f.verdict.value for f in findings), _two(map(english.message, findings)))
        left_out = tuple(dict.fromkeys(name for side in self.sides for name in side.known(case)[1]))
        exceptions = (findings[0].exception, findings[1].exception) if way == "exception" else None
        return attrs.evolve(flip, left_out=left_out, exceptions=exceptions)

    def shrunk(self, case: Case) -> Case:
        """The case made smaller, with the same answers."""
        answers = self.answers(case)

        def still(given: Given) -> bool:
            return self.answers(attrs.evolve(case, given=given)) == answers

        return attrs.evolve(case, given=fitting.smaller(case.given, still))


def _as_flip(case: Case, way: Way, verdicts: tuple[str, str], because: tuple[str, str]) -> Flip:
    says = telling.sentence(case.home.vocabulary, case.kind, case.given, case.on, case.reading)
    return Flip(
        way=way,
        about=case.kind,
        reading=case.reading,
        given=case.given,
        on=case.on,
        verdicts=verdicts,
        because=because,
        says=says,
    )


def _two(texts: Iterable[str]) -> tuple[str, str]:
    first, second = texts
    return first, second
