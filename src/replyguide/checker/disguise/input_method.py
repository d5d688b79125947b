"""A small input method: of all ways to read a text with pinyin in it, the one that agents write most often.

It cuts letters into syllables and gives each the character that makes the most usual pairs, the characters around
included. Its cost grows linearly with the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from replyguide.checker.disguise.collocations import START, collocations
from replyguide.sounds import syllables_of

LONGEST_SYLLABLE = 6
_BEST = 16  # characters tried for a syllable
_UNUSUAL, _OPAQUE, _SYLLABLE = -3.0, -12.0, -4.0
_UNMISTAKABLE = 0.75  # of all uses of the syllable


class Step(NamedTuple):
    """The best way to a character at some place: its score, where it began, and the step before."""

    score: float
    character: str
    start: int
    before: Step | None


@lru_cache(maxsize=1)
def _readings() -> dict[str, tuple[str, ...]]:
    """For each syllable the characters that agents use, the most used first."""
    weights, words = collocations()
    use = Counter("".join(words))
    for pair, weight in weights.items():
        for character in pair:
            use[character] += 20 * 2**weight
    named: dict[str, list[str]] = {}
    syllables = syllables_of()
    for character, _ in use.most_common():
        for syllable in syllables.get(character, ()):
            named.setdefault(syllable, []).append(character)
    return {syllable: tuple(characters[:_BEST]) for syllable, characters in named.items()}


@lru_cache(maxsize=1)
def unmistakable() -> frozenset[str]:
    """Return the syllables that agents write as good as always with one and the same character."""
    use: dict[str, int] = {}
    for pair, weight in collocations().weights.items():
        use[pair[0]] = use.get(pair[0], 0) + 2**weight
    return frozenset(
        syllable
        for syllable, characters in _readings().items()
        if len(syllable) > 2
        and use.get(characters[0], 0) >= _UNMISTAKABLE * sum(use.get(character, 0) for character in characters)
    )


def best_path(text: str, start: int, end: int, words: list[tuple[int, int]]) -> list[Step]:
    """Viterbi over the places of the text: the states at a place are the characters that can end there."""
    readings = _readings()
    inside = {place: high for low, high in words for place in range(low, high)}
    reached: dict[int, dict[str, Step]] = {start: {START: Step(0.0, START, start, None)}}
    for place in range(start, end):
        states = reached.pop(place, None)
        if states is None:
            continue
        if text[place] in " .-_":
            _merge(reached.setdefault(place + 1, {}), states.values())
            continue
        high = inside.get(place)
        if high is None:
            _extend(reached, states, place, place + 1, (text[place],), 0.0)
            continue
        for length in range(1, min(LONGEST_SYLLABLE, high - place) + 1):
            characters = readings.get(text[place : place + length])
            if characters:
                _extend(reached, states, place, place + length, characters, _SYLLABLE)
        if place + 1 not in reached:
            _extend(reached, states, place, place + 1, (text[place],), _OPAQUE)
    final = reached.get(end, {})
    step = max(final.values(), key=lambda step: step.score, default=None)
    path: list[Step] = []
    while step is not None and step.before is not None:
        path.append(step)
        step = step.before
    return path[::-1]


def _merge(target: dict[str, Step], steps: Iterable[Step]) -> None:
    for step in steps:
        kept = target.get(step.character)
        if kept is None or step.score > kept.score:
            target[step.character] = step


def _extend(
    reached: dict[int, dict[str, Step]],
    states: dict[str, Step],
    start: int,
    end: int,
    characters: tuple[str, ...],
    penalty: float,
) -> None:
    weights, words = collocations()
    target = reached.setdefault(end, {})
    for rank, character in enumerate(characters):
        best: Step | None = None
        for before, step in states.items():
            pair = before + character
            gain = weights[pair] + 1.0 if pair in weights else 2.0 if pair in words else _UNUSUAL
            score = step.score + gain
            if best is None or score > best.score:
                best = Step(score, character, start, step)
        if best is not None:
            kept = target.get(character)
            # A rarer character must be worth it; a syllable read whole is worth more than one cut in two.
            score = best.score + penalty - 0.15 * rank
            if kept is None or score > kept.score:
                target[character] = best._replace(score=score)
