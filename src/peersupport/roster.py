"""The tables of one program, and how they are read: CSV, JSON and JSON Lines files, or records in memory.

A roster is read whole or not at all. Every fault of every file is found in one reading: a column that is no fact, a
value of another type, a missing or repeated id, a reference to nobody.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import itertools
import json
import tomllib
import zoneinfo
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import attrs

from peersupport.cells import RecordReader, Refused, cut, from_cell, from_json
from peersupport.library import CORE
from peersupport.rules import bounds
from peersupport.rules.calendar import FIRST_DAY, LAST_DAY, Office
from peersupport.rules.facts import KINDS, Kind, Record, Vocabulary
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.tables import Table, Tables

LARGEST_FILE = 500_000_000
LARGEST_SETTINGS = 1_000_000
COLUMNS: Final = 1_000
"""How many columns a table has at most."""
MOST: Final = 1_000
"""How many problems of one sort are told of a table; one that has more is not read to its end."""
SETTINGS = "roster.toml"
_ENDINGS = (".csv", ".json", ".jsonl")


@attrs.frozen(eq=False)
class Roster:
    """The records of one program, taken together: a table for each kind that was given.

    `notes` are things about the input that are no errors and still matter: records that could be anybody's. `digest`
    is the SHA-256 of what was read, or empty for records in memory.
    """

    tables: Tables
    vocabulary: Vocabulary = attrs.field(repr=False)
    notes: tuple[str, ...] = ()
    digest: str = ""

    def records(self, kind: str) -> tuple[Record, ...]:
        """The records of a kind, in the order of their table."""
        return self.tables.all_of(kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds whose tables were given."""
        return tuple(self.tables.tables)


@attrs.frozen(eq=False)
class _Row:
    """A record and where it came from."""

    record: Record
    place: str


def from_records(
    records: Iterable[Record],
    *,
    empty: Iterable[str] = (),
    since: Mapping[str, dt.date] | None = None,
    office: Office | None = None,
    vocabulary: Vocabulary = CORE,
) -> Roster:
    """A roster of records in memory. Each kind that occurs is a complete table; `empty` names complete empty ones.

    `since` gives the day from which a table is complete; `office` overrides the program's time zone and hours.
    Raises `InputError` for repeated ids and for references to nobody.
    """
    rows: dict[str, list[_Row]] = {kind: [] for kind in empty}
    named = {"empty": [*rows], "since": [*(since or {})]}
    unknown = [(where, kind) for where, kinds in named.items() for kind in kinds if kind not in vocabulary]
    raise_any([Problem(where, f"there is no kind {kind!r}", near(kind, vocabulary)) for where, kind in unknown])
    raise_any(list(_days_faults("since", since or {})))
    for number, record in enumerate(records, 1):
        kind = KINDS[type(record)].name if type(record) in KINDS else type(record).__name__
        if kind not in vocabulary:
            raise InputError([Problem(f"record {number}", f"there is no kind {kind!r}", near(kind, vocabulary))])
        rows.setdefault(kind, []).append(_Row(record, f"{kind} {record.id!r} (record {number})"))
    return _roster(rows, vocabulary, since or {}, office, "")


def read(path: str | Path, *, vocabulary: Vocabulary = CORE) -> Roster:
    """A roster from a folder with one file a table (`person.csv`, `plan.jsonl`), or from one JSON file of all tables.

    A folder may hold `roster.toml` with a table `since`, the day from which each table is complete, and a list
    `holidays` of days on which the office is closed. Raises `InputError` with every fault of every file.
    """
    place = Path(path)
    try:
        listed = sorted(place.iterdir()) if place.is_dir() else None
        one_file = place.suffix == ".json" and place.is_file()
    except OSError as error:
        raise InputError([_unread(str(path), error)]) from None
    if listed is not None:
        return _from_folder(place, listed, vocabulary)
    if one_file:
        return _from_json(place, vocabulary)
    raise InputError([Problem(str(path), "is not a folder of tables or a JSON file", "name one that is there")])


def _unread(place: str, error: OSError) -> Problem:
    return Problem(place, f"cannot be read: {error.strerror}", "see that it is there, and that you may read it")


