"""The lines of a generated function: its variables, the values that it is given, and what it asks for at its start.

Source is made of names alone. Names of facts and kinds are looked at once more, all other names are its own; every
text, number, day and period of a rulebook is handed to the function as a value.
"""

from __future__ import annotations

import contextlib
import itertools
import keyword
import re
from collections.abc import Callable, Iterator
from typing import Final, TypeVar, cast

import attrs

from peersupport.readers.judge import shortcuts
from peersupport.readers.judge.values import Range
from peersupport.rules.facts import NONE, Fact, Vocabulary
from peersupport.rules.findings import Verdict
from peersupport.rules.terms import Term

SLOW: Final = "return slow(record, on, tables)"
"""How a function hands over to the judge, which asks again in full."""
RECORD: Final = "record"
_LONGEST_NAME: Final = 100
_MOST_LINES: Final = 2_000
_DEEPEST: Final = 15
"""How deep lines may stand: Python itself goes a little further."""
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*")
_MadeT = TypeVar("_MadeT")


class Unwritten(Exception):
    """A rule of which no function is written: it is judged as it stands."""


@attrs.frozen
class Value:
    """A value that stands in a variable.

    `ranged` says that it may have two ends, `absent` that it may be `NONE`, `known` that it is never None, and `unsure`
    is the expression for whether a fact that is not recorded stands behind it, empty for never.
    """

    text: str
    ranged: bool = False
    absent: bool = False
    known: bool = False
    unsure: str = ""


@attrs.frozen
class Truth:
    """A condition: where it holds, where it does not, and whether a fact that is not recorded keeps it open."""

    yes: str
    no: str
    unsure: str = ""


@attrs.frozen
class Found:
    """A record at the end of a path; it may be not known, or known to be absent."""

    text: str
    certain: bool = True
    absent: bool = False


@attrs.frozen
class Rows:
    """Related records: the sequence, whether it may be None, and the fact by which one has not been seen yet."""

    text: str
    kind: str
    certain: bool
    unseen: Fact | None


@attrs.frozen(eq=False)
class Sources:
    """What a writer asks of the rulebook: its kinds, the terms of its definitions, other rules as functions."""

    vocabulary: Vocabulary
    definition: Callable[[str, str], Term]
    met: Callable[[str], Callable[..., Verdict]]


def either(*parts: str) -> str:
    """One of some expressions; those that never hold are empty."""
    found = [part for part in dict.fromkeys(parts) if part]
    return found[0] if len(found) == 1 else " or ".join(f"({part})" for part in found)


def both(*parts: str) -> str:
    """All of some expressions."""
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def absent_as(name: str, record: str, none: str) -> str:
    """A fact of a record that may be absent: absent too, and a yes or no of it is no."""
    return f"{name} = None if {record} is None else {none}"


def skipped(value: Value) -> str:
    """Where a value is not recorded or absent."""
    found = [f"{value.text} is None"] * (not value.known) + [f"{value.text} is NONE"] * value.absent
    return " or ".join(found)


def equal(op: str, left: Value, right: Value) -> Truth:
    """One value held against another that is always there: what is not recorded equals nothing."""
    value = right if left.known else left
    same = f"{left.text} == {right.text}"
    differs = (
        f"{left.text} != {right.text}" if value.known else f"{value.text} is not None and {left.text} != {right.text}"
    )
    return Truth(same, differs, value.unsure) if op == "==" else Truth(differs, same, value.unsure)


class Sheet:
    """The lines of one function as they are written."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.lines: list[str] = []
        self.head: dict[str, None] = {}
        self.looks_at_on = False
        self.open_ended = False
        """Whether a condition may stay open though every fact is recorded."""
        self.first_read = ""
        """The fact of the record judged that is read first, whatever else is found; a dash where there is none."""
        self.namespace: dict[str, object] = {
            **{verdict.name: verdict for verdict in Verdict},
            "NONE": NONE,
            "Range": Range,
            "not_yet": shortcuts.not_yet,
            "not_yet_at": shortcuts.not_yet_at,
            "later": shortcuts.later,
        }
        self._indent = 1
        self._memo: dict[object, tuple[object, bool]] = {}
        self._numbers = itertools.count(1)
        self._constants: dict[int, str] = {}

    def line(self, text: str) -> None:
        """One more line; a rule that would need very many is not written."""
        if len(self.lines) > _MOST_LINES or self._indent > _DEEPEST:
            raise Unwritten(text)
        self.lines.append("    " * self._indent + text)

    @contextlib.contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Lines that may not run, so that what they find is forgotten behind them."""
        self.line(header)
        self._indent += 1
        kept = dict(self._memo)
        yield
        self._memo = kept
        self._indent -= 1

    def new(self) -> str:
        return f"v{next(self._numbers)}"

    def let(self, text: str) -> str:
        """A variable of its own for an expression."""
        name = self.new()
        self.line(f"{name} = {text}")
        return name

    def const(self, value: object) -> str:
        """The name by which the function is given a value; never its text."""
        if id(value) not in self._constants:
            name = self._constants[id(value)] = f"c{len(self._constants) + 1}"
            self.namespace[name] = value
        return self._constants[id(value)]

    def day(self) -> str:
        """The last day that is seen."""
        self.looks_at_on = True
        return "on"

    def waiting(self, base: str) -> str:
        """What has not happened by that day, as a date or an instant."""
        if base == "instant":
            return f"not_yet_at({self.day()}, {self.office()})"
        self.head[f"waiting = not_yet({self.day()})"] = None
        return "waiting"

    def office(self) -> str:
        """The program's office; without a time zone the judge is asked in full."""
        self.head["office = tables.office"] = None
        self.head["if office is None:"] = None
        self.head[f"    {SLOW}"] = None
        return "office"

    def given(self, kind: str) -> None:
        """A table that is given and complete; otherwise the judge is asked in full."""
        name = f"t_{self.named(kind)}"
        self.head[f"{name} = tables.tables.get({self.const(self.sources.vocabulary[kind].name)})"] = None
        self.head[f"if {name} is None or {name}.since is not None:"] = None
        self.head[f"    {SLOW}  # {name}"] = None

    @staticmethod
    def named(name: str) -> str:
        """A name of the rulebook that may stand in source: the loader refuses all others, and so does this."""
        if not _IDENTIFIER.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST_NAME:
            raise Unwritten(name)
        return name

    def attribute(self, record: str, fact: Fact) -> str:
        """A fact of a record, as it is read. Nobody else stores what is borrowed."""
        if fact.borrowed:
            raise Unwritten(fact.name)
        if record == RECORD and not self.first_read:
            surely = self._indent == 1 and not any("return" in line for line in self.lines)
            self.first_read = fact.name if surely else "-"
        return f"{record}.{self.named(fact.name)}"

    def once(self, key: object, make: Callable[[], _MadeT]) -> _MadeT:
        """What is found under a key, found once, and whether it may stay open."""
        if key not in self._memo:
            before, self.open_ended = self.open_ended, False
            self._memo[key] = (make(), self.open_ended)
            self.open_ended = before
        made, opens = self._memo[key]
        self.open_ended = self.open_ended or opens
        return cast("_MadeT", made)
