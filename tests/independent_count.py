"""A second count of the example roster: plain Python over the CSV files, written without the library.

It follows the English of the rulebook `nebraska-dbh`, rule by rule, and knows nothing of terms, kinds or readers. What
a cell says is a text, `NONE` (known absent) or `None` (not recorded); a yes-or-no is True, False or None.

A deadline is judged by trying what is not recorded: every verdict that some possible day would give is collected, and
where there is more than one the verdict is unknown. Conditions are joined by `every` and `some`, which keep None where
it could turn the answer.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import zoneinfo
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

MET, NOT_MET, UNKNOWN, PENDING, NOT_APPLICABLE = "met", "not_met", "unknown", "pending", "not_applicable"
NONE = "none"
EVER = dt.date(1900, 1, 1)
ZONE = zoneinfo.ZoneInfo("America/Chicago")
CASELOAD = 25

Row = dict[str, str]
Truth = bool | None
Day = dt.date | None


# cells


def yes(text: str) -> Truth:
    """A yes or no, or None where it is not recorded."""
    return {"yes": True, "no": False}.get(text)


def same(text: str, wanted: str) -> Truth:
    """Whether a cell says something, or None where it is not recorded."""
    return text == wanted if text else None


def some(truths: Iterable[Truth]) -> Truth:
    """One of them holds."""
    found = list(truths)
    return True if True in found else None if None in found else False


def every(*truths: Truth) -> Truth:
    """All of them hold."""
    return False if False in truths else None if None in truths else True


def before(first: Day, second: Day) -> Truth:
    """One day lies before another, or None where one of them is not recorded."""
    return None if first is None or second is None else first < second


def at_most(first: Day, second: Day) -> Truth:
    """One day is another or lies before it, or None where one of them is not recorded."""
    return None if first is None or second is None else first <= second


def verdict(truth: Truth) -> str:
    """What a condition comes to."""
    return {True: MET, False: NOT_MET, None: UNKNOWN}[truth]


def when(applies: Truth, then: str) -> str:
    """A verdict where the rule applies."""
    return {True: then, False: NOT_APPLICABLE, None: UNKNOWN}[applies]


class Count:
    """The tables of a roster and the day on which they are looked at."""

    def __init__(self, folder: Path, on: dt.date) -> None:
        self.on = on
        self.tables: dict[str, list[Row]] = {}
        for file in folder.glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                self.tables[file.stem] = list(csv.DictReader(lines))
        self.people = {row["id"]: row for row in self.tables["person"]}
        self.admissions = {row["id"]: row for row in self.tables["admission"]}

    # what is there

    def of(self, table: str, fact: str, id_: str) -> list[Row]:
        """The rows of a table that refer to something."""
        return [row for row in self.tables[table] if row[fact] == id_]

    def day(self, text: str) -> Day:
        """The day of a cell as it is seen: not recorded, known absent, and later than today are all no day."""
        if not text or text == NONE:
            return None
        found = dt.datetime.fromisoformat(text).astimezone(ZONE).date() if "T" in text else dt.date.fromisoformat(text)
        return found if found <= self.on else None

    def ahead(self, text: str) -> bool:
        """Whether a record is dated after today: then it has not been seen."""
        return bool(text) and text != NONE and self.day(text) is None

    def seen(self, table: str, dated: str) -> list[Row]:
        """The rows of a table that are not dated after today."""
        return [row for row in self.tables[table] if not self.ahead(row[dated])]

    # days that may be

    def perhaps(self, text: str, around: Iterable[Day]) -> list[Day]:
        """The days that a cell may stand for, None for no day yet. Days that matter lie near other days or long ago."""
        if text:
            return [self.day(text)]
        near = [day + dt.timedelta(n) for day in {*around, self.on} if day for n in (-31, -30, -1, 0, 1, 30, 31)]
        return [None, EVER, *sorted({day for day in near if day <= self.on})]

    def first_of(self, options: Iterable[list[Day]]) -> set[Day]:
        """The days on which something may have happened first, if each time it happened on one of some days."""
        first: set[Day] = {None}
        for days in options:
            first = {min((day for day in (one, other) if day), default=None) for one in first for other in days}
        return first

    def ends(self, admission: Row, around: Iterable[Day]) -> list[Day]:
        """The days on which the service may have ended, None if it goes on."""
        return self.perhaps(admission["ended_on"], around)

    # deadlines

    def deadline(self, due: Day, done: Day, ended: Day) -> str:
        """Done by the due day; nothing is owed that falls due on the day the service ended, or later."""
        if done and (due is None or done <= due):
            return MET
        if ended and (due is None or due >= ended):
            return NOT_APPLICABLE
        if done is None and (due is None or due >= self.on):
            return PENDING
        return NOT_MET

    def tried(self, dues: Iterable[Day], dones: Iterable[Day], ends: Iterable[Day]) -> str:
        """The verdict that all possible days agree on."""
        found = {self.deadline(*days) for days in itertools.product(dues, dones, ends)}
        return found.pop() if len(found) == 1 else UNKNOWN

    def plan_developed(self, admission: Row) -> str:
        """The plan is written within 30 days after admission."""
        written = [row["developed_on"] for row in self.of("plan", "admission", admission["id"])]
        around = [self.day(admission["admitted_on"]), self.day(admission["ended_on"]), *map(self.day, written)]
        dues = [day and day + dt.timedelta(30) for day in self.perhaps(admission["admitted_on"], around)]
        dones = self.first_of(self.perhaps(text, around) for text in written)
        return self.tried(dues, dones, self.ends(admission, [*around, *dues]))

    def plan_signed(self, plan: Row) -> str:
        """The consultant signs the plan while the service lasts."""
        ended = self.admissions[plan["admission"]]["ended_on"]
        around = [self.day(ended), self.day(plan["signed_on"])]
        return self.tried(self.perhaps(ended, around), self.perhaps(plan["signed_on"], around), [None])

    def before_service(self, admission: Row) -> str:
        """In individual service a fitting assessment is complete by the day of the first service."""
        services = self.of("contact", "admission", admission["id"])
        assessments = self.of("assessment", "person", admission["person"])
        dates = [row["starts_at"] for row in services] + [row["completed_on"] for row in assessments]
        around = [*map(self.day, dates), self.day(admission["ended_on"])]

        def possible(text: str, holds: Truth) -> list[Day]:
            days = self.perhaps(text, around) if holds is not False else []
            return days if holds else [*days, None]

        dues = self.first_of(possible(row["starts_at"], same(row["status"], "attended")) for row in services)
        dones = self.first_of(possible(row["completed_on"], fitting(row)) for row in assessments)
        return when(same(admission["service"], "individual"), self.tried(dues, dones, self.ends(admission, around)))

    # what is due again and again

    def each_90_days(self, start: Day, done: list[str], admission: Row) -> Iterator[str]:
        """One verdict for each time, counted from the time before.

        An undated time could be any of those missed, but one is still ahead, or no longer owed, in any case. What was
        missed when the service ended cannot be done any more.
        """
        days = sorted(day for day in map(self.day, done) if day)
        ended = self.day(admission["ended_on"])
        while start:
            due = start + dt.timedelta(90)
            next_ = next((day for day in days if day > start and (day <= due or not ended or day < ended)), None)
            found = {self.deadline(due, next_, end) for end in self.ends(admission, [due, next_])}
            came = found.pop() if len(found) == 1 else UNKNOWN
            yield UNKNOWN if came == NOT_MET and "" in done else came
            start = next_ if came != NOT_APPLICABLE else None

    def plan_reviewed(self, admission: Row) -> list[str]:
        """The plan is reviewed at least every 90 days, from the first plan on, in whatever version."""
        plans = self.of("plan", "admission", admission["id"])
        written = [row["developed_on"] for row in plans]
        reviews = [row["reviewed_on"] for plan in plans for row in self.of("plan_review", "plan", plan["id"])]
        first = min((day for day in map(self.day, written) if day), default=None)
        if "" in written:
            return [UNKNOWN]
        if first is None:
            return [self.tried([None], [None], self.ends(admission, []))]
        return list(self.each_90_days(first, reviews, admission))

    def consultation(self, admission: Row) -> list[str]:
        """They confer about each person at least every 90 days, from admission on."""
        held = [
            row["held_on"] for row in self.tables["consultation"] if admission["id"] in row["admissions"].split(";")
        ]
        if not admission["admitted_on"]:
            return [UNKNOWN]
        return list(self.each_90_days(self.day(admission["admitted_on"]), held, admission))

    # conditions

    def signed_by_qualified(self, plan: Row) -> str:
        """The signer held a license on that day for all that the plan covers."""
        signed = self.day(plan["signed_on"])
        held = some(fits(row, plan, signed) for row in self.of("license", "consultant", plan["signed_by"]))
        if plan["signed_on"] == NONE:
            return NOT_APPLICABLE
        return verdict(held) if signed else UNKNOWN

    def copy(self, assessment: Row) -> str:
        """A copy is in the file, or at least one effort to get one is documented."""
        efforts = int(assessment["documented_efforts"]) >= 1 if assessment["documented_efforts"] else None
        completed = False if assessment["completed_on"] == NONE else True if assessment["completed_on"] else None
        return when(completed, verdict(some([yes(assessment["copy_in_file"]), efforts])))

    def disorder(self, row: Row) -> str:
        """A disorder, in family service the child's, that would benefit."""
        own = some([yes(row["mental_health_disorder"]), yes(row["substance_use_disorder"])])
        kinds = ("emotional_disturbance", "mental_health_disorder", "substance_use_disorder")
        childs = some([yes(row[f"child_{kind}"]) for kind in kinds])
        return verdict(every(by_service(row, own, childs), yes(row["would_benefit"])))

    def active_services(self, row: Row, admission: Row, dated: Day) -> str:
        """On the day there are other behavioral health services, in family service the child's."""

        def enrolled(person: str) -> Truth:
            rows = [each for each in self.of("other_service", "person", person) if not self.ahead(each["starts_on"])]
            kinds = [same(each["kind"], "behavioral_health") for each in rows]
            return some(every(kind, runs(each, dated)) for kind, each in zip(kinds, rows, strict=True))

        childs = False if admission["child"] == NONE else enrolled(admission["child"])
        return verdict(by_service(row, enrolled(admission["person"]), childs))

    def family(self, row: Row, admission: Row, dated: Day) -> str:
        """The caregiver of a child under 19 with such a condition, and urgent difficulties somewhere."""
        born = "" if admission["child"] == NONE else self.people[admission["child"]]["birth_date"]
        condition = some([yes(row["child_emotional_disturbance"]), yes(row["child_substance_use_disorder"])])
        urgent = row["urgent_settings"] != NONE if row["urgent_settings"] else None
        young = dated < birthday(dt.date.fromisoformat(born), 19) if born and dated else None
        return when(same(row["service"], "family"), verdict(every(yes(row["is_caregiver"]), condition, urgent, young)))

    def benefit(self, review: Row) -> str:
        """Benefit is likely, and some measure was taken twice, on different days."""
        measured = []
        for row in self.of("measure", "admission", review["admission"]):
            later = before(self.day(row["baseline_on"]), self.day(row["latest_on"]))
            measured.append(False if row["latest_on"] == NONE or self.ahead(row["baseline_on"]) else later)
        return verdict(every(yes(review["benefit_likely"]), some(measured)))

    def group_size(self, session: Row) -> str:
        """Three to twelve people are present."""
        return verdict(3 <= int(session["present"]) <= 12 if session["present"] else None)

    # caseloads

    def people_served(self, peer: str) -> Iterator[tuple[dt.date, int, int]]:
        """Each day with the number of people whom a peer provider surely serves, and may serve."""
        rows = [row for row in self.of("assignment", "peer_provider", peer) if not self.ahead(row["starts_on"])]
        starts = [day for row in rows if (day := self.day(row["starts_on"]))]
        for number in range((self.on - min(starts)).days + 1):
            day = min(starts) + dt.timedelta(number)
            served = [(row["admission"], runs(row, day)) for row in rows]
            surely = {admission for admission, truth in served if truth}
            yield day, len(surely), len({admission for admission, truth in served if truth is not False})

    def caseload(self, peer: str) -> list[str]:
        """One verdict for each unbroken time over the limit, or one that it was kept."""
        found = []
        for over, days in itertools.groupby(self.people_served(peer), key=lambda day: day[2] > CASELOAD):
            surely = [truth for truth, _ in itertools.groupby(day[1] > CASELOAD for day in days) if truth]
            found += [NOT_MET] * len(surely) or [UNKNOWN] * over
        return found or [MET]

    def caseload_peak(self, peer: str) -> tuple[int, int]:
        """The days on which a peer provider surely served too many, and the most people on any day."""
        surely = [surely for _, surely, _ in self.people_served(peer)]
        return sum(number > CASELOAD for number in surely), max(surely)

    # the whole

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """Each rule with each verdict that it comes to."""
        admissions = self.seen("admission", "admitted_on")
        plans, reviews = self.seen("plan", "developed_on"), self.seen("stay_review", "reviewed_on")
        yield from over("plan.developed", self.plan_developed, admissions)
        yield from over("assessment.before_service", self.before_service, admissions)
        yield from over("assessment.copy", self.copy, self.seen("assessment", "completed_on"))
        yield from over("plan.signed", self.plan_signed, plans)
        yield from over("plan.signed_by_qualified", self.signed_by_qualified, plans)
        yield from over("group.size", self.group_size, self.seen("group_session", "held_on"))
        yield from over("stay.benefit", self.benefit, reviews)
        for admission in admissions:
            yield from (("plan.reviewed", each) for each in self.plan_reviewed(admission))
            yield from (("consultation.each_90_days", each) for each in self.consultation(admission))
            yield from self.criteria(admission, admission, self.day(admission["admitted_on"]))
        for review in reviews:
            yield from self.criteria(review, self.admissions[review["admission"]], self.day(review["reviewed_on"]))
        for peer in self.tables["peer_provider"]:
            yield from (("caseload.maximum", each) for each in self.caseload(peer["id"]))

    def criteria(self, row: Row, admission: Row, dated: Day) -> Iterator[tuple[str, str]]:
        """The criteria for admission, asked of an admission or of a review of the stay."""
        yield "admission.disorder", self.disorder(row)
        yield "admission.active_services", self.active_services(row, admission, dated)
        yield "admission.family", self.family(row, admission, dated)


