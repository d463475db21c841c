"""Several versions of one rulebook: which days each has, and that the past is judged by the rules of its day.

The program is invented. Each version of it is written by `version`, so a test shows nothing but what it is about.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import attrs
import pytest
from click.testing import CliRunner

import peersupport
from peersupport import (
    NONE,
    Admission,
    Assignment,
    InputError,
    PeerProvider,
    Record,
    Rulebook,
    Verdict,
    Versions,
    audit,
    from_records,
    judge_versions,
    loads,
)
from peersupport.auditing import Audit
from peersupport.cli import cli
from peersupport.readers.editions import Editions
from peersupport.readers.judge import Unsupported
from peersupport.rules import versions
from peersupport.rules.findings import Finding, Reason
from peersupport.rules.forms import InForce

MET, NOT_MET, PENDING = Verdict.MET, Verdict.NOT_MET, Verdict.PENDING
NOT_APPLICABLE = Verdict.NOT_APPLICABLE
NEW_YEAR: Final = dt.date(2027, 1, 1)
EVE: Final = dt.date(2026, 12, 31)
OLD: Final = "in_force = { until = 2027-01-01 }"
NEW: Final = "in_force = { from = 2027-01-01 }"
HEAD: Final = """rulebook = "pier-house"
title = "Pier House (invented)"
version = "{version}"
{more}
[sources.PH]
title = "Handbook of Pier House (invented)"
[kinds.host]
birth_date = "date"
[kinds.stay]
span = {{ from = "arrived_on", until = "left_on" }}
dated_by = "arrived_on"
arrived_on = {{ type = "date", event = "arrives" }}
left_on = "date or none"
wants_to = "bool"
seen_at = "instant"
[kinds.pairing]
span = {{ from = "starts_on", until = "ends_on" }}
dated_by = "starts_on"
host = "-> host"
stay = "-> stay"
starts_on = "date"
ends_on = {{ type = "date or none", planned = true }}
[kinds.talk]
dated_by = "held_on"
host = "-> host"
stay = "-> stay"
held_on = {{ type = "date or none", event = "they talk" }}
"""
WISH: Final = 'holds = "wants_to"'
PLAN: Final = 'after = "arrived_on"\nwithin = "30 days"\ndone = "first(talk.held_on)"'


def rule(form: str, fields: str, about: str = "stay", id_: str = "stay.rule") -> str:
    """One rule of a version."""
    return f'[[{form}]]\nid = "{id_}"\nabout = "{about}"\nsays = "A rule."\nsource = "PH: 1"\n{fields}\n'


def version(name: str, more: str, *rules: str) -> Rulebook:
    """A version of the program with some rules."""
    return loads(HEAD.format(version=name, more=more) + "".join(rules), file=f"pier-house@{name}.toml")


def two(old: str, new: str) -> Versions:
    """Version 1 until the end of 2026 with one rule, and version 2 from then on with another."""
    return versions.of(version("1", OLD, old), version("2", NEW, new))


def make(of: Versions, kind: str, id_: str, **facts: object) -> Record:
    """A record of a kind that all versions share."""
    return of.vocabulary[kind].record(id=id_, **facts)


def told(
    of: Versions,
    record: Record,
    *others: Record,
    on: dt.date,
    since: dt.date | None = None,
    readings: Iterable[str] = (),
    name: str = "stay.rule",
) -> list[Finding]:
    """The findings of the rule for a record among others."""
    tables = from_records([record, *others], vocabulary=of.vocabulary, empty=["talk", "pairing", "stay", "host"])
    return judge_versions(of, name, record, on=on, tables=tables, since=since, readings=readings)


def short(found: Iterable[Finding]) -> list[tuple[str, Verdict]]:
    """The version and verdict of each finding."""
    return [(each.rulebook.rpartition("@")[2], each.verdict) for each in found]


class TestStory50:
    """Story 50: a second version sets the caseload at 20 from 2027-01-01.

    What was on 2026-12-31 is judged by version 1, what is on 2027-01-01 by version 2, and the result says so.
    """

    SECOND: Final = """rulebook = "nebraska-dbh"
