"""Facts and kinds: what can be recorded, once for every reader.

A kind is a class of records. Each of its fields but `id` is a fact with a type, a meaning, and a note whether it
happened, is planned, or is a person's judgement. The core's kinds are written in Python with `kind` and `fact`; those
that a rulebook declares are made by `make_kind`. Nothing else tells them apart.

`None` is *not recorded*. A fact declared *or none* may also be known to be absent: `NONE`.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NoReturn, TypeAlias, TypeVar, final

import attrs

from peersupport.rules import calendar, shapes
from peersupport.rules.problems import InputError, Problem, near


@final
class Absent:
    """The type of `NONE`: known to be absent, as an end that has not come. It stands after every date and number."""

    __slots__ = ()
    _only: Absent | None = None

    def __new__(cls) -> Absent:
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cls._only

    def __repr__(self) -> str:
        return "NONE"

    def __bool__(self) -> NoReturn:
        message = "NONE is neither true nor false: compare with `is NONE`"
        raise TypeError(message)

    def __lt__(self, other: object) -> bool:
        return False

    def __le__(self, other: object) -> bool:
        return other is self

    def __gt__(self, other: object) -> bool:
        return other is not self

    def __ge__(self, other: object) -> bool:
        return True

    def __reduce__(self) -> str:
        return "NONE"


NONE: Final = Absent()
"""Known to be absent."""

_T = TypeVar("_T")
Recorded: TypeAlias = _T | None
"""A fact that may be not recorded."""
OrNone: TypeAlias = _T | Absent | None
"""A fact that may be not recorded, or known to be absent."""
Texts: TypeAlias = frozenset[str]

Base: TypeAlias = Literal["bool", "number", "date", "instant", "choice", "text", "set", "ref", "refs", "period"]
_SCALARS: dict[str, Base] = {"bool": "bool", "date": "date", "instant": "instant", "text": "text"}
_NUMBER = re.compile(r"(int|decimal)( [a-z][a-z0-9 ]*)?")
_REFERENCE = re.compile(r"-> (set of )?([a-z][a-z0-9_]*)")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_MINUTES = re.compile(r"units of (\d{1,3}) minutes")
_QUANTITY = re.compile(r"(\d{1,9}) ([a-z][a-z0-9 ]*)")
_DIGITS = 28
"""How many digits a number has at most, before the point or behind it: to count with more would take long."""
_BEYOND = 10**_DIGITS
_INTS: dict[str, int] = {"minutes": 1, "hours": 60}


@attrs.frozen
class Type:
    """The type of a fact or a term: its base, and the unit, choices or kind that go with it."""

    base: Base
    unit: str = ""
    choices: tuple[str, ...] = ()
    kind: str = ""
    or_none: bool = False
    decimal: bool = False

    def __str__(self) -> str:
        if self.base == "number":
            return f"a number of {self.unit}" if self.unit else "a number"
        return _NAMES[self.base].format(self.kind)

    @property
    def ordered(self) -> bool:
        """Whether values of this type come before or after one another."""
        return self.base in {"number", "date", "instant"}


_NAMES: dict[Base, str] = {
    "bool": "a yes or no",
    "date": "a date",
    "instant": "an instant",
    "choice": "a choice",
    "text": "a text",
    "set": "a set of choices",
    "ref": "a {0}",
    "refs": "a set of {0}",
    "period": "a period",
    "number": "",
}

BOOL: Final = Type("bool")
DATE: Final = Type("date")
INSTANT: Final = Type("instant")
NUMBER: Final = Type("number")
PERIOD: Final = Type("period")


@attrs.frozen
class Fact:
    """One field of a kind.

    `says` is a clause for a yes-or-no ("the person would benefit") and a noun phrase with its article for everything
    else ("the day of admission"); `event` is the same day as a clause ("is admitted"). A date that `happens` cannot
    lie after the day of the judgement; a planned one can. `borrowed` names the reference a fact is read through.
    """

    name: str
    type: Type
    says: str = ""
    event: str = ""
    happens: bool = False
    judged: bool = False
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    places: int | None = None
    borrowed: str = ""
    added: bool = False

    @property
    def phrase(self) -> str:
        """What the fact means in a sentence."""
        return self.says or self.name.replace("_", " ")


@attrs.frozen
class Span:
    """The two facts that are the ends of an interval. With `through` the last is the last day in."""

    start: str
    end: str
    through: bool = False


def _stored(kind: Kind) -> tuple[Fact, ...]:
    return tuple(fact for fact in kind.facts.values() if not fact.borrowed)


@attrs.frozen(eq=False)
class Kind:
    """A class of records: its name, its attrs class, its facts, and what readers need to know of it."""

    name: str
    _record: type[Record] | Making
    facts: Mapping[str, Fact]
    says: str = ""
    span: Span | None = None
    dated_by: str = ""
    responsible: str = ""
    stored: tuple[Fact, ...] = attrs.field(init=False, default=attrs.Factory(_stored, takes_self=True))
    """The facts that a record holds itself."""

    @property
    def record(self) -> type[Record]:
        """The attrs class of its records."""
        return self._record if isinstance(self._record, type) else self._record.made()

    @property
    def phrase(self) -> str:
        """The kind as a noun with its article."""
        noun = self.name.replace("_", " ")
        return self.says or f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

    def references(self, to: str) -> tuple[Fact, ...]:
        """The facts that refer to records of another kind."""
        return tuple(f for f in self.facts.values() if f.type.base in {"ref", "refs"} and f.type.kind == to)


@attrs.frozen(kw_only=True)
class Record:
    """What every record has: an id. Its other fields are facts, never conclusions."""

    id: str

    def __attrs_post_init__(self) -> None:
        place = f"{type(self).__name__} {self.id!r}"
        faults = [] if _is_id(self.id) else [Problem(place, "an id is a text that is not empty")]
        for fact in KINDS[type(self)].stored:
            value = getattr(self, fact.name)
            fault = "" if value is None else fault_of(fact, value)
            if fault:
                faults.append(Problem(f"{place}, {fact.name}", fault))
        if faults:
            raise InputError(faults)


KINDS: dict[type[Record], Kind] = {}
"""The kind of each record class, filled where a class is made: so every record finds its kind."""

_META = "peersupport"
_R = TypeVar("_R", bound=Record)


def fact(
    type_: str,
    says: str = "",
    *,
    event: str = "",
    planned: bool = False,
    at_least: int | None = None,
    at_most: int | None = None,
) -> Any:  # noqa: ANN401  a field specifier: the class body's annotation is its type
    """A fact of a core kind, with its type in the words of a rulebook file: `fact("date or none", "the day ...")`."""
    more = {"says": says, "event": event, "planned": planned, "min": at_least, "max": at_most}
    return attrs.field(default=None, metadata={_META: (type_, more)})


def kind(
    name: str,
    says: str = "",
    *,
    span: Span | None = None,
    dated_by: str = "",
    responsible: str = "",
    borrowed: Mapping[str, str] | None = None,
) -> Callable[[type[_R]], type[_R]]:
    """Register an attrs class as a kind: its fields that are made with `fact` are its facts."""

    def make(cls: type[_R]) -> type[_R]:
        facts = [_declared(field) for field in attrs.fields(cls) if _META in field.metadata]
        facts += [read_fact(name_, text) for name_, text in (borrowed or {}).items()]
        made = Kind(name, cls, {f.name: f for f in facts}, says, span, dated_by, responsible)
        KINDS[cls] = made
        return cls

    return make


def kind_of(record: type[Record]) -> Kind:
    """The kind of a record class."""
    return KINDS[record]


class Making:
    """The attrs class of a kind that a rulebook declares: made for its first record, because most loads make none."""

    kind: Kind
    """The kind that declares it."""

    def __init__(self, base: Kind | None, facts: Iterable[Fact]) -> None:
        self.base = base
        self.names = tuple(fact.name for fact in facts if not fact.borrowed)
        self.cls: type[Record] | None = None

    def made(self) -> type[Record]:
        """The class, the same one at every time, whoever asks."""
        with _MAKING:
            if self.cls is None:
                fields = {name: attrs.field(default=None) for name in self.names}
                bases = (self.base.record if self.base else Record,)
                title = "".join(part.capitalize() for part in self.kind.name.split("_"))
                self.cls = attrs.make_class(title, fields, bases=bases, frozen=True, slots=True, kw_only=True)
                KINDS[self.cls] = self.kind
            return self.cls


_MAKING = threading.RLock()


def make_kind(base: Kind | None, made: Kind, facts: Iterable[Fact]) -> Kind:
    """A kind that a rulebook declares, or a core kind to which it adds facts, with an attrs class of its own."""
    making = Making(base, facts)
    making.kind = attrs.evolve(made, record=making)
    return making.kind


def _declared(field: attrs.Attribute[object]) -> Fact:
    type_, more = field.metadata[_META]
    return read_fact(field.name, {"type": type_, **{k: v for k, v in more.items() if v not in {None, ""}}})


def read_fact(name: str, declared: object) -> Fact:
    """A fact from its declaration: the short text, or a table with `type` and more. A fault is a ValueError."""
    more: Mapping[str, Any] = {"type": declared} if isinstance(declared, str) else _table(declared)
    _refuse(_sort_fault(more))
    text, judged, borrowed = _modified(more["type"])
    type_ = read_type(text)
    _refuse(_properties_fault(type_, more))
    dated = type_.base in {"date", "instant"}
    return Fact(
        name=name,
        type=type_,
        says=more.get("says", ""),
        event=more.get("event", ""),
        happens=dated and not more.get("planned", False),
        judged=judged or more.get("judged", False),
        minimum=more.get("min"),
        maximum=more.get("max"),
        places=more.get("places"),
        borrowed=borrowed,
    )


def _refuse(fault: str) -> None:
    if fault:
        raise ValueError(fault)


def _sort_fault(more: Mapping[str, object]) -> str:
    """What is wrong with the keys of a declaration, and with the sort of their values."""
    unknown = sorted(set(more) - set(shapes.FACT))
    if unknown:
        return f"a fact has no {unknown[0]!r}: {near(unknown[0], shapes.FACT)}"
    wrong = shapes.misfits(more, shapes.FACT)
    return next((f"`{key}` {shape.fault}: {shape.mend}" for key, shape in wrong.items()), "")


def _properties_fault(type_: Type, more: Mapping[str, Any]) -> str:
    """What is wrong with a declaration whose properties do not go with its type, or with each other."""
    least, most, places = more.get("min"), more.get("max"), more.get("places")
    if type_.base != "number" and (least, most) != (None, None):
        return f"`min` and `max` are for numbers, this is {type_}"
    if least is not None and most is not None and least > most:
        return f"`min` is more than `max`: no number is at least {least} and at most {most}"
    if places is not None and not (type_.decimal and 0 <= places <= 12):
        return "`places` is for decimals, and a whole number from 0 to 12"
    if more.get("planned") and type_.base not in {"date", "instant"}:
        return f"`planned` is for dates and instants, this is {type_}"
    return ""


def _table(declared: object) -> Mapping[str, Any]:
    if isinstance(declared, Mapping) and isinstance(declared.get("type"), str):
        return declared
    message = "a fact is declared by its type, as in 'date or none', or by a table that has `type`"
    raise ValueError(message)


def _modified(declared: str) -> tuple[str, bool, str]:
    """The type's own text, whether a person judges the fact, and the reference it is borrowed from."""
    text, *modifiers = declared.split(", ")
    judged, borrowed = False, ""
    for modifier in modifiers:
        if modifier == "judged":
            judged = True
        elif modifier.startswith("from ") and _IDENTIFIER.fullmatch(modifier.removeprefix("from ")):
            borrowed = modifier.removeprefix("from ")
        else:
            message = f"{modifier!r} is nothing that can follow a type: write 'judged' or 'from REFERENCE'"
            raise ValueError(message)
    return text, judged, borrowed


