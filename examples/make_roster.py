"""Makes the example roster: the tables of a made-up peer-support program in Nebraska, for an audit on 2026-06-30.

`python examples/make_roster.py` writes `examples/roster/` anew.

Nobody in it is real, and the same seed gives the same files. The tables are as they stood on 2026-07-07: what is dated
after the audit must not be seen. Records whose ids begin with `us` are the awkward cases of the table in `README.md`.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import random
import zoneinfo
from dataclasses import dataclass, field, replace
from pathlib import Path

SEED = 30
LAST = dt.date(2026, 7, 7)
OPEN = LAST + dt.timedelta(1)  # the end of what goes on, written as none: nothing is recorded on it or later
ZONE = zoneinfo.ZoneInfo("America/Chicago")

Texts = tuple[str, ...]
Value = str | bool | int | dt.date | Texts | None
Row = dict[str, Value]

_CONDITION = (
    "mental_health_disorder substance_use_disorder would_benefit symptoms_disturb_routine is_caregiver "
    "child_emotional_disturbance child_substance_use_disorder child_mental_health_disorder urgent_settings"
)
COLUMNS = {
    "program": "| time_zone capacity consultation_on_call",
    "person": "| birth_date conditions",
    "admission": f"person child | service admitted_on ended_on {_CONDITION}",
    "stay_review": f"admission | reviewed_on benefit_likely making_progress taking_part service {_CONDITION}",
    "measure": "admission | name baseline_on latest_on improved",
    "other_service": "person | kind starts_on ends_on",
    "assessment": "person | completed_on describes_needs recommends_peer_support clinician_authorized copy_in_file "
    "documented_efforts",
    "plan": "admission signed_by | developed_on signed_on scope",
    "plan_review": "plan | reviewed_on",
    "consultation": "admissions consultant | held_on",
    "peer_provider": "| role",
    "clinical_consultant": "| on_staff",
    "license": "consultant | type valid_from valid_until",
    "assignment": "peer_provider admission | kind starts_on ends_on",
    "group_session": "facilitators | held_on present on_roster",
    "contact": "person admission peer_provider | modality status starts_at ends_at",
}
"""The facts of each table, in the order of their columns: references, a bar, and what may be missing."""
DATES = ("_on", "_at")
MIND, SUBSTANCE = ("mental_health",), ("substance_use",)
PEERS = ("us35-peer", "us36-peer", "pp1", "pp2", "pp3", "pp4")
CONSULTANTS = ("cc1", "cc2", "us33-consultant", "us34-consultant")

# What the awkward cases speak of: kind, id, and the facts in the order of COLUMNS; ? is not recorded.
STORIES = """
plan us28-plan us28 cc1 2026-02-27 2026-03-09 mental_health
plan us29-plan us29 cc1 2026-02-27 2026-03-02 mental_health
plan_review us29-review us29-plan 2026-05-20
assessment us31-assessment us31-person 2026-01-20 yes yes yes no 2
assessment us31-none-assessment us31-none-person none yes yes yes no 2
assessment us32-assessment us32-person 2026-02-02 yes yes yes yes 0
plan us33-mh-plan us33-mh us33-consultant 2026-02-20 2026-02-24 mental_health
plan us33-su-plan us33-su us33-consultant 2026-02-20 2026-02-24 substance_use
plan us33-both-plan us33-both us33-consultant 2026-02-20 2026-02-24 mental_health;substance_use
license us33-license us33-consultant pladc 2024-07-01 2027-06-30
plan us34-plan-before us34 us34-consultant 2026-05-18 2026-05-20 mental_health
plan us34-plan-last-day us34 us34-consultant 2026-05-28 2026-05-31 mental_health
plan us34-plan us34 us34-consultant 2026-06-01 2026-06-02 mental_health
license us34-license us34-consultant plmhp 2024-06-01 2026-05-31
assignment us35-cover us35-peer us35 cover 2026-05-04 2026-05-11
group_session us37 pp3 2026-06-04 2 3
group_session us38 pp3;pp4 2026-06-11 13 12
stay_review us42-06-14 us42 2026-06-14 yes yes yes family no no yes yes yes yes no no school
stay_review us42-06-15 us42 2026-06-15 yes yes yes family no no yes yes yes yes no no school
stay_review us42-majority-06-14 us42-majority 2026-06-14 yes yes yes family no no yes yes yes yes no no school
stay_review us42-majority-06-15 us42-majority 2026-06-15 yes yes yes family no no yes yes yes yes no no school
other_service us47-service us47-person behavioral_health 2025-09-01 2026-04-30
measure us47-measure us47 days_housed 2026-02-09 2026-05-04 yes
stay_review us47-review us47 2026-05-28 yes yes yes individual yes no yes yes ? ? ? ? ?
"""
# What is there of everybody in an awkward case, so many days after the admission, unless a row above has the id.
IN_ORDER = (
    (-9, "assessment {name}-assessment {helped} {day} yes yes yes yes 0"),
    (-9, "other_service {name}-service {helped} behavioral_health {day} none"),
    (0, "contact {name}-contact {name}-person {name} {peer} in_person attended {utc} none"),
    (14, "plan {name}-plan {name} cc1 {day} {day} mental_health"),
    (80, "plan_review {name}-review {name}-plan {day}"),
)


def day(text: str) -> dt.date:
    """A day of 2026, written as in 05-20."""
    return dt.date.fromisoformat(f"2026-{text}")


@dataclass
class Book:
    """The tables as they fill, and the dice."""

    rng: random.Random
    tables: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in COLUMNS})
    firm: set[tuple[str, Value]] = field(default_factory=set)
    """The rows that never lose a fact: kind and id."""

    def add(self, kind: str, name: str, *values: Value, firm: bool = False) -> str:
        """Add a row. A name that ends in `*` is numbered, any other makes the row firm."""
        id_ = name.replace("*", f"{len(self.tables[kind]) + 1:03}")
        row: Row = dict(zip(COLUMNS[kind].replace("|", "").split(), values, strict=True))
        self.tables[kind].append({"id": id_, **row})
        if firm or id_ == name:
            self.firm.add((kind, id_))
        return id_

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so this often."""
        return self.rng.randrange(100) < percent

    def days(self, least: int, most: int) -> dt.timedelta:
        """Some days."""
        return dt.timedelta(self.rng.randint(least, most))

    def within(self, limit: int, least: int) -> dt.timedelta | None:
        """In time, on the last day, late, or not at all."""
        luck = self.rng.randrange(100)
        if luck < 7:
            return None
        if luck < 17:
            return self.days(limit + 1, limit + 25)
        return dt.timedelta(limit) if luck < 22 else self.days(least, limit - 2)


