"""Pictures: well-formed, complete, with every mark where its number lies, and nothing for what has no number."""

from __future__ import annotations

import itertools
import math
import string
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from peersupport import InputError
from peersupport.measures import drawing
from peersupport.measures.pictures import ForestRow, Week, attendance, forest, html, nice_days, survival_curves
from peersupport.measures.survival import Curve, Time, kaplan_meier

SVG = "{http://www.w3.org/2000/svg}"
NASTY = '<script>alert("x")</script> & \x00\x0b\x1b'


def parsed(svg: str) -> ET.Element:
    """A picture as a tree of elements, which is refused when it is not well-formed."""
    return ET.fromstring(svg)  # noqa: S314 -- our own text


def of_class(svg: str, name: str) -> list[ET.Element]:
    """The elements of a class, in their order."""
    return [element for element in parsed(svg).iter() if element.get("class") == name]


def number(element: ET.Element, name: str) -> float:
    """An attribute that is a number."""
    return float(element.get(name, "nan"))


def points(element: ET.Element) -> list[tuple[float, float]]:
    """The corners of a shape."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in element.get("points", "").split())]


def texts(svg: str) -> list[str]:
    """The texts that are drawn, in their order."""
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def squeezed(text: str) -> str:
    """A text without its blanks: lines are broken at them, and long words without them."""
    return "".join(text.split())


def drawn(svg: str) -> str:
    """All texts that are drawn, without blanks."""
    return squeezed("".join(texts(svg)))


def described(svg: str) -> str:
    """The description for those who do not see the picture."""
    return parsed(svg).findtext(f"{SVG}desc") or ""


def faults(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """The places of what is wrong."""
    return [problem.place for problem in error.value.problems]


def events(*days: int) -> list[Time]:
    """Times that ended in the event."""
    return [Time(day, event=True) for day in days]


def cut(*days: int) -> list[Time]:
    """Times that were cut short."""
    return [Time(day, event=False) for day in days]


CURVES = st.lists(st.builds(Time, days=st.integers(0, 400), event=st.booleans()), max_size=30).map(kaplan_meier)
RATIOS = st.floats(0.05, 20)
NAMES = st.text(string.ascii_letters + " ,-äß東京", min_size=1, max_size=80)


@st.composite
def ratios(draw: st.DrawFn, label: str = "a row") -> ForestRow:
    """A row with a ratio and its limits."""
    estimate = draw(RATIOS)
    low, high = estimate / draw(st.floats(1, 40)), estimate * draw(st.floats(1, 40))
    return ForestRow(label, estimate, low, high, total=draw(st.booleans()))


@st.composite
def weeks(draw: st.DrawFn) -> list[Week]:
    """Some weeks, of which numbers may not be shown."""
    numbers = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=30)))
    found = []
    for each in numbers:
        attended, missed, unknown = (draw(st.integers(0, 40)) for _ in range(3))
        offered = attended + missed + unknown
        counts: list[int | None] = [offered, attended, unknown]
        hidden = draw(st.sampled_from([None, None, 0, 1, 2]))
        if hidden is not None:
            counts[hidden] = None
        found.append(Week(each, *counts))
    return found


SITUATIONS: dict[str, Callable[[], str]] = {
    "one row": lambda: forest([ForestRow("all", 1.03, 0.97, 1.09)], title="One row"),
    "twenty rows": lambda: forest(
        [
            *(ForestRow(f"center {place}", 0.1 * place, 0.05 * place, 0.3 * place) for place in range(1, 20)),
            ForestRow("pooled", 0.8, 0.7, 0.9, total=True),
        ],
        title="Twenty rows",
        axis_label="odds ratio",
    ),
    "long words": lambda: forest(
        [
            ForestRow("people whose stay in the hospital lasted longer than fourteen days, living alone", 0.02, 0, 1.4),
            ForestRow("Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz", 3.1, 0.9, math.inf),
            ForestRow("all of them " * 9, 1.25, 0.98, 1.6, text="of 1234 who are known " * 5, total=True),
            ForestRow("both empty", None, text="not estimable: nobody had an event in either of the two arms"),
        ],
        title="A title that is much too long for one line, so that it goes on in a second one, and in a third " * 2,
        sides=("fewer contacts per person-year with peer support", "more contacts per person-year with peer support"),
        axis_label="rate ratio with the exact conditional interval at the level of ninety-five percent",
    ),
    "differences": lambda: forest(
        [ForestRow("women", -0.08, -0.2, 0.04), ForestRow("all", -0.088, -0.17, -0.003, total=True)],
        title="Difference",
        reference=0,
        log=False,
    ),
    "nothing known": lambda: forest([ForestRow("a", None), ForestRow("b", None, text="suppressed")], title="Nothing"),
    "two curves": lambda: survival_curves(
        {
            "self-management": kaplan_meier([*events(*range(3, 300, 5)), *cut(*range(10, 365, 9))]),
            "usual care": kaplan_meier([*events(*range(2, 300, 4)), *cut(*range(10, 365, 9))]),
        },
        at_risk_at=[0, 60, 120, 180, 240, 300, 360],
        title="Time to readmission",
    ),
    "a long name": lambda: survival_curves(
        {"an arm with a very long name that needs more than one line": kaplan_meier(events(*range(2000)))},
        at_risk_at=nice_days(2000),
        title="Long",
    ),
    "many people": lambda: survival_curves(
        {"self-management": kaplan_meier(events(9) * 12345)}, at_risk_at=[0, 5, 9], title="Many"
    ),
    "all censored": lambda: survival_curves({"all": kaplan_meier(cut(3, 30))}, at_risk_at=[0, 30], title="Censored"),
    "nobody": lambda: survival_curves({"nobody": kaplan_meier([])}, at_risk_at=[0], title="Nobody"),
    "twelve weeks": lambda: attendance([Week(each, 12, 12 - each, each % 2) for each in range(1, 12)], title="Weeks"),
    "a year": lambda: attendance([Week(each, 140, 90, 5) for each in range(1, 53)], title="A year"),
    "one week": lambda: attendance([Week(7, 1, 1)], title="One"),
    "no numbers": lambda: attendance([Week(1, None, None), Week(2, 30, 22)], title="Some are suppressed"),
}


# every picture


@pytest.mark.parametrize("draw", SITUATIONS.values(), ids=SITUATIONS)
def test_a_picture_stands_alone(draw: Callable[[], str]) -> None:
    """It has a ground of its own, a role, a title first and a description; no ids, scripts or links."""
    svg = draw()
    root = parsed(svg)
    assert (root.tag, root.get("role"), root.get("width")) == (f"{SVG}svg", "img", "640")
    assert [child.tag for child in root][:3] == [f"{SVG}title", f"{SVG}desc", f"{SVG}rect"]
    assert root.get("aria-label") == root.findtext(f"{SVG}title")
    assert described(svg)
    assert (root[2].get("fill"), root[2].get("width"), root[2].get("height")) == ("#ffffff", "640", root.get("height"))
    allowed = {"svg", "title", "desc", "rect", "line", "polyline", "polygon", "text"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert not [name for element in root.iter() for name in element.attrib if name in {"id", "href", "onload"}]


@pytest.mark.parametrize("draw", SITUATIONS.values(), ids=SITUATIONS)
def test_a_picture_is_the_same_each_time(draw: Callable[[], str]) -> None:
    """Same input, same bytes."""
    assert draw() == draw()


@pytest.mark.parametrize("draw", SITUATIONS.values(), ids=SITUATIONS)
def test_no_text_is_small_leaves_the_picture_or_lies_on_another(draw: Callable[[], str]) -> None:
    """Texts are 11 pixels or more, lie inside, and do not overlap, by a width that is rather too much."""
    root = parsed(draw())
    boxes = [_box(element) for element in root.iter(f"{SVG}text")]
    for left, top, right, bottom in boxes:
        assert -1 <= left < right <= 641
        assert 0 <= top < bottom <= number(root, "height")
    for one, two in itertools.combinations(boxes, 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert apart, (one, two)


def _box(element: ET.Element) -> tuple[float, float, float, float]:
    size = int(number(element, "font-size"))
    assert size >= 11
    width = drawing.wide(element.text or "", size) * (1.1 if element.get("font-weight") == "bold" else 1)
    x, y = number(element, "x"), number(element, "y")
    left = {"start": x, "middle": x - width / 2, "end": x - width}[element.get("text-anchor", "")]
    return left, y - size * 0.8, left + width, y + size * 0.2


@pytest.mark.parametrize(
    "draw",
    [
        lambda: forest(
            [ForestRow(NASTY, 1.0, 0.5, 2, text=NASTY)], title=NASTY, axis_label=NASTY, sides=(NASTY, NASTY)
        ),
        lambda: survival_curves({NASTY: kaplan_meier(events(3))}, at_risk_at=[0], title=NASTY, axis_label=NASTY),
        lambda: attendance([Week(1, 2, 1)], title=NASTY, axis_label=NASTY),
    ],
)
def test_texts_are_escaped(draw: Callable[[], str]) -> None:
    """Markup in a text is text, and what XML does not allow is replaced."""
    svg = draw()
    assert not list(parsed(svg).iter(f"{SVG}script"))
    assert '<script>alert("x")</script>&\ufffd\ufffd\ufffd' in drawn(svg) + squeezed(described(svg))
    assert parsed(svg).findtext(f"{SVG}title") == "".join(
        "\ufffd" if char in "\x00\x0b\x1b" else char for char in NASTY
    )


@given(NAMES)
@example("of 1234 who are known to the team " * 3)
def test_bold_words_stay_inside_too(words: str) -> None:
    """Bold letters are wider: a total has narrower lines."""
    svg = forest([ForestRow(words, 1.0, text=words, total=True)], title="Bold")
    assert all(_box(element)[2] <= 640 - 16 + 0.01 for element in parsed(svg).iter(f"{SVG}text"))


@given(st.text(min_size=1))
@example("a label that goes on for some lines " * 5)
def test_any_label_is_drawn_whole(label: str) -> None:
    """Whatever the signs of a label, and of what stands beside it, the picture is well-formed and has all of them."""
    svg = forest([ForestRow(label, None, text=f"-{label}")], title="Any")
    allowed = "".join("\ufffd" if drawing.escaped(char) == "\ufffd" else char for char in squeezed(label))
    assert drawn(svg).startswith(f"Any{allowed}-{allowed}")


@pytest.mark.parametrize(
    "draw",
    [
        lambda title: forest([ForestRow("a", 1.0)], title=title),
        lambda title: survival_curves({"a": kaplan_meier([])}, at_risk_at=[0], title=title),
        lambda title: attendance([Week(1, 2, 1)], title=title),
    ],
)
def test_a_picture_without_a_title_is_refused(draw: Callable[[str], str]) -> None:
    """Those who do not see it would not know what it is."""
    with pytest.raises(InputError) as error:
        draw("  ")
    assert faults(error) == ["title"]


# the forest plot


def axis(svg: str, *, log: bool) -> Callable[[float], float]:
    """Where a number lies, by the first and the last number that stand below the axis."""
    ticks = of_class(svg, "ps-tick")
    turn = math.log if log else float
    (low, start), (high, end) = ((float(tick.text or ""), number(tick, "x")) for tick in (ticks[0], ticks[-1]))
    return lambda value: start + (turn(value) - turn(low)) / (turn(high) - turn(low)) * (end - start)


def centre(mark: ET.Element) -> float:
    """The middle of a mark: a square or a diamond."""
    if mark.tag == f"{SVG}rect":
        return number(mark, "x") + number(mark, "width") / 2
    return sum(x for x, _ in points(mark)) / 4


@given(st.lists(ratios(), min_size=1, max_size=8))
@example([ForestRow("zero", 0.5, 0.0, 2), ForestRow("endless", 2, 1, math.inf)])
def test_marks_and_limits_lie_where_their_numbers_are(rows: list[ForestRow]) -> None:
    """Every ratio has its mark at its place on the axis; a limit inside lies there too, one outside has an arrow."""
    svg = forest(rows, title="Ratios")
    where = axis(svg, log=True)
    marks, limits = of_class(svg, "ps-mark"), of_class(svg, "ps-limits")
    low, high = (float(tick.text or "") for tick in (of_class(svg, "ps-tick")[0], of_class(svg, "ps-tick")[-1]))
    out = 0
    for row, mark, limit in zip(rows, marks, limits, strict=True):
        assert row.estimate is not None
        assert row.low is not None
        assert row.high is not None
        assert centre(mark) == pytest.approx(where(row.estimate), abs=0.1)
        assert number(limit, "x1") == pytest.approx(where(max(row.low, low)), abs=0.1)
        assert number(limit, "x2") == pytest.approx(where(min(row.high, high)), abs=0.1)
        out += (row.low < low) + (row.high > high)
    assert len(of_class(svg, "ps-arrow")) == out
    (reference,) = of_class(svg, "ps-reference")
    assert number(reference, "x1") == number(reference, "x2") == pytest.approx(where(1), abs=0.1)


@given(st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=8))
@example([(0.0, 0.0, 5e-324)])
@example([(0.0, 0.5, 5e-324)])
@example([(0.3, 0.0, 0.0)])
def test_differences_lie_on_an_even_axis(numbers: list[tuple[float, float, float]]) -> None:
    """A difference and its limits lie at their places, evenly."""
    rows = [ForestRow("a row", mid, mid - less, mid + more) for mid, less, more in numbers]
    svg = forest(rows, title="Differences", reference=0, log=False)
    where = axis(svg, log=False)
    for row, mark, limit in zip(rows, of_class(svg, "ps-mark"), of_class(svg, "ps-limits"), strict=True):
        places = [where(each) for each in (row.estimate, row.low, row.high) if each is not None]
        assert [centre(mark), number(limit, "x1"), number(limit, "x2")] == pytest.approx(places, abs=0.1)
    assert not of_class(svg, "ps-arrow")


@given(st.lists(ratios("shown"), min_size=1, max_size=5), st.sampled_from(["suppressed", ""]))
def test_what_has_no_number_leaves_no_trace_but_its_words(rows: list[ForestRow], text: str) -> None:
    """A row without an estimate has no mark and moves no axis: only its label and why there is nothing."""
    hidden = ForestRow("hidden", None, text=text)
    with_it, without = (forest(each, title="Rows") for each in ([*rows, hidden], rows))
    for name in ("ps-mark", "ps-limits", "ps-arrow"):
        assert len(of_class(with_it, name)) == len(of_class(without, name))
    assert [tick.text for tick in of_class(with_it, "ps-tick")] == [tick.text for tick in of_class(without, "ps-tick")]
    assert f"hidden{squeezed(text or 'not estimable')}" in drawn(with_it)


def test_an_estimate_off_the_axis_has_an_arrow_and_no_mark() -> None:
    """A ratio of 0, or without bound, lies nowhere on an axis of ratios; the numbers stand beside it."""
    svg = forest([ForestRow("none", 0.0, 0.0, 1.363), ForestRow("all", math.inf)], title="Zero")
    assert not of_class(svg, "ps-mark")
    left, right = of_class(svg, "ps-arrow")
    assert points(left)[0][0] < points(left)[1][0]
    assert points(right)[0][0] > points(right)[1][0]
    assert "0 (0 to 1.36)" in texts(svg)
    assert "infinity (no interval)" in texts(svg)


def test_a_limit_far_beyond_all_estimates_does_not_press_the_rest_together() -> None:
    """An interval from almost 0 to a thousand million ends in arrows; the axis stays with the estimates."""
    svg = forest([ForestRow("wide", 0.9, 1e-9, 1e9), ForestRow("narrow", 1.2, 1.1, 1.3)], title="Wide")
    assert len(of_class(svg, "ps-arrow")) == 2
    ticks = [float(tick.text or "") for tick in of_class(svg, "ps-tick")]
    assert 0.05 < ticks[0] < ticks[-1] < 20


def test_ratios_have_the_usual_ticks() -> None:
    """Powers of 2 around 1."""
    svg = forest([ForestRow("a", 0.9, 0.3, 3.5)], title="Ticks")
    assert [tick.text for tick in of_class(svg, "ps-tick")] == ["0.25", "0.5", "1", "2", "4"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ForestRow("a", 0.768, 0.58, 1.012), "0.77 (0.58 to 1.01)"),
        (ForestRow("a", -0.0877, -0.17, 0.003), "-0.088 (-0.170 to 0.003)"),
        (ForestRow("a", 0.02, 0, 12.34), "0.020 (0 to 12.3)"),
        (ForestRow("a", 1.5, 0.25, 123.4), "1.50 (0.25 to 123)"),
        (ForestRow("a", 1.5), "1.50 (no interval)"),
        (ForestRow("a", 1.5, 1, 2, text="64/221 v 83/220"), "64/221 v 83/220"),
        (ForestRow("a", None), "not estimable"),
        (ForestRow("a", None, text="suppressed"), "suppressed"),
    ],
)
def test_what_is_written_beside_a_row(row: ForestRow, said: str) -> None:
    """The numbers with two decimals, three where shares below a tenth ask for them; or what the row says itself."""
    assert row.said == said
    assert squeezed(said) in drawn(forest([row], title="Said", reference=0, log=False))


def test_a_total_is_a_diamond_set_off_and_bold() -> None:
    """A total differs from the rows by its shape and its letters, not by colour."""
    svg = forest([ForestRow("women", 0.8, 0.7, 0.9), ForestRow("all", 0.85, 0.8, 0.9, total=True)], title="Total")
    assert [mark.tag for mark in of_class(svg, "ps-mark")] == [f"{SVG}rect", f"{SVG}polygon"]
    bold = [element.text for element in parsed(svg).iter(f"{SVG}text") if element.get("font-weight") == "bold"]
    assert bold == ["Total", "all", "0.85 (0.80 to 0.90)"]


def test_the_axis_can_be_set_by_hand() -> None:
    """With a span the axis ends there; the reference is drawn only if it lies on it."""
    row = ForestRow("a", 3, 1.5, 9)
    svg = forest([row], title="By hand", span=(1.2, 6))
    assert [tick.text for tick in of_class(svg, "ps-tick")] == ["1.2", "2", "4", "6"]
    assert (len(of_class(svg, "ps-arrow")), len(of_class(svg, "ps-reference"))) == (1, 0)
    svg = forest([row], title="By hand", span=(-1, 10), log=False)
    assert [tick.text for tick in of_class(svg, "ps-tick")] == ["-1", "0", "2", "4", "6", "8", "10"]
    assert len(of_class(svg, "ps-reference")) == 1


def test_numbers_that_would_touch_are_left_out_below_the_axis() -> None:
    """Two ends of an axis that lie close keep their ticks, and one number."""
    svg = forest([ForestRow("a", 3, 1.5, 9)], title="Close", span=(0.99, 4096))
    words = [tick.text for tick in of_class(svg, "ps-tick")]
    assert words[0] == "0.99"
    assert "1" not in words


def test_the_forest_is_told_to_those_who_do_not_see_it() -> None:
    """The description has every row with its numbers."""
    svg = forest([ForestRow("women", 0.8, 0.7, 0.9), ForestRow("men", None)], title="Told", axis_label="risk ratio")
    assert described(svg) == "Forest plot. risk ratio with limits. women: 0.80 (0.70 to 0.90). men: not estimable."


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [
        ((None, 0.5, 2), "limits without an estimate"),
        ((1, 0.5, None), "one limit without the other"),
        ((1, None, 2), "one limit without the other"),
        ((1, 2, 0.5), "not in order"),
        ((math.nan, None, None), "no result"),
        ((1, math.nan, 2), "no result"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    numbers: tuple[float | None, float | None, float | None], fault: str
) -> None:
    """Limits without an estimate above all: they would show what is suppressed."""
    with pytest.raises(InputError, match=fault) as error:
        ForestRow("women", *numbers)
    assert faults(error) == ["women"]


def test_what_has_no_place_on_an_axis_of_ratios_is_refused_all_at_once() -> None:
    """A difference below 0, and a reference or an end of 0, each by its name."""
    with pytest.raises(InputError, match="log=False") as error:
        forest([ForestRow("women", -0.1, -0.2, 0.1)], title="", reference=0, span=(0, 5))
    assert faults(error) == ["title", "reference", "span", "women", "women"]


@pytest.mark.parametrize("span", [(2.0, 1.0), (1.0, 1.0), (1.0, math.inf), (math.nan, 1.0)])
def test_an_axis_has_two_ends_in_order(span: tuple[float, float]) -> None:
    """Ends that are not in order, or not finite, are refused."""
    with pytest.raises(InputError) as error:
        forest([ForestRow("a", 1.0)], title="Span", span=span, log=False)
    assert set(faults(error)) == {"span"}


def test_a_forest_without_rows_is_refused() -> None:
    """There is nothing to draw."""
    with pytest.raises(InputError) as error:
        forest([], title="Empty", reference=math.inf, log=False)
    assert faults(error) == ["rows", "reference"]


# Kaplan-Meier curves


def heights(svg: str) -> Callable[[float], float]:
    """Where a share lies, by the numbers beside the axis."""
    marks = {element.text: number(element, "y") for element in parsed(svg).iter(f"{SVG}text")}
    return lambda share: marks["0%"] + share * (marks["100%"] - marks["0%"]) - 11 * 0.36


def days_of(svg: str) -> Callable[[float], float]:
    """Where a day lies, by the first and the last tick."""
    ticks = of_class(svg, "ps-tick")
    (low, start), (high, end) = ((float(tick.text or ""), number(tick, "x")) for tick in (ticks[0], ticks[-1]))
    return lambda day: start + (day - low) / (high - low) * (end - start)


@given(CURVES)
def test_steps_and_bands_lie_where_survival_and_limits_are(curve: Curve) -> None:
    """The line goes down on each day with events, to its survival, and ends on the last day watched."""
    svg = survival_curves({"all": curve}, at_risk_at=[0, 400], title="Steps")
    day, share = days_of(svg), heights(svg)
    assert [element.tag for element in of_class(svg, "ps-curve")] == [f"{SVG}polyline"] * bool(curve.of)
    corners, height = [(0, 1.0)], 1.0
    for step in (step for step in curve.steps if step.events):
        corners += [(step.day, height), (step.day, step.survival)]
        height = step.survival
    for line in of_class(svg, "ps-curve"):
        expected = [*corners, (curve.last_day or 0, height)]
        assert points(line) == [pytest.approx((day(x), share(y)), abs=0.05) for x, y in expected]
    lasting = [(step, after.day) for step, after in itertools.pairwise(curve.steps) if step.interval]
    upper = [(at, step.interval.high) for step, end in lasting if step.interval for at in (step.day, end)]
    lower = [(at, step.interval.low) for step, end in lasting if step.interval for at in (step.day, end)]
    bands = [points(band) for band in of_class(svg, "ps-band")]
    outline = [pytest.approx((day(x), share(y)), abs=0.05) for x, y in [*upper, *reversed(lower)]]
    assert bands == ([outline] if outline else [])


@given(CURVES)
def test_who_is_at_risk_stands_below_the_day(curve: Curve) -> None:
    """For each day asked the number stands right below its tick."""
    asked = [0, 100, 250, 400]
    svg = survival_curves({"all": curve}, at_risk_at=asked, title="At risk")
    ticks, counts = of_class(svg, "ps-tick"), of_class(svg, "ps-at-risk")
    assert [tick.text for tick in ticks] == [str(day) for day in asked]
    assert [count.text for count in counts] == [str(curve.at_risk(day)) for day in asked]
    assert [number(count, "x") for count in counts] == [number(tick, "x") for tick in ticks]


@given(CURVES)
def test_censored_people_are_small_ticks_on_the_curve(curve: Curve) -> None:
    """Each lies on the line at a day with censored people; of those that would touch the first is drawn."""
    svg = survival_curves({"all": curve}, at_risk_at=[0, 400], title="Censored")
    day, share = days_of(svg), heights(svg)
    expected: list[tuple[float, float]] = []
    for step in (step for step in curve.steps if step.censored):
        if not expected or day(step.day) - expected[-1][0] >= 6 - 1e-9:
            expected.append((day(step.day), share(step.survival)))
    ticks = of_class(svg, "ps-censored")
    found = [(number(tick, "x1"), (number(tick, "y1") + number(tick, "y2")) / 2) for tick in ticks]
    assert found == [pytest.approx(each, abs=0.05) for each in expected]


def test_curves_differ_without_colour() -> None:
    """Each has dashes of its own, on the curve and beside its name."""
    curves = {f"arm {place}": kaplan_meier(events(*range(place, 20))) for place in range(6)}
    svg = survival_curves(curves, at_risk_at=[0, 10], title="Six")
    dashes = [line.get("stroke-dasharray") for line in of_class(svg, "ps-curve")]
    samples = [line.get("stroke-dasharray") for line in parsed(svg).iter(f"{SVG}line")]
    assert len(set(dashes)) == 6
    assert [each for each in samples if each in dashes] == dashes


def test_the_curves_are_told_to_those_who_do_not_see_them() -> None:
    """The description has each curve with its numbers, and says where nobody was watched any more."""
    curve = kaplan_meier([*events(2), *cut(4, 6)])
    svg = survival_curves({"arm": curve}, at_risk_at=[0, 3, 7], title="Told")
    assert described(svg) == (
        "Kaplan-Meier curves, share without the event. arm: 3 people, 1 with the event; day 0: 100.0 %, 3 at risk; "
        "day 3: 66.7 %, 2 at risk; day 7: not watched, 0 at risk."
    )


def test_the_levels_of_the_bands_are_named() -> None:
    """What a band is stands above the curves, for each level that is there."""
    curves = {"a": kaplan_meier(events(1, 2), level=0.8), "b": kaplan_meier(events(1, 3), level=0.95)}
    assert "share without the event, with 80 % and 95 % interval" in texts(
        survival_curves(curves, at_risk_at=[0, 3], title="Levels")
    )


@pytest.mark.parametrize("count", [0, 7])
def test_no_curves_and_too_many_are_refused(count: int) -> None:
    """More than six cannot be told apart."""
    curves = {str(place): kaplan_meier(events(1)) for place in range(count)}
    with pytest.raises(InputError) as error:
        survival_curves(curves, at_risk_at=[0], title="Count")
    assert faults(error) == ["curves"]


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ([], "empty"),
        ([0, -5], "below 0"),
        ([0, 5, 5], "not in order"),
        ([5, 0], "not in order"),
        (list(range(0, 365, 7)), "too close"),
    ],
)
def test_days_that_cannot_be_written_below_are_refused(days: Sequence[int], fault: str) -> None:
    """Days are 0 or more, in order, and have room for their numbers."""
    with pytest.raises(InputError, match=fault) as error:
        survival_curves({"a": kaplan_meier(events(365))}, at_risk_at=days, title="Days")
    assert faults(error) == ["at_risk_at"]


@given(st.integers(0, 20_000))
def test_nice_days_are_evenly_spaced_from_0_and_few(last: int) -> None:
    """At most eight days, in steps of weeks, months, quarters or years, with less than a step left over."""
    days = nice_days(last)
    assert (days[0], len(days) <= 8) == (0, True)
    steps = {after - before for before, after in itertools.pairwise(days)}
    assert len(steps) <= 1
    assert last - days[-1] < (steps.pop() if steps else 1)


@pytest.mark.parametrize(("last", "step"), [(6, 1), (30, 5), (90, 14), (365, 60), (730, 180), (5000, 730)])
def test_nice_days_are_days_that_people_count_in(last: int, step: int) -> None:
    """Fortnights of a quarter, months of 30 days in twos of a year, years of five thousand days."""
    assert nice_days(last)[1] == step


# attendance


@given(weeks())
def test_bars_are_as_tall_as_their_numbers(found: list[Week]) -> None:
    """From below attended, not recorded, not attended, each as tall as its number; nothing for 0 or None."""
    assume(any(week.counts and sum(week.counts) for week in found))
    svg = attendance(found, title="Weeks")
    known = [week.counts for week in found if week.counts is not None]
    names = ("ps-attended", "ps-not-recorded", "ps-not-attended")
    bars = [[number(bar, "height") for bar in of_class(svg, name)] for name in names]
    counts = [[count[place] for count in known if count[place]] for place in range(3)]
    assert [len(each) for each in bars] == [len(each) for each in counts]
    total = sum(map(sum, bars)) / sum(map(sum, counts))
    for tall, number_of in zip(itertools.chain(*bars), itertools.chain(*counts), strict=True):
        assert tall == pytest.approx(number_of * total, abs=0.05)
    assert len(of_class(svg, "ps-no-number")) == len(found) - len(known)
    assert ("no number shown" in " ".join(texts(svg))) == (len(known) < len(found))


@given(weeks())
def test_a_hidden_week_moves_no_axis(found: list[Week]) -> None:
    """What is hidden could be anything: the picture is the same, to the byte."""
    known = [week for week in found if week.counts is not None]
    assume(known)
    hidden = [week if week.counts is not None else Week(week.number, None, None, None) for week in found]
    larger = [week if week.counts is not None else Week(week.number, 900_000, None, 3) for week in found]
    assert attendance(hidden, title="Weeks") == attendance(larger, title="Weeks")


def test_bars_stand_on_each_other_at_their_week() -> None:
    """The parts of a bar touch, and a week that is missing leaves a gap."""
    svg = attendance([Week(1, 10, 5, 2), Week(2, 10, 5, 2), Week(4, 10, 5, 2)], title="Gap")
    attended, unknown, missed = (of_class(svg, name) for name in ("ps-attended", "ps-not-recorded", "ps-not-attended"))
    for below, middle, above in zip(attended, unknown, missed, strict=True):
        assert number(middle, "y") + number(middle, "height") == pytest.approx(number(below, "y"), abs=0.02)
        assert number(above, "y") + number(above, "height") == pytest.approx(number(middle, "y"), abs=0.02)
    first, second, fourth = (number(bar, "x") for bar in attended)
    assert fourth - second == pytest.approx(2 * (second - first), abs=0.05)


def test_the_parts_of_a_bar_differ_without_colour() -> None:
    """Filled, grey with a broken outline, and empty."""
    svg = attendance([Week(1, 10, 5, 2)], title="Fills")
    looks = [
        (bar.get("fill"), bar.get("stroke-dasharray"))
        for name in ("ps-attended", "ps-not-recorded", "ps-not-attended")
        for bar in of_class(svg, name)
    ]
    assert looks == [("#0072b2", None), ("#e8e8e8", "3 2"), ("#ffffff", None)]


def test_numbers_stand_above_the_bars_if_they_fit() -> None:
    """Twelve weeks have room for them, and the legend says what they are; fifty-two have not."""
    few, many = (attendance([Week(each, 12, 8) for each in range(1, last)], title="Fit") for last in (13, 53))
    assert [element.text for element in of_class(few, "ps-numbers")] == ["8/12"] * 12
    assert not of_class(many, "ps-numbers")
    assert ["attended/offered" in drawn(svg) for svg in (few, many)] == [True, False]
    assert {"1", "3", "51"} <= set(texts(many))
    assert "2" not in texts(many)


def test_attendance_is_told_to_those_who_do_not_see_it() -> None:
    """The description has every week with its numbers, or says that there are none."""
    svg = attendance([Week(1, 12, 8, 1), Week(2, 12, None)], title="Told")
    assert described(svg) == "Bars by week. Week 1: 8 of 12 attended, 1 not recorded. Week 2: no number shown."


def test_every_week_hidden_is_a_picture_still() -> None:
    """With nothing to show there are dashes and an axis from 0 to 1."""
    svg = attendance([Week(1, None, None), Week(2, None, None)], title="Hidden")
    assert len(of_class(svg, "ps-no-number")) == 2
    assert {"0", "1"} <= set(texts(svg))


@pytest.mark.parametrize(
    ("numbers", "places"),
    [
        ((1, 10, 8, 3), ["week 1"]),
        ((1, 10, 11, None), ["week 1"]),
        ((-1, -2, 1.5, True), ["number", "offered", "attended", "not_recorded"]),
    ],
)
def test_a_week_that_cannot_be_is_refused(numbers: Sequence[int], places: list[str]) -> None:
    """More attended or not recorded than was offered, or numbers that are no counts."""
    with pytest.raises(InputError) as error:
        Week(*numbers)
    assert faults(error) == places


@pytest.mark.parametrize(
    ("numbers", "fault"), [([], "none"), ([2, 1], "not in order"), ([1, 1], "not in order"), ([1, 105], "do not fit")]
)
def test_weeks_that_cannot_be_drawn_are_refused(numbers: Iterable[int], fault: str) -> None:
    """No weeks, weeks out of order or twice, and more than two years."""
    with pytest.raises(InputError, match=fault) as error:
        attendance([Week(each, 1, 1) for each in numbers], title="Weeks")
    assert faults(error) == ["weeks"]


def test_two_years_of_weeks_fit() -> None:
    """104 weeks are drawn."""
    svg = attendance([Week(each, 1, 1) for each in range(1, 105)], title="Two years")
    assert len(of_class(svg, "ps-attended")) == 104


# in a notebook


def test_a_result_in_a_notebook_has_picture_table_and_caption() -> None:
    """The columns are those of the first row; None is a dash, and a number has three figures that count."""
    svg = forest([ForestRow("a", 1.0)], title="Picture")
    root = parsed(html(svg, [{"name": "women", "p": 0.04567, "n": 12}, {"name": "men", "p": None}], "A caption"))
    assert [child.tag for child in root] == [f"{SVG}svg", "table", "figcaption"]
    assert [cell.text for cell in root.iter("th")] == ["name", "p", "n"]
    assert [cell.text for cell in root.iter("td")] == ["women", "0.0457", "12", "men", "\u2013", "\u2013"]
    assert root.findtext("figcaption") == "A caption"


def test_a_result_in_a_notebook_is_escaped() -> None:
    """Markup in a name, a value or a caption is text."""
    root = parsed(html("", [{NASTY: NASTY}], NASTY))
    assert not list(root.iter("script"))
    assert squeezed("".join(root.itertext())).count("<script>") == 3


def test_a_result_without_rows_has_no_table() -> None:
    """Without rows there are no columns."""
    assert [child.tag for child in parsed(html("", [], "Nothing"))] == ["figcaption"]


# ticks and lines of text


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_even_ticks_hold_the_numbers_and_are_few(one: float, two: float) -> None:
    """They rise evenly, from at or below the lower number to at or above the higher, and are two to eight."""
    low, high = sorted((one, two))
    assume(high == low or high - low > 1e-6 * max(abs(low), abs(high)))
    ticks = drawing.even_ticks(low, high)
    step = ticks[1] - ticks[0]
    assert 2 <= len(ticks) <= 9
    assert ticks[0] <= low + step * 1e-6
    assert ticks[-1] >= high - step * 1e-6
    assert all(after - before == pytest.approx(step, rel=1e-5) for before, after in itertools.pairwise(ticks))


@given(st.floats(1e-9, 1e9), st.floats(1e-9, 1e9))
def test_ticks_of_ratios_hold_the_numbers_around_1(one: float, two: float) -> None:
    """They are powers of one base, eight at most, with 1 and a neighbour on each side."""
    low, high = sorted((one, two))
    ticks = drawing.log_ticks(low, high)
    assert 3 <= len(ticks) <= 8
    assert ticks[0] <= low * (1 + 1e-6)
    assert ticks[-1] >= high * (1 - 1e-6)
    assert 1.0 in ticks[1:-1]
    base = ticks[1] / ticks[0]
    assert all(after / before == pytest.approx(base) for before, after in itertools.pairwise(ticks))


@given(NAMES, st.integers(20, 200))
def test_a_wrapped_text_is_whole_and_fits(words: str, room: int) -> None:
    """Nothing is lost, and no line is wider than the room."""
    lines = drawing.wrapped(words, room)
    assert squeezed("".join(lines)) == squeezed(words)
    assert all(drawing.wide(line) <= room for line in lines)


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (0.25, "0.25"), (1000.0, "1000"), (1e6, "1e+06"), (1e-6, "1e-06"), (-0.5, "-0.5")]
)
def test_a_tick_is_written_as_short_as_it_can_be(value: float, words: str) -> None:
    """Without an exponent where that is short."""
    assert drawing.tick_label(value) == words


def test_signs_that_stand_on_others_take_no_room() -> None:
    """An accent of its own has no width; a sign of Chinese is as wide as it is tall."""
    assert drawing.wide("e\u0301") == drawing.wide("e")
    assert drawing.wide("東") == drawing.SIZE
