"""Rules of peer-support programs, written once as data with citations, and judged without guessing.

Load a rulebook, judge a record on a day, and read the finding:

    rulebook = peersupport.load("nebraska-dbh")
    finding = peersupport.judge(rulebook, "admission.symptoms", peersupport.Admission(id="a1"), on=date(2026, 6, 30))
    print(peersupport.explain(finding))
"""

from peersupport.audit import Audit, Load, Receipt, audit
from peersupport.caseload import Assignment, ClinicalConsultant, GroupSession, License, PeerProvider
from peersupport.eligibility import (
    Admission,
    CareEpisode,
    Measure,
    OtherService,
    Person,
    Program,
    Referral,
    StayReview,
    merge_stays,
)
from peersupport.library import CORE, available, load, loads
from peersupport.plans import Assessment, Consultation, Plan, PlanReview
from peersupport.readers.english import explain
from peersupport.readers.judge import Unsupported, judge, judge_each
from peersupport.roster import Roster, from_records, read
from peersupport.rules.calendar import Office, Period
from peersupport.rules.facts import NONE, Record
from peersupport.rules.findings import Finding, Place, Reason, Verdict
from peersupport.rules.forms import Force, Rule
from peersupport.rules.problems import InputError, Problem
from peersupport.rules.rulebook import Rulebook
from peersupport.schedule import Contact

__all__ = [
    "CORE",
    "NONE",
    "Admission",
    "Assessment",
    "Assignment",
    "Audit",
    "CareEpisode",
    "ClinicalConsultant",
    "Consultation",
    "Contact",
    "Finding",
    "Force",
    "GroupSession",
    "InputError",
    "License",
    "Load",
    "Measure",
    "Office",
    "OtherService",
    "PeerProvider",
    "Period",
    "Person",
    "Place",
    "Plan",
    "PlanReview",
    "Problem",
    "Program",
    "Reason",
    "Receipt",
    "Record",
    "Referral",
    "Roster",
    "Rule",
    "Rulebook",
    "StayReview",
    "Unsupported",
    "Verdict",
    "audit",
    "available",
    "explain",
    "from_records",
    "judge",
    "judge_each",
    "load",
    "loads",
    "merge_stays",
    "read",
]
