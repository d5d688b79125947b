"""Who asks: the key of a request, its role, and how much it has asked already."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from replyguide.access import Identity, Role, may
from replyguide.server.problems import Problem
from replyguide.server.service import Service

COOKIE = "replyguide_key"
#: Who asks where no keys are configured: whoever sits at this machine.
_NOBODY = "local"
_CHALLENGE = {"WWW_Authenticate": 'Bearer realm="replyguide"'}
_scheme = HTTPBearer(auto_error=False, description="replyguide keys create 生成的密钥；没有配置密钥时不需要")


def service_of(request: Request) -> Service:
    """Return the service behind a request."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]


def key_of(request: Request) -> str | None:
    """Return the key that a request shows: as a bearer token, or in the cookie of a browser that signed in."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return request.cookies.get(COOKIE)


async def identified(request: Request) -> Identity | None:
    """Return who asks, `None` if the key is missing or wrong."""
    service = service_of(request)
    key = key_of(request)
    identity = await service.store(lambda: _identity(service, key))
    request.scope["replyguide.identity"] = identity
    return identity


def _identity(service: Service, key: str | None) -> Identity | None:
    if not service.keys.is_required:
        return Identity(_NOBODY, service.settings.shop_id, "admin")
    return service.keys.identity(key) if key is not None else None


def needs(role: Role) -> Callable[[Request], Coroutine[Any, Any, Identity]]:
    """Return the dependency that lets in who has `role` or more, no faster than its rate."""

    async def allowed(request: Request, _: Annotated[object, Depends(_scheme)] = None) -> Identity:
        service = service_of(request)
        address = request.client.host if request.client is not None else "unknown"
        identity = await identified(request)
        if identity is None:
            if not service.rates.take_wrong_key(address):
                raise Problem(429, "错误的密钥太多，请一分钟后再试", Retry_After="60")
            what = "没有密钥" if key_of(request) is None else "密钥不对或已停用"
            raise Problem(401, f"{what}，请在请求头里写 Authorization: Bearer 密钥", **_CHALLENGE)
        if not service.rates.take(identity.key_id if identity.key_id != _NOBODY else address):
            raise Problem(429, f"请求太频繁，最多 {service.settings.rate_limit}，请稍后再试", Retry_After="1")
        if not may(identity, role):
            raise Problem(403, f"这个密钥的角色是 {identity.role}，这里需要 {role}")
        return identity

    return allowed


Agent = Annotated[Identity, Depends(needs("agent"))]
Supervisor = Annotated[Identity, Depends(needs("supervisor"))]
