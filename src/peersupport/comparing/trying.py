"""Two rules held against the same cases: which of them asks more, and the smallest case that shows it.

The cases are all worked examples of both rules, all that the generator of cases makes of each, and a bounded number of
cases near these. Each is judged by both rulebooks under every reading that both rules have; a fact that one of them
does not know is left out before it. A case breaks a rule where an occurrence of it is not met and no exception is
recorded. A rule is tighter where a case breaks it and not the other, of which nothing is unknown, and no case the other
way round: what the structure of the two tells of that is proved, and not looked for. Only where no such case is found
do other differences count: between met and not applicable, then with what is unknown or pending, then of exceptions.
When rules are in force, and how binding they are, is left out here.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final

import attrs

from peersupport.comparing import fitting, telling
from peersupport.comparing.near import Nearby
from peersupport.comparing.values import Flip, Given, Status, Way
from peersupport.readers import cases, english, strictness, variations
from peersupport.readers.cases.writing import toml
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.readers.mutants import Worked
from peersupport.readers.mutants.bench import Shown
from peersupport.rules.findings import Finding, Verdict
from peersupport.rules.forms import Force, Rule
from peersupport.rules.rulebook import Rulebook

MOST: Final = 500
"""Up to how many cases are tried of two rules for a kind, where those of the rules themselves do not flip both ways."""
SHRUNK: Final = 2
"""How many of the smallest cases that flip alike are made smaller."""
WAYS: Final[tuple[Way, ...]] = ("tighter", "looser", "decided", "undecided", "exception")
HARD: Final[tuple[Way, ...]] = ("tighter", "looser")
"""The ways that say which rule asks more."""
_DECIDED: Final = frozenset({"met", "not_met", "not_applicable"})


@attrs.frozen
class Direction:
    """How the second of two rules stands to the first for some kinds, by the cases tried, with the smallest flips.

    `never` are the ways of which there is no case, by the structure of the rules.
    """

    flips: tuple[Flip, ...]
    tried: int
    untried: int
    never: frozenset[Way] = frozenset()

    @property
    def status(self) -> Status:
        """What the flips say: the second rule is tighter or looser, or neither."""
        hard = [flip.way for flip in self.flips if flip.way in HARD]
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


@attrs.frozen
class Said:
    """What a rule says of a case: the verdict that speaks for all occurrences, and whether any is broken.

    `verdict` is that of an occurrence that is broken, where one is; `broken` is None where something is unknown, and
    nothing known is broken. `last` says whether the verdict is that of the current occurrence, as in an example.
    """

    verdict: str
    exception: bool | None
    broken: bool | None
    last: bool


def direction(before: Rulebook, one: Rule, after: Rulebook, other: Rule, kind: str) -> Direction:
    """How a rule of a second rulebook stands to a rule of a first one for a kind that both judge.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    return _Trial(_Side(before, one, kind), _Side(after, other, kind)).direction()


def together(directions: Sequence[Direction]) -> Direction:
    """How a rule stands to another for all kinds that both judge."""
    every = [flip for each in directions for flip in each.flips]
    by_way = {way: min((f for f in every if f.way == way), key=_key) for way in {flip.way for flip in every}}
    flips = tuple(by_way[way] for way in told(by_way))
    never = frozenset(WAYS).intersection(*(each.never for each in directions))
    return Direction(flips, sum(each.tried for each in directions), sum(each.untried for each in directions), never)


def _key(flip: Flip) -> tuple[bool, int]:
    return bool(flip.reading), fitting.size(flip.given)


