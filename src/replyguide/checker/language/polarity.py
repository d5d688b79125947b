"""Whether a word of a clause is affirmed or denied.

A word is negated by an odd number of negators whose scope reaches it, by a complement (`开不了`), or by a denial at the
end of its clause (`微信转账是不支持的`). The word lists below are the grammar of that; what a rule is about belongs
into the packs.
"""

from __future__ import annotations

import re
from typing import Protocol

# Contain a negator and negate nothing: set phrases, questions of the form A-not-A, words that hold its character.
_SKIP = (
    "免费|免邮|免息|免单|免运费|不好意思|不客气|不错|不过|不管|不论|不仅|不但|不光|不然|不同|不少|不满|不足"
    "|不久|不影响|不限|不断|不愧|不如|不妨|不得不|不二|不见不散|对不起|差不多|要不要|要不|好不好|是不是"
    "|能不能|可不可以|有没有|行不行|会不会|(?<!费)用不用|需不需要|想不想|开不开|给不给|退不退|发不发|加不加|没关系"
    "|没问题|没事|没错|无理由|无条件|无忧|无论|非常|除非|未来|特别|别的|别人|别家|别处|别急|别担心|级别|分别"
    "|个别|区别|差别|类别|性别|告别|识别|无线|无缝|无纺|莫名|不便之处|不必要|不良|不锈|不舒服|不合适|不合身"
    "|不喜欢|不想要|不适(?!用)|不清楚|不知道|未付款|没付款|没付的|不付款|唔好意思|唔该|唔紧要|有冇|不够|在不在|包不包"
    "|含不含|收不收|补不补|寄不寄|能否|是否|no problem|no worries|not only|no-reason|no reason|还不行"
    "|还是不行|实在不行"
)
# `对不对`, `行不行`: a question, no denial.
_A_NOT_A = "(?P<verb>[一-龥])(?:不|没)(?P=verb)"
# `没有货到付款的限制` denies the limit, not what is limited.
_NO_LIMIT = "没有?(?=[^，。？]{1,12}的(?:限制|要求|门槛|问题|必要|顾虑|烦恼|风险|差别|区别))"
# Reach over what follows to the end of the clause, whatever stands between.
_WIDE = (
    "不是|并非|不会|从不|从来不|绝不|决不|不可能|不存在|从没|不至于|不属于|不用|无需|无须|不需要|不需|不必"
    "|谈不上|说不上|算不上|称不上|够不上|没有说|没有要|没有让|没让|没说|哪有"
    # A rhetorical question denies what it asks: `这趟路费哪能让您出`, `怎么会不管呢`.
    "|哪能|哪会|哪敢|哪里能|哪里会|哪儿能|怎么会|怎会|怎么可能|怎么敢|岂能|岂会|用不着|犯不着"
)
# Reach the next words, until something turns the clause.
_NEAR = (
    "不能|无法|没法|没办法|办不到|不可以|不可|不许|不得|不准|不让|不要|不再|不支持|不接受|不提供|不方便|不便"
    "|没有|没|不|无|未|别|勿|莫|唔|冇|莫得|木有|木得|拒绝|禁止|杜绝|严禁|避免|谢绝|概不|免"
    "|(?<![a-z])(?:(?:don|doesn|can|won|isn|aren|didn) ?t|cannot|not|no|never|without|unable to|unavailable)(?![a-z])"
)
# Turn a clause: what comes after them is no longer under the negator before.
_BREAK = (
    "而是|但|(?<![申邀没])(?<!没有)请(?!勿|求|问|假|不)|麻烦|只能|只要|就(?!是|不|没|算)|才|也|的话|照样|改为|改用|改成"
    "|可以|不然|否则|要不|除了|我们会|我会|我们将|将会|系统会"
    "|我(?=给|帮|来|马上|再|这就|去问|去查)"
    "|(?<![由让给替帮为跟和找归叫被像])(?:我们|咱们|咱|本店|小店)"  # `永远不褪色我们没法打包票`: another one acts
)
_STOP = "(?:也|又|更|并)(?=不|没|无|别|勿)"  # `不要提供也不要转账`: two denials side by side, no double negation
_NEGATION = re.compile(
    rf"(?P<skip>{_A_NOT_A}|{_NO_LIMIT}|{_SKIP})|(?P<stop>{_STOP})|(?P<wide>{_WIDE})|(?P<near>{_NEAR})|(?P<break>{_BREAK})"
)

