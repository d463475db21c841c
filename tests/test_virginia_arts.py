"""The rulebook `virginia-arts`: its rows, and each rule against its law, stated again in plain Python.

Nothing here asks the judge how it decides: the words for logic with an unknown in it are those of `nebraska`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MAYBE, MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Moment, Truth, equals, kleene_and, kleene_or

import peersupport
from peersupport import NONE, Finding, Force, Record, Verdict
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import InForce

BOOK = peersupport.load("virginia-arts")
FILE = Path(peersupport.__file__).parent / "rulebooks" / "virginia-arts.toml"
START = dt.date(2025, 5, 5)
LATER = dt.date(2029, 12, 31)
EARLIER, NEW_CLOCK, DAY_29 = "an earlier day", "a new recommendation is a new clock", "lapsed on day 30"

ROWS = {
    1: "eligibility.age_min",
    2: "eligibility.diagnosis",
    3: "eligibility.functional_impairment",
    4: "eligibility.family_support_partner",
    5: "assessment.before_service",
    6: "authorization.required",
    7: "start.deadline_from_recommendation",
    8: "recommendation.validity",
    9: "group.max_per_peer",
    10: "group.max_per_peer",
    11: "unit.length",
    12: "cap.day",
    13: "cap.year",
    14: "noncovered",
    15: "supervisor.paths",
    16: "peer.registration",
    17: "peer.certification_first",
    18: "peer.training",
    19: "version.certification_rule",
}
"""The facts that were taken from the sources, by the number of the row; a group's size and its notes are two."""


def maker(kind: str, /, **usual: object) -> Callable[..., Any]:
    """Makes records of a kind as the rulebook knows it, with some usual facts unless said otherwise."""
    cls: Callable[..., Any] = BOOK.vocabulary[kind].record
    return lambda **facts: cls(**{"id": kind, **usual, **facts})


person, peer = maker("person"), maker("peer_provider")
admission = maker("admission", person="person", child="child", service="individual", admitted_on=START, ended_on=NONE)
assessment = maker("assessment", person="person")
recommendation = maker("recommendation", admission="admission")
authorization = maker("authorization", admission="admission")
entry = maker("service_entry", admission="admission", peer_provider="peer_provider")
group = maker("group_session")
credential = maker("credential", peer_provider="peer_provider", kind="state")
registration = maker("registration", peer_provider="peer_provider")
training = maker("training", peer_provider="peer_provider")
supervisor = maker("supervisor")
work = maker("peer_work", supervisor="supervisor")
supervision = maker("supervision", peer_provider="peer_provider", supervisor="supervisor", starts_on=START)

KINDS = (
    *("assessment", "recommendation", "authorization", "service_entry", "credential", "registration", "training"),
    *("supervisor", "peer_work", "supervision"),
)
"""The tables that are given, though there may be nothing in them."""


def tables(*records: Record) -> Any:  # noqa: ANN401
    """Tables of which every one is given, with a person, a child, an admission and a peer provider if there is none."""
    usual = [person(), person(id="child"), admission(), peer()]
    taken = {(type(each), each.id) for each in records}
    more = [each for each in usual if (type(each), each.id) not in taken]
    return peersupport.from_records([*more, *records], empty=KINDS, vocabulary=BOOK.vocabulary).tables


