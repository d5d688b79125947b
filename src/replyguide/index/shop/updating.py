"""Making a new generation of a shop's index: embed what is new, take over what is not, seal, switch.

Vectors lie in a pool that only grows (see `index.store`): an update adds what is new to the pool of the generation
before, and a search leaves out what no entry uses any more. When too much of a pool is of no use, it is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from replyguide.corpus.topics import Topic
from replyguide.index.builder import searched_text
from replyguide.index.embedder import Embedder
from replyguide.index.generation import Generation, Generations
from replyguide.index.lexical import write_lexical
from replyguide.index.manifest import ShopManifest
from replyguide.index.reading import read_texts
from replyguide.index.report import Progress, own_version
from replyguide.index.shop.holding import Entry, Holding, searched_entries
from replyguide.index.shop.holdings_file import HoldingsFile, write_holdings
from replyguide.index.store import Held
from replyguide.index.words import recipe

if TYPE_CHECKING:
    from replyguide.index.search import Index

# Texts embedded between two reports of progress.
_BATCH = 64
# Goes up when the same documents give another index.
_LAYOUT = 1
# A pool of which so large a part is of no use is made anew.
_MOST_UNUSED = 0.3


def is_up_to_date(manifest: ShopManifest, embedder: str) -> bool:
    """Tell whether the index was made by the code and the embedder of today."""
    return (manifest.recipe, manifest.embedder) == (_recipe(), embedder)


class Updater:
    """Makes generations of a shop's index. Call it within `Generations.writing`.

    `rules` is the index of the packaged rules, which tells the topics of new entries.
    """

    def __init__(self, generations: Generations, embedder: Embedder, rules: Index) -> None:
        self._generations = generations
        self._embedder = embedder
        self._rules = rules

    def update(self, base: Generation | None, holdings: Sequence[Holding], progress: Progress | None = None) -> int:
        """Make `holdings` what the index holds; entries without a topic get theirs.

        Return how many texts had to be embedded. An update that fails leaves the live generation as it is.
        """
        with self._generations.drafting() as draft:
            pool, embedded = self._fill(draft, base, holdings, progress)
            self._generations.switch(draft, [pool])
        return embedded

    def _fill(
        self, draft: Generation, base: Generation | None, holdings: Sequence[Holding], progress: Progress | None
    ) -> tuple[str, int]:
        pool = self._pool(draft, base, holdings)
        fresh, with_topics = self._read(holdings, pool.known, progress)
        with closing(self._generations.store(draft)) as store:
            if pool.is_new:
                store.create(pool.name)
            store.put(pool.name, pool.kept | fresh)
        pooled = pool.known | fresh.keys()
        searched = write_holdings(draft.path, with_topics, pooled)
        # The packaged rules stand behind the entries and lend a small shelf their word frequencies.
        write_lexical(
            draft.lexical, [*(entry.searched_text for entry in searched), *map(searched_text, self._rules.rules)]
        )
        manifest = ShopManifest(
            schema=ShopManifest.SCHEMA,
            state="ready",
            replyguide=own_version(),
            embedder=self._embedder.name,
            dimension=self._embedder.dimension,
            recipe=_recipe(),
            store=self._generations.place,
            pool=pool.name,
            pooled=len(pooled),
            documents=len(with_topics),
            passages=len(searched),
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        draft.seal(manifest)
        return pool.name, len(fresh)

    def _pool(self, draft: Generation, base: Generation | None, holdings: Sequence[Holding]) -> _Pool:
        manifest = base.manifest(ShopManifest) if base is not None else None
        name = draft.collection("pool")
        if base is None or manifest is None or manifest.embedder != self._embedder.name:
            return _Pool(name, True, set(), {})
        known = HoldingsFile(base.path).pooled()
        used = {entry.vector_id for entry in searched_entries(holdings)}
        if len(known - used) <= _MOST_UNUSED * len(known):
            self._generations.carry_vectors(base, draft)
            return _Pool(manifest.pool, False, known, {})
        with closing(self._generations.store(base)) as store:
            kept = {one: held for one, held in store.held(manifest.pool).items() if one in used}
        return _Pool(name, True, set(kept), kept)

    def _read(
        self, holdings: Sequence[Holding], known: Collection[str], progress: Progress | None
    ) -> tuple[dict[str, Held], list[Holding]]:
        """Embed what the pool does not know and give new entries their topics."""
        new = [entry for entry in searched_entries(holdings) if entry.topic is None or entry.vector_id not in known]
        # Texts of a length are embedded together: short ones are not filled up to the longest of the batch.
        new.sort(key=lambda entry: len(entry.meaning))
        fresh: dict[str, Held] = {}
        topics: dict[str, Topic] = {}
        for start in range(0, len(new), _BATCH):
            if progress is not None:
                progress(start, len(new))
            batch = new[start : start + _BATCH]
            texts = read_texts([entry.meaning for entry in batch], self._embedder)
            for entry, text, topic in zip(batch, texts, self._rules.topics(texts), strict=True):
                topics[entry.id] = topic
                if entry.vector_id not in known:
                    fresh[entry.vector_id] = Held(entry.vector_id, text.vector)
        if progress is not None and new:
            progress(len(new), len(new))
        return fresh, [
            replace(holding, entries=tuple(_with_topic(entry, topics) for entry in holding.entries))
            for holding in holdings
        ]


@dataclass(frozen=True, slots=True)
class _Pool:
    """A collection of vectors: whether it has to be created, what is in it, and what goes in from the one before."""

    name: str
    is_new: bool
    known: set[str]
    kept: dict[str, Held]


def _with_topic(entry: Entry, topics: Mapping[str, Topic]) -> Entry:
    topic = topics.get(entry.id)
    return replace(entry, topic=topic) if topic is not None else entry


def _recipe() -> str:
    return f"{_LAYOUT}, {recipe()}"
