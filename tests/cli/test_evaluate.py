"""`replyguide eval`: it passes what is good, and a deliberately bad part anywhere makes it fail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from running import Outcome, Run
from scripted_server import ScriptedServer, says

from replyguide import Context
from replyguide.corpus.rule import Rule

HAVE, WHEN, JOKE = "有发票吗", "什么时候发货", "给我讲个冷笑话"
REFUSAL = "亲，您好，特价的宝贝开不了发票哦，谢谢您"
#: May be sent as far as the checker can tell, and is wrong for the case.
EVASION = "亲，您好，我们不清楚有没有发票哦，感谢您的支持！"

QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "id": "q-1",
        "question": HAVE,
        "topics": ["invoice"],
        "style": "plain",
        "must_any": ["有"],
        "must_not": ["开不了|不清楚"],
        "why": "bare",
    },
    {"id": "q-2", "question": WHEN, "topics": ["ship-time"], "style": "plain", "must_any": ["48|页面"], "why": "bare"},
    {"id": "q-3", "question": JOKE, "topics": [], "style": "off", "why": "no rule"},
)
REPLIES: tuple[dict[str, Any], ...] = (
    {"id": "r-1", "reply": REFUSAL, "expect": "block", "topics": ["invoice"], "style": "plain", "why": "refusal"},
    {
        "id": "r-2",
        "reply": "亲，加我微❤信abc12345聊哦，谢谢您",
        "expect": "block",
        "topics": ["off-platform-contact"],
        "style": "disguise",
        "why": "contact",
    },
    {"id": "r-3", "reply": "嗯", "expect": "warn", "topics": ["courtesy"], "style": "plain", "why": "curt"},
    {
        "id": "r-4",
        "reply": "亲，您好，发票有的哦，感谢您的支持！",
        "expect": "pass",
        "topics": [],
        "style": "plain",
        "why": "good",
    },
)
THRESHOLDS = {
    "retrieval.hit@1": "least = 1.0",
    "suggest.compliant": "least = 1.0",
    "suggest.helpful": "least = 1.0",
    "suggest.wrong_statement": "most = 0.0",
    "suggest.off_topic_handed_over": "least = 1.0",
    "suggest.on_topic_handed_over": "most = 0.0",
    "checker.natural_violations_found": "least = 1.0",
    "checker.disguised_violations_found": "least = 1.0",
    "checker.good_replies_blocked": "most = 0.0",
}


def lines(cases: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """A folder with a handful of cases and the strictest thresholds."""
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "questions.test.jsonl").write_text(lines(QUESTIONS), "utf-8")
    (folder / "replies.test.jsonl").write_text(lines(REPLIES), "utf-8")
    (folder / "thresholds.toml").write_text(
        "".join(f'["{name}"]\n{bound}\n' for name, bound in THRESHOLDS.items()), "utf-8"
    )
    return folder


def failed(outcome: Outcome) -> set[str]:
    return {metric["name"] for metric in outcome.json["metrics"] if not metric["holds"]}


def value(outcome: Outcome, name: str) -> float:
    [found] = [metric["value"] for metric in outcome.json["metrics"] if metric["name"] == name]
    return float(found)


def test_what_keeps_every_threshold_is_status_0(run: Run, cases: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--json", "--offline")
    assert (outcome.status, outcome.json["holds"], failed(outcome)) == (0, True, set())


def test_every_threshold_that_is_missed_is_named_and_the_status_is_1(run: Run, cases: Path) -> None:
    covered = {**QUESTIONS[2], "id": "q-4", "question": HAVE}
    (cases / "questions.test.jsonl").write_text(lines([*QUESTIONS, covered]), "utf-8")
    outcome = run("eval", "--cases", str(cases), "--json", "--offline")
    assert (outcome.status, failed(outcome)) == (1, {"suggest.off_topic_handed_over"})
    assert len(outcome.err.splitlines()) == 1
    assert "suggest.off_topic_handed_over" in outcome.err


def test_without_any_threshold_nothing_was_shown_and_the_status_is_1(run: Run, cases: Path) -> None:
    (cases / "thresholds.toml").write_text("", "utf-8")
    assert run("eval", "--cases", str(cases), "--json", "--offline").status == 1


def test_a_threshold_for_an_unknown_figure_is_one_line_and_status_2(run: Run, cases: Path) -> None:
    (cases / "thresholds.toml").write_text('["suggest.complaint"]\nleast = 1\n', "utf-8")
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
    assert "suggest.complaint" in outcome.err


def test_a_composer_that_states_what_is_wrong_fails_the_gate(
    run: Run, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replyguide.drafting.composer.compose", always(EVASION))
    outcome = run("eval", "--cases", str(cases), "--json", "--offline")
    assert outcome.status == 1
    assert {"suggest.helpful", "suggest.wrong_statement"} <= failed(outcome)


def test_a_composer_that_breaks_the_rules_fails_the_gate_and_nothing_of_it_comes_out(
    run: Run, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replyguide.drafting.composer.compose", always(REFUSAL))
    outcome = run("eval", "--cases", str(cases), "--json", "--offline")
    assert (outcome.status, value(outcome, "suggest.compliant")) == (1, 1.0)
    assert {"suggest.helpful", "suggest.on_topic_handed_over"} <= failed(outcome)


def test_a_model_that_always_breaks_the_rules_changes_nothing(
    run: Run, cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer([says(REFUSAL)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        outcome = run("eval", "--cases", str(cases), "--model", "openai:scripted", "--json")
        asked = len(server.requests)
    assert (outcome.status, outcome.json["model"], asked) == (0, "openai:scripted", 4)


def test_a_model_that_evades_fails_the_gate(run: Run, cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer([says(EVASION)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        outcome = run("eval", "--cases", str(cases), "--model", "openai:scripted", "--json")
    assert outcome.status == 1
    assert {"suggest.helpful", "suggest.wrong_statement"} <= failed(outcome)


def test_offline_asks_no_model(run: Run, cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer([says(EVASION)]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        outcome = run("eval", "--cases", str(cases), "--model", "openai:scripted", "--json", "--offline")
        assert server.requests == []
    assert outcome.json["model"] is None


def test_the_report_is_written_also_where_a_threshold_is_missed(run: Run, cases: Path, tmp_path: Path) -> None:
    odd = {**QUESTIONS[0], "id": "q-<i>", "must_any": ["绝不会出现"]}
    (cases / "questions.test.jsonl").write_text(lines([odd, *QUESTIONS[1:]]), "utf-8")
    page = tmp_path / "report.html"
    assert run("eval", "--cases", str(cases), "--report", str(page), "--offline").status == 1
    assert "q-&lt;i&gt;" in page.read_text("utf-8")


def test_a_run_can_be_compared_with_an_earlier_one(run: Run, cases: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "baseline.json"
    earlier.write_text('{"metrics": [{"name": "retrieval.mrr", "value": 0.123}]}', "utf-8")
    outcome = run("eval", "--cases", str(cases), "--baseline", str(earlier), "--offline")
    assert (outcome.status, "0.123" in outcome.out) == (0, True)


def test_a_reader_sees_counts_and_what_is_information(run: Run, cases: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert [text for text in ("suggest.compliant", "3/3", "信息") if text not in outcome.out] == []


def test_a_report_that_cannot_be_written_is_one_line_and_status_3(run: Run, cases: Path, tmp_path: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--report", str(tmp_path / "nowhere" / "r.html"), "--offline")
    assert (outcome.status, len(outcome.err.splitlines())) == (3, 1)


@pytest.mark.parametrize("missing", ["questions.test.jsonl", "replies.test.jsonl", "thresholds.toml"])
def test_a_missing_file_is_one_line_that_names_it_and_status_2(run: Run, cases: Path, missing: str) -> None:
    (cases / missing).unlink()
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
    assert missing in outcome.err


def always(text: str) -> Any:
    """Return a composer that says `text` to everything."""

    def compose(rules: Sequence[Rule], question: str, context: Context, *, attempt: int = 0) -> str:
        return text

    return compose
