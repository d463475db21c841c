"""A person's timeline: everything owed, past and coming, as it stood on a day; and signed plans that were edited."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import peersupport
from peersupport import (
    NONE,
    Admission,
    Assessment,
    Assignment,
    CareEpisode,
    ClinicalConsultant,
    Consultation,
    Contact,
    Force,
    Goal,
    InputError,
    License,
    OtherService,
    PeerProvider,
    Person,
    Plan,
    PlanReview,
    Program,
    Reason,
    Record,
    Roster,
    Rulebook,
    SafetyAction,
    Screening,
    StayReview,
    plans,
)
from peersupport.plans import Edit, Obligation, Status
from peersupport.rules.facts import Absent, kind_of

BOOK = peersupport.load("nebraska-dbh")
CHICAGO = ZoneInfo("America/Chicago")
DAY = dt.timedelta(days=1)
START = dt.date(2026, 2, 2)
PROGRAM = Program(id="program", time_zone="America/Chicago")
PEER, CONSULTANT = PeerProvider(id="peer"), ClinicalConsultant(id="consultant")
LICENSE = License(id="license", consultant="consultant", type="lmhp", valid_from=dt.date(2020, 1, 1), valid_until=NONE)
ADMISSION = Admission(
    id="adm", person="person", child=NONE, service="individual", admitted_on=START, ended_on=NONE, adult_consent_on=NONE
)
PLAN = Plan(id="plan", admission="adm", developed_on=dt.date(2026, 2, 27), signed_on=NONE)


def day(text: str) -> dt.date:
    """A day of 2026."""
    return dt.date.fromisoformat(f"2026-{text}")


def roster(
    *records: Record, people: Iterable[Person] = (Person(id="person", birth_date=dt.date(1980, 1, 2)),)
) -> Roster:
    """A roster in which every table is complete, with one person and the program."""
    return peersupport.from_records(
        [PROGRAM, PEER, CONSULTANT, LICENSE, *people, *records], empty=list(BOOK.vocabulary)
    )


def timeline(
    *records: Record, on: str, through: dt.date | None = None, readings: Iterable[str] = (), book: Rulebook = BOOK
) -> tuple[Obligation, ...]:
    """The timeline of the person of a roster."""
    return plans.timeline(book, roster(*records), "person", on=day(on), through=through, readings=readings)


def told(owed: Iterable[Obligation], rule: str) -> list[tuple[str, Status, str]]:
    """Of one rule: when each is due, how it stands, when it was done."""
    return [(_short(each.due), each.status, _short(each.done_on)) for each in owed if each.rule == rule]


def _short(moment: dt.date | None) -> str:
    return "" if moment is None else f"{moment:%m-%d}"


def review(id_: str, on: dt.date | None, plan: str = "plan") -> PlanReview:
    """A review of a plan on a day."""
    return PlanReview(id=id_, plan=plan, reviewed_on=on, outcome="no_change")


def consultation(id_: str, on: dt.date | None, *admissions: str) -> Consultation:
    """A consultation about some admissions on a day."""
    about = frozenset(admissions or ("adm",))
    return Consultation(id=id_, admissions=about, consultant="consultant", peer_provider="peer", held_on=on)


class TestWhatIsOwed:
    """What is on the timeline, and in which state, as a person's service goes on."""

    def test_the_first_half_year(self) -> None:
        """Everything that deadlines ask for, in the order of due days; what has none stands at the end."""
        owed = timeline(ADMISSION, PLAN, review("r", day("05-20")), consultation("c", day("05-10")), on="06-30")
        assert [(each.rule, _short(each.due), each.status) for each in owed] == [
            ("screening.at_admission", "02-02", Status.OVERDUE),
            ("plan.developed", "03-04", Status.DONE),
            ("consultation.each_90_days", "05-03", Status.LATE),
            ("plan.reviewed", "05-28", Status.DONE),
            ("consultation.each_90_days", "08-08", Status.DUE),
            ("plan.reviewed", "08-18", Status.DUE),
            ("assessment.before_service", "", Status.WAITING),
            ("plan.signed", "", Status.WAITING),
        ]

    def test_each_obligation_says_what_by_which_rule_and_reading(self) -> None:
        """The rule's sentence under the reading that was chosen, its force, its record and who answers for it."""
        served = Assignment(
            id="asg", peer_provider="peer", admission="adm", kind="primary", starts_on=START, ends_on=NONE
        )
        owed = timeline(ADMISSION, served, on="03-06", readings=["day 30 is out"])
        (written,) = [each for each in owed if each.rule == "plan.developed"]
        assert written == Obligation(
            due=day("03-03"),
            says="The plan is written within 29 days after admission.",
            status=Status.OVERDUE,
            rule="plan.developed",
            subject=("admission", "adm"),
            force=Force.MUST,
            days_late=3,
            reading=("day 30 is out",),
            responsible="peer",
        )

    def test_a_late_review_starts_the_next_ninety_days(self) -> None:
        """Done ten days late it stays late, and the next is counted from it."""
        owed = timeline(ADMISSION, PLAN, review("r", day("06-07")), on="06-30")
        assert told(owed, "plan.reviewed") == [("05-28", Status.LATE, "06-07"), ("09-05", Status.DUE, "")]
        assert [each.days_late for each in owed if each.rule == "plan.reviewed"] == [10, 0]

    def test_an_early_review_starts_them_too(self) -> None:
        """After ten days it is in time; in fixed periods the next keeps its day."""
        records = (ADMISSION, PLAN, review("r", day("03-09")))
        rolling = timeline(*records, on="03-31")
        fixed = timeline(*records, on="03-31", readings=["from the plan's date"])
        assert told(rolling, "plan.reviewed") == [("05-28", Status.DONE, "03-09"), ("06-07", Status.DUE, "")]
        assert told(fixed, "plan.reviewed") == [("05-28", Status.DONE, "03-09"), ("08-26", Status.DUE, "")]

    def test_reviews_run_through_the_versions_of_a_plan(self) -> None:
        """A new version is reviewed like the old one, and each version has a signature of its own."""
        second = attrs.evolve(PLAN, id="second", developed_on=day("05-20"), signed_on=day("05-25"))
        reviews = (review("r1", day("05-20")), review("r2", day("08-01"), "second"))
        owed = timeline(ADMISSION, PLAN, second, *reviews, on="08-31")
        assert told(owed, "plan.reviewed") == [
            ("05-28", Status.DONE, "05-20"),
            ("08-18", Status.DONE, "08-01"),
            ("10-30", Status.DUE, ""),
        ]
        assert [(each.subject[1], each.status) for each in owed if each.rule == "plan.signed"] == [
            ("second", Status.DONE),
            ("plan", Status.WAITING),
        ]

    def test_a_new_version_is_no_review_unless_it_is_read_so(self) -> None:
        """Without a review the obligation is overdue; the reading that counts a new version has it done."""
        second = attrs.evolve(PLAN, id="second", developed_on=day("05-20"))
        reading = "a new version counts as a review"
        plain = timeline(ADMISSION, PLAN, second, on="06-01")
        read_so = timeline(ADMISSION, PLAN, second, on="06-01", readings=[reading])
        assert told(plain, "plan.reviewed") == [("05-28", Status.OVERDUE, "")]
        assert told(read_so, "plan.reviewed")[0] == ("05-28", Status.DONE, "05-20")

    def test_a_readmission_owes_everything_again(self) -> None:
        """Two admissions of one person each have their own clock; what the first left is settled by its end."""
        first = attrs.evolve(ADMISSION, ended_on=day("04-01"))
        again = attrs.evolve(ADMISSION, id="again", admitted_on=day("06-01"))
        owed = timeline(first, again, PLAN, on="06-30")
        assert [(each.subject[1], each.status) for each in owed if each.rule == "plan.developed"] == [
            ("adm", Status.DONE),
            ("again", Status.DUE),
        ]
        assert [(each.subject[1], _short(each.due)) for each in owed if each.rule == "consultation.each_90_days"] == [
            ("adm", "05-03"),
            ("again", "08-30"),
        ]

    def test_what_falls_due_when_the_service_has_ended_is_not_owed(self) -> None:
        """The service ended before and on the due day."""
        for ended_on in ("03-03", "03-04"):
            owed = timeline(attrs.evolve(ADMISSION, ended_on=day(ended_on)), on="06-30")
            assert told(owed, "plan.developed") == [("03-04", Status.NOT_OWED, "")]

    def test_what_was_due_before_the_end_was_never_done(self) -> None:
        """It is late by the days until the end, and can no longer be done."""
        owed = timeline(attrs.evolve(ADMISSION, ended_on=day("03-20")), on="06-30")
        assert told(owed, "plan.developed") == [("03-04", Status.NEVER_DONE, "")]
        assert [each.days_late for each in owed if each.rule == "plan.developed"] == [16]

    def test_what_is_written_after_the_end_was_never_done(self) -> None:
        """A plan that comes late, and on the day the service ends or later, is a plan of no service."""
        ended = attrs.evolve(ADMISSION, ended_on=day("03-20"))
        for written_on, status in (("03-19", Status.LATE), ("03-20", Status.NEVER_DONE), ("04-02", Status.NEVER_DONE)):
            owed = timeline(ended, attrs.evolve(PLAN, developed_on=day(written_on)), on="06-30")
            assert [each.status for each in owed if each.rule == "plan.developed"] == [status]

    def test_what_is_overdue_is_for_whoever_serves_now(self) -> None:
        """The work goes over to the one who took over; what was done stays with the one of its due day."""
        first, then = (
            Assignment(id=id_, peer_provider=id_, admission="adm", kind="primary", starts_on=starts, ends_on=ends)
            for id_, starts, ends in (("peer", START, day("05-01")), ("second", day("05-01"), NONE))
        )
        owed = timeline(ADMISSION, first, then, PLAN, PeerProvider(id="second"), on="06-30")
        assert {each.rule: each.responsible for each in owed if each.status in {Status.DONE, Status.OVERDUE}} == {
            "screening.at_admission": "second",
            "plan.developed": "peer",
            "consultation.each_90_days": "second",
            "plan.reviewed": "second",
        }

    def test_what_was_due_is_told_for_any_past_day(self) -> None:
        """On 3 March the plan was due the next day, whatever came after; before admission nothing was owed."""
        records = (attrs.evolve(ADMISSION, ended_on=day("09-01")), attrs.evolve(PLAN, developed_on=day("03-09")))
        assert told(timeline(*records, on="03-03"), "plan.developed") == [("03-04", Status.DUE, "")]
        assert told(timeline(*records, on="03-05"), "plan.developed") == [("03-04", Status.OVERDUE, "")]
        assert told(timeline(*records, on="03-09"), "plan.developed") == [("03-04", Status.LATE, "03-09")]
        assert timeline(*records, on="02-01") == ()

    def test_what_is_done_before_it_counts_is_still_to_do(self) -> None:
        """A review of the stay more than 90 days before the child's birthday is too early: overdue when it passes."""
        child = Person(id="child", birth_date=dt.date(2007, 6, 15))
        served = attrs.evolve(ADMISSION, service="family", child="child")
        early = StayReview(id="stay", admission="adm", reviewed_on=day("03-01"))
        tables = roster(served, early, people=[Person(id="person"), child])
        owed = plans.timeline(BOOK, tables, "person", on=day("06-30"))
        (review_,) = [each for each in owed if each.rule == "family.coming_of_age"]
        assert (review_.status, review_.due, review_.not_before) == (Status.OVERDUE, day("06-15"), day("03-17"))
        assert plans.timeline(BOOK, tables, "child", on=day("06-30")) == ()

    def test_only_what_is_about_the_person_is_told(self) -> None:
        """Another person's admission is not on it."""
        other = attrs.evolve(ADMISSION, id="other", person="somebody")
        people = [Person(id="person"), Person(id="somebody")]
        owed = plans.timeline(BOOK, roster(ADMISSION, other, people=people), "person", on=day("06-30"))
        assert {each.subject for each in owed} == {("admission", "adm")}


