"""A graceful stop: streams that are under way end with the approved wording, not in the middle."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

#: Seconds that a model may still take once the server was told to stop, and those that everything has to end in.
PATIENCE = 4.0
GRACE = 10


class Stopping:
    """Tells those that wait for a model when the server stops; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[Callable[[], None]] = set()
        self.has_begun = False

    def begin(self) -> None:
        """Let the models finish for a moment, then have everybody who still waits end."""
        with self._lock:
            if self.has_begun:
                return
            self.has_begun = True
        timer = threading.Timer(PATIENCE, self._end_all)
        timer.daemon = True
        timer.start()

    def add(self, end: Callable[[], None]) -> None:
        """Have `end` called when the patience is over."""
        with self._lock:
            self._waiting.add(end)

    def remove(self, end: Callable[[], None]) -> None:
        """Forget `end`: nothing waits any longer."""
        with self._lock:
            self._waiting.discard(end)

    def _end_all(self) -> None:
        with self._lock:
            waiting = tuple(self._waiting)
        for end in waiting:
            end()


def hear_signals(stopping: Stopping) -> None:
    """Have `stopping` begin with the signal that uvicorn stops at, before it waits for its connections.

    In a thread, as in a test, there are no signals to hear.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def heard(number: int, frame: FrameType | None, before: Any = before) -> None:
            stopping.begin()
            if callable(before):
                before(number, frame)

        signal.signal(number, heard)
