"""What comes of a question: the reply that may be sent, and everything it rests on."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from replyguide.checker import CheckResult
from replyguide.context import Asker, Context

if TYPE_CHECKING:
    from replyguide.index import Hit

Origin = Literal["model", "script"]
Status = Literal["ready", "handover"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft and what the checker said of it; `error` tells why a model gave none.

    `check` of a model's draft holds the findings on facts that nothing backs as well. `missing` are the points of the
    answering rules that the draft leaves out.
    """

    origin: Origin
    text: str
    check: CheckResult
    error: str | None = None
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the attempt as an entry of `attempts`."""
        return {
            "origin": self.origin,
            "text": self.text,
            "check": self.check.as_json(),
            "error": self.error,
            "missing": list(self.missing),
        }


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the model was asked and what that took; `cost_yuan` is `None` where no prices are set.

    `prompts` gives the version and digest of each prompt file that was used.
    """

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_yuan: float | None = None
    prompts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the use as JSON data."""
        return {
            "calls": self.calls,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost_yuan": self.cost_yuan,
            "prompts": list(self.prompts),
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the agent may send, and everything it rests on. `reply` is never one that the checker blocks.

    With `asker` "agent" the reply is for the agent's own eyes and must not be sent. `is_final` is false where a model
    is still drafting. `points` counts what the answering rules ask a good answer to say, `missing` is what the reply
    leaves out of it. `cautions` tell the agent what was odd about the context. `conversation` stands for what the
    buyer had said: see `is_stale`.
    """

    question: str
    asker: Asker
    status: Status
    reply: str | None
    origin: Origin | None
    check: CheckResult
    topics: tuple[str, ...]
    rules: tuple[Hit, ...]
    attempts: tuple[Attempt, ...]
    handover_reason: str | None
    timings_ms: dict[str, float]
    model: str | None
    index: str
    points: int = 0
    missing: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    used: ModelUse = field(default_factory=ModelUse)
    conversation: str = ""
    is_final: bool = True
    suggestion_id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def is_stale(self, question: str, context: Context | None = None) -> bool:
        """Tell whether the buyer has written since: `question` is his latest message now, `context` as it is now."""
        return self.conversation != conversation_of(question, context if context is not None else Context())

    def as_json(self) -> dict[str, Any]:
        """Return the suggestion as the object of the interface page."""
        return {
            "suggestion_id": self.suggestion_id,
            "question": self.question,
            "asker": self.asker,
            "status": self.status,
            "reply": self.reply,
            "origin": self.origin,
            "check": self.check.as_json(),
            "topics": list(self.topics),
            "rules": [hit.as_json() for hit in self.rules],
            "attempts": [attempt.as_json() for attempt in self.attempts],
            "handover_reason": self.handover_reason,
            "points": self.points,
            "missing": list(self.missing),
            "cautions": list(self.cautions),
            "timings_ms": self.timings_ms,
            "model": self.model,
            "used": self.used.as_json(),
            "index": self.index,
            "conversation": self.conversation,
            "is_final": self.is_final,
        }


def conversation_of(question: str, context: Context) -> str:
    """Return what stands for everything that the buyer has said so far; an answer of the agent changes nothing."""
    said = [turn.text.strip() for turn in context.history if turn.role == "buyer"]
    return hashlib.sha256("\x00".join([*said, question.strip()]).encode("utf-8", "replace")).hexdigest()[:16]
