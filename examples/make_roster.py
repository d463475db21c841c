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
_ELEMENTS = (
    "areas strategies services evaluation_methods discharge_plan wellness_plan crisis_prevention_plan "
    "early_warning_signs triggers responses"
)
_OUTCOMES = "plan_sustainable names_strengths_and_needs reaches_resources moves_through_systems"
COLUMNS = {
    "program": "| time_zone capacity consultation_on_call licensed service_times",
    "person": "| birth_date conditions self_described",
    "admission": f"person child | service admitted_on ended_on {_CONDITION} care_team preferred_times adult_consent_on",
    "stay_review": "admission | reviewed_on benefit_likely making_progress taking_part service "
    f"{_CONDITION} transition_planned_on",
    "measure": "admission | name baseline_on latest_on improved",
    "other_service": "person | kind starts_on ends_on",
    "assessment": "person | completed_on describes_needs recommends_peer_support clinician_authorized copy_in_file "
    "documented_efforts",
    "external_plan": "admission | received_on efforts_documented_on",
    "coordination_contact": "admission | held_on outcome",
    "plan": "admission signed_by | developed_on signed_on scope decided_with recovery_in_own_words "
    f"{_ELEMENTS} caregiver_skills family_education adapted_to",
    "goal": "plan | clear_and_realistic objectives achievement_criteria target_date",
    "plan_review": "plan | reviewed_on outcome",
    "change": "admission | happened_on kind calls_for_review",
    "screening": "admission | screened_on domains developmentally_fitting imminent_danger",
    "safety_action": "screening | taken_on kind",
    "consultation": "admissions consultant peer_provider | held_on",
    "peer_provider": "| role birth_date lived_experience parenting_experience diploma recovery_since "
    "two_years_attested_on",
    "credential": "peer_provider | kind valid_from valid_until",
    "oversight": "peer_provider consultant | starts_on ends_on",
    "clinical_consultant": "| on_staff",
    "license": "consultant | type valid_from valid_until",
    "assignment": "peer_provider admission | kind starts_on ends_on",
    "group_session": "facilitators | held_on present on_roster",
    "contact": "person admission peer_provider | modality status starts_at ends_at setting interventions topics",
    "barrier_note": "admission | barrier covers_from covers_until",
    "outcome_review": f"admission | attested_on {_OUTCOMES} formal_supports informal_supports",
    "crisis_contact": "admission | contacted_on liaison",
}
"""The facts of each table, in the order of their columns: references, a bar, and what may be missing."""
DATES = ("_on", "_at", "_date", "_from", "_until", "_since")
FORMS = {
    "plan": f"decided_with recovery_in_own_words {_ELEMENTS}".split(),
    "goal": COLUMNS["goal"].split()[2:],
    "outcome_review": _OUTCOMES.split(),
}
"""What stands on one form, and is not recorded all together."""
MIND, SUBSTANCE = ("mental_health",), ("substance_use",)
PEERS = ("us35-peer", "us36-peer", "us48-peer", "us43-peer", "us44-peer", "us45-peer", "pp1", "pp2", "pp3", "pp4")
CONSULTANTS = ("cc1", "cc2", "us33-consultant", "us34-consultant")
COMMUNITIES = ("veteran", "transition_age", "family", "law_enforcement_contact", "other")
SUPPORTS = ("individual_support", "group_support", "family_support", "self_help_groups")
HELP = ("planning", "navigation", "self_help_groups", "education", "self_advocacy", "crisis_liaison")
TOPICS = ("coping", "nutrition", "rights", "sleep", "work")
DOMAINS = ("strengths", "ability", "at_risk_behavior", "suicide_risk")

