"""A rulebook held against a roster on a day: the findings, what is due next, the counts, and the places left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import attrs

import peersupport
from peersupport.readers.editions import Editions
from peersupport.readers.judge import Judge, Sitting, judge_of
from peersupport.roster import Roster
from peersupport.rules import findings
from peersupport.rules.facts import Record
from peersupport.rules.findings import Finding, Reason, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.versions import Versions

Progress = Callable[[int, int], None]
"""Told after each record how many of how many were judged."""


@attrs.frozen
class Receipt:
    """What an audit was made from: enough to make it again and find the same."""

    rulebook: str
    version: str
    digest: str
    roster: str
    package: str
    on: dt.date
    since: dt.date | None
    readings: tuple[str, ...]


@attrs.frozen
class Load:
    """What a limit at any time counts on the day of the audit: how many, and how many more would be in bounds.

    `surely` and `possibly` differ where an interval's end is not recorded; `places` counts with the latter.
    """

    rule: str
    subject: tuple[str, str]
    surely: int
    possibly: int
    at_most: int
    places: int


@attrs.frozen(eq=False)
class Audit:
    """The findings of a rulebook held against a roster on a day, in the order of the rules and of the tables.

    `judged` are the rules that were held against it. Of several versions the rulebook is that of the day, or else the
    last before it, with the rules that only others have. With `left_out` ids and dates of care are not in it.
    """

    rulebook: Rulebook
    findings: tuple[Finding, ...]
    receipt: Receipt
    judged: frozenset[str]
    loads: tuple[Load, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: bool = False

    def counts(self) -> dict[str, dict[Verdict, int]]:
        """How many findings of each rule have each verdict, for every rule that was judged, also one without any."""
        found: Counter[tuple[str, Verdict]] = Counter((f.rule, f.verdict) for f in self.findings)
        judged = [rule.id for rule in self.rulebook.judged if rule.id in self.judged]
        return {rule: {verdict: found[rule, verdict] for verdict in Verdict} for rule in judged}

    def queue(self, days: int = 14, *, responsible: str | None = None) -> tuple[Finding, ...]:
        """What to do next: overdue and still to do, then what falls due within some days; the critical first in both.

        What is overdue stands in the order of the days it is late, the rest in that of its due days. `responsible`
        is the id of the one whose work it is; the empty text is the program's own.
        """
        last = self.receipt.on + dt.timedelta(days=days)
        found = [f for f in self.findings if responsible is None or f.responsible == responsible]
        ahead = [f for f in found if f.reason is Reason.UPCOMING and _due(f) <= last]
        overdue = [f for f in found if f.reason in {Reason.OVERDUE, Reason.TOO_EARLY}]
        return (*sorted(overdue, key=_by_lateness), *sorted(ahead, key=_by_due))

    def unclear(self, *, responsible: str | None = None) -> tuple[Finding, ...]:
        """The critical findings that are unknown: what to find out first, because something may have to be done."""
        found = [f for f in self.findings if f.critical and f.verdict is Verdict.UNKNOWN]
        return tuple(f for f in found if responsible is None or f.responsible == responsible)

    def rows(self) -> Iterator[dict[str, object]]:
        """The findings table, row by row."""
        return map(findings.row, self.findings)

    def redacted(self) -> Audit:
        """The audit without ids and dates of care."""
        shown = tuple(map(findings.redacted, self.findings))
        return attrs.evolve(self, findings=shown, loads=(), notes=(), left_out=True)

    @property
    def clean(self) -> bool:
        """Whether no `must` is broken: every one is met, unknown, pending, does not apply, or is excepted."""
        return not any(finding.breaks for finding in self.findings)


def _due(finding: Finding) -> dt.date:
    due = finding.due or dt.date.max
    return due.date() if isinstance(due, dt.datetime) else due


def _by_lateness(finding: Finding) -> tuple[bool, int, str, tuple[str, str]]:
    return not finding.critical, -(finding.days_late or 0), finding.rule, finding.subject


def _by_due(finding: Finding) -> tuple[bool, dt.date, str, tuple[str, str]]:
    return not finding.critical, _due(finding), finding.rule, finding.subject


def audit(  # noqa: PLR0913  one for each choice
    rulebook: Rulebook | Versions,
    roster: Roster,
    *,
    on: dt.date,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
    rules: Iterable[str] = (),
    redact: bool = False,
    brief: bool = False,
    progress: Progress | None = None,
) -> Audit:
    """Hold every rule of a rulebook, or only some `rules`, against every record of a roster as it stood on a day.

    Of the versions of a rulebook each record, occurrence and window is judged by the one of its day.
    `since` is the first day whose missed occurrences are told (default: the beginning of the roster); `readings` are
    the chosen readings by name. With `redact` the findings have no ids and no dates of care. With `brief` they say
    nothing of other readings, nor when a criterion will change by itself: finding that out takes a third of the time.
    Raises `InputError` for a rule or a reading that is not there.
    """
    if since is not None and since > on:
        raise InputError([Problem("since", f"{since} lies after the day of the audit, {on}", "choose an earlier day")])
    names = frozenset(readings)
    bench = _of_versions(rulebook, names, on) if isinstance(rulebook, Versions) else _of_one(rulebook, names)
    chosen = chosen_rules(bench.shown, tuple(rules))
    bench.prepare([rule.id for rule in chosen], brief)
    judge = bench.judge
    work = [(rule, kind, record) for rule in chosen for kind, record in _judged(rule, roster)]
    records = {id(each): (kind, each) for _, kind, each in work}
    later = {at: (kind, r.id) for at, (kind, r) in records.items() if not judge.seen(r, on, roster.tables)}
    seen = [(rule, record) for rule, _, record in work if id(record) not in later]
    found: list[Finding] = []
    sitting = Sitting(roster.tables, on, since, brief)
    for done, (rule, record) in enumerate(seen, 1):
        found += bench.sit(sitting, rule, record)
        if progress:
            progress(done, len(seen))
    warnings = dict.fromkeys(warning for finding in found for warning in finding.warnings)
    loads = tuple(_loads(judge, [rule for rule in chosen if rule.id in bench.counts], roster, on))
    notes = (*roster.notes, *bench.notes, *_not_given(found), *_unseen([*later.values()], on), *warnings)
    receipt = _receipt(rulebook, roster, on, since, names)
    judged = frozenset(rule.id for rule in chosen)
    made = Audit(bench.shown, tuple(found), receipt, judged, loads, notes)
    return made.redacted() if redact else made


@attrs.frozen(eq=False)
class _Bench:
    """Who judges: a rulebook, or its versions. `counts` are the rules that tell of the day itself."""

    shown: Rulebook
    judge: Judge
    prepare: Callable[[list[str], bool], None]
    sit: Callable[[Sitting, Rule, Record], list[Finding]]
    counts: frozenset[str]
    notes: tuple[str, ...] = ()


def _of_one(rulebook: Rulebook, readings: frozenset[str]) -> _Bench:
    judge = judge_of(rulebook, readings)
    return _Bench(
        rulebook,
        judge,
        lambda names, alone: judge.prepare(names, alone=alone),
        lambda sitting, rule, record: judge.sit(sitting, rule, record, explain=False),
        frozenset(rulebook.rules),
    )


def _of_versions(versions: Versions, readings: frozenset[str], on: dt.date) -> _Bench:
    several = Editions(versions, readings)
    book, judge = several.shown(on)
    return _Bench(
        book,
        judge,
        lambda names, alone: several.prepare(names, alone=alone),
        lambda sitting, rule, record: several.sit(sitting, rule.id, record, explain=False),
        frozenset(judge.rulebook.rules) if versions.at(on) else frozenset(),
        versions.notes,
    )


def chosen_rules(rulebook: Rulebook, names: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of some names that have a verdict, or all of them; `InputError` for a name that is not there."""
    known = [rule.id for rule in rulebook.judged]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError([Problem(f"rulebook {rulebook.name}", f"no rule {n!r}", near(n, known)) for n in unknown])
    return tuple(rule for rule in rulebook.judged if not names or rule.id in names)


