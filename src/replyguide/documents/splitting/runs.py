"""Cutting lines that hold a whole list, or a whole conversation, without a break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from replyguide.documents.stretch import Line, Stretch

_NUMBER = re.compile(
    r"(?<![0-9.\-:/年月])(?:(?P<digits>[0-9]{1,2})(?:\s*[、丶．]|[.](?![0-9])|[:：](?![0-9]))|[（(〔](?P<bracket>[0-9]{1,2}|[一二三四五六七八九十]{1,2})[)）〕]|(?P<circle>[①-⑳])|『(?P<quoted>[^』]{1,3})』)"
)
_SPEAKER = re.compile(r"(?<![提反疑访學学顧顾客])(?:问|問|答|[买買]家|[顾顧]客|客[户戶]|客服)\s*[:：丶]\s*")
_ARTICLE = re.compile(r"第\s*([0-9一二三四五六七八九十百零〇]{1,6})\s*[条條]")
# `一、客服规则1. 诚实守信`: a title and the first item of its list in one line.
_TITLE_BEFORE_LIST = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])?[^，。！？,.;；:：、0-9]{2,14}(?=1[、.．]\s*[^0-9\s])"
)
_CHINESE = "一二三四五六七八九十"


def cut_runs(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, each article, list item and turn of a conversation as one of its own."""
    articles = 0
    for line in lines:
        if line.is_row:
            yield line
            continue
        begin = 0
        of_articles, articles = _articles(line.text, articles)
        for place in sorted({*of_articles, *_list_items(line.text), *_turns(line.text)}):
            if place > begin and line.text[begin:place].strip():
                yield _part(line, begin, place)
                begin = place
        yield _part(line, begin, len(line.text))


def _part(line: Line, begin: int, end: int) -> Line:
    stretch: Stretch = line.stretch[begin:end].strip()
    return line.of(stretch, follows_gap=line.follows_gap and begin == 0)


def _articles(text: str, before: int) -> tuple[list[int], int]:
    """Return where articles begin that count on from the one before, and the number of the last.

    What a sentence says of another article (`按第三条处理`) does not count on.
    """
    cuts: list[int] = []
    for found in _ARTICLE.finditer(text):
        number = _number_of(found[1])
        if number == before + 1 or (number == 1 and found.start() == 0):
            cuts.append(found.start())
            before = number
    return cuts, before


def _number_of(numeral: str) -> int:
    """Read a Chinese or Arabic number below a thousand; 0 if it is none."""
    if numeral.isdigit() and numeral.isascii():
        return int(numeral)
    total = digit = 0
    for character in numeral:
        if character in _CHINESE[:9]:
            digit = _CHINESE.index(character) + 1
        elif character in "十百":
            total += max(digit, 1) * (10 if character == "十" else 100)
            digit = 0
    return total + digit


def _list_items(text: str) -> list[int]:
    """Return where the items of a list begin: numbers of one kind that count up, two of them at least."""
    by_kind: dict[str, list[tuple[int, int]]] = {}
    for found in _NUMBER.finditer(text):
        kind = found.lastgroup or ""
        by_kind.setdefault(kind, []).append((found.start(), _value(found[kind])))
    cuts: list[int] = []
    for marks in by_kind.values():
        cuts += _counting(marks)
    if (title := _TITLE_BEFORE_LIST.match(text)) is not None:
        cuts.append(title.end())
    return cuts


def _counting(marks: list[tuple[int, int]]) -> list[int]:
    """Return the places of marks that each count one or two on from the one before, or begin anew at one."""
    runs: list[list[tuple[int, int]]] = []
    for mark in marks:
        if runs and 1 <= mark[1] - runs[-1][-1][1] <= 2:
            runs[-1].append(mark)
        elif mark[1] >= 0:
            runs.append([mark])
    return [place for run in runs if len(run) > 1 for place, _ in run]


def _value(mark: str) -> int:
    if mark.isdigit() and mark.isascii():
        return int(mark)
    if mark in _CHINESE:
        return _CHINESE.index(mark) + 1
    if "①" <= mark <= "⑳":
        return ord(mark) - ord("①") + 1
    return -1


def _turns(text: str) -> list[int]:
    places = [found.start() for found in _SPEAKER.finditer(text)]
    return places if len(places) > 1 else []
