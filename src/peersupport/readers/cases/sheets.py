"""Cases for people: a sheet to tick, a table, data, and examples to paste into a rulebook's file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Final

from peersupport.readers.cases.drafting import Case
from peersupport.readers.cases.writing import plain, toml
from peersupport.rules.rulebook import Rulebook

COLUMNS: Final = (
    "rule",
    "number",
    "about",
    "reading",
    "on",
    "given",
    "verdict",
    "exception",
    "reason",
    "because",
    "shows",
    "like",
)
"""The columns of the table of cases, in order."""
_FORMULA: Final = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


def as_markdown(rulebook: Rulebook, cases: Iterable[Case]) -> str:
    """A review sheet: rule by rule the cases with a box to tick, and what is given where a case stands by itself."""
    by_rule: dict[str, list[Case]] = {}
    for case in cases:
        by_rule.setdefault(case.rule, []).append(case)
    lines = [f"# Cases to review: {rulebook.title}", "", _HOW, ""]
    for rule, some in by_rule.items():
        found = rulebook[rule]
        lines += [f"## {rule}", "", found.sentence(), "", f"Source: {'; '.join(map(str, found.source))}.", ""]
        lines += [line for case in some for line in _ticked(case)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


_HOW: Final = (
    "Tick a case when the source says so too. A case says what is different from an earlier one; all else is as there. "
    "Where you object to a verdict, the rule or its reading is wrong, and the case can stand in the rulebook as an "
    "example of it."
)


def _ticked(case: Case) -> Iterator[str]:
    reading = f" (read as “{case.reading}”)" if case.reading and case.like is None else ""
    yield f"- [ ] **{case.number}.** {case.shows}{reading} {case.because}"
    if case.like is None:
        yield f"  - On {case.on}, about a record of the kind {case.about}: `{toml(case.given)}`"


def as_csv(cases: Iterable[Case]) -> str:
    """The cases as a table. No cell can be taken for a formula by a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(case, name) for name in COLUMNS] for case in cases)
    return out.getvalue()


def _cell(case: Case, name: str) -> str:
    value = toml(case.given) if name == "given" else getattr(case, name)
    text = "" if value is None else "yes" if value is True else "no" if value is False else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_json(cases: Iterable[Case]) -> str:
    """The cases as data, dates and decimals as texts."""
    rows = [{name: plain(getattr(case, name)) for name in COLUMNS} for case in cases]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def as_examples(rulebook: Rulebook, cases: Iterable[Case]) -> str:
    """The cases as examples of a rulebook's file, one in each line, to be pasted into `examples` of their rule.

    A case of a reading that only a definition has cannot stand as an example of the rule: it is a comment.
    """
    return "".join(f"{_example(rulebook, case)}\n" for case in cases)


def _example(rulebook: Rulebook, case: Case) -> str:
    rule = rulebook[case.rule]
    more = {"given": case.given, "on": case.on, "verdict": case.verdict}
    more |= {"about": case.about} if case.about != rule.about[0] else {}
    more |= {"reading": case.reading} if case.reading else {}
    more |= {"exception": case.exception} if case.exception is not None else {}
    text = f"{toml({**more, 'note': case.shows})},"
    return text if case.reading in {"", *rule.readings} else f"# {text}"
