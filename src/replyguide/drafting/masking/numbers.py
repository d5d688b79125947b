"""Numbers that belong to someone: phones, bank and identity cards, orders, parcels.

A number is read through its separators (`138-0013-8000`, `6222 0202 …`), in full width and in Chinese characters
(`幺三八…`). A barcode, a price, a size, a year and a company's public number are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.drafting.masking.kinds import PersonalKind

_CHINESE = "零〇一二三四五六七八九"
_TO_DIGITS = str.maketrans(
    {
        **{character: str(value) for value, character in enumerate("零一二三四五六七八九")},
        **{character: str(value) for value, character in enumerate("０１２３４５６７８９")},
        **{character: str(value) for value, character in enumerate("〇壹贰叁肆伍陆柒捌玖")},
        **{chr(0xFF21 + at): chr(0x41 + at) for at in range(26)},
        **{chr(0xFF41 + at): chr(0x61 + at) for at in range(26)},
        **{"幺": "1", "两": "2", "洞": "0", "拐": "7", "－": "-", "—": "-", "–": "-", "　": " ", "＋": "+"},
    }
)
# Digits with at most one separator between two of them; bounded, so that a wall of digits costs linear time.
_BETWEEN = r"[ \-.·\u200b-\u200d\u2060\ufeff]?"
_RUN = re.compile(rf"(?<![\dA-Za-z.=])\+?\d(?:{_BETWEEN}\d){{6,29}}(?:[Xx](?![A-Za-z])|转\d{{1,5}})?(?![\d%])")
_CUED_PHONE = re.compile(
    r"(?:电话|座机|固话|tel)(?:是|号码?|[：:]|\s)*(?P<number>[2-9]\d{2,3}[ -]?\d{4})(?!\d)", re.IGNORECASE
)
_CUED_ORDER = re.compile(r"(?:订单|交易)(?:编?号)?(?:是|为|[：:]|\s)*(?P<number>[A-Za-z]{1,3}\d{10,30})(?![A-Za-z0-9])")
_SIZES = re.compile(r"^\d{2,3}(?: \d{2,3}){2,}$")
_OF_A_THING = re.compile(
    r"(?:认证|标准|执行|型号|货号|款号|商品|宝贝|链接)[^，。]{0,6}$|(?:item|商品|宝贝|[?&])[ ]?id[ =:：]*$",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:SF|YT|JD|JT|ZTO|STO|YD|EMS|JDV|DPK|CN|LP|ZJS|KK|UC|BT|TT)[A-Z]{0,3}[ -]?\d(?:[ -]?\d){8,17}"
    r"|[A-Z]{2}\d{9}CN)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PARCEL = re.compile("快递|运单|物流|面单|包裹|(?<!订)单号|中通|圆通|申通|韵达|顺丰|极兔|邮政|京东|德邦|寄回|退回")
_ORDER = re.compile("订单|交易|单子|拍的?单|这单|那单|定单")
_CUE_REACH = 14  # characters before a number in which a word tells what it is
_SERVICE = re.compile(r"^(?:400|800|95\d{3,4}$|96\d{3,4}$|12\d{3}$|10(?:086|010|000)$)")
_MOBILE = re.compile(r"^(?:\+?86|0086)?1[3-9]\d{9}$")
_LANDLINE = re.compile(r"^(?:\+?86)?0\d{2,3}[2-9]\d{6,7}$")
_MIXED_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_AREA_IN_BRACKETS = re.compile(r"[(（]0\d{2,3}[)）][ -]?[2-9]\d{2,3}[ -]?\d{4}(?!\d)")
_BIRTH = re.compile(r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]$")
_DATE = re.compile(r"^20\d{2}[-. ]?(?:0?[1-9]|1[0-2])[-. ]?(?:0?[1-9]|[12]\d|3[01])$")
_CHINESE_MOBILE = re.compile(rf"(?<![{_CHINESE}])[一幺1１](?: ?[{_CHINESE}幺洞拐]){{10}}(?![{_CHINESE}])")


def in_digits(text: str) -> str:
    """Return `text` with every digit as an ASCII one; no character moves."""
    return text.translate(_TO_DIGITS)


def numbers(text: str) -> Iterator[tuple[PersonalKind, int, int]]:
    """Yield kind and span of every personal number."""
    for found in _CHINESE_MOBILE.finditer(text):
        yield "phone", *found.span()
    # Chinese numerals stand for digits in a mobile number only; elsewhere they count things.
    plain = "".join(character if character in _CHINESE else in_digits(character) for character in text)
    for found in _LETTERED.finditer(plain):
        yield "tracking", *found.span()
    for found in _MIXED_MOBILE.finditer(in_digits(text)):
        yield "phone", *found.span()
    for found in _AREA_IN_BRACKETS.finditer(plain):
        yield "phone", *found.span()
    for found in _CUED_PHONE.finditer(plain):
        yield "phone", *found.span("number")
    for found in _CUED_ORDER.finditer(plain):
        yield "order", *found.span("number")
    for found in _RUN.finditer(plain):
        kind = _kind_of(found[0], plain[max(found.start() - _CUE_REACH, 0) : found.start()])
        if kind is not None:
            yield kind, *found.span()


def _kind_of(written: str, before: str) -> PersonalKind | None:
    digits = re.sub(_BETWEEN[:-1], "", written).partition("转")[0]
    if _SIZES.match(written) or _OF_A_THING.search(before):
        return None
    if _DATE.match(written.strip()) or _SERVICE.match(digits):
        return None
    if _MOBILE.match(digits) or _LANDLINE.match(digits) or _can_be_called(written, digits):
        return "phone"
    if _BIRTH.match(digits):
        return "id-card"
    return _by_length(digits, before)


def _by_length(digits: str, before: str) -> PersonalKind | None:
    """Tell a number by its length, its check digit and the words before it."""
    size = len(digits)
    if size == 13 and digits.startswith(("69", "978", "979")) and not _PARCEL.search(before):
        return None  # a barcode, or the number of a book
    if _ORDER.search(before) and size >= 8:
        return "order"
    if _PARCEL.search(before) and size >= 9:
        return "tracking"
    if 16 <= size <= 19 and digits[0] in "3456" and _is_card(digits):
        return "card"
    if size >= 15:
        return "order"
    return "tracking" if size in (12, 13, 14) else None


def _is_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


def _can_be_called(written: str, digits: str) -> bool:
    """Ask the library about what looks like a number of another country or region (`+852 …`, `0912…`)."""
    if not written.startswith("+") and not re.match(r"^09\d{8}$", digits):
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse(written, None if written.startswith("+") else "TW")
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))
