"""Whole-process wall time: how long someone waits who types one command.

    python benchmarks/cold_start.py [RUNS]

The commands take turns, so that whatever else the machine does hits all of them; medians are printed. Every store is
built beforehand. Peak memory needs a POSIX system; a child counts from the size of this process, so it stays small.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from machine import conditions, table

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
QUESTION = "有发票吗"
REPLY = "亲，您好，发票有的哦，按实付金额给您开，感谢您的支持！"
PACKAGES = ("replyguide", "chromadb", "langchain-chroma", "langchain-huggingface", "sentence-transformers", "torch")
BASE = "`replyguide suggest`"


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall seconds and peak megabytes (0 where the system does not tell)."""

    seconds: float
    megabytes: float


def commands(store: Path) -> dict[str, list[str]]:
    """Return what is compared, by the name it has in the table."""
    python, own = [sys.executable], [sys.executable, "-m", "replyguide"]
    return {
        f"{BASE} {QUESTION} --offline": [*own, "suggest", QUESTION, "--offline"],
        "`replyguide check …`": [*own, "check", REPLY],
        "`replyguide --help`": [*own, "--help"],
        '`python -c "import chromadb"`': [*python, "-c", "import chromadb"],
        "tutorial: langchain-chroma, MiniLM": [*python, str(HERE / "tutorial.py"), "ask", str(store), QUESTION],
        "`python -c pass`": [*python, "-c", "pass"],
    }


def run(command: Sequence[str], surroundings: Mapping[str, str]) -> Run:
    """Run a process to its end; one that fails ends the benchmark."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status, megabytes = _waited(process)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"status {status}: {' '.join(command)}")
    return Run(seconds, megabytes)


def _waited(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    if not hasattr(os, "wait4"):
        return process.wait(), 0.0
    _, state, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return process.returncode, kilobytes / 1024


def measure(times: int) -> dict[str, list[Run]]:
    """Build the stores, run everything once for the disk cache, then `times` times in turn."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Path(folder) / "tutorial"
        surroundings = {
            **os.environ,
            "REPLYGUIDE_DATA_DIR": str(Path(folder) / "data"),
            "PYTHONPATH": str(SOURCE),
        }
        run([sys.executable, str(HERE / "tutorial.py"), "build", str(store)], surroundings)
        compared = commands(store)
        for command in compared.values():
            run(command, surroundings)
        found: dict[str, list[Run]] = {name: [] for name in compared}
        for _ in range(times):
            for name, command in compared.items():
                found[name].append(run(command, surroundings))
        return found


def main(times: int) -> None:
    """Measure and print the table."""
    before = conditions(PACKAGES)
    found = measure(times)
    middle = {name: statistics.median(one.seconds for one in runs) for name, runs in found.items()}
    base = next(seconds for name, seconds in middle.items() if name.startswith(BASE))
    rows = [
        [
            name,
            f"{middle[name]:.2f}",
            f"{min(one.seconds for one in runs):.2f}–{max(one.seconds for one in runs):.2f}",
            f"{middle[name] / base:.2f}",
            f"{max(one.megabytes for one in runs):.0f}",
        ]
        for name, runs in found.items()
    ]
    print(f"Cold start, {times} runs each in turn. {before}\n")
    print(table(["process", "median s", "range s", "times `suggest`", "peak MB"], rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
