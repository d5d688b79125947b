"""The tables. What is personal is masked before it comes here; times are UTC, a `day` is one of China's calendar.

`suggestions`, `drafts` and `feedback` are append-only: triggers refuse every update, and only the retention deletes.
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

#: What was asked and answered. `topic` is the main one; `points_avoided` those of drafts that the checker held back.
suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("day", String(10), nullable=False),
    Column("shop_id", String(60), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("question", Text, nullable=False),
    Column("context", JSON, nullable=False),
    Column("topic", String(40), nullable=False),
    Column("topics", JSON, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("origin", String(10)),
    Column("reply", Text),
    Column("verdict", String(5), nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("drafts_blocked", Integer, nullable=False),
    Column("points_avoided", Float, nullable=False),
    Column("model", String(200)),
    Column("index_label", String(200), nullable=False),
    Index("suggestions_by_day", "shop_id", "day"),
)

#: What a model made of a suggestion that had been shown before its draft was there; these columns outrank those above.
drafts = Table(
    "drafts",
    metadata,
    Column("suggestion_id", String(32), ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("status", String(10), nullable=False),
    Column("origin", String(10)),
    Column("reply", Text),
    Column("verdict", String(5), nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("drafts_blocked", Integer, nullable=False),
    Column("points_avoided", Float, nullable=False),
    Column("model", String(200)),
)

#: What the agent made of a suggestion. `points` are at risk if the text was sent although the checker blocks it.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("suggestion_id", String(32), ForeignKey("suggestions.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("day", String(10), nullable=False),
    Column("shop_id", String(60), nullable=False),
    Column("key_id", String(32), nullable=False),
    Column("action", String(10), nullable=False),
    Column("final_text", Text),
    Column("verdict", String(5)),
    Column("findings", JSON, nullable=False),
    Column("points", Float, nullable=False),
    Index("feedback_by_day", "shop_id", "day"),
    Index("feedback_by_suggestion", "suggestion_id"),
)

#: Keys by their digest: the key itself is shown once and kept nowhere.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("shop_id", String(60), nullable=False),
    Column("role", String(10), nullable=False),
    Column("label", String(100), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)
