"""What the server takes under load, over loopback, with wrk.

    python benchmarks/server.py load [SECONDS]      # 100 checks a second, then 40 suggestions, beside a bare FastAPI
    python benchmarks/server.py soak MINUTES        # both at half of that, with the memory; status 1 where it grows

wrk (Debian's package) keeps a fixed number of connections that each pause before a request, for a random time, so that
the rate is known and requests come as those of many agents do, not all at once; the rate is measured as well. The
alternative is the floor: the same uvicorn with a route that checks nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from machine import conditions, table

PACKAGES = ("replyguide", "fastapi", "uvicorn", "sqlalchemy", "chromadb", "numpy")
Kind = Literal["check", "suggest"]
CONNECTIONS = 20
RATES: dict[Kind, int] = {"check": 100, "suggest": 40}
SCRIPT = Path(__file__).parent / "load" / "requests.lua"
# A server may still fill its caches in the first minute; from then on it is held to that.
GROWTH = 1.10
_BARE = """
import uvicorn
from fastapi import FastAPI, Request
app = FastAPI()
@app.post("/v1/{kind}")
async def bare(kind: str, request: Request) -> dict[str, object]:
    return {"verdict": "pass", "findings": [], "asked": len(await request.body())}
uvicorn.run(app, port=%d, log_level="critical")
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What wrk measured: requests a second, milliseconds, and how many failed."""

    rate: float
    p50: float
    p95: float
    p99: float
    most: float
    errors: int

    def row(self, name: str) -> list[str]:
        """Return the cells of a table row."""
        spent = (self.p50, self.p95, self.p99, self.most)
        return [name, f"{self.rate:.0f}", *(f"{one:.1f}" for one in spent), str(self.errors)]


def load(url: str, kind: Kind, rate: float, seconds: float) -> subprocess.Popen[str]:
    """Start wrk at a steady rate."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is missing: apt-get install wrk")
    pause = round(CONNECTIONS / rate * 1000)
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(SCRIPT), url, "--", kind, str(pause)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def figures(running: subprocess.Popen[str]) -> Figures:
    """Wait for wrk and return what it measured."""
    said, _ = running.communicate()
    found = re.search(r"^figures (.+)$", said, re.MULTILINE)
    if found is None:
        raise SystemExit(f"wrk told nothing:\n{said}")
    *spent, errors = found[1].split()
    rate, p50, p95, p99, most = map(float, spent)
    return Figures(rate, p50, p95, p99, most, int(errors))


@contextmanager
def served(*options: str) -> Iterator[tuple[str, int]]:
    """Serve with an index of its own; gives the URL and the process id."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "replyguide", "serve", "--port", "0", "--data-dir", folder, *options]
        with log.open("w") as sink:
            process = subprocess.Popen(command, stderr=sink, env=_environment())
        try:
            url = _url(log)
            for kind in RATES:  # until the index is built and everything is loaded
                figures(load(url, kind, 20, 15))
            yield url, process.pid
        finally:
            process.terminate()
            process.wait()


def _url(log: Path) -> str:
    for _ in range(600):
        found = re.search(r"http://\S+?(?=/（)", log.read_text("utf-8"))
        if found is not None:
            return found[0]
        time.sleep(0.1)
    raise SystemExit(f"the server did not start:\n{log.read_text('utf-8')}")


def _environment() -> dict[str, str]:
    return {**os.environ, "REPLYGUIDE_RATE_LIMIT": "off", "REPLYGUIDE_MODEL": ""}


@contextmanager
def bare() -> Iterator[str]:
    """Serve the floor: the same server and framework, nothing behind it."""
    port = 18_573
    process = subprocess.Popen([sys.executable, "-c", _BARE % port])
    time.sleep(2)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def memory(pid: int) -> float:
    """Return the MB that a process holds."""
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found is not None else float("nan")


def measure_load(seconds: float) -> int:
    """Print the latencies at the rates that an agent's desk is held to."""
    rows = []
    with served() as (url, pid):
        for kind, rate in RATES.items():
            rows.append(figures(load(url, kind, rate, seconds)).row(f"`/v1/{kind}`"))
        held = memory(pid)
    with bare() as url:
        for kind, rate in RATES.items():
            rows.append(figures(load(url, kind, rate, seconds)).row(f"bare FastAPI, {kind}'s bodies"))
    print(conditions(PACKAGES), end="\n\n")
    print(table(["what", "requests a second", "p50 ms", "p95 ms", "p99 ms", "most ms", "failed"], rows))
    print(f"\nmemory of the server: {held:.0f} MB")
    return 0


def soak(minutes: int) -> int:
    """Print memory and latencies minute by minute; return 1 if the memory grew or a request failed."""
    rows, held, failed = [], [], 0
    with served() as (url, pid):
        for minute in range(1, minutes + 1):
            running = [(kind, load(url, kind, rate / 2, 60)) for kind, rate in RATES.items()]
            told = {kind: figures(one) for kind, one in running}
            held.append(memory(pid))
            failed += sum(one.errors for one in told.values())
            rows.append([str(minute), f"{held[-1]:.0f}", *(f"{one.p95:.1f}" for one in told.values()), str(failed)])
            print(f"minute {minute}: {held[-1]:.0f} MB", file=sys.stderr)
    print(conditions(PACKAGES), end="\n\n")
    print(table(["minute", "MB", "check p95 ms", "suggest p95 ms", "failed"], rows))
    has_grown = held[-1] > held[0] * GROWTH
    print(f"\n{'GREW' if has_grown else 'no growth'}: {held[0]:.0f} MB after a minute, {held[-1]:.0f} at the end")
    return 1 if has_grown or failed else 0


if __name__ == "__main__":
    what, *rest = sys.argv[1:] or ["load"]
    raise SystemExit(soak(int(rest[0])) if what == "soak" else measure_load(float(rest[0]) if rest else 30))
