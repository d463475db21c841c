"""The format of a rulebook as a JSON Schema, from which editors complete and mark mistakes.

It is made from `shapes`, field by field: what sort of value a field holds is asked of its shape, and what a key means
is read from the page of the format. A schema sees each value by itself, so `peersupport check` has the last word. Dates
of TOML are checked as texts in the format `date`. Only words are used that mean the same in draft 7 and in draft
2020-12, because editors read either.
"""

from __future__ import annotations

import datetime as dt
import json
import keyword
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from peersupport.rules import headers, kinds, shapes
from peersupport.rules.calendar import UNITS
from peersupport.rules.forms import Force
from peersupport.rules.shapes import Shape
from peersupport.rules.syntax import WORDS

Schema: TypeAlias = dict[str, Any]
"""A part of a JSON Schema."""
Says: TypeAlias = Mapping[str, Mapping[str, str]]
"""What each key of each table of the page of the format means."""

_ROW = re.compile(r"^\| (.+?) \| (.+) \|$")
_QUOTED = re.compile(r"'([^']+)'")
_KEY = re.compile(r"`\[{0,2}([a-z_]+)(?:\.[A-Z]+)?\]{0,2}`")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

_WORDS: Final[Schema] = {"type": "string", "pattern": r"\S"}
_OPEN: Final[Schema] = {"additionalProperties": True}
_NUMBERS: Final[Schema] = {
    "exclusiveMinimum": -shapes.LARGEST_NUMBER,
    "exclusiveMaximum": shapes.LARGEST_NUMBER,
}
_SAMPLES: Final[tuple[tuple[object, Schema], ...]] = (
    ("x", _WORDS),
    (dt.date(2026, 1, 31), {"type": "string", "format": "date"}),
    (True, {"type": "boolean"}),
    (Decimal("0.5"), {"type": "number"}),
    (1, {"type": "integer"}),
)
"""A value of each plain sort. What holds decimals holds whole numbers too, so these stand behind them."""
_MEMBERS: Final[tuple[tuple[object, Schema], ...]] = (
    *_SAMPLES,
    ({}, {"type": "object"}),
    ({"x": "x"}, {"type": "object", "minProperties": 1}),
    ([], {"type": "array"}),
)
"""A value of each sort that may stand in a list or a table. What may be empty may have something in it too."""

_FACT_NAME = "[a-z][a-z0-9_]*"
_UNIT = "(?: [a-z][a-z0-9 ]*)?"
_TYPE = (
    rf"^(?:bool|(?:date|instant|text|(?:int|decimal){_UNIT}|(?:choice|set): *[a-z][a-z0-9_\s]*|"
    rf"-> (?:set of )?{_FACT_NAME})(?: or none)?)(?:, (?:judged|from {_FACT_NAME}))*$"
)
_TYPES = ("bool", "date", "date or none", "instant", "instant or none", "text", "int", "decimal", "set: open")
_WINDOWS = ("at any time", "ever", "its span", *(f"calendar {unit}" for unit in ("day", "week", "month", "year")))
_WINDOW = r"^(?:rolling \d+ [a-z_]+|year from \d\d-\d\d|each \d+ [a-z_]+ from .+|between .+)$"

_OWN: Final[Says] = {
    "source": {
        "title": "the name of the document",
        "publisher": "who gave it out",
        "dated": "its date, or its edition",
        "note": "how it is cited, and whatever else a reader of the citations has to know",
    },
    "span": {
        "from": "the fact that is the first day or instant",
        "until": "the fact that is the first day out",
        "through": "the fact that is the last day in",
    },
    "in_force": {"from": "the first day in force", "until": "the first day no longer in force"},
    "forms": {
        "is": "the value, as an expression",
        "holds": "the condition, or a table of named ones. One of these may be a table itself: a route of several",
        "need": "how many of the named conditions have to hold: `all`, or a number",
        "measure": "what is counted or summed, or a number of the record itself",
        "at_least": "the least that it may be: a number, a quantity as `900 hours`, or an expression",
        "at_most": "the most that it may be: a number, a quantity as `900 hours`, or an expression",
        "window": "the time in which other records are counted",
    },
    "example": {
        "given": "the facts that matter: of the record judged, and of related records under the name of their kind",
        "on": "the day of the judgement",
        "verdict": "what must come out",
        "about": "the kind that is judged, where the rule judges several",
        "reading": "the reading that is chosen",
        "exception": "whether an exception is recorded beside the verdict; left out, it is not looked at",
        "note": "why",
    },
}
"""What the keys mean that stand in no table of the page of the format."""
_TOLD_IN: Final = {
    "deadline": "Deadline",
    "rule": "Rules: what all have",
    "header": "The header",
}
"""The tables of the page that are found by the heading above them; the others say of what their keys are."""
_NEEDED: Final = {
    "definition": ("is",),
    "criterion": ("holds",),
    "deadline": ("done",),
    "limit": ("measure",),
}
"""What a form needs, beside what every rule does."""


