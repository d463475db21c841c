"""Pictures of results as SVG text, without a plotting library: a forest plot, Kaplan-Meier curves, attendance by week.

A picture reads the same in a light notebook, in a dark one, in print and without colour: curves differ by dashes,
bars by filling and outline, and what is drawn is also told in the description of the picture. Nothing is drawn for
what has no number, and no axis is stretched for it: a suppressed cell cannot be measured in a picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, Protocol

import attrs

from peersupport.measures.drawing import (
    COLOURS,
    FAINT,
    INK,
    LINE,
    MARGIN,
    QUIET,
    SIZE,
    SMALL,
    WIDTH,
    Scale,
    box,
    centred,
    end_of,
    even_ticks,
    figures,
    grid,
    html,
    line,
    log_ticks,
    mark,
    nice_days,
    paragraph,
    picture,
    polygon,
    polyline,
    text,
    tick_label,
    ticks_below,
    titled,
    whole_ticks,
    wide,
    wrapped,
)
from peersupport.measures.values import Interval, count_problems, level_text, percent
from peersupport.rules.problems import Problem, raise_any

__all__ = ["Drawable", "ForestRow", "Week", "attendance", "forest", "html", "nice_days", "survival_curves"]

DASHES: Final = ("none", "7 4", "2 3", "10 3 2 3", "14 4", "5 2 1 2 1 2")
"""The dashes of the curves, so that they differ without colour."""

FARTHEST: Final = 8.0
"""How many times beyond all estimates a limit may stretch an axis of ratios before it gets an arrow instead."""

EXTREME: Final = 1000.0
"""How many times the reference an axis of ratios reaches at most."""

_FARAWAY: Final = (1e-9, 1e9)

NOT_ESTIMABLE: Final = "not estimable"
"""What is written beside a row without a number, unless it says otherwise."""


def _title_problems(title: str) -> list[Problem]:
    return [] if title.strip() else [Problem("title", "is empty", "say what the picture shows")]


# the forest plot


@attrs.frozen
class ForestRow:
    """One line of a forest plot: an estimate with its limits, which are both given or both None.

    Without an estimate nothing is drawn but `text`; say in it why ("suppressed"). With one, `text` stands in place of
    the numbers. `total` is set off and marked with a diamond. Raises `InputError` for limits without an estimate, for
    one limit without the other, and for limits that are not in order.
    """

    label: str
    estimate: float | None
    low: float | None = None
    high: float | None = None
    text: str = ""
    total: bool = False

    def __attrs_post_init__(self) -> None:
        raise_any(_row_problems(self))

    @property
    def said(self) -> str:
        """What is written beside the mark."""
        if self.text or self.estimate is None:
            return self.text or NOT_ESTIMABLE
        words = figures(self.numbers)
        return f"{words[0]} ({words[1]} to {words[2]})" if len(words) == 3 else f"{words[0]} (no interval)"

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of the row that are given."""
        return tuple(each for each in (self.estimate, self.low, self.high) if each is not None)


def _row_problems(row: ForestRow) -> list[Problem]:
    if any(math.isnan(number) for number in row.numbers):
        return [Problem(row.label, "not-a-number is no result", "write None where nothing can be said")]
    if (row.low is None) != (row.high is None):
        return [Problem(row.label, "has one limit without the other", "give both, with infinity for an open end")]
    if row.low is None or row.high is None:
        return []
    if row.estimate is None:
        return [Problem(row.label, "has limits without an estimate", "leave the limits out: they would be drawn")]
    return [] if row.low <= row.high else [Problem(row.label, "the limits are not in order", "give low, then high")]


