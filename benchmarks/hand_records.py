"""The rules of the benchmark of single records as a programmer would write them: with what is not recorded unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, TypeAlias

from peersupport import NONE, Verdict
from peersupport.rules.tables import Tables

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
PENDING, NOT_APPLICABLE = Verdict.PENDING, Verdict.NOT_APPLICABLE
MONTH, QUARTER = dt.timedelta(days=30), dt.timedelta(days=90)
MOST: Final = 12

Row: TypeAlias = Any
"""A record of any kind, with its facts."""
Yes: TypeAlias = bool | None


# verdicts


def wishes(stay: Row, _on: dt.date, _tables: Tables) -> Verdict:
    """Three facts of the record."""
    wants, safe, agrees = stay.wants_to, stay.feels_safe, stay.agrees
    if wants is False or safe is False or agrees is False:
        return NOT_MET
    if wants is None or safe is None or agrees is None:
        return UNKNOWN
    return MET


def long(stay: Row, _on: dt.date, _tables: Tables) -> Verdict:
    """The same, where a condition holds."""
    service = stay.service
    if service is None:
        return UNKNOWN
    if service != "long":
        return NOT_APPLICABLE
    wants, safe, agrees = stay.wants_to, stay.feels_safe, stay.agrees
    if wants is False or safe is False or agrees is False:
        return NOT_MET
    if wants is None or safe is None or agrees is None:
        return UNKNOWN
    return MET


def hosted(stay: Row, _on: dt.date, tables: Tables) -> Verdict:
    """Facts of the record and of the one that it refers to."""
    wants = stay.wants_to
    if wants is False:
        return NOT_MET
    host: Row = tables.find("host", stay.host)
    if host is None:
        return UNKNOWN
    trained, screened = host.trained, host.screened
    if trained is False or screened is False:
        return NOT_MET
    if wants is None or trained is None or screened is None:
        return UNKNOWN
    return MET


def planned(stay: Row, on: dt.date, tables: Tables) -> Verdict:
    """A deadline over events."""
    first, doubt = None, False
    for plan in tables.referring("chart", "stay", stay.id):
        drawn = plan.drawn_on  # type: ignore[attr-defined]
        if drawn is None:
            doubt = True
        elif drawn is not NONE and drawn <= on and (first is None or drawn < first):
            first = drawn
    return by_day(stay, first, on, doubt=doubt)


def signed(stay: Row, on: dt.date, tables: Tables) -> Verdict:
    """A deadline over events that count under a condition: the first that surely does, and one that may."""
    first, doubtful = None, None
    for plan in tables.referring("chart", "stay", stay.id):
        drawn, is_signed = plan.drawn_on, plan.signed  # type: ignore[attr-defined]
        if is_signed is False or drawn is NONE or (drawn is not None and drawn > on):
            continue
        if drawn is None or is_signed is None:
            early = drawn or dt.date.min
            doubtful = early if doubtful is None or early < doubtful else doubtful
        elif first is None or drawn < first:
            first = drawn
    arrived = stay.arrived_on
    doubt = doubtful is not None and (arrived is None or doubtful <= arrived + MONTH)
    pending = doubtful is not None and first is None
    verdict = by_day(stay, first, on, doubt=doubt)
    return UNKNOWN if verdict is PENDING and pending else verdict


def by_day(stay: Row, first: dt.date | None, on: dt.date, *, doubt: bool) -> Verdict:
    """Done within 30 days of arriving, first on a day, or perhaps earlier."""
    arrived, left = stay.arrived_on, stay.left_on
    if arrived is None:
        return UNKNOWN
    due = arrived + MONTH
    if first is not None and first <= due:
        return MET
    if doubt or left is None:
        return UNKNOWN
    if left is not NONE and due >= left:
        return NOT_APPLICABLE
    return PENDING if first is None and on <= due else NOT_MET


def reviewed(stay: Row, on: dt.date, tables: Tables) -> Verdict:
    """A deadline that repeats, counted from the last time."""
    start, left = stay.arrived_on, stay.left_on
    if start is None:
        return UNKNOWN
    doubts, days = False, []
    for review in tables.referring("review", "stay", stay.id):
        held = review.held_on  # type: ignore[attr-defined]
        if held is None:
            doubts = True
        elif start < held <= on:
            days.append(held)
    ended = left is not None and left is not NONE
    days.sort()
    for held in days:
        due = start + QUARTER
        if held > due and ended and (held >= left or due >= left):
            break
        start = held
    due = start + QUARTER
    if ended and due >= left:
        return NOT_APPLICABLE
    if left is None:
        return UNKNOWN
    if due >= on:
        return PENDING
    return UNKNOWN if doubts else NOT_MET


def pairings(host: Row, on: dt.date, tables: Tables) -> Verdict:
    """A limit at any time."""
    certain: list[tuple[dt.date, int]] = []
    possible: list[tuple[dt.date, int]] = []
    for pairing in tables.referring("pairing", "host", host.id):
        start, end = pairing.starts_on, pairing.ends_on  # type: ignore[attr-defined]
        if start is not None and start > on:
            continue
        steps = possible if start is None or end is None else certain
        begin = start or dt.date.min
        if end is None or end is NONE:
            steps.append((begin, 1))
        elif begin < end:
            steps += ((begin, 1), (end, -1))
    if peak(certain) > MOST:
        return NOT_MET
    return UNKNOWN if possible and peak(certain + possible) > MOST else MET


def peak(steps: list[tuple[dt.date, int]]) -> int:
    """The most at one time: who leaves on a day makes room for who comes."""
    most = now = 0
    for _, step in sorted(steps):
        now += step
        most = max(most, now)
    return most


# a breakdown by hand: each verdict with what is missing

Told: TypeAlias = tuple[Verdict, tuple[str, ...]]


def breakdown(stay: Row) -> dict[str, Told]:
    """All criteria on facts of the stay itself, each with what it lacks."""
    wants, safe, agrees = stay.wants_to, stay.feels_safe, stay.agrees
    alone, informed, service = stay.alone, stay.informed, stay.service
    wished = all_of(("stay.wants_to", wants), ("stay.feels_safe", safe), ("stay.agrees", agrees))
    return {
        "stay.wishes": wished,
        "stay.long": long_told(service, wished),
        "stay.informed": informed_told(informed, alone, agrees),
        "stay.most": two_of(("stay.wants_to", wants), ("stay.informed", informed), ("stay.feels_safe", safe)),
    }


def all_of(*facts: tuple[str, bool | None]) -> Told:
    """All of some facts."""
    missing = []
    for name, value in facts:
        if value is False:
            return NOT_MET, ()
        if value is None:
            missing.append(name)
    return (UNKNOWN, tuple(sorted(missing))) if missing else (MET, ())


def two_of(*facts: tuple[str, bool | None]) -> Told:
    """At least two of three facts."""
    held, missing = 0, []
    for name, value in facts:
        if value:
            held += 1
        elif value is None:
            missing.append(name)
    if held >= 2:
        return MET, ()
    return (UNKNOWN, tuple(sorted(missing))) if held + len(missing) >= 2 else (NOT_MET, ())


def long_told(service: str | None, wished: Told) -> Told:
    """What is asked of somebody who stays long."""
    if service is None:
        return UNKNOWN, tuple(sorted((*wished[1], "stay.service")))
    return wished if service == "long" else (NOT_APPLICABLE, ())


def informed_told(informed: Yes, alone: Yes, agrees: Yes) -> Told:
    """Informed, or not alone and agreed."""
    if informed or (alone is False and agrees):
        return MET, ()
    other = alone is True or agrees is False
    if informed is False and other:
        return NOT_MET, ()
    missing = [] if other else [n for n, v in (("stay.agrees", agrees), ("stay.alone", alone)) if v is None]
    return UNKNOWN, tuple(missing + ["stay.informed"] * (informed is None))
