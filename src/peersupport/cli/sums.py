"""The commands about a whole program: caseloads, outcomes, how it stands with a rulebook's questions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from peersupport import caseload, outcomes, readiness
from peersupport.cli.doors import ROSTER, Day, asked, console, or_exit, refuse, write_rows
from peersupport.library import load
from peersupport.roster import read
from peersupport.rules.problems import Problem


@click.command("caseload")
@ROSTER
@asked
@click.option("--peer-provider", help="Show this peer provider's caseload day by day.")
@click.option("--since", type=Day(), help="The first day shown (default: the day asked about).")
def caseload_command(
    roster: Path,
    rulebook: str,
    on: dt.date,
    readings: tuple[str, ...],
    peer_provider: str | None,
    since: dt.date | None,
) -> None:
    """Print how many more people each peer provider of the ROSTER can take, or one's caseload up to a day."""
    from peersupport import report  # noqa: PLC0415

    if since and since > on:
        refuse([Problem("--since", f"{since} lies after the day asked about, {on}", "choose an earlier day")])
    if since and not peer_provider:
        refuse([Problem("--since", "shows the days of one caseload", "name it with --peer-provider")])
    book = or_exit(lambda: load(rulebook))
    tables = or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    if peer_provider is None:
        report.places(or_exit(lambda: caseload.open_places(book, tables, on=on, readings=readings)), console(), str(on))
        return
    first = since or on
    found = or_exit(lambda: caseload.over_time(book, tables, peer_provider, since=first, through=on, readings=readings))
    report.caseload(found, console())


@click.command("outcomes")
@ROSTER
@click.option("--on", type=Day(), required=True, help="The last day that is seen.")
@click.option("--days", type=click.IntRange(1, 3_650), default=90, show_default=True, help="The length of a stretch.")
def outcomes_command(roster: Path, on: dt.date, days: int) -> None:
    """Print what is attested of the outcomes in a ROSTER, and the contacts with crisis services along the service."""
    from peersupport import report  # noqa: PLC0415

    tables = or_exit(lambda: read(roster))
    attested = or_exit(lambda: outcomes.attested(tables, on=on))
    trend = or_exit(lambda: outcomes.crisis_contacts(tables, on=on, days=days))
    report.outcomes(attested, trend, console())


@click.command("readiness")
@ROSTER
@click.option("--rulebook", required=True, help="A rulebook's name, or the path of its TOML file.")
@click.option("--on", type=Day(), required=True, help="The last day whose answers are seen.")
@click.option("--review-every", help="How long an answer holds that does not say so itself, as '6 months'.")
@click.option("--question", help="Every answer to this question over time, and nothing else.")
@click.option("--part", default="", help="The part of that question.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
def readiness_command(
    roster: Path, rulebook: str, on: dt.date, review_every: str | None, question: str | None, part: str, form: str
) -> None:
    """Print how a ROSTER of answers stands with the questions of a rulebook, step by step, and what to do next.

    The answers are the table readiness_answer. There is no score and no pass mark, and the exit code says nothing of
    the answers.
    """
    book = or_exit(lambda: load(rulebook))
    answers = or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    if question is not None:
        told = or_exit(lambda: readiness.history(book, answers, question, part, on=on))
        write_rows([{name: _cell(getattr(each, name)) for name in _ANSWER} for each in told], form, _ANSWER)
        return
    found = or_exit(lambda: readiness.status(book, answers, on=on, review_every=review_every))
    if form == "text":
        click.echo(found.as_markdown(), nl=False)
    else:
        write_rows([*found.rows()], form)


_ANSWER = ("answered_on", "status", "owner", "evidence", "review_by", "id")


def _cell(value: object) -> object:
    """A fact as a cell: as a roster has it."""
    if isinstance(value, frozenset):
        return ";".join(sorted(value)) or "none"
    return None if value is None else str(value)


@click.command("questions")
@click.argument("rulebook")
def questions_command(rulebook: str) -> None:
    """Print the questions of a RULEBOOK as JSON, with the fields of an answer, for whoever makes a form of them."""
    book = or_exit(lambda: load(rulebook))
    click.echo(json.dumps(or_exit(lambda: readiness.form(book)), ensure_ascii=False, indent=1))
