"""The chat on a terminal: the prompt over prompt_toolkit's own pipe, the whole program in a real pseudo-terminal."""

from __future__ import annotations

import base64
import codecs
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import replyguide
from replyguide.chat import COMMANDS
from replyguide.chat.completing import continuations
from replyguide.cli.prompting import HISTORY, CommandCompleter, Prompt
from replyguide.index import Index

# The package as it stands here, also where PYTHONPATH was given relative to another folder.
HERE = {"PYTHONPATH": str(Path(replyguide.__file__).parents[1])}


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("有发票", []),
        ("/:^", []),
        ("/复", ["/复制"]),
        ("/se", ["/sent", "/set"]),
        ("/set shop.free_shipping_", ["shop.free_shipping_min_qty"]),
        ("/设 shop.free_shipping ", ["all", "mainland", "except_remote", "none"]),
        ("/设 shop.cod t", ["true"]),
        ("/设 asker ", ["buyer", "agent"]),
        ("/设 product.material ", []),
        ("/tone s", ["soothing"]),
        ("/help ", []),
    ],
)
def test_what_may_follow_is_offered(line: str, texts: list[str]) -> None:
    assert [one.text for one in continuations(line)] == texts


def test_every_command_is_offered_behind_a_slash() -> None:
    assert len(continuations("/")) == len(COMMANDS)


class Keyboard:
    """The prompt over prompt_toolkit's own pipe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def lines(self, *typed: str) -> list[str]:
        """Return the lines that come of what was typed, the last of them with `Enter`."""
        with create_pipe_input() as source:
            prompt = Prompt(self.folder, source=source, screen=DummyOutput())
            told = []
            for keys in typed:
                source.send_text(keys)
                told.append(prompt.ask())
            return told


def test_a_line_can_be_edited_before_it_is_given(tmp_path: Path) -> None:
    assert Keyboard(tmp_path).lines("有发票吧\x7f吗\r") == ["有发票吗"]


def test_a_line_of_the_last_time_comes_back(tmp_path: Path) -> None:
    Keyboard(tmp_path).lines("有发票吗\r")
    assert Keyboard(tmp_path).lines("\x1b[A\r") == ["有发票吗"]


@pytest.mark.parametrize(
    ("line", "whole"),
    [("/复", "/复制"), ("/设 shop.prom", "/设 shop.promotion"), ("/载入 fac", "/载入 facts.yaml")],
)
def test_what_is_offered_completes_the_line(tmp_path: Path, line: str, whole: str) -> None:
    (tmp_path / "facts.yaml").touch()
    offered = list(CommandCompleter().get_completions(Document(line), CompleteEvent()))
    assert [line[: len(line) + one.start_position] + one.text for one in offered] == [whole]


def test_the_copy_key_keeps_what_was_begun(tmp_path: Path) -> None:
    assert Keyboard(tmp_path).lines("那运费\x1bOQ", "呢\r") == ["/copy", "那运费呢"]


def test_only_its_owner_can_read_the_history(tmp_path: Path) -> None:
    Keyboard(tmp_path).lines("有发票吗\r")
    assert (tmp_path / HISTORY).stat().st_mode & 0o777 == 0o600


def test_where_no_history_can_be_kept_the_lines_come_all_the_same(tmp_path: Path) -> None:
    (tmp_path / HISTORY).mkdir()
    assert Keyboard(tmp_path).lines("有发票吗\r", "包邮吗\r") == ["有发票吗", "包邮吗"]


class Terminal:
    """`replyguide chat` in a pseudo-terminal."""

    def __init__(self, data_dir: Path, *options: str, **surroundings: str) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "replyguide", "chat", "--data-dir", str(data_dir), *options]
        environment = {**os.environ, **HERE, "TERM": "xterm-256color", "PATH": "/nonexistent", **surroundings}
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self.seen = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def types(self, text: str) -> None:
        os.write(self._master, text.encode("utf-8"))

    def interrupts(self) -> None:
        """Do what the terminal does at Ctrl-C while a program is not reading keys itself."""
        self.process.send_signal(signal.SIGINT)

    def shows(self, pattern: str) -> re.Match[str]:
        """Wait until something new is on the screen, a minute at most."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            found = re.search(pattern, self.seen)
            if found is not None:
                self.seen = self.seen[found.end() :]
                return found
            ready, _, _ = select.select([self._master], [], [], 0.2)
            if ready:
                self.seen += self._decoder.decode(os.read(self._master, 65536))
                if "\x1b[6n" in self.seen:  # where the cursor is, asks the prompt
                    os.write(self._master, b"\x1b[1;1R")
                    self.seen = self.seen.replace("\x1b[6n", "")
        raise AssertionError(f"never shown: {pattern}\n{self.seen}")

    def ends(self) -> int:
        return self.process.wait(timeout=20)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


def test_on_a_terminal_a_reply_is_copied_and_the_history_holds_nothing_personal(
    packaged: Index, shared_data_dir: Path
) -> None:
    with Terminal(shared_data_dir) as terminal:
        terminal.shows("买家>")
        terminal.types("有发票吗，我电话13812345678\r")
        terminal.shows("可以发送")
        terminal.shows("买家>")
        terminal.types("/复制\r")
        copied = base64.b64decode(terminal.shows(r"\x1b]52;c;([A-Za-z0-9+/=]+)\x07")[1]).decode("utf-8")
        assert "发票" in copied
        terminal.shows("已复制")
        terminal.shows("买家>")
        terminal.types("\x04")
        assert terminal.ends() == 0
    kept = (shared_data_dir / "chat-history").read_text("utf-8")
    assert "[电话1]" in kept
    assert "13812345678" not in kept


def test_an_interrupt_stops_the_model_and_leaves_the_approved_wording(packaged: Index, shared_data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with Terminal(shared_data_dir, "--model", "openai:silent", OPENAI_BASE_URL=url) as terminal:
            terminal.shows("买家>")
            terminal.types("有发票吗\r")
            terminal.shows("模型正在起草")
            connection, _ = silent.accept()
            with connection:
                connection.settimeout(5)
                terminal.interrupts()
                terminal.shows("已停下这一条")
                while connection.recv(65536):
                    pass  # until it is closed; a TimeoutError if it is not
            terminal.shows("买家>")
            terminal.types("/copy\r")
            copied = base64.b64decode(terminal.shows(r"\x1b]52;c;([A-Za-z0-9+/=]+)\x07")[1]).decode("utf-8")
            assert "发票" in copied
            terminal.shows("买家>")
            terminal.types("/quit\r")
            assert terminal.ends() == 0


def test_an_interrupt_clears_a_line_that_was_begun(packaged: Index, shared_data_dir: Path) -> None:
    with Terminal(shared_data_dir) as terminal:
        terminal.shows("买家>")
        terminal.types("打错了\x03")
        terminal.shows("买家>")
        terminal.types("/help\r")
        terminal.shows("换一种说法")
        terminal.shows("买家>")
        terminal.types("\x04")
        assert terminal.ends() == 0
