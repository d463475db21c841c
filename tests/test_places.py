"""Places over time, the next one, who waits, and the forecast: against counting by hand and the theory of queues."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
import statistics
import zoneinfo
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import peersupport
from peersupport import NONE, Enrollment, InputError, Office, Place, Program, Referral, Verdict, places
from peersupport.places import Estimate, PlannedEnd, Rates, Start
from peersupport.readers.judge import Level, judge_of
from peersupport.rules.facts import Absent

BOOK = peersupport.load("minnesota-peer2peer")
ON = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
OFFICE = Office(zone="America/Chicago")


def day(number: int) -> dt.date:
    """A day by its number."""
    return ON + number * DAY


def at(number: int, hour: int = 10, zone: str = "America/Chicago") -> dt.datetime:
    """A time of a day by its number."""
    return dt.datetime.combine(day(number), dt.time(hour), zoneinfo.ZoneInfo(zone))


def faults(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """The places of what is wrong."""
    return [problem.place for problem in error.value.problems]


# places over time

DAYS = st.integers(-10, 40)
ENDS = st.one_of(st.integers(0, 30), st.integers(0, 30), st.sampled_from([NONE, None]))


@st.composite
def enrolled(draw: st.DrawFn) -> list[Enrollment]:
    """Some enrollments, of which starts and ends may not be recorded."""
    found = []
    for number in range(draw(st.integers(0, 7))):
        start, length = draw(st.one_of(DAYS, DAYS, st.none())), draw(ENDS)
        end = day((start or 0) + length) if isinstance(length, int) else length
        found.append(Enrollment(id=f"e{number}", started_on=None if start is None else day(start), ended_on=end))
    return found


CAPACITIES = st.one_of(st.integers(0, 5), st.sampled_from([NONE, None]))


def held(each: Enrollment, on: dt.date) -> bool | None:
    """Whether an enrollment holds a place on a day."""
    started = None if each.started_on is None else each.started_on <= on
    going = None if each.ended_on is None else each.ended_on > on
    return False if False in {started, going} else None if None in {started, going} else True


@given(enrolled(), CAPACITIES, st.integers(0, 20), st.integers(0, 20))
def test_places_are_those_counted_by_hand_on_every_day(
    enrollments: list[Enrollment], capacity: int | Absent | None, first: int, length: int
) -> None:
    """Each day has those who surely and who possibly hold a place, and says whether one is free as far as is known."""
    taken = places.over_time(enrollments, capacity, since=day(first), on=day(first + length))
    assert [(a.until, taken.capacity) for a in taken.levels[:-1]] == [(b.start, capacity) for b in taken.levels[1:]]
    assert (taken.levels[0].start, taken.levels[-1].until) == (day(first), day(first + length + 1))
    for on in map(day, range(first, first + length + 1)):
        answers = [held(each, on) for each in enrollments]
        surely, possibly = answers.count(True), answers.count(True) + answers.count(None)
        level = taken.on(on)
        assert (level.surely, level.possibly) == (surely, possibly)
        if isinstance(capacity, int):
            free = {count < capacity for count in range(surely, possibly + 1)}
            assert taken.free(on) is (free.pop() if len(free) == 1 else None)
        else:
            assert taken.free(on) is (None if capacity is None else True)


def days_of(levels: Iterable[Level]) -> list[tuple[dt.date, int, int]]:
    """Each day with how many are surely and how many possibly there."""
    return [
        (each.start + number * DAY, each.surely, each.possibly)
        for each in levels
        for number in range((each.until - each.start).days)
    ]


@given(enrolled(), st.integers(0, 5), st.integers(0, 20), st.integers(0, 12))
def test_places_over_time_are_what_the_rule_counts(
    enrollments: list[Enrollment], capacity: int, first: int, length: int
) -> None:
    """Each day has those of `program.places`, and its findings name the days that are over the capacity, or may be."""
    program = Program(id="mn", capacity=capacity)
    roster = peersupport.from_records([program, *enrollments], empty=["enrollment"])
    since, on = day(first), day(first + length)
    taken = places.over_time(enrollments, capacity, since=since, on=on)
    rule = BOOK["program.places"]
    counted = judge_of(BOOK).levels(rule, program, on=since, since=since, through=on, tables=roster.tables)
    assert counted is not None
    assert counted[1] == capacity
    assert days_of(counted[0]) == days_of(taken.levels)
    told: dict[dt.date, Verdict] = {}
    for found in peersupport.judge_each(BOOK, rule.id, program, on=on, tables=roster, since=since):
        begin = found.occurrence if isinstance(found.occurrence, dt.date) else since
        told |= {begin + number * DAY: found.verdict for number in range(found.days or 0)}
    for one in (since + number * DAY for number in range(length + 1)):
        level = taken.on(one)
        over = Verdict.NOT_MET if level.surely > capacity else Verdict.UNKNOWN if level.possibly > capacity else None
        assert told.get(one) is over


def test_a_full_program_has_no_place() -> None:
    """Story 11: with 40 of 40 places taken there is none, one day after the first ends there is."""
    forty = [Enrollment(id=f"e{n}", started_on=day(-20), ended_on=day(5) if n == 7 else NONE) for n in range(40)]
    taken = places.over_time(forty, 40, since=day(0), on=day(9))
    assert taken.levels == (Level(day(0), day(5), 40, 40), Level(day(5), day(10), 39, 39))
    assert [taken.free(day(4)), taken.free(day(5))] == [False, True]


def test_a_day_outside_is_refused() -> None:
    """A day that was not asked for has no level."""
    taken = places.over_time([], 1, since=day(0), on=day(9))
    with pytest.raises(KeyError, match="2026-03-12 is not between 2026-03-02 and 2026-03-12"):
        taken.on(day(10))


def test_what_is_wrong_with_enrollments_is_told_at_once() -> None:
    """Capacity, ids and ends in one error, and days in the wrong order."""
    wrong = [Enrollment(id="a"), Enrollment(id="a"), Enrollment(id="b", started_on=day(2), ended_on=day(1))]
    with pytest.raises(InputError, match="2026-03-03 lies before the first meeting, 2026-03-04") as error:
        places.over_time(wrong, -1, since=day(1), on=day(0))
    assert faults(error) == ["capacity", "since", "enrollment a", "enrollment b, ended_on"]
    yes, moment = True, dt.datetime(2026, 3, 2)
    with pytest.raises(InputError) as error:
        places.over_time([], yes, since=moment, on=dt.date(2300, 1, 1))
    assert faults(error) == ["capacity", "since", "on"]


# the next place


def planned(each: Enrollment, **more: Any) -> PlannedEnd:  # noqa: ANN401  what `planned_ends` takes
    """The planned end of one enrollment on the day."""
    (found,) = places.planned_ends([each], on=ON, **more)
    return found


def enrollment(**facts: Any) -> Enrollment:  # noqa: ANN401  facts are of any type
    """Somebody who started ten days ago and is still there, with other facts."""
    default: dict[str, Any] = {"id": "e", "person": "p", "started_on": day(-10), "ended_on": NONE}
    return Enrollment(**(default | facts))


def test_a_planned_end_rests_on_what_is_recorded() -> None:
    """The recorded end comes first, then the day that staff have set, then the rulebook's program end."""
    assert planned(enrollment(ended_on=day(3), planned_until=day(9)), rulebook=BOOK).by == "ended_on"
    set_by_staff = planned(enrollment(planned_until=day(9)), rulebook=BOOK)
    assert set_by_staff == PlannedEnd("e", day(-10), day(9), "planned_until")
    twelve_weeks = planned(enrollment(planned_until=NONE), rulebook=BOOK)
    assert twelve_weeks == PlannedEnd("e", day(-10), day(74), "program_end")
    assert planned(enrollment(), rulebook=BOOK) == twelve_weeks


