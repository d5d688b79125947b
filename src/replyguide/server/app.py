"""The application: routes, guards and errors put together over one service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio
from fastapi import FastAPI

from replyguide.server import checking, feedback, health, openai, pages, reporting, rules, suggesting
from replyguide.server.documented import OpenAIErrorObject, ProblemObject
from replyguide.server.guards import Guarded, Observed
from replyguide.server.maintaining import maintain
from replyguide.server.problems import add_handlers
from replyguide.server.schema import add_schema
from replyguide.server.service import Service
from replyguide.server.stopping import hear_signals
from replyguide.settings import Settings

_ROUTERS = (suggesting, checking, rules, feedback, reporting, openai, health, pages)


def create_app(settings: Settings, *, only_loopback: bool | None = None) -> FastAPI:
    """Return the application over `settings`.

    With `only_loopback` requests that name another host than this machine are refused; by default where no keys are
    configured.
    """
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hear_signals(service.stopping)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(maintain, service)
            yield
            tasks.cancel_scope.cancel()
        service.close()

    # Its own pages load from other hosts, and its own `/openapi.json` asks for no key.
    app = FastAPI(
        title="ReplyGuide",
        version=version("replyguide"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.service = service
    for module in _ROUTERS:
        app.include_router(module.router)
    add_handlers(app)
    add_schema(app, service.keys, ProblemObject, OpenAIErrorObject)
    alone = only_loopback if only_loopback is not None else not service.keys.is_required
    app.add_middleware(Guarded, only_loopback=alone)
    app.add_middleware(Observed, observer=service.observer)
    return app
