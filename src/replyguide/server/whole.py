"""A suggestion in one piece: the model is stopped when the client goes away."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from replyguide.access import Identity
from replyguide.copilot import Suggestion
from replyguide.server.asking import Asking
from replyguide.server.bodies import SuggestBody
from replyguide.server.service import Service


async def whole(service: Service, body: SuggestBody, identity: Identity, request: Request) -> tuple[Suggestion, bool]:
    """Return the final suggestion and whether it was recorded."""
    asking = Asking(service, body, identity)
    suggestion, recorded = await asking.first()
    if suggestion.is_final:
        return suggestion, recorded
    watching = asyncio.create_task(_end_when_gone(asking, request))
    try:
        suggestion, draft_recorded = await asking.final()
    finally:
        watching.cancel()
        asking.end()
    return suggestion, recorded and draft_recorded


async def _end_when_gone(asking: Asking, request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    asking.end()
