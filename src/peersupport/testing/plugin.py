"""What Hypothesis is told when it is imported: how each kind of records, rosters and rulebooks are drawn.

It is named in the package's entry points, so that `st.from_type(peersupport.Admission)` draws admissions that are
valid. Nothing is drawn, and no strategy is made, before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peersupport.library import CORE
from peersupport.roster import Roster
from peersupport.rules.facts import KINDS, Record
from peersupport.rules.rulebook import Rulebook

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def register() -> None:
    """Register a strategy for every kind of the core, for rosters and for rulebooks. Hypothesis calls it."""
    from hypothesis import strategies as st  # noqa: PLC0415  Hypothesis may not be there, and is never needed to judge

    for kind in CORE.kinds.values():
        st.register_type_strategy(kind.record, _records)
    st.register_type_strategy(Record, _any_record)
    st.register_type_strategy(Roster, _rosters)
    st.register_type_strategy(Rulebook, _rulebooks)


def _records(record: type[Record]) -> SearchStrategy[Any]:
    from peersupport.testing import strategies  # noqa: PLC0415  it imports Hypothesis, which is importing this

    return strategies.records(CORE, KINDS[record].name)


def _any_record(_: type[Record]) -> SearchStrategy[Any]:
    from hypothesis import strategies as st  # noqa: PLC0415  as above

    return st.one_of([_records(kind.record) for kind in CORE.kinds.values()])


def _rosters(_: type[Roster]) -> SearchStrategy[Roster]:
    from peersupport.testing import strategies  # noqa: PLC0415  as above

    return strategies.rosters(CORE)


def _rulebooks(_: type[Rulebook]) -> SearchStrategy[Rulebook]:
    from peersupport.testing import strategies  # noqa: PLC0415  as above

    return strategies.rulebooks()
