"""Requests of the OpenAI protocol, as far as a reply hangs on them; what else a bot sends is taken and left alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from replyguide.context import Context, Role, Turn, read_context, without_surrogates
from replyguide.copilot import LONGEST_QUESTION
from replyguide.errors import InputError
from replyguide.server.bodies import SuggestBody
from replyguide.server.problems import Problem
from replyguide.server.strict_json import JsonProblem, parse_json

MODEL = "replyguide"
_ROLES: dict[str, Role] = {"user": "buyer", "assistant": "agent"}
_INSTRUCTIONS = ("system", "developer")
_FENCE = "```"


class _Part(BaseModel):
    """A piece of a message; pieces that are no text (images) are not read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: Annotated[str, BeforeValidator(without_surrogates)] = ""


class Message(BaseModel):
    """A message of the conversation; those of tools are not read."""

    model_config = ConfigDict(extra="allow")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[str, BeforeValidator(without_surrogates)] | list[_Part] | None = None

    @property
    def text(self) -> str:
        """The words of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content if self.content is not None else ""


class StreamOptions(BaseModel):
    """How to stream."""

    model_config = ConfigDict(extra="allow")
    include_usage: bool = False


class CompletionBody(BaseModel):
    """A request for a chat completion. Every `model` is this one: a bot need not change its setting."""

    model_config = ConfigDict(extra="allow")
    model: str = Field(default=MODEL, max_length=200)
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None

    def suggest_body(self) -> SuggestBody:
        """Return the question that this asks: the last user message, with what stood before it as history.

        A system message that is a JSON object, or holds one in a code fence, is the context; other instructions are
        those of a bot to its model, and the rules stand above them. No buyer's message is a 400.
        """
        spoken = [message for message in self.messages if message.role in _ROLES and message.text.strip()]
        last = max((place for place, message in enumerate(spoken) if message.role == "user"), default=None)
        if last is None:
            raise Problem(400, "messages 里没有买家的消息（role 为 user、有文字的一条），请补上")
        question = spoken[last].text
        if len(question) > LONGEST_QUESTION:
            raise Problem(400, f"买家的消息有 {len(question)} 个字，最多 {LONGEST_QUESTION} 个")
        context = self._context()
        earlier = [Turn(role=_ROLES[message.role], text=message.text) for message in spoken[:last]]
        # Who calls this stands between the buyer and the shop: what is asked here, a buyer asks.
        told = {"history": [*context.history, *earlier], "asker": "buyer"}
        return SuggestBody(question=question, context=context.model_copy(update=told))

    def _context(self) -> Context:
        for message in self.messages:
            if message.role in _INSTRUCTIONS and (data := _json_in(message.text)) is not None:
                try:
                    return read_context(data, where="system 消息里的上下文")
                except InputError as error:
                    raise Problem(400, str(error)) from None
        return Context()


def _json_in(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is or holds in a fence; one that is broken is a 400, not a silent nothing."""
    bare = text.strip()
    fenced = bare.split(_FENCE)[1].removeprefix("json").strip() if bare.count(_FENCE) >= 2 else ""
    said = bare if bare.startswith("{") else fenced
    if not said.startswith("{"):
        return None
    try:
        data = parse_json(said.encode("utf-8", "replace"))
    except JsonProblem as problem:
        if said == fenced:  # a code example among the instructions of a bot
            return None
        raise Problem(400, f"system 消息里的上下文：{problem}") from None
    return data if isinstance(data, dict) else None
