"""Who may serve, how many at once, and whom best: peer providers, consultants, assignments, groups, caseloads.

Who fits whom, `rank`, and who is assigned to whom, `match`, are made in `peersupport.matching`, and asked for here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs

from peersupport.matching import Criterion, Participant, Peer, Task, match, match_greedily, rank
from peersupport.readers.judge import HasTables, Judge, Level, judge_of
from peersupport.rules import calendar
from peersupport.rules.facts import OrNone, Record, Recorded, Span, Texts, fact, kind
from peersupport.rules.forms import Limit, Rule
from peersupport.rules.problems import InputError, Problem, missing_table, near
from peersupport.rules.rulebook import Rulebook

__all__ = [
    "Assignment",
    "Caseload",
    "ClinicalConsultant",
    "Credential",
    "Criterion",
    "GroupSession",
    "License",
    "Oversight",
    "Participant",
    "Peer",
    "PeerProvider",
    "Places",
    "Task",
    "match",
    "match_greedily",
    "open_places",
    "over_time",
    "rank",
]


@kind("peer_provider", "a peer provider")
@attrs.frozen(kw_only=True)
class PeerProvider(Record):
    """Somebody with lived experience who provides peer support.

    Lived experience and recovery are the peer provider's own statements; no diagnosis and no kind of condition is
    stored.
    """

    role: Recorded[str] = fact("choice: peer family_peer facilitator volunteer", "the role")
    birth_date: Recorded[dt.date] = fact("date", "the day of birth", event="the peer provider is born")
    lived_experience: Recorded[Texts] = fact("set: own parent_or_caregiver", "the named kinds of lived experience")
    parenting_experience: Recorded[bool] = fact(
        "bool", "there is experience of bringing up a child with a behavioral health challenge"
    )
    diploma: Recorded[bool] = fact("bool", "there is a high school diploma or its equivalent")
    recovery_since: OrNone[dt.date] = fact(
        "date or none", "the self-named first day of recovery", event="recovery begins"
    )
    two_years_attested_on: OrNone[dt.date] = fact(
        "date or none", "the day two years of recovery are attested", event="two years of recovery are attested"
    )


@kind("credential", "a credential", span=Span("valid_from", "valid_until", through=True), dated_by="valid_from")
@attrs.frozen(kw_only=True)
class Credential(Record):
    """A peer provider's certificate, from its first day through its last."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider who holds it")
    kind: Recorded[str] = fact("choice: state grandfathered other", "the kind of certificate")
    valid_from: Recorded[dt.date] = fact("date", "its first day", event="the certificate becomes valid")
    valid_until: OrNone[dt.date] = fact("date or none", "its last day", planned=True)


@kind("clinical_consultant", "a clinical consultant")
@attrs.frozen(kw_only=True)
class ClinicalConsultant(Record):
    """The licensed person who takes professional responsibility for a peer provider's services."""

    on_staff: Recorded[bool] = fact("bool", "the consultant is on the program's staff")


@kind("license", "a license", span=Span("valid_from", "valid_until", through=True), dated_by="valid_from")
@attrs.frozen(kw_only=True)
class License(Record):
    """A professional license of a consultant, from its first day through its last."""

    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant who holds it")
    type: Recorded[str] = fact(
        "choice: psychiatrist licensed_psychologist provisional_psychologist aprn np rn limhp lmhp plmhp ladc pladc "
        "other",
        "the type of license",
    )
    valid_from: Recorded[dt.date] = fact("date", "its first day", event="the license becomes valid")
    valid_until: OrNone[dt.date] = fact("date or none", "its last day", planned=True)


