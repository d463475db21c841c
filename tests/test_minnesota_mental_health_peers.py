"""The rulebook `minnesota-mental-health-peers`: its rows, and each rule against its law, stated in plain Python."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import (
    DAY,
    MAYBE,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Moment,
    Truth,
    equals,
    has,
    near,
    some_of,
    verdict,
)
from state_rosters import LATER, Case, Records, at, lacks

import peersupport
from peersupport import NONE, Reason, Record, Verdict

BOOK = peersupport.load("minnesota-mental-health-peers")
RECOVERY = peersupport.load("minnesota-recovery-peers")
BEGINS = dt.date(2024, 6, 3)
PROGRAMS = ("act", "irts", "armhs", "crisis_response", "other")
NOT_YET, ALREADY = "crisis services are not in yet", "crisis services are in already"
SAME_DAY, BEFORE_RENEWAL = "the same day two years on is in", "in the two years before the renewal"
CASE = Case(
    BOOK,
    {"admission": "a", "person": "p", "peer_provider": "peer"},
    [
        ("program", "program", {"time_zone": "America/Chicago"}),
        *(("person", id_, {}) for id_ in "pq"),
        *(("peer_provider", id_, {}) for id_ in ("peer", "other")),
        ("admission", "a", {"ended_on": NONE}),
    ],
    frozenset({"education_entry", "relation"}),
)
made, found, told = CASE.record, CASE.found, CASE.told


def certificate(**facts: object) -> Record:
    """A certificate of two years, unless said otherwise."""
    usual = {"valid_from": BEGINS, "valid_until": dt.date(2026, 6, 2), "renews": NONE}
    return made("credential", "c", **{**usual, **facts})


def peer(**facts: object) -> Record:
    """The peer who is certified."""
    return made("peer_provider", "peer", **facts)


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which an age is reached; 29 February falls on 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day of another year, cut to the month's end."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 2, 28)


def test_each_row_has_its_place_and_is_labelled() -> None:
    """Rows MN-7 to MN-15 are covered here and the others by the rulebook beside it, whose gaps are counted on."""
    assert {row for rule in BOOK for row in rule.covers} == {f"MN-{number}" for number in range(7, 16)}
    assert not {row for rule in RECOVERY for row in rule.covers} & {row for rule in BOOK for row in rule.covers}
    assert [*RECOVERY.gaps, *BOOK.gaps] == [f"MN-G{number}" for number in range(1, 15)]
    assert "illustrative, as of the date of each source" in BOOK.title
    assert all(each.dated and each.note.startswith("illustrative, as ") for each in BOOK.sources.values())
    assert BOOK.verified == dt.date(2026, 11, 22)


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here."""
    assert CASE.untested(Path(__file__).read_text(encoding="utf-8")) == []


# who may be a peer

EDITIONS = {
    "credential.by_2007": (dt.date(2007, 1, 1), dt.date(2021, 1, 1)),
    "credential.level_1": (dt.date(2016, 3, 22), None),
}
BORN = st.one_of(st.none(), st.dates(dt.date(1985, 1, 1), dt.date(2005, 1, 1)), st.just(dt.date(1996, 2, 29)))


@pytest.mark.parametrize("rule", EDITIONS)
@given(BORN, MAYBE, st.integers(-1, 1), st.dates(dt.date(2006, 6, 1), dt.date(2026, 6, 1)))
def test_age_and_diploma_on_the_first_day(
    rule: str, born: dt.date | None, diploma: Truth, shift: int, drawn: dt.date
) -> None:
    """21 on the first day of the certificate, by the edition of that day; most are drawn about the birthday."""
    begins = birthday(born, 21) + shift * DAY if born else drawn
    start, end = EDITIONS[rule]
    old_enough = None if born is None else begins >= birthday(born, 21)
    in_force = start <= begins and (end is None or begins < end)
    expected = verdict(logic.kleene_and(old_enough, diploma)) if in_force else NOT_APPLICABLE
    assert told(rule, [certificate(valid_from=begins), peer(birth_date=born, diploma=diploma)]) == {"": expected}


@pytest.mark.parametrize(
    ("rule", "begins", "expected"),
    [
        ("credential.by_2007", dt.date(2006, 12, 31), Reason.NOT_IN_FORCE),
        ("credential.by_2007", dt.date(2007, 1, 1), Reason.DOES_NOT_HOLD),
        ("credential.by_2007", dt.date(2020, 12, 31), Reason.DOES_NOT_HOLD),
        ("credential.by_2007", dt.date(2021, 1, 1), Reason.NOT_IN_FORCE),
        ("credential.level_1", dt.date(2016, 3, 21), Reason.NOT_IN_FORCE),
        ("credential.level_1", dt.date(2016, 3, 22), Reason.DOES_NOT_HOLD),
    ],
)
def test_an_edition_is_asked_only_on_its_days(rule: str, begins: dt.date, expected: Reason) -> None:
    """The day before it and the day after it nothing is said of age, and the finding says that it was not in force."""
    young = [certificate(valid_from=begins), peer(birth_date=begins, diploma=True)]
    assert found(rule, young).reason is expected


