"""The commands that follow a person, show caseloads and outcomes, and the work queue of one peer provider."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from peersupport import load
from peersupport.cli import cli
from peersupport.outcomes import CAUTION

NEBRASKA = ("--rulebook", "nebraska-dbh")

TABLES = {
    "program": "id,time_zone\nprogram,America/Chicago\n",
    "person": "id\nper-1\nper-2\nper-3\nper-4\n",
    "peer_provider": "id,role\nppr-1,peer\nppr-2,peer\n",
    "admission": (
        "id,person,child,service,admitted_on,ended_on\n"
        "adm-1,per-1,none,individual,2026-02-02,none\n"
        "adm-2,per-2,none,individual,2026-06-20,none\n"
        "adm-3,per-3,none,individual,,none\n"
        "adm-4,per-4,none,individual,2026-06-10,none\n"
    ),
    "assignment": (
        "id,peer_provider,admission,kind,starts_on,ends_on\n"
        "asg-1,ppr-1,adm-1,primary,2026-02-02,2026-07-15\n"
        "asg-2,ppr-1,adm-2,cover,2026-06-20,\n"
        "asg-3,ppr-2,adm-3,primary,2026-06-01,none\n"
        "asg-4,ppr-2,adm-4,primary,2026-06-10,none\n"
    ),
    "plan": "id,admission,developed_on,signed_on\npla-1,adm-1,2026-03-09,none\n",
    "consultation": "id,admissions,consultant,peer_provider,held_on\n",
    "plan_review": "id,plan,reviewed_on,outcome\nrev-1,pla-1,2026-06-01,no_change\n",
    "care_episode": "id,person,kind,admitted_on,ended_on\nepi-1,per-1,inpatient,2026-03-01,2026-03-06\n",
    "screening": "id,admission,screened_on,imminent_danger\nscr-1,adm-1,,\n",
    "outcome_review": (
        "id,admission,attested_on,plan_sustainable,reaches_resources,formal_supports\n"
        "out-1,adm-1,2026-05-01,yes,no,0\n"
        "out-2,adm-1,2026-06-01,no,,2\n"
    ),
    "crisis_contact": ("id,admission,contacted_on\ncri-1,adm-1,2026-02-05\ncri-2,adm-1,\ncri-3,adm-1,2026-04-20\n"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the tables of a small program."""
    for name, text in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(command: str, folder: Path, *more: str) -> Result:
    """What a command prints about the folder."""
    return CliRunner().invoke(cli, [command, str(folder), *more])


def lines(result: Result) -> list[str]:
    """The lines of a report, each with single blanks."""
    assert result.exit_code == 0, result.output
    return [re.sub(r" +", " ", line).strip() for line in result.stdout.splitlines()]


def line(result: Result, start: str) -> str:
    """The line that starts in some way."""
    (found,) = [each for each in lines(result) if each.startswith(start)]
    return found


