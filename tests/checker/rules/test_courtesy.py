"""The manner of a reply: curt is told from short, and what is politely said from what is not."""

from __future__ import annotations

import pytest

from replyguide.checker.language.lexicon import Lexicon
from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.courtesy import manner_span

LEXICON = Lexicon({"have": ["有"]}, frozenset())


@pytest.mark.parametrize("text", ["亲，有的呢", "您好，能拍"])
def test_a_comma_counts_as_one_of_the_five_characters(text: str) -> None:
    assert manner_span("too_short", Reading(text, LEXICON)) is None


@pytest.mark.parametrize("text", ["有货。", "带的", "能拍的。。。"])
def test_stops_at_the_end_do_not_lengthen_a_reply(text: str) -> None:
    assert manner_span("too_short", Reading(text, LEXICON)) is not None


def test_a_bare_interjection_is_named_as_such_and_not_as_short() -> None:
    reading = Reading("嗯嗯", LEXICON)
    assert manner_span("too_short", reading) is None
    assert manner_span("interjection", reading) == (0, 2)


@pytest.mark.parametrize(
    "text", ["老板好呀，有货的", "宝，有货的呢", "大姐好，有货的", '{"code":0,"text":"亲，有货的呢"}']
)
def test_any_address_at_the_start_is_an_opening(text: str) -> None:
    assert manner_span("no_opening", Reading(text, LEXICON)) is None


@pytest.mark.parametrize("text", ["做工还好，可以看看", "宝贝有货，可以拍"])
def test_a_word_that_ends_like_a_greeting_is_none(text: str) -> None:
    assert manner_span("no_opening", Reading(text, LEXICON)) is not None
