"""The rulebook `district-of-columbia`: its rows, its worked examples, and each rule against its law.

The laws stand here in plain Python; nothing asks the judge how it decides. Rules that are alike share their tests: the
hours of supervision before the first day out, and the hours of the two parts of the training.
"""

from __future__ import annotations

import calendar as almanac
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nebraska import (
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
    equals,
    has,
    in_time,
    kleene_and,
    kleene_or,
    near,
    verdict,
    where,
)

from peersupport import NONE, Finding, Record, Verdict, from_records, judge, load
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import Rule
from peersupport.rules.tables import Tables
from peersupport.testing import judged_example

BOOK: Final = load("district-of-columbia")
KINDS: Final = (
    *("background_check", "contact", "credential", "employment", "exam", "off_site_work", "peer_provider"),
    *("supervised_post", "supervision", "supervisor", "training_session", "waiver"),
)
"""The tables that are given, though there may be nothing in them."""
START: Final = dt.date(2026, 3, 2)
LATER: Final = dt.date(2035, 6, 30)
EARLIER: Final = "on an earlier day"
EACH_WEEK: Final = "one in each week"
SAME_DAY: Final = "through the same day"
FEWER: Final = settings(max_examples=60, deadline=None)
"""For laws whose cases are many records."""


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


def occurring(rule: str, record: Record, *others: Record, on: dt.date, reading: str = "") -> list[Finding]:
    """The findings of a rule, one for each occurrence."""
    judge_ = judge_of(BOOK, {reading} - {""})
    return judge_.findings(BOOK[rule], record, on=on, tables=roster([record, *others]), explain=False)


def state(**facts: object) -> Record:
    """A certificate of the District, from the first day on, unless said otherwise."""
    return make("credential", **{"peer_provider": "peer", "kind": "state", "valid_from": START, **facts})


# rows and examples


def test_no_row_of_the_notes_is_lost() -> None:
    """Rows DC-1 to DC-10 are each covered by a rule; what is not in front of us of the last is not modeled."""
    assert {row for rule in BOOK for row in rule.covers} == {f"DC-{number}" for number in range(1, 11)}
    assert set(BOOK.not_modeled) == {"DC-10, the text of 2011"}


def test_it_is_labelled_as_what_it_is() -> None:
    """The title says illustrative and as of which day, each source what kind of copy it is and of when."""
    assert "(illustrative, as of 2026-11-22)" in BOOK.title
    kinds = {name: re.search(r"mirror|official page", source.publisher) for name, source in BOOK.sources.items()}
    assert all(kinds.values())
    assert all(source.dated for source in BOOK.sources.values())


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_the_worked_examples_come_out_as_stated(rule: Rule) -> None:
    """Each as it says, one of them unknown, and one for each other reading of the source."""
    stated = [example.stated for example in rule.examples]
    assert [judged_example(BOOK, rule, example) for example in rule.examples] == stated
    assert "unknown" in stated
    assert set(rule.readings) <= {example.reading for example in rule.examples}


@pytest.mark.parametrize(("days", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_MET)])
def test_the_text_of_2011_is_not_judged(days: int, expected: Verdict) -> None:
    """DC-10: the day before the amendment of 2014, and its day."""
    day = dt.date(2014, 7, 11) + days * DAY
    assert told("certificate.term", state(valid_from=day, valid_until=day))[""] is expected
    assert told("certificate.exams", state(valid_from=day))[""] is expected
    assert told("supervision.before_contact", contact(day))[""] is expected


# supervision

SHARES: Final = st.sampled_from([Decimal("0.01"), Decimal("0.5"), Decimal("3.5"), Decimal("3.49"), Decimal(7), None])


