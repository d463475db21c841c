"""The commands that hold two rulebooks against one another: what they ask, and what a change does to a roster."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from peersupport.cli.doors import ROSTER, Day, or_exit, refuse, write_rows
from peersupport.library import load
from peersupport.roster import read
from peersupport.rules.problems import Problem

_F = TypeVar("_F", bound=Callable[..., Any])


def _paired(command: _F) -> _F:
    """The option that matches rules by hand."""
    says = "Match two rules by hand, as plan.developed=plan.written (repeatable)."
    return click.option("--pair", "pairs", multiple=True, metavar="ID_A=ID_B", help=says)(command)


def _pairs(given: tuple[str, ...]) -> Mapping[str, str]:
    """The rules that are matched by hand; one that is not written as a pair, or twice, is refused."""
    split = [each.partition("=") for each in given]
    wrong = [each for each, (one, _, other) in zip(given, split, strict=True) if not (one and other)]
    ids = [one for one, _, _ in split]
    twice = [name for name in dict.fromkeys(ids) if ids.count(name) > 1]
    problems = [Problem("--pair", f"{each!r} is no pair of rules", "write it as in ID_A=ID_B") for each in wrong]
    problems += [Problem("--pair", f"{name!r} stands against two rules", "pair it with one of them") for name in twice]
    if problems:
        refuse(problems)
    return {one: other for one, _, other in split}


@click.command("compare")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@_paired
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
def compare_command(before: str, after: str, pairs: tuple[str, ...], form: str) -> None:
    """Print what rulebook B asks otherwise than rulebook A, rule by rule, with the smallest case that flips.

    A and B are names, as NAME or NAME@VERSION, or paths of TOML files. Rules are matched by their ids, and a rule with
    the one that it replaces. An overlay that does to its base what it may not is compared all the same.
    The exit code is 0 when nothing differs, 1 when anything does, 2 when a rulebook could not be read.
    """
    from peersupport.comparing import compare, sheets  # noqa: PLC0415  only this command makes cases

    by_hand = _pairs(pairs)
    one, other = or_exit(lambda: (load(before, proved=False), load(after, proved=False)))
    found = or_exit(lambda: compare(one, other, pairs=by_hand))
    written = {"text": sheets.as_text, "markdown": sheets.as_markdown, "json": sheets.as_json}
    click.echo(written[form](found), nl=False)
    sys.exit(0 if found.same else 1)


@click.command("impact")
@ROSTER
@click.option("--from", "before", required=True, help="The rulebook of before: a name, or the path of a TOML file.")
@click.option("--to", "after", required=True, help="The rulebook of after.")
@click.option("--on", type=Day(), required=True, help="The day of the judgement; later facts are not seen.")
@click.option("--since", type=Day(), help="The first day whose missed occurrences count.")
@click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable).")
@_paired
@click.option("--redact", is_flag=True, help="Leave out ids and dates of care.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json", "csv"]), default="text")
def impact_command(  # noqa: PLR0913  one for each option
    roster: Path,
    before: str,
    after: str,
    on: dt.date,
    since: dt.date | None,
    readings: tuple[str, ...],
    pairs: tuple[str, ...],
    form: str,
    *,
    redact: bool,
) -> None:
    """Print what changing rulebooks does to the people in a ROSTER: who becomes late, over a limit, not admitted.

    The roster has the facts of both rulebooks. The exit code is 0 when nothing changes for anybody, 1 when anything
    does, 2 when an input could not be read.
    """
    from peersupport.comparing import impact_sheets, impacts, vocabularies  # noqa: PLC0415  as above

    by_hand = _pairs(pairs)
    one, other = or_exit(lambda: (load(before), load(after)))
    tables = or_exit(lambda: read(roster, vocabulary=vocabularies.of_both(one, other)))
    found = or_exit(
        lambda: impacts.impact(tables, one, other, on=on, since=since, readings=readings, pairs=by_hand, redact=redact)
    )
    if form == "csv":
        write_rows([*impact_sheets.rows(found)], "csv", impact_sheets.COLUMNS)
    else:
        sheets = {"text": impact_sheets.as_text, "markdown": impact_sheets.as_markdown, "json": impact_sheets.as_json}
        click.echo(sheets[form](found), nl=False)
    sys.exit(1 if found.affected else 0)
