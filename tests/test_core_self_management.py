"""The rulebook `core-self-management`: rows S4-1 to S4-25, each rule against its law, and the year of the outcome.

The laws stand here in plain Python; nothing asks the judge how it decides. That no row of S4 is lost between this
rulebook and `peer-group-workbook` is held in the tests of the other one.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MAYBE, MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Moment, Truth, equals, verdict

import peersupport
from peersupport import NONE, Finding, Force, Period, Place, Reason, Record, Verdict, outcomes
from peersupport.readers.judge import judge_of

BOOK = peersupport.load("core-self-management")
LONDON = ZoneInfo("Europe/London")
PROGRAM = peersupport.Program(id="program", time_zone="Europe/London")
START = dt.date(2025, 1, 5)
"""The day of leaving the crisis team."""
LATER = dt.date(2028, 12, 31)
HOUR = dt.timedelta(hours=1)

WEEK, CONSENT = "enrollment.week_with_crisis_team", "enrollment.informed_consent"
SESSIONS, PARTS, OUTCOME = "enrollment.sessions", "enrollment.parts", "enrollment.outcome_known"
DEFINED = {"care_episode.acute", "enrollment.year_start", "enrollment.anniversary", "enrollment.last_day_of_year"}

BOTH_DAYS, MORE, TO_THE_HOUR = "the first and the last day both count", "more than a week", "a week to the hour"
THAT_DAY, ABLE = "capacity is judged on the day of consent", "to be able to consent is enough"
CAME, ONCE = "sessions attended count", "a session made up counts once"
COMPLETED = "the parts are completed"
ASSIGNED, LENGTH, OUT = "the year runs from random assignment", "a year is 365 days", "the day a year later is out"
WARD, EMERGENCY = "only a ward is acute care", "an emergency department is acute care"
YEARS = [
    frozenset(of) - {""} for of in itertools.product(("", ASSIGNED), ("", LENGTH), ("", OUT), ("", WARD, EMERGENCY))
]
"""Every choice of readings of the year and of acute care."""


def maker(kind: str, /, **usual: object) -> Callable[..., Any]:
    """Makes records of a kind as the rulebook knows it, with some usual facts unless said otherwise."""
    cls: Callable[..., Any] = BOOK.vocabulary[kind].record
    return lambda **facts: cls(**{**usual, **facts})


BEFORE = START - 20 * DAY
enrolled = maker("enrollment", id="n", person="p", index_episode="i", accepted_on=START, started_on=START)
index = maker("care_episode", id="i", person="p", kind="crisis_team", admitted_on=BEFORE, ended_on=START)
stay = maker("care_episode", id="s", person="p", kind="inpatient", psychiatric=True)
contact = maker("contact", person="p", enrollment="n")


def tables(records: Iterable[Record], without: Iterable[str] = ()) -> Any:  # noqa: ANN401
    """Tables of which every one is given but those named, with the program, the person and the crisis team's care."""
    records = list(records)
    usual = [PROGRAM, peersupport.Person(id="p"), *([index()] * ("care_episode" not in without))]
    taken = {(type(each), each.id) for each in records}
    more = [each for each in usual if (type(each), each.id) not in taken]
    empty = {"care_episode", "contact", "enrollment"} - set(without)
    return peersupport.from_records([*more, *records], empty=empty, vocabulary=BOOK.vocabulary).tables


def found(
    rule: str, *records: Record, on: dt.date = LATER, readings: Iterable[str] = (), without: Iterable[str] = ()
) -> Finding:
    """The finding of a rule for the first of some records, under some readings."""
    given_ = tables(records, without)
    return peersupport.judge(BOOK, rule, records[0], on=on, tables=given_, readings=readings)


