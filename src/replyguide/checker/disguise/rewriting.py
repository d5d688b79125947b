"""Changes to a folded text that keep every character's place in the original."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from replyguide.checker.language.folding import Folded


class Edit(NamedTuple):
    """A stretch of the folded text and what it is read as."""

    start: int
    end: int
    text: str


def rewritten(folded: Folded, edits: Sequence[Edit]) -> Folded:
    """Apply edits; of two that overlap the first counts. A new character has the place of the stretch it replaces."""
    if not edits:
        return folded
    texts: list[str] = []
    places: list[int] = []  # for each new character the first and the last of the folded ones that it stands for
    lasts: list[int] = []
    position = 0
    for start, end, text in sorted(edits):
        if start < position:
            continue
        texts += (folded.text[position:start], text)
        places += range(position, start)
        lasts += range(position, start)
        if len(text) == end - start:
            places += range(start, end)
            lasts += range(start, end)
        else:
            places += [start] * len(text)
            lasts += [end - 1] * len(text)
        position = end
    texts.append(folded.text[position:])
    places += range(position, len(folded.text))
    lasts += range(position, len(folded.text))
    return _placed(folded, "".join(texts), places, lasts)


def rearranged(folded: Folded, order: Sequence[int]) -> Folded:
    """Put the characters of a folded text into another order; those not named in `order` are dropped."""
    turned = _placed(folded, "".join(folded.text[place] for place in order), order, order)
    return replace(turned, is_in_order=False)


def _placed(folded: Folded, text: str, places: Sequence[int], lasts: Sequence[int]) -> Folded:
    quoted = folded.quoted
    if quoted:
        inside = bytearray(len(folded.text))
        for low, high in quoted:
            inside[low:high] = b"\1" * (high - low)
        quoted = tuple(_runs([inside[place] for place in places]))
    return replace(
        folded,
        text=text,
        starts=tuple(folded.starts[place] for place in places),
        ends=tuple(folded.ends[place] for place in lasts),
        quoted=quoted,
    )


def _runs(flags: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    start = 0
    for flag, group in groupby(flags):
        length = sum(1 for _ in group)
        if flag:
            runs.append((start, start + length))
        start += length
    return runs
