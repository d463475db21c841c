"""Which rule asks for no less than another, as far as their structure tells: no case is judged, and none is needed.

A rule is *at least as strict* as another when it is broken wherever that one is: not met, with no exception recorded.
Only numbers, periods, conditions that are joined on or left out, and readings are looked at; of two rules that say
something else altogether nothing is known.
"""

from __future__ import annotations

import attrs

from peersupport.readers import edges, variations
from peersupport.readers.strictness.order import Order, clean, no_longer
from peersupport.rules.forms import (
    Body,
    Conditions,
    Criterion,
    Deadline,
    Force,
    Form,
    InForce,
    Limit,
    Repeated,
    Rule,
    Window,
)
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import AtLeast, Term

_FORCES = (Force.BEST_EFFORT, Force.SHOULD, Force.MUST)
_BINDING = {force: number for number, force in enumerate(_FORCES)}


def as_strict(one: Rulebook, mine: Rule, other: Rulebook, theirs: Rule, kind: str) -> bool:
    """Whether a rule of one rulebook is at least as strict as a rule of another for a kind, under every reading."""
    if _BINDING[mine.force] < _BINDING[theirs.force] or mine.choose != theirs.choose:
        return False
    if mine.choose and {*mine.readings} != {*theirs.readings}:
        return False
    if not _within(theirs.in_force, mine.in_force):
        return False
    names = sorted(variations.readings_of(one, mine.id) | variations.readings_of(other, theirs.id))
    return all(_under(one, mine, other, theirs, kind, name) for name in (*([] if mine.choose else [""]), *names))


def _under(one: Rulebook, mine: Rule, other: Rulebook, theirs: Rule, kind: str, reading: str) -> bool:
    """Whether a rule is at least as strict under a reading, in each rulebook as far as that has it."""
    chosen = frozenset({reading} - {""})
    order = Order(one, other, (chosen, chosen))
    a, b = one.body(mine, kind, chosen), other.body(theirs, kind, chosen)
    if not _applies(order, a.conditions, b.conditions) or not _asks(order, a.form, b.form):
        return False
    return _due_alike(order, a.form, b.form) or not (_by_day(order, a, b) or mine.in_force != InForce())


def _within(inner: InForce, outer: InForce) -> bool:
    """Whether one window of days lies in another."""
    starts = outer.start is None or (inner.start is not None and outer.start <= inner.start)
    ends = outer.until is None or (inner.until is not None and inner.until <= outer.until)
    return starts and ends


def _applies(order: Order, a: Conditions, b: Conditions) -> bool:
    """Whether a rule applies wherever another does, and is excepted from nowhere else."""
    when = a.when is None or (b.when is not None and order.turned.implied(clean(b.when), clean(a.when)))
    unless = a.unless is None or (b.unless is not None and order.implied(clean(a.unless), clean(b.unless)))
    return when and unless


def _by_day(order: Order, a: Body, b: Body) -> bool:
    """Whether `when` or `unless` hangs on the day, which for a deadline is the due day."""
    mine, theirs = order.readings
    asked = [(term, order.one, mine) for term in (a.conditions.when, a.conditions.unless)]
    asked += [(term, order.other, theirs) for term in (b.conditions.when, b.conditions.unless)]
    return any(edges.asks_the_day(term, book, readings) for term, book, readings in asked if term)


def _due_alike(order: Order, a: Form, b: Form) -> bool:
    """Whether what is owed falls due on the same days."""
    match a, b:
        case Deadline(), Deadline():
            return order.same(clean(a.due), clean(b.due))
        case Repeated(), Repeated():
            return (a.first, a.period, a.rolling, a.done) == (b.first, b.period, b.rolling, b.done)
        case _:
            return True


def _asks(order: Order, a: Form, b: Form) -> bool:
    match a, b:
        case Criterion(), Criterion():
            return order.implied(_whole(a), _whole(b))
        case Deadline(), Deadline():
            return _once(order, a, b)
        case Repeated(), Repeated():
            return _again(order, a, b)
        case Limit(), Limit():
            return _bounded(order, a, b)
        case _:
            return False


def _whole(form: Criterion) -> Term:
    return clean(AtLeast(form.need, tuple(clause.holds for clause in form.clauses)))


def _once(order: Order, a: Deadline, b: Deadline) -> bool:
    """Due no later, by events that come no sooner and count from no earlier day, and owed for no less long."""
    sooner = order.at_most(clean(a.due), clean(b.due)) and order.turned.at_most(clean(b.done), clean(a.done))
    counts = b.not_before is None or (
        a.not_before is not None and order.turned.at_most(clean(b.not_before), clean(a.not_before))
    )
    return sooner and counts and _lasts(order, a.until, b.until)


def _lasts(order: Order, a: Term | None, b: Term | None) -> bool:
    return a is None or (b is not None and order.turned.at_most(clean(b), clean(a)))


def _again(order: Order, a: Repeated, b: Repeated) -> bool:
    """Counted from the same day, no less often, by no other events, and owed for no less long."""
    if a.rolling != b.rolling or not order.same(clean(a.after), clean(b.after)):
        return False
    cleaned = [[clean(each) for each in form.done] for form in (a, b)]
    same_events = cleaned[0] == cleaned[1] and all(order.same(x, y) for x, y in zip(*cleaned, strict=True))
    fewer = all(any(order.fewer_events(x, y) for y in cleaned[1]) for x in cleaned[0])  # type: ignore[arg-type]
    often = a.times is None or (b.times is not None and a.times >= b.times)
    return fewer and often and _lasts(order, a.until, b.until) and _as_often(a, b, same_events=same_events)


def _as_often(a: Repeated, b: Repeated, *, same_events: bool) -> bool:
    """A grid is the same grid: one of shorter cells may have an event in each where the longer ones have none."""
    if (a.first, a.period) == (b.first, b.period) and (same_events or not a.rolling):
        return True
    shorter = a.rolling and no_longer(a.first, b.first) and no_longer(a.period, b.period)
    return shorter and (same_events or no_longer(a.first, b.period))


def _bounded(order: Order, a: Limit, b: Limit) -> bool:
    """Between narrower bounds, over the same time: at most fewer of no less, at least more of no more."""
    longer = _longer(a.window, b.window)
    if not longer and _plain(a.window) != _plain(b.window):
        return False
    mine, theirs = clean(a.measure), clean(b.measure)
    same = order.same(mine, theirs)
    most = b.at_most is None or (
        a.at_most is not None
        and order.at_most(clean(a.at_most), clean(b.at_most))
        and order.turned.at_most(theirs, mine)
    )
    least = b.at_least is None or (
        a.at_least is not None
        and order.turned.at_most(clean(b.at_least), clean(a.at_least))
        # Where time is cut into windows it begins with the first record that counts: fewer may owe less.
        and (same or (a.window.name in {"own", "ever"} and order.at_most(mine, theirs)))
        and not longer
    )
    return most and least


def _longer(a: Window, b: Window) -> bool:
    """Whether any time of one length is held against one that is shorter."""
    rolling = a.name == b.name == "rolling" and a.period != b.period
    return rolling and a.period is not None and b.period is not None and no_longer(b.period, a.period)


def _plain(window: Window) -> Window:
    start, until = (term and clean(term) for term in (window.start, window.until))
    return attrs.evolve(window, start=start, until=until)
