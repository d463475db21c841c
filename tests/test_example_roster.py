"""The example roster: it is what its generator makes, tells the stories it says, and adds up by a count of its own."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import independent_count
import independent_tables
import pytest

import peersupport
from peersupport import Audit, Finding, Reason, Roster, Rulebook, Verdict

ON = dt.date(2026, 6, 30)
EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDER = EXAMPLES / "roster"
REFERENCES = {
    "id",
    "person",
    "child",
    "admission",
    "admissions",
    "plan",
    "consultant",
    "signed_by",
    "peer_provider",
    "screening",
    "facilitators",
}
PLANNED = {"ends_on", "target_date", "valid_until", "covers_until"}
RULEBOOK = peersupport.load("nebraska-dbh")
COUNTED = tuple(rule.id for rule in RULEBOOK.judged)
OF_FAMILIES = ("child_", "is_", "urgent_", "caregiver_", "family_")
BROKEN = {Verdict.NOT_MET, Verdict.UNKNOWN}


class Told(NamedTuple):
    """One row of the table of stories in the README."""

    story: str
    happened: str
    record: str
    rule: str
    occurrence: str
    reading: str
    verdict: str
    finding: str

    def __str__(self) -> str:
        return "-".join(filter(None, [self.story, self.record, self.rule, self.occurrence, self.reading]))


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the rows of a table in the README, found by how its head begins."""
    text = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    lines = text[text.index(f"\n| {heading}") + 1 :].split("\n\n")[0].splitlines()
    return ([cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[2:])


STORIES = [Told(*cells) for cells in rows("story | what happened")]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The rulebook that the roster is made for."""
    return RULEBOOK


@pytest.fixture(scope="module")
def roster() -> Roster:
    """The roster as it is committed."""
    return peersupport.read(FOLDER)


@pytest.fixture(scope="module")
def audit(rulebook: Rulebook, roster: Roster) -> Audit:
    """The whole rulebook, held against the roster."""
    return peersupport.audit(rulebook, roster, on=ON)


@pytest.fixture(scope="module")
def counted() -> dict[str, dict[str, int]]:
    """The count of its own."""
    return independent_count.counts(FOLDER, ON)


@pytest.fixture
def generator() -> Iterator[ModuleType]:
    """The script that makes the roster, as a module."""
    spec = importlib.util.spec_from_file_location("make_roster", EXAMPLES / "make_roster.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["make_roster"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["make_roster"]


def tables() -> dict[str, list[dict[str, str]]]:
    """The cells of the committed files."""
    found = {}
    for file in FOLDER.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            found[file.stem] = list(csv.DictReader(lines))
    return found


class TestFiles:
    """The committed files."""

    def test_they_are_what_the_generator_makes(self, generator: ModuleType, tmp_path: Path) -> None:
        """The seed is fixed, so that nobody edits the files by hand and a change of the generator shows in them."""
        generator.write(generator.make(), tmp_path)
        made = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
        assert made == {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}

    def test_about_120_people_are_served_by_10_peer_providers(self) -> None:
        """Each person is in individual or in family service; some come back."""
        found = tables()
        families = {row["person"] for row in found["admission"] if row["child"] != "none"}
        individuals = {row["person"] for row in found["admission"]} - families
        assert (len(individuals), len(families)) == (100, 20)
        assert len(found["admission"]) == 126
        assert len(found["peer_provider"]) == 10

    def test_ids_and_references_are_always_recorded(self) -> None:
        """What is not recorded could otherwise be anybody's."""
        found = [row for listed in tables().values() for row in listed]
        assert all(row[name] for row in found for name in REFERENCES & set(row))

    def test_about_7_in_100_facts_are_not_recorded(self) -> None:
        """Enough for honest unknowns; what is asked about a child is left out where there is none."""
        found = tables()
        alone = {row["id"] for row in found["admission"] if row["child"] == "none"}
        cells = [
            cell
            for row in (row for listed in found.values() for row in listed)
            for name, cell in row.items()
            if name not in REFERENCES
            and not (name.startswith(OF_FAMILIES) and {row["id"], row.get("admission")} & alone)
        ]
        assert 0.06 < cells.count("") / len(cells) < 0.08

    def test_nothing_lies_ahead_of_the_tables_but_what_is_planned(self) -> None:
        """The tables are as they stood on 7 July 2026: what happened, happened by then."""
        happened = (
            cell[:10]
            for listed in tables().values()
            for row in listed
            for name, cell in row.items()
            if name not in PLANNED and re.match(r"\d{4}-\d\d-\d\d", cell)
        )
        assert max(happened) == "2026-07-07"

    def test_every_rule_has_the_tables_that_it_asks_for(self, audit: Audit) -> None:
        """Each judged rule has findings, and none of them wants a table."""
        assert {finding.rule for finding in audit.findings} == set(COUNTED)
        assert Reason.NO_TABLE not in {finding.reason for finding in audit.findings}

    def test_there_are_no_names_and_no_sentences(self) -> None:
        """A cell is an id, a choice, a number, a date or a set of these: it holds no blank."""
        assert not any(
            re.search(r"\s", cell) for listed in tables().values() for row in listed for cell in row.values()
        )

    def test_the_offset_of_an_instant_is_that_of_its_day(self) -> None:
        """Central time is 5 hours behind UTC from March to November, 6 otherwise; the rest is written in UTC."""
        instants = [
            dt.datetime.fromisoformat(row[name])
            for row in tables()["contact"]
            for name in ("starts_at", "ends_at")
            if "T" in row[name]
        ]
        local = [each for each in instants if each.utcoffset()]
        assert all(each.utcoffset() == each.astimezone(independent_tables.ZONE).utcoffset() for each in local)
        assert {str(each)[-6:] for each in instants} == {"-05:00", "-06:00", "+00:00"}


class TestStories:
    """The table of awkward cases in the README."""

    @pytest.mark.parametrize("told", STORIES, ids=str)
    def test_the_record_is_judged_as_the_story_says(self, rulebook: Rulebook, roster: Roster, told: Told) -> None:
        """The verdict under the reading, and the fields of the finding that the row names."""
        finding = judged(rulebook, roster, told)
        assert finding.verdict is Verdict(told.verdict)
        assert finding.reading == ((told.reading,) if told.reading else ())
        for field in filter(None, told.finding.split(", ")):
            name, _, value = field.partition(" ")
            assert str(getattr(finding, name)) == value

    @pytest.mark.parametrize("told", [told for told in STORIES if not told.reading], ids=str)
    def test_the_audit_finds_the_same(self, audit: Audit, told: Told) -> None:
        """Judging one record and holding the rulebook against all of them is one thing."""
        kind, id_ = told.record.split()
        found = [each for each in audit.findings if (each.rule, each.subject) == (told.rule, (kind, id_))]
        assert Verdict(told.verdict) in {each.verdict for each in found if occurs(each, told)}

    def test_every_story_of_plans_consultation_and_staff_is_told_or_explained(self) -> None:
        """Stories 28 to 49 and 57 are in the roster or elsewhere, and none is both."""
        here = {told.story for told in STORIES}
        elsewhere = [cells[0] for cells in rows("story | why")]
        assert sorted([*here, *elsewhere]) == [str(number) for number in (*range(28, 50), 57)]

    def test_every_awkward_record_is_told(self) -> None:
        """Whoever meets an id that begins with `us` in a table finds its number in the README."""
        here = {told.story for told in STORIES}
        ids = {row["id"] for listed in tables().values() for row in listed if row["id"].startswith("us")}
        assert {id_[2:4] for id_ in ids} == here

    def test_what_a_story_does_not_speak_of_is_in_order(self, audit: Audit) -> None:
        """Of the people and records of the stories, only what is told is not met or unknown."""
        told = {(*told.record.split(), told.rule) for told in STORIES}
        about = [each for each in audit.findings if "us" in {each.subject[1][:2], each.person[:2]}]
        assert {(*each.subject, each.rule) for each in about if each.verdict in BROKEN} <= told

    def test_the_incomplete_plan_of_story_30_says_what_is_missing(self, audit: Audit) -> None:
        """Eleven of thirteen elements hold, and the goal without a target date is named."""
        (finding,) = (f for f in audit.findings if (f.rule, f.subject[1]) == ("plan.elements", "us30-plan"))
        assert "11 of 13 hold; not: target dates (goal us30-plan-goal-2); triggers." in peersupport.explain(finding)

    def test_the_queue_of_story_48_is_the_work_of_25_people(self, audit: Audit) -> None:
        """What is overdue stands first, the critical before all, and what is due next in the order of its days."""
        (load,) = (load for load in audit.loads if load.subject[1] == "us48-peer")
        queue = [finding for finding in audit.queue(days=30) if finding.responsible == "us48-peer"]
        overdue = [finding for finding in queue if finding.reason is Reason.OVERDUE]
        dues = [finding.due for finding in queue[len(overdue) :]]
        assert (load.surely, load.possibly, load.places) == (25, 25, 0)
        assert queue[0].subject == ("screening", "us46-04-10")
        assert queue[: len(overdue)] == overdue
        assert dues == sorted(dues, key=str)
        assert {"plan.reviewed", "consultation.each_90_days"} <= {finding.rule for finding in queue}


def judged(rulebook: Rulebook, roster: Roster, told: Told) -> Finding:
    """The finding of a row of the table: of its occurrence, if it names one."""
    kind, id_ = told.record.split()
    (record,) = (each for each in roster.records(kind) if each.id == id_)
    readings = [told.reading] if told.reading else []
    found = peersupport.judge_each(rulebook, told.rule, record, on=ON, tables=roster.tables, readings=readings)
    (finding,) = (each for each in found if occurs(each, told))
    return finding


def occurs(finding: Finding, told: Told) -> bool:
    """Whether a finding is of the occurrence that a row names, if it names one."""
    return not told.occurrence or str(finding.occurrence) == told.occurrence


class TestCounts:
    """The audit's counts against plain Python over the same files."""

    def test_the_second_count_stands_alone(self) -> None:
        """It imports nothing of the library that it checks."""
        for module in (independent_count, independent_tables):
            assert "peersupport" not in Path(str(module.__file__)).read_text(encoding="utf-8")

    @pytest.mark.parametrize("rule", COUNTED)
    def test_findings_by_verdict(self, audit: Audit, counted: dict[str, dict[str, int]], rule: str) -> None:
        """Each finding of each record is there once, with the verdict that the English of the rule gives."""
        found = {verdict.value: number for verdict, number in audit.counts()[rule].items() if number}
        assert found == counted[rule]

    def test_days_and_peaks_of_caseloads(self, audit: Audit) -> None:
        """The days over the limit and the most people at a time are those of a count of each day."""
        second = independent_count.Count(FOLDER, ON)
        found = [each for each in audit.findings if each.rule == "caseload.maximum"]
        for peer in (row["id"] for row in second.tables["peer_provider"]):
            over = [each for each in found if each.subject[1] == peer and each.verdict is Verdict.NOT_MET]
            days, peak = second.caseload_peak(peer)
            assert sum(each.days or 0 for each in over) == days
            assert max((each.measured for each in over if each.measured), default=peak) == peak

    def test_places_left(self, audit: Audit) -> None:
        """What the audit shows as served today is what the last day of that count shows."""
        second = independent_count.Count(FOLDER, ON)
        for load in audit.loads:
            *_, (_, surely, possibly) = second.people_served(load.subject[1])
            assert (load.surely, load.possibly) == (surely, possibly)
            assert load.places == max(0, 25 - possibly)
