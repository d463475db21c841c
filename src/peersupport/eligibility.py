"""Who may come in and who may stay: the person, care episodes, referrals, enrollments, admissions and their reviews."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import attrs

from peersupport.rules.facts import NONE, OrNone, Record, Recorded, Span, Texts, fact, kind


@kind("program", "the program")
@attrs.frozen(kw_only=True)
class Program(Record):
    """The program itself: one record, to which every other is related without a reference."""

    time_zone: Recorded[str] = fact("text", "the program's time zone, by its name in the time zone database")
    capacity: OrNone[int] = fact("int places or none", "the number of places", at_least=0)
    consultation_on_call: Recorded[bool] = fact(
        "bool", "a clinical consultant can be reached whenever peer support is given, in a crisis too"
    )
    licensed: Recorded[bool] = fact("bool", "the program holds the license that the agency requires of it")
    service_times: Recorded[Texts] = fact(
        "set: weekday_daytime weekday_evening weekend", "the times at which peer support can be had"
    )


@kind("person", "a person")
@attrs.frozen(kw_only=True)
class Person(Record):
    """Somebody who is referred, admitted or enrolled, or a family member. An opaque id, never a name."""

    birth_date: Recorded[dt.date] = fact("date", "the day of birth", event="the person is born")
    conditions: Recorded[Texts] = fact(
        "set: mental_health substance_use", "the kinds of condition the person lives with"
    )
    self_described: Recorded[Texts] = fact(
        "set: veteran transition_age family law_enforcement_contact other",
        "the communities that the person names as her own",
    )


@kind("care_episode", "a care episode", span=Span("admitted_on", "ended_on"), dated_by="admitted_on")
@attrs.frozen(kw_only=True)
class CareEpisode(Record):
    """One stretch of inpatient, emergency or crisis care, from its first day until the day of leaving."""

    person: Recorded[str] = fact("-> person", "the person cared for")
    kind: Recorded[str] = fact("choice: inpatient emergency crisis_team other", "the kind of care")
    psychiatric: Recorded[bool] = fact("bool", "the care is psychiatric")
    admitted_on: Recorded[dt.date] = fact("date", "the first day of care", event="the person comes into care")
    ended_on: OrNone[dt.date] = fact("date or none", "the day of leaving care", event="the person leaves care")
    left_at: OrNone[dt.datetime] = fact(
        "instant or none", "the time of leaving care", event="the person walks out of care"
    )
    led_to: OrNone[str] = fact("-> care_episode or none", "the care episode that this one became")


@kind("referral", "a referral", dated_by="received_at")
@attrs.frozen(kw_only=True)
class Referral(Record):
    """Somebody asks for a place, for herself or for another person."""

    person: Recorded[str] = fact("-> person", "the person referred")
    received_at: Recorded[dt.datetime] = fact("instant", "the time the referral arrives", event="the referral arrives")
    route: Recorded[str] = fact("choice: while_in_care after_discharge self_referral", "the route of the referral")
    referrer_role: Recorded[str] = fact(
        "choice: provider clinician county case_manager self family_member other", "the role of the referrer"
    )
    form_completed_by: Recorded[Texts] = fact(
        "set: applicant service_provider other", "those who filled in the enrollment form"
    )
    devices: Recorded[Texts] = fact(
        "set: smartphone tablet computer_with_camera basic_phone landline", "the devices that the person can use"
    )
    documents: Recorded[Texts] = fact(
        "set: medical_record information_sheet other", "the documents that came with the referral"
    )
    treatment_setting_asked: Recorded[bool] = fact("bool", "the form asks about the current treatment setting")
    first_response_at: OrNone[dt.datetime] = fact(
        "instant or none", "the time of the first answer by a person", event="somebody answers the referral"
    )
    decided_at: OrNone[dt.datetime] = fact(
        "instant or none",
        "the time at which the referrer is told the decision",
        event="the referrer is told the decision",
    )
    decision: Recorded[str] = fact(
        "choice: accepted no_place_now criteria_not_met withdrawn undecided", "the decision on the referral"
    )
    warmline_sent_at: OrNone[dt.datetime] = fact(
        "instant or none",
        "the time at which information on the warmline is sent",
        event="information on the warmline is sent",
    )


@kind("enrollment", "an enrollment", span=Span("started_on", "ended_on"), dated_by="started_on")
@attrs.frozen(kw_only=True)
class Enrollment(Record):
    """A person's place in a program of so many weeks, from the first meeting until the place is free again."""

    person: Recorded[str] = fact("-> person", "the person enrolled")
    referral: OrNone[str] = fact("-> referral or none", "the referral that led to it")
    index_episode: OrNone[str] = fact("-> care_episode or none", "the care episode that it follows")
    accepted_on: Recorded[dt.date] = fact("date", "the day of acceptance", event="the referral is accepted")
    started_on: Recorded[dt.date] = fact("date", "the day of the first meeting", event="they first meet")
    planned_until: OrNone[dt.date] = fact(
        "date or none", "the day before which the program is to end, as staff have set it", planned=True
    )
    ended_on: OrNone[dt.date] = fact("date or none", "the day the place is free again", event="the person leaves")
    end_reason: Recorded[str] = fact(
        "choice: completed chose_to_leave lost_contact moved other still_enrolled", "the reason for the end"
    )
    guided_on: OrNone[dt.date] = fact(
        "date or none", "the day staff guide the person through enrollment", event="staff guide the person"
    )
    intake_completed_on: OrNone[dt.date] = fact(
        "date or none", "the day the intake is complete", event="the intake is complete"
    )
    tech_ready_at: OrNone[dt.datetime] = fact(
        "instant or none", "the time at which the app for the calls works", event="the app for the calls works"
    )
    offered: Recorded[Texts] = fact(
        "set: peer_support resources goal_setting individualized_content symptom_tools chat",
        "what the person is offered",
    )
    warmline_information_on: OrNone[dt.date] = fact(
        "date or none", "the day the person is told of the warmline", event="the person is told of the warmline"
    )
    crisis_line_information_on: OrNone[dt.date] = fact(
        "date or none", "the day the person is told of the crisis line", event="the person is told of the crisis line"
    )
    safety_plan_offered_on: OrNone[dt.date] = fact(
        "date or none", "the day tools for a safety plan are offered", event="tools for a safety plan are offered"
    )
    safety_plan: Recorded[str] = fact("choice: completed declined open", "what became of the safety plan")
    wellness_plan_offered_on: OrNone[dt.date] = fact(
        "date or none", "the day tools for a wellness plan are offered", event="tools for a wellness plan are offered"
    )
    warmline_connected_on: OrNone[dt.date] = fact(
        "date or none",
        "the day staff connect, or try to connect, the person with the warmline for good",
        event="staff work to connect the person with the warmline",
    )
    follow_up_consent: Recorded[bool] = fact("bool", "the person agrees to be called after the program")