title = "The same with a smaller caseload (invented)"
version = "2"
in_force = { from = 2027-01-01 }
succeeds = "1"
extends = "nebraska-dbh"
[sources.X]
title = "An order that does not exist"
[[limit]]
id = "caseload.maximum"
replaces = "caseload.maximum"
about = "peer_provider"
says = "At most {at_most} people at a time."
measure = "distinct(assignment.admission)"
window = "at any time"
at_most = 20
source = "X: 1"
"""

    def audit(self, on: dt.date, people: int) -> Audit:
        """The audit of one peer provider with so many people."""
        first = peersupport.load("nebraska-dbh")
        both = versions.of(loads(self.SECOND), first)
        start = dt.date(2026, 6, 1)
        records: list[Record] = [PeerProvider(id="p1")]
        for number in range(people):
            records.append(Admission(id=f"a{number}", admitted_on=start, ended_on=NONE))
            one = Assignment(id=f"s{number}", peer_provider="p1", admission=f"a{number}", starts_on=start, ends_on=NONE)
            records.append(one)
        roster = from_records(records, vocabulary=both.vocabulary)
        return audit(both, roster, on=on, rules=["caseload.maximum"])

    @pytest.mark.parametrize(("people", "before", "after"), [(20, MET, MET), (21, MET, NOT_MET), (25, MET, NOT_MET)])
    def test_each_day_is_judged_by_its_version(self, people: int, before: Verdict, after: Verdict) -> None:
        """On the last day of the year 25 are allowed, on the next day 20, and the finding names the version."""
        (old,) = self.audit(EVE, people).findings
        assert (old.rulebook, old.verdict, old.at_most) == ("nebraska-dbh@1", before, 25)
        found = {each.rulebook: each for each in self.audit(NEW_YEAR, people).findings}
        assert found["nebraska-dbh@1"].verdict is before
        assert (found["nebraska-dbh@2"].verdict, found["nebraska-dbh@2"].at_most) == (after, 20)

    def test_days_before_are_not_held_against_the_new_number(self) -> None:
        """A month later the stretch over the new limit begins with the new version and not with the first person."""
        over = [each for each in self.audit(dt.date(2027, 1, 31), 21).findings if each.verdict is NOT_MET]
        assert [(each.rulebook, each.occurrence, each.days) for each in over] == [("nebraska-dbh@2", NEW_YEAR, 31)]

    def test_the_receipt_says_which_versions_there_were(self) -> None:
        """The receipt has every version with its days, and the places left are those of the version of the day."""
        made = self.audit(NEW_YEAR, 3)
        assert made.receipt.version == "1 (until 2026-12-31), 2 (from 2027-01-01 on)"
        assert [(load.at_most, load.places) for load in made.loads] == [(20, 17)]
        assert [(load.at_most, load.places) for load in self.audit(EVE, 3).loads] == [(25, 22)]
        assert made.rulebook.version == "2"
        assert made.counts()["caseload.maximum"][MET] == 2


class TestDays:
    """Which version is in force on a day."""

    def test_each_day_has_its_version(self) -> None:
        """The last day of the one is the day before the first of the other."""
        both = two("", "")
        assert [both.on(day).version for day in (dt.date(1999, 1, 1), EVE, NEW_YEAR)] == ["1", "1", "2"]
        assert [book.version for book in both] == ["1", "2"]
        assert len(both) == 2
        assert both["2"].in_force == InForce(NEW_YEAR)

    def test_the_order_is_that_of_the_days(self) -> None:
        """Versions may be given in any order."""
        assert [each.version for each in versions.of(version("2", NEW), version("1", OLD))] == ["1", "2"]

    def test_a_version_that_is_not_there_has_the_near_one(self) -> None:
        """A version is named as its file names it."""
        with pytest.raises(KeyError, match=r"pier-house has no version '3' \(known here: 1, 2\)"):
            two("", "")["3"]

    @pytest.mark.parametrize(
        ("day", "mend"),
        [
            (dt.date(2025, 12, 31), "(version a will be, from 2026-01-01 to 2026-06-30)"),
            (dt.date(2026, 7, 1), "(version a was, from 2026-01-01 to 2026-06-30; version b will be, from 2027"),
            (dt.date(2028, 1, 1), "(version b was, from 2027-01-01 to 2027-12-31)"),
        ],
    )
    def test_a_day_outside_is_not_in_force_then(self, day: dt.date, mend: str) -> None:
        """It is an error that names the version before and the one behind, never the nearest version."""
        both = versions.of(
            version("a", "in_force = { from = 2026-01-01, until = 2026-07-01 }"),
            version("b", "in_force = { from = 2027-01-01, until = 2028-01-01 }"),
        )
        assert both.at(day) == ()
        with pytest.raises(InputError) as caught:
            both.on(day)
        assert f"rulebook pier-house: is not in force on {day} {mend}" in str(caught.value)

    def test_a_gap_is_told(self) -> None:
        """The days between two versions are told, unless the later one says why there were none."""
        old = version("1", "in_force = { until = 2026-10-01 }")
        both = versions.of(old, version("2", NEW))
        assert both.between == (InForce(dt.date(2026, 10, 1), NEW_YEAR),)
        assert both.notes == ("no version of pier-house is in force from 2026-10-01 to 2026-12-31",)
        assert audit(both, from_records([], vocabulary=both.vocabulary), on=EVE).notes == both.notes
        assert versions.of(old, version("2", f'{NEW}\nlapse = "It was made again."')).notes == ()

    def test_the_edition_says_all_days(self) -> None:
        """A receipt can be made again from it."""
        assert versions.of(version("1", "")).edition == "1 (on every day)"
        assert two("", "").edition == "1 (until 2026-12-31), 2 (from 2027-01-01 on)"
        assert two("", "").digest == two("", "").digest != versions.of(version("1", "")).digest


class TestFaults:
    """What does not fit together is refused with the names of the files."""

    def refused(self, *books: Rulebook) -> list[str]:
        with pytest.raises(InputError) as caught:
            versions.of(*books)
        return [str(problem) for problem in caught.value.problems]

    def test_none_at_all(self) -> None:
        """There is at least one."""
        assert self.refused() == ["versions: there are none (give at least one rulebook)"]

    def test_two_names_and_one_version_twice(self) -> None:
        """The versions of one rulebook have its name, and each its own version."""
        other = attrs.evolve(version("1", NEW), name="other", file="other.toml")
        assert self.refused(version("1", OLD), other) == [
            "other.toml: is the rulebook other, and pier-house@1.toml is pier-house",
            "other.toml: is version 1 as pier-house@1.toml is (give it another `version`)",
        ]

    def test_days_of_two_versions(self) -> None:
        """Both files and the days are named."""
        (problem,) = self.refused(version("1", "in_force = { until = 2027-03-01 }"), version("2", NEW))
        days = "pier-house@2.toml: is in force with pier-house@1.toml, version 1, from 2027-01-01 to 2027-02-28"
        assert problem == f'{days} (bring their days apart, or write beside = "1" where both hold for a while)'

    def test_an_open_end(self) -> None:
        """A version without an end runs on until one says that it succeeds it."""
        (problem,) = self.refused(version("1", ""), version("2", NEW))
        assert "pier-house@1.toml, version 1, from 2027-01-01 on" in problem
        assert 'succeeds = "1" to end it on the first day here' in problem
        both = versions.of(version("1", ""), version("2", f'{NEW}\nsucceeds = "1"'))
        assert both["1"].in_force == InForce(None, NEW_YEAR)

    def test_an_end_of_its_own_is_not_moved(self) -> None:
        """A version that states its end keeps it, whatever succeeds it."""
        late = version("1", "in_force = { until = 2027-03-01 }")
        assert len(self.refused(late, version("2", f'{NEW}\nsucceeds = "1"'))) == 1

    @pytest.mark.parametrize("key", ["succeeds", "beside"])
    def test_the_version_before_is_the_one_that_is_named(self, key: str) -> None:
        """A successor names the version before it."""
        assert self.refused(version("1", OLD), version("2", f'{NEW}\n{key} = "0"')) == [
            f"pier-house@2.toml, {key}: is '0', and the version before it is 1 (write {key} = \"1\")"
        ]

    def test_three_versions_share_no_day(self) -> None:
        """Only versions that follow upon one another hold beside one another."""
        last = version("3", 'in_force = { from = 2028-01-01 }\nbeside = "2"')
        middle = version("2", 'in_force = { from = 2027-01-01, until = 2030-01-01 }\nbeside = "1"')
        (problem,) = self.refused(version("1", "in_force = { until = 2029-01-01 }"), middle, last)
        assert problem.startswith("pier-house@3.toml: is in force with pier-house@1.toml")

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", NEW),
            ("in_force = { until = 2028-01-01 }", "in_force = { from = 2027-01-01, until = 2027-06-01 }"),
            ("in_force = { from = 2027-01-01, until = 2028-01-01 }", NEW),
        ],
    )
    def test_of_two_that_coexist_each_has_its_own_days(self, old: str, new: str) -> None:
        """The earlier one begins first and ends first."""
        (problem,) = self.refused(version("1", old), version("2", f'{new}\nbeside = "1"'))
        assert problem.endswith("(version 1 begins first and ends first, so that each has its own days)")

    @pytest.mark.parametrize("key", ["succeeds", "beside", "lapse"])
    def test_what_is_said_of_the_version_before_needs_a_first_day(self, key: str) -> None:
        """Without a first day there is no version before."""
        with pytest.raises(InputError, match=rf"toml, {key}: stands in a version without a first day \(write in_force"):
            version("2", f'{key} = "1"')

    def test_a_version_ends_or_runs_on(self) -> None:
        """One word for the version before."""
        with pytest.raises(InputError, match="beside: stands next to `succeeds`"):
            version("2", f'{NEW}\nbeside = "1"\nsucceeds = "1"')

    def test_facts_that_no_version_has_all_of(self) -> None:
        """One roster serves all versions, so one of them, whichever, has the facts of all."""
        old = loads(HEAD.format(version="1", more=OLD).replace('wants_to = "bool"', 'wants_to = "bool"\nbed = "bool"'))
        assert "bed" in versions.of(old, version("2", NEW)).vocabulary["stay"].facts
        other = loads(
            HEAD.format(version="2", more=NEW).replace('wants_to = "bool"', 'wants_to = "bool"\nsofa = "bool"')
        )
        (problem,) = self.refused(old, other)
        assert problem.startswith("rulebook, kinds: lacks what other versions have: stay.bed (declare it here too")


class TestTogether:
    """A successor that holds beside the version before it for a while."""

    @pytest.fixture
    def both(self) -> Versions:
        return versions.of(
            version("1", "in_force = { until = 2027-07-01 }", rule("criterion", WISH)),
            version("2", f'{NEW}\nbeside = "1"', rule("criterion", 'holds = "not wants_to"')),
        )

    def test_both_are_in_force(self, both: Versions) -> None:
        """Which of them is asked is nobody's to guess."""
        assert both.together == (InForce(NEW_YEAR, dt.date(2027, 7, 1)),)
        assert [book.version for book in both.at(NEW_YEAR)] == ["1", "2"]
        with pytest.raises(InputError, match=r"the versions 1 and 2 are both in force on 2027-01-01 \(choose one"):
            both.on(NEW_YEAR)
        with pytest.raises(InputError, match="two versions are in force from 2027-01-01"):
            Editions(both)

    def test_one_is_preferred(self, both: Versions) -> None:
        """The other then has the days that it does not share."""
        june = dt.date(2027, 6, 30)
        old, new = both.preferring("1"), both.preferring("2")
        assert [old.on(day).version for day in (EVE, june, dt.date(2027, 7, 1))] == ["1", "1", "2"]
        assert [new.on(day).version for day in (EVE, NEW_YEAR, june)] == ["1", "2", "2"]
        stay = make(both, "stay", "s", arrived_on=june, wants_to=True)
        assert short(told(old, stay, on=june)) == [("1", MET)]
        assert short(told(new, stay, on=june)) == [("2", NOT_MET)]

    def test_a_version_that_is_apart_keeps_its_days(self) -> None:
        """Only shared days are given away."""
        some = versions.of(version("1", OLD), version("2", NEW + '\nbeside = "1"'))
        for name in ("1", "2"):
            assert some.preferring(name).edition == some.edition


