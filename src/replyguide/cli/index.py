"""`replyguide index`: what the index holds; rebuilds it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from replyguide.cli.options import DataDir, Embedder, Json, ShopId
from replyguide.cli.output import print_json, say
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session

if TYPE_CHECKING:
    from replyguide.index.opening import State

_STATES: dict[State, str] = {
    "missing": "还没有索引（第一次查询时自动建立）",
    "ready": "索引可用",
    "stale": "规则有改动，下次查询时自动更新",
    "other-embedder": "索引由另一个向量模型建立，请运行 replyguide index rebuild，或把 REPLYGUIDE_EMBEDDER 改回原来的",
    "other-version": "索引由另一个版本的 ReplyGuide 建立，需要时请运行 replyguide index rebuild",
}

app = typer.Typer(help="规则索引：状态、重建。", invoke_without_command=True)


@app.callback()
def _default(context: typer.Context) -> int | None:
    return show_status() if context.invoked_subcommand is None else None


@app.command("status", help="索引里有什么、由谁建立、是否最新。")
def show_status(
    as_json: Json = False, shop_id: ShopId = None, embedder: Embedder = None, data_dir: DataDir = None
) -> int:
    """Show what the index holds, without building anything."""
    from replyguide.index import index_status

    status = index_status(Session(embedder=embedder, data_dir=data_dir, shop_id=shop_id).settings)
    if as_json:
        print_json({name: str(value) if name == "path" else value for name, value in asdict(status).items()})
        return 0
    say(f"{_STATES[status.state]}：{status.path}")
    if status.version:
        say(f"内容：{status.rules} 条规则，{status.passages} 段，语料 {status.corpus[:8]}")
        say(f"建立：{status.built_at}，replyguide {status.version}，向量模型 {status.embedder}")
    if status.documents:
        say(f"本店文档：{len(status.documents)} 份，{status.shop_passages} 段（店铺 {status.shop}）")
    for document in status.documents:
        replaced = f"，已由 {document.superseded_by} 取代" if document.superseded_by is not None else ""
        say(f"  {document.name}（{document.title}{replaced}）")
    return 0


@app.command("rebuild", help="从头重建索引；建好之前旧的照常可用。")
def rebuild(as_json: Json = False, embedder: Embedder = None, data_dir: DataDir = None) -> int:
    """Build the index anew and switch to it at the end."""
    from replyguide.index import index_status, rebuild_index

    settings = Session(embedder=embedder, data_dir=data_dir).settings
    with build_progress() as progress:
        rebuild_index(settings, progress=progress)
    status = index_status(settings)
    if as_json:
        print_json({name: str(value) if name == "path" else value for name, value in asdict(status).items()})
    else:
        say(f"已重建：{status.rules} 条规则，{status.passages} 段，{status.embedder}")
    return 0
