"""How large a file of rules or of settings may be in each direction, so that a stranger's is refused at once.

The text is measured before it is read as TOML, and what was read before it is given a meaning. So no file takes long,
or much memory, whatever stands in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from peersupport.rules import calendar, shapes
from peersupport.rules.notes import Notes
from peersupport.rules.problems import InputError, Problem

MARKS: Final = 60_000
"""How many lines, values and signs a file has at most."""
PARTS: Final = 64
"""How many names joined by points a key has at most."""
ENTRIES: Final = 2_000
"""How many entries a table or a list has at most."""
LONGEST_KEY: Final = 200
LONGEST_TEXT: Final = 20_000
RUN: Final = 10_000
"""How many digits in a row are read at all: to match many more takes much memory."""
KINDS: Final = 200
FACTS: Final = 1_000
"""How many kinds a file declares at most, and how many facts in all of them."""
WORK: Final = 150_000
"""How many characters of expressions are read at most, each as often as its rule has kinds and readings."""
DIGITS: Final = 28
"""How many digits a number has at most, before the point and behind it."""
_LEAST_LONG: Final = 10**DIGITS
PROBLEMS: Final = 100
"""How many problems of one file are told; one that has more is not read to its end."""

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"(?:^[ \t]*+\[{{0,2}}+|[{{,])[ \t]*+{_PART}(?:\.[ \t]*+{_PART}){{{PARTS}}}", re.MULTILINE)
_LONG_NUMBER = re.compile(rf"(?<![0-9_])[0-9_]{{{RUN + 1}}}")
_UNPRINTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNREAD = frozenset({"examples", "says", "source", "covers", "assumes", "about", "id", "note"})
"""The fields of a rule that hold no expression."""
_PARSED = frozenset(
    {"holds", "is", "due", "after", "not_before", "done", "until", "measure", "when", "unless", "responsible"}
)
"""The fields that hold expressions: of what does not print in them, the place in the text is told later."""

Said: TypeAlias = tuple[str, str, str]
"""A place, the fault, and the mend."""


def text_fault(text: str) -> tuple[str, str] | None:
    """Why a text is not even read as TOML, and the mend; None where it is."""
    if sum(map(text.count, "\n,=[{.\\")) > MARKS:
        return f"has more than {MARKS} lines, values and signs", "split it"
    lines = text.split("\n")  # what is looked for stands on one line, and hardly any is so long
    key = _LONG_KEY.search(text) if any(line.count(".") >= PARTS for line in lines) else None
    if key:
        return f"line {_line(text, key)} has a key of more than {PARTS} names joined by points", "write fewer"
    number = _LONG_NUMBER.search(text) if max(map(len, lines)) > RUN else None
    if number:
        return f"line {_line(text, number)} has a number of more than {RUN} digits", "write a shorter one"
    return None


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def faults(data: Mapping[str, object]) -> list[Said]:
    """What is too large, too long or too much in what was read; no more of it than are told."""
    sound = is_sound(data)
    found = [] if sound else [said for _, said in zip(range(PROBLEMS), _faults(data, ""), strict=False)]
    return found or list(_whole(data))


def is_sound(data: object) -> bool:
    """Whether every value by itself is surely small enough. It is asked first, because nearly all files are."""
    texts: list[str] = []
    keys: list[str] = []
    ahead = [data]
    while ahead:
        value = ahead.pop()
        if isinstance(value, str):
            texts.append(value)
            continue
        if isinstance(value, dict):
            keys.extend(value)
            ahead.extend(value.values())
        elif isinstance(value, list):
            ahead.extend(value)
        if _fault(value, parsed=False)[0]:
            return False
    short = max(map(len, texts), default=0) <= LONGEST_TEXT and max(map(len, keys), default=0) <= LONGEST_KEY
    return short and not any(_UNPRINTED.search(text) for text in (*texts, *keys) if not text.isprintable())


def _faults(value: object, where: str, *, parsed: bool = False) -> Iterator[Said]:
    fault, mend = _fault(value, parsed=parsed)
    if fault:
        yield where, fault, mend
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _key_faults(key, where)
            place = f"{where}, {key[:LONGEST_KEY]}" if where else key[:LONGEST_KEY]
            yield from _faults(inner, place, parsed=parsed or key in _PARSED)
    if isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _faults(inner, f"{where} {_called(inner, number)}", parsed=parsed)


def _called(value: object, number: int) -> str:
    """What an entry of a list is called in a message: a rule by its id."""
    id_ = value.get("id") if isinstance(value, dict) else None
    return id_[:LONGEST_KEY] if isinstance(id_, str) and id_ else str(number)


def _key_faults(key: str, where: str) -> Iterator[Said]:
    if len(key) > LONGEST_KEY:
        yield where, f"has a name of more than {LONGEST_KEY} characters", "write a shorter one"
    if _UNPRINTED.search(key):
        yield where, "has a name with a character that does not print", "leave it out"


def _fault(value: object, *, parsed: bool) -> tuple[str, str]:
    """What is wrong with one value by itself; two empty texts where nothing is."""
    if isinstance(value, (dict, list)) and len(value) > ENTRIES:
        return f"has more than {ENTRIES} entries", "split it into rulebooks"
    if isinstance(value, str):
        return _text_fault(value, parsed=parsed)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and not _is_short(value):
        return f"is a number of more than {DIGITS} digits", "write a shorter one"
    if isinstance(value, dt.date) and not calendar.FIRST_DAY.year <= value.year <= calendar.LAST_DAY.year:
        return "the year must lie in 1900 to 2199", "write another day"
    return "", ""


def _text_fault(text: str, *, parsed: bool) -> tuple[str, str]:
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters", "write a shorter text"
    strange = not parsed and _UNPRINTED.search(text)
    return ("has a character that does not print", "leave it out") if strange else ("", "")


def _is_short(value: int | Decimal) -> bool:
    """Whether a number can be written with few digits; what is not finite is refused where its field is read."""
    if isinstance(value, int):
        return -_LEAST_LONG < value < _LEAST_LONG
    _, digits, exponent = value.as_tuple()
    return not isinstance(exponent, int) or (len(digits) <= DIGITS and abs(exponent) <= DIGITS)


def _whole(data: Mapping[str, object]) -> Iterator[Said]:
    """What is too much of the file as a whole."""
    kinds = [each for each in _table(data.get("kinds")).values() if isinstance(each, dict)]
    if len(kinds) > KINDS or sum(map(len, kinds)) > FACTS:
        yield "kinds", f"are more than {KINDS} kinds, or have more than {FACTS} facts", "split it into rulebooks"
    if sum(map(_work, _rules(data))) > WORK:
        fault = "its rules have too many characters, counted once for each of their kinds and readings"
        yield "", fault, "split it into rulebooks, or name what they share as a definition"


def _rules(data: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for form in shapes.FORMS:
        listed = data.get(form)
        yield from (each for each in (listed if isinstance(listed, list) else []) if isinstance(each, dict))


def _work(rule: Mapping[str, object]) -> int:
    """The characters that are parsed for a rule, and some for the rule itself."""
    about = rule.get("about")
    kinds = len(about) if isinstance(about, list) else 1
    readings = 1 + len(_table(rule.get("readings")))
    return kinds * readings * (50 + sum(_chars(value) for key, value in rule.items() if key not in _UNREAD))


def _chars(value: object) -> int:
    if isinstance(value, dict):
        return sum(map(_chars, value.values()))
    if isinstance(value, list):
        return sum(map(_chars, value))
    return len(value) if isinstance(value, str) else 0


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


class Limited(Notes):
    """The problems of one file, of which the reading ends where there are more than anybody mends at once."""

    def add(self, where: str, fault: str, mend: str = "") -> None:
        """Note a problem of a place in the file. Raises `InputError` where there are many already."""
        super().add(where, fault, mend)
        self._ended()

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems that others found. Raises `InputError` where there are many already."""
        super().extend(problems)
        self._ended()

    def _ended(self) -> None:
        if len(self.problems) > PROBLEMS:
            more = Problem(self.file, f"has more than {PROBLEMS} problems", "mend these first: the rest is not read")
            raise InputError([*self.told()[:PROBLEMS], more])


def circles(asked: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """A number for each name: two have the same one where each leads to the other, over any number of names.

    `asked` are the names that each one leads to; those that are no keys lead nowhere. It is the algorithm of Tarjan,
    on a stack of its own: the chains of a file may be long.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    found: dict[str, int] = {}
    open_: list[str] = []
    for start in asked:
        ahead = [(start, iter(asked[start]))] if start not in order else []
        while ahead:
            name, others = ahead[-1]
            if name not in order:
                order[name] = lowest[name] = len(order)
                open_.append(name)
            other = next((each for each in others if each in asked and each not in found), None)
            if other is None:
                ahead.pop()
                _closed(name, order, lowest, open_, found)
                if ahead:
                    above = ahead[-1][0]
                    lowest[above] = min(lowest[above], lowest[name])
            elif other not in order:
                ahead.append((other, iter(asked[other])))
            else:
                lowest[name] = min(lowest[name], order[other])
    return found


def _closed(name: str, order: dict[str, int], lowest: dict[str, int], open_: list[str], found: dict[str, int]) -> None:
    """Give the names of a circle their number, once the first of it has been left."""
    while lowest[name] == order[name] and name not in found:
        found[open_.pop()] = order[name]
