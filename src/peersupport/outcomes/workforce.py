"""The people who give support: how many leave in a year, and how long they stay (S1-56).

A leave of absence is no end of work. Turnover has no one definition, so each is named: exits over the time worked,
which may be more than one a year for one place, and leavers of those who were there on a first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, cast

from peersupport.measures.survival import Time, kaplan_meier
from peersupport.measures.values import LEVEL
from peersupport.outcomes.given import ONE, day_problems, needed, since_of
from peersupport.outcomes.records import Employment
from peersupport.outcomes.results import STILL_WATCHED, Case, PerTime, Share, UntilEvent, answered, share_of
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import NONE
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.tables import Tables

EARLY: Final = "started before the records are complete"
ELSEWHEN: Final = "did not work on the first day"


def turnover(roster: HasTables, *, since: dt.date, through: dt.date, per: int = 100, level: float = LEVEL) -> PerTime:
    """How many leave, over the time worked, from a day through another.

    Numerator: employments that end on these days. Denominator: the days worked on them, in years of 365.25 days; a day
    of leaving is the first day out. Not recorded: employments that may lie in these days and of which it is not
    recorded whose they are, when they began or when they ended, or whose days contradict each other. Somebody with two
    employments counts as one person, with the exits of both. Raises `InputError` where the employments were not given,
    or are not complete from the first day on.
    """
    _check(roster.tables, since, through)
    listed, unclear = _sorted_out(roster.tables, since, through)
    exits = [each for each in listed if isinstance(each.ended_on, dt.date) and since <= each.ended_on <= through]
    return PerTime(
        measure="turnover",
        counts="employments that ended",
        among="days worked by everybody employed",
        window=f"{since} through {through}",
        numerator=len(exits),
        days=sum(_days(each, since, through) for each in listed),
        people=len({each.peer_provider for each in listed}),
        people_in_numerator=len({each.peer_provider for each in exits}),
        excluded={},
        ended={"left": len(exits), STILL_WATCHED: len(listed) - len(exits)},
        not_recorded=unclear,
        per=per,
        level=level,
    )


def leavers(roster: HasTables, *, since: dt.date, through: dt.date, level: float = LEVEL) -> Share:
    """How many of those employed on a first day have left through another.

    Numerator: those whose employment ends after the first day, on the last at the latest. Denominator: everybody
    employed on the first day, with a known end or known to have none. Who started later is excluded, and told. Raises
    `InputError` where the employments were not given, or are not complete from the first day on.
    """
    _check(roster.tables, since, through)
    every = cast("tuple[Employment, ...]", roster.tables.all_of("employment"))
    return share_of(
        [_left(each, since, through) for each in every],
        [ELSEWHEN],
        measure="leavers of those employed on the first day",
        counts="employments that ended",
        among=f"employments on {since}",
        window=f"{since} through {through}",
        level=level,
    )


def tenure(roster: HasTables, *, on: dt.date, level: float = LEVEL) -> UntilEvent:
    """How long people stay in their work, by Kaplan and Meier, up to a day.

    Event: the end of an employment. Those still employed are watched until the day: leaving them out, or taking their
    tenure so far as all of it, would make it too short. Excluded, and told: employments from before the records are
    complete, of which only those that lasted are seen. Not recorded: the first day or the end. Raises `InputError`
    where the employments were not given.
    """
    raise_any(day_problems(on=on))
    needed(roster.tables, "employment")
    since = since_of(roster.tables, "employment")
    every = cast("tuple[Employment, ...]", roster.tables.all_of("employment"))
    begun = [each for each in every if each.started_on is None or each.started_on <= on]
    early = [each for each in begun if each.started_on is not None and each.started_on < since]
    whole = [each for each in begun if each not in early]
    times = [time for each in whole if (time := _stayed(each, on))]
    return UntilEvent(
        measure="days of tenure",
        counts="employments that ended",
        among="employments that began by the day",
        window=f"from the first day of work through {on}",
        curve=kaplan_meier(times, level=level, left_out=len(whole) - len(times)),
        excluded={EARLY: len(early)},
        ended={STILL_WATCHED: sum(not time.event for time in times)},
        not_recorded=len(whole) - len(times),
    )


def _check(tables: Tables, since: dt.date, through: dt.date) -> None:
    needed(tables, "employment")
    problems = day_problems(since=since, through=through)
    if not problems and through < since:
        problems.append(Problem("through", f"{through} lies before the first day, {since}", "choose a later day"))
    complete = since_of(tables, "employment")
    if not problems and since < complete:
        problems.append(Problem("since", f"employments are complete from {complete} on", "ask from that day on"))
    raise_any(problems)


def _sorted_out(tables: Tables, since: dt.date, through: dt.date) -> tuple[Sequence[Employment], int]:
    """The employments in some days, and how many more may lie in them."""
    every = cast("tuple[Employment, ...]", tables.all_of("employment"))
    inside = [each for each in every if _may_lie(each, since, through)]
    known = [each for each in inside if not _unclear(each) and each.peer_provider is not None]
    return known, len(inside) - len(known)


def _unclear(each: Employment) -> bool:
    """Whether the days of an employment are not recorded, or contradict each other."""
    return each.started_on is None or each.ended_on is None or _contradicts(each)


def _contradicts(each: Employment) -> bool:
    start, end = each.started_on, each.ended_on
    return start is not None and isinstance(end, dt.date) and end < start


def _may_lie(each: Employment, since: dt.date, through: dt.date) -> bool:
    if _contradicts(each):
        return True
    over = isinstance(each.ended_on, dt.date) and each.ended_on < since
    return not over and (each.started_on is None or each.started_on <= through)


def _days(each: Employment, since: dt.date, through: dt.date) -> int:
    end = each.ended_on if isinstance(each.ended_on, dt.date) else through + ONE
    return max(0, (min(end, through + ONE) - max(each.started_on or since, since)).days)


def _left(each: Employment, since: dt.date, through: dt.date) -> Case:
    start, end = each.started_on, each.ended_on
    if _contradicts(each):
        return Case(each.id, each.peer_provider, "not recorded")
    if (start is not None and start > since) or (isinstance(end, dt.date) and end <= since):
        return Case(each.id, each.peer_provider, "excluded", ELSEWHEN)
    if start is None or end is None:
        return Case(each.id, each.peer_provider, "not recorded")
    return Case(each.id, each.peer_provider, answered(end is not NONE and end <= through))


def _stayed(each: Employment, on: dt.date) -> Time | None:
    """How long an employment lasted up to a day; None where that is not recorded, or contradicts itself."""
    start, end = each.started_on, each.ended_on
    if start is None or end is None or _contradicts(each):
        return None
    ended = isinstance(end, dt.date) and end <= on
    return Time((end - start).days if ended and isinstance(end, dt.date) else (on - start).days, event=ended)
