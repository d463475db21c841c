"""The small wrong changes of a rule as a whole: of its form, and of when it applies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import attrs

from peersupport.readers.mutants.operators import Book, Operator, lengths, selections, told
from peersupport.readers.mutants.spots import CONDITIONS, bare, dressed, replaced
from peersupport.rules import terms
from peersupport.rules.calendar import Period
from peersupport.rules.forms import Body, Clause, Conditions, Criterion, Deadline, Form, Limit, Repeated, Window
from peersupport.rules.terms import Term

Aspect: TypeAlias = tuple[object, ...]
"""What of a body is changed, as it stands there: readings that have it too share the change."""
Wrong: TypeAlias = tuple[Operator, str, Aspect, Body]
_Formed: TypeAlias = tuple[Operator, str, Aspect, Form]


def wrong(body: Body, book: Book) -> Iterator[Wrong]:
    """Every small wrong change of a body that is not one of a single term."""
    for operator, said, aspect, form in _formed(body.form, book):
        yield operator, said, aspect, attrs.evolve(body, form=form)
    for field in CONDITIONS:
        term = getattr(body.conditions, field)
        if term is not None:
            yield from _conditioned(body, field, term)


def _conditioned(body: Body, field: str, term: Term) -> Iterator[Wrong]:
    def becomes(other: Term | None) -> Body:
        conditions: Conditions = attrs.evolve(body.conditions, **{field: other})
        return attrs.evolve(body, conditions=conditions)

    operator = Operator.WHEN if field == "when" else Operator.UNLESS
    opposite = term.of if isinstance(term, terms.Not) else terms.Not(term)
    yield operator, f"`{field}` is left out", (field, term), becomes(None)
    yield operator, f"`{field}` is turned into its opposite", (field, term), becomes(opposite)


def _formed(form: Form, book: Book) -> Iterator[_Formed]:
    match form:
        case Criterion():
            yield from _criterion(form)
        case Deadline():
            yield from _deadline(form)
        case Repeated():
            yield from _repeated(form)
        case Limit():
            yield from _limit(form, book)
        case _:
            return


def _criterion(form: Criterion) -> Iterator[_Formed]:
    def words(clause: Clause) -> str:
        return clause.name or told(clause.holds, 0)

    for operator, said, k, of in selections(form.need, form.clauses, words):
        aspect = (operator, said, form.need == len(form.clauses))
        yield operator, said, aspect, attrs.evolve(form, clauses=of, need=k)


# deadlines


def _deadline(form: Deadline) -> Iterator[_Formed]:
    plain = bare(form)
    for operator, said, aspect, other in (*_left_out(plain, "until"), *_left_out(plain, "not_before")):
        yield operator, said, aspect, dressed(other)
    due = form.due
    in_days = isinstance(due, terms.Shift) and due.by.unit == "days"
    if due.type.base == "date" and not in_days:
        for days, said in ((-1, "the due day itself is too late"), (1, "the day after the due day is still in time")):
            other_day = attrs.evolve(form, due=terms.Shift(due, Period(days, "days")))
            yield Operator.SAME_DAY, said, ("due", due), other_day


def _left_out(form: Form, field: str) -> Iterator[_Formed]:
    """A moment that a deadline need not have, left out."""
    term = getattr(form, field)
    if term is not None:
        operator = Operator.UNTIL if field == "until" else Operator.NOT_BEFORE
        none: dict[str, Any] = {field: None}
        other: Form = attrs.evolve(form, **none)
        yield operator, f"`{field}` is left out: “{told(term, 0)}”", (field, term), other


def _repeated(form: Repeated) -> Iterator[_Formed]:
    ways = ("from the last time it was done", "in fixed periods")
    new, old = ways[::-1] if form.rolling else ways
    aspect = ("rolling", form.rolling)
    yield Operator.GRID, f"counted {new} instead of {old}", aspect, attrs.evolve(form, rolling=not form.rolling)
    yield from _periods(form)
    yield from _left_out(form, "until")
    if form.times is not None:
        for times in (n for n in (form.times + 1, form.times - 1) if n):
            said = f"`times` is {times} instead of {form.times}"
            yield Operator.TIMES, said, ("times", form.times), attrs.evolve(form, times=times)
    for i, event in enumerate(form.done if len(form.done) > 1 else ()):
        said = f"“{told(event, 0)}” no longer counts"
        yield Operator.DROPPED, said, ("done", event), attrs.evolve(form, done=replaced(form.done, i))


def _periods(form: Repeated) -> Iterator[_Formed]:
    """The period, and the first one where it is another."""
    alike = form.first == form.period
    for operator, by in _whole_days(form.period):
        first = by if alike else form.first
        said, aspect = f"`again` is {by} instead of {form.period}", ("again", form.period, alike)
        yield operator, said, aspect, attrs.evolve(form, period=by, first=first)
    if alike:
        return
    for operator, by in _whole_days(form.first):
        said = f"`within` is {by} instead of {form.first}"
        yield operator, said, ("within", form.first), attrs.evolve(form, first=by)
    both = ("first", form.first, form.period)
    yield Operator.PERIOD, f"the first period is {form.period} too", both, attrs.evolve(form, first=form.period)
    yield Operator.PERIOD, f"every period is {form.first}, as the first", both, attrs.evolve(form, period=form.first)


def _whole_days(by: Period) -> Iterator[tuple[Operator, Period]]:
    """The lengths that a period in whole days is taken for."""
    yield from ((operator, other) for operator, other in lengths(by) if other.amount > 0)


# limits


def _limit(form: Limit, book: Book) -> Iterator[_Formed]:
    if form.at_least is not None and form.at_most is not None:
        for field in ("at_least", "at_most"):
            aspect = (field, getattr(form, field))
            none: dict[str, Any] = {field: None}
            yield Operator.BOUND, f"`{field}` is left out", aspect, attrs.evolve(form, **none)
    for operator, window in windows(form.window):
        other = attrs.evolve(form, window=window)
        if _fits(other, book):
            said = f"{_words(window)} instead of {_words(form.window)}"
            yield operator, said, ("window", form.window), other


def _words(window: Window) -> str:
    return f"in each {window}" if window.name in {"calendar", "year from"} else str(window)


_CALENDAR: Final = ("day", "week", "month", "year")
_ROLLING: Final[dict[str, Period]] = {
    "week": Period(7, "days"),
    "month": Period(1, "months"),
    "year": Period(1, "years"),
}
_DAY: Final = Period(1, "days")
"""The rolling window that is the same as each calendar day: windows are counted in whole days."""
_UNITS: Final[dict[str, str]] = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
_Windows: TypeAlias = Iterator[tuple[Operator, Window]]


def windows(window: Window) -> _Windows:
    """The windows that a window is taken for."""
    find: Callable[[Window], _Windows] | None = _FOUND.get(window.name)
    yield from find(window) if find else ()


def _calendar(window: Window) -> _Windows:
    at = _CALENDAR.index(window.unit)
    for unit in (_CALENDAR[i] for i in (at - 1, at + 1) if 0 <= i < len(_CALENDAR)):
        yield Operator.WINDOW, Window("calendar", unit=unit)
    if window.unit != "day":
        yield Operator.WINDOW, Window("rolling", _ROLLING[window.unit])
    if window.unit == "year":
        yield Operator.WINDOW, Window("year from", month=7, day=1)


def _year_from(window: Window) -> _Windows:
    yield Operator.WINDOW, Window("calendar", unit="year")
    yield Operator.WINDOW, Window("rolling", _ROLLING["year"])
    yield Operator.WINDOW, attrs.evolve(window, month=window.month % 12 + 1)


def _rolling(window: Window) -> _Windows:
    length = window.period or _DAY
    for operator, by in lengths(length):
        if by.amount > 0:
            yield operator, attrs.evolve(window, period=by)
    if window.name == "rolling" and length.unit in _UNITS and length != _DAY:
        yield Operator.WINDOW, Window("calendar", unit=_UNITS[length.unit])


_FOUND: Final[dict[str, Any]] = {
    "calendar": _calendar,
    "year from": _year_from,
    "rolling": _rolling,
    "each": _rolling,
    "at any time": lambda _: iter([(Operator.WINDOW, Window("ever"))]),
    "ever": lambda _: iter([(Operator.WINDOW, Window("at any time"))]),
}


def _fits(form: Limit, book: Book) -> bool:
    """Whether a measure can be taken over another window."""
    measure = form.measure
    if not isinstance(measure, terms.Gather) or measure.op not in {"count", "sum", "distinct"}:
        return False
    kind = book.vocabulary[measure.path.leads_to]
    return bool(kind.span) or form.window.name != "at any time"
