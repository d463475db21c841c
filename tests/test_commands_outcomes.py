"""The commands for outcomes and readiness print what the functions give, and refuse what they cannot read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peersupport.cli import cli

EXAMPLES = Path(__file__).parents[1] / "examples"
PEER, NEBRASKA, ANSWERS = (str(EXAMPLES / name) for name in ("peer2peer", "roster", "readiness"))
ON = ("--on", "2026-06-30")


def run(*args: str) -> Result:
    """One command."""
    return CliRunner().invoke(cli, args)


MEASURED = {
    ("readmission", "--within", "30 days", "--of", "people"): "readmission within 30 days, of people: 0 of 45",
    ("readmission", "--within", "1 year", "--of", "discharges", "--no-last-day"): "the last day out",
    ("readmission-rate",): "per 100 person-years",
    ("time-to-readmission",): "Death is a competing risk",
    ("first-contact", "--counted-from", "discharge"): "median 19.5 days",
    ("engagement", "--at-least", "9", "--out-of", "12"): "completed 9 of 12 weeks, of everybody: 15 of 23",
    ("engagement", "--at-least", "3", "--out-of", "10", "--unit", "sessions"): "3 of 10 sessions",
}


@pytest.mark.parametrize("args", MEASURED, ids=" ".join)
def test_a_measure_is_printed_with_what_it_counts(args: tuple[str, ...]) -> None:
    """Every measure says what it counts, among whom, over which days, and what was left out."""
    result = run("measure", PEER, *args, *ON)
    assert result.exit_code == 0
    assert MEASURED[args] in result.stdout
    assert all(f"\n  {word}: " in result.stdout for word in ("counted", "among", "window", "excluded"))


def test_crisis_contacts_come_with_their_warning() -> None:
    """There are no contacts before and after without the word on regression to the mean."""
    result = run("measure", NEBRASKA, "crisis-contacts", "--days", "30", *ON)
    assert "regression to the mean" in result.stdout


def test_a_table_that_is_not_there_is_named() -> None:
    """Turnover without employments says so."""
    result = run("measure", NEBRASKA, "turnover", "--since", "2025-07-01", *ON)
    assert (result.exit_code, "employment" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("readmission", "--of", "people"), "--within: is missing"),
        (("readmission", "--within", "30 days"), "--of: is missing"),
        (("readmission", "--within", "soon", "--of", "people"), "--within: "),
        (("first-contact",), "--counted-from: is missing"),
        (("engagement", "--out-of", "12"), "--at-least: is missing"),
        (("crisis-contacts",), "--days: is missing"),
        (("turnover",), "--since: is missing"),
        (("readmission-rate", "--by", "conditions"), "--by: says nothing about readmission-rate"),
        (("readmission-rate", "--within", "30 days"), "--within: says nothing about readmission-rate"),
        (("readmission", "--within", "30 days", "--of", "people", "--by", "age"), "a person has no fact 'age'"),
        (("readmission-rate", "--svg", "x.svg"), "--svg: x.svg: this measure has no curve"),
        (("time-to-readmission", "--svg", "no/where/x.svg"), "cannot be written"),
    ],
)
def test_what_a_measure_lacks_is_said(args: tuple[str, ...], said: str) -> None:
    """An option that a measure needs, or has no use for, is told by its name, and nothing is printed."""
    result = run("measure", PEER, *args, *ON)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_day_long_after_the_last_record_is_refused() -> None:
    """Nobody was followed to a day that lies far beyond what is recorded."""
    result = run("measure", PEER, "readmission-rate", "--on", "2150-06-30")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--on: 2150-06-30 is more than a year after the last day recorded, " in result.stderr


def test_a_measure_in_groups_hides_small_numbers() -> None:
    """Of a small program nothing is told by groups but the total."""
    result = run("measure", PEER, "engagement", "--at-least", "9", "--out-of", "12", "--by", "self_described", *ON)
    assert result.exit_code == 0
    assert "hidden" in result.stdout


def test_a_measure_as_rows_and_as_a_curve(tmp_path: Path) -> None:
    """CSV and JSON have the same tidy rows; the curve is written as a picture."""
    picture = tmp_path / "curve.svg"
    args = ("measure", PEER, "time-to-readmission", *ON)
    table = list(csv.DictReader(io.StringIO(run(*args, "--format", "csv").stdout)))
    assert len(table) == len(json.loads(run(*args, "--format", "json").stdout)) > 1
    assert run(*args, "--svg", str(picture)).exit_code == 0
    assert picture.read_text(encoding="utf-8").startswith("<svg")


READY = ("readiness", ANSWERS, "--rulebook", "hospital-toolkit", *ON)


def test_readiness_is_a_page_without_a_score() -> None:
    """The page has the steps, what to do next and what is open; its exit code says nothing of the answers."""
    result = run(*READY)
    assert result.exit_code == 0
    assert "A planning aid, not a list to comply with" in result.stdout
    assert "## What to do next\n\n1. Look at need.assessed again" in result.stdout


def test_readiness_as_rows() -> None:
    """A row for each item, the same in CSV and JSON; with a period of review more are to be looked at again."""
    rows = list(csv.DictReader(io.StringIO(run(*READY, "--format", "csv").stdout)))
    assert len(rows) == len(json.loads(run(*READY, "--format", "json").stdout)) == 63
    stale = [row["question"] for row in rows if row["stale"] == "True"]
    more = list(csv.DictReader(io.StringIO(run(*READY, "--review-every", "1 month", "--format", "csv").stdout)))
    assert len([row for row in more if row["stale"] == "True"]) > len(stale)


def test_the_answers_to_one_question_over_time() -> None:
    """The answers stand in the order of their days; an evidence of several documents is one cell."""
    args = (*READY, "--question", "stakeholders.engaged", "--part", "people_in_recovery")
    lines = run(*args).stdout.splitlines()
    assert [line.split("\t")[:2] for line in lines] == [["2026-01-20", "partly"], ["2026-04-14", "yes"]]
    (first, second) = csv.DictReader(io.StringIO(run(*args, "--format", "csv").stdout))
    assert first["review_by"] == ""
    assert second["evidence"] == "listening session of 20 January;survey of April"


def test_a_question_that_nobody_answered_has_the_columns_alone() -> None:
    """Without rows the head stands there all the same."""
    args = (*READY, "--question", "future.planned", "--format", "csv")
    assert run(*args).stdout == "answered_on,status,owner,evidence,review_by,id\n"


@pytest.mark.parametrize("more", [("--question", "x"), ("--review-every", "often")])
def test_what_readiness_cannot_read_is_said(more: tuple[str, str]) -> None:
    """A question that is not there and a period that is none are refused."""
    assert run(*READY, *more).exit_code == 2


def test_the_questions_are_plain_data() -> None:
    """Each item has its id, what it asks and its source; a rulebook without questions is refused."""
    found = json.loads(run("questions", "hospital-toolkit").stdout)
    assert [step["step"] for step in found["steps"]] == ["plan", "act", "assess", "adapt_sustain"]
    assert run("questions", "nebraska-dbh").exit_code == 2


# matching

FILE = {
    "participants": [
        {"id": "p1", "shares": {"lived": ["mh", "sud"]}, "requires": {"language": ["es"]}},
        {"id": "p2", "shares": {"lived": ["mh"]}},
        {"id": "p3", "shares": {"lived": ["mh"]}, "requires": {"language": ["es"]}},
    ],
    "peers": [
        {"id": "A", "attributes": {"lived": ["sud"], "language": ["es"]}, "places": 1},
        {"id": "B", "attributes": {"lived": ["mh"], "language": []}, "places": "none"},
    ],
    "criteria": [{"attribute": "lived", "weight": 10}],
}


def written(folder: Path, data: object) -> str:
    """A JSON file."""
    file = folder / "match.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return str(file)


def test_people_are_matched_from_a_file(tmp_path: Path) -> None:
    """Each choice has its reasons, who has no place is named with the reason, and it is said that none is better."""
    lines = run("match", written(tmp_path, FILE)).stdout.splitlines()
    assert lines[0].startswith("A for p1: partial, 10 points: has required language: es")
    assert lines[1].startswith("B for p2: full, 10 points")
    assert lines[2].startswith("p3 has no place")
    assert lines[3] == "2 placed, 1 without a place, 20 points; no assignment is better"
    greedy = run("match", written(tmp_path, FILE), "--greedy").stdout
    assert greedy.endswith("made greedily: another may be better\n")


def test_a_ranking_assigns_nobody(tmp_path: Path) -> None:
    """The ranking of one participant has every peer provider in order, with the reasons."""
    file = written(tmp_path, FILE)
    assert [line[:5] for line in run("match", file, "--rank", "p2").stdout.splitlines()] == ["1. B ", "2. A "]
    assert "did you mean 'p1'" in run("match", file, "--rank", "p11").stderr


def test_what_lapses_is_asked_of_the_day(tmp_path: Path) -> None:
    """A value that has lapsed does not count any more; one that lapses on a day that is not recorded is open."""
    peer = {"id": "A", "attributes": {"lived": ["mh"]}, "places": 1, "lapses": {"lived": {"mh": "2026-05-01"}}}
    file = written(tmp_path, {**FILE, "peers": [peer]})
    told = [run("match", file, "--rank", "p2", "--on", day).stdout for day in ("2026-04-30", "2026-05-01")]
    assert "full" in told[0]
    assert "full" not in told[1]
    open_ = written(tmp_path, {**FILE, "peers": [{**peer, "lapses": {"lived": {"mh": None}}}]})
    assert run("match", open_, "--rank", "p2", "--on", "2026-04-30").exit_code == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "match.json: is no object"),
        ({"people": []}, "match.json: has no place for 'people'"),
        ({"peers": []}, "match.json: has no participants"),
        ({**FILE, "peers": {}}, "peers 1: is no object in a list"),
        ({**FILE, "peers": ["A"]}, "peers 1: is no object in a list"),
        ({**FILE, "participants": [{"shares": {}}]}, "participants 1: has no id"),
        ({**FILE, "peers": [{"id": "A", "place": 3}]}, "peers 1: has no field 'place' (did you mean 'places'?)"),
        ({**FILE, "peers": [{"id": "A", "places": "many"}]}, "A, places: 'many' is no number of places"),
        ({**FILE, "peers": [{"id": "A", "attributes": 3}]}, "peers 1: has a field of another form"),
        ({**FILE, "criteria": [{"attribute": "lived"}]}, "criteria 1: has no weight"),
    ],
)
def test_what_a_file_has_wrong_is_told_with_its_place(tmp_path: Path, data: object, said: str) -> None:
    """A list that is missing, an unknown field and a value that is none are each told, and nothing is matched."""
    result = run("match", written(tmp_path, data))
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
