"""What every rulebook must pass: its worked examples come out as they are stated."""

from __future__ import annotations

import attrs

from peersupport.readers.judge import Judge, Unsupported, judge
from peersupport.rules import examples
from peersupport.rules.forms import Example, InForce, Rule
from peersupport.rules.rulebook import Rulebook


@attrs.frozen
class FailingExample:
    """A worked example that did not come out as its rulebook states."""

    rule: str
    number: int
    stated: str
    found: str

    def __str__(self) -> str:
        return f"rule {self.rule}, example {self.number}: stated {self.stated}, judged {self.found}"


def failing_examples(rulebook: Rulebook) -> tuple[FailingExample, ...]:
    """The worked examples of a rulebook that do not come out as stated, in its order.

    Those of rules that cannot be judged yet are not tried: `unjudged` names these rules.
    """
    found: list[FailingExample] = []
    left_out = unjudged(rulebook)
    for rule in (rule for rule in rulebook.judged if rule.id not in left_out):
        for number, example in enumerate(rule.examples, 1):
            answer = judged_example(rulebook, rule, example)
            if answer != example.stated:
                found.append(FailingExample(rule.id, number, example.stated, answer))
    return tuple(found)


def unjudged(rulebook: Rulebook) -> dict[str, str]:
    """The rules that the record reader cannot judge yet, each with what it lacks."""
    found: dict[str, str] = {}
    for rule in rulebook.judged:
        try:
            Judge(rulebook, rules=[rule.id])
        except Unsupported as error:
            found[rule.id] = str(error)
    return found


def judged_example(rulebook: Rulebook, rule: Rule, example: Example) -> str:
    """The verdict that a worked example gives, and whether an exception is recorded where the example says that.

    The examples of a rule of the base are of days on which the base is in force, whenever the rulebook itself is.
    """
    case = examples.case(rulebook.vocabulary, rule, example)
    readings = {example.reading} - {""}
    base = rulebook.base
    book = _within(rulebook, base.in_force) if base is not None and base.rules.get(rule.id) is rule else rulebook
    finding = judge(book, rule.id, case.record, on=example.on, tables=case.tables, readings=readings)
    return example.answered(finding.verdict.value, finding.exception)


def undated(rulebook: Rulebook) -> Rulebook:
    """The rulebook as if it were always in force."""
    return _within(rulebook, InForce())


def _within(rulebook: Rulebook, days: InForce) -> Rulebook:
    """The rulebook in force on other days; made once."""
    if rulebook.in_force == days:
        return rulebook
    made = rulebook.kept.get((_within, days))
    if not isinstance(made, Rulebook):
        made = rulebook.kept[_within, days] = rulebook.within(days)
    return made
