"""A real Chroma server on loopback, for tests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from replyguide.index.store import connected


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def chroma_server(folder: Path, port: int) -> Iterator[str]:
    """Run `chroma run` over `folder` and give its URL."""
    arguments = ["chroma", "run", "--path", str(folder), "--port", str(port)]
    script = f"import sys; from chromadb.cli.cli import app; sys.argv = {arguments!r}; app()"
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def names_on(url: str) -> set[str]:
    """Return the names of all collections on the server."""
    with connected(url) as client:
        return {collection.name for collection in client.list_collections()}
