"""Opening the index: the live one if it is fresh, else one that is brought up to date first."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from replyguide.errors import EmbedderMismatch, IndexUnavailable
from replyguide.index.builder import collections_of
from replyguide.index.builtin_embedder import BuiltinEmbedder
from replyguide.index.embedder import Embedder, open_embedder
from replyguide.index.freshness import Sources
from replyguide.index.generation import Generation
from replyguide.index.lexical import read_lexical
from replyguide.index.manifest import RuleManifest
from replyguide.index.places import place_of_vectors, rule_generations, shop_generations
from replyguide.index.ranking import Ranking
from replyguide.index.report import BuildReport, Progress
from replyguide.index.reranker import open_reranker
from replyguide.index.rule_search import RuleSearch
from replyguide.index.search import Index
from replyguide.index.sharing import Shared
from replyguide.index.shop.holding import HeldDocument
from replyguide.index.shop.opening import held_by_shop, open_shop
from replyguide.index.snapshot import Snapshot, read_snapshot
from replyguide.index.topic_model import read_topic_model
from replyguide.index.words import words
from replyguide.resources import shelf
from replyguide.settings import Settings

if TYPE_CHECKING:
    from replyguide.index.builder import Builder

State = Literal["missing", "ready", "stale", "other-embedder", "other-version"]


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """What lies on disk. `corpus` is a digest, `version` that of the ReplyGuide which built it; empty if missing.

    `documents` are those of the shop named `shop`. `stale` tells that the next search brings the index up to date by
    itself; `other-embedder` and `other-version` need a word of the user.
    """

    path: Path
    state: State
    stale: bool
    rules: int
    passages: int
    embedder: str
    corpus: str
    version: str
    built_at: str
    shop: str
    shop_passages: int
    documents: tuple[HeldDocument, ...]


def open_index(
    settings: Settings, *, progress: Progress | None = None, corpus: Path | None = None, with_shop: bool = True
) -> Index:
    """Open the index in the data folder; builds it if there is none, updates it if the corpus changed.

    `progress` is called with passages done and passages to do while something is embedded. `corpus` is a folder of
    rules instead of the packaged one; without `with_shop` the documents of the shop are left out. An index of another
    embedder is an `EmbedderMismatch`, one that cannot be read or written an `IndexUnavailable`; what lies on disk is
    then left as it is.
    """
    place = _Place(settings, corpus)
    dictionary = place.load()
    live = place.live()
    built: BuildReport | None = None
    if live is None or not place.sources.made(live[1]):
        built = place.bring_up_to_date(progress)
        live = place.live()
    if live is None:
        raise IndexUnavailable(f"{place.generations.folder}：索引刚建好就不见了，请不要同时清理这个文件夹，然后再试")
    index = place.opened(*live, built, with_shop=with_shop)
    dictionary.join()
    return index


def rebuild_index(settings: Settings, progress: Progress | None = None, *, corpus: Path | None = None) -> BuildReport:
    """Build the index from nothing, whatever is there, and switch to it at the end."""
    place = _Place(settings, corpus)
    with place.generations.writing():
        return place.builder().build(None, progress)


def index_status(settings: Settings, *, corpus: Path | None = None) -> IndexStatus:
    """Tell what the index holds, without building anything or loading any model."""
    place = _Place(settings, corpus)
    held = held_by_shop(settings)
    generation = place.generations.current()
    manifest = generation.manifest(RuleManifest) if generation is not None else None
    if generation is None or manifest is None:
        other = generation is not None and generation.schema() not in (None, RuleManifest.SCHEMA)
        state: State = "other-version" if other else "missing"
        return IndexStatus(place.generations.folder, state, True, 0, 0, "", "", "", "", *held)
    state = place.state(manifest)
    return IndexStatus(
        path=generation.path,
        state=state,
        stale=state != "ready",
        rules=manifest.rules,
        passages=manifest.passages,
        embedder=manifest.embedder,
        corpus=manifest.corpus,
        version=manifest.replyguide,
        built_at=manifest.built_at,
        shop=held.shop,
        shop_passages=held.passages,
        documents=held.documents,
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """The rules of a generation, open: nothing of a shop is in it."""

    snapshot: Snapshot
    search: RuleSearch | None

    def close(self) -> None:
        if self.search is not None:
            self.search.close()


_RULES: Shared[_Rules] = Shared()


class _Place:
    """The settings, seen as the things that opening and building need."""

    def __init__(self, settings: Settings, corpus: Path | None) -> None:
        self._settings = settings
        self.embedder: Embedder = open_embedder(settings)
        self.sources = Sources(
            folder=corpus if corpus is not None else shelf("corpus"),
            embedder=self.embedder.name,
            store=place_of_vectors(settings),
        )
        self.generations = rule_generations(settings, self.sources)

    def load(self) -> threading.Thread:
        """Load the model; the dictionary, which does without Python's lock, is loaded in the thread returned.

        Nothing else may be loaded beside: two threads that import packages which import each other may see them half
        made. An embedder of the user's is loaded by its first use.
        """
        beside = threading.Thread(target=words, args=("预热",))
        beside.start()
        if isinstance(self.embedder, BuiltinEmbedder):
            self.embedder.load()
        return beside

    def live(self) -> tuple[Generation, RuleManifest] | None:
        """Return the live generation if it is one that may be searched or updated.

        One of an older schema counts as none: it comes from an update of ReplyGuide, nothing in it is worth keeping,
        and it is rebuilt without a question. One of a newer schema is left alone, it may be in use.
        """
        generation = self.generations.current()
        if generation is None:
            return None
        manifest = generation.manifest(RuleManifest)
        if manifest is None:
            self._check_schema(generation)
            return None
        if manifest.embedder != self.sources.embedder:
            raise EmbedderMismatch(
                f"这个索引由 {manifest.embedder} 建立，现在配置的是 {self.sources.embedder}："
                f"请运行 replyguide index rebuild --embedder {self._settings.embedder}，"
                f"或把 REPLYGUIDE_EMBEDDER 改回原来的"
            )
        return generation, manifest

    def bring_up_to_date(self, progress: Progress | None) -> BuildReport | None:
        """Build or update; `None` if another process did it meanwhile or the files were only touched."""
        with self.generations.writing():
            live = self.live()
            if live is not None and self.sources.equal(live[1]):
                self._note_fingerprint(*live)
                return None
            reusable = live is not None and live[1].store == self.sources.store
            return self.builder().build(live[0] if live is not None and reusable else None, progress)

    def builder(self) -> Builder:
        """Return a builder for the lock's holder."""
        from replyguide.index.builder import Builder

        return Builder(self.generations, self.sources, self.embedder)

    def opened(
        self, generation: Generation, manifest: RuleManifest, built: BuildReport | None, *, with_shop: bool
    ) -> Index:
        """Put the open index together."""
        of_shop = shop_generations(self._settings)
        opened_from = {self.generations: generation.name, of_shop: of_shop.live_name()}
        shop = open_shop(of_shop, self.embedder.name) if with_shop else None
        reranker = open_reranker(self._settings)
        # Last: what was borrowed is given back by the index, so nothing may fail between the two.
        key = (generation.path, self.sources.store, self.embedder.name)
        rules = _RULES.borrow(key, lambda: self._rules(generation))
        return Index(
            manifest,
            rules.snapshot,
            rules=rules.search,
            shop=shop,
            embedder=self.embedder,
            reranker=reranker,
            built=built,
            opened_from=opened_from,
            give_back=lambda: _RULES.give_back(key),
        )

    def _rules(self, generation: Generation) -> _Rules:
        snapshot = read_snapshot(generation.path)
        return _Rules(snapshot, self._rule_search(generation, snapshot) if snapshot.ids else None)

    def _rule_search(self, generation: Generation, snapshot: Snapshot) -> RuleSearch:
        ranking = Ranking(
            (*snapshot.ids, *snapshot.decoys),
            store=self.generations.vectors(generation),
            collections=collections_of(generation),
            lexical=read_lexical(generation.lexical),
        )
        return RuleSearch(ranking, snapshot, read_topic_model(self.embedder.name))

    def _note_fingerprint(self, generation: Generation, manifest: RuleManifest) -> None:
        """Note that the corpus files changed in nothing but name or time; where nothing can be written, do without."""
        with suppress(OSError):
            generation.seal(replace(manifest, fingerprint=self.sources.fingerprint))

    def state(self, manifest: RuleManifest) -> State:
        """Name the state of a generation that can be read."""
        if manifest.embedder != self.sources.embedder:
            return "other-embedder"
        fresh = self.sources.made(manifest) or self.sources.equal(manifest)
        return "ready" if fresh else "stale"

    @staticmethod
    def _check_schema(generation: Generation) -> None:
        schema = generation.schema()
        if schema is not None and schema > RuleManifest.SCHEMA:
            known = RuleManifest.SCHEMA
            raise IndexUnavailable(
                f"{generation.path}：这个索引由更新版本的 ReplyGuide 建立（格式 {schema}，这里只认 {known}），"
                f"请升级 replyguide，或运行 replyguide index rebuild 重建"
            )
