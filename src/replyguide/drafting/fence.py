"""A fence around the words of others, so that a model can tell them from its instructions.

The fence's mark is a hash of the text that it holds, and every angle bracket of that text is replaced: the
text can neither contain its own mark nor anything that looks like a fence, a role token (`<|im_start|>`) or
a tag.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

# All bracket-like characters that a model could read as the fence's own; runs shrink to one.
_ANGLES_OPEN = re.compile(r"[<＜〈《≪«‹⟨⟪﹤❮❰˂]{2,}|<")
_ANGLES_CLOSE = re.compile(r"[>＞〉》≫»›⟩⟫﹥❯❱˃]{2,}|>")
_SQUARE = str.maketrans({"[": "［", "]": "］"})  # [INST] and its kin are role tokens to some models
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Shown as nothing, though letters or marks by category: fillers, and selectors, which can carry hidden text.
# A selector stays behind a picture or a keycap's digit: `✔️` is how keyboards write it.
_BLANKS = re.compile(
    "[\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0e\U000e0100-\U000e01ef]"
    "|(?<![\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff0-9#*])\ufe0f"
)


def fenced(label: str, text: str, *, limit: int) -> str:
    """Return `text`, harmless and cut to `limit` characters, between two lines that only this text gets."""
    body = bounded(harmless(text), limit)
    mark = _mark(label, body)
    return f"<<<{label} {mark}>>>\n{body}\n<<<{label}完 {mark}>>>"


def one_line(text: str, *, limit: int) -> str:
    """Return `text` as one harmless line for use inside a sentence or a list."""
    return bounded(" ".join(harmless(text).split()), limit)


def harmless(text: str) -> str:
    """Take out what is not seen (control, zero-width, bidi characters) and whatever looks like a fence."""
    lines = _BLANK_LINES.sub("\n", visible(text))
    return _ANGLES_CLOSE.sub("＞", _ANGLES_OPEN.sub("＜", lines)).translate(_SQUARE).strip()


def visible(text: str) -> str:
    """Keep what a reader sees, line breaks included."""
    lines = _BLANKS.sub("", _LINE_BREAKS.sub("\n", text).replace("\t", " "))
    return "".join(char for char in lines if char == "\n" or unicodedata.category(char) not in _UNSEEN)


def bounded(text: str, limit: int) -> str:
    """Cut the middle out of a text longer than `limit`: a buyer's point stands at the start or at the end."""
    if len(text) <= limit:
        return text
    head, tail = limit * 2 // 3, limit // 4
    return f"{text[:head]}……（略去 {len(text) - head - tail} 字）……{text[-tail:]}"


def _mark(label: str, body: str) -> str:
    seed = f"{label}\n{body}"
    mark = hashlib.sha256(seed.encode("utf-8")).hexdigest()[:16]
    while mark in body:  # practically never, but then it would be a fence that can be closed from inside
        seed += mark
        mark = hashlib.sha256(seed.encode("utf-8")).hexdigest()[:16]
    return mark