class TestTimeline:
    """`peersupport timeline` prints what is owed for a person."""

    def test_the_obligations_in_the_order_of_their_days(self, folder: Path) -> None:
        """How many there are as of which day, and each with its days, record, rule and sentence."""
        result = run("timeline", folder, "per-1", *NEBRASKA, "--on", "2026-06-30")
        found = lines(result)
        assert found[1] == "per-1: 10 obligations as they stood on 2026-06-30"
        assert found[2] == "due status done late responsible record rule no. what"
        review = "2026-08-30 due ppr-1 admission adm-1 plan.reviewed 2 The plan is reviewed at least every 90 days."
        assert review in found

        days = [each[:10] for each in found[3:] if re.match(r"\d{4}-", each)]
        assert days == sorted(days)

    def test_late_in_care_and_missing_are_told(self, folder: Path) -> None:
        """Five days late on a day in hospital, and a screening of which the day is not recorded."""
        result = run("timeline", folder, "per-1", *NEBRASKA, "--on", "2026-06-30")
        assert line(result, "2026-03-04").startswith(
            "2026-03-04 done late 2026-03-09 5 ppr-1 admission adm-1 plan.developed The plan is written within 30 days"
        )
        assert "[in care]: the person is in a hospital or in crisis care on the due day." in lines(result)
        assert "Missing: screening scr-1, screened_on." in " ".join(lines(result))

    def test_without_care_nothing_is_said_of_it(self, folder: Path) -> None:
        """The note stands only where it is needed."""
        result = run("timeline", folder, "per-2", *NEBRASKA, "--on", "2026-06-30")
        assert "in care" not in result.stdout

    def test_a_past_day(self, folder: Path) -> None:
        """What was due on 3 March."""
        result = run("timeline", folder, "per-1", *NEBRASKA, "--on", "2026-03-03")
        assert line(result, "2026-03-04").startswith("2026-03-04 due ppr-1 admission adm-1 plan.developed")

    def test_through_goes_on_with_what_repeats(self, folder: Path) -> None:
        """The next reviews are expected, ninety days each."""
        asked = ("per-1", *NEBRASKA, "--on", "2026-06-30")
        without, through = (run("timeline", folder, *asked, *more) for more in ((), ("--through", "2026-11-28")))
        assert "expected" not in without.stdout
        assert line(through, "2026-11-28").startswith("2026-11-28 expected ppr-1 admission adm-1 plan.reviewed 3")

    def test_a_reading(self, folder: Path) -> None:
        """The due days are those of the reading chosen."""
        more = ("--on", "2026-06-30", "--reading", "day 30 is out")
        assert line(run("timeline", folder, "per-1", *NEBRASKA, *more), "2026-03-03").count("within 29 days after")

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (("per-9", *NEBRASKA, "--on", "2026-06-30"), "person: there is no 'per-9' (did you mean 'per-"),
            (("per-1", *NEBRASKA, "--on", "2026-06-30", "--reading", "x"), "there is no reading 'x'"),
            (("per-1", *NEBRASKA, "--on", "2026-6-30"), "'2026-6-30' is not a day of 1900 to 2199"),
            (("per-1", *NEBRASKA, "--on", "2026-06-30", "--through", "soon"), "'soon' is not a day"),
            (("per-1", "--rulebook", "nebraska", "--on", "2026-06-30"), "nebraska-dbh"),
            (("per-1", "--on", "2026-06-30"), "Missing option '--rulebook'"),
        ],
    )
    def test_what_is_wrong_with_the_question(self, folder: Path, more: tuple[str, ...], message: str) -> None:
        """A person, reading, day or rulebook that is not there: exit code 2."""
        result = run("timeline", folder, *more)
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stdout == ""

    def test_care_that_may_run_is_told_as_such(self, folder: Path) -> None:
        """Where it is not recorded whether care has ended, the person is perhaps in care."""
        text = TABLES["care_episode"].replace("2026-03-06", "")
        (folder / "care_episode.csv").write_text(text, encoding="utf-8")
        result = run("timeline", folder, "per-1", *NEBRASKA, "--on", "2026-06-30")
        shown = " ".join(lines(result))
        assert "written within 30 days after admission. [perhaps in care]" in shown
        assert "[in care] " not in shown.replace("[in care]: ", "")
        assert "[in care]: the person is in a hospital or in crisis care on the due day." in lines(result)

    def test_a_last_day_before_the_day_asked_about(self, folder: Path) -> None:
        """`--through` looks ahead: a day that has passed is an error."""
        result = run("timeline", folder, "per-1", *NEBRASKA, "--on", "2026-06-30", "--through", "2026-06-29")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "through: 2026-06-29 lies before the day asked about, 2026-06-30" in result.stderr


