"""Who is assigned to whom, within the places, and why; and why somebody cannot be placed."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import attrs

from peersupport.matching.candidates import Fitting, Found, Pair, fitting, numbers
from peersupport.matching.comparing import Compatibility, counted, in_points, own_values, sought
from peersupport.matching.question import Question, question
from peersupport.matching.values import Asking, Criterion, HasPlaces, Peer, Undisclosed
from peersupport.rules.facts import OrNone
from peersupport.rules.problems import InputError, Problem

Because: TypeAlias = Literal[
    "nobody fits", "all who fit are full", "places are not recorded", "others were placed first"
]
Not: TypeAlias = Literal["full", "places not recorded", "tie", "ranks lower"]


@attrs.frozen
class Alternative:
    """The one who fits best of those who were not chosen, and why not.

    *Full* is one who fits as well or better, and whose places went to others; *places not recorded* is one of whom the
    number is not recorded; a *tie* is one who fits as well and has a place left; *ranks lower* is one who fits less.
    """

    peer: str
    fits: bool | None
    points: int
    open_points: int
    because: Not

    def __str__(self) -> str:
        return f"{self.peer} ({in_points(self.points)}, {self.because})"


@attrs.frozen
class Choice:
    """Who was chosen for a participant, or a task, the points, the next best, and the reasons when they are asked for.

    `kept` says that the caller kept this assignment: then no other was looked for, and `why.gaps` may have some.
    """

    participant: str
    peer: str
    fits: bool | None
    points: int
    open_points: int
    alternative: Alternative | None
    kept: bool
    _asked: Question = attrs.field(alias="asked", eq=False, repr=False)

    @property
    def why(self) -> Compatibility:
        """How the chosen one fits, with the reasons; they are made when they are asked for."""
        return self._asked.compared(self.participant, self.peer)

    def __str__(self) -> str:
        text = f"{self.why}" + "; kept" * self.kept
        return text + (f"; the next best is {self.alternative}" if self.alternative else "")


@attrs.frozen
class Bottleneck:
    """Why some cannot be placed, however people are assigned (Hall's condition).

    None of `participants` fits anybody but `peers`, who have only so many `places` for them. Of those in `not_recorded`
    the number is not recorded, and taken as none.
    """

    participants: tuple[str, ...]
    peers: tuple[str, ...]
    places: int
    not_recorded: tuple[str, ...] = ()

    @property
    def short(self) -> int:
        """How many places are too few."""
        return len(self.participants) - self.places

    def __str__(self) -> str:
        text = f"{len(self.participants)} fit only {', '.join(self.peers)}, who have places for {self.places}"
        return text + f" (not recorded: places of {', '.join(self.not_recorded)})" * bool(self.not_recorded)


@attrs.frozen
class Unplaced:
    """Somebody who has no place, and why.

    Nobody fits; or all who fit are full, however people are assigned; or so it is as long as places of the bottleneck
    are not recorded; or others were placed first, which is the reason of a greedy assignment alone: another one has a
    place. `fitting` are the peers who fit.
    """

    participant: str
    because: Because
    fitting: tuple[str, ...] = ()
    bottleneck: Bottleneck | None = None

    def __str__(self) -> str:
        text = f"{self.participant} has no place: {self.because}"
        return text + (f": {self.bottleneck}" if self.bottleneck else "")


@attrs.frozen
class Matching:
    """Who is assigned to whom, and who has no place, both by the ids of the participants.

    `left` is how many places each peer has left: `NONE` without a limit, None where the number is not recorded. `exact`
    says that no assignment is better: it places the most people; among such it places the fewest by requirements that
    are not disclosed; among such it has the most points, and then the most open points. It is a proposal: people
    decide.
    """

    choices: tuple[Choice, ...]
    unplaced: tuple[Unplaced, ...]
    left: Mapping[str, OrNone[int]]
    exact: bool

    @property
    def total(self) -> int:
        """The points of all choices."""
        return sum(each.points for each in self.choices)

    @property
    def open_total(self) -> int:
        """The open points of all choices."""
        return sum(each.open_points for each in self.choices)

    @property
    def unclear(self) -> tuple[Choice, ...]:
        """The choices by a requirement that is not disclosed: to be asked before anybody is told."""
        return tuple(each for each in self.choices if each.fits is None)

    @property
    def bottlenecks(self) -> tuple[Bottleneck, ...]:
        """Why some cannot be placed, each reason once."""
        return tuple(dict.fromkeys(each.bottleneck for each in self.unplaced if each.bottleneck))


def match(
    participants: Iterable[Asking],
    peers: Iterable[Peer],
    criteria: Iterable[Criterion],
    *,
    places: Iterable[HasPlaces] = (),
    kept: Mapping[str, str] | None = None,
    undisclosed: Undisclosed = "between",
    on: dt.date | None = None,
) -> Matching:
    """The best assignment of participants, or tasks, to peers within their places; what is best, `Matching` says.

    `places` are those of `caseload.open_places`, for peers without a number of their own; a peer whose places are not
    recorded gets nobody. `kept` are assignments, participant to peer, that stay whether they fit or not, each in one of
    the places; with them one asks "what if", too. With `undisclosed="last"` nobody is assigned by a requirement that is
    not disclosed, and open points decide nothing. `on` is the day for values that lapse.

    Between assignments that are as good in all of this the solver decides, over people and peers in the order of their
    ids: the order in which they are given changes nothing, another version of the solver may. Raises `InputError` for
    ids or criteria that are there twice, for a wish without a criterion, for places that are given twice and differ,
    for what is kept and cannot be, without a day where values lapse, for weights too large for so many people, and
    where the extra `match` is not installed: `match_greedily` needs none.
    """
    asked = question(participants, peers, criteria, places, kept, undisclosed, on)
    if importlib.util.find_spec("ortools") is None:
        mend = 'install it: pip install "peersupport[match]"; or use match_greedily, which may find less'
        raise InputError([Problem("match", "needs the library ortools", mend)])
    from peersupport.matching import solving  # noqa: PLC0415  an extra

    fits = fitting(asked)
    return _matching(asked, fits, solving.best(asked, fits), exact=True)


def match_greedily(
    participants: Iterable[Asking],
    peers: Iterable[Peer],
    criteria: Iterable[Criterion],
    *,
    places: Iterable[HasPlaces] = (),
    kept: Mapping[str, str] | None = None,
    undisclosed: Undisclosed = "between",
    on: dt.date | None = None,
) -> Matching:
    """An assignment that takes the two who fit best, then the next two, and looks at nothing else.

    It needs no solver, and it may place fewer people, with fewer points, than `match`. Pairs that fit as well stand by
    the ids of the participants, then of the peers. All else is as in `match`.
    """
    asked = question(participants, peers, criteria, places, kept, undisclosed, on)
    fits = fitting(asked)
    return _matching(asked, fits, _greedy(asked, fits), exact=False)


# greedily


def _key(pair: Pair, undisclosed: Undisclosed) -> tuple[bool, int, int]:
    """What orders pairs: those who fit best stand first."""
    unclear, points, open_points, _ = pair
    return unclear, -points, -open_points if undisclosed == "between" else 0


def _greedy(asked: Question, fits: Sequence[Fitting]) -> Found:
    """The pairs in their order, each taken where there is a place and nobody was chosen yet."""
    pairs = sorted(_pairs(asked, fits), key=lambda each: (_key(each[1], asked.undisclosed), each[0], each[1][-1]))
    room, chosen, others = asked.room(), dict[int, Pair](), dict[int, Pair]()
    for i, pair in pairs:
        if i not in chosen and room[pair[-1]]:
            chosen[i] = pair
            room[pair[-1]] -= 1
    for i, pair in pairs:
        if i in chosen and pair is not chosen[i]:
            others.setdefault(i, pair)
    return {i: (pair, others.get(i)) for i, pair in chosen.items()}


def _pairs(asked: Question, fits: Sequence[Fitting]) -> Iterator[tuple[int, Pair]]:
    """Everybody with every peer who fits."""
    peers = functools.cache(numbers)
    for i, who in enumerate(asked.asking):
        if i in asked.kept:
            continue
        own = [own_values(who, each) for each in asked.criteria]
        values = [sought(who, *each) for each in zip(asked.criteria, own, strict=True)]
        for j in peers(fits[i].possibly):
            points = more = 0
            for criterion, mine, all_ in zip(asked.criteria, own, values, strict=True):
                known, unknown = counted(criterion, mine, all_, asked.offers[j].has[criterion.attribute])
                points, more = points + known, more + unknown
            yield i, (not fits[i].surely >> j & 1, points, more, j)


# the answer


def _matching(asked: Question, fits: Sequence[Fitting], found: Found, *, exact: bool) -> Matching:
    """The answer in the words of the question."""
    taken, stay = Counter(pair[-1] for pair, _ in found.values()), Counter(asked.kept.values())
    room = [number - taken[j] for j, number in enumerate(asked.room())]
    left = {
        peer.id: places - taken[j] - stay[j] if isinstance(places, int) else places
        for j, (peer, places) in enumerate(zip(asked.peers, asked.places, strict=True))
    }
    explain = _explaining(asked, fits, found, room)
    choices, unplaced = list[Choice](), list[Unplaced]()
    for i in range(len(asked.asking)):
        if i in found:
            choices.append(_choice(asked, i, found[i], room))
        elif i in asked.kept:
            choices.append(_kept(asked, i))
        else:
            unplaced.append(explain(i))
    return Matching(tuple(choices), tuple(unplaced), left, exact)


def _choice(asked: Question, i: int, found: tuple[Pair, Pair | None], room: Sequence[int]) -> Choice:
    pair, next_ = found
    unclear, points, open_points, peer = pair
    other = None if next_ is None else _alternative(asked, pair, next_, room)
    name, fits = asked.peers[peer].id, None if unclear else True
    return Choice(asked.asking[i].id, name, fits, points, open_points, other, kept=False, asked=asked)


def _alternative(asked: Question, pair: Pair, other: Pair, room: Sequence[int]) -> Alternative:
    """The best of the others; who fits better has no place left, or would have been chosen."""
    unclear, points, open_points, peer = other
    ranks = _key(other, asked.undisclosed) > _key(pair, asked.undisclosed)
    without: Not = "places not recorded" if asked.places[peer] is None else "full"
    because: Not = "ranks lower" if ranks else "tie" if room[peer] else without
    return Alternative(asked.peers[peer].id, None if unclear else True, points, open_points, because)


def _kept(asked: Question, i: int) -> Choice:
    fit = asked.compared(asked.asking[i].id, asked.peers[asked.kept[i]].id)
    return Choice(fit.participant, fit.peer, fit.fits, fit.points, fit.open_points, None, kept=True, asked=asked)


def _explaining(
    asked: Question, fits: Sequence[Fitting], found: Found, room: Sequence[int]
) -> Callable[[int], Unplaced]:
    """Why somebody has no place, as a function.

    Whoever fits somebody who is full could take a place from people there, they from others, and so on: where none of
    all those peers has a place left, they are the bottleneck.
    """

    @functools.cache
    def within() -> list[int]:
        """Whom those fit who were chosen for each peer."""
        peers = [0] * len(asked.peers)
        for i, (pair, _) in found.items():
            peers[pair[-1]] |= fits[i].possibly
        return peers

    @functools.cache
    def reached(start: int) -> int:
        """The peers where a place could come from, as far as it goes."""
        seen = todo = start
        while todo:
            lowest = todo & -todo
            new = within()[lowest.bit_length() - 1] & ~seen
            seen, todo = seen | new, todo ^ lowest | new
        return seen

    @functools.cache
    def bottleneck(peers: int) -> Bottleneck | None:
        columns = numbers(peers)
        if any(room[j] for j in columns):
            return None
        free = [i for i in range(len(fits)) if i not in asked.kept and fits[i].possibly]
        inside = [i for i in free if (peers >> found[i][0][-1] & 1 if i in found else not fits[i].possibly & ~peers)]
        return Bottleneck(
            participants=tuple(asked.asking[i].id for i in inside),
            peers=tuple(asked.peers[j].id for j in columns),
            places=sum(i in found for i in inside),
            not_recorded=tuple(asked.peers[j].id for j in columns if asked.places[j] is None),
        )

    def explain(i: int) -> Unplaced:
        start, name = fits[i].possibly, asked.asking[i].id
        if not start:
            return Unplaced(name, "nobody fits")
        told, peers = bottleneck(reached(start)), tuple(asked.peers[j].id for j in numbers(start))
        if told is None:
            return Unplaced(name, "others were placed first", peers)
        return Unplaced(name, "places are not recorded" if told.not_recorded else "all who fit are full", peers, told)

    return explain
