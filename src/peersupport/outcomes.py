"""What changed: attested outcomes, contacts with crisis services over time, readmissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final, cast

import attrs

from peersupport.readers.judge import HasTables
from peersupport.rules import calendar
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import Record, Recorded, fact, kind
from peersupport.rules.problems import InputError, Problem, missing_table, near, raise_any
from peersupport.rules.tables import Tables


@kind(
    "outcome_review",
    "a review of outcomes",
    dated_by="attested_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class OutcomeReview(Record):
    """What somebody who knows the person attests of the outcomes that the service is for, on a day."""

    admission: Recorded[str] = fact("-> admission", "the admission reviewed")
    attested_on: Recorded[dt.date] = fact("date", "the day of the review", event="outcomes are attested")
    plan_sustainable: Recorded[bool] = fact("bool, judged", "the recovery and wellness plan can be kept up")
    names_strengths_and_needs: Recorded[bool] = fact(
        "bool, judged", "the person or family can name strengths and needs"
    )
    reaches_resources: Recorded[bool] = fact("bool, judged", "the person or family can reach resources")
    moves_through_systems: Recorded[bool] = fact("bool, judged", "the person or family finds the way through systems")
    formal_supports: Recorded[int] = fact("int supports", "the number of formal supports in place", at_least=0)
    informal_supports: Recorded[int] = fact("int supports", "the number of informal supports in place", at_least=0)


@kind(
    "crisis_contact",
    "a contact with a crisis service",
    dated_by="contacted_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class CrisisContact(Record):
    """A person turns to a crisis service, and what peer support did to link with it."""

    admission: Recorded[str] = fact("-> admission", "the admission it falls into")
    contacted_on: Recorded[dt.date] = fact("date", "the day of the contact", event="a crisis service is contacted")
    liaison: Recorded[str] = fact(
        "choice: made declined_by_person not_possible not_made", "the liaison of peer support with the crisis service"
    )


# attested outcomes

DESIRED: Final[dict[str, Callable[[OutcomeReview], bool | None]]] = {
    "the plan can be kept up": lambda review: review.plan_sustainable,
    "names strengths and needs": lambda review: review.names_strengths_and_needs,
    "reaches resources": lambda review: review.reaches_resources,
    "moves through systems": lambda review: review.moves_through_systems,
    "formal supports are in place": lambda review: _one(review.formal_supports),
    "informal supports are in place": lambda review: _one(review.informal_supports),
}
"""The outcomes that the service is for (S3: Individual desired outcome), each as it is attested in a review."""


def _one(supports: int | None) -> bool | None:
    return None if supports is None else supports >= 1


@attrs.frozen
class Attested:
    """One desired outcome over the latest review of each admission.

    `yes` and `no` are attested. `not_recorded` are admissions of which the latest review does not say, or of which it
    is not known which review is the latest, or whether there was one. `not_reviewed` are those without a review.
    """

    outcome: str
    yes: int
    no: int
    not_recorded: int
    not_reviewed: int


def attested(roster: HasTables, *, on: dt.date) -> tuple[Attested, ...]:
    """What was last attested of each desired outcome, up to a day, over the admissions up to that day.

    An admission whose day is not recorded is among them. It is what somebody who knows the person says, of those who
    were asked; it shows no effect of the service. Raises `InputError` when the reviews were not given.
    """
    _needed(roster.tables, "outcome_review")
    starts = {name: getattr(each, "admitted_on", None) for name, each in _admissions(roster.tables).items()}
    admitted = [name for name, start in starts.items() if start is None or start <= on]
    reviews = {name: _latest(name, roster.tables, on) for name in admitted}
    unseen = {name for name in admitted if not reviews[name] and _before_the_table(starts[name], roster.tables)}
    return tuple(_attested(name, says, reviews, len(unseen)) for name, says in DESIRED.items())


def _attested(
    name: str, says: Callable[[OutcomeReview], bool | None], reviews: dict[str, list[OutcomeReview]], unseen: int
) -> Attested:
    said = [_said(says, found) for found in reviews.values() if found]
    yes, no = said.count({True}), said.count({False})
    return Attested(name, yes, no, len(said) - yes - no + unseen, len(reviews) - len(said) - unseen)


def _said(says: Callable[[OutcomeReview], bool | None], found: list[OutcomeReview]) -> set[bool | None]:
    """What the reviews say that may be the latest; one without a day alone may be of a later day."""
    return {says(each) for each in found} if any(each.attested_on for each in found) else {None}


def _latest(admission: str, tables: Tables, on: dt.date) -> list[OutcomeReview]:
    """The latest review of an admission, and those that may be later because their day is not recorded."""
    reviews = cast("tuple[OutcomeReview, ...]", tables.referring("outcome_review", "admission", admission))
    dated = [(each.attested_on, each.id, each) for each in reviews if each.attested_on and each.attested_on <= on]
    undated = [each for each in reviews if each.attested_on is None]
    return [*undated, max(dated, key=lambda each: each[:2])[2]] if dated else undated


def _before_the_table(start: dt.date | None, tables: Tables) -> bool:
    """Whether an admission may have been reviewed before the reviews are complete."""
    table = tables.given("outcome_review")
    return bool(table and table.since and (start is None or start < table.since))


def _needed(tables: Tables, kind_: str) -> None:
    raise_any([missing_table(kind_)] if tables.given(kind_) is None else [])


def _admissions(tables: Tables) -> dict[str, Record]:
    _needed(tables, "admission")
    return {each.id: each for each in tables.all_of("admission")}


# contacts with crisis services

CAUTION: Final = (
    "Fewer contacts are not better by themselves: using a crisis service can be the right thing to do. People often "
    "start after a crisis, so that contacts fall whatever the service does, and those who stay long differ from those "
    "who leave."
)
"""What is said with every trend of crisis contacts."""


@attrs.frozen
class Stretch:
    """Some days of service, counted from admission, and the crisis contacts of services that lasted all of them.

    `first_day` and `last_day` are days since admission, which is day 0. `observed` services lasted through every one of
    the days, somebody with two services twice; `contacts` are theirs in these days.
    """

    first_day: int
    last_day: int
    observed: int
    contacts: int


@attrs.frozen
class Trend:
    """Crisis contacts along the service. `undated` contacts could be in any stretch or in none of them.

    `elsewhere` are contacts in a stretch that a service has not lasted through yet, or never did, those of days outside
    of it, and those of services left out: no stretch counts them.
    `left_out` are admissions whose day or end is not recorded, and those from before the contacts are complete.
    """

    stretches: tuple[Stretch, ...]
    undated: int
    left_out: int
    elsewhere: int = 0
    caution: str = CAUTION


def crisis_contacts(
    roster: HasTables, *, on: dt.date, days: int = 90, admissions: Iterable[str] | None = None
) -> Trend:
    """Contacts with crisis services in each so many days from admission, up to a day, of all admissions or of some.

    Only whole stretches of a person's service count, so that those who are observed for a shorter time do not look
    better. It is a count with a caution (S3: Individual desired outcome), not an effect. Raises `InputError` for an
    admission that is not there, and when the contacts were not given.
    """
    if days < 1:
        raise InputError([Problem("days", f"{days} is not a length of time", "write a whole number from 1 on")])
    _needed(roster.tables, "crisis_contact")
    known = _admissions(roster.tables)
    chosen = list(known) if admissions is None else list(dict.fromkeys(admissions))
    raise_any([Problem("admissions", f"there is no {n!r}", near(n, known)) for n in chosen if n not in known])
    table = roster.tables.given("crisis_contact")
    since = (table and table.since) or dt.date.min
    served = {name: _served(known[name], since, on) for name in chosen}
    contacts = {name: _contacts(name, roster.tables, on) for name in served}
    observed = {name: span for name, span in served.items() if span is not None}
    longest = max((length // days for _, length in observed.values()), default=0)
    stretches = (_stretch(number * days, days, observed, contacts) for number in range(longest))
    counted = tuple(stretches)
    undated = sum(dates.count(None) for dates in contacts.values())
    dated = sum(len(dates) - dates.count(None) for dates in contacts.values())
    elsewhere = dated - sum(stretch.contacts for stretch in counted)
    return Trend(counted, undated, len(served) - len(observed), elsewhere)


def _served(admission: Record, since: dt.date, on: dt.date) -> tuple[dt.date, int] | None:
    """The first day of a service, and the number of days it was given up to a day.

    None where that is not recorded, or where the service began before the day from which contacts are complete.
    """
    start, end = getattr(admission, "admitted_on", None), getattr(admission, "ended_on", None)
    if start is None or end is None or start < since:
        return None
    until = on + dt.timedelta(days=1)
    if isinstance(end, dt.date):
        until = min(end, until)
    return start, max(0, (until - start).days)


def _contacts(admission: str, tables: Tables, on: dt.date) -> list[dt.date | None]:
    contacts = cast("tuple[CrisisContact, ...]", tables.referring("crisis_contact", "admission", admission))
    return [each.contacted_on for each in contacts if each.contacted_on is None or each.contacted_on <= on]


def _stretch(
    first: int, days: int, served: dict[str, tuple[dt.date, int]], contacts: dict[str, list[dt.date | None]]
) -> Stretch:
    whole = {name: start for name, (start, length) in served.items() if length >= first + days}
    counted = [
        day
        for name, start in whole.items()
        for day in contacts[name]
        if day is not None and first <= (day - start).days < first + days
    ]
    return Stretch(first, first + days - 1, len(whole), len(counted))


# readmissions


@attrs.frozen
class Readmission:
    """A care episode that began after another ended, and how many days after."""

    episode: str
    days: int


@attrs.frozen
class Readmissions:
    """The readmissions of one person within a period after a care episode, in the order of their days.

    `perhaps` are the ids of episodes of which it is not recorded whether they count. `through` is the last day that
    counts: whether the last day of the period is in it is a reading, which the caller chooses.
    """

    through: dt.date
    counted: tuple[Readmission, ...]
    perhaps: tuple[str, ...]


def readmissions(
    index: Record, episodes: Iterable[Record], *, within: Period, last_day_counts: bool = True
) -> Readmissions:
    """The psychiatric inpatient stays of a person that began within a period after a care episode ended.

    A stay that begins on the day the other ends is a transfer and no readmission. Records of other people and the
    episode itself are left out. Raises `InputError` where the day on which the episode ended is not known, and for a
    period that is not counted in days.
    """
    ended = getattr(index, "ended_on", None)
    problems = []
    if not isinstance(ended, dt.date):
        problems.append(Problem(f"care_episode {index.id}, ended_on", "is no day", "give the day of leaving care"))
    if within.amount < 1 or within.unit not in _WINDOWS:
        problems.append(Problem("within", f"{within} is no length of days", f"count in {', '.join(sorted(_WINDOWS))}"))
    if problems or not isinstance(ended, dt.date):
        raise InputError(problems)
    last = calendar.shift(ended, within, Office()) - dt.timedelta(days=0 if last_day_counts else 1)
    others = [each for each in episodes if each.id != index.id and _of_same(each, index)]
    told = [(each, _readmitted(each, ended, last)) for each in others]
    counted = [Readmission(each.id, (each.admitted_on - ended).days) for each, truth in told if truth]  # type: ignore[attr-defined]
    return Readmissions(
        through=last,
        counted=tuple(sorted(counted, key=lambda each: (each.days, each.episode))),
        perhaps=tuple(each.id for each, truth in told if truth is None),
    )


_WINDOWS: Final = frozenset({"days", "weeks", "months", "years"})


def _of_same(episode: Record, index: Record) -> bool:
    return getattr(episode, "person", None) in {None, getattr(index, "person", None)}


def _readmitted(episode: Record, ended: dt.date, last: dt.date) -> bool | None:
    """Whether an episode is a readmission: no where one thing is known to be otherwise, else unknown if one is not."""
    admitted = getattr(episode, "admitted_on", None)
    kind_, psychiatric, person = (getattr(episode, name, None) for name in ("kind", "psychiatric", "person"))
    outside = isinstance(admitted, dt.date) and not ended < admitted <= last
    if outside or psychiatric is False or kind_ not in {None, "inpatient"}:
        return False
    return None if None in {admitted, kind_, psychiatric, person} else True
