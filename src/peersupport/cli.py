"""The command line: audits, single records and referrals, a person's deadlines, courses, caseloads.

Exit codes: 0 when no `must` is not met, 1 when one is (or a checked file is wrong), 2 when an input could not be read.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sys
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import attrs
import click

from peersupport import caseload, outcomes, plans, referrals, schedule
from peersupport.auditing import Audit, audit, chosen_rules
from peersupport.library import available, load
from peersupport.readers import english
from peersupport.readers.judge import Judge, Unsupported, judge_of
from peersupport.roster import Roster, from_mapping, read, read_json
from peersupport.rules import calendar
from peersupport.rules.calendar import Office
from peersupport.rules.findings import COLUMNS, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from rich.console import Console

LONG = 20_000
"""From how many judgements on a progress bar is shown, on a terminal."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMULA = ("=", "+", "-", "@", "\t")
_F = TypeVar("_F", bound=Callable[..., Any])


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


def _asked(command: _F) -> _F:
    """The options that say by what and when to judge."""
    options = [
        click.option("--rulebook", required=True, help="A rulebook's name, or the path of its TOML file."),
        click.option("--on", type=Day(), required=True, help="The day of the judgement; later facts are not seen."),
        click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable)."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _common(command: _F) -> _F:
    """The same, with the rules to judge by."""
    return _asked(click.option("--rule", "rules", multiple=True, help="Only this rule (repeatable).")(command))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peersupport")
def cli() -> None:
    """Rules of peer-support programs, judged without guessing."""


@cli.command("audit")
@click.argument("roster", type=click.Path(path_type=Path))
@_common
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
    book = _or_exit(lambda: load(rulebook))
    _or_exit(lambda: _prepared(book, readings, chosen_rules(book, rules), alone=form == "text"))
    tables = _or_exit(lambda: read(roster, vocabulary=book.vocabulary))
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
        report.show(shown, _console(), days=days, queue=not verdicts, whole=whole, alone=responsible is not None)
    else:
        _write(shown, form)
    sys.exit(0 if made.clean else 1)


_ALL = tuple(verdict.value for verdict in Verdict)


def _audited(book: Rulebook, roster: Roster, **how: Any) -> Audit:  # noqa: ANN401  as `audit` takes them
    """The audit, with a progress bar where somebody waits for it."""
    count = sum(len(roster.records(kind)) for rule in book.judged for kind in rule.about)
    if count < LONG or not sys.stderr.isatty():
        return _or_exit(lambda: audit(book, roster, **how))
    from rich.console import Console  # noqa: PLC0415  slow to import, and most audits are over at once
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("judging", total=count)
        return _or_exit(
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
        _exit([Problem("--subject", f"nothing was judged of {name!r}", near(name, known)) for name in unknown])
    found = tuple(f for f in made.findings if f.subject[1] in subjects or f.person in subjects)
    loads = tuple(load for load in made.loads if load.subject[1] in subjects)
    return attrs.evolve(made, findings=found, loads=loads)


def _of(made: Audit, roster: Roster, responsible: str) -> Audit:
    """What one has to answer for; nothing, for a peer provider who answers for nothing."""
    known = {each.id for each in roster.records("peer_provider")}
    known |= {finding.responsible for finding in made.findings if finding.responsible}
    if responsible and responsible not in known:
        _exit([Problem("--responsible", f"there is no peer provider {responsible!r}", near(responsible, known))])
    return attrs.evolve(made, findings=tuple(f for f in made.findings if f.responsible == responsible))


def _write(made: Audit, form: str) -> None:
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in made.rows())
    elif form == "jsonl":
        for row in made.rows():
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        receipt = {name: str(value) for name, value in attrs.asdict(made.receipt).items() if value is not None}
        receipt["readings"] = "; ".join(made.receipt.readings)
        click.echo(json.dumps({"receipt": receipt, "findings": list(made.rows())}, ensure_ascii=False, indent=1))


def _safe(value: object) -> object:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


