"""Terms to columns: each node becomes expressions over the rows about which it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Final, assert_never, cast

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days, reach, related, values
from peersupport.readers.columns.clocks import day_of_instant, mapped_instant, micros, moved_day
from peersupport.readers.columns.column import FALSE, TRUE, UNDECIDED, Column
from peersupport.readers.columns.engines import absent_of, is_text, scale_of
from peersupport.readers.columns.scope import Root, Scope, World
from peersupport.readers.columns.sets import Members
from peersupport.readers.columns.values import ABSENT, DAY_TOP, TOP, Held, Truth, Value, lacking, together
from peersupport.rules import calendar, terms
from peersupport.rules.facts import Base, Fact, Type
from peersupport.rules.problems import Unsupported
from peersupport.rules.terms import PROGRAM, Path, Term

NO_ZONE: Final = ("program", "time_zone")
_DAY_TOP: Final = col.day_lit(DAY_TOP)
_TOP: Final = col.int_lit(TOP)
_TEXT_TOP: Final = col.lit(ABSENT, nw.String)


def top_of(base: Base) -> Column:
    """What stands after every value of a type."""
    return _TEXT_TOP if is_text(base) else _DAY_TOP if base == "date" else _TOP


def asked(term: Term, scope: Scope) -> Held | Members:
    """What a term gives for each row."""
    home = scope.home(term)
    if home.scope is not scope:
        held = asked(home.term, home.scope)
        return held.taken(home.bring) if isinstance(held, Members) else home.take(held)
    key = (scope.world.readings, term)
    if key not in scope.memo:
        held = _held(term, scope)
        scope.memo[key] = _flat(held, scope) if scope.world.by_name and isinstance(held, Truth) else held
    found: Held | Members = scope.memo[key]
    return found


def _flat(truth: Truth, scope: Scope) -> Truth:
    """The same answer with a name for all that is asked of it again."""
    lacks = truth.lacks
    named = values.Lacks(lambda: {key: scope.named(rows) for key, rows in lacks.columns.items()})
    return Truth(scope.named(truth.holds), named, truth.waits)


def truth_of(term: Term, scope: Scope) -> Truth:
    """The answer of a condition for each row."""
    return cast("Truth", asked(term, scope))


def value_of(term: Term, scope: Scope) -> Value:
    """The value of a term for each row."""
    return cast("Value", asked(term, scope))


def members_of(term: Term, scope: Scope) -> Members:
    """The set that a term gives for each row."""
    return cast("Members", asked(term, scope))


def _held(term: Term, scope: Scope) -> Held | Members:  # noqa: PLR0912, C901  the one match
    match term:
        case terms.Lit():
            return literal(term.value, term.type, scale(term, scope.world))
        case terms.On():
            return _point(col.day_lit(days.number(scope.world.on)), _DAY_TOP)
        case terms.Read():
            return _read(term, scope)
        case terms.Defined():
            return _defined(term, scope)
        case terms.Shift():
            return _shift(term, scope)
        case terms.Call():
            return _call(term, scope)
        case terms.Arith():
            return _arith(term, scope)
        case terms.Compare():
            return _compared(term, scope)
        case terms.In():
            return _in(term, scope)
        case terms.Subset():
            return members_of(term.left, scope).subset(members_of(term.right, scope), scope)
        case terms.Common():
            return members_of(term.left, scope).common(members_of(term.right, scope), scope)
        case terms.Known(of=of):
            held = asked(of, scope)
            return Truth(col.known(held.text if isinstance(held, Members) else _low(held)))
        case terms.Exists(of=of):
            return _exists(asked(of, scope))
        case terms.AtLeast():
            return values.at_least(term.k, [truth_of(each, scope) for each in term.of])
        case terms.Not(of=of):
            inner = truth_of(of, scope)
            return Truth(col.no(inner.holds), inner.lacks, inner.waits)
        case terms.Met():
            return scope.world.met(term.rule, _root(scope))
        case terms.Covers():
            return truth_of(terms.covering(term), scope)
        case terms.Overlaps():
            return truth_of(terms.overlapping(term), scope)
        case terms.Gather():
            return related.gathered(term, scope, _ASKS)
        case terms.Earliest(of=events):
            return values.extreme([value_of(each, scope) for each in events], col.least)
        case _:
            assert_never(term)


def _low(held: Held) -> Column:
    return held.low if isinstance(held, Value) else held.holds


def _root(scope: Scope) -> Root:
    return cast("Root", scope)


def _point(column: Column, top: Column) -> Value:
    return Value(column, column, top)


def literal(value: object, type_: Type, scale: int = 0) -> Value | Truth | Members:
    """A value written in a rule, in every row."""
    match value:
        case dt.date():
            return _point(col.day_lit(days.number(value)), _DAY_TOP)
        case int() | Decimal():
            return _point(col.int_lit(_scaled(value, scale)), _TOP)
        case frozenset():
            return Members.of(value)
        case _:
            return _point(col.lit(str(value), nw.String), top_of(type_.base))


def _scaled(value: int | Decimal, scale: int) -> int:
    return int(value * 10**scale)


# facts


def _read(term: terms.Read, scope: Scope) -> Held | Members:
    if term.path.depth == PROGRAM:
        return _of_program(term, scope)
    root = _root(scope)
    if term.path.steps:
        rest = Path(0, term.path.steps[0].kind, term.path.steps[1:])
        return _over(term, attrs.evolve(term, path=rest), root)
    return _own(term, root)


def _own(term: terms.Read, root: Root) -> Held | Members:
    fact, kind = term.fact, root.kind.name
    lacked = root.world.lacked(kind, fact.name)
    column = root.fact(fact.name)
    if fact.type.base in {"set", "refs"}:
        return Members.read(fact, column, lacked)
    if column is None:
        lacked = lacked if root.given else root.world.lacked(kind)
        return _nothing(fact.type.base, lacked)
    if fact.type.base == "bool":
        return Truth(column, lacking(lacked, col.is_null(column)))
    value = Value(column, column, top_of(fact.type.base), lacking(lacked, col.is_null(column)), fact.type.or_none)
    return _seen(value, root, term, lacked) if fact.happens or term.event else value


def _nothing(base: Base, lacked: str) -> Held:
    return values.unknown_truth(lacked) if base == "bool" else values.unknown_value(lacked, top_of(base))


def _seen(value: Value, root: Root, term: terms.Read, lacked: str) -> Value:
    """What lies after the horizon: an event has not happened yet, any other fact reads as not recorded."""
    world, column = root.world, value.low
    if term.fact.type.base == "instant":
        if world.office is None and term.fact.happens:
            return values.unknown_value(world.lacked(*NO_ZONE), _TOP)
        edge = calendar.start_of(world.on + dt.timedelta(days=1), world.office or calendar.Office())
        ahead, horizon = col.ge(column, col.int_lit(micros(edge))), col.int_lit(micros(start_of_horizon(root)))
    else:
        horizon = col.day_lit(days.number(world.on))
        ahead = col.gt(column, horizon)
    there = col.eq(column, value.top) if value.wide else FALSE
    if not term.event:
        visible = col.either(col.no(ahead), there) if value.wide else col.no(ahead)
        seen = root.named(col.where(visible, column))
        return attrs.evolve(value, low=seen, high=seen, lacks=lacking(lacked, col.is_null(seen)))
    low = root.named(col.choose(ahead, horizon, column))
    high = root.named(col.choose(ahead, value.top, column))
    return attrs.evolve(value, low=low, high=high, wide=True, waits=True, raw=column)


def start_of_horizon(scope: Scope) -> dt.datetime:
    """The first instant of the day of the judgement."""
    return calendar.start_of(scope.world.on, scope.world.office or calendar.Office())


def _over(term: terms.Read | terms.Defined, inner: Term, root: Root) -> Held | Members:
    """What is asked of the record that a reference leads to."""
    step = term.path.steps[0]
    fact = root.kind.facts[step.fact]
    ref = _own(terms.Read(Path(0, root.kind.name), fact), root)
    target = root.world.root(step.kind)
    held = asked(inner, target)
    if not isinstance(ref, Value) or ref.low.const is None:
        return _unreached(ref.lacks, held)
    nobody = ref.absent
    if not target.given:
        lacks = together(
            (ref.lacks, lacking(root.world.lacked(step.kind), col.both(col.known(ref.low), col.no(nobody))))
        )
        return _of_nobody(_unreached(lacks, held), nobody)
    link = root.link(step.fact, ref.low)
    there = col.both(col.known(ref.low), col.surely(col.no(nobody)))
    lacks = values.Lacks(
        lambda: {key: col.both(there, col.fill(link.bring(each), TRUE)) for key, each in held.lacks.columns.items()}
    )
    lacks = together((ref.lacks, lacks))
    if isinstance(held, Members):
        return held.over(link.bring, lacks, nobody)
    if isinstance(held, Truth):
        found: Held = Truth(link.bring(held.holds), lacks, held.waits)
        if held.holds.const is not col.VARIES:
            found = Truth(col.where(there, held.holds), lacks, held.waits)
        return _of_nobody(found, nobody)
    low = link.bring(held.low)
    high = low if held.point else link.bring(held.high)
    if held.low.const is not col.VARIES:
        low = col.where(there, low)
        high = low if held.point else col.where(there, high)
    raw = held.raw and link.bring(held.raw)
    return _of_nobody(attrs.evolve(held, low=low, high=high, lacks=lacks, raw=raw), nobody)


def _unreached(lacks: values.Lacks, held: Held | Members) -> Held | Members:
    if isinstance(held, Members):
        return Members.unknown(lacks)
    if isinstance(held, Truth):
        return Truth(UNDECIDED, lacks)
    nothing = col.null(values.dtype_of(held.top))
    return Value(nothing, nothing, held.top, lacks)


def _of_nobody(found: Held | Members, nobody: Column) -> Held | Members:
    """A fact of a record that is known to be absent is absent too, and a yes or no of it is no."""
    if nobody.const is False:
        return found
    lacks = found.lacks.within(col.no(col.surely(nobody)))
    if isinstance(found, Members):
        return found.or_empty(nobody, lacks)
    if isinstance(found, Truth):
        return Truth(col.choose(nobody, FALSE, found.holds), lacks, found.waits)
    low = col.choose(nobody, found.top, found.low)
    high = low if found.point else col.choose(nobody, found.top, found.high)
    return attrs.evolve(found, low=low, high=high, lacks=lacks, wide=True, raw=None)


def _of_program(term: terms.Read, scope: Scope) -> Held | Members:
    """A fact of the program, the same in every row."""
    world, fact = scope.world, term.fact
    if term.path.steps:
        message = f"{fact.name} is reached over a reference of the program"
        raise Unsupported(message)
    found = None if world.program is None else world.program.get(fact.name)
    lacked = world.lacked("program", fact.name) if world.program is not None else world.lacked("program")
    if fact.type.base in {"set", "refs"}:
        return Members.same(fact, found, lacked)
    if found is None:
        return _nothing(fact.type.base, lacked)
    if isinstance(found, bool):
        return values.constant(found)
    top = top_of(fact.type.base)
    value = col.lit(found, values.dtype_of(top))
    return attrs.evolve(_point(value, top), wide=found == absent_of(fact.type.base))


def _defined(term: terms.Defined, scope: Scope) -> Held | Members:
    root = _root(scope)
    if term.path.steps:
        rest = Path(0, term.path.steps[0].kind, term.path.steps[1:])
        return _over(term, attrs.evolve(term, path=rest), root)
    value = root.world.rulebook.defined(term.rule, root.kind.name, root.world.readings)
    return asked(terms.as_event(value), root)


# values


def _shift(term: terms.Shift, scope: Scope) -> Value:
    base, by, office = value_of(term.base, scope), term.by, scope.world.office
    if term.type.base == "instant" and by.unit == "hours":
        if office is None:
            return _zoneless(base, scope)
        step = col.int_lit(by.amount * 3_600_000_000)
        return values.monotone(base, lambda end: col.plus(end, step))
    if term.type.base == "instant":
        if office is None:
            return _zoneless(base, scope)
        return values.monotone(
            base, lambda end: mapped_instant(end, scope, lambda at: calendar.shift_instant(at, by, office))
        )
    if by.unit == "business_days":
        if office is None:
            return _zoneless(base, scope)
        return values.monotone(base, lambda end: moved_day(end, scope, lambda day: calendar.shift(day, by, office)))
    return values.monotone(base, lambda end: days.shift(end, by, scope.named))


def _zoneless(value: Value, scope: Scope, top: Column = _TOP) -> Value:
    """What hangs on the program's zone where none is recorded."""
    missing = lacking(scope.world.lacked(*NO_ZONE), col.known(value.low))
    nothing = col.null(values.dtype_of(top))
    return Value(nothing, nothing, top, together((value.lacks, missing)), waits=value.waits)


