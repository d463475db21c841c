"""Records from outside: what is read is exactly what was written, and what is not right is refused, all at once."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport import roster as rosters
from peersupport.caseload import GroupSession
from peersupport.cells import RecordReader, Refused, from_cell, from_json
from peersupport.eligibility import Admission, CareEpisode, Measure, Person, Program, Referral
from peersupport.library import CORE
from peersupport.plans import Assessment, Consultation, Plan
from peersupport.roster import Roster, from_mapping, from_records, read, read_json
from peersupport.rules.calendar import Office
from peersupport.rules.facts import (
    KINDS,
    NONE,
    Fact,
    OrNone,
    Record,
    Recorded,
    Span,
    Texts,
    Vocabulary,
    fact,
    kind,
    read_fact,
)
from peersupport.rules.problems import InputError

DAY = dt.date(2026, 1, 31)
NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)

Files = Mapping[str, str | bytes]


@kind("lamp", "a lamp", span=Span("lit_on", "out_on"))
@attrs.frozen(kw_only=True)
class Lamp(Record):
    """A made-up kind with the types of facts that the core has not. It cannot go out before it is lit."""

    oil: Recorded[Decimal] = fact("decimal liters", "the oil")
    wicks: OrNone[Decimal] = fact("decimal or none", "the wicks")
    label: OrNone[str] = fact("text or none", "the label")
    tags: Recorded[Texts] = fact("set: open", "the tags")
    lit_on: Recorded[dt.date] = fact("date", "the day it is lit")
    out_on: OrNone[dt.date] = fact("date or none", "the day it goes out")

    def __attrs_post_init__(self) -> None:
        """Check the facts one by one, and the two days together."""
        Record.__attrs_post_init__(self)
        if self.lit_on and isinstance(self.out_on, dt.date) and self.out_on < self.lit_on:
            message = "it goes out before it is lit"
            raise ValueError(message)


WITH_LAMPS = Vocabulary({**CORE.kinds, "lamp": KINDS[Lamp]})


def folder(path: Path, files: Files) -> Path:
    """A folder with some files in it."""
    for name, content in files.items():
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems_of(path: Path, files: Files) -> list[str]:
    """What is wrong with a folder of files; nothing may be read of it."""
    with pytest.raises(InputError) as error:
        read(folder(path, files), vocabulary=WITH_LAMPS)
    return [str(problem) for problem in error.value.problems]


# right documents


_EPISODE = CareEpisode(id="c1", person="p1", kind="inpatient", psychiatric=True, admitted_on=DAY, ended_on=NONE)
_NO_PEOPLE: dict[str, list[Record]] = {"person": []}

RIGHT: dict[str, tuple[Files, dict[str, list[Record]]]] = {
    "one column": ({"person.csv": "id\np1\np2\n"}, {"person": [Person(id="p1"), Person(id="p2")]}),
    "no newline at the end": (
        {"person.csv": "id,birth_date\np1,2026-01-31"},
        {"person": [Person(id="p1", birth_date=DAY)]},
    ),
    "newlines of Windows": (
        {"person.csv": "id,birth_date\r\np1,2026-01-31\r\n"},
        {"person": [Person(id="p1", birth_date=DAY)]},
    ),
    "a byte order mark": ({"person.csv": "\ufeffid\np1\n"}, {"person": [Person(id="p1")]}),
    "a byte order mark in JSON": ({"person.json": '\ufeff[{"id": "p1"}]'}, {"person": [Person(id="p1")]}),
    "a header and no rows is a complete, empty table": ({"person.csv": "id,birth_date\n"}, _NO_PEOPLE),
    "an empty list is a complete, empty table": ({"person.json": "[]"}, _NO_PEOPLE),
    "an empty JSON Lines file is a complete, empty table": ({"person.jsonl": ""}, _NO_PEOPLE),
    "columns in any order, with spaces": (
        {"person.csv": " birth_date , id\n 2026-01-31 , p1 \n"},
        {"person": [Person(id="p1", birth_date=DAY)]},
    ),
    "an empty cell is not recorded": (
        {"program.csv": "id,time_zone,capacity,consultation_on_call\nx,,,\n"},
        {"program": [Program(id="x")]},
    ),
    "none is known to be absent": (
        {"program.csv": "id,capacity\nx,none\n"},
        {"program": [Program(id="x", capacity=NONE)]},
    ),
    "yes and no": (
        {"assessment.csv": "id,copy_in_file,describes_needs\ne1,yes,no\ne2,True,FALSE\n"},
        {
            "assessment": [
                Assessment(id="e1", copy_in_file=True, describes_needs=False),
                Assessment(id="e2", copy_in_file=True, describes_needs=False),
            ]
        },
    ),
    "sets": (
        {"person.csv": "id,conditions\np1,mental_health; substance_use\np2,mental_health\np3,none\np4,\n"},
        {
            "person": [
                Person(id="p1", conditions=frozenset({"mental_health", "substance_use"})),
                Person(id="p2", conditions=frozenset({"mental_health"})),
                Person(id="p3", conditions=frozenset()),
                Person(id="p4"),
            ]
        },
    ),
    "sets in JSON": (
        {"person.json": '[{"id": "p1", "conditions": ["mental_health"]}, {"id": "p2", "conditions": "none"}]'},
        {
            "person": [
                Person(id="p1", conditions=frozenset({"mental_health"})),
                Person(id="p2", conditions=frozenset()),
            ]
        },
    ),
    "instants with every offset": (
        {
            "referral.csv": (
                "id,received_at\nr1,2026-01-31T12:00Z\nr2,2026-01-31T06:00-06:00\nr3,2026-01-31 17:30:00+05:30\n"
                "r4,2026-01-31T12:00:00.000+00:00\n"
            )
        },
        {"referral": [Referral(id=f"r{number}", received_at=NOON) for number in (1, 2, 3, 4)]},
    ),
    "a cell that holds commas, quotes and a new line": (
        {"measure.csv": 'id,name\nm1,"days ""housed"", in all"\n'},
        {"measure": [Measure(id="m1", name='days "housed", in all')]},
    ),
    "ids of any script": (
        {"person.csv": "id\n한글\n人-2\nø 3\n"},
        {"person": [Person(id="한글"), Person(id="人-2"), Person(id="ø 3")]},
    ),
    "JSON with null and missing facts": (
        {"care_episode.json": '[{"id": "c1", "person": null, "ended_on": "none"}, {"id": "c2"}]'},
        {"care_episode": [CareEpisode(id="c1", ended_on=NONE), CareEpisode(id="c2")]},
    ),
    "JSON Lines with blank lines": (
        {"person.jsonl": '{"id": "p1"}\n\n   \n{"id": "p2", "birth_date": "2026-01-31"}\r\n'},
        {"person": [Person(id="p1"), Person(id="p2", birth_date=DAY)]},
    ),
    "exact decimals": (
        {"lamp.json": '[{"id": "l1", "oil": 0.1, "wicks": 3}]', "program.csv": "id,capacity\nx,0\n"},
        {"lamp": [Lamp(id="l1", oil=Decimal("0.1"), wicks=Decimal(3))], "program": [Program(id="x", capacity=0)]},
    ),
    "references to records of other files": (
        {
            "care_episode.jsonl": (
                '{"id": "c1", "person": "p1", "kind": "inpatient", "psychiatric": true, '
                '"admitted_on": "2026-01-31", "ended_on": "none"}'
            ),
            "person.csv": "id\np1\n",
        },
        {"care_episode": [_EPISODE], "person": [Person(id="p1")]},
    ),
    "a reference to a table that is not given": (
        {"plan.csv": "id,admission\nw1,a1\n"},
        {"plan": [Plan(id="w1", admission="a1")]},
    ),
    "other files beside the tables": (
        {"person.csv": "id\np1\n", "README.md": "# Notes", "notes.txt": "none", "person.csv.bak": "id\n"},
        {"person": [Person(id="p1")]},
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_documents_are_read_as_they_are_written(name: str, tmp_path: Path) -> None:
    """Each table that is given is there, with its records in their order, and no other."""
    files, records = RIGHT[name]
    roster = read(folder(tmp_path, files), vocabulary=WITH_LAMPS)
    assert {each: list(roster.records(each)) for each in roster.kinds} == records


def test_a_table_that_is_not_given_is_not_there(tmp_path: Path) -> None:
    """An empty table is complete; a table that is not given is unknown, and both have no records."""
    roster = read(folder(tmp_path, {"person.csv": "id\n"}))
    assert roster.kinds == ("person",)
    assert roster.tables.given("person") is not None
    assert roster.tables.given("plan") is None
    assert roster.records("plan") == ()


# broken documents: the files, and how each problem starts


def _csv(header: str, *rows: str) -> str:
    return "\n".join([header, *rows, ""])


def _cell(column: str, cell: str) -> str:
    return _csv(f"id,{column}", f"x,{cell}")


def _fact(name: str, value: str) -> str:
    return f'[{{"id": "x", "{name}": {value}}}]'


_ARABIC = {ord("0") + number: chr(0x660 + number) for number in range(10)}
_AT = "row 2, column"
_IN = "record 1, column"

BROKEN_CSV: dict[str, tuple[Files, list[str]]] = {
    "an unknown column": (
        {"person.csv": _cell("shoe_size", "42")},
        ["person.csv, row 1, column shoe_size: person has no fact 'shoe_size' (known here: birth_date, conditions, "],
    ),
    "a misspelt column": (
        {"care_episode.csv": _cell("psychiatrc", "yes")},
        ["care_episode.csv, row 1, column psychiatrc: care_episode has no fact 'psychiatrc' (did you mean "],
    ),
    "a column in capitals": (
        {"person.csv": _cell("Birth_Date", "2026-01-31")},
        ["person.csv, row 1, column Birth_Date: person has no fact 'Birth_Date' (did you mean 'birth_date'?)"],
    ),
    "a column without a name": ({"person.csv": "id,\np1,\n"}, ["person.csv, row 1, column : person has no fact ''"]),
    "a fact that is read through a reference": (
        {"stay_review.csv": _cell("person", "p1")},
        ["stay_review.csv, row 1, column person: stay_review has no fact 'person' (it is read through admission:"],
    ),
    "a column twice": (
        {"person.csv": "id,birth_date, birth_date\np1,,\n"},
        ["person.csv, row 1, column birth_date: is there twice (keep one)"],
    ),
    "no column of ids": (
        {"person.csv": "birth_date\n2026-01-31\n"},
        ["person.csv, row 1: there is no column 'id' (the first row holds the names of the facts, and id is one)"],
    ),
    "three faults of a header": (
        {"person.csv": "id,birth_date,birth_date,x,y\np1,,,,\n"},
        [
            "person.csv, row 1, column birth_date: is there twice",
            "person.csv, row 1, column x: person has no fact 'x'",
            "person.csv, row 1, column y: person has no fact 'y'",
        ],
    ),
    "an empty file": ({"person.csv": ""}, ["person.csv, row 1: there is no column 'id'"]),
    "a byte order mark and nothing else": ({"person.csv": "\ufeff"}, ["person.csv, row 1: there is no column 'id'"]),
    "semicolons between cells": (
        {"person.csv": "id;birth_date\np1;2026-01-31\n"},
        ["person.csv, row 1: there is no column 'id'"],
    ),
    "a row that is too short": (
        {"person.csv": _csv("id,birth_date", "p1", "p2,2026-01-31")},
        ["person.csv, row 2: has 1 cells for 2 columns (give each row one cell for each column"],
    ),
    "a row that is too long": (
        {"person.csv": _csv("id,birth_date", "p1,,", "p2,2026-01-31")},
        ["person.csv, row 2: has 3 cells for 2 columns"],
    ),
    "a quotation that does not end": ({"person.csv": 'id\n"p1\n'}, ["person.csv, line 2: not CSV: "]),
    "text behind a quotation": ({"person.csv": 'id\n"p"1\n'}, ["person.csv, line 2: not CSV: "]),
    "a cell beyond all measure": ({"measure.csv": _cell("name", "a" * 200_000)}, ["measure.csv, line 2: not CSV: "]),
    "an empty id": (
        {"person.csv": _csv("id,birth_date", ",2026-01-31")},
        ["person.csv, row 2, column id: an id is missing (give each record an id of its own, as a text)"],
    ),
    "an id of spaces": (
        {"person.csv": _csv("id,birth_date", "  ,")},
        ["person.csv, row 2, column id: an id is missing"],
    ),
    "one id twice": (
        {"person.csv": _csv("id", "p1", "p2", "p1")},
        ["person.csv, row 4: the id 'p1' is taken (each record has an id of its own)"],
    ),
    "one id twice after trimming": (
        {"person.csv": _csv("id", "p1", " p1 ")},
        ["person.csv, row 3: the id 'p1' is taken"],
    ),
    "NUL in an id": ({"person.csv": _csv("id", "p\0001")}, [f"person.csv, {_AT} id: "]),
    "an invisible character in an id": ({"person.csv": _csv("id", "p\u200b1")}, [f"person.csv, {_AT} id: "]),
    "a control character in a text": (
        {"program.csv": _cell("time_zone", "UTC\a1")},
        [f"program.csv, {_AT} time_zone: has a character that does not print"],
    ),
    "a control character in a choice": (
        {"measure.csv": _cell("name", "days\x1b[31m")},
        [f"measure.csv, {_AT} name: has a character that does not print"],
    ),
    "a control character in a reference": (
        {"plan.csv": _cell("admission", "a\x001")},
        [f"plan.csv, {_AT} admission: has a character that does not print"],
    ),
    "a control character in a set": (
        {"consultation.csv": _cell("admissions", "a1;a\x072")},
        [f"consultation.csv, {_AT} admissions: "],
    ),
    "a form feed is no new row": ({"person.csv": "id,birth_date\np1,\fp2,\n"}, ["person.csv, row 2: has 3 cells"]),
    "a next line is no new row": ({"person.csv": "id,birth_date\np1,\x85p2,\n"}, ["person.csv, row 2: has 3 cells"]),
    "a line separator is no new row": (
        {"person.csv": "id,birth_date\np1,\u2028p2,\n"},
        ["person.csv, row 2: has 3 cells"],
    ),
    "a date without hyphens": (
        {"person.csv": _cell("birth_date", "20260131")},
        [f"person.csv, {_AT} birth_date: '20260131' is not a date (write YYYY-MM-DD, as in 2026-01-31)"],
    ),
    "a date by its week": (
        {"person.csv": _cell("birth_date", "2026-W05-3")},
        [f"person.csv, {_AT} birth_date: a text of 10 characters is not a date"],
    ),
    "a date with the day first": (
        {"person.csv": _cell("birth_date", "31/01/2026")},
        [f"person.csv, {_AT} birth_date: '31/01/2026' is not a date"],
    ),
    "a date without leading noughts": (
        {"person.csv": _cell("birth_date", "2026-1-5")},
        [f"person.csv, {_AT} birth_date: '2026-1-5' is not a date"],
    ),
    "a date with a time": (
        {"person.csv": _cell("birth_date", "2026-01-31T00:00")},
        [f"person.csv, {_AT} birth_date: '2026-01-31T00:00' is not a date"],
    ),
    "a year only": (
        {"person.csv": _cell("birth_date", "2026")},
        [f"person.csv, {_AT} birth_date: '2026' is not a date"],
    ),
    "a day that is not there": (
        {"person.csv": _cell("birth_date", "2026-02-30")},
        [f"person.csv, {_AT} birth_date: '2026-02-30': "],
    ),
    "digits of another script in a date": (
        {"person.csv": _cell("birth_date", "2026-01-31".translate(_ARABIC))},
        [f"person.csv, {_AT} birth_date: "],
    ),
    "a year before 1900": (
        {"person.csv": _cell("birth_date", "1899-12-31")},
        [f"person.csv, {_AT} birth_date: the year must lie in 1900 to 2199"],
    ),
    "a year after 2199": (
        {"person.csv": _cell("birth_date", "2200-01-01")},
        [f"person.csv, {_AT} birth_date: the year must lie in 1900 to 2199"],
    ),
    "none where absence cannot be known": (
        {"person.csv": _cell("birth_date", "none")},
        [f"person.csv, {_AT} birth_date: a text of 4 characters is not a date"],
    ),
    "None is not none": (
        {"care_episode.csv": _cell("ended_on", "None")},
        [f"care_episode.csv, {_AT} ended_on: a text of 4 characters is not a date"],
    ),
    "a naive instant": (
        {"referral.csv": _cell("received_at", "2026-01-31T12:00")},
        [f"referral.csv, {_AT} received_at: '2026-01-31T12:00' has no offset from UTC (write it as in 2026-01-31T16"],
    ),
    "an instant without a time": (
        {"referral.csv": _cell("received_at", "2026-01-31")},
        [f"referral.csv, {_AT} received_at: '2026-01-31' is not an instant"],
    ),
    "an instant with the name of a zone": (
        {"referral.csv": _cell("received_at", "2026-01-31T12:00 America/Chicago")},
        [f"referral.csv, {_AT} received_at: a text of 32 characters is not an instant"],
    ),
    "an hour that is not there": (
        {"referral.csv": _cell("received_at", "2026-01-31T25:00Z")},
        [f"referral.csv, {_AT} received_at: '2026-01-31T25:00Z': "],
    ),
    "an offset that is not there": (
        {"referral.csv": _cell("received_at", "2026-01-31T12:00+25:00")},
        [f"referral.csv, {_AT} received_at: '2026-01-31T12:00+25:00': "],
    ),
    "neither yes nor no": (
        {"assessment.csv": _cell("copy_in_file", "maybe")},
        [f"assessment.csv, {_AT} copy_in_file: a text of 5 characters is not a yes or no (write yes or no, or leave"],
    ),
    "1 is not a yes": (
        {"assessment.csv": _cell("copy_in_file", "1")},
        [f"assessment.csv, {_AT} copy_in_file: '1' is not a yes or no"],
    ),
    "a number that is not whole": (
        {"program.csv": _cell("capacity", "3.5")},
        [f"program.csv, {_AT} capacity: '3.5' is not a whole number"],
    ),
    "a number in words": (
        {"program.csv": _cell("capacity", "many")},
        [f"program.csv, {_AT} capacity: a text of 4 characters is not a whole number"],
    ),
    "a number with an exponent": (
        {"program.csv": _cell("capacity", "1e3")},
        [f"program.csv, {_AT} capacity: a text of 3 characters is not a whole number"],
    ),
    "a number with a mark between thousands": (
        {"program.csv": 'id,capacity\nx,"1,000"\n'},
        [f"program.csv, {_AT} capacity: '1,000' is not a whole number"],
    ),
    "a number of too many digits": (
        {"program.csv": _cell("capacity", "9" * 16)},
        [f"program.csv, {_AT} capacity: '9999999999999999' is not a whole number"],
    ),
    "digits of another script": (
        {"program.csv": _cell("capacity", "40".translate(_ARABIC))},
        [f"program.csv, {_AT} capacity: "],
    ),
    "not a number": (
        {"lamp.csv": _cell("oil", "NaN")},
        [f"lamp.csv, {_AT} oil: a text of 3 characters is not a decimal"],
    ),
    "a decimal with a comma": (
        {"lamp.csv": 'id,oil\nx,"0,5"\n'},
        [f"lamp.csv, {_AT} oil: '0,5' is not a decimal number"],
    ),
    "less than the least": (
        {"program.csv": _cell("capacity", "-1")},
        [f"program.csv, {_AT} capacity: -1 is less than the least that is possible, 0"],
    ),
    "no such choice": (
        {"care_episode.csv": _cell("kind", "impatient")},
        [f"care_episode.csv, {_AT} kind: is not one of its choices: did you mean 'inpatient'?"],
    ),
    "a choice in capitals": (
        {"care_episode.csv": _cell("kind", "Inpatient")},
        [f"care_episode.csv, {_AT} kind: is not one of its choices: did you mean 'inpatient'?"],
    ),
    "no such member of a set": (
        {"person.csv": _cell("conditions", "mental_health;substances")},
        [f"person.csv, {_AT} conditions: has a member that is not one of its choices: did you mean 'substance_use'?"],
    ),
    "an empty member of a set": (
        {"person.csv": _cell("conditions", "mental_health;")},
        [f"person.csv, {_AT} conditions: has an empty or a repeated member, or none beside others (separate d"],
    ),
    "none beside other members": (
        {"person.csv": _cell("conditions", "mental_health;none")},
        [f"person.csv, {_AT} conditions: has an empty or a repeated member, or none beside others"],
    ),
    "none beside other references": (
        {"consultation.csv": _cell("admissions", "none;adm-1")},
        [f"consultation.csv, {_AT} admissions: has an empty or a repeated member, or none beside others"],
    ),
    "a member of a set twice": (
        {"person.csv": _cell("conditions", "mental_health; mental_health")},
        [f"person.csv, {_AT} conditions: has an empty or a repeated member"],
    ),
    "a reference to nobody": (
        {"person.csv": _csv("id", "p1"), "care_episode.csv": _csv("id,person", "c1,p1", "c2,p9")},
        ["care_episode.csv, row 3, column person: there is no person 'p9' (add it to person, or mend the id)"],
    ),
    "a member of a set of references to nobody": (
        {"admission.csv": _csv("id", "a1"), "consultation.csv": _csv("id,admissions", "k1,a2;a1;a3")},
        [
            "consultation.csv, row 2, column admissions: there is no admission 'a2'",
            "consultation.csv, row 2, column admissions: there is no admission 'a3'",
        ],
    ),
    "a reference to itself that is not there": (
        {"care_episode.csv": _cell("led_to", "y")},
        [f"care_episode.csv, {_AT} led_to: there is no care_episode 'y'"],
    ),
    "facts that do not fit together": (
        {"lamp.csv": _csv("id,lit_on,out_on", "l1,2026-01-31,2026-01-30")},
        ["lamp.csv, row 2: it goes out before it is lit"],
    ),
    "not UTF-8": ({"person.csv": b"id\np\xe9\n"}, ["person.csv: not UTF-8 at byte 4 (save the file as UTF-8)"]),
    "UTF-16": ({"person.csv": "id\np1\n".encode("utf-16")}, ["person.csv: not UTF-8 at byte 0"]),
    "several faults of one row": (
        {"care_episode.csv": _csv("id,kind,psychiatric,admitted_on", ",x,y,z")},
        [
            f"care_episode.csv, {_AT} id: an id is missing",
            f"care_episode.csv, {_AT} kind: is not one of its choices",
            f"care_episode.csv, {_AT} psychiatric: a text of 1 character is not a yes or no",
            f"care_episode.csv, {_AT} admitted_on: a text of 1 character is not a date",
        ],
    ),
    "faults of several rows": (
        {"person.csv": _csv("id,birth_date", "p1,x", "p2,2026-01-31", "p3,x", ",")},
        ["person.csv, row 2, column birth", "person.csv, row 4, column birth", "person.csv, row 5, column id"],
    ),
    "rows behind a row with line breaks are counted as rows": (
        {"measure.csv": 'id,name\nm1,"a\nb"\nm2\n'},
        ["measure.csv, row 2, column name: has a character that does not print", "measure.csv, row 3: has 1 cells"],
    ),
}

BROKEN_JSON: dict[str, tuple[Files, list[str]]] = {
    "an empty file": ({"person.json": ""}, ["person.json: not JSON: "]),
    "an unfinished document": ({"person.json": '[{"id": "p1"'}, ["person.json: not JSON: "]),
    "something behind the document": ({"person.json": '[{"id": "p1"}] and more'}, ["person.json: not JSON: "]),
    "single quotation marks": ({"person.json": "[{'id': 'p1'}]"}, ["person.json: not JSON: "]),
    "a record that is not in a list": ({"person.json": '{"id": "p1"}'}, ["person.json: is not a list of records"]),
    "null for a list": ({"person.json": "null"}, ["person.json: is not a list of records"]),
    "a text for a record": (
        {"person.json": '[{"id": "p1"}, "p2"]'},
        ["person.json, record 2: is not an object of facts"],
    ),
    "null for a record": ({"person.json": "[null]"}, ["person.json, record 1: is not an object of facts"]),
    "a list for a record": ({"person.json": '[["id", "p1"]]'}, ["person.json, record 1: is not an object of facts"]),
    "an empty list for a record": ({"person.json": "[[]]"}, ["person.json, record 1: is not an object of facts"]),
    "one key twice": (
        {"person.json": '[{"id": "p1", "id": "p2"}]'},
        ["person.json: not JSON: 'id' is there twice in one"],
    ),
    "NaN": ({"program.json": _fact("capacity", "NaN")}, ["program.json: not JSON: NaN is not a number"]),
    "infinity": (
        {"program.json": _fact("capacity", "-Infinity")},
        ["program.json: not JSON: -Infinity is not a number"],
    ),
    "an integer beyond all measure": ({"program.json": _fact("capacity", "9" * 5000)}, ["program.json: not JSON: "]),
    "an integer of too many digits": (
        {"program.json": _fact("capacity", "9" * 4000)},
        [f"program.json, {_IN} capacity: "],
    ),
    "an exponent beyond all measure": ({"lamp.json": _fact("oil", "1e99999999999999999999")}, ["lamp.json"]),
    "nesting beyond all measure": ({"person.json": "[" * 100_000}, ["person.json: not JSON: "]),
    "nesting": (
        {"person.json": _fact("conditions", "[" * 300 + "]" * 300)},
        [f"person.json, {_IN} conditions: expected"],
    ),
    "a line break in a text": ({"measure.json": _fact("name", '"a\nb"')}, ["measure.json: not JSON: "]),
    "no id": ({"person.json": "[{}]"}, [f"person.json, {_IN} id: is missing (give each record an id of its own)"]),
    "null for an id": ({"person.json": '[{"id": null}]'}, [f"person.json, {_IN} id: an id is missing"]),
    "a number for an id": ({"person.json": '[{"id": 7}]'}, [f"person.json, {_IN} id: an id is missing"]),
    "an empty id": ({"person.json": '[{"id": " "}]'}, [f"person.json, {_IN} id: an id is missing"]),
    "one id twice": (
        {"person.json": '[{"id": "p1"}, {"id": "p1"}]'},
        ["person.json, record 2: the id 'p1' is taken"],
    ),
    "a misspelt fact": (
        {"person.json": _fact("birthdate", '"2026-01-31"')},
        [f"person.json, {_IN} birthdate: person has no fact 'birthdate' (did you mean 'birth_date'?)"],
    ),
    "a misspelt fact and a wrong one": (
        {"assessment.json": '[{"id": "e1", "copy_in_file": "yes", "copy_in_files": true}]'},
        [
            f"assessment.json, {_IN} copy_in_file: expected a yes or no, got a text (write true or false, w",
            f"assessment.json, {_IN} copy_in_files: assessment has no fact 'copy_in_files' (did you mean 'copy_in_",
        ],
    ),
    "a text for a yes": (
        {"assessment.json": _fact("copy_in_file", '"no"')},
        [f"assessment.json, {_IN} copy_in_file: expected a yes or no, got a text (write true or false, w"],
    ),
    "a number for a yes": (
        {"assessment.json": _fact("copy_in_file", "1")},
        [f"assessment.json, {_IN} copy_in_file: expected a yes or no, got a int"],
    ),
    "a text for a number": (
        {"program.json": _fact("capacity", '"40"')},
        [f"program.json, {_IN} capacity: expected a number of places, got a str"],
    ),
    "a yes for a number": (
        {"program.json": _fact("capacity", "true")},
        [f"program.json, {_IN} capacity: expected a number of places, got a bool"],
    ),
    "a yes for a decimal": (
        {"lamp.json": _fact("oil", "true")},
        [f"lamp.json, {_IN} oil: expected a number of liters, got a bool"],
    ),
    "a text for a decimal": (
        {"lamp.json": _fact("oil", '"0.5"')},
        [f"lamp.json, {_IN} oil: expected a number of liters, got a str"],
    ),
    "39.9 is not 39": (
        {"program.json": _fact("capacity", "39.9")},
        [f"program.json, {_IN} capacity: expected a whole number, got a Decimal"],
    ),
    "40.0 is not a whole number": (
        {"program.json": _fact("capacity", "40.0")},
        [f"program.json, {_IN} capacity: expected a whole number, got a Decimal"],
    ),
    "a number for a date": (
        {"person.json": _fact("birth_date", "20260131")},
        [f"person.json, {_IN} birth_date: expected a date, got a int"],
    ),
    "a date without hyphens": (
        {"person.json": _fact("birth_date", '"20260131"')},
        [f"person.json, {_IN} birth_date: '20260131' is not a date"],
    ),
    "a date with spaces": (
        {"person.json": _fact("birth_date", '" 2026-01-31 "')},
        [f"person.json, {_IN} birth_date: ' 2026-01-31 ' is not a date"],
    ),
    "a naive instant": (
        {"referral.json": _fact("received_at", '"2026-01-31T12:00:00"')},
        [f"referral.json, {_IN} received_at: '2026-01-31T12:00:00' has no offset from UTC"],
    ),
    "an object for an instant": (
        {"referral.json": _fact("received_at", '{"day": "2026-01-31"}')},
        [f"referral.json, {_IN} received_at: expected an instant, got a dict"],
    ),
    "a number for a choice": (
        {"care_episode.json": _fact("kind", "1")},
        [f"care_episode.json, {_IN} kind: expected a choice, got a int"],
    ),
    "a text for a set": (
        {"person.json": _fact("conditions", '"mental_health"')},
        [f"person.json, {_IN} conditions: expected a list of texts, got a str"],
    ),
    "a number in a set": (
        {"person.json": _fact("conditions", '["mental_health", 1]')},
        [f"person.json, {_IN} conditions: expected a list of texts, got a list"],
    ),
    "a member of a set twice": (
        {"person.json": _fact("conditions", '["mental_health", "mental_health"]')},
        [f"person.json, {_IN} conditions: a member is listed twice"],
    ),
    **{
        f"{name} in a {base}": (
            {f"{kind}.json": _fact(fact, members)},
            [f'{kind}.json, {_IN} {fact}: has an empty member, or none beside others (write "none" instead of the'],
        )
        for base, kind, fact in (("set", "person", "conditions"), ("set of references", "consultation", "admissions"))
        for name, members in (
            ("an empty member", '["x", ""]'),
            ("a blank member", '[" "]'),
            ("none beside others", '["x", "none"]'),
            ("none alone, listed,", '["none"]'),
        )
    },
    "no such member of a set": (
        {"person.json": _fact("conditions", '["anxiety"]')},
        [f"person.json, {_IN} conditions: has a member that is not one of its choices"],
    ),
    "NUL in an id": ({"person.json": '[{"id": "p\\u00001"}]'}, [f"person.json, {_IN} id: "]),
    "half a character in a text": (
        {"program.json": _fact("time_zone", '"UTC\\ud800"')},
        [f"program.json, {_IN} time_zone: has a character that does not print"],
    ),
    "NUL in a choice": (
        {"measure.json": _fact("name", '"a\\u0000b"')},
        [f"measure.json, {_IN} name: has a character that does not print"],
    ),
    "half a character in a reference": (
        {"plan.json": _fact("admission", '"a\\udc001"')},
        [f"plan.json, {_IN} admission: has a character that does not print"],
    ),
    "NUL in a set of references": (
        {"consultation.json": _fact("admissions", '["a\\u00001"]')},
        [f"consultation.json, {_IN} admissions: "],
    ),
    "an empty id in a set of references": (
        {"consultation.json": _fact("admissions", '["a1", ""]')},
        [f"consultation.json, {_IN} admissions: "],
    ),
    "a reference to nobody": (
        {"person.json": "[]", "care_episode.json": _fact("person", '"p1"')},
        [f"care_episode.json, {_IN} person: there is no person 'p1'"],
    ),
    "two records on a line": ({"person.jsonl": '{"id": "p1"} {"id": "p2"}\n'}, ["person.jsonl, line 1: not JSON: "]),
    "a list on a line": (
        {"person.jsonl": '{"id": "p1"}\n[{"id": "p2"}]\n'},
        ["person.jsonl, line 2: is not an object of facts"],
    ),
    "an empty list on a line": (
        {"person.jsonl": '{"id": "p1"}\n[]\n'},
        ["person.jsonl, line 2: is not an object of facts"],
    ),
    "faults of several lines": (
        {"person.jsonl": '{"id": "p1"}\n\n{"id": 2}\n{"id"\n{"id": "p4", "x": 1}\n{"id": "p1"}\n'},
        [
            "person.jsonl, line 3, column id: an id is missing",
            "person.jsonl, line 4: not JSON: ",
            "person.jsonl, line 5, column x: person has no fact 'x'",
            "person.jsonl, line 6: the id 'p1' is taken",
        ],
    ),
    "a list of records in JSON Lines": (
        {"person.jsonl": '[\n{"id": "p1"}\n]\n'},
        ["person.jsonl, line 1: not JSON", "person.jsonl, line 3: not JSON"],
    ),
    "not UTF-8": ({"person.json": b'[{"id": "\xff"}]'}, ["person.json: not UTF-8 at byte 9"]),
}

BROKEN_FOLDERS: dict[str, tuple[Files, list[str]]] = {
    "no tables": (
        {"README.md": "# Nothing"},
        ["{}: has no tables (put one file for each kind there, as in person.csv)"],
    ),
    "no such kind": (
        {"persons.csv": _csv("id", "p1")},
        ["persons.csv: there is no kind 'persons' (did you mean 'person'?)"],
    ),
    "a kind in capitals": (
        {"Person.csv": _csv("id")},
        ["Person.csv: there is no kind 'Person' (did you mean 'person'?)"],
    ),
    "two files of one kind": (
        {"person.csv": _csv("id", "p1"), "person.json": "[]", "person.jsonl": ""},
        [
            "person.json: person is there twice (keep one file for each kind)",
            "person.jsonl: person is there twice (keep one file for each kind)",
        ],
    ),
    "faults of several files": (
        {
            "program.csv": _cell("capacity", "x"),
            "person.json": "{",
            "plans.csv": "id\n",
            "referral.jsonl": '{"id": 1}',
            "roster.toml": "x = 1",
        },
        [
            "person.json: not JSON: ",
            "plans.csv: there is no kind 'plans'",
            "program.csv, row 2, column capacity: ",
            "referral.jsonl, line 1, column id: ",
            "roster.toml: there is no setting 'x' (only `since` and `holidays`)",
        ],
    ),
    "no such time zone": (
        {"program.csv": _cell("time_zone", "America/Chicgo")},
        [f"program.csv, {_AT} time_zone: 'America/Chicgo' is no time zone (as in America/Chicago)"],
    ),
    "a folder of time zones": (
        {"program.csv": _cell("time_zone", "America")},
        [f"program.csv, {_AT} time_zone: 'America' is no time zone"],
    ),
    "a path for a time zone": (
        {"program.csv": _cell("time_zone", "../../etc/passwd")},
        [f"program.csv, {_AT} time_zone: '../../etc/passwd' is no time zone"],
    ),
    "two programs": (
        {"program.csv": _csv("id", "x", "y", "z")},
        ["program.csv, row 3: there is more than one program (a roster is of one program)"],
    ),
    "two programs in no time zone": (
        {"program.csv": _csv("id,time_zone", "x,Nowhere", "y,UTC")},
        [
            "program.csv, row 3: there is more than one program",
            f"program.csv, {_AT} time_zone: 'Nowhere' is no time zone",
        ],
    ),
    "settings that are not TOML": ({"person.csv": "id\n", "roster.toml": "since ="}, ["roster.toml: not TOML: "]),
    "settings that are not UTF-8": ({"person.csv": "id\n", "roster.toml": b"# \xff"}, ["roster.toml: not TOML: "]),
    "settings nested beyond all measure": (
        {"person.csv": "id\n", "roster.toml": "since = " + "[" * 5000},
        ["roster.toml: not TOML: "],
    ),
    "a number beyond all measure in the settings": (
        {"person.csv": "id\n", "roster.toml": "since = " + "1" * 5000},
        ["roster.toml: not TOML: "],
    ),
    "no such setting": (
        {"person.csv": "id\n", "roster.toml": "sinse = {}\nzone = 'UTC'"},
        [
            "roster.toml: there is no setting 'sinse' (only `since` and `holidays`)",
            "roster.toml: there is no setting 'zone'",
        ],
    ),
    "one day for all tables": ({"person.csv": "id\n", "roster.toml": "since = 2026-01-31"}, ["roster.toml, since: "]),
    "holidays that are no days": (
        {"person.csv": "id\n", "roster.toml": "holidays = ['2026-05-25']"},
        ["roster.toml, holidays: is not a list of days (write holidays = [2026-05-25])"],
    ),
    "since a text": (
        {"person.csv": "id\n", "roster.toml": "since.person = '2026-01-31'"},
        ["roster.toml, since.person: is not a date (write it as in 2026-01-31)"],
    ),
    "since an instant": (
        {"person.csv": "id\n", "roster.toml": "since.person = 2026-01-31T00:00:00Z"},
        ["roster.toml, since.person: is not a date"],
    ),
    "since for no such kind": (
        {"person.csv": "id\n", "roster.toml": "since.persn = 2026-01-31"},
        ["roster.toml, since: there is no kind 'persn' (did you mean 'person'?)"],
    ),
}

BROKEN = {
    f"{form}: {name}": case
    for form, cases in (("CSV", BROKEN_CSV), ("JSON", BROKEN_JSON), ("folder", BROKEN_FOLDERS))
    for name, case in cases.items()
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_documents_are_refused(name: str, tmp_path: Path) -> None:
    """Each fault is said once, with its place and its mend, in the order of the input, and nothing else is said."""
    files, starts = BROKEN[name]
    found = problems_of(tmp_path, files)
    starts = [start.replace("{}", str(tmp_path)) for start in starts]
    assert [one[: len(start)] for one, start in zip(found, starts, strict=False)] == starts
    assert len(found) == len(starts)


def test_the_tables_of_documents_are_as_many_as_promised() -> None:
    """A reader is measured on many documents that are broken, and on some that are right."""
    assert len(BROKEN) >= 60
    assert len(RIGHT) >= 12


# all at once


def test_problems_are_cut_at_fifty_and_counted(tmp_path: Path) -> None:
    """Of seventy wrong cells fifty are printed, and all are counted and kept."""
    rows = [f"p{number},x" for number in range(1, 71)]
    with pytest.raises(InputError) as error:
        read(folder(tmp_path, {"person.csv": _csv("id,birth_date", *rows)}))
    lines = str(error.value).split("\n")
    assert lines[0] == "70 problems found, the first 50 of them:"
    assert len(lines) == 51
    assert "row 51, " in lines[-1]
    assert len(error.value.problems) == 70


def test_nothing_is_read_of_a_roster_with_one_fault(tmp_path: Path) -> None:
    """One wrong cell among thousands of right ones, and there is no roster at all."""
    rows = [f"p{number},2026-01-31" for number in range(1000)]
    files = {"person.csv": _csv("id,birth_date", *rows), "plan.json": '[{"id": "w1", "signed_on": 5}]'}
    assert problems_of(tmp_path, files) == ["plan.json, record 1, column signed_on: expected a date, got a int"]


def test_who_refers_to_a_record_that_is_refused_is_not_blamed(tmp_path: Path) -> None:
    """The person is there, only the day of birth is wrong: that the admission refers to nobody would be false."""
    files = {"person.csv": _cell("birth_date", "31/01/2026"), "admission.csv": _csv("id,person", "a1,x")}
    found = problems_of(tmp_path, files)
    assert len(found) == 1
    assert found[0].startswith("person.csv, row 2, column birth_date")


def test_who_refers_to_a_file_that_cannot_be_read_is_not_blamed(tmp_path: Path) -> None:
    """A file with a wrong header has one fault, not one for each record that refers to it."""
    files = {"person.csv": _csv("id,birthdate", "p1,"), "admission.csv": _csv("id,person", "a1,p1", "a2,p1")}
    assert len(problems_of(tmp_path, files)) == 1


# what a message may hold


_NAME = "Wren Lanternhouse"

_ECHOES: dict[str, Files] = {
    f"{table}.{form}, {column}": {f"{table}.{form}": content}
    for table, column in [
        ("person", "birth_date"),
        ("person", "conditions"),
        ("care_episode", "ended_on"),
        ("care_episode", "kind"),
        ("care_episode", "psychiatric"),
        ("referral", "received_at"),
        ("program", "capacity"),
        ("lamp", "oil"),
        ("contact", "ends_at"),
        ("assessment", "documented_efforts"),
    ]
    for form, content in (
        ("csv", _cell(column, _NAME)),
        ("json", _fact(column, f'"{_NAME}"')),
        ("jsonl", _fact(column, f'["{_NAME}"]')[1:-1]),
    )
}
_ECHOES |= {
    "a row that is too long": {"person.csv": _csv("id", f"p1,{_NAME}")},
    "a file without a header": {"person.csv": _csv(f"{_NAME},2026-01-31", "p2,2026-01-31")},
    "text behind a quotation": {"person.csv": f'id\n"{_NAME}"{_NAME}\n'},
    "an unfinished document": {"person.json": f'[{{"id": "{_NAME}'},
    "a text for a record": {"person.json": f'["{_NAME}"]'},
    "a name before a date": {"person.csv": _cell("birth_date", f"{_NAME} 2026-01-31")},
}


@pytest.mark.parametrize("name", _ECHOES)
def test_a_message_never_holds_a_cell_that_could_be_a_name(name: str, tmp_path: Path) -> None:
    """Messages are printed and kept, and people paste names into any column: only its length is told."""
    (problem,) = problems_of(tmp_path, _ECHOES[name])
    for word in _NAME.split():
        assert word.lower() not in problem.lower()


@pytest.mark.parametrize("column", ["\\ud800", "a\\u001b[31mb", "a\\nb"])
def test_a_message_can_be_printed_anywhere(column: str, tmp_path: Path) -> None:
    """A column's name is told, and what does not print in it is written so that a terminal is not harmed."""
    (problem,) = problems_of(tmp_path, {"person.json": f'[{{"id": "p1", "{column}": 1}}]'})
    assert problem.encode()
    assert problem.isprintable()


