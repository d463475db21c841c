"""All of a rule but its body, from the tables of a file: id, kinds, sentence, sources, readings, worked cases."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final, get_args

from peersupport.rules import calendar, shapes
from peersupport.rules.calendar import Period, Unit
from peersupport.rules.facts import Vocabulary
from peersupport.rules.forms import FILLED, Citation, Example, Force, FormName, InForce, Question, Rule
from peersupport.rules.notes import Notes
from peersupport.rules.problems import near
from peersupport.rules.shapes import Shape

FORMS: Final[tuple[FormName, ...]] = get_args(FormName)
VERDICTS = ("met", "not_met", "unknown", "pending", "not_applicable")
REVIEWED_IN: Final[frozenset[Unit]] = frozenset({"days", "weeks", "months", "years"})
"""The units of the period after which an answer is looked at again."""
_PART = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")
_BRACES = re.compile(r"\{([^{}]*)\}")
_HEAD_LINE = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]\s*(?:#.*)?")
_ID_LINE = re.compile(r"""\s*id\s*=\s*["']""")


class Headers:
    """Reads the rules and questions of a file up to their bodies."""

    def __init__(self, notes: Notes, vocabulary: Vocabulary, sources: Mapping[str, object], text: str) -> None:
        self.notes = notes
        self.vocabulary = vocabulary
        self.sources = sources
        self.lines = _lines(text)
        self.places: dict[str, str] = {}
        self.unread: set[str] = set()
        self.nameless = False

    def place(self, rule: Rule) -> str:
        """Where a rule stands: in this file, or in the one that it extends."""
        return self.places.get(rule.id, f"{rule.form} {rule.id}")

    def rules(self, data: Mapping[str, object]) -> dict[str, Rule]:
        """The rules in the order of the file."""
        found: list[tuple[int, Rule]] = []
        for form in FORMS:
            for number, table in _numbered(data.get(form)):
                rule = self.rule(form, number, table)
                if rule:
                    found.append((self.lines.get((form, number), 0), rule))
        return {rule.id: rule for _, rule in sorted(found, key=lambda item: item[0])}

    def taken(self, id_: str, where: str) -> bool:
        """Whether an id stands in the file already; if not, it does now."""
        if id_ in self.places:
            self.notes.add(where, "this id is taken", f"each has its own: it is that of {self.places[id_]}")
            return True
        self.places[id_] = where
        return False

    def rule(self, form: FormName, number: int, table: object) -> Rule | None:
        if not isinstance(table, dict):
            self.notes.add(f"{form} {number}", "is not a table")
            return None
        id_ = table.get("id")
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            self.nameless = True
            self.notes.add(f"{form} {number}, id", "is missing or not an id", "write it as in plan.reviewed")
            return None
        line = f"line {self.lines[form, number]}, " if (form, number) in self.lines else ""
        where = f"{line}{form} {id_}"
        return None if self.taken(id_, where) else self.read(form, id_, where, table)

    def read(self, form: FormName, id_: str, where: str, table: Mapping[str, object]) -> Rule:
        known = shapes.fields_of(form)
        read = shapes.FORMS[form].keys() | shapes.VERDICT_READ.keys() | {"readings"}
        if read & shapes.misfits(table, known).keys():
            self.unread.add(id_)
        fields = self.notes.fields(where, self.for_form(form, where, table), known)
        rule = Rule(
            id=id_,
            form=form,
            about=self.about(where, fields.get("about")),
            says=str(fields.get("says", "")),
            source=self.citations(where, fields.get("source")),
            covers=texts(fields.get("covers")),
            force=self.force(where, fields.get("force", "must")),
            readings=self.readings(id_, where, fields.get("readings", {}), known),
            choose=fields.get("choose") is True,
            critical=fields.get("critical") is True,
            assumes=str(fields.get("assumes", "")),
            in_force=in_force(self.notes, f"{where}, in_force", fields.get("in_force")),
            examples=self.examples(where, fields.get("examples")),
            replaces=str(fields.get("replaces", "")),
            fields={key: value for key, value in fields.items() if key not in shapes.FIXED},
        )
        if rule.choose and "readings" not in table:
            self.notes.add(f"{where}, choose", "there is no reading to choose", "write the readings, or leave it out")
        if not rule.says:
            self.notes.add(f"{where}, says", "is missing", "say the rule in one plain sentence")
        return rule

    def for_form(self, form: FormName, where: str, table: Mapping[str, object]) -> dict[str, object]:
        """The fields without those that belong to a verdict, where the form has none."""
        verdict = shapes.VERDICT_FIXED.keys() | shapes.VERDICT_READ.keys() if form == "definition" else set()
        for key in [key for key in table if key in verdict]:
            self.notes.add(f"{where}, {key}", "belongs to a verdict, and a definition has none", "leave it out")
        return {key: value for key, value in table.items() if key not in verdict}

    def about(self, where: str, value: object) -> tuple[str, ...]:
        names = texts(value)
        if not names:
            self.notes.add(f"{where}, about", "is missing", "write the kind that the rule judges")
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                self.notes.add(f"{where}, about", f"names {name!r} twice")
            if name not in self.vocabulary and (name, "") not in self.vocabulary.faulty:
                self.notes.add(f"{where}, about", f"there is no kind {name!r}", near(name, self.vocabulary))
        return tuple(name for name in dict.fromkeys(names) if name in self.vocabulary)

    def sentences(self, rule: Rule) -> None:
        """The sentence of a rule, and of each reading, takes its numbers from fields that are there."""
        where = self.place(rule)
        if self.notes.touches(where):
            return
        self.filled(f"{where}, says", rule, frozenset())
        for name, fields in rule.readings.items():
            if "says" in fields:
                self.filled(f"{where}, reading {name!r}, says", rule, frozenset({name}))

    def filled(self, place: str, rule: Rule, chosen: frozenset[str]) -> None:
        for name in _BRACES.findall(str(rule.field("says", chosen))):
            if name not in FILLED:
                self.notes.add(place, f"{{{name}}} is no number of a rule", "use {within}, {again}, {at_most}")
            elif rule.field(name, chosen) is None:
                self.notes.add(place, f"{{{name}}} stands here, and the rule has no `{name}`", "write the number out")

    def citations(self, where: str, value: object) -> tuple[Citation, ...]:
        """Places in sources that are there."""
        if value is None:
            self.notes.add(f"{where}, source", "is missing", "a rule without a source does not load")
        return tuple(self.citation(where, text) for text in texts(value))

    def citation(self, where: str, text: str) -> Citation:
        key, colon, part = text.partition(": ")
        if not colon or not part:
            self.notes.add(f"{where}, source", f"{text!r} names no part", "write 'KEY: the part of the source'")
        elif key not in self.sources:
            self.notes.add(f"{where}, source", f"there is no source {key!r}", near(key, self.sources))
        return Citation(key, part)

    def force(self, where: str, value: object) -> Force:
        if value in set(Force):
            return Force(str(value))
        mend = "'may' has nothing to break: say it in `when`, `unless` or `says`" if value == "may" else ""
        self.notes.add(f"{where}, force", f"{value!r} is not must, should or best_effort", mend)
        return Force.MUST

    def readings(self, id_: str, where: str, value: Any, known: Mapping[str, Shape]) -> dict[str, dict[str, object]]:  # noqa: ANN401  a table of tables: its shape is checked
        free = {name: shape for name, shape in known.items() if name not in shapes.FIXED}
        found: dict[str, dict[str, object]] = {}
        for name, fields in value.items():
            if not name.strip():
                self.notes.add(f"{where}, readings", "a reading has no name", "name it in plain words")
            if shapes.misfits(fields, free):
                self.unread.add(id_)
            found[name] = self.notes.fields(f"{where}, reading {name!r}", fields, free)
        return found

    # worked cases

    def examples(self, where: str, value: object) -> tuple[Example, ...]:
        cases = (self.example(f"{where}, example {number}", each) for number, each in _numbered(value))
        return tuple(case for case in cases if case)

    def example(self, where: str, value: object) -> Example | None:
        if not isinstance(value, dict):
            self.notes.add(where, "is not a table", "write { given = { ... }, on = 2026-06-30, verdict = 'met' }")
            return None
        wrong = shapes.misfits(value, shapes.EXAMPLE)
        odd = wrong or not value.keys() <= shapes.EXAMPLE.keys()
        fields: dict[str, Any] = self.notes.fields(where, value, shapes.EXAMPLE) if odd else value
        if wrong:
            return None
        if not {"given", "on", "verdict"} <= fields.keys() or fields["verdict"] not in VERDICTS:
            fault = "needs `given` (a table), `on` (a date) and `verdict`"
            self.notes.add(where, fault, f"one of {', '.join(VERDICTS)}")
            return None
        return Example(**fields)

    # questions

    def questions(self, value: object) -> tuple[Question, ...]:
        """The questions, each under an id that nothing else has."""
        asked = (self.question(f"question {number}", table) for number, table in _numbered(value))
        return tuple(question for question in asked if question)

    def ids(self, value: object) -> list[object]:
        """The ids of all questions, also of those that are at fault themselves."""
        return [table.get("id") for _, table in _numbered(value) if isinstance(table, dict)]

    def question(self, where: str, table: object) -> Question | None:
        if not isinstance(table, dict) or not {"id", "step", "asks"} <= table.keys():
            self.notes.add(where, "needs `id`, `step` and `asks`")
            return None
        fields = self.notes.fields(where, table, shapes.QUESTION)
        source = self.citations(where, fields.get("source"))
        id_, step, asks = (str(fields.get(key, "")) for key in ("id", "step", "asks"))
        if id_ and self.taken(id_, where):
            return None
        return Question(
            id_,
            step,
            asks,
            source,
            texts(fields.get("covers")),
            condition=fields.get("condition") is True,
            parts=self.parts(f"{where}, parts", texts(fields.get("parts"))),
            after=texts(fields.get("after")),
            asked_of=str(fields.get("asked_of", "")),
            review_every=review_every(self.notes, f"{where}, review_every", fields.get("review_every")),
        )

    def parts(self, where: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the parts of a question, as they stand in answers too."""
        for name in dict.fromkeys(names):
            if not _PART.fullmatch(name) or name == "none":
                self.notes.add(where, f"{name!r} cannot be the name of a part", "small letters, digits and _")
            if names.count(name) > 1:
                self.notes.add(where, f"names {name!r} twice")
        return names

    def linked(self, questions: Sequence[Question], steps: Mapping[str, str], named: Container[object]) -> None:
        """Each question stands in a step that is there, where steps are declared, and comes after others that are.

        `named` are the ids of all questions of the file, also of those that are at fault themselves.
        """
        ids = [question.id for question in questions]
        for question in questions:
            where = self.places.get(question.id, f"question {question.id}")
            if steps and question.step not in steps:
                self.notes.add(f"{where}, step", f"there is no step {question.step!r}", near(question.step, steps))
            for name in (name for name in question.after if name not in ids and name not in named):
                self.notes.add(f"{where}, after", f"there is no question {name!r}", near(name, ids))
        self.uncircled(questions)

    def uncircled(self, questions: Sequence[Question]) -> None:
        """No question comes after itself, not over others either."""
        try:
            graphlib.TopologicalSorter({question.id: question.after for question in questions}).prepare()
        except graphlib.CycleError as error:
            circle = error.args[1]
            where = self.places.get(circle[0], f"question {circle[0]}")
            self.notes.add(f"{where}, after", f"leads back to itself: {', '.join(reversed(circle))}", "leave one out")


def texts(value: object) -> tuple[str, ...]:
    """One text, or a list of them."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else ()


def review_every(notes: Notes, where: str, value: object) -> Period | None:
    """How long an answer holds before it is looked at again: whole days, weeks, months or years."""
    if value is None:
        return None
    try:
        length = calendar.period(str(value))
    except ValueError as error:
        notes.add(where, str(error))
        return None
    if length.unit in REVIEWED_IN and length.amount:
        return length
    notes.add(where, "must be at least one day, week, month or year", "as in '6 months'")
    return None


def in_force(notes: Notes, where: str, value: Any) -> InForce:  # noqa: ANN401  a table: its shape is checked
    """The days on which something is in force."""
    if value is None:
        return InForce()
    days: dict[str, Any] = notes.fields(where, value, {"from": shapes.DATE, "until": shapes.DATE})
    start, until = days.get("from"), days.get("until")
    if start and until and not start < until:
        notes.add(where, shapes.WINDOW.fault, shapes.WINDOW.mend)
        return InForce()
    return InForce(start, until)


def _numbered(value: object) -> Iterator[tuple[int, object]]:
    return enumerate(value if isinstance(value, list) else [], 1)


def _lines(text: str) -> dict[tuple[str, int], int]:
    """On which line the id of each rule stands, by form and number."""
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    here = ("", 0)
    for number, line in enumerate(text.splitlines(), 1):
        begun = line.lstrip()
        if begun.startswith("["):
            head = _HEAD_LINE.fullmatch(line)
            form = head.group(1) if head else ""
            counts[form] = counts.get(form, 0) + 1
            here = (form, counts[form])
        elif begun.startswith("id") and _ID_LINE.match(line):
            found.setdefault(here, number)
    return found
