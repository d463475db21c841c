"""The document of the rulebook format: its examples load and come out as stated, and it names every key and word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import pytest

import peersupport
from peersupport import CORE, Rule, Rulebook, Unsupported
from peersupport.readers.judge import Judge
from peersupport.rules import examples, headers, loading, shapes, syntax
from peersupport.rules.forms import Example, Question
from peersupport.rules.rulebook import RecordedAs, Source

DOCUMENT: Final = (Path(__file__).parents[1] / "docs" / "rulebook-format.md").read_text(encoding="utf-8")
BLOCKS: Final = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
MARK: Final = "# The head of the examples"
HEAD: Final = next(block for block in BLOCKS if block.startswith(MARK))


def text_of(block: str) -> str:
    """The rulebook that a block is: itself when it has a header of its own, else below the head of the examples."""
    return block if re.search(r"^rulebook ", block, flags=re.MULTILINE) else HEAD + block


def load(block: str) -> Rulebook:
    """The rulebook of a block. What it extends is found among the whole rulebooks of the document."""
    return loading.load(text_of(block), CORE, file="rulebook-format.md", find=base)


def base(name: str) -> Rulebook:
    """The rulebook of the document that has a name."""
    return load(next(block for block in BLOCKS if re.search(rf'^rulebook +=\s"{name}"$', block, flags=re.MULTILINE)))


BOOKS: Final = [load(block) for block in BLOCKS]
TABLES: Final = [tomllib.loads(block) for block in BLOCKS]


def rules() -> Iterator[dict[str, object]]:
    """Every rule of the document as its block has it, questions left out."""
    for table in TABLES:
        for form in headers.FORMS:
            yield from table.get(form, [])


def own(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """A rulebook with one of its rules, those that rule asks for, and the definitions."""
    asked = set(re.findall(r"met\('([^']+)'\)", str(rule.fields)))
    kept = {each.id: each for each in rulebook if each.form == "definition" or each.id in {rule.id, *asked}}
    return attrs.evolve(rulebook, rules=kept)


def judged(rulebook: Rulebook, rule: Rule) -> bool:
    """Whether the record reader can judge a rule."""
    try:
        Judge(own(rulebook, rule))
    except Unsupported:
        return False
    return True


def test_the_document_has_one_head_and_many_examples() -> None:
    """The head stands once, before the parts that stand below it, and is itself a rulebook."""
    assert sum(block.startswith(MARK) for block in BLOCKS) == 1
    assert len(BLOCKS) >= 20
    assert sum(len(rule.examples) for rulebook in BOOKS for rule in rulebook) >= 80


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_of_the_document_loads(number: int) -> None:
    """A block is a whole rulebook or a part of one that the head makes whole."""
    assert isinstance(load(BLOCKS[number]), Rulebook)


CASES: Final = [
    pytest.param(rulebook, rule, case, id=f"{rule.id}-{number}")
    for rulebook in BOOKS
    for rule in rulebook
    for number, case in enumerate(rule.examples, 1)
]


@pytest.mark.parametrize(("rulebook", "rule", "case"), CASES)
def test_the_worked_cases_of_the_document_come_out_as_stated(rulebook: Rulebook, rule: Rule, case: Example) -> None:
    """What the document says of its examples is what the record reader finds."""
    made = examples.case(rulebook.vocabulary, rule, case)
    book = own(rulebook, rule)
    readings = [case.reading] if case.reading else []
    finding = peersupport.judge(book, rule.id, made.record, on=case.on, tables=made.tables, readings=readings)
    assert finding.verdict.value == case.verdict, peersupport.explain(finding)


def test_every_key_has_an_example() -> None:
    """Each key that the loader knows stands in some example, and the table of all keys names it."""
    known = {*shapes.COMMON, *(key for fields in shapes.FORMS.values() for key in fields)}
    assert {key for rule in rules() for key in rule} == known
    header = {key for table in TABLES for key in table}
    assert header == set(shapes.HEADER)
    for key in known | set(shapes.HEADER) | set(shapes.KIND) | set(shapes.FACT):
        assert f"`{key}`" in DOCUMENT or f"[[{key}]]" in DOCUMENT, key


def test_every_key_of_kinds_facts_and_sources_has_an_example() -> None:
    """Each key of a kind, of a fact's long form, of a row that facts keep, and of a source is used in some example."""
    kinds = [kind for table in TABLES for kind in table.get("kinds", {}).values()]
    assert {key for kind in kinds for key in kind} >= set(shapes.KIND)
    long = [fact for kind in kinds for key, fact in kind.items() if isinstance(fact, dict) and key != "span"]
    assert {key for fact in long for key in fact} == set(shapes.FACT)
    spans = {key for kind in kinds for key in kind.get("span", {})}
    assert spans == {"from", "until", "through"}
    kept = {key for table in TABLES for row in table.get("recorded", {}).values() for key in row}
    assert kept == set(shapes.RECORDED) == {field.name for field in attrs.fields(RecordedAs)}
    sources = {key for table in TABLES for source in table.get("sources", {}).values() for key in source}
    assert sources == {field.name for field in attrs.fields(Source)} - {"key"}


