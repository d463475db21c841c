"""Rules as functions of their own: what is written for them gives what the judge gives, and what is not is named."""

from __future__ import annotations

import datetime as dt
import functools
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, TypeAlias

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import peersupport
from peersupport import Admission, InputError, Plan, StayReview, Verdict, load, loads, verdict_of
from peersupport.readers import edges
from peersupport.readers.judge import Judge, Sitting, Unsupported
from peersupport.readers.judge.generated import Quick
from peersupport.readers.judge.occurrences import current
from peersupport.readers.judge.sheet import Sources, Unwritten
from peersupport.readers.judge.writing import Writer
from peersupport.rules import examples
from peersupport.rules.facts import Fact, Record, kind_of
from peersupport.rules.forms import Example, Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY, Table, Tables

THOROUGH = bool(os.environ.get("PEERSUPPORT_THOROUGH"))
"""Whether every worked example is changed, or every other one."""
DAY = dt.timedelta(days=1)
ON = dt.date(2026, 6, 30)

MADE_UP = """
rulebook = "made-up"
title = "A made-up program, whose rules ask for what other rulebooks do not"
in_force = { from = 2020-01-01 }
[sources.F]
title = "fiction"

[kinds.house]
rooms   = "int or none"
beds    = "int"
keys    = "set: front back"
opened  = { type = "date", says = "the day it opened" }

[kinds.guest]
span     = { from = "came", until = "left" }
dated_by = "came"
house    = "-> house or none"
host     = "-> guest or none"
friends  = "-> set of guest"
kind     = "choice: short long"
holds    = "set: front back"
quiet    = "bool"
tidy     = "bool"
meals    = { type = "int meals", min = 0, max = 9 }
paid     = "decimal"
born     = { type = "date or none", planned = true }
came     = "date"
left     = { type = "date or none", planned = true }
asked_at = "instant or none"
told_at  = "instant or none"
told_on  = "date or none"

[kinds.stay]
span   = { from = "begins", through = "ends" }
house  = "-> house"
guest  = "-> guest"
begins = { type = "date or none", planned = true }
ends   = { type = "date or none", planned = true }

[kinds.bill]
stay = "-> stay"
paid = "bool"

[kinds.call]
span      = { from = "starts_at", until = "ends_at" }
house     = "-> house"
starts_at = "instant"
ends_at   = "instant or none"

[kinds.talk]
dated_by = "held_at"
guest    = "-> guest"
held_at  = "instant"
good     = "bool"
planned  = { type = "date or none", planned = true }

[kinds.note]
talk    = "-> talk"
written = "date or none"
kept    = "bool"

[[definition]]
id = "guest.orderly"
about = "guest"
says = "Quiet and tidy."
is = "quiet and tidy"
source = "F: 1"

[[definition]]
id = "guest.first_talk"
about = "guest"
says = "The day of the first good talk."
is = "day(first(talk.held_at, good))"
source = "F: 1"

[[definition]]
id = "talk.held_on"
about = "talk"
says = "The day of a talk."
is = "day(held_at)"
source = "F: 1"

[[definition]]
id = "guest.talked"
about = "guest"
says = "There was a talk."
is = "exists(last(talk.held_at, good))"
source = "F: 1"
"""

