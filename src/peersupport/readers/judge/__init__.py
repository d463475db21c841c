"""One record, judged: the verdict, what is missing, which facts would settle it, and what other readings give.

`Judge` holds a rulebook compiled under some readings. `judge` gives the finding of one rule for one record, and
`judge_each` one finding for each occurrence of a rule that repeats.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from peersupport.readers import edges
from peersupport.readers.judge.case import Case
from peersupport.readers.judge.context import Context, Env, Function, Names, Sitting
from peersupport.readers.judge.deadlines import expecting
from peersupport.readers.judge.deciding import deciding
from peersupport.readers.judge.evaluate import compiled, failing
from peersupport.readers.judge.generated import Deciding, Quick, by_kind, quick
from peersupport.readers.judge.limits import Level, Since, Staying, complete_since, levels, staying
from peersupport.readers.judge.occurrences import Asked, Compiled, Readings, current, in_force, outcomes_of, shown
from peersupport.readers.judge.outcomes import Outcome
from peersupport.readers.judge.values import Value
from peersupport.rules import forms, loading, terms
from peersupport.rules.calendar import Period, times
from peersupport.rules.facts import Record, kind_of
from peersupport.rules.findings import CHOOSING, WAITING, Finding, Reason, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.problems import Unsupported
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Tables

_OCCURRENCES_TRIED = 3
"""How many occurrences from an anchor that is not recorded a search looks at."""

__all__ = ["HasTables", "Judge", "Level", "Sitting", "Unsupported", "judge", "judge_each", "judge_of", "verdict_of"]


class Judge:
    """A rulebook under some readings, compiled once for many records.

    A rule that this reader cannot judge yet, under the chosen readings or another one, is refused with `Unsupported`
    when the judge is made. `rules` are those to be judged; the others are compiled when they are asked for.
    """

    def __init__(self, rulebook: Rulebook, readings: Iterable[str] = (), rules: Iterable[str] | None = None) -> None:
        self.rulebook = rulebook
        self.readings = rulebook.chosen(frozenset(readings))
        self._compiled: dict[tuple[str, str, Readings], Compiled] = {}
        self._alternatives: dict[tuple[str, str], dict[str, Compiled]] = {}
        self._prepared: set[str] = set()
        self._counted: dict[tuple[str, str], tuple[Staying, Function, Since] | None] = {}
        self._shared: dict[tuple[str, terms.Term, Readings], Function] = {}
        self._concerning: dict[str, Readings] = {}
        self._quick: dict[tuple[str, str], Quick] = {}
        self.prepare([rule.id for rule in rulebook.judged] if rules is None else rules)

    def prepare(self, rules: Iterable[str], *, alone: bool = False) -> None:
        """Compile some rules under every reading, so that one that cannot be judged is refused before any record.

        With `alone` it is under the chosen readings only.
        """
        for rule in (self.rulebook[name] for name in rules if name not in self._prepared):
            for kind in rule.about:
                self.ready(rule, kind, self.readings)
                if not alone:
                    self.alternatives(rule, kind)
            if not alone:
                self._prepared.add(rule.id)

    def alternatives(self, rule: Rule, kind: str) -> Mapping[str, Compiled]:
        """A rule compiled under each of its readings that is not chosen, alone beside the chosen ones."""
        key = (rule.id, kind)
        if key not in self._alternatives:
            others = [name for name in rule.readings if name not in self.readings]
            self._alternatives[key] = {name: self.ready(rule, kind, self._beside(rule, name)) for name in others}
        return self._alternatives[key]

    def _beside(self, rule: Rule, reading: str) -> Readings:
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

        `settles` searches for the smallest sets of facts that could decide. `explain` judges each clause by itself and
        searches for what is `missing`; without it every fact that an undecided part of the rule lacks is told.
        """
        return self.sit(Sitting(tables, on, since), rule, record, settles=settles, explain=explain)

    def sit(
        self, sitting: Sitting, rule: Rule, record: Record, *, settles: bool = False, explain: bool = True
    ) -> list[Finding]:
        """The findings of a rule for a record, as one of many of the same tables on the same day."""
        case = self._case(sitting, rule, record)
        return [
            case.finding(outcome, settles=settles, explain=explain)
            for outcome in case.outcomes()
            if shown(outcome, sitting.since)
        ]

    def _case(self, sitting: Sitting, rule: Rule, record: Record) -> Case:
        return Case(self, self.ready(rule, self._kind(rule, record), self.readings), record, sitting)

    def verdict(self, rule: Rule, record: Record, *, on: dt.date, tables: Tables = EMPTY) -> Verdict:
        """Only the verdict of a rule for a record, that of the open occurrence: the fast way, without a finding."""
        case = self._case(Sitting(tables, on), rule, record)
        return current(case.outcomes()).verdict

    def quick(self, rule: Rule, kind: str | None = None) -> Quick:
        """A rule as functions of their own, which give what `verdict` does several times faster: `quick(rule).verdict`.

        `kind` is the kind of record that they are for, of a rule that judges several; without it they look each time.
        """
        if kind is not None and kind not in rule.about:
            message = f"{rule.id} judges {' or '.join(rule.about)}, not {kind}"
            raise TypeError(message)
        kinds = rule.about if kind is None else (kind,)

        def ask(record: Record, on: dt.date, tables: Tables) -> Outcome:
            return current(self._case(Sitting(tables, on), rule, record).outcomes())

        for name in kinds:
            if (rule.id, name) not in self._quick:
                self._quick[rule.id, name] = quick(self, rule, name, ask)
        found = {name: self._quick[rule.id, name] for name in kinds}
        return found[kinds[0]] if len(kinds) == 1 else by_kind(found)

    def levels(
        self, rule: Rule, record: Record, *, on: dt.date, since: dt.date, through: dt.date, tables: Tables
    ) -> tuple[list[Level], int] | None:
        """What a limit at any time counts on each day of some, and at most; None for any other rule.

        None too where what it counts was not given, or is not complete from the first day on.
        What is recorded of days after the first is counted too, starts that lie ahead and planned ends.
        """
        counting = self._counting(rule, self._kind(rule, record))
        if counting is None:
            return None
        stays_of, most_of, complete_from = counting
        complete = complete_from(tables)
        if complete and since < complete:
            return None
        stays, most = stays_of(Context(tables, on, through), (record,)), most_of(Context(tables, on, on), (record,))
        if stays is None or not isinstance(most, int):
            return None
        return levels(stays, since, through), most

    def complete_since(self, rule: Rule, record: Record, tables: Tables) -> dt.date | None:
        """The day from which all that a limit at any time counts is there; None is always."""
        counting = self._counting(rule, self._kind(rule, record))
        return counting[2](tables) if counting else None

    def _counting(self, rule: Rule, kind: str) -> tuple[Staying, Function, Since] | None:
        """What a limit at any time counts, and its bound; None for any other rule."""
        key = (rule.id, kind)
        if key not in self._counted:
            form = self.rulebook.body(rule, kind, self.readings).form
            self._counted[key] = None if self.choices(rule, kind, self.readings) else self._count(form, kind)
        return self._counted[key]

    def _count(self, form: forms.Form, kind: str) -> tuple[Staying, Function, Since] | None:
        if not isinstance(form, forms.Limit) or not form.counts_at_any_time or form.at_most is None:
            return None
        names = self._names(kind, self.readings)
        return staying(form, names), compiled(form.at_most, names), complete_since(form)

    def expected(
        self, rule: Rule, record: Record, *, on: dt.date, through: dt.date, tables: Tables
    ) -> list[tuple[int, dt.date]]:
        """What a rule that repeats will ask up to a last day, if what is open is done on its due day, and so on."""
        kind = self._kind(rule, record)
        case = self._case(Sitting(tables, on), rule, record)
        last = current(case.outcomes())
        form = self.rulebook.body(rule, kind, case.told.readings).form
        if last.reason is not Reason.UPCOMING or not isinstance(form, forms.Repeated):
            return []
        ahead = expecting(form, self._names(kind, case.told.readings))(case.ctx, case.env, last, through)
        return [(number, due) for number, due in ahead if case.asks(due)]

    def person(self, rule: Rule, record: Record, *, on: dt.date, tables: Tables) -> str:
        """The id of the person whom a record is about; empty where no path leads to one."""
        ready = self.ready(rule, self._kind(rule, record), self.readings)
        found = ready.person(Context(tables, on, on), (record,)) if ready.person else None
        return found if isinstance(found, str) else ""

    def defined(self, name: str, kind: str) -> Callable[[Record, dt.date, dt.date, Tables], Value]:
        """A definition as a function of a record, a day, the last day that is seen, and tables."""
        value = self._names(kind, self.readings).definition(name, kind)
        return lambda record, on, horizon, tables: value(Context(tables, on, horizon), (record,))

    def seen(self, record: Record, on: dt.date, tables: Tables) -> bool:
        """Whether a record has been seen on a day: not when it is dated after it."""
        kind = kind_of(type(record))
        dated = kind.facts.get(kind.dated_by)
        if dated is None or not dated.happens:
            return True
        return Context(tables, on, on).ahead(getattr(record, dated.name, None)) is not True

    def _kind(self, rule: Rule, record: Record) -> str:
        name = kind_of(type(record)).name
        if name not in rule.about:
            message = f"{rule.id} judges {' or '.join(rule.about)}, not {kind_of(type(record)).phrase}"
            raise TypeError(message)
        return name

    def ready(self, rule: Rule, kind: str, readings: Readings) -> Compiled:
        """A rule compiled for one kind under some readings."""
        key = (rule.id, kind, readings)
        if key not in self._compiled:
            self._compiled[key] = self._compile(rule, kind, readings)
        return self._compiled[key]

    def _compile(self, rule: Rule, kind: str, readings: Readings) -> Compiled:
        body = self.rulebook.body(rule, kind, readings)
        names = self._names(kind, readings)
        conditions, form = body.conditions, body.form

        def optional(term: terms.Term | None) -> Function | None:
            return compiled(term, names) if term else None

        def alike(term: terms.Term | None) -> Function | None:
            return names.shared(term, lambda: compiled(term, names)) if term else None

        responsible = conditions.responsible or self.rulebook.responsible.get(kind)
        parts = loading.parts(body)
        place = f"{self.rulebook.name}, {rule.id}"
        moves = conditions.when is not None and edges.asks_the_day(conditions.when, self.rulebook, readings)
        return Compiled(
            rule=rule,
            kind=self.rulebook.vocabulary[kind],
            readings=readings,
            edition=f"{self.rulebook.name}@{self.rulebook.version}",
            says=rule.sentence(readings),
            chosen=tuple(name for name in rule.readings if name in readings),
            windows=tuple(w for w in (rule.in_force, self.rulebook.in_force) if w != forms.InForce()),
            decide=deciding(form, names, place),
            when=alike(conditions.when),
            unless=optional(conditions.unless),
            responsible=optional(responsible),
            person=self._person(kind, names),
            clauses=tuple(_asked(clause, names) for clause in _clauses(form)),
            constants=edges.constants(parts, _periods(form)),
            moves=any(isinstance(node, terms.On) for top in parts for node in terms.walk(top)),
            choices=self.choices(rule, kind, readings),
            plain_when=_once(form) and conditions.when is not None and not moves,
            when_moves=rule.form == "deadline" and moves,
        )

    def choices(self, rule: Rule, kind: str, readings: Readings) -> tuple[Compiled, ...]:
        """A rule under each of its readings, where one of them has to be chosen and none is."""
        if not rule.choose or readings & set(rule.readings):
            return ()
        return tuple(self.ready(rule, kind, readings | {name}) for name in rule.readings)

    def _names(self, kind: str, readings: Readings) -> Names:
        def definition(rule: str, of: str) -> Function:
            value = self.rulebook.defined(rule, of, readings)
            return compiled(terms.as_event(value), self._names(of, readings))

        def met(rule: str, of: str) -> Function:
            return self._met(rule, of, readings)

        def shared(term: terms.Term, make: Callable[[], Function]) -> Function:
            key = (kind, term, readings & self._behind(term))
            if key not in self._shared:
                self._shared[key] = make()
            return self._shared[key]

        return Names(self.rulebook.vocabulary, definition, met, kind, shared)

    def _behind(self, term: terms.Term) -> Readings:
        """The readings on which a term hangs: those of the definitions and rules that it asks for."""
        return frozenset(name for rule in asked_for(term) for name in self._concern(rule))

    def _concern(self, rule: str) -> Readings:
        """The readings on which a rule hangs: its own, and those of all that it asks for."""
        if rule not in self._concerning:
            found = self._reached(rule)
            self._concerning[rule] = frozenset(name for each in found for name in self.rulebook[each].readings)
        return self._concerning[rule]

    def _reached(self, start: str) -> list[str]:
        """A rule and the rules that it asks for, itself and over others, under any reading."""
        found = [start]
        for name in found:
            found.extend(self._asked(self.rulebook[name]).difference(found))
        return found

    def _asked(self, rule: Rule) -> set[str]:
        """The rules that a rule asks for under any reading."""
        each = [frozenset[str](), *(frozenset({name}) for name in rule.readings)]
        bodies = [self.rulebook.body(rule, kind, readings) for kind in rule.about for readings in each]
        return {name for body in bodies for top in loading.parts(body) for name in asked_for(top)}

    def _met(self, rule: str, kind: str, readings: Readings) -> Function:
        """Another rule as a condition: not applicable counts as held, pending as not yet known."""

        def run(ctx: Context, env: Env) -> Value:
            other = self.ready(self.rulebook[rule], kind, readings)
            outcome = in_force(other, current(outcomes_of(other, ctx, env, None)), ctx, env)
            if outcome.verdict is Verdict.PENDING:
                ctx.trace.append(WAITING)
            if outcome.reason is Reason.CHOOSE_READING:
                ctx.trace.append(CHOOSING)
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


