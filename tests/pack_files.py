"""Pack files written for one test."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

RULE: Mapping[str, Any] = {
    "id": "OUR-rivals",
    "topic": "attitude",
    "level": "block",
    "title": "贬低同行",
    "why": "不评价同行",
    "fix": "只说自家",
    "reword": "亲，我们家的做工页面上有说明哦，谢谢您",
    "sources": ["shop"],
    "forbids": [{"act": "our_belittling", "about": "our_rival"}],
    "examples": {"block": ["亲，[[别家都是次品]]哦"], "pass": ["亲，别家的情况我们不了解哦"]},
}
DOCUMENT: Mapping[str, Any] = {
    "objects": {"our_rival": ["别家"]},
    "words": {"our_belittling": ["次品"]},
    "rules": [RULE],
}


def rule(**changes: Any) -> dict[str, Any]:
    """Return a sound rule with some of its keys changed; a key changed to `None` is left out."""
    changed = {**copy.deepcopy(dict(RULE)), **changes}
    return {key: value for key, value in changed.items() if value is not None}


def document(**changes: Any) -> dict[str, Any]:
    """Return a sound file with some of its sections changed; a section changed to `None` is left out."""
    changed = {**copy.deepcopy(dict(DOCUMENT)), **changes}
    return {key: value for key, value in changed.items() if value is not None}


def folder_of(place: Path, **files: Mapping[str, Any] | str | bytes) -> Path:
    """Write each file (`NAME.yaml`, from its document, text or bytes) into a new folder below `place`."""
    folder = place / "our-pack"
    folder.mkdir()
    for name, content in files.items():
        path = folder / f"{name}.yaml"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else yaml.safe_dump(dict(content), allow_unicode=True)
            path.write_text(text, "utf-8")
    return folder
