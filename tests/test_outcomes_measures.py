"""Readmission as a share, over time and until the first; crises before and after; events; turnover and tenure.

The public claims of CMS are counted again here in plain Python.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import (
    NONE,
    Admission,
    CareEpisode,
    Contact,
    CrisisContact,
    InputError,
    Period,
    Person,
    Record,
    Roster,
    outcomes,
)
from peersupport.library import CORE
from peersupport.measures.values import Events
from peersupport.outcomes import Employment, Ends, Index, OutcomeEvent, Share
from peersupport.rules.facts import vocabulary

WITH = vocabulary([*(CORE[name].record for name in CORE), OutcomeEvent, Employment])
DAY = dt.timedelta(days=1)
LEFT = dt.date(2026, 1, 5)
ON = dt.date(2026, 12, 31)
REASONS = (
    "before the records are complete",
    "went on into other inpatient care",
    "the records end within the window",
    "died within the window",
    "left follow-up within the window",
)
MONTH = Period(30, "days")


def day(number: int) -> dt.date:
    """A day by its number from the discharge."""
    return LEFT + number * DAY


def roster(*records: Record, since: dict[str, dt.date] | None = None, empty: Sequence[str] = ()) -> Roster:
    """A roster in which care and outcome events are complete."""
    return peersupport.from_records(
        records, empty=["care_episode", "outcome_event", *empty], since=since, vocabulary=WITH
    )


def stay(id_: str, first: int | None, last: int | str | None = "none", **facts: object) -> CareEpisode:
    """A psychiatric inpatient stay of the one person, by numbers of days; without an end, still going on."""
    ended = NONE if last == "none" else None if last is None else day(int(last))
    known: dict[str, Any] = {"person": "p", "kind": "inpatient", "psychiatric": True, "led_to": NONE, **facts}
    return CareEpisode(id=id_, admitted_on=None if first is None else day(first), ended_on=ended, **known)


INDEX = stay("index", -9, 0)


def happened(kind: str | None, number: int | None, person: str = "p") -> OutcomeEvent:
    """An event of a person on a day."""
    return OutcomeEvent(
        id=f"{kind} {number} {person}", person=person, kind=kind, happened_on=None if number is None else day(number)
    )


def discharges(*records: Record, on: dt.date = ON, **more: Any) -> Share:  # noqa: ANN401
    """Readmission within 30 days, of discharges."""
    return outcomes.readmission(roster(*records), on=on, within=MONTH, of="discharges", **more)


def told(result: Share) -> dict[str, int]:
    """Every count of a share that is not zero."""
    counts = {"yes": result.numerator, "no": result.denominator - result.numerator, **result.excluded}
    counts |= {"not yet": result.not_yet_observable, "not recorded": result.not_recorded}
    return {name: n for name, n in counts.items() if n}


# readmission of discharges


@pytest.mark.parametrize(("began", "yes"), [(0, 0), (1, 1), (30, 1), (31, 0)])
def test_the_window_runs_from_day_1_to_its_last_day(began: int, yes: int) -> None:
    """What begins on the day of leaving goes on from the stay, and is none of its own."""
    found = discharges(INDEX, stay("again", began, began + 3))
    first = [case for case in found.given if case.id == "index"]
    assert found.numerator == yes
    assert len(first) == 1


@pytest.mark.parametrize(("closed", "yes"), [(True, 1), (False, 0)])
def test_story_59_the_last_day_is_a_reading(closed: bool, yes: int) -> None:
    """Within a year from 5 January 2026, a stay on 5 January 2027 counts where the last day is in."""
    tables = roster(INDEX, stay("again", 365, 370))
    found = outcomes.readmission(
        tables,
        on=dt.date(2027, 1, 31),
        within=Period(1, "years"),
        of="discharges",
        index=Index(through=LEFT),
        last_day_counts=closed,
    )
    assert (found.numerator, found.denominator) == (yes, 1)
    assert found.window == f"day 1 to 1 year after the day of leaving, the last day {'in' if closed else 'out'}"


@pytest.mark.parametrize(
    ("records", "counts"),
    [
        ([], {}),
        ([INDEX], {"no": 1}),
        ([INDEX, stay("again", 5, 8)], {"yes": 1, "no": 1}),
        ([stay("in care", -9)], {}),
        ([stay("ahead", 360, 400)], {}),
        ([INDEX, stay("same", 0, 9)], {"no": 1}),
        ([INDEX, stay("within", -5, -2)], {"no": 1}),
        ([INDEX, stay("other ward", 0, 4, psychiatric=False)], {"went on into other inpatient care": 1}),
        ([INDEX, stay("other ward", -2, 4, psychiatric=False)], {"went on into other inpatient care": 1}),
        ([INDEX, stay("other ward", 0, 0, psychiatric=False)], {"went on into other inpatient care": 1}),
        ([INDEX, stay("other ward", 0, None, psychiatric=False)], {"went on into other inpatient care": 1}),
        ([INDEX, stay("other ward", -2, 0, psychiatric=False)], {"no": 1}),
        ([INDEX, stay("other ward", -2, -1, psychiatric=False)], {"no": 1}),
        ([INDEX, stay("visit", 0, 0, kind="emergency")], {"no": 1}),
        ([stay("index", -9, 0, led_to="home"), stay("home", 1, 9, kind="other")], {"no": 1}),
        ([stay("index", -9, 0, led_to="visit"), stay("visit", 15, 15, kind="emergency")], {"no": 1}),
        (
            [stay("index", -9, 0, led_to="team"), stay("team", 0, 9, kind="crisis_team"), stay("ward", 20)],
            {"yes": 1},
        ),
        ([stay("index", -9, 0, led_to="ward"), stay("ward", 1)], {"yes": 1}),
        ([stay("index", -9, 0, led_to="ward"), stay("ward", 0)], {}),
        ([stay("index", -9, 0, led_to="ward"), stay("ward", 1, 4, psychiatric=False)], {"no": 1}),
        (
            [stay("index", -9, 0, led_to="ward"), stay("ward", 0, 4, psychiatric=False)],
            {"went on into other inpatient care": 1},
        ),
        (
            [stay("index", -9, 0, led_to="ward"), stay("ward", -1, None, psychiatric=False)],
            {"went on into other inpatient care": 1},
        ),
        ([stay("index", -9, 0, led_to="ward"), stay("ward", None, None, psychiatric=False)], {"not recorded": 1}),
        ([stay("index", -9, 0, led_to="gone"), stay("gone", 3, 3, person=None)], {"not recorded": 1}),
        ([INDEX, stay("back", 40, -2, psychiatric=False)], {"not recorded": 1}),
        ([INDEX, happened("death", 30)], {"died within the window": 1}),
        ([INDEX, happened("death", 31)], {"no": 1}),
        ([INDEX, stay("again", 5, 8), happened("death", 20)], {"died within the window": 2}),
        ([INDEX, happened("left_follow_up", 30)], {"left follow-up within the window": 1}),
        ([INDEX, happened("death", 9), happened("left_follow_up", 8)], {"left follow-up within the window": 1}),
        ([INDEX, happened("serious_adverse_event", 3)], {"no": 1}),
        ([INDEX, happened("death", None)], {"not recorded": 1}),
        ([INDEX, happened(None, 5)], {"not recorded": 1}),
        ([INDEX, stay("ward", 5, 8, psychiatric=None)], {"not recorded": 2}),
        ([INDEX, stay("ward", 5, 8, kind=None)], {"not recorded": 2}),
        ([INDEX, stay("ward", 45, psychiatric=None)], {"no": 1}),
        ([INDEX, stay("ward", None, -3, psychiatric=None)], {"no": 1, "not recorded": 1}),
        ([INDEX, stay("ward", None, 3, psychiatric=None)], {"not recorded": 2}),
        ([INDEX, stay("ward", -5, 3, psychiatric=None)], {"not recorded": 2}),
        ([INDEX, stay("ward", -5, None, psychiatric=False)], {"not recorded": 1}),
        ([INDEX, stay("ward", -5, 3, psychiatric=False, kind=None)], {"not recorded": 1}),
        ([INDEX, stay("again", 5, None)], {"yes": 1, "not recorded": 1}),
        ([INDEX, stay("back", 9, 4)], {"not recorded": 2}),
        ([stay("open", -9, None)], {"not recorded": 1}),
        ([INDEX, stay("q", 5, 9, person=None)], {"no": 1}),
    ],
    ids=str,
)
def test_where_each_discharge_is_counted(records: list[Record], counts: dict[str, int]) -> None:
    """In one place each: yes, no, left out for a named reason, or not recorded, which is never no."""
    assert told(discharges(*records)) == counts


@pytest.mark.parametrize(("on", "counts"), [(29, {"not yet": 1}), (30, {"yes": 1}), (90, {"yes": 1})])
def test_what_has_not_passed_is_not_yet_observable(on: int, counts: dict[str, int]) -> None:
    """Whatever happened in the window so far: counting only the early ones would make the share too high."""
    found = discharges(INDEX, stay("again", 5), on=day(on))
    assert told(found) == counts


@pytest.mark.parametrize(("last", "counts"), [(29, {"the records end within the window": 1}), (30, {"no": 1})])
def test_records_that_end_within_the_window(last: int, counts: dict[str, int]) -> None:
    """It is known to have passed, and not known what happened in it."""
    assert told(discharges(INDEX, index=Index(complete_through=day(last)))) == counts


@pytest.mark.parametrize("kind", ["care_episode", "outcome_event"])
@pytest.mark.parametrize(("since", "counts"), [(0, {"no": 1}), (1, {"before the records are complete": 1})])
def test_discharges_from_before_the_tables_are_complete(kind: str, since: int, counts: dict[str, int]) -> None:
    """A readmission, or a death, may be missing."""
    tables = roster(INDEX, since={kind: day(since)})
    assert told(outcomes.readmission(tables, on=ON, within=MONTH, of="discharges")) == counts


def test_which_discharges_are_taken() -> None:
    """Those of some days, and the first of each person among them."""
    stays = [INDEX, stay("second", 20, 25), stay("third", 50, 60), stay("q", 3, 4, person="q")]
    assert discharges(*stays).denominator == 4
    assert told(discharges(*stays, index=Index(since=day(1), through=day(30)))) == {"yes": 1, "no": 1}
    assert told(discharges(*stays, index=Index(first_only=True))) == {"yes": 1, "no": 1}
    assert [case.id for case in discharges(*stays, index=Index(since=day(1), first_only=True)).given] == ["second", "q"]


@pytest.mark.parametrize(
    ("doubtful", "first"),
    [
        (stay("ward", -30, -20, psychiatric=None), "ward"),
        (stay("ward", -30, None), "ward"),
        (stay("ward", None, None), "ward"),
        (stay("ward", 40, 50, psychiatric=None), "index"),
        (stay("ward", 40, None), "index"),
        (stay("ward", -30, psychiatric=None), "index"),
    ],
)
def test_which_discharge_is_the_first_may_not_be_recorded(doubtful: CareEpisode, first: str) -> None:
    """One that may have come before makes it unknown, one that came later does not."""
    found = discharges(INDEX, doubtful, index=Index(first_only=True))
    assert [case.id for case in found.given] == [first]


@pytest.mark.parametrize(("last", "taken"), [(None, True), (-1, False), (3, True)])
def test_a_doubtful_stay_outside_of_the_days_is_not_asked_about(last: int | None, taken: bool) -> None:
    """Whether it counts does not matter."""
    doubtful = stay("ward", -8, last, psychiatric=None)
    found = discharges(doubtful, index=Index(since=day(0), through=day(9)))
    assert bool(found.not_recorded) is taken
    late = stay("ward", 12, None, psychiatric=None)
    assert discharges(late, index=Index(since=day(0), through=day(9))).cases == 0


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (outcomes.psychiatric_inpatient, [None, True, False, False, False, False]),
        (outcomes.any_inpatient, [None, True, True, False, False, None]),
        (outcomes.acute_psychiatric, [None, True, False, True, None, None]),
        (outcomes.acute_care_with_emergency, [None, True, False, True, None, None]),
        (outcomes.acute_care, [None, True, False, True, False, None]),
    ],
)
def test_which_care_counts(counts: Callable[[CareEpisode], bool | None], expected: list[bool | None]) -> None:
    """By the kind of care and whether it is psychiatric; not recorded is neither."""
    care = [
        stay("a", 0, kind=None),
        stay("b", 0),
        stay("c", 0, psychiatric=False),
        stay("d", 0, kind="crisis_team", psychiatric=None),
        stay("e", 0, kind="emergency", psychiatric=None),
        stay("f", 0, kind=None, psychiatric=False),
    ]
    assert [counts(each) for each in care] == expected


def test_care_that_counts_is_an_argument() -> None:
    """A visit to an emergency department is no readmission to a ward, and one to acute care."""
    care = [INDEX, stay("visit", 5, 5, kind="emergency")]
    assert told(discharges(*care)) == {"no": 1}
    assert told(discharges(*care, index=Index(counts=outcomes.acute_psychiatric))) == {"yes": 1, "no": 1}


def test_notes_say_what_is_not_known() -> None:
    """Stays of nobody, and a table of events that was not given."""
    without = peersupport.from_records([INDEX, stay("nobody", 3, person=None)])
    found = outcomes.readmission(without, on=ON, within=MONTH, of="discharges")
    assert len(found.notes) == 2
    assert found.notes[0] == "stays without a person, which count for nobody: 1"
    assert "nobody is left out or cut short for it" in found.notes[1]
    assert discharges(INDEX).notes == ()


# readmission of people


@pytest.mark.parametrize(
    ("records", "counts"),
    [
        ([INDEX, stay("again", 5, 8)], {"yes": 1}),
        ([INDEX, stay("later", 60, 70)], {"no": 1}),
        ([INDEX, stay("late", 340, 350)], {"no": 1}),
        ([stay("late", 340, 350)], {"not yet": 1}),
        ([INDEX, stay("ward", 60, 70, psychiatric=None)], {"not recorded": 1}),
        ([INDEX, stay("again", 5, 8), stay("ward", 60, 70, psychiatric=None)], {"yes": 1}),
        ([INDEX, happened("death", 9)], {"died within the window": 1}),
        ([INDEX, stay("b", 60, 70), happened("death", 75)], {"no": 1}),
    ],
    ids=str,
)
def test_where_each_person_is_counted(records: list[Record], counts: dict[str, int]) -> None:
    """Once: yes for any discharge, else not recorded if one is, else no if one is known."""
    found = outcomes.readmission(roster(*records), on=ON, within=MONTH, of="people")
    assert told(found) == counts
    assert found.cases == 1


def test_discharges_are_not_people() -> None:
    """Both counts are there: two discharges of one person are followed by a readmission, and one of another by none."""
    stays = [INDEX, stay("b", 5, 8), stay("c", 12, 20), stay("q", 0, 3, person="q")]
    found = discharges(*stays)
    assert (found.numerator, found.denominator) == (2, 4)
    assert (found.people_in_numerator, found.people) == (1, 2)
    people = outcomes.readmission(roster(*stays), on=ON, within=MONTH, of="people")
    assert (people.numerator, people.denominator, people.people) == (1, 2, 2)


def test_a_share_says_what_it_is() -> None:
    """The estimate with Wilson's interval, the words, everything left out, and the same as tidy rows."""
    found = discharges(INDEX, stay("q", 3, 5, person="q"), stay("r", 5, 9, person="r"), stay("s", 20, 21, person="r"))
    assert (found.numerator, found.denominator, found.estimate) == (1, 4, 0.25)
    assert found.interval is not None
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.0456, 0.6994)
    assert str(found).splitlines() == [
        "readmission within 30 days, of discharges: 1 of 4 (25.0 %, 4.6 % to 69.9 %)",
        "  counted: discharges with a readmission in the window",
        "  among: discharges that were followed through it",
        "  window: day 1 to 30 days after the day of leaving, the last day in",
        f"  excluded: {'; '.join(f'{reason} 0' for reason in REASONS)}",
        "  not yet observable: 0",
        "  not recorded: 0",
    ]
    rows = found.rows()
    assert [row["part"] for row in rows] == [
        "counted",
        *(f"excluded: {reason}" for reason in found.excluded),
        "not yet observable",
        "not recorded",
    ]
    assert (rows[0]["numerator"], rows[0]["cases"], rows[0]["estimate"]) == (1, 4, 0.25)
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}
    assert "given" not in repr(found)


