"""Pieces of a good length: neither so long that a search blurs them, nor scraps that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.documents.stretch import Stretch

#: Characters of the longest piece.
LONGEST = 600
#: Letters of the shortest piece that is not a question's answer.
SHORTEST = 6

_SEPARATORS = ["\n", "。", "！", "？", "!", "?", "；", ";", "，", ",", " ", ""]
_LETTER = re.compile(r"\w")


def letters(text: str) -> int:
    """Count the letters of a text."""
    return len(_LETTER.findall(text))


def cut_long(stretch: Stretch) -> Iterator[Stretch]:
    """Yield a stretch in pieces of `LONGEST` characters at most, cut where sentences end."""
    if len(stretch.text) <= LONGEST:
        yield stretch
        return
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=_SEPARATORS, chunk_size=LONGEST, chunk_overlap=0, keep_separator="end", strip_whitespace=False
    )
    begin = 0
    for part in splitter.split_text(stretch.text):
        piece = stretch[begin : begin + len(part)].strip()
        begin += len(part)
        if piece:
            yield piece
