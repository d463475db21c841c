"""Readmissions within a period after a care episode: stories 24 and 59, and the law of the period."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport import NONE, CareEpisode, InputError, Period
from peersupport.outcomes import Readmission, readmissions

LEFT = dt.date(2026, 1, 5)
YEAR = Period(1, "years")
DAY = dt.timedelta(days=1)


def stay(id_: str, admitted: dt.date | None, **facts: object) -> CareEpisode:
    """A psychiatric inpatient stay of the one person, still going on unless said otherwise."""
    known: dict[str, Any] = {"person": "p", "kind": "inpatient", "psychiatric": True, "ended_on": NONE, **facts}
    return CareEpisode(id=id_, admitted_on=admitted, **known)


INDEX = stay("index", LEFT - 9 * DAY, ended_on=LEFT)


@pytest.mark.parametrize(("closed", "counted"), [(True, 1), (False, 0)])
def test_story_59_the_last_day_of_the_year_is_a_reading(closed: bool, counted: int) -> None:
    """A stay that begins on 5 January of the next year counts where the last day is in, and the day is told."""
    found = readmissions(INDEX, [INDEX, stay("s", dt.date(2027, 1, 5))], within=YEAR, last_day_counts=closed)
    assert len(found.counted) == counted
    assert found.through == (dt.date(2027, 1, 5) if closed else dt.date(2027, 1, 4))


def test_story_59_a_transfer_is_no_readmission() -> None:
    """What begins on the day the other ends goes on from it; what begins the day after is one."""
    found = readmissions(INDEX, [stay("same", LEFT, ended_on=LEFT), stay("next", LEFT + DAY)], within=YEAR)
    assert found.counted == (Readmission("next", 1),)


def test_story_24_a_stay_in_the_fifth_week_is_one_on_day_39() -> None:
    """Discharged on 20 February, admitted again on 31 March."""
    index = stay("index", dt.date(2026, 2, 1), ended_on=dt.date(2026, 2, 20))
    again = stay("again", dt.date(2026, 3, 31), ended_on=dt.date(2026, 4, 8))
    assert readmissions(index, [again], within=Period(90, "days")).counted == (Readmission("again", 39),)


@given(st.integers(-40, 60), st.integers(1, 40), st.booleans())
def test_a_stay_counts_inside_the_period(offset: int, days: int, closed: bool) -> None:
    """After the day of leaving, and up to the last day, or before it."""
    found = readmissions(INDEX, [stay("s", LEFT + offset * DAY)], within=Period(days, "days"), last_day_counts=closed)
    assert bool(found.counted) == (0 < offset <= days - (not closed))


@pytest.mark.parametrize(
    ("facts", "counted", "perhaps"),
    [
        ({}, True, False),
        ({"kind": "emergency"}, False, False),
        ({"psychiatric": False}, False, False),
        ({"person": "q"}, False, False),
        ({"kind": None}, False, True),
        ({"psychiatric": None}, False, True),
        ({"person": None}, False, True),
        ({"kind": None, "psychiatric": False}, False, False),
    ],
)
def test_what_is_not_recorded_may_count(facts: dict[str, object], counted: bool, perhaps: bool) -> None:
    """One thing that is known to be otherwise is enough for no; without it unknown is no answer."""
    found = readmissions(INDEX, [stay("s", LEFT + DAY, **facts)], within=YEAR)
    assert (bool(found.counted), found.perhaps == ("s",)) == (counted, perhaps)


def test_a_stay_without_a_first_day_may_count() -> None:
    """It may have begun inside of the period."""
    assert readmissions(INDEX, [stay("s", None)], within=YEAR).perhaps == ("s",)


def test_they_come_in_the_order_of_their_days() -> None:
    """Whatever the order of the records; each is over before the next."""
    days = {"b": 12, "a": 9, "c": 2}
    stays = [stay(name, LEFT + n * DAY, ended_on=LEFT + (n + 1) * DAY) for name, n in days.items()]
    assert [each.episode for each in readmissions(INDEX, stays, within=YEAR).counted] == ["c", "a", "b"]


@pytest.mark.parametrize("ended", [None, NONE])
def test_what_cannot_be_counted_from_is_refused(ended: object) -> None:
    """An episode that has not ended, or whose end is not recorded, and a period of hours: both at once."""
    with pytest.raises(InputError) as caught:
        readmissions(stay("index", LEFT, ended_on=ended), [], within=Period(24, "hours"))
    assert [problem.place for problem in caught.value.problems] == ["care_episode index, ended_on", "within"]
