"""An impact as a page to read, on a terminal or in Markdown, and as data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import attrs

from peersupport.comparing.impacts import Affected, Effect, Impact, Standing
from peersupport.readers.english.phrases import words

COLUMNS: Final = (
    "effect",
    "rule",
    "kind",
    "id",
    "person",
    "before",
    "before_reason",
    "before_due",
    "before_days_late",
    "before_measured",
    "before_missed",
    "after",
    "after_reason",
    "after_due",
    "after_days_late",
    "after_measured",
    "after_missed",
    "says",
)
"""The columns of the table of an impact, in order."""
_STANDING: Final = ("reason", "due", "days_late", "measured", "missed")


def rows(impact: Impact) -> Iterator[dict[str, object]]:
    """One row for each record that stands otherwise under a rule: plain values, each column always there."""
    return (_row(each) for each in impact.affected)


def _row(each: Affected) -> dict[str, object]:
    kind, id_ = each.subject
    own = {"effect": each.effect.value, "rule": each.rule, "kind": kind, "id": id_, "person": each.person}
    found: dict[str, object] = {**own, **_columns("before", each.before), **_columns("after", each.after)}
    return {**found, "says": each.says}


def _columns(lead: str, standing: Standing | None) -> dict[str, object]:
    """A standing in columns; without the rule there is none."""
    found: dict[str, object] = {lead: standing.verdict.value if standing else "no_rule"}
    return found | {f"{lead}_{name}": _plain(getattr(standing, name, None)) for name in _STANDING}


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def as_json(impact: Impact) -> str:
    """The impact as data: the counts by effect and rule, and every record."""
    data = {
        "before": attrs.asdict(impact.before),
        "after": attrs.asdict(impact.after),
        "on": impact.on.isoformat(),
        "roster": impact.receipts[0].roster,
        "redacted": impact.left_out,
        "counts": {effect.value: rules for effect, rules in impact.counts().items()},
        "affected": list(rows(impact)),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


# to read


def as_text(impact: Impact) -> str:
    """The impact for a terminal."""
    lines = list(_head(impact))
    for effect, rules in impact.counts().items():
        lines += ["", f"{_title(effect)}: {_many(impact, effect)}"]
        for rule in rules:
            lines += [f"  {rule}: {rules[rule]}", *(f"    {line}" for line in _listed(impact, effect, rule))]
    lines += ["", *_people(impact, "By person", "  ")] if impact.people() else []
    return "\n".join([*lines, *_notes(impact, "")]) + "\n"


def as_markdown(impact: Impact) -> str:
    """The impact as a page of Markdown."""
    lines = [
        f"# From {impact.before.label} to {impact.after.label}, on {impact.on}",
        "",
        *(f"- {line}" for line in _head(impact)),
    ]
    for effect, rules in impact.counts().items():
        lines += ["", f"## {_title(effect)}: {_many(impact, effect)}"]
        for rule in rules:
            lines += ["", f"### {rule}: {rules[rule]}", ""]
            lines += [f"- {line}" for line in _listed(impact, effect, rule)]
    lines += ["", *_people(impact, "## By person\n", "- ")] if impact.people() else []
    return "\n".join([*lines, *_notes(impact, "- ")]).rstrip() + "\n"


def _head(impact: Impact) -> list[str]:
    before, after = impact.before, impact.after
    counted = len({each.person for each in impact.affected} - {""})
    people = "" if impact.left_out else f", about {_of(counted, 'person', 'people')}"
    total = f"{_of(len(impact.affected), 'change')}{people}." if impact.affected else "nothing changes for anybody."
    return [
        f"From: {before.title} ({before.label}, {before.digest[:16]})",
        f"To: {after.title} ({after.label}, {after.digest[:16]})",
        f"As it stood on {impact.on}: {total}",
    ]


def _of(count: int, noun: str, many: str = "") -> str:
    return f"{count} {noun if count == 1 else many or f'{noun}s'}"


_TITLES: Final = {
    Effect.LATE: "Becomes late",
    Effect.NOT_LATE: "No longer late",
    Effect.OUT_OF_BOUNDS: "Goes over a limit, or under what is asked at least",
    Effect.IN_BOUNDS: "No longer over a limit, or under what is asked at least",
    Effect.FAILS: "No longer meets a criterion",
    Effect.HOLDS: "No longer fails a criterion",
    Effect.OTHER: "Stands otherwise",
}


def _title(effect: Effect) -> str:
    return _TITLES.get(effect, str(effect).capitalize())


def _many(impact: Impact, effect: Effect) -> str:
    """How many records have an effect; of deadlines, how many are overdue and can still be done."""
    found = impact.of(effect)
    sides = [each.after if effect is Effect.LATE else each.before for each in found]
    overdue = sum(side.overdue for side in sides if side) if effect in {Effect.LATE, Effect.NOT_LATE} else 0
    return f"{len(found)}" + (f" ({overdue} overdue and still to be done)" if overdue else "")


def _listed(impact: Impact, effect: Effect, rule: str) -> Iterator[str]:
    """The records of an effect under a rule; none where ids are left out."""
    found = (each for each in impact.of(effect) if each.rule == rule)
    return (f"{_subject(each)}: {_turn(each)}" for each in found if not impact.left_out)


def _subject(each: Affected) -> str:
    kind, id_ = each.subject
    return f"{words(kind)} {id_}" + (f" of {each.person}" if each.person and each.person != id_ else "")


def _turn(each: Affected) -> str:
    """From what to what."""
    return f"{_said(each.before)} -> {_said(each.after)}"


def _said(standing: Standing | None) -> str:
    if standing is None:
        return "no rule"
    due = f"due {standing.due}" if standing.due else ""
    late = f"{_of(standing.days_late, 'day')} late" if standing.days_late else ""
    counted = f"counted {standing.measured}" if standing.measured is not None else ""
    excepted = "an exception is recorded" if standing.excepted else ""
    missed = f"{standing.missed} times not met" if standing.missed > 1 else ""
    parts = [part for part in (words(standing.reason.value), due, late, counted, missed, excepted) if part]
    return f"{standing.verdict} ({', '.join(parts)})"


def _people(impact: Impact, head: str, lead: str) -> Iterator[str]:
    yield head
    for person, some in impact.people().items():
        yield f"{lead}{person}: {'; '.join(f'{each.effect} ({each.rule})' for each in some)}"


def _notes(impact: Impact, lead: str) -> list[str]:
    return ["", *(f"{lead}Note: {note}." for note in impact.notes)] if impact.notes else []
