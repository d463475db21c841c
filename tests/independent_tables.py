"""What a second count of a roster needs: its CSV files, truths of three values, days that may be, and deadlines.

It is plain Python, written without the library. What a cell says is a text, `NONE` (known absent) or empty (not
recorded); a truth is True, False or None, where None is not recorded.

A deadline is judged by trying what is not recorded: every verdict that some possible day would give is collected, and
where there is more than one the verdict is unknown. Conditions are joined by `every` and `some`, which keep None where
it could turn the answer.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterable, Iterator
from pathlib import Path

MET, NOT_MET, UNKNOWN, PENDING, NOT_APPLICABLE = "met", "not_met", "unknown", "pending", "not_applicable"
NONE = "none"
EVER = dt.date(1900, 1, 1)
ZONE = zoneinfo.ZoneInfo("America/Chicago")

Row = dict[str, str]
Truth = bool | None
Day = dt.date | None


# cells


def yes(text: str) -> Truth:
    """A yes or no, or None where it is not recorded."""
    return {"yes": True, "no": False}.get(text)


def same(text: str, *wanted: str) -> Truth:
    """Whether a cell says something, or one of some things; None where it is not recorded."""
    return text in wanted if text else None


def there(text: str) -> Truth:
    """Whether there is anything, in a cell of several words too."""
    return text != NONE if text else None


def words(text: str) -> set[str]:
    """The words of a cell that is recorded."""
    return set() if text == NONE else set(text.split(";"))


def names(text: str, word: str) -> Truth:
    """Whether a word is among those of a cell."""
    return word in words(text) if text else None


def among(few: str, many: str) -> Truth:
    """Whether all words of one cell are among those of another."""
    return words(few) <= words(many) if few and many else None


def number(text: str, least: int, most: int = 10**9) -> Truth:
    """Whether a number lies within bounds."""
    return least <= int(text) <= most if text else None


def date(text: str) -> Day:
    """The day that a cell says, also one that lies ahead."""
    return dt.date.fromisoformat(text) if text and text != NONE else None


# truths


def some(truths: Iterable[Truth]) -> Truth:
    """One of them holds."""
    found = list(truths)
    return True if True in found else None if None in found else False


def every(*truths: Truth) -> Truth:
    """All of them hold."""
    return False if False in truths else None if None in truths else True


def opposite(truth: Truth) -> Truth:
    """It does not hold."""
    return None if truth is None else not truth


def before(first: Day, second: Day) -> Truth:
    """One day lies before another, or None where one of them is not recorded."""
    return None if first is None or second is None else first < second


def at_most(first: Day, second: Day) -> Truth:
    """One day is another or lies before it, or None where one of them is not recorded."""
    return None if first is None or second is None else first <= second


def verdict(truth: Truth) -> str:
    """What a condition comes to."""
    return {True: MET, False: NOT_MET, None: UNKNOWN}[truth]


def held(verdict_: str) -> Truth:
    """What a rule comes to in another rule: one that does not apply counts as held."""
    return {MET: True, NOT_APPLICABLE: True, NOT_MET: False}.get(verdict_)


def when(applies: Truth, then: str) -> str:
    """A verdict where the rule applies."""
    return {True: then, False: NOT_APPLICABLE, None: UNKNOWN}[applies]


def agreed(*verdicts: str) -> str:
    """The verdict of a rule that has to be read in one of several ways, while none is chosen."""
    return verdicts[0] if len(set(verdicts)) == 1 else UNKNOWN


# days


def runs(row: Row, day: Day, start: str = "starts_on", end: str = "ends_on") -> Truth:
    """Something goes on on a day: it started by then, and ends later or not at all."""
    return every(at_most(date(row[start]), day), row[end] == NONE or before(day, date(row[end])))


def lasts(row: Row, day: Day, start: str = "valid_from", end: str = "valid_until") -> Truth:
    """Something is in force on a day: its last day is that day or later, or it has none."""
    return every(at_most(date(row[start]), day), row[end] == NONE or at_most(day, date(row[end])))


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody reaches an age; of 29 February it is 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


class Tables:
    """The tables of a roster and the day on which they are looked at."""

    def __init__(self, folder: Path, on: dt.date) -> None:
        self.on = on
        self.tables: dict[str, list[Row]] = {}
        for file in folder.glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                self.tables[file.stem] = list(csv.DictReader(lines))
        self.rows = {table: {row["id"]: row for row in rows} for table, rows in self.tables.items()}

    # what is there

    def of(self, table: str, fact: str, id_: str) -> list[Row]:
        """The rows of a table that refer to something."""
        return [row for row in self.tables[table] if row[fact] == id_]

    def day(self, text: str) -> Day:
        """The day of a cell as it is seen: not recorded, known absent, and later than today are all no day."""
        if not text or text == NONE:
            return None
        found = dt.datetime.fromisoformat(text).astimezone(ZONE).date() if "T" in text else dt.date.fromisoformat(text)
        return found if found <= self.on else None

    def ahead(self, text: str) -> bool:
        """Whether a record is dated after today: then it has not been seen."""
        return bool(text) and text != NONE and self.day(text) is None

    def seen(self, table: str, dated: str) -> list[Row]:
        """The rows of a table that are not dated after today."""
        return [row for row in self.tables[table] if not self.ahead(row[dated])]

    def seen_of(self, table: str, dated: str, fact: str, id_: str) -> list[Row]:
        """The rows of a table that refer to something and are not dated after today."""
        return [row for row in self.of(table, fact, id_) if not self.ahead(row[dated])]

    def by(self, text: str, day: Day, years: int = 0) -> Truth:
        """Whether something, or so many years after it, came by a day. What is known to be absent never comes."""
        came = self.day(text)
        return False if text == NONE else at_most(birthday(came, years) if came else None, day)

    # days that may be

    def perhaps(self, text: str, around: Iterable[Day]) -> list[Day]:
        """The days that a cell may stand for, None for no day yet. Days that matter lie near other days or long ago."""
        if text:
            return [self.day(text)]
        near = [day + dt.timedelta(n) for day in {*around, self.on} if day for n in (-31, -30, -1, 0, 1, 30, 31)]
        return [None, EVER, *sorted({day for day in near if day <= self.on})]

    def first_of(self, options: Iterable[list[Day]]) -> set[Day]:
        """The days on which something may have happened first, if each time it happened on one of some days."""
        first: set[Day] = {None}
        for days in options:
            first = {min((day for day in (one, other) if day), default=None) for one in first for other in days}
        return first

    def ends(self, admission: Row, around: Iterable[Day]) -> list[Day]:
        """The days on which the service may have ended, None if it goes on."""
        return self.perhaps(admission["ended_on"], around)

    # deadlines

    def deadline(self, due: Day, done: Day, ended: Day) -> str:
        """Done by the due day; nothing is owed that falls due on the day the service ended, or later."""
        if done and (due is None or done <= due):
            return MET
        if ended and (due is None or due >= ended):
            return NOT_APPLICABLE
        if done is None and (due is None or due >= self.on):
            return PENDING
        return NOT_MET

    def tried(self, dues: Iterable[Day], dones: Iterable[Day], ends: Iterable[Day]) -> str:
        """The verdict that all possible days agree on."""
        return agreed(*{self.deadline(*days) for days in itertools.product(dues, dones, ends)})

    def tried_within(self, dues: Iterable[Day], days: int, dones: list[str], ends: Iterable[Day]) -> str:
        """The same, where nothing counts that was done more than some days before it fell due."""
        found: set[str] = set()
        for due, ended in itertools.product(dues, ends):
            opens = due - dt.timedelta(days) if due else None
            options = [self.perhaps(text, [due, opens, ended]) for text in dones]
            counting = [[day if at_most(opens, day) else None for day in option] for option in options]
            found |= {self.deadline(due, done, ended) for done in self.first_of(counting)}
        return agreed(*found)

    def each_90_days(self, start: Day, done: list[str], admission: Row, doubtful: Iterable[Day] = ()) -> Iterator[str]:
        """One verdict for each time, counted from the time before. Of the doubtful ones it is not known if they count.

        An undated time could be any of those missed, but one is still ahead, or no longer owed, in any case. What was
        missed when the service ended cannot be done any more.
        """
        days = sorted(day for day in map(self.day, done) if day)
        ended = self.day(admission["ended_on"])
        while start:
            due = start + dt.timedelta(90)
            next_ = next((day for day in days if day > start and (day <= due or not ended or day < ended)), None)
            came = agreed(*{self.deadline(due, next_, end) for end in self.ends(admission, [due, next_])})
            perhaps = "" in done or any(day and start < day <= due for day in doubtful)
            yield UNKNOWN if came == NOT_MET and perhaps else came
            start = next_ if came != NOT_APPLICABLE else None
