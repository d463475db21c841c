"""The example that reads the CMS synthetic claims, and `merge_stays`, on which it rests."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peersupport import NONE, CareEpisode, InputError, Verdict, merge_stays
from peersupport.eligibility import Merged

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PEERSUPPORT_DATA") or CHECKOUT.parent / "shared" / "data")
REAL = DATA / "cms-desynpuf" / "DE1_0_2008_to_2010_Inpatient_Claims_Sample_1.csv"

ON = dt.date(2010, 6, 30)
HEADER = (
    "DESYNPUF_ID,CLM_ID,SEGMENT,CLM_FROM_DT,CLM_THRU_DT,CLM_PMT_AMT,CLM_ADMSN_DT,NCH_BENE_DSCHRG_DT,CLM_DRG_CD,"
    "ICD9_DGNS_CD_1,ICD9_DGNS_CD_2"
)
PSYCHIATRIC, OTHER, LACKING = "29620", "4280", ""
COVER = (("P00", "C00", "20080101", "20080102", OTHER), ("P00", "C99", "20101230", "20101231", OTHER))
"""Two stays far off, so that the file holds the whole window and nobody's care is missing from it."""

Stay = tuple[str, str, str, str, str]


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cms_desynpuf", CHECKOUT / "examples" / "cms_desynpuf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cms: Any = _script()


def _line(stay: Stay, segment: int = 1) -> str:
    person, claim, admitted, discharged, code = stay
    billed = (admitted, discharged) if segment == 1 else ("", "")
    return ",".join([person, claim, str(segment), *billed, "4000.00", admitted, discharged, "885", code, "311"])


def _write(folder: Path, lines: Iterable[str]) -> Path:
    file = folder / "claims.csv"
    file.write_text("\n".join([HEADER, *lines, *map(_line, COVER)]) + "\n", encoding="utf-8")
    return file


def _judged(folder: Path, *stays: Stay, readings: Sequence[str] = (), on: dt.date = ON) -> Any:  # noqa: ANN401
    return cms.judged(cms.read_claims(_write(folder, map(_line, stays))), on, readings)


def _verdict(result: Any, person: str = "P01") -> Verdict:  # noqa: ANN401
    found = [finding.verdict for finding in result.findings if finding.person == person]
    assert len(found) == 1
    assert isinstance(found[0], Verdict)
    return found[0]


def _days(result: Any) -> dict[str, int | None]:  # noqa: ANN401
    """How many days before the day each person's care ended; None is still in care."""
    ends = {person: each.episode.ended_on for person, each in result.within.items()}
    return {person: None if end is NONE else (result.on - end).days for person, end in ends.items()}


# a tiny file of the same shape


def test_rows_of_one_claim_are_one_stay(tmp_path: Path) -> None:
    """A claim in two rows is one stay from its first admission to its last discharge, with the one diagnosis."""
    first = _line(("P01", "C01", "20100510", "20100520", PSYCHIATRIC))
    second = _line(("P01", "C01", "20100501", "20100520", LACKING), segment=2)
    for lines in ([first, second], [second, first]):
        result = cms.judged(cms.read_claims(_write(tmp_path, lines)), ON)
        stay = next(each for each in result.seen if each.id == "C01")
        assert (result.claims.rows, result.claims.claims, len(result.seen)) == (4, 3, 2)
        assert (stay.admitted_on, stay.ended_on) == (dt.date(2010, 5, 1), dt.date(2010, 5, 20))
        assert (stay.psychiatric, _days(result)) == (True, {"P01": 41})


def test_a_psychiatric_stay_joined_with_another(tmp_path: Path) -> None:
    """Stays that overlap are one episode, psychiatric if one is: its last day counts, which the raw count misses."""
    result = _judged(
        tmp_path,
        ("P01", "C01", "20100201", "20100310", PSYCHIATRIC),
        ("P01", "C02", "20100305", "20100420", OTHER),
    )
    assert [each.stays for each in result.episodes if each.episode.person == "P01"] == [("C01", "C02")]
    assert _days(result) == {"P01": 71}
    assert cms.raw_count(result.claims.discharges, ON) == {}
    assert cms.only_merged(result) == {
        "P01": "the psychiatric stay ended on 2010-03-10, 112 days before, "
        "and is joined with care that ended on 2010-04-20, 71 days before"
    }
    assert (cms.only_raw(result), cms.moved(result)) == ({}, {})