# Who works in the program: kind, id, and the facts in the order of COLUMNS; ? is not recorded.
STAFF = """
program program America/Chicago 150 yes yes weekday_daytime;weekday_evening
clinical_consultant cc1 no
clinical_consultant cc2 yes
clinical_consultant us33-consultant yes
clinical_consultant us34-consultant no
license cc1-license cc1 psychiatrist 2012-05-01 none
license cc2-license-1 cc2 lmhp 2021-09-01 2025-08-31
license cc2-license-2 cc2 limhp 2025-09-15 2027-09-14
license cc2-license-3 cc2 other 2018-01-01 none
license us33-license us33-consultant pladc 2024-07-01 2027-06-30
license us34-license us34-consultant plmhp 2024-06-01 2026-05-31
peer_provider us35-peer peer 1979-04-22 own ? yes 2016-09-01 none
peer_provider us36-peer peer 1988-11-03 own no yes 2019-02-11 2022-03-01
peer_provider us48-peer peer 1974-08-30 own;parent_or_caregiver yes yes 2011-05-06 none
peer_provider us43-peer volunteer 2007-03-01 own no yes 2023-09-12 2025-10-01
peer_provider us44-peer peer 1991-01-17 own no yes 2018-07-20 none
peer_provider us45-peer peer 1996-12-05 own no yes 2024-06-10 none
peer_provider pp1 facilitator 1983-06-14 own no yes 2014-10-10 none
peer_provider pp2 facilitator 1969-02-02 own;parent_or_caregiver yes yes ? 2020-01-15
peer_provider pp3 peer 1992-07-27 own no yes 2017-03-03 ?
peer_provider pp4 family_peer 1981-10-19 parent_or_caregiver yes yes none none
credential us35-state us35-peer state 2023-10-01 2027-09-30
credential us36-state us36-peer state 2025-01-15 2027-01-14
credential us48-state us48-peer state 2024-11-01 2026-10-31
credential us43-state us43-peer state 2026-02-01 2028-01-31
credential us44-state us44-peer state 2024-06-01 2026-05-31
credential us45-state us45-peer state 2026-01-01 2027-12-31
credential pp1-state-1 pp1 state 2023-09-16 2025-09-15
credential pp1-state-2 pp1 state 2025-09-10 2027-09-09
credential pp2-grandfathered pp2 grandfathered 2019-01-01 2025-10-31
credential pp2-state pp2 state 2025-11-01 2027-10-31
credential pp3-state-1 pp3 state 2023-08-20 ?
credential pp3-state-2 pp3 state 2025-08-20 2027-08-19
credential pp4-state pp4 state 2024-03-01 none
credential pp4-other pp4 other 2020-01-01 2022-12-31
oversight us35-oversight us35-peer cc1 2023-10-01 none
oversight us36-oversight us36-peer cc2 2025-01-15 none
oversight us48-oversight us48-peer cc1 2024-11-01 none
oversight us43-oversight us43-peer cc2 2026-02-01 none
oversight us44-oversight us44-peer cc2 2024-06-01 none
oversight us45-oversight us45-peer cc1 2026-01-01 none
oversight pp1-oversight pp1 cc1 2023-09-16 none
oversight pp2-oversight pp2 cc2 2021-09-01 none
oversight pp3-oversight-1 pp3 cc1 2023-08-20 2026-02-16
oversight pp3-oversight-2 pp3 cc2 2026-03-02 none
oversight pp4-oversight pp4 cc1 2024-03-01 none
"""
# What the awkward cases speak of, in the same form; what a row leaves out at its end is in order.
STORIES = """
plan us28-plan us28 cc1 2026-02-27 2026-03-09
plan us29-plan us29 cc1 2026-02-27 2026-03-02
plan_review us29-plan-review us29-plan 2026-05-20
plan us30-plan us30 cc1 2026-02-16 2026-02-16 mental_health person yes yes yes individual_support yes yes yes yes yes no
goal us30-plan-goal-2 us30-plan yes 2 yes none
assessment us31-assessment us31-person 2026-01-20 yes yes yes no 2
assessment us31-none-assessment us31-none-person none yes yes yes no 2
assessment us32-assessment us32-person 2026-02-02
plan us33-mh-plan us33-mh us33-consultant 2026-02-20 2026-02-24
plan us33-su-plan us33-su us33-consultant 2026-02-20 2026-02-24 substance_use
plan us33-both-plan us33-both us33-consultant 2026-02-20 2026-02-24 mental_health;substance_use
plan us34-plan-before us34 us34-consultant 2026-05-18 2026-05-20
plan us34-plan-last-day us34 us34-consultant 2026-05-28 2026-05-31
plan us34-plan us34 us34-consultant 2026-06-01 2026-06-02
assignment us35-cover us35-peer us35 cover 2026-05-04 2026-05-11
group_session us37 pp3 2026-06-04 2 3
group_session us38 pp3;pp4 2026-06-11 13 12
assignment us39-primary us48-peer us39 primary 2026-02-02 2026-05-04
assignment us39-group us48-peer us39 group_only 2026-05-04 none
change us39-change us39 2026-05-04 format yes
plan_review us39-plan-review us39-plan 2026-05-11
barrier_note us40-note-1 us40 transport 2026-03-01 2026-03-31
barrier_note us40-note-2 us40 weather 2026-04-03 2026-04-03
contact us40-04-02 us40-person us40 us48-peer telephone attended 2026-04-02T10:00-05:00 none other
contact us40-04-03 us40-person us40 us48-peer telephone attended 2026-04-03T10:00-05:00 none other
contact us40-04-09 us40-person us40 us48-peer video attended 2026-04-09T10:00-05:00 none other
stay_review us42-06-14 us42 2026-06-14 yes yes yes family no no yes yes yes yes no no school
stay_review us42-06-15 us42 2026-06-15 yes yes yes family no no yes yes yes yes no no school
stay_review us42-majority-06-14 us42-majority 2026-06-14 yes yes yes family no no yes yes yes yes no no school
stay_review us42-majority-06-15 us42-majority 2026-06-15 yes yes yes family no no yes yes yes yes no no school \
  2026-06-14
contact us43-03-01 us43-person us43 us43-peer in_person attended 2026-03-01T10:00-06:00
contact us44-06-03 us44-person us44 us44-peer in_person attended 2026-06-03T10:00-05:00
contact us44-06-04 us44-person us44 us44-peer in_person attended 2026-06-04T10:00-05:00
contact us45-06-10 us45-person us45 us45-peer in_person attended 2026-06-10T10:00-05:00
screening us46-04-10 us46 2026-04-10 strengths;ability;at_risk_behavior;suicide_risk yes yes
screening us46-04-24 us46 2026-04-24 strengths;ability;at_risk_behavior;suicide_risk yes yes
safety_action us46-action us46-04-24 2026-04-24 crisis_service
other_service us47-service us47-person behavioral_health 2025-09-01 2026-04-30
stay_review us47-review us47 2026-05-28 yes yes yes individual yes no yes yes ? ? ? ? ?
person us57-person 2008-06-15 mental_health transition_age
person us57-late-person 2008-06-15 mental_health
plan us57-plan us57 cc1 2026-03-15 2026-03-15 mental_health person yes yes yes individual_support yes yes yes yes yes \
  yes yes ? ? transition_age
"""
CONSENTS = {"us57": "2026-06-15", "us57-late": "2026-06-16"}
# What is there of everybody in an awkward case, so many days after the admission, unless a row above has the id.
IN_ORDER = (
    (-9, "assessment {name}-assessment {helped} {day}"),
    (-9, "other_service {name}-service {helped} behavioral_health {day}"),
    (-3, "external_plan {name}-external {name} {day}"),
    (0, "assignment {name}-primary {peer} {name} primary {day} {end}"),
    (0, "screening {name}-screening-1 {name} {day}"),
    (0, "contact {name}-contact {name}-person {name} {peer} in_person attended {utc}"),
    (14, "plan {name}-plan {name} cc1 {day} {day}{family}"),
    (20, "coordination_contact {name}-coordination {name} {day}"),
    (35, "measure {name}-measure {name} days_housed {start} {day} yes"),
    (80, "screening {name}-screening-2 {name} {day}"),
    (80, "plan_review {name}-plan-review {name}-plan {day}"),
)
FAMILY = " mental_health family yes yes yes family_support yes yes yes yes yes yes yes yes parenting;trauma none"
# How such a row ends, where nothing else is said: the facts after the last reference.
ENDS = {
    "person": "? mental_health none",
    "assessment": "? yes yes yes yes 0",
    "other_service": "behavioral_health ? none",
    "external_plan": "? none",
    "coordination_contact": "? held",
    "plan": "? ? mental_health person yes yes yes individual_support yes yes yes yes yes yes yes ? ? none",
    "goal": "yes 1 yes 2026-09-28",
    "plan_review": "? no_change",
    "screening": "? strengths;ability;at_risk_behavior;suicide_risk yes no",
    "contact": "in_person attended ? none home planning none",
    "stay_review": "? yes yes yes individual yes no yes yes ? ? ? ? ? none",
}


