"""The same measure for each group of people, with small numbers hidden and everything from which they follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias, cast

import attrs

from peersupport.measures import pictures
from peersupport.measures.comparisons import Arm, compare
from peersupport.measures.proportions import Proportion, proportion
from peersupport.measures.suppression import (
    HIDDEN,
    LARGEST_HIDDEN,
    TOTAL,
    Key,
    Suppressed,
    derived,
    suppress,
    suppress_table,
)
from peersupport.measures.values import Contrast, Row
from peersupport.outcomes.given import needed
from peersupport.outcomes.results import STATES, Case, Share
from peersupport.readers.judge import HasTables
from peersupport.rules.facts import Record
from peersupport.rules.problems import InputError, Problem, near, raise_any

UNRECORDED: Final = "not recorded"
"""The group of those of whom it is not recorded which group is theirs."""

By: TypeAlias = str | Callable[[Record], object]
"""What groups people: a fact of a person, or a function of the person's record."""

SEVERAL: Final = "groups that are compared one by one to the rest: one in twenty differs by chance alone"
"""What is said with every table of groups."""

WITHHELD: Final = "cases without an answer, and how many cases there are with them, are not told"
"""What is said where only answers are told."""


@attrs.frozen(kw_only=True)
class Group:
    """A group's numbers; None is hidden. `cases` are all, `yes` and `no` those with an answer.

    `difference` is the share of the group less that of all others, with Newcombe's interval.
    """

    label: str
    cases: int | None
    yes: int | None
    no: int | None
    not_recorded: int | None
    not_yet_observable: int | None
    excluded: int | None
    proportion: Proportion | None
    difference: Contrast | None

    @property
    def numerator(self) -> int | None:
        """How many have the answer yes."""
        return self.yes

    @property
    def denominator(self) -> int | None:
        """How many have an answer."""
        return derived(lambda yes, no: yes + no, self.yes, self.no)

    def rows(self) -> tuple[Row, ...]:
        """One tidy row."""
        counts: Row = {name: getattr(self, name) for name in ("cases", *_COLUMNS.values())}
        share, difference = self.proportion, self.difference
        told: Row = {
            "estimate": share.estimate if share else None,
            "low": share.interval.low if share and share.interval else None,
            "high": share.interval.high if share and share.interval else None,
            "difference": difference.estimate if difference else None,
            "difference_low": difference.interval.low if difference and difference.interval else None,
            "difference_high": difference.interval.high if difference and difference.interval else None,
        }
        return ({"group": self.label} | counts | told,)

    def __str__(self) -> str:
        share = str(self.proportion) if self.proportion else f"share {HIDDEN}"
        counts = [(name, getattr(self, field)) for name, field in _COLUMNS.items()]
        rest = f"; {self.difference}" if self.difference else ""
        listed = ", ".join(f"{name} {HIDDEN if n is None else n}" for name, n in [*counts, ("all", self.cases)])
        return f"{self.label}: {share} ({listed}){rest}"


_COLUMNS: Final[dict[str, str]] = {name: name.replace(" ", "_") for name in STATES}
_STATES: Final = tuple(_COLUMNS)


@attrs.frozen(kw_only=True)
class Subgroups:
    """A measure by groups of people: each case is in one group, and the groups add up to `total`.

    With `suppressed` no number of 1 to 10 is shown, nor one from which such a number follows. Where the cases are not
    people, a number of 1 to 10 people is hidden as well. Where a group's number of cases is hidden, nothing is shown of
    it, zeros neither: a group of three of whom nobody said no would have told the answer of each. `notes` and
    `warning` are those of the measure, too.
    """

    measure: str
    counts: str
    among: str
    window: str
    by: str
    groups: tuple[Group, ...]
    total: Group
    suppressed: bool
    notes: tuple[str, ...] = (SEVERAL,)
    warning: str = ""

    def rows(self) -> tuple[Row, ...]:
        """A tidy row for each group, and one for all."""
        head: Row = {"measure": self.measure, "by": self.by}
        return tuple(head | row for each in (*self.groups, self.total) for row in each.rows())

    def _repr_html_(self) -> str:
        title = f"{self.measure}, by {self.by}"
        rows = [_drawn(each) for each in self.groups]
        words = "difference to the rest"
        picture = pictures.forest(rows, title=title, log=False, reference=0, axis_label=words) if rows else ""
        return pictures.html(picture, self.rows(), str(self))

    def __str__(self) -> str:
        lines = [*map(str, (*self.groups, self.total)), f"counted: {self.counts}", f"among: {self.among}"]
        lines += [f"window: {self.window}", *(f"note: {note}" for note in self.notes)]
        lines += [f"warning: {self.warning}"] if self.warning else []
        return "\n".join([f"{self.measure}, by {self.by}", *(f"  {line}" for line in lines)])


