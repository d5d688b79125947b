"""Streams, clients that go away, a server that is told to stop or killed, and parts that are down."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from asked import GOOD
from chroma_server import chroma_server, free_port
from scripted_server import Answer, ScriptedServer, says, streams
from serving import Served, serving

ASKED = {"question": "有发票吗"}
EVENTS = {"Accept": "text/event-stream"}
BAD = "亲，特价的宝贝开不了发票哦，谢谢您"


def names_and_data(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def told(client: httpx.Client, **body: Any) -> list[tuple[str, Any]]:
    with client.stream("POST", "/v1/suggest", json={**ASKED, **body}, headers=EVENTS) as response:
        return list(names_and_data(response.iter_lines()))


@contextmanager
def with_model(data_dir: Path, *script: Answer, **environment: str) -> Iterator[tuple[Served, ScriptedServer]]:
    with ScriptedServer(script) as model:
        variables = {"REPLYGUIDE_MODEL": "openai:scripted", "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "k"}
        with serving(data_dir, **variables, **environment) as served:
            yield served, model


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """A model that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        listener.settimeout(20)
        yield listener


def aimed_at(mute: socket.socket) -> dict[str, str]:
    url = f"http://127.0.0.1:{mute.getsockname()[1]}/v1"
    return {"REPLYGUIDE_MODEL": "openai:mute", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k"}


def wait_until_closed(connection: socket.socket) -> None:
    connection.settimeout(10)
    while connection.recv(65536):
        pass


# The order of the events


def test_wording_comes_first_then_the_draft_then_its_verdict(data_dir: Path) -> None:
    with with_model(data_dir, streams(GOOD[:9], GOOD[9:])) as (served, _), served.client() as client:
        events = told(client)
    assert [name for name, _ in events] == ["rules", "phrase", "draft", "draft", "verdict", "suggestion"]
    assert "".join(data["delta"] for name, data in events if name == "draft") == GOOD
    phrase, last = events[1][1], events[-1][1]
    assert (phrase["origin"], phrase["is_final"], last["origin"], last["reply"]) == ("script", False, "model", GOOD)
    assert phrase["suggestion_id"] == last["suggestion_id"]


def test_a_draft_that_is_blocked_never_becomes_the_suggestion(data_dir: Path) -> None:
    with with_model(data_dir, streams(BAD), says(BAD)) as (served, _), served.client() as client:
        events = told(client)
        report = client.get("/v1/report").json()
    verdicts = [data["check"]["verdict"] for name, data in events if name == "verdict"]
    assert verdicts == ["block", "block"]
    assert (events[-1][1]["origin"], events[-1][1]["check"]["verdict"]) == ("script", "pass")
    assert (report["totals"]["drafts_blocked"], report["totals"]["points_avoided"] > 0) == (2, True)


def test_what_was_copied_before_the_draft_came_can_be_told_of(data_dir: Path, mute: socket.socket) -> None:
    with (
        serving(data_dir, **aimed_at(mute)) as served,
        served.client() as client,
        client.stream("POST", "/v1/suggest", json=ASKED, headers=EVENTS) as response,
    ):
        phrase = next(data for name, data in names_and_data(response.iter_lines()) if name == "phrase")
        body = {"suggestion_id": phrase["suggestion_id"], "action": "sent"}
        assert httpx.post(f"{served.url}/v1/feedback", json=body).status_code == 201


# Clients that go away


@pytest.mark.parametrize("headers", [EVENTS, {}])
def test_the_model_is_stopped_when_the_client_goes_away(
    data_dir: Path, mute: socket.socket, headers: dict[str, str]
) -> None:
    with serving(data_dir, **aimed_at(mute)) as served:
        address = urlsplit(served.url)
        body = json.dumps(ASKED).encode("utf-8")
        lines = [b"POST /v1/suggest HTTP/1.1", f"Host: {address.netloc}".encode(), b"Content-Type: application/json"]
        lines += [f"{name}: {value}".encode() for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}".encode(), b"", body]
        with socket.create_connection((address.hostname or "", address.port or 0)) as client:
            client.sendall(b"\r\n".join(lines))
            asking, _ = mute.accept()
        with asking:
            wait_until_closed(asking)
        assert httpx.get(f"{served.url}/healthz").status_code == 200


def test_a_client_that_sends_slowly_is_told_so(client: httpx.Client, site: Served) -> None:
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname or "", address.port or 0)) as slow:
        slow.settimeout(20)
        head = f"POST /v1/check HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
        slow.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        started = time.monotonic()
        assert client.post("/v1/check", json={"reply": "亲，您好"}).status_code == 200
        assert b" 408 " in slow.recv(65536)
    assert time.monotonic() - started < 15


