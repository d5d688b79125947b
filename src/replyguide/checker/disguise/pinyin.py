"""Pinyin among the characters (`tui款`, `que huo`, `jia wo wei xin`), read as the characters it stands for.

A word of letters is read so only if it is pinyin from end to end and what comes out is usual; whatever else it may be
(a model, an English word, an account) stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from replyguide.checker.disguise.collocations import START, collocations
from replyguide.checker.disguise.input_method import LONGEST_SYLLABLE, Step, best_path, unmistakable
from replyguide.checker.disguise.rewriting import Edit, rewritten
from replyguide.checker.language.folding import COMMA, Folded
from replyguide.script import is_english
from replyguide.sounds import sounds

_WORD = re.compile("[a-z]+")
# Letters joined by one and the same mark: `h.o.n.g`, `z-f-b`.
_SPELLED = re.compile(r"(?<![a-z0-9.\-_@])[a-z](?:([.\-_])[a-z])(?:\1[a-z])*(?![a-z0-9\-_@]|\.[a-z0-9])")
_STRETCH = re.compile(r"[一-龥]{0,2}[a-z]+(?:[ .\-_]?[一-龥]{0,2}[ ]?[a-z]+)*[一-龥]{0,2}")
_MOST_LETTERS = 2000  # of one reply; nobody types more, and a wall of letters costs bounded time
_ACCOUNT = re.compile(r"[0-9@_]|\.(?:com|cn|net|shop|tv|top|vip|cc)")
# Latin words of shops that are pinyin by chance: read as such only beside a character with which they are very usual.
_ENGLISH_WORDS = (
    "ai am pm an he she we me men women man can fan pan pin sun ran die tie lie mango banana china chang "
    "nike mini mate nano lite size case line fine mine nine wine shine pine sale male name game came same "
    "made date data late gate hate fate base rose house mouse machine piano guide long song gang bing "
    "king ping lala mama baba hi mu pe pu pa pi la li lo ma mi na ne ni no se si su so te ti re ha ho "
    "here sure pure care bare hare wife bike hike cape cute mute lane lego anta haier lining midea huawei "
    "xiaomi meizu canada panda panama tofu sushi bose sega beta lan wan wen yen ten pen den ken nana tina "
    "gina lena luna dada gaga haha hehe xixi coco momo toto lace face race page cage bone tone zone hose "
    "nose note vote bei de da du you by fake fade make take like side shade share rule are see delete "
    "decide on or alike reduce refuse there bale buy guy "
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_VERY_STRONG, _STRONG, _WEAK = 5, 3, 1  # log2 of how often a pair must have been met


class _Word(NamedTuple):
    """A word of Latin letters and the characters it may stand for, each with the place of its syllable in the word."""

    start: int
    end: int
    steps: tuple[tuple[int, str], ...]
    is_convincing: bool


class Spelled(NamedTuple):
    """A text with its pinyin read. `doubtful` gives the characters that are only a sound, with their letters."""

    folded: Folded
    doubtful: dict[int, str]


def spelled_out(folded: Folded) -> Spelled:
    """Return the text with its pinyin read as characters; only stretches with Latin letters are looked at."""
    if _WORD.search(folded.text) is None:
        return Spelled(folded, {})
    folded = rewritten(
        folded, [Edit(f.start(), f.end(), f[0].replace(f[1], "")) for f in _SPELLED.finditer(folded.text)]
    )
    text = _with_blanks(folded)
    words: list[_Word] = []
    length = 0
    for stretch in _STRETCH.finditer(text):
        length += len(stretch[0])
        if length > _MOST_LETTERS:
            break
        if any(map(_cuts, _WORD.findall(stretch[0]))) and not is_english(stretch[0]):
            words += _read(text, *stretch.span())
    known = {text[word.start : word.end]: word.steps for word in words if word.is_convincing}
    edits: list[Edit] = []
    doubted: set[int] = set()
    for word in words:
        letters = text[word.start : word.end]
        if letters in known or letters not in _ENGLISH:
            if letters not in known:
                doubted.update(range(len(edits), len(edits) + len(word.steps)))
            # What was read once is read so everywhere.
            edits += _edits(text, word, known.get(letters, word.steps), edits[-1].end if edits else 0)
    return Spelled(rewritten(folded, edits), _doubtful(folded, edits, doubted))


def _doubtful(folded: Folded, edits: list[Edit], doubted: set[int]) -> dict[int, str]:
    doubtful: dict[int, str] = {}
    shrunk = 0
    for number, edit in enumerate(edits):
        if number in doubted:
            doubtful[edit.start - shrunk] = folded.text[edit.start : edit.end]
        shrunk += edit.end - edit.start - 1
    return doubtful


def _with_blanks(folded: Folded) -> str:
    """Return the text with a blank for each edge that was only a blank: it may stand inside a word."""
    text = folded.text
    return "".join(
        " "
        if character == COMMA and folded.original[folded.starts[place] : folded.ends[place]].isspace()
        else character
        for place, character in enumerate(text)
    )


def _edits(text: str, word: _Word, steps: tuple[tuple[int, str], ...], done: int) -> Iterator[Edit]:
    """Yield the characters of a word, each in place of its syllable; the blanks around the word, from `done` on, go."""
    starts = [word.start + start for start, _ in steps]
    ends = [*starts[1:], word.end]
    if word.start > done and text[word.start - 1] == " ":
        starts[0] -= 1
    if text[word.end : word.end + 1] in (" ", ".", "-"):
        ends[-1] += 1
    for start, end, (_, character) in zip(starts, ends, steps, strict=True):
        yield Edit(start, end, character)


@lru_cache(maxsize=4096)
def _cuts(word: str) -> bool:
    """Tell whether a word can be cut into syllables without a rest."""
    syllables = sounds().syllables
    reached = {0}
    for place in range(len(word)):
        if place in reached:
            reached.update(
                place + length for length in range(1, LONGEST_SYLLABLE + 1) if word[place : place + length] in syllables
            )
    return len(word) in reached and len(word) > 1


def _read(text: str, start: int, end: int) -> Iterator[_Word]:
    """Yield the words of a stretch that may be pinyin, as they read best."""
    words = [
        span for span in (found.span() for found in _WORD.finditer(text, start, end)) if _may_be_pinyin(text, *span)
    ]
    path = best_path(text, start, end, words)
    for low, high in words:
        steps = [step for step in path if low <= step.start < high]
        if steps and not any(step.character.isascii() for step in steps):
            spelled = tuple((step.start - low, step.character) for step in steps)
            yield _Word(low, high, spelled, _is_convincing(text[low:high], path, steps))


def _may_be_pinyin(text: str, low: int, high: int) -> bool:
    word = text[low:high]
    if not _cuts(word):
        return False
    around = text[max(low - 1, 0) : low] + text[high : high + 1]
    return not _ACCOUNT.search(around) and not _ACCOUNT.match(text[high : high + 5])


def _is_convincing(word: str, path: list[Step], steps: list[Step]) -> bool:
    """Tell whether the reading of a word is usual enough to be what was meant."""
    first, last = path.index(steps[0]), path.index(steps[-1])
    before = path[first - 1].character if first else START
    after = path[last + 1].character if last + 1 < len(path) else START
    read = before + "".join(step.character for step in steps) + after
    pairs = [read[at : at + 2] for at in range(len(read) - 1)]
    weights, words = collocations()
    met = [max(weights.get(pair, 0), _WEAK if pair in words else 0) for pair in pairs]
    if word in _ENGLISH:
        return len(steps) == 1 and (max(met) >= _VERY_STRONG or (min(met) >= _WEAK and max(met) >= _STRONG))
    if len(steps) == 1 and word in unmistakable():
        return True
    # What stands at the edge of a clause is no proof: anything can stand there.
    met = [weight for weight, pair in zip(met, pairs, strict=True) if START not in pair]
    return sum(weight >= _WEAK for weight in met) >= max(len(steps) - 1, 1)