def _drawn(group: Group) -> pictures.ForestRow:
    told = group.difference
    if told is None or told.estimate is None or told.interval is None:
        return pictures.ForestRow(group.label, None, text=told.note if told else HIDDEN)
    return pictures.ForestRow(group.label, told.estimate, told.interval.low, told.interval.high)


def subgroups(
    result: Share,
    roster: HasTables,
    by: By,
    *,
    name: str = "",
    suppressed: bool = True,
    answers_only: bool = False,
    largest_hidden: int = LARGEST_HIDDEN,
) -> Subgroups:
    """A share for each group of people, and how each differs from the rest, with small numbers hidden.

    `by` is a fact of a person or a function of the person's record; `name` says what it is. What is not recorded is a
    group of its own. A share, an interval or a difference is shown only where all that it is made of is.

    A few cases left out hide the answers beside them. With `answers_only` nothing is told of cases without an answer,
    nor how many cases there are with them: then they hide nothing, as long as these numbers are told nowhere else.

    Raises `InputError` where people were not given, for a fact that is not there, for a label that is none, as a
    set: a person is in one group; and for the fact `id` where small numbers are to be hidden: its groups are people.
    """
    needed(roster.tables, "person")
    if suppressed and by == "id":
        raise_any([Problem("by", "each id is a person, and no group", "give a fact that many people share")])
    label = _labelled(roster, by)
    labels = {person: label(person) for person in {case.person for case in result.given}}
    groups: dict[str, list[Case]] = {each: [] for each in sorted(set(labels.values()), key=_order)}
    for case in result.given:
        groups[labels[case.person]].append(case)
    states = _STATES[:2] if answers_only else _STATES
    shown = _numbers(groups, states, hides=suppressed, largest=largest_hidden)
    total = _group("all", TOTAL, shown, result.level)
    return Subgroups(
        measure=result.measure,
        counts=result.counts,
        among=result.among,
        window=result.window,
        by=name or (by if isinstance(by, str) else "group"),
        groups=tuple(_compared(_group(each, each, shown, result.level), total, result.level) for each in groups),
        total=total,
        suppressed=suppressed,
        notes=(SEVERAL, *([WITHHELD] if answers_only else []), *result.notes),
        warning=result.warning,
    )


def released(result: Share, *, largest_hidden: int = LARGEST_HIDDEN) -> Suppressed:
    """The numbers of a share as they may leave the house: yes, no, and every way of being left out, with the total.

    A percentage may be given only where yes and no are shown. Where the total is hidden, so is everything, zeros too.
    """
    cells = _parts(result.given)
    small = [name for name, own in cells.items() if _few(own, largest_hidden)]
    few = [TOTAL] if _few(result.given, largest_hidden) else []
    counts = {name: len(own) for name, own in cells.items()}
    shown = suppress(counts, hidden=small + few, largest_hidden=largest_hidden)
    if shown.total is not None:
        return shown
    return suppress(counts, hidden=[*cells, TOTAL], largest_hidden=largest_hidden)


def _parts(cases: Iterable[Case]) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {state: [] for state in STATES if state != "excluded"}
    for case in cases:
        found.setdefault(f"excluded: {case.reason}" if case.state == "excluded" else case.state, []).append(case)
    return found


def _few(cases: Iterable[Case], largest: int) -> bool:
    """Whether some cases are of few people; each case of which it is not recorded whose it is may add one."""
    owners = [case.person for case in cases]
    people = len({*owners} - {None}) + owners.count(None)
    return 0 < people <= largest


# labels


def _order(label: str) -> tuple[bool, str]:
    return label == UNRECORDED, label


