"""Limits over the windows of the record judged: its span, lengths from a day of it, and from one event to the next.

Each is held against a count in plain Python, and, where facts are not recorded, against every way to complete them.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peersupport.readers.judge import Unsupported, judge, judge_each
from peersupport.rules import loading
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Vocabulary
from peersupport.rules.findings import Finding, Reason, Verdict
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables

ON: Final = dt.date(2026, 3, 20)
ONE: Final = dt.timedelta(days=1)
Row: TypeAlias = Mapping[str, Any]

KINDS: Final = """
rulebook = "anchored"
title = "A made-up program to try windows on"
[sources.F]
title = "fiction"
[kinds.program]
time_zone = "text"
[kinds.stay]
span = { from = "came", until = "left" }
dated_by = "came"
came = { type = "date or none", planned = true }
left = { type = "date or none", planned = true }
began = "instant or none"
[kinds.cover]
span = { from = "starts", through = "ends" }
starts = { type = "date", planned = true }
ends = { type = "date or none", planned = true }
[kinds.spell]
dated_by = "held"
cover = "-> cover"
held = "date"
[kinds.visit]
dated_by = "held"
stay = "-> stay"
held = "date"
units = { type = "int units", min = 0 }
points = "int"
good = "bool"
[kinds.review]
stay = "-> stay"
done = "date or none"
[kinds.call]
stay = "-> stay"
rang = "instant"
"""


@functools.cache
def book_of(fields: str, about: str = "stay") -> Rulebook:
    """The made-up program with one limit."""
    rule = f'[[limit]]\nid = "it"\nabout = "{about}"\nsays = "It."\nsource = "F: 1"\n{fields}\n'
    return loading.load(KINDS + rule, Vocabulary({}), file="anchored.toml")


def record(book: Rulebook, kind: str, id_: str, **facts: Any) -> Any:  # noqa: ANN401  of a class made for the rulebook
    """A record of the made-up program."""
    return book.vocabulary[kind].record(id=id_, **facts)


def limit(window: str, measure: str = "sum(visit.units)", **bounds: Any) -> str:  # noqa: ANN401  numbers
    """A limit on the visits of a stay."""
    said = "".join(f"{name} = {value}\n" for name, value in bounds.items())
    return f'measure = "{measure}"\nwindow = "{window}"\n{said}'


def day(text: str) -> dt.date:
    """A day of 2026, written as month and day."""
    return dt.date.fromisoformat(f"2026-{text}")


def found(
    fields: str,
    stay: Row,
    visits: Sequence[Row] = (),
    reviews: Sequence[Row] = (),
    *,
    on: dt.date = ON,
    since: dt.date | None = None,
    complete: dt.date | None = None,
    office: Office | None = None,
) -> list[Finding]:
    """The findings of a limit for a stay with its visits and reviews."""
    book = book_of(fields)
    record = book.vocabulary["stay"].record(id="s", **stay)
    tables = {"stay": Table({"s": record})}
    for kind, rows in (("visit", visits), ("review", reviews), ("call", ())):
        made = book.vocabulary[kind]
        each = {f"{kind}-{i}": made.record(id=f"{kind}-{i}", **{"stay": "s", **row}) for i, row in enumerate(rows)}
        tables[kind] = Table(each, complete if kind == "visit" else None)
    return judge_each(book, "it", record, on=on, tables=Tables(tables, office), since=since)


def told(*args: Any, **more: Any) -> list[tuple[object, ...]]:  # noqa: ANN401  as in found
    """Each finding as its first day, its verdict and what was measured."""
    return [(f.occurrence, f.verdict.value, f.measured) for f in found(*args, **more)]


def visit(held: str, units: int = 1, **more: object) -> Row:
    """A visit on a day of 2026."""
    return {"held": day(held), "units": units, **more}


def review(done: str) -> Row:
    """A review on a day of 2026."""
    return {"done": day(done)}


STAY: Final = {"came": day("01-31"), "left": NONE}


class TestItsSpan:
    """One window: from the start of the record to its end."""

    SPAN = limit("its span", at_most=3, at_least=2)

    @pytest.mark.parametrize(
        ("held", "expected"),
        [("01-09", "not_met"), ("01-10", "met"), ("02-09", "met"), ("02-10", "not_met")],
    )
    def test_the_first_day_is_in_and_the_last_is_out(self, held: str, expected: str) -> None:
        """Somebody who left on 10 February is counted from the first day through the 9th."""
        stay = {"came": day("01-10"), "left": day("02-10")}
        assert found(self.SPAN, stay, [visit("01-20"), visit(held)])[0].verdict.value == expected

    def test_a_span_that_names_its_last_day_holds_it(self) -> None:
        """What runs through 10 February holds the 10th and not the 11th."""
        fields = 'measure = "count(spell)"\nwindow = "its span"\nat_most = 0\n'
        book = book_of(fields, "cover")
        cover = record(book, "cover", "c", starts=day("02-01"), ends=day("02-10"))
        for held, verdict in (("02-10", Verdict.NOT_MET), ("02-11", Verdict.MET)):
            spell = record(book, "spell", "e", cover="c", held=day(held))
            tables = Tables({"cover": Table({"c": cover}), "spell": Table({"e": spell})})
            assert judge(book, "it", cover, on=ON, tables=tables).verdict is verdict

    def test_the_least_is_owed_when_it_is_over(self) -> None:
        """Before the end it is pending, from the end on it is not met."""
        stay = {"came": day("01-10"), "left": day("03-20")}
        assert told(self.SPAN, stay, [visit("01-20")], on=day("03-19")) == [(day("01-10"), "pending", 1)]
        assert told(self.SPAN, stay, [visit("01-20")], on=day("03-20")) == [(day("01-10"), "not_met", 1)]

    def test_one_without_an_end_goes_on(self) -> None:
        """Who has not left can still reach the least, and can be over the most."""
        assert told(self.SPAN, STAY, [visit("02-20")]) == [(day("01-31"), "pending", 1)]
        assert told(self.SPAN, STAY, [visit("02-20", 4)]) == [(day("01-31"), "not_met", 4)]

    def test_what_has_no_start_has_no_span(self) -> None:
        """Who is known never to have come is owed nothing."""
        finding = found(self.SPAN, {"came": NONE, "left": NONE})[0]
        assert (finding.verdict, finding.reason) == (Verdict.NOT_APPLICABLE, Reason.NOTHING_DUE)

    def test_who_left_before_coming_has_none_either(self) -> None:
        """A span without a day has no window."""
        assert found(self.SPAN, {"came": day("02-01"), "left": day("02-01")})[0].verdict is Verdict.NOT_APPLICABLE

    def test_a_start_that_is_not_recorded_is_asked_for(self) -> None:
        """Whether a visit lies in the span is not known; that too few lie in it is not known either."""
        finding = found(self.SPAN, {"left": NONE}, [visit("02-20", 4)])[0]
        assert (finding.verdict, [place.fact for place in finding.missing]) == (Verdict.UNKNOWN, ["came"])

    def test_all_together_are_not_too_many_whatever_the_span(self) -> None:
        """Three units are never more than three, wherever the span begins."""
        most = limit("its span", at_most=3)
        assert found(most, {"left": NONE}, [visit("02-20", 3)])[0].verdict is Verdict.MET
        assert found(most, {"left": NONE}, [visit("02-20", 4)])[0].verdict is Verdict.UNKNOWN

    def test_an_end_that_is_not_recorded_is_asked_for_where_it_tells(self) -> None:
        """A visit after an end that is not recorded counts perhaps, one at the start surely."""
        finding = found(self.SPAN, {"came": day("01-10")}, [visit("01-10", 2), visit("02-20", 2)])[0]
        assert (finding.verdict, [place.fact for place in finding.missing]) == (Verdict.UNKNOWN, ["left"])

    def test_a_span_that_begins_later_is_pending(self) -> None:
        """Of a stay that begins next week nothing can be said yet."""
        stay, undated = {"came": day("03-27"), "left": NONE}, {"units": 9}
        assert told(self.SPAN, stay, [visit("03-02", 9), undated]) == [(day("03-27"), "pending", 0)]
        assert told(limit("its span", at_most=3), stay, [undated]) == [(None, "met", 0)]


class TestEach:
    """Windows of one length from a day on."""

    MONTHS = limit("each 1 month from came until left", at_most=2, at_least=1)

    def test_months_are_counted_from_the_first_day(self) -> None:
        """From 31 January the second month begins on 28 February, and the third on 31 March."""
        visits = [visit("02-27", 3), visit("02-28", 3), visit("03-30", 3), visit("03-31", 3)]
        expected = [(day("01-31"), "not_met", 3), (day("02-28"), "not_met", 6), (day("03-31"), "not_met", 3)]
        assert told(self.MONTHS, STAY, visits, on=day("04-01")) == expected

    def test_the_least_is_owed_by_each_that_has_passed(self) -> None:
        """A month without a visit is not met from its end on, and pending before it."""
        assert told(self.MONTHS, STAY, on=day("02-27")) == [(day("01-31"), "pending", 0)]
        assert told(self.MONTHS, STAY, on=day("02-28"))[0] == (day("01-31"), "not_met", 0)

    def test_the_one_that_the_end_cuts_short_owes_nothing_and_counts(self) -> None:
        """Who leaves in the middle of a month owes no visit in it; three are too many all the same."""
        stay = {"came": day("01-31"), "left": day("03-10")}
        assert told(self.MONTHS, stay, [visit("02-10")]) == [(None, "met", 1)]
        assert told(self.MONTHS, stay, [visit("02-10"), visit("03-09", 3)]) == [(day("02-28"), "not_met", 3)]
        assert told(self.MONTHS, stay, [visit("02-10"), visit("03-10", 3)]) == [(None, "met", 1)]

    def test_the_one_that_ends_with_the_stay_is_whole(self) -> None:
        """Who leaves on the day on which a month ends owes its visit."""
        assert told(self.MONTHS, {"came": day("01-31"), "left": day("02-28")}) == [(day("01-31"), "not_met", 0)]

    def test_it_may_go_on_for_ever(self) -> None:
        """Without an end each week owes its visit."""
        weekly = limit("each 7 days from came", at_least=1)
        visits = [visit("02-01"), visit("02-09")]
        assert [first for first, verdict, _ in told(weekly, STAY, visits, on=day("02-28")) if verdict == "not_met"] == [
            day("02-14"),
            day("02-21"),
        ]

    def test_an_end_that_is_not_recorded_leaves_what_is_surely_before_it(self) -> None:
        """Nobody knows whether a month was whole; three visits on its first day are too many anyway."""
        stay = {"came": day("01-31")}
        assert found(self.MONTHS, stay)[0].verdict is Verdict.UNKNOWN
        assert {place.fact for place in found(self.MONTHS, stay)[0].missing} == {"left"}

    def test_an_end_that_is_not_certain_is_a_range_of_days(self) -> None:
        """Until the first review or the day of leaving: what lies before both is sure, whichever is not recorded."""
        weeks = limit("each 7 days from came until min(left, first(review.done))", at_most=1)
        visits = [visit("02-01", 2), visit("02-12", 2)]
        stay = {"came": day("01-31"), "left": day("02-10")}
        assert [f.verdict.value for f in found(weeks, stay, visits, [review("02-20")])] == ["not_met"]
        assert [f.verdict.value for f in found(weeks, stay, visits, [{}])] == ["unknown"]

    def test_an_instant_begins_with_its_day(self) -> None:
        """Weeks from an instant begin with its day in the program's zone."""
        weekly = limit("each 7 days from began", at_most=1)
        began = dt.datetime(2026, 2, 2, 3, tzinfo=dt.UTC)
        visits = [visit("02-07", 2), visit("02-08", 2)]
        chicago = Office("America/Chicago")
        assert [first for first, *_ in told(weekly, {"began": began}, visits, office=chicago)] == [
            day("02-01"),
            day("02-08"),
        ]

    def test_working_days_go_by_the_office(self) -> None:
        """Five working days from Thursday 12 February end before Thursday the 19th, a holiday between them later."""
        five = limit("each 5 business_days from came", at_most=1)
        stay = {"came": day("02-12"), "left": NONE}
        visits = [visit("02-12"), visit("02-19")]
        on = day("02-19")
        assert told(five, stay, visits, on=on, office=Office()) == [(None, "met", 1)]
        holiday = Office(holidays=frozenset({day("02-16")}))
        assert told(five, stay, visits, on=on, office=holiday) == [(day("02-12"), "not_met", 2)]

    def test_hours_are_refused_by_name(self) -> None:
        """Windows in hours are not judged, and nothing is guessed."""
        with pytest.raises(Unsupported, match="anchored, it: the record reader cannot judge a window in hours yet"):
            found(limit("each 24 hours from began", at_most=1), {"began": dt.datetime(2026, 2, 2, tzinfo=dt.UTC)})


