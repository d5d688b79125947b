"""Personal data is hidden from a model, and comes back only where the reply may carry it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replyguide.drafting.masking import NOTHING, OWN_DATA, Masking, masked, personal_data
from replyguide.resources import shelf

LABELLED = [json.loads(line) for line in (shelf("evals") / "personal.dev.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我叫王小明，电话13800138000", "我叫[姓名1]，电话[电话1]"),
        ("地址是浙江省杭州市西湖区文三路55号3单元601，谢谢", "地址是[地址1]，谢谢"),
        ("订单号 1970835524610337712 到哪了", "订单号 [订单号1] 到哪了"),
        ("快递SF1403918827365到哪了", "快递[快递单号1]到哪了"),
        ("卡号6222 0212 3456 7890 128", "卡号[银行卡号1]"),
        ("身份证110101199003074518", "身份证[身份证号1]"),
        ("发到a.b@qq.com吧", "发到[邮箱1]吧"),
        ("加微信abc12345", "加微信[账号1]"),
        ("打一三八零零一三八零零零", "打[电话1]"),
        ("親，我是陳怡君，手機0912345678", "親，我是[姓名1]，手機[电话1]"),
    ],
)
def test_every_kind_gets_its_placeholder(text: str, hidden: str) -> None:
    assert masked(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "发到新疆包邮吗",
        "我在上海，48小时内发货吗，7天无理由怎么算",
        "这款199元，满300减40",
        "打12315还是打95338",
        "iPhone15 256G 有货吗，条码6901234567892",
        "我是白领，马上要用",
        "2026年11月25日之前能到吗",
        "支付宝付了没反应，微信支付行不行",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert masked(text) == text


def test_the_same_data_has_the_same_placeholder_however_it_is_written() -> None:
    masking = Masking()
    assert masking.hide("打13800138000") == "打[电话1]"
    assert masking.hide("是138-0013-8000，不是13900139000") == "是[电话1]，不是[电话2]"


def test_what_is_allowed_comes_back_as_it_was_written() -> None:
    masking = Masking()
    masking.hide("地址文昌街23号2单元601，电话138-0013-8000")
    restored = masking.restored("亲，给您寄到[地址1]，电话【电话 1】哦", OWN_DATA)
    assert (restored.text, restored.withheld) == ("亲，给您寄到文昌街23号2单元601，电话138-0013-8000哦", ())


@pytest.mark.parametrize("draft", ["亲，地址是[地址1]哦", "亲，打［电话７］哦", "亲，（姓名1）您好"])
def test_what_is_not_allowed_or_was_never_given_is_withheld(draft: str) -> None:
    masking = Masking()
    masking.hide("地址文昌街23号2单元601，收件人王小明")
    assert masking.restored(draft, NOTHING).withheld != ()


def test_a_draft_without_placeholders_is_unchanged() -> None:
    assert Masking().restored("亲，有的哦", NOTHING).text == "亲，有的哦"


def test_of_the_labelled_data_nearly_all_is_found_and_nearly_nothing_else() -> None:
    wanted = found = told = right = 0
    for case in LABELLED:
        spans = [(one.start, one.end) for one in personal_data(case["text"])]
        hidden = {at for start, end in spans for at in range(start, end)}
        labelled = [(one["start"], one["end"]) for one in case["personal"]]
        wanted += len(labelled)
        found += sum(set(range(*span)) <= hidden for span in labelled)
        told += len(spans)
        right += sum(any(start < other[1] and other[0] < end for other in labelled) for start, end in spans)
    assert (found / wanted >= 0.95, right / told >= 0.97) == (True, True)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_whatever_the_text_hiding_and_restoring_everything_gives_it_back(text: str) -> None:
    masking = Masking()
    hidden = masking.hide(text)
    if not any(f"[{name}" in text for name in ("电话", "姓名", "地址")):
        kinds = {one.kind for one in personal_data(text)}
        assert masking.restored(hidden, kinds).text == text


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "路号" * 50_000, "王" * 100_000, "a@" * 50_000, "省市区县街道路" * 14_000]
)
def test_a_wall_of_text_costs_bounded_time(text: str) -> None:
    started = time.monotonic()
    personal_data(text)
    assert time.monotonic() - started < 5, Path(__file__).name
