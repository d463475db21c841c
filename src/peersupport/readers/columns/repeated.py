"""Deadlines that repeat, in columns: only the open occurrence of each row is found, from the events before it.

A rolling one is counted from the last certain event; where a late one lies behind the end, or `times` cuts the sequence
short, the first of these is looked for among the few events that can be it. A grid's cells are found by dividing.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Final, cast

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days, values
from peersupport.readers.columns.clocks import moved_day
from peersupport.readers.columns.column import FALSE, TRUE, Bool, Column, named
from peersupport.readers.columns.deadlines import End
from peersupport.readers.columns.engines import Frame
from peersupport.readers.columns.evaluate import NO_ZONE, asks, value_of
from peersupport.readers.columns.outcomes import (
    MET,
    NO_DAY,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    UNKNOWN,
    Outcome,
    facts_of,
    same,
    settled,
    why,
)
from peersupport.readers.columns.reach import Reach, reached
from peersupport.readers.columns.related import Events, events_of
from peersupport.readers.columns.scope import KEY, Root, Sheet, World
from peersupport.readers.columns.values import DAY_TOP, Lacks, Truth, Value, lacking, together
from peersupport.rules import calendar, forms
from peersupport.rules.calendar import Period
from peersupport.rules.findings import Reason
from peersupport.rules.problems import Unsupported

_DAY: Final = "~day"
_AFTER: Final = "~after"
_UNTIL: Final = "~until"
_PREVIOUS: Final = "~previous"
_ORDER: Final = "~order"
_DAYS: Final = 2**18
"""More than all days that are judged, so that a row and a day make one whole number."""
_OFFSET: Final = 2**17
_TOP: Final = col.day_lit(DAY_TOP)
_ZERO: Final = col.day_lit(0)


@attrs.define(eq=False, slots=False)
class Course:
    """What a repeated deadline stands on in each row: its anchor, its end, and the events that may do it."""

    form: forms.Repeated
    root: Root
    after: Column
    end: End
    events: Sequence[tuple[Events, Reach]]
    ready: Bool

    @property
    def until(self) -> Column:
        """The day from which nothing is owed, surely; after everything where there is none."""
        until = self.end.until
        return _TOP if until is None else col.fill(until.high, _TOP)

    @property
    def owed_until(self) -> Column:
        """The day until which something is owed, surely; an end that has not come is after everything."""
        until, missing = cast("Value", self.end.until), self.end.missing.any()
        return col.choose(missing, col.fill(until.low, values.bottom_of(_TOP)), self.until)

    def due(self, start: Column, at: Root | Sheet, *, first: Bool) -> Column:
        """When what is counted from a day falls due."""
        again = self.moved(start, self.form.period, at)
        if self.form.first == self.form.period:
            return again
        return col.choose(first, self.moved(start, self.form.first, at), again)

    def moved(self, start: Column, by: Period, at: Root | Sheet) -> Column:
        """A day moved by a period, among the rows of the records or on a sheet of events."""
        office = self.root.world.office
        if by.unit != "business_days" or office is None:
            return days.shift(start, by, at.named)
        if isinstance(at, Sheet):
            message = "a deadline that repeats in business days, and ends or has so many occurrences"
            raise Unsupported(message)
        return moved_day(start, at, lambda day: calendar.shift(day, by, office))

    @functools.cached_property
    def happened(self) -> Frame:
        """Every event that counts, or may count, after the anchor: with its row, the anchor, and the end."""
        frames = [self._happened(events) for events, _ in self.events]
        return self.root.world.kept(nw.concat(frames) if len(frames) > 1 else frames[0])

    def _happened(self, events: Events) -> Frame:
        group, root = events.group, self.root
        parts = {_DAY: events.at, _SURE: events.certain, _UNDATED: events.undated, **self.flags(events)}
        keep = {_KEEP: col.either(events.certain, events.doubtful)}
        rows = group.rows({**parts, **keep}).filter(nw.col(_KEEP))
        key = root.key if group.paired else group.on
        mine = {_ROW: root.key, _AFTER: root.named(self.after)}
        if self.end.until is not None:
            mine |= {_UNTIL: root.named(self.until), _OWED: root.named(self.owed_until)}
        joined = rows.join(root.frame({_ON: key, **mine}), left_on=KEY, right_on=_ON, how="inner")
        late = (nw.col(_DAY) > nw.col(_AFTER)) | nw.col(_UNDATED)
        return joined.filter(late).select(*mine, *parts)

    @property
    def certain(self) -> Frame:
        """The events that count, after the anchor."""
        return self.happened.filter(nw.col(_SURE))

    def beside(self, frame: Frame, more: Mapping[str, Column]) -> Frame:
        """Events beside more columns of their rows."""
        mine = self.root.frame({_ON: self.root.key, **more})
        return frame.join(mine, left_on=_ROW, right_on=_ON, how="inner")

    def flags(self, events: Events) -> dict[str, Column]:
        """What doubtful events lack, under the names of all of them."""
        return {"lacks " + key: events.lacks.columns.get(key, FALSE) for key in self.lacked}

    @functools.cached_property
    def lacked(self) -> list[str]:
        """The names of all that doubtful events may lack; none where one is enough and it is plain that they do."""
        if not (self.root.world.by_name or any(events.waits for events, _ in self.events)):
            return []
        return sorted({key for events, _ in self.events for key in events.lacks.columns if key != "?"})


_SURE: Final = "~sure"
_UNDATED: Final = "~undated"
_KEEP: Final = "~keep"
_OWED: Final = "~owed"
_ON: Final = "~on"
_ROW: Final = "~r"


def _absent(value: Value) -> Bool:
    absent = value.absent
    return col.surely(absent if value.point else col.both(absent, col.eq(value.high, value.top)))


def repeated(form: forms.Repeated, root: Root) -> Outcome:
    """A deadline that is due again and again: its open occurrence."""
    after = value_of(form.after, root)
    reaches = [reached(gather, root, asks()) for gather in form.done]
    end = End.of(form.until, root)
    broken = together(reach.broken for reach in reaches)
    missing = [after.lacks, broken]
    known = col.both(after.exact, col.no(broken.any()))
    if form.period.unit == "business_days" and root.world.office is None:
        missing.append(lacking(root.world.lacked(*NO_ZONE), TRUE))
        known = FALSE
    pairs = [
        (events_of(gather, reach.group, asks()), reach)
        for gather, reach in zip(form.done, reaches, strict=True)
        if reach.group is not None
    ]
    course = Course(form, root, root.named(after.low), end, pairs, known)
    undecided = _undecided(course, after, missing)
    nothing = same(NOT_APPLICABLE, Reason.NOTHING_DUE).over(_absent(after), undecided)
    if known.const is False or len(pairs) < len(form.done):
        return nothing
    found = _rolling(course) if form.rolling else _grid(course)
    return found.over(root.named(known), nothing)


def _undecided(course: Course, after: Value, missing: Sequence[Lacks]) -> Outcome:
    """What can be said where the anchor or the events are not known."""
    root, end = course.root, course.end
    truth = Truth(col.UNDECIDED, together(missing), waits=True)
    outcome = settled(truth, Reason.IN_TIME, Reason.OVERDUE)
    unknown = outcome.is_(UNKNOWN)
    more = together((end.missing, *(_doubts(events, reach, root) for events, reach in course.events)))
    outcome = attrs.evolve(outcome, missing=together((outcome.missing, more)).within(unknown))
    if end.until is None:
        return outcome
    owed = end.owes(after).holds
    gone = col.both(col.never(owed), col.no(unknown))
    doubted = Outcome(
        verdict=UNKNOWN,
        reason=why(Reason.NOT_RECORDED),
        missing=together((outcome.missing, end.missing)),
    )
    open_ = col.both(col.is_null(owed), end.missing.any())
    return same(NOT_APPLICABLE, Reason.ENDED).over(gone, doubted.over(open_, outcome))


def _doubts(events: Events, reach: Reach, root: Root) -> Lacks:
    """What the doubtful events of a row lack, whenever they may have been."""
    if not root.world.by_name:
        return reach.hidden
    found = events.group.gathered(events.group.flags(events.lacks.within(events.doubtful)), keep=events.doubtful)
    flags = Lacks(lambda: {name.removeprefix("lacks "): col.surely(each) for name, each in found.items()})
    return together((facts_of(flags), reach.hidden))


# the open occurrence


@attrs.frozen(eq=False)
class Open:
    """The occurrence that speaks for all: counted from `start`, due, and done where it was."""

    start: Column
    due: Column
    done: Column = NO_DAY


def _rolling(course: Course) -> Outcome:
    """Each occurrence is counted from the last time it was done, late or not."""
    steady = course.form.times is None
    at = _last(course) if steady else _limited(course)
    return _judged(course, at, steady=steady)


def _last(course: Course) -> Open:
    """The open occurrence of a sequence that goes on: after the last event that counts."""
    root = course.root
    ends = course.end.until is not None
    name, broke = root.world.name(), root.world.name()

    def make(_: set[str]) -> Frame:
        rows = course.certain
        if not ends:
            return rows.group_by(_ROW).agg(nw.col(_DAY).max().alias(name))
        early = rows.filter(nw.col(_DAY) < nw.col(_UNTIL)).group_by(_ROW).agg(nw.col(_DAY).max().alias(broke))
        behind = rows.filter(nw.col(_DAY) >= nw.col(_UNTIL)).select(_ROW, _AFTER, _DAY).unique()
        sheet = Sheet(_previous(behind.join(early, on=_ROW, how="left"), broke, root.world), root.world)
        late = col.gt(named(_DAY, full=True), _due_of(course, sheet)).expr
        behind = sheet.frame
        cut = behind.filter(late).group_by(_ROW).agg(nw.col(_DAY).min().alias("~cut"))
        counts = behind.join(cut, on=_ROW, how="left")
        counts = counts.filter(nw.col("~cut").is_null() | (nw.col(_DAY) < nw.col("~cut"))).select(_ROW, _DAY)
        first = early.select(_ROW, nw.col(broke).alias(_DAY))
        return nw.concat([first, counts]).group_by(_ROW).agg(nw.col(_DAY).max().alias(name))

    root.joined([root.key], [_ROW], [name], make)
    start = root.named(_or(named(name), course.after))
    due = root.named(course.due(start, root, first=col.is_null(named(name))))
    return Open(start, due)


def _or(column: Column, other: Column) -> Column:
    return col.choose(col.known(column), column, other)


def _previous(rows: Frame, before: str, world: World) -> Frame:
    """Each event with the one before it in its row, or another day where it is the first."""
    order = nw.col(_ROW) * _DAYS + nw.col(_DAY).cast(nw.Int64) + _OFFSET
    rows = rows.with_columns(order.alias(_ORDER))
    rows = world.ordered(rows, [_ORDER], {_PREVIOUS: ("before", _ORDER)})
    mine = nw.col(_PREVIOUS) // _DAYS == nw.col(_ROW)
    day = (nw.col(_PREVIOUS) % _DAYS - _OFFSET).cast(nw.Int32)
    first = nw.when(nw.col(before).is_null()).then(nw.col(_AFTER)).otherwise(nw.col(before))
    return rows.with_columns(nw.when(mine).then(day).otherwise(first).alias(_PREVIOUS))


def _limited(course: Course) -> Open:
    """The last occurrence of a sequence of so many: the one that stops it, or the one after the last event."""
    root, times = course.root, course.form.times
    names = {name: root.world.name() for name in ("start", "done", "last", "stopped")}

    def make(_: set[str]) -> Frame:
        ends = course.end.until is not None
        rows = course.certain.select(_ROW, _AFTER, _DAY, *([_UNTIL, _OWED] if ends else [])).unique()
        rows = rows.with_columns(nw.lit(None, dtype=nw.Int32).alias("~none"))
        rows = _previous(rows, "~none", root.world)
        rows = rows.with_columns(nw.lit(1, dtype=nw.Int64).alias("~rank"))
        rows = root.world.ordered(rows, [_ORDER], {"~rank": ("sum", "~rank")})
        first = rows.group_by(_ROW).agg(nw.col("~rank").min().alias("~first"))
        rows = rows.join(first, on=_ROW, how="left")
        rows = rows.with_columns((nw.col("~rank") - nw.col("~first") + 1).alias("~rank"))
        sheet = Sheet(rows, root.world)
        due = _due_of(course, sheet)
        late = col.gt(named(_DAY, full=True), due)
        rows = sheet.frame.with_columns(late.expr.alias("~late"), due.expr.alias("~due"))
        none = nw.lit(value=False)
        ended = nw.col(_DAY) >= nw.col(_UNTIL) if ends else none
        unowed = nw.col("~due") >= nw.col(_OWED) if ends else none
        passes = nw.col("~late") & ended
        stops = passes | (nw.col("~late") & unowed) | (nw.col("~rank") == times)
        rows = rows.with_columns(passes.alias("~passes"))
        cut = rows.filter(stops).group_by(_ROW).agg(nw.col("~rank").min().alias("~cut"))
        last = rows.group_by(_ROW).agg(nw.col(_DAY).max().alias(names["last"]))
        at = rows.join(cut, on=_ROW, how="inner").filter(nw.col("~rank") == nw.col("~cut"))
        done = nw.when(~nw.col("~passes")).then(nw.col(_DAY))
        at = at.select(
            _ROW,
            nw.col(_PREVIOUS).alias(names["start"]),
            done.alias(names["done"]),
            nw.lit(value=True).alias(names["stopped"]),
        )
        return last.join(at, on=_ROW, how="left")

    root.joined([root.key], [_ROW], list(names.values()), make)
    stopped = col.surely(named(names["stopped"]))
    last = _or(named(names["last"]), course.after)
    start = root.named(col.choose(stopped, named(names["start"]), last))
    due = root.named(course.due(start, root, first=col.eq(start, course.after)))
    return Open(start, due, root.named(col.where(stopped, named(names["done"]))))


def _due_of(course: Course, sheet: Sheet) -> Column:
    """When each event was due, counted from the one before it."""
    previous = named(_PREVIOUS, full=True)
    return course.due(previous, sheet, first=col.eq(previous, named(_AFTER, full=True)))


# grids


def _grid(course: Course) -> Outcome:
    """Each occurrence has its own due day, counted from the anchor; it is done after the due day before it."""
    root, form = course.root, course.form
    today = col.day_lit(days.number(root.world.on))
    stop = root.named(_cell(course, today, root))
    if course.end.until is not None:
        until = root.named(course.until if form.times is None else course.owed_until)
        ends = col.choose(col.lt(until, _TOP), _cell(course, until, root), _TOP)
        stop = root.named(col.least(stop, ends))
    filled = _filled(course, stop)
    number = col.plus(stop, filled)
    if form.times is not None:
        number = col.least(number, col.day_lit(form.times))
    number = root.named(number)
    due = root.named(_due_at(course, number))
    before = _due_at(course, col.minus(number, col.day_lit(1)))
    start = root.named(col.choose(col.eq(number, col.day_lit(1)), course.after, before))
    return _judged(course, Open(start, due, _done_after(course, start, due)), steady=False)


def _base(course: Course, at: Root | Sheet) -> Column:
    return course.moved(course.after, course.form.first, at)


def _due_at(course: Course, number: Column) -> Column:
    """The due day of an occurrence, by its number."""
    form = course.form
    if "business_days" in {form.period.unit, form.first.unit}:
        message = "a grid of business days"
        raise Unsupported(message)
    if form.first == form.period:
        return days.shift(course.after, form.period, course.root.named, number)
    base = _base(course, course.root)
    return days.shift(base, form.period, course.root.named, col.minus(number, col.day_lit(1)))


def _cell(course: Course, day: Column, at: Root | Sheet) -> Column:
    """The number of the first occurrence that falls due on a day or later."""
    form, one = course.form, col.day_lit(1)
    same_start = form.first == form.period
    start = course.after if same_start else _base(course, at)
    offset = _ZERO if same_start else one
    if form.period.unit in calendar.FIXED:
        length = col.day_lit(form.period.amount * calendar.FIXED[form.period.unit])
        count = _divided_up(col.minus(day, start), length)
    else:
        months = col.day_lit(form.period.amount * (12 if form.period.unit == "years" else 1))
        count = at.named(_divided_up(days.months_between(start, day, at.named), months))
        short = col.lt(days.shift(start, form.period, at.named, count), day)
        count = col.choose(short, col.plus(count, one), count)
    return col.choose(col.gt(day, start), col.greatest(one, col.plus(count, offset)), one)


def _divided_up(length: Column, by: Column) -> Column:
    """A quotient rounded up, and not below nothing."""
    whole = col.greatest(length, _ZERO)
    return col.floor(col.minus(col.plus(whole, by), col.day_lit(1)), by)


def _filled(course: Course, stop: Column) -> Column:
    """How many occurrences from one on, without a gap, have an event of their own."""
    root = course.root
    name = root.world.name()

    def make(_: set[str]) -> Frame:
        rows = course.beside(course.certain, {"~stop": stop})
        inner = attrs.evolve(course, after=named(_AFTER, full=True))
        sheet = Sheet(rows, root.world)
        cell = _cell(inner, named(_DAY, full=True), sheet)
        rows = sheet.frame.with_columns(cell.expr.cast(nw.Int64).alias("~cell"))
        rows = rows.filter(nw.col("~cell") >= nw.col("~stop")).select(_ROW, "~stop", "~cell").unique()
        order = (nw.col(_ROW) * _DAYS + nw.col("~cell")).alias(_ORDER)
        rows = rows.with_columns(order, nw.lit(1, dtype=nw.Int64).alias("~rank"))
        rows = root.world.ordered(rows, [_ORDER], {"~rank": ("sum", "~rank")})
        first = rows.group_by(_ROW).agg(nw.col("~rank").min().alias("~first"))
        rows = rows.join(first, on=_ROW, how="left")
        run = rows.filter(nw.col("~cell") - nw.col("~stop") == nw.col("~rank") - nw.col("~first"))
        counted = run.with_columns(nw.lit(1, dtype=nw.Int32).alias(name))
        return counted.group_by(_ROW).agg(nw.col(name).sum())

    root.joined([root.key], [_ROW], [name], make)
    return col.fill(col.only(named(name), lambda each: each.cast(nw.Int32)), _ZERO)


def _done_after(course: Course, start: Column, due: Column) -> Column:
    """The first event after a day; none where that came late, and after the end."""
    root = course.root
    name = root.world.name()

    def make(_: set[str]) -> Frame:
        rows = course.beside(course.certain, {"~start": start}).filter(nw.col(_DAY) > nw.col("~start"))
        return rows.group_by(_ROW).agg(nw.col(_DAY).min().alias(name))

    root.joined([root.key], [_ROW], [name], make)
    done = named(name)
    late = col.both(col.gt(done, due), col.ge(done, course.until))
    return root.named(col.where(col.no(col.surely(late)), done))


# the verdict


def _judged(course: Course, at: Open, *, steady: bool) -> Outcome:
    """The open occurrence: done in time, done late, overdue or still ahead; unknown where a doubtful event tells."""
    root = course.root
    outcome = _undone(course, at)
    told, missing = _telling(course, at)
    spared = FALSE
    if steady:
        spared = col.either(outcome.is_(PENDING), outcome.is_(NOT_APPLICABLE))
    doubted = attrs.evolve(
        outcome,
        verdict=UNKNOWN,
        reason=why(Reason.NOT_RECORDED),
        missing=together((outcome.missing, missing)),
        days_late=NO_DAY,
    )
    outcome = doubted.over(col.both(told, col.no(spared)), outcome)
    if at.done.const is None:
        return outcome
    in_time = Outcome(
        verdict=MET, reason=why(Reason.IN_TIME), due=at.due, due_day=at.due, done_on=at.done, days_late=_ZERO
    )
    return in_time.over(root.named(col.surely(col.le(at.done, at.due))), outcome)


def _undone(course: Course, at: Open) -> Outcome:
    """An occurrence that was not done by its due day."""
    root, end = course.root, course.end
    today = col.day_lit(days.number(root.world.on))
    plain = Outcome(verdict=NOT_MET, reason=why(Reason.OVERDUE), due=at.due, due_day=at.due)
    overdue = attrs.evolve(plain, days_late=col.minus(today, at.due))
    if end.until is not None:
        passed = col.both(end.until.exact, col.surely(col.le(end.until.low, today)))
        never = attrs.evolve(plain, reason=why(Reason.NEVER_DONE), days_late=col.minus(end.until.low, at.due))
        overdue = never.over(passed, overdue)
    upcoming = attrs.evolve(plain, verdict=PENDING, reason=why(Reason.UPCOMING), days_late=_ZERO)
    found = upcoming.over(col.ge(at.due, today), overdue)
    if at.done.const is not None:
        late = attrs.evolve(plain, reason=why(Reason.LATE), done_on=at.done, days_late=col.minus(at.done, at.due))
        found = late.over(col.known(at.done), found)
    if end.until is None:
        return found
    owed = end.owes(Value(at.due, at.due, _TOP)).holds
    doubted = attrs.evolve(
        plain, verdict=UNKNOWN, reason=why(Reason.NOT_RECORDED), missing=end.missing, done_on=at.done
    )
    found = doubted.over(root.named(col.both(col.is_null(owed), end.missing.any())), found)
    ended = attrs.evolve(plain, verdict=NOT_APPLICABLE, reason=why(Reason.ENDED))
    return ended.over(root.named(col.never(owed)), found)


def _telling(course: Course, at: Open) -> tuple[Bool, Lacks]:
    """Where an event in doubt may have done it, and what those events lack."""
    root = course.root
    hidden = together(reach.hidden for _, reach in course.events)
    told, missing = hidden.any(), facts_of(hidden)
    keys = course.lacked
    name, flags = root.world.name(), {key: root.world.name() for key in keys}

    def make(_: set[str]) -> Frame:
        doubtful = course.happened.filter(~nw.col(_SURE))
        rows = course.beside(doubtful, {"~start": at.start, "~due": at.due})
        dated = (nw.col(_DAY) > nw.col("~start")) & (nw.col(_DAY) <= nw.col("~due"))
        rows = rows.filter(nw.col(_UNDATED) | dated).with_columns(nw.lit(value=True).alias(name))
        rows = rows.rename({"lacks " + key: flag for key, flag in flags.items()})
        return rows.group_by(_ROW).agg(nw.col(name).max(), *(nw.col(flag).max() for flag in flags.values()))

    root.joined([root.key], [_ROW], [name, *flags.values()], make)
    events = Lacks(lambda: {key: col.surely(named(flag)) for key, flag in flags.items()})
    if not keys:
        events = lacking("", col.surely(named(name)))
    return root.named(col.either(told, col.surely(named(name)))), together((missing, events))
