"""Which terms never say more than others, whatever is recorded: what can be told from their structure alone.

Conditions are ordered by no, not known, yes, and values by size; what is absent stands after everything. That a is
never above b says `implied(a, b)`, and of values `at_most(a, b)`. Both are proofs: True is certain, False says only
that nothing is known. Every word of the language that keeps or turns an order says so here, once:

- `and`, `or`, `at_least`, `any`, `all`, `count`, `distinct`, and a `sum` of what is never below zero, keep it.
- `not` turns it, and so does what is subtracted, and from where days or years are counted.
- `first`, `nth` and the earliest of several events come later when fewer records count.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from peersupport.readers import variations
from peersupport.readers.mutants import alike
from peersupport.rules import terms
from peersupport.rules.calendar import INSTANT_ONLY, Period
from peersupport.rules.facts import Fact
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.terms import Arith, AtLeast, Call, Compare, Defined, Gather, In, Lit, Path, Shift, Term

_KEEPING = {"any", "all"}
_COUNTING = {"count", "distinct", "sum"}
_TURNED: dict[terms.Order, terms.Order] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_YEAR, _MONTH = (365, 366), (28, 31)


class Order:
    """Terms of one rulebook held against terms of another, each under some readings."""

    def __init__(
        self,
        one: Rulebook,
        other: Rulebook,
        readings: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
        turned: Order | None = None,
    ) -> None:
        self.one, self.other = one, other
        self.readings = readings
        self._turned = turned
        self._known: dict[tuple[int, int], tuple[Term, Term, bool]] = {}
        self._unchanged: dict[str, bool] = {}

    @property
    def turned(self) -> Order:
        """The same with the two in each other's place."""
        if self._turned is None:
            self._turned = Order(self.other, self.one, (self.readings[1], self.readings[0]), self)
        return self._turned

    # the same

    def same(self, a: Term, b: Term) -> bool:
        """Whether two terms say the same: in their normal form, and over the same definitions and rules."""
        return a == b and all(self.unchanged(node.rule) for node in terms.walk(a) if isinstance(node, _ASKING))

    def unchanged(self, name: str) -> bool:
        """Whether a rule, and all that it asks for, is the same in both rulebooks."""
        if name not in self._unchanged:
            asked = variations.asked_for(self.one, name)
            self._unchanged[name] = all(
                rule.id in self.other and self._alike(rule, self.other[rule.id]) for rule in asked
            )
        return self._unchanged[name]

    def _alike(self, mine: Rule, theirs: Rule) -> bool:
        if mine is theirs:
            return True
        if (mine.about, mine.in_force, mine.choose, {*mine.readings}) != (
            theirs.about,
            theirs.in_force,
            theirs.choose,
            {*theirs.readings},
        ):
            return False
        each = [(kind, frozenset({name} - {""})) for kind in mine.about for name in ("", *mine.readings)]
        return all(
            alike.normal(self.one.body(mine, kind, readings)) == alike.normal(self.other.body(theirs, kind, readings))
            for kind, readings in each
        )

    # conditions

    def implied(self, a: Term, b: Term) -> bool:
        """Whether a condition is never above another: where that is no it is no, and where it is yes that is too."""
        key = (id(a), id(b))
        if key not in self._known:
            self._known[key] = a, b, self._implied(self._opened(a, self.one, 0), self._opened(b, self.other, 1))
        return self._known[key][2]

    def _implied(self, a: Term, b: Term) -> bool:
        if self.same(a, b):
            return True
        every_a, every_b = _parts(a, every=True), _parts(b, every=True)
        if len(every_b) > 1:
            return all(self.implied(a, each) for each in every_b)
        some_a, some_b = _parts(a, every=False), _parts(b, every=False)
        if len(some_a) > 1:
            return all(self.implied(each, b) for each in some_a)
        if len(every_a) > 1 and any(self.implied(each, b) for each in every_a):
            return True
        if len(some_b) > 1 and any(self.implied(a, each) for each in some_b):
            return True
        return self._leaf(a, b)

    def _leaf(self, a: Term, b: Term) -> bool:
        match a, b:
            case AtLeast(), AtLeast():
                return self._counted(a, b)
            case terms.Not(), terms.Not():
                return self.turned.implied(b.of, a.of)
            case Compare(), Compare():
                return self._compared(a, b)
            case In(), In():
                return self._chosen(a, b)
            case terms.Subset(left=Lit(), right=right), terms.Subset(left=Lit(), right=other):
                return self.same(right, other) and _set(b.left) <= _set(a.left)
            case Gather(), Gather():
                return a.op in _KEEPING and self._of_the_same(a, b) and self._fewer(a, b)
            case Defined(), Defined():
                return self._defined(a, b, conditions=True)
            case _:
                return False

    def _counted(self, a: AtLeast, b: AtLeast) -> bool:
        """At least so many of some conditions: those of the one that lie below none of the other's may all hold."""
        left, unpaired = list(b.of), 0
        for each in a.of:
            found = next((i for i, other in enumerate(left) if self.implied(each, other)), None)
            if found is None:
                unpaired += 1
            else:
                del left[found]
        return a.k - unpaired >= b.k

    def _compared(self, a: Compare, b: Compare) -> bool:
        a, b = _upward(a), _upward(b)
        if b.op not in {"<", "<="}:
            return False
        ends = [(a.left, a.right), (a.right, a.left)] if a.op == "==" else [(a.left, a.right)]
        if a.op == "!=":
            return False
        strict = b.op == "<" and a.op != "<"
        for low, high in ends:
            if self.turned.at_most(b.left, low) and self.at_most(high, b.right):
                apart = _below(b.left, low) or _below(high, b.right)
                return not strict or apart
        return False

    def _chosen(self, a: In, b: In) -> bool:
        """A choice among others: of fewer words, or outside of more."""
        if not self.same(a.item, b.item) or not isinstance(a.of, Lit) or not isinstance(b.of, Lit):
            return False
        mine, theirs = _set(a.of), _set(b.of)
        match a.negated, b.negated:
            case False, False:
                return mine <= theirs
            case True, True:
                return theirs <= mine
            case False, True:
                return not mine & theirs
            case _:
                return False

    def _of_the_same(self, a: Gather, b: Gather) -> bool:
        alike_values = (a.value is None and b.value is None) or (
            a.value is not None and b.value is not None and self.same(a.value, b.value)
        )
        return (a.op, a.path) == (b.op, b.path) and alike_values

    def _fewer(self, a: Gather, b: Gather) -> bool:
        """Whether no record counts for the one that does not count for the other."""
        return b.where is None or (a.where is not None and self.implied(a.where, b.where))

    def fewer_events(self, a: Gather, b: Gather) -> bool:
        """Whether every event of the one is one of the other."""
        return self._of_the_same(a, b) and self._fewer(a, b)

    # definitions

    def _opened(self, term: Term, book: Rulebook, side: int) -> Term:
        """A definition of the record judged as what it stands for."""
        if isinstance(term, Defined) and not term.path.steps and term.path.depth == 0:
            return clean(terms.as_event(book.defined(term.rule, term.path.kind, self.readings[side])))
        return term

    def _defined(self, a: Defined, b: Defined, *, conditions: bool) -> bool:
        """The same definition of the same record, which says something else in the two rulebooks."""
        if (a.path, a.rule, a.event) != (b.path, b.rule, b.event):
            return False
        kind = a.path.leads_to
        mine = clean(terms.as_event(self.one.defined(a.rule, kind, self.readings[0])))
        theirs = clean(terms.as_event(self.other.defined(b.rule, kind, self.readings[1])))
        return self.implied(mine, theirs) if conditions else self.at_most(mine, theirs)

    # values

    def at_most(self, a: Term, b: Term) -> bool:
        """Whether a value is never greater or later than another."""
        a, b = self._opened(a, self.one, 0), self._opened(b, self.other, 1)
        return self.same(a, b) or self._parted(a, b) or self._lower(a, b)

    def _parted(self, a: Term, b: Term) -> bool:
        """The lesser, the greater or the earliest of several, on either side."""
        lower, all_of_a = _several(a, "min"), _several(a, "max")
        higher, all_of_b = _several(b, "max"), _several(b, "min")
        return (
            any(self.at_most(each, b) for each in lower)
            or (bool(all_of_a) and all(self.at_most(each, b) for each in all_of_a))
            or (bool(all_of_b) and all(self.at_most(a, each) for each in all_of_b))
            or any(self.at_most(a, each) for each in higher)
        )

    def _lower(self, a: Term, b: Term) -> bool:
        match a, b:
            case Lit(), Lit():
                return a.type.base == b.type.base and not _below(b, a) and _ordered(a)
            case Shift(), Shift() if self._moved(a, b):
                return True
            case Arith(), Arith():
                return self._summed(a, b)
            case Call(), Call():
                return self._called(a, b)
            case Gather(), Gather():
                return self._gathered(a, b)
            case Defined(), Defined():
                return self._defined(a, b, conditions=False)
        if isinstance(a, Shift) and a.by.amount <= 0 and self.at_most(a.base, b):
            return True
        return isinstance(b, Shift) and b.by.amount >= 0 and self.at_most(a, b.base)

    def _moved(self, a: Shift, b: Shift) -> bool:
        if not no_longer(a.by, b.by):
            return False
        # The hour that is struck twice in autumn turns the order of two clocks that are moved by days.
        exact = a.type.base == "instant" and not {a.by.unit, b.by.unit} <= {"hours"}
        return self.same(a.base, b.base) if exact else self.at_most(a.base, b.base)

    def _summed(self, a: Arith, b: Arith) -> bool:
        if a.op != b.op:
            return False
        if a.op == "-":
            return self.at_most(a.left, b.left) and self.turned.at_most(b.right, a.right)
        both = self.at_most(a.left, b.left) and self.at_most(a.right, b.right)
        if a.op == "+":
            return both
        return both and all(_never_negative(each) for each in (a.left, a.right, b.left, b.right))

    def _called(self, a: Call, b: Call) -> bool:
        if a.name != b.name:
            return False
        match a.name:
            case "days_between" | "age":
                return self.turned.at_most(b.args[0], a.args[0]) and self.at_most(a.args[1], b.args[1])
            case "day" | "next_open" | "birthday":
                return all(self.at_most(x, y) for x, y in zip(a.args, b.args, strict=True))
            case _:
                return False

    def _gathered(self, a: Gather, b: Gather) -> bool:
        if a.op in _COUNTING:
            good = a.op != "sum" or (a.value is not None and _never_negative(a.value))
            return good and self._of_the_same(a, b) and self._fewer(a, b)
        moments = a.op in {"first", "nth"} and terms.is_moment(a.type) and a.n <= b.n
        return moments and self._of_the_same(a, b) and self.turned.fewer_events(b, a)


