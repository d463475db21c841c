"""Invented rulebooks that tests compare: two overlays of `nebraska-dbh`, and a house whose numbers are drawn."""

from __future__ import annotations

from typing import Final

LINCOLN: Final = """
rulebook = "lincoln"
title    = "Lincoln, an invented overlay"
version  = "1"
extends  = "nebraska-dbh"
without  = ["service.at_fitting_times"]

[sources.LI]
title = "Leaflet of Lincoln (invented)"

[kinds.admission]
lives_in_city = { type = "bool", says = "the person lives in the city" }

[[limit]]
id       = "caseload.maximum"
about    = "peer_provider"
says     = "A peer provider serves at most {at_most} people at a time."
measure  = "distinct(assignment.admission)"
window   = "at any time"
at_most  = 20
replaces = "caseload.maximum"
source   = "LI: 1"

[[deadline]]
id       = "plan.written"
about    = "admission"
says     = "The plan is written within {within} after admission."
after    = "admitted_on"
within   = "14 days"
done     = "first(plan.developed_on)"
until    = "ended_on"
replaces = "plan.developed"
source   = "LI: 2"

[[criterion]]
id     = "admission.city"
about  = "admission"
says   = "The person lives in the city."
holds  = "lives_in_city"
source = "LI: 3"
examples = [
  { given = { lives_in_city = true }, on = 2026-05-01, verdict = "met" },
  { given = { lives_in_city = false, service = "individual" }, on = 2026-05-01, verdict = "not_met" },
]
"""
"""20 people at most, a plan within 14 days, one rule dropped, one criterion added."""

OMAHA: Final = """
rulebook = "omaha"
title    = "Omaha, an invented overlay"
version  = "1"
extends  = "nebraska-dbh"

[sources.OM]
title = "Leaflet of Omaha (invented)"

[[limit]]
id       = "caseload.maximum"
about    = "peer_provider"
says     = "A peer provider serves at most {at_most} people in a calendar month."
measure  = "distinct(assignment.admission)"
window   = "calendar month"
at_most  = 25
replaces = "caseload.maximum"
source   = "OM: 1"

[[deadline]]
id         = "screening.danger_answered"
about      = "screening"
says       = "Where imminent danger is found on the first screening, a step to lower it is documented the same day."
critical   = true
when       = "imminent_danger and not any(admission.screening, screened_on < this.screened_on)"
due        = "screened_on"
not_before = "screened_on"
done       = "first(safety_action.taken_on)"
replaces   = "screening.danger_answered"
source     = "OM: 2"

[[deadline]]
id       = "plan.reviewed"
about    = "admission"
says     = "The plan is reviewed at least every {again}."
after    = "first(plan.developed_on)"
again    = "60 days"
counted  = "rolling"
until    = "ended_on"
done     = "each(plan.plan_review.reviewed_on)"
replaces = "plan.reviewed"
source   = "OM: 3"
"""
"""Another window, a `when` that is narrower, and a period that is shorter."""

HOUSE: Final = """
rulebook = "{name}"
title    = "A house (invented)"
version  = "1"

[sources.H]
title = "Handbook of the house (invented)"

[kinds.stay]
says       = "a stay"
span       = {{ from = "arrived_on", until = "left_on" }}
dated_by   = "arrived_on"
person     = "-> person"
arrived_on = {{ type = "date", says = "the day of arrival", event = "arrives" }}
left_on    = {{ type = "date or none", says = "the day of leaving", event = "leaves" }}
wants_to   = {{ type = "bool", says = "the person wants to stay" }}
meals      = {{ type = "int meals", min = 0, says = "the number of meals" }}

[kinds.chart]
dated_by = "drawn_on"
stay     = "-> stay"
drawn_on = {{ type = "date or none", says = "the day the chart is drawn", event = "the chart is drawn" }}
{rules}
"""
"""A house without a rule: `name` and `rules` are filled in."""

CHART: Final = """
[[deadline]]
id     = "chart.drawn"
about  = "stay"
says   = "A chart is drawn within {{within}}."
after  = "arrived_on"
within = "{days} days"
done   = "first(chart.drawn_on)"
source = "H: 1"
"""
MEALS: Final = """
[[criterion]]
id     = "stay.meals"
about  = "stay"
says   = "There are enough meals."
{when}
holds  = "meals >= {meals}"
source = "H: 2"
"""
PEOPLE: Final = """
[[limit]]
id      = "stay.people"
about   = "program"
says    = "At most {{at_most}} people stay."
measure = "count(stay)"
window  = "at any time"
at_most = {people}
source  = "H: 3"
"""


def house(name: str = "house", *rules: str) -> str:
    """The text of a house with some rules."""
    return HOUSE.format(name=name, rules="".join(rules))


def meals(least: int, when: str = "") -> str:
    """A criterion of a house: at least so many meals, where something holds."""
    return MEALS.format(meals=least, when=f'when = "{when}"' if when else "")
