"""Rows of tables as pieces; a table of wordings gives questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from replyguide.documents.document import Piece
from replyguide.documents.splitting.lengths import cut_long
from replyguide.documents.stretch import Line, Stretch, glued

_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_QUESTION = re.compile(
    r"[问問]题?題?|[买買]家|[顾顧]客|客[户戶](?:[问問]|咨询|諮詢|说|說)?|场景|場景|情景|咨询|諮詢|[关關][键鍵][词詞]|触发|q(?:uestion)?s?",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"[话話][术術]|回[复復覆答]|答案?|[标標]准答.*|客服|[应應][对對]|[参參]考[语語用].*|a(?:nswer)?s?|reply",
    re.IGNORECASE,
)
_ASKED = re.compile(r"[吗嗎呢么麼？?]$")


def row_pieces(rows: Sequence[Line], heading: str, source: str) -> Iterator[Piece]:
    """Yield a piece for each row of a Markdown table, its first row being the header."""
    # Converters write an empty header where a table of Word or of a web page marks none.
    filled = [row for row in rows if not _RULE.fullmatch(row.text) and any(cell.text for cell in _cells(row.stretch))]
    if not filled:
        return
    header, *body = [_cells(row.stretch) for row in filled]
    names = [cell.text for cell in header]
    asked, answered = _columns(names, body)
    for row, line in zip(body, filled[1:], strict=True):
        if asked is not None and answered is not None:
            yield from _answer(row, asked, answered, heading, line, source)
        else:
            yield from _plain(row, names, heading, line, source)


def _cells(row: Stretch) -> list[Stretch]:
    inner = row[1:-1]
    bounds = [-1, *(found.start() for found in _CELL.finditer(inner.text)), len(inner.text)]
    parts = [inner[begin + 1 : end].strip() for begin, end in pairwise(bounds)]
    return [part.sub(re.compile(r"\\([|\\])"), lambda found: found[1]) for part in parts]


def _columns(names: Sequence[str], body: Sequence[Sequence[Stretch]]) -> tuple[int | None, int | None]:
    """Return the columns of questions and answers by their names; an unnamed pair by what stands in it."""
    asked = next((place for place, name in enumerate(names) if _is_called(_QUESTION, name)), None)
    answered = next((p for p, name in enumerate(names) if p != asked and _is_called(_ANSWER, name)), None)
    if asked is None and answered is None and len(names) == 2 and body:
        questions = sum(len(row) > 1 and _ASKED.search(row[0].text) is not None for row in body)
        if questions * 2 > len(body):
            return 0, 1
    return asked, answered


def _is_called(pattern: re.Pattern[str], name: str) -> bool:
    found = pattern.search(name)
    return found is not None and len(name.strip()) <= 12


def _answer(
    row: Sequence[Stretch], asked: int, answered: int, heading: str, line: Line, source: str
) -> Iterator[Piece]:
    if len(row) <= max(asked, answered) or not row[answered].text:
        return
    question, answer = row[asked], row[answered]
    if not question.text:
        yield Piece("row", answer.text, "", heading, answer.original(source), line.page)
        return
    for part in cut_long(answer):
        yield Piece("answer", part.text, question.text, heading, part.original(source), line.page)


def _plain(row: Sequence[Stretch], names: Sequence[str], heading: str, line: Line, source: str) -> Iterator[Piece]:
    said = [f"{name}：{cell.text}" if name else cell.text for name, cell in zip(names, row, strict=False) if cell.text]
    filled = [cell for cell in row if cell.text]
    if said:
        yield Piece("row", "；".join(said), "", heading, glued(filled, "；").original(source), line.page)
