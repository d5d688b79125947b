"""How lines say what they are: the marks of articles, list items, headings, questions and answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["article", "item", "heading", "question", "answer"]

_NUMERAL = "一二三四五六七八九十百零〇壹贰叁肆伍陆柒捌玖拾貳參叄陸"
_ARTICLE = re.compile(rf"第\s*[0-9{_NUMERAL}]+\s*[条條][\s:：、.．]*")
# A bullet that was lost in a conversion, or none.
_BULLET = re.compile(r"[?？•·*\s]*")
_CHAPTER = re.compile(rf"第\s*[0-9{_NUMERAL}]+\s*[章节節篇部编編][\s:：、.．]*|#+\s+")
_ITEM = re.compile(
    rf"(?:[（(〔【『\[]\s*(?:[0-9]{{1,3}}|[{_NUMERAL}]{{1,3}}|[a-z])\s*[)）〕】』\]]|[①-⑳❶-❿㈠-㈩]|[0-9]{{1,3}}\s*(?:[、丶．:：)）]|\.(?![0-9]))|[0-9]{{1,2}}(?:[-.][0-9]{{1,2}}){{1,3}}[、.:：\s]"
    rf"|[{_NUMERAL}]{{1,3}}\s*[、丶．.:：]|[•·●○◆◇■□★☆▪►➢※*+-]\s+|[•·●◆■★▪➢※]|[A-Za-z][)）、]\s*)\s*",
)
_QUESTION = re.compile(
    r"(?:问题?|[問]題?|[买買]家(?:[问問])?|[顾顧]客(?:[问問])?|客[户戶](?:[问問])?|q(?:uestion)?)\s*[0-9]{0,3}\s*[:：丶]\s*",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"(?:答案?|回[答复復覆]|客服(?:[答回][答复復覆]?)?|[卖賣]家|店小二|[话話][术術]|a(?:nswer)?)\s*[0-9]{0,3}\s*[:：丶]\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:ps|备注|備註|注意?|提醒(?:及注意[点點])?|tips?|案例|情景|场景|分析|陷[阱井])\s*[:：]", re.IGNORECASE
)
_SENTENCE = re.compile(r"[。！？!?；;，,|]")
_SAYS_SOMETHING = re.compile(
    r"应(?!用|对|急)|需(?!求|知)|必须|不得|可以|可能|[会將将]$|扣\s*[0-9]|禁止$|^[亲親您]|[的了在和与与及把被]$"
)
# Characters of the longest line that may be a heading.
_LONGEST_HEADING = 30


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line begins with: its kind, and how many characters the mark itself takes."""

    kind: MarkKind
    length: int


def mark_of(line: str) -> Mark | None:
    """Read the mark at the beginning of a line."""
    bullet = _BULLET.match(line)
    if bullet is not None and (found := _ARTICLE.match(line, bullet.end())):
        return Mark("article", bullet.end())
    if found := _QUESTION.match(line):
        return Mark("question", found.end())
    if found := _ANSWER.match(line):
        return Mark("answer", found.end())
    if found := _CHAPTER.match(line):
        return Mark("heading", found.end())
    if found := _ITEM.match(line):
        # `二、售后` names what follows; `二、买家申请后两天内处理。` says it.
        return Mark("heading" if is_heading(line[found.end() :]) and _is_high(line) else "item", found.end())
    return None


def begins_something(line: str) -> bool:
    """Tell whether a line is the beginning of something, so that it cannot go on with the one before."""
    return mark_of(line) is not None or _LABEL.match(line) is not None


def is_heading(text: str) -> bool:
    """Tell whether words without a mark look like a title: short, no sentence, nothing that anybody must or may do."""
    bare = text.strip().rstrip("：: ")
    return 0 < len(bare) <= _LONGEST_HEADING and not _SENTENCE.search(bare) and not _SAYS_SOMETHING.search(bare)


def _is_high(line: str) -> bool:
    """Tell whether a numbered line stands high enough in the order of lists to be a heading."""
    return re.match(rf"[（(〔『【]?\s*[{_NUMERAL}]{{1,3}}", line) is not None
