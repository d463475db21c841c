"""What changing rulebooks does to the people in a roster: who becomes late, over a limit, no longer admitted."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import attrs
import overlays
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from peersupport import (
    NONE,
    Admission,
    Assignment,
    Contact,
    GroupSession,
    InputError,
    PeerProvider,
    Person,
    Plan,
    PlanReview,
    Program,
    Record,
    Roster,
    Rulebook,
    Verdict,
    from_records,
    impact,
    load,
    loads,
)
from peersupport.cli import cli
from peersupport.comparing import impact_sheets, vocabularies
from peersupport.comparing.impacts import Affected, Effect, Impact, is_of_admission
from peersupport.rules.findings import Reason

NEBRASKA = load("nebraska-dbh")
LINCOLN = loads(overlays.LINCOLN)
ON = dt.date(2026, 6, 30)
EMPTY = ("plan", "plan_review", "assignment", "contact", "assessment", "group_session")


def _admitted(id_: str, day: str, **more: object) -> Record:
    values: dict[str, object] = {"person": f"{id_}-person", "child": NONE, "ended_on": NONE, **more}
    return Admission(id=id_, admitted_on=dt.date.fromisoformat(day), **values)  # type: ignore[arg-type]


def _plan(admission: str, day: str) -> Record:
    return Plan(id=f"{admission}-plan", admission=admission, developed_on=dt.date.fromisoformat(day))


def _roster(*records: Record) -> Roster:
    people = [Person(id=f"{each.id}-person") for each in records if isinstance(each, Admission)]
    given_ = {type(each).__name__ for each in records}
    names = {"Plan": "plan", "PlanReview": "plan_review", "Assignment": "assignment", "GroupSession": "group_session"}
    return from_records(
        [*people, *records], empty=[name for name in EMPTY if name not in {names.get(n) for n in given_}]
    )


def _effects(found: Impact, rule: str = "") -> dict[str, Effect]:
    """The effect on each record, by id, of one rule or of all."""
    return {each.subject[1]: each.effect for each in found.affected if rule in {"", each.rule}}


def _one(found: Impact, rule: str) -> Affected:
    (affected,) = (each for each in found.affected if each.rule == rule)
    return affected


def _to(rule: str, replaces: str = "", *, without: str = "") -> Rulebook:
    """An overlay of `nebraska-dbh` with one rule more, or without one."""
    left_out = f'without = ["{without}"]\n' if without else ""
    head = f'rulebook = "overlay"\ntitle = "x"\nextends = "nebraska-dbh"\n{left_out}[sources.X]\ntitle = "x"\n'
    more = 'source = "X: 1"\n' + (f'replaces = "{replaces}"\n' if replaces else "")
    return loads(head + (rule + more if rule else ""))


PLANS = _roster(
    _admitted("late", "2026-06-10"),
    _admitted("slow", "2026-01-05"),
    _admitted("never", "2026-01-05"),
    _admitted("soon", "2026-06-20"),
    _admitted("good", "2026-01-05"),
    _admitted("open", "2026-01-05"),
    _plan("slow", "2026-01-25"),
    _plan("good", "2026-01-10"),
    Plan(id="open-plan", admission="open"),
)
"""People of whom a plan is owed: within 30 days in the one rulebook, within 14 in the other."""


# deadlines


def test_a_shorter_time_makes_people_late() -> None:
    """Overdue now, or done on a day that was in time; who was late before, or is in time by both, is not told."""
    found = impact(PLANS, NEBRASKA, LINCOLN, on=ON)
    assert _effects(found, "plan.written") == {"late": Effect.LATE, "slow": Effect.LATE, "soon": Effect.DUE_SOONER}
    late = found.of(Effect.LATE)[0]
    assert late.before is not None
    assert late.after is not None
    assert (late.subject, late.person) == (("admission", "late"), "late-person")
    assert (late.before.verdict, late.before.due) == (Verdict.PENDING, dt.date(2026, 7, 10))
    assert (late.after.reason, late.after.due, late.after.days_late) == (Reason.OVERDUE, dt.date(2026, 6, 24), 6)
    assert [each.after and each.after.overdue for each in found.of(Effect.LATE)] == [True, False]
    assert late.says == "The plan is written within 14 days after admission."


def test_a_longer_time_lets_people_be_in_time() -> None:
    """The other way round: no longer late, and due later; the rule is named as the second rulebook names it."""
    found = impact(PLANS, LINCOLN, NEBRASKA, on=ON)
    assert _effects(found, "plan.developed") == {
        "late": Effect.NOT_LATE,
        "slow": Effect.NOT_LATE,
        "soon": Effect.DUE_LATER,
    }
    assert _effects(found, "plan.written") == {}


def test_what_changes_nothing_is_not_told() -> None:
    """A rule that is dropped and was met, one that is new and is met: nobody is affected."""
    rule = """