def forest(
    rows: Sequence[ForestRow],
    *,
    title: str,
    reference: float = 1.0,
    log: bool = True,
    axis_label: str = "",
    sides: tuple[str, str] = ("", ""),
    span: tuple[float, float] | None = None,
) -> str:
    """A forest plot: for each row its label, the estimate with its limits on a common axis, and the numbers.

    `log` is for ratios; for differences give `log=False, reference=0`. `sides` says what lies left and right of the
    reference. A limit that runs out of the axis ends in an arrow; an estimate that does (0 or infinity on an axis of
    ratios) has no mark, and its text tells it. The axis holds the reference, the estimates and their limits, but no
    limit more than `FARTHEST` times beyond all estimates; `span` sets it by hand. Raises `InputError` for no rows, an
    empty title, or numbers that have no place on the axis.
    """
    raise_any([*_title_problems(title), *_forest_problems(rows, reference, span, log=log)])
    heading, top = titled(title)
    layout = _layout(rows)
    ticks = _forest_ticks(rows, reference, span, log=log)
    scale = Scale(ticks[0], ticks[-1], *layout.plot, log=log)
    heights = [_row_height(row, layout) for row in rows]
    tops = [top + sum(heights[:number]) for number in range(len(rows))]
    bottom = top + sum(heights)
    foot, height = _forest_foot(scale, ticks, bottom, axis_label, sides)
    body = _reference(scale, reference, top, bottom)
    for row, start, tall in zip(rows, tops, heights, strict=True):
        body += _forest_row(row, start, tall, layout, scale)
    told = " ".join(f"{row.label}: {row.said}." for row in rows)
    return picture(title, f"Forest plot. {axis_label or 'Estimate'} with limits. {told}", height, heading + body + foot)


def _forest_problems(
    rows: Sequence[ForestRow], reference: float, span: tuple[float, float] | None, *, log: bool
) -> list[Problem]:
    problems = [] if rows else [Problem("rows", "there are none", "give one row at least")]
    numbers = [("reference", reference), *(("span", end) for end in span or ())]
    if span is not None and not span[0] < span[1]:
        problems.append(Problem("span", f"{span[0]!r} to {span[1]!r} is not in order", "give low, then high"))
    problems += [
        Problem(name, f"{number!r} is not on an axis", "give a finite number")
        for name, number in numbers
        if not math.isfinite(number)
    ]
    if log:
        problems += [_not_a_ratio(name, number) for name, number in numbers if not _FARAWAY[0] < number < _FARAWAY[1]]
        problems += [_not_a_ratio(row.label, number) for row in rows for number in row.numbers if number < 0]
    return problems


def _not_a_ratio(name: str, number: float) -> Problem:
    return Problem(name, f"{number!r} is not a ratio", "differences are drawn with log=False and reference=0")


@attrs.frozen
class _Layout:
    """Where the columns of a forest plot lie: how wide labels may be, the plot, and where the texts begin."""

    label: float
    plot: tuple[float, float]
    text: float


_GAP = 14


def _layout(rows: Sequence[ForestRow]) -> _Layout:
    label = min(210.0, max(wide(row.label) * _weight(row) for row in rows) + 2)
    words = min(170.0, max(wide(row.said) * _weight(row) for row in rows) + 2)
    start, end = MARGIN + label + _GAP, WIDTH - MARGIN - words - _GAP
    return _Layout(label, (start, end), end + _GAP)


def _weight(row: ForestRow) -> float:
    """Bold letters are wider."""
    return 1.1 if row.total else 1.0


def _wrapped_row(row: ForestRow, layout: _Layout) -> tuple[list[str], list[str]]:
    room = WIDTH - MARGIN - layout.text
    return wrapped(row.label, layout.label / _weight(row)), wrapped(row.said, room / _weight(row))


def _row_height(row: ForestRow, layout: _Layout) -> float:
    return max(map(len, _wrapped_row(row, layout))) * SIZE * LINE + (14 if row.total else 9)


def _forest_ticks(
    rows: Sequence[ForestRow], reference: float, span: tuple[float, float] | None, *, log: bool
) -> tuple[float, ...]:
    if span is not None:
        return _ticks_within(*span, log=log)
    numbers = [number for row in rows for number in row.numbers if math.isfinite(number)]
    if not log:
        return even_ticks(min([reference, *numbers]), max([reference, *numbers]))
    floor, ceiling = reference / EXTREME, reference * EXTREME
    points = [reference, *(row.estimate for row in rows if row.estimate is not None)]
    near = [min(max(point, floor), ceiling) for point in points]
    lowest, highest = max(floor, min(near) / FARTHEST), min(ceiling, max(near) * FARTHEST)
    inside = [min(max(number, lowest), highest) for number in numbers]
    return log_ticks(min([*near, *inside]), max([*near, *inside]))


