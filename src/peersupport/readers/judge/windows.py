"""The windows of a limit: on which days a related record counts, and what those come to that count on the same days.

The conventions, each stated once:

- A window is half-open, and a record belongs to the window of its day, whole. Weeks start on Monday.
- A rolling window is counted from the record: one dated r counts on each day from r until before r + the length. So a
  month's end is cut as it is everywhere else: what is dated 30 or 31 January counts for a month until 28 February.
- A record of which the day is not recorded may count on any day, or on none.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Names
from peersupport.readers.judge.evaluate import compiled
from peersupport.readers.judge.related import Related
from peersupport.readers.judge.values import LOW, End, Range, Value
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Fact
from peersupport.rules.findings import Place

ONE_DAY: Final = dt.timedelta(days=1)

Days: TypeAlias = tuple[dt.date, dt.date]
"""Days from the first until before the last."""

NEVER: Final = (dt.date.max, dt.date.max)
ALWAYS: Final = (dt.date.min, dt.date.max)


def within(days: Days, day: dt.date) -> bool:
    """Whether a day is one of some days."""
    return days[0] <= day < days[1]


@attrs.frozen(eq=False)
class Stay:
    """One related record that counts for a time: what of it, on which days surely and possibly, what is missing.

    Days run from the first until before the last. `who` is what is counted or added up. `start` and `end` are the days
    as they are recorded; in a window, `start` is the day of the record. It is `certain` when it meets the condition.
    """

    who: Value
    surely: Days
    possibly: Days
    start: Value
    end: Value
    missing: tuple[Place, ...]
    certain: bool = True

    def counts(self, on: dt.date) -> bool:
        """Whether it surely counts on a day."""
        return within(self.surely, on)

    def doubtful(self, on: dt.date) -> bool:
        """Whether it may or may not count on a day, or what counts of it is not known."""
        return within(self.possibly, on) and (self.who is None or type(self.who) is Range or not self.counts(on))


def spanning(who: Value, start: Value, end: Value, missing: tuple[Place, ...], *, certain: bool) -> Stay:
    """A record that counts from one day until another, of which either may not be recorded."""
    (first, started), (ending, last) = _ends(start), _ends(end)
    surely = (_bound(started), _bound(ending)) if certain else NEVER
    return Stay(who, surely, (_bound(first), _bound(last)), start, end, missing, certain)


def _ends(value: Value) -> tuple[End, End]:
    """The lowest and highest day that a value can be; any day where it is not recorded."""
    return (LOW, NONE) if value is None else values.ends(value)


def bounded(value: Value) -> Days:
    """The first and the last day that a day may be; any where it is not recorded."""
    low, high = _ends(value)
    return _bound(low), _bound(high)


def _bound(end: End) -> dt.date:
    """An end as a day of the calendar: before all days that are counted, or after them."""
    return dt.date.min if end is LOW else dt.date.max if end is NONE else end


# what records come to


Tally: TypeAlias = Callable[[Sequence[tuple[Value, bool]]], Value]
"""What some records come to, each with what is counted of it and whether it surely counts."""


def tallying(measure: terms.Gather) -> Tally:
    """What records come to under a measure: their number, how many different ones, or the sum of their amounts."""
    if measure.op == "sum":
        return _summing(_least(measure.value))
    return different if measure.op == "distinct" else number_of


def number_of(found: Sequence[tuple[Value, bool]]) -> Value:
    """How many."""
    return values.between(sum(sure for _, sure in found), len(found))


def different(found: Sequence[tuple[Value, bool]]) -> Value:
    """How many different ones. Where it is not recorded who is there, somebody is."""
    named = {who for who, _ in found if who is not None}
    certain = {who for who, sure in found if sure and who is not None}
    unnamed = [sure for who, sure in found if who is None]
    return values.between(len(certain) or int(any(unnamed)), len(named) + len(unnamed))


def _summing(floor: End) -> Tally:
    """The sum of amounts, of which one that is not known may be anything from its least on."""

    def tally(found: Sequence[tuple[Value, bool]]) -> Value:
        total: Value = 0
        for amount, sure in found:
            known: Value = Range(floor, NONE) if amount is None else amount
            if not sure:
                low, high = values.ends(known)
                known = values.between(values.least(0, low), values.greatest(0, high))
            total = values.arithmetic("+", total, known)
        return total

    return tally


def _least(value: terms.Term | None) -> End:
    fact: Fact | None = value.fact if isinstance(value, terms.Read) else None
    return fact.minimum if fact is not None and fact.minimum is not None else LOW


@attrs.frozen(eq=False)
class Slot:
    """Some days on which the same records count, at least or perhaps, and what they come to."""

    start: dt.date
    until: dt.date
    amount: Value
    stays: tuple[Stay, ...]

    @property
    def least(self) -> End:
        """What they surely come to."""
        return values.ends(self.amount)[0]

    def amount_with(self, stay: Stay, tally: Tally) -> Value:
        """What they come to if one of them surely counts where its day is known."""
        return tally([(s.who, s.counts(self.start) or (s is stay and s.start is not None)) for s in self.stays])


def slots(stays: Sequence[Stay], days: Sequence[Days], tally: Tally) -> list[Slot]:
    """What the records come to in each of some stretches of days, on which no record begins or ends to count."""
    waiting = sorted(stays, key=lambda each: each.possibly[0], reverse=True)
    running: list[Stay] = []
    found: list[Slot] = []
    for start, until in days:
        while waiting and waiting[-1].possibly[0] <= start:
            running.append(waiting.pop())
        running = [each for each in running if start < each.possibly[1]]
        amount = tally([(each.who, each.counts(start)) for each in running])
        found.append(Slot(start, until, amount, tuple(running)))
    return found


def edges(stays: Sequence[Stay]) -> set[dt.date]:
    """The days on which a record begins or ends to count."""
    return {moment for stay in stays for moment in (stay.start, stay.end) if type(moment) is dt.date}


def cut(at: Iterable[dt.date], begin: dt.date, horizon: dt.date) -> list[Days]:
    """The days from the first to the horizon, cut at some of them."""
    last = horizon + ONE_DAY
    return list(itertools.pairwise(sorted({begin, last, *(day for day in at if begin < day < last)})))


# windows of the calendar, and rolling ones


@attrs.frozen(eq=False)
class Timing:
    """A kind of window: the days on which a record of a day counts, and the first window that is whole from a day on.

    With `apart` each window is judged by itself; otherwise each day is, and neighbours that are alike are one stretch.
    """

    counting: Callable[[dt.date], Days]
    whole: Callable[[dt.date], dt.date]
    apart: bool


def timing(window: forms.Window, office: Office) -> Timing:
    """The days of a window."""
    if window.period is not None:
        return _rolling(window.period, office)
    if window.unit == "week":
        return _apart(_week)
    if window.unit == "day":
        return _apart(lambda day: (day, day + ONE_DAY))
    if window.unit == "month":
        return _apart(_month)
    return _apart(lambda day: _year(day, window.month, window.day))


def _rolling(length: calendar.Period, office: Office) -> Timing:
    def until(day: dt.date) -> dt.date:
        return calendar.shift(day, length, office)

    return Timing(lambda day: (day, until(day)), lambda day: until(day) - ONE_DAY, apart=False)


def _apart(window_of: Callable[[dt.date], Days]) -> Timing:
    return Timing(window_of, lambda day: day, apart=True)


def _week(day: dt.date) -> Days:
    monday = day - day.weekday() * ONE_DAY
    return monday, monday + 7 * ONE_DAY


def _month(day: dt.date) -> Days:
    first = day.replace(day=1)
    return first, (first + 31 * ONE_DAY).replace(day=1)


def _year(day: dt.date, month: int, first_day: int) -> Days:
    """The year of a day, where years start on a day of a month."""
    first = dt.date(day.year, month, first_day)
    return (first, first.replace(year=day.year + 1)) if first <= day else (first.replace(year=day.year - 1), first)


def following(first: Days, last: dt.date, timed: Timing) -> Iterator[Days]:
    """The windows from a first one to the one in which a last day lies."""
    days = first
    while days[0] <= last:
        yield days
        days = timed.counting(days[1])


# records by their day


Counting: TypeAlias = Callable[[dt.date], Days]
"""The days on which a record of a day counts."""

Dated: TypeAlias = Callable[[Context, Env, Counting], "list[Stay] | None"]
"""The related records that a measure counts, each on the days of its window; None when they are not known."""


def dated(measure: terms.Gather, parts: Related, names: Names) -> Dated:
    """The related records that a measure counts, each on the days of its window. What is read of them is given.

    What is known to be absent counts nowhere: a record without a day, or without what would be counted of it.
    """
    kind = names.vocabulary[measure.path.leads_to]
    fact = attrs.evolve(kind.facts[kind.dated_by], happens=False)
    day_of = compiled(terms.Read(terms.Path(1, kind.name), fact), names)

    def run(ctx: Context, env: Env, counting: Counting) -> list[Stay] | None:
        found = parts.elements(ctx, env)
        return None if found is None else [stay for each in found if (stay := one(ctx, (*env, each), counting))]

    def one(ctx: Context, env: Env, counting: Counting) -> Stay | None:
        mark = len(ctx.trace)
        held = parts.holds(ctx, env)
        day = NONE if held is False else _in_zone(day_of(ctx, env), ctx)
        who = NONE if day is NONE else parts.read(ctx, env)
        missing = tuple(ctx.trace[mark:])
        del ctx.trace[mark:]
        if who is NONE:
            return None
        certain = held is True and not (who is None and perhaps_absent(measure))
        return _placed(who, day, missing, counting, certain=certain)

    return run


def perhaps_absent(measure: terms.Gather) -> bool:
    """Whether what is counted of a record may be known to be absent."""
    return measure.value is not None and measure.value.type.or_none


def _in_zone(value: Value, ctx: Context) -> Value:
    """The day of an instant in the program's zone; not known where that is not recorded."""
    if not isinstance(value, dt.datetime):
        return value
    office = ctx.office()
    return None if office is None else calendar.day(value, office)


