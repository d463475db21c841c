"""Terms to the lines of a Python function: straight on, each distinct term once.

A value becomes a variable. A condition becomes two expressions, one that is true where it surely holds and one where it
surely does not: so the unknown needs no value of its own, and nothing is computed that is not asked for.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias, assert_never

import attrs

from peersupport.readers.judge import shortcuts, values
from peersupport.readers.judge.sheet import (
    RECORD,
    SLOW,
    Found,
    Rows,
    Sheet,
    Sources,
    Truth,
    Unwritten,
    Value,
    absent_as,
    both,
    either,
    equal,
    skipped,
)
from peersupport.rules import calendar, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import Fact
from peersupport.rules.terms import PROGRAM, Path, Step, Term

Env: TypeAlias = tuple[str, ...]
"""The variables of the records of the environment."""

_LONGEST_CONDITION: Final = 200
"""How long the text of a condition may become before it is given a variable."""
_NEGATED: Final = frozenset({"==", "!="})
_PATHS = (terms.Read, terms.Defined, terms.Gather)
_DAY = (terms.On, terms.Defined, terms.Met)
_DEAR = (terms.Gather, terms.Met, terms.Defined)


class Writer(Sheet):
    """Writes the lines of one function."""

    def __init__(self, sources: Sources) -> None:
        super().__init__(sources)
        self.asked = "on"

    def _key(self, term: Term, env: Env) -> object:
        """What makes a term another one: as much of the environment as it reads, and the day that is asked about."""
        nodes = list(terms.walk(term))
        depths = [node.path.depth for node in nodes if isinstance(node, _PATHS) and node.path.depth < len(env)]
        depths += [0 for node in nodes if isinstance(node, terms.Met)]
        asked = self.asked if any(isinstance(node, _DAY) for node in nodes) else ""
        return term, env[: 1 + max(depths, default=PROGRAM)], asked

    def _definition(self, term: terms.Defined) -> Term:
        return terms.as_event(self.sources.definition(term.rule, term.path.leads_to))

    # records

    def found(self, path: Path, env: Env) -> Found:
        """The record at the end of a path of single references."""
        if not path.steps:
            return self._program() if path.depth == PROGRAM else Found(env[path.depth])
        return self.once((path, env[: path.depth + 1]), lambda: self._followed(path, env))

    def _program(self) -> Found:
        self.given("program")
        self.head["program = next(iter(t_program.records.values()), None)"] = None
        self.namespace["next"], self.namespace["iter"] = next, iter
        self.head["if program is None:"] = None
        self.head[f"    {SLOW}  # program"] = None
        return Found("program")

    def _followed(self, path: Path, env: Env) -> Found:
        *before, step = path.steps
        here = attrs.evolve(path, steps=tuple(before))
        start = self.found(here, env)
        fact = self.sources.vocabulary[here.leads_to].facts[step.fact]
        absent = fact.type.or_none or start.absent
        ref = self.new()
        self._guarded(ref, start, self.attribute(start.text, fact))
        skip = f"{ref} is None or {ref} is NONE" if absent else f"{ref} is None"
        self.line(f"{ref} = {ref} if {skip} else tables.find({self.const(step.kind)}, {ref})")
        return Found(ref, certain=False, absent=absent)

    def _guarded(self, name: str, start: Found, text: str) -> None:
        """Read something of a record that may not be there."""
        if start.certain:
            self.line(f"{name} = {text}")
        elif start.absent:
            self.line(f"{name} = {start.text} if {start.text} is None or {start.text} is NONE else {text}")
        else:
            self.line(f"{name} = None if {start.text} is None else {text}")

    # facts

    def read(self, term: terms.Read, env: Env) -> Value:
        """A fact of a record. What lies ahead reads as not recorded; an event has not happened yet."""
        start = self.found(term.path, env)
        name, fact = self.new(), term.fact
        none = "False" if term.type.base == "bool" else "NONE"
        if start.certain:
            self._read(name, start, term)
        elif not (fact.happens or start.absent):
            self._guarded(name, start, self.attribute(start.text, fact))
        else:
            self.line(absent_as(name, start.text, none))
            with self.block(f"if {start.text} is not None and {start.text} is not NONE:"):
                self._read(name, start, term)
        absent = (fact.type.or_none and not term.event) or (start.absent and none == "NONE")
        return Value(name, ranged=term.event, absent=absent, unsure=f"{name} is None")

    def _read(self, name: str, start: Found, term: terms.Read) -> None:
        self.line(f"{name} = {self.attribute(start.text, term.fact)}")
        if not term.fact.happens:
            return
        then = f"{name} = {self.waiting(term.type.base) if term.event else None}"
        self.ahead(name, term.fact, then, event=term.event)

    def ahead(self, name: str, fact: Fact, then: str, *, event: bool = False) -> None:
        """What to do where a date or instant lies after the day of the judgement; of an event, where it is absent."""
        later = f"{name} > {self.day()}"
        if fact.type.base == "instant":
            later = f"later({name}, {self.day()}, {self.office()})"
        if fact.type.or_none:
            later = f"({name} is NONE or {later})" if event else f"{name} is not NONE and {later}"
        self.line(f"if {name} is not None and {later}:")
        self.line(f"    {then}")

    # values

    def value(self, term: Term, env: Env) -> Value:
        """The variable of a value."""
        return self.once(("value", self._key(term, env)), lambda: self._value(term, env))

    def _value(self, term: Term, env: Env) -> Value:
        match term:
            case terms.Lit(value=value):
                return Value(self.const(value), known=True)
            case terms.On():
                self.looks_at_on = True
                return Value(self.asked, known=True)
            case terms.Read():
                return self.read(term, env)
            case terms.Defined():
                return self._defined(term, env)
            case terms.Shift():
                return self._shift(term, env)
            case terms.Call():
                return self._call(term, env)
            case terms.Arith():
                return self._arith(term, env)
            case terms.Common():
                return self._sets(term, env, "&")
            case terms.Gather() if term.type.base != "bool":
                return self._gathered(term, env)
            case terms.Earliest():
                return self._extreme([self.value(each, env) for each in term.of], "least")
            case _:
                return self.in_variable(self.truth(term, env))

    def in_variable(self, truth: Truth) -> Value:
        """A condition as a value: yes, no or None."""
        name = self.let(f"True if {truth.yes} else False if {truth.no} else None")
        return Value(name, unsure=self.let(truth.unsure or "False") if self.open_ended else f"{name} is None")

    def _defined(self, term: terms.Defined, env: Env) -> Value:
        start, of = self.found(term.path, env), self._definition(term)
        if start.certain:
            return self.value(of, (start.text,))
        name, unsure = self.new(), self.new()
        none = "False" if term.type.base == "bool" else "NONE"
        self.line(f"{unsure} = {start.text} is None")
        self.line(absent_as(name, start.text, none))
        with self.block(f"if {start.text} is not None and {start.text} is not NONE:"):
            found = self.value(of, (start.text,))
            self.line(f"{name} = {found.text}")
            self.line(f"{unsure} = {found.unsure or False}")
        return Value(name, found.ranged, found.absent or start.absent, unsure=unsure)

    def _shift(self, term: terms.Shift, env: Env) -> Value:
        base = self.value(term.base, env)
        plain = term.type.base == "date" and term.by.unit != "business_days"
        office = self.const(Office()) if plain else self.office()
        self.namespace["shifted"] = values.shifted
        text = f"shifted({base.text}, {self.const(term.by)}, {office})"
        if plain and term.by.unit in calendar.FIXED:
            moved = f"{base.text} + {self.const(dt.timedelta(days=term.by.amount * calendar.FIXED[term.by.unit]))}"
            if not base.ranged:
                return self._changed(base, moved)
            self.namespace["Date"] = dt.date
            text = f"None if {base.text} is None else {moved} if {base.text}.__class__ is Date else {text}"
        return attrs.evolve(base, text=self.let(text))

    def _changed(self, base: Value, text: str) -> Value:
        """A change of a value that leaves alone what is not recorded or absent."""
        skip = skipped(base)
        return attrs.evolve(base, text=self.let(f"{base.text} if {skip} else {text}" if skip else text))

    def _call(self, term: terms.Call, env: Env) -> Value:
        args = [self.value(arg, env) for arg in term.args]
        plain = not any(arg.ranged or arg.absent for arg in args)
        match term.name:
            case "day" | "next_open" as name:
                self.namespace[name] = getattr(calendar, name)
                change = f"{name}({args[0].text}, {self.office()})"
                if not args[0].ranged:
                    return self._changed(args[0], change)
                return self._monotone(args[0], f"lambda end: {name}(end, office)")
            case "first_of_month" as name:
                self.namespace[name] = calendar.first_of_month
                if not args[0].ranged:
                    return self._changed(args[0], f"{name}({args[0].text})")
                return self._monotone(args[0], name)
            case "birthday":
                self.namespace["birthday"] = calendar.birthday
                if not args[0].ranged:
                    return self._changed(args[0], f"birthday({args[0].text}, {args[1].text})")
                return self._monotone(args[0], f"lambda end: birthday(end, {args[1].text})")
            case "days_between" if plain:
                return self._of_known(args, f"({args[1].text} - {args[0].text}).days")
            case "age" if plain:
                self.namespace["age"] = calendar.age
                return self._of_known(args, f"age({args[0].text}, {args[1].text})")
            case "days_between" | "age":
                self.namespace["range_" + term.name] = getattr(values, term.name)
                return self._of_ranges(args, f"range_{term.name}({args[0].text}, {args[1].text})")
            case "min":
                return self._extreme(args, "least")
            case "max":
                return self._extreme(args, "greatest")
            case _:
                assert_never(term.name)

    def _monotone(self, base: Value, change: str) -> Value:
        self.namespace["monotone"] = values.monotone
        return attrs.evolve(base, text=self.let(f"monotone({change}, {base.text})"))

    def _of_known(self, args: Iterable[Value], text: str) -> Value:
        """A value of others, none of which has two ends or is absent."""
        missing = either(*(f"{arg.text} is None" for arg in args if not arg.known))
        name = self.let(f"None if {missing} else {text}" if missing else text)
        return Value(name, unsure=either(*(arg.unsure for arg in args)), known=not missing)

    def _of_ranges(self, args: Iterable[Value], text: str) -> Value:
        return Value(self.let(text), ranged=True, absent=True, unsure=either(*(arg.unsure for arg in args)))

    def _extreme(self, args: list[Value], pick: str) -> Value:
        self.namespace["extreme"], self.namespace[pick] = values.extreme, getattr(values, pick)
        return self._of_ranges(args, f"extreme(({', '.join(arg.text for arg in args)},), {pick})")

    def _arith(self, term: terms.Arith, env: Env) -> Value:
        left, right = self.value(term.left, env), self.value(term.right, env)
        if left.ranged or right.ranged or left.absent or right.absent:
            self.namespace["arithmetic"] = values.arithmetic
            return self._of_ranges((left, right), f"arithmetic({self.const(term.op)}, {left.text}, {right.text})")
        text = {
            "+": f"{left.text} + {right.text}",
            "-": f"{left.text} + -{right.text}",
            "*": f"{left.text} * {right.text}",
        }
        return self._of_known((left, right), text[term.op])

    def _sets(self, term: terms.Subset | terms.Common, env: Env, op: str) -> Value:
        sides = [self._as_set(self.value(side, env)) for side in (term.left, term.right)]
        return self._of_known(sides, f"{sides[0].text} {op} {sides[1].text}")

    def _as_set(self, value: Value) -> Value:
        if not value.absent:
            return value
        name = self.let(f"{self.const(frozenset())} if {value.text} is NONE else {value.text}")
        return attrs.evolve(value, text=name, absent=False)

    # conditions

    def truth(self, term: Term, env: Env) -> Truth:
        """The expressions of a condition."""
        return self.once(("truth", self._key(term, env)), lambda: self._short(self._truth(term, env)))

    def _short(self, truth: Truth) -> Truth:
        if max(map(len, (truth.yes, truth.no, truth.unsure))) <= _LONGEST_CONDITION:
            return truth
        return self._held(self.in_variable(truth))

    @staticmethod
    def _held(value: Value) -> Truth:
        """The condition that a variable says."""
        return Truth(value.text, f"{value.text} is False", value.unsure)

    def _truth(self, term: Term, env: Env) -> Truth:
        match term:
            case terms.AtLeast():
                return self._at_least(term, env)
            case terms.Not():
                inner = self.truth(term.of, env)
                return Truth(inner.no, inner.yes, inner.unsure)
            case terms.Compare():
                return self._compared(term, env)
            case terms.In():
                return self._in(term, env)
            case terms.Subset():
                return self._held(self._sets(term, env, "<="))
            case terms.Known():
                return self._known(term.of, env)
            case terms.Exists():
                return self._exists(term.of, env)
            case terms.Covers():
                return self.truth(terms.covering(term), env)
            case terms.Overlaps():
                return self.truth(terms.overlapping(term), env)
            case terms.Met():
                return self._met(term, env)
            case terms.Gather(op="any" | "all"):
                return self._quantified(term, env)
            case _:
                return self._held(self.value(term, env))

    def _at_least(self, term: terms.AtLeast, env: Env) -> Truth:
        k, count = term.k, len(term.of)
        parts: list[Truth] = []
        for each in term.of:
            decided = [part.no for part in parts] if k == count else [part.yes for part in parts] if k == 1 else []
            parts.append(self._part(each, env, decided))
        if k == count:
            yes, no = both(*(part.yes for part in parts)), either(*(part.no for part in parts))
        elif k == 1:
            yes, no = either(*(part.yes for part in parts)), both(*(part.no for part in parts))
        else:
            yes = " + ".join(f"(1 if {part.yes} else 0)" for part in parts) + f" >= {k}"
            no = " + ".join(f"(1 if {part.no} else 0)" for part in parts) + f" > {count - k}"
        unsure = either(*(part.unsure for part in parts))
        return Truth(yes, no, f"not ({yes}) and not ({no}) and ({unsure})" if unsure else "")

    def _part(self, term: Term, env: Env, decided: list[str]) -> Truth:
        """One of several conditions. What is dear is not asked for where those before it have decided."""
        if not decided or not any(isinstance(node, _DEAR) for node in terms.walk(term)):
            return self.truth(term, env)
        name, unsure = self.let("None"), self.let("False")
        with self.block(f"if not ({either(*decided)}):"):
            inner = self.in_variable(self.truth(term, env))
            self.line(f"{name} = {inner.text}")
            self.line(f"{unsure} = {inner.unsure}")
        return Truth(name, f"{name} is False", unsure)

    def _compared(self, term: terms.Compare, env: Env) -> Truth:
        left, right = self.value(term.left, env), self.value(term.right, env)
        unsure, there = either(left.unsure, right.unsure), (_is_there(term.left), _is_there(term.right))
        if left.ranged or right.ranged or (there[0] and right.absent) or (there[1] and left.absent):
            self.namespace["compared"] = shortcuts.compared
            text = f"compared({self.const(term.op)}, {left.text}, {right.text}, {self.const(there)})"
            name = self.let(text)
            self.open_ended = self.open_ended or left.ranged or right.ranged
            return Truth(name, f"{name} is False", f"{name} is None and ({unsure or False})")
        if term.op in _NEGATED and (left.known or right.known):
            return equal(term.op, left, right)
        return self._held(self._of_known((left, right), f"{left.text} {term.op} {right.text}"))

    def _in(self, term: terms.In, env: Env) -> Truth:
        item, of = self.value(term.item, env), self.value(term.of, env)
        inside = f"{of.text} is not NONE and {item.text} in {of.text}" if of.absent else f"{item.text} in {of.text}"
        truth = self._held(self._of_known((item, of), inside))
        return Truth(truth.no, truth.yes, truth.unsure) if term.negated else truth

    def _known(self, of: Term, env: Env) -> Truth:
        if of.type.base == "bool":
            inner = self.truth(of, env)
            known = either(inner.yes, inner.no)
            return Truth(known, f"not ({known})")
        value = self.value(of, env)
        return Truth(f"{value.text} is not None", f"{value.text} is None")

    def _exists(self, of: Term, env: Env) -> Truth:
        value = self.value(of, env)
        if value.ranged:
            self.namespace["there"] = shortcuts.there
            name, self.open_ended = self.let(f"there({value.text})"), True
            return Truth(name, f"{name} is False", f"{name} is None and ({value.unsure or False})")
        if of.type.base not in {"set", "refs"}:
            yes = f"{value.text} is not None and {value.text} is not NONE"
            return Truth(yes, f"{value.text} is NONE", value.unsure)
        held = self._as_set(value)
        return Truth(held.text, f"{held.text} is not None and not {held.text}", held.unsure)

    def _met(self, term: terms.Met, env: Env) -> Truth:
        if env[0] != RECORD or self.asked != "on":
            raise Unwritten(term)
        name = self.let(f"{self.const(self.sources.met(term.rule))}(record, on, tables)")
        self.open_ended = True
        return Truth(f"{name} is MET or {name} is NOT_APPLICABLE", f"{name} is NOT_MET", f"{name} is UNKNOWN")

    # related records

    def rows(self, path: Path, env: Env) -> Rows:
        """The records at the end of a path that may branch."""
        leading = tuple(itertools.takewhile(lambda step: step.forward and not step.many, path.steps))
        here = Path(path.depth, path.kind, leading)
        start, rest = self.found(here, env), path.steps[len(leading) :]
        if not rest or any(step.forward for step in rest[1:]):
            raise Unwritten(path)
        found = self._stepped(here.leads_to, start, rest[0])
        for before, step in itertools.pairwise(rest):
            found = self._stepped_on(found, before, step)
        return Rows(found, rest[-1].kind, start.certain and not rest[0].forward, self._unseen(rest[-1]))

    def _stepped(self, kind: str, start: Found, step: Step) -> str:
        """The records to which the first step leads that may branch; None where they are not known."""
        if step.forward:
            self.namespace["members"] = shortcuts.members
            refs = self.new()
            self._guarded(refs, start, self.attribute(start.text, self.sources.vocabulary[kind].facts[step.fact]))
            return self.let(f"members(tables, {self.const(step.kind)}, {refs})")
        self.given(step.kind)
        if not step.fact:
            return self.let(f"tables.all_of({self.const(step.kind)})")
        text = f"tables.referring({self.const(step.kind)}, {self.const(step.fact)}, {start.text}.id)"
        if start.absent:
            text = f"None if {start.text} is None else () if {start.text} is NONE else {text}"
        elif not start.certain:
            text = f"None if {start.text} is None else {text}"
        return self.let(text)

    def _stepped_on(self, found: str, before: Step, step: Step) -> str:
        """The records that refer to several others, of which only those that have been seen."""
        self.given(step.kind)
        self.namespace["referring"] = shortcuts.referring
        unseen = self._unseen(before)
        if unseen:
            seen, each = self.let("[]"), self.new()
            with self.block(f"for {each} in {found} or ():"):
                self.skip_unseen(each, unseen)
                self.line(f"{seen}.append({each})")
            self.line(f"{found} = {found} and {seen}")
        text = f"referring(tables, {self.const(step.kind)}, {self.const(step.fact)}, {found})"
        return self.let(f"{found} and {text}")

    def _unseen(self, step: Step) -> Fact | None:
        """The fact by which a record has not been seen: its own day, where that happens."""
        kind = self.sources.vocabulary[step.kind]
        dated = kind.facts.get(kind.dated_by or (kind.span.start if kind.span else ""))
        return dated if dated and dated.happens else None

    def skip_unseen(self, each: str, unseen: Fact | None) -> None:
        """Leave out a record that is dated after the day of the judgement."""
        if unseen:
            name = self.let(self.attribute(each, unseen))
            self.ahead(name, unseen, "continue")

    @contextlib.contextmanager
    def each(self, rows: Rows, where: Term | None, env: Env) -> Iterator[tuple[Env, Truth | None]]:
        """The lines for each of some related records, and the condition that they stand under."""
        if where is not None:
            self._before(where, env)
        each, before = self.new(), self.open_ended
        with self.block(f"for {each} in {rows.text}{'' if rows.certain else ' or ()'}:"):
            self.skip_unseen(each, rows.unseen)
            inner = (*env, each)
            self.open_ended = False
            yield inner, None if where is None else self.truth(where, inner)
        self.open_ended = self.open_ended or before

    def closed(self, term: Term) -> None:
        """Refuse a condition on related records that may stay open though every fact is recorded."""
        if self.open_ended:
            raise Unwritten(term)

    def _before(self, term: Term, env: Env) -> None:
        """Read before a loop what is the same for all of it."""
        for part in terms.children(term):
            if isinstance(part, (terms.Read, terms.Call, terms.Shift)) and self._outside(part, len(env)):
                self.value(part, env)
            elif not isinstance(part, terms.Gather):
                self._before(part, env)

    @staticmethod
    def _outside(term: Term, depth: int) -> bool:
        nodes = list(terms.walk(term))
        plain = not any(isinstance(node, (terms.Gather, terms.Met)) for node in nodes)
        return plain and all(node.path.depth < depth for node in nodes if isinstance(node, _PATHS))

    def _quantified(self, term: terms.Gather, env: Env) -> Truth:
        rows, wanted = self.rows(term.path, env), term.op == "any"
        name = self.let(f"{not wanted}" if rows.certain else f"None if {rows.text} is None else {not wanted}")
        unsure = self.let("False" if rows.certain else f"{rows.text} is None")
        with self.each(rows, term.where, env) as (_, held):
            truth = held or Truth("True", "False")
            hit, miss = (truth.yes, truth.no) if wanted else (truth.no, truth.yes)
            self.line(f"if {hit}:")
            self.line(f"    {name} = {wanted}")
            self.line("    break")
            self.line(f"if not ({miss}):")
            self.line(f"    {name} = None")
            self.line(f"    {unsure} = {f'{unsure} or ({truth.unsure or False})' if self.open_ended else True}")
        return Truth(name, f"{name} is False", f"{name} is None and {unsure}")

    def _gathered(self, term: terms.Gather, env: Env) -> Value:
        if term.op == "count":
            return self._counted(term, env)
        if term.op not in {"first", "last", "nth"} or not terms.is_moment(term.type):
            raise Unwritten(term)
        rows, waiting = self.rows(term.path, env), self.waiting(term.type.base)
        certain, doubts = self.let("None" if term.op == "first" else "[]"), self.let("[]")
        with self.events(term, rows, env, doubts) as day:
            if term.op == "first":
                self.line(f"if {certain} is None or {day} < {certain}:")
                self.line(f"    {certain} = {day}")
            else:
                self.line(f"{certain}.append({day})")
        position = f"{self.const(term.n - 1)}, " if term.op == "nth" else ""
        self.namespace[term.op] = getattr(shortcuts, term.op)
        name, unsure, text = self.new(), self.new(), f"{term.op}({position}{certain}, {doubts}, {waiting})"
        self.line(f"{name}, {unsure} = {text if rows.certain else f'(None, True) if {rows.text} is None else {text}'}")
        return Value(name, ranged=True, unsure=unsure)

    def _counted(self, term: terms.Gather, env: Env) -> Value:
        rows = self.rows(term.path, env)
        sure, possible = self.let("0"), self.let("0")
        with self.each(rows, term.where, env) as (_, held):
            self.closed(term)
            self.line(f"{possible} += 1")
            if held:
                self.line(f"if {held.yes}:")
                self.line(f"    {sure} += 1")
                self.line(f"elif {held.no}:")
                self.line(f"    {possible} -= 1")
        low = sure if term.where is not None else possible
        text = possible if low == possible else f"{low} if {low} == {possible} else Range({low}, {possible})"
        name = self.let(text if rows.certain else f"None if {rows.text} is None else {text}")
        return Value(name, ranged=True, unsure=f"{name} is None or {name}.__class__ is Range")

    def dates(self, term: terms.Gather, env: Env) -> tuple[str, str, Rows]:
        """The days of some events: lists of the certain ones and of those in doubt, None for no known day."""
        rows, certain, doubts = self.rows(term.path, env), self.let("[]"), self.let("[]")
        with self.events(term, rows, env, doubts) as day:
            self.line(f"{certain}.append({day})")
        return certain, doubts, rows

    @contextlib.contextmanager
    def events(self, term: terms.Gather, rows: Rows, env: Env, doubts: str) -> Iterator[str]:
        """The lines for the day of each event that is certain; those in doubt are kept in a list."""
        with self.each(rows, term.where, env) as (inner, held):
            if self.open_ended or term.value is None:
                raise Unwritten(term)
            if held:
                self.line(f"if {held.no}:")
                self.line("    continue")
            day = self._day_of(terms.as_event(term.value), inner, rows.unseen)
            self.line(f"if {day} is None or not ({held.yes}):" if held else f"if {day} is None:")
            self.line(f"    {doubts}.append({day})")
            self.line("    continue")
            yield day

    def _day_of(self, value: Term, env: Env, seen: Fact | None) -> str:
        """The day of an event of a related record, which is left out where it has not happened."""
        if not isinstance(value, terms.Read) or value.path.steps or value.path.depth != len(env) - 1:
            found = self.value(value, env)
            self.line(f"if {found.text}.__class__ is Range or {found.text} is NONE:")
            self.line("    continue")
            return found.text
        fact = value.fact
        day = self.let(self.attribute(env[-1], fact))
        if fact.happens and fact != seen:
            self.ahead(day, fact, "continue", event=True)
        elif fact.type.or_none:
            self.line(f"if {day} is NONE:")
            self.line("    continue")
        return day


def _is_there(term: Term) -> bool:
    """Whether a value cannot be absent, so that it stands before what is, though it is not recorded."""
    if isinstance(term, terms.Call) and term.name == "day":
        return _is_there(term.args[0])
    return isinstance(term, terms.Read) and not (term.event or term.path.steps or term.fact.type.or_none)
