"""The mechanical disguises: each changes the characters and keeps the words."""

from __future__ import annotations

import unicodedata

import pytest

from replyguide.checker.disguising import DISGUISES
from replyguide.checker.proving import MUST_BE_UNDONE

REPLY = "亲，加我QQ12345，开不了发票的哦"


def test_every_technique_that_must_be_undone_exists() -> None:
    assert set(MUST_BE_UNDONE) <= set(DISGUISES)
    assert len(MUST_BE_UNDONE) >= 5


@pytest.mark.parametrize("technique", DISGUISES)
def test_a_disguise_changes_the_reply_the_same_way_each_time(technique: str) -> None:
    disguise = DISGUISES[technique]
    assert disguise(REPLY) != REPLY
    assert disguise(REPLY) == disguise(REPLY)


@pytest.mark.parametrize("technique", ["zero-width", "spaced", "full-width", "emoji", "one-per-line"])
def test_the_words_are_still_there(technique: str) -> None:
    kept = [character for character in DISGUISES[technique](REPLY) if unicodedata.category(character)[0] in "LN"]
    assert unicodedata.normalize("NFKC", "".join(kept)) == "亲加我QQ12345开不了发票的哦"
