"""The rulebook `minnesota-peer2peer`: its rows, and each rule but the referral window against its law.

The laws stand here in plain Python; nothing asks the judge how it decides. Rules that are alike share their tests:
criteria of a record's own facts (`OWN`), deadlines that are due once (`OWED`), those of each week (`WEEKLY`). What
changes at an edge (`EDGES`) and what is missing (`LACKING`) stand in tables. The referral window has a module of its
own. The laws that hold of several rules stand at the end.
"""

from __future__ import annotations

import calendar as almanac
import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import attrs
import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MAYBE, MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Event, Moment, Truth, equals, verdict

import peersupport
from peersupport import NONE, Finding, Force, Office, Place, Reason, Record, Verdict
from peersupport.readers.judge import judge_of

BOOK = peersupport.load("minnesota-peer2peer")
CHICAGO = ZoneInfo("America/Chicago")
PROGRAM = peersupport.Program(id="program", time_zone="America/Chicago", capacity=2)
START = dt.date(2026, 3, 2)
LAST = START + 83 * DAY
LATER = dt.date(2035, 6, 30)
MINUTE = dt.timedelta(minutes=1)
SHIFTS = st.one_of(st.integers(-3, 3), st.sampled_from([NONE, None]))
ROUTES = ("while_in_care", "after_discharge", "self_referral", None)

ANY_DEVICE = "any device with video"
DISCHARGE_DAY = "the day of discharge is in time"
FROM_DISCHARGE, STAFF_SET = "the weeks run from discharge", "staff set the end"
ATTENDED, HOSPITAL = "the call has to be attended", "weeks in hospital are excused"
ROLLED, OFFICE_HOURS, FLAT = "24 hours, then the next opening", "24 office hours", "24 hours flat"
SEVERAL = {"": 3, "several is four": 4, "several is six": 6}

KINDS = {"care_episode", "charge", "contact", "disclosure", "enrollment", "follow_up", "module", "referral", "reminder"}
Records: TypeAlias = Sequence[Record]
"""The record judged, then the others."""


def tables(records: Iterable[Record], without: Iterable[str] = (), office: Office | None = None) -> Any:  # noqa: ANN401
    """Tables of which every one is given but those named, with the program, a person, and an enrollment if needed."""
    records = tuple(records)
    usual: list[Record] = [peersupport.Person(id="p"), PROGRAM]
    usual += [enrolled()] if any(getattr(each, "enrollment", None) == "n" for each in records) else []
    taken = {(type(each), each.id) for each in records}
    more = [each for each in usual if (type(each), each.id) not in taken]
    empty = KINDS - set(without)
    return peersupport.from_records([*more, *records], empty=empty, office=office).tables


def found(rule: str, records: Records, on: dt.date = LATER, reading: str = "", without: Iterable[str] = ()) -> Finding:
    """The finding of a rule for the first of some records, under a reading."""
    tables_ = tables(records, without)
    return peersupport.judge(BOOK, rule, records[0], on=on, tables=tables_, readings={reading} - {""})


def occurring(rule: str, records: Records, *, on: dt.date = LATER, readings: Iterable[str] = ()) -> list[Finding]:
    """The findings of a rule that repeats, one for each occurrence. What is missing is not searched for."""
    judge = judge_of(BOOK, set(readings) - {""})
    return judge.findings(BOOK[rule], records[0], on=on, tables=tables(records), explain=False)


def told(rule: str, records: Records, *, on: dt.date = LATER, office: Office | None = None) -> dict[str, Verdict]:
    """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    given_ = tables(records, office=office)
    return {name: each.verdict(BOOK[rule], records[0], on=on, tables=given_) for name, each in judges.items()}


def missing(finding: Finding) -> tuple[Verdict, list[tuple[str, str]]]:
    """The verdict of a finding, with the ids and facts that it names as missing."""
    return finding.verdict, [(place.id, place.fact) for place in finding.missing]


def at(day: dt.date | None, hour: int = 10) -> Any:  # noqa: ANN401  an instant, or unknown
    """An hour of a day where the program is; not recorded where the day is not."""
    return None if day is None else dt.datetime.combine(day, dt.time(hour), CHICAGO)


def day_of(moment: dt.date) -> dt.date:
    """The calendar day of a date, or of an instant where the program is."""
    return moment.astimezone(CHICAGO).date() if isinstance(moment, dt.datetime) else moment


def seen(moment: Moment, on: dt.date) -> Moment:
    """A moment as it is known on a day: what lies ahead has not come."""
    return NONE if isinstance(moment, dt.date) and day_of(moment) > on else moment


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day some months later, cut to the month's end."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, almanac.monthrange(year, month + 1)[1]))


def maker(cls: Callable[..., Any], **usual: object) -> Callable[..., Any]:
    """Makes records with some usual facts, unless said otherwise."""
    return lambda **facts: cls(**{**usual, **facts})


REFERRED = dt.datetime.combine(START, dt.time(10), CHICAGO)
WARD = {"kind": "inpatient", "psychiatric": True, "led_to": NONE, "admitted_on": dt.date(2026, 1, 2)}
enrolled = maker(
    peersupport.Enrollment, id="n", person="p", referral=NONE, index_episode=NONE, started_on=START, ended_on=NONE
)
referral = maker(peersupport.Referral, id="r", person="p", received_at=REFERRED)
episode = maker(peersupport.CareEpisode, id="e", person="p", **WARD)
call = maker(peersupport.Contact, id="c", person="p", enrollment="n", modality="video", status="attended")
module = maker(peersupport.Module, id="w", enrollment="n")
appointment = maker(peersupport.Appointment, id="t", enrollment="n", wants_reminder=True)
follow_up = maker(peersupport.FollowUp, id="f", enrollment="n", attempted_on=START)
charge = maker(peersupport.Charge, id="x", enrollment="n", charged_on=START)
notice = maker(peersupport.Disclosure, id="d", person="p")


def once(done: Sequence[Moment], due: Moment, on: dt.date, until: Moment = NONE) -> Verdict:
    """The verdict of a deadline: done by a due day, or by a time, with `on` the beginning of the day asked about.

    `due` and `until` are NONE while they have not come. Nothing is owed that falls due on `until` or later.
    """
    if due is None:
        return UNKNOWN
    by = logic.kleene_or(*(logic.not_after(each, on if due is NONE else due) for each in done))
    if by is not False or until is None:
        return verdict(True if by else None)
    if not logic.before(due, until) and until is not NONE:
        return NOT_APPLICABLE
    late = due is not NONE and any(isinstance(each, dt.date) for each in done)
    return PENDING if logic.not_after(on, due) and not late else NOT_MET


def again(after: dt.date, dues: Sequence[dt.date], done: Sequence[Event], on: dt.date, until: Moment) -> list[Verdict]:
    """The verdicts of a deadline that repeats, up to the open occurrence: each done after the due day before it."""
    verdicts: list[Verdict] = []
    for previous, due in itertools.pairwise([after, *dues]):
        inside = (logic.kleene_and(c, logic.before(previous, day), logic.not_after(day, due)) for c, day in done)
        by, owed = logic.kleene_or(*inside), logic.before(due, until)
        open_ = PENDING if due >= on else NOT_MET
        undone = UNKNOWN if by is None or owed is None else open_ if owed else NOT_APPLICABLE
        verdicts.append(MET if by else undone)
        if verdicts[-1] is not MET and (not owed or due >= on):
            break
    return verdicts


# the rows of the source


def rows(keys: Iterable[str]) -> list[int]:
    """The numbers of the rows that some keys name, each a row or a range of rows."""
    ends = [[int(number) for number in re.findall(r"S0-(\d+)", key)] for key in keys]
    return [row for each in ends for row in range(each[0], each[-1] + 1)]


def test_each_row_of_the_source_has_its_one_place() -> None:
    """Rows S0-1 to S0-54 are each covered by a rule or not modeled for a reason: none is both, or not modeled twice."""
    covered = set(rows(row for rule in BOOK for row in rule.covers))
    assert sorted([*covered, *rows(BOOK.not_modeled)]) == list(range(1, 55))
    assert all(BOOK.not_modeled.values())
    assert BOOK.recorded == {}


def test_each_gap_of_the_source_is_named() -> None:
    """G0-1 to G0-11 are listed with what is left open, in order, and nothing else is called a gap."""
    assert list(BOOK.gaps) == [f"G0-{number}" for number in range(1, 12)]
    assert all(BOOK.gaps.values())


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here, or with the referral window."""
    files = (Path(__file__), Path(__file__).with_name("test_minnesota_peer2peer.py"))
    texts = "".join(file.read_text(encoding="utf-8") for file in files)
    assert [name for name in (*BOOK.rules, *BOOK.readings) if f'"{name}"' not in texts] == []


