"""The second stage of reading: after folding has undone how the characters are dressed, what they spell is undone.

Each step returns the text as it is if it finds nothing odd; a plain reply pays for a few searches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from replyguide.checker.disguise.backwards import Backwards
from replyguide.checker.disguise.components import joined
from replyguide.checker.disguise.homophones import KeyTerms
from replyguide.checker.disguise.pinyin import spelled_out
from replyguide.checker.disguise.scattered_numbers import gathered
from replyguide.checker.language.folding import Folded


class Unmasking:
    """Undoes disguises. `key_terms` are the packs', with abbreviations; Latin words of the packs stay as they are."""

    def __init__(self, key_terms: Mapping[str, Sequence[str]], latin_words: frozenset[str]) -> None:
        self.key_terms = tuple(key_terms)
        self._terms = KeyTerms(key_terms, latin_words)
        self._backwards = Backwards(key_terms)

    def of(self, folded: Folded) -> Folded:
        """Return the text as it is meant; every character still knows the original it came from."""
        folded = gathered(joined(folded))
        folded = self._backwards.in_order(folded)
        return self._terms.restored(spelled_out(folded))
