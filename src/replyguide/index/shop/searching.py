"""Searching a shop's documents: vectors and terms, fused, as for the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from replyguide.corpus.topics import Topic
from replyguide.index.chroma_reader import VectorSearch
from replyguide.index.lexical import LexicalIndex
from replyguide.index.manifest import ShopManifest
from replyguide.index.message import Message
from replyguide.index.reading import TextRead
from replyguide.index.shop.holding import Entry, HeldDocument
from replyguide.index.shop.holdings_file import HoldingsFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

# Neighbours asked of each half of search for every text.
_NEIGHBOURS = 40
# How much the cosine counts against BM25.
_COSINE = 0.4

# The chance that an entry is what the buyer is after, as a logistic function of its fused score and that of the
# nearest decoy among the packaged ones. Fitted on the dev questions over the five rule documents that the corpus was
# written from: whether the entry is about a topic of the question.
_SCORE_SLOPE = 17.5
_DECOY_SLOPE = 4.5
_OFFSET = -3.9


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a message finds, with its document and about the chance (0..1) that the buyer is after it."""

    entry: Entry
    topic: Topic
    document: HeldDocument
    chance: float


class ShopSearch:
    """The documents of a shop, searchable. Safe to use from several threads."""

    def __init__(
        self, manifest: ShopManifest, *, holdings: HoldingsFile, vectors: VectorSearch, lexical: LexicalIndex
    ) -> None:
        self._manifest = manifest
        self._holdings = holdings
        self._vectors = vectors
        self._lexical = lexical
        self._documents = {document.key: document for document in holdings.documents()}

    def close(self) -> None:
        """Close the store."""
        self._vectors.close()

    def find(self, message: Message, decoy: float, count: int) -> list[Match]:
        """Return the `count` entries nearest to a message or to one of its parts, best first."""
        joint = (message.joint,) if message.joint is not None else ()
        fused: dict[int, float] = {}
        for scores in self._fused((message.whole, *message.parts, *joint)):
            for place, score in scores.items():
                fused[place] = max(score, fused.get(place, 0.0))
        best = sorted(fused, key=lambda place: (-fused[place], place))[:count]
        entries = self._holdings.at(best)
        return [self._match(entries[place], _chance(fused[place], decoy)) for place in best]

    def _match(self, entry: Entry, chance: float) -> Match:
        # Whatever is searched was given its topic.
        return Match(entry, cast("Topic", entry.topic), self._documents[entry.document], chance)

    def _fused(self, texts: tuple[TextRead, ...]) -> Iterable[Mapping[int, float]]:
        """Return for each text the fused scores of the entries near to it, by place."""
        near = self._near(texts)
        places = self._holdings.places_of({name for found in near for name in found})
        for text, found in zip(texts, near, strict=True):
            cosines = {place: cosine for name, cosine in found.items() for place in places.get(name, ())}
            yield self._with_terms(text, cosines)

    def _near(self, texts: tuple[TextRead, ...]) -> list[dict[str, float]]:
        # What no entry uses any more may lie nearer than what is searched; a pool is kept from holding much of it.
        wanted = _NEIGHBOURS * max(1, round(self._manifest.pooled / max(1, self._manifest.passages)))
        return self._vectors.near(self._manifest.pool, [text.vector for text in texts], wanted + _NEIGHBOURS // 2)

    def _with_terms(self, text: TextRead, cosines: Mapping[int, float]) -> Mapping[int, float]:
        """Fuse; an entry that only one half has found counts in the other as if it were the last one found there."""
        import numpy as np

        # Behind the entries stand the packaged rules, which lend a small shelf their word frequencies.
        scores = self._lexical.scores(text.terms)[: self._manifest.passages]
        most = min(_NEIGHBOURS, len(scores))
        by_terms = np.argpartition(-scores, most - 1)[:most] if most else np.empty(0, dtype=int)
        least = min(cosines.values(), default=0.0)
        return {
            place: _COSINE * cosines.get(place, least) + (1.0 - _COSINE) * float(scores[place])
            for place in {*cosines, *(int(place) for place in by_terms)}
        }


def _chance(score: float, decoy: float) -> float:
    import math

    return 1.0 / (1.0 + math.exp(-(_SCORE_SLOPE * score - _DECOY_SLOPE * decoy + _OFFSET)))
