"""Reads a reply the way a person does: width, script, styled and invisible characters folded away.

The folded text keeps only word characters and three clause edges: `，` (comma or soft break), `。` (end of sentence)
and `？` (end of a question). Every folded character knows the span of the original it came from, so findings always
point at the reply as it was given. Edges are found on the original, before NFKC makes an ASCII comma of a Chinese one.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from replyguide.checker.language.lookalikes import plain_letter
from replyguide.checker.language.pictures import pictured
from replyguide.checker.language.wrapping import Substitution, is_json, wrappers
from replyguide.script import to_simplified

COMMA, STOP, QUESTION = "，", "。", "？"
EDGES = frozenset({COMMA, STOP, QUESTION})
_EDGE_OF = {
    **dict.fromkeys("，,；;：:～~…—（）()【】[]", COMMA),
    **dict.fromkeys("。！!\n\r｡", STOP),
    **dict.fromkeys("？?", QUESTION),
}
HARD_EDGES = frozenset(_EDGE_OF) | {"."}  # written as an edge; whatever else is read as one was only a gap
_OPENING = {"“": "”", "「": "」", "『": "』", "‘": "’", "《": "》", '"': '"', "〝": "〞"}
_KEPT_IN_LATIN = frozenset(".@_%+#&-")
# Stand for a blank and for any other separator until their neighbours tell whether they are an edge.
_SOFT, _MARK = "\x00", "\x01"
_GAPS = frozenset({_SOFT, _MARK})
_COLUMN = 4  # so many lines of one or two characters below each other are one text, written downwards
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cs", "Cc"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `starts[i]`/`ends[i]` give the original span of character `i`; `quoted` holds folded spans."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    quoted: tuple[tuple[int, int], ...]
    is_in_order: bool = True  # `False` where text written backwards, or a number in pieces, was put into order

    def place_of(self, offset: int) -> int:
        """Return the folded place of the character at `offset` of the original, or of the last one before it."""
        if self.is_in_order:
            return max(bisect_right(self.starts, offset) - 1, 0)
        before = ((start, -place) for place, start in enumerate(self.starts) if start <= offset)
        return -max(before, default=(0, 0))[1]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty folded span to offsets into the original: of characters put in order, all between them."""
        return min(self.starts[start:end]), max(self.ends[start:end])

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether the folded span lies inside quotation marks."""
        last = bisect_right(self.quoted, start, key=lambda span: span[0]) - 1  # they are sorted and apart
        return last >= 0 and end <= self.quoted[last][1]


def fold(text: str) -> Folded:
    """Fold `text`; linear in its length, never fails, whatever the characters."""
    characters, starts, ends = _unpacked(text)
    kept = _resolved(characters)
    folded = "".join(character for _, character in kept)
    return Folded(
        original=text,
        text=folded,
        starts=tuple(starts[index] for index, _ in kept),
        ends=tuple(ends[index] for index, _ in kept),
        quoted=_quoted_spans(text, tuple(starts[index] for index, _ in kept)),
    )


def _unpacked(text: str) -> tuple[list[str], list[int], list[int]]:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end, replacement in _substitutions(text):
        if start < position:
            continue
        _unpack(text, position, start, characters, starts, ends)
        for character in replacement:
            if character == "\n" and characters and characters[-1] in EDGES:
                continue  # markup after markup says nothing more
            for folded in _fold_character(character):
                characters.append(folded)
                starts.append(start)
                ends.append(end)
        position = end
    _unpack(text, position, len(text), characters, starts, ends)
    return characters, starts, ends


def _unpack(text: str, low: int, high: int, characters: list[str], starts: list[int], ends: list[int]) -> None:
    for offset in range(low, high):
        character = text[offset]
        # An English full stop ends a sentence; the dot of `0.8`, `0 . 8` or `example.com` does not.
        ends_sentence = (
            character == "."
            and not text[offset + 1 : offset + 2].strip()
            and not text[max(offset - 1, 0) : offset].isspace()
        )
        for folded in STOP if ends_sentence else _fold_character(character):
            characters.append(folded)
            starts.append(offset)
            ends.append(offset + 1)


def _substitutions(text: str) -> list[Substitution]:
    """Return the stretches that read as something else than their characters, left to right; they may overlap."""
    found = [*wrappers(text), *pictured(text)]
    if text.count("\n") >= _COLUMN - 1:
        found += _column_breaks(text)
    return sorted(found)


def _column_breaks(text: str) -> list[Substitution]:
    """Find the line breaks of a text that is written downwards."""
    breaks: list[Substitution] = []
    column: list[Substitution] = []
    start = 0
    for line in text.split("\n"):
        shown = sum(unicodedata.category(character) not in _INVISIBLE for character in line[:12].strip())
        if shown > 2:
            breaks += column[:-1] if len(column) >= _COLUMN else []
            column = []
        elif start + len(line) < len(text):
            column.append(Substitution(start + len(line), start + len(line) + 1, ""))
        start += len(line) + 1
    return breaks + (column if len(column) >= _COLUMN - 1 else [])


@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    if character in _EDGE_OF:
        return _EDGE_OF[character]
    if character == "、":  # joins the items of a list (`微信、QQ都不加`): no clause ends here
        return ""
    category = unicodedata.category(character)
    if category in _INVISIBLE and not character.isspace():
        return ""
    plain = plain_letter(character, category)
    if plain is not None:
        return plain
    if character.isspace() or category == "Zs":
        return _SOFT
    if category in ("So", "Sk", "Sm", "Sc", "Ps", "Pe", "Pi", "Pf", "Po", "Pd", "Pc", "Lm", "Co", "Cn"):
        plain = unicodedata.normalize("NFKC", character)
        if plain in _EDGE_OF:
            return _EDGE_OF[plain]
        plain = "".join(letter for letter in plain if letter.isalnum() or letter in _KEPT_IN_LATIN)
        return to_simplified(plain.lower()) if plain else _MARK
    plain = unicodedata.normalize("NFKC", character).lower()
    return to_simplified("".join(letter for letter in plain if letter.isalnum()))


def _resolved(characters: list[str]) -> list[tuple[int, str]]:
    """Decide for every soft separator whether it divides clauses, words of Latin script, or nothing at all."""
    kept: list[tuple[int, str]] = []
    index, count = 0, len(characters)
    while index < count:
        character = characters[index]
        if character not in _GAPS and character not in _KEPT_IN_LATIN:
            if kept or character not in EDGES:  # nothing comes before the first word
                kept.append((index, character))
            index += 1
            continue
        after = index
        while after < count and characters[after] in _GAPS:
            after += 1
        if character not in _GAPS:
            after = index + 1
        replacement = _separator(characters, index, after, character)
        if replacement:
            kept.append((index, replacement))
        index = after
    return kept


def _separator(characters: list[str], before: int, after: int, character: str) -> str:
    is_gap = character in _GAPS
    left = characters[before - 1] if before > 0 else COMMA
    right = characters[after] if after < len(characters) else COMMA
    if left in EDGES or right in EDGES or left in _GAPS or right in _GAPS:
        return _spaced_out(characters, before, character)
    if _is_latin(left) and _is_latin(right):
        if not is_gap:
            return character
        if left.isdigit() and right.isdigit():
            return ""
        return " " if _parts_words(characters, before, after) else ""
    if not is_gap:
        return character if character in "%@" else ""
    if _is_latin(left) or _is_latin(right):
        return ""  # `付款 48 小时`: typesetting, no pause
    long_enough = _run(characters, before - 1, -1) > 1 and _run(characters, after, 1) > 1
    return COMMA if long_enough else ""


def _spaced_out(characters: list[str], place: int, character: str) -> str:
    """Return what a mark is worth that stands between gaps: one of a spaced-out word (`0 . 8`) is part of it."""
    if character in _GAPS or character == "%":
        return "%" if character == "%" else ""
    around = characters[place - 2 : place - 1] + characters[place + 2 : place + 3]
    single = len(around) == 2 and characters[place - 1] in _GAPS and characters[place + 1] in _GAPS
    return character if single and all(map(_is_latin, around)) else ""


def _parts_words(characters: list[str], before: int, after: int) -> bool:
    """Tell whether a gap between Latin letters parts two words, or the letters of one (`p a y   m e`, `p·a·y m·e`)."""
    if _latin_run(characters, before - 1, -1) > 1 or _latin_run(characters, after, 1) > 1:
        return True
    if any(characters[place] is _MARK for place in range(before, after)):
        return False
    return after - before > 2 or _MARK in characters[before - 2 : before - 1] + characters[after + 1 : after + 2]


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _run(characters: list[str], index: int, step: int) -> int:
    """Count the word characters from `index` on, up to two: more is never asked."""
    length = 0
    while 0 <= index < len(characters) and length < 2:
        if characters[index] in _GAPS or characters[index] in EDGES or characters[index] in _KEPT_IN_LATIN:
            break
        length += 1
        index += step
    return length


def _latin_run(characters: list[str], index: int, step: int) -> int:
    """Count the Latin letters and digits from `index` on, up to two."""
    length = 0
    while 0 <= index < len(characters) and length < 2 and _is_latin(characters[index]):
        length += 1
        index += step
    return length


def _quoted_spans(text: str, starts: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    position = 0
    json = is_json(text)
    while position < len(text):
        closing = _OPENING.get(text[position]) if not (json and text[position] == '"') else None
        end = text.find(closing, position + 1, position + 42) if closing else -1
        if end < 0:
            position += 1
            continue
        first, last = bisect_right(starts, position), bisect_left(starts, end)
        if first < last:
            spans.append((first, last))
        position = end + 1
    return tuple(spans)