class TestInCare:
    """Time in hospital: the source does not say whether clocks run on, so it is shown."""

    stay = CareEpisode(id="stay", person="person", kind="inpatient", admitted_on=day("03-01"), ended_on=day("03-10"))

    @pytest.mark.parametrize(
        ("changes", "in_care", "perhaps"),
        [
            ({}, ("stay",), ()),
            ({"admitted_on": day("03-04")}, ("stay",), ()),
            ({"admitted_on": day("03-05")}, (), ()),
            ({"admitted_on": day("03-05"), "ended_on": None}, (), ()),
            ({"ended_on": day("03-04")}, (), ()),
            ({"ended_on": day("03-05")}, ("stay",), ()),
            ({"ended_on": NONE}, ("stay",), ()),
            ({"ended_on": None}, (), ("stay",)),
            ({"admitted_on": None}, (), ("stay",)),
            ({"admitted_on": None, "ended_on": NONE}, (), ("stay",)),
            ({"admitted_on": None, "ended_on": day("03-04")}, (), ()),
            ({"admitted_on": None, "ended_on": None}, (), ("stay",)),
            ({"person": "somebody"}, (), ()),
            ({"person": "somebody", "ended_on": None}, (), ()),
        ],
    )
    def test_care_that_runs_on_the_due_day_is_told(
        self, changes: dict[str, dt.date | str | None], in_care: tuple[str, ...], perhaps: tuple[str, ...]
    ) -> None:
        """From its first day until the day of leaving; perhaps where either is not recorded. The plan is due 03-04."""
        stay: CareEpisode = attrs.evolve(self.stay, **changes)  # type: ignore[arg-type]  # any facts of it
        tables = roster(ADMISSION, stay, people=[Person(id="person"), Person(id="somebody")])
        owed = plans.timeline(BOOK, tables, "person", on=day("06-30"))
        (written_,) = [each for each in owed if each.rule == "plan.developed"]
        assert (written_.in_care, written_.perhaps_in_care) == (in_care, perhaps)

    @pytest.mark.parametrize(
        ("admitted_on", "ended_on", "in_care"),
        [(day("03-04"), day("03-06"), ()), (day("02-20"), day("03-02"), ("stay",))],
        ids=["comes into care later", "leaves care later"],
    )
    def test_care_that_lies_ahead_has_not_been_seen(
        self, admitted_on: dt.date, ended_on: dt.date, in_care: tuple[str, ...]
    ) -> None:
        """On 1 March nobody knows of care from 4 March on, nor that the care of that day will end on 2 March."""
        stay = attrs.evolve(self.stay, admitted_on=admitted_on, ended_on=ended_on)
        owed = timeline(ADMISSION, stay, on="03-01")
        assert [each.in_care for each in owed if each.rule == "plan.developed"] == [in_care]

    def test_what_has_no_due_day_is_in_no_care(self) -> None:
        """There is no day to hold against it, neither surely nor perhaps."""
        going_on = attrs.evolve(self.stay, ended_on=NONE)
        unknown = attrs.evolve(self.stay, id="unknown", ended_on=None)
        owed = timeline(ADMISSION, PLAN, going_on, unknown, on="06-30")
        assert [(each.in_care, each.perhaps_in_care) for each in owed if each.due is None] == [((), ()), ((), ())]