def test_an_end_that_is_not_known_is_said() -> None:
    """Without a rulebook or a start there is none, and one that has passed says nothing; a doubt is told."""
    assert planned(enrollment()) == PlannedEnd("e", day(-10), None)
    assert planned(enrollment(started_on=None), rulebook=BOOK) == PlannedEnd("e", None, None, perhaps=True)
    assert planned(enrollment(planned_until=day(0))) == PlannedEnd("e", day(-10), None, passed=day(0))
    late = enrollment(started_on=day(-84), ended_on=None)
    assert planned(late, rulebook=BOOK) == PlannedEnd("e", day(-84), None, passed=day(0), perhaps=True)


def test_who_has_left_holds_no_place() -> None:
    """The day of leaving is the first day out."""
    assert places.planned_ends([enrollment(ended_on=day(0))], on=ON) == ()


def test_the_program_end_follows_the_readings() -> None:
    """Counted from discharge it needs the care episode, and while that goes on there is no end."""
    reading = ["the weeks run from discharge"]
    for left, until in ((day(-20), day(64)), (NONE, None)):
        episode = peersupport.CareEpisode(id="c", person="p", admitted_on=day(-30), ended_on=left)
        roster = peersupport.from_records([peersupport.Person(id="p"), episode])
        followed = enrollment(index_episode="c")
        assert planned(followed, rulebook=BOOK, roster=roster, readings=reading).until == until
    assert planned(enrollment(index_episode="c"), rulebook=BOOK, readings=reading).until is None


