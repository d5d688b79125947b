"""What is kept of suggestions and feedback, masked; reports; retention; and eval cases made of it."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from asked import Asked
from scripted_server import says
from sqlalchemy import insert, select

from replyguide import Context, Copilot, Suggestion, Turn
from replyguide.access import Identity
from replyguide.audit import Action, AuditLog, export_cases, report, rows_of_report
from replyguide.cli import main
from replyguide.database import Database
from replyguide.database.clock import now, today
from replyguide.database.tables import drafts, feedback, suggestions

ME = Identity("k1", "toys", "agent")
OTHER = Identity("k2", "shoes", "agent")
BAD = "亲，特价的宝贝开不了发票哦，谢谢您"


@pytest.fixture
def log(database: Database) -> AuditLog:
    return AuditLog(database)


@pytest.fixture
def suggestion(offline_copilot: Copilot) -> Suggestion:
    return offline_copilot.suggest("有发票吗，我电话13812345678")


def everything(database: Database) -> str:
    with database.reading() as connection:
        rows = [connection.execute(select(table)).all() for table in (suggestions, drafts, feedback)]
    return repr(rows)


def test_nothing_personal_is_kept(database: Database, log: AuditLog, suggestion: Suggestion) -> None:
    history = [Turn(role="buyer", text="我叫王小明，住杭州市西湖区文三路18号5幢")]
    log.record(suggestion, Context(history=history), ME)
    log.add_feedback(suggestion.suggestion_id, "edited", ME, "亲，您的电话13812345678我记下了")
    kept = everything(database)
    assert "[电话1]" in kept
    assert "13812345678" not in kept
    assert "文三路" not in kept


def test_what_no_database_can_hold_does_not_stop_it(log: AuditLog, suggestion: Suggestion) -> None:
    log.record(replace(suggestion, question="有\x00发票吗", reply="有\x00的"), Context(), ME)
    found = log.find(suggestion.suggestion_id, ME.shop_id)
    assert found is not None
    assert (found.question, found.reply) == ("有\ufffd发票吗", "有\ufffd的")


def test_a_suggestion_is_found_by_its_own_shop_alone(log: AuditLog, suggestion: Suggestion) -> None:
    log.record(suggestion, Context(buyer_verified=True), ME)
    found = log.find(suggestion.suggestion_id, "toys")
    assert found is not None
    assert (found.reply, found.context.buyer_verified, found.context.question) == (
        suggestion.reply,
        True,
        found.question,
    )
    assert log.find(suggestion.suggestion_id, "shoes") is None


def test_the_draft_outranks_the_wording_that_was_shown_before_it(
    database: Database, log: AuditLog, suggestion: Suggestion
) -> None:
    log.record(suggestion, Context(), ME)
    log.record_draft(replace(suggestion, reply="亲，您好，有的哦，谢谢您", origin="model"))
    found = log.find(suggestion.suggestion_id, "toys")
    assert found is not None
    assert found.reply == "亲，您好，有的哦，谢谢您"
    (row,) = rows_of_report(database, "toys", 1)
    assert row["origin"] == "model"


def test_points_that_a_blocked_draft_would_have_cost_are_counted_once(
    database: Database, log: AuditLog, shared_data_dir: Path
) -> None:
    asked = Asked(shared_data_dir, [says(BAD), says(BAD)])
    log.record(asked.suggestion, Context(), ME)
    totals = report(database, "toys", 1)["totals"]
    assert (totals["drafts_blocked"], totals["points_avoided"]) == (2, 6)


def test_a_report_counts_by_topic_and_day(
    database: Database, log: AuditLog, offline_copilot: Copilot, suggestion: Suggestion
) -> None:
    other = offline_copilot.suggest("讲个笑话")
    for one in (suggestion, other):
        log.record(one, Context(), ME)
    log.add_feedback(suggestion.suggestion_id, "edited", ME, BAD, offline_copilot.check(BAD))
    log.add_feedback(other.suggestion_id, "rejected", ME)
    told = report(database, "toys", 7)
    by_topic = {row["topic"]: row for row in told["by_topic"]}
    assert (told["totals"]["asked"], told["totals"]["handed_over"]) == (2, 1)
    assert (by_topic["invoice"]["edited"], by_topic["invoice"]["points_at_risk"], by_topic[""]["rejected"]) == (1, 6, 1)
    assert [row["day"] for row in told["by_day"]] == [today().isoformat()]
    assert report(database, "shoes", 7)["totals"]["asked"] == 0


def test_what_is_too_old_is_forgotten_with_its_feedback(
    database: Database, log: AuditLog, suggestion: Suggestion
) -> None:
    log.record(suggestion, Context(), ME)
    log.add_feedback(suggestion.suggestion_id, "sent", ME)
    old = (today() - datetime.timedelta(days=31)).isoformat()
    with database.writing() as connection:
        row = dict(connection.execute(select(suggestions)).mappings().one())
        connection.execute(insert(suggestions).values(**{**row, "id": "old", "day": old}))
        entry = {"id": "f", "suggestion_id": "old", "at": now(), "day": old, "shop_id": "toys", "key_id": "k"}
        connection.execute(insert(feedback).values(**entry, action="sent", findings=[], points=0.0))
    assert log.forget(30) == 1
    with database.reading() as connection:
        assert connection.execute(select(suggestions.c.id)).scalars().all() == [suggestion.suggestion_id]
        assert len(connection.execute(select(feedback)).all()) == 1


def cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_edits_become_cases_that_the_evaluation_reads(
    database: Database, log: AuditLog, offline_copilot: Copilot, tmp_path: Path, shared_data_dir: Path
) -> None:
    told: list[tuple[str, Action, str | None]] = [
        ("有发票吗", "edited", BAD),
        ("包邮吗", "sent", None),
        ("好评有红包吗", "rejected", None),
        ("有发票吗", "edited", BAD),
    ]
    for question, action, text in told:
        one = offline_copilot.suggest(question)
        check = offline_copilot.check(text or one.reply or "", Context(question=question))
        log.record(one, Context(), ME)
        log.add_feedback(one.suggestion_id, action, ME, text, check)
    folder = tmp_path / "cases"
    written = export_cases(database, "toys", folder)
    assert (written.questions, written.replies) == (3, 2)
    replies = {case["reply"]: case for case in cases(folder / "replies.dev.jsonl")}
    assert (replies[BAD]["expect"], replies[BAD]["topics"]) == ("block", ["invoice"])
    assert main(["eval", "--cases", str(folder), "--dev", "--offline", "--data-dir", str(shared_data_dir)]) == 0


def test_an_export_holds_nothing_of_another_shop(
    database: Database, log: AuditLog, suggestion: Suggestion, tmp_path: Path
) -> None:
    log.record(suggestion, Context(), OTHER)
    log.add_feedback(suggestion.suggestion_id, "sent", OTHER)
    assert export_cases(database, "toys", tmp_path).questions == 0