class TestUnknown:
    """What is not recorded is told, and is not taken for done or for not owed."""

    def test_a_day_that_is_not_recorded(self) -> None:
        """There is a plan of which the day is not recorded: unknown, with what is missing in words."""
        owed = timeline(ADMISSION, attrs.evolve(PLAN, developed_on=None), on="06-30")
        (written,) = [each for each in owed if each.rule == "plan.developed"]
        assert (written.status, written.due, written.missing) == (
            Status.UNKNOWN,
            day("03-04"),
            ("plan plan, developed_on",),
        )

    def test_an_anchor_that_is_not_recorded(self) -> None:
        """Without the day of admission no due day is known, and it stands at the end."""
        owed = timeline(attrs.evolve(ADMISSION, admitted_on=None), on="06-30")
        (written,) = [each for each in owed if each.rule == "plan.developed"]
        assert (written.status, written.due) == (Status.UNKNOWN, None)
        assert "admission adm, admitted_on" in written.missing

    def test_whether_it_applies_is_not_recorded(self) -> None:
        """The kind of service is not recorded, so either assessment may be owed."""
        owed = timeline(attrs.evolve(ADMISSION, service=None), on="06-30")
        statuses = {each.rule: each.status for each in owed if each.rule.startswith("assessment.")}
        assert statuses == {
            "assessment.before_service": Status.UNKNOWN,
            "assessment.before_family_service": Status.UNKNOWN,
        }

    def test_a_table_that_was_not_given(self) -> None:
        """Whether a plan was written is unknown, and the table is named."""
        tables = peersupport.from_records([PROGRAM, Person(id="person"), ADMISSION])
        owed = plans.timeline(BOOK, tables, "person", on=day("06-30"))
        (written,) = [each for each in owed if each.rule == "plan.developed"]
        assert (written.status, written.missing) == (Status.UNKNOWN, ("the table plan",))

    def test_what_hangs_on_something_that_has_not_happened_waits(self) -> None:
        """No session yet, so the assessment has no due day; what waits lacks nothing."""
        owed = timeline(ADMISSION, on="06-30")
        waiting = [(each.rule, each.missing) for each in owed if each.status is Status.WAITING]
        assert waiting == [("assessment.before_service", ()), ("plan.reviewed", ())]