def test_of_nobody_there_is_no_estimate() -> None:
    """Neither a share nor an interval, and no error."""
    found = discharges()
    assert (found.estimate, found.interval, found.cases, found.people) == (None, None, 0, 0)


def test_faults_of_a_question_are_told_together() -> None:
    """A window in hours, and something else to count."""
    with pytest.raises(InputError) as caught:
        outcomes.readmission(roster(), on=ON, within=Period(24, "hours"), of="stays")  # type: ignore[arg-type]
    assert [each.place for each in caught.value.problems] == ["within", "of"]
    with pytest.raises(InputError, match="the table care_episode: was not given"):
        outcomes.readmission(peersupport.from_records([]), on=ON, within=MONTH, of="people")
    with pytest.raises(InputError, match="on: '2026' is not a date"):
        outcomes.readmission(roster(), on="2026", within=MONTH, of="people")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="through: 2026-01-04 lies before since"):
        Index(since=day(0), through=day(-1))


# laws of windows

LENGTHS = st.integers(0, 20)
STAYS = st.lists(
    st.tuples(st.sampled_from("pq"), st.integers(-60, 60), LENGTHS, st.sampled_from([True, True, True, False, None])),
    max_size=6,
)
EVENTS = st.lists(
    st.tuples(st.sampled_from("pq"), st.sampled_from(["death", "left_follow_up"]), st.integers(0, 90)), max_size=1
)