def _ticks_within(low: float, high: float, *, log: bool) -> tuple[float, ...]:
    """The ends that were asked for, with the round numbers between them."""
    round_ones = log_ticks(low, high) if log else even_ticks(low, high)
    return (low, *(tick for tick in round_ones if low < tick < high), high)


def _reference(scale: Scale, reference: float, top: float, bottom: float) -> list[str]:
    if not scale.holds(reference):
        return []
    x = scale(reference)
    return [line(x, top, x, bottom, stroke=QUIET, stroke_dasharray="4 3", class_="ps-reference")]


def _forest_row(row: ForestRow, top: float, tall: float, layout: _Layout, scale: Scale) -> list[str]:
    labels, words = _wrapped_row(row, layout)
    middle = top + (tall + (5 if row.total else 0)) / 2
    parts = centred(MARGIN, middle, labels, bold=row.total) + centred(layout.text, middle, words, bold=row.total)
    if row.total:
        parts.append(line(MARGIN, top + 2, WIDTH - MARGIN, top + 2, stroke=FAINT))
    return parts + _forest_mark(row, middle, scale)


def _forest_mark(row: ForestRow, y: float, scale: Scale) -> list[str]:
    if row.estimate is None:
        return []
    parts = []
    if row.low is not None and row.high is not None:
        start, end = scale(row.low), scale(row.high)
        parts = [line(start, y, end, y, stroke=COLOURS[0], stroke_width=2, class_="ps-limits")]
        parts += [*end_of(row.low, y, scale), *end_of(row.high, y, scale)]
    elif not scale.holds(row.estimate):
        parts = end_of(row.estimate, y, scale)
    return [*parts, mark(scale(row.estimate), y, total=row.total)] if scale.holds(row.estimate) else parts


def _forest_foot(
    scale: Scale, ticks: Sequence[float], y: float, axis_label: str, sides: tuple[str, str]
) -> tuple[list[str], float]:
    """The axis with its ticks and words, and the height of the picture."""
    parts = [line(scale.start, y, scale.end, y), *ticks_below(scale, ticks, y)]
    y += 34
    room = (scale.end - scale.start) / 2 - 6
    left, right = (wrapped(words, room, SMALL) for words in sides)
    if any(sides):
        parts += paragraph(scale.start, y, left, size=SMALL) + paragraph(scale.end, y, right, size=SMALL, anchor="end")
        y += max(len(left), len(right)) * SMALL * LINE + 4
    if axis_label:
        lines = wrapped(axis_label, scale.end - scale.start + 120)
        parts += paragraph((scale.start + scale.end) / 2, y, lines, anchor="middle", fill=QUIET)
        y += len(lines) * SIZE * LINE
    return parts, y + MARGIN - 8


# Kaplan-Meier curves


class _Step(Protocol):
    @property
    def day(self) -> int: ...
    @property
    def events(self) -> int: ...
    @property
    def censored(self) -> int: ...
    @property
    def survival(self) -> float: ...
    @property
    def interval(self) -> Interval | None: ...


class Drawable(Protocol):
    """What is drawn of a Kaplan-Meier curve: see `survival.Curve`."""

    @property
    def of(self) -> int: ...
    @property
    def level(self) -> float: ...
    @property
    def last_day(self) -> int | None: ...
    @property
    def steps(self) -> Sequence[_Step]: ...
    def at(self, day: int) -> float | None: ...
    def at_risk(self, day: int) -> int: ...


_TALL = 240
_QUARTERS: Final = {0.0: "0%", 0.25: "25%", 0.5: "50%", 0.75: "75%", 1.0: "100%"}