class TestRecords:
    """A record is judged by the version of its own day, or else of the day of the judgement."""

    BOTH = two(rule("criterion", WISH), rule("criterion", 'holds = "not wants_to"'))

    @pytest.mark.parametrize(("arrived", "name", "verdict"), [(EVE, "1", MET), (NEW_YEAR, "2", NOT_MET)])
    def test_its_own_day_decides(self, arrived: dt.date, name: str, verdict: Verdict) -> None:
        """However much later it is judged."""
        stay = make(self.BOTH, "stay", "s", arrived_on=arrived, wants_to=True)
        assert short(told(self.BOTH, stay, on=dt.date(2029, 1, 1))) == [(name, verdict)]

    def test_without_a_day_it_is_the_day_of_the_judgement(self) -> None:
        """A record whose day is not recorded, or whose kind has none, is judged by today's rules."""
        stay = make(self.BOTH, "stay", "s", wants_to=True)
        assert [short(told(self.BOTH, stay, on=day)) for day in (EVE, NEW_YEAR)] == [[("1", MET)], [("2", NOT_MET)]]
        books = two(*(rule("criterion", f'holds = "{text}"', "host") for text in ("known(birth_date)",) * 2))
        host = make(books, "host", "h")
        assert [short(told(books, host, on=day)) for day in (EVE, NEW_YEAR)] == [[("1", NOT_MET)], [("2", NOT_MET)]]

    def test_outside_of_all_versions_it_was_not_in_force(self) -> None:
        """A record of a day without a version is not applicable, and the reason says why."""
        both = versions.of(
            version("1", "in_force = { until = 2026-06-01 }", rule("criterion", WISH)),
            version("2", NEW, rule("criterion", WISH)),
        )
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 7, 1), wants_to=True)
        (finding,) = told(both, stay, on=dt.date(2027, 7, 1))
        assert (finding.verdict, finding.reason) == (NOT_APPLICABLE, Reason.NOT_IN_FORCE)

    def test_a_rule_that_only_one_version_has(self) -> None:
        """It says nothing of the days of the other, and the audit counts it all the same."""
        both = two(rule("criterion", WISH), rule("criterion", WISH, id_="stay.other"))
        stay = make(both, "stay", "s", arrived_on=EVE, wants_to=False)
        (finding,) = told(both, stay, on=NEW_YEAR, name="stay.other")
        assert (finding.rulebook, finding.reason) == ("pier-house@2", Reason.NOT_IN_FORCE)
        made = audit(both, from_records([stay], vocabulary=both.vocabulary), on=NEW_YEAR)
        assert [(each.rule, each.verdict) for each in made.findings] == [
            ("stay.other", NOT_APPLICABLE),
            ("stay.rule", NOT_MET),
        ]
        assert made.counts()["stay.rule"][NOT_MET] == 1
        before = audit(both, from_records([stay], vocabulary=both.vocabulary), on=EVE)
        assert [rule.id for rule in before.rulebook] == ["stay.rule", "stay.other"]

    def test_each_version_asks_its_own_rules_and_definitions(self) -> None:
        """What a rule asks for is what its version says, and whether that was in force is not asked again."""
        long = rule("definition", 'is = "arrived_on + days(30)"', id_="stay.long")
        short_ = rule("definition", 'is = "arrived_on + days(10)"', id_="stay.long")
        last = rule("criterion", "holds = \"met('stay.ends')\"")
        ends = rule("criterion", 'holds = "left_on <= long"', id_="stay.ends")
        both = versions.of(version("1", OLD, long, ends, last), version("2", NEW, short_, ends, last))
        for arrived, verdict in ((dt.date(2026, 6, 1), MET), (dt.date(2027, 6, 1), NOT_MET)):
            stay = make(both, "stay", "s", arrived_on=arrived, left_on=arrived + dt.timedelta(days=20))
            assert [each.verdict for each in told(both, stay, on=dt.date(2028, 1, 1))] == [verdict]

    def test_a_reading_is_chosen_where_a_version_has_it(self) -> None:
        """A name that no version has is refused."""
        other = f"{WISH}\nreadings.\"the other way\" = {{ holds = 'not wants_to' }}"
        both = two(rule("criterion", WISH), rule("criterion", other))
        for arrived, verdict in ((EVE, MET), (NEW_YEAR, NOT_MET)):
            stay = make(both, "stay", "s", arrived_on=arrived, wants_to=True)
            assert [f.verdict for f in told(both, stay, on=NEW_YEAR, readings=["the other way"])] == [verdict]
        with pytest.raises(InputError, match=r"there is no reading 'another' \("):
            Editions(both, ["another"])

    def test_a_rule_about_another_kind_is_refused(self) -> None:
        """A record of a kind that no version of the rule judges."""
        with pytest.raises(KeyError, match=r"pier-house has a rule 'stay\.rule' about host"):
            told(self.BOTH, make(self.BOTH, "host", "h"), on=EVE)

    def test_a_rule_that_cannot_be_judged_is_refused_before_any_record(self) -> None:
        """Also where only one of the versions has it."""
        hours = rule("limit", 'measure = "count(talk)"\nwindow = "each 24 hours from seen_at"\nat_most = 1')
        with pytest.raises(Unsupported, match="a window in hours"):
            audit(two(rule("criterion", WISH), hours), from_records([]), on=EVE)


