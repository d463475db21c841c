"""The commands about a whole program: caseloads, outcomes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from peersupport import caseload, outcomes
from peersupport.cli.doors import ROSTER, Day, asked, console, or_exit, refuse
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
