"""The rulebook `texas-medicaid`: its rows, its worked examples, and each rule against its law.

The laws stand here in plain Python; nothing asks the judge how it decides. Rules that are alike share their tests:
ages, terms of certificates, and what is due again and again.
"""

from __future__ import annotations

import calendar as almanac
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nebraska import (
    CHICAGO,
    DAY,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    PROGRAM,
    UNKNOWN,
    Moment,
    Truth,
    around,
    at,
    dated,
    equals,
    has,
    in_time,
    inside,
    kleene_and,
    kleene_not,
    kleene_or,
    near,
    not_after,
    present,
    some_of,
    verdict,
    where,
)

from peersupport import NONE, Finding, Record, Verdict, from_records, judge, load
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import Rule
from peersupport.rules.tables import Tables
from peersupport.testing import judged_example

BOOK: Final = load("texas-medicaid")
KINDS: Final = (
    *("contact", "credential", "necessity_note", "other_session", "peer_provider", "second_level"),
    *("second_level_meeting", "supervising", "supervision", "supervisor", "work_entry"),
)
"""The tables that are given, though there may be nothing in them."""
START: Final = dt.date(2026, 3, 2)
LATER: Final = dt.date(2035, 6, 30)
EACH_WEEK: Final = "one in each week or month"
SAME_DAY: Final = "through the same day"
FEWER: Final = settings(max_examples=50, deadline=None)
"""For laws whose cases are many records."""
STATUS: Final = st.sampled_from(["attended", "not_attended", None])


def make(kind: str, id_: str = "", /, **facts: object) -> Record:
    """A record of a kind of the rulebook; its id is the kind, unless said otherwise."""
    return BOOK.vocabulary[kind].record(id=id_ or kind, **facts)


def roster(records: Iterable[Record]) -> Tables:
    """Tables of which every one is given, with the program, a person, a peer specialist and a supervisor."""
    records = tuple(records)
    usual = [PROGRAM, make("person", "p"), make("peer_provider", "peer"), make("supervisor", "s")]
    ids = {each.id for each in records}
    made = [*(each for each in usual if each.id not in ids), *records]
    return from_records(made, empty=KINDS, vocabulary=BOOK.vocabulary).tables


def told(rule: str, record: Record, *others: Record, on: dt.date = LATER) -> dict[str, Verdict]:
    """The verdict of a rule for a record among others: by default, under no name, and under each of its readings."""
    tables = roster([record, *others])
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], record, on=on, tables=tables) for name, each in judges.items()}


def found(rule: str, record: Record, *others: Record, on: dt.date = LATER) -> Finding:
    """The finding of a rule for a record among others."""
    return judge(BOOK, rule, record, on=on, tables=roster([record, *others]))


def occurring(rule: str, record: Record, *others: Record, on: dt.date, reading: str = "") -> list[Finding]:
    """The findings of a rule that repeats, one for each occurrence."""
    tables = roster([record, *others])
    return judge_of(BOOK, {reading} - {""}).findings(BOOK[rule], record, on=on, tables=tables, explain=False)


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day some months later, cut to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def contact(id_: str = "", /, **facts: object) -> Record:
    """A contact of the person that was attended, unless said otherwise."""
    usual = {"person": "p", "peer_provider": "peer", "status": "attended", "starts_at": at(START)}
    return make("contact", id_, **{**usual, **facts})


# rows and examples


def test_no_row_of_the_notes_is_lost() -> None:
    """Rows TX-1 to TX-20 are each covered by a rule; what stands beside a row is recorded or not modeled."""
    covered = {row for rule in BOOK for row in rule.covers}
    assert covered == {f"TX-{number}" for number in range(1, 21)}
    assert set(BOOK.recorded) | set(BOOK.not_modeled) == {"TX-8, more when asked", "TX-9, format", "TX-12, observation"}