def _placed(who: Value, day: Value, missing: tuple[Place, ...], counting: Counting, *, certain: bool) -> Stay:
    if day is None:
        return Stay(who, NEVER, ALWAYS, None, None, missing, certain)
    days = counting(day)
    return Stay(who, days if certain else NEVER, days, day, days[1], missing, certain)


# the time that is judged


@attrs.frozen(eq=False)
class Time:
    """The time that is judged in windows: from its first day to the horizon, and which windows owe their least.

    A window owes it when it is whole: when it does not start before `begin`, the day asked for or that of the first
    record, nor before the tables are `complete`. `early` are the records that may be the first one: those that may not
    count, and those of which the day is not recorded. What is older than `first` is judged when there are any of these:
    the window before it stands for all of them.
    """

    timed: Timing
    begin: dt.date
    first: dt.date
    horizon: dt.date
    early: tuple[Stay, ...] = ()
    complete: dt.date | None = None

    def owed(self, slot: Slot) -> bool:
        """Whether a window surely owes its least."""
        return slot.start >= self.timed.whole(self.begin)

    def owed_with(self, slot: Slot) -> list[Stay]:
        """The records of which each alone makes a window owe its least, if it counts or lies early enough."""
        return [stay for stay in self.early if slot.start >= self._whole_after(stay)]

    def _whole_after(self, stay: Stay) -> dt.date:
        return self.timed.whole(max(stay.start or dt.date.min, self.complete or dt.date.min))

    def lacks(self, slot: Slot) -> bool:
        """Whether records of a window may not have been seen."""
        return self.complete is not None and slot.start < self.timed.whole(self.complete)

    def running(self, slot: Slot) -> bool:
        """Whether a window has days that have not come yet. A rolling one ends with its day."""
        return self.timed.apart and slot.until > self.horizon

    def days(self, stays: Sequence[Stay], *, busy: bool) -> list[Days]:
        """The windows that are judged, or the stretches of days of rolling ones.

        Windows without a record are among them only when they are `busy`, so that they may be out of bounds.
        """
        if not self.timed.apart:
            return self._stretches(stays)
        days = self.timed.counting(self.first)
        if self._goes_back(days[0]):
            days = self.timed.counting(days[0] - ONE_DAY)
        if busy or self.complete:
            return list(following(days, self.horizon, self.timed))
        some = {stay.possibly for stay in stays if stay.start is not None}
        seen = {each for each in some if days[0] <= each[0] <= self.horizon}
        return sorted(seen | {self.timed.counting(self.horizon)})

    def _stretches(self, stays: Sequence[Stay]) -> list[Days]:
        begins = [self.begin, *filter(None, (self.complete,))]
        at = edges(stays) | set(map(self.timed.whole, begins)) | {self._whole_after(stay) for stay in self.early}
        return cut(at, self.first - ONE_DAY * self._goes_back(self.first), self.horizon)

    def _goes_back(self, day: dt.date) -> bool:
        """Whether a record may lie before a day from which on the windows are known."""
        undated = any(stay.start is None for stay in self.early)
        return undated and (self.complete is None or self.complete < day)


def time_of(
    timed: Timing, stays: Sequence[Stay], since: dt.date | None, complete: dt.date | None, horizon: dt.date
) -> Time:
    """The time that is judged for some records: from a day asked for, or from the first record that is known."""
    if since:
        return Time(timed, since, since, horizon, complete=complete)
    known = [stay for stay in stays if stay.start is not None]
    certain = min([horizon, *(stay.start for stay in known if stay.certain)])
    earliest = min([horizon, *(stay.start for stay in known)])
    begin, first = max(certain, complete or certain), max(earliest, complete or earliest)
    early = tuple(stay for stay in stays if stay.start is None or not stay.certain)
    return Time(timed, begin, first, horizon, early, complete)
