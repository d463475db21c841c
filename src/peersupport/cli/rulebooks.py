"""The commands about a rulebook: what it says, and whether its file is right."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from peersupport.cli.doors import or_exit, refuse
from peersupport.library import available, load
from peersupport.readers import english
from peersupport.rules.problems import InputError, Problem, near


@click.command("rules")
@click.argument("rulebook")
@click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable).")
def rules_command(rulebook: str, readings: tuple[str, ...]) -> None:
    """Print a RULEBOOK in plain English, each rule with its source and readings.

    RULEBOOK is a name or the path of a TOML file; without a file of that name, the names that there are.
    """
    book = or_exit(lambda: load(rulebook))
    chosen = or_exit(lambda: book.chosen(frozenset(readings)))
    click.echo(english.book(book, chosen), nl=False)


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Say whether a rulebook FILE is right: every error at once, with the rule, a caret and the mend.

    The worked examples in the file are judged, and each that does not come out as stated is an error too.
    """
    from peersupport import testing  # noqa: PLC0415  only this command tries examples

    packaged = str(file) in available()
    if not packaged and not file.is_file():
        refuse([Problem(str(file), "is not a file", near(str(file), available()))])
    try:
        book = load(str(file) if packaged else file)
    except InputError as error:
        click.echo(str(error))
        sys.exit(1)
    left_out = testing.unjudged(book)
    for reason in left_out.values():
        click.echo(f"- not judged yet, so its examples were not tried: {reason}")
    failing = testing.failing_examples(book)
    for each in failing:
        click.echo(f"- {book.file}, {each}")
    if failing:
        sys.exit(1)
    count = sum(len(rule.examples) for rule in book if rule.id not in left_out)
    click.echo(f"{book.file}: {_many(len(book), 'rule')}, {_many(count, 'example')}, nothing wrong")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
