"""The pages: the agent's panel, the supervisor's page, and signing in with a key."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from replyguide.server.identifying import COOKIE, Agent, TheService, identified
from replyguide.server.problems import Problem

ASSETS = Path(__file__).parent / "assets"
router = APIRouter(include_in_schema=False)
_REVALIDATE = {"Cache-Control": "no-cache"}
_WORKDAY = 12 * 3600  # seconds until a browser has to sign in again


@router.get("/")
async def panel(request: Request) -> Response:
    """Return the panel, or the page to sign in at."""
    return await _page(request, "index.html")


@router.get("/supervisor")
async def supervisor(request: Request) -> Response:
    """Return the supervisor's page; what it shows is asked for with the key's role."""
    return await _page(request, "supervisor.html")


@router.get("/assets/base.css")
@router.get("/assets/icon.svg")
async def open_asset(request: Request) -> Response:
    """Return what the page to sign in at is made of, to whoever asks."""
    return FileResponse(ASSETS / request.url.path.rpartition("/")[2], headers=_REVALIDATE)


@router.get("/assets/{name:path}")
async def asset(name: str, _: Agent) -> Response:
    """Return a file of the pages."""
    path = (ASSETS / name).resolve()
    if not path.is_relative_to(ASSETS.resolve()) or not path.is_file():
        raise Problem(404, "没有这个文件")
    return FileResponse(path, headers=_REVALIDATE)


@router.post("/session")
async def sign_in(request: Request, service: TheService) -> Response:
    """Take the key from the form, and have the browser keep it where no script can read it."""
    key = parse_qs((await request.body()).decode("utf-8", "replace")).get("key", [""])[0].strip()
    address = request.client.host if request.client is not None else "unknown"
    if await service.store(lambda: service.keys.identity(key)) is None:
        if not service.rates.take_wrong_key(address):
            raise Problem(429, "错误的密钥太多，请一分钟后再试", Retry_After="60")
        return _sign_in_page("密钥不对或已停用，请向主管要一个新的")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        COOKIE, key, max_age=_WORKDAY, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return answer


@router.post("/session/end")
async def sign_out() -> Response:
    """Have the browser forget the key."""
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


async def _page(request: Request, name: str) -> Response:
    if await identified(request) is None:
        return _sign_in_page("")
    return FileResponse(ASSETS / name, headers=_REVALIDATE)


def _sign_in_page(problem: str) -> HTMLResponse:
    text = (ASSETS / "signin.html").read_text("utf-8").replace("<!-- problem -->", problem)
    return HTMLResponse(text, 401, {"WWW-Authenticate": 'Bearer realm="replyguide"', **_REVALIDATE})
