"""What the documents show is what comes out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from click.testing import CliRunner

import peersupport as ps
from peersupport.cli import cli
from peersupport.readers import english

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> list[str]:
    """The text pictures of the README."""
    return re.findall(r"```text\n(.*?)```", README, re.DOTALL)


def test_the_picture_at_the_top_is_the_audit_of_the_example() -> None:
    """Each line of the picture is in the output, in this order; dots stand for what is left out."""
    command = ["audit", str(ROOT / "examples" / "roster"), "--rulebook", "nebraska-dbh", "--on", "2026-06-30"]
    result = CliRunner().invoke(cli, command)
    printed = [" ".join(line.split()) for line in result.output.splitlines()]
    shown = [" ".join(line.split()) for line in blocks()[0].splitlines() if line != "..."]
    places = [next(i for i, line in enumerate(printed) if line.startswith(text)) for text in shown]
    assert places == sorted(places)
    assert result.exit_code == 1


def test_the_explanation_in_the_readme_is_what_is_printed() -> None:
    """The three lines of the README print what stands below them."""
    finding = ps.judge(ps.load("nebraska-dbh"), "admission.symptoms", ps.Admission(id="a1"), on=date(2026, 6, 30))
    assert ps.explain(finding) == blocks()[1].rstrip("\n")


def test_the_records_page_is_the_vocabulary() -> None:
    """docs/records.md lists every kind and fact; write it again with english.records(CORE)."""
    assert (ROOT / "docs" / "records.md").read_text(encoding="utf-8") == english.records(ps.CORE)


def test_the_json_of_the_readme_can_be_assessed(tmp_path: Path) -> None:
    """The record that the README shows is judged, and its plan is found in time."""
    (text,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    (tmp_path / "one.json").write_text(text, encoding="utf-8")
    command = ["assess", str(tmp_path / "one.json"), "--rulebook", "nebraska-dbh", "--on", "2026-06-30"]
    result = CliRunner().invoke(cli, [*command, "--rule", "plan.developed"])
    assert result.output.startswith("MET: plan.developed of admission a1")
    assert result.exit_code == 0


def test_the_two_commands_of_the_readme_stand_there_once() -> None:
    """The check before a change lands runs them as they stand, so each must be found and be one line."""
    commands = re.findall(r"^    (python3 -m venv .*)$", README, re.MULTILINE)
    assert [command.rsplit("/", 1)[-1].split()[0] for command in commands] == ["roster", "pytest"]


def test_every_file_that_the_readme_names_is_there() -> None:
    """No link leads nowhere."""
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_rulebooks_are_listed() -> None:
    """Each rulebook of the package is in the README's table."""
    for name in ps.available():
        assert f"[{name}](docs/rulebooks/{name}.md)" in README
