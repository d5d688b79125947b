"""Stretches that were lost when a text was converted between encodings; nothing in the file tells what they said."""

from __future__ import annotations

import re

from replyguide.documents.stretch import Stretch, glued

# The half of a pinyin annotation that is left where its character was eaten (`?zhèn)`), a replacement character, or
# what is left of a tag.
_BROKEN = re.compile(r"\?[a-zü]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*\)|\ufffd|\?/?(?:strong|span|br|p)>|\?!\?")
_CLAUSE = re.compile(r"[^，。！？；,;!：:\n]+[，。！？；,;!：:]*")


def readable_parts(stretch: Stretch) -> tuple[Stretch, list[str]]:
    """Return a line without the clauses that are damaged, and those."""
    if not _BROKEN.search(stretch.text):
        return stretch, []
    kept: list[Stretch] = []
    lost: list[str] = []
    damaged = [found.span() for found in _BROKEN.finditer(stretch.text)]
    for clause in _CLAUSE.finditer(stretch.text):
        part = stretch[clause.start() : clause.end()]
        if any(begin < clause.end() and end > clause.start() for begin, end in damaged):
            lost.append(part.text)
        else:
            kept.append(part)
    return glued(kept), lost
