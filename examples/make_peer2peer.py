"""Makes the example Peer2Peer roster: the tables of a made-up program of twelve weeks, for an audit on 2026-06-30.

`python examples/make_peer2peer.py` writes `examples/peer2peer/` anew.

Nobody in it is real, and the same seed gives the same files. The tables are as they stood on 2026-07-07: what is dated
after the audit must not be seen. Records whose ids begin with `us` are the awkward cases of the table in `README.md`.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import random
from dataclasses import dataclass, field
from pathlib import Path

from make_roster import LAST, ZONE, Row, Texts, Value, cell

SEED = 313
REFERRALS = 36
"""How many people are referred beside those of the stories."""
CAPACITY = 15
WEEKS = 12

COLUMNS = {
    "program": "| time_zone capacity",
    "person": "|",
    "care_episode": "person led_to | kind psychiatric admitted_on ended_on left_at",
    "referral": "person | received_at route referrer_role form_completed_by devices documents treatment_setting_asked "
    "first_response_at decided_at decision warmline_sent_at",
    "enrollment": "person referral index_episode | accepted_on started_on planned_until ended_on end_reason guided_on "
    "intake_completed_on tech_ready_at offered warmline_information_on crisis_line_information_on "
    "safety_plan_offered_on safety_plan wellness_plan_offered_on warmline_connected_on follow_up_consent",
    "contact": "person enrollment peer_provider makes_up | modality status scheduled_on starts_at ends_at",
    "module": "enrollment | released_on completed_on",
    "appointment": "enrollment | starts_at wants_reminder",
    "reminder": "appointment | sent_at",
    "follow_up": "enrollment | attempted_on reached wellbeing_recorded",
    "charge": "enrollment | payer charged_on",
    "disclosure": "person | recipient disclosed_on",
}
"""The facts of each table, in the order of their columns: references, a bar, and what may be missing."""
DATES = ("_on", "_at", "_until")
ROLES = {
    "while_in_care": ("clinician", "provider"),
    "after_discharge": ("provider", "county", "case_manager"),
    "self_referral": ("self",),
}
OFFERED = ("peer_support", "resources", "goal_setting", "individualized_content", "symptom_tools", "chat")
FAULTS = ("",) * 20 + ("window", "window", "route", "device", "psychiatric")
"""Why somebody may not come in; mostly nothing."""


def day(text: str) -> dt.date:
    """A day, of 2026 where no year is said, as in 05-20."""
    return dt.date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def at(on: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A time of day in the program's zone."""
    return dt.datetime.combine(on, dt.time(hour, minute), ZONE)


def time(text: str) -> dt.datetime:
    """A time of day in the program's zone, as in 05-20T10:00."""
    on, _, clock = text.partition("T")
    return dt.datetime.combine(day(on), dt.time.fromisoformat(clock), ZONE)


def opening(moment: dt.datetime) -> dt.datetime:
    """The time itself while the office is open, else its next opening."""
    while moment.weekday() > 4 or moment.hour >= 17:
        moment = at(moment.date() + dt.timedelta(1), 9)
    return max(moment, at(moment.date(), 9))


def come(when: dt.date) -> Value:
    """A day that has come by the day of the tables, or none."""
    return when if (when.date() if isinstance(when, dt.datetime) else when) <= LAST else "none"


