"""Whatever is given, the outcome is a right reading or a refusal with a place and a mend.

Never a traceback, a hang or a roster of which a part is missing. What is broken is made of whole structures, so that
most of it is of the sort that somebody's mistake makes; what a stranger could send on purpose is listed by name, and is
tried in a process of its own with little time and memory, in which every file that is opened is seen.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from broken import ATTACKS, HEAD, JUNK, ODD_TEXTS, PLAIN, broken, rule
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import peersupport
from peersupport import CORE, NONE, InputError, Person, Problem, Record, Roster, from_records, read
from peersupport import roster as rosters
from peersupport.cells import WIDEST, Refused, cut, from_json
from peersupport.roster import from_mapping
from peersupport.rules import bounds, facts, syntax
from peersupport.rules.facts import Fact, Kind, read_fact
from peersupport.rules.problems import near
from peersupport.rules.syntax import MOST_FAULTS, Scope, SyntaxFaults
from peersupport.rules.text import unparse
from peersupport.testing import drafts, strategies

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
QUICK = settings(phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def refused(reading: Callable[[], object]) -> tuple[Problem, ...]:
    """Why something is refused: each problem has a place and a fault and can be printed; none when it is read.

    Any other error is raised.
    """
    problems: tuple[Problem, ...] = ()
    try:
        reading()
    except InputError as error:
        problems = error.problems or (Problem("", ""),)
    text = str(InputError(problems))
    assert all(problem.place and problem.fault for problem in problems)
    assert text.encode()
    assert text.replace("\n", "").isprintable()
    return problems


# rulebook files with mistakes


@QUICK
@given(broken(drafts.rulebook_data()))
def test_a_broken_rulebook_is_read_or_refused(data: dict[str, Any]) -> None:
    """A rulebook with a few places changed into anything loads, or is refused with the file named in each problem."""
    text = drafts.written(data)
    for problem in refused(lambda: peersupport.loads(text, file="broken.toml")):
        assert problem.place.startswith("broken.toml")


@QUICK
@given(st.dictionaries(st.sampled_from(["rulebook", "title", "kinds", "sources", "criterion", "extends", "x"]), JUNK))
def test_any_tables_are_no_rulebook(data: dict[str, Any]) -> None:
    """What was never a rulebook is refused: no choice of values makes one of it by chance."""
    assert refused(lambda: peersupport.loads(drafts.written(data)))


@QUICK
@given(drafts.rulebook_data(), st.data())
def test_a_key_that_stands_twice_is_refused(data: dict[str, Any], more: st.DataObject) -> None:
    """Nobody knows which of the two is meant."""
    lines = drafts.written(data).splitlines()
    keyed = [number for number, line in enumerate(lines) if " = " in line]
    number = more.draw(st.sampled_from(keyed))
    (problem,) = refused(lambda: peersupport.loads("\n".join([*lines[:number], lines[number], *lines[number:]])))
    assert problem.fault.startswith("not TOML")


# strangers

STRANGER: Final = """
import json, os, resource, sys
import peersupport
from peersupport import InputError

def refusal(text):
    try:
        peersupport.loads(text, file="stranger.toml")
    except InputError as error:
        first = error.problems[0]
        return [first.place, first.fault, first.mend, len(error.problems), len(str(error))]
    return ["", "it was read", "", 0, 0]

def used():
    with open("/proc/self/statm") as opened:
        return int(opened.read().split()[0]) * resource.getpagesize()

events = set()
def seen(event, _):
    if event.split(".")[0] in {"open", "exec", "import", "os", "subprocess", "socket", "shutil", "ctypes"}:
        events.add(event)

refusal('rulebook = "x"\\n[[criterion]]\\nid = "a"\\nabout = "plann"\\nsource = "S: 1"\\nholds = "known(x"\\nzz = 1')
refusal('rulebook = "x"\\nextends = "nebraska-dbhh"')
attacks = json.load(open(sys.argv[1], encoding="utf-8", errors="surrogatepass"))
os.chdir(sys.argv[2])
sys.addaudithook(seen)
for name, text in attacks.items():
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (used() + 100_000_000, resource.RLIM_INFINITY))
        events.clear()
        try:
            told = refusal(text)
        except BaseException as error:
            told = [type(error).__name__, str(error), "", 0, 0]
        os.write(writes, json.dumps([*told, sorted(events)]).encode()[:60_000])
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as told:
        said = told.read()
    os.waitpid(child, 0)
    print(json.dumps([name, json.loads(said) if said else ["killed", "it took too long", "", 0, 0, []]]))