class TestStatus:
    """Each reason of a deadline has a place on the timeline, or is left out on purpose."""

    def test_every_reason_has_its_status(self) -> None:
        """Nothing else is told than what is listed; a reason that is new has to be thought of here."""
        unknown = {Reason.NOT_RECORDED, Reason.JUDGEMENT, Reason.NO_TABLE, Reason.CHOOSE_READING}
        conditions = {Reason.HOLDS, Reason.DOES_NOT_HOLD, Reason.OUT_OF_BOUNDS}
        left_out = {Reason.DOES_NOT_APPLY, Reason.NOTHING_DUE, Reason.NOT_IN_FORCE}
        assert {*STATUS, *unknown, *conditions, *left_out} == set(Reason)
        assert {*STATUS.values(), Status.UNKNOWN, Status.EXPECTED} == set(Status)

    @pytest.mark.parametrize(
        ("more", "statuses"),
        [
            ("", [Status.OVERDUE]),
            ("when = \"service == 'family'\"", []),
            ("in_force = { from = 2027-01-01 }", []),
            (
                'choose = true\nreadings."a" = { within = "1 days" }\nreadings."b" = { within = "9 days" }',
                [Status.UNKNOWN],
            ),
        ],
        ids=["owed", "it does not apply", "not in force", "a reading has to be chosen"],
    )
    def test_what_owes_nothing_is_left_out(self, more: str, statuses: list[Status]) -> None:
        """A rule that does not apply or was not in force owes nothing; where the readings differ it is unknown."""
        book = rulebook(f'after = "admitted_on"\nwithin = "2 days"\ndone = "first(plan.developed_on)"\n{more}')
        assert [each.status for each in timeline(ADMISSION, on="02-07", book=book)] == statuses

    @pytest.mark.parametrize(("target", "statuses"), [(NONE, []), (day("06-30"), [Status.DUE])])
    def test_what_never_falls_due_is_left_out(self, target: dt.date, statuses: list[Status]) -> None:
        """A goal that is known to have no target date has no due day."""
        book = rulebook('due = "target_date"\ndone = "plan.signed_on"', "goal")
        goal = Goal(id="goal", plan="plan", target_date=target)
        assert [each.status for each in timeline(ADMISSION, PLAN, goal, on="03-07", book=book)] == statuses

    def test_an_obligation_is_said_in_a_line(self) -> None:
        """The day, how it stands, what and by which rule; late with its days, and without a day."""
        late = attrs.evolve(PLAN, developed_on=day("03-09"))
        lines = [str(each) for each in timeline(ADMISSION, late, on="06-30")]
        assert (
            "2026-03-04: done late on 2026-03-09, 5 days late. The plan is written within 30 days after admission. "
            "(plan.developed)"
        ) in lines
        assert (
            "no day yet: waiting. The clinical consultant reviews and signs the plan while the service lasts. "
            "(plan.signed)"
        ) in lines


STATUS = {
    Reason.IN_TIME: Status.DONE,
    Reason.LATE: Status.LATE,
    Reason.OVERDUE: Status.OVERDUE,
    Reason.TOO_EARLY: Status.OVERDUE,
    Reason.NEVER_DONE: Status.NEVER_DONE,
    Reason.UPCOMING: Status.DUE,
    Reason.NOT_YET: Status.WAITING,
    Reason.ENDED: Status.NOT_OWED,
}


# any roster, any day


Sometimes = st.sampled_from([True, True, True, False])


@st.composite
def rosters(draw: st.DrawFn) -> list[Record]:
    """The records of one person: one or two admissions, with plans, reviews and the rest, on days after one another.

    Nothing is dated before what it refers to; any day may be not recorded, and any end absent.
    """
    records: list[Record] = [PEER, CONSULTANT, LICENSE, PROGRAM]
    births = st.sampled_from([dt.date(1980, 1, 2)] * 3 + [dt.date(2008, 5, 1)] * 3 + [None])
    records.append(Person(id="person", birth_date=draw(births)))
    for name in draw(st.sampled_from([["a"], ["a"], ["a", "b"]])):
        records += _served(draw, name)
    episodes = draw(st.integers(0, 2))
    for number in range(episodes):
        begin = draw(_later(START))
        records.append(CareEpisode(id=f"e{number}", person="person", admitted_on=begin, ended_on=draw(_ending(begin))))
    for number in range(draw(st.integers(0, 1))):
        begin = draw(_known(START))
        records.append(
            OtherService(
                id=f"o{number}",
                person="person",
                kind="behavioral_health",
                starts_on=begin,
                ends_on=draw(_ending(begin)),
            )
        )
    for number in range(draw(st.integers(0, 1))):
        records.append(
            Assessment(
                id=f"assessed{number}",
                person="person",
                completed_on=draw(_ending(START)),
                describes_needs=True,
                recommends_peer_support=draw(st.sampled_from([True, True, True, None])),
                clinician_authorized=True,
            )
        )
    return records


def _later(day_: dt.date | None, most: int = 200) -> st.SearchStrategy[dt.date | None]:
    days = st.integers(0, most).map(lambda n: (day_ or START) + n * DAY)
    return st.one_of(*[days] * 12, st.none())


def _known(day_: dt.date | None, most: int = 200) -> st.SearchStrategy[dt.date]:
    return st.integers(0, most).map(lambda n: (day_ or START) + n * DAY)


def _ending(day_: dt.date | None) -> st.SearchStrategy[dt.date | Absent | None]:
    return st.one_of(_later(day_), st.just(NONE))


def _served(draw: st.DrawFn, name: str) -> list[Record]:
    begin = draw(_known(START, 60))
    records: list[Record] = [
        attrs.evolve(
            ADMISSION,
            id=name,
            admitted_on=draw(st.sampled_from([*[begin] * 9, None])),
            service=draw(st.sampled_from([*["individual"] * 9, None])),
            ended_on=draw(_ending(begin)),
            adult_consent_on=draw(_ending(begin)),
        ),
        Assignment(
            id=f"asg-{name}",
            peer_provider="peer",
            admission=name,
            kind="primary",
            starts_on=draw(_later(begin, 30)),
            ends_on=NONE,
        ),
    ]
    for number in range(draw(st.integers(0, 2))):
        written = draw(_known(begin, 90))
        records.append(
            Plan(id=f"{name}p{number}", admission=name, developed_on=written, signed_on=draw(_ending(written)))
        )
        reviews = draw(st.lists(_known(written), max_size=3))
        records += [review(f"{name}p{number}r{i}", on, f"{name}p{number}") for i, on in enumerate(reviews)]
    held = draw(st.lists(_later(begin), max_size=3))
    records += [consultation(f"{name}c{i}", on, name) for i, on in enumerate(held)]
    for i, on in enumerate(draw(st.lists(_known(begin, 20), max_size=2))):
        records.append(
            Screening(
                id=f"{name}s{i}",
                admission=name,
                screened_on=on,
                imminent_danger=draw(st.sampled_from([True, False, None])),
            )
        )
        if draw(st.booleans()):
            records.append(SafetyAction(id=f"{name}s{i}x", screening=f"{name}s{i}", taken_on=draw(_later(on, 3))))
    for i, on in enumerate(draw(st.lists(_known(begin, 60), max_size=2))):
        starts = dt.datetime.combine(on, dt.time(draw(st.sampled_from([0, 10, 23]))), CHICAGO)
        status = draw(st.sampled_from(["attended", "not_attended", None]))
        records.append(Contact(id=f"{name}t{i}", admission=name, person="person", status=status, starts_at=starts))
    return records


