"""Caseloads on every day and the places left, against counting day by day by hand."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import (
    NONE,
    Admission,
    Assignment,
    InputError,
    PeerProvider,
    Person,
    Place,
    Program,
    Record,
    Roster,
    Rulebook,
    Verdict,
    caseload,
    from_records,
    judge,
    judge_each,
)
from peersupport.caseload import Caseload, Places
from peersupport.rules.facts import Absent

BOOK = peersupport.load("nebraska-dbh")
DAY = dt.timedelta(days=1)
START = dt.date(2026, 3, 1)
COVER, FAMILIES = "cover does not count", "families count once"
ADMISSIONS = {"a": "p", "b": "p", "c": "q", "d": None}
"""The admissions and whose they are; of the last that is not recorded."""

PEOPLE: list[Record] = [
    PeerProvider(id="peer"),
    PeerProvider(id="other"),
    Person(id="p"),
    Person(id="q"),
    *(Admission(id=name, person=person) for name, person in ADMISSIONS.items()),
]


def day(number: int) -> dt.date:
    """A day by its number."""
    return START + number * DAY


def assignment(id_: str, admission: str | None = "a", starts: int | None = 0, ends: int | None = None) -> Assignment:
    """Somebody is served by the peer provider, from a day until another or without an end."""
    return Assignment(
        id=id_,
        peer_provider="peer",
        admission=admission,
        kind="primary",
        starts_on=None if starts is None else day(starts),
        ends_on=NONE if ends is None else day(ends),
    )


def roster(assignments: Iterable[Record], more: Iterable[Record] = ()) -> Roster:
    """A roster of some assignments, of which the table is complete."""
    return peersupport.from_records([*PEOPLE, *more, *assignments], empty=["assignment"])


def shown(assignments: Iterable[Record], first: int = 0, last: int = 30, readings: Sequence[str] = ()) -> Caseload:
    """The peer provider's caseload on some days."""
    tables = roster(assignments)
    return caseload.over_time(BOOK, tables, "peer", since=day(first), through=day(last), readings=readings)


# by hand


def running(each: Assignment, on: dt.date) -> bool | None:
    """Whether an assignment runs on a day: from its first day until the day it ends."""
    started = None if each.starts_on is None else each.starts_on <= on
    going = None if each.ends_on is None else each.ends_on > on
    return False if False in {started, going} else None if None in {started, going} else True


def counts(each: Assignment, readings: Sequence[str]) -> bool | None:
    """Whether an assignment counts under the readings."""
    if COVER not in readings:
        return True
    return None if each.kind is None else each.kind != "cover"


def who(each: Assignment, readings: Sequence[str]) -> str | None:
    """Who is counted once: an admission, or where families count once a person."""
    return ADMISSIONS.get(each.admission or "") if FAMILIES in readings else each.admission


def by_hand(assignments: Sequence[Assignment], on: dt.date, readings: Sequence[str] = ()) -> tuple[int, int]:
    """How many are surely and how many possibly there on a day; one surely, where it is not known who they are."""
    surely: set[str | None] = set()
    possibly: set[str | int] = set()
    for number, each in enumerate(assignments):
        runs, held, name = running(each, on), counts(each, readings), who(each, readings)
        if each.peer_provider != "peer" or runs is False or held is False:
            continue
        possibly.add(number if name is None else name)
        surely |= {name} if runs and held else set()
    return len(surely - {None}) or len(surely), len(possibly)


DAYS = st.integers(-5, 35).map(day)
ENDS = st.one_of(DAYS, DAYS, st.sampled_from([NONE, None]))


@st.composite
def lists(draw: st.DrawFn) -> list[Assignment]:
    """Some assignments, most of one peer provider, with any fact not recorded."""
    made = draw(
        st.lists(
            st.builds(
                Assignment,
                id=st.just("x"),
                peer_provider=st.sampled_from(["peer"] * 6 + ["other", None]),
                admission=st.sampled_from([*ADMISSIONS, None]),
                kind=st.sampled_from(["primary", "cover", "group_only", None]),
                starts_on=st.one_of(DAYS, DAYS, DAYS, st.none()),
                ends_on=ENDS,
            ),
            max_size=7,
        )
    )
    return [attrs.evolve(each, id=str(number)) for number, each in enumerate(made)]


READINGS = st.sampled_from([(), (COVER,), (FAMILIES,)])


