"""From a raw answer to a candidate reply."""

from __future__ import annotations

import contextlib

import pytest

from replyguide.context import Context
from replyguide.drafting.cleaning import clean
from replyguide.drafting.failures import DraftError, FailureKind
from replyguide.drafting.prompts import draft_prompt

REPLY = "亲，您好，发票是有的，感谢您的支持！"


def cleaned(answer: str, question: str = "有发票吗") -> str:
    return clean(answer, draft_prompt([], question, Context()))


@pytest.mark.parametrize(
    "answer",
    [
        REPLY,
        f"  {REPLY}\n\n",
        f"<think>买家问发票。\n“回复：没有”不行。</think>\n{REPLY}",
        f"买家问发票……</think>{REPLY}",
        f"{REPLY}<think>好了</think>",
        f"{REPLY}<think>好了",
        f"<THINKING>a</THINKING><think>b</think>{REPLY}",
        f"```\n{REPLY}\n```",
        f"```text\n{REPLY}\n```",
        f'```json\n{{"reply": "{REPLY}"}}\n```',
        f'{{"topic": "invoice", "回复": "{REPLY}"}}',
        f"“{REPLY}”",
        f'"{REPLY}"',
        f"「{REPLY}」",
        f"回复：{REPLY}",
        f"**回复：** {REPLY}",
        f"客服: {REPLY}",
        f"好的，以下是给买家的回复：\n\n“{REPLY}”",
        f"修改后的回复：{REPLY}",
        f"Reply: {REPLY}",
        f"<<<买家消息 0123456789abcdef>>>\n{REPLY}\n<<<买家消息完 0123456789abcdef>>>",
        f"{REPLY}<|im_end|>",
        "亲，您好，\u200b发票\x07是有的，感谢您的支持！",
    ],
)
def test_finds_the_reply_in_its_wrappings(answer: str) -> None:
    """Whatever a model wraps around it, the reply comes out alone."""
    assert cleaned(answer) == REPLY


@pytest.mark.parametrize(
    "reply",
    [
        "亲，“七天无理由”是支持的，谢谢您",
        "“有货”就是页面能拍下的意思，感谢“支持”",
        "亲，您好：\n- **发票**按实付开\n- 邮费我们出\n感谢您的支持！",
        "您好亲，{一号色}有货哦，谢谢您",
        "亲，您可以在旺旺回复：我要发票，谢谢您",
    ],
)
def test_leaves_quotes_and_colons_of_the_reply_alone(reply: str) -> None:
    """Only what stands around the whole reply goes."""
    assert cleaned(reply) == reply


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("……！", "empty"),
        ("<think>想了很久，没想完", "empty"),
        ("```\n```", "empty"),
        ("亲" * 601, "too_long"),
        ("亲" * 5_000_000, "too_long"),
        ("回复一：亲，有的。\n回复二：您好，有的。", "format"),
        ('{"verdict": "pass"}', "format"),
        ("Hello, we do have an invoice.", "language"),
        ("好的，你替网店客服写稿，客服看过以后，会把你写的那条消息原样发给买家", "echo"),
    ],
)
def test_refuses_what_is_no_reply(answer: str, kind: FailureKind) -> None:
    """Each refusal says what kind it is."""
    with pytest.raises(DraftError) as failure:
        cleaned(answer)

    assert failure.value.kind == kind


def test_an_english_buyer_may_be_answered_in_english() -> None:
    """No Chinese is asked for where none was written."""
    assert cleaned("Yes, we do. Thank you!", "Do you have an invoice?") == "Yes, we do. Thank you!"


def test_the_reply_takes_the_buyers_script() -> None:
    """A model that answers in the other script is converted."""
    assert cleaned(REPLY, "有發票嗎") == "親，您好，發票是有的，感謝您的支持！"
    assert cleaned("親，發票是有的，感謝您", "有发票吗") == "亲，发票是有的，感谢您"


@pytest.mark.parametrize("filler", ["<think>", "```", " \n", "“", "回复：", "<<<", "{"])
def test_a_hostile_answer_ends_in_an_error_or_a_short_reply(filler: str) -> None:
    """A pattern that backtracks itself to death would never come back from here."""
    for length in (99_000, 4_900):
        with contextlib.suppress(DraftError):
            assert len(cleaned(filler * (length // len(filler)) + "亲")) <= 600


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("亲，猫猫猫猫猫猫猫猫猫猫！", "repeats"),
        ("亲，有的哦有的哦有的哦有的哦有的哦有的哦有的哦", "repeats"),
        ("亲，买家这一次的消息，我们可以看到哦", "echo"),
        ("亲，shou jian ren zhang san, di zhi shi li lu 1 hao", "language"),
        ('{"reply": "亲，发票是有', "format"),
    ],
)
def test_what_is_no_reply_is_refused(answer: str, kind: str) -> None:
    with pytest.raises(DraftError) as raised:
        cleaned(answer)
    assert raised.value.kind == kind
