"""How the buyer feels about it, as far as that decides whether the reply opens with an apology.

Edge decision: a hypothetical fault (`如果坏了怎么办`, `会不会掉色`) and a plain question about time
(`几天能到`) are calm; an apology there would admit something that nobody complained about.
"""

from __future__ import annotations

import re
from typing import Literal

from replyguide.script import to_simplified

Mood = Literal["calm", "waiting", "upset"]

_SPAN = r"(?:好?几|[一二两三四五六七八九十半\d]+多?)个?(?:天|周|星期|礼拜|月)"
_ARRIVES = (
    # 发、寄、送 alone mean the parcel only at the end or with what follows here: not in 发票, 寄顺丰, 送运费险.
    r"(?:[发寄送](?=货|出|给我|到|达|过?来|[啊呀呢嘛了吗]|\W|$)"
    r"|到(?!\s*[\d一二两三四五六七八九十半期手])|收到|派|揽|动|更新)"
)
_WAITING_WORDS = (
    # why has it not come: but not 怎么搜不到, 怎么没看到
    rf"(?:怎么|咋|为什么|为啥|为何).{{0,4}}(?<![看搜找查买领用联])(?:没|不|未)[^看搜找查买]{{0,3}}{_ARRIVES}",
    # it has not come yet: but not 还没发货可以改地址吗
    rf"还[没未]有?(?:给我|帮我)?{_ARRIVES}(?!.{{0,8}}(?:可以|能|可否|想|换|改|帮|怎么[退取]))",
    # days have gone by: but not 买了三天了还能退吗
    rf"(?<![要得需])等[了好都快]{{0,2}}{_SPAN}",
    rf"(?:拍|买|付款|下单)[了好都快]{{0,2}}{_SPAN}.{{0,4}}(?:没|[还也]不|怎么不)(?!.{{0,2}}付)",
    r"(?<!过)[几多]天了(?=\W|$|.{0,4}(?:没|不动))|拖了.{0,4}(?:天|周|礼拜|星期|月|久)|等[了好]?(?:很久|好久|太久|这么久|半天)|好久了",
    r"要等到什么时候|还要等多久|到底什么时候|等麻|等到.{0,6}[谢老]|再不发|卡在待|迟迟|一直[没不](?:发|到|动|更新)",
    r"催[一下催单了]|太慢了|[这恁好真]么?慢|慢死|慢得|急死",
    r"(?:物流|快递).{0,6}(?:不动|没动|没更新|不更新|停[在了])",
)
_UPSET_WORDS = (
    r"气死|(?<!会)生气|愤怒|火大|恼火|烦死|受够|窝火|糟心|闹心|无语|恶心|失望|不满意|过分",
    r"坑人|坑爹|坑我|太坑|被坑|踩雷|骗子|骗人|(?<!别)骗我|(?<!会)被骗|欺骗|欺负|忽悠|糊弄|黑店|黑心|破店|什么破|不要脸|没良心",
    r"垃圾|太差|差劲|极差|什么态度|态度.{0,3}差|敷衍|踢皮球|甩锅|没人管|不耐烦|阴阳怪气|凶什么|凭什么|要个说法",
    r"(?:要|去|就|等着|给我)投诉|投诉你|举报你|曝光|12315|(?:给|打|必须|就)(?:你们?)?个?差评",
    r"王八|混蛋|傻[逼叉xX]|(?<![a-zA-Z])[sS][bB](?![a-zA-Z])|脑残|废物|有病吧|是不是有病|滚蛋|给我滚|^滚$|去死|他妈的|瞎了眼",
)
_WAITING = re.compile("|".join(_WAITING_WORDS))
_UPSET = re.compile("|".join(_UPSET_WORDS))
_FAULT = re.compile(
    r"收到.{0,9}(?:坏|破|裂|碎|漏|(?<!多)少|(?<![不没])错|脏|瑕疵|开线|断|不[对符]|不一样)"
    r"|(?:坏|破|裂|碎|断|开线|脏|错发)了(?!怎么办|吗|咋办|货)"
    r"|[发寄]错(?:了|货)|漏发|(?<!多)少发|用不了|掉色(?:严重|了)|起球了"
)
_HYPOTHETICAL = re.compile(r"如果|要是|万一|假如|假设|会不会|不会|怕|担心|的话")
_ENGLISH_WAITING = re.compile(
    r"\bstill\b.*(?:\bnot\b|n['’]t)|\bnot (?:yet )?(?:arrived|received|shipped)"
    r"|has ?n['’]?t (?:arrived|shipped|come)|haven['’]?t (?:received|got)|where(?:['’]s| is) my"
    r"|\b(?:so|too) (?:slow|long)\b|\bwaiting\b|\bdelayed\b",
    re.IGNORECASE,
)
_ENGLISH_UPSET = re.compile(
    r"\b(?:angry|terrible|awful|ridiculous|scam(?:med)?|cheat(?:ed|ers?|ing)?|complain|disappointed)\b"
    r"|\b(?:unacceptable|worst|rude|idiots?)\b"
    r"|\b(?:arrived|came|is|was) (?:broken|damaged|defective|wrong|dirty|torn)",
    re.IGNORECASE,
)


def mood_of(question: str) -> Mood:
    """Tell the mood of the buyer's latest message; anger outweighs waiting."""
    text = to_simplified(question)
    if _UPSET.search(text) or _ENGLISH_UPSET.search(text):
        return "upset"
    if _WAITING.search(text) or _ENGLISH_WAITING.search(text):
        return "waiting"
    return "upset" if _FAULT.search(text) and not _HYPOTHETICAL.search(text) else "calm"
