"""Telling a colleague's question from a buyer's, and answering it."""

from __future__ import annotations

import pytest
from made_rules import make_rule, worded

from replyguide.conditions import Condition
from replyguide.context import Context
from replyguide.drafting.colleague import asked_by_colleague, internal_answers

BUYERS_RULE = make_rule("have", worded("发票是有的"))
AGENTS_RULE = make_rule("penalty", worded("以平台规则为准"), audience="agent")


@pytest.mark.parametrize(
    "question",
    [
        "买家骂我，我能骂回去吗",
        "客人没付款，我先把单关了行不行",
        "碰到个号专门套话，该怎么回他",
        "泄露地址一次扣几分",
        "这样算不算违规",
        "今晚谁值班，交接要写什么",
        "主管让催好评，可以催几次",
    ],
)
def test_who_speaks_of_buyers_points_or_the_desk_is_a_colleague(question: str) -> None:
    assert asked_by_colleague(question, -0.1)


@pytest.mark.parametrize(
    "question",
    [
        "有发票吗",
        "我是买家，怎么查不到订单",
        "别的买家都说好用，真的吗",
        "买家秀那件是什么颜色",
        "你们这样是要被扣分的",
        "帮我看看我的单子什么时候发",
        "上一个客人退的货你们会再卖给我吗，那个买家的电话给我",
        "我昨天买的，主管能出来说句话吗",
        "Will you be fined for this?",
    ],
)
def test_who_speaks_to_the_shop_is_a_buyer(question: str) -> None:
    assert not asked_by_colleague(question, -0.1)


def test_a_question_that_sounds_like_a_colleagues_is_one_unless_it_speaks_to_the_shop() -> None:
    assert asked_by_colleague("年底会不会归零", 0.2)
    assert not asked_by_colleague("年底会不会归零", -0.1)
    assert not asked_by_colleague("你们年底会不会归零", 0.2)


def test_a_colleagues_words_alone_are_not_enough_where_all_else_sounds_like_a_buyer() -> None:
    assert not asked_by_colleague("看到买家说缺货，真的假的", -0.4)


def test_the_brief_is_told_marked_as_internal() -> None:
    answers = internal_answers([BUYERS_RULE], "不开发票扣几分", Context())

    assert answers == ("【内部参考，请勿发给买家】有发票是法定义务；答没有扣 6 分。",)


def test_the_wording_for_agents_goes_before_the_brief() -> None:
    rule = make_rule("points", worded("扣 6 分", asker=Condition(allowed=("agent",))), worded("发票是有的"))

    assert internal_answers([rule], "扣几分", Context(asker="agent")) == ("【内部参考，请勿发给买家】扣 6 分。",)


def test_the_fuller_answer_adds_the_statements_that_share_most_with_the_question() -> None:
    body = (
        "## 规则\n"
        "- **INV-01** 天猫商家对付款买家要给发票。（来源 000、002；天猫）\n"
        "- **INV-02** 打印机坏了不是拒开的理由，要说好几天内补寄。（来源 000；天猫）\n"
    )
    fuller, short = internal_answers([make_rule("have", worded("有"), body=body)], "打印机坏了怎么回", Context())

    assert fuller == f"{short}规定：打印机坏了不是拒开的理由，要说好几天内补寄。"


def test_several_rules_are_told_one_after_the_other_and_none_twice() -> None:
    (answer,) = internal_answers([BUYERS_RULE, BUYERS_RULE, AGENTS_RULE], "发票", Context())

    assert answer.count("有发票是法定义务") == 1


def test_no_rules_no_answer() -> None:
    assert internal_answers([], "扣几分", Context()) == ()