def test_it_is_labelled_as_what_it_is() -> None:
    """The title says illustrative and as of which day, each source what kind of copy it is and of when."""
    assert "(illustrative, as of 2026-11-22)" in BOOK.title
    kinds = {name: re.search(r"mirror|secondary", source.publisher) for name, source in BOOK.sources.items()}
    assert all(kinds.values())
    assert all(source.dated for source in BOOK.sources.values())
    assert "may have changed" in BOOK.sources["tchp"].note


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_the_worked_examples_come_out_as_stated(rule: Rule) -> None:
    """Each as it says, one of them unknown, and one for each other reading of the source."""
    stated = [example.stated for example in rule.examples]
    assert [judged_example(BOOK, rule, example) for example in rule.examples] == stated
    assert "unknown" in stated
    assert set(rule.readings) <= {example.reading for example in rule.examples}


@pytest.mark.parametrize(("day", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_MET)])
def test_nothing_is_judged_from_before_the_benefit_began(day: int, expected: Verdict) -> None:
    """The day before, and the day."""
    began = dt.date(2019, 1, 1) + day * DAY
    assert told("contact.in_person", contact(modality="video", starts_at=at(began)))[""] is expected
    assert told("application.answered", make("application", received_on=began - 60 * DAY))[""] is not MET


# the person and the service


def turns(birth: dt.date, age: int) -> dt.date:
    """The birthday: that of 29 February falls on 1 March in other years."""
    if (birth.month, birth.day) == (2, 29) and not almanac.isleap(birth.year + age):
        return dt.date(birth.year + age, 3, 1)
    return birth.replace(year=birth.year + age)


@pytest.mark.parametrize(("rule", "age"), [("contact.person_is_adult", 21), ("supervisor.is_adult", 18)])
@given(birth=st.dates(dt.date(2001, 2, 1), dt.date(2007, 12, 31)), days=st.integers(-3, 3), known=st.booleans())
def test_somebody_is_old_enough_from_the_birthday_on(
    rule: str, age: int, birth: dt.date, days: int, known: bool
) -> None:
    """On the day before it not yet; a day of birth that is not recorded is unknown."""
    day = turns(birth, age) + days * DAY
    whose = {"birth_date": birth} if known else {}
    if rule == "contact.person_is_adult":
        record, other = contact(starts_at=at(day, 23)), make("person", "p", **whose)
    else:
        record, other = make("supervision", supervisor="s", held_on=day), make("supervisor", "s", **whose)
    assert told(rule, record, other)[""] is verdict(days >= 0 if known else None)


@pytest.mark.parametrize("rule", ["contact.person_is_adult", "contact.in_person", "contact.no_other_service"])
def test_a_contact_that_was_not_attended_is_no_service(rule: str) -> None:
    """It does not apply; whether it was attended may also be unknown."""
    assert told(rule, contact(status="scheduled"))[""] is NOT_APPLICABLE
    assert told(rule, contact(status=None, ends_at=NONE))[""] is UNKNOWN


class TestUnits:
    """TX-2 and TX-3: 104 units in any six months, softly."""

    @FEWER
    @given(
        st.lists(
            st.tuples(STATUS, st.sampled_from([0, 1, 51, 52, 53, 104, None]), st.integers(0, 400) | st.none()),
            max_size=5,
        )
    )
    def test_no_six_months_hold_more(self, drawn: list[tuple[str | None, int | None, int | None]]) -> None:
        """What counts on a day lies less than six months back; what is not recorded may be anything."""
        contacts = [
            contact(f"c{i}", status=status, units=units, starts_at=n if n is None else at(START + n * DAY))
            for i, (status, units, n) in enumerate(drawn)
        ]
        days = [None if n is None else START + n * DAY for _, _, n in drawn]
        sums = [self.on(day, days, drawn) for day in days]
        expected = (
            NOT_MET
            if any(least > 104 for least, _ in sums)
            else UNKNOWN
            if any(most > 104 for _, most in sums)
            else MET
        )
        assert told("person.units_in_six_months", make("person", "p"), *contacts)[""] is expected

    @staticmethod
    def on(
        day: dt.date | None, days: Sequence[dt.date | None], drawn: Sequence[tuple[str | None, int | None, object]]
    ) -> tuple[float, float]:
        """The least and the most that counts on a day, or on one that has nothing but what is on any day."""
        least = most = 0.0
        for other, (status, units, _) in zip(days, drawn, strict=True):
            sure = day is not None and other is not None and other <= day < months_later(other, 6)
            if status == "not_attended" or not (sure or other is None):
                continue
            least += (units or 0) if sure and status else 0
            most += float("inf") if units is None else units
        return least, most

    @pytest.mark.parametrize(
        ("noted", "expected"), [(START, True), (None, True), (LATER + DAY, False), ("none", False)]
    )
    def test_a_documented_need_stands_beside_the_verdict(self, noted: object, expected: Truth) -> None:
        """Which stays as it is; a note of a later day has not been seen, one whose day is not recorded has."""
        notes = [] if noted == "none" else [make("necessity_note", person="p", documented_on=noted)]
        told_ = found("person.units_in_six_months", make("person", "p"), contact(units=105), *notes)
        assert (told_.verdict, told_.exception, told_.measured, told_.at_most) == (NOT_MET, expected, 105, 104)

    @given(st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31)), st.integers(-2, 2))
    def test_six_months_end_with_the_month(self, day: dt.date, days: int) -> None:
        """Six months on, the first units no longer count: on the day before they do."""
        later = months_later(day, 6) + days * DAY
        pair = [contact("a", units=104, starts_at=at(day)), contact("b", units=1, starts_at=at(later))]
        assert told("person.units_in_six_months", make("person", "p"), *pair)[""] is verdict(days >= 0)