def test_what_binds_less_and_what_comes_first() -> None:
    """Answers and the intake are a best effort, offers and papers a should; safety and privacy come first."""
    assert {rule.id: rule.force for rule in BOOK if rule.force is not Force.MUST} == {
        "referral.no_medical_record": Force.SHOULD,
        "referral.response": Force.BEST_EFFORT,
        "referral.decision": Force.BEST_EFFORT,
        "enrollment.intake_before_discharge": Force.BEST_EFFORT,
        "enrollment.offer": Force.SHOULD,
        "appointment.reminded": Force.SHOULD,
    }
    critical = {rule.id for rule in BOOK if rule.critical}
    assert critical == {"enrollment.crisis_line_told", "enrollment.insurer_not_told"}


# criteria of a record's own facts

DEVICES = ("smartphone", "tablet", "computer_with_camera", "basic_phone", "landline")
ELEMENTS = ("peer_support", "resources", "goal_setting", "individualized_content", "symptom_tools")
FILLED_BY = ("applicant", "service_provider", "other")
PAPERS = ("medical_record", "information_sheet", "other")
Set: TypeAlias = frozenset[str]
SETS: dict[tuple[str, str], tuple[str, Sequence[str], Callable[[Set], bool]]] = {
    ("referral.device", ""): ("devices", DEVICES, lambda of: bool(of & {"smartphone", "tablet"})),
    ("referral.device", ANY_DEVICE): ("devices", DEVICES, lambda of: bool(of - {"basic_phone", "landline"})),
    ("referral.form", ""): ("form_completed_by", FILLED_BY, lambda of: bool(of - {"other"})),
    ("referral.no_medical_record", ""): ("documents", PAPERS, lambda of: "medical_record" not in of),
    ("enrollment.offer", ""): ("offered", (*ELEMENTS, "chat"), lambda of: len(of - {"chat"}) == 5),
    ("enrollment.chat", ""): ("offered", (*ELEMENTS, "chat"), lambda of: "chat" in of),
}
"""Criteria of one set, by rule and reading: the fact, all that can be in it, and the law."""
BOOLS = (True, False, None)


class TestOwnFacts:
    """S0-5, 11, 12, 15, 22, 24, 46, 47, 51: what a record says of itself. Every value is tried, and none recorded."""

    @pytest.mark.parametrize(("rule", "reading"), SETS)
    def test_a_set(self, rule: str, reading: str) -> None:
        """Every set, the empty one and the whole among them; where it is not recorded, it is named."""
        fact, choices, law = SETS[rule, reading]
        make = referral if rule.startswith("referral") else enrolled
        for size in range(len(choices) + 1):
            for some in map(frozenset, itertools.combinations(choices, size)):
                assert told(rule, [make(**{fact: some})])[reading] is verdict(law(some)), some
        finding = found(rule, [record := make()], reading=reading)
        assert missing(finding) == (UNKNOWN, [(record.id, fact)])

    @pytest.mark.parametrize("asked", BOOLS)
    def test_setting_asked(self, asked: Truth) -> None:
        """Asked is enough."""
        finding = found("referral.setting_asked", [referral(treatment_setting_asked=asked)])
        assert missing(finding) == (verdict(asked), [("r", "treatment_setting_asked")] * (asked is None))

    @pytest.mark.parametrize("status", ["attended", "scheduled", "not_attended", None])
    @pytest.mark.parametrize("modality", ["in_person", "video", "telephone", "chat", None])
    def test_by_video(self, status: str | None, modality: str | None) -> None:
        """What was attended and is no chat: by video."""
        finding = found("contact.by_video", [call(status=status, modality=modality)])
        applies = logic.kleene_and(equals(status, "attended"), logic.kleene_not(equals(modality, "chat")))
        self.comes_out(finding, applies, equals(modality, "video"), {"status": status, "modality": modality})

    @pytest.mark.parametrize("reached", BOOLS)
    @pytest.mark.parametrize("recorded", BOOLS)
    def test_wellbeing(self, reached: Truth, recorded: Truth) -> None:
        """Of whoever was reached."""
        facts = {"reached": reached, "wellbeing_recorded": recorded}
        self.comes_out(found("follow_up.wellbeing", [follow_up(**facts)]), reached, recorded, facts)

    @staticmethod
    def comes_out(finding: Finding, applies: Truth, holds: Truth, facts: Mapping[str, object]) -> None:
        """The verdict; where it is unknown, what is not recorded is named."""
        expected = logic.where(applies, verdict(holds))
        lacking = [(finding.subject[1], name) for name, value in facts.items() if value is None]
        assert missing(finding) == (expected, lacking * (expected is UNKNOWN))


