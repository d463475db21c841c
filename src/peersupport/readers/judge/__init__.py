"""One record, judged: the verdict, what is missing, which facts would settle it, and what other readings give.

`Judge` holds a rulebook compiled under some readings. `judge` gives the finding of one rule for one record, and
`judge_each` one finding for each occurrence of a rule that repeats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import attrs

from peersupport.readers import edges
from peersupport.readers.judge import settle
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled
from peersupport.readers.judge.outcomes import Decide, Outcome, Unsupported, deciding, levels, settled, staying
from peersupport.readers.judge.values import Value
from peersupport.rules import forms, loading, terms
from peersupport.rules.calendar import Period
from peersupport.rules.facts import Kind, Record, kind_of
from peersupport.rules.findings import WAITING, Finding, Judged, Place, Reason, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Tables

__all__ = ["Judge", "Unsupported", "judge", "judge_each"]

_WORST_FIRST = {verdict: i for i, verdict in enumerate((Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING))}
Readings = frozenset[str]


@attrs.frozen(eq=False)
class _Compiled:
    """One rule for one kind under some readings, ready to run."""

    rule: Rule
    kind: Kind
    readings: Readings
    decide: Decide
    when: Function | None
    unless: Function | None
    responsible: Function | None
    person: Function | None
    clauses: tuple[tuple[forms.Clause, Function], ...]
    constants: edges.Constants
    moves: bool


class Judge:
    """A rulebook under some readings, compiled once for many records.

    A rule that this reader cannot judge yet, under the chosen readings or another one, is refused with `Unsupported`
    when the judge is made. `rules` are those to be judged; the others are compiled when they are asked for.
    """

    def __init__(self, rulebook: Rulebook, readings: Iterable[str] = (), rules: Iterable[str] | None = None) -> None:
        self.rulebook = rulebook
        self.readings = rulebook.chosen(frozenset(readings))
        self._compiled: dict[tuple[str, str, Readings], _Compiled] = {}
        self._prepared: set[str] = set()
        self.prepare([rule.id for rule in rulebook.judged] if rules is None else rules)

    def prepare(self, rules: Iterable[str]) -> None:
        """Compile some rules under every reading, so that one that cannot be judged is refused before any record."""
        for rule in (self.rulebook[name] for name in rules if name not in self._prepared):
            self._prepared.add(rule.id)
            for kind in rule.about:
                self.ready(rule, kind, self.readings)
                for reading in self.others(rule):
                    self.ready(rule, kind, self.beside(rule, reading))

    def others(self, rule: Rule) -> list[str]:
        """The readings of a rule that are not chosen."""
        return [name for name in rule.readings if name not in self.readings]

    def beside(self, rule: Rule, reading: str) -> Readings:
        """The chosen readings with another one, which takes the place of those that say the same fields of a rule."""
        fields = set(rule.readings[reading])
        clashing = {name for name in self.readings & set(rule.readings) if fields & set(rule.readings[name])}
        return self.readings - clashing | {reading}

    def findings(
        self,
        rule: Rule,
        record: Record,
        *,
        on: dt.date,
        tables: Tables = EMPTY,
        since: dt.date | None = None,
        settles: bool = False,
        explain: bool = True,
    ) -> list[Finding]:
        """The findings of a rule for a record: one, or one for each occurrence of a rule that repeats.

        `settles` searches for the smallest sets of facts that could decide; `explain` judges each clause by itself.
        """
        case = _Case(self, self.ready(rule, self._kind(rule, record), self.readings), record, on, tables, since)
        return [
            case.finding(outcome, settles=settles, explain=explain)
            for outcome in case.outcomes()
            if _shown(outcome, since)
        ]

    def verdict(self, rule: Rule, record: Record, *, on: dt.date, tables: Tables = EMPTY) -> Verdict:
        """Only the verdict of a rule for a record, that of the open occurrence: the fast way, without a finding."""
        case = _Case(self, self.ready(rule, self._kind(rule, record), self.readings), record, on, tables, None)
        return _current(case.outcomes()).verdict

    def load(self, rule: Rule, record: Record, *, on: dt.date, tables: Tables) -> tuple[int, int, int] | None:
        """What a limit at any time counts on a day: surely, possibly, and at most; None for any other rule."""
        kind = self._kind(rule, record)
        form = self.rulebook.body(rule, kind, self.readings).form
        if not isinstance(form, forms.Limit) or form.window.name != "at any time" or form.at_most is None:
            return None
        names = self._names(kind, self.readings)
        ctx = Context(tables, on, on)
        stays = staying(form, names)(ctx, (record,))
        most = compiled(form.at_most, names)(ctx, (record,))
        if stays is None or not isinstance(most, int):
            return None
        level = levels(stays, on, on)[0]
        return level.surely, level.possibly, most

    def _kind(self, rule: Rule, record: Record) -> str:
        name = kind_of(type(record)).name
        if name not in rule.about:
            message = f"{rule.id} judges {' or '.join(rule.about)}, not {kind_of(type(record)).phrase}"
            raise TypeError(message)
        return name

    def ready(self, rule: Rule, kind: str, readings: Readings) -> _Compiled:
        """A rule compiled for one kind under some readings."""
        key = (rule.id, kind, readings)
        if key not in self._compiled:
            self._compiled[key] = self._compile(rule, kind, readings)
        return self._compiled[key]

    def _compile(self, rule: Rule, kind: str, readings: Readings) -> _Compiled:
        body = self.rulebook.body(rule, kind, readings)
        names = self._names(kind, readings)
        conditions, form = body.conditions, body.form

        def optional(term: terms.Term | None) -> Function | None:
            return compiled(term, names) if term else None

        responsible = conditions.responsible or self.rulebook.responsible.get(kind)
        parts = loading.parts(body)
        place = f"{self.rulebook.name}, {rule.id}"
        return _Compiled(
            rule=rule,
            kind=self.rulebook.vocabulary[kind],
            readings=readings,
            decide=deciding(form, names, place),
            when=optional(conditions.when),
            unless=optional(conditions.unless),
            responsible=optional(responsible),
            person=self._person(kind, names),
            clauses=tuple((c, compiled(c.holds, names)) for c in _clauses(form)),
            constants=edges.constants(parts, _periods(form)),
            moves=any(isinstance(node, terms.On) for top in parts for node in terms.walk(top)),
        )

    def _names(self, kind: str, readings: Readings) -> Names:
        def definition(rule: str, of: str) -> Function:
            value = self.rulebook.defined(rule, of, readings)
            return compiled(terms.as_event(value), self._names(of, readings))

        def met(rule: str, of: str) -> Function:
            return self._met(rule, of, readings)

        return Names(self.rulebook.vocabulary, definition, met, kind)

    def _met(self, rule: str, kind: str, readings: Readings) -> Function:
        """Another rule as a condition: not applicable counts as held, pending as not yet known."""

        def run(ctx: Context, env: Env) -> Value:
            other = self.ready(self.rulebook[rule], kind, readings)
            outcome = _current(_outcomes(other, ctx, env, None))
            if outcome.verdict is Verdict.PENDING:
                ctx.trace.append(WAITING)
            ctx.trace.extend(outcome.missing)
            return {Verdict.MET: True, Verdict.NOT_APPLICABLE: True, Verdict.NOT_MET: False}.get(outcome.verdict)

        return run

    def _person(self, kind: str, names: Names) -> Function | None:
        path = self.rulebook.vocabulary.person_path(kind)
        if not path:
            return None
        here, steps = kind, []
        for name in path[:-1]:
            fact = self.rulebook.vocabulary[here].facts[name]
            steps.append(terms.Step(fact.type.kind, name, forward=True, many=False))
            here = fact.type.kind
        last = self.rulebook.vocabulary[here].facts[path[-1]]
        return compiled(terms.Read(terms.Path(0, kind, tuple(steps)), last), names)


def _clauses(form: forms.Form) -> tuple[forms.Clause, ...]:
    return form.clauses if isinstance(form, forms.Criterion) else ()


def _periods(form: forms.Form) -> tuple[Period, ...]:
    return (form.first, form.period) if isinstance(form, forms.Repeated) else ()


def _outcomes(ready: _Compiled, ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
    """The outcomes of a rule, each under its `when` on its own day."""
    if ready.rule.choose and not ready.readings & set(ready.rule.readings):
        return [Outcome(verdict=Verdict.UNKNOWN, reason=Reason.CHOOSE_READING)]
    found = ready.decide(ctx, env, since)
    return [_applied(ready, outcome, ctx, env) for outcome in found] if ready.when else found


def _asked(outcome: Outcome, ctx: Context) -> dt.date:
    """The day on which `when`, `unless` and the person responsible are asked for: the due day, once it has come."""
    due = outcome.due.date() if isinstance(outcome.due, dt.datetime) else outcome.due
    return min(due, ctx.horizon) if due else ctx.on


def _applied(ready: _Compiled, outcome: Outcome, ctx: Context, env: Env) -> Outcome:
    asked = ctx.at(_asked(outcome, ctx))
    applies = ready.when(asked, env) if ready.when else True
    if applies is True:
        return outcome
    if applies is False:
        none = Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.DOES_NOT_APPLY)
        return attrs.evolve(none, occurrence=outcome.occurrence, start=outcome.start)
    undecided = settled(None, asked.trace, Reason.HOLDS, Reason.DOES_NOT_HOLD)
    missing = (*undecided.missing, *outcome.missing)
    if missing and undecided.verdict is Verdict.PENDING:
        undecided = attrs.evolve(undecided, verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED)
    return attrs.evolve(undecided, missing=missing, occurrence=outcome.occurrence, start=outcome.start)


class _Told(Protocol):
    """What outcomes and findings share: enough to tell which of several speaks for all."""

    @property
    def occurrence(self) -> int | dt.date | None: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def reason(self) -> Reason: ...


_ToldT = TypeVar("_ToldT", bound=_Told)


def _current(found: Sequence[_ToldT]) -> _ToldT:
    """The one that speaks for all: the worst stretch of a limit, the first overdue or else the open occurrence."""
    if isinstance(found[0].occurrence, dt.date):
        return min(found, key=lambda each: _rank(each.verdict))
    return next((each for each in found if each.reason is Reason.OVERDUE), found[-1])


def _rank(verdict: Verdict) -> int:
    return _WORST_FIRST.get(verdict, len(_WORST_FIRST))


def _shown(outcome: Outcome, since: dt.date | None) -> bool:
    """Whether an occurrence belongs to the time that is asked about: due in it, or still open."""
    if since is None or not isinstance(outcome.occurrence, int) or outcome.due is None:
        return True
    return outcome.due >= since or (outcome.verdict is not Verdict.MET and outcome.done_on is None)


class _Case:
    """One rule held against one record on a day, and the findings that come of it."""

    def __init__(
        self,
        judge: Judge,
        ready: _Compiled,
        record: Record,
        on: dt.date,
        tables: Tables,
        since: dt.date | None,
    ) -> None:
        self.judge = judge
        self.ready = ready
        self.env: Env = (record,)
        self.on = on
        self.tables = tables
        self.since = since
        self.ctx = Context(tables, on, on)
        self._alternatives: dict[str, list[Outcome]] | None = None

    @property
    def rule(self) -> Rule:
        return self.ready.rule

    def outcomes(self) -> list[Outcome]:
        """What the rule gives, or that it was not in force."""
        found = _outcomes(self.ready, self.ctx, self.env, self.since)
        return [self.in_force(outcome) for outcome in found]

    def in_force(self, outcome: Outcome) -> Outcome:
        """The outcome itself, where rule and rulebook were in force on the day that counts."""
        windows = [w for w in (self.rule.in_force, self.judge.rulebook.in_force) if w != forms.InForce()]
        day = outcome.due or self.dated() or self.on
        day = day.date() if isinstance(day, dt.datetime) else day
        if all(window.covers(day) for window in windows):
            return outcome
        none = Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.NOT_IN_FORCE)
        return attrs.evolve(none, occurrence=outcome.occurrence, start=outcome.start)

    def dated(self) -> dt.date | None:
        value = getattr(self.env[0], self.ready.kind.dated_by, None) if self.ready.kind.dated_by else None
        return value if isinstance(value, dt.date) else None

    def finding(self, outcome: Outcome, *, settles: bool, explain: bool) -> Finding:
        record = self.env[0]
        missing, exact = self.missing(outcome)
        sets, complete = self.settles(outcome, missing) if settles else (None, True)
        asked = self.ctx.at(_asked(outcome, self.ctx))
        chosen = tuple(name for name in self.rule.readings if name in self.ready.readings)
        return Finding(
            rule=self.rule.id,
            rulebook=f"{self.judge.rulebook.name}@{self.judge.rulebook.version}",
            force=self.rule.force,
            subject=(self.ready.kind.name, record.id),
            person=self.text(self.ready.person, asked),
            responsible=self.text(self.ready.responsible, self.then(asked)),
            on=self.on,
            verdict=outcome.verdict,
            reason=self.reason(outcome, missing),
            says=self.rule.sentence(self.ready.readings),
            source=self.rule.source,
            occurrence=outcome.occurrence,
            due=outcome.due,
            done_on=outcome.done_on,
            days_late=outcome.days_late,
            days=outcome.days,
            measured=outcome.measured,
            at_least=outcome.at_least,
            at_most=outcome.at_most,
            missing=missing,
            settles=sets,
            exact=exact and complete,
            reading=chosen,
            alternatives=self.alternatives(outcome),
            exception=self.exception(asked),
            changes_on=self.changes_on(outcome),
            clauses=self.clauses() if explain else (),
            warnings=tuple(self.ctx.warnings),
        )

    def text(self, function: Function | None, ctx: Context) -> str:
        value = function(ctx, self.env) if function else None
        return value if isinstance(value, str) else ""

    def then(self, asked: Context) -> Context:
        """A judgement that sees no further than the day asked about: who had the case then."""
        return Context(self.tables, asked.on, min(asked.on, self.on))

    def exception(self, asked: Context) -> bool | None:
        value = self.ready.unless(asked, self.env) if self.ready.unless else False
        return value if value is None else value is True

    # what is missing

    def missing(self, outcome: Outcome) -> tuple[tuple[Place, ...], bool]:
        """The facts that could still change the verdict, and whether the list is exact."""
        places = tuple(dict.fromkeys(outcome.missing))
        if len(places) < 2:
            return places, True
        found = settle.relevant(places, self.edges(places), self.verdicts(outcome))
        return tuple(place for group in found.sets for place in group), found.exact

    def settles(self, outcome: Outcome, missing: Sequence[Place]) -> tuple[tuple[tuple[Place, ...], ...], bool]:
        """The smallest sets of missing facts that could decide the verdict, and whether these are all."""
        if outcome.verdict is not Verdict.UNKNOWN:
            return (), True
        found = settle.settling(missing, self.edges(missing), self.verdicts(outcome))
        return found.sets, found.exact

    def edges(self, places: Sequence[Place]) -> dict[Place, tuple[edges.Edge, ...]]:
        """The values to try for each missing fact: a missing record or table has none."""
        ctx = Context(self.tables, self.on, self.on)
        ctx.seen = set()
        _outcomes(self.ready, ctx, self.env, self.since)
        vocabulary = self.judge.rulebook.vocabulary
        facts = {place: vocabulary[place.kind].facts[place.fact] for place in places if place.fact and place.id}
        return {
            place: edges.edges(fact, self.ready.constants, ctx.seen, self.tables, self.on)
            for place, fact in facts.items()
        }

    def verdicts(self, outcome: Outcome) -> settle.Verdicts:
        """The verdict of the same occurrence, with some facts as if they were recorded."""

        def verdict(overlay: Mapping[Place, edges.Edge]) -> Verdict:
            ctx = Context(self.tables, self.on, self.on, overlay)
            return _same(_outcomes(self.ready, ctx, self.env, self.since), outcome).verdict

        return verdict

    # what else is told

    def reason(self, outcome: Outcome, missing: Sequence[Place]) -> Reason:
        """The outcome's reason; where facts are missing, whether these are tables or judgements."""
        if outcome.reason is not Reason.NOT_RECORDED or not missing:
            return outcome.reason
        if all(not place.id for place in missing):
            return Reason.NO_TABLE
        vocabulary = self.judge.rulebook.vocabulary
        facts = [vocabulary[p.kind].facts.get(p.fact) if p.kind in vocabulary else None for p in missing]
        return Reason.JUDGEMENT if all(fact and fact.judged for fact in facts) else Reason.NOT_RECORDED

    def alternatives(self, outcome: Outcome) -> dict[str, Verdict]:
        """The verdict of the same occurrence under each other reading, tried alone on the chosen ones."""
        if self._alternatives is None:
            self._alternatives = {name: self.under(name) for name in self.judge.others(self.rule)}
        found = {name: _like(outcomes, outcome) for name, outcomes in self._alternatives.items()}
        return {name: other.verdict for name, other in found.items() if other}

    def under(self, reading: str) -> list[Outcome]:
        judge = self.judge
        ready = judge.ready(self.rule, self.ready.kind.name, judge.beside(self.rule, reading))
        return _outcomes(ready, Context(self.tables, self.on, self.on), self.env, self.since)

    def changes_on(self, outcome: Outcome) -> dt.date | None:
        """The next day on which the verdict changes by itself, with nothing new recorded."""
        if outcome.reason is Reason.UPCOMING and outcome.due:
            return (outcome.due.date() if isinstance(outcome.due, dt.datetime) else outcome.due) + dt.timedelta(days=1)
        if not self.ready.moves or outcome.occurrence is not None:
            return None
        ctx = Context(self.tables, self.on, self.on)
        ctx.seen = set()
        _outcomes(self.ready, ctx, self.env, self.since)
        return next(
            (day for day in edges.days(self.ready.constants, ctx.seen, self.on) if self.differs(day, outcome)), None
        )

    def differs(self, day: dt.date, outcome: Outcome) -> bool:
        if day <= self.on:
            return False
        later = _outcomes(self.ready, Context(self.tables, day, day), self.env, self.since)
        return _current(later).verdict is not outcome.verdict

    def clauses(self) -> tuple[Judged, ...]:
        """Each clause of a criterion by itself, with what it lacks and which related records it fails for."""
        return tuple(self.clause(clause, holds) for clause, holds in self.ready.clauses)

    def clause(self, clause: forms.Clause, holds: Function) -> Judged:
        ctx = Context(self.tables, self.on, self.on)
        outcome = settled(holds(ctx, self.env), ctx.trace, Reason.HOLDS, Reason.DOES_NOT_HOLD)
        named = isinstance(self.rule.fields.get("holds"), dict)
        missing = tuple(dict.fromkeys(outcome.missing))
        return Judged(clause.name if named else "", clause.holds, 0, outcome.verdict, missing)