def told(rule: str, *records: Record, on: dt.date = LATER) -> dict[str, Verdict]:
    """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
    given_ = tables(*records)
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], records[0], on=on, tables=given_) for name, each in judges.items()}


def findings(rule: str, *records: Record) -> list[Finding]:
    """The findings of a rule for the first of some records, one for each window where there are windows."""
    return judge_of(BOOK, ()).findings(BOOK[rule], records[0], on=LATER, tables=tables(*records))


def plain(truth: Truth) -> dict[str, Verdict]:
    """The verdict of a rule without readings."""
    return {"": logic.verdict(truth)}


def birthday(born: dt.date, number: int) -> dt.date:
    """A birthday; that of 29 February falls on 1 March in other years."""
    try:
        return born.replace(year=born.year + number)
    except ValueError:
        return dt.date(born.year + number, 3, 1)


def years_after(day: dt.date, number: int) -> dt.date:
    """The same day some years later, cut to the end of February."""
    try:
        return day.replace(year=day.year + number)
    except ValueError:
        return dt.date(day.year + number, 2, 28)


def by_the_first(day: Moment, days: Sequence[dt.date | None], *, earlier: bool = False) -> Truth:
    """Whether a day is on or before, or before, the first of some days, of which one that is not recorded may be it."""
    known = min((each for each in days if each), default=None)
    if day is NONE or (isinstance(day, dt.date) and known and (day > known or (earlier and day == known))):
        return False
    return None if day is None or None in days else True


# the rows of the source


def test_each_row_of_the_source_has_a_rule_that_names_it() -> None:
    """Rows VA-1 to VA-19 are each covered, and the key of each fact stands beside a rule that covers it."""
    heads = re.findall(r'^id +\= "([^"]+)" +# (.+)$', FILE.read_text(encoding="utf-8"), re.MULTILINE)
    keys = {rule: set(beside.split(", ")) for rule, beside in heads}
    covered = {rule.id: [int(row.removeprefix("VA-")) for row in rule.covers] for rule in BOOK}
    assert {row for rows in covered.values() for row in rows} == set(ROWS)
    assert keys == {rule: {ROWS[row] for row in rows} for rule, rows in covered.items()}


def test_it_is_an_illustration_as_of_a_day() -> None:
    """The title says so, each source says what kind it is and when, or that it is undated, and no row is only a gap."""
    assert "illustrative, as of 2026-11-22" in BOOK.title
    assert dt.date(2026, 11, 22) == BOOK.verified
    for source in BOOK.sources.values():
        assert source.note.startswith("primary: ")
        assert bool(source.dated) != ("undated" in source.note)
    assert all(re.match(r"VA-\d+, ", row) for row in (*BOOK.not_modeled, *BOOK.recorded))
    assert "never the same as no such rule" in BOOK.gaps["VA-G1"]


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in (*BOOK.rules, *BOOK.readings) if f'"{name}"' not in text] == []


def test_what_was_not_seen_denies_nothing() -> None:
    """Only the emergency regulation, of which no text was seen, is less than a must."""
    assert [rule.id for rule in BOOK if rule.force is not Force.MUST] == ["certificate.training_emergency"]


# who may be served

SERVICES = ("individual", "family", None)
BORN = st.one_of(st.none(), st.integers(-400, 400).map(lambda n: START.replace(year=START.year - 21) + n * DAY))


class TestEligibility:
    """VA-1 to VA-4: 21 or older, the diagnosis, one of four domains, and the route of families."""

    @given(st.one_of(BORN, st.just(dt.date(2004, 2, 29))), st.sampled_from([START, dt.date(2025, 2, 28), None]))
    def test_eligibility_age(self, born: dt.date | None, day: dt.date | None) -> None:
        """21 from the birthday on, and a child below 21 until the day before; each in its own service."""
        grown = None if born is None or day is None else birthday(born, 21) <= day
        for service in SERVICES:
            record = admission(service=service, admitted_on=day)
            adult = told("eligibility.age", record, person(birth_date=born))
            child = told("family.child_age", record, person(id="child", birth_date=born))
            assert adult == {"": logic.where(equals(service, "individual"), logic.verdict(grown))}
            assert child == {"": logic.where(equals(service, "family"), logic.verdict(logic.kleene_not(grown)))}

    @pytest.mark.parametrize("use", [True, False, None])
    @pytest.mark.parametrize("service", SERVICES)
    def test_eligibility_diagnosis(self, service: str | None, use: Truth) -> None:
        """A substance use disorder, of the person or of the child; a mental health disorder changes nothing."""
        for other in (True, False, None):
            own = admission(service=service, substance_use_disorder=use, mental_health_disorder=other)
            of_child = admission(service=service, child_substance_use_disorder=use, child_mental_health_disorder=other)
            person_s, child_s = told("eligibility.diagnosis", own), told("family.child_diagnosis", of_child)
            assert person_s == {"": logic.where(equals(service, "individual"), logic.verdict(use))}
            assert child_s == {"": logic.where(equals(service, "family"), logic.verdict(use))}

    @given(st.tuples(*[st.sampled_from(["unimpaired", "mild", "moderate", "severe", None])] * 4))
    def test_eligibility_impairment(self, degrees: Sequence[str | None]) -> None:
        """One of the four, moderate or severe; the finding says which."""
        names = ("educational", "social", "vocational", "self-maintenance")
        facts = {f"{name.replace('-', '_')}_impairment": each for name, each in zip(names, degrees, strict=True)}
        truths = [None if each is None else each in {"moderate", "severe"} for each in degrees]
        finding = findings("eligibility.impairment", admission(**facts))[0]
        assert finding.verdict is logic.verdict(kleene_or(*truths))
        assert {each.name: each.verdict for each in finding.clauses} == dict(
            zip(names, map(logic.verdict, truths), strict=True)
        )

    @pytest.mark.parametrize(("needs", "enough"), [(0, False), (1, False), (2, True), (3, True), (None, None)])
    def test_family_needs(self, needs: int | None, enough: Truth) -> None:
        """Two of the listed needs, in family service."""
        for service in SERVICES:
            verdicts = told("family.needs", admission(service=service, listed_needs=needs))
            assert verdicts == {"": logic.where(equals(service, "family"), logic.verdict(enough))}


# before the service starts

SERVED = st.lists(logic.dated(START, 3), max_size=3)


def entries(days: Iterable[dt.date | None]) -> list[Record]:
    """An entry of service on each of some days."""
    return [entry(id=f"e{i}", served_on=day) for i, day in enumerate(days)]


class TestStart:
    """VA-5, 7, 8: an assessment before it, within 30 days of a recommendation that has not lapsed."""

    @given(
        SERVED,
        st.lists(
            st.tuples(logic.dated(START, 4), st.sampled_from(["addiction_professional", "csac", "other", None]), MAYBE),
            max_size=2,
        ),
    )
    def test_start_assessed(self, days: list[dt.date | None], made: list[tuple[Moment, str | None, Truth]]) -> None:
        """By a professional, or by a counselor under supervision, by the first service or, so read, before it."""
        records = [
            assessment(id=f"x{i}", completed_on=day, assessor=who, assessor_supervised=guided)
            for i, (day, who, guided) in enumerate(made)
        ]
        by_whom = [
            kleene_or(equals(who, "addiction_professional"), kleene_and(equals(who, "csac"), guided))
            for _, who, guided in made
        ]
        expected = {
            name: kleene_or(
                *(
                    kleene_and(who, by_the_first(day, days, earlier=bool(name)))
                    for (day, *_), who in zip(made, by_whom, strict=True)
                )
            )
            for name in ("", EARLIER)
        }
        verdicts = told("start.assessed", admission(), *entries(days), *records)
        assert verdicts == {name: logic.where(bool(days), logic.verdict(each)) for name, each in expected.items()}

    def test_an_assessment_that_was_never_completed_is_none(self) -> None:
        """By whomever it was begun."""
        begun = assessment(completed_on=NONE, assessor="addiction_professional")
        verdicts = told("start.assessed", admission(), entry(served_on=START), begun)
        assert verdicts == {"": NOT_MET, EARLIER: NOT_MET}

    @given(
        st.lists(logic.dated(START + 30 * DAY, 2), max_size=2),
        logic.near(START + 30 * DAY, 2),
        st.integers(26, 34).map(lambda n: START + n * DAY),
        st.lists(st.integers(1, 33).map(lambda n: START + n * DAY), max_size=2),
    )
    def test_start_in_time(self, days: list[dt.date | None], ended: Moment, on: dt.date, again: list[dt.date]) -> None:
        """By day 30. A recommendation that is made anew by then starts a new clock only under that reading."""
        record, due = recommendation(recommended_on=START), START + 30 * DAY
        later = [recommendation(id=f"r{i}", recommended_on=day) for i, day in enumerate(again)]
        # what is dated after the day of the judgement has not been seen
        seen = [day for day in days if day is None or day <= on]
        left = NONE if isinstance(ended, dt.date) and ended > on else ended
        stops = [day for day in (left, *again) if isinstance(day, dt.date) and day <= on]
        # an end that is not recorded matters only where no other stop comes by the due day
        stop = None if left is None and all(day > due for day in stops) else min(stops, default=NONE)
        verdicts = told("start.in_time", record, admission(ended_on=ended), *entries(days), *later, on=on)
        events = [(True, day) for day in seen]
        assert verdicts[""] is logic.in_time(events, due, on, left)
        assert verdicts[NEW_CLOCK] is logic.in_time(events, due, on, stop)

    @given(
        st.lists(st.one_of(st.none(), logic.around(START, 3), logic.around(START - 30 * DAY, 3)), max_size=2), SERVED
    )
    def test_start_recommendation_valid(self, made: list[dt.date | None], days: list[dt.date | None]) -> None:
        """One that is not later than the first service and at most 30 days old, or 29."""
        records = [recommendation(id=f"r{i}", recommended_on=day) for i, day in enumerate(made)]
        verdicts = told("start.recommendation_valid", admission(), *entries(days), *records)
        for name, most in (("", 30), (DAY_29, 29)):
            start = min((day for day in days if day), default=START)
            young = [None if None in days or day is None else (start - day).days <= most for day in made]
            holds = kleene_or(
                *(kleene_and(by_the_first(day, days), fits) for day, fits in zip(made, young, strict=True))
            )
            assert verdicts[name] is logic.where(bool(days), logic.verdict(holds))


# each service


class TestService:
    """VA-6, 11, 14: authorized before it is given, a unit of 15 minutes, and what is not covered."""

    @given(
        st.lists(
            st.tuples(logic.near(START, 2), logic.dated(START - 2 * DAY, 3), logic.near(START + DAY, 3)), max_size=2
        ),
        st.sampled_from([START, START, START, None]),
    )
    def test_service_authorized(self, made: list[tuple[Moment, dt.date | None, Moment]], day: dt.date | None) -> None:
        """Approved by then, or, so read, before; and it covers the day, its first and last among them."""
        records = [
            authorization(id=f"z{i}", approved_on=approved, covers_from=begins, covers_until=ends)
            for i, (approved, begins, ends) in enumerate(made)
        ]
        expected = {
            name: kleene_or(
                *(
                    kleene_and(
                        by_the_first(approved, [day], earlier=bool(name)),
                        logic.inside(day, begins, ends, through=True),
                    )
                    for approved, begins, ends in made
                )
            )
            for name in ("", EARLIER)
        }
        verdicts = told("service.authorized", entry(served_on=day), *records)
        assert verdicts == {name: logic.verdict(each) for name, each in expected.items()}

    @pytest.mark.parametrize("role", ["peer", "family_peer", "facilitator", "volunteer", None])
    def test_service_covered(self, role: str | None) -> None:
        """Eight activities are never paid, nothing is that a volunteer gives, and the finding says which of both."""
        excluded = {
            *("transportation", "record_keeping", "chores_or_shopping", "on_the_job_training"),
            *("case_management", "outreach", "room_and_board", "public_support_group"),
        }
        choices = BOOK.vocabulary["service_entry"].facts["activity"].type.choices
        assert set(choices) - excluded == {"peer_support", "other"}
        for activity in (*choices, None):
            covered = None if activity is None else activity not in excluded
            paid = logic.kleene_not(equals(role, "volunteer"))
            finding = findings("service.covered", entry(activity=activity), peer(role=role))[0]
            assert finding.verdict is logic.verdict(kleene_and(covered, paid))
            assert [each.verdict for each in finding.clauses] == [logic.verdict(covered), logic.verdict(paid)]

    @given(st.one_of(st.none(), st.integers(0, 20)), st.integers(-16, 16), st.booleans())
    def test_service_unit(self, units: int | None, more: int, known: bool) -> None:
        """Each unit is a full quarter of an hour."""
        minutes = max(0, 15 * (units or 0) + more) if known else None
        enough = None if units is None or minutes is None else minutes // 15 >= units
        assert told("service.unit", entry(units=units, minutes=minutes)) == plain(enough)


def _year(day: dt.date) -> dt.date:
    return day.replace(month=1, day=1)


CAPS: dict[str, tuple[int, Callable[[dt.date], dt.date], st.SearchStrategy[int]]] = {
    "cap.day": (16, lambda day: day, st.sampled_from([1, 7, 8, 9, 15, 16, 17])),
    "cap.year": (3600, _year, st.sampled_from([1, 2, 1200, 1799, 1800, 1801, 2400, 3599, 3600, 3601])),
}
"""The most units of a window, the window of a day by its first one, and numbers of units about the most."""
NEW_YEAR = dt.date(2026, 1, 1)


class TestCaps:
    """VA-12, 13: 4 hours in a calendar day and 900 in a calendar year, at once."""

    @given(st.data())
    @pytest.mark.parametrize("rule", CAPS)
    def test_every_window_over_the_cap_is_found(self, rule: str, data: st.DataObject) -> None:
        """Over all admissions of the person, none of another person or of a caregiver, each day by itself."""
        most, window, units = CAPS[rule]
        whose = st.sampled_from(["admission", "second", "as_child", "other"])
        drawn = data.draw(st.lists(st.tuples(logic.around(NEW_YEAR, 2), units, whose), max_size=6))
        totals = Counter[dt.date]()
        for day, number, of in drawn:
            totals[window(day)] += number if of in {"admission", "second"} else 0
        records = [
            admission(id="second"),
            admission(id="as_child", person="other", child="person", service="family"),
            admission(id="other", person="other"),
            *(entry(id=f"e{i}", served_on=day, units=n, admission=of) for i, (day, n, of) in enumerate(drawn)),
        ]
        found = findings(rule, person(), person(id="other"), *records)
        over = sorted(day for day, total in totals.items() if total > most)
        assert [each.occurrence for each in found if each.verdict is NOT_MET] == over
        assert {each.verdict for each in found} <= {MET, NOT_MET}

    @pytest.mark.parametrize("rule", CAPS)
    @pytest.mark.parametrize("lacking", ["served_on", "units"])
    def test_what_is_not_recorded_may_pass_the_cap(self, rule: str, lacking: str) -> None:
        """With a window at its cap one more that is not dated, or not counted, is unknown; over it nothing is."""
        most = CAPS[rule][0]
        facts = {"served_on": START, "units": 1, lacking: None}
        full, beyond = (entry(served_on=START, units=number) for number in (most, most + 1))
        assert told(rule, person(), full, entry(id="more", **facts)) == {"": UNKNOWN}
        assert told(rule, person(), beyond, entry(id="more", **facts)) == {"": NOT_MET}

    def test_both_caps_hold_at_once(self) -> None:
        """225 days of 4 hours are a whole year's worth: one unit more passes the year and no day."""
        days = [entry(id=f"e{i}", served_on=dt.date(2025, 1, 1) + i * DAY, units=16) for i in range(225)]
        assert [told(rule, person(), *days)[""] for rule in CAPS] == [MET, MET]
        more = entry(id="more", served_on=dt.date(2025, 12, 31), units=1)
        assert [told(rule, person(), *days, more)[""] for rule in CAPS] == [MET, NOT_MET]


