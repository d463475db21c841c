"""The command line over a small made-up program, whose findings were worked out by hand from the rulebook.

The program: three people are served on 2026-06-30. adm-201 has everything; adm-202 was assessed late and has no plan;
adm-203 is a family that came in June, with two judgements that are not recorded yet.
"""

from __future__ import annotations

import csv
import datetime as dt
import importlib.metadata
import importlib.util
import io
import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import peersupport
from peersupport import __main__ as door
from peersupport.cli import auditing as command_line
from peersupport.cli import cli, doors
from peersupport.rules.findings import COLUMNS

ON = "2026-06-30"
NEBRASKA = ("--rulebook", "nebraska-dbh", "--on", ON)
EXAMPLE = Path(__file__).parents[1] / "examples" / "roster"
Row = dict[str, str]

TABLES = {
    "program": """\
id,time_zone
prog-1,America/Chicago
""",
    "person": """\
id,birth_date,conditions
per-101,1980-01-02,mental_health
per-102,1990-03-04,
per-103,1985-05-06,none
per-104,2010-07-08,mental_health
""",
    "peer_provider": """\
id,role
ppr-301,peer
ppr-302,family_peer
""",
    "clinical_consultant": """\
id,on_staff
con-401,yes
""",
    "license": """\
id,consultant,type,valid_from,valid_until
lic-411,con-401,lmhp,2024-01-01,none
""",
    "admission": """\
id,person,child,service,admitted_on,ended_on,mental_health_disorder,substance_use_disorder,would_benefit,\
symptoms_disturb_routine,is_caregiver,child_emotional_disturbance,urgent_settings
adm-201,per-101,none,individual,2026-02-02,none,yes,no,yes,yes,,,
adm-202,per-102,none,individual,2026-05-20,none,,no,yes,no,,,
adm-203,per-103,per-104,family,2026-06-10,none,,,,,yes,yes,school;home
""",
    "assignment": """\
id,peer_provider,admission,kind,starts_on,ends_on
asg-501,ppr-301,adm-201,primary,2026-02-02,none
asg-502,ppr-302,adm-202,primary,2026-05-20,none
asg-503,ppr-302,adm-203,primary,2026-06-10,
""",
    "assessment": """\
id,person,completed_on,describes_needs,recommends_peer_support,clinician_authorized,copy_in_file,documented_efforts
asm-601,per-101,2026-01-20,yes,yes,yes,yes,0
asm-602,per-102,2026-05-25,yes,yes,yes,no,1
asm-603,per-104,none,,,,,
""",
    "contact": """\
id,person,admission,peer_provider,modality,status,starts_at,ends_at
ctc-701,per-101,adm-201,ppr-301,in_person,attended,2026-02-03T10:00-06:00,2026-02-03T11:00-06:00
ctc-702,per-102,adm-202,ppr-302,video,attended,2026-05-21T10:00-05:00,2026-05-21T11:00-05:00
ctc-703,per-103,adm-203,ppr-302,telephone,not_attended,2026-06-11T10:00-05:00,none
""",
    "plan": """\
id,admission,developed_on,signed_on,signed_by,scope
pla-801,adm-201,2026-02-27,2026-03-09,con-401,mental_health
""",
    "plan_review": """\
id,plan,reviewed_on
rev-811,pla-801,2026-05-19
""",
    "consultation": """\
id,admissions,peer_provider,consultant,held_on
cns-821,adm-201,ppr-301,con-401,2026-04-20
""",
    "group_session": """\
id,facilitators,held_on,present,on_roster
grp-901,ppr-301,2026-06-02,2,3
grp-902,ppr-301,2026-06-09,8,9
grp-903,ppr-301;ppr-302,2026-06-16,,9
""",
    "other_service": """\
id,person,kind,starts_on,ends_on
oth-911,per-101,behavioral_health,2025-01-01,none
oth-912,per-104,behavioral_health,2026-06-10,none
""",
    "measure": "id,admission,name,baseline_on,latest_on,improved\n",
    "stay_review": "id,admission,reviewed_on\n",
}

FOUND = """\
assessment.before_service adm-201 - met in_time
assessment.before_service adm-202 - not_met late
assessment.before_service adm-203 - not_applicable does_not_apply
assessment.before_family_service adm-201 - not_applicable does_not_apply
assessment.before_family_service adm-202 - not_applicable does_not_apply
assessment.before_family_service adm-203 - pending not_yet
assessment.copy asm-601 - met holds
assessment.copy asm-602 - met holds
assessment.copy asm-603 - not_applicable does_not_apply
plan.developed adm-201 - met in_time
plan.developed adm-202 - not_met overdue
plan.developed adm-203 - pending upcoming
plan.reviewed adm-201 1 met in_time
plan.reviewed adm-201 2 pending upcoming
plan.reviewed adm-202 - pending not_yet
plan.reviewed adm-203 - pending not_yet
plan.signed pla-801 - met in_time
plan.signed_by_qualified pla-801 - met holds
consultation.each_90_days adm-201 1 met in_time
consultation.each_90_days adm-201 2 pending upcoming
consultation.each_90_days adm-202 1 pending upcoming
consultation.each_90_days adm-203 1 pending upcoming
caseload.maximum ppr-301 - met holds
caseload.maximum ppr-302 - met holds
group.size grp-901 - not_met out_of_bounds
group.size grp-902 - met holds
group.size grp-903 - unknown not_recorded
admission.disorder adm-201 - met holds
admission.disorder adm-202 - unknown not_recorded
admission.disorder adm-203 - unknown judgement
admission.active_services adm-201 - met holds
admission.active_services adm-202 - not_met does_not_hold
admission.active_services adm-203 - met holds
admission.symptoms adm-201 - met holds
admission.symptoms adm-202 - not_met does_not_hold
admission.symptoms adm-203 - unknown judgement
admission.family adm-201 - not_applicable does_not_apply
admission.family adm-202 - not_applicable does_not_apply
admission.family adm-203 - met holds
admission.all adm-201 - met holds
admission.all adm-202 - not_met does_not_hold
admission.all adm-203 - unknown judgement
"""
"""Rule, record, occurrence, verdict and reason, in the order of the rules and then of the tables."""
JUDGED = tuple(dict.fromkeys(line.split()[0] for line in FOUND.splitlines()))
ONLY = tuple(word for rule in JUDGED for word in ("--rule", rule))
"""Narrows an audit to the rules worked out by hand, so that a test does not hang on what else the rulebook has."""

HEAD = """\
rulebook = "small"
title    = "A made-up rulebook"
version  = "7"

[sources.F]
title = "Fiction"

"""
LEFT_OUT_DAYS = "(ids, days and what falls due next are left out, caseloads too)"
COUNTED = "One finding for each record, and for each occurrence of a rule that repeats."
BENEFIT = """\
[[criterion]]
id       = "small.benefit"
about    = "admission"
says     = "The person would benefit."
holds    = "would_benefit"
source   = "F: 1"
examples = [{ given = { would_benefit = true }, on = 2026-01-31, verdict = "met" }]
"""
HOURLY = """\
[[limit]]
id       = "small.hourly"
about    = "referral"
says     = "A person is met at most {at_most} times in 24 hours."
measure  = "count(person.admission[person].contact)"
window   = "each 24 hours from received_at"
at_most  = 30
source   = "F: 2"
"""


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """The folder of the made-up program."""
    return _folder(tmp_path / "roster", TABLES)


def _folder(folder: Path, tables: dict[str, str]) -> Path:
    folder.mkdir()
    for kind, text in tables.items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
    return folder


