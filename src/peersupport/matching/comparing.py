"""One who asks and one who offers: how they fit, with the reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

import attrs

from peersupport.matching.values import NOTHING, Asking, Criterion, Participant, Peer
from peersupport.rules.facts import Texts

What: TypeAlias = Literal["shares", "has", "does not name", "no longer has", "has not disclosed", "is not told"]
"""What a peer provider has of the values that were asked for. *Is not told*: the participant has not disclosed any."""

_THERE: Final = frozenset({"shares", "has"})
_LACKING: Final = frozenset({"does not name", "no longer has"})
_OPEN: Final = frozenset({"has not disclosed", "is not told"})


class Why(NamedTuple):
    """One reason: what a peer provider has, or has not, of the values that were asked for, and the points it adds.

    It is a named tuple because many are made: that takes half the time.
    """

    what: What
    attribute: str
    values: Texts = NOTHING
    points: int = 0
    required: bool = False

    def __str__(self) -> str:
        text = f"{'required ' * self.required}{self.attribute}" + f": {', '.join(sorted(self.values))}" * bool(
            self.values
        )
        if self.what == "is not told":
            return f"the participant has not disclosed {text}"
        return f"{self.what} {text}" + f" (+{self.points})" * bool(self.points)


@attrs.frozen
class Compatibility:
    """How a peer provider fits a participant, or a task, with the reasons.

    `points` are those of what is known to be shared, or wished and there. `open_points` are those that what is not
    disclosed may add; where nobody can say how many values that may be, it counts as one.
    """

    participant: str
    peer: str
    points: int
    open_points: int
    reasons: tuple[Why, ...]

    @property
    def fits(self) -> bool | None:
        """Whether all that is required is there; None where that hangs on what is not disclosed."""
        whats = {each.what for each in self.reasons if each.required}
        return False if whats & _LACKING else None if whats & _OPEN else True

    @property
    def gaps(self) -> tuple[Why, ...]:
        """What is required and known not to be there: to be noted where the peer provider is chosen all the same."""
        return tuple(each for each in self.reasons if each.required and each.what in _LACKING)

    @property
    def to_ask(self) -> tuple[Why, ...]:
        """What is not disclosed and would count: to be asked, if people want to tell."""
        return tuple(each for each in self.reasons if each.what in _OPEN)

    @property
    def degree(self) -> Literal["full", "partial", "unknown", "none", "excluded"]:
        """How much of what was asked for is there: all, some, not known, nothing; or something required is not."""
        if self.fits is False:
            return "excluded"
        found = {each.what for each in self.reasons}
        if not found & (_LACKING | _OPEN):
            return "full"
        return "partial" if found & _THERE else "unknown" if found & _OPEN else "none"

    def __str__(self) -> str:
        reasons = "; ".join(map(str, self.reasons)) or "nothing was asked for"
        return f"{self.peer} for {self.participant}: {self.degree}, {in_points(self.points)}: {reasons}"


def in_points(number: int) -> str:
    """A number of points in words."""
    return f"{number} point{'s' * (number != 1)}"


def _is_settled(has: Held) -> bool:
    return not (has.more or has.doubtful or has.lapsed)


@attrs.frozen
class Held:
    """What a peer provider has of an attribute on a day; `more` says that there may be more than is told.

    It is `settled` where all is told, and nothing lapses.
    """

    known: Texts = NOTHING
    doubtful: Texts = NOTHING
    lapsed: Texts = NOTHING
    more: bool = False
    settled: bool = attrs.field(init=False, default=attrs.Factory(_is_settled, takes_self=True))

    def may(self, values: Texts) -> Texts:
        """Which of some values may be there, without those that are known to be."""
        return values - self.known - self.lapsed if self.more else values & self.doubtful

    @property
    def nothing(self) -> bool:
        """Whether it is known that there is nothing."""
        return not (self.more or self.known or self.doubtful)


_UNDISCLOSED: Final = Held(more=True)


def held(peer: Peer, name: str, on: dt.date | None) -> Held:
    """What a peer provider has of an attribute on a day."""
    told, days = peer.attributes.get(name), peer.lapses.get(name)
    if told is None:
        return _UNDISCLOSED
    if not days:
        return Held(told, more=name in peer.partly)
    doubtful = frozenset(value for value, day in days.items() if day is None)
    lapsed = frozenset(value for value, day in days.items() if day and on and day <= on)
    return Held(told - doubtful - lapsed, doubtful, lapsed, name in peer.partly)


@attrs.frozen
class Offer:
    """A peer provider, with what there is of each attribute that is asked for, on the day of the question."""

    peer: str
    has: Mapping[str, Held]


def own_values(asking: Asking, criterion: Criterion) -> Texts | None:
    """One's own values that may be shared: None where they are not disclosed, and nothing for a task."""
    if criterion.shared and isinstance(asking, Participant):
        return asking.shares.get(criterion.attribute)
    return NOTHING