@kind("charge", "a charge", dated_by="charged_on")
@attrs.frozen(kw_only=True)
class Charge(Record):
    """A bill or a claim for a service. One of nothing is no charge and needs no record."""

    enrollment: Recorded[str] = fact("-> enrollment", "the enrollment charged for")
    payer: Recorded[str] = fact("choice: participant insurer grant other", "who is to pay")
    charged_on: Recorded[dt.date] = fact("date", "the day of the charge", event="somebody is charged")


@kind("disclosure", "a disclosure", dated_by="disclosed_on")
@attrs.frozen(kw_only=True)
class Disclosure(Record):
    """Somebody outside of the program was told something about a person."""

    person: Recorded[str] = fact("-> person", "the person it is about")
    recipient: Recorded[str] = fact("choice: insurer referrer provider family other", "who was told")
    disclosed_on: Recorded[dt.date] = fact("date", "the day of the disclosure", event="somebody is told")


@kind(
    "admission",
    "an admission",
    span=Span("admitted_on", "ended_on"),
    dated_by="admitted_on",
    responsible="last(assignment.peer_provider, covers(on))",
)
@attrs.frozen(kw_only=True)
class Admission(Record):
    """A person's service under a service definition, from the day of admission until it ends."""

    person: Recorded[str] = fact("-> person", "the person served")
    child: OrNone[str] = fact("-> person or none", "the child whose caregiver is served")
    service: Recorded[str] = fact("choice: individual family", "the kind of service")
    admitted_on: Recorded[dt.date] = fact("date", "the day of admission", event="the person is admitted")
    ended_on: OrNone[dt.date] = fact("date or none", "the day the service ends", event="the service ends")
    mental_health_disorder: Recorded[bool] = fact("bool", "the person has a mental health disorder")
    substance_use_disorder: Recorded[bool] = fact("bool", "the person has a substance use disorder")
    would_benefit: Recorded[bool] = fact("bool, judged", "the person would benefit from the service")
    symptoms_disturb_routine: Recorded[bool] = fact(
        "bool, judged", "symptoms or limits in functioning disturb a routine of wellness and lasting recovery"
    )
    is_caregiver: Recorded[bool] = fact("bool", "the person is the child's caregiver")
    child_emotional_disturbance: Recorded[bool] = fact(
        "bool", "the child lives with a severe emotional disturbance that impairs functioning"
    )
    child_substance_use_disorder: Recorded[bool] = fact("bool", "the child has a substance use disorder")
    child_mental_health_disorder: Recorded[bool] = fact("bool", "the child has a mental health disorder")
    urgent_settings: Recorded[Texts] = fact(
        "set: home school community", "the settings where the child has urgent difficulties"
    )
    care_team: Recorded[str] = fact(
        "choice: with_peer_provider without_peer_provider no_team", "the make-up of the care team"
    )
    preferred_times: Recorded[Texts] = fact(
        "set: weekday_daytime weekday_evening weekend", "the times that suit the person"
    )
    adult_consent_on: OrNone[dt.date] = fact(
        "date or none", "the day of a consent as an adult", event="the person consents as an adult"
    )


