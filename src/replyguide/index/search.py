"""The open index: from a buyer's message to the rules that answer it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from replyguide.context import Turn
from replyguide.corpus.rule import Rule
from replyguide.corpus.topics import Topic
from replyguide.index.generation import Manifest
from replyguide.index.hit import Hit, SearchResult, hit
from replyguide.index.orders import gives_orders
from replyguide.index.parts import asks, bounded, parts
from replyguide.index.ranking import Ranking
from replyguide.index.report import BuildReport
from replyguide.index.snapshot import Snapshot
from replyguide.index.words import fold, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

#: From this score on, a rule counts as covering the message.
COVERED = 0.5
# A part of a message says less than the whole: it has to be surer, and of a topic that the whole points to as well.
_PART_COVERED = 0.75
_TOPICS_OF_WHOLE = 3
# Hits of one topic in a short list.
_MOST_OF_TOPIC = 3
# The words around a part tell which of two similar rules it means; so much of the whole's score is added to choose.
_CONTEXT = 0.7
# A question of so few content words leans on what was said before if it is not clear by itself (`要多久`) or has this
# form (`那运费呢`).
_FEW_WORDS = 2
_STANDS_ALONE = 0.95
# What it says itself then counts half as much as it does together with what was said before.
_ITSELF = 0.5
_ELLIPTIC = re.compile(r"^那|呢[\s？?。~～!！]*$")

# The chance that a rule covers a message, as a logistic function of its fused score and that of the nearest decoy.
# Fitted on the dev questions (`tools/fit_search.py`), then made a third as steep, so that scores tell more than yes
# and no.
_SCORE_SLOPE = 10.8
_DECOY_SLOPE = 14.6
_OFFSET = 0.0

_LETTER = re.compile(r"\w")
# A single letter (`1`, `嗯`) asks nothing.
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _Read:
    """A message or a part of it: the fused score of each rule, and the chance of each to cover it."""

    scores: Scores
    chances: Scores


class Index:
    """The rules, searchable. Opened by `open_index`; safe to use from several threads.

    `built` tells what opening had to build, `None` if the index was fresh.
    """

    def __init__(
        self, manifest: Manifest, snapshot: Snapshot, ranking: Ranking | None, built: BuildReport | None
    ) -> None:
        self._manifest = manifest
        self._snapshot = snapshot
        self._ranking = ranking
        self.built = built

    @property
    def label(self) -> str:
        """Name the embedder and the corpus, as every suggestion does."""
        return f"{self._manifest.embedder} · corpus {self._manifest.corpus[:8]}"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, sorted by id."""
        return tuple(self._snapshot.rule(name) for name in self._snapshot.ids)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id; one that the index does not hold is a `KeyError`."""
        return self._snapshot.rule(rule_id)

    def close(self) -> None:
        """Give back files and sockets; nothing can be searched any more."""
        if self._ranking is not None:
            self._ranking.close()

    def search(self, question: str, k: int = 5, history: Sequence[Turn] = ()) -> SearchResult:
        """Find the `k` rules nearest to a buyer's message and, among all, those to answer it with.

        A question that is too short to stand alone is read together with the buyer's last turn in `history`. An index
        without rules and a message without a letter find nothing; a message of a single letter, or one that gives
        orders to the machine, is covered by no rule. A short list gives one topic three places at most.
        """
        if self._ranking is None or not _LETTER.search(question):
            return SearchResult((), (), self.label)
        ordered = gives_orders(fold(question))
        alone, *of_parts = self._ranking.scores(_texts(question))
        whole = self._read(alone, ordered=ordered)
        before = _asked_before(question, history)
        if before is not None and (_ELLIPTIC.search(question) or whole.chances.max() < _STANDS_ALONE):
            (joint,) = self._ranking.scores([f"{before} {question}"])
            whole = self._read((joint + _ITSELF * alone) / (1 + _ITSELF), ordered=ordered)
        says_something = len(_LETTER.findall(question)) >= _FEWEST_LETTERS
        parts_read = [self._read(part, ordered=ordered) for part in of_parts]
        concerns = self._concerns(whole, parts_read) if says_something else {}
        return SearchResult(self._hits(whole, concerns, k), tuple(self._id(place) for place in concerns), self.label)

    def _read(self, scores: Scores, *, ordered: bool) -> _Read:
        import numpy as np

        rules = len(self._snapshot.ids)
        decoy = (scores if ordered else scores[rules:]).max()
        chances = 1.0 / (1.0 + np.exp(-(_SCORE_SLOPE * scores[:rules] - _DECOY_SLOPE * decoy + _OFFSET)))
        return _Read(scores[:rules], chances)

    def _concerns(self, whole: _Read, of_parts: Sequence[_Read]) -> dict[int, float]:
        """Choose the rules to answer with: the place of each and its chance, one a topic, the main one first."""
        near = self._nearest_topics(whole)
        found: list[tuple[float, int]] = []
        for part in of_parts:
            place = int((part.scores + _CONTEXT * whole.scores).argmax())
            if part.chances[place] >= _PART_COVERED and self._topic(place) in near:
                found.append((float(part.chances[place]), place))
        found.sort(reverse=True)
        # Two concerns blur each other in the whole message: then its parts know better what is meant.
        if len({self._topic(place) for _, place in found}) > 1:
            found.sort(key=lambda read: near.index(self._topic(read[1])))
        else:
            main = int(whole.scores.argmax())
            if whole.chances[main] >= COVERED:
                found.insert(0, (float(whole.chances[main]), main))
        chosen: dict[Topic, tuple[int, float]] = {}
        for chance, place in found:
            chosen.setdefault(self._topic(place), (place, chance))
        if len(chosen) > 1:
            chosen.pop("greeting", None)  # `在吗，有发票吗` asks one thing
        return dict(chosen.values())

    def _nearest_topics(self, whole: _Read) -> list[Topic]:
        topics: dict[Topic, None] = {}
        for place in (-whole.scores).argsort():
            topics.setdefault(self._topic(int(place)))
            if len(topics) == _TOPICS_OF_WHOLE:
                break
        return list(topics)

    def _hits(self, whole: _Read, concerns: dict[int, float], k: int) -> tuple[Hit, ...]:
        chances = whole.chances.copy()
        for place, chance in concerns.items():
            chances[place] = max(chance, chances[place])
        order = [int(place) for place in (-chances).argsort(kind="stable")]
        return tuple(
            hit(self.rule(self._id(place)), score=float(chances[place]), rank=rank)
            for rank, place in enumerate(self._spread(order, k), 1)
        )

    def _spread(self, order: Sequence[int], k: int) -> list[int]:
        """Take `k` places, best first, so that one topic does not crowd out the second thing that was asked."""
        most = max(_MOST_OF_TOPIC, k // 3)
        taken: Counter[Topic] = Counter()
        within: list[int] = []
        beyond: list[int] = []
        for place in order:
            topic = self._topic(place)
            taken[topic] += 1
            (within if taken[topic] <= most else beyond).append(place)
            if len(within) == k:
                break
        chosen = set((within + beyond)[:k])
        return [place for place in order if place in chosen]

    def _id(self, place: int) -> str:
        return self._snapshot.ids[place]

    def _topic(self, place: int) -> Topic:
        return self._snapshot.topic(self._id(place))


def _texts(question: str) -> list[str]:
    """Return the whole of a message, then its parts if it has several."""
    pieces = parts(question)
    return [bounded(question), *(pieces if len(pieces) > 1 else ())]


def _asked_before(question: str, history: Sequence[Turn]) -> str | None:
    """Return the buyer's last turn if `question` may lean on it: a short question, no thanks and no yes."""
    said = [turn.text for turn in history if turn.role == "buyer"]
    if not said or len(words(question)) > _FEW_WORDS or not asks(question):
        return None
    return bounded(said[-1])
