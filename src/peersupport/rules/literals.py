"""The text of an expression before it means anything: what may stand in it at all, its tree, and its literals."""

from __future__ import annotations

import ast
import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from peersupport.rules import calendar
from peersupport.rules.calendar import Period
from peersupport.rules.facts import DATE, NUMBER, Type
from peersupport.rules.names import Fault, Stop
from peersupport.rules.terms import Lit

LONGEST = 2_000
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""")
_NUMERAL = re.compile(r"(?<![\w.])\d[\w.]*")
_PLAIN_NUMERAL = re.compile(r"\d+(\.\d+)?")
_LOOPS = "there are no loops: ask any(...), all(...) or count(...) of related records"
_REFUSED: Final[dict[type[ast.AST], str]] = {
    ast.IfExp: "there is no `if`: write two rules with `when`, or `and` and `or`",
    ast.Div: "there is no division: multiply the other side instead",
    ast.FloorDiv: "there is no division: multiply the other side instead",
    ast.Lambda: "there are no functions of one's own",
    **dict.fromkeys((ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp), f"not in the language; {_LOOPS}"),
    ast.List: "a list is not in the language: write a set, as in {'a', 'b'}",
    ast.Tuple: "several values stand here: one is wanted",
    ast.Dict: "an empty set or a table is not in the language: ask exists(...)",
    ast.JoinedStr: "a letter before a quotation mark is not in the language",
    ast.Subscript: "brackets stand only behind a kind, to pick a reference of it, as in stay[person]",
}
_UNWRITTEN: Final[dict[object, tuple[str, str]]] = {
    "true": ("true and false are not written", "write the fact itself, or `not` and the fact"),
    "none": ("none is not written", "ask exists(...), or known(...) for what is not recorded"),
}


def refusal(node: ast.AST) -> str:
    """What to say of a part of Python that is not in the language."""
    return _REFUSED.get(type(node), "this is not in the language")


def unwritten(word: object) -> tuple[str, str] | None:
    """What to say of a yes, a no or an absence that somebody wrote, in any of the usual ways."""
    if word is None or word in {"none", "None", "null"}:
        return _UNWRITTEN["none"]
    return _UNWRITTEN["true"] if str(word).lower() in {"true", "false"} else None


def prepared(text: str) -> str:
    """A text on one line, without anything that does not print or is not in the language. Else a `Stop`."""
    if len(text) > LONGEST:
        raise Stop(Fault(f"longer than {LONGEST} characters", LONGEST, "name parts of it as definitions"))
    flat = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    _printing(flat)
    _plain(_QUOTED.sub(lambda quoted: " " * len(quoted.group()), flat))
    if "\\" in flat:
        raise Stop(Fault("a backslash is not in the language", flat.index("\\"), "leave it out"))
    return flat


def _printing(flat: str) -> None:
    if not flat.isprintable():
        strange = next(i for i, c in enumerate(flat) if not c.isprintable())
        raise Stop(Fault("a character that does not print", strange, "leave it out"))
    if flat.isascii():
        return
    composed = unicodedata.normalize("NFC", flat)
    if composed != flat:
        at = next((i for i, (a, b) in enumerate(zip(flat, composed, strict=False)) if a != b), len(composed))
        raise Stop(Fault("a letter that is put together of two characters", at, "write it as one character"))


def _plain(unquoted: str) -> None:
    """Refuse what Python would pass over or read in its own way: comments, and numbers such as 1e9 or 0x1f."""
    if "#" in unquoted:
        raise Stop(Fault("a comment is not in the language", unquoted.index("#"), "write it behind the whole line"))
    for numeral in _NUMERAL.finditer(unquoted):
        if not _PLAIN_NUMERAL.fullmatch(numeral.group()):
            raise Stop(Fault(f"{numeral.group()} is not a number", numeral.start(), "write it as in 12 or 0.5"))


@functools.lru_cache(512)
def tree(text: str) -> ast.expr:
    """The tree of a text as Python reads it, which nobody changes: many rules say the same. Else a `Stop`."""
    lead = len(text) - len(text.lstrip())
    try:
        return ast.parse(text[lead:], mode="eval").body
    except SyntaxError as error:
        at = min(lead + max((error.offset or 1) - 1, 0), len(text))
        raise Stop(Fault(f"not an expression: {error.msg}", at, "see the format's language of conditions")) from None
    except (RecursionError, MemoryError, ValueError):
        raise Stop(Fault("not an expression", 0, "nested too deeply, or an odd character")) from None


def chars(text: str, offset: int) -> int:
    """A place in a text counted in characters; Python counts bytes."""
    if text.isascii():
        return max(offset, 0)
    return len(text.encode()[: max(offset, 0)].decode(errors="ignore"))


def literal(node: ast.Constant, text: str, at: int) -> Lit:
    """A number that is written in a text."""
    value = node.value
    if value is None or isinstance(value, bool):
        raise Stop(
            Fault(
                "True and False are not written" if value is not None else "None is not written",
                at,
                _UNWRITTEN["none" if value is None else "true"][1],
            )
        )
    if isinstance(value, int):
        return _whole(value, at)
    if isinstance(value, float):
        return _exact(ast.get_source_segment(text, node) or "", at)
    if isinstance(value, str):
        raise Stop(Fault(f"{value!r} stands alone", at, "compare it with a fact that is a choice"))
    raise Stop(Fault("this is not in the language", at))


def _whole(value: int, at: int) -> Lit:
    if abs(value) >= 10**12:
        raise Stop(Fault("too large a number", at))
    return Lit(value, NUMBER)


def _exact(source: str, at: int) -> Lit:
    if len(source) > 12:
        raise Stop(Fault("not a decimal number of at most 12 characters", at))
    return Lit(Decimal(source), Type("number", decimal=True))


def whole_number(node: ast.expr, at: int) -> int:
    """A whole number that must stand there as such."""
    if isinstance(node, ast.Constant) and type(node.value) is int and node.value < 10**6:
        return node.value
    raise Stop(Fault("expected a whole number", at))


def period(amount: int, unit: str, at: int) -> Period:
    """A period in one of the units."""
    try:
        return calendar.bounded(Period(amount, unit))  # type: ignore[arg-type]  # checked: a key of UNITS
    except ValueError as error:
        raise Stop(Fault(str(error), at)) from None


def date(numbers: Sequence[int], at: int) -> Lit:
    """A day from its year, month and day."""
    try:
        value = dt.date(*numbers)
    except ValueError as error:
        raise Stop(Fault(f"no such day: {error}", at)) from None
    if not calendar.FIRST_DAY <= value <= calendar.LAST_DAY:
        raise Stop(Fault("the year must lie in 1900 to 2199", at))
    return Lit(value, DATE)
