"""Whether the server lives, whether it is ready, and its metrics."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from replyguide.errors import ReplyGuideError
from replyguide.server.documented import problems
from replyguide.server.identifying import Agent, TheService
from replyguide.server.json_answer import JsonAnswer
from replyguide.server.service import Service
from replyguide.topics import TOPICS

router = APIRouter(tags=["server"])


@router.get("/healthz")
async def alive() -> JsonAnswer:
    """Tell that the process answers; a server that fails this should be started anew."""
    return JsonAnswer({"status": "ok"})


@router.get("/readyz", responses={503: {"description": "not ready"}})
async def ready(service: TheService) -> JsonAnswer:
    """Tell part by part what works. Checks need the rules alone; 503 sends suggestions elsewhere for the moment."""
    parts = {
        "rules": await service.check(lambda: _state(lambda: service.shops.shop(_own(service)).copilot.checker)),
        # Searched, not only open: a Chroma server can go away at any time.
        "index": await service.think(lambda: _state(lambda: service.shops.shop(_own(service)).copilot.search("发票"))),
        "database": await service.store(lambda: _state(lambda: service.audit.find("0" * 32, _own(service)))),
    }
    is_ready = all(state == "ok" for state in parts.values()) and not service.stopping.has_begun
    return JsonAnswer({"status": "ok" if is_ready else "not ready", "parts": parts}, 200 if is_ready else 503)


@router.get("/metrics", response_class=Response, responses=problems())
async def metrics(service: TheService, _: Agent) -> Response:
    """Return the metrics of all workers for Prometheus."""
    text, media_type = service.observer.metrics()
    return Response(text, headers={"Content-Type": media_type})


@router.get("/v1/me", responses=problems(503))
async def me(service: TheService, identity: Agent) -> JsonAnswer:
    """Tell whom the key stands for, and what the panel shows of the shop."""
    facts = (await service.check(lambda: service.shops.shop(identity.shop_id))).facts
    return JsonAnswer(
        {
            "shop_id": identity.shop_id,
            "role": identity.role,
            "keys_required": service.keys.is_required,
            "model": service.settings.model,
            "version": version("replyguide"),
            "shop": facts.model_dump(mode="json", exclude_none=True),
            "topics": dict(TOPICS),
        }
    )


def _own(service: Service) -> str:
    return service.settings.shop_id


def _state(look: Any) -> str:
    try:
        look()
    except ReplyGuideError as error:
        return type(error).__name__
    return "ok"
