"""The parts of a picture as SVG text: elements, texts that wrap, scales and ticks. Same input, same bytes.

There are no ids, no scripts and no fonts to fetch, so that a picture can stand in a notebook beside others, in a file
or in print. It has a white ground and dark ink of its own: it looks the same on a light and on a dark page.
"""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Final, Literal

import attrs

from peersupport.measures.values import shown

WIDTH: Final = 640
"""How wide every picture is, in pixels."""

MARGIN: Final = 16
"""What is left free at the edges."""

SIZE: Final = 12
"""The size of most texts, in pixels; none is smaller than `SMALL`."""

SMALL: Final = 11
HEAD: Final = 15

LINE: Final = 1.25
"""The height of a line of text, as a multiple of its size."""

PAPER: Final = "#ffffff"
INK: Final = "#1a1a1a"
QUIET: Final = "#595959"
FAINT: Final = "#d9d9d9"

COLOURS: Final = ("#0072b2", "#d55e00", "#007a5a", "#a8457e", "#333333", "#7a5c00")
"""Colours that colour-blind people tell apart, after Okabe and Ito, dark enough on white. None is needed to read."""

FONT: Final = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"

Anchor = Literal["start", "middle", "end"]

# elements


def tag(name: str, *children: str, **attributes: str | float) -> str:
    """One element. Attributes are escaped, `_` in their names is `-`; children are SVG already."""
    written = "".join(f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-") if key != "viewBox" else key


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else place(value)


def place(number: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{round(number, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def escaped(text: str) -> str:
    """A text as it may stand in SVG and in HTML; signs that XML does not allow become a replacement sign."""
    return escape("".join(char if _allowed(char) else "\ufffd" for char in text), quote=True)


def _allowed(char: str) -> bool:
    return char in "\t\n" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\ufffe\uffff")


def picture(title: str, description: str, height: float, parts: Iterable[str]) -> str:
    """The whole picture: its ground, its title and description for those who do not see it, and its parts."""
    ground = tag("rect", width=WIDTH, height=height, fill=PAPER)
    head = (tag("title", escaped(title)), tag("desc", escaped(description)))
    return tag(
        "svg",
        *head,
        ground,
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {place(height)}",
        width=WIDTH,
        height=height,
        role="img",
        aria_label=title,
        font_family=FONT,
        font_size=SIZE,
        fill=INK,
        # Not `height:auto` as well: there are programs that draw nothing then.
        style="max-width:100%",
    )


def line(x1: float, y1: float, x2: float, y2: float, **attributes: str | float) -> str:
    """A line from one point to another."""
    look: dict[str, str | float] = {"stroke": INK, "stroke_width": 1, **attributes}
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **look)


def polygon(points: Iterable[tuple[float, float]], **attributes: str | float) -> str:
    """A closed shape through some points."""
    return tag("polygon", points=_points(points), **attributes)


def polyline(points: Iterable[tuple[float, float]], **attributes: str | float) -> str:
    """A line through some points, not filled."""
    return tag("polyline", points=_points(points), fill="none", **attributes)


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{place(x)},{place(y)}" for x, y in points)


def box(x: float, y: float, width: float, height: float, look: Mapping[str, str | float], class_: str = "") -> str:
    """A rectangle with a look."""
    named: dict[str, str | float] = {"class_": class_} if class_ else {}
    return tag("rect", x=x, y=y, width=width, height=height, **look, **named)


# texts


def text(
    x: float,
    y: float,
    words: str,
    *,
    anchor: Anchor = "start",
    size: int = SIZE,
    fill: str = INK,
    bold: bool = False,
    class_: str = "ps-text",
) -> str:
    """One line of text with its middle at the height `y`; `anchor` says which end of it lies at `x`."""
    look: dict[str, str | float] = {"font_size": size, "text_anchor": anchor, "fill": fill, "class_": class_}
    if bold:
        look["font_weight"] = "bold"
    # Not `dominant-baseline`: some programs that print SVG do not know it.
    return tag("text", escaped(words), x=x, y=y + size * 0.36, **look)


def paragraph(
    x: float,
    y: float,
    lines: Sequence[str],
    *,
    anchor: Anchor = "start",
    size: int = SIZE,
    fill: str = INK,
    bold: bool = False,
) -> list[str]:
    """Lines of text with the middle of the first at the height `y`."""
    return [
        text(x, y + number * size * LINE, words, anchor=anchor, size=size, fill=fill, bold=bold)
        for number, words in enumerate(lines)
    ]


def centred(x: float, middle: float, lines: Sequence[str], *, bold: bool) -> list[str]:
    """Lines of text of which the middle lies at a height."""
    return paragraph(x, middle - (len(lines) - 1) * SIZE * LINE / 2, lines, bold=bold)


def wide(words: str, size: int = SIZE) -> float:
    """About how wide a text is, rather too much than too little: the fonts of the reader are not known."""
    return size * sum(map(_em, words))


def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in " .,:;'!|()[]-/fijlrtI1":
        return 0.42
    return 0.9 if char in "mwMW%@" else 0.68 if char.isupper() else 0.61


def wrapped(words: str, room: float, size: int = SIZE) -> list[str]:
    """A text in lines that fit into a width; a word that is too long for one is broken. Always one line at least."""
    lines = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".lstrip()
        if wide(joined, size) <= room:
            lines[-1] = joined
            continue
        broken = _broken(word, room, size)
        lines[-1:] = [lines[-1], *broken] if lines[-1] else broken
    return lines


def _broken(word: str, room: float, size: int) -> list[str]:
    parts = [""]
    for char in word:
        if parts[-1] and wide(parts[-1] + char, size) > room:
            parts.append("")
        parts[-1] += char
    return parts


def titled(title: str) -> tuple[list[str], float]:
    """The heading, and the height at which the picture goes on below it."""
    lines = wrapped(title, WIDTH - 2 * MARGIN, HEAD + 1)
    parts = paragraph(MARGIN, MARGIN + HEAD / 2, lines, size=HEAD, bold=True)
    return parts, MARGIN + len(lines) * HEAD * LINE + 10


# scales


_UNSEEN = 1e-6


@attrs.frozen
class Scale:
    """Where numbers from `low` to `high` lie between the pixels `start` and `end`, evenly or by their logarithm."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, number: float) -> float:
        """The pixel of a number; an end where it lies beyond, as 0 does on a scale of logarithms."""
        if number <= self.low:
            return self.start
        if number >= self.high:
            return self.end
        turn: Callable[[float], float] = math.log if self.log else float
        share = (turn(number) - turn(self.low)) / (turn(self.high) - turn(self.low))
        return self.start + share * (self.end - self.start)

    def holds(self, number: float) -> bool:
        """Whether a number lies on the scale; one that is beyond an end by less than can be seen does."""
        if self.log:
            return self.low * (1 - _UNSEEN) <= number <= self.high * (1 + _UNSEEN)
        slack = _UNSEEN * (self.high - self.low)
        return self.low - slack <= number <= self.high + slack


def even_ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round numbers, evenly spaced, from one at or below `low` to one at or above `high`; about `most` of them."""
    span = high - low if high - low > _UNSEEN**2 else max(abs(low), abs(high), _UNSEEN)
    step = next(step for step in _round_steps(span / most) if span / step <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1))


def _round_steps(rough: float) -> Iterable[float]:
    ten = math.floor(math.log10(rough))
    return (digit * 10.0**power for power in range(ten, ten + 3) for digit in (1, 2, 5))


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Powers of 2, or of 4, 10, 100 … where those are too many, from one at or below `low` to one at or above `high`.

    One is always among them, with a neighbour on each side.
    """
    bases = itertools.chain(((2.0, 8), (4.0, 6)), ((10.0**power, 8) for power in itertools.count(1)))
    return next(
        ticks for ticks, most in ((_powers(base, low, high), most) for base, most in bases) if len(ticks) <= most
    )


def _powers(base: float, low: float, high: float) -> tuple[float, ...]:
    first = min(-1, math.floor(math.log(low, base) + 1e-9))
    last = max(1, math.ceil(math.log(high, base) - 1e-9))
    return tuple(base**power for power in range(first, last + 1))


def figures(numbers: Sequence[float]) -> list[str]:
    """Numbers that stand side by side: two decimals, three where shares of less than a tenth ask for them."""
    fine = all(abs(number) < 1 for number in numbers) and any(0 < abs(number) < 0.1 for number in numbers)
    return [_figure(number, fine=fine) for number in numbers]


def _figure(number: float, *, fine: bool) -> str:
    size = abs(number)
    if not 0.0005 <= size < 1e6:
        return shown(number)
    return f"{number:.{3 if fine or size < 0.1 else 2 if size < 10 else 1 if size < 100 else 0}f}"


def tick_label(number: float) -> str:
    """A tick as it is written: as short as it can be."""
    return f"{number:g}"


def whole_ticks(most: int) -> tuple[float, ...]:
    """Round whole numbers from 0 to one at or above `most`."""
    return tuple(tick for tick in even_ticks(0, most, 5) if tick == round(tick))


_DAY_STEPS = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365)


def nice_days(last: int, most: int = 8) -> tuple[int, ...]:
    """Days from 0 up to `last` at which to count who is at risk: weeks, months of 30 days, quarters or years."""
    steps = (*_DAY_STEPS, *(365 * years for years in range(2, last // 365 + 2)))
    step = next(step for step in steps if last // step < most)
    return tuple(range(0, last + 1, step))


def ticks_below(scale: Scale, ticks: Sequence[float], y: float) -> list[str]:
    """Ticks at and numbers below an axis; a number that would touch the one before is left out."""
    parts, free = [], -math.inf
    for tick in ticks:
        x, words = scale(tick), tick_label(tick)
        parts.append(line(x, y, x, y + 5))
        half = wide(words, SMALL) / 2
        if x - half < free:
            continue
        parts.append(text(x, y + 14, words, anchor="middle", size=SMALL, class_="ps-tick"))
        free = x + half + 3
    return parts


def grid(ticks: Mapping[float, str], scale: Scale, across: Scale) -> list[str]:
    """Faint lines across a picture at the ticks of an upright scale, with their words to the left; 0 is dark."""
    parts = []
    for tick, words in ticks.items():
        y = scale(tick)
        parts.append(line(across.start, y, across.end, y, stroke=FAINT if tick else INK))
        parts.append(text(across.start - 7, y, words, anchor="end", size=SMALL))
    return parts


# marks


def mark(x: float, y: float, *, total: bool) -> str:
    """The mark of an estimate: a square, or a diamond for a total."""
    if total:
        corners = ((x - 7, y), (x, y - 7), (x + 7, y), (x, y + 7))
        return polygon(corners, fill=INK, class_="ps-mark")
    return tag("rect", x=x - 4, y=y - 4, width=8, height=8, fill=COLOURS[0], class_="ps-mark")


def end_of(limit: float, y: float, scale: Scale) -> list[str]:
    """The end of an interval: a small bar, or an arrow where it runs out of the axis."""
    x = scale(limit)
    if scale.holds(limit):
        return [line(x, y - 4, x, y + 4, stroke=COLOURS[0], stroke_width=2)]
    tip = 7 if limit > scale.high else -7
    return [polygon(((x + tip, y), (x, y - 5), (x, y + 5)), fill=COLOURS[0], class_="ps-arrow")]


# in a notebook


def html(svg: str, table_rows: Iterable[Mapping[str, object]], caption: str) -> str:
    """A result as a notebook shows it: the picture (SVG of this module, or empty), its numbers as a table, a caption.

    The columns are those of the first row. None is a dash, decimal numbers have three figures that count. All texts but
    `svg` are escaped, and the table takes the colours of the page.
    """
    rows = list(table_rows)
    names = list(rows[0]) if rows else []
    cells = "".join(tag("th", escaped(name), scope="col", style=_CELL) for name in names)
    head = tag("thead", tag("tr", cells)) if cells else ""
    body = "".join(tag("tr", *(_cell(row.get(name)) for name in names)) for row in rows)
    table = tag("table", head, tag("tbody", body), style="border-collapse:collapse") if names else ""
    return tag("figure", svg, table, tag("figcaption", escaped(caption)), style="margin:0")


_CELL = "padding:2px 10px;text-align:right;border-bottom:1px solid currentColor"
_WORDS = _CELL.replace("right", "left")


def _cell(value: object) -> str:
    if isinstance(value, str):
        return tag("td", escaped(value), style=_WORDS)
    words = "\u2013" if value is None else shown(value) if isinstance(value, float) else str(value)
    return tag("td", escaped(words), style=_CELL)