def day(text: str) -> dt.date:
    """A day of 2026, written as in 05-20."""
    return dt.date.fromisoformat(f"2026-{text}")


def lines(text: str) -> list[list[str]]:
    """The words of each line."""
    return [line.split() for line in text.strip().splitlines()]


def columns(kind: str) -> list[str]:
    """The facts of a kind, references first."""
    return COLUMNS[kind].replace("|", "").split()


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
        row: Row = dict(zip(columns(kind), values, strict=True))
        self.tables[kind].append({"id": id_, **row})
        if firm or id_ == name:
            self.firm.add((kind, id_))
        return id_

    def tell(self, text: list[str]) -> None:
        """Add a row that is written out: kind, id, and what it says; the rest of it is in order."""
        kind, name, *values = text
        ends, lacks = ENDS.get(kind, "").split(), len(columns(kind)) - len(values)
        values += ends[len(ends) - lacks :]
        self.add(kind, name, *(None if value == "?" else value for value in values))

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so this often."""
        return self.rng.randrange(100) < percent

    def some(self, of: Texts, most: int) -> Texts:
        """One or more of some words."""
        return tuple(self.rng.sample(of, self.rng.randint(1, most)))

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
    communities: Texts = ()
    peer: str = ""
    groups: bool = False

    @property
    def helped(self) -> str:
        """Whose condition it is about: the person's, and in family service the child's."""
        return self.person if self.child == "none" else self.child


def person(book: Book, years: tuple[int, int], conditions: Texts, communities: Texts = ()) -> str:
    """Somebody born in some years."""
    born = dt.date(book.rng.randint(*years), book.rng.randint(1, 12), book.rng.randint(1, 28))
    return book.add("person", "p*", born, conditions, communities)


def stays(book: Book, individuals: int, families: int) -> list[Stay]:
    """The random people's admissions, by day; some who left come back."""
    found = []
    for number in range(individuals + families):
        service = "family" if number >= individuals else "individual"
        conditions: Texts = book.rng.choice([MIND] * 5 + [SUBSTANCE] * 2 + [MIND + SUBSTANCE] * 3)
        conditions = () if service == "family" and book.chance(70) else conditions
        communities = book.some(COMMUNITIES, 2) if book.chance(30) else ()
        who = person(book, (1955, 2004), conditions, communities)
        child = person(book, (2007, 2017), MIND) if service == "family" else "none"
        admitted = dt.date(2025, 7, 1) + book.days(0, 368)
        end = admitted + book.days(45, 240) if book.chance(30) else dt.date.max
        found.append(Stay("", service, who, child, admitted, min(end, OPEN), conditions, communities))
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


