"""A fictional rulebook that uses the whole format: it loads, it reads, it is written back, and it is judged or refused.

Lantern House is invented, so that the machine is exercised without depending on any real regulation.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import Reason, Rule, Rulebook, Verdict, judge
from peersupport.readers import english
from peersupport.readers.judge import Judge
from peersupport.rules import examples, facts, forms, headers, loading, shapes, syntax, terms
from peersupport.rules.calendar import UNITS
from peersupport.rules.forms import Example
from peersupport.rules.syntax import Scope
from peersupport.rules.terms import Term
from peersupport.rules.text import unparse

FILE: Final = Path(__file__).parent / "rulebooks" / "lantern.toml"
LANTERN: Final = peersupport.load(FILE)
BOOKS: Final = {"lantern-house": LANTERN, **{name: peersupport.load(name) for name in peersupport.available()}}
ELSEWHERE: Final = {"replaces", "extends", "without", "may_only", "succeeds", "beside", "lapse"}
"""Keys of a file that extends another, or that comes after another version, which a whole file has no use for."""


def bodies(rulebook: Rulebook, rule: Rule) -> Iterator[tuple[str, forms.Body]]:
    """Every body of a rule: for each of its kinds, by default and under each reading."""
    for kind in rule.about:
        for reading in ("", *rule.readings):
            yield kind, rulebook.body(rule, kind, frozenset({reading} - {""}))


def every_term(rulebook: Rulebook) -> Iterator[tuple[str, str, Term]]:
    """Every term of every rule, from the top, with its rule and kind. The several events of a deadline stand alone."""
    for rule in rulebook:
        for kind, body in bodies(rulebook, rule):
            for term in loading.parts(body):
                whole = term.of if isinstance(term, terms.Earliest) else (term,)
                yield from ((rule.id, kind, each) for each in whole)


def nodes(rulebook: Rulebook) -> Iterator[Term]:
    """Every node of every term of a rulebook."""
    for rule in rulebook:
        for _, body in bodies(rulebook, rule):
            for term in loading.parts(body):
                yield from terms.walk(term)


_T = TypeVar("_T")


def as_written(value: _T) -> _T:
    """A term as its text has it: that a date is taken as an event comes from the form around it."""
    if isinstance(value, tuple):
        return tuple(as_written(each) for each in value)  # type: ignore[return-value]  # the same shape
    if not isinstance(value, terms.NODES):
        return value
    changed = {field.name: as_written(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if "event" in changed:
        changed["event"] = False
    return attrs.evolve(value, **changed)


# what stands in the file


def test_every_field_of_a_rule_occurs() -> None:
    """Each key that a rule of some form may have is used by some rule of the file."""
    known = {*shapes.COMMON, *(key for fields in shapes.FORMS.values() for key in fields)} - ELSEWHERE
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    used = {key for form in headers.FORMS for table in data[form] for key in table}
    assert used == known


def test_every_field_of_the_header_occurs() -> None:
    """Each key of the header, of a source, of a kind and of a fact is used."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert set(data) == set(shapes.HEADER) - ELSEWHERE
    kinds = data["kinds"].values()
    declared = [fact for kind in kinds for key, fact in kind.items() if key not in set(shapes.KIND)]
    assert {key for kind in kinds for key in kind} >= set(shapes.KIND)
    assert {key for fact in declared if isinstance(fact, dict) for key in fact} == set(shapes.FACT)
    assert {key for row in data["recorded"].values() for key in row} == set(shapes.RECORDED)
    sources = data["sources"].values()
    assert {key for source in sources for key in source} == {"title", "publisher", "dated", "note"}


def test_every_field_of_an_example_occurs() -> None:
    """Worked cases use every key that one may have, and every verdict."""
    cases = [case for rule in LANTERN for case in rule.examples]
    assert {case.verdict for case in cases} == set(headers.VERDICTS)
    assert all(any(getattr(case, name) for case in cases) for name in ("about", "reading", "note"))


def test_every_node_of_the_language_occurs() -> None:
    """Each class of the closed union of terms stands somewhere in the rules, each gathering and function with it."""
    found = list(nodes(LANTERN))
    assert {type(node) for node in found} == set(get_args(terms.Term))
    assert {node.op for node in found if isinstance(node, terms.Gather)} == set(get_args(terms.Gathering))
    assert {node.name for node in found if isinstance(node, terms.Call)} == set(get_args(terms.Function))
    assert {node.op for node in found if isinstance(node, terms.Compare)} == set(get_args(terms.Order))
    assert {node.op for node in found if isinstance(node, terms.Arith)} == {"+", "-", "*"}
    assert {True, False} == {node.negated for node in found if isinstance(node, terms.In)}