@kind("oversight", "an oversight", span=Span("starts_on", "ends_on"), dated_by="starts_on")
@attrs.frozen(kw_only=True)
class Oversight(Record):
    """A consultant takes professional responsibility for a peer provider's services, until the day it ends."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant responsible")
    starts_on: Recorded[dt.date] = fact("date", "its first day", event="the consultant takes responsibility")
    ends_on: OrNone[dt.date] = fact("date or none", "the day it ends", planned=True)


@kind("assignment", "an assignment", span=Span("starts_on", "ends_on"), dated_by="starts_on")
@attrs.frozen(kw_only=True)
class Assignment(Record):
    """A peer provider serves a person, from the first day until the day it ends."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    admission: Recorded[str] = fact("-> admission", "the admission served")
    kind: Recorded[str] = fact("choice: primary cover group_only", "the kind of assignment")
    starts_on: Recorded[dt.date] = fact("date", "its first day", event="the assignment starts")
    ends_on: OrNone[dt.date] = fact("date or none", "the day it ends", planned=True)


@kind("group_session", "a group session", dated_by="held_on")
@attrs.frozen(kw_only=True)
class GroupSession(Record):
    """One meeting of a group. The facilitators are not among those present."""

    facilitators: Recorded[Texts] = fact("-> set of peer_provider", "the facilitators")
    held_on: Recorded[dt.date] = fact("date", "the day of the session", event="the group meets")
    present: Recorded[int] = fact("int people", "the number of people present", at_least=0)
    on_roster: Recorded[int] = fact("int people", "the number of people on the roster", at_least=0)


# caseloads over time


@attrs.frozen
class Caseload:
    """How many one record has at a time under a limit, on every day of some, as far as it is recorded.

    `levels` follow one another without a gap: each is a number of days on which nothing changes, from `start` until
    before `until`, with how many are `surely` and how many `possibly` there, which differ where an end, a start or a
    reference is not recorded. `readings` are those that were chosen, and `assumes` says in words who counts.
    """

    rule: str
    subject: tuple[str, str]
    at_most: int
    levels: tuple[Level, ...]
    readings: tuple[str, ...] = ()
    assumes: str = ""

    def on(self, day: dt.date) -> Level:
        """The level of a day; a KeyError for one that lies outside."""
        for level in self.levels:
            if level.start <= day < level.until:
                return level
        message = f"{day} is not between {self.levels[0].start} and {self.levels[-1].until}"
        raise KeyError(message)

    def days(self) -> Iterator[tuple[dt.date, int, int]]:
        """Each day with how many are surely and how many possibly there."""
        for level in self.levels:
            for number in range((level.until - level.start).days):
                yield level.start + dt.timedelta(days=number), level.surely, level.possibly

    @property
    def over(self) -> tuple[dt.date, ...]:
        """The days that are surely over the limit."""
        return tuple(day for day, surely, _ in self.days() if surely > self.at_most)

    @property
    def perhaps_over(self) -> tuple[dt.date, ...]:
        """The days of which it is not known whether they are over the limit."""
        return tuple(day for day, surely, possibly in self.days() if surely <= self.at_most < possibly)

    @property
    def peak(self) -> Level:
        """The first level with the most who are surely there, of these the one with the most who may be."""
        return max(self.levels, key=lambda level: (level.surely, level.possibly))

    @property
    def places(self) -> int:
        """How many more there can be on every one of the days, those counted who may be there."""
        return max(0, self.at_most - max(level.possibly for level in self.levels))


@attrs.frozen
class Places:
    """How many more a peer provider can take from a day on, for good, and when there will be more places.

    `places` counts all who are there or will come, by what is recorded on that day, and those who may be there.
    `next_on` is the next day on which there are more, `next_places` how many there are then; None where no end is
    recorded that would free a place.
    """

    peer_provider: str
    surely: int
    possibly: int
    at_most: int
    places: int
    next_on: dt.date | None = None
    next_places: int | None = None


def over_time(
    rulebook: Rulebook,
    roster: HasTables,
    peer_provider: str,
    *,
    since: dt.date,
    through: dt.date,
    rule: str = "",
    readings: Iterable[str] = (),
) -> Caseload:
    """A peer provider's caseload on every day from `since` through the last day, as far as it is recorded.

    `rule` is the limit at any time that says who counts and how many may; it may be left out where the rulebook has
    one about peer providers. Intervals are half-open, so that a handover within a day counts one person once. Raises
    `InputError` for a peer provider, rule or reading that is not there, and when the assignments were not given or are
    not complete from the first day on.
    """
    if through < since:
        raise InputError([Problem("through", f"{through} lies before the first day, {since}", "choose a later day")])
    chosen = frozenset(readings)
    limit = _limit(rulebook, rule, chosen)
    record = roster.tables.find("peer_provider", peer_provider)
    if record is None:
        known = [each.id for each in roster.tables.all_of("peer_provider")]
        raise InputError([Problem("peer_provider", f"there is no {peer_provider!r}", near(peer_provider, known))])
    return _caseload(judge_of(rulebook, chosen), limit, record, roster, since, through)


