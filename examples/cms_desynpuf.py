"""The referral window of a program, judged on the CMS synthetic Medicare inpatient claims (DE-SynPUF).

    python examples/cms_desynpuf.py DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv --on 2010-06-30

The claims are read as they are. They become care episodes, each person gets one referral at noon of the day, and the
rule `referral.window` of the rulebook `minnesota-peer2peer` says whose psychiatric care ended in the 90 days before,
or goes on. Nobody in the file is real: CMS made the claims up from real ones.

Which columns are the stay. `CLM_ADMSN_DT` and `NCH_BENE_DSCHRG_DT` are the days of coming and leaving;
`CLM_FROM_DT` and `CLM_THRU_DT` are what the bill covers. Of the 5,775 rows of sample 1, 17 have a first day of the
bill that is not the admission: 10 bills start 1 to 31 days after it (part of a longer stay is billed), and 7 are
empty, the second rows of 7 claims. `CLM_THRU_DT` is off the discharge on the same 7 rows only, because it is empty.
The window counts from the day of leaving, and merging needs the day of coming, so the days of the stay are used; the
days of the bill would miss the start of 10 stays and leave 2 of them apart from stays that they overlap. On 2010-06-30
both choices find the same people with the same last days.

What becomes of the rows:

- One claim is one stay, also in several rows (`SEGMENT`), from its first admission to its last discharge. The
  second rows of sample 1 say the same discharge as the first rows and an admission 9 to 32 days earlier; that joins
  no other stay. They have no diagnosis of their own, so the claim's is the one that any of its rows has.
- A stay is psychiatric when its first diagnosis (`ICD9_DGNS_CD_1`) is 290 to 319. A claim without a readable code
  (2 of sample 1) is not recorded as psychiatric or otherwise, and never taken for a no.
- A claim that ends before it starts, or has a row with a missing or malformed date or id, is reported and not used.
- Stays of a person that overlap, or restart on the day of discharge, are one episode (`merge_stays`), which is
  psychiatric if any of its stays is. Merging has joined what became of what: `led_to` is none for every episode.

As of the day. Nothing after the day has happened yet. A stay that began by then and whose discharge lies after it has
no end so far: the person is still in care. Stays that begin later are left out, and this is done before merging, so
that a later stay cannot change what was known on the day.

What the file does not hold. Its discharges are of 2008 to 2010. Where the day, or the 90 days before it, lie outside
the first and the last discharge, care that counts may be missing from the file, and the table of care episodes is
declared incomplete: the window is then met or unknown, never not met. The file has finished stays only, so that
towards the end of 2010 somebody in care until 2011 is not seen in care.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import peersupport
from peersupport import NONE, CareEpisode, Finding, InputError, Problem, Rulebook, Verdict
from peersupport.eligibility import Merged

RULEBOOK = "minnesota-peer2peer"
RULE = "referral.window"
ZONE = "America/Chicago"

PERSON, CLAIM, DIAGNOSIS = "DESYNPUF_ID", "CLM_ID", "ICD9_DGNS_CD_1"
ADMITTED, DISCHARGED = "CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT"
COLUMNS = (PERSON, CLAIM, ADMITTED, DISCHARGED, DIAGNOSIS)

WINDOW = 90
"""The days of the raw count, which knows no rulebook, and those that the file must hold for a verdict of not met."""
YEARS = range(1900, 2200)
SHOWN = 50
_CODE = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")

Cells = Mapping[str, str]


class Row(NamedTuple):
    """A readable row of the file."""

    claim: str
    person: str
    admitted_on: dt.date
    ended_on: dt.date
    psychiatric: bool | None


class Discharge(NamedTuple):
    """A psychiatric discharge as a row tells it, whatever else is in the row."""

    person: str
    claim: str
    day: dt.date


class Claims(NamedTuple):
    """What the file holds: each stay in full, and the problems of the claims that are not used."""

    rows: int
    claims: int
    people: tuple[str, ...]
    stays: tuple[Row, ...]
    discharges: tuple[Discharge, ...]
    problems: tuple[Problem, ...]
    doubtful: frozenset[str]
    """The people of whom a claim is not used."""


class Result(NamedTuple):
    """The claims as they stood on a day, and what the rulebook says of each person."""

    on: dt.date
    readings: tuple[str, ...]
    claims: Claims
    seen: tuple[CareEpisode, ...]
    episodes: tuple[Merged, ...]
    findings: tuple[Finding, ...]
    within: Mapping[str, Merged]
    """The latest episode that counts, for each person whose window is met."""


# the file


def read_cells(file: Path) -> list[tuple[int, Cells]]:
    """The rows of the file, each with its number; the header is row 1. Raises `InputError` if it cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return list(_cells(csv.reader(lines, strict=True), str(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError([Problem(str(file), f"cannot be read: {why}")]) from None


def _cells(rows: Iterator[list[str]], name: str) -> Iterator[tuple[int, Cells]]:
    header = next(rows, [])
    wrong = [column for column in COLUMNS if header.count(column) != 1]
    problems = [Problem(f"{name}, row 1", *_header_fault(header, column)) for column in wrong]
    if problems:
        raise InputError(problems)
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            raise InputError([Problem(f"{name}, row {number}", f"has {len(row)} cells for {len(header)} columns")])
        yield number, dict(zip(header, row, strict=True))


def _header_fault(header: Sequence[str], column: str) -> tuple[str, str]:
    if column in header:
        return f"column {column} is there twice", "keep one"
    return f"there is no column {column}", "give the file of CMS inpatient claims"


def day_of(text: str) -> dt.date | None:
    """The day of a text YYYYMMDD, or None if it is not one."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        day = dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def is_psychiatric(code: str) -> bool | None:
    """Whether a code of ICD-9 is one of 290 to 319; None if it is not recorded, or no code. Points are not written."""
    return "290" <= code[:3] <= "319" if _CODE.fullmatch(code) else None


def read_row(cells: Cells) -> Row | list[str]:
    """The row, or what is wrong with it. What a cell holds is not repeated: it may be anything."""
    admitted_on, ended_on = day_of(cells[ADMITTED]), day_of(cells[DISCHARGED])
    if admitted_on is None or ended_on is None or not cells[CLAIM] or not cells[PERSON]:
        return [*_lacks(cells), *_misdated(cells)]
    if ended_on < admitted_on:
        return [f"ends on {ended_on}, before it starts on {admitted_on}"]
    return Row(cells[CLAIM], cells[PERSON], admitted_on, ended_on, is_psychiatric(cells[DIAGNOSIS]))


def _lacks(cells: Cells) -> Iterator[str]:
    return (f"{column} is empty" for column in (CLAIM, PERSON, ADMITTED, DISCHARGED) if not cells[column])


def _misdated(cells: Cells) -> Iterator[str]:
    wrong = (column for column in (ADMITTED, DISCHARGED) if cells[column] and day_of(cells[column]) is None)
    return (f"{column} is not a date YYYYMMDD" for column in wrong)


def read_claims(file: Path) -> Claims:
    """Every stay of the file, one for each claim that can be used. Raises `InputError` if the file cannot be read."""
    read = [(number, cells, read_row(cells)) for number, cells in read_cells(file)]
    rows: dict[str, list[Row]] = {}
    for row in (row for _, _, row in read if isinstance(row, Row)):
        rows.setdefault(row.claim, []).append(row)
    shared = sorted(claim for claim, of in rows.items() if len({row.person for row in of}) > 1)
    unused = {cells[CLAIM] for _, cells, row in read if not isinstance(row, Row)}.union(shared)
    return Claims(
        rows=len(read),
        claims=len({cells[CLAIM] for _, cells, _ in read} - {""}),
        people=tuple(sorted({cells[PERSON] for _, cells, _ in read} - {""})),
        stays=tuple(stay_of(of) for claim, of in rows.items() if claim not in unused),
        discharges=tuple(_discharges(cells for _, cells, _ in read)),
        problems=(*_faults(read), *(Problem(f"claim {each}", "its rows name different people") for each in shared)),
        doubtful=frozenset(cells[PERSON] for _, cells, _ in read if cells[CLAIM] in unused),
    )


def _faults(read: Iterable[tuple[int, Cells, Row | list[str]]]) -> Iterator[Problem]:
    for number, cells, row in read:
        if not isinstance(row, Row):
            place = f"row {number}, claim {cells[CLAIM] or 'without an id'}"
            yield from (Problem(place, fault) for fault in row)


def stay_of(rows: Sequence[Row]) -> Row:
    """The stay of a claim: from its first admission to its last discharge, psychiatric as any of its rows says."""
    first, last = min(row.admitted_on for row in rows), max(row.ended_on for row in rows)
    said = [row.psychiatric for row in rows if row.psychiatric is not None]
    return Row(rows[0].claim, rows[0].person, first, last, any(said) if said else None)


def _discharges(rows: Iterable[Cells]) -> Iterator[Discharge]:
    for cells in rows:
        day = day_of(cells[DISCHARGED])
        if day and is_psychiatric(cells[DIAGNOSIS]):
            yield Discharge(cells[PERSON], cells[CLAIM], day)


# the day


def as_of(stays: Iterable[Row], on: dt.date) -> tuple[CareEpisode, ...]:
    """The stays as they stood on a day: one that begins later is not there, one that ends later has no end so far."""
    return tuple(_episode(stay, on) for stay in stays if stay.admitted_on <= on)


def _episode(stay: Row, on: dt.date) -> CareEpisode:
    return CareEpisode(
        id=stay.claim,
        person=stay.person,
        kind="inpatient",
        psychiatric=stay.psychiatric,
        admitted_on=stay.admitted_on,
        ended_on=stay.ended_on if stay.ended_on <= on else NONE,
        led_to=NONE,
    )


def referral_of(person: str, on: dt.date) -> peersupport.Referral:
    """The referral of a person at noon of the day in the program's zone."""
    noon = dt.datetime.combine(on, dt.time(12), ZoneInfo(ZONE))
    return peersupport.Referral(id=f"referral {person}", person=person, received_at=noon)


def holds_window(claims: Claims, on: dt.date) -> bool:
    """Whether the file's discharges reach from the first day of the window to the last."""
    days = [stay.ended_on for stay in claims.stays]
    return bool(days) and (on - min(days)).days >= WINDOW and on <= max(days)


def roster_of(
    people: Iterable[str], episodes: Iterable[CareEpisode], on: dt.date, *, whole: bool = True
) -> peersupport.Roster:
    """The program, the people with a referral each, and their care, which is all that there was if it is `whole`."""
    listed = tuple(people)
    return peersupport.from_records(
        [
            peersupport.Program(id="program", time_zone=ZONE),
            *(peersupport.Person(id=person) for person in listed),
            *(referral_of(person, on) for person in listed),
            *episodes,
        ],
        empty=["person", "referral", "care_episode"],
        since=None if whole else {"care_episode": on + dt.timedelta(days=1)},
    )


def judged(claims: Claims, on: dt.date, readings: Sequence[str] = ()) -> Result:
    """The referral window of each person on a day. Raises `InputError` for a reading that is not there."""
    rulebook = peersupport.load(RULEBOOK)
    seen = as_of(claims.stays, on)
    episodes = peersupport.merge_stays(seen)
    whole = holds_window(claims, on)
    roster = roster_of(claims.people, (each.episode for each in episodes), on, whole=whole)
    audit = peersupport.audit(rulebook, roster, on=on, rules=[RULE], readings=readings)
    met = {finding.person for finding in audit.findings if finding.verdict is Verdict.MET}
    within = _counting(rulebook, (each for each in episodes if each.episode.person in met), on, readings)
    return Result(on, tuple(readings), claims, seen, episodes, audit.findings, within)


def _counting(
    rulebook: Rulebook, episodes: Iterable[Merged], on: dt.date, readings: Sequence[str]
) -> dict[str, Merged]:
    """The latest episode of each person that meets the rule by itself: the rulebook says which counts, not we."""
    found: dict[str, Merged] = {}
    for each in episodes:
        person = str(each.episode.person)
        tables = roster_of([person], [each.episode], on).tables
        finding = peersupport.judge(rulebook, RULE, referral_of(person, on), on=on, tables=tables, readings=readings)
        if finding.verdict is Verdict.MET:
            found[person] = each
    return found


# the raw count, and why it differs


def raw_count(discharges: Iterable[Discharge], on: dt.date) -> dict[str, Discharge]:
    """The last psychiatric discharge of each person in the 90 days before the day, row by row: nothing is merged."""
    inside = sorted((each for each in discharges if 0 <= (on - each.day).days <= WINDOW), key=lambda each: each.day)
    return {each.person: each for each in inside}


def only_merged(result: Result) -> dict[str, str]:
    """Why each person whose window is met is not in the raw count."""
    raw = raw_count(result.claims.discharges, result.on)
    return {person: _why_added(result, each) for person, each in result.within.items() if person not in raw}


def _why_added(result: Result, counted: Merged) -> str:
    if counted.episode.psychiatric is not True:
        return "care that is not recorded as psychiatric counts under the chosen reading"
    last = max((stay for stay in _stays(result, counted) if stay.psychiatric), key=_end)
    if last.ended_on is NONE:
        return f"still in care: the psychiatric stay began on {last.admitted_on} and its discharge lies after the day"
    joined = f"the psychiatric stay ended on {_ago(result, last)}, and is joined with care that"
    return f"{joined} {_course(result, counted.episode)}"


def only_raw(result: Result) -> dict[str, str]:
    """Why the window of each other person in the raw count is not met."""
    raw = raw_count(result.claims.discharges, result.on)
    return {person: _why_left_out(result, each) for person, each in raw.items() if person not in result.within}


def _why_left_out(result: Result, discharge: Discharge) -> str:
    if not _used(result, discharge):
        return f"claim {discharge.claim} is reported above and not used"
    return f"the chosen reading leaves out a last day of {_days(result, discharge.day)}"


def moved(result: Result) -> dict[str, str]:
    """Why each person who is in both counts has another last day in the raw count."""
    raw = raw_count(result.claims.discharges, result.on)
    both = [(raw[person], each) for person, each in result.within.items() if person in raw]
    return {one.person: _why_moved(result, one, each) for one, each in both if one.day != each.episode.ended_on}


def _why_moved(result: Result, discharge: Discharge, counted: Merged) -> str:
    now = _course(result, counted.episode)
    if not _used(result, discharge):
        return f"claim {discharge.claim} is reported above and not used; another episode {now}"
    told = f"discharged on {_days(result, discharge.day)}"
    if discharge.claim in counted.stays:
        return f"{told}, and joined with care that {now}"
    return f"{told}; a later episode {now}"


def _course(result: Result, episode: CareEpisode) -> str:
    return "goes on" if episode.ended_on is NONE else f"ended on {_ago(result, episode)}"


def _ago(result: Result, episode: CareEpisode) -> str:
    assert isinstance(episode.ended_on, dt.date)  # noqa: S101  asked only of care that has ended
    return _days(result, episode.ended_on)


def _days(result: Result, day: dt.date) -> str:
    return f"{day}, {(result.on - day).days} days before"


def _used(result: Result, discharge: Discharge) -> bool:
    return any(stay.id == discharge.claim for stay in result.seen)


def _stays(result: Result, merged: Merged) -> list[CareEpisode]:
    return [stay for stay in result.seen if stay.id in merged.stays]


def _end(stay: CareEpisode) -> dt.date:
    return stay.ended_on if isinstance(stay.ended_on, dt.date) else dt.date.max


# what is printed


def report(result: Result) -> Iterator[str]:
    """The lines that are printed."""
    rule = peersupport.load(RULEBOOK)[RULE]
    yield f"CMS synthetic Medicare inpatient claims, as of {result.on}"
    yield f"Rulebook {RULEBOOK}, rule {RULE}, reading: {', '.join(result.readings) or 'the default'}"
    if not result.readings:
        yield rule.says
    yield from ("", *_counts(result), "", *_problems(result), "", *_verdicts(result))
    yield from ("", *_people(result), "", *_differences(result))


def _counts(result: Result) -> Iterator[str]:
    claims = result.claims
    whole = peersupport.merge_stays(as_of(claims.stays, dt.date.max))
    then = {stay.person for stay in result.seen}
    yield f"{'Counts':<40}{'in the file':>12}{result.on!s:>14}"
    yield _count("rows", claims.rows)
    yield _count("claims", claims.claims)
    yield _count("claims reported and not used", claims.claims - len(claims.stays))
    yield _count("people", len(claims.people), len(then))
    yield _count("stays", len(claims.stays), len(result.seen))
    yield _count("joined to an earlier stay", len(claims.stays) - len(whole), len(result.seen) - len(result.episodes))
    yield _count("care episodes after merging", len(whole), len(result.episodes))
    yield _count("of them made of several stays", _several(whole), _several(result.episodes))
    yield _count("of them psychiatric", _psychiatric(whole), _psychiatric(result.episodes))
    yield _count("of them still going on", None, sum(each.episode.ended_on is NONE for each in result.episodes))


def _count(name: str, whole: int | None, then: int | None = None) -> str:
    shown = ["" if number is None else f"{number:,}" for number in (whole, then)]
    return f"  {name:<38}{shown[0]:>12}{shown[1]:>14}".rstrip()


def _several(episodes: Iterable[Merged]) -> int:
    return sum(len(each.stays) > 1 for each in episodes)


def _psychiatric(episodes: Iterable[Merged]) -> int:
    return sum(each.episode.psychiatric is True for each in episodes)


def _problems(result: Result) -> Iterator[str]:
    problems = result.claims.problems
    yield f"Problems reported: {len(problems)}" + (f", the first {SHOWN} of them" if len(problems) > SHOWN else "")
    yield from (f"  {problem}" for problem in problems[:SHOWN])
    if not holds_window(result.claims, result.on):
        yield f"The file does not hold all care of the {WINDOW} days before {result.on}: not met cannot be said."


def _verdicts(result: Result) -> Iterator[str]:
    counts = Counter(finding.verdict for finding in result.findings)
    yield f"Verdicts, one referral at noon of {result.on} ({ZONE}) for each of {len(result.findings):,} people"
    yield from (f"  {verdict!s:<38}{counts[verdict]:>12,}" for verdict in Verdict)
    yield from (line for finding in result.findings for line in _doubts(result, finding))


def _doubts(result: Result, finding: Finding) -> Iterator[str]:
    lacking = "; ".join(str(place) for place in finding.missing if place.id)
    if finding.verdict is Verdict.UNKNOWN and lacking:
        yield f"  unknown for {finding.person}: not recorded is {lacking}"
    if finding.verdict is Verdict.NOT_MET and finding.person in result.claims.doubtful:
        yield f"  not met for {finding.person} by the claims that can be used; another is reported above"


def _people(result: Result) -> Iterator[str]:
    listed = sorted(result.within.items(), key=lambda item: (-_end(item[1].episode).toordinal(), item[0]))
    yield f"{f'People whose window is met: {len(listed)}':<32}{'last day':<16}{'days before':>11}"
    yield from (f"  {person:<30}{_last_day(result, each.episode)}" for person, each in listed)


def _last_day(result: Result, episode: CareEpisode) -> str:
    if isinstance(episode.ended_on, dt.date):
        return f"{episode.ended_on!s:<16}{(result.on - episode.ended_on).days:>11}"
    return f"{'still in care':<16}{'-':>11}"


def _differences(result: Result) -> Iterator[str]:
    raw = raw_count(result.claims.discharges, result.on)
    more, fewer = only_merged(result), only_raw(result)
    yield f"Raw count of people (psychiatric rows discharged 0 to {WINDOW} days before, nothing merged): {len(raw)}"
    yield f"  {len(raw)}, less {len(fewer)} only there, with {len(more)} only after merging: {len(result.within)} met"
    yield from _told("Only by the raw count", fewer)
    yield from _told("Only after merging", more)
    yield from _told("By both, with another last day", moved(result))


def _told(title: str, reasons: Mapping[str, str]) -> Iterator[str]:
    yield f"{title}: {len(reasons) or 'nobody'}"
    yield from (f"  {person}  {reason}" for person, reason in sorted(reasons.items()))


# the command


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Judge the referral window on CMS synthetic inpatient claims.")
    parser.add_argument("file", type=Path, metavar="CSV_FILE", help="the inpatient claims, as CMS gives them")
    parser.add_argument("--on", type=_on, required=True, metavar="DATE", help="the day of the referrals, YYYY-MM-DD")
    parser.add_argument("--reading", action="append", default=[], metavar="NAME", help="a reading of the rulebook")
    return parser.parse_args(argv)


def _on(text: str) -> dt.date:
    day = day_of(text.replace("-", "")) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    if day is None:
        message = f"{text!r} is not a date YYYY-MM-DD"
        raise argparse.ArgumentTypeError(message)
    return day


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report. The exit code is 2 when the file cannot be read or a reading is not there."""
    options = _options(argv)
    try:
        result = judged(read_claims(options.file), options.on, options.reading)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(report(result)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
