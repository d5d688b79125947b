"""What the server holds while it runs, and the threads that it lets work at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync

from replyguide.access import Identity, KeyRing, KeyStore
from replyguide.audit import AuditLog
from replyguide.context import Context
from replyguide.copilot import Suggestion
from replyguide.database import open_database
from replyguide.errors import DatabaseUnavailable
from replyguide.server.observing import Observer
from replyguide.server.rates import Rates
from replyguide.server.rest import Rest
from replyguide.server.shops import Shops
from replyguide.server.stopping import Stopping
from replyguide.settings import Settings

T = TypeVar("T")
# More threads than cores only take turns; one more hides the waits for the index.
_THINKING = (os.cpu_count() or 1) + 1
_DRAFTING = 512  # drafts that wait for a model at once; each is a thread that sleeps
_STORING = 16


class Service:
    """Shops, keys, audit, log and limits of a running server.

    Checks have threads of their own: while models, index or database keep everybody else waiting, they answer.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = open_database(settings)
        self.keys = KeyRing(settings, KeyStore(self.database))
        self.audit = AuditLog(self.database)
        self.shops = Shops(settings)
        self.rates = Rates(settings)
        self.observer = Observer()
        self.stopping = Stopping()
        self._rest = Rest()
        self._checking = anyio.CapacityLimiter(_THINKING)
        self._thinking = anyio.CapacityLimiter(_THINKING)
        self._drafting = anyio.CapacityLimiter(_DRAFTING)
        self._storing = anyio.CapacityLimiter(_STORING)

    async def check(self, work: Callable[[], T]) -> T:
        """Run a check on a thread."""
        return await run_sync(work, limiter=self._checking)

    async def think(self, work: Callable[[], T]) -> T:
        """Run what takes a core: a search, an answer from approved wording."""
        return await run_sync(work, limiter=self._thinking)

    async def draft(self, work: Callable[[], T]) -> T:
        """Run what waits for a model. Who is cancelled meanwhile need not wait for the thread."""
        return await run_sync(work, limiter=self._drafting, abandon_on_cancel=True)

    async def store(self, work: Callable[[], T]) -> T:
        """Run what waits for the database."""
        return await run_sync(work, limiter=self._storing)

    async def record(self, suggestion: Suggestion, context: Context, identity: Identity) -> bool:
        """Keep a suggestion; tell whether it could be kept. The suggestion is worth giving in any case."""
        return await self.store(lambda: self._kept(lambda: self.audit.record(suggestion, context, identity)))

    async def record_draft(self, suggestion: Suggestion) -> bool:
        """Keep what a model made of a recorded suggestion."""
        return await self.store(lambda: self._kept(lambda: self.audit.record_draft(suggestion)))

    def close(self) -> None:
        """Give back files and connections."""
        self.shops.close()
        self.database.close()

    def _kept(self, keep: Callable[[], None]) -> bool:
        """Keep something, unless the database failed a moment ago: nobody is to wait for it again and again."""
        if self._rest.is_resting:
            return False
        try:
            keep()
        except DatabaseUnavailable as error:
            self._rest.begin()
            self.observer.not_recorded(error)
            return False
        return True