@pytest.mark.parametrize("modality", ["in_person", "video", "telephone", "chat", None])
def test_only_in_person(modality: str | None) -> None:
    """TX-4: by video, telephone or chat is by telecommunication."""
    assert told("contact.in_person", contact(modality=modality))[""] is verdict(equals(modality, "in_person"))


@given(st.integers(0, 40) | st.none(), st.integers(0, 3))
def test_twelve_in_a_group_whoever_leads_it(people: int | None, leading: int) -> None:
    """TX-5: the number is absolute."""
    peers = [make("peer_provider", f"q{i}") for i in range(leading)]
    group = make("group_session", held_on=START, present=people, facilitators=frozenset(each.id for each in peers))
    assert told("group.size", group, *peers)[""] is verdict(None if people is None else people <= 12)


MINUTES: Final = st.integers(0, 180)


@given(
    MINUTES,
    st.integers(1, 60),
    st.lists(
        st.tuples(
            st.sampled_from(["behavioral_health", "other", None]),
            MINUTES,
            st.integers(1, 60) | st.sampled_from([NONE, None]),
        ),
        max_size=3,
    ),
)
def test_no_minute_is_shared_with_another_service(
    start: int, length: int, drawn: list[tuple[str | None, int, object]]
) -> None:
    """TX-6: one may begin when the other ends; one without an end goes on."""
    midnight = at(START, 0)

    def moment(minute: object) -> object:
        return midnight + dt.timedelta(minutes=minute) if isinstance(minute, int) else minute

    sessions, shared = [], []
    for i, (kind, begins, lasts) in enumerate(drawn):
        ends = begins + lasts if isinstance(lasts, int) else lasts
        facts = {"person": "p", "kind": kind, "starts_at": moment(begins), "ends_at": moment(ends)}
        sessions.append(make("other_session", f"o{i}", **facts))
        still = None if ends is None else ends is NONE or ends > start  # type: ignore[operator]
        shared.append(kleene_and(equals(kind, "behavioral_health"), begins < start + length, still))
    record = contact(starts_at=moment(start), ends_at=moment(start + length))
    assert told("contact.no_other_service", record, *sessions)[""] is verdict(kleene_not(kleene_or(*shared)))


# supervision


Step: TypeAlias = Callable[[dt.date], dt.date]


def rolling(after: dt.date, done: Iterable[dt.date], step: Step, until: dt.date, on: dt.date) -> list[Verdict]:
    """What is due a period after it was last done, one verdict for each time, until nothing is owed any more."""
    seen, start, told_ = sorted(day for day in done if day <= on), after, list[Verdict]()
    while True:
        due, by = step(start), next((day for day in seen if day > start), None)
        if by is not None and by <= due:
            told_.append(MET)
        elif due >= until:
            return [*told_, NOT_APPLICABLE]
        elif by is not None and by < until:
            told_.append(NOT_MET)
        else:
            return [*told_, PENDING if due >= on else NOT_MET]
        start = by


