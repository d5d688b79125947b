"""Batches: one JSON object a line, in and out, in the same order; a bad line costs only itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from replyguide.context import without_surrogates
from replyguide.errors import InputError, PackError, ReplyGuideError

Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def run_batch(source: str, fields: frozenset[str], answer: Answer) -> int:
    """Answer every line of `source` on stdout; return 2 if any line was bad, else 0."""
    status = 0
    for number, line in enumerate(_lines(source), start=1):
        if not line.strip():
            continue
        result, failed = _answered(line, number, fields, answer)
        status = 2 if failed else status
        print(json.dumps(result, ensure_ascii=False), flush=True)
    return status


def _lines(source: str) -> Iterator[bytes]:
    if source == "-":
        yield from sys.stdin.buffer
        return
    try:
        with Path(source).open("rb") as file:
            yield from file
    except FileNotFoundError:
        raise InputError(f"{source}：没有这个文件，请检查路径") from None
    except OSError as error:
        raise InputError(f"{source}：读不了（{error.strerror}），请检查路径和权限") from None


def _answered(line: bytes, number: int, fields: frozenset[str], answer: Answer) -> tuple[dict[str, Any], bool]:
    name: dict[str, Any] = {"line": number}
    try:
        request = _request(line)
        if "id" in request:
            name = {"id": request["id"]}
        _check_fields(request, fields)
        return {**name, **answer(request)}, False
    except PackError:
        raise  # the rules are wrong, not this line: nothing can be checked
    except ReplyGuideError as error:
        return {**name, "error": str(error)}, True


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise InputError("这一行不是 UTF-8，请转码") from None
    except (ValueError, RecursionError):
        raise InputError("这一行不是合法的 JSON，请改正") from None
    if not isinstance(request, dict):
        raise InputError("这一行应是一个 JSON 对象，请改正")
    if isinstance(request.get("id"), str):
        request["id"] = without_surrogates(request["id"])
    return request


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _check_fields(request: Mapping[str, Any], fields: frozenset[str]) -> None:
    for name in request:
        if name != "id" and name not in fields:
            raise InputError(f"不认识的字段 {without_surrogates(name)}，可用的有 {'、'.join(sorted(fields))}")


def text_of(request: Mapping[str, Any], name: str) -> str:
    """Return a required text field of a batch line."""
    value = request.get(name)
    if not isinstance(value, str):
        raise InputError(f"缺少文字字段 {name}，请补上")
    return value
