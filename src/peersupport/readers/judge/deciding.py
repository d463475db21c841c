"""What each form of rule becomes: a function from a record to its outcomes."""

from __future__ import annotations

import datetime as dt

from peersupport.readers.judge.context import Context, Env, Names
from peersupport.readers.judge.deadlines import deadline, repeated
from peersupport.readers.judge.evaluate import compiled
from peersupport.readers.judge.limits import limit
from peersupport.readers.judge.outcomes import Decide, Outcome, settled
from peersupport.rules import forms, terms
from peersupport.rules.findings import Reason


def deciding(form: forms.Form, names: Names, place: str) -> Decide:
    """The function of a form. A window that is not judged here is refused by name."""
    match form:
        case forms.Criterion():
            return _criterion(form, names)
        case forms.Deadline():
            return deadline(form, names)
        case forms.Repeated():
            return repeated(form, names)
        case forms.Limit():
            return limit(form, names, place)
        case _:
            message = f"{place}: a definition is a value and has no verdict"
            raise TypeError(message)


def _criterion(form: forms.Criterion, names: Names) -> Decide:
    holds = compiled(terms.AtLeast(form.need, tuple(clause.holds for clause in form.clauses)), names)

    def decide(ctx: Context, env: Env, _since: dt.date | None) -> list[Outcome]:
        mark = len(ctx.trace)
        truth = holds(ctx, env)
        return [settled(truth, ctx.trace[mark:], Reason.HOLDS, Reason.DOES_NOT_HOLD)]

    return decide