class TestEveryDay:
    """The count on each day, as it is by hand."""

    @given(lists(), READINGS, st.integers(-8, 20), st.integers(0, 25))
    def test_it_is_the_count_by_hand(
        self, assignments: list[Assignment], readings: tuple[str, ...], first: int, length: int
    ) -> None:
        """Under every reading, whatever is not recorded, on each day from the first through the last."""
        found = shown(assignments, first, first + length, readings)
        assert list(found.days()) == [
            (day(n), *by_hand(assignments, day(n), readings)) for n in range(first, first + length + 1)
        ]
        assert found.readings == readings

    @given(lists())
    def test_levels_follow_one_another(self, assignments: list[Assignment]) -> None:
        """From the first day until after the last, without a gap; each day is in one of them."""
        levels = shown(assignments).levels
        assert (levels[0].start, levels[-1].until) == (day(0), day(31))
        assert all(one.until == other.start for one, other in itertools.pairwise(levels))
        assert all(level.start < level.until and level.surely <= level.possibly for level in levels)

    @given(lists(), st.sampled_from([*ADMISSIONS, None]), st.one_of(DAYS, st.none()), ENDS)
    def test_one_more_never_lowers_a_count(
        self,
        assignments: list[Assignment],
        admission: str | None,
        starts_on: dt.date | None,
        ends_on: dt.date | Absent | None,
    ) -> None:
        """Neither of those who are surely there nor of those who may be."""
        more = attrs.evolve(assignment("more", admission), starts_on=starts_on, ends_on=ends_on)
        before, after = shown(assignments), shown([*assignments, more])
        pairs = zip(before.days(), after.days(), strict=True)
        assert all(one[1] <= other[1] and one[2] <= other[2] for one, other in pairs)

    @given(lists(), st.integers(0, 30), st.integers(1, 20), st.integers(1, 20))
    def test_an_interval_that_is_split_counts_the_same(
        self, assignments: list[Assignment], starts: int, length: int, rest: int
    ) -> None:
        """Half-open intervals meet without a gap and without a day counted twice."""
        whole = assignment("whole", "a", starts, starts + length + rest)
        parts = [
            assignment("part", "a", starts, starts + length),
            assignment("rest", "a", starts + length, starts + length + rest),
        ]
        assert list(shown([*assignments, whole]).days()) == list(shown([*assignments, *parts]).days())

    @given(st.lists(st.integers(1, 29), min_size=1, max_size=5, unique=True))
    def test_a_handover_within_a_day_counts_once(self, cuts: list[int]) -> None:
        """One leaves on the day another comes: there is one on every day."""
        ends = [0, *sorted(cuts), 60]
        names = itertools.cycle(ADMISSIONS)
        chain = [assignment(str(n), next(names), *pair) for n, pair in enumerate(itertools.pairwise(ends))]
        assert {(surely, possibly) for _, surely, possibly in shown(chain).days()} == {(1, 1)}

    @given(lists(), st.permutations(range(7)))
    def test_the_order_of_the_table_does_not_matter(self, assignments: list[Assignment], order: list[int]) -> None:
        """Rows in another order are the same caseload."""
        shuffled = [assignments[n] for n in order if n < len(assignments)]
        assert list(shown(assignments).days()) == list(shown(shuffled).days())


class TestWhoCounts:
    """Cover, people who are served only in groups, and families."""

    two = (assignment("one", "a", 0, 10), attrs.evolve(assignment("cover", "c", 5, 10), kind="cover"))

    def test_cover_counts_unless_it_is_read_otherwise(self) -> None:
        """The reading that was chosen is named, and the rule says who counts."""
        plain, read_so = shown(self.two), shown(self.two, readings=[COVER])
        assert (plain.on(day(5)).surely, read_so.on(day(5)).surely) == (2, 1)
        assert (plain.readings, read_so.readings) == ((), (COVER,))
        assert plain.assumes == BOOK["caseload.maximum"].assumption(frozenset())

    def test_people_served_only_in_groups_count(self) -> None:
        """They do in every reading."""
        group = attrs.evolve(assignment("group"), kind="group_only")
        for readings in ([], [COVER], [FAMILIES]):
            assert shown([group], readings=readings).on(day(3)).surely == 1

    def test_two_admissions_of_one_person(self) -> None:
        """They are two, and one where families count once."""
        both = [assignment("one", "a"), assignment("two", "b")]
        assert shown(both).peak.surely == 2
        assert shown(both, readings=[FAMILIES]).peak.surely == 1

    def test_a_person_with_two_assignments_counts_once(self) -> None:
        """One admission is one, however many intervals overlap."""
        assert shown([assignment("one"), assignment("two", "a", 5, 8)]).peak.surely == 1

    def test_an_end_that_is_not_recorded_leaves_a_doubt(self) -> None:
        """It may have ended at once or not at all: none surely, one possibly."""
        found = shown([attrs.evolve(assignment("one"), ends_on=None)])
        assert {each[1:] for each in found.days()} == {(0, 1)}

    def test_of_those_not_known_who_they_are_one_is_surely_there(self) -> None:
        """Two assignments without a recorded admission could be of one person: one surely, two possibly."""
        nobody = [assignment("one", None), assignment("two", None)]
        assert {each[1:] for each in shown(nobody).days()} == {(1, 2)}
        assert {each[1:] for each in shown([*nobody, assignment("three")]).days()} == {(1, 3)}