[[criterion]]
id    = "person.there"
about = "person"
says  = "There is a person."
holds = "not known(birth_date) or known(birth_date)"
"""
    assert impact(PLANS, NEBRASKA, _to(rule), on=ON).affected == ()
    assert impact(PLANS, _to(rule), NEBRASKA, on=ON).affected == ()


def test_a_new_deadline_that_is_ahead_is_told() -> None:
    """It is owed newly and not late yet."""
    rule = """
[[deadline]]
id     = "plan.second"
about  = "admission"
says   = "A second plan is written within {within}."
after  = "admitted_on"
within = "10 years"
done   = "nth(2, plan.developed_on)"
"""
    found = impact(PLANS, NEBRASKA, _to(rule), on=ON)
    assert set(_effects(found).values()) == {Effect.OTHER}
    assert found.of(Effect.OTHER)[0].before is None


REVIEWED = """
[[deadline]]
id       = "plan.reviewed"
about    = "admission"
says     = "The plan is reviewed every {again}."
after    = "first(plan.developed_on)"
again    = "DAYS days"
counted  = "grid"
until    = "ended_on"
done     = "each(plan.plan_review.reviewed_on)"
"""


def test_occurrences_that_were_missed_in_the_past_are_counted() -> None:
    """Every 30 days three reviews were missed, every 60 days one was; the open one is ahead in both."""
    review = PlanReview(id="r", plan="a-plan", reviewed_on=dt.date(2026, 6, 1))
    roster = _roster(_admitted("a", "2026-02-01"), _plan("a", "2026-02-10"), review)
    one, other = (_to(REVIEWED.replace("DAYS", days), "plan.reviewed") for days in ("60", "30"))
    (affected,) = impact(roster, one, other, on=ON).affected
    assert affected.before is not None
    assert affected.after is not None
    assert (affected.before.missed, affected.after.missed) == (1, 3)
    assert affected.effect is Effect.MISSED_MORE
    assert _effects(impact(roster, other, one, on=ON)) == {"a": Effect.MISSED_LESS}
    assert _effects(impact(roster, one, other, on=ON, since=dt.date(2026, 6, 15))) == {"a": Effect.DUE_SOONER}


def test_instants_are_due_on_a_day() -> None:
    """An instant that is later on the same day is not due later."""
    rule = """