LONG = (
    "quiet and tidy or kind == 'short' and meals >= 2 and paid < 3.5 or kind == 'long' and meals >= 4 and paid < 4.5"
    " or kind == 'long' and meals >= 5 and paid < 5.5 or tidy and not quiet and meals >= 1"
)
RULES: dict[str, tuple[str, str | list[str]]] = {
    "of_host": ("criterion", 'holds = "host.orderly or host.host.quiet"'),
    "talk_of_host": ("criterion", 'holds = "host.first_talk <= came or host.talked"'),
    "spoken": ("criterion", 'holds = "talked and not quiet"'),
    "two_of": ("criterion", 'holds = "at_least(2, quiet, meals >= 3, paid < 2.5, born < came)"'),
    "known": ("criterion", 'holds = "known(born) and known(quiet or tidy) and not known(meals)"'),
    "exists": ("criterion", 'holds = "exists(left) and exists(holds) and exists(friends) and exists(house)"'),
    "sets": (
        "criterion",
        "holds = \"holds <= house.keys and exists(holds & house.keys) or 'front' not in house.keys\"",
    ),
    "numbers": ("criterion", 'holds = "meals * 2 + 1 >= 5 and meals - 1 != 3 and house.rooms - meals > 1"'),
    "ages": ("criterion", 'holds = "age(born, came) >= 18 and age(house.opened, came) < 2"'),
    "days": ("criterion", 'holds = "days_between(came, left) <= 30 and days_between(house.opened, came) > 9"'),
    "plain_days": ("criterion", 'holds = "days_between(came, on) <= 60 or exists(quiet)"'),
    "bills": ("criterion", 'holds = "any(stay.bill, paid) or all(house.stay, guest == this.host)"'),
    "met_limit": ("criterion", "holds = \"met('guest.size')\""),
    "met_then": ("deadline", ["when = \"met('guest.two_of')\"", 'due = "left"', 'done = "told_on"']),
    "waiting_count": ("criterion", 'holds = "count(talk, this.talked) > 1"'),
    "waiting_first": ("criterion", 'holds = "first(talk.planned, this.talked) > came"'),
    "waiting_any": ("criterion", 'holds = "any(talk, good or this.talked) and all(talk, this.talked)"'),
    "extremes": ("criterion", 'holds = "min(came, left) < house.opened and max(meals, 4) == meals"'),
    "birthdays": ("criterion", 'holds = "birthday(born, 18) <= came and left - months(1) > house.opened"'),
    "choices": ("criterion", "holds = \"kind in {'short', 'long'} and kind != 'short' and kind == host.kind\""),
    "before_none": ("criterion", 'holds = "came < left and left != came and asked_at <= told_at"'),
    "asks": (
        "criterion",
        ['when = "came <= on"', 'holds = "asked_at + hours(3) > told_at or next_open(asked_at) == asked_at"'],
    ),
    "met": ("criterion", ["when = \"met('guest.two_of')\"", "holds = \"met('guest.answered') or met('guest.known')\""]),
    "waits": ("criterion", ['when = "talked"', 'holds = "first(talk.planned) <= left"']),
    "nth": ("criterion", 'holds = "nth(2, talk.planned, good) < came + days(40)"'),
    "last": ("criterion", 'holds = "last(talk.planned, good) + weeks(1) < on"'),
    "notes": ("criterion", 'holds = "any(talk.note, kept and written <= this.left) or all(talk.note, kept)"'),
    "count": ("criterion", 'holds = "count(talk, good) >= 2 or count(talk.note) == 0"'),
    "friends": ("criterion", 'holds = "all(friends, quiet and came <= this.came) and any(host.friends, tidy)"'),
    "housemates": ("criterion", 'holds = "any(house.guest, kind == this.kind and any(talk, good and this.quiet))"'),
    "long": ("criterion", f'holds = "({LONG}) and (tidy or quiet or meals < 3)"'),
    "answered": ("deadline", ['due = "asked_at + hours(48)"', 'done = "told_at"', 'until = "asked_at + days(3)"']),
    "opened": ("deadline", ['due = "asked_at"', 'not_before = "asked_at - days(1)"', 'done = "told_at"']),
    "talked_by": ("deadline", ['due = "came + months(1)"', 'done = "first(talk.planned, good)"', 'until = "left"']),
    "either": (
        "deadline",
        ['due = "came + days(9)"', 'done = ["first(talk.planned)", "first(talk.note.written, kept)"]'],
    ),
    "from_day": (
        "deadline",
        [
            'due = "came + days(9)"',
            'not_before = "came"',
            'until = "left"',
            'done = ["first(talk.planned)", "first(talk.note.written)"]',
        ],
    ),
    "noted": ("deadline", ['when = "quiet"', 'due = "left"', 'done = "last(talk.note.written, kept)"']),
    "when_due": ("deadline", ['when = "covers(on)"', 'due = "came + days(20)"', 'done = "first(talk.note.written)"']),
    "third": ("deadline", ['due = "nth(2, talk.note.written)"', 'done = "first(talk.planned)"']),
    "rolling": (
        "deadline",
        [
            'after = "came"',
            'within = "5 days"',
            'again = "10 days"',
            'counted = "rolling"',
            'done = "each(talk.note.written, kept)"',
            'until = "left"',
        ],
    ),
    "rolling_times": (
        "deadline",
        [
            'after = "first(talk.planned)"',
            'again = "1 month"',
            'counted = "rolling"',
            "times = 2",
            'done = "each(talk.note.written)"',
            'until = "min(left, house.opened)"',
        ],
    ),
    "rolling_late": (
        "deadline",
        [
            'after = "came"',
            'again = "3 days"',
            'counted = "rolling"',
            "times = 2",
            'done = "each(talk.note.written)"',
            'until = "left"',
        ],
    ),
    "grid": (
        "deadline",
        [
            'when = "quiet or on > came + days(12)"',
            'after = "came"',
            'again = "10 days"',
            'counted = "grid"',
            'done = "each(talk.held_on, good)"',
            'until = "left"',
        ],
    ),
    "grid_times": (
        "deadline",
        [
            'after = "left"',
            'within = "1 week"',
            'again = "5 business_days"',
            'counted = "grid"',
            "times = 3",
            'done = ["each(talk.planned)", "each(house.guest.came)"]',
        ],
    ),
    "size": ("limit", ['measure = "meals"', "at_least = 1", 'at_most = "house.rooms"']),
    "share": ("limit", ['measure = "paid"', "at_most = 2.5"]),
    "talks": ("limit", ['measure = "count(talk, good)"', 'window = "ever"', "at_least = 2", "at_most = 3"]),
    "spread": ("limit", ['measure = "max(meals, 2)"', "at_least = 3"]),
}
HOUSES: dict[str, list[str]] = {
    "people": ['measure = "distinct(stay.guest, guest.quiet)"', 'window = "at any time"', "at_most = 2"],
    "stays": ['measure = "count(stay)"', 'window = "at any time"', 'at_most = "beds - 1"', 'when = "exists(keys)"'],
    "rooms": ['measure = "count(stay)"', 'window = "at any time"', 'at_most = "rooms"'],
    "guests": ['measure = "count(guest, tidy)"', 'window = "at any time"', "at_most = 2"],
    "calls": ['measure = "count(call)"', 'window = "at any time"', "at_most = 1"],
    "by_count": ['measure = "count(stay)"', 'window = "at any time"', 'at_most = "count(guest)"'],
    "least": ['measure = "count(stay)"', 'window = "at any time"', "at_least = 1"],
}
GIVEN = """{ kind = "long", holds = ["front"], quiet = true, tidy = true, meals = 4, paid = 2.5, born = 2000-05-05,
  came = 2026-05-01, left = "none", asked_at = 2026-05-04T10:00:00+00:00, told_at = 2026-05-05T10:00:00+00:00,
  program = { time_zone = "America/Chicago" },
  house = { id = "h", rooms = 6, keys = ["front", "back"], opened = 2026-04-01 },
  host = { id = "o", house = "h", quiet = true, tidy = false, kind = "long", came = 2026-01-02, friends = ["f"],
    host = "p", talk = [{ held_at = 2026-02-02T10:00:00+00:00, good = true }] },
  friends = [{ id = "f", quiet = true, tidy = true, came = 2026-04-02, house = "h", host = "none" }],
  stay = [{ begins = 2026-05-02, ends = "none", bill = [{ paid = true }, { paid = false }] }],
  talk = [
    { id = "t1", held_at = 2026-05-03T10:00:00+00:00, good = true, planned = 2026-05-06,
      note = [{ written = 2026-05-05, kept = true }, { written = 2026-05-14, kept = true }] },
    { id = "t2", held_at = 2026-05-20T10:00:00+00:00, good = true, planned = 2026-05-21,
      note = [{ written = 2026-05-22, kept = false }] },
  ] }""".replace("\n", " ")
