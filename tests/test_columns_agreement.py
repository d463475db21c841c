"""The column reader says what the record judge says: on many small rosters at the edges of every rule.

Verdicts are held against one another on every engine, on all rosters with Polars and on a fixed part of them with the
others; the reasons, days and missing facts with Polars alone. A disagreement is told with the records it is about.
"""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs
import pytest
import rosters
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rosters import Batch, Small

import peersupport
from peersupport import NONE, Finding, Rulebook, Unsupported, Verdict, judge_frame, testing
from peersupport.readers.columns.written import Backend, frames_of
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.judge.occurrences import current
from peersupport.rules import calendar, forms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import Fact
from peersupport.rules.findings import Place
from peersupport.rules.tables import Table, Tables

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pandas")
pytest.importorskip("polars")
pytest.importorskip("pyarrow")

BOOKS: Final = {
    "lantern-house": peersupport.load(Path(__file__).parent / "rulebooks" / "lantern.toml"),
    **{name: peersupport.load(name) for name in peersupport.available()},
}
CODES: Final = (Verdict.NOT_MET, Verdict.MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE)
"""The verdicts in the order of their codes."""
JUDGED_ALONE: Final = {
    "lantern-house": {
        *("host.talks_year", "stay.visits", "stay.weekly_visit", "stay.monthly_meals", "host.visits_between_talks"),
    },
}
"""The rules that the column reader refuses, and the record judge judges."""
NEVER_MET: Final = {
    *("chart.reviewed", "host.talked_to", "plan.reviewed", "consultation.each_90_days"),
    *("supervision.weekly_on_initial", "supervision.monthly_on_full", "supervisor.second_level_monthly"),
    "supervision.weekly_hour",
}
"""Rules that repeat without an end: their open occurrence is never met."""
TOO_MANY: Final = {"stay.visits_ever", "host.visits_month"}
"""Rules that are broken by more records than a small roster has."""

Asked: TypeAlias = tuple[str, str, str]
"""A rule, a kind and the id of a record of it."""
Table_: TypeAlias = dict[str, list[Any]]
"""The columns of a result by name."""


@attrs.frozen
class Engine:
    """A library with its frames, and how it is tried: on one of so many rosters and rules, and with what options.

    Planning takes nearly all of the time, so the slower engines see the largest tables only.
    """

    backend: Backend
    share: int
    every: int = 1
    largest: int | None = 1
    lazy: bool = False
    options: Mapping[str, Any] = attrs.field(factory=dict, eq=False)

    def frames(self, tables: Tables, rulebook: Rulebook) -> dict[str, Any]:
        """The frames of some tables."""
        connection = duckdb.connect() if self.backend == "duckdb" else None
        found = frames_of(tables, rulebook.vocabulary, self.backend, connection)
        return {kind: frame.lazy() for kind, frame in found.items()} if self.lazy else found

    def tries(self, rule: str, reading: str = "") -> bool:
        """Whether a rule is among those that are tried, under a reading."""
        return rosters.hashed(self.backend, rule, reading) % self.every == 0


THOROUGH: Final = bool(os.environ.get("PEERSUPPORT_THOROUGH"))
"""Whether everything is tried, which takes many minutes; otherwise a fixed part of it."""
FEWER: Final = 1 if THOROUGH else 8
"""How many times fewer rosters are tried than in a thorough run."""
QUICK: Final = {"trusted": not THOROUGH}
"""What the door looks at takes a third of the time, and other tests hold it to its word."""
POLARS: Final = Engine("polars", 20 * FEWER, largest=None, options=QUICK)
ENGINES: Final = {
    "polars": POLARS,
    "polars-lazy": Engine("polars", 48 * FEWER, every=2 * FEWER, lazy=True, options=QUICK),
    "pyarrow": Engine("pyarrow", 24 * FEWER, every=FEWER, options={"lend": False}),
    "pyarrow-lent": Engine("pyarrow", 48 * FEWER, every=2 * FEWER, options=QUICK),
    "pandas": Engine("pandas", 24 * FEWER, every=FEWER, options={"lend": False}),
    "pandas-lent": Engine("pandas", 48 * FEWER, every=2 * FEWER, options=QUICK),
    "duckdb": Engine("duckdb", 48 * FEWER, every=3 * FEWER, options={"trusted": True}),
}
EVERYWHERE: Final = {"lantern-house", "nebraska-dbh"}
"""The rulebooks that are tried on every engine: one has all parts of the language, the other most rules."""
LENT: Final = {"polars-lazy", "pyarrow-lent", "pandas-lent"}
"""The engines that come to the same plans as Polars, once their frames are in."""
LIKE_OTHERS: Final = {"nebraska-dbh"}
"""The rulebook that they are not tried on as a rule."""
DETAILED: Final = [book for book in BOOKS if THOROUGH or book in EVERYWHERE]
"""The rulebooks of which more than verdicts is told."""
CASES: Final = [
    pytest.param(engine, book, id=f"{engine}-{book}")
    for engine in ENGINES
    for book in BOOKS
    if THOROUGH or engine == "polars" or book in (EVERYWHERE - (LIKE_OTHERS if engine in LENT else set()))
]


