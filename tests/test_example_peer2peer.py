"""The example Peer2Peer roster: it is what its generator makes, tells the stories it says, and adds up."""

from __future__ import annotations

import datetime as dt
import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import attrs
import pytest
from click.testing import CliRunner
from independent_tables import (
    MET,
    NONE,
    NOT_APPLICABLE,
    NOT_MET,
    PENDING,
    UNKNOWN,
    ZONE,
    Row,
    Tables,
    Truth,
    at_most,
    before,
    every,
    opposite,
    same,
    some,
    there,
    verdict,
    yes,
)
from test_example_roster import Told, judged, occurs

import peersupport
from peersupport import Audit, CareEpisode, Office, Reason, Roster, Verdict
from peersupport.cli import cli

ON = dt.date(2026, 6, 30)
EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDER = EXAMPLES / "peer2peer"
RULEBOOK = peersupport.load("minnesota-peer2peer")
OFFICE = Office("America/Chicago", holidays=frozenset({dt.date(2026, 5, 25)}))
REFERENCES = {
    "id",
    "person",
    "led_to",
    "referral",
    "index_episode",
    "enrollment",
    "peer_provider",
    "makes_up",
    "appointment",
}
PLANNED = {("appointment", "starts_at"), ("enrollment", "planned_until")}
NEVER = {
    ("program.places", Verdict.MET): "there is one program, and it was beyond its places for two days",
}
"""The rules that never come to a verdict in this roster, and why."""
DAY = dt.timedelta(1)


def told(heading: str) -> list[Told]:
    """The rows of the table below a heading of the README."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    lines = text[text.index(f"\n### {heading}\n") :].partition("\n| ")[2].split("\n\n")[0].splitlines()
    return [Told(*(cell.strip() for cell in line.strip().strip("|").split("|"))) for line in lines[2:]]


STORIES = told("Stories of referral and of the twelve weeks")
WITH_HOLIDAY = told("The same with 25 May 2026 as a holiday")


@pytest.fixture(scope="module")
def roster() -> Roster:
    """The roster as it is committed."""
    return peersupport.read(FOLDER)


@pytest.fixture(scope="module")
def audit(roster: Roster) -> Audit:
    """The whole rulebook, held against the roster."""
    return peersupport.audit(RULEBOOK, roster, on=ON)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The cells of the committed files, read without the library."""
    return Tables(FOLDER, ON)


