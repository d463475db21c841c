"""A rule in plain words: a term as a phrase, a rule as a few sentences, a rulebook as a page, a finding explained.

The words come from what each fact `says`: a clause for a yes or no, a noun phrase for everything else.
"""

from __future__ import annotations

import datetime as dt
import itertools
import string
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from peersupport.rules import forms, terms
from peersupport.rules.calendar import Period
from peersupport.rules.facts import Fact, Vocabulary
from peersupport.rules.findings import Finding, Judged, Place, Reason, Verdict
from peersupport.rules.forms import Rule
from peersupport.rules.rulebook import RecordedAs, Rulebook
from peersupport.rules.terms import Path, Term

_SIMPLE_LIST = 3


# phrases


def clause(term: Term, depth: int = 0) -> str:
    """A condition as a clause: "the plan is signed and its scope is mental health".

    `depth` is where the term stands: inside a condition on related records, the record judged is called so.
    """
    return _clause(term, depth, negated=False)


def noun(term: Term, depth: int = 0) -> str:
    """A value as a noun phrase: "30 days after the day of admission"."""
    match term:
        case terms.Lit():
            return _literal(term.value)
        case terms.On():
            return "the day asked about"
        case terms.Read():
            return term.fact.phrase + _owner(term.path, depth)
        case terms.Defined():
            return "the " + _words(term.rule.rpartition(".")[2]) + _owner(term.path, depth)
        case terms.Shift():
            return _shifted(noun(term.base, depth), term.by)
        case terms.Call():
            return _call(term, depth)
        case terms.Arith():
            word = {"+": "plus", "-": "minus", "*": "times"}[term.op]
            return f"{_factor(term.left, depth)} {word} {_factor(term.right, depth)}"
        case terms.Common():
            return f"what {noun(term.left, depth)} and {noun(term.right, depth)} share"
        case terms.Gather() if term.op not in {"any", "all"}:
            return _gathered(term, depth)
        case terms.Earliest():
            return "the earliest of these: " + "; ".join(noun(each, depth) for each in term.of)
        case _:
            return f"whether {clause(term, depth)}"


def _literal(value: object) -> str:
    if isinstance(value, frozenset):
        return _listed([_words(str(each)) for each in sorted(value)], "or")
    return value.isoformat() if isinstance(value, dt.date) else _words(str(value))


def _words(choice: str) -> str:
    return choice.replace("_", " ")


def _factor(term: Term, depth: int) -> str:
    return f"({noun(term, depth)})" if isinstance(term, terms.Arith) else noun(term, depth)


def _owner(path: Path, depth: int) -> str:
    """Whose the fact is, when it is not the record's where it stands: "of the child", "of the plan judged"."""
    owners = [step.says for step in reversed(path.steps)]
    if path.depth == terms.PROGRAM:
        owners.append("the program")
    elif path.depth == 0 < depth:
        owners.append(f"the {_words(path.kind)} judged")
    return "".join(f" of {owner}" for owner in owners)


def _shifted(base: str, by: Period) -> str:
    if by.amount == 0:
        return base
    return f"{-by} before {base}" if by.amount < 0 else f"{by} after {base}"


def _call(term: terms.Call, depth: int) -> str:
    args = [noun(arg, depth) for arg in term.args]
    match term.name:
        case "day":
            return f"the day{args[0][8:]}" if args[0].startswith("the time") else f"the day of {args[0]}"
        case "next_open":
            return f"the next opening from {args[0]} on"
        case "days_between":
            return f"the number of days from {args[0]} to {args[1]}"
        case "age":
            return f"the age on {args[1]}, counted from {args[0]},"
        case "birthday":
            return f"the {_ordinal(int(args[1]))} birthday, counted from {args[0]},"
        case "min":
            return f"the {'earliest' if terms.is_moment(term.type) else 'least'} of {_listed(args, 'and')}"
        case "max":
            return f"the {'latest' if terms.is_moment(term.type) else 'greatest'} of {_listed(args, 'and')}"
        case _:
            assert_never(term.name)


