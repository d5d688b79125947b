"""Ruling patterns out by the strings they require: never one that would have matched."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from replyguide.checker.language.folding import fold
from replyguide.checker.language.lexicon import PatternSet, WordHit, stretches
from replyguide.checker.language.prefilter import Requirements
from replyguide.evals.cases import read_replies
from replyguide.resources import packs_folder, shelf
from replyguide.yaml_source import parse_yaml


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("发票", [[{"发票"}]]),
        ("发票|水单", [[{"发票"}], [{"水单"}]]),
        ("(?:发票|水单)", [[{"发票"}], [{"水单"}]]),
        ("您.{0,3}常识", [[{"常识"}, {"您"}]]),
        ("[开补]具?发票", [[{"发票"}, {"开", "补"}]]),
        ("补(?=发票)", [[{"发票"}, {"补"}]]),
        ("(?<=发)票", [[{"发"}, {"票"}]]),
        ("(?<!发)票", [[{"票"}]]),
        ("(?:收据)*票", [[{"票"}]]),
        ("发票|\\d+", None),
        ("(?i)qq", None),
        ("(?:收据)?", None),
    ],
)
def test_every_way_to_match_names_what_must_be_there(pattern: str, ways: list[list[set[str]]] | None) -> None:
    found = Requirements().ways(pattern)
    assert (None if found is None else [[set(group) for group in way] for way in found]) == ways


def test_a_second_group_that_nearly_every_reply_holds_is_left_out() -> None:
    assert Requirements().ways("[的您亲哦]发票") == [({"发票"},)]


def test_what_is_known_survives_being_kept() -> None:
    requirements = Requirements()
    for pattern in ("您.{0,3}常识|发票", "\\d+"):
        requirements.ways(pattern)
    kept = Requirements(json.loads(json.dumps(requirements.as_json())))
    assert kept.of("您.{0,3}常识|发票") == requirements.of("您.{0,3}常识|发票") == {"常识", "发票"}
    assert kept.of("\\d+") is None


@pytest.mark.parametrize(
    ("text", "found"), [("您这点常识", ["您这点常识"]), ("常识您", []), ("水单", ["水单"]), ("您", [])]
)
def test_a_pattern_with_two_groups_is_found_where_it_stands(text: str, found: list[str]) -> None:
    patterns = PatternSet({"您.{0,3}常识|水单": {"sneer"}}, Requirements())
    assert [text[hit.start : hit.end] for hit in patterns.find(text)] == found


def test_no_pattern_of_the_packs_is_ruled_out_where_it_matches() -> None:
    classes = {pattern: {pattern} for pattern in sorted(packed_patterns())}
    patterns = PatternSet(classes, Requirements())
    assert len(classes) > 500
    for case in read_replies(shelf("evals"), "dev")[::8]:
        text = fold(case.reply).text
        assert sorted(map(repr, patterns.find(text))) == sorted(map(repr, tried(classes, text)))


def packed_patterns() -> set[str]:
    """Return every pattern among the words of the packs."""
    documents = [parse_yaml(path.read_text("utf-8")) for path in packs_folder().rglob("*.yaml")]
    classes = [words for one in documents for part in ("objects", "words") for words in one.get(part, {}).values()]
    entries = {str(entry) for words in classes for entry in words}
    return {entry[1:-1] for entry in entries if len(entry) > 2 and entry[0] == entry[-1] == "/"}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def tried(classes: dict[str, set[str]], text: str) -> list[WordHit]:
    """Return the hits of every pattern, each tried on the whole text."""
    return [
        WordHit(match.start(), match.end(), frozenset(names))
        for pattern, names in classes.items()
        for start, end in stretches(text)
        for match in compiled(pattern).finditer(text, start, end)
        if match.end() > match.start()
    ]
