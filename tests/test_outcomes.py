"""What is attested of the outcomes, and contacts with crisis services along the service, against counting by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import NONE, Admission, CrisisContact, InputError, OutcomeReview, Person, Record, Roster, outcomes
from peersupport.outcomes import Attested, Stretch, Trend

DAY = dt.timedelta(days=1)
START = dt.date(2026, 1, 5)
ON = dt.date(2026, 12, 31)


def day(number: int) -> dt.date:
    """A day by its number."""
    return START + number * DAY


def roster(*records: Record) -> Roster:
    """A roster in which admissions, reviews and contacts are complete."""
    return peersupport.from_records(records, empty=["admission", "outcome_review", "crisis_contact"])


def admission(id_: str, starts: int | None = 0, ends: int | None = None) -> Admission:
    """A service from a day until another, or without an end."""
    starts_on = None if starts is None else day(starts)
    return Admission(id=id_, admitted_on=starts_on, ended_on=NONE if ends is None else day(ends))


REVIEW = OutcomeReview(
    id="r",
    admission="a",
    attested_on=day(10),
    plan_sustainable=True,
    names_strengths_and_needs=False,
    reaches_resources=None,
    moves_through_systems=True,
    formal_supports=0,
    informal_supports=2,
)


def told(tables: Roster, on: dt.date = ON) -> dict[str, tuple[int, int, int, int]]:
    """Each outcome with its four counts."""
    return {
        each.outcome: (each.yes, each.no, each.not_recorded, each.not_reviewed)
        for each in outcomes.attested(tables, on=on)
    }


class TestAttested:
    """What was last attested of each outcome, with honest denominators."""

    def test_yes_no_and_not_recorded(self) -> None:
        """The six outcomes in their order; no support is a no, one or more a yes, and none recorded is neither."""
        assert outcomes.attested(roster(admission("a"), REVIEW), on=ON) == (
            Attested("the plan can be kept up", 1, 0, 0, 0),
            Attested("names strengths and needs", 0, 1, 0, 0),
            Attested("reaches resources", 0, 0, 1, 0),
            Attested("moves through systems", 1, 0, 0, 0),
            Attested("formal supports are in place", 0, 1, 0, 0),
            Attested("informal supports are in place", 1, 0, 0, 0),
        )

    @pytest.mark.parametrize(
        ("supports", "counts"), [(0, (0, 1, 0, 0)), (1, (1, 0, 0, 0)), (5, (1, 0, 0, 0)), (None, (0, 0, 1, 0))]
    )
    def test_one_support_of_a_kind_is_enough(self, supports: int | None, counts: tuple[int, ...]) -> None:
        """Formal and informal supports alike."""
        review = attrs.evolve(REVIEW, formal_supports=supports, informal_supports=supports)
        found = told(roster(admission("a"), review))
        assert found["formal supports are in place"] == counts
        assert found["informal supports are in place"] == counts

    def test_who_was_not_reviewed_is_neither_yes_nor_no(self) -> None:
        """Two of three admissions have no review."""
        found = told(roster(admission("a"), admission("b"), admission("c"), REVIEW))
        assert found["the plan can be kept up"] == (1, 0, 0, 2)

    def test_the_latest_review_counts(self) -> None:
        """Of each admission, whatever was attested before; of one day the last by its id."""
        later = attrs.evolve(REVIEW, id="later", attested_on=day(40), plan_sustainable=False)
        same_day = attrs.evolve(REVIEW, id="s", plan_sustainable=None)
        for reviews, counts in (
            ([REVIEW, later], (0, 1, 0, 0)),
            ([later, REVIEW], (0, 1, 0, 0)),
            ([REVIEW, same_day], (0, 0, 1, 0)),
            ([same_day, REVIEW], (0, 0, 1, 0)),
        ):
            assert told(roster(admission("a"), *reviews))["the plan can be kept up"] == counts

    @pytest.mark.parametrize(("on", "counts"), [(9, (0, 0, 0, 1)), (10, (1, 0, 0, 0)), (40, (0, 1, 0, 0))])
    def test_what_is_attested_later_has_not_been_seen(self, on: int, counts: tuple[int, ...]) -> None:
        """Before the first review there is none, and until the second the first one counts."""
        later = attrs.evolve(REVIEW, id="later", attested_on=day(40), plan_sustainable=False)
        assert told(roster(admission("a"), REVIEW, later), day(on))["the plan can be kept up"] == counts

    @pytest.mark.parametrize(
        ("said", "counts"),
        [
            ([True], (0, 0, 1, 0)),
            ([False], (0, 0, 1, 0)),
            ([True, True], (0, 0, 1, 0)),
            ([False, None], (0, 0, 1, 0)),
        ],
    )
    def test_reviews_without_a_day_may_all_be_of_a_later_day(
        self, said: list[bool | None], counts: tuple[int, ...]
    ) -> None:
        """Whether anything was attested by the day asked about is not recorded, whatever they say."""
        undated = [
            attrs.evolve(REVIEW, id=f"r{n}", attested_on=None, plan_sustainable=each) for n, each in enumerate(said)
        ]
        assert told(roster(admission("a"), *undated))["the plan can be kept up"] == counts

    @pytest.mark.parametrize(("said", "counts"), [(True, (1, 0, 0, 0)), (False, (0, 0, 1, 0)), (None, (0, 0, 1, 0))])
    def test_a_review_without_a_day_may_be_later_than_the_latest(
        self, said: bool | None, counts: tuple[int, ...]
    ) -> None:
        """The latest with a day counts if the one without says the same; what an earlier one says does not matter."""
        earlier = attrs.evolve(REVIEW, id="earlier", attested_on=day(2), plan_sustainable=False)
        undated = attrs.evolve(REVIEW, id="undated", attested_on=None, plan_sustainable=said)
        assert told(roster(admission("a"), earlier, REVIEW, undated))["the plan can be kept up"] == counts

    def test_who_came_before_the_reviews_are_complete_may_have_been_reviewed(self) -> None:
        """Without a review it is not recorded whether there was one, of a day that is not recorded too; later, none."""
        since = {"outcome_review": day(20)}
        records = [
            admission("before", 19),
            admission("since", 20),
            admission("undated", None),
            admission("a", 3),
            REVIEW,
        ]
        tables = peersupport.from_records([*records], since=since)
        assert told(tables)["the plan can be kept up"] == (1, 0, 2, 1)

    @pytest.mark.parametrize(("starts", "reviewed"), [(5, 1), (6, 0), (None, 1)])
    def test_only_admissions_up_to_the_day(self, starts: int | None, reviewed: int) -> None:
        """Who comes later is not among them; who came on a day that is not recorded is."""
        found = told(roster(admission("a", starts)), day(5))
        assert found["the plan can be kept up"] == (0, 0, 0, reviewed)

    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.one_of(st.integers(0, 9), st.integers(0, 9), st.none()),
                st.sampled_from([True, False, None]),
            )
        )
    )
    def test_the_counts_are_those_of_the_admissions(self, reviews: list[tuple[str, int | None, bool | None]]) -> None:
        """Yes, no, not recorded and not reviewed are all the admissions together, each by what may be its latest."""
        made = [
            attrs.evolve(
                REVIEW,
                id=f"{n:03}",
                admission=name,
                attested_on=None if on is None else day(on),
                reaches_resources=said,
            )
            for n, (name, on, said) in enumerate(reviews)
        ]
        said = [possible for name in "abc" if (possible := may_be_latest(reviews, name))]
        yes, no = said.count({True}), said.count({False})
        counts = (yes, no, len(said) - yes - no, 3 - len(said))
        assert told(roster(*map(admission, "abc"), *made))["reaches resources"] == counts

    @pytest.mark.parametrize("given_", [["admission"], ["outcome_review"], []])
    def test_a_table_that_was_not_given_is_an_error(self, given_: list[str]) -> None:
        """It is not taken for an empty one."""
        lacking = "outcome_review" if "outcome_review" not in given_ else "admission"
        with pytest.raises(InputError, match=f"the table {lacking}: was not given"):
            outcomes.attested(peersupport.from_records([], empty=given_), on=ON)


def may_be_latest(reviews: Sequence[tuple[str, int | None, bool | None]], name: str) -> set[bool | None]:
    """What the reviews of an admission say that could be its latest: the last with a day, and those without one.

    Where none has a day, it is not known whether there was one by then.
    """
    own = [(on, n, said) for n, (each, on, said) in enumerate(reviews) if each == name]
    dated = sorted(each for each in own if each[0] is not None)
    if own and not dated:
        return {None}
    return {said for on, _, said in own if on is None} | {said for _, _, said in dated[-1:]}


def contact(id_: str, number: int | None, name: str = "a") -> CrisisContact:
    """A contact with a crisis service on a day."""
    return CrisisContact(id=id_, admission=name, contacted_on=None if number is None else day(number))


def trend(*records: Record, on: int, days: int = 10, admissions: Sequence[str] | None = None) -> Trend:
    """The trend of a roster, in stretches of ten days unless said otherwise."""
    return outcomes.crisis_contacts(roster(*records), on=day(on), days=days, admissions=admissions)


class TestStretches:
    """Only whole stretches of a person's service count, so that nobody looks better for being observed shorter."""

    def test_contacts_by_days_since_admission(self) -> None:
        """The first and the last day of a stretch are in; day 0 is the day of admission."""
        contacts = [contact(str(n), each) for n, each in enumerate([0, 9, 10, 19, 20])]
        assert trend(admission("a"), *contacts, on=29).stretches == (
            Stretch(0, 9, 1, 2),
            Stretch(10, 19, 1, 2),
            Stretch(20, 29, 1, 1),
        )

    @pytest.mark.parametrize(("on", "stretches"), [(8, 0), (9, 1), (18, 1), (19, 2)])
    def test_a_stretch_counts_once_it_is_whole(self, on: int, stretches: int) -> None:
        """The day asked about is seen, so ten days are whole on day 9."""
        assert len(trend(admission("a"), contact("c", 1), on=on).stretches) == stretches

    @pytest.mark.parametrize(("ends", "stretches"), [(9, 0), (10, 1), (19, 1), (20, 2)])
    def test_a_service_that_ended_is_observed_until_then(self, ends: int, stretches: int) -> None:
        """The day it ends is the first day out."""
        assert len(trend(admission("a", 0, ends), on=200).stretches) == stretches

    def test_an_end_that_lies_ahead_has_not_come(self) -> None:
        """Up to the day it is observed."""
        assert len(trend(admission("a", 0, 100), on=19).stretches) == 2

    def test_who_is_observed_for_a_shorter_time_is_not_in_the_later_stretches(self) -> None:
        """Neither the person nor the contacts."""
        records = [admission("a"), admission("b", 0, 15), contact("c", 12, "b"), contact("d", 12), contact("e", 3, "b")]
        assert trend(*records, on=19).stretches == (Stretch(0, 9, 2, 1), Stretch(10, 19, 1, 1))

    def test_days_are_counted_from_each_admission(self) -> None:
        """Two people who came at different times stand in the same stretch."""
        records = [admission("a"), admission("b", 50), contact("c", 5), contact("d", 55, "b")]
        assert trend(*records, on=59).stretches[0] == Stretch(0, 9, 2, 2)

    def test_contacts_before_the_admission_or_after_the_day_are_not_counted(self) -> None:
        """They do not belong to the service, or have not been seen."""
        found = trend(admission("a"), contact("early", -1), contact("late", 31), on=30)
        assert sum(each.contacts for each in found.stretches) == 0

    def test_undated_contacts_and_admissions_left_out_are_told(self) -> None:
        """A contact without a day could be in any stretch; a service of unknown length in none for sure."""
        records = [
            admission("a"),
            admission("b", None),
            Admission(id="c", admitted_on=START, ended_on=None),
            contact("x", None),
            contact("y", None, "b"),
            contact("z", 3, "c"),
        ]
        found = trend(*records, on=19)
        assert (found.undated, found.left_out) == (2, 2)
        assert [each.observed for each in found.stretches] == [1, 1]

    def test_contacts_that_no_stretch_counts_are_told(self) -> None:
        """Before admission, after the service, in a stretch not lasted through, and of services that are left out."""
        records = [admission("a", 0, 15), admission("b", None)]
        contacts = [contact(str(n), each) for n, each in enumerate([-1, 3, 9, 10, 14, 40, 71, None])]
        found = trend(*records, *contacts, contact("other", 5, "b"), on=70)
        assert found.stretches == (Stretch(0, 9, 1, 2),)
        assert (found.elsewhere, found.undated, found.left_out) == (5, 1, 1)

    def test_somebody_with_two_services_is_observed_twice(self) -> None:
        """Services are counted, and each has the contacts that are recorded for it."""
        twice = [Person(id="p"), *(attrs.evolve(admission(name), person="p") for name in "ab")]
        assert trend(*twice, contact("x", 3), on=9).stretches == (Stretch(0, 9, 2, 1),)

    def test_some_admissions_may_be_chosen(self) -> None:
        """Each once, in any order; of the others nothing is told."""
        records = [admission("a"), admission("b"), admission("c", None), contact("x", 3), contact("y", 3, "b")]
        assert trend(*records, on=9).stretches == (Stretch(0, 9, 2, 2),)
        assert trend(*records, on=9, admissions=["b", "b"]).stretches == (Stretch(0, 9, 1, 1),)
        assert trend(*records, on=9, admissions=["b"]).left_out == 0
        assert trend(*records, on=9, admissions=[]) == Trend((), 0, 0)

    def test_stretches_are_ninety_days_unless_said_otherwise(self) -> None:
        """A quarter of a year or so."""
        found = outcomes.crisis_contacts(roster(admission("a")), on=day(89))
        assert [(each.first_day, each.last_day) for each in found.stretches] == [(0, 89)]

    def test_the_caution_goes_with_it(self) -> None:
        """Fewer are not better by themselves, and falling is no effect."""
        found = trend(admission("a"), on=9)
        assert found.caution == outcomes.CAUTION
        assert "Fewer contacts are not better by themselves" in found.caution
        assert "contacts fall whatever the service does" in found.caution

    @given(
        st.lists(
            st.tuples(
                st.one_of(st.integers(-30, 60), st.none()),
                st.one_of(st.integers(-30, 90), st.sampled_from(["none", None])),
            ),
            max_size=4,
        ),
        st.lists(st.tuples(st.integers(0, 3), st.one_of(st.integers(-40, 100), st.none())), max_size=8),
        st.integers(1, 25),
        st.integers(-10, 80),
    )
    def test_it_is_the_count_day_by_day(
        self,
        services: list[tuple[int | None, int | str | None]],
        contacts: list[tuple[int, int | None]],
        days: int,
        on: int,
    ) -> None:
        """For each stretch: who was served on every day of it up to the day asked about, and their contacts in it."""
        ends = {"none": NONE, None: None}
        records: list[Record] = [
            attrs.evolve(
                admission(str(n), starts),
                ended_on=day(end) if isinstance(end, int) else ends[end],
            )
            for n, (starts, end) in enumerate(services)
        ]
        dated = [(who, when) for who, when in contacts if who < len(services)]
        records += [contact(f"c{n}", when, str(who)) for n, (who, when) in enumerate(dated)]
        known = {n: each for n, each in enumerate(services) if None not in each}
        found = trend(*records, on=on, days=days)
        assert found.undated == sum(when is None for _, when in dated)
        assert found.left_out == len(services) - len(known)
        expected = []
        for first in range(0, 200, days):
            whole = {
                n: starts
                for n, (starts, end) in known.items()
                if starts is not None
                and all(served(starts, end, starts + number, on) for number in range(first, first + days))
            }
            inside = [
                (who, when)
                for who, when in dated
                if who in whole and when is not None and first <= when - whole[who] < first + days and when <= on
            ]
            expected += [Stretch(first, first + days - 1, len(whole), len(inside))] if whole else []
        assert list(found.stretches) == expected
        seen = [who for who, when in dated if when is not None and when <= on]
        assert found.elsewhere == len(seen) - sum(each.contacts for each in expected)

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"days": 0}, "days: 0 is not a length of time"),
            ({"days": -5}, "days: -5 is not a length of time"),
            ({"admissions": ["a", "adm-1", "adm-2"]}, "2 problems found:\n- admissions: there is no 'adm-1'"),
            ({"admissions": ["admm"]}, "there is no 'admm' \\(did you mean 'adm'\\?\\)"),
        ],
    )
    def test_what_cannot_be_counted_is_an_error(self, more: dict[str, object], message: str) -> None:
        """A length that is none, and admissions that are not there, all at once."""
        tables = roster(admission("a"), admission("adm"))
        with pytest.raises(InputError, match=message):
            outcomes.crisis_contacts(tables, on=ON, **more)  # type: ignore[arg-type]  # any of its words

    @pytest.mark.parametrize("given_", [["admission"], ["crisis_contact"], []])
    def test_a_table_that_was_not_given_is_an_error(self, given_: list[str]) -> None:
        """It is not taken for an empty one."""
        lacking = "crisis_contact" if "crisis_contact" not in given_ else "admission"
        with pytest.raises(InputError, match=f"the table {lacking}: was not given"):
            outcomes.crisis_contacts(peersupport.from_records([], empty=given_), on=ON)


def served(starts: int, end: int | str | None, number: int, on: int) -> bool:
    """Whether somebody was served on a day that has been seen."""
    return starts <= number <= on and (not isinstance(end, int) or number < end)


def test_services_from_before_the_contacts_are_complete_are_left_out() -> None:
    """Nobody knows who turned to a crisis service before the table begins: no contact is not none."""
    records = [
        Person(id="p"),
        Admission(id="before", person="p", admitted_on=dt.date(2026, 1, 1), ended_on=NONE),
        Admission(id="since", person="p", admitted_on=dt.date(2026, 2, 1), ended_on=NONE),
    ]
    tables = peersupport.from_records(records, empty=["crisis_contact"], since={"crisis_contact": dt.date(2026, 2, 1)})
    found = outcomes.crisis_contacts(tables, on=dt.date(2026, 3, 31), days=30)
    assert found.left_out == 1
    assert [stretch.observed for stretch in found.stretches] == [1]
