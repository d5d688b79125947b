"""Labelled cases: questions with the topics and points a good answer needs, replies with their verdicts.

Both come in a train part, which the topic model of search and the checker's second layer learn from, a dev part, to
tune on, and a test part, to report on. `evals/README.md` tells how they were made.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from replyguide.checker import Verdict
from replyguide.context import Context
from replyguide.copilot import asked
from replyguide.errors import CaseError, InputError
from replyguide.topics import TOPICS
from replyguide.validation import first_problem

Part = Literal["dev", "test"]
AnyPart = Literal["train", "dev", "test"]
PARTS: tuple[Part, ...] = ("dev", "test")


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    topics: list[str]
    style: str
    why: str
    context: Context = Field(default_factory=Context)

    @field_validator("topics")
    @classmethod
    def _known(cls, topics: list[str]) -> list[str]:
        for topic in topics:
            if topic not in TOPICS:
                raise ValueError(f"不认识的主题 {topic}")
        return topics


class QuestionCase(_Case):
    """A buyer's (or agent's) question. `topics` is main first, empty for what no rule covers."""

    question: str
    must_any: list[str] = Field(default_factory=list)
    must_not: list[str] = Field(default_factory=list)

    @field_validator("question")
    @classmethod
    def _can_be_asked(cls, question: str) -> str:
        _try_to_ask(question)
        return question

    @field_validator("must_any", "must_not")
    @classmethod
    def _compile(cls, patterns: list[str]) -> list[str]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"正则表达式 {pattern} 不对：{error}") from None
        return patterns


class ReplyCase(_Case):
    """A reply with its verdict; `topics` are those it violates."""

    question: str = ""
    reply: str
    expect: Verdict

    @field_validator("question")
    @classmethod
    def _can_be_asked(cls, question: str) -> str:
        if question:
            _try_to_ask(question)
        return question

    def full_context(self) -> Context:
        """Return the context with the question in it."""
        return self.context.model_copy(update={"question": self.question or None})


def _try_to_ask(question: str) -> None:
    """Refuse a question that the copilot would refuse, before anything is scored."""
    try:
        asked(question)
    except InputError as error:
        raise ValueError(str(error)) from None


AnyCase = TypeVar("AnyCase", bound=_Case)


def read_questions(folder: Path, part: AnyPart, *, may_lack: bool = False) -> list[QuestionCase]:
    """Read `questions.PART.jsonl`; where it `may_lack`, no file is no case."""
    path = folder / f"questions.{part}.jsonl"
    return [] if may_lack and not path.exists() else _read(path, QuestionCase)


def read_replies(folder: Path, part: AnyPart, *, may_lack: bool = False) -> list[ReplyCase]:
    """Read `replies.PART.jsonl`, likewise."""
    path = folder / f"replies.{part}.jsonl"
    return [] if may_lack and not path.exists() else _read(path, ReplyCase)


def _read(path: Path, kind: type[AnyCase]) -> list[AnyCase]:
    cases = [_case(path, number, data, kind) for number, data in _objects(path)]
    if not cases:
        raise CaseError(f"{path}：一个案例也没有，无法评分")
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CaseError(f"{path}：案例编号 {case.id} 重复，请换一个")
        seen.add(case.id)
    return cases


def _objects(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        # Not `splitlines`: JSON may hold a line separator of Unicode as it is.
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}：读不了案例文件（{error}）") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                raise CaseError(f"{path}：第 {number} 行不是合法的 JSON，请改正") from None


def _case(path: Path, number: int, data: Any, kind: type[AnyCase]) -> AnyCase:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise CaseError(f"{path}：第 {number} 行：{first_problem(error)}") from None