class TestRatio:
    """DC-1: seven full posts for each full post of a supervisor, exactly, on every day."""

    @FEWER
    @given(
        st.sampled_from([Decimal("0.5"), Decimal(1), Decimal("1.01")]),
        st.lists(st.tuples(SHARES, st.integers(0, 20), st.integers(1, 20) | st.just(NONE)), max_size=4),
    )
    def test_on_each_day(self, own: Decimal, drawn: list[tuple[Decimal | None, int, object]]) -> None:
        """Each day by itself; a share that is not recorded may be any, and is over no bound by itself."""
        posts, sums = [], {n: (Decimal(0), Decimal(0)) for n in range(41)}
        for i, (share, start, lasts) in enumerate(drawn):
            until = start + lasts if isinstance(lasts, int) else 41
            ends = START + until * DAY if isinstance(lasts, int) else NONE
            facts = {"supervisor": "s", "peer_provider": "peer", "starts_on": START + start * DAY, "ends_on": ends}
            posts.append(make("supervised_post", f"w{i}", fte=share, **facts))
            for n in range(start, until):
                least, most = sums[n]
                sums[n] = least + (share or 0), most + (Decimal("Infinity") if share is None else share)
        over = any(least > 7 * own for least, _ in sums.values())
        perhaps = any(most > 7 * own for _, most in sums.values())
        expected = NOT_MET if over else UNKNOWN if perhaps else MET
        assert told("supervisor.ratio", make("supervisor", "s", fte=own), *posts)[""] is expected

    @given(st.integers(1, 200), st.integers(-1, 1))
    def test_hundredths_are_exact(self, hundredths: int, more: int) -> None:
        """Seven times any share is in bounds, a hundredth more is not."""
        own = Decimal(hundredths) / 100
        post = make(
            "supervised_post",
            supervisor="s",
            peer_provider="peer",
            starts_on=START,
            ends_on=NONE,
            fte=7 * own + Decimal(more) / 100,
        )
        tables = roster([make("supervisor", "s", fte=own), post])
        finding = judge(BOOK, "supervisor.ratio", tables.all_of("supervisor")[0], on=LATER, tables=tables)
        assert (finding.verdict, finding.at_most) == (verdict(more <= 0), 7 * own)


def contact(day: dt.date, status: str | None = "attended") -> Record:
    """A contact late on a day, where the program is."""
    return make("contact", person="p", peer_provider="peer", status=status, starts_at=at(day, 23))


HOURS: Final = st.sampled_from([Decimal("2.99"), Decimal(3), Decimal("3.01"), Decimal(6), None])


class TestBeforeTheFirstDayOut:
    """DC-2: six hours of direct supervision come first."""

    @pytest.mark.parametrize("off_site", [False, True])
    @FEWER
    @given(drawn=st.lists(st.tuples(HOURS, MAYBE, around(START)), max_size=3))
    def test_six_direct_hours(self, off_site: bool, drawn: list[tuple[Decimal | None, Truth, dt.date]]) -> None:
        """On days up to the day, or under the other reading before it; what is not recorded may be any hours."""
        names = ("held_hours", "direct", "held_on")
        sessions = [
            make("supervision", f"s{i}", peer_provider="peer", **dict(zip(names, each, strict=True)))
            for i, each in enumerate(drawn)
        ]
        out = make("off_site_work", peer_provider="peer", worked_on=START) if off_site else contact(START)
        found = told("supervision.before_off_site" if off_site else "supervision.before_contact", out, *sessions)
        for reading, last in (("", START), (EARLIER, START - DAY)):
            counts = [(hours, direct is True) for hours, direct, day in drawn if direct is not False and day <= last]
            assert found[reading] is verdict(enough(counts, 6))

    @pytest.mark.parametrize("status", ["scheduled", "not_attended", None])
    def test_a_contact_that_was_not_attended_asks_for_nothing(self, status: str | None) -> None:
        """It may be unknown whether it was."""
        found = told("supervision.before_contact", contact(START, status))[""]
        assert found is (UNKNOWN if status is None else NOT_APPLICABLE)


def enough(counts: Sequence[tuple[Decimal | None, bool]], least: int) -> Truth:
    """Whether amounts, each surely there or not, come to so much. One that is not recorded may be any."""
    surely = sum(amount for amount, sure in counts if sure and amount is not None)
    perhaps = sum(Decimal("Infinity") if amount is None else amount for amount, _ in counts)
    return True if surely >= least else None if perhaps >= least else False


