"""The kinds that a file declares, and the facts that it adds to kinds that are there."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import TypeAlias

import attrs

from peersupport.rules import facts, shapes, syntax, terms
from peersupport.rules.facts import Fact, Kind, Record, Span, Type, Vocabulary
from peersupport.rules.notes import Notes
from peersupport.rules.problems import Problem, near
from peersupport.rules.syntax import WORDS, Scope
from peersupport.rules.terms import Term

LENDERS = 8
"""Over how many records a fact may be borrowed."""

_LONGEST = 2 * LENDERS + 1
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SPAN = 'write { from = "starts_on", until = "ends_on" }, or `through` where the last day is in'

_Facts: TypeAlias = dict[str, dict[str, Fact]]


def is_name(name: str) -> bool:
    """Whether a kind, a fact or a definition may be called so."""
    return bool(_NAME.fullmatch(name)) and name not in WORDS | {"id", "self"} and not keyword.iskeyword(name)


def read(declared: Mapping[str, object], base: Vocabulary, notes: Notes) -> Vocabulary:
    """The vocabulary of a file: that of its base, with the kinds and facts that the file declares."""
    return _Reader(base, notes).vocabulary(declared)


def responsible(vocabulary: Vocabulary, notes: Notes) -> dict[str, Term]:
    """Who is responsible for what is due about each kind that says so."""
    found: dict[str, Term] = {}
    for name in vocabulary:
        text = vocabulary[name].responsible
        try:
            found |= {name: syntax.parse_reference(text, Scope(vocabulary, name))} if text else {}
        except syntax.SyntaxFaults as error:
            place = notes.place(f"kinds.{name}, responsible")
            notes.extend(Problem(place, fault.fault, fault.mend, text, fault.at) for fault in error.faults)
    return found


class _Reader:
    def __init__(self, base: Vocabulary, notes: Notes) -> None:
        self.base = base
        self.notes = notes
        self.faulty: set[tuple[str, str]] = set()

    def vocabulary(self, declared: Mapping[str, object]) -> Vocabulary:
        tables = {name: more for name, more in declared.items() if isinstance(more, dict) and self.may_be(name)}
        for name in declared.keys() - tables.keys():
            self.faulty.add((name, ""))
            if not isinstance(declared[name], dict):
                self.notes.add(f"kinds.{name}", "is not a table of facts", f"write [kinds.{name}]")
        added = {name: self.added(name, more) for name, more in tables.items()}
        known = {name: dict(self.base[name].facts) for name in self.base}
        for name, more in added.items():
            known[name] = known.get(name, {}) | more
        self.lead_somewhere(added, known)
        for name, fact in self.faulty:
            added.get(name, {}).pop(fact, None)
        kinds = {name: self.kind(name, more, added[name]) for name, more in tables.items()}
        return Vocabulary({**self.base.kinds, **kinds}, self.faulty)

    def may_be(self, name: str) -> bool:
        if name == "program" or is_name(name):
            return True
        self.notes.add(f"kinds.{name}", "cannot be the name of a kind", "small letters, no word of the language")
        return False

    # facts

    def added(self, kind: str, declared: Mapping[str, object]) -> dict[str, Fact]:
        """The facts that a table adds to its kind."""
        before = self.base.kinds[kind].facts if kind in self.base else {}
        found: dict[str, Fact] = {}
        for name, more in declared.items():
            fact = None if name in shapes.KIND else self.fact(kind, name, more)
            if fact and name in before:
                self.again(kind, before[name], fact)
            elif fact:
                found[name] = fact
        return found

    def fact(self, kind: str, name: str, declared: object) -> Fact | None:
        try:
            if not is_name(name):
                message = "cannot be the name of a fact: use small letters, and no word of the language or of Python"
                raise ValueError(message)  # noqa: TRY301  told like every other fault of a declaration
            return attrs.evolve(facts.read_fact(name, declared), added=True)
        except ValueError as error:
            self.fault(kind, name, str(error))
            return None

    def fault(self, kind: str, name: str, fault: str, mend: str = "") -> None:
        self.notes.add(f"kinds.{kind}, {name}", fault, mend)
        self.faulty.add((kind, name))

    def again(self, kind: str, before: Fact, fact: Fact) -> None:
        """A fact that is there keeps its type and its meaning."""
        if before.type != fact.type:
            self.notes.add(f"kinds.{kind}, {fact.name}", f"is {before.type} already", "choose another name")
        elif attrs.evolve(before, added=True) != fact:
            fault = "is declared already, and keeps its meaning and its properties"
            self.notes.add(f"kinds.{kind}, {fact.name}", fault, "leave it out, or choose another name")

    def lead_somewhere(self, added: _Facts, known: _Facts) -> None:
        """Each reference leads to a kind, and each borrowed fact to one that is stored."""
        own = [(kind, fact) for kind, more in added.items() for fact in more.values()]
        for kind, fact in own:
            to = fact.type.kind
            if (to, "") in self.faulty:
                self.faulty.add((kind, fact.name))
            elif to and to not in known:
                self.fault(kind, fact.name, f"no kind {to!r}", near(to, known))
        for kind, fact in own:
            fault = self.loan_fault(known, kind, fact) if fact.borrowed else ""
            if fault:
                self.fault(kind, fact.name, fault, "borrow it as in '-> person, from stay'")
        self.faulty |= {(kind, fact.name) for kind, fact in own if self.faulty & set(_chain(known, kind, fact))}

    def loan_fault(self, known: _Facts, kind: str, fact: Fact) -> str:
        """What is wrong with how a fact is borrowed; an empty text when nothing is, or when it was said."""
        via = known[kind].get(fact.borrowed)
        if {(kind, fact.borrowed), (kind, fact.name)} & self.faulty:
            return ""
        if via is None:
            return f"there is no fact {fact.borrowed!r} to borrow it from"
        if via.borrowed or via.type.base != "ref":
            return f"{fact.borrowed} is no reference that a {kind} stores"
        lent = known[via.type.kind].get(fact.name)
        if (via.type.kind, fact.name) in self.faulty:
            return ""
        if lent is None:
            return f"{via.type.kind} has no fact {fact.name!r} to lend"
        if _plain(lent.type) != _plain(fact.type):
            return f"is {lent.type} in {via.type.kind}"
        far = len(_chain(known, kind, fact)) > _LONGEST
        return f"is borrowed in a circle, or over more than {LENDERS} records" if far else ""

    # kinds

    def kind(self, name: str, declared: Mapping[str, object], added: Mapping[str, Fact]) -> Kind:
        where = f"kinds.{name}"
        base = self.base.kinds.get(name)
        fields = self.notes.fields(where, {k: v for k, v in declared.items() if k in shapes.KIND}, shapes.KIND)
        known = {**(base.facts if base else {}), **added}
        kind = attrs.evolve(
            base or Kind(name, Record, {}),
            facts=known,
            says=str(fields.get("says", base.says if base else "")),
            span=self.span(name, fields.get("span"), known) or (base.span if base else None),
            dated_by=self.dated_by(name, fields.get("dated_by"), known) or (base.dated_by if base else ""),
            responsible=str(fields.get("responsible", base.responsible if base else "")),
        )
        return facts.make_kind(base, kind, added.values()) if added or not base else kind

    def span(self, kind: str, declared: object, known: Mapping[str, Fact]) -> Span | None:
        if not isinstance(declared, dict):
            return None
        start, end = declared.get("from"), declared.get("until", declared.get("through"))
        if any((kind, name) in self.faulty for name in (start, end) if isinstance(name, str)):
            self.faulty.add((kind, "span"))
            return None
        fault = "" if len(declared) == 2 else "does not name two facts that are dates, or two instants"
        fault = fault or _span_fault(known, start, end)
        if fault:
            self.notes.add(f"kinds.{kind}, span", fault, _SPAN)
            self.faulty.add((kind, "span"))
            return None
        return Span(str(start), str(end), "through" in declared)

    def dated_by(self, kind: str, declared: object, known: Mapping[str, Fact]) -> str:
        if declared is None or _is_moment(known, declared):
            return str(declared or "")
        self.faulty.add((kind, "dated"))
        if (kind, declared) in self.faulty:
            return ""
        moments = [name for name in known if _is_moment(known, name)]
        borrowed = declared in known and known[str(declared)].borrowed
        fault = f"{declared!r} is " + ("borrowed, and not its own" if borrowed else "not a fact that is a date")
        self.notes.add(f"kinds.{kind}, dated_by", fault, near(str(declared), moments))
        return ""


def _chain(known: _Facts, kind: str, fact: Fact) -> list[tuple[str, str]]:
    """A fact, and each reference and fact by which it is borrowed in turn, as far as they are there and may be."""
    found = [(kind, fact.name)]
    while fact.borrowed and len(found) <= _LONGEST:
        found.append((kind, fact.borrowed))
        via = known[kind].get(fact.borrowed)
        kind = via.type.kind if via else ""
        found.append((kind, fact.name))
        lent = known.get(kind, {}).get(fact.name)
        if lent is None:
            return found
        fact = lent
    return found


def _plain(type_: Type) -> Type:
    return attrs.evolve(type_, or_none=False)


def _span_fault(known: Mapping[str, Fact], start: object, end: object) -> str:
    if isinstance(start, str) and start == end:
        return f"names {start!r} twice"
    both = _is_moment(known, start) and _is_moment(known, end)
    if both and known[str(start)].type.base == known[str(end)].type.base:
        return ""
    return "does not name two facts that are dates, or two instants"


def _is_moment(known: Mapping[str, Fact], name: object) -> bool:
    """Whether a name is of a fact of the kind's own that is a date or an instant."""
    own = isinstance(name, str) and name in known and not known[name].borrowed
    return own and terms.is_moment(known[str(name)].type)