[[deadline]]
id     = "visit.noted"
about  = "contact"
says   = "The end of a contact is noted within {within}."
after  = "starts_at"
within = "HOURS hours"
done   = "ends_at"
"""
    start = dt.datetime(2026, 6, 30, 8, tzinfo=dt.UTC)
    contact = Contact(id="c", person="p", starts_at=start, ends_at=NONE)
    roster = from_records([Person(id="p"), Program(id="program", time_zone="UTC"), contact])
    books = [_to(rule.replace("HOURS", hours)) for hours in ("2", "4", "24")]
    dues = [impact(roster, books[0], book, on=ON, pairs={}).affected for book in books[1:]]
    assert [[each.effect for each in some] for some in dues] == [[], [Effect.DUE_LATER]]


# limits


def test_a_smaller_caseload_puts_peer_providers_over_it() -> None:
    """21 people are over 20 and not over 25."""
    served = [
        Assignment(id=f"s{n}", peer_provider="peer", admission=f"a{n}", starts_on=dt.date(2026, 6, 1), ends_on=NONE)
        for n in range(21)
    ]
    roster = _roster(*(_admitted(f"a{n}", "2026-06-20") for n in range(21)), PeerProvider(id="peer"), *served)
    affected = _one(impact(roster, NEBRASKA, LINCOLN, on=ON), "caseload.maximum")
    assert affected.after is not None
    assert (affected.effect, affected.subject, affected.after.measured) == (
        Effect.OUT_OF_BOUNDS,
        ("peer_provider", "peer"),
        21,
    )
    back = impact(roster, LINCOLN, NEBRASKA, on=ON)
    assert _one(back, "caseload.maximum").effect is Effect.IN_BOUNDS
    assert "counted 21" in impact_sheets.as_text(back)


# who comes in

SYMPTOMS = """
[[criterion]]
id    = "admission.symptoms"
about = "admission"
says  = "Symptoms disturb a routine."
holds = "HOLDS"
"""
ALONE = """
rulebook = "NAME"
title    = "x"
[sources.X]
title = "x"
[[criterion]]
id     = "admission.benefit"
about  = "admission"
says   = "The person would benefit."
holds  = "would_benefit"
source = "X: 1"
[[criterion]]
id     = "admission.symptoms"
about  = ["admission"]
says   = "Symptoms disturb a routine."
holds  = "SYMPTOMS"
source = "X: 2"
[[criterion]]
id     = "team.known"
about  = "admission"
says   = "The team is known."
holds  = "TEAM"
source = "X: 3"
"""


def _alone(symptoms: str = "symptoms_disturb_routine", team: str = "known(care_team)") -> Rulebook:
    return loads(ALONE.replace("SYMPTOMS", symptoms).replace("TEAM", team).replace("NAME", "alone"))


def _people(**more: Mapping[str, object]) -> Roster:
    return _roster(*(_admitted(name, "2026-06-01", **facts) for name, facts in more.items()))


YES: Mapping[str, object] = {"would_benefit": True, "symptoms_disturb_routine": True}
NO: Mapping[str, object] = {"would_benefit": True, "symptoms_disturb_routine": False}
NEITHER: Mapping[str, object] = {"would_benefit": False, "symptoms_disturb_routine": False}
OPEN: Mapping[str, object] = {"symptoms_disturb_routine": False}


def test_who_is_no_longer_admitted_and_who_newly_is() -> None:
    """By the criteria that are named for an admission, all of them together.

    Who failed another one before was not admitted before, and is not admitted now; where another one is not known,
    nobody is newly admitted.
    """
    roster = _people(yes=YES, no=NO, neither=NEITHER, open=OPEN)
    loose, strict = _alone("known(symptoms_disturb_routine)"), _alone()
    assert _effects(impact(roster, loose, strict, on=ON)) == {
        "no": Effect.NOT_ADMITTED,
        "neither": Effect.FAILS,
        "open": Effect.NOT_ADMITTED,
    }
    assert _effects(impact(roster, strict, loose, on=ON)) == {
        "no": Effect.ADMITTED,
        "neither": Effect.HOLDS,
        "open": Effect.HOLDS,
    }


def test_other_criteria_admit_nobody() -> None:
    """A criterion about an admission that is not named for it says nothing of who comes in."""
    roster = _people(yes=YES)
    found = impact(roster, _alone(team="not known(care_team)"), _alone(), on=ON)
    assert _effects(found) == {"yes": Effect.FAILS}
    rules = [("admission.symptoms", "admission"), ("stay.benefit", "stay_review"), ("team.member", "admission")]
    assert [is_of_admission(NEBRASKA[rule], kind) for rule, kind in rules] == [True, True, False]
    assert not is_of_admission(NEBRASKA["plan.developed"], "admission")
    assert not is_of_admission(NEBRASKA["plan.elements"], "plan")


def test_a_criterion_that_only_should_hold_keeps_nobody_out() -> None:
    """Where only a `should` fails the person is admitted all the same."""
    strict = loads(
        ALONE.replace("SYMPTOMS", "symptoms_disturb_routine")
        .replace("TEAM", "known(care_team)")
        .replace('about  = ["admission"]', 'about  = "admission"\nforce  = "should"')
        .replace("NAME", "alone")
    )
    assert _effects(impact(_people(no=NO), _alone("known(symptoms_disturb_routine)"), strict, on=ON)) == {
        "no": Effect.FAILS
    }


def test_a_criterion_that_only_should_hold_and_is_not_known_keeps_nobody_out() -> None:
    """Where all that must hold does now, and a `should` is not known, the person is newly admitted."""
    text = ALONE.replace("TEAM", "known(care_team)").replace("NAME", "alone")
    text = text.replace('holds  = "would_benefit"', 'force  = "should"\nholds  = "would_benefit"')
    strict, loose = (
        loads(text.replace("SYMPTOMS", holds))
        for holds in ("symptoms_disturb_routine", "known(symptoms_disturb_routine)")
    )
    assert _effects(impact(_people(open=OPEN), strict, loose, on=ON)) == {"open": Effect.ADMITTED}


def test_what_is_not_recorded_is_newly_unknown() -> None:
    """A fact that only the second rulebook asks for; the other way round it is no longer unknown."""
    found = impact(PLANS, NEBRASKA, LINCOLN, on=ON)
    assert {each.rule for each in found.of(Effect.UNKNOWN)} == {"admission.city"}
    assert len(found.of(Effect.UNKNOWN)) == 6
    back = impact(PLANS, LINCOLN, NEBRASKA, on=ON)
    assert {each.rule for each in back.of(Effect.KNOWN)} == {"admission.city"}
    assert back.of(Effect.KNOWN)[0].after is None


def test_an_exception_that_is_recorded_stands_otherwise() -> None:
    """Not met by both, and by one of them with an exception."""
    plain = _alone()
    text = ALONE.replace("SYMPTOMS", "symptoms_disturb_routine").replace("TEAM", "known(care_team)")
    excepting = loads(text.replace("NAME", "b").replace('source = "X: 2"', 'source = "X: 2"\nunless = "would_benefit"'))
    found = impact(_people(no=NO), plain, excepting, on=ON)
    assert _effects(found) == {"no": Effect.OTHER}
    assert "not met (does not hold, an exception is recorded)" in impact_sheets.as_text(found)


# the whole


def test_a_rulebook_to_itself_changes_nothing() -> None:
    """Nobody is affected, and that is said."""
    found = impact(PLANS, NEBRASKA, NEBRASKA, on=ON)
    assert (found.affected, found.counts(), found.people()) == ((), {}, {})
    assert "nothing changes for anybody." in impact_sheets.as_text(found)


def test_counts_are_by_effect_and_rule_and_people_by_person() -> None:
    """What is about nobody, as a group session, is in the counts and with no person."""
    size = """
