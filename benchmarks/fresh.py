"""What is measured in fresh processes: how long an import takes, and the most memory that a judgement holds."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import attrs
from measure import Line

HERE = Path(__file__).resolve().parent
IMPORTS = 15
IMPORT = "import time; start = time.perf_counter(); import {0}; print(time.perf_counter() - start)"
NARWHALS = "import sys, peersupport; print('narwhals' in sys.modules)"


def imports() -> list[Line]:
    """Importing the package against importing what it needs, by turns; and that no frame library comes along."""
    ways = ("peersupport", "peersupport.library", "attrs, dateutil")
    found = [[1_000 * float(output("-c", IMPORT.format(way))) for way in ways] for _ in range(IMPORTS)]
    ours, records, theirs = zip(*found, strict=True)
    narwhals = output("-c", NARWHALS).strip() == "True"
    note = "narwhals is imported too" if narwhals else "narwhals is not imported"
    return [
        Line("import peersupport / import attrs, dateutil", ours, theirs, 1.5, note, "ms"),
        Line("the same, and all kinds of records are made", records, theirs, None, "when first asked for", "ms"),
    ]


def memory(rows: int) -> list[Line]:
    """The most memory at one time, against that of the input and the answer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one_table.arrow"
        output(__file__, "make", str(file), str(rows))
        found = {way: Used(**json.loads(output(__file__, way, str(file), str(rows)))) for way in ("ours", "by hand")}
    ours, by_hand = found["ours"], found["by hand"]
    needed = ours.input + ours.answer
    return [
        Line("peak memory / input and answer", [ours.peak], [needed], 1.2, "", "MB"),
        Line("peak memory / that of Polars by hand, dates as dates", [ours.peak], [by_hand.peak], None, "", "MB"),
    ]


@attrs.frozen
class Used:
    """Megabytes of one process: of the input, of the answer, and the most at one time beyond the libraries."""

    input: float
    answer: float
    peak: float


def output(*command: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


# in the fresh process


def make(file: str, rows: int) -> None:
    """Write the table."""
    import data  # noqa: PLC0415  only here, so that the process that measures starts small

    data.one_table(rows).write_ipc(file)


def used(way: str, file: str) -> Used:
    """Judge the table once, and tell the memory. A small table is judged before, so that all code is loaded."""
    import polars as pl  # noqa: PLC0415
    from ways import one_table_way  # noqa: PLC0415

    one_table_way(way, pl.read_ipc(file, n_rows=1_000))()
    frame = pl.read_ipc(file)
    loaded = resident("VmRSS")
    forget_peak()
    answer = one_table_way(way, frame)()
    given = frame.estimated_size() / 1e6
    return Used(given, answer.drop("id").estimated_size() / 1e6, given + max(0.0, resident("VmHWM") - loaded))


def forget_peak() -> None:
    """Let the system count the peak anew, so that reading the file does not count."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def resident(which: str) -> float:
    """The memory of this process in megabytes, now or at its peak."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith(which))
    return int(line.split()[1]) * 1_024 / 1e6


if __name__ == "__main__":
    task, path, count = sys.argv[1:]
    if task == "make":
        make(path, int(count))
    else:
        print(json.dumps(attrs.asdict(used(task, path))))
