"""The facts of the corpus by their ids: a rule of the checker cites `INV-03`, and people want to read it."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from replyguide.corpus.reader import rule_files
from replyguide.errors import CorpusError

_STATEMENT = re.compile(r"^[ ]*[-*] \*\*(?P<id>[A-Z]{2,5}-[0-9]{2,3})\*\*[ ]*(?P<text>.+?)[ ]*$", re.MULTILINE)


def statements(folder: Path, ids: Collection[str]) -> dict[str, str]:
    """Return the texts of these facts, with the sources that each names; an id that no file has is left out.

    The files are only searched, not validated: whoever explains a verdict needs no sound corpus for it.
    """
    if not ids:
        return {}
    found: dict[str, str] = {}
    for path in rule_files(folder):
        try:
            text = path.read_text("utf-8-sig", errors="replace")
        except OSError as error:
            raise CorpusError(f"{path}：读不了这个规则文件（{error.strerror}），请检查权限") from None
        found.update((match["id"], match["text"]) for match in _STATEMENT.finditer(text) if match["id"] in ids)
    return found