def schema(page: str = "") -> Schema:
    """The JSON Schema of a rulebook's file, with what `page`, the page of the format, says of each key."""
    says = {**_OWN, **described(page)}
    rules = {form: _many(_ref(form)) for form in shapes.FORMS}
    inside = {
        "rulebook": _pattern("^[a-z0-9][a-z0-9_-]*$"),
        "in_force": _in_force(),
        "sources": _each(_ref("source")),
        "kinds": _each(_ref("kind"), _name(also=("program",))),
        "recorded": _each(_ref("row")),
        "question": _many(_ref("question")),
        **rules,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rulebook of peersupport",
        "description": "The rules of one program as data. `peersupport check FILE` says whether the whole is right.",
        **_table(shapes.HEADER, ("rulebook", "title"), _told(says, "header", "Versions"), inside),
        "$defs": {
            "source": _table(shapes.SOURCE, ("title",), _told(says, "source")),
            "row": _table(shapes.RECORDED, ("facts",), _told(says, "row")),
            "kind": _kind(says),
            "fact": _fact(says),
            "question": _table(shapes.QUESTION, ("id", "step", "asks", "source"), _told(says, "question")),
            "example": _example(says),
            **{form: _rule(form, says) for form in shapes.FORMS},
            **{f"{form}_reading": _reading(form, says) for form in shapes.FORMS},
        },
    }


def written(made: Schema) -> str:
    """A schema as the text of a file, in plain letters, so that every terminal can print it."""
    return json.dumps(made, indent=1) + "\n"


# what the page says


def described(page: str) -> dict[str, dict[str, str]]:
    """What the tables of the page say of each key, by what they are of: the heading, or what their first cell names.

    A key that stands in two tables of one heading is told in both ways, each in a paragraph.
    """
    found: dict[str, dict[str, str]] = {}
    heading = of = ""
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        row = _ROW.match(line)
        head, text = row.groups() if row else ("", "")
        if head == "key" or head.startswith("key of a "):
            of = head.removeprefix("key of a ") if head != "key" else heading
        elif row is None:
            of = ""
        elif of:
            told = found.setdefault(of, {})
            for key in _KEY.findall(head):
                told[key] = "\n\n".join(filter(None, [told.get(key), _LINK.sub(r"\1", text)]))
    return found


def _told(says: Says, *of: str) -> dict[str, str]:
    """What is said of the keys of some tables."""
    return {key: text for each in of for key, text in says.get(_TOLD_IN.get(each, each), {}).items()}


# sorts of values


def sort_of(shape: Shape) -> Schema:
    """What a schema says of a sort of value: it is asked of a value of each sort whether it fits."""
    if shape == shapes.PERIOD:
        units = "|".join(sorted({name for unit in UNITS for name in (unit, unit.removesuffix("s"))}))
        return _pattern(rf"^[0-9]{{1,6}} (?:{units})$")
    if shape == shapes.HOLDS:
        return _holds()
    if shape.fits(object()):
        return {}
    found = [*_plain(_fitting(shape.fits, _SAMPLES)), *_constants(shape), *_lists(shape), *_tables(shape)]
    return found[0] if len(found) == 1 else {"anyOf": found}


def _fitting(fits: Any, samples: Iterable[tuple[object, Schema]]) -> list[Schema]:  # noqa: ANN401  of any values
    return [made for sample, made in samples if fits(sample)]


def _plain(found: list[Schema]) -> list[Schema]:
    """Without the whole numbers where decimals stand too; and all numbers with their bounds."""
    decimals = {"type": "number"} in found
    kept = [made for made in found if not (decimals and made == {"type": "integer"})]
    return [{**made, **_NUMBERS} if made == {"type": "number"} else dict(made) for made in kept]


def _constants(shape: Shape) -> list[Schema]:
    """The words that are told where a value is none of them, of a sort that is not any text."""
    words = [] if shape.fits("x") else [word for word in _QUOTED.findall(shape.fault) if shape.fits(word)]
    return [_one_of(words)] if words else []


def _lists(shape: Shape) -> list[Schema]:
    members = _fitting(lambda sample: shape.fits([sample]), _MEMBERS)
    empty: Schema = {} if shape.fits([]) else {"minItems": 1}
    return [{"type": "array", **_of("items", members), **empty}] if members else []


