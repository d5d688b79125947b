"""How characters sound, without tones; two characters of one sound stand for one another in a disguise.

The table is written by `tools/make_sound_table.py`. Every sound is named by one character that has it, so that the
sound of a text is a text of the same length, got by one `str.translate`. What southern speech merges (zh/z, ing/in)
counts as one sound.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("sounds.txt")
_LETTERS = re.compile("[a-z]+")
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_MERGED_ENDS = (("ing", "in"), ("eng", "en"))


class Sounds(NamedTuple):
    """`of` gives the sound of each character for `str.translate`; `syllables` the character that names a syllable."""

    of: dict[int, int]
    exact: dict[str, str]  # character → syllable
    syllables: dict[str, str]
    rare: dict[str, str]  # syllable → characters that can also be read so


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """Read the table, once."""
    names, characters, standing, rare = _TABLE.read_text("utf-8").split("\n")[:4]
    exact = {entry[:-1]: entry[-1] for entry in names.split(" ")}
    merged = str.maketrans({sound: exact.get(_merged(name), sound) for name, sound in exact.items()})
    by_name: dict[str, str] = {}
    for entry in rare.split(" "):
        name = _LETTERS.match(entry)
        if name is not None:
            by_name[name[0]] = entry[name.end() :]
    named = {sound: name for name, sound in exact.items()}
    return Sounds(
        str.maketrans(characters, standing.translate(merged)),
        {character: named[sound] for character, sound in zip(characters, standing, strict=True)},
        exact,
        by_name,
    )


def _merged(name: str) -> str:
    for wide, narrow in _MERGED:
        if name.startswith(wide):
            name = narrow + name[2:]
    for wide, narrow in _MERGED_ENDS:
        if name.endswith(wide):
            name = name.removesuffix(wide) + narrow
    return name


def initials_of(term: str) -> list[str | None]:
    """Return for each character of a term the letter with which its usual reading begins."""
    table = sounds()
    names = {ord(standing): name for name, standing in reversed(table.syllables.items())}
    return [_first_letter(names, table.of.get(ord(character))) for character in term]


def _first_letter(names: dict[int, str], sound: int | None) -> str | None:
    name = names.get(sound) if sound is not None else None
    return name[0] if name else None
