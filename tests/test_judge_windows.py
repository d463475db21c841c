"""Limits over windows of the calendar, rolling ones, and sums at any time: the edges one by one, and brute force."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from peersupport.readers.judge import judge_each, judge_of
from peersupport.rules import loading
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Vocabulary
from peersupport.rules.findings import BEFORE, Finding, Place, Reason, Verdict
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables

ON = dt.date(2026, 4, 1)
DAY = dt.timedelta(days=1)

KINDS = """
rulebook = "windows"
title = "A made-up program to try windows on"
[sources.F]
title = "fiction"

[kinds.program]
time_zone = "text"

[kinds.worker]
fine = "bool"

[kinds.stay]
dated_by = "came"
came = "date"
size = "int"
yes = "bool"

[kinds.visit]
dated_by = "held"
stay = "-> stay"
worker = "-> worker"
held = "date"
good = "bool"
minutes = { type = "int minutes", min = 0 }
points = "int"
fee = "int or none"
helper = "-> worker or none"

[kinds.review]
visit = "-> visit"
done_on = "date or none"
fine = "bool"

[kinds.plan]
dated_by = "for_day"
stay = "-> stay"
for_day = { type = "date or none", planned = true }

[kinds.call]
dated_by = "rang"
stay = "-> stay"
rang = "instant"

[kinds.post]
span = { from = "starts", until = "ends" }
stay = "-> stay"
share = { type = "decimal posts", min = 0, max = 2, places = 2 }
extra = "decimal posts or none"
starts = { type = "date", planned = true }
ends = { type = "date or none", planned = true }
good = "bool"
helper = "-> worker or none"

[[definition]]
id = "visit.reviews"
about = "visit"
says = "The number of fine reviews."
is = "count(review, fine)"
source = "F: 1"
"""


@functools.cache
def book_of(fields: str) -> Rulebook:
    """The made-up program with one limit."""
    rule = f'[[limit]]\nid = "it"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\n{fields}\n'
    return loading.load(KINDS + rule, Vocabulary({}), file="windows.toml")


def day(text: str) -> dt.date:
    """A day of 2026, written as month and day, or a whole date."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


WORKERS: Final = ("w1", "w2", "w3", "w4")


class Small:
    """A stay with related records of one kind, under one limit."""

    def __init__(self, fields: str, kind: str = "visit", **stay: object) -> None:
        self.book = book_of(fields)
        self.kind = kind
        self.stay = self.book.vocabulary["stay"].record(id="s", **stay)

    def tables(
        self, rows: Iterable[Mapping[str, object]], complete: dt.date | None = None, office: Office | None = None
    ) -> Tables:
        """The tables of the stay and its records, which are complete since a day."""
        made = self.book.vocabulary[self.kind]
        records = {f"r{i}": made.record(id=f"r{i}", **{"stay": "s", **row}) for i, row in enumerate(rows, 1)}
        workers = {id_: self.book.vocabulary["worker"].record(id=id_) for id_ in WORKERS}
        first: dict[str, object] = {"visit": "r1"}
        reviews = {"v1": self.book.vocabulary["review"].record(id="v1", **first)}
        tables = {"stay": Table({"s": self.stay}), self.kind: Table(records, complete), "review": Table(reviews)}
        tables["worker"] = Table(workers)
        return Tables(tables, office)

    def each(
        self,
        rows: Iterable[Mapping[str, object]],
        on: dt.date = ON,
        *,
        since: dt.date | None = None,
        complete: dt.date | None = None,
        office: Office | None = None,
    ) -> list[Finding]:
        """The findings of the limit on a day."""
        tables = self.tables(rows, complete, office)
        return judge_each(self.book, "it", self.stay, on=on, tables=tables, since=since)

    def told(self, rows: Iterable[Mapping[str, object]], on: dt.date = ON, **more: Any) -> list[tuple[object, ...]]:  # noqa: ANN401  as in each
        """The first day, verdict and measure of each finding."""
        return [(f.occurrence, f.verdict, f.measured) for f in self.each(rows, on, **more)]


def visits(*held: str | None, **facts: object) -> list[dict[str, object]]:
    """Visits on some days, each ten minutes by a worker of its own."""
    return [
        {"held": day(each) if each else None, "good": True, "minutes": 10, "worker": f"w{i}", **facts}
        for i, each in enumerate(held)
    ]


COUNT, SUM, DISTINCT = "count(visit, good)", "sum(visit.minutes, good)", "distinct(visit.worker, good)"
UNIT: Final = {COUNT: 1, SUM: 10, DISTINCT: 1}
"""What one visit comes to under each measure."""

WINDOWS: Final = {
    "calendar day": ("03-10", "03-11"),
    "calendar week": ("03-09", "03-16"),
    "calendar month": ("03-01", "04-01"),
    "calendar year": ("2025-01-01", "2026-01-01"),
    "year from 07-01": ("2024-07-01", "2025-07-01"),
    "year from 02-28": ("2025-02-28", "2026-02-28"),
}
"""Windows, each with one that is over on 1 April: its first day, and the first that is no longer in it."""


def limit(measure: str, window: str, **bounds: object) -> str:
    """The fields of a limit."""
    texts = [f"{name} = {value}" for name, value in bounds.items()]
    return "\n".join([f'measure = "{measure}"', f'window = "{window}"', *texts])


