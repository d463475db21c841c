"""A TOML file to a rulebook: every fault of the file found in one reading.

A rule file can do nothing but state rules. It is bounded in size, no part of it is run, and it opens no other file: a
base that it extends is asked of `find`, which the caller gives.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from peersupport.rules import bounds, examples, headers, kinds, shapes, terms
from peersupport.rules.bodies import Parsed, build
from peersupport.rules.facts import Type, Vocabulary
from peersupport.rules.forms import Body, Definition, InForce, Question, Rule
from peersupport.rules.headers import Headers
from peersupport.rules.notes import Notes
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.rulebook import RecordedAs, Rulebook, Source
from peersupport.rules.terms import Term

LARGEST = 1_000_000
UNDATED = "undated"
"""The version of a rulebook that says neither a version nor a first day."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

Find = Callable[[str], Rulebook]


def load(text: str, vocabulary: Vocabulary, *, file: str = "rulebook", find: Find | None = None) -> Rulebook:
    """The rulebook that a TOML text states, over the core's vocabulary. Raises `InputError` with every fault.

    `file` names the text in messages; `find` gives the rulebook that this one extends.
    """
    text = text.removeprefix("\ufeff")
    return _Loader(_read(text, file), text, vocabulary, file, find).rulebook()


def version(text: str, file: str) -> str:
    """The version that a TOML text says it is, or else the first day on which it is in force. No rule is read."""
    data = _read(text.removeprefix("\ufeff"), file)
    days = data.get("in_force")
    start = days.get("from") if isinstance(days, dict) else None
    return str(data.get("version") or start or UNDATED)


def _read(text: str, file: str) -> dict[str, object]:
    if len(text) > LARGEST:
        raise InputError([Problem(file, f"longer than {LARGEST} characters", "split it into rulebooks")])
    try:
        text.encode()
    except UnicodeEncodeError as error:
        fault = f"half a character stands on line {text.count(chr(10), 0, error.start) + 1}"
        raise InputError([Problem(file, fault, "save the file as UTF-8")]) from None
    large = bounds.text_fault(text)
    if large:
        raise InputError([Problem(file, *large)])
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(file, f"not TOML: {error}")]) from None
    except (ValueError, ArithmeticError):
        raise InputError([Problem(file, "not TOML: a number is too long to be read")]) from None
    except RecursionError:
        raise InputError([Problem(file, "not TOML: it is nested too deeply")]) from None
    if shapes.too_deep(data):
        raise InputError([Problem(file, f"tables lie more than {shapes.DEEPEST} deep in one another")])
    said = bounds.faults(data)
    raise_any([Problem(f"{file}, {where}" if where else file, fault, mend) for where, fault, mend in said])
    return data


