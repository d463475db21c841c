"""What a rule is: a header with its source, and one of four forms; and the questions that stand beside rules.

A definition names a value, a criterion is a condition of one record, a deadline says that something is done in time,
once or again and again, a limit says how many or how much.
"""

from __future__ import annotations

import datetime as dt
import enum
import graphlib
import heapq
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from peersupport.rules import calendar
from peersupport.rules.calendar import Period
from peersupport.rules.terms import Gather, Term


class Force(enum.StrEnum):
    """How binding a rule is. Only a `must` changes the exit code of an audit."""

    MUST = "must"
    SHOULD = "should"
    BEST_EFFORT = "best_effort"


@attrs.frozen
class InForce:
    """The days on which something is in force: from the first, until before the last; None is without an end."""

    start: dt.date | None = None
    until: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@attrs.frozen
class Citation:
    """A place in a source: the source's key and the part of it."""

    source: str
    part: str

    def __str__(self) -> str:
        return f"{self.source}: {self.part}"


@attrs.frozen
class Example:
    """A worked case written from the source: a record with its related records, the day, and the verdict.

    `exception` is whether an exception is recorded; None where the example does not say.
    """

    given: Mapping[str, object]
    on: dt.date
    verdict: str
    about: str = ""
    reading: str = ""
    note: str = ""
    exception: bool | None = None

    @property
    def stated(self) -> str:
        """What comes out, in words: the verdict, and the exception where it says that."""
        return self.verdict + _EXCEPTIONS[self.exception]

    def answered(self, verdict: str, exception: bool | None) -> str:  # noqa: FBT001  as a finding has it
        """An answer in the same words, of which the exception is told where the example says it."""
        if self.exception is None:
            return verdict
        unsure = ", and it is not known whether there is an exception"
        return verdict + (unsure if exception is None else _EXCEPTIONS[exception])


_EXCEPTIONS = {None: "", True: ", with an exception", False: ", without an exception"}


@attrs.frozen
class Clause:
    """One part of a criterion, with its name where the rulebook gives one.

    A route has `parts` of its own, all of which hold where it does.
    """

    name: str
    holds: Term
    parts: tuple[Clause, ...] = ()


@attrs.frozen
class Conditions:
    """When a rule applies at all, and what excepts from it."""

    when: Term | None = None
    unless: Term | None = None
    responsible: Term | None = None


@attrs.frozen
class Definition:
    """A named value: read as one more fact of its kind. It has no verdict."""

    value: Term


@attrs.frozen
class Criterion:
    """A condition of one record: at least `need` of its clauses hold."""

    clauses: tuple[Clause, ...]
    need: int
    named: bool = False


@attrs.frozen
class Deadline:
    """Something is done by a day or instant, once; nothing is owed that falls due at `until` or later."""

    due: Term
    done: Term
    not_before: Term | None = None
    until: Term | None = None


@attrs.frozen
class Repeated:
    """Something is done again and again: each `period` after `after`, from the last time or on a grid.

    `first` is the period to the first due day. `done` is a tuple of events, any of which will do.
    """

    after: Term
    first: Period
    period: Period
    rolling: bool
    done: tuple[Gather, ...]
    until: Term | None = None
    times: int | None = None


WindowName: TypeAlias = Literal[
    "own", "at any time", "ever", "its span", "calendar", "year from", "rolling", "each", "between"
]


@attrs.frozen
class Window:
    """The time that a limit measures: none for the record's own fact, a moment, a calendar window, or a rolling one."""

    name: WindowName
    period: Period | None = None
    unit: str = ""
    month: int = 1
    day: int = 1
    start: Term | None = None
    until: Term | None = None

    def __str__(self) -> str:
        match self.name:
            case "calendar":
                return f"calendar {self.unit}"
            case "year from":
                return f"year from {self.month:02}-{self.day:02}"
            case "rolling" | "each":
                return f"{self.name} {self.period}"
            case _:
                return self.name


