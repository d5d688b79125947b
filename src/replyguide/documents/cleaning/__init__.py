"""Cleaning a document's text: what is no part of it goes, what was broken is put together again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from replyguide.documents.cleaning.characters import mended
from replyguide.documents.cleaning.joining import joined
from replyguide.documents.cleaning.junk import junk_reason, repeated_furniture
from replyguide.documents.cleaning.unreadable import readable_parts
from replyguide.documents.cleaning.wrong_characters import corrected
from replyguide.documents.document import Dropped
from replyguide.documents.stretch import Line, Source


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines of a document that are left, whole sentences again, and what was left out."""

    lines: tuple[Line, ...]
    dropped: tuple[Dropped, ...]


def clean(source: Source) -> Cleaned:
    """Clean a document, step by step; every line remembers where it stood."""
    dropped: list[Dropped] = []
    lines = [line.of(mended(line.stretch)) for line in source.lines()]
    lines = list(_without_unreadable(lines, dropped))
    lines = list(_without_junk(lines, dropped))
    lines = [line.of(corrected(line.stretch)) for line in joined(lines)]
    return Cleaned(tuple(_without_repeated(lines, dropped)), tuple(dropped))


def _without_unreadable(lines: Iterable[Line], dropped: list[Dropped]) -> Iterator[Line]:
    for line in lines:
        kept, lost = readable_parts(line.stretch)
        dropped += [Dropped.of(part, "unreadable") for part in lost]
        if kept.strip():
            yield line.of(kept.strip())


def _without_junk(lines: list[Line], dropped: list[Dropped]) -> Iterator[Line]:
    furniture = repeated_furniture([line.text for line in lines if not line.is_row])
    for place, line in enumerate(lines):
        reason = None if line.is_row else junk_reason(line.text, is_first=place == 0)
        if reason is None and line.text in furniture:
            reason = "furniture"
        if reason is None:
            yield line
        else:
            dropped.append(Dropped.of(line.text, reason))


def _without_repeated(lines: Iterable[Line], dropped: list[Dropped]) -> Iterator[Line]:
    """Leave out a line that stood before, letter by letter; short ones may be answers to different questions."""
    seen: set[str] = set()
    for line in lines:
        key = "".join(filter(str.isalnum, line.text))
        if not line.is_row and len(key) >= _REPEATED_FROM and key in seen:
            dropped.append(Dropped.of(line.text, "repeated"))
            continue
        seen.add(key)
        yield line


# Letters of the shortest line that counts as repeated.
_REPEATED_FROM = 8