def told(rule: str, *records: Record, on: dt.date = LATER) -> dict[str, Verdict]:
    """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
    given_ = tables(records)
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], records[0], on=on, tables=given_) for name, each in judges.items()}


def under(readings: Iterable[str], *records: Record, on: dt.date = LATER) -> Verdict:
    """The verdict about the outcome of the first of some records, under some readings of the year."""
    return judge_of(BOOK, frozenset(readings)).verdict(BOOK[OUTCOME], records[0], on=on, tables=tables(records))


def later(moment: Moment, by: dt.timedelta) -> Moment:
    """A moment some time later; one that is absent or not recorded stays so."""
    return moment + by if isinstance(moment, dt.date) else moment


# the rows of the source


def rows(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name, each a row or a range of rows."""
    ends = [[int(number) for number in re.findall(r"S4-(\d+)", key)] for key in keys]
    return [row for each in ends for row in range(each[0], each[-1] + 1)]


def test_the_trial_has_its_part_of_the_source() -> None:
    """Rows 1 to 25: what the intervention asks for is covered, the rest is evidence, and each stands in one place."""
    covered = {row for rule in BOOK for row in rows(rule.covers)}
    assert covered == {6, 7, 12, 13, 14, 15, 16}
    assert sorted([*covered, *rows(BOOK.recorded), *rows(BOOK.not_modeled)]) == list(range(1, 26))


def test_what_is_recorded_are_facts_of_the_vocabulary() -> None:
    """Crisis teams are a kind of care, and the two arms of a trial a fact of whoever takes part."""
    assert BOOK.recorded["S4-3"].facts == ("care_episode.kind",)
    assert "crisis_team" in BOOK.vocabulary["care_episode"].facts["kind"].type.choices
    assert BOOK.vocabulary["enrollment"].facts["arm"].type.choices == ("intervention", "control")


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in (*BOOK.rules, *BOOK.readings) if f'"{name}"' not in text] == []


@pytest.mark.parametrize("rule", BOOK.judged, ids=lambda rule: rule.id)
def test_every_rule_has_an_example_of_each_verdict(rule: Any) -> None:  # noqa: ANN401
    """Met, not met and unknown are each shown by a case, and each reading of the rule by one of its own."""
    assert {"met", "not_met", "unknown"} <= {example.verdict for example in rule.examples}
    assert set(rule.readings) <= {example.reading for example in rule.examples}


def test_only_who_may_take_part_is_a_must() -> None:
    """The number of sessions, their parts and the outcome are shown and break nothing; nothing is critical."""
    assert {rule.id for rule in BOOK.judged if rule.force is Force.MUST} == {WEEK, CONSENT}
    assert not any(rule.critical for rule in BOOK)


# who may take part


