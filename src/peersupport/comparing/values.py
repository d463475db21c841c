"""What comes of comparing two rulebooks: rule by rule a status, what is written otherwise, and cases that flip."""

from __future__ import annotations

import datetime as dt
import enum
from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

from peersupport.rules.forms import FormName

Given = Mapping[str, object]
"""What a worked case gives, as a rulebook's file writes it."""


class Status(enum.StrEnum):
    """How a rule of one rulebook stands to that of another, by the cases that were tried of both."""

    ADDED = "added"
    """Only the second rulebook has it."""
    DROPPED = "dropped"
    """Only the first rulebook has it."""
    TIGHTER = "tighter"
    """Some case breaks the rule of the second and not that of the first, and no case the other way round."""
    LOOSER = "looser"
    """Some case breaks the rule of the first and not that of the second, and no case the other way round."""
    DIFFERENT = "different"
    """There are cases both ways, or only cases that break neither and have two verdicts, or nothing could be tried."""
    NOT_TOLD_APART = "not_told_apart"
    """The texts differ, and no case that was tried has two verdicts."""
    SAME = "same"
    """Both ask the same, by the text itself."""

    def __str__(self) -> str:
        return self.value.replace("_", " ")


Way: TypeAlias = Literal["tighter", "looser", "decided", "undecided", "exception"]
"""How two answers to a case differ: it breaks one of the rules, both verdicts are certain, one is not, or both are the
same but for an exception."""

MIRRORED: Final[Mapping[Status, Status]] = {
    Status.ADDED: Status.DROPPED,
    Status.DROPPED: Status.ADDED,
    Status.TIGHTER: Status.LOOSER,
    Status.LOOSER: Status.TIGHTER,
}
"""What a status is when the two rulebooks change places; every other one stays."""


_PROVED: Final[Mapping[frozenset[Way], str]] = {
    frozenset({"looser"}): "by the text alone never looser",
    frozenset({"tighter"}): "by the text alone never tighter",
    frozenset({"tighter", "looser"}): "by the text alone no case breaks one of them only",
}
"""What is said of the ways that are ruled out."""


@attrs.frozen
class Edition:
    """Which rulebook was compared: its name, title, version, and the digest of its text."""

    name: str
    title: str
    version: str
    digest: str
    label: str
    """What it is called beside the other one: its name, or its name and version where both have the same."""


@attrs.frozen
class Side:
    """A rule as one of the rulebooks has it. `source` are its citations."""

    id: str
    form: FormName
    says: str
    force: str
    source: tuple[str, ...]


@attrs.frozen
class Change:
    """Something that is written otherwise: what it is, and how it stands in each; empty where it is not there."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"{self.what}: now {self.after}"
        return f"{self.what}: {self.before} -> {self.after}" if self.after else f"{self.what}: no longer {self.before}"


@attrs.frozen(kw_only=True)
class Flip:
    """The smallest case found that has two answers, of those that differ in one `way`.

    `given` and `on` are as an example of a rulebook's file has them, `verdicts` those of the first and the second
    rulebook; one that has no such rule has none, told as an empty text. Of a rule that repeats it is the verdict of the
    current occurrence, or of one that is not met. `exceptions` say whether each finds one recorded, where they differ;
    `because` are the reasons in English, and `says` is the case in English. `left_out` are the facts and kinds that one
    of the two does not know: it judged the case without them.
    """

    way: Way
    about: str
    reading: str
    given: Given = attrs.field(hash=False)
    on: dt.date
    verdicts: tuple[str, str]
    exceptions: tuple[bool | None, bool | None] | None = None
    because: tuple[str, str] = ("", "")
    left_out: tuple[str, ...] = ()
    says: str = ""


@attrs.frozen(kw_only=True)
class Compared:
    """One rule of two rulebooks, or of one of them.

    `tried` is how many cases both have judged, `untried` how many one of them could not, because a value in them is
    none that its facts have. `never` are the ways of which there is no case, by the text alone. `changes` is all that
    is written otherwise, `note` why something was not tried.
    """

    status: Status
    before: Side | None
    after: Side | None
    flips: tuple[Flip, ...] = ()
    changes: tuple[Change, ...] = ()
    tried: int = 0
    untried: int = 0
    never: frozenset[Way] = frozenset()
    note: str = ""

    @property
    def id(self) -> str:
        """The rule's id: that of the second rulebook, where it has the rule."""
        side = self.after or self.before
        return side.id if side else ""

    @property
    def same(self) -> bool:
        """Whether nothing at all is written otherwise."""
        return self.status is Status.SAME and not self.changes

    @property
    def basis(self) -> str:
        """What the status rests on, in words; nothing where it rests on the text."""
        if self.status in {Status.ADDED, Status.DROPPED, Status.SAME} or not (self.tried or self.untried):
            return self.note
        cases = f"{self.tried} case{'s' * (self.tried != 1)} tried"
        said = f"no case found that tells them apart, by {cases}"
        found = said if self.status is Status.NOT_TOLD_APART else f"by {cases}"
        left = f"{self.untried} more could not be judged by both" if self.untried else ""
        proved = _PROVED.get(self.never & {"tighter", "looser"}, "")
        return "; ".join(part for part in (found, proved, left, self.note) if part)


@attrs.frozen(kw_only=True)
class Comparison:
    """Two rulebooks, rule by rule in the order of the first, what the second adds behind; then all else that differs.

    `changes` are what is written otherwise beside rules: kinds and facts, sources, rows that are covered, questions,
    the days in force. Names, titles, versions and the day of verification are not among them.
    """

    before: Edition
    after: Edition
    rules: tuple[Compared, ...]
    changes: tuple[Change, ...] = ()

    @property
    def same(self) -> bool:
        """Whether no rule and nothing else is written otherwise."""
        return not self.changes and all(rule.same for rule in self.rules)

    def counts(self) -> dict[Status, int]:
        """How many rules have each status, in the order in which they are told."""
        found = Counter(rule.status for rule in self.rules)
        return {status: found[status] for status in Status}

    def of(self, status: Status) -> tuple[Compared, ...]:
        """The rules of a status."""
        return tuple(rule for rule in self.rules if rule.status is status)
