"""What every figure is printed with: the day, the machine, the versions."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def conditions(packages: Sequence[str]) -> str:
    """Describe the run in one line; a load far above nought means that something else was running."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{datetime.date.today().isoformat()}, {cores()} cores ({platform.machine()}, {platform.system()}{load}), "
        f"Python {platform.python_version()}, {', '.join(f'{name} {_version(name)}' for name in packages)}"
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(source tree)" if name == "replyguide" else "(not installed)"


def peak_memory() -> float:
    """Return the most memory that this process has held, in MB.

    `getrusage` tells a child of a large process what its parent had held when it was started; Linux's file does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        told = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(told.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
