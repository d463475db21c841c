"""A question read and checked: who asks, who offers, what counts, how many places there are, and who stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import get_args

import attrs

from peersupport.matching.comparing import Compatibility, Offer, compared, held
from peersupport.matching.values import Asking, Criterion, HasPlaces, Peer, Undisclosed
from peersupport.rules.facts import Absent, OrNone
from peersupport.rules.problems import Problem, near, raise_any


@attrs.frozen
class Question:
    """Who asks and who offers, each in the order of the ids, and the criteria.

    `rows` and `columns` say where in that order an id stands, and `kept` says, in these numbers, who stays with whom.
    """

    asking: tuple[Asking, ...]
    rows: Mapping[str, int]
    peers: tuple[Peer, ...]
    columns: Mapping[str, int]
    offers: tuple[Offer, ...]
    criteria: tuple[Criterion, ...]
    places: tuple[OrNone[int], ...]
    kept: Mapping[int, int]
    undisclosed: Undisclosed

    def compared(self, participant: str, peer: str) -> Compatibility:
        """How one of the peers fits one of those who ask, with the reasons."""
        return compared(self.asking[self.rows[participant]], self.offers[self.columns[peer]], self.criteria)

    def room(self) -> list[int]:
        """How many each peer can take beside those who stay; nobody, where the places are not recorded."""
        taken, most = Counter(self.kept.values()), len(self.asking)
        numbers = (most if isinstance(each, Absent) else each or 0 for each in self.places)
        return [max(0, number - taken[j]) for j, number in enumerate(numbers)]


def question(
    participants: Iterable[Asking],
    peers: Iterable[Peer],
    criteria: Iterable[Criterion],
    places: Iterable[HasPlaces] = (),
    kept: Mapping[str, str] | None = None,
    undisclosed: Undisclosed = "between",
    on: dt.date | None = None,
) -> Question:
    """A question of what a caller gives; `InputError` with all that is wrong with it."""
    asking = tuple(sorted(participants, key=lambda each: each.id))
    offering = tuple(sorted(peers, key=lambda each: each.id))
    counting, given, stay = tuple(criteria), {each.peer_provider: each.places for each in places}, kept or {}
    numbers = tuple(given.get(each.id) if each.places is None else each.places for each in offering)
    rows = {each.id: number for number, each in enumerate(asking)}
    columns = {each.id: number for number, each in enumerate(offering)}
    problems = [
        *_repeated("participants", [each.id for each in asking]),
        *_repeated("peers", [each.id for each in offering]),
        *_repeated("criteria", [each.attribute for each in counting]),
        *_place_faults(offering, given),
        *_wish_faults(asking, counting),
        *_day_faults(offering, on),
        *_kept_faults(stay, rows, columns, numbers),
    ]
    if undisclosed not in get_args(Undisclosed):
        problems.append(Problem("undisclosed", f"{undisclosed!r} is not known", "write between or last"))
    raise_any(problems)
    staying = {rows[participant]: columns[peer] for participant, peer in stay.items()}
    names = {each.attribute for each in counting} | _names(each.requires for each in asking)
    offers = tuple(Offer(each.id, {name: held(each, name, on) for name in sorted(names)}) for each in offering)
    return Question(asking, rows, offering, columns, offers, counting, numbers, staying, undisclosed)


def _repeated(what: str, names: Sequence[str]) -> Iterator[Problem]:
    if len(set(names)) < len(names):
        for name, count in Counter(names).items():
            if count > 1:
                yield Problem(what, f"{name} is there {count} times", "give each once")


def _place_faults(peers: Iterable[Peer], given: Mapping[str, int]) -> Iterator[Problem]:
    for each in peers:
        other = given.get(each.id, each.places)
        if each.places is not None and other != each.places:
            fault = f"are {each.places!r} by the peer, and {other!r} by what is given"
            yield Problem(f"{each.id}, places", fault, "give the number once")


def _wish_faults(asking: Iterable[Asking], criteria: Iterable[Criterion]) -> Iterator[Problem]:
    counting = {each.attribute for each in criteria}
    for name in sorted(_names(each.wishes for each in asking) - counting):
        mend = near(name, counting) or "give one"
        yield Problem(f"wishes, {name}", "has no criterion that says what it counts", mend)


def _names(of: Iterable[Iterable[str]]) -> set[str]:
    return set().union(*of)


def _day_faults(peers: Iterable[Peer], on: dt.date | None) -> Iterator[Problem]:
    if on is not None and type(on) is not dt.date:
        yield Problem("on", f"{on!r} is no day", "give a date")
    lapsing = [each.id for each in peers if each.lapses]
    if on is None and lapsing:
        yield Problem("on", f"is needed: attributes of {', '.join(lapsing[:3])} lapse", "give the day")


def _kept_faults(
    kept: Mapping[str, str],
    rows: Mapping[str, int],
    columns: Mapping[str, int],
    places: Sequence[OrNone[int]],
) -> Iterator[Problem]:
    for participant, peer in kept.items():
        if participant not in rows:
            yield Problem(f"kept, {participant}", "is no participant", near(participant, rows))
        if peer not in columns:
            yield Problem(f"kept, {participant}", f"there is no peer {peer!r}", near(peer, columns))
    for peer, count in Counter(kept.values()).items():
        number = places[columns[peer]] if peer in columns else None
        if isinstance(number, int) and count > number:
            yield Problem(f"kept, {peer}", f"stays with {count}, and has {number} places", "give more, or keep fewer")