# who may refer, and who may come in

ROLES = ("provider", "clinician", "county", "case_manager", "self", "family_member", "other", None)
CARE = st.tuples(logic.dated(START, 3), logic.near(START, 3))


def in_care(**facts: Any) -> Records:  # noqa: ANN401
    """A referral by a clinician while the person is in care, unless said otherwise."""
    return [referral(route="while_in_care", referrer_role="clinician"), episode(**{"ended_on": NONE, **facts})]


class TestReferral:
    """S0-10, 11, 30, 31, 33: the three routes, and all that it takes to come in."""

    @given(st.lists(CARE, max_size=2))
    def test_referral_route(self, care: list[tuple[Moment, Moment]]) -> None:
        """Each route has its referrers; the first is for a person who is in care as the referral arrives."""
        stays = [episode(id=f"e{i}", admitted_on=first, ended_on=left) for i, (first, left) in enumerate(care)]
        inside = logic.kleene_or(*(logic.inside(START, first, left, through=False) for first, left in care))
        roles = {"after_discharge": {"provider", "county", "case_manager"}, "self_referral": {"self"}}
        for route, role in itertools.product(ROUTES, ROLES):
            ways = {name: None if role is None else role in who for name, who in roles.items()}
            ways["while_in_care"] = logic.kleene_and(
                None if role is None else role in {"provider", "clinician"}, inside
            )
            ruled_out = {name: logic.kleene_not(equals(route, name)) for name in ways}
            truth = logic.kleene_and(*(logic.kleene_or(ruled_out[name], way) for name, way in ways.items()))
            record = referral(route=route, referrer_role=role)
            assert told("referral.route", [record, *stays]) == {"": verdict(truth)}, (route, role)

    @pytest.mark.parametrize("device", BOOLS)
    @pytest.mark.parametrize("route", BOOLS)
    @pytest.mark.parametrize("days", [10, 90, 91, None])
    def test_referral_eligible(self, device: Truth, route: Truth, days: int | None) -> None:
        """Soon enough after care, by a route, with a device: all three, and one that fails decides."""
        role = {True: "county", False: "family_member", None: None}[route]
        devices = {True: frozenset({"tablet"}), False: frozenset({"computer_with_camera"}), None: None}[device]
        records = [
            referral(route="after_discharge", referrer_role=role, devices=devices),
            episode(ended_on=None if days is None else START - days * DAY, admitted_on=dt.date(2025, 11, 1)),
        ]
        window, strictly = (None if days is None else days <= most for most in (90, 89))
        finding = found("referral.eligible", records)
        assert finding.verdict is verdict(logic.kleene_and(window, route, device))
        facts = {"ended_on": window, "referrer_role": route, "devices": device}
        lacking = [name for name, truth in facts.items() if truth is None]
        assert [place.fact for place in finding.missing] == lacking * (finding.verdict is UNKNOWN)
        laptop = found("referral.eligible", records, reading=ANY_DEVICE).verdict
        assert laptop is verdict(logic.kleene_and(window, route, None if device is None else True))
        strict = found("referral.eligible", records, reading="day 90 is out").verdict
        assert strict is verdict(logic.kleene_and(strictly, route, device))


# places


class TestPlaces:
    """S0-41: on each day nobody beyond the number of places."""

    @given(
        st.lists(st.tuples(logic.dated(START, 4), logic.near(START + 2 * DAY, 4)), max_size=4),
        st.sampled_from([0, 1, 2, 3, NONE, None]),
    )
    def test_program_places(self, spans: list[tuple[Moment, Moment]], capacity: Any) -> None:  # noqa: ANN401
        """Counted day by day: surely too many is not met, perhaps too many is unknown. No limit is always met."""
        people = [enrolled(id=f"n{i}", started_on=first, ended_on=left) for i, (first, left) in enumerate(spans)]
        days = [START + n * DAY for n in range(-9, 10)]
        there = [[logic.inside(day, first, left, through=False) for first, left in spans] for day in days]
        surely, possibly = (max(sum(t in some for t in each) for each in there) for some in ([True], [True, None]))
        most = 10 if capacity is NONE else capacity
        truth = None if most is None else False if surely > most else True if possibly <= most else None
        program = attrs.evolve(PROGRAM, capacity=capacity)
        assert told("program.places", [program, *people], on=days[-1]) == {"": verdict(truth)}


# the response clock


def works(day: dt.date, holidays: Iterable[dt.date]) -> bool:
    """Whether the office opens: Monday to Friday, but not on a holiday."""
    return day.weekday() < 5 and day not in holidays


def next_opening(moment: dt.datetime, holidays: Iterable[dt.date]) -> dt.datetime:
    """The moment itself from nine until before five of a working day, else nine o'clock of the next one."""
    day, clock = moment.date(), moment.time()
    if works(day, holidays) and dt.time(9) <= clock < dt.time(17):
        return moment
    day += DAY * (clock >= dt.time(9))
    while not works(day, holidays):
        day += DAY
    return dt.datetime.combine(day, dt.time(9), moment.tzinfo)


def working_days_later(moment: dt.datetime, count: int, holidays: Iterable[dt.date]) -> dt.datetime:
    """The same time on the wall, so many working days later."""
    day = moment.date()
    while count:
        day += DAY
        count -= works(day, holidays)
    return dt.datetime.combine(day, moment.time(), moment.tzinfo)


def answers(received: dt.datetime, off: Iterable[dt.date] = (), zone: ZoneInfo = CHICAGO) -> dict[str, dt.datetime]:
    """When an answer is due under each reading, the default under no name; with some days off."""
    opens = next_opening(received.astimezone(zone), off)
    elapsed = (received.astimezone(dt.UTC) + dt.timedelta(hours=24)).astimezone(zone)
    third = working_days_later(opens, 3, off)
    if opens.time() == dt.time(9):  # three whole days, the third of which is over as the office closes
        third = working_days_later(opens, 2, off).replace(hour=17)
    rolled = next_opening(elapsed, off)
    return {"": working_days_later(opens, 1, off), ROLLED: rolled, OFFICE_HOURS: third, FLAT: elapsed}


