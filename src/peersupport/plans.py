"""What a plan must hold, and what is due and when.

Assessments, plans and their goals, reviews, consultations, screenings, and the coordination with other providers.
"""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import OrNone, Record, Recorded, Texts, fact, kind


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
    responsible="last(admission.assignment.peer_provider, kind == 'primary')",
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
    responsible="last(plan.admission.assignment.peer_provider, kind == 'primary')",
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
    responsible="last(admission.assignment.peer_provider, kind == 'primary')",
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
    responsible="last(admission.assignment.peer_provider, kind == 'primary')",
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
