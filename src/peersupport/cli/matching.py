"""The command that matches participants with peer providers, from one JSON file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import click

from peersupport import caseload
from peersupport.cli.doors import Day, or_exit
from peersupport.matching import Matching
from peersupport.roster import read_json
from peersupport.rules.facts import NONE
from peersupport.rules.problems import InputError, Problem, near, raise_any

SORTS: Final = {"participants": caseload.Participant, "peers": caseload.Peer, "criteria": caseload.Criterion}
"""What a file has lists of, each under its name."""
NEEDED: Final = {"participants": ("id",), "peers": ("id",), "criteria": ("attribute", "weight")}


@click.command("match")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", type=Day(), help="The day for what lapses.")
@click.option(
    "--greedy", is_flag=True, help="Take the best pair and then the next: needs no solver, and is not the best."
)
@click.option("--rank", "asking", help="The ranking for this participant alone; nobody is assigned.")
def match_command(file: Path, on: dt.date | None, asking: str | None, *, greedy: bool) -> None:
    """Print who fits whom best within the places, from a JSON FILE with participants, peers and criteria.

    {"participants": [{"id": "p1", "shares": {"lived_experience": ["substance_use"]}, "requires": {}}],
    "peers": [{"id": "A", "attributes": {"lived_experience": ["substance_use"]}, "places": 2}],
    "criteria": [{"attribute": "lived_experience", "weight": 10}]}. What is null or left out is not disclosed, and
    places of "none" have no limit. It is a proposal: both people decide.
    """
    given = or_exit(lambda: _read(file))
    if asking is not None:
        participant = or_exit(lambda: _named(asking, given["participants"]))
        for each in or_exit(lambda: caseload.rank(participant, given["peers"], given["criteria"], on=on)):
            click.echo(str(each))
        return
    way = caseload.match_greedily if greedy else caseload.match
    found = or_exit(lambda: way(given["participants"], given["peers"], given["criteria"], on=on))
    click.echo("\n".join(_lines(found)))


def _lines(found: Matching) -> Iterator[str]:
    yield from map(str, found.choices)
    yield from map(str, found.unplaced)
    best = "no assignment is better" if found.exact else "made greedily: another may be better"
    yield f"{len(found.choices)} placed, {len(found.unplaced)} without a place, {found.total} points; {best}"


def _named(name: str, participants: list[caseload.Participant]) -> caseload.Participant:
    known = {each.id: each for each in participants}
    raise_any([] if name in known else [Problem("--rank", f"there is no participant {name!r}", near(name, known))])
    return known[name]


def _read(file: Path) -> dict[str, Any]:
    data = read_json(file)
    if not isinstance(data, Mapping):
        raise InputError([Problem(file.name, "is no object", f"write one with {', '.join(SORTS)}")])
    unknown = [
        Problem(file.name, f"has no place for {name!r}", near(name, SORTS)) for name in data if name not in SORTS
    ]
    missing = [Problem(file.name, f"has no {name}", "write a list, [] where there are none") for name in SORTS]
    raise_any([*unknown, *(each for name, each in zip(SORTS, missing, strict=True) if name not in data)])
    problems: list[Problem] = []
    made = {name: [*_made(name, data[name], problems)] for name in SORTS}
    raise_any(problems)
    return made


def _made(name: str, rows: object, problems: list[Problem]) -> Iterator[Any]:
    """The values of a list, and what is wrong with any of them."""
    sort = SORTS[name]
    fields = [field.name for field in attrs.fields(sort)]
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        place = f"{name} {number}"
        if not isinstance(row, Mapping) or not isinstance(rows, list):
            problems.append(Problem(place, "is no object in a list", "write [{ ... }]"))
            continue
        faults = [Problem(place, f"has no field {key!r}", near(key, fields)) for key in row if key not in fields]
        faults += [Problem(place, f"has no {key}", "write it") for key in NEEDED[name] if key not in row]
        problems += faults
        if not faults:
            yield from _one(sort, row, place, problems)


def _one(sort: Any, row: Mapping[str, object], place: str, problems: list[Problem]) -> Iterator[Any]:  # noqa: ANN401
    try:
        yield sort(**{key: _plain(key, value) for key, value in row.items()})
    except InputError as error:
        problems += error.problems
    except (TypeError, ValueError, AttributeError):
        problems.append(Problem(place, "has a field of another form", "look at `peersupport match --help`"))


def _plain(key: str, value: object) -> object:
    """A value as the record has it: no limit of places, days that lapse."""
    if key == "places" and value == "none":
        return NONE
    if key == "lapses" and isinstance(value, Mapping):
        return {name: {each: _day(day) for each, day in days.items()} for name, days in value.items()}
    return value


def _day(value: object) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(str(value))
