"""`GET /v1/report`: what the shop asked, sent and was kept from; for supervisors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from replyguide.audit import report, rows_of_report
from replyguide.server.documented import problems
from replyguide.server.identifying import Supervisor, TheService
from replyguide.server.json_answer import JsonAnswer

router = APIRouter(tags=["report"])
Days = Annotated[int, Query(ge=1, le=366)]
_COLUMNS = {
    "at": "时间",
    "topics": "主题",
    "question": "买家的消息",
    "status": "结果",
    "reply": "建议的回复",
    "action": "客服的处理",
    "final_text": "实际发出",
    "verdict": "检查结论",
    "drafts_blocked": "拦下的草稿",
    "points_avoided": "避免的扣分",
}
# A spreadsheet takes a cell that begins like this for a formula, and would run what a buyer wrote.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get("/v1/report", responses=problems(422, 503))
async def show_report(service: TheService, identity: Supervisor, days: Days = 30) -> JsonAnswer:
    """Tell what was asked, sent, edited and blocked, by topic and day."""
    return JsonAnswer(await service.store(lambda: report(service.database, identity.shop_id, days)))


@router.get(
    "/v1/report.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **problems(422, 503)},
)
async def export_report(service: TheService, identity: Supervisor, days: Days = 30) -> Response:
    """Return every suggestion of the period as a table for spreadsheets."""
    rows = await service.store(lambda: list(rows_of_report(service.database, identity.shop_id, days)))
    name = f"replyguide-{identity.shop_id}-{days}.csv"
    return StreamingResponse(
        _lines(rows), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "\ufeff" + _line(_COLUMNS.values())  # Excel knows UTF-8 by this mark
    for row in rows:
        yield _line(_cell(row[name]) for name in _COLUMNS)


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else "、".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
