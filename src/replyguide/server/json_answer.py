"""JSON answers: UTF-8 as it is, not escaped."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


def dumped(data: Any) -> str:
    """Return data as JSON on one line; a lone surrogate becomes U+FFFD, no encoding can carry it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")


class JsonAnswer(Response):
    """An answer of JSON data."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        return dumped(content).encode("utf-8")
