"""Eval cases from what agents made of suggestions: an edit is a reply with a verdict, a rejection a question to answer.

The labels are what the checker said and what the agent did; `why` tells so, since a person has to agree before a case
becomes a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, func, select

from replyguide.database import Database
from replyguide.database.tables import drafts, feedback, suggestions
from replyguide.errors import OutsideError

_STYLE = "feedback"
_WHY = {
    "sent": "客服原样发出",
    "edited": "客服改过后发出",
    "rejected": "客服没有采用",
}


@dataclass(frozen=True, slots=True)
class Exported:
    """How many cases were written, of either kind."""

    questions: int
    replies: int


def export_cases(database: Database, shop_id: str, folder: Path, since: str | None = None) -> Exported:
    """Write `questions.dev.jsonl` and `replies.dev.jsonl` for `replyguide eval --cases FOLDER --dev`.

    `since` is a day such as `2026-11-01`. Of several entries to a suggestion each counts; texts that are alike are
    written once. Files of an earlier export are replaced. A folder that cannot be written is an `OutsideError`.
    """
    query = (
        select(
            *(suggestions.c[name] for name in ("id", "question", "topics", "context")),
            func.coalesce(drafts.c.reply, suggestions.c.reply).label("reply"),
            func.coalesce(drafts.c.verdict, suggestions.c.verdict).label("verdict"),
            feedback.c.action,
            feedback.c.final_text,
            feedback.c.verdict.label("final_verdict"),
        )
        .select_from(suggestions.join(feedback).outerjoin(drafts))
        .where(suggestions.c.shop_id == shop_id, suggestions.c.day >= (since if since is not None else ""))
        .order_by(feedback.c.at, feedback.c.id)
    )
    with database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    questions = list(_once(map(_question_case, rows), ("question",)))
    replies = list(_once((case for row in rows for case in _reply_case(row)), ("question", "reply")))
    _write(folder / "questions.dev.jsonl", questions)
    _write(folder / "replies.dev.jsonl", replies)
    return Exported(len(questions), len(replies))


def _question_case(row: RowMapping) -> dict[str, Any]:
    return {
        "id": f"fb-q-{row['id'][:12]}",
        "question": row["question"],
        "topics": row["topics"],
        "style": _STYLE,
        "context": row["context"],
        "why": f"{_WHY[row['action']]}；主题是当时判断的，请核对",
    }


def _reply_case(row: RowMapping) -> Iterator[dict[str, Any]]:
    """Yield the text that was sent, with the verdict of then; what was rejected says nothing about a text."""
    text = row["final_text"] if row["final_text"] is not None else row["reply"]
    if row["action"] == "rejected" or text is None:
        return
    verdict = row["final_verdict"] if row["final_verdict"] is not None else row["verdict"]
    yield {
        "id": f"fb-r-{row['id'][:12]}-{row['action']}",
        "question": row["question"],
        "reply": text,
        "expect": verdict,
        "topics": row["topics"][:1] if verdict == "block" else [],
        "style": _STYLE,
        "context": row["context"],
        "why": f"{_WHY[row['action']]}；结论是当时检查的，请核对",
    }


def _once(cases: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the last case of each text, under an id of its own."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for case in cases:
        last[tuple(case[key] for key in keys)] = case
    for number, case in enumerate(last.values(), start=1):
        yield {**case, "id": f"{case['id']}-{number}"}


def _write(path: Path, cases: Sequence[Mapping[str, Any]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".tmp")
        beside.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), "utf-8")
        beside.replace(path)
    except OSError as error:
        raise OutsideError(f"{path}：写不了（{error.strerror}），请检查文件夹和磁盘空间") from None