SMALL_SHARE: Final = 60 * FEWER
"""One roster of so many is enough where each rule is asked many times."""


MIN: Final = 16
"""Of tables with fewer rosters than that one in four is tried, and all whose rosters can stand in no others."""


@functools.cache
def batches(book: str, share: int, largest: int | None = None) -> list[Batch]:
    """The rosters of a rulebook, or one of so many of them; with `largest` only so many of the largest tables."""
    if largest is None:
        found = rosters.batches(BOOKS[book], share=share)
        return [each for number, each in enumerate(found) if len(each.of) > MIN or _alone(each) or number % 4 == 0]
    return sorted(batches(book, share), key=lambda batch: -len(batch.of))[:largest]


def _alone(batch: Batch) -> bool:
    """Whether rosters can be tried in tables of their own only."""
    return any(small.alone or small.judged[0] == rosters.PROGRAM for small in batch.of.values())


# asked


def columns(result: Any) -> Table_:  # noqa: ANN401  a frame of any of the libraries
    """The columns of a result as lists, whatever library it is of."""
    if hasattr(result, "collect"):
        result = result.collect()
    if hasattr(result, "to_arrow_table"):
        result = result.to_arrow_table()
    if hasattr(result, "to_pydict"):
        return result.to_pydict()  # type: ignore[no-any-return]
    if hasattr(result, "to_dicts"):
        return result.to_dict(as_series=False)  # type: ignore[no-any-return]
    return {name: result[name].tolist() for name in result.columns}


def ask(
    rulebook: Rulebook,
    engine: Engine,
    frames: Mapping[str, Any],
    kind: str,
    rules: Iterable[str],
    *,
    on: dt.date,
    readings: Iterable[str] = (),
    **more: Any,  # noqa: ANN401
) -> Table_:
    """What the column reader says of all records of a kind, as lists."""
    others = {name: frame for name, frame in frames.items() if name != kind}
    options = {"codes": True, **engine.options, **more}
    return columns(
        judge_frame(rulebook, frames[kind], kind, on=on, tables=others, rules=[*rules], readings=[*readings], **options)
    )


def by_kind(asked: Iterable[Asked]) -> dict[str, dict[str, list[str]]]:
    """The ids that are asked about by kind and rule."""
    found: dict[str, dict[str, list[str]]] = {}
    for rule, kind, id_ in asked:
        found.setdefault(kind, {}).setdefault(rule, []).append(id_)
    return found


def concerning(rulebook: Rulebook, asked: Sequence[Asked], reading: str) -> list[Asked]:
    """What a reading may change of what is asked; all of it where no reading is chosen."""
    if not reading:
        return [*asked]
    return [each for each in asked if reading in rosters.readings_of(rulebook, each[0])]


# told


@attrs.frozen(order=True)
class Apart:
    """One disagreement: where it is the least, told by the shortest roster."""

    rule: str
    what: str
    reading: str
    size: int
    text: str


