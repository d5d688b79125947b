"""An id for every request: the client's own where it is a plain one, else a new one."""

from __future__ import annotations

import re
import uuid
from collections.abc import MutableMapping
from typing import Any

HEADER = "X-Request-ID"
_PLAIN = re.compile(rb"[A-Za-z0-9_.-]{1,64}")
_KEY = "replyguide.request_id"


def request_id_of(scope: MutableMapping[str, Any]) -> str:
    """Return the id of the request behind an ASGI scope; the same each time."""
    if _KEY not in scope:
        sent = dict(scope.get("headers", ())).get(HEADER.lower().encode(), b"")
        scope[_KEY] = sent.decode() if _PLAIN.fullmatch(sent) else uuid.uuid4().hex
    return str(scope[_KEY])