def whole(records: Sequence[Record]) -> Roster:
    """The roster of some records, every table complete."""
    return peersupport.from_records(records, empty=list(BOOK.vocabulary))


def as_of(records: Sequence[Record], on: dt.date) -> list[Record]:
    """The records as they stood on a day: without what is dated after it, and with ends that lie ahead not yet come."""
    kept = [_then(each, on) for each in records if not _after(_dated(each), on)]
    while lost := [each for each in kept if not _references(each) <= {other.id for other in kept}]:
        kept = [each for each in kept if each not in lost]
    return kept


def _references(record: Record) -> set[str]:
    """The ids that a record refers to; what refers to a record that is not there yet is not there either."""
    values = [getattr(record, name) for name, fact in kind_of(type(record)).facts.items() if fact.type.kind]
    sets = [value for value in values if isinstance(value, frozenset)]
    return {value for value in values if isinstance(value, str)}.union(*sets)


def _dated(record: Record) -> object:
    kind = kind_of(type(record))
    name = kind.dated_by or (kind.span.start if kind.span else "")
    return getattr(record, name, None)


def _after(value: object, on: dt.date) -> bool:
    if isinstance(value, dt.datetime):
        value = value.astimezone(CHICAGO).date()
    return isinstance(value, dt.date) and value > on


def _then(record: Record, on: dt.date) -> Record:
    facts = kind_of(type(record)).facts
    later = [name for name, fact in facts.items() if fact.happens and _after(getattr(record, name, None), on)]
    assert all(facts[name].type.or_none for name in later)
    return attrs.evolve(record, **dict.fromkeys(later, NONE))  # type: ignore[arg-type]  # any facts of it


def plainly(owed: Iterable[Obligation]) -> list[Obligation]:
    """The obligations, whatever care runs on their days, and however far the search for what is missing came."""
    return [
        attrs.evolve(each, in_care=(), perhaps_in_care=(), missing=each.missing and ("something",)) for each in owed
    ]


DAYS = st.integers(-5, 400).map(lambda n: START + n * DAY)


class TestAnyRosterOnAnyDay:
    """Laws that hold of every roster on every day."""

    @given(rosters(), DAYS)
    def test_what_is_dated_after_the_day_has_not_been_seen(self, records: list[Record], on: dt.date) -> None:
        """The timeline as of a day is that of the roster from which everything dated later was removed."""
        through = on + 200 * DAY
        full = plans.timeline(BOOK, whole(records), "person", on=on, through=through)
        then = plans.timeline(BOOK, whole(as_of(records, on)), "person", on=on, through=through)
        assert plainly(full) == plainly(then)

    @settings(max_examples=25, deadline=None)
    @given(rosters(), DAYS)
    def test_every_finding_of_a_deadline_is_on_it(self, records: list[Record], on: dt.date) -> None:
        """It has what the deadlines find of each record seen, each with its status, and nothing else."""
        tables = whole(records)
        found = [
            finding
            for rule in BOOK.judged
            if rule.form == "deadline"
            for kind in rule.about
            for record in tables.records(kind)
            if not _after(_dated(record), on)
            for finding in peersupport.judge_each(BOOK, rule.id, record, on=on, tables=tables)
            if finding.reason not in {Reason.DOES_NOT_APPLY, Reason.NOTHING_DUE, Reason.NOT_IN_FORCE}
        ]
        owed = plans.timeline(BOOK, tables, "person", on=on)
        assert {(o.rule, o.subject, o.occurrence, o.due, o.done_on, o.status) for o in owed} == {
            (f.rule, f.subject, f.occurrence, f.due, f.done_on, STATUS.get(f.reason, Status.UNKNOWN)) for f in found
        }
        assert len(owed) == len(found)
        assert all(each.missing for each in owed if each.status is Status.UNKNOWN)

    @given(rosters(), DAYS)
    def test_it_stands_in_the_order_of_its_days(self, records: list[Record], on: dt.date) -> None:
        """By due day, else by the day it was done, else at the end; then by rule, record and number."""
        owed = plans.timeline(BOOK, whole(records), "person", on=on, through=on + 300 * DAY)
        keys = [
            (each.due or each.done_on or dt.date.max, each.rule, each.subject, each.occurrence or 0) for each in owed
        ]
        assert keys == sorted(keys)

    @settings(max_examples=20, deadline=None)
    @given(rosters(), DAYS, st.randoms(use_true_random=False))
    def test_the_order_of_the_records_does_not_matter(self, records: list[Record], on: dt.date, random: Random) -> None:
        """The same records in another order make the same timeline."""
        shuffled = list(records)
        random.shuffle(shuffled)
        one, other = (plans.timeline(BOOK, whole(each), "person", on=on) for each in (records, shuffled))
        assert plainly(one) == plainly(other)
        assert [sorted(each.in_care) for each in one] == [sorted(each.in_care) for each in other]
        assert [sorted(each.perhaps_in_care) for each in one] == [sorted(each.perhaps_in_care) for each in other]


def test_what_belongs_to_a_later_plan_has_not_been_seen() -> None:
    """A review without a day, of a plan that is written in August, says nothing in June."""
    later = attrs.evolve(PLAN, id="later", developed_on=day("08-01"))
    owed = timeline(ADMISSION, PLAN, later, review("r", None, "later"), on="06-10")
    assert told(owed, "plan.reviewed") == [("05-28", Status.OVERDUE, "")]