def served(count: int, starts: int, ends: int | None, prefix: str = "x") -> list[Record]:
    """So many admissions, each with its assignment over the same days."""
    pairs = [
        (Admission(id=f"{prefix}{n}"), assignment(f"{prefix}{n}", f"{prefix}{n}", starts, ends)) for n in range(count)
    ]
    return list(itertools.chain.from_iterable(pairs))


class TestOverTheLimit:
    """The days over, the peak and the places of a stretch of days."""

    def test_twenty_six_for_a_week(self) -> None:
        """The days over the limit, the first level of the peak, and no place on every one of the days."""
        found = shown([*served(25, 0, None), *served(1, 10, 17, "y"), *served(1, 20, 22, "z")])
        assert found.over == tuple(map(day, [*range(10, 17), 20, 21]))
        assert (found.peak.surely, found.peak.start, found.peak.until) == (26, day(10), day(17))
        assert (found.perhaps_over, found.places, found.at_most) == ((), 0, 25)
        assert (found.rule, found.subject) == ("caseload.maximum", ("peer_provider", "peer"))

    def test_days_on_which_it_is_not_known(self) -> None:
        """Twenty-five and one who may have left: perhaps over, and not over."""
        found = shown([*served(25, 0, None), attrs.evolve(assignment("may", "a", 12), ends_on=None)])
        assert found.over == ()
        assert found.perhaps_over == tuple(map(day, range(12, 31)))
        assert (found.peak.surely, found.peak.possibly, found.peak.start) == (25, 26, day(12))

    def test_places_are_those_of_the_fullest_day(self) -> None:
        """Twenty with three more for a while, one of them in doubt: two places."""
        doubt = attrs.evolve(assignment("may", "a", 5), ends_on=None)
        assert shown([*served(20, 0, None), *served(2, 3, 9, "y"), doubt]).places == 2

    def test_the_level_of_a_day(self) -> None:
        """A day outside of those asked for has none."""
        found = shown([assignment("one", "a", 10, 20)])
        assert [found.on(day(n)).surely for n in (0, 9, 10, 19, 20, 30)] == [0, 0, 1, 1, 0, 0]
        for outside in (day(-1), day(31)):
            with pytest.raises(KeyError, match=f"{outside} is not between {day(0)} and {day(31)}"):
                found.on(outside)

    @given(lists())
    def test_days_over_the_limit_by_hand(self, assignments: list[Assignment]) -> None:
        """Those surely over and those perhaps over, with a limit of two."""
        book = limits('at_most = 2\nmeasure = "distinct(assignment.admission)"')
        found = caseload.over_time(book, roster(assignments), "peer", since=day(0), through=day(30))
        days = {day(n): by_hand(assignments, day(n)) for n in range(31)}
        assert found.over == tuple(on for on, (surely, _) in days.items() if surely > 2)
        assert found.perhaps_over == tuple(on for on, (surely, possibly) in days.items() if surely <= 2 < possibly)
        assert (found.peak.surely, found.peak.possibly) == max(days.values())
        assert found.places == max(0, 2 - max(possibly for _, possibly in days.values()))


# open places


def places(assignments: Iterable[Record], on: int = 0, book: Rulebook = BOOK) -> Places:
    """The places of the peer provider from a day on."""
    found = caseload.open_places(book, roster(assignments), on=day(on))
    return next(each for each in found if each.peer_provider == "peer")


