"""How long an audit of the example roster takes, part by part, and how that compares with counting by hand.

    python benchmarks/audit.py

Fresh processes are timed from outside, in turns with a Python that does nothing, so that a busy machine slows both.
The count by hand is the second count of the tests: plain Python over the same files, written without the library.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol, cast

import peersupport

HERE = Path(__file__).resolve().parent.parent
ROSTER = HERE / "examples" / "roster"
RULEBOOK = "nebraska-dbh"
ON = dt.date(2026, 6, 30)
FRESH = 15
"""How many fresh processes each part gets."""
WARM = 11
"""How many times each part is run in this process."""

AUDIT = "this process: audit"
BY_HAND = "this process: the same verdicts counted by hand"
COMMAND = ("-m", "peersupport", "audit", str(ROSTER), "--rulebook", RULEBOOK, "--on", str(ON))
LIBRARY = "import peersupport; peersupport.audit, peersupport.load, peersupport.read"


class Count(Protocol):
    """The second count of the tests: every verdict of every rule."""

    def verdicts(self) -> Iterable[tuple[str, str]]: ...


def main() -> None:
    """Print the table."""
    print(f"Python {sys.version.split()[0]}, peersupport {peersupport.__version__}, audit of {ROSTER.name} on {ON}\n")
    roster = peersupport.read(ROSTER)
    parts = fresh() | warm(roster)
    head = ("milliseconds", "median", "quartiles")
    print(f"{head[0]:<58}{head[1]:>8}   {head[2]}")
    for name, times in parts.items():
        low, middle, high = statistics.quantiles(times, n=4)
        print(f"{name:<58}{middle:8.1f}   {low:.1f} to {high:.1f}")
    told = len(peersupport.audit(peersupport.load(RULEBOOK), roster, on=ON).findings)
    each = statistics.median(parts[AUDIT]) / told * 1_000
    ratio = statistics.median(parts[AUDIT]) / statistics.median(parts[BY_HAND])
    print(f"\n{told} findings, {each:.0f} microseconds each")
    print(f"the audit takes {ratio:.1f} times as long as the count by hand")


# in fresh processes


def fresh() -> dict[str, list[float]]:
    """The start of Python alone, and what importing and the whole command take beyond it."""
    run(*COMMAND)  # once for the files that Python compiles
    start = [run("-c", "pass") for _ in range(FRESH)]
    return {
        "fresh process: the start of Python alone": start,
        "  beyond it: import what an audit needs": list(beyond("-c", LIBRARY)),
        "  beyond it: peersupport audit, as text": list(beyond(*COMMAND)),
        "  beyond it: peersupport audit --format csv": list(beyond(*COMMAND, "--format", "csv")),
    }


def beyond(*command: str) -> Iterator[float]:
    """What a process takes beyond one that does nothing and is started just before it."""
    for _ in range(FRESH):
        nothing = run("-c", "pass")
        yield run(*command) - nothing


def run(*command: str) -> float:
    """The milliseconds of one process."""
    path = os.pathsep.join([str(HERE / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    environment = {**kept, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, *command], capture_output=True, env=environment, check=False)  # noqa: S603
    took = (time.perf_counter() - start) * 1_000
    if done.returncode not in {0, 1}:
        sys.exit(done.stderr.decode())
    return took


# in this process


def warm(roster: peersupport.Roster) -> dict[str, list[float]]:
    """The parts of an audit in a process that goes on, in which the rules of a rulebook are compiled once."""
    text = (HERE / "src" / "peersupport" / "rulebooks" / f"{RULEBOOK}.toml").read_text(encoding="utf-8")
    books = [peersupport.loads(text) for _ in range(WARM)]
    book, count = books[0], by_hand()
    parts: dict[str, Callable[[], object]] = {
        "this process: load the rulebook": lambda: peersupport.loads(text),
        "this process: read the roster": lambda: peersupport.read(ROSTER),
        "this process: audit, rules not compiled yet": lambda: peersupport.audit(books.pop(), roster, on=ON),
        AUDIT: lambda: peersupport.audit(book, roster, on=ON),
        "this process: audit, brief, as the command prints it": lambda: peersupport.audit(
            book, roster, on=ON, brief=True
        ),
        BY_HAND: lambda: list(count.verdicts()),
    }
    return {name: [timed(part) for _ in range(WARM)] for name, part in parts.items()}


def timed(part: Callable[[], object]) -> float:
    """The milliseconds of one call."""
    start = time.perf_counter()
    part()
    return (time.perf_counter() - start) * 1_000


def by_hand() -> Count:
    """The second count of the tests, loaded from its file, with its tables read."""
    spec = importlib.util.spec_from_file_location("independent_count", HERE / "tests" / "independent_count.py")
    if spec is None or spec.loader is None:
        sys.exit("tests/independent_count.py is not there")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(HERE / "tests"))  # where its own module of tables lies
    spec.loader.exec_module(module)
    return cast("Count", module.Count(ROSTER, ON))


if __name__ == "__main__":
    main()