# the folder, the file and the settings


@pytest.mark.parametrize("name", ["nowhere", "roster.csv", "roster.JSON", ""])
def test_a_roster_is_a_folder_or_a_json_file(name: str, tmp_path: Path) -> None:
    """What is neither is refused, and so is what is not there."""
    (tmp_path / "roster.csv").write_text("id\n")
    path = tmp_path / name / "not there" if not name else tmp_path / name
    with pytest.raises(InputError, match=r"is not a folder of tables or a JSON file \(name one that is there\)"):
        read(path)


def test_a_path_may_be_a_text(tmp_path: Path) -> None:
    """As the command line gives it."""
    folder(tmp_path, {"person.csv": "id\np1\n"})
    assert read(str(tmp_path)).records("person") == (Person(id="p1"),)


def test_a_folder_with_the_name_of_a_table_is_a_fault(tmp_path: Path) -> None:
    """It cannot be read, which is said as every other fault is."""
    (tmp_path / "person.csv").mkdir()
    with pytest.raises(InputError, match=r"person\.csv"):
        read(folder(tmp_path, {"plan.csv": "id\n"}))


def test_a_table_whose_file_ends_in_capitals_is_not_passed_over(tmp_path: Path) -> None:
    """It is read, or it is refused; a table that is there is not taken for one that was not given."""
    files = {"plan.csv": "id\n", "person.CSV": "id\np1\n"}
    try:
        roster = read(folder(tmp_path, files))
    except InputError:
        return
    assert roster.records("person") == (Person(id="p1"),)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size is looked at first; the other files are read for their faults."""
    monkeypatch.setattr(rosters, "LARGEST_FILE", 20)
    files = {"person.csv": "id\n" + "p" * 30, "program.json": "{"}
    assert [each.split(" (")[0] for each in problems_of(tmp_path, files)] == [
        "person.csv: larger than 20 bytes",
        "program.json: not JSON: Expecting property name enclosed in double quotes: line 1 column 2",
    ]


def test_a_table_is_complete_since_a_day(tmp_path: Path) -> None:
    """`roster.toml` says so for each kind; a kind that it does not name is complete since always."""
    files = {"person.csv": "id\n", "plan.csv": "id\n", "roster.toml": "[since]\nplan = 2026-01-31\n"}
    tables = read(folder(tmp_path, files)).tables
    assert tables.tables["plan"].since == DAY
    assert tables.tables["person"].since is None


@pytest.mark.parametrize("settings", ["", "since = {}", "[since]\n"])
def test_settings_may_say_nothing(settings: str, tmp_path: Path) -> None:
    """Then every table is complete since always."""
    roster = read(folder(tmp_path, {"person.csv": "id\n", "roster.toml": settings}))
    assert roster.tables.tables["person"].since is None


def test_the_digest_is_of_all_that_was_read(tmp_path: Path) -> None:
    """The same files have the same digest; another cell, name or setting has another, and a note beside it none."""
    base = {"person.csv": "id\np1\n", "plan.csv": "id\n"}
    changed: list[Files] = [
        base | {"person.csv": "id\np2\n"},
        base | {"plan.csv": "id\np1\n", "person.csv": "id\n"},
        base | {"roster.toml": "since.person = 2026-01-31"},
        {"person.csv": "id\np1\n"},
    ]
    digests = [_digest(tmp_path / str(number), files) for number, files in enumerate([base, *changed])]
    assert len(set(digests)) == len(digests)
    assert all(len(digest) == 64 for digest in digests)
    assert _digest(tmp_path / "again", base) == digests[0]
    assert _digest(tmp_path / "noted", base | {"notes.md": "x"}) == digests[0]


def _digest(path: Path, files: Files) -> str:
    path.mkdir()
    return read(folder(path, files)).digest


# one JSON file of all tables


def _one_file(path: Path, text: str) -> Path:
    (path / "all.json").write_text(text)
    return path / "all.json"


def test_one_json_file_of_all_tables(tmp_path: Path) -> None:
    """Its keys are kinds and their values lists of records; its digest is of the file."""
    roster = read(_one_file(tmp_path, '{"person": [{"id": "p1"}], "plan": []}'))
    assert {each: roster.records(each) for each in roster.kinds} == {"person": (Person(id="p1"),), "plan": ()}
    assert len(roster.digest) == 64


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("[]", ["all.json: is not an object of tables (write "]),
        ("5", ["all.json: is not an object of tables"]),
        ("{", ["all.json: not JSON: "]),
        ('{"person": [], "person": []}', ["all.json: not JSON: 'person' is there twice in one object"]),
        ("", ["all.json: not JSON: "]),
        ("{}", ["all.json: has no tables"]),
        ('{"person": {"id": "p1"}}', ["all.json, person: is not a list of records"]),
        ('{"person": null}', ["all.json, person: is not a list of records"]),
        (
            '{"persons": [], "person": [{"id": 1}, 2], "plan": [{"id": "w1", "sined_on": null}]}',
            [
                "all.json: there is no kind 'persons' (did you mean 'person'?)",
                "all.json, person, record 1, column id: an id is missing",
                "all.json, person, record 2: is not an object of facts",
                "all.json, plan, record 1, column sined_on: plan has no fact 'sined_on' (did you mean 'signed_on'?)",
            ],
        ),
        (
            '{"person": [{"id": "p1"}], "referral": [{"id": "r1", "person": "p2"}]}',
            ["all.json, referral, record 1, column person: there is no person 'p2'"],
        ),
    ],
)
def test_one_json_file_that_is_broken(text: str, starts: list[str], tmp_path: Path) -> None:
    """Each fault is said once, with the table, the record and the fact."""
    with pytest.raises(InputError) as error:
        read(_one_file(tmp_path, text))
    found = [str(problem) for problem in error.value.problems]
    assert [one[: len(start)] for one, start in zip(found, starts, strict=False)] == starts
    assert len(found) == len(starts)


def test_a_json_file_may_be_read_alone(tmp_path: Path) -> None:
    """As strictly as a roster: numbers are exact."""
    assert read_json(_one_file(tmp_path, '{"plan": {"id": "w1", "x": 0.10}}')) == {
        "plan": {"id": "w1", "x": Decimal("0.10")}
    }


@pytest.mark.parametrize("text", ["", "{", '{"plan": {"id": "w1", "id": "w2"}}', "NaN", "1e99999999999999999999"])
def test_a_json_file_alone_that_is_broken(text: str, tmp_path: Path) -> None:
    """It is refused, and so are a folder and what is not there."""
    with pytest.raises(InputError, match=r"1 problem found:\n- all\.json: not JSON: "):
        read_json(_one_file(tmp_path, text))
    for path in (tmp_path, tmp_path / "nowhere.json"):
        with pytest.raises(InputError, match="is not a file"):
            read_json(path)


def test_one_json_file_that_is_not_utf_8(tmp_path: Path) -> None:
    """It is refused as any other file is."""
    (tmp_path / "all.json").write_bytes(b'{"person": [{"id": "\xff"}]}')
    with pytest.raises(InputError, match=r"1 problem found:\n- all\.json: not UTF-8 at byte 20"):
        read(tmp_path / "all.json")


# plain values and records in memory


def test_plain_values_in_memory() -> None:
    """A mapping of lists, as JSON has them; dates may be dates already."""
    roster = from_mapping({"person": [{"id": "p1", "birth_date": DAY}], "plan": []})
    assert roster.records("person") == (Person(id="p1", birth_date=DAY),)
    assert (roster.kinds, roster.digest) == (("person", "plan"), "")


@pytest.mark.parametrize(
    ("data", "start"),
    [
        (None, "roster: is not an object of tables"),
        ([("person", [])], "roster: is not an object of tables"),
        ({5: []}, "roster: there is no kind 5"),
        ({"person": 5}, "roster, person: is not a list of records"),
        ({"person": [{"id": "p1", 5: 6}]}, "roster, person, record 1, column 5: person has no fact '5'"),
        (
            {"person": [{"id": "p1", "birth_date": NOON}]},
            "roster, person, record 1, column birth_date: expected a date",
        ),
        ({"program": [{"id": "x", "capacity": 3.0}]}, "roster, program, record 1, column capacity: expected a number"),
        ({"lamp": [{"id": "l", "oil": Decimal("NaN")}]}, "roster, lamp, record 1, column oil: not a finite number"),
        (
            {"referral": [{"id": "r", "received_at": NOON.replace(tzinfo=None)}]},
            "roster, referral, record 1, column rec",
        ),
    ],
)
def test_plain_values_that_are_wrong(data: object, start: str) -> None:
    """They are refused as the same values in a file are."""
    with pytest.raises(InputError) as error:
        from_mapping(data, vocabulary=WITH_LAMPS)
    assert [str(problem)[: len(start)] for problem in error.value.problems] == [start]


def test_records_in_memory() -> None:
    """Each kind that occurs is a table in the order given; nothing was read, so there is no digest."""
    records: list[Record] = [Person(id="p2"), Referral(id="r1", person="p1"), Person(id="p1")]
    roster = from_records(iter(records))
    assert roster.kinds == ("person", "referral")
    assert roster.records("person") == (Person(id="p2"), Person(id="p1"))
    assert (roster.digest, roster.notes, roster.vocabulary) == ("", (), CORE)


def test_an_empty_table_in_memory_is_named() -> None:
    """A kind that occurs need not be named and may be; one that does not occur and is not named is not given."""
    roster = from_records([Person(id="p1")], empty=["plan", "person"])
    assert sorted(roster.kinds) == ["person", "plan"]
    assert roster.records("plan") == ()
    assert roster.tables.given("contact") is None


def test_a_table_in_memory_may_be_complete_since_a_day() -> None:
    """As `roster.toml` says it for files."""
    roster = from_records([Person(id="p1")], empty=["plan"], since={"plan": DAY})
    assert roster.tables.tables["plan"].since == DAY
    assert roster.tables.tables["person"].since is None


def test_the_faults_of_records_in_memory() -> None:
    """Repeated ids and references to nobody are said with the kind, the id and the number of the record."""
    records: list[Record] = [Person(id="p1"), Referral(id="r1", person="p3"), Person(id="p1"), Referral(id="r1")]
    with pytest.raises(InputError) as error:
        from_records(records)
    assert [str(problem) for problem in error.value.problems] == [
        "person 'p1' (record 3): the id 'p1' is taken (each record has an id of its own)",
        "referral 'r1' (record 4): the id 'r1' is taken (each record has an id of its own)",
        "referral 'r1' (record 2), column person: there is no person 'p3' (add it to person, or mend the id)",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: from_records([], empty=["persn"]),
        lambda: from_records([Person(id="p1")], since={"persn": DAY}),
        lambda: from_records([Lamp(id="l1")]),
        lambda: from_records(["p1"]),  # type: ignore[list-item]
    ],
    ids=["empty", "since", "a record of another vocabulary", "no record"],
)
def test_a_kind_that_is_not_known_is_refused(wrong: Callable[[], Roster]) -> None:
    """A misspelt kind would make a table unknown, or complete since always, without a word."""
    with pytest.raises(InputError):
        wrong()


# the program


def test_the_office_is_in_the_program_s_zone(tmp_path: Path) -> None:
    """Nine to five on weekdays, with no holidays given."""
    roster = read(folder(tmp_path, {"program.csv": _cell("time_zone", "America/Chicago")}))
    assert roster.tables.office == Office("America/Chicago")


@pytest.mark.parametrize(
    "files", [{"person.csv": "id\n"}, {"program.csv": "id\n"}, {"program.csv": "id,time_zone\nx,\n"}]
)
def test_without_a_zone_there_is_no_office(files: Files, tmp_path: Path) -> None:
    """A zone is not guessed."""
    assert read(folder(tmp_path, files)).tables.office is None


def test_an_office_that_is_given_is_used() -> None:
    """Its hours and holidays override the program's zone."""
    office = Office("America/Denver", holidays=frozenset({DAY}))
    assert from_records([Program(id="x", time_zone="America/Chicago")], office=office).tables.office is office
    assert from_records([], office=office).tables.office is office


