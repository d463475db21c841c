"""How long the verdict of one record takes, against functions written by hand and against other libraries.

    python benchmarks/records.py

Each function is run over the same records in turns with the one that it is held against, in one process, so that a busy
machine slows both; a ratio is taken of each turn. The functions by hand give the same answers, which is checked first:
what is not recorded is unknown, and what has not happened yet is pending. Other libraries answer as they can. Those
that are not installed are left out, and said so.
"""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import operator
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import attrs
from hand_records import breakdown, hosted, long, pairings, planned, reviewed, signed, wishes

import peersupport
from peersupport import NONE, Record, Verdict
from peersupport.readers.judge import Judge
from peersupport.rules.tables import Table, Tables

BOOK = """
rulebook = "river-house"
title    = "River House, made up to be measured"
[sources.RH]
title = "Handbook of River House (invented)"

[kinds.host]
trained  = "bool"
screened = "bool"

[kinds.stay]
dated_by   = "arrived_on"
host       = "-> host"
service    = "choice: short long"
wants_to   = "bool"
feels_safe = "bool"
agrees     = "bool"
alone      = "bool"
informed   = "bool"
arrived_on = "date"
left_on    = "date or none"

[kinds.chart]
stay     = "-> stay"
drawn_on = "date or none"
signed   = "bool"

[kinds.review]
stay    = "-> stay"
held_on = "date"

[kinds.pairing]
span      = { from = "starts_on", until = "ends_on" }
dated_by  = "starts_on"
host      = "-> host"
starts_on = "date"
ends_on   = "date or none"

[[criterion]]
id     = "stay.wishes"
about  = "stay"
says   = "The person wants to stay, feels safe and agrees."
holds  = "wants_to and feels_safe and agrees"
source = "RH: 1"

[[criterion]]
id     = "stay.long"
about  = "stay"
says   = "Somebody who stays long wants to, feels safe and agrees."
when   = "service == 'long'"
holds  = "wants_to and feels_safe and agrees"
source = "RH: 2"

[[criterion]]
id     = "stay.informed"
about  = "stay"
says   = "The person is informed, or is not alone and agrees."
holds  = "informed or not alone and agrees"
source = "RH: 3"

[[criterion]]
id     = "stay.most"
about  = "stay"
says   = "Two of three hold."
holds  = "at_least(2, wants_to, informed, feels_safe)"
source = "RH: 4"

[[criterion]]
id     = "stay.host"
about  = "stay"
says   = "The person wants to stay with a host who is trained and screened."
holds  = "wants_to and host.trained and host.screened"
source = "RH: 5"

[[deadline]]
id     = "stay.planned"
about  = "stay"
says   = "A plan is drawn in {within}."
after  = "arrived_on"
within = "30 days"
done   = "first(chart.drawn_on)"
until  = "left_on"
source = "RH: 6"

[[deadline]]
id     = "stay.signed"
about  = "stay"
says   = "A plan that is signed is drawn in {within}."
after  = "arrived_on"
within = "30 days"
done   = "first(chart.drawn_on, signed)"
until  = "left_on"
source = "RH: 6"

[[deadline]]
id      = "stay.reviewed"
about   = "stay"
says    = "The stay is reviewed every {again}."
after   = "arrived_on"
again   = "90 days"
counted = "rolling"
done    = "each(review.held_on)"
until   = "left_on"
source  = "RH: 7"

[[limit]]
id      = "host.pairings"
about   = "host"
says    = "At most {at_most} pairings run at the same time."
measure = "count(pairing)"
window  = "at any time"
at_most = 12
source  = "RH: 8"
"""
ON = dt.date(2026, 6, 30)
STAYS, HOSTS, PAIRINGS = 2_000, 200, 20
TURNS = 41
FACTS = ("wants_to", "feels_safe", "agrees")
OWN = ("stay.wishes", "stay.long", "stay.informed", "stay.most")
"""The criteria on facts of the stay itself, which are told all at once."""

Row: TypeAlias = Any
"""A record of any kind, with its facts."""
Function: TypeAlias = Callable[[Any, dt.date, Tables], object]
Facts: TypeAlias = Mapping[str, bool | None]


def main() -> None:
    """Print the tables."""
    print(f"Python {sys.version.split()[0]}, peersupport {peersupport.__version__}: verdicts of one record at a time\n")
    judge = Judge(peersupport.loads(BOOK))
    tables = made(judge, random.Random(2026))  # noqa: S311  made-up records
    print(head("against a function written by hand", "by hand") + "   quartiles       at most")
    for pair in against_hand(judge, tables):
        report(pair, tables)
    print("\n" + head("against other libraries: three facts of the record", "theirs") + "   quartiles")
    against_others(judge, tables)


def head(what: str, other: str) -> str:
    """The head of a table."""
    return f"{what:<52}{'ours, ns':>10}{other:>10}{'ratio':>8}"


# the records