def _file(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def _run(*args: str | Path) -> Result:
    result = CliRunner().invoke(cli, [str(arg) for arg in args])
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


def _audit(roster: Path, *more: str) -> Result:
    return _run("audit", roster, *NEBRASKA, *more)


def _rows(roster: Path, *more: str) -> list[Row]:
    text = _audit(roster, "--format", "csv", *more).stdout
    return list(csv.DictReader(io.StringIO(text)))


def _told(row: Row) -> str:
    return " ".join((row["rule"], row["id"], row["occurrence"] or "-", row["verdict"], row["reason"]))


def _flat(row: dict[str, object]) -> Row:
    return {name: "" if value is None else str(value) for name, value in row.items()}


def _section(text: str, head: str) -> list[str]:
    """The lines under a heading of a report, until the next empty one."""
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(head))
    end = next((i for i, line in enumerate(lines[start:], start) if not line), len(lines))
    return [" ".join(line.split()) for line in lines[start + 1 : end]]


# the findings table


def test_the_findings_are_those_worked_out_by_hand(roster: Path) -> None:
    """A rule is held against every record of its kind, and each verdict is the one that the rulebook gives."""
    assert [_told(row) for row in _rows(roster, *ONLY)] == FOUND.splitlines()


def test_without_rules_named_every_rule_is_held_against_the_roster(roster: Path) -> None:
    """The rules worked out by hand are among them with the same findings, and each other rule that has records too."""
    rows = _rows(roster)
    assert [_told(row) for row in rows if row["rule"] in JUDGED] == FOUND.splitlines()
    about = {rule.id: rule.about for rule in peersupport.load("nebraska-dbh").judged}
    filled = {kind for kind, text in TABLES.items() if len(text.splitlines()) > 1}
    assert {row["rule"] for row in rows} == {rule for rule, kinds in about.items() if filled & set(kinds)}


def test_days_persons_and_who_is_responsible_stand_in_the_rows(roster: Path) -> None:
    """A late and an overdue finding say when they were due, by how many days, of whom, and whose work it is."""
    rows = {_told(row): row for row in _rows(roster)}
    late = rows["assessment.before_service adm-202 - not_met late"]
    assert (late["due"], late["done_on"], late["days_late"], late["person"]) == (
        "2026-05-21",
        "2026-05-25",
        "4",
        "per-102",
    )
    overdue = rows["plan.developed adm-202 - not_met overdue"]
    assert (overdue["due"], overdue["done_on"], overdue["days_late"]) == ("2026-06-19", "", "11")
    assert (overdue["responsible"], overdue["kind"], overdue["force"]) == ("ppr-302", "admission", "must")
    unknown = rows["admission.disorder adm-202 - unknown not_recorded"]
    assert unknown["missing"] == "admission adm-202, mental_health_disorder"


def test_csv_has_the_columns_in_their_order(roster: Path) -> None:
    """The first line of the CSV form is the list of columns, and each row has a cell for each."""
    table = list(csv.reader(io.StringIO(_audit(roster, "--format", "csv").stdout)))
    assert tuple(table[0]) == COLUMNS
    assert {len(row) for row in table} == {len(COLUMNS)}


def test_json_jsonl_and_csv_hold_the_same_rows(roster: Path) -> None:
    """The three forms differ in writing only."""
    rows = _rows(roster)
    jsonl = [json.loads(line) for line in _audit(roster, "--format", "jsonl").stdout.splitlines()]
    whole = json.loads(_audit(roster, "--format", "json").stdout)
    assert [tuple(row) for row in jsonl] == [COLUMNS] * len(rows)
    assert [_flat(row) for row in jsonl] == rows
    assert whole["findings"] == jsonl


def test_json_carries_the_receipt(roster: Path) -> None:
    """The JSON form says by what and when it was judged, so that it can be made again."""
    reading = "efforts are more than one"
    more = ("--since", "2026-05-01", "--reading", reading, "--reading", "day 30 is out")
    receipt = json.loads(_audit(roster, "--format", "json", *more).stdout)["receipt"]
    assert receipt == {
        "rulebook": "nebraska-dbh",
        "version": "1",
        "digest": peersupport.load("nebraska-dbh").digest,
        "roster": peersupport.read(roster).digest,
        "package": importlib.metadata.version("peersupport"),
        "on": ON,
        "since": "2026-05-01",
        "readings": f"day 30 is out; {reading}",
    }


def test_a_receipt_names_no_first_day_where_none_was_asked(roster: Path) -> None:
    """What was not asked for is left out of the receipt."""
    assert "since" not in json.loads(_audit(roster, "--format", "json").stdout)["receipt"]


def test_csv_cells_are_no_formulas(tmp_path: Path) -> None:
    """A cell that a spreadsheet would run is written with an apostrophe in front; JSON has the id as it is."""
    ids = ["=1+1", "+1", "-1", "@now", "plain", "größer"]
    book = _file(tmp_path, "small.toml", HEAD + BENEFIT)
    folder = _folder(tmp_path / "r", {"admission": "\n".join(["id", *ids])})
    asked = ("audit", folder, "--rulebook", book, "--on", ON, "--format")
    table = csv.DictReader(io.StringIO(_run(*asked, "csv").stdout))
    assert [row["id"] for row in table] == ["'=1+1", "'+1", "'-1", "'@now", "plain", "größer"]
    assert [json.loads(line)["id"] for line in _run(*asked, "jsonl").stdout.splitlines()] == ids
    assert all('"größer"' in _run(*asked, form).stdout for form in ("json", "jsonl"))


# narrowing


def test_rule_narrows_to_the_rules_named(roster: Path) -> None:
    """`--rule` may be given again, and the order stays that of the rulebook."""
    rows = _rows(roster, "--rule", "group.size", "--rule", "plan.signed")
    assert [(row["rule"], row["id"]) for row in rows] == [
        ("plan.signed", "pla-801"),
        ("group.size", "grp-901"),
        ("group.size", "grp-902"),
        ("group.size", "grp-903"),
    ]


def test_subject_finds_a_record_or_a_person(roster: Path) -> None:
    """`--subject` takes the id of a record judged, or of the person whom it is about."""
    of_record = _rows(roster, *ONLY, "--subject", "grp-901")
    assert [row["id"] for row in of_record] == ["grp-901"]
    of_person = _rows(roster, *ONLY, "--subject", "per-101")
    assert {row["id"] for row in of_person} == {"adm-201", "asm-601", "pla-801"}
    both = _rows(roster, *ONLY, "--subject", "per-101", "--subject", "grp-901")
    assert len(both) == len(of_record) + len(of_person)


def test_a_subject_of_whom_nothing_was_judged_is_refused_with_the_near_one(roster: Path) -> None:
    """A misspelt id is an error of the input, not an empty table."""
    result = _audit(roster, "--subject", "adm-20l")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "nothing was judged of 'adm-20l' (did you mean 'adm-20" in result.stderr


def test_verdict_narrows_what_is_shown_but_not_the_exit_code(roster: Path) -> None:
    """`--verdict` hides rows; that a `must` is not met is still said by the exit code."""
    result = _audit(roster, "--verdict", "unknown", "--format", "jsonl")
    assert {json.loads(line)["verdict"] for line in result.stdout.splitlines()} == {"unknown"}
    assert result.exit_code == 1


def test_since_leaves_out_what_was_done_and_due_before(roster: Path) -> None:
    """Occurrences that were over before the first day asked about are not told; open ones are."""
    asked = ("--rule", "plan.reviewed", "--subject", "adm-201")
    assert [row["occurrence"] for row in _rows(roster, *asked, "--since", "2026-05-28")] == ["1", "2"]
    assert [row["occurrence"] for row in _rows(roster, *asked, "--since", "2026-05-29")] == ["2"]


def test_since_after_the_day_of_the_audit_is_refused(roster: Path) -> None:
    """What was missed since tomorrow cannot be asked today: exit code 2; the day itself can be the first."""
    result = _audit(roster, *ONLY, "--since", "2026-07-01")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"since: 2026-07-01 lies after the day of the audit, {ON} (choose an earlier day)" in result.stderr
    assert _audit(roster, *ONLY, "--since", ON).exit_code == 1


