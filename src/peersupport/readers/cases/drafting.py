"""From scenes to cases: an order in which each is told by an earlier one that it is like, and what the judge says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from peersupport.readers.cases import telling
from peersupport.readers.cases.scenes import Scene, Stage
from peersupport.readers.cases.telling import Told
from peersupport.readers.english import message
from peersupport.rules.findings import Finding, Reason

APART: Final = 3
"""From more than how many differences on a case is told by itself, and not by another one."""
_NEVER: Final = 1_000_000


@attrs.frozen(kw_only=True)
class Case:
    """One case of a rule: what is given, as an example gives it, the day, and what the judge says of it.

    `shows` says in English what it shows, by the earlier case that it is `like`. `because` is the judge's reason in
    English. `exception` is whether one is recorded, where the rule has any.
    """

    rule: str
    number: int
    about: str
    reading: str
    on: dt.date
    given: Mapping[str, object] = attrs.field(hash=False)
    verdict: str
    reason: Reason
    because: str
    shows: str
    like: int | None = None
    exception: bool | None = None


@attrs.frozen(eq=False)
class Draft:
    """A scene under a reading that is to be a case: as a person reads it, and as an example gives it."""

    stage: Stage
    told: Told
    given: Mapping[str, object]


def draft(stage: Stage, scene: Scene, reading: str) -> Draft:
    """A scene as a draft, its records named as a person would."""
    rows, given = stage.written_as(scene)
    return Draft(stage, Told(rows, scene.on, scene.judged, reading), given or {})


@attrs.frozen(eq=False)
class _Placed:
    """A draft with its number, and how it differs from an earlier one of the number `like`."""

    draft: Draft
    number: int
    like: int | None
    differs: tuple[str, ...]


@attrs.define(eq=False)
class _Waiting:
    """A draft that has no number yet, with the placed draft that it is nearest to."""

    draft: Draft
    like: int | None = None
    differs: tuple[str, ...] = ()

    @property
    def far(self) -> int:
        return _NEVER if self.like is None else len(self.differs)

    def meet(self, placed: _Placed) -> None:
        """Keep the placed draft if none before was as near."""
        if placed.draft.stage is self.draft.stage:
            found = tuple(telling.differences(self.draft.stage.vocabulary, self.draft.told, placed.draft.told))
            if len(found) < self.far:
                self.like, self.differs = placed.number, found


def cases(rule: str, groups: Iterable[Iterable[Draft]]) -> tuple[Case, ...]:
    """The drafts of a rule as cases, group by group: in each the first one first, then always the nearest."""
    placed: list[_Placed] = []
    for group in groups:
        _place(placed, [_Waiting(each) for each in group])
    return tuple(_case(rule, each) for each in placed)


def _place(placed: list[_Placed], waiting: list[_Waiting]) -> None:
    for one in waiting:
        for each in placed:
            one.meet(each)
    while waiting:
        nearest = min(waiting, key=lambda each: each.far) if placed else waiting[0]
        waiting.remove(nearest)
        if nearest.like is None or nearest.differs:
            placed.append(_Placed(nearest.draft, len(placed) + 1, nearest.like, nearest.differs))
            for one in waiting:
                one.meet(placed[-1])


def _case(rule: str, placed: _Placed) -> Case:
    draft = placed.draft
    finding, told = _finding(draft), draft.told
    like = placed.like if len(placed.differs) <= APART else None
    exceptions = draft.stage.asked(told.reading).exceptions
    return Case(
        rule=rule,
        number=placed.number,
        about=draft.stage.kind,
        reading=told.reading,
        on=told.on,
        given=draft.given,
        verdict=finding.verdict.value,
        reason=finding.reason,
        because=message(finding),
        shows=telling.sentence(placed.differs, like, _answer(finding, exceptions=exceptions)),
        like=like,
        exception=finding.exception if exceptions else None,
    )


def _finding(draft: Draft) -> Finding:
    told = draft.told
    return draft.stage.finding(Scene(told.rows, told.on, told.judged), told.reading)


def _answer(finding: Finding, *, exceptions: bool) -> str:
    """The verdict, and whether an exception is recorded where the rule has any."""
    if not exceptions:
        return str(finding.verdict)
    said = {True: "an exception is recorded", False: "no exception"}
    return (
        f"{finding.verdict}, {said.get(finding.exception is True, '')}"
        if finding.exception is not None
        else (f"{finding.verdict}, and it is not known whether there is an exception")
    )
