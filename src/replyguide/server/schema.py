"""The OpenAPI document: served to who has a key, with what FastAPI cannot know from the code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from replyguide.server.documented import problems
from replyguide.server.identifying import Agent
from replyguide.server.json_answer import JsonAnswer


def add_schema(app: FastAPI, *objects: type[BaseModel]) -> None:
    """Serve `/openapi.json`, with the schemas of `objects` that no route names by itself."""
    app.openapi_url = None
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for each in objects:
            schemas.setdefault(each.__name__, each.model_json_schema())
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own documentation extends it

    @app.get("/openapi.json", responses=problems(), tags=["server"])
    async def document(_: Agent) -> JsonAnswer:
        """Return this document."""
        return JsonAnswer(openapi())
