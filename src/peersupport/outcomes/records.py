"""What is recorded of outcomes: reviews, contacts with crisis services, and what else happens to people."""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import OrNone, Record, Recorded, Span, fact, kind


@kind(
    "outcome_review",
    "a review of outcomes",
    dated_by="attested_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
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
    responsible="last(admission.assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class CrisisContact(Record):
    """A person turns to a crisis service, and what peer support did to link with it."""

    admission: Recorded[str] = fact("-> admission", "the admission it falls into")
    contacted_on: Recorded[dt.date] = fact("date", "the day of the contact", event="a crisis service is contacted")
    liaison: Recorded[str] = fact(
        "choice: made declined_by_person not_possible not_made", "the liaison of peer support with the crisis service"
    )


@kind("outcome_event", "an outcome event", dated_by="happened_on")
@attrs.frozen(kw_only=True)
class OutcomeEvent(Record):
    """Something that happens to a person and that outcomes are counted of.

    Stays and visits are care episodes, and contacts with crisis services have a kind of their own. A readmission is
    worked out of care episodes: it is a conclusion, not a fact.
    """

    person: Recorded[str] = fact("-> person", "the person it happens to")
    kind: Recorded[str] = fact(
        "choice: death left_follow_up serious_adverse_event symptom_recurrence return_to_use other",
        "what happens; left_follow_up is moving away, or out of what the records hold",
    )
    happened_on: Recorded[dt.date] = fact("date", "the day it happens", event="it happens")


@kind("employment", "an employment", span=Span("started_on", "ended_on"), dated_by="started_on")
@attrs.frozen(kw_only=True)
class Employment(Record):
    """A peer provider works for the program, paid or not, until the day she leaves it. A leave of absence is no end."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    started_on: Recorded[dt.date] = fact("date", "the first day of work", event="the peer provider starts work")
    ended_on: OrNone[dt.date] = fact("date or none", "the day the work ends", event="the peer provider leaves")