def test_five_hundred_open_streams_leave_the_checker_answering(data_dir: Path, mute: socket.socket) -> None:
    async def crowd(url: str) -> tuple[int, list[float]]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=url, timeout=60.0, limits=limits) as client:
            leave, begun = asyncio.Event(), 0

            async def watch() -> None:
                nonlocal begun
                async with client.stream("POST", "/v1/suggest", json=ASKED, headers=EVENTS) as response:
                    async for line in response.aiter_lines():
                        if line == "event: phrase":
                            begun += 1
                            break
                    await leave.wait()

            watching = [asyncio.create_task(watch()) for _ in range(500)]
            end = time.monotonic() + 60
            while begun < 500 and time.monotonic() < end and not any(task.done() for task in watching):
                await asyncio.sleep(0.1)
            spent = []
            for _ in range(20):
                started = time.monotonic()
                response = await client.post("/v1/check", json={"reply": BAD, **ASKED})
                assert response.json()["verdict"] == "block"
                spent.append(time.monotonic() - started)
            leave.set()
            await asyncio.gather(*watching)
            return begun, spent

    environment = {**aimed_at(mute), "REPLYGUIDE_MODEL_TIMEOUT": "120"}
    with serving(data_dir, **environment) as served:
        begun, spent = asyncio.run(crowd(served.url))
        assert begun == 500
        assert sorted(spent)[10] < 1.0
        assert httpx.get(f"{served.url}/healthz").status_code == 200


# A server that stops


def test_told_to_stop_in_mid_stream_it_ends_with_the_approved_wording(data_dir: Path, mute: socket.socket) -> None:
    with serving(data_dir, **aimed_at(mute)) as served, served.client() as client:
        with client.stream("POST", "/v1/suggest", json=ASKED, headers=EVENTS) as response:
            events = names_and_data(response.iter_lines())
            seen = [next(events), next(events)]
            served.process.send_signal(signal.SIGTERM)
            seen += list(events)
        assert served.process.wait(timeout=20) in (0, -signal.SIGTERM)
    assert (seen[-1][0], seen[-1][1]["origin"], seen[-1][1]["status"]) == ("suggestion", "script", "ready")


def test_a_killed_server_has_lost_nothing_that_it_acknowledged(data_dir: Path) -> None:
    kept: list[str] = []
    with serving(data_dir) as served, served.client() as client:
        suggestion = client.post("/v1/suggest", json=ASKED).json()["suggestion_id"]
        threading.Timer(0.7, served.process.kill).start()
        try:
            while True:
                body = {"suggestion_id": suggestion, "action": "sent", "final_text": f"亲，您好，第{len(kept)}次"}
                answer = client.post("/v1/feedback", json=body)
                assert answer.status_code == 201
                kept.append(answer.json()["feedback_id"])
        except httpx.TransportError:
            served.process.wait(timeout=10)
    with serving(data_dir) as served, served.client() as client:
        assert client.get("/v1/report").json()["totals"]["sent"] >= len(kept) > 0


def test_two_workers_answer_on_one_port_and_stop_together(data_dir: Path) -> None:
    with serving(data_dir, "--workers", "2") as served:
        for _ in range(20):
            with served.client() as client:
                assert client.post("/v1/suggest", json=ASKED).json()["status"] == "ready"
        with served.client() as client:
            counted = next(
                line for line in client.get("/metrics").text.splitlines()
                if line.startswith('replyguide_http_requests_total{method="POST",path="/v1/suggest"')
            )  # fmt: skip
        assert float(counted.rpartition(" ")[2]) == 20
        assert served.stop() in (0, -signal.SIGTERM)