def admit(book: Book, name: str, stay: Stay, about: list[Value], *around: Value) -> None:
    """The row of an admission: of the condition, and of what is around the service."""
    dates = (stay.admitted, stay.end)
    stay.id = book.add("admission", name, stay.person, stay.child, stay.service, *dates, *about, *around)


def wishes(book: Book, stay: Stay) -> tuple[Value, ...]:
    """The care team, the times that suit, and the consent of somebody who is of age from the start."""
    team = book.rng.choice(["with_peer_provider"] * 8 + ["no_team"] * 3 + ["without_peer_provider"])
    times = book.rng.choice([("weekday_daytime",)] * 6 + [("weekday_evening",)] * 3 + [("weekend",), ()])
    return team, times, stay.admitted


def assign(book: Book, stay: Stay, peer: str, kind: str = "primary", *, firm: bool = True) -> None:
    """A peer provider serves somebody as long as the admission lasts, in a group since February at the earliest."""
    starts = stay.admitted if kind == "primary" else max(stay.admitted, day("02-02"))
    book.add("assignment", "g*", peer, stay.id, kind, starts, stay.end, firm=firm)
    stay.peer = peer if kind == "primary" else stay.peer
    stay.groups = stay.groups or kind == "group_only"


def caseloads(book: Book, found: list[Stay]) -> None:
    """Three peer providers full in May, one over the limit in the end, one who may be, and two with places."""
    rest = list(found)
    for peer, count, first, last in (
        ("us35-peer", 25, day("05-04"), day("05-10")),
        ("us36-peer", 24, day("05-05"), day("05-06")),
        ("us48-peer", 7, day("05-25"), LAST),
        ("pp1", 6, day("06-22"), LAST),
        ("pp2", 4, day("06-22"), LAST),
    ):
        there = [stay for stay in rest if stay.admitted <= first and last < stay.end]
        there = [stay for stay in there if peer == "us48-peer" or stay.service == "individual"]
        for stay in book.rng.sample(there, count):
            assign(book, stay, peer)
            rest.remove(stay)
    for number, stay in enumerate(rest):
        assign(book, stay, "pp4" if stay.service == "family" or number % 9 == 0 else "pp3", firm=False)
    for stay in [stay for stay in rest if stay.admitted < day("03-01") and stay.end == OPEN][:2]:
        # handed over by pp2, and the day of it was never written down
        book.add("assignment", "g*", "pp2", stay.id, "primary", stay.admitted, None)
    for peer, count in {"pp1": 20, "pp2": 20, "pp3": 6, "pp4": 3}.items():
        others = [stay for stay in found if stay.peer != peer and stay.admitted < day("06-22") and stay.end == OPEN]
        others = [stay for stay in others if peer == "pp4" or stay.service == "individual"]
        for stay in book.rng.sample(others, count):
            assign(book, stay, peer, "group_only", firm=peer < "pp3")