@pytest.mark.parametrize("measure", [COUNT, SUM, DISTINCT])
@pytest.mark.parametrize("window", WINDOWS)
class TestTheEdgesOfAWindow:
    """A window of the calendar goes from its first day until before its last, and records belong to their day."""

    def first(self, window: str) -> tuple[dt.date, dt.date]:
        """The window's first day, and the first day after it."""
        start, until = WINDOWS[window]
        return day(start), day(until)

    @pytest.mark.parametrize(("third", "inside"), [("before", 0), ("first", 1), ("last", 1), ("after", 0)])
    def test_a_record_belongs_to_the_window_of_its_day(
        self, window: str, measure: str, third: str, inside: bool
    ) -> None:
        """Two in a window that allows two: a third is too many on its first day and its last, not beside it."""
        start, until = self.first(window)
        days = {"before": start - DAY, "first": start, "last": until - DAY, "after": until}
        small = Small(limit(measure, window, at_most=2 * UNIT[measure]))
        found = small.told(visits(*map(str, (start, until - DAY, days[third]))))
        over = (start, Verdict.NOT_MET, 3 * UNIT[measure])
        assert found == ([over] if inside else [(None, Verdict.MET, 2 * UNIT[measure])])

    @pytest.mark.parametrize("count", [0, 1, 2, 3])
    def test_the_bounds_are_both_allowed(self, window: str, measure: str, count: int) -> None:
        """Of one to two: none is too few, three are too many, in a whole window that is over."""
        start, until = self.first(window)
        unit = UNIT[measure]
        bounds = {"at_least": unit, "at_most": 2 * unit}
        small = Small(limit(measure, window, **bounds))
        on = until
        found = small.each(visits(*[str(start)] * count), on, since=start)
        told = [(f.occurrence, f.verdict, f.measured, f.at_least, f.at_most) for f in found]
        verdict = Verdict.MET if 1 <= count <= 2 else Verdict.NOT_MET
        first = (start, verdict, count * unit, unit, 2 * unit)
        running = (until, Verdict.PENDING, 0, unit, 2 * unit)
        assert told == [*([first] if verdict is Verdict.NOT_MET else []), running]

    @pytest.mark.parametrize("late", [-1, 0])
    def test_too_few_is_pending_through_the_last_day(self, window: str, measure: str, late: int) -> None:
        """On the last day of a window there is time yet; on the day after it the window is over."""
        start, until = self.first(window)
        small = Small(limit(measure, window, at_least=UNIT[measure]))
        found = small.told((), until + late * DAY, since=start)
        if late:
            assert found == [(start, Verdict.PENDING, 0)]
        else:
            assert found == [(start, Verdict.NOT_MET, 0), (until, Verdict.PENDING, 0)]

    def test_too_many_is_not_met_while_the_window_runs(self, window: str, measure: str) -> None:
        """What is over the most already stays over; enough is met before the window ends."""
        start, _ = self.first(window)
        unit = UNIT[measure]
        small = Small(limit(measure, window, at_least=unit, at_most=unit))
        assert small.told(visits(str(start)), start) == [(None, Verdict.MET, unit)]
        assert small.told(visits(str(start), str(start)), start) == [(start, Verdict.NOT_MET, 2 * unit)]

    def test_a_first_window_that_is_cut_short_owes_nothing_but_counts(self, window: str, measure: str) -> None:
        """The records, or the time asked for, begin a day after its first day: too few is fine, too many is not."""
        start, until = self.first(window)
        unit = UNIT[measure]
        begun = start if window == "calendar day" else start + DAY
        bounds = {"at_least": 2 * unit, "at_most": 2 * unit}
        small = Small(limit(measure, window, **bounds))
        one = [str(begun)]
        after = [(until, Verdict.PENDING, 0)]
        short = [(start, Verdict.NOT_MET, unit)] if begun == start else []
        assert small.told(visits(*one), until) == [*short, *after]
        assert small.told(visits(*one), until, since=begun) == [*short, *after]
        assert small.told(visits(*one * 3), until) == [(start, Verdict.NOT_MET, 3 * unit), *after]

    @pytest.mark.parametrize(("known", "verdict"), [(0, Verdict.MET), (1, Verdict.UNKNOWN), (2, Verdict.NOT_MET)])
    def test_what_may_lie_in_a_window_may_be_too_many(
        self, window: str, measure: str, known: int, verdict: Verdict
    ) -> None:
        """At most one: beside a record without a day none is fine, one may be too many, two are."""
        start, until = self.first(window)
        small = Small(limit(measure, window, at_most=UNIT[measure]))
        found = small.each(visits(*[str(start)] * known, None), until - DAY, since=start)
        assert [f.verdict for f in found] == [verdict]
        assert found[0].measured == known * UNIT[measure]
        lacks = (Place("visit", f"r{known + 1}", "held"),) if verdict is Verdict.UNKNOWN else ()
        assert found[0].missing == lacks

    @pytest.mark.parametrize(("known", "verdict"), [(0, Verdict.NOT_MET), (1, Verdict.UNKNOWN), (2, Verdict.MET)])
    def test_what_may_lie_in_a_window_may_be_enough(
        self, window: str, measure: str, known: int, verdict: Verdict
    ) -> None:
        """At least two in a window that is over: beside a record that may not be good."""
        start, until = self.first(window)
        small = Small(limit(measure, window, at_least=2 * UNIT[measure]))
        rows = [*visits(*[str(start)] * known), *visits(str(start), good=None, worker="w9")]
        found = [f for f in small.each(rows, until, since=start) if f.occurrence != until]
        assert [f.verdict for f in found] == ([] if verdict is Verdict.MET else [verdict])
        assert all(f.measured == known * UNIT[measure] for f in found)

    def test_an_outcome_has_the_days_of_its_window(self, window: str, measure: str) -> None:
        """So that it is the same one under another reading, and can be said in words."""
        start, until = self.first(window)
        small = Small(limit(measure, window, at_most=0))
        (finding,) = small.each(visits(str(start)))
        assert (finding.occurrence, finding.days, finding.due) == (start, (until - start).days, None)
        assert finding.reason is Reason.OUT_OF_BOUNDS


