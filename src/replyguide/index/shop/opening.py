"""Opening the index of a shop's documents, if there is one."""

from __future__ import annotations

from typing import NamedTuple

from replyguide.errors import EmbedderMismatch, IndexUnavailable
from replyguide.index.generation import Generation, Generations
from replyguide.index.lexical import read_lexical
from replyguide.index.manifest import ShopManifest
from replyguide.index.places import shop_generations
from replyguide.index.shop.holding import HeldDocument
from replyguide.index.shop.holdings_file import HoldingsFile
from replyguide.index.shop.searching import ShopSearch
from replyguide.settings import Settings


def open_shop(generations: Generations, embedder: str) -> ShopSearch | None:
    """Open the live generation; `None` if nothing was ingested. One of another embedder is an `EmbedderMismatch`."""
    live = live_shop(generations)
    if live is None:
        return None
    generation, manifest = live
    if manifest.embedder != embedder:
        raise EmbedderMismatch(
            f"本店文档的索引由 {manifest.embedder} 建立，现在配置的是 {embedder}："
            f"请重新运行 replyguide ingest，或把 REPLYGUIDE_EMBEDDER 改回原来的"
        )
    if not manifest.passages:
        return None
    return ShopSearch(
        manifest,
        holdings=HoldingsFile(generation.path),
        vectors=generations.vectors(generation),
        lexical=read_lexical(generation.lexical),
    )


def live_shop(generations: Generations) -> tuple[Generation, ShopManifest] | None:
    """Return the live generation, `None` if nothing was ingested; one that cannot be read is `IndexUnavailable`."""
    generation = generations.current()
    if generation is None:
        return None
    manifest = generation.manifest(ShopManifest)
    if manifest is None:
        raise IndexUnavailable(
            f"{generation.path}：本店文档的索引坏了或由别的版本建立，请删除这个文件夹后重新运行 replyguide ingest"
        )
    return generation, manifest


class HeldByShop(NamedTuple):
    """What the index of a shop holds."""

    shop: str
    passages: int
    documents: tuple[HeldDocument, ...]


def held_by_shop(settings: Settings) -> HeldByShop:
    """Tell what the index of the shop in the settings holds, nothing if nothing was ingested."""
    live = live_shop(shop_generations(settings))
    if live is None:
        return HeldByShop(settings.shop_id, 0, ())
    return HeldByShop(settings.shop_id, live[1].passages, tuple(HoldingsFile(live[0].path).documents()))