class TestGroups:
    """VA-9, 10: ten people for each peer provider who leads, and a note of each."""

    @given(st.integers(0, 4), st.integers(-11, 11), st.integers(-2, 2), st.booleans())
    def test_group_size(self, leading: int, more: int, notes: int, known: bool) -> None:
        """Ten, twenty with two: each group and its notes by themselves."""
        present = max(0, 10 * leading + more)
        who = [peer(id=f"peer-{i}") for i in range(leading)]
        led = frozenset(each.id for each in who) if known else None
        record = group(present=present, facilitators=led, progress_notes=max(0, present + notes))
        fits = present <= 10 * leading if known else True if present == 0 else None
        if known or present:
            assert told("group.size", record, *who) == plain(fits)
        assert told("group.notes", record, *who) == plain(notes >= 0 or present == 0)

    @pytest.mark.parametrize(("present", "notes"), [(None, 8), (8, None), (None, None)])
    def test_group_notes_not_recorded(self, present: int | None, notes: int | None) -> None:
        """How many there were, or how many notes: without either nothing is known."""
        assert told("group.notes", group(present=present, progress_notes=notes)) == plain(None)


# peer providers and supervisors

SPAN = st.tuples(logic.dated(START, 2), logic.near(START + DAY, 2))
CERTIFIED, REGISTERED = dt.date(2017, 7, 1), dt.date(2017, 12, 18)
EMERGENCY, PERMANENT = dt.date(2017, 5, 12), dt.date(2019, 3, 6)
AFTER_EMERGENCY = dt.date(2018, 11, 12)