def _gathered(term: terms.Gather, depth: int) -> str:
    where = f" for which {clause(term.where, depth + 1)}" if term.where else ""
    things = _things(term.path)
    if term.value is None:
        return f"the number of {things}{where}"
    if term.op == "distinct" and term.value.type.kind:
        return f"the number of different {_plural(_words(term.value.type.kind))} among {things}{where}"
    among = f", among {things}{where}" if term.where or _owner_of(term.path) else ""
    value = noun(term.value, depth + 1).removeprefix("the ")
    match term.op:
        case "sum":
            return f"the sum of {value} over {things}{where}"
        case "distinct":
            return f"the number of different values of {value} among {things}{where}"
        case "each":
            return f"each {value}{among}"
        case _:
            rank = _ordinal(term.n) if term.op == "nth" else term.op
            return f"the {rank} {value}{among}"


def _things(path: Path) -> str:
    """The related records in the plural, with the reference that was picked and whose they are."""
    last = path.steps[-1]
    named = last.says.removeprefix("the ") if last.forward else _plural(_words(path.leads_to)) + _picked(path)
    return named + _owner_of(path)


def _plural(noun_: str) -> str:
    if noun_.endswith("person"):
        return f"{noun_.removesuffix('person')}people"
    if noun_.endswith("y") and noun_[-2:-1] not in "aeiou":
        return f"{noun_[:-1]}ies"
    return noun_ if noun_.endswith("s") else f"{noun_}{'es' if noun_.endswith(('ch', 'sh', 'x')) else 's'}"


def _picked(path: Path) -> str:
    last = path.steps[-1]
    return f" (by {_words(last.fact)})" if last.picked else ""


