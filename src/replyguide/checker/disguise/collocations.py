"""Which characters stand side by side in what agents write, and the ordinary words of the language.

Fitted by `tools/fit_collocations.py`. It decides which character a syllable of pinyin stands for, and whether a
stretch that sounds like a key term is a word in its own right (`威信`, `轻微|新款`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

START = "^"  # in a pair: whatever is no character, before the first or after the last of a clause
_TABLE = Path(__file__).with_name("collocations.txt")


class Collocations(NamedTuple):
    """`weights`: log2 of how often a pair was met, for those met at least twice; `words`: of two characters."""

    weights: dict[str, int]
    words: frozenset[str]

    def is_usual(self, pair: str) -> bool:
        """Tell whether two characters stand side by side without anybody wondering."""
        return pair in self.weights or pair in self.words


@lru_cache(maxsize=1)
def collocations() -> Collocations:
    """Read the table, once; only a reply that looks disguised needs it."""
    words, pairs, weights = _TABLE.read_text("utf-8").split("\n")[:3]
    counted = (pairs[at : at + 2] for at in range(0, len(pairs), 2))
    return Collocations(
        dict(zip(counted, map(int, weights), strict=True)),
        frozenset(words[at : at + 2] for at in range(0, len(words), 2)),
    )
