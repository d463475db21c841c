"""Answers to the questions of a rulebook: what is answered, what is open, and what to do next.

A question has a status and no verdict, and answers do not add up: there is no score and no pass mark here, because the
sources have none. An answer says how far something is settled or in place, on what evidence, whose it is, and by when
it is looked at again. It holds no text about anybody.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, Protocol, TypeAlias, TypeVar, cast, get_args

import attrs

from peersupport.rules import calendar, forms, headers
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Absent, Fact, OrNone, Record, Recorded, Texts, fact, kind, kind_of
from peersupport.rules.forms import Question
from peersupport.rules.notes import Notes
from peersupport.rules.problems import InputError, Problem, missing_table, near, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Tables

LABEL: Final = "A planning aid, not a list to comply with: it has no score and no pass mark."
"""What stands at the head of every status."""
KIND: Final = "readiness_answer"
"""The name of the table of answers."""

State: TypeAlias = Literal["yes", "partly", "no", "not_applicable", "declined", "unanswered", "undated", "unclear"]
"""How an item stands: as it was answered last, not at all, on a day that is not recorded, or in several ways."""
STATES: Final[tuple[State, ...]] = get_args(State)
HELD: Final[frozenset[State]] = frozenset({"yes", "partly"})
"""The states that evidence can show."""
OWNED: Final[frozenset[State]] = frozenset(STATES) - {"not_applicable", "declined"}
"""The states of what is somebody's work."""
What: TypeAlias = Literal["review", "clear_up", "answer", "work_on"]
"""What to do about an item: look at it again, find out which answer is right, answer it, carry on with it."""

SHOWN = 10
"""How many of the next steps a page shows."""


@kind(KIND, "an answer to a question", dated_by="answered_on")
@attrs.frozen(kw_only=True)
class ReadinessAnswer(Record):
    """What was answered to one question of a rulebook, or to one part of it, on a day.

    A record without a status and without a day is no answer: it says whose the question is. A later answer stands in
    the place of an earlier one and leaves it on file.
    """

    question: Recorded[str] = fact("choice: open", "the id of the question")
    part: OrNone[str] = fact("choice: open or none", "the part of the question")
    status: Recorded[str] = fact(
        "choice: yes partly no not_applicable declined", "how far it is settled or in place, or that nobody says"
    )
    answered_on: Recorded[dt.date] = fact("date", "the day of the answer", event="the question is answered")
    owner: OrNone[str] = fact("choice: open or none", "the role or the id of whoever looks after it")
    evidence: Recorded[Texts] = fact("set: open", "the documents that show it, by their titles or ids")
    review_by: OrNone[dt.date] = fact(
        "date or none", "the last day by which the answer is looked at again", planned=True
    )


class HasTables(Protocol):
    """What a roster has."""

    @property
    def tables(self) -> Tables: ...


Answers: TypeAlias = HasTables | Iterable[ReadinessAnswer]
"""A roster with a table of answers, or answers in memory."""


@attrs.frozen
class Item:
    """One question, or one part of one, as it stands on a day.

    `owner` and `review_by` are None where they are not recorded or answers of one day do not agree on them, and `NONE`
    where it is known that there is none. `stale` is that the last day for looking at it again has passed. `why` says
    what is unclear, and `answers` are the ids of the answers that were read.
    """

    question: Question
    part: str
    state: State
    answered_on: dt.date | None = None
    owner: OrNone[str] = None
    evidence: Texts = frozenset()
    review_by: OrNone[dt.date] = None
    stale: bool = False
    why: str = ""
    answers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The id of the question, with the part in brackets where it has parts."""
        return f"{self.question.id} [{self.part}]" if self.part else self.question.id


@attrs.frozen
class Step:
    """One step of a rulebook with its items in their advisory order."""

    step: str
    title: str
    items: tuple[Item, ...]

    def counts(self) -> dict[State, int]:
        """How many items are in each state."""
        found = Counter(item.state for item in self.items)
        return {state: found[state] for state in STATES}

    def of(self, state: State) -> tuple[Item, ...]:
        """The items in a state."""
        return tuple(item for item in self.items if item.state == state)

    @property
    def stale(self) -> tuple[Item, ...]:
        """The items whose day for looking at them again has passed."""
        return tuple(item for item in self.items if item.stale)

    @property
    def without_evidence(self) -> tuple[Item, ...]:
        """The items that are answered yes or partly, and of which no evidence is named."""
        return tuple(item for item in self.items if item.state in HELD and not item.evidence)

    @property
    def without_owner(self) -> tuple[Item, ...]:
        """The items that are nobody's, or of which it is not recorded whose they are."""
        return tuple(item for item in self.items if item.state in OWNED and not isinstance(item.owner, str))


