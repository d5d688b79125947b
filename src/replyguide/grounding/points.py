"""Which of the points that a good answer holds a reply leaves out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from replyguide.checker.likeness.ngrams import without_politeness
from replyguide.corpus.rule import Rule
from replyguide.script import to_simplified

_NO_WORD = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The points that the answering rules ask for: how many, and which the reply leaves out."""

    asked: int
    missing: tuple[str, ...]


def coverage(reply: str, rules: Sequence[Rule]) -> Coverage:
    """Tell which points of the rules `reply` holds: any of a point's patterns in it, whatever the script."""
    said = to_simplified(reply)
    points = [must_say for rule in rules for must_say in rule.must_say]
    missing = (one.point for one in points if not any(re.search(pattern, said) for pattern in one.any))
    return Coverage(len(points), tuple(dict.fromkeys(missing)))


def told_beside_politeness(reply: str) -> int:
    """Return how many characters a reply says without its politeness and punctuation."""
    return len(_NO_WORD.sub("", without_politeness(reply)))
