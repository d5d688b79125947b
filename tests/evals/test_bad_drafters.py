"""A deliberately bad part fails the gate: real cases of the dev part, the packaged thresholds, the whole command.

What the honest pipeline misses on this sample is left out of account: a drafter fails by what it fails in addition.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from replyguide import Checker, CheckResult, Context
from replyguide.cli import main
from replyguide.copilot.drafts import Drafts
from replyguide.corpus.rule import Rule
from replyguide.drafting import composer
from replyguide.index import Index
from replyguide.resources import shelf

Failing = Callable[..., set[str]]
EVERY = {"questions": 12, "replies": 40}
PASSED = CheckResult("pass", ())


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every twelfth question and every fortieth reply of the dev part, and the packaged thresholds."""
    folder = tmp_path_factory.mktemp("sample")
    for name, step in EVERY.items():
        lines = (shelf("evals") / f"{name}.dev.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / f"{name}.dev.jsonl").write_text("".join(lines[::step]), "utf-8")
    shutil.copy(shelf("evals") / "thresholds.toml", folder)
    return folder


@pytest.fixture(scope="module")
def failing(sample: Path, packaged: Index, shared_data_dir: Path) -> Failing:  # the index has to be there
    """Return a function that runs a suite and names what misses its threshold; the status has to say so too."""

    def run(suite: str) -> set[str]:
        arguments = ["eval", "--dev", "--suite", suite, "--cases", str(sample), "--json"]
        with contextlib.redirect_stdout(io.StringIO()) as said, contextlib.redirect_stderr(io.StringIO()):
            status = main([*arguments, "--data-dir", str(shared_data_dir)])
        missed = {metric["name"] for metric in json.loads(said.getvalue())["metrics"] if not metric["holds"]}
        assert (status == 1) == bool(missed)
        return missed

    return run


@pytest.fixture(scope="module")
def honest(failing: Failing) -> dict[str, set[str]]:
    """What the pipeline as it is misses on the sample, by suite."""
    return {suite: failing(suite) for suite in ("offline", "hostile")}


def says(text: str | None) -> Callable[..., str | None]:
    """Return a composer that says the same to everything."""
    return lambda *_, **__: text


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        pytest.param(
            "亲，您好，一切以页面显示的为准哦，感谢您的支持！",
            {"suggest.helpful", "suggest.points_said"},
            id="a fixed sentence",
        ),
        pytest.param(
            "亲，您好，特价的宝贝开不了发票哦，谢谢您",
            {"suggest.helpful", "suggest.on_topic_handed_over"},
            id="refuses",
        ),
        pytest.param(None, {"suggest.helpful", "suggest.on_topic_handed_over"}, id="hands everything over"),
    ],
)
def test_a_composer_that_says_the_same_to_everything_fails(
    failing: Failing,
    honest: dict[str, set[str]],
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    missed: set[str],
) -> None:
    monkeypatch.setattr(composer, "compose", says(text))
    assert missed <= failing("offline") - (honest["offline"] - missed)


def test_a_composer_with_the_wording_of_another_topic_fails(
    failing: Failing, packaged: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice, card = (packaged.rule(packaged.search(asked).concerns[0]) for asked in ("有发票吗", "可以刷信用卡吗"))
    honest = composer.compose

    def mistaken(rules: Sequence[Rule], question: str, context: Context, *, attempt: int = 0) -> str | None:
        other = card if rules[0].topic == invoice.topic else invoice
        return honest([other], question, context, attempt=attempt)

    monkeypatch.setattr(composer, "compose", mistaken)
    assert {"suggest.helpful", "suggest.points_said"} <= failing("offline")


def test_a_composer_that_makes_facts_up_fails(failing: Failing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "compose", says("亲，您好，包装盒是316不锈钢的，净重523克哦，感谢您的支持！"))
    assert "suggest.unsupported_facts" in failing("offline")


def test_a_checker_that_passes_everything_fails_both_suites(failing: Failing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Checker, "check", lambda *_: PASSED)
    monkeypatch.setattr(Checker, "check_draft", lambda *_: PASSED)
    assert {"checker.natural_violations_found", "checker.disguised_violations_found"} <= failing("offline")
    assert {
        "hostile.violations_ready",
        "hostile.natural_violations_ready",
        "hostile.disguised_violations_ready",
        "hostile.oddities_ready",
    } <= failing("hostile")


def test_a_pipeline_that_takes_no_draft_fails(
    failing: Failing, honest: dict[str, set[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "hostile.good_drafts_unchanged" not in honest["hostile"]
    monkeypatch.setattr(Drafts, "best", lambda *_: None)
    assert "hostile.good_drafts_unchanged" in failing("hostile")
