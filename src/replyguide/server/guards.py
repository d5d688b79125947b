"""What every request goes through before any of our code reads it: plain ASGI, so that streams pass untouched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from replyguide.server.problems import Problem, problem_response
from replyguide.server.request_id import HEADER, request_id_of

if TYPE_CHECKING:
    from replyguide.server.observing import Observer

LARGEST_BODY = 1_000_000  # bytes: a question of 5,000 characters with a long history fits fifty times
SLOWEST_BODY = 10.0  # seconds for a whole body
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Observed:
    """Gives every request its id and its headers, and tells the log and the metrics what came of it."""

    def __init__(self, app: ASGIApp, observer: Observer) -> None:
        self._app = app
        self._observer = observer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, started, status = request_id_of(scope), time.perf_counter(), 499

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = request_id
                for name, value in _SECURITY.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._observer.answered(scope, status, time.perf_counter() - started)


class Guarded:
    """Refuses what comes from another site, is too large, or comes too slowly.

    Without keys only this machine may ask, and a page of another site that a browser on it has open must not: such a
    page can reach loopback, under a name of its own as well (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, *, only_loopback: bool) -> None:
        self._app = app
        self._only_loopback = only_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._app(scope, _Body(receive).receive, send)

    def _refusal(self, request: Request) -> Response | None:
        headers = request.headers
        if self._only_loopback and _host_name(headers) not in _LOOPBACK:
            detail = "没有配置密钥时只接受本机的请求，请用 http://127.0.0.1 打开，或用 replyguide keys create 建立密钥"
            return problem_response(421, detail, request)
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != headers.get("host", ""):
            return problem_response(403, "不接受别的网站发来的请求", request)
        if headers.get("content-length", "0").isdigit() and int(headers.get("content-length", "0")) > LARGEST_BODY:
            return problem_response(413, _TOO_LARGE, request, {"Connection": "close"})
        return None


_TOO_LARGE = f"请求体最多 {LARGEST_BODY // 1000} kB，请只发买家的最后一条消息和必要的历史"


class _Body:
    """The messages of a request, counted and timed until its body is whole; whoever reads it gets the refusal."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._size = 0
        self._is_whole = False
        self._deadline = time.monotonic() + SLOWEST_BODY

    async def receive(self) -> Message:
        """Return the next message, or refuse."""
        if self._is_whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._deadline - time.monotonic())
        except TimeoutError:
            detail = f"请求体 {SLOWEST_BODY:g} 秒还没有发完，请检查网络后再发"
            raise Problem(408, detail, Connection="close") from None
        self._size += len(message.get("body", b""))
        if self._size > LARGEST_BODY:
            raise Problem(413, _TOO_LARGE, Connection="close")
        self._is_whole = not message.get("more_body", False)
        return message


def _host_name(headers: Mapping[str, Any] | Headers) -> str:
    host = str(headers.get("host", ""))
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
