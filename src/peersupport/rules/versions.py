"""The versions of one rulebook, in the order of the days on which they are in force.

No day has two versions, unless a version says that it holds beside the one before it. A day without any is not in
force: neither a yes nor a no, and never the nearest version.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections.abc import Iterator, Sequence

import attrs

from peersupport.rules.facts import Vocabulary
from peersupport.rules.forms import InForce
from peersupport.rules.problems import InputError, Problem, near, raise_any
from peersupport.rules.rulebook import Rulebook

ONE_DAY = dt.timedelta(days=1)


@attrs.frozen(eq=False)
class Versions:
    """The versions of one rulebook in order: `on(day)` is the one in force, `versions["2"]` one by its version.

    Each has the days on which it is in force here: an open end is cut where a version succeeds it. `together` are the
    days on which two of them are in force, and `between` the days inside on which none is and no version says why.
    """

    name: str
    books: tuple[Rulebook, ...]
    vocabulary: Vocabulary = attrs.field(repr=False)
    """The kinds and facts of all versions: a roster that is read with them can be judged by each."""
    together: tuple[InForce, ...] = ()
    between: tuple[InForce, ...] = ()

    def __iter__(self) -> Iterator[Rulebook]:
        return iter(self.books)

    def __len__(self) -> int:
        return len(self.books)

    def __getitem__(self, version: str) -> Rulebook:
        found = {book.version: book for book in self.books}
        if version not in found:
            message = f"{self.name} has no version {version!r} ({near(version, found)})"
            raise KeyError(message)
        return found[version]

    def at(self, day: dt.date) -> tuple[Rulebook, ...]:
        """The versions in force on a day: none, one, or two that hold beside one another."""
        return tuple(book for book in self.books if book.in_force.covers(day))

    def on(self, day: dt.date) -> Rulebook:
        """The version in force on a day. Raises `InputError` where there is none, or more than one."""
        found = [*self.at(day)]
        place = f"rulebook {self.name}"
        if not found:
            raise InputError([Problem(place, f"is not in force on {day}", self._around(day))])
        if len(found) > 1:
            names = " and ".join(book.version for book in found)
            fault = f"the versions {names} are both in force on {day}"
            raise InputError([Problem(place, fault, "choose one of them: versions.preferring('...')")])
        return found[0]

    def _around(self, day: dt.date) -> str:
        """The version before a day and the one behind it, where a day has none."""
        before = [book for book in self.books if book.in_force.until and book.in_force.until <= day]
        after = [book for book in self.books if book.in_force.start and book.in_force.start > day]
        told = [f"version {book.version} was, {_days(book.in_force)}" for book in before[-1:]]
        told += [f"version {book.version} will be, {_days(book.in_force)}" for book in after[:1]]
        return "; ".join(told)

    def preferring(self, version: str) -> Versions:
        """The versions with one of them alone in force on the days that it shares with others."""
        chosen = self[version].in_force
        return of(*(_outside(book, chosen) if book.version != version else book for book in self.books))

    @property
    def edition(self) -> str:
        """Every version with its days, as a receipt has them."""
        return ", ".join(f"{book.version} ({_days(book.in_force)})" for book in self.books)

    @property
    def digest(self) -> str:
        """The SHA-256 of the digests of all versions."""
        return hashlib.sha256("".join(book.digest for book in self.books).encode()).hexdigest()

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody who judges by these versions should know: the days inside on which none is in force."""
        return tuple(f"no version of {self.name} is in force {_days(days)}" for days in self.between)


def of(*books: Rulebook) -> Versions:
    """Some rulebooks of one name as its versions. Raises `InputError` where they do not fit together.

    They are put in the order of their first days.
    """
    raise_any([*_names(books)])
    ordered = sorted(books, key=lambda book: book.in_force.start or dt.date.min)
    ended = [_ended(book, after) for book, after in itertools.zip_longest(ordered, ordered[1:])]
    pairs = [*itertools.pairwise(ended)]
    raise_any([problem for pair in pairs for problem in _unknown(*pair)])
    raise_any([problem for pair in itertools.combinations(ended, 2) for problem in _overlapping(*pair, pair in pairs)])
    vocabulary = _vocabulary(ended)
    together = tuple(days for pair in pairs if (days := _shared(*pair)))
    gaps = [(_gap(*pair), pair[1].lapse) for pair in pairs]
    between = tuple(days for days, lapse in gaps if days and not lapse)
    return Versions(ended[0].name, tuple(ended), vocabulary, together, between)