HOUSE = """{ id = "h", rooms = 3, beds = 3, keys = ["front"], stay = [
  { guest = { id = "a", quiet = true, tidy = true, came = 2026-01-01, left = 2026-03-01, house = "h" },
    begins = 2026-01-01, ends = 2026-02-01 },
  { guest = { id = "b", quiet = true, tidy = true, came = 2026-01-01, left = "none", house = "h" },
    begins = 2026-01-15, ends = "none" },
  { guest = "a", begins = 2026-01-20, ends = 2026-04-01 },
  { guest = { id = "c", quiet = true, tidy = true, came = 2026-02-01, left = 2026-04-01, house = "h" },
    begins = 2026-02-02, ends = 2026-05-01 },
] }""".replace("\n", " ")


def _rule(about: str, name: str, form: str, fields: str | list[str], given: str) -> str:
    body = fields if isinstance(fields, str) else "\n".join(fields)
    head = f'[[{form}]]\nid = "{about}.{name}"\nabout = "{about}"\nsays = "It holds."\nsource = "F: 1"\n'
    return f"{head}{body}\nexamples = [{{ given = {given}, on = {ON}, verdict = 'met' }}]\n"


@functools.cache
def book(name: str) -> Rulebook:
    """A rulebook of the package, that of the format's tests, or the one made up here."""
    if name == "lantern":
        return load(Path(__file__).parent / "rulebooks" / "lantern.toml")
    if name != "made-up":
        return load(name)
    guests = [_rule("guest", rule, form, body, GIVEN) for rule, (form, body) in RULES.items()]
    houses = [_rule("house", rule, "limit", body, HOUSE) for rule, body in HOUSES.items()]
    return loads(MADE_UP + "\n".join([*guests, *houses]))