@dataclass
class Stay:
    """One admission while its records are made. `end` is the first day after it, or `OPEN`."""

    id: str
    service: str
    person: str
    child: str
    admitted: dt.date
    end: dt.date
    conditions: Texts
    peer: str = ""

    @property
    def helped(self) -> str:
        """Whose condition it is about: the person's, and in family service the child's."""
        return self.person if self.child == "none" else self.child


def person(book: Book, name: str, years: tuple[int, int], conditions: Texts) -> str:
    """Somebody born in some years."""
    born = dt.date(book.rng.randint(*years), book.rng.randint(1, 12), book.rng.randint(1, 28))
    return book.add("person", name, born, conditions)


def stays(book: Book, individuals: int, families: int) -> list[Stay]:
    """The random people's admissions, by day; some who left come back."""
    found = []
    for number in range(individuals + families):
        service = "family" if number >= individuals else "individual"
        conditions: Texts = book.rng.choice([MIND] * 5 + [SUBSTANCE] * 2 + [MIND + SUBSTANCE] * 3)
        conditions = () if service == "family" and book.chance(70) else conditions
        who = person(book, "p*", (1955, 2004), conditions)
        child = person(book, "p*", (2007, 2017), MIND) if service == "family" else "none"
        admitted = dt.date(2025, 7, 1) + book.days(0, 368)
        end = admitted + book.days(45, 240) if book.chance(35) else dt.date.max
        found.append(Stay("", service, who, child, admitted, min(end, OPEN), conditions))
    old = [stay for stay in found if stay.end < day("05-01")][:6]
    again = [replace(stay, admitted=stay.end + book.days(10, 50), end=OPEN) for stay in old]
    return sorted(found + again, key=lambda stay: (stay.admitted, stay.person))


