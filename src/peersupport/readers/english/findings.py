"""Findings as sentences: about the program's work, never about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from peersupport.readers.english.phrases import clause, listed, words
from peersupport.rules.findings import Finding, Judged, Place, Reason, Verdict


def message(finding: Finding) -> str:
    """One sentence on what was found: about the program's work, never about a person."""
    due, done = finding.due, finding.done_on
    if finding.reason in _UNDATED and due is None:
        return _UNDATED[finding.reason]
    match finding.reason:
        case Reason.IN_TIME:
            return f"Done{f' on {_on(done)}' if done else ''}, in time{f' (due {_on(due)})' if due else ''}."
        case Reason.LATE:
            return f"Done on {_on(done)}, {_count(finding.days_late)} after it was due on {_on(due)}."
        case Reason.OVERDUE:
            return f"Not done yet; it was due on {_on(due)}, {_count(finding.days_late)} ago."
        case Reason.NEVER_DONE:
            return f"Not done; it was due on {_on(due)}, {_count(finding.days_late)} before its time ended."
        case Reason.UPCOMING:
            return f"Not done yet; it is due on {_on(due)}."
        case Reason.OUT_OF_BOUNDS:
            return _bounds(finding)
        case Reason.DOES_NOT_HOLD if finding.clauses:
            return _failing(finding.clauses)
        case _:
            return _SENTENCES[finding.reason]


def _failing(clauses: Sequence[Judged]) -> str:
    """Which clauses do not hold, of how many, and for which related records."""
    failing = [each for each in clauses if each.verdict is Verdict.NOT_MET]
    names = "; ".join(map(_failed, failing))
    return f"It does not hold: {names}." if len(clauses) == 1 else f"{_held(clauses)}; not: {names}."


def _failed(each: Judged) -> str:
    if each.parts:
        return f"{each.name} ({_held(each.parts)})"
    return (each.name or clause(each.term)) + _records(each.failing)


def _held(clauses: Sequence[Judged]) -> str:
    """How many of some clauses hold, and of how many that is not known."""
    unknown = sum(each.verdict not in {Verdict.MET, Verdict.NOT_MET} for each in clauses)
    held = sum(each.verdict is Verdict.MET for each in clauses)
    return f"{held} of {len(clauses)} hold" + (f", {unknown} not known" if unknown else "")


def _records(failing: Sequence[tuple[str, str]]) -> str:
    return f" ({', '.join(f'{words(kind)} {id_}' for kind, id_ in failing)})" if failing else ""


_SENTENCES: dict[Reason, str] = {
    Reason.HOLDS: "It holds.",
    Reason.DOES_NOT_HOLD: "It does not hold.",
    Reason.TOO_EARLY: "Done only before the first day on which it counts.",
    Reason.NOT_YET: "It hangs on something that has not happened yet.",
    Reason.NOT_RECORDED: "Facts that would decide it are not recorded.",
    Reason.JUDGEMENT: "A person's judgement that would decide it is not recorded.",
    Reason.NO_TABLE: "A table that it needs was not given.",
    Reason.CHOOSE_READING: "The source can be read in several ways, and none was chosen.",
    Reason.DOES_NOT_APPLY: "It does not apply.",
    Reason.ENDED: "Nothing is owed: its time ended by the day it fell due.",
    Reason.NOTHING_DUE: "There is no due day: what it is counted from is known to be absent.",
    Reason.NOT_IN_FORCE: "The rule was not in force then.",
}


_UNDATED: dict[Reason, str] = {
    Reason.LATE: "Done late.",
    Reason.OVERDUE: "Not done yet; it is overdue.",
    Reason.NEVER_DONE: "Not done, and its time has ended.",
    Reason.UPCOMING: "Not done yet; it is not due yet.",
}
"""What is said where the days are left out, or a due day is not recorded exactly."""


def _on(moment: object) -> str:
    if isinstance(moment, dt.datetime):
        return moment.isoformat(sep=" ", timespec="minutes")
    return str(moment)


def _count(days: int | None) -> str:
    return "some days" if days is None else f"{days} day{'' if days == 1 else 's'}"


def _bounds(finding: Finding) -> str:
    low, high, count = finding.at_least, finding.at_most, finding.measured
    bounds = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
    span = f" on {_count(finding.days)} from {finding.occurrence}" if finding.days else ""
    return f"Counted {count}{span}; the limit is {bounds}."


_SIGNS = {
    Verdict.MET: "+",
    Verdict.NOT_MET: "-",
    Verdict.UNKNOWN: "?",
    Verdict.PENDING: "~",
    Verdict.NOT_APPLICABLE: " ",
}


def explain(finding: Finding) -> str:
    """A finding in full: the verdict, why, clause by clause, what is missing, and what other readings give."""
    return "\n".join(_explained(finding))


def _explained(finding: Finding) -> Iterator[str]:
    kind, id_ = finding.subject
    yield f"{str(finding.verdict).upper()}: {finding.rule} of {words(kind)} {id_} on {finding.on}"
    yield f"  {finding.says}"
    yield f"  {message(finding)}"
    for each in finding.clauses:
        yield f"  [{_SIGNS[each.verdict]}] {_judged(each)}"
        yield from (f"      [{_SIGNS[part.verdict]}] {_judged(part)}" for part in each.parts)
    if finding.not_before and finding.actionable:
        yield f"  It counts from {_on(finding.not_before)} on."
    if finding.missing:
        yield f"  Missing: {'; '.join(map(_place, finding.missing))}."
    if finding.settles:
        sets = " / ".join(" and ".join(map(_place, group)) for group in finding.settles)
        yield f"  Ask first: {sets}{'' if finding.exact else ' (there may be others)'}."
    if finding.exception is not False:
        yield f"  Exception: {'recorded' if finding.exception else 'not known whether there is one'}."
    yield from (f"  Note: {warning}." for warning in finding.warnings)
    if finding.reading:
        yield f"  Reading: {', '.join(finding.reading)}."
    yield from (f"  Under “{name}”: {verdict}." for name, verdict in finding.alternatives.items())
    if finding.changes_on:
        yield f"  This changes by itself on {finding.changes_on}."
    yield f"  Source: {'; '.join(map(str, finding.source))}. Rulebook {finding.rulebook}."


def _judged(each: Judged) -> str:
    if each.parts:
        return f"{each.name}: {_held(each.parts)}"
    text = f"{each.name}: {clause(each.term)}" if each.name else clause(each.term)
    text += (
        f" (not for {listed([f'{words(kind)} {id_}' for kind, id_ in each.failing], 'and')})" if each.failing else ""
    )
    return text + (f" (missing: {'; '.join(map(_place, each.missing))})" if each.missing else "")


def _place(place: Place) -> str:
    return str(place)
