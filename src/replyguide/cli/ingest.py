"""`replyguide ingest`: takes a shop's own documents into the index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replyguide.cli.options import DataDir, Embedder, Json, ShopId
from replyguide.cli.output import print_json, say
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session
from replyguide.corpus.rule import Authority, Platform

if TYPE_CHECKING:
    from replyguide.ingestion import FileReport, FileStatus, IngestReport

_STATUS: dict[FileStatus, str] = {
    "added": "新增",
    "changed": "更新",
    "unchanged": "未变",
    "removed": "移除",
    "skipped": "跳过",
    "kept": "沿用旧版",
}
_REASONS = {
    "furniture": "页眉页脚",
    "notice": "下载声明",
    "spam": "广告",
    "contents": "目录",
    "repeated": "重复",
    "empty": "空白",
    "unreadable": "乱码",
    "near-duplicate": "与别处雷同",
}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("ingest", help="把本店自己的规则文档（文件或文件夹）加入索引。")(take_in)


def take_in(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹：txt、md、html、docx、pptx、pdf、xlsx、csv。")],
    authority: Annotated[
        Authority | None,
        typer.Option("--authority", help="文档的效力，默认 merchant（本店）。", show_default=False),
    ] = None,
    platform: Annotated[
        Platform | None, typer.Option("--platform", help="适用的平台，默认 merchant（本店）。", show_default=False)
    ] = None,
    shop_id: ShopId = None,
    as_json: Json = False,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Take in documents; exit status 2 if one of them could not be."""
    from replyguide.ingestion import ingest

    session = Session(embedder=embedder, data_dir=data_dir, shop_id=shop_id)
    with build_progress() as progress:
        copilot = session.copilot(progress)
        report = ingest(copilot, paths, authority=authority, platform=platform, progress=progress)
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    return 2 if report.has_problems else 0


def _print(report: IngestReport) -> None:
    for file in report.files:
        say(_line(file))
    say(f"本店索引：{report.documents} 份文档，{report.passages} 段")
    say(f"这次向量化 {report.embedded} 段，用时 {report.seconds:.1f} 秒")


def _line(file: FileReport) -> str:
    told = [f"{_STATUS[file.status]} {file.name}"]
    if file.status in ("added", "changed"):
        told.append(f"{file.pages} 页" if file.pages is not None else "")
        told += [f"规则 {file.rules} 条", f"其他 {file.passages} 段"]
        left_out = "、".join(
            f"{_REASONS.get(reason, reason)} {count}" for reason, count in (file.dropped or {}).items()
        )
        told.append(f"略去 {left_out}" if left_out else "")
        told.append(f"{file.against} 条话术违规，只作反面例子" if file.against else "")
    if file.problem is not None:
        told.append(file.problem)
    return "，".join(part for part in told if part)
