"""The command line: audits, single records, one person, sums over a program, rulebooks, and the writing of one.

Exit codes: 0 when no `must` is not met, 1 when one is (or a checked file is wrong), 2 when an input could not be read.
"""

from __future__ import annotations

import click

from peersupport.cli import auditing, comparing, matching, measures, people, rulebooks, sums, writing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peersupport")
def cli() -> None:
    """Rules of peer-support programs, judged without guessing."""


for _command in (
    auditing.audit_command,
    auditing.assess_command,
    people.timeline_command,
    people.referral_command,
    people.schedule_command,
    sums.caseload_command,
    matching.match_command,
    sums.outcomes_command,
    measures.measure_command,
    sums.readiness_command,
    rulebooks.rules_command,
    sums.questions_command,
    rulebooks.check_command,
    rulebooks.cases_command,
    comparing.compare_command,
    comparing.impact_command,
    writing.new_command,
    writing.schema_command,
):
    cli.add_command(_command)
