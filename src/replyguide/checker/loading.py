"""Reads the rule packs from disk, and keeps their parsed form so that the next process starts faster.

Parsing the packs' YAML takes longer than checking a thousand replies. The parsed documents, once they have loaded with
all their examples, are kept without them as JSON under the cache folder, named by the digest of the files they came
from: a changed pack never meets an old snapshot.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from replyguide.checker.packs import Packs, pack_files, packs_of
from replyguide.checker.prefilter import Requirements
from replyguide.errors import PackError
from replyguide.yaml_source import YamlError, parse_yaml

# Goes up when the same packs give another parsed form, or other strings that their patterns require.
_LAYOUT = 7


@lru_cache(maxsize=8)
def load_packs(folder: Path, cache: Path | None = None) -> Packs:
    """Load the packs under `folder`; `cache` is where the parsed form is kept.

    Packs that come from the cache carry no examples; with `cache=None` they always do.
    """
    contents = _contents(folder)
    digest = _digest(contents)
    snapshot = cache / f"packs-{_LAYOUT}-{digest[:16]}.json" if cache else None
    kept = _kept(snapshot)
    if kept is not None:
        requirements = Requirements(kept["required"])
        return packs_of(kept["documents"], digest, with_examples=False, requirements=requirements)
    documents = {name: _parsed(name, text) for name, text in contents.items()}
    requirements = Requirements()
    packs = packs_of(documents, digest, requirements=requirements)
    _keep(snapshot, documents, requirements)
    return packs


def _contents(folder: Path) -> dict[str, str]:
    try:
        return {name: path.read_text("utf-8") for name, path in pack_files(folder)}
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{folder}：规则包读不了（{error}），请检查文件或重新安装 replyguide") from None


def _digest(contents: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{contents[name]}\0".encode())
    return digest.hexdigest()


def _parsed(name: str, text: str) -> Any:
    try:
        return parse_yaml(text)
    except YamlError as problem:
        raise PackError(f"{name}: {problem.place()} YAML 格式不对（{problem.reason}），请改正") from None


def _kept(snapshot: Path | None) -> dict[str, Any] | None:
    if snapshot is None:
        return None
    try:
        kept = json.loads(snapshot.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and set(kept) == {"documents", "required"} else None


def _keep(snapshot: Path | None, documents: dict[str, Any], requirements: Requirements) -> None:
    if snapshot is None:
        return
    bare = {
        name: {**document, "rules": [_without_examples(rule) for rule in document.get("rules", [])]}
        for name, document in documents.items()
    }
    # A cache that cannot be written costs time, not correctness.
    with contextlib.suppress(OSError, TypeError):
        snapshot.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=snapshot.parent, prefix=".packs-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"documents": bare, "required": requirements.as_json()}, file, ensure_ascii=False)
        Path(temporary).replace(snapshot)


def _without_examples(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name != "examples"}
