"""The way of a question: search, draft, check, repair, fall back, hand over. The only place where the rooms meet.

One promise orders everything here: a reply that the checker blocks never leaves as ready to send. Code decides what
happens next from hits and findings; a model only ever words a draft.
"""

from replyguide.copilot.asking import LONGEST_QUESTION, asked
from replyguide.copilot.copilot import RULES_SHOWN, Copilot, Progress
from replyguide.copilot.listening import SILENT, Listening
from replyguide.copilot.suggestion import Attempt, Origin, Status, Suggestion

__all__ = [
    "LONGEST_QUESTION",
    "RULES_SHOWN",
    "SILENT",
    "Attempt",
    "Copilot",
    "Listening",
    "Origin",
    "Progress",
    "Status",
    "Suggestion",
    "asked",
]
