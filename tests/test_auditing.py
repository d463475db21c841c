"""Audits and findings: their order, the queue, the counts, the places left, what may leave the house, the receipt.

The program is made up and small; what is expected of it was worked out by hand from the rulebook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from importlib import metadata

import attrs
import pytest

from peersupport import (
    NONE,
    Admission,
    Assessment,
    Assignment,
    Audit,
    Contact,
    Finding,
    Force,
    GroupSession,
    InputError,
    Load,
    PeerProvider,
    Person,
    Place,
    Plan,
    PlanReview,
    Program,
    Reason,
    Receipt,
    Record,
    Referral,
    Roster,
    Rulebook,
    Verdict,
    audit,
    from_records,
    load,
    loads,
)
from peersupport.rules.findings import COLUMNS, redacted, row
from peersupport.rules.forms import Citation

ON = dt.date(2026, 6, 30)
EMPTY = ("plan", "plan_review", "consultation", "contact", "assessment", "assignment", "other_service", "measure")
PLANS = ("plan.developed", "plan.reviewed")


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _admission(id_: str, day: str, **more: object) -> Record:
    values: dict[str, object] = {"person": f"{id_}-person", "child": NONE, "service": "individual", "ended_on": NONE}
    return Admission(id=id_, **{**values, "admitted_on": _day(day), **more})  # type: ignore[arg-type]


def _roster(records: Iterable[Record], empty: Iterable[str] = EMPTY) -> Roster:
    return from_records(records, empty=empty)


def _program() -> Roster:
    """Three admissions: one with a plan and two late reviews, two without a plan; not in the order of their days."""
    return _roster(
        [
            _admission("adm-b", "2026-05-01"),
            _admission("adm-c", "2026-06-10"),
            _admission("adm-a", "2025-09-01"),
            Plan(id="pla-1", admission="adm-a", developed_on=_day("2025-09-20"), signed_on=NONE),
            PlanReview(id="rev-1", plan="pla-1", reviewed_on=_day("2026-01-10")),
            PlanReview(id="rev-2", plan="pla-1", reviewed_on=_day("2026-03-01")),
        ]
    )


def _told(made: Audit) -> list[tuple[str, str, object, str]]:
    return [(f.rule, f.subject[1], f.occurrence, f.reason.value) for f in made.findings]


@pytest.fixture(scope="module")
def nebraska() -> Rulebook:
    """The rulebook of the package that has all forms but definitions."""
    return load("nebraska-dbh")


# the findings


def test_findings_go_by_rule_then_record_then_occurrence(nebraska: Rulebook) -> None:
    """Rules stand as in the file, records as in their table, occurrences as they fall due."""
    made = audit(nebraska, _program(), on=ON, rules=PLANS)
    assert _told(made) == [
        ("plan.developed", "adm-b", None, "overdue"),
        ("plan.developed", "adm-c", None, "upcoming"),
        ("plan.developed", "adm-a", None, "in_time"),
        ("plan.reviewed", "adm-b", None, "not_yet"),
        ("plan.reviewed", "adm-c", None, "not_yet"),
        ("plan.reviewed", "adm-a", 1, "late"),
        ("plan.reviewed", "adm-a", 2, "in_time"),
        ("plan.reviewed", "adm-a", 3, "overdue"),
    ]


def test_rules_keep_the_order_of_the_file_whatever_was_asked_first(nebraska: Rulebook) -> None:
    """The names of the rules choose, they do not sort."""
    asked = audit(nebraska, _program(), on=ON, rules=[*reversed(PLANS), PLANS[0]])
    assert _told(asked) == _told(audit(nebraska, _program(), on=ON, rules=PLANS))
    assert asked.judged == frozenset(PLANS)


def test_without_rules_every_rule_is_judged(nebraska: Rulebook) -> None:
    """All rules of the rulebook that have a verdict are held against the records of their kinds."""
    made = audit(nebraska, _roster([PeerProvider(id="ppr-1"), GroupSession(id="grp-1", present=3)]), on=ON)
    assert made.judged == {rule.id for rule in nebraska.judged}
    there = {"peer_provider": "ppr-1", "group_session": "grp-1"}
    about = [(rule.id, kind) for rule in nebraska.judged for kind in rule.about if kind in there]
    assert [(f.rule, f.subject) for f in made.findings] == [(rule, (kind, there[kind])) for rule, kind in about]
    assert {"caseload.maximum", "group.size"} <= {f.rule for f in made.findings}


def test_an_unknown_rule_is_refused_with_the_near_name(nebraska: Rulebook) -> None:
    """Each name that the rulebook does not have is a problem of its own, and nothing is judged."""
    with pytest.raises(InputError) as refused:
        audit(nebraska, _program(), on=ON, rules=["plan.devloped", "plan.reviewed", "group.siz"])
    assert [str(problem) for problem in refused.value.problems] == [
        "rulebook nebraska-dbh: no rule 'plan.devloped' (did you mean 'plan.developed'?)",
        "rulebook nebraska-dbh: no rule 'group.siz' (did you mean 'group.size'?)",
    ]


def test_a_definition_is_no_rule_to_audit() -> None:
    """A definition has no verdict, so an audit cannot be asked for it."""
    book = loads(
        HEAD
        + """