class TestOnce:
    """A deadline that is due once is judged by the version of its due day."""

    def both(self, old: int, new: int) -> Versions:
        return two(*(rule("deadline", PLAN.replace("30", str(days))) for days in (old, new)))

    @pytest.mark.parametrize(
        ("arrived", "name", "due"),
        [
            (dt.date(2026, 12, 1), "1", dt.date(2026, 12, 31)),
            (dt.date(2026, 12, 2), "2", dt.date(2027, 1, 1)),
            (NEW_YEAR, "2", dt.date(2027, 1, 31)),
        ],
    )
    def test_the_due_day_decides(self, arrived: dt.date, name: str, due: dt.date) -> None:
        """Where both say the same the version of the due day says it."""
        stay = make(self.both(30, 30), "stay", "s", arrived_on=arrived, left_on=NONE)
        (finding,) = told(self.both(30, 30), stay, on=dt.date(2027, 3, 1))
        assert (finding.rulebook, finding.due) == (f"pier-house@{name}", due)

    def test_a_due_day_that_was_fixed_stays(self) -> None:
        """Ten days under version 1 are over in December; that version 2 gives thirty does not open them again."""
        both = self.both(10, 30)
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 12, 8), left_on=NONE)
        (finding,) = told(both, stay, on=NEW_YEAR)
        assert (finding.rulebook, finding.verdict, finding.due) == (
            "pier-house@1",
            NOT_MET,
            dt.date(2026, 12, 18),
        )

    def test_a_shorter_time_is_not_over_before_it_begins(self) -> None:
        """Thirty days run on into version 2, which would have had them over in December: they are owed as they were."""
        both = self.both(30, 10)
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 12, 8), left_on=NONE)
        (finding,) = told(both, stay, on=NEW_YEAR)
        assert (finding.rulebook, finding.verdict, finding.due) == ("pier-house@1", PENDING, dt.date(2027, 1, 7))

    def test_what_fell_due_between_two_versions_is_not_owed(self) -> None:
        """On a day without a version nothing falls due."""
        both = versions.of(
            version("1", "in_force = { until = 2026-06-01 }", rule("deadline", PLAN)),
            version("2", NEW, rule("deadline", PLAN)),
        )
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 5, 20), left_on=NONE)
        (finding,) = told(both, stay, on=dt.date(2027, 7, 1))
        assert (finding.verdict, finding.reason, finding.due) == (NOT_APPLICABLE, Reason.NOT_IN_FORCE, None)

    def test_what_a_version_left_out_is_not_owed_any_more(self) -> None:
        """A deadline of version 1 that falls due in the time of version 2, which has no such rule."""
        both = two(rule("deadline", PLAN), rule("criterion", WISH, id_="stay.other"))
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 12, 20), left_on=NONE)
        assert [each.reason for each in told(both, stay, on=dt.date(2027, 7, 1))] == [Reason.NOT_IN_FORCE]

    def test_a_version_that_did_not_apply_leaves_it_to_the_one_of_the_due_day(self) -> None:
        """It asked for nothing, so it fixed no day."""
        both = two(rule("deadline", f'{PLAN}\nwhen = "not wants_to"'), rule("deadline", PLAN))
        stay = make(both, "stay", "s", arrived_on=dt.date(2026, 12, 20), left_on=NONE, wants_to=True)
        (finding,) = told(both, stay, on=dt.date(2027, 7, 1))
        assert (finding.rulebook, finding.verdict) == ("pier-house@2", NOT_MET)


