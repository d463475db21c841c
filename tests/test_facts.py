"""What can be recorded: facts, kinds and records, the tables they stand in, and the records of worked cases."""

from __future__ import annotations

import copy
import datetime as dt
import operator
import pickle
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport.caseload import Assignment, ClinicalConsultant, GroupSession, PeerProvider
from peersupport.eligibility import Admission, CareEpisode, Person, Program, Referral, StayReview
from peersupport.library import CORE
from peersupport.plans import Consultation, Plan, PlanReview
from peersupport.rules import examples, loading
from peersupport.rules.calendar import Office
from peersupport.rules.facts import (
    BOOL,
    DATE,
    INSTANT,
    KINDS,
    NONE,
    NUMBER,
    PERIOD,
    Absent,
    Fact,
    Kind,
    OrNone,
    Record,
    Recorded,
    Span,
    Texts,
    Type,
    Vocabulary,
    fact,
    fault_of,
    in_unit,
    is_quantity,
    kind,
    kind_of,
    make_kind,
    read_fact,
    read_type,
    vocabulary,
)
from peersupport.rules.forms import Example, Rule
from peersupport.rules.problems import SHOWN, InputError, Problem, near, raise_any
from peersupport.rules.tables import EMPTY, Table, Tables, tables_of

DAY = dt.date(2026, 6, 30)
NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)


@kind("slip", "a slip")
@attrs.frozen(kw_only=True)
class Slip(Record):
    """A place in a harbor that does not exist."""

    person: Recorded[str] = fact("-> person", "the person who rents it")


@kind(
    "boat",
    "a boat",
    span=Span("launched_on", "retired_on"),
    dated_by="launched_on",
    responsible="person",
    borrowed={"person": "-> person, from slip"},
)
@attrs.frozen(kw_only=True)
class Boat(Record):
    """A kind that uses every type of fact. No such boat is moored anywhere."""

    afloat: Recorded[bool] = fact("bool", "the boat floats")
    seaworthy: Recorded[bool] = fact("bool, judged", "the boat would stand the sea")
    masts: Recorded[int] = fact("int masts", "the number of masts", at_least=0, at_most=3)
    length: Recorded[Decimal] = fact("decimal meters", "the length")
    launched_on: Recorded[dt.date] = fact("date", "the day of the launch", event="the boat is launched")
    retired_on: OrNone[dt.date] = fact("date or none", "the day it retires", planned=True)
    sails_at: Recorded[dt.datetime] = fact("instant", "the time it sails")
    colour: Recorded[str] = fact("choice: red green", "the colour")
    flags: Recorded[Texts] = fact("set: pirate pilot", "the flags")
    slip: Recorded[str] = fact("-> slip", "the slip")
    tenders: Recorded[Texts] = fact("-> set of boat", "its tenders")
    motto: Recorded[str] = fact("text")


# known to be absent


def test_there_is_one_none() -> None:
    """Made again, copied or sent to another process, `NONE` is itself, so that `is NONE` is the question."""
    again = [Absent(), copy.copy(NONE), copy.deepcopy(NONE), pickle.loads(pickle.dumps(NONE))]  # noqa: S301
    assert all(each is NONE for each in again)
    assert repr(NONE) == "NONE"


def test_none_is_neither_true_nor_false() -> None:
    """Asking for its truth raises and says what to write instead."""
    with pytest.raises(TypeError, match="compare with `is NONE`"):
        bool(NONE)


@pytest.mark.parametrize("value", [DAY, dt.date.max, NOON, 10**9, -1, Decimal("1e9")], ids=str)
def test_a_known_absent_end_is_after_everything(value: Any) -> None:  # noqa: ANN401
    """An end that has not come stands after every date, instant and number, on either side of a comparison."""
    names = ("lt", "le", "eq", "ne", "ge", "gt")
    before = [name for name in names if getattr(operator, name)(value, NONE)]
    after = [name for name in names if getattr(operator, name)(NONE, value)]
    assert (before, after) == (["lt", "le", "ne"], ["ne", "ge", "gt"])


def test_none_is_as_late_as_itself() -> None:
    """It is neither before nor after itself."""
    asked = {name: getattr(operator, name)(NONE, Absent()) for name in ("lt", "le", "eq", "ge", "gt", "ne")}
    assert asked == {"lt": False, "le": True, "eq": True, "ge": True, "gt": False, "ne": False}


def test_absent_ends_are_sorted_last() -> None:
    """Sorting days among which one is known to be absent works, and puts it last."""
    ends: list[Any] = [NONE, DAY, dt.date.max, dt.date.min]
    assert sorted(ends) == [dt.date.min, DAY, dt.date.max, NONE]
    assert max(ends) is NONE


# the text of a type


@pytest.mark.parametrize(
    ("text", "type_", "english"),
    [
        ("bool", Type("bool"), "a yes or no"),
        ("date", Type("date"), "a date"),
        ("date or none", Type("date", or_none=True), "a date"),
        ("instant", Type("instant"), "an instant"),
        ("instant or none", Type("instant", or_none=True), "an instant"),
        ("text", Type("text"), "a text"),
        ("text or none", Type("text", or_none=True), "a text"),
        ("int", Type("number"), "a number"),
        ("int hours", Type("number", "hours"), "a number of hours"),
        (
            "int units of 15 minutes or none",
            Type("number", "units of 15 minutes", or_none=True),
            "a number of units of 15 minutes",
        ),
        ("decimal", Type("number", decimal=True), "a number"),
        ("decimal posts or none", Type("number", "posts", or_none=True, decimal=True), "a number of posts"),
        ("choice: a", Type("choice", choices=("a",)), "a choice"),
        ("choice: a b_2 or none", Type("choice", choices=("a", "b_2"), or_none=True), "a choice"),
        ("choice: open", Type("choice"), "a choice"),
        ("set: a b", Type("set", choices=("a", "b")), "a set of choices"),
        ("set: open or none", Type("set", or_none=True), "a set of choices"),
        ("-> person", Type("ref", kind="person"), "a person"),
        ("-> person or none", Type("ref", kind="person", or_none=True), "a person"),
        ("-> set of admission", Type("refs", kind="admission"), "a set of admission"),
    ],
)
def test_a_type_is_read_from_its_text(text: str, type_: Type, english: str) -> None:
    """Every type of the rulebook format, and how messages call it."""
    assert read_type(text) == type_
    assert str(type_) == english


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bolean",
        "Bool",
        "bool or nothing",
        "bool or none or none",
        "int Hours",
        "int  hours",
        "integer",
        "int hours or none or none",
        "float",
        "number",
        "period",
        "choice",
        "choice:",
        "choice: ",
        "choice:   ",
        "set: ",
        "set:   ",
        "-> ",
        "-> set of ",
        "->person",
        "list: a b",
    ],
)
def test_what_is_no_type_is_refused_with_what_to_write(text: str) -> None:
    """The message repeats the text and lists the forms."""
    with pytest.raises(ValueError, match="is not a type: write bool, date") as error:
        read_type(text)
    assert repr(text) in str(error.value)