class TestWeekWithCrisisTeam:
    """S4-6: at least a week on the caseload of a crisis team."""

    @pytest.mark.parametrize(
        ("days", "default", "both", "more"),
        [
            (5, NOT_MET, NOT_MET, NOT_MET),
            (6, NOT_MET, MET, NOT_MET),
            (7, MET, MET, NOT_MET),
            (8, MET, MET, MET),
        ],
    )
    def test_the_boundary(self, days: int, default: Verdict, both: Verdict, more: Verdict) -> None:
        """Exactly seven days are in by default; with both ends counted six are enough, strictly more takes eight."""
        admitted = START - days * DAY
        verdicts = told(WEEK, enrolled(), index(admitted_on=admitted))
        assert [verdicts[name] for name in ("", BOTH_DAYS, MORE)] == [default, both, more]
        staying = told(WEEK, enrolled(), index(admitted_on=admitted, ended_on=NONE))
        assert staying == verdicts | {TO_THE_HOUR: staying[TO_THE_HOUR]}

    @given(
        logic.dated(START - 7 * DAY),
        logic.near(START),
        logic.dated(START),
        st.sampled_from(["crisis_team", "inpatient", "emergency", None]),
    )
    def test_the_law(self, came: Moment, left: Moment, accepted: Any, kind: str | None) -> None:  # noqa: ANN401
        """A crisis team, and a week both until leaving and until acceptance; each may decide without the others."""
        team = equals(kind, "crisis_team")
        week = {
            "": [logic.not_after(later(came, 7 * DAY), end) for end in (left, accepted)],
            BOTH_DAYS: [logic.not_after(later(came, 6 * DAY), end) for end in (left, accepted)],
            MORE: [logic.before(later(came, 7 * DAY), end) for end in (left, accepted)],
            TO_THE_HOUR: [None, logic.not_after(later(came, 7 * DAY), accepted)],
        }
        records = [enrolled(accepted_on=accepted), index(kind=kind, admitted_on=came, ended_on=left)]
        assert told(WEEK, *records) == {name: verdict(logic.kleene_and(team, *of)) for name, of in week.items()}

    @given(
        st.sampled_from([dt.date(2025, 3, 25), dt.date(2025, 6, 3), dt.date(2025, 10, 21)]),
        st.integers(0, 23),
        st.one_of(st.integers(-120, 120), st.sampled_from([NONE, None])),
        st.booleans(),
    )
    def test_a_week_to_the_hour(self, day: dt.date, hour: int, minutes: object, known: bool) -> None:
        """168 hours that elapse, over a change of the clock too; the other readings count days."""
        came = dt.datetime.combine(day, dt.time(hour), LONDON).astimezone(dt.UTC)
        left = came + 168 * HOUR + dt.timedelta(minutes=minutes) if isinstance(minutes, int) else minutes
        truth = True if left is NONE else None if left is None else isinstance(minutes, int) and minutes >= 0
        times = {"came_at": came if known else None, "left_at": left}
        record = index(admitted_on=day, ended_on=day + 8 * DAY, **times)
        verdicts = told(WEEK, enrolled(accepted_on=day + 30 * DAY), record)
        assert verdicts[TO_THE_HOUR] is verdict(truth if known else None)
        assert (verdicts[""], verdicts[MORE]) == (MET, MET)

    def test_no_crisis_team(self) -> None:
        """Who follows no care episode was with no team; not recorded is something else."""
        assert found(WEEK, enrolled(index_episode=NONE)).verdict is NOT_MET
        finding = found(WEEK, enrolled(index_episode=None))
        assert (finding.verdict, finding.missing) == (UNKNOWN, (Place("enrollment", "n", "index_episode"),))

    @given(st.integers(0, 20), st.integers(0, 20))
    def test_one_more_day_never_harms(self, days: int, more: int) -> None:
        """Who may take part may do so after a longer stay with the team too, however a week is counted."""
        shorter, longer = (told(WEEK, enrolled(), index(admitted_on=START - n * DAY)) for n in (days, days + more))
        assert [name for name in shorter if (shorter[name], longer[name]) == (MET, NOT_MET)] == []


