"""What is written otherwise in two rulebooks: in a rule field by field, and beside rules.

And whether two rules ask the same by their text alone: then no case needs to be tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

import attrs

from peersupport.comparing.values import Change
from peersupport.readers import variations
from peersupport.readers.cases.writing import toml
from peersupport.readers.mutants.alike import normal
from peersupport.rules.facts import Fact, Kind
from peersupport.rules.forms import Body, InForce, Question, Rule
from peersupport.rules.rulebook import Rulebook

Texts: TypeAlias = Mapping[str, str]
"""What is said under some names."""


# a rule


def of_rules(one: Rule, other: Rule) -> tuple[Change, ...]:
    """What is written otherwise in a rule, beside its worked examples."""
    return tuple(_changes(_rule(one), _rule(other)))


def _rule(rule: Rule) -> Texts:
    head = {
        "id": rule.id,
        "form": rule.form,
        "about": listed(rule.about),
        "force": rule.force.value,
        "in_force": _in_force(rule.in_force),
        "critical": _yes(rule.critical),
        "choose": _yes(rule.choose),
        "source": listed(map(str, rule.source)),
        "covers": listed(rule.covers),
    }
    fields = {name: _plain(value) for name, value in rule.fields.items()}
    return {**head, **fields, **{f"reading “{name}”": toml(dict(more)) for name, more in rule.readings.items()}}


def listed(names: Iterable[str]) -> str:
    """Some names in a text."""
    return "; ".join(names)


def _yes(value: bool) -> str:  # noqa: FBT001  the value told
    return "yes" if value else ""


def _plain(value: object) -> str:
    return value if isinstance(value, str) else toml(value)


def _in_force(window: InForce) -> str:
    start = f"from {window.start}" if window.start else ""
    return " ".join(part for part in (start, f"until {window.until}" if window.until else "") if part)


def _changes(before: Texts, after: Texts) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Change(name, old, new)


def ask_the_same(before: Rulebook, one: Rule, after: Rulebook, other: Rule) -> bool:
    """Whether two rules, with all that they ask for, say the same to every case, by their text alone.

    Of definitions it is their own text: what others say shows in the rules that ask. A no says nothing: rules that are
    written otherwise may ask the same.
    """
    if one.form == other.form == "definition":
        return _alike(before, one, after, other)
    chains = [variations.asked_for(book, rule.id) for book, rule in ((before, one), (after, other))]
    if [rule.id for rule in chains[0][1:]] != [rule.id for rule in chains[1][1:]]:
        return False
    kinds = [{name for name, _ in variations.facts_of(b, r.id)} for b, r in ((before, one), (after, other))]
    read = [
        {name: _shape(book.vocabulary[name]) for name in names}
        for book, names in zip((before, after), kinds, strict=True)
    ]
    return read[0] == read[1] and all(_alike(before, a, after, b) for a, b in zip(*chains, strict=True))


def _shape(kind: Kind) -> tuple[object, ...]:
    return kind.span, kind.dated_by


def _alike(before: Rulebook, one: Rule, after: Rulebook, other: Rule) -> bool:
    """Whether the texts of two rules say the same, under every reading that both have."""
    if (one.form, one.about, one.choose) != (other.form, other.about, other.choose):
        return False
    if one.choose and {*one.readings} != {*other.readings}:
        return False
    shared = {"", *one.readings} & {"", *other.readings}
    asked = [(kind, frozenset({reading} - {""})) for kind in one.about for reading in shared]
    return all(_body(before, one, *each) == _body(after, other, *each) for each in asked)


def _body(rulebook: Rulebook, rule: Rule, kind: str, readings: frozenset[str]) -> Body:
    """What decides the verdict of a rule, in a normal form: who is responsible does not."""
    body = rulebook.body(rule, kind, readings)
    return normal(attrs.evolve(body, conditions=attrs.evolve(body.conditions, responsible=None)))


# what stands beside rules


def of_rulebooks(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """What is written otherwise beside the rules, but for names, titles, versions and the day of verification."""
    parts = [change for part in _PARTS for change in _changes(part(before), part(after))]
    return (*_changes(_head(before), _head(after)), *_vocabulary(before, after), *parts)


def _head(rulebook: Rulebook) -> Texts:
    steps = {f"step {key}": title for key, title in rulebook.steps.items()}
    review_every = str(rulebook.review_every or "")
    window = _in_force(rulebook.in_force)
    return {"in_force": window, "may_only": rulebook.may_only, "review_every": review_every, **steps}


def _vocabulary(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    """The kinds and facts that one of them has alone, or that are declared otherwise."""
    books = before.vocabulary, after.vocabulary
    for name in dict.fromkeys((*books[0], *books[1])):
        kinds = [book.kinds.get(name) for book in books]
        told = [{f"kind {name}": _kind(kind, whole=None in kinds)} if kind else {} for kind in kinds]
        yield from _changes(told[0], told[1])
        if kinds[0] and kinds[1]:
            yield from _changes(_facts(kinds[0]), _facts(kinds[1]))


def _kind(kind: Kind, *, whole: bool) -> str:
    """A kind as it is declared; with all its facts, where the other rulebook has no such kind."""
    span = f"from {kind.span.start} {'through' if kind.span.through else 'until'} {kind.span.end}" if kind.span else ""
    dated = f"dated by {kind.dated_by}" if kind.dated_by else ""
    responsible = f"responsible: {kind.responsible}" if kind.responsible else ""
    facts = f"facts: {', '.join(kind.facts)}" if whole else ""
    return "; ".join(part for part in (kind.phrase, span, dated, responsible, facts) if part)


def _facts(kind: Kind) -> Texts:
    return {f"fact {kind.name}.{fact.name}": _fact(fact) for fact in kind.facts.values()}


def _fact(fact: Fact) -> str:
    marks = {"planned": fact.type.base in {"date", "instant"} and not fact.happens, "judged": fact.judged}
    bounds = {"min": fact.minimum, "max": fact.maximum, "places": fact.places}
    parts = [typed(fact), *(name for name, value in marks.items() if value)]
    parts += [f"{name} {value}" for name, value in bounds.items() if value is not None]
    return "; ".join([", ".join(parts), *(text for text in (fact.says, fact.event) if text)])


def typed(fact: Fact) -> str:
    """The type of a fact as a rulebook's file writes it."""
    kind = fact.type
    written = {
        "number": f"{'decimal' if kind.decimal else 'int'} {kind.unit}".rstrip(),
        "choice": f"choice: {' '.join(kind.choices) or 'open'}",
        "set": f"set: {' '.join(kind.choices) or 'open'}",
        "ref": f"-> {kind.kind}",
        "refs": f"-> set of {kind.kind}",
    }.get(kind.base, kind.base)
    return f"{written}{' or none' * kind.or_none}{f', from {fact.borrowed}' * bool(fact.borrowed)}"


