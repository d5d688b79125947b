"""What may be asked and checked: text that says something, and not more of it than anyone reads."""

from __future__ import annotations

from replyguide.context import without_surrogates
from replyguide.errors import InputError

LONGEST_QUESTION = 5000  # characters; no chat window sends more, and nobody reads it


def asked(question: str) -> str:
    """Return a question fit to be searched; `InputError` if it is blank or far too long."""
    text = said(question, "问题")
    if len(text) > LONGEST_QUESTION:
        raise InputError(f"问题有 {len(text)} 个字，最多 {LONGEST_QUESTION} 个；请只贴买家的最后一条消息")
    return text


def said(text: str, what: str) -> str:
    """Return a text without what no encoding can carry; `InputError` that names `what` if nothing is left to read."""
    clean = str(without_surrogates(text))
    if not any(character.isprintable() and not character.isspace() for character in clean):
        raise InputError(f"{what}是空的，请写上文字再试")
    return clean