class TestAgain:
    """Each occurrence of a deadline that repeats is judged by the version of its due day."""

    AGAIN: Final = 'after = "arrived_on"\nagain = "{} days"\ncounted = "{}"\ndone = "each(talk.held_on)"'

    def both(self, old: int, new: int, counted: str) -> Versions:
        return two(*(rule("deadline", self.AGAIN.format(days, counted)) for days in (old, new)))

    def found(self, both: Versions, arrived: dt.date, *held: dt.date, on: dt.date) -> list[tuple[object, ...]]:
        stay = make(both, "stay", "s", arrived_on=arrived, left_on=NONE)
        talks = [make(both, "talk", f"t{day}", stay="s", held_on=day) for day in held]
        some = told(both, stay, *talks, on=on)
        return [(each.rulebook[-1], each.occurrence, each.due, each.verdict) for each in some]

    def test_a_rolling_one_goes_on_under_the_new_version(self) -> None:
        """Every sixty days until the end of 2026, every thirty from then on, from the last one done."""
        november, january = dt.date(2026, 11, 20), dt.date(2027, 1, 10)
        both = self.both(60, 30, "rolling")
        assert self.found(both, dt.date(2026, 10, 1), november, january, on=dt.date(2027, 1, 15)) == [
            ("1", 1, dt.date(2026, 11, 30), MET),
            # due on 19 January by version 1, on 20 December by version 2, which was not in force then
            ("1", 2, dt.date(2027, 1, 19), MET),
            ("2", 3, dt.date(2027, 2, 9), PENDING),
        ]

    def test_a_grid_is_that_of_each_version_on_its_days(self) -> None:
        """The cells of a grid are other ones in each version: those that fall due in its time are its own."""
        both = self.both(60, 30, "grid")
        assert self.found(both, dt.date(2026, 10, 1), on=dt.date(2027, 1, 15)) == [
            ("1", 1, dt.date(2026, 11, 30), NOT_MET),
            ("2", 4, dt.date(2027, 1, 29), PENDING),
        ]

    def test_a_grid_of_which_nobody_s_day_has_come(self) -> None:
        """The first cell is the one that was fixed first."""
        both = self.both(60, 20, "grid")
        assert self.found(both, dt.date(2026, 12, 5), on=dt.date(2026, 12, 20)) == [
            ("1", 1, dt.date(2027, 2, 3), PENDING)
        ]


