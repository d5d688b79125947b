"""What an agent may send to a tool. The models are the input schemas, and their descriptions are written for agents."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import BeforeValidator, Field

from replyguide.context import Context
from replyguide.copilot import LONGEST_QUESTION, RULES_SHOWN
from replyguide.drafting.tone import Tone
from replyguide.validation import StrictModel

LONGEST_REPLY = 10_000  # characters
MOST_HITS = 50


def _object(value: object) -> object:
    """Take JSON text for the object that it holds: some clients write nested objects as text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("应是 JSON 对象，请改正") from None


Question = Annotated[str, Field(max_length=LONGEST_QUESTION, description="买家最新的一条消息，原样传入，不要改写")]
Situation = Annotated[
    Context,
    BeforeValidator(_object),
    Field(
        description=(
            "已知的情况，不知道的不写：history（之前的对话，role 是 buyer 或 agent）、asker（谁在问，默认 buyer；"
            "客服同事自己问时写 agent）、buyer_verified（核实过是下单的买家）、shop 和 product（店铺、商品的事实）"
        )
    ),
]


class SuggestRequest(StrictModel):
    """What `suggest` takes."""

    question: Question
    context: Situation = Field(default_factory=Context)
    tone: Tone | None = Field(
        default=None, description="让模型把合规的回复换一种语气：亲切、简短、正式、安抚；没有模型时不起作用"
    )
    again: int = Field(default=0, ge=0, le=1000, description="第几次要另一种说法；答复的内容不变")
    offline: bool = Field(default=False, description="true：不调用模型，只用审过的话术")


class CheckRequest(StrictModel):
    """What `check` takes."""

    reply: str = Field(max_length=LONGEST_REPLY, description="准备发给买家的整条回复，原样传入")
    question: Question | None = None
    context: Situation = Field(default_factory=Context)


class SearchRequest(StrictModel):
    """What `search` takes."""

    question: Question
    k: int = Field(default=RULES_SHOWN, ge=1, le=MOST_HITS, description="最多要几条")
    context: Situation = Field(default_factory=Context)
