"""Addresses down to street, building or room. A city alone (`发到新疆吗`, `我在上海`) is nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.drafting.masking.kinds import PersonalKind

_HAN = "一-鿿"
_REGION = (
    "(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?"
)
_DIVISION = f"[{_HAN}]{{1,6}}?(?:自治州|地区|街道|省|市|州|盟|区|县|旗|镇|乡)"
_PLACE = (
    "(?:大道|大街|胡同|新村|小区|花园|公寓|大厦|广场|家园|社区|学校|大学|中学|小学|医院|工业园|产业园|写字楼|宿舍"
    "|路|街|道|巷|弄|村|屯|苑|园|府|庭|城|里|湾|居|郡|轩|墅|寓|厂|庄|寨|社|段)"
)
_NUMBER = r"[0-9０-９A-Za-z一二三四五六七八九十百甲乙丙东西南北]{1,7}"
_UNIT = "(?:号楼|号院|号门|号|栋|幢|座|单元|室|层|楼|弄|门|组|期|户|房|铺|F|f)"
_TAIL = rf"(?:附?{_NUMBER}{_UNIT}(?:之[一二三\d])?|[-—–－]\s*\d{{1,5}}|\d{{3,4}}(?!\d|元|块|件|个|分))"
# The name of a street or estate: no longer than people are willing to write, and never a whole sentence.
_NAME = f"[{_HAN}A-Za-z0-9·]{{1,10}}?"
_STREET = rf"(?:{_NAME}{_PLACE}\s*(?:[（(][^（）()]{{1,14}}[)）])?){{1,3}}\s*(?:[{_HAN}]{{0,6}}?{_TAIL}\s*){{1,6}}+"
# The divisions are taken once and not given back: a wall of them would be tried in every way there is.
_WITH_STREET = re.compile(rf"(?:{_REGION})?+\s*+(?:{_DIVISION}\s*){{0,4}}+{_STREET}")
_STREET_ALONE = re.compile(_STREET)
_REGION_ON = re.compile(rf"{_REGION}\s*(?:{_DIVISION}\s*){{1,4}}(?:{_NAME}{_PLACE}\s*){{0,3}}(?:{_TAIL}\s*){{0,6}}")
_BUILDING = re.compile(
    rf"(?<![\d{_HAN}])\d{{1,4}}(?:号楼|栋|幢|座)\s*(?:\d{{1,2}}单元)?\s*\d{{2,4}}(?:室|户|房)?(?!\d|元|块)"
)
_CUE = re.compile(
    "(?:收货地址|收件地址|地址|住址|住在|家在|寄到|送到|发到|寄往|改到|改成|改为|换成|换到)"
    "(?:是|为|改成|改为|换成|写的?是?|填的?是?|：|:|\\s)*(?P<rest>[^，。；！？!?\\n]{5,60})"
)
_UNITS = re.compile("自治区|街道|小区|省|市|区|县|镇|乡|村|路|街|号|栋|幢|单元|室|楼|苑|园|组")
_STREET_LEVEL = re.compile("街道|小区|镇|乡|村|路|街|号|栋|幢|单元|室|楼|苑|园|\\d")
# What people write before an address within the same run of characters.
_LEAD = re.compile(
    f"^[{_HAN}]{{0,12}}?(?:地址|住址|住在|家在|寄到|寄往|送到|发到|改到|改成|改为|换成|换到|送货到|放到|放在|收到)(?:了|的|是|为|写|填|：|:|\\s)*"
    "|^(?:应该是|我们?|您|他|她|你|这|那|是|在|到|给|请|麻烦|就|把|的|了|和|寄|送|发|从|帮|要|去|住|家|公司|单位|老家|新(?=地址|家)|原来|还|也)+"
)
_ENDS_THERE = re.compile(
    r"(?<![0-9])1[3-9]\d(?:[ -]?\d){8}.*$|(?:吗|么|呢|吧|可以|行不行|好不好|对不对|对吗|能不能|收|的).{0,6}$"
)
# `里面有一层`, `分三期`: a place in a word and a counted thing are no address. A word that only names places is, or
# one that may (里, 园, 城) right before the number.
_SURE = re.compile(
    f"路|街|大道|巷|胡同|小区|花园|公寓|大厦|广场|家园|新村|社区|大学|中学|小学|医院|工业园|产业园|软件园|写字楼|宿舍|苑|村|道(?=[0-9])"
    rf"|[{_HAN}]{{2}}(?:里|弄|园|城|湾|居|段|府|庭|郡|轩|墅|庄|寨|厂|屯)(?=[0-9一二三四五六七八九十A-Z])|{_REGION}[^省]|[{_HAN}]{{2}}(?:镇|乡|县|区)"
)
_NUMBERED = re.compile(rf"{_NUMBER}{_UNIT}|\d\s*[-—–－]\s*\d")
_ANY_NUMBER = re.compile("[0-9０-９一二三四五六七八九十]|[A-Z]座")
_LEAST = 6  # characters; `二路3号` could be anything


def addresses(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Yield kind and span of every address."""
    has_number = _ANY_NUMBER.search(text) is not None  # a street needs one, and its patterns cost most
    for pattern in (_WITH_STREET, _STREET_ALONE, _REGION_ON, _BUILDING) if has_number else (_REGION_ON,):
        for found in pattern.finditer(text):
            start = found.start() + _lead(found[0])
            end = found.start() + len(found[0].rstrip())
            if pattern is _BUILDING or _is_one(text[start:end], pattern is _REGION_ON):
                yield "address", start, end
    for found in _CUE.finditer(text):
        rest = _ENDS_THERE.sub("", found["rest"])
        if len(set(_UNITS.findall(rest))) >= 2 and _STREET_LEVEL.search(rest) and len(rest) >= _LEAST:
            yield "address", found.start("rest"), found.start("rest") + len(rest.rstrip())


def _is_one(said: str, without_street: bool) -> bool:
    if len(said) < _LEAST:
        return False
    if without_street:
        return len(_UNITS.findall(said)) >= 3 or bool(re.search(r"\d", said))
    return bool(_NUMBERED.search(said)) and bool(_SURE.search(said))


def _lead(said: str) -> int:
    found = _LEAD.match(said)
    end = found.end() if found is not None else 0
    return end + len(said[end:]) - len(said[end:].lstrip())