def test_every_field_of_an_example_and_of_a_question_has_an_example() -> None:
    """Worked cases use each key that one may have and each verdict; questions use each of theirs."""
    listed = [case for rule in rules() for case in rule.get("examples", [])]  # type: ignore[attr-defined]
    assert {key for case in listed for key in case} == {field.name for field in attrs.fields(Example)}
    assert {case["verdict"] for case in listed} == set(headers.VERDICTS)
    questions = [question for table in TABLES for question in table.get("question", [])]
    assert {key for question in questions for key in question} == set(shapes.QUESTION)
    assert set(shapes.QUESTION) == {field.name for field in attrs.fields(Question)}
    section = DOCUMENT[DOCUMENT.index("\n## Questions\n") : DOCUMENT.index("\n## The language of conditions\n")]
    assert all(f"`{key}`" in section for key in shapes.QUESTION)


def test_a_critical_rule_and_one_without_a_default_reading_have_examples() -> None:
    """Both are told apart from the rest, and worked cases show where readings agree and where they differ."""
    assert {rule.critical for book in BOOKS for rule in book} == {True, False}
    chosen = [rule for book in BOOKS for rule in book if rule.choose]
    assert {case.verdict for rule in chosen for case in rule.examples if not case.reading} >= {"met", "unknown"}


def test_a_set_of_references_is_given_in_each_way() -> None:
    """As ids, and as the records themselves."""
    given = [case.given.get("hosts") for book in BOOKS for rule in book for case in rule.examples]
    members = {type(member) for value in given if isinstance(value, list) for member in value}
    assert members == {str, dict}


def test_every_type_has_an_example() -> None:
    """Each type of a fact is declared somewhere, with each of what can follow it."""
    declared = [
        fact for rulebook in BOOKS for kind in rulebook.vocabulary.kinds.values() for fact in kind.facts.values()
    ]
    named = {(fact.type.base, fact.type.decimal) for fact in declared if fact.added}
    bases = {"bool", "date", "instant", "text", "choice", "set", "ref", "refs"}
    assert named == {*((base_, False) for base_ in bases), ("number", False), ("number", True)}
    written = [str(fact) for table in TABLES for kind in table.get("kinds", {}).values() for fact in kind.values()]
    assert all(
        any(part in text for text in written) for part in (" or none", ", judged", ", from ", ": open", " of 15")
    )


@pytest.mark.parametrize("word", sorted(syntax.WORDS | set(syntax._CALLS)))
def test_every_word_of_the_language_is_in_the_document(word: str) -> None:
    """Each word of the language stands in the document as code."""
    assert re.search(rf"`[^`\n]*\b{word}\b[^`\n]*`", DOCUMENT)


@pytest.mark.parametrize("word", sorted(syntax._CALLS))
def test_every_function_of_the_language_has_an_example(word: str) -> None:
    """Each function is called in some example."""
    assert any(f"{word}(" in block for block in BLOCKS)


def test_all_rules_of_the_document_are_judged() -> None:
    """What the document says to be refused, windows in hours, is in none of its examples."""
    listed = DOCUMENT.partition("## What is not judged yet")[2].partition("## ")[0]
    assert "in hours" in listed
    assert all(judged(book, rule) for book in BOOKS for rule in book.judged)
