"""The skeleton of a rulebook that `peersupport new` writes: it is right from the start, and writes over nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

import peersupport as ps
from peersupport.cli import cli
from peersupport.rules.headers import FORMS
from peersupport.testing import checks, failing_examples

FIRST: Final = "#:schema rulebook.schema.json"


def new(*args: object) -> Result:
    """What the command prints, and how it ends."""
    return CliRunner().invoke(cli, ["new", *map(str, args)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "harbor-state.toml"


@pytest.fixture
def book(file: Path) -> ps.Rulebook:
    """The skeleton, written and loaded."""
    assert new(file).exit_code == 0
    return ps.load(file)


def test_a_skeleton_is_right_from_the_start(file: Path, book: ps.Rulebook) -> None:
    """It loads, its examples come out as stated, and `check` finds nothing wrong."""
    assert failing_examples(book) == ()
    checked = CliRunner().invoke(cli, ["check", str(file)])
    assert (checked.exit_code, checked.output) == (0, "harbor-state.toml: 5 rules, 19 examples, nothing wrong\n")


def test_a_skeleton_passes_the_whole_kit(book: ps.Rulebook) -> None:
    """Every law of every form holds, and each changed number is noticed by an example."""
    assert checks.check_rulebook(book).passed
    assert checks.changes(book).numbers == ()


def test_a_skeleton_shows_what_a_newcomer_edits(file: Path, book: ps.Rulebook) -> None:
    """Each form, a deadline that repeats, a reading, an assumption, a should, a kind, a fact, and the three tables."""
    assert {rule.form for rule in book} == set(FORMS)
    assert any("again" in rule.fields for rule in book)
    assert all(any(getattr(rule, what) for rule in book) for what in ("readings", "assumes", "covers"))
    assert {rule.force.value for rule in book} == {"must", "should"}
    assert all(rule.examples for rule in book.judged)
    assert book.recorded
    assert book.not_modeled
    assert book.gaps
    added = {kind: [f.name for f in book.vocabulary[kind].facts.values() if f.added] for kind in book.vocabulary}
    assert {kind: names for kind, names in added.items() if names} == {
        "person": ["prefers_groups"],
        "orientation": ["admission", "held_on"],
    }
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == FIRST
    assert max(map(len, [line for line in text.splitlines() if line.startswith("#")])) <= 120


def test_every_row_of_the_skeleton_has_one_place(book: ps.Rulebook) -> None:
    """The rows are numbered, and each is covered, recorded or not modeled."""
    placed = [*(row for rule in book for row in rule.covers), *book.recorded, *book.not_modeled]
    assert sorted(placed) == [f"REG-{number}" for number in range(1, 8)]


def test_what_is_asked_for_stands_in_the_header(file: Path) -> None:
    """Name, title and jurisdiction, whatever marks stand in them; none of them is left a mark of the template."""
    title = 'The "harbor", C:\\new, @name@ and {within}'
    result = new(file, "--name", "harbor-2", "--title", title, "--jurisdiction", "US-ZZ")
    assert result.exit_code == 0
    book = ps.load(file)
    assert (book.name, book.title, book.jurisdiction, book.version) == ("harbor-2", title, "US-ZZ", "draft")


def test_what_is_not_said_is_made_of_the_file_or_left_out(tmp_path: Path) -> None:
    """The name comes from the file's, the title from the name; there is no jurisdiction, but a line to write it in."""
    file = tmp_path / "Harbor State.toml"
    assert new(file).exit_code == 0
    book = ps.load(file)
    assert (book.name, book.title, book.jurisdiction) == ("harbor-state", "Harbor state", "")
    assert '# jurisdiction = "US-XX"' in file.read_text(encoding="utf-8").splitlines()


def test_the_next_steps_are_said(file: Path) -> None:
    """How many rules there are, how to check the file, and how an editor gets the schema."""
    schema = file.with_name("rulebook.schema.json")
    assert new(file).output.splitlines() == [
        f"{file}: 5 rules to write over",
        f"is it right? peersupport check {file}",
        f"completion in an editor: peersupport schema --to {schema}",
    ]


@pytest.mark.parametrize("base", ps.available())
def test_a_skeleton_may_extend_a_rulebook(file: Path, base: str) -> None:
    """On any rulebook of the package it loads at once, with one rule of its own, and lists those it may replace."""
    result = new(file, "--extends", base, "--jurisdiction", "US-ZZ")
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == f"{file}: 1 rule to write over"
    book, under = ps.load(file), ps.load(base)
    assert (book.extends, len(book), book.jurisdiction) == (base, len(under) + 1, "US-ZZ")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == FIRST
    assert [line.split(": ")[0].removeprefix("# - ") for line in lines if line.startswith("# - ")] == list(under.rules)
    assert tomllib.loads(file.read_text(encoding="utf-8"))["extends"] == base
    own = book["admission.told_how_to_object"]
    assert {example.verdict for example in own.examples} == {"met", "not_met", "unknown"}


# what is refused


def test_a_file_that_is_there_is_not_written_over(file: Path) -> None:
    """Whatever is in it stays; the error says what to do, and the exit code is 2."""
    file.write_text("mine", encoding="utf-8")
    result = new(file)
    assert result.exit_code == 2
    assert result.output.splitlines()[1:] == [
        f"- {file}: is there already, and is not written over (give another name, or move it away)"
    ]
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_file_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    """A folder that is not there is not made."""
    result = new(tmp_path / "none" / "own.toml")
    assert result.exit_code == 2
    assert "own.toml: cannot be written: No such file or directory" in result.output


@pytest.mark.parametrize(
    ("file", "args", "said"),
    [
        ("own.txt", [], "own.txt: is not called as a rulebook is (as in own.toml)"),
        ("own.toml", ["--name", "My Own"], "own.toml, rulebook: is missing or not a name (write small letters"),
        ("ÄÖ.toml", [], "--name: no name can be made of ÄÖ.toml (give one, as in --name my-state)"),
        ("own.toml", ["--title", " "], "own.toml, title: is not a text, or an empty one"),
        ("own.toml", ["--title", "a\nb"], "--title: has a character that does not print (leave it out)"),
        ("own.toml", ["--jurisdiction", "a\x7f"], "--jurisdiction: has a character that does not print"),
        ("own.toml", ["--extends", "nebraska"], "'nebraska': is not in the package (did you mean 'nebraska-dbh'?)"),
    ],
)
def test_what_makes_no_rulebook_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, args: list[str], said: str
) -> None:
    """Each with its place and mend, and exit code 2."""
    monkeypatch.chdir(tmp_path)
    result = new(file, *args)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []
