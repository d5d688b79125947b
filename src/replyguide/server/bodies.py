"""What requests carry, and a route that reads their JSON strictly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from replyguide.audit import Action
from replyguide.context import Context, without_surrogates
from replyguide.copilot import LONGEST_QUESTION
from replyguide.drafting.tone import Tone
from replyguide.server.problems import Problem
from replyguide.server.strict_json import JsonProblem, parse_json

LONGEST_REPLY = 10_000  # characters
_Said = Annotated[str, BeforeValidator(without_surrogates)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SuggestBody(_Body):
    """A buyer's message. `again` counts how often another reply was asked for; `offline` does without the model."""

    question: _Said = Field(min_length=1, max_length=LONGEST_QUESTION, description="买家的消息")
    context: Context = Field(default_factory=Context)
    again: int = Field(default=0, ge=0, le=1000)
    tone: Tone | None = None
    offline: bool = False


class CheckBody(_Body):
    """A reply to judge; `question` is the buyer's message that it answers."""

    reply: _Said = Field(min_length=1, max_length=LONGEST_REPLY, description="要检查的回复")
    question: _Said | None = Field(default=None, max_length=LONGEST_QUESTION)
    context: Context = Field(default_factory=Context)


class FeedbackBody(_Body):
    """What became of a suggestion; `final_text` is what was sent where that is not the reply as it was suggested."""

    suggestion_id: str = Field(pattern="^[0-9a-f]{32}$")
    action: Action
    final_text: _Said | None = Field(default=None, max_length=LONGEST_REPLY)


class _StrictRequest(Request):
    async def json(self) -> Any:
        """Parse the body strictly; what is refused is a 400."""
        try:
            return parse_json(await self.body())
        except JsonProblem as problem:
            raise Problem(400, str(problem)) from None


class StrictRoute(APIRoute):
    """A route whose JSON is read by `parse_json`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, over a request that reads strictly."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            if self.body_field is not None and not _is_json(request):
                raise Problem(415, "请求体应是 JSON，请在请求头里写 Content-Type: application/json")
            return await handler(_StrictRequest(request.scope, request.receive))

        return strict


def _is_json(request: Request) -> bool:
    # A page of another site may send any type but this one without asking the browser's leave first.
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
