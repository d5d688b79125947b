"""A second look at the best hits by a real cross-encoder."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from replyguide.errors import EmbedderError, SettingsError
from replyguide.index import Index, open_index
from replyguide.index.hit import Hit
from replyguide.index.reranker import Reranker, open_reranker, reranked
from replyguide.settings import Settings

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "发", "票", "有", "吗", "运", "费", "退", "货", "谁", "出"]


def make_hit(name: str, score: float, text: str = "发票") -> Hit:
    return Hit(name, "invoice", name, text, "000", "tmall", score, 0)


class Fixed:
    """Scores the hits by their text."""

    name = "fixed"

    def __init__(self, scores: dict[str, float]) -> None:
        self._scores = scores

    def scores(self, _: str, texts: Any) -> list[float]:
        return [self._scores[text.split("\n")[0]] for text in texts]


def put_model(folder: Path, *, with_head: bool = True, labels: int = 1) -> Path:
    """Write a tiny model with weights by chance into `folder`: a cross-encoder, or an encoder alone."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=labels,
        initializer_range=1.0,  # wide enough for scores that differ in what a hit's score shows
    )
    (BertForSequenceClassification if with_head else BertModel)(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny cross-encoder."""
    return put_model(tmp_path_factory.mktemp("cross-encoder"))


def real(folder: Path, settings: Settings) -> Reranker:
    reranker = open_reranker(replace(settings, reranker=f"sentence-transformers:{folder}"))
    assert reranker is not None
    return reranker


def test_without_a_setting_there_is_no_second_look(settings: Settings) -> None:
    assert open_reranker(settings) is None


@pytest.mark.parametrize("name", ["cohere:x", "sentence-transformers", "sentence-transformers:"])
def test_an_unknown_reranker_is_told_with_the_choice(settings: Settings, name: str) -> None:
    with pytest.raises(SettingsError, match="REPLYGUIDE_RERANKER 应是 sentence-transformers:模型名或路径"):
        open_reranker(replace(settings, reranker=name))


def test_both_looks_count_the_same() -> None:
    first, second = make_hit("first", 0.9), make_hit("second", 0.7)
    found = reranked(Fixed({"first": 0.1, "second": 0.9}), "有发票吗", [first, second])

    assert [(hit.id, hit.score) for hit in found] == [("second", 0.8), ("first", 0.5)]


def test_only_the_best_candidates_get_a_second_look() -> None:
    hits = [make_hit(f"h{n:02}", 1 - n / 100) for n in range(30)]
    found = reranked(Fixed({f"h{n:02}": 1.0 for n in range(20)}), "有发票吗", hits)

    assert [hit.score for hit in found[20:]] == [hit.score for hit in hits[20:]]


def test_what_got_no_second_look_never_stands_above_what_did() -> None:
    hits = [make_hit(f"h{n:02}", 1 - n / 100) for n in range(30)]
    found = reranked(Fixed({f"h{n:02}": 0.0 for n in range(20)}), "有发票吗", hits)

    assert min(hit.score for hit in found[:20]) >= max(hit.score for hit in found[20:])


@pytest.mark.sentence_transformers
def test_a_real_cross_encoder_scores_between_nought_and_one(settings: Settings, cross_encoder: Path) -> None:
    scores = real(cross_encoder, settings).scores("有发票吗", ["发票", "运费", "退货谁出"])

    assert len(set(scores)) == 3
    assert all(0 < score < 1 for score in scores)


@pytest.mark.sentence_transformers
def test_equal_hits_stand_in_the_order_of_a_real_cross_encoder(settings: Settings, cross_encoder: Path) -> None:
    reranker = real(cross_encoder, settings)
    hits = [make_hit(name, 0.5, text=name) for name in ("发票", "运费", "退货", "谁出")]
    scores = reranker.scores("有发票吗", [f"{hit.title}\n{hit.text}" for hit in hits])
    by_score = sorted(zip(scores, hits, strict=True), key=lambda pair: -pair[0])

    assert [hit.id for hit in reranked(reranker, "有发票吗", hits)] == [hit.id for _, hit in by_score]


@pytest.mark.sentence_transformers
def test_a_search_with_a_cross_encoder_chooses_the_same_rules_to_answer_with(
    packaged: Index, shared_data_dir: Path, cross_encoder: Path
) -> None:
    configured = Settings(data_dir=shared_data_dir, reranker=f"sentence-transformers:{cross_encoder}")
    found = open_index(configured).search("退货运费谁出")
    alone = packaged.search("退货运费谁出")

    assert found.concerns == alone.concerns
    assert [hit.score for hit in found.hits] != [hit.score for hit in alone.hits]


@pytest.mark.sentence_transformers
@pytest.mark.parametrize("name", ["empty", "missing/model"])
def test_a_model_that_is_not_there_is_told_in_one_line(settings: Settings, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(EmbedderError, match=r"重排模型 .* 加载失败") as caught:
        real(tmp_path / name, settings).scores("有发票吗", ["发票"])
    assert "\n" not in str(caught.value)


@pytest.mark.sentence_transformers
def test_an_encoder_without_a_ranking_head_is_refused(settings: Settings, tmp_path: Path) -> None:
    """The library would put a head with weights by chance on it, and the order would be one by chance."""
    folder = put_model(tmp_path / "encoder", with_head=False)

    with pytest.raises(EmbedderError, match="不是交叉编码器") as caught:
        real(folder, settings).scores("有发票吗", ["发票"])
    assert "\n" not in str(caught.value)


@pytest.mark.sentence_transformers
def test_a_classifier_of_several_classes_is_refused(settings: Settings, tmp_path: Path) -> None:
    folder = put_model(tmp_path / "classifier", labels=3)

    with pytest.raises(EmbedderError, match="加载失败") as caught:
        real(folder, settings).scores("有发票吗", ["发票"])
    assert "\n" not in str(caught.value)


def test_without_the_package_the_command_that_installs_it_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sentence_transformers", "torch", "torch.nn"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(EmbedderError, match=r"pip install 'replyguide\[sentence-transformers\]'"):
        real(Path("any"), settings).scores("有发票吗", ["发票"])


def test_a_reranker_is_named_without_loading_it(settings: Settings) -> None:
    assert real(Path("BAAI/bge-reranker-v2-m3"), settings).name == "sentence-transformers/BAAI/bge-reranker-v2-m3"
