"""Who asks, who offers, and what counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, Protocol, TypeAlias, cast

import attrs

from peersupport.rules.facts import NONE, OrNone, Texts
from peersupport.rules.problems import Problem, raise_any

Undisclosed: TypeAlias = Literal["between", "last"]
"""How what is not disclosed ranks: after what is known to match and before what is known not to, or with the latter."""

WEIGHTIEST: Final = 1_000_000
"""The highest weight: totals stay whole numbers of 64 bits."""

NOTHING: Final[Texts] = frozenset()


def _set(values: Iterable[str] | None) -> Texts | None:
    """Values as a set; what is none is left as it is, to be refused with its name."""
    try:
        return cast("Texts", values) if values is None or isinstance(values, str) else frozenset(values)
    except TypeError:
        return cast("Texts", values)


def _disclosed(given: Mapping[str, Iterable[str] | None]) -> dict[str, Texts | None]:
    return {name: _set(values) for name, values in given.items()}


def _wanted(given: Mapping[str, Iterable[str]]) -> dict[str, Texts]:
    return {name: cast("Texts", _set(values)) for name, values in given.items()}


def _names(given: Iterable[str]) -> Texts:
    return cast("Texts", _set(given))


def _days(given: Mapping[str, Mapping[str, dt.date | None]]) -> dict[str, dict[str, dt.date | None]]:
    return {name: dict(each) for name, each in given.items()}


def _set_faults(place: str, given: Mapping[str, object]) -> Iterator[Problem]:
    """What is wrong with the sets of texts of some names."""
    for name, values in given.items():
        if isinstance(values, str):
            yield Problem(f"{place}, {name}", f"{values!r} is a text, and not a set of texts", f"write {{{values!r}}}")
        elif not isinstance(values, frozenset) or not all(isinstance(each, str) for each in values):
            yield Problem(f"{place}, {name}", f"{values!r} is no set of texts", "write each value as a text")


def _told_faults(place: str, given: Mapping[str, object]) -> Iterator[Problem]:
    return _set_faults(place, {name: values for name, values in given.items() if values is not None})


def _name_faults(place: str, name: object) -> Iterator[Problem]:
    if not isinstance(name, str):
        yield Problem(place, f"{name!r} is no text", "write it as a text")


@attrs.frozen(kw_only=True)
class Asking:
    """Whoever asks for a peer provider: a participant, or a task.

    `requires` are values that a peer provider must have, all of them, by attribute; `wishes` are values that add
    points. Raises `InputError` for what is no set of texts.
    """

    id: str
    requires: Mapping[str, Texts] = attrs.field(factory=dict, converter=_wanted)
    wishes: Mapping[str, Texts] = attrs.field(factory=dict, converter=_wanted)

    def __attrs_post_init__(self) -> None:
        raise_any([*self._faults()])

    def _faults(self) -> Iterator[Problem]:
        yield from _name_faults("id", self.id)
        yield from _set_faults(f"{self.id}, requires", self.requires)
        yield from _set_faults(f"{self.id}, wishes", self.wishes)


@attrs.frozen(kw_only=True)
class Task(Asking):
    """Something to be done, with the attributes that it requires (skills, experience, knowledge) and those wished for.

    A task has nothing of its own to share.
    """


@attrs.frozen(kw_only=True)
class Participant(Asking):
    """Somebody to be served.

    `shares` is what the person tells of themself, by attribute, which a peer provider may have too. An attribute that
    is left out, or None, is not disclosed; an empty set says that there is nothing.
    """

    shares: Mapping[str, Texts | None] = attrs.field(factory=dict, converter=_disclosed)

    def _faults(self) -> Iterator[Problem]:
        yield from super()._faults()
        yield from _told_faults(f"{self.id}, shares", self.shares)


@attrs.frozen(kw_only=True)
class Peer:
    """A peer provider, as the one who offers.

    `attributes` is what the peer provider tells, by attribute: one that is left out, or None, is not disclosed, and an
    empty set says that there is nothing. In those that `partly` names there may be more than is told. `lapses` has the
    day from which a value does not hold any more, or None where it lapses on a day that is not recorded. `places` are
    those to be given: None where the number is not recorded, `NONE` where there is no limit. Raises `InputError` for
    anything else, and for a lapse, or a part, of what is not told.
    """

    id: str
    attributes: Mapping[str, Texts | None] = attrs.field(factory=dict, converter=_disclosed)
    places: OrNone[int] = None
    lapses: Mapping[str, Mapping[str, dt.date | None]] = attrs.field(factory=dict, converter=_days)
    partly: Texts = attrs.field(default=NOTHING, converter=_names)

    def __attrs_post_init__(self) -> None:
        raise_any([*self._faults()] or [*self._lapse_faults()])

    def _faults(self) -> Iterator[Problem]:
        yield from _name_faults("id", self.id)
        yield from _told_faults(self.id, self.attributes)
        yield from _set_faults(self.id, {"partly": self.partly})
        if self.places is not None and self.places is not NONE and (type(self.places) is not int or self.places < 0):
            mend = "write a whole number from 0 on, NONE for no limit, or None for not recorded"
            yield Problem(f"{self.id}, places", f"{self.places!r} is no number of places", mend)

    def _lapse_faults(self) -> Iterator[Problem]:
        for name, days in self.lapses.items():
            for value in sorted(days.keys() - (self.attributes.get(name) or NOTHING)):
                yield Problem(f"{self.id}, lapses, {name}", f"{value!r} is not among its values", "add it to them")
        for name in sorted(self.partly):
            if self.attributes.get(name) is None:
                yield Problem(f"{self.id}, partly", f"nothing of {name} is told", "leave it out: it is not disclosed")


@attrs.frozen
class Criterion:
    """What an attribute counts: `weight` points for each value that is shared, or wished for, and there.

    With `any_value` one value is enough, and the weight counts once. With `required` a peer provider who shares none of
    a participant's own values is excluded. Without `shared` only wishes count. The weight is a whole number from 0
    through `WEIGHTIEST`. Raises `InputError` for another weight, and for `required` without `shared`.
    """

    attribute: str
    weight: int
    any_value: bool = attrs.field(default=False, kw_only=True)
    required: bool = attrs.field(default=False, kw_only=True)
    shared: bool = attrs.field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        raise_any([*self._faults()])

    def _faults(self) -> Iterator[Problem]:
        place = f"criterion {self.attribute}"
        yield from _name_faults("attribute", self.attribute)
        for name in ("any_value", "required", "shared"):
            if not isinstance(getattr(self, name), bool):
                yield Problem(
                    f"{place}, {name}", f"{getattr(self, name)!r} is neither True nor False", "write one of them"
                )
        if type(self.weight) is not int or not 0 <= self.weight <= WEIGHTIEST:
            mend = f"write one from 0 through {WEIGHTIEST}"
            yield Problem(f"{place}, weight", f"{self.weight!r} is no whole number in bounds", mend)
        if self.required and not self.shared:
            yield Problem(f"{place}, required", "asks for what is not shared", "let whoever needs it require it")


class HasPlaces(Protocol):
    """How many more a peer provider can take, as `caseload.open_places` tells it."""

    @property
    def peer_provider(self) -> str:
        """The id of the peer provider."""
        ...

    @property
    def places(self) -> int:
        """How many more there can be."""
        ...