class TestBetween:
    """Windows from one event to the next."""

    BETWEEN = limit("between review.done", at_most=2, at_least=1)

    def test_the_day_of_an_event_begins_the_next_window(self) -> None:
        """A visit on the day of a review is of the time after it."""
        reviews = [review("02-10"), review("02-20")]
        visits = [visit("02-09", 2), visit("02-10", 3), visit("02-19"), visit("02-20", 2)]
        assert told(self.BETWEEN, STAY, visits, reviews) == [(day("02-10"), "not_met", 4)]

    def test_the_first_owes_nothing_and_the_last_not_yet(self) -> None:
        """Before the first review no visit is owed; after the last one there is time yet."""
        assert told(self.BETWEEN, STAY, [visit("02-12")], [review("02-10"), review("02-20")]) == [
            (day("02-20"), "pending", 0)
        ]
        assert told(self.BETWEEN, STAY, [visit("02-22")], [review("02-10"), review("02-20")]) == [
            (day("02-10"), "not_met", 0)
        ]

    def test_without_an_event_there_is_one_window(self) -> None:
        """Nothing parts the time: it counts from the first visit on, and owes nothing."""
        assert told(self.BETWEEN, STAY, [visit("02-12"), visit("03-12", 2)]) == [(day("02-12"), "not_met", 3)]
        assert told(self.BETWEEN, STAY) == [(None, "met", 0)]

    def test_an_event_without_a_day_may_part_any_window(self) -> None:
        """Three visits in a row may have been parted by a review whose day is not recorded; three on one day not."""
        apart = found(self.BETWEEN, STAY, [visit("02-12", 2), visit("03-12")], [{}])[0]
        assert (apart.verdict, [str(place.fact) for place in apart.missing]) == (Verdict.UNKNOWN, ["done"])
        assert found(self.BETWEEN, STAY, [visit("02-12", 2), visit("02-12")], [{}])[0].verdict is Verdict.NOT_MET

    def test_events_that_are_known_to_have_too_few_between_them_stay_so(self) -> None:
        """A third review between two others makes it no better."""
        reviews = [review("02-10"), review("02-20"), {}]
        assert (day("02-10"), "not_met", 0) in told(self.BETWEEN, STAY, [visit("02-22")], reviews)

    def test_a_visit_and_a_review_without_a_day(self) -> None:
        """Neither is known to lie anywhere: what they come to together may be too much, and need not be."""
        apart = found(self.BETWEEN, STAY, [visit("02-12", 2), {"units": 1}], [{}])[0]
        assert (apart.verdict, {str(place.fact) for place in apart.missing}) == (Verdict.UNKNOWN, {"done", "held"})

    def test_points_below_nothing_are_never_surely_too_many(self) -> None:
        """What one part comes to may be made up for by what another takes away."""
        points = limit("between review.done", "sum(visit.points)", at_most=2)
        visits = [{"held": day("02-12"), "points": 3}, {"held": day("02-13"), "points": -3}]
        assert found(points, STAY, visits, [{}])[0].verdict is Verdict.UNKNOWN
        assert found(points, STAY, visits, [review("02-13")])[0].verdict is Verdict.NOT_MET

    def test_an_instant_parts_by_its_day(self) -> None:
        """An event with a time parts the days of the program's zone."""
        fields = limit("between call.rang", at_most=2)
        book = book_of(fields)
        stay = record(book, "stay", "s", **STAY)
        call = record(book, "call", "c", stay="s", rang=dt.datetime(2026, 2, 13, 3, tzinfo=dt.UTC))
        for held, verdict in (("02-11", Verdict.MET), ("02-12", Verdict.NOT_MET)):
            visits = {
                f"v{i}": record(book, "visit", f"v{i}", stay="s", **visit(d, 2)) for i, d in enumerate((held, "02-12"))
            }
            tables = {"stay": Table({"s": stay}), "visit": Table(visits), "call": Table({"c": call})}
            at = Tables(tables, Office("America/Chicago"))
            assert judge(book, "it", stay, on=ON, tables=at).verdict is verdict


