"""What a search gives back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from replyguide.corpus.rule import Authority, Rule
from replyguide.corpus.topics import Topic
from replyguide.documents.document import PieceKind

#: A packaged rule, or a piece of a shop's own document.
HitKind: TypeAlias = Literal["rule"] | PieceKind


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a hit names where another hit names a different one; `said` is the sentence."""

    figure: str
    said: str
    source: str
    hit: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule or passage that a question pulls. `score` is 0..1, about the chance that it is what the buyer is after.

    Of a shop's own document `source` is the name, `page` the page if there are pages, `original` the text as it stood
    there if cleaning changed it, `effective_from` an ISO date, `superseded_by` the document that replaces this one.
    `against` tells why the text must not be said: the checker blocks it. `disagreement` are the figures of this hit
    and of others about the same thing where they differ, the stricter first.
    """

    id: str
    topic: Topic
    title: str
    text: str
    source: str
    platform: str
    score: float
    rank: int
    kind: HitKind = "rule"
    authority: Authority = "platform"
    page: int | None = None
    original: str | None = None
    effective_from: str | None = None
    superseded_by: str | None = None
    against: str | None = None
    disagreement: tuple[Figure, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the hit as the object of the interface page."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ShopAnswer:
    """What the shop itself has written for a question like this one; it still has to pass the checker.

    `topic` is that of the nearest rule, `chance` 0..1 about the chance that the buyer asks this.
    """

    id: str
    say: str
    topic: Topic
    chance: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits, best first, and what to answer with.

    `concerns` holds one rule id for each thing that the buyer asks, the main one first; it is empty if no rule of the
    corpus covers the message. `answer` is the shop's own answer if it has one. `index` is the label of the index that
    was searched. `colleague` tells how much the message sounds like one of the shop's own agents, -0.5..0.5.
    """

    hits: tuple[Hit, ...]
    concerns: tuple[str, ...]
    index: str
    answer: ShopAnswer | None = None
    colleague: float = -0.5


def rule_hit(rule: Rule, *, score: float) -> Hit:
    """Return `rule` as a hit without a rank; several sources or platforms are listed with 、."""
    return Hit(
        id=rule.id,
        topic=rule.topic,
        title=rule.title,
        text=f"{rule.brief}\n{rule.body}",
        source="、".join(rule.sources),
        platform="、".join(rule.platform),
        score=round(score, 4),
        rank=0,
        authority=rule.authority,
    )
