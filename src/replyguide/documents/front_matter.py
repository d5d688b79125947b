"""What a document says about itself: YAML at the head of a text, or in the sidecar `<file name>.meta.yaml`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from replyguide.corpus.rule import Authority, Platform
from replyguide.documents.decoding import decoded
from replyguide.documents.guarding import content_of
from replyguide.errors import DocumentError
from replyguide.validation import first_problem
from replyguide.yaml_source import YamlError, parse_yaml

SIDECAR = ".meta.yaml"

_FRONT = re.compile(r"\s*---[ ]*\r?\n(?P<front>.*?\n)---[ ]*(?:\r?\n|\Z)", re.DOTALL)
_Line = Annotated[str, Field(min_length=1, max_length=200)]


class FrontMatter(BaseModel):
    """All that may be said. Other keys are those of other programs (tags, layout …) and left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    title: _Line | None = None
    authority: Authority | None = None
    platform: Platform | None = None
    effective_from: date | None = None
    superseded_by: _Line | None = None

    @field_validator("platform", mode="before")
    @classmethod
    def _is_one(cls, value: Any) -> Any:
        return value[0] if isinstance(value, list) and value else value

    @field_validator("effective_from", mode="before")
    @classmethod
    def _is_a_day(cls, value: Any) -> Any:
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value.strip())
        except (AttributeError, ValueError):
            raise ValueError("应是日期，例如 2024-03-01，请改正") from None

    def over(self, other: FrontMatter) -> FrontMatter:
        """Return the two as one; what both say is as this one says."""
        return FrontMatter(**{**other.model_dump(exclude_none=True), **self.model_dump(exclude_none=True)})


def split_front_matter(text: str, name: str) -> tuple[FrontMatter, int]:
    """Return the front matter of a text and where the text after it begins.

    Two lines of dashes with no `key: value` between them are a way to set off a title, not front matter.
    """
    found = _FRONT.match(text)
    if found is None:
        return FrontMatter(), 0
    try:
        data = parse_yaml(found["front"])
    except YamlError as problem:
        if not re.match(r"[ ]*(?:#.*\n[ ]*)*[a-z_]+[ ]*:", found["front"]):
            return FrontMatter(), 0
        raise DocumentError(
            f"{name}：说明区{problem.place(offset=1)}不是正确的 YAML（{problem.reason}），请改正"
        ) from None
    if not isinstance(data, dict):
        return FrontMatter(), 0
    return _validated(data, name), found.end()


def sidecar_of(path: Path) -> Path:
    """Return where the sidecar of a file lies if it has one."""
    return path.with_name(path.name + SIDECAR)


def read_sidecar(path: Path, name: str) -> tuple[FrontMatter, bytes]:
    """Return what the sidecar of the file at `path` says, and its bytes; nothing if there is none."""
    sidecar = sidecar_of(path)
    name += SIDECAR
    try:
        if not sidecar.is_file():
            return FrontMatter(), b""
    except (OSError, ValueError):
        return FrontMatter(), b""
    content = content_of(sidecar, name)
    try:
        data = parse_yaml(decoded(content, name))
    except YamlError as problem:
        raise DocumentError(f"{name}：{problem.place()}不是正确的 YAML（{problem.reason}），请改正") from None
    if data is not None and not isinstance(data, dict):
        raise DocumentError(f"{name}：应是“键: 值”的形式，请改正")
    return _validated(data or {}, name), content


def _validated(data: dict[Any, Any], name: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate({str(key): value for key, value in data.items()})
    except ValidationError as error:
        raise DocumentError(f"{name}：{first_problem(error, noun='键')}") from None
