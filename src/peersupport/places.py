"""How many places are taken, when the next one is free, who waits for it, and what the next weeks may bring.

A place is taken from the first meeting (`started_on`) until before the day on which it is free again (`ended_on`). What
is not recorded is never counted as if it were: places are taken surely or possibly, a day that cannot be said is None,
and whoever stands in doubt is named. The forecast is a simulation of what a caller assumes, and no promise to anybody.
"""

from __future__ import annotations

import datetime as dt
import heapq
import math
import random
import statistics
import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from peersupport.eligibility import Enrollment, Referral
from peersupport.readers.judge import HasTables, Level, judge_of, limits, windows
from peersupport.readers.judge.values import compare
from peersupport.rules import calendar
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, OrNone, Record
from peersupport.rules.findings import Place
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import EMPTY

PROGRAM_END: Final = "enrollment.program_end"
"""The definition of a rulebook that says when somebody's program ends: the first day after it."""

# places over time


@attrs.frozen
class Taken:
    """How many places are taken on every day of some, as far as it is recorded.

    `levels` follow one another without a gap: each is a number of days on which nothing changes, from `start` until
    before `until`, with how many places are `surely` and how many `possibly` taken. `capacity` is the number of places,
    `NONE` where there is no limit, and None where it is not recorded.
    """

    capacity: OrNone[int]
    levels: tuple[Level, ...]

    def on(self, day: dt.date) -> Level:
        """The level of a day; a KeyError for one that lies outside."""
        for level in self.levels:
            if level.start <= day < level.until:
                return level
        message = f"{day} is not between {self.levels[0].start} and {self.levels[-1].until}"
        raise KeyError(message)

    def free(self, day: dt.date) -> bool | None:
        """Whether a place is free on a day; None where that is not known. A KeyError for a day that lies outside."""
        level = self.on(day)
        surely, full = compare("<", level.possibly, self.capacity), compare(">=", level.surely, self.capacity)
        return True if surely else False if full else None


def over_time(enrollments: Iterable[Enrollment], capacity: OrNone[int], *, since: dt.date, on: dt.date) -> Taken:
    """How many places are taken on each day from `since` through `on`.

    An enrollment without an end so far (`NONE`) holds its place; one of which the end or the start is not recorded
    holds it possibly. It is what the rule `program.places` of the rulebook counts, for any capacity. Raises
    `InputError` for a capacity below 0, for `on` before `since`, for an id that is there twice, and for an enrollment
    that ends before it starts.
    """
    found = tuple(enrollments)
    days = list(_day_faults(since=since, on=on))
    if not days and since > on:
        days = [Problem("since", f"{since} lies after the last day, {on}", "choose an earlier day")]
    raise_any([*_capacity_faults(capacity), *days, *_enrollment_faults(found)])
    stays = [windows.spanning(each.id, each.started_on, each.ended_on, (), certain=True) for each in found]
    return Taken(capacity, tuple(limits.levels(stays, since, on)))


# the next place


@attrs.frozen
class PlannedEnd:
    """When the place of an enrollment is planned to be free: on the day `until`, or None where no end is known.

    `by` is what the day rests on: `ended_on`, `planned_until`, or `program_end` of the rulebook. `passed` is a planned
    end that is over while the place may still be held: then no end is known any more. `perhaps` says that it is not
    recorded whether the place is held at all.
    """

    enrollment: str
    since: dt.date | None
    until: dt.date | None
    by: str = ""
    passed: dt.date | None = None
    perhaps: bool = False


@attrs.frozen
class NextFree:
    """From which day on a place is surely free for good, by what is planned.

    `day` is None where that cannot be said, because the number of places is not recorded or too many have no known end;
    it is `NONE` where there will be none, because there are no places. `no_end` are the enrollments that hold a place,
    or may, and have no known end.
    """

    capacity: OrNone[int]
    day: OrNone[dt.date]
    no_end: tuple[str, ...]


