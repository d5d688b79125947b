"""A linear model that tells the topics of a message from its terms and its vector.

Search by resemblance finds the rule whose words a message shares; it does not know which of those words decide. This
model does: it was fitted to the asks of the corpus and to several thousand labelled questions (`tools/fit_topics.py`),
one classifier a topic and one for what no rule is about. It ranks nothing by itself, its scores are added to those of
the rules. Its weights lie beside it; an embedder that it was not fitted with gets the classifiers that do without
vectors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from replyguide.index.reading import TextRead

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FILE = Path(__file__).parent / "learned" / "topics.npz"
#: The name of the class of what no rule is about.
NONE = "none"
#: The name of the class of what the shop's own agents ask, whatever it is about.
COLLEAGUE = "colleague"
#: What a vector counts beside the terms; both have length 1.
VECTOR_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class _Classifiers:
    """Weights of one set of classifiers: a row a term (whole numbers, to be scaled), a column a topic."""

    terms: NDArray[np.int8]
    scale: Numbers
    offset: Numbers
    vector: NDArray[np.float32] | None


class TopicModel:
    """The classifiers that fit an embedder. `topics` names the columns; `NONE` and `COLLEAGUE` are the last."""

    def __init__(self, topics: Sequence[str], vocabulary: dict[str, int], idf: Numbers, weights: _Classifiers) -> None:
        self.topics = tuple(topics)
        self._vocabulary = vocabulary
        self._idf = idf
        self._weights = weights

    def scores(self, texts: Sequence[TextRead]) -> Numbers:
        """Return a row for each text, a column for each of `topics`, each -0.5..0.5: below 0 it is not about it."""
        import numpy as np

        margins = np.stack([self._margin(text) for text in texts])
        squashed: Numbers = np.tanh(margins / 2) / 2
        return squashed

    def _margin(self, text: TextRead) -> Numbers:
        import numpy as np

        weights = self._weights
        margin = weights.offset.copy()
        counts = Counter(place for term in text.terms if (place := self._vocabulary.get(term)) is not None)
        if counts:
            places = list(counts)
            # Term frequencies and their norm as scikit-learn's TfidfVectorizer has them with sublinear_tf.
            values = np.array([1.0 + math.log(count) for count in counts.values()]) * self._idf[places]
            margin += (values / np.linalg.norm(values)) @ weights.terms[places] * weights.scale
        if weights.vector is not None:
            margin += VECTOR_WEIGHT * (text.vector @ weights.vector)
        return margin


@cache
def read_topic_model(embedder: str, path: Path = FILE) -> TopicModel:
    """Read the classifiers for the embedder of that name (see `Embedder.name`)."""
    import numpy as np

    with np.load(path) as held:
        with_vectors = str(held["embedder"]) == embedder
        kind = "joint" if with_vectors else "alone"
        words = str(held["vocabulary"]).split("\n")
        return TopicModel(
            str(held["topics"]).split("\n"),
            {word: place for place, word in enumerate(words)},
            held["idf"].astype(np.float64),
            _Classifiers(
                terms=held[f"{kind}_terms"],
                scale=held[f"{kind}_scale"].astype(np.float64),
                offset=held[f"{kind}_offset"].astype(np.float64),
                vector=held["joint_vector"] if with_vectors else None,
            ),
        )
