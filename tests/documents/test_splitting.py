"""Splitting: articles, lists of all kinds, questions and answers, runs without a break."""

from __future__ import annotations

import pytest

from replyguide.documents.cleaning import clean
from replyguide.documents.document import Piece
from replyguide.documents.splitting import split
from replyguide.documents.splitting.lengths import LONGEST
from replyguide.documents.stretch import Source

ONE, TWO = "商家要给付款的买家开具发票，不得拒绝。", "买家自己关闭订单，客服不得代为操作。"


def pieces(*lines: str) -> list[Piece]:
    source = Source("\n".join(lines), ())
    return split(clean(source).lines, source.text)[0]


def texts(*lines: str) -> list[str]:
    return [piece.text for piece in pieces(*lines)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1、", "2、"),
        ("1.", "2."),
        ("1丶", "2丶"),
        ("1:", "2:"),
        ("（1）", "（2）"),
        ("〔一〕", "〔二〕"),
        ("①", "②"),
        ("•", "•"),
        ("·", "·"),
        ("a)", "b)"),
        ("- ", "- "),
    ],
)
def test_list_items_of_every_kind_of_mark_are_pieces(first: str, second: str) -> None:
    found = pieces(first + ONE, second + TWO)

    assert [(piece.kind, piece.text) for piece in found] == [("item", ONE), ("item", TWO)]


def test_articles_keep_their_numbers() -> None:
    found = pieces(f"第一条 {ONE}", f"第二条 {TWO}")

    assert [(piece.kind, piece.text) for piece in found] == [
        ("article", f"第一条 {ONE}"),
        ("article", f"第二条 {TWO}"),
    ]


def test_articles_in_one_line_are_cut_and_mentions_of_others_are_not() -> None:
    assert texts(f"第一条{ONE}第二条{TWO}违反第一条的按前款处理。") == [
        f"第一条{ONE}",
        f"第二条{TWO}违反第一条的按前款处理。",
    ]


def test_a_whole_list_in_one_line_is_cut_where_its_numbers_count_on() -> None:
    sentence = "满600元可以分期，2.5折的不参加，1.2米以下的免邮费。"

    assert texts(f"1、{ONE}2、{TWO}") == [ONE, TWO]
    assert texts(sentence) == [sentence]


def test_a_conversation_gives_questions_with_their_answers() -> None:
    found = pieces("问：有发票吗？答：有的，随货寄出。问：包邮吗？答：全店包邮。")

    assert [(piece.kind, piece.question, piece.text) for piece in found] == [
        ("answer", "有发票吗？", "有的，随货寄出。"),
        ("answer", "包邮吗？", "全店包邮。"),
    ]


def test_questions_and_answers_on_lines_of_their_own_belong_together() -> None:
    found = pieces("买家：可以便宜点吗", "客服：亲，已经是活动价了哦")

    assert [(piece.question, piece.text) for piece in found] == [("可以便宜点吗", "亲，已经是活动价了哦")]


def test_what_a_handbook_tells_the_agent_about_an_answer_is_no_part_of_it() -> None:
    found = pieces("问：有没有发票", "答：有发票(回答没有扣6分)")

    assert [(piece.kind, piece.text) for piece in found] == [("answer", "有发票"), ("passage", "(回答没有扣6分)")]


def test_headings_stand_above_what_follows() -> None:
    (piece,) = pieces("# 客服手册", "一、发票", f"1. {ONE}")

    assert piece.heading == "客服手册 > 发票"


def test_a_long_passage_is_cut_where_sentences_end() -> None:
    long = "".join(f"这是第{number}句话，说的是第{number}件事情。" for number in range(120))
    found = texts(long)

    assert "".join(found) == long
    assert all(len(text) <= LONGEST and text.endswith("。") for text in found)


def test_short_items_of_a_list_stay_together() -> None:
    assert texts("1、发票(6分)", "2、包邮(4分)", "3、信用卡(4分)") == ["发票(6分)\n包邮(4分)\n信用卡(4分)"]
