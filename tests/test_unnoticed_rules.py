"""Behaviours of reading and varying rules that small changes of the code went through without a test that noticed.

Those of `test_code_unnoticed` came from one sample of such changes, these from a later one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import pytest

import peersupport as ps
from peersupport import InputError, Rulebook, Verdict, readiness, schedule
from peersupport.readers import strictness, variations
from peersupport.readers.strictness import Way
from peersupport.rules import bounds, examples
from peersupport.rules.forms import Example
from peersupport.schedule import Meeting

ON: Final = dt.date(2026, 6, 30)
HEADER: Final = """
rulebook = "ferry"
title    = "The Ferry (invented)"
version  = "1"
[sources.F]
title = "Made up"
"""
HEAD: Final = (
    HEADER
    + """
[kinds.guest]
came_on   = "date"
left_on   = "date or none"
rang_at   = "instant"
calm      = "bool"
nights    = "int nights"
beds      = "int nights"
wants     = "set: quiet view"
has       = "set: quiet view"
[kinds.town]
name      = "text"
[kinds.cook]
town      = "-> town"
[kinds.meal]
guest     = "-> guest"
cook      = "-> cook"
dated_by  = "eaten_on"
eaten_on  = "date"
[kinds.stay]
guest     = "-> guest"
span      = { from = "begins_on", until = "ends_on" }
begins_on = "date"
ends_on   = "date or none"
"""
)


def rule(body: str, form: str = "criterion") -> str:
    """A rule about a guest."""
    return f'[[{form}]]\nid = "guest.x"\nabout = "guest"\nsays = "A rule."\nsource = "F: 1"\n{body}\n'


def ferry(text: str) -> Rulebook:
    """The invented rulebook with some rules."""
    return ps.loads(HEAD + text)


def world_of(book: Rulebook, given: Mapping[str, object]) -> variations.World:
    """A case of the rule as what can be varied."""
    made = examples.build(book.vocabulary, "guest", given)
    return variations.World(book, book["guest.x"], ON, made.record, made.tables, "guest")


def faults(text: str) -> list[str]:
    """What is wrong with a text."""
    with pytest.raises(InputError) as caught:
        ps.loads(text)
    return [str(each) for each in caught.value.problems]


def told(body: str, form: str = "criterion") -> list[str]:
    """What is wrong with a rule, behind its place in the file."""
    return [each.partition("guest.x")[2] for each in faults(HEAD + rule(body, form))]


# what is wrong with an expression


@pytest.mark.parametrize("word", ["true", "false"])
def test_yes_and_no_in_small_letters_are_refused_with_what_to_write(word: str) -> None:
    """As a person writes them who knows other languages."""
    (found,) = told(f'holds = "calm == {word}"')
    assert found.startswith(", holds: true and false are not written (write the fact itself, or `not` and the fact)\n")


def test_none_is_refused_with_what_to_write() -> None:
    """In Python's own spelling."""
    (found,) = told('holds = "nights == None"')
    mend = "ask exists(...), or known(...) for what is not recorded"
    assert found.startswith(f", holds: None is not written ({mend})\n")


def test_none_in_wide_letters_is_refused_as_none() -> None:
    """As keyboards of East Asia write them: Python reads them as a name, and the name as `None`."""
    (found,) = told('holds = "nights == \uff2e\uff4f\uff4e\uff45"')
    assert found.startswith(", holds: none is not written (ask exists(...), or known(...) for what is not recorded)\n")


@pytest.mark.parametrize("order", ["==", "!=", "<", ">="])
def test_two_sets_are_compared_by_what_is_in_them_alone(order: str) -> None:
    """One may lie inside of the other; any other comparison is refused with what to write."""
    (found,) = told(f'holds = "wants {order} has"')
    assert "is not compared this way (write `in`, `<=` or exists(a & b))" in found
    assert "guest.x" in ferry(rule('holds = "wants <= has"'))


def test_a_reference_that_is_at_fault_is_told_once() -> None:
    """A rule that goes back over it is not at fault as well."""
    (found,) = faults(
        HEAD.replace('[kinds.stay]\nguest     = "-> guest"', '[kinds.stay]\nguest     = "-> gest"')
        + rule('holds = "count(stay) > 1"')
    )
    assert found.startswith("rulebook, kinds.stay, guest: ")