class TestWindowsOfTheCalendar:
    """What is the same for all windows of the calendar."""

    def test_each_window_out_of_bounds_is_told(self) -> None:
        """In the order of the days; those in bounds are not told beside them."""
        small = Small(limit(COUNT, "calendar month", at_least=1, at_most=1))
        found = small.told(visits("2025-12-01", "2025-12-31", "02-10", "03-01", "03-31"))
        assert found == [
            (day("2025-12-01"), Verdict.NOT_MET, 2),
            (day("01-01"), Verdict.NOT_MET, 0),
            (day("03-01"), Verdict.NOT_MET, 2),
            (day("04-01"), Verdict.PENDING, 0),
        ]

    def test_the_worst_window_speaks_for_all(self) -> None:
        """Not met, unknown, then pending."""
        small = Small(limit(COUNT, "calendar month", at_least=1))

        def verdict(*rows: Mapping[str, object]) -> Verdict:
            tables = small.tables(rows)
            return judge_of(small.book).verdict(small.book["it"], small.stay, on=ON, tables=tables)

        doubtful = visits("03-05", good=None)[0]
        assert verdict(*visits("02-01", "03-01")) is Verdict.PENDING
        assert verdict(*visits("02-01"), doubtful) is Verdict.UNKNOWN
        assert verdict(*visits("01-01"), doubtful) is Verdict.NOT_MET

    def test_the_greatest_measure_is_told_when_all_is_in_bounds(self) -> None:
        """As the peak of a limit at any time is."""
        small = Small(limit(COUNT, "calendar week", at_most=3))
        assert small.told(visits("03-02", "03-03", "03-10")) == [(None, Verdict.MET, 2)]
        assert small.told(()) == [(None, Verdict.MET, 0)]

    def test_nothing_is_owed_before_there_is_a_record(self) -> None:
        """Without any record, and without a day asked for, time begins on the day of the judgement."""
        small = Small(limit(COUNT, "calendar month", at_least=1))
        assert small.told((), ON + DAY) == [(None, Verdict.MET, 0)]
        assert small.told((), ON) == [(ON, Verdict.PENDING, 0)]
        assert small.told((), ON + DAY, since=ON) == [(ON, Verdict.PENDING, 0)]

    def test_windows_before_the_day_asked_for_are_not_judged(self) -> None:
        """The window in which it lies counts whole, with what was before that day."""
        small = Small(limit(COUNT, "calendar month", at_most=1))
        rows = visits("02-01", "02-02", "03-01", "03-30")
        march = (day("03-01"), Verdict.NOT_MET, 2)
        assert small.told(rows, since=day("03-20")) == [march]
        assert small.told(rows, since=day("02-28")) == [(day("02-01"), Verdict.NOT_MET, 2), march]
        assert small.told(rows, since=day("04-01")) == [(None, Verdict.MET, 0)]

    def test_what_is_dated_after_the_day_has_not_been_seen(self) -> None:
        """A visit of tomorrow counts tomorrow."""
        small = Small(limit(COUNT, "calendar month", at_most=1))
        rows = visits("03-30", "03-31")
        assert small.told(rows, day("03-30")) == [(None, Verdict.MET, 1)]
        assert small.told(rows, day("03-31")) == [(day("03-01"), Verdict.NOT_MET, 2)]

    def test_what_is_planned_counts_in_the_window_that_runs(self) -> None:
        """Two plans for one month are too many as soon as they are written, and not a month ahead of it."""
        small = Small(limit("count(plan)", "calendar month", at_most=1), "plan")
        rows = [{"for_day": day("04-20")}, {"for_day": day("04-30")}]
        assert small.told(rows, day("03-31")) == [(None, Verdict.MET, 0)]
        assert small.told(rows, day("04-01")) == [(day("04-01"), Verdict.NOT_MET, 2)]

    def test_a_record_that_is_known_to_have_no_day_lies_in_no_window(self) -> None:
        """Known to be absent is not the same as not recorded."""
        small = Small(limit("count(plan)", "calendar month", at_most=0), "plan")
        assert small.told([{"for_day": NONE}]) == [(None, Verdict.MET, 0)]
        assert small.told([{"for_day": None}], since=ON) == [(ON, Verdict.UNKNOWN, 0)]

    def test_an_instant_belongs_to_its_day_in_the_program_s_zone(self) -> None:
        """Half past midnight in London is the evening before in Omaha, and the month before."""
        small = Small(limit("count(call)", "calendar month", at_most=0), "call")
        rows = [{"rang": dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC)}]
        assert small.told(rows, office=Office("America/Chicago")) == [(day("02-01"), Verdict.NOT_MET, 1)]
        assert small.told(rows, office=Office("Europe/London")) == [(day("03-01"), Verdict.NOT_MET, 1)]

    def test_without_a_zone_the_day_of_an_instant_is_not_recorded(self) -> None:
        """The time zone is missing; where it does not matter in which window they lie, the limit is decided."""
        rows = [{"rang": dt.datetime(2026, 3, 1, 0, 30, tzinfo=dt.UTC)}]
        small = Small(limit("count(call)", "calendar month", at_most=0), "call")
        (finding,) = small.each(rows, since=ON)
        assert (finding.verdict, finding.missing) == (
            Verdict.UNKNOWN,
            (Place("program", "program", "time_zone"),),
        )
        assert Small(limit("count(call)", "calendar month", at_most=1), "call").told(rows) == [(None, Verdict.MET, 0)]

    def test_a_table_that_was_not_given_is_missing(self) -> None:
        """Nothing is known of any window."""
        small = Small(limit(COUNT, "calendar month", at_most=1))
        (finding,) = judge_each(small.book, "it", small.stay, on=ON)
        assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, Reason.NO_TABLE)
        assert (finding.missing, finding.occurrence) == ((Place("visit"),), None)

    def test_a_record_without_a_day_may_lie_before_the_others(self) -> None:
        """Then the window before theirs, which stands for all the time before, may owe what it does not have."""
        small = Small(limit(COUNT, "calendar month", at_least=1))
        found = small.told(visits("03-01", "04-01", None))
        assert found == [(day("02-01"), Verdict.UNKNOWN, 0)]
        assert small.told(visits("03-02", "04-01", None, minutes=3), since=day("03-02")) == [(None, Verdict.MET, 1)]

    def test_a_first_record_in_doubt_may_make_a_window_owe(self) -> None:
        """A visit in January that may not count: if it does, February owes one; March does either way."""
        small = Small(limit(COUNT, "calendar month", at_least=1))
        rows = [*visits("01-10", good=None), *visits("02-28", "04-01")]
        found = small.each(rows)
        assert [(f.occurrence, f.verdict) for f in found] == [(day("03-01"), Verdict.NOT_MET)]
        (february,) = small.each([*visits("01-10", good=None), *visits("03-02", "04-01")])
        assert (february.occurrence, february.verdict) == (day("02-01"), Verdict.UNKNOWN)
        assert february.missing == (Place("visit", "r1", "good"),)

    def test_a_first_record_in_doubt_on_a_first_day_is_enough_for_its_window(self) -> None:
        """It makes the window owe one only if it counts, and then it is there."""
        one = Small(limit(COUNT, "calendar month", at_least=1))
        rows = [*visits("03-01", good=None), *visits("04-01")]
        assert one.told(rows) == [(None, Verdict.MET, 1)]
        two = Small(limit(COUNT, "calendar month", at_least=2))
        assert [each[:2] for each in two.told(rows)] == [
            (day("03-01"), Verdict.UNKNOWN),
            (day("04-01"), Verdict.PENDING),
        ]