def condition(book: Book, stay: Stay) -> list[Value]:
    """What is written of the person's condition, and in family service of the child's."""
    own = [*(each in stay.conditions for each in MIND + SUBSTANCE), book.chance(98), book.chance(97)]
    if stay.service == "individual":
        return [*own, *[None] * 5]
    urgent: Value = book.rng.choice([("school",)] * 4 + [("home", "school")] * 4 + [("community",), ()])
    return [*own, book.chance(98), book.chance(93), book.chance(15), book.chance(80), urgent]


def admit(book: Book, name: str, stay: Stay, about: list[Value]) -> None:
    """The row of an admission."""
    dates = (stay.admitted, stay.end)
    stay.id = book.add("admission", name, stay.person, stay.child, stay.service, *dates, *about)


def assign(book: Book, stay: Stay, peer: str, kind: str = "primary", *, firm: bool = True) -> None:
    """A peer provider serves somebody as long as the admission lasts, in a group since February at the earliest."""
    starts = stay.admitted if kind == "primary" else max(stay.admitted, day("02-02"))
    book.add("assignment", "g*", peer, stay.id, kind, starts, stay.end, firm=firm)
    stay.peer = peer if kind == "primary" else stay.peer


def caseloads(book: Book, found: list[Stay]) -> None:
    """Two peer providers full in May, one over the limit in the end, one who may be, and two with places."""
    rest = list(found)
    for peer, count, first, last in (
        ("us35-peer", 25, day("05-04"), day("05-10")),
        ("us36-peer", 24, day("05-05"), day("05-06")),
        ("pp1", 19, day("06-22"), LAST),
        ("pp2", 14, day("06-22"), LAST),
    ):
        for stay in book.rng.sample([stay for stay in rest if stay.admitted <= first and last < stay.end], count):
            assign(book, stay, peer)
            rest.remove(stay)
    for number, stay in enumerate(rest):
        assign(book, stay, "pp3" if number % 7 < 4 else "pp4", firm=False)
    for stay in [stay for stay in rest if stay.admitted < day("03-01") and stay.end == OPEN][:2]:
        # handed over by pp2, and the day of it was never written down
        book.add("assignment", "g*", "pp2", stay.id, "primary", stay.admitted, None)
    for peer, count in {"pp1": 7, "pp2": 10, "pp3": 6, "pp4": 3}.items():
        others = [stay for stay in found if stay.peer != peer and stay.admitted < day("06-22") and stay.end == OPEN]
        for stay in book.rng.sample(others, count):
            assign(book, stay, peer, "group_only", firm=peer < "pp3")


def contacts(book: Book, stay: Stay) -> dt.date:
    """The first service, sometimes after an attempt, and a few more. Gives the day of the first."""
    when, first = stay.admitted + book.days(0, 9), None
    while when < stay.end:
        attended = book.chance(90)
        starts = dt.datetime.combine(when, dt.time(book.rng.randint(8, 19), book.rng.choice([0, 30])), ZONE)
        ends = starts + dt.timedelta(minutes=book.rng.choice([30, 45, 60])) if attended else "none"
        how = book.rng.choice(["in_person", "in_person", "video", "telephone"])
        status, first = ("attended", first or when) if attended else ("not_attended", first)
        book.add("contact", "t*", stay.person, stay.id, stay.peer, how, status, starts, ends)
        when += book.days(35, 75) if first else book.days(2, 5)
    return first or stay.admitted


def assessment(book: Book, stay: Stay, first: dt.date) -> None:
    """Before the first service, sometimes on its day, seldom after it or never."""
    if book.chance(4):
        return
    completed = first if book.chance(10) else stay.admitted - book.days(1, 40)
    completed = first + book.days(1, 15) if book.chance(5) else completed
    flags = [book.chance(percent) for percent in (98, 97, 99, 82)]
    book.add("assessment", "e*", stay.helped, completed, *flags, 0 if flags[-1] else book.rng.randint(0, 3))


