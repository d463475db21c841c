"""What a plan must hold, and what is due and when.

Assessments, plans and their goals, reviews, consultations, screenings, and the coordination with other providers;
a person's timeline of everything owed, and signed plans that were edited.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Final

import attrs

from peersupport.readers.judge import HasTables, Judge, judge_of
from peersupport.rules import calendar
from peersupport.rules.calendar import Office
from peersupport.rules.facts import OrNone, Record, Recorded, Texts, fact, kind
from peersupport.rules.findings import Finding, Reason
from peersupport.rules.forms import Force, Rule
from peersupport.rules.problems import InputError, Problem, missing_table, near, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Tables


@kind("assessment", "an assessment", dated_by="completed_on")
@attrs.frozen(kw_only=True)
class Assessment(Record):
    """A clinician's assessment of a person, and whether its copy is in the file."""

    person: Recorded[str] = fact("-> person", "the person assessed")
    completed_on: OrNone[dt.date] = fact(
        "date or none", "the day of the assessment", event="the assessment is completed"
    )
    describes_needs: Recorded[bool] = fact("bool", "it describes the service needs")
    recommends_peer_support: Recorded[bool] = fact("bool", "it recommends peer support")
    clinician_authorized: Recorded[bool] = fact("bool", "a licensed clinician who may do so completed it")
    copy_in_file: Recorded[bool] = fact("bool", "a copy is in the file")
    documented_efforts: Recorded[int] = fact(
        "int efforts", "the number of documented efforts to get a copy", at_least=0
    )