class TestDoubts:
    """What is not recorded of the records or of the bounds."""

    def told(self, fields: str, *rows: Mapping[str, object], **stay: object) -> tuple[Verdict, object, set[str]]:
        """The verdict of the one finding, its measure, and the facts that are missing."""
        small = Small(fields, "visit", **stay)
        (finding,) = small.each(rows, since=day("04-01"))
        return finding.verdict, finding.measured, {place.fact for place in finding.missing}

    def visit(self, **facts: object) -> dict[str, object]:
        """A visit today."""
        return {"held": ON, "good": True, "minutes": 10, "worker": "w1", "points": 1, **facts}

    @pytest.mark.parametrize(
        ("minutes", "good", "most", "verdict"),
        [
            (None, True, 20, Verdict.UNKNOWN),
            (None, False, 20, Verdict.MET),
            (None, True, 9, Verdict.NOT_MET),
            (5, None, 15, Verdict.MET),
            (5, None, 14, Verdict.UNKNOWN),
            (5, None, 9, Verdict.NOT_MET),
        ],
    )
    def test_an_amount_in_doubt_widens_the_sum(
        self, minutes: int | None, good: bool | None, most: int, verdict: Verdict
    ) -> None:
        """Ten minutes are known beside it; one that is not recorded is anything from none on."""
        rows = [self.visit(), self.visit(minutes=minutes, good=good)]
        found = self.told(limit(SUM, "calendar month", at_most=most), *rows)
        assert found[:2] == (verdict, 10)
        lacks = {"minutes"} if minutes is None else {"good"}
        assert found[2] == (lacks if verdict is Verdict.UNKNOWN else set())

    def test_an_amount_without_a_least_may_be_anything(self) -> None:
        """Points may be below zero, so that even far too many may come out right; nothing is surely there."""
        fields = limit("sum(visit.points)", "calendar month", at_most=5)
        rows = [self.visit(points=90), self.visit(points=None)]
        assert self.told(fields, *rows) == (Verdict.UNKNOWN, None, {"points"})
        assert self.told(fields, self.visit(points=90), self.visit(points=-85))[:2] == (Verdict.MET, 5)

    def test_an_amount_below_zero_that_may_not_count_is_taken_off(self) -> None:
        """Six points and three that may be taken off are three to six."""
        rows = [self.visit(points=6), self.visit(points=-3, good=None)]
        fields = "sum(visit.points, good)"
        assert self.told(limit(fields, "calendar month", at_most=6), *rows)[:2] == (Verdict.MET, 3)
        assert self.told(limit(fields, "calendar month", at_most=5), *rows)[:2] == (Verdict.UNKNOWN, 3)

    def test_what_is_known_to_be_absent_counts_nowhere(self) -> None:
        """A visit without a fee adds nothing, and one without a helper is no other helper."""
        fees = limit("sum(visit.fee)", "calendar month", at_most=5)
        assert self.told(fees, self.visit(fee=5), self.visit(fee=NONE))[:2] == (Verdict.MET, 5)
        helpers = limit("distinct(visit.helper)", "calendar month", at_most=1)
        assert self.told(helpers, self.visit(helper="w1"), self.visit(helper=NONE))[:2] == (Verdict.MET, 1)

    def test_what_may_be_absent_may_count_nowhere(self) -> None:
        """A helper who is not recorded may not be there at all; a worker is."""
        helper = limit("distinct(visit.helper)", "calendar month", at_most=0)
        assert self.told(helper, self.visit(helper=None)) == (Verdict.UNKNOWN, 0, {"helper"})
        worker = limit("distinct(visit.worker)", "calendar month", at_most=0)
        assert self.told(worker, self.visit(worker=None))[:2] == (Verdict.NOT_MET, 1)

    def test_whom_it_is_not_recorded_may_be_one_of_the_others(self) -> None:
        """One worker and one who is not recorded are one or two."""
        rows = [self.visit(), self.visit(worker=None)]
        assert self.told(limit(DISTINCT, "calendar month", at_most=1), *rows) == (Verdict.UNKNOWN, 1, {"worker"})
        assert self.told(limit(DISTINCT, "calendar month", at_most=2), *rows)[:2] == (Verdict.MET, 1)

    def test_a_bound_that_is_not_recorded_leaves_the_limit_unknown(self) -> None:
        """The bound is missing, and what would be in doubt under it."""
        fields = limit(COUNT, "calendar month", at_most='"size"')
        assert self.told(fields, self.visit()) == (Verdict.UNKNOWN, None, {"size"})
        assert self.told(fields, self.visit(good=None)) == (Verdict.UNKNOWN, None, {"size", "good"})
        assert self.told(fields, self.visit(), size=0)[:2] == (Verdict.NOT_MET, 1)
        assert self.told(fields, self.visit(), size=1)[:2] == (Verdict.MET, 1)

    @pytest.mark.parametrize("window", ["calendar month", "rolling 3 days"])
    def test_a_bound_that_is_a_range_is_missing_where_it_matters(self, window: str) -> None:
        """At most one more than the good visits: with none of two known to be good that is one to three."""
        fields = limit("count(visit)", window, at_most='"1 + count(visit, good)"')
        good = [self.visit(good=None), self.visit(good=False)]
        assert self.told(fields, *good) == (Verdict.UNKNOWN, 2, {"good"})
        assert self.told(fields, self.visit(good=None))[:2] == (Verdict.MET, 1)
        three = [self.visit(good=None), *[self.visit(good=False)] * 2]
        assert self.told(fields, *three)[:2] == (Verdict.NOT_MET, 3)

    def test_an_amount_that_is_a_range_is_missing_where_it_matters(self) -> None:
        """The first visit has a review that may not be fine, and that makes one point or none."""
        fields = "sum(visit.reviews)"
        assert self.told(limit(fields, "calendar month", at_most=0), self.visit()) == (Verdict.UNKNOWN, 0, {"fine"})
        assert self.told(limit(fields, "calendar month", at_most=1), self.visit())[:2] == (Verdict.MET, 0)

    def test_too_few_is_not_pending_while_it_may_be_too_many_too(self) -> None:
        """Two of at least five, where the most is one or two: more facts of today could make it too many."""
        fields = limit("count(visit)", "calendar month", at_least=5, at_most='"1 + count(visit, good)"')
        assert self.told(fields, self.visit(good=None), self.visit(good=False)) == (Verdict.UNKNOWN, 2, {"good"})
        assert self.told(fields, self.visit(), self.visit(good=False))[:2] == (Verdict.PENDING, 2)

    def test_what_hangs_on_something_that_has_not_happened_is_pending(self) -> None:
        """Visits are counted that are reviewed by the third of April: today's is not, and there is time.

        Of the first visit there is a review, of which the day is not recorded: it is unknown.
        """
        fields = limit("count(visit, first(review.done_on) <= date(2026, 4, 3))", "calendar month", at_most=0)
        assert self.told(fields, self.visit(held=ON - DAY), self.visit()) == (Verdict.PENDING, 0, set())
        assert self.told(fields, self.visit(), self.visit()) == (Verdict.UNKNOWN, 0, {"done_on"})

    def test_only_facts_that_can_change_the_verdict_of_a_window_are_missing(self) -> None:
        """Of three that may count where two are too many each matters; a fourth that is bad does not."""
        rows = [*[self.visit(good=None, minutes=None)] * 3, self.visit(good=False, minutes=None)]
        small = Small(limit(COUNT, "calendar month", at_most=1))
        (finding,) = small.each(rows, since=ON)
        assert finding.missing == tuple(Place("visit", f"r{i}", "good") for i in (1, 2, 3))
        assert finding.exact

    def test_a_window_is_settled_beside_others_that_are_out_of_bounds(self) -> None:
        """What one window lacks is looked for in that window, whatever stands in the others."""
        rows = [*visits("01-05", "01-06", "01-07"), *visits("03-05", "03-06", good=None), *visits("03-07")]
        small = Small(limit(COUNT, "calendar month", at_most=2))
        january, march = judge_each(small.book, "it", small.stay, on=ON, tables=small.tables(rows), settles=True)
        assert (january.verdict, january.missing) == (Verdict.NOT_MET, ())
        good = [Place("visit", f"r{i}", "good") for i in (4, 5)]
        assert (march.verdict, march.missing) == (Verdict.UNKNOWN, tuple(good))
        assert march.settles == ((good[0],), (good[1],))