@pytest.mark.parametrize("text", ["choice: a none", "set: none", "choice: A", "choice: a-b", "set: 2nd", "choice: a,b"])
def test_a_choice_has_a_plain_name_and_is_never_none(text: str) -> None:
    """`none` is how known absence is written, so no choice may be called so."""
    with pytest.raises(ValueError, match="cannot be a choice: use small letters"):
        read_type(text)


@pytest.mark.parametrize("text", ["choice: a b a", "set: a a"])
def test_a_choice_is_listed_once(text: str) -> None:
    """A choice that is listed twice is a slip of the pen, probably of another choice."""
    with pytest.raises(ValueError, match="a choice is listed twice"):
        read_type(text)


def test_dates_instants_and_numbers_are_ordered() -> None:
    """Other types have no before and after."""
    assert [type_.ordered for type_ in (DATE, INSTANT, NUMBER, BOOL, PERIOD)] == [True, True, True, False, False]
    assert not read_type("choice: a b").ordered
    assert str(PERIOD) == "a period"


# the declaration of a fact


def test_a_fact_is_declared_by_its_type_alone() -> None:
    """The short text is the type; nothing else is known of the fact, and its name is its phrase."""
    declared = read_fact("first_visit", "date or none")
    assert declared == Fact("first_visit", Type("date", or_none=True), happens=True, added=False)
    assert declared.phrase == "first visit"


def test_a_fact_is_declared_by_a_table() -> None:
    """Each key of the table has its place in the fact."""
    table = {"type": "decimal hours", "says": "the hours", "judged": True, "min": 1, "max": 9, "places": 2}
    unit = Type("number", "hours", decimal=True)
    declared = read_fact("x", table)
    assert declared == Fact("x", unit, says="the hours", judged=True, minimum=1, maximum=9, places=2)
    assert declared.phrase == "the hours"
    dated = read_fact("x", {"type": "date", "event": "the lamp is lit", "planned": True})
    assert dated == Fact("x", DATE, event="the lamp is lit")


@pytest.mark.parametrize(
    ("declared", "happens"),
    [
        ("date", True),
        ("instant or none", True),
        ("bool", False),
        ({"type": "date", "planned": True}, False),
        ({"type": "date", "planned": False}, True),
        ({"type": "bool", "planned": False}, False),
    ],
)
def test_a_date_happens_unless_it_is_planned(declared: object, happens: bool) -> None:
    """A date that happens cannot lie after the day of the judgement; a planned one can."""
    assert read_fact("x", declared).happens is happens


def test_modifiers_follow_the_type() -> None:
    """A person judges the fact, or it is read through a reference, or both."""
    assert read_fact("x", "bool, judged").judged
    assert read_fact("x", "-> person or none, from admission") == Fact(
        "x", Type("ref", kind="person", or_none=True), borrowed="admission"
    )
    both = read_fact("x", "bool, from plan, judged")
    assert (both.judged, both.borrowed) == (True, "plan")


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (5, "a fact is declared by its type"),
        (["date"], "a fact is declared by its type"),
        (None, "a fact is declared by its type"),
        ({}, "a fact is declared by its type"),
        ({"says": "the day"}, "a fact is declared by its type"),
        ({"type": 3}, "a fact is declared by its type"),
        ({"type": "date", "plannd": True}, "a fact has no 'plannd': did you mean 'planned'"),
        ({"type": "dates"}, "'dates' is not a type"),
        ("bool, guessed", "'guessed' is nothing that can follow a type"),
        ("bool,judged", "'bool,judged' is not a type"),
        ("-> person, from ", "can follow a type"),
    ],
)
def test_a_declaration_that_is_wrong_is_refused(declared: object, message: str) -> None:
    """Each fault is said with its mend; no key is ignored."""
    with pytest.raises(ValueError, match=message):
        read_fact("x", declared)


@pytest.mark.parametrize(
    ("type_", "key", "value"),
    [
        ("date", "planned", "no"),
        ("date", "planned", 1),
        ("bool", "judged", "no"),
        ("int", "min", "5"),
        ("int", "max", True),
        ("int", "places", "two"),
        ("date", "says", 3),
        ("date", "event", ["is born"]),
    ],
)
def test_a_key_of_another_type_is_refused(type_: str, key: str, value: object) -> None:
    """A text "no" is not taken for a yes: what a declaration states has its exact type."""
    with pytest.raises(ValueError, match=key):
        read_fact("x", {"type": type_, key: value})


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"type": "date", "min": 1}, "`min` and `max` are for numbers, this is a date"),
        ({"type": "choice: a", "max": 1}, "`min` and `max` are for numbers, this is a choice"),
        ({"type": "int", "min": 3, "max": 2}, "`min` is more than `max`: no number is at least 3 and at most 2"),
        ({"type": "int", "places": 2}, "`places` is for decimals"),
        ({"type": "text", "places": 2}, "`places` is for decimals"),
        ({"type": "decimal", "places": -1}, "a whole number from 0 to 12"),
        ({"type": "decimal", "places": 13}, "a whole number from 0 to 12"),
        ({"type": "bool", "planned": True}, "`planned` is for dates and instants, this is a yes or no"),
    ],
)
def test_a_key_that_does_not_go_with_its_type_is_refused(table: Mapping[str, object], message: str) -> None:
    """It would say nothing, and whoever wrote it meant something."""
    with pytest.raises(ValueError, match=message):
        read_fact("x", table)


@pytest.mark.parametrize(
    "table",
    [
        {"type": "int", "min": 2, "max": 2},
        {"type": "int", "min": -5},
        {"type": "decimal", "max": Decimal("0.5")},
        {"type": "decimal", "places": 0},
        {"type": "decimal", "places": 12},
        {"type": "instant or none", "planned": True},
    ],
)
def test_a_key_that_goes_with_its_type_is_read(table: Mapping[str, object]) -> None:
    """At the edges of what is refused."""
    declared = read_fact("x", table)
    assert (declared.minimum, declared.maximum) == (table.get("min"), table.get("max"))
    assert declared.places == table.get("places")


# the values of a fact


