"""What a shop asked, sent, edited and rejected in a period, by topic and day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, case, func, select

from replyguide.database import Database
from replyguide.database.clock import today
from replyguide.database.tables import drafts, feedback, suggestions

_RECENT = 200
#: Counted over suggestions, and over feedback; `points_*` are points of the platform.
_ASKED = ("asked", "ready", "handed_over", "drafts_blocked", "points_avoided")
_DONE = ("sent", "edited", "rejected", "sent_against_advice", "points_at_risk")


def report(database: Database, shop_id: str, days: int) -> dict[str, Any]:
    """Return the report of a shop over the last `days` days, today included; days are those of China."""
    until = today()
    since = until - datetime.timedelta(days=days - 1)
    with database.reading() as connection:
        bounds = (shop_id, since.isoformat())
        asked = {
            group: connection.execute(_asked_by(column, *bounds)).all()
            for group, column in (("topic", suggestions.c.topic), ("day", suggestions.c.day))
        }
        done = {
            group: connection.execute(_done_by(column, *bounds)).all()
            for group, column in (("topic", suggestions.c.topic), ("day", feedback.c.day))
        }
        recent = [_entry(row) for row in _rows(connection, shop_id, since, _RECENT)]
    by_topic = _merged("topic", asked["topic"], done["topic"])
    by_day = _merged("day", asked["day"], done["day"])
    return {
        "shop_id": shop_id,
        "from": since.isoformat(),
        "to": until.isoformat(),
        "totals": {name: sum(row[name] for row in by_topic) for name in (*_ASKED, *_DONE)},
        "by_topic": sorted(by_topic, key=lambda row: -row["asked"]),
        "by_day": sorted(by_day, key=lambda row: str(row["day"])),
        "recent": recent,
    }


def rows_of_report(database: Database, shop_id: str, days: int) -> Iterator[dict[str, Any]]:
    """Yield every suggestion of the period with its last feedback, newest first, for an export."""
    since = today() - datetime.timedelta(days=days - 1)
    with database.reading() as connection:
        for row in _rows(connection, shop_id, since, None):
            yield _entry(row)


def _last(name: str) -> ColumnElement[Any]:
    """Return a column of the outcome: the draft's where a model answered later, else the suggestion's."""
    return func.coalesce(drafts.c[name], suggestions.c[name]).label(name)


def _asked_by(column: ColumnElement[str], shop_id: str, since: str) -> Any:
    table = suggestions.c
    return (
        select(
            column,
            func.count(),
            func.sum(case((_last("status") == "ready", 1), else_=0)),
            func.sum(case((_last("status") == "handover", 1), else_=0)),
            func.sum(_last("drafts_blocked")),
            func.sum(_last("points_avoided")),
        )
        .select_from(suggestions.outerjoin(drafts))
        .where(table.shop_id == shop_id, table.day >= since)
        .group_by(column)
    )


def _done_by(column: ColumnElement[str], shop_id: str, since: str) -> Any:
    table = feedback.c
    is_out = table.action != "rejected"
    return (
        select(
            column,
            *(func.sum(case((table.action == action, 1), else_=0)) for action in ("sent", "edited", "rejected")),
            func.sum(case((is_out & (table.verdict == "block"), 1), else_=0)),
            func.sum(table.points),
        )
        .join(suggestions, suggestions.c.id == table.suggestion_id)
        .where(table.shop_id == shop_id, table.day >= since)
        .group_by(column)
    )


def _merged(group: str, asked: Any, done: Any) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for names, counted in ((_ASKED, asked), (_DONE, done)):
        for value, *counts in counted:
            empty = {group: value, **dict.fromkeys((*_ASKED, *_DONE), 0)}
            rows.setdefault(value, empty).update(zip(names, counts, strict=True))
    return list(rows.values())


def _rows(connection: Any, shop_id: str, since: datetime.date, limit: int | None) -> Any:
    later = feedback.alias()
    last = (
        select(later.c.id)
        .where(later.c.suggestion_id == suggestions.c.id)
        .order_by(later.c.at.desc(), later.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            *(suggestions.c[name] for name in ("id", "at", "question", "topics")),
            *map(_last, ("status", "origin", "reply", "verdict", "drafts_blocked", "points_avoided")),
            feedback.c.action,
            feedback.c.final_text,
            feedback.c.verdict.label("final_verdict"),
        )
        .select_from(suggestions.outerjoin(drafts).outerjoin(feedback, feedback.c.id == last))
        .where(suggestions.c.shop_id == shop_id, suggestions.c.day >= since.isoformat())
        .order_by(suggestions.c.at.desc(), suggestions.c.id)
    )
    return connection.execute(query if limit is None else query.limit(limit)).mappings()


def _entry(row: RowMapping) -> dict[str, Any]:
    return {
        "at": row["at"].replace(tzinfo=datetime.UTC).isoformat(timespec="seconds"),
        "suggestion_id": row["id"],
        "question": row["question"],
        "status": row["status"],
        "origin": row["origin"],
        "topics": row["topics"],
        "reply": row["reply"],
        "action": row["action"],
        "final_text": row["final_text"],
        "verdict": row["final_verdict"] or row["verdict"],
        "drafts_blocked": row["drafts_blocked"],
        "points_avoided": row["points_avoided"],
    }
