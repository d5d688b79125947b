"""A second look at the best hits by a real cross-encoder."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from replyguide.errors import EmbedderError, SettingsError
from replyguide.index import Index, open_index
from replyguide.index.hit import Hit
from replyguide.index.reranker import open_reranker, reranked
from replyguide.settings import Settings

needs_model = pytest.mark.skipif(find_spec("sentence_transformers") is None, reason="needs the `all` extra")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "发", "票", "有", "吗", "运", "费", "退", "货", "谁", "出"]


def make_hit(name: str, score: float, text: str = "发票") -> Hit:
    return Hit(name, "invoice", name, text, "000", "tmall", score, 0)


class Fixed:
    """Scores the hits by their text."""

    def __init__(self, scores: dict[str, float]) -> None:
        self._scores = scores

    def scores(self, _: str, texts: Any) -> list[float]:
        return [self._scores[text.split("\n")[0]] for text in texts]


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny cross-encoder: a real architecture with weights by chance."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross-encoder")
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


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


@needs_model
def test_a_real_cross_encoder_scores_between_nought_and_one(settings: Settings, cross_encoder: Path) -> None:
    reranker = open_reranker(replace(settings, reranker=f"sentence-transformers:{cross_encoder}"))
    assert reranker is not None
    scores = reranker.scores("有发票吗", ["发票", "运费", "退货谁出"])

    assert len(set(scores)) == 3
    assert all(0 < score < 1 for score in scores)


@needs_model
def test_a_search_with_a_cross_encoder_chooses_the_same_rules_to_answer_with(
    packaged: Index, shared_data_dir: Path, cross_encoder: Path
) -> None:
    configured = Settings(data_dir=shared_data_dir, reranker=f"sentence-transformers:{cross_encoder}")
    found = open_index(configured).search("退货运费谁出")
    alone = packaged.search("退货运费谁出")

    assert found.concerns == alone.concerns
    assert [hit.score for hit in found.hits] != [hit.score for hit in alone.hits]


@needs_model
def test_a_model_that_is_not_there_is_told_in_one_line(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    reranker = open_reranker(replace(settings, reranker=f"sentence-transformers:{tmp_path / 'empty'}"))
    assert reranker is not None

    with pytest.raises(EmbedderError, match=r"重排模型 .* 加载失败") as caught:
        reranker.scores("有发票吗", ["发票"])
    assert "\n" not in str(caught.value)
