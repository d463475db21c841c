"""Rules held against a frame: the tables made ready, each rule decided, and what is told of it handed back."""

from __future__ import annotations

import datetime as dt
import warnings
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import narwhals as nw

from peersupport.readers.columns import DETAILS, checks, deciding, door, exits
from peersupport.readers.columns import column as col
from peersupport.readers.columns.column import Column, named
from peersupport.readers.columns.engines import ROW, DuckDB, Frame
from peersupport.readers.columns.exits import Shown
from peersupport.readers.columns.outcomes import REASONS, VERDICTS, Outcome, why
from peersupport.readers.columns.scope import World
from peersupport.readers.columns.values import CHOOSING, Lacks
from peersupport.rules import calendar, loading
from peersupport.rules.calendar import Office
from peersupport.rules.findings import Reason
from peersupport.rules.forms import Rule
from peersupport.rules.problems import InputError, PartialTables, Problem, near
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Term


def judged(  # noqa: PLR0913  a question has many sides, each with its name
    rulebook: Rulebook,
    frame: Any,  # noqa: ANN401  a frame of any library
    about: str,
    on: dt.date,
    *,
    tables: Mapping[str, Any],
    rules: Iterable[str] | None,
    readings: Iterable[str],
    since: dt.date | None,
    complete_since: Mapping[str, dt.date],
    office: Office | None,
    tell: Iterable[str],
    codes: bool,
    trusted: bool,
    lend: bool,
) -> Any:  # noqa: ANN401
    """What `judge_frame` gives."""
    _check_days(on, since, complete_since)
    _check_names(tables, office, {"rules": rules, "readings": readings, "tell": tell})
    world = _world(rulebook, frame, about, on, tables, readings, complete_since, lend=lend)
    details = _details(tell)
    world.by_name, world.details = bool({"missing", "reason"} & set(details)), details != ["verdict"]
    world.since = since
    chosen = _chosen(rulebook, about, rules)
    _prepare(world, about, chosen, office, trusted=trusted)
    root = world.root(about)
    columns: dict[str, Column] = {exits.ID: root.start()}
    shown: dict[str, Shown] = {}
    for rule in chosen:
        told = deciding.outcome_of(rule, root, world.readings)
        for detail in details:
            name = rule.id if detail == "verdict" else f"{rule.id}:{detail}"
            columns[name], shown[name] = _told(told, detail, world)
            if detail == "verdict" and codes:
                shown[name] = Shown("number")
    if root.joins(columns) and not isinstance(root.engine, DuckDB):
        columns[ROW] = named(ROW, full=True)
    return exits.handed_back(root.frame(columns), shown, frame)


def _check_days(on: dt.date, since: dt.date | None, complete_since: Mapping[str, dt.date]) -> None:
    given = {"on": on, **({} if since is None else {"since": since})}
    given |= {f"complete_since of {kind}": day for kind, day in complete_since.items()}
    for name, day in given.items():
        if type(day) is not dt.date:
            message = f"{name} is a {type(day).__name__}: give a date, as in date(2026, 6, 30)"
            raise TypeError(message)
    if since is not None and since > on:
        fault = f"{since} lies after the day of the judgement, {on}"
        raise InputError([Problem("since", fault, "choose an earlier day")])


def _check_names(tables: object, office: object, names: Mapping[str, object]) -> None:
    message = ""
    if not isinstance(tables, Mapping):
        message = f"tables is a {type(tables).__name__}: give the frames by kind, as in {{'plan': plans}}"
    if office is not None and not isinstance(office, Office):
        message = f"office is a {type(office).__name__}: give an Office, as in Office('America/Chicago')"
    for name, given in names.items():
        if isinstance(given, str):
            message = f"{name} is one text: give a list of names, as in [{given!r}]"
    if message:
        raise TypeError(message)


def _world(
    rulebook: Rulebook,
    frame: Any,  # noqa: ANN401  a frame of any library
    about: str,
    on: dt.date,
    tables: Mapping[str, Any],
    readings: Iterable[str],
    complete_since: Mapping[str, dt.date],
    *,
    lend: bool,
) -> World:
    given = {**tables, about: frame}
    problems = [
        Problem(f"table {kind}", "is no kind of this rulebook", near(kind, rulebook.vocabulary))
        for kind in (*given, *complete_since)
        if kind not in rulebook.vocabulary
    ]
    if about in tables and tables[about] is not frame:
        problems.append(
            Problem(f"table {about}", "is given twice", "the frame that is judged is the table of its kind")
        )
    if problems:
        raise InputError(problems)
    engines = door.all_opened(given, about, lend=lend)
    chosen = rulebook.chosen(frozenset(readings))
    return World(rulebook, chosen, engines, calendar.checked(on), complete_since, by_name=False)


def _details(tell: Iterable[str]) -> list[str]:
    asked = list(dict.fromkeys(tell))
    problems = [
        Problem("tell", f"there is no detail {each!r}", near(each, DETAILS)) for each in asked if each not in DETAILS
    ]
    if problems:
        raise InputError(problems)
    return asked


