"""The same measure for each group: groups add up, merge to the whole, and leave the house without small numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import peersupport
from peersupport import InputError, Person, Record, Roster, outcomes
from peersupport.measures.comparisons import Arm, compare
from peersupport.measures.proportions import proportion
from peersupport.measures.suppression import bounds
from peersupport.outcomes import Case, Group, Share, Subgroups
from peersupport.outcomes.results import STATES, State, share_of

BORN = dt.date(1980, 1, 1)
CHECKOUT = Path(__file__).resolve().parent.parent
REASON = "died"


def people(count: int) -> Roster:
    """So many people, of whom nothing is recorded."""
    return peersupport.from_records([Person(id=f"p{n}") for n in range(count)], empty=["person"])


def case(number: int, state: State, person: str | None = "") -> Case:
    """A case of the person of that number, or of somebody else."""
    return Case(f"c{number}", f"p{number}" if person == "" else person, state, REASON if state == "excluded" else "")


def share(cases: list[Case]) -> Share:
    """A share of some cases."""
    return share_of(cases, [REASON], measure="m", counts="those with it", among="all", window="a month")


def made(**groups: dict[State, int]) -> tuple[Share, Callable[[Record], object], Roster]:
    """A share of groups given by their numbers, each case of a person of its own, and what tells the groups."""
    cases: list[Case] = []
    labels: dict[str, str] = {}
    for label, counts in groups.items():
        for state, count in counts.items():
            for _ in range(count):
                labels[f"p{len(cases)}"] = label
                cases.append(case(len(cases), state))
    return share(cases), lambda person: labels.get(person.id), people(len(cases))


def numbers(group: Group) -> list[int | None]:
    """The counts of a group, in the order of the states."""
    return [getattr(group, state.replace(" ", "_")) for state in STATES]


def of(found: Subgroups, label: str) -> Group:
    """The group of a label."""
    return next(each for each in found.groups if each.label == label)


# by hand


def test_each_group_has_its_share_and_how_it_differs_from_the_rest() -> None:
    """With Wilson's interval, and Newcombe's of the difference."""
    result, by, roster = made(
        one={"yes": 20, "no": 30}, two={"yes": 40, "no": 20, "not recorded": 12}, three={"yes": 15, "no": 45}
    )
    found = outcomes.subgroups(result, roster, by, name="site")
    assert [each.label for each in found.groups] == ["one", "three", "two"]
    one = of(found, "one")
    assert (one.cases, one.numerator, one.denominator) == (50, 20, 50)
    assert one.proportion == proportion(20, 50)
    assert one.difference == compare(Arm("one", 20, 50), Arm("the rest", 55, 120)).risk_difference
    assert (found.total.cases, found.total.yes, found.total.no) == (182, 75, 95)
    assert found.total.difference is None
    assert "site" in str(found)


def test_small_numbers_are_hidden_with_what_follows_from_them() -> None:
    """Four of fifty: their share, its complement, the difference, and a second group in each column."""
    result, by, roster = made(one={"yes": 4, "no": 46}, two={"yes": 20, "no": 30}, three={"yes": 25, "no": 45})
    found = outcomes.subgroups(result, roster, by)
    one, two, three = of(found, "one"), of(found, "two"), of(found, "three")
    assert (one.yes, one.no, one.cases, one.proportion, one.difference, one.denominator) == (
        None,
        None,
        50,
        None,
        None,
        None,
    )
    assert (two.yes, two.no) == (None, None)
    assert (three.yes, three.no, three.cases) == (25, 45, 70)
    assert three.proportion == proportion(25, 70)
    assert three.difference is not None
    assert (found.total.yes, found.total.no) == (49, 121)
    text = str(found)
    assert "  one: share hidden (yes hidden, no hidden, not recorded 0" in text
    assert " 4 " not in text


def test_a_difference_needs_the_totals() -> None:
    """Of a small group alone everything is hidden, and so is what the rest would be."""
    result, by, roster = made(one={"yes": 4, "no": 3}, two={"yes": 2, "no": 40})
    found = outcomes.subgroups(result, roster, by)
    assert of(found, "one").cases is None
    assert all(each.difference is None for each in found.groups)


def test_everything_is_shown_inside_of_the_house() -> None:
    """If suppression is not asked for."""
    result, by, roster = made(one={"yes": 4, "no": 46}, two={"excluded": 3})
    found = outcomes.subgroups(result, roster, by, suppressed=False)
    assert numbers(of(found, "one")) == [4, 46, 0, 0, 0]
    assert numbers(of(found, "two")) == [0, 0, 0, 0, 3]
    assert of(found, "two").proportion == proportion(0, 0)
    assert numbers(found.total) == [4, 46, 0, 0, 3]
    assert not found.suppressed


def test_another_limit_may_be_set() -> None:
    """Four may be shown where five and more may."""
    result, by, roster = made(one={"yes": 5, "no": 46}, two={"yes": 20, "no": 30})
    assert of(outcomes.subgroups(result, roster, by, largest_hidden=4), "one").yes == 5


def test_cases_without_an_answer_may_be_kept_back_altogether() -> None:
    """A few of them hide the answers beside them, unless nothing is told of them, nor of the number with them."""
    groups: dict[str, dict[State, int]] = {
        "one": {"yes": 200, "no": 700, "not yet observable": 7},
        "two": {"yes": 220, "no": 800, "not yet observable": 8, "excluded": 2},
        "three": {"yes": 6, "no": 90},
        "four": {"yes": 16, "no": 90},
    }
    result, by, roster = made(**groups)
    assert of(outcomes.subgroups(result, roster, by), "one").proportion is None
    found = outcomes.subgroups(result, roster, by, answers_only=True)
    assert of(found, "one").proportion == proportion(200, 900)
    assert numbers(of(found, "two")) == [220, 800, None, None, None]
    assert numbers(found.total) == [442, 1680, None, None, None]
    assert {each.cases for each in (*found.groups, found.total)} == {None}
    assert of(found, "three").yes is of(found, "four").yes is None
    assert found.notes[1] == "cases without an answer, and how many cases there are with them, are not told"


def test_cases_of_few_people_are_hidden_too() -> None:
    """Twenty discharges of five people are five people."""
    cases = [Case(f"d{n}", f"p{n % 5}", "yes") for n in range(20)] + [
        Case(f"e{n}", f"p{n}", "no") for n in range(20, 60)
    ]
    result, roster = share(cases), people(60)
    found = outcomes.subgroups(result, roster, lambda person: "few" if int(person.id[1:]) < 20 else "many")
    assert of(found, "few").yes is None
    assert of(found, "few").cases is None
    assert outcomes.released(result).hidden >= {"yes", "no"}
    assert outcomes.subgroups(share(cases[:20]), roster, lambda _: "all").total.cases is None
    assert outcomes.released(share(cases[:20])).total is None


def test_nothing_is_shown_of_a_small_group() -> None:
    """Three people who all said yes: the zeros beside it would tell the answer of each."""
    result, by, roster = made(one={"yes": 3}, two={"yes": 40, "no": 30}, three={"yes": 50, "no": 60})
    found = outcomes.subgroups(result, roster, by)
    assert numbers(of(found, "one")) == [None] * 5
    assert of(found, "one").cases is None
    assert "one: share hidden (yes hidden, no hidden, not recorded hidden, not yet observable hidden" in str(found)
    alone = outcomes.subgroups(result, roster, lambda person: person.id)
    assert {n for group in alone.groups for n in [*numbers(group), group.cases]} == {None}
    assert all(set(numbers(group)) == {None} for group in found.groups if group.cases is None)
    everybody = outcomes.subgroups(share([case(n, "yes") for n in range(3)]), people(3), lambda _: "all").total
    assert [*numbers(everybody), everybody.cases] == [None] * 6


def test_of_a_small_share_nothing_is_released() -> None:
    """No zero either, from which the answer of everybody would follow."""
    found = outcomes.released(share([case(n, "yes") for n in range(3)]))
    assert {*found.cells.values(), found.total} == {None}


def test_groups_of_one_person_each_are_refused() -> None:
    """Where small numbers are to be hidden; inside of the house they may be looked at."""
    with pytest.raises(InputError, match="by: each id is a person, and no group"):
        outcomes.subgroups(share([case(0, "yes")]), people(1), "id")


@pytest.mark.parametrize(("unknown", "hidden"), [(1, True), (5, True), (6, False)])
def test_a_case_of_nobody_adds_one_person_at_most(unknown: int, hidden: bool) -> None:
    """Twenty discharges of five people and one of nobody are of six people or fewer."""
    few = [Case(f"d{n}", f"p{n % 5}", "yes") for n in range(20)]
    few += [Case(f"u{n}", None, "yes") for n in range(unknown)]
    found = outcomes.released(share([*few, *(Case(f"e{n}", f"p{n}", "no") for n in range(20, 60))]))
    assert (found.cells["yes"] is None) is hidden


def test_what_is_said_of_the_measure_is_said_of_its_groups() -> None:
    """Its notes and its warning go on, in the text too."""
    result, by, roster = made(one={"yes": 40, "no": 46})
    result = attrs.evolve(result, notes=("stays of nobody: 12",), warning="no effect is shown")
    found = outcomes.subgroups(result, roster, by)
    assert found.notes[1:] == ("stays of nobody: 12",)
    assert str(found).splitlines()[-2:] == ["  note: stays of nobody: 12", "  warning: no effect is shown"]


def test_groups_by_a_fact_of_a_person() -> None:
    """What is not recorded is a group of its own, the last; so are cases of nobody."""
    records = [Person(id="p0", birth_date=BORN), Person(id="p1")]
    roster = peersupport.from_records(records)
    result = share([case(0, "yes"), case(1, "no"), case(2, "yes", None), case(3, "no", "gone")])

    def year(person: Record) -> object:
        assert isinstance(person, Person)
        return person.birth_date.year if person.birth_date else None

    found = outcomes.subgroups(result, roster, year, suppressed=False)
    assert [(each.label, each.cases) for each in found.groups] == [("1980", 1), ("not recorded", 3)]
    plain = outcomes.subgroups(result, roster, "id", suppressed=False)
    assert [(each.label, each.cases) for each in plain.groups] == [("p0", 1), ("p1", 1), ("not recorded", 2)]
    assert plain.by == "id"


@pytest.mark.parametrize(
    ("value", "label"), [(True, "yes"), (False, "no"), (3, "3"), ("x", "x"), (None, "not recorded")]
)
def test_values_as_labels(value: object, label: str) -> None:
    """A yes or no, a number, a text, and nothing."""
    found = outcomes.subgroups(share([case(0, "yes")]), people(1), lambda _: value)
    assert [each.label for each in found.groups] == [label]


@pytest.mark.parametrize("value", [frozenset({"a", "b"}), "", BORN])
def test_what_is_no_label_is_refused(value: object) -> None:
    """A set would put somebody into several groups; the place and the mend are said."""
    with pytest.raises(InputError, match=r"person p0: .* is no label of a group \(give a function"):
        outcomes.subgroups(share([case(0, "yes")]), people(1), lambda _: value)


def test_faults_of_a_fact() -> None:
    """One that people do not have, and people that were not given."""
    with pytest.raises(InputError, match=r"by: a person has no fact 'birthdate' \(did you mean 'birth_date'"):
        outcomes.subgroups(share([case(0, "yes")]), people(1), "birthdate")
    with pytest.raises(InputError, match="the table person: was not given"):
        outcomes.subgroups(share([]), peersupport.from_records([]), "birth_date")


def test_of_nobody_there_are_no_groups() -> None:
    """And a total of none."""
    for suppressed in (True, False):
        found = outcomes.subgroups(share([]), people(0), "birth_date", suppressed=suppressed)
        assert (found.groups, found.total.cases, found.total.yes) == ((), 0, 0)


def test_rows_have_what_may_be_shown() -> None:
    """A tidy row for each group and for all, None for what is hidden."""
    result, by, roster = made(one={"yes": 4, "no": 46}, two={"yes": 20, "no": 30}, three={"yes": 25, "no": 45})
    rows = outcomes.subgroups(result, roster, by, name="site").rows()
    assert [row["group"] for row in rows] == ["one", "three", "two", "all"]
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}
    one, three, _, total = rows
    assert (one["yes"], one["estimate"], one["low"], one["difference"]) == (None, None, None, None)
    assert three["estimate"] == pytest.approx(25 / 70)
    assert three["difference_low"] < three["difference"] < three["difference_high"]  # type: ignore[operator]
    assert (total["cases"], total["difference"], total["by"]) == (170, None, "site")


# one share as it may leave the house


def test_a_share_as_it_may_be_released() -> None:
    """Each reason for leaving out is a cell; the complement, 4 of 50, hides the rest of it."""
    cases = [case(n, "yes") for n in range(46)] + [case(n, "no") for n in range(46, 50)]
    assert (
        str(outcomes.released(share(cases))) == "yes hidden, no hidden, not recorded 0, not yet observable 0, total 50"
    )
    more = [*cases, *(case(n, "excluded") for n in range(50, 53)), *(case(n, "not recorded") for n in range(53, 93))]
    shown = outcomes.released(share(more))
    assert shown.hidden == {"no", f"excluded: {REASON}", "not recorded"}
    assert (shown.cells["yes"], shown.total) == (46, 93)


# laws

COUNTS = st.one_of(st.integers(0, 14), st.sampled_from([0, 0, 20, 60]))
GROUPS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS), min_size=1
)


def drawn(groups: dict[str, tuple[int, ...]]) -> tuple[Share, Callable[[Record], object], Roster]:
    """A share of drawn groups; "d" is not recorded."""
    result, by, roster = made(**{label: dict(zip(STATES, counts, strict=True)) for label, counts in groups.items()})
    return result, lambda person: None if by(person) == "d" else by(person), roster


@given(GROUPS)
def test_groups_add_up_to_the_whole(groups: dict[str, tuple[int, ...]]) -> None:
    """Each case is in one group, those not recorded too, and the totals are those of the share."""
    result, by, roster = drawn(groups)
    found = outcomes.subgroups(result, roster, by, suppressed=False)
    sums = [sum(column) for column in zip(*(numbers(each) for each in found.groups), strict=True)] or [0] * 5
    assert sums == numbers(found.total)
    assert (found.total.yes, found.total.denominator) == (result.numerator, result.denominator)
    assert found.total.cases == result.cases == sum(each.cases or 0 for each in found.groups)
    assert found.total.excluded == sum(result.excluded.values())


@given(GROUPS)
def test_merging_groups_gives_the_pooled_value(groups: dict[str, tuple[int, ...]]) -> None:
    """Two groups under one label have the sum of their counts and its share; all under one, that of the measure."""
    result, by, roster = drawn(groups)
    apart = outcomes.subgroups(result, roster, by, suppressed=False)
    merged = outcomes.subgroups(result, roster, lambda p: "ab" if by(p) in {"a", "b"} else by(p), suppressed=False)
    both = [numbers(each) for each in apart.groups if each.label in {"a", "b"}]
    pooled = [sum(filter(None, column)) for column in zip(*both, strict=True)]
    assert [numbers(each) for each in merged.groups if each.label == "ab"] == ([pooled] if both else [])
    whole = outcomes.subgroups(result, roster, lambda _: "all", suppressed=False)
    assert all(each.proportion == result.proportion for each in whole.groups)


@given(GROUPS)
def test_nothing_small_can_be_worked_out(groups: dict[str, tuple[int, ...]]) -> None:
    """No number of 1 to 10 is shown, no hidden number can be proved small, and no share is made of a hidden one."""
    result, by, roster = drawn(groups)
    found = outcomes.subgroups(result, roster, by)
    table: dict[str, Counter[str]] = {}
    for each in result.given:
        label = by(Person(id=str(each.person))) or "not recorded"
        table.setdefault(str(label), Counter(dict.fromkeys(STATES, 0)))[each.state] += 1
    hidden = set()
    for group in (*found.groups, found.total):
        label = "" if group is found.total else group.label
        counts = [*zip(STATES, numbers(group), strict=True), ("", group.cases)]
        hidden |= {(label, str(name)) for name, n in counts if n is None}
        assert not any(n is not None and 0 < n <= 10 for _, n in counts)
        assert (group.proportion is None) == (None in {group.yes, group.no})
        if None in {group.yes, group.no, found.total.yes, found.total.no}:
            assert group.difference is None
    for low, high in bounds(table, hidden).values() if table else ():
        assert high is None or (high > 10 and high > low)


def test_a_paradox_of_groups_is_told_and_not_refused() -> None:
    """Simpson's: better in each group with the one, better over all with the other."""
    small = {"a": (81, 87), "b": (192, 263)}
    large = {"a": (234, 270), "b": (55, 80)}
    shares = {}
    for name, counts in {"first": small, "second": large}.items():
        groups: dict[str, dict[State, int]] = {
            label: {"yes": yes, "no": total - yes} for label, (yes, total) in counts.items()
        }
        result, by, roster = made(**groups)
        found = outcomes.subgroups(result, roster, by, suppressed=False)
        shares[name] = [each.proportion.estimate for each in (*found.groups, found.total) if each.proportion]
    first, second = shares["first"], shares["second"]
    assert None not in first + second
    assert first[0] > second[0]  # type: ignore[operator]
    assert first[1] > second[1]  # type: ignore[operator]
    assert first[2] < second[2]  # type: ignore[operator]


