"""Code mutation: small wrong changes of the source that some test has to notice.

    python benchmarks/mutation.py --sample 1000 --seed 1
    python benchmarks/mutation.py --changed main --most 40

mutmut makes the mutants, under its own names. They are run here and not by mutmut, because rulebooks are loaded while
test modules are imported: mutmut forks after that, so that its mutants of the loader would never be asked. Here each
mutant has a process that has imported the libraries and nothing of this package, and the changed module is what it
imports. The tests of a mutant are those that run a line that it changes; which test runs which line is measured first,
with one process for each file of tests, and kept under `mutants/` until a source or the file changes. Where the first
tests do not notice a mutant, its types are checked, as before every change: what mypy refuses cannot land, and is
counted apart. Who survives that too is run against more tests, and for longer.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import hashlib
import importlib
import json
import os
import queue
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Final, TypeAlias

import attrs
import pytest

LEFT_OUT: Final = (
    "calendar_laws",  # two centuries
    "checks",  # of the kit, as are the strategies
    "cli",
    "cms_desynpuf",  # public data that may not be there
    "commands",
    "documents",
    "example",
    "format_document",
    "frames_document",
    "laws",  # hours, where nothing is remembered from one to the next
    "matching",
    "measures",
    "minnesota_rules",
    "package",  # asks new interpreters, which do not have the mutant
    "places",
    "readiness",
    "referrals",
    "robustness",
    "roster",
    "strategies",
)
"""The files of tests that are not asked: slow, or about other modules."""
LATE: Final = ("columns_agreement", "judge_truth")
"""The files of tests that are asked only of who survives the others and the types: they take long to begin."""
SLOW: Final = "whichever_fact_is_changed"
"""Tests that are not asked, by a part of their name."""
EXAMPLES: Final = 25
"""How many cases Hypothesis draws at most."""
PRELOADED: Final = [
    "click",
    "dateutil.relativedelta",
    "dateutil.rrule",
    "dateutil.tz",
    "duckdb",
    "hypothesis.strategies",
    "narwhals.stable.v2",
    "pandas",
    "polars",
    "pyarrow.compute",
    "rich.console",
    "rich.table",
    "sybil.parsers.markdown",
]
"""The libraries that every mutant finds imported."""
OPTIONS: Final = [
    *("-q", "--tb=native", "-n0", "-p", "no:cacheprovider", "-k", f"not {SLOW}"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception"),  # they collect all rubbish five times a run
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # hypothesis is there already
]
WORK: Final = Path("mutants")
IMPORT: Final = -1
"""Stands for a test where a line is run while a file of tests is imported."""
PATIENCE: Final = ((3.0, 8.0), (12.0, 30.0))
"""The seconds of tests of one file and of all that a mutant is run against, first, and when it has survived that."""
SLACK: Final = 30

Lines: TypeAlias = dict[str, dict[str, list[int]]]
"""The numbers of the tests that run a line, by source file and line."""


# mutants


@attrs.frozen
class Mutant:
    """One change of one function: mutmut's name of it, the file, its text with the change, the lines it changes."""

    name: str
    path: str
    text: str = attrs.field(repr=False)
    lines: tuple[int, ...]
    diff: str = attrs.field(repr=False)


@attrs.frozen
class Spot:
    """Where a mutant can be made: its name, the first and last line of its function, and how it is made."""

    name: str
    path: str
    function: tuple[int, int]
    make: Callable[[], str] = attrs.field(repr=False)


def spots(paths: Container[str] | None = None) -> Iterator[Spot]:
    """Every mutant that mutmut makes of the files that `[tool.mutmut]` names, or of those of them that are given."""
    of_files = importlib.import_module("mutmut.utils.file_utils")
    making = importlib.import_module("mutmut.mutation.file_mutation")
    for path in sorted(map(str, of_files.walk_mutatable_files())):
        if paths is None or path in paths:
            yield from _spots_of(path, making)