@kind(
    "stay_review",
    "a review of the stay",
    dated_by="reviewed_on",
    responsible="last(admission.assignment.peer_provider, covers(on))",
    borrowed={"person": "-> person, from admission", "child": "-> person or none, from admission"},
)
@attrs.frozen(kw_only=True)
class StayReview(Record):
    """The question, asked again while a person is served, whether the criteria for staying are met."""

    admission: Recorded[str] = fact("-> admission", "the admission reviewed")
    reviewed_on: Recorded[dt.date] = fact("date", "the day of the review", event="the stay is reviewed")
    service: Recorded[str] = fact("choice: individual family", "the kind of service")
    mental_health_disorder: Recorded[bool] = fact("bool", "the person has a mental health disorder")
    substance_use_disorder: Recorded[bool] = fact("bool", "the person has a substance use disorder")
    would_benefit: Recorded[bool] = fact("bool, judged", "the person would benefit from the service")
    symptoms_disturb_routine: Recorded[bool] = fact(
        "bool, judged", "symptoms or limits in functioning disturb a routine of wellness and lasting recovery"
    )
    is_caregiver: Recorded[bool] = fact("bool", "the person is the child's caregiver")
    child_emotional_disturbance: Recorded[bool] = fact(
        "bool", "the child lives with a severe emotional disturbance that impairs functioning"
    )
    child_substance_use_disorder: Recorded[bool] = fact("bool", "the child has a substance use disorder")
    child_mental_health_disorder: Recorded[bool] = fact("bool", "the child has a mental health disorder")
    urgent_settings: Recorded[Texts] = fact(
        "set: home school community", "the settings where the child has urgent difficulties"
    )
    benefit_likely: Recorded[bool] = fact("bool, judged", "substantial benefit is reasonably likely")
    making_progress: Recorded[bool] = fact("bool, judged", "the person is making progress to the goals")
    taking_part: Recorded[bool] = fact("bool, judged", "the person takes an active part")
    transition_planned_on: OrNone[dt.date] = fact(
        "date or none", "the day a transition is planned", event="a transition out of the service is planned"
    )