@attrs.frozen
class Next:
    """Something to do next about an item."""

    what: What
    item: Item

    def __str__(self) -> str:
        return _SENTENCES[self.what].format(item=self.item, owner=_owned(self.item))


_SENTENCES: Final[dict[What, str]] = {
    "review": "Look at {item.name} again: that was due by {item.review_by}.{owner}",
    "clear_up": "Clear up {item.name}: {item.why}.{owner}",
    "answer": "Answer {item.name}: {item.question.asks}{owner}",
    "work_on": "Carry on with {item.name}, answered {item.state} on {item.answered_on}.{owner}",
}


@attrs.frozen
class Status:
    """How the questions of a rulebook stand on a day: step by step, and what to do next. It is no verdict.

    `next` has first what is overdue for another look, the oldest first; then what is unclear or has no day; then what
    is not answered, in the advisory order; then what is answered partly or no. `since` is the day from which the table
    of answers is complete, where it is not complete from the beginning: what is unanswered may have been answered
    before.
    """

    rulebook: str
    title: str
    on: dt.date
    steps: tuple[Step, ...]
    next: tuple[Next, ...]
    since: dt.date | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all steps."""
        return tuple(item for step in self.steps for item in step.items)

    def rows(self) -> Iterator[dict[str, object]]:
        """One row of plain values for each item; what is known to be absent is the text `none`."""
        for step in self.steps:
            yield from (_row(step, item) for item in step.items)

    def as_markdown(self, shown: int = SHOWN) -> str:
        """A page: counts by step, what to do next (so many of it), and the items by how they stand."""
        return "\n".join(_page(self, shown)).rstrip() + "\n"


@attrs.frozen
class Change:
    """An item that stands differently on a later day."""

    name: str
    was: State
    now: State


def status(rulebook: Rulebook, answers: Answers, *, on: dt.date, review_every: str | None = None) -> Status:
    """How the questions of a rulebook stand on a day, by the latest answer of each up to that day.

    `review_every` is a period such as `"6 months"` after which an answer without a day of its own is to be looked at
    again, for the questions that set none themselves; it stands before what the rulebook sets, and without either no
    answer gets old by itself. Answers without a day may be the latest: they count where they say the same as the
    others. Raises `InputError` for a rulebook without questions, an answer to a question or a part that is not there,
    a roster without a table of answers, and a period that is none.
    """
    notes = Notes("readiness")
    period = headers.review_every(notes, "review_every", review_every) or rulebook.review_every
    notes.raise_any()
    given = _by_item(rulebook, answers)
    items = [
        _item(question, part, given.get((question.id, part), ()), on, period) for question, part in _asked(rulebook)
    ]
    by_step = [
        Step(step, title, tuple(item for item in items if item.question.step == step))
        for step, title in _steps(rulebook).items()
    ]
    version = f"{rulebook.name}@{rulebook.version}"
    return Status(version, rulebook.title, on, tuple(by_step), tuple(_next(items)), _since(answers))


def history(
    rulebook: Rulebook, answers: Answers, question: str, part: str = "", *, on: dt.date | None = None
) -> tuple[ReadinessAnswer, ...]:
    """Every answer to a question, or to a part of one, in the order of their days; those without a day come last.

    Those after the day `on` are left out. Raises `InputError` as `status` does, and for a question or a part that is
    not there.
    """
    given = _by_item(rulebook, answers)
    raise_any(list(_faults(rulebook, "history", question, part or None)))
    found = [each for each in given.get((question, part), ()) if not _later(each, on)]
    return tuple(sorted(found, key=lambda each: (each.answered_on or dt.date.max, each.id)))


def changes(before: Status, after: Status) -> tuple[Change, ...]:
    """The items that stand differently in a later status of the same rulebook, in their order."""
    was: dict[str, State] = {item.name: item.state for item in before.items}
    now: list[tuple[str, State]] = [(item.name, item.state) for item in after.items if item.name in was]
    return tuple(Change(name, was[name], state) for name, state in now if was[name] != state)


def form(rulebook: Rulebook) -> dict[str, object]:
    """The questions as plain values that JSON can hold, step by step, so that a form can be made of them.

    `fields` are the facts of an answer with their types and choices. Raises `InputError` for a rulebook without
    questions.
    """
    asked = _asked(rulebook)
    steps = _steps(rulebook)
    return {
        "rulebook": rulebook.name,
        "version": rulebook.version,
        "title": rulebook.title,
        "label": LABEL,
        "steps": [
            {"step": step, "title": title, "items": [_blank(q, part) for q, part in asked if q.step == step]}
            for step, title in steps.items()
        ],
        "fields": [_field(each) for each in kind_of(ReadinessAnswer).stored],
    }


# answers to items


_Key: TypeAlias = tuple[str, str]
_T = TypeVar("_T", bound=Hashable)


def _steps(rulebook: Rulebook) -> Mapping[str, str]:
    """The steps with their titles; where none are declared, those of the questions in the order of the file."""
    return rulebook.steps or {question.step: question.step for question in rulebook.questions}


def _asked(rulebook: Rulebook) -> list[tuple[Question, str]]:
    """Each question in the advisory order, once for each of its parts."""
    if not rulebook.questions:
        raise InputError([Problem(f"rulebook {rulebook.name}", "has no questions", "name one that has")])
    ordered = forms.in_order(rulebook.questions, tuple(_steps(rulebook)))
    return [(question, part) for question in ordered for part in question.parts or ("",)]


def _by_item(rulebook: Rulebook, answers: Answers) -> dict[_Key, list[ReadinessAnswer]]:
    """The answers to each item. Raises `InputError` with every answer that is to nothing."""
    given = _given(answers)
    faults = [fault for each in given for fault in _faults(rulebook, f"{KIND} {each.id!r}", each.question, _part(each))]
    raise_any(faults)
    found: dict[_Key, list[ReadinessAnswer]] = {}
    for each in given:
        found.setdefault((each.question or "", _part(each) or ""), []).append(each)
    return found


def _given(answers: Answers) -> list[ReadinessAnswer]:
    tables = _tables(answers)
    if tables is None:
        return list(cast("Iterable[ReadinessAnswer]", answers))
    if tables.given(KIND) is None:
        raise InputError([missing_table(KIND)])
    return cast("list[ReadinessAnswer]", list(tables.all_of(KIND)))


def _tables(answers: Answers) -> Tables | None:
    """The tables of a roster; None for answers in memory."""
    return cast("Tables | None", getattr(answers, "tables", None))


def _since(answers: Answers) -> dt.date | None:
    tables = _tables(answers)
    table = tables.given(KIND) if tables else None
    return table.since if table else None


def _part(answer: ReadinessAnswer) -> str | None:
    return answer.part if isinstance(answer.part, str) else None


def _faults(rulebook: Rulebook, place: str, question: str | None, part: str | None) -> Iterator[Problem]:
    """What is wrong with the question and the part that an answer names."""
    asked = {each.id: each for each in rulebook.questions}
    if question is None:
        yield Problem(f"{place}, question", "is not recorded", "name the question that is answered")
    elif question not in asked:
        yield Problem(f"{place}, question", f"{rulebook.name} has no question {question!r}", near(question, asked))
    elif part is None and asked[question].parts:
        parts = ", ".join(asked[question].parts)
        yield Problem(f"{place}, part", f"{question} is answered part by part", f"name one of {parts}")
    elif part is not None and part not in asked[question].parts:
        mend = near(part, asked[question].parts) or "leave it out"
        yield Problem(f"{place}, part", f"{question} has no part {part!r}", mend)


def _later(answer: ReadinessAnswer, on: dt.date | None) -> bool:
    return bool(on and answer.answered_on and answer.answered_on > on)


def _item(
    question: Question, part: str, answers: Sequence[ReadinessAnswer], on: dt.date, period: Period | None
) -> Item:
    seen = [each for each in answers if not _later(each, on)]
    said = [each for each in seen if each.status or each.answered_on]
    if not said:
        return Item(question, part, "unanswered", owner=_owner((), seen))
    day = max((each.answered_on for each in said if each.answered_on), default=None)
    latest = [each for each in said if each.answered_on in {day, None}]
    state, why = _state(latest, day)
    review_by = _review_by(latest, state, day, question.review_every or period)
    return Item(
        question,
        part,
        state,
        answered_on=day,
        owner=_owner(latest, seen),
        evidence=frozenset().union(*(each.evidence or () for each in latest)),
        review_by=review_by,
        stale=isinstance(review_by, dt.date) and review_by < on,
        why=why,
        answers=tuple(sorted(each.id for each in latest)),
    )


def _state(latest: Sequence[ReadinessAnswer], day: dt.date | None) -> tuple[State, str]:
    """How an item stands by its latest answers, and what is unclear. An answer without a day may be the latest."""
    told = sorted({each.status or "" for each in latest})
    if "" in told:
        return "unclear", f"the answer of {day} has no status"
    if len(told) > 1:
        dated = all(each.answered_on for each in latest)
        which = f"answers of {day} differ" if dated else "answers differ, and one has no day"
        return "unclear", f"{which} ({', '.join(map(_words, told))})"
    if day is None:
        return "undated", f"it is answered {_words(told[0])}, on a day that is not recorded"
    return cast("State", told[0]), ""


def _review_by(
    latest: Sequence[ReadinessAnswer], state: State, day: dt.date | None, period: Period | None
) -> OrNone[dt.date]:
    """The day by which to look again: the answer's own, the earliest of several, or a period after it."""
    if state == "unclear":
        return None
    days = [each.review_by for each in latest if isinstance(each.review_by, dt.date)]
    if days:
        return min(days)
    silent = any(each.review_by is None for each in latest)
    return calendar.shift(day, period, Office()) if silent and day and period else _agreed(e.review_by for e in latest)


