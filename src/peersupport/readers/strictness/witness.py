"""A case that breaks one of two rules, as a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import attrs

from peersupport.rules.findings import Verdict

Given: TypeAlias = Mapping[str, Any]


@attrs.frozen
class Witness:
    """A case that breaks one of two rules: what is given, as an example gives it, the day, and both verdicts.

    With `tightens` it breaks the new one. A verdict that is not met on both sides is an exception on one of them.
    """

    about: str
    reading: str
    on: dt.date
    given: Given = attrs.field(hash=False)
    before: Verdict
    after: Verdict
    tightens: bool


@attrs.frozen
class Found:
    """The smallest case that breaks the new rule alone, and the smallest that breaks the old one alone."""

    tightened: Witness | None
    loosened: Witness | None
