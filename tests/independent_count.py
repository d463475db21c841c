"""A second count of the example roster, which follows the English of the rulebook `nebraska-dbh`, rule by rule.

It is written without the library, and knows nothing of terms, kinds or readers.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from independent_tables import (
    MET,
    NONE,
    NOT_APPLICABLE,
    NOT_MET,
    UNKNOWN,
    Day,
    Row,
    Tables,
    Truth,
    agreed,
    among,
    at_most,
    before,
    birthday,
    date,
    every,
    held,
    lasts,
    names,
    number,
    opposite,
    runs,
    same,
    some,
    there,
    verdict,
    when,
    yes,
)

CASELOAD = 25
NARROW = ("ladc", "pladc")
DOMAINS = ("strengths", "ability", "at_risk_behavior", "suicide_risk")
ON_THE_PLAN = ("areas", "strategies", "evaluation_methods", "discharge_plan", "wellness_plan")
AGAINST_CRISES = ("crisis_prevention_plan", "early_warning_signs", "triggers", "responses")

Judge = Callable[[Row], str | list[str]]


class Count(Tables):
    """The rules, each of them as a verdict about a row of a table."""

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """Each rule with each verdict that it comes to."""
        for (table, dated), rules in self.rules().items():
            rows = self.seen(table, dated) if dated else self.tables[table]
            for rule, judge in rules.items():
                for found in map(judge, rows):
                    yield from ((rule, each) for each in ([found] if isinstance(found, str) else found))

    def rules(self) -> dict[tuple[str, str], dict[str, Judge]]:
        """The rules about the rows of each table; the second word is the day of such a row."""
        return {
            ("program", ""): self.of_program(),
            ("admission", "admitted_on"): self.of_admission() | self.of_criteria(),
            ("stay_review", "reviewed_on"): self.of_criteria() | self.of_stay_review(),
            ("assessment", "completed_on"): {"assessment.copy": self.copy},
            ("plan", "developed_on"): self.of_plan(),
            ("plan_review", "reviewed_on"): {
                "plan.new_version": self.new_version,
                "screening.throughout": self.throughout,
            },
            ("change", "happened_on"): {"plan.reviewed_after_change": self.reviewed_after_change},
            ("consultation", "held_on"): {"consultation.by_licensed": self.by_licensed},
            ("screening", "screened_on"): {
                "screening.danger_answered": self.danger_answered,
            },
            ("crisis_contact", "contacted_on"): {"crisis.liaison": self.liaison},
            ("contact", "starts_at"): self.of_contact(),
            ("group_session", "held_on"): self.of_group(),
            ("assignment", "starts_on"): {
                "assignment.shared_experience": self.shared_experience,
                "plan.names_group": self.names_group,
            },
            ("peer_provider", ""): {"caseload.maximum": self.caseload},
        }

    def of_program(self) -> dict[str, Judge]:
        """What the program itself says."""
        return {
            "program.licensed": lambda row: verdict(yes(row["licensed"])),
            "consultation.available": lambda row: verdict(yes(row["consultation_on_call"])),
        }

    def of_admission(self) -> dict[str, Judge]:
        """What is owed to somebody who is served."""
        return {
            "service.at_fitting_times": self.at_fitting_times,
            "assessment.before_service": lambda row: self.before_service(row, "individual", row["person"]),
            "assessment.before_family_service": lambda row: self.before_service(row, "family", row["child"]),
            "plan.developed": self.plan_developed,
            "plan.reviewed": self.plan_reviewed,
            "consultation.each_90_days": self.consultation,
            "coordination.with_providers": self.with_providers,
            "team.member": self.team,
            "screening.domains": self.domains,
            "screening.at_admission": self.at_admission,
            "family.coming_of_age": self.coming_of_age,
            "participant.adult_consent": self.adult_consent,
        }

    def of_criteria(self) -> dict[str, Judge]:
        """The criteria for admission, asked of an admission or of a review of the stay."""
        return {
            "admission.disorder": self.disorder,
            "admission.active_services": self.active_services,
            "admission.symptoms": self.symptoms,
            "admission.family": self.family,
            "admission.all": self.all_criteria,
        }

    def of_stay_review(self) -> dict[str, Judge]:
        """The criteria for staying."""
        return {
            "stay.benefit": self.benefit,
            "stay.progress": lambda row: verdict(yes(row["making_progress"])),
            "stay.participation": lambda row: verdict(yes(row["taking_part"])),
            "stay.continued": self.continued,
            "stay.transition": self.transition,
        }

    def of_plan(self) -> dict[str, Judge]:
        """What a plan holds, and who signs it."""
        return {
            "plan.recovery_in_own_words": lambda row: verdict(yes(row["recovery_in_own_words"])),
            "plan.shared_decisions": lambda row: verdict(there(row["decided_with"])),
            "plan.elements": self.elements,
            "plan.family": self.family_plan,
            "plan.adapted": self.adapted,
            "plan.signed": self.plan_signed,
            "plan.signed_by_qualified": self.signed_by_qualified,
            "coordination.plans_obtained": self.plans_obtained,
        }

    def of_contact(self) -> dict[str, Judge]:
        """Where and how they meet, and who may give it."""
        return {
            "contact.setting": self.setting,
            "contact.face_to_face": self.face_to_face,
            "contact.barriers_documented": self.barriers_documented,
            "staff.age": lambda row: self.served(row, self.old_enough(row, self.day(row["starts_at"]))),
            "staff.lived_experience": lambda row: self.served(row, there(self.peer(row)["lived_experience"])),
            "staff.parenting": self.parenting,
            "staff.education": lambda row: self.served(row, yes(self.peer(row)["diploma"])),
            "staff.recovery": self.recovery,
            "staff.certified": lambda row: self.served(row, self.certified(row, self.day(row["starts_at"]))),
            "staff.consultant_responsible": self.consultant_responsible,
        }

    def of_group(self) -> dict[str, Judge]:
        """How many come to a group, and who may lead it."""
        return {
            "group.size": lambda row: verdict(number(row["present"], 3, 12)),
            "group.facilitators": lambda row: self.of_facilitators(row, self.may_lead, someone=True),
            "group.facilitators_recovery": lambda row: self.of_facilitators(row, self.recovered),
            "group.facilitators_certified": lambda row: self.of_facilitators(row, self.certified),
        }

    # assessments and plans

    def before_service(self, admission: Row, service: str, assessed: str) -> str:
        """A fitting assessment is complete by the day of the first service."""
        services = self.of("contact", "admission", admission["id"])
        assessments = self.of("assessment", "person", assessed)
        dates = [row["starts_at"] for row in services] + [row["completed_on"] for row in assessments]
        around = [*map(self.day, dates), self.day(admission["ended_on"])]

        def possible(text: str, holds: Truth) -> list[Day]:
            days = self.perhaps(text, around) if holds is not False else []
            return days if holds else [*days, None]

        groups = self.of("assignment", "admission", admission["id"])
        starts = [possible(row["starts_at"], same(row["status"], "attended")) for row in services]
        starts += [possible(row["starts_on"], same(row["kind"], "group_only")) for row in groups]
        dones = self.first_of(possible(row["completed_on"], fitting(row)) for row in assessments)
        found = self.tried(self.first_of(starts), dones, self.last_days(admission, around))
        return when(same(admission["service"], service), found)

    def last_days(self, admission: Row, around: Iterable[Day]) -> list[Day]:
        """The days after those on which the service may have ended: on its last day something is still owed."""
        return [day and day + dt.timedelta(1) for day in self.ends(admission, around)]

    def copy(self, assessment: Row) -> str:
        """A copy is in the file, or at least one effort to get one is documented."""
        efforts = number(assessment["documented_efforts"], 1)
        return when(there(assessment["completed_on"]), verdict(some([yes(assessment["copy_in_file"]), efforts])))

    def elements(self, plan: Row) -> str:
        """All thirteen: those of the plan, those of its crisis prevention plan, and those of each of its goals."""
        goals = [self.good_goal(goal, date(plan["developed_on"])) for goal in self.of("goal", "plan", plan["id"])]
        facts = (yes(plan[fact]) for fact in ON_THE_PLAN + AGAINST_CRISES)
        return verdict(every(bool(goals), *goals, *facts, there(plan["services"])))

    def good_goal(self, goal: Row, developed: Day) -> Truth:
        """It is clear and realistic, with an objective, criteria, and a target date not before the plan."""
        target = False if goal["target_date"] == NONE else at_most(developed, date(goal["target_date"]))
        clear = every(yes(goal["clear_and_realistic"]), number(goal["objectives"], 1))
        return every(clear, yes(goal["achievement_criteria"]), target)

    def family_plan(self, plan: Row) -> str:
        """In family service it names skills for the caregivers, and education on both topics."""
        topics = (names(plan["family_education"], topic) for topic in ("parenting", "trauma"))
        service = self.admission(plan)["service"]
        return when(same(service, "family"), verdict(every(yes(plan["caregiver_skills"]), *topics)))

    def adapted(self, plan: Row) -> str:
        """It is adapted to all communities that the person names."""
        named = self.rows["person"][self.admission(plan)["person"]]["self_described"]
        return when(there(named), verdict(among(named, plan["adapted_to"])))

    def names_group(self, assignment: Row) -> str:
        """The latest plan of a person served only in groups, if there is one, names group support."""
        plans = self.seen_of("plan", "developed_on", "admission", assignment["admission"])
        last = max(plans, key=lambda plan: plan["developed_on"], default=None)
        known = last is not None and all(plan["developed_on"] for plan in plans)
        named = names(last["services"], "group_support") if last and known else None
        return when(every(same(assignment["kind"], "group_only"), bool(plans)), verdict(named))

    def plan_developed(self, admission: Row) -> str:
        """The plan is written within 30 days after admission."""
        written = [row["developed_on"] for row in self.of("plan", "admission", admission["id"])]
        around = [self.day(admission["admitted_on"]), self.day(admission["ended_on"]), *map(self.day, written)]
        dues = [day and day + dt.timedelta(30) for day in self.perhaps(admission["admitted_on"], around)]
        dones = self.first_of(self.perhaps(text, around) for text in written)
        return self.tried(dues, dones, self.ends(admission, [*around, *dues]))

    def plan_reviewed(self, admission: Row) -> list[str]:
        """The plan is reviewed at least every 90 days, from the first plan on, in whatever version."""
        written = [row["developed_on"] for row in self.of("plan", "admission", admission["id"])]
        reviews = [row["reviewed_on"] for row in self.reviews(admission["id"])]
        first = min((day for day in map(self.day, written) if day), default=None)
        if "" in written:
            return [UNKNOWN]
        if first is None:
            return [self.tried([None], [None], self.ends(admission, []))]
        return list(self.each_90_days(first, reviews, admission))

    def reviews(self, admission: str) -> list[Row]:
        """The reviews of all versions of a plan that are not dated after today."""
        plans = self.of("plan", "admission", admission)
        return [row for plan in plans for row in self.seen_of("plan_review", "reviewed_on", "plan", plan["id"])]

    def new_version(self, review: Row) -> str:
        """From the day after, a review that changes the plan has a version of that day or later."""
        admission, reviewed = self.admission_of_review(review), date(review["reviewed_on"])
        plans = self.seen_of("plan", "developed_on", "admission", admission)
        (judged,) = (plan for plan in self.tables["plan"] if plan["id"] == review["plan"])
        written = [date(plan["developed_on"]) for plan in plans]
        later = some(every(at_most(reviewed, day), before(date(judged["developed_on"]), day)) for day in written)
        applies = every(same(review["outcome"], "updated"), before(reviewed, self.on))
        return when(applies, verdict(later))

    def reviewed_after_change(self, change: Row) -> str:
        """From the day after, a change that calls for it has a review of that day or later."""
        happened = date(change["happened_on"])
        later = some(at_most(happened, date(row["reviewed_on"])) for row in self.reviews(change["admission"]))
        return when(every(yes(change["calls_for_review"]), before(happened, self.on)), verdict(later))

    def plan_signed(self, plan: Row) -> str:
        """The consultant signs the plan once it is written, while the service lasts."""
        ended = self.admission(plan)["ended_on"]
        around = [self.day(text) for text in (ended, plan["signed_on"], plan["developed_on"])]
        days = (self.perhaps(plan[fact], around) for fact in ("developed_on", "signed_on"))
        dones = {signed if at_most(written, signed) else None for written, signed in itertools.product(*days)}
        return self.tried(self.perhaps(ended, around), dones, [None])

    def signed_by_qualified(self, plan: Row) -> str:
        """The signer held a license on that day for all that the plan covers."""
        signed = self.day(plan["signed_on"])
        wide, least = self.licensed(plan["signed_by"], signed)
        narrow = same(plan["scope"], "substance_use")
        if plan["signed_on"] == NONE:
            return NOT_APPLICABLE
        return verdict(some([wide, every(least, narrow)])) if signed else UNKNOWN

    def licensed(self, consultant: str, day: Day) -> tuple[Truth, Truth]:
        """Whether a consultant holds, on a day, a license for everything, and one for substance use at the least."""
        licenses = self.seen_of("license", "valid_from", "consultant", consultant)
        wide = (every(opposite(same(row["type"], *NARROW, "other")), lasts(row, day)) for row in licenses)
        least = (every(opposite(same(row["type"], "other")), lasts(row, day)) for row in licenses)
        return some(wide), some(least)

    # consultation, coordination and screening

    def consultation(self, admission: Row) -> list[str]:
        """They confer about each person at least every 90 days, from admission on."""
        rows = [row for row in self.tables["consultation"] if admission["id"] in row["admissions"].split(";")]
        if not admission["admitted_on"]:
            return [UNKNOWN]
        licensed = [(row["held_on"], self.with_licensed(row)) for row in rows]
        held = [day for day, truth in licensed if truth or (truth is None and not day)]
        doubtful = [self.day(day) for day, truth in licensed if truth is None]
        return list(self.each_90_days(self.day(admission["admitted_on"]), held, admission, doubtful))

    def by_licensed(self, consultation: Row) -> str:
        """The consultant was licensed for all that was spoken of."""
        return verdict(self.with_licensed(consultation))

    def with_licensed(self, consultation: Row) -> Truth:
        """The consultant was licensed for everything, or for substance use where nothing else was spoken of."""
        wide, least = self.licensed(consultation["consultant"], date(consultation["held_on"]))
        about = [self.rows["admission"][id_] for id_ in consultation["admissions"].split(";")]
        return some([wide, every(least, *map(only_substances, about))])

    def with_providers(self, admission: Row) -> str:
        """While the service lasts there is a contact with other providers, if there are any, or the person declines."""
        contacts = self.of("coordination_contact", "admission", admission["id"])
        around = [self.day(admission["ended_on"]), *(self.day(row["held_on"]) for row in contacts)]

        def possible(row: Row) -> list[Day]:
            counts = same(row["outcome"], "held", "declined_by_person")
            days = self.perhaps(row["held_on"], around) if counts is not False else []
            return days if counts else [*days, None]

        applies = by_service(admission, *(self.treated(admission, who) for who in ("person", "child")))
        return when(applies, self.tried(self.ends(admission, around), self.first_of(map(possible, contacts)), [None]))

    def treated(self, admission: Row, who: str) -> Truth:
        """Somebody else treats the person, or the child, at some time of the service; what is undated may lie ahead."""
        admitted, ended = self.day(admission["admitted_on"]), admission["ended_on"]
        found = []
        for row in self.seen_of("other_service", "starts_on", "person", admission[who]):
            starts, ends = date(row["starts_on"]), row["ends_on"]
            began = before(starts, self.on if ended == NONE else self.day(ended))
            went_on = ends == NONE or before(admitted, date(ends))
            found.append(every(same(row["kind"], "behavioral_health"), began, went_on))
        return some(found)

    def enrolled(self, person: str, day: Day) -> Truth:
        """Somebody else treats somebody on a day."""
        rows = self.seen_of("other_service", "starts_on", "person", person)
        return some(every(same(row["kind"], "behavioral_health"), runs(row, day)) for row in rows)

    def plans_obtained(self, plan: Row) -> str:
        """By the day of the plan there is another provider's plan, or an effort to get it, if somebody else treats."""
        admission, day = self.admission(plan), date(plan["developed_on"])
        others = self.of("external_plan", "admission", admission["id"])
        got = [self.by(row[fact], day) for row in others for fact in ("received_on", "efforts_documented_on")]
        alone = every(same(admission["service"], "individual"), self.enrolled(admission["person"], day))
        family = every(same(admission["service"], "family"), self.enrolled(admission["child"], day))
        applies = some([alone, family])
        return when(applies, verdict(some(got)))

    def team(self, admission: Row) -> str:
        """Where there is a team, the peer provider is in it."""
        applies = same(admission["care_team"], "with_peer_provider", "without_peer_provider")
        return when(applies, verdict(same(admission["care_team"], "with_peer_provider")))

    def at_fitting_times(self, admission: Row) -> str:
        """All times that the person names are among those of the program."""
        (program,) = self.tables["program"]
        wished = admission["preferred_times"]
        return when(there(wished), verdict(among(wished, program["service_times"])))

    def domains(self, admission: Row) -> str:
        """Where somebody is screened, each screening fits, and between them they ask about all four."""
        rows = self.seen_of("screening", "screened_on", "admission", admission["id"])
        asked = (some(names(row["domains"], domain) for row in rows) for domain in DOMAINS)
        return when(bool(rows), verdict(every(*(yes(row["developmentally_fitting"]) for row in rows), *asked)))

    def at_admission(self, admission: Row) -> str:
        """Somebody is screened by the day of admission."""
        screened = [row["screened_on"] for row in self.of("screening", "admission", admission["id"])]
        around = [self.day(admission["admitted_on"]), self.day(admission["ended_on"]), *map(self.day, screened)]
        dones = self.first_of(self.perhaps(text, around) for text in screened)
        return self.tried(self.perhaps(admission["admitted_on"], around), dones, self.last_days(admission, around))

    def throughout(self, review: Row) -> str:
        """A review stands on a screening since the review before it.

        A screening without a day may have been made for this review. A review without a day may have been the day
        before this one.
        """
        admission, reviewed = self.admission_of_review(review), date(review["reviewed_on"])
        screened = [row["screened_on"] for row in self.seen_of("screening", "screened_on", "admission", admission)]
        if reviewed is None or not screened:
            return UNKNOWN if screened else NOT_MET
        past = [day for day in map(date, screened) if day and day <= reviewed]
        others = [date(row["reviewed_on"]) for row in self.reviews(admission) if row["id"] != review["id"]]
        earlier = [day for day in others if day and day < reviewed]
        if not past or (earlier and max(past) <= max(earlier)):
            return UNKNOWN if "" in screened else NOT_MET
        return UNKNOWN if None in others and max(past) < reviewed else MET

    def danger_answered(self, screening: Row) -> str:
        """A danger that is found is answered on that day."""
        taken = [row["taken_on"] for row in self.of("safety_action", "screening", screening["id"])]
        dues = self.perhaps(screening["screened_on"], map(self.day, taken))
        return when(yes(screening["imminent_danger"]), self.tried_within(dues, 0, taken, [None]))

    def liaison(self, contact: Row) -> str:
        """Peer support links up with a crisis service, or it is written down why not."""
        return verdict(same(contact["liaison"], "made", "declined_by_person", "not_possible"))

    # contacts and who gives them

    def peer(self, row: Row) -> Row:
        """The peer provider of a contact or an assignment; of a peer provider herself, herself."""
        return self.rows["peer_provider"][row["peer_provider"]] if "peer_provider" in row else row

    def served(self, contact: Row, holds: Truth) -> str:
        """What is asked of each contact that took place."""
        return when(same(contact["status"], "attended"), verdict(holds))

    def setting(self, contact: Row) -> str:
        """In person they meet in an office or clinic, at home or in the community."""
        applies = every(same(contact["status"], "attended"), same(contact["modality"], "in_person"))
        return when(applies, verdict(same(contact["setting"], "office_clinic", "home", "community")))

    def face_to_face(self, contact: Row) -> str:
        """In person, or by video too: there are two readings."""
        return agreed(
            self.served(contact, same(contact["modality"], "in_person", "video")),
            self.served(contact, same(contact["modality"], "in_person")),
        )

    def barriers_documented(self, contact: Row) -> str:
        """By telephone, or by video too, a note covers the day: there are two readings."""
        day = self.day(contact["starts_at"])
        notes = self.seen_of("barrier_note", "covers_from", "admission", contact["admission"])
        covering = (every(there(row["barrier"]), lasts(row, day, "covers_from", "covers_until")) for row in notes)
        noted = verdict(some(covering))
        attended, how = same(contact["status"], "attended"), contact["modality"]
        return agreed(
            when(every(attended, same(how, "telephone")), noted),
            when(every(attended, opposite(same(how, "in_person"))), noted),
        )

    def old_enough(self, row: Row, day: Day) -> Truth:
        """A peer provider is 19 by a day."""
        return self.by(self.peer(row)["birth_date"], day, 19)

    def parenting(self, contact: Row) -> str:
        """In family service the peer provider has brought up such a child."""
        applies = every(same(contact["status"], "attended"), same(self.admission(contact)["service"], "family"))
        return when(applies, verdict(yes(self.peer(contact)["parenting_experience"])))

    def two_years(self, peer: Row, day: Day) -> Truth:
        """Recovery began two years before a day, or two years of it are attested by then."""
        return some([self.by(peer["recovery_since"], day, 2), self.by(peer["two_years_attested_on"], day)])

    def recovery(self, contact: Row) -> str:
        """Two years of recovery are asked of whoever has lived experience of her own."""
        peer = self.peer(contact)
        applies = every(same(contact["status"], "attended"), names(peer["lived_experience"], "own"))
        return when(applies, verdict(self.two_years(peer, self.day(contact["starts_at"]))))

    def recovered(self, peer: Row, day: Day) -> Truth:
        """The same of whoever leads a group."""
        return some([opposite(names(peer["lived_experience"], "own")), self.two_years(peer, day)])

    def certified(self, row: Row, day: Day) -> Truth:
        """A peer provider's state certificate is in force on a day."""
        found = self.seen_of("credential", "valid_from", "peer_provider", self.peer(row)["id"])
        return some(every(same(each["kind"], "state"), lasts(each, day)) for each in found)

    def oversights(self, peer: str) -> list[Row]:
        """Who answers for a peer provider, and when."""
        return self.seen_of("oversight", "starts_on", "peer_provider", peer)

    def consultant_responsible(self, contact: Row) -> str:
        """On the day of service a consultant with some license that counts answers for the peer provider."""
        day, found = self.day(contact["starts_at"]), self.oversights(contact["peer_provider"])
        return self.served(
            contact, some(every(runs(row, day), *self.licensed(row["consultant"], day)[1:]) for row in found)
        )

    def of_facilitators(self, session: Row, holds: Callable[[Row, Day], Truth], *, someone: bool = False) -> str:
        """Something holds of each who leads a group, and where that is asked, there is someone."""
        leads = [] if session["facilitators"] == NONE else session["facilitators"].split(";")
        each = (holds(self.rows["peer_provider"][id_], date(session["held_on"])) for id_ in leads)
        return verdict(every(*each, bool(leads) or not someone))

    def may_lead(self, peer: Row, day: Day) -> Truth:
        """Old enough, with lived experience and a diploma, and a consultant answers for her."""
        overseen = some(runs(row, day) for row in self.oversights(peer["id"]))
        return every(self.old_enough(peer, day), there(peer["lived_experience"]), yes(peer["diploma"]), overseen)

    def shared_experience(self, assignment: Row) -> str:
        """Her own experience in individual service, that of a parent or caregiver in family service."""
        kinds = self.peer(assignment)["lived_experience"]
        shared = (names(kinds, kind) for kind in ("own", "parent_or_caregiver"))
        return verdict(by_service(self.admission(assignment), *shared))

    # caseloads

    def people_served(self, peer: str) -> Iterator[tuple[dt.date, int, int]]:
        """Each day with the number of people whom a peer provider surely serves, and may serve."""
        rows = self.seen_of("assignment", "starts_on", "peer_provider", peer)
        first = min((day for row in rows if (day := self.day(row["starts_on"]))), default=self.on)
        for after in range((self.on - first).days + 1):
            day = first + dt.timedelta(after)
            found = [(row["admission"], runs(row, day)) for row in rows]
            surely = {admission for admission, truth in found if truth}
            yield day, len(surely), len({admission for admission, truth in found if truth is not False})

    def caseload(self, peer: Row) -> list[str]:
        """One verdict for each unbroken time over the limit, or one that it was kept."""
        found = []
        for over, days in itertools.groupby(self.people_served(peer["id"]), key=lambda day: day[2] > CASELOAD):
            surely = [truth for truth, _ in itertools.groupby(day[1] > CASELOAD for day in days) if truth]
            found += [NOT_MET] * len(surely) or [UNKNOWN] * over
        return found or [MET]

    def caseload_peak(self, peer: str) -> tuple[int, int]:
        """The days on which a peer provider surely served too many, and the most people on any day."""
        surely = [surely for _, surely, _ in self.people_served(peer)]
        return sum(each > CASELOAD for each in surely), max(surely)

    # who may come in and who may stay

    def admission(self, row: Row) -> Row:
        """The admission to which a row belongs, or the row itself."""
        return self.rows["admission"][row["admission"]] if "admission" in row else row

    def admission_of_review(self, review: Row) -> str:
        """The admission whose plan is reviewed."""
        return self.rows["plan"][review["plan"]]["admission"]

    def dated(self, row: Row) -> Day:
        """The day of an admission, or of a review of the stay."""
        return self.day(row["reviewed_on"] if "reviewed_on" in row else row["admitted_on"])

    def disorder(self, row: Row) -> str:
        """A disorder, in family service the child's, that would benefit."""
        own = some([yes(row["mental_health_disorder"]), yes(row["substance_use_disorder"])])
        kinds = ("emotional_disturbance", "mental_health_disorder", "substance_use_disorder")
        childs = some([yes(row[f"child_{kind}"]) for kind in kinds])
        return verdict(every(by_service(row, own, childs), yes(row["would_benefit"])))

    def active_services(self, row: Row) -> str:
        """On the day there are other behavioral health services, in family service the child's."""
        admission = self.admission(row)
        enrolled = (self.enrolled(admission[who], self.dated(row)) for who in ("person", "child"))
        return verdict(by_service(row, *enrolled))

    def symptoms(self, row: Row) -> str:
        """Symptoms or limits disturb a routine."""
        return verdict(yes(row["symptoms_disturb_routine"]))

    def born(self, person: str) -> Day:
        """The day of birth of somebody, if there is somebody and it is recorded."""
        return None if person == NONE else date(self.rows["person"][person]["birth_date"])

    def family(self, row: Row) -> str:
        """The caregiver of a child under 19 with such a condition, and urgent difficulties somewhere."""
        born = self.born(self.admission(row)["child"])
        condition = some([yes(row["child_emotional_disturbance"]), yes(row["child_substance_use_disorder"])])
        young = before(self.dated(row), birthday(born, 19)) if born else None
        holds = every(yes(row["is_caregiver"]), condition, there(row["urgent_settings"]), young)
        return when(same(row["service"], "family"), verdict(holds))

    def all_criteria(self, row: Row) -> str:
        """All of them; what does not apply is not in the way."""
        judges = (self.disorder, self.active_services, self.symptoms, self.family)
        return verdict(every(*(held(judge(row)) for judge in judges)))

    def coming_of_age(self, admission: Row) -> str:
        """In family service the stay is reviewed in the 90 days before the child is 19."""
        born = self.born(admission["child"])
        reviews = [row["reviewed_on"] for row in self.of("stay_review", "admission", admission["id"])]
        around = [self.day(admission["ended_on"]), *map(self.day, reviews)]
        dues = [birthday(born, 19)] if born else self.perhaps("", around)
        found = self.tried_within(dues, 90, reviews, self.ends(admission, [*around, *dues]))
        young = before(self.day(admission["admitted_on"]), birthday(born, 19) if born else None)
        return when(every(same(admission["service"], "family"), young), found)

    def adult_consent(self, admission: Row) -> str:
        """Who becomes 18 while served consents anew on that day."""
        born = self.born(admission["person"])
        adult = birthday(born, 18) if born else None
        consent = admission["adult_consent_on"]
        dues = [adult] if adult else self.perhaps("", [self.day(consent)])
        applies = every(same(admission["service"], "individual"), before(self.day(admission["admitted_on"]), adult))
        return when(applies, self.tried_within(dues, 0, [consent], self.ends(admission, dues)))

    def benefit(self, review: Row) -> str:
        """Benefit is likely, and some measure was taken twice, on different days."""
        measured = []
        for row in self.seen_of("measure", "baseline_on", "admission", review["admission"]):
            later = before(self.day(row["baseline_on"]), self.day(row["latest_on"]))
            measured.append(False if row["latest_on"] == NONE else later)
        return verdict(every(yes(review["benefit_likely"]), some(measured)))

    def continued(self, review: Row) -> str:
        """The criteria for admission still hold, with benefit, progress and an active part."""
        judged = (held(self.all_criteria(review)), held(self.benefit(review)))
        return verdict(every(*judged, yes(review["making_progress"]), yes(review["taking_part"])))

    def transition(self, review: Row) -> str:
        """Where that is not so, a transition is planned."""
        planned = None if self.ahead(review["transition_planned_on"]) else there(review["transition_planned_on"])
        return when(opposite(held(self.continued(review))), verdict(planned))