[[definition]]
id     = "fiction.later"
about  = "admission"
says   = "A month later."
is     = "admitted_on + months(1)"
source = "F: 1"
"""
        + PLAIN
    )
    with pytest.raises(InputError, match=r"no rule 'fiction\.later'"):
        audit(book, _program(), on=ON, rules=["fiction.later"])
    assert set(audit(book, _program(), on=ON).counts()) == {"fiction.benefit"}


def test_an_unknown_reading_is_refused(nebraska: Rulebook) -> None:
    """A reading that is not there is an error of the input."""
    with pytest.raises(InputError, match="there is no reading 'day 30'"):
        audit(nebraska, _program(), on=ON, readings=["day 30"])


def test_since_leaves_out_occurrences_that_were_over_before(nebraska: Rulebook) -> None:
    """The first review was due 2025-12-19 and done late: before `since` it is history, on its due day it is told."""
    told = [
        [f.occurrence for f in audit(nebraska, _program(), on=ON, since=_day(day), rules=["plan.reviewed"]).findings]
        for day in ("2025-12-19", "2025-12-20", "2026-04-10", "2026-04-11")
    ]
    assert told == [[None, None, 1, 2, 3], [None, None, 2, 3], [None, None, 2, 3], [None, None, 3]]


def test_a_first_day_after_the_day_of_the_audit_is_refused(nebraska: Rulebook) -> None:
    """What is missed since tomorrow cannot be asked today."""
    admissions = [_admission(f"adm-{n}", "2026-01-01") for n in range(26)]
    stays = [_assigned(f"asg-{n}", "2026-02-01", NONE) for n in range(26)]
    roster = _roster([PeerProvider(id="ppr-1"), *admissions, *stays])
    with pytest.raises(InputError, match=r"since: 2026-07-01 lies after the day of the audit, 2026-06-30"):
        audit(nebraska, roster, on=ON, since=_day("2026-07-01"), rules=["caseload.maximum"])
    assert audit(nebraska, roster, on=ON, since=ON, rules=["caseload.maximum"]).receipt.since == ON


def test_records_dated_after_the_day_are_not_judged_and_this_is_said(nebraska: Rulebook) -> None:
    """An admission of tomorrow has not been seen; the notes name it once, however many rules are about it."""
    admissions = [_admission("adm-1", "2026-06-30"), _admission("adm-2", "2026-07-01")]
    made = audit(nebraska, _roster(admissions), on=ON, rules=PLANS)
    assert {f.subject[1] for f in made.findings} == {"adm-1"}
    assert made.notes == ("not judged, because dated after 2026-06-30: 1 record (admission adm-2)",)
    assert audit(nebraska, _roster(admissions), on=_day("2026-07-01"), rules=PLANS).notes == ()


def test_the_first_three_records_that_were_not_judged_are_named(nebraska: Rulebook) -> None:
    """Dots stand for the others, which are counted."""
    notes = [
        audit(nebraska, _roster([_admission(f"adm-{n}", "2026-07-01") for n in range(count)]), on=ON, rules=PLANS).notes
        for count in (3, 4)
    ]
    shown = "admission adm-0, admission adm-1, admission adm-2"
    assert notes == [
        (f"not judged, because dated after 2026-06-30: 3 records ({shown})",),
        (f"not judged, because dated after 2026-06-30: 4 records ({shown}, ...)",),
    ]


def test_the_day_of_an_instant_is_the_day_in_the_programs_zone() -> None:
    """A referral at 2026-07-01 04:30 UTC came on 30 June in Chicago, and half an hour later on the day after."""
    book = load("minnesota-peer2peer")
    at = dt.datetime(2026, 7, 1, 4, 59, tzinfo=dt.UTC)
    late = at + dt.timedelta(minutes=1)
    records = [Person(id="per-1"), Referral(id="ref-1", person="per-1", received_at=at)]
    records.append(Referral(id="ref-2", person="per-1", received_at=late))
    program = Program(id="prog-1", time_zone="America/Chicago")
    roster = from_records([*records, program], empty=["care_episode"])
    made = audit(book, roster, on=ON, rules=["referral.window"])
    assert [f.subject[1] for f in made.findings] == ["ref-1"]


def test_without_a_time_zone_no_instant_is_known_to_lie_ahead() -> None:
    """Where the program's zone is not recorded the record is judged, and unknown is the answer."""
    book = load("minnesota-peer2peer")
    referral = Referral(id="ref-1", person="per-1", received_at=dt.datetime(2026, 7, 9, tzinfo=dt.UTC))
    roster = from_records([Person(id="per-1"), referral], empty=["care_episode"])
    made = audit(book, roster, on=ON, rules=["referral.window"])
    assert [f.subject[1] for f in made.findings] == ["ref-1"]


