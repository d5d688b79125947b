"""One process of the server."""

from __future__ import annotations

from types import FrameType

import uvicorn

from replyguide.server.stopping import stopping


class Process(uvicorn.Server):
    """Tells those who wait for a model that the server stops, before uvicorn waits for their connections."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        stopping().begin()
        super().handle_exit(sig, frame)
