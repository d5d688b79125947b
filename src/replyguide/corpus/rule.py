"""A rule: one situation that one approved answer fits, as its corpus file tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from replyguide.conditions import When
from replyguide.corpus.topics import Topic

Platform = Literal["tmall", "taobao", "merchant", "law"]
Authority = Literal["law", "platform", "policy", "merchant"]
#: Who asks about the situation: buyers, or the shop's own agents (points, shifts, what they may do).
Audience = Literal["buyer", "agent"]
Source = Literal["000", "001", "002", "003", "004", "policy", "law"]

_STATEMENT = re.compile(
    r"^[ ]*[-*] (?:\*\*[A-Z]{2,5}-[0-9]{2,3}\*\*[ ]*)?(?P<text>.+?)(?:（来源[^（）]*）)?[ 。]*$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class MustSay:
    """A point that a good answer holds: one of `any` (substrings or small regular expressions) must occur."""

    point: str
    any: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Approved words for the case that every condition of `when` (context path → condition) holds.

    `say` and `en` are Jinja2 sources without greeting, closing and final punctuation; the last wording of a rule
    has an empty `when`.
    """

    say: str
    en: str
    when: When


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the corpus. `body` is Markdown for people; `path` is relative to the corpus folder, with `/`."""

    id: str
    topic: Topic
    title: str
    audience: Audience
    platform: tuple[Platform, ...]
    authority: Authority
    sources: tuple[Source, ...]
    facts: tuple[str, ...]
    points: tuple[float, ...]
    brief: str
    asks: tuple[str, ...]
    must_say: tuple[MustSay, ...]
    wordings: tuple[Wording, ...]
    body: str
    path: str

    def as_json(self) -> dict[str, Any]:
        """Return what people read of the rule as JSON data."""
        return {
            "id": self.id,
            "topic": self.topic,
            "title": self.title,
            "text": f"{self.brief}\n{self.body}",
            "points": list(self.points),
            "sources": list(self.sources),
            "platform": list(self.platform),
            "authority": self.authority,
        }

    def statements(self) -> tuple[str, ...]:
        """Return the list items of the body in plain text, without fact ids, sources and the full stop at the end."""
        return tuple(found["text"].rstrip("。；") for found in _STATEMENT.finditer(self.body))