def _asked(clause: forms.Clause, names: Names) -> Asked:
    parts = tuple(_asked(part, names) for part in clause.parts)
    return Asked(clause, compiled(clause.holds, names), failing(clause.holds, names), parts)


def _clauses(form: forms.Form) -> tuple[forms.Clause, ...]:
    return form.clauses if isinstance(form, forms.Criterion) else ()


def asked_for(term: terms.Term) -> set[str]:
    """The definitions and rules that a term asks for itself."""
    return {node.rule for node in terms.walk(term) if isinstance(node, (terms.Defined, terms.Met))}


def _once(form: forms.Form) -> bool:
    """Whether a rule has one outcome for each record, and not one for each occurrence."""
    if isinstance(form, forms.Limit):
        return form.window.name in {"own", "ever"}
    return not isinstance(form, forms.Repeated)


def _periods(form: forms.Form) -> tuple[Period, ...]:
    """The periods of a form that are not in its terms: those of the first occurrences, each from the anchor."""
    if not isinstance(form, forms.Repeated):
        return ()
    count = min(form.times or _OCCURRENCES_TRIED, _OCCURRENCES_TRIED)
    return (form.first, *(times(form.period, k) for k in range(1, count + 1)))


def judge_of(rulebook: Rulebook, readings: Iterable[str] = ()) -> Judge:
    """The judge of a rulebook under some readings: it compiles what it is asked for, and is kept with the rulebook."""
    key = (Judge, frozenset(readings))
    made = rulebook.kept.get(key)
    if not isinstance(made, Judge):
        made = rulebook.kept[key] = Judge(rulebook, readings, rules=())
    return made


