"""Pictures that stand for words: `现💰`, `线🔽付`, `送🎁`, `❌退`, `➕V`.

A picture is far more often an ornament, so most count as words only where one is missing: beside the word that they
complete. What stands alone stays what it was, a separator.
"""

from __future__ import annotations

import re
from functools import lru_cache

from replyguide.checker.language.wrapping import Substitution

_JOIN = "[\\s\ufe0f\u200b-\u200d]*"  # what may stand between a picture and its word
_HEAR = "[❤♥♡💗💕💖💘💝💞💓💟🖤🧡💛💙💜🤍🤎]"
# Each: what must stand before, the pictures, what must follow, the word.
_WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("", "🧧", "", "红包"),
    ("(?<=线)", "[🔽⬇👇⏬↓]", "", "下"),
    ("(?<=[私场])", "[🔽⬇👇⏬↓]", "(?=[付转收聊买交])", "下"),
    ("(?<=现)", "[💰💵💴💶💷💸🤑]", "", "金"),
    ("(?<=[返给付转收打退加补点掏花赚要出差润佣垫])", "[💰💵💴💶💷💸🤑]", "(?![0-9一二两三四五六七八九十])", "钱"),
    ("", "[💰💵💴💶💷💸🤑]", "(?=[包转退返给打直也都全原当])", "钱"),
    ("(?<=➡)", "[💰💵💴💶💷💸🤑]", "", "钱"),
    ("(?<=[0-9五5５满])", "[⭐🌟★☆]", "", "星"),
    ("(?<=[五5⃣])", _HEAR, "(?=[好hH评晒])", "星"),
    ("", "[⭐🌟★](?:" + _JOIN + "[⭐🌟★]){4}", "", "五星"),
    ("(?<=[评价])", "[⭐🌟★☆]", "", "星"),
    ("(?<=[信银刷行用贷])", "💳", "", "卡"),
    ("(?<=[加上用在有走的我留])", "[🐧]", "", "企鹅"),
    ("", "🐧", "(?=[号群聊上加\\d])", "企鹅"),
    ("(?<=[走加用扫➕+＋])", "[💚🟢🟩](?:" + _JOIN + "[💬🗨💭✉])?", "", "微信"),
    ("(?<=[加用扫留发要➕+＋])", "[📞☎📱]", "", "电话"),
    ("(?<=[加用发留你您我个])", "[📧📮✉📩]", "(?=[址给发里我来])", "邮箱"),
    ("(?<=[送领换拿赠返给有])", "🎁", "", "礼物"),
    ("(?<=🟰|=)", "🎁", "", "送礼物"),
    ("(?<=[发开普专电要补有没无])", "[🎫🧾🎟]", "", "票"),
    ("(?<=空)", "[📦🛍🎒👜]", "", "包"),
    ("🈳" + _JOIN, "[📦🛍🎒👜]", "", "空包"),
    ("(?<=寄)", "🈳", "", "空"),
    ("(?<=[没无缺])", "[📦🛍]", "", "货"),
    ("(?<=[一-龥\\s])", "[❌✖🚫🙅⛔]", "(?=[退换补发开收给卖接支能可修赔寄包管行])", "不"),
    ("(?<=[您你给把单帮订])", "[❌✖✂🗑]", "(?=掉|了)", "取消"),
    ("", "👍", "(?=评)", "好"),
    ("", "[🙅❌🚫]", "(?=🈶)", "没"),
    ("(?<=[全行销国第量名])", "🥇", "", "第一"),
    ("", "🅰", "", "a"),
    ("", "🆅|🅥|🇻", "", "v"),
    ("", "🆇|🅧|🇽", "", "x"),
    ("", "🅠|🆀|🇶", "", "q"),
    ("", "🔟", "", "10"),
    ("(?<=[上用下开装])", "[✈🛩🛫]", "(?=[号聊上群加])", "飞机"),
    ("(?<![a-zA-Z0-9])", "[+＋➕]", "(?=[vVｖＶqQｑＱwW微薇威徽维扣企🐧💚🟢📱我下个❤])", "加"),
    ("", "➕", "(?=[0-9一二两三四五六七八九十])", "加"),
    ("(?<=[星评图晒➕])", "🟰|➡", "(?=[🧧🎁💰现返])", "送"),
)
_ANY = re.compile("[+＋\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")


@lru_cache(maxsize=1)
def _pictures() -> re.Pattern[str]:
    """Compile the pictures when the first reply has one."""
    return re.compile("|".join(_alternative(number, *entry[:3]) for number, entry in enumerate(_WORDS)))


def _alternative(number: int, before: str, pictures: str, after: str) -> str:
    joined = _JOIN if before.startswith("(?<=") else ""
    return f"(?P<w{number}>{before}{joined}(?:{pictures}){_JOIN + after if after else ''})"


def pictured(text: str) -> list[Substitution]:
    """Find the pictures that stand for words, left to right."""
    if _ANY.search(text) is None:
        return []
    return [
        Substitution(*found.span(), _WORDS[int(str(found.lastgroup)[1:])][3]) for found in _pictures().finditer(text)
    ]
