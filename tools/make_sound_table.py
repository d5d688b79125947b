"""Write src/replyguide/sounds.txt with pypinyin: `python tools/make_sound_table.py`.

Four lines: every syllable (no tones, ü as v) with the character that stands for it; all characters; beside each the
one that stands for its usual reading; and, by syllable, the common characters that can also be read so.
"""

from __future__ import annotations

from pathlib import Path

from pypinyin import Style, pinyin

from replyguide.script import SIMPLIFIED

# The second readings in daily use; the dictionary also knows those of classical texts.
ALSO = (
    "hang行 huan还 chong重 liao了 dei得 zhang长 diao调 yue乐 shuai率 dou都 di地 mei没 shan单 she折 pian便 bao薄 chen称 "
    "chai差 xi系 jiao觉 lou露 la落 shai色 sheng省 zhuan传 tan弹 kuai会 zhao着 zhuo着 xiang降 xie血 hai还 cha差 bian便 "
    "de得地的 lv率 zha炸 zhong种 dan单 ka卡 mo模 shu数 chu处 cheng盛 qie切 suo缩 shi似 xiu宿 za咋 zen怎 na哪 "
    "nei那 zhei这"
)

TABLE = Path(__file__).resolve().parents[1] / "src" / "replyguide" / "sounds.txt"


def table() -> str:
    """Return the text of the table: traditional characters are left out, since folding turns them first."""
    usual: dict[str, str] = {}
    for code in range(0x4E00, 0x9FA6):
        character = chr(code)
        reading = _reading(character) if code not in SIMPLIFIED else ""
        if reading.isascii() and reading.isalpha():
            usual[character] = reading
    standing: dict[str, str] = {}
    for character in sorted(usual, key=lambda character: (not _is_common(character), character)):
        standing.setdefault(usual[character], character)
    names = " ".join(f"{name}{standing[name]}" for name in sorted(standing))
    sounds = "".join(standing[reading] for reading in usual.values())
    return "\n".join((names, "".join(usual), sounds, ALSO, ""))


def _reading(character: str) -> str:
    found = pinyin(character, style=Style.NORMAL, errors="ignore")
    return found[0][0] if found else ""


def _is_common(character: str) -> bool:
    """The first level of the national character set holds the 3,755 characters in daily use."""
    try:
        return b"\xb0\xa1" <= character.encode("gb2312") <= b"\xd7\xf9"
    except UnicodeEncodeError:
        return False


def main() -> None:
    """Write the table."""
    text = table()
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE.name}: {len(text.splitlines()[1])} characters, {len(text.split(chr(10))[0].split())} syllables")


if __name__ == "__main__":
    main()
