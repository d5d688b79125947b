"""What a search gives back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from replyguide.corpus.rule import Rule
from replyguide.corpus.topics import Topic


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that a question pulls. `score` is 0..1, about the chance that the rule is what the buyer is after."""

    id: str
    topic: Topic
    title: str
    text: str
    source: str
    platform: str
    score: float
    rank: int

    def as_json(self) -> dict[str, Any]:
        """Return the hit as the object of the interface page."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits, best first, and the rules to answer with.

    `concerns` holds one rule id for each thing that the buyer asks, the main one first; it is empty if no rule of the
    corpus covers the message. `index` is the label of the index that was searched.
    """

    hits: tuple[Hit, ...]
    concerns: tuple[str, ...]
    index: str


def hit(rule: Rule, *, score: float, rank: int) -> Hit:
    """Return `rule` as a hit; several sources or platforms are listed with 、."""
    return Hit(
        id=rule.id,
        topic=rule.topic,
        title=rule.title,
        text=f"{rule.brief}\n{rule.body}",
        source="、".join(rule.sources),
        platform="、".join(rule.platform),
        score=round(score, 4),
        rank=rank,
    )
