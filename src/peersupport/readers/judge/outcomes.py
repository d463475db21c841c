"""An outcome is a finding before it is told: the verdict, its reason and its days, for one occurrence of a rule.

The verdict of a condition is decided in one place, `settled`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeAlias

import attrs

from peersupport.readers.judge.context import Context, Env
from peersupport.rules.findings import CHOOSING, MARKS, Place, Reason, Verdict

Decide: TypeAlias = Callable[[Context, Env, "dt.date | None"], "list[Outcome]"]
"""What a form becomes: the outcomes of a record, those of a limit at any time from a first day on."""


@attrs.frozen(kw_only=True)
class Outcome:
    """One occurrence of a rule for one record, judged. `start` is the day that a rolling occurrence is counted from."""

    verdict: Verdict
    reason: Reason
    missing: tuple[Place, ...] = ()
    occurrence: int | dt.date | None = None
    start: dt.date | None = None
    due: dt.date | dt.datetime | None = None
    done_on: dt.date | dt.datetime | None = None
    not_before: dt.date | dt.datetime | None = None
    days_late: int | None = None
    days: int | None = None
    measured: int | Decimal | None = None
    at_least: int | Decimal | None = None
    at_most: int | Decimal | None = None

    def without(self, reason: Reason) -> Outcome:
        """The same occurrence of a rule that does not apply to it."""
        none = Verdict.NOT_APPLICABLE
        return Outcome(verdict=none, reason=reason, occurrence=self.occurrence, start=self.start, days=self.days)


def settled(truth: bool | None, trace: Sequence[Place], yes: Reason, no: Reason) -> Outcome:  # noqa: FBT001
    """The outcome of a condition. Undecided only for what has not happened yet, it is pending; otherwise unknown."""
    if truth is not None:
        return _plain(Verdict.MET, yes) if truth else _plain(Verdict.NOT_MET, no)
    missing = tuple(place for place in trace if place not in MARKS)
    if not missing and CHOOSING in trace:
        return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.CHOOSE_READING)
    if not missing:
        return Outcome(verdict=Verdict.PENDING, reason=Reason.NOT_YET)
    return Outcome(verdict=Verdict.UNKNOWN, reason=Reason.NOT_RECORDED, missing=missing)


@functools.cache
def _plain(verdict: Verdict, reason: Reason) -> Outcome:
    """An outcome that tells nothing else: one for all."""
    return Outcome(verdict=verdict, reason=reason)


def lacking_more(outcome: Outcome, missing: tuple[Place, ...]) -> Outcome:
    """An unknown outcome that may come to hang on more facts. What has not begun is pending all the same."""
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    return attrs.evolve(outcome, missing=(*outcome.missing, *missing))
