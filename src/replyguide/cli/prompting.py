"""The prompt of the chat: editing, completion, a key that copies, and a history without what is personal."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import Output

from replyguide.chat.completing import continuations, takes_file
from replyguide.drafting.masking import masked

HISTORY = "chat-history"
_COPY = "/copy"


class MaskedHistory(FileHistory):
    """Keeps what was typed without what is personal in it: the file outlives the conversation.

    Where the file cannot be read or written there is no history, and nothing else is lost.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)

    def load_history_strings(self) -> Iterable[str]:
        """Return what was typed, the newest first."""
        try:
            return list(super().load_history_strings())
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Append what was typed, masked."""
        with suppress(OSError):
            super().store_string(masked(string))


class CommandCompleter(Completer):
    """Completes commands, facts, their values, and files."""

    def __init__(self) -> None:
        self._files = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield how the line may go on."""
        line = document.text_before_cursor
        begun = takes_file(line)
        if begun is not None:
            yield from self._files.get_completions(Document(begun), complete_event)
        for one in continuations(line) if begun is None else ():
            yield Completion(one.text, start_position=-one.replaces, display_meta=one.told)


class Prompt:
    """Asks for line after line. `source` and `screen` take the place of the terminal."""

    def __init__(self, data_dir: Path, *, source: Input | None = None, screen: Output | None = None) -> None:
        self._begun = ""
        self._session: PromptSession[str] = PromptSession(
            history=MaskedHistory(data_dir / HISTORY),
            completer=CommandCompleter(),
            complete_while_typing=True,
            key_bindings=self._keys(),
            input=source,
            output=screen,
        )

    def ask(self) -> str:
        """Return a line; Ctrl-C is a KeyboardInterrupt, Ctrl-D an EOFError."""
        begun, self._begun = self._begun, ""
        return self._session.prompt("买家> ", default=begun)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("f2")
        def _copy(event: KeyPressEvent) -> None:
            self._begun = event.app.current_buffer.text  # what was being typed is there again afterwards
            event.app.exit(result=_COPY)

        return keys
