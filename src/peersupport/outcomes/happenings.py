"""Events that happen to people, as serious adverse events: how many there were, and how many people had any.

The two are kept apart, because one person can have several: a share of people is never made of a count of events
(S4-18, S4-20).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import cast

import attrs

from peersupport.measures.proportions import Proportion, proportion
from peersupport.measures.values import LEVEL, Events, Row, choice_problems
from peersupport.outcomes.given import day_problems, needed, since_of
from peersupport.outcomes.records import OutcomeEvent
from peersupport.outcomes.results import listed
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import kind_of
from peersupport.rules.problems import Problem, raise_any


@attrs.frozen(kw_only=True)
class Happened:
    """Events of one kind in some days, and the people who had any, of a number of people.

    `events` has both counts, `numerator` is the people. `not_recorded` are events that may be among them: without a
    day, a kind or a person. `excluded` are those of other days and of other people.
    """

    measure: str
    window: str
    events: Events
    denominator: int
    excluded: Mapping[str, int]
    not_recorded: int
    not_yet_observable: int = 0
    level: float = LEVEL

    @property
    def numerator(self) -> int:
        """The people who had any."""
        return self.events.people or 0

    @property
    def proportion(self) -> Proportion:
        """The share of people who had any."""
        return proportion(self.numerator, self.denominator, level=self.level)

    def rows(self) -> tuple[Row, ...]:
        """One tidy row."""
        head: Row = {"measure": self.measure, "window": self.window, "count": self.events.count}
        return tuple(head | {"not_recorded": self.not_recorded} | row for row in self.proportion.rows())

    def __str__(self) -> str:
        lines = [f"events: {self.events.count}", f"people with any: {self.proportion}", f"window: {self.window}"]
        lines += [f"excluded: {listed(self.excluded)}"]
        return "\n".join([self.measure, *(f"  {line}" for line in [*lines, f"not recorded: {self.not_recorded}"])])


ELSEWHEN, ELSEWHO = "on other days", "of other people"


def events_of(
    roster: HasTables,
    kind: str,
    *,
    since: dt.date,
    through: dt.date,
    people: Iterable[str] | None = None,
    level: float = LEVEL,
) -> Happened:
    """Events of a kind from a day through another, of some people or of everybody, and how many people had any.

    Numerator: people with one event or more. Denominator: the people named, or all of the table. Raises `InputError`
    where the events or the people were not given or are not complete from the first day on, and for a kind of event or
    a person that is not there.
    """
    problems = [*choice_problems("kind", kind, kind_of(OutcomeEvent).facts["kind"].type.choices)]
    problems += day_problems(since=since, through=through)
    needed(roster.tables, "outcome_event", "person")
    complete = since_of(roster.tables, "outcome_event")
    if not problems and since < complete:
        problems.append(Problem("since", f"outcome events are complete from {complete} on", "ask from that day on"))
    known = {each.id for each in roster.tables.all_of("person")}
    chosen = known if people is None else set(people)
    problems += [Problem("people", f"there is no {each!r}") for each in sorted(chosen - known)]
    raise_any(problems)
    every = cast("tuple[OutcomeEvent, ...]", roster.tables.all_of("outcome_event"))
    said = [_said(each, kind, chosen, (since, through)) for each in every]
    own = [each.person for each, why in zip(every, said, strict=True) if why == _YES]
    return Happened(
        measure=f"events: {kind.replace('_', ' ')}",
        window=f"{since} through {through}",
        events=Events(len(own), len(set(own))),
        denominator=len(chosen),
        excluded={why: said.count(why) for why in (ELSEWHEN, ELSEWHO)},
        not_recorded=said.count(_UNKNOWN),
        level=level,
    )


_YES, _UNKNOWN, _OTHER = "yes", "not recorded", "of another kind"


def _said(event: OutcomeEvent, kind: str, people: set[str], days: tuple[dt.date, dt.date]) -> str:
    """Whether an event counts, or why it does not."""
    if event.kind not in {kind, None}:
        return _OTHER
    if event.person is not None and event.person not in people:
        return ELSEWHO
    if event.happened_on is not None and not days[0] <= event.happened_on <= days[1]:
        return ELSEWHEN
    return _UNKNOWN if None in {event.kind, event.person, event.happened_on} else _YES
