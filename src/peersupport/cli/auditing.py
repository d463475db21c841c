"""The commands that judge: a whole roster, or one record from a file."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from peersupport.auditing import Audit, audit, chosen_rules
from peersupport.cli.doors import ROSTER, Day, common, console, or_exit, prepared, refuse, write_rows
from peersupport.library import load, versions
from peersupport.readers import english
from peersupport.roster import Roster, from_mapping, read, read_json
from peersupport.rules.findings import COLUMNS, Verdict
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.versions import Versions

LONG = 20_000
"""From how many judgements on a progress bar is shown, on a terminal."""


@click.command("audit")
@ROSTER
@common
@click.option("--since", type=Day(), help="The first day whose missed occurrences are told.")
@click.option("--subject", "subjects", multiple=True, help="Only this record's id, or this person's (repeatable).")
@click.option("--verdict", "verdicts", multiple=True, type=click.Choice([v.value for v in Verdict]), help="Only these.")
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl", "csv"]), default="text")
@click.option("--days", type=click.IntRange(0, 3_650), default=14, show_default=True, help="How far ahead to look.")
@click.option(
    "--responsible", help="Only what this one has to do: the work queue and nothing else. Empty: the program itself."
)
@click.option("--redact", is_flag=True, help="Leave out ids and dates of care.")
def audit_command(  # noqa: PLR0913, PLR0917  one for each option
    roster: Path,
    rulebook: str,
    on: dt.date,
    readings: tuple[str, ...],
    rules: tuple[str, ...],
    since: dt.date | None,
    subjects: tuple[str, ...],
    verdicts: tuple[str, ...],
    form: str,
    days: int,
    responsible: str | None,
    *,
    redact: bool,
) -> None:
    """Hold a rulebook against the ROSTER, a folder with one file for each table, as it stood on a day.

    Prints the work queue, the counts of each rule, caseloads, and what is not modeled; or the findings as a table.
    """
    book = or_exit(lambda: _book(rulebook))
    if isinstance(book, Rulebook):
        or_exit(lambda: prepared(book, readings, chosen_rules(book, rules), alone=form == "text"))
    tables = or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    made = _audited(book, tables, on=on, since=since, readings=readings, rules=rules, brief=form == "text")
    made = _narrowed(made, subjects)
    if responsible is not None:
        made = _of(made, tables, responsible)
    shown = attrs.evolve(made, findings=tuple(f for f in made.findings if f.verdict.value in (verdicts or _ALL)))
    if redact:
        shown = shown.redacted()
    if form == "text":
        from peersupport import report  # noqa: PLC0415  slow to import, and only texts need it

        whole = not (verdicts or subjects or responsible is not None)
        report.show(shown, console(), days=days, queue=not verdicts, whole=whole, alone=responsible is not None)
    else:
        _write(shown, form)
    sys.exit(0 if made.clean else 1)


_ALL = tuple(verdict.value for verdict in Verdict)


def _book(name: str) -> Rulebook | Versions:
    """A rulebook, or all versions of it where it has several and none is named."""
    if "@" in Path(name).name:
        return load(name)
    found = versions(name)
    return found if len(found) > 1 else found.books[0]


def _audited(book: Rulebook | Versions, roster: Roster, **how: Any) -> Audit:  # noqa: ANN401  as `audit` takes them
    """The audit, with a progress bar where somebody waits for it."""
    newest = book if isinstance(book, Rulebook) else book.books[-1]
    count = sum(len(roster.records(kind)) for rule in newest.judged for kind in rule.about)
    if count < LONG or not sys.stderr.isatty():
        return or_exit(lambda: audit(book, roster, **how))
    from rich.console import Console  # noqa: PLC0415  slow to import, and most audits are over at once
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging", total=count)
        return or_exit(
            lambda: audit(
                book, roster, progress=lambda done, of: progress.update(task, completed=done, total=of), **how
            )
        )


def _narrowed(made: Audit, subjects: Sequence[str]) -> Audit:
    if not subjects:
        return made
    known = {name for finding in made.findings for name in (finding.subject[1], finding.person) if name}
    unknown = [name for name in subjects if name not in known]
    if unknown:
        refuse([Problem("--subject", f"nothing was judged of {name!r}", near(name, known)) for name in unknown])
    found = tuple(f for f in made.findings if f.subject[1] in subjects or f.person in subjects)
    loads = tuple(load for load in made.loads if load.subject[1] in subjects)
    return attrs.evolve(made, findings=found, loads=loads)


def _of(made: Audit, roster: Roster, responsible: str) -> Audit:
    """What one has to answer for; nothing, for a peer provider who answers for nothing."""
    known = {each.id for each in roster.records("peer_provider")}
    known |= {finding.responsible for finding in made.findings if finding.responsible}
    if responsible and responsible not in known:
        refuse([Problem("--responsible", f"there is no peer provider {responsible!r}", near(responsible, known))])
    return attrs.evolve(made, findings=tuple(f for f in made.findings if f.responsible == responsible))


def _write(made: Audit, form: str) -> None:
    if form == "csv":
        write_rows([*made.rows()], "csv", COLUMNS)
    elif form == "jsonl":
        for row in made.rows():
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        receipt = {name: str(value) for name, value in attrs.asdict(made.receipt).items() if value is not None}
        receipt["readings"] = "; ".join(made.receipt.readings)
        click.echo(json.dumps({"receipt": receipt, "findings": list(made.rows())}, ensure_ascii=False, indent=1))


@click.command("assess")
@click.argument("file", type=click.Path(path_type=Path))
@common
def assess_command(file: Path, rulebook: str, on: dt.date, readings: tuple[str, ...], rules: tuple[str, ...]) -> None:
    """Judge one record from a JSON FILE and explain each finding.

    The file has the record judged as an object under its kind, and related records as lists under theirs:
    {"admission": {"id": "a1", ...}, "plan": [{"id": "p1", ...}]}. A list that is given is complete.
    """
    book = or_exit(lambda: load(rulebook))
    kind, id_, roster = or_exit(lambda: _case(file, book))
    record = roster.tables.tables[kind].records[id_]
    known = [rule.id for rule in book.judged if kind in rule.about]
    unknown = [name for name in rules if name not in known]
    if not known:
        kinds = {name for rule in book.judged for name in rule.about}
        refuse([Problem(f"rulebook {book.name}", f"no rule is about {kind}", near(kind, kinds))])
    if unknown:
        refuse([Problem(f"rulebook {book.name}", f"no rule {n!r} about {kind}", near(n, known)) for n in unknown])
    chosen = [book[name] for name in known if not rules or name in rules]
    judge = or_exit(lambda: prepared(book, readings, chosen))
    found = [f for rule in chosen for f in judge.findings(rule, record, on=on, tables=roster.tables, settles=True)]
    click.echo("\n\n".join(english.explain(finding) for finding in found))
    sys.exit(1 if any(finding.breaks for finding in found) else 0)


def _case(file: Path, book: Rulebook) -> tuple[str, str, Roster]:
    """The kind and id of the record judged, and the roster around it."""
    data = read_json(file)
    data = data if isinstance(data, dict) else {}
    judged = [kind for kind, value in data.items() if isinstance(value, dict)]
    if len(judged) != 1:
        mend = 'write the record judged as an object under its kind, as in {"admission": {"id": "a1"}}, others as lists'
        raise InputError([Problem(file.name, f"has {len(judged)} records to judge", mend)])
    kind = judged[0]
    tables = {name: [value] if name == kind else value for name, value in data.items()}
    roster = from_mapping(tables, vocabulary=book.vocabulary, name=file.name)
    return kind, roster.records(kind)[0].id, roster
