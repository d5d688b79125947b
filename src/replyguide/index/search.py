"""The open index: from a buyer's message to the rules and passages that answer it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence

from replyguide.context import Turn
from replyguide.corpus.rule import Rule
from replyguide.corpus.topics import Topic
from replyguide.errors import IndexUnavailable
from replyguide.index.embedder import Embedder
from replyguide.index.generation import Generations
from replyguide.index.hit import Hit, SearchResult, rule_hit
from replyguide.index.manifest import RuleManifest
from replyguide.index.merging import candidates, ranked, shop_answer
from replyguide.index.message import has_letters, read_message
from replyguide.index.reading import TextRead
from replyguide.index.report import BuildReport
from replyguide.index.reranker import Reranker, reranked
from replyguide.index.rule_search import Found, RuleSearch
from replyguide.index.shop.searching import ShopSearch
from replyguide.index.snapshot import Snapshot

# How many rules and how many passages of the shop's are looked at for a list, for each place in it.
_LOOKED_AT = 4


class Index:
    """The rules, searchable. Opened by `open_index`; safe to use from several threads.

    `built` tells what opening had to build, `None` if the index was fresh. Rules may be shared with other indexes of
    this process; `give_back` is called once, when this one is done with them.
    """

    def __init__(
        self,
        manifest: RuleManifest,
        snapshot: Snapshot,
        *,
        rules: RuleSearch | None,
        shop: ShopSearch | None,
        embedder: Embedder,
        reranker: Reranker | None,
        built: BuildReport | None,
        opened_from: Mapping[Generations, str | None],
        give_back: Callable[[], None],
    ) -> None:
        self._manifest = manifest
        self._snapshot = snapshot
        self._rules = rules
        self._shop = shop
        self._embedder = embedder
        self._reranker = reranker
        self.built = built
        self._opened_from = dict(opened_from)
        # An index that is let go without `close`, as one that was updated by another process is, gives back as well.
        self._give_back = weakref.finalize(self, give_back)

    @property
    def label(self) -> str:
        """Name the embedder and the corpus, as every suggestion does."""
        return f"{self._manifest.embedder} · corpus {self._manifest.corpus[:8]}"

    @property
    def embedder(self) -> Embedder:
        """What turns texts into vectors here."""
        return self._embedder

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, sorted by id."""
        return tuple(self._snapshot.rule(name) for name in self._snapshot.ids)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of that id; one that the index does not hold is a `KeyError`."""
        return self._snapshot.rule(rule_id)

    def is_live(self) -> bool:
        """Tell whether no other process has updated the rules or the shop's documents since this was opened.

        Where that cannot be told, it counts as live.
        """
        try:
            return all(place.live_name() == name for place, name in self._opened_from.items())
        except IndexUnavailable:
            return True

    def close(self) -> None:
        """Give back files and sockets; nothing can be searched any more."""
        self._give_back()
        if self._shop is not None:
            self._shop.close()

    def search(self, question: str, k: int = 5, history: Sequence[Turn] = ()) -> SearchResult:
        """Find the `k` rules nearest to a buyer's message and, among all, those to answer it with.

        A question that is too short to stand alone is read together with the buyer's last turn in `history`. An index
        without rules and a message without a letter find nothing. A short list gives one topic three places at most.
        """
        if self._rules is None or not has_letters(question):
            return SearchResult((), (), self.label)
        message = read_message(question, history, self._embedder)
        found = self._rules.find(message)
        concerns = tuple(self._snapshot.ids[place] for place in found.concerns)
        matches = self._shop.find(message, found.decoy, _LOOKED_AT * k) if self._shop is not None else []
        listed = candidates(self._rule_hits(found, _LOOKED_AT * k), matches)
        if self._reranker is not None:
            listed = reranked(self._reranker, question, listed)
        hits = ranked(listed, concerns, k, self._rules_of)
        answer = shop_answer(matches) if message.asks_something and not message.gives_orders else None
        return SearchResult(hits, concerns, self.label, answer, self._rules.sounds_like_a_colleague(message.whole))

    def topics(self, texts: Sequence[TextRead]) -> list[Topic]:
        """Return the topic that each text is most likely about; an index without rules is an `IndexError`."""
        if self._rules is None:
            raise IndexError("no rules, no topics")
        return self._rules.topics(texts)

    def _rule_hits(self, found: Found, count: int) -> Iterator[Hit]:
        for place in (-found.chances).argsort(kind="stable")[:count]:
            yield rule_hit(self.rule(self._snapshot.ids[place]), score=float(found.chances[place]))

    def _rules_of(self, topic: Topic) -> Iterator[Hit]:
        """Yield all rules of a topic, without a score."""
        for name in self._snapshot.ids:
            if self._snapshot.topic(name) == topic:
                yield rule_hit(self.rule(name), score=0.0)
