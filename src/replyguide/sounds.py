"""How characters sound, without tones: characters of one sound stand for one another in disguises and in typos.

The table is written by `tools/make_sound_table.py`. Every sound is named by one character that has it, so that the
sound of a text is a text of the same length, got by one `str.translate`. What southern speech merges (zh/z, ing/in)
counts as one sound.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_TABLE = Path(__file__).with_name("sounds.txt")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_MERGED_ENDS = (("ing", "in"), ("eng", "en"))


class Sounds(NamedTuple):
    """`of` gives the sound of each character for `str.translate`; `syllables` the character that names a syllable."""

    of: dict[int, int]
    syllables: dict[str, str]


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """Read the table, once."""
    names, characters, standing, _ = _lines()
    exact = _named_by(names)
    merged = str.maketrans({sound: exact.get(_merged(name), sound) for name, sound in exact.items()})
    return Sounds(str.maketrans(characters, standing.translate(merged)), exact)


@lru_cache(maxsize=1)
def syllables_of() -> dict[str, list[str]]:
    """Return for every character the syllables that it can be read as, the usual one first."""
    names, characters, standing, rare = _lines()
    name_of = {sound: name for name, sound in _named_by(names).items()}
    readings = {character: [name_of[sound]] for character, sound in zip(characters, standing, strict=True)}
    for entry in rare.split(" "):
        name = entry.rstrip(entry.lstrip(_LETTERS))
        for character in entry[len(name) :]:
            readings.setdefault(character, []).append(name)
    return readings


def _lines() -> list[str]:
    return _TABLE.read_text("utf-8").split("\n")[:4]


def _named_by(names: str) -> dict[str, str]:
    return {entry[:-1]: entry[-1] for entry in names.split(" ")}


def _merged(name: str) -> str:
    for wide, narrow in _MERGED:
        if name.startswith(wide):
            name = narrow + name[2:]
    for wide, narrow in _MERGED_ENDS:
        if name.endswith(wide):
            name = name.removesuffix(wide) + narrow
    return name


def initials() -> dict[int, str]:
    """Return for the character that names a sound, by its code point, the letter with which that sound begins."""
    return {ord(standing): name[0] for name, standing in reversed(sounds().syllables.items())}
