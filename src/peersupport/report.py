"""What the command line prints: an audit, what to do next first; timelines, courses, caseloads, outcomes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from peersupport.auditing import Audit
from peersupport.caseload import Caseload, Places
from peersupport.outcomes import Attested, Trend
from peersupport.plans import Obligation
from peersupport.readers import english
from peersupport.referrals import Answer
from peersupport.rules.findings import Finding, Reason, Verdict
from peersupport.schedule import Course, Entry

WIDTH = 160
"""The width of a report that does not go to a terminal."""


def show(
    audit: Audit,
    console: Console,
    *,
    days: int,
    queue: bool = True,
    whole: bool = True,
    alone: bool = False,
) -> None:
    """Print an audit. With `whole` the counts and all that stands around them, else its findings one by one.

    Without `queue` what is overdue and due next is left out, because the findings are only some of them. With `alone`
    there is nothing but the queue.
    """
    receipt = audit.receipt
    _line(console, f"{audit.rulebook.title}  ({receipt.rulebook}, version {receipt.version})")
    _line(console, f"as it stood on {receipt.on}" + (f", missed since {receipt.since}" if receipt.since else ""))
    if receipt.readings:
        _line(console, f"readings: {', '.join(receipt.readings)}")
    if queue:
        _queue(audit, console, days)
    if queue and alone:
        return
    if not whole:
        _findings(audit.findings, console)
        _loads(audit, console)
        return
    _counts(audit, console)
    _loads(audit, console)
    _bounds(audit, console)
    _around(audit, console)


def _line(console: Console, text: str = "") -> None:
    console.print(text, markup=False, soft_wrap=True)


def _head(console: Console, text: str) -> None:
    _line(console)
    console.print(text, style="bold", markup=False, soft_wrap=True)


def _table(console: Console, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; a column whose name ends in a colon is of numbers."""
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name.removesuffix(":"), justify="right" if name.endswith(":") else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table, markup=False)


# what to do next


def _queue(audit: Audit, console: Console, days: int) -> None:
    queue = audit.queue(days)
    overdue = [finding for finding in queue if finding.reason is not Reason.UPCOMING]
    ahead = [finding for finding in queue if finding.reason is Reason.UPCOMING]
    if audit.left_out:
        _head(console, f"Overdue: {len(overdue)} (ids, days and what falls due next are left out, caseloads too)")
        _table(console, ["rule", "overdue:"], Counter(finding.rule for finding in overdue).items())
        if audit.unclear():
            _line(console, f"Critical and not known: {len(audit.unclear())}")
        return
    _head(console, f"Overdue: {len(overdue)}")
    if overdue:
        _table(console, ["days:", "due", "responsible", "record", "person", "rule", "what"], map(_overdue, overdue))
    _unclear(audit, console)
    _head(console, f"Due in the next {days} days: {len(ahead)}")
    if ahead:
        _table(console, ["due", "responsible", "record", "person", "rule", "what"], map(_ahead, ahead))


def _unclear(audit: Audit, console: Console) -> None:
    """What is critical and not known: somebody has to find out whether anything is to be done."""
    unclear = audit.unclear()
    if not unclear:
        return
    _head(console, f"Critical and not known: {len(unclear)}")
    rows = [(_responsible(f), _subject(f), f.person, f.rule, "; ".join(map(str, f.missing))) for f in unclear]
    _table(console, ["responsible", "record", "person", "rule", "missing"], rows)


def _moment(moment: dt.date | None) -> str:
    """A day, or an instant to the minute on its own clock."""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, dt.datetime) else str(moment or "")


def _overdue(finding: Finding) -> tuple[object, ...]:
    return "?" if finding.days_late is None else finding.days_late, *_ahead(finding)


def _ahead(finding: Finding) -> tuple[object, ...]:
    due = _moment(finding.due) or "not recorded"
    says = f"Critical. {finding.says}" if finding.critical else finding.says
    return due, _responsible(finding), _subject(finding), finding.person, finding.rule, says


def _responsible(finding: Finding) -> str:
    return "not recorded" if finding.responsible is None else finding.responsible or "program"


def _subject(finding: Finding) -> str:
    kind, id_ = finding.subject
    return f"{kind.replace('_', ' ')} {id_}".strip()


# the counts


def _counts(audit: Audit, console: Console) -> None:
    _head(console, "Rules")
    columns = ["rule", "force", "met:", "not met:", "unknown:", "pending:", "does not apply:"]
    order = (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE)
    counts = audit.counts()
    rows = [
        (rule.id, rule.force.replace("_", " "), *(counts[rule.id][verdict] for verdict in order))
        for rule in audit.rulebook.judged
        if rule.id in counts
    ]
    _table(console, columns, rows)
    _line(console, "One finding for each record, and for each occurrence of a rule that repeats.")
    _broken(audit, console)
    _unknown(audit, console)


def _broken(audit: Audit, console: Console) -> None:
    """How much is not met that must be, and how to see it all."""
    broken = [finding for finding in audit.findings if finding.breaks]
    people = {finding.person for finding in broken} - {""}
    if broken:
        who = f", about {len(people)} {'person' if len(people) == 1 else 'people'}" if people else ""
        _line(console, f"Not met that must be: {len(broken)}{who}. List them with --verdict not_met.")


