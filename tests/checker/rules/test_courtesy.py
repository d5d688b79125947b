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