def made(judge: Judge, rng: random.Random) -> Tables:
    """A roster: of yes and no a quarter is not recorded, of days a tenth."""
    kinds = judge.rulebook.vocabulary
    tables: dict[str, dict[str, Record]] = {name: {} for name in kinds}

    def add(kind: str, **facts: object) -> None:
        id_ = f"{kind}-{len(tables[kind])}"
        tables[kind][id_] = kinds[kind].record(id=id_, **facts)

    def yes() -> bool | None:
        return rng.choice([True, True, False, None])

    def day(least: int, most: int) -> dt.date | None:
        return ON - dt.timedelta(days=rng.randint(least, most)) if rng.random() < 0.9 else None

    for _ in range(HOSTS):
        add("host", trained=yes(), screened=yes())
    for number in range(STAYS):
        bools = {name: yes() for name in (*FACTS, "alone", "informed")}
        arrived = day(0, 700)
        left = NONE if rng.random() < 0.7 else day(0, 300)
        host, service = f"host-{rng.randrange(HOSTS)}", rng.choice(["short", "long", "long", None])
        add("stay", host=host, service=service, arrived_on=arrived, left_on=left, **bools)
        for _ in range(rng.randint(0, 4)):
            add("chart", stay=f"stay-{number}", drawn_on=day(0, 690), signed=yes())
        for k in range(rng.randint(0, 8)):
            add("review", stay=f"stay-{number}", held_on=day(70 * k, 70 * k + 40))
    for number in range(HOSTS * PAIRINGS):
        end = NONE if rng.random() < 0.5 else day(0, 200)
        add("pairing", host=f"host-{number % HOSTS}", starts_on=day(0, 400), ends_on=end)
    return Tables({kind: Table(rows) for kind, rows in tables.items()})


# ours and theirs, in turns


@attrs.frozen
class Pair:
    """Two functions that are held against each other, over the records of a kind."""

    name: str
    ours: Function
    theirs: Function
    records: Sequence[Any]
    goal: float
    same: bool = True


def against_hand(judge: Judge, tables: Tables) -> Iterator[Pair]:
    """The verdicts and explanations that were aimed at, each with its goal."""
    stays, hosts = tables.all_of("stay"), tables.all_of("host")
    book = judge.rulebook
    quick = {rule.id: judge.quick(rule) for rule in book.judged}
    verdicts: list[tuple[str, str, Function, float]] = [
        ("three facts of the record", "stay.wishes", wishes, 1.1),
        ("with `when`", "stay.long", long, 1.4),
        ("through a reference", "stay.host", hosted, 1.4),
        ("deadline over events", "stay.planned", planned, 3.0),
        ("deadline over events with a condition", "stay.signed", signed, 3.0),
        ("deadline that repeats", "stay.reviewed", reviewed, 3.0),
        ("limit at any time, 20 records", "host.pairings", pairings, 3.0),
    ]
    for name, rule, by_hand, goal in verdicts:
        yield Pair(name, quick[rule].verdict, by_hand, hosts if rule == "host.pairings" else stays, goal)
    told = [(rule, quick[rule].explained) for rule in OWN]
    yield Pair(
        "three facts, with what is missing: by hand without",
        quick["stay.wishes"].explained,
        wishes,
        stays,
        2.5,
        same=False,
    )
    yield Pair(
        f"all findings, {len(OWN)} criteria with what is missing",
        lambda stay, on, tables: {rule: explained(stay, on, tables) for rule, explained in told},
        lambda stay, _on, _tables: breakdown(stay),
        stays,
        1.5,
    )


def report(pair: Pair, tables: Tables) -> None:
    """One line of the table, once the answers were found the same."""
    for record in pair.records:
        ours, theirs = pair.ours(record, ON, tables), pair.theirs(record, ON, tables)
        if ours != theirs and pair.same:
            sys.exit(f"{pair.name}: {record}: {ours}, by hand {theirs}")
    ours_ns, theirs_ns = in_turns(pair, tables)
    low, ratio, high = quartiles(ours_ns, theirs_ns)
    told = "met" if ratio <= pair.goal else "missed"
    times = f"{statistics.median(ours_ns):10.0f}{statistics.median(theirs_ns):10.0f}"
    print(f"{pair.name:<52}{times}{ratio:8.2f}   {low:.2f} to {high:.2f}    {pair.goal}, {told}")


def in_turns(pair: Pair, tables: Tables, turns: int = TURNS) -> tuple[list[float], list[float]]:
    """The nanoseconds of one call of each, turn by turn; who goes first changes."""
    ours: list[float] = []
    theirs: list[float] = []
    sides = [(pair.ours, ours), (pair.theirs, theirs)]
    for _ in range(turns):
        for function, times in sides:
            times.append(timed(function, pair.records, tables))
        sides.reverse()
    return ours, theirs


