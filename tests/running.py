"""Runs the command line inside the test process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one JSON value: fails if anything else was printed."""
        return json.loads(self.out)


class Run(Protocol):
    """Runs `replyguide ARGUMENTS` with its own data folder; `stdin` in bytes."""

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Outcome: ...