def _from_folder(folder: Path, listed: Iterable[Path], vocabulary: Vocabulary) -> Roster:
    problems: list[Problem] = [
        Problem(each.name, f"is no {SETTINGS}, and would be passed over", f"call it {SETTINGS}")
        for each in listed
        if each.name != SETTINGS == each.name.lower()
    ]
    rows: dict[str, list[_Row]] = {}
    hashed = hashlib.sha256()
    refused: set[str] = set()
    for file in (each for each in listed if each.suffix.lower() in _ENDINGS):
        kind, before = file.stem, len(problems)
        if not file.is_file() or file.suffix not in _ENDINGS:
            fault, mend = "is not a file that ends in .csv, .json or .jsonl", "call it so, in small letters"
            problems.append(Problem(file.name, fault, mend))
        elif kind not in vocabulary:
            problems.append(Problem(file.name, f"there is no kind {kind!r}", near(kind, vocabulary)))
        elif kind in rows:
            problems.append(Problem(file.name, f"{kind} is there twice", "keep one file for each kind"))
        else:
            rows[kind] = _read_file(file, vocabulary[kind], problems, hashed.update)
            refused |= {kind} if len(problems) > before else set()
    if not rows and not problems:
        problems.append(Problem(str(folder), "has no tables", "put one file for each kind there, as in person.csv"))
    settings = _settings(folder / SETTINGS, problems, hashed.update)
    since = _since(settings.get("since", {}), vocabulary, problems)
    holidays = _holidays(settings.get("holidays"), problems)
    return _roster(rows, vocabulary, since, None, hashed.hexdigest(), problems, refused, holidays)


def _settings(file: Path, problems: list[Problem], hashed: Callable[[bytes], object]) -> Mapping[str, object]:
    if not file.is_file():
        there = file.exists() or file.is_symlink()
        problems.extend([Problem(file.name, "is not a file", "write the settings into it")] if there else [])
        return {}
    content = _content(file, LARGEST_SETTINGS, problems, hashed)
    settings = _toml(file.name, content, problems) if content else {}
    problems.extend(
        Problem(file.name, f"there is no setting {cut(key)!r}", "only `since` and `holidays`")
        for key in settings
        if key not in {"since", "holidays"}
    )
    return settings


def _toml(name: str, content: bytes, problems: list[Problem]) -> Mapping[str, object]:
    try:
        text = content.decode()
        large = bounds.text_fault(text)
        settings = {} if large else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(Problem(name, f"not TOML: {error}", "write it as in since.plan = 2026-01-31"))
        return {}
    except (ValueError, RecursionError):
        problems.append(Problem(name, "not TOML: a number is too long, or it is nested too deeply", "leave it out"))
        return {}
    problems.extend([Problem(name, *large)] if large else [])
    said = bounds.faults(settings)
    problems.extend(Problem(f"{name}, {where}" if where else name, fault, mend) for where, fault, mend in said)
    return {} if said else settings


def _since(since: object, vocabulary: Vocabulary, problems: list[Problem]) -> dict[str, dt.date]:
    """The day from which each table is complete."""
    if not isinstance(since, dict):
        problems.append(Problem(f"{SETTINGS}, since", "is not a table of days", "write since.plan = 2026-01-31"))
        return {}
    unknown = [kind for kind in since if kind not in vocabulary]
    problems.extend(
        Problem(f"{SETTINGS}, since", f"there is no kind {kind!r}", near(kind, vocabulary)) for kind in unknown
    )
    problems.extend(_days_faults(f"{SETTINGS}, since", {kind: since[kind] for kind in since if kind in vocabulary}))
    return since