def grid(
    after: dt.date, done: Iterable[dt.date], step: Callable[[int], dt.date], until: dt.date, on: dt.date
) -> list[Verdict]:
    """One in each period, the last day of which `step` gives, up to the one that is open or no longer owed."""
    seen, start, told_, number = sorted(day for day in done if day <= on), after, list[Verdict](), 0
    while True:
        number += 1
        due = step(number)
        if any(start < day <= due for day in seen):
            told_.append(MET)
        elif due >= until or due >= on:
            return [*told_, NOT_APPLICABLE if due >= until else PENDING]
        else:
            told_.append(NOT_MET)
        start = due


HELD: Final = st.lists(st.integers(-3, 70), max_size=6)


class TestSupervision:
    """TX-7, TX-8 and TX-12: each week, then each month, and each month between two supervisors."""

    @staticmethod
    def world(rule: str, runs: int, held: Iterable[int]) -> tuple[list[Record], dt.date]:
        """The record judged, with what is held on some days of it, and the first day on which nothing is owed."""
        last = START + runs * DAY
        days = {f"h{i}": START + n * DAY for i, n in enumerate(held)}
        if rule == "supervisor.second_level_monthly":
            facts = {"supervisor": "s", "overseen_by": "t", "starts_on": START, "ends_on": last}
            met = [make("second_level_meeting", i, second_level="r", held_on=day) for i, day in days.items()]
            return [make("second_level", "r", **facts), make("supervisor", "t"), *met], last
        stage = "full" if rule.endswith("full") else "initial"
        facts = {"peer_provider": "peer", "stage": stage, "valid_from": START, "valid_until": last}
        peers = frozenset({"peer"})
        sessions = [make("supervision", i, supervisor="s", peer_providers=peers, held_on=d) for i, d in days.items()]
        return [make("credential", "r", **facts), *sessions], last + DAY

    @pytest.mark.parametrize(
        "rule", ["supervision.weekly_on_initial", "supervision.monthly_on_full", "supervisor.second_level_monthly"]
    )
    @FEWER
    @given(held=HELD, runs=st.integers(1, 70), asked=st.integers(0, 80))
    def test_it_is_held_again_in_time(self, rule: str, held: list[int], runs: int, asked: int) -> None:
        """Within a week or a month of the last time; under the other reading once in each."""
        records, until = self.world(rule, runs, held)
        on, done = START + asked * DAY, [START + n * DAY for n in held]
        weekly = rule == "supervision.weekly_on_initial"
        step = (lambda day: day + 7 * DAY) if weekly else (lambda day: months_later(day, 1))
        assert [each.verdict for each in occurring(rule, *records, on=on)] == rolling(START, done, step, until, on)
        after = START - DAY if weekly else START
        last = (lambda n: after + 7 * n * DAY) if weekly else (lambda n: months_later(START, n))
        every = [each.verdict for each in occurring(rule, *records, on=on, reading=EACH_WEEK)]
        assert every == grid(after, done, last, until, on)

    @FEWER
    @given(changes=st.integers(0, 100), held=HELD)
    def test_the_interval_changes_on_the_day_of_the_certificate(self, changes: int, held: list[int]) -> None:
        """No week falls due from then on, and no month before a month is over."""
        records, _ = self.world("supervision.weekly_on_initial", 180, held)
        full_from = START + changes * DAY
        facts = {"peer_provider": "peer", "stage": "full", "valid_from": full_from, "valid_until": NONE}
        full = make("credential", "full", **facts)
        weeks = occurring("supervision.weekly_on_initial", *records, full, on=START + 120 * DAY)
        owed = [each.due for each in weeks if each.verdict in {NOT_MET, PENDING}]
        assert all(due < full_from for due in owed if due)
        months = occurring("supervision.monthly_on_full", full, *records, on=START + 120 * DAY)
        assert months[0].due == months_later(full_from, 1)

    @pytest.mark.parametrize("mode", ["face_to_face", "teleconference", "telephone", "in_writing", None])
    @pytest.mark.parametrize("format_", ["individual", "group", None])
    @pytest.mark.parametrize("documented", [True, False, None])
    def test_two_modes_and_a_record_of_it(self, mode: str | None, format_: str | None, documented: Truth) -> None:
        """TX-9: with one or with several is the same."""
        facts = {"supervisor": "s", "held_on": START, "mode": mode, "format": format_, "documented": documented}
        accepted = None if mode is None else mode in {"face_to_face", "teleconference"}
        assert told("supervision.mode", make("supervision", **facts))[""] is verdict(kleene_and(accepted, documented))


