"""ReplyGuide as parts of a LangChain application: a retriever over its rules and documents, and its embedder.

from replyguide.langchain import ReplyGuideEmbeddings, ReplyGuideRetriever

chain = ReplyGuideRetriever(k=3) | as_text | prompt | model

This is the one module that imports LangChain when it is imported; nothing else here imports it.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from replyguide.copilot import Copilot
from replyguide.errors import SettingsError
from replyguide.index.embedder import Embedder, open_embedder
from replyguide.index.words import plain_words
from replyguide.settings import Settings, read_settings


class ReplyGuideRetriever(BaseRetriever):
    """Finds the rules, and passages of the shop's documents, that a buyer's question touches.

    A document's `page_content` is the text of a hit; its `metadata` are the hit's other fields (`id`, `topic`, `title`,
    `source`, `score` …) and `concern`, which tells that the hit is a rule to answer with. A question that cannot be
    searched is an `InputError`, an index that cannot be opened an `OutsideError`; both are one line.

    What is searched is told in one of three ways, more than one is a `SettingsError`: `data_dir` and `shop_id`, over
    `read_settings()`; whole `settings`; or an open `copilot`, shared with whatever else uses it. The index is opened by
    the first question, and once, however many are asked at the same time.
    """

    # A misspelt field that is passed over could search another shop's documents.
    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    #: How many hits.
    k: int = Field(default=5, ge=1, le=50)
    data_dir: Path | None = None
    #: Whose documents are searched beside the rules.
    shop_id: str | None = Field(default=None, min_length=1)
    settings: Settings | None = None
    copilot: Copilot | None = Field(default=None, repr=False, exclude=True)
    _copilot: Copilot = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Make the copilot that is asked; it opens nothing yet."""
        super().model_post_init(context)
        options = {"data_dir": self.data_dir, "shop_id": self.shop_id}
        has_options = any(option is not None for option in options.values())
        if [self.copilot is not None, self.settings is not None, has_options].count(True) > 1:
            raise SettingsError("ReplyGuideRetriever 的 copilot、settings、data_dir/shop_id 只能给一种，请去掉多余的")
        if self.copilot is not None:
            self._copilot = self.copilot
        else:
            self._copilot = Copilot(self.settings if self.settings is not None else read_settings(options))

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:  # noqa: ARG002  # theirs
        found = self._copilot.search(query, self.k)
        return [_document(hit.as_json(), is_concern=hit.id in found.concerns) for hit in found.hits]


class ReplyGuideEmbeddings(Embeddings):
    """The configured embedder, which reads texts as the index does: folded, initials and pinyin spelled out.

    Vectors have length 1; `name` tells which may be compared.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings if settings is not None else read_settings()

    @property
    def name(self) -> str:
        """The embedder's name with its version."""
        return self._embedder.name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed any number of texts."""
        return self._embedder.embed_documents([plain_words(text) for text in texts])

    def embed_query(self, text: str) -> list[float]:
        """Embed one text."""
        return self._embedder.embed_query(plain_words(text))

    @cached_property
    def _embedder(self) -> Embedder:
        return open_embedder(self._settings)


def _document(hit: dict[str, Any], *, is_concern: bool) -> Document:
    content = hit.pop("text")
    return Document(page_content=content, metadata={**hit, "concern": is_concern}, id=hit["id"])
