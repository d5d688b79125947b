"""Asking for the opening of a match first: it never hides a match, and is only asked where it saves time."""

from __future__ import annotations

import re

import pytest

from replyguide.checker.language.prefilter import Requirements


@pytest.mark.parametrize(
    ("pattern", "opening"),
    [
        ("(?<!发)票", "票"),
        ("(?<=链接)拍|补拍", "拍补"),
        ("(?:发|开具)票|[收付]据", "发开收付"),
        ("(?:亲)?(?:有|没)票", "亲有没"),
        ("(?:不|没){0,2}收", "不没收"),
        ("(?=发票)[发收].", "发收"),
        ("(?<!a)[-\\]^]", "-]^"),
    ],
)
def test_a_pattern_is_asked_for_its_opening_first(pattern: str, opening: str) -> None:
    opened = Requirements().opened(pattern)
    assert opened == f"(?=[{re.escape(''.join(sorted(opening)))}])(?:{pattern})"
    assert re.compile(opened)


@pytest.mark.parametrize(
    "pattern",
    [
        "发票",
        "[开补]票",
        "(?:开|补)票",
        "(?<!发)[^票]",
        "(?<!1)\\d",
        "(?<!a).票",
        "(?<!亲)(?:哦)?",
        "(?i)(?<!a)q",
        "(?<!a)(?i:q)",
    ],
    ids=["plain", "set", "alternatives", "negated", "category", "anything", "empty", "flag", "inner-flag"],
)
def test_a_pattern_stays_as_it_is_where_that_saves_nothing_or_cannot_be_told(pattern: str) -> None:
    assert Requirements().opened(pattern) == pattern


def test_an_opening_survives_being_kept() -> None:
    requirements = Requirements()
    opened = requirements.opened("(?<!发)票")
    assert Requirements(requirements.as_json()).opened("(?<!发)票") == opened
