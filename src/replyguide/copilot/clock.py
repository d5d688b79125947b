"""The milliseconds that each stage of a question took."""

from __future__ import annotations

import time


class Clock:
    """Adds up the milliseconds between stops under the names given."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._spent: dict[str, float] = {}

    def stop(self, name: str) -> None:
        """Put what has passed since the last stop under `name`."""
        now = time.perf_counter()
        self._spent[name] = self._spent.get(name, 0.0) + (now - self._last) * 1000
        self._last = now

    def timings(self) -> dict[str, float]:
        """Return the milliseconds by name, and of all since the start as `total`."""
        total = (time.perf_counter() - self._start) * 1000
        return {name: round(spent, 2) for name, spent in {**self._spent, "total": total}.items()}
