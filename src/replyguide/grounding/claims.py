"""What a draft states as a fact: amounts, times, shares, pieces, dates, materials, gifts and other numbers.

Only what the shop itself asserts counts. A question (`您是要两件吗`), a denial (`不会另收10元`), a condition
(`如果超过7天`) and the buyer's words in quotation marks state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from replyguide.checker.language.quantities import Unit
from replyguide.checker.language.reading import Clause, Reading, Token

Kind = Literal["money", "time", "share", "pieces", "date", "material", "gift", "number"]

#: The lexicon's word classes for what a thing is made of (`packs/tmall/misdescription.yaml`).
MATERIALS = frozenset(
    {"pure_cotton", "cotton", "pure_wool", "wool", "cashmere", "silk", "linen", "leather", "cowhide", "sheepskin"}
    | {"down", "goose_down", "solid_wood", "oak", "walnut", "pine", "steel_316", "steel_304", "silver", "gold", "latex"}
    | {"crystal", "jade", "bone_china", "titanium", "man_made"}
)
_KIND_OF: dict[Unit, Kind] = {"yuan": "money", "hours": "time", "percent": "share", "pieces": "pieces"}
_DATE = re.compile(
    r"(?<!\d)\d{1,2}月(?:\d{1,2}[日号]?|底|初|中旬)|(?<![\d月])(?:[1-3]?\d)[日号](?!楼|线|仓|店|色|码|院|链|机|电)"
    r"|(?:这|本|下|下个)?(?:周|星期|礼拜)[一二三四五六日天末](?!到|至|内)|(?<!天)明天|明[早晚]|后天(?!的)|下(?:个)?(?:周|星期|礼拜|月)(?!边)|月底|今晚|今天"
)
_DATED_ACT = re.compile("发(?!票|现|生|挥)|寄|送|到(?!付|底)|退|补|出库|出货|处理好|解决|开好")
_NUMBER = re.compile(r"(?<![a-z0-9.\-_/])\d+(?:\.\d+)?(?![\d]*[a-z_\-/])")
_NO_FACT = re.compile(r"^(?:12315|12345|12306|110|119|24|7|95\d{3}|400\d*|1|100|618|11|12|3c)$")
# `九点到十一点` is a time of day, `八成是冒名的` a guess, `100%正品` no share of anything.
_NO_SHARE = re.compile("点.?$|成[是干]$|100%正$")
_GIFT = re.compile(
    r"(?:赠送|附赠|加赠|加送|另送|多送|还送|都送|送您|送你|送一|送两|送个|送份|送条|送双|送(?=\S{0,3}(?:礼|小样|袋|券)))"
    r"(?P<what>[^，。？]{1,14}?)(?=[的了哦呢哈啊呀啦]*(?:[，。？]|$)|[^，。？]{15})"
)
# `九点到十一点` is a time of day, `八成是冒名的` a guess, `100%正品` no share of anything.
_NO_SHARE = re.compile("点.?$|成[是干]$|100%正$")
_NO_GIFT = re.compile("^(?:货|到|达|修|检|上门|过去|回|运费险|祝福|医|花)")


@dataclass(frozen=True, slots=True)
class Claim:
    """One fact that a draft states, at `start:end` of the folded text.

    `value` is in the unit of its kind (yuan, hours, percent, pieces), `None` for what is no quantity; `text` are the
    folded words; `classes` those of a material.
    """

    kind: Kind
    start: int
    end: int
    text: str
    value: float | None = None
    classes: frozenset[str] = frozenset()


def claims(reading: Reading) -> list[Claim]:
    """Return what the text states, in its order; a stretch counts once, under the most telling kind."""
    found = [*_of_tokens(reading), *_dates(reading), *_gifts(reading)]
    taken = [(claim.start, claim.end) for claim in found]
    taken += [(token.start, token.end) for token in reading.tokens if token.quantity is not None]
    found += [
        Claim("number", start, end, reading.folded.text[start:end], float(reading.folded.text[start:end]))
        for start, end in _numbers(reading)
        if not any(start < other_end and other_start < end for other_start, other_end in taken)
    ]
    return sorted(found, key=lambda claim: claim.start)


def _of_tokens(reading: Reading) -> Iterator[Claim]:
    for token in reading.tokens:
        if not _asserts(reading, token):
            continue
        text = reading.folded.text[token.start : token.end]
        if token.quantity is not None:
            if _NO_SHARE.search(reading.folded.text[token.start : token.end + 1]):
                continue
            yield Claim(_KIND_OF[token.quantity.unit], token.start, token.end, text, token.quantity.value)
        elif token.classes & MATERIALS:
            yield Claim("material", token.start, token.end, text, classes=token.classes & MATERIALS)


def _asserts(reading: Reading, token: Token) -> bool:
    return not (token.is_negated or token.is_quoted) and _states(reading.clauses[token.clause])


def _states(clause: Clause) -> bool:
    return not (clause.is_question or clause.is_conditional)


def _dates(reading: Reading) -> Iterator[Claim]:
    """Yield dates in clauses that say what happens then; `今天天气` and `周一到周五在线` promise nothing."""
    for clause in reading.clauses:
        if not _states(clause) or not _DATED_ACT.search(clause.text):
            continue
        for found in _DATE.finditer(reading.folded.text, clause.start, clause.end):
            yield Claim("date", *found.span(), found[0])


def _gifts(reading: Reading) -> Iterator[Claim]:
    for clause in reading.clauses:
        if not _states(clause):
            continue
        for found in _GIFT.finditer(reading.folded.text, clause.start, clause.end):
            before = reading.folded.text[clause.start : found.start()]
            if not re.search("[不没无未勿别]", before[-6:]) and not _NO_GIFT.match(found["what"]):
                yield Claim("gift", *found.span(), found["what"])


def _numbers(reading: Reading) -> Iterator[tuple[int, int]]:
    for clause in reading.clauses:
        if not _states(clause):
            continue
        for found in _NUMBER.finditer(reading.folded.text, clause.start, clause.end):
            if not _NO_FACT.match(found[0]):
                yield found.span()
