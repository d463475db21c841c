"""Own days and spans over columns: every arrangement of a few days about the day that is judged.

Where only verdicts are asked for, deadlines of a record's own days go a shorter way than where a reason is told. Both
ways have to be what the record judge says: for a day that is recorded, known to be absent or not recorded, and for
each neighbour of the day asked about and of the last day allowed. Caseloads are of assignments whose starts are not
recorded.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

import attrs
import duckdb
import polars as pl
import pytest

from peersupport import Admission, Assignment, PeerProvider, frames_of, judge_frame, load, loads, verdict_of
from peersupport.readers.columns import Detail
from peersupport.readers.columns.written import Backend
from peersupport.rules.facts import NONE, Record
from peersupport.rules.tables import Table, Tables

ON = dt.date(2026, 3, 31)
HEAD = """
rulebook = "kiln"
title    = "The Kiln (invented)"
version  = "1"
in_force = { from = 1950-01-01 }
[sources.K]
title = "Made up"
[kinds.pot]
dated_by  = "thrown_on"
thrown_on = { type = "date", says = "the day it is thrown", event = "it is thrown" }
dried_on  = { type = "date or none", says = "the day it is dry", event = "it is dry" }
fired_on  = { type = "date or none", says = "the day it is fired", event = "it is fired" }
sold_on   = { type = "date or none", says = "the day it is sold", event = "it is sold" }
"""
FORMS = {
    "so many days": 'after = "thrown_on"\nwithin = "3 days"\ndone = "fired_on"\n',
    "so many days, until": 'after = "thrown_on"\nwithin = "3 days"\ndone = "fired_on"\nuntil = "sold_on"\n',
    "months": 'after = "thrown_on"\nwithin = "1 month"\ndone = "fired_on"\nuntil = "sold_on"\n',
    "after what may never be": 'after = "dried_on"\nwithin = "2 days"\ndone = "fired_on"\n',
    "after what may never be, until": 'after = "dried_on"\nwithin = "2 days"\ndone = "fired_on"\nuntil = "sold_on"\n',
    "on a day": 'due = "dried_on"\ndone = "fired_on"\nuntil = "sold_on"\n',
    "until itself": 'due = "dried_on"\ndone = "fired_on"\nuntil = "fired_on"\n',
    "days before": 'due = "dried_on - days(2)"\ndone = "fired_on"\nuntil = "sold_on"\n',
}
BOOK = loads(
    HEAD
    + "".join(
        f'[[deadline]]\nid = "pot.{number}"\nabout = "pot"\nsays = "{name}"\nsource = "K: 1"\n{form}'
        for number, (name, form) in enumerate(FORMS.items())
    )
)
DAYS = (None, NONE, *(ON + dt.timedelta(days=n) for n in range(-5, 4)))


def pots(first: dt.date) -> Iterator[Record]:
    """A pot for every arrangement of three days; the one that is told in each case is thrown as it is dried."""
    make = BOOK.vocabulary["pot"].record
    far = [each + (first - ON) if isinstance(each, dt.date) else each for each in DAYS]
    for number, (start, fired, sold) in enumerate(itertools.product(far, DAYS, DAYS)):
        thrown = None if start is NONE else start
        made: Record = make(id=str(number), thrown_on=thrown, dried_on=start, fired_on=fired, sold_on=sold)  # type: ignore[call-arg]  # the facts of the file
        yield made


FIRST = {"about the day": ON, "a month before": dt.date(2026, 2, 28)}
"""About which day the pots are thrown."""


@pytest.mark.parametrize("tell", [("verdict",), ("verdict", "reason")], ids=["the short way", "the general way"])
@pytest.mark.parametrize("first", FIRST)
def test_own_days_are_judged_alike(first: str, tell: tuple[Detail, ...]) -> None:
    """Every rule has the judge's verdict for every arrangement of days, on the short way and on the general one."""
    table = {pot.id: pot for pot in pots(FIRST[first])}
    tables = Tables({"pot": Table(table)})
    found = judge_frame(BOOK, frames_of(tables, BOOK.vocabulary)["pot"], "pot", on=ON, tell=tell)
    assert isinstance(found, pl.DataFrame)
    apart: list[str] = []
    seen: set[str] = set()
    for rule in BOOK.judged:
        judged = verdict_of(BOOK, rule.id)
        told = dict(zip(found["id"], found[rule.id], strict=True))
        seen |= set(told.values())
        for pot in table.values():
            expected = judged(pot, ON, tables).value
            if told[pot.id] != expected:
                apart.append(f"{rule.sentence()}: {attrs.asdict(pot)}: judge {expected}, columns {told[pot.id]}")
    assert seen == {"met", "not_met", "pending", "unknown", "not_applicable"}
    assert not apart, f"{len(apart)}\n" + "\n".join(apart[:5])


ENGINES = ("polars", "pandas", "pyarrow", "duckdb")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("many", "ahead"), [(25, 0), (26, 0), (25, 1), (26, 1), (26, 2)])
def test_assignments_whose_start_is_not_recorded(engine: Backend, many: int, ahead: int) -> None:
    """The one that is recorded starts on the day asked about or later; the others may have started any day before."""
    nebraska = load("nebraska-dbh")
    keys = [str(number) for number in range(many)]
    starts = [ON + dt.timedelta(days=ahead), *[None] * (many - 1)]
    served = {
        key: Assignment(id=key, peer_provider="p", admission=key, kind="primary", starts_on=start, ends_on=NONE)
        for key, start in zip(keys, starts, strict=True)
    }
    tables = Tables(
        {
            "peer_provider": Table({"p": PeerProvider(id="p")}),
            "assignment": Table(served),
            "admission": Table({key: Admission(id=key) for key in keys}),
        }
    )
    frames = frames_of(tables, nebraska.vocabulary, engine, duckdb.connect() if engine == "duckdb" else None)
    found = judge_frame(
        nebraska,
        frames.pop("peer_provider"),
        "peer_provider",
        on=ON,
        tables=frames,
        rules=["caseload.maximum"],
        codes=True,
    )
    code = found.fetchall()[0][1] if engine == "duckdb" else next(iter(found["caseload.maximum"].to_numpy()))
    expected = verdict_of(nebraska, "caseload.maximum")(tables.tables["peer_provider"].records["p"], ON, tables)
    assert ("not_met", "met", "unknown")[code] == expected.value == ("unknown" if many == 26 and not ahead else "met")
