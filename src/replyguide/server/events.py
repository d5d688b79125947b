"""A suggestion as server-sent events: rules and approved wording first, the draft as it comes, its verdict."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request

from replyguide.access import Identity
from replyguide.copilot import Attempt, Suggestion
from replyguide.errors import ReplyGuideError
from replyguide.server.asking import Asking
from replyguide.server.bodies import SuggestBody
from replyguide.server.json_answer import dumped
from replyguide.server.problems import UNEXPECTED, problem_data, status_of
from replyguide.server.service import Service

_KEEP_ALIVE = 10.0  # seconds of silence after which proxies and browsers may think that nobody is there
_Tell = Callable[[str, Any], None]


async def events(service: Service, body: SuggestBody, identity: Identity, request: Request) -> AsyncIterator[str]:
    """Yield the events of one suggestion. When the client goes away the model is stopped."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[str | None]()

    def tell(event: str, data: Any) -> None:
        # From whatever thread; a loop that has ended has nobody left to tell.
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, f"event: {event}\ndata: {dumped(data)}\n\n")

    def judged(attempt: Attempt) -> None:
        tell("verdict", attempt.as_json())

    asking = Asking(service, body, identity, heard=lambda piece: tell("draft", {"delta": piece}), judged=judged)
    telling = asyncio.create_task(_told(service, asking, request, tell))
    telling.add_done_callback(lambda _: loop.call_soon(queue.put_nowait, None))
    try:
        while (event := await _next(queue)) is not None:
            yield event
    finally:
        asking.end()
        telling.cancel()


async def _next(queue: asyncio.Queue[str | None]) -> str | None:
    try:
        return await asyncio.wait_for(queue.get(), _KEEP_ALIVE)
    except TimeoutError:
        return ": still there\n\n"


async def _told(service: Service, asking: Asking, request: Request, tell: _Tell) -> None:
    """Tell everything from the rules to the last event."""
    try:
        suggestion, recorded = await asking.first()
        tell("rules", _rules(suggestion))
        tell("phrase", {**suggestion.as_json(), "recorded": recorded})
        if not suggestion.is_final:
            suggestion, draft_recorded = await asking.final()
            recorded = recorded and draft_recorded
        tell("suggestion", {**suggestion.as_json(), "recorded": recorded})
    except ReplyGuideError as error:
        tell("problem", problem_data(status_of(error), str(error), request))
    except Exception as error:  # noqa: BLE001  # the answer has begun: this is the only way to tell of it
        service.observer.failed(request.scope, error)
        tell("problem", problem_data(500, UNEXPECTED, request))


def _rules(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "suggestion_id": suggestion.suggestion_id,
        "topics": list(suggestion.topics),
        "rules": [hit.as_json() for hit in suggestion.rules],
    }