def disagreements(
    book: str, batch: Batch, engine: Engine, readings: Iterable[str], tables: Tables | None = None, note: str = ""
) -> Iterator[Apart]:
    """Where the column reader and the judge say different verdicts of a batch, on its own tables or on others."""
    rulebook = BOOKS[book]
    tables = tables or batch.tables
    frames = engine.frames(tables, rulebook)
    complete = {kind: table.since for kind, table in tables.tables.items() if table.since}
    for reading in readings:
        rules_ = {rule for rule, _, _ in batch.judged}
        tried = frozenset(rule for rule in rules_ if engine.tries(rule, reading))
        answered = answers(book, batch, reading, tables, tried if reading else None)
        expected = {asked: verdict for asked, verdict in answered.items() if asked[0] in tried}
        for kind, rules in by_kind(expected).items():
            told = ask(
                rulebook, engine, frames, kind, rules, on=batch.on, readings={reading} - {""}, complete_since=complete
            )
            rows = {id_: row for row, id_ in enumerate(told["id"])}
            assert set(rows) == set(tables.tables[kind].records)
            for rule, id_ in ((rule, id_) for rule, ids in rules.items() for id_ in ids):
                code, verdict = told[rule][rows[id_]], expected[rule, kind, id_]
                if code != CODES.index(verdict):
                    yield apart(batch, rule, id_, reading, verdict, said(code), note)


@functools.cache
def answers(
    book: str, batch: Batch, reading: str, tables: Tables, tried: frozenset[str] | None = None
) -> dict[Asked, Verdict]:
    """What the judge says of all that is asked of a batch and that a reading may change, of some rules alone or all."""
    rulebook = BOOKS[book]
    judge = judge_of(rulebook, {reading} - {""})
    alone = JUDGED_ALONE.get(book, set())
    judged = [asked for asked in batch.judged if tried is None or asked[0] in tried]
    asked = [e for e in concerning(rulebook, judged, reading) if e[1] in tables.tables and e[0] not in alone]
    return {
        (rule, kind, id_): judge.verdict(rulebook[rule], tables.tables[kind].records[id_], on=batch.on, tables=tables)
        for rule, kind, id_ in asked
    }


def said(code: object) -> object:
    """The verdict of a code; what is no code stays as it is."""
    return CODES[code] if isinstance(code, int) and code in range(len(CODES)) else code


def left_out(tables: Tables, kind: str) -> Tables:
    """The tables without one of them; without the program's the office is not known."""
    kept = {name: table for name, table in tables.tables.items() if name != kind}
    return Tables(kept, None if kind == rosters.PROGRAM else tables.office)


def apart(
    batch: Batch, rule: str, id_: str, reading: str, expected: object, found: object, note: str = "", what: str = ""
) -> Apart:
    """A disagreement as text."""
    records = batch.told(id_)
    head = ", ".join(filter(None, [f"{rule} on {batch.on}", what, reading and f"reading {reading!r}", note, id_]))
    return Apart(rule, what, reading, len(records), f"{head}\n  judge: {expected}\n  columns: {found}\n{records}")


def check(found: Iterable[Apart]) -> None:
    """Fail with the shortest roster of each rule and reading, where there is any disagreement."""
    every = sorted(found)
    shortest = {(each.rule, each.what, each.reading): each for each in reversed(every)}
    counts = Counter((each.rule, each.what, each.reading) for each in every)
    texts = [f"[{counts[key]}] {each.text}" for key, each in sorted(shortest.items())]
    if texts:
        pytest.fail("\n".join([f"{len(every)} answers differ, the shortest of each rule:", *texts]), pytrace=False)


# what there is to try


@pytest.mark.parametrize(
    ("book", "rule"), [(book, rule) for book in JUDGED_ALONE for rule in sorted(JUDGED_ALONE[book])]
)
def test_what_only_the_judge_judges_is_refused_by_name(book: str, rule: str) -> None:
    """The rules that are not held against one another are those that the column reader refuses."""
    batch, (kind, *_) = batches(book, SMALL_SHARE, 1)[0], BOOKS[book][rule].about
    frames = POLARS.frames(batch.tables, BOOKS[book])
    with pytest.raises(Unsupported, match=rule):
        ask(BOOKS[book], POLARS, frames, kind, [rule], on=batch.on)


