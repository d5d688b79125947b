"""Text that remembers where it stood in the source, through every cut, replacement and joining.

Each character of a stretch carries the span of the source that it stands for, so that a citation can show the original
of whatever is left after cleaning.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# Everything that ends a line in one of the formats; \x0b is the line break inside a slide's paragraph.
LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Stretch:
    """`text`, and for each of its characters the beginning and the end of its span in the source."""

    text: str
    starts: array[int]
    ends: array[int]

    @classmethod
    def whole(cls, text: str, start: int = 0) -> Stretch:
        """Make the stretch that stands in the source as it is, from `start` on."""
        end = start + len(text)
        return cls(text, array("L", range(start, end)), array("L", range(start + 1, end + 1)))

    def __bool__(self) -> bool:
        return bool(self.text)

    def __getitem__(self, part: slice) -> Stretch:
        return Stretch(self.text[part], self.starts[part], self.ends[part])

    @property
    def start(self) -> int:
        return self.starts[0]

    def strip(self, characters: str | None = None) -> Stretch:
        """Cut characters off both ends, white space if none are named."""
        begin = len(self.text) - len(self.text.lstrip(characters))
        return self[begin : max(begin, len(self.text.rstrip(characters)))]

    def sub(self, pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> Stretch:
        """Replace every match; what stands in the source for the match stands for its replacement afterwards.

        Of a match that is deleted, the source goes to the character before it.
        """
        edits = [
            (found.start(), found.end(), replacement if isinstance(replacement, str) else replacement(found))
            for found in pattern.finditer(self.text)
        ]
        edits = [edit for edit in edits if self.text[edit[0] : edit[1]] != edit[2]]
        return self._edited(edits) if edits else self

    def _edited(self, edits: list[tuple[int, int, str]]) -> Stretch:
        parts: list[str] = []
        starts, ends = array("L"), array("L")
        last = 0
        for begin, end, new in edits:
            parts += (self.text[last:begin], new)
            starts += self.starts[last:begin] + array("L", [self._start_of(begin)]) * len(new)
            ends += self.ends[last:begin]
            source_end = self.ends[end - 1] if end > begin else self._start_of(begin)
            if new:
                ends += array("L", [source_end]) * len(new)
            elif ends:
                ends[-1] = source_end
            last = end
        return Stretch("".join(parts) + self.text[last:], starts + self.starts[last:], ends + self.ends[last:])

    def _start_of(self, place: int) -> int:
        if place < len(self.starts):
            return self.starts[place]
        return self.ends[-1] if self.ends else 0

    def original(self, source: str) -> str:
        """Return the part of `source` from the first to the last character of the stretch."""
        return source[self.starts[0] : self.ends[-1]] if self.text else ""


def glued(parts: Iterable[Stretch], between: str = "") -> Stretch:
    """Join stretches in the order of the source; `between` stands for what lay between two of them."""
    text: list[str] = []
    starts, ends = array("L"), array("L")
    for part in parts:
        if not part:
            continue
        if text and between:
            text.append(between)
            starts += array("L", [ends[-1]]) * len(between)
            ends += array("L", [max(ends[-1], part.start)]) * len(between)
        text.append(part.text)
        starts += part.starts
        ends += part.ends
    return Stretch("".join(text), starts, ends)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document. `follows_gap` tells that a blank line or a page break stands before it."""

    stretch: Stretch
    page: int | None
    follows_gap: bool

    @property
    def text(self) -> str:
        return self.stretch.text

    @property
    def is_row(self) -> bool:
        """Tell whether the line is a row of a Markdown table."""
        return self.text.startswith("|") and self.text.endswith("|") and len(self.text) > 1

    def of(self, stretch: Stretch, *, follows_gap: bool | None = None) -> Line:
        """Return this line with another text."""
        return Line(stretch, self.page, self.follows_gap if follows_gap is None else follows_gap)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a document as it was found; `page_starts` are the offsets of its pages, empty if it has none."""

    text: str
    page_starts: tuple[int, ...]

    @classmethod
    def of_pages(cls, pages: Iterable[str]) -> Source:
        """Put pages one after the other."""
        starts: list[int] = []
        length = 0
        texts = list(pages)
        for page in texts:
            starts.append(length)
            length += len(page) + 1
        return cls("\n".join(texts), tuple(starts))

    def page_at(self, offset: int) -> int | None:
        return bisect_right(self.page_starts, offset) if self.page_starts else None

    def lines(self) -> Iterator[Line]:
        """Give the lines that hold anything, without the white space around them."""
        begin, follows_gap, page = 0, True, None
        for end, after in [*((found.start(), found.end()) for found in LINE_END.finditer(self.text)), (None, 0)]:
            raw = self.text[begin:end]
            text = raw.strip()
            here = self.page_at(begin)
            if text:
                start = begin + len(raw) - len(raw.lstrip())
                yield Line(Stretch.whole(text, start), here, follows_gap or here != page)
                page = here
            follows_gap = not text
            begin = after
