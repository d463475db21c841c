"""What a rulebook answers by itself: its rules, bodies and definitions, and the texts of its terms."""

from __future__ import annotations

import ast
from typing import Final

import attrs
import pytest

from peersupport import CORE, InputError, Rulebook
from peersupport.rules import loading, syntax
from peersupport.rules.forms import Deadline, Limit
from peersupport.rules.syntax import SyntaxFaults
from peersupport.rules.terms import Compare, Earliest, Gather
from peersupport.rules.text import unparse

BOOK: Final = """
rulebook = "garden"
title    = "A fictional garden"

[sources.HB]
title = "A fictional handbook"

[kinds.host]
languages = "set: harbor hill"

[kinds.stay]
dated_by   = "arrived_on"
arrived_on = "date"
left_on    = "date or none"
meals      = "int meals"
color      = "choice: red green"
host       = "-> host"
crew       = "-> set of host"

[kinds.visit]
dated_by  = "starts_at"
stay      = "-> stay"
starts_at = "instant"

[[definition]]
id     = "stay.season_end"
about  = "stay"
says   = "A season lasts twelve weeks."
is     = "arrived_on + weeks(12)"
source = "HB: 1"

[[limit]]
id       = "stay.meals"
about    = "stay"
says     = "There are {at_least} to {at_most} meals."
measure  = "meals"
at_least = 1
at_most  = 90
source   = "HB: 2"
readings.'many meals' = { at_least = 50 }
readings.'few meals'  = { at_most = 40 }

[[limit]]
id      = "stay.crew"
about   = "stay"
says    = "A stay has at most {at_most} hosts."
measure = "count(crew)"
at_most = 3
source  = "HB: 3"

[[deadline]]
id     = "stay.closed"
about  = "stay"
says   = "A stay is closed, or visited, within {within}."
after  = "arrived_on"
within = "30 days"
done   = ["left_on", "first(visit.dated)"]
source = "HB: 4"
"""
DONE: Final = 'done   = ["left_on", "first(visit.dated)"]'


@pytest.fixture(name="book")
def _book() -> Rulebook:
    """The rulebook of the garden."""
    return loading.load(BOOK, CORE)


def test_a_rule_that_is_not_there_names_the_nearest(book: Rulebook) -> None:
    """Asked for a misspelt rule, the rulebook says which one was meant."""
    with pytest.raises(KeyError, match=r"garden has no rule 'stay\.meal' .*did you mean 'stay\.meals'"):
        book["stay.meal"]


def test_a_definition_has_a_value_and_no_other_rule_has(book: Rulebook) -> None:
    """`defined` gives the value of a definition and refuses the id of another form."""
    assert unparse(book.defined("stay.season_end", "stay")) == "arrived_on + weeks(12)"
    with pytest.raises(TypeError, match=r"stay\.meals is not a definition"):
        book.defined("stay.meals", "stay")


def test_two_readings_that_exclude_each_other_are_an_input_error(book: Rulebook) -> None:
    """Each reading loads by itself; chosen together, their bounds leave no number."""
    with pytest.raises(InputError, match="no number is at least 50 and at most 40"):
        book.body(book["stay.meals"], "stay", frozenset({"many meals", "few meals"}))


def test_a_count_of_the_records_own_references_needs_no_window(book: Rulebook) -> None:
    """A record's own set of references is a fact of its own, which is the same at all times."""
    form = book.body(book["stay.crew"], "stay").form
    assert isinstance(form, Limit)
    assert form.window.name == "own"


def test_a_record_is_a_member_of_a_set_of_its_own_kind(book: Rulebook) -> None:
    """A reference may be asked whether it is in a set of references to the same kind."""
    assert unparse(syntax.parse("host in crew", book.scope("stay"))) == "host in crew"


@pytest.mark.parametrize("text", ["'red' == color", "color == 'red'"])
def test_a_choice_stands_on_either_side(book: Rulebook, text: str) -> None:
    """A word in quotation marks is a choice of the fact on the other side, left or right."""
    assert unparse(syntax.parse(text, book.scope("stay"))) == text


@pytest.mark.parametrize("text", ["days(3) + arrived_on", "arrived_on + days(3)"])
def test_a_period_and_a_date_add_up_in_either_order(book: Rulebook, text: str) -> None:
    """A sum of a date and a period is one term, whichever comes first."""
    assert unparse(syntax.parse(text, book.scope("stay"))) == "arrived_on + days(3)"


@pytest.mark.parametrize(
    "text", ["first(visit.dated)", "first(visit.stay.season_end)", "first(visit.stay.dated)", "first(visit.starts_at)"]
)
def test_the_text_of_an_event_of_related_records_means_the_same_again(book: Rulebook, text: str) -> None:
    """A fact, a definition or the day of a related record is written as a name that reads as the same term."""
    term = syntax.parse(text, book.scope("stay"))
    assert isinstance(term, Gather)
    assert syntax.parse(unparse(term), book.scope("stay")) == term


def test_the_text_of_several_events_lists_them(book: Rulebook) -> None:
    """Events of which any will do are written side by side, as the rule has them."""
    form = book.body(book["stay.closed"], "stay").form
    assert isinstance(form, Deadline)
    assert unparse(form.done) == "left_on, first(visit.dated)"


@pytest.mark.parametrize("error", [RecursionError, MemoryError, ValueError])
def test_a_text_that_python_gives_up_on_is_no_expression(
    book: Rulebook, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """How deeply Python reads depends on its version and on its caller; where it gives up, the text is refused."""

    def give_up(*_: object, **__: object) -> ast.AST:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(ast, "parse", give_up)
        with pytest.raises(SyntaxFaults, match="not an expression") as caught:
            syntax.parse("meals > 3", book.scope("stay"))
    assert caught.value.faults[0].mend == "nested too deeply, or an odd character"


@pytest.mark.parametrize("both", [True, False])
def test_related_events_that_are_too_early_do_not_count(*, both: bool) -> None:
    """With `not_before`, events of related records get a condition; the record's own event stays as it is."""
    done = DONE if both else 'done   = "first(visit.dated)"'
    form = _closed(BOOK.replace(DONE, f'{done}\nnot_before = "arrived_on"'))
    plain = _closed(BOOK).done
    assert isinstance(plain, Earliest)
    own, visits = plain.of
    assert isinstance(visits, Gather)
    assert visits.value is not None
    assert form.not_before is not None
    later = attrs.evolve(visits, where=Compare(">=", visits.value, form.not_before))
    assert form.done == (Earliest((own, later)) if both else later)


def _closed(text: str) -> Deadline:
    """The deadline of a garden."""
    book = loading.load(text, CORE)
    form = book.body(book["stay.closed"], "stay").form
    assert isinstance(form, Deadline)
    return form
