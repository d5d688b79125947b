"""`replyguide mcp`: the copilot's tools over standard input and output, for AI agents."""

from __future__ import annotations

import typer

from replyguide.cli.options import DataDir, Embedder, Model, Pack, ShopFile, ShopId
from replyguide.cli.session import Session
from replyguide.context import Context


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("mcp", help="通过 Model Context Protocol 给 AI 助手提供 suggest、check、search（标准输入输出）。")(mcp)


def mcp(
    shop: ShopFile = None,
    pack: Pack = None,
    model: Model = None,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Serve the tools until standard input is closed."""
    from replyguide.mcp import mcp_server

    session = Session(shop=shop, shop_pack=pack, model=model, shop_id=shop_id, embedder=embedder, data_dir=data_dir)

    def completed(context: Context) -> Context:
        told = context.model_dump(exclude_none=True, exclude_unset=True)
        return session.completed(told, "context")

    mcp_server(session.copilot(), completed).run("stdio")
    return 0