class TestOpenPlaces:
    """Who can take how many more from a day on, for good, and when the next place comes free."""

    @given(lists(), st.integers(-8, 36))
    def test_it_is_the_count_by_hand_over_the_future(self, assignments: list[Assignment], on: int) -> None:
        """The places are those of the fullest day to come; the next day is the first from which there are more."""
        book = limits('at_most = 3\nmeasure = "distinct(assignment.admission)"')
        possibly = {n: by_hand(assignments, day(n))[1] for n in range(on, 45)}
        left = {n: max(0, 3 - max(possibly[later] for later in range(n, 45))) for n in possibly}
        first = next((n for n in left if left[n] > left[on]), None)
        surely, now = by_hand(assignments, day(on))
        more = (None, None) if first is None else (day(first), left[first])
        assert places(assignments, on, book) == Places("peer", surely, now, 3, left[on], *more)

    def test_who_will_come_takes_a_place_already(self) -> None:
        """A start that lies ahead is counted from today on, and the place is free when it has ended."""
        found = places([*served(24, 0, None), *served(1, 10, 20, "y")])
        assert (found.surely, found.places, found.next_on, found.next_places) == (24, 0, day(20), 1)

    def test_one_who_stays_for_good_frees_nothing(self) -> None:
        """No end is recorded, so there is no next day."""
        found = places([assignment("one")])
        assert (found.places, found.next_on, found.next_places) == (24, None, None)

    def test_places_that_come_free_one_after_the_other(self) -> None:
        """The next day is the first of them; a place that is taken again on that day is none."""
        ends = [*served(23, 0, None), *served(1, 0, 10, "y"), *served(1, 0, 15, "z")]
        taken = [*ends, *served(1, 10, None, "w")]
        assert (places(ends).next_on, places(ends).next_places) == (day(10), 1)
        assert (places(taken).next_on, places(taken).next_places) == (day(15), 1)

    def test_who_is_over_the_limit_has_no_place_and_not_less(self) -> None:
        """Twenty-seven of twenty-five: none, and none either when one leaves."""
        found = places([*served(24, 0, None), *served(1, 0, 5, "y"), *served(2, 0, 9, "z")])
        assert (found.surely, found.places, found.next_on, found.next_places) == (27, 0, day(9), 1)

    def test_an_end_that_is_not_recorded_keeps_the_place(self) -> None:
        """Who may be there is counted."""
        found = places([attrs.evolve(assignment("one"), ends_on=None)])
        assert (found.surely, found.possibly, found.places) == (0, 1, 24)

    def test_those_with_the_most_places_come_first(self) -> None:
        """Then those with the next free place, then by id; nobody is left out."""
        more: list[Record] = [PeerProvider(id=name) for name in ("early", "late", "full")]
        ends = {"full": None, "early": 4, "late": 8}
        each_one = [attrs.evolve(assignment(name, "a", 0, end), peer_provider=name) for name, end in ends.items()]
        found = caseload.open_places(BOOK, roster(each_one, more), on=day(0))
        assert [(each.peer_provider, each.places) for each in found] == [
            ("other", 25),
            ("peer", 25),
            ("early", 24),
            ("late", 24),
            ("full", 24),
        ]

    def test_the_reading_is_that_which_was_chosen(self) -> None:
        """Where cover does not count it takes no place."""
        covered = roster([attrs.evolve(assignment("one"), kind="cover")])
        for readings, left in (((), 24), ((COVER,), 25)):
            found = caseload.open_places(BOOK, covered, on=day(0), readings=readings)
            assert {each.peer_provider: each.places for each in found}["peer"] == left


# errors, and other limits


HEAD = """
rulebook = "invented"
title = "An invented program"
jurisdiction = "invented"
version = "1"
verified = 2026-01-01
[sources.X]
title = "Handbook"
publisher = "nobody"
"""


def limits(*rules: str) -> Rulebook:
    """A rulebook with limits at any time on peer providers, and a rule about them that is none."""
    text = [HEAD]
    for number, fields in enumerate(rules):
        window = "" if "window" in fields else 'window = "at any time"\n'
        header = f'[[limit]]\nid = "limit.n{number}"\nabout = "peer_provider"\nsays = "Not too many."\n'
        text.append(f'{header}source = "X: 1"\n{window}{fields}\n')
    criterion = '[[criterion]]\nid = "staff.diploma"\nabout = "peer_provider"\nsays = "There is a diploma."\n'
    text.append(f'{criterion}source = "X: 2"\nholds = "diploma"\n')
    return peersupport.loads("".join(text))


