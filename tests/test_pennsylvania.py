"""The rulebook `pennsylvania`: its rows, and each rule against its law, stated in plain Python."""

from __future__ import annotations

import calendar as almanac
import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    UNKNOWN,
    Moment,
    Truth,
    has,
    near,
    some_of,
    verdict,
)
from state_rosters import LATER, Case, Records, lacks

import peersupport
from peersupport import NONE, Reason, Record, Verdict

BOOK = peersupport.load("pennsylvania")
PLAN_DATE, ENROLLMENT = "from the plan's date", "from enrollment"
BEFORE, AFTER = "before the change", "after the change"
SIGNERS = {
    "individual": "the individual",
    "peer_specialist": "the peer specialist",
    "mental_health_professional": "a mental health professional",
}
CASE = Case(
    BOOK,
    {"admission": "a", "person": "p", "peer_provider": "peer", "plan": "v"},
    [
        ("program", "program", {"time_zone": "America/New_York"}),
        ("person", "p", {}),
        ("peer_provider", "peer", {}),
        ("admission", "a", {"ended_on": NONE}),
    ],
    frozenset({"plan", "plan_review", "occupation"}),
)
made, found, told = CASE.record, CASE.found, CASE.told


def admitted(**facts: object) -> Record:
    """The admission, still going on unless said otherwise."""
    return made("admission", "a", **{"ended_on": NONE, **facts})


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day some months later, cut to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def test_each_row_has_its_place_and_is_labelled() -> None:
    """Rows PA-1 to PA-5 are covered, each gap says what is open, and whoever reads it knows how far to trust it."""
    assert sorted({row for rule in BOOK for row in rule.covers}) == [f"PA-{number}" for number in range(1, 6)]
    assert list(BOOK.gaps) == [f"PA-G{number}" for number in range(1, 9)]
    assert "illustrative, as of 22 November 2026" in BOOK.title
    assert all(each.dated and each.note.startswith("illustrative, as ") for each in BOOK.sources.values())
    assert BOOK.verified == dt.date(2026, 11, 22)


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here."""
    assert CASE.untested(Path(__file__).read_text(encoding="utf-8")) == []


# the plan within a month, and its reviews

ENROLLED = st.one_of(
    st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 1)), st.sampled_from([29, 30, 31]).map(lambda n: dt.date(2026, 1, n))
)
SHIFT = st.one_of(st.integers(-2, 2), st.sampled_from([NONE, None]))


def moved(day: dt.date, shift: object) -> Moment:
    """A day some days off another one, none, or not recorded."""
    return day + shift * DAY if isinstance(shift, int) else shift


@given(ENROLLED, st.lists(SHIFT.filter(lambda shift: shift is not NONE), max_size=2), SHIFT, st.integers(-2, 3))
def test_plan_due_within_a_month_of_the_calendar(
    enrolled: dt.date, shifts: list[object], ended: object, asked: int
) -> None:
    """By the day of the same number, or the last of a month without it; nothing where the service ended by then."""
    due = months_later(enrolled, 1)
    today, until = due + asked * DAY, moved(due, ended)
    seen = [day for shift in shifts if not isinstance(day := moved(due, shift), dt.date) or day <= today]
    end = NONE if isinstance(until, dt.date) and until > today else until
    expected = logic.in_time([(True, day) for day in seen], due, today, end)
    plans = [made("plan", f"v{i}", developed_on=moved(due, shift)) for i, shift in enumerate(shifts)]
    assert told("plan.due", [admitted(admitted_on=enrolled, ended_on=until), *plans], today) == {"": expected}


@pytest.mark.parametrize(
    ("enrolled", "due"),
    [
        (dt.date(2026, 1, 28), dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 29), dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 31), dt.date(2026, 2, 28)),
        (dt.date(2024, 1, 31), dt.date(2024, 2, 29)),
        (dt.date(2026, 2, 28), dt.date(2026, 3, 28)),
        (dt.date(2026, 3, 31), dt.date(2026, 4, 30)),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 31)),
    ],
)
@pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
def test_plan_due_edge_at_the_end_of_months(enrolled: dt.date, due: dt.date, shift: int, expected: Verdict) -> None:
    """The day before, the day and the day after, where the months are of different lengths."""
    finding = found("plan.due", [admitted(admitted_on=enrolled), made("plan", "v", developed_on=due + shift * DAY)])
    assert (finding.verdict, finding.due) == (expected, due)


def occurrences(
    start: dt.date, reviews: list[dt.date], until: Moment, *, grid: bool
) -> Iterator[tuple[Verdict, dt.date]]:
    """The verdict and due day of each review owed, up to the open one: each counted from the last, or on a grid."""
    last = start
    for number in itertools.count(1):
        due = months_later(start, 6 * number) if grid else months_later(last, 6)
        done = min((day for day in reviews if day > last), default=None)
        if done is not None and done <= due:
            yield MET, due
            last = due if grid else done
            continue
        owed = until is NONE or due < until  # type: ignore[operator]
        undone = done is None or (until is not NONE and done >= until)  # type: ignore[operator]
        open_ = undone and due >= LATER
        yield (NOT_APPLICABLE if not owed else PENDING if open_ else NOT_MET), due
        if not owed or (due >= LATER if grid else undone):
            return
        last = due if grid else done or due


REVIEWED = st.lists(st.dates(dt.date(2025, 1, 1), dt.date(2027, 6, 1)), max_size=5, unique=True)
ENDED = st.one_of(st.just(NONE), st.dates(dt.date(2025, 6, 1), LATER))
WRITTEN = st.one_of(st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 1)), st.just(dt.date(2025, 8, 31)))


@given(
    WRITTEN, REVIEWED, st.booleans(), st.integers(-2, 2), st.one_of(st.just(NONE), st.dates(dt.date(2025, 6, 1), LATER))
)
def test_plan_reviewed_every_six_months(
    written: dt.date, days: list[dt.date], at_edge: bool, shift: int, ended: Moment
) -> None:
    """Six months of the calendar from the last review, from the plan's date on a grid, or from enrollment."""
    reviews = [*days, *([months_later(written, 6) + shift * DAY] if at_edge else [])]
    enrolled = written - 20 * DAY
    records = [
        admitted(admitted_on=enrolled, ended_on=ended),
        made("plan", "v", developed_on=written),
        *(made("plan_review", f"r{i}", reviewed_on=day) for i, day in enumerate(dict.fromkeys(reviews))),
    ]
    for reading, start, grid in (("", written, False), (PLAN_DATE, written, True), (ENROLLMENT, enrolled, False)):
        findings = CASE.occurring("plan.reviewed", records, reading=reading)
        expected = list(occurrences(start, reviews, ended, grid=grid))
        assert [(each.verdict, each.due) for each in findings] == expected, reading


