"""ReplyGuide as parts of a LangChain application."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore

from replyguide import Settings
from replyguide.errors import InputError
from replyguide.index import Index
from replyguide.index.reading import read_texts
from replyguide.langchain import ReplyGuideEmbeddings, ReplyGuideRetriever


@pytest.fixture
def retriever(shared_data_dir: Path) -> ReplyGuideRetriever:
    return ReplyGuideRetriever(k=3, settings=Settings(data_dir=shared_data_dir))


@pytest.fixture
def embeddings(shared_data_dir: Path) -> ReplyGuideEmbeddings:
    return ReplyGuideEmbeddings(Settings(data_dir=shared_data_dir))


def test_the_retriever_gives_hits_as_documents(retriever: ReplyGuideRetriever) -> None:
    documents = retriever.invoke("有发票吗")

    assert isinstance(retriever, BaseRetriever)
    assert len(documents) == 3
    first = documents[0]
    assert (first.id, first.metadata["id"], first.metadata["topic"]) == ("invoice-have", "invoice-have", "invoice")
    assert first.metadata["concern"] is True
    assert "INV-01" in first.page_content
    assert "text" not in first.metadata


def test_the_retriever_is_a_part_of_a_chain(retriever: ReplyGuideRetriever) -> None:
    def titles(documents: list[Document]) -> list[str]:
        return [document.metadata["title"] for document in documents]

    chain = retriever | RunnableLambda(titles)
    assert [len(found) for found in chain.batch(["有发票吗", "包邮吗"])] == [3, 3]


def test_the_retriever_answers_in_an_event_loop(retriever: ReplyGuideRetriever) -> None:
    documents = asyncio.run(retriever.ainvoke("退货运费谁出"))

    assert documents[0].metadata["topic"] == "return-freight"


def test_a_question_without_words_is_one_line(retriever: ReplyGuideRetriever) -> None:
    with pytest.raises(InputError, match="问题是空的"):
        retriever.invoke("  ")


def test_the_embedder_compares_with_what_the_index_holds(embeddings: ReplyGuideEmbeddings, packaged: Index) -> None:
    (read,) = read_texts(["FP有吗"], packaged.embedder)

    assert isinstance(embeddings, Embeddings)
    assert embeddings.name == packaged.embedder.name
    assert embeddings.embed_query("FP有吗") == read.vector.tolist()
    assert embeddings.embed_query("發票有嗎") == embeddings.embed_documents(["发票有吗"])[0]


def test_the_embedder_fills_a_vector_store(embeddings: ReplyGuideEmbeddings) -> None:
    store = InMemoryVectorStore.from_texts(["发票在交易成功后寄出", "退货的邮费由买家承担", "枕套可以手洗"], embeddings)

    assert store.similarity_search("枕头能洗吗", k=1)[0].page_content == "枕套可以手洗"


@pytest.mark.skipif(find_spec("langchain_chroma") is None, reason="needs langchain-chroma")
def test_the_embedder_fills_langchains_own_chroma(embeddings: ReplyGuideEmbeddings, tmp_path: Path) -> None:
    from langchain_chroma import Chroma

    store = Chroma.from_texts(["发票在交易成功后寄出", "枕套可以手洗"], embeddings, persist_directory=str(tmp_path))

    assert store.similarity_search("开票吗", k=1)[0].page_content == "发票在交易成功后寄出"
