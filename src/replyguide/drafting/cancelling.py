"""Requests to a model that can be given up: when time is up, or when nobody waits for the answer any longer.

The clients' own timeouts count from byte to byte: a server that drips would keep them forever. So requests are
coroutines on one event loop of the process: giving one up closes its connection, and the server stops generating.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from functools import cache
from typing import Any, TypeVar

from replyguide.drafting.failures import DraftError

T = TypeVar("T")


class Cancellation:
    """Ends the requests that were made with it, and lets no further one begin; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[Future[Any]] = set()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End whatever runs, at once; what is asked for later fails with the kind `cancelled`."""
        with self._lock:
            self._cancelled.set()
            running = tuple(self._running)
        for future in running:
            future.cancel()

    def pause(self, seconds: float) -> None:
        """Wait before the next try; no longer than anybody waits for it."""
        self._cancelled.wait(seconds)

    def run(self, call: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """Return what `call` returns; TimeoutError after `seconds`, a DraftError `cancelled` if nobody waits."""
        if seconds <= 0:
            raise TimeoutError
        with self._lock:
            if self._cancelled.is_set():
                raise DraftError("cancelled")
            future = asyncio.run_coroutine_threadsafe(_limited(call, seconds), _loop())
            self._running.add(future)
        try:
            return future.result()
        except CancelledError:
            raise DraftError("cancelled") from None
        except KeyboardInterrupt:
            future.cancel()
            raise
        finally:
            with self._lock:
                self._running.discard(future)


async def _limited(call: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
    return await asyncio.wait_for(call(), seconds)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop that all requests of this process run on, in a thread that keeps no process alive."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="replyguide-model", daemon=True).start()
    atexit.register(loop.call_soon_threadsafe, loop.stop)
    return loop
