"""Names to facts and paths: what the words of a rule's text mean in a vocabulary.

A name is a fact of the kind where it stands, or, as a step of a path, a kind that refers to where it stands. None or
several ways are a fault that lists the candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn, TypeAlias

import attrs

from peersupport.rules import terms
from peersupport.rules.facts import DATE, Fact, Kind, Type, Vocabulary
from peersupport.rules.problems import near
from peersupport.rules.terms import Path, Read, Step, Term

Definitions: TypeAlias = Mapping[tuple[str, str], tuple[str, Type]]
"""The definitions of a rulebook: by kind and name, the rule's id and its type."""


@attrs.frozen
class Fault:
    """What is wrong with a text: the fault, its place counted in characters from 0, and the mend.

    An empty fault is one that was said elsewhere: where the name was declared.
    """

    fault: str
    at: int
    mend: str = ""


class Stop(Exception):
    """The fault that ends the reading of one part of a text; its neighbours are still read."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.fault)


@attrs.frozen
class Name:
    """One name of a path, where it stands in the text, and the reference that was picked in brackets."""

    text: str
    at: int
    picked: str = ""

    def fail(self, fault: str, mend: str = "") -> NoReturn:
        """Refuse the name."""
        raise Stop(Fault(fault, self.at, mend))

    def unpicked(self) -> None:
        """Refuse brackets behind a name that needs none."""
        if self.picked:
            self.fail(f"brackets do not belong behind {self.text!r}", "they pick a reference of a kind: stay[person]")


@attrs.frozen
class Finder:
    """Finds what names mean."""

    vocabulary: Vocabulary
    definitions: Definitions

    def read(self, path: Path, names: list[Name]) -> Term:
        """The fact at the end of a path of single references."""
        for name in names[:-1]:
            path = self.one(path, name)
        return self.value(path, names[-1])

    def one(self, path: Path, name: Name) -> Path:
        """A path with one more step, which leads to one record."""
        steps = self.steps(path.leads_to, name)
        if any(step.many for step in steps):
            name.fail(f"there may be several of {name.text!r}", _several(name))
        return Path(path.depth, path.kind, path.steps + steps)

    def trail(self, kind: str, names: list[Name]) -> tuple[Step, ...]:
        """The steps of a path that may branch."""
        steps: tuple[Step, ...] = ()
        for name in names:
            steps += self.steps(steps[-1].kind if steps else kind, name)
        return steps

    def value(self, path: Path, name: Name) -> Term:
        """A fact or definition of the record at a path's end, or the day by which the record is dated."""
        kind = self.vocabulary[path.leads_to]
        self.vouched(kind, name)
        name.unpicked()
        if name.text == "dated":
            return _dated(path, name, kind)
        defined = self.definitions.get((kind.name, name.text))
        if defined:
            return terms.Defined(path, *defined)
        fact = kind.facts.get(name.text)
        if fact is None:
            self.unknown(kind, name)
        if fact.borrowed:
            return self.value(self.one(path, Name(fact.borrowed, name.at)), name)
        return Read(path, fact)

    def vouched(self, kind: Kind, name: Name) -> None:
        """Say nothing more of a name whose declaration is at fault."""
        if (kind.name, name.text) in self.vocabulary.faulty:
            name.fail("")

    def unknown(self, kind: Kind, name: Name) -> NoReturn:
        """Refuse a name that means nothing here, with the nearest that does."""
        kinds = [other for other in self.vocabulary if self.vocabulary[other].references(kind.name)]
        if name.text in kinds:
            name.fail(f"{name.text} is a record, not a fact", _several(name))
        known = [*kind.facts, *(n for k, n in self.definitions if k == kind.name), *kinds]
        name.fail(f"{kind.name} has no fact {name.text!r}", near(name.text, known))

    def steps(self, kind_name: str, name: Name) -> tuple[Step, ...]:
        """The steps that a name means: forward over a reference, or back to the kind that refers here."""
        kind = self.vocabulary[kind_name]
        self.vouched(kind, name)
        fact = kind.facts.get(name.text)
        if fact is None:
            return self.back(kind, name)
        name.unpicked()
        if fact.borrowed:
            via = kind.facts[fact.borrowed]
            first = Step(via.type.kind, via.name, forward=True, many=False, says=via.phrase)
            return (first, *self.steps(via.type.kind, name))
        if fact.type.base not in {"ref", "refs"}:
            name.fail(f"{name.text} is {fact.type}, not a record")
        return (Step(fact.type.kind, fact.name, forward=True, many=fact.type.base == "refs", says=fact.phrase),)

    def back(self, kind: Kind, name: Name) -> tuple[Step, ...]:
        """The step to the records that refer to a kind."""
        if name.text not in self.vocabulary:
            self.unknown(kind, name)
        other = self.vocabulary[name.text]
        if kind.name == "program":
            name.unpicked()
            return (Step(other.name, "", forward=False, many=True),)
        found = [f for f in other.references(kind.name) if name.picked in {"", f.name}]
        if not found and any(where == other.name for where, _ in self.vocabulary.faulty):
            name.fail("")
        if not found:
            name.fail(f"no fact of {other.name} {name.picked} refers to {kind.name}".replace("  ", " "))
        if len(found) > 1:
            ways = " or ".join(f"{other.name}[{fact.name}]" for fact in found)
            name.fail(f"{other.name} refers to {kind.name} in several ways", f"write {ways}")
        return self.referring(kind, other, found[0], picked=bool(name.picked))

    def referring(self, kind: Kind, other: Kind, fact: Fact, *, picked: bool) -> tuple[Step, ...]:
        """The steps back over one reference; over a borrowed one, through the kind that lends it."""
        if not fact.borrowed:
            return (Step(other.name, fact.name, forward=False, many=True, picked=picked),)
        via = other.facts[fact.borrowed]
        lender = self.vocabulary[via.type.kind]
        first = self.referring(kind, lender, lender.facts[fact.name], picked=True)
        return (*first, Step(other.name, via.name, forward=False, many=True, picked=True))


def _several(name: Name) -> str:
    return f"ask any, all, count, first or last of it, as in any({name.text}, ...)"


def _dated(path: Path, name: Name, kind: Kind) -> Term:
    if not kind.dated_by:
        name.fail(f"{kind.name} has no `dated_by`, so no day of its own")
    read = Read(path, kind.facts[kind.dated_by])
    return read if read.type.base == "date" else terms.Call("day", (read,), DATE)