def test_a_reading_changes_the_verdicts_and_is_named(roster: Path) -> None:
    """With `--reading` one effort is not enough, each row of the rule says so, and the report does at its head."""
    reading = ("--reading", "efforts are more than one")
    rows = {row["id"]: row for row in _rows(roster, *reading, "--rule", "assessment.copy")}
    assert {id_: row["verdict"] for id_, row in rows.items()} == {
        "asm-601": "met",
        "asm-602": "not_met",
        "asm-603": "not_applicable",
    }
    assert {row["reading"] for row in rows.values()} == {"efforts are more than one"}
    assert "readings: efforts are more than one" in _audit(roster, *reading).stdout.splitlines()


def test_rows_tell_what_other_readings_give(roster: Path) -> None:
    """Without a chosen reading the row has the verdict under each of the others."""
    rows = {row["id"]: row for row in _rows(roster, "--rule", "assessment.copy")}
    assert rows["asm-602"]["alternatives"] == "efforts are more than one: not_met"
    assert rows["asm-602"]["reading"] == ""


# the report


def test_the_report_says_what_to_do_before_it_counts(roster: Path) -> None:
    """The order of the sections: the work queue, the counts, caseloads, what is out of bounds, what is not modeled."""
    lines = _audit(roster).stdout.splitlines()
    heads = ["Overdue: ", "Due in the next 14 days: ", "Rules", f"Caseloads on {ON}", "Out of bounds: "]
    heads += ["Not modeled", "Left open by the sources", "Assumed"]
    places = [next(i for i, line in enumerate(lines) if line.startswith(head)) for head in heads]
    assert places == sorted(places)
    assert lines[0].startswith("Peer Support: service definition and utilization guidelines")
    assert lines[1] == f"as it stood on {ON}"
    assert re.fullmatch(r"rulebook nebraska-dbh [0-9a-f]{16}, roster [0-9a-f]{16}, peersupport \S+", lines[-1])


def test_the_queue_names_the_days_the_work_and_who_does_it(roster: Path) -> None:
    """What is overdue comes with its days, what is ahead with its day, both with who is responsible, if recorded."""
    text = _audit(roster, *ONLY).stdout
    says = "The plan is written within 30 days after admission."
    assert _section(text, "Overdue")[0] == "days due responsible record person rule what"
    assert _section(text, "Due in")[0] == "due responsible record person rule what"
    assert _section(text, "Overdue")[1:] == [f"11 2026-06-19 ppr-302 admission adm-202 per-102 plan.developed {says}"]
    assert _section(text, "Due in")[1:] == [f"2026-07-10 not recorded admission adm-203 per-103 plan.developed {says}"]


@pytest.mark.parametrize(
    ("days", "count"), [("9", 0), ("10", 1), ("18", 1), ("19", 2), ("47", 2), ("48", 3), ("49", 4)]
)
def test_days_say_how_far_the_queue_looks_ahead(roster: Path, days: str, count: int) -> None:
    """The last day looked at is in: 2026-07-10 is ten days after the day of the audit, 07-19 nineteen."""
    assert f"Due in the next {days} days: {count}" in _audit(roster, *ONLY, "--days", days).stdout.splitlines()


def test_who_has_no_peer_provider_is_the_programs_work(tmp_path: Path) -> None:
    """Where nobody is assigned, the program itself is responsible."""
    folder = _folder(tmp_path / "r", {**TABLES, "assignment": TABLES["assignment"].splitlines()[0]})
    assert _section(_audit(folder, *ONLY).stdout, "Overdue")[1].startswith("11 2026-06-19 program admission adm-202")


def test_the_counts_are_those_of_the_findings(roster: Path) -> None:
    """Each rule has its counts of met, not met, unknown, pending and does not apply, also a rule without a finding."""
    found = Counter((line.split()[0], line.split()[3]) for line in FOUND.splitlines())
    order = ("met", "not_met", "unknown", "pending", "not_applicable")
    wanted = {rule: [str(found[rule, verdict]) for verdict in order] for rule in (*JUDGED, "stay.continued")}
    text = _audit(roster, *ONLY, "--rule", "stay.continued").stdout
    lines = [line.split() for line in _section(text, "Rules")]
    assert lines[0] == ["rule", "force", "met", "not", "met", "unknown", "pending", "does", "not", "apply"]
    assert {line[0]: line[2:] for line in lines[1 : len(wanted) + 1]} == wanted
    assert wanted["stay.continued"] == ["0"] * 5


def test_the_counts_say_what_is_counted_and_how_to_see_what_is_broken(roster: Path) -> None:
    """Under the counts stands that they are of findings, and how many break a `must`, about how many people."""
    broken = [
        row
        for row in _rows(roster, *ONLY, "--verdict", "not_met")
        if row["force"] == "must" and row["exception"] == "no"
    ]
    people = {row["person"] for row in broken} - {""}
    assert _section(_audit(roster, *ONLY).stdout, "Rules")[-2:] == [
        COUNTED,
        f"Not met that must be: {len(broken)}, about {len(people)} person. List them with --verdict not_met.",
    ]


def test_people_are_not_counted_where_no_finding_is_about_one(roster: Path) -> None:
    """A group session is about nobody in particular, and 0 people would be untrue."""
    lines = _section(_audit(roster, "--rule", "group.size").stdout, "Rules")
    assert lines[-1] == "Not met that must be: 1. List them with --verdict not_met."


def test_the_report_says_which_facts_are_missing_most(roster: Path) -> None:
    """Each fact that findings are unknown for want of, with how many they are: what to record first."""
    assert _section(_audit(roster, "--rule", "group.size").stdout, "Unknown: 1, for want of") == [
        "record fact findings",
        "group session present 1",
        "An empty end is not recorded; write none where it is known that nothing has ended.",
    ]


def test_a_report_without_an_unknown_finding_has_no_such_section(roster: Path) -> None:
    """What is not there has no heading."""
    assert "Unknown: " not in _audit(roster, "--rule", "assessment.copy").stdout


def test_a_finding_that_does_not_hold_names_the_clause_that_fails(roster: Path) -> None:
    """A reader sees which part of the rule was not kept, without a look into the rulebook."""
    asked = ("--subject", "adm-202", "--rule", "admission.symptoms")
    told = " ".join(_section(_audit(roster, *asked).stdout, "Findings: 1")[1:])
    assert "It does not hold: " in told


def test_who_is_responsible_and_not_recorded_is_told_as_that(tmp_path: Path) -> None:
    """An assignment without a peer provider leaves open whose work it is; the program would be a guess."""
    tables = {**TABLES, "assignment": TABLES["assignment"].replace("asg-502,ppr-302", "asg-502,")}
    line = _section(_audit(_folder(tmp_path / "r", tables), *ONLY).stdout, "Overdue")[1]
    assert line.startswith("11 2026-06-19 not recorded admission adm-202")


def test_caseloads_count_the_places_left_with_uncertain_ends(roster: Path) -> None:
    """An assignment whose end is not recorded may still run: the range is shown, and places count with the most."""
    assert _section(_audit(roster, *ONLY).stdout, "Caseloads")[1:] == [
        "peer provider ppr-301 caseload.maximum 1 25 24",
        "peer provider ppr-302 caseload.maximum 1 to 2 25 23",
    ]


def test_group_sessions_out_of_bounds_are_listed(roster: Path) -> None:
    """A group of two is below the least of three."""
    assert _section(_audit(roster, *ONLY).stdout, "Out of bounds")[1:] == [
        "group session grp-901 group.size Counted 2; the limit is 3 to 12."
    ]


def test_a_report_of_one_rule_leaves_out_what_it_does_not_speak_of(roster: Path) -> None:
    """With one rule that holds and assumes nothing there is no caseload, nothing out of bounds, no assumption."""
    text = _audit(roster, "--rule", "assessment.copy").stdout
    rules = _section(text, "Rules")[1:]
    assert (rules[0].split()[0], rules[1:]) == ("assessment.copy", [COUNTED])
    assert not re.search("^(Caseloads|Out of bounds|Assumed)", text, re.MULTILINE)