def drawn(
    stays: Iterable[tuple[str, int, int, bool | None]], events: Iterable[tuple[str, str, int]], moved: dt.timedelta
) -> Roster:
    """A roster of drawn stays and events, all moved by some days."""
    care = [
        stay(f"s{n}", first, first + length, person=person, psychiatric=said)
        for n, (person, first, length, said) in enumerate(stays)
    ]
    moved_care = [
        attrs.evolve(each, admitted_on=_moved(each.admitted_on, moved), ended_on=_moved(each.ended_on, moved))
        for each in care
    ]
    ends = [happened(kind, number, person) for person, kind, number in events]
    moved_ends = [attrs.evolve(each, happened_on=_moved(each.happened_on, moved)) for each in ends]
    return roster(*moved_care, *{each.id: each for each in moved_ends}.values())


def _moved(value: object, by: dt.timedelta) -> Any:  # noqa: ANN401
    return value + by if isinstance(value, dt.date) else value


@given(STAYS, EVENTS, st.integers(-800, 800), st.integers(0, 120))
def test_moving_every_day_by_as_many_changes_nothing(
    stays: list[tuple[str, int, int, bool | None]], events: list[tuple[str, str, int]], days: int, on: int
) -> None:
    """Whatever leap day or end of a year lies between."""
    by = days * DAY
    for of in ("people", "discharges"):
        first, second = (
            outcomes.readmission(drawn(stays, events, moved), on=day(on) + moved, within=MONTH, of=of)
            for moved in (0 * DAY, by)
        )
        assert first == second
    rates = [outcomes.readmission_rate(drawn(stays, events, moved), on=day(on) + moved) for moved in (0 * DAY, by)]
    assert rates[0].days == rates[1].days
    assert rates[0].numerator == rates[1].numerator
    curves = [outcomes.time_to_readmission(drawn(stays, events, moved), on=day(on) + moved) for moved in (0 * DAY, by)]
    assert curves[0].curve == curves[1].curve


@given(STAYS, EVENTS)
def test_a_hit_within_7_days_is_one_within_30(
    stays: list[tuple[str, int, int, bool | None]], events: list[tuple[str, str, int]]
) -> None:
    """Or it is not followed through the longer window, or not recorded there; it is never a no."""
    tables = drawn(stays, events, 0 * DAY)
    week, month = (
        {
            case.id: case.state
            for case in outcomes.readmission(tables, on=ON, within=Period(n, "days"), of="discharges").given
        }
        for n in (7, 30)
    )
    assert all(month[id_] in {"yes", "excluded", "not recorded"} for id_, state in week.items() if state == "yes")
    assert week.keys() == month.keys()


@given(STAYS, EVENTS, st.integers(0, 120))
def test_every_case_is_in_one_place(
    stays: list[tuple[str, int, int, bool | None]], events: list[tuple[str, str, int]], on: int
) -> None:
    """The counts add up to the cases, and people are those of the discharges."""
    tables = drawn(stays, events, 0 * DAY)
    of = {each: outcomes.readmission(tables, on=day(on), within=MONTH, of=each) for each in ("people", "discharges")}
    for found in of.values():
        assert found.cases == len(found.given) == sum(told(found).values())
    assert {case.person for case in of["discharges"].given} == {case.id for case in of["people"].given}
    assert of["discharges"].people_in_numerator == of["people"].numerator


@pytest.mark.parametrize(
    ("left", "again", "within", "yes"),
    [
        (dt.date(2024, 1, 31), dt.date(2024, 2, 29), Period(1, "months"), True),
        (dt.date(2024, 1, 31), dt.date(2024, 3, 1), Period(1, "months"), False),
        (dt.date(2023, 1, 31), dt.date(2023, 3, 1), Period(1, "months"), False),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), Period(1, "years"), True),
        (dt.date(2024, 2, 29), dt.date(2025, 3, 1), Period(1, "years"), False),
        (dt.date(2024, 2, 28), dt.date(2024, 3, 29), Period(30, "days"), True),
        (dt.date(2023, 2, 28), dt.date(2023, 3, 30), Period(30, "days"), True),
        (dt.date(2023, 2, 28), dt.date(2023, 3, 31), Period(30, "days"), False),
        (dt.date(2025, 12, 31), dt.date(2026, 1, 30), Period(30, "days"), True),
        (dt.date(2025, 12, 31), dt.date(2026, 1, 31), Period(30, "days"), False),
        (dt.date(2025, 12, 31), dt.date(2026, 12, 31), Period(1, "years"), True),
    ],
)
def test_leap_days_and_ends_of_years(left: dt.date, again: dt.date, within: Period, yes: bool) -> None:
    """A month from 31 January ends in February; a year from 29 February on 28 February; days are days."""
    index = attrs.evolve(INDEX, admitted_on=left - 9 * DAY, ended_on=left)
    back = attrs.evolve(INDEX, id="again", admitted_on=again, ended_on=NONE)
    found = outcomes.readmission(roster(index, back), on=dt.date(2028, 1, 1), within=within, of="discharges")
    assert (found.numerator, found.denominator) == (int(yes), 1)


