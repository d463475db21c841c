"""Which rule of one rulebook stands against which of another: by hand, by id, or because one replaces the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from peersupport.rules.forms import Rule
from peersupport.rules.problems import Problem, near, raise_any
from peersupport.rules.rulebook import Rulebook

_Alike = Callable[[Rule, Rule], bool]


def matched(before: Rulebook, after: Rulebook, by_hand: Mapping[str, str]) -> dict[str, str]:
    """The ids of rules of a first rulebook with those of the rules of a second one that they stand against.

    `by_hand` comes before all else. Raises `InputError` for an id in it that is not there, or is given twice.
    """
    raise_any(list(_faults(before, after, by_hand)))
    found = dict(by_hand)
    for alike in (_same_id, _replaces):
        found |= _matched([*_free(before, found)], [*_free(after, found.values())], alike)
    return found


def _free(rulebook: Rulebook, taken: Iterable[str]) -> Iterator[Rule]:
    names = set(taken)
    return (rule for rule in rulebook if rule.id not in names)


def _matched(before: list[Rule], after: list[Rule], alike: _Alike) -> dict[str, str]:
    """The rules that are alike, each once."""
    found: dict[str, str] = {}
    for rule in before:
        other = next((each.id for each in after if alike(rule, each) and each.id not in found.values()), None)
        found |= {rule.id: other} if other else {}
    return found


def _same_id(one: Rule, other: Rule) -> bool:
    return one.id == other.id


def _replaces(one: Rule, other: Rule) -> bool:
    """Whether one rule replaces the other, or both replace the same rule of a third rulebook."""
    return bool({one.id, one.replaces} & {other.id, other.replaces} - {""})


def _faults(before: Rulebook, after: Rulebook, by_hand: Mapping[str, str]) -> Iterator[Problem]:
    for book, names in ((before, by_hand.keys()), (after, by_hand.values())):
        yield from (
            Problem(f"pair, {book.name}", f"no rule {n!r}", near(n, book.rules)) for n in names if n not in book
        )
    ids = [*by_hand.values()]
    for name in dict.fromkeys(name for name in ids if ids.count(name) > 1):
        yield Problem(f"pair, {after.name}", f"{name!r} stands against two rules", "pair it with one of them")
