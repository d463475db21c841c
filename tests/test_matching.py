"""Who fits whom and who is assigned to whom: against a second count by hand, and against all assignments there are."""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
import itertools
import pickle
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport import NONE, Admission, Assignment, InputError, PeerProvider, Person, caseload, from_records, load
from peersupport.matching import (
    Alternative,
    Asking,
    Bottleneck,
    Criterion,
    Matching,
    Participant,
    Peer,
    Task,
    Unplaced,
    Why,
    compare,
    match,
    match_greedily,
    rank,
    solving,
)
from peersupport.rules.facts import OrNone

ON = dt.date(2026, 6, 1)
MH, SUD = "mental_health", "substance_use"
LIVED = Criterion("lived", 10)
OPTIONS: tuple[Literal["between", "last"], ...] = ("between", "last")

Answer: TypeAlias = Literal["yes", "no", "maybe"]


def faults(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    """What is wrong, place by place."""
    return [f"{each.place}: {each.fault}" for each in error.value.problems]


# counted by hand


def answer(peer: Peer, name: str, value: str) -> Answer:
    """Whether a peer has a value on the day."""
    told = peer.attributes.get(name)
    if told is None:
        return "maybe"
    if value in peer.lapses.get(name, {}):
        day = peer.lapses[name][value]
        return "maybe" if day is None else "no" if day <= ON else "yes"
    return "yes" if value in told else "maybe" if name in peer.partly else "no"


def named(peer: Peer, name: str) -> set[str]:
    """The values of an attribute that a peer has told and that may hold."""
    return {value for value in peer.attributes.get(name) or () if answer(peer, name, value) != "no"}


def more(peer: Peer, name: str) -> bool:
    """Whether a peer may have more than was told."""
    return peer.attributes.get(name) is None or name in peer.partly


def required(asking: Asking, peer: Peer, criteria: Sequence[Criterion]) -> Answer:
    """Whether a peer has all that is required."""
    answers = [answer(peer, name, value) for name, values in asking.requires.items() for value in values]
    for each in criteria:
        if each.required and isinstance(asking, Participant):
            own = asking.shares.get(each.attribute)
            if own is None:
                answers.append("maybe" if named(peer, each.attribute) or more(peer, each.attribute) else "no")
            else:
                found = {answer(peer, each.attribute, value) for value in own}
                answers.append("yes" if "yes" in found else "maybe" if "maybe" in found else "no")
    return "no" if "no" in answers else "maybe" if "maybe" in answers else "yes"


def points(asking: Asking, peer: Peer, criteria: Sequence[Criterion]) -> tuple[int, int]:
    """The points that are known and those that are open."""
    known = possible = 0
    for each in criteria:
        name = each.attribute
        own = asking.shares.get(name) if isinstance(asking, Participant) and each.shared else frozenset[str]()
        values = {*(own or ()), *asking.wishes.get(name, ())}
        answers = [answer(peer, name, value) for value in values]
        yes, maybe = answers.count("yes"), answers.count("maybe")
        if own is None:
            maybe += max(len(named(peer, name) - values), int(more(peer, name)))
        if each.any_value:
            yes, maybe = min(1, yes), 0 if yes else min(1, maybe)
        known, possible = known + yes * each.weight, possible + maybe * each.weight
    return known, possible


Value: TypeAlias = tuple[int, int, int, int]
"""How good an assignment is: how many are placed, by how few unclear requirements, points, open points."""


@attrs.frozen
class World:
    """A question: who asks, who offers, what counts, who stays."""

    asking: tuple[Asking, ...]
    peers: tuple[Peer, ...]
    criteria: tuple[Criterion, ...]
    kept: dict[str, str]

    def given(self, **changes: Any) -> Any:  # noqa: ANN401
        """What the functions are called with."""
        return {
            "participants": self.asking,
            "peers": self.peers,
            "criteria": self.criteria,
            "kept": self.kept,
            "on": ON,
        } | changes

    def room(self) -> dict[str, int]:
        """How many each peer can take."""
        most = len(self.asking)
        return {each.id: each.places or 0 if isinstance(each.places, int | None) else most for each in self.peers}

    def value(self, pairs: Mapping[str, str], undisclosed: str) -> Value:
        """How good an assignment is."""
        peers, asking = {each.id: each for each in self.peers}, {each.id: each for each in self.asking}
        counts = [points(asking[p], peers[q], self.criteria) for p, q in pairs.items()]
        unclear = [required(asking[p], peers[q], self.criteria) == "maybe" for p, q in pairs.items()]
        open_points = sum(each for _, each in counts) if undisclosed == "between" else 0
        return len(pairs), -sum(unclear), sum(each for each, _ in counts), open_points

    def assignments(self, undisclosed: str) -> Iterator[dict[str, str]]:
        """All assignments within the places, with those who stay."""
        fitting = {"yes", "maybe"} if undisclosed == "between" else {"yes"}
        free = [each for each in self.asking if each.id not in self.kept]
        options = [
            [None, *(peer.id for peer in self.peers if required(each, peer, self.criteria) in fitting)] for each in free
        ]
        room = self.room()
        for chosen in itertools.product(*options):
            pairs = self.kept | {each.id: peer for each, peer in zip(free, chosen, strict=True) if peer}
            taken, stay = Counter(pairs.values()), Counter(self.kept.values())
            if all(count <= max(room[peer], stay[peer]) for peer, count in taken.items()):
                yield pairs


NAMES = ("lived", "language")
SETS = st.frozensets(st.sampled_from("abc"), max_size=3)
MAPS = st.dictionaries(st.sampled_from(NAMES), SETS)
TOLD = st.dictionaries(st.sampled_from(NAMES), st.one_of(SETS, SETS, st.none()))
ASKING = st.one_of(
    st.builds(Participant, id=st.just(""), requires=MAPS, wishes=MAPS, shares=TOLD),
    st.builds(Participant, id=st.just(""), wishes=MAPS, shares=TOLD),
    st.builds(Task, id=st.just(""), requires=MAPS, wishes=MAPS),
)
PLACES: st.SearchStrategy[OrNone[int]] = st.one_of(st.integers(0, 2), st.integers(0, 2), st.sampled_from([None, NONE]))


@st.composite
def peers(draw: st.DrawFn) -> Peer:
    """A peer of whom something may not be told, or lapse."""
    attributes = {name: draw(st.one_of(SETS, SETS, st.none())) for name in NAMES}
    told = [name for name in NAMES if attributes[name] is not None]
    partly = draw(st.frozensets(st.sampled_from(told), max_size=1)) if told else frozenset[str]()
    days = st.sampled_from([None, ON, ON + dt.timedelta(days=1)])
    lapses = {
        name: draw(st.dictionaries(st.sampled_from(sorted(values)), days, max_size=1))
        for name, values in attributes.items()
        if values
    }
    return Peer(id="", attributes=attributes, places=draw(PLACES), lapses=lapses, partly=partly)


@st.composite
def worlds(draw: st.DrawFn, *, keeping: bool = True) -> World:
    """A question small enough for all assignments to be tried."""
    offering = [
        attrs.evolve(each, id=f"q{n}") for n, each in enumerate(draw(st.lists(peers(), min_size=1, max_size=3)))
    ]
    asking = [attrs.evolve(each, id=f"p{n}") for n, each in enumerate(draw(st.lists(ASKING, max_size=4)))]
    flags = st.booleans()
    criteria = [
        Criterion(name, draw(st.integers(0, 3)), any_value=draw(flags), required=shared and draw(flags), shared=shared)
        for name, shared in ((name, draw(st.sampled_from([True, True, True, False]))) for name in NAMES)
    ]
    free = {each.id: each.places for each in offering}
    kept: dict[str, str] = {}
    for each in asking[: draw(st.integers(0, 1)) * keeping]:
        peer = draw(st.sampled_from(offering)).id
        places = free[peer]
        if not isinstance(places, int) or places:
            kept[each.id] = peer
    return World(tuple(asking), tuple(offering), tuple(criteria), kept)


def pairs_of(found: Matching) -> dict[str, str]:
    """Who is assigned to whom."""
    return {each.participant: each.peer for each in found.choices}


# how two fit


@given(worlds())
def test_two_fit_as_counted_by_hand(world: World) -> None:
    """Whether all that is required is there, the points and the open points are those of a second count."""
    for who, peer in itertools.product(world.asking, world.peers):
        found = compare(who, peer, world.criteria, on=ON)
        assert found.fits is {"yes": True, "no": False, "maybe": None}[required(who, peer, world.criteria)]
        assert (found.points, found.open_points) == points(who, peer, world.criteria)
        assert found.points == sum(each.points for each in found.reasons)


@given(worlds())
def test_reasons_say_what_became_of_each_value_and_name_no_other(world: World) -> None:
    """Each value that was asked for stands once with what the peer has of it, and nothing else that a peer told."""
    for who, peer in itertools.product(world.asking, world.peers):
        reasons = compare(who, peer, world.criteria, on=ON).reasons
        said = {"has": "yes", "shares": "yes", "no longer has": "no", "does not name": "no"}
        for each in reasons:
            answers = {answer(peer, each.attribute, value) for value in each.values}
            assert answers <= {said.get(each.what, "maybe")} | ({"no"} if each.required else set())
        for criterion in world.criteria:
            own = who.shares.get(criterion.attribute) if isinstance(who, Participant) and criterion.shared else None
            asked = {*(own or ()), *who.wishes.get(criterion.attribute, ())}
            told = [each for each in reasons if each.attribute == criterion.attribute and not each.required]
            values = [value for each in told for value in each.values]
            assert len(values) == len(set(values))
            assert set(values) <= asked
            if not (criterion.any_value and any(each.what in {"has", "shares"} for each in told)):
                assert set(values) == asked
        for name, all_ in who.requires.items():
            told = [each for each in reasons if each.attribute == name and each.required]
            assert all_ <= {value for each in told for value in each.values}


def test_full_partial_unknown_none_and_excluded() -> None:
    """The degree says whether all, some, nothing, or nobody knows what of what was asked for is there."""
    both = Participant(id="p", shares={"lived": {MH, SUD}})
    degrees = {
        name: compare(both, Peer(id="q", attributes={"lived": lived}), [LIVED]).degree
        for name, lived in {"both": {MH, SUD}, "one": {MH}, "other": {"caregiving"}, "silent": None}.items()
    }
    assert degrees == {"both": "full", "one": "partial", "other": "none", "silent": "unknown"}
    must = Criterion("lived", 10, required=True)
    assert compare(both, Peer(id="q", attributes={"lived": {"caregiving"}}), [must]).degree == "excluded"
    assert compare(Participant(id="p"), Peer(id="q"), []).degree == "full"


def test_shared_experience_is_undecided_where_either_has_not_disclosed_it() -> None:
    """S1-2, S3-6: a kind in common is met, none is not met, and without disclosure on either side it is unknown."""
    must = Criterion("lived", 1, required=True)

    def fits(own: set[str] | None, told: set[str] | None) -> bool | None:
        return compare(
            Participant(id="p", shares={"lived": own}), Peer(id="q", attributes={"lived": told}), [must]
        ).fits

    assert [fits({MH, SUD}, {MH}), fits({MH}, {SUD}), fits({MH}, set()), fits(None, set())] == [
        True,
        False,
        False,
        False,
    ]
    assert [fits({MH}, None), fits(None, {MH}), fits(None, None)] == [None, None, None]


def test_a_task_has_gaps_and_things_to_ask() -> None:
    """S1-34: what a peer lacks, or what has lapsed, is a gap to be noted; what is not disclosed is to be asked."""
    task = Task(
        id="group", requires={"skills": {"listening", "first_aid"}, "knowledge": {"housing"}}, wishes={"hours": {"tue"}}
    )
    peer = Peer(
        id="q",
        attributes={"skills": {"listening", "first_aid"}, "hours": {"tue", "wed"}},
        lapses={"skills": {"first_aid": ON}},
    )
    criteria = [Criterion("hours", 2), Criterion("knowledge", 0)]
    found = compare(task, peer, criteria, on=ON)
    assert found.gaps == (Why("no longer has", "skills", frozenset({"first_aid"}), required=True),)
    assert found.to_ask == (Why("has not disclosed", "knowledge", frozenset({"housing"}), required=True),)
    assert (found.fits, found.points, found.degree) == (False, 2, "excluded")
    assert compare(task, peer, criteria, on=ON - dt.timedelta(days=1)).gaps == ()


def test_reasons_read_as_sentences() -> None:
    """A reason, and all of them together, can be read."""
    who = Participant(id="p", shares={"lived": {MH, SUD}}, wishes={"gender": {"woman"}}, requires={"language": {"es"}})
    peer = Peer(id="q", attributes={"lived": {MH}, "gender": {"woman"}, "language": {"es", "en"}})
    criteria = [LIVED, Criterion("gender", 1, shared=False), Criterion("hours", 3)]
    assert str(compare(who, peer, criteria)) == (
        "q for p: partial, 11 points: has required language: es; shares lived: mental_health (+10); "
        "does not name lived: substance_use; has gender: woman (+1); the participant has not disclosed hours"
    )
    assert str(compare(Participant(id="p"), Peer(id="q"), [])) == "q for p: full, 0 points: nothing was asked for"


# rankings


def test_story_52_a_ranking_with_reasons_and_no_assignment() -> None:
    """Somebody with co-occurring conditions: B fits fully and has no place, A and C partly; nobody is assigned."""
    who = Participant(id="p", shares={"lived": {MH, SUD}})
    offering = [
        Peer(id="A", attributes={"lived": {MH}}, places=3),
        Peer(id="B", attributes={"lived": {MH, SUD}}, places=0),
        Peer(id="C", attributes={"lived": {SUD}}, places=5),
    ]
    found = rank(who, offering, [LIVED])
    assert [(each.position, each.peer, each.fit.degree, each.has_place) for each in found] == [
        (1, "B", "full", False),
        (2, "A", "partial", True),
        (2, "C", "partial", True),
    ]
    assert [str(each) for each in found] == [
        "1. B for p: full, 20 points: shares lived: mental_health, substance_use (+20); has no place",
        f"2. A for p: partial, 10 points: shares lived: {MH} (+10); does not name lived: {SUD}; has a place",
        f"2. C for p: partial, 10 points: shares lived: {SUD} (+10); does not name lived: {MH}; has a place",
    ]


def test_what_is_not_disclosed_ranks_between_or_last_and_is_told() -> None:
    """By default behind those known to match and before those known not to; on request with the latter."""
    who = Participant(id="p", requires={"language": {"es"}}, shares={"lived": {MH}})
    lived: dict[str, set[str] | None] = {"d": {MH}, "c": None, "b": {SUD}}
    offering = [Peer(id=name, attributes={"language": {"es"}, "lived": each}) for name, each in lived.items()]
    offering += [Peer(id="a", attributes={"lived": {MH}}), Peer(id="0", attributes={"language": {"en"}, "lived": {MH}})]

    def order(undisclosed: Literal["between", "last"]) -> list[tuple[int, str, bool | None]]:
        return [(e.position, e.peer, e.fit.fits) for e in rank(who, offering, [LIVED], undisclosed=undisclosed)]

    assert order("between") == [(1, "d", True), (2, "c", True), (3, "b", True), (4, "a", None), (5, "0", False)]
    assert order("last") == [(1, "d", True), (2, "b", True), (2, "c", True), (4, "0", False), (4, "a", None)]
    assert rank(who, offering, [LIVED])[1].fit.to_ask == (Why("has not disclosed", "lived", frozenset({MH})),)


def test_places_that_are_not_recorded_are_unknown() -> None:
    """A peer whose number is not recorded neither has a place nor has none."""
    offering = [Peer(id="a"), Peer(id="b", places=NONE), Peer(id="c", places=1)]
    found = rank(Participant(id="p"), offering, [])
    assert [each.has_place for each in found] == [None, True, True]
    assert str(found[0]) == "1. a for p: full, 0 points: nothing was asked for; places are not recorded"


@given(worlds(keeping=False), st.sampled_from(OPTIONS), st.randoms())
def test_a_ranking_orders_all_peers_the_same_in_whatever_order_they_come(
    world: World, undisclosed: Literal["between", "last"], chance: random.Random
) -> None:
    """Everybody is there, by what is required, points and open points; those who fit as well share a position."""
    fits = {"between": {"yes": 0, "maybe": 1, "no": 2}, "last": {"yes": 0, "maybe": 1, "no": 1}}[undisclosed]
    for who in world.asking:
        keys: dict[str, tuple[int, int, int]] = {}
        for peer in world.peers:
            known, possible = points(who, peer, world.criteria)
            keys[peer.id] = fits[required(who, peer, world.criteria)], -known, -possible * (undisclosed == "between")
        found = rank(who, world.peers, world.criteria, undisclosed=undisclosed, on=ON)
        assert [each.peer for each in found] == sorted(keys, key=lambda name: (keys[name], name))
        assert [each.position for each in found] == [
            1 + sum(other < keys[each.peer] for other in keys.values()) for each in found
        ]
        shuffled = chance.sample(world.peers, len(world.peers))
        assert rank(who, shuffled, world.criteria, undisclosed=undisclosed, on=ON) == found


# assignments


@given(worlds(), st.sampled_from(OPTIONS))
def test_no_assignment_is_better_than_the_exact_one_and_the_greedy_one_never_is(
    world: World, undisclosed: Literal["between", "last"]
) -> None:
    """Of all assignments there are, none places more people, or as many better."""
    found = match(**world.given(undisclosed=undisclosed))
    highest = max(world.value(each, undisclosed) for each in world.assignments(undisclosed))
    assert world.value(pairs_of(found), undisclosed) == highest
    greedy = match_greedily(**world.given(undisclosed=undisclosed))
    assert world.value(pairs_of(greedy), undisclosed) <= highest
    assert (found.exact, greedy.exact) == (True, False)


WAYS = (match, match_greedily)


@given(worlds(), st.sampled_from(OPTIONS))
def test_an_assignment_says_of_everybody_what_is_true(world: World, undisclosed: Literal["between", "last"]) -> None:
    """Everybody is chosen for or told why not; the points, the reasons and the places left are right."""
    offering, asking = {each.id: each for each in world.peers}, {each.id: each for each in world.asking}
    for way in WAYS:
        found = way(**world.given(undisclosed=undisclosed))
        pairs = pairs_of(found)
        assert [each.participant for each in found.choices] == sorted(pairs)
        assert sorted([*pairs, *(each.participant for each in found.unplaced)]) == sorted(asking)
        assert {each.participant: each.peer for each in found.choices if each.kept} == world.kept
        for each in found.choices:
            who, peer = asking[each.participant], offering[each.peer]
            assert each.why == compare(who, peer, world.criteria, on=ON)
            assert (each.fits, each.points, each.open_points) == (each.why.fits, each.why.points, each.why.open_points)
            assert each.kept or each.fits or (each.fits is None and undisclosed == "between")
        assert found.total == sum(each.points for each in found.choices)
        assert found.open_total == sum(each.open_points for each in found.choices)
        assert found.unclear == tuple(each for each in found.choices if each.fits is None)
        taken = Counter(pairs.values())
        for peer in world.peers:
            if isinstance(peer.places, int):
                assert found.left[peer.id] == peer.places - taken[peer.id] >= 0
            else:
                assert found.left[peer.id] is peer.places


@given(worlds(), st.sampled_from(OPTIONS))
def test_the_next_best_is_told_with_why_it_was_not_chosen(
    world: World, undisclosed: Literal["between", "last"]
) -> None:
    """The alternative is the first other one who fits; full, as good with a place left, or not as good."""
    fitting = {True, None} if undisclosed == "between" else {True}
    for way in WAYS:
        found = way(**world.given(undisclosed=undisclosed))
        for each in found.choices:
            who = next(one for one in world.asking if one.id == each.participant)
            ranked = rank(who, world.peers, world.criteria, undisclosed=undisclosed, on=ON)
            others = [one for one in ranked if one.peer != each.peer and one.fit.fits in fitting]
            if each.kept or not others:
                assert each.alternative is None
                continue
            assert each.alternative is not None
            fit, next_ = others[0].fit, each.alternative
            assert (next_.peer, next_.fits, next_.points) == (fit.peer, fit.fits, fit.points)
            assert next_.open_points == fit.open_points
            mine = next(one.position for one in ranked if one.peer == each.peer)
            worse, recorded = others[0].position > mine, others[0].places is not None
            taken = Counter(pairs_of(found).values())
            full = world.room()[fit.peer] - taken[fit.peer] <= 0
            reason = ("full" if full else "tie") if recorded else "places not recorded"
            assert next_.because == ("ranks lower" if worse else reason)
            assert worse or full or others[0].position == mine


@given(worlds(), st.sampled_from(OPTIONS))
def test_whoever_has_no_place_is_told_why(world: World, undisclosed: Literal["between", "last"]) -> None:
    """Nobody fits; or those who fit are full, with a bottleneck that proves it; or a greedy choice stood in the way."""
    fits = {"yes", "maybe"} if undisclosed == "between" else {"yes"}
    whom = {
        who.id: [peer.id for peer in world.peers if required(who, peer, world.criteria) in fits] for who in world.asking
    }
    stay = Counter(world.kept.values())
    most = len(match(**world.given(undisclosed=undisclosed)).choices)
    for way in WAYS:
        found = way(**world.given(undisclosed=undisclosed))
        for each in found.unplaced:
            assert each.fitting == tuple(whom[each.participant])
            assert (each.because == "nobody fits") is (not whom[each.participant])
            proved = {"all who fit are full", "places are not recorded"}
            assert (each.because in proved) is (each.bottleneck is not None)
            if each.because == "others were placed first":
                assert not found.exact
                assert len(found.choices) < most
            if each.bottleneck is None:
                continue
            neck = each.bottleneck
            assert each.participant in neck.participants
            assert not set(neck.participants) & world.kept.keys()
            assert {peer for who in neck.participants for peer in whom[who]} <= set(neck.peers)
            assert neck.places == sum(max(0, world.room()[peer] - stay[peer]) for peer in neck.peers)
            assert neck.short == len(neck.participants) - neck.places > 0
            assert (each.because == "places are not recorded") is bool(neck.not_recorded)
            assert set(neck.not_recorded) == {one.id for one in world.peers if one.places is None} & set(neck.peers)
        assert set(found.bottlenecks) == {each.bottleneck for each in found.unplaced} - {None}


@given(worlds(), st.sampled_from(OPTIONS), st.randoms())
def test_the_order_in_which_people_are_given_changes_nothing(
    world: World, undisclosed: Literal["between", "last"], chance: random.Random
) -> None:
    """The same question in another order has the same answer, ties and reasons too."""
    other = attrs.evolve(
        world,
        asking=tuple(chance.sample(world.asking, len(world.asking))),
        peers=tuple(chance.sample(world.peers, len(world.peers))),
        criteria=tuple(chance.sample(world.criteria, len(world.criteria))),
    )
    for way in WAYS:
        found, again = way(**world.given(undisclosed=undisclosed)), way(**other.given(undisclosed=undisclosed))
        assert found == again
        for one, two in zip(found.choices, again.choices, strict=True):
            assert sorted(map(str, one.why.reasons)) == sorted(map(str, two.why.reasons))


@given(worlds(), peers())
def test_another_place_or_peer_never_makes_it_worse(world: World, newcomer: Peer) -> None:
    """One more place, and one more peer: as many people or more, and where it is as many, as good or better."""
    before = world.value(pairs_of(match(**world.given())), "between")
    for each in world.peers:
        if isinstance(each.places, int):
            grown = tuple(attrs.evolve(p, places=each.places + 1) if p is each else p for p in world.peers)
            roomier = attrs.evolve(world, peers=grown)
            assert roomier.value(pairs_of(match(**roomier.given())), "between") >= before
    larger = attrs.evolve(world, peers=(*world.peers, attrs.evolve(newcomer, id="q9")))
    assert larger.value(pairs_of(match(**larger.given())), "between") >= before


def test_placing_one_more_person_may_lower_the_total() -> None:
    """A place more lets everybody be placed, which comes before the points: the total falls from 10 to 0."""
    a = Participant(id="a", shares={"lived": {MH}})
    b = Participant(id="b", shares={"lived": set()}, requires={"language": {"es"}})
    x = Peer(id="x", attributes={"lived": {MH}, "language": {"es"}}, places=1)
    y = Peer(id="y", attributes={"lived": {SUD}, "language": {"en"}}, places=0)
    before, after = (match([a, b], [x, attrs.evolve(y, places=places)], [LIVED]) for places in (0, 1))
    assert (len(before.choices), before.total) == (1, 10)
    assert (len(after.choices), after.total) == (2, 0)


@given(worlds(), st.sampled_from(OPTIONS))
def test_what_was_found_can_be_kept_and_keeping_anything_is_never_better(
    world: World, undisclosed: Literal["between", "last"]
) -> None:
    """The best assignment kept stays; with whatever else is kept, the rest cannot be better than the best."""
    free = attrs.evolve(world, kept={})
    found = match(**free.given(undisclosed=undisclosed))
    pairs = pairs_of(found)
    again = match(**free.given(undisclosed=undisclosed, kept=pairs))
    assert pairs_of(again) == pairs
    assert all(each.kept and each.alternative is None for each in again.choices)
    for i, (who, peer) in enumerate(pairs.items()):
        part = match(**free.given(undisclosed=undisclosed, kept=dict([*pairs.items()][: i + 1])))
        assert pairs_of(part)[who] == peer
        assert free.value(pairs_of(part), undisclosed) == free.value(pairs, undisclosed)


def test_an_assignment_that_is_kept_has_its_gap_noted() -> None:
    """S1-34: whoever is kept without what is required stays, and the gap is told."""
    task = Task(id="group", requires={"skills": {"first_aid"}})
    found = match([task], [Peer(id="q", attributes={"skills": set[str]()}, places=1)], [], kept={"group": "q"})
    assert found.choices[0].fits is False
    assert found.choices[0].why.gaps == (Why("does not name", "skills", frozenset({"first_aid"}), required=True),)
    assert str(found.choices[0]) == "q for group: excluded, 0 points: does not name required skills: first_aid; kept"


def speakers(number: int, language: str = "es") -> list[Participant]:
    """People who need a language."""
    return [Participant(id=f"{language}{n}", requires={"language": {language}}) for n in range(number)]


def test_bottlenecks_are_told_one_by_one() -> None:
    """Three who need Spanish have two places between them, one needs Somali: two bottlenecks, each with its peers."""
    offering = [
        Peer(id="a", attributes={"language": {"es", "en"}}, places=1),
        Peer(id="b", attributes={"language": {"es"}}, places=1),
        Peer(id="c", attributes={"language": {"so"}}),
        Peer(id="d", attributes={"language": {"en"}}, places=9),
    ]
    found = match([*speakers(3), *speakers(1, "so"), *speakers(1, "en"), *speakers(1, "fr")], offering, [])
    spanish = Bottleneck(("es0", "es1", "es2"), ("a", "b"), 2)
    somali = Bottleneck(("so0",), ("c",), 0, ("c",))
    assert set(found.bottlenecks) == {spanish, somali}
    assert (spanish.short, somali.short) == (1, 1)
    assert pairs_of(found)["en0"] == "d"
    told = {each.participant[:2]: str(each).partition(": ")[2] for each in found.unplaced}
    assert told == {
        "es": "all who fit are full: 3 fit only a, b, who have places for 2",
        "fr": "nobody fits",
        "so": "places are not recorded: 1 fit only c, who have places for 0 (not recorded: places of c)",
    }


def test_the_greedy_way_may_leave_somebody_without_a_place() -> None:
    """It gives the only Spanish speaker to whoever fits best, and says that others were placed first."""
    first = Participant(id="a", shares={"lived": {MH}})
    second = Participant(id="b", shares={"lived": set()}, requires={"language": {"es"}})
    offering = [
        Peer(id="x", attributes={"lived": {MH}, "language": {"es"}}, places=1),
        Peer(id="y", attributes={"lived": {SUD}, "language": {"en"}}, places=1),
    ]
    greedy = match_greedily([first, second], offering, [LIVED])
    assert greedy.unplaced == (Unplaced("b", "others were placed first", ("x",)),)
    assert str(greedy.unplaced[0]) == "b has no place: others were placed first"
    exact = match([first, second], offering, [LIVED])
    assert pairs_of(exact) == {"a": "y", "b": "x"}
    assert exact.choices[0].alternative == Alternative("x", fits=True, points=10, open_points=0, because="full")
    assert str(exact.choices[0]) == (
        "y for a: none, 0 points: does not name lived: mental_health; the next best is x (10 points, full)"
    )


@pytest.mark.parametrize("names", ["xy", "yx"])
def test_a_requirement_that_is_not_disclosed_counts_behind_all_points(names: str) -> None:
    """Whoever surely speaks the language is chosen, though the other one would have points; on request alone."""
    who = Participant(id="p", requires={"language": {"es"}}, shares={"lived": {MH}})
    sure = Peer(id=names[0], attributes={"language": {"es"}, "lived": set[str]()}, places=1)
    unclear = Peer(id=names[1], attributes={"lived": {MH}}, places=1)
    found = match([who], [sure, unclear], [LIVED])
    assert [(each.peer, each.fits, each.points) for each in found.choices] == [(sure.id, True, 0)]
    assert found.choices[0].alternative == Alternative(unclear.id, None, 10, 0, "ranks lower")
    alone = match([who], [unclear], [LIVED])
    assert [each.peer for each in alone.unclear] == [unclear.id]
    assert [str(each) for each in alone.choices[0].why.to_ask] == ["has not disclosed required language: es"]
    assert match([who], [unclear], [LIVED], undisclosed="last").unplaced == (Unplaced("p", "nobody fits"),)


@pytest.mark.parametrize("names", ["xy", "yx"])
def test_open_points_decide_between_equals_alone(names: str) -> None:
    """Of two without a point the one who has not disclosed is chosen; one known point more outweighs all open ones."""
    who = Participant(id="p", shares={"lived": {MH, SUD}, "interests": {"chess"}})
    other = Peer(id=names[0], attributes={"lived": {"caregiving"}, "interests": set[str]()}, places=1)
    silent = Peer(id=names[1], attributes={"interests": set[str]()}, places=1)
    criteria = [LIVED, Criterion("interests", 1)]
    found = match([who], [other, silent], criteria)
    assert [(each.peer, each.points, each.open_points) for each in found.choices] == [(silent.id, 0, 20)]
    known = attrs.evolve(other, attributes={"lived": set[str](), "interests": {"chess"}})
    assert [each.peer for each in match([who], [known, silent], criteria).choices] == [known.id]


def test_what_has_lapsed_is_not_there_even_where_there_may_be_more() -> None:
    """A value that has lapsed is known not to hold; one that may have lapsed, or is not told of, may."""
    who = Participant(id="p", requires={"skills": {"first_aid"}})
    peer = Peer(id="q", attributes={"skills": {"first_aid", "listening"}}, partly={"skills"}, places=1)
    lapsed, perhaps = (attrs.evolve(peer, lapses={"skills": {"first_aid": day}}) for day in (ON, None))
    other = attrs.evolve(peer, attributes={"skills": {"listening"}})
    for way in WAYS:
        assert way([who], [lapsed], [], on=ON).unplaced == (Unplaced("p", "nobody fits"),)
        assert [way([who], [each], [], on=ON).choices[0].fits for each in (peer, perhaps, other)] == [True, None, None]


def test_nobody_and_nothing() -> None:
    """Without people, peers or places nobody is placed, and everybody is told."""
    assert match([], [], []) == Matching((), (), {}, exact=True)
    assert match(speakers(1), [], []).unplaced == (Unplaced("es0", "nobody fits"),)
    assert match(speakers(1), [Peer(id="q", places=0)], []).unplaced[0].because == "all who fit are full"
    assert match([Participant(id="p")], [Peer(id="q", places=1)], []).total == 0


# many


def crowd(seed: int, people: int, offering: int, values: int) -> tuple[list[Participant], list[Peer], list[Criterion]]:
    """A larger question, of which some is not disclosed, with more values than a word has bits."""
    chance = random.Random(seed)  # noqa: S311
    names = [f"v{n}" for n in range(values)]

    def some(least: int = 0) -> list[str]:
        return chance.sample(names, min(chance.randint(least, 9), values))

    asking = [
        Participant(
            id=f"p{n}",
            shares={"interests": some() if chance.random() < 0.9 else None},
            wishes={"interests": some()} if chance.random() < 0.5 else {},
            requires={"slot": {chance.choice("abcdef")}},
        )
        for n in range(people)
    ]
    peers = [
        Peer(
            id=f"q{n}",
            attributes={"interests": some(1) if chance.random() < 0.9 else None, "slot": chance.sample("abcdef", 2)},
            places=chance.randint(0, 2 * people // offering),
        )
        for n in range(offering)
    ]
    partly = [attrs.evolve(each, partly={"interests"}) if each.attributes["interests"] else each for each in peers]
    return asking, [*partly[: offering // 4], *peers[offering // 4 :]], [Criterion("interests", 3)]


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 200), st.booleans())
def test_many_are_counted_as_one_by_one(seed: int, at_once: int, values: int, any_value: bool) -> None:
    """In bulk, in parts and with many values, the points are those of each pair alone."""
    asking, offering, criteria = crowd(seed, 30, 8, values)
    criteria = [attrs.evolve(each, any_value=any_value) for each in criteria]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solving, "_AT_ONCE", at_once)
        found = match(asking, offering, criteria)
    assert found == match(asking, offering, criteria)
    for each in found.choices:
        assert (each.fits, each.points, each.open_points) == (each.why.fits, each.why.points, each.why.open_points)
        assert each.alternative is None or each.alternative.peer != each.peer


@settings(max_examples=8)
@given(st.integers(0, 10**6))
def test_many_are_assigned_as_scipy_assigns_them(seed: int) -> None:
    """Where everybody fits everybody, the total is that of SciPy's dense assignment, a column for each place."""
    optimize = importlib.import_module("scipy.optimize")
    asking, offering, criteria = crowd(seed, 40, 9, 30)
    asking = [attrs.evolve(each, requires={}) for each in asking]
    columns = [peer for peer in offering for _ in range(peer.places if isinstance(peer.places, int) else 0)]
    table = [[compare(who, peer, criteria).points for peer in columns] for who in asking]
    rows, chosen = optimize.linear_sum_assignment(table, maximize=True) if columns else ((), ())
    found = match(asking, offering, criteria, undisclosed="last")
    assert len(found.choices) == len(rows)
    assert found.total == sum(table[i][j] for i, j in zip(rows, chosen, strict=True))


def test_an_answer_can_be_sent_elsewhere_with_its_reasons() -> None:
    """A matching survives pickling, and its reasons can still be asked for."""
    found = match(speakers(1), [Peer(id="q", attributes={"language": {"es"}}, places=1)], [])
    again = pickle.loads(pickle.dumps(found))  # noqa: S301  its own
    assert again == found
    assert again.choices[0].why == found.choices[0].why


# places by a roster


def test_places_come_from_the_roster() -> None:
    """Story 52 with a caseload of 25: B has no place by the rulebook, and A or C is proposed."""
    book, start = load("nebraska-dbh"), dt.date(2026, 1, 5)
    served = [("A", 22), ("B", 25), ("C", 20)]
    numbers = [(peer, n) for peer, count in served for n in range(count)]
    records = [
        *(PeerProvider(id=peer) for peer, _ in served),
        *(Person(id=f"{peer}{n}") for peer, n in numbers),
        *(Admission(id=f"{peer}{n}", person=f"{peer}{n}") for peer, n in numbers),
        *(
            Assignment(
                id=f"{p}{n}", peer_provider=p, admission=f"{p}{n}", kind="primary", starts_on=start, ends_on=NONE
            )
            for p, n in numbers
        ),
    ]
    places = caseload.open_places(book, from_records(records), on=ON)
    lived = {"A": {MH}, "B": {MH, SUD}, "C": {SUD}}
    offering = [caseload.Peer(id=name, attributes={"lived": each}) for name, each in lived.items()]
    who = caseload.Participant(id="p", shares={"lived": {MH, SUD}})
    ranked = caseload.rank(who, offering, [LIVED], places=places)
    assert [(each.peer, each.places, each.has_place) for each in ranked] == [
        ("B", 0, False),
        ("A", 3, True),
        ("C", 5, True),
    ]
    for way in (caseload.match, caseload.match_greedily):
        found = way([who], offering, [LIVED], places=places)
        assert pairs_of(found) in ({"p": "A"}, {"p": "C"})
        assert found.choices[0].alternative == Alternative("B", fits=True, points=20, open_points=0, because="full")
        assert sum(each for each in found.left.values() if isinstance(each, int)) == 7


# what is refused


def test_without_the_extra_the_error_names_it_and_the_greedy_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exact way is never replaced in silence."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(InputError, match=r"needs the library ortools .*peersupport\[match\].*match_greedily"):
        match([], [], [])
    assert not match_greedily(speakers(1), [Peer(id="q", places=1)], []).exact


def test_what_is_wrong_with_a_question_is_told_at_once() -> None:
    """Everything that is there twice, does not go together or is not known stands in one error."""
    who, peer = speakers(1)[0], Peer(id="q", attributes={"language": {"es"}}, places=1, lapses={"language": {"es": ON}})
    places = caseload.Places("q", 0, 0, 25, 25)
    kept = {"es0": "q", "es1": "q", "es9": "r"}
    wishing = Participant(id="es1", wishes={"genders": {"woman"}})
    with pytest.raises(InputError) as error:
        match(
            [who, who, wishing],
            [peer, peer],
            [Criterion("gender", 1), Criterion("gender", 2)],
            places=[places],
            kept=kept,
            undisclosed="never",  # type: ignore[arg-type]
        )
    assert faults(error) == [
        "participants: es0 is there 2 times",
        "peers: q is there 2 times",
        "criteria: gender is there 2 times",
        "q, places: are 1 by the peer, and 25 by what is given",
        "q, places: are 1 by the peer, and 25 by what is given",
        "wishes, genders: has no criterion that says what it counts",
        "on: is needed: attributes of q, q lapse",
        "kept, es9: is no participant",
        "kept, es9: there is no peer 'r'",
        "kept, q: stays with 2, and has 1 places",
        "undisclosed: 'never' is not known",
    ]
    with pytest.raises(InputError, match="no day"):
        match([who], [peer], [], on=dt.datetime(2026, 6, 1))
    with pytest.raises(InputError, match="give one"):
        match([wishing], [], [])


def test_what_is_no_set_no_number_and_no_weight_is_refused() -> None:
    """Each value refuses what it cannot hold, all of it at once, and says what to write."""
    with pytest.raises(InputError) as error:
        Participant(id="p", requires={"a": "es"}, wishes={"b": None}, shares={"c": [1], "d": "x", "e": None})  # type: ignore[dict-item, list-item]
    assert faults(error) == [
        "p, requires, a: 'es' is a text, and not a set of texts",
        "p, wishes, b: None is no set of texts",
        "p, shares, c: frozenset({1}) is no set of texts",
        "p, shares, d: 'x' is a text, and not a set of texts",
    ]
    with pytest.raises(InputError) as error:
        Peer(id="q", attributes={"a": 5}, places=-1)  # type: ignore[dict-item]
    assert faults(error) == ["q, a: 5 is no set of texts", "q, places: -1 is no number of places"]
    with pytest.raises(InputError) as error:
        Peer(id="q", attributes={"a": {"x"}}, lapses={"a": {"y": ON}}, partly={"b"}, places=1)
    assert faults(error) == ["q, lapses, a: 'y' is not among its values", "q, partly: nothing of b is told"]
    with pytest.raises(InputError) as error:
        Criterion("a", -1, required=True, shared=False)
    assert faults(error) == [
        "criterion a, weight: -1 is no whole number in bounds",
        "criterion a, required: asks for what is not shared",
    ]
    for weight in (True, 1.5, 1_000_001):
        with pytest.raises(InputError, match="no whole number in bounds"):
            Criterion("a", weight)  # type: ignore[arg-type]


@pytest.mark.parametrize("places", [True, "1", 1.0])
def test_places_are_whole_numbers(places: object) -> None:
    """Nothing else is a number of places."""
    with pytest.raises(InputError, match="no number of places"):
        Peer(id="q", places=places)  # type: ignore[arg-type]


def test_weights_too_large_for_so_many_people_are_refused() -> None:
    """Totals that would leave the whole numbers of 64 bits are refused, and not rounded."""
    values = {f"v{n}" for n in range(400)}
    asking = [Participant(id=f"p{n}", shares={"a": values, "b": values}) for n in range(300)]
    offering = [Peer(id="q", attributes={"a": values, "b": None}, places=300)]
    with pytest.raises(InputError, match="too large for 300 people"):
        match(asking, offering, [Criterion("a", 10**6), Criterion("b", 10**6)])
    assert len(match(asking, offering, [Criterion("a", 100), Criterion("b", 100)]).choices) == 300


@pytest.mark.parametrize("name", [1, ["a"], None])
def test_a_name_that_is_no_text_is_refused(name: Any) -> None:  # noqa: ANN401  anything but a text
    """An id and an attribute are texts: other things are told, and not compared until something breaks."""
    for make in (lambda: Participant(id=name), lambda: Peer(id=name), lambda: Criterion(name, 1)):
        with pytest.raises(InputError, match="is no text"):
            make()


@pytest.mark.parametrize("flag", ["any_value", "required", "shared"])
def test_a_flag_is_true_or_false(flag: str) -> None:
    """A text is no flag: "no" would be true."""
    options: dict[str, Any] = {flag: "no"}
    with pytest.raises(InputError, match=f"{flag}: 'no' is neither True nor False"):
        Criterion("language", 1, **options)
