"""The manner of a reply: does it open politely, close politely, and say enough to be an answer.

Agents close in many ways (`…哦`, `…呢~`, `谢谢`, `请您放心`), so a modal particle, thanks, a wish or a form of
address in the last clause all count as courtesy; the rule is after curt replies, not after style.
"""

from __future__ import annotations

import re
from typing import Literal

from replyguide.checker.language.folding import EDGES
from replyguide.checker.language.reading import Reading

Manner = Literal["no_opening", "no_closing", "too_short", "interjection"]

_ADDRESS = re.compile("亲|您|你好|客官|小主|宝宝|宝子|宝贝儿|朋友|先生|女士|同学|家人|老师|dear|hello|hi")
# Any address at the very start: `老板好呀`, `花友好`, `宝，…`, `大姐，…`.
_GREETING = re.compile(
    "[一-龥]{1,5}(?<!很)(?<!真)(?<!最)(?<!挺)(?<!也)(?<!还)好[呀啊哇哈哦呢嘞]?"
    "|(?:小|大|老)?(?:宝|姐|哥|妹|弟|叔|姨|阿姨|大爷|奶奶|爷爷|老板|掌柜|师傅|美女|帅哥|姐姐|哥哥|姐妹|妈妈|宝妈|集美|老乡|主子|贵客|各位)[呀啊哇哈]?"
)
# What a chat window or a log puts around a reply is no part of it.
_WRAPPING = re.compile("系统消息|坐席|客服\\d|自动回复|机器人|工号")
_CHINESE = re.compile("[一-龥]")
_POLITE_OPENING = re.compile(
    "早上好|下午好|晚上好|抱歉|不好意思|对不起|对不住|感谢|谢谢|多谢|欢迎|在的|请|理解|恭喜|sorry|thank"
)
_POLITE_CLOSING = re.compile(
    "亲|您|请|谢|感恩|祝|抱歉|不好意思|愉快|再见|拜拜|晚安|放心|麻烦|见谅|谅解|体谅|辛苦|欢迎|thank|welcome|please|wish|enjoy|sorry"
    "|(?:[哦呢呀啊哈啦喔哒吧嘛噢哟呐咯嘞囉唷滴])$"
)
_INTERJECTIONS = re.compile("(?:[嗯哦啊哈噢呃额唔哼嘿呵喔]|好|好的|行|是|不是|不知道|不清楚|没有|可以|ok|收到|知道了)+")
_EDGES = "".join(EDGES)
_WITHOUT_EDGES = str.maketrans("", "", _EDGES)
_SHORTEST = 5
_OPENING_REACH = 3  # clauses


def manner_span(manner: Manner, reading: Reading) -> tuple[int, int] | None:
    """Return the folded span that shows the bad manner, `None` if the reply is free of it."""
    text = reading.folded.text
    if not text:
        return None
    if manner == "interjection":
        return (0, len(text)) if _is_interjection(text) else None
    length = len(text.strip(_EDGES))  # a comma inside counts (`亲，有的呢` is five), a last stop does not
    if manner == "too_short":
        return (0, len(text)) if length < _SHORTEST and not _is_interjection(text) else None
    if length < _SHORTEST:
        return None
    spoken = [clause for clause in reading.clauses if clause.text]
    if manner == "no_opening":
        if _CHINESE.search(text):
            spoken = [clause for clause in spoken if _is_said(clause.text)] or spoken
        addressed = _GREETING.fullmatch(spoken[0].text) is not None or any(
            _ADDRESS.search(clause.text) for clause in spoken[:_OPENING_REACH]
        )
        polite = addressed or _POLITE_OPENING.search(spoken[0].text) is not None
        return None if polite else (spoken[0].start, spoken[0].end)
    closing = spoken[-1]
    softened = reading.folded.original.rstrip().endswith(("~", "～", "^_^", "[微笑]", "😊", "🙏", "❤", "🌹"))
    polite = softened or any(_POLITE_CLOSING.search(clause.text) for clause in spoken[-2:])
    return None if polite else (closing.start, closing.end)


def _is_interjection(text: str) -> bool:
    return _INTERJECTIONS.fullmatch(text.translate(_WITHOUT_EDGES)) is not None


def _is_said(text: str) -> bool:
    """Tell whether a clause of a Chinese reply belongs to it, or is a key, a time, a label around it."""
    is_speech = _CHINESE.search(text) is not None or _ADDRESS.match(text) is not None
    return is_speech and _WRAPPING.match(text) is None
