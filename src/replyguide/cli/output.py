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
_STYLES = {"pass": "bold green", "warn": "bold yellow", "block": "bold red"}


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


def say(line: str = "", *, verdict: str | None = None) -> None:
    """Print one line to stdout, in the colour of `verdict` on a terminal and plain when piped.

    Control characters are left out: a reply that is quoted must not steer the terminal.
    """
    shown = "".join(character for character in line if character.isprintable() or character in "\n\t")
    if verdict is None or not sys.stdout.isatty():
        print(shown)
        return
    from rich.console import Console
    from rich.text import Text

    Console(highlight=False, soft_wrap=True).print(Text(shown, _STYLES[verdict]))


def console(*, piped_width: int | None = None) -> Console:
    """Return a console for tables on stdout: coloured on a terminal, plain and unwrapped when piped.

    A table is cut to the width all the same, 80 columns when piped unless `piped_width` says how many it needs.
    """
    from rich.console import Console

    plain = not sys.stdout.isatty()
    return Console(
        highlight=False,
        soft_wrap=True,
        no_color=plain,
        force_terminal=False if plain else None,
        width=piped_width if plain else None,
    )