def test_other_services_are_seen_as_they_stood() -> None:
    """A service that ended since is still going on: what hangs on it waits, and does not ask for the end."""
    other = OtherService(id="o", person="person", kind="behavioral_health", starts_on=START, ends_on=NONE)
    ended = attrs.evolve(ADMISSION, ended_on=day("08-01"))
    owed = timeline(ended, other, on="05-10")
    assert told(owed, "coordination.with_providers") == [("", Status.WAITING, "")]


# what will fall due


HEAD = """
rulebook = "invented"
title = "An invented program"
jurisdiction = "invented"
version = "1"
verified = 2026-01-01
[sources.X]
title = "Handbook"
publisher = "nobody"
"""


@functools.cache
def rulebook(fields: str, about: str = "admission") -> Rulebook:
    """A rulebook of one deadline."""
    head = f'{HEAD}[[deadline]]\nid = "plan.again"\nabout = "{about}"\nsays = "It is done."\nsource = "X: 1"\n'
    return peersupport.loads(head + fields)


def written(number: int, on: dt.date) -> Plan:
    """A plan that is written on a day."""
    return Plan(id=f"plan{number}", admission="adm", developed_on=on)


def step_by_step(
    book: Rulebook, records: Sequence[Record], on: dt.date, through: dt.date
) -> list[tuple[int | dt.date | None, dt.date]]:
    """What falls due up to a day, judged on each due day with what was due done on it."""
    done = list(records)
    found: list[tuple[int | dt.date | None, dt.date]] = []
    while True:
        tables = whole(done)
        last = peersupport.judge(book, "plan.again", tables.records("admission")[0], on=on, tables=tables)
        if last.reason is not Reason.UPCOMING or last.due is None:
            return found
        found += [(last.occurrence, last.due)] if len(done) > len(records) else []
        if last.due >= through:
            return [each for each in found if each[1] <= through]
        done.append(written(1000 + len(done), last.due))
        on = last.due


PERIODS = ("1 days", "7 days", "2 weeks", "1 month", "3 months", "1 years", "10 business_days")


class TestExpected:
    """With `through` it goes on, as if each were done on its due day."""

    @given(
        again=st.sampled_from(PERIODS[1:]),
        within=st.sampled_from([None, *PERIODS]),
        counted=st.sampled_from(["rolling", "grid"]),
        times=st.sampled_from([None, 1, 2, 5]),
        anchor=st.sampled_from([dt.date(2026, 1, 31), dt.date(2024, 2, 29), dt.date(2025, 12, 31), START]),
        events=st.lists(st.integers(1, 120), max_size=4),
        on=st.integers(0, 150),
        ahead=st.integers(0, 200),
        until=st.sampled_from([None, "admitted_on + days(70)"]),
    )
    @example("1 month", None, "grid", None, dt.date(2026, 1, 31), [], 1, 200, None)
    @example("1 month", None, "rolling", None, dt.date(2026, 1, 31), [], 1, 200, None)
    def test_it_is_what_judging_step_by_step_gives(  # noqa: PLR0913, PLR0917  one for each part of a rule and of the days
        self,
        again: str,
        within: str | None,
        counted: str,
        times: int | None,
        anchor: dt.date,
        events: list[int],
        on: int,
        ahead: int,
        until: str | None,
    ) -> None:
        """Rolling and in fixed periods, in days, weeks, months and business days, so many times, to an end or not."""
        fields = f'after = "admitted_on"\nagain = "{again}"\ncounted = "{counted}"\ndone = "each(plan.developed_on)"\n'
        fields += f'within = "{within}"\n' if within else ""
        fields += f"times = {times}\n" if times else ""
        fields += f'until = "{until}"\n' if until else ""
        book = rulebook(fields)
        today = anchor + on * DAY
        people: list[Record] = [PROGRAM, Person(id="person")]
        done = [written(number, anchor + n * DAY) for number, n in enumerate(events) if n <= on]
        records = [*people, attrs.evolve(ADMISSION, admitted_on=anchor), *done]
        through = today + ahead * DAY
        owed = plans.timeline(book, whole(records), "person", on=today, through=through)
        expected = [(each.occurrence, each.due) for each in owed if each.status is Status.EXPECTED]
        assert expected == step_by_step(book, records, today, through)

    def test_months_are_counted_from_where_they_begin(self) -> None:
        """In fixed periods from 31 January: cut to the end of February, and the 31st again; rolling, from each."""
        fields = 'after = "admitted_on"\nagain = "1 month"\ndone = "each(plan.developed_on)"\n'
        admitted = attrs.evolve(ADMISSION, admitted_on=day("01-31"))
        for counted, last in (("grid", ["02-28", "03-31", "04-30"]), ("rolling", ["02-28", "03-28", "04-28"])):
            owed = timeline(admitted, on="02-01", through=day("05-01"), book=rulebook(f'{fields}counted = "{counted}"'))
            assert [_short(each.due) for each in owed] == last
            assert [each.status for each in owed] == [Status.DUE, Status.EXPECTED, Status.EXPECTED]

    def test_nothing_is_expected_behind_what_is_overdue(self) -> None:
        """Nobody knows when it will be done, so nothing is said of the next."""
        owed = timeline(ADMISSION, PLAN, on="05-29", through=day("12-31"))
        assert told(owed, "plan.reviewed") == [("05-28", Status.OVERDUE, "")]

    def test_what_is_asked_once_is_not_repeated(self) -> None:
        """A plan that is due has nothing behind it."""
        owed = timeline(ADMISSION, on="02-10", through=day("12-31"))
        assert told(owed, "plan.developed") == [("03-04", Status.DUE, "")]

    def test_reviews_and_consultations_are_expected(self) -> None:
        """The next after the open one, ninety days each, up to the last day and not beyond."""
        owed = timeline(ADMISSION, PLAN, review("r", day("05-20")), on="06-30", through=day("11-16"))
        assert told(owed, "plan.reviewed") == [
            ("05-28", Status.DONE, "05-20"),
            ("08-18", Status.DUE, ""),
            ("11-16", Status.EXPECTED, ""),
        ]
        assert [each.occurrence for each in owed if each.rule == "plan.reviewed"] == [1, 2, 3]
        assert [each.days_late for each in owed if each.rule == "plan.reviewed"] == [0, 0, None]

    @pytest.mark.parametrize("counted", ["rolling", "grid"])
    def test_nothing_is_expected_from_the_end_on(self, counted: str) -> None:
        """What falls due on the day on which it ends is not owed any more, so the day before is the last."""
        fields = f'after = "admitted_on"\nagain = "30 days"\ncounted = "{counted}"\ndone = "each(plan.developed_on)"\n'
        for length, last in ((89, "04-03"), (90, "04-03"), (91, "05-03")):
            book = rulebook(f'{fields}until = "admitted_on + days({length})"')
            owed = timeline(ADMISSION, on="02-10", through=day("12-31"), book=book)
            assert _short(owed[-1].due) == last

    def test_nothing_is_expected_when_the_rule_is_no_longer_in_force(self) -> None:
        """What falls due after the rule's last day will not be asked by it, as it is not on the day itself."""
        fields = 'after = "admitted_on"\nagain = "30 days"\ncounted = "grid"\ndone = "each(plan.developed_on)"\n'
        book = rulebook(fields + "in_force = { from = 2026-01-01, until = 2026-05-01 }")
        owed = timeline(ADMISSION, on="02-10", through=day("07-01"), book=book)
        assert told(owed, "plan.again") == [("03-04", Status.DUE, ""), ("04-03", Status.EXPECTED, "")]

    def test_nothing_is_expected_on_a_day_on_which_the_rule_does_not_apply(self) -> None:
        """Whether it applies is asked on each due day: not from the eighteenth birthday on."""
        fields = 'after = "admitted_on"\nagain = "30 days"\ncounted = "grid"\ndone = "each(plan.developed_on)"\n'
        book = rulebook(fields + 'when = "age(person.birth_date, on) < 18"')
        young = Person(id="person", birth_date=dt.date(2008, 5, 1))
        tables = roster(ADMISSION, people=[young])
        owed = plans.timeline(book, tables, "person", on=day("02-10"), through=day("07-01"))
        assert told(owed, "plan.again") == [("03-04", Status.DUE, ""), ("04-03", Status.EXPECTED, "")]


