"""What happens from week to week: contacts between a person and a peer provider, and what keeps them apart."""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import OrNone, Record, Recorded, Span, Texts, fact, kind


@kind(
    "contact",
    "a contact",
    span=Span("starts_at", "ends_at"),
    dated_by="starts_at",
    responsible="peer_provider",
)
@attrs.frozen(kw_only=True)
class Contact(Record):
    """One session of peer support, or an attempt at one."""

    person: Recorded[str] = fact("-> person", "the person served")
    admission: Recorded[str] = fact("-> admission", "the admission served")
    peer_provider: Recorded[str] = fact("-> peer_provider", "the peer provider")
    modality: Recorded[str] = fact("choice: in_person video telephone", "how they meet")
    status: Recorded[str] = fact("choice: scheduled attended not_attended", "the outcome of the contact")
    starts_at: Recorded[dt.datetime] = fact("instant", "the time the contact starts", event="they meet")
    ends_at: OrNone[dt.datetime] = fact("instant or none", "the time the contact ends", event="the contact ends")
    setting: Recorded[str] = fact(
        "choice: office_clinic home community hospital school jail other", "the setting of the contact"
    )
    interventions: Recorded[Texts] = fact(
        "set: planning navigation self_help_groups education self_advocacy crisis_liaison",
        "the interventions used",
    )
    topics: Recorded[Texts] = fact("set: open", "the topics of education")


@kind("barrier_note", "a barrier note", span=Span("covers_from", "covers_until", through=True))
@attrs.frozen(kw_only=True)
class BarrierNote(Record):
    """A note on what keeps a person and a peer provider from meeting in person, from its first day through its last."""

    admission: Recorded[str] = fact("-> admission", "the admission it is about")
    barrier: Recorded[str] = fact("choice: transport distance health weather staffing other", "the barrier")
    covers_from: Recorded[dt.date] = fact("date", "the first day it covers")
    covers_until: OrNone[dt.date] = fact("date or none", "the last day it covers", planned=True)
