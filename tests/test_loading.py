"""Loading is quick, and says the same as the long way: what is asked first, and what is made when it is needed."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any, Final

import pytest
from broken import JUNK
from hypothesis import given
from hypothesis import strategies as st

import peersupport as ps
from peersupport.rules import bodies, bounds, examples, facts
from peersupport.rules.facts import KINDS, Fact, Kind, Record, read_fact
from peersupport.rules.forms import Rule
from peersupport.rules.syntax import Scope

BOOK: Final = """
rulebook = "small"
title    = "A made-up rulebook"
[sources.F]
title = "Fiction"
[kinds.lamp]
lit_on = "date"
[kinds.person]
lamp = "-> lamp"
[[criterion]]
id     = "person.lamp"
about  = "person"
says   = "The lamp is lit."
when   = "exists(lamp)"
holds  = "lamp.lit_on <= on"
source = "F: 1"
readings."never" = { holds = "not exists(lamp)" }
"""
NONE: Final = """
import sys, peersupport
assert "peersupport.library" not in sys.modules
peersupport.load
from peersupport import library
print(len(library._shelved), "peersupport.rules.loading" in sys.modules)
"""


def test_importing_the_package_loads_no_rulebook() -> None:
    """Nor does asking for what loads them."""
    command = [sys.executable, "-c", NONE]
    result = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8")  # noqa: S603
    assert result.stdout.split() == ["0", "True"]


# what is too large


@given(st.dictionaries(st.sampled_from(["holds", "title", "k" * 201, "a\x00"]), JUNK, max_size=3))
def test_what_is_sound_has_no_fault(data: dict[str, Any]) -> None:
    """The quick question has the answer of the long one, except that it doubts what only the place may excuse."""
    found = list(bounds._faults(data, ""))
    assert not (bounds.is_sound(data) and found)
    assert bounds.faults(data)[: len(found)] == found[: bounds.PROBLEMS]


@pytest.mark.parametrize(
    "value",
    [["x"] * 2_001, {str(n): 1 for n in range(2_001)}, "x" * 20_001, {"x" * 201: 1}, {"a\x1b": 1}, "\u202e", 10**28],
)
def test_each_thing_too_large_is_not_sound(value: object) -> None:
    """Entries, texts, names, numbers, and what does not print."""
    assert not bounds.is_sound({"title": value})
    assert bounds.faults({"title": value})


@pytest.mark.parametrize("value", [["x"] * 2_000, "x" * 20_000, {"x" * 200: 1}, "a\nb\tc", 10**28 - 1, True, "§ 7 é"])
def test_what_is_just_small_enough_is_sound(value: object) -> None:
    """Lines and tabs print."""
    assert bounds.is_sound({"title": value})
    assert bounds.faults({"title": value}) == []


def test_long_keys_and_numbers_are_found_on_their_lines() -> None:
    """Only where a line is so long, or has so many points, is it looked for them at all."""
    points = ".".join(["k"] * 65)
    assert bounds.text_fault(f"a = 1\n{points} = 1\n") == (
        "line 2 has a key of more than 64 names joined by points",
        "write fewer",
    )
    assert bounds.text_fault(f'a = "{points}"\n') is None
    assert bounds.text_fault(f"a = 1\n\nb = {'1' * 10_001}\n") == (
        "line 3 has a number of more than 10000 digits",
        "write a shorter one",
    )
    assert bounds.text_fault(f'a = "{"x" * 10_001}"\n') is None


# what is made when it is needed


def test_the_class_of_a_declared_kind_is_made_for_its_first_record() -> None:
    """Loading makes none. The class knows its kind, and a kind that another rulebook adds to has the same base."""
    before = len(KINDS)
    book = ps.loads(BOOK)
    assert len(KINDS) == before
    lamp, person = book.vocabulary["lamp"], book.vocabulary["person"]
    assert person.record(id="p1") == person.record(id="p1")
    assert issubclass(person.record, ps.Person)
    assert KINDS[person.record] is person
    assert KINDS[lamp.record] is lamp
    assert (lamp.record.__name__, person.record.__name__) == ("Lamp", "Person")
    assert lamp.record is lamp.record
    assert len(KINDS) == before + 2


def test_two_that_ask_at_the_same_time_get_one_class() -> None:
    """Records that two threads make are of one kind."""
    declared = {"lit": read_fact("lit", "bool")}
    kind = facts.make_kind(None, Kind("lamp", Record, declared), declared.values())
    found: list[type[Record]] = []
    threads = [threading.Thread(target=lambda: found.append(kind.record)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert KINDS[found[0]] is kind


# what is read once


def test_what_readings_share_is_read_once() -> None:
    """The terms of fields that a reading does not override are those of the rule itself."""
    book = ps.loads(BOOK)
    rule = book["person.lamp"]
    plain, never = (book.body(rule, "person", chosen) for chosen in (frozenset[str](), frozenset({"never"})))
    assert plain.conditions.when is never.conditions.when
    assert plain.form != never.form


def test_a_body_may_be_read_by_itself() -> None:
    """Without what was read before, it is the same body."""
    book = ps.loads(BOOK)
    rule: Rule = book["person.lamp"]
    scope: Scope = book.scope("person")
    assert bodies.build(rule, scope, frozenset({"never"}), "here") == (
        book.body(rule, "person", frozenset({"never"})),
        [],
    )


# values of examples

FACTS: Final = [
    read_fact("x", type_)
    for type_ in ("bool", "date", "date or none", "instant", "choice: a b", "choice: open", "set: a b", "int", "text")
]
VALUES: Final = st.one_of(
    JUNK, st.sampled_from(["a", "b", "c", "none", "open", ""]), st.dates(), st.booleans(), st.just(None)
)


@given(st.sampled_from(FACTS), VALUES)
def test_a_value_that_is_surely_right_is_right(fact: Fact, value: object) -> None:
    """The quick answer agrees with the long one; most days, choices and yeses are told by it."""
    kind = Kind("lamp", Record, {fact.name: fact})
    told = examples._sort_fault(fact, value) or facts.fault_of(fact, examples.plain(fact, value))
    assert examples._value_fault(kind, fact, value) == told