@pytest.mark.parametrize(("restart", "days", "stays"), [("20100510", 36, ("C01", "C02")), ("20100511", 51, ("C01",))])
def test_a_restart_on_the_day_of_discharge(tmp_path: Path, restart: str, days: int, stays: tuple[str, ...]) -> None:
    """A stay that starts on the day of discharge goes on with the episode; one that starts a day later does not."""
    result = _judged(
        tmp_path, ("P01", "C01", "20100501", "20100510", PSYCHIATRIC), ("P01", "C02", restart, "20100525", OTHER)
    )
    assert (_days(result), result.within["P01"].stays) == ({"P01": days}, stays)


def test_a_last_day_that_merging_moves_is_accounted_for(tmp_path: Path) -> None:
    """A person in both counts with another last day is told with both days."""
    result = _judged(
        tmp_path, ("P01", "C01", "20100501", "20100510", PSYCHIATRIC), ("P01", "C02", "20100510", "20100525", OTHER)
    )
    assert cms.moved(result) == {
        "P01": "discharged on 2010-05-10, 51 days before, and joined with care that ended on 2010-05-25, 36 days before"
    }


def test_a_psychiatric_stay_joined_with_care_that_goes_on(tmp_path: Path) -> None:
    """Somebody discharged into care that goes on is still in care, whether or not the raw count has the discharge."""
    for admitted, discharged, told in (("20100501", "20100610", cms.moved), ("20100101", "20100310", cms.only_merged)):
        result = _judged(
            tmp_path,
            ("P01", "C01", admitted, discharged, PSYCHIATRIC),
            ("P01", "C02", discharged, "20100710", OTHER),
        )
        assert _days(result) == {"P01": None}
        assert told(result)["P01"].endswith("joined with care that goes on")


def test_a_claim_that_ends_before_it_starts(tmp_path: Path) -> None:
    """It is reported and not used; the raw count has it, and the difference is accounted for."""
    result = _judged(tmp_path, ("P01", "C01", "20100620", "20100610", PSYCHIATRIC))
    told = "row 2, claim C01: ends on 2010-06-10, before it starts on 2010-06-20"
    assert [str(problem) for problem in result.claims.problems] == [told]
    assert (_verdict(result), result.within) == (Verdict.NOT_MET, {})
    assert cms.only_raw(result) == {"P01": "claim C01 is reported above and not used"}
    lines = list(cms.report(result))
    assert f"  {told}" in lines
    assert "  not met for P01 by the claims that can be used; another is reported above" in lines


def test_a_reported_claim_beside_one_that_counts(tmp_path: Path) -> None:
    """Who is in both counts, in the raw one by a claim that is not used, is told so."""
    result = _judged(
        tmp_path,
        ("P01", "C01", "20100501", "20100510", PSYCHIATRIC),
        ("P01", "C02", "20100621", "20100620", PSYCHIATRIC),
    )
    told = "claim C02 is reported above and not used; another episode ended on 2010-05-10, 51 days before"
    assert cms.moved(result) == {"P01": told}


