"""What a draft may tell and must say: personal data, facts that nobody backs, points left out, tones."""

from __future__ import annotations

from pathlib import Path

import pytest
from asked import GOOD, QUESTION, Asked, settings
from scripted_server import ScriptedServer, says, streams

from replyguide import Context, Copilot, Turn
from replyguide.copilot import Listening

REFUSAL = "亲，您好，特价的宝贝开不了发票哦，谢谢您"
CONTACT = "亲，您好，加我微信abc12345聊哦，谢谢您"


# What is personal


PRIVATE = "我是王小明，电话13800138000，订单1970835524610337712的发票寄到浙江省杭州市西湖区文三路55号可以吗"


def test_a_model_sees_nothing_personal_of_question_and_history(shared_data_dir: Path) -> None:
    context = Context(history=[Turn(role="buyer", text="我卡号6222021234567890128，邮箱a.b@qq.com")])
    asked = Asked(shared_data_dir, [says(REFUSAL), says(GOOD)], PRIVATE, context)
    sent = "\n".join(request.text for request in asked.requests)
    data = ("王小明", "13800138000", "1970835524610337712", "文三路", "6222021234567890128", "a.b@qq.com")
    assert len(asked.requests) == 2
    assert [one for one in data if one in sent] == []
    assert "电话1" in sent


def test_nor_does_a_model_that_rewords(shared_data_dir: Path) -> None:
    with ScriptedServer([says(GOOD)]) as server:
        Copilot(settings(shared_data_dir, server.url)).suggest(PRIVATE, tone="warm")
    assert [one for one in ("王小明", "13800138000", "文三路") if one in server.requests[0].text] == []


def test_a_verified_buyer_is_told_his_own_data_in_full(shared_data_dir: Path) -> None:
    draft = "亲，您好，发票有的哦，按实付金额给您开，寄到[地址1]，感谢您的支持！"
    one = Asked(shared_data_dir, [says(draft)], PRIVATE, Context(buyer_verified=True)).suggestion
    assert one.reply is not None
    assert ("[地址" in one.reply, "[地址" in one.attempts[0].text) == (False, False)
    assert "浙江省杭州市西湖区文三路55号" in one.attempts[0].text


def test_a_draft_that_would_tell_what_it_may_not_is_dropped(shared_data_dir: Path) -> None:
    asked = Asked(shared_data_dir, [says("亲，您好，发票寄到[地址1]哦，感谢您的支持！")], PRIVATE)
    assert (asked.suggestion.origin, "[地址" in str(asked.suggestion.reply)) == ("script", False)
    assert "个人信息" in str(asked.errors[0])


# What nobody backs, what is left out, the other tone, the first suggestion


def test_money_that_nobody_promised_is_not_sent_though_the_checker_passes_it(shared_data_dir: Path) -> None:
    draft = "亲，您好，发票有的哦，按实付金额给您开，再退您20元，感谢您的支持！"
    one = Asked(shared_data_dir, [says(draft)]).suggestion
    assert (one.status, one.origin) == ("ready", "script")
    assert "DRAFT-unbacked-money" in {finding.rule for finding in one.attempts[0].check.findings}


def test_a_draft_that_leaves_a_point_out_goes_back_once_and_stays_if_the_next_is_no_better(
    shared_data_dir: Path,
) -> None:
    asked = Asked(shared_data_dir, [says("亲，您好，发票的事请放心，感谢您的支持！")])
    first = asked.suggestion.attempts[0]
    assert (len(asked.requests), asked.suggestion.origin) == (2, "model")
    assert [point for point in first.missing if point not in asked.requests[1].text] == []


def test_of_two_drafts_the_one_that_says_more_is_kept(shared_data_dir: Path) -> None:
    one = Asked(shared_data_dir, [says("亲，您好，发票的事请放心，感谢您的支持！"), says(GOOD)]).suggestion
    assert (one.reply, len(one.missing) < one.points) == (GOOD, True)