class TestCaseload:
    """`peersupport caseload` prints places, or one caseload day by day."""

    def test_the_first_day_belongs_to_one_caseload(self, folder: Path) -> None:
        """`--since` without a peer provider would show nothing of these days: an error that says what to add."""
        result = run("caseload", folder, *NEBRASKA, "--on", "2026-06-30", "--since", "2026-06-01")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--since: shows the days of one caseload (name it with --peer-provider)" in result.stderr

    def test_a_first_day_after_the_day_asked_about(self, folder: Path) -> None:
        """It is told before anything else, also where no peer provider is named."""
        result = run("caseload", folder, *NEBRASKA, "--on", "2026-06-30", "--since", "2026-07-01")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--since: 2026-07-01 lies after the day asked about, 2026-06-30" in result.stderr

    def test_the_first_day_may_be_the_last(self, folder: Path) -> None:
        """From the day asked about on is that day alone."""
        more = ("--on", "2026-06-30", "--peer-provider", "ppr-1", "--since", "2026-06-30")
        assert "2026-06-30 2026-07-01 1 to 2" in lines(run("caseload", folder, *NEBRASKA, *more))

    def test_places_of_everybody(self, folder: Path) -> None:
        """Those with the most places first, how many there are now, and when there will be more."""
        found = lines(run("caseload", folder, *NEBRASKA, "--on", "2026-06-30"))
        assert found[1:] == [
            "Places on 2026-06-30",
            "peer provider now at most places next",
            "ppr-1 1 to 2 25 23 24 from 2026-07-15",
            "ppr-2 2 25 23 no end recorded",
        ]

    def test_one_caseload_over_time(self, folder: Path) -> None:
        """Each stretch of days with its count, then the days over, the places and the peak, and who counts."""
        more = ("--on", "2026-07-20", "--peer-provider", "ppr-1", "--since", "2026-06-01")
        found = lines(run("caseload", folder, *NEBRASKA, *more))
        assert found[1:] == [
            "ppr-1, caseload.maximum: at most 25",
            "from until before count over",
            "2026-06-01 2026-06-20 1",
            "2026-06-20 2026-07-15 1 to 2",
            "2026-07-15 2026-07-21 0 to 1",
            "Days over: 0, perhaps over: 0. Places: 23.",
            "Peak: 1 to 2, first from 2026-06-20.",
            f"Assumed: {load('nebraska-dbh')['caseload.maximum'].assumes}",
        ]

    def test_a_reading_is_told(self, folder: Path) -> None:
        """Where cover does not count, one is left; the reading is named."""
        more = ("--on", "2026-06-30", "--peer-provider", "ppr-1", "--reading", "cover does not count")
        found = lines(run("caseload", folder, *NEBRASKA, *more))
        assert "2026-06-30 2026-07-01 1" in found
        assert "Readings: cover does not count." in found

    def test_days_over_the_limit(self, folder: Path, tmp_path: Path) -> None:
        """How many are over, in the line of these days, and where a rule assumes nothing there is nothing said."""
        book = tmp_path / "small.toml"
        book.write_text(SMALL, encoding="utf-8")
        more = ("--rulebook", str(book), "--on", "2026-06-22", "--peer-provider", "ppr-1", "--since", "2026-06-19")
        sure = TABLES["assignment"].replace("2026-06-20,\n", "2026-06-20,none\n")
        (folder / "assignment.csv").write_text(sure, encoding="utf-8")
        found = lines(run("caseload", folder, *more))
        assert found[3:] == [
            "2026-06-19 2026-06-20 1",
            "2026-06-20 2026-06-23 2 1",
            "Days over: 3, perhaps over: 0. Places: 0.",
            "Peak: 2, first from 2026-06-20.",
        ]

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            (("--peer-provider", "ppr-9"), "peer_provider: there is no 'ppr-9'"),
            (
                ("--peer-provider", "ppr-1", "--since", "2026-07-01"),
                "--since: 2026-07-01 lies after the day asked about, 2026-06-30 (choose an earlier day)",
            ),
            (("--reading", "x"), "there is no reading 'x'"),
        ],
    )
    def test_what_is_wrong_with_the_question(self, folder: Path, more: tuple[str, ...], message: str) -> None:
        """A peer provider or a reading that is not there, days in the wrong order: exit code 2."""
        result = run("caseload", folder, *NEBRASKA, "--on", "2026-06-30", *more)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_assignments_that_were_not_given(self, folder: Path) -> None:
        """They are not taken for none."""
        (folder / "assignment.csv").unlink()
        result = run("caseload", folder, *NEBRASKA, "--on", "2026-06-30")
        assert result.exit_code == 2
        assert "was not given" in result.stderr

    def test_a_rulebook_without_a_caseload(self, folder: Path) -> None:
        """A program that sets no limit has no places to show."""
        result = run("caseload", folder, "--rulebook", "minnesota-peer2peer", "--on", "2026-06-30")
        assert result.exit_code == 2
        assert "has no limit on how many a peer provider serves at any time" in result.stderr