def _like(outcomes: Sequence[Outcome], other: Outcome) -> Outcome | None:
    """The outcome of the same occurrence, or of the same stretch of days; None where there is none."""
    if isinstance(other.occurrence, dt.date):
        return _shared(outcomes, other.occurrence, other.days or 0)
    if other.occurrence is None:
        return _current(outcomes)
    return next((outcome for outcome in outcomes if outcome.occurrence == other.occurrence), None)


def _same(outcomes: Sequence[Outcome], other: Outcome) -> Outcome:
    """The outcome of the same occurrence: of a rolling one, of what is counted from the same day; else the current."""
    if other.start is None:
        return _like(outcomes, other) or _current(outcomes)
    return next((outcome for outcome in outcomes if outcome.start == other.start), _current(outcomes))


def _shared(outcomes: Sequence[Outcome], start: dt.date, days: int) -> Outcome:
    """The worst of the stretches that share a day with another one; inside the bounds where there is none."""
    until = start + dt.timedelta(days=days)
    stretches = [(outcome, outcome.occurrence) for outcome in outcomes if isinstance(outcome.occurrence, dt.date)]
    shared = [o for o, begin in stretches if begin < until and begin + dt.timedelta(days=o.days or 0) > start]
    return _current(shared) if shared else Outcome(verdict=Verdict.MET, reason=Reason.HOLDS)


