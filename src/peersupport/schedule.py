"""What happens from week to week: contacts, modules, appointments and follow-ups; a course of weeks, and its calendar.

A course is made of what a rulebook asks for again and again, so that another rulebook has another course.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import attrs

from peersupport.plans import Obligation, timeline
from peersupport.rules import calendar as days
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, OrNone, Record, Recorded, Span, Texts, fact, kind
from peersupport.rules.forms import Form, Repeated
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables


@kind(
    "contact",
    "a contact",
    span=Span("starts_at", "ends_at"),
    dated_by="starts_at",
    responsible="peer_provider",
)
@attrs.frozen(kw_only=True)
class Contact(Record):
    """One session of peer support, or an attempt at one."""

    person: Recorded[str] = fact("-> person", "the person served")
    admission: Recorded[str] = fact("-> admission", "the admission served")
    enrollment: Recorded[str] = fact("-> enrollment", "the enrollment served")
    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    modality: Recorded[str] = fact("choice: in_person video telephone chat", "how they meet")
    status: Recorded[str] = fact("choice: scheduled attended not_attended", "the outcome of the contact")
    scheduled_on: Recorded[dt.date] = fact(
        "date", "the day for which the contact is scheduled", event="a contact is scheduled"
    )
    starts_at: Recorded[dt.datetime] = fact("instant", "the time the contact starts", event="they meet")
    ends_at: OrNone[dt.datetime] = fact("instant or none", "the time the contact ends", event="the contact ends")
    setting: Recorded[str] = fact(
        "choice: office_clinic home community hospital school jail other", "the setting of the contact"
    )
    interventions: Recorded[Texts] = fact(
        "set: planning navigation self_help_groups education self_advocacy crisis_liaison",
        "the interventions used",
    )
    topics: Recorded[Texts] = fact("set: open", "the topics of education")
    makes_up: OrNone[str] = fact("-> contact or none", "the missed contact that this one makes up")


@kind("barrier_note", "a barrier note", span=Span("covers_from", "covers_until", through=True))
@attrs.frozen(kw_only=True)
class BarrierNote(Record):
    """A note on what keeps a person and a peer provider from meeting in person, from its first day through its last."""

    admission: Recorded[str] = fact("-> admission", "the admission it is about")
    barrier: Recorded[str] = fact("choice: transport distance health weather staffing other", "the barrier")
    covers_from: Recorded[dt.date] = fact("date", "the first day it covers")
    covers_until: OrNone[dt.date] = fact("date or none", "the last day it covers", planned=True)


@kind("module", "a module", dated_by="released_on")
@attrs.frozen(kw_only=True)
class Module(Record):
    """A piece of learning material that is made available to somebody enrolled."""

    enrollment: Recorded[str] = fact("-> enrollment", "the enrollment")
    released_on: Recorded[dt.date] = fact("date", "the day it is released", event="the module is released")
    completed_on: OrNone[dt.date] = fact("date or none", "the day it is completed", event="the module is completed")


@kind("appointment", "an appointment", dated_by="starts_at")
@attrs.frozen(kw_only=True)
class Appointment(Record):
    """An appointment of somebody enrolled, with the program or elsewhere, of which the program knows."""

    enrollment: Recorded[str] = fact("-> enrollment", "the enrollment")
    starts_at: Recorded[dt.datetime] = fact("instant", "the time it starts", planned=True)
    wants_reminder: Recorded[bool] = fact("bool", "the person wants to be reminded")


@kind("reminder", "a reminder", dated_by="sent_at")
@attrs.frozen(kw_only=True)
class Reminder(Record):
    """A reminder of an appointment."""

    appointment: Recorded[str] = fact("-> appointment", "the appointment")
    sent_at: Recorded[dt.datetime] = fact("instant", "the time it is sent", event="a reminder is sent")


@kind("follow_up", "a follow-up", dated_by="attempted_on")
@attrs.frozen(kw_only=True)
class FollowUp(Record):
    """An attempt to reach somebody after the program, to ask how the person is."""

    enrollment: Recorded[str] = fact("-> enrollment", "the enrollment")
    attempted_on: Recorded[dt.date] = fact("date", "the day of the attempt", event="staff try to reach the person")
    reached: Recorded[bool] = fact("bool", "the person is reached")
    wellbeing_recorded: Recorded[bool] = fact("bool", "how the person is doing is recorded")


# weeks

After: TypeAlias = Literal["continue", "pause", "restart"]
"""What a stay in hospital does to a course: nothing, it waits as many days, or it starts anew at the next meeting."""


@attrs.frozen
class Week:
    """A week of a course, from its first day until before `until`; `paused` of its days were not counted."""

    number: int
    start: dt.date
    until: dt.date
    paused: int = 0

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.until


def weeks(
    start: dt.date,
    count: int,
    *,
    stays: Iterable[tuple[dt.date, dt.date]] = (),
    after: After = "continue",
    resumed_on: dt.date | None = None,
) -> tuple[Week, ...]:
    """The weeks of a course, one after the other without gap or overlap.

    `stays` are stays in hospital, each from its first day until the day of leaving. After a stay the course may
    `continue` as if nothing had been, `pause` for as many days as the stay had, or `restart` at the first meeting
    after it, `resumed_on`. Raises `InputError` for no weeks, a stay that ends before it starts, and a restart with a
    stay but without a later meeting.
    """
    stays = tuple(sorted(stays))
    raise_any(list(_faults(count, stays, after, resumed_on)))
    if after == "restart" and stays and resumed_on is not None:
        return weeks(resumed_on, count)
    still = {day for stay in stays for day in _days(*stay)} if after == "pause" else set[dt.date]()
    found: list[Week] = []
    for number in range(1, count + 1):
        until = _week_until(start, still)
        found.append(Week(number, start, until, sum(day in still for day in _days(start, until))))
        start = until
    return tuple(found)


def _faults(
    count: int, stays: Sequence[tuple[dt.date, dt.date]], after: After, resumed_on: dt.date | None
) -> Iterator[Problem]:
    if count < 1:
        yield Problem("count", f"{count} weeks are no course", "give the number of weeks")
    for start, until in stays:
        if until < start:
            yield Problem("stays", f"a stay ends on {until}, before it starts on {start}", "exchange the days")
    if after == "restart" and stays and (resumed_on is None or resumed_on < stays[-1][1]):
        fault = f"a course that starts anew needs a meeting on {stays[-1][1]} or later"
        yield Problem("resumed_on", fault, "give the first meeting after the stay")


def _days(start: dt.date, until: dt.date) -> Iterator[dt.date]:
    return (start + dt.timedelta(days=number) for number in range((until - start).days))


def _week_until(start: dt.date, still: set[dt.date]) -> dt.date:
    """The first day after seven days that count."""
    left, day = 7, start
    while left:
        left -= day not in still
        day += dt.timedelta(days=1)
    return day


@attrs.frozen
class Kept:
    """What came of one week: how many calls were scheduled for it, and how many took place or were missed in it.

    `made_up` of those attended make up for one that was missed, whichever week that was in; `unknown` are of contacts
    whose outcome is not recorded.
    """

    week: Week
    scheduled: int = 0
    attended: int = 0
    missed: int = 0
    made_up: int = 0
    unknown: int = 0


def weeks_kept(course: Iterable[Week], contacts: Iterable[Contact]) -> tuple[Kept, ...]:
    """What came of each week of a course. Nothing is carried over: a call counts for the week of its own day.

    Contacts whose day is not recorded, or which lie outside of the course, count for no week.
    """
    held = [(each, each.scheduled_on) for each in contacts]
    return tuple(
        _kept(week, [each for each, day in held if isinstance(day, dt.date) and day in week]) for week in course
    )


def _kept(week: Week, contacts: Sequence[Contact]) -> Kept:
    attended = [each for each in contacts if each.status == "attended"]
    return Kept(
        week,
        scheduled=len(contacts),
        attended=len(attended),
        missed=sum(each.status == "not_attended" for each in contacts),
        made_up=sum(isinstance(each.makes_up, str) for each in attended),
        unknown=sum(each.status is None for each in contacts),
    )


# the calendar of a course


@attrs.frozen(kw_only=True)
class Meeting:
    """When people meet each week: the weekday (Monday is 0), the time on the program's clock, and for how long.

    `moved` has other days for some weeks, by number. On a holiday of the office the meeting is on the next day of the
    same week that is none.
    """

    weekday: int
    at: dt.time
    lasts: dt.timedelta
    moved: Mapping[int, dt.date] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Entry:
    """One thing of a calendar, which a rule asks for: on the days from `start` through `through`, the last of them due.

    `at` is when a meeting begins and `until` when it ends, None for what has no time. `number` counts what a rule asks
    again and again, `of` is how many there are in all. `missing` says on what it hangs that is not recorded.
    """

    rule: str
    says: str
    start: dt.date
    through: dt.date
    number: int | None = None
    of: int | None = None
    at: dt.datetime | None = None
    until: dt.datetime | None = None
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        counted = f" ({self.number} of {self.of})" if self.number and self.of else ""
        return f"{self.says}{counted}"


@attrs.frozen
class Course:
    """The calendar of one enrollment: dated entries in their order, and what should be known about them.

    `undated` is what has no day: it waits for something, or hangs on what is not recorded.
    """

    entries: tuple[Entry, ...]
    undated: tuple[Obligation, ...] = ()
    warnings: tuple[str, ...] = ()

    def of(self, rule: str) -> tuple[Entry, ...]:
        """The entries of a rule."""
        return tuple(each for each in self.entries if each.rule == rule)


LONGEST: Final = Period(2, "years")
"""How far a calendar looks ahead."""


def calendar(
    rulebook: Rulebook,
    start: dt.date,
    *,
    about: str = "enrollment",
    facts: Mapping[str, object] | None = None,
    left_care_on: dt.date | None = None,
    readings: Iterable[str] = (),
    office: Office | None = None,
    meeting: Meeting | None = None,
) -> Course:
    """The whole course of somebody who starts on a day, as dated entries: all that the rulebook asks for the record.

    Nothing has been done yet, and the person is taken to stay until the end. `facts` are other facts of the record:
    what hangs on consent has a date only with `{"follow_up_consent": True}`. `left_care_on` is the day of leaving care,
    for readings that count from it. With a `meeting`, calls that are asked for each week get their day and time. A
    warning says when no holidays are given, and when weeks of the course lie before its start. Raises `InputError` for
    a kind, fact or reading that is not there, and for a meeting outside of its week.
    """
    chosen, office = tuple(readings), office or Office()
    roster = _Planned(_planned(rulebook, about, start, facts or {}, left_care_on, office))
    through = days.shift(start, LONGEST, office)
    owed = timeline(rulebook, roster, _PERSON, on=start, through=through, readings=chosen)
    read = rulebook.chosen(frozenset(chosen))
    dated = [_entry(rulebook, read, each, each.due, about, office) for each in owed if each.due]
    meets = {each.rule for each in owed if _meets(rulebook.body(rulebook[each.rule], about, read).form)}
    if meeting is not None:
        raise_any(list(_meeting_faults(meeting, [each for each in dated if each.rule in meets])))
        dated = [_met(each, meeting, office) if each.rule in meets else each for each in dated]
    dated.sort(key=lambda each: (each.start, each.through, each.rule, each.number or 0))
    undated = tuple(each for each in owed if not each.due)
    return Course(tuple(dated), undated, tuple(_warnings(dated, office, start)))


_PERSON: Final = "person"
_EPISODE: Final = "index-episode"


@attrs.frozen
class _Planned:
    """Tables of somebody who has only just started."""

    tables: Tables


def _planned(
    rulebook: Rulebook,
    about: str,
    start: dt.date,
    facts: Mapping[str, object],
    left_care_on: dt.date | None,
    office: Office,
) -> Tables:
    """Tables of one record, of which nothing has happened yet but its start."""
    kinds = rulebook.vocabulary
    if about not in kinds or not kinds[about].span or "person" not in kinds[about].facts:
        fit = [name for name in kinds if kinds[name].span and "person" in kinds[name].facts]
        raise InputError(
            [Problem("about", f"{about!r} is no kind of record with a start and a person", near(about, fit))]
        )
    kind_ = kinds[about]
    unknown = [name for name in facts if name not in kind_.facts]
    raise_any([Problem(f"facts, {name}", f"is no fact of {kind_.phrase}", near(name, kind_.facts)) for name in unknown])
    known: dict[str, object] = {each.name: NONE for each in kind_.stored if each.type.or_none}
    begins = kind_.span.start if kind_.span else ""
    known |= {"person": _PERSON, begins: start, **facts}
    tables: dict[str, dict[str, Record]] = {name: {} for name in kinds}
    if left_care_on is not None and "index_episode" in kind_.facts:
        known["index_episode"] = _EPISODE
        ended = {"person": _PERSON, "admitted_on": left_care_on, "ended_on": left_care_on}
        tables["care_episode"][_EPISODE] = kinds["care_episode"].record(id=_EPISODE, **ended)
    tables["person"][_PERSON] = kinds["person"].record(id=_PERSON)
    tables["program"]["program"] = kinds["program"].record(id="program", time_zone=office.zone)  # type: ignore[call-arg]
    tables[about]["course"] = kind_.record(id="course", **known)
    return Tables({name: Table(records) for name, records in tables.items()}, office)


def _entry(
    rulebook: Rulebook, readings: frozenset[str], owed: Obligation, due: dt.date, about: str, office: Office
) -> Entry:
    """An obligation as an entry: on a grid of days or weeks all days on which it can be done, else its due day."""
    form = rulebook.body(rulebook[owed.rule], about, readings).form
    last = _day(due, office)
    first = last
    if isinstance(form, Repeated) and not form.rolling and form.period.unit in days.FIXED:
        first = days.shift(last, -form.period, office) + dt.timedelta(days=1)
    of = form.times if isinstance(form, Repeated) else None
    return Entry(
        rule=owed.rule, says=owed.says, start=first, through=last, number=owed.occurrence, of=of, missing=owed.missing
    )


def _meets(form: Form) -> bool:
    """Whether people meet once a week for what a rule asks."""
    if not isinstance(form, Repeated) or form.rolling or form.period != Period(1, "weeks"):
        return False
    return any(each.path.leads_to == "contact" for each in form.done)


def _day(moment: dt.date, office: Office) -> dt.date:
    return days.day(moment, office) if isinstance(moment, dt.datetime) else moment


def _meeting_faults(meeting: Meeting, entries: Sequence[Entry]) -> Iterator[Problem]:
    if not 0 <= meeting.weekday <= 6:
        yield Problem("meeting, weekday", f"{meeting.weekday} is no weekday", "count from Monday, 0, to Sunday, 6")
    if meeting.lasts <= dt.timedelta(0):
        yield Problem("meeting, lasts", "a meeting that lasts no time", "give its length")
    weeks_ = {entry.number: entry for entry in entries}
    for number, day in meeting.moved.items():
        week = weeks_.get(number)
        if week is None:
            yield Problem("meeting, moved", f"there is no week {number}", f"there are {len(weeks_)}")
        elif not week.start <= day <= week.through:
            fault = f"{day} is not in week {number}"
            yield Problem("meeting, moved", fault, f"choose a day from {week.start} to {week.through}")


def _met(entry: Entry, meeting: Meeting, office: Office) -> Entry:
    """An entry with the day and time of its meeting."""
    usual = entry.start + dt.timedelta(days=(meeting.weekday - entry.start.weekday()) % 7)
    day = meeting.moved.get(entry.number or 0) or _open_day(entry, usual, office)
    begins = dt.datetime.combine(day, meeting.at, office.tz)
    ends = (begins.astimezone(dt.UTC) + meeting.lasts).astimezone(office.tz)
    return attrs.evolve(entry, start=day, through=day, at=begins, until=ends)


def _open_day(entry: Entry, usual: dt.date, office: Office) -> dt.date:
    """The usual day, or where it is a holiday the next one of the week that is none, or else one before."""
    span = [entry.start + dt.timedelta(days=number) for number in range((entry.through - entry.start).days + 1)]
    later = [day for day in span if day >= usual] + [day for day in span if day < usual]
    return next((day for day in later if day not in (office.holidays or ())), usual)


def _warnings(entries: Sequence[Entry], office: Office, start: dt.date) -> Iterator[str]:
    if office.holidays is None:
        yield "no holidays are given: what falls on one is not moved"
    counted = [each for each in entries if each.of]
    for rule in dict.fromkeys(each.rule for each in counted):
        mine = [each for each in counted if each.rule == rule]
        gone = [each for each in mine if each.through < start]
        if gone:
            left = "nothing of it is left" if len(gone) == mine[0].of else f"{len(gone)} of {mine[0].of} have passed"
            yield f"{rule}: it runs from {mine[0].start} to {mine[-1].through}, and the start is {start}: {left}"


def holidays_of(place: str, years: Iterable[int]) -> frozenset[dt.date]:
    """The public holidays of a country (`"US"`) or of a part of it (`"US-MN"`) in some years.

    They are those of the library `holidays`, which the extra `calendar` brings. Raises `InputError` where it is not
    installed, and for a place that it does not know.
    """
    if importlib.util.find_spec("holidays") is None:
        mend = 'install it: pip install "peersupport[calendar]"; or give the days themselves'
        raise InputError([Problem("holidays", "of a place need the library holidays", mend)])
    holidays = importlib.import_module("holidays")
    country, _, part = place.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None, years=list(years))
    except NotImplementedError:
        mend = "write a country, or a country and its part, as in US-MN"
        raise InputError([Problem("holidays", f"nothing is known of {place!r}", mend)]) from None
    return frozenset(found)


# a file for calendar programs


def as_ics(course: Course, key: str, *, stamp: dt.datetime | None = None) -> bytes:
    """A course as an iCalendar file (RFC 5545), which calendar programs import.

    `key` tells this course from others: together with the rule and its number it makes ids that stay the same when the
    file is made again, so that an import replaces what was imported before. It stands in the file only as a hash.
    There is no name in the file. `stamp` is the time at which it was made, by default the beginning of the course's
    first day, so that the same course gives the same file. Raises `InputError` where the extra `calendar` is not
    installed, and for a stamp without a time zone.
    """
    if importlib.util.find_spec("icalendar") is None:
        mend = 'install it: pip install "peersupport[calendar]"'
        raise InputError([Problem("calendar file", "needs the library icalendar", mend)])
    import icalendar  # noqa: PLC0415  an extra

    if stamp is not None and stamp.tzinfo is None:
        raise InputError([Problem("stamp", "has no time zone", "give an aware datetime")])
    first = min((each.start for each in course.entries), default=dt.date(1970, 1, 1))
    made = stamp or dt.datetime.combine(first, dt.time(), dt.UTC)
    found = icalendar.Calendar()
    found.add("prodid", "-//peersupport//course//EN")
    found.add("version", "2.0")
    for entry in course.entries:
        event = icalendar.Event()
        event.add("uid", _uid(key, entry))
        event.add("dtstamp", made.astimezone(dt.UTC))
        event.add("summary", str(entry))
        event.add("dtstart", entry.at or entry.start)
        event.add("dtend", entry.until or entry.through + dt.timedelta(days=1))
        event.add("categories", [entry.rule])
        found.add_component(event)
    found.add_missing_timezones()
    return bytes(found.to_ical())


def _uid(key: str, entry: Entry) -> str:
    text = "\x1f".join((key, entry.rule, str(entry.number or 0)))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@peersupport"