@pytest.mark.parametrize(
    ("care", "counted", "perhaps"),
    [
        ([stay("b", 0, 4), stay("c", 4, 9)], [], []),
        ([stay("b", -3, 4), stay("c", 2, 9), stay("d", 10, 12)], ["d"], []),
        ([stay("b", 3, 6), stay("c", 6, 9), stay("d", 8, 9)], ["b"], []),
        ([stay("b", 3, 6), stay("c", 7, 9)], ["b", "c"], []),
        ([stay("b", 3), stay("c", 7, 9)], ["b"], []),
        ([stay("b", 3, None), stay("c", 7, 9)], ["b"], ["c"]),
        ([stay("b", 3, 1), stay("c", 7, 9)], ["b"], ["c"]),
        ([stay("b", 0, 4, psychiatric=None), stay("c", 4, 9)], [], ["c"]),
        ([stay("b", 0, 4, person=None), stay("c", 4, 9)], [], ["c"]),
        ([stay("b", None, 4), stay("c", 4, 9), stay("d", 10, 12)], ["d"], ["b"]),
        ([stay("b", 0, 4, psychiatric=False), stay("c", 4, 9)], ["c"], []),
        ([stay("b", 0, 4), stay("c", 2, 9, psychiatric=None), stay("d", 9, 12)], [], ["d"]),
    ],
    ids=str,
)
def test_stays_that_touch_are_one_readmission_or_none(
    care: list[CareEpisode], counted: list[str], perhaps: list[str]
) -> None:
    """What goes on from the discharge is a transfer; what may go on from care that is not recorded may be one."""
    found = outcomes.readmissions(INDEX, [INDEX, *reversed(care)], within=MONTH)
    assert [each.episode for each in found.counted] == counted
    assert list(found.perhaps) == perhaps


def test_which_care_is_a_readmission_of_one_person() -> None:
    """A crisis team is acute care, and an emergency department by a reading."""
    care = [stay("team", 3, 4, kind="crisis_team"), stay("visit", 8, 8, kind="emergency"), stay("ward", 20)]
    told_by = {
        counts: [each.episode for each in outcomes.readmissions(INDEX, care, within=MONTH, counts=counts).counted]
        for counts in (outcomes.psychiatric_inpatient, outcomes.acute_care, outcomes.acute_care_with_emergency)
    }
    assert list(told_by.values()) == [["ward"], ["team", "ward"], ["team", "visit", "ward"]]


# over time at risk


def test_readmissions_over_time_at_risk() -> None:
    """All that come after the first discharge, over the days out of hospital from then on through the last day seen."""
    care = [INDEX, stay("b", 10, 15), stay("c", 20, 20), stay("ward", 30, 34, psychiatric=False), stay("d", 50)]
    found = outcomes.readmission_rate(roster(*care), on=day(99))
    assert (found.numerator, found.people, found.people_in_numerator) == (3, 1, 1)
    assert found.days == 50 - 5 - 4
    assert found.denominator == pytest.approx(41 / 365.25)
    assert found.estimate == pytest.approx(3 / (41 / 365.25) * 100)
    assert found.interval is not None
    assert found.ended == {"still watched on the last day seen": 1, "died": 0, "left follow-up": 0}


@pytest.mark.parametrize(
    ("records", "days", "ended"),
    [
        ([INDEX], 100, "still watched on the last day seen"),
        ([INDEX, happened("death", 9)], 10, "died"),
        ([INDEX, happened("left_follow_up", 0)], 1, "left follow-up"),
        ([INDEX, happened("death", -3)], 0, "died"),
        ([INDEX, happened("death", 200)], 100, "still watched on the last day seen"),
        ([INDEX, stay("ward", -3, 5, psychiatric=False)], 95, "still watched on the last day seen"),
        ([INDEX, stay("ward", -3, psychiatric=False)], 0, "still watched on the last day seen"),
        ([INDEX, stay("late", 200, 210)], 100, "still watched on the last day seen"),
        ([INDEX, stay("ward", 300, None, psychiatric=False)], 100, "still watched on the last day seen"),
    ],
    ids=str,
)
def test_the_days_at_risk(records: list[Record], days: int, ended: str) -> None:
    """From the day of leaving through the last day seen, death or leaving follow-up, without days on a ward."""
    found = outcomes.readmission_rate(roster(*records), on=day(99))
    assert found.days == days
    assert {reason for reason, n in found.ended.items() if n} == {ended}


@pytest.mark.parametrize(
    "doubt",
    [
        stay("ward", 5, 8, psychiatric=None),
        stay("ward", 5, None),
        stay("ward", None, 40),
        stay("ward", 5, None, psychiatric=False),
        stay("ward", None, 40, psychiatric=False),
        stay("ward", 5, 8, psychiatric=False, kind=None),
        happened("death", None),
        stay("ward", 60, -2, psychiatric=False),
        stay("ward", 60, -2),
    ],
    ids=str,
)
def test_time_at_risk_that_is_not_recorded(doubt: Record) -> None:
    """Somebody of whom it is not known when she was on a ward has no time at risk, and is told."""
    found = outcomes.readmission_rate(roster(INDEX, doubt, stay("q", 0, 3, person="q")), on=day(99))
    assert (found.people, found.not_recorded) == (1, 1)


def test_a_first_discharge_that_is_not_known_or_too_early() -> None:
    """The person is left out with all her time."""
    assert outcomes.readmission_rate(roster(stay("open", -9, None)), on=day(99)).not_recorded == 1
    early = outcomes.readmission_rate(roster(INDEX, since={"care_episode": day(1)}), on=day(99))
    assert early.people == 0
    assert early.excluded == {"before the records are complete": 1, "the records end before the discharge": 0}
    assert (early.estimate, early.interval) == (None, None)


def test_a_rate_says_what_it_is() -> None:
    """Events, time and people, everything left out, and one tidy row."""
    found = outcomes.readmission_rate(roster(INDEX, stay("b", 10, 15)), on=day(99), per=1)
    assert str(found).splitlines() == [
        f"readmissions over time at risk: {found.rate}",
        "  people: 1 people at risk, 1 of them with one or more",
        "  counted: stays that count and begin after the first discharge",
        "  among: days out of inpatient care, of people with a discharge",
        f"  window: from the first discharge of each person through {day(99)}",
        "  excluded: before the records are complete 0; the records end before the discharge 0",
        "  not yet observable: 0",
        "  not recorded: 0",
        "  watching ended: still watched on the last day seen 1; died 0; left follow-up 0",
    ]
    (row,) = found.rows()
    assert (row["events"], row["people"], row["people_with_events"], row["left_out"]) == (1, 1, 1, 0)


