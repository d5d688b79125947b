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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from replyguide.checker.language.prefilter import Requirements
from replyguide.checker.rules.packs import Packs, pack_files, packs_of
from replyguide.errors import PackError
from replyguide.yaml_source import YamlError, parse_yaml

# Goes up when the same packs give another parsed form, or other strings that their patterns require.
_LAYOUT = 11


@lru_cache(maxsize=8)
def load_packs(folder: Path, cache: Path | None = None) -> Packs:
    """Load the packs under `folder`; `cache` is where the parsed form is kept.

    Packs that come from the cache carry no examples; with `cache=None` they always do.
    """
    contents = read_folder(folder, mend="请检查文件或重新安装 replyguide")
    digest = digest_of(contents)
    snapshot = Snapshot.of("packs", digest, cache)
    kept = snapshot.read()
    if kept is not None:
        return packs_of(kept.documents, digest, with_examples=False, requirements=kept.requirements)
    documents = {name: parsed(name, text) for name, text in contents.items()}
    requirements = Requirements()
    packs = packs_of(documents, digest, requirements=requirements)
    snapshot.keep(Kept(documents, requirements))
    return packs


def read_folder(folder: Path, *, mend: str) -> dict[str, str]:
    """Return the text of every YAML file below `folder`; `PackError` names the file that cannot be read."""
    contents: dict[str, str] = {}
    for name, path in pack_files(folder):
        try:
            contents[name] = path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise PackError(f"{path}：规则包不是 UTF-8 编码，请另存为 UTF-8") from None
        except OSError as error:
            raise PackError(f"{path}：规则包读不了（{error.strerror}），{mend}") from None
    return contents


def digest_of(contents: Mapping[str, str], *, upon: str = "") -> str:
    """Return the digest of the files of packs; `upon` is the digest of the packs that they build on."""
    digest = hashlib.sha256(upon.encode())
    for name in sorted(contents):
        digest.update(f"{name}\0{contents[name]}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def parsed(name: str, text: str) -> Any:
    """Parse the file `name`; `PackError` tells the line of a mistake."""
    try:
        return parse_yaml(text)
    except YamlError as problem:
        raise PackError(f"{name}: {problem.place()} YAML 格式不对（{problem.reason}），请改正") from None


@dataclass(frozen=True, slots=True)
class Kept:
    """What a snapshot holds: documents that loaded once with all their examples, and what their patterns require."""

    documents: Mapping[str, Any]
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The parsed form of packs on disk; without a path there is none."""

    path: Path | None

    @staticmethod
    def of(kind: str, digest: str, cache: Path | None) -> Snapshot:
        """Return the snapshot for the files of this digest under the folder `cache`."""
        return Snapshot(cache / f"{kind}-{_LAYOUT}-{digest[:16]}.json" if cache is not None else None)

    def read(self) -> Kept | None:
        """Return what was kept, `None` if there is nothing or it is damaged."""
        if self.path is None:
            return None
        try:
            kept = json.loads(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(kept, dict) or set(kept) != {"documents", "required"}:
            return None
        return Kept(kept["documents"], Requirements(kept["required"]))

    def keep(self, kept: Kept) -> None:
        """Write the snapshot, without the examples; one that cannot be written costs time, not correctness."""
        if self.path is None:
            return
        bare = {name: _without_examples(document) for name, document in kept.documents.items()}
        with contextlib.suppress(OSError, TypeError, ValueError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=".packs-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"documents": bare, "required": kept.requirements.as_json()}, file, ensure_ascii=False)
            Path(temporary).replace(self.path)


def _without_examples(document: Mapping[str, Any]) -> dict[str, Any]:
    bare = dict(document)
    if "rules" in document:
        bare["rules"] = [_bare(rule) for rule in document["rules"]]
    if "tightens" in document:
        bare["tightens"] = {name: _bare(entry) for name, entry in document["tightens"].items()}
    return bare


def _bare(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name != "examples"}
