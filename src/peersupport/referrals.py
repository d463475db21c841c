"""The answer to a referral: may the person come in, until when, by which care episode, what to ask and what is owed.

All of it is read off a rulebook's rules about referrals, by judging them again: on other days, with one care episode
alone, with a fact as it was before. No number of days stands here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import attrs

from peersupport.readers.judge import HasTables, Judge, judge_of, verdict_of
from peersupport.readers.judge import judge as judged
from peersupport.rules import calendar, loading, terms
from peersupport.rules.calendar import Office
from peersupport.rules.facts import NONE, Record, Vocabulary
from peersupport.rules.findings import Finding, Place, Reason, Verdict
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.tables import Table, Tables

Outcome: TypeAlias = Literal["place", "no_place_now", "criteria_not_met", "unknown"]
"""What to tell whoever asks. That there is no place now is not that the person may not come in."""

LOOKED_AHEAD: Final = 366
"""How many days on either side of a referral are tried for the last day on which it would be in time."""


@attrs.frozen(kw_only=True)
class Answer:
    """What can be said of a referral on a day.

    `eligible` is the finding that decides, `parts` those of the rules that it asks for. `index_episode` is the id of
    the care episode by which the referral is in time, the latest of several, and `days_since` the days from its end to
    the referral, None while care goes on. `last_eligible_day` is the last day on which a referral would be in time by
    what is recorded now, None where there is no such day or no last one. `place` says whether there is a place on the
    day asked about, None where that is not recorded. `owed` are the findings of what is still to be done, whatever the
    answer; `ask` is the fact to ask for next where the answer is not known, the one that alone could decide if there
    is one.
    """

    eligible: Finding
    parts: tuple[Finding, ...]
    index_episode: str | None
    days_since: int | None
    last_eligible_day: dt.date | None
    place: bool | None
    owed: tuple[Finding, ...]
    ask: Place | None
    question: str

    @property
    def outcome(self) -> Outcome:
        """What to tell whoever asks."""
        if self.eligible.verdict is Verdict.NOT_MET:
            return "criteria_not_met"
        if self.eligible.verdict is not Verdict.MET or self.place is None:
            return "unknown"
        return "place" if self.place else "no_place_now"


def answer(
    rulebook: Rulebook,
    roster: HasTables,
    referral: str,
    *,
    on: dt.date,
    rule: str = "referral.eligible",
    window: str = "referral.window",
    places: str = "program.places",
    readings: Iterable[str] = (),
) -> Answer:
    """What can be said of a referral as it stood on a day, under a rulebook.

    `rule` decides who may come in, `window` how long after care, `places` how many there can be. Raises `InputError`
    for a referral, rule or reading that is not there.
    """
    chosen, tables = tuple(readings), roster.tables
    _all_there(rulebook, (rule, window, places))
    record = _found(tables, "referral", referral)
    asked = _Asked(rulebook, tables, record, on, chosen)
    eligible = judged(rulebook, rule, record, on=on, tables=tables, readings=chosen, settles=True)
    parts = tuple(asked.finding(name) for name in _asked_for(rulebook, rule, chosen))
    episode = _index_episode(asked, window)
    ask = _ask(eligible)
    return Answer(
        eligible=eligible,
        parts=parts,
        index_episode=episode.id if episode else None,
        days_since=_days_since(episode, asked),
        last_eligible_day=_last_day(asked, window),
        place=_place(judge_of(rulebook, chosen), places, tables, on),
        owed=tuple(_owed(asked)),
        ask=ask,
        question=question(ask, rulebook.vocabulary) if ask else "",
    )


@attrs.frozen
class _Asked:
    """A referral with all by which it is judged."""

    rulebook: Rulebook
    tables: Tables
    record: Record
    on: dt.date
    readings: tuple[str, ...]

    def finding(self, rule: str, record: Record | None = None, on: dt.date | None = None) -> Finding:
        return judged(
            self.rulebook,
            rule,
            record or self.record,
            on=on or self.on,
            tables=self.tables,
            readings=self.readings,
        )

    def verdict(self, rule: str, record: Record | None = None, on: dt.date | None = None) -> Verdict:
        ask = verdict_of(self.rulebook, rule, "referral", readings=self.readings)
        return ask(record or self.record, on or self.on, self.tables)

    @property
    def office(self) -> Office:
        return self.tables.office or Office()

    @property
    def received(self) -> dt.datetime | None:
        at = getattr(self.record, "received_at", None)
        return at if isinstance(at, dt.datetime) else None


def _all_there(rulebook: Rulebook, rules: Iterable[str]) -> None:
    problems = [
        Problem(f"rulebook {rulebook.name}", f"has no rule {name!r}", near(name, rulebook.rules))
        for name in rules
        if name not in rulebook
    ]
    if problems:
        raise InputError(problems)


def _found(tables: Tables, kind: str, id_: str) -> Record:
    record = tables.find(kind, id_)
    if record is None:
        known = [each.id for each in tables.all_of(kind)]
        raise InputError([Problem(kind, f"there is no {id_!r}", near(id_, known))])
    return record


def _asked_for(rulebook: Rulebook, rule: str, readings: Iterable[str]) -> list[str]:
    """The rules that a rule is made of, in the order of the file."""
    body = rulebook.body(rulebook[rule], "referral", rulebook.chosen(frozenset(readings)))
    nodes = [node for top in loading.parts(body) for node in terms.walk(top)]
    named = {node.rule for node in nodes if isinstance(node, terms.Met)}
    return [each.id for each in rulebook.judged if each.id in named]


# until when, and by which care


def _episodes(asked: _Asked) -> tuple[Record, ...]:
    person = getattr(asked.record, "person", None)
    return asked.tables.referring("care_episode", "person", person) if isinstance(person, str) else ()


def _index_episode(asked: _Asked, window: str) -> Record | None:
    """The care episode that alone would make the referral be in time; of several the one that ended last."""
    table = asked.tables.given("care_episode")
    if table is None:
        return None
    fitting = [
        each
        for each in _episodes(asked)
        if attrs.evolve(asked, tables=_with(asked.tables, Table({each.id: each}, table.since))).verdict(window)
        is Verdict.MET
    ]
    return max(fitting, key=_ended, default=None)


def _with(tables: Tables, episodes: Table) -> Tables:
    return Tables({**tables.tables, "care_episode": episodes}, tables.office)


def _ended(episode: Record) -> tuple[dt.date, str]:
    end = getattr(episode, "ended_on", None)
    return (end if isinstance(end, dt.date) else dt.date.max), episode.id


def _days_since(episode: Record | None, asked: _Asked) -> int | None:
    end = getattr(episode, "ended_on", None)
    if not isinstance(end, dt.date) or asked.received is None:
        return None
    since = (calendar.day(asked.received, asked.office) - end).days
    return since if since >= 0 else None


def _last_day(asked: _Asked, window: str) -> dt.date | None:
    """The last day on which the same referral would be in time, looked for day by day around its own."""
    received = asked.received
    if received is None:
        return None
    in_time = [_in_time(asked, window, received, step) for step in range(-LOOKED_AHEAD, LOOKED_AHEAD + 1)]
    if True not in in_time or in_time[-1]:
        return None
    last = len(in_time) - 1 - in_time[::-1].index(True)
    return calendar.day(received, asked.office) + dt.timedelta(days=last - LOOKED_AHEAD)


def _in_time(asked: _Asked, window: str, received: dt.datetime, step: int) -> bool:
    at = calendar.shift_instant(received, calendar.Period(step, "days"), asked.office)
    moved = attrs.evolve(asked.record, received_at=at)  # type: ignore[call-arg]  # a referral has it
    on = max(asked.on, calendar.day(at, asked.office))
    return asked.verdict(window, moved, on) is Verdict.MET


# a place, and what is owed


def _place(judge: Judge, rule: str, tables: Tables, on: dt.date) -> bool | None:
    """Whether there is a place on a day: surely one, surely none, or not known."""
    programs = tables.all_of("program")
    if len(programs) != 1:
        return None
    if getattr(programs[0], "capacity", None) is NONE:
        return True
    found = judge.levels(judge.rulebook[rule], programs[0], on=on, since=on, through=on, tables=tables)
    if found is None:
        return None
    (level, *_), most = found
    return True if level.possibly < most else False if level.surely >= most else None


_STILL_OWED: Final = frozenset(
    {Reason.UPCOMING, Reason.NOT_YET, Reason.OVERDUE, Reason.NOT_RECORDED, Reason.NO_TABLE, Reason.TOO_EARLY}
)


def _owed(asked: _Asked) -> Iterator[Finding]:
    """What is to be done for the referral by some day, and is not known to be done."""
    for rule in asked.rulebook.judged:
        if rule.form == "deadline" and "referral" in rule.about:
            finding = asked.finding(rule.id)
            if finding.reason in _STILL_OWED:
                yield finding


# what to ask


def _ask(finding: Finding) -> Place | None:
    """The fact that alone could decide what is not known, or else the first of those that are missing."""
    if finding.verdict is not Verdict.UNKNOWN:
        return None
    alone = [places[0] for places in finding.settles or () if len(places) == 1]
    return next(iter((*alone, *finding.missing)), None)


def question(place: Place, kinds: Vocabulary) -> str:
    """The question for a fact that is missing, in words: "What is the day of leaving care (care episode e-1)?"."""
    kind = kinds[place.kind]
    if not place.id or place.fact not in kind.facts:
        return f"What is recorded of {place}?"
    fact, of = kind.facts[place.fact], f"{place.kind.replace('_', ' ')} {place.id}"
    if fact.type.base == "bool":
        return f"Is it so that {fact.says} ({of})?"
    return f"What {'are' if fact.type.base in {'set', 'refs'} else 'is'} {fact.says} ({of})?"


# when facts are corrected


@attrs.frozen(kw_only=True)
class ReEvaluation:
    """A decision as it was, and what it would be by facts that were corrected since. What was decided stays decided.

    `causes` are the corrected facts that make the difference: undone alone, each gives another verdict than now. Where
    only several together do, they are all that were corrected.
    """

    was: Finding
    now: Finding
    causes: tuple[Place, ...]

    @property
    def differs(self) -> bool:
        """Whether the verdict is another now."""
        return self.was.verdict is not self.now.verdict


def reevaluated(
    rulebook: Rulebook,
    then: HasTables,
    now: HasTables,
    referral: str,
    *,
    on: dt.date,
    rule: str = "referral.eligible",
    readings: Iterable[str] = (),
) -> ReEvaluation:
    """A referral judged as of the day of its decision, by what was recorded then and by what is recorded now.

    Two rosters, one before the correction and one after it. Raises `InputError` for a referral that is in one of them
    alone, and for a rule or reading that is not there.
    """
    chosen = tuple(readings)
    _all_there(rulebook, (rule,))
    was = _Asked(rulebook, then.tables, _found(then.tables, "referral", referral), on, chosen)
    is_ = _Asked(rulebook, now.tables, _found(now.tables, "referral", referral), on, chosen)
    before, after = was.finding(rule), is_.finding(rule)
    changed = list(_changed(then.tables, now.tables)) if before.verdict is not after.verdict else []
    alone = [place for place in changed if _undone(is_, place, then.tables, rule) is not after.verdict]
    return ReEvaluation(was=before, now=after, causes=tuple(alone or changed))


def _changed(then: Tables, now: Tables) -> Iterator[Place]:
    """The facts of records that are in both rosters and not the same."""
    for kind, table in now.tables.items():
        for id_, record in table.records.items():
            old = then.find(kind, id_)
            for field in attrs.fields(type(record)) if old else ():
                if getattr(record, field.name) != getattr(old, field.name, None):
                    yield Place(kind, id_, field.name)


def _undone(asked: _Asked, place: Place, then: Tables, rule: str) -> Verdict:
    """The verdict with one fact as it was."""
    table = asked.tables.tables[place.kind]
    old = getattr(then.find(place.kind, place.id), place.fact, None)
    record = attrs.evolve(table.records[place.id], **{place.fact: old})  # type: ignore[arg-type]  # a fact it has
    tables = {**asked.tables.tables, place.kind: attrs.evolve(table, records={**table.records, place.id: record})}
    mine = record if (place.kind, place.id) == ("referral", asked.record.id) else asked.record
    return attrs.evolve(asked, tables=Tables(tables, asked.tables.office)).verdict(rule, mine)