def test_planned_days_do_not_hide_a_record() -> None:
    """A record that is dated by a planned day is judged before that day comes."""
    kinds = '[kinds.visit]\ndated_by = "planned_on"\nplanned_on = { type = "date", planned = true }\nfine = "bool"\n'
    book = loads(HEAD + kinds + PLAIN.replace("admission", "visit").replace("would_benefit", "fine"))
    visit = book.vocabulary["visit"].record
    record = visit(id="vis-1", planned_on=_day("2026-12-31"), fine=True)  # type: ignore[call-arg]
    made = audit(book, from_records([record], vocabulary=book.vocabulary), on=ON)
    assert [f.verdict for f in made.findings] == [Verdict.MET]


def test_notes_of_the_roster_and_warnings_of_findings_are_told_once(nebraska: Rulebook) -> None:
    """What is odd about the input stands in the notes: records that count for nobody, and days that lie ahead."""
    plans = [Plan(id="pla-1", developed_on=_day("2026-06-01"), signed_on=_day("2026-07-02"))]
    roster = _roster([_admission("adm-1", "2026-05-01"), *plans])
    made = audit(nebraska, roster, on=ON, rules=["plan.signed_by_qualified"])
    assert made.notes[0] == roster.notes[0]
    assert made.notes[0].startswith("1 plan without admission, which could be anybody's and count for nobody")
    assert [note for note in made.notes if "pla-1" in note and "signed_on" in note] == list(made.notes[1:])
    assert len(set(made.notes)) == len(made.notes) > 1


def test_each_table_that_was_not_given_is_told_once_with_what_hangs_on_it(nebraska: Rulebook) -> None:
    """A table that many findings want is one note, not one for each; tables that were given have none."""
    admissions = [_admission("adm-1", "2026-05-01"), _admission("adm-2", "2026-05-02")]
    made = audit(nebraska, _roster(admissions, ["plan_review", "assignment"]), on=ON, rules=["plan.developed"])
    assert [f.reason for f in made.findings] == [Reason.NO_TABLE, Reason.NO_TABLE]
    assert made.notes == ("the table plan was not given: unknown for want of it: 2 findings",)


def test_one_finding_that_wants_a_table_is_told_as_one(nebraska: Rulebook) -> None:
    """One is not several."""
    made = audit(nebraska, _roster([_admission("adm-1", "2026-05-01")], []), on=ON, rules=["plan.developed"])
    assert made.notes == ("the table plan was not given: unknown for want of it: 1 finding",)


def test_a_table_that_is_not_complete_from_early_enough_was_given(nebraska: Rulebook) -> None:
    """A table that is complete from June on leaves open what was in May; that it was not given would be untrue."""
    roster = from_records([_admission("adm-1", "2026-05-01")], empty=["plan", "assignment"], since={"plan": ON})
    made = audit(nebraska, roster, on=ON, rules=["plan.developed"])
    assert [f.verdict for f in made.findings] == [Verdict.UNKNOWN]
    assert [note for note in made.notes if "was not given" in note] == []


# the queue


def test_the_queue_has_the_longest_overdue_first_then_what_comes_first(nebraska: Rulebook) -> None:
    """Overdue by days late, ahead by due day; equal ones by rule and record."""
    roster = _roster(
        [
            _admission("adm-a", "2026-06-05"),
            _admission("adm-b", "2026-05-10"),
            _admission("adm-c", "2026-03-31"),
            _admission("adm-d", "2026-05-10"),
            _admission("adm-e", "2026-06-01"),
        ]
    )
    made = audit(nebraska, roster, on=ON, rules=["plan.developed", "consultation.each_90_days"])
    assert [(f.rule.partition(".")[0], f.subject[1], f.days_late, str(f.due)) for f in made.queue()] == [
        ("plan", "adm-c", 61, "2026-04-30"),
        ("plan", "adm-b", 21, "2026-06-09"),
        ("plan", "adm-d", 21, "2026-06-09"),
        ("consultation", "adm-c", 1, "2026-06-29"),
        ("plan", "adm-e", 0, "2026-07-01"),
        ("plan", "adm-a", 0, "2026-07-05"),
    ]


CRITICAL = """
[[deadline]]
id       = "fiction.safety"
about    = "admission"
says     = "Safety is looked at within {within}."
after    = "admitted_on"
within   = "20 days"
done     = "first(person.assessment.completed_on)"
critical = true
source   = "F: 2"

[[deadline]]
id     = "fiction.planned"
about  = "admission"
says   = "A plan is written within {within}."
after  = "admitted_on"
within = "20 days"
done   = "first(plan.developed_on)"
source = "F: 3"
"""


def test_the_critical_stand_first_in_both_parts_of_the_queue() -> None:
    """A critical rule that is a day late stands before others that are later still; what is ahead stays behind."""
    days = {"adm-a": "2026-04-01", "adm-b": "2026-06-09", "adm-c": "2026-06-12", "adm-d": "2026-06-20"}
    roster = _roster([*(Person(id=f"{id_}-person") for id_ in days), *(_admission(id_, days[id_]) for id_ in days)])
    made = audit(loads(HEAD + CRITICAL), roster, on=ON)
    assert [(f.critical, f.subject[1], f.days_late, str(f.due)) for f in made.queue()] == [
        (True, "adm-a", 70, "2026-04-21"),
        (True, "adm-b", 1, "2026-06-29"),
        (False, "adm-a", 70, "2026-04-21"),
        (False, "adm-b", 1, "2026-06-29"),
        (True, "adm-c", 0, "2026-07-02"),
        (True, "adm-d", 0, "2026-07-10"),
        (False, "adm-c", 0, "2026-07-02"),
        (False, "adm-d", 0, "2026-07-10"),
    ]