class TestOtherReadings:
    """The verdict of the same days under another reading."""

    def test_the_same_window_is_found_under_another_bound(self) -> None:
        """Three in March are too many of two, and not of three; four in January of either."""
        fields = limit(COUNT, "calendar month", at_most=2) + '\nreadings."three" = { at_most = 3 }'
        found = Small(fields).each(visits("01-01", "01-02", "01-03", "01-04", "03-01", "03-02", "03-03"))
        assert [(f.occurrence, dict(f.alternatives)) for f in found] == [
            (day("01-01"), {"three": Verdict.NOT_MET}),
            (day("03-01"), {"three": Verdict.MET}),
        ]

    def test_the_windows_of_another_reading_are_those_that_share_a_day(self) -> None:
        """Two in a week that is part of a month with three."""
        fields = limit(COUNT, "calendar month", at_most=1) + '\nreadings."weeks" = { window = "calendar week" }'
        found = Small(fields).each(visits("01-05", "01-20", "03-03", "03-04"))
        assert [(f.occurrence, dict(f.alternatives)) for f in found] == [
            (day("01-01"), {"weeks": Verdict.MET}),
            (day("03-01"), {"weeks": Verdict.NOT_MET}),
        ]


class TestIncompleteTables:
    """A table that is complete only since a day."""

    MOST, LEAST = limit(COUNT, "calendar month", at_most=1), limit(COUNT, "calendar month", at_least=1)

    def test_a_window_that_starts_before_is_unknown_unless_it_is_surely_over(self) -> None:
        """Complete since 10 February: of January and February nothing is known but what is in the table."""
        small = Small(self.MOST)
        known: dict[str, Any] = {"complete": day("02-10"), "since": day("01-01")}
        (unknown,) = small.each(visits("02-12", "03-01"), **known)
        assert (unknown.occurrence, unknown.verdict, unknown.days) == (day("01-01"), Verdict.UNKNOWN, 59)
        assert unknown.missing == (Place("visit", "", BEFORE),)
        assert small.told(visits("02-12", "02-13"), **known) == [
            (day("01-01"), Verdict.UNKNOWN, 0),
            (day("02-01"), Verdict.NOT_MET, 2),
        ]
        assert small.told(visits("02-12", "02-13"), complete=day("02-01"), since=day("02-01")) == [
            (day("02-01"), Verdict.NOT_MET, 2)
        ]

    @pytest.mark.parametrize(("complete", "verdict"), [("02-02", Verdict.UNKNOWN), ("02-01", Verdict.NOT_MET)])
    def test_too_few_is_known_only_of_windows_that_start_later(self, complete: str, verdict: Verdict) -> None:
        """February owes one: a table that is complete from its second day on cannot tell."""
        small = Small(self.LEAST)
        found = small.told(visits("03-01", "04-01"), complete=day(complete), since=day("02-01"))
        assert found == [(day("02-01"), verdict, 0)]

    def test_windows_before_are_not_judged_unless_they_are_asked_for(self) -> None:
        """Without a day asked for, time begins in the window from whose midst the table is complete."""
        small = Small(self.MOST)
        assert small.told(visits("02-12", "03-01"), complete=day("02-10")) == [(day("02-01"), Verdict.UNKNOWN, 1)]
        assert small.told(visits("02-12", "03-01"), complete=day("02-01")) == [(None, Verdict.MET, 1)]
        least = Small(self.LEAST)
        assert least.told(visits("01-01", "03-01", "04-01"), complete=day("02-10")) == [(None, Verdict.MET, 1)]
        assert least.told(visits("01-01", "04-01"), complete=day("02-01")) == [
            (day("02-01"), Verdict.NOT_MET, 0),
            (day("03-01"), Verdict.NOT_MET, 0),
        ]

    def test_a_record_without_a_day_does_not_lead_before_the_table(self) -> None:
        """It may lie in any window that is judged, the earliest being that of the day the table is complete from."""
        small = Small(self.LEAST)
        rows = visits("03-01", "04-01", None)
        assert small.told(rows, complete=day("03-01")) == [(None, Verdict.MET, 1)]
        assert small.told(rows, complete=day("02-01")) == [(day("02-01"), Verdict.UNKNOWN, 0)]

    def test_what_is_older_than_the_table_is_not_judged(self) -> None:
        """Two in January, or one without a day, where the table is complete from February on."""
        small = Small(self.MOST)
        assert small.told(visits("01-05", "01-06"), complete=day("02-01")) == [(None, Verdict.MET, 0)]
        assert small.told(visits(None, "02-01"), complete=day("02-01")) == [(day("02-01"), Verdict.UNKNOWN, 1)]
        assert small.told(visits(None), complete=day("02-01")) == [(None, Verdict.MET, 0)]

    def test_a_table_that_is_complete_from_today_on_tells_of_today(self) -> None:
        """The window of the day itself starts no earlier."""
        small = Small(limit(COUNT, "calendar day", at_most=0))
        assert small.told(visits("03-31"), complete=ON) == [(None, Verdict.MET, 0)]
        assert small.told(visits(str(ON)), complete=ON) == [(ON, Verdict.NOT_MET, 1)]

    def test_nothing_is_known_while_the_table_is_not_complete_yet(self) -> None:
        """A table that is complete from tomorrow on tells nothing of today."""
        (finding,) = Small(self.MOST).each(visits("02-01"), complete=ON + DAY)
        assert (finding.verdict, finding.occurrence) == (Verdict.UNKNOWN, None)
        assert finding.missing == (Place("visit", "", BEFORE),)

    def test_a_record_that_begins_later_lacks_nothing(self) -> None:
        """The visits of a stay begin with it: one that comes when the table is complete is known whole."""
        for came, verdict in ((day("02-09"), Verdict.UNKNOWN), (day("02-10"), Verdict.MET)):
            small = Small(self.MOST, came=came)
            assert [each[1] for each in small.told(visits("02-12"), complete=day("02-10"))] == [verdict]

    def test_a_rolling_window_that_reaches_before_is_unknown(self) -> None:
        """Complete since 10 March: the first whole three days end on the twelfth."""
        small = Small(limit(COUNT, "rolling 3 days", at_most=1))
        (finding,) = small.each(visits("03-11"), complete=day("03-10"))
        assert (finding.occurrence, finding.days, finding.verdict) == (day("03-11"), 1, Verdict.UNKNOWN)
        (first,) = small.each(visits("03-10"), complete=day("03-10"))
        assert (first.occurrence, first.days, first.verdict) == (day("03-10"), 2, Verdict.UNKNOWN)


