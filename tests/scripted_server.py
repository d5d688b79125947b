"""An OpenAI-compatible server that answers from a script, for tests with the real client.

    with ScriptedServer([status(500), says("亲，您好，有的哦，谢谢您")]) as server:
        ...  # point OPENAI_BASE_URL at server.url
    assert len(server.requests) == 2

Each request takes the next answer; the last one is repeated when the script has run out.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One scripted answer: `delay` seconds pass before it, `drip` between its bytes; `cut` breaks it off in the middle.

    An `unfinished` one promises more than it sends.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    cut: bool = False
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What the client sent; header names are lower case."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def text(self) -> str:
        """All message texts, as the model would read them."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


def completion(
    content: str | None,
    *,
    finish: str = "stop",
    tool_calls: Sequence[Mapping[str, Any]] = (),
    usage: bool = True,
) -> bytes:
    """Return the body of a chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": content}
    if tool_calls:
        message["tool_calls"] = list(tool_calls)
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    if usage:
        body["usage"] = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def says(content: str | None, *, delay: float = 0.0, drip: float = 0.0, **shape: Any) -> Answer:
    """Answer with `content`; `shape` as in `completion`."""
    return Answer(body=completion(content, **shape), delay=delay, drip=drip)


def streams(*pieces: str, end: bool = True, delay: float = 0.0, finish: str = "stop") -> Answer:
    """Answer with a stream of server-sent events; without `end` the connection breaks off after the last piece."""
    chunks = [_chunk({"role": "assistant", "content": piece}, None) for piece in pieces]
    if end:
        chunks += [_chunk({}, finish), "data: [DONE]\n\n"]
    body = "".join(chunks).encode("utf-8")
    return Answer(body=body, headers={"Content-Type": "text/event-stream"}, delay=delay, unfinished=not end)


def _chunk(delta: Mapping[str, Any], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    data = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [choice]}
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def status(code: int, *, message: str = "scripted failure", **headers: str) -> Answer:
    """Answer with an HTTP error; `retry_after="1"` becomes the header `Retry-After: 1`."""
    body = json.dumps({"error": {"message": message, "type": "scripted", "code": None}}).encode("utf-8")
    return Answer(status=code, body=body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def cut_off() -> Answer:
    """Break the connection off in the middle of the answer."""
    return Answer(body=completion("亲，您好，这条回复到不了"), cut=True)


def malformed(body: bytes = b'{"choices": [{"mess') -> Answer:
    """Answer 200 with something that is no JSON."""
    return Answer(body=body)


class ScriptedServer:
    """A server on a free local port for the time of a `with` block; `url` is the base URL, `/v1` included."""

    def __init__(self, script: Sequence[Answer]) -> None:
        if not script:
            raise ValueError("a script needs at least one answer")
        self.requests: list[Request] = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()  # wakes the handlers that are in a delay
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def next_answer(self, request: Request) -> Answer:
        with self._lock:
            self.requests.append(request)
            return self._script[min(len(self.requests), len(self._script)) - 1]

    def pause(self, seconds: float) -> None:
        self._closing.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    owner: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that hung up is part of the script."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        headers = {name.lower(): text for name, text in self.headers.items()}
        request = Request(self.path, headers, json.loads(self.rfile.read(length) or b"{}"))
        owner = self.server.owner
        answer = owner.next_answer(request)
        owner.pause(answer.delay)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.close_connection = True
        self.send_response(answer.status)
        for name, text in {
            "Content-Type": "application/json",
            "Connection": "close",
            **answer.headers,
        }.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(answer.body) + (1000 if answer.unfinished else 0)))
        self.end_headers()
        if answer.cut:
            self.wfile.write(answer.body[: len(answer.body) // 2])
        elif answer.drip > 0:
            self._drip(answer)
        else:
            self.wfile.write(answer.body)

    def _drip(self, answer: Answer) -> None:
        for byte in answer.body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            self.server.owner.pause(answer.drip)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output clean."""