@attrs.frozen
class Limit:
    """How many or how much: a measure inside its bounds, over a window when other records are measured."""

    measure: Term
    window: Window
    at_least: Term | None = None
    at_most: Term | None = None

    @property
    def counts_at_any_time(self) -> bool:
        """Whether it says how many there may be at most at any time."""
        counted = isinstance(self.measure, Gather) and self.measure.op != "sum"
        return self.window.name == "at any time" and self.at_most is not None and counted


Form: TypeAlias = Definition | Criterion | Deadline | Repeated | Limit
FormName: TypeAlias = Literal["definition", "criterion", "deadline", "limit"]


@attrs.frozen
class Body:
    """A rule as it is read for one kind under some readings: its form and its conditions."""

    form: Form
    conditions: Conditions = Conditions()


@attrs.frozen(eq=False)
class Rule:
    """One requirement or one named value, as data.

    `about` are the kinds it judges, `says` is one plain sentence with its numbers in braces, `readings` are the named
    alternatives, each with the fields that it overrides. A `critical` rule comes first in what is to be done.
    `fields` is the rule as the file has it.
    """

    id: str
    form: FormName
    about: tuple[str, ...]
    says: str
    source: tuple[Citation, ...]
    covers: tuple[str, ...] = ()
    force: Force = Force.MUST
    readings: Mapping[str, Mapping[str, object]] = attrs.field(factory=dict)
    choose: bool = False
    critical: bool = False
    assumes: str = ""
    in_force: InForce = InForce()
    examples: tuple[Example, ...] = ()
    replaces: str = ""
    fields: Mapping[str, object] = attrs.field(factory=dict)

    def field(self, name: str, readings: frozenset[str] = frozenset()) -> object:
        """A field of the rule under some readings; None where neither has it."""
        for reading in sorted(readings & set(self.readings)) if readings else ():
            if name in self.readings[reading]:
                return self.readings[reading][name]
        return self.fields.get(name)

    def assumption(self, readings: frozenset[str] = frozenset()) -> str:
        """What the rule assumes, under some readings."""
        return str(self.field("assumes", readings) or "")

    def sentence(self, readings: frozenset[str] = frozenset()) -> str:
        """What the rule says, with its numbers, under some readings."""
        text = str(self.field("says", readings))
        for name in FILLED:
            text = text.replace("{" + name + "}", _in_words(self.field(name, readings)))
        return text


def _in_words(value: object) -> str:
    """A field as it stands in a sentence: a period in words."""
    try:
        return str(calendar.period(str(value)))
    except ValueError:
        return re.sub(r"\b(business|open)_(days|hours)\b", r"\1 \2", str(value))


FILLED = ("within", "again", "at_least", "at_most", "times", "window", "need")
"""The fields whose value a sentence takes from the rule."""


@attrs.frozen
class Question:
    """A question or a condition that people answer: it has a status when it is answered, and no verdict.

    A `condition` is something that is to hold, and evidence shows that it does; any other question is one to think
    through. `parts` are answered each by itself. `after` are the questions that are better answered before it, which
    is advice and no more. `asked_of` are the people who are asked. `review_every` is how long an answer holds before
    it is looked at again, where somebody has set it.
    """

    id: str
    step: str
    asks: str
    source: tuple[Citation, ...]
    covers: tuple[str, ...] = ()
    condition: bool = False
    parts: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    asked_of: str = ""
    review_every: Period | None = None


def in_order(questions: Iterable[Question], steps: Sequence[str]) -> tuple[Question, ...]:
    """Questions in their advisory order: step by step as they stand in the file, each behind those it comes after.

    `steps` are all steps of the questions. Raises `graphlib.CycleError` where one comes after itself over others.
    """
    listed = sorted(questions, key=lambda question: steps.index(question.step))
    number = {question.id: i for i, question in enumerate(listed)}
    sorter = graphlib.TopologicalSorter({question.id: question.after for question in listed})
    sorter.prepare()
    ready: list[int] = []
    found: list[Question] = []
    while sorter.is_active():
        for id_ in sorter.get_ready():
            heapq.heappush(ready, number[id_])
        found.append(listed[heapq.heappop(ready)])
        sorter.done(found[-1].id)
    return tuple(found)
