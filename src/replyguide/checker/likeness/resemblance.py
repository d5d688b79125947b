"""The second layer: whether a reply resembles known violations, for what no pattern reaches.

A linear model over character runs, fitted by `tools/fit_resemblance.py` on the packs' own examples and the labelled
replies of `evals/`. Its weights are whole numbers in a file, so the same reply gets the same verdict on every machine.
It names a topic, the clause that counts most, and as its reason the nearest violation that it learned from.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from replyguide.checker.finding import Level
from replyguide.checker.language.reading import Reading
from replyguide.checker.likeness.ngrams import Window, grams, question_grams, reply_grams, topic_grams, windows
from replyguide.errors import PackError

WEIGHTS, TOPIC_COUNTS, VIOLATIONS = "weights.json", "topics.json", "violations.json"
#: How much a run of the question counts beside one of the reply.
QUESTION_SHARE = 0.7
_UNTOLD_RUNS = 40
_TOLD = 5  # runs of characters in an explanation


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted numbers, in thousandths; a run of characters that is not listed weighs nothing.

    `reply` and `question` hold the runs of each weight, parted by tabs: a third of the size, and faster to read.
    """

    inputs: str  # digest of what they were fitted on
    offset: int
    draft: int
    block: int
    warn: int
    reply: dict[str, int]
    question: dict[str, int]

    @classmethod
    def read(cls, path: Path) -> Weights:
        """Read them as the fitting wrote them."""
        data = json.loads(path.read_bytes())
        return cls(**{**data, "reply": _ungrouped(data["reply"]), "question": _ungrouped(data["question"])})


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """What tells the topic, by its name: logarithms in thousandths, of a run never seen there and what others gain."""

    offsets: dict[str, int]
    gains: dict[str, dict[str, int]]

    @classmethod
    def read(cls, path: Path) -> TopicCounts:
        """Read them as the fitting wrote them."""
        data = json.loads(path.read_bytes())
        return cls(data["offsets"], {topic: _ungrouped(runs) for topic, runs in data["gains"].items()})

    def likeliest(self, runs: set[str]) -> str:
        """Return the topic that the runs of characters speak for (naive Bayes, every topic as likely)."""
        known = [run for run in runs if any(run in gains for gains in self.gains.values())]
        return max(self.gains, key=lambda topic: self._score(topic, known))

    def _score(self, topic: str, runs: Sequence[str]) -> int:
        gain_of = self.gains[topic].get
        return self.offsets[topic] * len(runs) + sum(gain_of(run, 0) for run in runs)