def _values() -> list[tuple[str, object, str]]:
    """Types, values and the fault of the value, which is empty where the value is right."""
    berlin = dt.datetime(2026, 6, 30, 1, tzinfo=ZoneInfo("Europe/Berlin"))
    return [
        ("bool", True, ""),
        ("bool", False, ""),
        ("bool", 1, "expected a yes or no, got a int"),
        ("bool", 0, "expected a yes or no, got a int"),
        ("bool", "yes", "expected a yes or no, got a str"),
        ("int", 3, ""),
        ("int", -(10**12), ""),
        ("int", True, "expected a number, got a bool"),
        ("int", 3.0, "expected a number, got a float"),
        ("int", float("nan"), "expected a number, got a float"),
        ("int", "3", "expected a number, got a str"),
        ("int", Decimal(3), "expected a whole number, got a Decimal"),
        ("int hours", None, ""),
        ("int hours", 1.5, "expected a number of hours, got a float"),
        ("decimal", Decimal("0.1"), ""),
        ("decimal", 3, ""),
        ("decimal", False, "expected a number, got a bool"),
        ("decimal", 0.1, "expected a number, got a float"),
        ("decimal", Decimal("NaN"), "not a finite number"),
        ("decimal", Decimal("sNaN"), "not a finite number"),
        ("decimal", Decimal("-Infinity"), "not a finite number"),
        ("date", DAY, ""),
        ("date", NOON, "expected a date, got a datetime"),
        ("date", "2026-06-30", "expected a date, got a str"),
        ("date", 20260630, "expected a date, got a int"),
        ("date", dt.date(1900, 1, 1), ""),
        ("date", dt.date(2199, 12, 31), ""),
        ("date", dt.date(1899, 12, 31), "the year must lie in 1900 to 2199"),
        ("date", dt.date(2200, 1, 1), "the year must lie in 1900 to 2199"),
        ("date or none", DAY, ""),
        ("date or none", "none", "expected a date, got a str"),
        ("int or none", True, "expected a number, got a bool"),
        ("-> person or none", "", "an id is a text that is not empty"),
        ("instant", NOON, ""),
        ("instant", berlin, ""),
        ("instant", NOON.replace(tzinfo=None), "an instant needs its offset from UTC: it has none"),
        ("instant", DAY, "expected an instant, got a date"),
        ("instant", NOON.replace(year=1899), "the year must lie in 1900 to 2199"),
        ("instant", NOON.replace(year=2200), "the year must lie in 1900 to 2199"),
        ("choice: red green", "red", ""),
        ("choice: red green", "gren", "is not one of its choices: did you mean 'green'?"),
        ("choice: red green", "", "is not one of its choices: known here: green, red"),
        ("choice: red green", 5, "expected a choice, got a int"),
        ("choice: red green", b"red", "expected a choice, got a bytes"),
        ("choice: open", "whatever", ""),
        ("choice: open", None, ""),
        ("text", "any text", ""),
        ("text", 5, "expected a text, got a int"),
        ("set: red green", frozenset({"red"}), ""),
        ("set: red green", frozenset(), ""),
        ("set: red green", {"red"}, "expected a frozenset of texts, got a set"),
        ("set: red green", ["red"], "expected a frozenset of texts, got a list"),
        ("set: red green", "red", "expected a frozenset of texts, got a str"),
        ("set: red green", frozenset({5}), "expected a frozenset of texts, got a frozenset"),
        ("set: red green", frozenset({"red", "gren"}), "not one of its choices: did you mean 'green'?"),
        ("set: open", frozenset({"anything"}), ""),
        ("set: open", frozenset({"any\x07thing"}), "has a member with a character that does not print"),
        ("-> person", "p1", ""),
        ("-> person", "", "an id is a text that is not empty"),
        ("-> person", "   ", "an id is a text that is not empty"),
        ("-> person", 5, "expected a person, got a int"),
        ("-> set of person", frozenset({"p1", "p2"}), ""),
        ("-> set of person", "p1", "expected a frozenset of texts, got a str"),
        ("-> set of person", frozenset({1}), "expected a frozenset of texts, got a frozenset"),
        ("-> set of person", frozenset({""}), "an id is a text that is not empty"),
    ]


@pytest.mark.parametrize(("type_", "value", "fault"), _values())
def test_values_are_of_their_exact_type(type_: str, value: object, fault: str) -> None:
    """1 is not a yes, a yes is not 1, a datetime is not a date, a float is never a number, a naive time no instant."""
    found = fault_of(read_fact("x", type_), value)
    assert fault in found
    assert bool(found) is bool(fault)


def test_subclasses_are_not_exact() -> None:
    """A subclass may compare or print as it likes, so that its values are refused."""

    class Count(int):
        pass

    class Word(str):
        __slots__ = ()

    class Day(dt.date):
        pass

    assert fault_of(read_fact("x", "int"), Count(3)) == "expected a number, got a Count"
    assert fault_of(read_fact("x", "text"), Word("a")) == "expected a text, got a Word"
    assert fault_of(read_fact("x", "date"), Day(2026, 1, 1)) == "expected a date, got a Day"
    assert fault_of(read_fact("x", "set: open"), frozenset({Word("a")})) == (
        "expected a frozenset of texts, got a frozenset"
    )


@pytest.mark.parametrize("type_", ["int", "decimal", "date", "instant", "text", "choice: a", "set: a", "-> person"])
def test_absence_can_be_known_only_where_it_is_declared(type_: str) -> None:
    """Every fact may be not recorded. `NONE` is a value of a fact *or none* and of no other."""
    assert fault_of(read_fact("x", type_), None) == ""
    assert fault_of(read_fact("x", f"{type_} or none"), None) == ""
    assert fault_of(read_fact("x", f"{type_} or none"), NONE) == ""
    assert "NONE, which this fact cannot be" in fault_of(read_fact("x", type_), NONE)


def test_a_yes_or_no_is_never_known_to_be_absent() -> None:
    """Absence of a yes or no would be a third answer that no condition could use."""
    with pytest.raises(ValueError, match="cannot be known to be absent"):
        read_fact("x", "bool or none")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (0, "0 is less than the least that is possible, 1"),
        (1, ""),
        (12, ""),
        (13, "13 is more than the most that is possible, 12"),
    ],
)
def test_numbers_keep_to_their_bounds(value: int, fault: str) -> None:
    """Both bounds are in; what is beyond them is said with the bound."""
    assert fault_of(read_fact("x", {"type": "int", "min": 1, "max": 12}), value) == fault


def test_bounds_of_decimals_are_exact() -> None:
    """A bound is compared exactly, without rounding."""
    declared = read_fact("x", {"type": "decimal", "min": Decimal("0.1"), "max": Decimal("0.3")})
    assert fault_of(declared, Decimal("0.1")) == ""
    assert "less than the least" in fault_of(declared, Decimal("0.0999999999"))
    assert "more than the most" in fault_of(declared, Decimal("0.3000000001"))


@pytest.mark.parametrize("places", [0, 1, 2])
def test_decimals_have_at_most_their_declared_places(places: int) -> None:
    """A number with more places than its fact has is refused, not cut. Noughts at its end are no places."""
    declared = read_fact("x", {"type": "decimal posts", "places": places})
    step = Decimal(1).scaleb(-places)
    for right in (3 * step, 10 * step, Decimal(0), Decimal("0.000"), Decimal("-20.000"), Decimal("1e2"), 7):
        assert fault_of(declared, right) == ""
    for wrong in (step / 2, 1 + step / 10, -step / 100):
        assert fault_of(declared, wrong) == f"{wrong} has more than {places} decimal places"


# records


def test_a_record_with_nothing_recorded() -> None:
    """Every fact of a record that is not given is not recorded: `None`, never a default."""
    boat = Boat(id="b1")
    assert [getattr(boat, name) for name in KINDS[Boat].facts if name != "person"] == [None] * 12