class TestTables:
    """What is asked for, and tables that are not complete."""

    def test_windows_that_ended_before_the_day_asked_for_are_left_out(self) -> None:
        """Asked for from March on, the month that ended on 28 February is not told; the running one is, whole."""
        visits = [visit("02-10", 3), visit("02-28", 3)]
        assert told(TestEach.MONTHS, STAY, visits, since=day("02-28")) == [(day("02-28"), "not_met", 3)]
        assert len(told(TestEach.MONTHS, STAY, visits, since=day("02-27"))) == 2

    def test_of_a_window_from_before_the_table_is_complete_too_many_is_known(self) -> None:
        """Two may be more than two there; three are."""
        for units, verdict in ((2, "unknown"), (3, "not_met")):
            assert told(TestEach.MONTHS, STAY, [visit("02-10", units)], complete=day("02-01"))[0] == (
                day("01-31"),
                verdict,
                units,
            )

    def test_a_table_of_events_that_is_not_given_is_asked_for(self) -> None:
        """Without the reviews nobody knows where a window ends; three in all are three in any window."""
        book = book_of(limit("between review.done", at_most=3))
        stay = record(book, "stay", "s", **STAY)
        for units, verdict in ((3, Verdict.MET), (4, Verdict.UNKNOWN)):
            visits = {"v": record(book, "visit", "v", stay="s", **visit("02-12", units))}
            tables = Tables({"stay": Table({"s": stay}), "visit": Table(visits)})
            assert judge(book, "it", stay, on=ON, tables=tables).verdict is verdict

    def test_a_table_that_is_not_given_is_asked_for(self) -> None:
        """Without the table of visits nothing is known."""
        book = book_of(TestEach.MONTHS)
        stay = record(book, "stay", "s", **STAY)
        finding = judge(book, "it", stay, on=ON, tables=Tables({"stay": Table({"s": stay})}))
        assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, Reason.NO_TABLE)