def survival_curves(
    curves: Mapping[str, Drawable],
    *,
    at_risk_at: Sequence[int],
    title: str,
    axis_label: str = "share without the event",
    day_label: str = "day",
) -> str:
    """Kaplan-Meier curves as steps with bands of their limits, small ticks where people are censored, and who is left.

    Below the curves stands how many are watched just before each day of `at_risk_at`, which are the ticks as well. A
    curve ends on its last day watched. Raises `InputError` for no curves or more than six, an empty title, and days
    that are below 0, not in order, or too close to be written side by side.
    """
    raise_any([*_title_problems(title), *_curve_problems(curves), *_days_problems(at_risk_at)])
    heading, top = titled(title)
    names = {name: wrapped(name, 140) for name in curves}
    longest = max(wide(words) for lines in names.values() for words in lines)
    left = MARGIN + 42 + max(50.0, longest + max(wide(str(curve.of), SMALL) for curve in curves.values()) / 2)
    last = max(1, *at_risk_at, *(curve.last_day or 0 for curve in curves.values()))
    days = Scale(0, last, left, WIDTH - MARGIN - 10)
    raise_any(_crowded(at_risk_at, curves, days))
    shares = Scale(0, 1, top + 22 + _TALL, top + 22)
    body = [text(MARGIN, top + 6, f"{axis_label}, {_levels(curves)}", fill=QUIET), *grid(_QUARTERS, shares, days)]
    for number, curve in enumerate(curves.values()):
        body += _band(curve, COLOURS[number], days, shares)
    for number, curve in enumerate(curves.values()):
        body += _stairs(curve, number, days, shares)
    table, height = _risk_table(curves, names, at_risk_at, days, shares.start, day_label)
    told = " ".join(_curve_told(name, curve, at_risk_at) for name, curve in curves.items())
    return picture(title, f"Kaplan-Meier curves, {axis_label}. {told}", height, heading + body + table)


def _curve_problems(curves: Mapping[str, Drawable]) -> list[Problem]:
    if 1 <= len(curves) <= len(DASHES):
        return []
    return [Problem("curves", f"there are {len(curves)}", f"give 1 to {len(DASHES)}: more cannot be told apart")]


def _days_problems(days: Sequence[int]) -> list[Problem]:
    if not days:
        return [Problem("at_risk_at", "is empty", "give the days at which to count, such as nice_days(365)")]
    problems = [problem for day in days for problem in count_problems("at_risk_at", day)]
    if not problems and any(late <= early for early, late in pairwise(days)):
        problems = [Problem("at_risk_at", "the days are not in order", "give each day once, the earliest first")]
    return problems


def _crowded(at_risk_at: Sequence[int], curves: Mapping[str, Drawable], days: Scale) -> list[Problem]:
    room = max(wide(str(number), SMALL) for number in (*at_risk_at, *(curve.of for curve in curves.values()))) + 4
    if all(days(late) - days(early) >= room for early, late in pairwise(at_risk_at)):
        return []
    return [Problem("at_risk_at", "the days are too close to be written side by side", "give fewer days")]


def _levels(curves: Mapping[str, Drawable]) -> str:
    levels = sorted({level_text(curve.level) for curve in curves.values()})
    return f"with {' and '.join(levels)} interval"


def _stretches(curve: Drawable) -> list[tuple[int, int, _Step]]:
    """Each step but the last with the days from which until which it lasts: a curve ends with its last step."""
    return [(step.day, after.day, step) for step, after in pairwise(curve.steps)]


def _band(curve: Drawable, colour: str, days: Scale, shares: Scale) -> list[str]:
    lower, upper = [], []
    for start, end, step in _stretches(curve):
        if step.interval is not None:
            lower += [(days(day), shares(step.interval.low)) for day in (start, end)]
            upper += [(days(day), shares(step.interval.high)) for day in (start, end)]
    if not lower:
        return []
    return [polygon([*upper, *reversed(lower)], fill=colour, fill_opacity=0.15, class_="ps-band")]


def _stairs(curve: Drawable, number: int, days: Scale, shares: Scale) -> list[str]:
    """The steps of one curve from all on day 0, and its censored people."""
    if not curve.steps:
        return []
    points, height = [(days(0), shares(1))], shares(1)
    for step in curve.steps:
        if step.events:
            points.append((days(step.day), height))
            height = shares(step.survival)
            points.append((days(step.day), height))
    points.append((days(curve.last_day or 0), height))
    look: dict[str, str | float] = {"stroke": COLOURS[number], "stroke_width": 2}
    return [
        polyline(points, stroke_dasharray=DASHES[number], class_="ps-curve", **look),
        *_censored(curve, number, days, shares),
    ]


def _censored(curve: Drawable, number: int, days: Scale, shares: Scale) -> list[str]:
    """A small tick where somebody is censored; ticks that would touch are one, or the dashes could not be seen."""
    parts, free = [], -math.inf
    for step in curve.steps:
        x, y = days(step.day), shares(step.survival)
        if step.censored and x >= free:
            parts.append(line(x, y - 5, x, y + 5, class_="ps-censored", stroke=COLOURS[number]))
            free = x + 6
    return parts


