"""The command that measures outcomes of a whole program: readmission, engagement, first contacts, before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import click

from peersupport import outcomes
from peersupport.cli.doors import ROSTER, Day, or_exit, refuse, saved, write_rows
from peersupport.measures import pictures
from peersupport.roster import Roster, read
from peersupport.rules import calendar
from peersupport.rules.facts import Record, kind_of
from peersupport.rules.problems import InputError, Problem, raise_any


@attrs.frozen(kw_only=True)
class Asked:
    """What was asked for on the command line; None where it was not said."""

    on: dt.date
    within: str | None
    of: str | None
    at_least: int | None
    out_of: int | None
    unit: str
    days: int | None
    since: dt.date | None
    counted_from: str | None
    last_day: bool

    def needed(self, name: str) -> Any:  # noqa: ANN401  of the option's type
        """The value of an option that a measure cannot do without."""
        value = getattr(self, name)
        if value is None:
            raise InputError([Problem(OPTIONS[name], "is missing", f"this measure needs it: {HELP[name]}")])
        return value


OPTIONS: Final = {
    "within": "--within",
    "of": "--of",
    "at_least": "--at-least",
    "out_of": "--out-of",
    "days": "--days",
    "since": "--since",
    "counted_from": "--counted-from",
}
HELP: Final = {
    "within": "the window, as '30 days'",
    "of": "people or discharges",
    "at_least": "how many complete a course, said before looking",
    "out_of": "of how many",
    "days": "the length of each side in days",
    "since": "the first day of the time measured",
    "counted_from": "acceptance, discharge or admission",
}


def _readmission(roster: Roster, asked: Asked) -> Any:  # noqa: ANN401  any result
    within = _period(asked.needed("within"))
    return outcomes.readmission(
        roster, on=asked.on, within=within, of=asked.needed("of"), last_day_counts=asked.last_day
    )


def _period(text: str) -> calendar.Period:
    try:
        return calendar.period(text)
    except ValueError as error:
        raise InputError([Problem("--within", str(error), "write it as in '30 days'")]) from None


def _engagement(roster: Roster, asked: Asked) -> Any:  # noqa: ANN401
    unit: Any = asked.unit
    return outcomes.engagement(
        roster, on=asked.on, at_least=asked.needed("at_least"), of=asked.needed("out_of"), unit=unit
    )


MEASURES: Final[dict[str, Callable[[Roster, Asked], Any]]] = {
    "readmission": _readmission,
    "readmission-rate": lambda roster, asked: outcomes.readmission_rate(roster, on=asked.on),
    "time-to-readmission": lambda roster, asked: outcomes.time_to_readmission(roster, on=asked.on),
    "first-contact": lambda roster, asked: outcomes.days_to_first_contact(
        roster, on=asked.on, since=asked.needed("counted_from")
    ),
    "engagement": _engagement,
    "crisis-contacts": lambda roster, asked: outcomes.crisis_contacts_before_and_after(
        roster, on=asked.on, days=asked.needed("days")
    ),
    "turnover": lambda roster, asked: outcomes.turnover(roster, since=asked.needed("since"), through=asked.on),
}
"""What can be measured, by the name that is written on the command line."""


@click.command("measure")
@ROSTER
@click.argument("measure", type=click.Choice([*MEASURES]))
@click.option("--on", type=Day(), required=True, help="The last day that is seen.")
@click.option("--within", help=f"For readmission: {HELP['within']}.")
@click.option("--of", type=click.Choice(["people", "discharges"]), help="For readmission: what is counted.")
@click.option("--last-day/--no-last-day", default=True, show_default=True, help="Whether the window's last day is in.")
@click.option("--at-least", type=click.IntRange(1), help=f"For engagement: {HELP['at_least']}.")
@click.option("--out-of", type=click.IntRange(1), help=f"For engagement: {HELP['out_of']}.")
@click.option("--unit", type=click.Choice(["weeks", "sessions"]), default="weeks", show_default=True)
@click.option("--days", type=click.IntRange(1, 3_650), help=f"For crisis-contacts: {HELP['days']}.")
@click.option("--since", type=Day(), help=f"For turnover: {HELP['since']}.")
@click.option(
    "--counted-from", type=click.Choice(["acceptance", "discharge", "admission"]), help="For first-contact: from when."
)
@click.option("--by", help="For readmission, and who completed: groups by a fact of the person, small numbers hidden.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the curve to this file.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text")
def measure_command(
    roster: Path,
    measure: str,
    by: str | None,
    svg: Path | None,
    form: str,
    **options: Any,  # noqa: ANN401
) -> None:
    """Print one MEASURE of a ROSTER with what it counts, among whom, and everything that was left out of it.

    Numbers of this program's own people: those of a small group can give somebody away. With --by, small numbers are
    hidden, and all from which they follow.
    """
    asked = Asked(**options)
    or_exit(lambda: _idle(measure, options, by))
    tables = or_exit(lambda: read(roster))
    or_exit(lambda: _not_beyond(tables, asked.on))
    found = or_exit(lambda: MEASURES[measure](tables, asked))
    if svg is not None:
        picture = _picture(found, svg)
        or_exit(lambda: saved(svg, picture.encode()))
    if by is not None:
        found = or_exit(lambda: _grouped(found, tables, by))
    if form == "text":
        click.echo(str(found))
    else:
        write_rows([dict(row) for row in found.rows()], form)


TAKES: Final[Mapping[str, frozenset[str]]] = {
    "readmission": frozenset({"within", "of"}),
    "first-contact": frozenset({"counted_from"}),
    "engagement": frozenset({"at_least", "out_of"}),
    "crisis-contacts": frozenset({"days"}),
    "turnover": frozenset({"since"}),
}
"""The options that a measure takes beside those of every measure."""


def _idle(measure: str, options: Mapping[str, Any], by: str | None) -> None:
    """Refuse options that the measure has no use for, so that nobody thinks they did something."""
    taken = TAKES.get(measure, frozenset())
    idle = [OPTIONS[name] for name in OPTIONS if options[name] is not None and name not in taken]
    idle += ["--by"] if by is not None and measure not in {"readmission", "engagement"} else []
    raise_any([Problem(name, f"says nothing about {measure}", "leave it out") for name in idle])


def _not_beyond(roster: Roster, on: dt.date) -> None:
    """Refuse a day more than a year after the last one that is recorded: what has not happened by then is not known."""
    tables = roster.tables.tables.values()
    days = [day for table in tables for record in table.records.values() for day in _days(record)]
    last = max(days, default=on)
    if on > last + dt.timedelta(days=366):
        raise InputError(
            [Problem("--on", f"{on} is more than a year after the last day recorded, {last}", "name one before")]
        )


def _days(record: Record) -> Iterator[dt.date]:
    for name in kind_of(type(record)).facts:
        value = getattr(record, name, None)
        if isinstance(value, dt.date):
            yield value.date() if isinstance(value, dt.datetime) else value


def _grouped(found: Any, tables: Roster, by: str) -> Any:  # noqa: ANN401
    share: outcomes.Share = getattr(found, "completed", found)
    return outcomes.subgroups(share, tables, by)


def _picture(found: Any, svg: Path) -> str:  # noqa: ANN401
    if not isinstance(found, outcomes.UntilEvent):
        refuse([Problem("--svg", f"{svg.name}: this measure has no curve", "ask for time-to-readmission")])
    days = pictures.nice_days(found.curve.last_day or 0)
    return pictures.survival_curves({"everybody": found.curve}, at_risk_at=days, title=found.measure)