@pytest.mark.parametrize(
    ("admitted", "discharged", "faults"),
    [
        ("20100601", "2010061", ["NCH_BENE_DSCHRG_DT is not a date YYYYMMDD"]),
        ("20100231", "20100610", ["CLM_ADMSN_DT is not a date YYYYMMDD"]),
        ("2010-06-01", "20100610 ", ["CLM_ADMSN_DT is not a date", "NCH_BENE_DSCHRG_DT is not a date"]),
        ("00010101", "20100610", ["CLM_ADMSN_DT is not a date YYYYMMDD"]),
        ("20100601", "", ["NCH_BENE_DSCHRG_DT is empty"]),
        ("", "", ["CLM_ADMSN_DT is empty", "NCH_BENE_DSCHRG_DT is empty"]),
    ],
)
def test_missing_and_malformed_dates_are_reported(
    tmp_path: Path, admitted: str, discharged: str, faults: list[str]
) -> None:
    """Each bad date is one problem, with its row and claim and without what stands in the cell; no day is guessed."""
    result = _judged(tmp_path, ("P01", "C01", admitted, discharged, PSYCHIATRIC))
    told = [str(problem) for problem in result.claims.problems]
    assert len(told) == len(faults)
    assert all(line.startswith(f"row 2, claim C01: {fault}") for line, fault in zip(told, faults, strict=True))
    assert "C01" not in {stay.id for stay in result.seen}
    assert result.claims.people == ("P00", "P01")


def test_a_bad_row_takes_its_claim_with_it(tmp_path: Path) -> None:
    """Of a claim with one readable and one unreadable row nobody knows the days: it is not used."""
    lines = [
        _line(("P01", "C01", "20100510", "20100520", PSYCHIATRIC)),
        _line(("P01", "C01", "", "20100520", LACKING), segment=2),
    ]
    claims = cms.read_claims(_write(tmp_path, lines))
    assert [stay.claim for stay in claims.stays] == ["C00", "C99"]
    assert (claims.claims, len(claims.problems), claims.doubtful) == (3, 1, {"P01"})


def test_rows_without_an_owner_are_reported(tmp_path: Path) -> None:
    """A row without a claim or a person, and a claim of two people, are problems and no stays."""
    lines = [
        _line(("P01", "", "20100510", "20100520", PSYCHIATRIC)),
        _line(("", "C02", "20100510", "20100520", PSYCHIATRIC)),
        _line(("P03", "C03", "20100510", "20100520", PSYCHIATRIC)),
        _line(("P04", "C03", "20100510", "20100520", PSYCHIATRIC), segment=2),
    ]
    claims = cms.read_claims(_write(tmp_path, lines))
    assert [str(problem) for problem in claims.problems] == [
        "row 2, claim without an id: CLM_ID is empty",
        "row 3, claim C02: DESYNPUF_ID is empty",
        "claim C03: its rows name different people",
    ]
    assert ([stay.claim for stay in claims.stays], claims.people) == (["C00", "C99"], ("P00", "P01", "P03", "P04"))


@pytest.mark.parametrize(
    ("discharged", "days", "verdict"),
    [("20100401", 90, Verdict.MET), ("20100331", 91, Verdict.NOT_MET), ("20100630", 0, Verdict.MET)],
)
def test_the_edges_of_the_window(tmp_path: Path, discharged: str, days: int, verdict: Verdict) -> None:
    """The day of discharge is day 0 and day 90 is in; day 91 is out."""
    result = _judged(tmp_path, ("P01", "C01", "20100301", discharged, PSYCHIATRIC))
    assert _verdict(result) is verdict
    assert _days(result) == ({"P01": days} if verdict is Verdict.MET else {})
    assert list(cms.raw_count(result.claims.discharges, ON)) == list(result.within)


def test_a_reading_that_leaves_day_90_out(tmp_path: Path) -> None:
    """Under the reading the window is not met, and the raw count's difference is the reading's."""
    result = _judged(tmp_path, ("P01", "C01", "20100301", "20100401", PSYCHIATRIC), readings=["day 90 is out"])
    assert _verdict(result) is Verdict.NOT_MET
    assert cms.only_raw(result) == {"P01": "the chosen reading leaves out a last day of 2010-04-01, 90 days before"}