def _unknown(audit: Audit, console: Console) -> None:
    """Which facts are missing most: what to record first."""
    unknown = [finding for finding in audit.findings if finding.verdict is Verdict.UNKNOWN]
    if not unknown:
        return
    _head(console, f"Unknown: {len(unknown)}, for want of")
    wanted = Counter((p.kind, p.fact * bool(p.id)) for finding in unknown for p in set(finding.missing))
    rows = [(kind.replace("_", " "), fact or "the record or table", n) for (kind, fact), n in wanted.most_common(8)]
    _table(console, ["record", "fact", "findings:"], rows)
    _line(console, "An empty end is not recorded; write none where it is known that nothing has ended.")


def _loads(audit: Audit, console: Console) -> None:
    if not audit.loads:
        return
    _head(console, f"Caseloads on {audit.receipt.on}")
    columns = ["record", "rule", "now:", "at most:", "places left:"]
    rows = [
        (
            f"{load.subject[0].replace('_', ' ')} {load.subject[1]}",
            load.rule,
            load.surely if load.surely == load.possibly else f"{load.surely} to {load.possibly}",
            load.at_most,
            load.places,
        )
        for load in audit.loads
    ]
    _table(console, columns, rows)


def _bounds(audit: Audit, console: Console) -> None:
    """Limits that were not kept: stretches over a caseload, and records such as group sessions out of bounds."""
    limits = {rule.id for rule in audit.rulebook if rule.form == "limit"}
    out = [finding for finding in audit.findings if finding.rule in limits and finding.verdict is Verdict.NOT_MET]
    if not out:
        return
    _head(console, f"Out of bounds: {len(out)}")
    _table(console, ["record", "rule", "what"], [(_subject(f), f.rule, english.message(f)) for f in out])


def _findings(found: Sequence[Finding], console: Console) -> None:
    _head(console, f"Findings: {len(found)}")
    columns = ["verdict", "record", "person", "responsible", "rule", "what", "missing"]
    rows = [
        (f.verdict, _subject(f), f.person, _responsible(f), f.rule, english.message(f), "; ".join(map(str, f.missing)))
        for f in found
    ]
    _table(console, columns, rows)


def _around(audit: Audit, console: Console) -> None:
    book = audit.rulebook
    if audit.notes:
        _head(console, "About the input")
        for note in audit.notes:
            _line(console, f"- {note}")
    whole = len(audit.judged) == len(book.judged)
    if book.recorded and whole:
        _head(console, "Recorded, with nothing to judge")
        for rows, kept in book.recorded.items():
            _line(console, f"- {rows}: {', '.join(kept.facts)}. {kept.says}".rstrip())
    if book.not_modeled and whole:
        _head(console, "Not modeled")
        for rows, reason in book.not_modeled.items():
            _line(console, f"- {rows}: {reason}")
    if book.gaps and whole:
        _head(console, "Left open by the sources")
        for gap, text in book.gaps.items():
            _line(console, f"- {gap}: {text}")
    readings = frozenset(audit.receipt.readings)
    judged = [rule for rule in book.judged if rule.id in audit.judged]
    assumed = {rule.id: text for rule in judged if (text := rule.assumption(readings))}
    if assumed:
        _head(console, "Assumed")
        for rule, text in assumed.items():
            _line(console, f"- {rule}: {text}")
    _receipt(audit, console)


def _receipt(audit: Audit, console: Console) -> None:
    receipt = audit.receipt
    _line(console)
    _line(
        console,
        f"rulebook {receipt.rulebook} {receipt.digest[:16]}, roster {receipt.roster[:16]}, "
        f"peersupport {receipt.package}",
    )


# one person


def timeline(owed: Sequence[Obligation], console: Console, person: str, on: str) -> None:
    """Print what is owed for a person, past and coming, in the order of the days."""
    _head(console, f"{person}: {len(owed)} obligations as they stood on {on}")
    columns = ["due", "status", "done", "late:", "responsible", "record", "rule", "no.:", "what"]
    _table(console, columns, map(_owed, owed))
    if any(each.in_care or each.perhaps_in_care for each in owed):
        _line(console, "[in care]: the person is in a hospital or in crisis care on the due day.")
        _line(console, "[perhaps in care]: whether that is so on the due day is not recorded.")


def _owed(each: Obligation) -> tuple[object, ...]:
    kind, id_ = each.subject
    care = "[in care]" if each.in_care else "[perhaps in care]" if each.perhaps_in_care else ""
    notes = [each.says, care] if care else [each.says]
    notes += [f"Reading: {', '.join(each.reading)}."] * bool(each.reading)
    notes += [f"Missing: {'; '.join(each.missing)}."] * bool(each.missing)
    who = "not recorded" if each.responsible is None else each.responsible or "program"
    record = f"{kind.replace('_', ' ')} {id_}"
    late = each.days_late or None
    return (
        _moment(each.due),
        each.status,
        _moment(each.done_on),
        late,
        who,
        record,
        each.rule,
        each.occurrence,
        " ".join(notes),
    )