@kind("measure", "a measure", dated_by="baseline_on")
@attrs.frozen(kw_only=True)
class Measure(Record):
    """An objective behavioral measure: when it was first taken, and when last since. Its values are not stored."""

    admission: Recorded[str] = fact("-> admission", "the admission measured")
    name: Recorded[str] = fact("choice: open", "the name of the measure")
    baseline_on: Recorded[dt.date] = fact("date", "the day of the first value", event="the measure is first taken")
    latest_on: OrNone[dt.date] = fact(
        "date or none", "the day of the latest value since", event="the measure is taken again"
    )
    improved: Recorded[bool] = fact("bool", "the latest value is better than the first")


@kind("other_service", "another service", span=Span("starts_on", "ends_on"))
@attrs.frozen(kw_only=True)
class OtherService(Record):
    """A service that the person uses beside peer support."""

    person: Recorded[str] = fact("-> person", "the person served")
    kind: Recorded[str] = fact("choice: behavioral_health other", "the kind of service")
    starts_on: Recorded[dt.date] = fact("date", "its first day", event="the service starts")
    ends_on: OrNone[dt.date] = fact("date or none", "the day it ends", event="the service ends", planned=True)


@attrs.frozen
class Merged:
    """A care episode made of several stays, with the ids of the stays in the order of their first days."""

    episode: CareEpisode
    stays: tuple[str, ...]


def merge_stays(stays: Iterable[CareEpisode]) -> tuple[Merged, ...]:
    """Stays that overlap, or start on the day another ends, made into one care episode for each stretch of care.

    The stays are of any number of people, each with a person, a first day and an end (or `NONE`, still in care). An
    episode has the id and kind of its first stay, and is psychiatric if any of its stays is; if none is and one is
    not recorded, that is not recorded. It led to what a stay of it led to outside of it. The result is in the order
    of person and first day. A stay without a person or a first day, without a recorded end, one that ends before it
    starts, and an id that occurs twice, are each a ValueError.
    """
    stays = sorted(stays, key=_stay_order)
    _distinct(stays)
    groups: list[list[CareEpisode]] = []
    last: dt.date | object = None
    for stay in stays:
        joins = groups and groups[-1][0].person == stay.person and (last is NONE or stay.admitted_on <= last)  # type: ignore[operator]
        if joins:
            groups[-1].append(stay)
            last = NONE if NONE in {last, stay.ended_on} else max(last, stay.ended_on)  # type: ignore[type-var]
        else:
            groups.append([stay])
            last = stay.ended_on
    return tuple(_merged(group) for group in groups)


def _distinct(stays: Sequence[CareEpisode]) -> None:
    seen: set[str] = set()
    for stay in stays:
        if stay.id in seen:
            message = f"care episode {stay.id} is there twice"
            raise ValueError(message)
        seen.add(stay.id)


def _stay_order(stay: CareEpisode) -> tuple[str, dt.date, str]:
    if stay.person is None or stay.admitted_on is None or stay.ended_on is None:
        message = f"care episode {stay.id}: person, admitted_on and ended_on are needed to merge it with others"
        raise ValueError(message)
    if isinstance(stay.ended_on, dt.date) and stay.ended_on < stay.admitted_on:
        message = f"care episode {stay.id} ends on {stay.ended_on}, before it starts on {stay.admitted_on}"
        raise ValueError(message)
    return stay.person, stay.admitted_on, stay.id


def _merged(group: list[CareEpisode]) -> Merged:
    ends = [stay.ended_on for stay in group]
    ended_on = NONE if NONE in ends else max(end for end in ends if isinstance(end, dt.date))
    flags = {stay.psychiatric for stay in group}
    psychiatric = True if True in flags else None if None in flags else False
    inside = {stay.id for stay in group}
    outside = [stay.led_to for stay in group if stay.led_to not in inside]
    named = [led_to for led_to in outside if isinstance(led_to, str)]
    led_to = named[-1] if named else None if None in outside else NONE
    episode = attrs.evolve(group[0], ended_on=ended_on, psychiatric=psychiatric, led_to=led_to)
    return Merged(episode, tuple(stay.id for stay in group))