# until the first


@pytest.mark.parametrize(
    ("records", "times", "left_out"),
    [
        ([INDEX], [(99, False)], {}),
        ([INDEX, stay("b", 10, 15), stay("c", 20)], [(10, True)], {}),
        ([INDEX, happened("death", 40)], [(40, False)], {}),
        ([INDEX, happened("death", -4)], [(0, False)], {}),
        ([INDEX, stay("b", 40, 41), happened("death", 40)], [(40, True)], {}),
        ([INDEX, stay("b", 99, 120)], [(99, True)], {}),
        ([INDEX, stay("b", 100, 120)], [(99, False)], {}),
        ([INDEX, stay("ward", 0, 4, psychiatric=False)], [], {"went on into other inpatient care": 1}),
        ([INDEX, stay("ward", -2, None, psychiatric=False)], [], {"not recorded": 1}),
        ([INDEX, stay("ward", 5, 8, psychiatric=None)], [], {"not recorded": 1}),
        ([INDEX, stay("b", 3, 4), stay("ward", 5, 8, psychiatric=None)], [(3, True)], {}),
        ([INDEX, stay("ward", 60, -2, psychiatric=False)], [], {"not recorded": 1}),
        ([stay("index", -9, 0, led_to="b"), stay("b", 1)], [(1, True)], {}),
        ([INDEX, stay("b", 7, 8), stay("ward", 5, 5, psychiatric=None)], [], {"not recorded": 1}),
        ([INDEX, happened("death", None)], [], {"not recorded": 1}),
        ([stay("open", -9, None)], [], {"not recorded": 1}),
    ],
    ids=str,
)
def test_days_to_the_first_readmission(
    records: list[Record], times: list[tuple[int, bool]], left_out: dict[str, int]
) -> None:
    """The day it began, or the last day watched; what is not recorded is in neither."""
    found = outcomes.time_to_readmission(roster(*records), on=day(99))
    steps = [(step.day, True) for step in found.curve.steps for _ in range(step.events)]
    steps += [(step.day, False) for step in found.curve.steps for _ in range(step.censored)]
    assert steps == times
    counts = {**found.excluded, "not recorded": found.not_recorded}
    assert {reason: n for reason, n in counts.items() if n} == left_out


def test_discharges_from_before_the_records_have_no_time() -> None:
    """They are told as such."""
    found = outcomes.time_to_readmission(roster(INDEX, since={"care_episode": day(1)}), on=day(99))
    assert {reason for reason, n in found.excluded.items() if n} == {"before the records are complete"}


def test_discharges_from_after_the_end_of_the_records_are_left_out() -> None:
    """Nobody is at risk for no days, nor watched for fewer: they are told under a reason of their own."""
    index, reason = Index(first_only=True, complete_through=day(-1)), "the records end before the discharge"
    rate = outcomes.readmission_rate(roster(INDEX), on=ON, index=index)
    curve = outcomes.time_to_readmission(roster(INDEX), on=ON, index=index)
    assert (rate.people, rate.excluded[reason], curve.denominator, curve.excluded[reason]) == (0, 1, 0, 1)
    same_day = outcomes.readmission_rate(roster(INDEX), on=ON, index=attrs.evolve(index, complete_through=day(0)))
    assert (same_day.people, same_day.days) == (1, 1)


def test_a_curve_says_what_it_is() -> None:
    """The median with its limits, what ended the watching, that death is a competing risk, and tidy rows."""
    care = [INDEX, stay("b", 10, 15), stay("q", 0, 3, person="q"), stay("r", 20, 33, person="q")]
    records = [*care, stay("s", 1, 3, person="s"), happened("death", 60, "s"), stay("t", 2, 4, person="t")]
    found = outcomes.time_to_readmission(roster(*records), on=day(99))
    assert (found.numerator, found.denominator, found.median) == (2, 4, 56)
    assert found.not_yet_observable == 1
    assert found.ended == {"still watched on the last day seen": 1, "died": 1, "left follow-up": 0}
    lines = str(found).splitlines()
    assert lines[0] == "days to readmission: 2 of 4, median 56 days (10 to not reached)"
    assert lines[-1].startswith("  warning: Death is a competing risk")
    assert "  watching ended: still watched on the last day seen 1; died 1; left follow-up 0" in lines
    assert found.rows()[0]["day"] == 10
    assert found.curve.restricted_mean(30).estimate == pytest.approx((10 + 17 + 30 + 30) / 4)
    nobody = outcomes.time_to_readmission(roster(), on=day(99))
    assert str(nobody).startswith("days to readmission: 0 of 0, median not reached (not reached to not reached)")


def test_of_all_discharges_if_that_is_asked() -> None:
    """Each is a start of its own, and the words say so."""
    found = outcomes.time_to_readmission(roster(INDEX, stay("b", 10, 15)), on=day(99), index=Index())
    assert (found.denominator, found.among) == (2, "discharges")


# before and after


def test_events_before_and_after() -> None:
    """Each side has as many days; the day itself is in neither, and told."""
    starts = {"p": day(0), "q": day(0), "r": day(0), "s": day(0)}
    numbers = {"p": [-30, -1, 0, 1], "q": [-31, 31, 30], "r": [-2, -2], "s": []}
    events = [(person, day(n)) for person, own in numbers.items() for n in own]
    found = outcomes.before_and_after(starts, events, days=30, on=day(30))
    assert (found.before, found.after) == (Events(4, 2), Events(2, 2))
    assert (found.people, found.both, found.on_the_day) == (4, 1, 1)
    pairs = found.pairs
    assert (pairs.both, pairs.first_only, pairs.second_only, pairs.neither) == (1, 1, 1, 1)
    assert found.numerator == (4, 2)
    assert found.denominator == pytest.approx(4 * 30 / 365.25)
    assert found.rates[0].estimate == pytest.approx(4 / found.denominator * 100)
    assert "regression to the mean" in found.warning
    assert [row["part"] for row in found.rows()][:3] == ["before", "after", "any"]


@pytest.mark.parametrize(
    ("start", "on", "since", "ends", "own", "place"),
    [
        (0, 30, -30, Ends(), [], "people"),
        (0, 29, -30, Ends(), [], "not yet"),
        (0, 30, -29, Ends(), [], "the days before lie before the records are complete"),
        (0, 99, -99, Ends(died=day(30)), [], "died or left follow-up within the days after"),
        (0, 99, -99, Ends(left=day(31)), [], "people"),
        (0, 99, -99, Ends(died=None), [], "not recorded"),
        (0, 99, -99, Ends(), [None], "not recorded"),
        (None, 99, -99, Ends(), [], "not recorded"),
        ("none", 99, -99, Ends(), [], "have not met a peer so far"),
    ],
)
def test_who_is_watched_through_all_the_days(
    start: int | str | None, on: int, since: int, ends: Ends, own: list[None], place: str
) -> None:
    """Everybody else is left out of both sides, each in one place."""
    first = NONE if start == "none" else None if start is None else day(int(start))
    found = outcomes.before_and_after(
        {"p": first}, [("p", each) for each in own], days=30, on=day(on), since=day(since), ends={"p": ends}
    )
    counts = {"people": found.people, "not yet": found.not_yet_observable, "not recorded": found.not_recorded}
    assert {name for name, n in (counts | dict(found.excluded)).items() if n} == {place}
    assert found.undated == len(own)