class TestInformedConsent:
    """S4-7: the ability to consent, and consent, each with its day."""

    @given(MAYBE, logic.near(START), logic.near(START), logic.dated(START))
    def test_the_law(self, able: Truth, judged: Moment, consented: Moment, accepted: dt.date | None) -> None:
        """All three; consent by the day of acceptance, the ability judged by the day of consent or on it."""
        given_ = False if consented is NONE else logic.not_after(consented, accepted)
        by_then = logic.kleene_and(able, given_)
        same = None if None in {judged, consented} else judged == consented
        record = enrolled(able_to_consent=able, capacity_judged_on=judged, consent_on=consented, accepted_on=accepted)
        assert told(CONSENT, record) == {
            "": verdict(logic.kleene_and(by_then, logic.not_after(judged, consented))),
            THAT_DAY: verdict(logic.kleene_and(by_then, same)),
            ABLE: verdict(able),
        }

    @pytest.mark.parametrize(("days", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
    def test_the_boundaries(self, days: int, expected: Verdict) -> None:
        """The day before, the day itself, the day after: of consent to acceptance, and of the ability to consent."""
        day = START + days * DAY
        facts = {"able_to_consent": True, "consent_on": day, "capacity_judged_on": START - 9 * DAY}
        assert found(CONSENT, enrolled(**facts)).verdict is expected
        facts |= {"consent_on": START, "capacity_judged_on": day}
        assert found(CONSENT, enrolled(**facts)).verdict is expected

    def test_the_ability_is_for_somebody_to_judge(self) -> None:
        """With all else recorded, what is missing is a judgement."""
        finding = found(CONSENT, enrolled(consent_on=START, capacity_judged_on=START))
        assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.JUDGEMENT)


# up to ten sessions

Offers: TypeAlias = list[Any]


class TestSessions:
    """S4-12: at most ten, offered or attended."""

    @pytest.mark.parametrize(("number", "expected"), [(0, MET), (9, MET), (10, MET), (11, NOT_MET)])
    def test_the_boundary(self, number: int, expected: Verdict) -> None:
        """None, one fewer, the number, one more; under each reading of those that it counts."""
        offers: Offers = [contact(id=f"c{i}", status="attended", makes_up=NONE) for i in range(number)]
        assert told(SESSIONS, enrolled(), *offers) == dict.fromkeys(("", CAME, ONCE), expected)

    @given(
        st.lists(st.sampled_from(["attended", "not_attended", "scheduled", None]), min_size=8, max_size=13),
        st.lists(st.sampled_from([NONE, "c0", None]), min_size=13, max_size=13),
    )
    def test_the_law(self, statuses: list[str | None], made_up: list[Any]) -> None:
        """Counted whatever became of them; those attended; those that make up for no other."""
        offers: Offers = [
            contact(id=f"c{i}", status=status, makes_up=other)
            for i, (status, other) in enumerate(zip(statuses, made_up, strict=False))
        ]
        came = [equals(status, "attended") for status in statuses]
        firsts = [logic.kleene_not(logic.present(other)) for other in made_up[: len(statuses)]]
        assert told(SESSIONS, enrolled(), *offers) == {
            "": self.at_most_ten([True] * len(statuses)),
            CAME: self.at_most_ten(came),
            ONCE: self.at_most_ten(firsts),
        }

    @staticmethod
    def at_most_ten(counted: Sequence[Truth]) -> Verdict:
        """Surely too many is not met, perhaps too many is unknown."""
        surely, possibly = (sum(each in some for each in counted) for some in ([True], [True, None]))
        return verdict(False if surely > 10 else True if possibly <= 10 else None)

    def test_sessions_of_another_enrollment_are_not_counted(self) -> None:
        """Who comes back starts anew."""
        offers: Offers = [contact(id=f"c{i}", enrollment="n" if i < 10 else "m") for i in range(20)]
        assert found(SESSIONS, enrolled(), enrolled(id="m"), *offers).verdict is MET

    def test_the_eleventh_counts_from_its_day(self) -> None:
        """What lies ahead has not been offered yet."""
        offers: Offers = [contact(id=f"c{i}") for i in range(10)]
        last = contact(id="last", starts_at=dt.datetime.combine(START, dt.time(10), LONDON))
        verdicts = [found(SESSIONS, enrolled(), *offers, last, on=START + n * DAY).verdict for n in (-1, 0)]
        assert verdicts == [MET, NOT_MET]


ALL_PARTS = ("recovery_workbook", "recovery_goals", "crisis_plan")
SOME = [frozenset(of) for n in range(4) for of in itertools.combinations(ALL_PARTS, n)]
ENDS = ("completed", "chose_to_leave", "lost_contact", "moved", "other", "still_enrolled", None)


class TestParts:
    """S4-13 to 15: a workbook, goals and a crisis plan."""

    @pytest.mark.parametrize("helped", [*SOME, None])
    @pytest.mark.parametrize("completed", [*SOME, None])
    def test_all_three(self, helped: frozenset[str] | None, completed: frozenset[str] | None) -> None:
        """Every set of them: offered by default, completed under the reading."""
        record = enrolled(end_reason="completed", helped_with=helped, completed_parts=completed)
        parts = {"": helped, COMPLETED: completed}
        assert told(PARTS, record) == {
            name: verdict(None if of is None else of == frozenset(ALL_PARTS)) for name, of in parts.items()
        }

    @pytest.mark.parametrize("reason", ENDS)
    def test_whoever_leaves_early_owes_nothing(self, reason: str | None) -> None:
        """It is asked of those who stayed to the end."""
        record = enrolled(end_reason=reason, helped_with=frozenset(), completed_parts=frozenset())
        expected = logic.where(equals(reason, "completed"), NOT_MET)
        assert set(told(PARTS, record).values()) == {expected}

    def test_the_part_that_lacks_is_named(self) -> None:
        """The finding says which of the three."""
        finding = found(PARTS, enrolled(end_reason="completed", helped_with=frozenset(ALL_PARTS[1:])))
        assert (finding.verdict, [each.name for each in finding.clauses if each.verdict is NOT_MET]) == (
            NOT_MET,
            ["a workbook for recovery"],
        )


# the year of the outcome


def year_later(start: dt.date) -> dt.date:
    """The same day of the next year; 29 February becomes 28 February."""
    last_of_february = (start.month, start.day) == (2, 29)
    return start.replace(year=start.year + 1, day=28 if last_of_february else start.day)


def last_day(start: dt.date, readings: frozenset[str]) -> dt.date:
    """The last day on which a readmission counts."""
    end = start + 365 * DAY if LENGTH in readings else year_later(start)
    return end - DAY if OUT in readings else end


def acute(kind: str | None, psychiatric: Truth, readings: frozenset[str]) -> Truth:
    """Whether care is acute care."""
    kinds = ["inpatient", *(["emergency"] if EMERGENCY in readings else [])]
    bed = logic.kleene_and(None if kind is None else kind in kinds, psychiatric)
    team = False if WARD in readings else equals(kind, "crisis_team")
    return logic.kleene_or(team, bed)


STARTS = st.one_of(st.sampled_from([dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2023, 3, 1)]), logic.DAYS)
OFFSETS = st.one_of(st.sampled_from([-1, 0, 1, 364, 365, 366, 367]), st.integers(-30, 400))
EPISODES = st.tuples(
    st.sampled_from(["inpatient", "crisis_team", "emergency", "other", None]), MAYBE, st.one_of(OFFSETS, st.none())
)


