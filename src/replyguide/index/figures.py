"""Figures on which hits disagree: both are shown, each with its source, the stricter first.

Two sentences are about the same thing if they are of hits of one topic, name figures of one unit and are, numbers
aside, made of much the same characters. More points, more money and a higher share are stricter; so is less time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from replyguide.index.hit import Figure, Hit
from replyguide.index.words import fold

_NUMBER = r"\d+(?:\.\d+)?"
_FIGURE = re.compile(rf"(?P<value>{_NUMBER})\s*(?:个)?(?P<unit>分钟|小时|工作日|天|日|分|万元|元|%)")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHORTER_IS_STRICTER = frozenset({"分钟", "小时", "天"})
_SAME_UNIT = {"日": "天", "工作日": "天"}
# Of the pairs of characters of the sentence that has fewer, this share stands in the other as well.
_ALIKE = 0.45
_FEWEST_PAIRS = 4


@dataclass(frozen=True, slots=True)
class _Statement:
    hit: Hit
    sentence: str
    value: float
    unit: str
    said: str
    pairs: frozenset[str]


def with_disagreements(hits: Sequence[Hit], others: Iterable[Hit] = ()) -> tuple[Hit, ...]:
    """Return the hits, those that disagree with a hit of another source with the figures of both.

    `others` are looked at as well and not returned: the rules of the same topics that the list has no place for.
    """
    listed = {hit.id for hit in hits}
    statements = [statement for hit in hits for statement in _statements(hit)]
    statements += [statement for hit in others if hit.id not in listed for statement in _statements(hit)]
    told: dict[str, list[_Statement]] = {}
    for one, other in combinations(statements, 2):
        if _disagree(one, other):
            for hit in (one.hit, other.hit):
                told.setdefault(hit.id, []).extend((one, other))
    return tuple(replace(hit, disagreement=_figures(told[hit.id])) if hit.id in told else hit for hit in hits)


def _disagree(one: _Statement, other: _Statement) -> bool:
    if one.hit.topic != other.hit.topic or one.hit.source == other.hit.source:
        return False
    # The packaged rules tell of their own disagreements in their text.
    if one.hit.kind == other.hit.kind == "rule" or one.unit != other.unit or one.value == other.value:
        return False
    fewer = min(len(one.pairs), len(other.pairs))
    return fewer >= _FEWEST_PAIRS and len(one.pairs & other.pairs) >= _ALIKE * fewer


def _figures(statements: Sequence[_Statement]) -> tuple[Figure, ...]:
    unit = statements[0].unit
    strict = sorted(statements, key=lambda one: one.value if unit in _SHORTER_IS_STRICTER else -one.value)
    figures = (Figure(one.said, one.sentence, one.hit.source, one.hit.id) for one in strict)
    return tuple(dict.fromkeys(figures))


def _statements(hit: Hit) -> Iterator[_Statement]:
    if _FIGURE.search(fold(hit.text)) is None:
        return
    for sentence in _SENTENCE.findall(hit.text):
        found = {(float(match["value"]), match["unit"]): match[0] for match in _FIGURE.finditer(fold(sentence))}
        # A sentence that lists several figures of a unit says of none what it is for.
        for (value, unit), said in found.items():
            if sum(other == unit for _, other in found) == 1:
                unit_of_all = _SAME_UNIT.get(unit, unit)
                yield _Statement(hit, sentence.strip(" -*"), value, unit_of_all, said, _pairs(sentence))


def _pairs(sentence: str) -> frozenset[str]:
    letters = "".join(_CHINESE.findall(fold(sentence)))
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
