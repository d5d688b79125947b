"""Requests that nobody waits for any longer: against a socket that never answers, and one that fails."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_server import ScriptedServer, status

from replyguide import Context, Settings
from replyguide.drafting.cancelling import Cancellation
from replyguide.drafting.failures import DraftError
from replyguide.drafting.model import ChatModel
from replyguide.drafting.prompts import draft_prompt

PROMPT = draft_prompt([], "有发票吗", Context())
SOON = 3.0  # seconds; far less than the model's time limit


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A listening socket that accepts, reads and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(SOON)
        yield listener


def model(url: str, folder: Path, retries: int = 0) -> ChatModel:
    settings = Settings(
        data_dir=folder, model="openai:silent", openai_base_url=url, openai_api_key="k", model_retries=retries
    )
    return ChatModel.from_settings(settings)


def kind_of(client: ChatModel, cancellation: Cancellation) -> str:
    with pytest.raises(DraftError) as caught:
        client.draft(PROMPT, lambda _: None, cancellation)
    return caught.value.kind


def test_a_request_that_nobody_waits_for_closes_its_connection(silent: socket.socket, tmp_path: Path) -> None:
    cancellation, kinds = Cancellation(), []
    client = model(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", tmp_path)
    asking = threading.Thread(target=lambda: kinds.append(kind_of(client, cancellation)))
    asking.start()
    connection, _ = silent.accept()
    with connection:
        connection.settimeout(SOON)
        assert b"chat/completions" in connection.recv(65536)
        cancellation.cancel()
        while connection.recv(65536):
            pass
    asking.join(SOON)
    assert kinds == ["cancelled"]


def test_nothing_is_asked_once_nobody_waits(silent: socket.socket, tmp_path: Path) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    assert kind_of(model(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", tmp_path), cancellation) == "cancelled"
    silent.settimeout(0.2)
    with pytest.raises(TimeoutError):
        silent.accept()


def test_a_pause_before_the_next_try_ends_as_well(tmp_path: Path) -> None:
    cancellation = Cancellation()
    with ScriptedServer([status(503, retry_after="20")]) as server:
        threading.Timer(0.3, cancellation.cancel).start()
        started = time.monotonic()
        assert kind_of(model(server.url, tmp_path, retries=3), cancellation) == "cancelled"
    assert time.monotonic() - started < SOON
    assert len(server.requests) == 1
