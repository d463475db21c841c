"""The occurrences of a rule for one record: each under its `when`, and which of several speaks for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol, TypeAlias, TypeVar

import attrs

from peersupport.readers import edges
from peersupport.readers.judge.context import Context, Env, Function
from peersupport.readers.judge.evaluate import Failing
from peersupport.readers.judge.outcomes import Decide, Outcome, settled
from peersupport.rules import forms
from peersupport.rules.facts import Kind, Record
from peersupport.rules.findings import Reason, Verdict
from peersupport.rules.forms import Rule

Readings: TypeAlias = frozenset[str]
_WORST_FIRST = {verdict: i for i, verdict in enumerate((Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING))}


@attrs.frozen(eq=False)
class Asked:
    """A clause of a criterion, ready to be asked by itself, with the parts of a route."""

    clause: forms.Clause
    holds: Function
    failing: Failing
    parts: tuple[Asked, ...]


@attrs.frozen(eq=False)
class Compiled:
    """One rule for one kind under some readings, ready to run, with what all its findings tell alike.

    `choices` are its readings where one has to be chosen and none is.
    """

    rule: Rule
    kind: Kind
    readings: Readings
    edition: str
    says: str
    chosen: tuple[str, ...]
    windows: tuple[forms.InForce, ...]
    decide: Decide
    when: Function | None
    unless: Function | None
    responsible: Function | None
    person: Function | None
    clauses: tuple[Asked, ...]
    constants: edges.Constants
    moves: bool
    plain_when: bool
    """Whether the rule has one outcome, and its `when` asks nothing of the day: then it can be asked for first."""
    when_moves: bool
    """Whether its `when` asks the day, so that nobody knows that a deadline with an unknown due day does not apply."""
    choices: tuple[Compiled, ...] = ()


def outcomes_of(ready: Compiled, ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
    """The outcomes of a rule, each under its `when` on its own day."""
    return telling(ready, ctx, env, since)[1] if ready.choices else _outcomes(ready, ctx, env, since)


def telling(ready: Compiled, ctx: Context, env: Env, since: dt.date | None) -> tuple[Compiled, list[Outcome]]:
    """The outcomes of a rule, and what they are told by.

    Where a reading has to be chosen and none is, they are unknown unless all readings agree; then they are told by the
    one with the earliest due day. They lack what any reading lacks, which could make them agree.
    """
    if not ready.choices:
        return ready, _outcomes(ready, ctx, env, since)
    tried = [(choice, outcomes_once(choice, ctx, env, since)) for choice in ready.choices]
    found = [outcomes for _, outcomes in tried]
    if not _agree(found):
        missing = tuple(place for outcomes in found for each in outcomes for place in each.missing)
        return ready, [Outcome(verdict=Verdict.UNKNOWN, reason=Reason.CHOOSE_READING, missing=missing)]
    choice, outcomes = min(tried, key=lambda each: _first_due(each[1], ctx))
    return choice, [_lacking(outcome, alike) for outcome, alike in zip(outcomes, zip(*found, strict=True), strict=True)]


def _agree(found: Sequence[list[Outcome]]) -> bool:
    verdicts = {tuple((outcome.occurrence, outcome.verdict) for outcome in outcomes) for outcomes in found}
    undecided = [each for outcomes in found for each in outcomes if each.verdict is Verdict.UNKNOWN]
    return len(verdicts) == 1 and all(each.missing for each in undecided)


def _first_due(outcomes: Sequence[Outcome], ctx: Context) -> dt.date:
    return min((ctx.day(outcome.due) for outcome in outcomes if outcome.due), default=dt.date.max)


def _lacking(outcome: Outcome, alike: Sequence[Outcome]) -> Outcome:
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    return attrs.evolve(outcome, missing=tuple(place for each in alike for place in each.missing))


def _outcomes(ready: Compiled, ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
    if ready.when is None:
        return ready.decide(ctx, env, since)
    applies = ready.when(ctx.at(ctx.on), env) if ready.plain_when else None
    if applies is False:
        return [Outcome(verdict=Verdict.NOT_APPLICABLE, reason=Reason.DOES_NOT_APPLY)]
    if applies:
        return ready.decide(ctx, env, since)
    return [_applied(ready, ready.when, outcome, ctx, env) for outcome in ready.decide(ctx, env, since)]


def outcomes_once(ready: Compiled, ctx: Context, env: Env, since: dt.date | None) -> list[Outcome]:
    """The outcomes of a rule under a reading that is asked for twice: to choose for the rule, and by itself."""

    def run(ctx: Context, env: Env) -> list[Outcome]:
        return outcomes_of(ready, ctx, env, since)

    found: list[Outcome] = ctx.once((ready, since), run, env)
    return found


def in_force(ready: Compiled, outcome: Outcome, ctx: Context, env: Env) -> Outcome:
    """The outcome itself, where rule and rulebook were in force on the day that counts."""
    if not ready.windows:
        return outcome
    day = ctx.day(outcome.due or _dated(ready, env[0]) or ctx.on)
    if all(window.covers(day) for window in ready.windows):
        return outcome
    bare = outcome.without(Reason.NOT_IN_FORCE)
    return attrs.evolve(bare, occurrence=None, days=None) if isinstance(bare.occurrence, dt.date) else bare


def _dated(ready: Compiled, record: Record) -> dt.date | None:
    value = getattr(record, ready.kind.dated_by, None) if ready.kind.dated_by else None
    return value if isinstance(value, dt.date) else None


def asked_on(outcome: Outcome, ctx: Context) -> dt.date:
    """The day on which `when`, `unless` and the person responsible are asked for, once it has come.

    It is the due day, and the last day of a window or of a stretch of days.
    """
    if outcome.due:
        return min(ctx.day(outcome.due), ctx.horizon)
    if isinstance(outcome.occurrence, dt.date) and outcome.days:
        return min(outcome.occurrence + dt.timedelta(days=outcome.days - 1), ctx.horizon)
    return ctx.on


def _applied(ready: Compiled, when: Function, outcome: Outcome, ctx: Context, env: Env) -> Outcome:
    asked = ctx.at(asked_on(outcome, ctx))
    applies = when(asked, env)
    lost = ready.when_moves and outcome.due is None and outcome.verdict is Verdict.UNKNOWN
    if applies is True or (lost and applies is False):
        return outcome
    if applies is False:
        return outcome.without(Reason.DOES_NOT_APPLY)
    undecided = settled(None, asked.trace, Reason.HOLDS, Reason.DOES_NOT_HOLD)
    missing = (*undecided.missing, *outcome.missing)
    if missing and undecided.verdict is Verdict.PENDING:
        undecided = attrs.evolve(undecided, verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED)
    return attrs.evolve(
        undecided, missing=missing, occurrence=outcome.occurrence, start=outcome.start, days=outcome.days
    )


class _Told(Protocol):
    """What outcomes and findings share: enough to tell which of several speaks for all."""

    @property
    def occurrence(self) -> int | dt.date | None: ...
    @property
    def verdict(self) -> Verdict: ...


_ToldT = TypeVar("_ToldT", bound=_Told)


def current(found: Sequence[_ToldT]) -> _ToldT:
    """The one that speaks for all: the worst stretch of a limit, the open occurrence of a deadline."""
    if isinstance(found[0].occurrence, dt.date):
        return min(found, key=lambda each: _rank(each.verdict))
    return found[-1]


def _rank(verdict: Verdict) -> int:
    return _WORST_FIRST.get(verdict, len(_WORST_FIRST))


def shown(outcome: Outcome, since: dt.date | None) -> bool:
    """Whether an occurrence belongs to the time that is asked about: due in it, or still open."""
    if since is None or not isinstance(outcome.occurrence, int) or outcome.due is None:
        return True
    return outcome.due >= since or (outcome.verdict is not Verdict.MET and outcome.done_on is None)


def like(outcomes: Sequence[Outcome], other: Outcome) -> Outcome | None:
    """The outcome of the same occurrence, or of the same stretch of days; None where there is none."""
    if isinstance(other.occurrence, dt.date):
        return _shared(outcomes, other.occurrence, other.days or 0)
    if other.occurrence is None:
        return current(outcomes)
    return next((outcome for outcome in outcomes if outcome.occurrence == other.occurrence), None)


def same(outcomes: Sequence[Outcome], other: Outcome) -> Outcome:
    """The outcome of the same occurrence: of a rolling one, of what is counted from the same day; else the current."""
    if other.start is None:
        return like(outcomes, other) or current(outcomes)
    return next((outcome for outcome in outcomes if outcome.start == other.start), current(outcomes))


def _shared(outcomes: Sequence[Outcome], start: dt.date, days: int) -> Outcome:
    """The worst of the stretches that share a day with another one; inside the bounds where there is none.

    Where no stretch is told, what is said of the whole time is said of this part of it.
    """
    until = start + dt.timedelta(days=days)
    stretches = [(outcome, outcome.occurrence) for outcome in outcomes if isinstance(outcome.occurrence, dt.date)]
    if not stretches:
        return current(outcomes)
    shared = [o for o, begin in stretches if begin < until and begin + dt.timedelta(days=o.days or 0) > start]
    return current(shared) if shared else Outcome(verdict=Verdict.MET, reason=Reason.HOLDS)