def test_a_report_of_a_rulebook_without_gaps_has_no_empty_sections(tmp_path: Path, roster: Path) -> None:
    """A rulebook that leaves nothing out has no section that says what it leaves out."""
    book = _file(tmp_path, "small.toml", HEAD + BENEFIT)
    text = _run("audit", roster, "--rulebook", book, "--on", ON).stdout
    assert "Not modeled" not in text
    assert "Left open" not in text
    assert "About the input" not in text


def test_the_report_tells_about_records_that_could_be_anybodys(tmp_path: Path) -> None:
    """A consultation without an admission counts for nobody, and the report says which row it is."""
    tables = {**TABLES, "consultation": "id,admissions,peer_provider,held_on\ncns-1,,ppr-301,2026-04-20\n"}
    notes = _section(_audit(_folder(tmp_path / "r", tables)).stdout, "About the input")
    assert "- 1 consultation without admissions, which could be anybody's and count for nobody: " in "\n".join(notes)
    assert "consultation.csv, row 2" in notes[0]


def test_a_table_that_was_not_given_is_told_once(tmp_path: Path) -> None:
    """However many findings want it, the report has one line for the table, with how many they are."""
    tables = {kind: text for kind, text in TABLES.items() if kind != "plan_review"}
    text = _audit(_folder(tmp_path / "r", tables), "--rule", "plan.reviewed").stdout
    assert _section(text, "About the input") == [
        "- the table plan_review was not given: unknown for want of it: 3 findings"
    ]


# faults of a roster


@pytest.mark.parametrize("name", ["person.csv", "plan.json", "contact.jsonl"])
def test_a_folder_named_like_a_table_is_refused(roster: Path, name: str) -> None:
    """A folder is no table, and to pass it over would be to take the table for one that was not given."""
    (roster / name).unlink(missing_ok=True)
    (roster / name).mkdir()
    result = _audit(roster, "--rule", "group.size")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{name}: is not a file that ends in .csv, .json or .jsonl" in result.stderr


def test_a_file_without_ids_is_told_for_that_only(tmp_path: Path) -> None:
    """A file that has no id column may be any other: what its other columns are called is not printed."""
    result = _audit(_folder(tmp_path / "r", {"person": "name of somebody,lantern\na,b\n"}))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("1 problem found:\n- person.csv, row 1: there is no column 'id'")
    assert "lantern" not in result.stderr
    assert "somebody" not in result.stderr


def test_who_refers_to_a_refused_row_is_not_at_fault(tmp_path: Path) -> None:
    """One row that is wrong is one problem, however many rows refer to it; another table is still looked up."""
    tables = {
        "person": "id,birth_date\nper-1,soon\n",
        "admission": "id,person\nadm-1,per-1\nadm-2,per-1\n",
        "plan": "id,admission\npla-1,adm-9\n",
    }
    result = _audit(_folder(tmp_path / "r", tables))
    assert result.exit_code == 2
    assert result.stderr.startswith("2 problems found:\n")
    assert "person.csv, row 2, column birth_date" in result.stderr
    assert "plan.csv, row 2, column admission: there is no admission 'adm-9'" in result.stderr


def test_since_stands_at_the_head_of_the_report(roster: Path) -> None:
    """A report says from when missed occurrences are told."""
    assert f"as it stood on {ON}, missed since 2026-05-01" in _audit(roster, "--since", "2026-05-01").stdout


def test_a_finding_that_lacks_several_facts_names_them_all(tmp_path: Path) -> None:
    """Missing facts stand in one cell, and several chosen readings in one line."""
    folder = _folder(
        tmp_path / "r", {"group_session": "id,present\ngrp-1,2\n", "assessment": "id,completed_on\na1,2026-05-25\n"}
    )
    chosen = ("--reading", "the roster counts", "--reading", "efforts are more than one")
    text = _audit(folder, *chosen, "--verdict", "unknown", "--rule", "assessment.copy").stdout
    assert "readings: efforts are more than one, the roster counts" in text.splitlines()
    missing = ("copy_in_file", "documented_efforts")
    told = " ".join(_section(text, "Findings: 1")[1:])
    assert told.endswith("; ".join(f"assessment a1, {fact}" for fact in missing))


def test_what_a_rulebook_leaves_out_leaves_open_and_assumes_is_printed(tmp_path: Path, roster: Path) -> None:
    """Each with its reason if all rules were judged; what is assumed only for the rules that were judged."""
    around = '[not_modeled]\n"F-9" = "The weather."\n[gaps]\n"G-1" = "No hour is named."\n'
    plain = BENEFIT.partition("examples")[0]
    other = plain.replace("small.benefit", "small.other") + 'assumes = "Nobody else is asked."\n'
    book = _file(tmp_path, "small.toml", HEAD + around + plain + 'assumes = "A judgement is a fact."\n' + other)
    text = _run("audit", roster, "--rulebook", book, "--on", ON).stdout
    assert text.splitlines()[0] == "A made-up rulebook  (small, version 7)"
    assert _section(text, "Not modeled") == ["- F-9: The weather."]
    assert _section(text, "Left open by the sources") == ["- G-1: No hour is named."]
    one, two = "- small.benefit: A judgement is a fact.", "- small.other: Nobody else is asked."
    assert _section(text, "Assumed") == [one, two]
    some = _run("audit", roster, "--rulebook", book, "--on", ON, "--rule", "small.benefit").stdout
    assert _section(some, "Assumed") == [one]
    assert not re.search("^(Not modeled|Left open)", some, re.MULTILINE)


def test_numbers_are_set_to_the_right_and_words_to_the_left(roster: Path) -> None:
    """The last column of the caseloads is of numbers: its head and its cells end together."""
    lines = _audit(roster, *ONLY).stdout.splitlines()
    start = lines.index(f"Caseloads on {ON}")
    table = [line.rstrip() for line in lines[start + 1 : start + 4]]
    assert len({len(line) for line in table}) == 1
    assert all(line.startswith(("record ", "peer provider ")) for line in table)


def test_a_narrowed_report_lists_its_findings_instead_of_the_counts(roster: Path) -> None:
    """For one subject each finding is a line with its message and what is missing."""
    text = _audit(roster, *ONLY, "--subject", "grp-903").stdout
    what = "Facts that would decide it are not recorded. group_session grp-903, present"
    assert _section(text, "Findings: 1")[0] == "verdict record person responsible rule what missing"
    assert _section(text, "Findings: 1")[1:] == [f"unknown group session grp-903 program group.size {what}"]
    assert "Rules" not in text.splitlines()


# what leaves the house


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
@pytest.mark.parametrize("narrowed", [(), ("--verdict", "not_met", "--verdict", "pending"), ("--subject", "per-102")])
def test_redacted_output_holds_no_id_and_no_date_of_care(roster: Path, form: str, narrowed: tuple[str, ...]) -> None:
    """With `--redact` no id of the roster and no day of anybody's care is in the output, whatever its form."""
    result = _audit(roster, "--redact", "--format", form, *narrowed)
    facts = [value for row in _cells() for value in row if re.search(r"-\d\d\d$|^\d\d\d\d-", value)]
    derived = ["2026-06-19", "2026-07-10", "2026-07-19", "2026-08-18", "2026-09-08", "2026-08-17"]
    assert "plan.developed" in result.stdout
    assert [value for value in [*facts, *derived] if value[:10] in result.stdout] == []


def _cells() -> Iterator[list[str]]:
    for text in TABLES.values():
        for row in list(csv.reader(io.StringIO(text)))[1:]:
            yield [member for cell in row for member in cell.split(";")]


def test_redacted_rows_keep_the_verdicts(roster: Path) -> None:
    """Redaction leaves rule, verdict, reason and the names of missing facts."""
    plain, redacted = _rows(roster), _rows(roster, "--redact")
    same = ("rule", "kind", "verdict", "reason", "force", "alternatives", "source", "says", "on")
    assert [[row[name] for name in same] for row in redacted] == [[row[name] for name in same] for row in plain]
    missing = {row["missing"] for row in redacted if row["rule"] == "admission.disorder"}
    assert missing == {"", "admission *, mental_health_disorder", "admission *, would_benefit"}


