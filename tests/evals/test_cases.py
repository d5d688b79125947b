"""Reading labelled cases: a file that cannot be scored is refused before anything is scored."""

from __future__ import annotations

import json
import re
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


@pytest.mark.parametrize(("question", "said"), [("  ", "空的"), ("有" * 5001, "5001 个字")])
def test_a_question_that_nobody_could_ask_is_an_error(tmp_path: Path, question: str, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        read_questions(write(tmp_path, "questions.dev.jsonl", {**QUESTION, "question": question}), "dev")
    with pytest.raises(CaseError, match=said):
        read_replies(write(tmp_path, "replies.dev.jsonl", {**REPLY, "question": question}), "dev")


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    question = "有发票吗\u2028多久寄"
    [case] = read_questions(write(tmp_path, "questions.dev.jsonl", {**QUESTION, "question": question}), "dev")
    assert case.question == question


def test_a_file_that_an_editor_marked_as_utf_8_is_read(tmp_path: Path) -> None:
    (tmp_path / "questions.dev.jsonl").write_text(json.dumps(QUESTION), "utf-8-sig")
    assert len(read_questions(tmp_path, "dev")) == 1


@pytest.mark.parametrize("line", ["[]", '"有发票吗"', "[" * 100_000])
def test_a_line_that_is_no_object_is_one_line_with_its_number(tmp_path: Path, line: str) -> None:
    (tmp_path / "questions.dev.jsonl").write_text(line, "utf-8")
    with pytest.raises(CaseError, match="第 1 行") as raised:
        read_questions(tmp_path, "dev")
    assert "\n" not in str(raised.value)


def test_the_examples_of_the_page_about_cases_are_cases(tmp_path: Path) -> None:
    page = (shelf("evals") / "README.md").read_text("utf-8")
    questions, replies = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    (tmp_path / "questions.dev.jsonl").write_text(questions, "utf-8")
    (tmp_path / "replies.dev.jsonl").write_text(replies, "utf-8")
    assert [case.id for case in read_questions(tmp_path, "dev")] == ["mine-1", "mine-2", "mine-3"]
    assert [case.expect for case in read_replies(tmp_path, "dev")] == ["block", "pass"]
