"""The same people before and after they first meet a peer: events per person-year, and who had any at all."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, cast

import attrs

from peersupport.eligibility import Admission, CareEpisode
from peersupport.measures import pictures
from peersupport.measures.proportions import Paired, paired
from peersupport.measures.rates import DAYS_IN_YEAR, Rate, rate
from peersupport.measures.values import LEVEL, Events, Row, count_problems
from peersupport.outcomes.courses import STARTED, Served, seen
from peersupport.outcomes.discharges import Counts
from peersupport.outcomes.given import (
    NO_EVENTS,
    ONE,
    Day,
    Ends,
    day_of,
    day_problems,
    ends_of,
    first_meeting,
    needed,
    since_of,
    took_place,
)
from peersupport.outcomes.records import CrisisContact
from peersupport.outcomes.results import listed
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import NONE
from peersupport.rules.problems import Problem, raise_any
from peersupport.rules.tables import Tables
from peersupport.schedule import Contact

REGRESSION: Final = (
    "People often start after a crisis, so that a fall is to be expected whatever the service does (regression to the "
    "mean). There is nobody to compare to: this shows no effect. Fewer contacts with crisis services are not better by "
    "themselves."
)
"""What is said with every comparison of before and after."""

UNMET = "have not met a peer so far"
EARLY = "the days before lie before the records are complete"
GONE = "died or left follow-up within the days after"
REASONS: Final = (UNMET, EARLY, GONE)


@attrs.frozen(kw_only=True)
class BeforeAfter:
    """Events of the same people in as many days before a day as after it; the day itself is in neither.

    `people` are those who were watched through all the days, on both sides. `before` and `after` are their events with
    the people who had any, `on_the_day` those that no side counts. `excluded`, `not_yet_observable` and `not_recorded`
    are people left out; `undated` are their events that have no day.
    """

    measure: str
    counts: str
    among: str
    window: str
    days: int
    people: int
    before: Events
    after: Events
    both: int
    on_the_day: int
    undated: int
    excluded: Mapping[str, int]
    not_yet_observable: int
    not_recorded: int
    notes: tuple[str, ...] = ()
    warning: str = REGRESSION
    level: float = LEVEL

    @property
    def denominator(self) -> float:
        """The person-years on each side."""
        return self.people * self.days / DAYS_IN_YEAR

    @property
    def numerator(self) -> tuple[int, int]:
        """The events before and after."""
        return self.before.count, self.after.count

    @property
    def rates(self) -> tuple[Rate, Rate]:
        """The events per 100 person-years before and after, with Garwood's intervals."""
        first, second = (rate(each, self.denominator, level=self.level) for each in (self.before, self.after))
        return first, second

    @property
    def pairs(self) -> Paired:
        """Who had any event before, and after, with the tests of McNemar."""
        first, second = (cast("int", each.people) - self.both for each in (self.before, self.after))
        return paired(self.both, first, second, self.people - self.both - first - second, level=self.level)

    def rows(self) -> tuple[Row, ...]:
        """A tidy row for each side, then those of who had any event."""
        head: Row = {"measure": self.measure, "window": self.window, "people": self.people}
        sides = zip(("before", "after"), self.rates, strict=True)
        told = [head | {"part": side} | row for side, each in sides for row in each.rows()]
        return (*told, *(head | {"part": "any"} | row for row in self.pairs.rows()))

    def _repr_html_(self) -> str:
        return pictures.html("", [row for each in self.rates for row in each.rows()], str(self))

    def __str__(self) -> str:
        lines = [f"{side}: {each}" for side, each in zip(("before", "after"), self.rates, strict=True)]
        lines += [f"any before: {self.pairs.first}", f"any after: {self.pairs.second}", str(self.pairs.exact)]
        lines += [f"counted: {self.counts}", f"among: {self.among}", f"window: {self.window}"]
        lines += [f"excluded: {listed(self.excluded)}"]
        lines += [f"not yet observable: {self.not_yet_observable}", f"not recorded: {self.not_recorded}"]
        lines += [f"on the day itself: {self.on_the_day}", f"without a day: {self.undated}"]
        lines += [*(f"note: {note}" for note in self.notes), f"warning: {self.warning}"]
        return "\n".join([f"{self.measure}: {self.people} people", *(f"  {line}" for line in lines)])


def before_and_after(
    starts: Mapping[str, Day],
    events: Iterable[tuple[str, dt.date | None]],
    *,
    days: int,
    on: dt.date,
    since: dt.date = dt.date.min,
    ends: Mapping[str, Ends] | None = None,
    measure: str = "events before and after",
    level: float = LEVEL,
) -> BeforeAfter:
    """Events of people in so many days before a day of theirs and as many after it, by what is known on a day.

    `starts` has the day of each person: `NONE` that it has not come, None that it is not recorded. `events` are a
    person and a day each. Only people who were watched through all the days count: the records complete from `since`
    on, the days after passed on `on`, and the person neither dead nor gone (`ends`). Who has an event without a day is
    not recorded. Raises `InputError` for a number of days below 1.
    """
    problems = [*count_problems("days", days), *day_problems(on=on, since=since)]
    raise_any(problems or ([Problem("days", "0 is no length of time", "write 1 or more")] if days < 1 else []))
    own: dict[str, list[dt.date | None]] = {person: [] for person in starts}
    for person, day in events:
        own.setdefault(person, []).append(day)
    after = {person: _why(starts[person], own[person], ends or {}, person, (days, on, since)) for person in starts}
    counted = {person: day for person, day in starts.items() if isinstance(day, dt.date) and not after[person]}
    sides = {person: _sides(day, own[person], days) for person, day in counted.items()}
    told = Counter(after.values())
    return BeforeAfter(
        measure=measure,
        counts="events, each side for itself",
        among="people watched through all the days, on both sides",
        window=f"{days} days before the day and {days} days after it, the day itself in neither",
        days=days,
        people=len(counted),
        before=Events(sum(b for b, _, _ in sides.values()), sum(b > 0 for b, _, _ in sides.values())),
        after=Events(sum(a for _, a, _ in sides.values()), sum(a > 0 for _, a, _ in sides.values())),
        both=sum(b > 0 and a > 0 for b, a, _ in sides.values()),
        on_the_day=sum(zero for _, _, zero in sides.values()),
        undated=sum(own[person].count(None) for person in starts),
        excluded={reason: told[reason] for reason in REASONS},
        not_yet_observable=told[_AHEAD],
        not_recorded=told[_UNKNOWN],
        level=level,
    )