EARLY = """
[[deadline]]
id         = "fiction.consent"
about      = "admission"
says       = "Consent is given on the tenth day or later, within {within}."
after      = "admitted_on"
within     = "20 days"
not_before = "admitted_on + days(10)"
done       = "adult_consent_on"
until      = "ended_on"
source     = "F: 4"
"""


def test_what_was_done_too_early_is_still_to_do() -> None:
    """What was done on the fifth day does not count: on the 30th it is ten days overdue, and stands in the queue so."""
    days = {"adm-a": "2026-06-05", "adm-b": "2026-05-31", "adm-c": "2026-06-06", "adm-d": "2026-06-15"}
    consents = {"adm-a": NONE, "adm-b": _day("2026-06-05"), "adm-c": _day("2026-06-07"), "adm-d": _day("2026-06-25")}
    records = [_admission(id_, on, adult_consent_on=consents[id_]) for id_, on in days.items()]
    made = audit(loads(HEAD + EARLY), _roster(records), on=ON)
    assert [(f.subject[1], f.reason, f.days_late) for f in made.queue()] == [
        ("adm-b", Reason.TOO_EARLY, 10),
        ("adm-a", Reason.OVERDUE, 5),
        ("adm-c", Reason.TOO_EARLY, 4),
    ]


@pytest.mark.parametrize(
    ("consent", "reason", "days_late"),
    [
        ("2026-05-10", Reason.NEVER_DONE, 11),
        ("2026-05-11", Reason.IN_TIME, 0),
        ("2026-05-22", Reason.LATE, 1),
        ("2026-06-01", Reason.NEVER_DONE, 11),
    ],
    ids=["too early", "on the first day on which it counts", "late", "on the day the service ends"],
)
def test_what_was_not_done_when_the_service_ended_is_no_work_of_today(
    consent: str, reason: Reason, days_late: int
) -> None:
    """Done too early or only when the service had ended it is late by the days until the end, and never was done."""
    ended = _admission("adm-1", "2026-05-01", ended_on=_day("2026-06-01"), adult_consent_on=_day(consent))
    made = audit(loads(HEAD + EARLY), _roster([ended]), on=ON)
    assert [(f.reason, f.days_late) for f in made.findings] == [(reason, days_late)]
    assert made.queue() == ()


def test_what_is_critical_and_not_known_is_unclear() -> None:
    """Critical findings that are unknown, and neither others that are unknown nor critical ones that are known."""
    records = [
        *(Person(id=f"adm-{name}-person") for name in "abc"),
        *(_admission(f"adm-{name}", "2026-05-01") for name in "abc"),
        Assessment(id="asm-1", person="adm-a-person"),
        Assessment(id="asm-2", person="adm-b-person", completed_on=_day("2026-05-02")),
        Plan(id="pla-1", admission="adm-a"),
    ]
    made = audit(loads(HEAD + CRITICAL), _roster(records), on=ON)
    assert {(f.rule, f.subject[1], f.verdict) for f in made.findings if f.verdict is not Verdict.NOT_MET} == {
        ("fiction.safety", "adm-a", Verdict.UNKNOWN),
        ("fiction.safety", "adm-b", Verdict.MET),
        ("fiction.planned", "adm-a", Verdict.UNKNOWN),
    }
    assert [(f.rule, f.subject[1]) for f in made.unclear()] == [("fiction.safety", "adm-a")]


def test_what_is_unclear_is_for_whoever_is_responsible() -> None:
    """One's own, the program's own under the empty name, and without a name those of all."""
    records = [
        PeerProvider(id="ppr-1"),
        *(Person(id=f"adm-{n}-person") for n in (1, 2)),
        *(_admission(f"adm-{n}", "2026-05-01") for n in (1, 2)),
        *(Assessment(id=f"asm-{n}", person=f"adm-{n}-person") for n in (1, 2)),
        _assigned("asg-1", "2026-05-01", NONE),
    ]
    made = audit(loads(HEAD + CRITICAL), _roster(records), on=ON)
    told = {name: [f.subject[1] for f in made.unclear(responsible=name)] for name in ("ppr-1", "ppr-2", "")}
    assert told == {"ppr-1": ["adm-1"], "ppr-2": [], "": ["adm-2"]}
    assert [f.subject[1] for f in made.unclear()] == ["adm-1", "adm-2"]


def test_the_queue_looks_some_days_ahead_and_no_further(nebraska: Rulebook) -> None:
    """A plan due in ten days is in the queue of ten days and not in that of nine; the default is fourteen."""
    made = audit(nebraska, _roster([_admission("adm-1", "2026-06-10")]), on=ON, rules=PLANS)
    assert [len(made.queue(days)) for days in (0, 9, 10, 14)] == [0, 0, 1, 1]
    assert made.queue() == made.queue(14)
    late = audit(nebraska, _roster([_admission("adm-1", "2026-06-14")]), on=ON, rules=PLANS)
    assert [len(late.queue(days)) for days in (13, 14)] == [0, 1]
    assert len(audit(nebraska, _roster([_admission("adm-1", "2026-06-15")]), on=ON, rules=PLANS).queue()) == 0