[[limit]]
id       = "group.size"
about    = "group_session"
says     = "A group has at most {at_most} people."
measure  = "present"
at_most  = 5
"""
    sessions = [GroupSession(id=f"g{n}", held_on=dt.date(2026, 6, 1), present=n) for n in (5, 6, 2)]
    roster = _roster(_admitted("late", "2026-06-10"), *sessions)
    both = loads(overlays.LINCOLN + size + 'source = "LI: 9"\nreplaces = "group.size"\n')
    found = impact(roster, NEBRASKA, both, on=ON)
    assert found.counts() == {
        Effect.LATE: {"plan.written": 1},
        Effect.OUT_OF_BOUNDS: {"group.size": 1},
        Effect.IN_BOUNDS: {"group.size": 1},
        Effect.UNKNOWN: {"admission.city": 1},
        Effect.KNOWN: {"service.at_fitting_times": 1},
    }
    assert {person: [each.rule for each in some] for person, some in found.people().items()} == {
        "late-person": ["service.at_fitting_times", "plan.written", "admission.city"]
    }
    assert (found.on, found.before.label, found.after.label) == (ON, "nebraska-dbh", "lincoln")


def test_rules_can_be_matched_by_hand() -> None:
    """A rule that is called otherwise is another rule until it is matched."""
    one = _alone()
    other = loads(
        ALONE.replace("SYMPTOMS", "symptoms_disturb_routine")
        .replace("TEAM", "known(care_team)")
        .replace("NAME", "b")
        .replace("team.known", "team.there")
    )
    roster = _people(yes=YES)
    assert {each.rule for each in impact(roster, one, other, on=ON).affected} == {"team.known", "team.there"}
    assert impact(roster, one, other, on=ON, pairs={"team.known": "team.there"}).affected == ()


def test_readings_are_chosen_in_the_rulebook_that_has_them() -> None:
    """One that only the first has is chosen there; one that neither has is refused."""
    found = impact(PLANS, NEBRASKA, LINCOLN, on=ON, readings=["written and signed"])
    assert [receipt.readings for receipt in found.receipts] == [("written and signed",), ()]
    with pytest.raises(InputError, match="neither has a reading 'writen and signed'"):
        impact(PLANS, NEBRASKA, LINCOLN, on=ON, readings=["writen and signed"])


def test_what_leaves_the_house_has_no_ids_and_no_days() -> None:
    """The effects and rules stay, and the counts; ids, persons, due days and notes go."""
    whole, found = (impact(PLANS, NEBRASKA, LINCOLN, on=ON, redact=redact) for redact in (False, True))
    assert found.counts() == whole.counts()
    assert (found.left_out, found.notes, found.people()) == (True, (), {})
    assert whole.notes
    for text in (impact_sheets.as_text(found), impact_sheets.as_markdown(found), impact_sheets.as_json(found)):
        assert not any(secret in text for secret in ("late-person", "slow", "2026-06-24", "days late"))
    rows = [*impact_sheets.rows(found)]
    assert {(row["id"], row["person"], row["before_due"], row["after_days_late"]) for row in rows} == {
        ("", "", None, None)
    }


def test_the_page_tells_each_effect_and_each_person() -> None:
    """Headings with counts, of deadlines how many can still be done, records from what to what, and people."""
    found = impact(PLANS, NEBRASKA, LINCOLN, on=ON)
    page = impact_sheets.as_markdown(found)
    assert page.startswith("# From nebraska-dbh to lincoln, on 2026-06-30\n")
    assert "## Becomes late: 2 (1 overdue and still to be done)\n\n### plan.written: 2\n" in page
    assert "- admission slow of slow-person: met (in time, due 2026-02-04) -> not met (late, due 2026-01-19, " in page
    assert (
        "\n## By person\n\n- late-person: no longer unknown (service.at_fitting_times); late (plan.written); " in page
    )
    assert "- Note: " in page
    text = impact_sheets.as_text(found)
    assert "Becomes late: 2 (1 overdue and still to be done)\n  plan.written: 2\n    admission late of" in text
    assert "As it stood on 2026-06-30: 15 changes, about 6 people.\n" in text


def test_one_change_is_one_change() -> None:
    """The noun follows the number; nothing is counted of people where ids are left out."""
    found = impact(_people(no=NO), _alone("known(symptoms_disturb_routine)"), _alone(), on=ON)
    assert "1 change, about 1 person." in impact_sheets.as_text(found)
    assert "As it stood on 2026-06-30: 1 change.\n" in impact_sheets.as_text(found.redacted())
    assert "Note" not in impact_sheets.as_markdown(attrs.evolve(found, notes=()))


def test_the_table_has_a_row_for_each_record() -> None:
    """Plain values in every column, also where one rulebook has no such rule."""
    rows = [*impact_sheets.rows(impact(PLANS, NEBRASKA, LINCOLN, on=ON))]
    assert all(tuple(row) == impact_sheets.COLUMNS for row in rows)
    (slow,) = (row for row in rows if (row["id"], row["rule"]) == ("slow", "plan.written"))
    assert slow == {
        "effect": "late",
        "rule": "plan.written",
        "kind": "admission",
        "id": "slow",
        "person": "slow-person",
        "before": "met",
        "before_reason": "in_time",
        "before_due": "2026-02-04",
        "before_days_late": 0,
        "before_measured": None,
        "before_missed": 0,
        "after": "not_met",
        "after_reason": "late",
        "after_due": "2026-01-19",
        "after_days_late": 6,
        "after_measured": None,
        "after_missed": 1,
        "says": "The plan is written within 14 days after admission.",
    }
    city = next(row for row in rows if row["rule"] == "admission.city")
    assert (city["before"], city["before_reason"], city["after"]) == ("no_rule", None, "unknown")


def test_decimals_are_texts_in_the_table() -> None:
    """A measure that is no whole number is not rounded."""
    rule = """
