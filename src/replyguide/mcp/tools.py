"""The tools: what agents are told of them, and their answers."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mcp_types import CallToolResult, TextContent, Tool, ToolAnnotations
from pydantic import BaseModel, ValidationError

from replyguide.context import Context
from replyguide.copilot import Copilot, Listening
from replyguide.drafting.cancelling import Cancellation
from replyguide.errors import InputError, ReplyGuideError
from replyguide.mcp.answers import check_schema, search_schema, suggestion_schema
from replyguide.mcp.requests import CheckRequest, SearchRequest, SuggestRequest
from replyguide.validation import first_problem

R = TypeVar("R", bound=BaseModel)
Data = dict[str, Any]

# Only `suggest` reaches out of this machine, to the model that is configured. None of them changes anything.
_ASKS_A_MODEL = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=False, open_world_hint=True
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

_SUGGEST = (
    "回答天猫、淘宝买家的一条消息：找出依据的平台规则，给出检查过、可以直接发的回复。要给买家写回复时先用它，不要自己写。"
    "status 是 ready 才能把 reply 发给买家；是 handover 时请转人工，reply 只是一句稳住买家的话。"
    "asker 是 agent 时 reply 是给客服同事看的，不能发给买家。改动过的 reply 发出前必须再用 check 检查。"
    "attempts 里有被拦下的草稿，只供参考，不能发。"
)
_CHECK = (
    "检查一条准备发给买家的回复，每次结果都一样，不用模型。凡是自己写的、改过的回复，发出前都要用它检查。"
    "verdict 是 block 的绝不能发：照 findings 里的 fix 改，或直接用 reword，改完再检查；"
    "warn 可以发，先看提醒；pass 可以发。带上 question 和 context 更准。"
    "start、end 是 reply 里的字符位置（按 Unicode 码点数）。"
)
_SEARCH = (
    "查买家的一条消息触及哪些平台规则和店铺文档，最相关的在前。想知道依据、扣几分、来源时用它；要回复买家请用 suggest。"
    "text 是规则原文，给客服看，不要照抄给买家；against 不为空的说法不能对买家说。"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Offer(Generic[R]):
    """A tool as it is listed, with the request it takes and the work it does."""

    title: str
    description: str
    request: type[R]
    output: Callable[[], Data]
    annotations: ToolAnnotations
    work: Callable[[R, Cancellation], Data]


class Tools:
    """The tools over one copilot, which opens what it needs with the first call and is shared by all.

    `complete` puts the shop's own facts under those of a context. With `offline` no call asks a model.
    """

    def __init__(self, copilot: Copilot, complete: Callable[[Context], Context], *, offline: bool = False) -> None:
        self._copilot = copilot
        self._complete = complete
        self._offline = offline
        self._offers: Mapping[str, _Offer[Any]] = {
            "suggest": _Offer(
                "建议一条回复",
                _SUGGEST,
                SuggestRequest,
                suggestion_schema,
                _ASKS_A_MODEL,
                self._suggest,
            ),
            "check": _Offer(
                "检查一条回复",
                _CHECK,
                CheckRequest,
                check_schema,
                _READS,
                self._check,
            ),
            "search": _Offer(
                "查找规则",
                _SEARCH,
                SearchRequest,
                search_schema,
                _READS,
                self._search,
            ),
        }

    def listed(self) -> list[Tool]:
        """Return the tools as an agent is told of them."""
        return [
            Tool(
                name=name,
                title=offer.title,
                description=offer.description,
                input_schema=offer.request.model_json_schema(),
                output_schema=offer.output(),
                annotations=offer.annotations,
            )
            for name, offer in self._offers.items()
        ]

    def call(self, name: str, arguments: Mapping[str, Any], cancellation: Cancellation) -> CallToolResult:
        """Call a tool; whatever is wrong is the tool's error, in one line that the agent can act on."""
        try:
            offer = self._offer(name)
            answer = offer.work(_read(offer.request, arguments), cancellation)
        except ReplyGuideError as error:
            return _failed(str(error))
        except Exception as error:  # noqa: BLE001  # nothing from inside may reach the agent, nor end the session
            _log.error("%s：程序内部错误（%s）", name, type(error).__name__)
            _log.debug("%s", name, exc_info=True)
            return _failed(f"程序内部错误（{type(error).__name__}）：请运行 replyguide doctor，并告诉维护者")
        # Agents that do not read structured answers get the same as text.
        text = json.dumps(answer, ensure_ascii=False)
        return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)

    def _offer(self, name: str) -> _Offer[Any]:
        if name not in self._offers:
            raise InputError(f"没有 {name} 这个工具，可用的有 {'、'.join(self._offers)}")
        return self._offers[name]

    def _suggest(self, request: SuggestRequest, cancellation: Cancellation) -> Data:
        # A program passes on a buyer's message unless it says otherwise: nothing is guessed.
        asked = self._complete(request.context)
        context = asked.model_copy(update={"asker": asked.asker})
        *_, last = self._copilot.suggestions(
            request.question,
            context,
            offline=self._offline or request.offline,
            tone=request.tone,
            again=request.again,
            listening=Listening(cancellation=cancellation),
        )
        return last.as_json()

    def _check(self, request: CheckRequest, _: Cancellation) -> Data:
        context = self._complete(request.context)
        if request.question is not None:
            context = context.model_copy(update={"question": request.question})
        return self._copilot.check(request.reply, context).as_json()

    def _search(self, request: SearchRequest, _: Cancellation) -> Data:
        found = self._copilot.search(request.question, request.k, self._complete(request.context))
        return {"hits": [hit.as_json() for hit in found.hits]}


def _read(request: type[R], arguments: Mapping[str, Any]) -> R:
    try:
        return request.model_validate(dict(arguments))
    except ValidationError as error:
        raise InputError(first_problem(error)) from None


def _failed(message: str) -> CallToolResult:
    line = " ".join(message.split())
    return CallToolResult(content=[TextContent(type="text", text=line)], is_error=True)
