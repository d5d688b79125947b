"""Characters written as their halves (`亻言` for 信, `弓长` for 张), put together again.

A half that is no character of its own gives itself away. Halves that are (`女子`, `木几`) are joined only if they are
no usual pair and the joined character makes one with its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from replyguide.checker.disguise.collocations import collocations
from replyguide.checker.disguise.rewriting import Edit, rewritten
from replyguide.checker.language.folding import Folded

_GIVEN_AWAY = frozenset("亻氵讠扌钅纟辶阝礻衤刂匚忄犭饣疒宀彳灬勹巳缶艮殳戋夬奂弗")


class _Halves(NamedTuple):
    """What the halves of a character join to, for the characters that key terms are made of: `亻言=信`.

    `likely` is asked first, since two sets of characters cost a tenth of two hundred alternatives.
    """

    whole_of: dict[str, str]
    longest: int
    likely: re.Pattern[str]


@lru_cache(maxsize=1)
def _halves() -> _Halves:
    """Read the table when the first text is read."""
    listed = Path(__file__).with_name("halves.txt").read_text("utf-8").split()
    whole_of = {entry[:-2]: entry[-1] for entry in listed}
    first, second = (sorted({halves[place] for halves in whole_of}) for place in (0, 1))
    return _Halves(whole_of, max(map(len, whole_of)), re.compile(f"[{''.join(first)}](?=[{''.join(second)}])"))


def joined(folded: Folded) -> Folded:
    """Return the text with split characters joined."""
    text = folded.text
    if _halves().likely.search(text) is None:
        return folded
    candidates = list(_pairs(text))
    edits: list[Edit] = []
    for place, (start, end, whole) in enumerate(candidates):
        if not _GIVEN_AWAY.isdisjoint(text[start:end]) or _makes_a_pair(text, candidates, place):
            edits.append(Edit(start, end, whole))
    return rewritten(folded, edits)


def _pairs(text: str) -> Iterator[tuple[int, int, str]]:
    whole_of, longest, likely = _halves()
    done = 0
    for found in likely.finditer(text):
        start = found.start()
        last = min(longest, len(text) - start)
        length = next((length for length in range(last, 1, -1) if text[start : start + length] in whole_of), 0)
        if length and start >= done:
            done = start + length
            yield start, done, whole_of[text[start:done]]


def _makes_a_pair(text: str, candidates: list[tuple[int, int, str]], place: int) -> bool:
    start, end, whole = candidates[place]
    usual = collocations()
    if usual.is_usual(text[start : start + 2]):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    if place and candidates[place - 1][1] == start:
        before = candidates[place - 1][2]
    if place + 1 < len(candidates) and candidates[place + 1][0] == end:
        after = candidates[place + 1][2]
    if usual.is_usual(before + text[start]) and usual.is_usual(text[end - 1] + after):
        return False  # each half belongs to its own neighbour
    return usual.weights.get(before + whole, 0) > 1 or usual.weights.get(whole + after, 0) > 1
