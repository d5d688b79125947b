"""Letters and digits that only look like the plain ones: Cyrillic, Greek, small capitals, accents, other numerals."""

from __future__ import annotations

import unicodedata

_LETTERS = {
    **dict(zip("аӑеёорсухіїјѕԛԝѵкмнтвьгпԁһցɡ", "aaeeopcyxiijsqwvkmhtbbrndhgg", strict=True)),
    **dict(zip("αβεηικνορτυχωζγ", "abenikvoptuxwzy", strict=True)),
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
    **dict(zip("ɑɩɪօսяıȷł", "aiioubijl", strict=True)),
    # Strokes and radicals that stand for a character's half, in the form in which they are compared.
    **dict(zip("⺡⺘⺅⺍⺉⻌⻏⻖⺮⺼ネ", "氵扌亻小刂辶阝阝竹月礻", strict=True)),
    # A formal numeral that is hardly ever anything else; 陆, 伍, 肆 and 拾 are words of their own.
    **dict(zip("壹弌弍贰叁弎柒捌玖", "一一二二三三七八九", strict=True)),
}
# `lǜ`, `nǚ`: pinyin writes v where a keyboard has no ü.
_UMLAUT = dict.fromkeys("üǖǘǚǜ", "v")
_SQUARED = ((0x1F150, "a"), (0x1F170, "a"), (0x1F1E6, "a"))  # negative circled and squared letters, flag letters


def plain_letter(character: str, category: str) -> str | None:
    """Return what a look-alike looks like, `None` if the character is none; `category` is its Unicode category."""
    if character.isascii():
        return None
    lower = character.lower()
    found = _LETTERS.get(lower) or _UMLAUT.get(lower)
    if found is not None:
        return found
    if category in ("Nd", "No", "Nl"):
        return _digit(character)
    if category[0] == "L" and (character < "ɐ" or "Ḁ" <= character <= "ỿ"):
        return _without_accent(lower)
    for first, letter in _SQUARED:
        if first <= ord(character) < first + 26:
            return chr(ord(letter) + ord(character) - first)
    return None


def _digit(character: str) -> str | None:
    """Return the ASCII digits of a numeral that compatibility folding leaves as it is: `❶`, `٣`, `〡`."""
    if unicodedata.normalize("NFKC", character).isascii():
        return None
    value = unicodedata.numeric(character, -1.0)
    return str(int(value)) if value.is_integer() and 0 <= value <= 20 else None


def _without_accent(letter: str) -> str | None:
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if plain.isascii() and plain.isalpha() else None
