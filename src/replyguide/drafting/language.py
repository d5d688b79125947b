"""The language and script in which a buyer has to be answered."""

from __future__ import annotations

from typing import Literal

from replyguide.script import is_english, is_traditional

Language = Literal["simplified", "traditional", "english"]


def language_of(question: str) -> Language:
    """Tell how to answer `question`; a message that shows no clear sign is answered in simplified Chinese."""
    if is_english(question):
        return "english"
    return "traditional" if is_traditional(question) else "simplified"