def _tables(shape: Shape) -> list[Schema]:
    members = _fitting(lambda sample: shape.fits({"x": sample}), _MEMBERS)
    empty: Schema = {} if shape.fits({}) else {"minProperties": 1}
    return [{"type": "object", **_of("additionalProperties", members), **empty}] if members else []


def _of(key: str, members: list[Schema]) -> Schema:
    """What the members of a list or a table are. That they may be anything is said too: some editors ask for it."""
    return {key: True if len(members) == len(_MEMBERS) else members[0]}


def _holds() -> Schema:
    """A condition, named ones, or named routes of named ones."""
    route = {"type": "object", "minProperties": 1, "additionalProperties": dict(_WORDS)}
    clauses = {"anyOf": [dict(_WORDS), route]}
    return {"anyOf": [dict(_WORDS), {"type": "object", "minProperties": 1, "additionalProperties": clauses}]}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _one_of(words: Iterable[str]) -> Schema:
    return {"enum": list(words)}


def _words_or(words: Iterable[str], pattern: str) -> Schema:
    """Some words, which an editor offers, or whatever has a pattern."""
    return {"type": "string", "anyOf": [_one_of(words), {"pattern": pattern}]}


# tables


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _many(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _each(of: Schema, names: Schema | None = None) -> Schema:
    return {"type": "object", "additionalProperties": of, **({"propertyNames": names} if names else {})}


def _table(
    fields: Mapping[str, Shape],
    needed: Iterable[str],
    told: Mapping[str, str],
    inside: Mapping[str, Schema] | None = None,
) -> Schema:
    """A table with some fields and no others. `inside` has what a field holds where that is more than its sort."""
    more = inside or {}
    properties = {
        key: {**more.get(key, sort_of(shape)), **({"description": told[key]} if key in told else {})}
        for key, shape in fields.items()
    }
    required = [key for key in needed if key in fields]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _has(*keys: str) -> Schema:
    """Some keys are there, whatever else is."""
    return {"required": list(keys), **_OPEN}


def _in_force() -> Schema:
    return _table({"from": shapes.DATE, "until": shapes.DATE}, (), _OWN["in_force"])


def _name(*, also: Iterable[str] = ()) -> Schema:
    """What a kind or a fact may be called; `also` names words of the language that one may."""
    taken = sorted(word for word in {*WORDS, *keyword.kwlist, "id", "self"} - {*also} if not kinds.is_name(word))
    return {"pattern": f"^{_FACT_NAME}$", "not": _one_of(taken)}


def _kind(says: Says) -> Schema:
    """A kind: what is said of it, and under every other name a fact."""
    span = _table(dict.fromkeys(_OWN["span"], shapes.TEXT), ("from",), _OWN["span"])
    ends = {"oneOf": [_has("until"), _has("through")]}
    made = _table(shapes.KIND, (), _told(says, "kind"), {"span": {**span, **ends}})
    return {**made, "additionalProperties": _ref("fact"), "propertyNames": _name()}


def _fact(says: Says) -> Schema:
    """A fact: its type alone, or a table."""
    type_ = _words_or(_TYPES, _TYPE)
    return {"anyOf": [type_, _table(shapes.FACT, ("type",), _told(says, "fact"), {"type": type_})]}


def _example(says: Says) -> Schema:
    verdict = _one_of(headers.VERDICTS)
    return _table(shapes.EXAMPLE, ("given", "on", "verdict"), _told(says, "example"), {"verdict": verdict})


def _inside(form: str) -> dict[str, Schema]:
    """What the fields of a rule hold, where that is more than their sort."""
    return {
        "id": _pattern(r"^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*$"),
        "force": _one_of(Force),
        "in_force": _in_force(),
        "readings": _each(_ref(f"{form}_reading")),
        "examples": _many(_ref("example")),
        "counted": _one_of(("rolling", "grid")),
        "window": _words_or(_WINDOWS, _WINDOW),
    }


def _rule(form: str, says: Says) -> Schema:
    needed = ("id", "about", "says", "source", *_NEEDED.get(form, ()))
    made = _table(shapes.fields_of(form), needed, _told(says, "rule", "forms", form), _inside(form))
    if form == "limit":
        made["anyOf"] = [_has("at_least"), _has("at_most")]
    if form == "deadline":
        once = {"anyOf": [_has("due"), _has("after", "within")], **_OPEN}
        made |= {"if": _has("again"), "then": _has("after", "counted"), "else": once}
    return made


def _reading(form: str, says: Says) -> Schema:
    """The fields of a form that a reading overrides, of which it has at least one."""
    free = {key: shape for key, shape in shapes.fields_of(form).items() if key not in shapes.FIXED}
    return {**_table(free, (), _told(says, "rule", "forms", form), _inside(form)), "minProperties": 1}