QUALIFIED: Final = st.sampled_from(
    [*(frozenset({each}) for each in ("qcc", "lpha", "qmhp_cs", "qps")), frozenset(), None]
)


class TestRoutes:
    """TX-11: four routes to be a supervisor, two of which need another supervisor above."""

    @FEWER
    @given(QUALIFIED, st.lists(st.tuples(QUALIFIED, dated(START), near(START)), max_size=2))
    def test_one_route_is_enough(
        self, own: frozenset[str] | None, drawn: list[tuple[frozenset[str] | None, dt.date | None, Moment]]
    ) -> None:
        """By oneself, or under a QCC or LPHA on the day of the session."""
        above, under = [], []
        for i, (theirs, starts, ends) in enumerate(drawn):
            facts = {"supervisor": "s", "overseen_by": f"t{i}", "starts_on": starts, "ends_on": ends}
            above += [make("supervisor", f"t{i}", qualifications=theirs), make("second_level", f"l{i}", **facts)]
            runs = inside(START, starts, ends, through=False)
            under.append(kleene_and(runs, kleene_or(has("qcc", theirs), has("lpha", theirs))))
        alone = [has("qcc", own), has("lpha", own)]
        below = [kleene_and(has(each, own), kleene_or(*under)) for each in ("qmhp_cs", "qps")]
        session = make("supervision", supervisor="s", held_on=START)
        expected = verdict(kleene_or(*alone, *below))
        assert told("supervisor.route", session, make("supervisor", "s", qualifications=own), *above)[""] is expected

    def test_the_finding_names_the_route(self) -> None:
        """Each route has a name and a verdict of its own."""
        session = make("supervision", supervisor="s", held_on=START)
        finding = found("supervisor.route", session, make("supervisor", "s", qualifications=frozenset({"lpha"})))
        routes = {clause.name: clause.verdict for clause in finding.clauses}
        assert routes == {
            "QCC": NOT_MET,
            "LPHA": MET,
            "QMHP-CS under a QCC or LPHA": NOT_MET,
            "QPS under a QCC or LPHA": NOT_MET,
        }


RULE_BEGAN: Final = dt.date(2019, 1, 1)
FIVE_YEARS: Final = {dt.date(2014, 1, 1) + n * DAY for n in range((RULE_BEGAN - dt.date(2014, 1, 1)).days)}
AROUND_THE_FIVE: Final = st.sampled_from(
    [dt.date(2014, 1, 1), dt.date(2015, 12, 31), dt.date(2016, 12, 31), dt.date(2017, 1, 1), RULE_BEGAN]
).flatmap(around)


class TestGrandfathered:
    """TX-13: two of the five years before the rule began, and a test."""

    @FEWER
    @given(
        st.lists(st.tuples(AROUND_THE_FIVE, AROUND_THE_FIVE | st.just(NONE)), max_size=3), near(START), st.booleans()
    )
    def test_two_years_of_the_five(
        self, drawn: list[tuple[dt.date, Moment]], passed: Moment, grandfathered: bool
    ) -> None:
        """Each day of each time counts, or under the other reading one time has two years in it."""
        spans = [(start, end) for start, end in drawn if end is NONE or start < end]  # type: ignore[operator]
        times = [
            make("supervising", f"g{i}", supervisor="s", starts_on=start, ends_on=end)
            for i, (start, end) in enumerate(spans)
        ]
        counted = [{day for day in FIVE_YEARS if day >= start and (end is NONE or day < end)} for start, end in spans]  # type: ignore[operator]
        unbroken = [days for days in counted if days and max(days) + DAY >= months_later(min(days), 24)]
        route = "grandfathered" if grandfathered else "trained"
        facts = {"supervisor": "s", "route": route, "valid_from": START, "test_passed_on": passed}
        told_ = told("supervisor.grandfathered", make("supervisor_certificate", **facts), *times)
        test = not_after(passed, START)
        assert told_[""] is where(grandfathered, verdict(kleene_and(sum(map(len, counted)) >= 730, test)))
        assert told_["without a break"] is where(grandfathered, verdict(kleene_and(bool(unbroken), test)))

    @given(first=st.integers(0, 700), days=st.integers(-1, 1), open_=st.booleans())
    def test_two_years_are_730_days(self, first: int, days: int, open_: bool) -> None:
        """In two times with a gap between them; what lies before the five years or after them is nothing."""
        begin = dt.date(2014, 1, 1)
        last = RULE_BEGAN - (730 - first + days) * DAY
        spans = [
            (begin - 400 * DAY, begin - 30 * DAY),
            (begin - DAY, begin + first * DAY),
            (last, NONE if open_ else START),
        ]
        times = [
            make("supervising", f"g{i}", supervisor="s", starts_on=start, ends_on=end)
            for i, (start, end) in enumerate(spans)
        ]
        facts = {"supervisor": "s", "route": "grandfathered", "valid_from": START, "test_passed_on": START}
        found_ = told("supervisor.grandfathered", make("supervisor_certificate", **facts), *times)
        assert found_[""] is verdict(days >= 0)


