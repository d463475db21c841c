"""What changing from one rulebook to another does to the people in a roster: two audits on one day, and what differs.

Each rule is held against each record by both rulebooks. Of a rule that repeats the open occurrence is compared, and
how many past ones were missed; of a limit at any time its worst stretch of days.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

import attrs

from peersupport.auditing import Receipt, audit
from peersupport.comparing import editions
from peersupport.comparing.pairing import matched
from peersupport.comparing.values import Edition
from peersupport.readers.judge.occurrences import current
from peersupport.roster import Roster
from peersupport.rules.findings import Finding, Reason, Verdict
from peersupport.rules.forms import Force, Rule
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook

ADMITTING: Final = frozenset({"admission", "enrollment", "referral", "stay_review"})
"""The kinds that say whether a person comes in or stays. Criteria about one of them whose id begins with its name, as
`admission.symptoms` and `stay.benefit`, are those of admission."""


class Effect(enum.StrEnum):
    """What a change does to a record under a rule."""

    LATE = "late"
    """A deadline is not met now and was not broken before: overdue, done late or never done."""
    NOT_LATE = "no_longer_late"
    OUT_OF_BOUNDS = "out_of_bounds"
    """A limit is broken now: over what is allowed, or under what is asked."""
    IN_BOUNDS = "no_longer_out_of_bounds"
    NOT_ADMITTED = "no_longer_admitted"
    """A criterion of admission is not met now, and before none stood against the record."""
    ADMITTED = "newly_admitted"
    """A criterion of admission stood against the record, and now all are met or do not apply."""
    FAILS = "no_longer_meets"
    """Any other criterion that is not met now."""
    HOLDS = "no_longer_fails"
    UNKNOWN = "newly_unknown"
    """It cannot be told now for want of facts."""
    KNOWN = "no_longer_unknown"
    DUE_SOONER = "due_sooner"
    """Not done yet and not late, as before, and due on an earlier day."""
    DUE_LATER = "due_later"
    MISSED_MORE = "missed_more_often"
    """As before now, and more occurrences in the past are not met."""
    MISSED_LESS = "missed_less_often"
    OTHER = "otherwise"
    """The verdict is another one, and none of the above: as what is owed newly, and does not fall due yet."""

    def __str__(self) -> str:
        return self.value.replace("_", " ")


_WORSE: Final[Mapping[str, Effect]] = {
    "deadline": Effect.LATE,
    "limit": Effect.OUT_OF_BOUNDS,
    "criterion": Effect.FAILS,
}
_BETTER: Final[Mapping[str, Effect]] = {
    "deadline": Effect.NOT_LATE,
    "limit": Effect.IN_BOUNDS,
    "criterion": Effect.HOLDS,
}


@attrs.frozen(kw_only=True)
class Standing:
    """How a record stands under a rule of one rulebook: what its finding says that speaks for all occurrences.

    `missed` is how many occurrences are not met.
    """

    verdict: Verdict
    reason: Reason
    excepted: bool
    due: dt.date | None = None
    days_late: int | None = None
    measured: int | Decimal | None = None
    missed: int = 0

    @property
    def overdue(self) -> bool:
        """Whether it is late and can still be done."""
        return self.reason in {Reason.OVERDUE, Reason.TOO_EARLY}


@attrs.frozen(kw_only=True)
class Affected:
    """One record that stands otherwise under a rule than before.

    `rule` is the id in the second rulebook, or in the first where the second has dropped it: then there is no `after`,
    and without `before` the rule is new. `person` is whom the record is about, where a path leads to somebody.
    """

    effect: Effect
    rule: str
    subject: tuple[str, str]
    person: str
    says: str
    before: Standing | None
    after: Standing | None


@attrs.frozen(kw_only=True)
class Impact:
    """What changing rulebooks does to the records of a roster on a day, in the order of the rules and the tables.

    With `left_out` there are no ids and no dates of care in it.
    """

    before: Edition
    after: Edition
    receipts: tuple[Receipt, Receipt]
    affected: tuple[Affected, ...]
    notes: tuple[str, ...] = ()
    left_out: bool = False

    @property
    def on(self) -> dt.date:
        """The day of both audits."""
        return self.receipts[0].on

    def of(self, *effects: Effect) -> tuple[Affected, ...]:
        """Those on whom a change has some effects."""
        return tuple(each for each in self.affected if each.effect in effects)

    def counts(self) -> dict[Effect, dict[str, int]]:
        """How many records each effect has, by rule; effects that nobody has are left out."""
        found = Counter((each.effect, each.rule) for each in self.affected)
        by_effect = {effect: {rule: n for (e, rule), n in found.items() if e is effect} for effect in Effect}
        return {effect: rules for effect, rules in by_effect.items() if rules}

    def people(self) -> dict[str, tuple[Affected, ...]]:
        """What changes for each person, by id in the order of the roster; what is about nobody is not in it."""
        found: dict[str, list[Affected]] = {}
        for each in self.affected:
            if each.person:
                found.setdefault(each.person, []).append(each)
        return {person: tuple(some) for person, some in found.items()}

    def redacted(self) -> Impact:
        """The impact without ids and dates of care."""
        shown = tuple(
            attrs.evolve(e, subject=(e.subject[0], ""), person="", before=_bare(e.before), after=_bare(e.after))
            for e in self.affected
        )
        return attrs.evolve(self, affected=shown, notes=(), left_out=True)


def _bare(standing: Standing | None) -> Standing | None:
    return standing and attrs.evolve(standing, due=None, days_late=None, missed=0)


def impact(
    roster: Roster,
    before: Rulebook,
    after: Rulebook,
    *,
    on: dt.date,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
    pairs: Mapping[str, str] | None = None,
    redact: bool = False,
) -> Impact:
    """What changing from one rulebook to another does to the records of a roster, as it stood on a day.

    `since` is the first day whose missed occurrences count. `readings` are chosen in each rulebook that has them.
    `pairs` matches rules by hand, as in `compare`. With `redact` there are no ids and no dates of care in it.
    Raises `InputError` for a rule or a reading that is not there.
    """
    rules = matched(before, after, pairs or {})
    chosen = _chosen((before, after), frozenset(readings))
    audits = [
        audit(book, roster, on=on, since=since, readings=names, brief=True)
        for book, names in zip((before, after), chosen, strict=True)
    ]
    found = _Changed(before, after, rules, *(_by_record(each.findings) for each in audits))
    first, second = editions(before, after)
    made = Impact(
        before=first,
        after=second,
        receipts=(audits[0].receipt, audits[1].receipt),
        affected=tuple(found.affected()),
        notes=tuple(dict.fromkeys(note for each in audits for note in each.notes)),
    )
    return made.redacted() if redact else made


def _chosen(books: Iterable[Rulebook], readings: frozenset[str]) -> list[frozenset[str]]:
    """The readings of each rulebook among those that are chosen."""
    own = [frozenset(book.readings) for book in books]
    known = frozenset[str]().union(*own)
    wrong = sorted(readings - known)
    if wrong:
        raise InputError([Problem("readings", f"neither has a reading {n!r}", near(n, known)) for n in wrong])
    return [readings & names for names in own]


_Found: TypeAlias = Mapping[tuple[str, str], list[Finding]]
_Records: TypeAlias = Mapping[str, _Found]
"""Findings by rule, then by record."""


def _by_record(findings: Iterable[Finding]) -> _Records:
    found: dict[str, dict[tuple[str, str], list[Finding]]] = {}
    for finding in findings:
        found.setdefault(finding.rule, {}).setdefault(finding.subject, []).append(finding)
    return found


class _Changed:
    """The findings of two audits, held against one another."""

    def __init__(
        self, before: Rulebook, after: Rulebook, rules: Mapping[str, str], old: _Records, new: _Records
    ) -> None:
        self.before, self.after, self.rules = before, after, rules
        self.old, self.new = old, new
        self.standing = _admission(before, old), _admission(after, new)

    def affected(self) -> Iterator[Affected]:
        """What stands otherwise, rule by rule and record by record."""
        for rule, old, new in self.rules_with_records():
            for subject in dict.fromkeys((*old, *new)):
                before, after = _standing(old.get(subject)), _standing(new.get(subject))
                effect = self.effect(rule, subject, before, after)
                if effect:
                    told = current(new.get(subject) or old[subject])
                    yield Affected(
                        effect=effect,
                        rule=rule.id,
                        subject=subject,
                        person=told.person,
                        says=told.says,
                        before=before,
                        after=after,
                    )

    def rules_with_records(self) -> Iterator[tuple[Rule, _Found, _Found]]:
        """The rules of the first rulebook, as the second has them, then those that are new, each with its findings."""
        for rule in self.before.judged:
            other = self.rules.get(rule.id, "")
            yield self.after[other] if other else rule, self.old.get(rule.id, {}), self.new.get(other, {})
        for rule in self.after.judged:
            if rule.id not in self.rules.values():
                yield rule, {}, self.new.get(rule.id, {})

    def effect(
        self, rule: Rule, subject: tuple[str, str], before: Standing | None, after: Standing | None
    ) -> Effect | None:
        """What the change does to a record under a rule; None where it does nothing."""
        was, now = before and before.verdict, after and after.verdict
        if before and after and was is now:
            return _still(before, after)
        if now is Verdict.UNKNOWN:
            return Effect.UNKNOWN
        if now is Verdict.NOT_MET:
            fresh = is_of_admission(rule, subject[0]) and subject not in self.standing[0].refused
            return Effect.NOT_ADMITTED if fresh and subject in self.standing[1].refused else _WORSE[rule.form]
        if was is Verdict.NOT_MET:
            closed = is_of_admission(rule, subject[0]) and subject in self.standing[0].refused
            free = closed and subject not in self.standing[1].refused | self.standing[1].open
            return Effect.ADMITTED if free else _BETTER[rule.form]
        if was is Verdict.UNKNOWN:
            return Effect.KNOWN
        return None if {was, now} <= _QUIET else Effect.OTHER


_QUIET: Final = frozenset({None, Verdict.MET, Verdict.NOT_APPLICABLE})
"""From one of these to another nothing changes for anybody."""


def _still(before: Standing, after: Standing) -> Effect | None:
    """What is otherwise where the verdict is as before."""
    if before.missed != after.missed:
        return Effect.MISSED_MORE if after.missed > before.missed else Effect.MISSED_LESS
    if before.excepted != after.excepted:
        return Effect.OTHER
    dues = _day(before), _day(after)
    if after.reason is not Reason.UPCOMING or dues[0] == dues[1] or None in dues:
        return None
    return Effect.DUE_SOONER if str(dues[1]) < str(dues[0]) else Effect.DUE_LATER


def _day(standing: Standing) -> dt.date | None:
    return standing.due.date() if isinstance(standing.due, dt.datetime) else standing.due


def _standing(found: list[Finding] | None) -> Standing | None:
    if not found:
        return None
    one = current(found)
    return Standing(
        verdict=one.verdict,
        reason=one.reason,
        excepted=one.exception is True,
        due=one.due,
        days_late=one.days_late,
        measured=one.measured,
        missed=sum(each.verdict is Verdict.NOT_MET for each in found),
    )


# who comes in


def is_of_admission(rule: Rule, kind: str) -> bool:
    """Whether a rule says of a record of a kind who comes in or stays."""
    names = {name for about in rule.about for name in (about, about.partition("_")[0])}
    return rule.form == "criterion" and kind in ADMITTING and rule.id.partition(".")[0] in names


@attrs.frozen
class _Admission:
    """Which records a criterion of admission is against that must hold, and of which one is not decided."""

    refused: frozenset[tuple[str, str]]
    open: frozenset[tuple[str, str]]


def _admission(rulebook: Rulebook, records: _Records) -> _Admission:
    rules = [rule for rule in rulebook.judged if rule.force is Force.MUST]
    asked = ((rule, subject, some) for rule in rules for subject, some in records.get(rule.id, {}).items())
    found = [(subject, current(some)) for rule, subject, some in asked if is_of_admission(rule, subject[0])]
    undecided = {Verdict.UNKNOWN, Verdict.PENDING}
    return _Admission(
        frozenset(subject for subject, finding in found if finding.breaks),
        frozenset(subject for subject, finding in found if finding.verdict in undecided),
    )
