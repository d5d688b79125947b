"""A rule: one situation that one approved answer fits, as its corpus file tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from replyguide.conditions import When
from replyguide.corpus.topics import Topic

Platform = Literal["tmall", "taobao", "merchant", "law"]
Authority = Literal["law", "platform", "policy", "merchant"]
Source = Literal["000", "001", "002", "003", "004", "policy", "law"]


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