def contacts(book: Book, stay: Stay) -> dt.date:
    """The first service, sometimes after an attempt, and a few more. Gives the day of the first."""
    when, first, barrier = stay.admitted + book.days(0, 9), None, book.chance(20)
    while when < stay.end:
        attended = book.chance(90)
        starts = dt.datetime.combine(when, dt.time(book.rng.randint(8, 19), book.rng.choice([0, 30])), ZONE)
        ends = starts + dt.timedelta(minutes=book.rng.choice([30, 45, 60])) if attended else "none"
        how = book.rng.choices(["in_person", "video", "telephone"], (3, 2, 5) if barrier else (44, 4, 2))[0]
        status, first = ("attended", first or when) if attended else ("not_attended", first)
        used = book.some(HELP, 2) if attended else ()
        topics = book.some(TOPICS, 2) if "education" in used else ()
        about = (how, status, starts, ends, setting(book, how), used, topics)
        book.add("contact", "t*", stay.person, stay.id, stay.peer, *about)
        when += book.days(32, 68) if first else book.days(2, 5)
    if barrier:
        barriers(book, stay)
    return first or stay.admitted


def setting(book: Book, how: str) -> str:
    """Where they meet, or where the person is during a call."""
    usual = ["home"] * 6 + ["other"] if how != "in_person" else ["office_clinic"] * 18 + ["home"] * 12
    return book.rng.choice([*usual, "community", "community", "school", "hospital"])


def barriers(book: Book, stay: Stay) -> None:
    """A standing note on what keeps them apart; some notes end, and are renewed late or not at all."""
    barrier = book.rng.choice(["transport", "distance", "health", "weather", "staffing"])
    starts, ends = stay.admitted, stay.admitted + book.days(60, 180)
    if ends > LAST or book.chance(50):
        ends = OPEN
    book.add("barrier_note", "b*", stay.id, barrier, starts, ends)
    starts = ends + book.days(1, 20)
    if starts < stay.end and book.chance(60):
        book.add("barrier_note", "b*", stay.id, barrier, starts, OPEN)


def assessment(book: Book, stay: Stay, first: dt.date) -> None:
    """Before the first service, sometimes on its day, seldom after it or never."""
    if book.chance(4):
        return
    completed = first if book.chance(10) else stay.admitted - book.days(1, 40)
    completed = min(first + book.days(1, 15), LAST) if book.chance(5) else completed
    flags = [book.chance(percent) for percent in (98, 97, 99, 82)]
    book.add("assessment", "e*", stay.helped, completed, *flags, 0 if flags[-1] else book.rng.randint(0, 3))


def plans(book: Book, stay: Stay) -> None:
    """A plan, its reviews, now and then a new version; at a review the stay is often reviewed as well."""
    when, plan, wait = stay.admitted, "", book.within(30, 2)
    screening(book, stay, when + book.days(1, 12) if book.chance(6) else when - book.days(0, 3))
    while wait and when + wait < stay.end:
        when += wait
        new = not plan or book.chance(12)
        if plan:
            book.add("plan_review", "r*", plan, when, "updated" if new or book.chance(3) else "no_change")
            screening(book, stay, when - book.days(0, 6))
        if plan and book.chance(70):
            stay_review(book, stay, when)
        if new:
            plan = a_plan(book, stay, when)
        wait = book.within(90, 58)


