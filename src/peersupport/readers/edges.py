"""The values at the edges of a rule: for a fact that is not recorded, the few values that tell its answers apart.

Both answers of a yes-or-no; every choice, and one that the rule does not name; each number of the rule and one either
side; each date in reach, moved by each period of the rule, and one day either side. Written once, for whoever searches
over what is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations
from typing import TypeGuard

import attrs

from peersupport.rules import calendar, loading, terms
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Absent, Fact
from peersupport.rules.forms import InForce, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Tables
from peersupport.rules.terms import Term

Edge = bool | int | Decimal | str | dt.date | frozenset[str] | Absent
_SMALL_SET = 4


@attrs.frozen
class Constants:
    """What a rule's terms compare with: numbers, dates, periods and choices."""

    numbers: frozenset[int | Decimal]
    dates: frozenset[dt.date]
    periods: frozenset[Period]
    words: frozenset[str]


def constants(of: Iterable[Term], more: Iterable[Period] = ()) -> Constants:
    """The constants of some terms, and periods that a form has beside its terms."""
    nodes = [node for term in of for node in terms.walk(term)]
    literals = [node.value for node in nodes if isinstance(node, terms.Lit)]
    numbers: set[int | Decimal] = {v for v in literals if _is_number(v)}
    words = {v for v in literals if isinstance(v, str)}
    words |= {member for v in literals if isinstance(v, frozenset) for member in v}
    periods = {node.by for node in nodes if isinstance(node, terms.Shift)} | set(more)
    ages = {Period(int(n), "years") for n in numbers if _has(nodes, "age", "birthday") and n in range(101)}
    longest = calendar.UNITS["days"]
    days = {Period(int(n), "days") for n in numbers if _has(nodes, "days_between") and -longest <= n <= longest}
    dates = frozenset(v for v in literals if isinstance(v, dt.date))
    return Constants(frozenset(numbers), dates, frozenset(periods | ages | days), frozenset(words))


def _is_number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _has(nodes: Iterable[Term], *names: str) -> bool:
    return any(isinstance(node, terms.Call) and node.name in names for node in nodes)


def edges(
    fact: Fact, of: Constants, seen: Iterable[dt.date | int | Decimal], tables: Tables, on: dt.date
) -> tuple[Edge, ...]:
    """The edge values of a fact. A date that happens stays on this side of the day of the judgement."""
    found = list(dict.fromkeys(_edges(fact, of, seen, tables, on)))
    if fact.type.or_none:
        found.append(NONE)
    return tuple(found)


def _edges(
    fact: Fact, of: Constants, seen: Iterable[dt.date | int | Decimal], tables: Tables, on: dt.date
) -> Iterator[Edge]:
    match fact.type.base:
        case "bool":
            yield from (True, False)
        case "choice":
            yield from fact.type.choices or (*sorted(of.words), "something-else")
        case "set":
            yield from _sets(fact, of)
        case "number":
            yield from _numbers(fact, of, seen)
        case "date":
            yield from _dates(fact, of, seen, on)
        case "instant":
            yield from _instants(fact, of, seen, tables, on)
        case "ref":
            yield from (record.id for record in tables.all_of(fact.type.kind))
        case "refs":
            yield from (frozenset({record.id}) for record in tables.all_of(fact.type.kind))
            yield frozenset()
        case _:
            yield "text"


def _sets(fact: Fact, of: Constants) -> Iterator[frozenset[str]]:
    members = fact.type.choices or tuple(sorted(of.words))
    sizes = range(len(members) + 1) if len(members) <= _SMALL_SET else (0, 1, len(members))
    for size in sizes:
        yield from map(frozenset, combinations(members, size))


def _numbers(fact: Fact, of: Constants, seen: Iterable[dt.date | int | Decimal]) -> Iterator[int | Decimal]:
    known = {value for value in seen if not isinstance(value, dt.date)} | set(of.numbers) | {0}
    for value in sorted({each + step for each in known for step in (-1, 0, 1)}):
        inside = (fact.minimum is None or value >= fact.minimum) and (fact.maximum is None or value <= fact.maximum)
        if inside and (fact.type.decimal or value == int(value)):
            yield value if fact.type.decimal else int(value)


def days(of: Constants, seen: Iterable[dt.date | int | Decimal], on: dt.date) -> tuple[dt.date, ...]:
    """The days at which something may change: those in reach, moved by the rule's periods, and their neighbours."""
    plain = Office()
    known = {_day(value) for value in seen if isinstance(value, dt.date)} | {on, *of.dates}
    moves = [p for p in of.periods if p.unit not in calendar.INSTANT_ONLY]
    moved = {calendar.shift(day, move, plain) for day in known for p in moves for move in (p, -p)} | known
    around = {day + dt.timedelta(days=step) for day in moved for step in (-1, 0, 1) if dt.date.min < day < dt.date.max}
    return tuple(sorted(day for day in around if calendar.FIRST_DAY <= day <= calendar.LAST_DAY))


def asks_the_day(term: Term, rulebook: Rulebook, readings: frozenset[str]) -> bool:
    """Whether a term may give another value on another day of the judgement, itself or through what it asks for."""
    nodes = list(terms.walk(term))
    asked = {node.rule for node in nodes if isinstance(node, (terms.Defined, terms.Met))}
    return any(isinstance(node, terms.On) for node in nodes) or any(
        _rule_asks(rulebook[name], rulebook, readings) for name in asked
    )


def _rule_asks(rule: Rule, rulebook: Rulebook, readings: frozenset[str]) -> bool:
    if rule.form != "definition" and {rule.in_force, rulebook.in_force} != {InForce()}:
        return True
    bodies = [rulebook.body(rule, kind, readings) for kind in rule.about]
    return any(asks_the_day(term, rulebook, readings) for body in bodies for term in loading.parts(body))


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _dates(fact: Fact, of: Constants, seen: Iterable[dt.date | int | Decimal], on: dt.date) -> Iterator[dt.date]:
    far = (calendar.FIRST_DAY, *days(of, seen, on), calendar.LAST_DAY)
    yield from (day for day in far if day <= on or not fact.happens)


def _instants(
    fact: Fact, of: Constants, seen: Iterable[dt.date | int | Decimal], tables: Tables, on: dt.date
) -> Iterator[dt.datetime]:
    zone = tables.office.tz if tables.office else dt.UTC
    noon = dt.time(12)
    yield from (dt.datetime.combine(day, noon, zone) for day in _dates(fact, of, seen, on))
    known = [value for value in seen if isinstance(value, dt.datetime)]
    minute = dt.timedelta(minutes=1)
    yield from (at + step for at in known for step in (-minute, dt.timedelta(0), minute))