def timed(function: Function, records: Iterable[Any], tables: Tables) -> float:
    """The nanoseconds of one call, the loop around it left out of neither side."""
    count = 0
    start = time.process_time_ns()
    for record in records:
        function(record, ON, tables)
        count += 1
    return (time.process_time_ns() - start) / count


def quartiles(times: Sequence[float], others: Sequence[float]) -> list[float]:
    """The quartiles of the ratios of each turn."""
    return statistics.quantiles(map(operator.truediv, times, others), n=4)


# other libraries

Answer: TypeAlias = Callable[[Facts], object]
"""What a library says of the facts of a record: whatever is true for it is yes."""


def against_others(judge: Judge, tables: Tables) -> None:
    """One line for each library; what it says of records with gaps is counted, and breaks nothing."""
    stays = tables.all_of("stay")[:300]
    verdict = judge.quick(judge.rulebook["stay.wishes"]).verdict
    facts = {stay.id: {name: getattr(stay, name) for name in FACTS} for stay in stays}
    for name, make in OTHERS.items():
        try:
            answer = make()
        except ImportError:
            print(f"{name:<52}not installed: left out")
            continue

        def theirs(stay: Row, _on: dt.date, _tables: Tables, answer: Answer = answer) -> object:
            return answer(facts[stay.id])

        right = sum(answered(answer, facts[stay.id]) is verdict(stay, ON, tables) for stay in stays)
        ours_ns, theirs_ns = in_turns(Pair(name, verdict, theirs, stays, 0.0), tables, turns=11)
        low, ratio, high = quartiles(theirs_ns, ours_ns)
        times = f"{statistics.median(ours_ns):10.0f}{statistics.median(theirs_ns):10.0f}"
        print(f"{name:<52}{times}{ratio:8.0f}   {low:.0f} to {high:.0f}, right in {right / len(stays):.0%}")


def answered(answer: Answer, facts: Facts) -> Verdict:
    """What a library says as a verdict; what it refuses it does not know."""
    said = lenient(answer)(facts)
    return Verdict.UNKNOWN if said is None else Verdict.MET if said else Verdict.NOT_MET


def lenient(answer: Answer) -> Answer:
    """The same, for a library that stops at what is not recorded."""

    def run(facts: Facts) -> object:
        try:
            return answer(facts)
        except Exception:  # noqa: BLE001  each library has errors of its own
            return None

    return run


def with_pydantic() -> Answer:
    """A model of the facts that are needed, checked as it is made; what is not recorded is left out."""
    pydantic = importlib.import_module("pydantic")
    fields: dict[str, Any] = dict.fromkeys(FACTS, (bool | None, None))
    model = pydantic.create_model("Stay", **fields)

    def answer(facts: Facts) -> object:
        stay = model.model_validate(facts)
        return stay.wants_to and stay.feels_safe and stay.agrees

    return answer


def with_rule_engine() -> Answer:
    """A rule in its own language."""
    rule = importlib.import_module("rule_engine").Rule("wants_to and feels_safe and agrees")
    return lenient(rule.matches)


def with_business_rules() -> Answer:
    """Variables and conditions as its documents have them."""
    engine = importlib.import_module("business_rules.engine")
    variables = importlib.import_module("business_rules.variables")

    def of(name: str) -> Row:
        def read(self: Row) -> object:
            return self.facts[name]

        read.__name__ = name
        return variables.boolean_rule_variable(read)

    def init(self: Row, facts: Facts) -> None:
        self.facts = facts

    made_of = {"__init__": init, **{name: of(name) for name in FACTS}}
    stay = type("Stay", (variables.BaseVariables,), made_of)
    conditions = {"all": [{"name": name, "operator": "is_true", "value": ""} for name in FACTS]}
    return lenient(lambda facts: engine.check_conditions_recursively(conditions, stay(facts)))


def with_json_logic() -> Answer:
    """The condition as JSON."""
    json_logic = importlib.import_module("json_logic")
    logic = {"and": [{"var": name} for name in FACTS]}
    return lenient(functools.partial(json_logic.jsonLogic, logic))


def with_zen() -> Answer:
    """An expression, compiled once."""
    zen = importlib.import_module("zen")
    expression = zen.compile_expression("wants_to and feels_safe and agrees")
    return lenient(expression.evaluate)


def with_cel() -> Answer:
    """An expression of CEL, compiled once."""
    celpy = importlib.import_module("celpy")
    environment = celpy.Environment()
    program = environment.program(environment.compile("wants_to && feels_safe && agrees"))
    return lenient(lambda facts: bool(program.evaluate(celpy.json_to_cel(facts))))


OTHERS: dict[str, Callable[[], Answer]] = {
    "pydantic, at least 5": with_pydantic,
    "rule-engine, at least 15": with_rule_engine,
    "business-rules, at least 15": with_business_rules,
    "json-logic-qubit, at least 15": with_json_logic,
    "zen-engine, at least 15": with_zen,
    "cel-python, at least 15": with_cel,
}


if __name__ == "__main__":
    main()