def test_two_programs_are_refused_with_any_office() -> None:
    """A roster is of one program, also where its office is given."""
    for office in (None, Office()):
        with pytest.raises(InputError, match="there is more than one program"):
            from_records([Program(id="x"), Program(id="y")], office=office)


def test_a_zone_in_memory_is_checked() -> None:
    """As one from a file is."""
    with pytest.raises(InputError, match=r"program 'x' \(record 1\), column time_zone: 'Mars/Base' is no time zone"):
        from_records([Program(id="x", time_zone="Mars/Base")])


# records that could be anybody's


def test_records_that_belong_to_nobody_are_noted(tmp_path: Path) -> None:
    """A reference that is not recorded is no error and still matters; the first three places are told."""
    rows = ["w1,a1", "w2,", "w3,", "w4,", "w5,"]
    files = {"admission.csv": _csv("id,person", "a1,"), "plan.csv": _csv("id,admission", *rows)}
    nobody = "which could be anybody's and count for nobody"
    assert read(folder(tmp_path, files)).notes == (
        f"1 admission without person, {nobody}: admission.csv, row 2",
        f"4 plan without admission, {nobody}: plan.csv, row 3; plan.csv, row 4; plan.csv, row 5; ...",
    )


def test_three_records_that_belong_to_nobody_are_all_told() -> None:
    """Dots stand only for places that are not told."""
    roster = from_records([Referral(id=f"r{number}") for number in (1, 2, 3)])
    assert [note.count("(record") for note in roster.notes] == [3]
    assert not roster.notes[0].endswith("...")


