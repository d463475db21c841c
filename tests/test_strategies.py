"""What is drawn for tests: values of facts, records, rosters and rulebooks, each valid as it comes."""

from __future__ import annotations

import datetime as dt
import functools
import operator
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import peersupport
from peersupport import CORE, NONE, Record, Roster, Rulebook, from_records
from peersupport.rules import facts as declared
from peersupport.rules import loading, syntax, terms
from peersupport.rules.facts import KINDS, Fact, Vocabulary, read_fact
from peersupport.rules.terms import Term
from peersupport.rules.text import unparse
from peersupport.testing import drafts, plugin, strategies

plugin.register()
_T = TypeVar("_T")
BOOKS = {name: peersupport.load(name) for name in peersupport.available()}
KINDS_DRAWN = [("core", kind) for kind in CORE] + [
    (name, kind)
    for name, book in BOOKS.items()
    for kind, made in book.vocabulary.kinds.items()
    if made is not CORE.kinds.get(kind)
]
"""Every kind of the core, and those that the package's rulebooks declare or add facts to."""
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""To shrink a rulebook takes minutes."""
FEW = settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])


def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of a rulebook of the package, or of the core."""
    return BOOKS[name].vocabulary if name in BOOKS else CORE


def drawn_from(strategy: st.SearchStrategy[_T], count: int, seed: int = 0) -> list[_T]:
    """So many values that are drawn, the same in every run."""
    found: list[_T] = []

    @seeded(seed)
    @settings(max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
    @given(strategy)
    def draw(value: _T) -> None:
        found.append(value)

    draw()
    return found


@functools.cache
def drawn_again(strategy: st.SearchStrategy[_T], seed: int) -> list[_T]:
    """A hundred values that are drawn, once for all who look among them."""
    return drawn_from(strategy, 100, seed)


def found(strategy: st.SearchStrategy[_T], wanted: Callable[[_T], bool]) -> _T | None:
    """The first that is drawn and wanted, of a few thousand."""
    rounds = (drawn_again(strategy, seed) for seed in range(30))
    return next((value for values in rounds for value in values if wanted(value)), None)


@functools.cache
def drawn_books() -> list[Rulebook]:
    """Many rulebooks that are drawn."""
    return drawn_from(strategies.rulebooks(), 60)


# facts

TYPES = [
    "bool",
    "bool, judged",
    "date",
    "date or none",
    "instant",
    "instant or none",
    "text",
    "text or none",
    "int hours",
    "int or none",
    "decimal liters",
    "choice: red green",
    "choice: open or none",
    "set: red green",
    "set: open or none",
    "-> person",
    "-> person or none",
    "-> set of person",
]
BOUNDED: list[dict[str, Any]] = [
    {"type": "int", "min": 3, "max": 3},
    {"type": "int", "min": -7},
    {"type": "int", "max": -7},
    {"type": "int", "min": Decimal("0.5"), "max": Decimal("2.5")},
    {"type": "decimal", "min": Decimal("0.5"), "max": Decimal("0.75"), "places": 2},
    {"type": "decimal", "min": 1, "places": 0},
    {"type": "decimal", "max": 0, "places": 12},
    {"type": "decimal", "min": Decimal("0.001"), "max": Decimal("0.002"), "places": 2},
]


def facts_declared() -> list[Fact]:
    """A fact of every type, and numbers with bounds."""
    return [read_fact("x", more) for more in (*TYPES, *BOUNDED)]


@pytest.mark.parametrize("fact", facts_declared(), ids=lambda fact: f"{fact.type.base} {fact.minimum} {fact.maximum}")
@given(st.data())
def test_every_value_of_a_fact_is_one_of_it(fact: Fact, data: st.DataObject) -> None:
    """Whatever is drawn of a fact passes the check that every record makes of it."""
    assert declared.fault_of(fact, data.draw(strategies.facts(fact))) == ""


@pytest.mark.parametrize("fact", facts_declared(), ids=lambda fact: f"{fact.type.base} {fact.minimum} {fact.maximum}")
def test_every_branch_of_a_fact_is_reached(fact: Fact) -> None:
    """Not recorded, known to be absent where it can be, and, where its bounds leave any, a value that is known."""
    drawn = strategies.facts(fact)
    assert find(drawn, lambda value: value is None) is None
    if fact.type.or_none and fact.type.base != "set":
        assert find(drawn, lambda value: value is NONE) is NONE
    nothing = fact.maximum == Decimal("0.002")
    if nothing:
        with pytest.raises(NoSuchExample):
            find(drawn, lambda value: value is not None)
    else:
        assert find(drawn, lambda value: value is not None and value is not NONE) is not None


@pytest.mark.parametrize(
    ("type_", "extremes"),
    [
        ("bool", [True, False]),
        ("date", [dt.date(1900, 1, 1), dt.date(2199, 12, 31)]),
        ("choice: red green", ["red", "green"]),
        ("set: red green", [frozenset[str](), frozenset({"red", "green"})]),
        ({"type": "int", "min": 3, "max": 5}, [3, 4, 5]),
        ({"type": "decimal", "min": Decimal("0.5"), "max": 1, "places": 1}, [Decimal("0.5"), Decimal("1.0")]),
    ],
)
def test_the_ends_of_a_domain_are_drawn(type_: object, extremes: list[object]) -> None:
    """Both answers, each choice, no member and all, the least and the most, the first day and the last."""
    drawn = strategies.facts(read_fact("x", type_))
    for extreme in extremes:
        assert find(drawn, functools.partial(operator.eq, extreme)) == extreme


@given(strategies.facts(read_fact("x", "choice: open")))
def test_words_read_the_same_from_every_file(word: str | None) -> None:
    """An open word is never empty, never `none`, has no space around it and no semicolon."""
    assert word is None or (word == word.strip() != "" and word != "none" and ";" not in word and word.isprintable())


def test_a_reference_leads_to_what_is_there() -> None:
    """Given the ids that there are, a reference is one of them, or not recorded; with none it is not recorded."""
    fact, several = read_fact("x", "-> person"), read_fact("x", "-> set of person")
    assert find(strategies.facts(fact, ["p1", "p2"]), lambda value: value == "p2") == "p2"
    assert find(strategies.facts(several, ["p1"]), bool) == frozenset({"p1"})
    assert find(strategies.facts(several, []), lambda value: value is not None) == frozenset()
    with pytest.raises(NoSuchExample):
        find(strategies.facts(fact, []), lambda value: value is not None)


# records and rosters


@pytest.mark.parametrize(("name", "kind"), KINDS_DRAWN, ids=[" ".join(each) for each in KINDS_DRAWN])
@FEW
@given(st.data())
def test_records_of_every_kind_are_drawn_and_valid(name: str, kind: str, data: st.DataObject) -> None:
    """The record is of its kind's class, and each of its facts passes the check that every reader makes."""
    words = vocabulary(name)
    record = data.draw(strategies.records(BOOKS.get(name, words), kind))
    assert type(record) is words[kind].record
    faults = {fact.name: declared.fault_of(fact, getattr(record, fact.name)) for fact in words[kind].stored}
    assert faults == dict.fromkeys(faults, "")
    assert attrs.evolve(record) == record


@pytest.mark.parametrize("kind", list(CORE))
def test_every_fact_of_every_kind_is_recorded_in_some_record(kind: str) -> None:
    """None of them is left out of what is drawn, and none is always there."""
    records = drawn_from(strategies.records(CORE, kind), 60)
    seen = {(fact.name, getattr(record, fact.name) is None) for record in records for fact in CORE[kind].stored}
    assert seen == {(fact.name, missing) for fact in CORE[kind].stored for missing in (True, False)}


@settings(phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(["core", *BOOKS]))
def test_rosters_are_in_order(data: st.DataObject, name: str) -> None:
    """Ids are unique and each reference to a table that is given leads to a record of it."""
    words = vocabulary(name)
    roster = data.draw(strategies.rosters(BOOKS.get(name, words)))
    assert set(roster.kinds) <= set(words)
    again = [record for kind in roster.kinds for record in roster.records(kind)]
    assert from_records(again, empty=roster.kinds, vocabulary=words).kinds == roster.kinds


A_FEW_KINDS = strategies.rosters(CORE, kinds=["person", "admission", "program"])


@pytest.mark.parametrize(
    "wanted",
    [
        lambda roster: not roster.kinds,
        lambda roster: set(roster.kinds) == {"person", "admission", "program"},
        lambda roster: len(roster.records("person")) == 2,
        lambda roster: any(a.person == p.id for a in roster.records("admission") for p in roster.records("person")),
        lambda roster: any(a.person for a in roster.records("admission")) and "person" not in roster.kinds,
        lambda roster: roster.tables.office is not None,
        lambda roster: any(table.since for table in roster.tables.tables.values()),
    ],
    ids=["nothing", "all", "two people", "linked", "not given", "an office", "since"],
)
def test_every_sort_of_roster_is_drawn(wanted: Any) -> None:  # noqa: ANN401  a condition on a roster
    """Tables that are not given, empty ones and those with records, references, an office, tables since a day."""
    assert found(A_FEW_KINDS, wanted)


@given(strategies.rosters(CORE, kinds=["person", "program"], most=1))
def test_a_roster_may_be_of_some_kinds(roster: Roster) -> None:
    """Then no other table is given, and none has more records than are asked for."""
    assert set(roster.kinds) <= {"person", "program"}
    assert all(len(roster.records(kind)) <= 1 for kind in roster.kinds)


# rulebooks


def written_terms(book: Rulebook) -> Iterator[tuple[Term, str]]:
    """Each term of a rulebook with its kind, as its file writes it; what the loader adds to a term is left out."""
    for rule in book:
        for kind in rule.about:
            for reading in ("", *rule.readings):
                body = book.body(rule, kind, frozenset({reading} - {""}))
                yield from ((top, kind) for top in loading.parts(body))


def plain(term: Term) -> Term:
    """A term without the marks that a deadline puts on its events."""

    def unmarked(node: Term) -> Term | None:
        if isinstance(node, terms.Read | terms.Defined) and node.event:
            return attrs.evolve(node, event=False)
        return None

    return terms.rebuilt(term, node=unmarked)


@settings(phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.rulebooks())
def test_rulebooks_load_and_print_back(book: Rulebook) -> None:
    """Each term of a drawn rulebook is text that is read as the same term again."""
    for term, kind in written_terms(book):
        if isinstance(term, terms.Earliest):
            continue
        scope = attrs.evolve(book.scope(kind), each=True)
        assert syntax.parse(unparse(plain(term)), scope) == plain(term)


@settings(phases=UNSHRUNK, suppress_health_check=[HealthCheck.too_slow])
@given(drafts.rulebook_data())
def test_the_file_of_a_draft_says_its_data(data: drafts.Data) -> None:
    """TOML reads what was written as the data that it was written from, and the rulebook has a rule for each of it."""
    text = drafts.written(data)
    assert loading._read(text, "drawn.toml") == data
    forms = ("definition", "criterion", "deadline", "limit")
    assert len(peersupport.loads(text)) == sum(len(data.get(form, [])) for form in forms)


@pytest.mark.parametrize("form", ["Definition", "Criterion", "Deadline", "Repeated", "Limit"])
def test_every_form_is_drawn(form: str) -> None:
    """All four forms, and the deadline that repeats."""
    forms = {type(book.body(rule, rule.about[0]).form).__name__ for book in drawn_books() for rule in book}
    assert form in forms


@pytest.mark.parametrize("node", terms.NODES, ids=lambda node: node.__name__)
def test_every_part_of_the_language_is_drawn(node: type) -> None:
    """Some rulebook has each node of the language in it."""
    tops = (term for book in drawn_books() for term, _ in written_terms(book))
    assert any(isinstance(each, node) for top in tops for each in terms.walk(top))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ('a \x7f \x01 " \\ ü', r'"a \u007f \u0001 \" \\ ü"'),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (Decimal("0.50"), "0.50"),
        (Decimal("NaN"), "nan"),
        (float("inf"), "inf"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        (dt.datetime(2026, 1, 31, 9, tzinfo=dt.UTC), "2026-01-31T09:00:00+00:00"),
        (dt.time(9, 30), "09:30:00"),
        ([1, "b"], '[1, "b"]'),
        ({"a-b": 1, "the one": []}, '{ a-b = 1, "the one" = [] }'),
    ],
)
def test_values_are_written_as_toml_writes_them(value: object, text: str) -> None:
    """Each sort of value, and keys with and without quotation marks."""
    assert drafts.written({"x": value}) == f"x = {text}\n"


