"""The tables that readers look into: the records of one program, found by id and by what they refer to.

A table that is given is complete from its declared `since` on; a table that is not given is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from peersupport.rules.calendar import Office
from peersupport.rules.facts import Record


@attrs.frozen(eq=False)
class Table:
    """The records of one kind, by id, complete since a day; None is always."""

    records: Mapping[str, Record]
    since: dt.date | None = None


@attrs.frozen(eq=False)
class Tables:
    """The tables of one program by kind, and its office, which is None where no time zone is recorded."""

    tables: Mapping[str, Table] = attrs.field(factory=dict)
    office: Office | None = None
    _index: dict[tuple[str, str], dict[str, tuple[Record, ...]]] = attrs.field(factory=dict, init=False, repr=False)

    def given(self, kind: str) -> Table | None:
        """The table of a kind, or None when it was not given."""
        return self.tables.get(kind)

    def find(self, kind: str, id_: str) -> Record | None:
        """One record, or None when it is not there."""
        table = self.tables.get(kind)
        return table.records.get(id_) if table else None

    def all_of(self, kind: str) -> tuple[Record, ...]:
        """Every record of a kind in the order of its table."""
        table = self.tables.get(kind)
        return tuple(table.records.values()) if table else ()

    def referring(self, kind: str, fact: str, id_: str) -> tuple[Record, ...]:
        """The records of a kind that refer to an id, in the order of their table."""
        key = (kind, fact)
        if key not in self._index:
            self._index[key] = _indexed(self.all_of(kind), fact)
        return self._index[key].get(id_, ())

    def with_office(self, office: Office) -> Tables:
        """The same tables with another office."""
        return Tables(self.tables, office)


EMPTY: Final = Tables()
"""No tables at all: whatever is asked of related records is unknown."""


def tables_of(records: Iterable[Record], names: Mapping[type[Record], str]) -> dict[str, Table]:
    """Complete tables of some records, each under the name of its kind. A later record of one id is not kept."""
    found: dict[str, dict[str, Record]] = {}
    for record in records:
        found.setdefault(names[type(record)], {}).setdefault(record.id, record)
    return {kind: Table(rows) for kind, rows in found.items()}


def _indexed(records: Iterable[Record], fact: str) -> dict[str, tuple[Record, ...]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        for id_ in _ids(getattr(record, fact, None)):
            found.setdefault(id_, []).append(record)
    return {id_: tuple(rows) for id_, rows in found.items()}


def _ids(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return sorted(value) if isinstance(value, frozenset) else ()
