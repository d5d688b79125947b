"""Starts the real server as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

_URL = re.compile(r"面板：(http://\S+?)/（")
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs: its address, its process, and the file that its log goes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, key: str | None = None, **options: Any) -> httpx.Client:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30.0, **options)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def own_data_dir(shared: Path, folder: Path) -> Path:
    """Return a data folder with the index and cache of `shared`, and nothing else."""
    folder.mkdir(parents=True)
    for name in ("cache", "index"):
        (folder / name).symlink_to(shared / name, target_is_directory=True)
    return folder


@contextmanager
def serving(data_dir: Path, *options: str, ready: bool = True, **environment: str) -> Iterator[Served]:
    """Serve on a free port until the block ends; with `ready` only once everything works."""
    log = data_dir / "server.log"
    command = [sys.executable, "-m", "replyguide", "serve", "--port", "0", "--data-dir", str(data_dir), *options]
    # Not limited: what a test asks for in a second is no attack.
    variables = {**os.environ, "REPLYGUIDE_RATE_LIMIT": "off", **environment}
    with log.open("wb") as sink:
        process = subprocess.Popen(command, stderr=sink, stdout=sink, env=variables, cwd=data_dir)
    try:
        served = Served(_url(log, process), process, log)
        _wait(served, "/readyz" if ready else "/healthz")
        yield served
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _url(log: Path, process: subprocess.Popen[bytes]) -> str:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        found = _URL.search(log.read_text("utf-8", "replace"))
        if found is not None:
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


def _wait(served: Served, path: str) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(served.url + path, timeout=10.0).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"never ready:\n{served.log.read_text('utf-8', 'replace')}")
