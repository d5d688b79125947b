"""Searching the packaged rules: which of them a message touches, and which ones answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from replyguide.corpus.topics import TOPICS, Topic
from replyguide.index.message import Message
from replyguide.index.ranking import Ranking
from replyguide.index.reading import TextRead
from replyguide.index.snapshot import Snapshot
from replyguide.index.topic_model import COLLEAGUE, NONE, TopicModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

#: From this score on, a rule counts as covering the message.
COVERED = 0.5
# A part of a message says less than the whole: it has to be surer, and of a topic that the whole points to as well.
_PART_COVERED = 0.75
_TOPICS_OF_WHOLE = 3
# The words around a part tell which of two similar rules it means; so much of the whole's score is added to choose.
_CONTEXT = 0.7
# How much the topic model counts beside the resemblance to a rule.
_TOPIC = 0.3
# From this score on, a question that leans on nothing by its form stands alone.
_STANDS_ALONE = 0.95
# What a question says itself counts half as much as it does together with what was said before.
_ITSELF = 0.5

# The chance that a rule covers a message, as a logistic function of its fused score and that of the nearest decoy.
# The slopes are fitted on the dev questions (`tools/fit_search.py`), then made a sixth as steep, so that scores tell
# more than yes and no; the offset is where 2 in 100 of them are handed over that a rule covers.
_SCORE_SLOPE = 10.8
_DECOY_SLOPE = 14.5
_OFFSET = -0.32


@dataclass(frozen=True, slots=True)
class Found:
    """What a message finds among the rules.

    `chances` has a number for each rule of the snapshot, in its order: about the chance that the rule is what the
    buyer is after. `concerns` are the places of the rules to answer with, the main one first. `decoy` is the score of
    the nearest decoy.
    """

    chances: Scores
    concerns: tuple[int, ...]
    decoy: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A message or a part of it: the fused score of each rule, and the chance of each to cover it."""

    scores: Scores
    chances: Scores
    decoy: float


class RuleSearch:
    """The ranking of the rules, with the decisions that rest on it."""

    def __init__(self, ranking: Ranking, snapshot: Snapshot, model: TopicModel) -> None:
        self._ranking = ranking
        self._snapshot = snapshot
        self._model = model
        columns = {name: column for column, name in enumerate(model.topics)}
        of_rules = [columns[snapshot.topic(name)] for name in snapshot.ids]
        # The topic, as the column of the model, of every rule and decoy that is ranked.
        self._columns = [*of_rules, *[columns[NONE]] * len(snapshot.decoys)]

    def close(self) -> None:
        """Close the store."""
        self._ranking.close()

    def find(self, message: Message) -> Found:
        """Score every rule, and choose those to answer with.

        A message of a single letter, or one that gives orders to the machine, is covered by no rule.
        """
        joint = (message.joint,) if message.joint is not None else ()
        alone, *others = self.scores([message.whole, *message.parts, *joint])
        ordered = message.gives_orders
        whole = self._read(alone, ordered=ordered)
        if joint and (message.is_elliptic or whole.chances.max() < _STANDS_ALONE):
            whole = self._read((others.pop() + _ITSELF * alone) / (1 + _ITSELF), ordered=ordered)
        of_parts = [self._read(part, ordered=ordered) for part in others[: len(message.parts)]]
        concerns = self._concerns(whole, of_parts) if message.asks_something else {}
        chances = whole.chances.copy()
        for place, sureness in concerns.items():
            chances[place] = max(sureness, chances[place])
        for main in list(concerns)[:1]:
            chances[main] = chances.max()
        return Found(chances, tuple(concerns), whole.decoy)

    def topics(self, texts: Sequence[TextRead]) -> list[Topic]:
        """Return the topic that each text is most likely about, by the topic model alone."""
        topics = self._model.topics[: len(TOPICS)]
        return [cast("Topic", topics[int(row[: len(TOPICS)].argmax())]) for row in self._model.scores(texts)]

    def sounds_like_a_colleague(self, text: TextRead) -> float:
        """Return how much a message sounds like one of the shop's own agents, -0.5..0.5; about 0 is undecided."""
        sounds = self._model.scores([text])[0, self._model.topics.index(COLLEAGUE)]
        return round(float(sounds), 3)  # a vector's last digits hang on what else was embedded beside it

    def scores(self, texts: Sequence[TextRead]) -> Scores:
        """Return a row for each text: the score of every rule, then of every decoy, -0.2..1.2."""
        of_topics: Scores = self._model.scores(texts)[:, self._columns]
        return self._ranking.scores(texts) + _TOPIC * of_topics

    def _read(self, scores: Scores, *, ordered: bool) -> _Read:
        rules = len(self._snapshot.ids)
        decoy = float((scores if ordered else scores[rules:]).max())
        return _Read(scores[:rules], chance(scores[:rules], decoy), decoy)

    def _concerns(self, whole: _Read, of_parts: Sequence[_Read]) -> Mapping[int, float]:
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
        for sureness, place in found:
            chosen.setdefault(self._topic(place), (place, sureness))
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

    def _topic(self, place: int) -> Topic:
        return self._snapshot.topic(self._snapshot.ids[place])


def chance(scores: Scores, decoy: float) -> Scores:
    """Return for fused scores about the chance that what has them is what the buyer is after."""
    import numpy as np

    chances: Scores = 1.0 / (1.0 + np.exp(-(_SCORE_SLOPE * scores - _DECOY_SLOPE * decoy + _OFFSET)))
    return chances