class TestOutcome:
    """S4-16: whether the person came into acute care again within a year is known, whatever the answer."""

    @given(
        STARTS,
        st.lists(EPISODES, max_size=2),
        st.one_of(OFFSETS, st.sampled_from([NONE, None])),
        st.sampled_from(YEARS),
        st.integers(363, 368),
    )
    def test_the_law(
        self,
        start: dt.date,
        drawn: list[tuple[str | None, Truth, int | None]],
        looked: Any,  # noqa: ANN401
        readings: frozenset[str],
        asked: int,
    ) -> None:
        """An episode after the first day and through the last, or records looked through the last day, once it is over.

        Under every choice of readings of where the year begins, how long it is, whether its last day is in it, and
        what acute care is.
        """
        on = start + asked * DAY
        episodes: list[Any] = [
            stay(id=f"s{i}", kind=kind, psychiatric=psychiatric, admitted_on=None if n is None else start + n * DAY)
            for i, (kind, psychiatric, n) in enumerate(drawn)
            if n is None or n <= asked
        ]
        through = (
            start + looked * DAY if isinstance(looked, int) and looked <= asked else NONE if looked is NONE else None
        )
        last = last_day(start, readings)
        back = [
            logic.kleene_and(
                acute(each.kind, each.psychiatric, readings),
                logic.inside(each.admitted_on, start + DAY, last, through=True),
            )
            for each in episodes
        ]
        known = False if through is NONE else logic.not_after(last, through)
        anchors = {"randomized_on": start} if ASSIGNED in readings else {}
        team = index(admitted_on=start - 20 * DAY, ended_on=start - 5 * DAY if ASSIGNED in readings else start)
        record = enrolled(followed_through=through, **anchors)
        expected = verdict(logic.kleene_or(known, *back)) if last < on else NOT_APPLICABLE
        assert under(readings, record, team, *episodes, on=on) is expected

    @pytest.mark.parametrize("readings", YEARS, ids=lambda of: ", ".join(sorted(of)))
    @pytest.mark.parametrize("start", [START, dt.date(2023, 6, 1), dt.date(2024, 2, 29)])
    def test_the_edges_of_the_year(self, start: dt.date, readings: frozenset[str]) -> None:
        """The first day is a transfer, the next one counts; the last day counts, the next does not."""
        last = last_day(start, readings)
        record = enrolled(followed_through=NONE, randomized_on=start)
        team = index(admitted_on=start - 20 * DAY, ended_on=start)
        days = [start, start + DAY, last, last + DAY]
        verdicts = [under(readings, record, team, stay(admitted_on=day)) for day in days]
        assert verdicts == [NOT_MET, MET, MET, NOT_MET]
        looked = [last - DAY, last, last + DAY]
        records = [enrolled(followed_through=day, randomized_on=start) for day in looked]
        assert [under(readings, each, team) for each in records] == [NOT_MET, MET, MET]
        assert [under(readings, record, team, on=day) for day in (last, last + DAY)] == [NOT_APPLICABLE, NOT_MET]

    @pytest.mark.parametrize(
        ("start", "days"),
        [(START, 365), (dt.date(2023, 6, 1), 366), (dt.date(2024, 2, 29), 365), (dt.date(2024, 3, 1), 365)],
    )
    def test_a_leap_year_is_a_day_longer(self, start: dt.date, days: int) -> None:
        """A year of the calendar has 366 days where a 29 February lies in it; the other reading has 365."""
        team = index(admitted_on=start - 20 * DAY, ended_on=start)
        looked = [start + n * DAY for n in (364, 365, 366)]
        verdicts = [under((), enrolled(followed_through=day), team) for day in looked]
        assert verdicts == [NOT_MET, MET if days == 365 else NOT_MET, MET]
        assert [under([LENGTH], enrolled(followed_through=day), team) for day in looked] == [NOT_MET, MET, MET]

    @given(STARTS, OFFSETS, st.booleans())
    def test_it_is_the_year_that_outcomes_count(self, start: dt.date, offset: int, closed: bool) -> None:
        """For psychiatric inpatient stays the rule's year is that of `outcomes.readmissions`, to the day."""
        again = stay(admitted_on=start + offset * DAY, ended_on=NONE)
        team = index(admitted_on=start - 20 * DAY, ended_on=start)
        counted = outcomes.readmissions(team, [team, again], within=Period(1, "years"), last_day_counts=closed)
        readings = frozenset() if closed else frozenset({OUT})
        assert counted.through == last_day(start, readings)
        expected = MET if counted.counted else NOT_MET
        assert under(readings, enrolled(followed_through=NONE), team, again) is expected

    @given(OFFSETS, st.one_of(OFFSETS, st.sampled_from([NONE, None])), st.sampled_from(YEARS))
    def test_a_readmission_is_no_failing(self, offset: int, looked: Any, readings: frozenset[str]) -> None:  # noqa: ANN401
        """Of the same person with one more stay no rule of the rulebook says worse: what is known stays known."""
        through = START + looked * DAY if isinstance(looked, int) else looked
        record = enrolled(followed_through=through, randomized_on=START, end_reason="completed")
        again = stay(admitted_on=START + offset * DAY, ended_on=NONE)
        judge = judge_of(BOOK, readings)
        without, with_ = (
            [judge.verdict(rule, record, on=LATER, tables=tables([record, *more])) for rule in BOOK.judged]
            for more in ([], [again])
        )
        assert [pair for pair in zip(without, with_, strict=True) if pair[0] is not pair[1]] in (
            [],
            [(NOT_MET, MET)],
            [(UNKNOWN, MET)],
        )

    @pytest.mark.parametrize("kind", ["inpatient", "crisis_team", "emergency", "other", None])
    @pytest.mark.parametrize("psychiatric", [True, False, None])
    def test_acute_care(self, kind: str | None, psychiatric: Truth) -> None:
        """A ward and a crisis team by default, a ward alone, or an emergency department too."""
        back = stay(kind=kind, psychiatric=psychiatric, admitted_on=START + DAY)
        for readings in (frozenset[str](), frozenset({WARD}), frozenset({EMERGENCY})):
            expected = verdict(acute(kind, psychiatric, readings))
            assert under(readings, enrolled(followed_through=NONE), back) is expected, readings

    def test_still_with_the_team_or_outside_of_a_trial(self) -> None:
        """Where the year has not begun nothing is asked; where its first day is not recorded, that is missing."""
        record = enrolled(followed_through=NONE, randomized_on=NONE)
        assert under((), record, index(ended_on=NONE)) is NOT_APPLICABLE
        assert under([ASSIGNED], record) is NOT_APPLICABLE
        finding = found(OUTCOME, enrolled(followed_through=NONE), readings=[ASSIGNED])
        assert (finding.verdict, finding.missing) == (UNKNOWN, (Place("enrollment", "n", "randomized_on"),))

    def test_somebody_who_was_lost_is_not_somebody_who_stayed_well(self) -> None:
        """Nothing on file is no answer: unknown while nobody says how far was looked, not met where nobody looked."""
        assert found(OUTCOME, enrolled()).missing == (Place("enrollment", "n", "followed_through"),)
        assert found(OUTCOME, enrolled(followed_through=NONE)).verdict is NOT_MET
        assert found(OUTCOME, enrolled(followed_through=START + 300 * DAY)).verdict is NOT_MET