# brute force

WINDOWS: Final = (
    "its span",
    "each 1 month from came until left",
    "each 10 days from came",
    "between review.done",
)


def windows_of(window: str, stay: Row, reviews: Sequence[Row], on: dt.date) -> Iterator[tuple[dt.date, dt.date, bool]]:
    """Each window with its days, and whether it owes the least once it has passed, in plain Python."""
    came, left = stay["came"], stay["left"]
    end = dt.date.max if left is NONE or "until" not in window + "its span until" else left
    if window == "each 10 days from came":
        end = dt.date.max
    if window == "between review.done":
        cuts = sorted({row["done"] for row in reviews if row["done"] is not NONE and row["done"] <= on})
        for a, b in itertools.pairwise([dt.date.min, *cuts, dt.date.max]):
            yield a, b, a > dt.date.min
    elif came is NONE:
        return
    elif window == "its span":
        if came < end:
            yield came, end, True
    else:
        step = relativedelta(months=1) if "month" in window else relativedelta(days=10)
        for number in itertools.count():
            start, until = came + step * number, came + step * (number + 1)
            if start >= end or (start > on and number):
                return
            yield start, min(until, end), until <= end


def expected(window: str, stay: Row, visits: Sequence[Row], reviews: Sequence[Row], on: dt.date) -> str:
    """The worst verdict of the windows, of at least one and at most three units, in plain Python."""
    verdicts = []
    for start, until, whole in windows_of(window, stay, reviews, on):
        seen = [row for row in visits if start <= row["held"] < until and row["held"] <= on]
        amount = sum(row["units"] for row in seen)
        few = "pending" if until > on else "not_met"
        verdicts.append("not_met" if amount > 3 else few if amount < 1 and whole else "met")
    worst = [each for each in ("not_met", "pending", "met") if each in verdicts]
    return worst[0] if worst else "not_applicable"