def test_what_can_no_longer_be_done_is_not_in_the_queue(nebraska: Rulebook) -> None:
    """A plan that was never written in a service that has ended is not met, and no work of today."""
    ended = _admission("adm-1", "2026-01-01", ended_on=_day("2026-03-01"))
    made = audit(nebraska, _roster([ended]), on=ON, rules=["plan.developed"])
    assert [f.reason for f in made.findings] == [Reason.NEVER_DONE]
    assert made.queue() == ()


def test_a_deadline_by_the_minute_is_queued_by_its_day() -> None:
    """An answer that is due at an instant counts with the day on which that falls."""
    book = loads(
        HEAD
        + """
[[deadline]]
id     = "fiction.answer"
about  = "referral"
says   = "Somebody is met within {within}."
after  = "received_at"
within = "48 hours"
done   = "first(person.contact.starts_at)"
source = "F: 1"
"""
    )
    at = dt.datetime(2026, 6, 30, 8, tzinfo=dt.UTC)
    records = [Program(id="prog-1", time_zone="UTC"), Person(id="per-1")]
    records.append(Referral(id="ref-1", person="per-1", received_at=at))
    made = audit(book, from_records(records, empty=["contact"]), on=ON)
    assert [f.due for f in made.queue(2)] == [at + dt.timedelta(days=2)]
    assert made.queue(1) == ()


# the counts


def test_counts_have_every_rule_judged_and_every_verdict(nebraska: Rulebook) -> None:
    """Also a rule without findings has its counts, all of them 0; a rule that was not judged has none."""
    made = audit(nebraska, _program(), on=ON, rules=[*PLANS, "group.size"])
    none = dict.fromkeys(Verdict, 0)
    assert made.counts() == {
        "plan.developed": {**none, Verdict.MET: 1, Verdict.NOT_MET: 1, Verdict.PENDING: 1},
        "plan.reviewed": {**none, Verdict.MET: 1, Verdict.NOT_MET: 2, Verdict.PENDING: 2},
        "group.size": none,
    }
    assert list(made.counts()) == [*PLANS, "group.size"]


# caseloads


def _assigned(id_: str, start: str, end: object, of: str = "ppr-1") -> Record:
    admission = id_.replace("asg", "adm")
    ends_on = _day(end) if isinstance(end, str) else end
    return Assignment(
        id=id_,
        peer_provider=of,
        admission=admission,
        kind="primary",
        starts_on=_day(start),
        ends_on=ends_on,  # type: ignore[arg-type]
    )


def test_loads_count_surely_and_possibly_where_an_end_is_not_recorded(nebraska: Rulebook) -> None:
    """An assignment without a recorded end may have ended: it is counted apart, and takes a place."""
    stays = [
        _assigned("asg-1", "2026-01-01", NONE),
        _assigned("asg-2", "2026-01-01", None),
        _assigned("asg-3", "2026-01-01", "2026-06-30"),
        _assigned("asg-4", "2026-01-01", "2026-07-01"),
        _assigned("asg-5", "2026-07-01", NONE),
        _assigned("asg-6", "2026-06-30", NONE, "ppr-2"),
    ]
    people = [PeerProvider(id=f"ppr-{n}") for n in (1, 2, 3)]
    admissions = [_admission(f"adm-{n}", "2026-01-01") for n in range(1, 7)]
    made = audit(nebraska, _roster([*people, *admissions, *stays]), on=ON, rules=["caseload.maximum"])
    assert made.loads == (
        Load("caseload.maximum", ("peer_provider", "ppr-1"), 2, 3, 25, 22),
        Load("caseload.maximum", ("peer_provider", "ppr-2"), 1, 1, 25, 24),
        Load("caseload.maximum", ("peer_provider", "ppr-3"), 0, 0, 25, 25),
    )


def test_no_places_are_left_in_a_caseload_that_is_over_its_limit(nebraska: Rulebook) -> None:
    """Places left are never fewer than none."""
    admissions = [_admission(f"adm-{n}", "2026-01-01") for n in range(27)]
    stays = [_assigned(f"asg-{n}", "2026-02-01", NONE) for n in range(27)]
    roster = _roster([PeerProvider(id="ppr-1"), *admissions, *stays])
    made = audit(nebraska, roster, on=ON, rules=["caseload.maximum"])
    assert [(load.surely, load.at_most, load.places) for load in made.loads] == [(27, 25, 0)]
    assert [(f.verdict, f.measured, f.occurrence, f.days) for f in made.findings] == [
        (Verdict.NOT_MET, 27, _day("2026-02-01"), 150)
    ]


