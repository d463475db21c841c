"""The judge against brute force: verdict, `missing` and `settles` over all completions of what is not recorded.

The domains are small and closed, so that "all values" are really all. The oracle is a tree walk of its own.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import oracle
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peersupport.readers.judge import Judge, judge, judge_each, judge_of
from peersupport.rules import loading
from peersupport.rules.facts import NONE, Record, Vocabulary
from peersupport.rules.findings import Finding, Place, Verdict
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables
from peersupport.rules.terms import Defined, Path, Read, Step, Term, walk

FIRST = dt.date(2026, 3, 1)
ON = dt.date(2026, 4, 1)
DAY = dt.timedelta(days=1)
DAYS = tuple(FIRST + k * DAY for k in range(5))
FAR = (dt.date(1900, 1, 1), dt.date(2190, 1, 1))
DATES = (*(FIRST + k * DAY for k in range(-8, 13)), *(far + k * DAY for far in FAR for k in (0, 1)))
"""All dates: those drawn, and every one that the rules' periods of two days can reach from them."""

KINDS = """
rulebook = "truth"
title = "A made-up program to try the judge on"
[sources.F]
title = "fiction"

[kinds.client]
yes = "bool"
fine = "bool"
size = { type = "int", min = 0, max = 4 }
came = { type = "date", planned = true }
left = { type = "date or none", planned = true }
colour = "choice: red green blue"
tags = "set: p q"

[kinds.visit]
span = { from = "held", until = "over" }
client = "-> client"
held = { type = "date", planned = true }
over = { type = "date or none", planned = true }
good = "bool"
minutes = { type = "int minutes", min = 0, max = 2 }

[kinds.host]
senior = "bool"

[kinds.badge]
span = { from = "begins", through = "ends" }
host = "-> host"
full = "bool"
begins = { type = "date", planned = true }
ends = { type = "date or none", planned = true }

[kinds.circle]
hosts = "-> set of host"
sat_on = { type = "date", planned = true }

[kinds.seat]
span = { from = "begins", until = "ends" }
circle = "-> circle"
host = "-> host"
begins = { type = "date", planned = true }
ends = { type = "date or none", planned = true }

[[definition]]
id = "circle.last_seat"
about = "circle"
says = "The day of the last seat up to the meeting."
is = "last(seat.begins, begins <= this.sat_on)"
source = "F: 1"

[[definition]]
id = "circle.last_end"
about = "circle"
says = "The day of the last seat that ended before the meeting."
is = "last(seat.ends, ends < this.sat_on)"
source = "F: 1"
"""
HOSTS = ("h0", "h1")
"""The hosts of a circle's world, each with one badge."""

DOMAINS: dict[str, tuple[object, ...]] = {
    "yes": (True, False),
    "fine": (True, False),
    "good": (True, False),
    "size": (0, 1, 2, 3, 4),
    "minutes": (0, 1, 2),
    "came": DATES,
    "left": (*DATES, NONE),
    "colour": ("red", "green", "blue"),
    "tags": (frozenset(), frozenset({"p"}), frozenset({"q"}), frozenset({"p", "q"})),
    "held": DATES,
    "over": (*DATES, NONE),
    "senior": (True, False),
    "full": (True, False),
    "begins": DATES,
    "ends": (*DATES, NONE),
    "sat_on": DATES,
    "hosts": tuple(frozenset(some) for size in range(3) for some in itertools.combinations(HOSTS, size)),
}
DRAWN = {**DOMAINS, **dict.fromkeys(("came", "held", "sat_on", "begins"), DAYS)}
DRAWN |= dict.fromkeys(("left", "over", "ends"), (*DAYS, NONE))
CLIENT = ("yes", "fine", "size", "came", "left", "colour", "tags")
VISIT = ("held", "over", "good", "minutes")


def _literal(day: dt.date) -> str:
    return f"date({day.year}, {day.month}, {day.day})"