def stay_review(book: Book, stay: Stay, when: dt.date) -> None:
    """A review of the stay; where a guideline does not hold, a transition is mostly planned."""
    judged = (book.chance(97), book.chance(95), book.chance(96))
    moves = book.chance(40 if all(judged) else 85)
    about = condition(book, stay)
    book.add("stay_review", "s*", stay.id, when, *judged, stay.service, *about, when if moves else "none")


def screening(book: Book, stay: Stay, when: dt.date) -> None:
    """A screening, seldom forgotten. A danger is mostly answered the same day."""
    if book.chance(8) or when >= stay.end:
        return
    domains = DOMAINS if book.chance(93) else tuple(book.rng.sample(DOMAINS, 3))
    danger = book.chance(5)
    name = book.add("screening", "c*", stay.id, when, domains, book.chance(97), danger)
    if danger and when < LAST and book.chance(85):
        kind = book.rng.choice(["crisis_line", "crisis_service", "consultant", "safety_plan"])
        book.add("safety_action", "v*", name, when + dt.timedelta(book.chance(20)), kind)


def a_plan(book: Book, stay: Stay, when: dt.date) -> str:
    """One version of a plan with its goals. Most hold all that they must, some lack one or two things."""
    only_substances = stay.conditions == SUBSTANCE or book.chance(4)
    signer = "us33-consultant" if only_substances else book.rng.choice(CONSULTANTS[:2] * 6 + CONSULTANTS[3:])
    signed = when + book.days(0, 16)
    by, on = ("none", "none") if book.chance(14) or signed > LAST else (signer, signed)
    lacks = set(book.rng.sample([*_ELEMENTS.split(), "goal"], book.rng.choice([0] * 8 + [1, 2])))
    says: dict[str, Value] = {name: name not in lacks for name in _ELEMENTS.split()}
    says["services"] = () if "services" in lacks else services(book, stay)
    agreed = (book.rng.choice([("person",)] * 9 + [("person", "family"), ()]), book.chance(95))
    adapted = stay.communities if book.chance(80) else ("other",) * book.chance(50)
    about = (stay.conditions or MIND, *agreed, *says.values(), *of_family(book, stay), adapted)
    plan = book.add("plan", "w*", stay.id, by, when, on, *about)
    goals(book, plan, when, lacks="goal" in lacks)
    return plan


def services(book: Book, stay: Stay) -> Texts:
    """The supports that a plan names: groups for whoever is served in one, mostly."""
    main = "family_support" if stay.service == "family" else "individual_support"
    groups = ("group_support",) * book.chance(85 if stay.groups else 20)
    return (main, *groups, *("self_help_groups",) * book.chance(25))


def of_family(book: Book, stay: Stay) -> tuple[Value, Value]:
    """Skills and education in the plan of a family."""
    if stay.service == "individual":
        return None, None
    return book.chance(92), book.rng.choice([("parenting", "trauma")] * 7 + [("parenting",), ()])


def goals(book: Book, plan: str, when: dt.date, *, lacks: bool) -> None:
    """One to three goals; in some plans the last one lacks something."""
    count = book.rng.choice([1, 2, 2, 2, 3])
    flaw = book.rng.randrange(4) if lacks else -1
    for number in range(count):
        bad = flaw if number == count - 1 else -1
        target = "none" if bad == 3 else (when + book.days(60, 150)).replace(day=28)
        book.add("goal", "j*", plan, bad != 0, 0 if bad == 1 else book.rng.randint(1, 3), bad != 2, target)


def coordination(book: Book, stay: Stay) -> None:
    """What is done together with other providers: their plans, and a contact or two."""
    asked = stay.admitted + book.days(-10, 12)
    if asked <= LAST and book.chance(90):
        came: tuple[Value, Value] = ("none", asked) if book.chance(25) else (asked, "none")
        book.add("external_plan", "x*", stay.id, *came)
    held = stay.admitted + book.days(3, 50)
    while held < stay.end and book.chance(85):
        outcome = book.rng.choice(["held"] * 7 + ["declined_by_person", "not_reached", "not_reached"])
        book.add("coordination_contact", "h*", stay.id, held, outcome)
        held += book.days(10, 40) if outcome == "not_reached" else dt.timedelta(10**4)


