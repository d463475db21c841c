"""What the judge says where facts, references, records, tables or the time zone are not there, one small case each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pytest

from peersupport import loads
from peersupport.readers import english
from peersupport.readers.judge import Sitting, judge, judge_each, judge_of, settle
from peersupport.readers.judge.context import Context, Function, Names
from peersupport.readers.judge.deadlines import expecting
from peersupport.readers.judge.limits import staying
from peersupport.readers.judge.outcomes import Outcome
from peersupport.readers.judge.values import LOW
from peersupport.rules import loading
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Record, Vocabulary
from peersupport.rules.findings import BEFORE, Finding, Place, Reason, Verdict
from peersupport.rules.forms import Limit, Repeated
from peersupport.rules.problems import InputError
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables

ON = dt.date(2026, 4, 1)
DAY = dt.timedelta(days=1)

KINDS = """
rulebook = "units"
title = "A made-up program to try the judge on"
[sources.F]
title = "fiction"

[kinds.program]
seats = "int"
time_zone = "text"

[kinds.person]
fine = "bool"
mentor = "-> person or none"

[kinds.stay]
dated_by = "came"
person = "-> person"
guardian = "-> person or none"
helpers = "-> set of person"
came = "date"
left = { type = "date or none", planned = true }
noon = "instant"
yes = "bool"
remark = "text"

[kinds.visit]
stay = "-> stay"
worker = "-> person"
held = "date"
good = "bool"
minutes = { type = "int minutes", min = 0 }

[kinds.call]
dated_by = "rang"
rang = "instant"

[kinds.reply]
call = "-> call"
"""


def book_of(fields: str, form: str = "criterion", about: str = "stay") -> Rulebook:
    """The made-up program with one rule."""
    rule = f'[[{form}]]\nid = "it"\nabout = "{about}"\nsays = "It."\nsource = "F: 1"\n{fields}\n'
    return loading.load(KINDS + rule, Vocabulary({}), file="units.toml")


def holding(condition: str, about: str = "stay") -> Rulebook:
    """The made-up program with one criterion."""
    return book_of(f'holds = """{condition}"""', about=about)


def record(book: Rulebook, kind: str, id_: str, **facts: object) -> Record:
    """A record of one of the rulebook's kinds."""
    return book.vocabulary[kind].record(id=id_, **facts)


def tables_of(
    *records: Record,
    empty: Iterable[str] = (),
    since: Mapping[str, dt.date] | None = None,
    office: Office | None = None,
) -> Tables:
    """Tables of some records, those named in `empty` given without any, some complete only since a day."""
    rows: dict[str, dict[str, Record]] = {kind: {} for kind in empty}
    for each in records:
        rows.setdefault(type(each).__name__.lower(), {})[each.id] = each
    starts = since or {}
    return Tables({kind: Table(found, starts.get(kind)) for kind, found in rows.items()}, office)


def told(book: Rulebook, subject: Record, *others: Record, **more: object) -> Finding:
    """The finding of the one rule, with the subject and some other records in their tables."""
    return judge(book, "it", subject, on=ON, tables=tables_of(subject, *others, **more))  # type: ignore[arg-type]


class TestReferences:
    """Paths over references that are not recorded, known to be absent, or lead to no record."""

    BOOK = holding("person.mentor.fine")

    def stay(self, **facts: object) -> Record:
        """The judged stay."""
        return record(self.BOOK, "stay", "s", **facts)

    def test_a_first_reference_that_is_not_recorded_is_missing(self) -> None:
        """The second step is not asked for while the first is not known."""
        finding = told(self.BOOK, self.stay())
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("stay", "s", "person"),))

    def test_a_table_that_is_not_given_is_missing(self) -> None:
        """Without the table of people nothing is known of them."""
        finding = told(self.BOOK, self.stay(person="p"))
        assert (finding.reason, finding.missing) == (Reason.NO_TABLE, (Place("person"),))

    def test_a_record_that_is_not_in_its_table_is_missing(self) -> None:
        """A reference that leads nowhere is told with its id."""
        finding = told(self.BOOK, self.stay(person="p"), empty=["person"])
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("person", "p"),))

    def test_two_steps_lead_to_a_fact(self) -> None:
        """The mentor of the person is found."""
        people = (record(self.BOOK, "person", "p", mentor="m"), record(self.BOOK, "person", "m", fine=True))
        assert told(self.BOOK, self.stay(person="p"), *people).verdict is Verdict.MET

    def test_a_program_that_is_not_given_is_missing(self) -> None:
        """A fact of the program is unknown while there is no record of it."""
        book = holding("program.seats >= 2")
        finding = told(book, record(book, "stay", "s"))
        assert (finding.reason, finding.missing) == (Reason.NO_TABLE, (Place("program"),))
        program = record(book, "program", "program", seats=2)
        assert told(book, record(book, "stay", "s"), program).verdict is Verdict.MET

    def test_everyone_reached_over_several_records_counts_once(self) -> None:
        """From the stays of a person on to the visits of all of them."""
        book = holding("count(stay[person].visit) == 2", about="person")
        stays = [record(book, "stay", id_, person="p") for id_ in "ab"]
        visits = [record(book, "visit", f"v{stay.id}", stay=stay.id) for stay in stays]
        assert told(book, record(book, "person", "p"), *stays, *visits).verdict is Verdict.MET


class TestSetsOfReferences:
    """Forward paths over a set of references."""

    BOOK = holding("any(helpers, fine)")

    @pytest.mark.parametrize(
        ("helpers", "verdict", "missing"),
        [
            (None, Verdict.UNKNOWN, (Place("stay", "s", "helpers"),)),
            (frozenset({"p"}), Verdict.MET, ()),
            (frozenset(), Verdict.NOT_MET, ()),
            (frozenset({"p", "away"}), Verdict.UNKNOWN, (Place("person"),)),
        ],
    )
    def test_the_members_are_followed(
        self, helpers: frozenset[str] | None, verdict: Verdict, missing: tuple[Place, ...]
    ) -> None:
        """A set that is not recorded is missing; so are people that the table does not have."""
        person = record(self.BOOK, "person", "p", fine=True)
        finding = told(self.BOOK, record(self.BOOK, "stay", "s", helpers=helpers), person)
        assert (finding.verdict, finding.missing) == (verdict, missing)

    def test_a_set_that_is_not_recorded_can_settle_the_rule(self) -> None:
        """Each person of the table, and nobody, are tried for it."""
        stay, person = record(self.BOOK, "stay", "s"), record(self.BOOK, "person", "p", fine=True)
        finding = judge(self.BOOK, "it", stay, on=ON, tables=tables_of(stay, person), settles=True)
        assert finding.settles == ((Place("stay", "s", "helpers"),),)