def test_faults_of_days_are_refused() -> None:
    """No length of time, and nothing that is a date."""
    with pytest.raises(InputError, match="days: 0 is no length of time"):
        outcomes.before_and_after({}, [], days=0, on=ON)
    with pytest.raises(InputError) as caught:
        outcomes.before_and_after({}, [], days=-1, on="x")  # type: ignore[arg-type]
    assert [each.place for each in caught.value.problems] == ["days", "on"]


def session(id_: str, number: int | None, status: str | None = "attended", **facts: Any) -> Contact:  # noqa: ANN401
    """A contact scheduled on a day."""
    known: dict[str, Any] = {"admission": "a", "status": status, **facts}
    return Contact(id=id_, scheduled_on=None if number is None else day(number), **known)


SERVED = [
    Person(id="p"),
    Admission(id="a", person="p", admitted_on=day(0), ended_on=NONE),
    Admission(id="old", person="p", admitted_on=day(-90), ended_on=day(-60)),
    Admission(id="nobody"),
]


def crisis(id_: str, number: int, admission: str | None = "a") -> CrisisContact:
    """A crisis contact on a day."""
    return CrisisContact(id=id_, admission=admission, contacted_on=day(number))


def test_crisis_contacts_of_records() -> None:
    """Counted from the first session that took place, whichever admission a contact is recorded with."""
    records = [
        *SERVED,
        session("missed", 1, "not_attended"),
        session("first", 3),
        session("second", 9),
        crisis("before", -5),
        crisis("older", -20, "old"),
        crisis("after", 8),
        crisis("lost", 8, "nobody"),
        crisis("loose", 8, None),
    ]
    found = outcomes.crisis_contacts_before_and_after(roster(*records), on=ON, days=30)
    assert (found.before, found.after, found.people) == (Events(2, 1), Events(1, 1), 1)
    assert found.notes[0] == "events without a person, which count for nobody: 2"
    assert "only where it is recorded with an admission" in found.notes[1]
    assert len(found.notes) == 2


def test_care_of_records() -> None:
    """Episodes that count instead, each by its first day; one that may count has no day."""
    contact = session("c", 3, admission=None, person="p")
    care = [stay("visit", 1, 1, kind="emergency"), stay("ward", 20, 30), stay("other", 5, kind="other")]
    tables = roster(*SERVED, contact, *care, stay("lost", 2, person=None), empty=["crisis_contact"])
    found = outcomes.crisis_contacts_before_and_after(tables, on=ON, days=30, counts=outcomes.acute_psychiatric)
    assert (found.before, found.after) == (Events(1, 1), Events(1, 1))
    assert found.notes == ("events without a person, which count for nobody: 1",)
    doubtful = roster(*SERVED, contact, stay("visit", 1, 1, kind=None))
    again = outcomes.crisis_contacts_before_and_after(doubtful, on=ON, days=30, counts=outcomes.acute_psychiatric)
    assert (again.people, again.not_recorded, again.undated) == (0, 1, 1)


def test_whose_session_it_is() -> None:
    """As the contact says, or its admission, or its enrollment; of nobody it starts nothing."""
    enrollment = peersupport.Enrollment(id="e", person="q", started_on=day(0))
    people = [*SERVED, Person(id="q"), Person(id="r"), enrollment]
    contacts = [
        session("one", 3),
        session("two", 3, admission=None, enrollment="e"),
        session("three", 3, admission=None, person="r"),
        session("none", 3, admission="nobody"),
    ]
    tables = roster(*people, *contacts, empty=["crisis_contact"])
    assert outcomes.crisis_contacts_before_and_after(tables, on=ON, days=30).people == 3


def test_who_is_served_and_has_no_contact_has_not_met_a_peer() -> None:
    """By an admission or an enrollment up to the day; a session of nobody is told."""
    served = [
        *(Person(id=name) for name in "qrs"),
        Admission(id="b", person="q", admitted_on=day(0)),
        peersupport.Enrollment(id="e", person="r", started_on=day(0)),
        Admission(id="later", person="s", admitted_on=ON + DAY),
    ]
    lost = [session("lost", 3, admission=None), session("ahead", 900, admission=None)]
    lost += [session("undated", None, admission=None), session("missed", 3, "not_attended", admission=None)]
    tables = roster(*SERVED, *served, session("c", 3), *lost, empty=["crisis_contact"])
    found = outcomes.crisis_contacts_before_and_after(tables, on=ON, days=30)
    assert (found.people, found.excluded["have not met a peer so far"]) == (1, 2)
    assert found.notes[0] == "sessions without a person, which are nobody's first: 2"


def test_before_and_after_says_what_it_is() -> None:
    """Both rates, both shares, the test, what was left out, and the warning."""
    without = peersupport.from_records([*SERVED, session("c", 3), crisis("x", 1)])
    lines = str(outcomes.crisis_contacts_before_and_after(without, on=ON, days=30)).splitlines()
    assert lines[0] == "contacts with crisis services before and after the first session with a peer: 1 people"
    assert lines[1].startswith("  before: 1 event")
    assert lines[3:6] == [
        "  any before: 1 of 1 (100.0 %, 20.7 % to 100.0 %)",
        "  any after: 0 of 1 (0.0 %, 0.0 % to 79.3 %)",
        "  McNemar exact: p = 1.000",
    ]
    assert lines[-2].startswith("  note: who died or left follow-up is not known")
    assert lines[-1] == f"  warning: {outcomes.REGRESSION}"
    with pytest.raises(InputError, match="the table crisis_contact: was not given"):
        outcomes.crisis_contacts_before_and_after(peersupport.from_records([session("c", 3)]), on=ON, days=30)


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(-20, 20), min_size=1),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-40, 40)), max_size=12),
    st.integers(-800, 800),
)
def test_turning_time_round_exchanges_the_sides(
    starts: dict[str, int], events: list[tuple[str, int]], moved: int
) -> None:
    """What was before is after; and moving every day by as many changes nothing."""
    own = [(person, n) for person, n in events if person in starts]

    def count(sign: int, by: int) -> tuple[Events, Events]:
        found = outcomes.before_and_after(
            {person: day(sign * n + by) for person, n in starts.items()},
            [(person, day(sign * n + by)) for person, n in own],
            days=15,
            on=dt.date(2100, 1, 1),
        )
        return found.before, found.after

    assert count(1, 0) == count(-1, 0)[::-1] == count(1, moved)


# events and people


def test_events_are_not_people() -> None:
    """Both are counted: four events of three people, of ten (S4-18, S4-20)."""
    people = [Person(id=f"p{n}") for n in range(10)]
    kind = "serious_adverse_event"
    events = [
        happened(kind, n, person) for n, person in [(1, "p1"), (2, "p1"), (3, "p2"), (9, "p3"), (10, "p4"), (-1, "p5")]
    ]
    more = [happened("death", 3, "p7"), attrs.evolve(happened(kind, 4), id="whose", person=None)]
    tables = roster(
        *people, *events, *more, happened(None, 4, "p8"), happened(kind, None, "p9"), happened(None, 77, "p9")
    )
    found = outcomes.events_of(tables, kind, since=day(0), through=day(9))
    assert (found.events, found.numerator, found.denominator) == (Events(4, 3), 3, 10)
    assert (found.not_recorded, found.excluded) == (3, {"on other days": 3, "of other people": 0})
    some = outcomes.events_of(tables, kind, since=day(0), through=day(9), people=["p1", "p6"])
    assert (some.events, some.denominator, some.excluded) == (
        Events(2, 1),
        2,
        {"on other days": 0, "of other people": 7},
    )
    assert str(found).splitlines() == [
        "events: serious adverse event",
        "  events: 4",
        "  people with any: 3 of 10 (30.0 %, 10.8 % to 60.3 %)",
        f"  window: {day(0)} through {day(9)}",
        "  excluded: on other days 3; of other people 0",
        "  not recorded: 3",
    ]
    assert found.rows()[0]["count"] == 4


