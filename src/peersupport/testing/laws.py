"""Laws: what holds of every rule of a form, whatever it says, and is tried on many small rosters at its edges.

`laws_of` names the laws that a rule is under; `broken` holds one against it and says what is wrong, with the records.
Verdicts go from worse to better as not met, unknown, pending, met; a rule that does not apply is neither.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias, cast

import attrs

from peersupport.readers.variations import Key, looks_at_all
from peersupport.rules import calendar, terms
from peersupport.rules.facts import Fact, Span
from peersupport.rules.findings import Finding, Place, Reason, Verdict
from peersupport.rules.forms import Criterion, Deadline, InForce, Limit, Repeated, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Gather, Read, Term
from peersupport.testing.trials import (
    MOST,
    RANK,
    Stand,
    Trial,
    day_of,
    renamed,
    shifted,
    stands,
    tables_of,
)

ONE_DAY: Final = dt.timedelta(days=1)
_WEEKS: Final = dt.timedelta(weeks=5)
_FIXED: Final = frozenset({"months", "years"})
_DECIDED: Final = frozenset({Verdict.MET, Verdict.NOT_MET, Verdict.NOT_APPLICABLE, Verdict.PENDING})

Fault: TypeAlias = str | None
"""What is wrong with one try; None where the law holds."""


@attrs.frozen(eq=False)
class Law:
    """Something that holds of every rule of some forms.

    `tries` gives None for each time that it was tried and held, and a sentence for each time that it did not hold.
    """

    name: str
    says: str
    applies: Callable[[Stand], bool]
    tries: Callable[[Stand], Iterator[Fault]]


@attrs.frozen
class Held:
    """How often a law was tried on a rule, and what was wrong."""

    tried: int
    faults: tuple[str, ...]


def laws_of(rulebook: Rulebook, rule: Rule) -> tuple[Law, ...]:
    """The laws that a rule is under, in the order of `LAWS`."""
    each = [Stand(rulebook, rule, kind, ()) for kind in rule.about]
    return tuple(law for law in LAWS if any(law.applies(stand) for stand in each))


def held(rulebook: Rulebook, rule: Rule, law: Law, most: int = MOST) -> Held:
    """How a law stands with a rule, in at most so many trials for each of its kinds."""
    each = [fault for stand in stands(rulebook, rule, most) if law.applies(stand) for fault in law.tries(stand)]
    return Held(len(each), tuple(dict.fromkeys(fault for fault in each if fault)))


def _always(_world: Stand) -> bool:
    return True


def _needs_facts(stand: Stand) -> bool:
    return not any(isinstance(node, terms.Known) for node in stand.nodes)


def _differs(what: str, before: Finding, after: Finding, trial: Trial) -> Fault:
    """What is wrong where a verdict changed; that of another occurrence or window answers another question."""
    if before.verdict is after.verdict or before.occurrence != after.occurrence:
        return None
    return f"{what}: {before.verdict} became {after.verdict}, for {trial}"


# of every rule


def _nothing_recorded(stand: Stand) -> Iterator[Fault]:
    for on in sorted({trial.on for trial in stand.trials}):
        found = stand.alone(on)
        good = found.verdict is Verdict.UNKNOWN or found.reason is Reason.NOT_IN_FORCE
        yield None if good else f"of a record with nothing recorded it says {found.verdict} on {on}"


def _learning(stand: Stand) -> Iterator[Fault]:
    """Each fact that a trial has is forgotten in turn."""
    known = _under_known(stand)
    # which version of a rule is in force hangs on the day of the record, or else on that of the judgement
    known |= {(stand.kind, stand.rulebook.vocabulary[stand.kind].dated_by)} if _versioned(stand) else set()
    for trial in stand.trials:
        after = stand.finding(trial)
        for key, fact in stand.recorded(trial):
            if (key[0], fact.name) in known:
                continue
            before = stand.finding(trial.with_(key, **{fact.name: None}))
            if before.verdict in _DECIDED:
                yield _differs(f"learning {key[0]} {key[1]}, {fact.name}", before, after, trial)


def _versioned(stand: Stand) -> bool:
    return {stand.rule.in_force, stand.rulebook.in_force} != {InForce()}


def _under_known(stand: Stand) -> set[tuple[str, str]]:
    inside = [node for top in stand.nodes if isinstance(top, terms.Known) for node in terms.walk(top)]
    return {(node.path.leads_to, node.fact.name) for node in inside if isinstance(node, Read)}


def _asked_first(stand: Stand) -> Iterator[Fault]:
    """A fact without which the verdict is unknown, and with which it is not, is among those that are missing."""
    for trial in stand.trials[: len(stand.trials) // 2]:
        if stand.finding(trial).verdict is Verdict.UNKNOWN:
            continue
        for key, fact in stand.recorded(trial):
            before = stand.finding(trial.with_(key, **{fact.name: None}), explain=True)
            if before.verdict is Verdict.UNKNOWN:
                named = Place(*key, fact.name) in before.missing
                yield None if named else f"{key[0]} {key[1]}, {fact.name} decides and is not told as missing: {trial}"


def _missing(stand: Stand) -> Iterator[Fault]:
    """What is told as missing is not recorded, and where the verdict is unknown something is missing."""
    for trial in stand.trials:
        found = stand.finding(trial, explain=True)
        if found.verdict is not Verdict.UNKNOWN or found.reason is Reason.CHOOSE_READING:
            continue
        seen = [str(place) for place in found.missing if stand.seen(trial, place)]
        yield None if found.missing else f"it is unknown and nothing is missing: {trial}"
        yield f"what is told as missing is recorded: {', '.join(seen)}, {trial}" if seen else None


def _order(stand: Stand) -> Iterator[Fault]:
    for trial in stand.trials:
        other = attrs.evolve(trial, rows=dict(reversed([*trial.rows.items()])))
        yield _differs("the records in another order", stand.finding(trial), stand.finding(other), trial)


def _names(stand: Stand) -> Iterator[Fault]:
    for trial in stand.trials:
        other = renamed(stand.rulebook, trial, "other-")
        yield _differs("other ids", stand.finding(trial), stand.finding(other), trial)


def _strangers(stand: Stand) -> Iterator[Fault]:
    for trial in stand.trials:
        more = trial.and_(renamed(stand.rulebook, trial, "stranger-").rows)
        yield _differs("the records of somebody else beside", stand.finding(trial), stand.finding(more), trial)


def _apart(stand: Stand) -> bool:
    return not looks_at_all(stand.rulebook, stand.rule)


def _later(stand: Stand) -> Iterator[Fault]:
    """What happens later than the day of the judgement has not been seen, so one later day is as good as another."""
    for trial in stand.trials:
        for key, fact in stand.happening(trial):
            one, other = (trial.ahead(key, fact, days) for days in (30, 47))
            if one and other:
                yield _differs(f"another day ahead for {fact.name}", stand.finding(one), stand.finding(other), trial)


def _shift(stand: Stand) -> Iterator[Fault]:
    for trial in stand.trials:
        later = shifted(trial, _WEEKS)
        if later is None:
            continue
        before, after = stand.finding(trial), stand.finding(later)
        yield _differs("all days five weeks later", before, after, trial)
        moved = before.due is not None and after.due != before.due + _WEEKS
        yield f"all days five weeks later: due {after.due}, before {before.due}, for {trial}" if moved else None


def _floats(stand: Stand) -> bool:
    """Whether a rule counts in days and weeks alone, so that it says the same five weeks later."""
    nodes, form = stand.nodes, stand.body.form
    periods = [node.by for node in nodes if isinstance(node, terms.Shift)]
    periods += [form.first, form.period] if isinstance(form, Repeated) else []
    months = any(each.unit in _FIXED for each in periods)
    ages = any(
        isinstance(node, terms.Call) and node.name in {"age", "birthday", "next_open", "first_of_month"}
        for node in nodes
    )
    dates = any(isinstance(node, terms.Lit) and isinstance(node.value, dt.date) for node in nodes)
    window = form.window if isinstance(form, Limit) else None
    fixed = window is not None and (window.name == "year from" or window.unit in {"month", "year"})
    rolls = window is not None and window.period is not None and window.period.unit in _FIXED
    # what is counted on clocks shifts with daylight saving, and holidays do not shift at all
    clocks = any(fact.type.base == "instant" for fact in _facts(stand)) or any("business" in p.unit for p in periods)
    return not (months or ages or dates or fixed or rolls or clocks or _versioned(stand))


def _facts(stand: Stand) -> Iterator[Fact]:
    for kind, name in stand.reads:
        fact = stand.rulebook.vocabulary[kind].facts.get(name)
        if fact:
            yield fact


def _quick(stand: Stand) -> Iterator[Fault]:
    quick = stand.judge().quick(stand.rule, stand.kind).verdict
    for trial in stand.trials:
        tables = tables_of(stand.rulebook, trial.rows)
        record = tables.tables[trial.judged[0]].records[trial.judged[1]]
        told, found = quick(record, trial.on, tables), stand.finding(trial).verdict
        yield None if told is found else f"verdict_of says {told} and judge {found}, for {trial}"


def _alternatives(stand: Stand) -> Iterator[Fault]:
    for trial in stand.trials:
        told = stand.finding(trial)
        for name, verdict in told.alternatives.items():
            found = _again(stand.findings(trial, name), told)
            if found is not None and found.verdict is not verdict:
                yield f"under {name!r} {verdict} is told, and found {found.verdict}, for {trial}"
            yield None


def _again(found: Sequence[Finding], told: Finding) -> Finding | None:
    """The finding of the same occurrence or window."""
    return next((each for each in found if each.occurrence == told.occurrence), None)


def _reads_again(stand: Stand) -> bool:
    return bool(stand.rule.readings) and not stand.rule.choose


# of criteria


def _clauses(stand: Stand) -> Iterator[Fault]:
    """Of two trials, the one of which every clause is at least as good has a verdict at least as good."""
    found = [stand.finding(trial, explain=True) for trial in stand.trials]
    asked = [each for each in found if each.clauses and each.verdict in RANK]
    for one, other in itertools.permutations(asked, 2):
        better = [RANK[b.verdict] >= RANK[a.verdict] for a, b in zip(one.clauses, other.clauses, strict=True)]
        if all(better):
            good = RANK[other.verdict] >= RANK[one.verdict]
            yield None if good else f"all clauses are as good, and the verdict is worse: {one} {other}"


def _criterion(stand: Stand) -> bool:
    form = stand.body.form
    return isinstance(form, Criterion) and stand.body.conditions.when is None and not stand.rule.choose


# of deadlines


def _next_day(stand: Stand) -> Iterator[Fault]:
    """On the due day it is pending, from the day after on it is not, if nothing happens on either."""
    for trial in stand.trials:
        due = stand.finding(trial).due
        if due is None or not _quiet(trial, day_of(due)):
            continue
        before = stand.finding(attrs.evolve(trial, on=day_of(due)))
        after = _again(stand.findings(attrs.evolve(trial, on=day_of(due) + ONE_DAY)), before)
        if before.reason is not Reason.UPCOMING or before.due != due or after is None:
            continue
        good = after.verdict not in {Verdict.MET, Verdict.PENDING}
        yield None if good else f"the day after it was due ({due}) it is {after.verdict}, for {trial}"


def _quiet(trial: Trial, due: dt.date) -> bool:
    """Whether nothing is recorded of the due day and the day after, or of any later one, and there is a day after."""
    days = [day_of(value) for row in trial.rows.values() for value in row.values() if isinstance(value, dt.date)]
    return due < calendar.LAST_DAY and all(day < due for day in days)


def _moved(stand: Stand, facts: set[tuple[str, str]], by: dt.timedelta) -> Iterator[tuple[Finding, Finding, str]]:
    """What is found before and after one day that is seen is moved, for each such day of each trial, and which."""
    for trial in stand.trials:
        before = stand.finding(trial)
        for key, name in _recorded_days(trial, facts):
            other = trial.later(key, name, by)
            seen = other is not None and stand.seen(trial, Place(*key, name)) and stand.seen(other, Place(*key, name))
            if other is not None and seen:
                yield before, stand.finding(other), f"{key[0]} {key[1]}, {name} moved by {by.days} days, for {trial}"


def _anchor(stand: Stand) -> Iterator[Fault]:
    """What is counted from a day one later is never due earlier."""
    for before, after, what in _moved(stand, _anchors(stand), ONE_DAY):
        if before.due and after.due and before.occurrence == after.occurrence:
            yield f"due {after.due} and not {before.due}: {what}" if after.due < before.due else None


def _anchors(stand: Stand) -> set[tuple[str, str]]:
    form = stand.body.form
    tops = [form.due] if isinstance(form, Deadline) else [form.after] if isinstance(form, Repeated) else []
    return _plain_days(tops) - _plain_days(_rest(stand), conditions=True)


def _rest(stand: Stand) -> list[Term]:
    """The parts of a deadline beside its due day: moving a day that they read moves more than that."""
    form, conditions = stand.body.form, stand.body.conditions
    done = [form.done] if isinstance(form, Deadline) else list(form.done) if isinstance(form, Repeated) else []
    more = [form.until] if isinstance(form, (Deadline, Repeated)) else []
    more += [form.not_before] if isinstance(form, Deadline) else []
    return [each for each in (*done, *more, conditions.when, conditions.unless) if each is not None]


def _plain_days(tops: list[Term], *, conditions: bool = False) -> set[tuple[str, str]]:
    """The days that some terms read as they are; with `conditions` also those that they only ask about."""
    every = [node for top in tops for node in terms.walk(top)]
    asked = set() if conditions else {id(n) for top in tops for where in _wheres(top) for n in terms.walk(where)}
    days = [node for node in every if isinstance(node, Read) and terms.is_moment(node.type) and id(node) not in asked]
    return {(node.path.leads_to, node.fact.name) for node in days}


def _wheres(top: Term) -> list[Term]:
    """The conditions on related records below a term."""
    return [node.where for node in terms.walk(top) if isinstance(node, Gather) and node.where is not None]


def _recorded_days(trial: Trial, facts: set[tuple[str, str]]) -> Iterator[tuple[Key, str]]:
    for key, row in trial.rows.items():
        for name, value in row.items():
            if (key[0], name) in facts and isinstance(value, dt.date):
                yield key, name


def _simple_anchor(stand: Stand) -> bool:
    """Whether the due day grows with every day that it is made of."""
    form = stand.body.form
    top = form.due if isinstance(form, Deadline) else form.after if isinstance(form, Repeated) else None
    if top is None:
        return False
    grows = (Read, terms.Shift, terms.Call, Gather, terms.Lit, terms.On)
    conditional = any(isinstance(node, Gather) and node.where is not None for node in terms.walk(top))
    return not conditional and all(isinstance(node, grows) for node in terms.walk(top)) and bool(_anchors(stand))


def _done_later(stand: Stand) -> Iterator[Fault]:
    """What is done a day later is never better."""
    for before, after, what in _moved(stand, _done(stand), ONE_DAY):
        if before.verdict in RANK and after.verdict in RANK and before.occurrence == after.occurrence:
            better = RANK[after.verdict] > RANK[before.verdict]
            yield f"{before.verdict} became {after.verdict}: {what}" if better else None


def _done(stand: Stand) -> set[tuple[str, str]]:
    """The days on which it is done, that nothing else of the rule reads."""
    form, conditions = stand.body.form, stand.body.conditions
    if not isinstance(form, Deadline) or form.not_before is not None:
        return set()
    others = [each for each in (form.due, form.until, conditions.when, conditions.unless) if each is not None]
    return _plain_days([form.done]) - _plain_days([*others, *_wheres(form.done)], conditions=True)


def _does(stand: Stand) -> bool:
    return bool(_done(stand))


def _rolls(stand: Stand) -> Iterator[Fault]:
    """What was last done a day earlier is never due later."""
    done = _plain_days([*cast("Repeated", stand.body.form).done])
    for before, after, what in _moved(stand, done - _plain_days(_asked(stand), conditions=True), -ONE_DAY):
        if before.due and after.due:
            yield f"due {after.due} and not {before.due}: {what}" if after.due > before.due else None


def _asked(stand: Stand) -> list[Term]:
    form, conditions = cast("Repeated", stand.body.form), stand.body.conditions
    wheres = [where for done in form.done for where in _wheres(done)]
    return [each for each in (form.after, form.until, conditions.when, conditions.unless, *wheres) if each is not None]


def _rolling(stand: Stand) -> bool:
    form = stand.body.form
    if not isinstance(form, Repeated) or not form.rolling:
        return False
    # what another rule asks of the event may hang on its day
    return not any(isinstance(node, (terms.Defined, terms.Met)) for done in form.done for node in terms.walk(done))


def _deadline(stand: Stand) -> bool:
    return isinstance(stand.body.form, (Deadline, Repeated))


# of limits


def _counted(stand: Stand) -> str:
    """The kind of the records that a limit counts."""
    return cast("Gather", cast("Limit", stand.body.form).measure).path.leads_to


def _one_more(stand: Stand) -> Iterator[Fault]:
    """Each record that is counted is there once more: what is counted is never less."""
    counted = _counted(stand)
    for trial in stand.trials:
        before = stand.finding(trial)
        for key in [key for key in trial.rows if key[0] == counted and key != trial.judged]:
            after = stand.finding(trial.and_({(counted, f"{key[1]}-more"): trial.rows[key]}))
            yield _less(stand, before, after, f"{counted} {key[1]} once more, for {trial}")


def _less(stand: Stand, before: Finding, after: Finding, what: str) -> Fault:
    form = cast("Limit", stand.body.form)
    if before.verdict not in RANK or after.verdict not in RANK:
        return None
    worse = RANK[after.verdict] < RANK[before.verdict]
    better = RANK[after.verdict] > RANK[before.verdict]
    if (form.at_least is None and better) or (form.at_most is None and worse):
        return f"{before.verdict} became {after.verdict}: {what}"
    if before.measured is None or after.measured is None or form.at_least is not None:
        return None
    decided = {before.verdict, after.verdict} in ({Verdict.MET}, {Verdict.NOT_MET})
    lower = decided and before.occurrence == after.occurrence and after.measured < before.measured
    return f"{after.measured} is counted and not {before.measured}: {what}" if lower else None


def _adds(stand: Stand) -> bool:
    """Whether a limit counts records, none of which takes away."""
    form = stand.body.form
    if not isinstance(form, Limit) or not isinstance(form.measure, Gather):
        return False
    value = form.measure.value
    least = value.fact.minimum if isinstance(value, Read) else None
    return form.measure.op in {"count", "distinct"} or (form.measure.op == "sum" and least is not None and least >= 0)


def _own_step(stand: Stand) -> Iterator[Fault]:
    """The fact that is measured, raised by one, never gets better under a most, nor worse under a least."""
    fact = cast("Read", cast("Limit", stand.body.form).measure).fact
    for trial in stand.trials:
        value = trial.rows[trial.judged].get(fact.name)
        if isinstance(value, int) and (fact.maximum is None or value < fact.maximum):
            after = stand.finding(trial.with_(trial.judged, **{fact.name: value + 1}))
            yield _less(stand, stand.finding(trial), after, f"{fact.name} is one more, for {trial}")


def _own(stand: Stand) -> bool:
    form = stand.body.form
    return isinstance(form, Limit) and isinstance(form.measure, Read) and not form.measure.path.steps


def _split(stand: Stand) -> Iterator[Fault]:
    """A record whose time is cut in two, the second from the day on which the first ends, counts as before."""
    counted = _counted(stand)
    span = cast("Span", stand.rulebook.vocabulary[counted].span)
    for trial in stand.trials:
        before = stand.finding(trial)
        for key in [key for key in trial.rows if key[0] == counted]:
            halves = _halves(trial, key, span)
            if halves:
                yield _differs(f"{counted} {key[1]} cut in two", before, stand.finding(halves), trial)


def _halves(trial: Trial, key: Key, span: Span) -> Trial | None:
    """The trial with a record cut after its first day, where it lasts longer than that."""
    row = trial.rows[key]
    start, end = row[span.start], row[span.end]
    cut = start + ONE_DAY if isinstance(start, dt.date) else None
    if cut is None or cut > trial.on or end is None or (isinstance(end, dt.date) and end <= cut):
        return None
    ends = cut - ONE_DAY if span.through else cut
    return trial.with_(key, **{span.end: ends}).and_({(key[0], f"{key[1]}-b"): {**row, span.start: cut}})


def _stays(stand: Stand) -> bool:
    form = stand.body.form
    return isinstance(form, Limit) and form.counts_at_any_time and _unconditional(form.measure)


def _unconditional(measure: Term) -> bool:
    return isinstance(measure, Gather) and measure.where is None


LAWS: Final[tuple[Law, ...]] = (
    Law(
        "nothing recorded decides nothing",
        "Of a record with nothing recorded nothing is said.",
        _needs_facts,
        _nothing_recorded,
    ),
    Law("learning decides, never overturns", "A fact more never changes what was decided.", _always, _learning),
    Law("what decides is asked", "A fact that alone would decide is told as missing.", _always, _asked_first),
    Law("what is missing is missing", "An unknown verdict names facts, and none that is recorded.", _always, _missing),
    Law("order does not matter", "The order of the records changes nothing.", _always, _order),
    Law("names do not matter", "Other ids change nothing.", _always, _names),
    Law("strangers do not matter", "The records of somebody else change nothing.", _apart, _strangers),
    Law("later days are not seen", "What happens after the day of the judgement is not seen.", _always, _later),
    Law("weeks shift", "All days five weeks later, the verdict is the same and due five weeks later.", _floats, _shift),
    Law("readers agree", "A function for the rule says what the judge says.", _always, _quick),
    Law(
        "alternatives are readings",
        "What another reading gives is what is found under it.",
        _reads_again,
        _alternatives,
    ),
    Law("better clauses", "A criterion of which each clause is as good is as good.", _criterion, _clauses),
    Law(
        "late from the next day", "On the due day it is pending, from the next day on it is late.", _deadline, _next_day
    ),
    Law("a later anchor", "What is counted from a later day is never due earlier.", _simple_anchor, _anchor),
    Law("done later", "What is done a day later is never better.", _does, _done_later),
    Law("done earlier, due no later", "What was done a day earlier is never due later again.", _rolling, _rolls),
    Law("one more", "One more record is never counted as less.", _adds, _one_more),
    Law("one step", "One more of what is measured goes one way.", _own, _own_step),
    Law("cut in two", "A time that is cut in two counts once.", _stays, _split),
)
"""All laws, those of every rule first, then those of criteria, deadlines and limits."""
