"""Reading what comes from outside: strictly, and telling its first problem in one Chinese line with how to mend it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

# Pydantic's error types in Chinese; `{…}` are the values that come with the error.
_REASONS = {
    "bool_type": "应是 true 或 false",
    "dict_type": "应是“键: 值”的形式",
    "finite_number": "应是一个有限的数",
    "float_parsing": "应是数字",
    "float_type": "应是数字",
    "greater_than": "应大于 {gt:g}",
    "greater_than_equal": "不能小于 {ge:g}",
    "int_from_float": "应是整数",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "less_than_equal": "不能大于 {le:g}",
    "list_type": "应是列表",
    "literal_error": "只能是 {expected}",
    "model_type": "应是“键: 值”的形式",
    "string_pattern_mismatch": "写法不对",
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "不能是空的",
    "string_type": "应是文字，数字、是否类的词请加引号",
    "too_short": "不能是空的，请至少写一项",
}
_LONGEST_VALUE = 40  # characters


class StrictModel(BaseModel):
    """What comes from outside: unknown fields are refused, nothing is converted, and null is the same as absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


def first_problem(error: ValidationError, *, noun: str = "字段") -> str:
    """Tell the first problem of a validation; `noun` is what its places are called (`字段`, `键`)."""
    return told(error.errors(include_url=False)[0], noun=noun)


def told(problem: ErrorDetails, *, noun: str = "字段") -> str:
    """Tell one problem of a validation, as Pydantic lists them."""
    place = _place(problem)
    if problem["type"] == "extra_forbidden":
        return f"不认识的{noun} {place}，请删掉它或改正拼写"
    if problem["type"] == "missing":
        return f"缺少{noun} {place}，请补上"
    if problem["type"] == "value_error":
        return f"{noun} {place}：{_reason(problem)}"
    return f"{noun} {place} 的值 {_shown(problem['input'])} 不对：{_reason(problem)}，请改正"


def _place(problem: ErrorDetails) -> str:
    parts = [str(part) for part in problem["loc"]]
    # Branches of a union add names of their own to the place; keys and positions of the file are what helps. A key that
    # nobody knows is written as it was.
    own = parts[-1:] if problem["type"] == "extra_forbidden" else []
    named = [part for part in parts[: len(parts) - len(own)] if not part[:1].isupper()]
    return ".".join(named + own) or "（整体）"


def _reason(problem: ErrorDetails) -> str:
    known = _REASONS.get(problem["type"])
    if known is None:
        return problem["msg"].removeprefix("Value error, ")
    values = problem.get("ctx", {})
    listed = str(values.get("expected", "")).replace(" or ", "、").replace(", ", "、")
    return known.format(**{**values, "expected": listed})


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