def test_a_kind_that_does_not_refer_here_is_told_though_another_kind_is_at_fault() -> None:
    """Both are mended at once."""
    text = HEAD.replace('begins_on = "date"', 'begins_on = "date"\nodd = "dat"') + rule('holds = "count(cook) > 1"')
    one, other = faults(text)
    assert one.startswith("rulebook, kinds.stay, odd: ")
    assert "no fact of cook refers to guest" in other


# what is wrong with a rule


def test_an_event_that_cannot_be_read_is_told_of_its_field() -> None:
    """The day on which a deadline is done."""
    (found,) = told('after = "came_on"\nwithin = "3 days"\ndone = "left_un"', "deadline")
    assert found.startswith(", done: guest has no fact 'left_un' (did you mean 'left_on'?)\n")


def test_a_deadline_that_repeats_is_done_each_time() -> None:
    """What is done once alone is refused with what to write."""
    body = 'after = "came_on"\nagain = "7 days"\ncounted = "grid"\ndone = "left_on"'
    mend = "as in each(plan.plan_review.day)"
    assert told(body, "deadline") == [f", done: a deadline that repeats is done by each(...) ({mend})"]


def test_a_limit_without_a_bound_is_told_of_the_field() -> None:
    """It needs one of two."""
    mend = "a limit needs `at_least`, `at_most` or both"
    assert told('measure = "nights"', "limit") == [f", at_most: is missing ({mend})"]


def test_a_count_inside_a_calculation_is_refused_with_what_to_write() -> None:
    """A limit counts the records of a window, and nothing else with them."""
    mend = "write one count, sum or distinct, and bring the rest to the bound"
    found = told('measure = "count(meal) + nights"\nat_most = 1\nwindow = "calendar week"', "limit")
    assert found == [f", measure: counts other records inside a calculation ({mend})"]


def test_a_fault_without_a_mend_has_nothing_behind_it() -> None:
    """No empty brackets either."""
    assert faults("criterion = [1]\n" + HEADER) == ["rulebook, criterion 1: is not a table"]


def test_a_period_of_review_that_is_too_long_is_told_with_the_longest() -> None:
    """The fault names the bound itself, and nothing is said behind it."""
    question = '[[question]]\nid = "pier.lamp"\nstep = "plan"\nasks = "Is there a lamp?"\nsource = "F: 1"\n'
    with pytest.raises(InputError) as caught:
        readiness.status(ferry(question), [], on=ON, review_every="101 years")
    fault = "readiness, review_every: 101 years is too long: at most 100 years"
    assert [str(each) for each in caught.value.problems] == [fault]


def test_a_rule_that_assumes_nothing_says_so() -> None:
    """With an empty text."""
    assert ferry(rule('holds = "calm"'))["guest.x"].assumes == ""
    assert ferry(rule('holds = "calm"\nassumes = "Fair wind."'))["guest.x"].assumes == "Fair wind."


# how large a file may be


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_whole_number_has_at_most_twenty_eight_digits(sign: str) -> None:
    """The least longer one is told of as too long, on both sides of nothing."""
    body = 'measure = "nights"\nat_most = {}'
    (found,) = told(body.format(f"{sign}1{'0' * 28}"), "limit")
    assert found == ", at_most: is a number of more than 28 digits (write a shorter one)"
    (found,) = told(body.format(f"{sign}{'9' * 28}"), "limit")
    assert "is not a finite number below 1000000000000" in found


def kinds(*facts: int) -> str:
    """A file with kinds, each of so many facts."""
    some = (f"[kinds.k{i}]\n" + "".join(f'f{j} = "bool"\n' for j in range(many)) for i, many in enumerate(facts))
    return HEADER + "".join(some)