def _risk_table(
    curves: Mapping[str, Drawable],
    names: Mapping[str, Sequence[str]],
    at_risk_at: Sequence[int],
    days: Scale,
    bottom: float,
    day_label: str,
) -> tuple[list[str], float]:
    """The ticks, and below them a row for each curve: a piece of its line, its name, and how many are at risk."""
    parts = [text(days.start - 12, bottom + 14, day_label, anchor="end", size=SMALL)]
    for day in at_risk_at:
        x = days(day)
        parts.append(line(x, bottom, x, bottom + 5))
        parts.append(text(x, bottom + 14, str(day), anchor="middle", size=SMALL, class_="ps-tick"))
    y = bottom + 38
    parts.append(text(MARGIN, y, "Number at risk (a small upright tick on a curve: censored)", size=SMALL, fill=QUIET))
    y += 20
    for number, (name, curve) in enumerate(curves.items()):
        look: dict[str, str | float] = {"stroke": COLOURS[number], "stroke_dasharray": DASHES[number]}
        parts.append(line(MARGIN, y, MARGIN + 26, y, stroke_width=2, **look))
        parts += paragraph(MARGIN + 32, y, names[name])
        for day in at_risk_at:
            count = str(curve.at_risk(day))
            parts.append(text(days(day), y, count, anchor="middle", size=SMALL, class_="ps-at-risk"))
        y += len(names[name]) * SIZE * LINE + 4
    return parts, y + 4


def _curve_told(name: str, curve: Drawable, at_risk_at: Sequence[int]) -> str:
    events = sum(step.events for step in curve.steps)
    shares = [(day, curve.at(day), curve.at_risk(day)) for day in at_risk_at]
    told = "; ".join(f"day {day}: {_share(share)}, {count} at risk" for day, share, count in shares)
    return f"{name}: {curve.of} people, {events} with the event; {told}."


def _share(share: float | None) -> str:
    return "not watched" if share is None else percent(share)


# attendance by week


@attrs.frozen
class Week:
    """What was offered in a week (places in sessions), how much of it was attended, and what was not recorded.

    What remains was offered and not attended. A number that is None (suppressed, or not known) leaves the whole week
    out of the picture, with a dash. Raises `InputError` when more is attended or not recorded than was offered.
    """

    number: int
    offered: int | None
    attended: int | None
    not_recorded: int | None = 0

    def __attrs_post_init__(self) -> None:
        raise_any(_week_problems(self))

    @property
    def counts(self) -> tuple[int, int, int] | None:
        """What was attended, not recorded and not attended; None unless all of it is known."""
        if self.offered is None or self.attended is None or self.not_recorded is None:
            return None
        return self.attended, self.not_recorded, self.offered - self.attended - self.not_recorded


def _week_problems(week: Week) -> list[Problem]:
    named = {"offered": week.offered, "attended": week.attended, "not_recorded": week.not_recorded}
    problems = count_problems("number", week.number)
    for name, count in named.items():
        problems += [] if count is None else count_problems(name, count)
    if problems or week.offered is None or (week.attended or 0) + (week.not_recorded or 0) <= week.offered:
        return problems
    fault = f"of {week.offered} offered, {week.attended} attended and {week.not_recorded} not recorded are too many"
    return [Problem(f"week {week.number}", fault, "count each place once")]


MOST_WEEKS: Final = 104
"""How many weeks a picture holds."""