@pytest.mark.parametrize("book", DETAILED)
def test_the_rosters_lie_on_both_sides_of_every_rule(book: str) -> None:
    """Each rule is met in some roster and not met in another, and records of each of its kinds are judged."""
    judged = {rule.id for rule in BOOKS[book].judged} - JUDGED_ALONE.get(book, set())
    told = [each for batch in batches(book, POLARS.share) for each in answers(book, batch, "", batch.tables).items()]
    found = sides(told)
    for share in (24, 6, 1):
        short = [rule for rule in judged if not {Verdict.MET, Verdict.NOT_MET} <= found.get(rule, set())]
        more = rosters.batches(BOOKS[book], short, share)
        told += [each for batch in more for each in answers(book, batch, "", batch.tables).items()]
        found = sides(told)
    assert not testing.unjudged(BOOKS[book])
    assert set(found) == judged
    assert {rule for rule in found if Verdict.MET not in found[rule]} <= NEVER_MET
    assert {rule for rule in found if Verdict.NOT_MET not in found[rule]} <= TOO_MANY
    assert all(set(BOOKS[book][rule].about) <= found[rule] for rule in found)
    open_ended = [rule for rule in BOOKS[book].judged if rule.field("window") == "ever" and rule.field("at_least")]
    timed = open_ended or any(rule.form == "deadline" for rule in BOOKS[book].judged)
    verdicts = {verdict for _, verdict in told}
    assert set(Verdict) - verdicts <= (set() if timed else {Verdict.PENDING})


def sides(told: Iterable[tuple[Asked, Verdict]]) -> dict[str, set[object]]:
    """The kinds and verdicts of each rule."""
    found: dict[str, set[object]] = {}
    for (rule, kind, _), verdict in told:
        found.setdefault(rule, set()).update((kind, verdict))
    return found


# verdicts


@pytest.mark.parametrize(("engine", "book"), CASES)
def test_verdicts_are_those_of_the_judge(engine: str, book: str) -> None:
    """Every rule gives the judge's verdict for every record of its kinds."""
    chosen = ENGINES[engine]
    if book not in EVERYWHERE and not THOROUGH:
        chosen = attrs.evolve(chosen, largest=1, options={**chosen.options, **QUICK})
    check(
        each
        for batch in batches(book, chosen.share, chosen.largest)
        for each in disagreements(book, batch, chosen, [""])
    )


@pytest.mark.parametrize("book", DETAILED)
def test_verdicts_under_each_reading_are_those_of_the_judge(book: str) -> None:
    """Under each reading every rule that it may change gives the judge's verdict under that reading."""
    chosen = attrs.evolve(POLARS, every=3 * FEWER)
    check(disagreements(book, batches(book, 8 * FEWER, 1)[0], chosen, BOOKS[book].readings))


LEFT_OUT: Final = 4 * FEWER
"""One pair of so many of a rule and a table that it reads is tried."""


@pytest.mark.parametrize("book", DETAILED)
def test_verdicts_without_a_table_are_those_of_the_judge(book: str) -> None:
    """Whichever table is not given, what needs it is as unknown as it is to the judge."""
    (batch,) = batches(book, SMALL_SHARE, 1)
    for kind in BOOKS[book].vocabulary:
        asked = reading_of(BOOKS[book], batch, kind)
        check(disagreements(book, asked, POLARS, [""], left_out(batch.tables, kind), f"without {kind}"))


def reading_of(rulebook: Rulebook, batch: Batch, kind: str) -> Batch:
    """The part of a batch whose rules read a table of a kind; the program's is read for its time zone too."""
    kinds = {rule: {name for name, _ in rosters.facts_of(rulebook, rule)} for rule, _, _ in batch.judged}
    reads = {rule for rule in kinds if kind in {*kinds[rule], rosters.PROGRAM}}
    tried = {rule for rule in reads if rosters.hashed(rule, kind) % LEFT_OUT == 0}
    return only(batch, tried)


# what else is told

DAYS: Final = ("due", "done_on", "days_late")
WHY: Final = ("reason", "missing")
WHY_EVERY: Final = 2 * FEWER
"""One rule of so many is asked for its reasons, which take long to plan."""


