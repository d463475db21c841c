"""The core's kinds put together, and rulebooks by name, by path, from a text, or from what else is installed.

A rule file opens no other file. What it extends is asked of a function that is given with it: here one that knows the
names of the package, those that other distributions register, and, for a file, what lies beside it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from peersupport import caseload, eligibility, plans, readiness, schedule
from peersupport.outcomes import records as outcome_records
from peersupport.rules import loading
from peersupport.rules import versions as rules_versions
from peersupport.rules.facts import KINDS, Record, Vocabulary, vocabulary
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.rulebook import Rulebook
from peersupport.rules.versions import Versions

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP: Final = "peersupport.rulebooks"
"""The entry points by which another distribution registers rulebooks: a name, and the package that has its file.

`state-agency = "state_package"` says that `state_package` holds `state-agency.toml`, and `"state_package:rules"` that
the file is in its folder `rules`. `NAME@VERSION.toml` beside it are other versions.
"""

_FILE: Final = re.compile(r"([a-z0-9][a-z0-9_-]*)(?:@([A-Za-z0-9][A-Za-z0-9._-]*))?\.toml")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


def _declared(module: object) -> list[type[Record]]:
    found = [value for value in vars(module).values() if isinstance(value, type) and value in KINDS]
    return [cls for cls in found if cls.__module__ == getattr(module, "__name__", "")]


_MODULES = (eligibility, plans, caseload, schedule, outcome_records, readiness)
CORE: Final[Vocabulary] = vocabulary([cls for module in _MODULES for cls in _declared(module)])
"""The kinds that every rulebook may speak of without declaring them."""


# what is asked for


def available() -> tuple[str, ...]:
    """The names of the rulebooks of the package and of those that other distributions register. None is loaded."""
    return tuple(sorted({*_shelf(), *_registered().given}))


def refused() -> tuple[Problem, ...]:
    """What other distributions register and nobody gets, each with the reason. No rulebook is loaded."""
    return _registered().refused


def load(name: str | Path | Traversable, *, on: dt.date | None = None, proved: bool = True) -> Rulebook:
    """A rulebook by its name, from the path of a TOML file, or from a resource of a package.

    `"name@2"` is version 2 of it. Of several versions one must be named, or `on` says on which day it is in force. With
    `proved=False` a rulebook is given that does to its base what it may not: for who wants to say where.

    Raises `InputError` with every fault of the file, or when there is no such rulebook.
    """
    if on is not None:
        some = versions(name) if isinstance(name, str | Path) else rules_versions.of(load(name))
        return some.on(on)
    if isinstance(name, str) and not name.endswith(".toml"):
        return _Finder(proved=proved).find(name)
    if isinstance(name, str | Path):
        path = Path(name)
        return _Finder(path.parent, proved=proved).read(path)
    return _Finder(proved=proved).read(name)


def loads(
    text: str, *, file: str = "rulebook", find: Callable[[str], Rulebook] | None = None, proved: bool = True
) -> Rulebook:
    """A rulebook from a TOML text; `file` names it in messages.

    `find` gives what it extends, by name. Without it that is a rulebook of the package: a text from a stranger opens no
    other file. `find=load` finds all that `load` does.
    """
    return _checked(loading.load(text, CORE, file=file, find=find or _packaged), proved=proved)


def versions(name: str | Path) -> Versions:
    """All versions of a rulebook, by its name or by the path of one of the files that lie beside one another."""
    if isinstance(name, str) and not name.endswith(".toml"):
        finder = _Finder()
        found = finder.place(name)
        return rules_versions.of(*(finder.kept(found, file) for file in found.files))
    path = Path(name)
    named = _FILE.fullmatch(path.name)
    beside = _files(path.parent).get(named.group(1), ()) if named else ()
    finder = _Finder(path.parent)
    return rules_versions.of(*(finder.read(path.parent / file) for file in beside or (path.name,)))


# where it is found


@attrs.frozen
class _Place:
    """Where the files of one name lie, and whose they are: empty for the package itself."""

    name: str
    folder: Traversable
    files: tuple[str, ...]
    whose: str = ""


def _files(folder: Traversable) -> dict[str, tuple[str, ...]]:
    """The rulebook files of a folder by name, each with its versions."""
    found: dict[str, list[str]] = {}
    for name in sorted(each.name for each in folder.iterdir()):
        matched = _FILE.fullmatch(name)
        if matched:
            found.setdefault(matched.group(1), []).append(name)
    return {name: tuple(files) for name, files in found.items()}


def _shelf() -> dict[str, tuple[str, ...]]:
    return _files(_folder())


def _folder() -> Traversable:
    return resources.files("peersupport") / "rulebooks"


@attrs.frozen
class _Registered:
    """What other distributions register: what is given, by name, and what is not."""

    given: Mapping[str, EntryPoint]
    refused: tuple[Problem, ...]


def _registered() -> _Registered:
    from importlib.metadata import entry_points  # noqa: PLC0415  slow to import, and seldom asked

    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda each: (each.name, _whose(each))):
        found.setdefault(point.name, []).append(point)
    faults = {name: _fault(name, points) for name, points in found.items()}
    given = {name: points[0] for name, points in found.items() if faults[name] is None}
    return _Registered(given, tuple(fault for fault in faults.values() if fault))


def _whose(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "a distribution without a name"


def _fault(name: str, points: Iterable[EntryPoint]) -> Problem | None:
    """Why nobody gets what is registered under a name."""
    owners = " and ".join(dict.fromkeys(_whose(point) for point in points))
    place = f"rulebook {name!r}"
    if not _NAME.fullmatch(name):
        return Problem(place, f"is registered by {owners} under no name", "small letters, digits, _ and -")
    if name in _shelf():
        return Problem(place, f"is registered by {owners}, and the package has it", "give it another name")
    if len([*points]) > 1:
        return Problem(place, f"is registered more than once, by {owners}", "uninstall one of them")
    return None


def _installed(point: EntryPoint) -> _Place:
    """Where the files of a registered name lie."""
    whose, place = _whose(point), f"rulebook {point.name!r}"
    package, _, folder = point.value.partition(":")
    try:
        root = resources.files(package.strip())
        root = root / folder.strip() if folder else root
        files = _files(root).get(point.name, ())
    except Exception as error:  # noqa: BLE001  whatever the package of somebody else raises
        fault = f"is registered by {whose}, and {point.value} cannot be read: {type(error).__name__}: {error}"
        raise InputError([Problem(place, fault, f"ask who makes {whose}")]) from None
    if not files:
        fault = f"is registered by {whose}, and {point.value} has no file {point.name}.toml"
        raise InputError([Problem(place, fault, f"ask who makes {whose}")])
    return _Place(point.name, root, files, whose)


class _Finder:
    """Finds rulebooks by name, and what they extend: in the package, among what is installed, and beside a file."""

    def __init__(self, beside: Path | None = None, *, inside: bool = False, proved: bool = True) -> None:
        self.beside = beside
        self.inside = inside
        self.proved = proved
        self.asked: tuple[str, ...] = ()

    def find(self, name: str) -> Rulebook:
        """A rulebook by its name, or by its name and version."""
        title, _, version = name.partition("@")
        found = self.place(title)
        if not version and len(found.files) == 1:
            return self.kept(found, found.files[0])
        known = {_version(found.folder / file): file for file in found.files}
        if version in known:
            return self.kept(found, known[version])
        fault = f"has no version {version!r}" if version else "has several versions, and none is named"
        names = ", ".join(f"{title}@{each}" for each in known)
        raise InputError(
            [Problem(f"rulebook {title!r}", fault, f"write {names}" if len(known) == 1 else f"one of {names}")]
        )

    def place(self, name: str) -> _Place:
        """Where the files of a name lie."""
        shelf = _shelf()
        if name in shelf:
            return _Place(name, _folder(), shelf[name])
        registered = _Registered({}, ()) if self.inside else _registered()
        if name in registered.given:
            return _installed(registered.given[name])
        near_by = _files(self.beside) if self.beside and self.beside.is_dir() else {}
        if self.beside and name in near_by:
            return _Place(name, self.beside, near_by[name], str(self.beside))
        raise_any([fault for fault in registered.refused if fault.place == f"rulebook {name!r}"])
        known = {*shelf, *registered.given, *near_by}
        raise InputError([Problem(f"rulebook {name!r}", "is not in the package", near(name, known))])

    def kept(self, found: _Place, file: str) -> Rulebook:
        """A rulebook of a place, read once in a process where it cannot change meanwhile."""
        if found.folder == self.beside:
            return _named(self.read(found.folder / file), found.name, file)
        return _kept(found.whose, found.name, file, found.folder, proved=self.proved)

    def read(self, file: Traversable) -> Rulebook:
        """The rulebook of a file."""
        return self.text(_text(file), file.name)

    def text(self, text: str, file: str) -> Rulebook:
        """A rulebook from a text, with what it extends."""
        base = _Finder(self.beside, inside=self.inside)
        base.asked = (*self.asked, file)

        def find(name: str) -> Rulebook:
            if len(base.asked) > 2:
                raise InputError([Problem(file, "is extended itself, and extends another", "at most two layers")])
            return base.find(name)

        return _checked(loading.load(text, CORE, file=file, find=find), proved=self.proved)


_shelved: dict[tuple[str, str, bool], Rulebook] = {}
"""The rulebooks of the package and of what is installed that were read, by whose they are, file, and whether proved."""


def _kept(whose: str, name: str, file: str, folder: Traversable, *, proved: bool) -> Rulebook:
    key = (whose, file, proved)
    if key not in _shelved:
        place = f"{whose}: {file}" if whose else file
        book = _Finder(inside=not whose, proved=proved).text(_text(folder / file), place)
        _shelved[key] = _named(book, name, file)
    return _shelved[key]


def _named(book: Rulebook, name: str, file: str) -> Rulebook:
    """A rulebook whose file is called by the name, and the version, that it says."""
    if book.name != name:
        fault = f"is {book.name!r}, and the file is called {file}"
        raise InputError([Problem(f"{book.file}, rulebook", fault, f'write rulebook = "{name}"')])
    version = _of_name(file)
    if version not in {"", book.version}:
        fault = f"is {book.version!r}, and the file is called {file}"
        raise InputError([Problem(f"{book.file}, version", fault, f'write version = "{version}"')])
    return book


def _of_name(file: str) -> str:
    """The version that the name of a file says; empty where it says none."""
    matched = _FILE.fullmatch(file)
    return (matched.group(2) if matched else "") or ""


def _version(file: Traversable) -> str:
    """The version of a file, by its name or else by its header. Its rules are not read."""
    return _of_name(file.name) or loading.version(_text(file), file.name)


def _packaged(name: str) -> Rulebook:
    return _Finder(inside=True).find(name)


def _text(file: Traversable) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(loading.LARGEST + 2)
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(file), f"cannot be read: {_why(error)}")]) from None


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(getattr(error, "strerror", None) or "no file can be called so")


def _checked(book: Rulebook, *, proved: bool) -> Rulebook:
    """A rulebook that keeps what it says of its base."""
    if book.may_only and proved:
        from peersupport.readers.strictness import promises  # noqa: PLC0415  few rulebooks promise anything

        raise_any(promises.broken(book))
    return book
