"""What happens from week to week: contacts between a person and a peer provider."""

from __future__ import annotations

import datetime as dt

import attrs

from peersupport.rules.facts import OrNone, Record, Recorded, Span, fact, kind


@kind("contact", "a contact", span=Span("starts_at", "ends_at"), dated_by="starts_at")
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
