"""A graceful stop: streams that are under way end with the approved wording, not in the middle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

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


@cache
def stopping() -> Stopping:
    """Return the one of this process: a signal is told to the process, not to an application in it."""
    return Stopping()