def _call(term: terms.Call, scope: Scope) -> Value:
    if term.type.base == "number" and term.name in {"min", "max"}:
        args = [number_of(arg, scope, scale(term, scope.world)) for arg in term.args]
    else:
        args = [value_of(arg, scope) for arg in term.args]
    office = scope.world.office
    match term.name:
        case "day":
            if office is None:
                return _zoneless(args[0], scope, _DAY_TOP)
            return values.monotone(args[0], lambda end: day_of_instant(end, scope, office), _DAY_TOP)
        case "next_open":
            if office is None:
                return _zoneless(args[0], scope)
            return values.monotone(
                args[0], lambda end: mapped_instant(end, scope, lambda at: calendar.next_open(at, office))
            )
        case "first_of_month":
            return values.monotone(args[0], lambda end: moved_day(end, scope, calendar.first_of_month))
        case "days_between":
            return _days_between(args[0], args[1])
        case "age":
            return _age(args[0], args[1], scope)
        case "birthday":
            return values.monotone(args[0], lambda end: days.birthday(end, args[1].low, scope.named))
        case "min":
            return values.extreme(args, col.least)
        case "max":
            return values.extreme(args, col.greatest)
        case _:
            assert_never(term.name)


def _days_between(start: Value, until: Value) -> Value:
    return _difference(start, until, lambda a, b: col.minus(b, a))


