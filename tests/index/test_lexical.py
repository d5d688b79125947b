"""BM25 over rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from replyguide.errors import IndexUnavailable
from replyguide.index.lexical import LexicalIndex, read_lexical, write_lexical
from replyguide.index.words import words

DOCUMENTS = ["开发票要不要加税点，发票什么时候寄", "发什么快递，几天能到", "信用卡能不能分期"]


@pytest.fixture
def lexical(tmp_path: Path) -> LexicalIndex:
    write_lexical(tmp_path / "lexical", DOCUMENTS)
    return read_lexical(tmp_path / "lexical")


def test_the_document_with_the_words_comes_first(lexical: LexicalIndex) -> None:
    assert lexical.scores(words("發票要加稅點嗎")).argmax() == 0
    assert lexical.scores(words("快递几天到")).argmax() == 1


def test_scores_lie_between_0_and_1_and_unknown_words_lower_them(lexical: LexicalIndex) -> None:
    alone = lexical.scores(words("发票"))[0]
    among_others = lexical.scores(words("发票和恐龙化石"))[0]

    assert 0 < among_others < alone <= 1


def test_the_scores_are_those_of_bm25s(lexical: LexicalIndex, tmp_path: Path) -> None:
    import bm25s

    said = words("发票和快递")
    theirs = bm25s.BM25.load(tmp_path / "lexical").get_scores(said)

    assert lexical.scores(said) / lexical.scores(said).max() == pytest.approx(theirs / theirs.max())


def test_a_word_said_twice_counts_once(lexical: LexicalIndex) -> None:
    assert lexical.scores(["发票", "发票"])[0] == pytest.approx(lexical.scores(["发票"])[0])


@pytest.mark.parametrize("said", [[], ["恐龙"]])
def test_without_a_known_word_all_scores_are_zero(lexical: LexicalIndex, said: list[str]) -> None:
    assert lexical.scores(said).tolist() == [0, 0, 0]


def test_a_missing_index_is_told_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="replyguide index rebuild"):
        read_lexical(tmp_path / "nowhere")
