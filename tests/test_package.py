"""The package as it is imported: what it brings in, what it offers, and the rulebooks that come with it.

What an import brings in is asked of a new interpreter, because this one has imported everything already.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import peersupport
from peersupport import InputError, Rulebook, available, load, loads
from peersupport.library import CORE
from peersupport.testing import FailingExample, failing_examples, judged_example

HEAVY = frozenset({"click", "rich", "narwhals", "pandas", "polars", "pyarrow", "tzdata", "hypothesis"})
IN_MEMORY = """
import datetime as dt
import peersupport as ps
book = ps.load("nebraska-dbh")
on = dt.date(2026, 6, 30)
admission = ps.Admission(id="adm-1", person="per-1", admitted_on=dt.date(2026, 6, 1), ended_on=ps.NONE)
people = [ps.Person(id="per-1"), admission]
made = ps.audit(book, ps.from_records(people, empty=["plan"]), on=on, rules=["plan.developed"])
assert [f.verdict for f in made.findings] == [ps.Verdict.PENDING]
assert ps.judge(book, "group.size", ps.GroupSession(id="grp-1", present=2), on=on).verdict is ps.Verdict.NOT_MET
"""
RULE = """
rulebook = "small"
title    = "A made-up rulebook"
version  = "1"
[sources.F]
title = "Fiction"
[[criterion]]
id       = "small.benefit"
about    = ["admission", "stay_review"]
says     = "The person would benefit."
holds    = "would_benefit"
source   = "F: 1"
readings."everybody" = { holds = "would_benefit or not would_benefit" }
examples = [
  { given = { would_benefit = true }, on = 2026-01-31, verdict = "met" },
  { given = { would_benefit = false }, on = 2026-01-31, verdict = "met", reading = "everybody" },
  { about = "stay_review", given = {}, on = 2026-01-31, verdict = "unknown" },
]
"""


def _brought_in(code: str) -> frozenset[str]:
    """The outermost packages that a new interpreter has after some code, beside those it starts with."""
    tail = "\nimport sys; print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    return _modules(code + tail) - _modules(tail)


def _modules(code: str) -> frozenset[str]:
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")  # noqa: S603
    return frozenset(result.stdout.split())


# what is brought in


def test_importing_the_package_brings_in_nothing_but_itself() -> None:
    """Names are imported when they are first asked for."""
    brought = _brought_in("import peersupport")
    assert brought - frozenset(sys.stdlib_module_names) == {"peersupport"}


def test_all_names_together_bring_in_attrs_and_dateutil_and_nothing_heavier() -> None:
    """The whole public API without the command line's libraries or a frame library."""
    brought = _brought_in("import peersupport\nfor name in peersupport.__all__: getattr(peersupport, name)")
    assert {"attrs", "dateutil"} <= brought
    assert brought & HEAVY == frozenset()


def test_records_in_memory_are_judged_with_the_core_alone() -> None:
    """Loading, judging and auditing need no library of the command line."""
    assert _brought_in(IN_MEMORY) & HEAVY == frozenset()


def test_files_are_read_with_the_core_alone(tmp_path: Path) -> None:
    """Reading tables brings in nothing more."""
    (tmp_path / "person.csv").write_text("id\nper-1\n", encoding="utf-8")
    code = f"import peersupport\npeersupport.read({str(tmp_path)!r})"
    assert _brought_in(code) & HEAVY == frozenset()


def test_three_lines_of_a_notebook_run_without_any_extra() -> None:
    """The lines at the head of the package, in an interpreter that refuses the libraries of the command line."""
    lines = [line.strip() for line in (peersupport.__doc__ or "").splitlines() if line.startswith("    ")]
    assert len(lines) == 3
    refuse = "import sys; sys.modules.update(dict.fromkeys(['click', 'rich']))"
    code = "\n".join([refuse, "import peersupport", "from datetime import date", *lines])
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")  # noqa: S603
    assert result.stdout.splitlines()[0] == "UNKNOWN: admission.symptoms of admission a1 on 2026-06-30"
    assert "  Missing: admission a1, symptoms_disturb_routine." in result.stdout.splitlines()


# names


