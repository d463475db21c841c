"""Rules to functions of their own: Python source written for a rule, which gives the verdict of one record at a time.

It says the same as `Judge.verdict`, several times faster. What it finds decided it says by itself; wherever something
is out of the ordinary (a table that was not given, or is not complete; no time zone) it asks the judge, and so does a
rule of which no function can be written. Source is made of the typed tree of a rule, never of its text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeAlias, cast

import attrs

from peersupport.readers.judge import shortcuts
from peersupport.readers.judge.occurrences import Compiled
from peersupport.readers.judge.outcomes import Outcome
from peersupport.readers.judge.sheet import RECORD, SLOW, Rows, Sources, Truth, Unwritten, Value, either
from peersupport.readers.judge.writing import Writer
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import Kind, Record, Span, kind_of
from peersupport.rules.findings import Place, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Tables
from peersupport.rules.terms import Term


class Deciding(Protocol):
    """A function that gives the verdict of a record on a day among some tables."""

    def __call__(self, record: Record, on: dt.date, tables: Tables = ..., /) -> Verdict: ...


class Explaining(Protocol):
    """A function that gives the verdict, and the facts that undecided parts lack: `kind.fact`, in their order."""

    def __call__(self, record: Record, on: dt.date, tables: Tables = ..., /) -> tuple[Verdict, tuple[str, ...]]: ...


Asking: TypeAlias = Callable[[Record, dt.date, Tables], Outcome]
"""How a function asks the judge for the outcome that speaks for a rule."""


@attrs.frozen(eq=False)
class Quick:
    """A rule as functions of their own.

    `verdict` gives what `Judge.verdict` gives, and `explained` the verdict with what is missing, both by position. The
    record is of a kind of this rulebook; a day that a rule does not ask for is not looked at. `source` is what was
    written for `verdict`, empty where the judge is asked each time.
    """

    verdict: Deciding
    explained: Explaining
    source: str = ""


class Bench(Protocol):
    """What is asked of the judge: the rulebook, its rules compiled, and other rules as functions."""

    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def readings(self) -> frozenset[str]: ...
    def ready(self, rule: Rule, kind: str, readings: frozenset[str]) -> Compiled: ...
    def quick(self, rule: Rule, kind: str | None = None) -> Quick: ...


def quick(bench: Bench, rule: Rule, kind: str, ask: Asking) -> Quick:
    """The functions of a rule for one of its kinds: written where they can be, else those that ask the judge."""
    asked = Quick(_verdict_of(ask), _explained_of(ask))
    ready = bench.ready(rule, kind, bench.readings)
    if ready.choices:
        return asked
    body = bench.rulebook.body(rule, kind, bench.readings)
    try:
        source, verdict = _Rule(bench, ready, body).function(asked.verdict)
    except Unwritten:
        return asked
    try:
        explained = _Explained(bench, ready, body).function(asked.explained)[1]
    except Unwritten:
        explained = asked.explained
    return Quick(cast("Deciding", verdict), cast("Explaining", explained), source)


def by_kind(kinds: dict[str, Quick]) -> Quick:
    """The functions of a rule that judges several kinds: those of the record's own kind."""

    def of(record: Record) -> Quick:
        return kinds[kind_of(type(record)).name]

    def verdict(record: Record, on: dt.date, tables: Tables = EMPTY, /) -> Verdict:
        return of(record).verdict(record, on, tables)

    def explained(record: Record, on: dt.date, tables: Tables = EMPTY, /) -> tuple[Verdict, tuple[str, ...]]:
        return of(record).explained(record, on, tables)

    return Quick(verdict, explained)


def _verdict_of(ask: Asking) -> Deciding:
    return lambda record, on, tables=EMPTY, /: ask(record, on, tables).verdict


def _explained_of(ask: Asking) -> Explaining:
    def explained(record: Record, on: dt.date, tables: Tables = EMPTY, /) -> tuple[Verdict, tuple[str, ...]]:
        outcome = ask(record, on, tables)
        return outcome.verdict, tuple(sorted({_named(place) for place in outcome.missing}))

    return explained


