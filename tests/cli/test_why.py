"""`replyguide check --why`: the reasons on screen and as JSON."""

from __future__ import annotations

import json

from running import Run

VIOLATION = "亲，特价的宝贝開不了發票哦"


def test_the_screen_tells_what_was_seen_weighed_and_what_to_send(run: Run) -> None:
    outcome = run("check", VIOLATION, "--why")
    assert outcome.status == 1
    for told in (
        "INV-refuse 拒开发票",
        "原文：特价的宝贝開不了發票哦",
        "读作：特价的宝贝开不了发票哦",
        "动作：“開”（第 8 字，被否定",
        "对象：“發票”（在这一小句里）",
        "× 双重否定",
        "× 规则的例外",
        "扣分：6 · 来源：000、001、002",
        "说法不一 · 拒开发票会不会扣保证金",
        "依据 INV-03：发票违规一经成立，扣 6 分。",
        "可以这样回：亲，发票有的",
    ):
        assert told in outcome.out


def test_the_screen_shows_what_was_excused(run: Run) -> None:
    outcome = run("check", "亲，我们没有QQ哦，请在旺旺上联系，谢谢您", "--why")
    assert outcome.status == 0
    assert "看着像违规、但放过的：" in outcome.out
    assert "“QQ”（OPC-agree" in outcome.out
    assert "被否定" in outcome.out


def test_the_rewording_on_screen_passes_the_check(run: Run) -> None:
    (line,) = [line for line in run("check", VIOLATION, "--why").out.splitlines() if "可以这样回：" in line]
    assert run("check", line.split("可以这样回：")[1], "--json").json == {"verdict": "pass", "findings": []}


def test_json_gets_the_explanation_beside_the_check_as_it_was(run: Run) -> None:
    plain, explained = run("check", VIOLATION, "--json").json, run("check", VIOLATION, "--json", "--why").json
    explanation = explained.pop("explanation")
    assert explained == plain
    (found,) = explanation["findings"]
    assert (found["rule"], found["clause"]["read"]) == ("INV-refuse", "特价的宝贝开不了发票哦")
    assert VIOLATION[found["act"]["start"] : found["act"]["end"]] == found["act"]["text"]
    assert {"id": "INV-03", "text": "发票违规一经成立，扣 6 分。（来源 000、001、002；天猫）"} in found["facts"]
    assert explanation["exempted"] == []


def test_every_line_of_a_batch_gets_an_explanation(run: Run) -> None:
    lines = [json.dumps({"id": 1, "reply": VIOLATION}), json.dumps({"id": 2, "reply": "亲，我们没有QQ哦，谢谢您"})]
    outcome = run("check", "--batch", "-", "--why", stdin="\n".join(lines).encode())
    rows = [json.loads(line) for line in outcome.out.splitlines()]
    assert [row["verdict"] for row in rows] == ["block", "pass"]
    assert [len(row["explanation"]["findings"]) for row in rows] == [1, 0]
    assert rows[1]["explanation"]["exempted"][0]["excused_by"]["kind"] == "polarity"


def test_a_reply_that_breaks_a_rule_by_its_manner_is_explained_without_words(run: Run) -> None:
    outcome = run("check", "嗯", "--why")
    assert outcome.status == 0
    assert "动作：不看词" in outcome.out
