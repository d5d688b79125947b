"""A word is negated or not before anything else looks at it."""

from __future__ import annotations

import pytest

from replyguide.checker.language.lexicon import Lexicon
from replyguide.checker.language.reading import Reading

LEXICON = Lexicon(
    {
        "invoice": ["发票", "票"],
        "contact": ["微信", "qq"],
        "have": ["有", "有的"],
        "lack": ["没有"],
        "can": ["支持", "可以"],
        "issue": ["开", "提供"],
        "shield": ["qq糖", "打开"],
    },
    frozenset({"invoice", "contact"}),
)


def polarity(text: str, word: str) -> bool:
    reading = Reading(text, LEXICON)
    return next(token.is_negated for token in reading.tokens if reading.folded.text[token.start : token.end] == word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("不支持的", "支持"),
        ("发票开不了", "开"),
        ("我们没有微信哦", "微信"),
        ("微信转账我们是不支持的", "微信"),
        ("暂时就不提供啦", "提供"),
        ("不会让您加微信的", "微信"),
        ("发票就不提供了", "发票"),
        ("哪能让您加微信呢", "微信"),
        ("谈不上支持", "支持"),
    ],
)
def test_a_negated_word_is_known_as_negated(text: str, word: str) -> None:
    assert polarity(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("不是不支持", "支持"),
        ("发票可以开", "开"),
        ("没有QQ请加微信", "微信"),
        ("不好意思可以加微信", "微信"),
        ("能不能提供", "提供"),
        ("没问题，提供的", "提供"),
        ("可以爱不释手", "可以"),
        ("怎么会不支持呢", "支持"),
        ("发票开着不麻烦的", "开"),
        ("没有的话我给您提供", "提供"),
        ("身体不适请提供", "提供"),
    ],
)
def test_a_word_out_of_reach_of_a_negator_stays_affirmed(text: str, word: str) -> None:
    assert not polarity(text, word)


def test_a_word_inside_a_longer_word_does_not_count() -> None:
    assert [{"shield"}] == [set(token.classes) for token in Reading("qq糖", LEXICON).tokens]


def test_latin_words_count_only_whole() -> None:
    assert Reading("qqx", LEXICON).tokens == ()


def test_a_question_and_a_condition_are_marked() -> None:
    clauses = Reading("有发票吗，如果没有，我们补开", LEXICON).clauses
    assert [(c.is_question, c.is_conditional) for c in clauses] == [(True, False), (False, True), (False, False)]


def test_a_clause_without_any_edge_is_cut_so_that_cost_stays_linear() -> None:
    assert max(len(clause.text) for clause in Reading("不开" * 5000, LEXICON).clauses) <= 160


def test_what_is_left_open_is_neither_affirmed_nor_denied() -> None:
    reading = Reading("发票开不开都随您", LEXICON)
    assert [token.is_quoted for token in reading.tokens if "issue" in token.classes] == [True, True]


def test_a_claim_in_quotation_marks_is_what_the_clause_after_it_answers() -> None:
    reading = Reading("“不要票便宜十块”我们这里没有的", LEXICON)
    assert reading.quotes(reading.clauses[-1])


def test_a_thing_in_quotation_marks_is_no_claim() -> None:
    reading = Reading("“七天无理由”我们这里没有的", LEXICON)
    assert not reading.quotes(reading.clauses[-1])


def test_a_shield_is_a_word_of_its_own() -> None:
    reading = Reading("打开", LEXICON)
    assert reading.residue(reading.clauses[0]) == 2


def test_a_pattern_finds_no_character_of_a_compound() -> None:
    lexicon = Lexicon({"change": ["/改/"], "compound": ["改善"]}, frozenset())
    assert [hit.classes for hit in lexicon.find("改善了就改")] == [{"compound"}, {"change"}]
