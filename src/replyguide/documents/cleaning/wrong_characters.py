"""Characters that a scan or a blind replacement put in the place of others, where the words around leave no doubt.

`wrong_characters.txt` holds a line each: what stands there, and what it should be. An entry is only made if what
stands there says nothing in Chinese, so that sound text is never touched.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from replyguide.documents.stretch import Stretch

_FILE = Path(__file__).with_name("wrong_characters.txt")


def corrected(stretch: Stretch) -> Stretch:
    """Return a line with what is certainly wrong put right."""
    table = _table()
    return stretch.sub(_pattern(), lambda found: table[found[0]])


@cache
def _table() -> dict[str, str]:
    lines = _FILE.read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {wrong: right for wrong, right in pairs}  # noqa: C416  # a line of another form shall fail


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_table(), key=len, reverse=True))))