BOOKS = ("nebraska-dbh", "lantern", "minnesota-peer2peer", "made-up")
NOT_WRITTEN = {
    "nebraska-dbh": {
        "contact.barriers_documented",  # a reading has to be chosen
        "contact.face_to_face",  # the same
        "group.facilitators",  # a way back and forward again
        "plan.names_group",  # the last record by its own day
    },
    "lantern": {"stay.companion"},  # a reading has to be chosen
    "minnesota-peer2peer": set(),
    "made-up": {
        "guest.met_limit",  # a limit may be unknown though every fact is recorded
        "guest.met_then",  # another rule asked for on a due day
        "guest.waiting_count",  # a condition on others that hangs on what has not happened
        "guest.waiting_first",  # the same
        "house.by_count",  # a bound that may have two ends
        "house.calls",  # hours
        "house.least",  # at least so many on every day
    },
}
WINDOWS = ("at any time", "own", "ever")
"""The windows of limits that functions are written for; `sum` and `at_least` over time are left to the judge."""

Tried: TypeAlias = tuple[Judge, Rule, Quick, Record, dt.date, Tables]


def judges(rulebook: Rulebook, rule: Rule) -> Iterator[Judge]:
    """The judges of a rule under its default and under each of its readings."""
    for reading in ("", *rule.readings):
        try:
            yield Judge(rulebook, {reading} - {""}, rules=[rule.id])
        except Unsupported:
            return


@functools.cache
def worked(name: str) -> tuple[tuple[Judge, Rule, Quick, str, Example], ...]:
    """The worked examples of each rule that is written, under each of its readings."""
    return tuple(
        (judge, rule, quick, kind, example)
        for rule in book(name).judged
        for judge in judges(book(name), rule)
        for example in rule.examples
        for kind in [example.about or rule.about[0]]
        if (quick := judge.quick(rule, kind)).source
    )


def differing(tried: Tried) -> str:
    """What a function says that the judge does not say; empty where they agree."""
    judge, rule, quick, record, on, tables = tried
    wanted = current(judge._case(Sitting(tables, on), rule, record).outcomes())
    verdict, (explained, missing) = quick.verdict(record, on, tables), quick.explained(record, on, tables)
    lacking = sorted(
        {f"{place.kind}.{place.fact}" if place.fact and place.id else place.kind for place in wanted.missing}
    )
    if (wanted.verdict, wanted.verdict, lacking) == (verdict, explained, list(missing)):
        return ""
    return f"{rule.id} {judge.readings}: {wanted.verdict} {lacking}, by its function {verdict}, {explained} {missing}"


def replaced(tables: Tables, old: Record, **facts: object) -> tuple[Tables, Record] | None:
    """The tables with other facts of a record; None where these cannot be."""
    try:
        new = attrs.evolve(old, **facts)  # type: ignore[arg-type]  # facts of its kind
    except InputError:
        return None
    kind = kind_of(type(old)).name
    rows = Table({**tables.tables[kind].records, new.id: new}, tables.tables[kind].since)
    return Tables({**tables.tables, kind: rows}, tables.office), new


def seen(tables: Tables) -> set[dt.date | int]:
    """The days and numbers of all records."""
    records = [record for table in tables.tables.values() for record in table.records.values()]
    found = [getattr(record, fact.name) for record in records for fact in kind_of(type(record)).stored]
    return {value for value in found if isinstance(value, (dt.date, int)) and not isinstance(value, bool)}