# instants


ANSWERED = """
due = "starts_at + hours(24)"
done = "ends_at"
"""
BEFORE = f"""{HEAD}
[[deadline]]
id = "a.written"
about = "admission"
says = "A plan is written."
due = "admitted_on"
done = "first(plan.developed_on)"
source = "X: 1"
[[deadline]]
id = "z.answered"
about = "contact"
says = "It ends within a day."
source = "X: 1"
{ANSWERED}
"""


class TestInstants:
    """Where a rule counts in hours, due and done are instants, and days are those of the program's zone."""

    meeting = Contact(
        id="contact",
        person="person",
        admission="adm",
        starts_at=dt.datetime(2026, 3, 1, 4, 30, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 3, 2, 20, 0, tzinfo=dt.UTC),
    )
    admission = attrs.evolve(ADMISSION, admitted_on=dt.date(2026, 3, 2))

    def test_they_stand_on_the_day_that_it_is_there(self) -> None:
        """04:30 in Greenwich on 2 March is 1 March in Chicago, so it stands before what is due on 2 March."""
        book = peersupport.loads(BEFORE)
        owed = plans.timeline(book, roster(self.admission, self.meeting), "person", on=day("03-05"))
        assert [(each.rule, each.status) for each in owed] == [
            ("z.answered", Status.LATE),
            ("a.written", Status.OVERDUE),
        ]
        assert owed[0].due == dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC)
        assert (owed[0].done_on, owed[0].days_late) == (self.meeting.ends_at, 1)

    def test_care_is_held_against_that_day_too(self) -> None:
        """Care that ended on 2 March ran on 1 March, the due day in Chicago."""
        stay = CareEpisode(id="stay", person="person", admitted_on=day("02-20"), ended_on=day("03-02"))
        book = peersupport.loads(BEFORE)
        owed = plans.timeline(book, roster(self.admission, self.meeting, stay), "person", on=day("03-05"))
        assert [each.in_care for each in owed] == [("stay",), ()]

    def test_a_contact_of_the_next_day_has_not_been_seen(self) -> None:
        """It starts on 28 February in Chicago: seen on that day, and not on the day before."""
        book = peersupport.loads(BEFORE)
        tables = roster(self.admission, self.meeting)
        assert plans.timeline(book, tables, "person", on=day("02-27")) == ()
        (owed,) = plans.timeline(book, tables, "person", on=day("02-28"))
        assert (owed.rule, owed.status) == ("z.answered", Status.DUE)

    @pytest.mark.parametrize("ends_at", [NONE, None, meeting.ends_at])
    def test_without_a_zone_nothing_is_known_of_instants(self, ends_at: dt.datetime | None) -> None:
        """Whether an instant has passed is not known where the program's zone is not recorded, and that is said."""
        meeting = attrs.evolve(self.meeting, ends_at=ends_at)
        tables = peersupport.from_records([Person(id="person"), self.admission, meeting])
        (owed,) = plans.timeline(rulebook(ANSWERED, "contact"), tables, "person", on=day("03-05"))
        assert (owed.status, owed.due, owed.missing[0]) == (Status.UNKNOWN, None, "program program, time_zone")


class TestErrors:
    """What is not there is an error that names what is."""

    @pytest.mark.parametrize(
        ("person", "readings", "message"),
        [
            ("persn", (), "person: there is no 'persn' \\(did you mean 'person'\\?\\)"),
            ("x", (), "person: there is no 'x' \\(known here: person\\)"),
            ("person", ("day 30 is off",), "day 30 is out"),
        ],
    )
    def test_a_person_or_a_reading_that_is_not_there(
        self, person: str, readings: tuple[str, ...], message: str
    ) -> None:
        """The nearest name is told."""
        with pytest.raises(InputError, match=message):
            plans.timeline(BOOK, roster(ADMISSION), person, on=day("06-30"), readings=readings)

    def test_a_last_day_before_the_day_asked_about(self) -> None:
        """Going on to a day that has passed is a slip; the day asked about itself is not."""
        with pytest.raises(InputError, match="through: 2026-06-29 lies before the day asked about, 2026-06-30"):
            plans.timeline(BOOK, roster(ADMISSION), "person", on=day("06-30"), through=day("06-29"))
        same = plans.timeline(BOOK, roster(ADMISSION), "person", on=day("06-30"), through=day("06-30"))
        assert same == plans.timeline(BOOK, roster(ADMISSION), "person", on=day("06-30"))

    def test_a_roster_without_people(self) -> None:
        """Where no person was given, none is there."""
        tables = peersupport.from_records([ADMISSION])
        with pytest.raises(InputError, match="there is no 'person'"):
            plans.timeline(BOOK, tables, "person", on=day("06-30"))


