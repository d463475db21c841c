"""Text to terms: conditions, events, measures and bounds in one grammar, typed against the facts.

The grammar is a small subset of Python's expressions, parsed with `ast` and never evaluated by Python. All faults of a
text are found together, each with its place in the text and its mend. The way back is `unparse`.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, NoReturn, TypeVar

import attrs

from peersupport.rules import calendar, literals, terms
from peersupport.rules.calendar import UNITS, Period
from peersupport.rules.facts import BOOL, DATE, INSTANT, NUMBER, Type, Vocabulary
from peersupport.rules.names import Definitions, Fault, Finder, Name, Stop
from peersupport.rules.problems import near
from peersupport.rules.terms import PROGRAM, Gather, Lit, Path, Read, Term

DEEPEST = 40
OLDEST = 150
"""The greatest number of a birthday."""
MOST_FAULTS = 20
"""How many faults of one text are told."""
WORDS = frozenset(
    {"on", "this", "dated", "program", "date", "day", "next_open", "first_of_month", "days_between", "age", "birthday"}
    | {"min", "max"}
    | {"known", "exists", "at_least", "met", "covers", "overlaps", "any", "all", "count", "sum", "distinct", "first"}
    | {"last", "nth", "each", "and", "or", "not", "in", "true", "false", "none"}
    | set(UNITS)
)
"""The words of the language: no kind, fact or definition may be called by one of them."""


class SyntaxFaults(ValueError):
    """A text is not a term of the language. `faults` has all that is wrong with it and was not said elsewhere."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(fault for fault in faults if fault.fault)
        super().__init__("; ".join(fault.fault for fault in faults))


@attrs.frozen(eq=False)
class Scope:
    """What a text may speak of: the vocabulary, the kind judged, and the definitions by kind and name."""

    vocabulary: Vocabulary
    kind: str
    definitions: Definitions = attrs.field(factory=dict)
    each: bool = False


def parse(text: str, scope: Scope) -> Term:
    """The term that a text means. Raises `SyntaxFaults`."""
    parser = _Parser(scope)
    term = parser.collected(lambda: parser.whole(text))
    if term is None or parser.faults:
        raise SyntaxFaults(parser.faults)
    return term


def parse_condition(text: str, scope: Scope) -> Term:
    """A term that is a yes or no."""
    return _typed(text, scope, lambda type_: type_.base == "bool", "a condition (a yes or no)")


def parse_moment(text: str, scope: Scope) -> Term:
    """A term that is a date or an instant."""
    return _typed(text, scope, terms.is_moment, "a date or an instant")


def parse_number(text: str, scope: Scope) -> Term:
    """A term that is a number."""
    return _typed(text, scope, lambda type_: type_.base == "number", "a number")


def parse_reference(text: str, scope: Scope) -> Term:
    """A term that is a record, by its reference."""
    return _typed(text, scope, lambda type_: type_.base == "ref", "a reference to a record")


def _typed(text: str, scope: Scope, fits: Callable[[Type], bool], wanted: str) -> Term:
    term = parse(text, scope)
    if not fits(term.type):
        raise SyntaxFaults([Fault(f"expected {wanted}, this is {term.type}", 0)])
    return term


