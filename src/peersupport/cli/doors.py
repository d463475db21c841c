"""What every command shares: how days and times are written, the common options, how faults of an input are told."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from peersupport.readers.judge import Judge, Unsupported, judge_of
from peersupport.rules import calendar
from peersupport.rules.forms import Rule
from peersupport.rules.problems import InputError, Problem
from peersupport.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from rich.console import Console

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_FORMULA = ("=", "+", "-", "@", "\t")
_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")

ROSTER = click.argument("roster", type=click.Path(path_type=Path))


class Day(click.ParamType[dt.date]):
    """A day as YYYY-MM-DD, and nothing else."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The day of a text; anything else is an error in the user's words."""
        if isinstance(value, dt.date):
            return value
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return calendar.checked(dt.date.fromisoformat(value))
            except ValueError:
                pass
        self.fail(f"{value!r} is not a day of 1900 to 2199: write it as in 2026-06-30", param, ctx)


class Clock(click.ParamType[dt.time]):
    """A time of day as HH:MM, on a clock of 24 hours."""

    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.time:
        """The time of a text; anything else is an error in the user's words."""
        if isinstance(value, str) and _TIME.fullmatch(value):
            return dt.time.fromisoformat(value)
        self.fail(f"{value!r} is not a time of day: write it as in 15:30", param, ctx)


def asked(command: _F) -> _F:
    """The options that say by what and when to judge."""
    options = [
        click.option("--rulebook", required=True, help="A rulebook's name, or the path of its TOML file."),
        click.option("--on", type=Day(), required=True, help="The day of the judgement; later facts are not seen."),
        click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable)."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def common(command: _F) -> _F:
    """The same, with the rules to judge by."""
    return asked(click.option("--rule", "rules", multiple=True, help="Only this rule (repeatable).")(command))


def prepared(book: Rulebook, readings: Iterable[str], rules: Iterable[Rule], *, alone: bool = False) -> Judge:
    """A judge that has read some rules, so that what cannot be judged is told before anything is read."""
    judge = judge_of(book, readings)
    judge.prepare((rule.id for rule in rules), alone=alone)
    return judge


def or_exit(read_: Callable[[], _T]) -> _T:
    """What `read_` gives; a fault of the input is printed, and the exit code is 2."""
    try:
        return read_()
    except InputError as error:
        refuse(error.problems)
    except Unsupported as error:
        refuse([Problem("rulebook", str(error))])


def safe(value: object) -> object:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_rows(rows: Sequence[Mapping[str, object]], form: str, columns: Sequence[str] = ()) -> None:
    """Rows as CSV, as JSON, or as lines with a tab between the cells. Without rows the columns stand alone."""
    names = list(columns or dict.fromkeys(name for row in rows for name in row))
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1, default=str))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: safe(value) for name, value in row.items()} for row in rows)
    else:
        for row in rows:
            click.echo("\t".join("" if row.get(name) is None else str(row[name]) for name in names))


def saved(file: Path, content: bytes) -> None:
    """Write a file; where that cannot be done, why."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}")]) from None


def refuse(problems: Iterable[Problem]) -> NoReturn:
    """Tell what is wrong with an input, and end with 2."""
    click.echo(str(InputError(problems)), err=True)
    sys.exit(2)


def console() -> Console:
    """Where reports are printed: as wide as the terminal, or as a report that goes to a file."""
    from rich.console import Console  # noqa: PLC0415

    from peersupport import report  # noqa: PLC0415

    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else report.WIDTH)
