"""An OpenAI-compatible server on loopback that drafts what it is told to: a model that means ill, for the evaluation.

    with HostileServer() as server:
        server.draft = "亲，加我微信哦"
        ...  # point OPENAI_BASE_URL at server.url

It answers at once, so that what a suggestion takes beside it is the pipeline's own time.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Literal

#: How the draft is put: as a model does, with a call of a tool in its place, cut off in the middle of JSON, or with
#: everything that it was told before it.
Shape = Literal["plain", "tool-call", "half-json", "prompt-echoed"]


class HostileServer:
    """Serves on a free port for the time of a `with` block; `url` is the base URL, `/v1` included.

    `draft` is what every request gets, in the given `shape`, whatever it asks.
    """

    def __init__(self) -> None:
        self.draft = ""
        self.shape: Shape = "plain"
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
            said = "\n".join(str(message.get("content")) for message in request.get("messages", []))
            return f"{said}\n{self.draft}"
        return told if "response_format" in request else self.draft


def _called(function: dict[str, str]) -> dict[str, Any]:
    return {"id": "call-1", "type": "function", "function": function}


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
    _usage: ClassVar[dict[str, int]] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        request = json.loads(self.rfile.read(length) or b"{}")
        message = self.server.owner.message(request)
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if "tool_calls" in message else "stop"}
        common = {"id": "chatcmpl-hostile", "created": 1, "model": "hostile"}
        if request.get("stream"):
            delta = {"index": 0, "delta": message, "finish_reason": choice["finish_reason"]}
            chunk = {**common, "object": "chat.completion.chunk", "choices": [delta], "usage": self._usage}
            body = f"data: {json.dumps(chunk, ensure_ascii=False)}\n\ndata: [DONE]\n\n".encode()
            self._send(body, "text/event-stream")
        else:
            whole = {**common, "object": "chat.completion", "choices": [choice], "usage": self._usage}
            self._send(json.dumps(whole, ensure_ascii=False).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the report's terminal clean."""