ANSWERED = {"referral.response": "first_response_at", "referral.decision": "decided_at"}
READINGS = ("", ROLLED, OFFICE_HOURS, FLAT)
WEEKS = st.sampled_from([dt.date(2026, 3, 4), dt.date(2026, 5, 20), dt.date(2026, 10, 28), dt.date(2026, 12, 22)])
"""Before both changes of the clock, a long weekend, and a turn of the year."""
TIMES = st.one_of(st.sampled_from([0, 539, 540, 541, 1015, 1019, 1020, 1021, 1439]), st.integers(0, 1439))
"""Minutes of a day; the office opens at 540 and closes at 1020."""
RECEIVED = st.builds(
    lambda week, days, minutes: (
        (at(week + days * DAY, 0).replace(tzinfo=None) + minutes * MINUTE).replace(tzinfo=CHICAGO).astimezone(dt.UTC)
    ),
    WEEKS,
    st.integers(0, 8),
    TIMES,
)
HOLIDAYS = st.frozensets(st.integers(-1, 12), max_size=5)
"""How many days after the receipt a holiday is."""


def days_off(received: dt.datetime, holidays: Iterable[int]) -> frozenset[dt.date]:
    """Holidays about the day of a receipt."""
    return frozenset(day_of(received) + n * DAY for n in holidays)


def due_at(received: dt.datetime, holidays: frozenset[dt.date] | None, reading: str) -> dt.datetime:
    """When the rulebook says that an answer is due, in Greenwich."""
    given_ = tables([record := referral(received_at=received)], office=Office("America/Chicago", holidays=holidays))
    finding = peersupport.judge(BOOK, "referral.response", record, on=LATER, tables=given_, readings={reading} - {""})
    assert isinstance(finding.due, dt.datetime)
    return finding.due.astimezone(dt.UTC)


Off: TypeAlias = frozenset[int]


class TestResponseClock:
    """S0-25, 44: 24 hours, Monday to Friday, nine to five, under four readings and two clocks."""

    @pytest.mark.parametrize("rule", ANSWERED)
    @given(
        RECEIVED,
        st.one_of(HOLIDAYS, st.none()),
        st.sampled_from(["America/Chicago", "America/New_York", "Europe/Berlin", "Pacific/Auckland"]),
        st.tuples(st.sampled_from(READINGS), SHIFTS),
        st.integers(0, 6),
    )
    def test_answered_by_then(
        self, rule: str, received: dt.datetime, off: Off | None, zone: str, answered: tuple[str, object], asked: int
    ) -> None:
        """Answered by then or not, to the minute, by the clock on the wall of the program; not given, no holidays."""
        holidays = None if off is None else days_off(received, off)
        tz, (reading, shift) = ZoneInfo(zone), answered
        dues = {name: due.astimezone(dt.UTC) for name, due in answers(received, holidays or (), tz).items()}
        done = dues[reading] + shift * MINUTE if isinstance(shift, int) else shift
        on = received.astimezone(tz).date() + asked * DAY
        came = NONE if isinstance(done, dt.datetime) and done.astimezone(tz).date() > on else done
        expected = {name: once([came], due, dt.datetime.combine(on, dt.time(), tz)) for name, due in dues.items()}
        office = Office(zone=zone, holidays=holidays)
        records = [referral(received_at=received, **{ANSWERED[rule]: done})]
        assert told(rule, records, on=on, office=office) == expected


@pytest.mark.parametrize("reading", READINGS)
class TestLawsOfTheClock:
    """What holds of an answer however the 24 hours are read."""

    @given(RECEIVED, HOLIDAYS, st.integers(-1, 12))
    def test_a_holiday_never_makes_it_earlier(self, reading: str, received: dt.datetime, off: Off, one: int) -> None:
        """One more day on which the office is closed can only add to the time."""
        fewer, more = days_off(received, off), days_off(received, {*off, one})
        assert due_at(received, fewer, reading) <= due_at(received, more, reading)

    @given(RECEIVED, HOLIDAYS, st.integers(0, 6000))
    def test_what_comes_later_is_not_earlier(self, reading: str, received: dt.datetime, off: Off, more: int) -> None:
        """Some minutes or days later, over nights, weekends, holidays and changes of the clock."""
        holidays = days_off(received, off)
        assert due_at(received, holidays, reading) <= due_at(received + more * MINUTE, holidays, reading)

    @given(RECEIVED, HOLIDAYS)
    def test_it_is_due_in_office_hours(self, reading: str, received: dt.datetime, off: Off) -> None:
        """On a working day from nine until before five; office hours may be over with the day; or at any hour."""
        holidays = days_off(received, off)
        due = due_at(received, holidays, reading).astimezone(CHICAGO)
        inside = works(due.date(), holidays) and dt.time(9) <= due.time() < dt.time(17)
        closing = reading == OFFICE_HOURS and works(due.date(), holidays) and due.time() == dt.time(17)
        assert inside or closing or (reading == FLAT and due.astimezone(dt.UTC) - received == dt.timedelta(hours=24))

    @given(RECEIVED, HOLIDAYS, st.integers(1, 60))
    def test_weeks_later_it_is_weeks_later(self, reading: str, received: dt.datetime, off: Off, weeks: int) -> None:
        """With its holidays, by the clock on the wall; hours that simply elapse are moved as they elapse."""
        by, zone = weeks * 7 * DAY, dt.UTC if reading == FLAT else CHICAGO
        later = (received.astimezone(zone).replace(tzinfo=None) + by).replace(tzinfo=zone).astimezone(dt.UTC)
        holidays = days_off(received, off)
        dues = (due_at(received, holidays, reading), due_at(later, frozenset(day + by for day in holidays), reading))
        first, second = (due.astimezone(zone).replace(tzinfo=None) for due in dues)
        assert second - first == by


# deadlines that are due once


@attrs.frozen
class Owed:
    """A deadline that is due once: the records of a case that began on a day, done at a moment; and when it is due.

    `anchor` is the fact that it is counted from and `done` the fact that does it, each with the record's id. From
    `known` days after the due day on, what it is counted from has happened.
    """

    case: Callable[[dt.date | None, Any], Records]
    due: Callable[[dt.date], dt.date]
    anchor: tuple[str, str]
    done: tuple[str, str]
    known: int = 0

    def unit(self) -> dt.timedelta:
        """A day, or a minute where it is due at a time."""
        return MINUTE if isinstance(self.due(START), dt.datetime) else DAY