def sought(asking: Asking, criterion: Criterion, own: Texts | None) -> Texts:
    """All values that are sought under a criterion: one's own, and those wished for."""
    wished = asking.wishes.get(criterion.attribute)
    return (own or NOTHING) | wished if wished else own or NOTHING


def counted(criterion: Criterion, own: Texts | None, values: Texts, has: Held) -> tuple[int, int]:
    """The points that are known, and those that are open."""
    found, more = len(values & has.known), len(has.may(values))
    if own is None:
        more += max(has.more, len((has.known | has.doubtful) - values))
    if criterion.any_value:
        found, more = min(found, 1), min(more, int(not found))
    return found * criterion.weight, more * criterion.weight


def compared(asking: Asking, offer: Offer, criteria: Sequence[Criterion]) -> Compatibility:
    """How a peer provider fits whoever asks, of a question that was checked."""
    reasons: list[Why] = []
    for name, values in asking.requires.items():
        _require(reasons, name, values, offer.has[name])
    for criterion in criteria:
        if criterion.required and isinstance(asking, Participant):
            name = criterion.attribute
            reasons.append(_something_shared(name, asking.shares.get(name), offer.has[name]))
    points = more = 0
    for criterion in criteria:
        own = own_values(asking, criterion)
        values = sought(asking, criterion, own) if asking.wishes else own or NOTHING
        if values or own is None:
            has = offer.has[criterion.attribute]
            points += _count(reasons, criterion, own, values, has)
            if own is None or not has.settled:
                more += counted(criterion, own, values, has)[1]
    return Compatibility(asking.id, offer.peer, points, more, tuple(reasons))


def _something_shared(name: str, own: Texts | None, has: Held) -> Why:
    """What is shared where something has to be."""
    if own is None:
        return Why("does not name" if has.nothing else "is not told", name, NOTHING, 0, True)  # noqa: FBT003
    if there := own & has.known:
        return Why("has", name, there, 0, True)  # noqa: FBT003
    if may := has.may(own):
        return Why("has not disclosed", name, may, 0, True)  # noqa: FBT003
    return Why("does not name", name, own, 0, True)  # noqa: FBT003


# these add the reasons of one attribute to those that were found before


def _require(found: list[Why], name: str, values: Texts, has: Held) -> None:
    """What is there of the values that are required, all of them."""
    there = values & has.known
    if there:
        found.append(Why("has", name, there, 0, True))  # noqa: FBT003
    if there != values:
        _miss(found, name, values - there, has, required=True)


def _count(found: list[Why], criterion: Criterion, own: Texts | None, values: Texts, has: Held) -> int:
    """What is there of what counts, each with its points; then what is not, unless one value is enough."""
    name, there, total = criterion.attribute, values & has.known, 0
    if there:
        shared = there if values is own else there & (own or NOTHING)
        total = criterion.weight * (1 if criterion.any_value else len(there))
        points = total if shared and criterion.any_value else criterion.weight * len(shared)
        if shared:
            found.append(Why("shares", name, shared, points))
        if there != shared:
            found.append(Why("has", name, there - shared, total - points))
        if criterion.any_value:
            return total
    if there != values:
        _miss(found, name, values - there, has)
    if own is None:
        found.append(Why("is not told", name))
    return total


def _miss(found: list[Why], name: str, rest: Texts, has: Held, *, required: bool = False) -> None:
    """The values that are not known to be there, by why."""
    if has.settled:
        found.append(Why("does not name", name, rest, 0, required))
        return
    lapsed, may = rest & has.lapsed, has.may(rest)
    parts: tuple[tuple[What, Texts], ...] = (
        ("no longer has", lapsed),
        ("has not disclosed", may),
        ("does not name", rest - lapsed - may),
    )
    found += [Why(what, name, values, 0, required) for what, values in parts if values]
