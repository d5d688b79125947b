"""Putting the lines of a document into pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from replyguide.documents.document import Dropped, Piece, PieceKind
from replyguide.documents.splitting.lengths import SHORTEST, cut_long, letters
from replyguide.documents.splitting.markers import Mark, is_heading, mark_of
from replyguide.documents.splitting.runs import cut_runs
from replyguide.documents.splitting.tables import row_pieces
from replyguide.documents.stretch import Line, Stretch, glued

_ASKED = re.compile(r"[吗嗎呢么麼吧？?]\s*$")
_HEADING_MARK = re.compile(r"^#+\s*|[\s*_]+$")
_LEVEL = re.compile(r"^(#+)")
_EMPHASIS = re.compile(r"\*\*|__|`")
_DEEPEST = 3
# What an answer in a handbook says to the agent at its end: `有的(回答没有扣6分)`.
_NOTE_AT_END = re.compile(r"[（(][^（）()]*(?:扣|罚|罰|回答|备注|備註|注意|如果)[^（）()]*[)）]\s*$")
# Letters that an item must have.
_FEWEST_IN_ITEM = 2
# Characters up to which passages, and short items, are put together.
_LONGEST_JOINED, _LONGEST_JOINED_ITEMS, _SHORT_ITEM = 240, 160, 16


def split(lines: Sequence[Line], source: str) -> tuple[list[Piece], list[Dropped]]:
    """Split a document into its pieces; scraps too short to say anything are dropped."""
    splitter = _Splitter(source)
    for is_row, group in groupby(cut_runs(lines), key=lambda line: line.is_row):
        if is_row:
            splitter.take_table(list(group))
        else:
            for line in group:
                splitter.take(line)
    splitter.finish()
    return splitter.pieces, splitter.dropped


@dataclass(slots=True)
class _Open:
    """A piece in the making."""

    kind: PieceKind
    page: int | None
    parts: list[Stretch] = field(default_factory=list)
    question: Stretch | None = None


class _Splitter:
    """Takes line after line and puts pieces together, under the headings that stand above them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._headings: list[tuple[int, str]] = []
        self._open: _Open | None = None
        # The stretch of the last piece, if another may join it.
        self._last: list[Stretch] = []
        self.pieces: list[Piece] = []
        self.dropped: list[Dropped] = []

    def take(self, line: Line) -> None:
        """Take one line of text."""
        mark = mark_of(line.text)
        text = line.stretch[mark.length if mark is not None else 0 :].strip().sub(_EMPHASIS, "")
        if mark is None:
            self._take_unmarked(line, text)
        elif mark.kind == "heading":
            self._close()
            self._head(line.text, mark, text.text)
        elif mark.kind == "question":
            self._begin(_Open("answer", line.page, question=text))
        elif mark.kind == "answer" and self._open is not None and self._open.question is not None:
            self._open.parts.append(text)
        else:
            self._begin(_Open("article" if mark.kind == "article" else "item", line.page, [self._kept(line, mark)]))

    def take_table(self, rows: Sequence[Line]) -> None:
        """Take the rows of one table."""
        self._close()
        self.pieces += row_pieces(rows, self._heading(), self._source)

    def finish(self) -> None:
        """Close what is open."""
        self._close()

    def _take_unmarked(self, line: Line, text: Stretch) -> None:
        if line.follows_gap and is_heading(text.text) and not _ASKED.search(text.text) and self._is_free(line):
            self._close()
            self._put_heading(_DEEPEST, text.text.rstrip("：:"))
        elif self._open is None or (line.follows_gap and self._open.kind == "passage"):
            self._begin(_Open("passage", line.page, [text]))
        elif self._open.question is not None and not self._open.parts:
            self._open.parts.append(text)
        elif line.follows_gap and self._open.kind != "passage" and len(text.text) > SHORTEST:
            self._begin(_Open("passage", line.page, [text]))
        else:
            self._open.parts.append(text)

    def _is_free(self, line: Line) -> bool:
        """Tell whether nothing waits for its rest: an answer goes on over gaps."""
        return self._open is None or self._open.question is None or bool(self._open.parts) or line.follows_gap

    def _kept(self, line: Line, mark: Mark) -> Stretch:
        """Return the line with the number of an article, without the bullet of an item."""
        stretch = line.stretch if mark.kind == "article" else line.stretch[mark.length :]
        return stretch.strip().sub(_EMPHASIS, "")

    def _head(self, line: str, mark: Mark, text: str) -> None:
        found = _LEVEL.match(line)
        level = len(found[1]) if found is not None else (1 if line.startswith("第") else 2)
        self._put_heading(level, _HEADING_MARK.sub("", text if text else line[: mark.length]).strip("：: "))

    def _put_heading(self, level: int, text: str) -> None:
        self._headings = [(above, name) for above, name in self._headings if above < level]
        if text:
            self._headings.append((level, text))

    def _heading(self) -> str:
        return " > ".join(name for _, name in self._headings)

    def _begin(self, opened: _Open) -> None:
        self._close()
        self._open = opened

    def _close(self) -> None:
        opened, self._open = self._open, None
        if opened is None:
            return
        whole = glued([part for part in opened.parts if part], "\n")
        question = opened.question.text if opened.question is not None else ""
        if not whole and question:
            # A question that nobody answers still tells what people ask.
            whole, question = opened.question or whole, ""
            opened.kind = "passage"
        if letters(whole.text) < (SHORTEST if opened.kind == "passage" else _FEWEST_IN_ITEM) and not question:
            if whole:
                self.dropped.append(Dropped.of(whole.text, "empty"))
            return
        note = _NOTE_AT_END.search(whole.text) if question else None
        if note is not None and note.start() > 0:
            # What an agent is told about an answer is no part of what a buyer is told.
            self._add(opened, whole[: note.start()].strip(), question)
            self._add(_Open("passage", opened.page), whole[note.start() :].strip(), "")
        else:
            self._add(opened, whole, question)

    def _add(self, opened: _Open, whole: Stretch, question: str) -> None:
        if not question and self._joins_the_one_before(opened, whole):
            before = self._last.pop()
            self.pieces.pop()
            whole = glued([before, whole], "\n")
        self._last.clear()
        for part in cut_long(whole):
            self.pieces.append(
                Piece(opened.kind, part.text, question, self._heading(), part.original(self._source), opened.page)
            )
            self._last[:] = [part]

    def _joins_the_one_before(self, opened: _Open, whole: Stretch) -> bool:
        """Tell whether a short passage or item goes on with the same kind of piece before it."""
        if not self._last or not self.pieces or opened.kind not in ("passage", "item"):
            return False
        before = self.pieces[-1]
        most = _LONGEST_JOINED if opened.kind == "passage" else _LONGEST_JOINED_ITEMS
        same = (before.kind, before.heading, before.page) == (opened.kind, self._heading(), opened.page)
        short = opened.kind == "passage" or max(len(whole.text), len(before.text.rpartition("\n")[2])) <= _SHORT_ITEM
        return same and short and not before.question and len(before.text) + len(whole.text) <= most