@pytest.mark.parametrize("book", DETAILED)
def test_days_are_those_of_the_open_finding(book: str) -> None:
    """With the verdict come the due day, the day it was done and how late, as in the judge's finding."""
    timed = {rule.id for rule in BOOKS[book] if rule.form == "deadline"}
    rules = {
        rule.id for rule in BOOKS[book] if rosters.hashed(rule.id) % (FEWER if rule.id in timed else 4 * FEWER) == 0
    }
    batch = only(batches(book, 8 * FEWER, 1)[0], rules)
    check(details_apart(book, batch, DAYS, together=True))


@pytest.mark.parametrize("book", DETAILED)
def test_reasons_and_missing_facts_are_those_of_the_open_finding(book: str) -> None:
    """With the verdict come its reason and the facts that it lacks, as in the finding of an audit."""
    rules = {rule.id for rule in BOOKS[book] if rosters.hashed(rule.id) % WHY_EVERY == 0}
    batch = only(batches(book, 8 * FEWER, 1)[0], rules)
    check(details_apart(book, batch, WHY, together=False))


def only(batch: Batch, rules: Container[str]) -> Batch:
    """A batch of which only some rules are asked."""
    return attrs.evolve(batch, judged=tuple(asked for asked in batch.judged if asked[0] in rules))


@functools.cache
def findings(book: str, batch: Batch) -> dict[Asked, Finding]:
    """The open finding of everything that is asked of a batch, as an audit makes it."""
    rulebook = BOOKS[book]
    judge, sitting = judge_of(rulebook), Sitting(batch.tables, batch.on, brief=True)
    tables, alone = batch.tables.tables, JUDGED_ALONE.get(book, set())
    return {
        (rule, kind, id_): current(judge.sit(sitting, rulebook[rule], tables[kind].records[id_], explain=False))
        for rule, kind, id_ in batch.judged
        if rule not in alone
    }


def details_apart(book: str, batch: Batch, details: Sequence[str], *, together: bool) -> Iterator[Apart]:
    """Where the column reader tells another reason or day than the judge, or other facts as missing.

    Not `together`, each rule is asked for alone: planning the reasons of many in one takes longer than that.
    """
    rulebook, tell = BOOKS[book], ["verdict", *details]
    frames = POLARS.frames(batch.tables, rulebook)
    found = findings(book, batch)
    for kind, rules in by_kind(found).items():
        told: Table_ = {}
        for some in [[*rules]] if together else [[rule] for rule in rules]:
            told |= ask(rulebook, POLARS, frames, kind, some, on=batch.on, tell=tell, codes=False)
        rows = {id_: row for row, id_ in enumerate(told["id"])}
        for rule, id_, name in ((rule, id_, name) for rule, ids in rules.items() for id_ in ids for name in details):
            finding, value = found[rule, kind, id_], told[f"{rule}:{name}"][rows[id_]]
            if not same(rulebook, name, finding, value):
                expected = sorted(missing_of(finding)) if name == "missing" else getattr(finding, name)
                yield apart(batch, rule, id_, "", expected, value, what=name)


def same(rulebook: Rulebook, name: str, finding: Finding, value: Any) -> bool:  # noqa: ANN401  of any detail
    """Whether a detail is that of a finding."""
    if name == "missing":
        return same_missing(rulebook, finding.rule, missing_of(finding), value)
    return plain(getattr(finding, name)) == plain(value)


def plain(value: object) -> object:
    """A value as it compares: a reason as its text, an instant in UTC."""
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else None if value is None else str(value)


def missing_of(finding: Finding) -> set[str]:
    """What a finding lacks by name: facts as kind and name, whole tables and records as their kind."""
    return {named(place) for place in finding.missing}


def named(place: Place) -> str:
    """A place without the id."""
    return f"{place.kind}.{place.fact}" if place.fact and place.id else place.kind


def same_missing(rulebook: Rulebook, rule: str, lacks: set[str], told: str | None) -> bool:
    """Whether the names told are those of the finding; of a limit over time, these among others."""
    names = {name for name in (told or "").split(";") if name}
    over_time = rulebook[rule].form == "limit" and rulebook[rule].field("window") not in {None, "ever"}
    ordered = not told or told.split(";") == sorted(names)
    return ordered and (lacks <= names if over_time and lacks else lacks == names)