# signed plans


SIGNED = Plan(
    id="signed",
    admission="adm",
    developed_on=day("02-27"),
    signed_on=day("03-09"),
    signed_by="consultant",
    areas=True,
    services=frozenset({"individual_support"}),
)
GOAL = Goal(id="goal", plan="signed", objectives=2, target_date=day("06-30"))
OTHER = attrs.evolve(GOAL, id="other")


def edits(before: Sequence[Record], after: Sequence[Record]) -> list[tuple[str, str, str, str]]:
    """What was edited between two rosters."""
    found = plans.edited(roster(ADMISSION, *before), roster(ADMISSION, *after))
    return [(each.plan, each.kind, each.id, each.fact) for each in found]


class TestEdited:
    """A signed plan is never edited: a change is a new version."""

    @pytest.mark.parametrize(
        ("after", "found"),
        [
            ([SIGNED, GOAL, OTHER], []),
            ([attrs.evolve(SIGNED, areas=False), GOAL, OTHER], [("plan", "signed", "areas")]),
            ([attrs.evolve(SIGNED, areas=None), GOAL, OTHER], [("plan", "signed", "areas")]),
            ([attrs.evolve(SIGNED, services=frozenset()), GOAL, OTHER], [("plan", "signed", "services")]),
            ([attrs.evolve(SIGNED, signed_on=day("03-10")), GOAL, OTHER], [("plan", "signed", "signed_on")]),
            ([attrs.evolve(SIGNED, signed_on=NONE, signed_by=NONE), GOAL, OTHER], [
                ("plan", "signed", "signed_on"),
                ("plan", "signed", "signed_by"),
            ]),
            ([SIGNED, attrs.evolve(GOAL, target_date=NONE), OTHER], [("goal", "goal", "target_date")]),
            ([SIGNED, GOAL], [("goal", "other", "id")]),
            ([SIGNED, GOAL, OTHER, attrs.evolve(GOAL, id="more")], [("goal", "more", "id")]),
            ([], [("plan", "signed", "id"), ("goal", "goal", "id"), ("goal", "other", "id")]),
            ([SIGNED, GOAL, OTHER, attrs.evolve(SIGNED, id="second", areas=False)], []),
        ],
    )  # fmt: skip
    def test_each_sort_of_edit(self, after: list[Record], found: list[tuple[str, str, str]]) -> None:
        """A fact that changed or is gone, a goal that changed, is gone or is new, a plan that is gone."""
        assert edits([SIGNED, GOAL, OTHER], after) == [("signed", *each) for each in found]

    def test_learning_is_no_edit(self) -> None:
        """What was not recorded and is now, of the plan and of its goals."""
        learned = attrs.evolve(SIGNED, triggers=False, wellness_plan=True)
        goal = attrs.evolve(GOAL, clear_and_realistic=True)
        assert edits([SIGNED, GOAL], [learned, goal]) == []

    @pytest.mark.parametrize("signed_on", [NONE, None])
    def test_a_plan_that_was_not_signed_may_change(self, signed_on: dt.date | None) -> None:
        """Signing it is one of the changes."""
        draft = attrs.evolve(SIGNED, signed_on=signed_on, areas=False)
        assert edits([draft, GOAL], [SIGNED, OTHER]) == []

    def test_a_goal_that_moves_is_an_edit_of_both_plans(self) -> None:
        """It is gone from the one and new in the other."""
        second = attrs.evolve(SIGNED, id="second")
        moved = attrs.evolve(GOAL, plan="second")
        assert edits([SIGNED, second, GOAL], [SIGNED, second, moved]) == [
            ("signed", "goal", "goal", "id"),
            ("second", "goal", "goal", "id"),
        ]

    def test_goals_that_were_not_given_are_not_gone(self) -> None:
        """Without the table of goals, before or after, it is not known whether they were edited."""
        people = [Person(id="person"), CONSULTANT, ADMISSION]
        given_, lacking = (peersupport.from_records([*people, SIGNED, *more]) for more in ([GOAL], []))
        for each in ((given_, lacking), (lacking, given_)):
            with pytest.raises(InputError, match="the table goal: was not given"):
                plans.edited(*each)

    def test_an_edit_names_the_plan_and_the_fact(self) -> None:
        """The plan, and the kind, id and fact of what is not what it was."""
        (found,) = plans.edited(roster(ADMISSION, SIGNED), roster(ADMISSION, attrs.evolve(SIGNED, areas=False)))
        assert found == Edit("signed", "plan", "signed", "areas")

    def test_plans_that_were_not_given_are_not_gone(self) -> None:
        """Without the table of plans it is not known whether they were edited."""
        people = [Person(id="person"), CONSULTANT, ADMISSION]
        given_, lacking = peersupport.from_records([*people, SIGNED]), peersupport.from_records(people)
        for each in ((given_, lacking), (lacking, given_)):
            with pytest.raises(InputError, match="2 problems found:\n- the table plan: was not given"):
                plans.edited(*each)

    @given(rosters())
    @settings(max_examples=25, deadline=None)
    def test_a_roster_has_no_edits_against_itself(self, records: list[Record]) -> None:
        """The same records, in any order, are no edit; with all plans and goals gone each signed plan is one."""
        before = whole(records)
        assert plans.edited(before, whole(records[::-1])) == ()
        dated = [each for each in before.records("plan") if isinstance(getattr(each, "signed_on", None), dt.date)]
        gone = [each for each in records if not isinstance(each, (Plan, PlanReview))]
        assert [each.id for each in plans.edited(before, whole(gone))] == [each.id for each in dated]
