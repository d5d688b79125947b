"""How much of a conversation a model is told."""

from __future__ import annotations

from typing import Final

QUESTION_LENGTH: Final = 1000  # characters, as are the other lengths
DRAFT_LENGTH: Final = 600
TURN_LENGTH: Final = 200
TURNS_TOLD: Final = 6
CLAUSE_LENGTH: Final = 60