def worst(findings: Sequence[Finding]) -> str:
    """The verdict of several findings in one."""
    return next(
        each
        for each in ("not_met", "unknown", "pending", "met", "not_applicable")
        if each in {f.verdict.value for f in findings}
    )


DAYS: Final = st.sampled_from(
    [day(text) for text in ("01-30", "01-31", "02-09", "02-10", "02-27", "02-28", "03-01", "03-19", "03-20", "03-21")]
)
STAYS: Final = st.fixed_dictionaries({"came": DAYS | st.just(NONE), "left": DAYS | st.just(NONE)})
VISITS: Final = st.lists(st.fixed_dictionaries({"held": DAYS, "units": st.integers(0, 4)}), max_size=4)
REVIEWS: Final = st.lists(st.fixed_dictionaries({"done": DAYS | st.just(NONE)}), max_size=2)
ROSTERS: Final = st.tuples(st.sampled_from(WINDOWS), STAYS, VISITS, REVIEWS)
BOUNDS: Final[Row] = {"at_least": 1, "at_most": 3}


@given(ROSTERS)
def test_what_is_known_is_counted_as_in_plain_python(roster: tuple[str, Row, list[Row], list[Row]]) -> None:
    """Where everything is recorded, the worst of the windows is that of a count in plain Python."""
    window, stay, visits, reviews = roster
    assert worst(found(limit(window, **BOUNDS), stay, visits, reviews)) == expected(window, stay, visits, reviews, ON)