def test_a_rulebook_without_a_program_end_is_refused() -> None:
    """Together with a planned end before the first meeting."""
    with pytest.raises(InputError, match=r"does not define enrollment\.program_end") as error:
        planned(enrollment(planned_until=day(-11)), rulebook=peersupport.load("nebraska-dbh"))
    assert faults(error) == ["enrollment e, planned_until", "rulebook nebraska-dbh"]


def ends(*days: int | None, since: int = -10) -> list[PlannedEnd]:
    """Places that are planned to be free on some days."""
    return [PlannedEnd(f"e{n}", day(since), None if d is None else day(d)) for n, d in enumerate(days)]


def test_the_next_place_is_free_when_enough_have_ended() -> None:
    """With as many as there are places it is the first end, with more it is a later one, with fewer it is today."""
    assert places.next_free(ends(9, 5, 30), 3, on=ON).day == day(5)
    assert places.next_free(ends(9, 5, 30), 2, on=ON).day == day(9)
    assert places.next_free(ends(9, 5, 30), 4, on=ON) == places.NextFree(4, ON, ())


def test_who_has_no_known_end_is_taken_to_stay_and_is_named() -> None:
    """Where that leaves no place, no day can be said."""
    assert places.next_free(ends(9, None), 2, on=ON) == places.NextFree(2, day(9), ("e1",))
    assert places.next_free(ends(9, None), 1, on=ON) == places.NextFree(1, None, ("e1",))


def test_a_place_is_not_free_when_somebody_is_to_start() -> None:
    """A start that lies ahead takes the place again."""
    assert places.next_free([*ends(5), *ends(20, since=8)], 1, on=ON).day == day(20)


def test_the_next_place_of_a_capacity_that_is_no_number() -> None:
    """Not recorded: no day can be said. No limit: today. No places: never. Below 0 is refused."""
    assert places.next_free(ends(9), None, on=ON).day is None
    assert places.next_free(ends(9), NONE, on=ON).day == ON
    assert places.next_free([], 0, on=ON).day is NONE
    with pytest.raises(InputError) as error:
        places.next_free([], -1, on=ON)
    assert faults(error) == ["capacity"]


@given(enrolled(), st.integers(1, 4))
def test_the_next_place_is_free_on_that_day_and_after(enrollments: list[Enrollment], capacity: int) -> None:
    """Counted day by day from the ends, a place is surely free from that day on, and not on the day before."""
    found = places.planned_ends(enrollments, on=ON, rulebook=BOOK)
    free = places.next_free(found, capacity, on=ON)

    def full(on: dt.date) -> bool:
        running = [e for e in found if (e.since is None or e.since <= on) and (e.until is None or on < e.until)]
        return len(running) >= capacity

    days = [day(number) for number in range(200)]
    last = max((number for number, on in enumerate(days) if full(on)), default=-1)
    assert free.day == (None if last == 199 else day(last + 1))


# who waits


def referral(id_: str, number: int | None = 0, **facts: Any) -> Referral:  # noqa: ANN401  facts are of any type
    """Somebody was referred some days from the day and told that there is no place, with other facts."""
    default = {"person": f"p-{id_}", "received_at": None if number is None else at(number), "decision": "no_place_now"}
    return Referral(id=id_, **(default | facts))