class TestSettling:
    """Which facts would settle the verdict."""

    def test_a_text_that_is_not_recorded_can_settle_it(self) -> None:
        """Any text would do where the rule asks whether there is one."""
        book = holding("exists(remark)")
        finding = judge(book, "it", record(book, "stay", "s"), on=ON, settles=True)
        assert finding.settles == ((Place("stay", "s", "remark"),),)

    def test_a_search_that_is_cut_short_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """When the tries are used up the sets found so far are told, and that they are not exact."""
        book = holding("yes and known(remark) or yes and left < came")
        stay = record(book, "stay", "s")
        monkeypatch.setattr(settle, "TRIES", 1)
        finding = judge(book, "it", stay, on=ON, settles=True)
        assert (finding.verdict, finding.settles, finding.exact) == (Verdict.UNKNOWN, (), False)

    def test_an_audit_tells_all_that_is_lacking_and_does_not_search(self) -> None:
        """Whether the second visit is good matters to no answer: only the search finds that, for a record alone."""
        book = holding("first(visit.held, minutes > 0) <= first(visit.held, good)")
        stay = record(book, "stay", "s")
        visits = [
            record(book, "visit", "v0", stay="s", held=ON - 3 * DAY, good=False),
            record(book, "visit", "v1", stay="s", held=ON - 2 * DAY, minutes=0),
            record(book, "visit", "v2", stay="s", held=ON - DAY, minutes=0, good=True),
        ]
        minutes, good = Place("visit", "v0", "minutes"), Place("visit", "v1", "good")
        tables = tables_of(stay, *visits)
        (alone,) = judge_of(book).findings(book["it"], stay, on=ON, tables=tables)
        (audited,) = judge_of(book).findings(book["it"], stay, on=ON, tables=tables, explain=False)
        assert (alone.verdict, alone.missing, alone.exact) == (Verdict.UNKNOWN, (minutes,), True)
        assert (audited.verdict, audited.missing, audited.exact) == (Verdict.UNKNOWN, (minutes, good), False)

    def test_one_fact_that_is_lacking_needs_no_search(self) -> None:
        """It is what is missing, and that is exact in an audit too."""
        book = holding("yes")
        (audited,) = judge_of(book).findings(book["it"], record(book, "stay", "s"), on=ON, explain=False)
        assert (audited.missing, audited.exact) == ((Place("stay", "s", "yes"),), True)


class TestEvents:
    """First and last events, where none is certain."""

    def visits(self, book: Rulebook, *held: dt.date | None) -> list[Record]:
        """Visits of the stay, on days that may not be recorded."""
        return [record(book, "visit", f"v{i}", stay="s", held=day) for i, day in enumerate(held)]

    def test_whether_a_last_event_comes_is_pending_while_there_is_none(self) -> None:
        """Without a visit so far it may still be."""
        book = holding("exists(last(visit.held))")
        finding = told(book, record(book, "stay", "s"), empty=["visit"])
        assert (finding.verdict, finding.reason) == (Verdict.PENDING, Reason.NOT_YET)

    def test_an_event_without_a_day_leaves_the_last_unknown(self) -> None:
        """A visit on a day that is not recorded may be the last."""
        book = holding("last(visit.held) >= date(2026, 3, 1)")
        finding = told(book, record(book, "stay", "s"), *self.visits(book, None))
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("visit", "v0", "held"),))

    def test_a_certain_event_exists_whatever_else_is_doubtful(self) -> None:
        """The first visit lies on the recorded day or before it, so there is one."""
        book = holding("exists(first(visit.held))")
        assert told(book, record(book, "stay", "s"), *self.visits(book, ON, None)).verdict is Verdict.MET

    @pytest.mark.parametrize(("order", "verdict"), [("==", Verdict.NOT_MET), ("!=", Verdict.MET)])
    def test_what_has_not_happened_is_not_on_a_day_that_is_over(self, order: str, verdict: Verdict) -> None:
        """A first visit that is still to come is not on the day of arrival."""
        book = holding(f"first(visit.held) {order} came")
        assert told(book, record(book, "stay", "s", came=ON - DAY), empty=["visit"]).verdict is verdict


class TestCounting:
    """Counts, sums and products of what is known only between two ends."""

    @pytest.mark.parametrize("measure", ["count(visit)", "sum(visit.minutes)", "distinct(visit.worker)"])
    def test_without_the_table_nothing_is_counted(self, measure: str) -> None:
        """The table is what is missing."""
        book = holding(f"{measure} >= 1")
        finding = told(book, record(book, "stay", "s"))
        assert (finding.reason, finding.missing) == (Reason.NO_TABLE, (Place("visit"),))

    @pytest.mark.parametrize(
        ("workers", "verdict"),
        [
            (("a", "a"), Verdict.NOT_MET),
            (("a", "b"), Verdict.MET),
            (("a", None), Verdict.UNKNOWN),
            ((None,), Verdict.NOT_MET),
        ],
    )
    def test_distinct_counts_each_person_once(self, workers: tuple[str | None, ...], verdict: Verdict) -> None:
        """One that is not recorded may be somebody else, or not."""
        book = holding("distinct(visit.worker) >= 2")
        visits = [record(book, "visit", f"v{i}", stay="s", worker=w) for i, w in enumerate(workers)]
        assert told(book, record(book, "stay", "s"), *visits).verdict is verdict

    @pytest.mark.parametrize(("most", "verdict"), [(4, Verdict.MET), (2, Verdict.UNKNOWN), (1, Verdict.NOT_MET)])
    def test_a_product_lies_between_the_products_of_the_ends(self, most: int, verdict: Verdict) -> None:
        """One visit is good and another may be: twice that is two to four."""
        book = holding(f"2 * count(visit, good) <= {most}")
        visits = [record(book, "visit", f"v{i}", stay="s", good=good) for i, good in enumerate((True, None))]
        assert told(book, record(book, "stay", "s"), *visits).verdict is verdict

    def test_days_from_an_end_that_never_comes_are_fewer_than_any(self) -> None:
        """What is known to be absent stands after every date."""
        book = holding("days_between(left, came) < 0")
        assert told(book, record(book, "stay", "s", came=ON, left=NONE)).verdict is Verdict.MET

    def test_the_lowest_end_has_a_name(self) -> None:
        """It shows itself in messages by it."""
        assert repr(LOW) == "LOW"


