"""The baseline: what is kept of a run, and that it catches a checker that got worse either way."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from replyguide import Checker, load_checker
from replyguide.checker.rules.packs import Rule
from replyguide.errors import CaseError
from replyguide.evals.baseline import read_baseline, write_baseline
from replyguide.evals.cases import ReplyCase, read_replies
from replyguide.evals.comparison import Difference, compare
from replyguide.evals.judging import judge, score_checker
from replyguide.evals.metrics import Metric, Outcomes, mean, share, with_thresholds
from replyguide.evals.report import Report
from replyguide.evals.scoring import Miss
from replyguide.resources import shelf


def report(*metrics: Metric, least: float = 0.0) -> Report:
    [bounded] = with_thresholds([share("a", [True, False])], {"a": {"least": least}})
    told = Outcomes("a", {"r-1": True, "r-2": False})
    miss = Miss("r-2", "亲，没有“发票”哦", "block invoice", "pass", "检查")
    return Report(
        "offline", "dev", "2026-11-25", "0" * 64, "builtin", None, (bounded, *metrics), (miss,), outcomes=(told,)
    )


def test_a_baseline_keeps_figures_and_outcomes(tmp_path: Path) -> None:
    write_baseline(report(mean("b", [0.25])), tmp_path / "baseline.json")
    kept = read_baseline(tmp_path / "baseline.json")
    assert (kept.values, kept.outcomes, kept.part) == (
        {"a": 0.5, "b": 0.25},
        {"a": {"r-1": True, "r-2": False}},
        "dev",
    )


def test_a_baseline_keeps_no_text_of_a_case(tmp_path: Path) -> None:
    write_baseline(report(), tmp_path / "baseline.json")
    assert "发票" not in (tmp_path / "baseline.json").read_text("utf-8")


def test_the_json_of_a_run_is_a_baseline_as_well(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(report().as_json()), "utf-8")
    assert read_baseline(tmp_path / "run.json").outcomes == {"a": {"r-1": True, "r-2": False}}


def test_a_run_that_misses_a_threshold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="阈值"):
        write_baseline(report(least=0.9), tmp_path / "baseline.json")
    assert not (tmp_path / "baseline.json").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"metrics": 1}',
        '{"metrics": [{"name": "a"}]}',
        '{"metrics": [1]}',
        '{"metrics": [], "outcomes": []}',
        '{"metrics": [], "outcomes": {"a": {"right": ["r-1"]}}}',
    ],
)
def test_a_baseline_that_is_none_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, "utf-8")
    with pytest.raises(CaseError, match=r"baseline\.json"):
        read_baseline(file)


def test_the_committed_baseline_is_of_the_test_part_and_can_fail_a_run() -> None:
    kept = read_baseline(shelf("evals") / "baseline.json")
    shares = {name for name in kept.outcomes if name.startswith("checker.")}
    assert kept.part == "test"
    assert {"checker.natural_violations_found", "checker.good_replies_blocked"} <= shares
    assert all(len(kept.outcomes[name]) > 100 for name in ("checker.good_replies_blocked", "retrieval.hit@1"))


# The gate, both ways, over every fourth of the dev replies.


@pytest.fixture(scope="module")
def replies() -> list[ReplyCase]:
    return read_replies(shelf("evals"), "dev")[::4]


@pytest.fixture(scope="module")
def before(replies: list[ReplyCase]) -> dict[str, dict[str, bool]]:
    scores = score_checker(judge(load_checker(), replies))
    return {one.name: one.right() for one in scores.outcomes}


def with_rules(rules: Sequence[Rule]) -> Checker:
    packs = load_checker().packs
    return Checker(dataclasses.replace(packs, rules=tuple(rules)))


def moved(checker: Checker, replies: list[ReplyCase], before: dict[str, dict[str, bool]]) -> dict[str, Difference]:
    return {one.metric: one for one in compare(score_checker(judge(checker, replies)).outcomes, before)}


def test_the_same_checker_passes(replies: list[ReplyCase], before: dict[str, dict[str, bool]]) -> None:
    found = moved(load_checker(), replies, before)
    assert {(one.gained, one.lost, one.is_worse) for one in found.values()} == {(0, 0, False)}
    assert len(found) == len(before)


def test_a_checker_without_the_rules_of_a_topic_fails(
    replies: list[ReplyCase], before: dict[str, dict[str, bool]]
) -> None:
    rules = [rule for rule in load_checker().packs.rules if rule.spec.topic != "invoice"]
    found = moved(with_rules(rules), replies, before)
    assert found["checker.natural_violations_found"].is_worse
    assert not found["checker.good_replies_blocked"].is_worse


def test_a_checker_that_knows_no_excuse_fails(replies: list[ReplyCase], before: dict[str, dict[str, bool]]) -> None:
    rules = [dataclasses.replace(rule, unless=(), when=()) for rule in load_checker().packs.rules]
    found = moved(with_rules(rules), replies, before)
    assert found["checker.good_replies_blocked"].is_worse
    assert not found["checker.natural_violations_found"].is_worse
