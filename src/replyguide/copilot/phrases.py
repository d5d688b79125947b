"""The library of approved wording, for an agent who looks for a phrase himself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from replyguide.checker import Checker
from replyguide.context import Context
from replyguide.drafting.composer import compose

if TYPE_CHECKING:
    from replyguide.corpus.rule import Rule
    from replyguide.index import Index, SearchResult


@dataclass(frozen=True, slots=True)
class Phrase:
    """Approved wording of one rule, as a whole reply; `id` is the rule's."""

    id: str
    topic: str
    title: str
    text: str
    source: str

    def as_json(self) -> dict[str, Any]:
        """Return the phrase as JSON data."""
        return asdict(self)


def library(rules: Iterable[Rule], checker: Checker, context: Context) -> Iterator[Phrase]:
    """Yield the wording of each rule that has one for buyers; what the checker blocks is left out."""
    for rule in rules:
        if rule.audience != "buyer":
            continue
        text = compose([rule], "", context)
        if text is not None and checker.check(text, context).verdict != "block":
            yield Phrase(rule.id, rule.topic, rule.title, text, "、".join(rule.sources))


def nearest(found: SearchResult, index: Index) -> Iterator[Rule]:
    """Yield the packaged rules among the hits, best first."""
    for hit in found.hits:
        if hit.kind == "rule":
            yield index.rule(hit.id)
