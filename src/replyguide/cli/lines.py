"""The lines that an agent types, with editing and a history on a terminal, or those of a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from replyguide.errors import InputError


def piped(stream: BinaryIO) -> Iterator[str | InputError]:
    """Yield each line that says something; one that is not UTF-8 is the error to tell, and ends nothing."""
    for number, raw in enumerate(stream, start=1):
        try:
            line = raw.decode("utf-8-sig").strip()
        except UnicodeDecodeError:
            yield InputError(f"标准输入第 {number} 行不是 UTF-8，请转成 UTF-8 再试")
            continue
        if line:
            yield line


def prompted(data_dir: Path) -> Iterator[str]:
    """Yield each line that says something, until Ctrl-D; Ctrl-C only clears the line."""
    from replyguide.cli.prompting import Prompt

    prompt = Prompt(data_dir)
    while True:
        try:
            line = prompt.ask().strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line:
            yield line
