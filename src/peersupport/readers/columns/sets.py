"""Sets in columns: a text of members between semicolons, of which it is asked what it contains."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import attrs
import narwhals as nw

from peersupport.readers.columns import column as col
from peersupport.readers.columns.clocks import mapped
from peersupport.readers.columns.column import FALSE, TRUE, UNDECIDED, VARIES, Bool, Column
from peersupport.readers.columns.engines import EMPTY_SET
from peersupport.readers.columns.values import NOTHING, Lacks, Truth, Value, lacking, together, undecided
from peersupport.rules.facts import Fact

if TYPE_CHECKING:
    from peersupport.readers.columns.scope import Scope


def written(members: Iterable[str]) -> str:
    """A set as a text."""
    return ";" + ";".join(sorted(members)) + ";" if members else EMPTY_SET


def parsed(text: str) -> frozenset[str]:
    """The members of a set that is a text."""
    return frozenset(each for each in text.split(";") if each)


@attrs.frozen(eq=False)
class Members:
    """A set in each row. `choices` are all that it may contain, where they are known: None for an open set."""

    text: Column
    choices: frozenset[str] | None
    lacks: Lacks = NOTHING

    @classmethod
    def of(cls, members: frozenset[str]) -> Members:
        """A set written in a rule, in every row."""
        return cls(col.lit(written(members), nw.String), members)

    @classmethod
    def read(cls, fact: Fact, column: Column | None, lacked: str) -> Members:
        """A fact of each row."""
        if column is None:
            return cls.unknown(lacking(lacked, TRUE))
        choices = frozenset(fact.type.choices) if fact.type.base == "set" and fact.type.choices else None
        return cls(column, choices, lacking(lacked, col.is_null(column)))

    @classmethod
    def same(cls, fact: Fact, text: object, lacked: str) -> Members:
        """A fact that is the same in every row."""
        return cls.read(fact, None, lacked) if text is None else cls.of(parsed(str(text)))

    @classmethod
    def unknown(cls, lacks: Lacks) -> Members:
        """A set that is unknown in every row."""
        return cls(col.null(nw.String), frozenset(), lacks)

    def taken(self, bring: Callable[[Column], Column]) -> Members:
        """The same set among the columns of other rows."""
        lacks = self.lacks
        brought = Lacks(lambda: {key: bring(each) for key, each in lacks.columns.items()})
        return attrs.evolve(self, text=bring(self.text), lacks=brought)

    def over(self, bring: Callable[[Column], Column], lacks: Lacks, nobody: Bool) -> Members:
        """The same set of a record that is referred to."""
        return attrs.evolve(self, text=bring(self.text), lacks=lacks).or_empty(nobody, lacks)

    def or_empty(self, nobody: Bool, lacks: Lacks) -> Members:
        """The same set, empty where there is nobody to have it."""
        if nobody.const is False:
            return self
        empty = col.lit(EMPTY_SET, nw.String)
        text = col.choose(nobody, empty, self.text)
        return attrs.evolve(self, text=text, lacks=lacks.within(col.no(col.surely(nobody))))

    def contains(self, member: str) -> Bool:
        """Whether a member is in it."""
        if self.text.const is None:
            return UNDECIDED
        if self.text.const is not VARIES:
            return TRUE if member in parsed(str(self.text.const)) else FALSE
        return col.only(self.text, lambda text: text.str.contains(f";{member};", literal=True))

    def filled(self) -> Truth:
        """Whether there is any member."""
        if self.text.const is None:
            return Truth(UNDECIDED, self.lacks)
        return Truth(col.ne(self.text, col.lit(EMPTY_SET, nw.String)), self.lacks)

    def has(self, item: Value, scope: Scope) -> Truth:
        """Whether a value is in it."""
        lacks, waits = (self.lacks, item.lacks), item.waits
        if isinstance(item.low.const, str):
            return undecided(self.contains(item.low.const), lacks, waits=waits)
        if None in {item.low.const, self.text.const}:
            return Truth(UNDECIDED, together(lacks), waits)
        if isinstance(self.text.const, str):
            members = sorted(parsed(self.text.const))
            inside = col.only(item.low, lambda each: each.is_in(members)) if members else FALSE
            holds = col.choose(col.known(item.low), inside, UNDECIDED)
            return undecided(holds, lacks, waits=waits)
        holds = mapped([item.low, self.text], scope, lambda one, text: one in parsed(text), nw.Boolean, nw.String)
        return undecided(holds, lacks, waits=waits)

    def subset(self, other: Members, scope: Scope) -> Truth:
        """Whether all its members are members of another."""
        lacks = (self.lacks, other.lacks)
        if None in {self.text.const, other.text.const}:
            return Truth(UNDECIDED, together(lacks))
        if self.choices is not None:
            each = [col.either(col.no(self.contains(one)), other.contains(one)) for one in sorted(self.choices)]
            holds = col.both(*each)
        else:
            holds = mapped(
                [self.text, other.text], scope, lambda one, two: parsed(one) <= parsed(two), nw.Boolean, nw.String
            )
        there = col.both(col.known(self.text), col.known(other.text))
        return undecided(col.choose(there, holds, UNDECIDED), lacks, waits=False)

    def common(self, other: Members, scope: Scope) -> Members:
        """The members that it shares with another."""
        lacks = together((self.lacks, other.lacks))
        if None in {self.text.const, other.text.const}:
            return Members.unknown(lacks)
        consts = [each.text for each in (self, other) if each.text.const is not VARIES]
        if len(consts) == 2:
            shared = parsed(str(consts[0].const)) & parsed(str(consts[1].const))
            return Members(col.lit(written(shared), nw.String), shared, lacks)
        text = mapped(
            [self.text, other.text], scope, lambda one, two: written(parsed(one) & parsed(two)), nw.String, nw.String
        )
        return Members(text, self.choices or other.choices, lacks)
