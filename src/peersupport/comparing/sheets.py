"""A comparison as a page to read, on a terminal or in Markdown, and as data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from peersupport.comparing.values import Change, Compared, Comparison, Edition, Flip, Status
from peersupport.readers.cases.writing import plain, toml
from peersupport.readers.english.phrases import words

_HEADS: Final[Mapping[Status, str]] = {
    Status.ADDED: "Added",
    Status.DROPPED: "Dropped",
    Status.TIGHTER: "Tighter",
    Status.LOOSER: "Looser",
    Status.DIFFERENT: "Different",
    Status.NOT_TOLD_APART: "Written otherwise, and no case found that tells them apart",
    Status.SAME: "Asks the same, and is written otherwise",
}
_HOW: Final = (
    "What is said of a rule rests on the cases that were tried: a case that was not tried may still flip. "
    "When rules are in force is told among the changes, and left out when cases are judged."
)


def as_text(comparison: Comparison) -> str:
    """The comparison for a terminal."""
    lines = [*_top(comparison, "A: ", "B: "), "", _HOW]
    for status, rules in _groups(comparison):
        lines += ["", f"{_HEADS[status]}: {len(rules)}"]
        lines += [f"  {line}" for rule in rules for line in ("", *_rule(comparison, rule))]
    if comparison.changes:
        lines += ["", f"Beside rules: {len(comparison.changes)}", *(f"  {change}" for change in comparison.changes)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def as_markdown(comparison: Comparison) -> str:
    """The comparison as a page of Markdown."""
    before, after = comparison.before, comparison.after
    lines = [f"# {before.label} and {after.label} compared", ""]
    lines += [f"- {line}" for line in _top(comparison, "A, before: ", "B, after: ")]
    lines += ["", _HOW]
    for status, rules in _groups(comparison):
        lines += ["", f"## {_HEADS[status]}"]
        for rule in rules:
            head, *rest = _rule(comparison, rule)
            lines += ["", f"### {head}", "", *(_listed(line) for line in rest)]
    if comparison.changes:
        lines += ["", "## Beside rules", "", *(f"- {change}" for change in comparison.changes)]
    return "\n".join(lines) + "\n"


def _listed(line: str) -> str:
    """A line of a rule as one of a list: an example stands as code."""
    return f"  `{line.strip()}`" if line.startswith(_INSIDE) else f"- {line}"


_INSIDE: Final = "  {"


def _top(comparison: Comparison, before: str, after: str) -> list[str]:
    counts = ", ".join(f"{count} {status}" for status, count in comparison.counts().items() if count)
    return [
        before + _edition(comparison.before),
        after + _edition(comparison.after),
        f"Rules: {counts or 'none'}.",
    ]


def _edition(edition: Edition) -> str:
    return f"{edition.title} ({edition.name}, version {edition.version}, {edition.digest[:16]})"


def _groups(comparison: Comparison) -> Iterator[tuple[Status, list[Compared]]]:
    """The rules that differ, by status; those that differ in nothing are only counted."""
    for status in Status:
        rules = [rule for rule in comparison.of(status) if not rule.same]
        if rules:
            yield status, rules


def _rule(comparison: Comparison, rule: Compared) -> Iterator[str]:
    """The lines of a rule, its ids first; an example is set in."""
    labels = comparison.before.label, comparison.after.label
    sides = [(label, side) for label, side in zip(labels, (rule.before, rule.after), strict=True) if side]
    ids = dict.fromkeys(side.id for _, side in sides)
    yield " -> ".join(ids)
    for label, side in sides:
        yield f"{label}: {side.says} ({'; '.join(side.source)})"
    yield from map(str, _told(rule.changes))
    if rule.basis:
        lead = "" if rule.status is Status.NOT_TOLD_APART or not rule.tried else f"{rule.status}, "
        yield _sentence(f"{lead}{rule.basis}")
    for flip in rule.flips:
        yield from _flip(labels, flip)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _told(changes: Iterable[Change]) -> Iterator[Change]:
    """The changes that do not stand in the lines above already."""
    return (change for change in changes if change.what not in {"id", "says", "source"})


def _flip(labels: tuple[str, str], flip: Flip) -> Iterator[str]:
    """A case in a sentence, then as an example of a file has it."""
    yield f"{flip.says}: {_verdicts(labels, flip)}."
    if flip.left_out:
        yield f"Only one of them has {', '.join(flip.left_out)}: the other judges the case without."
    yield f"  {as_example(labels, flip)}"


def _verdicts(labels: tuple[str, str], flip: Flip) -> str:
    """Who says what: the verdicts, and of exceptions whether one is recorded."""
    noted = {True: ", an exception is recorded", False: ", no exception is recorded", None: ", exception not known"}
    ends = [noted[each] for each in flip.exceptions] if flip.exceptions else ["", ""]
    told = [
        f"{words(verdict)} by {label}{end}" if verdict else f"{label} has no such rule"
        for label, verdict, end in zip(labels, flip.verdicts, ends, strict=True)
    ]
    return "; ".join(told)


def as_example(labels: tuple[str, str], flip: Flip) -> str:
    """A case as an example of a rulebook's file, with the verdict of each rulebook."""
    verdicts = {label: verdict for label, verdict in zip(labels, flip.verdicts, strict=True) if verdict}
    more = {"reading": flip.reading} if flip.reading else {}
    return toml({"given": flip.given, "on": flip.on, "verdict": _quoted(verdicts), "about": flip.about, **more})


def _quoted(verdicts: Mapping[str, str]) -> dict[str, str]:
    """Names as TOML takes them as keys."""
    return {
        name if name.replace("-", "").replace("_", "").isalnum() else json.dumps(name): verdict
        for name, verdict in verdicts.items()
    }


# as data


def as_json(comparison: Comparison) -> str:
    """The comparison as data, dates and decimals as texts."""
    labels = comparison.before.label, comparison.after.label
    data = {
        "before": attrs.asdict(comparison.before),
        "after": attrs.asdict(comparison.after),
        "same": comparison.same,
        "counts": {status.value: count for status, count in comparison.counts().items()},
        "rules": [_row(labels, rule) for rule in comparison.rules],
        "changes": [attrs.asdict(change) for change in comparison.changes],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _row(labels: tuple[str, str], rule: Compared) -> dict[str, object]:
    return {
        "id": rule.id,
        "status": rule.status.value,
        "before": rule.before and attrs.asdict(rule.before),
        "after": rule.after and attrs.asdict(rule.after),
        "tried": rule.tried,
        "untried": rule.untried,
        "basis": rule.basis,
        "changes": [attrs.asdict(change) for change in rule.changes],
        "flips": [_flip_row(labels, flip) for flip in rule.flips],
    }


def _flip_row(labels: tuple[str, str], flip: Flip) -> dict[str, object]:
    row = {name: plain(getattr(flip, name)) for name in ("way", "about", "reading", "given", "on")}
    row |= {name: list(getattr(flip, name)) for name in ("verdicts", "because", "left_out")}
    exceptions = None if flip.exceptions is None else list(flip.exceptions)
    return {**row, "exceptions": exceptions, "says": f"{flip.says}: {_verdicts(labels, flip)}."}
