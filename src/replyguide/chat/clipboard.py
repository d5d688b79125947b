"""Copying a reply out of a terminal: by the terminal, over ssh too, and by a program of the desktop if there is one.

OSC 52 asks the terminal to take the text; whether it did cannot be told. So a program of the desktop, where one is
installed, is asked as well: both hold the same text then.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
from typing import Final, TextIO

_PROGRAMS: Final[tuple[tuple[str, ...], ...]] = (
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("pbcopy",),
    ("clip.exe",),
)
_SECONDS = 2.0


def copy(text: str, terminal: TextIO) -> bool:
    """Copy `text`; tell whether anything was there to take it. Without a terminal nothing is written to it."""
    is_shown = terminal.isatty()
    if is_shown:
        terminal.write(f"\x1b]52;c;{base64.b64encode(text.encode('utf-8')).decode('ascii')}\x07")
        terminal.flush()
    return _by_program(text) or is_shown


def _by_program(text: str) -> bool:
    for program in _PROGRAMS:
        path = shutil.which(program[0])
        if path is None:
            continue
        encoding = "utf-16-le" if sys.platform == "win32" else "utf-8"
        try:
            command = [path, *program[1:]]
            subprocess.run(command, input=text.encode(encoding), timeout=_SECONDS, check=True, capture_output=True)  # noqa: S603  # a fixed list of programs
        except (OSError, subprocess.SubprocessError):
            continue
        return True
    return False