@given(some_of("own_primary_diagnosis", "service_use"), st.sampled_from(["peer", "family_peer", None]))
def test_peer_lived_experience_is_her_own_statement(attests: frozenset[str] | None, role: str | None) -> None:
    """Both parts, of peers and not of family peers."""
    both = logic.kleene_and(has("own_primary_diagnosis", attests), has("service_use", attests))
    expected = {"": logic.where(equals(role, "peer"), verdict(both))}
    assert told("peer.lived_experience", [peer(attests=attests, role=role)]) == expected


@given(
    st.sampled_from(["level_1", "level_2", None]),
    some_of("a course", "a degree"),
    st.sampled_from([-1, 0, 1, None]),
    MAYBE,
)
def test_credential_level_2_is_level_1_and_more(
    level: str | None, items: frozenset[str] | None, shift: int | None, diploma: Truth
) -> None:
    """All that level I asks, and one item at least; on level I nothing more."""
    born = None if shift is None else BEGINS.replace(year=BEGINS.year - 21) + shift * DAY
    first = logic.kleene_and(None if shift is None else shift <= 0, diploma)
    expected = logic.where(equals(level, "level_2"), verdict(logic.kleene_and(first, logic.present(items))))
    records = [certificate(level=level, further_items=items), peer(birth_date=born, diploma=diploma)]
    assert told("credential.level_2", records) == {"": expected}


def test_credential_level_2_says_which_part_fails() -> None:
    """The tier below and the item are told apart."""
    records = [certificate(level="level_2", further_items=frozenset()), peer(birth_date=BEGINS, diploma=True)]
    clauses = {each.name: each.verdict for each in found("credential.level_2", records).clauses}
    assert clauses == {"level I": NOT_MET, "something more": NOT_MET}


# the certificate and its renewal


@given(st.dates(dt.date(2018, 1, 1), dt.date(2025, 1, 1)), st.one_of(st.integers(-2, 2), st.sampled_from([NONE, None])))
def test_credential_term_is_two_years(begins: dt.date, shift: object) -> None:
    """The last day is before the same day two years on, or that day under the reading; 29 February is cut to 28."""
    day = years_later(begins, 2)
    until = day + shift * DAY if isinstance(shift, int) else shift
    expected = {"": verdict(logic.before(until, day)), SAME_DAY: verdict(logic.not_after(until, day))}
    assert told("credential.term", [certificate(valid_from=begins, valid_until=until)]) == expected


HOURS = st.sampled_from([None, *map(Decimal, ("0", "10", "14.75", "15", "15.25", "30"))])
RENEWED = dt.date(2026, 9, 1)
EDGES = [dt.date(2024, 6, 3), dt.date(2026, 6, 2), dt.date(2024, 9, 1), RENEWED]
TAKEN = st.tuples(HOURS, st.sampled_from(EDGES), st.integers(-1, 1))


def enough(taken: list[tuple[Decimal | None, dt.date]]) -> Truth:
    """Whether hours come to thirty, where some are not recorded."""
    sure = sum((hours for hours, _ in taken if hours is not None), Decimal(0))
    return True if sure >= 30 else None if any(hours is None for hours, _ in taken) else False


@given(st.lists(TAKEN, max_size=4), st.booleans())
def test_credential_continuing_education_adds_up_to_thirty(
    drawn: list[tuple[Decimal | None, dt.date, int]], own: bool
) -> None:
    """Thirty hours while the certificate before it ran, or in two years before the renewal; another's count nothing."""
    taken = [(hours, day + shift * DAY) for hours, day, shift in drawn]
    records = [
        certificate(valid_from=RENEWED, valid_until=NONE, renews="old"),
        made("credential", "old", valid_from=BEGINS, valid_until=dt.date(2026, 6, 2), renews=NONE),
        *(
            made("education_entry", f"e{i}", peer_provider="peer" if own else "other", taken_on=day, amount=hours)
            for i, (hours, day) in enumerate(taken)
        ),
    ]
    mine = taken if own else []
    ran = [each for each in mine if BEGINS <= each[1] <= dt.date(2026, 6, 2)]
    before = [each for each in mine if dt.date(2024, 9, 1) <= each[1] < RENEWED]
    assert told("credential.continuing_education", records) == {
        "": verdict(enough(ran)),
        BEFORE_RENEWAL: verdict(enough(before)),
    }


