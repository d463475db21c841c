"""Other rule engines on the rules about the admission. What is not installed is left out, and said.

None has an answer for what is not recorded, so most are given no for it, and how often the answer is ours is told.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs
import numpy as np
import polars as pl
from data import BOOLS, ON
from hand_loop import admitted, in_time, verdicts
from measure import Way

RULES = ("membership.all", "membership.in_time")


@attrs.frozen
class Peer:
    """Another engine on some rows, and its answers as two columns of 0 and 1 (or of verdicts)."""

    name: str
    rows: int
    run: Way
    answers: Callable[[Any], Sequence[Sequence[int]]]
    target: float | None = None


def peers(frame: pl.DataFrame) -> Iterator[Peer | str]:
    """The engines that are installed; of each other one, its name."""
    makers = {
        "openfisca_core": openfisca,
        "pandera": pandera,
        "zen": zen,
        "json_logic": json_logic,
    }
    yield loop(frame)
    for module, make in makers.items():
        if importlib.util.find_spec(module) is None:
            yield module
        else:
            yield from make(frame)


def all_verdicts(frame: pl.DataFrame) -> list[tuple[str, int, int, int, int]]:
    """The verdicts of every row by the plain loop."""
    return verdicts(frame.to_dicts())


def right(peer: Peer, told: pl.DataFrame) -> float:
    """The part of the rows, of those that it was given, on which an engine gives both verdicts."""
    found = peer.answers(peer.run())
    ours = [told[rule].head(peer.rows).to_numpy() for rule in RULES]
    same = [np.asarray(theirs) == verdict for theirs, verdict in zip(found, ours, strict=True)]
    return float(np.mean(same[0] & same[1]))


def loop(frame: pl.DataFrame) -> Peer:
    """A plain Python loop, in three values."""
    rows = frame.head(50_000).to_dicts()

    def run() -> list[tuple[int, int]]:
        return [(admitted(row), in_time(row)) for row in rows]

    return Peer("a plain Python loop", len(rows), run, lambda found: list(zip(*found, strict=True)))


def arrays(frame: pl.DataFrame) -> dict[str, np.ndarray[Any, Any]]:
    """The facts as arrays: no for a boolean that is not recorded, and no time for such a date."""
    days = ("referred_on", "assessed_on", "admitted_on")
    dates = {name: frame[name].to_numpy() for name in days}
    return dates | {name: frame[name].fill_null(value=False).to_numpy() for name in BOOLS}


def openfisca(frame: pl.DataFrame) -> Iterator[Peer]:
    """OpenFisca: variables of a person over one day, worked out in NumPy."""
    core = {
        name: importlib.import_module(f"openfisca_core.{name}")
        for name in ("entities", "periods", "simulation_builder", "taxbenefitsystems", "variables")
    }
    person = core["entities"].build_entity(key="person", plural="people", label="A person", is_person=True)
    system = core["taxbenefitsystems"].TaxBenefitSystem([person])
    month, period = core["periods"].DateUnit.MONTH, core["periods"].period(f"{ON:%Y-%m}")
    base = core["variables"].Variable

    def variable(name: str, type_: type, formula: Callable[..., Any] | None = None) -> None:
        body: dict[str, Any] = {"value_type": type_, "entity": person, "definition_period": month}
        if formula:
            body["formula"] = formula
        system.add_variable(type(name, (base,), body))

    def all_(someone: Any, at: Any) -> Any:  # noqa: ANN401
        condition = someone("mental_health", at) + someone("substance_use", at)
        need = someone("routine_harmed", at) + someone("urgent", at)
        by_then = someone("assessed_on", at) <= someone("admitted_on", at)
        return condition * someone("would_benefit", at) * need * by_then

    def within(someone: Any, at: Any) -> Any:  # noqa: ANN401
        waited = someone("admitted_on", at) - someone("referred_on", at)
        return (waited >= np.timedelta64(0, "D")) * (waited <= np.timedelta64(90, "D"))

    for name in ("referred_on", "assessed_on", "admitted_on", *BOOLS):
        variable(name, bool if name in BOOLS else dt.date)
    variable("all_", bool, all_)
    variable("within", bool, within)

    def run() -> Any:  # noqa: ANN401
        simulation = core["simulation_builder"].SimulationBuilder().build_default_simulation(system, len(frame))
        for name, values in arrays(frame).items():
            simulation.set_input(name, period, values)
        return [simulation.calculate(name, period) for name in ("all_", "within")]

    yield Peer("OpenFisca", len(frame), run, lambda found: [each.astype(int) for each in found], 0.1)


def pandera(frame: pl.DataFrame) -> Iterator[Peer]:
    """Pandera on Polars and on pandas: the same as checks, with every row that fails told."""
    errors = importlib.import_module("pandera.errors")
    rows = min(len(frame), 100_000)
    some = frame.head(rows).select("id", "referred_on", "assessed_on", "admitted_on", *BOOLS)
    on_polars, on_pandas = importlib.import_module("pandera.polars"), importlib.import_module("pandera.pandas")
    as_pandas = some.to_pandas()

    def truths(get: Callable[[str], Any]) -> list[Any]:
        waited = get("admitted_on") - get("referred_on")
        return [
            get("mental_health") | get("substance_use"),
            get("would_benefit"),
            get("routine_harmed") | get("urgent"),
            get("assessed_on") <= get("admitted_on"),
            (waited >= _days(0)) & (waited <= _days(90)),
        ]

    def lazy(number: int) -> Callable[[Any], Any]:
        return lambda given: given.lazyframe.select(truths(pl.col)[number].fill_null(value=False))

    def eager(number: int) -> Callable[[Any], Any]:
        return lambda given: truths(lambda name: _plain(given[name]))[number].fillna(value=False).astype(bool)

    def checked(module: Any, check: Callable[[int], Callable[[Any], Any]], given: Any) -> Any:  # noqa: ANN401
        schema = module.DataFrameSchema(checks=[module.Check(check(number)) for number in range(5)])

        def run() -> Any:  # noqa: ANN401
            try:
                schema.validate(given, lazy=True)
            except errors.SchemaErrors as failed:
                return failed.failure_cases
            return None

        return run

    def told(found: Any) -> list[Any]:  # noqa: ANN401
        """All rows but those that fail one of the four checks, and the fifth."""
        failed, numbers_ = np.asarray(found["index"]).astype(int), np.asarray(found["check_number"])
        answers = np.ones((2, rows), int)
        answers[0, failed[numbers_ < 4]] = 0
        answers[1, failed[numbers_ == 4]] = 0
        return list(answers)

    yield Peer("Pandera on Polars", rows, checked(on_polars, lazy, some), told, 1 / 300)
    yield Peer("Pandera on pandas", rows, checked(on_pandas, eager, as_pandas), told, 1 / 300)


def _days(count: int) -> Any:  # noqa: ANN401
    return dt.timedelta(days=count)


def _plain(series: Any) -> Any:  # noqa: ANN401
    return series.astype("boolean") if series.dtype == object else series


def facts_of(frame: pl.DataFrame, rows: int) -> list[dict[str, Any]]:
    """The facts of some rows as JSON has them: day numbers, yes, no and null."""
    days = ("referred_on", "assessed_on", "admitted_on")
    return frame.head(rows).select(*(pl.col(name).to_physical() for name in days), *BOOLS).to_dicts()


def zen(frame: pl.DataFrame) -> Iterator[Peer]:
    """GoRules ZEN: one decision of two expressions, run once for each record."""
    module = importlib.import_module("zen")
    rows = min(len(frame), 10_000)
    expressions = {
        "all": "(mental_health == true or substance_use == true) and would_benefit == true"
        " and (routine_harmed == true or urgent == true) and assessed_on != null and admitted_on != null"
        " and assessed_on <= admitted_on",
        "within": "referred_on != null and admitted_on != null and admitted_on - referred_on >= 0"
        " and admitted_on - referred_on <= 90",
    }
    listed = [{"id": key, "key": key, "value": text} for key, text in expressions.items()]
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "say", "type": "expressionNode", "name": "say", "content": {"expressions": listed}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "say"},
        {"id": "2", "type": "edge", "sourceId": "say", "targetId": "out"},
    ]
    decision = module.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    records = facts_of(frame, rows)

    def run() -> Any:  # noqa: ANN401
        return [decision.evaluate(record)["result"] for record in records]

    yield Peer("GoRules ZEN", rows, run, lambda found: [[int(each[key]) for each in found] for key in expressions])


def json_logic(frame: pl.DataFrame) -> Iterator[Peer]:
    """json-logic: two rules as JSON, run once for each record."""
    module = importlib.import_module("json_logic")
    rows = min(len(frame), 10_000)

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    every = {
        "and": [
            {"or": [var("mental_health"), var("substance_use")]},
            var("would_benefit"),
            {"or": [var("routine_harmed"), var("urgent")]},
            var("assessed_on"),
            {"<=": [var("assessed_on"), var("admitted_on")]},
        ]
    }
    waited = {"-": [var("admitted_on"), var("referred_on")]}
    within = {"and": [var("admitted_on"), var("referred_on"), {"<=": [0, waited, 90]}]}
    records = facts_of(frame, rows)

    def run() -> Any:  # noqa: ANN401
        return [[_logic(module, rule, record) for record in records] for rule in (every, within)]

    yield Peer("json-logic", rows, run, lambda found: [[int(bool(each)) for each in rule] for rule in found])


def _logic(module: Any, rule: Any, record: Any) -> Any:  # noqa: ANN401
    """An answer; None where the engine cannot compare what is not recorded."""
    try:
        return module.jsonLogic(rule, record)
    except TypeError:
        return None