class TestPeerProviders:
    """VA-16 to VA-19: certified, then registered too, and trained as the regulation of the day has it."""

    @given(st.lists(st.tuples(SPAN, st.sampled_from(["state", "other", None])), max_size=2))
    def test_peer_certified(self, held: list[tuple[tuple[dt.date | None, Moment], str | None]]) -> None:
        """A state certificate, and a registration, that run on the day of the service: first and last day are in."""
        certificates = [
            credential(id=f"c{i}", kind=kind, valid_from=begins, valid_until=ends)
            for i, ((begins, ends), kind) in enumerate(held)
        ]
        entered = [
            registration(id=f"g{i}", valid_from=begins, valid_until=ends) for i, ((begins, ends), _) in enumerate(held)
        ]
        runs = [logic.inside(START, begins, ends, through=True) for (begins, ends), _ in held]
        of_state = [kleene_and(equals(kind, "state"), run) for (_, kind), run in zip(held, runs, strict=True)]
        assert told("peer.certified", entry(served_on=START), *certificates) == plain(kleene_or(*of_state))
        assert told("peer.registered", entry(served_on=START), *entered) == plain(kleene_or(*runs))

    @pytest.mark.parametrize(("shift", "expected"), [(-1, NOT_APPLICABLE), (0, NOT_MET), (1, NOT_MET)])
    @pytest.mark.parametrize(("rule", "day"), [("peer.certified", CERTIFIED), ("peer.registered", REGISTERED)])
    def test_asked_for_from_a_day_on(self, rule: str, day: dt.date, shift: int, expected: Verdict) -> None:
        """A service of the day before is judged by the rules of the day before."""
        assert BOOK[rule].in_force == InForce(day, None)
        assert told(rule, entry(served_on=day + shift * DAY)) == {"": expected}

    @given(
        st.sampled_from([EMERGENCY, AFTER_EMERGENCY, PERMANENT, START]),
        st.integers(-2, 2),
        st.sampled_from(["state", "grandfathered", None]),
        st.lists(st.tuples(MAYBE, st.sampled_from([-1, 0, 1, NONE, None])), max_size=2),
    )
    def test_certificate_training(
        self, about: dt.date, shift: int, kind: str | None, made: list[tuple[Truth, Any]]
    ) -> None:
        """Approved training by the first day of the certificate, by the version of that day, and none between them."""
        begins = about + shift * DAY
        ended = [begins + each * DAY if isinstance(each, int) else each for _, each in made]
        records = [
            training(id=f"t{i}", approved_curriculum=made[i][0], completed_on=day) for i, day in enumerate(ended)
        ]
        trained = kleene_or(*(kleene_and(made[i][0], logic.not_after(day, begins)) for i, day in enumerate(ended)))
        expected = logic.where(equals(kind, "state"), logic.verdict(trained))
        record = credential(kind=kind, valid_from=begins, valid_until=NONE)
        spans = {
            "certificate.training_emergency": (EMERGENCY, AFTER_EMERGENCY),
            "certificate.training": (PERMANENT, dt.date.max),
        }
        for rule, (since, until) in spans.items():
            verdict = told(rule, record, *records)[""]
            assert verdict is (expected if since <= begins < until else NOT_APPLICABLE), rule