def _enrollment(fact: str, due: Callable[[dt.date], dt.date], known: int = 0) -> Owed:
    """A deadline of an enrollment, counted from its first day."""
    return Owed(lambda a, b: [enrolled(started_on=a, **{fact: b})], due, ("n", "started_on"), ("n", fact), known)


def _referral(anchor: str, done: str, due: Callable[[dt.date], dt.date]) -> Owed:
    """A deadline of a referral, counted from a time."""
    return Owed(lambda a, b: [referral(**{anchor: at(a), done: b})], due, ("r", anchor), ("r", done))


def _intake(left: object, done: object, route: str | None = "while_in_care") -> Records:
    record = enrolled(referral="r", index_episode="e", intake_completed_on=done)
    return [record, referral(route=route), episode(ended_on=left)]


def _reminded(day: dt.date | None, *sent: object, wanted: Truth = True) -> Records:
    times = [each for each in sent if each is not NONE]
    reminders: list[Any] = [
        peersupport.Reminder(id=f"m{i}", appointment="t", sent_at=each)  # type: ignore[arg-type]
        for i, each in enumerate(times)
    ]
    return [appointment(starts_at=at(day), wants_reminder=wanted), *reminders]


OWED = {
    "enrollment.guided": _enrollment("guided_on", lambda start: start),
    "enrollment.warmline_told": _enrollment("warmline_information_on", lambda start: start),
    "enrollment.crisis_line_told": _enrollment("crisis_line_information_on", lambda start: start),
    "enrollment.safety_plan_offered": _enrollment("safety_plan_offered_on", lambda start: start + 83 * DAY, -80),
    "enrollment.wellness_plan_offered": _enrollment("wellness_plan_offered_on", lambda start: start + 83 * DAY, -80),
    "enrollment.warmline_connected": _enrollment(
        "warmline_connected_on", lambda start: months_later(start + 84 * DAY, 1) - DAY, -100
    ),
    "enrollment.intake_before_discharge": Owed(
        _intake, lambda start: start - DAY, ("e", "ended_on"), ("n", "intake_completed_on"), 1
    ),
    "enrollment.app_ready": Owed(
        lambda a, b: [enrolled(tech_ready_at=b), call(starts_at=at(a))], at, ("c", "starts_at"), ("n", "tech_ready_at")
    ),
    "appointment.reminded": Owed(_reminded, at, ("t", "starts_at"), ("m0", "sent_at"), -80),
    "referral.warmline": _referral("decided_at", "warmline_sent_at", at),
    "referral.response": _referral("received_at", "first_response_at", lambda start: answers(at(start))[""]),
    "referral.decision": _referral("received_at", "decided_at", lambda start: answers(at(start))[""]),
}


@pytest.mark.parametrize("rule", OWED)
class TestOwedOnce:
    """S0-16 to 20, 25 to 28, 42, 44, 49: what is done once, by a day or by a time."""

    @given(st.integers(0, 400), SHIFTS, st.integers(0, 3), st.booleans())
    def test_done_by_then_or_not(self, rule: str, begun: int, shift: object, asked: int, early: bool) -> None:
        """Done by the due day or time, it is met; not done, it is pending until that has passed."""
        owed, start = OWED[rule], START + begun * DAY
        due = owed.due(start)
        moment = due + shift * owed.unit() if isinstance(shift, int) else shift
        on = day_of(due) + (owed.known if early else max(owed.known, asked)) * DAY
        expected = once([seen(moment, on)], due, on if owed.unit() == DAY else at(on, 0))
        assert told(rule, owed.case(start, moment), on=on)[""] is expected

    @pytest.mark.parametrize(
        ("shift", "done", "undone"), [(-1, MET, PENDING), (0, MET, PENDING), (1, NOT_MET, NOT_MET)]
    )
    def test_the_due_day_or_minute_itself(self, rule: str, shift: int, done: Verdict, undone: Verdict) -> None:
        """Done the day (the minute) before, then, after: late for good. Not done, asked for on the days about it."""
        owed = OWED[rule]
        due = owed.due(START)
        finding = found(rule, owed.case(START, due + shift * owed.unit()))
        late = int(shift == 1 and owed.unit() == DAY)
        assert (finding.verdict, finding.due, finding.days_late) == (done, due, late)
        assert finding.reason is (Reason.IN_TIME if done is MET else Reason.LATE)
        assert found(rule, owed.case(START, NONE), on=day_of(due) + shift * DAY).verdict is undone

    @pytest.mark.parametrize("part", ["done", "anchor"])
    def test_what_is_not_recorded_is_named(self, rule: str, part: str) -> None:
        """Whether it was done, or what it is counted from: unknown, and that fact is missing."""
        owed = OWED[rule]
        case = owed.case(START, None) if part == "done" else owed.case(None, owed.due(START))
        assert missing(found(rule, case)) == (UNKNOWN, [getattr(owed, part)])

    @given(st.integers(0, 400), st.integers(1, 60))
    def test_whole_weeks_later_it_is_due_as_many_weeks_later(self, rule: str, begun: int, weeks: int) -> None:
        """What is counted in days or weeks moves with its days; what is counted in months may not."""
        by = weeks * 7 * DAY
        owed, start = OWED[rule], START + begun * DAY
        cases = [owed.case(first, NONE) for first in (start, start + by)]
        first, second = (found(rule, case).due for case in cases)
        assert first is not None
        assert second is not None
        if rule == "enrollment.warmline_connected":
            assert second == months_later(start + by + 84 * DAY, 1) - DAY
        else:
            assert day_of(second) - day_of(first) == by


