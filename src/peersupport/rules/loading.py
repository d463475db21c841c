"""A TOML file to a rulebook: every fault of the file found in one reading.

A rule file can do nothing but state rules. It is bounded in size, no part of it is run, and it opens no other file: a
base that it extends is asked of `find`, which the caller gives.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from peersupport.rules import examples, facts, syntax, terms
from peersupport.rules.bodies import build
from peersupport.rules.facts import Fact, Kind, Record, Span, Type, Vocabulary
from peersupport.rules.forms import Body, Citation, Definition, Example, Force, FormName, InForce, Question, Rule
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook, Source
from peersupport.rules.syntax import WORDS, Scope
from peersupport.rules.terms import Term

LARGEST = 1_000_000
FORMS: Final[tuple[FormName, ...]] = ("definition", "criterion", "deadline", "limit")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_KIND_NAME = re.compile(r"[a-z][a-z0-9_]*")
_COMMON = {"id", "about", "says", "source", "covers", "examples", "assumes", "force", "readings", "in_force"}
_COMMON |= {"responsible", "when", "unless", "replaces", "choose"}
_FIELDS: dict[FormName, set[str]] = {
    "definition": {"is"},
    "criterion": {"holds", "need"},
    "deadline": {"due", "after", "within", "not_before", "done", "again", "counted", "times", "until"},
    "limit": {"measure", "at_least", "at_most", "window"},
}
_FIXED = {"id", "about", "source", "covers", "examples", "readings", "replaces", "in_force", "choose", "force"}
_HEADER = {"rulebook", "title", "version", "jurisdiction", "verified", "in_force", "sources", "kinds", "not_modeled"}
_HEADER |= {"gaps", "extends", "without", "may_only", "question", *FORMS}
_KIND_KEYS = {"span", "dated_by", "responsible", "says"}
_VERDICTS = ("met", "not_met", "unknown", "pending", "not_applicable")
_FILLED = re.compile(r"\{([^{}]*)\}")

Find = Callable[[str], Rulebook]


def load(text: str, vocabulary: Vocabulary, *, file: str = "rulebook", find: Find | None = None) -> Rulebook:
    """The rulebook that a TOML text states, over the core's vocabulary. Raises `InputError` with every fault.

    `file` names the text in messages; `find` gives the rulebook that this one extends.
    """
    if len(text) > LARGEST:
        raise InputError([Problem(file, f"longer than {LARGEST} characters", "split it into rulebooks")])
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError([Problem(file, f"not TOML: {error}")]) from None
    return _Loader(data, text, vocabulary, file, find).rulebook()


class _Loader:
    """Reads one file. Problems are noted as they are found and raised together at the end."""

    def __init__(
        self, data: Mapping[str, object], text: str, vocabulary: Vocabulary, file: str, find: Find | None
    ) -> None:
        self.data = data
        self.text = text
        self.file = file
        self.find = find
        self.problems: list[Problem] = []
        self.base = self.extended()
        self.vocabulary = self.base.vocabulary if self.base else vocabulary
        self.lines = _lines(text)

    def problem(self, where: str, fault: str, mend: str = "") -> None:
        self.problems.append(Problem(f"{self.file}, {where}" if where else self.file, fault, mend))

    def rulebook(self) -> Rulebook:
        self.unknown_keys("", self.data, _HEADER)
        name = self.word("rulebook")
        sources = self.sources()
        self.vocabulary = Vocabulary({**self.vocabulary.kinds, **self.kinds()})
        rules = self.rules(sources)
        in_force = self.in_force("in_force", self.data.get("in_force"))
        draft = Rulebook(
            name=name,
            title=self.string("title", needed=True),
            version=self.string("version") or (in_force.start.isoformat() if in_force.start else "undated"),
            vocabulary=self.vocabulary,
            rules=self.merged(rules),
            sources={**(self.base.sources if self.base else {}), **sources},
            jurisdiction=self.string("jurisdiction"),
            verified=self.date("verified"),
            in_force=in_force,
            questions=(self.base.questions if self.base else ()) + self.questions(sources),
            not_modeled={**(self.base.not_modeled if self.base else {}), **self.texts("not_modeled")},
            gaps={**(self.base.gaps if self.base else {}), **self.texts("gaps")},
            extends=self.base.name if self.base else "",
            digest=self.digest(),
            file=self.file,
        )
        book = self.checked(draft)
        if self.problems:
            raise InputError(self.problems)
        return book

    def digest(self) -> str:
        return hashlib.sha256(((self.base.digest if self.base else "") + self.text).encode()).hexdigest()

    # the header

    def extended(self) -> Rulebook | None:
        name = self.data.get("extends")
        if name is None:
            return None
        if not isinstance(name, str) or self.find is None:
            self.problem("extends", "cannot be read here", "load the file by its name or path")
            return None
        base = self.find(name)
        if base.extends:
            self.problem("extends", f"{name} extends {base.extends} itself", "at most two layers")
        if self.data.get("may_only") is not None:
            self.problem("may_only", "is not proved by this version of the package", "leave it out")
        return base

    def unknown_keys(self, where: str, table: Mapping[str, object], known: Iterable[str]) -> None:
        names = set(known)
        for key in table:
            if key not in names:
                self.problem(where, f"there is no field {key!r}", near(key, names))

    def word(self, key: str) -> str:
        value = self.data.get(key)
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        self.problem(key, "is missing or not a name", "write small letters, digits, _ and -, as in my-state-agency")
        return "unnamed"

    def string(self, key: str, *, needed: bool = False) -> str:
        value = self.data.get(key)
        if isinstance(value, str) and value:
            return value
        if needed or value is not None:
            self.problem(key, "is missing or not a text", "write it in quotation marks")
        return ""

    def date(self, key: str) -> dt.date | None:
        value = self.data.get(key)
        if value is None or type(value) is dt.date:
            return value
        self.problem(key, "is not a date", "write it without quotation marks, as in 2026-01-31")
        return None

    def texts(self, key: str) -> dict[str, str]:
        table = self.data.get(key, {})
        if not isinstance(table, dict) or not all(isinstance(v, str) and v for v in table.values()):
            self.problem(key, "is not a table of texts", 'write "ROW" = "the reason"')
            return {}
        return {str(k): str(v) for k, v in table.items()}

    def in_force(self, where: str, value: object) -> InForce:
        if value is None:
            return InForce()
        table = value if isinstance(value, dict) else {"": None}
        self.unknown_keys(where, table, {"from", "until"})
        start, until = table.get("from"), table.get("until")
        good = all(day is None or type(day) is dt.date for day in (start, until))
        if not good or (start and until and not start < until):
            self.problem(where, "is not a window of days", "write { from = 2026-01-01, until = 2027-01-01 }")
            return InForce()
        return InForce(start, until)

    def sources(self) -> dict[str, Source]:
        table = self.data.get("sources", {})
        found: dict[str, Source] = {}
        known = {field.name for field in attrs.fields(Source)} - {"key"}
        for key, more in table.items() if isinstance(table, dict) else ():
            if not isinstance(more, dict) or not isinstance(more.get("title"), str):
                self.problem(f"sources.{key}", "has no title")
                continue
            self.unknown_keys(f"sources.{key}", more, known)
            found[key] = Source(key, **{k: str(v) for k, v in more.items() if k in known})
        return found

    # kinds

    def kinds(self) -> dict[str, Kind]:
        table = self.data.get("kinds", {})
        if not isinstance(table, dict):
            self.problem("kinds", "is not a table of kinds")
            return {}
        made = {name: self.kind(name, more) for name, more in table.items()}
        found = {name: kind for name, kind in made.items() if kind}
        names = {*self.vocabulary, *found}
        for name, kind in found.items():
            for fact in kind.stored:
                if fact.type.kind and fact.type.kind not in names:
                    self.problem(
                        f"kinds.{name}, {fact.name}", f"no kind {fact.type.kind!r}", near(fact.type.kind, names)
                    )
        return found

    def kind(self, name: str, declared: object) -> Kind | None:
        where = f"kinds.{name}"
        if not isinstance(declared, dict):
            self.problem(where, "is not a table of facts")
            return None
        if not _KIND_NAME.fullmatch(name) or (name in WORDS and name != "program"):
            self.problem(where, "cannot be the name of a kind", "small letters, no word of the language")
        base = self.vocabulary.kinds.get(name)
        added = [
            fact for key, more in declared.items() if key not in _KIND_KEYS for fact in self.fact(where, key, more)
        ]
        for fact in added:
            if base and fact.name in base.facts and base.facts[fact.name].type != fact.type:
                self.problem(f"{where}, {fact.name}", f"is {base.facts[fact.name].type} already", "choose another name")
        new = [fact for fact in added if not base or fact.name not in base.facts]
        all_facts = {**(base.facts if base else {}), **{fact.name: fact for fact in new}}
        kind = Kind(
            name=name,
            record=base.record if base else Record,
            facts=all_facts,
            says=str(declared.get("says", base.says if base else "")),
            span=self.span(where, declared.get("span"), all_facts) or (base.span if base else None),
            dated_by=self.dated_by(where, declared.get("dated_by"), all_facts) or (base.dated_by if base else ""),
            responsible=str(declared.get("responsible", base.responsible if base else "")),
        )
        return facts.make_kind(base, kind, new) if new or not base else kind

    def fact(self, where: str, name: str, declared: object) -> list[Fact]:
        if name in WORDS or name == "id" or not _KIND_NAME.fullmatch(name):
            self.problem(f"{where}, {name}", "cannot be the name of a fact", "small letters, no word of the language")
            return []
        try:
            return [attrs.evolve(facts.read_fact(name, declared), added=True)]
        except ValueError as error:
            self.problem(f"{where}, {name}", str(error))
            return []

    def span(self, where: str, declared: object, known: Mapping[str, Fact]) -> Span | None:
        if declared is None:
            return None
        table = declared if isinstance(declared, dict) else {}
        end = table.get("until", table.get("through"))
        names = [table.get("from"), end]
        good = len(table) == 2 and all(self.moment(name, known) for name in names)
        if not good or known[str(names[0])].type.base != known[str(end)].type.base:
            mend = 'write { from = "starts_on", until = "ends_on" }, or `through` where the last day is in'
            self.problem(f"{where}, span", "does not name two facts that are dates, or two instants", mend)
            return None
        return Span(str(names[0]), str(end), "through" in table)

    def dated_by(self, where: str, declared: object, known: Mapping[str, Fact]) -> str:
        if declared is None or self.moment(declared, known):
            return str(declared or "")
        self.problem(f"{where}, dated_by", f"{declared!r} is not a fact that is a date", near(str(declared), known))
        return ""

    @staticmethod
    def moment(name: object, known: Mapping[str, Fact]) -> bool:
        return isinstance(name, str) and name in known and terms.is_moment(known[name].type)

    # rules

    def rules(self, sources: Mapping[str, Source]) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        for form in FORMS:
            listed = self.data.get(form, [])
            if not isinstance(listed, list):
                self.problem(form, "is not a list of rules", f"write [[{form}]]")
                continue
            for number, table in enumerate(listed, 1):
                rule = self.rule(form, number, table, sources)
                if rule and rule.id in found:
                    self.problem(self.place(rule), "this id is taken", "each rule has its own")
                elif rule:
                    found[rule.id] = rule
        return dict(sorted(found.items(), key=lambda item: self.lines.get(item[0], 0)))

    def place(self, rule: Rule) -> str:
        return _place(rule.form, rule.id, self.lines)

    def rule(self, form: FormName, number: int, table: object, sources: Mapping[str, Source]) -> Rule | None:
        if not isinstance(table, dict):
            self.problem(f"{form} {number}", "is not a table")
            return None
        id_ = table.get("id")
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            self.problem(f"{form} {number}, id", "is missing or not an id", "write it as in plan.reviewed")
            return None
        where = _place(form, id_, self.lines)
        known = _COMMON | _FIELDS[form]
        self.unknown_keys(where, table, known)
        return Rule(
            id=id_,
            form=form,
            about=self.about(where, table),
            says=self.says(where, table.get("says")),
            source=self.citations(where, table.get("source"), sources),
            covers=self.strings(f"{where}, covers", table.get("covers", [])),
            force=self.force(where, table.get("force", "must")),
            readings=self.readings(where, table.get("readings", {}), known - _FIXED),
            choose=table.get("choose") is True,
            assumes=self.strings(f"{where}, assumes", [table.get("assumes", "")])[0] if "assumes" in table else "",
            in_force=self.in_force(f"{where}, in_force", table.get("in_force")),
            examples=self.examples(where, table.get("examples", [])),
            replaces=str(table.get("replaces", "")),
            fields={key: value for key, value in table.items() if key not in _FIXED},
        )

    def about(self, where: str, table: Mapping[str, object]) -> tuple[str, ...]:
        value = table.get("about")
        names = self.strings(f"{where}, about", [value] if isinstance(value, str) else value)
        for name in names:
            if name not in self.vocabulary:
                self.problem(f"{where}, about", f"there is no kind {name!r}", near(name, self.vocabulary))
        return tuple(name for name in names if name in self.vocabulary)

    def strings(self, where: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        self.problem(where, "is missing or not a text or a list of texts")
        return ("",) * len(value) if isinstance(value, list) else ()

    def says(self, where: str, value: object) -> str:
        if not isinstance(value, str) or not value:
            self.problem(f"{where}, says", "is missing", "say the rule in one plain sentence")
            return ""
        for name in _FILLED.findall(value):
            if name not in {"within", "again", "at_least", "at_most", "times", "window", "need"}:
                self.problem(f"{where}, says", f"{{{name}}} is no number of a rule", "use {within}, {again}, {at_most}")
        return value

    def citations(self, where: str, value: object, sources: Mapping[str, Source]) -> tuple[Citation, ...]:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts:
            self.problem(f"{where}, source", "is missing", "a rule without a source does not load")
            return ()
        return tuple(self.citation(where, text, sources) for text in texts)

    def citation(self, where: str, text: object, sources: Mapping[str, Source]) -> Citation:
        key, colon, part = str(text).partition(": ")
        known = {**(self.base.sources if self.base else {}), **sources}
        if not colon or not part:
            self.problem(f"{where}, source", f"{text!r} names no part", "write 'KEY: the part of the source'")
        elif key not in known:
            self.problem(f"{where}, source", f"there is no source {key!r}", near(key, known))
        return Citation(key, part)

    def force(self, where: str, value: object) -> Force:
        if value in set(Force):
            return Force(str(value))
        mend = "'may' has nothing to break: say it in `when`, `unless` or `says`" if value == "may" else ""
        self.problem(f"{where}, force", f"{value!r} is not must, should or best_effort", mend)
        return Force.MUST

    def readings(self, where: str, value: object, known: set[str]) -> dict[str, dict[str, object]]:
        if not isinstance(value, dict) or not all(isinstance(each, dict) and each for each in value.values()):
            self.problem(f"{where}, readings", "is not a table of readings, each with the fields that it overrides")
            return {}
        for name, fields in value.items():
            self.unknown_keys(f"{where}, readings.{name!r}", fields, known)
        return value

    def examples(self, where: str, value: object) -> tuple[Example, ...]:
        if not isinstance(value, list):
            self.problem(f"{where}, examples", "is not a list of worked cases")
            return ()
        return tuple(found for i, each in enumerate(value, 1) if (found := self.example(f"{where}, example {i}", each)))

    def example(self, where: str, value: object) -> Example | None:
        if not isinstance(value, dict):
            self.problem(where, "is not a table", "write { given = { ... }, on = 2026-06-30, verdict = 'met' }")
            return None
        names = {"given", "on", "verdict", "about", "reading", "note"}
        self.unknown_keys(where, value, names)
        good = isinstance(value.get("given"), dict) and type(value.get("on")) is dt.date
        if not good or value.get("verdict") not in _VERDICTS:
            self.problem(
                where, "needs `given` (a table), `on` (a date) and `verdict`", f"one of {', '.join(_VERDICTS)}"
            )
            return None
        return Example(**{key: each for key, each in value.items() if key in names})

    def questions(self, sources: Mapping[str, Source]) -> tuple[Question, ...]:
        listed = self.data.get("question", [])
        found: list[Question] = []
        for number, table in enumerate(listed if isinstance(listed, list) else [], 1):
            where = f"question {number}"
            if not isinstance(table, dict) or not all(isinstance(table.get(k), str) for k in ("id", "step", "asks")):
                self.problem(where, "needs `id`, `step` and `asks`")
                continue
            self.unknown_keys(where, table, {"id", "step", "asks", "source", "covers"})
            source = self.citations(where, table.get("source"), sources)
            covers = self.strings(f"{where}, covers", table.get("covers", []))
            found.append(Question(table["id"], table["step"], table["asks"], source, covers))
        return tuple(found)

    # the whole

    def merged(self, own: Mapping[str, Rule]) -> dict[str, Rule]:
        """The base's rules with this file's in the place of those they replace, and its others behind them."""
        without = self.strings("without", self.data.get("without", []))
        before = dict(self.base.rules) if self.base else {}
        for name in without:
            if name not in before:
                self.problem("without", f"the base has no rule {name!r}", near(name, before))
        replaced = {rule.replaces: rule for rule in own.values() if rule.replaces}
        for name, rule in replaced.items():
            if name not in before:
                self.problem(f"{self.place(rule)}, replaces", f"the base has no rule {name!r}", near(name, before))
        rules = {new.id: new for id_, old in before.items() if id_ not in without for new in (replaced.get(id_, old),)}
        for id_, rule in own.items():
            if id_ in before and rule.replaces != id_:
                self.problem(self.place(rule), "the base has a rule of this id", f'write replaces = "{id_}"')
            rules.setdefault(id_, rule)
        return rules

    def checked(self, draft: Rulebook) -> Rulebook:
        """The rulebook with its definitions and every body of every rule read once."""
        definitions: dict[tuple[str, str], tuple[str, Type]] = {}
        book = attrs.evolve(draft, definitions=definitions, responsible=self.responsible(draft.vocabulary))
        for rule in sorted(book, key=lambda rule: rule.form != "definition"):
            for kind in rule.about:
                self.body(book, rule, kind, definitions)
        if not self.problems:
            self.references(book)
            self.worked(book)
        return book

    def body(self, book: Rulebook, rule: Rule, kind: str, definitions: dict[tuple[str, str], tuple[str, Type]]) -> None:
        bodies: dict[str, Body] = {}
        for reading in ("", *rule.readings):
            place = f"{self.file}, {self.place(rule)}" + (f", reading {reading!r}" if reading else "")
            body, problems = build(rule, book.scope(kind), frozenset({reading} - {""}), place)
            self.problems.extend(problem for problem in problems if not reading or not _said(problem, self.problems))
            if body:
                bodies[reading] = body
        first = bodies.get("")
        if first and isinstance(first.form, Definition):
            name = rule.id.rpartition(".")[2]
            if name in book.vocabulary[kind].facts or name in WORDS or not _KIND_NAME.fullmatch(name):
                self.problem(self.place(rule), f"a definition cannot be called {name!r}", "it is a fact or a word")
            definitions[kind, name] = (rule.id, first.form.value.type)

    def responsible(self, vocabulary: Vocabulary) -> dict[str, Term]:
        found: dict[str, Term] = {}
        for name in vocabulary:
            text = vocabulary[name].responsible
            if not text:
                continue
            try:
                found[name] = syntax.parse(text, Scope(vocabulary, name))
            except syntax.SyntaxFaults as error:
                for fault in error.faults:
                    place = f"{self.file}, kinds.{name}, responsible"
                    self.problems.append(Problem(place, fault.fault, fault.mend, text, fault.at))
        return found

    def references(self, book: Rulebook) -> None:
        """`met` names a rule that is there, judges the same kind, and does not lead back to where it stands."""
        for rule in book:
            for kind in rule.about:
                for name in sorted(_named(book, rule, kind)):
                    fault = _met_fault(book, rule, kind, name)
                    if fault:
                        self.problem(self.place(rule), fault, near(name, book.rules) if name not in book else "")

    def worked(self, book: Rulebook) -> None:
        for rule in book:
            for number, example in enumerate(rule.examples, 1):
                where = f"{self.file}, {self.place(rule)}, example {number}"
                self.problems.extend(examples.faults(book.vocabulary, rule, example, where))


def _met_fault(book: Rulebook, rule: Rule, kind: str, name: str) -> str:
    if name not in book:
        return f"met({name!r}): there is no such rule"
    if kind not in book[name].about or book[name].form == "definition":
        return f"met({name!r}): that rule does not judge a {kind}"
    return f"met({name!r}) leads back to this rule" if _reaches(book, name, rule.id, kind, frozenset()) else ""


def _reaches(book: Rulebook, start: str, goal: str, kind: str, seen: frozenset[str]) -> bool:
    if start == goal:
        return True
    if start in seen or start not in book or kind not in book[start].about:
        return False
    named = _named(book, book[start], kind)
    return any(_reaches(book, name, goal, kind, seen | {start}) for name in named)


def _named(book: Rulebook, rule: Rule, kind: str) -> set[str]:
    """The rules that a rule asks for with `met`, under any of its readings."""
    bodies = [book.body(rule, kind, frozenset({name} - {""})) for name in ("", *rule.readings)]
    return {
        node.rule for body in bodies for top in parts(body) for node in terms.walk(top) if isinstance(node, terms.Met)
    }


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


def _lines(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r"""\s*id\s*=\s*["']([^"']+)["']""", line)
        if match:
            found.setdefault(match.group(1), number)
    return found


def _place(form: str, id_: str, lines: Mapping[str, int]) -> str:
    line = f"line {lines[id_]}, " if id_ in lines else ""
    return f"{line}{form} {id_}"