[[limit]]
id      = "peer.posts"
about   = "peer_provider"
says    = "x"
measure = "fte"
at_most = MOST
"""
    kind = '[kinds.peer_provider]\nfte = { type = "decimal posts", places = 2 }\n'
    books = [_to(kind + rule.replace("MOST", most)) for most in ("1", "0.2")]
    both = vocabularies.of_both(*books)
    peer = both["peer_provider"].record(id="p", fte=Decimal("0.25"))  # type: ignore[call-arg]
    (row,) = impact_sheets.rows(impact(from_records([peer], vocabulary=both), *books, on=ON))
    assert row["after_measured"] == "0.25"


# properties


@st.composite
def _stays(draw: st.DrawFn, book: Rulebook) -> Roster:
    days = st.integers(0, 90).map(lambda n: ON - dt.timedelta(n))
    kinds = book.vocabulary
    found: list[Record] = [Person(id="p"), Program(id="program")]
    for n in range(draw(st.integers(0, 4))):
        facts = {"arrived_on": draw(days), "meals": draw(st.none() | st.integers(0, 5)), "left_on": NONE}
        found.append(kinds["stay"].record(id=f"s{n}", person="p", **facts))  # type: ignore[call-arg]
        if draw(st.booleans()):
            found.append(kinds["chart"].record(id=f"c{n}", stay=f"s{n}", drawn_on=draw(days)))  # type: ignore[call-arg]
    return from_records(found, empty=["stay", "chart"][: 2 * (len(found) == 2)] or (), vocabulary=kinds)


def _drawn(days: int, least: int, people: int) -> Rulebook:
    rules = (overlays.CHART.format(days=days), overlays.meals(least), overlays.PEOPLE.format(people=people))
    return loads(overlays.house("house", *rules))


NUMBERS = st.tuples(st.integers(1, 40), st.integers(0, 4), st.integers(1, 4))


@given(st.data(), NUMBERS)
def test_no_rulebook_changes_anything_to_itself(data: st.DataObject, numbers: tuple[int, int, int]) -> None:
    """Whatever is in the roster."""
    book = _drawn(*numbers)
    assert impact(data.draw(_stays(book)), book, _drawn(*numbers), on=ON).affected == ()


@given(st.data(), NUMBERS, NUMBERS)
def test_an_impact_turns_round(data: st.DataObject, one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    """The same records stand otherwise from the second rulebook to the first, the standings in one another's place."""
    before, after = _drawn(*one), _drawn(*other)
    roster = data.draw(_stays(before))
    there, back = impact(roster, before, after, on=ON), impact(roster, after, before, on=ON)
    assert {(e.rule, e.subject, e.before, e.after) for e in there.affected} == {
        (e.rule, e.subject, e.after, e.before) for e in back.affected
    }
    turned = {TURNED[each.effect] for each in there.affected}
    assert turned == {each.effect for each in back.affected}


