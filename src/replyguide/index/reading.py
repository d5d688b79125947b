"""A text as both halves of search see it: one vector, and its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from replyguide.index.embedder import Embedder
from replyguide.index.words import plain_words, terms

if TYPE_CHECKING:
    from replyguide.index.store import Vector


@dataclass(frozen=True, slots=True)
class TextRead:
    """A vector of length 1 and the terms of BM25."""

    vector: Vector
    terms: list[str]


def read_texts(texts: Sequence[str], embedder: Embedder) -> list[TextRead]:
    """Read `texts` in one go; the index compares what was read the same way."""
    import numpy as np

    plain = [plain_words(text) for text in texts]
    vectors = embedder.embed_documents(plain)
    return [
        TextRead(np.asarray(vector, dtype=np.float32), terms(text)) for vector, text in zip(vectors, plain, strict=True)
    ]
