"""Makes the example roster: the tables of a made-up peer-support program in Nebraska, for an audit on 2026-06-30.

Run it to write `examples/roster/` anew:

    python examples/make_roster.py

Nobody in it is real. The same seed gives the same files. The tables are as they stood on 2026-07-07, a week after the
day of the audit: what is dated in that week must not be seen. Records whose ids begin with `us` are the awkward cases
of the table in `README.md`; they are written down one by one in `stories`, everything else is drawn.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path

SEED = 20260630
ON = dt.date(2026, 6, 30)
LAST = dt.date(2026, 7, 7)
ZONE = zoneinfo.ZoneInfo("America/Chicago")
FOLDER = Path(__file__).parent / "roster"

Value = str | int | dt.date | tuple[str, ...] | None
Row = dict[str, Value]

_CHILD = "is_caregiver child_emotional_disturbance child_substance_use_disorder child_mental_health_disorder"
_STATE = (
    f"mental_health_disorder substance_use_disorder would_benefit symptoms_disturb_routine {_CHILD} urgent_settings"
)
COLUMNS = {
    "program": "time_zone capacity consultation_on_call",
    "person": "birth_date conditions",
    "admission": f"person child service admitted_on ended_on {_STATE}",
    "stay_review": f"admission reviewed_on service {_STATE} benefit_likely making_progress taking_part",
    "measure": "admission name baseline_on latest_on improved",
    "other_service": "person kind starts_on ends_on",
    "assessment": "person completed_on describes_needs recommends_peer_support clinician_authorized copy_in_file "
    "documented_efforts",
    "plan": "admission developed_on signed_on signed_by scope",
    "plan_review": "plan reviewed_on",
    "consultation": "admissions consultant held_on",
    "peer_provider": "role",
    "clinical_consultant": "on_staff",
    "license": "consultant type valid_from valid_until",
    "assignment": "peer_provider admission kind starts_on ends_on",
    "group_session": "facilitators held_on present on_roster",
    "contact": "person admission peer_provider modality status starts_at ends_at",
}
PREFIXES = {
    "person": "p", "admission": "a", "stay_review": "s", "measure": "m", "other_service": "o", "assessment": "e",
    "plan": "w", "plan_review": "r", "consultation": "k", "license": "l", "assignment": "g", "group_session": "n",
    "contact": "t",
}  # fmt: skip
REFERENCES = frozenset(
    "id person child admission plan consultant signed_by admissions peer_provider facilitators".split()
)
CLOCKS = frozenset("admitted_on ended_on developed_on reviewed_on held_on completed_on starts_on starts_at".split())
"""The dates that clocks are counted from: they are missing more seldom than other facts."""


def day(text: str) -> dt.date:
    """A date of 2026, written as 05-20, or a date of another year, written in full."""
    return dt.date.fromisoformat(text if text.count("-") > 1 else f"2026-{text}")


def at(date: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A time of day in the program's zone, with that day's offset."""
    return dt.datetime.combine(date, dt.time(hour, minute), ZONE)