@dataclass
class Book:
    """The tables as they fill, and the dice. With `slips` something goes wrong now and then."""

    rng: random.Random
    tables: dict[str, dict[str, Row]] = field(default_factory=lambda: {kind: {} for kind in COLUMNS})
    places: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    """From when until when each place was taken."""
    slips: bool = False

    def add(self, kind: str, id_: str, facts: Row, but: Row | None = None) -> str:
        """Add a row: each of its facts, some of them otherwise."""
        facts |= but or {}
        self.tables[kind][id_] = {name: facts.pop(name) for name in COLUMNS[kind].replace("|", "").split()}
        if facts:
            raise TypeError(*facts)
        return id_

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so this often."""
        return self.rng.randrange(100) < percent

    def slip(self, percent: int) -> bool:
        """Whether something goes wrong that does so this often, and never in a story."""
        return self.slips and self.chance(percent)

    def days(self, least: int, most: int) -> dt.timedelta:
        """Some days."""
        return dt.timedelta(self.rng.randint(least, most))

    def done(self, when: dt.date) -> Value:
        """The day on which something is done: late now and then, or never, or none because it has not come."""
        if self.slip(6):
            return "none"
        return come(when + self.days(3, 25) if self.slip(7) else when)

    def full(self, on: dt.date) -> bool:
        """Whether no place is free on a day."""
        return sum(start <= on < end for start, end in self.places) >= CAPACITY


# referrals


def care(book: Book, name: str, who: str, came: dt.date, left: dt.date, but: Row | None = None) -> str:
    """A care episode from a day until another, which may lie ahead."""
    kind = "inpatient" if came < left else "emergency"
    left_at = "none" if come(left) == "none" else at(left, book.rng.randint(9, 16), 30)
    facts: Row = {"kind": kind, "psychiatric": True, "admitted_on": came, "ended_on": come(left), "left_at": left_at}
    return book.add("care_episode", name, {"person": who, "led_to": "none", **facts}, but)


def answered(book: Book, since: dt.datetime) -> dt.datetime:
    """When somebody has answered, within two hours of the next opening unless it was forgotten for some days."""
    when = opening(since) + dt.timedelta(minutes=book.rng.randint(5, 110))
    return opening(when + book.days(2, 5)) if book.slip(9) else when


def refer(book: Book, name: str, who: str, received: dt.datetime, but: Row | None = None) -> Row:
    """A referral by the person herself, answered, unless it is told otherwise. Its facts."""
    response = answered(book, received)
    decided = answered(book, response) if book.slip(20) else response + dt.timedelta(minutes=book.rng.randint(0, 60))
    sent = decided + book.days(1, 6) if book.slip(7) else response
    documents = ("medical_record",) if book.slip(12) else ("information_sheet",) * book.slip(40)
    facts: Row = {
        "person": who,
        "received_at": received,
        "route": "self_referral",
        "referrer_role": "self",
        "form_completed_by": ("other",) if book.slip(8) else ("applicant",),
        "devices": ("smartphone",),
        "documents": documents,
        "treatment_setting_asked": not book.slip(8),
        "first_response_at": come(response),
        "decided_at": come(decided),
        "decision": "withdrawn",
        "warmline_sent_at": "none" if book.slip(6) else come(sent),
    }
    book.add("referral", name, facts, but)
    return book.tables["referral"][name]


def arrival(book: Book) -> dt.datetime:
    """When a referral arrives: mostly on a working day, now and then in the evening or on a weekend."""
    on = day("2025-10-01") + book.days(0, 277)
    hour = book.rng.randint(7, 16) if book.chance(80) else book.rng.randint(17, 23)
    return at(on - dt.timedelta(on.weekday() // 5 * book.chance(70)), hour, book.rng.randrange(60))


def applicant(book: Book, number: int, received: dt.datetime) -> None:
    """Somebody referred by one of the routes, and enrolled where nothing is in the way."""
    who, fault = book.add("person", f"p{number:03}", {}), book.rng.choice(FAULTS)
    route = "self_referral" if fault == "window" else book.rng.choice([*ROLES])
    here, today = route == "while_in_care", received.date()
    since = book.days(91, 130) if fault == "window" else book.days(1, 88)
    left = today + book.days(1, 14) if here else today - since
    came = min(left, today) - (book.days(2, 20) if here or book.chance(70) else dt.timedelta(0))
    episode = care(book, f"c{number:03}", who, came, left, {"psychiatric": fault != "psychiatric"})
    if came < left and book.chance(25):
        care(book, f"c{number:03}-emergency", who, came, came, {"led_to": episode})
    role = "family_member" if fault == "route" else book.rng.choice(ROLES[route])
    form = {} if book.chance(60) else {"form_completed_by": ("applicant", "service_provider")}
    about: Row = {"route": route, "referrer_role": role, "devices": devices(book, fault), **form}
    referral = refer(book, f"r{number:03}", who, received, about)
    start = max(received.date(), left) + book.days(3, 12)
    referral["decision"] = decision(book, referral, fault, start)
    if referral["decision"] == "accepted" and start <= LAST:
        enroll(book, f"e{number:03}", who, f"r{number:03}", episode, start, {})


def devices(book: Book, fault: str) -> Texts:
    """What somebody can use for the calls."""
    if fault == "device":
        return book.rng.choice([(), ("landline",), ("basic_phone", "computer_with_camera")])
    return book.rng.choice([("smartphone",), ("smartphone", "tablet"), ("tablet", "landline")])


def decision(book: Book, referral: Row, fault: str, start: dt.date) -> str:
    """What comes of a referral. A full program takes somebody in by mistake now and then."""
    if referral["decided_at"] == "none":
        return "undecided"
    if fault:
        return "criteria_not_met"
    if book.full(start) and not book.slip(25):
        return "no_place_now"
    return "withdrawn" if book.slip(5) else "accepted"


# enrollments


def enroll(book: Book, name: str, who: str, referral: str, episode: str, start: dt.date, but: Row) -> None:
    """Twelve weeks from the first meeting on, or fewer, and what comes after them."""
    after = start + dt.timedelta(weeks=WEEKS)
    end, reason = (start + book.days(10, 75), "chose_to_leave") if book.slip(18) else (after, "completed")
    known = but.get("ended_on")
    end = known if isinstance(known, dt.date) else end
    book.places.append((start, end))
    told, left = start - book.days(0, 2), book.tables["care_episode"][episode]["ended_on"]
    ready = left if isinstance(left, dt.date) and left > start - dt.timedelta(14) else start - dt.timedelta(3)
    accepted = book.tables["referral"][referral]["decided_at"]
    facts: Row = {
        "person": who,
        "referral": referral,
        "index_episode": episode,
        "accepted_on": accepted.date() if isinstance(accepted, dt.datetime) else None,
        "started_on": start,
        "planned_until": "none",
        "ended_on": come(end),
        "end_reason": reason if end <= LAST else "still_enrolled",
        "guided_on": book.done(told),
        "intake_completed_on": book.done(ready - book.days(1, 3)),
        "tech_ready_at": at(start, 15, 20) if book.slip(8) else at(told, 11),
        "offered": tuple(each for each in OFFERED if not book.slip(6)),
        "warmline_information_on": book.done(told),
        "crisis_line_information_on": book.done(told),
        "safety_plan_offered_on": book.done(start + dt.timedelta(2)),
        "safety_plan": book.rng.choice(["completed", "completed", "open", "declined"]),
        "wellness_plan_offered_on": book.done(start + dt.timedelta(9)),
        "warmline_connected_on": book.done(end + book.days(0, 9)),
        "follow_up_consent": not book.slip(15),
    }
    if facts["safety_plan_offered_on"] == "none":
        facts["safety_plan"] = "open"
    book.add("enrollment", name, facts, but)
    weeks(book, name, who, start, end)
    appointments(book, name, start, end)
    afterwards(book, name, who, after)


def weeks(book: Book, name: str, who: str, start: dt.date, end: dt.date) -> None:
    """A module and a call in each week: the first call is the first meeting, the others are two days on."""
    peer, hour = book.rng.choice(["pp1", "pp2", "pp3"]), book.rng.randint(9, 18)
    for week in range(WEEKS):
        released = start + dt.timedelta(weeks=week)
        on = released + dt.timedelta(2 * (week > 0))
        if released < end and released <= LAST and not book.slip(4):
            completed = come(released + book.days(1, 6)) if book.chance(75) else "none"
            facts: Row = {"enrollment": name, "released_on": released, "completed_on": completed}
            book.add("module", f"{name}-module-{week + 1}", facts)
        if on < end and on <= LAST and not book.slip(4 * (week > 0)):
            call(book, f"{name}-call-{week + 1}", name, who, peer, at(on, hour))
        if on < end and on <= LAST and book.slip(15):
            row = book.add("contact", f"{name}-chat-{week + 1}", meeting(name, who, peer, at(on, 19)))
            book.tables["contact"][row] |= {"modality": "chat"}


def meeting(name: str, who: str, peer: str, starts: dt.datetime) -> Row:
    """A call that took place."""
    by: Row = {"person": who, "enrollment": name, "peer_provider": peer, "makes_up": "none"}
    ends = starts + dt.timedelta(minutes=45)
    how: Row = {"modality": "video", "status": "attended", "scheduled_on": starts.date()}
    return {**by, **how, "starts_at": starts, "ends_at": ends}


def call(book: Book, id_: str, name: str, who: str, peer: str, starts: dt.datetime) -> None:
    """The call of a week. Some are by telephone, and some are missed and made up."""
    missed = book.slip(12)
    how: Row = {"modality": "telephone" if book.slip(6) else "video"}
    how |= {"status": "not_attended", "ends_at": "none"} if missed else {}
    book.add("contact", id_, meeting(name, who, peer, starts), how)
    again = starts + dt.timedelta(3)
    if missed and again.date() <= LAST and book.chance(50):
        book.add("contact", f"{id_}-again", meeting(name, who, peer, again), {"makes_up": id_})


def appointments(book: Book, name: str, start: dt.date, end: dt.date) -> None:
    """A few appointments, also some that lie ahead. Most people want to be reminded of theirs, and are."""
    for number in range(1, book.rng.randint(1, 4)):
        when = at(min(start + book.days(3, 80), end - dt.timedelta(1)), book.rng.randint(8, 16))
        wants = not book.slip(15)
        facts: Row = {"enrollment": name, "starts_at": when, "wants_reminder": wants}
        id_ = book.add("appointment", f"{name}-appointment-{number}", facts)
        sent = when + dt.timedelta(1) if book.slip(5) else when - dt.timedelta(1)
        if wants and sent.date() <= LAST and not book.slip(7):
            book.add("reminder", f"{id_}-reminder", {"appointment": id_, "sent_at": sent})


def afterwards(book: Book, name: str, who: str, after: dt.date) -> None:
    """Follow-ups in the three months after the program, what the grant is charged, and word to the referrer."""
    agreed = book.tables["enrollment"][name]["follow_up_consent"]
    for month in range(1, 4 * bool(agreed)):
        on, reached = after + dt.timedelta(30 * month - 3), book.chance(70)
        if on <= LAST and not book.slip(12):
            facts: Row = {"enrollment": name, "attempted_on": on, "reached": reached}
            asked = reached and not book.slip(10)
            book.add("follow_up", f"{name}-follow-up-{month}", {**facts, "wellbeing_recorded": asked})
    on = after - book.days(20, 70)
    if on <= LAST and book.slip(80):
        payer = book.rng.choice(["grant"] * 18 + ["participant", "insurer", "other"])
        book.add("charge", f"{name}-charge", {"enrollment": name, "payer": payer, "charged_on": on})
    if on <= LAST and book.slip(60):
        told = book.rng.choice(["referrer"] * 8 + ["provider", "provider", "family", "insurer"])
        book.add("disclosure", f"{name}-disclosure", {"person": who, "recipient": told, "disclosed_on": on})


# stories


def story(book: Book, name: str, received: str, cared: str, *, start: str = "", who: str = "", **but: Row) -> None:
    """Somebody of a story: cared for, referred, and with a start enrolled. What is not told otherwise is in order."""
    came, left = map(day, cared.split())
    who = who or book.add("person", f"{name}-person", {})
    episode = care(book, f"{name}-care", who, came, left, but.get("care_episode"))
    accepted: Row = {"decision": "accepted"} if start else {}
    refer(book, name, who, time(received), accepted | but.get("referral", {}))
    if start:
        enroll(book, name, who, name, episode, day(start), but.get("enrollment", {}))


def referred(book: Book) -> None:
    """The stories of who may come in."""
    told = functools.partial(story, book)
    left: Row = {"left_at": time("01-05T10:30")}
    refused: Row = {"decision": "criteria_not_met"}
    undecided: Row = {"decision": "undecided", "decided_at": "none", "warmline_sent_at": "none"}
    parent: Row = {"referrer_role": "family_member", "form_completed_by": ("other",), **refused}
    winter, spring = "2025-12-30 01-05", "04-20 04-28"
    told("us1", "04-05T10:00", winter, start="04-13", care_episode=left)
    told("us2", "04-06T09:00", winter, referral=refused)
    utc = time("04-05T23:30").astimezone(dt.UTC)
    told("us3", "04-05T23:30", winter, referral={"received_at": utc}, care_episode=left)
    told("us4", "06-30T10:00", "06-02 06-12", care_episode={"ended_on": None, "left_at": None}, referral=undecided)
    ward: Row = {"route": "while_in_care", "referrer_role": "clinician", "decision": "accepted"}
    told("us5", "06-16T11:00", "06-08 07-20", referral=ward)
    told("us6", "04-20T10:00", "02-10 02-20", start="04-27")
    care(book, "us6-emergency", "us6-person", day("01-02"), day("01-02"))
    told("us7", "06-10T14:00", "03-01 03-12")
    care(book, "us7-emergency", "us7-person", day("03-01"), day("03-01"), {"led_to": "us7-care"})
    told("us8", "06-10T10:00", "06-01 07-03")
    told("us9", "05-12T10:00", spring, referral={"devices": (), **refused})
    told("us9-not-asked", "06-30T10:00", "06-01 06-09", referral={"devices": None, **undecided})
    told("us10", "05-12T10:00", spring, referral={"devices": ("computer_with_camera",), **refused})
    told("us11", "05-19T10:00", "04-27 05-06", referral={"decision": "no_place_now"})
    told("us12", "05-12T10:00", spring, referral={"route": "after_discharge", **parent})
    told("us12-self", "05-13T10:00", spring, referral=parent)
    told("us13", "05-12T10:00", spring, start="05-18", referral={"documents": ("medical_record",)})


def clocks(book: Book) -> None:
    """The stories of the first answer. The decision comes with it."""
    for name, received, answer in (
        ("us16", "05-22T16:55", "05-26T16:50"),
        ("us18", "05-22T17:00", "05-27T09:00"),
        ("us19", "03-06T16:00", "03-09T16:00"),
        ("us19-late", "03-06T16:00", "03-09T16:30"),
    ):
        with_it: Row = dict.fromkeys(("first_response_at", "decided_at", "warmline_sent_at"), time(answer))
        story(book, name, received, "02-10 02-20" if "us19" in name else "04-20 04-28", referral=with_it)


def enrolled(book: Book) -> None:
    """The stories of the twelve weeks and of what comes after them."""
    told = functools.partial(story, book)
    told("us14", "04-01T10:00", "2025-12-10 2025-12-20", start="04-13")
    told("us15", "01-08T10:00", "2025-12-30 01-05", start="01-19")
    told("us15-again", "06-08T10:00", "05-11 05-20", who="us15-person")
    told("us22", "03-31T10:00", "2025-12-30 01-05", start="04-06")
    told("us25", "2025-10-01T10:00", "2025-09-12 2025-09-20", start="2025-10-09")
    again: Row = {"planned_until": day("06-01"), "ended_on": day("06-01")}
    leaves: Row = {"ended_on": day("03-18"), "end_reason": "chose_to_leave", "follow_up_consent": None}
    others: dict[str, Row] = {"us24": again, "us26": {"safety_plan": "declined"}, "us58": leaves}
    for name in ("us21", "us23", "us24", "us26", "us27", "us58"):
        told(name, "02-24T10:00", "02-10 02-20", start="03-02", enrollment=others.get(name, {}))
    missed(book.tables["contact"])
    care(book, "us24-again", "us24-person", day("03-31"), day("04-08"))
    to_insurer: Row = {"person": "us27-person", "recipient": "insurer", "disclosed_on": day("04-02")}
    book.add("disclosure", "us27-disclosure", to_insurer)


def missed(contacts: dict[str, Row]) -> None:
    """The calls of stories 23 and 24: one missed and made up, one not to be had in hospital, one put off."""
    moved: Row = {"scheduled_on": day("04-13"), "starts_at": time("04-13T15:00"), "ends_at": time("04-13T15:45")}
    contacts["us23-again"] = contacts["us23-call-6"] | {"makes_up": "us23-call-6", **moved}
    contacts["us23-call-6"] |= {"status": "not_attended", "ends_at": "none"}
    put_off: Row = {"scheduled_on": day("04-10"), "starts_at": time("04-10T15:00"), "ends_at": time("04-10T15:45")}
    contacts["us24-call-6"] |= put_off
    del contacts["us24-call-5"]


def forget(book: Book) -> None:
    """Facts that nobody wrote down, days more seldom than others; never an id or a reference, never in a story."""
    for kind, rows in book.tables.items():
        facts = COLUMNS[kind].partition("|")[2].split()
        for id_, row in rows.items():
            if not id_.startswith(("us", "program")):
                row.update({name: None for name in facts if book.chance(7 if name.endswith(DATES) else 15)})


def make() -> dict[str, dict[str, Row]]:
    """The tables of the roster: for each kind its rows by their ids."""
    book = Book(random.Random(SEED))
    book.add("program", "program", {"time_zone": "America/Chicago", "capacity": CAPACITY})
    referred(book)
    clocks(book)
    enrolled(book)
    book.slips = True
    for number, received in enumerate(sorted(arrival(book) for _ in range(REFERRALS)), 1):
        applicant(book, number, received)
    forget(book)
    return book.tables


def write(tables: dict[str, dict[str, Row]], folder: Path) -> None:
    """One CSV file for each table."""
    folder.mkdir(exist_ok=True)
    for kind, rows in tables.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", *COLUMNS[kind].replace("|", "").split()])
            writer.writerows([id_, *map(cell, row.values())] for id_, row in rows.items())


if __name__ == "__main__":
    write(make(), Path(__file__).parent / "peer2peer")
