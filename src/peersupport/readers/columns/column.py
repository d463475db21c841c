"""A column of a frame as an expression: what it reads, whether it can be null, and what is the same in every row.

What is known when a rule is compiled is folded here: a condition that is always true leaves no trace in the plan.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

import attrs
import narwhals as nw


class _Varies:
    """The type of `VARIES`: a column that may differ from row to row."""

    __slots__ = ()


VARIES: Final = _Varies()


@attrs.frozen(eq=False)
class Column:
    """An expression over the columns that it `reads`: a `full` one is never null, `const` is the value of all rows.

    A column that the frame has already carries its `name`.
    """

    expr: nw.Expr
    reads: frozenset[str] = frozenset()
    const: object = VARIES
    full: bool = False
    name: str = ""


DataType: TypeAlias = Any
"""A type of a column, as narwhals names it."""

Bool: TypeAlias = Column
"""A column of yes or no, null where that is not known."""


def named(name: str, *, full: bool = False) -> Column:
    """A column of the frame itself."""
    return Column(nw.col(name), frozenset({name}), full=full, name=name)


def lit(value: Any, dtype: DataType) -> Column:  # noqa: ANN401  what its type says
    """A value that is the same in every row."""
    return Column(nw.lit(value, dtype=dtype), const=value, full=True)


def null(dtype: DataType) -> Column:
    """Nothing in any row."""
    return Column(nw.lit(None, dtype=dtype), const=None)


TRUE: Final = lit(True, nw.Boolean)  # noqa: FBT003  the value itself
FALSE: Final = lit(False, nw.Boolean)  # noqa: FBT003
UNDECIDED: Final = null(nw.Boolean)


def day_lit(value: int) -> Column:
    """A day number in every row."""
    return lit(value, nw.Int32)


def int_lit(value: int) -> Column:
    """A whole number in every row."""
    return lit(value, nw.Int64)


def _both_ways(op: Callable[[Any, Any], Any]) -> Callable[[Column, Column], Column]:
    def apply(a: Column, b: Column) -> Column:
        if a.const is None or b.const is None:
            return Column(op(a.expr, b.expr), a.reads | b.reads, const=None)
        if a.const is not VARIES and b.const is not VARIES:
            return _same(op(a.const, b.const))
        return Column(op(_operand(a), _operand(b)), a.reads | b.reads, full=a.full and b.full)

    return apply


def _operand(column: Column) -> Any:  # noqa: ANN401  an expression, or a plain value that takes its neighbour's type
    return column.expr if column.const is VARIES or isinstance(column.const, bool) else column.const


def _same(value: Any) -> Column:  # noqa: ANN401
    if isinstance(value, bool):
        return TRUE if value else FALSE
    return lit(value, nw.Int64)


plus = _both_ways(operator.add)
minus = _both_ways(operator.sub)
times = _both_ways(operator.mul)
floor = _both_ways(operator.floordiv)
rest = _both_ways(operator.mod)
lt = _both_ways(operator.lt)
le = _both_ways(operator.le)
gt = _both_ways(operator.gt)
ge = _both_ways(operator.ge)
eq = _both_ways(operator.eq)
ne = _both_ways(operator.ne)

ORDERS: Final = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}


def both(*conditions: Bool) -> Bool:
    """All of some conditions: no beats unknown."""
    if any(each.const is False for each in conditions):
        return FALSE
    return _joined([each for each in conditions if each.const is not True], operator.and_, TRUE)


def either(*conditions: Bool) -> Bool:
    """One of some conditions: yes beats unknown."""
    if any(each.const is True for each in conditions):
        return TRUE
    return _joined([each for each in conditions if each.const is not False], operator.or_, FALSE)


def _joined(conditions: list[Bool], op: Callable[[Any, Any], Any], empty: Bool) -> Bool:
    if not conditions:
        return empty
    if len(conditions) == 1:
        return conditions[0]
    if all(each.const is None for each in conditions):
        return UNDECIDED
    expr = functools.reduce(op, (each.expr for each in conditions))
    return Column(expr, _reads(*conditions), full=all(each.full for each in conditions))


def _reads(*columns: Column) -> frozenset[str]:
    return frozenset().union(*(each.reads for each in columns))


def no(condition: Bool) -> Bool:
    """The opposite; unknown stays unknown."""
    if condition.const is None:
        return UNDECIDED
    if condition.const is not VARIES:
        return FALSE if condition.const else TRUE
    return Column(~condition.expr, condition.reads, full=condition.full)


def is_null(column: Column) -> Bool:
    """Whether nothing is there."""
    if column.full or column.const is None:
        return TRUE if column.const is None else FALSE
    return Column(column.expr.is_null(), column.reads, full=True)


def known(column: Column) -> Bool:
    """Whether something is there."""
    return no(is_null(column))


def fill(column: Column, value: Column) -> Column:
    """A column with a constant wherever nothing is there."""
    if column.full:
        return column
    if column.const is None:
        return value
    return Column(column.expr.fill_null(_operand(value)), column.reads, full=True)


def surely(condition: Bool) -> Bool:
    """Whether a condition is known to hold."""
    return fill(condition, FALSE)


def never(condition: Bool) -> Bool:
    """Whether a condition is known not to hold."""
    return fill(no(condition), FALSE)


def choose(condition: Bool, yes: Column, otherwise: Column) -> Column:
    """One column where a condition is known to hold, another elsewhere."""
    if condition.const is not VARIES:
        return yes if condition.const is True else otherwise
    if yes is otherwise:
        return yes
    expr = nw.when(condition.expr).then(yes.expr).otherwise(otherwise.expr)
    return Column(expr, _reads(condition, yes, otherwise), full=yes.full and otherwise.full)


def where(condition: Bool, column: Column) -> Column:
    """A column where a condition is known to hold, and nothing elsewhere."""
    if condition.const is True:
        return column
    return Column(nw.when(condition.expr).then(column.expr), _reads(condition, column))


def only(column: Column, change: Callable[[nw.Expr], nw.Expr], *, full: bool | None = None) -> Column:
    """A column changed by an expression of itself."""
    return Column(change(column.expr), column.reads, full=column.full if full is None else full)


def least(*columns: Column) -> Column:
    """The least of some columns that are never null."""
    return functools.reduce(lambda a, b: _picked(a, b, lt), columns)


def greatest(*columns: Column) -> Column:
    """The greatest of some columns that are never null."""
    return functools.reduce(lambda a, b: _picked(a, b, gt), columns)


def _picked(a: Column, b: Column, order: Callable[[Column, Column], Bool]) -> Column:
    return choose(order(a, b), a, b)