def test_a_load_that_cannot_be_counted_is_not_told(nebraska: Rulebook) -> None:
    """Without the table of assignments nobody knows a caseload, and 0 would be a guess."""
    made = audit(nebraska, _roster([PeerProvider(id="ppr-1")], []), on=ON, rules=["caseload.maximum"])
    assert made.loads == ()
    assert [f.verdict for f in made.findings] == [Verdict.UNKNOWN]


@pytest.mark.parametrize(("since", "loads_"), [("2026-06-29", 1), ("2026-06-30", 1), ("2026-07-01", 0)])
def test_a_load_of_a_time_before_the_table_is_complete_is_not_told(nebraska: Rulebook, since: str, loads_: int) -> None:
    """Assignments that are complete from tomorrow on do not say whom somebody serves today."""
    records = [PeerProvider(id="ppr-1"), _admission("adm-1", "2026-05-01"), _assigned("asg-1", "2026-05-01", NONE)]
    tables = from_records(records, since={"assignment": _day(since)})
    made = audit(nebraska, tables, on=ON, rules=["caseload.maximum"])
    assert len(made.loads) == loads_


# what may leave the house


def _secret(nebraska: Rulebook, *, redact: bool) -> Audit:
    records = [
        _admission("adm-x", "2026-05-01"),
        Assessment(id="asm-x", person="adm-x-person", completed_on=_day("2026-05-02"), describes_needs=None),
        Contact(
            id="ctc-x",
            person="adm-x-person",
            admission="adm-x",
            peer_provider="ppr-x",
            status="attended",
            starts_at=dt.datetime(2026, 5, 3, 15, tzinfo=dt.UTC),
        ),
        Program(id="prog-x", time_zone="UTC"),
        PeerProvider(id="ppr-x"),
        _assigned("asg-x", "2026-05-01", NONE, "ppr-x"),
        Plan(id="pla-x", signed_on=_day("2026-07-02")),
    ]
    empty = ("plan_review", "consultation", "other_service", "measure")
    return audit(nebraska, from_records(records, empty=empty), on=ON, redact=redact)


def test_a_redacted_audit_has_no_id_and_no_day_of_care(nebraska: Rulebook) -> None:
    """Neither findings nor loads nor notes say who it was or when; the plain audit does, of the same findings."""
    plain, hidden = _secret(nebraska, redact=False), _secret(nebraska, redact=True)
    told = repr((plain.findings, plain.loads, plain.notes, list(plain.rows())))
    kept = repr((hidden.findings, hidden.loads, hidden.notes, list(hidden.rows())))
    for secret in ("adm-x", "asm-x", "ppr-x", "pla-x", "2026, 5, ", "2026-05-"):
        assert secret in told
        assert secret not in kept
    assert [(f.rule, f.verdict) for f in hidden.findings] == [(f.rule, f.verdict) for f in plain.findings]
    assert hidden.counts() == plain.counts()
    assert hidden.clean is plain.clean is False


def test_a_redacted_queue_has_what_is_overdue_and_leaves_out_what_is_ahead(nebraska: Rulebook) -> None:
    """Without its due day nobody knows what falls due in some days; that it is not due yet, its finding still says."""
    roster = _roster([_admission("adm-1", "2026-06-10"), _admission("adm-2", "2026-05-10")])
    plain = audit(nebraska, roster, on=ON, rules=PLANS)
    hidden = audit(nebraska, roster, on=ON, rules=PLANS, redact=True)
    assert [f.reason for f in plain.queue()] == [Reason.OVERDUE, Reason.UPCOMING]
    assert [f.reason for f in hidden.queue()] == [Reason.OVERDUE]
    assert [f.reason for f in hidden.findings] == [f.reason for f in plain.findings]


def test_redacted_places_keep_the_fact_and_lose_the_record() -> None:
    """Which facts are missing is told once each, of whom is not."""
    places = (Place("plan", "p2", "scope"), Place("plan", "p1", "scope"), Place("plan"), Place("license", "l"))
    hidden = redacted(_finding(missing=places))
    assert [str(place) for place in hidden.missing] == ["license *", "plan *", "plan *, scope"]


# receipts and progress


def test_the_receipt_says_how_to_make_the_audit_again(nebraska: Rulebook) -> None:
    """Rulebook, version, digests, package, days and readings; the same input gives the same receipt."""
    readings = ["day 30 is out", "cover does not count"]
    made = audit(nebraska, _program(), on=ON, since=_day("2026-01-01"), readings=readings, rules=PLANS)
    assert made.receipt == Receipt(
        rulebook="nebraska-dbh",
        version="1",
        digest=nebraska.digest,
        roster="",
        package=metadata.version("peersupport"),
        on=ON,
        since=_day("2026-01-01"),
        readings=("cover does not count", "day 30 is out"),
    )
    again = audit(nebraska, _program(), on=ON, since=_day("2026-01-01"), readings=readings[::-1], rules=PLANS)
    assert again.receipt == made.receipt
    assert again.findings == made.findings


def test_another_text_of_a_rulebook_gives_another_digest() -> None:
    """The digest is of the rulebook's text: one changed letter shows."""
    one, other = loads(HEAD + PLAIN), loads(HEAD + PLAIN.replace("A person", "The person"))
    digests = [audit(book, _program(), on=ON).receipt.digest for book in (one, loads(HEAD + PLAIN), other)]
    assert digests[0] == digests[1] != digests[2]
    assert all(len(digest) == 64 for digest in digests)