def planned_ends(
    enrollments: Iterable[Enrollment],
    *,
    on: dt.date,
    rulebook: Rulebook | None = None,
    roster: HasTables | None = None,
    readings: Iterable[str] = (),
) -> tuple[PlannedEnd, ...]:
    """When each place that is held on a day, or may be, or will be, is planned to be free, in the order of the days.

    It is the recorded end that lies ahead; else the day that staff have set (`planned_until`); else, with a `rulebook`,
    its program end under the readings, for which `roster` holds what that looks into. An end that is not after `on`
    says nothing. Raises `InputError` as `over_time` does, and for a rulebook without a program end.
    """
    found = tuple(enrollments)
    raise_any([*_day_faults(on=on), *_enrollment_faults(found, "planned_until"), *_rulebook_faults(rulebook)])
    program_end = _program_end(rulebook, roster, readings, on) if rulebook is not None else lambda _enrollment: None
    held = [each for each in found if not (isinstance(each.ended_on, dt.date) and each.ended_on <= on)]
    ends = [_planned_end(each, on, program_end) for each in held]
    return tuple(sorted(ends, key=lambda each: (each.until or dt.date.max, each.enrollment)))


def next_free(ends: Iterable[PlannedEnd], capacity: OrNone[int], *, on: dt.date) -> NextFree:
    """The first day, from `on`, from which a place is surely free for good, if everybody stays to the planned end.

    `ends` are those of `planned_ends`. Whoever has no known end is taken to stay, and starts that lie ahead count. Who
    waits is not looked at: the place may be promised already. Raises `InputError` for a capacity below 0.
    """
    raise_any([*_capacity_faults(capacity), *_day_faults(on=on)])
    held = tuple(ends)
    no_end = tuple(each.enrollment for each in held if each.until is None)
    return NextFree(capacity, _first_day(held, capacity, on), no_end)


def _first_day(ends: Iterable[PlannedEnd], capacity: OrNone[int], on: dt.date) -> OrNone[dt.date]:
    if capacity is None or capacity == 0:
        return None if capacity is None else NONE
    stays = [windows.spanning(each.enrollment, each.since, each.until, (), certain=True) for each in ends]
    levels = limits.levels(stays, on, calendar.LAST_DAY)
    free = max((level.until for level in levels if level.possibly >= capacity), default=on)
    return None if free > calendar.LAST_DAY else free


_Ending: TypeAlias = Callable[[Enrollment], "dt.date | None"]


def _program_end(rulebook: Rulebook, roster: HasTables | None, readings: Iterable[str], on: dt.date) -> _Ending:
    """The program end of a rulebook as a function of an enrollment; whatever is dated later than `on` is seen too."""
    value = judge_of(rulebook, readings).defined(PROGRAM_END, "enrollment")
    tables = EMPTY if roster is None else roster.tables

    def end(enrollment: Enrollment) -> dt.date | None:
        day = value(enrollment, on, calendar.LAST_DAY, tables)
        return day if type(day) is dt.date else None

    return end


def _planned_end(enrollment: Enrollment, on: dt.date, program_end: _Ending) -> PlannedEnd:
    start, perhaps = enrollment.started_on, None in {enrollment.started_on, enrollment.ended_on}
    by, until = "planned_until", enrollment.planned_until
    if isinstance(enrollment.ended_on, dt.date):
        by, until = "ended_on", enrollment.ended_on
    elif not isinstance(until, dt.date):
        by, until = "program_end", program_end(enrollment)
    if until is None or until <= on:
        return PlannedEnd(enrollment.id, start, None, passed=until, perhaps=perhaps)
    return PlannedEnd(enrollment.id, start, until, by, perhaps=perhaps)


# who waits


@attrs.frozen
class Waiting:
    """Somebody who waits for a place, by the earliest referral that is open, or `perhaps` waits.

    `received_on` is the day of `received_at` in the program's zone; both are None where the time is not recorded.
    `also` are other referrals of the person that are open, or may be. `lacking` are facts that are not recorded and
    could change whether, or where in the line, the person stands.
    """

    referral: str
    person: str | None
    received_at: dt.datetime | None
    received_on: dt.date | None
    decision: str | None
    perhaps: bool = False
    also: tuple[str, ...] = ()
    lacking: tuple[Place, ...] = ()

    @property
    def turn(self) -> tuple[dt.datetime, str]:
        """What orders the line: the time, those without one last, then the id."""
        return self.received_at or dt.datetime.max.replace(tzinfo=dt.UTC), self.referral