# After a 不 at the end of a clause these describe, they do not deny: `库存不多`, `颜色不深`.
_DESCRIBED = (
    "多|太|大|小|高|低|远|近|长|短|贵|难|厚|薄|重|轻|深|浅|急|慢|快|够|错|过|好|同|少|管|论|仅|但|光|久|影响"
    "|限|断|客气|满|足|要紧|如|妨|清楚|知道|明白|舒服|合(?!规|法)|喜欢|想|良|锈|然|得不|释手|起球|掉|褪|变|到|会变"
    "|一样|麻烦|费[事劲力]|耽误|碍事|矛盾|冲突|稀奇|奇怪|挑(?!选)|走样|对劲|舍|愁|冤|亏|赖|急|慌|累|挤|卡|烫|热|冷|凉|油|腻|甜|辣|咸|硬|软|滑|松|响|吵"
    "|加[价钱费]|减价|涨"
)
_TRAILING_DENIAL = re.compile(
    rf"(?<![能会行有用要需儿])(?<!哪里)(?<!什么)(?<!怎么)(?<!可可)(?:(?<=(.))不(?!\1)|^不)(?!{_DESCRIBED})"
    r"|(?<=[一-龥])不[了到出起上成]|没有(?!问题|关系|任何问题|写|标|注明|限制|要求|另外)|没法|没办法|无法|违规|违反|禁止|恕"
)
_TRAILING_BREAK = re.compile("而是|但|才|不然|否则|就(?!不|没|无)|请(?!勿)|如果|的话|不过|所以|且")
_COMPLEMENT = re.compile("不(?:了|到|出|起|上|成|下|动)(?!解)")
_NEAR_REACH, _WIDE_REACH, _TRAILING_REACH = 10, 24, 14  # characters


class Stretch(Protocol):
    """What is looked at: a clause with its text and the offset where it starts."""

    @property
    def start(self) -> int: ...

    @property
    def text(self) -> str: ...


class Negation:
    """The negators of one clause and how far each of them reaches."""

    def __init__(self, clause: Stretch) -> None:
        self._clause = clause
        self._marks = [
            (clause.start + match.start(), clause.start + match.end(), match.lastgroup)
            for match in _NEGATION.finditer(clause.text)
        ]

    def reaches(self, start: int, end: int) -> bool:
        """Tell whether the word at `start:end` stands under an odd number of negations."""
        count = self._before(start) + self._complement(end)
        return count % 2 == 1 if count else self._denied_after(end)

    def stands_before(self, start: int) -> bool:
        """Tell whether an odd number of negators before offset `start` reaches it."""
        return self._before(start) % 2 == 1

    def _before(self, start: int) -> int:
        count, broken = 0, False
        for low, high, kind in reversed(self._marks):
            if kind == "break" and low <= start < high:
                broken = True  # the word itself turns the clause: `身体不适请去医院`
            elif high > start:
                count += low < start and kind in ("near", "wide")  # `没有的`: the word begins inside its negator
            elif kind == "stop":
                break
            elif kind == "break":
                broken = True
            elif (kind == "near" and not broken and start - high <= _NEAR_REACH) or (
                kind == "wide" and start - high <= _WIDE_REACH
            ):
                count += 1
        return count

    def _complement(self, end: int) -> int:
        offset = end - self._clause.start
        return 1 if _COMPLEMENT.match(self._clause.text, offset) else 0

    def _denied_after(self, end: int) -> bool:
        offset = end - self._clause.start
        # The text before is seen too: `快递认不认` asks, it does not deny.
        text, last = self._clause.text, offset + _TRAILING_REACH + 4
        denial = _TRAILING_DENIAL.search(text, offset, last)
        if denial is None or denial.start() > offset + _TRAILING_REACH:
            return False
        turn = _TRAILING_BREAK.search(text, offset, last)  # over the whole: `就` turns only where no denial follows
        return turn is None or turn.start() >= denial.start()
