"""What the second layer sees of a reply: characters without politeness, in windows of bounded length."""

from __future__ import annotations

import pytest

from replyguide.checker import load_checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.likeness.ngrams import question_grams, reply_grams, windows, without_politeness

LEXICON = load_checker(second_layer=False).packs.lexicon


def seen(reply: str) -> list[str]:
    return [window.text for window in windows(Reading(reply, LEXICON).clauses)]


def test_politeness_is_not_seen() -> None:
    assert seen("亲亲您好，这批票要另外算钱哦，感谢您的理解~") == ["这批票要另外算钱"]


@pytest.mark.parametrize("kept", ["支持信用卡", "您理解得没错"])
def test_words_of_thanks_count_where_they_give_no_thanks(kept: str) -> None:
    assert without_politeness(kept) == kept


def test_a_short_reply_is_one_window_with_its_clauses_parted() -> None:
    assert seen("票开不了，机器坏了") == ["票开不了|机器坏了"]


def test_a_long_reply_is_seen_in_windows_of_some_sixty_characters_that_leave_nothing_out() -> None:
    clauses = [f"第{number}句说的是这件衣服的做工" for number in range(1, 30)]
    found = seen("，".join(clauses))
    assert all(len(text) <= 60 + text.count("|") for text in found)
    assert {clause for text in found for clause in text.split("|")} == set(clauses)


@pytest.mark.parametrize("reply", ["", "亲哦", "有的", "Yes, we accept credit cards, no extra fee at all", "😀😀😀"])
def test_what_says_too_little_or_is_not_chinese_is_not_seen(reply: str) -> None:
    assert seen(reply) == []


def test_the_cost_grows_with_the_length_only() -> None:
    runs = [sum(len(reply_grams(w)) for w in windows(Reading("票开不了，" * n, LEXICON).clauses)) for n in (200, 2000)]
    assert runs[1] < 12 * runs[0]


def test_a_question_gives_runs_of_two_and_three_characters() -> None:
    assert question_grams("有发票") == {"有发", "发票", "有发票"}
