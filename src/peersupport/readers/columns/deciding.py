"""Rules to outcomes: each form under its `when`, a reading to be chosen, and the days on which it was in force."""

from __future__ import annotations

from typing import TypeAlias, assert_never, cast

import attrs

from peersupport.readers.columns import column as col
from peersupport.readers.columns import values
from peersupport.readers.columns.clocks import day_of_instant
from peersupport.readers.columns.column import FALSE, TRUE, Bool, Column
from peersupport.readers.columns.days import number
from peersupport.readers.columns.deadlines import deadline
from peersupport.readers.columns.evaluate import truth_of
from peersupport.readers.columns.limits import limit
from peersupport.readers.columns.outcomes import (
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    UNKNOWN,
    Outcome,
    facts_of,
    same,
    settled,
    why,
)
from peersupport.readers.columns.plain import plainly
from peersupport.readers.columns.repeated import repeated
from peersupport.readers.columns.scope import Root, World
from peersupport.readers.columns.values import CHOOSING, NOTHING, Truth, lacking, together
from peersupport.readers.edges import asks_the_day
from peersupport.rules import forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import DATE, Fact
from peersupport.rules.findings import Reason
from peersupport.rules.forms import Rule
from peersupport.rules.problems import Unsupported
from peersupport.rules.terms import Term


def outcome_of(rule: Rule, root: Root, readings: frozenset[str]) -> Outcome:
    """What a rule gives for each record of a kind."""
    key = ("rule", rule.id, readings)
    if key not in root.memo:
        try:
            told = _in_force(rule, _told(rule, root, readings), root)
            root.memo[key] = told.named(root.named) if root.world.details else told
        except Unsupported as error:
            raise _refused(rule, root, error) from None
    found: Outcome = root.memo[key]
    return found


def _refused(rule: Rule, root: Root, error: Unsupported) -> Unsupported:
    """The same refusal by the name of its rule."""
    if "column reader" in str(error):
        return error
    return Unsupported(f"{root.world.rulebook.name}, {rule.id}: the column reader cannot judge {error} yet")


def _told(rule: Rule, root: Root, readings: frozenset[str]) -> Outcome:
    if not rule.choose or readings & set(rule.readings):
        return _applied(rule, root, readings)
    found = [_applied(rule, root, readings | {name}) for name in rule.readings]
    if any(_repeats(rule, root, readings | {name}) for name in rule.readings):
        message = f"{rule.id}: a rule of several occurrences of which a reading has to be chosen"
        raise Unsupported(message)
    return _agreed(found, root)


def _repeats(rule: Rule, root: Root, readings: frozenset[str]) -> bool:
    form = root.world.rulebook.body(rule, root.kind.name, readings).form
    return _over_time(form) or isinstance(form, forms.Repeated)


def _over_time(form: forms.Form) -> bool:
    return isinstance(form, forms.Limit) and form.window.name not in {"own", "ever"}


def _agreed(found: list[Outcome], root: Root) -> Outcome:
    """Where a reading has to be chosen: what all of them give, told by the one with the earliest due day."""
    first, *others = found
    unknown = first.is_(UNKNOWN)
    alike = col.both(*(col.eq(first.verdict, each.verdict) for each in others))
    lacking_all = col.both(*(each.missing.any() for each in found))
    agree = root.named(col.both(alike, col.either(col.no(unknown), lacking_all)))
    missing = together(each.missing for each in found)
    told = first
    for other in others:
        earlier = col.surely(col.lt(other.due_day, col.fill(told.due_day, col.day_lit(values.DAY_TOP))))
        told = other.over(earlier, told)
    told = attrs.evolve(told, missing=missing.within(unknown))
    choosing = Outcome(verdict=UNKNOWN, reason=why(Reason.CHOOSE_READING), missing=missing)
    return attrs.evolve(told.over(agree, choosing), chooses=True, waits=True)


def _applied(rule: Rule, root: Root, readings: frozenset[str]) -> Outcome:
    world = root.world
    body = world.rulebook.body(rule, root.kind.name, readings)
    with world.reading(readings):
        outcome = _formed(cast("_Judged", body.form), root)
        when = body.conditions.when
        timed = isinstance(body.form, (forms.Deadline, forms.Repeated))
        if when is not None and _over_time(body.form) and asks_the_day(when, world.rulebook, readings):
            message = "a limit over time whose `when` asks the day"
            raise Unsupported(message)
        return outcome if when is None else _when(when, outcome, root, timed=timed)


_Judged: TypeAlias = forms.Criterion | forms.Deadline | forms.Repeated | forms.Limit
"""The forms that have a verdict."""


def _formed(form: _Judged, root: Root) -> Outcome:
    match form:
        case forms.Criterion():
            return _criterion(form, root)
        case forms.Deadline():
            return plainly(form, root) or deadline(form, root)
        case forms.Repeated():
            return repeated(form, root)
        case forms.Limit():
            return limit(form, root)
        case _:
            assert_never(form)


def _criterion(form: forms.Criterion, root: Root) -> Outcome:
    whole = terms.AtLeast(form.need, tuple(clause.holds for clause in form.clauses))
    truth = truth_of(whole, root)
    truth = attrs.evolve(truth, holds=root.named(truth.holds))
    return attrs.evolve(settled(truth, Reason.HOLDS, Reason.DOES_NOT_HOLD), waits=truth.waits, truth=truth)