def attendance(weeks: Sequence[Week], *, title: str, axis_label: str = "places in sessions") -> str:
    """Attendance by week: for each a bar of what was attended, what is not recorded, and what was not attended.

    Weeks stand at their number, so that a week that is missing leaves a gap. Raises `InputError` for no weeks, an empty
    title, weeks that are not in order, or more than `MOST_WEEKS` from the first to the last.
    """
    raise_any([*_title_problems(title), *_weeks_problems(weeks)])
    heading, top = titled(title)
    known = [sum(week.counts) for week in weeks if week.counts is not None]
    ticks = whole_ticks(max([1, *known]))
    left = MARGIN + wide(str(round(ticks[-1])), SMALL) + 12
    legend, top = _legend(top, dash=len(known) < len(weeks))
    counts = Scale(0, ticks[-1], top + 34 + 200, top + 34)
    slots = Scale(weeks[0].number - 0.5, weeks[-1].number + 0.5, left, WIDTH - MARGIN)
    slot = (slots.end - slots.start) / (weeks[-1].number - weeks[0].number + 1)
    over = "; above each bar: attended/offered" if any(_numbers_fit(week, slot) for week in weeks) else ""
    body = [
        text(MARGIN, top + 2, axis_label + over, fill=QUIET),
        *grid({tick: tick_label(tick) for tick in ticks}, counts, slots),
    ]
    body += [part for week in weeks for part in _bars(week, slots(week.number), slot, counts)]
    body += _week_labels(weeks, slots, counts.start, slot)
    told = " ".join(_week_told(week) for week in weeks)
    return picture(title, f"Bars by week. {told}", counts.start + 56, heading + legend + body)


def _weeks_problems(weeks: Sequence[Week]) -> list[Problem]:
    if not weeks:
        return [Problem("weeks", "there are none", "give one week at least")]
    if any(late.number <= early.number for early, late in pairwise(weeks)):
        return [Problem("weeks", "they are not in order", "give each week once, the earliest first")]
    if weeks[-1].number - weeks[0].number < MOST_WEEKS:
        return []
    return [Problem("weeks", f"more than {MOST_WEEKS} do not fit", "count by months, or draw a part")]


_FILLS: Final[tuple[tuple[str, dict[str, str | float]], ...]] = (
    ("attended", {"fill": COLOURS[0], "stroke": COLOURS[0]}),
    ("not recorded", {"fill": "#e8e8e8", "stroke": INK, "stroke_dasharray": "3 2"}),
    ("not attended", {"fill": "#ffffff", "stroke": INK}),
)


def _legend(top: float, *, dash: bool) -> tuple[list[str], float]:
    parts, x = [], float(MARGIN)
    for name, look in _FILLS:
        parts += [box(x, top + 1, 12, 11, look), text(x + 18, top + 6, name)]
        x += wide(name) + 36
    if dash:
        parts.append(text(x, top + 6, "\u2013  no number shown"))
    return parts, top + 26


def _bars(week: Week, x: float, slot: float, counts: Scale) -> list[str]:
    """The bar of a week from below: attended, not recorded, not attended; above it the numbers, if they fit."""
    if week.counts is None:
        return [text(x, counts.start - 8, "\u2013", anchor="middle", class_="ps-no-number")]
    wide_ = min(36.0, slot * 0.7)
    parts, below = [], 0
    for count, (name, look) in zip(week.counts, _FILLS, strict=True):
        if count:
            top, bottom = counts(below + count), counts(below)
            parts.append(box(x - wide_ / 2, top, wide_, bottom - top, look, f"ps-{name.replace(' ', '-')}"))
        below += count
    if _numbers_fit(week, slot):
        parts.append(text(x, counts(below) - 9, _numbers(week), anchor="middle", size=SMALL, class_="ps-numbers"))
    return parts


def _numbers(week: Week) -> str:
    return f"{week.attended}/{week.offered}"


def _numbers_fit(week: Week, slot: float) -> bool:
    return week.counts is not None and wide(_numbers(week), SMALL) <= slot - 2


def _week_labels(weeks: Sequence[Week], slots: Scale, y: float, slot: float) -> list[str]:
    """The numbers of the weeks, every second or fifth where all of them do not fit."""
    room = max(wide(str(week.number), SMALL) for week in weeks) + 6
    every = next(step for step in (1, 2, 5, 10, 20, 50, MOST_WEEKS) if step * slot >= room or step == MOST_WEEKS)
    written = [week.number for week in weeks if (week.number - weeks[0].number) % every == 0]
    labels = [text(slots(number), y + 14, str(number), anchor="middle", size=SMALL) for number in written]
    return [*labels, text((slots.start + slots.end) / 2, y + 36, "week", anchor="middle", fill=QUIET)]


def _week_told(week: Week) -> str:
    if week.counts is None:
        return f"Week {week.number}: no number shown."
    return f"Week {week.number}: {week.attended} of {week.offered} attended, {week.not_recorded} not recorded."
