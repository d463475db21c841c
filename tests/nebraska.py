"""What the tests of the rulebook `nebraska-dbh` share: its roster, its findings, and logic with an unknown in it.

The laws of the rules are stated in plain Python with these few words; nothing here asks the judge how it decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeAlias
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from peersupport import (
    NONE,
    Admission,
    ClinicalConsultant,
    Contact,
    Finding,
    License,
    OtherService,
    PeerProvider,
    Person,
    Program,
    Record,
    Roster,
    Verdict,
    from_records,
    judge,
    load,
)
from peersupport.readers.judge import judge_of

BOOK = load("nebraska-dbh")
DAY = dt.timedelta(days=1)
START = dt.date(2026, 2, 2)
LATER = dt.date(2027, 2, 2)
CHICAGO = ZoneInfo("America/Chicago")
PROGRAM = Program(id="program", time_zone="America/Chicago")
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
PENDING, NOT_APPLICABLE = Verdict.PENDING, Verdict.NOT_APPLICABLE
Truth: TypeAlias = bool | None
Moment: TypeAlias = object
"""A day, `NONE` where it is known to be absent, None where it is not recorded."""

DAYS = st.integers(0, 200).map(lambda n: START + n * DAY)
MAYBE = st.sampled_from([True, False, None])
SERVICE = st.sampled_from(["individual", "family", None])
LICENSES = (
    *("psychiatrist", "licensed_psychologist", "provisional_psychologist", "aprn", "np", "rn", "limhp", "lmhp"),
    *("plmhp", "ladc", "pladc"),
)
SUBSTANCE_USE_ONLY = {"ladc", "pladc"}
EMPTY = (
    *("assessment", "plan", "plan_review", "goal", "change", "consultation", "screening", "safety_action"),
    *("coordination_contact", "external_plan", "other_service", "measure", "stay_review", "crisis_contact"),
    *("assignment", "peer_provider", "credential", "clinical_consultant", "license", "oversight"),
    *("group_session", "contact", "barrier_note", "admission"),
)
"""The tables that are given, though there may be nothing in them."""


def around(day: dt.date, most: int = 2) -> st.SearchStrategy[dt.date]:
    """A day, and those shortly before and after it."""
    return st.integers(-most, most).map(lambda n: day + n * DAY)


def near(day: dt.date, most: int = 2) -> st.SearchStrategy[Moment]:
    """A day about another one, none, or not recorded."""
    return st.one_of(around(day, most), st.sampled_from([NONE, None]))


def dated(day: dt.date, most: int = 2) -> st.SearchStrategy[dt.date | None]:
    """A day about another one, or not recorded."""
    return st.one_of(around(day, most), st.none())


def some_of(*choices: str) -> st.SearchStrategy[frozenset[str] | None]:
    """A set of choices, the empty one among them, or not recorded."""
    return st.one_of(st.none(), st.frozensets(st.sampled_from(choices)))


def roster(*records: Record, without: Iterable[str] = ()) -> Roster:
    """A roster in which every table is given but those named, with a person, a child, a peer and the program."""
    absent = set(without)
    taken = {(type(record), record.id) for record in records}
    usual: list[Record] = [Person(id="p"), Person(id="child"), PROGRAM]
    usual += [PeerProvider(id="peer")] * ("peer_provider" not in absent)
    more = [record for record in usual if (type(record), record.id) not in taken]
    return from_records([*more, *records], empty=[kind for kind in EMPTY if kind not in absent])


def found(
    rule: str,
    record: Record,
    *others: Record,
    on: dt.date = LATER,
    readings: Iterable[str] = (),
    without: Iterable[str] = (),
) -> Finding:
    """The finding of a rule for a record among others."""
    tables = roster(record, *others, without=without).tables
    return judge(BOOK, rule, record, on=on, tables=tables, readings=readings)


def told(rule: str, record: Record, *others: Record, on: dt.date = LATER) -> dict[str, Verdict]:
    """The verdict of a rule for a record among others: by default, under no name, and under each of its readings.

    It is the fast way: what is missing is not searched for.
    """
    tables = roster(record, *others).tables
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: judge_.verdict(BOOK[rule], record, on=on, tables=tables) for name, judge_ in judges.items()}


def admission(**facts: object) -> Admission:
    """An admission on the first day, still going on, unless said otherwise."""
    facts = {"person": "p", "child": NONE, "service": "individual", "admitted_on": START, "ended_on": NONE, **facts}
    return Admission(id="a", **facts)  # type: ignore[arg-type]  # any fact of an admission


def family(**facts: object) -> Admission:
    """The same in family service, for the child's caregiver."""
    return admission(**{"service": "family", "child": "child", **facts})