def test_optional_and_empty_references_are_not_noted() -> None:
    """A reference *or none* that is not recorded, and a set of references that is empty, belong to somebody."""
    records: list[Record] = [
        Person(id="p1"),
        Admission(id="a1", person="p1"),
        Consultation(id="k1", admissions=frozenset(), peer_provider="pp1", consultant="cc1"),
        GroupSession(id="g1", facilitators=frozenset()),
    ]
    assert from_records(records).notes == ()


def test_a_set_of_references_that_is_not_recorded_is_noted() -> None:
    """The session could be anybody's."""
    (note,) = from_records([GroupSession(id="g1")]).notes
    assert note.startswith("1 group_session without facilitators")


def test_stays_that_end_before_they_start_are_noted() -> None:
    """They are inside nothing, which is odd and no error; the first three places are told, and the same day is fine."""
    before = DAY - dt.timedelta(days=1)
    days: list[OrNone[dt.date]] = [DAY, before, NONE, None]
    people: list[Record] = [Person(id="p1")]
    stays = [Admission(id=f"a{n}", person="p1", admitted_on=DAY, ended_on=day) for n, day in enumerate(days)]
    (one,) = from_records([*people, *stays]).notes
    assert one == "1 admission with ended_on before admitted_on: admission 'a1' (record 3)"
    early = [Admission(id=f"b{n}", person="p1", admitted_on=DAY, ended_on=before) for n in range(4)]
    (four,) = from_records([*people, *early]).notes
    assert four.startswith("4 admission with ended_on before admitted_on: ")
    assert (four.count("(record"), four.endswith("; ...")) == (3, True)