def _days_faults(place: str, since: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong with the days from which tables are complete."""
    for kind, day in since.items():
        if type(day) is not dt.date:
            yield Problem(f"{place}.{kind}", "is not a date", "write it as in 2026-01-31")
        elif not FIRST_DAY <= day <= LAST_DAY:
            yield Problem(f"{place}.{kind}", "the year must lie in 1900 to 2199", "write another day")


def _holidays(days: object, problems: list[Problem]) -> frozenset[dt.date] | None:
    """The days on which the office is closed; None where they are not given, which is not that there are none."""
    if days is None:
        return None
    if isinstance(days, list) and all(type(day) is dt.date for day in days):
        return frozenset(days)
    problems.append(Problem(f"{SETTINGS}, holidays", "is not a list of days", "write holidays = [2026-05-25]"))
    return None


def _read_file(file: Path, kind: Kind, problems: list[Problem], hashed: Callable[[bytes], object]) -> list[_Row]:
    text = _text(file, problems, hashed)
    if text is None:
        return []
    reader = RecordReader(kind, from_cell if file.suffix == ".csv" else from_json)
    if file.suffix == ".csv":
        return _rows(reader, _csv_rows(file.name, text, reader), problems)
    if file.suffix == ".jsonl":
        return _rows(reader, _json_lines(file.name, text), problems)
    return _rows(reader, _listed(file.name, _json(file.name, text, problems)), problems)


def _text(file: Path, problems: list[Problem], hashed: Callable[[bytes], object]) -> str | None:
    content = _content(file, LARGEST_FILE, problems, hashed)
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(file.name, f"not UTF-8 at byte {error.start}", "save the file as UTF-8"))
        return None


def _content(file: Path, largest: int, problems: list[Problem], hashed: Callable[[bytes], object]) -> bytes | None:
    """The bytes of a file. Its size is asked first, and no more is read: some files say that they are empty."""
    try:
        with file.open("rb") as opened:
            size = file.stat().st_size
            content = b"" if size > largest else opened.read(largest + 1)
    except OSError as error:
        problems.append(_unread(file.name, error))
        return None
    if max(size, len(content)) > largest:
        problems.append(Problem(file.name, f"larger than {largest} bytes", "split the roster"))
        return None
    hashed(file.name.encode() + b"\0" + content)
    return content


Placed = Iterator[tuple[str, Mapping[str, object]] | Problem]
"""Records to be, each with its place; or what is wrong with one of them."""


def _rows(reader: RecordReader, values: Placed, problems: list[Problem]) -> list[_Row]:
    found: list[_Row] = []
    faults = _limited(_read_rows(reader, values, found), reader.kind.name)
    problems.extend(faults)
    return found


def _read_rows(reader: RecordReader, values: Placed, found: list[_Row]) -> Iterator[Problem]:
    """Put the records of a table among those found, and give what is wrong with the others."""
    for each in values:
        if isinstance(each, Problem):
            yield each
            continue
        record, faults = reader.record(each[1], each[0])
        yield from faults
        if record is not None:
            found.append(_Row(record, each[0]))


def _limited(problems: Iterator[Problem], kind: str) -> Iterator[Problem]:
    """No more problems of one sort than anybody mends at once."""
    yield from itertools.islice(problems, MOST)
    if next(problems, None):
        yield Problem(f"the table {kind}", f"has more than {MOST} problems", "mend these first: the rest is not read")


def _csv_rows(name: str, text: str, reader: RecordReader) -> Placed:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        faults = list(_header_faults(name, header, reader))
        yield from faults
        for number, row in enumerate([] if faults else rows, 2):
            place = f"{name}, row {number}"
            if len(row) != len(header):
                mend = "give each row one cell for each column, and quote cells that hold a comma"
                yield Problem(place, f"has {len(row)} cells for {len(header)} columns", mend)
            else:
                yield place, dict(zip(header, row, strict=True))
    except csv.Error as error:
        mend = "save it as CSV, with commas between cells and quotation marks around those that hold one"
        yield Problem(f"{name}, line {rows.line_num}", f"not CSV: {error}", mend)


def _header_faults(name: str, header: Sequence[str], reader: RecordReader) -> Iterator[Problem]:
    place = f"{name}, row 1"
    if len(header) > COLUMNS:
        yield Problem(place, f"has more than {COLUMNS} columns", "keep those that are facts")
        return
    if "id" not in header:
        yield Problem(place, "there is no column 'id'", "the first row holds the names of the facts, and id is one")
        return
    repeated = sorted(column for column, count in Counter(header).items() if count > 1)
    for column in repeated:
        yield Problem(f"{place}, column {cut(column)}", "is there twice", "keep one")
    known = {"id", *(fact.name for fact in reader.kind.stored)}
    yield from reader.unknown(set(header) - known, place)


def _json_lines(name: str, text: str) -> Placed:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            place, faults = f"{name}, line {number}", list[Problem]()
            read_ = _json(place, line, faults)
            yield from faults
            yield from _listed(place, [] if read_ is _FAILED else [read_], single=True)


_FAILED: Final = object()
"""What was read of a document that is not JSON."""
_AS_JSON: Final = 'write it as in [{"id": "p1", "birth_date": "1990-05-17"}]'


def _json(place: str, text: str, problems: list[Problem]) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=Decimal, parse_constant=_no_constant)
    except (json.JSONDecodeError, Refused) as error:
        problems.append(Problem(place, f"not JSON: {error}", getattr(error, "mend", _AS_JSON)))
    except (ValueError, ArithmeticError):
        problems.append(Problem(place, "not JSON: a number is too long to be read", "write one of at most 15 digits"))
    except RecursionError:
        problems.append(Problem(place, "not JSON: it is nested too deeply", _AS_JSON))
    return _FAILED


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            fault = f"{cut(name)!r} is there twice in one object"
            raise Refused(fault, "keep one")
        found[name] = value
    return found


def _no_constant(text: str) -> object:
    fault = f"{text} is not a number"
    raise Refused(fault, "write null where it is not recorded")


def _listed(name: str, values: object, *, single: bool = False) -> Placed:
    if values is _FAILED:
        return
    if not isinstance(values, list):
        yield Problem(name, "is not a list of records", 'write [{"id": "..."}]')
        return
    for number, each in enumerate(values, 1):
        place = name if single else f"{name}, record {number}"
        if isinstance(each, dict):
            yield place, each
        else:
            yield Problem(place, "is not an object of facts", 'write {"id": "..."}')


def read_json(file: Path) -> object:
    """The value of a JSON file, read as strictly as a roster. Raises `InputError`."""
    problems: list[Problem] = []
    if not file.is_file():
        raise InputError([Problem(str(file), "is not a file", "name one that is there")])
    text = _text(file, problems, lambda _content: None)
    data = None if text is None else _json(file.name, text, problems)
    raise_any(problems)
    return data


def _from_json(file: Path, vocabulary: Vocabulary) -> Roster:
    problems: list[Problem] = []
    hashed = hashlib.sha256()
    text = _text(file, problems, hashed.update)
    data = {} if text is None else _json(file.name, text, problems)
    if data == {} and not problems:
        problems.append(Problem(file.name, "has no tables", 'write {"person": [...], "plan": [...]}'))
    return from_mapping(data, vocabulary=vocabulary, name=file.name, digest=hashed.hexdigest(), problems=problems)


def from_mapping(
    data: object,
    *,
    vocabulary: Vocabulary = CORE,
    name: str = "roster",
    digest: str = "",
    problems: Iterable[Problem] = (),
) -> Roster:
    """A roster from plain values, as JSON has them: a list of records for each kind."""
    found, refused = list(problems), set[str]()
    rows: dict[str, list[_Row]] = {}
    if data is _FAILED:
        data = {}
    elif not isinstance(data, Mapping):
        found.append(Problem(name, "is not an object of tables", 'write {"person": [...], "plan": [...]}'))
        data = {}
    for kind, listed in data.items():
        if kind not in vocabulary:
            shown = cut(kind) if isinstance(kind, str) else kind
            found.append(Problem(name, f"there is no kind {shown!r}", near(str(shown), vocabulary)))
            continue
        reader, before = RecordReader(vocabulary[kind], from_json), len(found)
        rows[kind] = _rows(reader, _listed(f"{name}, {kind}", listed), found)
        refused |= {kind} if len(found) > before else set()
    return _roster(rows, vocabulary, {}, None, digest, found, refused)


# the whole


def _roster(
    rows: Mapping[str, Sequence[_Row]],
    vocabulary: Vocabulary,
    since: Mapping[str, dt.date],
    office: Office | None,
    digest: str,
    problems: Iterable[Problem] = (),
    refused: Iterable[str] = (),
    holidays: frozenset[dt.date] | None = None,
) -> Roster:
    """The roster of some rows, once ids and references are in order.

    What refers to a table with `refused` rows is not looked up: the row that it wants may be one of them.
    """
    found = list(problems)
    tables = {kind: _table(listed, since.get(kind)) for kind, listed in rows.items()}
    for kind, listed in rows.items():
        found.extend(_limited(_repeated(listed), kind))
    notes: list[str] = []
    for kind, listed in rows.items():
        there = {name: table for name, table in tables.items() if name not in set(refused)}
        found.extend(_limited(_dangling(vocabulary[kind], listed, there), kind))
        notes.extend(_unattached(vocabulary[kind], listed, tables))
        notes.extend(_reversed(vocabulary[kind], listed))
    own = _office(rows.get("program", ()), found, checked=office is None)
    office = office or (attrs.evolve(own, holidays=holidays) if own else None)
    raise_any(found)
    return Roster(Tables(tables, office), vocabulary, tuple(notes), digest)


def _table(rows: Sequence[_Row], since: dt.date | None) -> Table:
    records: dict[str, Record] = {}
    for row in rows:
        records.setdefault(row.record.id, row.record)
    return Table(records, since)


def _repeated(rows: Sequence[_Row]) -> Iterator[Problem]:
    """The records whose id an earlier one has."""
    seen: set[str] = set()
    for row in rows:
        if row.record.id in seen:
            yield Problem(row.place, f"the id {cut(row.record.id)!r} is taken", "each record has an id of its own")
        seen.add(row.record.id)


def _dangling(kind: Kind, rows: Sequence[_Row], tables: Mapping[str, Table]) -> Iterator[Problem]:
    links = [fact for fact in kind.stored if fact.type.kind in tables]
    for row in rows:
        for fact in links:
            for id_ in _ids(getattr(row.record, fact.name, None)):
                if id_ not in tables[fact.type.kind].records:
                    fault = f"there is no {fact.type.kind} {cut(id_)!r}"
                    yield Problem(
                        f"{row.place}, column {fact.name}", fault, f"add it to {fact.type.kind}, or mend the id"
                    )


def _ids(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return sorted(value) if isinstance(value, frozenset) else ()


def _unattached(kind: Kind, rows: Sequence[_Row], given: Container[str]) -> Iterator[str]:
    """References that are not recorded. One of several that the roster has no use for, nowhere recorded, is none."""
    needed = [fact for fact in kind.stored if fact.type.kind and not fact.type.or_none]
    lacks = {fact.name: [row.place for row in rows if getattr(row.record, fact.name, None) is None] for fact in needed}
    used = [name for name, lost in lacks.items() if len(lost) < len(rows)]
    for fact in needed:
        lost = lacks[fact.name]
        if lost and (fact.name in used or fact.type.kind in given or not used):
            shown = "; ".join(lost[:3]) + ("; ..." if len(lost) > 3 else "")
            yield f"{len(lost)} {kind.name} without {fact.name}, which could be anybody's and count for nobody: {shown}"


def _reversed(kind: Kind, rows: Sequence[_Row]) -> Iterator[str]:
    """Intervals that end before they start, which are never inside anything."""
    span = kind.span
    if span is None:
        return
    ends = [(row.place, getattr(row.record, span.start), getattr(row.record, span.end)) for row in rows]
    odd = [
        place for place, start, end in ends if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start
    ]
    if odd:
        shown = "; ".join(odd[:3]) + ("; ..." if len(odd) > 3 else "")
        yield f"{len(odd)} {kind.name} with {span.end} before {span.start}: {shown}"


def _office(rows: Sequence[_Row], problems: list[Problem], *, checked: bool) -> Office | None:
    if len(rows) > 1:
        problems.append(Problem(rows[1].place, "there is more than one program", "a roster is of one program"))
    zone = getattr(rows[0].record, "time_zone", None) if rows else None
    if zone is None or not checked:
        return None
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        problems.append(
            Problem(f"{rows[0].place}, column time_zone", f"{zone!r} is no time zone", "as in America/Chicago")
        )
        return None
    return Office(zone)
