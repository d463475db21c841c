"""Judged by the version of its day: each record, occurrence and window by the version that was in force then.

A record is judged by the version of its own day (`dated_by`), or else of the day of the judgement; an occurrence of a
deadline by that of its due day; a window of a limit by that of its last day, and a limit at any time or over a rolling
length day by day. Every version judges by its own definitions and rules alone, and each finding names it.

Where a due day moves between two versions, it may be that both claim an occurrence, or neither. Then it is the earlier
one's: a due day that was fixed once stays, and what was owed by then is not owed again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

import attrs

from peersupport.readers.judge import HasTables, Judge, Sitting, judge_of
from peersupport.readers.judge.context import Context
from peersupport.readers.judge.occurrences import current
from peersupport.rules.facts import Record, kind_of
from peersupport.rules.findings import Finding, Reason, Verdict
from peersupport.rules.forms import Form, InForce, Limit, Repeated, Rule
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Tables
from peersupport.rules.versions import ONE_DAY, Versions

_DAY_BY_DAY = {"at any time", "rolling"}
_IN_WINDOWS = {"calendar", "year from"}


@attrs.frozen(eq=False)
class _Edition:
    """A version with the days on which it is in force, and a judge who asks for no days."""

    book: Rulebook
    days: InForce
    judge: Judge

    @property
    def last(self) -> dt.date:
        """The last day on which it is in force."""
        return self.days.until - ONE_DAY if self.days.until else dt.date.max

    def form(self, rule: Rule, record: Record) -> Form:
        return self.book.body(rule, kind_of(type(record)).name, self.judge.readings).form


@attrs.frozen(eq=False)
class _Claim:
    """What a version says of an occurrence, and the day whose version is to say it."""

    edition: _Edition
    finding: Finding
    day: dt.date

    @property
    def holds(self) -> bool:
        return self.edition.days.covers(self.day)


class Editions:
    """The versions of a rulebook under some readings, as one judge: each reading is chosen where a version has it.

    Raises `InputError` for a reading that none has, and while two versions are in force on the same days.
    """

    def __init__(self, versions: Versions, readings: Iterable[str] = ()) -> None:
        self.versions = versions
        for days in versions.together:
            mend = "choose one of them for these days: versions.preferring('...')"
            raise InputError(
                [Problem(f"rulebook {versions.name}", f"two versions are in force from {days.start}", mend)]
            )
        chosen = frozenset(readings)
        known = {name for book in versions for name in book.readings}
        unknown = sorted(chosen - known)
        if unknown:
            place = f"rulebook {versions.name}"
            raise InputError([Problem(place, f"there is no reading {n!r}", near(n, known)) for n in unknown])
        bare = [(book, book.within(InForce())) for book in versions]
        self.editions = [
            _Edition(made, book.in_force, judge_of(made, chosen & {*made.readings})) for book, made in bare
        ]

    def prepare(self, rules: Iterable[str], *, alone: bool = False) -> None:
        """Compile some rules, so that one that cannot be judged is refused before any record."""
        names = [*rules]
        for each in self.editions:
            each.judge.prepare((name for name in names if name in each.book), alone=alone)

    def shown(self, on: dt.date) -> tuple[Rulebook, Judge]:
        """The version of a day, or else the last before it, with the rules that only others have; and its judge."""
        begun = [each for each in self.editions if each.days.start is None or each.days.start <= on]
        each = (begun or self.editions[:1])[-1]
        rules = {rule.id: rule for other in self.editions for rule in other.book}
        shown = attrs.evolve(
            self.versions[each.book.version],
            rules={**each.book.rules, **{id_: rule for id_, rule in rules.items() if id_ not in each.book}},
            vocabulary=self.versions.vocabulary,
        )
        return shown, each.judge

    def sit(self, sitting: Sitting, rule: str, record: Record, *, explain: bool = True) -> list[Finding]:
        """The findings of a rule for a record, each by the version of its day; one that says that none was in force."""
        kind = kind_of(type(record)).name
        having = [each for each in self.editions if rule in each.book and kind in each.book[rule].about]
        if not having:
            message = f"no version of {self.versions.name} has a rule {rule!r} about {kind}"
            raise KeyError(message)
        found = [*self._over_time(having, sitting, rule, record, explain=explain)]
        claims = [claim for each in having for claim in self._claims(each, sitting, rule, record, explain=explain)]
        found += self._chosen(claims, having)
        return found or [_not_in_force(self._any(having, sitting, rule, record))]

    # what is counted over time

    def _over_time(
        self, having: Iterable[_Edition], sitting: Sitting, rule: str, record: Record, *, explain: bool
    ) -> Iterator[Finding]:
        for each in having:
            form = each.form(each.book[rule], record)
            begins = each.days.start or dt.date.min
            if _over(form) and begins <= sitting.on and (sitting.since or begins) <= each.last:
                found = _told(each, form, sitting, each.book[rule], record, explain=explain)
                yield from (f for f in found if f.measured or f.verdict is not Verdict.MET or each.last >= sitting.on)

    # what has a day

    def _claims(
        self, each: _Edition, sitting: Sitting, rule: str, record: Record, *, explain: bool
    ) -> Iterator[_Claim]:
        form = each.form(each.book[rule], record)
        if _over(form):
            return
        ctx = Context(sitting.tables, sitting.on, sitting.on)
        for finding in each.judge.sit(sitting, each.book[rule], record, explain=explain):
            day = ctx.day(finding.due or _dated(record) or sitting.on)
            yield _Claim(each, finding, day)

    def _chosen(self, claims: Iterable[_Claim], having: Sequence[_Edition]) -> Iterator[Finding]:
        """The findings of the versions of their days; of each occurrence one."""
        by_key: dict[object, list[_Claim]] = {}
        for claim in claims:
            by_key.setdefault(_key(claim), []).append(claim)
        groups = [*by_key.values()]
        nobody = not any(claim.holds for some in groups for claim in some)
        for some in groups[:1] if nobody else groups:
            held = [claim for claim in some if claim.holds]
            moved = [claim for claim in some if any(each.days.covers(claim.day) for each in having)]
            owed = [claim for claim in held if claim.finding.due]
            several = len(some) > 1 or nobody
            yield from (claim.finding for claim in (owed or held or (moved if several else []))[:1])

    def _any(self, having: list[_Edition], sitting: Sitting, rule: str, record: Record) -> Finding:
        """What some version says, where none was in force."""
        each = having[-1]
        return current(each.judge.sit(sitting, each.book[rule], record, explain=False))


def _dated(record: Record) -> dt.date | None:
    kind = kind_of(type(record))
    value = getattr(record, kind.dated_by, None) if kind.dated_by else None
    return value if isinstance(value, dt.date) else None


def _key(claim: _Claim) -> object:
    """What tells occurrences apart: those of a grid have other days in each version, so their numbers are its own."""
    number = claim.finding.occurrence
    form = claim.edition.book.body(
        claim.edition.book[claim.finding.rule], claim.finding.subject[0], claim.edition.judge.readings
    ).form
    on_grid = isinstance(form, Repeated) and not form.rolling
    return (id(claim.edition), number) if on_grid else number


def _over(form: Form) -> TypeGuard[Limit]:
    """Whether something is counted over time."""
    return isinstance(form, Limit) and form.window.name in _DAY_BY_DAY | _IN_WINDOWS


def _told(each: _Edition, form: Limit, sitting: Sitting, rule: Rule, record: Record, *, explain: bool) -> list[Finding]:
    """What a version says of the days, or of the windows that end on days, on which it is in force."""
    on, since = min(sitting.on, each.last), sitting.since
    if form.window.name in _DAY_BY_DAY:
        since = max(filter(None, (since, each.days.start)), default=None)
    asked = Sitting(sitting.tables, on, since, sitting.brief)
    found = [attrs.evolve(f, on=sitting.on) for f in each.judge.sit(asked, rule, record, explain=explain)]
    if form.window.name in _DAY_BY_DAY:
        return found
    kept = [finding for finding in found if _ends_in(each, finding)]
    return kept or [_inside(found[-1])]


def _ends_in(each: _Edition, finding: Finding) -> bool:
    """Whether the last day of a window is one on which a version is in force; of all windows together it is."""
    start = finding.occurrence
    if not isinstance(start, dt.date) or finding.days is None:
        return True
    last = start + (finding.days - 1) * ONE_DAY
    running = last > finding.on and each.days.covers(finding.on)
    return running or each.days.covers(last)


def _inside(finding: Finding) -> Finding:
    """That all windows of a version are inside the bounds, where those that are not belong to another."""
    return attrs.evolve(
        finding,
        verdict=Verdict.MET,
        reason=Reason.HOLDS,
        occurrence=None,
        days=None,
        measured=None,
        missing=(),
        exact=True,
        alternatives={},
        changes_on=None,
    )


def _not_in_force(finding: Finding) -> Finding:
    """That no version with the rule was in force then."""
    return attrs.evolve(
        _inside(finding),
        verdict=Verdict.NOT_APPLICABLE,
        reason=Reason.NOT_IN_FORCE,
        due=None,
        done_on=None,
        not_before=None,
        days_late=None,
        clauses=(),
        exception=False,
    )


def judge_versions(
    versions: Versions,
    rule: str,
    record: Record,
    *,
    on: dt.date,
    tables: Tables | HasTables = EMPTY,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
) -> list[Finding]:
    """The findings of a rule for a record on a day, one for each occurrence, each by the version of its day.

    `tables` is the roster that the record stands in, read with `versions.vocabulary`, or its tables. Raises KeyError
    where no version has the rule for such a record, and `InputError` while two versions are in force on the same days.
    """
    given = tables if isinstance(tables, Tables) else tables.tables
    return Editions(versions, readings).sit(Sitting(given, on, since), rule, record)
