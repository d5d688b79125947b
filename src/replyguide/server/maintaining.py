"""What a server does beside answering: it warms up, and forgets what is older than the retention allows."""

from __future__ import annotations

import anyio

from replyguide.errors import ReplyGuideError
from replyguide.server.building import build_beside
from replyguide.server.service import Service

_EVERY = 6 * 3600.0  # seconds between two looks at what is too old


async def maintain(service: Service) -> None:
    """Load what the first request would wait for, then forget from time to time; never ends by itself."""
    await service.think(lambda: _warm(service))
    while True:
        await service.store(lambda: _forget(service))
        await anyio.sleep(_EVERY)


def _warm(service: Service) -> None:
    copilot = service.shops.shop(service.settings.shop_id).copilot
    build_beside(copilot.settings)
    try:
        copilot.suggest("有发票吗", offline=True)
        if copilot.model is not None:
            copilot.model.warm()
    except ReplyGuideError as error:
        service.observer.told("not ready", error=type(error).__name__)


def _forget(service: Service) -> None:
    try:
        gone = service.audit.forget(service.settings.retention_days)
    except ReplyGuideError as error:
        service.observer.not_recorded(error)
        return
    if gone:
        service.observer.told("forgotten", suggestions=gone, older_than_days=service.settings.retention_days)