class TestOverTime:
    """A limit over time: each day, or each window by its last day, by the version that was in force."""

    def pairs(self, both: Versions, *days: tuple[str, str]) -> list[Record]:
        records: list[Record] = [make(both, "host", "h")]
        for number, (start, end) in enumerate(days):
            last = NONE if end == "none" else dt.date.fromisoformat(end)
            first = dt.date.fromisoformat(start)
            records.append(make(both, "stay", f"s{number}", arrived_on=first, left_on=last))
            made = make(both, "pairing", f"p{number}", host="h", stay=f"s{number}", starts_on=first, ends_on=last)
            records.append(made)
        return records

    def talks(self, both: Versions, *days: str) -> list[Record]:
        held = [dt.date.fromisoformat(day) for day in days]
        talks = [make(both, "talk", f"t{number}", host="h", held_on=day) for number, day in enumerate(held)]
        return [make(both, "host", "h"), *talks]

    def both(self, old: str, new: str, window: str, measure: str = "count(talk)") -> Versions:
        fields = f'measure = "{measure}"\nwindow = "{window}"\n'
        return two(*(rule("limit", fields + bounds, "host") for bounds in (old, new)))

    def found(self, both: Versions, records: list[Record], on: str, since: str = "") -> list[tuple[object, ...]]:
        day = dt.date.fromisoformat(on)
        first = dt.date.fromisoformat(since) if since else None
        some = told(both, *records, on=day, since=first)
        assert {each.on for each in some} == {day}
        return [(each.rulebook[-1], str(each.occurrence), each.days, each.verdict) for each in some]

    def test_at_any_time_each_day_has_its_bound(self) -> None:
        """Three at a time were allowed in December and two are in January."""
        both = self.both("at_most = 3", "at_most = 2", "at any time", "count(pairing)")
        three = self.pairs(both, *[("2026-12-20", "2027-01-11")] * 3)
        assert self.found(both, three, "2027-02-01") == [
            ("1", "None", None, MET),
            ("2", "2027-01-01", 10, NOT_MET),
        ]
        assert self.found(both, three, "2026-12-31") == [("1", "None", None, MET)]
        assert self.found(both, three, "2027-02-01", "2027-01-05") == [("2", "2027-01-05", 6, NOT_MET)]
        four = self.pairs(both, *[("2026-12-20", "none")] * 4)
        assert self.found(both, four, "2027-01-02") == [
            ("1", "2026-12-20", 12, NOT_MET),
            ("2", "2027-01-01", 2, NOT_MET),
        ]

    def test_a_version_of_a_time_in_which_nothing_was_counted_says_nothing(self) -> None:
        """A past version is not met by somebody who was not there yet."""
        both = self.both("at_most = 3", "at_most = 2", "at any time", "count(pairing)")
        assert self.found(both, self.pairs(both, ("2027-01-20", "none")), "2027-02-01") == [("2", "None", None, MET)]

    def test_a_month_is_judged_by_the_version_of_its_last_day(self) -> None:
        """Two talks are too many in December, three in January; a month that still runs is judged as of the day."""
        both = self.both("at_most = 1", "at_most = 2", "calendar month")
        december = ["2026-12-01", "2026-12-31"]
        assert self.found(both, self.talks(both, *december), "2027-03-05") == [
            ("1", "2026-12-01", 31, NOT_MET),
            ("2", "None", None, MET),
        ]
        three = [*december, "2027-01-01", "2027-01-02", "2027-01-03"]
        assert self.found(both, self.talks(both, *three), "2027-01-05") == [
            ("1", "2026-12-01", 31, NOT_MET),
            ("2", "2027-01-01", 31, NOT_MET),
        ]

    def test_a_year_that_both_versions_have_a_part_of_is_the_later_one_s(self) -> None:
        """From July to June it is version 2's by its last day; while version 1 was in force it was that one's."""
        both = self.both("at_most = 1", "at_most = 2", "year from 07-01")
        two_talks = self.talks(both, "2026-08-01", "2026-09-01")
        assert self.found(both, two_talks, "2026-12-31") == [("1", "2026-07-01", 365, NOT_MET)]
        assert self.found(both, two_talks, "2027-01-01") == [("2", "None", None, MET)]
        more = self.talks(both, "2026-08-01", "2026-09-01", "2026-10-01")
        assert self.found(both, more, "2027-01-01") == [("2", "2026-07-01", 365, NOT_MET)]

    def test_a_rolling_length_is_asked_day_by_day(self) -> None:
        """Two talks within ten days were allowed in December, and count on the days of January that they reach into."""
        both = self.both("at_most = 2", "at_most = 1", "rolling 10 days")
        assert self.found(both, self.talks(both, "2026-12-28", "2026-12-30"), "2027-02-01") == [
            ("1", "None", None, MET),
            ("2", "2027-01-01", 6, NOT_MET),
        ]

    def test_a_version_that_has_not_begun_says_nothing(self) -> None:
        """Before all versions the limit was not in force."""
        late = versions.of(
            version("2", NEW, rule("limit", 'measure = "count(talk)"\nwindow = "calendar day"\nat_most = 1', "host"))
        )
        (finding,) = told(late, *self.talks(late, "2026-12-01", "2026-12-01"), on=EVE)
        assert (finding.verdict, finding.reason, finding.occurrence) == (NOT_APPLICABLE, Reason.NOT_IN_FORCE, None)
        empty = from_records([make(late, "host", "h")], vocabulary=late.vocabulary, empty=["talk"])
        assert audit(late, empty, on=EVE).loads == ()