SMALL = """
rulebook = "small"
title = "An invented program"
jurisdiction = "invented"
version = "1"
verified = 2026-01-01
[sources.X]
title = "Handbook"
publisher = "nobody"
[[limit]]
id = "caseload.small"
about = "peer_provider"
says = "At most {at_most}."
source = "X: 1"
measure = "distinct(assignment.admission)"
window = "at any time"
at_most = 1
"""


class TestOutcomes:
    """`peersupport outcomes` prints what is attested, and contacts with crisis services."""

    def test_what_is_attested(self, folder: Path) -> None:
        """The latest review of each admission; three admissions have none."""
        result = run("outcomes", folder, "--on", "2026-06-30")
        assert lines(result)[1:3] == [
            "Attested in the latest review of each admission",
            "outcome yes no not recorded not reviewed",
        ]
        assert line(result, "the plan can be kept up") == "the plan can be kept up 0 1 0 3"
        assert line(result, "reaches resources") == "reaches resources 0 0 1 3"
        assert line(result, "formal supports are in place") == "formal supports are in place 1 0 0 3"

    def test_what_was_attested_by_a_past_day(self, folder: Path) -> None:
        """In May the first review was the latest, and two admissions had not begun."""
        result = run("outcomes", folder, "--on", "2026-05-31")
        assert line(result, "the plan can be kept up") == "the plan can be kept up 1 0 0 1"

    def test_contacts_with_the_caution(self, folder: Path) -> None:
        """Stretches of the length asked for, what has no day, and what is to be kept in mind."""
        found = lines(run("outcomes", folder, "--on", "2026-06-30", "--days", "60"))
        head = found.index("Contacts with crisis services, by days since admission")
        assert found[head + 1 :] == [
            "days services observed contacts",
            "0 to 59 1 1",
            "60 to 119 1 1",
            "Contacts in no whole stretch of a service: 0. Undated: 1.",
            "Services left out, because their days are not recorded, or lie before the contacts are complete: 1.",
            CAUTION,
        ]

    def test_contacts_in_no_whole_stretch(self, folder: Path) -> None:
        """Of one that the service has not lasted through yet nothing is counted, and how many they are is said."""
        result = run("outcomes", folder, "--on", "2026-04-30", "--days", "60")
        assert line(result, "0 to 59") == "0 to 59 1 1"
        assert line(result, "Contacts in no") == "Contacts in no whole stretch of a service: 1. Undated: 1."

    def test_a_stretch_is_ninety_days(self, folder: Path) -> None:
        """Unless said otherwise."""
        assert line(run("outcomes", folder, "--on", "2026-06-30"), "0 to 89") == "0 to 89 1 2"

    @pytest.mark.parametrize("table", ["outcome_review", "crisis_contact", "admission"])
    def test_a_table_that_was_not_given(self, folder: Path, table: str) -> None:
        """It is named, and the exit code is 2."""
        for name in (table, *(TABLES if table == "admission" else ())):
            if name not in {"outcome_review", "crisis_contact"} or name == table:
                (folder / f"{name}.csv").unlink(missing_ok=True)
        result = run("outcomes", folder, "--on", "2026-06-30")
        assert result.exit_code == 2
        assert f"the table {table}: was not given" in result.stderr

    @pytest.mark.parametrize(
        ("more", "message"),
        [((), "Missing option '--on'"), (("--on", "2026-06-30", "--days", "0"), "0 is not in the range")],
    )
    def test_what_is_wrong_with_the_question(self, folder: Path, more: tuple[str, ...], message: str) -> None:
        """No day, and a stretch without a length: exit code 2."""
        result = run("outcomes", folder, *more)
        assert result.exit_code == 2
        assert message in result.stderr

    def test_a_folder_that_is_not_there(self, folder: Path) -> None:
        """It is named."""
        result = run("outcomes", folder / "nothing", "--on", "2026-06-30")
        assert result.exit_code == 2
        assert "is not a folder of tables" in result.stderr