def test_a_redacted_report_does_not_tell_what_falls_due_in_some_days(roster: Path) -> None:
    """Without its days nobody can count what falls due, so nothing is said of it; how much is overdue is still told."""
    text = _audit(roster, *ONLY, "--redact").stdout
    assert f"Overdue: 1 {LEFT_OUT_DAYS}" in text.splitlines()
    assert "Due in the next" not in text


def test_a_redacted_report_counts_by_rule_what_is_overdue(roster: Path) -> None:
    """The rule and how often stay; days late, due day, id and person are left out."""
    assert _section(_audit(roster, *ONLY, "--redact").stdout, "Overdue: 1") == ["rule overdue", "plan.developed 1"]
    narrowed = _audit(roster, "--redact", "--subject", "per-102", "--verdict", "not_met", "--rule", "plan.developed")
    (line,) = _section(narrowed.stdout, "Findings: 1")[1:]
    assert line.startswith("not met admission ")
    assert line.endswith(" plan.developed Not done yet; it is overdue.")


def test_a_redacted_report_with_nothing_overdue_counts_none(roster: Path) -> None:
    """That nothing is overdue tells nobody's day."""
    text = _audit(roster, "--redact", "--rule", "group.size").stdout
    assert f"Overdue: 0 {LEFT_OUT_DAYS}" in text.splitlines()


@pytest.mark.parametrize("more", [(), ("--redact",), ("--subject", "adm-1"), ("--verdict", "not_met")])
@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_no_output_holds_a_free_text(tmp_path: Path, form: str, more: tuple[str, ...]) -> None:
    """A text that the roster holds is judged to be there or not, and never told."""
    phrase = "seven lanterns over the harbor"
    book = _file(tmp_path, "noted.toml", _NOTED)
    tables = {"admission": f'id,note,remark\nadm-1,"{phrase}",none\nadm-2,{phrase},{phrase}\n'}
    folder = _folder(tmp_path / "r", tables)
    result = _run("audit", folder, "--rulebook", book, "--on", ON, "--format", form, *more)
    assert result.exit_code == 1
    assert "noted.remark" in result.output
    assert "lantern" not in result.output


_NOTED = (
    HEAD.replace("[sources", '[kinds.admission]\nnote = "text"\nremark = "text or none"\n\n[sources')
    + """\
[[criterion]]
id     = "noted.remark"
about  = "admission"
says   = "A note and a remark are there."
holds  = "exists(note) and known(remark) and exists(remark)"
source = "F: 1"
"""
)


def test_an_assessment_holds_no_free_text(tmp_path: Path) -> None:
    """The explanation of a finding tells which text is missing, never what a text says."""
    phrase = "seven lanterns over the harbor"
    book = _file(tmp_path, "noted.toml", _NOTED)
    file = _file(tmp_path, "case.json", json.dumps({"admission": {"id": "adm-1", "note": phrase}}))
    result = _run("assess", file, "--rulebook", book, "--on", ON)
    assert "(missing: admission adm-1, remark)" in result.output
    assert "lantern" not in result.output


@pytest.mark.parametrize("column", ["admitted_on", "service", "would_benefit", "urgent_settings"])
def test_a_fault_of_the_roster_does_not_repeat_the_text_of_a_cell(tmp_path: Path, column: str) -> None:
    """A text in the wrong column is refused by its place; what it says is not printed."""
    folder = _folder(tmp_path / "r", {"admission": f"id,{column}\nadm-1,seven lanterns\n"})
    result = _audit(folder)
    assert result.exit_code == 2
    assert f"admission.csv, row 2, column {column}: " in result.stderr
    assert "lantern" not in result.output


def test_who_is_responsible_is_a_record_and_never_a_text(tmp_path: Path) -> None:
    """A rulebook that names a text fact as who is responsible does not load, or its text would be told."""
    book = _file(tmp_path, "noted.toml", _NOTED + 'responsible = "note"\n')
    folder = _folder(tmp_path / "r", {"admission": "id,note,remark\nadm-1,seven lanterns,none\n"})
    result = _run("audit", folder, "--rulebook", book, "--on", ON, "--format", "jsonl")
    assert "lantern" not in result.output
    assert result.exit_code == 2


# exit codes and refusals


def test_the_exit_code_is_1_when_a_must_is_not_met_and_0_when_none_is(roster: Path) -> None:
    """A group of two breaks a `must`; both caseloads are kept."""
    assert _audit(roster, "--rule", "group.size").exit_code == 1
    assert _audit(roster, "--rule", "caseload.maximum").exit_code == 0


def test_a_should_and_an_exception_do_not_change_the_exit_code(tmp_path: Path, roster: Path) -> None:
    """Only a `must` that is not met and has no recorded exception gives 1."""
    rule = BENEFIT.partition("examples")[0].replace('"would_benefit"', '"symptoms_disturb_routine"')
    for more, code in [
        ("", 1),
        ('force = "should"\n', 0),
        ("unless = \"service == 'individual'\"\n", 0),
        ("unless = 'mental_health_disorder'\n", 1),
    ]:
        book = _file(tmp_path, "small.toml", HEAD + rule + more)
        assert _run("audit", roster, "--rulebook", book, "--on", ON).exit_code == code


def test_a_rulebook_that_is_not_there_is_refused_with_the_near_name(roster: Path) -> None:
    """A misspelt rulebook is an error of the input."""
    result = _run("audit", roster, "--rulebook", "nebraska-dhb", "--on", ON)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "rulebook 'nebraska-dhb': is not in the package (did you mean 'nebraska-dbh'?)" in result.stderr


def test_every_fault_of_a_roster_is_printed(tmp_path: Path) -> None:
    """A bad roster gives 2, nothing on the standard output, and each fault with its file, row, column and mend."""
    tables = {
        **TABLES,
        "plan_review": "id,plan,reviewed_on\nrev-1,pla-999,19.5.2026\nrev-1,pla-801,\n",
        "plans": "id\n",
    }
    result = _audit(_folder(tmp_path / "r", tables))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "plans.csv: there is no kind 'plans' (did you mean 'plan'?)" in result.stderr
    assert "plan_review.csv, row 2, column reviewed_on" in result.stderr
    assert result.stderr.startswith("2 problems found:\n")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A path without a roster gives 2."""
    result = _audit(tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "is not a folder of tables or a JSON file" in result.stderr


@pytest.mark.parametrize("text", ["", "{}"])
def test_a_json_file_without_tables_is_refused_as_a_folder_without_files_is(tmp_path: Path, text: str) -> None:
    """Where there is nothing to judge, 0 would say that nothing is wrong."""
    (tmp_path / "empty").mkdir()
    assert _audit(tmp_path / "empty").exit_code == 2
    assert _audit(Path(_file(tmp_path, "roster.json", text))).exit_code == 2


@pytest.mark.parametrize("day", ["30.6.2026", "2026-6-30", "20260630", "2026-06-31", "today", "2026-W26-2", ""])
def test_a_day_is_written_in_one_way(roster: Path, day: str) -> None:
    """Anything but YYYY-MM-DD, and a day that is not in the calendar, is refused in the user's words."""
    result = _run("audit", roster, "--rulebook", "nebraska-dbh", "--on", day)
    assert result.exit_code == 2
    assert f"{day!r} is not a day of 1900 to 2199: write it as in 2026-06-30" in result.stderr


@pytest.mark.parametrize("missing", ["--rulebook", "--on"])
def test_the_rulebook_and_the_day_are_always_asked_for(roster: Path, missing: str) -> None:
    """There is no default rulebook, and no clock that says today."""
    at = NEBRASKA.index(missing)
    result = _run("audit", roster, *NEBRASKA[:at], *NEBRASKA[at + 2 :])
    assert result.exit_code == 2
    assert f"Missing option '{missing}'" in result.stderr


