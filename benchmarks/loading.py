"""What loading the rulebooks of the package takes, each by itself and all together.

    python benchmarks/loading.py

Each is timed in turns with `tomllib` alone on the same text, so that a busy machine slows both: the ratio holds better
than any milliseconds. All together are timed in fresh processes too, as somebody meets them who asks for all: there it
is the time of the processor, which a busy machine stretches less.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Final

import peersupport

HERE: Final = Path(__file__).resolve().parent.parent
TURNS: Final = 15
"""How many times each rulebook is read in each way."""
FRESH: Final = 9
"""How many fresh processes load all of them."""
GOAL: Final = 500
"""The milliseconds of the processor that all rulebooks of the package may take together."""
ALL: Final = """
import time, peersupport.library as library
start = time.process_time()
for name in library.available(): library.load(name)
print((time.process_time() - start) * 1_000)
"""
NONE: Final = """
import sys, peersupport
before = "peersupport.library" in sys.modules
from peersupport import library
print(len(library._shelved) if not before else "some")
"""


def main() -> None:
    """Print the table."""
    print(f"Python {sys.version.split()[0]}, peersupport {peersupport.__version__}\n")
    texts = packaged()
    found = {name: turns(text) for name, text in texts.items()}
    head = ("milliseconds, medians of turns", "kB", "load", "tomllib", "ratio", "quartiles")
    print("{:<34}{:>6}{:>8}{:>9}{:>8}   {}".format(*head))
    for name, (ours, theirs) in found.items():
        print(line(name, len(texts[name]), ours, theirs))
    together = [[sum(turn) for turn in zip(*(each[way] for each in found.values()), strict=True)] for way in (0, 1)]
    print(line("all, one after the other", sum(map(len, texts.values())), *together))
    print(f"\nfresh processes, all {len(texts)} rulebooks without the imports, time of the processor: {told(fresh())}")
    print(f"loaded by `import peersupport`: {printed(NONE)}")


def packaged() -> dict[str, str]:
    """The texts of the rulebooks of the package."""
    folder = resources.files("peersupport") / "rulebooks"
    files = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return {name.removesuffix(".toml"): (folder / name).read_text(encoding="utf-8") for name in files}


def turns(text: str) -> tuple[list[float], list[float]]:
    """The milliseconds of loading a text and of reading it as TOML, by turns."""
    ways: tuple[Callable[[], object], ...] = (
        lambda: peersupport.loads(text),
        lambda: tomllib.loads(text, parse_float=Decimal),
    )
    found = [[timed(way) for way in ways] for _ in range(TURNS + 1)][1:]
    ours, theirs = zip(*found, strict=True)
    return [*ours], [*theirs]


def timed(way: Callable[[], object]) -> float:
    """The milliseconds of one call."""
    start = time.perf_counter()
    way()
    return (time.perf_counter() - start) * 1_000


def line(name: str, size: int, ours: Sequence[float], theirs: Sequence[float]) -> str:
    """A row of the table."""
    ratios = [own / other for own, other in zip(ours, theirs, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    times = f"{statistics.median(ours):8.1f}{statistics.median(theirs):9.1f}"
    return f"{name:<34}{size / 1_000:6.0f}{times}{middle:8.2f}   {low:.2f} to {high:.2f}"


# in fresh processes


def fresh() -> list[float]:
    """The milliseconds of loading all of them in processes of their own."""
    return [float(printed(ALL)) for _ in range(FRESH)]


def told(times: Sequence[float]) -> str:
    """The median of some times with its quartiles, and whether it is within the goal."""
    low, middle, high = statistics.quantiles(times, n=4)
    return f"{middle:.0f} ms ({low:.0f} to {high:.0f}), {'within' if middle <= GOAL else 'beyond'} {GOAL}"


def printed(code: str) -> str:
    """What a process prints."""
    path = os.pathsep.join([str(HERE / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
