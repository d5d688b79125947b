"""Files that people write facts into: JSON or YAML, with the facts of a shop or an item, or a whole context."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from replyguide.context import read_context
from replyguide.errors import InputError
from replyguide.yaml_source import YamlError, parse_yaml


def facts_in(path: Path, name: Literal["shop", "product"]) -> Mapping[str, Any]:
    """Return the facts of a file, which may also stand under their `name` in it; what is wrong is an `InputError`."""
    facts = read_document(path)
    facts = facts.get(name, facts) if isinstance(facts, Mapping) else facts
    read_context({name: facts}, where=str(path))
    return facts if facts is not None else {}


def read_document(path: Path) -> Any:
    """Read a JSON or YAML file; JSON is tried by its ending only, since YAML reads JSON as well."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}：没有这个文件，请检查路径") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}：不是 UTF-8 编码，请另存为 UTF-8") from None
    except OSError as error:
        raise InputError(f"{path}：读不了（{error.strerror}），请检查权限") from None
    return _json(path, text) if path.suffix.lower() == ".json" else _yaml(path, text)


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f"第 {error.lineno} 行" if isinstance(error, json.JSONDecodeError) else "某处"
        raise InputError(f"{path}：{place} JSON 格式不对，请改正") from None


def _yaml(path: Path, text: str) -> Any:
    try:
        return parse_yaml(text)
    except YamlError as problem:
        raise InputError(f"{path}：{problem.place()} YAML 格式不对（{problem.reason}），请改正") from None