# what is missing

LACKING: list[tuple[str, str, Sequence[Record], tuple[str, str]]] = [
    (WEEK, "", [enrolled(), index(ended_on=None)], ("i", "ended_on")),
    (WEEK, "", [enrolled(accepted_on=None)], ("n", "accepted_on")),
    (WEEK, "", [enrolled(), index(kind=None)], ("i", "kind")),
    (CONSENT, ABLE, [enrolled()], ("n", "able_to_consent")),
    (CONSENT, "", [enrolled(able_to_consent=True, capacity_judged_on=START)], ("n", "consent_on")),
    (CONSENT, "", [enrolled(able_to_consent=True, consent_on=START)], ("n", "capacity_judged_on")),
    (PARTS, "", [enrolled(helped_with=frozenset())], ("n", "end_reason")),
    (PARTS, COMPLETED, [enrolled(end_reason="completed")], ("n", "completed_parts")),
    (OUTCOME, "", [enrolled(followed_through=NONE), stay(admitted_on=None)], ("s", "admitted_on")),
    (
        OUTCOME,
        "",
        [enrolled(followed_through=NONE), stay(admitted_on=START + DAY, psychiatric=None)],
        ("s", "psychiatric"),
    ),
]


@pytest.mark.parametrize(("rule", "reading", "records", "place"), LACKING)
def test_what_is_missing_is_named(rule: str, reading: str, records: Sequence[Record], place: tuple[str, str]) -> None:
    """With one fact that is not recorded it is unknown, and that fact is the one that is named."""
    finding = found(rule, *records, readings={reading} - {""})
    assert (finding.verdict, [(each.id, each.fact) for each in finding.missing]) == (UNKNOWN, [place])


@pytest.mark.parametrize(
    ("rule", "records", "table"),
    [
        (SESSIONS, [enrolled()], "contact"),
        (OUTCOME, [enrolled(randomized_on=START, followed_through=NONE)], "care_episode"),
    ],
)
def test_a_table_that_is_not_given_is_named(rule: str, records: Sequence[Record], table: str) -> None:
    """Nothing in a table is an answer, and no table is none."""
    finding = found(rule, *records, without=[table], readings=[ASSIGNED])
    assert (finding.verdict, finding.reason, finding.missing) == (UNKNOWN, Reason.NO_TABLE, (Place(table),))


def test_definitions_have_their_laws_with_the_outcome() -> None:
    """What is no rule of its own is what the outcome is judged by."""
    assert set(BOOK.rules) - {rule.id for rule in BOOK.judged} == DEFINED