def test_a_record_holds_what_it_is_given() -> None:
    """A value of each type is kept as it is."""
    given: dict[str, Any] = {
        "afloat": True,
        "seaworthy": False,
        "masts": 2,
        "length": Decimal("7.50"),
        "launched_on": DAY,
        "retired_on": NONE,
        "sails_at": NOON,
        "colour": "red",
        "flags": frozenset({"pilot"}),
        "slip": "s1",
        "tenders": frozenset({"b2", "b3"}),
        "motto": "fair winds",
    }
    boat = Boat(id="b1", **given)
    assert {name: getattr(boat, name) for name in given} == given
    assert boat == Boat(id="b1", **given)
    assert boat != attrs.evolve(boat, masts=1)


def test_a_wrong_record_says_every_fault_at_once() -> None:
    """Nothing is made of a record with faults, and its `InputError` has one problem for each, in its order."""
    wrong: dict[str, Any] = {"id": "", "afloat": "yes", "masts": 4, "launched_on": NOON, "colour": "redd", "flags": []}
    with pytest.raises(InputError) as error:
        Boat(**wrong)
    assert [str(problem) for problem in error.value.problems] == [
        "Boat '': an id is a text that is not empty",
        "Boat '', afloat: expected a yes or no, got a str",
        "Boat '', masts: 4 is more than the most that is possible, 3",
        "Boat '', launched_on: expected a date, got a datetime",
        "Boat '', colour: is not one of its choices: did you mean 'red'?",
        "Boat '', flags: expected a frozenset of texts, got a list",
    ]


@pytest.mark.parametrize("id_", ["", " ", "\t", None, 5, b"b1"])
def test_an_id_is_a_text_that_is_not_empty(id_: Any) -> None:  # noqa: ANN401
    """An id of another type would not be found by what refers to it."""
    with pytest.raises(InputError, match="an id is a text that is not empty"):
        Boat(id=id_)


def test_records_are_frozen_and_change_by_evolving() -> None:
    """A changed copy is checked as a new record is."""
    boat = Boat(id="b1", masts=1)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        boat.masts = 2  # type: ignore[misc]
    assert attrs.evolve(boat, masts=2).masts == 2
    with pytest.raises(InputError, match="masts"):
        attrs.evolve(boat, masts=9)


def test_records_are_made_by_keyword() -> None:
    """Facts have no order, so none is given by its place."""
    with pytest.raises(TypeError):
        Boat("b1")  # type: ignore[call-arg]


def test_a_record_can_be_sent_to_another_process() -> None:
    """A pickled record comes back equal, and its known absent end is `NONE` itself."""
    episode = CareEpisode(id="c1", person="p1", admitted_on=DAY, ended_on=NONE)
    again = pickle.loads(pickle.dumps(episode))  # noqa: S301
    assert again == episode
    assert again.ended_on is NONE


def test_a_bound_of_nought_is_a_bound() -> None:
    """No group has less than nobody present."""
    assert GroupSession(id="g", present=0).present == 0
    with pytest.raises(InputError, match="-1 is less than the least that is possible, 0"):
        GroupSession(id="g", present=-1)


# kinds


def test_a_kind_is_what_its_class_says() -> None:
    """Facts in the order of the class, those that are borrowed behind them and not held by a record."""
    boat = kind_of(Boat)
    assert (boat.name, boat.phrase, boat.record) == ("boat", "a boat", Boat)
    assert boat.span == Span("launched_on", "retired_on", through=False)
    assert (boat.dated_by, boat.responsible) == ("launched_on", "person")
    assert list(boat.facts)[:2] == ["afloat", "seaworthy"]
    assert boat.facts["seaworthy"].judged
    assert boat.facts["launched_on"].event == "the boat is launched"
    assert boat.facts["launched_on"].happens
    assert not boat.facts["retired_on"].happens
    assert (boat.facts["masts"].minimum, boat.facts["masts"].maximum) == (0, 3)
    assert boat.facts["motto"].phrase == "motto"
    assert boat.facts["person"].borrowed == "slip"
    assert "person" not in {each.name for each in boat.stored}
    assert not hasattr(Boat(id="b"), "person")


def test_a_kind_knows_its_references() -> None:
    """One reference or a set of them, by the kind they lead to."""
    boat = kind_of(Boat)
    assert [each.name for each in boat.references("boat")] == ["tenders"]
    assert [each.name for each in boat.references("slip")] == ["slip"]
    assert boat.references("admission") == ()


@pytest.mark.parametrize(("name", "phrase"), [("care_episode", "a care episode"), ("other_stay", "an other stay")])
def test_a_kind_without_words_is_called_by_its_name(name: str, phrase: str) -> None:
    """With the article that its first letter takes."""
    assert Kind(name, Record, {}).phrase == phrase


def test_a_kind_that_a_rulebook_declares() -> None:
    """Its class is made with its facts, checks them as a core class does, and is registered."""
    declared = {each.name: each for each in (read_fact("opened_on", "date"), read_fact("person", "-> person, from x"))}
    made = make_kind(None, Kind("harbor_gate", Record, declared, "a gate"), declared.values())
    record: Any = made.record
    assert record.__name__ == "HarborGate"
    assert (made.name, made.phrase, made.facts) == ("harbor_gate", "a gate", declared)
    assert kind_of(record) is made
    assert record(id="g1").opened_on is None
    assert record(id="g1", opened_on=DAY).opened_on == DAY
    with pytest.raises(InputError, match="HarborGate 'g1', opened_on: expected a date, got a str"):
        record(id="g1", opened_on="2026-06-30")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        record(id="g1").opened_on = DAY
    with pytest.raises(AttributeError):
        record(id="g1").closed_on = DAY
    with pytest.raises(TypeError):
        record("g1", DAY)
    with pytest.raises(TypeError):
        record(id="g1", person="p1")


def test_a_core_kind_to_which_a_rulebook_adds_facts() -> None:
    """The new class has the facts of both and is a class of the core's records; the core's own stays as it was."""
    core = kind_of(Person)
    added = read_fact("interests", "set: boats birds")
    made = make_kind(core, attrs.evolve(core, facts={**core.facts, "interests": added}), [added])
    record: Any = made.record
    person = record(id="p1", birth_date=DAY, interests=frozenset({"boats"}))
    assert isinstance(person, Person)
    assert person.birth_date == DAY
    assert kind_of(Person) is core
    assert "interests" not in core.facts
    with pytest.raises(InputError) as error:
        record(id="p1", birth_date=5, interests=frozenset({"cars"}))
    assert len(error.value.problems) == 2


def test_every_core_kind_is_sound() -> None:
    """Spans and dates are facts that are moments of one type; references lead to kinds; what is borrowed is there."""
    for name in CORE:
        each = CORE[name]
        ends = {each.facts[end].type.base for end in attrs.astuple(each.span)[:2]} if each.span else {"date"}
        assert ends <= {"date", "instant"}
        assert len(ends) == 1
        assert not each.dated_by or each.facts[each.dated_by].type.base in {"date", "instant"}
        for one in each.facts.values():
            assert not one.type.kind or one.type.kind in CORE
            if one.borrowed:
                lender = CORE[each.facts[one.borrowed].type.kind]
                assert lender.facts[one.name].type == one.type


