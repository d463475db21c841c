"""The judge on what lies between readings, and on events that may come too early.

A rule of which a reading has to be chosen is told by the reading with the earliest due day where all of them agree; an
event of the record itself that comes too early does not hide another that counts.
"""

from __future__ import annotations

import datetime as dt

import pytest
from test_judge_units import DAY, ON, book_of, record, tables_of, told

from peersupport import NONE, Place, Reason, Rulebook, Verdict, explain, judge, judge_each

READINGS = """choose = true
readings.'one' = { %s }
readings.'two' = { %s }
"""


def chosen(fields: str, one: str, two: str, form: str = "criterion") -> Rulebook:
    """The made-up program with a rule of two readings, of which neither is the default."""
    return book_of(f"{fields}\n" + READINGS % (one, two), form=form)


class TestWhereReadingsAgree:
    """What is told of a rule that all its readings judge alike."""

    def test_the_clauses_are_those_of_a_reading(self) -> None:
        """The rule's own condition, which no reading has, is not told."""
        book = chosen("holds = 'known(remark)'", "holds = 'yes'", "holds = 'yes and known(remark)'")
        finding = told(book, record(book, "stay", "s", yes=False, remark="x"))
        assert finding.verdict is Verdict.NOT_MET
        assert [clause.verdict for clause in finding.clauses] == [Verdict.NOT_MET]
        assert "It does not hold: ." not in explain(finding)

    def test_who_is_responsible_is_said_by_a_reading(self) -> None:
        """Where every reading names the guardian, the guardian answers for it."""
        book = chosen(
            "holds = 'yes'\nresponsible = 'person'",
            "responsible = 'guardian'",
            "responsible = 'guardian', holds = 'yes and yes'",
        )
        assert told(book, record(book, "stay", "s", yes=True, person="p", guardian="g")).responsible == "g"

    def test_an_exception_is_said_by_a_reading(self) -> None:
        """Where every reading has the exception, it is recorded."""
        book = chosen("holds = 'not yes'", "unless = 'yes'", "unless = 'yes', holds = 'not yes and not yes'")
        finding = told(book, record(book, "stay", "s", yes=True))
        assert (finding.verdict, finding.exception) == (Verdict.NOT_MET, True)

    @pytest.mark.parametrize(("one", "two"), [(60, 30), (30, 60)])
    def test_a_deadline_ahead_is_due_on_the_earliest_day_and_changes_after_it(self, one: int, two: int) -> None:
        """From the day after the earlier due day the readings differ, in whatever order they stand."""
        fields = "after = 'came'\nwithin = '60 days'\ndone = 'first(visit.held)'"
        book = chosen(fields, f"within = '{one} days'", f"within = '{two} days'", form="deadline")
        stay = record(book, "stay", "s", came=ON)
        tables = tables_of(stay, empty=["visit"])
        finding = judge(book, "it", stay, on=ON, tables=tables)
        assert (finding.verdict, finding.due) == (Verdict.PENDING, ON + 30 * DAY)
        assert finding.changes_on == ON + 31 * DAY
        later = judge(book, "it", stay, on=ON + 31 * DAY, tables=tables)
        assert (later.verdict, later.reason) == (Verdict.UNKNOWN, Reason.CHOOSE_READING)

    def test_what_every_reading_lacks_is_missing(self) -> None:
        """A choice would not help while a fact is not recorded that both readings need."""
        book = chosen("holds = 'yes'", "holds = 'yes'", "holds = 'yes and known(remark)'")
        finding = told(book, record(book, "stay", "s", remark="x"))
        assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, Reason.NOT_RECORDED)
        assert finding.missing == (Place("stay", "s", "yes"),)

    def test_what_any_reading_lacks_is_missing(self) -> None:
        """One reading lacks one fact, the other another: both are asked for."""
        book = chosen("holds = 'yes'", "holds = 'yes'", "holds = 'came < date(2026, 1, 1)'")
        finding = told(book, record(book, "stay", "s"))
        assert finding.missing == (Place("stay", "s", "yes"), Place("stay", "s", "came"))

    def test_what_is_expected_goes_on_by_the_reading_told(self) -> None:
        """What repeats is expected by the period of the reading whose due day is told."""
        from peersupport.readers.judge import judge_of  # noqa: PLC0415

        fields = "after = 'came'\nagain = '9 days'\ncounted = 'grid'\ndone = 'each(visit.held)'"
        book = chosen(fields, "again = '9 days'", "again = '5 days'", form="deadline")
        stay = record(book, "stay", "s", came=ON)
        tables = tables_of(stay, empty=["visit"])
        (finding,) = judge_each(book, "it", stay, on=ON, tables=tables)
        assert finding.due == ON + 5 * DAY
        expected = judge_of(book).expected(book["it"], stay, on=ON, through=ON + 12 * DAY, tables=tables)
        assert expected == [(2, ON + 10 * DAY)]