def test_progress_is_told_after_each_record(nebraska: Rulebook) -> None:
    """How many of how many: once for each rule and record that is judged, in order, and not for those unseen."""
    heard: list[tuple[int, int]] = []
    records = [_admission("adm-1", "2026-06-01"), _admission("adm-2", "2026-06-02"), _admission("adm-3", "2026-08-01")]
    audit(nebraska, _roster(records), on=ON, rules=PLANS, progress=lambda done, of: heard.append((done, of)))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]


# clean


HEAD = """
rulebook = "fiction"
title    = "A made-up rulebook"
version  = "1"

[sources.F]
title = "Fiction"
"""
PLAIN = """
[[criterion]]
id     = "fiction.benefit"
about  = "admission"
says   = "A person would benefit."
holds  = "would_benefit"
source = "F: 1"
"""


@pytest.mark.parametrize(
    ("more", "would_benefit", "clean"),
    [
        ("", True, True),
        ("", None, True),
        ("", False, False),
        ('force = "should"', False, True),
        ('force = "best_effort"', False, True),
        ("unless = 'is_caregiver'", False, True),
        ("unless = 'not is_caregiver'", False, False),
        ("unless = 'substance_use_disorder'", False, False),
        ("when = 'not is_caregiver'", False, True),
    ],
)
def test_an_audit_is_clean_until_a_must_is_broken(more: str, would_benefit: bool | None, clean: bool) -> None:
    """Unknown breaks nothing, nor does a `should`, nor what is excepted; an exception not known does not help."""
    book = loads(HEAD + PLAIN + more)
    record = _admission("adm-1", "2026-06-01", would_benefit=would_benefit, is_caregiver=True)
    assert audit(book, _roster([record]), on=ON).clean is clean


# findings


def _finding(**more: object) -> Finding:
    values: dict[str, object] = {
        "rule": "plan.developed",
        "rulebook": "fiction@1",
        "force": Force.MUST,
        "subject": ("admission", "adm-1"),
        "on": ON,
        "verdict": Verdict.NOT_MET,
        "reason": Reason.OVERDUE,
        "says": "The plan is written.",
        "source": (Citation("F", "1"), Citation("F", "2")),
    }
    return Finding(**{**values, **more})  # type: ignore[arg-type]


def test_a_verdict_is_neither_true_nor_false() -> None:
    """Asking a verdict for yes or no is an error that says what to write."""
    for verdict in Verdict:
        with pytest.raises(TypeError, match=r"`finding\.verdict is Verdict\.MET`"):
            bool(verdict)


def test_verdicts_and_places_are_written_in_words() -> None:
    """A verdict without its underscore; a place by kind, id and fact, as far as there are any."""
    assert [str(verdict) for verdict in Verdict] == ["met", "not met", "unknown", "pending", "not applicable"]
    places = [Place("plan", "p", "scope"), Place("plan", "p"), Place("plan")]
    assert [str(place) for place in places] == ["plan p, scope", "plan p", "the table plan"]


def test_reasons_are_a_closed_vocabulary() -> None:
    """The words of the reason column are stable: who reads a findings table may rely on them."""
    assert [reason.value for reason in Reason] == [
        "holds",
        "does_not_hold",
        "out_of_bounds",
        "in_time",
        "late",
        "overdue",
        "never_done",
        "too_early",
        "upcoming",
        "not_yet",
        "not_recorded",
        "judgement",
        "no_table",
        "choose_reading",
        "does_not_apply",
        "ended",
        "nothing_due",
        "not_in_force",
    ]


def test_a_finding_says_itself_in_one_line() -> None:
    """The verdict, the record, the rule, the day and the sentence."""
    assert str(_finding()) == "not met: admission adm-1, plan.developed on 2026-06-30. The plan is written."


def test_only_what_can_still_be_done_is_actionable() -> None:
    """Overdue, done too early and upcoming are work; every other reason is not."""
    found = {reason for reason in Reason if _finding(reason=reason).actionable}
    assert found == {Reason.OVERDUE, Reason.TOO_EARLY, Reason.UPCOMING}


@pytest.mark.parametrize("force", list(Force))
@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("exception", [False, None, True])
def test_a_finding_breaks_only_as_a_must_that_is_not_met(
    force: Force,
    verdict: Verdict,
    exception: bool | None,
) -> None:
    """And only without a recorded exception."""
    broken = force is Force.MUST and verdict is Verdict.NOT_MET and exception in {False, None}
    assert _finding(force=force, verdict=verdict, exception=exception).breaks is broken


