"""Who waits for a draft while a model is writing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replyguide.copilot.suggestion import Attempt
    from replyguide.drafting.cancelling import Cancellation


@dataclass(frozen=True, slots=True)
class Listening:
    """What is told while a model writes, and how to have it stop. Both functions must return at once.

    `heard` gets the pieces of the first draft as they come, on another thread: raw, unchecked, with placeholders for
    what is personal. They show that something is coming and are never to be sent. `judged` gets every draft with what
    speaks against it. `cancellation` tells that nobody waits any longer: the suggestion is then the approved wording.
    """

    heard: Callable[[str], None] | None = None
    judged: Callable[[Attempt], None] | None = None
    cancellation: Cancellation | None = None


SILENT = Listening()
