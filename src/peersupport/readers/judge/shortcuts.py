"""What source that is generated for a rule calls: events, deadlines and counts over time, for the verdict alone.

The same meanings as in `related`, `deadlines` and `limits`, without the places of what is missing. A value comes with
whether it is *unsure*: whether a fact that is not recorded stands behind it. What is undecided and not unsure only
waits for what has not happened yet.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import attrs

from peersupport.readers.judge.values import LOW, PLAIN, End, Range, Value, between, compare, extreme, least
from peersupport.rules import calendar, forms
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Record
from peersupport.rules.findings import Verdict
from peersupport.rules.tables import Tables
from peersupport.rules.terms import Order

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
PENDING, NOT_APPLICABLE = Verdict.PENDING, Verdict.NOT_APPLICABLE

Unsure: TypeAlias = tuple[Value, bool]
"""A value, and whether a fact that is not recorded stands behind it."""


@functools.lru_cache(maxsize=1_024)
def not_yet(on: dt.date) -> Range:
    """What has not happened by a day: it may on that day still, or later, or never."""
    return Range(on, NONE)


def not_yet_at(on: dt.date, office: Office) -> Range:
    """The same of something that has an hour."""
    return Range(calendar.start_of(on, office), NONE)


def later(at: dt.datetime, on: dt.date, office: Office) -> bool:
    """Whether an instant lies after a day."""
    return calendar.day(at, office) > on


def compared(order: Order, left: Value, right: Value, there: tuple[bool, bool]) -> bool | None:
    """Whether one value stands to another; `there` are those that cannot be absent though they are not recorded."""
    if left is None:
        return PLAIN[order](0, NONE) if right is NONE and there[0] else None
    if right is None:
        return PLAIN[order](NONE, 0) if left is NONE and there[1] else None
    return compare(order, left, right)


def there(value: Value) -> bool | None:
    """Whether a value that may have two ends is there at all."""
    if type(value) is Range:
        return None if value.high is NONE else True
    return None if value is None else value is not NONE


# related records


def referring(tables: Tables, kind: str, fact: str, found: Sequence[Record]) -> Sequence[Record]:
    """The records of a kind that refer to some others, each once."""
    if len(found) == 1:
        return tables.referring(kind, fact, found[0].id)
    return list({row.id: row for each in found for row in tables.referring(kind, fact, each.id)}.values())


def members(tables: Tables, kind: str, ids: Any) -> Sequence[Record] | None:  # noqa: ANN401  a fact's value
    """The records of a set of references; None where the set is not recorded, or one of them is not there."""
    if ids is None or ids is NONE:
        return None if ids is None else ()
    rows = [row for id_ in ids if (row := tables.find(kind, id_))]
    return rows if len(rows) == len(ids) else None


def first(sure: End, doubts: Sequence[End], never: Range) -> Unsure:
    """The first event. A doubtful one, of no known day where it is None, matters when it may come before."""
    if not doubts:
        return (never if sure is None else sure), False
    low = LOW if None in doubts else min(doubts)
    if sure is None:
        return Range(low, NONE), True
    return (Range(low, sure), True) if low is LOW or low < sure else (sure, False)


def last(certain: list[End], doubts: Sequence[End], never: Range) -> Unsure:
    """The last event. A doubtful one matters when it may come after."""
    sure = max(certain) if certain else None
    telling = [day for day in doubts if sure is None or day is None or day > sure]
    if not telling:
        return (never if sure is None else sure), False
    dated = [day for day in telling if day is not None]
    if sure is None:
        return Range(min(dated) if len(dated) == len(telling) else LOW, NONE), True
    return Range(sure, max(dated) if len(dated) == len(telling) else NONE), True


def nth(position: int, certain: list[End], doubts: Sequence[End], never: Range) -> Unsure:
    """The event at a position, counted from 0."""
    certain.sort()
    sure = certain[position] if position < len(certain) else None
    telling = [LOW if day is None else day for day in doubts if sure is None or day is None or day < sure]
    early = sorted((*certain, *telling))
    if sure is None:
        return (never, False) if position >= len(early) else (Range(early[position], NONE), bool(telling))
    return between(early[position], sure), bool(telling)


# deadlines


def counting(found: Unsure, opens: Value, on: dt.date, office: Office | None) -> Unsure:
    """An event that counts from a day on; before it, it may still come again."""
    done, unsure = found
    counts = compare(">=", done, opens)
    if counts is False:
        return never(isinstance(done, dt.datetime), on, office), False
    if counts is None and isinstance(done, dt.date):
        return Range(done, NONE), True
    return done, unsure


def earliest(found: Iterable[Unsure]) -> Unsure:
    """The earliest of several events."""
    return extreme([value for value, _ in found], least), any(unsure for _, unsure in found)


def never(instant: bool, on: dt.date, office: Office | None) -> Range:  # noqa: FBT001
    """What has not happened by a day."""
    return not_yet_at(on, office) if instant and office else not_yet(on)


def ahead(opens: Value, on: dt.date, office: Office | None) -> bool:
    """Whether what is done does not count yet on a day."""
    if isinstance(opens, dt.datetime):
        return office is not None and later(opens, on, office)
    return isinstance(opens, dt.date) and opens > on


def once(due: Unsure, found: Unsure, until: Unsure, waiting: Range, *, closed: bool = False) -> Verdict:
    """The verdict of a deadline that is due once. `closed` says that what is done does not count yet."""
    day, done, end = due[0], found[0], _open(until)
    if day is NONE:
        return NOT_APPLICABLE
    if day.__class__ is dt.date and done.__class__ is dt.date and not closed:
        return MET if done <= day else _owed(NOT_MET, day, end, until[1])
    if day.__class__ is dt.date and done is waiting:
        return _owed(PENDING if waiting.low <= day else NOT_MET, day, end, until[1])
    if closed or (isinstance(done, dt.date) and compare(">", done, day) and compare(">=", done, end)):
        done, found = waiting, (waiting, False)
    in_time = compare("<=", done, day)
    if in_time:
        return MET
    if in_time is False:
        return _owed(NOT_MET, day, end, until[1])
    still = type(done) is Range and not found[1] and compare("<=", done.low, day) is True
    return _owed(PENDING if still or not (due[1] or found[1]) else UNKNOWN, day, end, until[1])


def _open(until: Unsure) -> Value:
    """When something ends. What has not ended yet has no end, as far as can be seen."""
    end, unsure = until
    return NONE if end.__class__ is Range and end.high is NONE and not unsure else end


def _owed(verdict: Verdict, due: Value, end: Value, unsure: bool) -> Verdict:  # noqa: FBT001
    """Nothing is owed that falls due when what it is owed in has ended."""
    if end is NONE and due.__class__ is dt.date:
        return verdict
    owed = compare("<", due, end)
    if owed is False and verdict is not UNKNOWN:
        return NOT_APPLICABLE
    return UNKNOWN if owed is None and unsure else verdict


def _in_days(length: Period) -> dt.timedelta | None:
    """A period as a number of days, where it is always the same."""
    fixed = calendar.FIXED.get(length.unit)
    return dt.timedelta(days=length.amount * fixed) if fixed else None


@attrs.frozen(eq=False)
class Clock:
    """The periods of a deadline that repeats: the first, the next ones, and how many there are at most."""

    first: Period
    period: Period
    rolling: bool
    times: int | None
    first_days: dt.timedelta | None
    days: dt.timedelta | None
    """The periods where they are a fixed number of days."""

    @classmethod
    def of(cls, form: forms.Repeated) -> Clock:
        """The periods of a form."""
        days = (_in_days(form.first), _in_days(form.period))
        return cls(form.first, form.period, form.rolling, form.times, *days)

    def begin(self, start: dt.date, office: Office) -> dt.date:
        """The first due day."""
        return start + self.first_days if self.first_days else calendar.shift(start, self.first, office)

    def next(self, start: dt.date, office: Office) -> dt.date:
        """The due day of an occurrence that is counted from the one before."""
        return start + self.days if self.days else calendar.shift(start, self.period, office)

    def on_grid(self, after: dt.date, number: int, office: Office) -> dt.date:
        """The due day of an occurrence that is counted from the anchor."""
        if self.first == self.period:
            return calendar.shift(after, calendar.times(self.period, number), office)
        begin = calendar.shift(after, self.first, office)
        return calendar.shift(begin, calendar.times(self.period, number - 1), office)


Told: TypeAlias = tuple[Verdict, dt.date | None]
"""The verdict of the open occurrence, and its due day."""


@attrs.define(eq=False)
class _Ending:
    """When what is owed ends, as far as it is known, whether a fact of it is missing, and the last day that is seen."""

    end: Value
    unsure: bool
    on: dt.date

    def owes(self, due: dt.date) -> bool | None:
        """Whether something that falls due on a day is owed. Not ended yet, it is, as far as can be seen."""
        if self.end is NONE:
            return True
        if self.end.__class__ is dt.date:
            return due < self.end
        owed = compare("<", due, self.end)
        return True if owed is None and not self.unsure else owed

    def goes_on(self, due: dt.date, times: int | None) -> bool:
        """Whether another occurrence follows one that was not done in time."""
        owed = self.owes(due)
        return owed is True or (owed is None and times is None)

    def passed(self, done: dt.date) -> bool:
        """Whether something that was done late was done only after the end."""
        return self.end is not NONE and compare(">=", done, self.end) is True

    def undone(self, due: dt.date, *, late: bool) -> Verdict:
        """The verdict of an occurrence that was not done by its due day."""
        owed = self.owes(due)
        if not owed:
            return UNKNOWN if owed is None else NOT_APPLICABLE
        return NOT_MET if late or due < self.on else PENDING


def again(
    after: Unsure,
    certain: list[dt.date],
    doubts: list[dt.date | None],
    until: Unsure,
    on: dt.date,
    clock: Clock,
    office: Office,
) -> Told:
    """The verdict of a deadline that is due again and again: that of its open occurrence."""
    start = after[0]
    if start is NONE:
        return NOT_APPLICABLE, None
    if not isinstance(start, dt.date):
        return _owed(UNKNOWN if after[1] else PENDING, start, until[0], until[1]), None
    certain.sort()
    ending = _Ending(_open(until), until[1], on)
    return (_rolling if clock.rolling else _grid)(start, certain, doubts, ending, clock, office)


def _rolling(
    start: dt.date, days: list[dt.date], doubts: list[dt.date | None], ending: _Ending, clock: Clock, office: Office
) -> Told:
    number, times, step = 1, clock.times, clock.days
    due, late = clock.begin(start, office), False
    for done in days:
        if done <= start:
            continue
        late = done > due
        if number == times and not late:
            return MET, due
        if late and ending.passed(done):
            late = False
            break
        if late and (number == times or not ending.goes_on(due, times)):
            break
        start, number, late = done, number + 1, False
        due = done + step if step else clock.next(done, office)
    verdict = ending.undone(due, late=late)
    steady = times is None and (verdict is PENDING or verdict is NOT_APPLICABLE)
    return (verdict if steady else _in_doubt(verdict, doubts, start, due)), due


def _grid(
    after: dt.date, days: list[dt.date], doubts: list[dt.date | None], ending: _Ending, clock: Clock, office: Office
) -> Told:
    start, number = after, 1
    while True:
        due = clock.on_grid(after, number, office)
        at = bisect.bisect_right(days, start)
        done = days[at] if at < len(days) else None
        met = done is not None and done <= due
        ends = not met and (due >= ending.on or not ending.goes_on(due, clock.times))
        if ends or number == clock.times:
            if met:
                return MET, due
            verdict = ending.undone(due, late=done is not None and not ending.passed(done))
            return _in_doubt(verdict, doubts, start, due), due
        start, number = due, number + 1


def _in_doubt(verdict: Verdict, doubts: list[dt.date | None], start: dt.date, due: dt.date) -> Verdict:
    """The verdict itself, unknown where an event in doubt tells."""
    telling = doubts and any(day is None or start < day <= due for day in doubts)
    return UNKNOWN if telling else verdict


# counts over time


Stay: TypeAlias = tuple[object, dt.date, dt.date]
"""Who counts, from the first day until before the last."""


def over_time(certain: list[Stay], doubts: list[Stay], most: Value, on: dt.date) -> Verdict | None:
    """The verdict of a limit at any time: whether there are surely too many on some day, or possibly.

    None where that hangs on the days before and after all that is recorded.
    """
    if most is None:
        return UNKNOWN
    if most < 0 or (doubts and not any(start <= on for _, start, _ in certain)):
        return None
    if len(certain) + len(doubts) <= most:
        return MET
    if _too_many(certain, most, on):
        return NOT_MET
    return UNKNOWN if doubts and _too_many(certain + doubts, most, on) else MET


def _too_many(stays: list[Stay], most: Value, on: dt.date) -> bool:
    """Whether there are more than so many on some day: each counts once."""
    if len({who for who, _, _ in stays}) < len(stays):
        return any(
            len({who for who, start, end in stays if start <= day < end}) > most for _, day, _ in stays if day <= on
        )
    starts = sorted([start for _, start, end in stays if start <= on and start < end])
    ends = sorted([end for _, start, end in stays if start < end])
    gone = 0
    for come, day in enumerate(starts, 1):
        while ends[gone] <= day:
            gone += 1
        if come - gone > most:
            return True
    return False
