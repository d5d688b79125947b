"""A circuit breaker: an endpoint that keeps failing is left alone for a while, and the agent does not wait for it.

pybreaker, the library for this, holds its lock while it calls, so that a server with several agents would ask one model
one question at a time; circuitbreaker lets everyone through at once when it tries again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

#: Failures in a row that open the circuit, and the seconds until one call may try again.
FAILURES, REST = 5, 30.0


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; may be shared by threads."""

    failures: int = FAILURES
    rest: float = REST
    _failed: int = 0
    _open_until: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_closed_off(self) -> float:
        """Return how long to leave the endpoint alone, 0 if it may be asked.

        When the rest is over the first who asks may try, the others wait for what comes of it.
        """
        with self._lock:
            if self._open_until is None:
                return 0.0
            left = self._open_until - time.monotonic()
            if left > 0:
                return left
            self._open_until = time.monotonic() + self.rest
            return 0.0

    def succeeded(self) -> None:
        """Close the circuit."""
        with self._lock:
            self._failed, self._open_until = 0, None

    def failed(self) -> None:
        """Count a failure that was the endpoint's; enough of them in a row open the circuit."""
        with self._lock:
            self._failed += 1
            if self._failed >= self.failures:
                self._open_until = time.monotonic() + self.rest
