"""Embedders that the user brings: any sentence-transformers model, or any OpenAI-compatible endpoint."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from replyguide.errors import EmbedderError

if TYPE_CHECKING:
    from langchain_openai import OpenAIEmbeddings
    from sentence_transformers import SentenceTransformer

# DashScope takes ten texts a request, the smallest limit of the endpoints in use.
_TEXTS_A_REQUEST = 10
# Below this size a model's file is its configuration and read as a whole; of larger ones the size tells enough.
_SMALL_FILE = 64 * 1024


@contextmanager
def sentence_transformers(*, is_local: bool) -> Iterator[None]:
    """Within, sentence-transformers may be imported; without the package it is an `EmbedderError`.

    For a model out of a folder no network is touched, and no telemetry is ever sent.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if is_local:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    try:
        yield
    except ImportError:
        raise EmbedderError(
            "没有安装 sentence-transformers，请运行 pip install 'replyguide[sentence-transformers]'"
        ) from None


class SentenceTransformersEmbedder:
    """A sentence-transformers model from a local folder (no network is touched) or from the hub."""

    def __init__(self, model: str) -> None:
        self._source = model
        self._folder = Path(model).expanduser() if Path(model).expanduser().is_dir() else None

    @property
    def name(self) -> str:
        """The hub's name, or the folder's name with a digest of the files in it.

        The version of the library is left out: the files decide the vectors, and an update of the library should not
        cost a rebuild.
        """
        if self._folder is None:
            return f"sentence-transformers/{self._source}"
        return f"sentence-transformers/{self._folder.resolve().name}@{_digest(self._folder)}"

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector; loads the model."""
        return len(self.embed_query("维度"))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed any number of texts."""
        vectors = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        return [[float(number) for number in vector] for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        """Embed one text."""
        return self.embed_documents([text])[0]

    @cached_property
    def _model(self) -> SentenceTransformer:
        with sentence_transformers(is_local=self._folder is not None):
            from sentence_transformers import SentenceTransformer
        source = self._source if self._folder is None else str(self._folder)
        try:
            return SentenceTransformer(source, local_files_only=self._folder is not None)
        except Exception as error:  # noqa: BLE001  # the loaders below raise whatever they like
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise EmbedderError(f"向量模型 {self._source} 加载失败（{reason[0]}），请检查名称或路径") from None


class OpenAIEmbedder:
    """A model behind an OpenAI-compatible `/embeddings` endpoint; `base_url` `None` is OpenAI's own."""

    def __init__(self, model: str, *, base_url: str | None, key: str | None) -> None:
        self._model_name = model
        self._base_url = base_url
        self._key = key

    @property
    def name(self) -> str:
        """The model's name; the endpoint is left out, since one model may be served in several places."""
        return f"openai/{self._model_name}"

    @cached_property
    def dimension(self) -> int:
        """Numbers in a vector; asks the endpoint."""
        return len(self.embed_query("维度"))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed any number of texts; an endpoint that fails or does not answer is an `EmbedderError`."""
        from openai import OpenAIError

        if not texts:
            return []
        try:
            vectors = self._client.embed_documents(texts)
        except (OpenAIError, ValueError, TypeError) as error:
            where = self._base_url if self._base_url is not None else "OpenAI 官方地址"
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise EmbedderError(
                f"向量模型 {self._model_name} 没有给出向量（{where}：{reason}），请检查 OPENAI_BASE_URL 和模型名"
            ) from None
        return [_unit(vector) for vector in vectors]

    def embed_query(self, text: str) -> list[float]:
        """Embed one text."""
        return self.embed_documents([text])[0]

    @cached_property
    def _client(self) -> OpenAIEmbeddings:
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        if self._key is None and self._base_url is None:
            raise EmbedderError(f"向量模型 openai:{self._model_name} 没有密钥，请设置 OPENAI_API_KEY")
        return OpenAIEmbeddings(
            model=self._model_name,
            openai_api_base=self._base_url,
            # Local servers want no key, but the client wants a text.
            openai_api_key=SecretStr(self._key if self._key is not None else "none"),
            chunk_size=_TEXTS_A_REQUEST,
            # Only OpenAI's own models can be counted in tokens beforehand, with a vocabulary from the network.
            check_embedding_ctx_length=False,
        )


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        if size < _SMALL_FILE:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(number * number for number in vector))
    return [number / length for number in vector] if length > 0 else vector