class TestOwedOnceUnderConditions:
    """What makes some of these apply, end or begin."""

    @given(logic.near(LAST), st.one_of(logic.near(LAST), logic.near(START + 9 * DAY)), st.integers(-2, 4))
    def test_plans_are_offered_to_those_who_are_there(self, offered: Moment, ended: Moment, asked: int) -> None:
        """By the last day of the program, but to nobody who has left by then; declined is offered."""
        on = LAST + asked * DAY
        expected = once([seen(offered, on)], LAST, on, seen(ended, on))
        for plan in ("safety_plan_offered", "wellness_plan_offered"):
            record = enrolled(ended_on=ended, safety_plan="declined", **{f"{plan}_on": offered})
            assert told(f"enrollment.{plan}", [record], on=on) == {"": expected}

    @given(st.sampled_from(ROUTES), logic.near(START), logic.near(START))
    def test_intake_is_for_those_referred_in_care(self, route: str | None, done: Moment, left: Moment) -> None:
        """By the day before leaving, or the day itself under that reading."""
        verdicts = told("enrollment.intake_before_discharge", _intake(left, done, route))
        strictly = left - DAY if isinstance(left, dt.date) else left
        assert verdicts == {
            "": logic.where(equals(route, "while_in_care"), once([done], strictly, LATER)),
            DISCHARGE_DAY: logic.where(equals(route, "while_in_care"), once([done], left, LATER)),
        }

    @given(
        st.lists(st.tuples(st.sampled_from(["attended", "not_attended", None]), st.integers(-2, 2)), max_size=3), SHIFTS
    )
    def test_app_is_ready_by_the_first_meeting(self, drawn: list[tuple[str | None, int]], done: object) -> None:
        """Where it is not recorded who came, only what holds either way is told."""
        calls = [call(id=f"c{i}", status=status, starts_at=at(START + n * DAY)) for i, (status, n) in enumerate(drawn)]
        ready = at(START + done * DAY) if isinstance(done, int) else done
        first, surely = (
            min((at(START + n * DAY) for status, n in drawn if status in some), default=NONE)
            for some in (["attended", None], ["attended"])
        )
        verdicts = {once([ready], due, at(LATER, 0)) for due in (first, surely)}
        expected = verdicts.pop() if len(verdicts) == 1 else UNKNOWN
        assert told("enrollment.app_ready", [enrolled(tech_ready_at=ready), *calls]) == {"": expected}

    @given(MAYBE, st.lists(st.one_of(st.integers(-2, 2), st.none()), max_size=3))
    def test_reminders_are_for_those_who_want_them(self, wanted: Truth, drawn: list[int | None]) -> None:
        """The earliest reminder counts; one that comes too late does not mend it."""
        sent = [None if n is None else at(START) + n * MINUTE for n in drawn]
        expected = logic.where(wanted, once(sent, at(START), at(LATER, 0)))
        assert told("appointment.reminded", _reminded(START, *sent, wanted=wanted)) == {"": expected}


# what is done each week, and each month afterwards

WEEKLY: dict[str, Callable[..., Record]] = {
    "week.video_call": lambda day: call(scheduled_on=day),
    "week.module": lambda day: module(released_on=day),
}
SUNDAYS = [START + (7 * k - 1) * DAY for k in range(1, 13)]
"""The last days of the twelve weeks."""


CALLS = st.fixed_dictionaries(
    {
        "scheduled_on": st.one_of(st.integers(-3, 88).map(lambda n: START + n * DAY), st.none()),
        "modality": st.sampled_from(["video", "video", "video", "telephone", None]),
        "status": st.sampled_from(["attended", "attended", "not_attended", None]),
    }
)


