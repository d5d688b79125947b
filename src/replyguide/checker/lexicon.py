"""The vocabulary of the rule packs: classes of words, and which of them can be the object of a sentence.

The pack files list them under `objects` and `words`; a pattern in a pack names classes, never words. An entry written
`/…/` is a regular expression over the folded text, for what no list can hold (phone numbers, account names).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from replyguide.checker.folding import EDGES, fold
from replyguide.checker.prefilter import Requirements
from replyguide.script import to_simplified

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_PLAIN = re.compile("[一-龥a-z0-9]+")
SHIELD = "shield"  # the class of words that only protect against look-alikes
COMPOUND = "compound"  # likewise, and a pattern does not find one of their characters either
_PROTECT = frozenset({SHIELD, COMPOUND})
_LONGEST_STRETCH = 1000  # characters; no chat window sends more


class WordHit(NamedTuple):
    """A word of the lexicon found in a folded text, with every class it belongs to.

    A tuple, like `Token`: a reply makes some seventy of each, and a frozen dataclass takes three times as long to make.
    """

    start: int
    end: int
    classes: frozenset[str]


class Lexicon:
    """Finds the words of all classes in one pass.

    `objects` are the classes a sentence can be about, `entries` the words of each class as the packs list them.
    """

    def __init__(
        self, classes: Mapping[str, list[str]], objects: frozenset[str], requirements: Requirements | None = None
    ) -> None:
        self.classes = frozenset(classes)
        self.entries = classes
        self.objects = objects
        of_word: dict[str, set[str]] = {}
        of_pattern: dict[str, set[str]] = {}
        for name, entries in classes.items():
            for entry in entries:
                if len(entry) > 2 and entry[0] == entry[-1] == "/":
                    of_pattern.setdefault(entry[1:-1], set()).add(name)
                else:
                    of_word.setdefault(_folded(entry), set()).add(name)
        self._classes_of = [frozenset(names) for names in of_word.values()]
        self._automaton = _automaton(list(of_word))
        self._patterns = PatternSet(of_pattern, requirements if requirements is not None else Requirements())

    def find(self, text: str) -> list[WordHit]:
        """Return the words of a folded text from left to right.

        A word inside a longer word is dropped (`票` in `发票`, `发` in `开发`), unless the longer one is a regular
        expression, or the shorter one is an object and the longer one neither object nor shield.
        """
        hits = [
            WordHit(start, end, self._classes_of[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _stands_alone(text, start, end)
        ]
        hits = _without_covered(hits, self.objects)
        compounds = [hit for hit in hits if COMPOUND in hit.classes]
        hits.extend(hit for hit in self._patterns.find(text) if not _is_part(hit, compounds))
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


class PatternSet:
    """Regular expressions, each with its classes; one is compiled when a text first holds what it requires."""

    def __init__(self, classes: Mapping[str, set[str]], requirements: Requirements) -> None:
        self._classes = [(pattern, frozenset(names)) for pattern, names in classes.items()]
        # `re` would forget compiled patterns: there are too many of them.
        self._expressions: list[re.Pattern[str] | None] = [None] * len(self._classes)
        self._always: list[int] = []
        triggers: dict[str, list[int]] = {}
        for number, (pattern, _) in enumerate(self._classes):
            required = requirements.of(pattern)
            if required is None:
                self._always.append(number)
            for string in required if required is not None else ():
                triggers.setdefault(string, []).append(number)
        self._triggered = list(triggers.values())
        self._automaton = _automaton(list(triggers))

    def find(self, text: str) -> Iterator[WordHit]:
        """Yield every match of every pattern."""
        likely = set(self._always)
        for trigger in {index for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}:
            likely.update(self._triggered[trigger])
        pieces = list(stretches(text))
        for number in sorted(likely):
            expression, names = self._expression(number), self._classes[number][1]
            for start, end in pieces:
                for match in expression.finditer(text, start, end):
                    low, high = match.span()
                    if high > low:
                        yield WordHit(low, high, names)

    def _expression(self, number: int) -> re.Pattern[str]:
        expression = self._expressions[number]
        if expression is None:
            expression = self._expressions[number] = re.compile(self._classes[number][0])
        return expression


def _automaton(words: list[str]) -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick

    return AhoCorasick(words, store_patterns=False)


def _folded(word: str) -> str:
    """Fold a word; most need only their script changed, and thousands are folded at every start."""
    return to_simplified(word) if _PLAIN.fullmatch(word) else fold(word).text


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cut a folded text at clause edges into stretches of bounded length, the whole of any reply a person would send.

    A pattern may look over clause edges and may backtrack; over a bounded stretch its cost stays linear in the text.
    """
    start = 0
    while len(text) - start > _LONGEST_STRETCH:
        edge = max(text.rfind(mark, start + 1, start + _LONGEST_STRETCH) for mark in EDGES)
        end = edge + 1 if edge > start else start + _LONGEST_STRETCH
        yield start, end
        start = end
    yield start, len(text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Latin words count only as whole words: `qq` is none in `qqx`, `v` none in `vx`."""
    if (
        text[start].isascii()
        and text[start].isalpha()
        and start > 0
        and text[start - 1].isascii()
        and text[start - 1].isalpha()
    ):
        return False
    last = text[end - 1]
    return not (last.isascii() and last.isalpha() and end < len(text) and text[end].isascii() and text[end].isalpha())


def _is_part(hit: WordHit, compounds: list[WordHit]) -> bool:
    """Tell whether one character found by a pattern is part of a compound (`改` in `改善`)."""
    return hit.end - hit.start == 1 and any(word.start <= hit.start and hit.end <= word.end for word in compounds)


def _without_covered(hits: list[WordHit], objects: frozenset[str]) -> list[WordHit]:
    """Drop every hit that lies inside a longer one, save an object inside a word that is neither object nor shield.

    What a sentence is about must not be lost to a longer word that happens to hold it (`订单` in a mark `您的订单`).
    One character alone is no such object: `货` in `发货` is part of the act.
    """
    kept: list[WordHit] = []
    furthest: dict[bool, WordHit] = {}  # of all words, and of those that hide even an object
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        cover = furthest.get(hit.end - hit.start > 1 and not objects.isdisjoint(hit.classes))
        if cover is not None and hit.end <= cover.end and (hit.start, hit.end) != (cover.start, cover.end):
            continue
        kept.append(hit)
        hides_objects = not _PROTECT.isdisjoint(hit.classes) or not objects.isdisjoint(hit.classes)
        for kind in (False, True) if hides_objects else (False,):
            if kind not in furthest or hit.end > furthest[kind].end:
                furthest[kind] = hit
    return kept


def lexicon_of(documents: Iterable[Mapping[str, Any]], requirements: Requirements | None = None) -> Lexicon:
    """Build a lexicon from the `objects` and `words` sections of all pack files; a class may grow in several files."""
    classes: dict[str, list[str]] = {}
    objects: set[str] = set()
    for document in documents:
        for section in ("objects", "words"):
            for name, entries in dict(document.get(section) or {}).items():
                for entry in (name, *entries):
                    if isinstance(entry, bool):  # YAML reads a bare yes, no, on or off as a switch
                        raise ValueError(f"{name} 里的 yes、no、on、off 要加引号")
                classes.setdefault(name, []).extend(str(entry) for entry in entries)
                if section == "objects":
                    objects.add(name)
    return Lexicon(classes, frozenset(objects), requirements)