# certificates

TERMS: Final = {
    ("credential.initial_term", "initial"): 6,
    ("credential.initial_term", "extended"): 6,
    ("credential.full_term", "full"): 24,
    ("supervisor.in_training_term", "in_training"): 12,
}


@pytest.mark.parametrize(("rule", "stage"), TERMS, ids=lambda value: value)
@given(first=st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31)), days=st.integers(-3, 3) | st.none())
def test_a_certificate_runs_for_its_term(rule: str, stage: str, first: dt.date, days: int | None) -> None:
    """TX-13, 14, 15, 17: to the day before its term is over; under the other reading through the same day."""
    over = months_later(first, TERMS[rule, stage])
    facts = {"valid_from": first, "valid_until": None if days is None else over + days * DAY}
    if rule.startswith("supervisor"):
        record = make("supervisor_certificate", supervisor="s", route=stage, **facts)
    else:
        record = make("credential", peer_provider="peer", stage=stage, **facts)
    told_ = told(rule, record)
    assert told_[""] is verdict(None if days is None else days == -1)
    assert told_[SAME_DAY] is verdict(None if days is None else days == 0)


@given(st.lists(st.sampled_from(["initial", "extended", "full", None]), max_size=4))
def test_one_extension(stages: list[str | None]) -> None:
    """TX-15: a second one is too many, a certificate of unknown stage may be one."""
    papers = [
        make("credential", f"c{i}", peer_provider="peer", stage=each, valid_from=START) for i, each in enumerate(stages)
    ]
    surely, perhaps = stages.count("extended"), stages.count("extended") + stages.count(None)
    expected = NOT_MET if surely > 1 else UNKNOWN if perhaps > 1 else MET
    assert told("credential.one_extension", make("peer_provider", "peer"), *papers)[""] is expected


class TestHours:
    """TX-16: 250 supervised hours before the certificate of two years."""

    @FEWER
    @given(
        st.lists(
            st.tuples(
                st.sampled_from([Decimal("124.75"), Decimal(125), Decimal("125.25"), None]),
                st.sampled_from(["practice", "observed_practice", "being_supervised", "self_study"]),
                MAYBE,
                around(START),
            ),
            max_size=4,
        )
    )
    def test_what_counts_and_when(self, drawn: list[tuple[Decimal | None, str, Truth, dt.date]]) -> None:
        """Practice under supervision on days before; what is not recorded may be any number of hours."""
        names = ("worked_hours", "activity", "supervised", "worked_on")
        log = [
            make("work_entry", f"w{i}", peer_provider="peer", **dict(zip(names, each, strict=True)))
            for i, each in enumerate(drawn)
        ]
        counts = [
            (hours, supervised)
            for hours, activity, supervised, day in drawn
            if activity in {"practice", "observed_practice"} and supervised is not False and day < START
        ]
        least = sum(hours for hours, surely in counts if surely and hours)
        most = sum(Decimal("Infinity") if hours is None else hours for hours, _ in counts)
        full = make("credential", peer_provider="peer", stage="full", valid_from=START)
        expected = verdict(True if least >= 250 else None if most >= 250 else False)
        assert told("credential.supervised_hours", full, *log)[""] is expected

    @pytest.mark.parametrize(("stage", "days"), [("full", -1), ("full", 0), ("initial", -1), (None, -1)])
    def test_only_the_first_certificate_asks_for_them(self, stage: str | None, days: int) -> None:
        """One of two years that began before makes this a renewal."""
        full = make("credential", peer_provider="peer", stage="full", valid_from=START)
        other = make("credential", "other", peer_provider="peer", stage=stage, valid_from=START + days * DAY)
        renewed = kleene_and(equals(stage, "full"), days < 0)
        assert told("credential.supervised_hours", full, other)[""] is where(kleene_not(renewed), NOT_MET)


