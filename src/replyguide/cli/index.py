"""`replyguide index`: what the index holds; rebuilds it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from replyguide.cli.options import DataDir, Embedder, Json
from replyguide.cli.output import print_json, say
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session

app = typer.Typer(help="规则索引：状态、重建。", invoke_without_command=True)


@app.callback()
def _default(context: typer.Context) -> int | None:
    return show_status() if context.invoked_subcommand is None else None


@app.command("status", help="索引里有什么、由谁建立、是否最新。")
def show_status(as_json: Json = False, embedder: Embedder = None, data_dir: DataDir = None) -> int:
    """Show what the index holds, without building anything."""
    from replyguide.index import index_status

    status = index_status(Session(embedder=embedder, data_dir=data_dir).settings)
    if as_json:
        print_json({name: str(value) if name == "path" else value for name, value in asdict(status).items()})
        return 0
    for name, value in asdict(status).items():
        say(f"{name}: {value}")
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