@dataclass
class Book:
    """The tables as they fill. A row that is firm never loses a fact."""

    rng: random.Random
    tables: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in COLUMNS})
    firm: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, named: str = "", *, firm: bool = False, **facts: Value) -> str:
        """Add a row, with an id of its own or the next number of its kind."""
        assert set(facts) <= set(COLUMNS[kind].split()), (kind, facts)
        self.numbers[kind] = self.numbers.get(kind, 0) + (not named)
        id_ = named or f"{PREFIXES[kind]}{self.numbers[kind]:03}"
        self.tables[kind].append({"id": id_, **facts})
        if named or firm:
            self.firm.add(f"{kind} {id_}")
        return id_

    def chance(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def days(self, least: int, most: int) -> dt.timedelta:
        return dt.timedelta(self.rng.randint(least, most))

    def yes(self, percent: int) -> str:
        return "yes" if self.chance(percent) else "no"


@dataclass
class Stay:
    """One admission while its records are made. `ended` is the first day after it."""

    id: str
    person: str
    child: str
    admitted: dt.date
    ended: dt.date | None
    conditions: tuple[str, ...]
    peer: str = ""

    @property
    def service(self) -> str:
        return "family" if self.child != "none" else "individual"

    @property
    def end(self) -> dt.date:
        """The first day on which nothing can be recorded about it."""
        return self.ended or LAST + dt.timedelta(1)

    def lasts(self, first: dt.date, last: dt.date) -> bool:
        return self.admitted <= first and last < self.end


# who is there


def conditions(book: Book) -> tuple[str, ...]:
    return book.rng.choice(
        [("mental_health",)] * 5 + [("substance_use",)] * 2 + [("mental_health", "substance_use")] * 3
    )


def person(book: Book, oldest: int, youngest: int, living_with: tuple[str, ...], named: str = "") -> str:
    born = dt.date(book.rng.randint(oldest, youngest), book.rng.randint(1, 12), book.rng.randint(1, 28))
    return book.add("person", named, birth_date=born, conditions=living_with or "none")


def stays(book: Book, individuals: int, families: int) -> list[Stay]:
    """The random people's admissions, by day; some who left come back."""
    found = []
    for number in range(individuals + families):
        living_with = conditions(book) if number < individuals or book.chance(30) else ()
        who = person(book, 1955, 2004, living_with)
        child = person(book, 2007, 2017, ("mental_health",)) if number >= individuals else "none"
        admitted = dt.date(2025, 7, 1) + book.days(0, 368)
        ended = admitted + book.days(45, 240) if book.chance(35) else None
        found.append(Stay("", who, child, admitted, ended if ended and ended <= LAST else None, living_with))
    for old in [stay for stay in found if stay.ended and stay.ended < day("05-01")][:6]:
        again = (old.ended or LAST) + book.days(10, 50)
        found.append(Stay("", old.person, old.child, again, None, old.conditions))
    return sorted(found, key=lambda stay: (stay.admitted, stay.person))


def condition(book: Book, stay: Stay) -> Row:
    """What is written about the person, and in family service about the child."""
    facts: Row = {
        "mental_health_disorder": "yes" if "mental_health" in stay.conditions else "no",
        "substance_use_disorder": "yes" if "substance_use" in stay.conditions else "no",
        "would_benefit": book.yes(97),
        "symptoms_disturb_routine": book.yes(95),
    }
    if stay.child == "none":
        return facts
    facts |= {"is_caregiver": book.yes(98), "child_emotional_disturbance": book.yes(88)}
    facts |= {"child_substance_use_disorder": book.yes(15), "child_mental_health_disorder": book.yes(80)}
    return facts | {"urgent_settings": book.rng.choice([("school",), ("home", "school"), ("community",), "none"])}


def admission(book: Book, stay: Stay, **facts: Value) -> None:
    own = {"person": stay.person, "child": stay.child, "service": stay.service}
    when = {"admitted_on": stay.admitted, "ended_on": stay.ended or "none"}
    stay.id = book.add("admission", stay.id, **{**own, **when, **condition(book, stay), **facts})


def assigned(book: Book, stay: Stay, peer: str, *, firm: bool = True, kind: str = "primary") -> None:
    starts = stay.admitted if kind == "primary" else max(stay.admitted, day("02-02"))
    book.add("assignment", peer_provider=peer, admission=stay.id, kind=kind, starts_on=starts,
             ends_on=stay.ended or "none", firm=firm)  # fmt: skip
    if kind == "primary":
        stay.peer = peer


def caseloads(book: Book, found: list[Stay]) -> None:
    """Two peer providers full in May, one over the limit on the day, one who may be, two with places."""
    rest = list(found)

    def take(count: int, first: dt.date, last: dt.date, peer: str) -> None:
        fitting = [stay for stay in rest if stay.lasts(first, last)]
        for stay in sorted(book.rng.sample(fitting, count), key=lambda stay: stay.id):
            assigned(book, stay, peer)
            rest.remove(stay)

    take(25, day("05-04"), day("05-10"), "us35-peer")
    take(24, day("05-05"), day("05-07"), "us36-peer")
    take(19, day("06-22"), LAST, "pp1")
    take(14, day("06-22"), LAST, "pp2")
    for number, stay in enumerate(rest):
        assigned(book, stay, "pp3" if number % 7 < 4 else "pp4", firm=False)  # noqa: PLR2004  four sevenths
    for peer, count in {"pp1": 7, "pp2": 9, "pp3": 3, "pp4": 3}.items():
        others = [stay for stay in found if stay.peer != peer and stay.lasts(day("06-22"), LAST)]
        for stay in book.rng.sample(others, count):
            assigned(book, stay, peer, kind="group_only", firm=peer < "pp3")
    moved = [stay for stay in found if stay.peer in {"pp3", "pp4"} and stay.admitted < day("03-01")][:2]
    for stay in moved:  # handed over, and the day of it was never written down
        book.add("assignment", peer_provider="pp2", admission=stay.id, kind="primary", starts_on=stay.admitted)


# what is written about an admission


def assessments(book: Book, stay: Stay, first: dt.date) -> None:
    if book.chance(4):
        return
    completed = first if book.chance(10) else stay.admitted - book.days(1, 40)
    completed = first + book.days(1, 15) if book.chance(5) else completed
    copy = book.yes(82)
    book.add("assessment", person=stay.child if stay.child != "none" else stay.person, completed_on=completed,
             describes_needs=book.yes(98), recommends_peer_support=book.yes(97), clinician_authorized=book.yes(99),
             copy_in_file=copy, documented_efforts=0 if copy == "yes" else book.rng.randint(0, 3))  # fmt: skip


def contact(book: Book, stay: Stay, starts: dt.datetime, status: str) -> None:
    ends = starts + dt.timedelta(minutes=book.rng.choice([30, 45, 60])) if status == "attended" else "none"
    book.add("contact", person=stay.person, admission=stay.id, peer_provider=stay.peer, status=status, starts_at=starts,
             ends_at=ends, modality=book.rng.choice(["in_person", "in_person", "video", "telephone"]))  # fmt: skip


def contacts(book: Book, stay: Stay) -> dt.date:
    """The first service, sometimes after an attempt, and a few more; the day of the first is given back."""
    first = stay.admitted + book.days(0, 9)
    if book.chance(12):
        contact(book, stay, at(stay.admitted, 9, 30), "not_attended")
    when = first
    while when < stay.end:
        starts = at(when, book.rng.randint(8, 19), book.rng.choice([0, 15, 30]))
        contact(book, stay, starts, "attended" if book.chance(90) or when == first else "not_attended")
        when += book.days(35, 75)
    return first


def signature(book: Book, stay: Stay, developed: dt.date) -> Row:
    signed = developed + book.days(0, 16)
    if book.chance(14) or signed > LAST:
        return {"signed_on": "none", "signed_by": "none"}
    only_substances = stay.conditions == ("substance_use",)
    signer = "us33-consultant" if only_substances or book.chance(4) else book.rng.choice(["cc1", "cc1", "cc2", "cc2"])
    return {"signed_on": signed, "signed_by": "us34-consultant" if book.chance(8) else signer}


def plan_day(book: Book, stay: Stay) -> dt.date | None:
    """In time, on the last day, late, or not at all."""
    luck = book.rng.randrange(100)
    if luck < 7:  # noqa: PLR2004  a percentage, as below
        return None
    if luck < 17:  # noqa: PLR2004
        return stay.admitted + book.days(31, 52)
    return stay.admitted + (dt.timedelta(30) if luck < 22 else book.days(2, 28))  # noqa: PLR2004


def plans(book: Book, stay: Stay) -> None:
    developed = plan_day(book, stay)
    version = ""
    covered = stay.conditions or ("mental_health",)
    reviewed = developed
    while reviewed and reviewed < stay.end:
        if not version or book.chance(12):
            version = book.add("plan", admission=stay.id, developed_on=reviewed, scope=covered,
                               **signature(book, stay, reviewed))  # fmt: skip
        reviewed = next_review(book, reviewed)
        if reviewed and reviewed < stay.end:
            book.add("plan_review", plan=version, reviewed_on=reviewed)
            stay_review(book, stay, reviewed)


def next_review(book: Book, before: dt.date) -> dt.date | None:
    luck = book.rng.randrange(100)
    if luck < 8:  # noqa: PLR2004  a percentage, as below
        return None
    if luck < 18:  # noqa: PLR2004
        return before + book.days(91, 118)
    return before + (dt.timedelta(90) if luck < 24 else book.days(58, 88))  # noqa: PLR2004


def stay_review(book: Book, stay: Stay, when: dt.date) -> None:
    if book.chance(70):
        book.add("stay_review", admission=stay.id, reviewed_on=when, service=stay.service, benefit_likely=book.yes(94),
                 making_progress=book.yes(90), taking_part=book.yes(92), **condition(book, stay))  # fmt: skip


def measures(book: Book, stay: Stay) -> None:
    for name in ("days_housed", "days_worked")[: book.rng.randint(0, 2) or 1]:
        baseline = stay.admitted + book.days(0, 30)
        latest = baseline + book.days(0, 120)
        if baseline < stay.end:
            later = latest if latest < stay.end and book.chance(85) else "none"
            book.add("measure", admission=stay.id, name=name, baseline_on=baseline, latest_on=later,
                     improved=book.yes(75) if later != "none" else "no")  # fmt: skip


def other_services(book: Book, stay: Stay) -> None:
    who = stay.child if stay.child != "none" else stay.person
    starts = stay.admitted + (dt.timedelta(0) if book.chance(8) else -book.days(5, 700))
    ends = starts + book.days(60, 900) if book.chance(22) else "none"
    if book.chance(95):
        book.add("other_service", person=who, kind="behavioral_health", starts_on=starts, ends_on=ends)
    if book.chance(20):
        book.add("other_service", person=stay.person, kind="other", starts_on=starts, ends_on="none")


def consultations(book: Book, found: list[Stay]) -> None:
    """Every four weeks a consultant and a peer provider confer about those who come due; some are forgotten."""
    for number, peer in enumerate(PEERS):
        last = {stay.id: stay.admitted for stay in found if stay.peer == peer}
        held = dt.date(2025, 7, 7) + dt.timedelta(3 * number)
        while held <= LAST:
            open_ = [stay for stay in found if stay.peer == peer and stay.admitted < held < stay.end]
            near = [stay.id for stay in open_ if (held - last[stay.id]).days > 61 and book.chance(90)]  # noqa: PLR2004
            last |= dict.fromkeys(near, held)
            if near:
                book.add("consultation", admissions=tuple(near), consultant=("cc1", "cc2")[number % 2], held_on=held)
            held += dt.timedelta(28)


def groups(book: Book) -> None:
    for number in range(24):
        on_roster = book.rng.randint(4, 13)
        present = max(2, on_roster - book.rng.choice([0, 0, 1, 2, 4]))
        book.add("group_session", facilitators=tuple(book.rng.sample(PEERS[2:], book.rng.randint(1, 2))),
                 held_on=day("01-22") + dt.timedelta(7 * number), present=present, on_roster=on_roster)  # fmt: skip


def staff(book: Book) -> None:
    book.add("program", "program", time_zone="America/Chicago", capacity=150, consultation_on_call="yes")
    for peer in PEERS:
        book.add("peer_provider", peer, role="family_peer" if peer == "pp4" else "peer")
    for consultant in ("cc1", "cc2", "us33-consultant", "us34-consultant"):
        book.add("clinical_consultant", consultant, on_staff="yes" if consultant == "cc1" else "no")
    for consultant, type_, first, last in LICENSES:
        book.add("license", consultant=consultant, type=type_, valid_from=day(first), firm=True,
                 valid_until=last if last == "none" else day(last))  # fmt: skip


PEERS = ["us35-peer", "us36-peer", "pp1", "pp2", "pp3", "pp4"]
LICENSES = [
    ("cc1", "psychiatrist", "2012-05-01", "none"),
    ("cc2", "lmhp", "2021-09-01", "2025-08-31"),
    ("cc2", "limhp", "2025-09-15", "2027-09-14"),
    ("cc2", "other", "2018-01-01", "none"),
    ("us33-consultant", "pladc", "2024-07-01", "2027-06-30"),
    ("us34-consultant", "plmhp", "2024-06-01", "05-31"),
]


# the awkward cases


def story(book: Book, name: str, admitted: str, *, child: str = "none", peer: str = "pp4", **facts: Value) -> Stay:
    """Somebody of a story: with everything that the story does not speak of in order."""
    ended = facts.pop("ended_on", None)
    living_with = facts.pop("conditions", ("mental_health",))
    assert isinstance(living_with, tuple)
    person(book, 1960, 2000, living_with, f"{name}-person")
    stay = Stay(
        name, f"{name}-person", child, day(admitted), ended if isinstance(ended, dt.date) else None, living_with
    )
    admission(book, stay, **{"would_benefit": "yes", "symptoms_disturb_routine": "yes", **facts})
    whose = stay.person if child == "none" else child
    assigned(book, stay, peer)
    contact(book, stay, at(stay.admitted, 10), "attended")
    if name not in {"us31", "us31-none", "us32"}:
        assessed(book, f"{name}-assessment", whose, stay.admitted - dt.timedelta(9))
    if name != "us47":
        book.add("other_service", f"{name}-service", person=whose, kind="behavioral_health", ends_on="none",
                 starts_on=stay.admitted - dt.timedelta(90))  # fmt: skip
    return stay


def assessed(book: Book, name: str, who: str, when: Value, copy: str = "yes", efforts: int = 0) -> None:
    book.add("assessment", name, person=who, completed_on=when, describes_needs="yes", recommends_peer_support="yes",
             clinician_authorized="yes", copy_in_file=copy, documented_efforts=efforts)  # fmt: skip


def plan(book: Book, name: str, of: str, written: str, signed: str, by: str = "cc1", scope: Value = "") -> None:
    book.add("plan", name, admission=of, developed_on=day(written), signed_on=day(signed), signed_by=by,
             scope=scope or ("mental_health",))  # fmt: skip


def stories(book: Book) -> list[Stay]:
    """Each story of the table in README.md, in its order."""
    found = [story(book, "us28", "02-02"), story(book, "us29", "02-02")]
    plan(book, "us28-plan", "us28", "02-27", "03-09")
    plan(book, "us29-plan", "us29", "02-27", "03-02")
    book.add("plan_review", "us29-review", plan="us29-plan", reviewed_on=day("05-20"))

    found += [story(book, "us31", "02-02"), story(book, "us31-none", "02-02"), story(book, "us32", "02-02")]
    assessed(book, "us31-assessment", "us31-person", day("01-20"), "no", 2)
    assessed(book, "us31-none-assessment", "us31-none-person", "none", "no", 2)
    assessed(book, "us32-assessment", "us32-person", day("02-02"))

    both = ("mental_health", "substance_use")
    for name, scope in {"us33-mh": both[:1], "us33-su": both[1:], "us33-both": both}.items():
        found.append(story(book, name, "02-02", conditions=scope))
        plan(book, f"{name}-plan", name, "02-20", "02-24", "us33-consultant", scope)

    found.append(story(book, "us34", "05-04"))
    plan(book, "us34-plan-before", "us34", "05-18", "05-20", "us34-consultant")
    plan(book, "us34-plan-last-day", "us34", "05-28", "05-31", "us34-consultant")
    plan(book, "us34-plan", "us34", "06-01", "06-02", "us34-consultant")

    found.append(story(book, "us35", "02-02", peer="pp3"))
    book.add("assignment", "us35-cover", peer_provider="us35-peer", admission="us35", kind="cover",
             starts_on=day("05-04"), ends_on=day("05-11"))  # fmt: skip
    found.append(story(book, "us36-p", "02-02", peer="us36-peer", ended_on=day("05-06")))
    found.append(story(book, "us36-q", "05-06", peer="us36-peer"))
    book.add("group_session", "us37", facilitators=("pp3",), held_on=day("06-04"), present=2, on_roster=3)
    book.add("group_session", "us38", facilitators=("pp3", "pp4"), held_on=day("06-11"), present=13, on_roster=12)

    found += [*families(book), story(book, "us47", "02-02")]
    book.add("other_service", "us47-service", person="us47-person", kind="behavioral_health", ends_on=day("04-30"),
             starts_on=day("2025-09-01"))  # fmt: skip
    good: Row = {"benefit_likely": "yes", "making_progress": "yes", "taking_part": "yes"}
    same = {name: book.tables["admission"][-1][name] for name in _STATE.split()[:4]}
    book.add("measure", "us47-measure", admission="us47", name="days_housed", baseline_on=day("02-09"),
             latest_on=day("05-04"), improved="yes")  # fmt: skip
    book.add("stay_review", "us47-review", admission="us47", reviewed_on=day("05-28"), service="individual",
             **same, **good)  # fmt: skip
    return found


def families(book: Book) -> list[Stay]:
    """The caregiver is the person served; the child's condition, services and age count."""
    caring: Row = {"is_caregiver": "yes", "child_emotional_disturbance": "yes", "child_substance_use_disorder": "no"}
    caring |= {"child_mental_health_disorder": "no", "urgent_settings": ("school",), "conditions": ()}
    found = []
    for name, born in {"us41": "2014-03-10", "us42": "2008-06-15", "us42-majority": "2007-06-15"}.items():
        book.add("person", f"{name}-child", birth_date=day(born), conditions=("mental_health",))
        found.append(story(book, name, "03-02", child=f"{name}-child", **caring))
        same = {fact: book.tables["admission"][-1][fact] for fact in _STATE.split()}
        for when in ("06-14", "06-15") if name != "us41" else ():
            book.add("stay_review", f"{name}-{when}", admission=name, reviewed_on=day(when), service="family",
                     benefit_likely="yes", making_progress="yes", taking_part="yes", **same)  # fmt: skip
    return found


# the whole


def forget(book: Book) -> None:
    """Facts that nobody wrote down: here and there, never an id or a reference, never in a firm row."""
    for kind, rows in book.tables.items():
        for row in (each for each in rows if f"{kind} {each['id']}" not in book.firm):
            for name in sorted(row.keys() - REFERENCES):
                if book.chance(3 if name in CLOCKS else 10):
                    row[name] = None


def make() -> dict[str, list[Row]]:
    """The tables of the roster."""
    book = Book(random.Random(SEED))
    staff(book)
    found = stays(book, individuals=87, families=17)
    for stay in found:
        admission(book, stay)
    caseloads(book, found)
    for stay in found:
        assessments(book, stay, contacts(book, stay))
        plans(book, stay)
        measures(book, stay)
        other_services(book, stay)
    found += stories(book)
    consultations(book, found)
    groups(book)
    forget(book)
    return book.tables


def cell(value: Value) -> str:
    """A value as a cell: empty where it is not recorded, sets separated by semicolons."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return ";".join(value) or "none" if isinstance(value, tuple) else str(value)


def write(tables: dict[str, list[Row]], folder: Path) -> None:
    """One CSV file for each table."""
    folder.mkdir(exist_ok=True)
    for kind, rows in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            columns = ["id", *COLUMNS[kind].split()]
            writer.writerow(columns)
            writer.writerows([cell(row.get(name)) for name in columns] for row in rows)


if __name__ == "__main__":
    write(make(), FOLDER)
