"""Text written backwards (`信微我加`), put into order: a clause where it reads better so, else a single key term."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from replyguide.checker.disguise.collocations import collocations
from replyguide.checker.disguise.rewriting import rearranged
from replyguide.checker.language.folding import EDGES, Folded

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

# The pairs of the reversed clause, in log2 of how often they are met: so much more, and so many times as much.
_LEAST_GAIN, _LEAST_RATIO = 6, 2.5
_LEAST_GAIN_FROM_THE_END = 3
# How a reply ends that begins with 亲 or 您好, or begins that ends politely, when it is written from its end.
_FROM_THE_END = re.compile("(?:亲|好您|的爱亲|raed)[，。？]?$|^[，。？]?[哦呢呀吧啦哈喔噢哒滴]")
_CLAUSE = re.compile(f"[^{''.join(EDGES)}]+")
_LONGEST = 300  # characters of a clause that is looked at


class Backwards:
    """Finds key terms that stand backwards."""

    def __init__(self, terms: Iterable[str]) -> None:
        from ahocorasick_rs import AhoCorasick

        self._reversed: AhoCorasick = AhoCorasick(
            [term[::-1] for term in terms if len(term) > 1 and term != term[::-1]], store_patterns=False
        )

    def in_order(self, folded: Folded) -> Folded:
        """Return the text read forwards."""
        text = folded.text
        if _FROM_THE_END.search(text) and _reads_better_backwards(text[:_LONGEST], _LEAST_GAIN_FROM_THE_END):
            return rearranged(folded, range(len(text) - 1, -1, -1))
        hits = [(start, end) for _, start, end in self._reversed.find_matches_as_indexes(text, overlapping=True)]
        if not hits:
            return folded
        order = list(range(len(text)))
        for start, end in _turned(text, hits):
            order[start:end] = reversed(order[start:end])
        return folded if order == sorted(order) else rearranged(folded, order)


def _turned(text: str, hits: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    done = 0
    for start, end in sorted(hits):
        if start < done:
            continue
        clause = _clause_around(text, start)
        if _reads_better_backwards(text[slice(*clause)]):
            yield clause
            done = clause[1]
        elif _stands_out(text, start, end):
            yield start, end
            done = end


def _clause_around(text: str, place: int) -> tuple[int, int]:
    low = max(text.rfind(mark, max(place - _LONGEST, 0), place) for mark in EDGES) + 1
    after = _CLAUSE.match(text, place, place + _LONGEST)
    return max(low, place - _LONGEST), after.end() if after else place + 1


def _reads_better_backwards(clause: str, least_gain: int = _LEAST_GAIN) -> bool:
    weights = collocations().weights
    pairs = [clause[at : at + 2] for at in range(len(clause) - 1)]  # those across an edge are never met
    forwards = sum(weights.get(pair, 0) for pair in pairs)
    backwards = sum(weights.get(pair[::-1], 0) for pair in pairs)
    return backwards >= forwards + least_gain and backwards >= _LEAST_RATIO * forwards


def _stands_out(text: str, start: int, end: int) -> bool:
    """Tell whether no pair in or around the stretch is usual as it stands."""
    usual = collocations()
    return not any(usual.is_usual(text[at : at + 2]) for at in range(max(start - 1, 0), end))
