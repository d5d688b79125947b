"""What a build tells about itself, while it runs and afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

#: Called with the passages embedded so far and the passages to embed.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, in passages: `embedded` is what went through the model, the sum of `added` and `changed`."""

    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int


def own_version() -> str:
    """Return the version of ReplyGuide that builds."""
    try:
        return version("replyguide")
    except PackageNotFoundError:
        # Run from a source tree that is not installed.
        return "0"
