"""What the second layer sees of a text: short runs of its characters, in windows of bounded length.

Politeness is taken away first: violations and good replies share it, and a layer that leans on 亲 or 哦 has learned
nothing. A reply longer than a window is seen window by window, so that a violation counts the same inside a long polite
reply as alone, and the cost grows with the length only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from replyguide.checker.language.reading import Clause

_POLITENESS = re.compile(
    "亲爱的|亲亲|亲|您好|你好|(?:谢谢|多谢|感谢|谢过)(?:您|亲)?的?(?:理解|支持|谅解|体谅|配合|关注|光临|惠顾|信任|反馈|耐心)?"
    "|哈喽|hello|hi|[哦呢呀啊哈啦哟噢喔嗯嘛~]"
)
_SHORTEST = 4  # characters: what says less is an answer to the question, which the rules read
_WINDOW = 60  # characters; nine of ten labelled replies fit into one
_BETWEEN_CLAUSES = "|"


class Window(NamedTuple):
    """Clauses `first` to `last` (inclusive) of a reading, and what they say."""

    first: int
    last: int
    text: str


def without_politeness(text: str) -> str:
    """Return a folded text without what every reply holds."""
    return _POLITENESS.sub("", text)


def windows(clauses: Sequence[Clause]) -> Iterator[Window]:
    """Yield the windows of a reply, one from every clause on, until one reaches the end."""
    said = [(clause.index, text) for clause in clauses if (text := without_politeness(clause.text))]
    for start in range(len(said)):
        end, length = start + 1, len(said[start][1])
        while end < len(said) and length + len(said[end][1]) <= _WINDOW:
            length += len(said[end][1])
            end += 1
        chosen = said[start:end]
        text = _BETWEEN_CLAUSES.join(text for _, text in chosen)
        if length >= _SHORTEST and not _is_latin(text):
            yield Window(chosen[0][0], chosen[-1][0], text)
        if end == len(said):
            return


def _is_latin(text: str) -> bool:
    """Tell whether a text is mostly in Latin letters: runs of those tell nothing of an English sentence."""
    return 2 * sum(character.isascii() and character.isalpha() for character in text) > len(text)


def reply_grams(window: Window) -> set[str]:
    """Return the runs of one to three characters of a window, its edges marked."""
    return grams(f"^{window.text}$", 1, 3)


def question_grams(question: str) -> set[str]:
    """Return the runs of two and three characters of a folded question; single ones tell nothing of the answer."""
    return grams(without_politeness(question), 2, 3)


def topic_grams(window: Window, question: str) -> set[str]:
    """Return what tells the topic: question and window speak of the same thing, so they are not kept apart."""
    said = window.text.replace(_BETWEEN_CLAUSES, "")
    return grams(f"^{said}$", 1, 3) | grams(f"^{without_politeness(question)}$", 1, 3)


def grams(text: str, shortest: int, longest: int) -> set[str]:
    """Return every run of `shortest` to `longest` characters."""
    return {
        text[start : start + size] for size in range(shortest, longest + 1) for start in range(len(text) - size + 1)
    }
