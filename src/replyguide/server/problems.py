"""Errors as RFC 9457 problem details, and as OpenAI's own shape on the endpoints that speak its protocol."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from replyguide.errors import DatabaseUnavailable, InputError, OutsideError, ReplyGuideError
from replyguide.server.request_id import request_id_of
from replyguide.validation import told

MEDIA_TYPE = "application/problem+json"
OPENAI_PATHS = ("/v1/chat/completions", "/v1/models")
_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("malformed", "请求读不懂"),
    401: ("unauthorized", "需要有效的密钥"),
    403: ("forbidden", "这个密钥没有权限"),
    404: ("not-found", "没有这个内容"),
    405: ("method-not-allowed", "这个地址不支持这种请求"),
    406: ("not-acceptable", "给不了这种格式"),
    408: ("timeout", "请求发得太慢"),
    413: ("too-large", "请求太大"),
    415: ("unsupported-media-type", "请求体的类型不对"),
    421: ("misdirected", "主机名不对"),
    422: ("invalid", "请求的内容不对"),
    429: ("too-many-requests", "请求太频繁"),
    500: ("internal", "服务器内部错误"),
    503: ("unavailable", "暂时用不了"),
}
_DETAILS: Mapping[int, str] = {
    404: "没有这个地址，请看 /openapi.json",
    405: "这个地址不支持这种请求方法，请看 /openapi.json",
}
UNEXPECTED = "服务器内部错误，请把 request_id 告诉维护者"
_OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}


class Problem(HTTPException):
    """An answer that is an error: `detail` is one Chinese line that tells what, where, and what to do."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(status, detail, headers=named or None)


def problem_data(status: int, detail: str, request: Request) -> dict[str, Any]:
    """Return a problem document."""
    slug, title = _TITLES.get(status, ("error", HTTPStatus(status).phrase))
    return {
        "type": f"urn:replyguide:problem:{slug}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "request_id": request_id_of(request.scope),
    }


def problem_response(
    status: int, detail: str, request: Request, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return an error in the shape that the path's protocol asks for."""
    data = problem_data(status, detail, request)
    if request.url.path.startswith(OPENAI_PATHS):
        kind = _OPENAI_TYPES.get(status, "invalid_request_error")
        error = {"message": detail, "type": kind, "param": None, "code": data["type"].rpartition(":")[2]}
        return JSONResponse({"error": {**error, "request_id": data["request_id"]}}, status, headers)
    return JSONResponse(data, status, headers, media_type=MEDIA_TYPE)


def status_of(error: ReplyGuideError) -> int:
    """Return the HTTP status of an error raised on purpose."""
    if isinstance(error, InputError):
        return 422
    return 503 if isinstance(error, OutsideError) else 500


def add_handlers(app: FastAPI) -> None:
    """Have every error of `app` answered as a problem."""
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(StarletteHTTPException)(_http)
    app.exception_handler(ReplyGuideError)(_ours)
    app.exception_handler(Exception)(_unexpected)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    problem = dict(error.errors()[0])
    problem["loc"] = tuple(problem["loc"])[1:]  # without "body", "query"
    return problem_response(422, told(problem), request)  # type: ignore[arg-type]  # the same mapping, typed as Any


async def _http(request: Request, error: StarletteHTTPException) -> Response:
    detail = error.detail if isinstance(error, Problem) else _DETAILS.get(error.status_code, str(error.detail))
    return problem_response(error.status_code, detail, request, error.headers)


async def _ours(request: Request, error: ReplyGuideError) -> Response:
    headers = {"Retry-After": "2"} if isinstance(error, DatabaseUnavailable) else None
    return problem_response(status_of(error), str(error), request, headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    request.app.state.service.observer.failed(request.scope, error)
    return problem_response(500, UNEXPECTED, request)