@kind(
    "plan",
    "a plan",
    dated_by="developed_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class Plan(Record):
    """One version of a person's wellness and recovery service plan (WRSP). A change is a new version, never an edit.

    What the plan says is not stored, only whether it says it.
    """

    admission: Recorded[str] = fact("-> admission", "the admission it is for")
    developed_on: Recorded[dt.date] = fact("date", "the day the plan is written", event="the plan is written")
    signed_on: OrNone[dt.date] = fact("date or none", "the day the plan is signed", event="the plan is signed")
    signed_by: OrNone[str] = fact("-> clinical_consultant or none", "the consultant who signs the plan")
    scope: Recorded[Texts] = fact("set: mental_health substance_use", "the conditions that the plan covers")
    decided_with: Recorded[Texts] = fact("set: person family guardian", "the people who share in deciding on the plan")
    recovery_in_own_words: Recorded[bool] = fact("bool", "it says what recovery means to the person")
    areas: Recorded[bool] = fact("bool", "it names the areas to work on")
    strategies: Recorded[bool] = fact("bool", "it names strategies")
    services: Recorded[Texts] = fact(
        "set: individual_support group_support family_support self_help_groups other",
        "the recovery support services that the plan uses",
    )
    evaluation_methods: Recorded[bool] = fact("bool", "it says how progress is looked at")
    discharge_plan: Recorded[bool] = fact("bool", "it holds a discharge plan")
    wellness_plan: Recorded[bool] = fact("bool", "it holds a wellness plan, or refers to the person's own")
    crisis_prevention_plan: Recorded[bool] = fact("bool", "it holds a crisis prevention plan")
    early_warning_signs: Recorded[bool] = fact("bool", "the crisis prevention plan names early warning signs")
    triggers: Recorded[bool] = fact("bool", "the crisis prevention plan names triggers")
    responses: Recorded[bool] = fact("bool", "the crisis prevention plan says what to do then")
    caregiver_skills: Recorded[bool] = fact("bool", "it names skills for the caregivers to gain")
    family_education: Recorded[Texts] = fact(
        "set: parenting trauma", "the topics of education that the plan offers the family"
    )
    adapted_to: Recorded[Texts] = fact(
        "set: veteran transition_age family law_enforcement_contact other",
        "the communities that the plan is adapted to",
    )


@kind("goal", "a goal")
@attrs.frozen(kw_only=True)
class Goal(Record):
    """One goal of a plan. Its text is not stored."""

    plan: Recorded[str] = fact("-> plan", "the plan it stands in")
    clear_and_realistic: Recorded[bool] = fact("bool, judged", "the goal is clear and realistic")
    objectives: Recorded[int] = fact("int objectives", "the number of objectives", at_least=0)
    achievement_criteria: Recorded[bool] = fact("bool", "there are criteria for its achievement")
    target_date: OrNone[dt.date] = fact("date or none", "the target date", planned=True)


@kind(
    "plan_review",
    "a plan review",
    dated_by="reviewed_on",
    responsible="last(plan.admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class PlanReview(Record):
    """A plan is reviewed, with or without a change."""

    plan: Recorded[str] = fact("-> plan", "the plan reviewed")
    reviewed_on: Recorded[dt.date] = fact("date", "the day of the review", event="the plan is reviewed")
    outcome: Recorded[str] = fact("choice: no_change updated", "the outcome of the review")


@kind(
    "change",
    "a change of circumstances",
    dated_by="happened_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class Change(Record):
    """Something in a person's circumstances changes, and somebody judges whether the plan is to be reviewed for it."""

    admission: Recorded[str] = fact("-> admission", "the admission it belongs to")
    happened_on: Recorded[dt.date] = fact("date", "the day of the change", event="the change comes about")
    kind: Recorded[str] = fact("choice: hospital_stay new_risk format other", "the kind of change")
    calls_for_review: Recorded[bool] = fact("bool, judged", "the change calls for a review of the plan")


@kind("consultation", "a consultation", dated_by="held_on")
@attrs.frozen(kw_only=True)
class Consultation(Record):
    """A licensed consultant and a peer provider confer about one or more people."""

    admissions: Recorded[Texts] = fact("-> set of admission", "the admissions spoken about")
    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant")
    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    held_on: Recorded[dt.date] = fact("date", "the day of the consultation", event="the consultation is held")


@kind(
    "screening",
    "a screening",
    dated_by="screened_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class Screening(Record):
    """A screening, by any instrument. No answer and no score is stored, and no risk is worked out from it."""

    admission: Recorded[str] = fact("-> admission", "the admission it is made in")
    screened_on: Recorded[dt.date] = fact("date", "the day of the screening", event="the screening is made")
    domains: Recorded[Texts] = fact(
        "set: strengths ability at_risk_behavior suicide_risk", "the domains that the screening asks about"
    )
    developmentally_fitting: Recorded[bool] = fact("bool, judged", "the screening fits the stage of development")
    imminent_danger: Recorded[bool] = fact("bool, judged", "whoever screens finds imminent danger")


@kind("safety_action", "a safety action", dated_by="taken_on")
@attrs.frozen(kw_only=True)
class SafetyAction(Record):
    """A step taken, and written down, to lower a danger that a screening found."""

    screening: Recorded[str] = fact("-> screening", "the screening that found the danger")
    taken_on: Recorded[dt.date] = fact("date", "the day of the step", event="a step is taken")
    kind: Recorded[str] = fact(
        "choice: crisis_line crisis_service emergency_service consultant safety_plan trusted_person other",
        "the kind of step",
    )


@kind("coordination_contact", "a coordination contact", dated_by="held_on")
@attrs.frozen(kw_only=True)
class CoordinationContact(Record):
    """Working together with another treatment provider, or the person's choice that this is not done."""

    admission: Recorded[str] = fact("-> admission", "the admission it belongs to")
    held_on: Recorded[dt.date] = fact("date", "the day of the contact", event="the providers are in contact")
    outcome: Recorded[str] = fact("choice: held declined_by_person not_reached", "the outcome of the contact")


@kind("external_plan", "another provider's plan")
@attrs.frozen(kw_only=True)
class ExternalPlan(Record):
    """A treatment or service plan of another provider: its copy, or the efforts to get one."""

    admission: Recorded[str] = fact("-> admission", "the admission it is asked for")
    received_on: OrNone[dt.date] = fact("date or none", "the day its copy arrives", event="its copy arrives")
    efforts_documented_on: OrNone[dt.date] = fact(
        "date or none", "the day efforts to get it are documented", event="efforts to get it are documented"
    )


# the timeline of a person


class Status(enum.StrEnum):
    """How an obligation stands on a day."""

    DONE = "done"
    """Done in time."""
    LATE = "done late"
    """Done, after its due day."""
    OVERDUE = "overdue"
    """Not done, its due day has passed, and it can still be done."""
    NEVER_DONE = "never done"
    """Not done, and what it was owed in has ended since."""
    DUE = "due"
    """Not done yet; its due day has not passed."""
    EXPECTED = "expected"
    """It will fall due on that day if what is due before it is done on its own day."""
    WAITING = "waiting"
    """It falls due when something has happened that has not happened yet."""
    NOT_OWED = "not owed"
    """The service ended before it fell due."""
    UNKNOWN = "unknown"
    """Facts that tell are not recorded, or no reading was chosen."""


_STATUS = {
    Reason.IN_TIME: Status.DONE,
    Reason.LATE: Status.LATE,
    Reason.OVERDUE: Status.OVERDUE,
    Reason.TOO_EARLY: Status.OVERDUE,
    Reason.NEVER_DONE: Status.NEVER_DONE,
    Reason.UPCOMING: Status.DUE,
    Reason.NOT_YET: Status.WAITING,
    Reason.ENDED: Status.NOT_OWED,
}
_NOTHING_OWED = frozenset({Reason.DOES_NOT_APPLY, Reason.NOTHING_DUE, Reason.NOT_IN_FORCE})


@attrs.frozen(kw_only=True)
class Obligation:
    """One thing that is owed for a person: what, by which rule and reading, due when, done when.

    `due` and `done_on` are days, or instants where a rule counts in hours; None where they are not known.
    `days_late` is 0 in time and None where nothing is known. `occurrence` numbers what a rule asks again and again.
    `not_before` is the first day on which doing it counts. `in_care` are the ids of the person's care episodes that
    run on the due day, `perhaps_in_care` those of which that is not known: a source need not say whether its clock runs
    on in hospital. `missing` says in words what is not recorded; not all of it need matter.
    """

    due: dt.date | dt.datetime | None
    says: str
    status: Status
    rule: str
    subject: tuple[str, str]
    force: Force
    occurrence: int | None = None
    done_on: dt.date | dt.datetime | None = None
    days_late: int | None = None
    not_before: dt.date | dt.datetime | None = None
    reading: tuple[str, ...] = ()
    responsible: str | None = ""
    in_care: tuple[str, ...] = ()
    perhaps_in_care: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        late = f", {self.days_late} days late" if self.days_late else ""
        done = f" on {self.done_on}" if self.done_on else ""
        return f"{self.due or 'no day yet'}: {self.status}{done}{late}. {self.says} ({self.rule})"


def timeline(
    rulebook: Rulebook,
    roster: HasTables,
    person: str,
    *,
    on: dt.date,
    through: dt.date | None = None,
    readings: Iterable[str] = (),
) -> tuple[Obligation, ...]:
    """Everything that deadlines ask for one person, past and coming, in the order of due days, as it stood on a day.

    What is dated after `on` has not been seen, so that it is right for a past day too. With `through` it goes on, for
    what repeats, up to that day: each is expected if what is due before it is done on its due day. What has no due day
    stands where it was done, and what has neither at the end. Rules that do not apply are left out. Raises
    `InputError` for a person or a reading that is not there, and for `through` before `on`.
    """
    judge, tables = judge_of(rulebook, readings), roster.tables
    if through is not None and through < on:
        raise InputError([Problem("through", f"{through} lies before the day asked about, {on}", "choose a later day")])
    if tables.find("person", person) is None:
        known = [each.id for each in tables.all_of("person")]
        raise InputError([Problem("person", f"there is no {person!r}", near(person, known))])
    rules = [rule for rule in rulebook.judged if rule.form == "deadline"]
    judge.prepare(rule.id for rule in rules)
    found = [
        owed
        for rule in rules
        for record in _of_person(judge, rule, person, on, tables)
        for owed in _owed(judge, rule, record, on, through, tables)
    ]
    placed = [(_day(each, tables), each) for each in found]
    return tuple(_cared(each, day, person, on, tables) for day, each in sorted(placed, key=_order))


def _of_person(judge: Judge, rule: Rule, person: str, on: dt.date, tables: Tables) -> Iterator[Record]:
    for kind_ in rule.about:
        for record in tables.all_of(kind_):
            if judge.person(rule, record, on=on, tables=tables) == person and judge.seen(record, on, tables):
                yield record


def _owed(
    judge: Judge, rule: Rule, record: Record, on: dt.date, through: dt.date | None, tables: Tables
) -> Iterator[Obligation]:
    findings = judge.findings(rule, record, on=on, tables=tables, explain=False)
    told = [_obligation(finding) for finding in findings if finding.reason not in _NOTHING_OWED]
    yield from told
    if told and through is not None:
        for number, due in judge.expected(rule, record, on=on, through=through, tables=tables):
            yield attrs.evolve(told[-1], occurrence=number, due=due, status=Status.EXPECTED, days_late=None)


def _obligation(finding: Finding) -> Obligation:
    number = finding.occurrence
    return Obligation(
        due=finding.due,
        says=finding.says,
        status=_STATUS.get(finding.reason, Status.UNKNOWN),
        rule=finding.rule,
        subject=finding.subject,
        force=finding.force,
        occurrence=number if isinstance(number, int) else None,
        done_on=finding.done_on,
        days_late=finding.days_late,
        not_before=finding.not_before,
        reading=finding.reading,
        responsible=finding.responsible,
        missing=tuple(map(str, finding.missing)),
    )


def _day(owed: Obligation, tables: Tables) -> dt.date:
    """The day of an obligation in the program's zone: when it is due, else when it was done, else the last of all."""
    moment = owed.due or owed.done_on or dt.date.max
    return calendar.day(moment, tables.office or Office()) if isinstance(moment, dt.datetime) else moment


def _order(placed: tuple[dt.date, Obligation]) -> tuple[dt.date, str, tuple[str, str], int]:
    day, owed = placed
    return day, owed.rule, owed.subject, owed.occurrence or 0


def _cared(owed: Obligation, day: dt.date, person: str, on: dt.date, tables: Tables) -> Obligation:
    """An obligation with the care episodes of the person that run on its due day, by what has been seen on a day."""
    episodes = tables.referring("care_episode", "person", person) if owed.due else ()
    runs = {each.id: _runs(each, day, on) for each in episodes}
    surely = tuple(id_ for id_, truth in runs.items() if truth)
    perhaps = tuple(id_ for id_, truth in runs.items() if truth is None)
    return attrs.evolve(owed, in_care=surely, perhaps_in_care=perhaps) if surely or perhaps else owed


_CARE: Final = attrgetter("admitted_on", "ended_on")
"""The first day of a care episode, and its end."""


def _runs(episode: Record, day: dt.date, on: dt.date) -> bool | None:
    """Whether a care episode runs on a day; what comes after the day asked about has not been seen."""
    start, end = _CARE(episode)
    if start is not None and start > min(day, on):
        return False
    ended = isinstance(end, dt.date) and end <= min(day, on)
    return False if ended else None if start is None or end is None else True


# signed plans


@attrs.frozen
class Edit:
    """A fact of a signed plan, or of one of its goals, that is not what it was: kind, id, fact."""

    plan: str
    kind: str
    id: str
    fact: str


def edited(before: HasTables, after: HasTables) -> tuple[Edit, ...]:
    """Where plans that were signed in an earlier roster are not the same in a later one.

    A signed plan is never edited: a change is a new version with an id of its own. A plan or goal that is gone, and a
    goal that was added, are edits with the fact `id`. What was not recorded before and is now is no edit. Raises
    `InputError` when the plans or goals of one of them were not given.
    """
    raise_any([missing_table(kind_) for kind_ in ("plan", "goal") if not _given(kind_, before, after)])
    signed = [plan for plan in before.tables.all_of("plan") if isinstance(getattr(plan, "signed_on", None), dt.date)]
    return tuple(edit for plan in signed for edit in _edits(plan, before.tables, after.tables))


def _given(kind_: str, *rosters: HasTables) -> bool:
    return all(roster.tables.given(kind_) for roster in rosters)


def _edits(plan: Record, before: Tables, after: Tables) -> Iterator[Edit]:
    yield from _changes(plan.id, "plan", plan, after.find("plan", plan.id))
    old = {goal.id: goal for goal in before.referring("goal", "plan", plan.id)}
    new = {goal.id: goal for goal in after.referring("goal", "plan", plan.id)}
    for id_, goal in old.items():
        yield from _changes(plan.id, "goal", goal, new.get(id_))
    yield from (Edit(plan.id, "goal", id_, "id") for id_ in new if id_ not in old)


def _changes(plan: str, kind_: str, old: Record, new: Record | None) -> Iterator[Edit]:
    if new is None:
        yield Edit(plan, kind_, old.id, "id")
        return
    for name, value in attrs.asdict(old, recurse=False).items():
        if value is not None and value != getattr(new, name, None):
            yield Edit(plan, kind_, old.id, name)
