"""The rulebook `ohio-peer-supporters`: its rows, and each rule against its law, stated again in plain Python.

Nothing here asks the judge how it decides: the words for logic with an unknown in it are those of `nebraska`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MAYBE, MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Moment, Truth, equals, kleene_and, kleene_or

import peersupport
from peersupport import NONE, Finding, Force, Reason, Record, Verdict
from peersupport.readers.judge import judge_of
from peersupport.rules.forms import InForce

BOOK = peersupport.load("ohio-peer-supporters")
FILE = Path(peersupport.__file__).parent / "rulebooks" / "ohio-peer-supporters.toml"
START = dt.date(2026, 5, 5)
LATER = dt.date(2029, 12, 31)
BEGAN, CHANGED = dt.date(2016, 7, 1), dt.date(2024, 9, 16)
UNTIL_30, DAY_29, ANNIVERSARY = "until the 30th birthday", "day 30 is out", "through the anniversary"
ENDED = "the earlier version has ended"

ROWS = {
    1: "peer.types",
    2: "peer.training_paths",
    3: "peer.academy",
    4: "peer.exam",
    5: "peer.background_age_max",
    6: "cert.term",
    7: "supervisor.experience.old",
    8: "supervisor.experience.new",
    9: "caseload.max",
    10: "version.start",
    11: "peer.education",
}
"""The facts that were taken from the sources, by the number of the row."""
IN_FORCE = {
    **dict.fromkeys(("age.adult", "age.youth", "age.family", "family.navigation"), InForce(CHANGED)),
    **dict.fromkeys(("application.qualified", "application.academy", "application.background"), InForce(BEGAN)),
    **dict.fromkeys(("certificate.exam", "certificate.term"), InForce(BEGAN)),
    "supervisor.experience_old": InForce(BEGAN, CHANGED),
    "supervisor.experience": InForce(CHANGED),
    **dict.fromkeys(("certificate.education", "caseload.maximum"), InForce()),
}
"""The days on which each rule is in force."""
TYPES = ("adult", "youth", "family", None)
KINDS = ("training", "experience", "background_check", "assignment")


def maker(kind: str, /, **usual: object) -> Callable[..., Any]:
    """Makes records of a kind as the rulebook knows it, with some usual facts unless said otherwise."""
    cls: Callable[..., Any] = BOOK.vocabulary[kind].record
    return lambda **facts: cls(**{"id": kind, **usual, **facts})


peer = maker("peer_provider")
application = maker("application", peer_provider="peer_provider", filed_on=START)
training = maker("training", peer_provider="peer_provider")
experience = maker("experience", peer_provider="peer_provider")
check = maker("background_check", peer_provider="peer_provider")
certificate = maker("credential", peer_provider="peer_provider", kind="state", valid_from=START)
supervision = maker("supervision", peer_provider="other", supervisor="peer_provider", route="peer", starts_on=START)
assignment = maker("assignment", peer_provider="peer_provider")


def tables(*records: Record) -> Any:  # noqa: ANN401
    """Tables of which every one is given, with two peer providers if there is none."""
    usual = [peer(), peer(id="other")]
    taken = {(type(each), each.id) for each in records}
    more = [each for each in usual if (type(each), each.id) not in taken]
    return peersupport.from_records([*more, *records], empty=KINDS, vocabulary=BOOK.vocabulary).tables


def told(rule: str, *records: Record) -> dict[str, Verdict]:
    """The verdict of a rule for the first of some records: by default, under no name, and under each reading."""
    given_ = tables(*records)
    judges = {name: judge_of(BOOK, {name} - {""}) for name in ("", *BOOK[rule].readings)}
    return {name: each.verdict(BOOK[rule], records[0], on=LATER, tables=given_) for name, each in judges.items()}


def found(rule: str, *records: Record) -> Finding:
    """The finding of a rule for the first of some records."""
    return peersupport.judge(BOOK, rule, records[0], on=LATER, tables=tables(*records))


def plain(truth: Truth) -> dict[str, Verdict]:
    """The verdict of a rule without readings."""
    return {"": logic.verdict(truth)}


def going_on(truth: Truth) -> dict[str, Verdict]:
    """The verdict of today of a rule that was seen in the earlier version only: it goes on, or has ended with it."""
    return {"": logic.verdict(truth), ENDED: NOT_APPLICABLE}


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


# the rows of the source


def test_each_row_of_the_source_has_a_rule_that_names_it() -> None:
    """Rows OH-1 to OH-11 are each covered, and the key of each fact stands beside a rule that covers it."""
    heads = re.findall(r'^id +\= "([^"]+)" +# (.+)$', FILE.read_text(encoding="utf-8"), re.MULTILINE)
    keys = {rule: set(beside.split(", ")) for rule, beside in heads}
    covered = {rule.id: [int(row.removeprefix("OH-")) for row in rule.covers] for rule in BOOK}
    assert {row for rows in covered.values() for row in rows} == set(ROWS)
    assert keys == {rule: {ROWS[row] for row in rows} for rule, rows in covered.items()}


def test_it_is_an_illustration_as_of_a_day() -> None:
    """The title says so, and each source says what kind it is and when, or that it is undated."""
    assert "illustrative, as of 2026-11-22" in BOOK.title
    assert dt.date(2026, 11, 22) == BOOK.verified
    kinds = {"old": "mirror", "new": "mirror", "peers": "a site", "wf": "official page", "cope": "secondary"}
    assert {key for key, source in BOOK.sources.items() if source.note.startswith(kinds[key])} == set(kinds)
    assert all(bool(source.dated) != ("undated" in source.note) for source in BOOK.sources.values())
    assert all(re.match(r"OH-\d+, ", row) for row in (*BOOK.not_modeled, *BOOK.recorded))
    assert "never the same as no such rule" in BOOK.gaps["OH-G1"]


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests."""
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in (*BOOK.rules, *BOOK.readings) if f'"{name}"' not in text] == []