# what Hypothesis finds by itself


@pytest.mark.parametrize("kind", list(CORE))
def test_hypothesis_draws_valid_records_of_a_class(kind: str) -> None:
    """`st.from_type` of a record class finds the strategy of its kind; guessed from its types it would be refused."""
    assert {type(record) for record in drawn_from(st.from_type(CORE[kind].record), 10)} == {CORE[kind].record}


def test_hypothesis_draws_rosters_rulebooks_and_any_record() -> None:
    """The same for rosters and rulebooks; of the class of all records it draws one of some kind."""
    assert {type(roster) for roster in drawn_from(st.from_type(Roster), 3)} == {Roster}
    assert {type(book) for book in drawn_from(st.from_type(Rulebook), 3)} == {Rulebook}
    assert {type(record) for record in drawn_from(st.from_type(Record), 20)} <= set(KINDS)


ENTRY = {"hypothesis": {"peersupport": "peersupport.testing.plugin:register"}}


def test_the_package_names_what_hypothesis_is_to_call() -> None:
    """Its entry point for Hypothesis is the function that registers."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"] == ENTRY


@pytest.mark.parametrize(
    "first", ["peersupport.testing.strategies", "hypothesis", "peersupport", "peersupport.testing"]
)
def test_it_does_not_matter_what_is_imported_first(first: str, tmp_path: Path) -> None:
    """In a new interpreter with the entry point, Hypothesis finds the strategies whichever is imported first."""
    code = f"import {first}\nfrom hypothesis import strategies as st\nimport peersupport\n"
    code += "drawn = st.from_type(peersupport.Admission)\ndrawn.validate()\n"
    code += "print(drawn.wrapped_strategy)"
    told = run(f"import warnings\nwarnings.simplefilter('ignore')\n{code}", installed(tmp_path))
    assert "service=one_of(none(), sampled_from(('individual', 'family')))" in told


def installed(folder: Path) -> Path:
    """A folder in which a package stands installed that has the entry point."""
    info = folder / "drawn-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: drawn\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[hypothesis]\ndrawn = {ENTRY['hypothesis']['peersupport']}\n")
    return folder


@pytest.mark.parametrize(
    "module", ["peersupport", "peersupport.testing", "peersupport.library", "peersupport.testing.plugin"]
)
def test_hypothesis_is_not_imported_unasked(module: str, tmp_path: Path) -> None:
    """Neither the package nor its checks need Hypothesis to be there."""
    run(f"import sys\nsys.modules['hypothesis'] = None\nimport {module}\n", tmp_path)


def run(code: str, path: Path) -> str:
    """What some code prints in a new interpreter, in which it must not fail."""
    command = [sys.executable, "-c", code]
    paths = os.pathsep.join([str(path), str(Path(peersupport.__file__).parent.parent)])
    result = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONPATH": paths}
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
