"""A rule as a few sentences, a rulebook as a page, and a vocabulary as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from peersupport.readers.english.phrases import clause, listed, noun
from peersupport.rules import forms, terms
from peersupport.rules.facts import Fact, Vocabulary
from peersupport.rules.forms import Question, Rule
from peersupport.rules.rulebook import RecordedAs, Rulebook


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
    about = listed([rulebook.vocabulary[kind].phrase for kind in rule.about], "or")
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
    yield f"- Source: {'; '.join(map(str, rule.source))}{_rows(rule.covers)}."
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
    yield f"It holds when {count} of {len(form.clauses)} hold: {'; '.join(map(_clause, form.clauses))}."


def _clause(each: forms.Clause) -> str:
    """A named clause; of a route each of its parts."""
    if not each.parts:
        return f"{each.name}: {clause(each.holds)}"
    parts = listed([f"{part.name} ({clause(part.holds)})" for part in each.parts], "and")
    return f"{each.name}: {parts}"


def _repeated_lines(form: forms.Repeated) -> Iterator[str]:
    way = "from the last time it was done" if form.rolling else "in fixed periods, whenever it was done"
    first = "" if form.first == form.period else f", the first {form.first} after it"
    yield f"Due every {form.period} from {noun(form.after)}{first}, counted {way}."
    yield f"Done: {listed([noun(each) for each in form.done], 'or')}."
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
    which = "" if low and high else "at least " if low else "at most "
    bounds = " to ".join(noun(each) for each in (low, high) if each)
    return f"Counted{window}: {noun(form.measure).removesuffix(',')}. Within bounds: {which}{bounds}."


def book(rulebook: Rulebook, readings: frozenset[str] = frozenset()) -> str:
    """A whole rulebook as a page of Markdown."""
    lines = [f"# {rulebook.title}", "", f"Rulebook `{rulebook.name}`, version {rulebook.version}."]
    if rulebook.verified:
        lines.append(f"Held against its sources on {rulebook.verified}.")
    if rulebook.in_force != forms.InForce():
        lines.append(f"In force{_window(rulebook.in_force)}.")
    lines += ["", "## Sources", ""]
    for source in rulebook.sources.values():
        more = "; ".join(part for part in (source.publisher, source.dated, source.note) if part)
        lines.append(f"- {source.key}: {source.title}{f' ({more})' if more else ''}.")
    lines += ["", "## Rules", ""]
    for rule in rulebook:
        lines += _rule_lines(rulebook, rule, readings)
    lines += _question_lines(rulebook)
    lines += _table(
        "Recorded, with nothing to judge", {row: _recorded(kept) for row, kept in rulebook.recorded.items()}
    )
    lines += _table("Not modeled", rulebook.not_modeled)
    lines += _table("Gaps: what the sources leave open", rulebook.gaps)
    return "\n".join(lines).rstrip() + "\n"


def _question_lines(rulebook: Rulebook) -> Iterator[str]:
    """The questions in the order of the file; under the titles of their steps where the file declares these."""
    if not rulebook.questions:
        return
    yield from ("## Questions", "")
    if rulebook.review_every:
        yield from (f"An answer is looked at again every {rulebook.review_every}.", "")
    if not rulebook.steps:
        yield from (*(f"- {each.id} ({each.step}): {each.asks}{_asked(each)}" for each in rulebook.questions), "")
    for number, (step, title) in enumerate(rulebook.steps.items(), 1):
        asked = [each for each in rulebook.questions if each.step == step]
        yield from (f"**Step {number}: {title}** (`{step}`)", "")
        yield from (*(f"- {each.id}: {each.asks}{_asked(each)} {_place(each)}" for each in asked), "")


def _asked(question: Question) -> str:
    """What is said behind a question: its parts, of whom it is asked, what comes before it, when it comes again."""
    said = ["A condition: evidence shows that it holds."] * question.condition
    said += [f"For each of: {', '.join(part.replace('_', ' ') for part in question.parts)}."] * bool(question.parts)
    said += [f"Asked of: {question.asked_of}."] * bool(question.asked_of)
    said += [f"After: {', '.join(question.after)}."] * bool(question.after)
    said += [f"Looked at again every {question.review_every}."] * bool(question.review_every)
    return "".join(f" {each}" for each in said)


def _place(question: Question) -> str:
    """Where a question comes from."""
    return f"Source: {'; '.join(map(str, question.source))}{_rows(question.covers)}."


def _rows(covers: tuple[str, ...]) -> str:
    return f" (row{'s' * (len(covers) > 1)} {', '.join(covers)})" if covers else ""


def _recorded(kept: RecordedAs) -> str:
    return f"{', '.join(f'`{name}`' for name in kept.facts)}. {kept.says}".rstrip()


def _table(title: str, rows: Mapping[str, str]) -> list[str]:
    return [f"## {title}", "", *(f"- {key}: {text}" for key, text in rows.items()), ""] if rows else []


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
        if kind.span:
            last = "through" if kind.span.through else "until before"
            lines += ["", f"It runs from `{kind.span.start}` {last} `{kind.span.end}`."]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _type(fact: Fact) -> str:
    type_ = fact.type
    what = "one of" if type_.base == "choice" else "any of"
    text = f"{what} {', '.join(f'`{each}`' for each in type_.choices)}" if type_.choices else str(type_)
    return text + (", or none" if type_.or_none else "") + (", judged by a person" if fact.judged else "")
