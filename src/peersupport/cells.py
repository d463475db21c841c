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

from cattrs import Converter
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override

from peersupport.rules import facts
from peersupport.rules.facts import NONE, Fact, Kind, Record
from peersupport.rules.problems import Problem, near

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
    """The value of a text cell. Raises `Refused`."""
    text = str(cell).strip()
    if not text:
        return None
    base = fact.type.base
    if text == "none" and (fact.type.or_none or base in {"set", "refs"}):
        return frozenset() if base in {"set", "refs"} else NONE
    if base == "bool":
        return _yes_no(text)
    if base in {"set", "refs"}:
        return _checked(fact, frozenset(_members(text)))
    if base == "number":
        return _checked(fact, _number(fact, text))
    return _checked(fact, _text(fact, text))


def from_json(fact: Fact, value: object) -> object:
    """The value of a JSON value. Raises `Refused`."""
    base = fact.type.base
    if value is None or value == "":
        return None
    if type(value) is int and abs(value) >= 10**15:
        fault = "has more than 15 digits"
        raise Refused(fault)
    if value == "none" and (fact.type.or_none or base in {"set", "refs"}):
        return frozenset() if base in {"set", "refs"} else NONE
    if base in {"set", "refs"}:
        return _checked(fact, frozenset(_listed(value)))
    if isinstance(value, str) and base == "bool":
        fault = "expected a yes or no, got a text"
        raise Refused(fault, "write true or false, without quotation marks")
    if isinstance(value, str) and base in {"date", "instant", "text"}:
        return _checked(fact, _text(fact, value))
    if fact.type.decimal and isinstance(value, int) and not isinstance(value, bool):
        return _checked(fact, Decimal(value))
    return _checked(fact, value)


def _checked(fact: Fact, value: object) -> object:
    fault = facts.fault_of(fact, value)
    if fault:
        raise Refused(fault)
    return value


def _shown(text: str) -> str:
    """A cell in a message: only what cannot be a name, because messages are printed and kept."""
    if _SAFE.fullmatch(text):
        return repr(text)
    return f"a text of {len(text)} character{'s' * (len(text) != 1)}"


def _yes_no(text: str) -> bool:
    if text.lower() not in _YES_NO:
        fault = f"{_shown(text)} is not a yes or no"
        raise Refused(fault, "write yes or no, or leave the cell empty where it is not recorded")
    return _YES_NO[text.lower()]


def _members(text: str) -> Iterator[str]:
    members = [member.strip() for member in text.split(";")]
    if "" in members or len(set(members)) < len(members):
        fault = "has an empty or a repeated member"
        raise Refused(fault, "separate different members by ;")
    yield from members


def _listed(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        fault = f"expected a list of texts, got a {type(value).__name__}"
        raise Refused(fault)
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


def _text(fact: Fact, text: str) -> object:
    match fact.type.base:
        case "date":
            return _date(text, ", or none where it is known that there is none" if fact.type.or_none else "")
        case "instant":
            return _instant(text)
        case _:
            if not text.isprintable():
                fault = "has a character that does not print"
                raise Refused(fault)
            return text


def _date(text: str, more: str) -> dt.date:
    if not _DATE.fullmatch(text):
        fault = f"{_shown(text)} is not a date"
        raise Refused(fault, f"write YYYY-MM-DD, as in 2026-01-31{more}")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise _impossible(text, error) from None


def _instant(text: str) -> dt.datetime:
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


class RecordReader:
    """Makes records of one kind from mappings, all faults of one found together."""

    def __init__(self, kind: Kind, read: ReadValue) -> None:
        self.kind = kind
        converter = Converter(forbid_extra_keys=True)
        hooks: dict[str, Any] = {fact.name: override(struct_hook=_hook(fact, read)) for fact in kind.stored}
        hooks["id"] = override(struct_hook=_id)
        self._structure = make_dict_structure_fn(kind.record, converter, **hooks)

    def record(self, values: Mapping[str, object], place: str) -> tuple[Record | None, list[Problem]]:
        """The record of some values, or the problems that it has at a place."""
        try:
            return self._structure(values, self.kind.record), []
        except ClassValidationError as error:
            return None, list(self._problems(error, place))

    def _problems(self, error: ClassValidationError, place: str) -> Iterator[Problem]:
        noted, others = error.group_exceptions()
        for exception, note in noted:
            yield _problem(exception, f"{place}, column {note.name}")
        for exception in others:
            if isinstance(exception, ForbiddenExtraKeysError):
                yield from self.unknown(exception.extra_fields, place)
            else:
                yield _problem(exception, place)

    def unknown(self, names: Iterable[str], place: str) -> Iterator[Problem]:
        """A problem for each name that is no fact of the kind."""
        for name in sorted(map(str, names)):
            mend = near(name, ["id", *(fact.name for fact in self.kind.stored)])
            if name in self.kind.facts:
                mend = f"it is read through {self.kind.facts[name].borrowed}: leave it out"
            yield Problem(f"{place}, column {name}", f"{self.kind.name} has no fact {name!r}", mend)


def _hook(fact: Fact, read: ReadValue) -> Callable[[object, type], object]:
    return lambda value, _type: read(fact, value)


def _id(value: object, _type: type) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        fault = "an id is missing"
        raise Refused(fault, "give each record an id of its own, as a text")
    return value.strip()


def _problem(exception: Exception, place: str) -> Problem:
    if isinstance(exception, Refused):
        return Problem(place, exception.fault, exception.mend)
    if isinstance(exception, KeyError):
        return Problem(place, "is missing", "give each record an id of its own")
    return Problem(place, str(exception))