def _labelled(roster: HasTables, by: By) -> Callable[[str | None], str]:
    tables = roster.tables
    facts = {name for each in tables.all_of("person")[:1] for name in attrs.fields_dict(type(each))}
    if isinstance(by, str) and facts and by not in facts:
        raise_any([Problem("by", f"a person has no fact {by!r}", near(by, facts))])

    def label(person: str | None) -> str:
        record = tables.find("person", person) if person is not None else None
        if record is None:
            return UNRECORDED
        return _text(getattr(record, by) if isinstance(by, str) else by(record), str(person))

    return label


def _text(value: object, person: str) -> str:
    """A value as the label of a group."""
    if value is None:
        return UNRECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int) and value != TOTAL:
        return str(value)
    mend = "give a function that gives one text for each person"
    raise InputError([Problem(f"person {person}", f"{value!r} is no label of a group", mend)])


# numbers

_Shown: TypeAlias = Mapping[Key, int | None]


def _numbers(groups: Mapping[str, list[Case]], states: tuple[str, ...], *, hides: bool, largest: int) -> _Shown:
    """The number of cases of each group and state, with all totals."""
    whole = {key: cases for label in (*groups, TOTAL) for key, cases in _row(groups, label, states).items()}
    counts = {label: {state: len(whole[label, state]) for state in states} for label in groups}
    if not hides:
        return {key: len(cases) for key, cases in whole.items()}
    few = {key for key, cases in whole.items() if _few(cases, largest)}
    hidden = {key for key, cases in whole.items() if 0 < len(cases) <= largest} | few
    shown = _hidden_rows(counts, hidden, largest)
    return dict.fromkeys(whole, 0) | dict(shown)


def _hidden_rows(counts: Mapping[str, Mapping[str, int]], hidden: set[Key], largest: int) -> _Shown:
    """The numbers that may be shown, with nothing of a row of which the total is hidden."""
    states = {*next(iter(counts.values()), {}), TOTAL}
    gone: set[str] = set()
    while True:
        gone |= {label for label, state in hidden if state == TOTAL}
        hidden = hidden | {(label, state) for label in gone for state in states}
        rows = _pooled(counts, sorted(gone - {TOTAL}))
        kept = [key for key in hidden if key[0] in {*rows, TOTAL}]
        shown = suppress_table(rows, hidden=kept, largest_hidden=largest).cells
        hidden = hidden | {key for key, count in shown.items() if count is None}
        if gone == {label for label, state in hidden if state == TOTAL}:
            return dict.fromkeys(hidden) | dict(shown)


def _pooled(counts: Mapping[str, Mapping[str, int]], gone: list[str]) -> dict[str, dict[str, int]]:
    """The rows, with all those of which nothing is shown added up in two, which is as safe and much quicker.

    What a cell of a pool can be at most, each of its cells can be, the others being zero.
    """
    rows = {label: dict(cells) for label, cells in counts.items() if label not in gone[2:]}
    for place, label in enumerate(gone[2:]):
        pool = rows[gone[place % 2]]
        for state, count in counts[label].items():
            pool[state] += count
    return rows


def _row(groups: Mapping[str, list[Case]], label: str, states: tuple[str, ...]) -> dict[Key, list[Case]]:
    """The cases of a group, or of all, by state and together."""
    own = groups[label] if label else [case for cases in groups.values() for case in cases]
    found = {(label, state): [case for case in own if case.state == state] for state in states}
    return found | {(label, TOTAL): [case for case in own if case.state in states]}


def _group(name: str, label: str, shown: _Shown, level: float) -> Group:
    counts = {field: shown.get((label, state)) for state, field in _COLUMNS.items()}
    yes, no = counts["yes"], counts["no"]
    share = derived(lambda yes, no: proportion(yes, yes + no, level=level), yes, no)
    withheld = (label, _STATES[-1]) not in shown
    cases = None if withheld else shown[label, TOTAL]
    return Group(label=name, cases=cases, proportion=share, difference=None, **cast("dict[str, int]", counts))


def _compared(group: Group, total: Group, level: float) -> Group:
    numbers = (group.yes, group.no, total.yes, total.no)
    return attrs.evolve(group, difference=derived(lambda *each: _difference(each, level), *numbers))


def _difference(numbers: tuple[int, ...], level: float) -> Contrast:
    yes, no, all_yes, all_no = numbers
    rest = Arm("the rest", all_yes - yes, all_yes + all_no - yes - no)
    return compare(Arm("the group", yes, yes + no), rest, level=level).risk_difference