def over(rule: str, judge: Callable[[Row], str], rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """A rule with its verdict for each of some rows."""
    return ((rule, judge(row)) for row in rows)


def by_service(row: Row, individual: Truth, family: Truth) -> Truth:
    """What holds of the person in individual service, and of the child in family service."""
    return some([every(same(row["service"], name), truth) for name, truth in
                 (("individual", individual), ("family", family))])  # fmt: skip


def fitting(assessment: Row) -> Truth:
    """It describes the needs, recommends the service, and an authorized clinician made it."""
    facts = ("describes_needs", "recommends_peer_support", "clinician_authorized")
    return every(*(yes(assessment[fact]) for fact in facts))


def runs(row: Row, day: Day) -> Truth:
    """Something goes on on a day: it started by then, and ends later or not at all."""
    start, end = row["starts_on"], row["ends_on"]
    started = at_most(dt.date.fromisoformat(start) if start else None, day)
    return every(started, end == NONE or before(day, dt.date.fromisoformat(end) if end else None))


def fits(license_: Row, plan: Row, signed: Day) -> Truth:
    """A license was in force on the day, and is for all that the plan covers."""
    start, end = license_["valid_from"], license_["valid_until"]
    in_force = every(
        at_most(dt.date.fromisoformat(start) if start else None, signed),
        end == NONE or at_most(signed, dt.date.fromisoformat(end) if end else None),
    )
    counts = license_["type"] != "other" if license_["type"] else None
    narrow = license_["type"] in {"ladc", "pladc"} if license_["type"] else None
    only_substances = plan["scope"] == "substance_use" if plan["scope"] else None
    return every(counts, in_force, some([None if narrow is None else not narrow, only_substances]))


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody reaches an age; of 29 February it is 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


def counts(folder: Path, on: dt.date) -> dict[str, dict[str, int]]:
    """How many findings of each rule have each verdict."""
    found: dict[str, Counter[str]] = {}
    for rule, each in Count(folder, on).verdicts():
        found.setdefault(rule, Counter())[each] += 1
    return {rule: dict(counter) for rule, counter in found.items()}