@attrs.frozen
class WaitingList:
    """Who waits for a place on a day, first come first.

    `perhaps` are people of whom it is not recorded whether they wait, in the same order. `anybodys` are enrollments of
    which it is not recorded whose they are: one of those who wait may have a place already.
    """

    on: dt.date
    waiting: tuple[Waiting, ...]
    perhaps: tuple[Waiting, ...] = ()
    anybodys: tuple[Place, ...] = ()


def waiting_list(
    referrals: Iterable[Referral], enrollments: Iterable[Enrollment], on: dt.date, *, office: Office
) -> WaitingList:
    """Who waits for a place on a day, in the order in which the referrals arrived.

    Somebody waits whose referral was accepted, or had to hear that there is no place now, and who has had no place
    since: no enrollment by that referral, none that started on its day or later, and none that runs. Each person stands
    there once, by the earliest such referral. Referrals of the same time stand by their ids, and those without a
    recorded time at the end. What was received after `on` has not been seen; the decision is taken as it is recorded,
    whenever it was made. `office` has the zone in which a day is a day. Raises `InputError` for ids that are there
    twice and for an enrollment that ends before it starts.
    """
    asked, held = tuple(referrals), tuple(enrollments)
    raise_any([*_day_faults(on=on), *_repeated("referral", asked), *_enrollment_faults(held)])
    persons = {each.id: each.person for each in asked}
    seen = [(_owner(each, persons), each) for each in held if each.started_on is None or each.started_on <= on]
    lines: dict[tuple[str | None, str], list[Waiting]] = {}
    for each in sorted(_asking(asked, seen, on, office), key=lambda one: one.turn):
        lines.setdefault((each.person, "" if each.person else each.referral), []).append(each)
    people = sorted(map(_one, lines.values()), key=lambda one: one.turn)
    return WaitingList(
        on=on,
        waiting=tuple(each for each in people if not each.perhaps),
        perhaps=tuple(each for each in people if each.perhaps),
        anybodys=tuple(Place("enrollment", each.id, "person") for owner, each in seen if owner is None),
    )


def _owner(enrollment: Enrollment, persons: Mapping[str, str | None]) -> str | None:
    """Whose an enrollment is: the person's whom it names, else whom its referral names."""
    named = enrollment.referral if isinstance(enrollment.referral, str) else ""
    return enrollment.person or persons.get(named)


def _one(line: Sequence[Waiting]) -> Waiting:
    """The open referrals of a person as one: the first that is surely open, else the first that may be."""
    first = next((each for each in line if not each.perhaps), line[0])
    also = tuple(each.referral for each in line if each is not first)
    lacking = tuple(dict.fromkeys(place for each in (first, *line) for place in each.lacking))
    return attrs.evolve(first, also=also, lacking=lacking)


def _asking(
    referrals: Iterable[Referral], owned: Sequence[tuple[str | None, Enrollment]], on: dt.date, office: Office
) -> Iterator[Waiting]:
    """The referrals whose person waits, surely or perhaps."""
    for each in referrals:
        at = each.received_at
        day = None if at is None else calendar.day(at, office)
        if each.decision not in {"accepted", "no_place_now", None} or (day is not None and day > on):
            continue
        own = [one for owner, one in owned if one.referral == each.id or (owner and owner == each.person)]
        answers = [_answer(each, one, day, on) for one in own]
        if True in answers:
            continue
        doubts = [answer for answer in answers if isinstance(answer, Place)]
        facts = [name for name in ("decision", "person", "received_at") if getattr(each, name) is None]
        lacking = tuple(dict.fromkeys([*doubts, *(Place("referral", each.id, name) for name in facts)]))
        perhaps = bool(doubts) or each.decision is None
        yield Waiting(each.id, each.person, at, day, each.decision, perhaps, lacking=lacking)


def _answer(referral: Referral, enrollment: Enrollment, received: dt.date | None, on: dt.date) -> bool | Place:
    """Whether somebody does not wait any more, by an enrollment that has been seen; or the fact that would say so."""
    start, end = enrollment.started_on, enrollment.ended_on
    over = end if isinstance(end, dt.date) and end <= on else None
    if enrollment.referral == referral.id and (start or over):
        return True
    if start is None:
        before = enrollment.referral != referral.id and over and received and over <= received
        return False if before else Place("enrollment", enrollment.id, "started_on")
    if end is not None and over is None:
        return True
    if received is None:
        return Place("referral", referral.id, "received_at")
    return start >= received or (False if over else Place("enrollment", enrollment.id, "ended_on"))


