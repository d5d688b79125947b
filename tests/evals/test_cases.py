"""Reading labelled cases: a file that cannot be scored is refused before anything is scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from replyguide.errors import CaseError
from replyguide.evals.cases import PARTS, read_questions, read_replies
from replyguide.resources import shelf

QUESTION = {"id": "q-1", "question": "有发票吗", "topics": ["invoice"], "style": "plain", "why": "bare"}
REPLY = {"id": "r-1", "reply": "亲，没有发票哦", "expect": "block", "topics": ["invoice"], "style": "plain", "why": ""}


def write(folder: Path, name: str, *cases: dict[str, Any]) -> Path:
    (folder / name).write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases), "utf-8")
    return folder


@pytest.mark.parametrize("part", PARTS)
def test_the_packaged_cases_can_be_read(part: Any) -> None:
    assert len(read_questions(shelf("evals"), part)) > 100
    assert len(read_replies(shelf("evals"), part)) > 200


def test_the_parts_share_no_case() -> None:
    folder = shelf("evals")
    dev, test = ({case.question for case in read_questions(folder, part)} for part in PARTS)
    assert dev & test == set()
    dev, test = ({(case.question, case.reply) for case in read_replies(folder, part)} for part in PARTS)
    assert dev & test == set()


def test_a_case_carries_its_question_into_the_context(tmp_path: Path) -> None:
    write(tmp_path, "replies.dev.jsonl", {**REPLY, "question": "有发票吗", "context": {"asker": "agent"}})
    [case] = read_replies(tmp_path, "dev")
    assert (case.full_context().question, case.full_context().asker) == ("有发票吗", "agent")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"topics": ["invoices"]}, "invoices"),
        ({"must_any": ["(有"]}, "正则表达式"),
        ({"must_nto": ["没有"]}, "must_nto"),
        ({"context": {"shop": {"colour": 1}}}, "shop.colour"),
        ({"question": 1}, "question"),
    ],
)
def test_a_wrong_field_is_an_error_that_names_file_line_and_field(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    write(tmp_path, "questions.dev.jsonl", QUESTION, {**QUESTION, "id": "q-2", **change})
    with pytest.raises(CaseError, match=r"questions\.dev\.jsonl：第 2 行") as raised:
        read_questions(tmp_path, "dev")
    assert said in str(raised.value)


def test_an_unknown_verdict_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "replies.dev.jsonl", {**REPLY, "expect": "blocked"})
    with pytest.raises(CaseError, match="expect"):
        read_replies(tmp_path, "dev")


def test_two_cases_of_one_id_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="q-1"):
        read_questions(write(tmp_path, "questions.dev.jsonl", QUESTION, QUESTION), "dev")


def test_a_line_that_is_no_json_is_an_error_with_its_number(tmp_path: Path) -> None:
    (tmp_path / "questions.dev.jsonl").write_text(json.dumps(QUESTION) + "\n\n{broken\n", "utf-8")
    with pytest.raises(CaseError, match="第 3 行"):
        read_questions(tmp_path, "dev")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_no_case_at_all_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "questions.dev.jsonl").write_text(text, "utf-8")
    with pytest.raises(CaseError, match="一个案例也没有"):
        read_questions(tmp_path, "dev")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"questions\.test\.jsonl"):
        read_questions(tmp_path, "test")
