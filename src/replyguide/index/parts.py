"""Cutting a buyer's message into the things that he asks, and cutting it to a length that can be searched."""

from __future__ import annotations

import re

# Characters. USE averages over its words: what is longer only blurs; and no message needs more parts than these.
LONGEST_TEXT = 400
LONGEST_PART = 160
MOST_PARTS = 6

_CONNECTIVE = "还有就是|还有|另外|顺便|再问一下|再问下|再问|对了|以及|再就是|还想问|同时|另|and also|also|besides"
_STRONG = re.compile(
    rf"[。！？!?；;\n…]+|(?:^|[\s，,、。])(?:{_CONNECTIVE})(?:问一下|问下|问|想问)?[\s，,：:]*|(?:{_CONNECTIVE})[，,]"
)
_WEAK = re.compile(r"[，,]+|(?<=[一-鿿])\s+(?=[一-鿿])")
_ASKS = re.compile(
    r"吗|嘛|呢|么|咋|怎|多少|多久|几[天个时号块元折]|哪|谁|什么|啥|能|可以|行不|有没有|有没|是不是|要不要|会不会|为何|"
    r"不$|没$|没有$|帮我|给我|我要|我想|\b(?:can|do|does|is|are|will|how|what|when|where|why|which)\b",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\w")
# Letters that a part must have to be looked at by itself.
_SHORTEST_PART = 3


def asks(clause: str) -> bool:
    """Tell whether a clause has the form of a question or a request."""
    return _ASKS.search(clause) is not None


def bounded(text: str, longest: int = LONGEST_TEXT) -> str:
    """Keep the beginning and, since people ask at the end, the end of a text that is too long."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} {text[-half:]}"


def parts(text: str) -> tuple[str, ...]:
    """Cut a message into its questions, at most `MOST_PARTS`; a message that asks one thing is one part.

    Sentences and connectives always part. A comma parts only after a clause that asks: what leads up to a question
    (`东西坏了，你们管不管`) stays with it.
    """
    found: list[str] = []
    for sentence in _STRONG.split(bounded(text, LONGEST_TEXT * 3)):
        found += _clauses(sentence)
    long_enough = [part for part in found if len(_LETTER.findall(part)) >= _SHORTEST_PART]
    return tuple(bounded(part, LONGEST_PART) for part in long_enough[:MOST_PARTS])


def _clauses(sentence: str) -> list[str]:
    clauses: list[str] = []
    pending = ""
    for clause in _WEAK.split(sentence):
        if not _LETTER.search(clause):
            continue
        pending = f"{pending}，{clause.strip()}" if pending else clause.strip()
        if asks(clause):
            clauses.append(pending)
            pending = ""
    if pending:
        clauses.append(pending)
    return clauses
