"""Hypothesis strategies for facts, records, rosters and rulebooks, so that a law is asked of any of them.

What is drawn of a fact follows from its declaration: its choices, its bounds and places, the years 1900 to 2199. Every
fact may be not recorded. Nothing is filtered: what is drawn is valid as it comes. Hypothesis must be installed, which
`peersupport[test]` does; it finds these by itself for `st.from_type`.

    from hypothesis import given
    from peersupport.testing import strategies

    @given(strategies.rosters(rulebook))
    def test_an_audit_ends(roster): ...
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from peersupport.roster import Roster, from_records
from peersupport.rules.calendar import FIRST_DAY, LAST_DAY
from peersupport.rules.facts import NONE, Fact, Kind, Record, Vocabulary
from peersupport.rules.rulebook import Rulebook
from peersupport.testing.drafts import rulebooks

__all__ = ["ZONES", "facts", "ids", "known", "records", "rosters", "rulebooks"]

ZONES: Final = ("UTC", "America/Chicago", "America/Denver", "America/Havana", "Asia/Kolkata", "Australia/Lord_Howe")
"""The time zones that programs are drawn with."""
LARGEST: Final = 10**15 - 1
"""The largest number that a file may hold: of as many digits a number is drawn that has no bound."""
PLACES: Final = 9
"""The most decimal places that a file may hold."""
PEOPLED: Final = 5
"""Of how many kinds a roster has records at most."""

_CHARACTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], include_characters="-_.'\"=+@/,")
_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=8).map(lambda text: f"{text}s")
"""Texts of one line that read the same from every file: none of them is `none`, and none has a semicolon."""
_EDGES = (FIRST_DAY, LAST_DAY, dt.date(2024, 2, 29), dt.date(2026, 1, 31), dt.date(2100, 2, 28))
_DAYS = st.dates(FIRST_DAY, LAST_DAY) | st.sampled_from(_EDGES)
_OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda quarters: dt.timezone(dt.timedelta(minutes=15 * quarters)))
_INSTANTS = st.datetimes(
    dt.datetime.combine(FIRST_DAY, dt.time()), dt.datetime.combine(LAST_DAY, dt.time.max), timezones=_OFFSETS
)


def facts(fact: Fact, there: Collection[str] | None = None) -> SearchStrategy[Any]:
    """Any value of a fact: not recorded (None), known to be absent (`NONE`) where it can be, or known.

    `there` are the ids that a reference may lead to; left out, it leads to any.
    """
    return _values(fact) if there is None else _any(fact, known(fact, there))


@functools.cache
def _values(fact: Fact) -> SearchStrategy[Any]:
    return _any(fact, known(fact))


def _any(fact: Fact, known_: SearchStrategy[Any]) -> SearchStrategy[Any]:
    absent = [st.just(NONE)] if fact.type.or_none and fact.type.base not in {"set", "refs"} else []
    return st.one_of(st.none(), *absent, known_)


def known(fact: Fact, there: Collection[str] | None = None) -> SearchStrategy[Any]:
    """The values of a fact that is recorded and not absent. There are none where `there` leaves no reference."""
    match fact.type.base:
        case "bool":
            return st.booleans()
        case "number":
            return _decimals(fact) if fact.type.decimal else _integers(fact)
        case "date":
            return _DAYS
        case "instant":
            return _INSTANTS
        case "choice":
            return _words(fact)
        case "set":
            return st.frozensets(_words(fact), max_size=4)
        case "ref":
            return ids(fact.type.kind) if there is None else _one_of(there)
        case "refs":
            members = ids(fact.type.kind) if there is None else _one_of(there)
            return st.frozensets(members, max_size=0 if there is not None and not there else 3)
        case _:
            return _TEXTS


def _one_of(there: Collection[str]) -> SearchStrategy[str]:
    return st.sampled_from(sorted(there)) if there else st.nothing()


def _words(fact: Fact) -> SearchStrategy[str]:
    return st.sampled_from(fact.type.choices) if fact.type.choices else _TEXTS


def _integers(fact: Fact) -> SearchStrategy[int]:
    least, most = _bounds(fact)
    return _between(math.ceil(least), math.floor(most))


def _decimals(fact: Fact) -> SearchStrategy[Decimal]:
    places = min(PLACES if fact.places is None else fact.places, PLACES)
    least, most = _bounds(fact)
    steps = _between(math.ceil(least.scaleb(places)), math.floor(most.scaleb(places)))
    return steps.map(lambda step: Decimal(step).scaleb(-places))


def _between(least: int, most: int) -> SearchStrategy[int]:
    """Whole numbers; none where the bounds leave none."""
    return st.integers(least, most) if least <= most else st.nothing()


def _bounds(fact: Fact) -> tuple[Decimal, Decimal]:
    least = Decimal(-LARGEST if fact.minimum is None else fact.minimum)
    return least, Decimal(LARGEST if fact.maximum is None else fact.maximum)


def ids(kind: str) -> SearchStrategy[str]:
    """Ids of records of a kind: a few that come again and again, and any other."""
    return st.integers(1, 5).map(lambda number: f"{kind}-{number}") | _TEXTS


# records and rosters


def records(of: Rulebook | Vocabulary, kind: str) -> SearchStrategy[Any]:
    """The records of a kind of a rulebook or of a vocabulary. Their references lead anywhere."""
    found = _vocabulary(of)[kind]
    return _records(found, ids(kind), {})


def _records(kind: Kind, own: SearchStrategy[str], there: Mapping[str, Collection[str]]) -> SearchStrategy[Record]:
    """The records of a kind, whose references to the kinds that are there lead to one that is."""
    values = {fact.name: _stored(kind, fact, there.get(fact.type.kind)) for fact in kind.stored}
    return st.builds(kind.record, id=own, **values)


def _stored(kind: Kind, fact: Fact, there: Collection[str] | None) -> SearchStrategy[Any]:
    if (kind.name, fact.name) == ("program", "time_zone"):
        return st.none() | st.sampled_from(ZONES)
    return facts(fact, there)


@st.composite
def rosters(draw: st.DrawFn, of: Rulebook | Vocabulary, *, kinds: Sequence[str] | None = None, most: int = 3) -> Roster:
    """Rosters over the kinds of a rulebook or of a vocabulary, or over some of them.

    Of each kind the table is given, and complete from some day on or always, or it is not. A few of them have up to
    `most` records, whose references are in order: where the table of a kind is given, they lead to one of its records.
    """
    vocabulary = _vocabulary(of)
    among = tuple(vocabulary) if kinds is None else tuple(kinds)
    given = draw(st.just(among) | st.lists(st.sampled_from(among), unique=True).map(tuple))
    there: dict[str, tuple[str, ...]] = dict.fromkeys(given, ())
    for kind in draw(st.lists(st.sampled_from(given), unique=True, max_size=PEOPLED)) if given else ():
        there[kind] = tuple(draw(st.lists(ids(kind), unique=True, max_size=1 if kind == "program" else most)))
    made = [
        draw(_records(vocabulary[kind], st.just(id_), {name: there[name] for name in there}))
        for kind, own in there.items()
        for id_ in own
    ]
    since = draw(st.dictionaries(st.sampled_from(given), _DAYS, max_size=2)) if given else {}
    return from_records(made, empty=given, since=since, vocabulary=vocabulary)


def _vocabulary(of: Rulebook | Vocabulary) -> Vocabulary:
    return of.vocabulary if isinstance(of, Rulebook) else of
