"""Suggestions and feedback that are only ever added, and the keys."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = ("suggestions", "drafts", "feedback")


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shop_id", sa.String(60), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("context", sa.JSON, nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("topics", sa.JSON, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(10)),
        sa.Column("reply", sa.Text),
        sa.Column("verdict", sa.String(5), nullable=False),
        sa.Column("attempts", sa.JSON, nullable=False),
        sa.Column("drafts_blocked", sa.Integer, nullable=False),
        sa.Column("points_avoided", sa.Float, nullable=False),
        sa.Column("model", sa.String(200)),
        sa.Column("index_label", sa.String(200), nullable=False),
    )
    op.create_index("suggestions_by_day", "suggestions", ["shop_id", "day"])
    op.create_table(
        "drafts",
        _belongs_to_a_suggestion(primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("origin", sa.String(10)),
        sa.Column("reply", sa.Text),
        sa.Column("verdict", sa.String(5), nullable=False),
        sa.Column("attempts", sa.JSON, nullable=False),
        sa.Column("drafts_blocked", sa.Integer, nullable=False),
        sa.Column("points_avoided", sa.Float, nullable=False),
        sa.Column("model", sa.String(200)),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), primary_key=True),
        _belongs_to_a_suggestion(nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shop_id", sa.String(60), nullable=False),
        sa.Column("key_id", sa.String(32), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("final_text", sa.Text),
        sa.Column("verdict", sa.String(5)),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("points", sa.Float, nullable=False),
    )
    op.create_index("feedback_by_day", "feedback", ["shop_id", "day"])
    op.create_index("feedback_by_suggestion", "feedback", ["suggestion_id"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("shop_id", sa.String(60), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
    )
    _refuse_updates(op.get_bind().dialect.name)


def _belongs_to_a_suggestion(**options: Any) -> sa.Column[str]:
    owner = sa.ForeignKey("suggestions.id", ondelete="CASCADE")
    return sa.Column("suggestion_id", sa.String(32), owner, **options)


def _refuse_updates(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            "create function replyguide_append_only() returns trigger language plpgsql as "
            "$$ begin raise exception 'append-only'; end $$"
        )
    for table in _APPEND_ONLY:
        then = "for each row execute function replyguide_append_only()"
        if dialect == "sqlite":
            then = "begin select raise(abort, 'append-only'); end"
        op.execute(f"create trigger {table}_append_only before update on {table} {then}")


def downgrade() -> None:
    for table in ("feedback", "drafts", "suggestions", "api_keys"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function replyguide_append_only()")