def test_every_unit_and_window_occurs() -> None:
    """Each unit of a period is used, each kind of window, and both ways to count."""
    found = [body.form for rule in LANTERN for _, body in bodies(LANTERN, rule)]
    windows = {form.window for form in found if isinstance(form, forms.Limit)}
    assert {window.name for window in windows} == set(get_args(forms.WindowName))
    assert {window.unit for window in windows if window.name == "calendar"} == {"day", "week", "month", "year"}
    assert {form.rolling for form in found if isinstance(form, forms.Repeated)} == {True, False}
    shifts = {node.by.unit for node in nodes(LANTERN) if isinstance(node, terms.Shift)}
    assert shifts == set(UNITS)


def test_paths_go_every_way() -> None:
    """Paths go over one reference and over a set, back, back by a picked reference, and start at the program."""
    paths = [path for node in nodes(LANTERN) for path in (getattr(node, "path", None),) if path is not None]
    steps = [step for path in paths for step in path.steps]
    shapes = {(step.forward, step.many) for step in steps}
    assert shapes == {(True, False), (True, True), (False, True)}
    assert any(step.picked for step in steps)
    assert {path.depth for path in paths} == {terms.PROGRAM, 0, 1, 2}


def test_all_forces_and_three_ways_to_be_in_force_occur() -> None:
    """The file has each force, a rule with its own window, and one without a default reading."""
    assert {rule.force for rule in LANTERN} == set(forms.Force)
    assert any(rule.in_force != forms.InForce() for rule in LANTERN)
    assert any(rule.choose for rule in LANTERN)
    assert {rule.critical for rule in LANTERN} == {True, False}
    assert len(LANTERN) >= 40


# text to term and back


@pytest.mark.parametrize("name", BOOKS)
def test_terms_are_written_and_read_again_the_same(name: str) -> None:
    """The text of a term is read again as the same term, and that one is written as the same text."""
    rulebook = BOOKS[name]
    for rule, kind, term in every_term(rulebook):
        text = unparse(term)
        again = syntax.parse(text, attrs.evolve(rulebook.scope(kind), each=True))
        assert as_written(again) == as_written(term), f"{rule}: {text}"
        assert unparse(again) == text


SCOPE: Final = Scope(LANTERN.vocabulary, "stay", LANTERN.definitions)
NUMBERS = st.sampled_from(["0", "3", "0.25", "count(visit)", "count(visit, took_place)", "sum(visit.units)", "-2"])
DATES = st.sampled_from(
    ["on", "dated", "arrived_on", "season_end", "first(chart.drawn_on)", "date(2026, 1, 31)", "moved_from.left_on"]
)
LEAVES = st.sampled_from(
    [
        "invited",
        "exists(left_on)",
        "known(companion.birth_date)",
        "'work' in needs",
        "'work' not in needs",
        "needs <= offered",
        "exists(needs & offered)",
        "met('stay.wishes')",
        "covers(on)",
        "overlaps(on, season_end)",
        "letter.route in {'in_care', 'self'}",
        "moved_from.person == person",
        "any(person.stay[companion])",
        "distinct(pairing.host) < 3",
    ]
)
INNER = st.sampled_from(
    ["exists(drawn_on)", "drawn_on > this.arrived_on", "any(step, tasks >= 1 and this.invited)", "agreed_on <= on"]
)


def joined(part: st.SearchStrategy[str], *words: str) -> st.SearchStrategy[str]:
    """Two texts with one of some words between them, in brackets."""
    return st.builds(lambda a, word, b: f"({a} {word} {b})", part, st.sampled_from(words), part)


def conditions() -> st.SearchStrategy[str]:
    """Texts of conditions about a stay, some of them deep."""
    numbers = st.recursive(NUMBERS, lambda part: joined(part, "+", "-", "*"), max_leaves=4)
    periods = st.builds("{1}({0})".format, st.integers(0, 90), st.sampled_from(["days", "weeks", "months"]))
    dates = st.one_of(DATES, st.builds("{} {} {}".format, DATES, st.sampled_from("+-"), periods))
    dates = st.one_of(dates, st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), dates, dates))
    orders = ("<", "<=", ">", ">=", "==", "!=")
    compared = st.one_of(joined(numbers, *orders), joined(dates, *orders))
    chained = st.builds("0 <= days_between({}, {}) <= 90".format, dates, dates)
    inside = st.recursive(INNER, lambda part: joined(part, "and", "or"), max_leaves=3)
    related = st.builds("{}(chart, {})".format, st.sampled_from(["any", "all"]), inside)
    leaves = st.one_of(LEAVES, compared, chained, related)
    return st.recursive(leaves, nested, max_leaves=6)


