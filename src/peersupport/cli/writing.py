"""The commands that help to write a rulebook: the skeleton of a file, and the schema that editors complete from."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import click

from peersupport.cli.doors import or_exit, refuse, saved
from peersupport.library import load, loads
from peersupport.rules.problems import Problem
from peersupport.rules.rulebook import Rulebook

SCHEMA = "rulebook.schema.json"
"""The file of the schema, in the package and beside a rulebook that names it on its first line."""
_MARK = re.compile("@([a-z]+)@")


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="The rulebook's name; left out, it is made of the file's.")
@click.option("--title", help="The name in plain words.")
@click.option("--jurisdiction", default="", help="Whose rules these are, as in US-NE.")
@click.option("--extends", "base", default="", help="The rulebook underneath, where only what differs is written.")
def new_command(file: Path, *, name: str | None, title: str | None, jurisdiction: str, base: str) -> None:
    """Write the skeleton of a rulebook to a new FILE, which passes `peersupport check` from the start.

    It has one example of each form, to be written over part by part. A file that is there is never written over.
    """
    if file.suffix != ".toml":
        refuse([Problem(str(file), "is not called as a rulebook is", f"as in {file.stem or 'my-state'}.toml")])
    name = _name_of(file) if name is None else name
    if not name:
        refuse([Problem("--name", f"no name can be made of {file.name}", "give one, as in --name my-state")])
    title = name.replace("-", " ").capitalize() if title is None else title
    text = or_exit(lambda: _skeleton(name, title, jurisdiction, base))
    book = or_exit(lambda: loads(text, file=file.name))
    _write_new(file, text)
    own = [rule for rule in book if not base or rule.id not in load(base)]
    click.echo(f"{file}: {len(own)} rule{'s' * (len(own) != 1)} to write over")
    click.echo(f"is it right? peersupport check {file}")
    click.echo(f"completion in an editor: peersupport schema --to {file.with_name(SCHEMA)}")


def _name_of(file: Path) -> str:
    """A rulebook's name made of its file's."""
    return re.sub(r"[^a-z0-9_-]+", "-", file.stem.lower()).strip("-_")


def _skeleton(name: str, title: str, jurisdiction: str, base: str) -> str:
    """The template with what was asked for in it. Raises `InputError` where there is no such base."""
    filled = {
        "name": _quoted("--name", name),
        "title": _quoted("--title", title),
        "jurisdiction": ("" if jurisdiction else "# ")
        + f"jurisdiction = {_quoted('--jurisdiction', jurisdiction or 'US-XX')}",
        "extends": _quoted("--extends", base),
        "rules": _listed(load(base)) if base else "",
    }
    file = "new-overlay.toml" if base else "new-rulebook.toml"
    return _MARK.sub(lambda mark: filled[mark.group(1)], _format(file))


def _quoted(option: str, value: str) -> str:
    """A text as TOML writes it."""
    if not value.isprintable():
        refuse([Problem(option, "has a character that does not print", "leave it out")])
    return json.dumps(value, ensure_ascii=False)


def _listed(book: Rulebook) -> str:
    """The rules of a rulebook as lines of comment."""
    return "\n".join(f"# - {rule.id}: {' '.join(rule.sentence().split())}" for rule in book)


def _write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet."""
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        refuse([Problem(str(file), "is there already, and is not written over", "give another name, or move it away")])
    except OSError as error:
        refuse([Problem(str(file), f"cannot be written: {error.strerror}")])


@click.command("schema")
@click.option("--to", type=click.Path(path_type=Path), help="Write it to this file, over what is there.")
@click.option(
    "--page", type=click.Path(path_type=Path), hidden=True, help="Make it anew, with this page of the format."
)
def schema_command(*, to: Path | None, page: Path | None) -> None:
    """Print the JSON Schema of a rulebook's file, from which editors complete and mark mistakes.

    An editor finds it by the first line of a rulebook: `#:schema` and the path of the schema, from the file's folder.
    """
    text = _made(page) if page else _format(SCHEMA)
    if to is None:
        click.echo(text, nl=False)
    else:
        or_exit(lambda: saved(to, text.encode()))


def _made(page: Path) -> str:
    """The schema from the package's own tables, and what a page says of each key."""
    from peersupport.rules import schema  # noqa: PLC0415  only who works on the format makes it

    return schema.written(schema.schema(page.read_text(encoding="utf-8")))


def _format(name: str) -> str:
    """A file of the package that is about the format."""
    return (resources.files("peersupport") / "format" / name).read_text(encoding="utf-8")
