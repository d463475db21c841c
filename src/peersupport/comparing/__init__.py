"""Two rulebooks side by side: what each asks, and what a change does to the people served.

`compare` says of each rule whether the second rulebook has added or dropped it, made it tighter or looser, and shows
the smallest case whose verdict flips. What it says rests on the cases that were tried, and it says how many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from peersupport.comparing import pairing, trying, wording
from peersupport.comparing.values import MIRRORED, Change, Compared, Comparison, Edition, Flip, Side, Status
from peersupport.rules.forms import Rule
from peersupport.rules.problems import Unsupported
from peersupport.rules.rulebook import Rulebook

__all__ = ["MIRRORED", "Change", "Compared", "Comparison", "Edition", "Flip", "Side", "Status", "compare"]


def compare(before: Rulebook, after: Rulebook, *, pairs: Mapping[str, str] | None = None) -> Comparison:
    """What a second rulebook asks otherwise than a first one, rule by rule.

    Rules are matched by their ids, then a rule with the one that it replaces, and two that replace the same rule.
    Rulebooks that share no ids share no rules: `pairs` matches others by hand, ids of the first to ids of the second.
    Raises `InputError` for an id there that no rule has.
    """
    matched = pairing.matched(before, after, pairs or {})
    both = [_of_two(before, rule, after, after[matched[rule.id]]) for rule in before if rule.id in matched]
    there = {compared.before.id: compared for compared in both if compared.before}
    own = [there.get(rule.id) or _of_one(before, rule, Status.DROPPED) for rule in before]
    new = [_of_one(after, rule, Status.ADDED) for rule in after if rule.id not in matched.values()]
    first, second = editions(before, after)
    return Comparison(before=first, after=second, rules=(*own, *new), changes=wording.of_rulebooks(before, after))


def editions(before: Rulebook, after: Rulebook) -> tuple[Edition, Edition]:
    """Two rulebooks by name, version and digest, each with what to call it beside the other one."""
    names = before.name, after.name
    versions = f"{before.name}@{before.version}", f"{after.name}@{after.version}"
    labels = next((two for two in (names, versions) if two[0] != two[1]), (f"{names[0]} (A)", f"{names[1]} (B)"))
    first, second = (
        Edition(book.name, book.title, book.version, book.digest, label)
        for book, label in zip((before, after), labels, strict=True)
    )
    return first, second


def _of_one(rulebook: Rulebook, rule: Rule, status: Status) -> Compared:
    """A rule that only one of the rulebooks has."""
    side, flip, note = _side(rule), None, ""
    try:
        flip = trying.alone(rulebook, rule, status) if rule.form != "definition" else None
    except Unsupported as error:
        note = str(error)
    before, after = (None, side) if status is Status.ADDED else (side, None)
    return Compared(status=status, before=before, after=after, flips=(flip,) if flip else (), note=note)


def _of_two(before: Rulebook, one: Rule, after: Rulebook, other: Rule) -> Compared:
    """A rule that both have."""
    found = Compared(status=Status.SAME, before=_side(one), after=_side(other), changes=wording.of_rules(one, other))
    if wording.ask_the_same(before, one, after, other):
        return found
    kinds = [kind for kind in one.about if kind in other.about]
    untold = _untold(one, other, kinds)
    if untold:
        return attrs.evolve(found, status=Status.DIFFERENT, note=untold)
    try:
        told = trying.together([trying.direction(before, one, after, other, kind) for kind in kinds])
    except Unsupported as error:
        return attrs.evolve(found, status=Status.DIFFERENT, note=str(error))
    return attrs.evolve(
        found, status=told.status, flips=told.flips, tried=told.tried, untried=told.untried, never=told.never
    )


def _untold(one: Rule, other: Rule, kinds: Sequence[str]) -> str:
    """Why no case can be judged by both rules; an empty text where cases can."""
    if "definition" in {one.form, other.form}:
        return "a definition has no verdict: what changes shows in the rules that ask for it"
    return "" if kinds else "they judge records of different kinds, so no case is one for both"


def _side(rule: Rule) -> Side:
    return Side(rule.id, rule.form, rule.sentence(), rule.force.value, tuple(map(str, rule.source)))