class TestIncompleteTables:
    """Tables that are complete only since a day."""

    BOOK = holding("count(visit) == 0")

    def test_records_of_a_stay_that_began_later_are_all_there(self) -> None:
        """What refers to a stay begins with it."""
        stay = record(self.BOOK, "stay", "s", came=ON)
        assert told(self.BOOK, stay, empty=["visit"], since={"visit": ON}).verdict is Verdict.MET

    def test_a_stay_that_began_before_may_have_more(self) -> None:
        """The days before are what is missing."""
        stay = record(self.BOOK, "stay", "s", came=ON - DAY)
        finding = told(self.BOOK, stay, empty=["visit"], since={"visit": ON})
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("visit", "", BEFORE),))

    def test_a_product_of_a_count_without_an_upper_end_is_unknown(self) -> None:
        """The count may be anything from what is there on."""
        book = holding("2 * count(visit) <= 4")
        finding = told(book, record(book, "stay", "s", came=ON - DAY), empty=["visit"], since={"visit": ON})
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("visit", "", BEFORE),))

    @pytest.mark.parametrize(("office", "verdict"), [(Office(), Verdict.MET), (None, Verdict.UNKNOWN)])
    def test_the_day_of_an_instant_needs_the_time_zone(self, office: Office | None, verdict: Verdict) -> None:
        """A call on the first complete day has all its replies, if the time zone says that it was that day."""
        book = holding("count(reply) == 0", about="call")
        call = record(book, "call", "c", rang=dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC))
        finding = told(book, call, empty=["reply"], since={"reply": ON}, office=office)
        assert finding.verdict is verdict


class TestForms:
    """Deadlines, and what is no rule to judge."""

    def test_a_definition_has_no_verdict(self) -> None:
        """To judge one is a mistake in the program that asks."""
        book = book_of('is = "came"', form="definition")
        with pytest.raises(TypeError, match="has no verdict"):
            judge(book, "it", record(book, "stay", "s"), on=ON)

    def test_a_record_of_another_kind_is_refused(self) -> None:
        """A rule about stays judges no person."""
        book = holding("yes")
        with pytest.raises(TypeError, match="it judges stay, not a person"):
            judge(book, "it", record(book, "person", "p"), on=ON)

    def test_nothing_repeats_from_a_day_that_never_comes(self) -> None:
        """A repeated deadline counted from an end that is known to be absent does not apply."""
        fields = 'after = "left"\nagain = "2 days"\ncounted = "rolling"\ndone = "each(visit.held)"'
        book = book_of(fields, form="deadline")
        finding = told(book, record(book, "stay", "s", left=NONE), empty=["visit"])
        assert (finding.verdict, finding.reason) == (Verdict.NOT_APPLICABLE, Reason.NOTHING_DUE)

    def test_no_more_occurrences_than_the_rule_asks_for(self) -> None:
        """What is owed once is done with the first visit."""
        fields = 'after = "came"\nagain = "2 days"\ntimes = 1\ncounted = "rolling"\ndone = "each(visit.held)"'
        book = book_of(fields, form="deadline")
        stay = record(book, "stay", "s", came=ON - 2 * DAY)
        visit = record(book, "visit", "v", stay="s", held=ON - DAY)
        found = judge_each(book, "it", stay, on=ON, tables=tables_of(stay, visit))
        assert [finding.verdict for finding in found] == [Verdict.MET]

    def test_a_finding_is_critical_as_its_rule_is(self) -> None:
        """What the rule says stands in each of its findings, whatever the verdict."""
        for fields, critical in (("", False), ("critical = false", False), ("critical = true", True)):
            book = book_of(f"holds = 'yes'\n{fields}")
            found = [told(book, record(book, "stay", "s", yes=yes)).critical for yes in (True, False, None)]
            assert (book["it"].critical, found) == (critical, [critical] * 3)

    def test_business_days_need_the_time_zone(self) -> None:
        """Without it nobody knows on which days the office works."""
        book = book_of('after = "came"\nwithin = "2 business_days"\ndone = "first(visit.held)"', form="deadline")
        finding = told(book, record(book, "stay", "s", came=ON), empty=["visit"])
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("program", "program", "time_zone"),))

    def test_a_condition_that_is_pending_does_not_hide_what_is_missing(self) -> None:
        """While the rule may come to apply, the fact that it would lack is told."""
        fields = 'when = "exists(first(visit.held))"\nafter = "came"\nwithin = "2 days"\ndone = "first(visit.held)"'
        book = book_of(fields, form="deadline")
        finding = told(book, record(book, "stay", "s"), empty=["visit"])
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("stay", "s", "came"),))


class TestExpected:
    """What a deadline that repeats will ask, if what is open is done on its due day."""

    FIELDS = 'after = "came"\nagain = "3 days"\ntimes = 3\ncounted = "%s"\ndone = "each(visit.held)"'

    @pytest.mark.parametrize("counted", ["rolling", "grid"])
    @pytest.mark.parametrize(
        ("through", "expected"), [(5, []), (6, [(2, 6)]), (8, [(2, 6)]), (9, [(2, 6), (3, 9)]), (60, [(2, 6), (3, 9)])]
    )
    def test_no_more_is_expected_than_is_owed(
        self, counted: str, through: int, expected: list[tuple[int, int]]
    ) -> None:
        """Up to the last day, and not beyond the number of times; what is open itself is not told again."""
        book = book_of(self.FIELDS % counted, form="deadline")
        stay = record(book, "stay", "s", came=ON)
        tables, last = tables_of(stay, empty=["visit"]), ON + through * DAY
        found = judge_of(book).expected(book["it"], stay, on=ON, through=last, tables=tables)
        assert found == [(number, ON + days * DAY) for number, days in expected]

    def test_nothing_is_expected_behind_what_is_not_counted(self) -> None:
        """An outcome that is no numbered occurrence, or that has no due day, is followed by none."""
        book = book_of(self.FIELDS % "grid", form="deadline")
        form = book.body(book["it"], "stay").form
        assert isinstance(form, Repeated)
        stay = record(book, "stay", "s", came=ON)
        run = expecting(form, Names(book.vocabulary, _unasked, _unasked, "stay", lambda _, make: make()))
        pending = Outcome(verdict=Verdict.PENDING, reason=Reason.UPCOMING, due=ON)
        assert run(Context(tables_of(stay), ON, ON), (stay,), pending, ON + 9 * DAY) == []