class TestWeeks:
    """S0-4, 13, 14, 21: twelve weeks from the first meeting, each with a call and a module of its own."""

    @given(st.lists(CALLS, max_size=9), logic.near(START + 45 * DAY, 45), st.integers(0, 100))
    def test_calls_and_modules_of_each_week(self, drawn: list[dict[str, Any]], left: Moment, asked: int) -> None:
        """Of video, scheduled in the week itself (or attended); until the person leaves."""
        on = START + asked * DAY
        days = [seen(each["scheduled_on"], on) for each in drawn]
        video = [equals(each["modality"], "video") for each in drawn]
        came = [logic.kleene_and(v, equals(each["status"], "attended")) for v, each in zip(video, drawn, strict=True)]
        calls: Records = [call(id=f"c{i}", **each) for i, each in enumerate(drawn)]
        modules = [module(id=f"w{i}", released_on=each["scheduled_on"]) for i, each in enumerate(drawn)]
        for rule, reading, others, counts in (
            ("week.video_call", "", calls, video),
            ("week.video_call", ATTENDED, calls, came),
            ("week.module", "", modules, [True] * len(drawn)),
        ):
            expected = again(START - DAY, SUNDAYS, list(zip(counts, days, strict=True)), on, seen(left, on))
            findings = occurring(rule, [enrolled(ended_on=left), *others], on=on, readings=[reading])
            assert [(each.occurrence, each.verdict) for each in findings] == list(enumerate(expected, 1))

    @pytest.mark.parametrize("rule", WEEKLY)
    @given(
        st.sampled_from(["inpatient", "emergency", None]),
        logic.dated(START + 40 * DAY, 50),
        logic.near(START + 50 * DAY, 50),
    )
    def test_weeks_in_hospital_are_excused(self, rule: str, kind: str | None, came: Moment, left: Moment) -> None:
        """Under that reading a week with a day in inpatient care; by default a stay excuses none."""
        records = [enrolled(), episode(kind=kind, admitted_on=came, ended_on=left)]
        weeks = [(due - 6 * DAY, due + DAY) for due in SUNDAYS]
        shared = [logic.kleene_and(logic.before(came, end), logic.before(begin, left)) for begin, end in weeks]
        applies = [logic.kleene_not(logic.kleene_and(equals(kind, "inpatient"), each)) for each in shared]
        verdicts = [each.verdict for each in occurring(rule, records, readings=[HOSPITAL])]
        assert verdicts == [logic.where(each, NOT_MET) for each in applies]
        assert {each.verdict for each in occurring(rule, records)} == {NOT_MET}

    @pytest.mark.parametrize("rule", WEEKLY)
    @given(st.integers(0, 400), st.integers(-14, 100), st.integers(1, 60))
    def test_weeks_tile_the_program(self, rule: str, begun: int, number: int, weeks: int) -> None:
        """Each of the 84 days is in one week and no other day in any; they move with the first day, by whole weeks."""
        start, by = START + begun * DAY, weeks * 7 * DAY
        findings = occurring(rule, [enrolled(started_on=start), WEEKLY[rule](start + number * DAY)])
        held = [each.occurrence for each in findings if each.verdict is MET]
        assert held == ([number // 7 + 1] if 0 <= number < 84 else [])
        later = occurring(rule, [enrolled(started_on=start + by), WEEKLY[rule](start + number * DAY + by)])
        assert [each.due for each in later] == [start + by + (7 * k - 1) * DAY for k in range(1, 13)]
        assert [each.verdict for each in later] == [each.verdict for each in findings]


class TestFollowUps:
    """S0-50: once a month for several months, only with consent."""

    @given(st.integers(0, 400), MAYBE, st.lists(st.one_of(st.integers(-3, 190), st.none())), st.integers(-3, 200))
    def test_follow_up_monthly(self, begun: int, consent: Truth, drawn: list[int | None], asked: int) -> None:
        """An attempt in each month, counted from the last day of the program and never chained, three, four or six."""
        start = START + begun * DAY
        last, on = start + 83 * DAY, start + (83 + asked) * DAY
        days = [None if n is None else last + n * DAY for n in drawn]
        attempts = [follow_up(id=f"f{i}", attempted_on=day) for i, day in enumerate(days)]
        for reading, several in SEVERAL.items():
            dues = [months_later(last, k) for k in range(1, several + 1)]
            expected = again(last, dues, [(True, seen(day, on)) for day in days], on, NONE)
            records = [enrolled(started_on=start, follow_up_consent=consent), *attempts]
            findings = occurring("follow_up.monthly", records, on=on, readings=[reading])
            assert [each.verdict for each in findings] == [logic.where(consent, each) for each in expected]
            assert not consent or [each.due for each in findings] == dues[: len(expected)]

    @pytest.mark.parametrize("reading", SEVERAL)
    @given(st.integers(0, 1500))
    def test_follow_ups_stay_in_their_month(self, reading: str, begun: int) -> None:
        """One in each calendar month after the last, on its day or at the month's end, whatever came before."""
        start = START + begun * DAY
        last = start + 83 * DAY
        records = [enrolled(started_on=start, follow_up_consent=True)]
        findings = occurring("follow_up.monthly", records, readings=[reading])
        dues = [each.due for each in findings if each.due]
        months = [(due.year * 12 + due.month) - (last.year * 12 + last.month) for due in dues]
        assert months == list(range(1, SEVERAL[reading] + 1))
        ends = [almanac.monthrange(due.year, due.month)[1] for due in dues]
        assert [due.day for due in dues] == [min(last.day, end) for end in ends]


class TestProgram:
    """S0-4, 13: when the program starts and ends, by "enrollment.program_start" and "enrollment.program_end"."""

    @pytest.mark.parametrize("readings", [(), (FROM_DISCHARGE,), (STAFF_SET,), (FROM_DISCHARGE, STAFF_SET)])
    @given(st.integers(0, 60), st.one_of(st.integers(10, 120), st.just(NONE)))
    def test_all_that_hangs_on_them(self, readings: Sequence[str], left: int, planned: Any) -> None:  # noqa: ANN401
        """From the first meeting or the day of leaving; twelve weeks or as staff have set it."""
        ended = START - left * DAY
        until = NONE if planned is NONE else START + planned * DAY
        record = enrolled(index_episode="e", planned_until=until, follow_up_consent=True)
        start = ended if FROM_DISCHARGE in readings else START
        end: Any = until if STAFF_SET in readings else start + 84 * DAY
        dues: dict[str, object] = {"week.video_call": start + 6 * DAY, "week.module": start + 6 * DAY}
        ending: dict[str, Callable[[dt.date], dt.date]] = {
            "enrollment.safety_plan_offered": lambda end: end - DAY,
            "enrollment.wellness_plan_offered": lambda end: end - DAY,
            "enrollment.warmline_connected": lambda end: months_later(end, 1) - DAY,
            "follow_up.monthly": lambda end: months_later(end - DAY, 1),
        }
        dues |= {rule: None if end is NONE else due(end) for rule, due in ending.items()}
        records = [record, episode(ended_on=ended)]
        first = {rule: occurring(rule, records, readings=readings)[0] for rule in dues}
        assert {rule: finding.due for rule, finding in first.items()} == dues
        assert all((finding.verdict is NOT_APPLICABLE) is (finding.due is None) for finding in first.values())


# free and private


class TestFreeAndPrivate:
    """S0-6, 38, 39: nobody pays, and no insurer is billed or told."""

    @given(
        st.lists(st.sampled_from(["participant", "insurer", "grant", "other", None]), max_size=3),
        st.lists(st.tuples(st.sampled_from(["insurer", "referrer", None]), logic.dated(START)), max_size=3),
        st.sampled_from([START, None]),
    )
    def test_free_and_insurer_not_told(
        self, payers: list[str | None], told_: list[tuple[str | None, dt.date | None]], accepted: dt.date | None
    ) -> None:
        """No charge to the person; none to an insurer, and no notice from the day of acceptance on."""
        charges = [charge(id=f"x{i}", payer=payer) for i, payer in enumerate(payers)]
        notices = [notice(id=f"d{i}", recipient=who, disclosed_on=day) for i, (who, day) in enumerate(told_)]
        paid, billed = (
            logic.kleene_or(*(equals(payer, who) for payer in payers)) for who in ("participant", "insurer")
        )
        noticed = (logic.kleene_and(equals(who, "insurer"), logic.not_after(accepted, day)) for who, day in told_)
        insurer = logic.kleene_or(billed, *noticed)
        records = [enrolled(accepted_on=accepted), *charges, *notices]
        assert told("enrollment.free", records) == {"": verdict(logic.kleene_not(paid))}
        assert told("enrollment.insurer_not_told", records) == {"": verdict(logic.kleene_not(insurer))}


# edges, what is missing, and the day

IN, FROM, AWAY = (MET, MET, NOT_MET), (NOT_MET, MET, MET), (NOT_APPLICABLE, NOT_APPLICABLE, NOT_MET)
ABOUT = (-DAY, 0 * DAY, DAY)


def edges() -> Iterable[tuple[str, str, Sequence[Records], tuple[Verdict, ...]]]:
    """Rule, reading, records a day (a person, a minute) before an edge, on it and after it, and the three verdicts."""
    yield "referral.route", "", [in_care(admitted_on=START + n) for n in ABOUT], IN
    yield "referral.route", "", [in_care(ended_on=START + n) for n in ABOUT], (NOT_MET, NOT_MET, MET)
    yield "program.places", "", [[PROGRAM, *(enrolled(id=f"n{i}") for i in range(n))] for n in (1, 2, 3)], IN
    yield "enrollment.intake_before_discharge", DISCHARGE_DAY, [_intake(START, START + n) for n in ABOUT], IN
    notices = [notice(recipient="insurer", disclosed_on=START + n) for n in ABOUT]
    told_ = [[enrolled(accepted_on=START), each] for each in notices]
    yield "enrollment.insurer_not_told", "", told_, (MET, NOT_MET, NOT_MET)
    for plan in ("safety_plan_offered", "wellness_plan_offered"):
        yield f"enrollment.{plan}", "", [[enrolled(ended_on=LAST + n, **{f"{plan}_on": NONE})] for n in ABOUT], AWAY
    for rule, make in WEEKLY.items():
        for reading in ("", *BOOK[rule].readings):
            yield rule, reading, [[enrolled(), make(SUNDAYS[10] + DAY + n)] for n in ABOUT], FROM
            yield rule, reading, [[enrolled(), make(LAST + n)] for n in ABOUT], IN
        yield rule, HOSPITAL, [[enrolled(), episode(admitted_on=LAST + n, ended_on=NONE)] for n in ABOUT], AWAY
    for reading, several in SEVERAL.items():
        attempts = [follow_up(attempted_on=months_later(LAST, several) + n) for n in ABOUT]
        yield "follow_up.monthly", reading, [[enrolled(follow_up_consent=True), each] for each in attempts], IN
    for (rule, fact), (reading, due) in itertools.product(ANSWERED.items(), answers(REFERRED).items()):
        yield rule, reading, [[referral(**{fact: due + n * MINUTE})] for n in (-1, 0, 1)], IN


@pytest.mark.parametrize(("rule", "reading", "cases", "expected"), list(edges()))
def test_the_edge(rule: str, reading: str, cases: list[Records], expected: tuple[Verdict, ...]) -> None:
    """The day before, the day itself, the day after: under the reading that is named, or by default."""
    assert tuple(found(rule, records, reading=reading).verdict for records in cases) == expected


TWO, ACCEPTED = [enrolled(id=id_) for id_ in "bc"], ("n", "accepted_on")
LACKING: list[tuple[str, str, Records, str, str]] = [
    ("referral.route", "", [referral(referrer_role="county")], "r", "route"),
    ("referral.route", "", [referral(route="self_referral")], "r", "referrer_role"),
    ("referral.route", "", in_care(ended_on=None), "e", "ended_on"),
    ("referral.response", "", [referral(), peersupport.Program(id="program")], "program", "time_zone"),
    ("program.places", "", [peersupport.Program(id="program"), enrolled()], "program", "capacity"),
    ("program.places", "", [PROGRAM, enrolled(id="a", ended_on=None), *TWO], "a", "ended_on"),
    ("enrollment.safety_plan_offered", "", [enrolled(ended_on=None, safety_plan_offered_on=NONE)], "n", "ended_on"),
    ("enrollment.safety_plan_offered", FROM_DISCHARGE, [enrolled(index_episode=None)], "n", "index_episode"),
    ("enrollment.wellness_plan_offered", STAFF_SET, [enrolled(wellness_plan_offered_on=START)], "n", "planned_until"),
    ("enrollment.intake_before_discharge", "", _intake(START, START - DAY, None), "r", "route"),
    ("enrollment.app_ready", "", [enrolled(tech_ready_at=NONE), call(starts_at=REFERRED, status=None)], "c", "status"),
    ("appointment.reminded", "", _reminded(START, REFERRED, wanted=None), "t", "wants_reminder"),
    ("week.video_call", "", [enrolled(), call(scheduled_on=LAST, modality=None)], "c", "modality"),
    ("week.video_call", "", [enrolled(), call()], "c", "scheduled_on"),
    ("week.video_call", ATTENDED, [enrolled(), call(scheduled_on=LAST, status=None)], "c", "status"),
    ("week.module", "", [enrolled(ended_on=None)], "n", "ended_on"),
    ("week.module", "", [enrolled(), module()], "w", "released_on"),
    ("week.module", HOSPITAL, [enrolled(), episode(kind=None, admitted_on=LAST, ended_on=NONE)], "e", "kind"),
    ("follow_up.monthly", "", [enrolled()], "n", "follow_up_consent"),
    ("follow_up.monthly", "", [enrolled(follow_up_consent=True), follow_up(attempted_on=None)], "f", "attempted_on"),
    ("enrollment.free", "", [enrolled(), charge()], "x", "payer"),
    ("enrollment.insurer_not_told", "", [enrolled(), notice(recipient="insurer", disclosed_on=START)], *ACCEPTED),
]


@pytest.mark.parametrize(("rule", "reading", "records", "id_", "fact"), LACKING)
def test_what_is_missing_is_named(rule: str, reading: str, records: Records, id_: str, fact: str) -> None:
    """With one fact that is not recorded it is unknown, and that fact is the one that is named."""
    assert missing(found(rule, records, reading=reading)) == (UNKNOWN, [(id_, fact)])


TABLES: list[tuple[str, Records, str]] = [
    ("referral.route", in_care()[:1], "care_episode"),
    ("program.places", [PROGRAM], "enrollment"),
    ("enrollment.app_ready", [enrolled(tech_ready_at=NONE)], "contact"),
    ("enrollment.intake_before_discharge", [_intake(START, NONE)[i] for i in (0, 2)], "referral"),
    ("enrollment.intake_before_discharge", _intake(START, NONE)[:2], "care_episode"),
    ("appointment.reminded", _reminded(START), "reminder"),
    ("week.video_call", [enrolled()], "contact"),
    ("week.module", [enrolled()], "module"),
    ("follow_up.monthly", [enrolled(follow_up_consent=True)], "follow_up"),
    ("enrollment.free", [enrolled()], "charge"),
    ("enrollment.insurer_not_told", [enrolled(accepted_on=START)], "disclosure"),
]


@pytest.mark.parametrize(("rule", "records", "table"), TABLES)
def test_a_table_that_is_not_given_is_named(rule: str, records: Records, table: str) -> None:
    """Nothing in a table is an answer, and no table is none."""
    finding = found(rule, records, without=[table])
    assert (finding.verdict, finding.reason, finding.missing) == (UNKNOWN, Reason.NO_TABLE, (Place(table),))


@given(
    RECEIVED, st.sampled_from(["Pacific/Kiritimati", "America/Chicago", "UTC", "Pacific/Pago_Pago"]), st.integers(-1, 1)
)
def test_the_program_s_zone_decides_the_day(received: dt.datetime, zone: str, shift: int) -> None:
    """One instant is on different days in different places: day 90 is the program's own, and so is being in care."""
    today = received.astimezone(ZoneInfo(zone)).date()
    ended = day_of(received) - 90 * DAY + shift * DAY
    office = Office(zone)
    records = [referral(received_at=received), episode(admitted_on=ended - DAY, ended_on=ended)]
    assert told("referral.window", records, office=office)[""] is verdict((today - ended).days <= 90)
    caring = [referral(received_at=received, route="while_in_care", referrer_role="clinician")]
    stay = episode(ended_on=ended + 90 * DAY)
    assert told("referral.route", [*caring, stay], office=office) == {"": verdict(today < ended + 90 * DAY)}