def open_places(
    rulebook: Rulebook, roster: HasTables, *, on: dt.date, rule: str = "", readings: Iterable[str] = ()
) -> tuple[Places, ...]:
    """How many more each peer provider can take from a day on, those with the most places first.

    `rule` and the errors are as in `over_time`.
    """
    chosen = frozenset(readings)
    limit, judge = _limit(rulebook, rule, chosen), judge_of(rulebook, chosen)
    if roster.tables.given("peer_provider") is None:
        raise InputError([missing_table("peer_provider")])
    found = [
        _places(_caseload(judge, limit, record, roster, on, calendar.LAST_DAY))
        for record in roster.tables.all_of("peer_provider")
    ]
    return tuple(sorted(found, key=lambda each: (-each.places, each.next_on or dt.date.max, each.peer_provider)))


def _limit(rulebook: Rulebook, name: str, readings: frozenset[str]) -> Rule:
    """The limit at any time of a name, or the only one about peer providers, under some readings."""
    about = [rule for rule in rulebook.judged if "peer_provider" in rule.about]
    limits = [rule.id for rule in about if _at_any_time(rulebook, rule, rulebook.chosen(readings))]
    if name in limits or (not name and len(limits) == 1):
        return rulebook[name or limits[0]]
    place = f"rulebook {rulebook.name}"
    if not limits:
        raise InputError([Problem(place, "has no limit on how many a peer provider serves at any time")])
    if not name:
        raise InputError([Problem(place, "has several limits on peer providers", f"name one: {', '.join(limits)}")])
    raise InputError([Problem(place, f"has no limit {name!r} on peer providers at any time", near(name, limits))])


def _at_any_time(rulebook: Rulebook, rule: Rule, readings: frozenset[str]) -> bool:
    form = rulebook.body(rule, "peer_provider", readings).form
    return isinstance(form, Limit) and form.counts_at_any_time


def _caseload(
    judge: Judge, rule: Rule, record: Record, roster: HasTables, since: dt.date, through: dt.date
) -> Caseload:
    complete = judge.complete_since(rule, record, roster.tables)
    if complete and since < complete:
        fault = f"what it counts is complete from {complete} on, and not on {since}"
        raise InputError([Problem(f"rule {rule.id}", fault, "ask from that day on")])
    found = judge.levels(rule, record, on=since, since=since, through=through, tables=roster.tables)
    if found is None and rule.choose and not set(rule.readings) & judge.readings:
        raise InputError([Problem(f"rule {rule.id}", "has no default reading", f"choose {' or '.join(rule.readings)}")])
    if found is None:
        mend = "give the table, if it is empty too"
        raise InputError([Problem(f"rule {rule.id}", "what it counts was not given, or its bound is unknown", mend)])
    levels, most = found
    chosen = tuple(name for name in rule.readings if name in judge.readings)
    subject = ("peer_provider", record.id)
    return Caseload(rule.id, subject, most, tuple(levels), chosen, rule.assumption(judge.readings))


def _places(caseload: Caseload) -> Places:
    now = caseload.levels[0]
    later = [attrs.evolve(caseload, levels=caseload.levels[i:]) for i in range(len(caseload.levels))]
    more = next((each for each in later if each.places > caseload.places), None)
    return Places(
        peer_provider=caseload.subject[1],
        surely=now.surely,
        possibly=now.possibly,
        at_most=caseload.at_most,
        places=caseload.places,
        next_on=more.levels[0].start if more else None,
        next_places=more.places if more else None,
    )