def _agreed(values: Iterable[OrNone[_T]]) -> OrNone[_T]:
    """The one value that is recorded; None where there is none or where there are several."""
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def _owner(latest: Sequence[ReadinessAnswer], seen: Sequence[ReadinessAnswer]) -> OrNone[str]:
    """Whose an item is: by its latest answers, or else by the records that say nothing but that."""
    named = [each.owner for each in latest if each.owner is not None]
    return _agreed(named or [each.owner for each in seen if not each.status and not each.answered_on])


# what to do next


def _next(items: Sequence[Item]) -> Iterator[Next]:
    stale = sorted((item for item in items if item.stale), key=lambda item: str(item.review_by))
    yield from (Next("review", item) for item in stale)
    for what, states in _TO_DO.items():
        yield from (Next(what, item) for item in items if item.state in states and not item.stale)


_TO_DO: Final[dict[What, tuple[State, ...]]] = {
    "clear_up": ("unclear", "undated"),
    "answer": ("unanswered",),
    "work_on": ("partly", "no"),
}
"""What is to be done about the items of some states, in this order. A declined answer is let be."""


# pages and rows


def _owned(item: Item) -> str:
    """Whose an item is, as a sentence behind another."""
    if isinstance(item.owner, str):
        return f" Owner: {item.owner}."
    return " It is nobody's yet." if item.owner is NONE else " No owner is recorded."