@dataclass(frozen=True, slots=True)
class Violation:
    """A known violation: the rule of a pack that it breaks (`None` for a labelled reply), its topic, its words."""

    rule: str | None
    topic: str
    reply: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the layer found: how grave, about what, and the folded span of the clause that counts most.

    `score` is that of the worst window, `cut` the score from which on the level is reached, both in thousandths.
    """

    level: Level
    topic: str
    start: int
    end: int
    window: Window
    score: int
    cut: int


class _Scored(NamedTuple):
    score: float
    window: Window


class Resemblance:
    """The fitted layer in `folder`; reads its files when first asked and may be shared by threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: dict[str, Sequence[tuple[Violation, set[str]]]] = {}  # of known violations, by topic

    def of(self, reading: Reading, question: Reading | None, *, is_draft: bool = False) -> Likeness | None:
        """Tell whether a reply, as an answer to `question`, resembles violations.

        What a model wrote (`is_draft`) is blocked earlier: there is approved wording to send in its stead.
        """
        asked = question.folded.text if question is not None else ""
        weights = self._weights
        block = min(weights.draft, weights.block) if is_draft else weights.block
        warn = min(weights.warn, block)
        best = self._strongest(reading, question_grams(asked))
        if best is None or best.score < warn:
            return None
        seen = (index for index in range(best.window.first, best.window.last + 1) if reading.clauses[index].text)
        clause = max(seen, key=lambda index: self._weight(reading, index))
        span = reading.clauses[clause]
        level: Level = "block" if best.score >= block else "warn"
        topic = self._topic_counts.likeliest(topic_grams(best.window, asked))
        cut = block if level == "block" else warn
        return Likeness(level, topic, span.start, span.end, best.window, round(best.score), cut)

    def telling(self, likeness: Likeness) -> tuple[str, ...]:
        """Return the runs of characters that speak most against the window, none inside another, heaviest first."""
        weight_of = self._weights.reply.get
        told: list[str] = []
        for run in sorted(reply_grams(likeness.window), key=lambda run: (-weight_of(run, 0), run)):
            if weight_of(run, 0) > 0 and not any(run in other or other in run for other in told):
                told.append(run)
        return tuple(run.strip("^$|") for run in told if run.strip("^$|"))[:_TOLD]

    def nearest(self, likeness: Likeness, rules: Collection[str] | None = None) -> Violation | None:
        """Return the known violation of the topic whose words are nearest; `rules` takes examples of these only."""
        said = grams(likeness.window.text, 1, 3)
        candidates = (
            (violation, runs)
            for violation, runs in self._runs_of(likeness.topic)
            if rules is None or violation.rule in rules
        )
        near = max(candidates, key=lambda pair: _overlap(said, pair[1]), default=None)
        return near[0] if near is not None else None

    def _strongest(self, reading: Reading, asked: set[str]) -> _Scored | None:
        weights = self._weights
        from_question = sum(weights.question.get(run, 0) for run in asked)
        weight_of = weights.reply.get
        best: _Scored | None = None
        for window in windows(reading.clauses):
            runs = reply_grams(window)
            total = sum(weight_of(run, 0) for run in runs) + QUESTION_SHARE * from_question
            score = total / length(len(runs), len(asked)) + weights.offset
            if best is None or score > best.score:
                best = _Scored(score, window)
        return best

    def _weight(self, reading: Reading, index: int) -> int:
        weight_of = self._weights.reply.get
        return sum(weight_of(run, 0) for run in grams(reading.clauses[index].text, 1, 3))

    @cached_property
    def _weights(self) -> Weights:
        with _reading(self._folder / WEIGHTS) as path:
            return Weights.read(path)

    @cached_property
    def _topic_counts(self) -> TopicCounts:
        with _reading(self._folder / TOPIC_COUNTS) as path:
            return TopicCounts.read(path)

    @cached_property
    def _violations(self) -> Mapping[str, Sequence[Violation]]:
        with _reading(self._folder / VIOLATIONS) as path:
            of_topic: dict[str, list[list[str | None]]] = json.loads(path.read_bytes())
            return {
                topic: tuple(Violation(rule, topic, str(reply)) for rule, reply in listed)
                for topic, listed in of_topic.items()
            }

    def _runs_of(self, topic: str) -> Sequence[tuple[Violation, set[str]]]:
        if topic not in self._runs:
            known = self._violations.get(topic, ())
            self._runs[topic] = [(violation, grams(violation.reply, 1, 3)) for violation in known]
        return self._runs[topic]


@contextmanager
def _reading(path: Path) -> Iterator[Path]:
    """Fail closed: without its files the layer could not check, which is not the same as clean."""
    try:
        yield path
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PackError(f"{path}：第二层的文件读不了（{error}），请重新安装 replyguide") from None


def _ungrouped(runs: Mapping[str, str]) -> dict[str, int]:
    weights: dict[str, int] = {}
    for weight, listed in runs.items():
        weights.update(dict.fromkeys(listed.split("\t"), int(weight)))
    return weights


def length(reply_runs: int, question_runs: int) -> float:
    """Return the Euclidean length of a window's features: every run counts once, those of the question less.

    As if it held some more runs of no weight: a reply of few characters gives little to go by.
    """
    return math.sqrt(_UNTOLD_RUNS + reply_runs + QUESTION_SHARE**2 * question_runs)


def _overlap(one: set[str], other: set[str]) -> float:
    """Return the cosine of two sets of runs."""
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0