# on another day


def _asks_the_day(term: Term, world: World) -> bool:
    return asks_the_day(term, world.rulebook, world.readings)


def _on_day(term: Term, root: Root, on: Term) -> Term:
    """A term as it reads on a day of each record."""

    def node(each: Term) -> Term | None:
        if isinstance(each, terms.On):
            return on
        if isinstance(each, (terms.Defined, terms.Met)) and _asks_the_day(each, root.world):
            return _defined_on(each, root, on)
        return None

    return terms.rebuilt(term, node=node)


def _defined_on(term: terms.Defined | terms.Met, root: Root, on: Term) -> Term:
    if isinstance(term, terms.Met) or term.path.steps or term.path.depth != 0:
        message = f"{term.rule} asks the day, and is asked for on a day of each record"
        raise Unsupported(message)
    value = root.world.rulebook.defined(term.rule, root.kind.name, root.world.readings)
    return _on_day(terms.as_event(value), root, on)


def _when(when: Term, outcome: Outcome, root: Root, *, timed: bool) -> Outcome:
    """An outcome where the rule applies; `when` is asked on the due day, once it has come.

    Where it asks the day and the due day is lost, because it is not recorded, nobody knows that it does not apply.
    """
    lost = FALSE
    if timed and _asks_the_day(when, root.world):
        lost = root.named(col.both(col.is_null(outcome.due_day), outcome.is_(UNKNOWN)))
        when = _on_day(when, root, _day_of_each(outcome.due_day, root)) if outcome.due_day.const is not None else when
    applies = truth_of(when, root)
    undecided = settled(Truth(col.UNDECIDED, applies.lacks, applies.waits), Reason.HOLDS, Reason.DOES_NOT_HOLD)
    also = outcome.missing.any()
    more = col.both(undecided.is_(PENDING), also)
    undecided = attrs.evolve(
        undecided,
        verdict=col.choose(more, UNKNOWN, undecided.verdict),
        reason=col.choose(more, why(Reason.NOT_RECORDED), undecided.reason),
        missing=together((facts_of(applies.lacks), outcome.missing)),
    )
    holds = root.named(applies.holds)
    excused = same(NOT_APPLICABLE, Reason.DOES_NOT_APPLY).over(col.no(holds), undecided)
    told = col.either(holds, col.both(lost, col.no(holds)))
    return attrs.evolve(outcome.over(told, excused), waits=outcome.waits or applies.waits)


def _day_of_each(due_day: Column, root: Root) -> Term:
    """The due day of each record, or the day of the judgement until it has come, as a term."""
    today = col.day_lit(number(root.world.on))
    asked = root.named(col.choose(col.lt(due_day, today), due_day, today))
    return terms.Read(terms.Path(0, root.kind.name), Fact(asked.name, DATE))


# in force


def _windows(rule: Rule, world: World) -> list[forms.InForce]:
    return [window for window in (rule.in_force, world.rulebook.in_force) if window != forms.InForce()]


def _in_force(rule: Rule, outcome: Outcome, root: Root) -> Outcome:
    """The outcome itself, where rule and rulebook were in force on the day that counts."""
    windows = _windows(rule, root.world)
    if not windows:
        return outcome
    day = col.choose(col.known(outcome.due_day), outcome.due_day, _dated(root))
    inside = [_covers(window, day) for window in windows]
    return outcome.over(root.named(col.both(*inside)), same(NOT_APPLICABLE, Reason.NOT_IN_FORCE))


def _dated(root: Root) -> Column:
    """The day of a record; the day of the judgement where it has none."""
    kind, today = root.kind, col.day_lit(number(root.world.on))
    column = root.fact(kind.dated_by) if kind.dated_by else None
    if column is None:
        return today
    fact = kind.facts[kind.dated_by]
    top = col.day_lit(values.DAY_TOP) if fact.type.base == "date" else col.int_lit(values.TOP)
    known = col.surely(col.lt(column, top))
    if fact.type.base == "instant":
        column = day_of_instant(col.where(known, column), root, root.world.office or Office())
    return col.choose(known, column, today)


def _covers(window: forms.InForce, day: Column) -> Bool:
    after = TRUE if window.start is None else col.ge(day, col.day_lit(number(window.start)))
    before = TRUE if window.until is None else col.lt(day, col.day_lit(number(window.until)))
    return col.both(after, before)


# another rule as a condition


def met(rule: str, root: Root) -> Truth:
    """Another rule as a condition: not applicable counts as held, pending as not yet known."""
    world = root.world
    outcome = outcome_of(world.rulebook[rule], root, world.readings)
    if outcome.truth is not None:
        return outcome.truth
    verdict = root.named(outcome.verdict)
    holds = col.either(col.eq(verdict, MET), col.eq(verdict, NOT_APPLICABLE))
    decided = col.either(holds, col.eq(verdict, NOT_MET))
    holds = root.named(col.choose(decided, holds, col.UNDECIDED))
    choosing = lacking(CHOOSING, col.eq(outcome.reason, why(Reason.CHOOSE_READING))) if outcome.chooses else NOTHING
    return values.undecided(holds, (outcome.missing, choosing), waits=outcome.waits)
