"""What the tests of small rulebooks of states share: records of a rulebook's own kinds, and what its rules say of them.

The laws of the rules stand in the tests, in plain Python; nothing here asks the judge how it decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import attrs

import peersupport
from peersupport import Finding, Record, Rulebook, Verdict
from peersupport.readers.judge import judge_of

CHICAGO = ZoneInfo("America/Chicago")
LATER = dt.date(2027, 6, 30)
Records: TypeAlias = Sequence[Record]
"""The record judged, then the others."""


@attrs.frozen
class Case:
    """A rulebook, the references that its records have unless said otherwise, and the records that are always there.

    The latter are kind, id and facts each. `given` are the kinds whose tables are given, though there may be nothing in
    them.
    """

    book: Rulebook
    usual: Mapping[str, object]
    always: Sequence[tuple[str, str, Mapping[str, object]]]
    given: frozenset[str]

    def record(self, kind: str, id_: str, /, **facts: object) -> Record:
        """A record of a kind of the rulebook."""
        stored = {each.name for each in self.book.vocabulary[kind].stored}
        own = {name: value for name, value in self.usual.items() if name in stored}
        return self.book.vocabulary[kind].record(id=id_, **{**own, **facts})

    def tables(self, records: Records, without: Iterable[str] = ()) -> Any:  # noqa: ANN401  as the judge takes them
        """Tables of some records and those that are always there, of which a given one may take the place."""
        taken = {(type(each), each.id) for each in records}
        always = [self.record(kind, id_, **facts) for kind, id_, facts in self.always]
        rest = [each for each in always if (type(each), each.id) not in taken]
        empty = self.given - set(without)
        return peersupport.from_records([*rest, *records], empty=empty, vocabulary=self.book.vocabulary).tables

    def found(
        self, rule: str, records: Records, on: dt.date = LATER, reading: str = "", without: Iterable[str] = ()
    ) -> Finding:
        """The finding of a rule for the first of some records, under a reading."""
        tables = self.tables(records, without)
        return peersupport.judge(self.book, rule, records[0], on=on, tables=tables, readings={reading} - {""})

    def told(self, rule: str, records: Records, on: dt.date = LATER) -> dict[str, Verdict]:
        """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
        tables = self.tables(records)
        judges = {name: judge_of(self.book, {name} - {""}) for name in ("", *self.book[rule].readings)}
        return {n: each.verdict(self.book[rule], records[0], on=on, tables=tables) for n, each in judges.items()}

    def occurring(self, rule: str, records: Records, on: dt.date = LATER, reading: str = "") -> list[Finding]:
        """The findings of a rule that repeats, one for each occurrence. What is missing is not searched for."""
        judge = judge_of(self.book, {reading} - {""})
        return judge.findings(self.book[rule], records[0], on=on, tables=self.tables(records), explain=False)

    def untested(self, text: str) -> list[str]:
        """The rules and readings that a text of tests does not name."""
        names = [*(rule.id for rule in self.book.judged), *self.book.readings]
        return [name for name in names if f'"{name}"' not in text]


def lacks(finding: Finding) -> tuple[Verdict, list[tuple[str, str]]]:
    """The verdict of a finding, with the ids and facts that it names as missing."""
    return finding.verdict, [(place.id, place.fact) for place in finding.missing]


def at(day: dt.date | None, hour: int = 10) -> dt.datetime | None:
    """An hour of a day where the program is; not recorded where the day is not."""
    return None if day is None else dt.datetime.combine(day, dt.time(hour), CHICAGO)
