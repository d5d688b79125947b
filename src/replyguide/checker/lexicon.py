"""The vocabulary of the rule packs: classes of words, and which of them can be the object of a sentence.

The pack files list them under `objects` and `words`; a pattern in a pack names classes, never words. An entry written `/…/` is a regular
expression over the folded text, for what no list can hold (phone numbers, account names).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replyguide.checker.folding import EDGES, fold

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_LONGEST_STRETCH = 1000  # characters; no chat window sends more


@dataclass(frozen=True, slots=True)
class WordHit:
    """A word of the lexicon found in a folded text, with every class it belongs to."""

    start: int
    end: int
    classes: frozenset[str]


class Lexicon:
    """Finds the words of all classes in one pass; `objects` are the classes a sentence can be about."""

    def __init__(self, classes: Mapping[str, list[str]], objects: frozenset[str]) -> None:
        self.classes = frozenset(classes)
        self.objects = objects
        self._words: list[str] = []
        self._classes_of: list[frozenset[str]] = []
        self._patterns: list[tuple[re.Pattern[str], frozenset[str]]] = []
        self._fill(classes)
        self._automaton = self._build()

    def _fill(self, classes: Mapping[str, list[str]]) -> None:
        of_word: dict[str, set[str]] = {}
        for name, entries in classes.items():
            for entry in entries:
                if len(entry) > 2 and entry[0] == entry[-1] == "/":
                    self._patterns.append((re.compile(entry[1:-1]), frozenset({name})))
                else:
                    of_word.setdefault(fold(entry).text, set()).add(name)
        self._words = list(of_word)
        self._classes_of = [frozenset(names) for names in of_word.values()]

    def _build(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(self._words, store_patterns=False)

    def find(self, text: str) -> list[WordHit]:
        """Return the words of a folded text from left to right.

        A word inside a longer word is dropped (`票` in `发票`, `发` in `开发`), unless they share a class or the
        longer one is a regular expression.
        """
        hits = [
            WordHit(start, end, self._classes_of[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if _stands_alone(text, start, end)
        ]
        hits = _without_covered(hits)
        for pattern, names in self._patterns:
            hits.extend(
                WordHit(*match.span(), names) for match in pattern.finditer(text) if match.end() > match.start()
            )
        return sorted(hits, key=lambda hit: (hit.start, -hit.end))


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


def _without_covered(hits: list[WordHit]) -> list[WordHit]:
    """Drop every hit that lies inside a longer one; linear after the sort, since only the furthest end matters."""
    kept: list[WordHit] = []
    furthest: WordHit | None = None
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if furthest is not None and hit.end <= furthest.end and (hit.start, hit.end) != (furthest.start, furthest.end):
            continue
        kept.append(hit)
        if furthest is None or hit.end > furthest.end:
            furthest = hit
    return kept


def lexicon_of(documents: Iterable[Mapping[str, Any]]) -> Lexicon:
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
    return Lexicon(classes, frozenset(objects))
