"""Rules of peer-support programs, written once as data with citations, and judged without guessing.

Load a rulebook, judge a record on a day, and read the finding:

    rulebook = peersupport.load("nebraska-dbh")
    finding = peersupport.judge(rulebook, "admission.symptoms", peersupport.Admission(id="a1"), on=date(2026, 6, 30))
    print(peersupport.explain(finding))
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peersupport.auditing import Audit, Load, Receipt, audit
    from peersupport.caseload import (
        Assignment,
        ClinicalConsultant,
        Credential,
        GroupSession,
        License,
        Oversight,
        PeerProvider,
    )
    from peersupport.comparing import Comparison, compare
    from peersupport.comparing.impacts import Impact, impact
    from peersupport.eligibility import (
        Admission,
        CareEpisode,
        Charge,
        Disclosure,
        Enrollment,
        Measure,
        OtherService,
        Person,
        Program,
        Referral,
        StayReview,
        merge_stays,
    )
    from peersupport.library import CORE, available, load, loads, refused, versions
    from peersupport.outcomes.records import CrisisContact, Employment, OutcomeEvent, OutcomeReview
    from peersupport.plans import (
        Assessment,
        Change,
        Consultation,
        CoordinationContact,
        ExternalPlan,
        Goal,
        Plan,
        PlanReview,
        SafetyAction,
        Screening,
    )
    from peersupport.readers.columns import judge_frame
    from peersupport.readers.columns.written import frames_of
    from peersupport.readers.editions import judge_versions
    from peersupport.readers.english import explain
    from peersupport.readers.judge import judge, judge_each, verdict_of
    from peersupport.readiness import ReadinessAnswer
    from peersupport.roster import Roster, from_records, read
    from peersupport.rules.calendar import Office, Period
    from peersupport.rules.facts import NONE, Record
    from peersupport.rules.findings import Finding, Judged, Place, Reason, Verdict
    from peersupport.rules.forms import Force, Rule
    from peersupport.rules.problems import InputError, PartialTables, Problem, Unsupported
    from peersupport.rules.rulebook import Rulebook
    from peersupport.rules.versions import Versions
    from peersupport.schedule import Appointment, BarrierNote, Contact, FollowUp, Module, Reminder

__version__ = "0.1.0"

__all__ = [
    "CORE",
    "NONE",
    "Admission",
    "Appointment",
    "Assessment",
    "Assignment",
    "Audit",
    "BarrierNote",
    "CareEpisode",
    "Change",
    "Charge",
    "ClinicalConsultant",
    "Comparison",
    "Consultation",
    "Contact",
    "CoordinationContact",
    "Credential",
    "CrisisContact",
    "Disclosure",
    "Employment",
    "Enrollment",
    "ExternalPlan",
    "Finding",
    "FollowUp",
    "Force",
    "Goal",
    "GroupSession",
    "Impact",
    "InputError",
    "Judged",
    "License",
    "Load",
    "Measure",
    "Module",
    "Office",
    "OtherService",
    "OutcomeEvent",
    "OutcomeReview",
    "Oversight",
    "PartialTables",
    "PeerProvider",
    "Period",
    "Person",
    "Place",
    "Plan",
    "PlanReview",
    "Problem",
    "Program",
    "ReadinessAnswer",
    "Reason",
    "Receipt",
    "Record",
    "Referral",
    "Reminder",
    "Roster",
    "Rule",
    "Rulebook",
    "SafetyAction",
    "Screening",
    "StayReview",
    "Unsupported",
    "Verdict",
    "Versions",
    "audit",
    "available",
    "compare",
    "explain",
    "frames_of",
    "from_records",
    "impact",
    "judge",
    "judge_each",
    "judge_frame",
    "judge_versions",
    "load",
    "loads",
    "merge_stays",
    "read",
    "refused",
    "verdict_of",
    "versions",
]

_HOMES = {
    "Admission": "peersupport.eligibility",
    "Appointment": "peersupport.schedule",
    "Assessment": "peersupport.plans",
    "Assignment": "peersupport.caseload",
    "Audit": "peersupport.auditing",
    "BarrierNote": "peersupport.schedule",
    "CORE": "peersupport.library",
    "CareEpisode": "peersupport.eligibility",
    "Change": "peersupport.plans",
    "Charge": "peersupport.eligibility",
    "ClinicalConsultant": "peersupport.caseload",
    "Comparison": "peersupport.comparing",
    "Consultation": "peersupport.plans",
    "Contact": "peersupport.schedule",
    "CoordinationContact": "peersupport.plans",
    "Credential": "peersupport.caseload",
    "CrisisContact": "peersupport.outcomes.records",
    "Disclosure": "peersupport.eligibility",
    "Employment": "peersupport.outcomes.records",
    "Enrollment": "peersupport.eligibility",
    "ExternalPlan": "peersupport.plans",
    "Finding": "peersupport.rules.findings",
    "FollowUp": "peersupport.schedule",
    "Force": "peersupport.rules.forms",
    "Goal": "peersupport.plans",
    "GroupSession": "peersupport.caseload",
    "Impact": "peersupport.comparing.impacts",
    "InputError": "peersupport.rules.problems",
    "Judged": "peersupport.rules.findings",
    "License": "peersupport.caseload",
    "Load": "peersupport.auditing",
    "Measure": "peersupport.eligibility",
    "Module": "peersupport.schedule",
    "NONE": "peersupport.rules.facts",
    "Office": "peersupport.rules.calendar",
    "OtherService": "peersupport.eligibility",
    "OutcomeEvent": "peersupport.outcomes.records",
    "OutcomeReview": "peersupport.outcomes.records",
    "Oversight": "peersupport.caseload",
    "PartialTables": "peersupport.rules.problems",
    "PeerProvider": "peersupport.caseload",
    "Period": "peersupport.rules.calendar",
    "Person": "peersupport.eligibility",
    "Place": "peersupport.rules.findings",
    "Plan": "peersupport.plans",
    "PlanReview": "peersupport.plans",
    "Problem": "peersupport.rules.problems",
    "Program": "peersupport.eligibility",
    "ReadinessAnswer": "peersupport.readiness",
    "Reason": "peersupport.rules.findings",
    "Receipt": "peersupport.auditing",
    "Record": "peersupport.rules.facts",
    "Referral": "peersupport.eligibility",
    "Reminder": "peersupport.schedule",
    "Roster": "peersupport.roster",
    "Rule": "peersupport.rules.forms",
    "Rulebook": "peersupport.rules.rulebook",
    "SafetyAction": "peersupport.plans",
    "Screening": "peersupport.plans",
    "StayReview": "peersupport.eligibility",
    "Unsupported": "peersupport.rules.problems",
    "Verdict": "peersupport.rules.findings",
    "Versions": "peersupport.rules.versions",
    "audit": "peersupport.auditing",
    "available": "peersupport.library",
    "compare": "peersupport.comparing",
    "explain": "peersupport.readers.english",
    "frames_of": "peersupport.readers.columns.written",
    "from_records": "peersupport.roster",
    "impact": "peersupport.comparing.impacts",
    "judge": "peersupport.readers.judge",
    "judge_each": "peersupport.readers.judge",
    "judge_frame": "peersupport.readers.columns",
    "judge_versions": "peersupport.readers.editions",
    "load": "peersupport.library",
    "loads": "peersupport.library",
    "merge_stays": "peersupport.eligibility",
    "read": "peersupport.roster",
    "refused": "peersupport.library",
    "verdict_of": "peersupport.readers.judge",
    "versions": "peersupport.library",
}
"""Where each public name lives. It is imported when it is first asked for, so that importing the package is cheap."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module 'peersupport' has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
