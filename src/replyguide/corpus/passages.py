"""Cutting rules into passages, the pieces that are embedded and searched.

A rule gives one passage of its own (title, brief, body) and one for each way that buyers ask about it. A body that is
too long for one passage is cut along headings, then between list items: an item, and with it a numbered fact, always
stays whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from replyguide.corpus.rule import Rule

PassageKind = Literal["rule", "ask"]

# Characters. Sentence embeddings blur what is longer; most rules stay below and are one passage.
LONGEST_BODY = 900

_FACT_ID = re.compile(r"\*\*[A-Z]{2,5}-[0-9]{2,3}\*\*\s*")
_ORIGIN = re.compile(r"（来源[^（）]*）")
_MARK_UP = re.compile(r"^#{1,6}[ ]+|^[ ]*[-*][ ]+|\*\*|`", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a rule. `id` is stable while the piece is the same, `digest` (16 hex digits) is that of `text`."""

    id: str
    rule_id: str
    kind: PassageKind
    text: str
    digest: str


def passages(rule: Rule) -> tuple[Passage, ...]:
    """Cut `rule` into its passages, the rule's own first.

    A rule's own passages are numbered, so that an edited body is a changed passage; an ask is named by its words, so
    that a new ask between two old ones leaves both alone.
    """
    own = [_passage(f"{rule.id}#rule-{number}", rule, "rule", text) for number, text in enumerate(_pieces(rule), 1)]
    asks = [_passage(f"{rule.id}#ask-{_digest(ask)}", rule, "ask", ask) for ask in rule.asks]
    return (*own, *asks)


def plain(markdown: str) -> str:
    """Strip what is for people's eyes and for proof (marks, fact ids, sources), which only blurs an embedding."""
    lines = _MARK_UP.sub("", _ORIGIN.sub("", _FACT_ID.sub("", markdown))).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _passage(name: str, rule: Rule, kind: PassageKind, text: str) -> Passage:
    return Passage(name, rule.id, kind, text, _digest(text))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _pieces(rule: Rule) -> Iterator[str]:
    """Yield the texts of the rule's own passages; each begins with the title, the first has the brief too."""
    head = f"{rule.title}\n{rule.brief}"
    if len(rule.body) <= LONGEST_BODY:
        yield f"{head}\n{plain(rule.body)}"
        return
    for number, section in enumerate(_sections(rule.body)):
        yield f"{rule.title if number else head}\n{plain(section)}"


def _sections(body: str) -> Iterator[str]:
    """Cut a long body at its headings; a section that is still too long, between its list items."""
    from langchain_text_splitters import MarkdownHeaderTextSplitter, RecursiveCharacterTextSplitter

    by_heading = MarkdownHeaderTextSplitter([("#", "1"), ("##", "2"), ("###", "3")], strip_headers=False)
    # The only separator is the start of a list item: an item that is too long by itself stays whole all the same.
    by_item = RecursiveCharacterTextSplitter(
        separators=[r"\n(?=[-*] )"],
        is_separator_regex=True,
        keep_separator="start",
        chunk_size=LONGEST_BODY,
        chunk_overlap=0,
    )
    for section in by_heading.split_text(body):
        yield from by_item.split_text(section.page_content)