def alone(rulebook: Rulebook, rule: Rule, status: Status) -> Flip | None:
    """The smallest case found that breaks a rule which only one rulebook has: of its worked examples if any.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    sides = {kind: _Side(rulebook, rule, kind) for kind in rule.about}
    found = (case for of in (_Side.written, _Side.made) for side in sides.values() if (case := _broken(side, of(side))))
    return next((_of_one(sides[case.kind], case, status) for case in found), None)


def _broken(side: _Side, cases: Iterable[Case]) -> Case | None:
    """The smallest of some cases that breaks a rule, made smaller as far as it goes."""
    broken = [case for case in cases if not case.reading and side.breaks(case)]
    smallest = sorted(broken, key=lambda case: case.key)[:SHRUNK]
    return min((_smaller([side], case) for case in smallest), key=lambda case: case.key, default=None)


def _of_one(side: _Side, case: Case, status: Status) -> Flip:
    finding = side.finding(case)
    verdict, because = finding.verdict.value, english.message(finding)
    if status is Status.ADDED:
        return _as_flip(case, "tighter", ("", verdict), ("", because))
    return _as_flip(case, "looser", (verdict, ""), (because, ""))


def differing(before: Said, after: Said) -> Way | None:
    """How what two rules say of a case differs; None where it does not."""
    if {before.broken, after.broken} == {True, False}:
        return "tighter" if after.broken else "looser"
    if before.verdict != after.verdict:
        return "decided" if {before.verdict, after.verdict} <= _DECIDED else "undecided"
    return "exception" if before.exception != after.exception else None


def told(found: Container[Way]) -> list[Way]:
    """The ways of which a case is shown: those that say which rule is tighter, or the first of the others."""
    there: list[Way] = [way for way in WAYS if way in found]
    hard: list[Way] = [way for way in HARD if way in found]
    return hard or there[:1]


# the two sides


class _Side:
    """A rule of one rulebook, for one kind."""

    def __init__(self, rulebook: Rulebook, rule: Rule, kind: str) -> None:
        self.book = fitting.timeless(rulebook)
        self.rule = self.book[rule.id]
        self.kind = kind
        self.readings = {"", *variations.readings_of(self.book, rule.id)}

    def written(self) -> Iterator[Case]:
        """The worked examples of the rule."""
        return self.cases(self.rule.examples)

    def made(self) -> Iterator[Case]:
        """The cases that are made of the rule."""
        return self.cases(cases.of(self.book, self.rule))

    def cases(self, some: Iterable[Worked]) -> Iterator[Case]:
        own = (case for case in some if (case.about or self.rule.about[0]) == self.kind)
        return (Case(self.book, self.kind, case.reading, case.given, case.on) for case in own)

    def said(self, case: Case) -> Said | None:
        """What the rule says of a case; None where it cannot judge it."""
        shown = fitting.staged(self.book, self.rule, self.kind, case.given, case.on)
        return None if shown is None else _said(self.findings(case, shown, explain=False))

    def breaks(self, case: Case) -> bool:
        said = self.said(case)
        return said is not None and said.broken is True

    def findings(self, case: Case, shown: Shown, *, explain: bool) -> list[Finding]:
        judge, sitting = judge_of(self.book, {case.reading} - {""}), Sitting(shown.tables, shown.on, brief=True)
        return judge.sit(sitting, self.rule, shown.record, explain=explain)

    def finding(self, case: Case) -> Finding:
        """The finding of the rule for a case that it can judge: that of an occurrence that is broken, where one is."""
        known, _ = self.known(case)
        return _telling(self.findings(case, fitting.built(self.book, self.kind, known, case.on), explain=True))

    def known(self, case: Case) -> tuple[Given, tuple[str, ...]]:
        return fitting.fitted(self.book.vocabulary, self.kind, case.given)


def _breaks(finding: Finding) -> bool:
    return finding.verdict is Verdict.NOT_MET and finding.exception is not True


def _telling(found: Sequence[Finding]) -> Finding:
    """The finding that tells most: the current one if it is broken or none is, else the last that is."""
    broken = [finding for finding in found if _breaks(finding)]
    last = current(found)
    return last if _breaks(last) or not broken else broken[-1]


def _said(found: Sequence[Finding]) -> Said:
    one = _telling(found)
    unknown = any(finding.verdict is Verdict.UNKNOWN for finding in found)
    broken = any(map(_breaks, found))
    return Said(one.verdict.value, one.exception, broken or (None if unknown else False), one is current(found))


class _Trial:
    """Two rules before the same cases: what was found so far, and how many cases both have judged."""

    def __init__(self, before: _Side, after: _Side) -> None:
        self.sides = before, after
        self.readings = sorted(before.readings & after.readings)
        self.never = never(before, after)
        self.seen: set[str] = set()
        self.found: dict[Way, list[tuple[bool, Case]]] = {}
        self.tried = self.untried = 0

    def direction(self) -> Direction:
        cases = sorted((case for side in self.sides for case in (*side.written(), *side.made())), key=lambda c: c.key)
        for case in cases:
            self.look(case)
        for case in itertools.takewhile(lambda _: self.open, self.near(cases)):
            self.look(case)
        return Direction(tuple(self.flip(way) for way in told(self.found)), self.tried, self.untried, self.never)

    @property
    def open(self) -> bool:
        """Whether more is looked for: not when there is a case for each way, or a proof that there is none."""
        return self.tried + self.untried < MOST and not all(way in self.found or way in self.never for way in HARD)

    def look(self, case: Case) -> None:
        """Judge a case under each reading that both rules have, if it is a new one."""
        for each in (attrs.evolve(case, reading=reading) for reading in self.readings):
            if each.key[2] not in self.seen:
                self.seen.add(each.key[2])
                self.judge(each)

    def judge(self, case: Case) -> None:
        before, after = (side.said(case) for side in self.sides)
        if before is None or after is None:
            self.untried += 1
            return
        self.tried += 1
        way = differing(before, after)
        if way:
            aside = {before.verdict, after.verdict} != {"met", "not_met"} or not (before.last and after.last)
            self.found.setdefault(way, []).append((aside, case))

    def near(self, cases: Sequence[Case]) -> Iterator[Case]:
        """Cases near some others: one near each of them, then another one of each, and so on; then other days."""
        vocabularies = [side.book.vocabulary for side in self.sides]
        nearby = Nearby(vocabularies, [(case.kind, case.given) for case in cases])
        given = [itertools.chain(nearby.of(case.kind, case.given), fitting.less(case.given)) for case in cases]
        for turn in itertools.zip_longest(*given):
            found = ((case, each) for case, each in zip(cases, turn, strict=True) if each is not None)
            yield from (attrs.evolve(case, given=each) for case, each in found)
        yield from (attrs.evolve(case, on=on) for on in sorted({case.on for case in cases}) for case in cases)

    def flip(self, way: Way) -> Flip:
        """The smallest of the cases that flip in a way, made smaller; if any, of those met by one and not by the other.

        Of a rule that repeats such a case is one of the current occurrence.
        """
        found = self.found[way]
        plain = [case for aside, case in found if not aside] or [case for _, case in found]
        smallest = sorted(plain, key=lambda case: case.key)[:SHRUNK]
        case = min((_smaller(self.sides, case) for case in smallest), key=lambda case: case.key)
        one, other = (side.finding(case) for side in self.sides)
        flip = _as_flip(
            case, way, (one.verdict.value, other.verdict.value), (english.message(one), english.message(other))
        )
        left_out = tuple(dict.fromkeys(name for side in self.sides for name in side.known(case)[1]))
        exceptions = None if one.exception is other.exception else (one.exception, other.exception)
        return attrs.evolve(flip, left_out=left_out, exceptions=exceptions)


def never(before: _Side, after: _Side) -> frozenset[Way]:
    """The ways of which there is no case, whatever is recorded, by the structure of two rules alone."""
    books = before.book, after.book
    one, other = (attrs.evolve(side.rule, force=Force.MUST) for side in (before, after))
    way = strictness.proved(books[0], one, books[1], other, before.kind)
    return _NEVER[way] if way else frozenset()


_NEVER: Final[dict[strictness.Way, frozenset[Way]]] = {
    strictness.Way.SAME: frozenset(HARD),
    strictness.Way.TIGHTER: frozenset({"looser"}),
    strictness.Way.LOOSER: frozenset({"tighter"}),
    strictness.Way.DIFFERENT: frozenset(),
}


def _smaller(sides: Sequence[_Side], case: Case) -> Case:
    """A case made smaller, of which all say the same."""

    def said(given: Given) -> list[Said | None]:
        return [side.said(attrs.evolve(case, given=given)) for side in sides]

    all_said = said(case.given)
    return attrs.evolve(case, given=fitting.smaller(case.given, lambda given: said(given) == all_said))


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