def plans(book: Book, stay: Stay) -> None:
    """A plan, its reviews, now and then a new version; at a review the stay is often reviewed as well."""
    when, plan, wait = stay.admitted, "", book.within(30, 2)
    while wait and when + wait < stay.end:
        when += wait
        if plan:
            book.add("plan_review", "r*", plan, when)
        if plan and book.chance(70):
            judged = (book.chance(97), book.chance(95), book.chance(96))
            book.add("stay_review", "s*", stay.id, when, *judged, stay.service, *condition(book, stay))
        if not plan or book.chance(12):
            only_substances = stay.conditions == SUBSTANCE or book.chance(4)
            signer = "us33-consultant" if only_substances else book.rng.choice(CONSULTANTS[:2] * 6 + CONSULTANTS[3:])
            signed = when + book.days(0, 16)
            by, on = ("none", "none") if book.chance(14) or signed > LAST else (signer, signed)
            plan = book.add("plan", "w*", stay.id, by, when, on, stay.conditions or MIND)
        wait = book.within(90, 58)


def measures(book: Book, stay: Stay) -> None:
    """One or two things counted, mostly twice."""
    for name in ("days_housed", "days_worked")[: book.rng.choice([1, 1, 2])]:
        baseline = stay.admitted + book.days(0, 30)
        latest = baseline + book.days(0, 120)
        again = latest < stay.end and book.chance(85)
        if baseline < stay.end:
            book.add("measure", "m*", stay.id, name, baseline, latest if again else "none", book.chance(75 * again))


def other_services(book: Book, stay: Stay) -> None:
    """What the person, or in family service the child, uses besides; some of it has ended."""
    starts = stay.admitted if book.chance(8) else stay.admitted - book.days(5, 700)
    ends = starts + book.days(60, 900) if book.chance(15) else "none"
    if book.chance(95):
        book.add("other_service", "o*", stay.helped, "behavioral_health", starts, ends)
    if book.chance(20):
        book.add("other_service", "o*", stay.person, "other", starts, "none")


def consultations(book: Book, found: list[Stay]) -> None:
    """Every four weeks a consultant and a peer provider confer about those who come due; some are forgotten."""
    for number, peer in enumerate(PEERS):
        last = {stay.id: stay.admitted for stay in found if stay.peer == peer}
        held = dt.date(2025, 7, 7) + dt.timedelta(3 * number)
        while held <= LAST:
            there = [stay.id for stay in found if stay.peer == peer and stay.admitted < held < stay.end]
            spoken_of = tuple(id_ for id_ in there if (held - last[id_]).days > 61 and book.chance(90))
            last |= dict.fromkeys(spoken_of, held)
            if spoken_of:
                book.add("consultation", "k*", spoken_of, CONSULTANTS[number % 2], held)
            held += dt.timedelta(28)


def program(book: Book) -> None:
    """The program, its peer providers, the consultants with their licenses, and a group a week since January."""
    book.add("program", "program", "America/Chicago", 150, "yes")
    for peer in PEERS:
        book.add("peer_provider", peer, "family_peer" if peer == "pp4" else "peer")
    for consultant in CONSULTANTS:
        book.add("clinical_consultant", consultant, book.chance(50))
    book.add("license", "cc1-license", "cc1", "psychiatrist", "2012-05-01", "none")
    book.add("license", "cc2-license-1", "cc2", "lmhp", "2021-09-01", "2025-08-31")
    book.add("license", "cc2-license-2", "cc2", "limhp", "2025-09-15", "2027-09-14")
    book.add("license", "cc2-license-3", "cc2", "other", "2018-01-01", "none")
    for week in range(24):
        held, on_roster = day("01-22") + dt.timedelta(weeks=week), book.rng.randint(4, 13)
        present = max(2, on_roster - book.rng.choice([0, 0, 1, 2, 4]))
        facilitators = tuple(book.rng.sample(PEERS[2:], book.rng.randint(1, 2)))
        book.add("group_session", "n*", facilitators, held, present, on_roster)