def test_days_ahead_are_counted_from_none_to_ten_years(roster: Path) -> None:
    """The queue looks ahead by a count of days, which is neither negative nor without an end."""
    assert [_audit(roster, "--days", days).exit_code for days in ("-1", "0", "3650", "3651")] == [2, 1, 1, 2]


def test_a_day_that_is_one_already_stays_so() -> None:
    """The option's type takes a date as it is, as click asks of every type, and no other value."""
    assert doors.Day().convert(dt.date(2026, 6, 30), None, None) == dt.date(2026, 6, 30)
    with pytest.raises(click.BadParameter, match="is not a day"):
        doors.Day().convert(20260630, None, None)


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1899-12-31"])
def test_a_day_outside_the_calendar_of_facts_is_refused(roster: Path, day: str) -> None:
    """Facts lie in 1900 to 2199, and so do the day of a judgement and the first day asked about."""
    asked = _run("audit", roster, "--rulebook", "nebraska-dbh", "--on", day)
    since = _audit(roster, "--since", day)
    for result in (asked, since):
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{day!r} is not a day of 1900 to 2199" in result.stderr


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(day: str) -> None:
    """Both ends of 1900 to 2199 are in."""
    assert doors.Day().convert(day, None, None) == dt.date.fromisoformat(day)


def test_a_first_day_after_the_day_of_the_audit_is_refused(roster: Path) -> None:
    """`--since` after `--on` is an error of the input; the same day is not."""
    result = _audit(roster, "--since", "2026-07-01")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"since: 2026-07-01 lies after the day of the audit, {ON} (choose an earlier day)" in result.stderr
    assert _audit(roster, "--since", ON, "--rule", "caseload.maximum").exit_code == 0


def test_an_unknown_rule_or_reading_is_refused_with_the_near_name(roster: Path) -> None:
    """Names that the rulebook does not have are errors of the input."""
    rule = _audit(roster, "--rule", "plan.review")
    assert (rule.exit_code, "no rule 'plan.review' (did you mean 'plan.reviewed'?)" in rule.stderr) == (2, True)
    reading = _audit(roster, "--reading", "day 30 is our")
    assert reading.exit_code == 2
    assert "there is no reading 'day 30 is our' (did you mean 'day 30 is out'?)" in reading.stderr


def test_readings_that_clash_are_refused(roster: Path) -> None:
    """Two readings that say one field of one rule cannot both be chosen."""
    result = _audit(roster, "--reading", "families count once", "--reading", "cover does not count")
    assert result.exit_code == 2
    assert "both say 'measure' of caseload.maximum (choose one of them)" in result.stderr


def test_a_rule_that_cannot_be_judged_yet_is_refused_by_name(tmp_path: Path, roster: Path) -> None:
    """A window that the reader does not judge is never ignored: 2, with the rule and the window."""
    book = _file(tmp_path, "small.toml", HEAD + BENEFIT.partition("examples")[0] + HOURLY)
    for command in (("audit", roster), ("assess", _file(tmp_path, "a.json", '{"referral": {"id": "p"}}'))):
        result = _run(*command, "--rulebook", book, "--on", ON)
        assert (result.exit_code, result.stdout) == (2, "")
        assert (
            "small, small.hourly: the record reader cannot judge a window in hours yet, as 'each 24 hours'"
            in result.stderr
        )


def test_a_rule_that_cannot_be_judged_is_refused_before_any_record_is_read(tmp_path: Path) -> None:
    """The refusal does not wait for the roster: with a roster that is wrong too, the rule is named."""
    book = _file(tmp_path, "small.toml", HEAD + HOURLY)
    folder = _folder(tmp_path / "r", {"admission": "id,service\nadm-1,lantern\n"})
    result = _run("audit", folder, "--rulebook", book, "--on", ON)
    assert result.exit_code == 2
    assert "small.hourly" in result.stderr


def test_ids_are_printed_as_they_are(tmp_path: Path) -> None:
    """An id that looks like markup or like the name of a picture stands in the report letter by letter."""
    book = _file(tmp_path, "small.toml", HEAD + BENEFIT)
    folder = _folder(tmp_path / "r", {"admission": "id,would_benefit\n[bold]7[/bold],no\nward:100:7,no\n"})
    text = _run("audit", folder, "--rulebook", book, "--on", ON, "--verdict", "not_met").stdout
    assert "admission [bold]7[/bold] " in text
    assert "admission ward:100:7 " in text


# progress


class _Terminal(io.StringIO):
    """A standard error that says it is a terminal, and keeps what is written to it."""

    def isatty(self) -> bool:
        return True


class _Pipe(io.StringIO):
    """A standard error that goes to a file."""


def _progress(monkeypatch: pytest.MonkeyPatch, roster: Path, error: io.StringIO, long: int) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(command_line, "LONG", long)
    monkeypatch.setattr(sys, "stderr", error)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", str(roster), *NEBRASKA, *ONLY, "--format", "csv"], standalone_mode=False)
    assert left.value.code == 1
    assert isinstance(sys.stdout, io.StringIO)
    assert len(list(csv.DictReader(io.StringIO(sys.stdout.getvalue())))) == len(FOUND.splitlines())
    return error.getvalue()


def test_a_long_audit_shows_its_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, roster: Path) -> None:
    """Who waits at a terminal sees how far the audit is, on the standard error."""
    shown = _progress(monkeypatch, roster, _Terminal(), 1)
    assert "judging" in shown
    assert "100%" in shown


def test_a_short_audit_and_one_into_a_file_show_no_progress(monkeypatch: pytest.MonkeyPatch, roster: Path) -> None:
    """Nothing is written to the standard error where nobody waits or nobody looks."""
    assert _progress(monkeypatch, roster, _Terminal(), command_line.LONG) == ""
    assert _progress(monkeypatch, roster, _Pipe(), 1) == ""


def test_a_refusal_ends_the_progress_too(monkeypatch: pytest.MonkeyPatch, roster: Path) -> None:
    """A fault that the audit finds while the bar is up is printed as any other, with 2."""
    monkeypatch.setattr(command_line, "LONG", 1)
    error = _Terminal()
    monkeypatch.setattr(sys, "stderr", error)
    with pytest.raises(SystemExit) as left:
        cli.main(["audit", str(roster), *NEBRASKA, "--rule", "plan.nowhere"], standalone_mode=False)
    assert left.value.code == 2
    assert "no rule 'plan.nowhere'" in error.getvalue()


# assess


def _case(folder: Path, **tables: object) -> str:
    return _file(folder, "case.json", json.dumps(tables))


def test_assess_explains_a_criterion_clause_by_clause(tmp_path: Path) -> None:
    """One record from JSON: the verdict, each clause with its own, what is missing, and what to ask first."""
    admission: dict[str, object] = {
        "id": "adm-1",
        "person": "per-1",
        "child": "per-2",
        "service": "family",
        "admitted_on": "2026-06-10",
    }
    admission |= {"is_caregiver": True, "child_emotional_disturbance": False, "urgent_settings": ["school"]}
    file = _case(tmp_path, admission=admission, person=[{"id": "per-1"}, {"id": "per-2", "birth_date": "2010-03-04"}])
    result = _run("assess", file, *NEBRASKA, "--rule", "admission.family")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0] == f"UNKNOWN: admission.family of admission adm-1 on {ON}"
    marks = [line.strip().partition(":")[0] for line in lines if line.startswith("  [")]
    assert marks == [
        "[+] the person is the caregiver",
        "[?] the child's condition",
        "[+] urgent difficulties",
        "[+] the child's age",
    ]
    assert "  Missing: admission adm-1, child_substance_use_disorder." in lines
    assert "  Ask first: admission adm-1, child_substance_use_disorder." in lines
    assert "  Under “a child is under 18”: unknown." in lines
    assert lines[-1] == "  Source: S3: Admission guidelines, 4. Rulebook nebraska-dbh@1."