def _named(place: Place) -> str:
    """A fact that is missing, whichever record lacks it; a record or a table by its kind alone."""
    return f"{place.kind}.{place.fact}" if place.fact and place.id else place.kind


class _Rule:
    """Writes the function of a rule that gives the verdict."""

    signature: Final = "def function(record, on, tables=EMPTY, /):"

    def __init__(self, bench: Bench, ready: Compiled, body: forms.Body) -> None:
        self.bench = bench
        self.ready = ready
        self.body = body
        self.kind: Kind = ready.kind
        self.writer = Writer(Sources(bench.rulebook.vocabulary, self.defined, self.met))
        self.line = self.writer.line

    # what the writer asks for

    def defined(self, rule: str, kind: str) -> Term:
        return self.bench.rulebook.defined(rule, kind, self.ready.readings)

    def met(self, rule: str) -> Deciding:
        """Another rule as a function. One that waits for nothing, or lacks a fact, must be all that is unknown."""
        found = self.bench.rulebook[rule]
        form = self.bench.rulebook.body(found, self.kind.name, self.ready.readings).form
        other = self.bench.quick(found, self.kind.name)
        if not other.source or not isinstance(form, (forms.Criterion, forms.Deadline)):
            raise Unwritten(rule)
        return other.verdict

    # the function

    def function(self, slow: Callable[..., object]) -> tuple[str, Callable[..., object]]:
        """The source and what it makes."""
        self.lines()
        source = "\n".join([self.signature, "    try:", *self.inner(), "    except FAILED:", f"        {SLOW}", ""])
        more = {"EMPTY": EMPTY, "FAILED": (AttributeError, OverflowError), "slow": slow, "__builtins__": {}}
        namespace: dict[str, Any] = {**self.writer.namespace, **more}
        code = compile(source, f"<{self.bench.rulebook.name}, {self.ready.rule.id}>", "exec")
        exec(code, namespace)  # noqa: S102  made of the typed tree: names that were checked, and names of its own
        return source, namespace["function"]

    def inner(self) -> list[str]:
        writer = self.writer
        guards = [*self.guard(), *self.day_guard(), *writer.head]
        return ["        " + line for line in guards] + ["    " + line for line in writer.lines]

    def guard(self) -> list[str]:
        """A record of another kind is refused by the judge; where only this kind has what is read first, by that."""
        first, vocabulary = self.writer.first_read, self.bench.rulebook.vocabulary
        kinds = [name for name in vocabulary if hasattr(vocabulary[name].record, first)]
        if kinds == [self.kind.name]:
            return []
        self.writer.namespace |= {"Kind": self.kind.record, "type": type}
        return ["if type(record) is not Kind:", f"    {SLOW}"]

    def day_guard(self) -> list[str]:
        if not self.writer.looks_at_on:
            return []
        self.writer.namespace |= {"FIRST_DAY": calendar.FIRST_DAY, "LAST_DAY": calendar.LAST_DAY}
        return ["if not FIRST_DAY <= on <= LAST_DAY:", f"    {SLOW}"]

    def lines(self) -> None:
        form = self.body.form
        match form:
            case forms.Criterion():
                self.in_force()
                self.when()
                self.criterion(form)
            case forms.Deadline():
                self.deadline(form)
            case forms.Repeated():
                self.repeated(form)
            case forms.Limit() if form.window.name == "at any time" and not self.when_asks_the_day():
                self.in_force()
                self.when()
                self.over_time(form)
            case forms.Limit() if form.window.name in {"own", "ever"}:
                self.in_force()
                self.when()
                self.measured(form, open_ended=form.window.name == "ever")
            case _:
                raise Unwritten(self.ready.rule.id)

    # conditions

    def when_asks_the_day(self) -> bool:
        """Whether `when` has an answer of its own for each stretch of days."""
        when = self.body.conditions.when
        return when is not None and any(isinstance(node, terms.On) for node in terms.walk(when))

    def give(self, verdict: str) -> str:
        """The statement that gives a verdict."""
        return f"return {verdict}"

    def when(self, due: str = "") -> None:
        """The condition of a rule, that of a deadline asked for on its due day once that has come.

        Where it hangs on what has not happened yet itself, the judge is asked.
        """
        when, writer = self.body.conditions.when, self.writer
        if when is None:
            return
        if due and self.ready.when_moves:
            writer.namespace["is_day"] = _is_day
            self.line(f"if not is_day({due}):")
            self.line(f"    {SLOW}")
        if due:
            writer.namespace["asked_on"] = _asked_on
            writer.asked = writer.let(f"asked_on({due}, {writer.day()}, tables)")
        truth = writer.truth(when, (RECORD,))
        writer.asked = "on"
        with writer.block(f"if not ({truth.yes}):"):
            if writer.open_ended:
                self.line(f"if not ({truth.no}) and not ({truth.unsure or False}):")
                self.line(f"    {SLOW}")
            self.in_force()
            self.line(f"if {truth.no}:")
            self.line(f"    {self.give('NOT_APPLICABLE')}")
            self.not_told(when)

    def not_told(self, _when: Term) -> None:
        """It is not known whether the rule applies."""
        self.line(self.give("UNKNOWN"))

    def criterion(self, form: forms.Criterion) -> None:
        term = terms.AtLeast(form.need, tuple(clause.holds for clause in form.clauses))
        parts, decisive = _parts(term)
        found: list[Truth] = []
        for part in parts:
            truth = self.writer.truth(part, (RECORD,))
            found.append(truth)
            if len(parts) > 1:
                self.line(f"if {truth.yes if decisive else truth.no}:")
                self.line(f"    {self.give('MET' if decisive else 'NOT_MET')}")
        yes, no = [truth.yes for truth in found], [truth.no for truth in found]
        if len(parts) > 1 and decisive:
            self.line(f"if {_all(no)}:")
            self.line(f"    {self.give('NOT_MET')}")
        else:
            self.line(f"if {_all(yes)}:")
            self.line(f"    {self.give('MET')}")
        if len(parts) == 1:
            self.line(f"if {no[0]}:")
            self.line(f"    {self.give('NOT_MET')}")
        self.undecided(found)

    def undecided(self, _found: Sequence[Truth]) -> None:
        """What is given where neither is sure: pending where no fact is missing."""
        if self.writer.open_ended:
            unsure = either(*(truth.unsure for truth in _found)) or "False"
            self.line(self.give(f"UNKNOWN if {unsure} else PENDING"))
        else:
            self.line(self.give("UNKNOWN"))

    def in_force(self, due: str = "None") -> None:
        """Not applicable where rule or rulebook was not in force: on a due day, the record's own, or else this one."""
        if self.ready.windows:
            self.writer.namespace["covered"] = _covering(self.ready.windows, self.kind)
            self.line(f"if not covered(record, {due}, {self.writer.day()}, tables):")
            self.line(f"    {self.give('NOT_APPLICABLE')}")

    # deadlines

    def deadline(self, form: forms.Deadline) -> None:
        writer, plain = self.writer, self.ready.plain_when
        if plain:
            self.when()
        due = writer.value(form.due, (RECORD,))
        if not plain:
            self.when(due.text)
        done, closed = self.done(form)
        applied = plain or self.body.conditions.when is None
        if applied and not self.ready.windows and not form.not_before:
            self.in_time(done.text, due.text, form.due.type.base)
        waiting = writer.waiting(form.due.type.base)
        writer.namespace["once"] = shortcuts.once
        call = f"once({_pair(due)}, {_pair(done)}, {self.until(form)}, {waiting}{closed})"
        verdict = writer.let(call)
        self.in_force(due.text)
        self.line(f"return {verdict}")

    def done(self, form: forms.Deadline) -> tuple[Value, str]:
        """When it was done, and an argument that says whether that counts already."""
        writer, env = self.writer, (RECORD,)
        if form.not_before is None:
            return writer.value(form.done, env), ""
        parts = form.done.of if isinstance(form.done, terms.Earliest) else (form.done,)
        events, opens = [writer.value(part, env) for part in parts], writer.value(form.not_before, env)
        office = writer.office() if "instant" in {form.due.type.base, form.not_before.type.base} else "None"
        names = ("counting", "earliest", "ahead")
        writer.namespace |= {name: getattr(shortcuts, name) for name in names}
        found = [f"counting({_pair(event)}, {opens.text}, {writer.day()}, {office})" for event in events]
        done, unsure = writer.new(), writer.new()
        self.line(f"{done}, {unsure} = earliest(({', '.join(found)},))")
        return Value(done, ranged=True, unsure=unsure), f", closed=ahead({opens.text}, on, {office})"

    def in_time(self, done: str, due: str, base: str) -> None:
        """Done in time it is met, whatever else there is."""
        self.writer.namespace["Moment"] = dt.datetime if base == "instant" else dt.date
        self.line(f"if {done}.__class__ is Moment and {due}.__class__ is Moment and {done} <= {due}:")
        self.line("    return MET")

    def until(self, form: forms.Deadline | forms.Repeated) -> str:
        """When what is owed ends, and whether that is unsure."""
        return _pair(self.writer.value(form.until, (RECORD,))) if form.until else "(NONE, False)"

    def repeated(self, form: forms.Repeated) -> None:
        writer, env = self.writer, (RECORD,)
        after = writer.value(form.after, env)
        lists = [writer.dates(gather, env) for gather in form.done]
        for _, _, rows in lists:
            self.known(rows)
        certain = " + ".join(each for each, _, _ in lists)
        doubts = " + ".join(each for _, each, _ in lists)
        clock = writer.const(shortcuts.Clock.of(form))
        office = writer.office() if form.period.unit == "business_days" else writer.const(Office())
        writer.namespace["again"] = shortcuts.again
        call = f"again({_pair(after)}, {certain}, {doubts}, {self.until(form)}, {writer.day()}, {clock}, {office})"
        self.line(f"verdict, due = {call}")
        self.when("due")
        self.in_force("due")
        self.line("return verdict")

    def known(self, rows: Rows) -> None:
        """Where related records are not known, the judge is asked."""
        if not rows.certain:
            self.line(f"if {rows.text} is None:")
            self.line(f"    {SLOW}")

    # limits

    def measured(self, form: forms.Limit, *, open_ended: bool) -> None:
        """A measure of now held against its bounds."""
        writer, env = self.writer, (RECORD,)
        amount = writer.value(form.measure, env)
        low = writer.value(form.at_least, env) if form.at_least else None
        high = writer.value(form.at_most, env) if form.at_most else None
        enough = self.bound(">=", amount, low)
        within = self.bound("<=", amount, high)
        if open_ended:
            self.line(f"if {enough.no} and ({within.yes}):")
            self.line("    return PENDING")
        self.line(f"if {either(enough.no, within.no)}:")
        self.line("    return NOT_MET")
        self.line(f"if {_all([enough.yes, within.yes])}:")
        self.line("    return MET")
        values = [each for each in (amount, low, high) if each]
        unsure = either(*(each.unsure for each in values)) or "False"
        ranged = any(each.ranged for each in values)
        self.line(f"return UNKNOWN if {unsure} else PENDING" if ranged else "return UNKNOWN")

    def bound(self, order: terms.Order, amount: Value, bound: Value | None) -> Truth:
        """Whether a measure is inside one of its bounds."""
        if bound is None:
            return Truth("True", "False")
        if amount.ranged or bound.ranged:
            self.writer.namespace["compared"] = shortcuts.compared
            there = self.writer.const((False, False))
            text = f"compared({self.writer.const(order)}, {amount.text}, {bound.text}, {there})"
        else:
            missing = either(*(f"{each.text} is None" for each in (amount, bound) if not each.known))
            text = f"None if {missing or False} else {amount.text} {order} {bound.text}"
        if order == "<=" and bound.absent:
            text = f"True if {bound.text} is NONE else {text}"
        name = self.writer.let(text)
        return Truth(name, f"{name} is False")

    def over_time(self, form: forms.Limit) -> None:
        """How many there are on each day, each while its span runs."""
        writer, env, measure = self.writer, (RECORD,), form.measure
        counted = isinstance(measure, terms.Gather) and measure.op in {"count", "distinct"}
        if not counted or form.at_least or form.at_most is None or not isinstance(measure, terms.Gather):
            raise Unwritten(self.ready.rule.id)
        most = writer.value(form.at_most, env)
        if most.ranged:
            raise Unwritten(self.ready.rule.id)
        rows = writer.rows(measure.path, env)
        self.known(rows)
        certain, doubts = writer.let("[]"), writer.let("[]")
        with writer.each(rows, measure.where, env) as (inner, held):
            writer.closed(measure)
            self.stay(measure, inner, held, (certain, doubts))
        writer.namespace["over_time"] = shortcuts.over_time
        verdict = writer.let(f"over_time({certain}, {doubts}, {most.text}, {writer.day()})")
        self.line(f"return slow(record, on, tables) if {verdict} is None else {verdict}")

    def stay(self, measure: terms.Gather, env: tuple[str, ...], held: Truth | None, lists: tuple[str, str]) -> None:
        """One related record: on which days it counts, certainly or possibly."""
        writer, each = self.writer, env[-1]
        kind = self.bench.rulebook.vocabulary[measure.path.leads_to]
        span = kind.span or Span("", "")
        ends = [kind.facts[name] for name in (span.start, span.end)]
        if any(fact.type.base != "date" for fact in ends):
            raise Unwritten(measure)
        if held:
            self.line(f"if {held.no}:")
            self.line("    continue")
        who = writer.value(measure.value, env).text if measure.value else f"{each}.id"
        if measure.value:
            self.line(f"if {who} is NONE:")
            self.line("    continue")
        start, end = (writer.let(writer.attribute(each, fact)) for fact in ends)
        self.stay_in(who, start, end, held, lists, past=span.through)

    def stay_in(
        self, who: str, start: str, end: str, held: Truth | None, lists: tuple[str, str], *, past: bool
    ) -> None:
        writer, (certain, doubts) = self.writer, lists
        first, last = writer.const(dt.date.min), writer.const(dt.date.max)
        self.line(f"if {who} is None:")
        self.line(f"    {SLOW}")
        self.line(f"if {start} is NONE:")
        self.line("    continue")
        sure = writer.let(f"{start} is not None and {end} is not None" + (f" and ({held.yes})" if held else ""))
        shown = f"{end} + {writer.const(dt.timedelta(days=1))}" if past else end
        until = f"{last} if {end} is None or {end} is NONE else {shown}"
        begin = f"{first} if {start} is None else {start}"
        self.line(f"({certain} if {sure} else {doubts}).append(({who}, {begin}, {until}))")