ALL = 'measure = "distinct(assignment.admission)"\nat_most = 2'
COVERED = "measure = \"distinct(assignment.admission, kind == 'cover')\"\nat_most = 1"
AT_LEAST = 'measure = "count(assignment)"\nat_least = 1'
TWO_OR_THREE = f'{ALL}\nchoose = true\nreadings."two" = {{ at_most = 2 }}\nreadings."three" = {{ at_most = 3 }}'
EVER = 'measure = "count(assignment)"\nat_most = 9\nwindow = "ever"'


class TestErrors:
    """What is not there is an error, said so that it can be mended."""

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"peer_provider": "pear"}, "there is no 'pear' \\(did you mean 'peer'\\?\\)"),
            ({"rule": "caseload.minimum"}, "no limit 'caseload.minimum' .*did you mean 'caseload.maximum'"),
            ({"rule": "group.size"}, "no limit 'group.size' on peer providers at any time"),
            ({"through": day(-1)}, "2026-02-28 lies before the first day, 2026-03-01"),
            ({"readings": ["cover does count"]}, "did you mean 'cover does not count'"),
        ],
    )
    def test_what_is_not_there(self, more: dict[str, object], message: str) -> None:
        """A peer provider, a limit, a last day, a reading."""
        asked: dict[str, object] = {"peer_provider": "peer", "since": day(0), "through": day(9), **more}
        with pytest.raises(InputError, match=message):
            caseload.over_time(BOOK, roster([]), **asked)  # type: ignore[arg-type]  # any of its words

    def test_one_day_is_a_span(self) -> None:
        """The first day may be the last."""
        assert list(shown([assignment("one")], 4, 4).days()) == [(day(4), 1, 1)]

    def test_assignments_that_were_not_given(self) -> None:
        """They are not taken for none."""
        tables = peersupport.from_records(PEOPLE)
        with pytest.raises(InputError, match="was not given"):
            caseload.over_time(BOOK, tables, "peer", since=day(0), through=day(9))
        with pytest.raises(InputError, match="was not given"):
            caseload.open_places(BOOK, tables, on=day(0))

    def test_a_bound_that_is_not_recorded(self) -> None:
        """A limit may be a fact of the program: recorded it is used, not recorded it is an error."""
        book = limits('measure = "count(assignment)"\nat_most = "program.capacity"')
        with_places = roster([assignment("one")], [Program(id="program", capacity=3)])
        without = roster([assignment("one")], [Program(id="program")])
        found = caseload.over_time(book, with_places, "peer", since=day(0), through=day(1))
        assert (found.at_most, found.places) == (3, 2)
        with pytest.raises(InputError, match="its bound is unknown"):
            caseload.over_time(book, without, "peer", since=day(0), through=day(1))

    def test_several_limits_need_a_name(self) -> None:
        """Without one they are listed; with one it is that."""
        book = limits(ALL, COVERED)
        with pytest.raises(InputError, match=r"limit\.n0, limit\.n1"):
            caseload.open_places(book, roster([]), on=day(0))
        found = caseload.open_places(book, roster([]), on=day(0), rule="limit.n1")
        assert {each.at_most for each in found} == {1}

    def test_a_limit_without_a_default_reading_asks_for_one(self) -> None:
        """Its readings are named; with one of them it counts."""
        book = limits(TWO_OR_THREE)
        message = "rule limit.n0: has no default reading .choose two or three."
        with pytest.raises(InputError, match=message):
            caseload.over_time(book, roster([]), "peer", since=day(0), through=day(1))
        with pytest.raises(InputError, match=message):
            caseload.open_places(book, roster([]), on=day(0))
        found = caseload.over_time(book, roster([]), "peer", since=day(0), through=day(1), readings=["three"])
        assert (found.at_most, found.readings) == (3, ("three",))
        assert {each.at_most for each in caseload.open_places(book, roster([]), on=day(0), readings=["two"])} == {2}

    def test_a_reading_that_was_chosen_is_not_asked_for_again(self) -> None:
        """Where the table is what is missing, that is said, and not that a reading is."""
        book = limits(TWO_OR_THREE)
        tables = peersupport.from_records(PEOPLE)
        with pytest.raises(InputError, match="what it counts was not given"):
            caseload.over_time(book, tables, "peer", since=day(0), through=day(1), readings=["two"])

    def test_the_chosen_reading_says_whether_it_is_a_caseload(self) -> None:
        """A limit on all there ever were is one on how many at a time under a reading that says so, and only then."""
        book = limits(f'{EVER}\nreadings."at a time" = {{ window = "at any time" }}')
        with pytest.raises(InputError, match="no limit on how many a peer provider serves"):
            caseload.open_places(book, roster([]), on=day(0))
        found = caseload.over_time(
            book, roster([assignment("one")]), "peer", since=day(0), through=day(1), readings=["at a time"]
        )
        assert (found.at_most, found.peak.surely, found.readings) == (9, 1, ("at a time",))

    @pytest.mark.parametrize("others", [[], [AT_LEAST], [EVER], [AT_LEAST, EVER]])
    def test_only_a_limit_on_how_many_at_a_time_is_a_caseload(self, others: list[str]) -> None:
        """At least so many, so many in all, and a criterion are none: beside them the one is found."""
        found = caseload.open_places(limits(*others, ALL), roster([]), on=day(0))
        assert {each.at_most for each in found} == {2}
        with pytest.raises(InputError, match="no limit on how many a peer provider serves"):
            caseload.open_places(limits(*others), roster([]), on=day(0))


