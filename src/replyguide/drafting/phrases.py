"""The courtesy around an approved answer: openings, apologies, closings, and the sentences of a hand-over.

None of them states a fact, promises a time or admits a fault, so they fit any situation and pass the checker.
`attempt` walks through them, so that “another one” looks different while the answer itself stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from replyguide.drafting.mood import Mood

INTERNAL = "【内部参考，请勿发给买家】"
INTERNAL_UNKNOWN = "规则库里没有查到对应的规定，请先向主管或平台核实，再答复买家。"

_OPENINGS = ("亲，您好，", "亲，", "您好，")
_APOLOGIES: dict[Mood, tuple[str, ...]] = {
    "calm": ("",),
    "waiting": ("非常抱歉让您久等了，", "很抱歉让您久等了，", "让您久等了，实在抱歉，"),
    "upset": ("非常抱歉给您带来不便，", "很抱歉给您添麻烦了，", "给您带来不便，实在抱歉，"),
}
_CLOSINGS: dict[Mood, tuple[str, ...]] = {
    "calm": ("感谢您的支持，祝您购物愉快！", "谢谢您的支持，祝您生活愉快！", "感谢您的咨询，祝您购物愉快！"),
    "waiting": ("感谢您的耐心与支持！", "谢谢您的理解与支持！", "感谢您的体谅！"),
    "upset": ("感谢您的理解与支持！", "谢谢您的理解！", "感谢您的体谅与支持！"),
}
JOINERS = ("另外，", "还有，", "同时，")

ENGLISH_OPENING = "您好, dear customer: "
ENGLISH_JOINER = " And for your other question: "
_ENGLISH_APOLOGIES: dict[Mood, str] = {
    "calm": "",
    "waiting": "We are very sorry to have kept you waiting. ",
    "upset": "We are very sorry for the inconvenience. ",
}
_ENGLISH_CLOSINGS = (
    " Thank you for your support. 感谢您的支持！",
    " Thanks for your support. 谢谢您的支持！",
    " Thank you for your understanding and support. 感谢您的支持！",
)

_HANDOVERS: dict[Mood, str] = {
    "calm": "您的问题我这边请同事帮您核实一下，请您稍候，感谢您的耐心等待！",
    "waiting": "您的情况我这边请同事帮您核实一下，请您稍候，感谢您的耐心与支持！",
    "upset": "您的情况我这边请同事一起帮您核实处理，请您稍候，感谢您的理解与支持！",
}
_CHAT = "很高兴为您服务，请问您想了解哪款商品呢？商品、发票、运费和售后方面都可以问我哦，感谢您的支持！"
_ENGLISH_HANDOVER = "I am asking a colleague to look into this for you, please bear with us."
_ENGLISH_CHAT = "Happy to help! Which item would you like to know about?"

_LOOSE_END = re.compile(r"[\s，,。.；;、：:]+$")


def without_end(text: str) -> str:
    """Return `text` without the mark and the blanks at its end, so that it can be joined."""
    return _LOOSE_END.sub("", text)


def opening(attempt: int = 0) -> str:
    """Return the polite address."""
    return _turn(_OPENINGS, attempt)


def apology(mood: Mood, attempt: int = 0) -> str:
    """Return the short apology that `mood` asks for, empty for a calm buyer."""
    return _turn(_APOLOGIES[mood], attempt)


def closing(mood: Mood, attempt: int = 0) -> str:
    """Return the courtesy at the end; the shift by rounds pairs it with another opening than before."""
    return _turn(_CLOSINGS[mood], attempt + attempt // len(_OPENINGS))


def english_frame(mood: Mood, attempt: int = 0) -> tuple[str, str]:
    """Return what stands before and after an English answer; Chinese courtesy stays on both ends."""
    return ENGLISH_OPENING + _ENGLISH_APOLOGIES[mood], _turn(_ENGLISH_CLOSINGS, attempt)


def handover(mood: Mood, *, chatting: bool) -> str:
    """Return the sentence for what no rule covers; `chatting` when it is no question to the shop at all."""
    if chatting:
        return opening() + _CHAT
    return opening() + apology(mood) + _HANDOVERS[mood]


def english_handover(mood: Mood, *, chatting: bool) -> str:
    """Return the same in English."""
    before, after = english_frame("calm" if chatting else mood)
    return before + (_ENGLISH_CHAT if chatting else _ENGLISH_HANDOVER) + after


def _turn(phrases: Sequence[str], attempt: int) -> str:
    return phrases[attempt % len(phrases)]