@pytest.fixture
def generator(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The script that makes the roster, as a module beside the one whose words it borrows."""
    monkeypatch.syspath_prepend(EXAMPLES)
    yield importlib.import_module("make_peer2peer")
    for name in ("make_peer2peer", "make_roster"):
        del sys.modules[name]


def number(id_: str) -> str:
    """The number of the story that a record tells; empty for the others."""
    found = re.match(r"us(\d+)", id_)
    return found.group(1) if found else ""


class TestFiles:
    """The committed files."""

    def test_they_are_what_the_generator_makes(self, generator: ModuleType, tmp_path: Path) -> None:
        """The seed is fixed, so that nobody edits the files by hand and a change of the generator shows in them."""
        generator.write(generator.make(), tmp_path)
        made = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
        assert made == {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}

    def test_a_row_has_the_facts_of_its_table(self, generator: ModuleType) -> None:
        """A fact too many is an error of the generator and not a column that is lost."""
        with pytest.raises(TypeError, match="shoe_size"):
            generator.Book(None).add("person", "p001", {"shoe_size": 1})

    def test_every_table_reads_without_a_problem(self, roster: Roster) -> None:
        """Reading raises nothing; each table is there and has its rows."""
        rows = {file.stem: file.read_text(encoding="utf-8").count("\n") - 1 for file in FOLDER.iterdir()}
        assert {kind: len(roster.records(kind)) for kind in roster.kinds} == rows
        assert len(rows) == 12

    def test_the_size_of_the_program(self, tables: Tables) -> None:
        """As many people as the README says, from October on."""
        referrals, enrollments = tables.tables["referral"], tables.tables["enrollment"]
        assert len({row["person"] for row in referrals}) == len(tables.tables["person"]) == len(referrals) - 1 == 65
        assert len(enrollments) == 40
        assert min(row["received_at"] for row in referrals if row["received_at"]) > "2025-10"

    def test_ids_and_references_are_always_recorded(self, tables: Tables) -> None:
        """What is not recorded could otherwise be anybody's."""
        found = [row for listed in tables.tables.values() for row in listed]
        assert all(row[name] for row in found for name in REFERENCES & set(row))

    def test_about_7_in_100_facts_are_not_recorded(self, tables: Tables) -> None:
        """Enough for honest unknowns, and never in a story but where it tells so."""
        found = [row for listed in tables.tables.values() for row in listed]
        cells = [cell for row in found for name, cell in row.items() if name not in REFERENCES]
        assert 0.06 < cells.count("") / len(cells) < 0.08
        lost = {(row["id"], name) for row in found for name, cell in row.items() if number(row["id"]) and not cell}
        assert lost == {
            ("us4-care", "ended_on"),
            ("us4-care", "left_at"),
            ("us9-not-asked", "devices"),
            ("us58", "follow_up_consent"),
        }

    def test_nothing_lies_ahead_of_the_tables_but_what_is_planned(self, tables: Tables) -> None:
        """The tables are as they stood on 7 July 2026: what happened, happened by then."""
        happened = (
            cell[:10]
            for kind, listed in tables.tables.items()
            for row in listed
            for name, cell in row.items()
            if (kind, name) not in PLANNED and re.match(r"\d{4}-\d\d-\d\d", cell)
        )
        assert max(happened) == "2026-07-07"

    def test_there_are_no_names_and_no_sentences(self, tables: Tables) -> None:
        """A cell is an id, a choice, a number, a date or a set of these: it holds no blank. A person is an id."""
        found = [row for listed in tables.tables.values() for row in listed]
        assert not any(re.search(r"\s", cell) for row in found for cell in row.values())
        assert all(set(row) == {"id"} for row in tables.tables["person"])


class TestStories:
    """The tables of awkward cases in the README."""

    @pytest.mark.parametrize("row", STORIES, ids=str)
    def test_the_record_is_judged_as_the_story_says(self, roster: Roster, row: Told) -> None:
        """The verdict under the reading, and the fields of the finding that the row names."""
        holds(roster, row)

    @pytest.mark.parametrize("row", WITH_HOLIDAY, ids=str)
    def test_with_a_holiday_it_is_judged_by_another_clock(self, roster: Roster, row: Told) -> None:
        """The office is given beside the tables, which know no holidays."""
        holds(attrs.evolve(roster, tables=roster.tables.with_office(OFFICE)), row)

    @pytest.mark.parametrize("row", [row for row in STORIES if not row.reading], ids=str)
    def test_the_audit_finds_the_same(self, audit: Audit, row: Told) -> None:
        """Judging one record and holding the rulebook against all of them is one thing."""
        kind, id_ = row.record.split()
        found = [each for each in audit.findings if (each.rule, each.subject) == (row.rule, (kind, id_))]
        assert {each.verdict for each in found if occurs(each, row)} == {Verdict(row.verdict)}

    def test_every_story_of_the_program_is_told(self) -> None:
        """Eligibility, the clock but for the count of story 20, the schedule, and leaving early."""
        here = {row.story for row in [*STORIES, *WITH_HOLIDAY]}
        assert here == {str(each) for each in (*range(1, 20), *range(21, 28), 58)}

    def test_every_awkward_record_is_told(self, tables: Tables) -> None:
        """Whoever meets an id that begins with `us` in a table finds its number in the README."""
        ids = (row["id"] for listed in tables.tables.values() for row in listed)
        assert {number(id_) for id_ in ids} - {""} == {
            number(row.record.split()[1]) for row in [*STORIES, *WITH_HOLIDAY]
        }

    def test_what_a_story_does_not_speak_of_is_in_order(self, audit: Audit) -> None:
        """Of the people and records of the stories, only what is told is not met or unknown."""
        here = {(*row.record.split(), row.rule, row.occurrence) for row in STORIES if not row.reading}
        broken = [each for each in audit.findings if each.verdict in {Verdict.NOT_MET, Verdict.UNKNOWN}]
        about = [each for each in broken if number(each.subject[1]) or number(each.person)]
        assert {(*each.subject, each.rule, str(each.occurrence or "")) for each in about} <= here

    def test_story_4_asks_for_the_day_of_leaving(self, audit: Audit) -> None:
        """That is all that is missing."""
        (finding,) = (f for f in audit.findings if (f.rule, f.subject[1]) == ("referral.window", "us4"))
        assert [str(place) for place in finding.missing] == ["care_episode us4-care, ended_on"]

    def test_story_8_warns_of_a_day_that_lies_ahead(self, audit: Audit) -> None:
        """It is read as not recorded, and the audit says so."""
        assert "care_episode us8-care, ended_on lies after 2026-06-30: read as not recorded" in audit.notes

    def test_story_11_every_place_is_taken_on_the_day_of_the_answer(self, tables: Tables) -> None:
        """A count by hand: fifteen people have started and not left."""
        (answered,) = (row["decided_at"][:10] for row in tables.tables["referral"] if row["id"] == "us11")
        there_ = [row for row in tables.tables["enrollment"] if row["started_on"] and row["ended_on"]]
        taken = [row for row in there_ if row["started_on"] <= answered < row["ended_on"]]
        assert [str(len(taken))] == [row["capacity"] for row in tables.tables["program"]]

    def test_story_17_warns_that_no_holidays_are_given(self, audit: Audit) -> None:
        """Every working day counts then, which somebody may not have meant."""
        assert any("no holidays are given" in note for note in audit.notes)

    def test_story_14_the_decision_was_right_when_it_was_made(self, roster: Roster) -> None:
        """With the day of leaving that was recorded then, the referral was in time: another roster, another verdict."""
        episode = roster.tables.find("care_episode", "us14-care")
        assert isinstance(episode, CareEpisode)
        known = attrs.evolve(episode, ended_on=dt.date(2026, 1, 5))
        others = [each for kind in roster.kinds for each in roster.records(kind) if each is not episode]
        former = peersupport.from_records([*others, known], empty=roster.kinds)
        (row,) = (row for row in STORIES if row.record == "referral us14" and row.rule == "referral.window")
        assert judged(RULEBOOK, former, row).verdict is Verdict.MET
        assert judged(RULEBOOK, roster, row).verdict is Verdict.NOT_MET


def holds(roster: Roster, row: Told) -> None:
    """A row of the README is what the rulebook says of the roster."""
    finding = judged(RULEBOOK, roster, row)
    assert finding.verdict is Verdict(row.verdict)
    own = row.reading in RULEBOOK[row.rule].readings  # a reading of a definition, or of another rule, is not named
    assert finding.reading == ((row.reading,) if own else ())
    for field in filter(None, row.finding.split(", ")):
        name, _, value = field.partition(" ")
        assert str(getattr(finding, name)) == value


class TestAudit:
    """The rulebook held against the roster."""

    def test_the_command_line_finds_something_to_mend(self) -> None:
        """It prints the counts, and the exit code is 1 because a `must` is not met."""
        asked = ["audit", str(FOLDER), "--rulebook", RULEBOOK.name, "--on", ON.isoformat()]
        result = CliRunner().invoke(cli, asked)
        assert result.exit_code == 1
        assert "Peer2Peer digital peer support" in result.stdout
        assert all(rule.id in result.stdout for rule in RULEBOOK.judged)

    def test_no_rule_wants_a_table(self, audit: Audit) -> None:
        """Each judged rule has findings, and none is unknown for want of a table."""
        assert {finding.rule for finding in audit.findings} == {rule.id for rule in RULEBOOK.judged}
        assert Reason.NO_TABLE not in {finding.reason for finding in audit.findings}

    @pytest.mark.parametrize("rule", [rule.id for rule in RULEBOOK.judged])
    def test_every_rule_is_met_not_met_and_unknown_somewhere(self, audit: Audit, rule: str) -> None:
        """What never occurs is named above, with the reason."""
        counts = audit.counts()[rule]
        found = {each for each in (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN) if not counts[each]}
        assert found == {each for named, each in NEVER if named == rule}


# a count of its own: cells, days and truths, and nothing of the library

END = dt.datetime.combine(ON + DAY, dt.time(), ZONE)
"""The end of the day of the audit."""


def window(tables: Tables, referral: Row) -> str:
    """Psychiatric inpatient or emergency care ended at most 90 days before, or went on, and became no other care."""
    on = tables.day(referral["received_at"])

    def fits(episode: Row) -> Truth:
        start, end = tables.day(episode["admitted_on"]), tables.day(episode["ended_on"])
        goes_on = episode["ended_on"] == NONE or before(on, end)
        ended = False if episode["ended_on"] == NONE else every(at_most(end, on), at_most(on, end and end + 90 * DAY))
        sort = every(same(episode["kind"], "inpatient", "emergency"), yes(episode["psychiatric"]))
        return every(sort, opposite(there(episode["led_to"])), some([every(at_most(start, on), goes_on), ended]))

    return verdict(some(map(fits, tables.seen_of("care_episode", "admitted_on", "person", referral["person"]))))


def answer(referral: Row, fact: str) -> str:
    """By the same time of the next working day, from when the office is open; Monday to Friday, nine to five."""
    if not referral["received_at"] or not referral[fact]:
        return UNKNOWN
    due = dt.datetime.fromisoformat(referral["received_at"]).astimezone(ZONE)
    if due.weekday() > 4 or due.hour >= 17:
        due = next_working_day(due).replace(hour=9, minute=0)
    due = next_working_day(max(due, due.replace(hour=9, minute=0)))
    done = None if referral[fact] == NONE else dt.datetime.fromisoformat(referral[fact])
    if done is None or done >= END:
        return PENDING if due >= END else NOT_MET
    return MET if done <= due else NOT_MET


def next_working_day(moment: dt.datetime) -> dt.datetime:
    """The same time of the next day of Monday to Friday."""
    return moment + {4: 3 * DAY, 5: 2 * DAY}.get(moment.weekday(), DAY)


def calls(tables: Tables, enrollment: Row) -> Iterator[str]:
    """A video call is scheduled in each of twelve weeks from the first meeting on, until the person leaves."""
    start, end = tables.day(enrollment["started_on"]), tables.day(enrollment["ended_on"])
    if start is None:
        yield UNKNOWN
        return
    rows = tables.seen_of("contact", "starts_at", "enrollment", enrollment["id"])
    for week in range(12):
        last = start + (7 * week + 6) * DAY
        found = some(call_in(tables, row, last) for row in rows)
        owed = before(last, end) if end else None if not enrollment["ended_on"] else True
        yield week_of(found, owed, last)
        if found is not True and (owed is not True or last >= ON):
            return


def call_in(tables: Tables, contact: Row, last: dt.date) -> Truth:
    """Whether a contact is a video call that is scheduled in the week with some last day."""
    on = tables.day(contact["scheduled_on"])
    ahead = tables.ahead(contact["scheduled_on"])
    return every(same(contact["modality"], "video"), not ahead, before(last - 7 * DAY, on), at_most(on, last))


def week_of(found: Truth, owed: Truth, last: dt.date) -> str:
    """What comes of a week that may have a call and may be owed one."""
    if found:
        return MET
    if found is None or owed is None:
        return UNKNOWN
    if not owed:
        return NOT_APPLICABLE
    return NOT_MET if last < ON else PENDING


PLAIN: dict[str, Callable[[Tables], Iterator[str]]] = {
    "referral.window": lambda tables: (window(tables, row) for row in tables.seen("referral", "received_at")),
    "referral.response": lambda tables: (
        answer(row, "first_response_at") for row in tables.seen("referral", "received_at")
    ),
    "referral.decision": lambda tables: (answer(row, "decided_at") for row in tables.seen("referral", "received_at")),
    "week.video_call": lambda tables: (
        each for row in tables.seen("enrollment", "started_on") for each in calls(tables, row)
    ),
}


class TestCounts:
    """The audit's counts against plain Python over the same files."""

    @pytest.mark.parametrize("rule", PLAIN)
    def test_findings_by_verdict(self, audit: Audit, tables: Tables, rule: str) -> None:
        """Each finding is there once, with the verdict that the English of the rule gives."""
        found = {each.value: count for each, count in audit.counts()[rule].items() if count}
        assert found == Counter(PLAIN[rule](tables))

    def test_story_20_what_is_not_recorded_is_never_in_time(self, audit: Audit, tables: Tables) -> None:
        """The referrals answered in time stand beside those of which it is not known."""
        counts = audit.counts()["referral.response"]
        seen = tables.seen("referral", "received_at")
        lost = [row for row in seen if not (row["received_at"] and row["first_response_at"])]
        assert counts[Verdict.UNKNOWN] == len(lost) > 0
        assert sum(counts.values()) == len(seen)