_T = TypeVar("_T")
_ORDERS: dict[type[ast.cmpop], terms.Order] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class _Parser:
    """Reads one text. `kinds` is the environment: the kind judged, then those of the conditions around."""

    def __init__(self, scope: Scope) -> None:
        self.text = ""
        self.lead = 0
        self.scope = scope
        self.finder = Finder(scope.vocabulary, scope.definitions)
        self.faults: list[Fault] = []
        self.kinds: list[str] = [scope.kind]
        self.depth = 0

    def whole(self, text: str) -> Term:
        """The term of a whole text."""
        flat = literals.prepared(text)
        self.text = flat.lstrip()
        self.lead = len(flat) - len(self.text)
        return self.term(literals.tree(flat))

    def collected(self, read: Callable[[], _T]) -> _T | None:
        """What `read` gives; a fault is kept and gives None. Behind many faults nothing more is read."""
        if len(self.faults) >= MOST_FAULTS:
            return None
        try:
            return read()
        except Stop as stop:
            self.faults.append(stop.fault)
            return None

    def fail(self, node: ast.expr, fault: str, mend: str = "") -> NoReturn:
        raise Stop(Fault(fault, self.at(node), mend))

    def at(self, node: ast.expr) -> int:
        """Where a part of the text begins; of names joined by points, where the last one does."""
        offset = node.col_offset
        if isinstance(node, ast.Attribute) and node.end_col_offset is not None:
            offset = node.end_col_offset - len(node.attr)
        return self.lead + literals.chars(self.text, offset)

    def term(self, node: ast.expr) -> Term:
        found = self.part(node)
        if isinstance(found, Period):
            self.fail(node, "a period stands alone", "add it to a date, as in admitted_on + days(30)")
        return found

    def part(self, node: ast.expr) -> Term | Period:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(node, f"nested more than {DEEPEST} deep", "name parts of it as definitions")
        try:
            return self._part(node)
        finally:
            self.depth -= 1

    def _part(self, node: ast.expr) -> Term | Period:
        reader = _PARTS.get(type(node))
        if reader is None:
            self.fail(node, literals.refusal(node))
        return reader(self, node)

    # conditions

    def bool_op(self, node: ast.BoolOp) -> Term:
        parts = [self.collected(functools.partial(self.condition, value)) for value in node.values]
        good = [part for part in parts if part is not None]
        if len(good) < len(parts):
            raise Stop(self.faults.pop())
        return (terms.both if isinstance(node.op, ast.And) else terms.either)(*good)

    def condition(self, node: ast.expr) -> Term:
        found = self.term(node)
        if found.type.base != "bool":
            self.fail(node, f"expected a condition, this is {found.type}", "compare it with something")
        return found

    def unary(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not):
            return terms.Not(self.condition(node.operand))
        signed = isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant)
        inner = self.term(node.operand) if signed else None
        if isinstance(inner, Lit) and isinstance(inner.value, int | Decimal):
            return Lit(-inner.value, inner.type)
        self.fail(node, "this sign is not in the language")

    def compare(self, node: ast.Compare) -> Term:
        sides = [node.left, *node.comparators]
        self.unchained(sides[1:-1])
        pairs = zip(sides, node.ops, sides[1:], strict=False)
        return terms.both(*(self.compared(left, op, right) for left, op, right in pairs))

    def unchained(self, middle: list[ast.expr]) -> None:
        """Refuse chains inside of a chain: what stands in its middle is read twice, and again for each chain around."""
        for each in middle:
            if _has_chain(each):
                self.fail(each, "a chain of comparisons stands inside of another", "write `and` between them")

    def compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> Term:
        if isinstance(op, ast.In | ast.NotIn):
            return self.membership(left, right, negated=isinstance(op, ast.NotIn))
        order = _ORDERS.get(type(op))
        if order is None:
            self.fail(right, "`is` is not in the language", "write ==, known(...) or exists(...)")
        a, b = self.sides(left, right)
        if a.type.base == b.type.base == "set" and order == "<=":
            return terms.Subset(a, b)
        fault = terms.comparison_fault(order, a.type, b.type)
        if fault:
            self.fail(left, *fault)
        return terms.Compare(order, a, b)

    def sides(self, left: ast.expr, right: ast.expr) -> tuple[Term, Term]:
        """Both sides of a comparison, each word in quotation marks read as a choice of the other side."""
        if isinstance(left, ast.Set) or isinstance(right, ast.Set):
            return self.sets(left, right)
        if _is_word(left) or self.bare_choice(left, right):
            b = self.term(right)
            return self.choice(left, b.type), b
        a = self.term(left)
        return a, self.choice(right, a.type) if _is_word(right) or self.bare_choice(right, left) else self.term(right)

    def sets(self, left: ast.expr, right: ast.expr) -> tuple[Term, Term]:
        """Two sides of which one at least is a set of words: these are choices of the other side."""
        if not isinstance(left, ast.Set):
            a = self.term(left)
            return a, self.member_set(right, a.type)
        b = self.term(right)
        return self.member_set(left, b.type), b

    def member_set(self, node: ast.expr, of: Type) -> Term:
        return self.choices(node, node.elts, of) if isinstance(node, ast.Set) else self.term(node)

    def bare_choice(self, node: ast.expr, other: ast.expr) -> bool:
        """Whether a bare name is meant as a choice of the other side."""
        if not isinstance(node, ast.Name) or self.is_name(node.id) or not isinstance(other, ast.Name | ast.Attribute):
            return False
        return self.is_choice(node, self.term(other).type)

    def is_choice(self, node: ast.expr, of: Type) -> bool:
        return isinstance(node, ast.Name) and not self.is_name(node.id) and node.id in of.choices

    def is_name(self, name: str) -> bool:
        kind = self.scope.vocabulary[self.kinds[-1]]
        return name in WORDS or name in kind.facts or (kind.name, name) in self.scope.definitions

    def choice(self, node: ast.expr, of: Type) -> Lit:
        if isinstance(node, ast.Name):
            self.fail(node, f"{node.id} is a choice, not a name", f"write {node.id!r} in quotation marks")
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            self.fail(node, "expected a choice in quotation marks")
        self.quoted_once(node)
        if of.base == "text":
            self.fail(node, "a text is not compared", "ask exists(...) whether it is there")
        if of.base not in {"choice", "set"}:
            self.fail(node, f"a choice does not compare with {of}")
        if of.choices and node.value not in of.choices:
            self.fail(node, f"{node.value!r} is not one of the choices", near(node.value, of.choices))
        return Lit(node.value, Type("choice", choices=of.choices))

    def quoted_once(self, node: ast.expr) -> None:
        """Refuse a word in several pieces, which a forgotten comma makes of two, and letters before its marks."""
        written = self.text.encode()[node.col_offset : node.end_col_offset].decode()
        if written[0] not in "'\"" or written[0] in written[1:-1]:
            self.fail(node, "a word stands in one pair of quotation marks", "write a comma between two words")

    def membership(self, left: ast.expr, right: ast.expr, *, negated: bool) -> Term:
        if isinstance(right, ast.Set | ast.Tuple | ast.List):
            item = self.term(left)
            if item.type.base == "set":
                self.fail(left, f"{item.type} is not one choice", "write {'a'} <= the set, or exists(the set & {'a'})")
            return terms.In(item, self.choices(right, right.elts, item.type), negated)
        of = self.term(right)
        if of.type.base == "refs":
            item = self.term(left)
            if item.type.base != "ref" or item.type.kind != of.type.kind:
                self.fail(left, f"{item.type} is not in {of.type}")
            return terms.In(item, of, negated)
        if of.type.base != "set":
            self.fail(right, f"{of.type} has no members", "`in` wants {'a', 'b'} or a fact that is a set")
        item = self.choice(left, of.type) if _is_word(left) or self.is_choice(left, of.type) else self.term(left)
        if item.type.base != "choice":
            self.fail(left, f"{item.type} is not a member of {of.type}")
        return terms.In(item, of, negated)

    def choices(self, node: ast.expr, of: list[ast.expr], type_: Type) -> Lit:
        members = [str(self.choice(each, type_).value) for each in of]
        if len(set(members)) < len(members):
            self.fail(node, "a choice is listed twice")
        return Lit(frozenset(members), Type("set", choices=type_.choices))

    # values

    def arithmetic(self, node: ast.BinOp) -> Term:
        if isinstance(node.op, ast.BitAnd):
            return self.common(node)
        op: Literal["+", "-", "*"] | None = None
        op = "+" if isinstance(node.op, ast.Add) else "-" if isinstance(node.op, ast.Sub) else op
        op = "*" if isinstance(node.op, ast.Mult) else op
        if op is None:
            self.fail(node, literals.refusal(node.op))
        left, right = self.part(node.left), self.part(node.right)
        if op == "*" and (isinstance(left, Period) or isinstance(right, Period)):
            self.fail(node, "a period is not multiplied", "write the whole of it, as in days(90)")
        if isinstance(left, Period) and op == "+":
            left, right = right, left
        if isinstance(left, Period):
            self.fail(node, "a period stands on the left", "write the date first")
        if isinstance(right, Period):
            return self.shifted(node, left, right if op == "+" else -right)
        return self.calculated(node, op, left, right)

    def shifted(self, node: ast.BinOp, base: Term, by: Period) -> Term:
        if not terms.is_moment(base.type):
            self.fail(node, f"a period is added to a date, this is {base.type}")
        if base.type.base == "date" and by.unit in calendar.INSTANT_ONLY:
            self.fail(node, f"{by.unit} are added to an instant, this is a date")
        return terms.Shift(base, by)

    def calculated(self, node: ast.BinOp, op: Literal["+", "-", "*"], left: Term, right: Term) -> Term:
        if left.type.base == right.type.base == "number":
            if op != "*" and left.type.unit and right.type.unit and left.type.unit != right.type.unit:
                self.fail(node, f"{left.type} and {right.type} do not add up", "bring both to one unit")
            unit = left.type.unit or right.type.unit
            return terms.Arith(op, left, right, Type("number", unit, decimal=left.type.decimal or right.type.decimal))
        if terms.is_moment(left.type) and terms.is_moment(right.type):
            self.fail(node, "dates are not subtracted", "write days_between(from, until)")
        mend = "give the number its unit, as in days(30)" if terms.is_moment(left.type) else ""
        self.fail(node, f"{left.type} {op} {right.type} has no meaning", mend)

    def common(self, node: ast.BinOp) -> Term:
        left, right = self.sets(node.left, node.right)
        if left.type.base != "set" or right.type.base != "set":
            self.fail(node, "& is for two sets", "write `and` between conditions")
        return terms.Common(left, right)

    # names

    def read(self, node: ast.expr) -> Term:
        found = self.names(node)
        first = found[0]
        refused = literals.unwritten(first.text) if len(found) == 1 else None
        if refused:
            first.fail(*refused)
        if len(found) == 1 and first.text == "on":
            return terms.On()
        path, rest = self.start(found)
        return self.finder.read(path, rest)

    def names(self, node: ast.expr) -> list[Name]:
        """Names joined by points, each with the reference that is picked in brackets behind it."""
        found: list[Name] = []
        picked = ""
        while not isinstance(node, ast.Name):
            match node:
                case ast.Attribute(value=inner, attr=name):
                    found.append(Name(name, self.at(node), picked))
                    node, picked = inner, ""
                case ast.Subscript(value=ast.Name() | ast.Attribute() as inner, slice=ast.Name(id=name)) if not picked:
                    node, picked = inner, name
                case _:
                    self.fail(node, "expected a name, or names joined by points")
        if len(found) >= DEEPEST:
            self.fail(node, f"a path of more than {DEEPEST} names")
        return [Name(node.id, self.at(node), picked), *reversed(found)]

    def start(self, found: list[Name]) -> tuple[Path, list[Name]]:
        """Where a path begins, and the names that follow. Names are the innermost record's; `this.` is the judged."""
        first, rest = found[0], found[1:]
        here = self.scope.vocabulary[self.kinds[-1]]
        if first.text == "this":
            start = Path(0, self.kinds[0])
        elif first.text == "program" and "program" in self.scope.vocabulary and "program" not in here.facts:
            start = Path(PROGRAM, "program")
        else:
            start, rest = Path(len(self.kinds) - 1, here.name), found
        if rest is not found:
            first.unpicked()
        if not rest:
            example = next(iter(self.scope.vocabulary[start.kind].facts), "...")
            first.fail(f"{first.text} stands alone", f"name one of its facts, as in {first.text}.{example}")
        return start, rest

    # calls

    def call(self, node: ast.Call) -> Term | Period:
        if not isinstance(node.func, ast.Name) or node.keywords:
            self.fail(node, "only the functions of the language are called, without names for their values")
        name = node.func.id
        if name in UNITS:
            return self.period(node, name)
        reader = _CALLS.get(name)
        if reader is None:
            self.fail(node, f"there is no function {name!r}", near(name, [*_CALLS, *UNITS]))
        return reader(self, node)

    def values(self, node: ast.Call, least: int, most: int) -> list[ast.expr]:
        if not least <= len(node.args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self.fail(node, f"{ast.unparse(node.func)} takes {wanted} value{'s' * (most > 1)}, got {len(node.args)}")
        return node.args

    def integer(self, node: ast.expr) -> int:
        return literals.whole_number(node, self.at(node))

    def period(self, node: ast.Call, unit: str) -> Period:
        return literals.period(self.integer(self.values(node, 1, 1)[0]), unit, self.at(node))

    def moment(self, node: ast.expr, *bases: str) -> Term:
        found = self.term(node)
        if found.type.base not in bases:
            mend = "write day(...)" if found.type.base == "instant" else ""
            self.fail(node, f"expected {' or '.join(bases)}, this is {found.type}", mend)
        return found

    def date(self, node: ast.Call) -> Term:
        return literals.date([self.integer(arg) for arg in self.values(node, 3, 3)], self.at(node))

    def day(self, node: ast.Call) -> Term:
        return terms.Call("day", (self.moment(self.values(node, 1, 1)[0], "instant"),), DATE)

    def next_open(self, node: ast.Call) -> Term:
        return terms.Call("next_open", (self.moment(self.values(node, 1, 1)[0], "instant"),), INSTANT)

    def first_of_month(self, node: ast.Call) -> Term:
        return terms.Call("first_of_month", (self.moment(self.values(node, 1, 1)[0], "date"),), DATE)

    def days_between(self, node: ast.Call) -> Term:
        args = tuple(self.moment(arg, "date") for arg in self.values(node, 2, 2))
        return terms.Call("days_between", args, Type("number", "days"))

    def age(self, node: ast.Call) -> Term:
        args = tuple(self.moment(arg, "date") for arg in self.values(node, 2, 2))
        return terms.Call("age", args, Type("number", "years"))

    def birthday(self, node: ast.Call) -> Term:
        born, count = self.values(node, 2, 2)
        number = self.integer(count)
        if not 0 <= number <= OLDEST:
            self.fail(count, f"nobody turns {number}", f"write a whole number from 0 to {OLDEST}")
        return terms.Call("birthday", (self.moment(born, "date"), Lit(number, Type("number", "years"))), DATE)

    def extreme(self, node: ast.Call) -> Term:
        name = ast.unparse(node.func)
        args = [self.term(arg) for arg in self.values(node, 2, 8)]
        for arg, source in zip(args, node.args, strict=True):
            if not arg.type.ordered or arg.type.base != args[0].type.base:
                self.fail(source, f"{name} takes values of one kind that have an order, this is {arg.type}")
        return terms.Call("min" if name == "min" else "max", tuple(args), args[0].type)

    def known(self, node: ast.Call) -> Term:
        return terms.Known(self.term(self.values(node, 1, 1)[0]))

    def exists(self, node: ast.Call) -> Term:
        return terms.Exists(self.term(self.values(node, 1, 1)[0]))

    def at_least(self, node: ast.Call) -> Term:
        k, *of = self.values(node, 2, 40)
        count = self.integer(k)
        if not 1 <= count <= len(of):
            self.fail(k, f"at least {count} of {len(of)} cannot be asked")
        conditions = [self.condition(each) for each in of]
        if count == len(of):
            return terms.both(*conditions)
        return terms.either(*conditions) if count == 1 else terms.AtLeast(count, tuple(conditions))

    def met(self, node: ast.Call) -> Term:
        (arg,) = self.values(node, 1, 1)
        if len(self.kinds) > 1:
            self.fail(node, "met asks about the record judged", "write it outside of the condition on other records")
        if not isinstance(arg, ast.Constant) or not isinstance(arg.value, str):
            self.fail(arg, "expected a rule's id in quotation marks")
        self.quoted_once(arg)
        return terms.Met(arg.value)

    def span(self, node: ast.Call) -> tuple[Term, Term, bool]:
        kind = self.scope.vocabulary[self.kinds[-1]]
        if (kind.name, "span") in self.scope.vocabulary.faulty:
            self.fail(node, "")
        if kind.span is None:
            self.fail(node, f"{kind.name} has no span", "compare its dates instead")
        path = Path(len(self.kinds) - 1, kind.name)
        start, end = (Read(path, kind.facts[name]) for name in (kind.span.start, kind.span.end))
        return start, end, kind.span.through

    def covers(self, node: ast.Call) -> Term:
        start, end, through = self.span(node)
        at = self.moment(self.values(node, 1, 1)[0], start.type.base)
        return terms.Covers(start, end, through, at)

    def overlaps(self, node: ast.Call) -> Term:
        start, end, through = self.span(node)
        since, until = (self.moment(arg, start.type.base) for arg in self.values(node, 2, 2))
        return terms.Overlaps(start, end, through, since, until)

    # related records

    def gather(self, node: ast.Call) -> Term:
        op = ast.unparse(node.func)
        nth = op == "nth"
        args = self.values(node, 1 + nth, 2 + nth)
        n = self.integer(args[0]) if nth else 0
        if nth and n < 1:
            self.fail(args[0], "the first is nth(1, ...)")
        if op == "each" and not self.scope.each:
            self.fail(node, "each(...) stands only in `done` of a deadline that repeats", "write first or last")
        if op == "each" and len(self.kinds) > 1:
            self.fail(node, "each(...) stands only in `done` of a deadline that repeats, in no condition of it")
        if len(self.kinds) > 2:
            self.fail(node, "related records may be nested at most two deep")
        path, value = self.elements(args[nth], op)
        where = self.inside(path.leads_to, lambda: self.condition(args[1 + nth])) if len(args) > 1 + nth else None
        if op == "all" and where is None:
            self.fail(node, "all(...) needs a condition")
        type_ = self.gathered(node, op, value)
        return Gather(op, path, where, value, type_, n)  # type: ignore[arg-type]  # a key of _CALLS

    def inside(self, kind: str, read: Callable[[], _T]) -> _T:
        self.kinds.append(kind)
        try:
            return read()
        finally:
            self.kinds.pop()

    def elements(self, node: ast.expr, op: str) -> tuple[Path, Term | None]:
        """The path to the related records, and the value that is read of each of them if the gathering needs one."""
        start, found = self.start(self.names(node))
        if op in {"any", "all", "count"}:
            return Path(start.depth, start.kind, self.finder.trail(start.kind, found)), None
        steps = self.finder.trail(start.kind, found[:-1])
        last = max((i for i, step in enumerate(steps) if step.many), default=None)
        if last is None:
            self.fail(node, f"{op} is for facts of several records", "write the fact itself")
        path = Path(start.depth, start.kind, steps[: last + 1])
        inner = Path(len(self.kinds), path.leads_to, steps[last + 1 :])
        return path, self.finder.value(inner, found[-1])

    def gathered(self, node: ast.Call, op: str, value: Term | None) -> Type:
        if value is None:
            return NUMBER if op == "count" else BOOL
        if op == "sum":
            if value.type.base != "number":
                self.fail(node, f"a sum is of numbers, this is {value.type}")
            return attrs.evolve(value.type, or_none=False)
        if op == "distinct":
            if value.type.base not in {"ref", "choice"}:
                self.fail(node, f"distinct counts records or choices, this is {value.type}")
            return NUMBER
        if op in {"each", "nth"} and not terms.is_moment(value.type):
            self.fail(node, f"{op} is for dates and instants, this is {value.type}")
        return attrs.evolve(value.type, or_none=True)


_GATHERS = ("any", "all", "count", "sum", "distinct", "first", "last", "nth", "each")
_CALLS: dict[str, Callable[[_Parser, ast.Call], Term]] = {
    "date": _Parser.date,
    "day": _Parser.day,
    "next_open": _Parser.next_open,
    "first_of_month": _Parser.first_of_month,
    "days_between": _Parser.days_between,
    "age": _Parser.age,
    "birthday": _Parser.birthday,
    "min": _Parser.extreme,
    "max": _Parser.extreme,
    "known": _Parser.known,
    "exists": _Parser.exists,
    "at_least": _Parser.at_least,
    "met": _Parser.met,
    "covers": _Parser.covers,
    "overlaps": _Parser.overlaps,
    **dict.fromkeys(_GATHERS, _Parser.gather),
}


_PARTS: dict[type[ast.expr], Callable[[_Parser, Any], Term | Period]] = {
    ast.BoolOp: _Parser.bool_op,
    ast.UnaryOp: _Parser.unary,
    ast.BinOp: _Parser.arithmetic,
    ast.Compare: _Parser.compare,
    ast.Call: _Parser.call,
    ast.Name: _Parser.read,
    ast.Attribute: _Parser.read,
    ast.Constant: lambda parser, node: literals.literal(node, parser.text, parser.at(node)),
    ast.Set: lambda parser, node: parser.choices(node, node.elts, Type("set")),
}
"""What reads each part of a text."""


def _has_chain(node: ast.AST) -> bool:
    """Whether a chain of comparisons stands in a part of a text, but for the conditions on related records."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _GATHERS:
        return False
    here = isinstance(node, ast.Compare) and len(node.ops) > 1
    return here or any(map(_has_chain, ast.iter_child_nodes(node)))


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
