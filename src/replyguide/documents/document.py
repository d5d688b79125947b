"""What reading a shop's document gives: pieces to search and show, and an account of what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from replyguide.corpus.rule import Authority, Platform

#: An article (第X条), a list item or numbered rule, a table row, a question–answer pair, running text.
PieceKind = Literal["article", "item", "row", "answer", "passage"]
DropReason = Literal["furniture", "notice", "spam", "contents", "repeated", "empty", "unreadable", "near-duplicate"]

_LONGEST_SHOWN = 80  # characters


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document that makes sense by itself.

    `text` is cleaned and is what is searched and shown; of a question–answer pair it is the answer alone. `question`
    is the buyer's question, also of a row of a 话术 table, else empty. `heading` joins the headings above by " > ".
    `original` is the same stretch as it stood in the file. `page` counts from 1; `None` where the format has no pages.
    """

    kind: PieceKind
    text: str
    question: str
    heading: str
    original: str
    page: int | None

    @property
    def is_rule(self) -> bool:
        """Tell whether a report counts this piece as a rule; all others are passages."""
        return self.kind in ("article", "item")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that was left out; `text` is its beginning."""

    text: str
    reason: DropReason

    @classmethod
    def of(cls, text: str, reason: DropReason) -> Dropped:
        return cls(" ".join(text.split())[:_LONGEST_SHOWN], reason)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read. `digest` (64 hex digits) changes with any byte of the file or of its sidecar."""

    name: str
    title: str
    digest: str
    pages: int | None
    authority: Authority
    platform: Platform
    effective_from: date | None
    superseded_by: str | None
    pieces: tuple[Piece, ...]
    dropped: tuple[Dropped, ...]