class TestWhereReadingsDiffer:
    """What is told of a rule whose readings judge differently."""

    def test_another_rule_that_asks_for_it_is_unknown_and_not_pending(self) -> None:
        """No later day decides it: a reading has to be chosen."""
        other = '[[criterion]]\nid = "other"\nabout = "stay"\nsays = "O."\nsource = "F: 2"\nholds = "yes"\n'
        book = book_of("holds = \"met('other')\"\n" + other + READINGS % ("holds = 'yes'", "holds = 'not yes'"))
        finding = told(book, record(book, "stay", "s", yes=True))
        assert (finding.verdict, finding.reason, finding.missing) == (Verdict.UNKNOWN, Reason.CHOOSE_READING, ())
        stay = record(book, "stay", "s", yes=True)
        each = [judge(book, "it", stay, on=ON, readings=[name]).verdict for name in ("one", "two")]
        assert each == [Verdict.MET, Verdict.NOT_MET]


class TestTooEarly:
    """An event of the record itself counts from a first day on."""

    def test_an_unknown_first_day_leaves_open_whether_the_event_counts(self) -> None:
        """Done in time if it counts, and not done yet if it does not."""
        book = book_of('due = "date(2026, 5, 1)"\nnot_before = "came"\ndone = "left"', form="deadline")
        left = ON - 5 * DAY
        finding = told(book, record(book, "stay", "s", left=left))
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("stay", "s", "came"),))
        known = [told(book, record(book, "stay", "s", left=left, came=left + shift * DAY)) for shift in (-1, 0, 1)]
        assert [found.verdict for found in known] == [Verdict.MET, Verdict.MET, Verdict.PENDING]

    @pytest.mark.parametrize("late", [0, 30])
    def test_an_early_event_does_not_hide_one_that_counts(self, late: int) -> None:
        """The visit in the window is done in time, and one after it late, though somebody left before it opened."""
        fields = 'due = "came + days(9)"\nnot_before = "came + days(2)"\ndone = ["left", "first(visit.held)"]'
        book = book_of(fields, form="deadline")
        came = ON - 60 * DAY
        stay = record(book, "stay", "s", came=came, left=came + DAY)
        finding = told(book, stay, record(book, "visit", "v", stay="s", held=came + (5 + late) * DAY))
        assert finding.verdict is (Verdict.NOT_MET if late else Verdict.MET)
        assert finding.done_on == came + (5 + late) * DAY

    @pytest.mark.parametrize(("held", "verdict"), [(None, Verdict.PENDING), (ON - DAY, Verdict.PENDING)])
    def test_nothing_counts_before_a_first_day_that_lies_ahead(self, held: dt.date | None, verdict: Verdict) -> None:
        """Whatever has been done, on a day recorded or not, it is asked for later."""
        fields = 'due = "came + days(40)"\nnot_before = "came + days(30)"\ndone = "first(visit.held)"'
        book = book_of(fields, form="deadline")
        stay = record(book, "stay", "s", came=ON - DAY)
        finding = told(book, stay, record(book, "visit", "v", stay="s", held=held))
        assert (finding.verdict, finding.missing) == (verdict, ())

    def test_what_has_not_happened_does_not_ask_from_when_it_would_count(self) -> None:
        """Nobody has to know the first day on which coming counts while nobody has come."""
        book = book_of('due = "date(2026, 5, 1)"\nnot_before = "left"\ndone = "came"', form="deadline")
        finding = told(book, record(book, "stay", "s", came=ON + 3 * DAY))
        assert (finding.verdict, finding.missing) == (Verdict.PENDING, ())


class TestNotYet:
    """What is known not to be done, and not to be due before today, is pending whatever its due day turns out to be."""

    @pytest.mark.parametrize(("good", "held"), [(None, ON), (True, ON), (False, ON), (None, ON - DAY)])
    def test_a_due_day_that_is_today_or_not_there_yet(self, good: bool | None, held: dt.date) -> None:
        """Only a visit of an earlier day could have made it overdue."""
        fields = 'due = "first(visit.held, good)"\ndone = "first(visit.held, minutes >= 60)"'
        book = book_of(fields, form="deadline")
        visit = record(book, "visit", "v", stay="s", held=held, good=good, minutes=5)
        finding = told(book, record(book, "stay", "s"), visit)
        assert finding.verdict is (Verdict.PENDING if held == ON else Verdict.UNKNOWN)


class TestAbsent:
    """What is not recorded but cannot be absent lies before what is known to be absent."""

    @pytest.mark.parametrize(
        ("holds", "verdict"),
        [
            ("came < left", Verdict.MET),
            ("came <= left", Verdict.MET),
            ("left > came", Verdict.MET),
            ("came == left", Verdict.NOT_MET),
            ("came != left", Verdict.MET),
            ("came > left", Verdict.NOT_MET),
            ("left >= came", Verdict.MET),
            ("left < came", Verdict.NOT_MET),
        ],
    )
    def test_a_day_that_is_not_recorded_stands_before_never(self, holds: str, verdict: Verdict) -> None:
        """Whatever day somebody came, she has not left."""
        book = book_of(f"holds = '{holds}'")
        finding = told(book, record(book, "stay", "s", left=NONE))
        assert (finding.verdict, finding.missing) == (verdict, ())

    def test_what_may_be_absent_too_stays_unknown(self) -> None:
        """Two ends of which one is not recorded and may be absent: nobody knows which is later."""
        book = book_of("holds = 'left < left'")
        assert told(book, record(book, "stay", "s")).verdict is Verdict.UNKNOWN