# units


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("900 hours", "hours", 900),
        ("900 hours", "minutes", 54_000),
        ("900 hours", "units of 15 minutes", 3_600),
        ("3600 units of 15 minutes", "hours", 900),
        ("45 minutes", "units of 15 minutes", 3),
        ("3 units of 20 minutes", "units of 15 minutes", 4),
        ("12 places", "places", 12),
        ("0 hours", "minutes", 0),
    ],
)
def test_quantities_are_converted_exactly(text: str, unit: str, amount: int) -> None:
    """Hours, minutes and units of minutes are of one quantity; any other unit is only itself."""
    assert is_quantity(text)
    assert in_unit(text, unit) == amount


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("50 minutes", "hours", "'50 minutes' is not a whole number of hours"),
        ("1 hours", "units of 45 minutes", "not a whole number of units of 45 minutes"),
        ("12 places", "hours", "'places' cannot be told in 'hours'"),
        ("12 hours", "places", "'hours' cannot be told in 'places'"),
        ("12 hours", "", "'hours' cannot be told in 'a plain number'"),
        ("12 units of 0 minutes", "minutes", "'units of 0 minutes' cannot be told in 'minutes'"),
        ("hours", "hours", "'hours' is not a quantity: write a whole number and a unit"),
        ("1.5 hours", "minutes", "is not a quantity"),
        ("-1 hours", "minutes", "is not a quantity"),
        ("1234567890 hours", "minutes", "is not a quantity"),
    ],
)
def test_what_cannot_be_converted_is_refused(text: str, unit: str, message: str) -> None:
    """Nothing is rounded, and no unit is guessed."""
    with pytest.raises(ValueError, match=message):
        in_unit(text, unit)


@pytest.mark.parametrize("text", ["", "900", "hours", "900hours", "900  hours", "900 Hours", "1.5 hours"])
def test_what_is_no_quantity(text: str) -> None:
    """A quantity is a whole number, a space and a unit."""
    assert not is_quantity(text)


@given(st.integers(0, 10**6), st.sampled_from(["minutes", "hours", "units of 15 minutes", "units of 7 minutes"]))
def test_a_conversion_and_back_is_the_same(amount: int, unit: str) -> None:
    """Told in minutes and back, a quantity is what it was."""
    minutes = in_unit(f"{amount} {unit}", "minutes")
    assert in_unit(f"{minutes} minutes", unit) == amount


# vocabularies


def test_a_vocabulary_is_its_kinds_by_name() -> None:
    """It is asked by name, in the order in which it was made."""
    words = vocabulary([Slip, Boat])
    assert list(words) == ["slip", "boat"]
    assert words["boat"].record is Boat
    assert "slip" in words
    assert "person" not in words


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("person", ()),
        ("program", ()),
        ("peer_provider", ()),
        ("license", ()),
        ("group_session", ()),
        ("consultation", ()),
        ("referral", ("person",)),
        ("care_episode", ("person",)),
        ("admission", ("person",)),
        ("assignment", ("admission", "person")),
        ("plan", ("admission", "person")),
        ("plan_review", ("plan", "admission", "person")),
        ("stay_review", ("admission", "person")),
    ],
)
def test_who_a_record_is_about(name: str, path: tuple[str, ...]) -> None:
    """The references from a kind to the person, the nearest first; a record about nobody or several has no path."""
    assert CORE.person_path(name) == path


def test_references_in_a_ring_lead_nowhere() -> None:
    """Kinds that refer to each other, to themselves, or to a kind that is not there, have no person."""

    def of(name: str, **links: str) -> Kind:
        return Kind(name, Record, {link: read_fact(link, text) for link, text in links.items()})

    ring = {
        each.name: each
        for each in (
            of("egg", laid_by="-> hen", nest="-> nest"),
            of("hen", hatched_from="-> egg", sister="-> hen"),
            of("owner", person="-> person"),
            of("coop", hen="-> hen", owner="-> owner"),
        )
    }
    words = Vocabulary(ring)
    assert words.person_path("egg") == ()
    assert words.person_path("hen") == ()
    assert words.person_path("coop") == ("owner", "person")


# problems


def test_a_problem_names_the_place_the_fault_and_the_mend() -> None:
    """The mend stands in brackets; a problem without one has none."""
    assert str(Problem("person.csv, row 2", "is missing", "write it")) == "person.csv, row 2: is missing (write it)"
    assert str(Problem("person.csv", "is missing")) == "person.csv: is missing"


def test_a_caret_stands_under_the_fault() -> None:
    """The expression is printed below, on one line, with a caret under its position."""
    problem = Problem("rule x", "what is this", text="known(a)\nand\tb_c", at=13)
    assert str(problem) == "rule x: what is this\n    known(a) and b_c\n                 ^"


@pytest.mark.parametrize("length", [1, 60, 61, 400])
def test_a_caret_is_right_in_a_text_of_any_length(length: int) -> None:
    """A long expression is cut around the fault, and the caret still stands under the character at fault."""
    text = "".join(chr(0x100 + number) for number in range(length))
    for at in range(length):
        head, shown, caret = str(Problem("p", "f", text=text, at=at)).split("\n")
        assert head == "p: f"
        assert len(shown) <= 4 + 3 + 120
        assert shown[caret.index("^")] == text[at]
        assert shown.startswith("    ...") is (at > 60)


def test_a_caret_stands_at_the_beginning_where_no_position_is_told() -> None:
    """The whole expression is at fault."""
    assert str(Problem("p", "f", text="known(a)")) == "p: f\n    known(a)\n    ^"


def test_one_problem_is_counted_in_the_singular() -> None:
    """The error's text is the count and the problems; it is a `ValueError`."""
    error = InputError([Problem("a", "b")])
    assert isinstance(error, ValueError)
    assert str(error) == "1 problem found:\n- a: b"


def test_problems_are_cut_at_fifty_with_the_whole_count() -> None:
    """Fifty are printed in their order, all are counted and kept."""
    many = [Problem(f"row {number}", "is wrong") for number in range(1, 52)]
    assert str(InputError(many[:50])).startswith("50 problems found:\n- row 1: is wrong\n")
    error = InputError(iter(many))
    lines = str(error).split("\n")
    assert lines[0] == "51 problems found, the first 50 of them:"
    assert lines[1:] == [f"- row {number}: is wrong" for number in range(1, SHOWN + 1)]
    assert error.problems == tuple(many)


