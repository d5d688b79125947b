"""`replyguide serve`: the HTTP interface and the panel."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replyguide.cli.options import DataDir, Embedder, Model, Pack, ShopFile, ShopId
from replyguide.cli.output import complain
from replyguide.cli.session import Session


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("serve", help="启动网页面板和 HTTP 接口。")(serve)


def serve(
    host: Annotated[str, typer.Option("--host", help="监听的地址；没有密钥时只能是本机。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="监听的端口，0 表示任选一个。", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option("--workers", help="工作进程数。", min=1, max=64)] = 1,
    shops: Annotated[
        Path | None,
        typer.Option("--shops", help="多家店铺的文件夹：店铺编号/shop.yaml、店铺编号/pack/。", show_default=False),
    ] = None,
    shop: ShopFile = None,
    pack: Pack = None,
    model: Model = None,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Serve until the process is told to stop."""
    from replyguide.server.running import Address
    from replyguide.server.running import serve as run

    session = Session(
        shops=shops, shop=shop, shop_pack=pack, model=model, shop_id=shop_id, embedder=embedder, data_dir=data_dir
    )
    run(session.settings, Address(host, port, workers), started=lambda url: complain(f"面板：{url}/（Ctrl+C 停止）"))
    return 0
