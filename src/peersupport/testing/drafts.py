"""Small rulebooks of all four forms, drawn as the data of a file, written as one, and loaded.

A draft has a kind or two of its own with facts of every type, and rules about them whose expressions are put together
of what these kinds have. It says little that is sensible, and nothing that is refused.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from peersupport import library
from peersupport.rules import kinds
from peersupport.rules.facts import Fact, Vocabulary
from peersupport.rules.notes import Notes
from peersupport.rules.rulebook import Rulebook

Data: TypeAlias = dict[str, Any]
"""What a file says, as TOML reads it."""

SOURCE: Final = "INV"
_KINDS: Final = ("boat", "harbor", "lamp", "meadow")
_FACTS: Final = ("ash", "birch", "cedar", "elm", "hazel", "larch", "maple", "oak", "rowan", "willow")
_WORDS: Final = ("red", "green", "blue", "grey")
_DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31))
_NUMBERS = st.integers(0, 40)
_SAYS: Final = ("A lamp is lit.", "The boat is back by night.", "Nobody is left out.")
_WINDOWS: Final = (
    *("at any time", "ever", "calendar day", "calendar week", "calendar month", "calendar year"),
    *("year from 07-01", "rolling 6 months"),
)
_T = TypeVar("_T")


# the kinds of a draft


def _types() -> SearchStrategy[object]:
    """Declarations of facts of every type that refers to nothing."""
    words = st.lists(st.sampled_from(_WORDS), min_size=1, unique=True).map(" ".join) | st.just("open")
    plain = st.sampled_from(["date", "instant", "text", "int", "int hours", "decimal", "decimal posts"])
    several = st.builds("{}: {}".format, st.sampled_from(["choice", "set"]), words)
    short = st.builds("{}{}".format, plain | several, st.sampled_from(["", " or none"]))
    judged = st.builds("{}{}".format, st.just("bool") | short, st.sampled_from(["", ", judged"]))
    moment = st.builds(
        lambda type_, planned: {"type": type_, "planned": planned, "says": "the day", "event": "it comes"},
        st.sampled_from(["date", "date or none", "instant", "instant or none"]),
        st.booleans(),
    )
    whole = st.builds(
        lambda least, more: {"type": "int meals", "min": least, "max": least + more}, st.integers(-5, 5), _NUMBERS
    )
    exact = st.builds(lambda places: {"type": "decimal posts", "min": Decimal("0.5"), "places": places}, _places())
    return judged | moment | whole | exact


def _places() -> SearchStrategy[int]:
    return st.integers(0, 4)


@st.composite
def _kind(draw: st.DrawFn, before: Sequence[str]) -> Data:
    """The table of a kind: a span, a day, a person, perhaps the kinds before it, and some more facts."""
    declared: Data = {
        "says": draw(st.sampled_from(["a lantern", "an island"])),
        "span": {"from": "starts_on", draw(st.sampled_from(["until", "through"])): "ends_on"},
        "dated_by": "starts_on",
        "starts_on": {"type": "date", "event": "it starts"},
        "ends_on": {"type": "date or none", "planned": draw(st.booleans())},
        "amount": {"type": "int meals", "min": 0},
        "agreed": "bool",
        "hue": "choice: red green blue",
        "marks": draw(st.sampled_from(["set: red green blue", "set: open or none"])),
    }
    declared["person"] = f"-> person, from {before[0]}" if before else "-> person"
    declared |= {name: f"-> {name}" for name in before}
    if draw(st.booleans()):
        declared["keepers"] = "-> set of person"
    names = draw(st.lists(st.sampled_from(_FACTS), unique=True, max_size=5))
    return declared | {name: draw(_types()) for name in names}


# expressions


@attrs.frozen(eq=False)
class _Writer:
    """Writes the rules of a draft over its vocabulary. `own` are the kinds that are its own.

    Each method writes one expression about a kind; with `deep` it may look at related records and at other rules.
    """

    draw: st.DrawFn
    vocabulary: Vocabulary
    own: tuple[str, ...]
    defined: dict[tuple[str, str], list[str]] = attrs.field(factory=dict)
    judged: dict[str, list[str]] = attrs.field(factory=dict)

    def one(self, *of: _T) -> _T:
        return self.draw(st.sampled_from(of))

    def number(self) -> int:
        return self.draw(_NUMBERS)

    # names

    def facts(self, kind: str, base: str) -> list[Fact]:
        return [fact for fact in self.vocabulary[kind].facts.values() if fact.type.base == base]

    def names(self, kind: str, *bases: str) -> list[str]:
        """What can be written for a value: facts, facts one reference on, and definitions."""
        own = [fact.name for base in bases for fact in self.facts(kind, base)]
        refs = [fact for fact in self.facts(kind, "ref") if fact.type.kind in self.own]
        on = [f"{ref.name}.{fact.name}" for ref in refs for base in bases for fact in self.facts(ref.type.kind, base)]
        return own + on + [name for base in bases for name in self.defined.get((kind, base), [])]

    def related(self, kind: str) -> list[str]:
        """The kinds of the draft that refer to a kind."""
        return [name for name in self.own if self.vocabulary[name].references(kind)]

    # dates and instants

    def moment(self, kind: str, base: str, *, deep: bool = False) -> str:
        return self.date(kind, deep=deep) if base == "date" else self.instant(kind)

    def instant(self, kind: str) -> str:
        name = self.one(*self.names(kind, "instant"))
        return self.one(name, f"next_open({name})", f"{name} + hours({self.number()})")

    def plain_date(self, kind: str) -> str:
        day = self.draw(_DAYS)
        days = [f"day({name})" for name in self.names(kind, "instant")]
        literal = f"date({day.year}, {day.month}, {day.day})"
        return self.one("on", "dated", literal, *self.names(kind, "date"), *days)

    def moved_date(self, kind: str) -> str:
        unit = self.one("days", "weeks", "months", "years", "business_days")
        return f"{self.plain_date(kind)} {self.one('+', '-')} {unit}({self.number()})"

    def date(self, kind: str, *, deep: bool = False) -> str:
        related = ["event"] if deep and self.related(kind) else []
        match self.one("plain", "moved", "birthday", "month", "extreme", *related):
            case "plain":
                return self.plain_date(kind)
            case "moved":
                return self.moved_date(kind)
            case "month":
                return f"first_of_month({self.plain_date(kind)})"
            case "birthday":
                return f"birthday({self.plain_date(kind)}, {self.number()})"
            case "extreme":
                return f"{self.one('min', 'max')}({self.plain_date(kind)}, {self.moved_date(kind)})"
            case _:
                return self.event(kind, self.one("first", "last", "nth"))

    def event(self, kind: str, op: str) -> str:
        """The date of a related record."""
        other = self.one(*self.related(kind))
        name = self.one(*(fact.name for fact in self.facts(other, "date")))
        lead = "nth(2, " if op == "nth" else f"{op}("
        return f"{lead}{other}.{name}{self.where(other)})"

    def where(self, kind: str) -> str:
        """The condition behind a path, if there is one."""
        return f", {self.inner(kind)}" if self.draw(st.booleans()) else ""

    def inner(self, kind: str) -> str:
        """A condition on a related record, which may look at the record judged."""
        return self.one(self.condition(kind), "starts_on >= this.starts_on")

    # numbers

    def count(self, kind: str, *, deep: bool = False) -> str:
        """An expression that is a number."""
        name = self.one(*self.names(kind, "number"))
        related = ["related"] if deep and self.related(kind) else []
        match self.one("plain", "sum", "product", "days", *related):
            case "plain":
                return name
            case "sum":
                return f"{name} {self.one('+', '-')} {self.number()}"
            case "product":
                return f"({name} + {self.number()}) * {self.number()}"
            case "days":
                between = self.one("days_between", "age")
                return f"{between}({self.plain_date(kind)}, {self.moved_date(kind)})"
            case _:
                return self.counted(self.one(*self.related(kind)))

    def counted(self, other: str) -> str:
        """A number of related records, or a sum over them."""
        distinct = [f"distinct({other}.{fact.name}" for fact in self.facts(other, "choice")]
        lead = self.one(f"count({other}", f"sum({other}.amount", *distinct)
        return f"{lead}{self.where(other)})"

    # conditions

    def condition(self, kind: str, *, deep: bool = False) -> str:
        match self.one("leaf", "joined", "some", "not"):
            case "leaf":
                return self.leaf(kind, deep=deep)
            case "not":
                return f"not ({self.leaf(kind, deep=deep)})"
            case form:
                return self.joined(form, [self.leaf(kind, deep=deep) for _ in range(self.one(2, 3))])

    def joined(self, form: str, parts: list[str]) -> str:
        if form == "some":
            return f"at_least({self.one(*range(1, len(parts) + 1))}, {', '.join(parts)})"
        return self.one(" and ", " or ").join(f"({part})" for part in parts)

    def leaf(self, kind: str, *, deep: bool) -> str:
        sorts = ["fact", "dates", "numbers", "range", "there", "span"]
        sorts += [base for base in ("choice", "set") if self.facts(kind, base)]
        sorts += ["met"] if deep and self.judged.get(kind) else []
        sorts += ["related"] if deep and self.related(kind) else []
        order = self.one("<", "<=", ">", ">=", "==", "!=")
        match self.one(*sorts):
            case "fact":
                return self.one(*self.names(kind, "bool"))
            case "dates":
                return f"{self.date(kind, deep=deep)} {order} {self.date(kind)}"
            case "numbers":
                return f"{self.count(kind, deep=deep)} {order} {self.one('0', '-3', '12.25', '0.0000001')}"
            case "range":
                return f"{self.number()} < {self.count(kind, deep=deep)} <= {self.number()}"
            case "there":
                names = self.names(kind, "date", "text", "ref", "refs", "set", "choice", "instant", "number")
                return f"{self.one('known', 'exists')}({self.one(*names)})"
            case "span":
                day, later = self.plain_date(kind), self.moved_date(kind)
                return self.one(f"covers({later})", f"overlaps({day}, {later})")
            case "met":
                return f"met('{self.one(*self.judged[kind])}')"
            case "related":
                other = self.one(*self.related(kind))
                return f"{self.one('any', 'all')}({other}, {self.inner(other)})"
            case base:
                return self.chosen(self.one(*self.facts(kind, base)))

    def chosen(self, fact: Fact) -> str:
        """A condition on a choice or on a set."""
        of = st.sampled_from(fact.type.choices or (*_WORDS, "it's"))
        words = [f'"{word}"' for word in self.draw(st.lists(of, min_size=1, max_size=3, unique=True))]
        listed = "{" + ", ".join(words) + "}"
        if fact.type.base == "choice":
            return self.one(f"{fact.name} == {words[0]}", f"{fact.name} in {listed}", f"{fact.name} not in {listed}")
        return self.one(f"{words[0]} in {fact.name}", f"{listed} <= {fact.name}", f"exists({fact.name} & {listed})")

    # rules

    def maybe(self, key: str, value: Callable[[], object]) -> Data:
        """A field that is there or not."""
        return {key: value()} if self.draw(st.booleans()) else {}

    def rule(self, number: int) -> tuple[str, Data]:
        """A rule of any form, with its form."""
        kind = self.one(*self.own)
        form = self.one(*_FORMS)
        id_ = f"{form}.{self.one('fern', 'moss')}{number}"
        body = _FORMS[form](self, kind)
        if form == "definition":
            self.defined.setdefault((kind, body.pop("base")), []).append(id_.rpartition(".")[2])
        else:
            body |= self.verdict(kind)
            self.judged.setdefault(kind, []).append(id_)
        head: Data = {"id": id_, "about": self.one(kind, [kind]), "says": self.one(*_SAYS)}
        head |= {"source": self.one(f"{SOURCE}: 1", [f"{SOURCE}: 1", f"{SOURCE}: 2"])}
        return form, head | self.maybe("covers", lambda: [f"{SOURCE}-1"]) | body

    def verdict(self, kind: str) -> Data:
        """The fields that every rule with a verdict may have."""
        return (
            self.maybe("when", lambda: self.condition(kind, deep=True))
            | self.maybe("unless", lambda: self.condition(kind))
            | self.maybe("force", lambda: self.one("must", "should", "best_effort"))
            | self.maybe("in_force", self.window)
            | self.maybe("critical", lambda: self.draw(st.booleans()))
            | self.maybe("assumes", lambda: "The source is silent.")
        )

    def window(self) -> Data:
        day = self.draw(_DAYS)
        return {"from": day, "until": day + dt.timedelta(self.number() + 1)}

    def definition(self, kind: str) -> Data:
        match self.one("bool", "date", "number"):
            case "bool":
                return {"is": self.condition(kind, deep=True), "base": "bool"}
            case "date":
                return {"is": self.date(kind, deep=True), "base": "date"}
            case _:
                return {"is": self.count(kind, deep=True), "base": "number"}

    def criterion(self, kind: str) -> Data:
        if self.draw(st.booleans()):
            other = self.maybe("readings", lambda: {"wide": {"holds": self.condition(kind, deep=True)}})
            choose = self.maybe("choose", lambda: True) if other else {}
            return {"holds": self.condition(kind, deep=True)} | other | choose
        called = st.sampled_from(["the one", "the other", "the third"])
        names: list[str] = self.draw(st.lists(called, min_size=1, unique=True))
        holds = {name: self.condition(kind, deep=True) for name in names}
        return {"holds": holds} | self.maybe("need", lambda: self.one("all", *range(1, len(names) + 1)))

    def deadline(self, kind: str) -> Data:
        again: bool = self.draw(st.booleans())
        if again and self.related(kind):
            return self.repeated(kind)
        base = self.one("date", *(["instant"] if self.facts(kind, "instant") else []))
        within = ["24 hours", "8 open_hours"] if base == "instant" else []
        fields: Data = {"done": self.one(self.done(kind, base), [self.done(kind, base), self.done(kind, base)])}
        if self.draw(st.booleans()):
            fields |= {"due": self.moment(kind, base, deep=True)}
        else:
            fields |= {"after": self.moment(kind, base, deep=True), "within": self.one(self.period(), *within)}
            fields |= self.maybe("readings", lambda: {"later": {"within": self.one(self.period(), *within)}})
        fields |= self.maybe("until", lambda: self.moment(kind, base))
        own = [fact.name for fact in self.facts(kind, base)]
        return fields | self.maybe("not_before", lambda: self.one(*own))

    def done(self, kind: str, base: str) -> str:
        events = [self.event(kind, "first")] if base == "date" and self.related(kind) else []
        return self.one(*self.names(kind, base), *events)

    def period(self) -> str:
        return f"{self.number() + 1} {self.one('days', 'weeks', 'months', 'years', 'business_days')}"

    def repeated(self, kind: str) -> Data:
        fields = {"after": self.date(kind), "again": self.period(), "done": self.event(kind, "each")}
        fields |= {"counted": self.one("rolling", "grid")} | self.maybe("within", self.period)
        fields |= self.maybe("times", lambda: self.number() + 1)
        return fields | self.maybe("until", lambda: self.date(kind))

    def limit(self, kind: str) -> Data:
        least: int | Decimal = self.draw(_NUMBERS | st.sampled_from([Decimal("0.5"), Decimal("2.25")]))
        bound = self.one({"at_most": least}, {"at_least": least}, {"at_least": least, "at_most": least + self.number()})
        if not self.related(kind) or self.draw(st.booleans()):
            return {"measure": self.count(kind)} | bound
        other = self.one(*self.related(kind))
        measure = self.one(f"count({other})", f"sum({other}.amount)", f"count({other}, agreed)")
        return {"measure": measure, "window": self.one(*_WINDOWS)} | bound


_FORMS: Final[dict[str, Callable[[_Writer, str], Data]]] = {
    "definition": _Writer.definition,
    "criterion": _Writer.criterion,
    "deadline": _Writer.deadline,
    "limit": _Writer.limit,
}


@st.composite
def rulebook_data(draw: st.DrawFn) -> Data:
    """The data of a small valid rulebook: one or two kinds of its own, and rules of any of the four forms."""
    names = draw(st.lists(st.sampled_from(_KINDS), min_size=1, max_size=2, unique=True))
    tables = {name: draw(_kind(names[:number])) for number, name in enumerate(names)}
    writer = _Writer(draw, kinds.read(tables, library.CORE, Notes("drawn")), tuple(names))
    data: Data = {
        "rulebook": writer.one("lantern-house", "north_2"),
        "title": writer.one("The lantern house (invented)", "Haus an der Mühle"),
        "sources": {SOURCE: {"title": "A handbook that does not exist"}},
        "kinds": tables,
    }
    data |= writer.maybe("verified", lambda: draw(_DAYS)) | writer.maybe("version", lambda: "2026")
    data |= writer.maybe("gaps", lambda: {"G-1": "The handbook does not say."})
    data |= writer.maybe("recorded", lambda: {"R-1": {"facts": [f"{names[0]}.amount"]}})
    for number in range(draw(st.integers(1, 5))):
        form, rule = writer.rule(number)
        data.setdefault(form, []).append(rule)
    return data


def rulebooks() -> SearchStrategy[Rulebook]:
    """Small valid rulebooks of all four forms: written as files, and loaded."""
    return rulebook_data().map(lambda data: library.loads(written(data), file="drawn.toml"))


# the text of a file


def written(data: Mapping[str, object]) -> str:
    """The text of a file that says some data: rules stand under double brackets, all else behind an equals sign."""
    listed: Data = {key: value for key, value in data.items() if _is_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in data.items() if key not in listed]
    for key, tables in listed.items():
        for table in tables:
            lines += ["", f"[[{_key(key)}]]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items())]
    return "\n".join([*lines, ""])


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(each, dict) for each in value)


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "a").replace("-", "a").isalnum() else _text(key)


def _text(text: str) -> str:
    """A text between quotation marks: JSON writes it as TOML does, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case dt.date() | dt.time():
            return value.isoformat()
        case _:
            return str(value).replace("Infinity", "inf").replace("NaN", "nan")