# a simulation of places

Times: TypeAlias = tuple[float, float]


def arrivals(chance: random.Random, rate: float, until: float) -> Iterator[float]:
    """The times from 0 until before `until` at which somebody arrives, independently, so many at each unit of time."""
    at = 0.0
    while rate > 0 and (at := at + chance.expovariate(rate)) < until:
        yield at


def admissions(people: Iterable[Times], capacity: int, taken: Iterable[float] = ()) -> Iterator[Times]:
    """When each of some people gets a place and leaves it again: first come, first served, in continuous time.

    `people` are in the order in which they come, each with the time and with how long a place will be held. `taken` are
    the times at which places are free again that are taken at the start, where they may be more than there are. Nobody
    gives up waiting. Without places, and behind people who never leave, the times are infinite.
    """
    busy = list(taken)
    heapq.heapify(busy)
    for at, hold in people:
        turn = at if capacity else math.inf
        while capacity and len(busy) >= capacity:
            turn = max(turn, heapq.heappop(busy))
        heapq.heappush(busy, turn + hold)
        yield turn, turn + hold


# the forecast

ASSUMES: Final = (
    "Referrals arrive independently of one another, so many a week on average, and are decided on at once. Whoever is "
    "accepted waits without giving up, and places are given in the order of arrival; those who wait at the start have "
    "been accepted. Whoever does not come to the first meeting waits too, and then the place goes to the next at once. "
    "Whoever completes the program holds the place for the whole of it; whoever does not leaves at any time of it, "
    "each as likely as another. The rates stay what they are."
)
"""What every forecast assumes."""
LONGEST: Final = 520
"""The most weeks of a forecast, and of a program in it."""
MOST: Final = 5_000_000
"""The most people and weeks that all runs of a forecast together may have."""


@attrs.frozen(kw_only=True)
class Rates:
    """What a caller takes to be so: referrals each week on average, and the shares of people, each from 0 to 1.

    `acceptance` is the share of referrals that are accepted, `no_show` the share of those whose turn comes and who do
    not come, and `completion` the share of those who come that completes the program. Who does holds a place for
    `weeks_held` weeks: the rulebook says how many.
    """

    referrals_per_week: float
    acceptance: float
    completion: float
    no_show: float
    weeks_held: float


@attrs.frozen(kw_only=True)
class Start:
    """What is so on the day from which the forecast runs.

    `taken` has for each place that is taken the day on which it is planned to be free, `NONE` where somebody stays for
    good; a day that is not known has to be found out, or assumed by the caller. `waiting` has for each person who waits
    the day of the referral, None where that is not recorded: these stand last. `capacity` is the number of places, or
    `NONE` where there is no limit.
    """

    on: dt.date
    capacity: OrNone[int]
    taken: Sequence[OrNone[dt.date]] = ()
    waiting: Sequence[dt.date | None] = ()


@attrs.frozen
class Estimate:
    """A mean, and between which values at least the share `level` of what was found lies."""

    mean: float
    low: float
    high: float


@attrs.frozen
class Week:
    """One week of a forecast, from the day `start` until before `until`.

    Places `taken` and people `waiting` are those at the end of its last day, over the runs. `waited` is for how many
    weeks those who start in this week have waited since their referral, over all of them in all runs; it is None where
    nobody does of whom the day of the referral is recorded.
    """

    number: int
    start: dt.date
    until: dt.date
    taken: Estimate
    waiting: Estimate
    waited: Estimate | None


@attrs.frozen
class Forecast:
    """What the next weeks may bring, with what was assumed. The weeks that `undated` people wait are not told."""

    start: Start
    rates: Rates
    runs: int
    seed: int
    level: float
    weeks: tuple[Week, ...]
    undated: int = 0
    assumes: str = ASSUMES


