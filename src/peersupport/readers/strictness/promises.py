"""What an overlay may do to its base: that it only tightens, or only loosens, is proved rule by rule.

A rule that is added makes a rulebook tighter, one that is left out makes it looser. A rule that stands in the place of
another, or that asks for a definition or rule that changed, is held against the one of the base by its structure. What
that does not tell is refused as well, because a promise that nobody can check is none.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from peersupport.readers import variations
from peersupport.readers.strictness import Direction, Way, direction, proved
from peersupport.rules.forms import Rule
from peersupport.rules.problems import Problem
from peersupport.rules.rulebook import Rulebook

_ALLOWED = {"tighten": Way.TIGHTER, "loosen": Way.LOOSER}
_COMPARED = "write it so that only numbers, or conditions joined on or left out, differ; or leave may_only out"


@attrs.frozen
class Pair:
    """A rule of an overlay, and the one of its base in whose place it stands; None where there is none."""

    before: Rule | None
    after: Rule | None


def pairs(overlay: Rulebook, base: Rulebook) -> Iterator[Pair]:
    """The rules with a verdict that may say something else than in the base, in the order of the base."""
    replacing = {rule.replaces: rule for rule in overlay if rule.replaces and rule.replaces in base}
    changed = {rule.id for rule in base if overlay.rules.get(rule.id) is not rule}
    for rule in base.judged:
        after = replacing.get(rule.id) or overlay.rules.get(rule.id)
        if after is None or after is not rule or changed & {each.id for each in variations.asked_for(base, rule.id)}:
            yield Pair(rule, after if after is None or after.form != "definition" else None)
    yield from (Pair(None, rule) for rule in overlay.judged if rule.id not in base and not rule.replaces)


def broken(overlay: Rulebook) -> list[Problem]:
    """Every rule of which it is not proved that it does to its base only what the overlay may do."""
    base = overlay.base
    if base is None or not overlay.may_only:
        return []
    return [problem for pair in pairs(overlay, base) for problem in _broken(overlay, base, pair)]


def _broken(overlay: Rulebook, base: Rulebook, pair: Pair) -> Iterator[Problem]:
    allowed = _ALLOWED[overlay.may_only]
    before, after = pair.before, pair.after
    if before is None and after is not None and allowed is not Way.TIGHTER:
        yield _problem(overlay, after, "is added, which makes the rulebook tighter", "leave it out")
    if after is None and before is not None and allowed is not Way.LOOSER:
        yield Problem(f"{overlay.file}, without", f"leaves out {before.id}, which makes the rulebook looser", "keep it")
    if before is None or after is None:
        return
    for kind, way in _ways(overlay, base, before, after):
        if way not in {allowed, Way.SAME}:
            about = f" for {kind}" if len(after.about) > 1 else ""
            told = f"is {way} than" if way else f"is not shown to be {allowed} than"
            fault = f"{told} {before.id} of {base.name}{about}, and the rulebook may only {overlay.may_only}"
            yield _problem(overlay, after, fault, "" if way else _COMPARED)


def _ways(overlay: Rulebook, base: Rulebook, before: Rule, after: Rule) -> Iterator[tuple[str, Way | None]]:
    """Which way a rule differs for each kind that it judges in one of the rulebooks."""
    for kind in dict.fromkeys((*before.about, *after.about)):
        if kind not in after.about:
            yield kind, Way.LOOSER
        elif kind not in before.about:
            yield kind, Way.TIGHTER
        else:
            yield kind, proved(base, before, overlay, after, kind)


def _problem(overlay: Rulebook, rule: Rule, fault: str, mend: str) -> Problem:
    return Problem(f"{overlay.file}, {rule.form} {rule.id}, may_only", fault, mend)


def shown(overlay: Rulebook) -> Iterator[tuple[Rule, str, Direction]]:
    """Each changed rule that both rulebooks have, with its kind, and which way it differs: with cases for it.

    It searches, which takes some seconds for each rule. A rulebook that does not load because of what it may only do
    loads with `load(..., proved=False)`.
    """
    base = overlay.base
    for pair in pairs(overlay, base) if base is not None else ():
        if base is not None and pair.before and pair.after:
            for kind in (kind for kind in pair.after.about if kind in pair.before.about):
                yield pair.after, kind, direction(base, pair.before, overlay, pair.after, kind)
