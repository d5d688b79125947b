"""The front matter of a rule file: its keys, their types, and what is refused."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from replyguide.conditions import Written, conditions_of
from replyguide.corpus.rule import Audience, Authority, MustSay, Platform, Rule, Source, Wording
from replyguide.corpus.topics import Topic
from replyguide.errors import CorpusError
from replyguide.validation import first_problem

Line = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class MustSayEntry(_Strict):
    """A point that an answer must hold, as the file writes it."""

    point: Line
    any: list[Line] = Field(min_length=1)

    @field_validator("any")
    @classmethod
    def _are_expressions(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"“{pattern}”不是正确的正则表达式（{error}），请改正") from None
        return patterns


class WordingEntry(_Strict):
    """An approved wording as the file writes it."""

    say: Line
    en: Line
    when: dict[str, Written] | None = Field(default=None, min_length=1)

    @field_validator("when")
    @classmethod
    def _fits_the_context(cls, when: dict[str, Written] | None) -> dict[str, Written] | None:
        conditions_of(when or {})
        return when

    def wording(self) -> Wording:
        """Return the wording as the rest of the program knows it."""
        return Wording(self.say, self.en, conditions_of(self.when or {}))


class FrontMatter(_Strict):
    """The front matter of one rule file."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")
    topic: Topic
    title: Line
    audience: Audience = "buyer"
    platform: list[Platform] = Field(min_length=1)
    authority: Authority
    sources: list[Source] = Field(min_length=1)
    facts: list[Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{2,3}$")]]
    points: list[Annotated[float, Field(ge=0, strict=False)]]
    brief: Line
    asks: list[Line] = Field(min_length=1)
    must_say: list[MustSayEntry] = Field(min_length=1)
    wordings: list[WordingEntry] = Field(min_length=1)

    @field_validator("platform", "sources", "facts", "asks")
    @classmethod
    def _has_no_twins(cls, entries: list[str]) -> list[str]:
        for entry in entries:
            if entries.count(entry) > 1:
                raise ValueError(f"“{entry}”写了两次，请只留一个")
        return entries

    @field_validator("wordings")
    @classmethod
    def _ends_with_the_general_case(cls, wordings: list[WordingEntry]) -> list[WordingEntry]:
        if wordings[-1].when is not None:
            raise ValueError("最后一条话术不能带 when，请补一条什么情况都能用的")
        if any(wording.when is None for wording in wordings[:-1]):
            raise ValueError("不带 when 的话术后面的永远用不到，请把它移到最后")
        return wordings

    def rule(self, *, body: str, path: str) -> Rule:
        """Return the rule that this front matter and `body` make."""
        return Rule(
            id=self.id,
            topic=self.topic,
            title=self.title,
            audience=self.audience,
            platform=tuple(self.platform),
            authority=self.authority,
            sources=tuple(self.sources),
            facts=tuple(self.facts),
            points=tuple(self.points),
            brief=self.brief,
            asks=tuple(self.asks),
            must_say=tuple(MustSay(entry.point, tuple(entry.any)) for entry in self.must_say),
            wordings=tuple(entry.wording() for entry in self.wordings),
            body=body,
            path=path,
        )


def validated(data: dict[str, Any], name: str) -> FrontMatter:
    """Validate the parsed front matter of the file `name`; `CorpusError` tells the first problem and its mend."""
    try:
        return FrontMatter.model_validate(data)
    except ValidationError as error:
        raise CorpusError(f"{name}：{first_problem(error, noun='键')}") from None