@pytest.mark.parametrize("name", peersupport.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each name of the API resolves, is listed, and stays the same object."""
    value = getattr(peersupport, name)
    assert value is getattr(peersupport, name)
    assert name in dir(peersupport)


def test_names_are_sorted_and_each_has_one_home() -> None:
    """The list of names, and the places that they are imported from, are the same."""
    assert sorted(peersupport.__all__) == sorted(set(peersupport.__all__)) == sorted(peersupport._HOMES)
    assert dir(peersupport) == sorted(set(dir(peersupport)))


def test_another_name_is_an_attribute_error() -> None:
    """What the package does not have is said as Python says it."""
    with pytest.raises(AttributeError, match=r"module 'peersupport' has no attribute 'jugde'"):
        peersupport.jugde  # noqa: B018


def test_the_core_has_the_kinds_that_the_package_offers() -> None:
    """Every kind of the core is a public class, under its own name."""
    classes = {kind: CORE[kind].record for kind in CORE}
    assert {cls.__name__ for cls in classes.values()} <= set(peersupport.__all__)
    assert classes["admission"] is peersupport.Admission
    assert all(getattr(peersupport, cls.__name__) is cls for cls in classes.values())


# rulebooks


def test_the_rulebooks_of_the_package_are_found_by_name() -> None:
    """Each name that is available loads, is called so, and is loaded once."""
    assert {"minnesota-peer2peer", "nebraska-dbh"} <= set(available())
    for name in available():
        assert load(name).name == name
        assert load(name) is load(name)


def test_a_name_that_is_not_there_has_the_near_one() -> None:
    """A misspelt name is refused with the name that was probably meant."""
    with pytest.raises(InputError, match=r"rulebook 'nebraska': is not in the package \(did you mean 'nebraska-dbh'"):
        load("nebraska")


def test_a_rulebook_is_read_from_a_path_or_a_text(tmp_path: Path) -> None:
    """A path as a Path or as a text that ends in .toml, and the text itself, give the same rulebook."""
    file = tmp_path / "small.toml"
    file.write_text(RULE, encoding="utf-8")
    books = [load(file), load(str(file)), loads(RULE)]
    assert [book.digest for book in books] == [books[0].digest] * 3
    assert [book.file for book in books] == ["small.toml", "small.toml", "rulebook"]


def test_a_path_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """No file, a folder and a file in another encoding are each refused with the path and the reason."""
    with pytest.raises(InputError, match=r"none\.toml: cannot be read: No such file"):
        load(tmp_path / "none.toml")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path)
    file = tmp_path / "latin.toml"
    file.write_bytes("title = 'Größe'".encode("latin-1"))
    with pytest.raises(InputError, match=r"latin\.toml: cannot be read: it is not UTF-8"):
        load(file)


def test_a_rulebook_may_extend_one_of_the_package(tmp_path: Path) -> None:
    """The base is found by its name in the package, also for a rulebook from a text."""
    head = 'rulebook = "own"\ntitle = "Own"\nversion = "1"\nextends = "nebraska-dbh"\nwithout = ["group.size"]\n'
    file = tmp_path / "own.toml"
    file.write_text(head, encoding="utf-8")
    for book in (loads(head), load(file)):
        assert book.extends == "nebraska-dbh"
        assert [rule.id for rule in book] == [rule.id for rule in load("nebraska-dbh") if rule.id != "group.size"]


# worked examples


@pytest.fixture
def small() -> Rulebook:
    """A rulebook with three examples: by default, under a reading, and about its second kind."""
    return loads(RULE)


def test_examples_that_come_out_are_not_reported(small: Rulebook) -> None:
    """Each is judged with its own kind, day and reading."""
    rule = small["small.benefit"]
    assert [judged_example(small, rule, example) for example in rule.examples] == ["met", "met", "unknown"]
    assert failing_examples(small) == ()


def test_an_example_that_does_not_come_out_is_told_with_both_verdicts() -> None:
    """The rule, the number of the example, what it states and what was judged."""
    wrong = loads(RULE.replace('"met", reading', '"not_met", reading').replace('"unknown"', '"pending"'))
    assert failing_examples(wrong) == (
        FailingExample("small.benefit", 2, "not_met", "met"),
        FailingExample("small.benefit", 3, "pending", "unknown"),
    )
    assert str(failing_examples(wrong)[0]) == "rule small.benefit, example 2: stated not_met, judged met"


@pytest.mark.parametrize("name", available())
def test_the_examples_of_the_package_come_out(name: str) -> None:
    """Every worked example of every rulebook in the package, and there is one for each rule."""
    assert failing_examples(load(name)) == ()
    assert [rule.id for rule in load(name).judged if not rule.examples] == []
