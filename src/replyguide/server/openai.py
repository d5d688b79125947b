"""The OpenAI protocol: a shop's bot gets replies that passed the checker by changing its base URL."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from replyguide.copilot import Suggestion
from replyguide.server.bodies import StrictRoute
from replyguide.server.documented import READING, openai_problems
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer, dumped
from replyguide.server.openai_bodies import MODEL, CompletionBody
from replyguide.server.problems import Problem
from replyguide.server.whole import whole

router = APIRouter(route_class=StrictRoute, tags=["openai"])
_PIECE = 12  # characters of a streamed reply at once
_MODEL_DATA = {"id": MODEL, "object": "model", "created": 1_760_000_000, "owned_by": MODEL}


@router.post("/v1/chat/completions", responses=openai_problems(*READING, 503))
async def complete(body: CompletionBody, request: Request, service: TheService, identity: Agent) -> Response:
    """Answer the last user message with a reply that passed the checker; findings are under `replyguide`.

    A question that is handed over is answered with a holding sentence, or with nothing (`content_filter`) where even
    that does not pass. A streamed reply is checked whole before its first piece is sent.
    """
    suggestion, recorded = await whole(service, body.suggest_body(), identity, request)
    completion = _Completion(suggestion, recorded, body.model)
    if not body.stream:
        return JsonAnswer(completion.whole())
    include_usage = body.stream_options is not None and body.stream_options.include_usage
    return StreamingResponse(_events(completion.chunks(include_usage=include_usage)), media_type="text/event-stream")


@router.get("/v1/models", responses=openai_problems())
async def list_models(_: Agent) -> JsonAnswer:
    """List the one model there is."""
    return JsonAnswer({"object": "list", "data": [_MODEL_DATA]})


@router.get("/v1/models/{name}", responses=openai_problems(404, 422))
async def show_model(name: str, _: Agent) -> JsonAnswer:
    """Tell of the one model there is."""
    if name != MODEL:
        raise Problem(404, f"没有 {name[:80]} 这个模型，这里只有 {MODEL}")
    return JsonAnswer(_MODEL_DATA)


class _Completion:
    """A suggestion in the words of the protocol."""

    def __init__(self, suggestion: Suggestion, recorded: bool, model: str) -> None:
        self._suggestion = suggestion
        self._recorded = recorded
        self._common = {"id": f"chatcmpl-{suggestion.suggestion_id}", "created": int(time.time()), "model": model}
        self._reply = suggestion.reply if suggestion.reply is not None else ""
        self._finish = "stop" if suggestion.reply is not None else "content_filter"

    def whole(self) -> dict[str, Any]:
        """Return the completion object."""
        message = {"role": "assistant", "content": self._reply, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": self._finish, "logprobs": None}
        whole = {**self._common, "object": "chat.completion", "choices": [choice], "usage": self._usage()}
        return {**whole, "replyguide": self._findings()}

    def chunks(self, *, include_usage: bool) -> Iterator[dict[str, Any]]:
        """Yield the chunk objects."""
        pieces = [self._reply[at : at + _PIECE] for at in range(0, len(self._reply), _PIECE)]
        yield self._chunk({"role": "assistant", "content": ""}, None)
        for piece in pieces:
            yield self._chunk({"content": piece}, None)
        yield {**self._chunk({}, self._finish), "replyguide": self._findings()}
        if include_usage:
            yield {**self._common, "object": "chat.completion.chunk", "choices": [], "usage": self._usage()}

    def _chunk(self, delta: dict[str, str], finish: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._common, "object": "chat.completion.chunk", "choices": [choice]}

    def _usage(self) -> dict[str, int]:
        used = self._suggestion.used
        return {
            "prompt_tokens": used.prompt_tokens,
            "completion_tokens": used.completion_tokens,
            "total_tokens": used.prompt_tokens + used.completion_tokens,
        }

    def _findings(self) -> dict[str, Any]:
        return {**self._suggestion.as_json(), "recorded": self._recorded}


async def _events(chunks: Iterator[dict[str, Any]]) -> AsyncIterator[str]:
    for chunk in chunks:
        yield f"data: {dumped(chunk)}\n\n"
    yield "data: [DONE]\n\n"
