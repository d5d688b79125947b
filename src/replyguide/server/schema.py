"""The OpenAPI document: served to who has a key, with what FastAPI cannot know from the code."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from replyguide.access import KeyRing
from replyguide.server.documented import problems
from replyguide.server.identifying import Agent
from replyguide.server.json_answer import JsonAnswer

_REFERENCES = "#/components/schemas/{model}"


def add_schema(app: FastAPI, keys: KeyRing, *objects: type[BaseModel]) -> None:
    """Serve `/openapi.json`, with the schemas of `objects` that no route names by itself.

    Where no keys are configured it names no security scheme: nothing is asked for.
    """
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for each in objects:
            told = each.model_json_schema(ref_template=_REFERENCES)
            schemas.update(told.pop("$defs", {}))
            schemas[each.__name__] = told
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return document if keys.is_required else _without_security(document)

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI's own documentation extends it

    @app.get("/openapi.json", responses=problems(), tags=["server"])
    async def document(_: Agent) -> JsonAnswer:
        """Return this document."""
        return JsonAnswer(openapi())


def _without_security(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a server that lets in whoever sits at its machine."""
    components = {name: part for name, part in document["components"].items() if name != "securitySchemes"}
    paths = {
        path: {
            method: {name: part for name, part in operation.items() if name != "security"}
            for method, operation in operations.items()
        }
        for path, operations in document["paths"].items()
    }
    return {**document, "components": components, "paths": paths}