def contact(id_: str = "c", /, **facts: object) -> Contact:
    """A contact of the admission that was attended on the first day, unless said otherwise."""
    usual = {"person": "p", "admission": "a", "peer_provider": "peer", "status": "attended", "starts_at": at(START)}
    return Contact(id=id_, **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a contact


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    """An hour of a day where the program is."""
    return dt.datetime.combine(day, dt.time(hour), CHICAGO)


HOURS = st.sampled_from([0, 10, 23])
"""Hours of the program's day; the last is on the next day in Greenwich."""


def licensed(type_: str | None, valid_from: Moment, valid_until: Moment, id_: str = "l") -> tuple[Record, ...]:
    """A consultant with one license."""
    license_ = License(
        id=id_,
        consultant="k",
        type=type_,
        valid_from=valid_from,  # type: ignore[arg-type]  # a day or not recorded
        valid_until=valid_until,  # type: ignore[arg-type]
    )
    return ClinicalConsultant(id="k"), license_


def other_service(id_: str, **facts: object) -> OtherService:
    """A behavioral health service of the person, going on since before the first day, unless said otherwise."""
    usual = {"person": "p", "kind": "behavioral_health", "starts_on": START - 30 * DAY, "ends_on": NONE}
    return OtherService(id=id_, **{**usual, **facts})  # type: ignore[arg-type]  # any fact of a service


# logic with an unknown in it


def kleene_or(*values: Truth) -> Truth:
    """Yes if one is, no if all are, else unknown."""
    return True if True in values else None if None in values else False


def kleene_and(*values: Truth) -> Truth:
    """No if one is, yes if all are, else unknown."""
    return False if False in values else None if None in values else True


def kleene_not(value: Truth) -> Truth:
    """The other answer; the unknown stays unknown."""
    return None if value is None else not value


def verdict(truth: Truth) -> Verdict:
    """The verdict of a condition of known or unknown truth."""
    return UNKNOWN if truth is None else MET if truth else NOT_MET


def where(applies: Truth, told: Verdict) -> Verdict:
    """The verdict of a rule with a condition of its own: no makes it not applicable, the unknown makes it unknown."""
    return UNKNOWN if applies is None else told if applies else NOT_APPLICABLE


def has(choice: str, of: frozenset[str] | None) -> Truth:
    """Whether a choice is in a set that may not be recorded."""
    return None if of is None else choice in of


def equals(value: object, other: object) -> Truth:
    """Whether a fact that may not be recorded is another value."""
    return None if value is None else value == other


def present(value: object) -> Truth:
    """Whether there is a value at all: not an absent one, and not an empty set."""
    return None if value is None else value is not NONE and value != frozenset()


def not_after(first: Moment, second: Moment) -> Truth:
    """Whether one day is on or before another. An absent day never comes."""
    if first is None or second is None:
        return None
    if first is NONE or second is NONE:
        return second is NONE
    return bool(first <= second)  # type: ignore[operator]


def before(first: Moment, second: Moment) -> Truth:
    """Whether one day is before another."""
    return kleene_not(not_after(second, first))


def inside(day: Moment, start: Moment, end: Moment, *, through: bool) -> Truth:
    """Whether a day lies in a span, whose end is the last day in it (`through`) or the first out of it."""
    return kleene_and(not_after(start, day), not_after(day, end) if through else before(day, end))


Event: TypeAlias = tuple[Truth, Moment]
"""Whether something counts, and its day."""


def day_after(day: Moment) -> Moment:
    """The next day, where there is one."""
    return day + DAY if isinstance(day, dt.date) else day


def in_time(
    events: Sequence[Event], due: Moment, on: dt.date, until: Moment = NONE, opens: dt.date | None = dt.date.min
) -> Verdict:
    """The verdict of a deadline. `due` and `until` are NONE while they have not come.

    It is met by an event that counts, up to the due day; before that day has passed it is pending. Nothing counts
    before the day that it `opens`, and nothing is owed that falls due on `until` or later.
    """
    events = [
        (kleene_and(counts, not_after(opens, day)), day) for counts, day in events if opens is None or opens <= on
    ]
    if due is None:
        return UNKNOWN
    done = kleene_or(*(kleene_and(counts, not_after(day, on if due is NONE else due)) for counts, day in events))
    if done is not False:
        return verdict(done)
    if until is None:
        return UNKNOWN
    if until is not NONE and not before(on if due is NONE else due, until):
        return NOT_APPLICABLE
    return PENDING if due is NONE or on <= due else NOT_MET  # type: ignore[operator]
