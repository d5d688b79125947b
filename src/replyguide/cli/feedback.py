"""`replyguide feedback`: what agents made of suggestions, as eval cases."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from replyguide.cli.options import DataDir, Json, ShopId
from replyguide.cli.output import print_json, say
from replyguide.cli.session import Session
from replyguide.errors import UsageError

app = typer.Typer(help="客服对建议的处理：导出成评测案例、清理过期的记录。", no_args_is_help=True)


@app.command("export", help="把客服的处理导出成评测案例，供 replyguide eval --cases 文件夹 --dev 使用。")
def export(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="写到哪个文件夹。")] = Path("feedback-cases"),
    since: Annotated[
        str | None, typer.Option("--since", help="从哪一天起，如 2026-11-01。", show_default=False)
    ] = None,
    as_json: Json = False,
    shop_id: ShopId = None,
    data_dir: DataDir = None,
) -> int:
    """Write question and reply cases."""
    from replyguide.audit import export_cases
    from replyguide.database import open_database

    settings = Session(shop_id=shop_id, data_dir=data_dir).settings
    written = export_cases(open_database(settings), settings.shop_id, folder, _day(since))
    if as_json:
        print_json({"folder": str(folder), "questions": written.questions, "replies": written.replies})
    else:
        say(f"{folder}：{written.questions} 个问题、{written.replies} 条回复")
        say(f"请先核对标注，再运行 replyguide eval --cases {folder} --dev")
    return 0


@app.command("forget", help="删除超过保留天数（REPLYGUIDE_RETENTION_DAYS）的记录。")
def forget(as_json: Json = False, data_dir: DataDir = None) -> int:
    """Delete what is older than the retention allows."""
    from replyguide.audit import AuditLog
    from replyguide.database import open_database

    settings = Session(data_dir=data_dir).settings
    gone = AuditLog(open_database(settings)).forget(settings.retention_days)
    if as_json:
        print_json({"forgotten": gone, "older_than_days": settings.retention_days})
    else:
        say(f"删除了 {gone} 条超过 {settings.retention_days} 天的建议")
    return 0


def _day(said: str | None) -> str | None:
    if said is None:
        return None
    try:
        return datetime.date.fromisoformat(said).isoformat()
    except ValueError:
        raise UsageError(f"--since 应是 2026-11-01 这样的日期，现在是 {said!r}") from None
