"""What several open indexes of one process hold in common: opened once, closed with the last of them.

A server of eight shops searches eight times the same packaged rules; opened for each shop they took 50 MB a shop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """Anything that gives back what it holds."""

    def close(self) -> None: ...


Part = TypeVar("Part", bound=Closable)


class Shared(Generic[Part]):
    """Open parts by key, each with the number of its users; threads may share it."""

    def __init__(self) -> None:
        # Entered anew by the same thread where the garbage collector gives back a part while another one is opened.
        self._lock = threading.RLock()
        self._open: dict[Hashable, Part] = {}
        self._users: dict[Hashable, int] = {}

    def borrow(self, key: Hashable, opened: Callable[[], Part]) -> Part:
        """Return the part of that key, opened by its first user; every user gives it back with `give_back`."""
        with self._lock:
            if key not in self._open:
                self._open[key] = opened()
                self._users[key] = 0
            self._users[key] += 1
            return self._open[key]

    def give_back(self, key: Hashable) -> None:
        """Close the part of that key if this was its last user."""
        with self._lock:
            self._users[key] -= 1
            if self._users[key]:
                return
            del self._users[key]
            part = self._open.pop(key)
        part.close()
