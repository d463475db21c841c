"""The cases that tell a right reading of a rule from a wrong one, few enough for a person to go through.

From any rule: for each condition two cases that differ in one fact and in the verdict, the values right beside every
boundary, and a case for every small wrong change of the rule that any case shows. Where a rule looks at related records
a case is a small roster. Each says in a sentence what it shows: a lawyer ticks it or objects. No solver is needed; the
cases are found by varying the worked examples of the rule, so they get better with these.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from peersupport.readers import variations
from peersupport.readers.cases import choosing, drafting
from peersupport.readers.cases.choosing import Chosen
from peersupport.readers.cases.drafting import Case
from peersupport.readers.cases.scenes import Scene, Stage
from peersupport.readers.cases.sheets import as_csv, as_examples, as_json, as_markdown
from peersupport.readers.mutants import BOUNDARIES, NUMBERS, Mutant, asking, examples_of, notices, survivors
from peersupport.readers.mutants.operators import told
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook

__all__ = [
    "Case",
    "Unnoticed",
    "Unpaired",
    "as_csv",
    "as_examples",
    "as_json",
    "as_markdown",
    "of",
    "unnoticed",
    "unpaired",
]


@attrs.frozen
class Unpaired:
    """A condition of a rule for which no two cases differ in it and in the verdict."""

    rule: str
    about: str
    reading: str
    condition: str

    def __str__(self) -> str:
        reading = f", under “{self.reading}”" if self.reading else ""
        return (
            f"{self.rule}{reading}: “{self.condition}” decides nothing by itself. It is redundant, "
            "or it cannot change while all else stays, or the examples never come near where it does."
        )


@attrs.frozen
class Unnoticed:
    """A changed number, or a moved boundary, that no written example notices, and a case that would."""

    mutant: Mutant
    case: Case | None

    def __str__(self) -> str:
        shows = f" Case {self.case.number} of {self.case.rule} would: {self.case.shows}" if self.case else ""
        return f"{self.mutant}. No example notices.{shows}"


def of(rulebook: Rulebook, rule: Rule) -> tuple[Case, ...]:
    """The cases of a rule, the base case first, each told by an earlier one. A definition has none of its own.

    Raises `Unsupported` for a rule that cannot be judged yet.
    """
    return variations.kept(rulebook, (of, rule.id), lambda: drafting.cases(rule.id, map(_drafts, _all(rulebook, rule))))


def unpaired(rulebook: Rulebook, rule: Rule) -> tuple[Unpaired, ...]:
    """The conditions of a rule without a pair of cases: redundant ones, and those that its examples never come near."""
    chosen = _all(rulebook, rule)
    return tuple(
        Unpaired(rule.id, each.stage.kind, each.reading, told(leaf, 0)) for each in chosen for leaf in each.unpaired
    )


def unnoticed(rulebook: Rulebook, rule: Rule) -> tuple[Unnoticed, ...]:
    """The changed numbers and moved boundaries of a rule that the written examples do not notice, each with a case.

    For a definition they are those that no example of a rule that asks for it notices.
    """
    left = survivors(rulebook, rule, examples_of(rulebook, rule))
    numbers = [mutant for mutant in left if mutant.operator in NUMBERS | BOUNDARIES]
    return tuple(Unnoticed(mutant, _noticing(rulebook, rule, mutant)) for mutant in numbers)


def _noticing(rulebook: Rulebook, rule: Rule, mutant: Mutant) -> Case | None:
    """The first case that notices a mutant of a rule; None where none does."""
    cases = (case for each in asking(rulebook, rule) for case in of(rulebook, each))
    return next((case for case in cases if notices(rulebook, mutant, {case.rule: [case]})), None)


def _drafts(chosen: Chosen) -> list[drafting.Draft]:
    return [drafting.draft(chosen.stage, scene, chosen.reading) for scene in chosen.scenes]


def _all(rulebook: Rulebook, rule: Rule) -> tuple[Chosen, ...]:
    """The scenes of a rule for each of its kinds and readings."""
    return variations.kept(rulebook, (_all, rule.id), lambda: tuple(_each(rulebook, rule)))


def _each(rulebook: Rulebook, rule: Rule) -> Iterator[Chosen]:
    for kind in rule.about if rule.form != "definition" else ():
        stage, before = Stage(rulebook, rule, kind), list[Scene]()
        for reading in choosing.readings(rulebook, rule):
            chosen = choosing.chosen(stage, reading, before)
            before += [scene for scene in chosen.scenes if scene not in before]
            yield chosen
        stage.forget()