TURNED = {
    Effect.LATE: Effect.NOT_LATE,
    Effect.NOT_LATE: Effect.LATE,
    Effect.OUT_OF_BOUNDS: Effect.IN_BOUNDS,
    Effect.IN_BOUNDS: Effect.OUT_OF_BOUNDS,
    Effect.FAILS: Effect.HOLDS,
    Effect.HOLDS: Effect.FAILS,
    Effect.DUE_SOONER: Effect.DUE_LATER,
    Effect.DUE_LATER: Effect.DUE_SOONER,
    Effect.MISSED_MORE: Effect.MISSED_LESS,
    Effect.MISSED_LESS: Effect.MISSED_MORE,
}


# on the command line


def _run(tmp_path: Path, *more: str) -> Result:
    tables = {
        "person": "id\np1\np2\n",
        "admission": (
            "id,person,admitted_on,ended_on,lives_in_city\na1,p1,2026-06-10,none,yes\na2,p2,2026-06-10,none,no\n"
        ),
        "plan": "id,admission,developed_on\nw2,a2,2026-06-20\n",
    }
    (tmp_path / "roster").mkdir()
    for name, text in tables.items():
        (tmp_path / "roster" / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "lincoln.toml").write_text(overlays.LINCOLN, encoding="utf-8")
    books = ["--from", "nebraska-dbh", "--to", str(tmp_path / "lincoln.toml"), "--on", "2026-06-30"]
    return CliRunner().invoke(cli, ["impact", str(tmp_path / "roster"), *books, *more])