def _age(born: Value, on: Value, scope: Scope) -> Value:
    return _difference(born, on, lambda a, b: scope.named(days.age(a, b, scope.named)))


def _difference(start: Value, until: Value, plain: Callable[[Column, Column], Column]) -> Value:
    """What lies between two dates: below everything from an absent one, above everything until one."""

    def end(a: Column, b: Column) -> Column:
        found = plain(a, b)
        found = col.only(found, lambda each: each.cast(nw.Int64)) if found.const is col.VARIES else found
        if not (start.wide or until.wide):
            return found
        low = col.either(col.eq(a, start.top), col.eq(b, until.bottom))
        high = col.either(col.eq(b, until.top), col.eq(a, start.bottom))
        far = col.choose(low, values.bottom_of(_TOP), col.choose(high, _TOP, found))
        return col.where(col.both(col.known(a), col.known(b)), far)

    lacks, waits = together((start.lacks, until.lacks)), start.waits or until.waits
    low = end(start.high, until.low)
    if start.point and until.point:
        return Value(low, low, _TOP, lacks, start.wide or until.wide, waits)
    return Value(low, end(start.low, until.high), _TOP, lacks, wide=True, waits=waits)


def scale(term: Term, world: World) -> int:
    """How many places a number has as it is kept."""
    match term:
        case terms.Read(fact=Fact() as fact):
            return scale_of(fact)
        case terms.Arith(op="*"):
            return scale(term.left, world) + scale(term.right, world)
        case terms.Arith():
            return max(scale(term.left, world), scale(term.right, world))
        case terms.Lit(value=Decimal() as value):
            return _written_places(value)
        case terms.Defined():
            return scale(world.rulebook.defined(term.rule, term.path.leads_to, world.readings), world)
        case terms.Gather(value=value) if value is not None and term.op in {"sum", "first", "last"}:
            return scale(value, world)
        case terms.Call(args=args) if term.name in {"min", "max"}:
            return max(scale(arg, world) for arg in args)
        case _:
            return 0


