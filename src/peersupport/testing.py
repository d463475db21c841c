"""What every rulebook must pass: its worked examples come out as they are stated."""

from __future__ import annotations

import attrs

from peersupport.readers.judge import judge
from peersupport.rules import examples
from peersupport.rules.forms import Example, Rule
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
    """The worked examples of a rulebook that do not come out as stated, in its order."""
    found: list[FailingExample] = []
    for rule in rulebook.judged:
        for number, example in enumerate(rule.examples, 1):
            verdict = judged_example(rulebook, rule, example)
            if verdict != example.verdict:
                found.append(FailingExample(rule.id, number, example.verdict, verdict))
    return tuple(found)


def judged_example(rulebook: Rulebook, rule: Rule, example: Example) -> str:
    """The verdict that a worked example gives."""
    case = examples.case(rulebook.vocabulary, rule, example)
    readings = {example.reading} - {""}
    return judge(rulebook, rule.id, case.record, on=example.on, tables=case.tables, readings=readings).verdict.value