def forecast(
    start: Start, rates: Rates, *, seed: int, weeks: int = 26, runs: int = 1_000, level: float = 0.9
) -> Forecast:
    """Places taken, people waiting and weeks waited in each of the next weeks, by simulation.

    Assumed is that referrals arrive independently (a Poisson process) and are decided on at once; that nobody gives up
    waiting, and that places go first come, first served; that whoever does not come leaves the place to the next at
    once; that whoever leaves early leaves uniformly in the program, whoever holds a place now in what is left of it.

    The same seed gives the same answer, and the same people whatever the capacity, so that two capacities can be
    compared. Raises `InputError` with everything that is wrong with the numbers.
    """
    raise_any([*_start_faults(start), *_rate_faults(rates), *_run_faults(weeks, runs, seed, level)])
    raise_any([*_size_faults(start, rates, weeks, runs)])
    chance = random.Random(seed)  # noqa: S311  a simulation is no secret
    found = zip(*(_run(chance, start, rates, weeks) for _ in range(runs)), strict=True)
    told = tuple(_week(seen, start.on, number, level) for number, seen in enumerate(found, 1))
    return Forecast(start, rates, runs, seed, level, told, start.waiting.count(None))


_Seen: TypeAlias = tuple[int, int, list[float]]
"""One week of one run: the places taken and people waiting at its end, and how long those waited who started in it."""


def _run(chance: random.Random, start: Start, rates: Rates, weeks: int) -> list[_Seen]:
    """All that is left to chance is drawn before anybody is given a place, so that it does not hang on the capacity."""
    planned = [(end - start.on).days / 7 if isinstance(end, dt.date) else math.inf for end in start.taken]
    ends = sorted(_remaining(chance, each, rates) for each in planned)
    queue = sorted(start.waiting, key=lambda day: day or dt.date.max)
    since = [None if day is None else (day - start.on).days / 7 for day in queue]
    people = [(0.0, _hold(chance, rates)) for _ in queue]
    for at in arrivals(chance, rates.referrals_per_week, weeks):
        accepted, hold = chance.random() < rates.acceptance, _hold(chance, rates)
        if accepted:
            since.append(at)
            people.append((at, hold))
    capacity = start.capacity if isinstance(start.capacity, int) else sys.maxsize
    served = list(admissions(people, capacity, ends))
    told = zip(since, served, people, strict=True)
    waited = [at - came if hold and came is not None else None for came, (at, _), (_, hold) in told]
    return _seen([at for at, _ in people], served, waited, ends, weeks)


def _seen(
    ready: list[float], served: list[Times], waited: list[float | None], ends: list[float], weeks: int
) -> list[_Seen]:
    """What each week of a run ends with: what happens at the first moment of the next is not seen yet."""
    admitted, left = [at for at, _ in served], sorted(at for _, at in served)
    found: list[_Seen] = []
    for at in range(1, weeks + 1):
        before, now = bisect_left(admitted, at - 1), bisect_left(admitted, at)
        taken = len(ends) - bisect_left(ends, at) + now - bisect_left(left, at)
        waits = [wait for wait in waited[before:now] if wait is not None]
        found.append((taken, bisect_left(ready, at) - now, waits))
    return found


def _hold(chance: random.Random, rates: Rates) -> float:
    """For how many weeks somebody will hold a place; 0 for somebody who does not come."""
    comes, completes, share = chance.random() >= rates.no_show, chance.random() < rates.completion, chance.random()
    return comes * rates.weeks_held * (1 if completes else 1 - share)


def _remaining(chance: random.Random, planned: float, rates: Rates) -> float:
    """For how many more weeks somebody holds a place who has not left so far, and is to stay for so many."""
    early = (1 - rates.completion) * min(1.0, planned / rates.weeks_held)
    completes, share = chance.random() * (rates.completion + early) < rates.completion, chance.random()
    return planned if completes else planned * (1 - share)


def _week(seen: Sequence[_Seen], on: dt.date, number: int, level: float) -> Week:
    start, waits = on + dt.timedelta(weeks=number - 1), [wait for _, _, waited in seen for wait in waited]
    return Week(
        number,
        start,
        start + dt.timedelta(weeks=1),
        taken=_estimate([taken for taken, _, _ in seen], level),
        waiting=_estimate([waiting for _, waiting, _ in seen], level),
        waited=_estimate(waits, level) if waits else None,
    )


def _estimate(values: Sequence[float], level: float) -> Estimate:
    ordered = sorted(values)
    outside = int(len(ordered) * (1 - level) / 2)
    return Estimate(statistics.fmean(ordered), ordered[outside], ordered[-1 - outside])


# what is wrong with an input