def line(referrals: Iterable[Referral], *enrollments: Enrollment) -> places.WaitingList:
    """Who waits on the day."""
    return places.waiting_list(referrals, enrollments, ON, office=OFFICE)


def ids(found: Iterable[places.Waiting]) -> list[str]:
    """The referrals of those who wait."""
    return [each.referral for each in found]


def test_the_line_is_in_the_order_of_arrival() -> None:
    """Accepted and no place now alike; the same time goes by the id, and without a time it is the end, named."""
    asked = [
        referral("f", None),
        referral("e", -1, decision="accepted"),
        referral("d", -3),
        referral("b", -3),
        referral("c", -3, received_at=at(-3, 15, "UTC")),
        referral("a", None),
    ]
    found = line(asked)
    assert ids(found.waiting) == ["c", "b", "d", "e", "a", "f"]
    assert found.waiting[0] == places.Waiting("c", "p-c", at(-3, 15, "UTC"), day(-3), "no_place_now")
    assert [each.lacking for each in found.waiting[3:5]] == [(), (Place("referral", "a", "received_at"),)]
    assert (found.perhaps, found.anybodys) == ((), ())


@given(
    st.lists(st.one_of(st.none(), st.integers(-9, 0)), max_size=9).flatmap(
        lambda n: st.tuples(st.just(n), st.permutations(range(len(n))))
    )
)
def test_nobody_in_the_line_is_overtaken(drawn: tuple[list[int | None], list[int]]) -> None:
    """However the records are ordered, each stands before all who came later, and before those without a time."""
    numbers, order = drawn
    asked = [referral(f"r{n}", number) for n, number in enumerate(numbers)]
    found = line(asked[n] for n in order)
    assert found == line(asked)
    assert ids(found.waiting) == [
        f"r{n}" for n in sorted(range(len(numbers)), key=lambda n: (numbers[n] is None, numbers[n] or 0, n))
    ]


@pytest.mark.parametrize("decision", ["criteria_not_met", "withdrawn", "undecided"])
def test_other_decisions_do_not_wait_for_a_place(decision: str) -> None:
    """Who may not come in, who withdrew, and of whom it is not decided."""
    found = line([referral("a", decision=decision)])
    assert (found.waiting, found.perhaps) == ((), ())


def test_a_decision_that_is_not_recorded_is_told() -> None:
    """Such a person waits perhaps."""
    found = line([referral("a", decision=None)])
    assert (ids(found.waiting), ids(found.perhaps)) == ([], ["a"])
    assert found.perhaps[0].lacking == (Place("referral", "a", "decision"),)


def test_the_day_is_that_of_the_program_s_zone() -> None:
    """A referral of 3 March in UTC that is of 2 March in Chicago has been seen on 2 March, one of 3 March has not."""
    late = [referral("a", received_at=at(1, 4, "UTC")), referral("b", received_at=at(1, 7, "UTC"))]
    found = line(late)
    assert [(each.referral, each.received_on) for each in found.waiting] == [("a", ON)]


ANSWERED = {
    "by the referral": {"referral": "a", "person": None, "started_on": day(-1)},
    "by the referral, on the day": {"referral": "a", "started_on": ON},
    "by the referral, and over": {"referral": "a", "started_on": None, "ended_on": day(-1)},
    "another way, on the day of the referral": {"referral": NONE, "started_on": day(-5), "ended_on": day(-1)},
    "another way, end not recorded": {"referral": NONE, "started_on": day(-5), "ended_on": None},
    "another way before, and it runs": {"referral": None, "started_on": day(-9), "ended_on": day(1)},
}


@pytest.mark.parametrize("facts", ANSWERED.values(), ids=ANSWERED)
def test_who_has_had_a_place_since_does_not_wait(facts: dict[str, Any]) -> None:
    """An enrollment by the referral, one that started since, and one that runs."""
    found = line([referral("a", -5, person="p")], enrollment(**facts))
    assert (found.waiting, found.perhaps) == ((), ())


STILL_WAITING = {
    "starts later": {"referral": "a", "started_on": day(1)},
    "over before the referral": {"referral": "b", "started_on": day(-9), "ended_on": day(-5)},
    "over before the referral, start not recorded": {"started_on": None, "ended_on": day(-5)},
    "began before, over since": {"started_on": day(-9), "ended_on": day(0)},
    "somebody else": {"person": "q", "started_on": day(-1)},
    "somebody else by another referral": {"person": None, "referral": "other", "started_on": day(-1)},
}