def _written_places(value: Decimal) -> int:
    """The places of a number without the noughts behind it, so that two that are equal are kept alike."""
    digits, exponent = value.as_tuple().digits, int(value.as_tuple().exponent)
    noughts = next((i for i, digit in enumerate(reversed(digits)) if digit), len(digits))
    return max(0, -exponent - noughts)


def number_of(term: Term, scope: Scope, places: int) -> Value:
    """A number, brought to some places."""
    if isinstance(term, terms.Lit) and isinstance(term.value, int | Decimal):
        return _point(col.int_lit(_scaled(term.value, places)), _TOP)
    value, more = value_of(term, scope), places - scale(term, scope.world)
    return value if not more else values.monotone(value, lambda end: col.times(end, col.int_lit(10**more)))


def _arith(term: terms.Arith, scope: Scope) -> Value:
    if term.op == "*":
        sides = [number_of(each, scope, scale(each, scope.world)) for each in (term.left, term.right)]
    else:
        sides = [number_of(each, scope, scale(term, scope.world)) for each in (term.left, term.right)]
    found = values.arithmetic(term.op, sides[0], sides[1])
    low = scope.named(found.low)
    return attrs.evolve(found, low=low, high=low if found.point else scope.named(found.high))


# conditions


def _sides(term: terms.Compare, scope: Scope) -> tuple[Value, Value]:
    if term.left.type.base != "number":
        return value_of(term.left, scope), value_of(term.right, scope)
    places = max(scale(term.left, scope.world), scale(term.right, scope.world))
    return number_of(term.left, scope, places), number_of(term.right, scope, places)


