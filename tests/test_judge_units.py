"""What the judge says where facts, references, records, tables or the time zone are not there, one small case each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pytest

from peersupport.readers.judge import Sitting, judge, judge_each, judge_of, settle
from peersupport.readers.judge.context import Function, Names
from peersupport.readers.judge.outcomes import staying
from peersupport.readers.judge.values import LOW
from peersupport.rules import loading
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Record, Vocabulary
from peersupport.rules.findings import BEFORE, Finding, Place, Reason, Verdict
from peersupport.rules.forms import Limit
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


def test_only_records_with_a_span_are_counted_at_any_time() -> None:
    """The loader refuses such a limit; whoever compiles one by hand is told the same."""
    book = book_of('measure = "count(visit)"\nwindow = "ever"\nat_most = 1', form="limit")
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
