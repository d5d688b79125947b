"""The process that serves the protocol: its start, its streams, its end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asked import GOOD
from mcp_agent import HERE, SCRIPTED, command, connected
from scripted_server import ScriptedServer, says

DOCS = Path(__file__).parents[2] / "docs"


def fed(data: Path, sent: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Run the server with `sent` as its whole input."""
    environment = {**os.environ, **HERE}
    return subprocess.run(command(data, *options), input=sent, capture_output=True, timeout=60, env=environment)


def test_facts_that_cannot_be_used_are_told_before_anything_is_served(data: Path, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("colour: red\n", "utf-8")
    ended = fed(data, b"", "--shop", "shop.yaml")
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, b"", 1)
    assert "colour" in ended.stderr.decode("utf-8")


def test_the_first_call_builds_the_index_and_the_output_holds_the_protocol_alone(tmp_path: Path) -> None:
    with connected(tmp_path, "--offline") as agent:
        assert agent.is_told("search", question="有发票吗", k=1)["hits"][0]["topic"] == "invoice"


@contextmanager
def running(data: Path, *options: str, **surroundings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server with its streams at hand."""
    environment = {**os.environ, **HERE, **surroundings}
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command(data, *options), env=environment, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def sends(process: subprocess.Popen[bytes], *messages: Mapping[str, Any]) -> None:
    assert process.stdin is not None
    process.stdin.write("".join(json.dumps({"jsonrpc": "2.0", **message}) + "\n" for message in messages).encode())
    process.stdin.flush()


def test_a_line_that_is_no_message_does_not_end_the_session(data: Path) -> None:
    with running(data) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"hello\n\xff\xfe\n")
        sends(process, {"id": 1, "method": "ping"})
        answers = [json.loads(process.stdout.readline())]
        while answers[-1].get("id") != 1:
            answers.append(json.loads(process.stdout.readline()))
    assert "error" not in answers[-1]


def test_the_process_ends_with_its_input_and_prints_nothing_else(data: Path) -> None:
    ended = fed(data, b"")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_the_process_ends_with_its_input_while_a_model_is_writing(data: Path) -> None:
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    call = {"name": "suggest", "arguments": {"question": "有发票吗"}}
    with (
        ScriptedServer([says(GOOD, delay=25)]) as server,
        running(data, *SCRIPTED, OPENAI_BASE_URL=server.url) as process,
    ):
        sends(process, {"id": 1, "method": "initialize", "params": client}, {"method": "notifications/initialized"})
        sends(process, {"id": 2, "method": "tools/call", "params": call})
        end = time.monotonic() + 60
        while not server.requests:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_an_interrupt_ends_the_process_at_once(data: Path) -> None:
    with running(data) as process:
        assert process.stdout is not None
        sends(process, {"id": 1, "method": "ping"})
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == -signal.SIGINT


@pytest.mark.parametrize("page", ["mcp.md", "mcp.zh-CN.md"])
def test_the_configuration_of_the_documentation_starts_the_server(data: Path, page: str) -> None:
    found = re.search(r"```json\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert found is not None
    told = json.loads(found[1])["mcpServers"]["replyguide"]
    assert (told["command"], told["args"][0]) == ("replyguide", "mcp")
    ended = fed(data, b"", *told["args"][1:])
    assert (ended.returncode, ended.stderr) == (0, b"")
