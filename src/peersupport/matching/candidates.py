"""Which peers have all that somebody requires, for many at a time: sets of peers as the bits of whole numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from peersupport.matching.comparing import Offer
from peersupport.matching.question import Question
from peersupport.matching.values import Asking, Participant
from peersupport.rules.facts import Texts

_Own: TypeAlias = tuple[tuple[str, Texts | None], ...]
"""What somebody shares of the attributes of which something has to be shared."""


@attrs.frozen
class _Attribute:
    """Which peers have each value of an attribute, by what they tell, and which may have more."""

    known: dict[str, int]
    doubtful: dict[str, int]
    lapsed: dict[str, int]
    more: int
    some: int
    """Whoever has anything of it, or may."""

    def may(self, value: str) -> int:
        """Who may have a value, and is not known to."""
        more = self.more & ~self.known.get(value, 0) & ~self.lapsed.get(value, 0)
        return more | self.doubtful.get(value, 0)


def _attribute(name: str, offers: Sequence[Offer]) -> _Attribute:
    known: dict[str, int] = {}
    doubtful: dict[str, int] = {}
    lapsed: dict[str, int] = {}
    more = some = 0
    for number, offer in enumerate(offers):
        has, bit = offer.has[name], 1 << number
        for of, values in ((known, has.known), (doubtful, has.doubtful), (lapsed, has.lapsed)):
            for value in values:
                of[value] = of.get(value, 0) | bit
        more |= bit * has.more
        some |= bit * (not has.nothing)
    return _Attribute(known, doubtful, lapsed, more, some)


@attrs.frozen(eq=False)
class Fitting:
    """Who fits somebody: the peers who surely have all that is required, and all who have it or may.

    Those who require the same have one and the same.
    """

    surely: int
    possibly: int


def fitting(asked: Question) -> list[Fitting]:
    """Who fits each of those who ask, in their order; with `undisclosed="last"`, only those who surely do."""
    to_share = [each.attribute for each in asked.criteria if each.required]
    names = set[str]().union(*(each.requires for each in asked.asking))
    attributes = {name: _attribute(name, asked.offers) for name in sorted(names | {*to_share})}
    everybody = (1 << len(asked.peers)) - 1
    found: dict[object, Fitting] = {}

    def made(each: Asking, own: _Own) -> Fitting:
        surely = possibly = everybody
        for sure, maybe in _conditions(each, own, attributes):
            surely, possibly = surely & sure, possibly & (sure | maybe)
        return Fitting(surely, surely if asked.undisclosed == "last" else possibly)

    fits = []
    for each in asked.asking:
        own = tuple([(name, each.shares.get(name)) for name in to_share if isinstance(each, Participant)])
        key = (*each.requires.items(), own)
        known = found.get(key)
        if known is None:
            known = found[key] = made(each, own)
        fits.append(known)
    return fits


def _conditions(asking: Asking, own: _Own, attributes: Mapping[str, _Attribute]) -> Iterator[tuple[int, int]]:
    """For each condition, who surely meets it, and who may."""
    for name, values in asking.requires.items():
        for value in values:
            yield attributes[name].known.get(value, 0), attributes[name].may(value)
    for name, shared in own:
        if shared is None:
            yield 0, attributes[name].some
            continue
        sure = maybe = 0
        for value in shared:
            sure, maybe = sure | attributes[name].known.get(value, 0), maybe | attributes[name].may(value)
        yield sure, maybe


def numbers(bits: int) -> list[int]:
    """The numbers of the bits that are set, in their order."""
    return [number for number, char in enumerate(reversed(f"{bits:b}")) if char == "1"]


Pair: TypeAlias = tuple[bool, int, int, int]
"""Somebody with a peer who fits: whether only by what is not disclosed, points, open points, and the peer's number."""
Found: TypeAlias = Mapping[int, "tuple[Pair, Pair | None]"]
"""The pair that was chosen for each of those who ask, and the best of the others, where there is another."""