BOTH: Final = some_of("mental_health", "substance_use")


class TestEndorsement:
    """TX-18: what somebody has lived through, what the certificate says, and what is done under it."""

    @given(BOTH, BOTH)
    def test_each_endorsement_matches_lived_experience(
        self, endorsed: frozenset[str] | None, lived: frozenset[str] | None
    ) -> None:
        """Both can be held by somebody with both; a certificate without one is none."""
        held = make("credential", peer_provider="peer", endorsements=endorsed, valid_from=START)
        matched = [
            kleene_or(kleene_not(has(each, endorsed)), has(each, lived)) for each in ("mental_health", "substance_use")
        ]
        told_ = told("credential.endorsement", held, make("peer_provider", "peer", shared_experience=lived))
        whole = None if endorsed is None or (lived is None and endorsed) else kleene_and(*matched)
        assert told_[""] is verdict(kleene_and(present(endorsed), whole))

    @FEWER
    @given(
        STATUS,
        st.sampled_from(["mental_health", "substance_use", None]),
        st.lists(st.tuples(BOTH, dated(START), near(START)), max_size=2),
    )
    def test_a_service_needs_one_that_is_valid_and_fits(
        self,
        status: str | None,
        focus: str | None,
        drawn: list[tuple[frozenset[str] | None, dt.date | None, Moment]],
    ) -> None:
        """On the day of the service, through the last day of the certificate."""
        names = ("endorsements", "valid_from", "valid_until")
        papers = [
            make("credential", f"c{i}", peer_provider="peer", **dict(zip(names, each, strict=True)))
            for i, each in enumerate(drawn)
        ]
        fits = [
            kleene_and(
                inside(START, first, last, through=True),
                None if focus is None else has(focus, endorsed),
            )
            for endorsed, first, last in drawn
        ]
        record = contact(status=status, focus=focus, starts_at=dt.datetime.combine(START, dt.time(23), CHICAGO))
        expected = where(equals(status, "attended"), verdict(kleene_or(*fits)))
        assert told("contact.within_endorsement", record, *papers)[""] is expected


@given(near(START + 60 * DAY), st.integers(-2, 2))
def test_an_application_is_answered_in_sixty_days(decided: Moment, days: int) -> None:
    """TX-19: day 60 is in time; the day after, it is late."""
    due = START + 60 * DAY
    record = make("application", peer_provider="peer", received_on=START, decided_on=decided)
    on = due + days * DAY
    seen = NONE if isinstance(decided, dt.date) and decided > on else decided
    assert told("application.answered", record, on=on)[""] is in_time([(True, seen)], due, on)


@pytest.mark.parametrize("course", ["core", "supplemental", "other", None])
@given(st.sampled_from(["classroom", "remote", None]), MAYBE, near(START))
def test_training_is_live_and_ends_in_an_assessment(
    course: str | None, delivery: str | None, live: Truth, assessed: Moment
) -> None:
    """TX-20: remotely it has to be live; in a classroom it is."""
    facts = {"course": course, "delivery": delivery, "live_interaction": live, "assessed_on": assessed}
    record = make("training", peer_provider="peer", completed_on=START, **facts)
    held = kleene_and(kleene_or(equals(delivery, "classroom"), live), present(assessed))
    applies = None if course is None else course != "other"
    assert told("training.delivered", record)[""] is where(applies, verdict(held))
