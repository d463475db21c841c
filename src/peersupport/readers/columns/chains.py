"""Paths to related records: the frames that lead from where a path starts to the records at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns import days
from peersupport.readers.columns.clocks import micros
from peersupport.readers.columns.column import TRUE, Bool, Column
from peersupport.readers.columns.engines import EMPTY_SET, MEMBER, OWNER, Frame
from peersupport.readers.columns.scope import START, Root, World
from peersupport.readers.columns.values import ABSENT, DAY_TOP, TOP
from peersupport.rules import calendar
from peersupport.rules.terms import Step

EVERYBODY: Final = "~all"
"""Where a path starts that leads from the program to every record of a kind."""
_TOLD: Final = "~told"
_BROKEN: Final = "~broken"


@attrs.frozen(eq=False)
class Chain:
    """The steps of a path from the first one that may branch, with the roots that they lead over."""

    world: World
    begins: str
    steps: tuple[Step, ...]

    @property
    def last(self) -> Root:
        """The root of the records at its end."""
        return self._root(len(self.steps))

    def _root(self, i: int) -> Root:
        kind = self.steps[i - 1].kind if i else self.begins
        return self.world.root(kind, nested=True) if i else self.world.root(kind)

    @property
    def untold(self) -> str | None:
        """The first kind on the way whose table would have to be given, and was not."""
        return next((s.kind for s in self.steps if not s.forward and not self.world.root(s.kind).given), None)

    def rows(self, columns: Mapping[str, Column]) -> Frame:
        """Where the path starts, beside some columns of each record at its end."""
        return self._rows(len(self.steps), columns)

    def _rows(self, i: int, columns: Mapping[str, Column]) -> Frame:
        step, root = self.steps[i - 1], self._root(i)
        id_, ref, before = f"~id {i}", f"~ref {i}", f"~before {i}"
        if step.forward:
            there = self._seen(i, {id_: root.start(), **columns})
            found = self._forward(i, step, ref).join(there, left_on=ref, right_on=id_, how="inner")
            return found.select(START, *columns)
        if not step.fact:
            return self._seen(i, {START: col.lit(EVERYBODY, nw.String), **columns})
        back = self._back(i, step, ref, id_, columns)
        if i == 1:
            # a path may start at nobody too, and who refers to nobody does not belong there
            told = ~nw.col(ref).is_null()
            told = told & (nw.col(ref) != ABSENT) if root.kind.facts[step.fact].type.or_none else told
            return back.filter(told).select(nw.col(ref).alias(START), *columns)
        earlier = self._rows(i - 1, {before: self._root(i - 1).start()})
        found = back.join(earlier, left_on=ref, right_on=before, how="inner")
        if any(each.forward for each in self.steps[: i - 1]) or self._shared(i):
            found = found.unique(subset=[START, id_])
        return found.select(START, *columns)

    def _back(self, i: int, step: Step, ref: str, id_: str, columns: Mapping[str, Column]) -> Frame:
        """The records of a step beside the id of the one that each refers to."""
        root = self._root(i)
        if root.kind.facts[step.fact].type.base != "refs":
            return self._seen(i, {ref: self._reference(root, step.fact), id_: root.start(), **columns})
        there = self._seen(i, {id_: root.start(), **columns})
        found = self._links(root, step.fact).join(there, left_on=OWNER, right_on=id_, how="inner")
        return found.select(nw.col(MEMBER).alias(ref), nw.col(OWNER).alias(id_), *columns)

    def _links(self, root: Root, fact: str) -> Frame:
        if root.engine is None or fact not in root.engine.types:
            return self.world.made({OWNER: [], MEMBER: []}, {OWNER: nw.String, MEMBER: nw.String})
        return root.engine.links(fact)

    def _shared(self, i: int) -> bool:
        """Whether a record on the way may belong to several."""
        backs = [n for n in range(1, i + 1) if not self.steps[n - 1].forward and self.steps[n - 1].fact]
        return any(self._root(n).kind.facts[self.steps[n - 1].fact].type.base == "refs" for n in backs)

    def _forward(self, i: int, step: Step, ref: str) -> Frame:
        """Where the path starts, beside what each reference of the one before leads to: an id, unless there is none."""
        before = self._root(i - 1)
        if not step.many:
            return self._rows(i - 1, {ref: self._reference(before, step.fact)})
        links = self._links(before, step.fact)
        if i == 1:
            return links.select(nw.col(OWNER).alias(START), nw.col(MEMBER).alias(ref))
        owner = f"~owner {i}"
        owners = self._rows(i - 1, {owner: before.start()})
        found = owners.join(links, left_on=owner, right_on=OWNER, how="inner")
        return found.select(START, nw.col(MEMBER).alias(ref)).unique()

    def _reference(self, root: Root, fact: str) -> Column:
        found = root.fact(fact)
        return col.null(nw.String) if found is None else found

    def _seen(self, i: int, columns: Mapping[str, Column]) -> Frame:
        """The records of a step that are not dated after the horizon."""
        root = self._root(i)
        seen = self._unseen(i)
        if seen.const is True:
            return root.frame(columns)
        return root.frame({**columns, _TOLD: seen}).filter(nw.col(_TOLD)).select(*columns)

    def _unseen(self, i: int) -> Bool:
        root = self._root(i)
        kind = root.kind
        dated = kind.facts.get(kind.dated_by or (kind.span.start if kind.span else ""))
        column = root.fact(dated.name) if dated else None
        if dated is None or column is None or not dated.happens:
            return TRUE
        edge = days.number(self.world.on)
        if dated.type.base == "instant":
            if self.world.office is None:
                return TRUE
            after = calendar.start_of(self.world.on + dt.timedelta(days=1), self.world.office)
            late = col.ge(column, col.int_lit(micros(after)))
        else:
            late = col.gt(column, col.day_lit(edge))
        if dated.type.or_none:
            late = col.both(late, col.ne(column, col.int_lit(DAY_TOP if dated.type.base == "date" else TOP)))
        return col.fill(col.no(late), TRUE)

    def broken(self) -> Iterator[tuple[str, Frame]]:
        """What is missing on the way, each with where the paths start that it breaks."""
        for i, step in enumerate(self.steps, 1):
            if not step.forward:
                continue
            before, kind = self._root(i - 1), self._root(i - 1).kind.name
            given = self.world.root(step.kind).given
            ref = self._reference(before, step.fact)
            yield self.world.lacked(kind, step.fact), self._starts(i, col.is_null(ref))
            if not given:
                empty = col.lit(EMPTY_SET if step.many else ABSENT, nw.String)
                yield self.world.lacked(step.kind), self._starts(i, col.surely(col.ne(ref, empty)))

    def _starts(self, i: int, broken: Bool) -> Frame:
        if i == 1:
            frame = self._root(0).frame({START: self._root(0).start(), _BROKEN: broken})
        else:
            frame = self._rows(i - 1, {_BROKEN: broken})
        return frame.filter(nw.col(_BROKEN)).select(START).unique()
