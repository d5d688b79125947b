"""Where indexes lie: in the data folder, or on a Chroma server with a copy in the data folder.

index/                       the packaged rules
shops/SHOP/                  the documents of a shop
servers/SERVER/SHELF/        copies of what lies on a server
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from replyguide.index.freshness import Sources
from replyguide.index.generation import EMBEDDED, Generations
from replyguide.settings import Settings


def place_of_vectors(settings: Settings) -> str:
    """Name the place as manifests do: `embedded` or the URL of a server."""
    return settings.chroma_url if settings.chroma_url is not None else EMBEDDED


def rule_generations(settings: Settings, sources: Sources) -> Generations:
    """Return the generations of the packaged rules.

    On a server every version of the rules and of the code that reads them has its own shelf: machines of two versions
    would replace each other's index for ever.
    """
    if settings.chroma_url is None:
        return Generations(settings.data_dir / "index")
    return _shared(settings, settings.chroma_url, f"rules-{sources.key}")


def shop_generations(settings: Settings) -> Generations:
    """Return the generations of the documents of the shop in the settings."""
    if settings.chroma_url is None:
        return Generations(settings.data_dir / "shops" / settings.shop_id)
    return _shared(settings, settings.chroma_url, f"shop-{settings.shop_id}")


def _shared(settings: Settings, url: str, shelf: str) -> Generations:
    from replyguide.index.shared_generations import SharedGenerations

    return SharedGenerations(_copies(settings.data_dir, url) / shelf, url, shelf)


def _copies(data_dir: Path, url: str) -> Path:
    return data_dir / "servers" / hashlib.sha256(url.encode()).hexdigest()[:8]
