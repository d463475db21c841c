"""What merging stays keeps of each stay, and what it refuses.

That no day of care and no stay is lost, and that the order does not matter, is asked of drawn stays in the tests of the
CMS example.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest

from peersupport.eligibility import CareEpisode, Merged, merge_stays
from peersupport.roster import from_records
from peersupport.rules.facts import NONE


def day(number: int) -> dt.date:
    """A day of January 2026."""
    return dt.date(2026, 1, number)


def stay(id_: str, first: int, last: int | None, **more: Any) -> CareEpisode:  # noqa: ANN401
    """A stay of one person in January; without a last day it goes on."""
    facts: dict[str, Any] = {"person": "p1", "kind": "inpatient", "psychiatric": True, "led_to": NONE} | more
    return CareEpisode(id=id_, admitted_on=day(first), ended_on=NONE if last is None else day(last), **facts)


def test_nothing_is_merged_of_nothing() -> None:
    """No stays are no episodes."""
    assert merge_stays([]) == ()


def test_a_stay_alone_is_an_episode_as_it_is() -> None:
    """With all its facts."""
    alone = stay("s1", 3, 5)
    assert merge_stays([alone]) == (Merged(alone, ("s1",)),)


def test_an_episode_has_the_id_and_kind_of_its_first_stay() -> None:
    """The first is the one that begins first, whatever the order in which they are given."""
    stays = [stay("later", 4, 9, kind="inpatient"), stay("sooner", 3, 5, kind="emergency")]
    (merged,) = merge_stays(stays)
    assert (merged.episode.id, merged.episode.kind) == ("sooner", "emergency")
    assert (merged.episode.admitted_on, merged.episode.ended_on) == (day(3), day(9))
    assert merged.stays == ("sooner", "later")


def test_stays_that_begin_on_one_day_are_in_the_order_of_their_ids() -> None:
    """So that the same stays always make the same episode."""
    (merged,) = merge_stays([stay("b", 3, 9), stay("a", 3, 4)])
    assert (merged.episode.id, merged.episode.ended_on, merged.stays) == ("a", day(9), ("a", "b"))


@pytest.mark.parametrize(("restart", "episodes"), [(4, 1), (5, 1), (6, 2)])
def test_a_restart_on_the_day_of_discharge_is_the_same_care(restart: int, episodes: int) -> None:
    """A night out of care parts two episodes."""
    assert len(merge_stays([stay("s1", 3, 5), stay("s2", restart, 9)])) == episodes


def test_a_short_stay_inside_a_long_one_ends_nothing() -> None:
    """What begins after the short one has ended is still inside the long one."""
    (merged,) = merge_stays([stay("long", 1, 20), stay("short", 2, 3), stay("next", 10, 12)])
    assert (merged.episode.ended_on, len(merged.stays)) == (day(20), 3)


def test_care_that_goes_on_takes_in_all_that_follows() -> None:
    """Of that person only: somebody else's care begins anew."""
    stays = [stay("s1", 3, None), stay("s2", 8, 9), stay("s3", 25, None), stay("s4", 8, 9, person="p2")]
    merged = merge_stays(stays)
    assert [(each.episode.person, each.episode.ended_on, each.stays) for each in merged] == [
        ("p1", NONE, ("s1", "s2", "s3")),
        ("p2", day(9), ("s4",)),
    ]


@pytest.mark.parametrize(
    ("flags", "psychiatric"),
    [
        ((True, False), True),
        ((None, True), True),
        ((False, None), None),
        ((None, None), None),
        ((False, False), False),
    ],
)
def test_an_episode_is_psychiatric_as_its_stays_are(flags: tuple[bool | None, ...], psychiatric: object) -> None:
    """One yes decides; without one, what is not recorded is not a no."""
    stays = [stay(f"s{number}", 3, 5, psychiatric=flag) for number, flag in enumerate(flags)]
    (merged,) = merge_stays(stays)
    assert merged.episode.psychiatric is psychiatric


def test_an_emergency_visit_that_became_an_admission_is_one_episode() -> None:
    """The visit led to the admission, which is inside the episode now; so the episode led to nothing (story 7)."""
    visit = stay("visit", 1, 1, kind="emergency", led_to="ward")
    (merged,) = merge_stays([visit, stay("ward", 1, 12)])
    assert merged.episode == attrs.evolve(visit, ended_on=day(12), led_to=NONE)
    assert from_records([merged.episode]).records("care_episode") == (merged.episode,)


def test_an_episode_led_to_what_its_last_stay_led_to() -> None:
    """Care that it became elsewhere and later is told, and so is that it is not recorded."""
    visit = stay("visit", 1, 1, led_to="ward")
    apart, away = stay("ward", 1, 3, led_to="away"), stay("away", 10, 12)
    assert [each.episode.led_to for each in merge_stays([visit, apart, away])] == ["away", NONE]
    assert merge_stays([visit, stay("ward", 1, 3, led_to=None)])[0].episode.led_to is None


def test_a_short_stay_inside_a_long_one_does_not_hide_what_the_long_one_led_to() -> None:
    """The stay that begins last is not the one that ends last."""
    long, short, after = stay("long", 1, 20, led_to="after"), stay("short", 5, 6), stay("after", 25, 26)
    assert [each.episode.led_to for each in merge_stays([long, short, after])] == ["after", NONE]


@pytest.mark.parametrize("fact", ["person", "admitted_on", "ended_on"])
def test_a_stay_that_lacks_what_merging_needs_is_refused(fact: str) -> None:
    """Whose care it is and when is not guessed; the message names the stay."""
    absent: dict[str, Any] = {fact: None}
    lacking = attrs.evolve(stay("s7", 3, 5), **absent)
    with pytest.raises(ValueError, match="care episode s7: person, admitted_on and ended_on are needed"):
        merge_stays([stay("s1", 3, 5), lacking])


def test_a_stay_that_ends_before_it_starts_is_refused() -> None:
    """Its days are wrong, and nobody knows which; one that ends on its first day is right."""
    with pytest.raises(ValueError, match="care episode s7 ends on 2026-01-04, before it starts on 2026-01-05"):
        merge_stays([stay("s7", 5, 4)])
    assert len(merge_stays([stay("s7", 5, 5)])) == 1


def test_an_id_that_occurs_twice_is_refused() -> None:
    """Which of the two a record refers to would not be known, also where they are far apart."""
    with pytest.raises(ValueError, match="care episode s1 is there twice"):
        merge_stays([stay("s1", 1, 2), stay("s2", 3, 4), stay("s1", 20, 21)])
