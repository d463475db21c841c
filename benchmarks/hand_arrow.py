"""The rules about one table, written by hand with the functions of pyarrow.compute."""

from __future__ import annotations

import functools
import importlib
from typing import Any

from data import FAR, TODAY
from measure import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN

pa: Any = importlib.import_module("pyarrow")
pc: Any = importlib.import_module("pyarrow.compute")


def verdicts(table: Any) -> Any:  # noqa: ANN401  a pyarrow table
    """The verdicts, in day numbers."""
    names = ("referred_on", "assessed_on", "admitted_on", "planned_on", "reviewed_on", "ended_on")
    days = {name: table[name].cast(pa.int32()) for name in names}
    referred, assessed, admitted = (_known(days[name]) for name in names[:3])
    started = _happens(days["admitted_on"], pc.greater(days["admitted_on"], TODAY), FAR["admitted_on"])
    planned, reviewed, ended = (
        _happens(days[name], pc.or_kleene(pc.greater(days[name], TODAY), table[f"{name}__none"]), FAR[name])
        for name in names[3:]
    )
    clauses = (
        pc.or_kleene(table["mental_health"], table["substance_use"]),
        table["would_benefit"],
        pc.or_kleene(table["routine_harmed"], table["urgent"]),
        pc.less_equal(assessed, admitted),
    )
    waited = pc.subtract(admitted, referred)
    in_time = pc.and_kleene(pc.greater_equal(waited, 0), pc.less_equal(waited, 90))
    columns = {
        "id": table["id"],
        "membership.all": _decided(functools.reduce(pc.and_kleene, clauses)),
        "membership.in_time": _decided(in_time),
        "plan.written": _deadline(pc.add(started, 30), planned, ended),
        "plan.reviewed": _deadline(pc.add(planned, 90), reviewed, ended),
    }
    return pa.table(columns)


def _known(days: Any) -> Any:  # noqa: ANN401
    return pc.if_else(pc.less_equal(days, TODAY), days, pa.scalar(None, pa.int32()))


def _happens(days: Any, not_yet: Any, far: int) -> Any:  # noqa: ANN401
    """A date that happens; never, as far as is known, where it has not."""
    return pc.if_else(pc.fill_null(not_yet, fill_value=False), pa.scalar(far, pa.int32()), days)


def _code(verdict: int) -> Any:  # noqa: ANN401
    return pa.scalar(verdict, pa.int8())


def _decided(truth: Any) -> Any:  # noqa: ANN401
    return pc.fill_null(pc.cast(truth, pa.int8()), _code(UNKNOWN))


def _deadline(due: Any, done: Any, ended: Any) -> Any:  # noqa: ANN401
    in_time = pc.less_equal(done, due)
    undone = pc.if_else(pc.less(due, TODAY), _code(NOT_MET), _code(PENDING))
    undone = pc.if_else(pc.less_equal(ended, due), _code(NOT_APPLICABLE), undone)
    told = pc.if_else(in_time, _code(MET), pc.fill_null(undone, _code(UNKNOWN)))
    return pc.fill_null(told, _code(UNKNOWN))