def test_credential_continuing_education_is_owed_by_who_renews() -> None:
    """A first certificate owes none; whether it is the first has to be known, and so have the entries."""
    assert found("credential.continuing_education", [certificate()]).verdict is NOT_APPLICABLE
    assert lacks(found("credential.continuing_education", [certificate(renews=None)])) == (UNKNOWN, [("c", "renews")])
    old = made("credential", "old", valid_from=BEGINS, valid_until=RENEWED, renews=NONE)
    renewal = [certificate(valid_from=RENEWED, renews="old"), old]
    without = found("credential.continuing_education", renewal, without=["education_entry"])
    assert (without.verdict, without.reason) == (UNKNOWN, Reason.NO_TABLE)


# inside which programs, by the day of the session

TEXTS = [dt.date(2007, 1, 1), dt.date(2008, 1, 1), dt.date(2016, 3, 22), dt.date(2026, 1, 1)]


@given(
    st.sampled_from(TEXTS),
    st.integers(-1, 1),
    st.sampled_from([*PROGRAMS, None]),
    st.sampled_from(["peer", "family_peer"]),
    st.sampled_from(["attended", "not_attended"]),
)
def test_a_session_is_judged_by_the_text_of_its_day(
    edge: dt.date, shift: int, program: str | None, role: str, status: str
) -> None:
    """Three programs by the text of 2007, four by the manual; between the two a session in crisis services is open."""
    day = edge + shift * DAY
    applies = role == "peer" and status == "attended"
    three = None if program is None else program in {"act", "irts", "armhs"}
    four = None if program is None else program != "other"

    def on_days(start: dt.date, until: dt.date, expected: Verdict) -> Verdict:
        return expected if applies and start <= day < until else NOT_APPLICABLE

    records: Records = [
        made("contact", "s", starts_at=at(day), status=status),
        made("admission", "a", base_program=program, ended_on=NONE),
        peer(role=role),
    ]
    first, second, third = TEXTS[:3]
    assert told("setting.three_programs", records) == {"": on_days(first, second, verdict(three))}
    assert told("setting.between_the_texts", records) == {
        "": on_days(second, third, verdict(three if three == four else None)),
        NOT_YET: on_days(second, third, verdict(three)),
        ALREADY: on_days(second, third, verdict(four)),
    }
    assert told("setting.four_programs", records) == {"": on_days(third, dt.date.max, verdict(four))}


# family peers

SESSION = dt.date(2026, 4, 15)
RELATION = st.tuples(
    st.sampled_from(["peer", "other"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from(["family", "other", None]),
    logic.around(SESSION, 1),
    near(SESSION, 1),
)


@given(st.lists(RELATION, max_size=3), st.sampled_from(["peer", "family_peer", None]))
def test_family_peer_own_family(drawn: list[tuple[str, str, str | None, dt.date, Moment]], role: str | None) -> None:
    """Her own family, on the day of the session, and nobody else's; of other peers no such row was seen."""
    ours = [each for each in drawn if each[:2] == ("peer", "p")]
    runs = (
        logic.kleene_and(equals(kind, "family"), logic.inside(SESSION, start, end, through=False))
        for _, _, kind, start, end in ours
    )
    records = [
        made("contact", "s", starts_at=at(SESSION), status="attended"),
        peer(role=role),
        *(
            made("relation", f"r{i}", peer_provider=who, person=whom, kind=kind, starts_on=start, ends_on=end)
            for i, (who, whom, kind, start, end) in enumerate(drawn)
        ),
    ]
    free = logic.kleene_not(logic.kleene_or(*runs))
    expected = {"": logic.where(equals(role, "family_peer"), verdict(free))}
    assert told("family_peer.own_family", records, LATER) == expected


@pytest.mark.parametrize(
    ("shift", "kind", "expected"),
    [(-1, "family", MET), (0, "family", MET), (1, "family", NOT_MET), (1, "other", MET), (1, None, UNKNOWN)],
)
def test_family_peer_own_family_edge_of_the_end(shift: int, kind: str | None, expected: Verdict) -> None:
    """A relation that ended the day before the session or on its day bars nothing, and neither does another kind."""
    relation = made("relation", "r", kind=kind, starts_on=dt.date(1990, 1, 1), ends_on=SESSION + shift * DAY)
    session = made("contact", "s", starts_at=at(SESSION), status="attended")
    finding = found("family_peer.own_family", [session, peer(role="family_peer"), relation])
    named = [failing for each in finding.clauses for failing in each.failing]
    assert (finding.verdict, named) == (expected, [("relation", "r")] * (expected is NOT_MET))