def nested(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions made of others."""
    k_of_3 = st.builds("at_least({}, {}, {}, {})".format, st.integers(1, 3), part, part, part)
    return st.one_of(joined(part, "and", "or"), st.builds("not {}".format, part), k_of_3)


@given(conditions())
def test_any_condition_is_written_and_read_again_the_same(text: str) -> None:
    """Whatever is built of the language's parts is read, written, and read again as the same term."""
    term = syntax.parse_condition(text, SCOPE)
    written = unparse(term)
    assert syntax.parse(written, SCOPE) == term
    assert unparse(syntax.parse(written, SCOPE)) == written


# English


def sections(page: str) -> dict[str, str]:
    """The part of a page that stands under each rule's heading."""
    parts = re.split(r"^### (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def told(text: str) -> set[str]:
    """The numbers and dates of a text, those up to twelve also in words."""
    found = set(re.findall(r"\d{4}-\d\d-\d\d|\d+(?:\.\d+)?", text))
    return found | {str(number) for number, word in enumerate(WORDS, 1) if re.search(rf"\b{word}\b", text)}


def numbers_of(rulebook: Rulebook, rule: Rule) -> set[str]:
    """Every number that stands in a rule, by default and under each reading, as it is written in digits."""
    found: set[object] = set()
    for _, body in bodies(rulebook, rule):
        found |= set(form_numbers(body.form))
        for node in (node for term in loading.parts(body) for node in terms.walk(term)):
            found |= set(node_numbers(node))
    return {str(number) for number in found}


def form_numbers(form: forms.Form) -> Iterator[object]:
    """The numbers that a form has beside its terms."""
    match form:
        case forms.Repeated():
            yield from (form.first.amount, form.period.amount)
            yield from () if form.times is None else (form.times,)
        case forms.Limit():
            yield from () if form.window.period is None else (form.window.period.amount,)
        case forms.Criterion():
            yield from (form.need,) * (form.named and form.need < len(form.clauses))
        case _:
            return


def node_numbers(node: Term) -> Iterator[object]:
    """The numbers that a node has itself. A shift by nothing is not said."""
    match node:
        case terms.Lit(value=int() | Decimal() as value):
            yield abs(value)
        case terms.Lit(value=value) if node.type == facts.DATE:
            yield value
        case terms.Shift(by=by) if by.amount:
            yield abs(by.amount)
        case terms.AtLeast(k=k, of=of) if 1 < k < len(of):
            yield k
        case terms.Gather(op="nth", n=n):
            yield n
        case _:
            return


@pytest.mark.parametrize("name", BOOKS)
def test_english_names_every_rule_and_every_number(name: str) -> None:
    """The page has a heading for each rule, and below it each number of the rule and of its readings."""
    rulebook = BOOKS[name]
    said = sections(english.book(rulebook))
    assert list(said) == [rule.id for rule in rulebook]
    for rule in rulebook:
        assert numbers_of(rulebook, rule) <= told(said[rule.id]), rule.id


def test_english_has_the_questions_and_what_is_left_out() -> None:
    """Questions, gaps, what is only recorded and what is not modeled stand at the end of the page."""
    page = english.book(LANTERN)
    assert all(question.asks in page for question in LANTERN.questions)
    assert all(f"- {row}: `{kept.facts[0]}`" in page for row, kept in LANTERN.recorded.items())
    assert all(text in page for text in (*LANTERN.not_modeled.values(), *LANTERN.gaps.values()))


# judged, or refused by name


def test_all_rules_are_judged_under_every_reading() -> None:
    """A judge is made of the whole file by default and under each reading."""
    for reading in ("", *LANTERN.readings):
        assert Judge(LANTERN, {reading} - {""}).rulebook is LANTERN


CASES: Final = [
    pytest.param(rule.id, case, id=f"{rule.id}-{number}")
    for rule in LANTERN
    for number, case in enumerate(rule.examples, 1)
]


def test_the_file_has_many_worked_cases() -> None:
    """Each rule that is judged has at least one worked case."""
    assert len(CASES) >= 25
    assert all(rule.examples for rule in LANTERN.judged)


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_worked_cases_come_out_as_stated(rule: str, case: Example) -> None:
    """The verdict of a worked case is the one that stands in the file."""
    made = examples.case(LANTERN.vocabulary, LANTERN[rule], case)
    readings = [case.reading] if case.reading else []
    finding = peersupport.judge(LANTERN, rule, made.record, on=case.on, tables=made.tables, readings=readings)
    assert finding.verdict.value == case.verdict, peersupport.explain(finding)


def test_another_reading_of_a_rule_that_was_not_in_force_is_not_in_force_either() -> None:
    """The alternatives of a finding are those of its day: of a rule that is not in force none has another verdict."""
    lantern = peersupport.load(Path(__file__).parent / "rulebooks" / "lantern.toml")
    make: Any = lantern.vocabulary["letter"].record
    letter = make(id="l", received_at=dt.datetime(2019, 12, 31, 12, tzinfo=dt.UTC), devices=frozenset({"computer"}))
    finding = judge(lantern, "letter.device", letter, on=dt.date(2026, 5, 1))
    assert finding.reason is Reason.NOT_IN_FORCE
    assert set(finding.alternatives.values()) == {Verdict.NOT_APPLICABLE}
