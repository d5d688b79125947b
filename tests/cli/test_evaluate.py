"""`replyguide eval`: it passes what is good, and a deliberately bad part anywhere makes it fail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running import Outcome, Run
from scripted_server import ScriptedServer, says

from replyguide import Checker, Context, load_checker
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
    "model.compliant": "least = 1.0",
    "model.helpful": "least = 1.0",
    "model.wrong_statement": "most = 0.0",
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
    assert {"model.helpful", "model.wrong_statement"} <= failed(outcome)


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


MANY: tuple[dict[str, Any], ...] = tuple(
    {**REPLIES[0], "id": f"r-1{letter}", "reply": f"亲，您好，{goods}开不了发票哦，谢谢您"}
    for letter, goods in zip("abcdefgh", ["杯子", "茶具", "台灯", "雨伞", "毛巾", "键盘", "拖鞋", "相框"], strict=True)
)


@pytest.fixture
def accepted(run: Run, cases: Path, tmp_path: Path) -> Path:
    """The baseline of a run over eight refusals more; the thresholds ask little from here on."""
    (cases / "replies.test.jsonl").write_text(lines([*REPLIES, *MANY]), "utf-8")
    file = tmp_path / "baseline.json"
    assert run("eval", "--cases", str(cases), "--offline", "--save-baseline", str(file)).status == 0
    (cases / "thresholds.toml").write_text('["suggest.compliant"]\nleast = 0.1\n', "utf-8")
    return file


def without_topic(topic: str) -> Checker:
    """Return the checker without the rules of a topic."""
    packs = load_checker().packs
    return Checker(replace(packs, rules=tuple(rule for rule in packs.rules if rule.spec.topic != topic)))


def test_an_unchanged_run_is_no_worse_than_its_baseline(run: Run, cases: Path, accepted: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--offline", "--json", "--baseline", str(accepted))
    assert (outcome.status, outcome.err) == (0, "")
    assert {(one["gained"], one["lost"], one["worse"]) for one in outcome.json["differences"]} == {(0, 0, False)}


def test_a_checker_that_lost_a_topic_fails_and_one_line_says_what_by_how_much(
    run: Run, cases: Path, accepted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replyguide.copilot.copilot.load_checker", lambda *_, **__: without_topic("invoice"))
    outcome = run("eval", "--cases", str(cases), "--offline", "--json", "--baseline", str(accepted))
    assert (outcome.status, outcome.json["holds"]) == (1, False)
    [line] = [line for line in outcome.err.splitlines() if "checker." in line]
    told = ("checker.natural_violations_found", "9 例从对变错", "0 例从错变对", "p = 0.0039")
    assert [text for text in told if text not in line] == []


def test_a_checker_that_blocks_good_replies_fails(
    run: Run, cases: Path, accepted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = [{**case, "expect": "pass", "topics": []} for case in MANY]
    (cases / "replies.test.jsonl").write_text(lines([*REPLIES, *labelled]), "utf-8")
    lenient = str(accepted.with_name("lenient.json"))
    with monkeypatch.context() as patch:
        patch.setattr("replyguide.copilot.copilot.load_checker", lambda *_, **__: without_topic("invoice"))
        assert run("eval", "--cases", str(cases), "--offline", "--save-baseline", lenient).status == 0
    outcome = run("eval", "--cases", str(cases), "--offline", "--baseline", lenient)
    assert outcome.status == 1
    assert "checker.good_replies_blocked 比基线差" in outcome.err


def test_new_and_removed_cases_are_told_and_fail_nothing(run: Run, cases: Path, accepted: Path) -> None:
    new = {**REPLIES[3], "id": "r-9", "expect": "block", "topics": ["invoice"]}
    (cases / "replies.test.jsonl").write_text(lines([*REPLIES, *MANY[2:], new]), "utf-8")
    outcome = run("eval", "--cases", str(cases), "--offline", "--json", "--baseline", str(accepted))
    [found] = [one for one in outcome.json["differences"] if one["metric"] == "checker.natural_violations_found"]
    assert (outcome.status, found["new"], found["removed"], found["compared"]) == (0, 1, 2, 7)


def test_a_run_that_misses_a_threshold_is_no_baseline(run: Run, cases: Path, tmp_path: Path) -> None:
    wrong = {**REPLIES[3], "expect": "block", "topics": ["invoice"]}
    (cases / "replies.test.jsonl").write_text(lines([*REPLIES[:3], wrong, {**wrong, "id": "r-5"}]), "utf-8")
    (cases / "thresholds.toml").write_text('["checker.natural_violations_found"]\nleast = 1.0\n', "utf-8")
    file = tmp_path / "baseline.json"
    outcome = run("eval", "--cases", str(cases), "--offline", "--save-baseline", str(file))
    assert (outcome.status, file.exists()) == (1, False)
    assert "没有保存" in outcome.err


def test_the_baseline_of_another_part_is_refused(run: Run, cases: Path, accepted: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--offline", "--dev", "--baseline", str(accepted))
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
    assert "dev" in outcome.err


def test_a_baseline_without_outcomes_is_shown_and_said_to_test_nothing(run: Run, cases: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "baseline.json"
    earlier.write_text('{"metrics": [{"name": "retrieval.mrr", "value": 0.123}]}', "utf-8")
    assert "没有检验" in run("eval", "--cases", str(cases), "--baseline", str(earlier), "--offline").err


@pytest.mark.parametrize(("part", "told"), [("test", False), ("dev", True)])
def test_what_failing_cases_say_is_told_of_the_dev_part_alone(
    run: Run, cases: Path, tmp_path: Path, part: str, told: bool
) -> None:
    odd = {**REPLIES[3], "id": "r-odd", "expect": "block", "topics": ["invoice"]}
    (cases / f"replies.{part}.jsonl").write_text(lines([*REPLIES[:3], odd]), "utf-8")
    (cases / f"questions.{part}.jsonl").write_text(lines(QUESTIONS), "utf-8")
    page = tmp_path / "report.html"
    dev = ["--dev"] if part == "dev" else []
    outcome = run("eval", "--cases", str(cases), "--json", "--offline", "--report", str(page), *dev)
    for output in (outcome.out, page.read_text("utf-8")):
        assert ("r-odd" in output, odd["reply"] in output) == (True, told)


def test_topics_and_styles_are_told_with_counts(run: Run, cases: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert [
        text for text in ("按主题", "按样式", "off-platform-contact", "1/1 100% (21–100)") if text not in outcome.out
    ] == []


def test_a_reader_sees_counts_and_what_is_information(run: Run, cases: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert [text for text in ("suggest.compliant", "3/3", "信息") if text not in outcome.out] == []


def test_a_report_that_cannot_be_written_is_one_line_and_status_3(run: Run, cases: Path, tmp_path: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--report", str(tmp_path / "nowhere" / "r.html"), "--offline")
    assert (outcome.status, len(outcome.err.splitlines())) == (3, 1)


@pytest.mark.parametrize("left", ["questions.test.jsonl", "replies.test.jsonl"])
def test_cases_of_ones_own_may_be_questions_or_replies_alone(run: Run, cases: Path, left: str) -> None:
    for path in cases.glob("*.test.jsonl"):
        if path.name != left:
            path.unlink()
    outcome = run("eval", "--cases", str(cases), "--offline", "--json")
    groups = {metric["name"].partition(".")[0] for metric in outcome.json["metrics"]}
    assert (outcome.status, groups) == (0, {"retrieval", "suggest"} if left.startswith("q") else {"checker"})


def test_cases_of_ones_own_without_thresholds_are_information_and_it_is_said(run: Run, cases: Path) -> None:
    (cases / "thresholds.toml").unlink()
    outcome = run("eval", "--cases", str(cases), "--offline")
    assert (outcome.status, "只作参考" in outcome.err) == (0, True)


def test_a_folder_without_cases_is_one_line_and_status_2(run: Run, tmp_path: Path) -> None:
    outcome = run("eval", "--cases", str(tmp_path), "--offline")
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)
    assert "questions.test.jsonl" in outcome.err


@pytest.mark.parametrize("arguments", [["--suite", "best"], ["--suite", "model", "--offline"], ["--suite", "model"]])
def test_a_suite_that_cannot_be_run_is_one_line_and_status_2(run: Run, cases: Path, arguments: list[str]) -> None:
    outcome = run("eval", "--cases", str(cases), *arguments)
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)


def test_the_suites_have_baselines_of_their_own(run: Run, cases: Path, accepted: Path) -> None:
    outcome = run("eval", "--cases", str(cases), "--suite", "hostile", "--baseline", str(accepted))
    assert (outcome.status, "offline" in outcome.err) == (2, True)


def test_the_page_holds_charts_and_asks_nothing_of_other_servers(run: Run, cases: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    run("eval", "--cases", str(cases), "--offline", "--report", str(page))
    text = page.read_text("utf-8")
    assert text.count("<svg") >= 3
    assert "http" not in text.replace("http://www.w3.org", "")


def test_the_junit_file_fails_where_a_threshold_is_missed(run: Run, cases: Path, tmp_path: Path) -> None:
    from junitparser import JUnitXml

    (cases / "thresholds.toml").write_text(
        '["suggest.compliant"]\nleast = 1.0\n["checker.precision"]\nmost = 0.1\n', "utf-8"
    )
    file = tmp_path / "junit.xml"
    assert run("eval", "--cases", str(cases), "--offline", "--junit", str(file)).status == 1
    [thresholds] = [one for one in JUnitXml.fromfile(str(file)) if one.name == "offline.thresholds"]
    assert {case.name: case.is_passed for case in thresholds} == {
        "suggest.compliant": True,
        "checker.precision": False,
    }


def test_a_changed_prompt_shows_as_a_diff(run: Run, cases: Path, accepted: Path) -> None:
    kept = json.loads(accepted.read_text("utf-8"))
    kept["prompts"]["draft"]["text"] = "从前是这样写的"
    accepted.write_text(json.dumps(kept), "utf-8")
    outcome = run("eval", "--cases", str(cases), "--offline", "--json", "--baseline", str(accepted))
    assert "-从前是这样写的" in outcome.json["prompt_diff"].splitlines()


def always(text: str) -> Any:
    """Return a composer that says `text` to everything."""

    def compose(rules: Sequence[Rule], question: str, context: Context, *, attempt: int = 0) -> str:
        return text

    return compose