class TestFiles:
    """The versions of one rulebook are files that lie beside one another."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        text = HEAD.format(version="1", more=OLD) + rule("criterion", WISH)
        (tmp_path / "pier-house.toml").write_text(text, encoding="utf-8")
        later = 'rulebook = "pier-house"\ntitle = "Later"\nversion = "2"\nextends = "pier-house@1"\n' + NEW
        (tmp_path / "pier-house@2.toml").write_text(later, encoding="utf-8")
        (tmp_path / "notes.txt").write_text("no rulebook", encoding="utf-8")
        return tmp_path

    def test_a_later_version_may_say_only_what_differs(self, folder: Path) -> None:
        """It extends the version before it by name and version."""
        book = peersupport.load(folder / "pier-house@2.toml")
        assert (book.version, book.extends, [each.id for each in book]) == ("2", "pier-house", ["stay.rule"])

    @pytest.mark.parametrize("name", ["pier-house.toml", "pier-house@2.toml"])
    def test_any_of_them_leads_to_all(self, folder: Path, name: str) -> None:
        """The path of one of the files finds those beside it, and a day picks one."""
        some = peersupport.versions(folder / name)
        assert [each.version for each in some] == ["1", "2"]
        assert peersupport.versions(str(folder / name)).edition == some.edition
        assert peersupport.load(folder / name, on=EVE).version == "1"
        assert peersupport.load(str(folder / name), on=NEW_YEAR).version == "2"

    def test_a_file_of_another_name_is_the_only_version(self, folder: Path) -> None:
        """A file whose name is none of a rulebook stands alone."""
        (folder / "My Rules.toml").write_text(HEAD.format(version="7", more=NEW), encoding="utf-8")
        assert [each.version for each in peersupport.versions(folder / "My Rules.toml")] == ["7"]
        with pytest.raises(InputError, match="pier-house: is not in force on 2026-12-31"):
            peersupport.load(folder / "My Rules.toml", on=EVE)

    def test_a_name_of_the_package(self) -> None:
        """A rulebook of the package has its versions too; one that it has not is refused with those that it has."""
        assert [each.version for each in peersupport.versions("nebraska-dbh")] == ["1"]
        assert peersupport.load("nebraska-dbh@1") is peersupport.load("nebraska-dbh")
        assert peersupport.load("nebraska-dbh", on=EVE).version == "1"
        with pytest.raises(InputError, match=r"has no version '9' \(write nebraska-dbh@1\)"):
            peersupport.load("nebraska-dbh@9")

    def test_the_command_audits_by_the_version_of_each_day(self, folder: Path) -> None:
        """Where a rulebook has several versions and none is named, each record is judged by that of its day."""
        rows = "id,arrived_on,left_on,wants_to\ns1,2026-12-31,none,true\ns2,2027-01-01,none,true\n"
        (folder / "roster").mkdir()
        (folder / "roster" / "stay.csv").write_text(rows, encoding="utf-8")
        for name, judged in (("pier-house.toml", ["1", "2"]), ("pier-house@2.toml", ["2", "2"])):
            args = ["audit", str(folder / "roster"), "--rulebook", str(folder / name), "--on", "2027-02-01"]
            told = CliRunner().invoke(cli, [*args, "--format", "json"]).stdout
            assert [f["rulebook"] for f in json.loads(told)["findings"]] == [f"pier-house@{each}" for each in judged]

    def test_of_several_versions_one_is_named(self, folder: Path) -> None:
        """Which one an overlay means is never guessed."""
        over = 'rulebook = "over"\ntitle = "Over"\nextends = "{}"\n'
        (folder / "over.toml").write_text(over.format("pier-house"), encoding="utf-8")
        known = "one of pier-house@1, pier-house@2"
        with pytest.raises(InputError, match=rf"'pier-house': has several versions, and none is named \({known}"):
            peersupport.load(folder / "over.toml")
        (folder / "over.toml").write_text(over.format("pier-house@3"), encoding="utf-8")
        with pytest.raises(InputError, match=rf"'pier-house': has no version '3' \({known}"):
            peersupport.load(folder / "over.toml")
        (folder / "over.toml").write_text(over.format("pier-house@1"), encoding="utf-8")
        assert peersupport.load(folder / "over.toml").extends == "pier-house"