def test_an_error_comes_whole_from_another_process() -> None:
    """Pickled and read again it has the same problems and the same text."""
    error = InputError([Problem("a", "b"), Problem("c", "d", "e")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert again.problems == error.problems
    assert str(again) == str(error)


def test_problems_are_raised_together_or_not_at_all() -> None:
    """None are no error."""
    raise_any([])
    problems = [Problem("a", "b"), Problem("c", "d")]
    with pytest.raises(InputError) as error:
        raise_any(problems)
    assert error.value.problems == tuple(problems)


@pytest.mark.parametrize(
    ("name", "known", "mend"),
    [
        ("birthdate", ["birth_date", "conditions"], "did you mean 'birth_date'?"),
        ("dischrage_date", ["discharge_date", "discharged"], "did you mean 'discharge_date'?"),
        ("xyz", ["b", "a"], "known here: a, b"),
        ("xyz", list("abcdefghij"), "known here: a, b, c, d, e, f, g, h, i, j"),
        ("xyz", list("abcdefghijk"), "known here: a, b, c, d, e, f, g, h, i, j, ..."),
        ("xyz", [], ""),
    ],
)
def test_the_mend_of_an_unknown_name(name: str, known: list[str], mend: str) -> None:
    """The nearest name, else the first ten that are known; nothing when there are none."""
    assert near(name, known) == mend


# tables


def _tables() -> Tables:
    people: dict[str, Record] = {each.id: each for each in (Person(id="p2"), Person(id="p1"))}
    admissions: dict[str, Record] = {
        each.id: each
        for each in (
            Admission(id="a1", person="p1", child=NONE),
            Admission(id="a2", person="p2", child="p1"),
            Admission(id="a3", person="p1"),
            Admission(id="a4"),
        )
    }
    consultations: dict[str, Record] = {
        each.id: each
        for each in (
            Consultation(id="k1", admissions=frozenset({"a1", "a2"})),
            Consultation(id="k2", admissions=frozenset()),
            Consultation(id="k3", admissions=frozenset({"a1"})),
        )
    }
    return Tables(
        {"person": Table(people), "admission": Table(admissions, since=DAY), "consultation": Table(consultations)}
    )


def test_a_table_is_given_or_not() -> None:
    """A table that is not given is `None`, not empty: what is in it is unknown."""
    tables = _tables()
    given_ = tables.given("admission")
    assert given_ is not None
    assert given_.since == DAY
    assert tables.given("plan") is None
    assert EMPTY.given("person") is None
    assert tables.office is None


def test_a_record_is_found_by_its_id() -> None:
    """A record that is not there, or whose table was not given, is not found."""
    tables = _tables()
    assert tables.find("admission", "a2") == Admission(id="a2", person="p2", child="p1")
    assert tables.find("admission", "a9") is None
    assert tables.find("plan", "a2") is None


def test_records_keep_the_order_of_their_table() -> None:
    """They are not sorted; of a table that was not given there are none."""
    assert [each.id for each in _tables().all_of("person")] == ["p2", "p1"]
    assert _tables().all_of("plan") == ()


def test_records_are_found_by_what_they_refer_to() -> None:
    """By one reference or a member of a set, in the order of the table; absent and unrecorded ones refer to nobody."""
    tables = _tables()

    def ids(kind_: str, link: str, to: str) -> list[str]:
        return [each.id for each in tables.referring(kind_, link, to)]

    assert ids("admission", "person", "p1") == ["a1", "a3"]
    assert ids("admission", "child", "p1") == ["a2"]
    assert ids("admission", "person", "p9") == []
    assert ids("consultation", "admissions", "a1") == ["k1", "k3"]
    assert ids("consultation", "admissions", "a2") == ["k1"]
    assert ids("plan", "admission", "a1") == []
    assert ids("admission", "no_such_fact", "p1") == []
    assert ids("admission", "person", "p1") == ["a1", "a3"]


def test_tables_with_another_office() -> None:
    """The records are the same, and the office of the first stays what it was."""
    tables = _tables()
    moved = tables.with_office(Office("America/Chicago"))
    assert moved.office == Office("America/Chicago")
    assert moved.tables is tables.tables
    assert tables.office is None


def test_tables_are_made_of_records() -> None:
    """One complete table for each kind that occurs; of two records with one id the first is kept."""
    records: list[Record] = [Person(id="p1", birth_date=DAY), Admission(id="a1"), Person(id="p1"), Person(id="p0")]
    made = tables_of(records, {Person: "person", Admission: "admission"})
    assert list(made) == ["person", "admission"]
    assert list(made["person"].records.values()) == [Person(id="p1", birth_date=DAY), Person(id="p0")]
    assert made["person"].since is None


# worked cases


def _built(kind_: str, **given_: object) -> examples.Case:
    return examples.build(CORE, kind_, given_)


def _ids(case: examples.Case, kind_: str) -> list[str]:
    return [each.id for each in case.tables.all_of(kind_)]


class TestCase:
    """An example names a few facts; the records around them are made so that they are linked as the kinds are."""

    def test_the_facts_that_are_given(self) -> None:
        """They are the record's, and what is not given is not recorded."""
        case = _built("admission", admitted_on=DAY, would_benefit=False)
        assert isinstance(case.record, Admission)
        assert (case.record.admitted_on, case.record.would_benefit) == (DAY, False)
        assert case.record.ended_on is None
        assert case.tables.find("admission", case.record.id) is case.record

    def test_every_kind_is_a_complete_table(self) -> None:
        """A kind that is not named is an empty, complete table, so that its absence is known."""
        case = _built("admission")
        tables = [case.tables.given(name) for name in CORE]
        assert all(table is not None and table.since is None for table in tables)
        assert _ids(case, "plan") == []

    def test_a_reference_that_is_not_given_is_made(self) -> None:
        """The admission is somebody's, and that person is there."""
        case = _built("admission")
        assert isinstance(case.record, Admission)
        assert _ids(case, "person") == [case.record.person]

    def test_an_optional_reference_is_not_made(self) -> None:
        """It stays not recorded, or is known to be absent where the example says so."""
        case = _built("admission", child="none")
        assert isinstance(case.record, Admission)
        assert case.record.child is NONE
        assert len(_ids(case, "person")) == 1
        other = _built("admission").record
        assert isinstance(other, Admission)
        assert other.child is None

    def test_a_reference_given_as_a_record(self) -> None:
        """The record is made with its facts, also where the reference is optional."""
        case = _built("admission", person={"birth_date": dt.date(1990, 1, 1)}, child={"birth_date": DAY})
        assert isinstance(case.record, Admission)
        assert case.tables.find("person", str(case.record.person)) == Person(
            id=str(case.record.person), birth_date=dt.date(1990, 1, 1)
        )
        assert case.tables.find("person", str(case.record.child)) == Person(id=str(case.record.child), birth_date=DAY)
        assert len(_ids(case, "person")) == 2

    def test_a_reference_given_as_an_id(self) -> None:
        """The record of that id is made if the example does not give it, with what it refers to in turn."""
        case = _built("plan_review", plan="w7")
        assert isinstance(case.record, PlanReview)
        plan = case.tables.find("plan", "w7")
        assert isinstance(plan, Plan)
        admission = case.tables.find("admission", str(plan.admission))
        assert isinstance(admission, Admission)
        assert _ids(case, "person") == [admission.person]

    def test_related_records_belong_to_the_record_judged(self) -> None:
        """Nested under it, a plan is for the admission, and a review is of the plan it stands under."""
        reviews = [{"reviewed_on": DAY}, {"reviewed_on": DAY, "id": "last"}]
        case = _built("admission", plan=[{"developed_on": DAY, "plan_review": reviews}, {}])
        plans = case.tables.referring("plan", "admission", case.record.id)
        assert [isinstance(plan, Plan) and plan.developed_on for plan in plans] == [DAY, None]
        found = case.tables.referring("plan_review", "plan", plans[0].id)
        assert [isinstance(each, PlanReview) and each.reviewed_on for each in found] == [DAY, DAY]
        assert found[1].id == "last"
        assert case.tables.referring("plan_review", "plan", plans[1].id) == ()

    def test_one_related_record_needs_no_list(self) -> None:
        """A table stands for a list of one."""
        case = _built("admission", plan={"developed_on": DAY})
        assert [isinstance(each, Plan) and each.developed_on for each in case.tables.all_of("plan")] == [DAY]

    def test_records_side_by_side_are_of_one_person(self) -> None:
        """A care episode beside a referral is of the person referred."""
        case = _built("referral", care_episode=[{"ended_on": DAY}, {"ended_on": "none"}])
        assert isinstance(case.record, Referral)
        episodes = case.tables.referring("care_episode", "person", str(case.record.person))
        assert [isinstance(each, CareEpisode) and each.ended_on for each in episodes] == [DAY, NONE]

    def test_records_side_by_side_share_an_id_that_is_given(self) -> None:
        """Also where the record judged names the person only by an id."""
        case = _built("referral", person="p7", care_episode={"ended_on": DAY})
        (episode,) = case.tables.all_of("care_episode")
        assert isinstance(episode, CareEpisode)
        assert episode.person == "p7"
        assert _ids(case, "person") == ["p7"]

    def test_facts_of_the_person_who_is_already_there(self) -> None:
        """A person named beside the record judged is the one it refers to."""
        case = _built("referral", person={"id": "p5", "birth_date": DAY})
        assert isinstance(case.record, Referral)
        assert case.record.person == "p5"
        assert case.tables.all_of("person") == (Person(id="p5", birth_date=DAY),)

    def test_a_set_of_references_that_is_not_given(self) -> None:
        """It holds the record around it."""
        case = _built("admission", consultation={"held_on": DAY})
        assert [isinstance(each, Consultation) and each.admissions for each in case.tables.all_of("consultation")] == [
            frozenset({case.record.id})
        ]

    def test_a_set_of_references_around_which_nothing_stands(self) -> None:
        """A record is made for it to hold."""
        case = _built("group_session", present=3)
        assert isinstance(case.record, GroupSession)
        assert case.record.facilitators == frozenset(_ids(case, "peer_provider"))
        assert len(case.record.facilitators or ()) == 1

    def test_a_set_of_references_given_as_ids(self) -> None:
        """The records of those ids are made, with what they refer to in turn."""
        case = _built("consultation", admissions=["a1", "a2"])
        assert isinstance(case.record, Consultation)
        assert case.record.admissions == frozenset({"a1", "a2"})
        assert sorted(_ids(case, "admission")) == ["a1", "a2"]
        assert len(_ids(case, "person")) == 1

    def test_a_set_of_references_given_as_records(self) -> None:
        """Each table of the list is a record with its facts, and the set holds them all, with or without an id."""
        case = _built("group_session", facilitators=[{"role": "peer"}, {"id": "p7", "role": "family_peer"}])
        assert isinstance(case.record, GroupSession)
        assert case.record.facilitators == frozenset(_ids(case, "peer_provider"))
        found = {each.id: each.role for each in case.tables.all_of("peer_provider") if isinstance(each, PeerProvider)}
        assert sorted(map(str, found.values())) == ["family_peer", "peer"]
        assert found["p7"] == "family_peer"

    def test_records_under_a_member_of_a_set_of_references_are_that_member_s(self) -> None:
        """What stands inside such a table refers to its record, not to another member."""
        case = _built("group_session", facilitators=[{"assignment": [{"starts_on": DAY}]}, {"role": "peer"}])
        (assignment,) = case.tables.all_of("assignment")
        assert isinstance(assignment, Assignment)
        first = case.tables.find("peer_provider", str(assignment.peer_provider))
        assert isinstance(first, PeerProvider)
        assert first.role is None
        assert len(_ids(case, "peer_provider")) == 2

    def test_an_empty_list_is_a_set_without_members(self) -> None:
        """No record is made for it."""
        case = _built("group_session", facilitators=[])
        assert isinstance(case.record, GroupSession)
        assert (case.record.facilitators, _ids(case, "peer_provider")) == (frozenset(), [])

    def test_an_id_that_is_made_is_not_that_of_the_record_around(self) -> None:
        """A reference that is called like its kind leads to another record than the one it stands in."""
        kinds = '[kinds.lamp]\nlamp = "-> lamp or none"\nlamps = "-> set of lamp"\nlit = "bool"\n'
        book = loading.load(f'rulebook = "x"\ntitle = "X"\n{kinds}', Vocabulary({}))
        given_ = {"lit": True, "lamp": {"lit": False, "lamp": {"lamps": [{}, {}]}}, "lamps": [{"id": "lamp-2"}]}
        case = examples.build(book.vocabulary, "lamp", given_)
        ids = _ids(case, "lamp")
        assert len(ids) == len(set(ids)) == 6
        assert getattr(case.record, "lamp") != case.record.id  # noqa: B009  the class is made of the text above

    def test_ids_are_kept_and_made_where_they_are_missing(self) -> None:
        """Each record of a case has an id of its own, whatever ids the example gives to others."""
        case = _built("admission", id="mine", plan=[{"id": "plan-2"}, {}, {"id": "third"}])
        assert case.record.id == "mine"
        ids = _ids(case, "plan")
        assert len(ids) == 3
        assert {"plan-2", "third"} < set(ids)

    def test_the_office_is_the_program_s(self) -> None:
        """With its time zone where that is recorded; without one there is no office."""
        zoned = _built("referral", program={"time_zone": "America/Chicago"})
        assert zoned.tables.office == Office("America/Chicago")
        assert _built("referral", program={"capacity": 3}).tables.office is None
        assert _built("referral").tables.office is None
        assert _built("program", time_zone="America/Denver").tables.office == Office("America/Denver")

    def test_a_kind_of_a_rulebook_without_a_program(self) -> None:
        """A vocabulary need not have the kind of programs."""
        case = examples.build(vocabulary([PeerProvider, ClinicalConsultant]), "peer_provider", {"role": "peer"})
        assert case.record == PeerProvider(id=case.record.id, role="peer")
        assert case.tables.office is None

    def test_the_case_of_an_example(self) -> None:
        """It is of the rule's first kind where the example does not say another."""
        rule = _rule("plan", "assignment")
        assert isinstance(examples.case(CORE, rule, _example({})).record, Plan)
        assert isinstance(examples.case(CORE, rule, _example({}, about="assignment")).record, Assignment)


@pytest.mark.parametrize(
    ("type_", "value", "plain"),
    [
        ("date or none", "none", NONE),
        ("date", "none", "none"),
        ("date", DAY, DAY),
        ("text", "none", "none"),
        ("-> person or none", "none", NONE),
        ("set: a b", ["a", "b"], frozenset({"a", "b"})),
        ("set: a b", [], frozenset()),
        ("set: a b", "none", frozenset()),
        ("set: a b or none", "none", frozenset()),
        ("set: a b", "a", "a"),
        ("-> set of person", ["p1"], frozenset({"p1"})),
        ("-> set of person", ["p1", 5], ["p1", 5]),
        ("bool", ["a"], ["a"]),
        ("decimal", Decimal("0.5"), Decimal("0.5")),
    ],
)
def test_values_as_a_rulebook_file_writes_them(type_: str, value: object, plain: object) -> None:
    """`"none"` is known absent, a list is a set; what is neither stays what it is, to be refused or not."""
    assert examples.plain(read_fact("x", type_), value) == plain


def _rule(*about: str) -> Rule:
    return Rule("a.b", "criterion", about, "It holds.", (), readings={"strict": {}})


def _example(given_: Mapping[str, object], about: str = "", reading: str = "") -> Example:
    return Example(given_, DAY, "met", about, reading)


def _faults(given_: Mapping[str, object], about: str = "", reading: str = "") -> list[str]:
    example = _example(given_, about, reading)
    return [str(each) for each in examples.faults(CORE, _rule("admission", "plan"), example, "here")]


@pytest.mark.parametrize(
    ("given_", "about", "reading"),
    [
        ({}, "", ""),
        ({"id": "a1", "admitted_on": DAY, "child": "none", "would_benefit": True}, "", "strict"),
        ({"urgent_settings": ["home", "school"]}, "admission", ""),
        ({"person": {"birth_date": DAY}, "child": {"id": "p2"}}, "", ""),
        ({"plan": [{"developed_on": DAY, "plan_review": {"reviewed_on": DAY}}]}, "", ""),
        ({"stay_review": [{"person": {"birth_date": DAY}}]}, "", ""),
        ({"developed_on": DAY, "admission": {"person": "p1"}}, "plan", ""),
        ({"program": {"time_zone": "America/Chicago", "capacity": "none"}}, "", ""),
    ],
)
def test_an_example_in_order_has_no_faults(given_: Mapping[str, object], about: str, reading: str) -> None:
    """Facts, nested references, related records and an id of its own are what an example can give."""
    assert _faults(given_, about, reading) == []


@pytest.mark.parametrize(
    ("given_", "faults"),
    [
        ({"admited_on": DAY}, ["here, given: admission has no fact 'admited_on' (did you mean 'admitted_on'?)"]),
        ({"admitted_on": "2026-06-30"}, ["here, admitted_on: expected a date, got a str"]),
        ({"admitted_on": "none"}, ["here, admitted_on: expected a date, got a str"]),
        ({"admitted_on": {"day": 1}}, ["here, admitted_on: expected a date, got a dict"]),
        ({"urgent_settings": ["homes"]}, ["here, urgent_settings: has a member that is not one of its choices"]),
        ({"urgent_settings": "home"}, ["here, urgent_settings: is a set of choices: write a list of texts"]),
        ({"urgent_settings": ["home", 5]}, ["here, urgent_settings: is a set of choices: write a list of texts"]),
        ({"person": {"born": DAY}}, ["here, person, given: person has no fact 'born'"]),
        ({"plan": [{"scope": "none"}, {"scope": ["x"]}]}, ["here, plan, scope: has a member that is not one"]),
        (
            {"plan": {"plan_review": [{"reviewed": DAY}]}, "would_benefit": 1},
            [
                "here, plan, plan_review, given: plan_review has no fact 'reviewed' (did you mean 'reviewed_on'?)",
                "here, would_benefit: expected a yes or no, got a int",
            ],
        ),
        ({"stay_review": {"child": "none"}}, ["here, stay_review, given: stay_review has no fact 'child'"]),
        ({"plan": 3}, ["here, plan"]),
        ({"plan": "none"}, ["here, plan"]),
        ({"plan": [{}, "w2"]}, ["here, plan"]),
        ({"id": ""}, ["here, id"]),
        ({"plan": {"id": 5}}, ["here, plan, id"]),
        ({"program": {"time_zone": "Nowhere/Nothing"}}, ["here, program, time_zone"]),
    ],
)
def test_the_faults_of_an_example(given_: Mapping[str, object], faults: list[str]) -> None:
    """Every fault is said with its place, however deep it stands, and nothing that is given is passed over."""
    found = _faults(given_)
    assert len(found) == len(faults)
    for one, expected in zip(found, faults, strict=True):
        assert one.startswith(expected)


def test_an_example_of_a_kind_that_the_rule_does_not_judge() -> None:
    """The kinds that it judges are named, and the rest of the example is not looked at."""
    assert _faults({"nonsense": 1}, about="plans") == [
        "here, about: the rule does not judge 'plans' (did you mean 'plan'?)"
    ]


def test_the_faults_of_an_example_s_header_are_said_together() -> None:
    """A wrong kind does not hide a wrong reading."""
    assert [each.split(":")[0] for each in _faults({}, about="plans", reading="strikt")] == [
        "here, about",
        "here, reading",
    ]


def test_a_fact_whose_declaration_is_at_fault_is_not_blamed_again() -> None:
    """Its fault is said where it is declared; the other facts of the example are looked at."""
    words = Vocabulary(CORE.kinds, {("admission", "shoe_size")})
    example = _example({"shoe_size": 42, "shoe_colour": "red"})
    found = [str(each) for each in examples.faults(words, _rule("admission"), example, "here")]
    assert len(found) == 1
    assert "'shoe_colour'" in found[0]


def test_an_example_of_a_rule_about_nothing() -> None:
    """That the rule has no kind is said with the rule, and nothing can be said of what the example gives."""
    assert list(examples.faults(CORE, _rule(), _example({"nonsense": 1}), "here")) == []


def test_an_example_of_a_reading_that_is_not_there() -> None:
    """The reading and the faults of what is given are said together."""
    assert (
        _faults({"nonsense": 1}, reading="strikt")[0] == "here, reading: no reading 'strikt' (did you mean 'strict'?)"
    )
    assert len(_faults({"nonsense": 1}, reading="strikt")) == 2


def test_borrowed_facts_are_read_and_not_held() -> None:
    """A review of the stay has the person of its admission, in its kind and not in its record."""
    review = kind_of(StayReview)
    assert {each.name for each in review.facts.values() if each.borrowed} == {"person", "child"}
    assert not {"person", "child"} & {each.name for each in review.stored}
    assert isinstance(_built("stay_review").record, StayReview)
    assert isinstance(_built("program").record, Program)
