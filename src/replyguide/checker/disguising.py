"""Ways in which people disguise what they write, done mechanically: what the checker must undo.

Each takes a plain reply and returns it disguised. Latin words keep together where a space or an emoji between letters
would make another word of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import cycle

from replyguide.script import to_traditional

_PIECE = re.compile(r"[a-zA-Z0-9.@_%-]+|.", re.DOTALL)
_FACES = "😀🌸✨🔥💧🍀"


def _zero_width(reply: str) -> str:
    return "\u200b".join(reply)


def _spaced(reply: str) -> str:
    return " ".join(_PIECE.findall(reply))


def _full_width(reply: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in reply)


def _with_emoji(reply: str) -> str:
    return "".join(piece + face for piece, face in zip(_PIECE.findall(reply), cycle(_FACES), strict=False))


def _one_per_line(reply: str) -> str:
    return "\n".join(_PIECE.findall(reply))


#: Technique → what it makes of a reply.
DISGUISES: Mapping[str, Callable[[str], str]] = {
    "zero-width": _zero_width,
    "spaced": _spaced,
    "full-width": _full_width,
    "traditional": to_traditional,
    "emoji": _with_emoji,
    "one-per-line": _one_per_line,
}