def test_when_each_rule_is_in_force() -> None:
    """From the day certification began, or with the version of 2024-09-16, on which one number changed."""
    assert {rule.id: rule.in_force for rule in BOOK} == IN_FORCE


def test_what_is_taken_to_go_on_says_so() -> None:
    """What was seen in the earlier version only, and is in force today, assumes that, and can be read otherwise."""
    old = {rule.id for rule in BOOK if any(each.source == "old" for each in rule.source)}
    assert {rule for rule in old if IN_FORCE[rule].until is None} == {
        rule.id for rule in BOOK if "Seen in the earlier version only" in rule.assumes and ENDED in rule.readings
    }


LACKING: dict[str, Record] = {
    "age.adult": application(type="adult"),
    "age.youth": application(type="youth"),
    "age.family": application(type="family"),
    "family.navigation": application(type="family"),
    "application.qualified": application(),
    "application.academy": application(),
    "application.background": application(),
    "certificate.exam": certificate(),
    "certificate.term": certificate(valid_until=NONE),
    "supervisor.experience_old": supervision(),
    "supervisor.experience": supervision(),
}
"""Records that break each rule, or of which nothing that it asks for is recorded."""
DATED = {"application": "filed_on", "credential": "valid_from", "supervision": "starts_on"}


@pytest.mark.parametrize("rule", LACKING)
def test_a_record_is_judged_by_the_rules_of_its_day(rule: str) -> None:
    """The first day is in, the last is out, and the rule says nothing about the days around."""
    record, dated = LACKING[rule], DATED[BOOK[rule].about[0]]
    force = IN_FORCE[rule]
    for day in (BEGAN - DAY, BEGAN, CHANGED - DAY, CHANGED, START):
        moved: Record = attrs.evolve(record, **{dated: day})  # type: ignore[arg-type]  # a fact of its kind
        verdict = told(rule, moved)[""]
        inside = (force.start or BEGAN) <= day < (force.until or dt.date.max)
        if ENDED in BOOK[rule].readings:
            assert (told(rule, moved)[ENDED] is NOT_APPLICABLE) == (not BEGAN <= day < CHANGED), day
        assert (verdict is NOT_APPLICABLE) == (not inside), day


# the types and their ages

AGES = {
    ("age.adult", ""): ("adult", 18, None),
    ("age.youth", ""): ("youth", 18, 31),
    ("age.youth", UNTIL_30): ("youth", 18, 30),
    ("age.family", ""): ("family", 21, None),
}
"""By rule and reading: the type, the birthday that has been reached, and the one that has not."""