def _compared(term: terms.Compare, scope: Scope) -> Truth:
    if term.left.type.base == "bool":
        return _same(truth_of(term.left, scope), truth_of(term.right, scope), negated=term.op == "!=")
    a, b = _sides(term, scope)
    found = values.compare(term.op, a, b)
    below, above = term.op in {"<", "<=", "!="}, term.op in {">", ">=", "!="}
    holds = found.holds
    if b.wide and _is_there(term.left):
        holds = col.choose(_absent(b), TRUE if below else FALSE, holds)
    if a.wide and _is_there(term.right):
        holds = col.choose(_absent(a), TRUE if above else FALSE, holds)
    if holds is found.holds:
        return found
    return values.undecided(holds, (a.lacks, b.lacks), waits=found.waits)


def _absent(value: Value) -> Column:
    absent = value.absent
    return col.surely(absent if value.point else col.both(absent, col.eq(value.high, value.top)))


def _same(a: Truth, b: Truth, *, negated: bool) -> Truth:
    holds = (col.ne if negated else col.eq)(a.holds, b.holds)
    return values.undecided(holds, (a.lacks, b.lacks), waits=a.waits or b.waits)


def _is_there(term: Term) -> bool:
    """Whether a value cannot be absent, so that it stands before what is, though it is not recorded."""
    if isinstance(term, terms.Call) and term.name == "day":
        return _is_there(term.args[0])
    return isinstance(term, terms.Read) and not (term.event or term.path.steps or term.fact.type.or_none)


def _in(term: terms.In, scope: Scope) -> Truth:
    of = members_of(term.of, scope)
    found = of.has(value_of(term.item, scope), scope)
    return Truth(col.no(found.holds), found.lacks, found.waits) if term.negated else found


def _exists(held: Held | Members) -> Truth:
    if isinstance(held, Members):
        return held.filled()
    if isinstance(held, Truth):
        return Truth(col.choose(col.known(held.holds), TRUE, UNDECIDED), held.lacks, held.waits)
    there = col.choose(col.known(held.low), TRUE, UNDECIDED)
    if not held.wide:
        return Truth(there, held.lacks, held.waits)
    if held.point:
        holds = col.ne(held.low, held.top)
        return values.undecided(holds, (held.lacks,), waits=held.waits)
    never = col.eq(held.low, held.top)
    maybe = col.either(held.unknown, col.eq(held.high, held.top))
    holds = col.choose(never, FALSE, col.choose(maybe, UNDECIDED, TRUE))
    return values.undecided(holds, (held.lacks,), waits=held.waits)


_ASKS: Final = reach.Asks(asked, truth_of, value_of, number_of, scale)


def asks() -> reach.Asks:
    """How a gathering asks for its terms."""
    return _ASKS
