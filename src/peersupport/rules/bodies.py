"""The fields of a rule to its form: texts parsed and typed for one kind, under some readings."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

import attrs

from peersupport.rules import calendar, facts, syntax, terms
from peersupport.rules.calendar import Period
from peersupport.rules.facts import NUMBER, Kind
from peersupport.rules.forms import (
    Body,
    Clause,
    Conditions,
    Criterion,
    Deadline,
    Definition,
    Form,
    Limit,
    Repeated,
    Rule,
    Window,
    WindowName,
)
from peersupport.rules.problems import Problem
from peersupport.rules.syntax import Scope
from peersupport.rules.terms import Gather, Lit, Term

_YEAR_FROM = re.compile(r"year from (\d\d)-(\d\d)")
_EACH = re.compile(r"each (\d+ \w+) from (.+?)(?: until (.+))?")
_COUNTS = ("count", "sum", "distinct")
_CALENDAR = ("day", "week", "month", "year")
_PLAIN: dict[object, WindowName] = {"at any time": "at any time", "ever": "ever", "its span": "its span"}
_WINDOWS = (
    "'at any time', 'ever', 'its span', 'calendar day' (week, month, year), 'year from 07-01', 'rolling 6 months', "
    "'each 7 days from started_on until ended_on', or 'between supervision.held_on'"
)


Parse: TypeAlias = Callable[[str, Scope], Term]
Parsed: TypeAlias = dict[tuple[object, Parse, bool], Term]
"""The terms that were read, by their text, how they are read, and whether they are of each event."""


def build(
    rule: Rule, scope: Scope, readings: frozenset[str], place: str, parsed: Parsed | None = None
) -> tuple[Body | None, list[Problem]]:
    """The body of a rule for the kind of a scope. With any problem there is no body.

    `parsed` is what was read of the same rule in the same scope under other readings, and is added to.
    """
    builder = _Builder(rule, scope, readings, place, {} if parsed is None else parsed)
    form = builder.form()
    conditions = Conditions(
        builder.term("when", syntax.parse_condition),
        builder.term("unless", syntax.parse_condition),
        builder.term("responsible", syntax.parse_reference),
    )
    if builder.problems or form is None:
        return None, builder.problems
    return Body(form, conditions), []


def counting_from(done: Term, first: Term) -> Term:
    """Events of related records that happen too early do not count: part of the condition that picks them."""
    match done:
        case Gather(value=value) if value is not None:
            late = terms.Compare(">=", value, first)
            return attrs.evolve(done, where=terms.both(late, done.where) if done.where else late)
        case terms.Earliest(of=events):
            return terms.Earliest(tuple(counting_from(event, first) for event in events))
        case _:
            return done


class _Builder:
    """Reads the fields of one rule. Each method gives a part of the form, or notes a problem and gives None."""

    def __init__(self, rule: Rule, scope: Scope, readings: frozenset[str], place: str, parsed: Parsed) -> None:
        self.rule = rule
        self.scope = scope
        self.readings = readings
        self.place = place
        self.known = parsed
        self.problems: list[Problem] = []

    @property
    def kind(self) -> Kind:
        return self.scope.vocabulary[self.scope.kind]

    def value(self, field: str) -> object:
        return self.rule.field(field, self.readings)

    def problem(self, field: str, fault: str, mend: str = "", text: str = "", at: int = 0) -> None:
        self.problems.append(Problem(f"{self.place}, {field}", fault, mend, text, at))

    def form(self) -> Form | None:
        readers: dict[str, Callable[[], Form | None]] = {
            "definition": self.definition,
            "criterion": self.criterion,
            "deadline": self.deadline,
            "limit": self.limit,
        }
        return readers[self.rule.form]()

    # fields

    def term(self, field: str, parse: Parse, *, each: bool = False) -> Term | None:
        """The term of a field that may be left out."""
        value = self.value(field)
        return None if value is None else self.parsed(field, value, parse, each=each)

    def needed(self, field: str, parse: Parse) -> Term | None:
        """The term of a field that must be there."""
        if self.value(field) is None:
            self.problem(field, "is missing", f"a {self.rule.form} needs it")
        return self.term(field, parse)

    def parsed(self, field: str, text: object, parse: Parse, *, each: bool = False) -> Term | None:
        if not isinstance(text, str):
            self.problem(field, "is not a text", "write the expression in quotation marks")
            return None
        key = (text, parse, each)
        if key not in self.known:
            try:
                self.known[key] = parse(text, attrs.evolve(self.scope, each=True) if each else self.scope)
            except syntax.SyntaxFaults as error:
                for fault in error.faults:
                    self.problem(field, fault.fault, fault.mend, text, fault.at)
                return None
        return self.known[key]

    def period(self, field: str, value: object) -> Period | None:
        try:
            return calendar.period(value if isinstance(value, str) else repr(value))
        except ValueError as error:
            self.problem(field, str(error))
            return None

    # forms

    def definition(self) -> Form | None:
        value = self.needed("is", syntax.parse)
        return Definition(value) if value else None

    def criterion(self) -> Form | None:
        holds = self.value("holds")
        if isinstance(holds, Mapping):
            return self.named(holds)
        whole = self.needed("holds", syntax.parse_condition)
        if self.value("need") is not None:
            self.problem("need", "counts named clauses, and there are none", "write `holds` as a table of clauses")
        if whole is None:
            return None
        parts = whole.of if isinstance(whole, terms.AtLeast) and whole.k == len(whole.of) else (whole,)
        clauses = tuple(Clause("", part) for part in parts)
        return Criterion(clauses, len(clauses))

    def named(self, holds: Mapping[str, object]) -> Form | None:
        if any(not name.strip() for name in holds):
            self.problem("holds", "a clause has no name", "name it in plain words")
        found = [self.clause(name, text) for name, text in holds.items()]
        clauses = tuple(each for each in found if each)
        need = self.value("need")
        count = len(found) if need in {None, "all"} else need
        if type(count) is not int or not 1 <= count <= len(found):
            self.problem("need", f"must be 'all' or a whole number from 1 to {len(found)}")
            return None
        return Criterion(clauses, count, named=True) if len(clauses) == len(found) else None

    def clause(self, name: str, holds: object) -> Clause | None:
        """A named clause: a condition, or a route of several named ones that all have to hold."""
        if not isinstance(holds, Mapping):
            term = self.parsed(f"holds.{name!r}", holds, syntax.parse_condition)
            return Clause(name, term) if term else None
        if not holds or any(not part.strip() for part in holds):
            self.problem(f"holds.{name!r}", "has a part without a name, or none at all", "name each in plain words")
            return None
        found = {
            part: self.parsed(f"holds.{name!r}.{part!r}", text, syntax.parse_condition) for part, text in holds.items()
        }
        parts = tuple(Clause(part, term) for part, term in found.items() if term)
        return Clause(name, terms.both(*(part.holds for part in parts)), parts) if len(parts) == len(found) else None

    def deadline(self) -> Form | None:
        return self.once() if self.value("again") is None else self.repeated()

    def once(self) -> Form | None:
        for field in ("counted", "times"):
            if self.value(field) is not None:
                self.problem(field, "belongs to a deadline that repeats", "write `again`, or leave it out")
        due, done = self.due(), self.done()
        not_before = self.term("not_before", syntax.parse_moment)
        until = self.term("until", syntax.parse_moment)
        if due is None or done is None:
            return None
        if {t.type.base for t in (due, done, not_before, until) if t} == {"date", "instant"}:
            self.problem("done", "is a date where `due` is an instant, or the other way", "write day(...) for one")
            return None
        if not_before and any(isinstance(node, Gather) for node in terms.walk(not_before)):
            self.problem("not_before", "reads related records", "write it with the facts of the record itself")
            return None
        if not_before:
            done = counting_from(done, not_before)
        return Deadline(due, done, not_before, terms.as_event(until) if until else None)

    def due(self) -> Term | None:
        if self.value("due") is not None:
            if self.value("after") is not None or self.value("within") is not None:
                self.problem("due", "stands beside `after` or `within`", "`after` and `within` are short for their sum")
            due = self.term("due", syntax.parse_moment)
            return terms.as_event(due) if due else None
        after = self.needed("after", syntax.parse_moment)
        if self.value("within") is None:
            self.problem("within", "is missing", "a deadline needs `due`, or `after` and `within`")
            return None
        within = self.period("within", self.value("within"))
        if after is None or within is None:
            return None
        if after.type.base == "date" and within.unit in calendar.INSTANT_ONLY:
            self.problem("within", f"{within.unit} are added to an instant, `after` is a date")
            return None
        return terms.Shift(terms.as_event(after), within)

    def done(self) -> Term | None:
        texts = self.texts("done")
        events = [self.parsed("done", text, syntax.parse_moment) for text in texts]
        found = [terms.as_event(event) for event in events if event]
        if not texts or len(found) < len(texts):
            return None
        if len({event.type.base for event in found}) > 1:
            self.problem("done", "has dates beside instants", "write day(...) for the instants")
            return None
        return found[0] if len(found) == 1 else terms.Earliest(tuple(found))

    def texts(self, field: str) -> list[object]:
        value = self.value(field)
        if value is None or value == []:
            self.problem(field, "is missing", f"a {self.rule.form} needs it")
            return []
        return list(value) if isinstance(value, list) else [value]

    def repeated(self) -> Form | None:
        for field in ("due", "not_before"):
            if self.value(field) is not None:
                self.problem(field, "does not go with `again`", "write `after`, and `within` for a different first one")
        after = self.needed("after", syntax.parse_moment)
        period = self.period("again", self.value("again"))
        within = self.value("within")
        first = period if within is None else self.period("within", within)
        until = self.term("until", syntax.parse_moment)
        done, times = self.each(), self.times()
        counted = self.value("counted")
        if counted not in {"rolling", "grid"}:
            self.problem("counted", "must be 'rolling' (from the last one done) or 'grid' (from the anchor)")
        if after is None or period is None or first is None or not done or self.problems:
            return None
        if not self.dated(after, until, done, first, period):
            return None
        event = terms.as_event(until) if until else None
        return Repeated(terms.as_event(after), first, period, counted == "rolling", done, event, times)

    def dated(self, after: Term, until: Term | None, done: tuple[Gather, ...], first: Period, again: Period) -> bool:
        """Whether a repeated deadline is in whole days throughout, which is all that one can be."""
        periods = {"again": again} | ({} if self.value("within") is None else {"within": first})
        for field, period in periods.items():
            if period.unit in calendar.INSTANT_ONLY or period.amount == 0:
                self.problem(field, "must be at least one day, week, month, year or business day")
        moments = [("after", after), *(("done", event) for event in done), *([("until", until)] if until else [])]
        for field, term in moments:
            if term.type.base != "date":
                self.problem(field, "a deadline that repeats is counted in dates", "write day(...) for instants")
        return not self.problems

    def each(self) -> tuple[Gather, ...]:
        events = [self.parsed("done", text, syntax.parse_moment, each=True) for text in self.texts("done")]
        found = tuple(event for event in events if isinstance(event, Gather) and event.op == "each")
        if len(found) < len(events) and all(events):
            self.problem("done", "a deadline that repeats is done by each(...)", "as in each(plan.plan_review.day)")
        return found

    def times(self) -> int | None:
        value = self.value("times")
        if value is not None and (type(value) is not int or not 1 <= value <= 1_000):
            self.problem("times", "must be a whole number from 1 to 1000")
        return value if isinstance(value, int) else None

    # limits

    def limit(self) -> Form | None:
        measure = self.needed("measure", syntax.parse_number)
        window = self.window()
        if self.value("at_least") is None and self.value("at_most") is None:
            self.problem("at_most", "is missing", "a limit needs `at_least`, `at_most` or both")
        if measure is None or window is None:
            return None
        at_least, at_most = self.bound("at_least", measure), self.bound("at_most", measure)
        self.ordered(at_least, at_most)
        self.fitting(measure, window)
        return None if self.problems else Limit(measure, window, at_least, at_most)

    def bound(self, field: str, measure: Term) -> Term | None:
        value = self.value(field)
        if value is None:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Lit(value, attrs.evolve(NUMBER, decimal=isinstance(value, Decimal)))
        if isinstance(value, str) and facts.is_quantity(value):
            return self.quantity(field, value, measure.type.unit)
        bound = self.parsed(field, value, syntax.parse_number)
        if bound and bound.type.unit and measure.type.unit and bound.type.unit != measure.type.unit:
            self.problem(field, f"is {bound.type}, and the measure {measure.type}", "bring both to one unit")
        return bound

    def ordered(self, least: Term | None, most: Term | None) -> None:
        if not (isinstance(least, Lit) and isinstance(most, Lit)):
            return
        a, b = least.value, most.value
        if isinstance(a, int | Decimal) and isinstance(b, int | Decimal) and a > b:
            self.problem("at_least", f"is more than `at_most`: no number is at least {a} and at most {b}")

    def quantity(self, field: str, value: str, unit: str) -> Term | None:
        try:
            return Lit(facts.in_unit(value, unit), NUMBER)
        except ValueError as error:
            self.problem(field, str(error))
            return None

    def fitting(self, measure: Term, window: Window) -> None:
        """Measure and window belong together: other records need a window, one's own fact has none."""
        others = [each for each in _gathers(measure) if any(not step.forward for step in each.path.steps)]
        if isinstance(measure, Gather):
            self.windowed(measure, window, others=bool(others))
        elif any(each.op in _COUNTS for each in others):
            mend = "write one count, sum or distinct, and bring the rest to the bound"
            self.problem("measure", "counts other records inside a calculation", mend)
        elif window.name != "own":
            self.problem("window", "does not go with a measure of the record itself", "leave it out")

    def windowed(self, measure: Gather, window: Window, *, others: bool) -> None:
        if window.name == "own":
            if others:
                self.problem("window", "is missing: the measure counts other records", f"write {_WINDOWS}")
            return
        if measure.op not in _COUNTS and window.name != "ever":
            self.problem("measure", f"{measure.op} goes with no window but 'ever'", "write count, sum or distinct")
            return
        other = self.scope.vocabulary[measure.path.leads_to]
        if window.name == "at any time" and self.lacks(other, "span"):
            self.problem("window", f"{other.name} has no span to be counted at any time", "choose another window")
        if window.name not in {"at any time", "ever"} and self.lacks(other, "dated"):
            self.problem("window", f"{other.name} has no `dated_by`, so it belongs to no window")
        if window.name == "its span" and self.lacks(self.kind, "span"):
            self.problem("window", f"{self.kind.name} has no span")

    def lacks(self, kind: Kind, what: str) -> bool:
        """Whether a kind has no span, or no day of its own, and that was not said where the kind is declared."""
        there = kind.span if what == "span" else kind.dated_by
        return not there and (kind.name, what) not in self.scope.vocabulary.faulty

    def window(self) -> Window | None:
        text = self.value("window")
        if text is None:
            return Window("own")
        if text in _PLAIN:
            return Window(_PLAIN[text])
        return self.measured(str(text))

    def measured(self, text: str) -> Window | None:
        lead, _, rest = text.partition(" ")
        if lead == "calendar" and rest in _CALENDAR:
            return Window("calendar", unit=rest)
        year = _YEAR_FROM.fullmatch(text)
        if year:
            return self.year_from(int(year.group(1)), int(year.group(2)))
        each = _EACH.fullmatch(text)
        if each:
            return self.each_window(each.group(1), each.group(2), each.group(3))
        if lead == "rolling":
            length = self.length(rest, hours=False)
            return Window("rolling", length) if length else None
        if lead == "between":
            event = self.between(rest)
            return Window("between", start=event) if event else None
        self.problem("window", f"{text!r} is not a window", f"write {_WINDOWS}")
        return None

    def year_from(self, month: int, day: int) -> Window | None:
        if not (1 <= month <= 12 and 1 <= day <= 28):
            self.problem("window", "a year starts on a day from 01-01 to 12-28")
            return None
        return Window("year from", month=month, day=day)

    def length(self, text: str, *, hours: bool) -> Period | None:
        """The length of a window: hours only where it starts at an instant."""
        length = self.period("window", text)
        if length and (length.amount == 0 or (length.unit in calendar.INSTANT_ONLY and not hours)):
            self.problem("window", f"{text!r} is not a length of whole days", "write at least one day, week or month")
            return None
        return length

    def between(self, events: str) -> Term | None:
        """The first of the events between which a window lies. The rule has only their path."""
        lead = "first("
        try:
            return syntax.parse_moment(f"{lead}{events})", self.scope)
        except syntax.SyntaxFaults as error:
            for fault in error.faults:
                at = min(max(fault.at - len(lead), 0), len(events))
                self.problem("window", fault.fault, fault.mend, events, at)
            return None

    def each_window(self, length: str, start: str, until: str | None) -> Window | None:
        first = self.parsed("window", start, syntax.parse_moment)
        last = self.parsed("window", until, syntax.parse_moment) if until else None
        period = self.length(length, hours=first is not None and first.type.base == "instant")
        if first and last and first.type.base != last.type.base:
            self.problem("window", f"goes from {first.type} until {last.type}", "write day(...) for the instant")
            return None
        return Window("each", period, start=first, until=last) if period and first else None


def _gathers(term: Term) -> list[Gather]:
    """The gatherings of a term that stand in no other one."""
    if isinstance(term, Gather):
        return [term]
    return [each for child in terms.children(term) for each in _gathers(child)]