class TestRolling:
    """Rolling windows: a record counts from its day until the length of the window has passed."""

    @pytest.mark.parametrize("measure", [COUNT, SUM, DISTINCT])
    @pytest.mark.parametrize(("length", "last"), [("rolling 7 days", "03-16"), ("rolling 1 month", "04-09")])
    def test_a_record_counts_through_the_last_day_of_its_window(self, length: str, last: str, measure: str) -> None:
        """A visit of 10 March and another on the last day are too many for that day, a day later they are not."""
        unit = UNIT[measure]
        small = Small(limit(measure, length, at_most=unit))
        (over,) = small.each(visits("03-10", last), day("04-30"))
        assert (over.occurrence, over.days, over.verdict) == (day(last), 1, Verdict.NOT_MET)
        assert (over.measured, over.at_most) == (2 * unit, unit)
        assert small.told(visits("03-10", str(day(last) + DAY)), day("04-30")) == [(None, Verdict.MET, unit)]
        (two,) = small.each(visits("03-10", str(day(last) - DAY)), day("04-30"))
        assert (two.occurrence, two.days) == (day(last) - DAY, 2)

    def test_a_month_from_its_end_is_cut_to_the_end_of_the_next(self) -> None:
        """What is dated 28, 30 or 31 January counts for a month until 28 February."""
        small = Small(limit(COUNT, "rolling 1 month", at_most=2))
        (over,) = small.each(visits("01-28", "01-30", "01-31"))
        assert (over.occurrence, over.days) == (day("01-31"), 28)

    def test_business_days_are_those_of_the_program(self) -> None:
        """Two business days from Friday end with Monday; without a zone nothing is known."""
        small = Small(limit(COUNT, "rolling 2 business_days", at_most=1))
        office = Office("UTC")
        assert [each[1] for each in small.told(visits("03-06", "03-09"), office=office)] == [Verdict.NOT_MET]
        assert [each[1] for each in small.told(visits("03-06", "03-10"), office=office)] == [Verdict.MET]
        (finding,) = small.each(visits("03-06"))
        assert finding.missing == (Place("program", "program", "time_zone"),)

    @pytest.mark.parametrize(("on", "verdict"), [("03-11", Verdict.MET), ("03-12", Verdict.NOT_MET)])
    def test_too_few_is_known_on_the_last_day_of_the_first_whole_window(self, on: str, verdict: Verdict) -> None:
        """Three days from 10 March are whole on the twelfth: two are owed then."""
        small = Small(limit(COUNT, "rolling 3 days", at_least=2))
        (finding,) = small.each(visits("03-10"), day(on))
        assert (finding.verdict, finding.measured) == (verdict, 1)
        (asked,) = small.each(visits("03-10"), day(on), since=day("03-10"))
        assert asked.verdict is verdict

    def test_the_days_with_too_few_are_told_in_one(self) -> None:
        """From the day on which the first visit is three days past until the next one, and its least."""
        small = Small(limit(COUNT, "rolling 3 days", at_least=1))
        found = small.each(visits("03-10", "03-20"), day("03-22"))
        assert [(f.occurrence, f.days, f.verdict, f.measured) for f in found] == [(day("03-13"), 7, Verdict.NOT_MET, 0)]

    def test_a_record_without_a_day_may_count_on_any_day(self) -> None:
        """Also on the days before the first one, of which one stands for all."""
        small = Small(limit(COUNT, "rolling 3 days", at_most=1))
        rows = visits("03-10", None)
        (finding,) = small.each(rows)
        assert (finding.occurrence, finding.days, finding.verdict) == (day("03-10"), 3, Verdict.UNKNOWN)
        assert small.told(rows[1:]) == [(None, Verdict.MET, 0)]
        (none,) = Small(limit(COUNT, "rolling 3 days", at_most=0)).each(rows[1:])
        assert (none.occurrence, none.days, none.missing) == (ON - DAY, 2, (Place("visit", "r1", "held"),))

    def test_the_first_record_may_be_one_in_doubt(self) -> None:
        """If the visit of 1 March counts, the third owes one; if not, time begins on the tenth."""
        small = Small(limit(COUNT, "rolling 3 days", at_least=1))
        rows = [*visits("03-01", good=None), *visits("03-10")]
        (finding,) = small.each(rows, day("03-11"))
        assert (finding.occurrence, finding.days, finding.verdict) == (day("03-04"), 6, Verdict.UNKNOWN)
        assert finding.missing == (Place("visit", "r1", "good"),)
        (two,) = Small(limit(COUNT, "rolling 3 days", at_least=2)).each(rows, day("03-11"))
        assert (two.occurrence, two.days, two.verdict) == (day("03-03"), 9, Verdict.UNKNOWN)

    def test_too_few_is_told_with_the_least_of_its_days(self) -> None:
        """Three are owed, of which there are two, and then one."""
        small = Small(limit(COUNT, "rolling 3 days", at_least=3))
        (finding,) = small.each(visits("03-10", "03-11", "03-12"), day("03-14"))
        assert (finding.occurrence, finding.days, finding.measured) == (day("03-13"), 2, 1)