# rosters that are drawn

ON: Final = dt.date(2026, 6, 30)
OFFSETS: Final = (-400, -366, -365, -91, -90, -61, -60, -31, -30, -29, -8, -7, -1, 0, 1, 7, 30)
"""The days on which things happen in a drawn roster, counted from the day of the judgement."""
HOURS: Final = (0, 8, 9, 16, 17, 23)
RULES: Final = [
    (book, rule.id)
    for book in BOOKS
    for rule in rosters.judged_rules(BOOKS[book])
    if rule.id not in JUDGED_ALONE.get(book, set())
]


@attrs.frozen
class Pool:
    """What the facts of a drawn roster are drawn from: days about the judgement's, small numbers, the rule's words."""

    office: Office
    words: tuple[str, ...]

    def values(self, fact: Fact, ids: Mapping[str, Sequence[str]]) -> list[object]:
        """The values of a fact, not recorded and known to be absent among them."""
        found: list[object] = [None, *([NONE] if fact.type.or_none else [])]
        return [*found, *self.recorded(fact, [*ids.get(fact.type.kind, ())])]

    def recorded(self, fact: Fact, ids: Sequence[str]) -> Iterable[object]:
        days = [ON + dt.timedelta(days=offset) for offset in OFFSETS]
        match fact.type.base:
            case "bool":
                return (True, False)
            case "date":
                return days
            case "instant":
                clocks = [dt.datetime.combine(day, dt.time(hour), self.office.tz) for day in days for hour in HOURS]
                return [calendar.start_of(days[-2], self.office), *clocks]
            case "number":
                return [n for n in range(-1, 15) if (fact.minimum or 0) <= n <= (fact.maximum or 99)]
            case "choice":
                return fact.type.choices or self.words
            case "set":
                some = fact.type.choices or self.words
                return [frozenset(some[at : at + size]) for size in range(3) for at in range(len(some) - size + 1)]
            case "ref":
                return ids
            case "refs":
                return [frozenset(ids[:size]) for size in range(len(ids) + 1)]
            case _:
                return ("text",)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[str, list[Small]]:
    """A rulebook's name, and a few rosters of one of its rules with up to two records of each kind that it reads."""
    book, name = draw(st.sampled_from(RULES))
    rulebook, rule = BOOKS[book], BOOKS[book][name]
    zone = draw(st.sampled_from(["UTC", "America/Chicago", None]))
    kind = draw(st.sampled_from(rule.about))
    numbers = range(1 if rosters.looks_at_all(rulebook, rule) else draw(st.integers(1, 4)))
    return book, [draw(worlds(rulebook, rule, kind, zone)) for _ in numbers]


@st.composite
def worlds(draw: st.DrawFn, rulebook: Rulebook, rule: forms.Rule, kind: str, zone: str | None) -> Small:
    """A roster of a rule: the record judged, and some others of the kinds that the rule reads."""
    vocabulary = rulebook.vocabulary
    read = rosters.facts_of(rulebook, rule.id)
    kinds = sorted({name for name, _ in read} | referred(rulebook, kind, read))
    counts = {each: 1 if each == kind else draw(st.integers(0, 2)) for each in kinds if each != rosters.PROGRAM}
    ids = {each: [f"{each}-{n}" for n in range(1, count + 1)] for each, count in counts.items()}
    pool = Pool(Office(zone or "UTC"), ("red", "green"))
    rows: dict[rosters.Key, rosters.Row] = {}
    keys = [(each, id_) for each, listed in ids.items() for id_ in listed]
    for key in [*keys, (rosters.PROGRAM, rosters.PROGRAM)]:
        stored = vocabulary[key[0]].stored
        choices = {f.name: pool.values(f, ids) if (key[0], f.name) in read else [None] for f in stored}
        rows[key] = {name: draw(st.sampled_from(values)) for name, values in choices.items()}
    program = (rosters.PROGRAM, rosters.PROGRAM)
    rows[program] = {**rows[program], "time_zone": zone}
    return Small(rule.id, ON, program if kind == rosters.PROGRAM else (kind, f"{kind}-1"), rows)