class TestNotBefore:
    """Deadlines with a first day on which doing it counts."""

    BOOK = book_of('due = "came + days(9)"\nnot_before = "came + days(2)"\ndone = "left"', form="deadline")

    @pytest.mark.parametrize(
        ("left", "verdict", "reason"),
        [
            (None, Verdict.UNKNOWN, Reason.NOT_RECORDED),
            (ON + DAY, Verdict.MET, Reason.IN_TIME),
            (ON, Verdict.MET, Reason.IN_TIME),
            (ON - DAY, Verdict.PENDING, Reason.UPCOMING),
            (ON + 8 * DAY, Verdict.NOT_MET, Reason.LATE),
        ],
    )
    def test_the_day_is_told_whatever_the_verdict_is(
        self, left: dt.date | None, verdict: Verdict, reason: Reason
    ) -> None:
        """The first day counts itself; what was done the day before does not, and is still to be done."""
        finding = told(self.BOOK, record(self.BOOK, "stay", "s", came=ON - 2 * DAY, left=left))
        assert (finding.verdict, finding.reason, finding.not_before) == (verdict, reason, ON)

    def test_what_was_done_too_early_says_from_when_it_would_have_counted(self) -> None:
        """Once the due day is over, the reason is that it was done too early."""
        came = ON - 20 * DAY
        finding = told(self.BOOK, record(self.BOOK, "stay", "s", came=came, left=came + DAY))
        assert (finding.verdict, finding.reason) == (Verdict.NOT_MET, Reason.TOO_EARLY)
        assert finding.not_before == came + 2 * DAY

    def test_a_day_that_is_not_recorded_is_not_told(self) -> None:
        """Nothing stands in the place of the day; whether the one visit counts hangs on it."""
        fields = 'due = "date(2026, 5, 1)"\nnot_before = "came"\ndone = "first(visit.held)"'
        book = book_of(fields, form="deadline")
        finding = told(book, record(book, "stay", "s"), record(book, "visit", "v", stay="s", held=ON))
        assert (finding.verdict, finding.missing) == (Verdict.UNKNOWN, (Place("stay", "s", "came"),))
        assert finding.not_before is None

    def test_a_day_known_only_between_two_is_not_told(self) -> None:
        """Of the earlier of two days one is not recorded: the visit counts whichever it is, and no day is claimed."""
        fields = 'due = "date(2026, 5, 1)"\nnot_before = "min(came, date(2026, 4, 1))"\ndone = "first(visit.held)"'
        book = book_of(fields, form="deadline")
        finding = told(book, record(book, "stay", "s"), record(book, "visit", "v", stay="s", held=ON))
        assert (finding.verdict, finding.not_before) == (Verdict.MET, None)

    def test_a_day_that_never_comes_is_not_told(self) -> None:
        """Where the first day is known to be absent, nothing counts, and there is no day to tell."""
        fields = 'due = "date(2026, 3, 1)"\nnot_before = "left"\ndone = "came"'
        book = book_of(fields, form="deadline")
        finding = told(book, record(book, "stay", "s", came=ON - 40 * DAY, left=NONE))
        assert (finding.reason, finding.not_before) == (Reason.TOO_EARLY, None)

    def test_an_instant_is_told_as_one(self) -> None:
        """A deadline by the minute opens at a minute: a second earlier does not count."""
        kinds = KINDS.replace('noon = "instant"', 'noon = "instant"\nseen = "instant or none"')
        rule = '[[deadline]]\nid = "it"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\n'
        rule += 'due = "noon + hours(2)"\nnot_before = "noon"\ndone = "seen"'
        book = loading.load(kinds + rule, Vocabulary({}), file="units.toml")
        noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
        found = [
            told(book, record(book, "stay", "s", noon=noon, seen=noon + early), office=Office("UTC"))
            for early in (dt.timedelta(0), -dt.timedelta(seconds=1))
        ]
        assert [finding.reason for finding in found] == [Reason.IN_TIME, Reason.TOO_EARLY]
        assert [finding.not_before for finding in found] == [noon, noon]

    def test_a_deadline_without_one_tells_none(self) -> None:
        """So does one that nothing falls due of."""
        book = book_of('due = "left"\nnot_before = "came"\ndone = "came"', form="deadline")
        finding = told(book, record(book, "stay", "s", came=ON, left=NONE))
        assert (finding.reason, finding.not_before) == (Reason.NOTHING_DUE, None)
        plain = book_of('due = "came"\ndone = "came"', form="deadline")
        assert told(plain, record(plain, "stay", "s", came=ON)).not_before is None