def _sources(rulebook: Rulebook) -> Texts:
    return {f"source {key}": listed(filter(None, attrs.astuple(s)[1:])) for key, s in rulebook.sources.items()}


def _rows(rulebook: Rulebook) -> Texts:
    """Where each row of the inventories stands: under a rule or question, recorded, or not modeled."""
    found: dict[str, list[str]] = {}
    for each in (*rulebook, *rulebook.questions):
        for row in each.covers:
            found.setdefault(f"row {row}", []).append(each.id)
    covered = {row: f"covered by {listed(ids)}" for row, ids in found.items()}
    kept = {
        f"row {row}": f"recorded: {', '.join(more.facts)}. {more.says}".strip()
        for row, more in rulebook.recorded.items()
    }
    return {**{f"row {row}": f"not modeled: {why}" for row, why in rulebook.not_modeled.items()}, **kept, **covered}


def _questions(rulebook: Rulebook) -> Texts:
    return {f"question {each.id}": _question(each) for each in rulebook.questions}


def _question(question: Question) -> str:
    told = {"condition": _yes(question.condition), "review_every": str(question.review_every or "")}
    told |= {name: listed(map(str, getattr(question, name))) for name in ("source", "parts", "after")}
    told |= {"step": question.step, "asked_of": question.asked_of}
    return listed([question.asks, *(f"{name} {value}" for name, value in told.items() if value)])


def _gaps(rulebook: Rulebook) -> Texts:
    return {f"gap {key}": text for key, text in rulebook.gaps.items()}


_PARTS = (_sources, _rows, _questions, _gaps)