def by_service(row: Row, individual: Truth, family: Truth) -> Truth:
    """What holds of the person in individual service, and of the child in family service."""
    return some([every(same(row["service"], name), truth) for name, truth in
                 (("individual", individual), ("family", family))])  # fmt: skip


def fitting(assessment: Row) -> Truth:
    """It describes the needs, recommends the service, and an authorized clinician made it."""
    facts = ("describes_needs", "recommends_peer_support", "clinician_authorized")
    return every(*(yes(assessment[fact]) for fact in facts))


def only_substances(admission: Row) -> Truth:
    """The service is for a substance use disorder and nothing else, in family service the child's."""
    own = every(yes(admission["substance_use_disorder"]), opposite(yes(admission["mental_health_disorder"])))
    others = (opposite(yes(admission[f"child_{kind}"])) for kind in ("mental_health_disorder", "emotional_disturbance"))
    return by_service(admission, own, every(yes(admission["child_substance_use_disorder"]), *others))


def counts(folder: Path, on: dt.date) -> dict[str, dict[str, int]]:
    """How many findings of each rule have each verdict."""
    found: dict[str, Counter[str]] = {}
    for rule, each in Count(folder, on).verdicts():
        found.setdefault(rule, Counter())[each] += 1
    return {rule: dict(counter) for rule, counter in found.items()}