def judge_of(rulebook: Rulebook, readings: Iterable[str] = ()) -> Judge:
    """The judge of a rulebook under some readings: it compiles what it is asked for, and is kept with the rulebook."""
    key = (Judge, frozenset(readings))
    made = rulebook.kept.get(key)
    if not isinstance(made, Judge):
        made = rulebook.kept[key] = Judge(rulebook, readings, rules=())
    return made


def judge_each(
    rulebook: Rulebook,
    rule: str,
    record: Record,
    *,
    on: dt.date,
    tables: Tables = EMPTY,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
    settles: bool = False,
) -> list[Finding]:
    """One finding for each occurrence of a rule for a record, in order."""
    judge_ = judge_of(rulebook, readings)
    judge_.prepare([rule])
    return judge_.findings(rulebook[rule], record, on=on, tables=tables, since=since, settles=settles)


def judge(
    rulebook: Rulebook,
    rule: str,
    record: Record,
    *,
    on: dt.date,
    tables: Tables = EMPTY,
    readings: Iterable[str] = (),
    settles: bool = False,
) -> Finding:
    """The finding of a rule for a record on a day; of a rule that repeats, that of the open occurrence."""
    found = judge_each(rulebook, rule, record, on=on, tables=tables, readings=readings, settles=settles)
    return _current(found)
