"""`POST /v1/check`: the checker alone. It needs no index, no model and no database."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from replyguide.server.bodies import CheckBody, StrictRoute
from replyguide.server.documented import READING, CheckObject, problems
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer

router = APIRouter(route_class=StrictRoute, tags=["check"])


@router.post("/v1/check", responses={200: {"model": CheckObject}, **problems(*READING, 503)})
async def check(body: CheckBody, service: TheService, identity: Agent) -> JsonAnswer:
    """Judge a reply."""

    def judged() -> dict[str, Any]:
        shop = service.shops.shop(identity.shop_id)
        context = shop.completed(body.context)
        if body.question is not None:
            context = context.model_copy(update={"question": body.question})
        result = shop.copilot.check(body.reply, context)
        service.observer.checked(result)
        return result.as_json()

    return JsonAnswer(await service.check(judged))
