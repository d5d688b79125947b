"""A colleague's question: answered for his own eyes by the script, and only if a buyer could not have asked it."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked import GOOD, Asked
from scripted_server import says

from replyguide import Context, Copilot, Turn


def test_a_colleague_never_gets_a_model_answer(shared_data_dir: Path) -> None:
    asked = Asked(shared_data_dir, [says(GOOD)], "不给开发票扣几分", Context(asker="agent"))
    assert asked.requests == []
    assert asked.suggestion.origin == "script"


def test_a_colleague_is_told_from_his_words_and_answered_for_his_own_eyes(offline_copilot: Copilot) -> None:
    one = offline_copilot.suggest("买家求我取消订单，我能不能直接给他关了")
    assert (one.asker, one.status, one.origin) == ("agent", "ready", "script")
    assert str(one.reply).startswith("【内部参考，请勿发给买家】")
    assert "已买到的宝贝" in str(one.reply)


@pytest.mark.parametrize(
    "context",
    [
        Context(asker="buyer"),
        Context(buyer_verified=True),
        Context(history=[Turn(role="buyer", text="我昨天拍的那单")]),
    ],
)
def test_whoever_is_known_to_be_a_buyer_gets_a_reply_for_buyers(offline_copilot: Copilot, context: Context) -> None:
    one = offline_copilot.suggest("买家求我取消订单，我能不能直接给他关了", context)
    assert one.asker == "buyer"
    assert "内部参考" not in str(one.reply)


def test_a_guessed_colleague_gets_no_answer_that_would_do_harm_to_a_buyer(
    offline_copilot: Copilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "买家求我取消订单，我能不能直接给他关了"
    harmful = "【内部参考，请勿发给买家】亲，您的订单我已经帮您关闭了哦，感谢您的支持！"
    monkeypatch.setattr("replyguide.drafting.colleague.internal_answers", lambda *_: (harmful,))

    guessed = offline_copilot.suggest(question)
    assert (guessed.asker, guessed.status) == ("buyer", "ready")
    assert guessed.reply != harmful
    told = offline_copilot.suggest(question, Context(asker="agent"))
    assert (told.asker, told.reply) == ("agent", harmful)


def test_an_internal_answer_is_one_that_would_do_no_harm_where_there_is_a_choice(offline_copilot: Copilot) -> None:
    question = "仓库说真空了，买家来问有没有，我怎么回"
    one = offline_copilot.suggest(question)
    assert one.asker == "agent"
    assert offline_copilot.check(str(one.reply), Context(question=question)).verdict != "block"