# Parts that are down


def test_the_checker_answers_without_index_and_database(data_dir: Path) -> None:
    nowhere = {
        "REPLYGUIDE_CHROMA_URL": "http://127.0.0.1:9",
        "REPLYGUIDE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
    }
    with serving(data_dir, ready=False, **nowhere) as served, served.client() as client:
        assert client.post("/v1/check", json={"reply": BAD, **ASKED}).json()["verdict"] == "block"
        suggestion, feedback = (
            client.post("/v1/suggest", json=ASKED),
            client.post("/v1/feedback", json={"suggestion_id": "0" * 32, "action": "sent"}),
        )
        assert (suggestion.status_code, feedback.status_code) == (503, 503)
        assert "127.0.0.1:9" in feedback.json()["detail"]
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_a_chroma_server_that_is_gone_and_comes_back(data_dir: Path, tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as running:
        with chroma_server(tmp_path / "chroma", port) as url:
            served = running.enter_context(serving(data_dir, REPLYGUIDE_CHROMA_URL=url))
            client = running.enter_context(served.client())
            assert client.post("/v1/suggest", json=ASKED).json()["status"] == "ready"
        gone = client.post("/v1/suggest", json=ASKED)
        assert gone.status_code == 503
        assert "Chroma" in gone.json()["detail"]
        assert client.post("/v1/check", json={"reply": BAD, **ASKED}).json()["verdict"] == "block"
        assert client.get("/readyz").json()["parts"]["index"] != "ok"
        running.enter_context(chroma_server(tmp_path / "chroma", port))
        assert client.post("/v1/suggest", json=ASKED).json()["status"] == "ready"
        assert client.get("/readyz").status_code == 200


def test_a_suggestion_is_given_where_it_cannot_be_kept(data_dir: Path) -> None:
    nowhere = {"REPLYGUIDE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    with serving(data_dir, ready=False, **nowhere) as served, served.client() as client:
        told = client.post("/v1/suggest", json=ASKED).json()
    assert (told["status"], told["recorded"]) == ("ready", False)


def test_a_database_that_is_gone_acknowledges_nothing_and_comes_back(data_dir: Path) -> None:
    with serving(data_dir) as served, served.client() as client:
        suggestion = client.post("/v1/suggest", json=ASKED).json()["suggestion_id"]
        body = {"suggestion_id": suggestion, "action": "sent"}
        database = data_dir / "replyguide.sqlite3"
        for path in data_dir.glob("replyguide.sqlite3*"):
            path.rename(path.with_name(f"away-{path.name}"))
        database.mkdir()
        assert client.post("/v1/feedback", json=body).status_code == 503
        assert client.post("/v1/check", json={"reply": BAD, **ASKED}).json()["verdict"] == "block"
        database.rmdir()
        for path in data_dir.glob("away-*"):
            path.rename(path.with_name(path.name.removeprefix("away-")))
        assert client.post("/v1/feedback", json=body).status_code == 201


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux sets the limits of a process that runs")
def test_a_full_disk_acknowledges_nothing_and_stops_nothing(data_dir: Path) -> None:
    with serving(data_dir) as served, served.client() as client:
        kept = client.post("/v1/suggest", json=ASKED).json()["suggestion_id"]
        body = {"suggestion_id": kept, "action": "sent"}
        limits = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)
        # No file may grow beyond a kilobyte, the server's own log among them.
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (1024, limits[1]))
        assert client.post("/v1/feedback", json=body).status_code == 503
        told = client.post("/v1/suggest", json=ASKED).json()
        assert (told["status"], told["recorded"]) == ("ready", False)
        assert client.post("/v1/check", json={"reply": BAD, **ASKED}).json()["verdict"] == "block"
        resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, limits)
        assert client.post("/v1/feedback", json=body).status_code == 201
        assert client.get("/v1/report").json()["totals"]["sent"] == 1