def test_a_file_has_as_many_kinds_and_facts_as_it_may() -> None:
    """And either of them once more is refused, whatever there is of the other."""
    fault = "are more than 200 kinds, or have more than 1000 facts (split it into rulebooks)"
    assert f"k{bounds.KINDS - 1}" in ps.loads(kinds(*[1] * bounds.KINDS)).vocabulary
    assert "k0" in ps.loads(kinds(bounds.FACTS)).vocabulary
    assert faults(kinds(*[1] * (bounds.KINDS + 1))) == [f"rulebook, kinds: {fault}"]
    assert faults(kinds(bounds.FACTS + 1)) == [f"rulebook, kinds: {fault}"]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_bound_that_is_no_number_is_told_of_as_such(number: str) -> None:
    """TOML can write it, and no rule can mean it."""
    (found,) = told(f'measure = "nights"\nat_most = {number}', "limit")
    assert found.startswith(", at_most: is not a finite number below 1000000000000")


# what an example says


def test_an_example_that_says_whether_there_is_an_exception_is_answered_in_its_words() -> None:
    """Not known is an answer too; where the example does not say, nobody is told."""
    says, silent = (Example({}, ON, "met", exception=some) for some in (True, None))
    answers = ["not met, with an exception", "not met, without an exception"]
    answers.append("not met, and it is not known whether there is an exception")
    assert [says.answered("not met", each) for each in (True, False, None)] == answers
    assert {silent.answered("not met", each) for each in (True, False, None)} == {"not met"}


# other cases


def test_behind_a_record_is_what_it_refers_to() -> None:
    """So many steps on, never the record judged, and no further than there is something."""
    book = ferry(rule('holds = "count(meal) < 3"'))
    world = world_of(book, {"id": "g", "meal": [{"id": "m", "cook": {"id": "c", "town": {"id": "t"}}}]})
    meal, cook, town = ("meal", "m"), ("cook", "c"), ("town", "t")
    found = [world.behind(meal, reach) for reach in range(4)]
    assert found == [{meal}, {meal, cook}, {meal, cook, town}, {meal, cook, town}]


def test_records_with_a_span_come_as_often_as_a_rule_counts() -> None:
    """A number of the rule and those beside it: with the last of them a limit is passed that is not passed before."""
    book = ferry(rule('measure = "count(stay)"\nat_most = 3\nwindow = "at any time"', "limit"))
    stay = {"id": "s", "begins_on": dt.date(2026, 5, 4), "ends_on": dt.date(2026, 5, 8)}
    world = world_of(book, {"id": "g", "stay": [stay]})
    assert world.counts() == (3, 4)
    assert [len(change) for change in world.one_after_another()] == [3, 3, 3, 4, 4, 4]


# tighter and looser


def test_what_is_below_each_of_several_is_below_the_least() -> None:
    """And what is below some of them may not be."""
    old, new, other = (
        ferry(rule(f'holds = "nights <= {most}"')) for most in ("min(beds, 3)", "min(beds, 2)", "min(beds, 4)")
    )
    assert strictness.proved(old, old["guest.x"], new, new["guest.x"], "guest") is Way.TIGHTER
    assert strictness.proved(old, old["guest.x"], other, other["guest.x"], "guest") is Way.LOOSER


def test_a_reading_that_only_one_rule_has_is_among_the_cases() -> None:
    """There the case is found that shows the way."""
    reading = '\nreadings."more" = { holds = "nights > 5" }'
    old, new = (ferry(rule(f'holds = "nights > 2"{more}')) for more in ("", reading))
    found = strictness.direction(old, old["guest.x"], new, new["guest.x"], "guest")
    assert found.tightened is not None
    assert (found.way, found.tightened.reading) == (Way.TIGHTER, "more")
    assert (found.tightened.before, found.tightened.after) == (Verdict.MET, Verdict.NOT_MET)


# a course of weeks


def test_a_week_that_is_not_there_is_told_with_how_many_there_are() -> None:
    """A meeting is moved in a week that the course has."""
    moved = Meeting(weekday=2, at=dt.time(15), lasts=dt.timedelta(hours=1), moved={13: dt.date(2026, 6, 1)})
    with pytest.raises(InputError) as caught:
        schedule.calendar(ps.load("minnesota-peer2peer"), dt.date(2026, 3, 2), meeting=moved)
    assert [str(each) for each in caught.value.problems] == ["meeting, moved: there is no week 13 (there are 12)"]