_ASKING = (Defined, terms.Met)


def clean(term: Term) -> Term:
    """A term in its normal form, without what is said of its facts and paths."""

    def said(node: Term) -> Term | None:
        if not isinstance(node, terms.Read):
            return None
        return attrs.evolve(node, path=_path(node.path), fact=_fact(node.fact))

    return terms.rebuilt(alike.tidied(term), node=said, path=_path)


def _path(path: Path) -> Path:
    return attrs.evolve(path, steps=tuple(attrs.evolve(step, picked=False, says="") for step in path.steps))


def _fact(fact: Fact) -> Fact:
    return attrs.evolve(fact, says="", event="", judged=False, added=False)


def _parts(term: Term, *, every: bool) -> Sequence[Term]:
    """The parts of a condition that are joined by `and`, or by `or`; of any other none."""
    fits = isinstance(term, AtLeast) and len(term.of) > 1 and term.k == (len(term.of) if every else 1)
    return term.of if fits and isinstance(term, AtLeast) else ()


def _several(term: Term, name: str) -> Sequence[Term]:
    """The values of which a term is the least, or the greatest."""
    if isinstance(term, terms.Earliest):
        return term.of if name == "min" else ()
    return term.args if isinstance(term, Call) and term.name == name else ()


def _upward(term: Compare) -> Compare:
    """A comparison with the lesser side first."""
    if term.op not in {">", ">="}:
        return term
    return Compare(_TURNED[term.op], term.right, term.left)


