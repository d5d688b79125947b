"""Reading JSON that came in over the wire: what other parsers would read differently is refused.

Of a duplicate key one parser keeps the first value and another the last; `NaN` is no JSON at all; deep nesting exhausts
stacks further on.
"""

from __future__ import annotations

import json
from typing import Any

DEEPEST = 32  # brackets in each other; the largest request of the interface has four


class JsonProblem(ValueError):
    """A text that is no JSON that this server reads; the message is one Chinese line."""


def parse_json(body: bytes) -> Any:
    """Parse UTF-8 JSON; duplicate keys, `NaN`, deep nesting and anything malformed are a `JsonProblem`."""
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise JsonProblem(f"请求体不是 UTF-8（第 {error.start + 1} 个字节），请转成 UTF-8 再发") from None
    except json.JSONDecodeError as error:
        raise JsonProblem(
            f"请求体不是合法的 JSON（第 {error.lineno} 行第 {error.colno} 个字符），请改正后再发"
        ) from None
    except RecursionError:
        raise JsonProblem(f"JSON 嵌套太深，最多 {DEEPEST} 层") from None
    except JsonProblem:
        raise
    except ValueError:  # an integer of thousands of digits
        raise JsonProblem("JSON 里有一个数字太长，请改正后再发") from None
    _check_depth(value)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonProblem(f"JSON 里的键 {twice[:40]!r} 出现了两次，请只留一个")
    return found


def _no_constant(name: str) -> Any:
    raise JsonProblem(f"JSON 里不能有 {name}，请写一个数字或 null")


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise JsonProblem(f"JSON 嵌套太深，最多 {DEEPEST} 层")