def test_assess_judges_every_rule_about_the_kind(tmp_path: Path) -> None:
    """Without `--rule` each rule that is about the record's kind has its finding, parted by an empty line."""
    file = _case(tmp_path, group_session={"id": "grp-1", "present": 2})
    result = _run("assess", file, *NEBRASKA)
    assert result.exit_code == 1
    assert f"NOT MET: group.size of group session grp-1 on {ON}" in result.stdout.splitlines()
    many = _run("assess", _case(tmp_path, plan={"id": "pla-1"}), *NEBRASKA).stdout
    about = [rule.id for rule in peersupport.load("nebraska-dbh").judged if "plan" in rule.about]
    told = [re.match(r"[A-Z ]+: (\S+) of plan pla-1 ", part) for part in many.split("\n\n")]
    assert [each and each.group(1) for each in told] == about


def test_assess_takes_related_lists_as_complete(tmp_path: Path) -> None:
    """A list that is given is complete, so an empty one decides; one that is left out is unknown."""
    admission = {"id": "adm-1", "admitted_on": "2026-02-02", "ended_on": "none"}
    asked = (*NEBRASKA, "--rule", "plan.developed")
    given = _run("assess", _case(tmp_path, admission=admission, plan=[]), *asked)
    assert given.stdout.startswith("NOT MET: plan.developed")
    assert "  Not done yet; it was due on 2026-03-04, 118 days ago." in given.stdout.splitlines()
    left_out = _run("assess", _case(tmp_path, admission=admission), *asked)
    assert left_out.stdout.startswith("UNKNOWN: plan.developed")
    assert "  Missing: the table plan." in left_out.stdout.splitlines()