# a referral

_OUTCOMES: Final = {
    "place": "may come in, and there is a place",
    "no_place_now": "may come in; there is no place now",
    "criteria_not_met": "may not come in by these criteria",
    "unknown": "not known yet",
}


def answer(found: Answer, console: Console) -> None:
    """Print what can be said of a referral: the answer and its parts, until when, what to ask and what is owed."""
    _head(console, f"referral {found.eligible.subject[1]} on {found.eligible.on}: {_OUTCOMES[found.outcome]}")
    for part in found.parts:
        other = [f"{verdict} if {name}" for name, verdict in part.alternatives.items() if verdict is not part.verdict]
        _line(console, f"- {part.verdict}: {part.says} ({part.rule}{'; ' + ', '.join(other) if other else ''})")
    if found.index_episode:
        since = "care goes on" if found.days_since is None else f"{found.days_since} days since it ended"
        _line(console, f"Care episode: {found.index_episode}, {since}.")
    if found.last_eligible_day:
        _line(console, f"Last day for a referral: {found.last_eligible_day}.")
    if found.question:
        _line(console, f"Ask: {found.question}")
    for owed in found.owed:
        due = f" Due {_moment(owed.due)}." if owed.due else ""
        _line(console, f"To do: {owed.says}{due} ({owed.rule})")


# a course


def course(found: Course, console: Console, title: str, start: dt.date) -> None:
    """Print a course, week by week: what each day or week of it asks."""
    _head(console, f"{title}: a course from {start}")
    rows = [(_week(each, start), _when(each), each.rule, str(each), "; ".join(each.missing)) for each in found.entries]
    _table(console, ["week:", "when", "rule", "what", "missing"], rows)
    if found.undated:
        _head(console, "Without a day")
        for each in found.undated:
            hangs = f" Not recorded: {'; '.join(each.missing)}." if each.missing else ""
            _line(console, f"- {each.rule}: {each.says}{hangs}")
    for warning in found.warnings:
        _line(console, f"Note: {warning}.")


def _week(entry: Entry, start: dt.date) -> int | None:
    """The week of the course in which an entry lies, counted from its start."""
    return (entry.start - start).days // 7 + 1 if entry.start >= start else None


def _when(entry: Entry) -> str:
    if entry.at and entry.until:
        return f"{entry.at:%a %Y-%m-%d %H:%M} to {entry.until:%H:%M}"
    if entry.start == entry.through:
        return f"{entry.start:%a} {entry.start}"
    return f"{entry.start:%a} {entry.start} to {entry.through:%a} {entry.through}"


# caseloads


def places(found: Sequence[Places], console: Console, on: str) -> None:
    """Print how many more each peer provider can take, and when there will be more places."""
    _head(console, f"Places on {on}")
    rows = [
        (each.peer_provider, _between(each.surely, each.possibly), each.at_most, each.places, _next(each))
        for each in found
    ]
    _table(console, ["peer provider", "now:", "at most:", "places:", "next"], rows)


def _next(each: Places) -> str:
    if each.next_on:
        return f"{each.next_places} from {each.next_on}"
    return "no end recorded" if each.possibly else ""


def _between(surely: int, possibly: int) -> str:
    return str(surely) if surely == possibly else f"{surely} to {possibly}"


def caseload(found: Caseload, console: Console) -> None:
    """Print a caseload over time: each stretch of days with its count, then the days over and the peak."""
    _head(console, f"{found.subject[1]}, {found.rule}: at most {found.at_most}")
    rows = [
        (each.start, each.until, _between(each.surely, each.possibly), max(0, each.surely - found.at_most) or None)
        for each in found.levels
    ]
    _table(console, ["from", "until before", "count:", "over:"], rows)
    peak = found.peak
    _line(console, f"Days over: {len(found.over)}, perhaps over: {len(found.perhaps_over)}. Places: {found.places}.")
    _line(console, f"Peak: {_between(peak.surely, peak.possibly)}, first from {peak.start}.")
    if found.readings:
        _line(console, f"Readings: {', '.join(found.readings)}.")
    if found.assumes:
        _line(console, f"Assumed: {found.assumes}")


# outcomes


def outcomes(attested: Sequence[Attested], trend: Trend, console: Console) -> None:
    """Print what is attested of the outcomes, and the contacts with crisis services along the service."""
    _head(console, "Attested in the latest review of each admission")
    rows = [(each.outcome, each.yes, each.no, each.not_recorded, each.not_reviewed) for each in attested]
    _table(console, ["outcome", "yes:", "no:", "not recorded:", "not reviewed:"], rows)
    _head(console, "Contacts with crisis services, by days since admission")
    days = [(f"{each.first_day} to {each.last_day}", each.observed, each.contacts) for each in trend.stretches]
    _table(console, ["days", "services observed:", "contacts:"], days)
    _line(console, f"Contacts in no whole stretch of a service: {trend.elsewhere}. Undated: {trend.undated}.")
    left_out = "their days are not recorded, or lie before the contacts are complete"
    _line(console, f"Services left out, because {left_out}: {trend.left_out}.")
    _line(console, trend.caution)