class _Explained(_Rule):
    """Writes the function of a criterion on its own facts that gives the verdict and what is missing."""

    def lines(self) -> None:
        form = self.body.form
        if not isinstance(form, forms.Criterion):
            raise Unwritten(self.ready.rule.id)
        self.term = terms.AtLeast(form.need, tuple(clause.holds for clause in form.clauses))
        tops = [self.term, *([self.body.conditions.when] if self.body.conditions.when else [])]
        if not all(_own(node) for top in tops for node in terms.walk(top)):
            raise Unwritten(self.ready.rule.id)
        self.in_force()
        self.when()
        self.criterion(form)

    def give(self, verdict: str) -> str:
        return f"return {verdict}, ()"

    def not_told(self, _when: Term) -> None:
        self.lacking([_when, self.term])

    def undecided(self, _found: Sequence[Truth]) -> None:
        self.lacking([self.term])

    def lacking(self, tops: Iterable[Term]) -> None:
        """Give the facts that are not recorded in undecided parts, each once, in the order of their names."""
        found: dict[str, list[str]] = {}
        for top in tops:
            for fact, text in self.missing(top):
                found.setdefault(f"{self.kind.name}.{fact}", []).append(text)
        name = self.writer.let("[]")
        self.writer.namespace["tuple"] = tuple
        for fact in sorted(found):
            self.line(f"if {either(*found[fact])}:")
            self.line(f"    {name}.append({self.writer.const(fact)})")
        self.line(f"return UNKNOWN, tuple({name})")

    def missing(self, term: Term) -> Iterable[tuple[str, str]]:
        """The facts of a term with the expressions for where each is missing."""
        if isinstance(term, terms.Read):
            yield term.fact.name, f"{self.writer.value(term, (RECORD,)).text} is None"
            return
        if isinstance(term, terms.Known):
            return
        guard = ""
        if term.type.base == "bool":
            truth = self.writer.truth(term, (RECORD,))
            guard = f"not ({truth.yes}) and not ({truth.no})"
        for child in terms.children(term):
            for fact, text in self.missing(child):
                yield fact, f"{text} and {guard}" if guard and not isinstance(term, terms.Not) else text