class TestCriticalAndNotKnown:
    """What is critical and not known stands in the work queue, because something may have to be done at once."""

    asked = (*NEBRASKA, "--on", "2026-06-30")

    def section(self, result: Result) -> list[str]:
        """The lines of the section, with its heading."""
        found = [re.sub(r" +", " ", each).strip() for each in result.stdout.splitlines()]
        start = next((n for n, each in enumerate(found) if each.startswith("Critical and")), len(found))
        end = next((n for n in range(start, len(found)) if not found[n]), len(found))
        return found[start:end]

    def test_who_has_to_find_out_what(self, folder: Path) -> None:
        """How many, and of each who answers for it, the record, the person, the rule and what is missing."""
        missing = "screening scr-1, imminent_danger; screening scr-1, screened_on; the table safety_action"
        assert self.section(run("audit", folder, *self.asked)) == [
            "Critical and not known: 1",
            "responsible record person rule missing",
            f"ppr-1 screening scr-1 per-1 screening.danger_answered {missing}",
        ]

    def test_it_stands_between_what_is_overdue_and_what_falls_due(self, folder: Path) -> None:
        """Before what is not due yet."""
        text = run("audit", folder, *self.asked).stdout
        assert text.index("Overdue: ") < text.index("Critical and not known: ") < text.index("Due in the next ")

    def test_it_is_for_whoever_is_responsible(self, folder: Path) -> None:
        """In the queue of another peer provider it does not stand."""
        assert self.section(run("audit", folder, *self.asked, "--responsible", "ppr-1"))
        assert not self.section(run("audit", folder, *self.asked, "--responsible", "ppr-2"))

    def test_without_ids_only_how_many_is_told(self, folder: Path) -> None:
        """The lines would be nothing but ids."""
        redacted = run("audit", folder, *self.asked, "--redact")
        assert self.section(redacted) == ["Critical and not known: 1"]

    def test_what_is_known_is_not_in_it(self, folder: Path) -> None:
        """Where no danger was found the section is not there."""
        text = TABLES["screening"].replace("scr-1,adm-1,,", "scr-1,adm-1,,no")
        (folder / "screening.csv").write_text(text, encoding="utf-8")
        assert not self.section(run("audit", folder, *self.asked))