class TestSupervisors:
    """VA-15: three routes, and the finding says how each stands."""

    @given(
        st.lists(
            st.tuples(
                st.one_of(st.none(), st.integers(-2, 2).map(lambda n: dt.date(2023, 5, 5) + n * DAY)),
                st.one_of(logic.near(START, 2), logic.near(START - 100 * DAY, 1)),
            ),
            max_size=2,
        ),
        st.tuples(logic.near(START, 1), logic.near(START, 1)),
        st.tuples(MAYBE, MAYBE, MAYBE),
    )
    def test_supervision_route(
        self,
        worked: list[tuple[dt.date | None, Moment]],
        days: tuple[Moment, Moment],
        who: tuple[Truth, Truth, Truth],
    ) -> None:
        """Two years in one stretch with a certificate, a professional, or a counselor under one: each with training."""
        professional, counselor, guided = who
        certified, trained = (logic.not_after(day, START) for day in days)
        stretches = [
            kleene_and(
                None if begins is None else years_after(begins, 2) <= START,
                logic.not_after(None if begins is None else years_after(begins, 2), ends),
            )
            for begins, ends in worked
        ]
        routes = [
            kleene_and(kleene_or(*stretches), certified, trained),
            kleene_and(professional, trained),
            kleene_and(counselor, guided, trained),
        ]
        of = supervisor(
            specialist_certified_on=days[0],
            supervisor_trained_on=days[1],
            addiction_professional=professional,
            csac=counselor,
            under_licensed_practitioner=guided,
        )
        records = [work(id=f"w{i}", started_on=begins, ended_on=ends) for i, (begins, ends) in enumerate(worked)]
        finding = findings("supervision.route", supervision(), of, *records)[0]
        assert [each.verdict for each in finding.clauses] == [logic.verdict(each) for each in routes]
        assert finding.verdict is logic.verdict(kleene_or(*routes))

    @pytest.mark.parametrize("day", [27, 28, 29])
    @pytest.mark.parametrize("begins", [28, 29])
    def test_two_years_from_the_end_of_february(self, begins: int, day: int) -> None:
        """From 28 or 29 February 2024 they are over on 28 February 2026."""
        starts = dt.date(2026, 2, 27) + (day - 27) * DAY
        of = supervisor(
            specialist_certified_on=START, supervisor_trained_on=START, addiction_professional=False, csac=False
        )
        stretch = work(started_on=dt.date(2024, 2, begins), ended_on=NONE)
        verdicts = told("supervision.route", supervision(starts_on=starts), of, stretch)
        assert verdicts == plain(starts >= dt.date(2026, 2, 28))
