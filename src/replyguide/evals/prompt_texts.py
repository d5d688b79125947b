"""The prompts that a run used, as texts, and how they differ from those of an earlier run."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ENDING = ".md.j2"
_VERSION = re.compile(r"\{#\s*version:\s*(\d+)")


@dataclass(frozen=True, slots=True)
class PromptText:
    """A prompt file: its name without ending, its version (0 where it tells none), a digest and its text."""

    name: str
    version: int
    digest: str
    text: str


def read_prompt_texts(folder: Path) -> tuple[PromptText, ...]:
    """Read every prompt file of a folder, by name."""
    texts = {path.name.removesuffix(_ENDING): path.read_text("utf-8") for path in folder.glob(f"*{_ENDING}")}
    return tuple(
        PromptText(name, _version(text), hashlib.sha256(text.encode("utf-8")).hexdigest()[:12], text)
        for name, text in sorted(texts.items())
    )


def _version(text: str) -> int:
    told = _VERSION.match(text)
    return int(told[1]) if told is not None else 0


def prompt_diff(now: tuple[PromptText, ...], earlier: Mapping[str, str]) -> str:
    """Return a unified diff from the `earlier` texts (by name) to those of now, empty where nothing changed."""
    texts = {prompt.name: prompt.text for prompt in now}
    lines: list[str] = []
    for name in sorted(texts.keys() | earlier.keys()):
        before, after = (text.splitlines() for text in (earlier.get(name, ""), texts.get(name, "")))
        lines += difflib.unified_diff(before, after, f"{name} 基线", f"{name} 现在", lineterm="")
    return "\n".join(lines)