def _capacity_faults(capacity: object) -> Iterator[Problem]:
    """A number of places from 0 on, or `NONE`, or None."""
    if capacity is not None and capacity is not NONE and not (type(capacity) is int and capacity >= 0):
        mend = "give a whole number from 0 on, NONE where there is no limit, or None where it is not recorded"
        yield Problem("capacity", f"{capacity!r} is no number of places", mend)


def _day_faults(**days: object) -> Iterator[Problem]:
    first, last = calendar.FIRST_DAY, calendar.LAST_DAY
    for name, day in days.items():
        if type(day) is not dt.date or not first <= day <= last:
            yield Problem(name, f"{day!r} is not a day of {first.year} to {last.year}", "give a date")


def _enrollment_faults(enrollments: Sequence[Enrollment], *more: str) -> Iterator[Problem]:
    yield from _repeated("enrollment", enrollments)
    for each in enrollments:
        for name in ("ended_on", *more):
            end = getattr(each, name)
            if each.started_on and isinstance(end, dt.date) and end < each.started_on:
                fault = f"{end} lies before the first meeting, {each.started_on}"
                yield Problem(f"enrollment {each.id}, {name}", fault, "correct one of the days")


def _repeated(kind: str, records: Sequence[Record]) -> Iterator[Problem]:
    for id_, count in Counter(each.id for each in records).items():
        if count > 1:
            yield Problem(f"{kind} {id_}", f"is there {count} times", "give each record once")


def _rulebook_faults(rulebook: Rulebook | None) -> Iterator[Problem]:
    rule = rulebook.rules.get(PROGRAM_END) if rulebook is not None else None
    if rulebook is not None and not (rule and rule.form == "definition" and "enrollment" in rule.about):
        yield Problem(f"rulebook {rulebook.name}", f"does not define {PROGRAM_END}", "leave it out, or define it")


def _start_faults(start: Start) -> Iterator[Problem]:
    yield from _capacity_faults(start.capacity)
    if start.capacity is None:
        mend = "give the number of places, or NONE where there is no limit"
        yield Problem("capacity", "is not recorded, so that nothing can be told", mend)
    yield from list(_day_faults(on=start.on)) or _person_faults(start)


def _person_faults(start: Start) -> Iterator[Problem]:
    for number, end in enumerate(start.taken, 1):
        if end is None:
            yield Problem(f"taken, place {number}", "no end is known", "find out the day, or assume one")
        elif end is not NONE and (type(end) is not dt.date or end <= start.on):
            yield Problem(f"taken, place {number}", f"{end!r} is not a day after {start.on}", "give one, or NONE")
    for number, day in enumerate(start.waiting, 1):
        if day is not None and (type(day) is not dt.date or day > start.on):
            yield Problem(f"waiting, person {number}", f"{day!r} is not a day up to {start.on}", "give one, or None")


def _rate_faults(rates: Rates) -> Iterator[Problem]:
    yield from _number_faults("referrals_per_week", rates.referrals_per_week, MOST)
    for name in ("acceptance", "completion", "no_show"):
        yield from _number_faults(name, getattr(rates, name), 1)
    yield from _number_faults("weeks_held", rates.weeks_held, LONGEST, inside=True)


def _number_faults(name: str, value: object, most: int, *, inside: bool = False) -> Iterator[Problem]:
    """A number from 0 to the most; with `inside` neither of them."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not 0 <= number <= most or (inside and number in {0, most}):
        bounds = f"between 0 and {most}" if inside else f"from 0 to {most}"
        yield Problem(name, f"{value!r} is out of bounds", f"give a number {bounds}")


def _run_faults(weeks: object, runs: object, seed: object, level: object) -> Iterator[Problem]:
    for name, value, most in (("weeks", weeks, LONGEST), ("runs", runs, MOST)):
        if type(value) is not int or not 1 <= value <= most:
            yield Problem(name, f"{value!r} is out of bounds", f"give a whole number from 1 to {most}")
    if type(seed) is not int:
        yield Problem("seed", f"{seed!r} is not a whole number", "give one: the same gives the same answer")
    yield from _number_faults("level", level, 1, inside=True)


def _size_faults(start: Start, rates: Rates, weeks: int, runs: int) -> Iterator[Problem]:
    size = runs * (len(start.taken) + len(start.waiting) + weeks * (1 + rates.referrals_per_week))
    if size > MOST:
        yield Problem("runs", f"they come to {size:.0f} people and weeks", f"ask for fewer: at most {MOST} can be had")