@pytest.mark.parametrize(
    ("type_", "mend"),
    [
        ("date", "write YYYY-MM-DD, as in 2026-01-31"),
        ("date or none", "write YYYY-MM-DD, as in 2026-01-31, or none where it is known that there is none"),
    ],
)
def test_the_mend_of_a_date_says_whether_there_may_be_none(type_: str, mend: str) -> None:
    """Who does not know how to write that nothing has ended is told."""
    with pytest.raises(Refused) as refused:
        from_cell(read_fact("x", type_), "soon")
    assert refused.value.mend == mend


# the same facts in every form


_IDS = (
    st.text("abz019 -_.,'\"=+@é人", min_size=1, max_size=6).map(str.strip).filter(lambda id_: id_ not in {"", "none"})
)
_WORDS = (
    st.text("abz 019,;:'\"=+-@|\\/é人", min_size=1, max_size=8).map(str.strip).filter(lambda w: w not in {"", "none"})
)
_TAGS = st.text("ab 0,'\"=é", min_size=1, max_size=4).map(str.strip).filter(bool)
_DATES = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
_OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
_INSTANTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31), timezones=_OFFSETS)
_NUMBERS = st.integers(0, 10**9)
_DECIMALS = st.decimals(-1000, 1000, places=3)
_ZONES = st.sampled_from(["America/Chicago", "America/Denver", "UTC"])
_KINDS = st.lists(st.sampled_from([*WITH_LAMPS]), min_size=1, max_size=4, unique=True)