def read_type(text: str) -> Type:
    """A type from its text: `"date or none"`, `"choice: a b"`, `"-> person"`, `"int hours"`. Else a ValueError."""
    body = text.removesuffix(" or none")
    or_none = body != text
    if text == "bool or none":
        message = "a yes or no cannot be known to be absent: declare it bool, and leave it out where it is not recorded"
        raise ValueError(message)
    if body in _SCALARS:
        return Type(_SCALARS[body], or_none=or_none)
    number = _NUMBER.fullmatch(body)
    if number and not body.endswith(" or none"):
        return Type("number", (number.group(2) or "").strip(), or_none=or_none, decimal=number.group(1) == "decimal")
    reference = _REFERENCE.fullmatch(body)
    if reference:
        return Type("refs" if reference.group(1) else "ref", kind=reference.group(2), or_none=or_none)
    lead, _, rest = body.partition(": ")
    if lead in {"choice", "set"} and rest.strip():
        return Type("choice" if lead == "choice" else "set", choices=_choices(rest), or_none=or_none)
    message = (
        f"{text!r} is not a type: write bool, date, instant, text, int UNIT, decimal UNIT, choice: A B, set: A B, "
        "-> KIND or -> set of KIND, and ' or none' behind it where absence can be known"
    )
    raise ValueError(message)


