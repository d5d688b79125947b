"""Running the server: the sockets, the workers, and a graceful stop."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from replyguide.errors import ServerError, SettingsError
from replyguide.settings import ENVIRONMENT, Settings, read_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_METRICS = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and with how many processes."""

    host: str
    port: int
    workers: int

    @property
    def is_loopback(self) -> bool:
        """Tell whether nobody but this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def serve(settings: Settings, address: Address, *, started: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; `started` is told the URL once the port is taken.

    Beyond loopback there must be keys (`SettingsError`); a port that is taken is a `ServerError`.
    """
    refuse_without_keys(settings, address)
    listening = _bound(address)
    started(_url(address, listening))
    _hand_over(settings)
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from replyguide.server.stopping import GRACE

    config = uvicorn.Config(
        "replyguide.server.running:application",
        factory=True,
        workers=address.workers,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        server_header=False,
    )
    with listening:
        if address.workers == 1:
            uvicorn.Server(config).run(sockets=[listening])
            return
        with tempfile.TemporaryDirectory(prefix="replyguide-metrics-") as metrics:
            os.environ[_METRICS] = metrics
            Multiprocess(config, sockets=[listening]).run()


def application() -> FastAPI:
    """Return the application over the settings of the environment, for a worker."""
    from replyguide.server.app import create_app
    from replyguide.server.observing import quiet_libraries

    quiet_libraries()
    return create_app(read_settings())


def refuse_without_keys(settings: Settings, address: Address) -> None:
    """Refuse to listen beyond this machine where anybody could ask without a key."""
    from replyguide.access import KeyRing, KeyStore
    from replyguide.database import open_database

    if address.is_loopback:
        return
    database = open_database(settings)
    try:
        if not KeyRing(settings, KeyStore(database)).is_required:
            raise SettingsError(
                f"没有密钥时只能监听本机（127.0.0.1），现在是 {address.host}："
                "请先运行 replyguide keys create，或设置 REPLYGUIDE_API_KEYS"
            )
    finally:
        database.close()


def _bound(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
        listening.listen(2048)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = error.strerror if isinstance(error, OSError) else "端口应在 0 到 65535 之间"
        raise ServerError(f"{address.host}:{address.port}：监听不了（{reason}），请换一个 --port 或 --host") from None
    listening.set_inheritable(True)
    return listening


def _url(address: Address, listening: socket.socket) -> str:
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"http://{host}:{listening.getsockname()[1]}"


def _hand_over(settings: Settings) -> None:
    """Put the settings where the workers, which are processes of their own, read them."""
    defaults = Settings(data_dir=settings.data_dir)
    for entry in fields(Settings):
        name, value = ENVIRONMENT[entry.name], getattr(settings, entry.name)
        if value is None or (value == getattr(defaults, entry.name) and entry.name != "data_dir"):
            os.environ.pop(name, None)
        else:
            os.environ[name] = _written(value)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value.absolute()) if isinstance(value, Path) else str(value)
