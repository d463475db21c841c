"""What sort of value each field of a file holds: asked of every field before anything else reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

import attrs

DEEPEST = 40
LARGEST_NUMBER = 10**12


@attrs.frozen
class Shape:
    """A sort of value: whether a value is one, what is said when it is not, and what to write instead."""

    fits: Callable[[object], bool]
    fault: str
    mend: str = ""


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(_text(each) for each in value)


def _one_or_more(value: object) -> bool:
    return _text(value) or (_texts(value) and value != [])


def _number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and _is_sane(value)


def _is_sane(value: int | Decimal) -> bool:
    """Whether a number is finite, and neither so large nor so long that no rule can mean it."""
    if isinstance(value, Decimal) and (not value.is_finite() or len(value.as_tuple().digits) > 28):
        return False
    return -LARGEST_NUMBER < value < LARGEST_NUMBER


TEXT: Final = Shape(_text, "is not a text, or an empty one", "write it in quotation marks")
EXPRESSION: Final = Shape(_text, "is not a text, or an empty one", "write the expression in quotation marks")
TEXTS: Final = Shape(_texts, "is not a list of texts", 'write ["...", "..."]')
ONE_OR_MORE: Final = Shape(_one_or_more, "is missing or not a text or a list of texts", "write it in quotation marks")
PERIOD: Final = Shape(_text, "is not a period", "write a whole number and a unit, as in '90 days' or '1 month'")
DATE: Final = Shape(
    lambda value: type(value) is dt.date, "is not a date", "write it without quotation marks, as in 2026-01-31"
)
DAY_OR_TEXT: Final = Shape(lambda value: _text(value) or type(value) is dt.date, TEXT.fault, TEXT.mend)
YES: Final = Shape(
    lambda value: isinstance(value, bool), "is not true or false", "write true or false without quotation marks"
)
WHOLE: Final = Shape(lambda value: type(value) is int, "is not a whole number", "write it without quotation marks")
NUMBER: Final = Shape(_number, "is not a number", "write a finite number below 1000000000000 without quotation marks")
BOUND: Final = Shape(
    lambda value: _text(value) or _number(value),
    "is not a finite number below 1000000000000, a quantity or an expression",
    "as in 12, '900 hours' or 'capacity'",
)
NEED: Final = Shape(lambda value: value == "all" or type(value) is int, "must be 'all' or a whole number")
HOLDS: Final = Shape(
    lambda value: _text(value) or (isinstance(value, dict) and bool(value)),
    "is not a condition in quotation marks, or a table of named ones",
    "as in 'wants_to_stay' or { 'the wish' = 'wants_to_stay' }",
)
TABLE: Final = Shape(lambda value: isinstance(value, dict), "is not a table", "write { ... }")
WINDOW: Final = Shape(TABLE.fits, "is not a window of days", "write { from = 2026-01-01, until = 2027-01-01 }")
WORDED: Final = Shape(
    lambda value: isinstance(value, dict) and all(_text(each) for each in value.values()),
    "is not a table of texts",
    'write "ROW" = "the reason"',
)
TITLES: Final = Shape(WORDED.fits, WORDED.fault, 'write plan = "It starts with a plan"')
READINGS: Final = Shape(
    lambda value: isinstance(value, dict) and all(isinstance(each, dict) and each for each in value.values()),
    "is not a table of readings, each with the fields that it overrides",
    "as in readings.'day 30 is out' = { within = '29 days' }",
)
LIST: Final = Shape(lambda value: isinstance(value, list), "is not a list", "write [{ ... }, { ... }]")
MAY_ONLY: Final = Shape(lambda value: value in ("loosen", "tighten"), "must be 'loosen' or 'tighten'")


def rules_of(form: str, of: str) -> Shape:
    """A list of what stands under double brackets."""
    return Shape(LIST.fits, f"is not a list of {of}", f"write [[{form}]]")


FORMS: Final[dict[str, dict[str, Shape]]] = {
    "definition": {"is": EXPRESSION},
    "criterion": {"holds": HOLDS, "need": NEED},
    "deadline": {
        "due": EXPRESSION,
        "after": EXPRESSION,
        "within": PERIOD,
        "not_before": EXPRESSION,
        "done": ONE_OR_MORE,
        "again": PERIOD,
        "counted": TEXT,
        "times": WHOLE,
        "until": EXPRESSION,
    },
    "limit": {"measure": EXPRESSION, "at_least": BOUND, "at_most": BOUND, "window": TEXT},
}
"""The fields of each form."""

NAMED: Final[dict[str, Shape]] = {
    "id": TEXT,
    "about": ONE_OR_MORE,
    "source": ONE_OR_MORE,
    "covers": TEXTS,
    "readings": READINGS,
    "replaces": TEXT,
}
"""The fields that every rule has and no reading overrides."""

SAID: Final[dict[str, Shape]] = {"says": TEXT, "assumes": TEXT}
"""The fields that every rule has and a reading may override."""

VERDICT_FIXED: Final[dict[str, Shape]] = {
    "examples": LIST,
    "in_force": WINDOW,
    "choose": YES,
    "force": TEXT,
    "critical": YES,
}
VERDICT_READ: Final[dict[str, Shape]] = {"when": EXPRESSION, "unless": EXPRESSION, "responsible": EXPRESSION}
COMMON: Final = NAMED | SAID | VERDICT_FIXED | VERDICT_READ
"""The fields of every rule that has a verdict."""

FIXED: Final = NAMED | VERDICT_FIXED
"""The fields that no reading overrides."""

HEADER: Final[dict[str, Shape]] = {
    "rulebook": TEXT,
    "title": TEXT,
    "version": TEXT,
    "jurisdiction": TEXT,
    "verified": DATE,
    "in_force": WINDOW,
    "sources": TABLE,
    "kinds": Shape(TABLE.fits, "is not a table of kinds", "write [kinds.NAME]"),
    "recorded": TABLE,
    "not_modeled": WORDED,
    "gaps": WORDED,
    "extends": TEXT,
    "without": TEXTS,
    "may_only": MAY_ONLY,
    "succeeds": TEXT,
    "beside": TEXT,
    "lapse": TEXT,
    "steps": TITLES,
    "review_every": PERIOD,
    "question": rules_of("question", "questions"),
    **{form: rules_of(form, "rules") for form in FORMS},
}
SOURCE: Final[dict[str, Shape]] = {"title": TEXT, "publisher": TEXT, "dated": DAY_OR_TEXT, "note": TEXT}
RECORDED: Final[dict[str, Shape]] = {"facts": ONE_OR_MORE, "says": TEXT}
KIND: Final[dict[str, Shape]] = {"span": TABLE, "dated_by": TEXT, "responsible": EXPRESSION, "says": TEXT}
FACT: Final[dict[str, Shape]] = {
    "type": TEXT,
    "says": TEXT,
    "event": TEXT,
    "planned": YES,
    "judged": YES,
    "min": NUMBER,
    "max": NUMBER,
    "places": WHOLE,
}
EXAMPLE: Final[dict[str, Shape]] = {
    "given": TABLE,
    "on": DATE,
    "verdict": TEXT,
    "about": TEXT,
    "reading": TEXT,
    "note": TEXT,
    "exception": YES,
}
QUESTION: Final[dict[str, Shape]] = {
    "id": TEXT,
    "step": TEXT,
    "asks": TEXT,
    "source": ONE_OR_MORE,
    "covers": TEXTS,
    "condition": YES,
    "parts": TEXTS,
    "after": TEXTS,
    "asked_of": TEXT,
    "review_every": PERIOD,
}


def fields_of(form: str) -> dict[str, Shape]:
    """The fields of a rule of a form: a definition has no verdict, so it has none of those that belong to one."""
    return (NAMED | SAID if form == "definition" else COMMON) | FORMS[form]


def misfits(table: Mapping[str, object], shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The fields of a table whose values are of another sort, each with the sort that it should be."""
    return {key: shapes[key] for key, value in table.items() if key in shapes and not shapes[key].fits(value)}


def too_deep(data: object) -> bool:
    """Whether tables and lists lie in one another deeper than any rule needs."""
    level = [data] if isinstance(data, (dict, list)) else []
    for _ in range(DEEPEST):
        inside = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
        if not inside:
            return False
        level = [inner for inner in inside if isinstance(inner, (dict, list))]
    return True
