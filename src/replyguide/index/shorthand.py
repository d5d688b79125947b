"""Initials and pinyin that people type for words of the marketplace, spelled out: `fp有吗`, `发piao`, `fapiao`.

Both rules and questions are read with it, so that a search compares words with words.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from pathlib import Path

from replyguide.sounds import syllables_of

_INITIALS = Path(__file__).with_name("shorthand.txt")
_RUN = re.compile(r"[a-z]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Letters around a run that may belong to the same word.
_REACH = 3
# A single letter beside a character is a size or a model more often than an initial.
_FEWEST_LETTERS = 2
_LONGEST_WORD = 4


def spelled_out(folded: str, words: frozenset[str]) -> str:
    """Return a folded text with what stands for one of `words` spelled out; a text without Chinese stays as it is.

    A message that is nothing but initials (`hdfk`) counts as Chinese.
    """
    if not _RUN.search(folded) or not (_CHINESE.search(folded) or _RUN.fullmatch(folded.strip(" ?？!！。"))):
        return folded
    forms = _forms(words)
    done: list[str] = []
    at = 0
    for run in _RUN.finditer(folded):
        if run.start() < at:
            continue
        start, end, word = _word_at(folded, run, at, forms)
        done += (folded[at:start], word)
        at = end
    return "".join(done) + folded[at:]


def _word_at(text: str, run: re.Match[str], least: int, forms: dict[str, str]) -> tuple[int, int, str]:
    """Return the longest stretch around `run` that is a form of a word, or the run as it is."""
    for before, after in sorted(product(range(_REACH + 1), repeat=2), key=lambda reach: -sum(reach)):
        start, end = run.start() - before, run.end() + after
        if start >= least and end <= len(text) and (word := forms.get(text[start:end])) is not None:
            return start, end, word
    return run.start(), run.end(), run[0]


@cache
def _forms(words: frozenset[str]) -> dict[str, str]:
    """Return every way to type a word with letters in it, and the word; initials only where they are listed."""
    forms: dict[str, str] = {}
    for word in sorted(words):
        if len(word) <= _LONGEST_WORD and all(_CHINESE.fullmatch(character) for character in word):
            for form in _typed(word):
                forms.setdefault(form, word)
    for line in _INITIALS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            initials, _, word = line.partition(" ")
            forms[initials] = word
    return forms


def _typed(word: str) -> list[str]:
    """Return the word with one or more characters in pinyin."""
    readings = syllables_of()
    choices = [(character, readings.get(character, [character])[0]) for character in word]
    typed = ("".join(choice) for choice in product(*choices))
    return [form for form in typed if len("".join(_RUN.findall(form))) >= _FEWEST_LETTERS]
