"""What every rulebook must pass, as one list of named checks: for a report, for pytest, for the command line.

`check_rulebook` gives a report, `parametrize_with_checks` makes a pytest test of each check of each rulebook. A check
that a rulebook cannot pass is excused by name with a reason; an excuse that is no longer needed is a fault itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from peersupport import testing
from peersupport.readers import cases, english, mutants
from peersupport.readers.mutants import Mutant
from peersupport.rules import loading, syntax, terms
from peersupport.rules.findings import Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.syntax import Scope
from peersupport.rules.text import unparse
from peersupport.testing import laws
from peersupport.testing.trials import stands

if TYPE_CHECKING:
    import pytest

MANY: Final = 96
"""How many trials of a rule are looked through for one that shows something."""

Excuses: TypeAlias = Mapping[str, str]
"""Reasons, by the name of a check, or by `check: rule` for one rule of it."""


@attrs.frozen
class Fault:
    """What is wrong with a rulebook: the rule, or an empty text for the whole, and a sentence."""

    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}" if self.rule else self.says


@attrs.frozen
class Check:
    """One thing that every rulebook must pass."""

    name: str
    says: str
    run: Callable[[Rulebook], Iterator[Fault]] = attrs.field(repr=False)
    dated: bool = False
    """Whether the days on which the rulebook is in force count; otherwise it is asked as if it always were."""


@attrs.frozen
class Checked:
    """One check of a rulebook: what is wrong, and what was excused with its reason."""

    check: Check
    faults: tuple[Fault, ...]
    excused: tuple[tuple[Fault, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong that was not excused."""
        return not self.faults


