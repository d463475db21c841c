"""Rule mutants: every small wrong change of a rule, and those that no worked case notices.

A rule is data, so the tools that change code never see it. Here a rule's parsed body is changed in one place at a time,
as a reader of its source might misread it: a boundary in or out, a number by one, months taken as 30 days, `and` for
`or`, a clause left out, another fact, another anchor, another window. A case notices a mutant when it gets another
verdict, or another answer whether an exception is recorded. What no case notices might stand in the rulebook unseen.
"""

from __future__ import annotations

from peersupport.readers.mutants.bench import Worked, asking, definitions, examples_of, notices, survivors
from peersupport.readers.mutants.making import Mutant, of
from peersupport.readers.mutants.operators import BOUNDARIES, NUMBERS, Operator

__all__ = [
    "BOUNDARIES",
    "NUMBERS",
    "Mutant",
    "Operator",
    "Worked",
    "asking",
    "definitions",
    "examples_of",
    "notices",
    "of",
    "survivors",
]
