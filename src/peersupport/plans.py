"""What a plan must hold, and what is due and when: assessments, plans, reviews and consultations."""

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
    """One version of a person's wellness and recovery service plan. A change is a new version, never an edit."""

    admission: Recorded[str] = fact("-> admission", "the admission it is for")
    developed_on: Recorded[dt.date] = fact("date", "the day the plan is written", event="the plan is written")
    signed_on: OrNone[dt.date] = fact("date or none", "the day the plan is signed", event="the plan is signed")
    signed_by: OrNone[str] = fact("-> clinical_consultant or none", "the consultant who signs the plan")
    scope: Recorded[Texts] = fact("set: mental_health substance_use", "the conditions that the plan covers")


@kind("plan_review", "a plan review", dated_by="reviewed_on")
@attrs.frozen(kw_only=True)
class PlanReview(Record):
    """A plan is reviewed, with or without a change."""

    plan: Recorded[str] = fact("-> plan", "the plan reviewed")
    reviewed_on: Recorded[dt.date] = fact("date", "the day of the review", event="the plan is reviewed")


@kind("consultation", "a consultation", dated_by="held_on")
@attrs.frozen(kw_only=True)
class Consultation(Record):
    """A licensed consultant and a peer provider confer about one or more people."""

    admissions: Recorded[Texts] = fact("-> set of admission", "the admissions spoken about")
    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant")
    held_on: Recorded[dt.date] = fact("date", "the day of the consultation", event="the consultation is held")