def test_a_reading_that_takes_any_care(tmp_path: Path) -> None:
    """Under the reading other care counts too, later care instead of psychiatric care, and both are said."""
    result = _judged(
        tmp_path,
        ("P01", "C01", "20100501", "20100502", OTHER),
        ("P02", "C02", "20100501", "20100502", PSYCHIATRIC),
        ("P02", "C03", "20100601", "20100602", OTHER),
        readings=["any inpatient or emergency care"],
    )
    assert _days(result) == {"P01": 59, "P02": 28}
    assert cms.only_merged(result) == {
        "P01": "care that is not recorded as psychiatric counts under the chosen reading"
    }
    told = "discharged on 2010-05-02, 59 days before; a later episode ended on 2010-06-02, 28 days before"
    assert cms.moved(result) == {"P02": told}


@pytest.mark.parametrize("admitted", ["20100101", "20100629", "20100630"])
def test_still_in_care(tmp_path: Path, admitted: str) -> None:
    """A discharge after the day has not happened: the stay has no end so far, and the raw count does not see it."""
    result = _judged(tmp_path, ("P01", "C01", admitted, "20100701", PSYCHIATRIC))
    assert (_verdict(result), _days(result)) == (Verdict.MET, {"P01": None})
    day = cms.day_of(admitted)
    told = f"still in care: the psychiatric stay began on {day} and its discharge lies after the day"
    assert cms.only_merged(result) == {"P01": told}
    assert "  P01                           still in care             -" in list(cms.report(result))


def test_what_begins_later_is_not_there(tmp_path: Path) -> None:
    """A stay that begins after the day is left out before merging: it cannot make today's care psychiatric."""
    result = _judged(
        tmp_path,
        ("P01", "C01", "20100620", "20100702", OTHER),
        ("P01", "C02", "20100701", "20100710", PSYCHIATRIC),
        ("P02", "C03", "20100701", "20100703", PSYCHIATRIC),
    )
    assert [stay.id for stay in result.seen] == ["C01", "C00"]
    assert (_verdict(result), _verdict(result, "P02")) == (Verdict.NOT_MET, Verdict.NOT_MET)


@pytest.mark.parametrize(
    ("code", "psychiatric"),
    [
        ("290", True),
        ("29000", True),
        ("311", True),
        ("319", True),
        ("3199", True),
        ("28999", False),
        ("320", False),
        ("0299", False),
        ("V110", False),
        ("E9500", False),
        ("", None),
        ("29", None),
        ("296.2", None),
        ("OTHER", None),
    ],
)
def test_which_codes_are_psychiatric(code: str, psychiatric: bool | None) -> None:
    """290 to 319 by the first three digits; an empty cell or no code of ICD-9 is not recorded."""
    assert cms.is_psychiatric(code) is psychiatric


def test_no_diagnosis_is_not_a_no(tmp_path: Path) -> None:
    """Care without a readable diagnosis in the window is unknown, and what is not recorded is named."""
    result = _judged(tmp_path, ("P01", "C01", "20100501", "20100510", LACKING))
    assert _verdict(result) is Verdict.UNKNOWN
    assert "  unknown for P01: not recorded is care_episode C01, psychiatric" in list(cms.report(result))


@pytest.mark.parametrize("on", [dt.date(2008, 3, 31), dt.date(2011, 1, 1), dt.date(2007, 1, 1)])
def test_days_that_the_file_does_not_hold(tmp_path: Path, on: dt.date) -> None:
    """Where the window reaches out of the file, care may be missing from it: met or unknown, never not met."""
    result = _judged(tmp_path, ("P01", "C01", "20100501", "20100510", PSYCHIATRIC), on=on)
    assert Verdict.NOT_MET not in {finding.verdict for finding in result.findings}
    told = f"The file does not hold all care of the 90 days before {on}: not met cannot be said."
    assert told in list(cms.report(result))


def test_the_first_and_last_day_that_the_file_holds(tmp_path: Path) -> None:
    """From 90 days after the first discharge to the day of the last one, no care is missing."""
    for on in (dt.date(2008, 4, 1), dt.date(2010, 12, 31)):
        result = _judged(tmp_path, ("P01", "C01", "20100501", "20100510", PSYCHIATRIC), on=on)
        assert _verdict(result) is Verdict.NOT_MET


