"""`replyguide mcp`: the copilot's tools over standard input and output, for AI agents."""

from __future__ import annotations

import sys

import typer

from replyguide.cli.options import DataDir, Embedder, Model, Offline, Pack, ProductFile, ShopFile, ShopId
from replyguide.cli.output import complain
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session
from replyguide.context import Context


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("mcp", help="通过 Model Context Protocol 给 AI 助手提供 suggest、check、search（标准输入输出）。")(mcp)


def mcp(
    shop: ShopFile = None,
    product: ProductFile = None,
    pack: Pack = None,
    offline: Offline = False,
    model: Model = None,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Serve the tools until standard input is closed."""
    from replyguide.mcp import Tools, mcp_server, serve
    from replyguide.mcp.rules import RuleResources

    session = Session(
        product=product, shop=shop, shop_pack=pack, model=model, embedder=embedder, data_dir=data_dir, shop_id=shop_id
    )
    session.context(None)  # a file of facts that cannot be used is told now, not to an agent with every call

    def completed(context: Context) -> Context:
        return session.completed(context.model_dump(exclude_none=True, exclude_unset=True), "context")

    if sys.stdin.isatty():
        complain("等待 AI 助手从标准输入连接（说 MCP 协议）；这个命令由助手的配置启动，按 Ctrl+D 退出")
    with build_progress() as progress:
        copilot = session.copilot(progress)
        serve(mcp_server(Tools(copilot, completed, offline=offline), RuleResources(copilot)))
    return 0
