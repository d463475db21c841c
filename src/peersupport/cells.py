"""One value of a file to one value of a fact: a cell of a CSV file, or a value of a JSON document.

Types are exact and nothing is guessed. An empty cell and a null are *not recorded*; `none` is known to be absent, and
for a set the empty set. Only the CSV reader makes yes and no of texts, because its cells have no other type.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from peersupport.rules import facts
from peersupport.rules.facts import NONE, Fact, Kind, Record
from peersupport.rules.problems import Problem, near

UNKNOWN = 10
"""How many names that are no facts are told of one record."""
WIDEST = 60
"""How many characters of a name are told."""

ReadValue = Callable[[Fact, object], object]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?")
_INT = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_SAFE = re.compile(r"[0-9/:.,+TZ -]{1,32}")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class Refused(ValueError):
    """A value that is not one of its fact: the fault and the mend."""

    def __init__(self, fault: str, mend: str = "") -> None:
        self.fault = fault
        self.mend = mend
        super().__init__(fault)


def from_cell(fact: Fact, cell: object) -> object:
    """The value of a text cell, in so far as it has the form of one. Raises `Refused`."""
    text = str(cell).strip()
    if not text:
        return None
    base = fact.type.base
    if text == "none" and (fact.type.or_none or base in {"set", "refs"}):
        return frozenset() if base in {"set", "refs"} else NONE
    return _READ.get(base, _printed)(fact, text)


def from_json(fact: Fact, value: object) -> object:
    """The value of a JSON value, in so far as it has the form of one. Raises `Refused`."""
    base = fact.type.base
    if value is None or value == "":
        return None
    if type(value) is int and abs(value) >= 10**15:
        fault = "has more than 15 digits"
        raise Refused(fault)
    if isinstance(value, Decimal) and value.is_finite() and _is_long(value):
        fault = "has more than 15 digits before the point, or more than 9 behind it"
        raise Refused(fault, "round it")
    if value == "none" and (fact.type.or_none or base in {"set", "refs"}):
        return frozenset() if base in {"set", "refs"} else NONE
    if base in {"set", "refs"}:
        return frozenset(_listed(value))
    if isinstance(value, str) and base == "bool":
        fault = "expected a yes or no, got a text"
        raise Refused(fault, "write true or false, without quotation marks")
    if isinstance(value, str) and base in {"date", "instant", "text"}:
        return _READ.get(base, _printed)(fact, value)
    if fact.type.decimal and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def cut(name: str) -> str:
    """A name as it stands in a message: what is beyond all measure is cut."""
    return name if len(name) <= WIDEST else f"{name[:WIDEST]}..."


def _is_long(value: Decimal) -> bool:
    """Whether a finite number has more digits than a cell may have."""
    return value.adjusted() >= 15 or int(value.as_tuple().exponent) < -9


def _shown(text: str) -> str:
    """A cell in a message: only what cannot be a name, because messages are printed and kept."""
    if _SAFE.fullmatch(text):
        return repr(text)
    return f"a text of {len(text)} character{'s' * (len(text) != 1)}"


def _yes_no(_fact: Fact, text: str) -> bool:
    if text.lower() not in _YES_NO:
        fault = f"{_shown(text)} is not a yes or no"
        raise Refused(fault, "write yes or no, or leave the cell empty where it is not recorded")
    return _YES_NO[text.lower()]


def _members(_fact: Fact, text: str) -> frozenset[str]:
    members = [member.strip() for member in text.split(";")]
    found = frozenset(members)
    if {"", "none"} & found or len(found) < len(members):
        fault = "has an empty or a repeated member, or none beside others"
        raise Refused(fault, "separate different members by ;")
    return found


def _listed(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        fault = f"expected a list of texts, got a {type(value).__name__}"
        raise Refused(fault, 'write ["...", "..."]')
    if not all(each.strip() and each != "none" for each in value):
        fault = "has an empty member, or none beside others"
        raise Refused(fault, 'write "none" instead of the list where there are none')
    if len(set(value)) < len(value):
        fault = "a member is listed twice"
        raise Refused(fault)
    return value


def _number(fact: Fact, text: str) -> int | Decimal:
    pattern, make = (_DECIMAL, Decimal) if fact.type.decimal else (_INT, int)
    if not pattern.fullmatch(text):
        fault = f"{_shown(text)} is not {'a decimal' if fact.type.decimal else 'a whole'} number"
        raise Refused(fault)
    return make(text)


def _printed(_fact: Fact, text: str) -> str:
    if not text.isprintable():
        fault = "has a character that does not print"
        raise Refused(fault)
    return text


def _date(fact: Fact, text: str) -> dt.date:
    if not _DATE.fullmatch(text):
        more = ", or none where it is known that there is none" if fact.type.or_none else ""
        fault = f"{_shown(text)} is not a date"
        raise Refused(fault, f"write YYYY-MM-DD, as in 2026-01-31{more}")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise _impossible(text, error) from None


def _instant(_fact: Fact, text: str) -> dt.datetime:
    match = _INSTANT.fullmatch(text)
    if not match:
        fault = f"{_shown(text)} is not an instant"
        raise Refused(fault, "write it as in 2026-01-31T16:55-06:00")
    if not match.group(3):
        fault = f"{text!r} has no offset from UTC"
        raise Refused(fault, "write it as in 2026-01-31T16:55-06:00 or 2026-01-31T22:55Z")
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise _impossible(text, error) from None


def _impossible(text: str, error: ValueError) -> Refused:
    return Refused(f"{text!r}: {error}")


_READ: dict[str, Callable[[Fact, str], object]] = {
    "bool": _yes_no,
    "set": _members,
    "refs": _members,
    "number": _number,
    "date": _date,
    "instant": _instant,
}
"""How the text of each type is read; any other is the text itself."""


class RecordReader:
    """Makes records of one kind from mappings, all faults of one found together."""

    def __init__(self, kind: Kind, read: ReadValue) -> None:
        self.kind = kind
        self._read = read
        self._facts = {fact.name: fact for fact in kind.stored}
        self._names = {"id", *self._facts}

    def record(self, values: Mapping[str, object], place: str) -> tuple[Record | None, list[Problem]]:
        """The record of some values, or the problems that it has at a place."""
        try:
            return self._made(values), []
        except ValueError as error:  # seldom: only now is it asked which values are at fault
            problems = [*self._problems(values, place), *self.unknown(set(values) - self._names, place)]
            return None, problems or [Problem(place, str(error))]

    def _made(self, values: Mapping[str, object]) -> Record:
        if "id" not in values or not self._names.issuperset(values):
            message = f"these are not the facts of {self.kind.name}"
            raise ValueError(message)
        return self.kind.record(**{name: self._value(name, value) for name, value in values.items()})

    def _value(self, name: str, value: object) -> Any:  # noqa: ANN401  of the fact's own type
        return _id(value) if name == "id" else self._read(self._facts[name], value)

    def _problems(self, values: Mapping[str, object], place: str) -> Iterator[Problem]:
        if "id" not in values:
            yield Problem(f"{place}, column id", "is missing", "give each record an id of its own")
        for name in ("id", *self._facts):
            refused = self._refused(name, values[name]) if name in values else None
            if refused:
                yield Problem(f"{place}, column {name}", refused.fault, refused.mend)

    def _refused(self, name: str, value: object) -> Refused | None:
        """Why a value is not one of its fact; None where it is."""
        try:
            found = self._value(name, value)
        except Refused as refused:
            return refused
        fault = facts.fault_of(self._facts[name], found) if name in self._facts else ""
        return Refused(fault) if fault else None

    def unknown(self, names: Iterable[str], place: str) -> Iterator[Problem]:
        """A problem for each name that is no fact of the kind."""
        found = sorted(map(str, names))
        for name in map(cut, found[:UNKNOWN]):
            mend = near(name, ["id", *self._facts])
            if name in self.kind.facts:
                mend = f"it is read through {self.kind.facts[name].borrowed}: leave it out"
            yield Problem(f"{place}, column {name}", f"{self.kind.name} has no fact {name!r}", mend)
        if len(found) > UNKNOWN:
            fault = f"{self.kind.name} has none of {len(found) - UNKNOWN} more facts"
            yield Problem(place, fault, "keep those that are facts")


def _id(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        fault = "an id is missing"
        raise Refused(fault, "give each record an id of its own, as a text")
    return value.strip()