def _ordinal(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _listed(parts: Sequence[str], word: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def _clause(term: Term, depth: int, *, negated: bool) -> str:
    match term:
        case terms.AtLeast():
            return _at_least(term, depth, negated=negated)
        case terms.Not():
            return _clause(term.of, depth, negated=not negated)
        case terms.Compare():
            return _compared(term, depth, negated=negated)
        case terms.In():
            return _membership(term, depth, negated=negated)
        case terms.Subset():
            word = "not all of" if negated else "all of"
            return f"{word} {noun(term.left, depth)} are among {noun(term.right, depth)}"
        case terms.Known():
            return f"{noun(term.of, depth)} is {'not ' * negated}recorded"
        case terms.Exists():
            return _exists(term, depth, negated=negated)
        case terms.Met():
            return f"{term.rule} {'does not hold' if negated else 'holds'}"
        case terms.Covers():
            return f"it {'does not run' if negated else 'runs'} on {noun(term.at, depth)}"
        case terms.Overlaps():
            word = "shares no time" if negated else "shares time"
            return f"it {word} with {noun(term.since, depth)} until {noun(term.until, depth)}"
        case terms.Gather() if term.op in {"any", "all"}:
            return _quantified(term, depth, negated=negated)
        case _:
            said = _said(term, depth)
            return f"it is not so that {said}" if negated else said


def _said(term: Term, depth: int) -> str:
    """A yes-or-no as its own clause, with whose it is where it is another record's."""
    match term:
        case terms.Read():
            owner = _owner(term.path, depth).removeprefix(" of ")
            return f"{term.fact.phrase} (for {owner})" if owner else term.fact.phrase
        case terms.Defined():
            return f"{noun(term, depth).removeprefix('the ')} holds"
        case _:
            return noun(term, depth)


def _exists(term: terms.Exists, depth: int, *, negated: bool) -> str:
    of = term.of
    if isinstance(of, terms.Read) and of.fact.event and not _owner(of.path, depth):
        return f"it is not so that {of.fact.event}" if negated else of.fact.event
    if of.type.base in {"set", "refs"}:
        return f"there are {'no ' * negated}{noun(of, depth).removeprefix('the ')}"
    return f"there is {'no' if negated else 'some'} {noun(of, depth).removeprefix('the ')}"


def _quantified(term: terms.Gather, depth: int, *, negated: bool) -> str:
    last = term.path.steps[-1]
    kind = f"one of {last.says}" if last.forward else _words(term.path.leads_to) + _picked(term.path)
    owner = _owner_of(term.path)
    where = f" for which {clause(term.where, depth + 1)}" if term.where else ""
    if term.op == "all" and term.where:
        lead = f"for some {kind}{owner}" if negated else f"for every {kind}{owner}"
        return f"{lead} {_clause(term.where, depth + 1, negated=negated)}"
    some = "" if last.forward else "an " if kind[0] in "aeiou" else "a "
    return f"there is {'no ' if negated else some}{kind}{owner}{where}"


def _owner_of(path: Path) -> str:
    """Whose the related records are: the reference that a path goes over before it branches."""
    before = list(itertools.takewhile(lambda step: not step.many, path.steps))
    owner = [step.says for step in before if path.steps[-1] is not step]
    return f" of {owner[-1]}" if owner else ""


_DATES = {"<": "is before", "<=": "is on or before", ">": "is after", ">=": "is on or after"}
_NUMBERS = {"<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least"}
_OPPOSITE: dict[terms.Order, terms.Order] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_SWAPPED: dict[terms.Order, terms.Order] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def _compared(term: terms.Compare, depth: int, *, negated: bool) -> str:
    op, left, right = term.op, term.left, term.right
    if isinstance(left, terms.Lit) and not isinstance(right, terms.Lit):
        op, left, right = _SWAPPED[op], right, left
    op = _OPPOSITE[op] if negated else op
    words = _DATES if terms.is_moment(left.type) else _NUMBERS
    return f"{noun(left, depth)} {words.get(op, 'is' if op == '==' else 'is not')} {noun(right, depth)}"


def _membership(term: terms.In, depth: int, *, negated: bool) -> str:
    no = "not " * (term.negated is not negated)
    among = "" if isinstance(term.of, terms.Lit) else "among "
    return f"{noun(term.item, depth)} is {no}{among}{noun(term.of, depth)}"


def _at_least(term: terms.AtLeast, depth: int, *, negated: bool) -> str:
    between = "" if negated else _between(term, depth)
    if between:
        return between
    k = len(term.of) - term.k + 1 if negated else term.k
    together = term.of if negated or term.k < len(term.of) else _chained(term.of)
    k -= len(term.of) - len(together)
    parts = [_clause(each, depth, negated=negated) for each in together]
    word = "and" if k == len(parts) else "or" if k == 1 else ""
    if word and len(parts) <= _SIMPLE_LIST and not any(_branches(each) for each in term.of):
        return f" {word} ".join(parts)
    lead = {"and": "all", "or": "one"}.get(word, f"at least {k}")
    letters = _height(term) % 2 and len(parts) <= len(string.ascii_lowercase)
    marks = string.ascii_lowercase if letters else [str(i) for i in range(1, len(parts) + 1)]
    return f"{lead} of these: " + ", ".join(f"({mark}) {part}" for mark, part in zip(marks, parts, strict=False))


def _chained(of: tuple[Term, ...]) -> tuple[Term, ...]:
    """Conditions that all hold, with two that bound one value from both sides as one."""
    for i, pair in enumerate(itertools.pairwise(of)):
        chain = terms.AtLeast(2, pair)
        if _between(chain, 0):
            return (*of[:i], chain, *_chained(of[i + 2 :]))
    return of


def _branches(term: Term) -> bool:
    return any(isinstance(node, terms.AtLeast) and not _between(node, 0) for node in terms.walk(term))


def _height(term: Term) -> int:
    """How many lists stand one inside another, so that each level has marks of its own."""
    below = max((_height(child) for child in terms.children(term)), default=0)
    return below + (isinstance(term, terms.AtLeast) and not _between(term, 0))


def _between(term: terms.AtLeast, depth: int) -> str:
    """A chained comparison, recognised again: "the number of people present is 3 to 12"."""
    match term:
        case terms.AtLeast(
            k=2, of=(terms.Compare(op="<=", left=low, right=one), terms.Compare(op="<=", left=other, right=high))
        ) if one == other:
            return f"{noun(one, depth)} is {noun(low, depth)} to {noun(high, depth)}"
        case _:
            return ""


# rules


def rule_text(rulebook: Rulebook, rule: Rule, readings: frozenset[str] = frozenset()) -> str:
    """A rule in a few sentences: what it says, in detail, its readings, what it assumes, and its source."""
    return "\n".join(_rule_lines(rulebook, rule, readings))


def _rule_lines(rulebook: Rulebook, rule: Rule, readings: frozenset[str]) -> Iterator[str]:
    body = rulebook.body(rule, rule.about[0], readings)
    yield f"### {rule.id}"
    yield ""
    yield rule.sentence(readings)
    yield ""
    force = "" if rule.form == "definition" else f" ({rule.force.replace('_', ' ')})"
    about = _listed([rulebook.vocabulary[kind].phrase for kind in rule.about], "or")
    yield f"- {rule.form.capitalize()}{force} about {about}."
    yield from (f"- {line}" for line in _body_lines(body))
    if rule.critical:
        yield "- It is critical: it comes first in what is to be done."
    if rule.choose:
        yield "- It has no default reading: where its readings differ, one must be chosen."
    for name in rule.readings:
        yield f"- Reading “{name}”{' (chosen)' if name in readings else ''}: {_reading(rulebook, rule, name)}"
    if rule.assumption(readings):
        yield f"- Assumed: {rule.assumption(readings)}"
    window = rule.in_force
    if window != forms.InForce():
        yield f"- In force{_window(window)}."
    rows = f" (row{'s' * (len(rule.covers) > 1)} {', '.join(rule.covers)})" if rule.covers else ""
    yield f"- Source: {'; '.join(map(str, rule.source))}{rows}."
    yield ""


def _window(window: forms.InForce) -> str:
    start = f" from {window.start}" if window.start else ""
    return start + (f" until before {window.until}" if window.until else "")


def _reading(rulebook: Rulebook, rule: Rule, name: str) -> str:
    chosen = frozenset({name})
    said = rule.sentence(chosen)
    if said != rule.sentence():
        return said
    default = set(_body_lines(rulebook.body(rule, rule.about[0])))
    lines = [line for line in _body_lines(rulebook.body(rule, rule.about[0], chosen)) if line not in default]
    assumed = rule.assumption(chosen)
    lines += [f"Assumed: {assumed}"] * (assumed != rule.assumption())
    return " ".join(lines) or "nothing is different for this kind of record."


def _body_lines(body: forms.Body) -> Iterator[str]:
    if body.conditions.when:
        yield f"It applies when {clause(body.conditions.when)}."
    yield from _form_lines(body.form)
    if body.conditions.unless:
        yield f"An exception is noted when {clause(body.conditions.unless)}."
    if body.conditions.responsible:
        yield f"Responsible is {noun(body.conditions.responsible)}."


def _form_lines(form: forms.Form) -> Iterator[str]:
    match form:
        case forms.Definition():
            yield f"It is {noun(form.value)}."
        case forms.Criterion():
            yield from _criterion_lines(form)
        case forms.Deadline():
            yield f"Due: {noun(form.due)}."
            yield f"Done: {noun(form.done)}."
            if form.not_before:
                yield f"Nothing counts before {noun(form.not_before)}."
            if form.until:
                yield f"Nothing is owed that falls due on {noun(form.until)} or later."
        case forms.Repeated():
            yield from _repeated_lines(form)
        case forms.Limit():
            yield _limit_line(form)
        case _:
            assert_never(form)


def _criterion_lines(form: forms.Criterion) -> Iterator[str]:
    if not form.named:
        whole = terms.both(*(each.holds for each in form.clauses))
        yield f"It holds when {clause(whole)}."
        return
    count = "all" if form.need == len(form.clauses) else f"at least {form.need}"
    parts = "; ".join(f"{each.name}: {clause(each.holds)}" for each in form.clauses)
    yield f"It holds when {count} of {len(form.clauses)} hold: {parts}."


def _repeated_lines(form: forms.Repeated) -> Iterator[str]:
    way = "from the last time it was done" if form.rolling else "in fixed periods, whenever it was done"
    first = "" if form.first == form.period else f", the first {form.first} after it"
    yield f"Due every {form.period} from {noun(form.after)}{first}, counted {way}."
    yield f"Done: {_listed([noun(each) for each in form.done], 'or')}."
    if form.times:
        yield f"It is asked {form.times} times."
    if form.until:
        yield f"Nothing is owed that falls due on {noun(form.until)} or later."


def _window_words(window: forms.Window) -> str:
    match window.name:
        case "own":
            return ""
        case "each" if window.start:
            until = f" until {noun(window.until)}" if window.until else ""
            return f", in each {window.period} from {noun(window.start)}{until}"
        case "between" if window.start:
            return f", between {noun(window.start).replace('the first', 'one', 1)} and the next"
        case _:
            return f", {window}"


def _limit_line(form: forms.Limit) -> str:
    window = _window_words(form.window)
    low, high = form.at_least, form.at_most
    if low and high:
        bounds = f"{noun(low)} to {noun(high)}"
    else:
        bounds = f"at least {noun(low)}" if low else f"at most {noun(high)}" if high else ""
    return f"Counted{window}: {noun(form.measure)}. Within bounds: {bounds}."


# rulebooks


def book(rulebook: Rulebook, readings: frozenset[str] = frozenset()) -> str:
    """A whole rulebook as a page of Markdown."""
    lines = [f"# {rulebook.title}", "", f"Rulebook `{rulebook.name}`, version {rulebook.version}."]
    if rulebook.verified:
        lines.append(f"Held against its sources on {rulebook.verified}.")
    lines += ["", "## Sources", ""]
    for source in rulebook.sources.values():
        more = "; ".join(part for part in (source.publisher, source.dated, source.note) if part)
        lines.append(f"- {source.key}: {source.title}{f' ({more})' if more else ''}.")
    lines += ["", "## Rules", ""]
    for rule in rulebook:
        lines += _rule_lines(rulebook, rule, readings)
    if rulebook.questions:
        lines += ["## Questions", "", *(f"- {q.id} ({q.step}): {q.asks}" for q in rulebook.questions), ""]
    lines += _table(
        "Recorded, with nothing to judge", {row: _recorded(kept) for row, kept in rulebook.recorded.items()}
    )
    lines += _table("Not modeled", rulebook.not_modeled)
    lines += _table("Gaps: what the sources leave open", rulebook.gaps)
    return "\n".join(lines).rstrip() + "\n"


def _recorded(kept: RecordedAs) -> str:
    return f"{', '.join(f'`{name}`' for name in kept.facts)}. {kept.says}".rstrip()


def _table(title: str, rows: Mapping[str, str]) -> list[str]:
    return [f"## {title}", "", *(f"- {key}: {text}" for key, text in rows.items()), ""] if rows else []


# findings


def message(finding: Finding) -> str:
    """One sentence on what was found: about the program's work, never about a person."""
    due, done = finding.due, finding.done_on
    if finding.reason in _UNDATED and due is None:
        return _UNDATED[finding.reason]
    match finding.reason:
        case Reason.IN_TIME:
            return f"Done{f' on {_on(done)}' if done else ''}, in time{f' (due {_on(due)})' if due else ''}."
        case Reason.LATE:
            return f"Done on {_on(done)}, {_count(finding.days_late)} after it was due on {_on(due)}."
        case Reason.OVERDUE:
            return f"Not done yet; it was due on {_on(due)}, {_count(finding.days_late)} ago."
        case Reason.NEVER_DONE:
            return f"Not done; it was due on {_on(due)}, {_count(finding.days_late)} before its time ended."
        case Reason.UPCOMING:
            return f"Not done yet; it is due on {_on(due)}."
        case Reason.OUT_OF_BOUNDS:
            return _bounds(finding)
        case Reason.DOES_NOT_HOLD if finding.clauses:
            return _failing(finding.clauses)
        case _:
            return _SENTENCES[finding.reason]


def _failing(clauses: Sequence[Judged]) -> str:
    """Which clauses do not hold, of how many, and for which related records."""
    failing = [each for each in clauses if each.verdict is Verdict.NOT_MET]
    names = "; ".join((each.name or clause(each.term)) + _records(each.failing) for each in failing)
    if len(clauses) == 1:
        return f"It does not hold: {names}."
    unknown = sum(each.verdict not in {Verdict.MET, Verdict.NOT_MET} for each in clauses)
    known = f", {unknown} not known" if unknown else ""
    return f"{len(clauses) - len(failing) - unknown} of {len(clauses)} hold{known}; not: {names}."


def _records(failing: Sequence[tuple[str, str]]) -> str:
    return f" ({', '.join(f'{_words(kind)} {id_}' for kind, id_ in failing)})" if failing else ""


_SENTENCES: dict[Reason, str] = {
    Reason.HOLDS: "It holds.",
    Reason.DOES_NOT_HOLD: "It does not hold.",
    Reason.TOO_EARLY: "Done only before the first day on which it counts.",
    Reason.NOT_YET: "It hangs on something that has not happened yet.",
    Reason.NOT_RECORDED: "Facts that would decide it are not recorded.",
    Reason.JUDGEMENT: "A person's judgement that would decide it is not recorded.",
    Reason.NO_TABLE: "A table that it needs was not given.",
    Reason.CHOOSE_READING: "The source can be read in several ways, and none was chosen.",
    Reason.DOES_NOT_APPLY: "It does not apply.",
    Reason.ENDED: "Nothing is owed: its time ended by the day it fell due.",
    Reason.NOTHING_DUE: "There is no due day: what it is counted from is known to be absent.",
    Reason.NOT_IN_FORCE: "The rule was not in force then.",
}


_UNDATED: dict[Reason, str] = {
    Reason.LATE: "Done late.",
    Reason.OVERDUE: "Not done yet; it is overdue.",
    Reason.NEVER_DONE: "Not done, and its time has ended.",
    Reason.UPCOMING: "Not done yet; it is not due yet.",
}
"""What is said where the days are left out, or a due day is not recorded exactly."""


def _on(moment: object) -> str:
    if isinstance(moment, dt.datetime):
        return moment.isoformat(sep=" ", timespec="minutes")
    return str(moment)


def _count(days: int | None) -> str:
    return "some days" if days is None else f"{days} day{'' if days == 1 else 's'}"


def _bounds(finding: Finding) -> str:
    low, high, count = finding.at_least, finding.at_most, finding.measured
    bounds = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
    span = f" on {_count(finding.days)} from {finding.occurrence}" if finding.days else ""
    return f"Counted {count}{span}; the limit is {bounds}."


_SIGNS = {
    Verdict.MET: "+",
    Verdict.NOT_MET: "-",
    Verdict.UNKNOWN: "?",
    Verdict.PENDING: "~",
    Verdict.NOT_APPLICABLE: " ",
}


def records(vocabulary: Vocabulary) -> str:
    """The kinds and facts of a vocabulary as a page of Markdown: what the tables of a roster may hold."""
    lines = ["# Records", ""]
    for name in vocabulary:
        kind = vocabulary[name]
        lines += [
            f"## {name}",
            "",
            f"Facts of {kind.phrase}, beside its `id`:",
            "",
            "| fact | type | meaning |",
            "| --- | --- | --- |",
        ]
        lines += [f"| `{fact.name}` | {_type(fact)} | {fact.phrase} |" for fact in kind.stored]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _type(fact: Fact) -> str:
    type_ = fact.type
    what = "one of" if type_.base == "choice" else "any of"
    text = f"{what} {', '.join(f'`{each}`' for each in type_.choices)}" if type_.choices else str(type_)
    return text + (", or none" if type_.or_none else "") + (", judged by a person" if fact.judged else "")


def explain(finding: Finding) -> str:
    """A finding in full: the verdict, why, clause by clause, what is missing, and what other readings give."""
    return "\n".join(_explained(finding))


def _explained(finding: Finding) -> Iterator[str]:
    kind, id_ = finding.subject
    yield f"{str(finding.verdict).upper()}: {finding.rule} of {_words(kind)} {id_} on {finding.on}"
    yield f"  {finding.says}"
    yield f"  {message(finding)}"
    yield from (f"  [{_SIGNS[each.verdict]}] {_judged(each)}" for each in finding.clauses)
    if finding.not_before and finding.actionable:
        yield f"  It counts from {_on(finding.not_before)} on."
    if finding.missing:
        yield f"  Missing: {'; '.join(map(_place, finding.missing))}."
    if finding.settles:
        sets = " / ".join(" and ".join(map(_place, group)) for group in finding.settles)
        yield f"  Ask first: {sets}{'' if finding.exact else ' (there may be others)'}."
    if finding.exception is not False:
        yield f"  Exception: {'recorded' if finding.exception else 'not known whether there is one'}."
    yield from (f"  Note: {warning}." for warning in finding.warnings)
    if finding.reading:
        yield f"  Reading: {', '.join(finding.reading)}."
    yield from (f"  Under “{name}”: {verdict}." for name, verdict in finding.alternatives.items())
    if finding.changes_on:
        yield f"  This changes by itself on {finding.changes_on}."
    yield f"  Source: {'; '.join(map(str, finding.source))}. Rulebook {finding.rulebook}."


def _judged(each: Judged) -> str:
    text = f"{each.name}: {clause(each.term)}" if each.name else clause(each.term)
    text += (
        f" (not for {_listed([f'{_words(kind)} {id_}' for kind, id_ in each.failing], 'and')})" if each.failing else ""
    )
    return text + (f" (missing: {'; '.join(map(_place, each.missing))})" if each.missing else "")


def _place(place: Place) -> str:
    return str(place)
