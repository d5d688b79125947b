"""What is printed, and where: results to stdout, everything else to stderr."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

VERDICTS = {"pass": "通过", "warn": "有提醒", "block": "不能发"}
_COLOURS = {"pass": "green", "warn": "yellow", "block": "red"}


def prepare_streams() -> None:
    """Write UTF-8 whatever the console's code page is; what a terminal can't show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def print_json(value: Mapping[str, Any], *, indent: int | None = 2) -> None:
    """Print one JSON object to stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=indent))


def complain(message: str) -> None:
    """Print one line to stderr, whatever line breaks or control characters the message carries."""
    line = "".join(character if character.isprintable() else " " for character in message)
    print(f"replyguide: {' '.join(line.split())}", file=sys.stderr)


def console() -> Console:
    """Return a console for stdout: coloured on a terminal, plain and unwrapped when piped."""
    from rich.console import Console

    plain = not sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=True, no_color=plain, force_terminal=False if plain else None)


def verdict_text(verdict: str) -> str:
    """Return the verdict in Chinese with its colour as rich markup."""
    return f"[bold {_COLOURS[verdict]}]{VERDICTS[verdict]}[/]"
