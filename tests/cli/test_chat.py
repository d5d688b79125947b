"""The chat through a pipe, as scripts use it, and through a real pseudo-terminal."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from asked import GOOD
from running import Run
from scripted_server import ScriptedServer, says

from replyguide.index import Index

ASKED = "有发票吗"


def piped(run: Run, *lines: str, options: tuple[str, ...] = ()) -> Any:
    return run("chat", *options, stdin="".join(f"{line}\n" for line in lines).encode("utf-8"))


def suggested(run: Run, *lines: str, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    outcome = piped(run, *lines, options=("--json", *options))
    return [json.loads(line) for line in outcome.out.splitlines() if line.startswith("{")]


def test_each_line_is_a_message_of_the_buyer(run: Run) -> None:
    told = suggested(run, ASKED, "包邮吗")
    assert [one["question"] for one in told] == [ASKED, "包邮吗"]
    assert {one["asker"] for one in told} == {"buyer"}


def test_an_earlier_turn_counts(run: Run) -> None:
    alone, after = suggested(run, "那怎么开呢")[0], suggested(run, ASKED, "/已发", "那怎么开呢")[-1]
    assert alone["topics"] != ["invoice"]
    assert after["topics"] == ["invoice"]


def test_a_new_buyer_begins_without_the_old_ones_words(run: Run, tmp_path: Path) -> None:
    piped(run, ASKED, "/已发", "/设 shop.cod true", "/设 buyer_verified true", "/新", "/保存 saved.json")
    assert json.loads((tmp_path / "saved.json").read_text("utf-8")) == {"shop": {"cod": True}, "history": []}


def test_what_was_saved_can_be_loaded(run: Run, tmp_path: Path) -> None:
    piped(run, ASKED, "/sent 亲，您好，发票有的哦，谢谢您", "/set shop.cod true", "/save saved.json")
    piped(run, "/load saved.json", "/save again.json")
    assert json.loads((tmp_path / "again.json").read_text("utf-8")) == json.loads(
        (tmp_path / "saved.json").read_text("utf-8")
    )


def test_a_fact_that_is_set_changes_the_answer(run: Run) -> None:
    unknown, told = (
        suggested(run, "包邮吗")[0],
        suggested(run, "/设 shop.free_shipping all", "包邮吗")[0],
    )
    assert unknown["reply"] != told["reply"]


def test_a_fact_that_is_cleared_is_unknown_again(run: Run) -> None:
    unknown = suggested(run, "包邮吗")[0]["reply"]
    lines = ("/设 shop.free_shipping all", "/清 shop.free_shipping", "包邮吗")
    assert suggested(run, *lines)[0]["reply"] == unknown


def test_another_wording_keeps_the_answer(run: Run) -> None:
    first, second = suggested(run, ASKED, "/换")
    assert first["reply"] != second["reply"]
    assert first["topics"] == second["topics"]


def test_ones_own_reply_is_checked_against_the_buyers_message(run: Run) -> None:
    assert "不能发" in piped(run, ASKED, "/检查 亲，这个没有的哦，抱歉").out


def test_what_an_agent_asks_himself_is_no_part_of_the_conversation(run: Run) -> None:
    outcome = piped(run, "/同事 帮买家关单扣几分", "/记录", "/复制")
    assert "内部参考" in outcome.out
    assert "买家：" not in outcome.out
    assert "不能发给买家" in outcome.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/nix", "没有 /nix 这个命令"),
        ("/换", "还没有买家的消息"),
        ("/复制", "请先贴上买家的消息"),
        ("/设 shop.colour red", "没有 shop.colour 这一项"),
        ("/设 shop.free_shipping perhaps", "不对"),
        ("/检查", "后面要写"),
        ("/载入 nowhere.yaml", "没有这个文件"),
        ("/语气 rude", "没有 rude 这种语气"),
    ],
)
def test_a_bad_line_costs_one_word_and_loses_nothing(run: Run, line: str, told: str) -> None:
    outcome = piped(run, line, ASKED)
    assert told in outcome.err
    assert "发票" in outcome.out
    assert "Traceback" not in outcome.err
    assert outcome.status == 2


def test_approved_wording_is_shown_before_the_models_draft(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer([says(GOOD)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        told = suggested(run, ASKED, options=("--model", "openai:scripted"))
    assert [one["is_final"] for one in told] == [False, True]
    assert (told[0]["origin"], told[1]["origin"], told[1]["reply"]) == ("script", "model", GOOD)


def test_nothing_for_the_terminal_goes_down_a_pipe(run: Run) -> None:
    assert "\x1b" not in piped(run, ASKED, "/规则", "/帮助").out


class Terminal:
    """`replyguide chat` in a pseudo-terminal."""

    def __init__(self, data_dir: Path) -> None:
        self._master, slave = pty.openpty()
        command = [sys.executable, "-m", "replyguide", "chat", "--data-dir", str(data_dir)]
        environment = {**os.environ, "TERM": "xterm-256color", "PATH": "/nonexistent"}
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        self.seen = ""

    def types(self, text: str) -> None:
        os.write(self._master, text.encode("utf-8"))

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
                self.seen += os.read(self._master, 65536).decode("utf-8", "replace")
                if "\x1b[6n" in self.seen:  # where the cursor is, asks the prompt
                    os.write(self._master, b"\x1b[1;1R")
                    self.seen = self.seen.replace("\x1b[6n", "")
        raise AssertionError(f"never shown: {pattern}\n{self.seen}")

    def close(self) -> int:
        status = self.process.wait(timeout=20)
        os.close(self._master)
        return status


def test_on_a_terminal_a_reply_is_copied_and_the_history_holds_nothing_personal(
    packaged: Index, shared_data_dir: Path
) -> None:
    terminal = Terminal(shared_data_dir)
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
    assert terminal.close() == 0
    kept = (shared_data_dir / "chat-history").read_text("utf-8")
    assert "[电话1]" in kept
    assert "13812345678" not in kept