def test_assess_takes_a_reading(tmp_path: Path) -> None:
    """A chosen reading is applied and named."""
    file = _case(tmp_path, group_session={"id": "grp-1", "present": 2, "on_roster": 3})
    result = _run("assess", file, *NEBRASKA, "--rule", "group.size", "--reading", "the roster counts")
    assert result.exit_code == 0
    assert "  Reading: the roster counts." in result.stdout.splitlines()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "case.json: not JSON: "),
        ("[]", "has 0 records to judge"),
        ("", "case.json: not JSON: "),
        ("7", "has 0 records to judge"),
        ("[" * 100_000, "case.json: not JSON: "),
        ('{"admission": {"id": "a"}, "admission": {"id": "b"}}', "'admission' is there twice in one object"),
        ('{"group_session": {"id": "g", "present": NaN}}', "NaN is not a number"),
        ('{"admission": {"id": "a"}, "plan": 7}', "case.json, plan: is not a list of records"),
        ('{"admission": [{"id": "a"}]}', "has 0 records to judge"),
        ('{"admission": {"id": "a"}, "plan": {"id": "p"}}', "has 2 records to judge"),
        ('{"admision": {"id": "a"}}', "there is no kind 'admision' (did you mean 'admission'?)"),
        ('{"admission": {"id": "a", "service": "other"}}', "is not one of its choices"),
        ('{"admission": {"service": "family"}}', "column id: is missing"),
        ('{"admission": {"id": "a", "admited_on": "2026-01-01"}}', "did you mean 'admitted_on'?"),
        ('{"person": {"id": "p"}}', "rulebook nebraska-dbh: no rule"),
    ],
)
def test_assess_refuses_a_file_that_is_no_case(tmp_path: Path, text: str, fault: str) -> None:
    """What cannot be judged gives 2 and nothing on the standard output."""
    result = _run("assess", _file(tmp_path, "case.json", text), *NEBRASKA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert fault in result.stderr


def test_assess_reports_several_faults_at_once(tmp_path: Path) -> None:
    """Every fault of the file is said in one reading."""
    file = _case(tmp_path, admission={"id": "a", "service": 7, "admitted_on": "soon"}, plan=[{}], lantern=[])
    result = _run("assess", file, *NEBRASKA)
    assert result.exit_code == 2
    assert result.stderr.startswith("4 problems found:")


def test_assess_says_that_no_rule_is_about_the_kind(tmp_path: Path) -> None:
    """A person is a kind of record and no rule, so nobody asked for a rule of that name."""
    result = _run("assess", _case(tmp_path, person={"id": "per-1"}), *NEBRASKA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'person'" not in result.stderr
    assert "no rule is about person" in result.stderr


def test_assess_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path without a file, and a folder, give 2 with the path."""
    for path in (tmp_path / "none.json", tmp_path):
        result = _run("assess", path, *NEBRASKA)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{path}: is not a file" in result.stderr


def test_assess_reads_its_file_as_strictly_as_a_roster(tmp_path: Path) -> None:
    """Another encoding is refused with its byte; a byte order mark is none of the text."""
    file = tmp_path / "case.json"
    text = '{"group_session": {"id": "größe", "present": 5}}'
    file.write_bytes(text.encode("latin-1"))
    refused = _run("assess", file, *NEBRASKA)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "case.json: not UTF-8 at byte 28 (save the file as UTF-8)" in refused.stderr
    file.write_bytes(text.encode("utf-8-sig"))
    asked = (*NEBRASKA, "--rule", "group.size")
    assert _run("assess", file, *asked).stdout.startswith("MET: group.size of group session größe")


def test_assess_refuses_a_rule_about_another_kind_and_an_unknown_reading(tmp_path: Path) -> None:
    """A rule that does not judge the record's kind is named; so is a reading that is not there."""
    file = _case(tmp_path, group_session={"id": "grp-1"})
    rule = _run("assess", file, *NEBRASKA, "--rule", "group.sise")
    assert (rule.exit_code, "did you mean 'group.size'?" in rule.stderr) == (2, True)
    reading = _run("assess", file, *NEBRASKA, "--reading", "the roster count")
    assert (reading.exit_code, "did you mean 'the roster counts'?" in reading.stderr) == (2, True)


def test_assess_refuses_an_unknown_rule_beside_a_known_one(tmp_path: Path) -> None:
    """No name that was asked for is passed over in silence."""
    file = _case(tmp_path, group_session={"id": "grp-1", "present": 5})
    result = _run("assess", file, *NEBRASKA, "--rule", "group.size", "--rule", "group.sise")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "rulebook nebraska-dbh: no rule 'group.sise' about group_session (did you mean" in result.stderr
    other = _run("assess", file, *NEBRASKA, "--rule", "plan.developed")
    assert (other.exit_code, "no rule 'plan.developed' about group_session" in other.stderr) == (2, True)


def test_assess_refuses_a_fact_that_is_there_twice(tmp_path: Path) -> None:
    """One key has one value, as in the other files that are read."""
    file = _file(tmp_path, "case.json", '{"group_session": {"id": "g", "present": 2, "present": 5}}')
    result = _run("assess", file, *NEBRASKA)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'present' is there twice in one object" in result.stderr


# rules


def test_rules_prints_the_whole_rulebook() -> None:
    """Each rule with its sentence, its source and its readings."""
    result = _run("rules", "nebraska-dbh")
    assert result.exit_code == 0
    for rule in peersupport.load("nebraska-dbh"):
        assert f"### {rule.id}\n\n{rule.sentence()}\n" in result.stdout
        assert all(f"- Reading “{name}”: " in result.stdout for name in rule.readings)


def test_rules_marks_a_chosen_reading() -> None:
    """With a reading the rule is said as it is then read."""
    text = _run("rules", "nebraska-dbh", "--reading", "day 30 is out").stdout
    assert "### plan.developed\n\nThe plan is written within 29 days after admission.\n" in text
    assert "- Reading “day 30 is out” (chosen): " in text


def test_rules_refuses_what_is_not_there(tmp_path: Path) -> None:
    """A rulebook or a reading that is not there gives 2, with the near name or the names that there are."""
    assert "did you mean 'minnesota-peer2peer'?" in _run("rules", "minesota-peer2peer").stderr
    assert "known here: " + ", ".join(peersupport.available()[:10]) in _run("rules", "x").stderr
    assert "did you mean 'day 90 is out'?" in _run("rules", "minnesota-peer2peer", "--reading", "day 9 is out").stderr
    for args in (("rules", "x"), ("rules", str(tmp_path / "x.toml")), ("rules", "nebraska-dbh", "--reading", "x")):
        assert _run(*args).exit_code == 2


def test_rules_reads_a_file(tmp_path: Path) -> None:
    """A rulebook of one's own is printed as those of the package are."""
    text = _run("rules", _file(tmp_path, "small.toml", HEAD + BENEFIT)).stdout
    assert text.startswith("# A made-up rulebook\n\nRulebook `small`, version 7.\n")


# check


LEFT_OUT = (
    "- not judged yet, so its examples were not tried: "
    "small, small.hourly: the record reader cannot judge a window in hours yet, as 'each 24 hours'\n"
)


def test_check_says_that_a_rulebook_is_right(tmp_path: Path) -> None:
    """A file without a fault gives 0, and how much was looked at."""
    text = HEAD + BENEFIT + HOURLY.replace("each 24 hours from received_at", "ever")
    result = _run("check", _file(tmp_path, "small.toml", text))
    assert (result.exit_code, result.output) == (0, "small.toml: 2 rules, 1 example, nothing wrong\n")


@pytest.mark.parametrize("name", peersupport.available())
def test_check_passes_the_rulebooks_of_the_package(name: str) -> None:
    """Every example of the package's rulebooks comes out as it is stated, and each rule has one."""
    result = _run("check", name)
    count = sum(len(rule.examples) for rule in peersupport.load(name))
    assert result.exit_code == 0
    assert f", {count} examples, nothing wrong" in result.output
    assert all(rule.examples for rule in peersupport.load(name).judged)


def test_check_reports_every_fault_with_a_caret(tmp_path: Path) -> None:
    """A wrong fact and a missing source are both said, the first with a caret under it and its mend."""
    text = HEAD + BENEFIT.replace('"would_benefit"', '"would_benifit"').replace("source", "sauce")
    result = _run("check", _file(tmp_path, "small.toml", text))
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert lines[0] == "3 problems found:"
    at = next(i for i, line in enumerate(lines) if "no fact 'would_benifit'" in line)
    assert "criterion small.benefit, holds" in lines[at]
    assert "(did you mean 'would_benefit'?)" in lines[at]
    assert lines[at + 1 : at + 3] == ["    would_benifit", "    ^"]


def test_check_reports_an_example_that_does_not_come_out(tmp_path: Path) -> None:
    """A worked example is an error too when the rule gives another verdict than it states."""
    text = HEAD + BENEFIT.replace('verdict = "met"', 'verdict = "pending"')
    result = _run("check", _file(tmp_path, "small.toml", text))
    assert result.exit_code == 1
    assert result.output == "- small.toml, rule small.benefit, example 1: stated pending, judged met\n"


def test_check_takes_a_rule_that_no_example_asks_to_judge(tmp_path: Path) -> None:
    """A window that is not judged yet is no fault of the file: what can be judged is, and what cannot is told."""
    result = _run("check", _file(tmp_path, "small.toml", HEAD + BENEFIT + HOURLY))
    assert (result.exit_code, result.output) == (0, f"{LEFT_OUT}small.toml: 2 rules, 1 example, nothing wrong\n")


def test_check_says_which_example_cannot_be_judged(tmp_path: Path) -> None:
    """An example that cannot be judged yet is answered in words, with the rule, and is not counted as tried."""
    example = "examples = [{ given = {}, on = 2026-01-31, verdict = 'met' }]\n"
    result = _run("check", _file(tmp_path, "small.toml", HEAD + HOURLY + example))
    assert (result.exit_code, result.output) == (0, f"{LEFT_OUT}small.toml: 1 rule, 0 examples, nothing wrong\n")


def test_check_tries_the_other_examples_beside_a_rule_that_is_left_out(tmp_path: Path) -> None:
    """What is left out hides no wrong example of another rule."""
    text = HEAD + BENEFIT.replace('verdict = "met"', 'verdict = "pending"') + HOURLY
    result = _run("check", _file(tmp_path, "small.toml", text))
    fault = "- small.toml, rule small.benefit, example 1: stated pending, judged met\n"
    assert (result.exit_code, result.output) == (1, LEFT_OUT + fault)


def test_check_leaves_out_a_rule_of_which_one_reading_cannot_be_judged(tmp_path: Path) -> None:
    """A reading with a window that is not judged yet is found too, and not by a traceback of its example."""
    examples = "examples = [{ given = {}, on = 2026-01-31, verdict = 'met', reading = 'monthly' }]\n"
    reading = "readings.monthly = { window = 'each 24 hours from received_at' }\n"
    rule = HOURLY.replace("each 24 hours from received_at", "ever") + reading + examples
    result = _run("check", _file(tmp_path, "small.toml", HEAD + rule))
    assert (result.exit_code, result.output) == (0, f"{LEFT_OUT}small.toml: 1 rule, 0 examples, nothing wrong\n")


def test_check_of_a_file_that_is_not_there_is_an_error_of_the_input(tmp_path: Path) -> None:
    """2, not 1: nothing was checked. A misspelt name of the package is told with the near one."""
    for path in (tmp_path / "none.toml", tmp_path):
        result = _run("check", path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{path}: is not a file" in result.stderr
    assert "nebraska-dhb: is not a file (did you mean 'nebraska-dbh'?)" in _run("check", "nebraska-dhb").stderr


# the door


def _python(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "peersupport", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")  # noqa: S603


def test_the_command_runs_as_a_module(roster: Path) -> None:
    """`python -m peersupport audit` prints, and its exit code reaches the shell."""
    result = _python("audit", str(roster), *NEBRASKA, *ONLY, "--format", "jsonl")
    assert result.returncode == 1
    assert result.stderr == ""
    told = [_told(_flat(json.loads(line))) for line in result.stdout.splitlines()]
    assert told == FOUND.splitlines()
    assert _python("audit", str(roster), *NEBRASKA, "--rule", "caseload.maximum").returncode == 0
    assert _python("audit", str(roster), "--rulebook", "nowhere", "--on", ON).returncode == 2


@pytest.mark.parametrize(
    ("missing", "said"), [({"click"}, "click"), ({"rich"}, "rich"), ({"click", "rich"}, "click and rich")]
)
def test_without_its_libraries_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: set[str], said: str
) -> None:
    """The core alone has no command line: it says which libraries are missing, and exits with 2."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name in missing else found(name))
    with pytest.raises(SystemExit) as left:
        door.main()
    assert left.value.code == 2
    assert capsys.readouterr().err == f"peersupport: the command line needs {said}: install 'peersupport[cli]'\n"


def test_with_its_libraries_the_door_opens(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The console script and `python -m` both run the command line."""
    monkeypatch.setattr(sys, "argv", ["peersupport", "--version"])
    with pytest.raises(SystemExit) as left:
        door.main()
    assert left.value.code == 0
    monkeypatch.delitem(sys.modules, "peersupport.__main__")
    with pytest.raises(SystemExit):
        runpy.run_module("peersupport", run_name="__main__")
    version = importlib.metadata.version("peersupport")
    assert capsys.readouterr().out == f"peersupport, version {version}\n" * 2


# the example


@pytest.mark.skipif(not (EXAMPLE / "program.csv").is_file(), reason="the example roster is not in this checkout")
def test_the_example_has_work_and_caseloads_to_show() -> None:
    """The example roster is read, and the report of its program has a queue, counts and caseloads."""
    rules = ("plan.developed", "plan.reviewed", "consultation.each_90_days", "caseload.maximum", "group.size")
    result = _audit(EXAMPLE, *(word for rule in rules for word in ("--rule", rule)))
    assert result.exit_code == 1, result.output
    assert len(_section(result.stdout, "Overdue: ")) > 1
    assert len(_section(result.stdout, "Due in the next 14 days: ")) > 1
    assert [line.split()[0] for line in _section(result.stdout, "Rules")[1 : len(rules) + 1]] == list(rules)
    assert len(_section(result.stdout, "Caseloads")) > 1
