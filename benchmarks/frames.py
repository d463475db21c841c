"""How long the column reader takes, against the same verdicts written by hand in the same library.

    python benchmarks/frames.py [--rows 1000000] [--only NAME]

Both run by turns in one process, after their answers were found equal; on a few rows the record reader agrees too. The
table, in Markdown, has the medians, the median and quartiles of the ratio, and the most that it may be.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from typing import Any

import attrs
import by_record
import data
import duckdb
import fresh
import hand_arrow
import hand_caseload
import hand_duckdb
import hand_pandas
import hand_polars
import hand_series
import hand_tables
import numpy as np
import peers
import polars as pl
import whole
from measure import Line, Way, agreed, say, seconds, table, versus
from ways import CLAUSES, VERDICTS, Answer, by_hand, many_tables, nebraska, of_polars, one_table, ours

import peersupport
from peersupport.readers.columns import Detail

SAMPLE = 2_000
"""How many rows the record reader judges too."""


def main() -> None:
    """Make the runs that are asked for and print the table."""
    parser = argparse.ArgumentParser(description="How long the column reader takes.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many records are judged")
    parser.add_argument("--only", choices=sorted(RUNS), action="append", help="one run alone; may be repeated")
    asked = parser.parse_args()
    names = asked.only or list(RUNS)
    lines: list[Line] = []
    for name in names:
        say(f"{name} ...")
        lines += RUNS[name](asked.rows)
    libraries = ("polars", "duckdb", "pyarrow", "pandas", "narwhals")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in libraries)
    print(f"{asked.rows:,} rows, Python {platform.python_version()}, {versions}\n\n{table(lines)}")


def times(rows: int) -> int:
    """How many times each way over several tables is run."""
    return 5 if rows <= 1_000_000 else 3


OFTEN = 15
"""How many times each way over one table is run: it takes a fraction of a second, of which much is chance."""


# one table


def polars_lines(rows: int) -> Iterator[Line]:
    """The rules about one table in Polars, against both ways by hand and a copy of what is read and written."""
    many = OFTEN
    check_one_table()
    frame = data.one_table(rows)
    verdicts = of_polars(one_table(), {"membership": frame}, "membership", VERDICTS)
    clauses = of_polars(one_table(), {"membership": frame}, "membership", (*CLAUSES, *VERDICTS))
    obvious, best = by_hand(hand_polars.with_dates, frame), by_hand(hand_polars.with_days, frame)
    told = verdicts()
    agreed("Polars, dates", told, obvious())
    agreed("Polars, day numbers", told, best())
    agreed("Polars, clauses", clauses(), by_hand(hand_polars.with_days, frame, clauses=True)())
    yield versus("one table, Polars / by hand, dates as dates", verdicts, obvious, many, target=0.33)
    yield versus("one table, Polars / by hand, day numbers", verdicts, best, many, target=1.2)
    read, written = (each.drop("id").estimated_size() for each in (frame, told))
    note = f"{read / rows:.1f} bytes read and {written / rows:.1f} written for each row"
    yield versus("one table, Polars / memory copy", verdicts, copy_of(int(read + written)), many, target=5, note=note)
    yield versus("one table, a column for each clause / verdicts alone", clauses, verdicts, many, target=1.15)


def copy_of(size: int) -> Way:
    """A copy of so many bytes from memory to memory."""
    source, target = np.ones(size, np.uint8), np.zeros(size, np.uint8)
    return lambda: np.copyto(target, source)


def check_one_table() -> None:
    """Ours and by hand are what the record reader says, on a few rows."""
    book, given = one_table(), {"membership": data.one_table(SAMPLE)}
    rules = (*CLAUSES, *VERDICTS)
    expected = by_record.by_record(book, given, "membership", rules)
    agreed("the record reader, one table", of_polars(book, given, "membership", rules)(), expected)
    loop = pl.DataFrame(peers.all_verdicts(given["membership"]), schema=["id", *VERDICTS], orient="row")
    agreed("the plain loop", loop, expected.select("id", *VERDICTS))


def engine_lines(rows: int) -> Iterator[Line]:
    """The rules about one table in the other libraries, against the same by hand in each."""
    book, frame = one_table(), data.one_table(rows)
    arrow = frame.to_arrow()
    pandas = frame.to_pandas(use_pyarrow_extension_array=True)
    connection = duckdb.connect()
    hand_duckdb.prepared(connection)
    connection.register("lent", arrow)
    connection.execute("CREATE TABLE membership AS SELECT * FROM lent")
    relation = connection.table("membership")
    query = hand_duckdb.query("membership")

    def judged(given: object, *, lend: bool = True) -> Way:
        return lambda: ours(book, given, "membership", VERDICTS, lend=lend)

    in_sql: Way = lambda: connection.sql(query).to_arrow_table()  # noqa: E731
    of_relation: Way = lambda: ours(book, relation, "membership", VERDICTS).to_arrow_table()  # noqa: E731
    in_arrow: Way = lambda: hand_arrow.verdicts(arrow)  # noqa: E731
    in_pandas: Way = lambda: hand_pandas.verdicts(pandas)  # noqa: E731
    pairs: list[tuple[str, Way, Way, float | None]] = [
        ("one table, DuckDB / SQL by hand", of_relation, in_sql, 1.05),
        ("one table, pyarrow / by hand", judged(arrow), in_arrow, 1.25),
        ("one table, pyarrow not lent to Polars / by hand", judged(arrow, lend=False), in_arrow, 1.25),
        ("one table, pandas / by hand", judged(pandas), in_pandas, 0.3),
    ]
    for name, way, hand, target in pairs:
        agreed(name, as_polars(way()), as_polars(hand()))
        yield versus(name, way, hand, OFTEN, target=target)


def as_polars(answer: Any) -> pl.DataFrame:  # noqa: ANN401
    """An answer of any library as Polars, for comparison."""
    converted = pl.DataFrame(answer)
    return converted.with_columns(pl.exclude("id").cast(pl.Int8))


def peer_lines(rows: int) -> Iterator[Line]:
    """Other engines on the two rules about the admission, each for as many rows as it bears, told for all of them."""
    frame = data.one_table(rows)
    judged = of_polars(one_table(), {"membership": frame}, "membership", peers.RULES)
    verdicts = judged()
    for peer in peers.peers(frame):
        if isinstance(peer, str):
            yield Line(f"admission / {peer}", note="is not installed: left out")
            continue
        note = f"right on {peers.right(peer, verdicts):.0%} of the rows, timed on {peer.rows:,}"
        turns = 3 if peer.rows == rows else 1
        found = [(seconds(judged), seconds(peer.run) * rows / peer.rows) for _ in range(turns)]
        mine, others = zip(*found, strict=True)
        say(f"  {peer.name}")
        yield Line(f"admission / {peer.name}", mine, others, peer.target, note)


# several tables


@attrs.frozen
class Job:
    """One rule over several tables: how they are made, what is judged, and how it is written by hand."""

    name: str
    make: Callable[[int], data.Tables]
    book: Callable[[], peersupport.Rulebook]
    about: str
    rule: str
    way: Callable[[hand_tables.Lazy], pl.LazyFrame]
    target: float | None
    times: int = 1
    """How many records are judged for each row that is asked for."""
    tell: tuple[Detail, ...] = ("verdict",)

    def ours(self, tables: data.Tables) -> Answer:
        """Our way over some tables."""
        return of_polars(self.book(), tables, self.about, [self.rule], self.tell)

    def expected(self, tables: data.Tables) -> pl.DataFrame:
        """What the record reader says of them."""
        if len(self.tell) > 1:
            return by_record.measured(self.book(), tables, self.about, self.rule)
        return by_record.by_record(self.book(), tables, self.about, [self.rule])


JOBS = (
    Job("a reference join", data.charts, many_tables, "chart", "chart.under_permit", hand_tables.under_permit, 1.0, 3),
    Job("age through a reference", data.visits, many_tables, "visit", "visit.of_age", hand_tables.of_age, 1.0, 3),
    Job(
        "any license of the one who signed",
        data.signed_plans,
        nebraska,
        "plan",
        "plan.signed_by_qualified",
        hand_tables.signed_by_qualified,
        1.0,
        3,
    ),
    Job("the first plan", data.plans, nebraska, "admission", "plan.developed", hand_tables.first_plan, 1.2),
    Job(
        "a talk every 90 days",
        data.talks,
        many_tables,
        "membership",
        "talk.each_90_days",
        hand_series.each_90_days,
        0.5,
    ),
    Job(
        "a talk every 90 days, against the best by hand",
        data.talks,
        many_tables,
        "membership",
        "talk.each_90_days",
        hand_series.each_90_days_numbered,
        None,
    ),
    Job(
        "at most 25 at a time",
        data.assignments,
        nebraska,
        "peer_provider",
        "caseload.maximum",
        hand_caseload.at_most_25,
        0.5,
    ),
    Job(
        "at most 25 at a time, against the best by hand",
        data.assignments,
        nebraska,
        "peer_provider",
        "caseload.maximum",
        hand_caseload.at_most_25_numbered,
        None,
    ),
)
CASELOADS = Job(
    "every peak and its days, against the best by hand",
    data.assignments,
    nebraska,
    "peer_provider",
    "caseload.maximum",
    hand_caseload.over_25_numbered,
    2.0,
    tell=("verdict", "measured", "days"),
)


def table_lines(rows: int) -> Iterator[Line]:
    """Single rules over several tables."""
    for job in JOBS:
        yield line_of(job, rows)


def caseload_lines(rows: int) -> Iterator[Line]:
    """Caseloads over three years."""
    yield line_of(CASELOADS, rows)


def line_of(job: Job, rows: int) -> Line:
    """Ours against by hand, after both were held against the record reader on a few rows."""
    small = job.make(SAMPLE * (10 if job.about == "peer_provider" else 1))
    expected = job.expected(small)
    agreed(f"{job.name}, by hand", by_hand(job.way, small)(), expected)
    agreed(f"{job.name}, ours", job.ours(small)(), expected)
    tables = job.make(rows * job.times)
    mine, hand = job.ours(tables), by_hand(job.way, tables)
    agreed(job.name, mine(), hand())
    sizes = ", ".join(f"{len(frame):,} of {name}" for name, frame in tables.items())
    return versus(f"{job.name} ({job.rule})", mine, hand, times(rows), target=job.target, note=sizes)


# a whole rulebook


def whole_lines(rows: int) -> Iterator[Line]:
    """All rules of Nebraska about an admission: at once, and each alone as a part of that."""
    book = nebraska()
    rules = whole.rules_about(book, "admission")
    few = whole.whole(book, 300)
    expected = by_record.by_record(book, few, "admission", rules)
    agreed("a whole rulebook", of_polars(book, few, "admission", rules)(), expected)
    tables = whole.whole(book, rows)
    at_once = of_polars(book, tables, "admission", rules)
    whole_time = [seconds(at_once) for _ in range(3)]
    told = sum(len(frame) for frame in tables.values())
    note = f"{len(rules)} rules at once, {told:,} records in {len(tables)} tables"
    yield Line("the rules about an admission, at once", whole_time, note=note)
    for rule in rules:
        alone = of_polars(book, tables, "admission", [rule])
        say(f"  {rule}")
        yield Line(f"{rule} alone, as a part of them", [seconds(alone)], [sorted(whole_time)[1]])


# fresh processes


def memory_lines(rows: int) -> Sequence[Line]:
    """The most memory that a judgement holds."""
    return fresh.memory(rows)


def import_lines(_rows: int) -> Sequence[Line]:
    """What importing the package costs."""
    return fresh.imports()


RUNS: dict[str, Callable[[int], Iterator[Line] | Sequence[Line]]] = {
    "polars": polars_lines,
    "engines": engine_lines,
    "tables": table_lines,
    "caseload": caseload_lines,
    "whole": whole_lines,
    "peers": peer_lines,
    "memory": memory_lines,
    "import": import_lines,
}

if __name__ == "__main__":
    main()
