"""The vocabulary of the rule packs: classes of words, and which of them can be the object of a sentence.

The pack files list them under `objects` and `words`; a pattern in a pack names classes, never words. An entry written
`/…/` is a regular expression over the folded text, for what no list can hold (phone numbers, account names).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from replyguide.checker.disguise.unmasking import Unmasking
from replyguide.checker.language.folding import EDGES, fold
from replyguide.checker.language.prefilter import Requirements
from replyguide.script import to_simplified

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_PLAIN = re.compile("[一-龥a-z0-9]+")
SHIELD = "shield"  # the class of words that only protect against look-alikes
COMPOUND = "compound"  # likewise, and a pattern does not find one of their characters either
_PROTECT = frozenset({SHIELD, COMPOUND})
LONGEST_STRETCH = 1000  # characters; no chat window sends more


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
        self,
        classes: Mapping[str, list[str]],
        objects: frozenset[str],
        requirements: Requirements | None = None,
        key_terms: Mapping[str, list[str]] | None = None,
    ) -> None:
        self.classes = frozenset(classes)
        self.entries = classes
        self.objects = objects
        of_word: dict[str, set[str]] = {}
        of_pattern: dict[str, set[str]] = {}
        for name, entries in classes.items():
            for entry in entries:
                pattern = pattern_of(entry)
                if pattern is not None:
                    of_pattern.setdefault(pattern, set()).add(name)
                else:
                    of_word.setdefault(_folded(entry), set()).add(name)
        self._classes_of = [frozenset(names) for names in of_word.values()]
        self._automaton = _automaton(list(of_word))
        self._patterns = PatternSet(of_pattern, requirements if requirements is not None else Requirements())
        self.key_terms = dict(key_terms or {})
        self.unmasking = Unmasking(key_terms or {}, frozenset(word for word in of_word if word.isascii()))

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
        compounds = {place for hit in hits if COMPOUND in hit.classes for place in range(hit.start, hit.end)}
        hits.extend(hit for hit in self._patterns.find(text) if hit.end - hit.start > 1 or hit.start not in compounds)
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


class PatternSet:
    """Regular expressions, each with its classes; one is compiled when a text first holds what it requires."""

    def __init__(self, classes: Mapping[str, set[str]], requirements: Requirements) -> None:
        self._classes = [(requirements.opened(pattern), frozenset(names)) for pattern, names in classes.items()]
        # `re` would forget compiled patterns: there are too many of them.
        self._expressions: list[re.Pattern[str] | None] = [None] * len(self._classes)
        self._always: list[int] = []
        strings: dict[str, int] = {}
        alone: dict[int, set[int]] = {}
        paired: dict[int, list[tuple[int, frozenset[int]]]] = {}
        for number, pattern in enumerate(classes):
            ways = requirements.ways(pattern)
            if ways is None:
                self._always.append(number)
            for way in ways if ways is not None else ():
                first, *second = ([strings.setdefault(string, len(strings)) for string in group] for group in way)
                for trigger in first:
                    if second:
                        paired.setdefault(trigger, []).append((number, frozenset(second[0])))
                    else:
                        alone.setdefault(trigger, set()).add(number)
        self._alone = [alone.get(trigger, set()) for trigger in range(len(strings))]
        self._paired = [paired.get(trigger, []) for trigger in range(len(strings))]
        self._automaton = _automaton(list(strings))

    def find(self, text: str) -> Iterator[WordHit]:
        """Yield every match of every pattern."""
        pieces = list(stretches(text))
        for number in self._likely(text):
            expression = self._expressions[number] or self._compiled(number)
            names = self._classes[number][1]
            for start, end in pieces:
                for match in expression.finditer(text, start, end):
                    low, high = match.span()
                    if high > low:
                        yield WordHit(low, high, names)

    def _likely(self, text: str) -> list[int]:
        """Return the numbers of the patterns that the text holds the strings of, in order."""
        held = {index for index, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}
        likely = set(self._always)
        for trigger in held:
            likely |= self._alone[trigger]
            for number, second in self._paired[trigger]:
                if number not in likely and not second.isdisjoint(held):
                    likely.add(number)
        return sorted(likely)

    def _compiled(self, number: int) -> re.Pattern[str]:
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
    while len(text) - start > LONGEST_STRETCH:
        edge = max(text.rfind(mark, start + 1, start + LONGEST_STRETCH) for mark in EDGES)
        end = edge + 1 if edge > start else start + LONGEST_STRETCH
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


def pattern_of(entry: str) -> str | None:
    """Return the regular expression of an entry written `/…/`, `None` for a word."""
    return entry[1:-1] if len(entry) > 2 and entry[0] == entry[-1] == "/" else None


def lexicon_of(documents: Iterable[Mapping[str, Any]], requirements: Requirements | None = None) -> Lexicon:
    """Build a lexicon from the `objects` and `words` sections of all pack files; a class may grow in several files."""
    return extended_lexicon(None, documents, requirements)


def extended_lexicon(
    base: Lexicon | None, documents: Iterable[Mapping[str, Any]], requirements: Requirements | None = None
) -> Lexicon:
    """Build a lexicon from the words of `base` and those of more pack files; `base` stays as it is."""
    classes: dict[str, list[str]] = {name: list(entries) for name, entries in base.entries.items()} if base else {}
    objects: set[str] = set(base.objects) if base else set()
    key_terms: dict[str, list[str]] = {term: list(letters) for term, letters in base.key_terms.items()} if base else {}
    for document in documents:
        for term, letters in dict(document.get("key_terms") or {}).items():
            key_terms.setdefault(str(term), []).extend(str(entry) for entry in letters)
        for section in ("objects", "words"):
            for name, entries in document.get(section, {}).items():
                classes.setdefault(name, []).extend(str(entry) for entry in entries)
                if section == "objects":
                    objects.add(name)
    return Lexicon(classes, frozenset(objects), requirements, key_terms)
