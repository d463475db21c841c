"""Tighter and looser: what is proved of two rules by structure, and the smallest case that shows it.

Each pair of texts is one word of the language. A proof is held against the judge as well: every small wrong change of
every rule of a fictional program, whose proved way no case contradicts.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import peersupport
from peersupport import InputError, Rulebook, Verdict, loads
from peersupport.readers import cases, mutants, strictness
from peersupport.readers.cases.scenes import Scene, Stage
from peersupport.readers.cases.tries import Tries
from peersupport.readers.judge import Sitting, judge_of
from peersupport.readers.mutants import bench
from peersupport.readers.strictness import Direction, Way, direction, promises, showing
from peersupport.readers.strictness.order import no_longer
from peersupport.rules.calendar import period
from peersupport.rules.problems import Unsupported

HEAD: Final = """rulebook = "pier"
title = "Pier (invented)"
[sources.P]
title = "Handbook of the pier (invented)"
[kinds.boat]
dated_by = "came_on"
span = { from = "came_on", until = "left_on" }
came_on = { type = "date", event = "comes" }
left_on = "date or none"
seen_at = "instant"
color = "choice: red green blue"
flags = "set: calm storm night"
needs = "set: calm storm night"
sails = { type = "int sails", min = 0 }
depth = "int sails"
old = "bool"
sound = "bool"
[kinds.check]
dated_by = "held_on"
span = { from = "held_on", until = "ended_on" }
boat = "-> boat"
held_on = { type = "date", event = "is held" }
ended_on = "date or none"
effort = { type = "int hours", min = 0 }
drift = "int feet"
crew = { type = "int sails", min = 0 }
good = "bool"
"""


def book(*rules: str) -> Rulebook:
    """The pier with some rules."""
    return loads(HEAD + "".join(rules))


def rule(form: str, fields: str, about: str = '"boat"', id_: str = "boat.rule") -> str:
    """One rule."""
    return f'[[{form}]]\nid = "{id_}"\nabout = {about}\nsays = "A rule."\nsource = "P: 1"\n{fields}\n'


def way(before: Rulebook, after: Rulebook, name: str = "boat.rule") -> Way | None:
    """What is proved of one rule of two rulebooks."""
    return strictness.proved(before, before[name], after, after[name], "boat")


def ways(form: str, before: str, after: str) -> tuple[Way | None, Way | None]:
    """What is proved of two rules, and of the same the other way round."""
    old, new = book(rule(form, before)), book(rule(form, after))
    return way(old, new), way(new, old)


SAME, TIGHTER, LOOSER = Way.SAME, Way.TIGHTER, Way.LOOSER

CONDITIONS: Final = [
    ("old", "old and sound"),
    ("old or sound", "old"),
    ("old or sound", "old and sound"),
    ("old or sound or sails > 1", "sound or sails > 1"),
    ("at_least(2, old, sound, sails > 1)", "at_least(3, old, sound, sails > 1)"),
    ("at_least(1, old, sound, sails > 1)", "at_least(2, old, sound)"),
    ("at_least(2, old, sound, sails > 1, depth > 1)", "at_least(2, old, sound, sails > 1)"),
    ("at_least(2, old, sound, sails > 1)", "at_least(2, old, sound, sails > 2)"),
    ("not (old and sound)", "not old"),
    ("sails >= 2", "sails >= 3"),
    ("sails >= 2", "sails > 2"),
    ("sails > 2", "sails >= 3"),
    ("sails <= 3", "sails < 3"),
    ("3 >= sails", "2 >= sails"),
    ("1 <= sails <= 4", "2 <= sails <= 3"),
    ("sails <= 3", "sails == 3"),
    ("depth + 1 <= sails", "depth + 2 <= sails"),
    ("depth - sails <= 2", "depth - sails <= 1"),
    ("2 - sails <= depth", "3 - sails <= depth"),
    ("depth >= 2 * sails", "depth >= 3 * sails"),
    ("color in {'red', 'green'}", "color == 'red'"),
    ("color != 'red'", "color not in {'red', 'green'}"),
    ("color != 'red'", "color == 'green'"),
    ("{'calm'} <= flags", "{'calm', 'storm'} <= flags"),
    ("came_on <= date(2026, 1, 31)", "came_on <= date(2026, 1, 30)"),
    ("came_on + days(10) >= left_on", "came_on + days(9) >= left_on"),
    ("came_on + weeks(2) >= left_on", "came_on + days(13) >= left_on"),
    ("came_on + months(1) >= left_on", "came_on + days(28) >= left_on"),
    ("came_on + years(1) >= left_on", "came_on + months(11) >= left_on"),
    ("came_on + business_days(5) >= left_on", "came_on + days(5) >= left_on"),
    ("came_on + days(1) >= left_on", "came_on >= left_on"),
    ("came_on >= left_on - days(2)", "came_on >= left_on - days(1)"),
    ("came_on + days(1) >= left_on - days(1)", "came_on >= left_on"),
    ("came_on - months(1) <= left_on", "came_on - days(28) <= left_on"),
    ("days_between(came_on, left_on) <= 30", "days_between(came_on, left_on) <= 20"),
    ("age(came_on, left_on + days(1)) >= 2", "age(came_on + days(1), left_on) >= 2"),
    ("birthday(came_on, 2) <= left_on", "birthday(came_on, 3) <= left_on"),
    ("min(sails, depth) <= 2", "sails <= 2"),
    ("max(sails, depth) >= 2", "sails >= 2"),
    ("sails <= 2", "max(sails, depth) <= 2"),
    ("sails >= 2", "min(sails, depth) >= 2"),
    ("day(seen_at) <= left_on", "day(seen_at) <= left_on - days(1)"),
    ("seen_at + hours(2) <= seen_at + hours(9)", "seen_at + hours(3) <= seen_at + hours(8)"),
    ("next_open(seen_at + hours(1)) <= seen_at", "next_open(seen_at + hours(2)) <= seen_at"),
    ("any(check)", "any(check, good)"),
    ("any(check, good)", "any(check, good and effort > 2)"),
    ("all(check, good)", "all(check, good and effort > 2)"),
    ("not any(check, good and effort > 2)", "not any(check, good)"),
    ("count(check) >= 2", "count(check) >= 3"),
    ("count(check) >= 2", "count(check, good) >= 2"),
    ("count(check, good) <= 2", "count(check) <= 2"),
    ("sum(check.effort) >= 2", "sum(check.effort, good) >= 2"),
    ("10 * count(check) >= sails", "8 * count(check) >= sails"),
    ("sum(check.crew) * 2 >= sails", "sum(check.crew, good) * 2 >= sails"),
    ("sails * (sails + 1) <= depth", "sails * (sails + 2) <= depth"),
    ("distinct(check.boat) >= 2", "distinct(check.boat, good) >= 2"),
    ("first(check.held_on) <= left_on", "first(check.held_on, good) <= left_on"),
    ("nth(2, check.held_on) <= left_on", "nth(3, check.held_on) <= left_on"),
]
"""A condition, and one that asks for more."""

UNTOLD: Final = [
    ("old", "sound"),
    ("sails >= 2", "depth >= 2"),
    ("sails != 2", "sails != 3"),
    ("sails < 2", "sails != 3"),
    ("at_least(2, old, sound, sails > 1)", "at_least(2, old, depth > 1, color == 'red')"),
    ("color == 'red'", "color == 'green'"),
    ("not color in flags", "not color in needs"),
    ("color in flags", "color in needs"),
    ("{'calm'} <= flags", "{'storm'} <= flags"),
    ("flags <= needs", "needs <= flags"),
    ("exists(left_on)", "known(left_on)"),
    ("any(check, good)", "all(check, good)"),
    ("came_on + months(1) >= left_on", "came_on + days(30) >= left_on"),
    ("came_on + business_days(5) >= left_on", "came_on + days(7) >= left_on"),
    ("seen_at + hours(24) <= seen_at", "seen_at + days(1) <= seen_at"),
    ("seen_at + hours(1) + days(1) <= seen_at", "seen_at + hours(2) + days(1) <= seen_at"),
    ("sum(check.drift) >= 2", "sum(check.drift, good) >= 2"),
    ("depth * sails <= 2", "depth * sails * 2 <= 2"),
    ("sails * age(came_on, left_on) <= 2", "sails * age(came_on, left_on + days(1)) <= 2"),
    ("sails + 1 <= 2", "sails * 2 <= 2"),
    ("last(check.held_on) <= left_on", "last(check.held_on, good) <= left_on"),
    ("first(check.effort) <= 3", "first(check.effort, good) <= 3"),
    ("first(check.held_on) <= left_on", "first(check.ended_on) <= left_on"),
    ("day(seen_at) <= came_on", "birthday(left_on, 2) <= came_on"),
    ("min(came_on, left_on) == came_on", "max(came_on, left_on) == came_on"),
]
"""Two conditions of which structure tells nothing."""


class TestConditions:
    """What holds of conditions holds of a criterion."""

    @pytest.mark.parametrize(("before", "after"), CONDITIONS)
    def test_one_that_asks_for_more_is_tighter(self, before: str, after: str) -> None:
        """And the other way round it is looser."""
        assert ways("criterion", f'holds = "{before}"', f'holds = "{after}"') == (TIGHTER, LOOSER)

    @pytest.mark.parametrize(("before", "after"), UNTOLD)
    def test_of_others_nothing_is_told(self, before: str, after: str) -> None:
        """Nothing is guessed."""
        assert ways("criterion", f'holds = "{before}"', f'holds = "{after}"') == (None, None)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("old and sound", "sound and old"),
            ("not not old", "old"),
            ("color == 'red'", "color in {'red'}"),
            ("sails > 2", "2 < sails"),
            ("came_on + weeks(1) >= left_on", "came_on + days(7) >= left_on"),
            ("came_on + years(1) >= left_on", "came_on + months(12) >= left_on"),
        ],
    )
    def test_the_same_in_other_words(self, before: str, after: str) -> None:
        """What says the same is neither."""
        assert ways("criterion", f'holds = "{before}"', f'holds = "{after}"') == (SAME, SAME)

    def test_named_clauses(self) -> None:
        """More of them, or more that are needed."""
        two, three = "'a' = 'old'\n'b' = 'sound'\n", "'a' = 'old'\n'b' = 'sound'\n'c' = 'sails > 2'\n"
        clauses = "[criterion.holds]\n"
        assert ways("criterion", clauses + two, clauses + three) == (TIGHTER, LOOSER)
        assert ways("criterion", f"need = 1\n{clauses}{two}", f"need = 2\n{clauses}{two}") == (TIGHTER, LOOSER)

    def test_when_and_unless(self) -> None:
        """A rule that applies to more is tighter, and so is one with fewer exceptions."""
        plain = 'holds = "old"'
        assert ways("criterion", f'{plain}\nwhen = "sound"', plain) == (TIGHTER, LOOSER)
        assert ways("criterion", f'{plain}\nwhen = "sails > 3"', f'{plain}\nwhen = "sails > 2"') == (TIGHTER, LOOSER)
        assert ways("criterion", f'{plain}\nunless = "sound"', plain) == (TIGHTER, LOOSER)
        assert ways("criterion", f'{plain}\nunless = "sails > 2"', f'{plain}\nunless = "sails > 3"') == (
            TIGHTER,
            LOOSER,
        )
        both = ways("criterion", f'{plain}\nwhen = "sound"', 'holds = "old or sails > 3"')
        assert both == (None, None)

    def test_force_and_days(self) -> None:
        """What binds more, or for more days, is tighter."""
        plain = 'holds = "old"'
        assert ways("criterion", f'{plain}\nforce = "should"', plain) == (TIGHTER, LOOSER)
        days = "{ from = 2026-01-01, until = 2027-01-01 }"
        assert ways("criterion", f"{plain}\nin_force = {days}", plain) == (TIGHTER, LOOSER)
        late = "{ from = 2026-06-01, until = 2027-06-01 }"
        assert ways("criterion", f"{plain}\nin_force = {days}", f"{plain}\nin_force = {late}") == (None, None)

    def test_other_forms(self) -> None:
        """Two forms are not compared."""
        old = book(rule("criterion", 'holds = "sails <= 2"'))
        new = book(rule("limit", 'measure = "sails"\nat_most = 2'))
        assert way(old, new) is None

    def test_readings(self) -> None:
        """Under each reading, in each rulebook as far as it has it."""
        plain = 'holds = "sails >= 2"\nreadings."r" = {{ holds = "sails >= {}" }}'
        assert ways("criterion", plain.format(1), plain.format(1)) == (SAME, SAME)
        assert ways("criterion", plain.format(3), plain.format(4)) == (TIGHTER, LOOSER)
        assert ways("criterion", 'holds = "sails >= 2"', plain.format(4)) == (TIGHTER, LOOSER)
        other = 'holds = "sails >= 3"\nreadings."r" = {{ holds = "sails >= {}" }}'
        assert ways("criterion", plain.format(4), other.format(3)) == (None, None)

    def test_readings_to_choose(self) -> None:
        """The same choice, and each of its answers."""
        chosen = (
            'holds = "old"\nchoose = true\n'
            'readings."a" = {{ holds = "sails > {}" }}\nreadings."b" = {{ holds = "old" }}'
        )
        assert ways("criterion", chosen.format(1), chosen.format(2)) == (TIGHTER, LOOSER)
        assert ways("criterion", chosen.format(1), 'holds = "old"') == (None, None)
        renamed = chosen.replace('"b"', '"c"')
        assert ways("criterion", chosen.format(1), renamed.format(1)) == (None, None)


class TestAsked:
    """What a rule asks for may differ too: definitions, and other rules."""

    def test_a_definition_stands_for_its_value(self) -> None:
        """A rule whose words stay the same is tighter when a value that it uses is."""
        last = rule("definition", 'is = "came_on + days({})"', id_="boat.ends")
        old, new = (
            book(last.replace("{}", days), rule("criterion", 'holds = "left_on <= ends"')) for days in ("10", "8")
        )
        assert (way(old, new), way(new, old)) == (TIGHTER, LOOSER)

    def test_a_definition_through_a_path(self) -> None:
        """The definition of a related record, as a value and as a condition."""
        many, fine = (
            rule("definition", 'is = "{}"', '"boat"', "boat.many"),
            rule("definition", 'is = "{}"', '"boat"', "boat.fine"),
        )
        asks = rule("criterion", 'holds = "all(check, boat.many >= 2 and boat.fine)"')
        old = book(many.replace("{}", "sails + 2"), fine.replace("{}", "sails > 1"), asks)
        new = book(many.replace("{}", "sails + 1"), fine.replace("{}", "sails > 2"), asks)
        assert (way(old, new), way(new, old)) == (TIGHTER, LOOSER)
        other = rule("definition", 'is = "sails + 2"', '"boat"', "boat.much")
        asked = asks.replace("boat.many", "boat.much")
        assert way(old, book(other, fine.replace("{}", "sails > 1"), asked)) is None

    def test_another_rule(self) -> None:
        """A rule that asks whether another is met is the same while that is."""
        asks = rule("criterion", "holds = \"met('boat.other')\"")
        other = rule("criterion", 'holds = "{}"', id_="boat.other")
        old = book(other.replace("{}", "old and sound"), asks)
        assert way(old, book(other.replace("{}", "sound and old"), asks)) is SAME
        assert way(old, book(other.replace("{}", "old"), asks)) is None
        about = other.replace('about = "boat"', 'about = ["boat", "check"]').replace("{}", "known(came_on)")
        assert (
            way(old, book(other.replace("{}", "old and sound").replace("id =", "choose = false\nid ="), asks)) is SAME
        )
        more = other.replace("{}", "old and sound") + 'readings."r" = { holds = "old" }\n'
        assert way(old, book(more, asks)) is None
        assert "boat" in about

    def test_a_rule_that_is_not_there(self) -> None:
        """What one of them asks for and the other lacks is another rule."""
        old = book(rule("criterion", 'holds = "old"', id_="boat.a"), rule("criterion", "holds = \"met('boat.a')\""))
        new = book(rule("criterion", 'holds = "old"', id_="boat.b"), rule("criterion", "holds = \"met('boat.b')\""))
        assert way(old, new) is None


ONCE: Final = 'after = "came_on"\nwithin = "{}"\ndone = "first(check.held_on)"'
AGAIN: Final = 'after = "came_on"\nagain = "{}"\ncounted = "{}"\ndone = "each(check.held_on)"'


class TestDeadlines:
    """Sooner, by fewer events, for longer."""

    def test_once(self) -> None:
        """A shorter time, in any unit that is surely shorter."""
        assert ways("deadline", ONCE.format("30 days"), ONCE.format("20 days")) == (TIGHTER, LOOSER)
        assert ways("deadline", ONCE.format("1 month"), ONCE.format("4 weeks")) == (TIGHTER, LOOSER)
        assert ways("deadline", ONCE.format("1 month"), ONCE.format("30 days")) == (None, None)

    def test_what_does_it(self) -> None:
        """Fewer events do it, of fewer records or of fewer kinds."""
        done = ONCE.format("30 days")
        fewer = done.replace("check.held_on", "check.held_on, good")
        more = done.replace('"first(check.held_on)"', '["first(check.held_on)", "left_on"]')
        assert ways("deadline", done, fewer) == (TIGHTER, LOOSER)
        assert ways("deadline", more, done) == (TIGHTER, LOOSER)

    def test_until_and_from(self) -> None:
        """Owed for longer, and done no earlier than later."""
        plain = ONCE.format("30 days")
        assert ways("deadline", f'{plain}\nuntil = "left_on"', plain) == (TIGHTER, LOOSER)
        later = '\nuntil = "left_on + days(2)"'
        assert ways("deadline", f'{plain}\nuntil = "left_on"', plain + later) == (TIGHTER, LOOSER)
        from_ = f'{plain}\nnot_before = "came_on + days({{}})"'
        assert ways("deadline", plain, from_.format(1)) == (TIGHTER, LOOSER)
        assert ways("deadline", from_.format(1), from_.format(2)) == (TIGHTER, LOOSER)

    def test_a_condition_of_the_due_day(self) -> None:
        """Where `when` hangs on the due day, or the rule on its days, another due day may be another answer."""
        for more in (
            '\nwhen = "any(check, covers(on))"',
            '\nunless = "covers(on)"',
            "\nin_force = { from = 2026-01-01 }",
        ):
            before, after = ONCE.format("30 days") + more, ONCE.format("20 days") + more
            assert ways("deadline", before, after) == (None, None)
            assert ways("deadline", before, before) == (SAME, SAME)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (AGAIN.format("90 days", "rolling"), AGAIN.format("60 days", "rolling")),
            (AGAIN.format("90 days", "rolling"), AGAIN.format("90 days", "rolling") + '\nwithin = "30 days"'),
            (AGAIN.format("90 days", "rolling"), AGAIN.format("60 days", "rolling").replace("on)", "on, good)")),
            (AGAIN.format("90 days", "grid"), AGAIN.format("90 days", "grid").replace("held_on)", "held_on, good)")),
            (AGAIN.format("90 days", "grid") + "\ntimes = 3", AGAIN.format("90 days", "grid")),
            (AGAIN.format("90 days", "grid") + "\ntimes = 3", AGAIN.format("90 days", "grid") + "\ntimes = 4"),
            (AGAIN.format("90 days", "grid") + '\nuntil = "left_on"', AGAIN.format("90 days", "grid")),
        ],
    )
    def test_again_and_again(self, before: str, after: str) -> None:
        """More often from the last time, fewer events, more times, for longer."""
        assert ways("deadline", before, after) == (TIGHTER, LOOSER)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (AGAIN.format("90 days", "grid"), AGAIN.format("80 days", "grid")),
            (AGAIN.format("90 days", "grid"), AGAIN.format("90 days", "rolling")),
            (AGAIN.format("90 days", "rolling"), AGAIN.format("60 days", "rolling").replace("came_on", "left_on")),
            (AGAIN.format("90 days", "rolling"), AGAIN.format("90 days", "rolling").replace("held_on", "ended_on")),
            (
                AGAIN.format("90 days", "rolling") + '\nwithin = "200 days"',
                AGAIN.format("60 days", "rolling").replace("on)", "on, good)") + '\nwithin = "200 days"',
            ),
        ],
    )
    def test_of_others_nothing_is_told(self, before: str, after: str) -> None:
        """The cells of a grid, and other anchors, may catch what was missed."""
        assert ways("deadline", before, after) == (None, None)


class TestLimits:
    """Between narrower bounds."""

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('measure = "sails"\nat_most = 25', 'measure = "sails"\nat_most = 20'),
            ('measure = "sails"\nat_least = 3', 'measure = "sails"\nat_least = 4'),
            ('measure = "sails"\nat_least = 3', 'measure = "sails"\nat_least = 3\nat_most = 9'),
            ('measure = "sails"\nat_most = "depth - 1"', 'measure = "sails"\nat_most = "depth - 2"'),
            ('measure = "sails - 1"\nat_least = 3', 'measure = "sails - 2"\nat_least = 3'),
            (
                'measure = "count(check, good)"\nwindow = "at any time"\nat_most = 3',
                'measure = "count(check)"\nwindow = "at any time"\nat_most = 3',
            ),
            (
                'measure = "count(check)"\nwindow = "ever"\nat_least = 3',
                'measure = "count(check, good)"\nwindow = "ever"\nat_least = 3',
            ),
            (
                'measure = "count(check)"\nwindow = "rolling 1 month"\nat_most = 3',
                'measure = "count(check)"\nwindow = "rolling 6 months"\nat_most = 3',
            ),
            (
                'measure = "sum(check.effort)"\nwindow = "calendar week"\nat_most = "38 hours"',
                'measure = "sum(check.effort)"\nwindow = "calendar week"\nat_most = "30 hours"',
            ),
        ],
    )
    def test_narrower_bounds(self, before: str, after: str) -> None:
        """At most fewer, at least more, of more or less, over a longer time."""
        assert ways("limit", before, after) == (TIGHTER, LOOSER)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ('measure = "sails"\nat_most = 25', 'measure = "depth"\nat_most = 20'),
            ('measure = "sails"\nat_most = 25\nat_least = 3', 'measure = "sails"\nat_most = 20\nat_least = 2'),
            (
                'measure = "count(check)"\nwindow = "calendar week"\nat_most = 3',
                'measure = "count(check)"\nwindow = "calendar month"\nat_most = 3',
            ),
            (
                'measure = "count(check)"\nwindow = "calendar week"\nat_least = 3',
                'measure = "count(check, good)"\nwindow = "calendar week"\nat_least = 3',
            ),
            (
                'measure = "count(check)"\nwindow = "rolling 1 month"\nat_least = 3',
                'measure = "count(check)"\nwindow = "rolling 6 months"\nat_least = 3',
            ),
        ],
    )
    def test_of_others_nothing_is_told(self, before: str, after: str) -> None:
        """Another measure or window, bounds that move both ways, and time that begins with the first that counts."""
        assert ways("limit", before, after) == (None, None)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        *(("7 days", "1 week"), ("28 days", "1 month"), ("31 days", "2 months"), ("1 month", "31 days")),
        *(("1 year", "366 days"), ("365 days", "1 year"), ("12 months", "1 year"), ("1 year", "12 months")),
        *(("5 days", "5 business_days"), ("1 hour", "2 hours"), ("2 business_days", "3 business_days")),
    ],
)
def test_a_period_that_is_never_longer(shorter: str, longer: str) -> None:
    """From whatever day it is counted; where they are always the same it is so both ways."""
    assert no_longer(period(shorter), period(longer))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("29 days", "1 month"), ("1 month", "30 days"), ("366 days", "1 year"), ("1 year", "365 days")),
        *(("6 days", "5 business_days"), ("5 business_days", "9 days"), ("24 hours", "1 day"), ("1 day", "24 hours")),
    ],
)
def test_a_period_that_may_be_longer(one: str, other: str) -> None:
    """One day of the calendar is enough."""
    assert not no_longer(period(one), period(other))


def test_a_period_backwards() -> None:
    """The longer the way back, the earlier; business days back are not said in days."""
    assert no_longer(-period("1 month"), -period("28 days"))
    assert not no_longer(-period("30 days"), -period("1 month"))
    assert not no_longer(-period("9 days"), -period("2 business_days"))


class TestWitnesses:
    """The smallest case for each way."""

    def found(self, form: str, before: str, after: str, about: str = '"boat"') -> Direction:
        old, new = book(rule(form, before, about)), book(rule(form, after, about))
        return direction(old, old["boat.rule"], new, new["boat.rule"], "boat")

    def test_the_same_has_none(self) -> None:
        """Nothing is searched for."""
        assert self.found("criterion", 'holds = "old"', 'holds = "old"') == Direction(SAME, proved=True)

    def test_a_tighter_bound(self) -> None:
        """One more than is allowed now, and nothing beside it."""
        found = self.found("limit", 'measure = "sails"\nat_most = 25', 'measure = "sails"\nat_most = 20')
        assert (found.way, found.proved, found.loosened) == (TIGHTER, True, None)
        assert found.tightened
        assert (found.tightened.before, found.tightened.after) == (Verdict.MET, Verdict.NOT_MET)
        assert [*found.tightened.given] == ["sails"]
        assert 20 < found.tightened.given["sails"] <= 25

    def test_a_looser_time(self) -> None:
        """The case breaks the old rule and not the new one."""
        found = self.found("deadline", ONCE.format("20 days"), ONCE.format("30 days"))
        assert (found.way, found.proved, found.tightened) == (LOOSER, True, None)
        assert found.loosened
        assert (found.loosened.before, found.loosened.tightens) == (Verdict.NOT_MET, False)
        assert found.loosened.after in {Verdict.MET, Verdict.PENDING}

    def test_cases_for_both_ways_prove_that_they_differ(self) -> None:
        """Each of the rules is broken where the other is not."""
        found = self.found("criterion", 'holds = "old"', 'holds = "sound"')
        assert (found.way, found.proved) == (Way.DIFFERENT, True)
        assert found.tightened
        assert found.loosened
        assert found.tightened.given == {"old": True, "sound": False}
        assert found.loosened.given == {"old": False, "sound": True}

    def test_without_a_proof_the_cases_tell(self) -> None:
        """A grid of thirty days asks for more than one of ninety, as far as anybody has tried."""
        found = self.found("deadline", AGAIN.format("90 days", "grid"), AGAIN.format("30 days", "grid"))
        assert (found.way, found.proved) == (TIGHTER, False)
        same = self.found("criterion", 'holds = "sails - sails == 0"', 'holds = "depth - depth == 0"')
        assert (same.way, same.proved) == (SAME, False)

    def test_the_examples_are_varied_where_the_cases_show_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A fact of a written example with another value."""
        monkeypatch.setattr(cases, "of", lambda *_: ())
        example = '\nexamples = [{ given = { old = true, sound = true }, on = 2026-05-01, verdict = "met" }]'
        found = self.found("criterion", f'holds = "old"{example}', f'holds = "sound"{example}')
        assert (found.way, found.proved) == (Way.DIFFERENT, True)
        assert found.loosened
        assert found.loosened.given == {"old": False, "sound": True}

    def test_an_exception_breaks_nothing(self) -> None:
        """Not met with an exception recorded is not broken, so one that is left out tightens."""
        found = self.found("criterion", 'holds = "old"\nunless = "sound"', 'holds = "old"')
        assert found.tightened
        assert found.tightened.given == {"old": False, "sound": True}
        assert (found.tightened.before, found.tightened.after) == (Verdict.NOT_MET, Verdict.NOT_MET)

    def test_of_a_rule_that_cannot_be_judged_there_are_none(self) -> None:
        """Then only the proof is told."""
        span = 'measure = "count(check)"\nwindow = "its span"\nat_most = {}'
        assert self.found("limit", span.format(3), span.format(2)) == Direction(TIGHTER, proved=True)

    def test_records_that_are_not_needed_are_left_out(self) -> None:
        """Three checks are too many now; each is there because it counts, with no more than what makes it count."""
        limit = 'measure = "count(check, good)"\nwindow = "ever"\nat_most = {}\n'
        given = "boat = {}, good = true, effort = 3, held_on = 2026-01-01"
        checks = ", ".join(["{ " + given.replace("boat = {}, ", "") + " }"] * 4)
        example = (
            f'examples = [{{ given = {{ sails = 2, check = [{checks}] }}, on = 2026-05-01, verdict = "not_met" }}]'
        )
        found = self.found("limit", limit.format(3) + example, limit.format(2) + example)
        assert found.tightened
        assert found.tightened.given == {"check": [{"good": True}] * 3}

    @pytest.mark.parametrize("made", [True, False])
    def test_a_fact_that_only_one_rulebook_has(self, monkeypatch: pytest.MonkeyPatch, *, made: bool) -> None:
        """A case is told to each rulebook as far as it knows the facts, also those of records that it refers to.

        So is what one change makes of a written example, where no cases are made.
        """
        if not made:
            monkeypatch.setattr(cases, "of", lambda *_: ())
        old = book(rule("criterion", 'holds = "any(check, good)"'))
        more = '[kinds.check]\nby = "-> guard"\n[kinds.guard]\nsworn = "bool"\n'
        given = "{ check = [{ good = true, by = { sworn = true } }] }"
        example = f'\nexamples = [{{ given = {given}, on = 2026-05-01, verdict = "met" }}]\nreplaces = "boat.rule"'
        over = rule("criterion", f'holds = "any(check, good and by.sworn)"{example}')
        text = f'rulebook = "over"\ntitle = "Over"\nextends = "pier"\n[sources.O]\ntitle = "O"\n{more}{over}'
        new = loads(text, find=lambda _: old)
        found = direction(old, old["boat.rule"], new, new["boat.rule"], "boat")
        assert (found.way, found.proved) == (TIGHTER, True)
        assert found.tightened
        assert found.tightened.before is Verdict.MET
        assert "sworn" in str(found.tightened.given)