class TestSumsAtAnyTime:
    """The sum over the records whose span runs on a day."""

    HALF: Final = Decimal("0.5")

    def small(self, measure: str = "sum(post.share)", **bounds: object) -> Small:
        """A stay with posts."""
        return Small(limit(measure, "at any time", **(bounds or {"at_most": "1.0"})), "post")

    def posts(self, *spans: tuple[str | None, str | None], share: object = HALF, **facts: object) -> list[Any]:
        """Half posts for some days, each from the first until before the last; an empty day is none."""
        ends = [(start and day(start), NONE if until == "" else until and day(until)) for start, until in spans]
        return [{"starts": start, "ends": end, "share": share, **facts} for start, end in ends]

    def test_amounts_are_added_up_while_their_spans_run(self) -> None:
        """Three half posts on one day are too many; when the first ends on that day they are not."""
        small = self.small()
        found = small.each(self.posts(("03-01", "03-11"), ("03-01", ""), ("03-10", "")))
        assert [(f.occurrence, f.days, f.verdict, f.measured) for f in found] == [
            (day("03-10"), 1, Verdict.NOT_MET, Decimal("1.5"))
        ]
        assert small.told(self.posts(("03-01", "03-10"), ("03-01", ""), ("03-10", ""))) == [
            (None, Verdict.MET, Decimal(1))
        ]

    def test_too_little_is_told_with_its_least(self) -> None:
        """A half post is owed on each day: from the tenth until the fifteenth there is none."""
        small = self.small(at_least="0.5")
        found = small.each(self.posts(("03-01", "03-10"), ("03-15", "")))
        assert [(f.occurrence, f.days, f.verdict, f.measured) for f in found] == [(day("03-10"), 5, Verdict.NOT_MET, 0)]

    @pytest.mark.parametrize(
        ("share", "most", "verdict"),
        [(None, "0.5", Verdict.UNKNOWN), (None, "0.4", Verdict.NOT_MET), (HALF, "1.0", Verdict.MET)],
    )
    def test_an_amount_that_is_not_recorded_may_be_anything(
        self, share: Decimal | None, most: str, verdict: Verdict
    ) -> None:
        """Half a post is known beside it."""
        rows = [*self.posts(("03-01", "")), *self.posts(("03-01", ""), share=share)]
        (finding,) = self.small(at_most=most).each(rows)
        assert finding.verdict is verdict
        assert finding.missing == ((Place("post", "r2", "share"),) if verdict is Verdict.UNKNOWN else ())

    def test_an_end_or_a_condition_in_doubt_widens_the_sum(self) -> None:
        """An end that is not recorded may have come; a post that may not be good may not count."""
        end = self.small(at_most="0.5").each(self.posts(("03-01", None), ("03-10", "")))
        assert [(f.occurrence, f.verdict, f.missing) for f in end] == [
            (day("03-10"), Verdict.UNKNOWN, (Place("post", "r1", "ends"),))
        ]
        rows = [*self.posts(("03-01", ""), good=None), *self.posts(("03-01", ""), good=True)]
        good = self.small("sum(post.share, good)", at_most="0.5").each(rows)
        assert [(f.occurrence, f.verdict, f.missing) for f in good] == [
            (day("03-01"), Verdict.UNKNOWN, (Place("post", "r1", "good"),))
        ]

    def test_what_is_known_to_be_absent_adds_nothing(self) -> None:
        """A post without an extra share, and one that may be without."""
        small = self.small("sum(post.extra)", at_most="0.5")
        rows = [*self.posts(("03-01", ""), extra=self.HALF), *self.posts(("03-01", ""), extra=NONE)]
        assert small.told(rows) == [(None, Verdict.MET, self.HALF)]
        helpers = self.small("distinct(post.helper)", at_most="1")
        rows = [*self.posts(("03-01", ""), helper="w1"), *self.posts(("03-01", ""), helper=NONE)]
        assert helpers.told(rows) == [(None, Verdict.MET, 1)]
        (doubtful,) = self.small("distinct(post.helper)", at_most="0").each(self.posts(("03-01", ""), helper=None))
        assert (doubtful.verdict, doubtful.measured) == (Verdict.UNKNOWN, 0)

    def test_a_sum_is_no_caseload(self) -> None:
        """How many are there on each day is told of records that are counted, not of amounts."""
        for measure, told in (("sum(post.share)", False), ("count(post)", True)):
            small = self.small(measure, at_most="1")
            tables = small.tables(self.posts(("03-01", "")))
            found = judge_of(small.book).levels(
                small.book["it"], small.stay, on=ON, since=ON, through=ON, tables=tables
            )
            assert (found is not None) is told


# against brute force


@attrs.frozen
class Kind:
    """A window for the brute force: its text, the days that are drawn, and more days that an unknown one can be."""

    window: str
    known: tuple[str, ...]
    more: tuple[str, ...]
    first: Callable[[dt.date], dt.date] | None = None
    length: int = 0

    @property
    def days(self) -> list[dt.date]:
        """All days that a visit can have."""
        return sorted(map(day, (*self.known, *self.more)))


def _year_from_march(on: dt.date) -> dt.date:
    """The last 28 March up to a day."""
    start = dt.date(on.year, 3, 28)
    return start if start <= on else dt.date(on.year - 1, 3, 28)


EACH: Final = {
    kind.window: kind
    for kind in (
        Kind("calendar day", ("03-29", "03-30", "03-31", "04-01", "04-02"), ("03-27", "03-28"), lambda on: on),
        Kind(
            "calendar week",
            ("03-16", "03-22", "03-23", "03-29", "03-30", "04-01", "04-02"),
            ("03-08", "03-15"),
            lambda on: on - on.weekday() * DAY,
        ),
        Kind(
            "calendar month",
            ("02-01", "02-28", "03-01", "03-31", "04-01", "04-02"),
            ("2025-12-31", "01-31"),
            lambda on: on.replace(day=1),
        ),
        Kind(
            "calendar year",
            ("2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", "2026-04-02"),
            ("2022-12-31", "2023-12-31"),
            lambda on: on.replace(month=1, day=1),
        ),
        Kind(
            "year from 03-28",
            ("2024-03-28", "2025-03-27", "2025-03-28", "2026-03-27", "2026-03-28", "2026-04-02"),
            ("2023-03-27", "2024-03-27"),
            _year_from_march,
        ),
        Kind(
            "rolling 3 days",
            ("03-26", "03-27", "03-28", "03-30", "03-31", "04-01", "04-02"),
            ("03-20", "03-24", "03-25", "03-29"),
            length=3,
        ),
    )
}
MEASURES: Final[dict[str, Callable[[Sequence[dict[str, Any]]], int]]] = {
    "count(visit, good)": len,
    "sum(visit.minutes, good)": lambda found: sum(each["minutes"] for each in found),
    "distinct(visit.worker, good)": lambda found: len({each["worker"] for each in found}),
}
VALUES: Final[dict[str, tuple[object, ...]]] = {
    "good": (True, False),
    "minutes": (0, 1, 2, 3, 9),
    "worker": WORKERS,
}
Row = dict[str, Any]
Truth = dict[dt.date, Verdict]
"""The verdict of each window by its first day, of each day where it is rolling; others are not judged."""


