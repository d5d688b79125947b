"""Write src/replyguide/script_table.txt from zhconv's dictionary: `python tools/make_script_table.py`."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import zhconv

from replyguide.script import to_traditional

TABLE = Path(__file__).resolve().parents[1] / "src" / "replyguide" / "script_table.txt"


def table() -> tuple[str, str]:
    """Return every letter that zhconv turns into another single character, and beside it what it becomes."""
    to_traditional("")  # loads the dictionary
    pairs = []
    for code in range(0x2E80, sys.maxunicode + 1):
        character = chr(code)
        # Quotation marks are left as they are written: 「」 says where a quote begins, “” says it too.
        if unicodedata.category(character) != "Lo":
            continue
        folded = zhconv.convert(character, "zh-cn")
        if folded != character and len(folded) == 1:
            pairs.append((character, folded))
    return "".join(old for old, _ in pairs), "".join(new for _, new in pairs)


def main() -> None:
    """Write the table as two lines of equal length."""
    traditional, simplified = table()
    TABLE.write_text(f"{traditional}\n{simplified}\n", encoding="utf-8")
    print(f"{TABLE.name}: {len(traditional)} characters")


if __name__ == "__main__":
    main()
