"""Tighter or looser: which of two rules asks for more, proved where their structure tells it, else shown by cases.

A rule is *tighter* than another when it is broken wherever that one is, and somewhere else too; *looser* the other way
round. Broken is not met with no exception recorded; and where one rule binds less (`should` for `must`), it is looser.
Both rulebooks are taken as in force: from when on they are is no matter of strictness.
"""

from __future__ import annotations

import enum

import attrs

from peersupport.readers.strictness import proving
from peersupport.readers.strictness.witness import Found, Witness
from peersupport.rules.forms import Rule
from peersupport.rules.problems import Unsupported
from peersupport.rules.rulebook import Rulebook

__all__ = ["Direction", "Way", "Witness", "direction", "proved"]


class Way(enum.StrEnum):
    """Which way a rule differs from another."""

    SAME = "same"
    TIGHTER = "tighter"
    LOOSER = "looser"
    DIFFERENT = "different"


@attrs.frozen
class Direction:
    """Which way a rule differs from another, and the smallest cases that show it.

    `proved` says that no case can show otherwise: by the structure of the rules, or because there are cases for both
    ways. Without it the way is what the cases tell that were tried. `tightened` is a case that breaks the new rule and
    not the old one, `loosened` one that breaks the old one and not the new.
    """

    way: Way
    proved: bool
    tightened: Witness | None = None
    loosened: Witness | None = None


def proved(base: Rulebook, before: Rule, overlay: Rulebook, after: Rule, kind: str) -> Way | None:
    """Which way a rule differs from another for a kind, by structure alone; None where that does not tell."""
    tight = proving.as_strict(overlay, after, base, before, kind)
    loose = proving.as_strict(base, before, overlay, after, kind)
    if tight and loose:
        return Way.SAME
    return Way.TIGHTER if tight else Way.LOOSER if loose else None


def direction(base: Rulebook, before: Rule, overlay: Rulebook, after: Rule, kind: str) -> Direction:
    """Which way a rule differs from another for a kind that both judge, with the smallest case for each way.

    What the structure does not tell is searched for among cases of both rules, which takes some seconds. Of a rule that
    cannot be judged yet there are no cases.
    """
    from peersupport.readers.strictness import showing  # noqa: PLC0415  what makes cases is slow to import

    way = proved(base, before, overlay, after, kind)
    if way is Way.SAME:
        return Direction(Way.SAME, proved=True)
    try:
        found = showing.witnesses(base, before, overlay, after, kind, refuted=_refuted(way))
    except Unsupported:
        found = Found(None, None)
    if way:
        return Direction(way, True, found.tightened, found.loosened)  # noqa: FBT003
    return Direction(_told(found), bool(found.tightened and found.loosened), found.tightened, found.loosened)


def _refuted(way: Way | None) -> frozenset[bool]:
    """Whether a case for the tighter (True) or the looser way (False) cannot be found, because there is none."""
    return frozenset({False} if way is Way.TIGHTER else {True} if way is Way.LOOSER else ())


def _told(found: Found) -> Way:
    if found.tightened and found.loosened:
        return Way.DIFFERENT
    return Way.TIGHTER if found.tightened else Way.LOOSER if found.loosened else Way.SAME
