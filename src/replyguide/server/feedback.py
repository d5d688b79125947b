"""`POST /v1/feedback`: what became of a suggestion. What is answered with 201 is committed."""

from __future__ import annotations

from fastapi import APIRouter

from replyguide.audit import Recorded
from replyguide.checker import CheckResult
from replyguide.server.bodies import FeedbackBody, StrictRoute
from replyguide.server.documented import READING, FeedbackObject, problems
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer
from replyguide.server.problems import Problem

router = APIRouter(route_class=StrictRoute, tags=["feedback"])


@router.post(
    "/v1/feedback", status_code=201, responses={201: {"model": FeedbackObject}, **problems(404, *READING, 503)}
)
async def feedback(body: FeedbackBody, service: TheService, identity: Agent) -> JsonAnswer:
    """Keep what the agent made of a suggestion; the final text is checked, and the verdict kept with it."""
    recorded = await service.store(lambda: service.audit.find(body.suggestion_id, identity.shop_id))
    if recorded is None:
        raise Problem(404, f"没有编号为 {body.suggestion_id} 的建议，请检查 suggestion_id")
    text = body.final_text if body.final_text is not None else recorded.reply
    check = await service.check(lambda: _judged(service, identity.shop_id, text, recorded))
    feedback_id = await service.store(
        lambda: service.audit.add_feedback(recorded.id, body.action, identity, body.final_text, check)
    )
    service.observer.heard_back(body.action)
    return JsonAnswer({"feedback_id": feedback_id, "check": None if check is None else check.as_json()}, 201)


def _judged(service: TheService, shop_id: str, text: str | None, recorded: Recorded) -> CheckResult | None:
    """Judge the text that was sent, as far as there is one to read."""
    if text is None or not text.strip():
        return None
    return service.shops.shop(shop_id).copilot.check(text, recorded.context)
