"""The rulebook `minnesota-recovery-peers`: its rows, and each rule against its law, stated in plain Python.

The rows of the state's other two programs are in `test_minnesota_mental_health_peers`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import nebraska as logic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nebraska import DAY, MAYBE, MET, NOT_APPLICABLE, NOT_MET, PENDING, UNKNOWN, Moment, Truth, equals, near, verdict
from state_rosters import LATER, Case, Records, at, lacks

import peersupport
from peersupport import NONE, Reason, Record, Verdict

BOOK = peersupport.load("minnesota-recovery-peers")
START = dt.date(2026, 4, 1)
RECOVERY, TREATMENT, STABILIZATION = "individual_recovery_plan", "treatment_plan", "stabilization_plan"
GOVERNS = {
    "recovery_community_organization": RECOVERY,
    "county": RECOVERY,
    "program_245g": TREATMENT,
    "program_245f": STABILIZATION,
}
PROVIDER = st.sampled_from([*GOVERNS, None])
PLAN = st.sampled_from([RECOVERY, TREATMENT, STABILIZATION, None])
STATUS = st.sampled_from(["attended", "not_attended", "scheduled"])
NEXT_SESSION, EVERY_SESSION = "by the next session", "every session, before the plan too"
VIDEO, NO_VIDEO = "video is face to face", "video is not face to face"
EITHER_DIRECTION, NOTICE_FIRST = "employment in either direction", "notice by the first session"
CASE = Case(
    BOOK,
    {"admission": "a", "person": "p", "peer_provider": "peer"},
    [
        ("program", "program", {"time_zone": "America/Chicago", "provider_type": "county"}),
        *(("person", id_, {}) for id_ in "pq"),
        *(("peer_provider", id_, {}) for id_ in ("peer", "other")),
        ("admission", "a", {"admitted_on": START - 30 * DAY, "ended_on": NONE}),
    ],
    frozenset({"plan", "contact", "change", "relation"}),
)
made, found = CASE.record, CASE.found


def admitted(**facts: object) -> Record:
    """The admission, still going on unless said otherwise."""
    return made("admission", "a", **{"admitted_on": START - 30 * DAY, "ended_on": NONE, **facts})


def session(id_: str, day: dt.date | None, /, **facts: object) -> Record:
    """A session that took place at ten in the morning of a day."""
    return made("contact", id_, **{"status": "attended", "starts_at": at(day), **facts})


def told(rule: str, records: Records, on: dt.date = LATER, provider: str | None = "county") -> dict[str, Verdict]:
    """What a rule says of the first of some records where the provider is of a type."""
    program = made("program", "program", time_zone="America/Chicago", provider_type=provider)
    return CASE.told(rule, [*records, program], on)


def governs(provider: str | None, plan: str | None) -> Truth:
    """Whether a plan is of the kind that counts for a type of provider."""
    if provider is None:
        return False if plan is not None and plan not in GOVERNS.values() else None
    return equals(plan, GOVERNS[provider])


def test_each_row_has_its_place_and_is_labelled() -> None:
    """Rows MN-1 to MN-6 are covered, each gap says what is open, and whoever reads it knows how far to trust it."""
    assert sorted({row for rule in BOOK for row in rule.covers}) == [f"MN-{number}" for number in range(1, 7)]
    assert list(BOOK.gaps) == [f"MN-G{number}" for number in range(1, 8)]
    assert "illustrative, as of 1 January 2025" in BOOK.title
    assert all(each.dated and each.note.startswith("illustrative, as of ") for each in BOOK.sources.values())
    assert BOOK.verified == dt.date(2026, 11, 22)


def test_each_rule_and_each_reading_is_tested() -> None:
    """What comes to the rulebook comes to the tests: each is named here."""
    assert CASE.untested(Path(__file__).read_text(encoding="utf-8")) == []


# the plan and its day

SESSIONS = st.lists(st.tuples(STATUS, st.integers(-2, 12)), max_size=6)
PLANS = st.lists(st.tuples(PLAN, st.one_of(st.none(), st.integers(-2, 12))), max_size=2)


@given(SESSIONS, PLANS, PROVIDER, st.one_of(st.just(NONE), st.integers(-1, 12)), st.integers(-2, 14))
def test_plan_by_the_third_session_that_took_place(
    sessions: list[tuple[str, int]],
    plans: list[tuple[str | None, int | None]],
    provider: str | None,
    ended: Moment,
    on: int,
) -> None:
    """Only what took place counts, only the plan that governs is one, and nothing is owed after the service."""
    today, end = START + on * DAY, START + ended * DAY if isinstance(ended, int) else NONE
    held = sorted(day for status, day in sessions if status == "attended" and day <= on)
    due = START + held[2] * DAY if len(held) > 2 else NONE
    days = [(kind, None if day is None else START + day * DAY) for kind, day in plans if day is None or day <= on]
    until = end + DAY if isinstance(end, dt.date) and end <= today else NONE
    expected = logic.in_time([(governs(provider, kind), day) for kind, day in days], due, today, until)
    records = [
        admitted(ended_on=end),
        *(session(f"c{i}", START + day * DAY, status=status) for i, (status, day) in enumerate(sessions)),
        *(
            made("plan", f"v{i}", kind=kind, developed_on=None if day is None else START + day * DAY)
            for i, (kind, day) in enumerate(plans)
        ),
    ]
    assert told("plan.by_third_session", records, today, provider) == {"": expected}


@pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
@pytest.mark.parametrize("missed", [0, 1, 3])
def test_plan_by_third_session_edge(missed: int, shift: int, expected: Verdict) -> None:
    """The day before the third session that took place, its day and the day after, however many were missed before."""
    third = START + (2 + missed) * DAY
    sessions = [session(f"m{i}", START + (1 + i) * DAY, status="not_attended") for i in range(missed)]
    sessions += [session("c1", START), session("c2", third - DAY), session("c3", third)]
    finding = found(
        "plan.by_third_session",
        [admitted(), *sessions, made("plan", "v", kind=RECOVERY, developed_on=third + shift * DAY)],
    )
    assert (finding.verdict, finding.due, finding.days_late) == (expected, third, max(shift, 0))


def test_plan_by_third_session_two_are_not_three() -> None:
    """It waits for the third, and says so; a session of which nobody wrote whether it took place leaves it unknown."""
    two = [admitted(), session("c1", START), session("c2", START + DAY)]
    assert (found("plan.by_third_session", two).verdict, found("plan.by_third_session", two).reason) == (
        PENDING,
        Reason.NOT_YET,
    )
    third = session("c3", START + 2 * DAY, status=None)
    assert lacks(found("plan.by_third_session", [*two, third])) == (UNKNOWN, [("c3", "status")])


def test_plan_by_third_session_with_a_session_not_dated_may_not_be_owed() -> None:
    """Whether the third session came before the end of the service hangs on its day: neither late nor excused."""
    sessions = [session(f"c{i}", START + day * DAY) for i, day in enumerate((0, 1, 40))]
    records = [admitted(ended_on=START + 20 * DAY), *sessions, session("x", None)]
    assert lacks(found("plan.by_third_session", records)) == (UNKNOWN, [("x", "starts_at")])
    dated = [[*records[:-1], session("x", START + day * DAY)] for day in (2, 30)]
    assert [found("plan.by_third_session", each).verdict for each in dated] == [NOT_MET, NOT_APPLICABLE]


@given(
    MAYBE,
    st.lists(near(START), max_size=3),
    st.lists(st.tuples(STATUS, st.integers(-1, 3)), max_size=3),
    near(START, 3),
)
def test_plan_updated_as_needed_is_owed_without_a_number(
    needed: Truth, versions: list[Moment], sessions: list[tuple[str, int]], ended: Moment
) -> None:
    """A version of the day of the change or later, while the service lasts; under the reading, by the next session."""
    days = [day for day in versions if day is not NONE]
    later = sorted(day for status, day in sessions if status == "attended" and day > 0)
    records = [
        made("change", "x", happened_on=START, calls_for_update=needed),
        admitted(ended_on=ended),
        *(made("plan", f"v{i}", developed_on=day) for i, day in enumerate(days)),
        *(session(f"c{i}", START + day * DAY, status=status) for i, (status, day) in enumerate(sessions)),
    ]
    events = [(logic.not_after(START, day), day) for day in days]
    by_end = logic.in_time(events, ended, LATER)
    by_next = logic.in_time(events, START + later[0] * DAY if later else NONE, LATER)
    expected = {"": logic.where(needed, by_end), NEXT_SESSION: logic.where(needed, by_next)}
    assert told("plan.updated_as_needed", records) == expected


@pytest.mark.parametrize("days", [1, 90, 400])
def test_plan_updated_as_needed_is_never_late_while_the_service_lasts(days: int) -> None:
    """No interval is made up: it stays open after a day, after a quarter and after a year."""
    change = made("change", "x", happened_on=START, calls_for_update=True)
    finding = found("plan.updated_as_needed", [change, admitted()], START + days * DAY)
    assert (finding.verdict, finding.due, finding.days_late) == (PENDING, None, None)


# sessions


@pytest.mark.parametrize("status", ["attended", "scheduled", None])
@pytest.mark.parametrize("form", ["one_to_one", "group", None])
def test_session_one_to_one(status: str | None, form: str | None) -> None:
    """A session that took place is with one person; a group is none of this service."""
    told_ = told("session.one_to_one", [session("c", START, status=status, format=form)])
    assert told_ == {"": logic.where(equals(status, "attended"), verdict(equals(form, "one_to_one")))}


@pytest.mark.parametrize("mode", ["in_person", "video", "telephone", "chat", None])
def test_session_face_to_face_has_no_default_for_video(mode: str | None) -> None:
    """In person it is and by telephone it is not, whatever the reading; of video the program says it."""
    narrow, wide = equals(mode, "in_person"), None if mode is None else mode in {"in_person", "video"}
    expected = {"": verdict(narrow if narrow == wide else None), VIDEO: verdict(wide), NO_VIDEO: verdict(narrow)}
    assert told("session.face_to_face", [session("c", START, modality=mode)]) == expected


TIE = st.sampled_from(["v0", "v1", "w", NONE, None])


@given(
    TIE, PLAN, PLAN, PROVIDER, st.lists(st.integers(-1, 1), min_size=2, max_size=2), st.sampled_from(["attended", None])
)
def test_session_tied_to_plan_that_governs(
    tie: Moment, first: str | None, second: str | None, provider: str | None, days: list[int], status: str | None
) -> None:
    """Two plans of the admission and one of another: the note names one of the two, of the kind that governs."""
    kinds = {"v0": first, "v1": second, "w": RECOVERY}
    plans = [made("plan", f"v{i}", kind=kinds[f"v{i}"], developed_on=START + days[i] * DAY) for i in range(2)]
    other = [made("admission", "b", person="q"), made("plan", "w", admission="b", kind=RECOVERY, developed_on=START)]
    counts = {id_: governs(provider, kind) for id_, kind in kinds.items()}
    there = logic.kleene_or(*(counts[f"v{i}"] if days[i] <= 0 else False for i in range(2)))
    fits = None if tie is None else False if tie is NONE or tie == "w" else counts[str(tie)]
    took_place = equals(status, "attended")
    expected = {
        "": logic.where(logic.kleene_and(took_place, there), verdict(fits)),
        EVERY_SESSION: logic.where(took_place, verdict(fits)),
    }
    records = [session("c", START, plan=tie, status=status), *plans, *other]
    assert told("session.tied_to_plan", records, provider=provider) == expected


@pytest.mark.parametrize(
    ("tie", "failing"),
    [
        ("v", []),
        ("t", ["the plan that counts"]),
        ("w", ["a plan of this admission"]),
        (NONE, ["a plan of this admission", "the plan that counts"]),
    ],
)
def test_session_tied_to_plan_says_what_is_wrong_with_the_tie(tie: object, failing: list[str]) -> None:
    """The plan of another admission and a plan of another kind are told apart."""
    plans = [
        made("plan", "v", kind=RECOVERY, developed_on=START),
        made("plan", "t", kind=TREATMENT, developed_on=START),
    ]
    other = [made("admission", "b", person="q"), made("plan", "w", admission="b", kind=RECOVERY, developed_on=START)]
    finding = found("session.tied_to_plan", [session("c", START, plan=tie), *plans, *other])
    assert [each.name for each in finding.clauses if each.verdict is not MET] == failing


BARRED = {"no shared home": "shared_home", "not employed by the peer": "peer_employs_person"}
RELATION = st.tuples(
    st.sampled_from(["peer", "other"]),
    st.sampled_from(["p", "q"]),
    st.sampled_from([*BARRED.values(), "person_employs_peer", "other", None]),
    logic.around(START, 1),
    near(START, 1),
)


@given(st.lists(RELATION, max_size=3), st.sampled_from(["attended", "not_attended"]))
def test_session_no_conflict_on_its_day(drawn: list[tuple[str, str, str | None, dt.date, Moment]], status: str) -> None:
    """A relation of this peer with this person, of a kind that bars, on the day of the session."""

    def runs(kind: str) -> Truth:
        ours = [each for each in drawn if each[:2] == ("peer", "p")]
        return logic.kleene_or(
            *(logic.kleene_and(equals(k, kind), logic.inside(START, a, b, through=False)) for _, _, k, a, b in ours)
        )

    bars = [runs(kind) for kind in BARRED.values()]
    took_place = status == "attended"
    records = [
        session("c", START, status=status),
        *(
            made("relation", f"r{i}", peer_provider=peer, person=person, kind=kind, starts_on=start, ends_on=end)
            for i, (peer, person, kind, start, end) in enumerate(drawn)
        ),
    ]
    either = logic.kleene_or(*bars, runs("person_employs_peer"))
    assert told("session.no_conflict", records) == {
        "": logic.where(took_place, verdict(logic.kleene_not(logic.kleene_or(*bars)))),
        EITHER_DIRECTION: logic.where(took_place, verdict(logic.kleene_not(either))),
    }


@pytest.mark.parametrize("clause", BARRED)
def test_session_no_conflict_names_the_relation(clause: str) -> None:
    """The finding says which bar it is, and by which record."""
    relation = made("relation", "r", kind=BARRED[clause], starts_on=START, ends_on=NONE)
    finding = found("session.no_conflict", [session("c", START), relation])
    failing = {each.name: each.failing for each in finding.clauses if each.verdict is NOT_MET}
    assert failing == {clause: (("relation", "r"),)}


@pytest.mark.parametrize(("shift", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
def test_session_no_conflict_edge_of_the_end(shift: int, expected: Verdict) -> None:
    """A shared home that ended the day before or on the day bars nothing; one that ends the day after does."""
    relation = made("relation", "r", kind="shared_home", starts_on=START - 9 * DAY, ends_on=START + shift * DAY)
    assert found("session.no_conflict", [session("c", START), relation]).verdict is expected


# the person's choice


@given(MAYBE, near(START), st.lists(st.tuples(STATUS, st.integers(-2, 2)), max_size=3))
def test_admission_voluntary_and_told(own: Truth, notice: Moment, sessions: list[tuple[str, int]]) -> None:
    """Her own will and the notice, on any day or by the first session that took place under that reading."""
    held = sorted(day for status, day in sessions if status == "attended")
    first = START + held[0] * DAY if held else NONE
    records = [
        admitted(participates_voluntarily=own, written_notice_on=notice),
        *(session(f"c{i}", START + day * DAY, status=status) for i, (status, day) in enumerate(sessions)),
    ]
    there = logic.present(notice)
    assert told("admission.voluntary_and_told", records) == {
        "": verdict(logic.kleene_and(own, there)),
        NOTICE_FIRST: verdict(logic.kleene_and(own, there, logic.not_after(notice, first))),
    }


# what is missing

LACKING: list[tuple[str, Callable[[], Records], str, str]] = [
    ("plan.by_third_session", lambda: [admitted(ended_on=None)], "a", "ended_on"),
    ("plan.updated_as_needed", lambda: [made("change", "x", happened_on=START)], "x", "calls_for_update"),
    ("session.one_to_one", lambda: [session("c", START)], "c", "format"),
    ("session.face_to_face", lambda: [session("c", START)], "c", "modality"),
    (
        "session.tied_to_plan",
        lambda: [session("c", START), made("plan", "v", kind=RECOVERY, developed_on=START)],
        "c",
        "plan",
    ),
    (
        "session.no_conflict",
        lambda: [session("c", START), made("relation", "r", kind="shared_home", starts_on=START)],
        "r",
        "ends_on",
    ),
    ("admission.voluntary_and_told", lambda: [admitted(written_notice_on=START)], "a", "participates_voluntarily"),
]


@pytest.mark.parametrize(("rule", "records", "id_", "fact"), LACKING)
def test_what_is_missing_is_named(rule: str, records: Callable[[], Records], id_: str, fact: str) -> None:
    """With one fact that is not recorded it is unknown, and that fact is the one that is named."""
    assert lacks(found(rule, records())) == (UNKNOWN, [(id_, fact)])


@pytest.mark.parametrize(
    ("rule", "records", "table"),
    [
        ("plan.by_third_session", lambda: [admitted()], "contact"),
        ("plan.updated_as_needed", lambda: [made("change", "x", happened_on=START, calls_for_update=True)], "plan"),
        ("session.no_conflict", lambda: [session("c", START)], "relation"),
        ("session.tied_to_plan", lambda: [session("c", START, plan=NONE)], "plan"),
    ],
)
def test_a_table_that_is_not_given_is_not_an_empty_one(rule: str, records: Callable[[], Records], table: str) -> None:
    """No relation is an answer; no table of relations is none. So it is of sessions and plans."""
    finding = found(rule, records(), without=[table])
    assert (finding.verdict, finding.reason) == (UNKNOWN, Reason.NO_TABLE)