def story(book: Book, rows: dict[str, list[str]], name: str, admitted: str = "02-02", peer: str = "pp4", *,
          end: dt.date = OPEN, conditions: Texts = MIND, born: str = "") -> Stay:  # fmt: skip
    """Somebody of a story. What its rows do not speak of is in order; with `born` there is a child born then."""
    who = person(book, f"{name}-person", (1960, 2000), conditions)
    child = book.add("person", f"{name}-child", born, MIND) if born else "none"
    stay = Stay(name, "family" if born else "individual", who, child, day(admitted), end, conditions)
    of_child: list[Value] = [True, True, False, False, "school"] if born else [None] * 5
    admit(book, name, stay, [*(each in conditions for each in MIND + SUBSTANCE), True, True, *of_child])
    assign(book, stay, peer)
    # the first service is in the evening, and written in UTC, where it is the next day already
    utc = dt.datetime.combine(stay.admitted, dt.time(18, 30), ZONE).astimezone(dt.UTC).isoformat()
    for after, text in IN_ORDER:
        when = stay.admitted + dt.timedelta(after)
        row = text.format(name=name, helped=stay.helped, peer=peer, day=when, utc=utc).split()
        rows |= {row[1]: rows.get(row[1], row)} if when < stay.end else {}
    return stay


def stories(book: Book) -> list[Stay]:
    """The people of the stories, and what these speak of."""
    rows: dict[str, list[str]] = {row[1]: row for row in map(str.split, STORIES.strip().splitlines())}
    made = functools.partial(story, book, rows)
    found = [made(name) for name in ("us28", "us29", "us31", "us31-none", "us32", "us33-mh")]
    found += [made("us33-su", conditions=SUBSTANCE), made("us33-both", conditions=MIND + SUBSTANCE)]
    found += [made("us34", "05-04"), made("us35", peer="pp3"), made("us47", peer="pp3")]
    found += [made("us36-leaves", "02-02", "us36-peer", end=day("05-06")), made("us36-joins", "05-06", "us36-peer")]
    births = {"us41": "2014-03-10", "us42": "2008-06-15", "us42-majority": "2007-06-15"}
    found += [made(name, "03-02", conditions=(), born=born) for name, born in births.items()]
    for kind, name, *values in rows.values():
        book.add(kind, name, *(None if value == "?" else value for value in values))
    return found


def forget(book: Book) -> None:
    """Facts that nobody wrote down, days more seldom than others; never an id or a reference, never in a firm row."""
    for kind, rows in book.tables.items():
        facts = COLUMNS[kind].partition("|")[2].split()
        for row in (row for row in rows if (kind, row["id"]) not in book.firm):
            row |= {name: None for name in facts if book.chance(3 if name.endswith(DATES) else 9)}


def make() -> dict[str, list[Row]]:
    """The tables of the roster."""
    book = Book(random.Random(SEED))
    program(book)
    found = stays(book, individuals=87, families=17)
    for stay in found:
        admit(book, "a*", stay, condition(book, stay))
    caseloads(book, found)
    for stay in found:
        assessment(book, stay, contacts(book, stay))
        plans(book, stay)
        measures(book, stay)
        other_services(book, stay)
    consultations(book, [*found, *stories(book)])
    forget(book)
    return book.tables


def cell(value: Value) -> str:
    """A value as a cell: empty where it is not recorded, sets separated by semicolons."""
    if value is None or value == OPEN:
        return "" if value is None else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return ";".join(value) or "none" if isinstance(value, tuple) else str(value)


def write(tables: dict[str, list[Row]], folder: Path) -> None:
    """One CSV file for each table."""
    folder.mkdir(exist_ok=True)
    for kind, rows in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", *COLUMNS[kind].replace("|", "").split()])
            writer.writerows([cell(value) for value in row.values()] for row in rows)


if __name__ == "__main__":
    write(make(), Path(__file__).parent / "roster")