def test_a_row_has_every_column_in_plain_values() -> None:
    """Days as text, decimals exactly, several values in one cell, an exception as yes, no or unknown."""
    finding = _finding(
        person="per-1",
        responsible="ppr-1",
        occurrence=_day("2026-01-31"),
        due=dt.datetime(2026, 2, 1, 8, 30, tzinfo=dt.UTC),
        done_on=_day("2026-02-03"),
        not_before=_day("2026-01-30"),
        days_late=2,
        days=3,
        measured=Decimal("1.50"),
        at_least=Decimal(2),
        at_most=4,
        missing=(Place("plan", "p", "scope"), Place("license")),
        reading=("one", "two"),
        alternatives={"three": Verdict.MET, "four": Verdict.NOT_APPLICABLE},
        exception=None,
        changes_on=_day("2026-03-01"),
    )
    assert list(row(finding).items()) == list(
        {
            "rule": "plan.developed",
            "rulebook": "fiction@1",
            "force": "must",
            "critical": "no",
            "kind": "admission",
            "id": "adm-1",
            "person": "per-1",
            "responsible": "ppr-1",
            "occurrence": "2026-01-31",
            "on": "2026-06-30",
            "verdict": "not_met",
            "reason": "overdue",
            "not_before": "2026-01-30",
            "due": "2026-02-01T08:30:00+00:00",
            "done_on": "2026-02-03",
            "days_late": 2,
            "days": 3,
            "measured": "1.50",
            "at_least": "2",
            "at_most": 4,
            "missing": "plan p, scope; the table license",
            "reading": "one; two",
            "alternatives": "three: met; four: not_applicable",
            "exception": "unknown",
            "changes_on": "2026-03-01",
            "source": "F: 1; F: 2",
            "says": "The plan is written.",
        }.items()
    )
    assert tuple(row(finding)) == COLUMNS
    assert {type(value) for value in row(finding).values()} == {str, int}


def test_a_critical_finding_is_marked_in_its_row() -> None:
    """The column says yes or no, and nothing else is told of it."""
    assert [row(_finding(critical=critical))["critical"] for critical in (True, False)] == ["yes", "no"]


def test_the_rows_of_an_audit_are_those_of_its_findings(nebraska: Rulebook) -> None:
    """One row for each finding, in their order."""
    made = audit(nebraska, _program(), on=ON, rules=PLANS)
    assert list(made.rows()) == [row(finding) for finding in made.findings]
    assert {row["exception"] for row in made.rows()} == {"no"}
    assert row(attrs.evolve(made.findings[0], exception=True))["exception"] == "yes"


def test_a_redacted_finding_keeps_only_what_may_leave_the_house() -> None:
    """Every field that could tell who or when is emptied; rule, verdict, bounds and source stay."""
    full = _finding(
        person="per-1",
        responsible="ppr-1",
        occurrence=2,
        due=ON,
        done_on=ON,
        not_before=ON,
        days_late=2,
        days=3,
        measured=1,
        at_least=2,
        at_most=4,
        settles=((Place("plan", "p"),),),
        changes_on=ON,
        warnings=("plan p: ...",),
        alternatives={"three": Verdict.MET},
        critical=True,
    )
    hidden = redacted(full)
    same = {"rule", "rulebook", "force", "on", "verdict", "reason", "says", "source", "at_least", "at_most", "measured"}
    same |= {"alternatives", "reading", "exception", "exact", "critical"}
    changed = {
        field.name for field in attrs.fields(Finding) if getattr(hidden, field.name) != getattr(full, field.name)
    }
    assert {field.name for field in attrs.fields(Finding)} - changed - same == {"missing", "clauses"}
    assert hidden.subject == ("admission", "")
    assert [hidden.person, hidden.responsible, hidden.warnings] == ["", "", ()]
    emptied = (hidden.occurrence, hidden.due, hidden.done_on, hidden.days_late, hidden.days, hidden.changes_on)
    assert (*emptied, hidden.not_before) == (None,) * 7
    assert hidden.critical


def test_a_redacted_finding_does_not_name_the_records_that_fail() -> None:
    """Which related records break a clause are ids of somebody's file: they go with the clauses."""
    book = loads(HEAD + PLAIN.replace("would_benefit", "all(plan, exists(signed_on))"))
    records = [_admission("adm-1", "2026-06-01"), Plan(id="pla-1", admission="adm-1", signed_on=NONE)]
    plain, hidden = (audit(book, _roster(records), on=ON, redact=redact) for redact in (False, True))
    assert [each.failing for f in plain.findings for each in f.clauses] == [(("plan", "pla-1"),)]
    assert [f.clauses for f in hidden.findings] == [()]
    assert "pla-1" not in repr((hidden.findings, hidden.notes, list(hidden.rows())))


def test_a_brief_audit_leaves_out_other_readings_and_the_days_of_changes(nebraska: Rulebook) -> None:
    """Everything else is the same; a due day ahead, which is known anyway, still says when the verdict changes."""
    full, brief = (audit(nebraska, _program(), on=ON, brief=each) for each in (False, True))
    assert any(finding.alternatives for finding in full.findings)
    assert not any(finding.alternatives for finding in brief.findings)
    for one, other in zip(full.findings, brief.findings, strict=True):
        assert other.changes_on in {one.changes_on, None}
        assert other.changes_on or one.reason is not Reason.UPCOMING or not one.due
        assert attrs.evolve(one, alternatives={}, changes_on=None) == attrs.evolve(other, changes_on=None)
    assert (full.notes, full.loads, full.receipt) == (brief.notes, brief.loads, brief.receipt)