def blanks(stay: Row, visits: Sequence[Row], reviews: Sequence[Row]) -> list[tuple[str, int, str]]:
    """Each fact of a roster, by table, row and name."""
    rows = (("stay", [stay]), ("visit", visits), ("review", reviews))
    return [(table, number, name) for table, each in rows for number, row in enumerate(each) for name in row]


CHOICES: Final = {
    "came": (NONE, day("01-30"), day("02-10"), day("02-28"), day("03-20"), day("03-21")),
    "left": (NONE, day("01-30"), day("02-10"), day("02-28"), day("03-01"), day("03-20"), day("03-21")),
    "held": tuple(
        day(text) for text in ("01-29", "01-30", "01-31", "02-09", "02-10", "02-27", "02-28", "03-19", "03-20")
    ),
    "done": (NONE, *(day(text) for text in ("01-30", "02-01", "02-10", "02-27", "02-28", "03-19", "03-20"))),
    "units": (0, 1, 2, 3, 4, 9),
}


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(ROSTERS, st.data())
def test_a_verdict_without_a_fact_is_that_of_every_value_of_it(
    roster: tuple[str, Row, list[Row], list[Row]], data: st.DataObject
) -> None:
    """A fact that is not recorded leaves a verdict only where all its values give it; unknown, some differ.

    Of the days of visits and reviews, and of those from which windows are counted, the first alone is asked: one moves
    all windows at once, and none of them is sure to be too many wherever it lies.
    """
    window, stay, visits, reviews = roster
    table, number, name = data.draw(st.sampled_from(blanks(stay, visits, reviews)))
    tables: dict[str, list[dict[str, Any]]] = {
        "stay": [dict(stay)],
        "visit": [dict(row) for row in visits],
        "review": [dict(row) for row in reviews],
    }
    fields = limit(window, **BOUNDS)
    del tables[table][number][name]
    verdict = worst(found(fields, tables["stay"][0], tables["visit"], tables["review"]))
    each = set()
    for value in CHOICES[name]:
        tables[table][number][name] = value
        each.add(worst(found(fields, tables["stay"][0], tables["visit"], tables["review"])))
    if verdict != "unknown":
        assert each == {verdict}
    elif window in {"its span", "each 1 month from came until left"} and name in {"units", "left"}:
        assert len(each) > 1
