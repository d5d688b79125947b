"""`POST /v1/suggest`: as JSON, or as server-sent events with rules and approved wording first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from replyguide.server.bodies import StrictRoute, SuggestBody
from replyguide.server.documented import READING, SuggestionObject, problems
from replyguide.server.events import events
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer
from replyguide.server.whole import whole

router = APIRouter(route_class=StrictRoute, tags=["suggest"])
_STREAM = "text/event-stream"
_RESPONSES = {
    200: {"model": SuggestionObject, "content": {_STREAM: {"schema": {"type": "string"}}}},
    **problems(*READING, 503),
}


@router.post("/v1/suggest", responses=_RESPONSES)
async def suggest(body: SuggestBody, request: Request, service: TheService, identity: Agent) -> Response:
    """Answer a buyer's message.

    With `Accept: text/event-stream` the events are `rules`, `phrase` (the approved wording), `draft` (raw pieces of the
    model's draft, not to be sent), `verdict` (a judged draft) and last `suggestion`, or `problem` if something failed.
    """
    if _STREAM in request.headers.get("accept", ""):
        return StreamingResponse(events(service, body, identity, request), media_type=_STREAM)
    suggestion, recorded = await whole(service, body, identity, request)
    return JsonAnswer({**suggestion.as_json(), "recorded": recorded})