def read_in(quick: Quick, tables: Tables) -> list[tuple[Record, Fact]]:
    """The facts of records that a function reads."""
    records = [record for table in tables.tables.values() for record in table.records.values()]
    return [(each, fact) for each in records for fact in kind_of(type(each)).stored if f".{fact.name}" in quick.source]


# equality


@pytest.mark.parametrize("name", BOOKS)
def test_a_function_says_what_the_judge_says_whichever_fact_is_changed(name: str) -> None:
    """Each fact of every other worked example in turn: not recorded, and at the edges of its rule."""
    differ: list[str] = []
    for judge, rule, quick, kind, example in worked(name)[:: 1 if THOROUGH else 2]:
        case = examples.case(book(name).vocabulary, rule, example)
        constants, known = judge.ready(rule, kind, judge.readings).constants, seen(case.tables)
        differ.append(differing((judge, rule, quick, case.record, example.on, case.tables)))
        for record, fact in read_in(quick, case.tables):
            values = edges.edges(fact, constants, known, case.tables, example.on)
            for value in (None, *values[:: max(1, len(values) // 2)]):
                changed = replaced(case.tables, record, **{fact.name: value})
                if changed:
                    judged = changed[1] if record is case.record else case.record
                    differ.append(differing((judge, rule, quick, judged, example.on, changed[0])))
    assert [text for text in differ if text] == []


@pytest.mark.parametrize("name", BOOKS)
def test_a_function_says_what_the_judge_says_whatever_is_given(name: str) -> None:
    """Each worked example on other days, without its time zone, without each table, and with incomplete ones."""
    differ: list[str] = []
    for judge, rule, quick, _, example in worked(name):
        case = examples.case(book(name).vocabulary, rule, example)
        tables, on = case.tables.tables, example.on
        given = [Tables(tables), EMPTY]
        for kind, table in tables.items():
            rest = {name: other for name, other in tables.items() if name != kind}
            if f"t_{kind}" in quick.source or table.records:
                given.append(Tables(rest, case.tables.office))
                incomplete = Table(table.records, on - 60 * DAY)
                given.append(Tables({**rest, kind: incomplete}, case.tables.office))
        differ += [differing((judge, rule, quick, case.record, on, other)) for other in given]
        days = (on + days * DAY for days in (-400, -100, -30, -1, 1, 30, 100))
        differ += [differing((judge, rule, quick, case.record, day, case.tables)) for day in days]
    assert [text for text in differ if text] == []


@pytest.mark.parametrize("name", BOOKS)
@settings(derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_a_function_says_what_the_judge_says_of_several_changes_at_once(name: str, seed: int) -> None:
    """Several facts of a worked example changed, and records of it doubled."""
    assert differing(drawn(name, random.Random(seed))) == ""  # noqa: S311


def drawn(name: str, rng: random.Random) -> Tried:
    """A worked example with up to eight facts changed, up to three records doubled, on a day about its own."""
    judge, rule, quick, kind, example = rng.choice(worked(name))
    case = examples.case(book(name).vocabulary, rule, example)
    tables, judged = doubled(case.tables, case.record, rng), case.record
    on = example.on + DAY * rng.choice([0, 0, 0, -1, 1, -30, 30, 400])
    constants, known = judge.ready(rule, kind, judge.readings).constants, seen(tables)
    for _ in range(rng.randrange(9) if read_in(quick, tables) else 0):
        record, fact = rng.choice(read_in(quick, tables))
        values: list[object] = [None, *edges.edges(fact, constants, known, tables, on)]
        if fact.type.base == "date":
            values += [on + DAY * days for days in (-2, -1, 0, 1, 2)] * 3
        changed = replaced(tables, record, **{fact.name: rng.choice(values)})
        if changed:
            tables = changed[0]
            judged = changed[1] if record is judged else judged
    return judge, rule, quick, judged, on, tables


def doubled(tables: Tables, judged: Record, rng: random.Random) -> Tables:
    """The tables with some of the related records a second time, under another id."""
    related = [
        record
        for kind, table in tables.tables.items()
        for record in table.records.values()
        if record is not judged and kind != "program"
    ]
    for number in range(rng.choice([0, 1, 3]) if related else 0):
        record = rng.choice(related)
        changed = replaced(tables, record, id=f"{record.id}-{number}")
        tables = changed[0] if changed else tables
    return tables


def changed(rule: str, **facts: dict[str, object]) -> tuple[Verdict, str]:
    """The verdict that a function gives of the made-up example with other facts of some records, and what differs."""
    rulebook = book("made-up")
    judge, example = Judge(rulebook, rules=[rule]), rulebook[rule].examples[0]
    case = examples.case(rulebook.vocabulary, rulebook[rule], example)
    tables = case.tables
    for kind, other in facts.items():
        for record in tables.all_of(kind):
            told = replaced(tables, record, **other)
            assert told is not None
            tables = told[0]
    guest = tables.given("guest")
    assert guest is not None
    record, quick = guest.records[case.record.id], judge.quick(rulebook[rule])
    return quick.verdict(record, ON, tables), differing((judge, rulebook[rule], quick, record, ON, tables))


def test_a_condition_on_others_that_only_waits_is_pending() -> None:
    """No talk was good, so that nobody was talked to yet; where one may have been, that is unknown."""
    assert changed("guest.waiting_any", talk={"good": False}) == (Verdict.PENDING, "")
    assert changed("guest.waiting_any", talk={"good": None}) == (Verdict.UNKNOWN, "")


def test_an_event_in_doubt_on_the_day_that_is_counted_from_tells_nothing() -> None:
    """A note of the day of coming does not count for what is due after it, whether it was kept or not."""
    came = dt.date(2026, 5, 1)
    assert changed("guest.rolling", note={"written": came, "kept": None}) == (Verdict.NOT_MET, "")
    assert changed("guest.rolling", note={"written": came + DAY, "kept": None}) == (Verdict.UNKNOWN, "")


# which rules are written


@pytest.mark.parametrize("name", BOOKS)
def test_the_rules_that_are_not_written_are_these(name: str) -> None:
    """A rule that falls back to the judge is named here, so that none does without being noticed."""
    found = set()
    for rule in book(name).judged:
        for judge in list(judges(book(name), rule))[:1]:
            written = [bool(judge.quick(rule, kind).source) for kind in rule.about]
            window = rule.fields.get("window", "own")
            over = window == "at any time" and str(rule.fields.get("measure")).startswith("sum")
            if not all(written) and window in WINDOWS and not over:
                found.add(rule.id)
    assert found == NOT_WRITTEN[name]


def test_source_is_made_of_names_and_holds_no_text() -> None:
    """No text of a rulebook stands in the source of a function, nor any number but those of its own counting."""
    for name in BOOKS:
        for _, _, quick, _, _ in worked(name):
            assert not set("'\"\\{}[]@;") & set(quick.source.replace("[]", ""))


def test_a_name_that_the_loader_would_refuse_is_not_written() -> None:
    """Names of facts are looked at once more where they become source."""
    for name in ("a b", "x.y", "class", "__import__", "Ab", "a" * 101, ""):
        with pytest.raises(Unwritten):
            Writer.named(name)
    assert Writer.named("admitted_on") == "admitted_on"


DEEP = "\n".join(
    f"""[[definition]]
id = "guest.d{number}"
about = "guest"
says = "One of many."
is = "{"quiet" if number == 0 else f"tidy and d{number - 1} or kind == host.kind and d{number - 1}"}"
source = "F: 1"
"""
    for number in range(16)
)


def test_a_rule_that_would_need_very_many_lines_is_left_to_the_judge() -> None:
    """Definitions of definitions do not make a function without end."""
    rule = _rule("guest", "deep", "criterion", 'holds = "d15"', GIVEN)
    rulebook = loads(MADE_UP + DEEP + rule)
    judge = Judge(rulebook)
    quick = judge.quick(rulebook["guest.deep"])
    case = examples.case(rulebook.vocabulary, rulebook["guest.deep"], rulebook["guest.deep"].examples[0])
    assert quick.source == ""
    assert quick.verdict(case.record, ON, case.tables) is Verdict.MET
    assert quick.explained(case.record, ON, case.tables) == (Verdict.MET, ())


# what a function is given


def test_a_record_of_another_kind_is_refused_as_the_judge_refuses_it() -> None:
    """Also where the other kind has facts of the same names."""
    rulebook = book("made-up")
    judge = Judge(rulebook, rules=[])
    house = rulebook.vocabulary["house"].record(id="h")
    for name in ("guest.two_of", "guest.known", "guest.answered", "guest.count"):
        with pytest.raises(TypeError, match="judges guest"):
            judge.quick(rulebook[name]).verdict(house, ON, EMPTY)
    paid: dict[str, object] = {"id": "b", "paid": True}
    bill = rulebook.vocabulary["bill"].record(**paid)  # type: ignore[arg-type]  # facts of its kind
    with pytest.raises(TypeError, match="judges guest"):
        judge.quick(rulebook["guest.share"]).verdict(bill, ON, EMPTY)


def test_a_day_that_cannot_be_judged_is_refused_where_it_is_asked_for() -> None:
    """The judge refuses it for every rule; a function only where the day matters."""
    nebraska = book("nebraska-dbh")
    judge = Judge(nebraska, rules=[])
    never, admission = dt.date(1800, 1, 1), Admission(id="a", symptoms_disturb_routine=True)
    with pytest.raises(ValueError, match="1800-01-01"):
        judge.quick(nebraska["plan.developed"]).verdict(admission, never, EMPTY)
    assert judge.quick(nebraska["admission.symptoms"], "admission").verdict(admission, never) is Verdict.MET


def test_a_rule_about_two_kinds_looks_at_the_record() -> None:
    """Without a kind the function is that of the record's own, and none is written for all."""
    nebraska = book("nebraska-dbh")
    quick = Judge(nebraska, rules=[]).quick(nebraska["admission.symptoms"])
    review, told = StayReview(id="r"), StayReview(id="s", symptoms_disturb_routine=False)
    assert quick.source == ""
    assert quick.verdict(Admission(id="a", symptoms_disturb_routine=True), ON) is Verdict.MET
    assert quick.verdict(told, ON) is Verdict.NOT_MET
    assert quick.explained(Admission(id="b"), ON) == (Verdict.UNKNOWN, ("admission.symptoms_disturb_routine",))
    assert quick.explained(review, ON) == (Verdict.UNKNOWN, ("stay_review.symptoms_disturb_routine",))


def test_a_record_made_before_a_rulebook_added_facts_has_none_of_them() -> None:
    """A plan of the package is judged by a rulebook that adds a fact to plans: it is not recorded."""
    text = """
rulebook = "added"
title = "A made-up program that adds a fact"
[sources.F]
title = "fiction"
[kinds.plan]
sung = "bool"
[[criterion]]
id = "plan.sung"
about = "plan"
says = "It is sung."
holds = "sung"
source = "F: 1"
"""
    rulebook = loads(text)
    quick = Judge(rulebook).quick(rulebook["plan.sung"])
    added = rulebook.vocabulary["plan"].record(id="q", sung=True)  # type: ignore[call-arg]  # the fact that is added
    assert quick.source
    assert quick.verdict(Plan(id="p"), ON) is Verdict.UNKNOWN
    assert quick.verdict(added, ON) is Verdict.MET


def test_a_verdict_is_asked_for_by_the_name_of_its_rule() -> None:
    """`verdict_of` gives what `judge` finds, under the readings that are chosen."""
    nebraska = book("nebraska-dbh")
    admission = Admission(id="a", admitted_on=ON - 31 * DAY)
    tables = Tables({"plan": Table({})})
    developed = verdict_of(nebraska, "plan.developed")
    for on in (ON - 2 * DAY, ON - DAY, ON):
        finding = peersupport.judge(nebraska, "plan.developed", admission, on=on, tables=tables)
        assert developed(admission, on, tables) is finding.verdict
    with pytest.raises(InputError, match="sideways"):
        verdict_of(nebraska, "plan.developed", readings=["sideways"])


def test_a_function_is_written_once() -> None:
    """Asked for again, it is the same."""
    nebraska = book("nebraska-dbh")
    judge = Judge(nebraska, rules=[])
    rule = nebraska["plan.developed"]
    assert judge.quick(rule).verdict is judge.quick(rule, "admission").verdict


def test_what_is_borrowed_is_stored_by_nobody() -> None:
    """A fact that is read through a reference has no place in a record, and is never read from one."""
    nebraska = book("nebraska-dbh")

    def nothing(*_: object) -> NoReturn:
        raise AssertionError

    writer = Writer(Sources(nebraska.vocabulary, nothing, nothing))
    borrowed = next(fact for fact in nebraska.vocabulary["stay_review"].facts.values() if fact.borrowed)
    with pytest.raises(Unwritten):
        writer.attribute("record", borrowed)