class TestTypes:
    """OH-1: each type has its own ages, and a family supporter a year of finding the way."""

    @given(st.data(), st.sampled_from([START, dt.date(2026, 2, 28), dt.date(2028, 2, 29)]))
    @pytest.mark.parametrize(("rule", "reading"), AGES)
    def test_ages(self, rule: str, reading: str, data: st.DataObject, filed: dt.date) -> None:
        """From one birthday on and, of a youth supporter, before another one; the other types are other rules'."""
        type_, least, most = AGES[rule, reading]
        years = data.draw(st.sampled_from([18, 21, 30, 31]))
        near = [years_after(filed, -years) + shift * DAY for shift in (-1, 0, 1, 2)]
        born = data.draw(st.sampled_from([*near, dt.date(1996, 2, 29), dt.date(2008, 2, 29), None]))
        turned = None if born is None else birthday(born, least) <= filed
        young = most is None or (None if born is None else birthday(born, most) > filed)
        fits = kleene_and(turned, young)
        for kind in TYPES:
            verdicts = told(rule, application(type=kind, filed_on=filed), peer(birth_date=born))
            assert verdicts[reading] is logic.where(equals(kind, type_), logic.verdict(fits))

    @given(st.integers(-2, 2), st.sampled_from([START, dt.date(2026, 2, 28), dt.date(2028, 2, 29)]), st.booleans())
    def test_family_navigation(self, shift: int, filed: dt.date, known: bool) -> None:
        """A year to the day, and never having begun is none."""
        since = years_after(filed, -1) + shift * DAY if known else None
        long = None if since is None else years_after(since, 1) <= filed
        for kind in TYPES:
            record = application(type=kind, filed_on=filed)
            applies = equals(kind, "family")
            assert told("family.navigation", record, peer(navigating_since=since)) == {
                "": logic.where(applies, logic.verdict(long))
            }
            never = told("family.navigation", record, peer(navigating_since=NONE))
            assert never == {"": logic.where(applies, NOT_MET)}


# hours and months that add up

Entry: TypeAlias = tuple[str | None, Moment, Any]
"""What it is, its day, and how much of it there is."""


def enough(entries: Sequence[Entry], of: str, day: dt.date, least: int) -> Truth:
    """Whether what is of one kind and dated by a day adds up to the least; one that is not known may count or not."""
    counts = [(kleene_and(equals(kind, of), logic.not_after(when, day)), amount) for kind, when, amount in entries]
    sure = sum(amount for count, amount in counts if count and amount is not None)
    more = sum(amount for count, amount in counts if count is None and amount is not None)
    open_ = any(count is not False and amount is None for count, amount in counts)
    return True if sure >= least else None if open_ or sure + more >= least else False


def listed(*kinds: str, dated: st.SearchStrategy[Moment], amounts: Sequence[object]) -> st.SearchStrategy[list[Entry]]:
    """Entries of some kinds or another one, about a day, of some amounts or one that is not recorded."""
    kind = st.sampled_from([*kinds, *kinds, "other", None])
    return st.lists(st.tuples(kind, dated, st.sampled_from([*amounts, None])), max_size=3)


def courses(*names: str, amounts: Sequence[str], day: dt.date = START) -> st.SearchStrategy[list[Entry]]:
    """Trainings of some courses, completed about a day, or never."""
    return listed(*names, dated=logic.near(day, 1), amounts=[Decimal(each) for each in amounts])


def confirmed(kind: str, *months: int, day: dt.date = START) -> st.SearchStrategy[list[Entry]]:
    """Experience of a kind, confirmed about a day."""
    return listed(kind, dated=logic.dated(day, 1), amounts=months)


def records_of(trained: Sequence[Entry], worked: Sequence[Entry] = ()) -> list[Record]:
    """Trainings and experience as records of the peer provider."""
    return [
        *(
            training(id=f"t{i}", course=course, completed_on=day, credited_hours=hours)
            for i, (course, day, hours) in enumerate(trained)
        ),
        *(
            experience(id=f"x{i}", kind=kind, confirmed_on=day, credited_months=months)
            for i, (kind, day, months) in enumerate(worked)
        ),
    ]


