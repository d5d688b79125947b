"""A second look at the best hits by a cross-encoder, which reads question and text together. Off unless configured.

It costs a pass of its model for every candidate; what it gains depends on the model, so measure it on your questions
(`replyguide eval`). The rules to answer with are chosen without it: an answer shall not depend on what a model likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from replyguide.errors import EmbedderError, SettingsError
from replyguide.index.hit import Hit
from replyguide.index.model_embedders import sentence_transformers
from replyguide.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# Candidates that get a second look, and what it counts beside the first: half, so that neither decides alone.
_LOOKED_AT = 20
_SHARE = 0.5
# Characters of a text that the model reads; such models take some 512 pieces of words, the question included.
_LONGEST = 400


class Reranker(Protocol):
    """Scores texts for a question, 0..1 each; `name` tells which model does. Failures are `EmbedderError`."""

    @property
    def name(self) -> str: ...

    def scores(self, question: str, texts: Sequence[str]) -> list[float]: ...


def open_reranker(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings name, `None` if they name none; an unknown kind is a `SettingsError`."""
    if settings.reranker is None:
        return None
    kind, _, model = settings.reranker.partition(":")
    if kind != "sentence-transformers" or not model:
        raise SettingsError(
            f"不认识的重排模型 {settings.reranker}，REPLYGUIDE_RERANKER 应是 sentence-transformers:模型名或路径"
        )
    return SentenceTransformersReranker(model)


def reranked(reranker: Reranker, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with new scores, the best candidates first; the others never stand above them.

    A cross-encoder that thinks little of all it reads lowers those scores; what it has not read gains nothing by that.
    """
    ordered = sorted(hits, key=lambda hit: -hit.score)
    looked_at, rest = ordered[:_LOOKED_AT], ordered[_LOOKED_AT:]
    if not looked_at:
        return rest
    texts = [f"{hit.title}\n{hit.text}"[:_LONGEST] for hit in looked_at]
    scores = reranker.scores(question, texts)
    second = [
        replace(hit, score=round((1 - _SHARE) * hit.score + _SHARE * score, 4))
        for hit, score in zip(looked_at, scores, strict=True)
    ]
    lowest = min(hit.score for hit in second)
    below = [replace(hit, score=min(hit.score, lowest)) for hit in rest]
    return [*sorted(second, key=lambda hit: -hit.score), *below]


class SentenceTransformersReranker:
    """A cross-encoder of sentence-transformers from a local folder (no network is touched) or from the hub."""

    def __init__(self, model: str) -> None:
        self._source = model
        self._is_local = Path(model).expanduser().is_dir()

    @property
    def name(self) -> str:
        """The kind and the model, as configured."""
        return f"sentence-transformers/{self._source}"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Score texts for a question; the model is loaded by the first call."""
        # First, since it is the model that tells of a missing package; torch comes with it.
        model = self._model
        from torch.nn import Sigmoid

        pairs = [(question, text) for text in texts]
        return [float(one) for one in model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False)]

    @cached_property
    def _model(self) -> CrossEncoder:
        with sentence_transformers(is_local=self._is_local):
            from sentence_transformers import CrossEncoder
        source = str(Path(self._source).expanduser()) if self._is_local else self._source
        try:
            model: CrossEncoder = CrossEncoder(source, num_labels=1, local_files_only=self._is_local)
        except Exception as error:  # noqa: BLE001  # the loaders below raise whatever they like
            reason = str(error).strip().splitlines() or [type(error).__name__]
            raise EmbedderError(f"重排模型 {self._source} 加载失败（{reason[0]}），请检查名称或路径") from None
        if not _has_own_head(model):
            raise EmbedderError(f"{self._source} 不是交叉编码器，不能用来重排，请把 REPLYGUIDE_RERANKER 换成重排模型")
        return model


def _has_own_head(model: CrossEncoder) -> bool:
    """Tell whether the layer that scores was read with the model.

    On a plain encoder, such as an embedding model, the library puts one with weights by chance, and only warns.
    """
    architectures = model.config.architectures if model.config is not None else None
    return architectures is not None and type(model.model).__name__ in architectures
