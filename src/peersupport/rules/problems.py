"""What is wrong with an input, said so that it can be mended.

A problem names the place, the fault and the mend. Problems are collected and raised together as one `InputError`,
so that a file is read once and corrected once.
"""

from __future__ import annotations

import difflib
import functools
import heapq
import itertools
from collections.abc import Iterable, Sequence

import attrs

SHOWN = 50
"""How many problems an error prints; the count is always the whole."""


@attrs.frozen
class Problem:
    """One fault of an input.

    `place` says where (file, then rule and field, or row and column), `fault` what is wrong, `mend` what to write
    instead. `text` is the expression at fault, if there is one, and `at` the position in it, counted from 0.
    """

    place: str
    fault: str
    mend: str = ""
    text: str = ""
    at: int = 0

    def __str__(self) -> str:
        line = f"{self.place}: {self.fault}"
        if self.mend:
            line += f" ({self.mend})"
        line = _printable(line)
        if self.text:
            line += "\n" + _pointed(self.text, self.at)
        return line


def _printable(text: str) -> str:
    """What does not print is written as Python writes it: it would harm a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _pointed(text: str, at: int) -> str:
    flat, start = text.replace("\n", " ").replace("\t", " "), max(0, at - 60)
    before = ("..." if start else "") + _printable(flat[start:at])
    return f"    {before}{_printable(flat[at : at + 60])}\n    {' ' * len(before)}^"


class InputError(ValueError):
    """An input could not be read. `problems` has every fault that was found, in the order of the input."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self._text())

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return InputError, (self.problems,)

    def _text(self) -> str:
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} found"
        if count > SHOWN:
            head += f", the first {SHOWN} of them"
        return "\n".join([head + ":", *(f"- {problem}" for problem in self.problems[:SHOWN])])


class Unsupported(NotImplementedError):
    """A rule that a reader cannot judge yet. It is refused by name, before any record is looked at."""


class PartialTables(UserWarning):
    """Columns that rules ask for were not given: what hangs on them is unknown."""


def missing_table(kind: str) -> Problem:
    """The problem of a table that is needed and was not given."""
    return Problem(f"the table {kind}", "was not given", "give it, if it is empty too")


def raise_any(problems: Sequence[Problem]) -> None:
    """Raise all `problems` together; with none, do nothing."""
    if problems:
        raise InputError(problems)


_LONG = 60
_LIKELY = 40


def _likely(name: str, names: Sequence[str]) -> Sequence[str]:
    """Those of many names that share the most letters and pairs of letters with one: to compare them all takes long."""
    pairs = _pairs(name)
    return names if len(names) <= _LIKELY else heapq.nlargest(_LIKELY, names, lambda other: len(pairs & _pairs(other)))


@functools.lru_cache(4_096)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(name) | frozenset(map("".join, itertools.pairwise(name)))


def near(name: str, known: Iterable[str]) -> str:
    """The mend for a name that is not known: the nearest that is, or the list of all."""
    names = sorted(known)
    close = difflib.get_close_matches(name[:_LONG], _likely(name[:_LONG], names), n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return ""
    shown = ", ".join(names[:10])
    return f"known here: {shown}{', ...' if len(names) > 10 else ''}"