class TestApplication:
    """OH-2, 3, 5, 10: two routes, the academy beside them, and a background check that is not old."""

    @given(courses("peer_support", amounts=["0.01", "20", "39.99", "40"]), confirmed("formal_peer_work", 1, 18, 35, 36))
    def test_application_qualified(self, trained: list[Entry], worked: list[Entry]) -> None:
        """40 hours or three years, by the day of filing; the finding says how each route stands."""
        routes = [
            enough(trained, "peer_support", START, 40),
            enough(worked, "formal_peer_work", START, 36),
        ]
        records = [application(), *records_of(trained, worked)]
        assert told("application.qualified", *records) == going_on(kleene_or(*routes))

    @pytest.mark.parametrize("hours", [39, 40, None])
    @pytest.mark.parametrize("months", [35, 36, None])
    def test_the_finding_says_by_which_route(self, hours: int | None, months: int | None) -> None:
        """Each route by its name, with a verdict of its own."""
        records = records_of([("peer_support", START, hours)], [("formal_peer_work", START, months)])
        finding = found("application.qualified", application(), *records)
        routes = {
            "40 hours of training": None if hours is None else hours >= 40,
            "three years of formal peer experience": None if months is None else months >= 36,
        }
        assert {each.name: each.verdict for each in finding.clauses} == {
            name: logic.verdict(truth) for name, truth in routes.items()
        }
        assert finding.verdict is logic.verdict(kleene_or(*routes.values()))

    @given(courses("academy", "peer_support", amounts=["0.01", "8", "15.99", "16"]))
    def test_application_academy(self, trained: list[Entry]) -> None:
        """16 hours by the day of filing, and no other course for them."""
        truth = enough(trained, "academy", START, 16)
        assert told("application.academy", application(), *records_of(trained)) == going_on(truth)

    @given(st.lists(st.one_of(logic.near(START, 1), logic.near(START - 30 * DAY, 2)), max_size=2))
    def test_application_background(self, days: list[Moment]) -> None:
        """On the day of filing or up to 30 days before it, or 29; one is enough."""
        for name, most in (("", 30), (DAY_29, 29)):
            fits = [
                False if day is NONE else 0 <= (START - day).days <= most if isinstance(day, dt.date) else None
                for day in days
            ]
            checks = [check(id=f"k{i}", done_on=day) for i, day in enumerate(days)]
            verdicts = told("application.background", application(), *checks)
            assert verdicts[name] is logic.verdict(kleene_or(*fits))


class TestCertificate:
    """OH-4, 6, 11: the exam, two years, and a diploma; all of a state certificate."""

    @given(logic.near(START, 2), MAYBE, st.sampled_from(["state", "other", None]))
    def test_certificate_exam(self, passed: Moment, diploma: Truth, kind: str | None) -> None:
        """Passed by the first day; the diploma has no day."""
        of = peer(exam_passed_on=passed, diploma=diploma)
        exam = logic.where(equals(kind, "state"), logic.verdict(logic.not_after(passed, START)))
        school = logic.where(equals(kind, "state"), logic.verdict(diploma))
        assert told("certificate.exam", certificate(kind=kind), of) == {"": exam, ENDED: NOT_APPLICABLE}
        assert told("certificate.education", certificate(kind=kind), of) == {"": school}

    @given(
        st.sampled_from([START, dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2026, 2, 28), None]),
        st.one_of(st.integers(-3, 3), st.sampled_from([NONE, None])),
        st.sampled_from(["state", "other", None]),
    )
    def test_certificate_term(self, begins: dt.date | None, shift: Any, kind: str | None) -> None:  # noqa: ANN401
        """Neither a day more nor a day less than two years, the day of the anniversary out or, so read, in."""
        about = years_after(begins or START, 2)
        ends = about + shift * DAY if isinstance(shift, int) else shift
        verdicts = told("certificate.term", certificate(kind=kind, valid_from=begins, valid_until=ends))
        for name, last in (("", about - DAY), (ANNIVERSARY, about)):
            exact = False if ends is NONE and begins else None if begins is None or ends is None else ends == last
            if begins or ends is not NONE:
                assert verdicts[name] is logic.where(equals(kind, "state"), logic.verdict(exact))


SUPERVISING = {"supervisor.experience_old": (dt.date(2023, 5, 5), 60), "supervisor.experience": (START, 24)}
"""A day on which each version is in force, and the months that it asks for."""