@cli.command("assess")
@click.argument("file", type=click.Path(path_type=Path))
@_common
def assess_command(file: Path, rulebook: str, on: dt.date, readings: tuple[str, ...], rules: tuple[str, ...]) -> None:
    """Judge one record from a JSON FILE and explain each finding.

    The file has the record judged as an object under its kind, and related records as lists under theirs:
    {"admission": {"id": "a1", ...}, "plan": [{"id": "p1", ...}]}. A list that is given is complete.
    """
    book = _or_exit(lambda: load(rulebook))
    kind, id_, roster = _or_exit(lambda: _case(file, book))
    record = roster.tables.tables[kind].records[id_]
    known = [rule.id for rule in book.judged if kind in rule.about]
    unknown = [name for name in rules if name not in known]
    if not known:
        kinds = {name for rule in book.judged for name in rule.about}
        _exit([Problem(f"rulebook {book.name}", f"no rule is about {kind}", near(kind, kinds))])
    if unknown:
        _exit([Problem(f"rulebook {book.name}", f"no rule {n!r} about {kind}", near(n, known)) for n in unknown])
    chosen = [book[name] for name in known if not rules or name in rules]
    judge = _or_exit(lambda: _prepared(book, readings, chosen))
    found = [f for rule in chosen for f in judge.findings(rule, record, on=on, tables=roster.tables, settles=True)]
    click.echo("\n\n".join(english.explain(finding) for finding in found))
    sys.exit(1 if any(finding.breaks for finding in found) else 0)


def _prepared(book: Rulebook, readings: Iterable[str], rules: Iterable[Rule], *, alone: bool = False) -> Judge:
    judge = judge_of(book, readings)
    judge.prepare((rule.id for rule in rules), alone=alone)
    return judge


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


_ROSTER = click.argument("roster", type=click.Path(path_type=Path))


@cli.command("timeline")
@_ROSTER
@click.argument("person")
@_asked
@click.option("--through", type=Day(), help="Go on up to this day with what repeats, each done on its due day.")
def timeline_command(
    roster: Path, person: str, rulebook: str, on: dt.date, readings: tuple[str, ...], through: dt.date | None
) -> None:
    """Print every deadline of a PERSON of the ROSTER, past and coming, as it stood on a day."""
    from peersupport import report  # noqa: PLC0415

    book = _or_exit(lambda: load(rulebook))
    tables = _or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    owed = _or_exit(lambda: plans.timeline(book, tables, person, on=on, through=through, readings=readings))
    report.timeline(owed, _console(), person, str(on))


@cli.command("referral")
@_ROSTER
@click.argument("referral")
@_asked
def referral_command(roster: Path, referral: str, rulebook: str, on: dt.date, readings: tuple[str, ...]) -> None:
    """Print what can be said of a REFERRAL of the ROSTER: may the person come in, what to ask, and what is owed."""
    from peersupport import report  # noqa: PLC0415

    book = _or_exit(lambda: load(rulebook))
    tables = _or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    found = _or_exit(lambda: referrals.answer(book, tables, referral, on=on, readings=readings))
    report.answer(found, _console())
    sys.exit(1 if found.outcome == "criteria_not_met" else 0)


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Clock(click.ParamType[dt.time]):
    """A time of day as HH:MM, on a clock of 24 hours."""

    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.time:
        """The time of a text; anything else is an error in the user's words."""
        if isinstance(value, str) and _TIME.fullmatch(value):
            return dt.time.fromisoformat(value)
        self.fail(f"{value!r} is not a time of day: write it as in 15:30", param, ctx)


@cli.command("schedule")
@click.option("--rulebook", required=True, help="A rulebook's name, or the path of its TOML file.")
@click.option("--start", type=Day(), required=True, help="The day of the first meeting.")
@click.option("--about", default="enrollment", show_default=True, help="The kind of record that is planned for.")
@click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable).")
@click.option("--left-care", type=Day(), help="The day of leaving care, for readings that count from it.")
@click.option("--follow-up/--no-follow-up", default=None, help="Whether the person agrees to be called afterwards.")
@click.option("--weekday", type=click.Choice(_WEEKDAYS), help="The day of the weekly call.")
@click.option("--time", "at", type=Clock(), default="09:00", show_default=True, help="The time of the weekly call.")
@click.option("--minutes", type=click.IntRange(1, 1_439), default=60, show_default=True, help="How long it lasts.")
@click.option("--zone", default="America/Chicago", show_default=True, help="The program's time zone.")
@click.option(
    "--holiday", "closed", type=Day(), multiple=True, help="A day on which the office is closed (repeatable)."
)
@click.option("--holidays", "place", help="The public holidays of a country or a part of it, as US-MN.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write the calendar to this file.")
@click.option("--key", default="course", show_default=True, help="Tells this calendar from others in the file's ids.")
def schedule_command(  # noqa: PLR0913, PLR0917  one for each option
    rulebook: str,
    start: dt.date,
    about: str,
    readings: tuple[str, ...],
    left_care: dt.date | None,
    weekday: str | None,
    at: dt.time,
    minutes: int,
    zone: str,
    closed: tuple[dt.date, ...],
    place: str | None,
    ics: Path | None,
    key: str,
    *,
    follow_up: bool | None,
) -> None:
    """Print a whole course from its first meeting on, week by week, and write it as a calendar file.

    Nobody's records are read: it is what the rulebook asks of somebody who starts on that day and stays.
    """
    from peersupport import report  # noqa: PLC0415

    book = _or_exit(lambda: load(rulebook))
    office = _or_exit(lambda: _office(zone, closed, place, start))
    meeting = None
    if weekday is not None:
        lasts = dt.timedelta(minutes=minutes)
        meeting = schedule.Meeting(weekday=_WEEKDAYS.index(weekday), at=at, lasts=lasts)
    course = _or_exit(
        lambda: schedule.calendar(
            book,
            start,
            about=about,
            facts={} if follow_up is None else {"follow_up_consent": follow_up},
            left_care_on=left_care,
            readings=readings,
            office=office,
            meeting=meeting,
        )
    )
    report.course(course, _console(), book.title, start)
    if ics is not None:
        written = _or_exit(lambda: schedule.as_ics(course, key))
        _or_exit(lambda: _saved(ics, written))


