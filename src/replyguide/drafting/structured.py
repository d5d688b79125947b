"""Structured output: the reply as a field of JSON, where the endpoint can do that.

Sent as `response_format` of the chat completions protocol. Servers that do not know it refuse the request, or pass it
over and answer in plain text; both is remembered or read as it comes.
"""

from __future__ import annotations

import threading
from typing import Any, Final

#: What the answer has to be: an object with the reply and nothing else.
RESPONSE_FORMAT: Final[dict[str, Any]] = {
    "type": "json_schema",
    "json_schema": {
        "name": "reply",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"reply": {"type": "string", "description": "发给买家的那一条回复"}},
            "required": ["reply"],
            "additionalProperties": False,
        },
    },
}
#: With these statuses an endpoint refuses a request that it does not understand.
REFUSALS: Final = frozenset({400, 415, 422, 501})

_lock = threading.Lock()
_without: set[str] = set()


def has_it(endpoint: str) -> bool:
    """Tell whether `endpoint` (address and model) may have structured output; false once it has refused."""
    with _lock:
        return endpoint not in _without


def remember_refusal(endpoint: str) -> None:
    """Ask for plain text from now on, for as long as this process lives."""
    with _lock:
        _without.add(endpoint)