class _Loader:
    """Reads one file. Problems are noted as they are found and raised together at the end."""

    def __init__(
        self, data: Mapping[str, object], text: str, vocabulary: Vocabulary, file: str, find: Find | None
    ) -> None:
        self.text = text
        self.find = find
        self.notes: Notes = bounds.Limited(file)
        self.data = self.notes.fields("", data, shapes.HEADER)
        self.base = self.extended(self.data.get("extends"))
        self.vocabulary = self.base.vocabulary if self.base is not None else vocabulary
        self.bodies: dict[tuple[str, str], tuple[Body, ...]] = {}
        self.asked: dict[tuple[str, str], set[str]] = {}
        self.circles: dict[str, dict[str, int]] = {}

    def rulebook(self) -> Rulebook:
        name = self.word("rulebook")
        if "extends" in self.data and self.base is None:
            self.without_base()
        sources = self.sources()
        self.vocabulary = kinds.read(self.table("kinds"), self.vocabulary, self.notes)
        self.headers = Headers(self.notes, self.vocabulary, sources, self.text)
        in_force = headers.in_force(self.notes, "in_force", self.data.get("in_force"))
        self.begins(in_force)
        draft = Rulebook(
            name=name,
            title=self.string("title", needed=True),
            version=self.string("version") or (in_force.start.isoformat() if in_force.start else UNDATED),
            vocabulary=self.vocabulary,
            rules=self.merged(self.headers.rules(self.data)),
            sources=sources,
            jurisdiction=self.string("jurisdiction"),
            verified=self.date("verified"),
            in_force=in_force,
            questions=self.questions(),
            steps=self.steps(),
            review_every=headers.review_every(self.notes, "review_every", self.data.get("review_every")),
            recorded={**(self.base.recorded if self.base is not None else {}), **self.recorded()},
            not_modeled={**(self.base.not_modeled if self.base is not None else {}), **self.table("not_modeled")},
            gaps={**(self.base.gaps if self.base is not None else {}), **self.table("gaps")},
            extends=self.base.name if self.base is not None else "",
            base=self.base,
            may_only=self.string("may_only"),
            succeeds=self.string("succeeds"),
            beside=self.string("beside"),
            lapse=self.string("lapse"),
            digest=self.digest(),
            file=self.notes.file,
        )
        book = self.checked(draft)
        self.notes.raise_any()
        return book

    def digest(self) -> str:
        return hashlib.sha256(((self.base.digest if self.base is not None else "") + self.text).encode()).hexdigest()

    # the header

    def extended(self, name: object) -> Rulebook | None:
        if name is None:
            if "may_only" in self.data:
                self.notes.add("may_only", "stands in a file that extends no other", "write `extends`, or leave it out")
            return None
        if self.find is None:
            self.notes.add("extends", "cannot be read here", "load the file by its name or path")
            return None
        base = self.found(str(name), self.find)
        if base is not None and base.extends:
            self.notes.add("extends", f"{name} extends {base.extends} itself", "at most two layers")
        return base

    def begins(self, in_force: InForce) -> None:
        """What is said of the version before can only be said by one that begins on a day."""
        for key in ("succeeds", "beside", "lapse"):
            if key in self.data and in_force.start is None:
                self.notes.add(key, "stands in a version without a first day", "write in_force = { from = ... }")
        if "succeeds" in self.data and "beside" in self.data:
            self.notes.add("beside", "stands next to `succeeds`: a version ends, or runs on", "keep one of them")

    def found(self, name: str, find: Find) -> Rulebook | None:
        try:
            return find(name)
        except InputError as error:
            self.notes.extend(error.problems)
            return None

    def without_base(self) -> None:
        """What can be said of a file whose base is not there: of each value whether it is of the right sort."""
        self.string("title", needed=True)
        for form in shapes.FORMS:
            listed = self.data.get(form, [])
            for number, table in enumerate(listed if isinstance(listed, list) else [], 1):
                if isinstance(table, dict):
                    self.notes.fields(f"{form} {table.get('id', number)}", table, shapes.fields_of(form))
        self.notes.raise_any()

    def word(self, key: str) -> str:
        value = self.data.get(key)
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        self.notes.add(key, "is missing or not a name", "write small letters, digits, _ and -, as in my-state-agency")
        return "unnamed"

    def string(self, key: str, *, needed: bool = False) -> str:
        if needed and key not in self.data:
            self.notes.add(key, "is missing", "write it in quotation marks")
        return str(self.data.get(key, ""))

    def date(self, key: str) -> dt.date | None:
        value = self.data.get(key)
        return value if isinstance(value, dt.date) else None

    def table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        return value if isinstance(value, dict) else {}

    def sources(self) -> dict[str, Source]:
        """The sources of the base and of the file. One that is at fault is there too, so that it is said once."""
        found = dict(self.base.sources) if self.base is not None else {}
        for key, more in self.table("sources").items():
            source = self.source(key, more)
            if source != found.setdefault(key, source):
                fault = "is a source of the base, and would lead its rules elsewhere"
                self.notes.add(f"sources.{key}", fault, "choose another key")
        return found

    def source(self, key: str, more: object) -> Source:
        where = f"sources.{key}"
        if not isinstance(more, dict) or "title" not in more:
            self.notes.add(where, "has no title", 'write title = "..."')
            return Source(key, "")
        fields = {name: str(value) for name, value in self.notes.fields(where, more, shapes.SOURCE).items()}
        return Source(**{"title": "", **fields, "key": key})

    def recorded(self) -> dict[str, RecordedAs]:
        """The rows that no rule states and that facts keep: each fact is there."""
        return {row: self.recorded_as(row, more) for row, more in self.table("recorded").items()}

    def recorded_as(self, row: str, more: object) -> RecordedAs:
        where = f"recorded, {row}"
        if not isinstance(more, dict) or "facts" not in more:
            self.notes.add(where, "names no facts", 'write { facts = ["contact.topics"], says = "..." }')
            return RecordedAs(())
        if row in self.table("not_modeled"):
            self.notes.add(where, "stands under not_modeled too", "keep one of them")
        fields = self.notes.fields(where, more, shapes.RECORDED)
        named = headers.texts(fields.get("facts"))
        known = self.every_fact
        for name in (name for name in named if name not in known and not self.at_fault(name)):
            self.notes.add(f"{where}, facts", f"there is no fact {name!r}", near(name, known))
        return RecordedAs(named, str(fields.get("says", "")))

    @functools.cached_property
    def every_fact(self) -> frozenset[str]:
        """Each fact of the vocabulary, as `kind.fact`."""
        return frozenset(f"{kind}.{fact}" for kind in self.vocabulary for fact in self.vocabulary[kind].facts)

    def at_fault(self, name: str) -> bool:
        """Whether the declaration of a fact, or of its kind, is at fault itself: that is said already."""
        kind, _, fact = name.partition(".")
        return bool({(kind, ""), (kind, fact)} & set(self.vocabulary.faulty))

    def questions(self) -> tuple[Question, ...]:
        before = self.base.questions if self.base is not None else ()
        own = self.headers.questions(self.data.get("question"))
        for question in own:
            if question.id in {each.id for each in before}:
                self.notes.add(f"question {question.id}", "this id is taken", "the base has a question of this id")
        self.headers.linked((*before, *own), self.steps(), self.headers.ids(self.data.get("question")))
        return before + own

    def steps(self) -> dict[str, str]:
        """The steps of the base, then those of the file; a title said anew stands in the place of the base's."""
        return {**(self.base.steps if self.base is not None else {}), **self.table("steps")}

    # the whole

    def merged(self, own: Mapping[str, Rule]) -> dict[str, Rule]:
        """The base's rules with this file's in the place of those they replace, and its others behind them."""
        before = dict(self.base.rules) if self.base is not None else {}
        without = self.without(before)
        replaced = self.replaced(own, before)
        rules = {new.id: new for id_, old in before.items() if id_ not in without for new in (replaced.get(id_, old),)}
        for id_, rule in own.items():
            if id_ in before and rule.replaces != id_:
                self.notes.add(self.headers.place(rule), "the base has a rule of this id", f'write replaces = "{id_}"')
            rules.setdefault(id_, rule)
        return rules

    def without(self, before: Mapping[str, Rule]) -> tuple[str, ...]:
        names = headers.texts(self.data.get("without"))
        for name in names:
            if name not in before:
                self.notes.add("without", f"the base has no rule {name!r}", near(name, before))
        return names

    def replaced(self, own: Mapping[str, Rule], before: Mapping[str, Rule]) -> dict[str, Rule]:
        """The rules that replace one of the base, by its id."""
        found: dict[str, Rule] = {}
        for rule in own.values():
            place = f"{self.headers.place(rule)}, replaces"
            if rule.replaces and rule.replaces not in before:
                self.notes.add(place, f"the base has no rule {rule.replaces!r}", near(rule.replaces, before))
            elif rule.replaces in found:
                self.notes.add(place, f"{found[rule.replaces].id} replaces {rule.replaces} already", "one of them can")
            elif rule.replaces:
                found[rule.replaces] = rule
        return found

    def checked(self, draft: Rulebook) -> Rulebook:
        """The rulebook with its definitions and every body of every rule read once."""
        definitions: dict[tuple[str, str], tuple[str, Type]] = {}
        responsible = kinds.responsible(draft.vocabulary, self.notes)
        book = attrs.evolve(draft, definitions=definitions, responsible=responsible)
        for rule in sorted(book, key=lambda rule: rule.form != "definition"):
            for kind in rule.about:
                bodies = {} if rule.id in self.headers.unread else self.built(book, rule, kind)
                self.bodies[rule.id, kind] = tuple(bodies.values())
                if rule.form == "definition":
                    self.define(book, rule, kind, bodies, definitions)
        self.references(book)
        self.worked(book)
        return book

    def built(self, book: Rulebook, rule: Rule, kind: str) -> dict[str, Body]:
        """The bodies of a rule for one of its kinds, by reading."""
        bodies: dict[str, Body] = {}
        parsed: Parsed = {}
        for reading in ("", *rule.readings):
            place = self.notes.place(self.headers.place(rule)) + (f", reading {reading!r}" if reading else "")
            body, problems = build(rule, book.scope(kind), frozenset({reading} - {""}), place, parsed)
            self.notes.extend(p for p in problems if not reading or not _said(p, self.notes.problems))
            if body:
                bodies[reading] = body
                book.keep(rule, kind, reading, body)
        return bodies

    def define(
        self,
        book: Rulebook,
        rule: Rule,
        kind: str,
        bodies: Mapping[str, Body],
        definitions: dict[tuple[str, str], tuple[str, Type]],
    ) -> None:
        """Put a definition's name among those of its kind."""
        name = rule.id.rpartition(".")[2]
        place = self.headers.place(rule)
        if name in book.vocabulary[kind].facts or not kinds.is_name(name):
            self.notes.add(place, f"a definition cannot be called {name!r}", "it is a fact or a word")
            return
        if (kind, name) in definitions:
            fault = f"{definitions[kind, name][0]} defines {name!r} of {kind} already"
            self.notes.add(place, fault, "end the id in another name")
            return
        types = {reading: body.form.value.type for reading, body in bodies.items() if isinstance(body.form, Definition)}
        if "" not in types:
            self.vocabulary.faulty.add((kind, name))
            return
        definitions[kind, name] = (rule.id, types[""])
        for reading, type_ in types.items():
            if _plain(type_) != _plain(types[""]):
                fault = f"is {type_}, and without the reading {types['']}"
                self.notes.add(f"{place}, reading {reading!r}, is", fault, "a name has one type under every reading")

    def references(self, book: Rulebook) -> None:
        """`met` names a rule that is there, judges the same kind, and does not lead back to where it stands."""
        for rule in book:
            for kind in rule.about:
                for name in sorted(self.named(rule.id, kind)) if _asks(rule) else ():
                    fault, mend = self.met_fault(book, rule, kind, name)
                    if fault:
                        self.notes.add(self.headers.place(rule), f"met({name!r}){fault}", mend)

    def named(self, rule: str, kind: str) -> set[str]:
        """The rules that a rule asks for with `met`, under any of its readings."""
        if (rule, kind) not in self.asked:
            tops = [top for body in self.bodies.get((rule, kind), ()) for top in parts(body)]
            nodes = (node for top in tops for node in terms.walk(top))
            self.asked[rule, kind] = {node.rule for node in nodes if isinstance(node, terms.Met)}
        return self.asked[rule, kind]

    def met_fault(self, book: Rulebook, rule: Rule, kind: str, name: str) -> tuple[str, str]:
        if name not in book and self.base is not None and name in self.base:
            return ": there is no such rule", f"the base has one: `without` or `replaces` takes it away here: {name}"
        if name not in book:
            return ("", "") if self.headers.nameless else (": there is no such rule", near(name, book.rules))
        asked = book[name]
        if asked.form == "definition" or (asked.about and kind not in asked.about):
            return f": that rule does not judge a {kind}", ""
        return (" leads back to this rule", "") if self.leads_back(rule.id, name, kind) else ("", "")

    def leads_back(self, rule: str, name: str, kind: str) -> bool:
        """Whether one that a rule asks for asks for the rule, itself or over others."""
        if kind not in self.circles:
            rules = [each for each, about in self.bodies if about == kind]
            self.circles[kind] = bounds.circles({each: self.named(each, kind) for each in rules})
        return self.circles[kind].get(rule) == self.circles[kind].get(name, -1)

    def worked(self, book: Rulebook) -> None:
        for rule in book:
            self.headers.sentences(rule)
            for number, example in enumerate(rule.examples, 1):
                where = self.notes.place(f"{self.headers.place(rule)}, example {number}")
                behind = self.behind(book, rule) if example.reading not in {"", *rule.readings} else ()
                self.notes.extend(examples.faults(book.vocabulary, rule, example, where, behind))

    def behind(self, book: Rulebook, rule: Rule) -> list[str]:
        """The readings of the definitions and rules that a rule asks for, itself and over others."""
        found = [rule.id]
        for name in found:
            bodies = [body for kind in book[name].about for body in self.bodies.get((name, kind), ())]
            nodes = [node for body in bodies for top in parts(body) for node in terms.walk(top)]
            asked = dict.fromkeys(node.rule for node in nodes if isinstance(node, (terms.Defined, terms.Met)))
            found += [each for each in asked if each not in found and each in book]
        return [reading for name in found[1:] for reading in book[name].readings]


def _asks(rule: Rule) -> bool:
    """Whether a rule may ask for another: the word is in it."""
    return "met" in str(rule.fields) or "met" in str(rule.readings)


def parts(body: Body) -> list[Term]:
    """Every term of a body, from the top."""
    return [*_terms(body.conditions), *_terms(body.form)]


def _terms(value: Any) -> list[Term]:  # noqa: ANN401  whatever a form has in its fields
    if isinstance(value, terms.NODES):
        return [value]
    if isinstance(value, tuple):
        return [term for each in value for term in _terms(each)]
    if not attrs.has(type(value)):
        return []
    return [term for field in attrs.fields(type(value)) for term in _terms(getattr(value, field.name))]


def _said(problem: Problem, before: list[Problem]) -> bool:
    """Whether a fault of a reading is only the default's fault once more."""
    return any(other.text == problem.text and other.fault == problem.fault for other in before)


def _plain(type_: Type) -> Type:
    return attrs.evolve(type_, or_none=False, decimal=False)