"""
"""Tries each file of a list in a process of its own: five seconds of a processor, which is generous for one that is
promised, and 100 MB more than the package itself takes."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Any]]:
    """What became of each attack: the first problem's place, fault and mend, the number of problems, what was done."""
    pytest.importorskip("resource")
    folder = tmp_path_factory.mktemp("strangers")
    (folder / "own.toml").write_text(HEAD)
    (folder / "own").symlink_to(folder / "own.toml")
    text = json.dumps(ATTACKS, ensure_ascii=False).encode("utf-8", "surrogatepass")
    (folder / "attacks.json").write_bytes(text)
    code = STRANGER.replace("SECONDS", "5")
    command = [sys.executable, "-c", code, str(folder / "attacks.json"), str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")  # noqa: S603
    assert ran.returncode == 0, ran.stderr
    assert sorted(each.name for each in folder.iterdir()) == ["attacks.json", "own", "own.toml"]
    return dict(json.loads(line) for line in ran.stdout.splitlines())


@pytest.mark.parametrize("name", ATTACKS)
def test_a_stranger_s_file_is_refused_at_once(name: str, outcomes: Mapping[str, list[Any]]) -> None:
    """With a place and a mend or what is wrong, few problems and a short text, in little time and memory."""
    place, fault, _, count, length, _ = outcomes[name]
    assert place.startswith(("stranger.toml", "rulebook '")), (place, fault)
    assert 1 <= count <= bounds.PROBLEMS + 1
    assert length < 60_000


@pytest.mark.parametrize("name", ATTACKS)
def test_a_stranger_s_file_opens_and_runs_nothing(name: str, outcomes: Mapping[str, list[Any]]) -> None:
    """While it is read no file is opened, no code runs, nothing is imported and no other program is called.

    Only the names of the package's own rulebooks are looked up where it extends one.
    """
    assert set(outcomes[name][5]) <= ({"os.listdir", "os.scandir"} if name.startswith("extends") else set())


# how large a file may be


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("=" * bounds.MARKS, None),
        ("=" * (bounds.MARKS + 1), "has more than 60000 lines, values and signs"),
        ("a." * bounds.PARTS + "a = 1", "line 1 has a key of more than 64 names joined by points"),
        ("a." * (bounds.PARTS - 1) + "a = 1", None),
        ("\n\n [[ " + "a . " * 64 + "a]]", "line 3 has a key"),
        ("x = { " + "'a b'." * 64 + "a = 1}", "line 1 has a key"),
        ("x = { y = 1, " + '"a b".' * 64 + "a = 1}", "line 1 has a key"),
        ("x = '" + "a." * 64 + "a'", None),
        ("x = " + "1" * 10_000, None),
        ("\nx = 0." + "1" * 10_001, "line 2 has a number of more than 10000 digits"),
    ],
)
def test_a_text_is_measured_before_it_is_read(text: str, fault: str | None) -> None:
    """At the bound it is read; beyond it, it is refused, and a long key with its line."""
    found = bounds.text_fault(text)
    assert (found is None) is (fault is None)
    assert found is None or found[0].startswith(str(fault))


@pytest.mark.parametrize(
    ("data", "where", "fault"),
    [
        ({"x": [0] * 2_000}, None, ""),
        ({"x": [0] * 2_001}, "x", "has more than 2000 entries"),
        ({str(n): 0 for n in range(2_001)}, "", "has more than 2000 entries"),
        ({"x": [{"y": "a" * 20_000}]}, None, ""),
        ({"x": [{"y": "a" * 20_001}]}, "x 1, y", "is longer than 20000 characters"),
        ({"x": [{"id": "a.b", "y": "\x07"}]}, "x a.b, y", "has a character that does not print"),
        ({"criterion": [{"id": "a.b", "holds": {"one": "\x07"}}]}, None, ""),
        ({"x": {"a" * 200: 1}}, None, ""),
        ({"x": {"a" * 201: 1}}, "x", "has a name of more than 200 characters"),
        ({"x\x1b": 1}, "", "has a name with a character that does not print"),
        ({"x": 10**28 - 1}, None, ""),
        ({"x": -(10**28)}, "x", "is a number of more than 28 digits"),
        ({"x": Decimal(10**28 - 1)}, None, ""),
        ({"x": Decimal(10**28)}, "x", "is a number of more than 28 digits"),
        ({"x": Decimal("1e-28")}, None, ""),
        ({"x": Decimal("1e-29")}, "x", "is a number of more than 28 digits"),
        ({"x": Decimal("NaN")}, None, ""),
        ({"x": True}, None, ""),
        ({"x": dt.date(1900, 1, 1)}, None, ""),
        ({"x": dt.date(1899, 12, 31)}, "x", "the year must lie in 1900 to 2199"),
        ({"x": dt.datetime(2200, 1, 1)}, "x", "the year must lie in 1900 to 2199"),
        ({"kinds": {f"k{n}": {} for n in range(200)}}, None, ""),
        ({"kinds": {f"k{n}": {} for n in range(201)}}, "kinds", "are more than 200 kinds"),
        ({"kinds": {"k": {f"f{n}": "bool" for n in range(1_001)}}}, "kinds", "are more than 200 kinds, or have more"),
        ({"kinds": 5, "criterion": 5, "limit": [5]}, None, ""),
        ({"criterion": [{"holds": "x" * 10, "readings": 5}] * 2_000}, None, ""),
        ({"criterion": [{"holds": "x" * 50}] * 2_000}, "", "its rules have too many characters"),
        ({"criterion": [{"about": ["a"] * 2_000, "holds": ["x" * 50]}]}, "", "its rules have too many characters"),
        ({"limit": [{"readings": {f"r{n}": {} for n in range(1_999)}, "measure": "x" * 99}]}, "", "its rules have too"),
    ],
)
def test_what_was_read_is_measured_before_it_means_anything(
    data: dict[str, object], where: str | None, fault: str
) -> None:
    """At each bound nothing is said; beyond it, the place and what is too much."""
    found = bounds.faults(data)
    assert [(place, said[: len(fault)]) for place, said, _ in found] == ([] if where is None else [(where, fault)])
    assert all(mend for *_, mend in found)