def _spots_of(path: str, making: Any) -> Iterator[Spot]:  # noqa: ANN401  a module of mutmut
    names = importlib.import_module("mutmut.utils.format_utils")
    text = Path(path).read_text(encoding="utf-8")
    module, mutations, *_ = making.create_mutations(path, text)
    within = making.group_by_top_level_node(mutations)
    spans = _functions(text)
    for function, class_name in _mutated(module):
        key = names.make_mutant_key(function.name.value, class_name)
        for number, mutation in enumerate(within.get(function, ()), 1):
            name = names.get_mutant_name(Path(path), f"{key}__mutmut_{number}")
            yield Spot(name, path, spans[key], functools.partial(_made, making, module, mutation))


def _mutated(module: Any) -> Iterator[tuple[Any, str | None]]:  # noqa: ANN401  nodes of libcst
    """The functions of a module and the methods of its classes, each method with its class."""
    for node in module.body:
        if type(node).__name__ == "FunctionDef":
            yield node, None
        elif type(node).__name__ == "ClassDef":
            yield from ((each, node.name.value) for each in node.body.body if type(each).__name__ == "FunctionDef")


def _made(making: Any, module: Any, mutation: Any) -> str:  # noqa: ANN401  as above
    return str(making.deep_replace(module, mutation.original_node, mutation.mutated_node).code)


