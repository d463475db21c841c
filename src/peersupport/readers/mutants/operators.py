"""What may be wrong with a rule, by name, and the small wrong changes of each kind of term."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar, assert_never

import attrs

from peersupport.readers.english import clause, noun
from peersupport.readers.mutants.spots import Spot, replaced
from peersupport.rules import calendar, terms
from peersupport.rules.calendar import Period
from peersupport.rules.facts import NUMBER, Fact, Kind, Vocabulary
from peersupport.rules.names import Definitions
from peersupport.rules.syntax import OLDEST
from peersupport.rules.terms import Gather, Lit, Path, Read, Step, Term


class Operator(enum.StrEnum):
    """What is changed: the name of a sort of mistake that a reader of a source makes, or a writer of a rule."""

    BOUNDARY = "boundary in or out"
    SAME_DAY = "strict for same day"
    REVERSED = "comparison reversed"
    EQUAL = "equal for different"
    NUMBER = "number by one"
    DATE = "date by one day"
    DURATION = "duration by one"
    UNIT = "months as 30 days"
    AHEAD = "before for after"
    JOINED = "and for or"
    K_OF_N = "k of n by one"
    DROPPED = "clause dropped"
    NOT = "not dropped or added"
    WHEN = "when dropped or negated"
    UNLESS = "unless dropped or negated"
    FACT = "wrong fact"
    ANCHOR = "anchor swapped"
    CHOICE = "choice added or dropped"
    IN = "in negated"
    SETS = "sets compared another way"
    RECORDED = "recorded for there"
    FUNCTION = "another calculation"
    ANY = "any for all"
    FIRST = "first for last"
    NTH = "nth by one"
    COUNT = "count for distinct"
    PEER = "per peer for per group"
    THROUGH = "through for until"
    GRID = "rolling for grid"
    PERIOD = "first period for period"
    TIMES = "times by one"
    UNTIL = "until dropped"
    NOT_BEFORE = "not before dropped"
    BOUND = "bound dropped"
    WINDOW = "window changed"


NUMBERS: Final = frozenset(
    {
        Operator.NUMBER,
        Operator.DATE,
        Operator.DURATION,
        Operator.UNIT,
        Operator.K_OF_N,
        Operator.NTH,
        Operator.TIMES,
        Operator.PERIOD,
    }
)
"""The changes of a number."""
BOUNDARIES: Final = frozenset({Operator.BOUNDARY, Operator.SAME_DAY, Operator.THROUGH})
"""The changes of what lies right on a boundary."""

Wrong: TypeAlias = tuple[Operator, str, Term]
"""What is changed, what it then says, and the term that it becomes."""

_STRICT: Final[dict[str, terms.Order]] = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_TURNED: Final[dict[str, terms.Order]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "!=", "!=": "=="}
_SIGNS: Final[dict[str, Any]] = {"+": "-", "-": "+", "*": "+"}
_TWINS: Final[dict[str, terms.Gathering]] = {"any": "all", "all": "any", "first": "last", "last": "first"}
_ROUGH: Final[dict[str, tuple[int, calendar.Unit]]] = {
    "months": (30, "days"),
    "years": (365, "days"),
    "business_days": (1, "days"),
    "open_hours": (1, "hours"),
}
"""What a unit is taken for by who counts roughly."""
ANCHORS: Final = frozenset({"due", "after", "not_before"})
"""The fields of a deadline that say from when it is counted."""
ONE_DAY: Final = dt.timedelta(days=1)
_LONGEST: Final = 160
"""How many characters of a phrase are quoted."""


@attrs.frozen(eq=False)
class Book:
    """What a wrong change chooses from: the kinds, and the definitions that may be named where the rule stands."""

    vocabulary: Vocabulary
    definitions: Definitions


def wrong(spot: Spot, book: Book) -> Iterator[Wrong]:
    """Every small wrong change of the term at a spot itself, not of those below it."""
    match spot.term:
        case terms.Compare() as term:
            yield from _compared(term, spot)
        case terms.In() as term:
            turned = attrs.evolve(term, negated=not term.negated)
            yield Operator.IN, _told_instead(turned, spot), turned
        case terms.Subset() | terms.Exists() | terms.Known() as term:
            yield from ((operator, _told_instead(other, spot), other) for operator, other in _asked(term))
        case terms.AtLeast() as term:
            yield from _at_least(term, spot)
        case terms.Not(of=of):
            yield Operator.NOT, f"“{told(of, spot.depth)}” instead of its opposite", of
        case terms.Covers() | terms.Overlaps() as term:
            last = "the day of its end is out" if term.through else "the day of its end is in"
            yield Operator.THROUGH, f"{last}, in “{around(spot)}”", attrs.evolve(term, through=not term.through)
        case Gather() as term:
            yield from _gathered(term, spot, book)
        case terms.Earliest(of=events):
            for i, event in enumerate(events):
                first, *more = replaced(events, i)
                other = terms.Earliest((first, *more)) if more else first
                yield Operator.DROPPED, f"“{told(event, spot.depth)}” no longer counts", other
        case _:
            yield from _valued(spot, book)
    if _is_leaf(spot.term) and not isinstance(spot.parent, terms.Not):
        yield Operator.NOT, f"the opposite of “{told(spot.term, spot.depth)}”", terms.Not(spot.term)


def _valued(spot: Spot, book: Book) -> Iterator[Wrong]:
    """The wrong changes of a value."""
    match spot.term:
        case Read() as term:
            yield from _read(term, spot, book)
        case terms.Defined() as term:
            yield from _defined(term, spot, book)
        case terms.Shift() as term:
            for operator, by in lengths(term.by):
                yield operator, _instead(spot, by, term.by), attrs.evolve(term, by=by)
            if term.by.amount:
                words = ("before", "after") if term.by.amount > 0 else ("after", "before")
                yield Operator.AHEAD, _instead(spot, *words), attrs.evolve(term, by=-term.by)
        case terms.Call() as term:
            yield from _called(term, spot)
        case terms.Arith() as term:
            sign = _SIGNS[term.op]
            yield Operator.FUNCTION, _instead(spot, f"`{sign}`", f"`{term.op}`"), attrs.evolve(term, op=sign)
        case terms.Common() as term:
            yield Operator.SETS, f"“{told(term.left, spot.depth)}” instead of what both share", term.left
        case Lit() as term:
            yield from _literal(term, spot)
        case _:
            return


def _is_leaf(term: Term) -> bool:
    """Whether a condition is denied by nothing but a `not`."""
    denied = (terms.Not, terms.AtLeast, terms.Compare, terms.In)
    return term.type.base == "bool" and not isinstance(term, denied)


# words


def told(term: Term, depth: int) -> str:
    """A term in words, not too many of them."""
    text = clause(term, depth) if term.type.base == "bool" else noun(term, depth)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def around(spot: Spot) -> str:
    """The condition, or the whole value, in which a term stands, in words."""
    term, depth = spot.term, spot.depth
    for outer in reversed(spot.around):
        if term.type.base == "bool":
            break
        depth -= isinstance(outer, Gather)
        term = outer
    return told(term, depth)


def _instead(spot: Spot, new: object, old: object) -> str:
    return f"{new} instead of {old} in “{around(spot)}”"


def _told_instead(other: Term, spot: Spot) -> str:
    return f"“{told(other, spot.depth)}” instead of “{told(spot.term, spot.depth)}”"


# conditions


def _compared(term: terms.Compare, spot: Spot) -> Iterator[Wrong]:
    said = f"in “{told(term, spot.depth)}”"
    if term.op in _STRICT:
        strict = attrs.evolve(term, op=_STRICT[term.op])
        operator = Operator.SAME_DAY if terms.is_moment(term.left.type) else Operator.BOUNDARY
        yield operator, f"`{term.op}` became `{strict.op}` {said}", strict
    turned = attrs.evolve(term, op=_TURNED[term.op])
    operator = Operator.REVERSED if term.op in _STRICT else Operator.EQUAL
    yield operator, f"`{term.op}` became `{turned.op}` {said}", turned


def _asked(term: terms.Subset | terms.Exists | terms.Known) -> Iterator[tuple[Operator, Term]]:
    """Sets that are compared another way, and what is recorded for what is there."""
    match term:
        case terms.Subset(left=left, right=right):
            yield Operator.SETS, terms.Subset(right, left)
            yield Operator.SETS, terms.Exists(terms.Common(left, right))
        case terms.Exists(of=terms.Common(left=left, right=right)):
            yield Operator.SETS, terms.Subset(left, right)
        case terms.Exists(of=of):
            yield Operator.RECORDED, terms.Known(of)
        case terms.Known(of=of):
            yield Operator.RECORDED, terms.Exists(of)
        case _:
            assert_never(term)


def _at_least(term: terms.AtLeast, spot: Spot) -> Iterator[Wrong]:
    for operator, said, k, of in selections(term.k, term.of, lambda each: told(each, spot.depth)):
        yield operator, said, of[0] if len(of) == 1 else terms.AtLeast(k, of)


_Of = TypeVar("_Of")


def selections(
    k: int, of: tuple[_Of, ...], words: Callable[[_Of], str]
) -> Iterator[tuple[Operator, str, int, tuple[_Of, ...]]]:
    """At least k of some conditions, said wrongly: another k, or one condition left out."""
    count = len(of)
    named = f"“{words(of[0])}” and the {count - 1} beside it"
    for other in sorted({1, count, k - 1, k + 1} - {k, 0, count + 1}):
        operator = Operator.JOINED if {k, other} == {1, count} else Operator.K_OF_N
        yield operator, f"{_of(other, count)} instead of {_of(k, count)} of {named}", other, of
    for i, each in enumerate(of if count > 1 else ()):
        rest = replaced(of, i)
        yield Operator.DROPPED, f"“{words(each)}” is left out", count - 1 if k == count else min(k, count - 1), rest


def _of(k: int, count: int) -> str:
    return "all" if k == count else "one" if k == 1 else f"{k}"


# related records


def _gathered(term: Gather, spot: Spot, book: Book) -> Iterator[Wrong]:
    over = term.path.leads_to.replace("_", " ")
    if term.op in _TWINS and (term.op != "any" or term.where):
        other = attrs.evolve(term, op=_TWINS[term.op])
        operator = Operator.ANY if term.op in {"any", "all"} else Operator.FIRST
        yield operator, f"`{term.op}` became `{other.op}` over {over} in “{around(spot)}”", other
    if term.op == "nth":
        for n in (n for n in (term.n - 1, term.n + 1) if n):
            yield Operator.NTH, _instead(spot, f"number {n}", f"number {term.n}"), attrs.evolve(term, n=n)
    if term.where is not None and term.op != "all":
        left_out = attrs.evolve(term, where=None)
        yield Operator.DROPPED, f"“{told(term.where, spot.depth + 1)}” is not asked of each {over}", left_out
    for operator, said, other in _tallied(term, spot, book):
        yield operator, f"{said} in “{around(spot)}”", other
    for path, said in paths(term.path, book.vocabulary):
        yield Operator.PEER, f"{said} in “{around(spot)}”", attrs.evolve(term, path=path)


def _tallied(term: Gather, spot: Spot, book: Book) -> Iterator[tuple[Operator, str, Gather]]:
    """Another way to count: records for different ones, or different ones of something else."""
    if term.op in {"sum", "distinct"}:
        said = "records are counted" + (", not different ones," if term.op == "distinct" else "")
        yield Operator.COUNT, said, attrs.evolve(term, op="count", value=None, type=NUMBER)
    if term.op not in {"count", "distinct"}:
        return
    kind, last = book.vocabulary[term.path.leads_to], term.path.steps[-1]
    for fact in kind.stored:
        value = Read(Path(spot.depth + 1, kind.name), fact)
        own = not last.forward and last.fact == fact.name
        if fact.type.base == "ref" and not own and value != term.value:
            operator = Operator.COUNT if term.value is None else Operator.PEER
            other = attrs.evolve(term, op="distinct", value=value, type=NUMBER)
            yield operator, f"every `{fact.name}` is counted once", other


def paths(path: Path, vocabulary: Vocabulary) -> Iterator[tuple[Path, str]]:
    """A path over another reference of a record that leads to the same kind."""
    here = path.kind
    for i, step in enumerate(path.steps):
        kind = vocabulary[here if step.forward else step.kind]
        for fact in _references(kind, step, here):
            other = attrs.evolve(step, fact=fact.name, says=fact.phrase if step.forward else step.says)
            yield attrs.evolve(path, steps=replaced(path.steps, i, other)), f"`{fact.name}` instead of `{step.fact}`"
        here = step.kind


def _references(kind: Kind, step: Step, here: str) -> Iterator[Fact]:
    """The other facts of a kind over which a step leads as well; of a step over no fact there are none."""
    own, to = kind.facts.get(step.fact), step.kind if step.forward else here
    for fact in kind.stored if own else ():
        if own and fact.name != own.name and fact.type.base == own.type.base and fact.type.kind == to:
            yield fact


# values


def _read(term: Read, spot: Spot, book: Book) -> Iterator[Wrong]:
    kind = book.vocabulary[term.path.leads_to]
    operator = Operator.ANCHOR if spot.field in ANCHORS and terms.is_moment(term.type) else Operator.FACT
    for fact in beside(kind, term.fact):
        said = _instead(spot, f"`{fact.name}`", f"`{term.fact.name}`")
        yield operator, said, Read(term.path, fact, term.event and fact.happens)
    for path, said in paths(term.path, book.vocabulary):
        yield Operator.PEER, f"{said} in “{around(spot)}”", attrs.evolve(term, path=path)


def beside(kind: Kind, fact: Fact) -> list[Fact]:
    """The facts of a kind, of the same sort, that stand right behind and right before a fact: those it is taken for."""
    alike = [each for each in kind.stored if _alike(each, fact)]
    at = next(i for i, each in enumerate(alike) if each.name == fact.name)
    near = [alike[(at + 1) % len(alike)], alike[at - 1]]
    return [each for each in dict.fromkeys(near) if each.name != fact.name]


def _alike(one: Fact, other: Fact) -> bool:
    """Whether two facts have values of one sort, so that one may be read for the other."""
    a, b = one.type, other.type
    return (a.base, a.unit, a.choices, a.kind) == (b.base, b.unit, b.choices, b.kind)


def _defined(term: terms.Defined, spot: Spot, book: Book) -> Iterator[Wrong]:
    about = term.path.leads_to
    for (kind, _), (rule, type_) in book.definitions.items():
        if kind == about and rule != term.rule and type_.base == term.type.base:
            said = _instead(spot, f"`{rule}`", f"`{term.rule}`")
            yield Operator.FACT, said, attrs.evolve(term, rule=rule, type=type_)
    for path, said in paths(term.path, book.vocabulary):
        yield Operator.PEER, f"{said} in “{around(spot)}”", attrs.evolve(term, path=path)


def lengths(by: Period) -> Iterator[tuple[Operator, Period]]:
    """A period by one unit longer and shorter, and in a rougher unit."""
    for step in (1, -1):
        yield Operator.DURATION, Period(by.amount + step, by.unit)
    if by.unit in _ROUGH and by.amount:
        times, unit = _ROUGH[by.unit]
        yield Operator.UNIT, Period(by.amount * times, unit)


def _called(term: terms.Call, spot: Spot) -> Iterator[Wrong]:
    match term:
        case terms.Call(name="min" | "max"):
            words = ("latest", "earliest") if terms.is_moment(term.type) else ("greatest", "least")
            new, old = words if term.name == "min" else words[::-1]
            other = attrs.evolve(term, name="max" if term.name == "min" else "min")
            yield Operator.FUNCTION, _instead(spot, f"the {new}", f"the {old}"), other
        case terms.Call(name="days_between"):
            turned = attrs.evolve(term, args=term.args[::-1])
            yield Operator.FUNCTION, _instead(spot, "the days back", "the days on"), turned
        case terms.Call(name="first_of_month", args=(day,)):
            yield Operator.FUNCTION, _instead(spot, "the day itself", "the first of its month"), day
        case terms.Call(name="next_open", args=(at,)):
            yield Operator.FUNCTION, _instead(spot, "the time itself", "the next opening"), at
        case _:
            return


def _literal(term: Lit, spot: Spot) -> Iterator[Wrong]:
    match term.value:
        case dt.date() as day:
            for other_day in (day + ONE_DAY, day - ONE_DAY):
                yield Operator.DATE, _instead(spot, other_day, day), attrs.evolve(term, value=other_day)
        case str() as choice:
            for word in others(choice, term.type.choices):
                yield Operator.CHOICE, _instead(spot, f"“{word}”", f"“{choice}”"), attrs.evolve(term, value=word)
        case frozenset() as some:
            yield from _some(some, term, spot)
        case number:
            for other in numbers(number):
                said = (
                    _instead(spot, other, number) if spot.around else f"`{spot.field}` is {other} instead of {number}"
                )
                if not _is_birthday(spot.parent) or 0 <= other <= OLDEST:
                    yield Operator.NUMBER, said, attrs.evolve(term, value=other)


def _is_birthday(term: Term | None) -> bool:
    return isinstance(term, terms.Call) and term.name == "birthday"


def numbers(number: int | Decimal) -> list[int | Decimal]:
    """A number by one more and less; a decimal by one unit of its last place."""
    step: int | Decimal = 1
    if isinstance(number, Decimal):
        step = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return [number + step, number - step]


def others(choice: str, choices: tuple[str, ...]) -> list[str]:
    """The choices right behind and right before one; none where they are not listed."""
    if choice not in choices:
        return []
    at = choices.index(choice)
    near = [choices[(at + 1) % len(choices)], choices[at - 1]]
    return [each for each in dict.fromkeys(near) if each != choice]


def _some(some: frozenset[str], term: Lit, spot: Spot) -> Iterator[Wrong]:
    """A set of choices with one more or one less."""
    for word in sorted(some) if len(some) > 1 else ():
        said = f"“{word}” is left out of “{around(spot)}”"
        yield Operator.CHOICE, said, attrs.evolve(term, value=some - {word})
    for word in (each for each in term.type.choices if each not in some):
        said = f"“{word}” is added in “{around(spot)}”"
        yield Operator.CHOICE, said, attrs.evolve(term, value=some | {word})
