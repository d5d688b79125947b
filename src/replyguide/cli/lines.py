"""The lines that an agent types, with editing and a history on a terminal, or those of a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

_FILE = "chat-history"


def lines_of(data_dir: Path, *, is_interactive: bool) -> Iterator[str]:
    """Yield each line that says something, until the input ends; Ctrl-C only clears the line."""
    if not is_interactive:
        for line in sys.stdin:
            if line.strip():
                yield line.strip()
        return
    session = _session(data_dir)
    while True:
        try:
            line = session.prompt("买家> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line:
            yield line


def _session(data_dir: Path) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    from replyguide.chat import COMMANDS
    from replyguide.drafting.masking import masked

    class MaskedHistory(FileHistory):
        """Keeps what was typed without what is personal in it: the file outlives the conversation."""

        def store_string(self, string: str) -> None:
            super().store_string(masked(string))

    names = [f"/{said}" for name, (chinese, *_) in COMMANDS.items() for said in (chinese, name)]
    told = {f"/{chinese}": does for chinese, _, does in COMMANDS.values()}
    data_dir.mkdir(parents=True, exist_ok=True)
    return PromptSession(
        history=MaskedHistory(str(data_dir / _FILE)),
        completer=WordCompleter(names, meta_dict=told, sentence=True),
        complete_while_typing=True,
    )
