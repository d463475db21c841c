"""Windows that hang on the record judged: its span, lengths from a day of it on, and from one event to the next.

The conventions, each stated once:

- A window is half-open. In one that is still running, and in one that is cut short by the end of what it lies in, the
  least is not owed; both count.
- Lengths are counted from the first day, not from one another: the third month from 31 January begins on 31 March.
- Before the first event and behind the last one lies a window too. The first has no beginning, so it owes nothing.
- Where the day of an event is not recorded, it may part any window: what comes to too much in one window may be in two.
"""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias, cast

import attrs

from peersupport.readers.judge import values
from peersupport.readers.judge.context import Context, Env, Function, Names
from peersupport.readers.judge.evaluate import compiled, gathering
from peersupport.readers.judge.related import events
from peersupport.readers.judge.values import LOW, Range, Value
from peersupport.readers.judge.windows import NEVER, ONE_DAY, Days, Slot, Stay, Tally, bounded
from peersupport.rules import calendar, forms, terms
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Span
from peersupport.rules.findings import MARKS, Place

OPEN: Final = dt.date.max
"""The end of a window that has none so far."""


@attrs.frozen(eq=False)
class Piece:
    """One window: its days, whether it owes its least once they have passed, and whether they surely have not.

    Days from `surely` on are in it or behind its end; `whole` and `running` are None where that is not known.
    """

    start: dt.date
    until: dt.date
    surely: dt.date
    whole: bool | None
    running: bool | None


@attrs.frozen(eq=False)
class Pieces:
    """The windows of a record in their order, and what is missing to know where they end or part.

    `parted` says that events that are not certain may part them further.
    """

    each: tuple[Piece, ...]
    missing: tuple[Place, ...] = ()
    parted: bool = False

    def days(self, day: dt.date) -> Days:
        """The window of a day; no days where it lies in none."""
        number = bisect_right(self.each, day, key=lambda piece: piece.start) - 1
        if number < 0 or day >= self.each[number].until:
            return NEVER
        return self.each[number].start, self.each[number].until

    def placed(self, stay: Stay) -> Stay:
        """A record that counts; not certainly so on days on which its window may have ended."""
        if not isinstance(stay.start, dt.date):
            return attrs.evolve(stay, missing=(*stay.missing, *self.missing)) if self.parted else stay
        sure = all(stay.start < piece.surely for piece in self.each if piece.start == stay.possibly[0])
        return stay if sure else attrs.evolve(stay, surely=NEVER, missing=(*stay.missing, *self.missing))


Finding: TypeAlias = Callable[[Context, Env], "Pieces | None"]
"""The windows of a record; None where it is not known when they begin."""


def pieces(window: forms.Window, names: Names) -> Finding:
    """The function that finds the windows of a record."""
    if window.name == "between":
        return _between(window, names)
    if window.name == "each" and window.start is not None:
        until = compiled(window.until, names) if window.until is not None else None
        return _from_day(compiled(window.start, names), until, window.period)
    span = names.vocabulary[names.judged].span or Span("", "")
    path = terms.Path(0, names.judged)
    ends = (names.vocabulary[names.judged].facts[name] for name in (span.start, span.end))
    start, end = (compiled(terms.Read(path, fact), names) for fact in ends)
    past = Period(1 if span.through else 0, "days")
    return _from_day(start, lambda ctx, env: values.shifted(_day(end(ctx, env), ctx), past, Office()), None)


def _day(value: Value, ctx: Context) -> Value:
    """A day, or the day of an instant, as far as it is known."""
    if type(value) is Range:
        return values.between(*(_day(end, ctx) for end in values.ends(value)))
    return ctx.day(value) if isinstance(value, dt.datetime) else value


def _from_day(start_of: Function, until_of: Function | None, length: Period | None) -> Finding:
    """Windows from a day on, until another where there is one; one window where there is no length."""
    in_office = length is not None and length.unit == "business_days"

    def find(ctx: Context, env: Env) -> Pieces | None:
        start = _day(start_of(ctx, env), ctx)
        office = ctx.working() if in_office else Office()
        if start is NONE:
            return Pieces(())
        if not isinstance(start, dt.date) or office is None:
            return None
        mark = len(ctx.trace)
        until = _day(until_of(ctx, env), ctx) if until_of else NONE
        missing = tuple(place for place in ctx.trace[mark:] if place not in MARKS)
        del ctx.trace[mark:]
        cuts = itertools.pairwise(_cuts(start, length, office))
        return Pieces(tuple(_until(cuts, bounded(until), ctx.horizon, cut=length is not None)), missing)

    return find


def _cuts(start: dt.date, length: Period | None, office: Office) -> Iterator[dt.date]:
    """The first days of the windows."""
    if length is None:
        yield from (start, OPEN)
        return
    numbers = itertools.count()
    yield from (calendar.shift(start, calendar.times(length, number), office) for number in numbers)


def _until(cuts: Iterator[Days], end: Days, horizon: dt.date, *, cut: bool) -> Iterator[Piece]:
    """The first window and all that have begun, cut at an end of which the first and the last possible day are given.

    With `cut` a window that the end cuts short owes nothing; otherwise the end is its own.
    """
    low, high = end
    for number, (start, until) in enumerate(cuts):
        if start >= high or (number and start > horizon):
            return
        last = min(until, high)
        whole = True if until <= low or not cut else None if until <= high else False
        running = last > horizon if min(until, low) > horizon or last <= horizon else None
        yield Piece(start, last, min(last, max(low, start)), whole, running)


def _between(window: forms.Window, names: Names) -> Finding:
    """Windows from one event to the next."""
    parts = gathering(cast("terms.Gather", window.start), names, 0)

    def find(ctx: Context, env: Env) -> Pieces | None:
        found = events(parts, ctx, env)
        if found is None:
            return None
        days = sorted({day for event in found.certain if isinstance(day := _day(event, ctx), dt.date)})
        cuts = list(itertools.pairwise((dt.date.min, *days, OPEN)))
        places = dict.fromkeys(place for doubt in found.doubts for place in doubt.places)
        missing = tuple(place for place in places if place not in MARKS)
        each = (Piece(a, b, b, whole=a > dt.date.min, running=b > ctx.horizon) for a, b in cuts)
        return Pieces(tuple(each), missing, parted=bool(found.doubts))

    return find


def apart(slot: Slot, tally: Tally) -> Value:
    """What the records of a window come to in the part of it with the most of them, where events may part it.

    On one of its days at least, and in the whole of it at most; anything, where some of them may take away.
    """
    amounts = [values.ends(tally([(stay.who, True)]))[0] for stay in slot.stays]
    if any(amount is LOW or amount < 0 for amount in amounts):
        return Range(LOW, NONE)
    days: dict[dt.date, list[tuple[Value, bool]]] = {}
    for stay in slot.stays:
        if isinstance(stay.start, dt.date) and stay.certain:
            days.setdefault(stay.start, []).append((stay.who, True))
    least = max((values.ends(tally(found))[0] for found in days.values()), default=0)
    return values.between(least, values.ends(slot.amount)[1])


def first_day(piece: Piece, stays: Sequence[Stay], horizon: dt.date) -> dt.date:
    """The first day of a window to tell: of one without a beginning that of its first record."""
    if piece.start > dt.date.min:
        return piece.start
    days = [stay.start for stay in stays if isinstance(stay.start, dt.date)]
    return min([*days, min(piece.until, horizon + ONE_DAY) - ONE_DAY])