class TestTablesThatAreNotComplete:
    """Assignments that are there from a day on."""

    records = (
        PeerProvider(id="peer"),
        Person(id="p"),
        Admission(id="a", person="p", admitted_on=dt.date(2026, 4, 1), ended_on=NONE),
        Assignment(id="x", peer_provider="peer", admission="a", starts_on=dt.date(2026, 4, 10), ends_on=NONE),
    )

    def test_before_that_day_nothing_can_be_said(self) -> None:
        """Who was there in March is not known: it is refused, and the day is named from which it is."""
        tables = from_records(self.records, since={"assignment": dt.date(2026, 4, 1)})
        with pytest.raises(InputError, match="complete from 2026-04-01 on, and not on 2026-03-31"):
            caseload.over_time(BOOK, tables, "peer", since=dt.date(2026, 3, 31), through=dt.date(2026, 4, 20))
        found = caseload.over_time(BOOK, tables, "peer", since=dt.date(2026, 4, 1), through=dt.date(2026, 4, 20))
        assert [level.surely for level in found.levels] == [0, 1]

    def test_the_rule_is_judged_from_that_day_on(self) -> None:
        """An audit of a day before it knows nothing; one of a later day sees only the days since."""
        limit = BOOK["caseload.maximum"]
        peer = self.records[0]
        tables = from_records(self.records, since={"assignment": dt.date(2026, 4, 1)})
        early = judge(BOOK, limit.id, peer, on=dt.date(2026, 3, 31), tables=tables)
        assert (early.verdict, early.missing) == (Verdict.UNKNOWN, (Place("assignment", "", "since"),))
        assert judge(BOOK, limit.id, peer, on=dt.date(2026, 4, 1), tables=tables).verdict is Verdict.MET

    def test_from_an_earlier_first_day_on_the_first_stretch_is_unknown(self) -> None:
        """Thirty-one days of March of which nothing is known, and then what is; from 1 April on only that."""
        peer, complete = self.records[0], dt.date(2026, 4, 1)
        tables = from_records(self.records, since={"assignment": complete})
        found, later = (
            judge_each(BOOK, "caseload.maximum", peer, on=dt.date(2026, 4, 20), since=since, tables=tables)
            for since in (dt.date(2026, 3, 1), complete)
        )
        assert [(each.verdict, each.occurrence, each.days, each.missing) for each in found] == [
            (Verdict.UNKNOWN, dt.date(2026, 3, 1), 31, (Place("assignment", "", "since"),)),
            (Verdict.MET, None, None, ()),
        ]
        assert [each.verdict for each in later] == [Verdict.MET]

    def test_without_the_peer_providers_nobody_can_take_anybody(self) -> None:
        """A table that was not given is not an empty one."""
        with pytest.raises(InputError, match="the table peer_provider: was not given"):
            caseload.open_places(BOOK, from_records([Person(id="p")]), on=dt.date(2026, 4, 1))
