"""Lexical search: BM25 over Chinese words and characters, one document a rule.

A rule is searched as a whole (title, brief, body and every ask): its asks are worded differently on purpose, and a
question that shares a word with each of three asks fits better than one that shares three with a single ask. Measured
against a document per ask: hit@1 .34 against .20.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replyguide.errors import IndexUnavailable
from replyguide.index.words import plain_words, terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_K1 = 1.4
_B = 0.75


class LexicalIndex:
    """The weight of each word in each document, as bm25s computed it, column by column (`starts` of each word)."""

    def __init__(
        self,
        vocabulary: dict[str, int],
        *,
        weights: NDArray[Any],
        documents: NDArray[Any],
        starts: NDArray[Any],
        size: int,
    ) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._documents = documents
        self._starts = starts
        self._size = size

    def scores(self, said: Sequence[str]) -> Numbers:
        """Return for each document how much of the words `said` it holds, 0..1.

        1 would be a document full of every word. A word that no document has counts as missing from all of them, so
        that talk about other things scores low; without any known word all are zero.
        """
        import numpy as np

        asked = dict.fromkeys(said)
        known = [self._vocabulary[word] for word in asked if word in self._vocabulary]
        total: Numbers = np.zeros(self._size)
        if not known:
            return total
        for word in known:
            column = slice(self._starts[word], self._starts[word + 1])
            total[self._documents[column]] += self._weights[column]
        ceiling = float(self._idf[known].sum()) + (len(asked) - len(known)) * float(self._idf_of_unknown)
        return total / ceiling

    @cached_property
    def _idf(self) -> Numbers:
        """Each word's weight in a document that is full of it (bm25s folds idf and frequency into one number)."""
        import numpy as np

        return _idf(np.diff(self._starts).astype(np.float64), self._size)

    @cached_property
    def _idf_of_unknown(self) -> np.float64:
        import numpy as np

        return np.float64(_idf(np.zeros(1), self._size)[0])


def write_lexical(folder: Path, documents: Sequence[str]) -> None:
    """Index `documents` into `folder`; no documents, no folder."""
    import bm25s

    if not documents:
        return
    # Terms as numbers from the start: of 100,000 documents they take 50 MB, as strings 2,600.
    vocabulary: dict[str, int] = {}
    numbers = [
        array("i", (vocabulary.setdefault(term, len(vocabulary)) for term in terms(plain_words(document))))
        for document in documents
    ]
    weights = bm25s.BM25(method="lucene", k1=_K1, b=_B)
    weights.index((numbers, vocabulary), show_progress=False)
    weights.save(folder, show_progress=False)


def read_lexical(folder: Path) -> LexicalIndex:
    """Open what `write_lexical` wrote; a missing or damaged folder is `IndexUnavailable`.

    The files are NumPy arrays and JSON; they are read without bm25s, whose import costs more than all the rest.
    """
    import numpy as np

    try:
        vocabulary = json.loads((folder / "vocab.index.json").read_bytes())
        size = json.loads((folder / "params.index.json").read_bytes())["num_docs"]
        weights, documents, starts = (
            np.load(folder / f"{name}.csc.index.npy", mmap_mode="r").view(np.ndarray)
            for name in ("data", "indices", "indptr")
        )
    except (OSError, ValueError, KeyError) as error:
        raise IndexUnavailable(f"{folder}：词语索引读不了（{error}），请运行 replyguide index rebuild") from None
    return LexicalIndex(vocabulary, weights=weights, documents=documents, starts=starts, size=size)


def _idf(frequencies: Numbers, documents: int) -> Numbers:
    """BM25's inverse document frequency in Lucene's form, never negative."""
    import numpy as np

    idf: Numbers = np.log1p((documents - frequencies + 0.5) / (frequencies + 0.5))
    return idf
