"""A number in mixed numerals, or told in pieces over several clauses, put together again.

`壹伍玖2046柒柒叁壹` becomes `15920467731`. `前面138，中间0013，后面8000` becomes one number where its last piece
stands, if it is one at which somebody is reached or paid and nothing says that these are sizes, prices or parcels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from replyguide.checker.disguise.rewriting import Edit, rearranged, rewritten
from replyguide.checker.language.folding import EDGES, Folded

_DIGITS = "0123456789零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖洞"
_PLAIN = str.maketrans(_DIGITS, "01234567890012345678911234567890")
_RUN = re.compile(
    f"(?<![十百千万拾佰仟第])[{_DIGITS}](?:[-.]?[{_DIGITS}]){{4,24}}(?![十百千万拾佰仟天个件块元种处次人家条款位])"
)
# Digits with marks between them that are no decimal, date or dialling code: one by one, or more than a date has.
_MARKED = re.compile(
    r"(?<![\d.a-z-])(?:\d(?:[.-]\d){4,24}|(?=(?:[.-]?\d){11,24}(?!\d))\d{1,7}(?:[.-]\d{1,7}){2,12})(?![\d.-])"
)
_LETTERS = re.compile(r"(?<![a-z0-9])(?=[ol]*\d)(?=(?:[ol]*\d){4})[\dol]{5,20}(?![a-z0-9])")
_PIECE = (
    f"(?<![十百千万拾佰仟第.a-z{_DIGITS}])(?P<digits>[{_DIGITS}](?:[-. ]?[{_DIGITS}]){{1,18}})"
    "(?!(?:十|百|千|万|%|[-.]?[a-z]|元|块(?!儿)|折|天|号(?!码|是)|月|日|点(?!击)|小时|分钟|码|件|个|斤|克|米|厘|寸|公分|年|多|左右|以上|以下|位|岁|只|条"
    "|分(?!开)|笔|次|人|家|层|段|期|级|倍|颗|粒|片|包|盒|箱|瓶|套|双|支|根|张|款|种|句|字|g|ml|w|v))"
)
_LIKELY = re.compile(f"[{_DIGITS}][-. ]?[{_DIGITS}]")
_GAP = 26  # characters between two pieces
_MOST_PIECES = 8
_LEAST_DIGITS_A_PIECE = 2.7  # on average; what is counted (`96，12，48`) comes in twos
_IN_PIECES = re.compile(
    "前|后|先|再|接着|然后|中间|开头|打头|结尾|尾|末|头|剩|连|拼|凑|合|加上|跟着|往下|继续|最后|下半|上半|半截|另一半|紧挨|抄|记|输"
)
_NO_CONTACT = re.compile(
    "单号|订单|运单|条码|条形码|货号|型号|款号|编号|批号|取件码|验证码|兑换码|券码|税号|尺码(?!表)|码数|身高|体重|胸围|腰围|肩宽|袖长|衣长"
    "|裤长|脚长|厘米|cm|kg|毫米|规格|原价|现价|日期|生产|保质|克重|支持型号|适配|系列|章节|页|热线|官方|快递(?:公司|的)?(?:客服)?电话|日历"
)
_REACHED_AT = re.compile("[扣企鹅球q微薇威v信号联拨打通找]|电话|手机|加|呼|存一?下")
_PAID_AT = re.compile("[工建农中招交]行|银行|邮储|信用社|卡|账|户|存|汇|打款|转")
_MOBILE = re.compile("1[3-9][0-9]{9}")


def gathered(folded: Folded) -> Folded:
    """Return the text with its numbers in plain digits and in one piece."""
    return _plain(_in_one_piece(_plain(folded)))


def _plain(folded: Folded) -> Folded:
    text = folded.text
    edits = [
        Edit(place, place + 1, text[place].translate(_PLAIN))
        for found in _RUN.finditer(text)
        if not found[0].isascii()
        for place in range(*found.span())
    ]
    edits += [
        Edit(place, place + 1, "0" if text[place] == "o" else "1")
        for found in _LETTERS.finditer(text)
        for place in range(*found.span())
        if text[place] in "ol"
    ]
    edits += [
        Edit(place, place + 1, "")
        for found in _MARKED.finditer(text)
        for place in range(*found.span())
        if text[place] in ".-"
    ]
    return rewritten(folded, edits)


def _in_one_piece(folded: Folded) -> Folded:
    if len(_LIKELY.findall(folded.text)) < 2:
        return folded
    pieces = list(_piece().finditer(folded.text))
    order: list[int] = []
    position = 0
    for group in _groups(folded, pieces):
        order += _kept(folded.text, position, group)
        position = group[-1].end()
    if not position:
        return folded
    return rearranged(folded, [*order, *range(position, len(folded.text))])


@lru_cache(maxsize=1)
def _piece() -> re.Pattern[str]:
    """Compile the shape of a piece when the first reply has two of them."""
    return re.compile(_PIECE)


def _kept(text: str, position: int, group: list[re.Match[str]]) -> Iterator[int]:
    """Yield the places up to the end of the last piece, all pieces moved to it, a bare edge between two dropped."""
    for piece in group:
        gap = range(position, piece.start())
        if position == 0 or piece is group[0] or any(text[place] not in EDGES for place in gap):
            yield from gap
        position = piece.end()
    for piece in group:
        yield from (place for place in range(*piece.span()) if text[place] not in "-. ")


def _groups(folded: Folded, pieces: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    start = 0
    while start < len(pieces) - 1:
        stop = _end_of_group(folded, pieces, start)
        if stop is None:
            start += 1
            continue
        yield pieces[start:stop]
        start = stop


def _end_of_group(folded: Folded, pieces: list[re.Match[str]], start: int) -> int | None:
    """Return where the longest group of pieces that begins at `start` and makes a number ends."""
    found = None
    for stop in range(start + 1, min(start + _MOST_PIECES, len(pieces)) + 1):
        if stop - start > 1:
            if pieces[stop - 1].start() - pieces[stop - 2].end() > _GAP:
                break
            if _make_a_number(folded, pieces[start:stop]):
                found = stop
    return found


def _make_a_number(folded: Folded, group: list[re.Match[str]]) -> bool:
    text = folded.text
    around = text[max(group[0].start() - 24, 0) : group[-1].end() + 12]
    digits = "".join(place for piece in group for place in piece[0].translate(_PLAIN) if place.isdigit())
    if _NO_CONTACT.search(around) or any(_is_thousands_mark(folded, piece.end()) for piece in group[:-1]):
        return False
    gaps = [text[one.end() : other.start()] for one, other in pairwise(group)]
    told = _IN_PIECES.search(text[max(group[0].start() - 10, 0) : group[-1].start()]) is not None
    if not told and not all(set(gap) <= EDGES for gap in gaps):
        return False
    if len(digits) < _LEAST_DIGITS_A_PIECE * len(group):
        return False
    if len(digits) == 11:
        return _MOBILE.fullmatch(digits) is not None
    if 14 <= len(digits) <= 19:
        return _PAID_AT.search(around) is not None
    return told and 6 <= len(digits) <= 10 and len(group) > 1 and _REACHED_AT.search(around) is not None


def _is_thousands_mark(folded: Folded, place: int) -> bool:
    """Tell whether an edge is the comma of `2,000`: between digits, without a blank."""
    at = folded.starts[place]
    return folded.original[at] == "," and folded.original[at + 1 : at + 2].isdigit()