def _choices(text: str) -> tuple[str, ...]:
    if text == "open":
        return ()
    names = tuple(text.split())
    for name in names:
        if name == "none" or not _IDENTIFIER.fullmatch(name):
            message = f"{name!r} cannot be a choice: use small letters, digits and _, and never 'none'"
            raise ValueError(message)
    if len(set(names)) < len(names):
        message = "a choice is listed twice"
        raise ValueError(message)
    return names


def fault_of(fact: Fact, value: object) -> str:
    """What is wrong with a value of a fact; an empty text when nothing is. Types are exact: 1 is not a yes."""
    if value is None or (value is NONE and fact.type.or_none):
        return ""
    return _type_fault(fact, value) or _bounds_fault(fact, value)


def _type_fault(fact: Fact, value: object) -> str:
    base, choices = fact.type.base, fact.type.choices
    if base in {"set", "refs"}:
        if type(value) is not frozenset or not all(type(v) is str for v in value):
            return f"expected a frozenset of texts, got {_shown(value)}"
        if base == "refs" and not all(_is_id(each) for each in value):
            return "an id is a text that is not empty"
        if any(not v.isprintable() for v in value):
            return "has a member with a character that does not print"
        strange = sorted(value - set(choices)) if choices else []
        return f"has a member that is not one of its choices: {near(strange[0], choices)}" if strange else ""
    if type(value) not in _PYTHON[base]:
        return f"expected {fact.type}, got {_shown(value)}"
    if isinstance(value, str) and not value.isprintable():
        return "has a character that does not print"
    if base == "choice" and choices and value not in choices:
        return f"is not one of its choices: {near(str(value), choices)}"
    if base == "number" and not fact.type.decimal and type(value) is Decimal:
        return f"expected a whole number, got {_shown(value)}"
    if base == "instant" and getattr(value, "tzinfo", None) is None:
        return "an instant needs its offset from UTC: it has none"
    return ""