class TestChoice:
    """Rules that need a choice of reading, judged where all readings agree."""

    READINGS = "choose = true\nreadings.'one' = { %s }\nreadings.'two' = { %s }\n"

    def chosen(self, fields: str, one: str, two: str, form: str = "criterion", more: str = "") -> Rulebook:
        """The made-up program with a rule that has two readings and no default one."""
        return book_of(fields + "\n" + self.READINGS % (one, two) + more, form=form)

    @pytest.mark.parametrize(
        ("yes", "remark", "verdict"),
        [
            (True, "x", Verdict.MET),
            (False, NONE, Verdict.NOT_MET),
            (True, NONE, Verdict.UNKNOWN),
            (False, "x", Verdict.UNKNOWN),
            (None, "x", Verdict.UNKNOWN),
            (False, None, Verdict.UNKNOWN),
            (None, None, Verdict.UNKNOWN),
        ],
    )
    def test_a_criterion_is_decided_where_its_readings_agree(
        self, yes: bool | None, remark: str, verdict: Verdict
    ) -> None:
        """Where they differ, or one of them is not known, a reading has to be chosen; each is told beside it."""
        kinds = KINDS.replace('remark = "text"', 'remark = "text or none"')
        rule = '[[criterion]]\nid = "it"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\nholds = "yes"\n'
        rule += self.READINGS % ("holds = 'yes'", "holds = 'exists(remark)'")
        book = loading.load(kinds + rule, Vocabulary({}), file="units.toml")
        stay = record(book, "stay", "s", yes=yes, remark=remark)
        finding = told(book, stay)
        assert finding.verdict is verdict
        chosen = verdict is Verdict.UNKNOWN and not (yes is None and remark is None)
        assert (finding.reason is Reason.CHOOSE_READING) is chosen
        each = {name: judge(book, "it", stay, on=ON, readings=[name]).verdict for name in ("one", "two")}
        assert (finding.alternatives, finding.reading) == (each, ())

    def test_a_chosen_reading_is_judged_alone(self) -> None:
        """What the other reading gives no longer matters, and is told as an alternative."""
        book = self.chosen("holds = 'yes'", "holds = 'yes'", "holds = 'not yes'")
        finding = judge(book, "it", record(book, "stay", "s", yes=True), on=ON, readings=["two"])
        assert (finding.verdict, finding.reading) == (Verdict.NOT_MET, ("two",))
        assert finding.alternatives == {"one": Verdict.MET}

    def test_all_of_three_readings_have_to_agree(self) -> None:
        """Two that agree are not enough."""
        third = "readings.'three' = { holds = 'known(remark)' }\n"
        book = self.chosen("holds = 'yes'", "holds = 'yes'", "holds = 'yes or yes'", more=third)
        found = [told(book, record(book, "stay", "s", yes=True, remark=remark)) for remark in ("x", None)]
        assert [finding.verdict for finding in found] == [Verdict.MET, Verdict.UNKNOWN]

    @pytest.mark.parametrize(
        ("yes", "came", "verdict"),
        [
            (False, ON, Verdict.NOT_APPLICABLE),
            (True, ON, Verdict.UNKNOWN),
            (True, None, Verdict.MET),
            (None, ON, Verdict.UNKNOWN),
        ],
    )
    def test_each_reading_is_judged_under_its_own_condition(
        self, yes: bool | None, came: dt.date | None, verdict: Verdict
    ) -> None:
        """Not applicable under each is not applicable; applicable under one only, a reading has to be chosen."""
        book = self.chosen("holds = 'yes'", "when = 'yes'", "when = 'yes and not known(came)'")
        assert told(book, record(book, "stay", "s", yes=yes, came=came)).verdict is verdict

    @pytest.mark.parametrize(
        ("came", "held", "verdict"),
        [
            (ON - 9 * DAY, ON - 8 * DAY, Verdict.MET),
            (ON - 9 * DAY, ON - 6 * DAY, Verdict.UNKNOWN),
            (ON - 9 * DAY, ON, Verdict.NOT_MET),
            (ON - 9 * DAY, None, Verdict.UNKNOWN),
            (ON, ON + DAY, Verdict.PENDING),
            (ON - 3 * DAY, ON + DAY, Verdict.UNKNOWN),
            (None, ON, Verdict.UNKNOWN),
        ],
    )
    def test_a_deadline_is_decided_where_its_readings_agree(
        self, came: dt.date | None, held: dt.date | None, verdict: Verdict
    ) -> None:
        """In time for both, late for both, due under neither yet; in between a reading has to be chosen."""
        fields = "after = 'came'\nwithin = '2 days'\ndone = 'first(visit.held)'"
        book = self.chosen(fields, "within = '2 days'", "within = '5 days'", form="deadline")
        finding = told(book, record(book, "stay", "s", came=came), record(book, "visit", "v", stay="s", held=held))
        assert finding.verdict is verdict
        chosen = verdict is Verdict.UNKNOWN and came is not None and held is not None
        assert (finding.reason is Reason.CHOOSE_READING) is chosen

    AGAIN = "after = 'came'\nagain = '3 days'\ntimes = 2\ncounted = 'rolling'\ndone = 'each(visit.held)'"

    def again(self, *days: int) -> list[Finding]:
        """The findings of a deadline that repeats, counted in either way, with visits so many days after arrival."""
        book = self.chosen(self.AGAIN, "counted = 'rolling'", "counted = 'grid'", form="deadline")
        came = ON - 20 * DAY
        stay = record(book, "stay", "s", came=came)
        visits = [record(book, "visit", f"v{day}", stay="s", held=came + day * DAY) for day in days]
        return judge_each(book, "it", stay, on=ON, tables=tables_of(stay, *visits, empty=["visit"]))

    def test_each_occurrence_is_told_where_all_of_them_agree(self) -> None:
        """Done on days 3 and 6 both are in time in either way of counting."""
        assert [(f.occurrence, f.verdict) for f in self.again(3, 6)] == [(1, Verdict.MET), (2, Verdict.MET)]

    @pytest.mark.parametrize("days", [(2, 6), ()])
    def test_occurrences_of_which_one_differs_are_one_unknown(self, days: tuple[int, ...]) -> None:
        """The second is late in one way of counting only, or there are two in one way and one in the other."""
        (finding,) = self.again(*days)
        assert (finding.verdict, finding.reason) == (Verdict.UNKNOWN, Reason.CHOOSE_READING)
        assert finding.occurrence is None

    @pytest.mark.parametrize(
        ("minutes", "verdict"),
        [((5,), Verdict.MET), ((5, 5), Verdict.UNKNOWN), ((5, 5, 5), Verdict.NOT_MET), ((5, 5, None), Verdict.UNKNOWN)],
    )
    def test_a_limit_is_decided_where_its_readings_agree(
        self, minutes: tuple[int | None, ...], verdict: Verdict
    ) -> None:
        """Within each bound, beyond each; between them, or not known, a reading has to be chosen."""
        fields = "measure = 'sum(visit.minutes)'\nwindow = 'ever'\nat_most = 5"
        book = self.chosen(fields, "at_most = 5", "at_most = 10", form="limit")
        visits = [record(book, "visit", f"v{i}", stay="s", minutes=each) for i, each in enumerate(minutes)]
        assert told(book, record(book, "stay", "s"), *visits).verdict is verdict

    @pytest.mark.parametrize(
        ("starts", "verdicts"),
        [
            ((9, 8, 7), [Verdict.NOT_MET]),
            ((9,), [Verdict.MET]),
            ((9, 8), [Verdict.UNKNOWN]),
        ],
    )
    def test_stretches_out_of_bounds_are_told_where_they_are_the_same(
        self, starts: tuple[int, ...], verdicts: list[Verdict]
    ) -> None:
        """Good visits or all visits: three good ones are too many either way, from the same day on."""
        kinds = KINDS.replace("[kinds.visit]", '[kinds.visit]\nspan = { from = "held", until = "over" }')
        kinds = kinds.replace('held = "date"', 'held = "date"\nover = { type = "date or none", planned = true }')
        rule = '[[limit]]\nid = "it"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\nmeasure = "count(visit)"\n'
        rule += 'window = "at any time"\nat_most = 1\n'
        rule += self.READINGS % ("measure = 'count(visit)'", "measure = 'count(visit, good)'")
        book = loading.load(kinds + rule, Vocabulary({}), file="units.toml")
        stay = record(book, "stay", "s")
        visits = [
            record(book, "visit", f"v{n}", stay="s", held=ON - n * DAY, over=NONE, good=len(starts) > 2) for n in starts
        ]
        found = judge_each(book, "it", stay, on=ON, tables=tables_of(stay, *visits))
        assert [finding.verdict for finding in found] == verdicts
        if verdicts == [Verdict.NOT_MET]:
            assert (found[0].occurrence, found[0].days) == (ON - 8 * DAY, 9)

    @pytest.mark.parametrize(("yes", "verdict"), [(True, Verdict.MET), (False, Verdict.NOT_MET)])
    def test_another_rule_may_ask_for_one_whose_readings_agree(self, *, yes: bool, verdict: Verdict) -> None:
        """What all its readings give holds, or does not, for the rule that asks."""
        other = '[[criterion]]\nid = "other"\nabout = "stay"\nsays = "O."\nsource = "F: 2"\nholds = "yes"\n'
        other += self.READINGS % ("holds = 'yes'", "holds = 'yes and not known(remark)'")
        book = book_of("holds = \"met('other')\"\n" + other)
        assert told(book, record(book, "stay", "s", yes=yes)).verdict is verdict