def test_the_command_prints_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, problems, verdicts, people and differences come out of the command, and nothing on stderr."""
    stays: list[Stay] = [
        ("P01", "C01", "20100201", "20100310", PSYCHIATRIC),
        ("P01", "C02", "20100305", "20100420", OTHER),
        ("P02", "C03", "20100625", "20100705", PSYCHIATRIC),
        ("P03", "C04", "20100301", "20100401", PSYCHIATRIC),
        ("P04", "C05", "20100301", "20100331", PSYCHIATRIC),
        ("P05", "C06", "20100620", "20100610", PSYCHIATRIC),
    ]
    file = _write(tmp_path, map(_line, stays))
    assert cms.main([str(file), "--on", "2010-06-30"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.splitlines() == TINY.splitlines()


TINY = """\
CMS synthetic Medicare inpatient claims, as of 2010-06-30
Rulebook minnesota-peer2peer, rule referral.window, reading: the default
Psychiatric inpatient or emergency care ended at most 90 days before the referral, or is still going on.

Counts                                   in the file    2010-06-30
  rows                                             8
  claims                                           8
  claims reported and not used                     1
  people                                           6             5
  stays                                            7             6
  joined to an earlier stay                        1             1
  care episodes after merging                      6             5
  of them made of several stays                    1             1
  of them psychiatric                              4             4
  of them still going on                                         1

Problems reported: 1
  row 7, claim C06: ends on 2010-06-10, before it starts on 2010-06-20

Verdicts, one referral at noon of 2010-06-30 (America/Chicago) for each of 6 people
  met                                              3
  not met                                          3
  unknown                                          0
  pending                                          0
  not applicable                                   0
  not met for P05 by the claims that can be used; another is reported above

People whose window is met: 3   last day        days before
  P02                           still in care             -
  P01                           2010-04-20               71
  P03                           2010-04-01               90

Raw count of people (psychiatric rows discharged 0 to 90 days before, nothing merged): 2
  2, less 1 only there, with 2 only after merging: 3 met
Only by the raw count: 1
  P05  claim C06 is reported above and not used
Only after merging: 2
  P01  the psychiatric stay ended on 2010-03-10, 112 days before, and is joined with care that ended on \
2010-04-20, 71 days before
  P02  still in care: the psychiatric stay began on 2010-06-25 and its discharge lies after the day