@pytest.mark.parametrize(
    ("reading", "due"),
    [("", dt.date(2026, 8, 28)), (PLAN_DATE, dt.date(2026, 8, 31)), (ENROLLMENT, dt.date(2026, 8, 28))],
)
def test_plan_reviewed_edge_after_a_short_month(reading: str, due: dt.date) -> None:
    """From 31 August by 28 February; the next is six months from the review, or twelve from the plan."""
    records = [
        admitted(admitted_on=dt.date(2025, 8, 31)),
        made("plan", "v", developed_on=dt.date(2025, 8, 31)),
        made("plan_review", "r", reviewed_on=dt.date(2026, 2, 28)),
    ]
    before, after = (CASE.occurring("plan.reviewed", records, due + n * DAY, reading) for n in (0, 1))
    assert (before[-1].verdict, before[-1].due, before[0].verdict) == (PENDING, due, MET)
    assert after[1].verdict is NOT_MET


# three signers


@given(some_of(*SIGNERS))
def test_review_signed_by_each_of_three(signers: frozenset[str] | None) -> None:
    """All three, and the finding says which of them are missing."""
    finding = found("review.signed", [made("plan_review", "r", signers=signers), made("plan", "v")])
    expected = {name: verdict(has(role, signers)) for role, name in SIGNERS.items()}
    assert {each.name: each.verdict for each in finding.clauses} == expected
    assert finding.verdict is verdict(None if signers is None else signers == frozenset(SIGNERS))


FIRST = dt.date(2026, 4, 1)


@given(some_of(*SIGNERS), st.lists(st.tuples(logic.dated(FIRST), st.booleans()), max_size=2))
def test_plan_first_signed(signers: frozenset[str] | None, others: list[tuple[dt.date | None, bool]]) -> None:
    """It is asked of the first plan of the admission, or of each that was written on the first day."""
    records = [
        made("plan", "v", developed_on=FIRST, signers=signers),
        made("admission", "b", person="p", ended_on=NONE),
        *(
            made("plan", f"w{i}", admission="a" if own else "b", developed_on=day)
            for i, (day, own) in enumerate(others)
        ),
    ]
    earlier = logic.kleene_or(*(logic.before(day, FIRST) for day, own in others if own))
    all_three = None if signers is None else signers == frozenset(SIGNERS)
    expected = {"": logic.where(logic.kleene_not(earlier), verdict(all_three))}
    assert told("plan.first_signed", records) == expected


@pytest.mark.parametrize("missing", SIGNERS)
def test_plan_first_signed_names_who_is_missing(missing: str) -> None:
    """Any of the three may be missing."""
    plan = made("plan", "v", developed_on=FIRST, signers=frozenset(SIGNERS) - {missing})
    clauses = found("plan.first_signed", [plan]).clauses
    assert [each.name for each in clauses if each.verdict is NOT_MET] == [SIGNERS[missing]]


# the choice


@pytest.mark.parametrize(("count", "expected"), [(0, NOT_MET), (1, NOT_MET), (2, MET), (3, MET), (None, UNKNOWN)])
def test_choice_providers_is_of_two(count: int | None, expected: Verdict) -> None:
    """One is no choice."""
    assert told("choice.providers", [admitted(providers_to_choose=count)]) == {"": expected}


