"""Copying a reply out of a terminal: by the terminal, over ssh too, and by a program of the desktop if there is one.

OSC 52 asks the terminal to take the text; whether it did cannot be told. So a program of the desktop, where one is
installed, is asked as well: both hold the same text then.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final, TextIO


@dataclass(frozen=True, slots=True)
class _Program:
    command: tuple[str, ...]
    encoding: str = "utf-8"


_PROGRAMS: Final = (
    _Program(("wl-copy",)),
    _Program(("xclip", "-selection", "clipboard")),
    _Program(("xsel", "--clipboard", "--input")),
    _Program(("pbcopy",)),
    _Program(("clip.exe",), "utf-16-le"),  # of Windows, and of Linux on it
)
_SECONDS = 2.0


def copy(text: str, terminal: TextIO) -> bool:
    """Copy `text`; tell whether anything was there to take it. Without a terminal nothing is written to it."""
    is_shown = terminal.isatty()
    if is_shown:
        terminal.write(f"\x1b]52;c;{base64.b64encode(text.encode('utf-8')).decode('ascii')}\x07")
        terminal.flush()
    return any(_gave_to(program, text) for program in _PROGRAMS) or is_shown


def _gave_to(program: _Program, text: str) -> bool:
    path = shutil.which(program.command[0])
    if path is None:
        return False
    try:
        # On Linux these leave a process behind that holds the text: it would hold a pipe as well, so there is none.
        subprocess.run(  # noqa: S603  # a fixed list of programs
            [path, *program.command[1:]],
            input=text.encode(program.encoding),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