class TestSupervisors:
    """OH-7, 8: five years before 2024-09-16 and two from then on, with the same two courses."""

    @given(st.data(), st.sampled_from(["peer", "peer", "peer", "other", None]))
    @pytest.mark.parametrize("rule", SUPERVISING)
    def test_supervisor_experience(self, rule: str, data: st.DataObject, route: str | None) -> None:
        """Months and hours add up, by the first day of the supervision and by the rule of that day."""
        day, least = SUPERVISING[rule]
        hours = ["3.99", "4", "15.99", "16"]
        whole: list[Entry] = [("supervisor_long", day, 16), ("supervisor_short", day, 4)]
        trained = data.draw(st.sampled_from([[], whole]))
        trained = trained + data.draw(courses("supervisor_long", "supervisor_short", amounts=hours, day=day))
        worked = data.draw(confirmed("delivery", 1, least // 2, least - 1, least, day=day))
        holds = kleene_and(
            enough(worked, "delivery", day, least),
            enough(trained, "supervisor_long", day, 16),
            enough(trained, "supervisor_short", day, 4),
        )
        record = supervision(route=route, starts_on=day)
        expected = logic.where(equals(route, "peer"), logic.verdict(holds))
        assert told(rule, record, *records_of(trained, worked)) == {"": expected}

    @pytest.mark.parametrize(("months", "old", "new"), [(23, 0, 0), (24, 0, 1), (59, 0, 1), (60, 1, 1)])
    def test_the_number_that_changed(self, months: int, old: int, new: int) -> None:
        """The same supervisor, on the last day of the earlier version and on the first of the later."""
        trained = [("supervisor_long", BEGAN, 16), ("supervisor_short", BEGAN, 4)]
        records = records_of(trained, [("delivery", BEGAN, months)])
        for day, (rule, other), enough_ in (
            (CHANGED - DAY, SUPERVISING, old),
            (CHANGED, reversed(SUPERVISING), new),
        ):
            record = supervision(starts_on=day)
            assert told(rule, record, *records) == plain(bool(enough_))
            assert found(other, record, *records).reason is Reason.NOT_IN_FORCE


Span: TypeAlias = tuple[int, dt.date, Moment]
"""The number of a person, and from when until when somebody serves the person."""


def people_on(day: dt.date, spans: Sequence[Span], *, perhaps: bool) -> int:
    """How many different people are served on a day, surely or perhaps."""
    truths = [(number, logic.inside(day, begins, ends, through=False)) for number, begins, ends in spans]
    return len({number for number, truth in truths if truth or (perhaps and truth is None)})


def served(spans: Sequence[Span]) -> list[Record]:
    """People, their admissions, and an assignment for each span."""
    return [
        *(maker("person")(id=f"p{number}") for number in {number for number, *_ in spans}),
        *(maker("admission")(id=f"a{i}", person=f"p{span[0]}", child=NONE) for i, span in enumerate(spans)),
        *(
            assignment(id=f"s{i}", admission=f"a{i}", starts_on=begins, ends_on=ends)
            for i, (_, begins, ends) in enumerate(spans)
        ),
    ]


class TestCaseload:
    """OH-9: 20 people at a time, as a should."""

    @given(
        st.integers(18, 21),
        st.lists(st.tuples(st.integers(0, 24), logic.around(START, 2), logic.near(START + DAY, 2)), max_size=3),
    )
    def test_caseload_maximum(self, steady: int, more: list[Span]) -> None:
        """Different people on each day; one whose end is not recorded may still be there."""
        spans = [*((number, START, NONE) for number in range(steady)), *more]
        verdict = told("caseload.maximum", peer(), *served(spans))[""]
        days = [START + shift * DAY for shift in range(-3, 9)]
        surely, perhaps = (max(people_on(day, spans, perhaps=each) for day in days) for each in (False, True))
        assert verdict is (NOT_MET if surely > 20 else UNKNOWN if perhaps > 20 else MET)

    def test_too_many_is_told_and_never_a_denial(self) -> None:
        """21 are not met, with the force of a should, so that an audit does not fail."""
        finding = found("caseload.maximum", peer(), *served([(number, START, NONE) for number in range(21)]))
        assert (finding.verdict, finding.force) == (NOT_MET, Force.SHOULD)
        assert [rule.id for rule in BOOK if rule.force is not Force.MUST] == ["caseload.maximum"]
