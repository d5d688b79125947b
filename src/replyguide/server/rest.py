"""A rest after a failure, so that not every request waits for what is known to be down."""

from __future__ import annotations

import time

_SECONDS = 2.0


class Rest:
    """Begins with a failure and ends by itself. One number is written and read: threads may share it."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_resting(self) -> bool:
        """Tell whether the last failure is only a moment ago."""
        return time.monotonic() < self._until

    def begin(self) -> None:
        """Note a failure."""
        self._until = time.monotonic() + _SECONDS
