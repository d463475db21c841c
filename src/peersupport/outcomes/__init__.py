"""What changed, for whom, and how sure that is: outcomes over the records of a program.

Each measure says what it counts, among whom, over which days, and what was left out and why; not yet observable and
not recorded are kept apart from no. `docs/outcomes.md` has them all.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from peersupport.outcomes.records import CrisisContact, Employment, OutcomeEvent, OutcomeReview

if TYPE_CHECKING:
    from peersupport.outcomes.attesting import DESIRED, Attested, attested
    from peersupport.outcomes.crises import CAUTION, Stretch, Trend, crisis_contacts
    from peersupport.outcomes.discharges import (
        Index,
        acute_care,
        acute_care_with_emergency,
        acute_psychiatric,
        any_inpatient,
        psychiatric_inpatient,
    )
    from peersupport.outcomes.engaging import Attendance, Engagement, attendance_by_week, engagement
    from peersupport.outcomes.given import Ends
    from peersupport.outcomes.happenings import Happened, events_of
    from peersupport.outcomes.meeting import days_to_first_contact
    from peersupport.outcomes.pairing import REGRESSION, BeforeAfter, before_and_after, crisis_contacts_before_and_after
    from peersupport.outcomes.readmitting import Readmission, Readmissions, readmission, readmissions
    from peersupport.outcomes.results import Case, PerTime, Share, UntilEvent
    from peersupport.outcomes.returning import COMPETING, readmission_rate, time_to_readmission
    from peersupport.outcomes.strata import Group, Subgroups, released, subgroups
    from peersupport.outcomes.workforce import leavers, tenure, turnover

__all__ = [
    "CAUTION",
    "COMPETING",
    "DESIRED",
    "REGRESSION",
    "Attendance",
    "Attested",
    "BeforeAfter",
    "Case",
    "CrisisContact",
    "Employment",
    "Ends",
    "Engagement",
    "Group",
    "Happened",
    "Index",
    "OutcomeEvent",
    "OutcomeReview",
    "PerTime",
    "Readmission",
    "Readmissions",
    "Share",
    "Stretch",
    "Subgroups",
    "Trend",
    "UntilEvent",
    "acute_care",
    "acute_care_with_emergency",
    "acute_psychiatric",
    "any_inpatient",
    "attendance_by_week",
    "attested",
    "before_and_after",
    "crisis_contacts",
    "crisis_contacts_before_and_after",
    "days_to_first_contact",
    "engagement",
    "events_of",
    "leavers",
    "psychiatric_inpatient",
    "readmission",
    "readmission_rate",
    "readmissions",
    "released",
    "subgroups",
    "tenure",
    "time_to_readmission",
    "turnover",
]

_HOMES = {
    "Attendance": "peersupport.outcomes.engaging",
    "Attested": "peersupport.outcomes.attesting",
    "BeforeAfter": "peersupport.outcomes.pairing",
    "CAUTION": "peersupport.outcomes.crises",
    "COMPETING": "peersupport.outcomes.returning",
    "Case": "peersupport.outcomes.results",
    "DESIRED": "peersupport.outcomes.attesting",
    "Ends": "peersupport.outcomes.given",
    "Engagement": "peersupport.outcomes.engaging",
    "Group": "peersupport.outcomes.strata",
    "Happened": "peersupport.outcomes.happenings",
    "Index": "peersupport.outcomes.discharges",
    "PerTime": "peersupport.outcomes.results",
    "REGRESSION": "peersupport.outcomes.pairing",
    "Readmission": "peersupport.outcomes.readmitting",
    "Readmissions": "peersupport.outcomes.readmitting",
    "Share": "peersupport.outcomes.results",
    "Stretch": "peersupport.outcomes.crises",
    "Subgroups": "peersupport.outcomes.strata",
    "Trend": "peersupport.outcomes.crises",
    "UntilEvent": "peersupport.outcomes.results",
    "acute_care": "peersupport.outcomes.discharges",
    "acute_care_with_emergency": "peersupport.outcomes.discharges",
    "acute_psychiatric": "peersupport.outcomes.discharges",
    "any_inpatient": "peersupport.outcomes.discharges",
    "attendance_by_week": "peersupport.outcomes.engaging",
    "attested": "peersupport.outcomes.attesting",
    "before_and_after": "peersupport.outcomes.pairing",
    "crisis_contacts": "peersupport.outcomes.crises",
    "crisis_contacts_before_and_after": "peersupport.outcomes.pairing",
    "days_to_first_contact": "peersupport.outcomes.meeting",
    "engagement": "peersupport.outcomes.engaging",
    "events_of": "peersupport.outcomes.happenings",
    "leavers": "peersupport.outcomes.workforce",
    "psychiatric_inpatient": "peersupport.outcomes.discharges",
    "readmission": "peersupport.outcomes.readmitting",
    "readmission_rate": "peersupport.outcomes.returning",
    "readmissions": "peersupport.outcomes.readmitting",
    "released": "peersupport.outcomes.strata",
    "subgroups": "peersupport.outcomes.strata",
    "tenure": "peersupport.outcomes.workforce",
    "time_to_readmission": "peersupport.outcomes.returning",
    "turnover": "peersupport.outcomes.workforce",
}
"""Where each name but the kinds lives. It is imported when it is first asked for: a rulebook needs the kinds alone."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
