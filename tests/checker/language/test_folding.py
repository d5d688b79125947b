"""Folding undoes how a text is dressed, and never loses where a character came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replyguide.checker.language.folding import fold


@pytest.mark.parametrize(
    ("dressed", "plain"),
    [
        ("發票", "发票"),
        ("ＱＱ", "qq"),
        ("Q\u2060Q", "qq"),
        ("微\u200b信", "微信"),
        ("3️⃣个点", "3个点"),
        ("①②③", "123"),
        ("拆*封*不*退", "拆封不退"),
        ("关 闭 交 易", "关闭交易"),
        ("微-信", "微信"),
        ("𝐐𝐐", "qq"),
    ],
)
def test_a_dressed_word_reads_as_the_plain_one(dressed: str, plain: str) -> None:
    assert plain == fold(dressed).text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("您好 信用卡可以用的 手续费不收", "您好，信用卡可以用的，手续费不收"),
        ("好的😊谢谢", "好的，谢谢"),
        ("有的。发货吗？", "有的。发货吗？"),
        ("a good day", "a good day"),
        ("3-5天", "3-5天"),
        ("0.8%", "0.8%"),
        ("VX-200", "vx-200"),
    ],
)
def test_clause_edges_and_latin_words_survive_folding(text: str, folded: str) -> None:
    assert folded == fold(text).text


def test_a_span_points_at_the_original_characters() -> None:
    folded = fold("亲，加我微\u200b信哦")
    start = folded.text.index("微信")
    low, high = folded.original_span(start, start + 2)
    assert folded.original[low:high] == "微\u200b信"


def test_quotation_marks_are_remembered() -> None:
    folded = fold("同事说“爱买不买”确实不对")
    start = folded.text.index("爱买")
    assert folded.is_quoted(start, start + 4)
    assert not folded.is_quoted(0, 2)


@given(st.text(max_size=200))
def test_any_text_folds_to_characters_that_know_their_origin(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert list(folded.starts) == sorted(folded.starts)
