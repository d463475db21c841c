"""The core's kinds put together, and rulebooks by name, by path or from a text."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from typing import Final

from peersupport import caseload, eligibility, plans, readiness, schedule
from peersupport.outcomes import records as outcome_records
from peersupport.rules import loading
from peersupport.rules.facts import KINDS, Record, Vocabulary, vocabulary
from peersupport.rules.problems import InputError, Problem, near
from peersupport.rules.rulebook import Rulebook


def _declared(module: object) -> list[type[Record]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and value in KINDS]
    return [cls for cls in found if cls.__module__ == getattr(module, "__name__", "")]


_MODULES = (eligibility, plans, caseload, schedule, outcome_records, readiness)
CORE: Final[Vocabulary] = vocabulary([cls for module in _MODULES for cls in _declared(module)])
"""The kinds that every rulebook may speak of without declaring them."""


def available() -> tuple[str, ...]:
    """The names of the rulebooks that come with the package."""
    folder = resources.files("peersupport") / "rulebooks"
    return tuple(sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")))


def load(name: str | Path) -> Rulebook:
    """A rulebook by its name in the package, or from the path of a TOML file.

    Raises `InputError` with every fault of the file, or when there is no such rulebook.
    """
    if isinstance(name, Path) or name.endswith(".toml"):
        return _from_path(Path(name))
    return _packaged(name)


def loads(text: str, *, file: str = "rulebook") -> Rulebook:
    """A rulebook from a TOML text; `file` names it in messages."""
    return loading.load(text, CORE, file=file, find=_packaged)


def _from_path(path: Path) -> Rulebook:
    try:
        with path.open(encoding="utf-8") as opened:
            text = opened.read(loading.LARGEST + 2)
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), f"cannot be read: {_why(error)}")]) from None
    return loads(text, file=path.name)


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(getattr(error, "strerror", None) or "no file can be called so")


@functools.cache
def _packaged(name: str) -> Rulebook:
    if name not in available():
        raise InputError([Problem(f"rulebook {name!r}", "is not in the package", near(name, available()))])
    file = resources.files("peersupport") / "rulebooks" / f"{name}.toml"
    return loads(file.read_text(encoding="utf-8"), file=f"{name}.toml")
