"""The output schemas of the tools, from the classes that the answers are made of: they cannot say anything else."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from replyguide.checker import CheckResult
from replyguide.copilot import Suggestion
from replyguide.index.hit import Hit

Schema = dict[str, Any]


@cache
def suggestion_schema() -> Schema:
    """Return the schema of what `suggest` answers."""
    adapter = TypeAdapter(Suggestion)
    # Where it is written, a suggestion knows the class of its hits for the type checker only.
    adapter.rebuild(_types_namespace={"Hit": Hit})
    return adapter.json_schema(mode="serialization")


@cache
def check_schema() -> Schema:
    """Return the schema of what `check` answers."""
    return TypeAdapter(CheckResult).json_schema(mode="serialization")


@cache
def search_schema() -> Schema:
    """Return the schema of what `search` answers."""
    hits = TypeAdapter(list[Hit]).json_schema(mode="serialization")
    definitions = hits.pop("$defs")
    return {"type": "object", "properties": {"hits": hits}, "required": ["hits"], "$defs": definitions}