# the example program


def test_groups_of_the_example_program() -> None:
    """By the route of referral: the groups are those of the files, and none of these small groups is shown."""
    roster = peersupport.read(CHECKOUT / "examples" / "peer2peer")
    on = dt.date(2026, 6, 30)
    result = outcomes.engagement(roster, on=on, at_least=3, of=10, unit="sessions").completed
    routes = {}
    for record in roster.records("enrollment"):
        assert isinstance(record, peersupport.Enrollment)
        referral = roster.tables.find("referral", str(record.referral))
        routes[record.person] = getattr(referral, "route", None)
    found = outcomes.subgroups(result, roster, lambda p: routes.get(p.id), name="route of referral", suppressed=False)
    plain = Counter(routes.get(each.person) or "not recorded" for each in result.given)
    assert {each.label: each.cases for each in found.groups} == plain
    shown = outcomes.subgroups(result, roster, lambda p: routes.get(p.id))
    small = [each.label for each in found.groups if each.cases is not None and each.cases <= 10]
    assert small
    assert all(of(shown, label).cases is None for label in small)


# in a notebook


def test_groups_show_themselves_as_a_forest() -> None:
    """The difference of each to the rest; of a hidden one its name and the word."""
    result, by, roster = made(one={"yes": 4, "no": 46}, two={"yes": 20, "no": 30}, three={"yes": 25, "no": 45})
    found = outcomes.subgroups(result, roster, by)._repr_html_()
    assert found.count("<svg") == 1
    assert "hidden" in found
    assert "one in twenty differs by chance alone" in found


def test_groups_without_a_difference_show_themselves_too() -> None:
    """A single group has no rest, and no groups have no picture."""
    result, by, roster = made(one={"yes": 40, "no": 46})
    assert "<svg" in outcomes.subgroups(result, roster, by)._repr_html_()
    assert "<svg" not in outcomes.subgroups(share([]), people(0), "birth_date")._repr_html_()