def _page(status: Status, shown: int) -> Iterator[str]:
    yield from (f"# {status.title}", "", f"As of {status.on}, by `{status.rulebook}`. {LABEL}", "")
    if status.since:
        yield from (f"Answers from before {status.since} were not given.", "")
    yield f"| step | {' | '.join(_words(state) for state in STATES)} |"
    yield f"| --- |{' --- |' * len(STATES)}"
    for number, step in enumerate(status.steps, 1):
        counts = " | ".join(str(count) for count in step.counts().values())
        yield f"| {number}. {step.title.replace('|', '/')} | {counts} |"
    yield from ("", "## What to do next", "")
    yield from (f"{number}. {each}" for number, each in enumerate(status.next[:shown], 1))
    if len(status.next) > shown:
        yield from ("", f"{len(status.next) - shown} more in the lists below.")
    if not status.next:
        yield "Nothing is open."
    for number, step in enumerate(status.steps, 1):
        yield from ("", f"## {number}. {step.title}", "")
        yield from _lists(step)


def _lists(step: Step) -> Iterator[str]:
    """The items of a step by how they stand, each list in a line; what is empty has none."""
    listed = {_words(state): step.of(state) for state in STATES}
    nobody = [item for item in step.without_owner if item.owner is NONE]
    listed |= {
        "to be looked at again": step.stale,
        "no evidence named": step.without_evidence,
        "nobody's": tuple(nobody),
        "owner not recorded": tuple(item for item in step.without_owner if item not in nobody),
    }
    for words, items in listed.items():
        if items:
            yield f"- {words.capitalize()}: {', '.join(item.name for item in items)}"


def _words(state: str) -> str:
    return state.replace("_", " ")


def _row(step: Step, item: Item) -> dict[str, object]:
    return {
        "step": step.step,
        "question": item.question.id,
        "part": item.part or None,
        "asks": item.question.asks,
        "condition": item.question.condition,
        "state": item.state,
        "answered_on": item.answered_on,
        "owner": _plain(item.owner),
        "evidence": "; ".join(sorted(item.evidence)) or None,
        "review_by": _plain(item.review_by),
        "stale": item.stale,
        "why": item.why or None,
    }


def _plain(value: object) -> object:
    return "none" if isinstance(value, Absent) else value


def _blank(question: Question, part: str) -> dict[str, object]:
    """An item of a form."""
    return {
        "question": question.id,
        "part": part or None,
        "asks": question.asks,
        "condition": question.condition,
        "asked_of": question.asked_of or None,
        "after": list(question.after),
        "review_every": str(question.review_every) if question.review_every else None,
        "source": [str(place) for place in question.source],
        "rows": list(question.covers),
    }


def _field(each: Fact) -> dict[str, object]:
    """A fact of an answer, for whoever makes a form."""
    return {
        "name": each.name,
        "type": each.type.base,
        "choices": list(each.type.choices),
        "may_be_none": each.type.or_none,
        "says": each.phrase,
    }