def changes(book: Book, stay: Stay) -> None:
    """Now and then circumstances change, and some people turn to a crisis service, mostly less often over time."""
    when = stay.admitted + book.days(20, 200)
    if when < stay.end and book.chance(25):
        kind = book.rng.choice(["hospital_stay", "new_risk", "format", "other"])
        book.add("change", "f*", stay.id, when, kind, book.chance(60))
    when, wait = stay.admitted + book.days(2, 20), book.days(12, 30)
    while book.chance(15 if when < stay.admitted + wait else 75) and when < stay.end:
        liaison = book.rng.choice(["made"] * 6 + ["declined_by_person", "not_possible", "not_made"])
        book.add("crisis_contact", "i*", stay.id, when, liaison)
        when, wait = when + wait, wait * book.rng.choice([1, 2, 2])


def outcomes(book: Book, stay: Stay) -> None:
    """What is attested of the outcomes, about twice a year."""
    when = stay.admitted + book.days(80, 130)
    while when < stay.end:
        later = (when - stay.admitted).days > 160
        attested = (book.chance(85 if later else 65) for _ in _OUTCOMES.split())
        book.add("outcome_review", "y*", stay.id, when, *attested, book.rng.randint(1, 3), book.rng.randint(0, 4))
        when += book.days(150, 190)


def measures(book: Book, stay: Stay) -> None:
    """One or two things counted, mostly twice."""
    for name in ("days_housed", "days_worked")[: book.rng.choice([1, 1, 2])]:
        baseline = stay.admitted + book.days(0, 30)
        latest = baseline + book.days(0, 75)
        again = latest < stay.end and book.chance(93)
        if baseline < stay.end:
            book.add("measure", "m*", stay.id, name, baseline, latest if again else "none", book.chance(75 * again))


def other_services(book: Book, stay: Stay) -> None:
    """What the person, or in family service the child, uses besides; some of it has ended."""
    starts = stay.admitted if book.chance(8) else stay.admitted - book.days(5, 700)
    ends = starts + book.days(60, 900) if book.chance(10) else "none"
    if book.chance(95):
        book.add("other_service", "o*", stay.helped, "behavioral_health", starts, ends)
    if book.chance(20):
        book.add("other_service", "o*", stay.person, "other", starts, "none")


def consultations(book: Book, found: list[Stay]) -> None:
    """Every four weeks a consultant and a peer provider confer about those who come due; some are forgotten."""
    for number, peer in enumerate(PEERS):
        last = {stay.id: stay.admitted for stay in found if stay.peer == peer}
        held = dt.date(2025, 7, 7) + dt.timedelta(2 * number)
        while held <= LAST:
            there = [stay.id for stay in found if stay.peer == peer and stay.admitted < held < stay.end]
            due = [id_ for id_ in there if (held - last[id_]).days > 61]
            spoken_of = tuple(id_ for id_ in due if id_.startswith("us") or book.chance(90))
            last |= dict.fromkeys(spoken_of, held)
            if spoken_of:
                consultant = "us33-consultant" if peer == "pp3" and book.chance(25) else CONSULTANTS[number % 2]
                firm = any(id_.startswith("us") for id_ in spoken_of)
                book.add("consultation", "k*", spoken_of, consultant, peer, held, firm=firm)
            held += dt.timedelta(28)


def groups(book: Book) -> None:
    """A group a week since January."""
    for week in range(24):
        held, on_roster = day("01-22") + dt.timedelta(weeks=week), book.rng.randint(4, 13)
        present = max(2, on_roster - book.rng.choice([0, 0, 1, 2, 4]))
        facilitators = tuple(book.rng.sample(PEERS[-4:], book.rng.randint(1, 2)))
        book.add("group_session", "n*", facilitators, held, present, on_roster)


