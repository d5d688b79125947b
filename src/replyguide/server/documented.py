"""The objects of the interface as OpenAPI schemas: answers are built as JSON data, and described here."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from replyguide.checker import Verdict
from replyguide.context import Asker
from replyguide.copilot import Origin, Status
from replyguide.server.problems import MEDIA_TYPE


class _Object(BaseModel):
    model_config = ConfigDict(extra="allow")


class FindingObject(_Object):
    """A rule that the reply breaks; `start` and `end` count characters of the reply as it was given."""

    rule: str
    topic: str
    level: Verdict
    start: int
    end: int
    matched: str
    why: str
    fix: str
    reword: str
    points: list[float]
    sources: list[str]


class CheckObject(_Object):
    """A verdict and the findings behind it."""

    verdict: Verdict
    findings: list[FindingObject]


class HitObject(_Object):
    """A rule or passage that a question pulls."""

    id: str
    topic: str
    title: str
    text: str
    source: str
    platform: str
    score: float
    rank: int


class AttemptObject(_Object):
    """A draft and what the checker said of it."""

    origin: Origin
    text: str
    check: CheckObject
    error: str | None = None


class SuggestionObject(_Object):
    """What the agent may send, and everything it rests on."""

    suggestion_id: str
    question: str
    asker: Asker
    status: Status
    reply: str | None
    origin: Origin | None
    check: CheckObject
    topics: list[str]
    rules: list[HitObject]
    attempts: list[AttemptObject]
    handover_reason: str | None
    timings_ms: dict[str, float]
    model: str | None
    index: str
    is_final: bool
    recorded: bool = Field(description="记下了没有；没有记下的建议不能反馈")


class FeedbackObject(_Object):
    """The entry that was kept, and the verdict on the final text."""

    feedback_id: str
    check: CheckObject | None


class ProblemObject(_Object):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str


class OpenAIError(_Object):
    """What went wrong, in OpenAI's words."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIErrorObject(_Object):
    """An error of the OpenAI protocol."""

    error: OpenAIError


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses for errors, those that every endpoint may give included."""
    told = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemObject"}}}}
    every = {401, 403, 421, 429, 500, *statuses}
    return {status: {"description": "problem details", **told} for status in sorted(every)}


def openai_problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the same for the endpoints that answer errors in OpenAI's shape."""
    told = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/OpenAIErrorObject"}}}}
    every = problems(*statuses)
    return {status: {"description": "error", **told} for status in every}


#: What an endpoint that reads a body may answer beside that.
READING = (400, 408, 413, 415, 422)