@attrs.frozen
class Report:
    """All checks of a rulebook. `idle` are the excuses that excuse nothing."""

    rulebook: str
    checked: tuple[Checked, ...]
    idle: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every check passed, and every excuse was needed."""
        return not self.idle and all(each.passed for each in self.checked)

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def _lines(report: Report) -> Iterator[str]:
    for each in report.checked:
        yield f"{'passed' if each.passed else 'FAILED'}  {each.check.name}"
        yield from (f"        {fault}" for fault in each.faults)
        yield from (f"        excused, {reason}: {fault}" for fault, reason in each.excused)
    yield from (f"FAILED  the excuse {name!r} is no longer needed" for name in report.idle)


def check_rulebook(rulebook: Rulebook, *, excused: Excuses | None = None, checks: Iterable[Check] = ()) -> Report:
    """Every check of a rulebook, or some. Raises `InputError` for an excuse that names no check."""
    chosen, reasons = tuple(checks) or CHECKS, dict(excused or {})
    _known(reasons, chosen)
    found = tuple(_checked(rulebook, check, reasons) for check in chosen)
    used = {name for each in found for fault, _ in each.excused for name in _names(each.check, fault)}
    return Report(rulebook.name, found, tuple(name for name in reasons if name not in used))


def _known(reasons: Excuses, checks: tuple[Check, ...]) -> None:
    names = [check.name for check in checks]
    wrong = [name for name in reasons if name.partition(": ")[0] not in names]
    raise_any([Problem("excused", f"there is no check {name!r}", near(name, names)) for name in wrong])


def _checked(rulebook: Rulebook, check: Check, reasons: Excuses) -> Checked:
    found = list(check.run(rulebook if check.dated else testing.undated(rulebook)))
    excused = [(fault, reason) for fault in found if (reason := _reason(check, fault, reasons))]
    spared = {fault for fault, _ in excused}
    return Checked(check, tuple(fault for fault in found if fault not in spared), tuple(excused))


def _names(check: Check, fault: Fault) -> tuple[str, str]:
    return f"{check.name}: {fault.rule}", check.name


def _reason(check: Check, fault: Fault, reasons: Excuses) -> str:
    return next((reasons[name] for name in _names(check, fault) if name in reasons), "")


def parametrize_with_checks(
    rulebooks: Iterable[Rulebook], *, excused: Mapping[str, Excuses] | None = None, checks: Iterable[Check] = ()
) -> pytest.MarkDecorator:
    """A mark for a pytest test with the argument `check`, a function that raises what is wrong with one rulebook.

    `excused` has the excuses by the name of the rulebook.

        @parametrize_with_checks([load("harbor.toml")])
        def test_the_rulebook(check):
            check()
    """
    import pytest  # noqa: PLC0415  only tests have it

    reasons = excused or {}
    cases = [
        pytest.param(
            _raising(book, check, reasons.get(book.name, {})), id=f"{book.name}-{check.name.replace(' ', '_')}"
        )
        for book in rulebooks
        for check in tuple(checks) or CHECKS
    ]
    return pytest.mark.parametrize("check", cases)


def _raising(rulebook: Rulebook, check: Check, reasons: Excuses) -> Callable[[], None]:
    def run() -> None:
        own = {name: reason for name, reason in reasons.items() if name.partition(": ")[0] == check.name}
        report = check_rulebook(rulebook, excused=own, checks=[check])
        if not report.passed:
            raise AssertionError(str(report))

    return run


# the checks


def _judged(rulebook: Rulebook) -> list[Rule]:
    refused = testing.unjudged(rulebook)
    return [rule for rule in rulebook.judged if rule.id not in refused]


def _unjudged(rulebook: Rulebook) -> Iterator[Fault]:
    yield from (Fault(rule, says) for rule, says in testing.unjudged(rulebook).items())


def _examples(rulebook: Rulebook) -> Iterator[Fault]:
    for each in testing.failing_examples(rulebook):
        yield Fault(each.rule, f"example {each.number} is stated {each.stated}, and judged {each.found}")


def _worked(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in rulebook.judged:
        verdicts = {example.verdict for example in rule.examples}
        if len(verdicts - {"unknown"}) < 2:
            told = ", ".join(sorted(verdicts)).replace("_", " ") or "there is none"
            yield Fault(rule.id, f"its worked examples do not show two answers ({told})")


def _both_ways(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in _judged(rulebook):
        for stand in stands(rulebook, rule, MANY):
            verdicts = {stand.finding(trial).verdict for trial in stand.trials}
            if not verdicts & {Verdict.MET, Verdict.PENDING}:
                yield Fault(rule.id, f"nothing that was tried can pass it ({stand.kind})")
            if Verdict.NOT_MET not in verdicts:
                yield Fault(rule.id, f"nothing that was tried can fail it ({stand.kind})")


def _law(law: laws.Law) -> Check:
    def run(rulebook: Rulebook) -> Iterator[Fault]:
        for rule in _judged(rulebook):
            if law in laws.laws_of(rulebook, rule):
                yield from (Fault(rule.id, fault) for fault in laws.held(rulebook, rule, law).faults[:1])

    return Check(law.name, law.says, run)


def _every_term(rulebook: Rulebook) -> Iterator[tuple[Rule, str, terms.Term]]:
    for rule in rulebook:
        for kind in rule.about:
            for reading in ("", *rule.readings):
                body = rulebook.body(rule, kind, frozenset({reading} - {""}))
                yield from ((rule, kind, term) for term in loading.parts(body))


def _text_and_back(rulebook: Rulebook) -> Iterator[Fault]:
    for rule, kind, term in _every_term(rulebook):
        text = unparse(term)
        again = _read_again(text, attrs.evolve(rulebook.scope(kind), each=True))
        if again != text:
            yield Fault(rule.id, f"{text!r} reads as {again!r}")


def _read_again(text: str, scope: Scope) -> str:
    """A text as it is read and written again."""
    try:
        return unparse(syntax.parse(text, scope))
    except syntax.SyntaxFaults as error:
        return str(error)


def _numbers_told(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in rulebook.judged:
        told = set(re.findall(r"\d+(?:\.\d+)?", english.rule_text(rulebook, rule)))
        for number in dict.fromkeys(_numbers(rulebook, rule)):
            if number not in told:
                yield Fault(rule.id, f"its plain English does not say {number}")


def _numbers(rulebook: Rulebook, rule: Rule) -> Iterator[str]:
    """The numbers of a rule but 0 and 1, which a sentence may leave out."""
    tops = [term for kind in rule.about for term in loading.parts(rulebook.body(rule, kind))]
    amounts = [_amount(node) for top in tops for node in terms.walk(top)]
    yield from (str(abs(each)) for each in amounts if each is not None and not -1 <= each <= 1)


def _amount(node: terms.Term) -> int | Decimal | None:
    if isinstance(node, terms.Shift):
        return node.by.amount
    value = node.value if isinstance(node, terms.Lit) else None
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _overlay(rulebook: Rulebook) -> Iterator[Fault]:
    if rulebook.extends:
        return
    text = f'rulebook = "overlay"\ntitle = "Nothing changed"\nextends = "{rulebook.name}"\n'
    try:
        over = loading.load(text, rulebook.vocabulary, find=lambda _: rulebook)
    except InputError as error:
        yield Fault("", f"an overlay that changes nothing does not load: {error}")
        return
    if list(over.rules) != list(rulebook.rules):
        yield Fault("", "an overlay that changes nothing has other rules")
    for each in testing.failing_examples(over):
        if each not in testing.failing_examples(rulebook):
            yield Fault(each.rule, f"under an overlay that changes nothing, example {each.number} is {each.found}")


def _clauses(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in _judged(rulebook):
        yield from (Fault(rule.id, str(each)) for each in cases.unpaired(rulebook, rule))


def _numbers_noticed(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in rulebook:
        yield from (Fault(rule.id, str(each)) for each in cases.unnoticed(rulebook, rule))


def _changes_noticed(rulebook: Rulebook) -> Iterator[Fault]:
    for rule in rulebook:
        yield from (Fault(rule.id, f"no generated case notices: {each}") for each in _survivors(rulebook, rule))


def _survivors(rulebook: Rulebook, rule: Rule) -> tuple[Mutant, ...]:
    made = {each.id: cases.of(rulebook, each) for each in mutants.asking(rulebook, rule)}
    return mutants.survivors(rulebook, rule, made)


@attrs.frozen
class Changes:
    """How many small wrong changes of a rulebook there are, and which of them nothing notices.

    `examples` are those that no worked example notices, `numbers` the changed numbers and moved boundaries among them
    with a case that would, and `cases` those that no generated case notices either.
    """

    rulebook: str
    made: int
    examples: tuple[Mutant, ...]
    numbers: tuple[cases.Unnoticed, ...]
    cases: tuple[Mutant, ...]

    def __str__(self) -> str:
        return "\n".join(
            [
                f"{self.made} small wrong changes of the rules",
                f"noticed by the worked examples: {self.made - len(self.examples)}",
                f"noticed by the generated cases: {self.made - len(self.cases)}",
                *(f"- no generated case notices: {each}" for each in self.cases),
                f"changed numbers and moved boundaries that no worked example notices: {len(self.numbers)}",
                *(f"- {each}" for each in self.numbers),
            ]
        )


def changes(rulebook: Rulebook) -> Changes:
    """Every small wrong change of every rule, held against the worked examples and the generated cases."""
    rules = [rule for rule in rulebook if rule.form == "definition" or rule.id not in testing.unjudged(rulebook)]
    return Changes(
        rulebook.name,
        sum(len(mutants.of(rulebook, rule)) for rule in rules),
        tuple(m for rule in rules for m in mutants.survivors(rulebook, rule, mutants.examples_of(rulebook, rule))),
        tuple(each for rule in rules for each in cases.unnoticed(rulebook, rule)),
        tuple(each for rule in rules for each in _survivors(rulebook, rule)),
    )


CHECKS: Final[tuple[Check, ...]] = (
    Check("every rule is judged", "No rule is refused by the record reader.", _unjudged),
    Check("examples come out as stated", "Every worked example has the verdict that it states.", _examples, dated=True),
    Check("examples show two answers", "The worked examples of every rule have two answers.", _worked),
    Check("every rule has two sides", "Somebody can pass every rule, and somebody can fail it.", _both_ways),
    *map(_law, laws.LAWS),
    Check("text and tree are one", "A term written as text reads as the same term.", _text_and_back),
    Check("English names every number", "Every number of a rule stands in its plain English.", _numbers_told),
    Check(
        "an overlay of nothing",
        "A rulebook that extends this one and changes nothing says the same.",
        _overlay,
        dated=True,
    ),
)
"""The checks of every rulebook; those that need generated cases are slow, and stand apart."""

SLOW_CHECKS: Final[tuple[Check, ...]] = (
    Check("every clause can decide", "Two cases differ in each condition alone, and in the verdict.", _clauses),
    Check("examples notice numbers", "Every changed number and boundary is noticed by an example.", _numbers_noticed),
    Check("cases notice changes", "Every other change of a rule is noticed by a generated case.", _changes_noticed),
)
