"""`rules show` and the generated page of rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Run

from replyguide.checker import load_checker
from replyguide.cli.rule_docs import COMMAND, rule_docs

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
PACKS = load_checker().packs


def test_the_committed_page_is_what_the_packs_generate() -> None:
    is_fresh = PAGE.read_text("utf-8") == rule_docs(PACKS)
    if not is_fresh:
        pytest.fail(f"docs/rules.md is stale, regenerate it with: {COMMAND}", pytrace=False)


def test_the_command_prints_the_page(run: Run) -> None:
    outcome = run("rules", "docs")
    assert (outcome.status, outcome.out) == (0, rule_docs(PACKS))


def test_the_page_tells_every_rule_once_with_all_its_parts() -> None:
    sections = rule_docs(PACKS).split("\n#### ")[1:]
    assert len(sections) == len(PACKS.rules)
    for section in sections:
        spec = PACKS.rule(section.split()[0]).spec  # type: ignore[union-attr]
        assert spec.title in section
        assert all(f"\n- {part}：" in section for part in ("级别", "为什么", "查出", "放行", "怎么改"))
        assert all(rewording.say in section for rewording in spec.reword)
        assert all(one.figure in section for dispute in spec.disputed for one in dispute.says)


def test_a_shown_rule_tells_everything_about_it(run: Run) -> None:
    spec = PACKS.rule("SHT-late").spec  # type: ignore[union-attr]
    shown = run("rules", "show", "SHT-late").out
    assert all(
        text in shown for text in (spec.title, spec.why, spec.fix, "说法不一 · 几小时内发货", "依据 SHT-01：买家付款后")
    )
    assert all(text in shown for text in ("查的说法：", "（承诺发货小时数已知）：", "什么时候查：任何时候"))
    assert "例外：" in run("rules", "show", "CRD-instalment").out
    assert shown.count("违规示例：") == len(spec.violations())
    assert shown.count("合规示例：") == len(spec.examples.passing)


def test_a_shown_rule_tells_its_conditions_in_words(run: Run) -> None:
    assert "什么时候查：开通货到付款：是" in run("rules", "show", "COD-refuse").out


def test_a_shown_rule_as_json_has_rewording_disputes_and_conditions(run: Run) -> None:
    shown = run("rules", "show", "CRD-instalment", "--json").json
    assert [bool(one["when"]) for one in shown["reword"]] == [True, False]
    assert shown["disputed"][0]["says"][0]["sources"] == ["000"]
    assert shown["when"][0]["product.price_yuan"]["max"] == 599.99
