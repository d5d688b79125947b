"""`replyguide check`, as scripts and agents call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run


def test_a_good_reply_passes_with_status_0(run: Run) -> None:
    outcome = run("check", "亲，发票有的哦，按实付金额开具，谢谢您", "--json")
    assert (outcome.status, outcome.json) == (0, {"verdict": "pass", "findings": []})


def test_a_violating_reply_is_blocked_with_status_1_and_a_complete_finding(run: Run) -> None:
    outcome = run("check", "亲，特价的宝贝开不了发票哦", "--json")
    finding = outcome.json["findings"][0]
    assert (outcome.status, outcome.json["verdict"]) == (1, "block")
    assert {"rule", "topic", "level", "start", "end", "matched", "why", "fix", "points", "sources"} <= set(finding)
    assert "亲，特价的宝贝开不了发票哦"[finding["start"] : finding["end"]] == finding["matched"]


def test_a_warning_is_no_refusal(run: Run) -> None:
    outcome = run("check", "嗯", "--json")
    assert (outcome.status, outcome.json["verdict"]) == (0, "warn")


def test_the_question_is_part_of_the_judgement(run: Run) -> None:
    assert run("check", "亲，这个没有的哦", "--question", "有发票吗").status == 1
    assert run("check", "亲，这个没有的哦", "--question", "有盖子吗").status == 0


@pytest.mark.parametrize("off", ["option", "environment"])
def test_the_second_layer_can_be_switched_off(run: Run, monkeypatch: pytest.MonkeyPatch, off: str) -> None:
    asked = ("check", "亲，您付完款得过个四五天仓库才轮得到呢", "--question", "几点能走货")
    assert run(*asked).status == 1
    if off == "environment":
        monkeypatch.setenv("REPLYGUIDE_SECOND_LAYER", "off")
    assert run(*asked, *(["--rules-only"] if off == "option" else [])).status == 0


def test_a_switch_that_is_neither_on_nor_off_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYGUIDE_SECOND_LAYER", "perhaps")
    outcome = run("check", "亲，好的哦")
    assert outcome.status == 2
    assert "second_layer 应是 on 或 off" in outcome.err


def test_a_context_file_may_be_json_or_yaml(run: Run, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps({"question": "有发票吗"}), "utf-8")
    (tmp_path / "c.yaml").write_text("question: 有发票吗\n", "utf-8")
    for name in ("c.json", "c.yaml"):
        assert run("check", "亲，这个没有的哦", "--context", str(tmp_path / name)).status == 1


def test_a_batch_answers_in_order_and_a_bad_line_costs_only_itself(run: Run) -> None:
    lines = [
        json.dumps({"id": "a", "reply": "亲，发票有的哦"}),
        "{not json",
        json.dumps({"id": "b", "reply": "亲，这个没有的哦", "question": "有发票吗"}),
        json.dumps({"id": "c", "answer": "亲"}),
        json.dumps({"id": "d", "reply": "亲，好的哦", "context": {"shop": {"colour": 1}}}),
    ]
    outcome = run("check", "--batch", "-", stdin="\n".join(lines).encode())
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert outcome.status == 2
    assert [row.get("id") for row in rows] == ["a", None, "b", "c", "d"]
    assert [row.get("verdict") for row in rows] == ["pass", None, "block", None, None]
    assert rows[1]["line"] == 2
    assert "不认识的字段 answer" in rows[3]["error"]
    assert "shop.colour" in rows[4]["error"]


@pytest.mark.parametrize("reply", ["", "   ", "\u200b", "\n\t"])
def test_an_empty_reply_is_one_line_and_status_2(run: Run, reply: str) -> None:
    outcome = run("check", reply)
    assert outcome.status == 2
    assert outcome.err.splitlines() == ["replyguide: 回复是空的，请写上文字再试"]


def test_a_reply_of_100000_characters_gets_a_verdict(run: Run) -> None:
    assert run("check", "-", stdin=("亲，没有发票的哦，" * 11200).encode()).status == 1


def test_lone_surrogates_do_not_crash_the_output(run: Run) -> None:
    outcome = run("check", "亲，\ud83d没有发票哦", "--json")
    assert (outcome.status, outcome.json["verdict"]) == (1, "block")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("bad.yaml", "shop: [", "YAML 格式不对"),
        ("bad.json", "{", "JSON 格式不对"),
        ("odd.yaml", "shop: {colour: red}", "不认识的字段 shop.colour"),
        ("list.yaml", "- 1", "（整体）"),
    ],
)
def test_a_broken_context_file_is_one_line_that_names_it(
    run: Run, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    outcome = run("check", "亲，好的哦", "--context", str(tmp_path / name))
    assert outcome.status == 2
    assert len(outcome.err.splitlines()) == 1
    assert name in outcome.err
    assert said in outcome.err


def test_bytes_that_are_not_utf8_are_refused(run: Run) -> None:
    outcome = run("check", "-", stdin="亲，有发票哦".encode("gb18030"))
    assert outcome.status == 2
    assert "不是 UTF-8" in outcome.err


def test_wrong_usage_is_one_line_and_status_2(run: Run) -> None:
    outcome = run("check", "亲", "--colour")
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