def test_no_more_is_measured_than_is_told() -> None:
    """A file with a thousand numbers beyond all measure has a hundred problems."""
    assert len(bounds.faults({"x": [10**30] * 1_000})) == bounds.PROBLEMS


def test_every_rulebook_of_the_package_lies_far_inside_the_bounds() -> None:
    """A rulebook twice as large as any of them is read."""
    for name in peersupport.available():
        text = (Path(peersupport.__file__).parent / "rulebooks" / f"{name}.toml").read_text(encoding="utf-8")
        assert bounds.text_fault(text * 2) is None


def test_a_file_with_many_problems_is_not_read_to_its_end() -> None:
    """A hundred are told, and that there are more."""
    for tell in (bounds.Limited.add, lambda notes, *said: notes.extend([Problem(said[0], said[1])])):
        notes = bounds.Limited("x.toml")
        for number in range(bounds.PROBLEMS):
            tell(notes, f"row {number}", "is wrong")
        with pytest.raises(InputError) as caught:
            tell(notes, "row 100", "is wrong")
        assert len(caught.value.problems) == bounds.PROBLEMS + 1
        assert caught.value.problems[-1].fault == "has more than 100 problems"


@given(st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefgh"))))
def test_circles_are_found(asked: dict[str, set[str]]) -> None:
    """Two names have one number where each reaches the other, held against walking from each of them."""

    def reached(start: str) -> set[str]:
        found: set[str] = set()
        ahead = [start]
        while ahead:
            more = asked.get(ahead.pop(), set()) - found
            found |= more
            ahead += more
        return found

    number = bounds.circles(asked)
    assert set(number) == set(asked)
    for one in asked:
        for other in asked:
            both = one == other or (other in reached(one) and one in reached(other))
            assert (number[one] == number[other]) is both


def test_a_circle_of_many_is_one() -> None:
    """Fifty thousand that each lead to the next are followed without running out of stack."""
    many = 50_000
    assert len(set(bounds.circles({str(n): [str((n + 1) % many)] for n in range(many)}).values())) == 1
    assert len(set(bounds.circles({str(n): [str(n + 1)] for n in range(many)}).values())) == many


# expressions

FACTS = {
    "word": "choice: open",
    "words": "set: open",
    "dose": "decimal",
    "agreed": "bool",
    "other": "-> lamp or none",
}


def scope() -> Scope:
    """A vocabulary of one kind."""
    declared = {name: read_fact(name, type_) for name, type_ in FACTS.items()}
    kind = facts.make_kind(None, Kind("lamp", Record, declared), declared.values())
    return Scope(facts.Vocabulary({"lamp": kind}), "lamp")


@pytest.mark.parametrize(
    "text",
    [
        "word == 'a' 'b'",
        "word in {'a' 'b'}",
        "word in {'a', 'b' 'c'}",
        "word == r'a'",
        "word == u'a'",
        "word == '''a'''",
        'word == "" "a"',
        "met('a' '.b')",
        "met(u'a')",
        "'a' \"b\" in words",
    ],
)
def test_a_word_stands_in_one_pair_of_quotation_marks(text: str) -> None:
    """A forgotten comma would make one word of two, without a word said."""
    with pytest.raises(SyntaxFaults, match="a word stands in one pair of quotation marks"):
        syntax.parse(text, scope())


@pytest.mark.parametrize("text", ['word == "it\'s"', "{'ü', 'a\"b'} <= words", "dose > 0.0000001", "met('a.b')"])
def test_words_and_small_numbers_are_written_as_they_are_read(text: str) -> None:
    """A word with a quotation mark in it, and a number that Python would write with an exponent."""
    term = syntax.parse(text, scope())
    assert syntax.parse(unparse(term), scope()) == term


@pytest.mark.parametrize(
    "text",
    [
        "agreed == (agreed == agreed == agreed) == agreed",
        "agreed == (not (agreed == agreed == agreed)) == agreed",
        "agreed == at_least(1, agreed, 1 < dose < 3) == agreed",
    ],
)
def test_a_chain_stands_in_no_other(text: str) -> None:
    """Its middle is read twice, so forty of them in one another would be read a million million times."""
    with pytest.raises(SyntaxFaults, match="a chain of comparisons stands inside of another"):
        syntax.parse(text, scope())


@pytest.mark.parametrize(
    "text", ["1 < dose < 3 < 4", "0 < count(lamp, 1 < dose < 3) < 5", "(1 < dose < 3) == agreed", "1 < dose + 1 < 3"]
)
def test_a_chain_may_stand_elsewhere(text: str) -> None:
    """At an end of another comparison, and in a condition on related records, which are not nested deeply."""
    assert syntax.parse(text, scope()).type.base == "bool"


def test_the_faults_of_a_text_are_cut() -> None:
    """Of a thousand words that mean nothing, the first twenty are told."""
    with pytest.raises(SyntaxFaults) as caught:
        syntax.parse(" or ".join(["zz"] * 300), scope())
    assert len(caught.value.faults) == MOST_FAULTS
    assert [fault.at for fault in caught.value.faults[:3]] == [0, 6, 12]


# tables with mistakes


def whole_tables() -> st.SearchStrategy[dict[str, Any]]:
    """Tables of a roster as JSON has them."""
    return strategies.rosters(CORE, kinds=("person", "admission", "plan", "contact", "program")).map(
        lambda roster: {kind: [_plain(record) for record in roster.records(kind)] for kind in roster.kinds}
    )


def _plain(record: Record) -> dict[str, Any]:
    values = {fact.name: getattr(record, fact.name) for fact in facts.kind_of(type(record)).stored}
    return {"id": record.id} | {name: _as_json(value) for name, value in values.items()}


def _as_json(value: object) -> object:
    if value is NONE:
        return "none"
    if isinstance(value, frozenset):
        return sorted(value) or "none"
    return value.isoformat() if isinstance(value, dt.date) else value


def right(roster: Roster, tables: Mapping[str, Any]) -> None:
    """Every record that was given is there, with every value that was given of it and no other."""
    assert set(roster.kinds) == set(tables)
    for kind, listed in tables.items():
        told = [_plain(record) for record in roster.records(kind)]
        for mine, theirs in zip(told, listed, strict=True):
            assert set(theirs) <= set(mine)
            assert mine.pop("id") == theirs["id"].strip()
            for name, value in mine.items():
                assert said(value) == said(theirs.get(name)), name


def said(value: object) -> object:
    """What a value says, whichever way it is written."""
    if value in ("", None):
        return None
    if isinstance(value, list):
        return sorted(map(str, value)) or "none"
    return _instant(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d[T ].*", value) else value


def _instant(text: str) -> object:
    at = dt.datetime.fromisoformat(text)
    return (at.astimezone(dt.UTC).isoformat() if at.year > dt.MINYEAR + 1 else text, at.utcoffset())


@QUICK
@given(broken(whole_tables()))
def test_broken_tables_are_read_rightly_or_refused(tables: Any) -> None:  # noqa: ANN401  tables or not
    """In memory: a roster in which all that was given stands as it was given, or why there is none."""
    if not refused(lambda: from_mapping(tables)):
        right(from_mapping(tables), tables)


@QUICK
@given(broken(whole_tables()), st.sampled_from(["one", "json", "jsonl"]))
def test_broken_files_are_read_rightly_or_refused(tables: Any, form: str) -> None:  # noqa: ANN401  tables or not
    """The same from one JSON file, from one for each table, and from JSON Lines."""
    with tempfile.TemporaryDirectory() as path:
        place = _files(Path(path), tables, form)
        if not refused(lambda: read(place)):
            roster = read(place)
            assert {kind: len(roster.records(kind)) for kind in roster.kinds} == {k: len(v) for k, v in tables.items()}


def _files(folder: Path, tables: Any, form: str) -> Path:  # noqa: ANN401  tables or not
    if form == "one" or not isinstance(tables, dict):
        (folder / "all.json").write_text(_dumped(tables))
        return folder / "all.json"
    for number, (kind, listed) in enumerate(tables.items()):
        name = kind if re.fullmatch("[a-zA-Z_]{1,40}", kind) else f"kind{number}"
        lines = [_dumped(each) for each in listed] if isinstance(listed, list) else [_dumped(listed)]
        text = "\n".join(lines) if form == "jsonl" else _dumped(listed)
        (folder / f"{name}.{form}").write_text(text)
    return folder


def _dumped(value: object) -> str:
    """JSON with numbers as they are, also those that Python would not write: NaN, long ones, days as texts."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_dumped(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_dumped, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, default=str)


CELLS: Final = st.one_of(
    st.sampled_from(ODD_TEXTS), st.text(max_size=12), PLAIN.filter(lambda v: v != 10**4299).map(str)
)


@QUICK
@given(st.sampled_from(sorted(CORE)), st.data())
def test_any_cell_is_read_rightly_or_refused(kind: str, data: st.DataObject) -> None:
    """A cell of CSV with anything in it: the value says what the cell says, or the cell is named with its row."""
    fact = data.draw(st.sampled_from(CORE[kind].stored))
    cell = data.draw(CELLS).encode("utf-8", "replace").decode()
    with tempfile.TemporaryDirectory() as path:
        written = io.StringIO()
        csv.writer(written).writerows([["id", fact.name], ["x1", cell]])
        (Path(path) / f"{kind}.csv").write_text(written.getvalue(), encoding="utf-8", newline="")
        problems = refused(lambda: read(path))
        if problems:
            assert [problem.place for problem in problems] in (
                [f"{kind}.csv, row 2, column {fact.name}"],
                ["the table " + kind],
            ) or problems[0].fault.startswith(("not CSV", "has "))
        else:
            assert cell_says(fact, getattr(read(path).records(kind)[0], fact.name), cell.strip())


def cell_says(fact: Fact, value: object, cell: str) -> bool:
    """Whether a value is what a cell says, held against another way to read it."""
    if cell == "":
        return value is None
    if cell == "none" and (fact.type.or_none or fact.type.base in {"set", "refs"}):
        return value is NONE or value == frozenset()
    match value:
        case bool():
            return cell.lower() in ({"yes", "true"} if value else {"no", "false"})
        case int() | Decimal():
            return Decimal(cell) == value and cell.isascii()
        case dt.datetime():
            return value == dt.datetime.fromisoformat(cell)
        case dt.date():
            return cell == f"{value.year:04}-{value.month:02}-{value.day:02}"
        case frozenset():
            return {each.strip() for each in cell.split(";")} == value
        case _:
            return value == cell


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (Decimal("999999999999999.123456789"), ""),
        (Decimal("1e14"), ""),
        (Decimal("1e15"), "has more than 15 digits"),
        (Decimal("1e999999999"), "has more than 15 digits"),
        (Decimal("-1e999999999"), "has more than 15 digits"),
        (Decimal("1e-9"), ""),
        (Decimal("1e-10"), "has more than 15 digits before the point, or more than 9 behind it"),
        (Decimal("1.0000000000"), "has more than 15 digits"),
    ],
)
def test_a_number_of_json_has_no_more_digits_than_one_of_csv(value: Decimal, fault: str) -> None:
    """So none is so large or so small that to count with it takes long."""
    fact = read_fact("x", "decimal liters")
    if fault:
        with pytest.raises(Refused, match=fault):
            from_json(fact, value)
    else:
        assert from_json(fact, value) == value


@QUICK
@given(st.sampled_from(sorted(CORE)), st.data())
def test_a_record_in_memory_is_what_was_given_or_refused(kind: str, data: st.DataObject) -> None:
    """Of any value of any sort for a fact: the record holds it as it is, or says which fact is wrong."""
    fact = data.draw(st.sampled_from(CORE[kind].stored))
    value = data.draw(JUNK | st.frozensets(st.one_of(st.text(max_size=3), st.integers()), max_size=2))
    made = CORE[kind].record
    problems = refused(lambda: made(id="x1", **{fact.name: value}))
    if problems:
        assert [problem.place for problem in problems] == [f"{made.__name__} 'x1', {fact.name}"]
    else:
        assert getattr(made(id="x1", **{fact.name: value}), fact.name) == value


@pytest.mark.parametrize("day", ["2026-01-31", dt.datetime(2026, 1, 31), 5, None, True])
def test_a_table_in_memory_is_complete_since_a_day_and_nothing_else(day: Any) -> None:  # noqa: ANN401  any sort
    """A text would be held against days much later, and fail there."""
    with pytest.raises(InputError, match=r"since\.person: is not a date \(write it as in 2026-01-31\)"):
        from_records([Person(id="p1")], since={"person": day})


@pytest.mark.parametrize("day", [dt.date(1899, 12, 31), dt.date(2200, 1, 1), dt.date.min, dt.date.max])
def test_a_table_is_complete_since_a_day_that_can_be_judged(day: dt.date) -> None:
    """In memory and from a file."""
    with pytest.raises(InputError, match="the year must lie in 1900 to 2199"):
        from_records([Person(id="p1")], since={"person": day})


# the settings of a roster


def whole_settings() -> st.SearchStrategy[dict[str, Any]]:
    """Settings as they should be."""
    days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
    kinds = st.dictionaries(st.sampled_from(["person", "plan"]), days)
    return st.fixed_dictionaries({"since": kinds, "holidays": st.lists(days, max_size=4)})


@QUICK
@given(broken(whole_settings()))
def test_broken_settings_are_read_rightly_or_refused(settings_: dict[str, Any]) -> None:
    """Whatever stands in `roster.toml`: the days that it says, or what is wrong with it."""
    with tempfile.TemporaryDirectory() as path:
        (Path(path) / "person.csv").write_text("id\n")
        (Path(path) / "plan.csv").write_text("id\n")
        (Path(path) / "program.csv").write_text("id,time_zone\nx,UTC\n")
        (Path(path) / "roster.toml").write_bytes(drafts.written(settings_).encode("utf-8", "surrogatepass"))
        for problem in refused(lambda: read(path)):
            assert problem.place.startswith("roster.toml")
            return
        tables = read(path).tables
        assert {k: t.since for k, t in tables.tables.items() if t.since} == settings_.get("since", {})
        assert tables.office is not None
        assert tables.office.holidays == (frozenset(settings_["holidays"]) if "holidays" in settings_ else None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a." * 100_000 + "a = 1", "has more than 60000 lines, values and signs"),
        ("a." * 1_000 + "a = 1", "line 1 has a key of more than 64 names"),
        ("since = " + "[" * 5_000, "not TOML: "),
        ("holidays = [" + "2026-05-25, " * 2_001 + "]", "has more than 2000 entries"),
        ("holidays = [9999-12-31]", "the year must lie in 1900 to 2199"),
        ("since.person = 0001-01-01", "the year must lie in 1900 to 2199"),
        ("since = 0x" + "f" * 9_000, "is a number of more than 28 digits"),
        ("#" * 1_000_001, "larger than 1000000 bytes"),
        ("since = " + "1" * 5_000, "not TOML: a number is too long, or it is nested too deeply"),
    ],
)
def test_settings_beyond_all_measure_are_refused(text: str, fault: str, tmp_path: Path) -> None:
    """At once, and with what is too large."""
    (tmp_path / "person.csv").write_text("id\n")
    (tmp_path / "roster.toml").write_text(text)
    (problem,) = refused(lambda: read(tmp_path))
    assert problem.fault.startswith(fault)
    assert problem.place.startswith("roster.toml")
    assert problem.mend


@pytest.mark.parametrize("name", ["Roster.toml", "ROSTER.TOML", "roster.TOML"])
def test_settings_under_another_name_are_not_passed_over(name: str, tmp_path: Path) -> None:
    """Else the holidays would be lost without a word."""
    (tmp_path / "person.csv").write_text("id\n")
    (tmp_path / name).write_text("holidays = [2026-05-25]\n")
    (problem,) = refused(lambda: read(tmp_path))
    assert (problem.place, problem.mend) == (name, "call it roster.toml")


# folders and files


def _to_a_file(folder: Path) -> None:
    (folder / "kept").mkdir()
    (folder / "kept" / "people").write_text("id\np1\n")
    (folder / "person.csv").symlink_to(folder / "kept" / "people")


def test_a_link_is_read_as_the_file_it_leads_to(tmp_path: Path) -> None:
    """Whoever names a folder has chosen what is in it."""
    _to_a_file(tmp_path)
    assert read(tmp_path).records("person") == (Person(id="p1"),)


UNREADABLE: Final[dict[str, Callable[[Path], object]]] = {
    "a link to nowhere": lambda file: file.symlink_to(file.parent / "nowhere"),
    "a link to itself": lambda file: file.symlink_to(file),
    "a link to a folder": lambda file: file.symlink_to(file.parent),
    "a link to a device": lambda file: file.symlink_to("/dev/zero"),
    "a folder": lambda file: file.mkdir(),
    "a pipe": os.mkfifo,
    "a link to the memory of the process": lambda file: file.symlink_to("/proc/self/mem"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("file", ["plan.csv", "plan.jsonl", "roster.toml"])
@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there are no such files here")
def test_what_cannot_be_read_is_named(name: str, file: str, tmp_path: Path) -> None:
    """And nothing hangs: not passed over, not read without an end, no error of the system."""
    (tmp_path / "person.csv").write_text("id\np1\n")
    UNREADABLE[name](tmp_path / file)
    (problem,) = refused(lambda: read(tmp_path))
    assert problem.place == file
    assert problem.fault.startswith(("is not a file", "cannot be read: "))
    assert problem.mend


@pytest.mark.parametrize(
    "path", ["x" * 5_000, "a\x00b", "\ud800", "", "../../etc/passwd", "/etc/passwd", "/proc/self/mem"]
)
def test_a_path_to_no_roster_is_refused(path: str, tmp_path: Path) -> None:
    """However odd it is."""
    (problem,) = refused(lambda: read(f"{tmp_path}/nowhere/{path}" if path in {"", "../../etc/passwd"} else path))
    assert problem.mend


def test_a_folder_that_may_not_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system says it, with its path."""

    def denied(_: Path) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    (problem,) = refused(lambda: read(tmp_path))
    assert (problem.place, problem.fault) == (str(tmp_path), "cannot be read: Permission denied")


def test_a_file_that_grows_is_not_read_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some files say that they are empty and are not: no more is read of them than a file may hold."""
    monkeypatch.setattr(rosters, "LARGEST_FILE", 100)
    (tmp_path / "person.csv").symlink_to("/proc/self/smaps")
    (problem,) = refused(lambda: read(tmp_path))
    assert problem.fault == "larger than 100 bytes"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are texts there")
def test_a_file_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """It is told as far as it can be printed."""
    (tmp_path / "person.csv").write_text("id\n")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/plan\xff.csv")).write_text("id\n")
    (problem,) = refused(lambda: read(tmp_path))
    assert problem.fault.startswith("there is no kind 'plan")


# much of everything


def _folder(tmp_path: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


MANY: Final = 30_000
MUCH: Final[dict[str, tuple[dict[str, str], int, str]]] = {
    "columns": ({"person.csv": "id," + ",".join(f"c{n}" for n in range(MANY))}, 1, "has more than 1000 columns"),
    "one column": ({"person.csv": "id" + ",x" * 900}, 2, "is there twice"),
    "unknown columns": ({"person.csv": "id," + ",".join(f"c{n}" for n in range(900))}, 11, "person has no fact 'c0'"),
    "unknown names": (
        {"person.json": json.dumps([{"id": "x"} | {f"c{n}": 1 for n in range(MANY)}])},
        11,
        "person has no fact 'c0'",
    ),
    "words that are no choice": (
        {"care_episode.csv": "id,kind\n" + "".join(f"a{n},inpatent\n" for n in range(MANY))},
        1_001,
        "is not one of its choices: did you mean 'inpatient'?",
    ),
    "rows that are too short": (
        {"person.csv": "id,birth_date\n" + "x\n" * MANY},
        1_001,
        "has 1 cells for 2 columns",
    ),
    "lines that are not JSON": ({"person.jsonl": "{\n" * MANY}, 1_001, "not JSON: "),
    "records that are none": ({"person.json": json.dumps([5] * MANY)}, 1_001, "is not an object of facts"),
    "one id": ({"person.csv": "id\n" + "x\n" * MANY}, 1_001, "the id 'x' is taken"),
    "references to nobody": (
        {"person.csv": "id\n", "admission.csv": "id,person\n" + "".join(f"a{n},p{n}\n" for n in range(MANY))},
        1_001,
        "there is no person 'p0'",
    ),
    "a name without an end": (
        {"person.json": json.dumps([{"id": "x", "k" * 500_000: 1}])},
        1,
        "person has no fact 'kk",
    ),
    "one name twice without an end": (
        {"person.json": '[{"' + "k" * 500_000 + '": 1, "' + "k" * 500_000 + '": 2}]'},
        1,
        "not JSON: 'kkk",
    ),
    "an id without an end": (
        {"person.csv": "id\n" + "x" * 100_000 + "\n" + "x" * 100_000 + "\n"},
        1,
        "the id 'xxx",
    ),
}


@pytest.mark.parametrize("name", MUCH)
def test_much_that_is_wrong_is_cut(name: str, tmp_path: Path) -> None:
    """The first of it is told in full, and that there is more; the text stays short enough to be read."""
    files, count, fault = MUCH[name]
    found = refused(lambda: read(_folder(tmp_path, files)))
    assert len(found) == count
    assert found[0].fault.startswith(fault)
    assert all(problem.mend or "did you mean" in problem.fault for problem in found)
    assert len(str(InputError(found))) < 20_000


def test_a_table_of_a_thousand_problems_is_read_to_its_end(tmp_path: Path) -> None:
    """At the bound every one of them is told, and nothing more."""
    rows = "".join(f"p{number},x\n" for number in range(rosters.MOST))
    assert len(refused(lambda: read(_folder(tmp_path, {"person.csv": f"id,birth_date\n{rows}"})))) == rosters.MOST


def test_a_kind_without_an_end_is_cut() -> None:
    """In one JSON file the names of kinds are told too."""
    (problem,) = refused(lambda: from_mapping({"k" * 100_000: []}))
    assert len(problem.fault) < 200


@given(st.text(max_size=200))
def test_a_name_is_cut_where_it_is_long(name: str) -> None:
    """Sixty characters of it are told."""
    assert cut(name) == (name if len(name) <= WIDEST else f"{name[:60]}...")


NESTED: Final = "[" * 100_000


@pytest.mark.parametrize(
    ("text", "fault", "mend"),
    [
        (NESTED, "not JSON: it is nested too deeply", "write it as in "),
        ("9" * 5_000, "not JSON: a number is too long to be read", "write one of at most 15 digits"),
        ("1e99999999999999999999", "not JSON: a number is too long to be read", "write one of at most 15 digits"),
        ("[NaN]", "not JSON: NaN is not a number", "write null where it is not recorded"),
        ('{"a": 1, "a": 2}', "not JSON: 'a' is there twice in one object", "keep one"),
        ("{", "not JSON: Expecting property name", "write it as in "),
    ],
)
def test_a_document_that_is_no_json_says_how_to_write_one(text: str, fault: str, mend: str, tmp_path: Path) -> None:
    """In the words of who writes it, not in those of Python's own limits."""
    (problem,) = refused(lambda: rosters.read_json(_folder(tmp_path, {"x.json": text}) / "x.json"))
    assert problem.fault.startswith(fault)
    assert problem.mend.startswith(mend)


def test_the_rule_that_attacks_are_made_of_is_itself_right() -> None:
    """What the attacks change is read when nothing is changed."""
    assert len(peersupport.loads(HEAD + rule(1))) == 1


# numbers, names and files beyond all measure


@pytest.mark.parametrize("number", [10**28, -(10**28), 10**5_000, -(10**5_000)], ids=["28", "-28", "5000", "-5000"])
def test_a_number_in_memory_has_no_more_digits_than_can_be_told(number: int) -> None:
    """Python does not write an integer of 4,300 digits: the message names the fact and not the number."""
    (problem,) = refused(lambda: peersupport.Program(id="x", capacity=number))
    assert (problem.place, problem.fault) == ("Program 'x', capacity", "has more than 28 digits")


@pytest.mark.parametrize("number", ["1e28", "-1e999999", "1e-29", "1e-999999"])
def test_a_decimal_in_memory_has_no_more_digits_than_can_be_counted_with(number: str) -> None:
    """Nor is it nearer to nothing."""
    assert facts.fault_of(read_fact("x", "decimal"), Decimal(number)) == "has more than 28 digits"


@pytest.mark.parametrize("number", ["0", "0.0", "1e-28", "9999999999999999999999999999"])
def test_a_decimal_in_memory_may_be_long(number: str) -> None:
    """Up to the bound it is read."""
    assert facts.fault_of(read_fact("x", "decimal"), Decimal(number)) == ""


@pytest.mark.parametrize("id_", ["\x00", "a\x1b[31m", "\ud800", "a\nb", "\u200b"])
def test_an_id_in_memory_prints(id_: str) -> None:
    """As one from a file does: messages are printed."""
    assert refused(lambda: Person(id=id_))


def test_a_person_is_found_in_kinds_that_all_refer_to_each_other() -> None:
    """Forty kinds of which each refers to all: there are more ways through them than can be tried."""
    kinds = {f"k{n}": {f"r{m}": f"-> k{m}" for m in range(24) if m != n} for n in range(24)}
    text = drafts.written({"rulebook": "x", "title": "t", "kinds": kinds})
    assert peersupport.loads(text).vocabulary.person_path("k0") == ()
    kinds["k23"]["person"] = "-> person"
    text = drafts.written({"rulebook": "x", "title": "t", "kinds": kinds})
    assert peersupport.loads(text).vocabulary.person_path("k0")[-1] == "person"


def _shuffled(number: int) -> str:
    """A name of forty letters that are those of every other one."""
    letters = list("abcdefghijklmnopqrstuvwxyz" * 2)[:40]
    random.Random(number).shuffle(letters)  # noqa: S311  drawn, not secret
    return "".join(letters)


def test_the_nearest_of_many_names_is_found_at_once() -> None:
    """Of ten thousand names of the same letters; to compare each with each would take minutes."""
    names = [_shuffled(number) for number in range(10_000)]
    assert [near(f"{name}x", names) for name in names[:4]] == [f"did you mean {name!r}?" for name in names[:4]]


@pytest.mark.parametrize("path", ["a\x00.toml", "a\ud800.toml", "x" * 5_000 + ".toml", "../../etc/passwd.toml"])
def test_a_path_to_no_rulebook_is_refused(path: str) -> None:
    """However odd it is."""
    (problem,) = refused(lambda: peersupport.load(path))
    assert problem.fault.startswith("cannot be read: ")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such file here")
def test_a_file_without_an_end_is_not_read_to_it(tmp_path: Path) -> None:
    """No more of it is read than a rulebook may hold."""
    (tmp_path / "x.toml").symlink_to("/dev/zero")
    (problem,) = refused(lambda: peersupport.load(tmp_path / "x.toml"))
    assert problem.fault == "longer than 1000000 characters"


def test_a_rulebook_is_shown_without_its_vocabulary() -> None:
    """Else a failing test prints a hundred thousand characters."""
    assert "Kind(" not in repr(peersupport.load("nebraska-dbh"))