def _parts(term: Term) -> tuple[tuple[Term, ...], bool]:
    """The conditions of which one decides: against all of them, or for all of them."""
    while isinstance(term, terms.AtLeast) and len(term.of) == 1:
        (term,) = term.of
    if not isinstance(term, terms.AtLeast) or term.k not in {1, len(term.of)}:
        return (term,), False
    return _flat(term, decisive=term.k == 1), term.k == 1


def _flat(term: Term, *, decisive: bool) -> tuple[Term, ...]:
    same = isinstance(term, terms.AtLeast) and term.k == (1 if decisive else len(term.of))
    if not same or not isinstance(term, terms.AtLeast):
        return (term,)
    return tuple(part for each in term.of for part in _flat(each, decisive=decisive))


def _all(parts: Iterable[str]) -> str:
    """All of some expressions, those that always hold left out."""
    found = [part for part in dict.fromkeys(parts) if part != "True"]
    return " and ".join(f"({part})" if " " in part else part for part in found) or "True"


def _own(node: Term) -> bool:
    """Whether a node reads nothing but facts of the record judged."""
    if isinstance(node, (terms.Gather, terms.Defined, terms.Met)):
        return False
    return not isinstance(node, terms.Read) or (not node.path.steps and node.path.depth == 0)


def _pair(value: Value) -> str:
    return f"({value.text}, {value.unsure or False})"


def _is_day(due: object) -> bool:
    return isinstance(due, dt.date)


def _asked_on(due: object, on: dt.date, tables: Tables) -> dt.date:
    """The day on which a condition is asked for: the due day, once that has come."""
    return min(_day(due, tables), on) if isinstance(due, dt.date) else on


def _day(moment: dt.date, tables: Tables) -> dt.date:
    return calendar.day(moment, tables.office or Office()) if isinstance(moment, dt.datetime) else moment


def _covering(windows: Sequence[forms.InForce], kind: Kind) -> Callable[[Record, object, dt.date, Tables], bool]:
    """Whether all of some windows cover a due day, or else the record's own, or else the day of the judgement."""

    def covered(record: Record, due: object, on: dt.date, tables: Tables) -> bool:
        dated = getattr(record, kind.dated_by, None) if kind.dated_by else None
        moment = next((each for each in (due, dated) if isinstance(each, dt.date)), on)
        return all(window.covers(_day(moment, tables)) for window in windows)

    return covered