By both, with another last day: nobody
"""


def test_a_reading_is_chosen_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--reading` may be given more than once; a reading that is not there ends with 2 and the near name."""
    file = str(_write(tmp_path, [_line(("P01", "C01", "20100301", "20100401", PSYCHIATRIC))]))
    assert cms.main([file, "--on", "2010-06-30", "--reading", "day 90 is out"]) == 0
    assert "rule referral.window, reading: day 90 is out" in capsys.readouterr().out
    assert cms.main([file, "--on", "2010-06-30", "--reading", "day 90 is in", "--reading", "day 90 is out"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "there is no reading 'day 90 is in'" in shown.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        (b"", "there is no column DESYNPUF_ID"),
        (b"DESYNPUF_ID,CLM_ID,CLM_ADMSN_DT,ICD9_DGNS_CD_1\n", "there is no column NCH_BENE_DSCHRG_DT"),
        (HEADER.encode() + b",CLM_ID\n", "column CLM_ID is there twice"),
        (HEADER.encode() + b"\nP01,C01,1\n", "row 2: has 3 cells for 11 columns"),
        (HEADER.encode() + b"\n\xff\n", "cannot be read"),
        (HEADER.encode() + b'\n"P01"x,C01\n', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, told: str
) -> None:
    """No file, no such columns, ragged rows, another encoding or no CSV: exit code 2, a message, and no report."""
    file = tmp_path / "claims.csv"
    if content is not None:
        file.write_bytes(content)
    assert cms.main([str(file), "--on", "2010-06-30"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err


def test_every_missing_column_is_named(tmp_path: Path) -> None:
    """All columns that are missing are told at once."""
    file = tmp_path / "claims.csv"
    file.write_text("DESYNPUF_ID,CLM_ID\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        cms.read_claims(file)
    assert len(error.value.problems) == 3


@pytest.mark.parametrize("on", ["20100630", "2010-6-30", "2010-02-30", "2010-W26-3", "today"])
def test_the_day_is_written_in_one_way(on: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The day is YYYY-MM-DD and must be given."""
    for options in (["--on", on], []):
        with pytest.raises(SystemExit) as end:
            cms.main(["claims.csv", *options])
        assert end.value.code == 2
    assert "is not a date YYYY-MM-DD" in capsys.readouterr().err


# the real file, against a count of its own in plain Python

needs_file = pytest.mark.skipif(
    not REAL.is_file(), reason="the CMS claims are not here: give their folder as PEERSUPPORT_DATA"
)
FAR = dt.date.max


def _rows() -> Iterator[tuple[str, str, dt.date, dt.date, str]]:
    with REAL.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first, last = (dt.date.fromisoformat(row[name]) for name in ("CLM_ADMSN_DT", "NCH_BENE_DSCHRG_DT"))
            yield row["DESYNPUF_ID"], row["CLM_ID"], first, last, row["ICD9_DGNS_CD_1"]


def _is_psychiatric(codes: Iterable[str]) -> bool | None:
    known = [code.isdigit() and 290 <= int(code[:3]) <= 319 for code in codes if code]
    return any(known) if known else None


def _raw(on: dt.date, farthest: int = 90) -> dict[str, int]:
    """The days since the last psychiatric discharge of each person, row by row."""
    found = [(person, (on - last).days) for person, _, _, last, code in _rows() if _is_psychiatric([code])]
    near = sorted((each for each in found if 0 <= each[1] <= farthest), key=lambda each: -each[1])
    return dict(near)


def _plain_stays(on: dt.date) -> dict[str, list[tuple[dt.date, dt.date, bool | None]]]:
    """The stays of each person, one for each claim, as of a day."""
    claims: dict[tuple[str, str], list[tuple[dt.date, dt.date, str]]] = {}
    for person, claim, first, last, code in _rows():
        claims.setdefault((person, claim), []).append((first, last, code))
    found: dict[str, list[tuple[dt.date, dt.date, bool | None]]] = {}
    for (person, _), rows in claims.items():
        first, last = min(row[0] for row in rows), max(row[1] for row in rows)
        if first <= on:
            stay = (first, last if last <= on else FAR, _is_psychiatric(row[2] for row in rows))
            found.setdefault(person, []).append(stay)
    return found


def _chained(stays: list[tuple[dt.date, dt.date, bool | None]]) -> list[set[int]]:
    """The stays that hang together, found by looking at each pair: not the way the library does it."""
    groups = [{number} for number in range(len(stays))]
    for i, one in enumerate(stays):
        for j, other in enumerate(stays[:i]):
            if one[0] <= other[1] and other[0] <= one[1]:
                joined = [group for group in groups if i in group or j in group]
                groups = [*(group for group in groups if group not in joined), set().union(*joined)]
    return groups


def _plain_count(on: dt.date) -> tuple[int, int, dict[str, int | None], set[str]]:
    """Stays, episodes, who is within with the days since (None in care), and who may be, by plain Python."""
    people = _plain_stays(on)
    episodes = {person: [[stays[i] for i in group] for group in _chained(stays)] for person, stays in people.items()}
    within: dict[str, int | None] = {}
    perhaps: set[str] = set()
    for person, groups in episodes.items():
        for group in sorted(groups, key=min):
            last, flags = max(stay[1] for stay in group), {stay[2] for stay in group}
            if last != FAR and (on - last).days > 90:
                continue
            if True in flags:
                within[person] = None if last == FAR else (on - last).days
            elif None in flags:
                perhaps.add(person)
    return sum(map(len, people.values())), sum(map(len, episodes.values())), within, perhaps - set(within)


@needs_file
def test_the_real_file_on_2010_06_30(capsys: pytest.CaptureFixture[str]) -> None:
    """19 people discharged in the 90 days before stay 19, each with the same day; one more is still in care.

    Merging moves nobody's last day on this day. The person discharged 92 days before is out by either count.
    """
    assert cms.main([str(REAL), "--on", "2010-06-30"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line in REAL_LINES:
        assert line in lines
    raw = _raw(ON, farthest=99)
    assert {person: days for person, days in raw.items() if days > 90} == {"32901470255D5D22": 92}
    assert not any("32901470255D5D22" in line for line in lines)
    within = {person: days for person, days in raw.items() if days <= 90}
    assert len(within) == 19
    listed = [f"  {person:<30}{ON - dt.timedelta(days=days)!s:<16}{days:>11}" for person, days in within.items()]
    assert set(listed) <= set(lines)


REAL_LINES = """\
  rows                                         5,775
  claims                                       5,768
  claims reported and not used                     0
  people                                       3,268         3,068
  stays                                        5,768         5,408
  joined to an earlier stay                      185           181
  care episodes after merging                  5,583         5,227
  of them made of several stays                  169           165
  of them psychiatric                            242           226
  of them still going on                                        24
Problems reported: 0
  met                                             20
  not met                                      3,248
  unknown                                          0
  pending                                          0
  not applicable                                   0
People whose window is met: 20  last day        days before
  128F93D4A1B23DFC              still in care             -
  19, less 0 only there, with 1 only after merging: 20 met
Only by the raw count: nobody
Only after merging: 1
  128F93D4A1B23DFC  still in care: the psychiatric stay began on 2010-06-29 and its discharge lies after the day
By both, with another last day: nobody
""".splitlines()


@needs_file
@pytest.mark.parametrize(
    ("on", "raw", "met", "unknown"),
    [
        (dt.date(2009, 6, 30), 24, 26, 0),  # two people still in care
        (dt.date(2010, 3, 31), 20, 20, 1),  # one last day moved; one claim without a diagnosis; one at day 90
        (dt.date(2010, 6, 1), 18, 22, 1),  # three still in care, and one within only because stays were joined
        (ON, 19, 20, 0),
    ],
)
def test_the_real_file_against_plain_python(on: dt.date, raw: int, met: int, unknown: int) -> None:
    """Stays, episodes, verdicts, last days and differences agree with a count that uses neither script nor library."""
    result = cms.judged(cms.read_claims(REAL), on)
    stays, episodes, within, perhaps = _plain_count(on)
    assert (len(_raw(on)), len(within), len(perhaps)) == (raw, met, unknown)
    assert (len(result.seen), len(result.episodes)) == (stays, episodes)
    assert _days(result) == within
    assert {f.person for f in result.findings if f.verdict is Verdict.UNKNOWN} == perhaps
    assert len(result.findings) == 3268
    assert {f.verdict for f in result.findings} <= {Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN}
    assert set(cms.only_merged(result)) == set(within) - set(_raw(on))
    assert set(cms.only_raw(result)) == set(_raw(on)) - set(within) == set()
    assert set(cms.moved(result)) == {each for each, days in _raw(on).items() if within[each] != days}


@needs_file
def test_the_joins_of_the_real_file() -> None:
    """190 pairs of neighbouring rows overlap or touch: 7 are the rows of one claim, and 2 joins are of no neighbours.

    So 190 - 7 + 2 = 185 of the 5,768 stays are joined to an earlier one, and 5,583 episodes are left.
    """
    rows = _pairs((person, first, last) for person, _, first, last, _ in _rows())
    claims = _pairs((person, first, last) for person, stays in _plain_stays(FAR).items() for first, last, _ in stays)
    assert (rows, claims) == ((162, 28), (155, 28))
    stays, episodes, _, _ = _plain_count(FAR)
    assert (stays, episodes, stays - episodes) == (5768, 5583, sum(rows) - 7 + 2)


def _pairs(stays: Iterable[tuple[str, dt.date, dt.date]]) -> tuple[int, int]:
    """How many neighbours of one person overlap, and how many start on the day that the one before ends."""
    ordered = sorted(stays)
    gaps = [after[1] - before[2] for before, after in pairwise(ordered) if before[0] == after[0]]
    return sum(gap.days < 0 for gap in gaps), sum(gap.days == 0 for gap in gaps)


# merge_stays

FIRST = dt.date(2026, 1, 1)
HORIZON = 120


@st.composite
def _some_stays(draw: st.DrawFn) -> list[CareEpisode]:
    count = draw(st.integers(0, 12))
    return [_drawn(draw, number) for number in range(count)]


def _drawn(draw: st.DrawFn, number: int) -> CareEpisode:
    admitted_on = FIRST + dt.timedelta(days=draw(st.integers(0, 60)))
    length = draw(st.one_of(st.integers(0, 12), st.sampled_from([None, 0, 1])))
    return CareEpisode(
        id=f"stay {number}",
        person=draw(st.sampled_from(["p1", "p2"])),
        kind=draw(st.sampled_from(["inpatient", "emergency"])),
        psychiatric=draw(st.sampled_from([True, False, None])),
        admitted_on=admitted_on,
        ended_on=NONE if length is None else admitted_on + dt.timedelta(days=length),
        led_to=NONE,
    )


def _covered(stays: Iterable[CareEpisode]) -> set[tuple[str | None, int]]:
    """Each person's days of care, the first and the last among them; care that goes on is counted to a horizon."""
    return {
        (stay.person, day) for stay in stays for day in range(_number(stay.admitted_on), _number(stay.ended_on) + 1)
    }


def _number(day: object) -> int:
    return (day - FIRST).days if isinstance(day, dt.date) else HORIZON


def _episodes(merged: Iterable[Merged]) -> list[CareEpisode]:
    return [each.episode for each in merged]


@given(_some_stays())
def test_merged_episodes_neither_overlap_nor_touch(stays: list[CareEpisode]) -> None:
    """Between two episodes of a person lies at least a night out of care; nothing follows care that goes on."""
    episodes = _episodes(merge_stays(stays))
    for before, after in pairwise(episodes):
        apart = before.person != after.person or _number(before.ended_on) < _number(after.admitted_on)
        assert apart
        assert str(before.person) <= str(after.person)


@given(_some_stays())
def test_merging_keeps_every_day_of_care_and_every_stay(stays: list[CareEpisode]) -> None:
    """No day of care is lost or added, and each stay is in exactly one episode, which is of its person."""
    merged = merge_stays(stays)
    assert _covered(_episodes(merged)) == _covered(stays)
    owners = {stay.id: stay.person for stay in stays}
    placed = [(id_, each.episode.person) for each in merged for id_ in each.stays]
    assert sorted(placed) == sorted(owners.items())


@given(_some_stays())
def test_an_episode_is_psychiatric_if_any_of_its_stays_is(stays: list[CareEpisode]) -> None:
    """One yes is a yes; without one, a stay of which it is not recorded leaves it not recorded."""
    flags = {stay.id: stay.psychiatric for stay in stays}
    for each in merge_stays(stays):
        said = {flags[id_] for id_ in each.stays}
        assert each.episode.psychiatric is (True if True in said else None if None in said else False)


@given(_some_stays(), st.randoms(use_true_random=False))
def test_the_order_of_stays_does_not_matter(stays: list[CareEpisode], random: Any) -> None:  # noqa: ANN401
    """The same stays in another order make the same episodes."""
    shuffled = list(stays)
    random.shuffle(shuffled)
    assert merge_stays(shuffled) == merge_stays(stays)


@given(_some_stays())
def test_merging_twice_changes_nothing(stays: list[CareEpisode]) -> None:
    """Episodes that were merged are merged already: each is made of itself alone."""
    once = _episodes(merge_stays(stays))
    assert merge_stays(once) == tuple(Merged(each, (each.id,)) for each in once)
