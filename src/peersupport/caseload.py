"""Who may serve, how many at once: peer providers, consultants and their licenses, assignments, group sessions."""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import OrNone, Record, Recorded, Span, Texts, fact, kind


@kind("peer_provider", "a peer provider")
@attrs.frozen(kw_only=True)
class PeerProvider(Record):
    """Somebody with lived experience who provides peer support.

    Lived experience and recovery are the peer provider's own statements; no diagnosis and no kind of condition is
    stored.
    """

    role: Recorded[str] = fact("choice: peer family_peer facilitator volunteer", "the role")
    birth_date: Recorded[dt.date] = fact("date", "the day of birth", event="the peer provider is born")
    lived_experience: Recorded[Texts] = fact(
        "set: own parent_or_caregiver", "the kinds of lived experience that the peer provider names"
    )
    parenting_experience: Recorded[bool] = fact(
        "bool", "the peer provider has brought up a child with a behavioral health challenge"
    )
    diploma: Recorded[bool] = fact("bool", "there is a high school diploma or its equivalent")
    recovery_since: OrNone[dt.date] = fact(
        "date or none", "the day recovery began, by the peer provider's own word", event="recovery begins"
    )
    two_years_attested_on: OrNone[dt.date] = fact(
        "date or none", "the day two years of recovery are attested", event="two years of recovery are attested"
    )


@kind("credential", "a credential", span=Span("valid_from", "valid_until", through=True), dated_by="valid_from")
@attrs.frozen(kw_only=True)
class Credential(Record):
    """A peer provider's certificate, from its first day through its last."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider who holds it")
    kind: Recorded[str] = fact("choice: state grandfathered other", "the kind of certificate")
    valid_from: Recorded[dt.date] = fact("date", "its first day", event="the certificate becomes valid")
    valid_until: OrNone[dt.date] = fact("date or none", "its last day", planned=True)


@kind("clinical_consultant", "a clinical consultant")
@attrs.frozen(kw_only=True)
class ClinicalConsultant(Record):
    """The licensed person who takes professional responsibility for a peer provider's services."""

    on_staff: Recorded[bool] = fact("bool", "the consultant is on the program's staff")


@kind("license", "a license", span=Span("valid_from", "valid_until", through=True), dated_by="valid_from")
@attrs.frozen(kw_only=True)
class License(Record):
    """A professional license of a consultant, from its first day through its last."""

    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant who holds it")
    type: Recorded[str] = fact(
        "choice: psychiatrist licensed_psychologist provisional_psychologist aprn np rn limhp lmhp plmhp ladc pladc "
        "other",
        "the type of license",
    )
    valid_from: Recorded[dt.date] = fact("date", "its first day", event="the license becomes valid")
    valid_until: OrNone[dt.date] = fact("date or none", "its last day", planned=True)


@kind("oversight", "an oversight", span=Span("starts_on", "ends_on"), dated_by="starts_on")
@attrs.frozen(kw_only=True)
class Oversight(Record):
    """A consultant takes professional responsibility for a peer provider's services, until the day it ends."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    consultant: Recorded[str] = fact("-> clinical_consultant", "the consultant responsible")
    starts_on: Recorded[dt.date] = fact("date", "its first day", event="the consultant takes responsibility")
    ends_on: OrNone[dt.date] = fact("date or none", "the day it ends", planned=True)


@kind("assignment", "an assignment", span=Span("starts_on", "ends_on"), dated_by="starts_on")
@attrs.frozen(kw_only=True)
class Assignment(Record):
    """A peer provider serves a person, from the first day until the day it ends."""

    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    admission: Recorded[str] = fact("-> admission", "the admission served")
    kind: Recorded[str] = fact("choice: primary cover group_only", "the kind of assignment")
    starts_on: Recorded[dt.date] = fact("date", "its first day", event="the assignment starts")
    ends_on: OrNone[dt.date] = fact("date or none", "the day it ends", planned=True)


@kind("group_session", "a group session", dated_by="held_on")
@attrs.frozen(kw_only=True)
class GroupSession(Record):
    """One meeting of a group. The facilitators are not among those present."""

    facilitators: Recorded[Texts] = fact("-> set of peer_provider", "the facilitators")
    held_on: Recorded[dt.date] = fact("date", "the day of the session", event="the group meets")
    present: Recorded[int] = fact("int people", "the number of people present", at_least=0)
    on_roster: Recorded[int] = fact("int people", "the number of people on the roster", at_least=0)
