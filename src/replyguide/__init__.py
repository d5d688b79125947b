"""ReplyGuide: what may a shop's service agent send? Finds the rules, drafts a reply, checks it before anyone sees it.

from replyguide import Copilot, Context, read_settings

copilot = Copilot(read_settings())
suggestion = copilot.suggest("有发票吗", Context())
print(suggestion.reply, suggestion.check.verdict)
"""

from __future__ import annotations

from replyguide.checker import Checker, CheckResult, Finding, load_checker
from replyguide.context import Context, Product, Shop, Turn
from replyguide.copilot import Attempt, Copilot, Suggestion
from replyguide.errors import ReplyGuideError
from replyguide.settings import Settings, read_settings

__all__ = [
    "Attempt",
    "CheckResult",
    "Checker",
    "Context",
    "Copilot",
    "Finding",
    "Product",
    "ReplyGuideError",
    "Settings",
    "Shop",
    "Suggestion",
    "Turn",
    "load_checker",
    "read_settings",
]