DAY_TEXTS = st.sampled_from([*(_literal(day) for day in DAYS), "came", "left", "came + days(2)", "left - days(2)"])
LEAVES = st.one_of(
    st.sampled_from(["yes", "fine", "colour == 'red'", "colour in {'red', 'blue'}", "'p' in tags", "exists(left)"]),
    st.builds("size {} {}".format, st.sampled_from(["<", "<=", "==", "!=", ">="]), st.integers(0, 4)),
    st.builds("{} <= size <= {}".format, st.integers(0, 2), st.integers(2, 4)),
    st.builds("{} {} {}".format, DAY_TEXTS, st.sampled_from(["<", "<=", ">", "=="]), DAY_TEXTS),
    st.builds("days_between(came, left) {} {}".format, st.sampled_from(["<", "<="]), st.sampled_from([2, 4])),
    st.builds("min(came, left) < {}".format, DAY_TEXTS),
    st.sampled_from(
        [
            "any(visit, good)",
            "all(visit, good and minutes >= 1)",
            "any(visit, covers(this.came))",
            "count(visit, good) >= 2",
            "count(visit) == size",
            "sum(visit.minutes) <= 2",
            "sum(visit.minutes, good) >= 2",
            "last(visit.held) <= left",
            "first(visit.held, good) < came",
            "any(visit, held <= this.left and minutes < this.size)",
        ]
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("at_least(2, {}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=4,
)


def rulebook(rules: str) -> Rulebook:
    """The made-up program with some rules."""
    return loading.load(KINDS + rules, Vocabulary({}), file="truth.toml")


def criterion(condition: str, about: str = "client") -> Rulebook:
    """The made-up program with one criterion of its clients, or of another kind."""
    rule = f'[[criterion]]\nid = "it"\nabout = "{about}"\nsays = "It."\nholds = """{condition}"""\nsource = "F: 1"\n'
    return rulebook(rule)


@attrs.frozen
class World:
    """Records by kind and id, the first of them judged; facts that are None are not recorded."""

    rows: Mapping[tuple[str, str], Mapping[str, object]]

    def has(self, kind: str) -> bool:
        """Whether there is a record of a kind."""
        return any(each == kind for each, _ in self.rows)

    def holes(self) -> list[Place]:
        """The places where a fact is not recorded."""
        rows = self.rows.items()
        return [Place(kind, id_, name) for (kind, id_), row in rows for name, value in row.items() if value is None]

    def filled(self, values: Mapping[Place, object]) -> World:
        """The same world with some facts recorded after all."""
        rows = {key: dict(row) for key, row in self.rows.items()}
        for place, value in values.items():
            rows[place.kind, place.id][place.fact] = value
        return World(rows)

    def alone(self, kind: str, id_: str) -> World:
        """The same circle with one host only, or one seat."""
        if kind == "host":
            return self.filled({Place("circle", "c", "hosts"): frozenset({id_})})
        return World({key: row for key, row in self.rows.items() if key[0] != kind or key[1] == id_})

    def records(self, book: Rulebook) -> tuple[Record, Tables]:
        """The world as records of a rulebook's kinds: the one judged, and a complete table of each kind."""
        found: dict[str, dict[str, Record]] = {kind: {} for kind in book.vocabulary}
        for (kind, id_), row in self.rows.items():
            found[kind][id_] = book.vocabulary[kind].record(id=id_, **row)
        (kind, id_), *_ = self.rows
        return found[kind][id_], Tables({name: Table(records) for name, records in found.items()})

    def verdict(self, book: Rulebook) -> Verdict:
        """The verdict of the rule on this world."""
        subject, tables = self.records(book)
        return judge_of(book).verdict(book["it"], subject, on=ON, tables=tables)

    def like(self, book: Rulebook, finding: Finding) -> Verdict:
        """The verdict of the same occurrence on this world; where it is not there, of the open one."""
        subject, tables = self.records(book)
        if finding.occurrence is None or finding.days is not None:
            return self.verdict(book)
        told = judge_of(book).findings(book["it"], subject, on=ON, tables=tables, explain=False)
        same = [each for each in told if each.due == finding.due]
        return (same or told[-1:])[0].verdict

    def truth(self, book: Rulebook) -> bool:
        """What the oracle says of this world, which has no holes."""
        subject, tables = self.records(book)
        (about,) = book["it"].about
        (clauses,) = (book.body(book["it"], about).form,)
        rows = {kind: tuple(table.records.values()) for kind, table in tables.tables.items()}
        defined = {rule.id: book.defined(rule.id, rule.about[0]) for rule in book if rule.form == "definition"}
        world = oracle.World(rows, ON, defined)
        return all(oracle.value(c.holds, (subject,), world) for c in clauses.clauses)  # type: ignore[union-attr]


def facts(names: Sequence[str], unknown: int) -> st.SearchStrategy[dict[str, object]]:
    """Values of some facts; of a hundred, so many are not recorded."""
    return st.fixed_dictionaries({name: maybe(name, unknown) for name in names})


def maybe(name: str, unknown: int) -> st.SearchStrategy[object]:
    """A value of a fact, or that it is not recorded."""
    return st.integers(0, 99).flatmap(lambda dice: st.none() if dice < unknown else st.sampled_from(DRAWN[name]))


def clients(client: Mapping[str, object], visits: Sequence[Mapping[str, object]]) -> World:
    """A client with visits."""
    return World({("client", "c"): client, **{("visit", f"v{i}"): {"client": "c", **v} for i, v in enumerate(visits)}})


WORLDS = st.builds(clients, facts(CLIENT, 35), st.lists(facts(VISIT, 20), max_size=2))


def circles(
    circle: Mapping[str, object],
    hosts: Sequence[Mapping[str, object]],
    badges: Sequence[Mapping[str, object]],
    seats: Sequence[Mapping[str, object]],
) -> World:
    """A circle with seats, and two hosts with a badge each."""
    rows = {("circle", "c"): circle}
    rows |= {("host", id_): host for id_, host in zip(HOSTS, hosts, strict=True)}
    rows |= {("badge", f"b{id_}"): {"host": id_, **badge} for id_, badge in zip(HOSTS, badges, strict=True)}
    return World(rows | {("seat", f"s{i}"): {"circle": "c", "host": HOSTS[i], **seat} for i, seat in enumerate(seats)})


def two(names: Sequence[str], unknown: int) -> st.SearchStrategy[list[dict[str, object]]]:
    """Two records' values of some facts."""
    return st.lists(facts(names, unknown), min_size=2, max_size=2)


CIRCLES = st.builds(
    circles,
    facts(("sat_on", "hosts"), 20),
    two(("senior",), 30),
    two(("full", "begins", "ends"), 10),
    st.one_of(two(("begins", "ends"), 15), st.lists(facts(("begins", "ends"), 15), max_size=1)),
)
BADGED = "any(badge, full and covers(this.sat_on))"
UNIVERSAL = (
    "all(hosts, senior)",
    f"all(hosts, {BADGED})",
    f"all(hosts, senior or {BADGED})",
    f"not any(hosts, not {BADGED})",
    "not any(seat, covers(this.sat_on) and any(host.badge, covers(this.sat_on)))",
    "all(seat, any(host.badge, begins <= this.sat_on) or host.senior)",
)
CIRCLE_CONDITIONS = st.sampled_from(
    [
        *UNIVERSAL,
        "any(hosts, senior and any(badge, covers(this.sat_on)))",
        "any(seat, covers(this.sat_on) and any(host.badge, full and covers(this.sat_on)))",
        "any(seat, begins <= this.sat_on) and (not any(seat, ends < this.sat_on) or last_seat > last_end)",
        "last_seat > last_end",
        "last_seat == sat_on",
        "min(last_seat, last_end) < sat_on",
        "min(sat_on, first(seat.begins)) <= max(last_end, sat_on)",
        "count(hosts, senior) >= 1 and count(hosts.badge, full) == count(hosts)",
    ]
)


def completions(places: Sequence[Place]) -> Iterator[dict[Place, object]]:
    """Every way to record some facts."""
    for values in itertools.product(*(DOMAINS[place.fact] for place in places)):
        yield dict(zip(places, values, strict=True))


def partial(places: Sequence[Place]) -> Iterator[dict[Place, object]]:
    """Every way to record none, some or all of some facts."""
    for values in itertools.product(*((None, *DOMAINS[place.fact]) for place in places)):
        yield {place: value for place, value in zip(places, values, strict=True) if value is not None}


def read_facts(book: Rulebook) -> set[str]:
    """The names of the facts that the rule reads."""
    (rule,) = book.judged
    defined = [book.defined(each.id, each.about[0]) for each in book if each.form == "definition"]
    own = [node for top in loading.parts(book.body(rule, rule.about[0])) for node in walk(top)]
    asked = any(isinstance(node, Defined) for node in own)
    nodes = [*own, *(node for top in defined for node in walk(top) if asked)]
    sets = {"hosts"} if any("hosts" in step.fact for node in nodes for step in steps_of(node)) else set()
    spans = {"held", "over"} if rule.field("window") == "at any time" else set()
    return sets | spans | {node.fact.name for node in nodes if isinstance(node, Read)}


def steps_of(node: Term) -> Sequence[Step]:
    """The steps of a node's path, where it has one."""
    path = getattr(node, "path", None)
    return path.steps if isinstance(path, Path) else ()


def relevant_holes(world: World, book: Rulebook) -> list[Place]:
    """The holes in what the rule reads; few enough to try everything."""
    holes = [place for place in world.holes() if place.fact in read_facts(book)]
    size = 1
    for place in holes:
        size *= len(DOMAINS[place.fact]) + 1
    assume(size <= 800)
    return holes


SLOW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


class TestCriteria:
    """A criterion over a record and its related records."""

    @SLOW
    @given(CONDITIONS, WORLDS)
    def test_a_decided_verdict_holds_in_every_completion(self, condition: str, world: World) -> None:
        """Met means that the condition holds however the rest turns out, and not met that it never does."""
        book = criterion(condition)
        verdict = world.verdict(book)
        truths = {world.filled(full).truth(book) for full in completions(relevant_holes(world, book))}
        if verdict is Verdict.MET:
            assert truths == {True}
        if verdict is Verdict.NOT_MET:
            assert truths == {False}

    @SLOW
    @given(CONDITIONS, WORLDS)
    def test_with_everything_recorded_the_verdict_is_the_truth(self, condition: str, world: World) -> None:
        """Without a hole the judge says what the oracle says, but for events that have not happened yet."""
        book = criterion(condition)
        holes = world.holes()
        whole = world.filled({place: DOMAINS[place.fact][len(place.id) % 2] for place in holes})
        assume(whole.has("visit") or not ("first" in condition or "last" in condition))
        assume("first" not in condition or any(row.get("good") for row in whole.rows.values()))
        assert whole.verdict(book) is (Verdict.MET if whole.truth(book) else Verdict.NOT_MET)

    @SLOW
    @given(CONDITIONS, WORLDS)
    def test_missing_are_exactly_the_facts_that_can_change_the_verdict(self, condition: str, world: World) -> None:
        """A fact is missing when recording it changes the verdict, with some of the other facts recorded or none."""
        book = criterion(condition)
        holes = relevant_holes(world, book)
        client, tables = world.records(book)
        finding = judge(book, "it", client, on=ON, tables=tables)
        if finding.verdict is not Verdict.UNKNOWN:
            assert finding.missing == ()
            return
        assume(finding.exact)
        assert set(finding.missing) == set(_changing(world, book, holes, finding))

    @SLOW
    @given(CONDITIONS, WORLDS)
    def test_settles_are_the_smallest_sets_that_can_decide(self, condition: str, world: World) -> None:
        """Each set decides for some values, no part of it does, and no other set of up to two facts does."""
        book = criterion(condition)
        holes = relevant_holes(world, book)
        client, tables = world.records(book)
        finding = judge(book, "it", client, on=ON, tables=tables, settles=True)
        assume(finding.verdict is Verdict.UNKNOWN)
        small = {frozenset(group) for group in finding.settles or () if len(group) <= 2}
        assert small == _deciding(world, book, holes, finding)


class TestSetsAndDefinitions:
    """Criteria over sets of references, records behind records, and definitions that other records date."""

    @SLOW
    @given(CIRCLE_CONDITIONS, CIRCLES)
    def test_a_decided_verdict_holds_in_every_completion(self, condition: str, world: World) -> None:
        """As for one kind of related records."""
        book = criterion(condition, "circle")
        verdict = world.verdict(book)
        truths = {world.filled(full).truth(book) for full in completions(relevant_holes(world, book))}
        if verdict is Verdict.MET:
            assert truths == {True}
        if verdict is Verdict.NOT_MET:
            assert truths == {False}

    @SLOW
    @given(CIRCLE_CONDITIONS, CIRCLES)
    def test_with_everything_recorded_the_verdict_is_the_truth(self, condition: str, world: World) -> None:
        """Without a hole the judge says what the oracle says, or that it waits for a day that has not come."""
        book = criterion(condition, "circle")
        whole = world.filled({place: DRAWN[place.fact][len(place.id) % 2] for place in world.holes()})
        verdict = whole.verdict(book)
        assume(verdict is not Verdict.PENDING)
        assert verdict is (Verdict.MET if whole.truth(book) else Verdict.NOT_MET)

    @SLOW
    @given(CIRCLE_CONDITIONS, CIRCLES)
    def test_missing_are_exactly_the_facts_that_can_change_the_verdict(self, condition: str, world: World) -> None:
        """A set of references that is not recorded is one of them; what stands behind it is not asked for yet."""
        book = criterion(condition, "circle")
        holes = relevant_holes(world, book)
        circle, tables = world.records(book)
        finding = judge(book, "it", circle, on=ON, tables=tables)
        assume(finding.verdict is Verdict.UNKNOWN and finding.exact)
        changing = set(_changing(world, book, holes, finding))
        assert set(finding.missing) <= changing
        known = Place("circle", "c", "hosts") not in holes
        assert not known or set(finding.missing) == changing

    @SLOW
    @given(st.sampled_from(UNIVERSAL), CIRCLES)
    def test_each_record_named_as_failing_is_enough_to_fail(self, condition: str, world: World) -> None:
        """With none of the others there, the circle fails all the same."""
        book = criterion(condition, "circle")
        circle, tables = world.records(book)
        (finding,) = judge_of(book).findings(book["it"], circle, on=ON, tables=tables, explain=False)
        named = [each for clause in finding.clauses for each in clause.failing]
        assume(named)
        assert len(named) == len(set(named))
        assert {world.alone(*each).verdict(book) for each in named} == {Verdict.NOT_MET}


def _changing(world: World, book: Rulebook, holes: Sequence[Place], finding: Finding) -> Iterator[Place]:
    known: dict[frozenset[tuple[Place, object]], Verdict] = {}

    def verdict(values: Mapping[Place, object]) -> Verdict:
        key = frozenset(values.items())
        if key not in known:
            known[key] = world.filled(values).like(book, finding)
        return known[key]

    for place in holes:
        others = [hole for hole in holes if hole != place]
        if any(
            verdict({**some, place: value}) is not verdict(some)
            for some in partial(others)
            for value in DOMAINS[place.fact]
        ):
            yield place


def _deciding(world: World, book: Rulebook, holes: Sequence[Place], finding: Finding) -> set[frozenset[Place]]:
    found: set[frozenset[Place]] = set()
    for size in (1, 2):
        for group in itertools.combinations(holes, size):
            if any(smaller <= set(group) for smaller in found):
                continue
            if any(world.filled(full).like(book, finding) is not Verdict.UNKNOWN for full in completions(group)):
                found.add(frozenset(group))
    return found


UNTIL = 'until = "left"'
DEADLINES = {
    "once": 'due = "came + days(2)"\ndone = "first(visit.held, good)"',
    "once, until": 'due = "came + days(2)"\ndone = "first(visit.held, good)"\nuntil = "left"',
    "once, when": 'due = "came + days(2)"\ndone = "first(visit.held)"\nwhen = "yes or fine"',
    "once, not before": 'due = "came + days(2)"\ndone = "first(visit.held, good)"\nnot_before = "came"',
    "once, not before, some": 'due = "came + days(2)"\ndone = "first(visit.held)"\nnot_before = "came"\nwhen = "yes"',
    "once, in a window": 'due = "came + days(2)"\ndone = "first(visit.held)"\nnot_before = "came - days(2)"\n' + UNTIL,
    "once, by the earlier": 'due = "min(came + days(2), left)"\ndone = "first(visit.held, good)"',
    "once, the second": 'due = "came + days(2)"\ndone = "nth(2, visit.held)"',
    "once, one of two": 'due = "came + days(2)"\ndone = ["first(visit.held, good)", "first(visit.over)"]',
    "rolling": 'after = "came"\nagain = "2 days"\ncounted = "rolling"\ndone = "each(visit.held, good)"',
    "rolling, until": 'after = "came"\nagain = "2 days"\ncounted = "rolling"\ndone = "each(visit.held)"\n' + UNTIL,
    "grid": 'after = "came"\nagain = "2 days"\ntimes = 3\ncounted = "grid"\ndone = "each(visit.held, good)"',
    "grid, until": 'after = "came"\nagain = "2 days"\ntimes = 2\ncounted = "grid"\ndone = "each(visit.held)"\n' + UNTIL,
}
LIMITS = {
    "own": 'measure = "size"\nat_least = 1\nat_most = 3',
    "ever": 'measure = "count(visit, good)"\nwindow = "ever"\nat_most = 1',
    "sum": 'measure = "sum(visit.minutes, good)"\nwindow = "ever"\nat_most = 2',
    "at any time": 'measure = "count(visit)"\nwindow = "at any time"\nat_most = 1',
    "at any time, some": 'measure = "count(visit, good)"\nwindow = "at any time"\nat_most = "size"',
}
FORMS = {name: ("deadline", fields) for name, fields in DEADLINES.items()}
FORMS |= {name: ("limit", fields) for name, fields in LIMITS.items()}


CHOICES = {
    "criterion": ("holds = 'yes'", "holds = 'yes or fine'", "holds = 'yes and size <= 3'"),
    "deadline": (f"{DEADLINES['once']}", "due = 'came + days(2)'", "due = 'came + days(4)'"),
    "limit": (f"{LIMITS['ever']}", "at_most = 1", "measure = 'count(visit)'"),
}


def choice_of(form: str) -> Rulebook:
    """The made-up program with one rule that needs a choice of reading."""
    fields, one, other = CHOICES[form]
    readings = f"choose = true\nreadings.'one' = {{ {one} }}\nreadings.'other' = {{ {other} }}\n"
    return rulebook(f'[[{form}]]\nid = "it"\nabout = "client"\nsays = "It."\nsource = "F: 1"\n{fields}\n{readings}')


def rule_of(name: str) -> Rulebook:
    """The made-up program with one deadline or limit."""
    form, fields = FORMS[name]
    return rulebook(f'[[{form}]]\nid = "it"\nabout = "client"\nsays = "It."\nsource = "F: 1"\n{fields}\n')


BOOKS = {name: rule_of(name) for name in FORMS}
FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", sorted(FORMS))
class TestDeadlinesAndLimits:
    """The same for deadlines, once and again, and for limits."""

    @FEW
    @given(world=WORLDS)
    def test_learning_a_fact_never_overturns_a_decided_verdict(self, name: str, world: World) -> None:
        """What is decided, pending included, stays in every completion of what is not recorded."""
        book = BOOKS[name]
        verdict = world.verdict(book)
        assume(verdict is not Verdict.UNKNOWN)
        for full in completions(relevant_holes(world, book)):
            assert world.filled(full).verdict(book) is verdict

    @FEW
    @given(world=WORLDS)
    def test_missing_are_exactly_the_facts_that_can_change_the_verdict(self, name: str, world: World) -> None:
        """Of the open occurrence, or of the worst stretch: no fact too many and none too few."""
        book = BOOKS[name]
        holes = relevant_holes(world, book)
        client, tables = world.records(book)
        finding = judge(book, "it", client, on=ON, tables=tables)
        assume(finding.verdict is Verdict.UNKNOWN and finding.exact and _single(book, client, tables))
        assert set(finding.missing) == set(_changing(world, book, holes, finding))

    @FEW
    @given(world=WORLDS)
    def test_settles_are_the_smallest_sets_that_can_decide(self, name: str, world: World) -> None:
        """As for criteria."""
        book = BOOKS[name]
        holes = relevant_holes(world, book)
        client, tables = world.records(book)
        finding = judge(book, "it", client, on=ON, tables=tables, settles=True)
        assume(finding.verdict is Verdict.UNKNOWN and _single(book, client, tables))
        small = {frozenset(group) for group in finding.settles or () if len(group) <= 2}
        assert small == _deciding(world, book, holes, finding)

    @FEW
    @given(world=WORLDS)
    def test_every_occurrence_is_told_once(self, name: str, world: World) -> None:
        """The findings of a rule that repeats have different occurrences, in order."""
        book = BOOKS[name]
        client, tables = world.records(book)
        found: list[Any] = [finding.occurrence for finding in judge_each(book, "it", client, on=ON, tables=tables)]
        assert len(found) == 1 or found == sorted(set(found))


CHOSEN = {form: choice_of(form) for form in CHOICES}


@pytest.mark.parametrize("form", sorted(CHOICES))
class TestChoices:
    """Rules that need a choice of reading, of which none is made."""

    @FEW
    @given(world=WORLDS)
    def test_the_verdict_is_the_one_that_all_readings_give(self, form: str, world: World) -> None:
        """Decided where each reading by itself says the same, and unknown where any two differ."""
        book = CHOSEN[form]
        client, tables = world.records(book)
        each = {judge(book, "it", client, on=ON, tables=tables, readings=[name]).verdict for name in ("one", "other")}
        (agreed,) = each if len(each) == 1 else {Verdict.UNKNOWN}
        assert world.verdict(book) is agreed

    @FEW
    @given(world=WORLDS)
    def test_learning_a_fact_never_overturns_a_decided_verdict(self, form: str, world: World) -> None:
        """What all readings agree on stays agreed."""
        book = CHOSEN[form]
        verdict = world.verdict(book)
        assume(verdict is not Verdict.UNKNOWN)
        holes = [place for place in world.holes() if place.fact in {"yes", "fine", "size", "came", "held", "good"}]
        assume(len(holes) <= 2)
        for full in completions(holes):
            assert world.filled(full).verdict(book) is verdict


def _single(book: Rulebook, client: Record, tables: Tables) -> bool:
    """Whether one stretch of days speaks for all: what is missing is told for each stretch by itself."""
    return book["it"].field("window") != "at any time" or len(judge_each(book, "it", client, on=ON, tables=tables)) == 1


def test_a_judge_is_made_once_for_a_rulebook_and_its_readings() -> None:
    """Compiling is paid once: the rulebook keeps what was made of it."""
    book = criterion("yes")
    client, tables = clients(dict.fromkeys(CLIENT), ()).records(book)
    judge(book, "it", client, on=ON, tables=tables)
    (kept,) = book.kept.values()
    judge(book, "it", client, on=ON, tables=tables)
    assert isinstance(kept, Judge)
    assert list(book.kept.values()) == [kept]