def _functions(text: str) -> dict[str, tuple[int, int]]:
    """The first and last line of each function and method, by mutmut's key of it."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found[f"x_{node.name}"] = _span(node)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"xǁ{node.name}ǁ{each.name}": _span(each) for each in node.body if isinstance(each, ast.FunctionDef)
            }
    return found


def _span(node: ast.stmt) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def mutant_of(spot: Spot) -> Mutant:
    """The mutant of a spot, with the lines whose tests can notice it: those of the statements that change."""
    before = Path(spot.path).read_text(encoding="utf-8")
    after = spot.make()
    old, new = before.splitlines(), after.splitlines()
    first = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), len(new))
    same = next((at for at, (one, other) in enumerate(zip(old[::-1], new[::-1], strict=False)) if one != other), 0)
    diff = "\n".join(unified_diff(old, new, spot.path, spot.name, n=2, lineterm=""))
    return Mutant(spot.name, spot.path, after, _widened(before, first + 1, max(len(old) - same, first + 1)), diff)


def _widened(text: str, first: int, last: int) -> tuple[int, ...]:
    """Some lines with all those of the simple statements that they are part of."""
    found = set(range(first, last + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt) and not hasattr(node, "body") and not isinstance(node, ast.Match):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            if found.intersection(lines):
                found.update(lines)
    return tuple(sorted(found))


def changed_since(ref: str) -> dict[str, set[int]]:
    """The lines of each file that have changed since a commit, as git tells them."""
    command = ["git", "diff", "--unified=0", "--no-color", ref, "--", "src"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout  # noqa: S603
    found: dict[str, set[int]] = defaultdict(set)
    path = ""
    for line in told.splitlines():
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        if hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            start, size = int(hunk[1]), int(hunk[2] or 1)
            found[path] |= set(range(start, start + max(size, 1)))
    return found


# processes


@attrs.frozen
class Ended:
    """A process that has told nothing, by its exit code; it is below 0 where a signal ended it."""

    code: int

    def __str__(self) -> str:
        out_of_time = -self.code in {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}
        return TIMEOUT if out_of_time else f"the process ended with {self.code}"


TIMEOUT: Final = "timeout"


def in_processes(tasks: Iterable[tuple[str, Callable[[], Any], int]], jobs: int) -> Iterator[tuple[str, Any]]:
    """What each task gives, under its name, in the order in which they end; for one that gives nothing, how it ended.

    A task is a name, what to do, and the seconds that it may take; it is done in a fork of this process, at most `jobs`
    at a time.
    """
    running: dict[int, tuple[str, Path]] = {}
    waiting = iter(tasks)
    with tempfile.TemporaryDirectory() as told:
        while True:
            while len(running) < jobs and (task := next(waiting, None)):
                answer = Path(told) / hashlib.sha256(task[0].encode()).hexdigest()
                running[_forked(task, answer)] = (task[0], answer)
            if not running:
                return
            process, status = os.wait()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)  # what it started ends with it
            name, answer = running.pop(process)
            ended = Ended(os.waitstatus_to_exitcode(status))
            yield name, json.loads(answer.read_text(encoding="utf-8")) if answer.exists() else ended


def _forked(task: tuple[str, Callable[[], Any], int], answer: Path) -> int:
    _, work, seconds = task
    if process := os.fork():
        return process
    os.setpgrp()
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    signal.alarm(seconds * 60)  # for one that waits; much more than its own time, as others may use the machine
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    begun = answer.with_suffix(".begun")
    begun.write_text(json.dumps(work()), encoding="utf-8")
    begun.rename(answer)
    os._exit(0)


def preload() -> None:
    """Import what takes long to import, and nothing of this package."""
    os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"  # the entry point would import the package
    sys.dont_write_bytecode = False  # what is compiled once is read by every fork
    sys.path.insert(0, "src")
    for name in PRELOADED:
        importlib.import_module(name)
    if any(name.startswith("peersupport") for name in sys.modules):
        sys.exit("the package is imported before its mutants are made")


class Fewer:
    """Hypothesis draws fewer cases, the same ones each time, also where a test asks for more.

    The project's own profile is loaded by its conftest, so that this one is loaded after that.
    """

    def pytest_collection(self) -> None:
        from hypothesis import settings  # noqa: PLC0415  the preloaded one

        settings.register_profile("mutation", deadline=None, max_examples=EXAMPLES, derandomize=True, database=None)
        settings.load_profile("mutation")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        from hypothesis import settings  # noqa: PLC0415  as above

        for item in items:
            test = getattr(item, "obj", None)
            test = getattr(test, "__func__", test)
            asked = getattr(test, SETTINGS, None)
            if asked and asked.max_examples > EXAMPLES:
                setattr(test, SETTINGS, settings(asked, max_examples=EXAMPLES))


SETTINGS: Final = "_hypothesis_internal_use_settings"
"""Where Hypothesis keeps the settings of a test; it has no other door to change them once they are given."""


def _begin() -> None:
    """Import the package, and tell Hypothesis of its records, which its plugin would have done."""
    importlib.import_module("peersupport.testing.plugin").register()


# which test runs which line


class Watch:
    """Tells the measurement which test runs, and how long each takes; memories are emptied before each."""

    def __init__(self, coverage: Any) -> None:  # noqa: ANN401  its types are its own
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.caches: list[Any] = []
        self.rulebooks: list[Any] = []

    def pytest_collection_finish(self) -> None:
        rulebook = importlib.import_module("peersupport").Rulebook
        self.rulebooks = [each for each in gc.get_objects() if isinstance(each, rulebook)]
        modules = [module for name, module in sys.modules.items() if name.startswith("peersupport")]
        found = [each for module in modules for each in vars(module).values() if hasattr(each, "cache_clear")]
        self.caches = list({id(each): each for each in found}.values())

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        for cache in self.caches:
            cache.cache_clear()
        for rulebook in self.rulebooks:
            rulebook.kept.clear()
        self.coverage.switch_context(item.nodeid)
        begun = time.process_time()
        yield
        self.seconds[item.nodeid] = time.process_time() - begun
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)


def measured(path: str) -> dict[str, Any]:
    """The tests of a file with their seconds, the lines that each runs, and the seconds that collecting them takes."""
    coverage = importlib.import_module("coverage").Coverage(
        data_file=None, config_file=False, branch=False, include=["src/peersupport/*"]
    )
    watch = Watch(coverage)
    begun = time.process_time()
    coverage.start()
    _begin()
    code = pytest.main([*OPTIONS, path], plugins=[Fewer(), watch])
    coverage.stop()
    spent = time.process_time() - begun - sum(watch.seconds.values())
    data = coverage.get_data()
    numbers = {"": IMPORT} | {test: number for number, test in enumerate(watch.seconds)}
    lines = {
        str(Path(file).relative_to(Path.cwd())): {
            line: sorted(numbers[test] for test in tests) for line, tests in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    return {
        "code": int(code),
        "collecting": spent,
        "seconds": list(watch.seconds.values()),
        "tests": list(watch.seconds),
        "failed": sorted(watch.failed),
        "lines": lines,
    }


@attrs.frozen(slots=False)  # for what is computed once
class Measured:
    """What one file of tests runs: its tests with their seconds, and which of them run each line."""

    file: str
    code: int
    collecting: float
    seconds: list[float]
    tests: list[str]
    failed: list[str]
    lines: Lines

    @property
    def late(self) -> bool:
        """Whether it is asked of few mutants only."""
        return self.file.removeprefix("tests/test_").removesuffix(".py") in LATE

    def running(self, path: str, lines: Iterable[int]) -> set[int]:
        """The numbers of the tests that run any of some lines, `IMPORT` where importing the file does."""
        of_file = self.lines.get(path, {})
        return {number for line in lines for number in of_file.get(str(line), ())}

    @functools.cached_property
    def shares(self) -> dict[str, float]:
        """The share of what this file runs that lies in each source file."""
        found = {each: sum(map(len, lines.values())) for each, lines in self.lines.items()}
        return {each: size / sum(found.values()) for each, size in found.items()}


def measure(jobs: int, also: Container[str] = ()) -> list[Measured]:
    """What each file of tests runs, measured or as it was kept; `also` names files that are left out else."""
    files = [each for each in sorted(Path("tests").glob("test_*.py")) if _asked(each, also)]
    sources = _sources()
    kept = {str(each): WORK / "lines" / f"{each.stem}-{_hashed([each], sources)}.json" for each in files}
    (WORK / "lines").mkdir(parents=True, exist_ok=True)
    missing = [(file, functools.partial(measured, file), 900) for file, path in kept.items() if not path.exists()]
    for file, found in in_processes(missing, jobs):
        if isinstance(found, Ended) or found["code"] > pytest.ExitCode.TESTS_FAILED:
            sys.exit(f"{file} could not be run: {found if isinstance(found, Ended) else found['code']}")
        print(f"{file}: {len(found['tests'])} tests, {sum(found['seconds']):.0f} s", *found["failed"], flush=True)
        kept[file].write_text(json.dumps(found), encoding="utf-8")
    return [Measured(file, **json.loads(path.read_text(encoding="utf-8"))) for file, path in kept.items()]


def _asked(file: Path, also: Container[str]) -> bool:
    name = file.stem.removeprefix("test_")
    return name in also or not any(name.startswith(each) for each in LEFT_OUT)


def _sources() -> bytes:
    """A number for the sources and for what tests share, as they are."""
    shared = [
        path for path in Path("tests").rglob("*.*") if not path.name.startswith("test_") and path.suffix != ".pyc"
    ]
    source = [path for path in Path("src").rglob("*.*") if path.suffix != ".pyc"]
    return _hashed(path for path in [*shared, *source, Path("conftest.py")] if path.is_file()).encode()


def _hashed(paths: Iterable[Path], beside: bytes = b"") -> str:
    return hashlib.sha256(beside + b"".join(path.read_bytes() for path in sorted(paths))).hexdigest()[:16]


def chosen(mutant: Mutant, known: Sequence[Measured], patience: tuple[float, float]) -> list[tuple[str, list[str]]]:
    """The tests that a mutant is run against, by file: those files first that are most about the changed one.

    Of each file the quickest tests are taken, until the seconds for one file are spent; a file that takes more than
    what is left of the seconds for all is passed over. Where importing a file runs a changed line, all of its tests may
    notice.
    """
    found = []
    spent = 0.0
    for each in sorted(known, key=lambda each: -each.shares.get(mutant.path, 0)):
        numbers = each.running(mutant.path, mutant.lines)
        if IMPORT in numbers:
            numbers = set(range(len(each.tests)))
        taken, seconds = _quickest(each, numbers, patience[0])
        if taken and spent + seconds <= patience[1]:
            found.append((each.file, taken))
            spent += each.collecting + seconds
    return found


def _quickest(each: Measured, numbers: Iterable[int], most: float) -> tuple[list[str], float]:
    taken: list[str] = []
    spent = 0.0
    for number in sorted(numbers, key=lambda number: each.seconds[number]):
        if each.tests[number] in each.failed:
            continue
        if taken and spent + each.seconds[number] > most:
            break
        taken.append(each.tests[number])
        spent += each.seconds[number]
    return taken, spent


# judging


class Only:
    """Runs some tests of a file, in their order, and remembers the first that fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.rank = {test: number for number, test in enumerate(tests)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((each for each in items if each.nodeid in self.rank), key=lambda each: self.rank[each.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = self.failed or report.nodeid


def killer(mutant: Mutant, files: Sequence[tuple[str, Sequence[str]]]) -> str:
    """What notices a mutant: a test, or the file or package that cannot be imported with it; empty for a survivor."""
    _swap(mutant)
    try:
        _begin()
    except Exception as error:  # noqa: BLE001  whatever the mutant has done
        return f"the import: {type(error).__name__}"
    for file, tests in files:
        only = Only(tests)
        code = pytest.main([*OPTIONS, "-x", file], plugins=[Fewer(), only])
        if code not in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            return only.failed or f"{file}: {code.name if isinstance(code, pytest.ExitCode) else code}"
    return ""


def _swap(mutant: Mutant) -> None:
    """Let the module of a mutant be read as the mutant is written."""
    path = str(Path(mutant.path).resolve())
    read = SourceFileLoader.get_code

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        if str(Path(self.path).resolve()) != path:
            return read(self, fullname)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(mutant.text, path, "exec", dont_inherit=True)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def judged(mutants: Sequence[Mutant], known: Sequence[Measured], jobs: int) -> dict[str, str]:
    """What notices each mutant, by its name: the first tests, the types, or more tests; empty for who survives all."""
    first, more = PATIENCE
    found = tested(mutants, [each for each in known if not each.late], first, jobs)
    found |= typed([each for each in mutants if not found[each.name]], jobs)
    return found | tested([each for each in mutants if not found[each.name]], known, more, jobs)


def tested(
    mutants: Sequence[Mutant], known: Sequence[Measured], patience: tuple[float, float], jobs: int
) -> dict[str, str]:
    """What notices each mutant, by its name: as `killer` says, or how its process ended."""
    tests = {each.name: chosen(each, known, patience) for each in mutants}
    tasks = (
        (each.name, functools.partial(killer, each, tests[each.name]), _limit(tests[each.name], known))
        for each in mutants
    )
    found: dict[str, str] = {}
    for number, (name, by) in enumerate(in_processes(tasks, jobs), 1):
        found[name] = str(by)
        print(f"{number}/{len(mutants)} {name}: {found[name] or 'survived'}", flush=True)
    return found


def _limit(files: Sequence[tuple[str, Sequence[str]]], known: Sequence[Measured]) -> int:
    by_file = {each.file: each for each in known}
    seconds = 0.0
    for file, tests in files:
        each = by_file[file]
        times = dict(zip(each.tests, each.seconds, strict=True))
        seconds += each.collecting + sum(times[test] for test in tests)
    return SLACK + round(3 * seconds)


def _unchanged(mutant: Mutant) -> Mutant:
    return attrs.evolve(mutant, name=f"{mutant.name} unchanged", text=Path(mutant.path).read_text(encoding="utf-8"))


# types

TYPES: Final = "types: "


def typed(mutants: Sequence[Mutant], jobs: int) -> dict[str, str]:
    """The first thing that mypy says of each mutant, by its name; empty where it says nothing."""
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(jobs) as pool:
        free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for copy in pool.map(_copied, [Path(work) / str(number) for number in range(jobs)]):
            free.put(copy)
        return dict(
            zip([each.name for each in mutants], pool.map(lambda each: _types(each, free), mutants), strict=True)
        )


def _copied(copy: Path) -> Path:
    """A copy of the source in which nothing is wrong, and mypy has read it."""
    shutil.copytree("src", copy / "src")
    shutil.copy("pyproject.toml", copy)
    if wrong := _mypy(copy, "src"):
        sys.exit(f"mypy is not content without a mutant: {wrong}")
    return copy


def _types(mutant: Mutant, free: queue.SimpleQueue[Path]) -> str:
    copy = free.get()
    file = copy / mutant.path
    before = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    wrong = _mypy(copy, mutant.path)
    file.write_text(before, encoding="utf-8")
    free.put(copy)
    print(f"{mutant.name}: {wrong or 'survived'}", flush=True)
    return wrong


def _mypy(copy: Path, path: str) -> str:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--no-pretty", path]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    return TYPES + (done.stdout + done.stderr).partition("\n")[0] if done.returncode else ""


# the report


def report(mutants: Sequence[Mutant], found: Mapping[str, str]) -> str:
    """The score with its interval, and each survivor with its change."""
    proportions = importlib.import_module("peersupport.measures.proportions")
    survivors = [each for each in mutants if not found[each.name]]
    said = sum(by.startswith(TYPES) for by in found.values())
    late = Counter(found.values())[TIMEOUT]
    killed = len(mutants) - len(survivors) - said

    def score(count: int) -> str:
        interval = proportions.wilson(count, len(mutants), 0.95)
        return f"{count / len(mutants):.1%} (95 % Wilson interval {interval.low:.1%} to {interval.high:.1%})"

    head = (
        f"{len(mutants)} mutants: {killed - late} killed by tests, {late} timed out, {said} refused by the types, "
        f"{len(survivors)} survived; score {score(killed + said)}, without the types at least {score(killed)}"
    )
    return "\n\n".join([head, *(f"## {each.name}\n\n{each.diff}" for each in survivors)]) + "\n"


def drawn(asked: argparse.Namespace) -> list[Mutant]:
    """The mutants that are asked for, in the order in which they are drawn: the first of a sample are a sample too."""
    lines = changed_since(asked.changed) if asked.changed else None
    found = list(spots(lines))
    if lines is not None:
        found = [
            each for each in found if any(each.function[0] <= line <= each.function[1] for line in lines[each.path])
        ]
    if asked.only:
        names = set(Path(asked.only).read_text(encoding="utf-8").split())
        found = [each for each in found if each.name in names]
    size = min(asked.sample or asked.most, len(found))
    generator = random.Random(asked.seed)  # noqa: S311  a sample is no secret
    taken = generator.sample(sorted(found, key=lambda each: each.name), size)
    print(f"{len(found)} mutants, {size} of them drawn", flush=True)
    return [mutant_of(each) for each in taken]


def main() -> None:
    """Draw the mutants that are asked for, run them, and write who survives; the exit code tells of a low score."""
    parser = argparse.ArgumentParser(description="Mutants of the code, and the tests that notice them.")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--changed", metavar="REF", help="mutants of the functions that changed since a commit")
    which.add_argument("--sample", type=int, metavar="N", help="a drawn sample of the mutants of all modules")
    which.add_argument("--only", metavar="FILE", help="mutants by name, one on each line of a file")
    parser.add_argument("--also", nargs="*", default=[], help="files of tests that are left out else, as in `laws`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=100_000, help="at most so many of those that changed")
    parser.add_argument("--least", type=float, default=0.0, help="the score below which the command fails")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--report", type=Path, default=WORK / "survivors.md")
    asked = parser.parse_args()
    preload()
    mutants = drawn(asked)
    if not mutants:
        return
    gc.collect()
    gc.freeze()  # nothing of this process is looked through again in its forks
    known = measure(asked.jobs, asked.also)
    whole = tested([_unchanged(each) for each in mutants[:4]], known, PATIENCE[0], asked.jobs)
    if any(whole.values()):
        sys.exit(f"tests fail without a mutant: {whole}")
    found = judged(mutants, known, asked.jobs)
    told = report(mutants, found)
    asked.report.write_text(told, encoding="utf-8")
    print(told.partition("\n")[0])
    sys.exit(sum(map(bool, found.values())) < asked.least * len(mutants))


if __name__ == "__main__":
    main()