class TestFailing:
    """The related records that keep a clause about all of them, or about none, from holding."""

    def clause(self, condition: str) -> Rulebook:
        """The made-up program with a criterion of one named clause, which is never parted at an `and`."""
        return book_of(f'[criterion.holds]\n"it" = """{condition}"""')

    def failing(self, condition: str, **facts: object) -> tuple[tuple[str, str], ...]:
        """Those that the one clause of a criterion names, for four visits of which the second is doubtful."""
        book = self.clause(condition)
        stay = record(book, "stay", "s", **{"yes": True, **facts})
        visits = [
            record(book, "visit", "v0", stay="s", good=False, minutes=90),
            record(book, "visit", "v1", stay="s"),
            record(book, "visit", "v2", stay="s", good=True, minutes=90),
            record(book, "visit", "v3", stay="s", good=False, minutes=10),
        ]
        people = [record(book, "person", "p", fine=False), record(book, "person", "q", fine=True)]
        (clause,) = told(book, stay, *visits, *people).clauses
        return clause.failing

    @pytest.mark.parametrize(
        ("condition", "visits"),
        [
            ("all(visit, good)", "v0 v3"),
            ("not any(visit, minutes > 60)", "v0 v2"),
            ("not any(visit)", "v0 v1 v2 v3"),
            ("yes and all(visit, good)", "v0 v3"),
            ("yes and (yes and all(visit, good))", "v0 v3"),
            ("at_least(2, yes, all(visit, good))", "v0 v3"),
            ("all(visit, good) and not any(visit, minutes > 60)", "v0 v3 v2"),
            ("all(visit, good) and all(visit, minutes > 60)", "v0 v3"),
            ("(not yes or not yes) and all(visit, minutes > 60)", "v3"),
        ],
    )
    def test_each_record_that_breaks_the_clause_is_named_once(self, condition: str, visits: str) -> None:
        """Of `all` those that do not meet it, of `not any` those that do; what is doubtful is not named."""
        assert self.failing(condition) == tuple(("visit", id_) for id_ in visits.split())

    @pytest.mark.parametrize(
        "condition",
        [
            "not yes or all(visit, good)",
            "at_least(2, not yes, not yes, all(visit, good))",
            "any(visit, minutes > 99)",
            "not (yes and any(visit, good))",
            "not all(visit, minutes >= 0 or not good) and not yes",
            "count(visit, good) >= 3",
            "not yes",
        ],
    )
    def test_a_clause_that_no_record_breaks_by_itself_names_none(self, condition: str) -> None:
        """Where another part may save it, or where a record is lacking rather than wrong, nothing is claimed."""
        assert self.failing(condition) == ()

    def test_members_of_a_set_of_references_are_named_by_their_kind(self) -> None:
        """A path forwards names the records that it leads to."""
        assert self.failing("all(helpers, fine)", helpers=frozenset({"p", "q"})) == (("person", "p"),)

    def test_a_record_that_fails_for_want_of_others_is_named_itself(self) -> None:
        """Of a nested condition the outer record fails, not those inside."""
        book = holding("all(stay[person], any(visit, good))", about="person")
        stays = [record(book, "stay", id_, person="p") for id_ in "ab"]
        visits = [record(book, "visit", f"v{id_}", stay=id_, good=id_ == "a") for id_ in "ab"]
        (clause,) = told(book, record(book, "person", "p"), *stays, *visits).clauses
        assert clause.failing == (("stay", "b"),)

    def test_what_is_not_known_names_nobody(self) -> None:
        """Without the table the clause fails by its other part alone."""
        book = self.clause("yes and all(visit, good)")
        (clause,) = told(book, record(book, "stay", "s", yes=False)).clauses
        assert (clause.verdict, clause.failing) == (Verdict.NOT_MET, ())

    def test_a_condition_that_is_parted_at_its_and_has_them_part_by_part(self) -> None:
        """Each part of a condition without named clauses is a clause, and only the one that fails names records."""
        book = holding("yes and all(visit, good)")
        finding = told(book, record(book, "stay", "s", yes=True), record(book, "visit", "v", stay="s", good=False))
        assert [each.failing for each in finding.clauses] == [(), (("visit", "v"),)]

    def test_each_named_clause_has_its_own(self) -> None:
        """A clause that holds, or is not known, has none, also where a record is wrong that it does not ask for."""
        book = book_of(
            "[criterion.holds]\n'good' = 'all(visit, good)'\n'short' = 'not any(visit, minutes > 60)'\n"
            "'written' = 'exists(remark)'"
        )
        visits = [record(book, "visit", f"v{n}", stay="s", good=n > 0, minutes=30) for n in range(3)]
        finding = told(book, record(book, "stay", "s"), *visits)
        assert [(each.name, each.verdict, each.failing) for each in finding.clauses] == [
            ("good", Verdict.NOT_MET, (("visit", "v0"),)),
            ("short", Verdict.MET, ()),
            ("written", Verdict.UNKNOWN, ()),
        ]
        assert english.message(finding) == "1 of 3 hold, 1 not known; not: good (visit v0)."