_AHEAD, _UNKNOWN = "not yet observable", "not recorded"


def _why(
    start: Day,
    own: list[dt.date | None],
    ends: Mapping[str, Ends],
    person: str,
    asked: tuple[int, dt.date, dt.date],
) -> str:
    """Why a person is left out; an empty text if the person was watched through all the days."""
    days, on, since = asked
    if not isinstance(start, dt.date):
        return UNMET if start is NONE else _UNKNOWN
    if start - days * ONE < since:
        return EARLY
    if start + days * ONE > on:
        return _AHEAD
    end = ends.get(person, Ends())
    if end.by(start + days * ONE):
        return GONE
    return _UNKNOWN if None in own or not end.known else ""


def _sides(start: dt.date, own: Iterable[dt.date | None], days: int) -> tuple[int, int, int]:
    """How many events lie in the days before, in the days after, and on the day itself."""
    apart = [(day - start).days for day in own if day is not None]
    before, after = (sum(0 < sign * each <= days for each in apart) for sign in (-1, 1))
    return before, after, apart.count(0)


# of records


def crisis_contacts_before_and_after(
    roster: HasTables, *, on: dt.date, days: int, counts: Counts | None = None, level: float = LEVEL
) -> BeforeAfter:
    """Contacts with crisis services, per person, before and after the first session with a peer that took place.

    Numerator: contacts in so many days before that day, and after it. Denominator: the person-years of these days, of
    people with a first session who were watched through all of them. With `counts`, care episodes that count are taken
    by their first day, instead of crisis contacts; those of which it is not recorded whether they count have no day.
    Excluded, and told: people, served or with a contact, who have not met a peer so far, those whose days before lie
    before the records are complete, and those who died or left follow-up in the days after. The warning goes with it,
    always. Raises `InputError` where the contacts, or the events, were not given.
    """
    kind = "crisis_contact" if counts is None else "care_episode"
    needed(roster.tables, "contact", kind)
    events, unowned = _crises(roster.tables) if counts is None else _care(roster.tables, counts)
    starts, loose = _starts(roster.tables, on)
    since = max(since_of(roster.tables, each) for each in (kind, "contact", "outcome_event"))
    found = before_and_after(
        starts,
        [(person, day) for person, day in events if person in starts],
        days=days,
        on=on,
        since=since,
        ends={person: ends_of(roster.tables, person) for person in starts},
        measure="contacts with crisis services before and after the first session with a peer",
        level=level,
    )
    notes = [f"events without a person, which count for nobody: {unowned}"] if unowned else []
    notes += [f"sessions without a person, which are nobody's first: {loose}"] if loose else []
    notes += [_AS_RECORDED] if counts is None else []
    notes += [] if roster.tables.given("outcome_event") else [NO_EVENTS]
    return attrs.evolve(found, notes=tuple(notes))


_AS_RECORDED = "a contact from before the service counts only where it is recorded with an admission of the person"


def _starts(tables: Tables, on: dt.date) -> tuple[dict[str, Day], int]:
    """The day of the first session of everybody served, or with a contact; and the sessions of nobody."""
    served = [each for kind in STARTED for each in seen(tables, cast("Served", kind), on)]
    people: dict[str | None, list[Contact]] = {each.person: [] for each in served}
    for each in cast("tuple[Contact, ...]", tables.all_of("contact")):
        people.setdefault(_person(tables, each), []).append(each)
    nobody = people.pop(None, [])
    loose = [day_of(each, tables.office) for each in nobody if took_place(each)]
    days = {person: first_meeting(own, tables.office, on) for person, own in people.items() if person is not None}
    return days, sum(day is None or day <= on for day in loose)


def _person(tables: Tables, session: Contact) -> str | None:
    """Whose session it is: as the contact says, or else its admission or its enrollment."""
    of = [(kind, getattr(session, kind)) for kind in ("admission", "enrollment")]
    served = [tables.find(kind, id_) for kind, id_ in of if id_ is not None]
    said = [session.person, *(getattr(each, "person", None) for each in served)]
    return next((person for person in said if person is not None), None)


Happened = list[tuple[str, dt.date | None]]


def _crises(tables: Tables) -> tuple[Happened, int]:
    contacts = cast("tuple[CrisisContact, ...]", tables.all_of("crisis_contact"))
    owners = {each.id: each.person for each in cast("tuple[Admission, ...]", tables.all_of("admission"))}
    owned = [(owners.get(each.admission or ""), each.contacted_on) for each in contacts]
    return [(person, day) for person, day in owned if person], sum(not person for person, _ in owned)


def _care(tables: Tables, counts: Counts) -> tuple[Happened, int]:
    episodes = cast("tuple[CareEpisode, ...]", tables.all_of("care_episode"))
    taken = [
        (each.person, each.admitted_on if counts(each) else None) for each in episodes if counts(each) is not False
    ]
    return [(person, day) for person, day in taken if person], sum(not person for person, _ in taken)