_PYTHON: dict[Base, tuple[type, ...]] = {
    "bool": (bool,),
    "number": (int, Decimal),
    "date": (dt.date,),
    "instant": (dt.datetime,),
    "choice": (str,),
    "text": (str,),
    "ref": (str,),
}


def _bounds_fault(fact: Fact, value: object) -> str:
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return "" if calendar.FIRST_DAY <= day <= calendar.LAST_DAY else "the year must lie in 1900 to 2199"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _number_fault(fact, value)
    return "an id is a text that is not empty" if fact.type.base == "ref" and not _is_id(value) else ""


def _number_fault(fact: Fact, value: int | Decimal) -> str:
    if isinstance(value, Decimal) and not value.is_finite():
        return "not a finite number"
    if not -_BEYOND < value < _BEYOND or (isinstance(value, Decimal) and value.adjusted() < -_DIGITS):
        return f"has more than {_DIGITS} digits"
    if fact.minimum is not None and value < fact.minimum:
        return f"{value} is less than the least that is possible, {fact.minimum}"
    if fact.maximum is not None and value > fact.maximum:
        return f"{value} is more than the most that is possible, {fact.maximum}"
    if fact.places is not None and isinstance(value, Decimal) and _places(value) > fact.places:
        return f"{value} has more than {fact.places} decimal places"
    return ""


