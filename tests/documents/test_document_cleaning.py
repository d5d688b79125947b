"""Cleaning: what is no part of a text goes, what was broken is put together, sound text stays as it is."""

from __future__ import annotations

import pytest

from replyguide.documents.cleaning import clean
from replyguide.documents.cleaning.characters import mended
from replyguide.documents.cleaning.wrong_characters import corrected
from replyguide.documents.stretch import Source, Stretch
from replyguide.resources import shelf

SOUND = "商家要给付款的买家开发票。"
NOTICES = (
    "合集下载",
    "相关文档",
    "最新文档",
    "Welcome To Download",
    "欢迎您的下载，资料仅供参考！",
    "1、下载文档前请自行甄别文档内容的完整性，平台不提供额外的编辑和内容补充等附加服务。",
    "3、如文档侵犯您的权益，请联系客服反馈，我们会尽快为您处理。",
    "- 格式:docx",
    "- 大小:3.72 KB",
    "• 文檔來源：用戶上傳",
    "發布時間:2022-03-23 12:45:33",
    "某某網小編為你整理了多篇相關的制度，但願對你有幫助，當然你在本網還可以找到更多。",
    "聲明：本文內容由互聯網用戶自發貢獻自行上傳，本網站不擁有所有權，也不承擔相關法律責任。",
)
FURNITURE = ("共7頁 第1頁", "第3页", "- 5 -", "12", "1-1.", "2-4-1", "精品文档", "精品文档优质文档 仅供学习", "？")
TEXT = (
    "发票可以在订单页面下载，电子发票下载后就能报销。",
    "买家收到商品7天内可以退货，不影响二次销售即可。",
    "侵权商品一律下架，买家举报的先核实再处理。",
    "版权类商品不支持七天无理由退货。",
    "1.有发票",
    "第三条 客服要在三十秒内回复。",
)


def cleaned(*lines: str) -> list[str]:
    return [line.text for line in clean(Source("\n".join(lines), ())).lines]


def reasons(*lines: str) -> list[str]:
    return [dropped.reason for dropped in clean(Source("\n".join(lines), ())).dropped]


@pytest.mark.parametrize("line", [*NOTICES, *FURNITURE])
def test_notices_of_download_sites_and_page_furniture_go(line: str) -> None:
    assert cleaned(SOUND, line) == [SOUND]


@pytest.mark.parametrize("line", TEXT)
def test_text_about_downloads_rights_and_numbers_stays(line: str) -> None:
    assert cleaned(SOUND, line) == [SOUND, line]


def test_a_dotted_table_of_contents_goes() -> None:
    assert reasons("目 錄", "第一章總則。。。。。。。。。。1", "總則的內容在這裡寫著。") == ["contents", "contents"]


def test_spam_ahead_of_the_title_goes() -> None:
    spam = "成人色情视频在线 无码"

    assert cleaned(spam, SOUND) == [SOUND]
    assert reasons(spam, SOUND) == ["spam"]


def test_a_short_line_that_comes_back_on_every_page_goes() -> None:
    head = "某某公司内部资料"

    assert cleaned(head, "第一页的正文写在这里。", head, "第二页的正文写在这里。", head) == [
        "第一页的正文写在这里。",
        "第二页的正文写在这里。",
    ]


def test_a_line_that_stood_before_goes() -> None:
    assert reasons("拒绝开具发票每次扣六分。", "其他的事情。", "拒绝开具发票每次扣六分。") == ["repeated"]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (["用", "户需要承诺提供真实的信息。"], ["用户需要承诺提供真实的信息。"]),
        (["用户应主动了", "解商品的价格和质量。"], ["用户应主动了解商品的价格和质量。"]),
        (["用户需保护好商品，并在售", "后过程中与商家沟通。"], ["用户需保护好商品，并在售后过程中与商家沟通。"]),
        (["发票问题", "1. 有发票的。"], ["发票问题", "1. 有发票的。"]),
        (["亲，有发票的哦", "", "亲，包邮的哦"], ["亲，有发票的哦", "亲，包邮的哦"]),
    ],
)
def test_hard_line_breaks_are_undone_and_titles_and_scripts_stay_apart(broken: list[str], whole: list[str]) -> None:
    assert cleaned(*broken) == whole


def test_pinyin_behind_a_character_goes_and_other_brackets_stay() -> None:
    text = "學(xué)習(xí)規(guī)章，价格(rmb)和型号（a）照写"

    assert mended(Stretch.whole(text)).text == "學習規章，价格(rmb)和型号（a）照写"


def test_what_a_conversion_has_lost_is_left_out_by_the_clause() -> None:
    broken = "質量問題我們?yōu)槟袚?，7天內可以退換。"

    assert cleaned(broken) == ["7天內可以退換。"]
    assert reasons(broken) == ["unreadable"]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("不得私自关闭，否那么每笔扣1分", "不得私自关闭，否则每笔扣1分"),
        ("客户问你们家几个随点", "客户问你们家几个税点"),
        ("这是一个陷井", "这是一个陷阱"),
        ("濤寶客服", "淘寶客服"),
    ],
)
def test_wrong_characters_are_put_right_where_nothing_else_makes_sense(wrong: str, right: str) -> None:
    assert corrected(Stretch.whole(wrong)).text == right


@pytest.mark.parametrize(
    "sound", ["标准那么高", "是否那么急", "按照成本价", "购置商品", "数据要准确", "合适信息", "提供效劳"]
)
def test_sound_words_that_look_like_wrong_ones_stay(sound: str) -> None:
    assert corrected(Stretch.whole(sound)).text == sound


def test_the_packaged_corpus_goes_through_untouched() -> None:
    texts = [path.read_text("utf-8") for path in sorted(shelf("corpus").rglob("*.md"))]
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]

    assert [line for line in lines if corrected(Stretch.whole(line)).text != line] == []


def test_a_line_remembers_where_it_stood() -> None:
    source = Source("前面有一行。\n規(guī)章在這裡寫著，很長的一行\n", ())
    (_, line) = clean(source).lines

    assert line.stretch.original(source.text) == "規(guī)章在這裡寫著，很長的一行"


def test_a_line_knows_its_page() -> None:
    source = Source.of_pages(["第一页的正文。", "第二页的正文。"])

    assert [(line.text, line.page) for line in clean(source).lines] == [("第一页的正文。", 1), ("第二页的正文。", 2)]