class HasTables(Protocol):
    """What a roster has."""

    @property
    def tables(self) -> Tables: ...


def _tables(given: Tables | HasTables) -> Tables:
    return given if isinstance(given, Tables) else given.tables


def judge_each(
    rulebook: Rulebook,
    rule: str,
    record: Record,
    *,
    on: dt.date,
    tables: Tables | HasTables = EMPTY,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
    settles: bool = False,
) -> list[Finding]:
    """One finding for each occurrence of a rule for a record, in order.

    `tables` is the roster that the record stands in, or its tables; without it whatever is asked of other records is
    unknown. The rest is as in `judge`.
    """
    judge_ = judge_of(rulebook, readings)
    judge_.prepare([rule])
    return judge_.findings(rulebook[rule], record, on=on, tables=_tables(tables), since=since, settles=settles)


def judge(
    rulebook: Rulebook,
    rule: str,
    record: Record,
    *,
    on: dt.date,
    tables: Tables | HasTables = EMPTY,
    readings: Iterable[str] = (),
    settles: bool = False,
) -> Finding:
    """The finding of a rule for a record on a day; of a rule that repeats, that of the open occurrence.

    `rule` is a rule's id, `readings` are names of readings. `tables` is the roster that the record stands in, where the
    rule looks at other records. With `settles` the smallest sets of facts that could decide it are searched for.
    Raises KeyError for a rule that is not there, TypeError for a record of a kind that it does not judge, `InputError`
    for a reading that is not there, and `Unsupported` for a rule that cannot be judged yet.
    """
    found = judge_each(rulebook, rule, record, on=on, tables=tables, readings=readings, settles=settles)
    return current(found)


def verdict_of(rulebook: Rulebook, rule: str, kind: str | None = None, *, readings: Iterable[str] = ()) -> Deciding:
    """The verdict of a rule as a function of a record, a day and tables: for many records, one at a time.

    It gives what `judge` gives, without a finding, and several times faster. `kind` is the kind of record that it is
    for, of a rule that judges several; without it each record is looked at first. The tables may be left out where the
    rule looks at nothing else. Raises TypeError for a kind that the rule does not judge, otherwise as `judge` does.
    """
    return judge_of(rulebook, readings).quick(rulebook[rule], kind).verdict