def _judged(rule: Rule, roster: Roster) -> Iterator[tuple[str, Record]]:
    for kind in rule.about:
        for record in roster.records(kind):
            yield kind, record


def _not_given(found: Iterable[Finding]) -> list[str]:
    """Each table that was missed, said once, with how much hangs on it."""
    missed = Counter(place for finding in found for place in finding.missing if not place.id)
    lacks = {place: f"{place} was not given" if not place.fact else str(place) for place in missed}
    return [f"{lacks[place]}: unknown for want of it: {_findings(count)}" for place, count in missed.items()]


def _findings(count: int) -> str:
    return f"{count} finding{'s' * (count != 1)}"


def _unseen(later: Sequence[tuple[str, str]], on: dt.date) -> list[str]:
    """The records that were not judged because they are dated after the day."""
    if not later:
        return []
    shown = ", ".join(f"{kind} {id_}" for kind, id_ in later[:3]) + ", ..." * (len(later) > 3)
    return [f"not judged, because dated after {on}: {len(later)} record{'s' * (len(later) != 1)} ({shown})"]


def _loads(judge: Judge, rules: Iterable[Rule], roster: Roster, on: dt.date) -> Iterator[Load]:
    for rule in rules:
        for kind, record in _judged(rule, roster):
            found = judge.levels(rule, record, on=on, since=on, through=on, tables=roster.tables)
            if found:
                (now,), most = found
                yield Load(rule.id, (kind, record.id), now.surely, now.possibly, most, max(0, most - now.possibly))


def _receipt(
    rulebook: Rulebook | Versions, roster: Roster, on: dt.date, since: dt.date | None, readings: frozenset[str]
) -> Receipt:
    return Receipt(
        rulebook.name,
        rulebook.edition if isinstance(rulebook, Versions) else rulebook.version,
        rulebook.digest,
        roster.digest,
        peersupport.__version__,
        on,
        since,
        tuple(sorted(readings)),
    )