# who may be a peer

BEGINS = dt.date(2026, 4, 1)
YEARS_BEFORE = dt.date(2023, 4, 1)
OCCUPATION = st.tuples(
    st.sampled_from([BEGINS - DAY, BEGINS, YEARS_BEFORE - 9 * DAY, YEARS_BEFORE]), near(YEARS_BEFORE)
)


@given(
    MAYBE,
    MAYBE,
    st.lists(OCCUPATION.filter(lambda each: not isinstance(each[1], dt.date) or each[0] < each[1]), max_size=2),
    some_of("diagnosis", "readiness"),
    near(BEGINS),
)
def test_peer_qualified_before_and_after_the_change(
    named: Truth,
    diploma: Truth,
    work: list[tuple[dt.date, Moment]],
    attested: frozenset[str] | None,
    statement: Moment,
) -> None:
    """Three things by the one version, three by the other; where they differ, which one held has to be said."""
    worked = logic.kleene_or(
        *(logic.kleene_and(start < BEGINS, logic.before(YEARS_BEFORE, end)) for start, end in work)
    )
    before = logic.kleene_and(named, diploma, worked)
    told_ = logic.not_after(statement, BEGINS)
    after = logic.kleene_and(has("diagnosis", attested), has("readiness", attested), told_)
    facts = {"attested": attested, "recovery_statement_on": statement}
    records: Records = [
        made("credential", "c", valid_from=BEGINS),
        made("peer_provider", "peer", self_identified=named, diploma=diploma, **facts),
        *(made("occupation", f"o{i}", started_on=start, ended_on=end) for i, (start, end) in enumerate(work)),
    ]
    assert told("peer.qualified", records) == {
        "": verdict(before if before == after else None),
        BEFORE: verdict(before),
        AFTER: verdict(after),
    }


@pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_MET), (0, NOT_MET), (1, MET)])
def test_peer_qualified_edge_of_three_years(shift: int, expected: Verdict) -> None:
    """Work that ended the day before the three years, on their first day, and the day after: the last day counts."""
    peer = made("peer_provider", "peer", self_identified=True, diploma=True)
    work = made("occupation", "o", started_on=dt.date(2020, 1, 1), ended_on=YEARS_BEFORE + shift * DAY)
    records = [made("credential", "c", valid_from=BEGINS), peer, work]
    assert found("peer.qualified", records, reading=BEFORE).verdict is expected


def test_peer_qualified_asks_for_a_choice_where_the_versions_differ() -> None:
    """Nobody is judged by a version of which the day is not visible: the finding says that one is to be chosen."""
    peer = made("peer_provider", "peer", self_identified=True, diploma=False, attested=frozenset({"diagnosis"}))
    told_ = {"attested": frozenset({"diagnosis", "readiness"}), "recovery_statement_on": BEGINS}
    ready = made("peer_provider", "peer", self_identified=True, diploma=False, **told_)
    begins = made("credential", "c", valid_from=BEGINS)
    assert found("peer.qualified", [begins, peer]).verdict is NOT_MET
    finding = found("peer.qualified", [begins, ready])
    assert (finding.verdict, finding.reason, finding.alternatives) == (
        UNKNOWN,
        Reason.CHOOSE_READING,
        {BEFORE: NOT_MET, AFTER: MET},
    )


# what is missing


@pytest.mark.parametrize(
    ("rule", "records", "id_", "fact"),
    [
        ("plan.due", [admitted()], "a", "admitted_on"),
        ("plan.due", [admitted(admitted_on=FIRST, ended_on=None)], "a", "ended_on"),
        ("plan.due", [admitted(admitted_on=FIRST), made("plan", "v")], "v", "developed_on"),
        ("plan.reviewed", [admitted(), made("plan", "v")], "v", "developed_on"),
        ("plan.first_signed", [made("plan", "v", developed_on=FIRST)], "v", "signers"),
        ("review.signed", [made("plan_review", "r"), made("plan", "v")], "r", "signers"),
        ("choice.providers", [admitted()], "a", "providers_to_choose"),
    ],
)
def test_what_is_missing_is_named(rule: str, records: Records, id_: str, fact: str) -> None:
    """With one fact that is not recorded it is unknown, and that fact is the one that is named."""
    assert lacks(found(rule, records)) == (UNKNOWN, [(id_, fact)])


@pytest.mark.parametrize(
    ("rule", "records", "table"),
    [
        ("plan.due", [admitted(admitted_on=FIRST)], "plan"),
        ("plan.reviewed", [admitted(), made("plan", "v", developed_on=FIRST)], "plan_review"),
    ],
)
def test_a_table_that_is_not_given_is_not_an_empty_one(rule: str, records: Records, table: str) -> None:
    """No plan is an answer; no table of plans is none. So it is of reviews."""
    finding = found(rule, records, without=[table])
    assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)
