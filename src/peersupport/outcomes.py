"""What changed: attested outcomes, and contacts with crisis services over time."""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import Record, Recorded, fact, kind


@kind(
    "outcome_review",
    "a review of outcomes",
    dated_by="attested_on",
    responsible="last(admission.assignment.peer_provider, kind == 'primary')",
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
    responsible="last(admission.assignment.peer_provider, kind == 'primary')",
)
@attrs.frozen(kw_only=True)
class CrisisContact(Record):
    """A person turns to a crisis service, and what peer support did to link with it."""

    admission: Recorded[str] = fact("-> admission", "the admission it falls into")
    contacted_on: Recorded[dt.date] = fact("date", "the day of the contact", event="a crisis service is contacted")
    liaison: Recorded[str] = fact(
        "choice: made declined_by_person not_possible not_made", "the liaison of peer support with the crisis service"
    )