class TestWeeklyHour:
    """DC-3: an hour in each week, face to face."""

    @FEWER
    @given(
        held=st.lists(
            st.tuples(
                st.integers(-2, 40),
                st.sampled_from(["face_to_face", "face_to_face", "video", "telephone"]),
                st.sampled_from([Decimal("0.99"), Decimal(1), Decimal("1.5")]),
            ),
            max_size=6,
        ),
        runs=st.integers(1, 45) | st.none(),
        asked=st.integers(0, 45),
    )
    def test_an_hour_is_held_again_in_time(
        self, held: list[tuple[int, str, Decimal]], runs: int | None, asked: int
    ) -> None:
        """Within a week of the last one; under the other reading once in each week of the work."""
        on = START + asked * DAY
        ended = NONE if runs is None else START + runs * DAY
        work = make("employment", peer_provider="peer", started_on=START, ended_on=ended)
        sessions = [
            make("supervision", f"s{i}", peer_provider="peer", held_on=START + n * DAY, mode=mode, held_hours=hours)
            for i, (n, mode, hours) in enumerate(held)
        ]
        days = sorted(n for n, mode, hours in held if mode == "face_to_face" and hours >= 1 and n <= asked)
        until = runs if runs is not None and runs <= asked else 10**6
        found = {
            each: occurring("supervision.weekly_hour", work, *sessions, on=on, reading=each) for each in ("", EACH_WEEK)
        }
        assert [each.verdict for each in found[""]] == self.rolling(days, until, asked)
        assert [each.verdict for each in found[EACH_WEEK]] == self.weeks(days, until, asked)

    @staticmethod
    def rolling(days: list[int], until: int, asked: int) -> list[Verdict]:
        """One verdict for each hour that was due, counted in days from the first day of work."""
        told_, start = list[Verdict](), 0
        while True:
            due, done = start + 7, next((day for day in days if day > start), None)
            if done is not None and done <= due:
                told_.append(MET)
            elif due >= until:
                return [*told_, NOT_APPLICABLE]
            elif done is not None and done < until:
                told_.append(NOT_MET)
            else:
                return [*told_, PENDING if due >= asked else NOT_MET]
            start = done

    @staticmethod
    def weeks(days: list[int], until: int, asked: int) -> list[Verdict]:
        """One verdict for each week of the work, the last of which is open or no longer owed."""
        told_, first = list[Verdict](), 0
        while True:
            last = first + 6
            if any(first <= day <= last for day in days):
                told_.append(MET)
            elif last >= until or last >= asked:
                return [*told_, NOT_APPLICABLE if last >= until else PENDING]
            else:
                told_.append(NOT_MET)
            first += 7


# the certificate


class TestTraining:
    """DC-4 and DC-5: 70 hours in a classroom and 80 of practicum, either of which may be waived."""

    @pytest.mark.parametrize(("part", "least"), [("classroom", 70), ("practicum", 80)])
    @FEWER
    @given(
        sessions=st.lists(
            st.tuples(
                st.sampled_from(["classroom", "practicum"]),
                st.sampled_from([Decimal("34.99"), Decimal(35), Decimal(40), Decimal("40.01"), None]),
                MAYBE,
                around(START, 1),
            ),
            max_size=3,
        ),
        waivers=st.lists(
            st.tuples(
                st.sampled_from(["classroom", "practicum"]),
                st.sampled_from([Decimal(30), Decimal(35), Decimal(40), Decimal(70), Decimal(80), None]),
                st.sampled_from(["prior_training", "prior_work", "other", None]),
                around(START, 1),
            ),
            max_size=2,
        ),
    )
    def test_what_is_held_and_what_is_waived(
        self,
        part: str,
        least: int,
        sessions: list[tuple[str, Decimal | None, Truth, dt.date]],
        waivers: list[tuple[str, Decimal | None, str | None, dt.date]],
    ) -> None:
        """Both add up, through the first day of the certificate; only a practicum has to be supervised."""
        names = ("part", "held_hours", "supervised", "held_on"), ("part", "waived_hours", "reason", "granted_on")
        records = [
            make(kind, f"{kind}{i}", peer_provider="peer", **dict(zip(facts, each, strict=True)))
            for kind, facts, some in (("training_session", names[0], sessions), ("waiver", names[1], waivers))
            for i, each in enumerate(some)
        ]
        held = [(hours, part == "classroom" or ok) for of, hours, ok, day in sessions if of == part and day <= START]
        waived = [
            (hours, None if reason is None else reason != "other")
            for of, hours, reason, day in waivers
            if of == part and day <= START
        ]
        counts = [(hours, ok is True) for hours, ok in (*held, *waived) if ok is not False]
        assert told(f"certificate.{part}_hours", state(), *records)[""] is verdict(enough(counts, least))

    @pytest.mark.parametrize(
        "rule", ["certificate.classroom_hours", "certificate.practicum_hours", "certificate.exams"]
    )
    @pytest.mark.parametrize("days", [-1, 0, 1, None])
    @pytest.mark.parametrize("kind", ["state", "other", None])
    def test_only_the_first_certificate_asks_for_it(self, rule: str, days: int | None, kind: str | None) -> None:
        """One of the District that began before makes this another one."""
        begins = None if days is None else START + days * DAY
        other = make("credential", "other", peer_provider="peer", kind=kind, valid_from=begins)
        earlier = kleene_and(equals(kind, "state"), None if days is None else days < 0)
        first = None if earlier is None else not earlier
        assert told(rule, state(), other)[""] is where(first, NOT_MET)
        assert told(rule, state(kind="other"), other)[""] is NOT_APPLICABLE


