"""The rules about one table, written by hand in pandas with pyarrow types: dates as dates, and with day numbers."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

from data import FAR, ON, TODAY
from measure import MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN

pd: Any = importlib.import_module("pandas")
pa: Any = importlib.import_module("pyarrow")


def verdicts(frame: Any, *, numbers: bool = False) -> Any:  # noqa: ANN401  a pandas frame
    """The verdicts; with `numbers` the dates are turned into day numbers once."""
    names = ("referred_on", "assessed_on", "admitted_on", "planned_on", "reviewed_on", "ended_on")
    days = {name: frame[name].astype("int32[pyarrow]") if numbers else frame[name] for name in names}
    today = TODAY if numbers else ON
    referred, assessed, admitted = (days[name].where((days[name] <= today).fillna(value=False)) for name in names[:3])
    started = days["admitted_on"].mask((days["admitted_on"] > today).fillna(value=False), _far("admitted_on", numbers))
    planned, reviewed, ended = (
        days[name].mask(((days[name] > today) | frame[f"{name}__none"]).fillna(value=False), _far(name, numbers))
        for name in names[3:]
    )
    every = (
        (frame["mental_health"] | frame["substance_use"])
        & frame["would_benefit"]
        & (frame["routine_harmed"] | frame["urgent"])
        & (assessed <= admitted)
    )
    in_time = (referred <= admitted) & (admitted <= _shifted(referred, 90, numbers))
    return pd.DataFrame(
        {
            "id": frame["id"],
            "membership.all": _decided(every),
            "membership.in_time": _decided(in_time),
            "plan.written": _deadline(_shifted(started, 30, numbers), planned, ended, today),
            "plan.reviewed": _deadline(_shifted(planned, 90, numbers), reviewed, ended, today),
        }
    )


def _far(name: str, numbers: bool) -> Any:  # noqa: ANN401, FBT001
    return FAR[name] if numbers else dt.date(1970, 1, 1) + dt.timedelta(days=FAR[name])


def _shifted(days: Any, by: int, numbers: bool) -> Any:  # noqa: ANN401, FBT001
    """Days moved; pandas gives a time for a date that is moved, so it is made a date again."""
    return days + by if numbers else (days + pd.Timedelta(days=by)).astype("date32[pyarrow]")


def _decided(truth: Any) -> Any:  # noqa: ANN401
    return truth.astype("int8[pyarrow]").fillna(UNKNOWN)


def _deadline(due: Any, done: Any, ended: Any, today: Any) -> Any:  # noqa: ANN401
    in_time = done <= due
    told = pd.Series(PENDING, index=due.index, dtype="int8[pyarrow]")
    told = told.mask((due < today).fillna(value=False), NOT_MET)
    told = told.mask((ended <= due).fillna(value=False), NOT_APPLICABLE)
    told = told.mask(in_time.isna() | ended.isna(), UNKNOWN)
    return told.mask(in_time.fillna(value=False), MET)
