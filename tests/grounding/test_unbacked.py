"""Facts in a draft that neither shop, product, rules nor history back."""

from __future__ import annotations

import pytest
from made_rules import make_rule, worded

from replyguide.checker import Checker, load_checker
from replyguide.context import Context, Product, Shop, Turn
from replyguide.grounding.unbacked import PREFIX, is_costly, unbacked

RULE = make_rule("invoice", worded("发票在交易成功后15天内寄出"))


@pytest.fixture(scope="module")
def checker() -> Checker:
    return load_checker()


def invented(checker: Checker, draft: str, context: Context | None = None) -> list[tuple[str, str]]:
    """Return kind and words of what nothing backs."""
    known = context if context is not None else Context()
    reading, _ = checker.read(draft, known)
    found = unbacked(reading, [RULE], known)
    return [(finding.rule.removeprefix(PREFIX), finding.matched) for finding in found]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("亲，退您20元作为补偿哦", [("money", "20元")]),
        ("亲，三天内给您补发哦", [("time", "三天")]),
        ("亲，给您打八折哦", [("share", "八折")]),
        ("亲，下周三给您寄出哦", [("date", "下周三")]),
        ("亲，12月3号发货哦", [("date", "12月3号")]),
        ("亲，这款是头层牛皮的哦", [("material", "头层牛皮")]),
        ("亲，随单赠送一条毛巾哦", [("gift", "赠送一条毛巾")]),
        ("亲，容量是550毫升哦", [("number", "550")]),
    ],
)
def test_what_nobody_told_is_found_at_its_words(checker: Checker, draft: str, expected: list[tuple[str, str]]) -> None:
    assert invented(checker, draft) == expected


@pytest.mark.parametrize(
    ("draft", "context"),
    [
        ("亲，15天内给您寄出哦", Context()),  # the rule says so
        ("亲，48小时内发货哦", Context()),  # the policy says so
        ("亲，72小时内发货哦", Context(shop=Shop(ships_within_hours=72))),
        ("亲，三天内发货哦", Context(shop=Shop(ships_within_hours=72))),  # the same in days
        ("亲，这款89元哦", Context(product=Product(price_yuan=89))),
        ("亲，两件一共178元哦", Context(product=Product(price_yuan=89), question="两件多少钱")),
        ("亲，赠送的是袜子哦", Context(product=Product(gifts=["纯棉袜子一双"]))),
        ("亲，是纯棉的哦", Context(product=Product(material="100%棉"))),
        ("亲，说好退您20元就退您20元哦", Context(history=[Turn(role="agent", text="退您20元")])),
        ("亲，您实付260元，就开260元哦", Context(question="我付了260元，能开多少")),
        ("亲，不会另收10元的哦", Context()),
        ("亲，如果超过10天没收到请告诉我哦", Context()),
        ("亲，您是要两件吗？", Context()),
        ("亲，我们早九点到晚十一点都在哦", Context()),
        ("亲，可以打12315哦", Context()),
        ("亲，支持USB3和E27的哦", Context()),
    ],
)
def test_what_is_known_or_not_asserted_is_no_finding(checker: Checker, draft: str, context: Context) -> None:
    assert invented(checker, draft, context) == []


def test_a_price_of_nothing_backs_no_price(checker: Checker) -> None:
    assert invented(checker, "亲，这款89元哦", Context(product=Product(price_yuan=0))) == [("money", "89元")]


def test_a_finding_warns_and_points_at_the_original_characters(checker: Checker) -> None:
    draft = "亲，退您２０元哦"
    reading, _ = checker.read(draft, Context())
    (finding,) = unbacked(reading, [], Context())
    assert (finding.level, finding.topic, draft[finding.start : finding.end]) == ("warn", "overpromise", "２０元")


def test_money_and_gifts_are_costly_and_sizes_are_not(checker: Checker) -> None:
    reading, _ = checker.read("亲，退您20元，送一条毛巾，长118厘米哦", Context())
    assert [is_costly(finding) for finding in unbacked(reading, [], Context())] == [True, True, False]


def test_two_hundred_turns_cost_no_more_than_twenty(checker: Checker) -> None:
    turns = [Turn(role="buyer", text=f"第{number}句话，退我{number}元") for number in range(200)]
    assert invented(checker, "亲，退您7元哦", Context(history=turns)) == [("money", "7元")]
