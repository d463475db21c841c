"""What was last attested of the outcomes that the service is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, cast

import attrs

from peersupport.outcomes.given import admissions_of, needed
from peersupport.outcomes.records import OutcomeReview
from peersupport.readers.judge import HasTables
from peersupport.rules.tables import Tables

DESIRED: Final[dict[str, Callable[[OutcomeReview], bool | None]]] = {
    "the plan can be kept up": lambda review: review.plan_sustainable,
    "names strengths and needs": lambda review: review.names_strengths_and_needs,
    "reaches resources": lambda review: review.reaches_resources,
    "moves through systems": lambda review: review.moves_through_systems,
    "formal supports are in place": lambda review: _one(review.formal_supports),
    "informal supports are in place": lambda review: _one(review.informal_supports),
}
"""The outcomes that the service is for (S3: Individual desired outcome), each as it is attested in a review."""


def _one(supports: int | None) -> bool | None:
    return None if supports is None else supports >= 1


@attrs.frozen
class Attested:
    """One desired outcome over the latest review of each admission.

    `yes` and `no` are attested. `not_recorded` are admissions of which the latest review does not say, or of which it
    is not known which review is the latest, or whether there was one. `not_reviewed` are those without a review.
    """

    outcome: str
    yes: int
    no: int
    not_recorded: int
    not_reviewed: int


def attested(roster: HasTables, *, on: dt.date) -> tuple[Attested, ...]:
    """What was last attested of each desired outcome, up to a day, over the admissions up to that day.

    An admission whose day is not recorded is among them. It is what somebody who knows the person says, of those who
    were asked; it shows no effect of the service. Raises `InputError` when the reviews were not given.
    """
    needed(roster.tables, "outcome_review")
    starts = {name: getattr(each, "admitted_on", None) for name, each in admissions_of(roster.tables).items()}
    admitted = [name for name, start in starts.items() if start is None or start <= on]
    reviews = {name: _latest(name, roster.tables, on) for name in admitted}
    unseen = {name for name in admitted if not reviews[name] and _before_the_table(starts[name], roster.tables)}
    return tuple(_attested(name, says, reviews, len(unseen)) for name, says in DESIRED.items())


def _attested(
    name: str, says: Callable[[OutcomeReview], bool | None], reviews: dict[str, list[OutcomeReview]], unseen: int
) -> Attested:
    said = [_said(says, found) for found in reviews.values() if found]
    yes, no = said.count({True}), said.count({False})
    return Attested(name, yes, no, len(said) - yes - no + unseen, len(reviews) - len(said) - unseen)


def _said(says: Callable[[OutcomeReview], bool | None], found: list[OutcomeReview]) -> set[bool | None]:
    """What the reviews say that may be the latest; one without a day alone may be of a later day."""
    return {says(each) for each in found} if any(each.attested_on for each in found) else {None}


def _latest(admission: str, tables: Tables, on: dt.date) -> list[OutcomeReview]:
    """The latest review of an admission, and those that may be later because their day is not recorded."""
    reviews = cast("tuple[OutcomeReview, ...]", tables.referring("outcome_review", "admission", admission))
    dated = [(each.attested_on, each.id, each) for each in reviews if each.attested_on and each.attested_on <= on]
    undated = [each for each in reviews if each.attested_on is None]
    return [*undated, max(dated, key=lambda each: each[:2])[2]] if dated else undated


def _before_the_table(start: dt.date | None, tables: Tables) -> bool:
    """Whether an admission may have been reviewed before the reviews are complete."""
    table = tables.given("outcome_review")
    return bool(table and table.since and (start is None or start < table.since))