def _office(zone: str, closed: Iterable[dt.date], place: str | None, start: dt.date) -> Office:
    try:
        office = Office(zone=zone)
        _ = office.tz
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        mend = "write a name of the time zone database, as in America/Chicago"
        raise InputError([Problem("--zone", f"there is no time zone {zone!r}", mend)]) from None
    days = frozenset(closed)
    if place is not None:
        days |= schedule.holidays_of(place, range(start.year, start.year + 3))
    return attrs.evolve(office, holidays=days) if days or place is not None else office


def _saved(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}")]) from None


@cli.command("caseload")
@_ROSTER
@_asked
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
        _exit([Problem("--since", f"{since} lies after the day asked about, {on}", "choose an earlier day")])
    if since and not peer_provider:
        _exit([Problem("--since", "shows the days of one caseload", "name it with --peer-provider")])
    book = _or_exit(lambda: load(rulebook))
    tables = _or_exit(lambda: read(roster, vocabulary=book.vocabulary))
    if peer_provider is None:
        report.places(
            _or_exit(lambda: caseload.open_places(book, tables, on=on, readings=readings)), _console(), str(on)
        )
        return
    first = since or on
    found = _or_exit(
        lambda: caseload.over_time(book, tables, peer_provider, since=first, through=on, readings=readings)
    )
    report.caseload(found, _console())


@cli.command("outcomes")
@_ROSTER
@click.option("--on", type=Day(), required=True, help="The last day that is seen.")
@click.option("--days", type=click.IntRange(1, 3_650), default=90, show_default=True, help="The length of a stretch.")
def outcomes_command(roster: Path, on: dt.date, days: int) -> None:
    """Print what is attested of the outcomes in a ROSTER, and the contacts with crisis services along the service."""
    from peersupport import report  # noqa: PLC0415

    tables = _or_exit(lambda: read(roster))
    attested = _or_exit(lambda: outcomes.attested(tables, on=on))
    trend = _or_exit(lambda: outcomes.crisis_contacts(tables, on=on, days=days))
    report.outcomes(attested, trend, _console())


@cli.command("rules")
@click.argument("rulebook")
@click.option("--reading", "readings", multiple=True, help="Choose a reading by its name (repeatable).")
def rules_command(rulebook: str, readings: tuple[str, ...]) -> None:
    """Print a RULEBOOK in plain English, each rule with its source and readings.

    RULEBOOK is a name or the path of a TOML file; without a file of that name, the names that there are.
    """
    book = _or_exit(lambda: load(rulebook))
    chosen = _or_exit(lambda: book.chosen(frozenset(readings)))
    click.echo(english.book(book, chosen), nl=False)


@cli.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_command(file: Path) -> None:
    """Say whether a rulebook FILE is right: every error at once, with the rule, a caret and the mend.

    The worked examples in the file are judged, and each that does not come out as stated is an error too.
    """
    from peersupport import testing  # noqa: PLC0415  only this command tries examples

    packaged = str(file) in available()
    if not packaged and not file.is_file():
        _exit([Problem(str(file), "is not a file", near(str(file), available()))])
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


# doors


_T = TypeVar("_T")


def _or_exit(read_: Callable[[], _T]) -> _T:
    """What `read_` gives; a fault of the input is printed, and the exit code is 2."""
    try:
        return read_()
    except InputError as error:
        _exit(error.problems)
    except Unsupported as error:
        _exit([Problem("rulebook", str(error))])


def _exit(problems: Iterable[Problem]) -> NoReturn:
    click.echo(str(InputError(problems)), err=True)
    sys.exit(2)


def _console() -> Console:
    from rich.console import Console  # noqa: PLC0415

    from peersupport import report  # noqa: PLC0415

    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else report.WIDTH)
