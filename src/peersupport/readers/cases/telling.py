"""What a case shows, in a sentence: how it differs from an earlier one, and what is judged of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

import attrs

from peersupport.readers.cases.scenes import is_counted
from peersupport.readers.english.phrases import listed, words
from peersupport.readers.variations import Key, Row, Rows
from peersupport.rules.facts import NONE, Fact, Vocabulary

MANY: Final = 2
"""How many records of a kind are told one by one where there are more than before."""
FAR: Final = 60
"""Up to how many days it is said how much later a date is."""


@attrs.frozen(eq=False)
class Told:
    """A case as it is told: its records, the day, the record judged, and the reading."""

    rows: Rows
    on: dt.date
    judged: Key
    reading: str


def differences(vocabulary: Vocabulary, case: Told, earlier: Told) -> list[str]:
    """How a case differs from an earlier one: one clause for each difference."""
    teller = _Teller(vocabulary, case, earlier)
    return [*teller.others(), *teller.facts(), *teller.day()]


class _Teller:
    def __init__(self, vocabulary: Vocabulary, case: Told, earlier: Told) -> None:
        self.vocabulary, self.case, self.earlier = vocabulary, case, earlier

    def day(self) -> Iterator[str]:
        if self.case.on != self.earlier.on:
            yield f"it is judged on {self.case.on}{_later(self.case.on, self.earlier.on)}"
        if self.case.reading != self.earlier.reading:
            yield f"it is read as “{self.case.reading}”" if self.case.reading else "no reading is chosen"

    def facts(self) -> Iterator[str]:
        for key, row in self.case.rows.items():
            before = self.earlier.rows.get(key)
            for fact in self.vocabulary[key[0]].stored if before else ():
                if before and row[fact.name] != before[fact.name]:
                    yield said(fact, row[fact.name], before[fact.name], self.whose(key, fact))

    def others(self) -> Iterator[str]:
        """The records that are there now, and those that are not any more."""
        now, before = self.case.rows, self.earlier.rows
        for kind in dict.fromkeys(key[0] for key in (*now, *before)):
            new = [key for key in now if key[0] == kind and key not in before]
            gone = [key for key in before if key[0] == kind and key not in now]
            there = sum(key[0] == kind for key in now)
            if gone:
                yield f"there is no {words(kind)}" if not there else f"{_listed(gone)} is left out"
            if len(new) > MANY:
                yield f"there are {there} records of the kind {words(kind)} instead of {there - len(new) + len(gone)}"
            else:
                yield from (self.added(key) for key in new)

    def added(self, key: Key) -> str:
        """A record that is there now, by what it has in common with another one of its kind."""
        row, kind = self.case.rows[key], self.vocabulary[key[0]]
        like = [(other, old) for other, old in self.earlier.rows.items() if other[0] == key[0]]
        near = min(like, key=lambda each: sum(row[name] != each[1][name] for name in row), default=None)
        if near is None:
            return f"there is {_a(words(key[0]))}{_where(self.recorded(row, kind.stored))}"
        other = [fact for fact in kind.stored if row[fact.name] != near[1][fact.name]]
        parts = [said(fact, row[fact.name], near[1][fact.name], "") for fact in other]
        return f"there is another {words(key[0])} like {near[0][1]}{_where(parts)}"

    def recorded(self, row: Row, stored: Sequence[Fact]) -> list[str]:
        told = [fact for fact in stored if row[fact.name] is not None and not fact.type.kind]
        return [said(fact, row[fact.name], None, "") for fact in told]

    def whose(self, key: Key, fact: Fact) -> str:
        """Whose a fact is, where it is not that of the record judged."""
        if key == self.case.judged:
            return ""
        alone = sum(other[0] == key[0] for other in self.case.rows) == 1 and key[0] != self.case.judged[0]
        name = f"the {words(key[0])}" if alone else f"{words(key[0])} {key[1]}"
        return f" (for {name})" if fact.type.base == "bool" else f" of {name}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _where(parts: Sequence[str]) -> str:
    return f", where {listed(parts, 'and')}" if parts else ""


def _listed(keys: Sequence[Key]) -> str:
    return listed([f"{words(kind)} {id_}" for kind, id_ in keys], "and")


def said(fact: Fact, value: object, before: object, whose: str) -> str:
    """A value of a fact as a clause, with how far it lies from the one before."""
    phrase = f"{fact.phrase}{whose}"
    if fact.type.base == "bool":
        return (
            {True: phrase, False: f"it is not so that {phrase}"}.get(value is True, "")
            if value is not None
            else (f"it is not recorded whether {phrase}")
        )
    if value is None:
        return f"{phrase} is not recorded"
    if value is NONE:
        return f"there is no {phrase.removeprefix('the ')}"
    return f"{phrase} is {shown(value)}{_apart(value, before)}"


def shown(value: object) -> str:
    """A value in words."""
    if isinstance(value, frozenset):
        return listed([words(each) for each in sorted(value)], "and") if value else "none of them"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="auto")
    return words(value) if isinstance(value, str) else str(value)


def _apart(value: object, before: object) -> str:
    """How far a value lies from the one before: one day later, one less."""
    if isinstance(value, dt.datetime) and isinstance(before, dt.datetime):
        return _by((value - before).total_seconds() / 60, "minute", 60, "later", "earlier")
    if isinstance(value, dt.date) and isinstance(before, dt.date):
        return _later(value, before)
    if is_counted(value) and is_counted(before):
        apart = Decimal(str(value)) - Decimal(str(before))
        amount = "one" if abs(apart) == 1 else f"{abs(apart)}"
        return f", {amount} {'more' if apart > 0 else 'less'}"
    return ""


def _later(value: dt.date, before: dt.date) -> str:
    return _by((_day(value) - _day(before)).days, "day", FAR, "later", "earlier")


def _by(amount: float, unit: str, most: int, more: str, less: str) -> str:
    if not amount or amount != int(amount) or abs(amount) > most:
        return ""
    number = "one" if abs(amount) == 1 else str(abs(int(amount)))
    return f", {number} {unit}{'s' * (abs(amount) != 1)} {more if amount > 0 else less}"


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def sentence(differs: Sequence[str], like: int | None, verdict: str) -> str:
    """What a case shows: how it differs from an earlier one, and its verdict."""
    if like is None:
        return f"A case to start from: {verdict}."
    return f"As case {like}, but {listed(differs, 'and')}: {verdict}." if differs else f"As case {like}: {verdict}."
