"""Messages that ask the shop nothing: greetings, chat, play with the machine behind the window."""

from __future__ import annotations

import re

from replyguide.script import to_simplified

_PATTERNS = (
    # a greeting, a thank-you, an interjection, and nothing else
    r"^(?:哈+|呵+|嘿+|嗯+|哦+|早安?|早上好|上午好|中午好|下午好|晚上好|晚安|谢谢[你您]?|多谢|再见|拜拜|好的?|在吗?|[你您]好)+"
    r"[啊呀呢吧哦哈了~～！!。.，,\s]*$",
    # chat
    r"[讲说来].{0,3}(?:笑话|故事)|唱.{0,2}歌|写.{0,4}(?:诗|代码|程序|作文|论文|小说)",
    r"(?:今天|明天).{0,3}天气|天气(?:预报|怎么样|如何|真?好)|吃(?:饭|过|了).{0,2}[吗没]|干[嘛啥]呢|在干什么",
    r"有对象|[男女]朋友吗|股票|彩票|世界杯|\b(?:joke|weather|poem)\b",
    # who is behind the window, and attempts to give it orders
    r"[你您](?:是谁|叫什么|是(?:机器人|人工|真人|AI|男的|女的))",
    r"who are you|are you (?:a )?(?:bot|robot|human|real)",
    r"(?:忽略|无视|忘记|忘掉).{0,12}(?:指令|规则|提示|要求|设定)|系统提示|提示词|扮演",
    r"system prompt|ignore .{0,30}instructions",
)
_SMALL_TALK = re.compile("|".join(_PATTERNS), re.IGNORECASE)
_WORD = re.compile(r"\w")


def is_small_talk(question: str) -> bool:
    """Tell whether `question` asks nothing that a shop could answer; a wordless message does not."""
    return not _WORD.search(question) or _SMALL_TALK.search(to_simplified(question).strip()) is not None