def _places(value: Decimal) -> int:
    """How many decimal places a finite number has, zeros at the end left out."""
    _, digits, exponent = value.as_tuple()
    zeros = next((i for i, digit in enumerate(reversed(digits)) if digit), 0)
    return -int(exponent) - zeros if value else 0


def _is_id(value: object) -> bool:
    return type(value) is str and bool(value.strip()) and value.isprintable()


def _shown(value: object) -> str:
    return "NONE, which this fact cannot be" if value is NONE else f"a {type(value).__name__}"


def is_quantity(text: str) -> bool:
    """Whether a text is a number and a unit."""
    return _QUANTITY.fullmatch(text) is not None


def in_unit(text: str, unit: str) -> int:
    """A quantity such as `"900 hours"` in another unit of the same kind, exactly; else a ValueError."""
    match = _QUANTITY.fullmatch(text)
    if match is None:
        message = f"{text!r} is not a quantity: write a whole number and a unit, as in '900 hours'"
        raise ValueError(message)
    amount, given = int(match.group(1)), match.group(2)
    if given == unit:
        return amount
    have, want = _minutes(given), _minutes(unit)
    if not have or not want:
        message = f"{given!r} cannot be told in {unit or 'a plain number'!r}"
        raise ValueError(message)
    whole, rest = divmod(amount * have, want)
    if rest:
        message = f"{text!r} is not a whole number of {unit}"
        raise ValueError(message)
    return whole


def _minutes(unit: str) -> int:
    match = _MINUTES.fullmatch(unit)
    return int(match.group(1)) if match else _INTS.get(unit, 0)


@attrs.frozen(eq=False)
class Vocabulary:
    """The kinds that rules may speak of, by name."""

    kinds: Mapping[str, Kind]
    faulty: set[tuple[str, str]] = attrs.field(factory=set, repr=False)
    """Kinds and names of facts and definitions whose declaration is at fault, while a file is read: said once, there.

    A kind itself stands with an empty name, its span and its day under `span` and `dated`. In the vocabulary of a
    rulebook that has loaded there is none.
    """

    def __getitem__(self, name: str) -> Kind:
        return self.kinds[name]

    def __contains__(self, name: object) -> bool:
        return name in self.kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def person_path(self, name: str) -> tuple[str, ...]:
        """The references that lead from a kind to the person it is about; none for a kind that is about nobody."""
        return self._path_to_person(name, set())

    def _path_to_person(self, name: str, seen: set[str]) -> tuple[str, ...]:
        """The path, past the kinds that were seen already: from none of them does another way lead there."""
        seen.add(name)
        links = [f for f in self.kinds[name].stored if f.type.base == "ref" and f.type.kind not in seen]
        for link in links:
            if link.type.kind == "person":
                return (link.name,)
        for link in links:
            ahead = link.type.kind in self and link.type.kind not in seen
            rest = self._path_to_person(link.type.kind, seen) if ahead else ()
            if rest:
                return (link.name, *rest)
        return ()


def vocabulary(records: Iterable[type[Record]]) -> Vocabulary:
    """The vocabulary of some record classes."""
    return Vocabulary({KINDS[cls].name: KINDS[cls] for cls in records})