def referred(rulebook: Rulebook, kind: str, read: Iterable[tuple[str, str]]) -> set[str]:
    """The kinds to which the facts that are read refer, and the kind itself."""
    facts = [rulebook.vocabulary[each].facts.get(name) for each, name in read]
    return {kind, *(fact.type.kind for fact in facts if fact and fact.type.kind)}


@given(drawn())
@settings(
    max_examples=25 if THOROUGH else 8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_verdicts_of_drawn_rosters_are_those_of_the_judge(case: tuple[str, list[Small]]) -> None:
    """Rosters whose days lie about the judgement's, with gaps anywhere, come out alike in both readers."""
    book, found = case
    readings = sorted(rosters.readings_of(BOOKS[book], found[0].rule))
    some = readings[len(found[0].rows) % len(readings) :][:1] if readings else []
    for batch in rosters.packed(BOOKS[book], found):
        check(disagreements(book, batch, POLARS, ["", *some]))


# tables that are not complete from the beginning

SINCE: Final = (dt.date(2026, 1, 15), dt.date(2026, 6, 1))
WINDOWED: Final = {
    "lantern-house": {
        *("host.units_day", "host.units_week", "host.visits_month", "person.units_year", "person.units_half_year"),
    },
    "texas-medicaid": {"person.units_in_six_months"},
    "virginia-arts": {"cap.day", "cap.year"},
}
"""The rules that the column reader refuses where what they count is complete only from a day on."""


@pytest.mark.parametrize("book", DETAILED)
@pytest.mark.parametrize("since", SINCE, ids=str)
def test_verdicts_of_incomplete_tables_are_those_of_the_judge(book: str, since: dt.date) -> None:
    """With tables that are complete only from a day on, a look-back before it is as unknown as it is to the judge."""
    every = {rule.id for rule in BOOKS[book]} - WINDOWED.get(book, set())
    rules = {rule for rule in every if rosters.hashed(rule, since) % FEWER == 0}
    batch = only(batches(book, SMALL_SHARE, 1)[0], rules)
    check(disagreements(book, batch, POLARS, [""], complete_from(batch.tables, since), f"since {since}"))


@pytest.mark.parametrize(("book", "rule"), [(book, rule) for book in WINDOWED for rule in sorted(WINDOWED[book])])
def test_windows_over_incomplete_tables_are_refused_by_name(book: str, rule: str) -> None:
    """The rules that are left out over incomplete tables are those that the column reader refuses."""
    tables = complete_from(batches(book, SMALL_SHARE, 1)[0].tables, SINCE[0])
    complete = dict.fromkeys(tables.tables, SINCE[0])
    (kind,) = BOOKS[book][rule].about
    with pytest.raises(Unsupported, match=rule):
        ask(BOOKS[book], POLARS, POLARS.frames(tables, BOOKS[book]), kind, [rule], on=ON, complete_since=complete)


def complete_from(tables: Tables, since: dt.date) -> Tables:
    """The same tables, each complete only from a day on."""
    return Tables({kind: Table(table.records, since) for kind, table in tables.tables.items()}, tables.office)


# the example program

ROSTER: Final = Path(__file__).parent.parent / "examples" / "roster"


def test_the_example_program_comes_out_as_its_audit_does() -> None:
    """Over the tables of the example every verdict is that of the audit's open finding."""
    rulebook = BOOKS["nebraska-dbh"]
    roster = peersupport.read(ROSTER)
    audit = peersupport.audit(rulebook, roster, on=ON, brief=True)
    told: dict[tuple[str, tuple[str, str]], list[Finding]] = {}
    for finding in audit.findings:
        told.setdefault((finding.rule, finding.subject), []).append(finding)
    frames = POLARS.frames(roster.tables, rulebook)
    found: dict[tuple[str, tuple[str, str]], object] = {}
    for kind in frames:
        rules = [rule.id for rule in rulebook.judged if kind in rule.about]
        result = ask(rulebook, POLARS, frames, kind, rules, on=ON) if rules else {}
        for rule in rules:
            found |= {(rule, (kind, id_)): said(code) for id_, code in zip(result["id"], result[rule], strict=True)}
    assert len(told) > 1000
    assert {key: found[key] for key in told} == {key: current(findings).verdict for key, findings in told.items()}
