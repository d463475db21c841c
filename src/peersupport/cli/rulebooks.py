"""The commands about a rulebook: what it says, and whether its file is right."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from peersupport.auditing import chosen_rules
from peersupport.cli.doors import or_exit, refuse
from peersupport.library import available, load
from peersupport.readers import english
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook


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
@click.option("--all", "every", is_flag=True, help="Every check of the conformance kit, which takes some seconds.")
@click.option("--mutants", "changed", is_flag=True, help="How many small wrong changes of the rules go unnoticed.")
def check_command(file: Path, *, every: bool, changed: bool) -> None:
    """Say whether a rulebook FILE is right: every error at once, with the rule, a caret and the mend.

    The worked examples in the file are judged, and each that does not come out as stated is an error too. With --all
    every law of every rule is tried; with --mutants each small wrong change of each rule is held against the worked
    examples and against generated cases, and those that nothing notices are told.
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
    good = _conforms(book) if every else True
    if changed:
        good = _noticed(book) and good
    sys.exit(0 if good else 1)


def _conforms(book: Rulebook) -> bool:
    """Print every check of the kit, each with what is wrong, and whether all passed."""
    from peersupport.testing import checks  # noqa: PLC0415  only this option asks for all of them

    report = checks.check_rulebook(book)
    click.echo(str(report))
    return report.passed


def _noticed(book: Rulebook) -> bool:
    """Print how many wrong changes are noticed, and those that are not; whether the examples notice every number."""
    from peersupport.testing import checks  # noqa: PLC0415

    found = checks.changes(book)
    click.echo(str(found))
    return not found.numbers


@click.command("cases")
@click.argument("rulebook")
@click.option("--rule", "rules", multiple=True, help="Only this rule (repeatable).")
@click.option("--format", "form", type=click.Choice(["markdown", "csv", "json", "toml"]), default="markdown")
def cases_command(rulebook: str, rules: tuple[str, ...], form: str) -> None:
    """Print the cases that tell a right reading of a RULEBOOK from a wrong one, as a sheet to go through and tick.

    `toml` writes them as worked examples, to be pasted into the rulebook's file.
    """
    from peersupport.readers import cases  # noqa: PLC0415  only this command makes cases

    book = or_exit(lambda: load(rulebook))
    chosen = or_exit(lambda: [rule for rule in chosen_rules(book, rules) if rule.form != "definition"])
    made = or_exit(lambda: [case for rule in chosen for case in cases.of(book, rule)])
    written = {
        "markdown": lambda: cases.as_markdown(book, made),
        "csv": lambda: cases.as_csv(made),
        "json": lambda: cases.as_json(made),
        "toml": lambda: cases.as_examples(book, made),
    }
    click.echo(written[form](), nl=False)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
