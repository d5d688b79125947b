"""Putting together sentences that a page, a slide or a scan has broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from replyguide.documents.splitting.markers import begins_something, is_heading, mark_of
from replyguide.documents.stretch import Line, glued

_ENDS = re.compile(r"[。！？!?；;：:…~～][”’」』）)\]】》]*$")
_OPEN_END = re.compile(r"[，,、（(《「『“‘—－-]$")
_HAN_START = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff0-9a-zA-Z（(“‘《「『，。、；：！？）)”’]")
_CLOSING_START = re.compile(r"[，。、；：！？）)”’》」』]")
# Characters that no sentence ends with, or begins with: the break stands within one, whatever lies between.
_CANNOT_END = re.compile(r"[和與与或及為为將将把被向從从由於于幫帮较較需不]$")
_CANNOT_START = re.compile(r"[的地得了着著們们]")
_LATIN_EDGE = re.compile(r"[A-Za-z]$")
# A line that was broken at the margin is at least so long; shorter ones without a full stop are titles.
_MARGIN = 18
_SCRAP = 2


def joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, those of one sentence as one."""
    pending: Line | None = None
    for line in lines:
        if pending is None:
            pending = line
        elif _goes_on(pending, line):
            between = " " if _LATIN_EDGE.search(pending.text) and _LATIN_EDGE.match(line.text[:1]) else ""
            pending = pending.of(glued([pending.stretch, line.stretch], between))
        else:
            yield pending
            pending = line
    if pending is not None:
        yield pending


def _goes_on(before: Line, line: Line) -> bool:
    """Tell whether `line` is the rest of what `before` began."""
    if before.is_row or line.is_row or before.text.startswith("#") or line.text.startswith("#"):
        return False
    if _CLOSING_START.match(line.text):
        return True
    if _ENDS.search(before.text) or begins_something(line.text) or not _HAN_START.match(line.text):
        return False
    if _OPEN_END.search(before.text) or _CANNOT_END.search(before.text) or _CANNOT_START.match(line.text):
        return True
    if line.follows_gap:
        return False
    return len(before.text) >= _MARGIN or len(before.text) <= _SCRAP or not is_heading(_bare(before.text))


def _bare(text: str) -> str:
    """Return a line without its mark."""
    mark = mark_of(text)
    return text[mark.length :] if mark is not None else text