def _below(a: Term, b: Term) -> bool:
    """Whether one written value is less than another."""
    if not (isinstance(a, Lit) and isinstance(b, Lit)) or a.type.base != b.type.base or not _ordered(a):
        return False
    less: bool = a.value < b.value  # type: ignore[operator]  # two numbers or two dates
    return less


def _ordered(term: Lit) -> bool:
    return term.type.base in {"number", "date"}


def _set(term: Term) -> frozenset[str]:
    return term.value if isinstance(term, Lit) and isinstance(term.value, frozenset) else frozenset()


def _never_negative(term: Term) -> bool:
    match term:
        case Lit():
            return term.type.base == "number" and not _below(term, Lit(0, term.type))
        case terms.Read():
            return term.fact.minimum is not None and term.fact.minimum >= 0
        case Gather(op="count" | "distinct"):
            return True
        case Gather(op="sum"):
            return term.value is not None and _never_negative(term.value)
        case Arith(op="+" | "*"):
            return _never_negative(term.left) and _never_negative(term.right)
        case _:
            return False


def no_longer(a: Period, b: Period) -> bool:
    """Whether a period is never longer than another, from whatever day it is counted."""
    if a.unit == b.unit:
        return a.amount <= b.amount
    if INSTANT_ONLY & {a.unit, b.unit} or a.unit == "business_days":
        return False
    if {a.unit, b.unit} == {"months", "years"}:
        return _months(a) <= _months(b)
    # So many business days are at least so many days.
    least = (b.amount if b.amount >= 0 else None) if b.unit == "business_days" else _days(b)[0]
    return least is not None and _days(a)[1] <= least


def _months(length: Period) -> int:
    return length.amount * (12 if length.unit == "years" else 1)


def _days(length: Period) -> tuple[int, int]:
    """The fewest and the most days of a period of days, weeks, months or years."""
    if length.unit in {"days", "weeks"}:
        exact = length.amount * (7 if length.unit == "weeks" else 1)
        return exact, exact
    years, months = divmod(abs(_months(length)), 12)
    ends = [years * year + months * month for year, month in zip(_YEAR, _MONTH, strict=True)]
    return (ends[0], ends[1]) if length.amount >= 0 else (-ends[1], -ends[0])