def test_the_first_suggestion_comes_before_the_model_has_been_asked(shared_data_dir: Path) -> None:
    with ScriptedServer([says(GOOD)]) as server:
        copilot = Copilot(settings(shared_data_dir, server.url))
        coming = copilot.suggestions(QUESTION)
        first = next(coming)
        asked_before = len(server.requests)
        last = next(coming)
    assert (first.origin, first.is_final, asked_before) == ("script", False, 0)
    assert (last.reply, last.origin, last.is_final) == (GOOD, "model", True)
    assert (first.suggestion_id, first.rules) == (last.suggestion_id, last.rules)


def test_the_pieces_of_a_draft_are_heard_before_it_is_checked(shared_data_dir: Path) -> None:
    heard: list[str] = []
    with ScriptedServer([streams(GOOD[:9], GOOD[9:])]) as server:
        copilot = Copilot(settings(shared_data_dir, server.url))
        last = list(copilot.suggestions(QUESTION, listening=Listening(heard=heard.append)))[-1]
    assert (heard, last.reply, last.origin) == ([GOOD[:9], GOOD[9:]], GOOD, "model")


def test_without_a_model_the_first_suggestion_is_the_last(offline_copilot: Copilot) -> None:
    assert [one.is_final for one in offline_copilot.suggestions(QUESTION)] == [True]


def test_a_tone_rewords_the_approved_reply(shared_data_dir: Path) -> None:
    approved = Copilot(settings(shared_data_dir, None)).suggest(QUESTION).reply
    with ScriptedServer([says(GOOD)]) as server:
        one = Copilot(settings(shared_data_dir, server.url)).suggest(QUESTION, tone="warm")
    assert (str(approved) in server.requests[0].text, "更亲切" in server.requests[0].text) == (True, True)
    assert one.status == "ready"


def test_a_tone_that_adds_a_promise_leaves_the_approved_reply(shared_data_dir: Path) -> None:
    approved = Copilot(settings(shared_data_dir, None)).suggest(QUESTION).reply
    with ScriptedServer([says(CONTACT)]) as server:
        one = Copilot(settings(shared_data_dir, server.url)).suggest(QUESTION, tone="warm")
    assert (one.reply, one.origin) == (approved, "script")


def test_another_one_is_worded_differently_and_says_the_same(offline_copilot: Copilot) -> None:
    one, other = (offline_copilot.suggest(QUESTION, again=count) for count in (0, 1))
    assert one.reply != other.reply
    assert (one.missing, one.topics) == (other.missing, other.topics)


def test_a_suggestion_is_stale_as_soon_as_the_buyer_writes_again(offline_copilot: Copilot) -> None:
    one = offline_copilot.suggest(QUESTION)
    answered = Context(history=[Turn(role="buyer", text=QUESTION), Turn(role="agent", text="亲，有的哦")])
    assert not one.is_stale(QUESTION)
    assert one.is_stale("算了，几天能到")
    assert one.is_stale("几天能到", answered)


def test_what_a_model_took_is_told(shared_data_dir: Path) -> None:
    used = Asked(shared_data_dir, [says(REFUSAL), says(GOOD)]).suggestion.used
    assert (used.calls, used.prompt_tokens, used.completion_tokens, used.cost_yuan) == (2, 22, 14, None)
    assert [name.partition(" ")[0] for name in used.prompts] == ["draft", "repair"]


@pytest.mark.parametrize(
    ("context", "part"),
    [
        (Context.model_validate({"shop": {"free_shipping": "none", "free_shipping_min_qty": 3}}), "free_shipping"),
        (Context.model_validate({"product": {"price_yuan": 0}}), "price_yuan"),
    ],
)
def test_a_context_that_contradicts_itself_is_answered_and_told(
    offline_copilot: Copilot, context: Context, part: str
) -> None:
    one = offline_copilot.suggest("包邮吗，多少钱", context)
    assert [caution for caution in one.cautions if part in caution] != []
    assert " 0 元" not in str(one.reply)
    assert "0元" not in str(one.reply)


def test_two_hundred_turns_are_no_trouble(shared_data_dir: Path) -> None:
    turns = [Turn(role="buyer" if number % 2 else "agent", text=f"第{number}句") for number in range(200)]
    assert Asked(shared_data_dir, [says(GOOD)], context=Context(history=turns)).suggestion.reply == GOOD