@attrs.frozen
class Try:
    """A limit, and what is recorded; facts that are None are not recorded."""

    kind: Kind
    measure: str
    least: int | None
    most: int | None
    since: dt.date | None
    rows: list[Row]

    def truth(self, rows: Sequence[Row]) -> Truth:
        """The verdict of each window where everything is recorded, by the words of the format."""
        seen = [row for row in rows if row["good"] and row["held"] <= ON]
        begin = self.since or min([row["held"] for row in seen], default=ON)
        return dict(self._rolling(seen, begin) if self.kind.first is None else self._calendar(seen, begin))

    def _calendar(self, seen: Sequence[Row], begin: dt.date) -> Iterator[tuple[dt.date, Verdict]]:
        first = self.kind.first
        assert first is not None
        for start in {first(begin + n * DAY) for n in range((ON - begin).days + 1)}:
            inside = [row for row in seen if first(row["held"]) == start]
            yield start, self._verdict(inside, owed=start >= begin, running=first(ON) == start)

    def _rolling(self, seen: Sequence[Row], begin: dt.date) -> Iterator[tuple[dt.date, Verdict]]:
        length = self.kind.length * DAY
        for on in (begin + n * DAY for n in range((ON - begin).days + 1)):
            inside = [row for row in seen if row["held"] <= on < row["held"] + length]
            yield on, self._verdict(inside, owed=on >= begin + length - DAY, running=False)

    def _verdict(self, inside: Sequence[Row], *, owed: bool, running: bool) -> Verdict:
        amount = MEASURES[self.measure](inside)
        if self.most is not None and amount > self.most:
            return Verdict.NOT_MET
        if self.least is None or not owed or amount >= self.least:
            return Verdict.MET
        return Verdict.PENDING if running else Verdict.NOT_MET

    def completions(self) -> Iterator[list[Row]]:
        """Every way to record what is not."""
        holes = [(i, name) for i, row in enumerate(self.rows) for name, value in row.items() if value is None]
        for chosen in itertools.product(*(self.values(name) for _, name in holes)):
            filled = [dict(row) for row in self.rows]
            for (i, name), value in zip(holes, chosen, strict=True):
                filled[i][name] = value
            yield filled

    def values(self, name: str) -> Sequence[object]:
        """The values that a fact can have."""
        return self.kind.days if name == "held" else VALUES[name]

    @property
    def size(self) -> int:
        """How many completions there are."""
        size = 1
        for row in self.rows:
            for name, value in row.items():
                size *= len(self.values(name)) if value is None else 1
        return size

    def small(self) -> Small:
        """The limit as a rulebook."""
        bounds = {"at_least": self.least, "at_most": self.most}
        given_ = {name: value for name, value in bounds.items() if value is not None}
        return Small(limit(self.measure, self.kind.window, **given_))

    def judged(self) -> dict[dt.date, Verdict]:
        """What the judge says of each day on which a window that it judges starts, or of each day."""
        small = self.small()
        tables = small.tables(self.rows)
        found = judge_of(small.book).findings(
            small.book["it"], small.stay, on=ON, tables=tables, since=self.since, explain=False
        )
        told: dict[dt.date, Verdict] = {}
        for finding in found:
            if isinstance(finding.occurrence, dt.date):
                for n in range(finding.days or 0):
                    told[finding.occurrence + n * DAY] = finding.verdict
        return told

    def back(self) -> dt.date:
        """The first day of the windows that are judged by themselves: one stands for those before it."""
        known = [row["held"] for row in self.rows if row["held"] is not None and row["good"] is not False]
        earliest = min([ON, *(each for each in known)])
        if self.since or all(row["held"] is not None for row in self.rows):
            return dt.date.min
        return earliest - DAY if self.kind.first is None else self.kind.first(self.kind.first(earliest) - DAY)


def tries(kind: Kind, measure: str) -> st.SearchStrategy[Try]:
    """Limits of one measure over one window, with one to four visits of which a few facts are not recorded."""
    days = st.sampled_from([None, *map(day, kind.known), *map(day, kind.known)])
    row = st.fixed_dictionaries(
        {
            "held": days,
            "good": st.sampled_from([True, True, None, False]),
            "minutes": st.sampled_from([0, 1, 2, 3, None]),
            "worker": st.sampled_from(["w1", "w2", "w3", None]),
        }
    )
    bounds = st.sampled_from([(1, None), (2, None), (None, 0), (None, 1), (None, 2), (1, 1), (1, 2)])
    since = st.sampled_from([None, None, *map(day, kind.known)]).filter(lambda each: each is None or each <= ON)
    read = {"minutes": "sum" in measure, "worker": "distinct" in measure}

    def plain(rows: Sequence[Row]) -> list[Row]:
        """Facts that the measure does not read are left out of what is tried."""
        return [{name: value for name, value in each.items() if read.get(name, True)} for each in rows]

    return st.builds(
        lambda bound, begin, rows: Try(kind, measure, bound[0], bound[1], begin, plain(rows)),
        bounds,
        since,
        st.lists(row, min_size=1, max_size=4),
    )


MANY = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
FEW = settings(MANY, max_examples=3)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("window", EACH)
@MANY
@given(data=st.data())
def test_a_window_is_decided_where_all_completions_agree(window: str, measure: str, data: st.DataObject) -> None:
    """Against every way to record what is not: decided where all agree, and unknown where they do not.

    A sum within two bounds may be known to be out of one of them without being known of which: it is unknown.
    """
    tried = data.draw(tries(EACH[window], measure))
    assume(tried.size <= 400)
    truths = [tried.truth(rows) for rows in tried.completions()]
    judged, back = tried.judged(), tried.back()
    loose = "sum" in measure and None not in {tried.least, tried.most}
    for start in {start for truth in truths for start in truth if start >= back}:
        agreed = {truth.get(start, Verdict.MET) for truth in truths}
        verdict = judged.get(start, Verdict.MET)
        if len(agreed) > 1 or (loose and verdict is Verdict.UNKNOWN):
            assert verdict is Verdict.UNKNOWN, start
        else:
            assert {verdict} == agreed, start


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("window", EACH)
@FEW
@given(data=st.data())
def test_missing_are_the_facts_that_can_change_the_verdict_of_the_window(
    window: str, measure: str, data: st.DataObject
) -> None:
    """Of the one window that is unknown: recording a fact changes it, with some of the others recorded or none.

    The search tries days of long ago too: every day since then would owe its least, which takes too long here.
    """
    tried = data.draw(tries(EACH[window], measure))
    assume(tried.size <= 30 and (window != "calendar day" or tried.least is None))
    small = tried.small()
    (finding, *others) = small.each(tried.rows, since=tried.since)
    assume(not others and finding.verdict is Verdict.UNKNOWN and finding.exact and finding.occurrence is not None)
    told = {(int(place.id[1:]) - 1, place.fact) for place in finding.missing}
    assert told == changing(tried, finding)


def changing(tried: Try, finding: Finding) -> set[tuple[int, str]]:
    """The facts of which some value changes the verdict of a window, for some of the others recorded or none."""
    holes = [(i, name) for i, row in enumerate(tried.rows) for name, value in row.items() if value is None]
    options = [(None, *tried.values(name)) for _, name in holes]
    verdicts = {chosen: at(tried, holes, chosen, finding) for chosen in itertools.product(*options)}
    found: set[tuple[int, str]] = set()
    for number, hole in enumerate(holes):
        for chosen, verdict in verdicts.items():
            without = (*chosen[:number], None, *chosen[number + 1 :])
            if verdict is not verdicts[without] and verdicts[without] is Verdict.UNKNOWN:
                found.add(hole)
    return found


def at(tried: Try, holes: Sequence[tuple[int, str]], chosen: Sequence[object], finding: Finding) -> Verdict:
    """The worst verdict of the days of a finding, with some facts recorded."""
    rows = [dict(row) for row in tried.rows]
    for (i, name), value in zip(holes, chosen, strict=True):
        rows[i][name] = value
    judged = attrs.evolve(tried, rows=rows).judged()
    start = finding.occurrence
    assert isinstance(start, dt.date)
    days = {judged.get(start + n * DAY, Verdict.MET) for n in range(finding.days or 0)}
    worst = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.PENDING, Verdict.MET)
    return next(verdict for verdict in worst if verdict in days)
