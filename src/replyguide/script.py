"""Which script a text is written in, and the way between them.

The character table comes from zhconv's dictionary (`tools/make_script_table.py` writes `script_table.txt`): two
lines of equal length, the n-th character of the first becomes the n-th of the second. It is one character for one,
so offsets into the folded text are offsets into the original.
"""

from __future__ import annotations

import re
from pathlib import Path

_TABLE = Path(__file__).with_name("script_table.txt")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_IDEOGRAPH = re.compile(r"[㐀-䶿一-鿿\U00020000-\U000323af]")
# English words that a buyer can hardly avoid and that are no pinyin syllable ("you" is 有, "can" is 餐, "bu" is 不);
# hello, hi and ok are left out, since Chinese buyers write them too, and what is a syllable of pinyin (me, she, long).
_ENGLISH = frozenset(
    _WORD.findall(
        "about after again am and any are arrive as at because been before bill but buy cancel card cash "
        "cheap cheaper color colour could coupon credit deliver delivery discount do does email exchange "
        "express fake for free from genuine get has have help here how i if in invoice is it item joke know "
        "like make much my need not now of on or order original other out pay payment phone please poem "
        "price product quality really receipt refund return say see sell send ship shipped shipping should "
        "size sold sorry stock story tax tell thank thanks that the then there these they this time to today "
        "tomorrow too use very want was well what when where which who why will with would write wrong yes "
        "your"
    )
)


def _read_table() -> dict[int, int]:
    traditional, simplified = _TABLE.read_text("utf-8").splitlines()
    return {ord(old): ord(new) for old, new in zip(traditional, simplified, strict=True)}


#: Code point of a traditional (or variant) character → code point of its simplified form, for `str.translate`.
SIMPLIFIED: dict[int, int] = _read_table()


def to_simplified(text: str) -> str:
    """Fold traditional characters to simplified ones; the result has the length of `text`."""
    return text if text.isascii() else text.translate(SIMPLIFIED)


# Its dictionary takes 签 for a slip of bamboo wherever it stands; parcels and papers are signed.
_SIGNED = {"签": "簽", "标签": "標籤", "书签": "書籤", "价签": "價籤", "抽签": "抽籤", "牙签": "牙籤", "竹签": "竹籤"}


def to_traditional(text: str) -> str:
    """Write simplified `text` in traditional characters, word by word (发票 → 發票, 头发 → 頭髮).

    Takes zhconv's dictionary, whose first use costs some 0.1 s; the length may change.
    """
    from zhconv import zhconv

    if zhconv.zhcdicts is None:
        # Asked for its own dictionary, zhconv leaves the file open; asked for a path, it closes it.
        zhconv.loaddict(str(Path(zhconv.__file__).with_name(zhconv.DICTIONARY)))
    converted: str = zhconv.convert(text, "zh-hant", _SIGNED)
    return converted


def is_traditional(text: str) -> bool:
    """Tell whether `text` is written in traditional characters.

    A text that mixes both scripts counts as traditional only if those characters outweigh the simplified ones: one
    stray character in a simplified message is a typing habit or a disguise, not the buyer's script.
    """
    traditional = sum(_written_in(character, "big5", but_not="gb2312") for character in text)
    return traditional > 0 and traditional > sum(_written_in(c, "gb2312", but_not="big5") for c in text)


def is_english(text: str) -> bool:
    """Tell whether `text` is an English message; pinyin (`you fapiao ma`) and `iPhone 有吗` are not.

    A few Chinese characters inside an English sentence (`do you give 发票 for this`) leave it English.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not any(word in _ENGLISH for word in words):
        return False
    ideographs = len(_IDEOGRAPH.findall(text))
    return ideographs == 0 or (len(words) >= 3 and len(words) > ideographs)


def _written_in(character: str, encoding: str, *, but_not: str) -> bool:
    """Tell by the two national character sets, which hold one script each, shared characters in both."""
    if not _IDEOGRAPH.match(character):
        return False
    return _encodes(character, encoding) and not _encodes(character, but_not)


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