@FEWER
@given(st.lists(st.tuples(st.sampled_from(["written", "oral", None]), MAYBE, around(START, 1)), max_size=4))
def test_both_exams_are_passed(drawn: list[tuple[str | None, Truth, dt.date]]) -> None:
    """DC-6: through the first day of the certificate; which part it was may be unknown."""
    names = ("part", "passed", "sat_on")
    exams = [
        make("exam", f"e{i}", peer_provider="peer", **dict(zip(names, each, strict=True)))
        for i, each in enumerate(drawn)
    ]
    both = [
        kleene_or(*(kleene_and(equals(part, each), passed, day <= START) for part, passed, day in drawn))
        for each in ("written", "oral")
    ]
    assert told("certificate.exams", state(), *exams)[""] is verdict(kleene_and(*both))


@given(
    st.frozensets(st.sampled_from(["family", "youth", "other"])) | st.none(),
    st.lists(around(START, 3), max_size=2),
    st.lists(near(START, 4), max_size=2),
    around(START, 4),
)
def test_a_background_check_only_for_families_and_youth(
    specialties: frozenset[str] | None, trained: list[dt.date], checked: list[Moment], on: dt.date
) -> None:
    """DC-7: on the first day of training at the latest, or under the other reading on a day before."""
    peer = make("peer_provider", "peer", specialties=specialties)
    training = [make("training_session", f"t{i}", peer_provider="peer", held_on=day) for i, day in enumerate(trained)]
    checks = [make("background_check", f"b{i}", peer_provider="peer", completed_on=d) for i, d in enumerate(checked)]
    applies = kleene_or(has("family", specialties), has("youth", specialties))
    due = min((day for day in trained if day <= on), default=NONE)
    done = [(True, day) for day in checked if not isinstance(day, dt.date) or day <= on]
    found = told("training.background_check", peer, *training, *checks, on=on)
    for reading, days in (("", 0), (EARLIER, 1)):
        # as long as there is no training, it may still begin on the day asked about
        by, asked = (due - days * DAY, on) if isinstance(due, dt.date) else (due, on - days * DAY)
        assert found[reading] is where(applies, in_time(done, by, asked))


@given(st.dates(dt.date(1998, 1, 1), dt.date(2007, 12, 31)), st.integers(-3, 3), MAYBE, MAYBE, MAYBE)
def test_who_applies(birth: dt.date, days: int, diploma: Truth, resident: Truth, used: Truth) -> None:
    """DC-8: all four, the age on the day of the application, from the birthday on."""
    leap = (birth.month, birth.day) == (2, 29) and not almanac.isleap(birth.year + 18)
    turns = dt.date(birth.year + 18, 3, 1) if leap else birth.replace(year=birth.year + 18)
    peer = make("peer_provider", "peer", birth_date=birth, diploma=diploma, resident=resident, used_services=used)
    record = make("application", peer_provider="peer", received_on=turns + days * DAY)
    found = told("application.basics", record, peer)[""]
    assert found is verdict(kleene_and(days >= 0, diploma, resident, used))


@given(st.dates(dt.date(2023, 1, 1), dt.date(2028, 12, 31)), st.integers(-3, 3) | st.none())
def test_a_certificate_runs_for_two_years(first: dt.date, days: int | None) -> None:
    """DC-9: to the day before two years are over; under the other reading through the same day."""
    leap = (first.month, first.day) == (2, 29)
    over = dt.date(first.year + 2, first.month, 28 if leap else first.day)
    found = told("certificate.term", state(valid_from=first, valid_until=None if days is None else over + days * DAY))
    assert found[""] is verdict(None if days is None else days == -1)
    assert found[SAME_DAY] is verdict(None if days is None else days == 0)
