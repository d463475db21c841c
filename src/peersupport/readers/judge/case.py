"""One rule held against one record on a day: the findings that come of it, with all that they tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from peersupport.readers import edges
from peersupport.readers.judge import settle
from peersupport.readers.judge.context import NO_ZONE, Context, Env, Function, Sitting
from peersupport.readers.judge.occurrences import (
    Asked,
    Compiled,
    asked_on,
    current,
    in_force,
    like,
    outcomes_of,
    outcomes_once,
    same,
    telling,
)
from peersupport.readers.judge.outcomes import Outcome, settled
from peersupport.rules.facts import NONE, Record
from peersupport.rules.findings import Finding, Judged, Place, Reason, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook

_SETTLED = frozenset({Verdict.MET, Verdict.NOT_APPLICABLE})
_EXPLAINED = frozenset({Verdict.NOT_MET, Verdict.UNKNOWN})
"""The verdicts whose findings always say which clauses they come from."""


class Bench(Protocol):
    """What a case asks of the judge: the rulebook, and its rules compiled under other readings."""

    @property
    def rulebook(self) -> Rulebook: ...
    def alternatives(self, rule: Rule, kind: str) -> Mapping[str, Compiled]: ...


class Case:
    """One rule held against one record on a day, and the findings that come of it."""

    def __init__(
        self,
        judge: Bench,
        ready: Compiled,
        record: Record,
        sitting: Sitting,
    ) -> None:
        self.judge = judge
        self.ready = self.told = ready
        self.env: Env = (record,)
        self.sitting = sitting
        self.on, self.tables, self.since = sitting.on, sitting.tables, sitting.since
        self.ctx = sitting.context()
        self._alternatives: dict[str, list[Outcome]] | None = None
        self._excused = False

    def outcomes(self) -> list[Outcome]:
        """What the rule gives, or that it was not in force."""
        self.told, found = telling(self.ready, self.ctx, self.env, self.since)
        self._excused = found[0].reason is Reason.DOES_NOT_APPLY and not self.ready.choices
        return [in_force(self.told, outcome, self.ctx, self.env) for outcome in found]

    def asks(self, due: dt.date) -> bool:
        """Whether the rule is in force on a day that lies ahead, and not known not to apply on it."""
        then = Context(self.tables, due, self.on)
        in_force = all(window.covers(due) for window in self.told.windows)
        return in_force and (self.told.when is None or self.told.when(then, self.env) is not False)

    def finding(self, outcome: Outcome, *, settles: bool, explain: bool) -> Finding:
        record = self.env[0]
        missing, exact = self.missing(outcome, explain=explain)
        sets, complete = self.settles(outcome, missing) if settles else (None, True)
        asked = asked_on(outcome, self.ctx)
        then = self.then(asked if outcome.verdict in _SETTLED else self.on)
        ready, rule = self.ready, self.ready.rule
        return Finding(
            rule=rule.id,
            rulebook=ready.edition,
            force=rule.force,
            subject=(ready.kind.name, record.id),
            person=self.text(ready.person, then),
            responsible=self.responsible(then),
            on=self.on,
            verdict=outcome.verdict,
            reason=self.reason(outcome, missing),
            says=ready.says,
            source=rule.source,
            occurrence=outcome.occurrence,
            due=outcome.due,
            done_on=outcome.done_on,
            not_before=outcome.not_before,
            days_late=outcome.days_late,
            days=outcome.days,
            measured=outcome.measured,
            at_least=outcome.at_least,
            at_most=outcome.at_most,
            missing=missing,
            settles=sets,
            exact=exact and complete,
            reading=ready.chosen,
            alternatives=self.alternatives(outcome),
            exception=self.exception(asked),
            critical=rule.critical,
            changes_on=self.changes_on(outcome),
            clauses=self.clauses() if explain or outcome.verdict in _EXPLAINED else (),
            warnings=tuple(self.ctx.warnings),
        )

    def text(self, function: Function | None, ctx: Context) -> str:
        value = function(ctx, self.env) if function else None
        return value if isinstance(value, str) else ""

    def responsible(self, then: Context) -> str | None:
        """Who answers for it: an id, nobody but the program, or not recorded."""
        value = self.told.responsible(then, self.env) if self.told.responsible else ""
        return "" if value is NONE else value if isinstance(value, str) else None

    def then(self, asked: dt.date) -> Context:
        """A judgement that sees no further than the day asked about: who had the case then."""
        return Context(self.tables, asked, min(asked, self.on), memory=self.sitting.memory)

    def exception(self, asked: dt.date) -> bool | None:
        value = self.told.unless(self.ctx.at(asked), self.env) if self.told.unless else False
        return value if value is None else value is True

    # what is missing

    def missing(self, outcome: Outcome, *, explain: bool) -> tuple[tuple[Place, ...], bool]:
        """The facts that could still change the verdict, and whether the list is exact.

        Without `explain` they are all that undecided parts of the rule lack: no search leaves any of them out.
        """
        places = tuple(dict.fromkeys(outcome.missing))
        if len(places) < 2 or not explain:
            return places, len(places) < 2
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
        vocabulary, seen = self.judge.rulebook.vocabulary, self.seen()
        facts = {
            place: vocabulary[place.kind].facts[place.fact]
            for place in places
            if place.fact and place.id and place != NO_ZONE
        }
        return {
            place: edges.edges(fact, self.ready.constants, seen, self.tables, self.on) for place, fact in facts.items()
        }

    def seen(self) -> set[dt.date | int | Decimal]:
        """The dates and numbers that the judgement reads."""
        ctx = Context(self.tables, self.on, self.on)
        found = ctx.seen = set()
        outcomes_of(self.ready, ctx, self.env, self.since)
        return found

    def verdicts(self, outcome: Outcome) -> settle.Trial:
        """The same occurrence judged with some facts as if they were recorded: its verdict, and what it then lacks."""

        def trial(overlay: Mapping[Place, edges.Edge]) -> settle.Tried:
            ctx = Context(self.tables, self.on, self.on, overlay)
            found = same(outcomes_of(self.ready, ctx, self.env, self.since), outcome)
            return settle.Tried(found.verdict, frozenset(found.missing))

        return trial

    # what else is told

    def reason(self, outcome: Outcome, missing: Sequence[Place]) -> Reason:
        """The outcome's reason; where facts are missing, whether these are tables or judgements."""
        if outcome.reason is not Reason.NOT_RECORDED or not missing:
            return outcome.reason
        if not any(place.id or place.fact for place in missing):
            return Reason.NO_TABLE
        vocabulary = self.judge.rulebook.vocabulary
        facts = [vocabulary[p.kind].facts.get(p.fact) if p.kind in vocabulary else None for p in missing]
        return Reason.JUDGEMENT if all(fact and fact.judged for fact in facts) else Reason.NOT_RECORDED

    def alternatives(self, outcome: Outcome) -> dict[str, Verdict]:
        """The verdict of the same occurrence under each other reading, tried alone on the chosen ones."""
        others = {} if self.sitting.brief else self.judge.alternatives(self.ready.rule, self.ready.kind.name)
        if not others:
            return {}
        if self._alternatives is None:
            self._alternatives = {name: self.under(other) for name, other in others.items()}
        found = {name: like(outcomes, outcome) for name, outcomes in self._alternatives.items()}
        return {name: other.verdict for name, other in found.items() if other}

    def under(self, other: Compiled) -> list[Outcome]:
        """The outcomes under another reading, as far as they have to be found a second time."""
        if self._excused and self.ready.plain_when and other.plain_when and other.when is self.ready.when:
            return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.DOES_NOT_APPLY)]
        find = outcomes_once if other in self.ready.choices else outcomes_of
        found = find(other, self.sitting.context(), self.env, self.since)
        return [in_force(other, outcome, self.ctx, self.env) for outcome in found]

    def changes_on(self, outcome: Outcome) -> dt.date | None:
        """The next day on which the verdict changes by itself, with nothing new recorded."""
        if outcome.reason is Reason.UPCOMING and outcome.due:
            return self.ctx.day(outcome.due) + dt.timedelta(days=1)
        if self.sitting.brief or not self.ready.moves or outcome.occurrence is not None:
            return None
        days = edges.days(self.ready.constants, self.seen(), self.on)
        return next((day for day in days if self.differs(day, outcome)), None)

    def differs(self, day: dt.date, outcome: Outcome) -> bool:
        if day <= self.on:
            return False
        later = outcomes_of(self.ready, Context(self.tables, day, day), self.env, self.since)
        return current(later).verdict is not outcome.verdict

    def clauses(self) -> tuple[Judged, ...]:
        """Each clause of a criterion by itself, with what it lacks."""
        return tuple(map(self.clause, self.told.clauses))

    def clause(self, asked: Asked) -> Judged:
        ctx = self.sitting.context()
        outcome = settled(asked.holds(ctx, self.env), ctx.trace, Reason.HOLDS, Reason.DOES_NOT_HOLD)
        failed = tuple(dict.fromkeys(asked.failing(ctx, self.env))) if outcome.verdict is Verdict.NOT_MET else ()
        missing = tuple(dict.fromkeys(outcome.missing))
        parts = tuple(map(self.clause, asked.parts))
        return Judged(asked.clause.name, asked.clause.holds, outcome.verdict, missing, failed, parts)
