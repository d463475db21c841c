"""The page on adding a state: its parts are parts of the finished file, and its commands print what it shows."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

import peersupport as ps
from peersupport.cli import cli
from peersupport.roster import from_mapping
from peersupport.testing import failing_examples

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "examples" / "harbor-state.toml"
TEXT: Final = FILE.read_text(encoding="utf-8")
PAGE: Final = (ROOT / "docs" / "adding-a-state.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
PARTS: Final = [block for language, block in BLOCKS if language == "toml"]
BOOK: Final = ps.load(FILE)


def shown() -> list[tuple[str, str]]:
    """Each command of the page with what stands below it, in the order of the page."""
    blocks = [block for language, block in BLOCKS if language == "console"]
    runs = [run for block in blocks for run in re.split(r"^\$ ", block, flags=re.MULTILINE) if run]
    return [(run.partition("\n")[0], run.partition("\n")[2]) for run in runs]


def pattern(output: str) -> str:
    """What is shown as a pattern of what is printed: a line of three dots is any lines; space at line ends is none."""
    lines = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r" *\n" for line in output.splitlines()]
    return "".join(lines)


def prepare(number: int, command: str) -> None:
    """Bring the folder to where the page stands before a command: what the reader wrote in the meantime."""
    written = Path("harbor-state.toml")
    checks = [i for i, (each, _) in enumerate(shown()) if each == "peersupport check harbor-state.toml"]
    if command.startswith("peersupport audit"):
        (roster,) = [block for language, block in BLOCKS if language == "json"]
        Path("one-person.json").write_text(roster, encoding="utf-8")
    if number == checks[1]:
        wrong = TEXT.replace('within = "30 days"', 'within = "30 dayz"')
        wrong = wrong.replace("first(plan.developed_on)", "first(plan.develop_on)")
        written.write_text(wrong, encoding="utf-8")
    if number == checks[2]:
        written.write_text(TEXT, encoding="utf-8")


def test_the_commands_of_the_page_print_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder, each command in turn prints what stands below it, and ends as the page says."""
    monkeypatch.chdir(tmp_path)
    for number, (command, output) in enumerate(shown()):
        prepare(number, command)
        result = CliRunner().invoke(cli, shlex.split(command)[1:])
        assert re.fullmatch(pattern(output), result.output), f"{command}\n{result.output}"
        assert result.exit_code == ("problems found" in output or "Not met that must be" in output), command


def test_the_page_runs_every_command_that_helps_to_write_a_rulebook() -> None:
    """Each step has its command."""
    asked = {command.split()[1] for command, _ in shown()}
    assert asked == {"new", "schema", "check", "cases", "rules", "audit"}


@pytest.mark.parametrize("number", range(len(PARTS)))
def test_the_parts_of_the_page_are_parts_of_the_file(number: int) -> None:
    """Each part stands in the finished file as it stands on the page."""
    assert PARTS[number] in TEXT


def test_every_row_of_the_table_has_its_place() -> None:
    """A rule covers it, or it is recorded, or it is not modeled; and the three share no row."""
    rows = re.findall(r"^\| (HS-\d+) \| .+ \|$", PAGE, flags=re.MULTILINE)
    assert rows == [f"HS-{number}" for number in range(1, 13)]
    placed = [*(row for rule in BOOK for row in rule.covers), *BOOK.recorded, *BOOK.not_modeled]
    assert sorted(placed) == sorted(rows)


def test_the_gaps_are_what_the_rules_assume() -> None:
    """Each gap is named by the rule that assumes something about it."""
    assumed = " ".join(rule.assumes for rule in BOOK)
    assert all(gap in assumed for gap in BOOK.gaps)


def test_the_file_is_right_and_its_examples_come_out() -> None:
    """The finished rulebook loads, is in force when the page says so, and is judged as its examples state."""
    assert failing_examples(BOOK) == ()
    assert all(rule.examples for rule in BOOK)
    assert (BOOK.version, str(BOOK.in_force.start), BOOK.jurisdiction) == ("2026-07", "2026-07-01", "invented")


def test_the_form_of_each_row_is_what_the_row_asks() -> None:
    """An age, an ambiguity, two deadlines, a group, a cap with an exception, a cadence and a should."""
    forms = {row: rule.form for rule in BOOK for row in rule.covers}
    assert forms == {
        "HS-1": "criterion",
        "HS-2": "criterion",
        "HS-3": "deadline",
        "HS-4": "deadline",
        "HS-5": "limit",
        "HS-6": "limit",
        "HS-7": "limit",
        "HS-8": "criterion",
        "HS-12": "deadline",
    }
    assert [rule.id for rule in BOOK if rule.force == "should"] == ["supervision.in_person"]
    assert [rule.id for rule in BOOK if rule.readings] == ["admission.condition", "plan.reviewed"]


def test_the_cap_that_gives_way_has_its_exception_beside_it() -> None:
    """Over sixty hours it is not met; with the need written down it has an exception, and the audit is clean."""
    admission = {"id": "a1", "person": "p1", "admitted_on": "2026-08-03", "ended_on": "none"}
    contact = {"id": "c1", "admission": "a1", "status": "attended", "starts_at": "2026-08-04T10:00:00Z", "units": 241}
    extension = {"id": "e1", "admission": "a1", "starts_on": "2026-11-02", "ends_on": "none", "need": True}
    tables = {"admission": [admission], "contact": [contact], "person": [{"id": "p1"}]}
    program = {"program": [{"id": "program", "time_zone": "UTC"}]}
    found = []
    for extensions in ([], [extension]):
        roster = from_mapping({**tables, **program, "extension": extensions}, vocabulary=BOOK.vocabulary)
        made = ps.audit(BOOK, roster, on=dt.date(2026, 11, 20), rules=["hours.yearly"])
        found.append((made.findings[0].verdict.value, made.findings[0].exception, made.clean))
    assert found == [("not_met", False, False), ("not_met", True, True)]
