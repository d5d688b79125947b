"""ReplyGuide as parts of a LangChain application."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import ValidationError

from replyguide import Copilot, Settings
from replyguide.errors import InputError, ReplyGuideError, SettingsError
from replyguide.index import Index, open_index
from replyguide.index.reading import read_texts
from replyguide.ingestion import ingest
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


def test_the_retriever_fills_a_prompt(retriever: ReplyGuideRetriever) -> None:
    def told(documents: list[Document]) -> str:
        return "\n".join(document.page_content for document in documents)

    prompt = ChatPromptTemplate.from_template("规则：{rules}\n买家：{question}")
    echo = RunnableLambda(lambda filled: filled.to_messages()[-1])
    chain = {"rules": retriever | told, "question": RunnablePassthrough()} | prompt | echo | StrOutputParser()
    said = chain.invoke("有发票吗")

    assert "INV-01" in said
    assert said.endswith("买家：有发票吗")


def test_the_retriever_answers_in_an_event_loop(retriever: ReplyGuideRetriever) -> None:
    documents = asyncio.run(retriever.ainvoke("退货运费谁出"))

    assert documents[0].metadata["topic"] == "return-freight"


def test_an_event_loop_goes_on_while_the_retriever_searches(
    offline_copilot: Copilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    search, searching, goes_on = offline_copilot.search, threading.Event(), threading.Event()

    def slow(question: str, k: int) -> object:
        searching.set()
        assert goes_on.wait(10), "the loop stood still"
        return search(question, k)

    monkeypatch.setattr(offline_copilot, "search", slow)

    async def both() -> list[Document]:
        asked = asyncio.ensure_future(ReplyGuideRetriever(copilot=offline_copilot).ainvoke("有发票吗"))
        while not (searching.is_set() or asked.done()):
            await asyncio.sleep(0.01)
        assert searching.is_set()
        goes_on.set()
        return await asked

    assert asyncio.run(both())[0].id == "invoice-have"


def test_questions_at_the_same_time_open_the_index_once(
    retriever: ReplyGuideRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    def counted(settings: Settings, *, progress: Any = None) -> Index:
        opened.append(settings)
        return open_index(settings, progress=progress)

    monkeypatch.setattr("replyguide.index.open_index", counted)
    retriever.batch(["有发票吗", "包邮吗", "可以退吗", "几天到"])

    assert len(opened) == 1


def test_an_opened_copilot_is_searched_as_it_is(offline_copilot: Copilot) -> None:
    index = offline_copilot.index
    found = ReplyGuideRetriever(k=2, copilot=offline_copilot).invoke("有发票吗")

    assert found[0].id == "invoice-have"
    assert offline_copilot.index is index


def test_each_shop_has_documents_of_its_own(shop_settings: Settings, tmp_path: Path) -> None:
    answers = tmp_path / "问答.txt"
    answers.write_text("问：枕头可以水洗吗\n答：亲，枕芯不能水洗，枕套可以拆下来手洗哦\n", encoding="utf-8")
    ingest(Copilot(replace(shop_settings, shop_id="pillows")), [answers])

    def sources(shop_id: str) -> set[str]:
        retriever = ReplyGuideRetriever(data_dir=shop_settings.data_dir, shop_id=shop_id)
        return {document.metadata["source"] for document in retriever.invoke("枕头可以水洗吗")}

    assert "问答.txt" in sources("pillows")
    assert "问答.txt" not in sources("books")


def test_the_shop_may_be_named_with_the_question(shop_settings: Settings) -> None:
    retriever = ReplyGuideRetriever(k=1, data_dir=shop_settings.data_dir)
    chain = retriever.configurable_fields(shop_id=ConfigurableField(id="shop"))

    assert chain.with_config(configurable={"shop": "toys"}).invoke("有发票吗")[0].id == "invoice-have"


def test_settings_given_twice_are_told_in_one_line(shared_data_dir: Path) -> None:
    with pytest.raises(SettingsError, match="copilot、settings、data_dir/shop_id 只能给一种"):
        ReplyGuideRetriever(settings=Settings(data_dir=shared_data_dir), shop_id="toys")


def test_an_empty_shop_is_not_the_default_one(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="shop_id"):
        ReplyGuideRetriever(data_dir=tmp_path, shop_id="")


def test_a_shop_that_is_no_name_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="店铺编号"):
        ReplyGuideRetriever(data_dir=tmp_path, shop_id="../other")


def test_an_unknown_field_is_refused() -> None:
    """A misspelt shop that is passed over would search the documents of another."""
    with pytest.raises(ValidationError, match="shopid"):
        ReplyGuideRetriever(shopid="toys")  # type: ignore[call-arg]


@pytest.mark.parametrize("k", [0, 51])
def test_a_number_of_hits_that_makes_no_sense_is_refused(k: int) -> None:
    with pytest.raises(ValidationError, match=r"ReplyGuideRetriever\nk"):
        ReplyGuideRetriever(k=k)


def test_an_index_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ReplyGuideError) as caught:
        ReplyGuideRetriever(data_dir=tmp_path / "file").invoke("有发票吗")
    assert "\n" not in str(caught.value)


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