def test_faults_of_events_are_told_together() -> None:
    """A kind and a person that are not there; a day from before the events are complete; a table not given."""
    tables = roster(Person(id="p"), since={"outcome_event": day(0)})
    with pytest.raises(InputError) as caught:
        outcomes.events_of(tables, "birth", since=day(-1), through=day(9), people=["q"])
    assert [each.place for each in caught.value.problems] == ["kind", "people"]
    with pytest.raises(InputError, match="outcome events are complete from"):
        outcomes.events_of(tables, "death", since=day(-1), through=day(9))
    with pytest.raises(InputError, match="the table outcome_event: was not given"):
        outcomes.events_of(peersupport.from_records([Person(id="p")]), "death", since=day(0), through=day(9))


# those who give support


def work(id_: str, start: int | None, end: int | str | None = "none", who: str | None = "w") -> Employment:
    """An employment by numbers of days."""
    ended = NONE if end == "none" else None if end is None else day(int(end))
    return Employment(id=id_, peer_provider=who, started_on=None if start is None else day(start), ended_on=ended)


STAFF = [
    work("all the time", -100),
    work("left", -50, 10, "x"),
    work("came", 20, "none", "y"),
    work("came and left", 30, 40, "y"),
    work("before", -50, -20, "z"),
    work("later", 200),
    work("ends later", 0, 150, "v"),
    work("unknown", None),
    work("unknown end", 5, None),
    work("unknown, over", None, -5),
]


def test_turnover_is_exits_over_time_worked() -> None:
    """Of a hundred days: a place for each of them is a hundred days worked, a day of leaving is the first out."""
    tables = roster(*STAFF)
    found = outcomes.turnover(tables, since=day(0), through=day(99))
    assert (found.numerator, found.days) == (2, 100 + 10 + 80 + 10 + 100)
    assert (found.people, found.people_in_numerator, found.not_recorded) == (4, 2, 2)
    assert found.estimate == pytest.approx(2 / (300 / 365.25) * 100)
    assert found.ended == {"left": 2, "still watched on the last day seen": 3}
    assert "watching ended: left 2" in str(found)


def test_work_of_nobody_and_days_that_contradict_each_other_are_not_recorded() -> None:
    """They are no person, and no time worked; an end before the start is no leaving."""
    staff = [work("a", 0, 10), work("b", 0, 20, None), work("c", 0, 30, None), work("d", 50, -40, "y")]
    found = outcomes.turnover(roster(*staff), since=day(0), through=day(99))
    assert (found.people, found.people_in_numerator, found.numerator, found.days) == (1, 1, 1, 10)
    assert found.not_recorded == 3
    assert outcomes.leavers(roster(work("d", 50, -40)), since=day(0), through=day(99)).not_recorded == 1


def test_leavers_are_of_those_who_were_there() -> None:
    """Who came later is left out, and told; leaving on the first day itself is not having been there."""
    found = outcomes.leavers(roster(*STAFF, work("that day", -5, 0)), since=day(0), through=day(99))
    assert (found.numerator, found.denominator) == (1, 3)
    assert found.excluded == {"did not work on the first day": 7}
    assert found.not_recorded == 1


def test_tenure_counts_those_who_are_still_there() -> None:
    """Their time so far is not all of it; those from before the records are left out, for only who lasted is seen."""
    staff = [work("a", 0, 10), work("b", 0, 30), work("c", 5), work("d", -1, 40), work("e", 0, None), work("f", 9, 3)]
    tables = roster(*staff, work("g", None), work("later", 200), work("h", 0, 120), since={"employment": day(0)})
    found = outcomes.tenure(tables, on=day(100))
    assert (found.numerator, found.denominator, found.not_recorded) == (2, 4, 3)
    assert found.excluded == {"started before the records are complete": 1}
    assert [(step.day, step.events) for step in found.curve.steps] == [(10, 1), (30, 1), (95, 0), (100, 0)]
    assert found.not_yet_observable == 2
    assert found.median == pytest.approx((30 + 100) / 2)


def test_faults_of_a_period_of_work() -> None:
    """Days the wrong way round, or from before the records; a table that was not given."""
    tables = roster(*STAFF, since={"employment": day(0)})
    with pytest.raises(InputError, match="through: 2026-01-05 lies before the first day"):
        outcomes.turnover(tables, since=day(1), through=day(0))
    with pytest.raises(InputError, match="since: employments are complete from 2026-01-05 on"):
        outcomes.leavers(tables, since=day(-1), through=day(9))
    with pytest.raises(InputError, match="the table employment: was not given"):
        outcomes.tenure(roster(), on=ON)


# in a notebook


def test_results_show_themselves() -> None:
    """As a table or a picture, with everything that is said of them; nothing of a person."""
    tables = roster(*SERVED, INDEX, stay("b", 10, 15), session("c", 3), crisis("x", 1))
    for found, mark in (
        (outcomes.readmission(tables, on=ON, within=MONTH, of="people"), "<table"),
        (outcomes.readmission_rate(tables, on=ON), "<table"),
        (outcomes.time_to_readmission(tables, on=ON), "<svg"),
        (outcomes.crisis_contacts_before_and_after(tables, on=ON, days=30), "<table"),
    ):
        shown = found._repr_html_()
        assert mark in shown
        assert found.measure in shown
        assert "index" not in shown


# the package


def test_every_name_of_the_room_is_there() -> None:
    """Each is fetched when it is first asked for; another is an attribute error."""
    for name in outcomes.__all__:
        assert getattr(outcomes, name) is getattr(outcomes, name)
        assert name in dir(outcomes)
    with pytest.raises(AttributeError, match=r"module 'peersupport.outcomes' has no attribute 'readmision'"):
        outcomes.readmision  # noqa: B018


# the public claims, against a count of their own

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PEERSUPPORT_DATA") or CHECKOUT.parent / "shared" / "data") / "cms-desynpuf"
CLAIMS = DATA / "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv"
PEOPLE = DATA / "beneficiaries_with_inpatient_claims_sample_1.csv"
needs_file = pytest.mark.skipif(not CLAIMS.is_file(), reason="the CMS synthetic claims are not here")
END = dt.date(2010, 12, 31)


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cms_desynpuf", CHECKOUT / "examples" / "cms_desynpuf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def claims() -> Roster:
    """The claims as a roster, with the deaths of the other file."""
    cms: Any = _script()
    read = cms.read_claims(CLAIMS)
    deaths = [
        OutcomeEvent(id=f"death {person}", person=person, kind="death", happened_on=when)
        for person, when in _deaths().items()
    ]
    people = [Person(id=person) for person in sorted({*read.people, *_deaths()})]
    return roster(*people, *cms.as_of(read.stays, END), *deaths)


def _deaths() -> dict[str, dt.date]:
    lines = [line.split(",") for line in PEOPLE.read_text().splitlines()[1:]]
    return {line[0]: _date(line[2]) for line in lines if line[2]}


