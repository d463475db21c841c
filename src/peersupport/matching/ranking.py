"""Peer providers in the order in which they fit; nobody is assigned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from peersupport.matching.comparing import Compatibility
from peersupport.matching.question import question
from peersupport.matching.values import Asking, Criterion, HasPlaces, Peer, Undisclosed
from peersupport.rules.facts import NONE, OrNone


@attrs.frozen
class Ranked:
    """A peer provider in a ranking: the position, which those who fit as well share, the places, and how they fit."""

    position: int
    peer: str
    places: OrNone[int]
    fit: Compatibility

    @property
    def has_place(self) -> bool | None:
        """Whether there is a place; None where the number is not recorded."""
        return None if self.places is None else self.places is NONE or self.places != 0

    def __str__(self) -> str:
        told = {True: "has a place", False: "has no place", None: "places are not recorded"}
        return f"{self.position}. {self.fit}; {told[self.has_place]}"


def compare(
    participant: Asking, peer: Peer, criteria: Iterable[Criterion], *, on: dt.date | None = None
) -> Compatibility:
    """How a peer provider fits a participant, or a task, with the reasons; `on` is the day for values that lapse.

    Raises `InputError` as `match` does.
    """
    asked = question([participant], [peer], criteria, on=on)
    return asked.compared(participant.id, peer.id)


def rank(
    participant: Asking,
    peers: Iterable[Peer],
    criteria: Iterable[Criterion],
    *,
    places: Iterable[HasPlaces] = (),
    undisclosed: Undisclosed = "between",
    on: dt.date | None = None,
) -> tuple[Ranked, ...]:
    """Peer providers in the order in which they fit a participant, or a task, with the reasons; nobody is assigned.

    Whoever has all that is required comes first, then those of whom it is not disclosed, then those who lack something;
    among these by points, then by open points. With `undisclosed="last"` what is not disclosed ranks with what is not
    there, and is told apart all the same. Those who fit as well share a position, and stand there by their ids. Whether
    there is a place is told, and changes no position. `places` are those of `caseload.open_places`, for peers without a
    number of their own; `on` is the day for values that lapse. Raises `InputError` as `match` does.
    """
    asked = question([participant], peers, criteria, places, undisclosed=undisclosed, on=on)
    found = [asked.compared(participant.id, each.id) for each in asked.peers]
    keys = [_key(each, undisclosed) for each in found]
    order = sorted(range(len(found)), key=keys.__getitem__)
    positions = {keys[j]: position for position, j in reversed([*enumerate(order, start=1)])}
    return tuple(Ranked(positions[keys[j]], found[j].peer, asked.places[j], found[j]) for j in order)


def _key(each: Compatibility, undisclosed: Undisclosed) -> tuple[int, int, int]:
    if undisclosed == "last":
        return int(not each.fits), -each.points, 0
    return {True: 0, None: 1, False: 2}[each.fits], -each.points, -each.open_points
