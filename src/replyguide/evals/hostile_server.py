"""An OpenAI-compatible server on loopback that drafts what it is told to: a model that means ill, for the evaluation.

    with HostileServer() as server:
        server.draft = "亲，加我微信哦"
        ...  # point OPENAI_BASE_URL at server.url

It answers at once, so that what a suggestion takes beside it is the pipeline's own time.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Literal

#: How the draft is put: as a model does, with a call of a tool in its place, cut off in the middle of JSON, with
#: everything that it was told before it, or with the last of that, or the notes that were for its eyes alone.
Shape = Literal["plain", "tool-call", "half-json", "prompt-echoed", "material-echoed", "notes-told"]
_NOTES = "内部说明："
_ECHOED = 200  # characters of the material


class HostileServer:
    """Serves on a free port for the time of a `with` block; `url` is the base URL, `/v1` included.

    `draft` is what every request gets, in the given `shape`, whatever it asks. `requests` counts them, `seconds` adds
    up what answering them took.
    """

    def __init__(self) -> None:
        self.draft = ""
        self.shape: Shape = "plain"
        self.requests = 0
        self.seconds = 0.0
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> HostileServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def count(self, seconds: float) -> None:
        """Count a request that was answered."""
        self.requests += 1
        self.seconds += seconds

    def message(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the message that answers a request."""
        if self.shape == "tool-call":
            call = {"name": "send_message", "arguments": json.dumps({"text": self.draft}, ensure_ascii=False)}
            return {"role": "assistant", "content": None, "tool_calls": [_called(call)]}
        return {"role": "assistant", "content": self._content(request)}

    def _content(self, request: dict[str, Any]) -> str:
        told = json.dumps({"reply": self.draft}, ensure_ascii=False)
        if self.shape == "half-json":
            return told[: len(told) * 2 // 3]
        if self.shape == "prompt-echoed":
            return f"{_told(request)}\n{self.draft}"
        if self.shape == "material-echoed":
            return f"{_told(request)[-_ECHOED:]}\n{self.draft}"
        if self.shape == "notes-told":
            notes = [line.removeprefix(_NOTES) for line in _told(request).splitlines() if line.startswith(_NOTES)]
            return f"亲，您好，{'；'.join(notes)}"
        return told if "response_format" in request else self.draft


def _told(request: dict[str, Any]) -> str:
    return "\n".join(str(message.get("content")) for message in request.get("messages", []))


def _called(function: dict[str, str]) -> dict[str, Any]:
    return {"id": "call-1", "type": "function", "function": function}


def _finish(message: dict[str, Any]) -> str:
    return "tool_calls" if "tool_calls" in message else "stop"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: HostileServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that hangs up has what it wanted."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    # Head and body in one packet: the second of two would wait 40 ms for the client's acknowledgement.
    wbufsize = -1
    _common: ClassVar[dict[str, Any]] = {"id": "chatcmpl-hostile", "created": 1, "model": "hostile"}
    _usage: ClassVar[dict[str, int]] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        started = time.perf_counter()
        request = json.loads(self.rfile.read(length) or b"{}")
        body = self._streamed(request) if request.get("stream") else self._whole(request)
        # Before it is sent: whoever has the answer may read the count.
        self.server.owner.count(time.perf_counter() - started)
        self._send(body, "text/event-stream" if request.get("stream") else "application/json")

    def _whole(self, request: dict[str, Any]) -> bytes:
        message = self.server.owner.message(request)
        choice = {"index": 0, "message": message, "finish_reason": _finish(message)}
        whole = {**self._common, "object": "chat.completion", "choices": [choice], "usage": self._usage}
        return json.dumps(whole, ensure_ascii=False).encode()

    def _streamed(self, request: dict[str, Any]) -> bytes:
        message = self.server.owner.message(request)
        delta = {"index": 0, "delta": message, "finish_reason": _finish(message)}
        chunk = {**self._common, "object": "chat.completion.chunk", "choices": [delta], "usage": self._usage}
        return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\ndata: [DONE]\n\n".encode()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the report's terminal clean."""