@pytest.mark.parametrize("facts", STILL_WAITING.values(), ids=STILL_WAITING)
def test_who_has_had_no_place_since_waits(facts: dict[str, Any]) -> None:
    """An enrollment that is yet to start, one that was over before, and that of another person."""
    asked = [referral("a", -5, person="p"), referral("other", -4, person="q", decision="withdrawn")]
    found = line(asked, enrollment(**facts))
    assert (ids(found.waiting), found.perhaps, found.anybodys) == (["a"], (), ())


DOUBTFUL: dict[str, tuple[int | None, dict[str, Any], Place]] = {
    "start by the referral": (-5, {"referral": "a", "started_on": None}, Place("enrollment", "e", "started_on")),
    "start": (-5, {"started_on": None}, Place("enrollment", "e", "started_on")),
    "start, over since": (-5, {"started_on": None, "ended_on": day(-1)}, Place("enrollment", "e", "started_on")),
    "end": (-5, {"started_on": day(-9), "ended_on": None}, Place("enrollment", "e", "ended_on")),
    "time": (None, {"started_on": day(-9), "ended_on": day(-1)}, Place("referral", "a", "received_at")),
}


@pytest.mark.parametrize(("number", "facts", "place"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_leaves_it_open_whether_somebody_waits_is_named(
    number: int | None, facts: dict[str, Any], place: Place
) -> None:
    """It is told who perhaps waits and which fact would say so, not guessed."""
    found = line([referral("a", number, person="p")], enrollment(**facts))
    assert (ids(found.waiting), ids(found.perhaps)) == ([], ["a"])
    assert found.perhaps[0].lacking == (place,)


def test_a_person_stands_in_the_line_once() -> None:
    """By the earliest referral that is surely open; the others are named, and what is not recorded of them."""
    asked = [
        referral("c", -1, person="p"),
        referral("b", -3, person="p"),
        referral("a", -9, person="p", decision=None),
        referral("x", -2),
    ]
    found = line(asked)
    assert ids(found.waiting) == ["b", "x"]
    assert found.waiting[0].also == ("a", "c")
    assert found.waiting[0].lacking == (Place("referral", "a", "decision"),)
    assert found.perhaps == ()


def test_referrals_of_nobody_stand_each_alone() -> None:
    """The person is told as not recorded; an enrollment of nobody could be anybody's."""
    found = line([referral("a", -2, person=None), referral("b", -1, person=None)], enrollment(person=None))
    assert ids(found.waiting) == ["a", "b"]
    assert found.waiting[0].lacking == (Place("referral", "a", "person"),)
    assert found.anybodys == (Place("enrollment", "e", "person"),)


def test_an_enrollment_is_of_whom_its_referral_names() -> None:
    """So that an earlier referral of the same person is answered too."""
    asked = [referral("a", -5, person="p"), referral("b", -4, person="p", decision="accepted")]
    found = line(asked, enrollment(person=None, referral="b", started_on=day(-1)))
    assert (found.waiting, found.anybodys) == ((), ())


def test_what_is_wrong_with_referrals_is_told_at_once() -> None:
    """Repeated ids of both kinds, and a day that is none."""
    odd: Any = "2026-03-02"
    with pytest.raises(InputError) as error:
        places.waiting_list([referral("a"), referral("a")], [enrollment(), enrollment()], odd, office=OFFICE)
    assert faults(error) == ["on", "referral a", "enrollment e"]


# the simulation against the theory of queues


def erlang_c(offered: float, servers: int) -> float:
    """The probability of waiting in an M/M/c queue, by its formula."""
    last = offered**servers / math.factorial(servers) * servers / (servers - offered)
    return last / (sum(offered**k / math.factorial(k) for k in range(servers)) + last)


def batches(values: Sequence[float], number: int = 25) -> tuple[float, float]:
    """The mean of a long run and its standard error, by the means of batches of it."""
    size = len(values) // number
    means = [statistics.fmean(values[k * size : (k + 1) * size]) for k in range(number)]
    return statistics.fmean(means), statistics.stdev(means) / math.sqrt(number)


@pytest.mark.parametrize(("arriving", "leaving", "capacity"), [(0.6, 1.0, 1), (2.0, 1.0, 3), (1.2, 0.15, 10)])
def test_waits_are_those_of_the_mmc_queue(arriving: float, leaving: float, capacity: int) -> None:
    """Mean wait and probability of waiting are those of Erlang's formula, within three standard errors."""
    chance = random.Random(20260302)  # noqa: S311  a simulation is no secret
    people = ((time, chance.expovariate(leaving)) for time in places.arrivals(chance, arriving, 80_000 / arriving))
    came, served = itertools.tee(people)
    pairs = zip(came, places.admissions(served, capacity), strict=True)
    waits = [start - time for (time, _), (start, _) in pairs][5_000:]
    expected = erlang_c(arriving / leaving, capacity)
    for values, theory in (
        ([float(wait > 0) for wait in waits], expected),
        (waits, expected / (capacity * leaving - arriving)),
    ):
        mean, error = batches(values)
        assert error < 0.1 * theory
        assert abs(mean - theory) < 3 * error


HOLDS = st.floats(0, 20)


@st.composite
def people(draw: st.DrawFn) -> list[tuple[float, float]]:
    """People in the order in which they come, with how long each will hold a place."""
    times = sorted(draw(st.lists(st.floats(0, 30), max_size=15)))
    return [(time, draw(HOLDS)) for time in times]


TAKEN = st.lists(st.floats(0, 20, exclude_min=True), max_size=6)


def taken_at(time: float, served: Iterable[tuple[float, float]], taken: Iterable[float]) -> int:
    """How many places are taken at a time."""
    return sum(start <= time < left for start, left in served) + sum(time < left for left in taken)


@given(people(), st.integers(1, 5), TAKEN)
def test_admissions_are_those_of_an_event_by_event_search(
    who: list[tuple[float, float]], capacity: int, taken: list[float]
) -> None:
    """Each is admitted at the first moment, not before those in front, at which fewer places are taken than there are.

    So places taken are never more than there are, but where more were taken at the start.
    """
    served: list[tuple[float, float]] = []
    for time, hold in who:
        soonest = max([time, *(start for start, _ in served)])
        moments = sorted({soonest, *(left for _, left in served), *taken})
        start = next(m for m in moments if m >= soonest and taken_at(m, served, taken) < capacity)
        served.append((start, start + hold))
    found = list(places.admissions(who, capacity, taken))
    assert found == served
    for start, _ in found:
        assert taken_at(start, found, taken) <= capacity


@given(people(), st.integers(0, 5), st.integers(1, 3), TAKEN)
def test_more_places_never_make_anybody_wait_longer(
    who: list[tuple[float, float]], capacity: int, more: int, taken: list[float]
) -> None:
    """The same people, who hold their places as long, with more places."""
    before, after = (list(places.admissions(who, c, taken)) for c in (capacity, capacity + more))
    assert all(later <= start for (start, _), (later, _) in zip(before, after, strict=True))


def test_without_places_nobody_is_admitted() -> None:
    """The time is infinite, also when places are taken that there should not be."""
    assert list(places.admissions([(0, 1), (2, 1)], 0, [5.0])) == [(math.inf, math.inf)] * 2


def test_nobody_arrives_at_a_rate_of_zero() -> None:
    """There are no arrivals, and no division by zero."""
    assert list(places.arrivals(random.Random(1), 0, 1_000)) == []  # noqa: S311  a simulation is no secret


# the forecast

RATES = Rates(referrals_per_week=2, acceptance=0.8, completion=0.6, no_show=0.1, weeks_held=12)
CERTAIN = Rates(referrals_per_week=0, acceptance=1, completion=1, no_show=0, weeks_held=12)


def start(capacity: int | Absent | None = 10, taken: Iterable[Any] = (), waiting: Iterable[Any] = ()) -> Start:
    """What is so on the day, with days by their numbers."""
    days = [[day(each) if isinstance(each, int) else each for each in some] for some in (taken, waiting)]
    return Start(on=ON, capacity=capacity, taken=days[0], waiting=days[1])


def exactly(value: float) -> Estimate:
    """An estimate without any chance in it."""
    return Estimate(value, value, value)


def test_without_chance_the_forecast_is_what_is_planned() -> None:
    """Everything full at the start: who waits is admitted when a place is free again, in order of the referrals."""
    begin = start(2, taken=[7, 17], waiting=[None, -14, -7])
    found = places.forecast(begin, CERTAIN, seed=1, weeks=15, runs=3)
    weeks = found.weeks
    assert [(weeks[0].number, weeks[0].start, weeks[0].until), weeks[14].until] == [(1, ON, day(7)), day(105)]
    assert [week.taken for week in weeks] == [exactly(2)] * 14 + [exactly(1)]
    assert [week.waiting.mean for week in weeks] == [3, 2, *[1] * 11, 0, 0]
    assert {week.number: week.waited for week in weeks if week.waited} == {
        2: exactly(3),
        3: exactly(17 / 7 + 1),
    }
    assert (found.undated, found.assumes, found.runs, found.seed) == (1, places.ASSUMES, 3, 1)


def test_a_place_that_is_free_already_goes_to_who_waits_at_once() -> None:
    """Those who have waited since before are admitted on the day, after so many weeks; somebody stays for good."""
    found = places.forecast(start(2, taken=[NONE], waiting=[-21]), CERTAIN, seed=1, weeks=13, runs=2)
    assert found.weeks[0].waited == exactly(3)
    assert [week.taken.mean for week in found.weeks] == [2] * 12 + [1]


def test_with_no_arrivals_and_nobody_there_nothing_happens() -> None:
    """Every week is empty, and nobody has waited."""
    weeks = places.forecast(start(), CERTAIN, seed=1, runs=2).weeks
    assert len(weeks) == 26
    assert {(week.taken, week.waiting, week.waited) for week in weeks} == {(exactly(0), exactly(0), None)}


def test_without_places_all_wait() -> None:
    """Nobody is admitted, whoever is there leaves, and the line grows by who is accepted."""
    found = places.forecast(start(0, taken=[10]), attrs.evolve(RATES, completion=1), seed=4, weeks=10, runs=300)
    assert [week.taken.mean for week in found.weeks] == [1] + [0] * 9
    assert all(week.waited is None for week in found.weeks)
    assert found.weeks[-1].waiting.mean == pytest.approx(2 * 0.8 * 10, rel=0.05)


def test_who_does_not_come_holds_no_place_and_is_not_told_as_admitted() -> None:
    """They wait like everybody else; then the place goes on at once."""
    begin = start(1, taken=[7], waiting=[-7, -7])
    weeks = places.forecast(begin, attrs.evolve(CERTAIN, no_show=1), seed=1, weeks=2, runs=2).weeks
    assert [(week.taken.mean, week.waiting.mean, week.waited) for week in weeks] == [(1, 2, None), (0, 0, None)]


@settings(max_examples=20)
@given(
    st.integers(0, 6),
    st.lists(st.integers(1, 100), max_size=9),
    st.lists(st.integers(-60, 0), max_size=5),
    st.integers(0, 2**32),
)
def test_a_forecast_keeps_its_laws(capacity: int, taken: list[int], waiting: list[int], seed: int) -> None:
    """One seed gives one answer; more places never mean more waiting; places are taken beyond those only at first."""
    begin = start(capacity, taken, waiting)
    found = places.forecast(begin, RATES, seed=seed, runs=8)
    assert found == places.forecast(begin, RATES, seed=seed, runs=8)
    more = places.forecast(start(capacity + 2, taken, waiting), RATES, seed=seed, runs=8)
    for week, other in zip(found.weeks, more.weeks, strict=True):
        assert other.waiting.mean <= week.waiting.mean
        assert week.taken.high <= max(capacity, sum(number >= 7 * week.number for number in taken))
        for each in (week.taken, week.waiting, week.waited or exactly(0)):
            assert 0 <= each.low <= each.high


def test_another_seed_gives_another_answer() -> None:
    """Chance has a part in it."""
    first, second = (places.forecast(start(), RATES, seed=seed, runs=20) for seed in (1, 2))
    assert first.weeks != second.weeks


def test_without_a_limit_places_taken_are_those_of_the_rates() -> None:
    """By the theory of a queue with places for all: who is there was accepted, came, and has not left."""
    runs, weeks = 1_000, 16
    found = places.forecast(start(NONE), RATES, seed=5, weeks=weeks, runs=runs, level=0.5).weeks
    rate, held = 2 * 0.8 * 0.9, RATES.weeks_held
    for week in found:
        time = min(week.number, held)
        expected = rate * (0.6 * time + 0.4 * (time - time**2 / (2 * held)))
        assert abs(week.taken.mean - expected) < 3.5 * math.sqrt(expected / runs)
        assert week.taken.low <= expected <= week.taken.high
        assert (week.waiting, week.waited) == (exactly(0), exactly(0))


def test_who_holds_a_place_leaves_early_in_what_is_left_of_the_program() -> None:
    """Who has six of twelve weeks left and has not left so far stays to the end more likely than somebody new."""
    rates = attrs.evolve(CERTAIN, completion=0.6)
    count = 400
    found = places.forecast(start(count, taken=[42] * count), rates, seed=6, weeks=7, runs=50).weeks
    stays = 0.6 / (0.6 + 0.4 * 0.5)
    for week in found[:5]:
        there = stays + (1 - stays) * (1 - week.number / 6)
        assert abs(week.taken.mean / count - there) < 3.5 * math.sqrt(there * (1 - there) / (count * 50))
    assert [week.taken.mean for week in found[5:]] == [pytest.approx(count * stays, rel=0.01), 0]


def test_the_interval_holds_at_least_the_share_asked_for() -> None:
    """A wider level gives a wider interval, and nine of ten runs lie in that of 0.9."""
    wide, narrow = (places.forecast(start(NONE), RATES, seed=9, weeks=8, runs=300, level=level) for level in (0.9, 0.2))
    for week, inner in zip(wide.weeks, narrow.weeks, strict=True):
        assert week.taken.low <= inner.taken.low <= inner.taken.high <= week.taken.high
        assert week.taken.mean == inner.taken.mean
    values = list(range(100))
    assert places._estimate(values, 0.9) == Estimate(49.5, 4, 95)
    assert sum(4 <= value <= 95 for value in values) >= 90


def test_everything_that_is_wrong_with_a_forecast_is_told_at_once() -> None:
    """Rates, days, capacity and the settings of the simulation in one error, each by its name."""
    odd: Any = "two"
    rates = Rates(referrals_per_week=-1, acceptance=1.5, completion=math.nan, no_show=odd, weeks_held=0)
    begin = start(None, taken=[0, None, NONE, odd], waiting=[1, None, odd])
    with pytest.raises(InputError) as error:
        places.forecast(begin, rates, seed=odd, weeks=0, runs=10**9, level=1)
    assert faults(error) == [
        "capacity",
        "taken, place 1",
        "taken, place 2",
        "taken, place 4",
        "waiting, person 1",
        "waiting, person 3",
        "referrals_per_week",
        "acceptance",
        "completion",
        "no_show",
        "weeks_held",
        "weeks",
        "runs",
        "seed",
        "level",
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"referrals_per_week": math.inf}, "referrals_per_week"),
        ({"acceptance": True}, "acceptance"),
        ({"weeks_held": 520}, "weeks_held"),
        ({"referrals_per_week": 1_000_000}, "runs"),
    ],
)
def test_a_rate_that_cannot_be_simulated_is_refused(change: dict[str, Any], place: str) -> None:
    """Infinite, no number, out of bounds, and too much to compute."""
    with pytest.raises(InputError) as error:
        places.forecast(start(), attrs.evolve(RATES, **change), seed=1)
    assert faults(error) == [place]


def test_a_forecast_is_refused_when_it_is_too_much_to_compute() -> None:
    """One run too many for the weeks asked for is refused before it is begun."""
    runs = places.MOST // 2 + 1
    with pytest.raises(InputError, match=f"they come to {2 * runs} people and weeks"):
        places.forecast(start(), CERTAIN, seed=1, weeks=2, runs=runs)


def test_a_day_that_is_none_is_told_alone() -> None:
    """Ends and referrals cannot be held against it."""
    odd: Any = None
    with pytest.raises(InputError) as error:
        places.forecast(attrs.evolve(start(taken=[0]), on=odd), RATES, seed=1)
    assert faults(error) == ["on"]
