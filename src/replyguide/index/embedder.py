"""What turns text into vectors: the protocol, and the choice among the three kinds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from replyguide.errors import SettingsError
from replyguide.settings import Settings

if TYPE_CHECKING:
    from replyguide.index.builtin_embedder import BuiltinEmbedder

CHOICES = "builtin、sentence-transformers:模型名或路径、openai:模型名"


class Embedder(Protocol):
    """A sentence encoder, usable wherever LangChain takes `Embeddings`.

    Vectors have length 1 and `dimension` numbers. `name` tells which vectors may be compared: two embedders of the
    same name give the same vectors. Failures are `EmbedderError`.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name; its model is loaded by its first use.

    An unknown name is a `SettingsError`, a package or model that is missing an `EmbedderError`.
    """
    kind, _, model = settings.embedder.partition(":")
    if kind == "builtin" and not model:
        return _builtin(settings.data_dir / "cache")
    if kind == "sentence-transformers" and model:
        from replyguide.index.model_embedders import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(model)
    if kind == "openai" and model:
        from replyguide.index.model_embedders import OpenAIEmbedder

        return OpenAIEmbedder(model, base_url=settings.openai_base_url, key=settings.openai_api_key)
    raise SettingsError(f"不认识的向量模型 {settings.embedder}，REPLYGUIDE_EMBEDDER 可用的有 {CHOICES}")


@cache
def _builtin(folder: Path) -> BuiltinEmbedder:
    """Return the one of this process: a server with many shops holds its weights, 45 MB, once."""
    from replyguide.index.builtin_embedder import BuiltinEmbedder

    return BuiltinEmbedder(folder)