def _known(declared: Fact, ids: Mapping[str, Sequence[str]]) -> st.SearchStrategy[Any]:
    """The recorded values of a fact."""
    simple: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "number": _DECIMALS if declared.type.decimal else _NUMBERS,
        "date": _DATES,
        "instant": _INSTANTS,
        "text": _ZONES if declared.name == "time_zone" else _WORDS,
        "choice": st.sampled_from(declared.type.choices or ("days housed", "scale (0-9)", "=1+1")),
        "set": st.frozensets(st.sampled_from(declared.type.choices) if declared.type.choices else _TAGS, max_size=3),
    }
    if declared.type.base in simple:
        return simple[declared.type.base]
    there = ids.get(declared.type.kind, ["elsewhere"])
    if declared.type.base == "refs":
        return st.frozensets(st.sampled_from(there), max_size=2) if there else st.just(frozenset())
    return st.sampled_from(there) if there else st.nothing()


def _value(declared: Fact, ids: Mapping[str, Sequence[str]]) -> st.SearchStrategy[Any]:
    absent = st.just(NONE) if declared.type.or_none else st.nothing()
    return st.none() | _known(declared, ids) | absent


@st.composite
def _records(draw: st.DrawFn) -> dict[str, list[Record]]:
    """A few tables of records whose references are in order."""
    kinds = draw(_KINDS)
    ids = {name: draw(st.lists(_IDS, max_size=1 if name == "program" else 3, unique=True)) for name in kinds}
    return {name: [_record(draw, name, id_, ids) for id_ in ids[name]] for name in kinds}