LANTERN: Final = peersupport.load(Path(__file__).parent / "rulebooks" / "lantern.toml")
NEAR: Final = 6
"""How many changes of each example are tried."""


EVERY: Final = 1 if os.environ.get("PEERSUPPORT_THOROUGH") else 3
"""One wrong change of so many is tried."""


class TestLaw:
    """No case contradicts a proof: of a rule and every small wrong change of it, under every reading."""

    @pytest.mark.parametrize("name", [rule.id for rule in LANTERN.judged])
    def test_no_case_contradicts_a_proof(self, name: str) -> None:
        """What is proved tighter is broken wherever the rule as it is is broken, and what is looser nowhere else."""
        told = LANTERN[name]
        try:
            judge_of(LANTERN).prepare([name])
        except Unsupported:
            pytest.skip("the rule cannot be judged yet")
        for kind in told.about:
            stage = Stage(LANTERN, told, kind)
            for mutant in mutants.of(LANTERN, told)[::EVERY]:
                changed = bench._with(LANTERN, mutant.bodies, told, kind)
                proof = strictness.proved(LANTERN, told, changed, told, kind)
                if proof is None or mutant.kind != kind:
                    continue
                for reading in {*mutant.bodies} - ({""} if told.choose else set()):
                    for scene in self.scenes(stage, reading):
                        before, after = (self.breaks(book, stage, scene, reading) for book in (LANTERN, changed))
                        assert not (before and not after and proof in {TIGHTER, SAME}), str(mutant)
                        assert not (after and not before and proof in {LOOSER, SAME}), str(mutant)

    def scenes(self, stage: Stage, reading: str) -> Iterator[Scene]:
        """The written examples of a rule, and some changes of each: the same in every run."""
        for scene in stage.written(reading) or stage.written(""):
            yield scene
            near = Tries(stage, reading).near(scene)
            yield from near[:: max(1, len(near) // NEAR)]

    def breaks(self, rules: Rulebook, stage: Stage, scene: Scene, reading: str) -> bool:
        """Whether a scene breaks the rule of the stage as a rulebook has it."""
        shown, judge = stage.shown(scene), judge_of(rules, {reading} - {""})
        sitting = Sitting(shown.tables, shown.on, brief=True)
        found = judge.sit(sitting, stage.rule, shown.record, explain=False)
        return any(each.verdict is Verdict.NOT_MET and each.exception is not True for each in found)

    def test_many_changes_are_told(self) -> None:
        """The law is not empty: hundreds of changes are proved one way or the other."""
        ways: Counter[Way | None] = Counter()
        for told in (rule for rule in LANTERN.judged if rule.form in {"criterion", "limit"}):
            for mutant in mutants.of(LANTERN, told):
                changed = bench._with(LANTERN, mutant.bodies, told, mutant.kind)
                ways[strictness.proved(LANTERN, told, changed, told, mutant.kind)] += 1
        assert min(ways[TIGHTER], ways[LOOSER]) > 40


class TestPromises:
    """`may_only`: an overlay that only tightens, or only loosens."""

    BASE: Final = book(
        rule("criterion", 'holds = "old"', id_="boat.old"),
        rule("limit", 'measure = "sails"\nat_most = 5', id_="boat.sails"),
        rule("definition", 'is = "came_on + days(10)"', id_="boat.ends"),
        rule("criterion", 'holds = "left_on <= ends"', id_="boat.leaves"),
        rule("criterion", 'holds = "known(came_on)"', '["boat"]', "boat.known"),
    )
    HEAD: Final = 'rulebook = "over"\ntitle = "Over"\nextends = "pier"\n{}\n[sources.O]\ntitle = "O"\n'

    def over(self, may_only: str, *rules: str, more: str = "", proved: bool = True) -> Rulebook:
        text = self.HEAD.format(f'may_only = "{may_only}"\n{more}') + "".join(rules)
        return loads(text, file="over.toml", find=lambda _: self.BASE, proved=proved)

    def refused(self, may_only: str, *rules: str, more: str = "") -> list[str]:
        with pytest.raises(InputError) as caught:
            self.over(may_only, *rules, more=more)
        return [str(problem) for problem in caught.value.problems]

    def replacing(self, form: str, fields: str, name: str) -> str:
        return rule(form, f'{fields}\nreplaces = "{name}"', id_=name)

    def test_smaller_numbers_and_more_rules_tighten(self) -> None:
        """What is proved loads, and says what it promises."""
        fewer = self.replacing("limit", 'measure = "sails"\nat_most = 4', "boat.sails")
        added = rule("criterion", 'holds = "sound"', id_="boat.sound")
        assert self.over("tighten", fewer, added).may_only == "tighten"
        assert self.over("tighten").base is self.BASE

    def test_larger_numbers_and_fewer_rules_loosen(self) -> None:
        """The other way round."""
        more = self.replacing("limit", 'measure = "sails"\nat_most = 6', "boat.sails")
        assert "boat.old" not in self.over("loosen", more, more='without = ["boat.old"]')

    def test_the_example_of_the_format_keeps_its_promise(self) -> None:
        """The document's overlay that may only tighten is proved to."""
        text = (Path(__file__).parents[1] / "docs" / "rulebook-format.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```toml\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
        (whole,) = (block for block in blocks if re.match(r'rulebook +=\s"river-house"$', block, flags=re.MULTILINE))
        (strict,) = (block for block in blocks if block.startswith('rulebook = "river-house-strict"'))
        base = loads(whole)
        assert loads(strict, find=lambda _: base)["stay.people"].fields["at_most"] == 6
        with pytest.raises(InputError, match=r"is looser than stay\.people of river-house"):
            loads(strict.replace("at_most  = 6", "at_most  = 9"), find=lambda _: base)

    def test_what_goes_the_other_way_is_refused_by_name(self) -> None:
        """Each rule is told, with the one of the base."""
        more = self.replacing("limit", 'measure = "sails"\nat_most = 6', "boat.sails")
        than = "boat.sails of pier"
        assert self.refused("tighten", more, more='without = ["boat.old"]') == [
            "over.toml, without: leaves out boat.old, which makes the rulebook looser (keep it)",
            f"over.toml, limit boat.sails, may_only: is looser than {than}, and the rulebook may only tighten",
        ]
        added = rule("criterion", 'holds = "sound"', id_="boat.sound")
        assert self.refused("loosen", added) == [
            "over.toml, criterion boat.sound, may_only: is added, which makes the rulebook tighter (leave it out)"
        ]

    def test_what_is_not_proved_is_refused(self) -> None:
        """A promise that nobody can check is none; the mend says what can be proved."""
        other = self.replacing("criterion", 'holds = "sound"', "boat.old")
        for way_, told in (("tighten", "tighter"), ("loosen", "looser")):
            (problem,) = self.refused(way_, other)
            assert f"boat.old, may_only: is not shown to be {told} than boat.old of pier" in problem
            assert "(write it so that only numbers, or conditions joined on or left out, differ" in problem

    def test_a_rule_under_another_name(self) -> None:
        """A rule that replaces another is held against that one, whatever it is called."""
        fields = 'measure = "sails"\nat_most = {}\nreplaces = "boat.sails"'
        assert self.over("tighten", rule("limit", fields.format(4), id_="boat.few"))
        (problem,) = self.refused("tighten", rule("limit", fields.format(6), id_="boat.few"))
        assert "limit boat.few, may_only: is looser than boat.sails of pier" in problem

    def test_a_rule_that_stays_and_whose_definition_does_not(self) -> None:
        """It is held against itself with what the base defines."""
        last = self.replacing("definition", 'is = "came_on + days({})"', "boat.ends")
        assert self.over("tighten", last.replace("{}", "8"))
        (problem,) = self.refused("tighten", last.replace("{}", "12"))
        assert problem.startswith("over.toml, criterion boat.leaves, may_only: is looser than boat.leaves of pier")

    def test_a_definition_in_the_place_of_a_rule(self) -> None:
        """It has no verdict, so the rule is gone."""
        gone = rule("definition", 'is = "old"\nreplaces = "boat.old"', id_="boat.was")
        assert self.over("loosen", gone)
        assert "leaves out boat.old" in self.refused("tighten", gone)[0]

    def test_kinds_that_are_judged(self) -> None:
        """A rule about more kinds is tighter, about fewer or others looser."""
        known = self.replacing("criterion", 'holds = "known(boat.came_on)"', "boat.known")
        also = known.replace('about = "boat"', 'about = ["boat", "check"]').replace("boat.came_on)", "id)")
        assert also
        two = rule("criterion", 'holds = "covers(date(2026, 1, 1))"', '["boat", "check"]', "boat.known")
        (problem,) = self.refused("tighten", two + 'replaces = "boat.known"\n')
        assert "than boat.known of pier for boat, and the rulebook may only tighten" in problem
        other = rule("criterion", 'holds = "good"', '"check"', "boat.known") + 'replaces = "boat.known"\n'
        assert len(self.refused("tighten", other)) == 1
        assert len(self.refused("loosen", other)) == 1

    def test_who_wants_to_say_where_reads_it_all_the_same(self) -> None:
        """A rulebook that is refused can be read without the proof, and every changed rule told with cases."""
        more = self.replacing("limit", 'measure = "sails"\nat_most = 6', "boat.sails")
        found = [*promises.shown(self.over("tighten", more, more='without = ["boat.old"]', proved=False))]
        assert [(told.id, kind, each.way) for told, kind, each in found] == [("boat.sails", "boat", LOOSER)]
        assert found[0][2].loosened
        assert found[0][2].loosened.given == {"sails": 6}
        assert [*promises.shown(self.BASE)] == []
        assert promises.broken(self.BASE) == []

    def test_a_promise_about_nothing(self) -> None:
        """A file that extends no other promises nothing; and there are two promises."""
        with pytest.raises(InputError, match="may_only: stands in a file that extends no other"):
            loads('rulebook = "x"\ntitle = "x"\nmay_only = "loosen"')
        with pytest.raises(InputError, match="may_only: must be 'loosen' or 'tighten'"):
            self.over("change")


def test_a_case_that_is_made_smaller_is_not_changed_itself() -> None:
    """The cases of a rule are kept with its rulebook, and others use them too."""
    given = {"check": [{"good": True, "effort": 2}, {"good": True}], "sails": 2}
    before = str(given)

    def shows(shorter: object) -> bool:
        return "good" in str(shorter)

    assert showing._pruned(given, shows) == {"check": [{"good": True}]}
    assert str(given) == before