class TestOtherRules:
    """Conditions on other rules of the rulebook, definitions, readings and days in force."""

    OTHER = """
[[deadline]]
id = "other"
about = "stay"
says = "Visited within two days."
source = "F: 2"
after = "came"
within = "2 days"
done = "first(visit.held)"
"""

    @pytest.mark.parametrize(
        ("came", "verdict", "missing"),
        [
            (ON, Verdict.PENDING, ()),
            (None, Verdict.UNKNOWN, (Place("stay", "s", "came"),)),
            (ON - 5 * DAY, Verdict.NOT_MET, ()),
        ],
    )
    def test_what_another_rule_awaits_or_lacks_is_awaited_or_lacked(
        self, came: dt.date | None, verdict: Verdict, missing: tuple[Place, ...]
    ) -> None:
        """A rule on a pending rule is pending, and one on an unknown rule lacks the same facts."""
        book = book_of("holds = \"met('other')\"" + self.OTHER)
        finding = told(book, record(book, "stay", "s", came=came), empty=["visit"])
        assert (finding.verdict, finding.missing) == (verdict, missing)

    DEFINED = """
[[definition]]
id = "settled_on"
about = "stay"
says = "The day of being settled."
source = "F: 2"
is = "came + days(2)"
"""

    def test_a_definition_stands_for_its_value(self) -> None:
        """What its value lacks is missing where it is used."""
        book = book_of('holds = "settled_on <= on"' + self.DEFINED)
        assert told(book, record(book, "stay", "s", came=ON - 2 * DAY)).verdict is Verdict.MET
        assert told(book, record(book, "stay", "s")).missing == (Place("stay", "s", "came"),)

    @pytest.mark.parametrize(("came", "verdict"), [(ON - DAY, Verdict.NOT_APPLICABLE), (ON, Verdict.MET)])
    def test_a_rule_speaks_only_of_days_on_which_it_is_in_force(self, came: dt.date, verdict: Verdict) -> None:
        """The day by which the record is dated decides."""
        book = book_of('holds = "yes"\nin_force = { from = 2026-04-01 }')
        assert told(book, record(book, "stay", "s", came=came, yes=True)).verdict is verdict

    def test_a_reading_takes_the_place_of_one_that_says_the_same(self) -> None:
        """Another reading is tried without the chosen one where both override one field; chosen both, they clash."""
        readings = "readings.'one' = { holds = 'yes' }\nreadings.'two' = { holds = 'not yes' }"
        book = book_of(f"holds = 'known(yes)'\n{readings}")
        stay = record(book, "stay", "s", yes=True)
        finding = judge(book, "it", stay, on=ON, readings=["one"])
        assert (finding.verdict, finding.alternatives) == (Verdict.MET, {"two": Verdict.NOT_MET})
        with pytest.raises(InputError, match="both say 'holds'"):
            judge(book, "it", stay, on=ON, readings=["one", "two"])


def test_each_type_of_fact_is_tried_when_it_is_not_recorded() -> None:
    """Instants, decimals, open choices, sets and references each have values that can settle a rule."""
    kinds = 'price = "decimal"\ncolour = "choice: open"\ntags = "set: a b c d e f"\nagain = "instant"\n[kinds.visit]'
    ways = ["price > 1", "colour == 'red'", "tags <= {'a'}", "again <= noon", "person == guardian"]
    rule = "".join(
        f'[[criterion]]\nid = "it{i}"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\nholds = "{way}"\n'
        for i, way in enumerate(ways)
    )
    book = loading.load(KINDS.replace("[kinds.visit]", kinds) + rule, Vocabulary({}), file="units.toml")
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    stay = record(book, "stay", "s", noon=noon, guardian="p")
    tables = tables_of(stay, record(book, "person", "p"), office=Office())
    found = [judge(book, f"it{i}", stay, on=ON, tables=tables, settles=True).settles for i in range(len(ways))]
    names = ("price", "colour", "tags", "again", "person")
    assert found == [((Place("stay", "s", name),),) for name in names]


@pytest.mark.parametrize("measured", ['measure = "count(visit)"\nwindow = "ever"', 'measure = "program.seats"'])
def test_only_records_with_a_span_are_counted_at_any_time(measured: str) -> None:
    """The loader refuses such a limit; whoever compiles one by hand is told the same."""
    book = book_of(f"{measured}\nat_most = 1", form="limit")
    form = book.body(book["it"], "stay").form
    assert isinstance(form, Limit)
    with pytest.raises(TypeError, match="with a span"):
        staying(form, Names(book.vocabulary, _unasked, _unasked, "stay", lambda _term, make: make()))


def _unasked(rule: str, of: str) -> Function:
    message = f"nobody asks for {rule} of {of}"
    raise AssertionError(message)


ABSENT = """
rulebook = "absent"
title = "A made-up program"
[sources.F]
title = "fiction"
[kinds.person]
fine = "bool"
[kinds.stay]
guardian = "-> person or none"
tags = "set: p q or none"
came = { type = "date", planned = true }
left = { type = "date or none", planned = true }
noon = "instant"
yes = "bool"
[[criterion]]
id = "it"
about = "stay"
says = "It."
source = "F: 1"
holds = """


def absent_stay(book: Rulebook, known: Mapping[str, object]) -> Record:
    """A stay with some facts recorded."""
    return book.vocabulary["stay"].record(**{"id": "s", **known})  # type: ignore[arg-type]  # any fact of a stay


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ("{'p'} <= tags", Verdict.NOT_MET),
        ("tags <= {'p'}", Verdict.MET),
        ("exists(tags & {'p'})", Verdict.NOT_MET),
        ("guardian.fine", Verdict.NOT_MET),
        ("not guardian.fine", Verdict.MET),
        ("guardian.fine or yes", Verdict.MET),
        ("2 * days_between(came, left) <= 10", Verdict.NOT_MET),
        ("2 * days_between(left, came) <= 10", Verdict.MET),
        ("0 * days_between(came, left) == 0", Verdict.MET),
    ],
)
def test_what_is_known_to_be_absent_is_decided(holds: str, expected: Verdict) -> None:
    """An absent set is empty, a yes or no of nobody is no, and an absent end is after everything."""
    book = loading.load(f'{ABSENT}"{holds}"', Vocabulary({}), file="absent.toml")
    known = {"guardian": NONE, "tags": NONE, "came": dt.date(2026, 1, 1), "left": NONE, "yes": True}
    stay = absent_stay(book, known)
    assert judge(book, "it", stay, on=dt.date(2026, 4, 1)).verdict is expected