class TestResponsible:
    """`peersupport audit --responsible` prints what one peer provider has to do, and nothing else."""

    asked = (*NEBRASKA, "--on", "2026-06-30")

    def heads(self, result: Result) -> Sequence[str]:
        """The headings of a report: lines after an empty one."""
        found = result.stdout.splitlines()
        return [found[n + 1] for n, each in enumerate(found[:-1]) if not each]

    def test_the_work_queue_and_nothing_else(self, folder: Path) -> None:
        """What is overdue, what is critical and not known, and what falls due within the days asked for."""
        result = run("audit", folder, *self.asked, "--responsible", "ppr-1", "--days", "60")
        assert result.stdout.startswith("Peer Support: service definition and utilization guidelines")
        assert [each.split(":")[0] for each in self.heads(result)] == [
            "Overdue",
            "Critical and not known",
            "Due in the next 60 days",
        ]
        rows = [each for each in result.stdout.splitlines() if "admission adm-" in each]
        assert rows
        assert all("ppr-1" in each for each in rows)
        assert "ppr-2" not in result.stdout

    def test_the_rest_is_somebody_elses(self, folder: Path) -> None:
        """Together they have what the whole queue has, but for what is the program's, or of whom it is not recorded."""
        whole = run("audit", folder, *self.asked)
        parts = [run("audit", folder, *self.asked, "--responsible", each) for each in ("ppr-1", "ppr-2")]
        overdue = [re.findall(r"Overdue: (\d+)", each.stdout) for each in (whole, *parts)]
        own = len(
            [each for each in whole.stdout.splitlines() if re.match(r" *\d+ +\S+ +(program|not recorded) ", each)]
        )
        assert int(overdue[0][0]) == int(overdue[1][0]) + int(overdue[2][0]) + own

    def test_the_table_has_the_same_findings(self, folder: Path) -> None:
        """As CSV all findings are those that are the peer provider's to answer for."""
        result = run("audit", folder, *self.asked, "--responsible", "ppr-1", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert {row["responsible"] for row in rows} == {"ppr-1"}

    @pytest.mark.parametrize(("name", "code"), [("ppr-1", 1), ("ppr-2", 0)])
    def test_the_exit_code_is_that_of_what_is_shown(self, folder: Path, name: str, code: int) -> None:
        """Not met of the one, and of the other only what is not known."""
        more = ("--responsible", name, "--rule", "plan.developed")
        assert run("audit", folder, *self.asked, *more).exit_code == code

    @pytest.mark.parametrize("name", ["ppr-9", "per-1"])
    def test_somebody_who_is_not_there(self, folder: Path, name: str) -> None:
        """Who is no peer provider is an error with the nearest who is."""
        result = run("audit", folder, *self.asked, "--responsible", name)
        assert result.exit_code == 2
        assert f"--responsible: there is no peer provider {name!r}" in result.stderr
        assert re.search("ppr-[12]", result.stderr)

    def test_a_peer_provider_who_has_nothing_to_do(self, folder: Path) -> None:
        """Whom nobody is assigned to has an empty queue, which is no error."""
        with (folder / "peer_provider.csv").open("a", encoding="utf-8") as table:
            table.write("ppr-3,peer\n")
        result = run("audit", folder, *self.asked, "--responsible", "ppr-3")
        assert result.exit_code == 0
        assert self.heads(result) == ["Overdue: 0", "Due in the next 14 days: 0"]

    def test_nobody_but_the_program_itself(self, folder: Path) -> None:
        """The empty name is the program's own work: that for whom no assignment runs any more."""
        ended = TABLES["assignment"].replace("2026-07-15", "2026-06-15")
        (folder / "assignment.csv").write_text(ended, encoding="utf-8")
        result = run("audit", folder, *self.asked, "--responsible", "")
        assert re.search(r"Overdue: [1-9]", result.stdout)
        assert "ppr-" not in result.stdout

    def test_redacted_it_still_has_its_lines(self, folder: Path) -> None:
        """Without ids and days the counts of what is overdue stay those of the peer provider."""
        asked = (*self.asked, "--responsible", "ppr-1")
        plain, redacted = run("audit", folder, *asked), run("audit", folder, *asked, "--redact")
        assert re.findall(r"Overdue: \d+", plain.stdout) == re.findall(r"Overdue: \d+", redacted.stdout)

    def test_with_a_verdict_its_findings_are_listed(self, folder: Path) -> None:
        """Where only some verdicts are asked for, the findings of the peer provider are told one by one."""
        more = ("--responsible", "ppr-1", "--verdict", "unknown")
        assert "adm-1" in run("audit", folder, *self.asked, *more).stdout


def test_the_kit_and_the_cases_are_printed() -> None:
    """`check --all` prints every check, `--mutants` what nothing notices, and `cases` a sheet in each form."""
    told = CliRunner().invoke(cli, ["check", "peer-group-workbook", "--all", "--mutants"])
    assert "passed  order does not matter" in told.stdout
    assert "noticed by the generated cases: 119" in told.stdout
    for form, start in (("markdown", "# Cases to review"), ("csv", "rule,"), ("json", "["), ("toml", "{ given")):
        args = ["cases", "peer-group-workbook", "--rule", "edition.aspects", "--format", form]
        assert start in CliRunner().invoke(cli, args).stdout