def _record(draw: st.DrawFn, name: str, id_: str, ids: Mapping[str, Sequence[str]]) -> Record:
    values = {each.name: draw(_value(each, ids)) for each in WITH_LAMPS[name].stored}
    if name == "lamp" and values["out_on"] is not NONE and None not in {values["lit_on"], values["out_on"]}:
        values["out_on"] = max(values["lit_on"], values["out_on"])
    return WITH_LAMPS[name].record(id=id_, **values)


def _as_cell(value: object) -> str:
    """How CSV writes a value."""
    if value is None:
        return ""
    if value is NONE or value == frozenset():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ";".join(sorted(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _as_json(value: object) -> object:
    """How JSON writes a value; exact decimals are written by `_dumped`."""
    if value is NONE:
        return "none"
    if isinstance(value, frozenset):
        return sorted(value) or "none"
    if isinstance(value, Decimal):
        return f"<{value}>"
    return value.isoformat() if isinstance(value, dt.date) else value


def _dumped(value: object) -> str:
    return json.dumps(value).replace('"<', "").replace('>"', "")


def _facts(record: Record) -> dict[str, object]:
    return {each.name: getattr(record, each.name) for each in attrs.fields(type(record))}


def _objects(records: Sequence[Record]) -> list[dict[str, object]]:
    return [{name: _as_json(value) for name, value in _facts(record).items()} for record in records]


def _csv_file(name: str, records: Sequence[Record], newline: str) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator=newline)
    writer.writerow(["id", *(each.name for each in WITH_LAMPS[name].stored)])
    writer.writerows([record.id, *map(_as_cell, list(_facts(record).values())[1:])] for record in records)
    return written.getvalue()


def _read_folder(files: Files) -> Roster:
    with tempfile.TemporaryDirectory() as path:
        return read(folder(Path(path), files), vocabulary=WITH_LAMPS)


def _read_file(text: str) -> Roster:
    with tempfile.TemporaryDirectory() as path:
        return read(_one_file(Path(path), text), vocabulary=WITH_LAMPS)


@given(_records(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\ufeff"]))
def test_the_same_records_in_every_form_are_the_same_facts(
    records: dict[str, list[Record]], newline: str, mark: str
) -> None:
    """CSV, JSON, JSON Lines, one file, a mapping and records in memory: the same tables with the same records."""
    objects = {name: _objects(listed) for name, listed in records.items()}
    plain = json.loads(_dumped(objects), parse_float=Decimal)
    memory = [record for listed in records.values() for record in listed]
    rosters_read = {
        "CSV": _read_folder({f"{n}.csv": mark + _csv_file(n, listed, newline) for n, listed in records.items()}),
        "JSON": _read_folder({f"{n}.json": mark + _dumped(listed) for n, listed in objects.items()}),
        "JSON Lines": _read_folder({f"{n}.jsonl": mark + _lines(listed) for n, listed in objects.items()}),
        "one file": _read_file(_dumped(objects)),
        "a mapping": from_mapping(plain, vocabulary=WITH_LAMPS),
        "memory": from_records(memory, empty=records, vocabulary=WITH_LAMPS),
    }
    for form, roster in rosters_read.items():
        assert {name: list(roster.records(name)) for name in roster.kinds} == records, form
    assert len({roster.tables.office for roster in rosters_read.values()}) == 1
    assert len({len(roster.notes) for roster in rosters_read.values()}) == 1


def _lines(objects: Sequence[object]) -> str:
    return "".join(f"{_dumped(each)}\n" for each in objects)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("measure", "name", ""), ("program", "time_zone", ""), ("lamp", "label", ""), ("plan", "admission", "")],
)
def test_an_empty_text_in_json_is_not_recorded_or_refused(table: str, column: str, value: str) -> None:
    """As an empty cell is: an empty text is not a fact that is known."""
    try:
        roster = from_mapping({table: [{"id": "x", column: value}]}, vocabulary=WITH_LAMPS)
    except InputError:
        return
    assert getattr(roster.records(table)[0], column) is None


# broken on purpose


_JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["none", "", "2026-01-31", "20260131", "2026-01-31T12:00", "p1", "\ud800", "\x00", " p1 "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def _broken(draw: st.DrawFn) -> object:
    """Tables in order in which one to three things are changed: a value, a name, a record, a table."""
    records = draw(_records())
    tables: dict[str, Any] = {name: _objects(listed) for name, listed in records.items()}
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from([*tables]))
        table = tables[name]
        target = draw(st.sampled_from(["value", "name", "record", "table", "kind"]))
        record = table[0] if isinstance(table, list) and table and isinstance(table[0], dict) else None
        if target in {"value", "name"} and record:
            column = draw(st.sampled_from([*record]) | st.text(max_size=4))
            value = record.pop(column, None) if target == "name" else draw(_JSON_VALUES)
            record[draw(st.text(max_size=6)) if target == "name" else column] = value
        elif target == "record" and isinstance(table, list):
            table.append(draw(_JSON_VALUES))
        elif target == "table":
            tables[name] = draw(_JSON_VALUES)
        else:
            tables[draw(st.text(max_size=6))] = draw(_JSON_VALUES)
    return tables


def _read_or_refused(reading: Callable[[], Roster]) -> bool:
    """Whether a roster is read, or refused with problems that can be printed. Any other error is raised."""
    try:
        return bool(reading())
    except InputError as error:
        return bool(error.problems and str(error).encode())


@given(_broken())
def test_broken_tables_are_refused_and_nothing_else_happens(tables: object) -> None:
    """Whatever is changed in a mapping, a roster is read or an `InputError` that can be printed says why not."""
    assert _read_or_refused(lambda: from_mapping(tables, vocabulary=WITH_LAMPS))


@given(_broken(), st.data())
def test_broken_json_is_refused_and_nothing_else_happens(tables: object, data: st.DataObject) -> None:
    """The same for a file, in which a piece may have been cut out or put in."""
    text = _dumped(tables)
    start = data.draw(st.integers(0, len(text)))
    piece = data.draw(st.sampled_from(["", "[", "{", '"', "1e9999", "1e99999999999999999999", "-", "NaN", "\\u0000"]))
    cut = data.draw(st.integers(0, 3))
    assert _read_or_refused(lambda: _read_file(text[:start] + piece + text[start + cut :]))


_GARBAGE = st.sampled_from(
    [b"", b",", b'"', b";", b"\n", b"\r", b"\0", b"\xff", b"\xc2\x85", b"\x0c", b"id", b"x", b"1", b"none", b"-", b" "]
)


@given(_records(), st.data())
def test_broken_csv_is_refused_and_nothing_else_happens(records: dict[str, list[Record]], data: st.DataObject) -> None:
    """The same for CSV files, of which some bytes are cut out and others are put in."""
    files: dict[str, str | bytes] = {}
    for name, listed in records.items():
        content = _csv_file(name, listed, "\n").encode()
        for _ in range(data.draw(st.integers(0, 3))):
            start = data.draw(st.integers(0, len(content)))
            content = content[:start] + data.draw(_GARBAGE) + content[start + data.draw(st.integers(0, 5)) :]
        files[f"{name}.csv"] = content
    assert _read_or_refused(lambda: _read_folder(files))


# one value


@pytest.mark.parametrize(
    ("type_", "cell", "value"),
    [
        ("text", " two words ", "two words"),
        ("text", "none", "none"),
        ("text or none", "none", NONE),
        ("-> person", "none", "none"),
        ("-> person or none", "none", NONE),
        ("-> set of person", "none", frozenset()),
        ("-> set of person", "p2;p1", frozenset({"p1", "p2"})),
        ("set: a b or none", "none", frozenset()),
        ("decimal", "-0.250", Decimal("-0.25")),
        ("decimal", "3", Decimal(3)),
        ("int", "-12", -12),
        ("int", "007", 7),
        ("date", "", None),
        ("date", "   ", None),
        ("instant or none", "none", NONE),
    ],
)
def test_a_cell_is_read_as_a_value_of_its_fact(type_: str, cell: str, value: object) -> None:
    """Spaces around a cell do not count, and `none` is absence only where absence can be known."""
    found = from_cell(read_fact("x", type_), cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("type_", "given_", "value"),
    [
        ("bool", True, True),
        ("text or none", "none", NONE),
        ("text", "none", "none"),
        ("set: a b", [], frozenset()),
        ("set: a b or none", "none", frozenset()),
        ("-> set of person", ["p1"], frozenset({"p1"})),
        ("decimal", 3, Decimal(3)),
        ("decimal", Decimal("0.25"), Decimal("0.25")),
        ("int", 3, 3),
        ("date", "2026-01-31", DAY),
        ("instant", "2026-01-31T12:00Z", NOON),
        ("choice: a b", "a", "a"),
    ],
)
def test_a_json_value_is_read_as_a_value_of_its_fact(type_: str, given_: object, value: object) -> None:
    """Texts are read only as dates and instants; every other value has its type already."""
    found = from_json(read_fact("x", type_), given_)
    assert found == value
    assert type(found) is type(value)


def test_a_refusal_says_the_fault_and_the_mend() -> None:
    """The reader of files puts the place before them."""
    with pytest.raises(Refused) as error:
        from_cell(read_fact("x", "bool"), "perhaps")
    assert str(error.value) == error.value.fault == "a text of 7 characters is not a yes or no"
    assert error.value.mend == "write yes or no, or leave the cell empty where it is not recorded"


@pytest.mark.parametrize("cell", ["31/01/2026", "1,5", "12:30", "+1", "2026.01.31", "-"])
def test_digits_and_marks_are_told_as_they_are(cell: str) -> None:
    """They help to find the cell, and are nobody's name."""
    with pytest.raises(Refused) as error:
        from_cell(read_fact("x", "bool"), cell)
    assert error.value.fault == f"{cell!r} is not a yes or no"


def test_a_reader_of_one_kind() -> None:
    """It gives the record of some values, or its problems at a place, never both."""
    reader = RecordReader(KINDS[Person], from_json)
    assert reader.record({"id": " p1 "}, "here") == (Person(id="p1"), [])
    record, problems = reader.record({"birth_date": 5, "x": 1}, "here")
    assert record is None
    assert sorted(str(problem).split(" (")[0] for problem in problems) == [
        "here, column birth_date: expected a date, got a int",
        "here, column id: is missing",
        "here, column x: person has no fact 'x'",
    ]


def test_holidays_are_those_of_the_office(tmp_path: Path) -> None:
    """`holidays` in the settings are the office's; without them none are known, which is not that there are none."""
    (tmp_path / "program.csv").write_text("id,time_zone\nprogram,America/Chicago\n")
    bare = read(tmp_path).tables.office
    assert bare is not None
    assert bare.holidays is None
    (tmp_path / "roster.toml").write_text("holidays = [2026-05-25, 2026-07-03]\n")
    office = read(tmp_path).tables.office
    assert office is not None
    assert office.holidays == frozenset({dt.date(2026, 5, 25), dt.date(2026, 7, 3)})
    (tmp_path / "program.csv").write_text("id,time_zone\nprogram,\n")
    assert read(tmp_path).tables.office is None
