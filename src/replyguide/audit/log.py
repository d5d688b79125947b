"""The log of suggestions and feedback, append-only; whatever is personal is masked before it is kept."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select

from replyguide.access import Identity
from replyguide.audit.points import at_risk, avoided
from replyguide.checker import CheckResult
from replyguide.context import Context, read_context
from replyguide.copilot import Attempt, Suggestion
from replyguide.database import Database
from replyguide.database.clock import now, today
from replyguide.database.tables import drafts, feedback, suggestions
from replyguide.drafting.masking import Masking

Action = Literal["sent", "edited", "rejected"]
_UNCOVERED = ""  # the topic of what no rule covers


@dataclass(frozen=True, slots=True)
class Recorded:
    """A suggestion as it was kept: masked. `context` lacks what was personal in the history."""

    id: str
    question: str
    reply: str | None
    context: Context


class AuditLog:
    """Keeps suggestions and feedback. Every method raises `DatabaseUnavailable` where the database cannot be used.

    What a method has returned from is committed: a killed process loses none of it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, suggestion: Suggestion, context: Context, identity: Identity) -> None:
        """Keep a suggestion and the context that it was made in."""
        hide = _hiding()
        values = {
            "id": suggestion.suggestion_id,
            **_stamp(identity),
            "question": hide(suggestion.question),
            "context": _masked_context(context, hide),
            "topic": suggestion.topics[0] if suggestion.topics else _UNCOVERED,
            "topics": list(suggestion.topics),
            "rules": [hit.id for hit in suggestion.rules],
            **_outcome(suggestion, hide),
            "index_label": suggestion.index,
        }
        with self._database.writing() as connection:
            connection.execute(insert(suggestions).values(**values))

    def record_draft(self, suggestion: Suggestion) -> None:
        """Keep what a model made of a suggestion that was recorded when its approved wording was shown."""
        values = {"suggestion_id": suggestion.suggestion_id, "at": now(), **_outcome(suggestion, _hiding())}
        with self._database.writing() as connection:
            connection.execute(insert(drafts).values(**values))

    def find(self, suggestion_id: str, shop_id: str) -> Recorded | None:
        """Return a suggestion of a shop; another shop's is as good as none."""
        query = (
            select(suggestions, func.coalesce(drafts.c.reply, suggestions.c.reply).label("last_reply"))
            .join(drafts, isouter=True)
            .where(suggestions.c.id == suggestion_id, suggestions.c.shop_id == shop_id)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        context = read_context(row.context, where=f"suggestions {row.id}")
        return Recorded(row.id, row.question, row.last_reply, context.model_copy(update={"question": row.question}))

    def add_feedback(
        self,
        suggestion_id: str,
        action: Action,
        identity: Identity,
        final_text: str | None = None,
        check: CheckResult | None = None,
    ) -> str:
        """Keep what became of a suggestion and return the id of the entry; `check` is that of the `final_text`."""
        feedback_id = uuid.uuid4().hex
        values = {
            "id": feedback_id,
            "suggestion_id": suggestion_id,
            **_stamp(identity),
            "action": action,
            "final_text": None if final_text is None else _hiding()(final_text),
            "verdict": None if check is None else check.verdict,
            "findings": [] if check is None else [finding.rule for finding in check.findings],
            "points": 0.0 if check is None or action == "rejected" else at_risk(check),
        }
        with self._database.writing() as connection:
            connection.execute(insert(feedback).values(**values))
        return feedback_id

    def forget(self, days: int) -> int:
        """Delete what is older than `days`, feedback with its suggestion, and return how many suggestions went."""
        before = (today() - datetime.timedelta(days=days)).isoformat()
        with self._database.writing() as connection:
            gone = select(suggestions.c.id).where(suggestions.c.day < before)
            for table in (feedback, drafts):
                connection.execute(delete(table).where(table.c.suggestion_id.in_(gone)))
            return connection.execute(delete(suggestions).where(suggestions.c.day < before)).rowcount


def _stamp(identity: Identity) -> dict[str, Any]:
    return {"at": now(), "day": today().isoformat(), "shop_id": identity.shop_id, "key_id": identity.key_id}


def _hiding() -> Callable[[str], str]:
    """Return what makes a text fit to be kept: masked, and without NUL, which PostgreSQL cannot hold."""
    masking = Masking()
    return lambda text: masking.hide(text).replace("\x00", "\ufffd")


def _outcome(suggestion: Suggestion, hide: Callable[[str], str]) -> dict[str, Any]:
    return {
        "status": suggestion.status,
        "origin": suggestion.origin,
        "reply": None if suggestion.reply is None else hide(suggestion.reply),
        "verdict": suggestion.check.verdict,
        "attempts": [_masked_attempt(attempt, hide) for attempt in suggestion.attempts],
        "drafts_blocked": sum(attempt.check.verdict == "block" for attempt in suggestion.attempts),
        "points_avoided": avoided(suggestion),
        "model": suggestion.model,
    }


def _masked_context(context: Context, hide: Callable[[str], str]) -> dict[str, Any]:
    data = context.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"question"})
    if "history" in data:
        data["history"] = [{**turn, "text": hide(turn["text"])} for turn in data["history"]]
    return data


def _masked_attempt(attempt: Attempt, hide: Callable[[str], str]) -> dict[str, Any]:
    return {
        "origin": attempt.origin,
        "text": hide(attempt.text),
        "verdict": attempt.check.verdict,
        "findings": [finding.rule for finding in attempt.check.findings],
        "error": attempt.error,
    }
