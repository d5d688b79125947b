"""What the index of a shop holds: its documents, and the entries that they were split into."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from replyguide.corpus.rule import Authority, Platform
from replyguide.corpus.topics import Topic
from replyguide.documents.document import PieceKind

_LONGEST_MEANING = 100  # characters


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document as the index knows it.

    `key` is where the file lies (an absolute path): a file that is read again replaces itself. `root` is the path that
    was named when it was taken in: a folder that is read again drops what is no longer in it. `dropped` counts what
    cleaning left out, by reason; `effective_from` is an ISO date.
    """

    key: str
    root: str
    name: str
    title: str
    digest: str
    pages: int | None
    authority: Authority
    platform: Platform
    effective_from: str | None
    superseded_by: str | None
    dropped: Mapping[str, int]


@dataclass(frozen=True)
class Entry:
    """A piece of a document, ready to be searched.

    `against` tells why the text must not be said, if the checker blocks it; such an entry is advice against. An entry
    with `duplicate_of` (the id of another) nearly repeats that one and is not searched.
    """

    document: str
    kind: PieceKind
    text: str
    question: str
    heading: str
    original: str
    page: int | None
    topic: Topic | None = None
    against: str | None = None
    duplicate_of: str | None = None

    @cached_property
    def id(self) -> str:
        """A name that stays while document and content are the same."""
        return f"shop-{_digest(self.document, self.kind, self.heading, self.question, self.text)}"

    @cached_property
    def vector_id(self) -> str:
        """The digest of what the vector is made from; equal texts share one vector."""
        return _digest(self.meaning)

    @property
    def is_rule(self) -> bool:
        """Tell whether a report counts this entry as a rule; all others are passages."""
        return self.kind in ("article", "item")

    @property
    def meaning(self) -> str:
        """What the vector is made from: people ask like the question, where there is one.

        A vector averages over its words, and costs by the character: of a long text the beginning says what it is
        about. BM25 looks at all of it.
        """
        said = self.question if self.question else f"{self.heading}\n{self.text}".strip()
        return said[:_LONGEST_MEANING]

    @property
    def searched_text(self) -> str:
        """What lexical search looks at."""
        return "\n".join(part for part in (self.heading, self.question, self.text) if part)


@dataclass(frozen=True, slots=True)
class Holding:
    """A document with its entries, in their order."""

    document: HeldDocument
    entries: tuple[Entry, ...]


def searched_entries(holdings: Iterable[Holding]) -> Iterator[Entry]:
    """Yield the entries that are searched, in their order."""
    return (entry for holding in holdings for entry in holding.entries if entry.duplicate_of is None)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