def test_the_command_reads_a_roster_with_the_facts_of_both(tmp_path: Path) -> None:
    """A column that only the second rulebook has is read; what changes ends with one."""
    told = _run(tmp_path)
    assert told.exit_code == 1
    assert "Becomes late: 1 (1 overdue and still to be done)\n  plan.written: 1\n    admission a1 of p1" in told.output
    assert "admission a2 of p2: no rule -> not met (does not hold)" in told.output


@pytest.mark.parametrize("form", ["markdown", "json", "csv"])
def test_the_command_writes_pages_and_data(tmp_path: Path, form: str) -> None:
    """The same records in each of them."""
    output = _run(tmp_path, "--format", form).output
    found = {
        "markdown": lambda: output.count("- admission a"),
        "json": lambda: len(json.loads(output)["affected"]),
        "csv": lambda: len([*csv.DictReader(io.StringIO(output))]),
    }
    assert found[form]() == 4


def test_the_command_leaves_out_ids(tmp_path: Path) -> None:
    """With --redact the counts alone."""
    output = _run(tmp_path, "--redact", "--format", "json").output
    data = json.loads(output)
    assert (data["redacted"], data["counts"]["late"]) == (True, {"plan.written": 1})
    assert {row["id"] for row in data["affected"]} == {""}


def test_the_command_ends_with_nothing_where_nothing_changes(tmp_path: Path) -> None:
    """A rulebook to itself."""
    (tmp_path / "person.csv").write_text("id\np1\n", encoding="utf-8")
    books = ["--from", "core-self-management", "--to", "core-self-management", "--on", "2026-06-30"]
    assert CliRunner().invoke(cli, ["impact", str(tmp_path), *books]).exit_code == 0


@pytest.mark.parametrize(
    "more", [("--pair", "plan"), ("--pair", "a=b"), ("--reading", "none such"), ("--since", "2027-01-01")]
)
def test_a_fault_of_what_was_asked_ends_with_two(tmp_path: Path, more: tuple[str, str]) -> None:
    """Before anything is printed."""
    told = _run(tmp_path, *more)
    assert (told.exit_code, told.stdout) == (2, "")