def _chosen(rulebook: Rulebook, about: str, rules: Iterable[str] | None) -> list[Rule]:
    if rules is None:
        return [rule for rule in rulebook.judged if about in rule.about]
    chosen = [rulebook[name] for name in rules]
    for rule in chosen:
        if rule.form == "definition" or about not in rule.about:
            message = f"{rule.id} judges {' or '.join(rule.about)}, not {about}"
            raise TypeError(message)
    return chosen


def _prepare(world: World, about: str, chosen: Iterable[Rule], office: Office | None, *, trusted: bool) -> None:
    """The world made ready: its tables checked, its program read."""
    world.rows = _rows
    world.met = deciding.met
    kinds = world.rulebook.vocabulary
    asked = checks.used(about, _terms(world, chosen), kinds, lambda name: _bodies(world, world.rulebook[name]))
    asked.days.setdefault("program", set()).add("time_zone")
    world.engines = {kind: engine.held(asked.of(kinds[kind])) for kind, engine in world.engines.items()}
    world.engines, missing = checks.checked(world.engines, asked, kinds, trusted=trusted, rows=_rows)
    if missing:
        told = f"not recorded anywhere, so what hangs on it is unknown: {', '.join(missing)}"
        warnings.warn(told, PartialTables, stacklevel=4)
    world.program = _program(world, asked)
    zone = world.program.get("time_zone") if world.program else None
    world.office = office or (_office(zone) if isinstance(zone, str) else None)


def _office(zone: str) -> Office:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        fault = f"{zone!r} is no time zone"
        raise InputError([Problem("table program, column time_zone", fault, "as in America/Chicago")]) from None
    return Office(zone)


def _terms(world: World, chosen: Iterable[Rule]) -> Iterator[Term]:
    for rule in chosen:
        yield from _bodies(world, rule)


def _bodies(world: World, rule: Rule) -> Iterator[Term]:
    """The terms of a rule under the chosen readings, and under each where one has to be chosen."""
    readings = [world.readings]
    if rule.choose and not world.readings & set(rule.readings):
        readings = [world.readings | {name} for name in rule.readings]
    for kind in rule.about:
        for each in readings:
            yield from loading.parts(world.rulebook.body(rule, kind, each))


def _rows(frame: Frame) -> list[tuple[Any, ...]]:
    """The rows of a frame, read."""
    native = frame.to_native()
    if hasattr(native, "fetchall"):
        found: list[tuple[Any, ...]] = native.fetchall()
        return found
    return list(frame.collect().iter_rows())


def _program(world: World, asked: checks.Asked) -> Mapping[str, object] | None:
    """The facts of the program, which are the same for every row."""
    root = world.root("program") if "program" in world.rulebook.vocabulary else None
    if root is None or not root.given:
        return None
    columns = {fact.name: column for fact in asked.of(root.kind) if (column := root.fact(fact.name)) is not None}
    found = _rows(root.frame({**columns, exits.ID: root.start()}))
    if len(found) > 1:
        raise InputError([Problem("table program", f"has {len(found)} rows", "a frame is of one program")])
    return dict(zip(columns, found[0], strict=False)) if found else None


def _told(outcome: Outcome, detail: str, world: World) -> tuple[Column, Shown]:
    dated: Literal["instant", "date"] = "instant" if outcome.instant else "date"
    match detail:
        case "verdict":
            return outcome.verdict, Shown("code", tuple(each.value for each in VERDICTS))
        case "reason":
            return _reason(outcome, world), Shown("code", tuple(each.value for each in REASONS))
        case "due":
            return outcome.due, Shown(dated)
        case "done_on":
            return outcome.done_on, Shown(dated)
        case "missing":
            return _missing(outcome.missing), Shown("text")
        case "days_late":
            return outcome.days_late, Shown("number")
        case "days":
            return outcome.days, Shown("number")
        case _:
            return outcome.measured, Shown("number", places=outcome.places)


def _missing(lacks: Lacks) -> Column:
    """The names of what is missing, between semicolons; an empty text where nothing is."""
    nothing = col.lit("", nw.String)
    facts = {name: rows for name, rows in sorted(lacks.columns.items()) if name != CHOOSING}
    each = [col.choose(rows, col.lit(f"{name};", nw.String), nothing) for name, rows in facts.items()]
    if not each:
        return nothing
    reads = frozenset[str]().union(*(one.reads for one in each))
    return Column(nw.concat_str(*(one.expr for one in each)).str.strip_chars(";"), reads, full=True)


def _reason(outcome: Outcome, world: World) -> Column:
    """Why; where facts are missing, whether these are tables or judgements."""
    vocabulary = world.rulebook.vocabulary
    keys = [key for key in outcome.missing.columns if key != CHOOSING]
    facts = {key: vocabulary[key.split(".")[0]].facts.get(key.partition(".")[2]) for key in keys}
    others = [outcome.missing.columns[key] for key, fact in facts.items() if fact is None or not fact.judged]
    told = [outcome.missing.columns[key] for key in keys if "." in key]
    lacking = col.eq(outcome.reason, why(Reason.NOT_RECORDED))
    any_ = outcome.missing.any()
    only_tables = col.both(lacking, any_, col.no(col.either(*told)))
    only_judged = col.both(lacking, any_, col.no(col.either(*others)))
    reason = col.choose(only_judged, why(Reason.JUDGEMENT), outcome.reason)
    return col.choose(only_tables, why(Reason.NO_TABLE), reason)