def test_a_time_zone_that_is_not_recorded_is_missing() -> None:
    """Without the program's zone an instant has no day, and no other fact can mend that."""
    book = loading.load(f'{ABSENT}"day(noon) <= came and yes"', Vocabulary({}), file="absent.toml")
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    stay = absent_stay(book, {"noon": noon, "came": dt.date(2026, 1, 1)})
    finding = judge(book, "it", stay, on=dt.date(2026, 4, 1), settles=True)
    assert {place.fact for place in finding.missing} == {"time_zone", "yes"}
    assert finding.settles == (next((p,) for p in finding.missing if p.fact == "yes"),)


def test_the_day_of_a_due_instant_is_the_program_s() -> None:
    """Due at 03:00 UTC on 2 March is due on 1 March in Chicago, so the verdict changes by itself on 2 March."""
    rule = ABSENT.rpartition("[[criterion]]")[0].replace('yes = "bool"', 'yes = "bool"\nseen = "instant or none"')
    rule += '[[deadline]]\nid = "it"\nabout = "stay"\nsays = "It."\nsource = "F: 1"\n'
    rule += 'due = "noon + hours(24)"\ndone = "seen"'
    book = loading.load(rule, Vocabulary({}), file="absent.toml")
    stay = absent_stay(book, {"noon": dt.datetime(2026, 3, 1, 3, tzinfo=dt.UTC), "seen": NONE})
    finding = judge(book, "it", stay, on=dt.date(2026, 2, 28), tables=Tables(office=Office("America/Chicago")))
    assert (finding.verdict, finding.changes_on) == (Verdict.PENDING, dt.date(2026, 3, 2))


class TestSitting:
    """Many rules and records judged in one sitting, where what they share is found once."""

    RULES = """
[[criterion]]
id = "first"
about = "stay"
says = "A good visit."
source = "F: 1"
when = "yes"
holds = "any(visit, good and held <= on)"
readings."the good ones do not count" = { holds = "any(visit, held <= on)" }
readings."whatever is said" = { when = "not yes" }

[[criterion]]
id = "second"
about = "stay"
says = "A good visit again, and a remark."
source = "F: 2"
holds = "any(visit, good and held <= on) and exists(remark)"
"""

    def test_each_rule_tells_what_is_missing_and_the_warnings_of_what_was_found_once(self) -> None:
        """The second rule asks for the same visits: its finding has their places and warnings all the same."""
        book = loading.load(KINDS + self.RULES, Vocabulary({}), file="units.toml")
        stay = record(book, "stay", "s", yes=True, remark="kept")
        visit = record(book, "visit", "v", stay="s", held=ON + DAY, good=True)
        tables, judge = tables_of(stay, visit), judge_of(book)
        sitting = Sitting(tables, ON)
        together = [judge.sit(sitting, rule, stay) for rule in book]
        assert together == [judge.sit(Sitting(tables, ON), rule, stay) for rule in book]
        assert [(f.missing, f.warnings) for found in together for f in found] == [
            ((Place("visit", "v", "held"),), (f"visit v, held lies after {ON}: read as not recorded",))
        ] * 2

    def test_two_records_of_one_id_are_not_taken_for_each_other(self) -> None:
        """A record that stands in no table has its own answers, whatever one of its id had before it."""
        book = holding("exists(first(visit.held)) or yes")
        here, elsewhere = record(book, "stay", "s", yes=False), record(book, "stay", "s", yes=True)
        sitting, judge = Sitting(tables_of(here, empty=["visit"]), ON), judge_of(book)
        told = [judge.sit(sitting, book["it"], stay)[0].verdict for stay in (here, elsewhere, here)]
        assert told == [Verdict.PENDING, Verdict.MET, Verdict.PENDING]

    def test_a_rule_that_does_not_apply_is_told_under_a_reading_that_changes_its_condition(self) -> None:
        """A reading with another `when` is judged; one without it is as little applicable."""
        book = loading.load(KINDS + self.RULES, Vocabulary({}), file="units.toml")
        stay = record(book, "stay", "s", yes=False)
        visit = record(book, "visit", "v", stay="s", held=ON, good=True)
        (found,) = judge_of(book).findings(book["first"], stay, on=ON, tables=tables_of(stay, visit))
        assert found.verdict is Verdict.NOT_APPLICABLE
        assert found.alternatives == {
            "the good ones do not count": Verdict.NOT_APPLICABLE,
            "whatever is said": Verdict.MET,
        }


HOURS = """
rulebook = "hours"
title = "Office hours"
[sources.H]
title = "made up"
[kinds.letter]
came_at = { type = "instant", says = "when it came", event = "it comes" }
read_at = { type = "instant or none", says = "when it is read", event = "it is read" }
came_on = { type = "date", says = "the day it came", event = "it comes" }
read_on = { type = "date or none", says = "the day it is read", event = "it is read" }
"""


@pytest.mark.parametrize(
    ("due", "warned"),
    [
        ("due = 'next_open(came_at)'\ndone = 'read_at'", True),
        ("due = 'came_at + open_hours(8)'\ndone = 'read_at'", True),
        ("due = 'came_at + hours(8)'\ndone = 'read_at'", False),
        ("due = 'came_on + business_days(3)'\ndone = 'read_on'", True),
        ("due = 'came_on + days(3)'\ndone = 'read_on'", False),
        ("after = 'came_on'\nagain = '3 business_days'\ncounted = 'rolling'\ndone = 'each(letter.read_on)'", True),
    ],
)
def test_working_days_without_holidays_are_warned_of(due: str, warned: bool) -> None:
    """Where working days or office hours count and nobody gave the holidays, the finding says so, once."""
    text = HOURS
    if "each" in due:
        text += (
            '[kinds.copy]\nletter = "-> letter"\nread_on = { type = "date", says = "the day", event = "it is read" }\n'
        )
        due = due.replace("letter.read_on", "copy.read_on")
    rule = f'[[deadline]]\nid = "letter.read"\nabout = "letter"\nsays = "x"\nsource = "H: 1"\n{due}\n'
    book = loads(text + rule)
    came = dt.datetime(2026, 5, 22, 12, tzinfo=dt.UTC)
    letter = book.vocabulary["letter"].record(id="l", came_at=came, came_on=came.date())  # type: ignore[call-arg]
    for holidays, expected in ((None, warned), (frozenset[dt.date](), False)):
        office = Office(zone="UTC", holidays=holidays)
        tables = Tables({"letter": Table({"l": letter}), "copy": Table({})}, office)
        found = judge(book, "letter.read", letter, on=dt.date(2026, 5, 22), tables=tables)
        assert found.warnings == ("no holidays are given: every working day of the week counts",) * expected