def story(book: Book, rows: dict[str, list[str]], name: str, admitted: str = "02-02", peer: str = "us48-peer", *,
          end: dt.date = OPEN, conditions: Texts = MIND, child: str = "") -> Stay:  # fmt: skip
    """Somebody of a story. What its rows do not speak of is in order; with `child` there is one, born on that day."""
    born = f"{book.rng.randint(1960, 2000)}-05-05"
    row = ["person", f"{name}-person", born, ";".join(conditions) or "none"]
    book.tell(rows.pop(row[1], row))
    of_child: list[Value] = [None] * 5
    if child:
        book.tell(["person", f"{name}-child", child])
        of_child = [True, True, False, False, "school"]
    stay = Stay(name, "individual", f"{name}-person", "none", day(admitted), end, conditions, peer=peer)
    stay = replace(stay, service="family", child=f"{name}-child") if child else stay
    about = [*(each in conditions for each in MIND + SUBSTANCE), True, True, *of_child]
    admit(book, name, stay, about, "with_peer_provider", "weekday_daytime", CONSENTS.get(name, stay.admitted))
    in_order(rows, stay)
    return stay


def in_order(rows: dict[str, list[str]], stay: Stay) -> None:
    """What else is recorded of somebody of a story, beside what is there already."""
    # the first service is in the evening, and written in UTC, where it is the next day already
    utc = dt.datetime.combine(stay.admitted, dt.time(19, 30), ZONE).astimezone(dt.UTC).isoformat()
    words = {"name": stay.id, "helped": stay.helped, "peer": stay.peer, "start": stay.admitted, "utc": utc}
    words |= {"end": cell(stay.end), "family": FAMILY if stay.service == "family" else ""}
    for after, text in IN_ORDER:
        when = stay.admitted + dt.timedelta(after)
        row = text.format(day=when, **words).split()
        rows |= {row[1]: rows.get(row[1], row)} if when < stay.end else {}


def stories(book: Book) -> list[Stay]:
    """The people of the stories, and what these speak of."""
    rows = {row[1]: row for row in lines(STORIES)}
    made = functools.partial(story, book, rows)
    found = [made(name) for name in ("us28", "us29", "us30", "us31", "us31-none", "us32", "us33-mh")]
    found += [made("us33-su", conditions=SUBSTANCE), made("us33-both", conditions=MIND + SUBSTANCE)]
    found += [made("us34", "05-04"), made("us35", peer="pp3"), made("us47", peer="pp3")]
    found += [made("us36-leaves", "02-02", "us36-peer", end=day("05-06")), made("us36-joins", "05-06", "us36-peer")]
    found += [made("us39"), made("us40"), made("us46")]
    births = {"us41": "2014-03-10", "us42": "2008-06-15", "us42-majority": "2007-06-15"}
    found += [made(name, "03-02", conditions=(), child=born) for name, born in births.items()]
    days = {"us43": "02-28", "us44": "02-02", "us45": "06-09"}
    found += [made(name, admitted, f"{name}-peer") for name, admitted in days.items()]
    found += [made(name, "03-01") for name in CONSENTS]
    for plan in [row[1] for row in rows.values() if row[0] == "plan"]:
        names = (f"{plan}-goal-{number}" for number in (1, 2))
        rows |= {name: rows.get(name, ["goal", name, plan]) for name in names}
    for row in rows.values():
        book.tell(row)
    return found


def forget(book: Book) -> None:
    """Facts that nobody wrote down, days more seldom than others; never an id or a reference, never in a firm row."""
    for kind, rows in book.tables.items():
        facts, form = COLUMNS[kind].partition("|")[2].split(), FORMS.get(kind, [])
        for row in (row for row in rows if (kind, row["id"]) not in book.firm):
            lost = form if book.chance(8) else []
            alone = [name for name in facts if name not in form and book.chance(4 if name.endswith(DATES) else 12)]
            row.update(dict.fromkeys([*lost, *alone]))


def make() -> dict[str, list[Row]]:
    """The tables of the roster."""
    book = Book(random.Random(SEED))
    for row in lines(STAFF):
        book.tell(row)
    groups(book)
    found = stays(book, individuals=78, families=17)
    for stay in found:
        admit(book, "a*", stay, condition(book, stay), *wishes(book, stay))
    caseloads(book, found)
    for stay in found:
        assessment(book, stay, contacts(book, stay))
        coordination(book, stay)
        plans(book, stay)
        changes(book, stay)
        measures(book, stay)
        outcomes(book, stay)
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