def _names(books: Sequence[Rulebook]) -> Iterator[Problem]:
    """One name, and each version once."""
    if not books:
        yield Problem("versions", "there are none", "give at least one rulebook")
    for book in books[1:]:
        if book.name != books[0].name:
            yield Problem(book.file, f"is the rulebook {book.name}, and {books[0].file} is {books[0].name}")
    seen: dict[str, Rulebook] = {}
    for book in books:
        other = seen.setdefault(book.version, book)
        if other is not book:
            yield Problem(book.file, f"is version {book.version} as {other.file} is", "give it another `version`")


def _ended(book: Rulebook, after: Rulebook | None) -> Rulebook:
    """A version that runs on, ended where the next one says that it succeeds it."""
    if after is None or after.succeeds != book.version or book.in_force.until is not None:
        return book
    return book.within(InForce(book.in_force.start, after.in_force.start))


def _unknown(before: Rulebook, after: Rulebook) -> Iterator[Problem]:
    """A version names the one before it, and no other."""
    for key, name in (("succeeds", after.succeeds), ("beside", after.beside)):
        if name not in {"", before.version}:
            fault = f"is {name!r}, and the version before it is {before.version}"
            yield Problem(f"{after.file}, {key}", fault, f'write {key} = "{before.version}"')


def _shared(one: Rulebook, other: Rulebook) -> InForce | None:
    """The days on which two versions are both in force, the first of them having begun first."""
    start = max((each.in_force.start for each in (one, other) if each.in_force.start), default=None)
    until = min((each.in_force.until for each in (one, other) if each.in_force.until), default=None)
    return None if start and until and until <= start else InForce(start, until)


def _overlapping(before: Rulebook, after: Rulebook, adjacent: bool) -> Iterator[Problem]:  # noqa: FBT001
    """Two versions that share days: only where the later one says so, and each has days of its own."""
    shared, version = _shared(before, after), before.version
    if shared is None:
        return
    fault = f"is in force with {before.file}, version {version}, {_days(shared)}"
    if not adjacent or after.beside != version:
        open_end = "" if before.in_force.until else f'succeeds = "{version}" to end it on the first day here, or '
        mend = f'{open_end}beside = "{version}" where both hold for a while'
        yield Problem(after.file, fault, f"bring their days apart, or write {mend}")
    elif not _before(before, after):
        yield Problem(
            after.file, fault, f"version {version} begins first and ends first, so that each has its own days"
        )


def _before(one: Rulebook, other: Rulebook) -> bool:
    """Whether a version begins and ends before another."""
    first, last = one.in_force, other.in_force
    begins = last.start is not None and (first.start is None or first.start < last.start)
    ends = first.until is not None and (last.until is None or first.until < last.until)
    return begins and ends


def _gap(before: Rulebook, after: Rulebook) -> InForce | None:
    """The days between two versions on which none is in force."""
    start, until = before.in_force.until, after.in_force.start
    return InForce(start, until) if start and until and start < until else None


def _outside(book: Rulebook, chosen: InForce) -> Rulebook:
    """A version without the days of another: they share the end of the one and the beginning of the other."""
    own = book.in_force
    if chosen.start and (own.start is None or own.start < chosen.start):
        until = min(filter(None, (own.until, chosen.start)))
        return book.within(InForce(own.start, until))
    start = max(filter(None, (own.start, chosen.until)))
    return book.within(InForce(start, own.until))


def _vocabulary(books: Sequence[Rulebook]) -> Vocabulary:
    """The vocabulary of the version that has every kind and fact of all; refused where none has."""
    for book in reversed(books):
        if not any(_lacking(book.vocabulary, other.vocabulary) for other in books):
            return book.vocabulary
    last = books[-1]
    lacks = {name: None for other in books for name in _lacking(last.vocabulary, other.vocabulary)}
    fault = f"lacks what other versions have: {', '.join(lacks)}"
    raise InputError([Problem(f"{last.file}, kinds", fault, "declare it here too, so that one roster serves all")])


def _lacking(has: Vocabulary, other: Vocabulary) -> list[str]:
    """The kinds and facts that a vocabulary has not, or not of this type."""
    wanted = {(kind, fact.name): fact.type for kind in other for fact in other[kind].facts.values()}
    there = {(kind, fact.name): fact.type for kind in has for fact in has[kind].facts.values()}
    return [f"{kind}.{fact}" for (kind, fact), type_ in wanted.items() if there.get((kind, fact)) != type_]


def _days(window: InForce) -> str:
    """The days of a window in words, both ends included."""
    last = window.until - ONE_DAY if window.until else None
    if window.start and last:
        return f"from {window.start} to {last}"
    if window.start:
        return f"from {window.start} on"
    return f"until {last}" if last else "on every day"