def _date(text: str) -> dt.date:
    return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _plain() -> dict[str, list[tuple[dt.date, dt.date, str]]]:
    """Each person's claims: the earliest admission and the latest discharge of the rows, and the diagnosis."""
    rows: dict[tuple[str, str], list[list[str]]] = {}
    header, *lines = [line.replace('"', "").split(",") for line in CLAIMS.read_text().splitlines()]
    at = {
        name: header.index(name)
        for name in ("DESYNPUF_ID", "CLM_ID", "CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT", "ICD9_DGNS_CD_1")
    }
    for line in lines:
        person, claim, *rest = (line[at[name]] for name in at)
        rows.setdefault((person, claim), []).append(rest)
    found: dict[str, list[tuple[dt.date, dt.date, str]]] = {}
    for (person, _), parts in rows.items():
        code = next((part[2] for part in parts if part[2]), "")
        code = "" if code == "OTHER" else code
        found.setdefault(person, []).append((min(_date(p[0]) for p in parts), max(_date(p[1]) for p in parts), code))
    return found


def _kind_of(code: str) -> str:
    return "?" if not code else "yes" if "290" <= code[:3] <= "319" else "no"


def _joined(stays: Iterable[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    found: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted(stays):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _course(
    stays: list[tuple[dt.date, dt.date, str]],
) -> tuple[list[tuple[dt.date, dt.date]], list[tuple[dt.date, dt.date]], bool]:
    """The psychiatric stays joined, the other stays, and whether one has no diagnosis."""
    mental = _joined((first, last) for first, last, code in stays if _kind_of(code) == "yes")
    other = [(first, last) for first, last, code in stays if _kind_of(code) == "no"]
    return mental, other, any(_kind_of(code) == "?" for _, _, code in stays)


def _goes_on(other: Iterable[tuple[dt.date, dt.date]], left: dt.date) -> bool:
    return any(first == left or first < left < last for first, last in other)


def _plain_readmission(days: int) -> Counter[str]:
    """Each psychiatric discharge by 2010 in one place, as the measure is defined."""
    found: Counter[str] = Counter()
    deaths = _deaths()
    for person, stays in _plain().items():
        mental, other, doubt = _course(stays)
        if doubt:
            found["doubt"] += sum(_kind_of(code) == "?" and last <= END for _, last, code in stays)
            assert not mental
        for _, left in mental:
            last = left + days * DAY
            if last > END:
                found["not yet"] += left <= END
            elif _goes_on(other, left):
                found["onward"] += 1
            elif person in deaths and deaths[person] <= last:
                found["died"] += 1
            else:
                found["yes" if any(left < first <= last for first, _ in mental) else "no"] += 1
    return found


@needs_file
@pytest.mark.parametrize(("days", "yes"), [(7, 1), (30, 5), (90, 10), (365, 25)])
def test_readmission_on_the_public_claims(claims: Roster, days: int, yes: int) -> None:
    """Every discharge stands where a count in plain Python puts it."""
    found = outcomes.readmission(claims, on=END, within=Period(days, "days"), of="discharges")
    plain = _plain_readmission(days)
    assert (found.numerator, found.denominator - found.numerator) == (plain["yes"], plain["no"])
    assert found.excluded["went on into other inpatient care"] == plain["onward"]
    assert found.excluded["died within the window"] == plain["died"]
    assert (found.not_yet_observable, found.not_recorded) == (plain["not yet"], plain["doubt"])
    assert found.numerator == yes


@needs_file
def test_time_at_risk_on_the_public_claims(claims: Roster) -> None:
    """Day by day: who is out of hospital and alive after the first psychiatric discharge, and who comes back."""
    days, events, people, deaths = 0, 0, 0, _deaths()
    for person, stays in _plain().items():
        mental, other, doubt = _course(stays)
        left = [last for _, last in mental if last <= END]
        if doubt or not left:
            continue
        end = min(END, deaths.get(person, END))
        inside = {first + n * DAY for first, last in [*mental, *other] for n in range((last - first).days)}
        days += sum(left[0] + n * DAY not in inside for n in range((end - left[0]).days + 1))
        events += sum(left[0] < first <= end for first, _ in mental)
        people += 1
    found = outcomes.readmission_rate(claims, on=END)
    assert (found.days, found.numerator, found.people) == (days, events, people)
    assert found.rate.estimate == pytest.approx(events / (days / 365.25) * 100)


@needs_file
def test_the_curve_of_the_public_claims(claims: Roster) -> None:
    """Kaplan and Meier's product, step by step, over times that are counted here."""
    times, deaths = [], _deaths()
    for person, stays in _plain().items():
        mental, other, doubt = _course(stays)
        left = [last for _, last in mental if last <= END]
        if doubt or not left or _goes_on(other, left[0]):
            continue
        end = min(END, deaths.get(person, END))
        back = [first for first, _ in mental if left[0] < first <= end]
        times.append(((back[0] - left[0]).days, True) if back else (max(0, (end - left[0]).days), False))
    found = outcomes.time_to_readmission(claims, on=END)
    assert (found.denominator, found.numerator) == (len(times), sum(event for _, event in times))
    survival = 1.0
    for step in found.curve.steps:
        at_risk = sum(days >= step.day for days, _ in times)
        survival *= 1 - sum(days == step.day and event for days, event in times) / at_risk
        assert step.survival == pytest.approx(survival)


def _plain_people() -> dict[str, str]:
    """Each person's place after a discharge from any inpatient care, within 30 days by the end of 2010."""
    found: dict[str, str] = {}
    deaths = _deaths()
    for person, stays in _plain().items():
        care = _joined((first, last) for first, last, _ in stays)
        places = set()
        for _, left in care:
            last = left + 30 * DAY
            came = any(left < first <= last for first, _ in care)
            gone = person in deaths and deaths[person] <= last
            places.add("not yet" if last > END else "gone" if gone else "yes" if came else "no")
        found[person] = next(place for place in ("yes", "no", "not yet", "gone") if place in places)
    return found


@needs_file
def test_groups_of_the_public_claims(claims: Roster) -> None:
    """By sex and by state: the groups are those of a plain count; small ones are hidden with what they follow from."""
    lines = [line.split(",") for line in PEOPLE.read_text().splitlines()[1:]]
    result = outcomes.readmission(claims, on=END, within=MONTH, of="people", index=Index(counts=outcomes.any_inpatient))
    plain = _plain_people()
    for column in (3, 4):
        labels = {line[0]: line[column] for line in lines}
        counts = Counter((labels.get(person, "not recorded"), place) for person, place in plain.items())

        def by(person: Record, labels: dict[str, str] = labels) -> object:
            return labels.get(person.id)

        found = outcomes.subgroups(result, claims, by, suppressed=False)
        assert {each.label: (each.yes, each.no, each.not_yet_observable, each.excluded) for each in found.groups} == {
            label: tuple(counts[label, place] for place in ("yes", "no", "not yet", "gone")) for label, _ in counts
        }
        shown = outcomes.subgroups(result, claims, by)
        numbers = [
            n for each in shown.groups for n in (each.yes, each.no, each.cases, each.denominator) if n is not None
        ]
        assert numbers
        assert not any(0 < n <= 10 for n in numbers)
        answers = outcomes.subgroups(result, claims, by, answers_only=True)
        assert sum(each.proportion is not None for each in answers.groups) > (1 if column == 3 else 10)
