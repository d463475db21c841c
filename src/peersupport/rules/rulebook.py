"""A rulebook: the rules of one program in one place, with its sources, its vocabulary and what it does not model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from peersupport.rules.bodies import build
from peersupport.rules.calendar import Period
from peersupport.rules.facts import Vocabulary
from peersupport.rules.forms import Body, Definition, InForce, Question, Rule
from peersupport.rules.names import Definitions
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.syntax import Scope
from peersupport.rules.terms import Term


@attrs.frozen
class Source:
    """A document that rules come from."""

    key: str
    title: str
    publisher: str = ""
    dated: str = ""
    note: str = ""


@attrs.frozen
class RecordedAs:
    """Where a row of the inventory is kept that asks for nothing: the facts that record it, as `kind.fact`, and why."""

    facts: tuple[str, ...]
    says: str = ""


@attrs.frozen(eq=False)
class Rulebook:
    """The rules of one program in one place.

    Rules stand in the order of the file and are found by id: `rulebook["plan.reviewed"]`. `digest` is the SHA-256 of
    the file's content together with that of its base, so that a result can say which text it was judged by.
    """

    name: str
    title: str
    version: str
    vocabulary: Vocabulary = attrs.field(repr=False)
    rules: Mapping[str, Rule]
    sources: Mapping[str, Source] = attrs.field(factory=dict)
    jurisdiction: str = ""
    verified: dt.date | None = None
    in_force: InForce = attrs.field(factory=InForce)
    questions: tuple[Question, ...] = ()
    steps: Mapping[str, str] = attrs.field(factory=dict)
    """The steps of the questions in their order, each with its title; none where the file declares none."""
    review_every: Period | None = None
    """How long an answer to a question holds before it is looked at again, where the program has set it."""
    recorded: Mapping[str, RecordedAs] = attrs.field(factory=dict)
    not_modeled: Mapping[str, str] = attrs.field(factory=dict)
    gaps: Mapping[str, str] = attrs.field(factory=dict)
    extends: str = ""
    base: Rulebook | None = attrs.field(default=None, repr=False)
    """The rulebook that this one extends."""
    may_only: str = ""
    """What it may do to the rules of its base: `loosen` or `tighten` them; anything where it is empty."""
    succeeds: str = ""
    """The version that ends where this one begins."""
    beside: str = ""
    """The version with which this one is in force together for a while."""
    lapse: str = ""
    """Why no version was in force just before this one."""
    digest: str = ""
    file: str = ""
    definitions: Definitions = attrs.field(factory=dict)
    responsible: Mapping[str, Term] = attrs.field(factory=dict)
    kept: dict[object, object] = attrs.field(factory=dict, init=False, repr=False)
    """What readers made of the rulebook, under keys of their own: it lives as long as the rulebook does."""
    _bodies: dict[tuple[str, str, frozenset[str]], Body] = attrs.field(factory=dict, init=False, repr=False)

    def __getitem__(self, rule: str) -> Rule:
        if rule not in self.rules:
            message = f"{self.name} has no rule {rule!r} ({near(rule, self.rules)})"
            raise KeyError(message)
        return self.rules[rule]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __contains__(self, rule: object) -> bool:
        return rule in self.rules

    def __len__(self) -> int:
        return len(self.rules)

    @property
    def judged(self) -> tuple[Rule, ...]:
        """The rules that have a verdict: all but the definitions."""
        return tuple(rule for rule in self if rule.form != "definition")

    @property
    def readings(self) -> tuple[str, ...]:
        """The names of all readings, each once, in the order of the file."""
        return tuple(dict.fromkeys(name for rule in self for name in rule.readings))

    def scope(self, kind: str) -> Scope:
        """What a text about a kind may speak of in this rulebook."""
        return Scope(self.vocabulary, kind, self.definitions)

    def body(self, rule: Rule, kind: str, readings: frozenset[str] = frozenset()) -> Body:
        """A rule as it is read for one of its kinds under some readings, which other rules may have too."""
        own = readings & set(rule.readings)
        key = (rule.id, kind, own)
        if key not in self._bodies:
            body, problems = build(rule, self.scope(kind), own, f"{self.file or self.name}, {rule.form} {rule.id}")
            if body is None:
                raise InputError(problems)
            self._bodies[key] = body
        return self._bodies[key]

    def keep(self, rule: Rule, kind: str, reading: str, body: Body) -> None:
        """Keep a body that was read already, so that it is not read again; the reading is empty for the default."""
        self._bodies[rule.id, kind, frozenset({reading} - {""})] = body

    def within(self, in_force: InForce) -> Rulebook:
        """The same rulebook in force on other days. Nothing of it is read again."""
        made = attrs.evolve(self, in_force=in_force)
        made._bodies.update(self._bodies)  # noqa: SLF001  of its own class
        return made

    def defined(self, rule: str, kind: str, readings: frozenset[str] = frozenset()) -> Term:
        """The value of a definition for one of its kinds under some readings."""
        form = self.body(self[rule], kind, readings).form
        if not isinstance(form, Definition):
            message = f"{rule} is not a definition"
            raise TypeError(message)
        return form.value

    def chosen(self, readings: frozenset[str]) -> frozenset[str]:
        """The readings themselves, refused when one is not there or two of them override one field of a rule."""
        place = f"rulebook {self.name}"
        unknown = sorted(readings - set(self.readings))
        problems = [Problem(place, f"there is no reading {name!r}", near(name, self.readings)) for name in unknown]
        for rule in self:
            problems.extend(_clashes(rule, readings, place))
        raise_any(problems)
        return readings


def _clashes(rule: Rule, readings: frozenset[str], place: str) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for reading in sorted(readings & set(rule.readings)):
        for field in rule.readings[reading]:
            other = taken.setdefault(field, reading)
            if other != reading:
                fault = f"the readings {other!r} and {reading!r} both say {field!r} of {rule.id}"
                yield Problem(place, fault, "choose one of them")
